//! Other times: snapshots of the same entity beside the one that is judged.
//!
//! Enters: a place, a day to count from, a quantity. Leaves: what was found at the other time, or a
//! sum over several. The one idea: an entity's snapshots stand sorted by day, and which of them
//! hold a quantity is found once for an entity that has many. Invariant: nothing later than the
//! as-of date is ever seen.

use std::sync::Arc;

use super::figures::{Computed, Found, Held, Leaf, Units, dated};
use super::memo::{Holder, MANY, Sums, Written};
use super::{Place, Reference};
use crate::calendar::{Date, Period};
use crate::check::model::{Baseline, Condition, Expr, IndicatorId, Moment, Version};
use crate::diagnostic::Lang;
use crate::number::{Interval, Rational};
use crate::snapshot::{Case, Entity, Figure, Gathered, Known, Value};

/// Where a quantity of another time is taken from.
pub(super) enum Source<'a> {
    /// The rule declares it.
    Declared(Rational),
    /// A snapshot that holds it.
    Snapshot(&'a Gathered),
    /// It is made of units, which report within these days, each by itself.
    Units(Period),
    /// Nothing holds it; the latest snapshot of the time, if there is one.
    Nothing(Option<&'a Gathered>),
}

/// Values that the rule itself declares, by `mốc`.
#[derive(Clone, Copy)]
pub(super) struct Declared<'a> {
    /// What they are values of.
    of: &'a Expr,
    /// They are in its own unit, else in that of the comparison.
    own_unit: bool,
    values: &'a [Baseline],
}

impl<'a> Declared<'a> {
    /// What the `mốc` lines of a version say, where its condition measures one quantity.
    pub(super) fn new(version: &'a Version, condition: &'a Condition) -> Option<Self> {
        if version.baselines.is_empty() {
            return None;
        }
        let measure = match condition {
            Condition::Compare(comparison) => &comparison.measure,
            Condition::Always(part) => return Self::new(version, &part.condition),
            _ => return None,
        };
        let (of, own_unit) = match (measure, of_other_time(measure)) {
            (Expr::Growth(growth), _) => (&growth.now, true),
            (_, Some(of)) => (of, true),
            (measure, None) => (measure, false),
        };
        Some(Self { of, own_unit, values: &version.baselines })
    }

    /// Where in the model they stand.
    fn address(&self) -> (usize, usize) {
        (std::ptr::from_ref(self.of).addr(), self.values.as_ptr().addr())
    }

    /// The value of a quantity, from the latest declared for days up to `until`.
    fn value(&self, of: &Expr, days: &Period, until: Date) -> Option<Rational> {
        let (own, own_factor) = self.of.unscaled();
        let (of, factor) = of.unscaled();
        if own != of {
            return None;
        }
        let last = |it: &&Baseline| it.period.last.filter(|day| days.contains(*day));
        let within = |it: &&Baseline| last(it).is_some_and(|day| day <= until);
        let latest = self.values.iter().filter(within).max_by_key(last)?;
        let value = if self.own_unit { Some(latest.value.clone()) } else { None };
        Some(&value.or_else(|| latest.value.div(&own_factor))? * &factor)
    }
}

/// The quantity that an expression asks of another time.
fn of_other_time(measure: &Expr) -> Option<&Expr> {
    let mut linked = Vec::new();
    measure.linked(&mut linked);
    linked.into_iter().find_map(|expr| match expr {
        Expr::At(of, _) => Some(&**of),
        _ => None,
    })
}

impl Reference<'_> {
    /// `x [năm 2022]`: what the rule declares for that time; else the latest snapshot in it that
    /// holds x.
    pub(super) fn at(&self, place: &Place<'_>, day: Date, of: &Expr, moment: Moment) -> Found {
        match self.source_at(place, day, of, moment) {
            Source::Declared(value) => {
                // What the rule states is exact.
                let value = Value::Within(Interval::point(value));
                Found::of(Figure::Known(Known::plain(value)))
            }
            Source::Snapshot(snapshot) => self.taken(place, snapshot, of),
            Source::Units(days) => self.in_days(place, &days, of, moment),
            Source::Nothing(latest) => self.missing_at(place, of, moment, latest),
        }
    }

    /// Where a quantity of another time is taken from.
    pub(super) fn source_at(
        &self,
        place: &Place<'_>,
        day: Date,
        of: &Expr,
        moment: Moment,
    ) -> Source<'_> {
        let Some(days) = moment.days(day) else { return Source::Nothing(None) };
        let as_of = place.case.as_of;
        // `[kỳ trước]` names a snapshot, and no time for which a value could be declared.
        let declared = place.declared.filter(|_| moment != Moment::Previous);
        if let Some(value) = declared.and_then(|it| it.value(of, &days, as_of)) {
            return Source::Declared(value);
        }
        let last = days.last.map_or(as_of, |last| last.min(as_of));
        let days = Period { first: days.first, last: Some(last) };
        if self.linked.reach_units(of) {
            return Source::Units(days);
        }
        match self.latest(place, &needed(of), &days) {
            Ok(snapshot) => Source::Snapshot(snapshot),
            Err(latest) => Source::Nothing(latest),
        }
    }

    /// A quantity of units within other days: as it was judged on the last of them, each unit by
    /// its latest snapshot among them.
    fn in_days(&self, place: &Place<'_>, days: &Period, of: &Expr, moment: Moment) -> Found {
        let as_of = days.last.unwrap_or(place.case.as_of);
        let until = Period { first: None, last: Some(as_of) };
        let mut snapshots = self.within(self.data.history(place.case.entity), &until).to_vec();
        snapshots.reverse();
        let case = &Case { as_of, period: None, snapshots: &snapshots, ..*place.case };
        let computed = &Computed::default();
        let own = &Place { case, window: days, sorted: None, computed, ..*place };
        let nothing = |_| Figure::Absent;
        let found = match self.chosen(own, &needed(of)) {
            Some((snapshot, _)) => self.made(own, Held::By(snapshot), of),
            None => self.made(own, Held::Understood(&nothing), of),
        };
        let day = |it: String| if is_dated(&it) { it } else { dated(it, as_of, place.case.as_of) };
        let lang = self.model.programme(place.programme).map_or(Lang::Vi, |it| it.lang);
        let moment = moment.words(lang);
        let named = |name: String| format!("{name} [{moment}]");
        let units = Units { unreported: found.units.unreported, ..Units::default() };
        Found {
            places: found.places.into_iter().map(day).collect(),
            missing: found.missing.into_iter().map(named).collect(),
            units,
            ..found
        }
    }

    /// A quantity by one snapshot.
    pub(super) fn taken(&self, place: &Place<'_>, snapshot: &Gathered, of: &Expr) -> Found {
        match of {
            Expr::Indicator(id) => self.find(place, Held::By(snapshot), *id),
            of => self.made(place, Held::By(snapshot), of),
        }
    }

    /// What is missing at another time: `x [năm 2022]`.
    fn missing_at(
        &self,
        place: &Place<'_>,
        of: &Expr,
        moment: Moment,
        latest: Option<&Gathered>,
    ) -> Found {
        let absent = |id: &IndicatorId| match latest {
            Some(snapshot) => self.find(place, Held::By(snapshot), *id),
            None => self.absent(*id),
        };
        let found = needed(of).iter().map(absent).collect::<Vec<Found>>();
        let lang = self.model.programme(place.programme).map_or(Lang::Vi, |it| it.lang);
        let moment = moment.words(lang);
        let lacking = found.into_iter().filter(|it| it.figure == Figure::Absent);
        let missing =
            lacking.flat_map(|it| it.missing).map(|name| format!("{name} [{moment}]")).collect();
        Found { missing, ..Found::of(Figure::Absent) }
    }

    /// The latest snapshot of the entity in a period that holds all of some indicators; where there
    /// is none, the latest one.
    fn latest(
        &self,
        place: &Place<'_>,
        ids: &[IndicatorId],
        days: &Period,
    ) -> Result<&Gathered, Option<&Gathered>> {
        let history = self.data.history(place.case.entity);
        let within = self.within(history, days);
        let snapshot = |number: &u32| self.data.snapshots.get(*number as usize);
        let none = within.last().and_then(snapshot);
        let found = if history.len() > MANY && self.lasts(place, ids) {
            let holding = self.holding(place, ids);
            self.within(&holding, days).last().and_then(snapshot)
        } else {
            let holds = |it: &&Gathered| self.holds(place, it, ids);
            within.iter().rev().filter_map(snapshot).find(holds)
        };
        found.ok_or(none)
    }

    /// Those of some snapshots, sorted by day, that lie in a period.
    pub(super) fn within<'s>(&self, sorted: &'s [u32], days: &Period) -> &'s [u32] {
        let day = |number: &u32| self.data.snapshots.get(*number as usize).map(|it| it.as_of);
        let from = days.first.map_or(0, |first| {
            sorted.partition_point(|number| day(number).is_some_and(|day| day < first))
        });
        let to = days.last.map_or(sorted.len(), |last| {
            sorted.partition_point(|number| day(number).is_some_and(|day| day <= last))
        });
        sorted.get(from..to).unwrap_or_default()
    }

    /// Whether a snapshot holds all of some indicators.
    pub(super) fn holds(
        &self,
        place: &Place<'_>,
        snapshot: &Gathered,
        ids: &[IndicatorId],
    ) -> bool {
        let absent =
            |id: &IndicatorId| self.find(place, Held::By(snapshot), *id).figure == Figure::Absent;
        !ids.iter().any(absent)
    }

    /// Whether what indicators come to on a day is the same for whoever asks later, so that it is
    /// remembered.
    fn lasts(&self, place: &Place<'_>, ids: &[IndicatorId]) -> bool {
        // Whoever asks by himself may hold values of his own.
        let is_known = place.declared.is_none() || place.target.is_some();
        is_known && !ids.iter().any(|id| self.linked.is_passing(*id))
    }

    /// The snapshots of an entity that hold all of some indicators, sorted by day.
    pub(super) fn holding(&self, place: &Place<'_>, ids: &[IndicatorId]) -> Arc<[u32]> {
        let (entity, computed) = (place.case.entity, &Computed::default());
        let make = || {
            let holds = |number: &&u32| {
                let Some(snapshot) = self.data.snapshots.get(**number as usize) else {
                    return false;
                };
                // Each is what it was on its own day.
                let case = Case { as_of: snapshot.as_of, ..*place.case };
                let own = Place { case: &case, computed, sorted: None, bare: true, ..*place };
                self.holds(&own, snapshot, ids)
            };
            self.data.history(entity).iter().filter(holds).copied().collect()
        };
        // A formula may ask for sums since a day, and for values that the rule declares.
        let is_linked = |id: &IndicatorId| self.linked.reach(&Expr::Indicator(*id));
        let by = ids.iter().any(is_linked).then(|| Holder {
            since: place.since,
            declared: place.declared.map(|it| it.address()),
        });
        match self.number(entity) {
            Some(number) => self.memo.holding((number, ids.to_vec(), by), make),
            None => make(),
        }
    }

    /// The place of an entity in the data; nothing where it has no snapshot.
    pub(super) fn number(&self, entity: &Entity) -> Option<u32> {
        let first = self.data.snapshots_of(entity).next()?;
        self.data.snapshots.get(first as usize).map(|it| it.entity)
    }

    /// `lũy kế(x)`: the sum over the snapshots that hold x since the window opened, up to a day.
    pub(super) fn cumulative(&self, place: &Place<'_>, until: Date, of: &Expr) -> Found {
        let ids = needed(of);
        let sums = self.sums_up_to(place, until, of);
        if let Some((figure, numbers)) = sums.up_to(until) {
            let places = summed_places(place, &sums, numbers.len());
            return Found { places, ..Found::of(figure) };
        }
        let missing = ids.iter().flat_map(|id| self.absent(*id).missing).collect();
        Found { missing, ..Found::of(Figure::Absent) }
    }

    /// The sums of the snapshots that hold a quantity since the window opened.
    pub(super) fn sums_up_to(&self, place: &Place<'_>, until: Date, of: &Expr) -> Arc<Sums> {
        let ids = needed(of);
        let first = place.since;
        let days = Period { first, last: Some(until) };
        let history = self.data.history(place.case.entity);
        let numbers = self.within(history, &days);
        if numbers.len() > MANY && self.lasts(place, &ids) {
            let make = || {
                let open = Period { first, last: None };
                self.sums(place, self.within(&self.holding(place, &ids), &open), of)
            };
            match self.number(place.case.entity) {
                Some(number) => {
                    let of = Written::new(of, place.target);
                    self.memo.sums(number, of, (place.programme, first), make)
                }
                None => Arc::new(make()),
            }
        } else {
            let holds = |number: &&u32| {
                let snapshot = self.data.snapshots.get(**number as usize);
                snapshot.is_some_and(|it| self.holds(place, it, &ids))
            };
            let held: Vec<u32> = numbers.iter().filter(holds).copied().collect();
            Arc::new(self.sums(place, &held, of))
        }
    }

    /// The sums over snapshots, one after another.
    fn sums(&self, place: &Place<'_>, numbers: &[u32], of: &Expr) -> Sums {
        let (mut sums, computed) = (Sums::default(), &Computed::default());
        for number in numbers {
            let Some(snapshot) = self.data.snapshots.get(*number as usize) else { continue };
            // Each is what it was on its own day, and its places are remembered without it.
            let case = Case { as_of: snapshot.as_of, ..*place.case };
            let own = Place { case: &case, computed, bare: false, ..*place };
            let found = self.taken(&own, snapshot, of);
            let mut figure = found.figure;
            if let (Figure::Known(known), Expr::Indicator(id)) = (&mut figure, of)
                && let Value::Within(before) = self.unrounded(Leaf::Indicator(*id), known)
                && known.last_digit.is_some()
            {
                known.unrounded = Some(before);
            }
            sums.add(snapshot.as_of, *number, figure, found.places);
        }
        sums
    }
}

/// The places of a sum's figures: those of the latest snapshots, and the number of those before.
fn summed_places(place: &Place<'_>, sums: &Sums, end: usize) -> Vec<String> {
    /// More snapshots than these are counted, not listed.
    const LISTED: usize = 20;
    if place.bare {
        return Vec::new();
    }
    let before = end.saturating_sub(LISTED);
    let mut places = Vec::new();
    if before > 0 {
        places.push(format!("… ({before})"));
    }
    let as_of = place.case.as_of;
    places.extend(sums.places(before..end).map(|(it, day)| dated(it.clone(), day, as_of)));
    places
}

/// Whether a place names its day.
fn is_dated(place: &str) -> bool {
    let day = place.strip_suffix(')').and_then(|it| it.rsplit_once(" (")).map(|it| it.1);
    day.is_some_and(|day| day.len() == 10 && day.split('-').count() == 3)
}

/// The indicators that a snapshot holds of an expression; of a sum over time those that are summed.
fn needed(of: &Expr) -> Vec<IndicatorId> {
    let (mut ids, mut linked) = (Vec::new(), Vec::new());
    of.indicators(&mut ids);
    of.linked(&mut linked);
    for part in linked {
        if let Expr::Cumulative(of) = part {
            of.indicators(&mut ids);
        }
    }
    ids
}
