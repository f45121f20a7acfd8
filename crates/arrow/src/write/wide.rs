//! A row a case and a column of verdicts a target.
//!
//! Enters: sheets of rows. Leaves: a table of `entity`, `as_of` and a column a target. The one
//! idea: verdicts stay the codes of the evaluator until they are written; in Parquet they are
//! packed by [`super::pack`], in Arrow they are the keys of a dictionary. Invariant: a row without
//! an entity speaks of all, and has none in the table.

use std::fmt;
use std::io::{self, Write};
use std::mem;
use std::sync::Arc;

use arrow_array::builder::{Date32Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int8Type};
use arrow_array::{ArrayRef, DictionaryArray, Int8Array, RecordBatch, StringArray};
use arrow_buffer::{Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use chitieu::calendar::Date;
use chitieu::{Verdict, Verdicts};
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use super::codes::{self, is_verdict};
use super::table::{Kind, Table, of_arrow, of_parquet};

/// More rows are not written at once.
pub(super) const ROWS: usize = 1 << 17;
/// Nor more bytes.
const BYTES: usize = 8 << 20;
/// A dictionary of entities that is larger is given up: they hardly repeat.
const DICTIONARY: usize = 1 << 16;
/// How many columns stand before those of the targets.
const FIRST: usize = 2;
/// What stands where there is no verdict.
const NONE: u8 = u8::MAX;

/// Some rows, laid out as columns.
#[derive(Debug)]
pub struct Sheet {
    entities: StringBuilder,
    days: Date32Builder,
    /// Of each target, a code a row; what is no verdict is null.
    codes: Vec<Vec<u8>>,
}

impl Sheet {
    /// No rows yet, of so many targets.
    #[must_use]
    pub fn new(targets: usize) -> Self {
        let (entities, days) = Default::default();
        Self { entities, days, codes: vec![Vec::new(); targets] }
    }

    /// A row: its verdicts by target.
    pub fn push(
        &mut self,
        entity: Option<&str>,
        as_of: Date,
        verdicts: impl Iterator<Item = Option<Verdict>>,
    ) {
        self.row(entity, as_of);
        let codes = verdicts.map(|it| it.map_or(NONE, |verdict| verdict as u8));
        for (column, code) in self.codes.iter_mut().zip(codes.chain(std::iter::repeat(NONE))) {
            column.push(code);
        }
    }

    /// All rows of a batch; `keys` names each.
    pub fn extend<'k>(
        &mut self,
        keys: impl Iterator<Item = (Option<&'k str>, Date)>,
        verdicts: &Verdicts,
    ) {
        for (entity, as_of) in keys.take(verdicts.rows()) {
            self.row(entity, as_of);
        }
        let rows = self.len();
        for (column, target) in self.codes.iter_mut().zip(0..) {
            column.extend_from_slice(verdicts.codes(target));
            column.resize(rows, NONE);
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        use arrow_array::builder::ArrayBuilder;
        self.days.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn row(&mut self, entity: Option<&str>, as_of: Date) {
        self.entities.append_option(entity);
        self.days.append_value(as_of.days());
    }

    /// About the bytes that are held.
    fn size(&self) -> usize {
        self.entities.values_slice().len() + self.len() * (self.codes.len() + 8)
    }

    /// Takes rows over.
    fn append(&mut self, other: &mut Self) {
        let entities = other.entities.finish();
        for entity in &entities {
            self.entities.append_option(entity);
        }
        self.days.append_slice(other.days.values_slice());
        for (column, more) in self.codes.iter_mut().zip(&other.codes) {
            column.extend_from_slice(more);
        }
    }

    /// The rows of a batch that [`Frame::batch`] made.
    pub(super) fn of(batch: &RecordBatch) -> Result<Self, ArrowError> {
        let foreign = || ArrowError::SchemaError("no row of verdicts".to_owned());
        let (first, targets) = batch.columns().split_at_checked(FIRST).ok_or_else(foreign)?;
        let mut sheet = Self::new(targets.len());
        for entity in first.first().and_then(|it| it.as_string_opt::<i32>()).ok_or_else(foreign)? {
            sheet.entities.append_option(entity);
        }
        let days = first.last().and_then(|it| it.as_primitive_opt::<Date32Type>());
        sheet.days.append_slice(days.ok_or_else(foreign)?.values());
        for (codes, target) in sheet.codes.iter_mut().zip(targets) {
            let target = target.as_dictionary_opt::<Int8Type>().ok_or_else(foreign)?;
            let code = |key: Option<i8>| key.map_or(NONE, i8::cast_unsigned);
            codes.extend(target.keys().iter().map(code));
        }
        Ok(sheet)
    }

    /// The entities and the days, which are taken out.
    fn keys(&mut self) -> [ArrayRef; 2] {
        [Arc::new(self.entities.finish()), Arc::new(self.days.finish())]
    }
}

/// The columns of a wide table.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    schema: SchemaRef,
    /// The texts of all verdicts.
    texts: ArrayRef,
}

impl Frame {
    /// `names` are those of the targets' columns.
    pub(super) fn new(names: &[String]) -> Self {
        let verdict = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
        let first: [Field; FIRST] = [
            Field::new("entity", DataType::Utf8, true),
            Field::new("as_of", DataType::Date32, false),
        ];
        let targets = names.iter().map(|name| Field::new(name, verdict.clone(), true));
        let schema = Arc::new(Schema::new(first.into_iter().chain(targets).collect::<Vec<_>>()));
        let texts: StringArray = Verdict::ALL.iter().map(|it| Some(it.code())).collect();
        Self { schema, texts: Arc::new(texts) }
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Rows as a batch of Arrow, which are taken out.
    pub(super) fn batch(&self, sheet: &mut Sheet) -> Result<RecordBatch, ArrowError> {
        let mut arrays = sheet.keys().to_vec();
        for codes in &mut sheet.codes {
            let mut codes = mem::take(codes);
            let is_there: NullBuffer = codes.iter().map(|code| is_verdict(*code)).collect();
            let nulls = (is_there.null_count() > 0).then_some(is_there);
            codes.iter_mut().filter(|code| !is_verdict(**code)).for_each(|code| *code = 0);
            let rows = codes.len();
            let keys = ScalarBuffer::<i8>::new(Buffer::from_vec(codes), 0, rows);
            let keys = Int8Array::try_new(keys, nulls)?;
            let column = DictionaryArray::<Int8Type>::try_new(keys, Arc::clone(&self.texts))?;
            arrays.push(Arc::new(column));
        }
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
    }
}

/// A wide table that is being written.
pub struct Wide<W: Write + Send> {
    table: Table<W>,
    frame: Frame,
    held: Sheet,
}

impl<W: Write + Send> Wide<W> {
    /// Begins; `names` are those of the targets' columns.
    ///
    /// # Errors
    /// The writer's own, here and in the other functions.
    pub fn begin(out: W, kind: Kind, names: &[String]) -> io::Result<Self> {
        let frame = Frame::new(names);
        let entity = ColumnPath::from("entity");
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_column_dictionary_page_size_limit(entity, DICTIONARY)
            .build();
        let table = Table::begin(out, kind, &frame.schema, properties)?;
        Ok(Self { table, frame, held: Sheet::new(names.len()) })
    }

    /// Takes the next rows.
    ///
    /// # Errors
    /// See [`Wide::begin`].
    pub fn take(&mut self, mut sheet: Sheet) -> io::Result<()> {
        let (rows, size) = (sheet.len(), sheet.size());
        let is_full =
            |held: &Sheet| held.len() + rows > ROWS || held.size().saturating_add(size) > BYTES;
        if is_full(&self.held) {
            self.settle()?;
        }
        if self.held.is_empty() {
            // Large sheets are not copied.
            self.held = sheet;
        } else {
            self.held.append(&mut sheet);
        }
        // Another like it would not find room.
        if is_full(&self.held) { self.settle() } else { Ok(()) }
    }

    /// Writes the end, and gives the writer back.
    ///
    /// # Errors
    /// See [`Wide::begin`].
    pub fn finish(mut self) -> io::Result<W> {
        self.settle()?;
        self.table.finish()
    }

    /// Writes what is held.
    fn settle(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let none = Sheet::new(self.held.codes.len());
        let mut held = mem::replace(&mut self.held, none);
        if let Table::Parquet(file, columns) = &mut self.table {
            return group(file, columns, &self.frame.schema, &mut held).map_err(of_parquet);
        }
        let batch = self.frame.batch(&mut held).map_err(of_arrow)?;
        self.table.write(&[batch], 1)
    }
}

impl<W: Write + Send> fmt::Debug for Wide<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wide").field("held", &self.held.len()).finish_non_exhaustive()
    }
}

/// Writes a row group.
fn group<W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    factory: &ArrowRowGroupWriterFactory,
    schema: &SchemaRef,
    held: &mut Sheet,
) -> Result<(), ParquetError> {
    let keys = held.keys();
    let writers = factory.create_column_writers(file.flushed_row_groups().len())?;
    let columns = file.schema_descr().columns().to_vec();
    let mut group = file.next_row_group()?;
    for ((mut writer, field), array) in writers.into_iter().zip(schema.fields()).zip(&keys) {
        for leaf in compute_leaves(field, array)? {
            writer.write(&leaf)?;
        }
        ArrowColumnWriter::close(writer)?.append_to_row_group(&mut group)?;
    }
    for (codes, column) in held.codes.iter().zip(columns.iter().skip(keys.len())) {
        let (bytes, close) = codes::chunk(codes, column)?;
        group.append_column(&bytes, close)?;
    }
    group.close()?;
    Ok(())
}
