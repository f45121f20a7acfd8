//! `luôn …`: a condition asked of every snapshot of the window.
//!
//! Enters: a place and what must always hold. Leaves: one outcome for all days. The one idea: each
//! snapshot is judged as if its own day were the day of the judgement, by the threshold in force
//! then, and the days are joined by `và`. Invariant: a day that fails decides at once, whatever is
//! still to come.

use std::sync::Arc;

use super::condition::ALL;
use super::condition::{gather, needed};
use super::figures::Computed;
use super::history::Declared;
use super::memo::{AlwaysKey, Course, MANY, Written};
use super::outcome::Outcome;
use super::{Place, Reference};
use crate::check::model::{Condition, Joined, Version};
use crate::snapshot::{Case, Gathered};
use crate::verdict::Verdict;

/// More days than these are not listed one by one.
const LISTED: usize = 20;

/// What must hold on each day.
#[derive(Clone, Copy)]
enum Asked<'m> {
    /// The same at all times.
    Part(&'m Joined),
    /// The threshold in force on the day, beside the one of today.
    Version(&'m Version, &'m Joined),
}

impl<'m> Asked<'m> {
    const fn part(self) -> &'m Joined {
        match self {
            Self::Part(part) | Self::Version(_, part) => part,
        }
    }
}

impl Reference<'_> {
    /// `luôn …` as the whole of what a version asks.
    pub(super) fn always_of(&self, place: &Place<'_>, version: &Version, part: &Joined) -> Outcome {
        let key = place.target.map(|target| AlwaysKey::Version(target, version.from));
        self.every_day(place, Asked::Version(version, part), key)
    }

    /// `luôn …` as a part of a condition.
    pub(super) fn always(&self, place: &Place<'_>, part: &Joined) -> Outcome {
        let written = || Written::new(part, place.target);
        let key = || AlwaysKey::Part(place.programme, written(), *place.window);
        let many = self.data.history(place.case.entity).len() > MANY;
        self.every_day(place, Asked::Part(part), many.then(key))
    }

    fn every_day(&self, place: &Place<'_>, asked: Asked<'_>, key: Option<AlwaysKey>) -> Outcome {
        if place.given.is_some() {
            // Figures that stand in no record are all that is known of their entity.
            return bind(self.condition(place, &asked.part().condition));
        }
        let history = self.data.history(place.case.entity);
        let make = || {
            let mut course = Course::default();
            for number in self.within(history, place.window) {
                if let Some((snapshot, outcome)) = self.on_day(place, asked, *number) {
                    let day = (snapshot.as_of, *number);
                    let sensitive = outcome.rounding_sensitive;
                    course.add(day, outcome.verdict, sensitive, outcome.estimate);
                    course.keep(bind(outcome));
                }
            }
            course
        };
        let number = self.number(place.case.entity).filter(|_| history.len() > MANY);
        let course = match number.zip(key) {
            Some((entity, key)) => self.memo.course(entity, key, make),
            None => Arc::new(make()),
        };
        self.joined_days(place, asked, &course)
    }

    /// What the condition comes to by one snapshot; nothing where that does not hold what it needs.
    fn on_day(
        &self,
        place: &Place<'_>,
        asked: Asked<'_>,
        number: u32,
    ) -> Option<(&Gathered, Outcome)> {
        let snapshot = self.data.snapshots.get(number as usize)?;
        let numbers = [number];
        let (as_of, period) = (snapshot.as_of, place.case.period.and(Some(snapshot.period())));
        let case = Case { as_of, period, snapshots: &numbers, ..*place.case };
        let computed = &Computed::default();
        let own = Place { case: &case, sorted: None, computed, bare: false, ..*place };
        if !self.holds(&own, snapshot, &needed(&asked.part().condition)) {
            return None;
        }
        let outcome = match asked {
            Asked::Part(part) => self.condition(&own, &part.condition),
            Asked::Version(version, _) => {
                match self.branch(&own, version.milestone(snapshot.as_of)?) {
                    Err(outcome) => *outcome,
                    Ok(branch) => {
                        let condition = match &branch.condition {
                            Condition::Always(part) => &part.condition,
                            other => other,
                        };
                        let declared = Declared::new(version, condition);
                        self.condition(&Place { declared, ..own }, condition)
                    }
                }
            }
        };
        Some((snapshot, outcome))
    }

    /// The days up to the judgement, joined by `và`.
    fn joined_days(&self, place: &Place<'_>, asked: Asked<'_>, course: &Course) -> Outcome {
        let part = asked.part();
        let end = course.up_to(place.case.as_of);
        let decides = ALL.into_iter().find(|verdict| !course.of(*verdict, end).is_empty());
        let Some(verdict) = decides.or((end > 0).then_some(Verdict::NotApplicable)) else {
            let ids = needed(&part.condition);
            let missing = ids.iter().flat_map(|id| self.absent(*id).missing).collect();
            return Outcome::no_data(missing);
        };
        let mut whole = Outcome::plain(verdict);
        if place.bare {
            return bind(whole);
        }
        let deciding = course.of(verdict, end);
        let listed: Vec<usize> = if end <= LISTED {
            (0..end).collect()
        } else if verdict.is_satisfied() {
            (end - LISTED..end).collect()
        } else {
            deciding.iter().take(LISTED).map(|at| *at as usize).collect()
        };
        let first = deciding.first().map(|at| *at as usize);
        for at in listed {
            let number = course.numbers.get(at).copied();
            let Some(snapshot) = number.and_then(|it| self.data.snapshots.get(it as usize)) else {
                continue;
            };
            let found = || Some(bind(self.on_day(place, asked, snapshot.number)?.1));
            let Some(outcome) = course.day(at, found) else { continue };
            if Some(at) == first {
                whole.reason = outcome.reason;
                whole.evidence.clone_from(&outcome.evidence);
            }
            let text = format!("{}: {}", snapshot.as_of.to_vi(), part.text);
            gather(&mut whole, text, &outcome);
        }
        whole.estimate = course.estimated(end);
        let rounded = ALL.into_iter().find(|verdict| course.stands(*verdict, end));
        let satisfied = |verdict: Verdict| verdict.is_decided().then(|| verdict.is_satisfied());
        whole.rounding_sensitive =
            verdict.is_decided() && satisfied(verdict) != rounded.and_then(satisfied);
        bind(whole)
    }
}

/// What failed once has failed, whatever is still to come.
fn bind(mut outcome: Outcome) -> Outcome {
    outcome.binds = outcome.verdict == Verdict::NotMet;
    outcome
}
