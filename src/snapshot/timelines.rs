//! The snapshots of each entity by their days.
//!
//! Enters: gathered data. Leaves: [`Timelines`], asked for those up to a day. The one idea: sorted
//! once, any stretch of days is a slice. Invariant: latest first; one entity has one snapshot a
//! day.

use std::cmp::Reverse;
use std::ops::Range;

use super::Data;
use crate::calendar::Date;

/// The snapshots of all entities, each entity's behind the other's, latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timelines {
    /// Places in [`Data::snapshots`].
    places: Vec<u32>,
    /// Their days.
    days: Vec<Date>,
    /// The same, the earliest first; those of one day in the order of the data.
    earliest: Vec<u32>,
    /// By entity: where its own end.
    ends: Vec<usize>,
}

impl Timelines {
    /// The snapshots of some data.
    ///
    /// ```
    /// use chitieu::calendar::Date;
    /// use chitieu::snapshot::{Data, Snapshot, Timelines};
    /// let mut data = Data::new();
    /// for day in ["2023", "30/06/2023", "2024"] {
    ///     data.push(Snapshot::new("a").on(day)?, None);
    /// }
    /// let lines = Timelines::of(&data);
    /// assert_eq!(lines.between(0, None, Date::new(2023, 12, 31).unwrap()), [0, 1]);
    /// assert_eq!(lines.between(0, Date::new(2023, 7, 1), Date::new(2025, 1, 1).unwrap()), [2, 0]);
    /// # Ok::<(), chitieu::calendar::TimeError>(())
    /// ```
    pub fn of(data: &Data) -> Self {
        let mut lines = Self::default();
        let mut own: Vec<(Reverse<Date>, u32)> = Vec::new();
        for entity in &data.entities {
            let dated = data.snapshots_of(entity).filter_map(|place| {
                Some((Reverse(data.snapshots.get(place as usize)?.as_of), place))
            });
            own.extend(dated);
            own.sort_by_key(|(day, _)| day.0);
            lines.earliest.extend(own.iter().map(|(_, place)| *place));
            own.sort_unstable();
            lines.days.extend(own.iter().map(|(day, _)| day.0));
            lines.places.extend(own.drain(..).map(|(_, place)| place));
            lines.ends.push(lines.places.len());
        }
        lines
    }

    /// The snapshots of an entity from a day, or ever, up to another, latest first.
    pub fn between(&self, entity: u32, first: Option<Date>, last: Date) -> &[u32] {
        let Range { start, end } = self.own(entity);
        let days = self.days.get(start..end).unwrap_or_default();
        let from = days.partition_point(|day| *day > last);
        let to = match first {
            Some(first) => days.partition_point(|day| *day >= first),
            None => days.len(),
        };
        self.places.get(start + from..start + to).unwrap_or_default()
    }

    /// All snapshots of an entity, the earliest first.
    pub fn history(&self, entity: u32) -> &[u32] {
        self.earliest.get(self.own(entity)).unwrap_or_default()
    }

    fn own(&self, entity: u32) -> Range<usize> {
        let end = self.ends.get(entity as usize).copied().unwrap_or_default();
        let before = (entity as usize).checked_sub(1);
        let start = before.and_then(|before| self.ends.get(before).copied()).unwrap_or_default();
        start..end
    }
}
