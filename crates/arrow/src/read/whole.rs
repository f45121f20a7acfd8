//! A group of rows of Parquet as figures.
//!
//! Enters: a group. Leaves: a row for each of its rows, and columns. The one idea: whom rows speak
//! of is decoded row by row, and the figures column by column, those of plain numbers without rows
//! at all. Invariant: nothing is made where some row must be spoken of.

use chitieu::number::Decimal;
use chitieu_io::{InputFormat, IoError, Making, Role};

use super::broken::guard;
use super::chunk::{self, Alike, Kind};
use super::group::{File, Span, count, next};
use super::keys;
use super::rows::{self, Column};
use super::statistics;
use super::table::Table;

/// So many rows are decoded at a time.
const ROWS: usize = 8_192;

/// Makes rows of figures; where it answers no, it made nothing.
pub(super) fn figures(
    table: &Table,
    file: &File,
    span: &Span,
    making: &mut Making<'_, '_>,
) -> Result<bool, IoError> {
    let Some(columns) = rows::columns(table, making).filter(|_| making.rows() == 0) else {
        return Ok(false);
    };
    if !keys(table, file, span, making)? {
        return Ok(false);
    }
    if making.is_over() || making.rows() == 0 {
        return Ok(true);
    }
    rows::name_all(table, making);
    let mut others = Vec::new();
    for column in columns {
        if !fill(table, file, span, &column, making)? {
            others.push(column);
        }
    }
    decode(table, file, span, &others, making)?;
    Ok(true)
}

/// Makes the rows.
fn keys(
    table: &Table,
    file: &File,
    span: &Span,
    making: &mut Making<'_, '_>,
) -> Result<bool, IoError> {
    let name = table.sheet.name();
    if guard(name, InputFormat::Parquet, || keys::make(table, file, span, making))? {
        return Ok(true);
    }
    let is_key = |place: &usize| !matches!(table.sheet.role(*place), Role::Figure(_));
    let table = table.narrowed(|place| is_key(&place));
    let (mut reader, mut batches) = (file.batches(name, &table.read, span, ROWS)?, vec![]);
    while let Some(batch) = next(name, &mut reader)? {
        table.fits(&batch)?;
        batches.push(batch);
    }
    let cells: Vec<_> = batches.iter().map(|batch| table.cells(batch)).collect();
    let found = batches.iter().zip(&cells);
    let found = found.map(|(batch, cells)| rows::keys(&table, cells, batch.num_rows()));
    let Some(found) = found.collect::<Option<Vec<_>>>() else { return Ok(false) };
    let mut row = span.first;
    for ((keys, cells), batch) in found.into_iter().zip(&cells).zip(&batches) {
        if !rows::make(&table, cells, keys, row, making) {
            break;
        }
        row = row.saturating_add(count(batch));
    }
    Ok(true)
}

/// Fills a column of plain numbers; whether it is one.
fn fill(
    table: &Table,
    file: &File,
    span: &Span,
    column: &Column,
    making: &mut Making<'_, '_>,
) -> Result<bool, IoError> {
    let name = table.sheet.name();
    if column.ids.is_empty() || !column.ids.iter().all(|id| making.takes_bare_numbers(*id)) {
        return Ok(false);
    }
    let Some((group, leaf)) = file.leaf(span, column.place) else { return Ok(false) };
    let field = file.metadata.schema().fields().get(column.place);
    let described = file.metadata.parquet_schema().column(leaf);
    let kind = field.and_then(|field| Kind::of(field.data_type(), &described));
    let Some(kind) = kind else { return Ok(false) };
    // All must be numbers of ours, also those between.
    let number = |end: i128, scale| Decimal::from_parts(end, scale);
    let alike = |(min, max): (i128, i128), scale: u32| {
        let ends = number(min, scale).zip(number(max, scale));
        ends.is_some_and(|(min, max)| {
            column.ids.iter().all(|id| making.judges_alike(*id, min, max))
        })
    };
    let how: (&Alike<'_>, _) = (&alike, &file.spare);
    let made = match statistics::decided((group, leaf), kind, making.rows(), how) {
        Some(made) => Some(made),
        None => guard(name, InputFormat::Parquet, || {
            chunk::column(&file.input, (group, span), leaf, kind, how)
        })?,
    };
    let Some(made) = made.filter(|made| made.len() == making.rows()) else { return Ok(false) };
    for id in column.ids.iter() {
        making.fill(*id, made.clone());
    }
    Ok(true)
}

/// Decodes columns of other kinds, cell by cell.
fn decode(
    table: &Table,
    file: &File,
    span: &Span,
    columns: &[Column],
    making: &mut Making<'_, '_>,
) -> Result<(), IoError> {
    if columns.is_empty() {
        return Ok(());
    }
    let name = table.sheet.name();
    let table = table.narrowed(|place| columns.iter().any(|column| column.place == place));
    let mut reader = file.batches(name, &table.read, span, ROWS)?;
    let mut before = 0;
    while let Some(batch) = next(name, &mut reader)? {
        table.fits(&batch)?;
        let cells = table.cells(&batch);
        for column in columns {
            let Some(Some(cells)) = cells.get(column.place) else { continue };
            for row in 0..batch.num_rows() {
                column.give(before + row, &cells(row), &table, making);
            }
        }
        before += batch.num_rows();
    }
    Ok(())
}
