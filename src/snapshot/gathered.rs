//! One snapshot among many, and the measurements that its records give.
//!
//! Enters: where the measurements of each record stand among all. Leaves: [`Entry`], one
//! measurement with its place. The one idea: measurements stand behind each other in the order in
//! which they were read, so that a snapshot needs only to know where its own begin. Invariant: the
//! entries of a snapshot come in the order of its records.

use super::cells::Cell;
use super::entity::Attributes;
use super::{Data, Measurement, column_letters};
use crate::calendar::{Date, Period};
use crate::number::Decimal;

/// One snapshot: everything that was said of one entity on one day. Its measurements are
/// [`Data::entries`].
#[derive(Debug, Clone)]
pub struct Gathered {
    /// Its own place in [`Data::snapshots`].
    pub number: u32,
    /// The entity, by its place in [`Data::entities`].
    pub entity: u32,
    /// The as-of date.
    pub as_of: Date,
    /// The next snapshot of the entity in the data.
    pub(super) next: u32,
    /// The first day of the longest time that its records wrote for the day.
    pub(super) first: Option<Date>,
    /// Attributes that records of this snapshot give.
    pub attributes: Attributes,
    /// The measurements of its records; those of most snapshots stand together.
    pub(super) run: Run,
    #[expect(clippy::box_collection, reason = "most snapshots have none, and each has the place")]
    pub(super) more: Option<Box<Vec<Run>>>,
}

impl Gathered {
    /// The longest time that its records wrote for the day.
    pub const fn period(&self) -> Period {
        Period { first: self.first, last: Some(self.as_of) }
    }

    fn runs(&self) -> impl Iterator<Item = &Run> {
        let own = Some(&self.run).filter(|run| run.entries > 0);
        own.into_iter().chain(self.more.iter().flat_map(|more| more.iter()))
    }

    /// The last stretch of measurements.
    pub(super) fn last_run(&mut self) -> &mut Run {
        self.more.as_mut().and_then(|more| more.last_mut()).unwrap_or(&mut self.run)
    }
}

/// So many measurements at most stand in one stretch, so that one of them is soon found.
pub(super) const STRETCH: usize = 1_024;

/// Measurements that stand together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Run {
    /// Where they begin among the words of all.
    pub(super) start: usize,
    /// How many entries of the snapshot stand before them.
    pub(super) before: u32,
    pub(super) entries: u16,
    /// Each is a record of its own, one behind the other in its file.
    pub(super) each: bool,
    /// The record, else the first of them.
    pub(super) place: Place,
}

impl Run {
    /// Where the record of one of its measurements stands.
    fn record(&self, number: u32) -> Place {
        if self.each { self.place.behind(number) } else { self.place }
    }
}

/// Where a record stands: what its place begins with, and the number that it ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// By its place among the beginnings.
    pub(super) head: u32,
    pub(super) number: Option<u32>,
}

impl Place {
    /// The place so many records behind it.
    pub(super) fn behind(self, records: u32) -> Self {
        Self { number: self.number.and_then(|it| it.checked_add(records)), ..self }
    }
}

/// The beginning of a record's place, and the number at its end: so many digits that they fit a
/// word, without zeros before them.
pub(super) fn parts(place: &str) -> (&str, Option<u32>) {
    const DIGITS: usize = 9;
    let digits = place.bytes().rev().take(DIGITS).take_while(u8::is_ascii_digit).count();
    let (head, number) = place.split_at(place.len() - digits);
    let zeros = number.bytes().take_while(|byte| *byte == b'0').count();
    let zeros = zeros.min(digits.saturating_sub(1));
    let (head, number) = place.split_at(head.len() + zeros);
    (head, number.parse().ok())
}

/// One measurement of a snapshot.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'d> {
    data: &'d Data,
    cell: Cell<'d>,
    record: Place,
    spot: Spot,
}

/// Where an entry of a snapshot is found again; those of one snapshot stand in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    /// So many entries of the snapshot stand before it.
    number: u32,
    /// And so many words of its stretch.
    words: u16,
}

impl Entry<'_> {
    /// The name, by its place in [`Data::names`].
    pub const fn name(&self) -> u32 {
        self.cell.shape.name
    }

    /// Where it is found again.
    pub(crate) const fn spot(&self) -> Spot {
        self.spot
    }

    /// The measurement, as it was written.
    pub fn measurement(&self) -> Measurement {
        self.cell.measurement()
    }

    /// Whether nothing was measured.
    pub fn is_missing(&self) -> bool {
        self.cell.shape.is_missing().unwrap_or_else(|| self.measurement().is_missing())
    }

    /// The number, where it stands alone.
    pub fn number(&self) -> Option<Decimal> {
        self.cell.number()
    }

    /// The column of its cell, from 1, where its record is a row of a table.
    pub const fn column(&self) -> Option<u32> {
        self.cell.shape.column()
    }

    /// Whether both stand in one record.
    pub(crate) fn is_beside(&self, other: &Entry<'_>) -> bool {
        self.record == other.record
    }

    /// Where its record stands.
    pub fn record(&self) -> String {
        self.data.place_text(self.record)
    }

    /// Where it stands: its record, and in a table the cell.
    pub fn place(&self) -> String {
        let record = self.record();
        match self.column() {
            Some(column) => format!("{record}:{}", column_letters(column)),
            None => record,
        }
    }
}

impl Data {
    /// The measurements of a snapshot, in the order of its records.
    ///
    /// ```
    /// use chitieu::snapshot::Data;
    /// use chitieu::{Measurement, Snapshot};
    /// let mut data = Data::new();
    /// for (place, share) in [("a.csv:2", "52,3%"), ("a.csv:7", "52%")] {
    ///     let record = Snapshot::new("x").on("2023")?.measure("a", Measurement::text(share));
    ///     data.push(Snapshot { place: place.to_owned(), ..record }, None);
    /// }
    /// let entries: Vec<_> = data.entries(&data.snapshots[0]).collect();
    /// assert_eq!(entries[1].measurement(), Measurement::text("52%"));
    /// assert_eq!((entries[1].name(), entries[1].place().as_str()), (0, "a.csv:7"));
    /// # Ok::<(), chitieu::calendar::TimeError>(())
    /// ```
    pub fn entries<'d>(&'d self, snapshot: &'d Gathered) -> impl Iterator<Item = Entry<'d>> {
        snapshot.runs().flat_map(|run| self.of_run(run))
    }

    /// The entry of a snapshot that was found before.
    pub(crate) fn entry<'d>(&'d self, snapshot: &'d Gathered, spot: Spot) -> Option<Entry<'d>> {
        let run = match &snapshot.more {
            Some(more) if more.first().is_some_and(|first| first.before <= spot.number) => {
                let end = more.partition_point(|run| run.before <= spot.number);
                more.get(end.checked_sub(1)?)?
            }
            _ => &snapshot.run,
        };
        let (cell, _) = self.cells.at(run.start + usize::from(spot.words))?;
        let record = run.record(spot.number.checked_sub(run.before)?);
        Some(Entry { data: self, cell, record, spot })
    }

    fn of_run<'d>(&'d self, run: &Run) -> impl Iterator<Item = Entry<'d>> + use<'d> {
        let run = *run;
        let mut at = run.start;
        (0..u32::from(run.entries)).map_while(move |number| {
            // The longest stretch has fewer words than this counts.
            let words = u16::try_from(at - run.start).ok()?;
            let (cell, end) = self.cells.at(at)?;
            at = end;
            let spot = Spot { number: run.before + number, words };
            Some(Entry { data: self, cell, record: run.record(number), spot })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Snapshot;

    #[test]
    fn places_end_in_numbers() {
        let check = |place: &str, head: &str, number: Option<u32>| {
            assert_eq!(parts(place), (head, number), "{place}");
        };
        check("", "", None);
        check("a.ndjson:17", "a.ndjson:", Some(17));
        check("a.json#/0", "a.json#/", Some(0));
        check("a00", "a0", Some(0));
        check("a007", "a00", Some(7));
        check("12", "", Some(12));
        check("t:1234567890123", "t:1234", Some(567_890_123));
        check("ờ", "ờ", None);
    }

    /// Records as (snapshot, place, figures); the entries of each snapshot as (place, figure).
    fn check(records: &[(&str, &str, &[i64])]) {
        let mut data = Data::new();
        for (entity, place, figures) in records {
            let mut record = Snapshot::new(*entity).on("2023").unwrap();
            record.place = (*place).to_owned();
            for figure in *figures {
                record = record.measure(format!("n{}", figure % 3), Measurement::number(*figure));
            }
            data.push(record, None);
        }
        for snapshot in &data.snapshots {
            let id = &data.entities[snapshot.entity as usize].id;
            let own = records.iter().filter(|(entity, ..)| entity == id);
            let expected: Vec<(String, i64)> = own
                .flat_map(|(_, place, figures)| figures.iter().map(|it| ((*place).to_owned(), *it)))
                .collect();
            let read = |entry: Entry<'_>| {
                let number = i64::try_from(entry.number().unwrap().mantissa()).unwrap();
                assert_eq!(data.names[entry.name() as usize], format!("n{}", number % 3));
                (entry.place(), number)
            };
            let found: Vec<(String, i64)> = data.entries(snapshot).map(read).collect();
            assert_eq!(found, expected);
            let spots: Vec<Spot> = data.entries(snapshot).map(|entry| entry.spot()).collect();
            assert!(spots.is_sorted());
            for (spot, one) in spots.into_iter().zip(&expected) {
                assert_eq!(data.entry(snapshot, spot).map(read).as_ref(), Some(one));
            }
        }
    }

    #[test]
    fn entries_keep_their_order_and_places() {
        check(&[("a", "f:1", &[1, 2, 3]), ("b", "f:2", &[4]), ("a", "f:3", &[5, 6])]);
        check(&[("a", "f:9", &[1]), ("a", "f:10", &[2]), ("a", "f:11", &[3]), ("a", "f:13", &[4])]);
        check(&[("a", "f:1", &[1]), ("b", "f:2", &[2]), ("a", "f:3", &[3]), ("a", "f:4", &[])]);
        check(&[("a", "f:1", &[1]), ("a", "f:2", &[2, 5]), ("a", "f:3", &[3]), ("a", "f:4", &[7])]);
        check(&[("a", "", &[1]), ("a", "", &[2]), ("a", "x", &[3]), ("a", "f:999999999", &[4])]);
        check(&[("a", "f:999999999", &[4]), ("a", "f:1000000000", &[5])]);
        let many: Vec<i64> = (0..3_000).collect();
        check(&[("a", "f:1", &many), ("a", "f:2", &[1])]);
        let places: Vec<String> = (0..3_000).map(|at| format!("f:{}", at + at / 2_900)).collect();
        let long: Vec<(&str, &str, &[i64])> =
            places.iter().map(|place| ("a", place.as_str(), &[7][..])).collect();
        check(&long);
    }
}
