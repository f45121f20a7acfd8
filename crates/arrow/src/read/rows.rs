//! Rows of a batch: records, or figures at once.
//!
//! Enters: a batch of Arrow. Leaves: its rows. The one idea: a batch in which every row has its
//! entity and its day goes straight into columns; any other goes row by row to the maker of
//! records, which knows what to say. Invariant: a row says the same both ways.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::RecordBatch;
use chitieu::Measurement;
use chitieu::calendar::{self, Date};
use chitieu::check::model::IndicatorId;
use chitieu::snapshot::Raw;
use chitieu::text;
use chitieu_io::{Cell, IoError, Item, Making, Part, Role};

use super::kinds::Cells;
use super::table::Table;

/// Some rows that were decoded.
pub(super) struct Rows {
    pub(super) table: Arc<Table>,
    pub(super) batch: RecordBatch,
    /// The number of the first row, from 1.
    pub(super) first: u64,
}

impl Part for Rows {
    fn items(&mut self, take: &mut dyn FnMut(Item) -> Result<(), IoError>) -> Result<(), IoError> {
        items(&self.table, &self.batch, self.first, take)
    }

    fn figures(&mut self, making: &mut Making<'_, '_>) -> Result<(), IoError> {
        let is_alone = making.rows() == 0;
        figures(&self.table, &self.batch, (self.first, is_alone), making)
    }
}

/// Hands every row of a batch on.
pub(super) fn items(
    table: &Table,
    batch: &RecordBatch,
    first: u64,
    take: &mut dyn FnMut(Item) -> Result<(), IoError>,
) -> Result<(), IoError> {
    table.fits(batch)?;
    let (cells, mut rows) = (table.cells(batch), table.sheet.rows());
    for (row, number) in (0..batch.num_rows()).zip(first..) {
        take(rows.item(number, || row_of(&cells, row)))?;
    }
    Ok(())
}

/// The cells of a row.
fn row_of<'b>(cells: &[Option<Cells<'b>>], row: usize) -> impl Iterator<Item = Cell<'b>> {
    cells.iter().map(move |cells| match cells {
        Some(cells) => cells(row),
        None => Cell::Value(Raw::Missing),
    })
}

/// Makes rows of a wide batch; one that is alone in its piece lends its columns.
pub(super) fn figures(
    table: &Table,
    batch: &RecordBatch,
    (first, is_alone): (u64, bool),
    making: &mut Making<'_, '_>,
) -> Result<(), IoError> {
    table.fits(batch)?;
    let cells = table.cells(batch);
    let columns = columns(table, making);
    let Some((columns, keys)) = columns.zip(keys(table, &cells, batch.num_rows())) else {
        return items(table, batch, first, &mut |item| {
            making.item(item, false);
            Ok(())
        });
    };
    let before = making.rows();
    if !make(table, &cells, keys, first, making) || batch.num_rows() == 0 {
        return Ok(());
    }
    name_all(table, making);
    for column in &columns {
        if is_alone && column.lend(table, batch, making) {
            continue;
        }
        let Some(Some(cells)) = cells.get(column.place) else { continue };
        for row in 0..batch.num_rows() {
            column.give(before + row, &cells(row), table, making);
        }
    }
    Ok(())
}

/// Makes rows; not behind one that ends the run.
pub(super) fn make(
    table: &Table,
    cells: &[Option<Cells<'_>>],
    keys: Vec<(Cow<'_, str>, Date)>,
    first: u64,
    making: &mut Making<'_, '_>,
) -> bool {
    let parent = (0..cells.len()).find(|place| table.sheet.role(*place) == Role::Parent);
    let parent = parent.and_then(|place| cells.get(place)?.as_ref());
    for ((row, (id, day)), number) in keys.into_iter().enumerate().zip(first..) {
        if !making.row(&id, day, table.sheet.name(), number) {
            // It is the second of one entity and day.
            making.item(table.sheet.rows().item(number, || row_of(cells, row)), false);
            return false;
        }
        if let Some(Cell::Text(parent)) = parent.map(|cells| cells(row))
            && !parent.trim().is_empty()
        {
            making.parent(&id, parent.trim());
        }
    }
    true
}

/// Notes the names of all columns, as their first row does.
pub(super) fn name_all(table: &Table, making: &mut Making<'_, '_>) {
    for place in 0..table.slots.len() {
        if let Role::Figure(name) = table.sheet.role(place) {
            making.name(name);
        }
    }
}

/// A column of figures that some rule asks for.
pub(super) struct Column {
    pub(super) place: usize,
    pub(super) ids: Arc<[IndicatorId]>,
    /// The column of the piece which takes its bare numbers, where it is one.
    bare: Option<usize>,
}

impl Column {
    /// Lends all figures where they lie; whether they can be lent.
    fn lend(&self, table: &Table, batch: &RecordBatch, making: &mut Making<'_, '_>) -> bool {
        let slot = table.slots.get(self.place).copied().flatten();
        let array = slot.and_then(|slot| batch.columns().get(slot));
        if self.ids.is_empty() || !self.ids.iter().all(|id| making.takes_bare_numbers(*id)) {
            return false;
        }
        let Some(lent) = array.and_then(|array| super::batch::lent(array)) else { return false };
        self.ids.iter().for_each(|id| making.fill(*id, lent.clone()));
        true
    }

    /// Gives a row its figure.
    pub(super) fn give(
        &self,
        row: usize,
        cell: &Cell<'_>,
        table: &Table,
        making: &mut Making<'_, '_>,
    ) {
        let format = table.sheet.format();
        let value = cell.raw(format);
        if let (Raw::Number(number), Some(column)) = (&value, self.bare)
            && let Ok(mantissa) = i64::try_from(number.mantissa())
        {
            return making.number_at(row, column, mantissa, number.scale());
        }
        if value != Raw::Missing {
            making.figure_at(
                row,
                &self.ids,
                &Measurement { value, format, ..Measurement::default() },
            );
        }
    }
}

/// The columns that rules ask for; nothing where two of them speak of one indicator.
pub(super) fn columns(table: &Table, making: &mut Making<'_, '_>) -> Option<Vec<Column>> {
    let (mut columns, mut seen) = (Vec::new(), HashSet::new());
    for place in &table.read {
        let Role::Figure(name) = table.sheet.role(*place) else { continue };
        let ids = making.meaning(name);
        if !ids.iter().all(|id| seen.insert(*id)) {
            return None;
        }
        let bare = making.column(&ids);
        columns.push(Column { place: *place, ids, bare });
    }
    Some(columns)
}

/// Whom each row speaks of and as of which day; nothing where some row must be spoken of.
pub(super) fn keys<'b>(
    table: &Table,
    cells: &[Option<Cells<'b>>],
    rows: usize,
) -> Option<Vec<(Cow<'b, str>, Date)>> {
    let find = |role| (0..cells.len()).find(|place| table.sheet.role(*place) == role);
    let of = |place: Option<usize>| cells.get(place?)?.as_ref();
    let (entity, day) = (of(find(Role::Entity))?, of(find(Role::Day)));
    let nameless = (0..cells.len()).filter(|place| table.sheet.role(*place) == Role::Nameless);
    for cells in nameless.filter_map(|place| of(Some(place))) {
        if (0..rows).any(|row| cells(row) != Cell::Value(Raw::Missing)) {
            return None;
        }
    }
    let mut days = Days::default();
    let key = |row: usize| {
        let id = match entity(row) {
            Cell::Text(text) => Cow::Borrowed(text.trim()),
            Cell::Value(Raw::Number(number)) => Cow::Owned(number.to_string()),
            _ => return None,
        };
        let day = match day.map(|cells| cells(row)) {
            None | Some(Cell::Value(Raw::Missing)) => table.sheet.fallback()?,
            Some(Cell::Day(day)) => day,
            Some(Cell::Text(text)) if text.trim().is_empty() => table.sheet.fallback()?,
            Some(Cell::Text(text)) => days.day(text.trim())?,
            Some(Cell::Value(_)) => return None,
        };
        (!id.is_empty()).then_some((id, day))
    };
    (0..rows).map(key).collect()
}

/// The time read last: rows repeat it.
#[derive(Default)]
struct Days(Option<(String, Date)>);

impl Days {
    fn day(&mut self, written: &str) -> Option<Date> {
        if let Some((known, day)) = &self.0
            && known == written
        {
            return Some(*day);
        }
        let day = calendar::parse(&text::normal(written)).ok()?.last?;
        self.0 = Some((written.to_owned(), day));
        Some(day)
    }
}
