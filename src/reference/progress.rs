//! Progress: the straight line from the last point known to the rule to the next milestone.

use super::compare::{Standing, one_bound, standing};
use super::outcome::Outcome;
use super::{Place, Reference};
use crate::calendar::Date;
use crate::check::model::{Change, Condition, Expr, Milestone, Version};
use crate::number::{Comparator, Interval, Rational};
use crate::verdict::{InForce, Measured, Progress};

impl Reference<'_> {
    /// Where the entity stands on the line; `None` where no milestone lies ahead.
    pub(super) fn progress(
        &self,
        place: &Place<'_>,
        version: &Version,
        outcome: &Outcome,
        as_of: Date,
    ) -> Option<Progress> {
        let ahead = |milestone: &&Milestone| milestone.due.is_some_and(|due| as_of < due);
        let next = version.milestones.iter().find(ahead)?;
        let line = self.line(place, version, next, as_of);
        let (Some((comparator, asked)), Some(Measured::Within(value))) = (line, &outcome.measured)
        else {
            return Some(Progress::Unknown);
        };
        let reach = InForce::Bound { comparator, bound: Interval::point(asked), unstated: false };
        Some(match standing(value, &reach) {
            Standing::Beyond | Standing::Satisfies => Progress::OnTrack,
            Standing::Fails => Progress::Behind,
            Standing::Open => Progress::Unknown,
        })
    }

    /// The value of the line on a day, and which side of it is on track.
    pub(super) fn line(
        &self,
        place: &Place<'_>,
        version: &Version,
        next: &Milestone,
        as_of: Date,
    ) -> Option<(Comparator, Rational)> {
        let (end, floor) = self.threshold_of(place, next)?;
        let due = next.due?;
        let before = version.milestones.iter().rfind(|it| it.due.is_some_and(|due| due <= as_of));
        let reached = before.and_then(|milestone| {
            let (value, _) = self.threshold_of(place, milestone)?;
            Some((milestone.due?, value))
        });
        let known = self.declared_points(place, version, next);
        let asked = straight(known.into_iter().chain(reached), (due, &end), as_of)?;
        Some((if floor { Comparator::AtLeast } else { Comparator::AtMost }, asked))
    }

    /// Values that the rule knows for days past. Of growth it knows its base alone: nothing has
    /// changed there yet.
    fn declared_points(
        &self,
        place: &Place<'_>,
        version: &Version,
        next: &Milestone,
    ) -> Vec<(Date, Rational)> {
        let declared = version.baselines.iter().filter_map(|it| Some((it.period.last?, &it.value)));
        let condition = self.branch(place, next).map(|branch| &branch.condition);
        let measure = match condition {
            Ok(Condition::Compare(comparison)) => Some(&comparison.measure),
            _ => None,
        };
        let mut past = Vec::new();
        let Some(Expr::Growth(growth)) = measure else {
            if let Some(measure) = measure {
                measure.linked(&mut past);
            }
            // Values of a figure of other times are no values of what is made of it.
            let of_measure = !past.iter().any(|expr| matches!(expr, Expr::At(..)));
            let declared = declared.filter(|_| of_measure);
            return declared.map(|(day, value)| (day, value.clone())).collect();
        };
        let days = match &growth.base {
            Expr::At(_, moment) => moment.days(place.case.as_of),
            _ => None,
        };
        let Some(days) = days else { return Vec::new() };
        let none = match growth.change {
            Change::Times => Rational::from(1_i64),
            Change::Relative | Change::Difference => Rational::zero(),
        };
        let base = declared.map(|(day, _)| day).filter(|day| days.contains(*day)).max();
        base.map(|day| (day, none)).into_iter().collect()
    }

    /// The one bound that a milestone sets for this entity, and whether it is a floor.
    fn threshold_of(&self, place: &Place<'_>, milestone: &Milestone) -> Option<(Rational, bool)> {
        let branch = self.branch(place, milestone).ok()?;
        let Condition::Compare(comparison) = &branch.condition else { return None };
        let threshold = InForce::stated(&comparison.threshold)?;
        let (bound, floor) = one_bound(&threshold)?;
        Some((bound.clone(), floor))
    }
}

/// The value on a day of the straight line from the last value known by then to what is due.
pub(crate) fn straight(
    known: impl Iterator<Item = (Date, Rational)>,
    (due, end): (Date, &Rational),
    as_of: Date,
) -> Option<Rational> {
    let (from, value) = known.filter(|(day, _)| *day <= as_of).max_by_key(|(day, _)| *day)?;
    let passed = Rational::from(i64::from(as_of.days()) - i64::from(from.days()));
    let whole = Rational::from(i64::from(due.days()) - i64::from(from.days()));
    let share = passed.div(&whole)?;
    Some(&value + &(&(end - &value) * &share))
}
