//! Records on their way into a piece.
//!
//! Enters: records, rejects, or single figures. Leaves: a [`Piece`]. The one idea: a name is looked
//! up once a thread, whatever the number of records that use it. Invariant: behind a fault that
//! ends the run nothing is taken.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chitieu::calendar::Date;
use chitieu::check::model::{Indicator, IndicatorId, Model};
use chitieu::number::{Decimal, Format, Rational};
use chitieu::snapshot::{
    Batch, Buffer, Column, ColumnBuilder, Data, Entity, Figure, Packed, Raw, Row, composed_id,
    understand,
};
use chitieu::{Measurement, Reason, Rules, Snapshot};

use super::lines::Foretelling;
use super::run::{Cells, Run, Target};
use super::{Block, Ids, Keep, Piece};
use crate::data::Before;
use crate::{IoError, Item, Options, Reject};

/// A thread remembers the meaning of so many names.
const NAMES: usize = 1 << 16;

/// What one thread needs to make pieces.
#[derive(Debug)]
pub struct Worker<'a> {
    rules: &'a Rules,
    pub(super) keep: Keep,
    pub(super) options: Options,
    /// The indicators that a name of the data means, one at most in each programme.
    names: HashMap<String, Arc<[IndicatorId]>>,
    /// By [`IndicatorId`]: how texts that name no format write numbers.
    formats: Vec<Format>,
    /// By [`IndicatorId`]: whether a bare number is a figure as it stands.
    bare: Vec<bool>,
    /// What is foretold of lines.
    pub(super) foretelling: Foretelling,
    /// Rows of a table of entities, by entity.
    entities: Option<&'a HashMap<String, Vec<Snapshot>>>,
    /// So many rows the piece before had: pieces are much alike.
    expected: usize,
    /// Where records are handed on: by [`IndicatorId`], whether some target asks it.
    asked: Option<Vec<bool>>,
    /// Empty between two pieces.
    run: Run,
    /// Only verdicts are made of figures.
    for_verdicts: bool,
}

impl<'a> Worker<'a> {
    /// A thread that makes pieces for these rules; `options` are those of the blocks.
    pub fn new(rules: &'a Rules, keep: Keep, options: Options) -> Self {
        let model = rules.model();
        let formats = model.indicators.iter().map(|one| one.number_format(model)).collect();
        let bare = model.indicators.iter().map(Indicator::takes_bare_numbers).collect();
        let (names, foretelling) = (HashMap::new(), Foretelling::default());
        let (expected, entities, asked) = (0, None, None);
        let (run, for_verdicts) = (Run::default(), false);
        Self {
            rules,
            keep,
            options,
            names,
            formats,
            bare,
            foretelling,
            entities,
            expected,
            asked,
            run,
            for_verdicts,
        }
    }

    /// Under [`Keep::Records`]: hands the records on to whoever gathers them, each with what some
    /// target asks.
    #[must_use]
    pub fn handing_on(self) -> Self {
        Self { asked: Some(self.rules.model().asked()), ..self }
    }

    /// Says that nothing but verdicts is made of figures: one that all rules judge alike may then
    /// stand for another.
    #[must_use]
    pub fn for_verdicts(mut self) -> Self {
        // A formula is held against figures themselves.
        self.for_verdicts = self.rules.model().indicators.iter().all(|it| it.formula.is_none());
        self
    }

    /// Adds what a table says of entities to the records that speak of them; by their ids in
    /// composed Unicode.
    #[must_use]
    pub const fn with_entities(mut self, table: &'a HashMap<String, Vec<Snapshot>>) -> Self {
        self.entities = Some(table);
        self
    }

    /// Reads a block.
    pub fn read(&mut self, block: Block) -> Piece {
        let mut making = Making::new(self, block.file);
        block.cut.read(&mut making);
        making.finish()
    }

    /// The indicators that a name means.
    pub(super) fn meaning(&mut self, name: &str) -> Arc<[IndicatorId]> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        if self.names.len() >= NAMES {
            // Where every record has names of its own, none of them is worth keeping.
            self.names.clear();
        }
        let found: Arc<[IndicatorId]> = self.rules.names().find(self.rules.model(), name).into();
        self.names.insert(name.to_owned(), Arc::clone(&found));
        found
    }
}

/// A piece being made.
pub struct Making<'w, 'a> {
    pub(super) worker: &'w mut Worker<'a>,
    file: usize,
    rows: Vec<Row>,
    columns: Vec<ColumnBuilder>,
    /// Numbers of the last rows, which columns do not have yet.
    run: Run,
    /// By [`IndicatorId`]: columns that were made as a whole.
    whole: Vec<Option<Column>>,
    data: Data,
    ids: Ids,
    before: Before,
    /// Those that are handed on.
    records: Vec<Snapshot>,
    /// The records of the last row, where figures are kept.
    group: Vec<Snapshot>,
    noted: HashSet<String>,
    piece: Counted,
    first: Option<String>,
}

/// What is counted beside the rows.
#[derive(Default)]
struct Counted {
    read: u64,
    rejects: Vec<Reject>,
    unreadable: u64,
    unknown: Vec<String>,
    knows_any: bool,
    parents: Vec<(String, String)>,
    fault: Option<IoError>,
    ends_file: bool,
}

impl std::fmt::Debug for Making<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Making").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

impl<'w, 'a> Making<'w, 'a> {
    fn new(worker: &'w mut Worker<'a>, file: usize) -> Self {
        let columns = match worker.keep {
            Keep::Figures => {
                let new = |_| ColumnBuilder::with_capacity(worker.expected);
                worker.rules.model().indicators.iter().map(new).collect()
            }
            Keep::Records => Vec::new(),
        };
        let mut run = std::mem::take(&mut worker.run);
        run.begin(columns.len());
        let mut data = Data::new();
        if worker.keep == Keep::Figures || worker.asked.is_some() {
            data.entities.push(Entity::default());
        }
        Self {
            worker,
            file,
            rows: Vec::new(),
            columns,
            run,
            whole: Vec::new(),
            data,
            ids: Ids::default(),
            before: Before::default(),
            records: Vec::new(),
            group: Vec::new(),
            noted: HashSet::new(),
            piece: Counted::default(),
            first: None,
        }
    }

    /// What ends the run behind the rows that were made; the first fault stays.
    pub(super) fn end(&mut self, fault: IoError) {
        self.piece.fault.get_or_insert(fault);
    }

    /// Says that what follows in the file cannot be read.
    pub(super) const fn ends_file(&mut self) {
        self.piece.ends_file = true;
    }

    /// A record or a reject. `joins` says that a record of the entity and day of the one before it
    /// is a part of its snapshot.
    pub fn item(&mut self, item: Item, joins: bool) {
        if self.piece.fault.is_some() {
            return;
        }
        self.piece.read = self.piece.read.saturating_add(1);
        match item {
            Item::Reject(reject) => self.piece.rejects.push(reject),
            Item::Record(record) => self.record(*record, joins),
        }
    }

    fn record(&mut self, record: Snapshot, joins: bool) {
        // A record without a date was rejected by the reader.
        let Some(day) = record.as_of().or(self.worker.options.fallback) else { return };
        let id = composed_id(&record.entity);
        let is_same = self.before.is_same(&id, day);
        if is_same && !joins && self.worker.options.complete {
            let (place, entity) = (record.place.clone(), record.entity.clone());
            self.piece.fault = Some(IoError::Twice { place, entity, day });
            return;
        }
        self.note(&record, &id);
        if !(is_same && joins) {
            self.flush();
            self.ids.push(&id);
            let row = u32::try_from(self.rows.len()).ok();
            let holds = self.worker.keep == Keep::Records && self.worker.asked.is_none();
            let record = row.filter(|_| holds);
            self.rows.push(Row { entity: 0, record, as_of: day });
        }
        if self.first.is_none() {
            self.first = Some(record.place.clone());
        }
        drop(id);
        match self.worker.keep {
            Keep::Figures => self.group.push(record),
            Keep::Records if self.worker.asked.is_some() => self.hand_on(record),
            Keep::Records => self.push_record(record),
        }
    }

    fn hand_on(&mut self, mut record: Snapshot) {
        record.measurements.retain(|(name, _)| {
            let ids = self.worker.meaning(name);
            let asked = self.worker.asked.as_deref().unwrap_or_default();
            ids.iter().any(|id| asked.get(id.0 as usize).is_some_and(|asked| *asked))
        });
        self.records.push(record);
    }

    fn push_record(&mut self, record: Snapshot) {
        self.data.push_next(record, self.worker.options.fallback);
        let entity = self.data.snapshots.last().map(|last| last.entity);
        if let (Some(row), Some(entity)) = (self.rows.last_mut(), entity) {
            row.entity = entity;
        }
    }

    /// Counts what the names and cells of a record are, and who stands above its entity.
    fn note(&mut self, record: &Snapshot, id: &str) {
        for (name, measurement) in &record.measurements {
            let meanings = self.name(name);
            let unreadable = is_unreadable(self.worker.rules.model(), &meanings, measurement);
            self.piece.unreadable = self.piece.unreadable.saturating_add(u64::from(unreadable));
        }
        if let Some(parent) = &record.parent {
            self.piece.parents.push((id.to_owned(), parent.clone()));
        }
    }

    /// The indicators that a name of the data means.
    pub fn meaning(&mut self, name: &str) -> Arc<[IndicatorId]> {
        self.worker.meaning(name)
    }

    /// The indicators that a name of the data means; the name is noted once.
    pub fn name(&mut self, name: &str) -> Arc<[IndicatorId]> {
        let meanings = self.worker.meaning(name);
        self.piece.knows_any |= !meanings.is_empty();
        if meanings.is_empty() && !self.noted.contains(name) {
            self.noted.insert(name.to_owned());
            self.piece.unknown.push(name.to_owned());
        }
        meanings
    }

    /// Goes on to another row.
    fn flush(&mut self) {
        if !self.group.is_empty() {
            self.understand();
        }
        if self.run.is_full(self.rows.len()) {
            self.settle();
        }
    }

    /// Understands the records of the last row.
    fn understand(&mut self) {
        let group = std::mem::take(&mut self.group);
        let row = self.rows.len().saturating_sub(1);
        let model = self.worker.rules.model();
        let mut given: Vec<Vec<&Measurement>> = vec![Vec::new(); model.indicators.len()];
        for (name, measurement) in group.iter().flat_map(|record| &record.measurements) {
            if measurement.is_missing() {
                continue;
            }
            for id in self.worker.meaning(name).iter() {
                if let Some(of_one) = given.get_mut(id.0 as usize) {
                    of_one.push(measurement);
                }
            }
        }
        let figures = given.iter().zip(&model.indicators).zip(&self.worker.formats);
        for (place, ((given, indicator), format)) in figures.enumerate() {
            if let Some(column) = self.run.column_until(row, place, &mut self.columns) {
                column.measured(given, indicator, *format);
            }
        }
    }

    /// Gives all columns the numbers of the rows that were begun.
    fn settle(&mut self) {
        if !self.run.has_begun() {
            return;
        }
        let row = self.rows.len();
        for place in 0..self.columns.len() {
            self.run.column_until(row, place, &mut self.columns);
        }
        self.run.clear();
    }

    /// Where the numbers of the next row may be put before it is begun.
    pub(super) fn next_cells(&mut self) -> Cells<'_> {
        if self.run.is_full(self.rows.len()) {
            self.flush();
        }
        self.run.cells(self.rows.len())
    }

    /// Whether a fault ends the run here.
    pub fn is_over(&self) -> bool {
        self.piece.fault.is_some()
    }

    /// Begins the row of a record that was read at this line. Not where it is the second of one
    /// entity and day, and may not be.
    pub fn row(&mut self, id: &str, day: Date, name: &str, line: u64) -> bool {
        self.row_at(id, day, || format!("{name}:{line}"))
    }

    /// As [`Making::row`], with the place as it is named.
    pub(super) fn row_at(&mut self, id: &str, day: Date, place: impl FnOnce() -> String) -> bool {
        let id = composed_id(id);
        if self.before.is_same(&id, day) && self.worker.options.complete {
            return false;
        }
        self.flush();
        self.piece.read = self.piece.read.saturating_add(1);
        self.ids.push(&id);
        self.rows.push(Row { entity: 0, record: None, as_of: day });
        if self.first.is_none() {
            self.first = Some(place());
        }
        true
    }

    /// As [`Making::row`] for each of these ids and days, before any other row and all at once.
    /// Whether they were: where some must be looked at, none is made.
    pub fn rows_of(&mut self, ids: &mut Ids, days: &[Date], name: &str, line: u64) -> bool {
        let same = |row: usize| {
            let before = row.checked_sub(1);
            before.is_some_and(|it| ids.get(it) == ids.get(row) && days.get(it) == days.get(row))
        };
        let repeats = || self.worker.options.complete && (0..days.len()).any(same);
        if self.piece.read > 0 || !ids.are_composed() || ids.len() != days.len() || repeats() {
            return false;
        }
        let (Some(id), Some(day)) =
            (ids.len().checked_sub(1).and_then(|it| ids.get(it)), days.last())
        else {
            return true;
        };
        self.before.is_same(id, *day);
        self.piece.read = u64::try_from(days.len()).unwrap_or(u64::MAX);
        self.rows.extend(days.iter().map(|day| Row { entity: 0, record: None, as_of: *day }));
        self.ids = std::mem::take(ids);
        self.first = Some(format!("{name}:{line}"));
        true
    }

    /// More records of the last row.
    pub(super) fn more(&mut self, records: u64) {
        self.piece.read = self.piece.read.saturating_add(records);
    }

    /// Who stands above an entity.
    pub fn parent(&mut self, id: &str, parent: &str) {
        self.piece.parents.push((composed_id(id).into_owned(), parent.to_owned()));
    }

    /// The column that takes bare numbers of these indicators, where it is one.
    pub fn column(&self, ids: &[IndicatorId]) -> Option<usize> {
        let [id] = ids else { return None };
        let place = id.0 as usize;
        self.worker.bare.get(place).is_some_and(|bare| *bare).then_some(place)
    }

    /// How many rows were made.
    pub const fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Whether a bare number is a figure of this indicator as it stands.
    pub fn takes_bare_numbers(&self, id: IndicatorId) -> bool {
        self.worker.bare.get(id.0 as usize) == Some(&true)
    }

    /// Whether all bare numbers of an indicator from `min` to `max` come to the same, as far as
    /// anybody asks.
    pub fn judges_alike(&self, id: IndicatorId, min: Decimal, max: Decimal) -> bool {
        let (min, max) = (Rational::from(min), Rational::from(max));
        self.worker.for_verdicts && self.worker.rules.program().judges_alike(id, &min, &max)
    }

    /// All figures of an indicator that takes bare numbers; they must be as many as the piece has
    /// rows in the end.
    pub fn fill(&mut self, id: IndicatorId, column: Column) {
        let place = id.0 as usize;
        if self.whole.len() <= place {
            self.whole.resize(place + 1, None);
        }
        if let Some(whole) = self.whole.get_mut(place) {
            *whole = Some(column);
        }
    }

    /// Where bare numbers of these indicators go, where it is one place.
    pub(super) fn target(&self, ids: &[IndicatorId]) -> Target {
        if ids.is_empty() {
            return Run::target(self.columns.len());
        }
        self.column(ids).map_or(Target::NONE, Run::target)
    }

    /// A bare number of this column's indicator, of any row behind those in which it has a figure.
    #[inline]
    pub fn number_at(&mut self, row: usize, column: usize, mantissa: i64, scale: u32) {
        if let Some(column) = self.run.column_until(row, column, &mut self.columns) {
            column.number_at(row, mantissa, scale);
        }
    }

    /// A bare number of the last row, the only figure of its target, if that takes it.
    #[inline]
    pub(super) fn put(&mut self, target: Target, number: Packed) -> Option<()> {
        self.run.cells(self.rows.len().saturating_sub(1)).put(target, number)
    }

    /// A bare number of the last row, the only figure of these indicators.
    pub(super) fn number(&mut self, ids: &[IndicatorId], number: Packed) {
        for id in ids {
            if self.put(self.target(&[*id]), number).is_some() {
                continue;
            }
            let decimal = number
                .number()
                .and_then(|(mantissa, scale)| Decimal::from_parts(mantissa.into(), scale));
            let raw = decimal.map_or(Raw::Missing, Raw::Number);
            self.cell(self.rows.len().saturating_sub(1), *id, &Measurement::of(raw));
        }
    }

    /// A measurement of the last row, the only figure of these indicators.
    pub fn figure(&mut self, ids: &[IndicatorId], given: &Measurement) {
        self.figure_at(self.rows.len().saturating_sub(1), ids, given);
    }

    /// As [`Making::figure`], of any row behind those in which these indicators have a figure.
    pub fn figure_at(&mut self, row: usize, ids: &[IndicatorId], given: &Measurement) {
        let unreadable = is_unreadable(self.worker.rules.model(), ids, given);
        self.piece.unreadable = self.piece.unreadable.saturating_add(u64::from(unreadable));
        if !given.is_missing() {
            for id in ids {
                self.cell(row, *id, given);
            }
        }
    }

    fn cell(&mut self, row: usize, id: IndicatorId, given: &Measurement) {
        let place = id.0 as usize;
        let indicator = self.worker.rules.model().indicator(id);
        if let (Some(column), Some(indicator), Some(format)) = (
            self.run.column_until(row, place, &mut self.columns),
            indicator,
            self.worker.formats.get(place),
        ) {
            column.measured(&[given], indicator, *format);
        }
    }

    /// What the table says of the entities of the records; records win over it.
    fn add_entities(&mut self) {
        let Some(table) = self.worker.entities.filter(|_| self.worker.keep == Keep::Records) else {
            return;
        };
        for place in 0..self.data.entities.len() {
            let entity = self.data.entities.get(place);
            let rows = entity.and_then(|entity| table.get(&entity.id));
            rows.into_iter().flatten().for_each(|row| self.data.add_entity(row));
        }
    }

    fn finish(mut self) -> Piece {
        self.flush();
        self.settle();
        self.worker.run = std::mem::take(&mut self.run);
        self.add_entities();
        let len = self.rows.len();
        // Where columns come as a whole, none is built.
        self.worker.expected = if self.whole.is_empty() { len } else { 0 };
        let rows = Buffer::from(self.rows);
        let mut whole = self.whole.into_iter();
        let columns = self.columns.into_iter().map(|mut column| {
            if let Some(whole) = whole.next().flatten() {
                return whole;
            }
            column.missing_until(len);
            column.finish()
        });
        let columns = columns.collect();
        let batch = Batch::of_columns(Arc::new(self.data), rows, columns);
        let nothing = || Batch::from_data(&Model::default(), &Arc::default());
        if batch.is_none() {
            // Nothing that is read may be lost without a word.
            let source = std::io::Error::other("columns of different lengths");
            self.piece.fault.get_or_insert(IoError::Read { name: "-".to_owned(), source });
        }
        let counted = self.piece;
        Piece {
            file: self.file,
            batch: batch.unwrap_or_else(nothing),
            ids: self.ids,
            records: self.records,
            read: counted.read,
            rejects: counted.rejects,
            unreadable: counted.unreadable,
            unknown: counted.unknown,
            knows_any: counted.knows_any,
            parents: counted.parents,
            first: self.first,
            fault: counted.fault,
            ends_file: counted.ends_file,
        }
    }
}

/// Whether a cell is no quantity, for one of the indicators that it speaks of or for all.
#[must_use]
pub fn is_unreadable(model: &Model, meanings: &[IndicatorId], measurement: &Measurement) -> bool {
    let Measurement { value, numerator, denominator, reported, .. } = measurement;
    let cells = [value, numerator, denominator, reported];
    if cells.iter().any(|cell| matches!(cell, Raw::Unreadable(_))) {
        return true;
    }
    // A number is a quantity, whatever its unit.
    if !cells.iter().any(|cell| matches!(cell, Raw::Text(_) | Raw::Truth(_))) {
        return false;
    }
    meanings.iter().filter_map(|id| model.indicator(*id)).any(|indicator| {
        let figure = understand(&[measurement], indicator, indicator.number_format(model));
        matches!(figure, Figure::Contradictory(Reason::Unreadable, _))
    })
}
