//! Rows of a wide table: a row a snapshot, a column an indicator.
//!
//! Enters: whole rows. Leaves: their figures in columns. The one idea: a plain number goes straight
//! from its cell to its column; a row that holds anything that needs a message goes to the reader
//! of all rows. Invariant: a row gives the same figures, the same reject and the same counts both
//! ways.

use std::collections::HashMap;
use std::sync::Arc;

use chitieu::Measurement;
use chitieu::check::model::IndicatorId;
use chitieu::snapshot::Packed;

use super::run::{Cells, Target};
use super::table::{Days, Frame};
use super::{Making, figure, rows};
use crate::table::{Column, Field, raw};

/// Reads rows; so many stand before them.
pub(super) fn read(frame: &Frame, bytes: &[u8], before: u64, making: &mut Making<'_, '_>) {
    let mut reader = Reader::new(frame, making);
    let (mut at, mut number) = (0, before);
    while at < bytes.len() && !making.is_over() {
        let rest = bytes.get(at..).unwrap_or_default();
        number = number.saturating_add(1);
        let blank = rows::line_break(rest.get(..2).unwrap_or(rest));
        let used = blank.or_else(|| reader.row(rest, number, making));
        at += used.unwrap_or_else(|| {
            let end = rows::row_end(rest, frame.separator);
            let row = rest.get(..end).unwrap_or_default();
            frame.general(row, number, |item| making.item(item, false));
            end
        });
    }
}

/// Reads row after row.
struct Reader<'f> {
    frame: &'f Frame,
    mark: u8,
    /// By column: the indicators that it names.
    ids: Vec<Arc<[IndicatorId]>>,
    /// By column: where its bare numbers go, if no others do.
    targets: Vec<Target>,
    /// Columns of which another one names one of their indicators.
    shared: Vec<usize>,
    days: Days,
    /// The columns were noted.
    noted: bool,
    /// Numbers that have no target.
    figures: Vec<(usize, Packed)>,
    /// Figures that are not plain numbers.
    others: Vec<(usize, Measurement)>,
    id: String,
    parent: String,
    day: Option<chitieu::calendar::Date>,
}

impl<'f> Reader<'f> {
    fn new(frame: &'f Frame, making: &mut Making<'_, '_>) -> Self {
        let ids = frame.header.columns.iter().map(|column| match column {
            Column::Figure(name) => making.worker.meaning(name),
            _ => Arc::default(),
        });
        let ids: Vec<Arc<[IndicatorId]>> = ids.collect();
        let mut uses: HashMap<IndicatorId, u32> = HashMap::new();
        for id in ids.iter().flat_map(|ids| ids.iter()) {
            *uses.entry(*id).or_default() += 1;
        }
        let is_shared = |ids: &Arc<[IndicatorId]>| ids.iter().any(|id| uses.get(id) > Some(&1));
        let shared = (0..ids.len()).filter(|place| ids.get(*place).is_some_and(is_shared));
        let target = |(column, ids): (&Column, &Arc<[IndicatorId]>)| {
            let is_alone = matches!(column, Column::Figure(_)) && !is_shared(ids);
            if is_alone { making.target(ids) } else { Target::NONE }
        };
        Self {
            frame,
            mark: frame.mark(),
            targets: frame.header.columns.iter().zip(&ids).map(target).collect(),
            shared: shared.collect(),
            ids,
            days: Days::default(),
            noted: false,
            figures: Vec::new(),
            others: Vec::new(),
            id: String::new(),
            parent: String::new(),
            day: None,
        }
    }

    /// Reads a row, and makes one of it: how many bytes it has, with the break behind it. Nothing
    /// where the reader of all rows has something to say.
    fn row(&mut self, bytes: &[u8], number: u64, making: &mut Making<'_, '_>) -> Option<usize> {
        let used = self.cells(bytes, making.next_cells());
        if used.is_none() || !self.take(number, making) {
            making.next_cells().clear();
            return None;
        }
        used
    }

    /// Reads the cells of a row, and puts plain numbers where they belong.
    fn cells(&mut self, bytes: &[u8], mut cells: Cells<'_>) -> Option<usize> {
        let separator = self.frame.separator;
        self.figures.clear();
        self.others.clear();
        self.id.clear();
        self.parent.clear();
        self.day = self.frame.fallback;
        let columns = &self.frame.header.columns;
        // Behind the last cell stands no separator.
        let last = columns.len().saturating_sub(1);
        let (mut place, mut at) = (0, 0);
        loop {
            let rest = bytes.get(at..)?;
            let targets = self.targets.get(place..last).unwrap_or_default();
            let (done, used) = plain(rest, targets, separator, self.mark, &mut cells);
            (place, at) = (place + done, at + used);
            let (column, rest) = (columns.get(place)?, bytes.get(at..)?);
            at += if let Some(len) = self.number(place, column, rest, &mut cells) {
                len
            } else {
                let (cell, len) = rows::cell(rest, separator)?;
                self.cell(place, column, cell)?;
                len
            };
            place += 1;
            if place == columns.len() {
                return rows::line_break(bytes.get(at..)?).map(|len| at + len);
            }
            if bytes.get(at) != Some(&separator) {
                return None;
            }
            at += 1;
        }
    }

    /// Reads a cell that is a plain number or empty, whatever stands behind it.
    fn number(
        &mut self,
        place: usize,
        column: &Column,
        bytes: &[u8],
        cells: &mut Cells<'_>,
    ) -> Option<usize> {
        if !matches!(column, Column::Figure(_)) {
            return None;
        }
        let (number, len) = figure::whole_cell(bytes, self.frame.separator, self.mark)?;
        let target = *self.targets.get(place)?;
        if cells.put(target, number).is_none() && !number.is_missing() {
            self.figures.push((place, number));
        }
        Some(len)
    }

    /// Keeps a cell that is no plain number; nothing where it needs a message.
    fn cell(&mut self, place: usize, column: &Column, cell: &[u8]) -> Option<()> {
        if let Column::Field(Field::AsOf) = column {
            let is_blank = cell.trim_ascii().is_empty();
            self.day = if is_blank { self.frame.fallback } else { self.days.day(cell) };
            return self.day.map(|_| ());
        }
        let cell = std::str::from_utf8(cell).ok()?.trim();
        match column {
            Column::Figure(_) => {
                let value = raw(cell, self.frame.format);
                let format = self.frame.format;
                self.others.push((place, Measurement { value, format, ..Measurement::default() }));
            }
            Column::Field(Field::Entity) => self.id.push_str(cell),
            Column::Field(Field::Parent) => self.parent.push_str(cell),
            Column::Nameless if !cell.is_empty() => return None,
            _ => {}
        }
        Some(())
    }

    /// Whether a column holds a figure whose indicator has another column.
    fn gives_shared(&self) -> bool {
        let figures = self.figures.iter().map(|(place, _)| place);
        let others = self.others.iter().filter(|(_, given)| !given.is_missing());
        let mut places = figures.chain(others.map(|(place, _)| place));
        places.any(|place| self.shared.contains(place))
    }

    /// Makes a row of what was kept; not where the reader of all rows has something to say.
    fn take(&mut self, number: u64, making: &mut Making<'_, '_>) -> bool {
        let Some(day) = self.day.filter(|_| !self.id.is_empty()) else { return false };
        // Two figures of one indicator are understood together.
        if !self.shared.is_empty() && self.gives_shared() {
            return false;
        }
        if !making.row(&self.id, day, &self.frame.name, number) {
            return false;
        }
        if !self.noted {
            self.noted = true;
            for column in &self.frame.header.columns {
                if let Column::Figure(name) = column {
                    making.name(name);
                }
            }
        }
        if !self.parent.is_empty() {
            making.parent(&self.id, &self.parent);
        }
        for (place, number) in &self.figures {
            if let Some(ids) = self.ids.get(*place) {
                making.number(ids, *number);
            }
        }
        for (place, measurement) in &self.others {
            if let Some(ids) = self.ids.get(*place) {
                making.figure(ids, measurement);
            }
        }
        true
    }
}

/// Reads cells as long as they are plain numbers or empty, and have a target: how many, and how
/// many bytes they have with the separators behind them.
#[multiversion::multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt",
))]
fn plain(
    bytes: &[u8],
    targets: &[Target],
    separator: u8,
    mark: u8,
    cells: &mut Cells<'_>,
) -> (usize, usize) {
    let (mut rest, mut done) = (bytes, 0);
    for target in targets {
        let Some(cell) = cells.cell(*target) else { break };
        let Some((number, len)) = figure::cell(rest, separator, mark) else { break };
        *cell = number;
        let Some(behind) = rest.get(len.wrapping_add(1)..) else { break };
        (rest, done) = (behind, done + 1);
    }
    (done, bytes.len().wrapping_sub(rest.len()))
}
