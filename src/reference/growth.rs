//! Growth: a value now against one of another time.
//!
//! Enters: both values, as intervals. Leaves: how far the one lies from the other, the step that
//! would turn a verdict, and what a report says of both days. The one idea: a change is one
//! function of two figures, so that no figure is used twice and no interval widened. Invariant:
//! relative change counts from a base above 0 alone.

use super::Reference;
use super::figures::Term;
use super::measure::{self, Quantity, as_given, both};
use super::step::{label, smallest, turned, wanted};
use crate::check::model::{Change, Comparison, Expr, Growth, IndicatorId, number_format};
use crate::diagnostic::Lang;
use crate::number::{End, Interval, Rational};
use crate::unit::Unit;
use crate::verdict::{InForce, Reason, Shift, Step};

/// A value now against its base.
pub(super) fn grown(growth: &Growth, now: &Quantity, base: &Quantity) -> Quantity {
    if growth.change == Change::Difference {
        let (from, to) = if growth.falls { (now, base) } else { (base, now) };
        return both(to, from, Interval::sub, |a, b| Some(a - b));
    }
    match base {
        Quantity::Within(base) if from_nothing(base) => {
            Quantity::NotApplicable(Reason::GrowthFromZero)
        }
        _ => match (now, base) {
            (Quantity::Within(now), Quantity::Within(base)) => changed(growth, now, base),
            // "About" a number bounds no change.
            _ => both(now, base, |_, _| Interval::all(), Rational::div),
        },
    }
}

/// Whether growth from this base says nothing.
pub(super) fn from_nothing(base: &Interval) -> bool {
    base.entirely_le(&Rational::zero())
}

fn changed(growth: &Growth, now: &Interval, base: &Interval) -> Quantity {
    let zero = Rational::zero();
    // A base that may be 0 or less leaves open whether there is growth at all.
    let Some(ratio) = now.div(base).filter(|_| base.entirely_gt(&zero)) else {
        return Quantity::Within(Interval::all());
    };
    let hundred = Rational::from(100_i64);
    match (growth.change, growth.falls) {
        (Change::Relative, false) => {
            Quantity::Within(ratio.scale(&hundred).sub(&Interval::point(hundred)))
        }
        (Change::Relative, true) => {
            Quantity::Within(Interval::point(hundred.clone()).sub(&ratio.scale(&hundred)))
        }
        (_, false) => Quantity::Within(ratio),
        (_, true) => divided(&ratio),
    }
}

/// How many times a value fell that is now this part of its base. What is not above 0 has fallen
/// more often than any number.
fn divided(ratio: &Interval) -> Quantity {
    let zero = Rational::zero();
    let Some(left) = ratio.intersect(&Interval::more_than(zero.clone())) else {
        return Quantity::Endless;
    };
    let times = Interval::point(Rational::from(1_i64)).div(&left).unwrap_or_else(Interval::all);
    if ratio.entirely_gt(&zero) {
        return Quantity::Within(times);
    }
    Quantity::Within(Interval { high: End::Unbounded, ..times })
}

impl Reference<'_> {
    /// From where to where a value changed; nothing where one of them is not within bounds.
    pub(super) fn shift(&self, comparison: &Comparison, known: &[Term<'_>]) -> Option<Shift> {
        let Expr::Growth(growth) = &comparison.measure else { return None };
        let within = |expr: &Expr| match measure::value(expr, known, &as_given) {
            Quantity::Within(interval) => Some(interval),
            _ => None,
        };
        let unit = match (&growth.now, growth.change) {
            (Expr::Indicator(id), _) => self.model.indicator(*id).map(|it| it.unit.clone()),
            (_, Change::Difference) => Some(comparison.unit.clone()),
            _ => None,
        };
        Some(Shift { from: within(&growth.base)?, to: within(&growth.now)?, unit })
    }

    /// The smallest change of the present figure; its base stands still.
    pub(super) fn step_of_growth(
        &self,
        (comparison, growth): (&Comparison, &Growth),
        threshold: &InForce,
        known: &[Term<'_>],
        value: &Rational,
    ) -> Option<Step> {
        let point = |expr: &Expr| match measure::value(expr, known, &as_given) {
            Quantity::Within(interval) => interval.is_point().cloned(),
            _ => None,
        };
        let (id, factor) = own(&growth.now)?;
        let (now, base) = (point(&growth.now)?.div(&factor)?, point(&growth.base)?);
        let (comparator, asked) = wanted(threshold, value)?;
        let comparator = if growth.falls { turned(comparator) } else { comparator };
        let needed = reached(growth, &base, &asked)?.div(&factor)?;
        let indicator = self.model.indicator(id)?;
        let written = known.iter().find(|(leaf, _)| leaf.indicator() == Some(id));
        let written = written.map(|(_, known)| known);
        let noun = written.and_then(|known| known.noun.clone());
        let share = indicator.unit.fraction_factor();
        let fraction = written.and_then(|known| known.fraction.as_ref());
        if let (Some(share), Some((above, below))) = (share, fraction)
            && below.is_positive()
        {
            let needed = (&needed * below).div(&share)?;
            let counts = above.is_integer() && below.is_integer();
            let add = smallest(comparator, above, &needed, counts)?;
            let unit = noun.unwrap_or_default();
            return Some(Step::Figure { indicator: indicator.name.clone(), add, unit });
        }
        let counts = match &indicator.unit {
            Unit::Count { noun: None } => now.is_integer(),
            unit => unit.is_counting(),
        };
        let add = smallest(comparator, &now, &needed, counts)?;
        // A difference is asked in the noun that the rule writes.
        let asked = (growth.change == Change::Difference).then(|| {
            let lang = self.model.programme(indicator.programme).map_or(Lang::Vi, |it| it.lang);
            comparison.unit.label(number_format(lang))
        });
        let asked = asked.filter(|label| !label.is_empty());
        let unit = label(self.model, indicator).or(noun).or(asked).unwrap_or_default();
        Some(Step::Figure { indicator: indicator.name.clone(), add, unit })
    }
}

/// The value that a base must come to.
fn reached(growth: &Growth, base: &Rational, asked: &Rational) -> Option<Rational> {
    Some(match (growth.change, growth.falls) {
        (Change::Difference, false) => base + asked,
        (Change::Difference, true) => base - asked,
        (Change::Times, false) => base * asked,
        (Change::Times, true) => base.div(asked)?,
        (Change::Relative, falls) => {
            let hundred = Rational::from(100_i64);
            let share = if falls { &hundred - asked } else { &hundred + asked };
            (base * &share).div(&hundred)?
        }
    })
}

/// An indicator times a positive constant.
fn own(expr: &Expr) -> Option<(IndicatorId, Rational)> {
    match expr {
        Expr::Indicator(id) => Some((*id, Rational::from(1_i64))),
        Expr::Scale(inner, factor) if factor.is_positive() => {
            own(inner).map(|(id, within)| (id, &within * factor))
        }
        _ => None,
    }
}
