//! Parquet, by its groups of rows.
//!
//! Enters: a file. Leaves: its rows: for figures a part is a group of rows, which the thread that
//! takes it decodes; for records a few rows, so that memory does not hold a group of them.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::RecordBatch;
use chitieu_io::{Asked, InputFormat, IoError, Item, Keep, Making, Part, Parts, Prover, Stored};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};

use super::broken::{broken, guard};
use super::input::Input;
use super::rows::{Rows, figures, items};
use super::table::Table;
use super::whole;

/// So many rows are decoded at a time.
const ROWS: usize = 1_024;
/// A group of more rows is cut,
const LARGE: usize = if cfg!(test) { 90 } else { 3 << 16 };
/// into parts of so many.
const PART: usize = if cfg!(test) { 61 } else { 1 << 17 };

/// Rows of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) group: usize,
    pub(super) rows: Range<usize>,
    /// The number of the first row in the file, from 1.
    pub(super) first: u64,
    /// These are all rows of the group.
    pub(super) is_whole: bool,
}

/// Opens a file.
pub(super) fn open<'a>(file: Stored<'a>, asked: &Asked) -> Result<Box<dyn Parts + 'a>, IoError> {
    let name = file.name;
    let failed = |source| IoError::Read { name: name.clone(), source };
    let input = Input::new(file.bytes.random().map_err(failed)?);
    let metadata = guard(&name, InputFormat::Parquet, || {
        ArrowReaderMetadata::load(&input, ArrowReaderOptions::default())
    })?;
    let table = Table::new(&name, InputFormat::Parquet, metadata.schema(), asked)?;
    let stored = File { input, metadata };
    let table = proven(table, &stored)?.shared();
    if asked.keep == Keep::Records || table.sheet.is_long() {
        let reader = stored.batches(&name, &table.read, None, ROWS.min(asked.most))?;
        return Ok(Box::new(Batches { table, reader, row: 1 }));
    }
    Ok(Box::new(Groups { table, stored, group: 0, cut: 0, row: 1 }))
}

/// A file whose end was read.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) input: Input,
    pub(super) metadata: ArrowReaderMetadata,
}

impl File {
    /// The rows of some columns, of a part of one group or of all.
    pub(super) fn batches(
        &self,
        name: &str,
        columns: &[usize],
        span: Option<&Span>,
        rows: usize,
    ) -> Result<ParquetRecordBatchReader, IoError> {
        guard(name, InputFormat::Parquet, || {
            let (input, metadata) = (self.input.clone(), self.metadata.clone());
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(input, metadata);
            let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
            let builder = builder.with_projection(mask).with_batch_size(rows);
            let Some(span) = span else { return builder.build() };
            let builder = builder.with_row_groups(vec![span.group]);
            if span.is_whole {
                return builder.build();
            }
            let before = RowSelector::skip(span.rows.start);
            let selection = vec![before, RowSelector::select(span.rows.len())];
            builder.with_row_selection(RowSelection::from(selection)).build()
        })
    }
}

/// The next rows.
pub(super) fn next(
    name: &str,
    batches: &mut ParquetRecordBatchReader,
) -> Result<Option<RecordBatch>, IoError> {
    guard(name, InputFormat::Parquet, || batches.next().transpose())
}

/// The table, with what all its texts prove.
fn proven(table: Table, file: &File) -> Result<Table, IoError> {
    if !table.needs_proof() {
        return Ok(table);
    }
    let name = table.sheet.name();
    let (mut batches, mut prover) =
        (file.batches(name, &table.texts, None, ROWS)?, Prover::default());
    let mut row = 1_u64;
    while let Some(batch) = next(name, &mut batches)? {
        table.prove(&mut prover, &batch, row)?;
        row = row.saturating_add(count(&batch));
    }
    table.proven(prover)
}

pub(super) fn count(batch: &RecordBatch) -> u64 {
    u64::try_from(batch.num_rows()).unwrap_or(u64::MAX)
}

/// A table cut into a few rows at a time.
struct Batches {
    table: Arc<Table>,
    reader: ParquetRecordBatchReader,
    /// The number of the next row.
    row: u64,
}

impl Parts for Batches {
    fn joins(&self) -> bool {
        self.table.sheet.is_long()
    }

    fn next(&mut self) -> Result<Option<Box<dyn Part>>, IoError> {
        let Some(batch) = next(self.table.sheet.name(), &mut self.reader)? else {
            return Ok(None);
        };
        let first = self.row;
        self.row = first.saturating_add(count(&batch));
        Ok(Some(Box::new(Rows { table: Arc::clone(&self.table), batch, first })))
    }
}

/// A table cut into its groups of rows.
struct Groups {
    table: Arc<Table>,
    stored: File,
    /// The number of the next group, and how many of its rows were cut off.
    group: usize,
    cut: usize,
    /// The number of the next row.
    row: u64,
}

impl Parts for Groups {
    fn joins(&self) -> bool {
        false
    }

    fn next(&mut self) -> Result<Option<Box<dyn Part>>, IoError> {
        let groups = self.stored.metadata.metadata().row_groups();
        let Some(group) = groups.get(self.group) else { return Ok(None) };
        let all = usize::try_from(group.num_rows()).map_err(|_| {
            broken(self.table.sheet.name(), InputFormat::Parquet, "a negative number of rows")
        })?;
        let rows = if all > LARGE { self.cut..all.min(self.cut + PART) } else { 0..all };
        let is_whole = rows.len() == all;
        let (table, stored) = (Arc::clone(&self.table), self.stored.clone());
        let more = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        self.cut = rows.end;
        let span = Span { group: self.group, rows, first: self.row, is_whole };
        if self.cut >= all {
            (self.group, self.cut) = (self.group + 1, 0);
        }
        self.row = self.row.saturating_add(more);
        Ok(Some(Box::new(Group { table, stored, span })))
    }
}

/// A group of rows, or a part of one.
struct Group {
    table: Arc<Table>,
    stored: File,
    span: Span,
}

impl Group {
    /// Goes through the rows, some at a time.
    fn each(
        &self,
        take: &mut dyn FnMut(&RecordBatch, u64) -> Result<(), IoError>,
    ) -> Result<(), IoError> {
        let name = self.table.sheet.name();
        let mut batches = self.stored.batches(name, &self.table.read, Some(&self.span), ROWS)?;
        let mut row = self.span.first;
        while let Some(batch) = next(name, &mut batches)? {
            take(&batch, row)?;
            row = row.saturating_add(count(&batch));
        }
        Ok(())
    }
}

impl Part for Group {
    fn items(&mut self, take: &mut dyn FnMut(Item) -> Result<(), IoError>) -> Result<(), IoError> {
        self.each(&mut |batch, row| items(&self.table, batch, row, take))
    }

    fn figures(&mut self, making: &mut Making<'_, '_>) -> Result<(), IoError> {
        let (table, stored) = (&self.table, &self.stored);
        if whole::figures(table, stored, &self.span, making)? {
            return Ok(());
        }
        self.each(&mut |batch, row| figures(table, batch, row, making))
    }
}
