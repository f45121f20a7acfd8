//! What is remembered of entities that have many snapshots.
//!
//! Enters: what was found once. Leaves: the same again. The one idea: which snapshots hold a
//! quantity, its running sums and what a condition came to on each day are the same for all
//! judgements of an entity; found anew for each, they would take quadratic time. Invariant: what
//! is remembered never depends on the day of the judgement that found it.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::outcome::Outcome;
use crate::calendar::{Date, Period};
use crate::check::model::{IndicatorId, ProgrammeId, TargetId};
use crate::number::Interval;
use crate::snapshot::{Figure, Known, Value};
use crate::verdict::{Reason, Verdict};

/// An entity with more snapshots than this has many.
pub(super) const MANY: usize = 4;

/// So many days of one course are kept as they were found.
const KEPT: usize = 64;

/// Results by what they were asked for; shared by threads.
#[derive(Debug)]
struct Table<K, V>(RwLock<HashMap<K, V>>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Hash + Eq, V: Clone> Table<K, V> {
    fn get(&self, key: K, make: impl FnOnce() -> V) -> V {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            return known;
        }
        // Making may ask for other keys, so that nothing is locked meanwhile.
        let value = make();
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, value.clone());
        value
    }
}

/// A part of a rule: by its place in the model where a target is judged, else as written out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Written {
    Place(usize),
    Text(String),
}

impl Written {
    pub(super) fn new<T: std::fmt::Debug>(of: &T, target: Option<TargetId>) -> Self {
        match target {
            Some(_) => Self::Place(std::ptr::from_ref(of).addr()),
            None => Self::Text(format!("{of:?}")),
        }
    }
}

/// On what formulas that ask other times depend beside the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Holder {
    /// The day from which sums go.
    pub(super) since: Option<Date>,
    /// Where the values stand that the rule declares.
    pub(super) declared: Option<(usize, usize)>,
}

/// Snapshots that hold indicators are asked for by entity, and by whom where formulas need that.
type HoldingKey = (u32, Vec<IndicatorId>, Option<Holder>);

/// Sums are asked for by entity, quantity, programme and first day.
type SumKey = (u32, Written, ProgrammeId, Option<Date>);

/// Which `luôn` is meant: that of a target's version, or one by its window.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum AlwaysKey {
    Version(TargetId, Option<Date>),
    Part(ProgrammeId, Written, Period),
}

/// Everything that is remembered.
#[derive(Debug, Default)]
pub(super) struct Memo {
    holding: Table<HoldingKey, Arc<[u32]>>,
    sums: Table<SumKey, Arc<Sums>>,
    always: Table<(u32, AlwaysKey), Arc<Course>>,
}

impl Memo {
    pub(super) fn holding(&self, key: HoldingKey, make: impl FnOnce() -> Arc<[u32]>) -> Arc<[u32]> {
        self.holding.get(key, make)
    }

    pub(super) fn sums(
        &self,
        entity: u32,
        of: Written,
        (programme, first): (ProgrammeId, Option<Date>),
        make: impl FnOnce() -> Sums,
    ) -> Arc<Sums> {
        let key = (entity, of, programme, first);
        self.sums.get(key, || Arc::new(make()))
    }

    pub(super) fn course(
        &self,
        entity: u32,
        key: AlwaysKey,
        make: impl FnOnce() -> Course,
    ) -> Arc<Course> {
        self.always.get((entity, key), || Arc::new(make()))
    }
}

/// Sums over snapshots, each with all before it.
#[derive(Debug, Default)]
pub(super) struct Sums {
    days: Vec<Date>,
    numbers: Vec<u32>,
    figures: Vec<Figure>,
    /// Where the figures of each snapshot stand.
    places: Vec<Vec<String>>,
}

impl Sums {
    /// Adds a snapshot that is later than those before it.
    pub(super) fn add(&mut self, day: Date, number: u32, figure: Figure, places: Vec<String>) {
        let sum = match (self.figures.last(), figure) {
            (None | Some(Figure::NotApplicable | Figure::Absent), first) => first,
            (Some(wrong @ Figure::Contradictory(..)), _) => wrong.clone(),
            (Some(_), wrong @ Figure::Contradictory(..)) => wrong,
            // What was 0/0 on one day adds nothing to other days.
            (Some(sum), Figure::NotApplicable | Figure::Absent) => sum.clone(),
            (Some(Figure::Known(sum)), Figure::Known(next)) => plus(sum, &next),
        };
        self.days.push(day);
        self.numbers.push(number);
        self.figures.push(sum);
        self.places.push(places);
    }

    /// The places of the figures of some snapshots, each with its day.
    pub(super) fn places(&self, range: Range<usize>) -> impl Iterator<Item = (&String, Date)> {
        let days = self.days.iter().zip(&self.places).take(range.end).skip(range.start);
        days.flat_map(|(day, places)| places.iter().map(|place| (place, *day)))
    }

    /// The sum up to a day, and the snapshots that it is made of.
    pub(super) fn up_to(&self, day: Date) -> Option<(Figure, &[u32])> {
        let end = self.days.partition_point(|known| *known <= day);
        let figure = self.figures.get(end.checked_sub(1)?)?;
        Some((figure.clone(), self.numbers.get(..end)?))
    }
}

/// The sum of two figures.
fn plus(a: &Known, b: &Known) -> Figure {
    let centre = |value: &Value| match value {
        Value::Within(interval) => interval.is_point().cloned(),
        Value::About(value) => Some(value.clone()),
        Value::Truth(_) => None,
    };
    let value = match (&a.value, &b.value) {
        (Value::Within(a), Value::Within(b)) => Value::Within(a.add(b)),
        (Value::Truth(_), _) | (_, Value::Truth(_)) => {
            return Figure::Contradictory(Reason::WrongUnit, String::new());
        }
        (a, b) => match centre(a).zip(centre(b)) {
            Some((a, b)) => Value::About(&a + &b),
            None => Value::Within(Interval::all()),
        },
    };
    let before = |known: &Known| match (&known.unrounded, &known.value) {
        (Some(interval), _) | (None, Value::Within(interval)) => interval.clone(),
        (None, _) => Interval::all(),
    };
    let rounded = a.unrounded.is_some() || b.unrounded.is_some();
    Figure::Known(Known {
        value,
        fraction: None,
        noun: a.noun.clone().or_else(|| b.noun.clone()),
        last_digit: None,
        unrounded: rounded.then(|| before(a).add(&before(b))),
        field: None,
        estimate: a.estimate || b.estimate,
    })
}

/// What a condition came to on each day that was asked, in order.
#[derive(Debug, Default)]
pub(super) struct Course {
    /// The snapshots.
    pub(super) numbers: Vec<u32>,
    days: Vec<Date>,
    /// By verdict: places in `numbers`.
    by: [Vec<u32>; 8],
    /// By verdict: the first place that rounding does not decide.
    solid: [Option<u32>; 8],
    first_sensitive: Option<u32>,
    first_estimate: Option<u32>,
    /// What was found of some days, by place in `numbers`.
    kept: Mutex<BTreeMap<usize, Arc<Outcome>>>,
}

/// Keeps a day in place of the earliest one.
fn note(kept: &mut BTreeMap<usize, Arc<Outcome>>, at: usize, found: Arc<Outcome>) {
    kept.insert(at, found);
    if kept.len() > KEPT {
        kept.pop_first();
    }
}

impl Course {
    /// What was found of a day. Days that lie next to each other are asked for in turn, so that
    /// those asked for last are the ones to keep; the earliest of them go first.
    pub(super) fn day(
        &self,
        at: usize,
        find: impl FnOnce() -> Option<Outcome>,
    ) -> Option<Arc<Outcome>> {
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(&at) {
            return Some(Arc::clone(known));
        }
        let found = Arc::new(find()?);
        note(&mut kept(), at, Arc::clone(&found));
        Some(found)
    }

    /// Keeps what was found of the last day that was added.
    pub(super) fn keep(&mut self, outcome: Outcome) {
        let kept = self.kept.get_mut().unwrap_or_else(PoisonError::into_inner);
        note(kept, self.numbers.len().saturating_sub(1), Arc::new(outcome));
    }

    /// Adds a day that is later than those before it.
    pub(super) fn add(
        &mut self,
        (day, number): (Date, u32),
        verdict: Verdict,
        sensitive: bool,
        estimate: bool,
    ) {
        let at = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.push(number);
        self.days.push(day);
        if let Some(list) = self.by.get_mut(verdict as usize) {
            list.push(at);
        }
        if sensitive {
            self.first_sensitive.get_or_insert(at);
        } else if let Some(first) = self.solid.get_mut(verdict as usize) {
            first.get_or_insert(at);
        }
        if estimate {
            self.first_estimate.get_or_insert(at);
        }
    }

    /// How many days there are up to one.
    pub(super) fn up_to(&self, day: Date) -> usize {
        self.days.partition_point(|known| *known <= day)
    }

    /// Those of the first `end` days that have a verdict, by place.
    pub(super) fn of(&self, verdict: Verdict, end: usize) -> &[u32] {
        let list = self.by.get(verdict as usize).map_or(&[][..], Vec::as_slice);
        let count = list.partition_point(|at| (*at as usize) < end);
        list.get(..count).unwrap_or_default()
    }

    /// Whether one of the first `end` days has this verdict where nothing is known of those that
    /// rounding decides.
    pub(super) fn stands(&self, verdict: Verdict, end: usize) -> bool {
        let before = |at: Option<u32>| at.is_some_and(|at| (at as usize) < end);
        let open = verdict == Verdict::Undetermined && before(self.first_sensitive);
        open || before(self.solid.get(verdict as usize).copied().flatten())
    }

    /// Whether a figure of the first `end` days is an estimate.
    pub(super) fn estimated(&self, end: usize) -> bool {
        self.first_estimate.is_some_and(|at| (at as usize) < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Rational;

    fn known(value: i64) -> Figure {
        Figure::Known(Known::plain(Value::Within(Interval::point(Rational::from(value)))))
    }

    #[test]
    fn sums_go_up_to_a_day() {
        let day = |day| Date::from_days(day).unwrap();
        let mut sums = Sums::default();
        for (at, figure) in [(1, Figure::NotApplicable), (3, known(5)), (4, known(-2))] {
            sums.add(day(at), 7, figure, Vec::new());
        }
        let wrong = Figure::Contradictory(Reason::Unreadable, "x".to_owned());
        sums.add(day(9), 7, wrong, Vec::new());
        let found = |at| sums.up_to(day(at)).map(|(figure, numbers)| (figure, numbers.len()));
        assert_eq!(found(0), None);
        assert_eq!(found(2), Some((Figure::NotApplicable, 1)));
        assert_eq!(found(3), Some((known(5), 2)));
        assert_eq!(found(8), Some((known(3), 3)));
        assert!(matches!(found(99), Some((Figure::Contradictory(..), 4))));
    }
}
