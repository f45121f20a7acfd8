//! Parquet, by its groups of rows.
//!
//! Enters: a file. Leaves: its rows: for figures a part is a group of rows, which the thread that
//! takes it decodes; for records a few rows, so that memory does not hold a group of them.

use std::sync::Arc;

use arrow_array::RecordBatch;
use chitieu_io::{Asked, InputFormat, IoError, Item, Keep, Making, Part, Parts, Prover, Stored};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};

use super::broken::{broken, guard};
use super::input::Input;
use super::rows::{Rows, figures, items};
use super::table::Table;

/// So many rows are decoded at a time.
const ROWS: usize = 1_024;

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
        let batches = stored.batches(&name, &table.read, None)?;
        return Ok(Box::new(Batches { table, batches, row: 1 }));
    }
    Ok(Box::new(Groups { table, stored, group: 0, row: 1 }))
}

/// A file whose end was read.
#[derive(Debug, Clone)]
struct File {
    input: Input,
    metadata: ArrowReaderMetadata,
}

impl File {
    /// The rows of some columns, of one group or of all.
    fn batches(
        &self,
        name: &str,
        columns: &[usize],
        group: Option<usize>,
    ) -> Result<ParquetRecordBatchReader, IoError> {
        guard(name, InputFormat::Parquet, || {
            let (input, metadata) = (self.input.clone(), self.metadata.clone());
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(input, metadata);
            let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
            let builder = builder.with_projection(mask).with_batch_size(ROWS);
            match group {
                Some(group) => builder.with_row_groups(vec![group]).build(),
                None => builder.build(),
            }
        })
    }
}

/// The next rows.
fn next(
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
    let (mut batches, mut prover) = (file.batches(name, &table.texts, None)?, Prover::default());
    let mut row = 1_u64;
    while let Some(batch) = next(name, &mut batches)? {
        table.prove(&mut prover, &batch, row)?;
        row = row.saturating_add(count(&batch));
    }
    table.proven(prover)
}

fn count(batch: &RecordBatch) -> u64 {
    u64::try_from(batch.num_rows()).unwrap_or(u64::MAX)
}

/// A table cut into a few rows at a time.
struct Batches {
    table: Arc<Table>,
    batches: ParquetRecordBatchReader,
    /// The number of the next row.
    row: u64,
}

impl Parts for Batches {
    fn joins(&self) -> bool {
        self.table.sheet.is_long()
    }

    fn next(&mut self) -> Result<Option<Box<dyn Part>>, IoError> {
        let Some(batch) = next(self.table.sheet.name(), &mut self.batches)? else {
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
    /// The number of the next group.
    group: usize,
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
        let rows = u64::try_from(group.num_rows()).map_err(|_| {
            broken(self.table.sheet.name(), InputFormat::Parquet, "a negative number of rows")
        })?;
        let part = Group {
            table: Arc::clone(&self.table),
            stored: self.stored.clone(),
            group: self.group,
            first: self.row,
        };
        self.group += 1;
        self.row = self.row.saturating_add(rows);
        Ok(Some(Box::new(part)))
    }
}

/// A group of rows.
struct Group {
    table: Arc<Table>,
    stored: File,
    group: usize,
    /// The number of its first row.
    first: u64,
}

impl Group {
    /// Goes through the rows, some at a time.
    fn each(
        &self,
        take: &mut dyn FnMut(&RecordBatch, u64) -> Result<(), IoError>,
    ) -> Result<(), IoError> {
        let name = self.table.sheet.name();
        let mut batches = self.stored.batches(name, &self.table.read, Some(self.group))?;
        let mut row = self.first;
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
        self.each(&mut |batch, row| figures(&self.table, batch, row, making))
    }
}
