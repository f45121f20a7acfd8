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
        let used = blank.or_else(|| {
            let used = reader.row(rest)?;
            reader.take(number, making).then_some(used)
        });
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
    /// By column: that of the piece which takes its bare numbers, where it is one.
    columns: Vec<Option<usize>>,
    /// By column: another one names one of its indicators.
    shared: Vec<bool>,
    days: Days,
    /// The columns were noted.
    noted: bool,
    figures: Vec<(usize, i64, u32)>,
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
        Self {
            frame,
            mark: frame.mark(),
            columns: ids.iter().map(|ids| making.column(ids)).collect(),
            shared: ids.iter().map(is_shared).collect(),
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

    /// Reads a row: how many bytes it has, with the break behind it.
    fn row(&mut self, bytes: &[u8]) -> Option<usize> {
        let separator = self.frame.separator;
        self.figures.clear();
        self.others.clear();
        self.id.clear();
        self.parent.clear();
        self.day = self.frame.fallback;
        let ends = |byte: Option<&u8>| {
            byte.is_none_or(|byte| *byte == separator || matches!(byte, b'\n' | b'\r'))
        };
        // Whether a cell begins at `at`; else a separator must stand there.
        let (mut at, mut begins) = (0, true);
        for (place, column) in self.frame.header.columns.iter().enumerate() {
            if !begins {
                if bytes.get(at) != Some(&separator) {
                    return None;
                }
                at += 1;
            }
            let rest = bytes.get(at..)?;
            begins = false;
            if matches!(column, Column::Figure(_)) {
                if let Some((mantissa, scale, len)) = figure::cell(rest, separator, self.mark) {
                    self.figures.push((place, mantissa, scale));
                    // The separator behind it was seen.
                    (at, begins) = (at + len + 1, true);
                    continue;
                }
                if ends(rest.first()) {
                    continue;
                }
                if let Some((mantissa, scale, len)) = figure::decimal(rest, self.mark)
                    && ends(rest.get(len))
                {
                    self.figures.push((place, mantissa, scale));
                    at += len;
                    continue;
                }
            }
            let (cell, len) = rows::cell(rest, separator)?;
            self.cell(place, column, cell)?;
            at += len;
        }
        if begins {
            return None;
        }
        rows::line_break(bytes.get(at..)?).map(|len| at + len)
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
        let figures = self.figures.iter().map(|(place, ..)| place);
        let others = self.others.iter().filter(|(_, given)| !given.is_missing());
        let mut places = figures.chain(others.map(|(place, _)| place));
        places.any(|place| self.shared.get(*place) == Some(&true))
    }

    /// Makes a row of what was kept; not where the reader of all rows has something to say.
    fn take(&mut self, number: u64, making: &mut Making<'_, '_>) -> bool {
        let Some(day) = self.day.filter(|_| !self.id.is_empty()) else { return false };
        // Two figures of one indicator are understood together.
        if self.shared.contains(&true) && self.gives_shared() {
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
        for (place, mantissa, scale) in &self.figures {
            if let Some(Some(column)) = self.columns.get(*place) {
                making.number_in(*column, *mantissa, *scale);
            } else if let Some(ids) = self.ids.get(*place) {
                making.number(ids, *mantissa, *scale);
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
