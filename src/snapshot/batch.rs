//! Many snapshots stored by column.
//!
//! Enters: gathered [`Data`], or rows and cells from a reader. Leaves: a [`Batch`], a row a
//! snapshot and a column an indicator. The one idea: a cell holds the figure as understood in its
//! indicator's unit, so that evaluation reads no text. Invariant: all columns have one length, and
//! a row's entity stands in the data that the batch keeps for attributes.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::{
    Attribute, Buffer, Case, Column, ColumnBuilder, Data, Entry, Figure, Gathered, Measurement,
    Names, Raw, Values, understand,
};
use crate::calendar::{Date, Period};
use crate::check::model::{Indicator, IndicatorId, Model, number_format};
use crate::number::Format;
use crate::text;
use crate::unit::Unit;

/// Who a row speaks of, and as of which day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The entity, by its place in [`Data::entities`].
    pub entity: u32,
    /// The snapshot with the row's own attributes, by its place in [`Data::snapshots`].
    pub record: Option<u32>,
    /// The as-of date.
    pub as_of: Date,
}

/// Many snapshots stored by column; cheap to clone and to slice.
///
/// ```
/// use std::sync::Arc;
/// use chitieu::snapshot::{Batch, Data};
/// use chitieu::{Measurement, Rules, Snapshot, Verdict};
///
/// let rules = Rules::parse("tỷ lệ hồ sơ đúng hạn >= 96%").unwrap();
/// let mut data = Data::new();
/// for (entity, share) in [("a", "96%"), ("b", "95,9%")] {
///     let share = Measurement::text(share);
///     data.push(Snapshot::new(entity).on("2023")?.measure("tỷ lệ hồ sơ đúng hạn", share), None);
/// }
/// let verdicts = rules.evaluate_batch(&Batch::from_data(rules.model(), &Arc::new(data)));
/// assert_eq!(verdicts.verdict(0, 0), Some(Verdict::Met));
/// assert_eq!(verdicts.verdict(1, 0), Some(Verdict::NotMet));
/// # Ok::<(), chitieu::calendar::TimeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Batch {
    data: Arc<Data>,
    rows: Buffer<Row>,
    /// By [`IndicatorId`].
    columns: Vec<Column>,
}

impl Batch {
    /// All snapshots of gathered data, each at its own date, in their order.
    pub fn from_data(model: &Model, data: &Arc<Data>) -> Self {
        Self::named(model, &Names::of(model), data)
    }

    /// As [`Batch::from_data`], with names that were resolved before.
    pub fn named(model: &Model, names: &Names, data: &Arc<Data>) -> Self {
        Self::piece(model, names, data, 0..data.snapshots.len())
    }

    /// As [`Batch::named`], for some snapshots by their places. Each thread can make its own piece.
    pub fn piece(model: &Model, names: &Names, data: &Arc<Data>, places: Range<usize>) -> Self {
        Self::made(model, names, data, snapshots(data, places), None)
    }

    /// A row a case, each with the figures of the latest of its snapshots.
    pub fn of_cases(model: &Model, names: &Names, data: &Arc<Data>, cases: &[Case<'_>]) -> Self {
        let row = |case: &Case<'_>| {
            let record = case.snapshots.first().copied();
            Some(Row { entity: case.node?, record, as_of: case.as_of })
        };
        Self::made(model, names, data, cases.iter().filter_map(row), None)
    }

    /// As [`Batch::named`], in less memory: figures that are no plain numbers are only marked as
    /// such. It is for those who look them up in the records, as [`Rules::prepare`] does.
    ///
    /// [`Rules::prepare`]: crate::Rules::prepare
    pub fn marked(model: &Model, names: &Names, data: &Arc<Data>) -> Self {
        let mark = Arc::new(Figure::NotApplicable);
        Self::made(model, names, data, snapshots(data, 0..data.snapshots.len()), Some(&mark))
    }

    fn made(
        model: &Model,
        names: &Names,
        data: &Arc<Data>,
        of: impl Iterator<Item = Row>,
        mark: Option<&Arc<Figure>>,
    ) -> Self {
        let bound: Vec<_> = data.names.iter().map(|name| names.find(model, name)).collect();
        let mut columns = vec![ColumnBuilder::default(); model.indicators.len()];
        let mut given: Vec<Vec<Entry<'_>>> = vec![Vec::new(); model.indicators.len()];
        let mut rows = Vec::with_capacity(of.size_hint().0);
        // Columns that no snapshot fills take no room.
        for row in of {
            let snapshot = row.record.and_then(|place| data.snapshots.get(place as usize));
            let entries = snapshot.into_iter().flat_map(|snapshot| data.entries(snapshot));
            let touched = sort_entries(entries, &bound, &mut given);
            for at in touched {
                if let (Some(column), Some(given), Some(indicator)) =
                    (columns.get_mut(at), given.get_mut(at), model.indicators.get(at))
                {
                    column.missing_until(rows.len());
                    column.gathered(given, indicator, indicator.number_format(model), mark);
                    given.clear();
                }
            }
            rows.push(row);
        }
        let finish = |column: ColumnBuilder| column.finished(rows.len());
        let columns = columns.into_iter().map(finish).collect();
        Self { data: Arc::clone(data), rows: Buffer::from(rows), columns }
    }

    /// The snapshots behind these rows, with their figures as columns.
    #[must_use]
    pub fn understood(&self, model: &Model, names: &Names) -> Self {
        Self::named(model, names, &self.data)
    }

    /// Rows and columns that a reader made. `columns` are by [`IndicatorId`]; `data` holds the
    /// entities. Nothing where lengths differ or a row's entity is not there.
    pub fn of_columns(data: Arc<Data>, rows: Buffer<Row>, columns: Vec<Column>) -> Option<Self> {
        let known = |row: &Row| {
            let record = row.record.is_none_or(|place| data.snapshots.len() > place as usize);
            record && data.entities.len() > row.entity as usize
        };
        let fits = columns.iter().all(|column| column.len() == rows.len())
            && rows.as_slice().iter().all(known);
        fits.then_some(Self { data, rows, columns })
    }

    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows.
    pub fn rows(&self) -> &[Row] {
        self.rows.as_slice()
    }

    /// The figures of an indicator; nothing where no row can have one.
    pub fn column(&self, id: IndicatorId) -> Option<&Column> {
        self.columns.get(id.0 as usize)
    }

    /// The figure of one cell.
    pub fn figure(&self, row: usize, id: IndicatorId) -> Figure {
        self.column(id).map_or(Figure::Absent, |column| column.figure(row))
    }

    /// What the rows' entities and attributes stand in.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// As [`Batch::data`], to be shared.
    pub const fn shared(&self) -> &Arc<Data> {
        &self.data
    }

    /// The case that a row is.
    pub fn case<'a>(&'a self, row: &'a Row) -> Option<Case<'a>> {
        let entity = self.data.entities.get(row.entity as usize)?;
        let record = row.record.and_then(|place| self.data.snapshots.get(place as usize));
        let period = record.map_or_else(|| Period::day(row.as_of), Gathered::period);
        Some(Case {
            entity,
            node: Some(row.entity),
            as_of: row.as_of,
            period: Some(period),
            snapshots: row.record.as_slice(),
            only: None,
        })
    }

    /// Rows that stand in no record, with a record each, so that they find each other: its figures
    /// are those of the columns. Nothing where rows have records.
    pub(crate) fn recorded(&self) -> Option<Self> {
        if self.rows().iter().any(|row| row.record.is_some()) {
            return None;
        }
        let days = self.rows().iter().map(|row| (row.entity, row.as_of));
        let data = Arc::new(Data::of_rows(&self.data, days));
        let recorded = |(row, place): (&Row, u32)| Row { record: Some(place), ..*row };
        let rows: Vec<Row> = self.rows().iter().zip(0_u32..).map(recorded).collect();
        Some(Self { data, rows: Buffer::from(rows), columns: self.columns.clone() })
    }

    /// The rows from `start` on, at most `len` of them; the values are shared.
    #[must_use]
    pub fn slice(&self, start: usize, len: usize) -> Self {
        let columns = self.columns.iter().map(|column| column.slice(start, len)).collect();
        Self { data: Arc::clone(&self.data), rows: self.rows.slice(start, len), columns }
    }

    /// The rows without their figures, which others may use again.
    #[must_use]
    pub fn rows_alone(&self) -> Self {
        Self { data: Arc::clone(&self.data), rows: self.rows.clone(), columns: Vec::new() }
    }

    /// The batch cut into pieces of `len` rows, the last one perhaps shorter.
    pub fn chunks(&self, len: usize) -> impl Iterator<Item = Self> + '_ {
        let len = len.max(1);
        (0..self.len().div_ceil(len)).map(move |piece| self.slice(piece * len, len))
    }
}

/// Rows of snapshots, each at its own date.
fn snapshots(data: &Data, places: Range<usize>) -> impl Iterator<Item = Row> {
    let all = data.snapshots.get(places).unwrap_or_default().iter();
    all.map(|one| Row { entity: one.entity, record: Some(one.number), as_of: one.as_of })
}

/// Sorts the measurements of a snapshot by the indicators that they speak of; these, by place.
fn sort_entries<'a>(
    entries: impl Iterator<Item = Entry<'a>>,
    bound: &[Cow<'_, [IndicatorId]>],
    given: &mut [Vec<Entry<'a>>],
) -> Vec<usize> {
    let mut touched = Vec::new();
    for entry in entries {
        if entry.is_missing() {
            continue;
        }
        for id in bound.get(entry.name() as usize).map_or(&[][..], |ids| ids) {
            let at = id.0 as usize;
            if let Some(of_one) = given.get_mut(at) {
                if of_one.is_empty() {
                    touched.push(at);
                }
                of_one.push(entry);
            }
        }
    }
    touched
}

impl ColumnBuilder {
    /// Adds the rows of a column behind so many rows.
    fn append(&mut self, before: usize, column: &Column) {
        let mut odd = column.odd().peekable();
        if odd.peek().is_none() && matches!(column.values(), Values::Nothing) {
            return;
        }
        self.missing_until(before);
        for row in 0..column.len() {
            if odd.next_if_eq(&row).is_some() {
                self.figure(column.figure(row));
                continue;
            }
            match column.values() {
                _ if !column.is_valid(row) => self.missing(),
                Values::Numbers { mantissas, scale, .. } => match mantissas.get(row) {
                    Some(mantissa) => self.number(mantissa, *scale),
                    None => self.missing(),
                },
                Values::Truths(bits) => self.truth(bits.get(row)),
                Values::Nothing => self.missing(),
            }
        }
    }

    /// The column of so many rows; those behind the last that was added are missing.
    fn finished(mut self, rows: usize) -> Column {
        if self.is_empty() {
            return Column::missing(rows);
        }
        self.missing_until(rows);
        self.finish()
    }

    /// As [`ColumnBuilder::measured`], of measurements that were gathered.
    fn gathered(
        &mut self,
        given: &[Entry<'_>],
        indicator: &Indicator,
        format: Format,
        mark: Option<&Arc<Figure>>,
    ) {
        if let [one] = given
            && let Some(number) = one.number().filter(|_| indicator.takes_bare_numbers())
        {
            self.number(number.mantissa(), number.scale());
            return;
        }
        let given: Vec<Measurement> = given.iter().map(Entry::measurement).collect();
        let figure = understand(&given.iter().collect::<Vec<_>>(), indicator, format);
        self.known(figure, mark);
    }

    /// A row with what measurements of one indicator come to together; `format` is that of texts
    /// which name none, see [`Indicator::number_format`].
    pub fn measured(&mut self, given: &[&Measurement], indicator: &Indicator, format: Format) {
        match given {
            [] => self.missing(),
            [one] if is_plain(one, indicator) => match one.value {
                Raw::Number(number) => self.number(number.mantissa(), number.scale()),
                _ => self.missing(),
            },
            several => self.figure(understand(several, indicator, format)),
        }
    }
}

/// Whether a measurement is a bare number whose meaning nothing else touches.
fn is_plain(given: &Measurement, indicator: &Indicator) -> bool {
    matches!(given.value, Raw::Number(_)) && given.is_bare() && indicator.takes_bare_numbers()
}

impl Indicator {
    /// Whether a bare number is a figure as it stands: in the indicator's unit, whatever its value.
    pub fn takes_bare_numbers(&self) -> bool {
        !matches!(self.unit, Unit::YesNo | Unit::Rank)
            && !self.bare_is_ambiguous
            && self.bare_power == 0
            && self.range.is_none()
    }

    /// How texts of data that name no format write numbers.
    pub fn number_format(&self, model: &Model) -> Format {
        model.programme(self.programme).map_or(Format::Vi, |it| number_format(it.lang))
    }
}

/// Gathers rows and cells as a reader meets them.
///
/// ```
/// use chitieu::calendar::Date;
/// use chitieu::check::model::IndicatorId;
/// use chitieu::snapshot::BatchBuilder;
/// use chitieu::{Rules, Verdict};
///
/// let rules = Rules::parse("tỷ lệ hồ sơ đúng hạn >= 96%").unwrap();
/// let mut batch = BatchBuilder::new(rules.model());
/// let entity = batch.entity("br-vt");
/// batch.row(entity, Date::new(2023, 12, 31).unwrap());
/// assert!(batch.number(IndicatorId(0), 961, 1));
/// let verdicts = rules.evaluate_batch(&batch.finish());
/// assert_eq!(verdicts.verdict(0, 0), Some(Verdict::Exceeded));
/// ```
#[derive(Debug, Clone, Default)]
pub struct BatchBuilder {
    data: Data,
    rows: Vec<Row>,
    columns: Vec<ColumnBuilder>,
}

impl BatchBuilder {
    /// A batch for the indicators of a model, without rows.
    pub fn new(model: &Model) -> Self {
        let columns = vec![ColumnBuilder::default(); model.indicators.len()];
        Self { columns, ..Self::default() }
    }

    /// The entity with this id.
    pub fn entity(&mut self, id: &str) -> u32 {
        self.data.place_of(id)
    }

    /// Adds the rows of another batch of the same model behind those before them. `id` names the
    /// entity of each; its attributes stay behind.
    ///
    /// ```
    /// use chitieu::calendar::Date;
    /// use chitieu::check::model::IndicatorId;
    /// use chitieu::snapshot::BatchBuilder;
    /// use chitieu::{Rules, Verdict};
    ///
    /// let rules = Rules::parse("tỷ lệ a tăng tương đối ít nhất 5% so với năm trước").unwrap();
    /// let mut whole = BatchBuilder::new(rules.model());
    /// for (year, share) in [(2022, 40), (2023, 42)] {
    ///     let mut piece = BatchBuilder::new(rules.model());
    ///     let entity = piece.entity("x");
    ///     piece.row(entity, Date::new(year, 12, 31).unwrap());
    ///     piece.number(IndicatorId(0), share, 0);
    ///     whole.append(&piece.finish(), |_| "br-vt");
    /// }
    /// let verdicts = rules.evaluate_batch(&whole.finish());
    /// assert_eq!(verdicts.verdict(0, 0), Some(Verdict::NoData));
    /// assert_eq!(verdicts.verdict(1, 0), Some(Verdict::Met));
    /// ```
    pub fn append<'i>(&mut self, batch: &Batch, id: impl Fn(usize) -> &'i str) {
        let before = self.rows.len();
        for (place, row) in batch.rows().iter().enumerate() {
            let entity = self.entity(id(place));
            self.row(entity, row.as_of);
        }
        for (builder, column) in self.columns.iter_mut().zip(&batch.columns) {
            builder.append(before, column);
        }
    }

    /// How many figures are no plain numbers.
    pub fn odd(&self) -> usize {
        self.columns.iter().map(ColumnBuilder::odds).sum()
    }

    /// Whether two rows are of one entity and day.
    pub fn repeats(&self) -> bool {
        let key = |row: &Row| (row.entity, row.as_of);
        let mut keys: Vec<(u32, Date)> = self.rows.iter().map(key).collect();
        keys.sort_unstable();
        keys.windows(2).any(|two| matches!(two, [a, b] if a == b))
    }

    /// About the bytes that all of it takes, and those by which it will be judged.
    pub fn held(&self) -> usize {
        // Each row becomes a record, and has a place in the order of days.
        const ROW: usize = size_of::<Row>() + size_of::<Gathered>() + 24;
        let columns: usize = self.columns.iter().map(ColumnBuilder::held).sum();
        self.data.held() + self.rows.len() * ROW + columns
    }

    /// Puts an entity below another one, by its id, for rules that ask units.
    pub fn parent(&mut self, entity: u32, parent: &str) {
        self.data.note_parent(entity, Some(parent));
    }

    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What is known of the entities.
    pub const fn data(&self) -> &Data {
        &self.data
    }

    /// Gives an entity an attribute.
    pub fn attribute(&mut self, entity: u32, name: &str, value: &str) {
        if let Some(entity) = self.data.entities.get_mut(entity as usize) {
            let (key, value, disputed) = (text::normal(name), value.to_owned(), false);
            entity.attributes.push(Attribute { key, value, disputed });
        }
    }

    /// Begins a row; cells that are not given are missing. An entity that [`BatchBuilder::entity`]
    /// did not number begins no row.
    pub fn row(&mut self, entity: u32, as_of: Date) {
        if (entity as usize) < self.data.entities.len() {
            self.rows.push(Row { entity, record: None, as_of });
        }
    }

    /// Gives the last row a number in the indicator's unit. Of two figures for one cell the first
    /// stays, and the second returns false; figures that stand twice are for [`understand`].
    pub fn number(&mut self, id: IndicatorId, mantissa: i128, scale: u32) -> bool {
        self.cell(id, |column| column.number(mantissa, scale))
    }

    /// As [`BatchBuilder::number`], for yes and no.
    pub fn truth(&mut self, id: IndicatorId, truth: bool) -> bool {
        self.cell(id, |column| column.truth(truth))
    }

    /// As [`BatchBuilder::number`], for any figure.
    pub fn figure(&mut self, id: IndicatorId, figure: Figure) -> bool {
        self.cell(id, |column| column.figure(figure))
    }

    /// As [`BatchBuilder::finish`], with a record a row, so that rows find each other: its figures
    /// are those of the columns, see [`Reference::over`].
    ///
    /// [`Reference::over`]: crate::reference::Reference::over
    pub fn finish_recorded(mut self) -> Batch {
        for row in &mut self.rows {
            row.record = Some(self.data.new_snapshot(row.entity, row.as_of, Some(row.as_of)));
        }
        self.finish()
    }

    /// The batch.
    pub fn finish(self) -> Batch {
        let len = self.rows.len();
        let columns = self.columns.into_iter().map(|column| column.finished(len)).collect();
        Batch { data: Arc::new(self.data), rows: Buffer::from(self.rows), columns }
    }

    fn cell(&mut self, id: IndicatorId, add: impl FnOnce(&mut ColumnBuilder)) -> bool {
        let rows = self.rows.len();
        let Some(column) = self.columns.get_mut(id.0 as usize) else { return false };
        if rows == 0 || column.len() >= rows {
            return false;
        }
        column.missing_until(rows - 1);
        add(column);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Rules, Snapshot};

    fn model() -> Rules {
        Rules::parse("tỷ lệ a >= 40%\n\"số b\" / \"số c\" >= 50%\nban hành d = có\n").unwrap()
    }

    #[test]
    fn data_become_rows_in_their_order() {
        let rules = model();
        let mut data = Data::new();
        for (entity, day, a) in [("x", "2023", "40%"), ("y", "2022", "hơn 1%"), ("x", "2024", "")]
        {
            let a = Measurement::text(a);
            data.push(Snapshot::new(entity).on(day).unwrap().measure("tỷ lệ a", a), None);
        }
        let batch = Batch::from_data(rules.model(), &Arc::new(data));
        let entities: Vec<u32> = batch.rows().iter().map(|row| row.entity).collect();
        assert_eq!(entities, [0, 1, 0]);
        let column = batch.column(IndicatorId(0)).unwrap();
        assert_eq!(column.odd().collect::<Vec<_>>(), [1]);
        assert_eq!(column.figure(2), Figure::Absent);
        assert_eq!(batch.slice(1, 1).column(IndicatorId(0)).unwrap().odd().count(), 1);
        let lens: Vec<usize> = batch.chunks(2).map(|chunk| chunk.len()).collect();
        assert_eq!(lens, [2, 1]);
    }

    #[test]
    fn a_builder_keeps_the_first_of_two_and_fills_the_rest() {
        let rules = model();
        let mut builder = BatchBuilder::new(rules.model());
        assert!(!builder.number(IndicatorId(0), 1, 0));
        let entity = builder.entity("x");
        assert_eq!(builder.entity("x"), entity);
        let day = Date::new(2023, 1, 1).unwrap();
        builder.row(9, day);
        builder.row(entity, day);
        builder.row(entity, day);
        assert!(builder.number(IndicatorId(0), 1, 0));
        assert!(!builder.number(IndicatorId(0), 2, 0));
        assert!(!builder.number(IndicatorId(99), 2, 0));
        assert!(builder.truth(IndicatorId(3), true));
        let batch = builder.finish();
        assert_eq!(batch.len(), 2);
        assert_eq!(batch.figure(0, IndicatorId(0)), Figure::Absent);
        assert!(matches!(batch.figure(1, IndicatorId(0)), Figure::Known(_)));
        assert_eq!(batch.column(IndicatorId(1)).map(Column::len), Some(2));
    }
}
