//! Rows of a long table: a row a measurement, those of a snapshot together.
//!
//! Enters: whole snapshots. Leaves: a row each. The one idea: entity, day and name of a row are
//! mostly those foretold by the row before, and are only compared; a snapshot with a row of any
//! other kind goes to the reader of all rows as a whole. Invariant: a snapshot gives the same
//! figures, the same rejects and the same counts both ways.

use std::collections::HashMap;
use std::sync::Arc;

use chitieu::Measurement;
use chitieu::calendar::Date;
use chitieu::check::model::IndicatorId;
use chitieu::snapshot::{Packed, composed_id};
use chitieu::text;

use super::run::Target;
use super::table::{Days, Frame, is_text};
use super::{Making, figure, rows};
use crate::Item;
use crate::table::{Column, Field, raw};

/// Reads rows; so many stand before them.
pub(super) fn read(frame: &Frame, bytes: &[u8], before: u64, making: &mut Making<'_, '_>) {
    let mut reader = Reader {
        frame,
        mark: frame.mark(),
        days: Days::default(),
        names: HashMap::new(),
        entries: Vec::new(),
        group: Group::default(),
        foretold: 0,
        row: Kept::default(),
    };
    let (mut at, mut number) = (0, before);
    while at < bytes.len() && !making.is_over() {
        let rest = bytes.get(at..).unwrap_or_default();
        number = number.saturating_add(1);
        let used = rows::line_break(rest.get(..2).unwrap_or(rest));
        let used = used.or_else(|| reader.row(rest, bytes, at, number, making));
        at += used.unwrap_or_else(|| reader.other(bytes, at, number, making));
    }
    reader.settle(bytes, at, making);
}

/// A name of an indicator.
struct Entry {
    cell: Vec<u8>,
    name: String,
    ids: Arc<[IndicatorId]>,
    /// Where its bare numbers go.
    target: Target,
    /// Another name means one of its indicators.
    shared: bool,
    noted: bool,
    /// The snapshot that it was given in last, by its first row.
    given: u64,
    /// The name that followed it.
    follower: Option<usize>,
}

/// The snapshot being read.
#[derive(Default)]
struct Group {
    /// Its first byte and row.
    start: usize,
    number: u64,
    key: Option<(String, Date)>,
    /// All its rows are for the reader of all rows.
    general: bool,
    rows: u64,
    figures: Vec<(usize, Packed)>,
    /// Figures that are not plain numbers, and names without one.
    others: Vec<(usize, Measurement)>,
    parents: Vec<String>,
    /// What stood before the name in the row read last.
    beginning: Vec<u8>,
    /// The name read last.
    last: Option<usize>,
}

/// The cells of one row.
#[derive(Default)]
struct Kept {
    id: String,
    parent: String,
    day: Option<Date>,
    entry: Option<usize>,
    figure: Option<Packed>,
    other: Option<Measurement>,
}

struct Reader<'f> {
    frame: &'f Frame,
    mark: u8,
    days: Days,
    /// Names as cells write them.
    names: HashMap<Vec<u8>, usize>,
    entries: Vec<Entry>,
    group: Group,
    /// How many cells before the name were compared at once.
    foretold: usize,
    row: Kept,
}

impl Reader<'_> {
    /// Reads a row of the usual kind: how many bytes it has, with the break behind it.
    fn row(
        &mut self,
        bytes: &[u8],
        all: &[u8],
        at: usize,
        number: u64,
        making: &mut Making<'_, '_>,
    ) -> Option<usize> {
        let used = self.cells(bytes, making)?;
        if self.foretold == 0 {
            let day = self.row.day?;
            if self.row.id.is_empty() {
                return None;
            }
            let id = composed_id(&self.row.id);
            let is_same =
                self.group.key.as_ref().is_some_and(|known| known.0 == *id && known.1 == day);
            if !is_same {
                let key = (id.into_owned(), day);
                self.settle(all, at, making);
                self.begin(key, at, number);
            }
            let name = self.frame.header.find(Field::Indicator).unwrap_or(0);
            let end = self.before_name(bytes, name)?;
            self.group.beginning.clear();
            self.group.beginning.extend_from_slice(bytes.get(..end)?);
            if !self.row.parent.is_empty() {
                self.group.parents.push(self.row.parent.clone());
            }
        }
        self.keep();
        Some(used)
    }

    fn begin(&mut self, key: (String, Date), start: usize, number: u64) {
        let group = &mut self.group;
        (group.start, group.number, group.key) = (start, number, Some(key));
        (group.general, group.rows, group.last) = (false, 0, None);
        group.figures.clear();
        group.others.clear();
        group.parents.clear();
    }

    /// How many bytes stand before the name.
    fn before_name(&self, bytes: &[u8], name: usize) -> Option<usize> {
        let mut at = 0;
        for _ in 0..name {
            let (_, len) = rows::cell(bytes.get(at..)?, self.frame.separator)?;
            at += len + 1;
        }
        Some(at)
    }

    /// Adds the row to the snapshot.
    fn keep(&mut self) {
        let (group, row) = (&mut self.group, &mut self.row);
        group.rows = group.rows.saturating_add(1);
        let Some(place) = row.entry else { return };
        let Some(entry) = self.entries.get_mut(place) else { return };
        // A name that is given twice is understood with all that it is given.
        group.general |= entry.shared || entry.given == group.number;
        entry.given = group.number;
        if let Some(last) = group.last.and_then(|last| self.entries.get_mut(last)) {
            last.follower.get_or_insert(place);
        }
        group.last = Some(place);
        match (row.figure, row.other.take()) {
            (Some(number), _) => group.figures.push((place, number)),
            (None, other) => group.others.push((place, other.unwrap_or_default())),
        }
    }

    /// Reads the cells of a row; nothing where it is of another kind.
    fn cells(&mut self, bytes: &[u8], making: &mut Making<'_, '_>) -> Option<usize> {
        let separator = self.frame.separator;
        let name = self.frame.header.find(Field::Indicator)?;
        let group = &self.group;
        let is_foretold = group.key.is_some()
            && !group.beginning.is_empty()
            && bytes.starts_with(&group.beginning);
        // Entity and day must both stand before the name.
        let plain = |field| self.frame.header.find(field).is_none_or(|place| place < name);
        let is_foretold = is_foretold && plain(Field::Entity) && plain(Field::AsOf);
        self.foretold = if is_foretold { name } else { 0 };
        let mut at = if is_foretold { group.beginning.len() } else { 0 };
        self.row = Kept { day: self.frame.fallback, ..Kept::default() };
        let columns = &self.frame.header.columns;
        for (place, column) in columns.iter().enumerate().skip(self.foretold) {
            if place > self.foretold {
                if bytes.get(at) != Some(&separator) {
                    return None;
                }
                at += 1;
            }
            let rest = bytes.get(at..)?;
            at += match column {
                Column::Field(Field::Indicator) => self.name(rest, making)?,
                Column::Field(Field::Value) => self.value(rest)?,
                other => self.cell(other, rest)?,
            };
        }
        rows::line_break(bytes.get(at..)?).map(|len| at + len)
    }

    /// The name of the indicator, mostly that which followed the last one before.
    fn name(&mut self, bytes: &[u8], making: &mut Making<'_, '_>) -> Option<usize> {
        let separator = self.frame.separator;
        let follower = |place: Option<usize>| self.entries.get(place?)?.follower;
        let first = match self.group.last {
            Some(_) if self.foretold > 0 => follower(self.group.last),
            _ => (!self.entries.is_empty()).then_some(0),
        };
        for place in [first, follower(first)].into_iter().flatten() {
            if let Some(entry) = self.entries.get(place)
                && bytes.starts_with(&entry.cell)
                && bytes.get(entry.cell.len()) == Some(&separator)
            {
                self.row.entry = Some(place);
                return Some(entry.cell.len());
            }
        }
        let (_, len) = rows::cell(bytes, separator)?;
        let cell = bytes.get(..len)?;
        let place = match self.names.get(cell) {
            Some(place) => *place,
            None => self.learn(cell, making)?,
        };
        self.row.entry = Some(place);
        Some(len)
    }

    fn learn(&mut self, cell: &[u8], making: &mut Making<'_, '_>) -> Option<usize> {
        let (inner, _) = rows::cell(cell, self.frame.separator)?;
        let name = std::str::from_utf8(inner).ok()?.trim();
        if name.is_empty() {
            return None;
        }
        let name = text::composed(name);
        let ids = making.worker.meaning(&name);
        let mut shared = false;
        for entry in &mut self.entries {
            // Two spellings of one name are two names here.
            if entry.name == name || entry.ids.iter().any(|id| ids.contains(id)) {
                (entry.shared, shared) = (true, true);
            }
        }
        let (place, target) = (self.entries.len(), making.target(&ids));
        let (cell, noted, given, follower) = (cell.to_vec(), false, 0, None);
        self.names.insert(cell.clone(), place);
        self.entries.push(Entry { cell, name, ids, target, shared, noted, given, follower });
        Some(place)
    }

    fn value(&mut self, bytes: &[u8]) -> Option<usize> {
        let separator = self.frame.separator;
        if let Some((number, len)) = figure::whole_cell(bytes, separator, self.mark)
            && !number.is_missing()
        {
            self.row.figure = Some(number);
            return Some(len);
        }
        let (cell, len) = rows::cell(bytes, separator)?;
        let value = raw(std::str::from_utf8(cell).ok()?.trim(), self.frame.format);
        let format = self.frame.format;
        self.row.other = Some(Measurement { value, format, ..Measurement::default() });
        Some(len)
    }

    /// A cell beside name and value.
    fn cell(&mut self, column: &Column, bytes: &[u8]) -> Option<usize> {
        let (cell, len) = rows::cell(bytes, self.frame.separator)?;
        if let Column::Field(Field::AsOf) = column {
            let is_blank = cell.trim_ascii().is_empty();
            self.row.day = if is_blank { self.frame.fallback } else { self.days.day(cell) };
            return self.row.day.map(|_| len);
        }
        let cell = std::str::from_utf8(cell).ok()?.trim();
        match column {
            Column::Field(Field::Entity) => self.row.id.push_str(cell),
            Column::Field(Field::Parent) => self.row.parent.push_str(cell),
            column if is_text(column) || cell.is_empty() => {}
            _ => return None,
        }
        Some(len)
    }

    /// Reads a row of any kind.
    fn other(&mut self, all: &[u8], at: usize, number: u64, making: &mut Making<'_, '_>) -> usize {
        let rest = all.get(at..).unwrap_or_default();
        let end = rows::row_end(rest, self.frame.separator);
        let row = rest.get(..end).unwrap_or_default();
        let mut key = None;
        self.frame.general(row, number, |item| {
            if let Item::Record(record) = item {
                let day = record.as_of().or(self.frame.fallback);
                key = day.map(|day| (composed_id(&record.entity).into_owned(), day));
            }
        });
        if self.group.key.is_none() || key.as_ref().is_some_and(|_| self.group.key != key) {
            self.settle(all, at, making);
            let Some(key) = key else {
                // A reject that stands in no snapshot.
                self.frame.general(row, number, |item| making.item(item, true));
                return end;
            };
            self.begin(key, at, number);
            self.group.beginning.clear();
        }
        self.group.general = true;
        end
    }

    /// Makes a row of the snapshot that ends here.
    fn settle(&mut self, all: &[u8], end: usize, making: &mut Making<'_, '_>) {
        let Some((id, day)) = self.group.key.take() else { return };
        let group = &self.group;
        let before = group.number;
        if group.general || !making.row(&id, day, &self.frame.name, before) {
            let rows = all.get(group.start..end).unwrap_or_default();
            self.frame.general(rows, group.number, |item| making.item(item, true));
            return;
        }
        making.more(group.rows.saturating_sub(1));
        for parent in &group.parents {
            making.parent(&id, parent);
        }
        self.note(making);
        for (place, number) in &self.group.figures {
            let Some(entry) = self.entries.get(*place) else { continue };
            if making.put(entry.target, *number).is_none() {
                making.number(&entry.ids, *number);
            }
        }
        for (place, measurement) in &self.group.others {
            if let Some(entry) = self.entries.get(*place) {
                making.figure(&entry.ids, measurement);
            }
        }
    }

    /// Counts the names of the snapshot, each once a piece and in their order.
    fn note(&mut self, making: &mut Making<'_, '_>) {
        let figures = self.group.figures.iter().map(|(place, _)| *place);
        let others = self.group.others.iter().map(|(place, _)| *place);
        let is_new = |place: &usize| self.entries.get(*place).is_some_and(|entry| !entry.noted);
        let mut fresh: Vec<usize> = figures.chain(others).filter(is_new).collect();
        if fresh.is_empty() {
            return;
        }
        // Names are numbered as they are met.
        fresh.sort_unstable();
        for place in fresh {
            if let Some(entry) = self.entries.get_mut(place) {
                entry.noted = true;
                making.name(&entry.name);
            }
        }
    }
}
