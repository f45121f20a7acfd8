//! Verdict records as rows of a table.
//!
//! Enters: records. Leaves: record batches, and of them a table. The one idea: a field has one
//! type whatever its values: texts stay the texts of NDJSON, days are days, lists are lists; what
//! the model names once is a dictionary. Invariant: null, an empty list and an empty text differ.

use std::fmt;
use std::io::{self, Write};
use std::mem;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use chitieu::check::model::Model;
use chitieu::report::{Fields, Record};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::column::{Column, Dictionary};
use super::table::{Kind, Table, of_arrow};

/// So many records of Parquet are written at once, or so many bytes.
const ROWS: usize = 1 << 17;
const BYTES: usize = 12 << 20;
/// A batch holds so many bytes and a record more.
const BATCH: usize = 4 << 20;

/// The columns that records are laid out in: the same for all threads of a run.
#[derive(Debug, Clone)]
pub struct Layout {
    schema: SchemaRef,
    names: Vec<&'static str>,
    /// Of fields all whose values are known, those.
    dictionaries: Vec<Option<Arc<Dictionary>>>,
}

impl Layout {
    /// A column a field, in their order.
    #[must_use]
    pub fn new(model: &Model, fields: &Fields) -> Self {
        let names = fields.names().to_vec();
        let dictionaries: Vec<_> = names.iter().map(|it| Dictionary::of(model, it)).collect();
        let columns = columns(&names, &dictionaries);
        let field = |(name, column): (&&'static str, Column)| {
            let has_nulls = !["target", "as_of", "verdict"].contains(name);
            Field::new(*name, column.kind(), has_nulls)
        };
        let fields: Vec<Field> = names.iter().zip(columns).map(field).collect();
        Self { schema: Arc::new(Schema::new(fields)), names, dictionaries }
    }

    /// No rows yet.
    #[must_use]
    pub fn rows(&self) -> Rows {
        let columns = columns(&self.names, &self.dictionaries);
        Rows { layout: self.clone(), columns, size: 0, done: Vec::new() }
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The rows of a batch that was laid out by a layout like this.
    pub(super) fn rows_of(&self, batch: RecordBatch) -> Result<Rows, ArrowError> {
        if batch.schema_ref() != &self.schema {
            return Err(ArrowError::SchemaError("records of other columns".to_owned()));
        }
        Ok(Rows { done: vec![batch], ..self.rows() })
    }
}

fn columns(names: &[&'static str], dictionaries: &[Option<Arc<Dictionary>>]) -> Vec<Column> {
    let column =
        |(name, known): (&&str, &Option<Arc<Dictionary>>)| Column::new(name, known.as_ref());
    names.iter().zip(dictionaries).map(column).collect()
}

/// Some records, laid out as columns.
#[derive(Debug)]
pub struct Rows {
    layout: Layout,
    columns: Vec<Column>,
    /// About the bytes of the columns.
    size: usize,
    done: Vec<RecordBatch>,
}

impl Rows {
    /// Adds a record of the model that the layout was made for.
    ///
    /// # Errors
    /// A field holds what its column cannot: a record of another model.
    pub fn push(&mut self, record: &Record<'_>) -> io::Result<()> {
        for (column, name) in self.columns.iter_mut().zip(&self.layout.names) {
            self.size += column.push(record, name).map_err(of_arrow)?;
        }
        if self.size >= BATCH { self.settle().map_err(of_arrow) } else { Ok(()) }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.size == 0 && self.done.is_empty()
    }

    fn settle(&mut self) -> Result<(), ArrowError> {
        let arrays = self.columns.iter_mut().map(Column::finish).collect::<Result<_, _>>()?;
        self.done.push(RecordBatch::try_new(Arc::clone(&self.layout.schema), arrays)?);
        self.size = 0;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Vec<RecordBatch>, ArrowError> {
        if self.size > 0 {
            self.settle()?;
        }
        Ok(self.done)
    }
}

/// A table of records that is being written.
pub struct Records<W: Write + Send> {
    table: Table<W>,
    /// What of Parquet is not yet a row group.
    held: Vec<RecordBatch>,
    /// The bytes of its values.
    size: usize,
    threads: usize,
    is_parquet: bool,
}

impl<W: Write + Send> Records<W> {
    /// Begins; columns are encoded by so many threads.
    ///
    /// # Errors
    /// The writer's own, here and in the other functions.
    pub fn begin(out: W, kind: Kind, layout: &Layout, threads: usize) -> io::Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build();
        let table = Table::begin(out, kind, &layout.schema, properties)?;
        let is_parquet = kind == Kind::Parquet;
        Ok(Self { table, held: Vec::new(), size: 0, threads, is_parquet })
    }

    /// Takes the next records.
    ///
    /// # Errors
    /// See [`Records::begin`].
    pub fn take(&mut self, rows: Rows) -> io::Result<()> {
        for batch in rows.finish().map_err(of_arrow)? {
            self.size += size(&batch).map_err(of_arrow)?;
            self.held.push(batch);
            let rows: usize = self.held.iter().map(RecordBatch::num_rows).sum();
            if !self.is_parquet || rows >= ROWS || self.size >= BYTES {
                self.settle()?;
            }
        }
        Ok(())
    }

    /// Writes the end, and gives the writer back.
    ///
    /// # Errors
    /// See [`Records::begin`].
    pub fn finish(mut self) -> io::Result<W> {
        self.settle()?;
        self.table.finish()
    }

    /// Writes what is held.
    fn settle(&mut self) -> io::Result<()> {
        let held = mem::take(&mut self.held);
        self.size = 0;
        self.table.write(&held, self.threads)
    }
}

/// The bytes of the values of a batch. They do not depend on where it comes from: memory that was
/// set aside for more does not count, nor what else stands in the same buffers.
fn size(batch: &RecordBatch) -> Result<usize, ArrowError> {
    let sizes = batch.columns().iter().map(|it| it.to_data().get_slice_memory_size());
    sizes.sum()
}

impl<W: Write + Send> fmt::Debug for Records<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("held", &self.held.len()).finish_non_exhaustive()
    }
}
