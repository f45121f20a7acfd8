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
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;

use super::broken::{broken, guard};
use super::chunk::Fault;
use super::input::Input;
use super::pages::Pages;
use super::rows::{Rows, figures, items};
use super::spare::Spare;
use super::table::Table;
use super::whole;

/// So many rows are decoded at a time.
const ROWS: usize = 1_024;
/// A group of more rows is cut,
const LARGE: usize = if cfg!(test) { 90 } else { 1 << 17 };
/// into parts of so many.
const PART: usize = if cfg!(test) { 61 } else { 3 << 15 };

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
    let stored = File { input, metadata, spare: Arc::default() };
    let groups = stored.groups().map_err(|why| broken(&name, InputFormat::Parquet, why))?;
    let table = proven(table, &stored, &groups)?.shared();
    let is_long = table.sheet.is_long();
    let groups = groups.into_iter();
    if asked.keep == Keep::Records || is_long {
        let most = ROWS.min(asked.most);
        return Ok(Box::new(Batches { table, stored, groups, reader: None, most }));
    }
    Ok(Box::new(Groups { table, stored, whole: groups, rest: None }))
}

/// A file whose end was read.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) input: Input,
    pub(super) metadata: ArrowReaderMetadata,
    /// What readers of columns pass on to the next.
    pub(super) spare: Arc<Spare>,
}

impl File {
    /// The rows of some columns, of a group or a part of one.
    pub(super) fn batches(
        &self,
        name: &str,
        columns: &[usize],
        span: &Span,
        rows: usize,
    ) -> Result<ParquetRecordBatchReader, IoError> {
        guard(name, InputFormat::Parquet, || {
            self.check(columns, span.group).map_err(ParquetError::General)?;
            let (input, metadata) = (self.input.clone(), self.metadata.clone());
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(input, metadata);
            let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
            let builder = builder.with_projection(mask).with_batch_size(rows);
            let builder = builder.with_row_groups(vec![span.group]);
            if span.is_whole {
                return builder.build();
            }
            let before = RowSelector::skip(span.rows.start);
            let selection = vec![before, RowSelector::select(span.rows.len())];
            builder.with_row_selection(RowSelection::from(selection)).build()
        })
    }

    /// Sees that no page of some columns claims what cannot be.
    fn check(&self, columns: &[usize], group: usize) -> Result<(), Fault> {
        let metadata = self.metadata.metadata();
        let (groups, schema) = (metadata.row_groups(), metadata.file_metadata().schema_descr());
        let chunks = groups.get(group).map_or(&[][..], |group| group.columns());
        let mut chunks = chunks.iter().zip(0..schema.num_columns());
        self.spare.at_desk(|desk| {
            chunks.try_for_each(|(chunk, leaf)| {
                if !columns.contains(&schema.get_column_root_idx(leaf)) {
                    return Ok(());
                }
                Pages::check(&self.input, chunk, &mut desk.room)
            })
        })
    }

    /// The group of some rows, and the only leaf of a column by its place in the file.
    pub(super) fn leaf(&self, span: &Span, place: usize) -> Option<(&RowGroupMetaData, usize)> {
        let metadata = self.metadata.metadata();
        let schema = metadata.file_metadata().schema_descr();
        let leaves = 0..schema.num_columns();
        let mut leaves = leaves.filter(|leaf| schema.get_column_root_idx(*leaf) == place);
        let (Some(leaf), None) = (leaves.next(), leaves.next()) else { return None };
        Some((metadata.row_groups().get(span.group)?, leaf))
    }

    /// The groups of rows, each as a whole.
    pub(super) fn groups(&self) -> Result<Vec<Span>, &'static str> {
        let mut first = 1_u64;
        let span = |(group, of): (usize, &RowGroupMetaData)| {
            let rows = usize::try_from(of.num_rows()).map_err(|_| "a negative number of rows")?;
            let span = Span { group, rows: 0..rows, first, is_whole: true };
            first = first.saturating_add(u64::try_from(rows).unwrap_or(u64::MAX));
            Ok(span)
        };
        self.metadata.metadata().row_groups().iter().enumerate().map(span).collect()
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
fn proven(table: Table, file: &File, groups: &[Span]) -> Result<Table, IoError> {
    if !table.needs_proof() {
        return Ok(table);
    }
    let (name, mut prover) = (table.sheet.name(), Prover::default());
    for span in groups {
        let mut batches = file.batches(name, &table.texts, span, ROWS)?;
        let mut row = span.first;
        while let Some(batch) = next(name, &mut batches)? {
            table.prove(&mut prover, &batch, row)?;
            row = row.saturating_add(count(&batch));
        }
    }
    table.proven(prover)
}

pub(super) fn count(batch: &RecordBatch) -> u64 {
    u64::try_from(batch.num_rows()).unwrap_or(u64::MAX)
}

/// A table cut into a few rows at a time.
struct Batches {
    table: Arc<Table>,
    stored: File,
    groups: std::vec::IntoIter<Span>,
    /// The rows of the group that is being read, and the number of the next.
    reader: Option<(ParquetRecordBatchReader, u64)>,
    most: usize,
}

impl Parts for Batches {
    fn joins(&self) -> bool {
        self.table.sheet.is_long()
    }

    fn next(&mut self) -> Result<Option<Box<dyn Part>>, IoError> {
        let name = self.table.sheet.name();
        loop {
            if let Some((reader, row)) = &mut self.reader
                && let Some(batch) = next(name, reader)?
            {
                let (table, first) = (Arc::clone(&self.table), *row);
                *row = first.saturating_add(count(&batch));
                return Ok(Some(Box::new(Rows { table, batch, first })));
            }
            let Some(span) = self.groups.next() else { return Ok(None) };
            let reader = self.stored.batches(name, &self.table.read, &span, self.most)?;
            self.reader = Some((reader, span.first));
        }
    }
}

/// A table cut into its groups of rows, the larger of which are cut again.
struct Groups {
    table: Arc<Table>,
    stored: File,
    whole: std::vec::IntoIter<Span>,
    /// What is left of a group that is being cut.
    rest: Option<Span>,
}

impl Parts for Groups {
    fn joins(&self) -> bool {
        false
    }

    fn next(&mut self) -> Result<Option<Box<dyn Part>>, IoError> {
        let Some(mut span) = self.rest.take().or_else(|| self.whole.next()) else {
            return Ok(None);
        };
        if span.rows.len() > if span.is_whole { LARGE } else { PART } {
            let (start, end) = (span.rows.start, span.rows.start.saturating_add(PART));
            let behind = span.first.saturating_add(u64::try_from(PART).unwrap_or(u64::MAX));
            let rest = Span { rows: end..span.rows.end, first: behind, is_whole: false, ..span };
            (self.rest, span.rows, span.is_whole) = (Some(rest), start..end, false);
        }
        let (table, stored) = (Arc::clone(&self.table), self.stored.clone());
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
        let mut batches = self.stored.batches(name, &self.table.read, &self.span, ROWS)?;
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
        self.each(&mut |batch, row| figures(table, batch, (row, false), making))
    }
}
