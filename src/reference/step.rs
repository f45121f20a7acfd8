//! The smallest change of one figure that would turn a verdict.

use super::figures::{Leaf, Term};
use super::measure;
use super::{Reference, figures};
use crate::check::model::{Comparison, Expr, Indicator, IndicatorId, Model};
use crate::number::{Comparator, Interval, Rational};
use crate::unit::Unit;
use crate::verdict::{InForce, Step};

impl Reference<'_> {
    /// The step of a value that does not satisfy; `None` where there is no smallest one.
    pub(super) fn step(
        &self,
        comparison: &Comparison,
        threshold: &InForce,
        known: &[Term<'_>],
        value: &Interval,
    ) -> Option<Step> {
        let value = value.is_point()?;
        if let Expr::Growth(growth) = &comparison.measure {
            return self.step_of_growth((comparison, growth), threshold, known, value);
        }
        let (comparator, bound) = wanted(threshold, value)?;
        let share = comparison.unit.fraction_factor();
        match (measure::fraction(&comparison.measure, known), share) {
            (Some(fraction), Some(factor)) => {
                self.of_numerator(comparison, comparator, &bound, fraction, &factor, known)
            }
            _ => self.of_value(comparison, comparator, &bound, value, known),
        }
    }

    /// So many more of the numerator, with the denominator kept.
    fn of_numerator(
        &self,
        comparison: &Comparison,
        comparator: Comparator,
        bound: &Rational,
        (above, below): (Rational, Rational),
        factor: &Rational,
        known: &[Term<'_>],
    ) -> Option<Step> {
        let needed = (bound * &below).div(factor)?;
        let numerator = self.numerator(comparison)?;
        let indicator = self.model.indicator(numerator)?;
        let counts = above.is_integer() && below.is_integer() && is_counted(&indicator.unit);
        // A negative denominator turns the comparison round.
        let comparator = if below.is_negative() { turned(comparator) } else { comparator };
        let add = smallest(comparator, &above, &needed, counts)?;
        let written = known
            .iter()
            .find(|(leaf, _)| *leaf == Leaf::Indicator(numerator))
            .or_else(|| known.first());
        let noun = written.and_then(|(_, known)| known.noun.clone());
        let own = indicator.unit.fraction_factor().is_none().then(|| label(self.model, indicator));
        let unit = noun.or(own.flatten()).unwrap_or_default();
        Some(Step::Figure { indicator: indicator.name.clone(), add, unit })
    }

    /// The indicator whose figure is the numerator.
    fn numerator(&self, comparison: &Comparison) -> Option<IndicatorId> {
        let first = |expr: &Expr| {
            let mut ids = Vec::new();
            expr.indicators(&mut ids);
            ids.first().copied()
        };
        if let Some((above, _)) = comparison.quotient() {
            return first(above);
        }
        let own = first(&comparison.measure)?;
        let formula = self.model.indicator(own)?.formula.as_ref();
        let above = formula.and_then(Expr::quotient).and_then(|(above, _)| first(above));
        Some(above.unwrap_or(own))
    }

    /// So much more of the value itself.
    fn of_value(
        &self,
        comparison: &Comparison,
        comparator: Comparator,
        bound: &Rational,
        value: &Rational,
        known: &[Term<'_>],
    ) -> Option<Step> {
        // What a sum over time lacks, the present figure may add.
        let id = match &comparison.measure {
            Expr::Indicator(id) => *id,
            Expr::Cumulative(of) => match of.as_ref() {
                Expr::Indicator(id) => *id,
                _ => return None,
            },
            _ => return None,
        };
        let indicator = self.model.indicator(id)?;
        let counts = match &comparison.unit {
            Unit::Count { noun: None } => value.is_integer(),
            unit => unit.is_counting(),
        };
        let add = smallest(comparator, value, bound, counts)?;
        let noun = known.first().and_then(|(_, known)| known.noun.clone());
        let unit = label(self.model, indicator).or(noun).unwrap_or_default();
        Some(Step::Figure { indicator: indicator.name.clone(), add, unit })
    }
}

/// The unit of a change, as people write it; a share changes in points.
pub(crate) fn label(model: &Model, indicator: &Indicator) -> Option<String> {
    let lang = model.programme(indicator.programme)?.lang;
    let unit = match &indicator.unit {
        Unit::Percent => &Unit::PercentPoint,
        unit => unit,
    };
    let label = unit.label(figures::format(lang));
    (!label.is_empty()).then_some(label)
}

/// Whether the numerator of a share of this indicator is counted in whole things.
pub(crate) const fn is_counted(unit: &Unit) -> bool {
    !matches!(unit, Unit::Money { .. } | Unit::Duration { .. } | Unit::Points { .. })
}

/// The comparator and bound that an unsatisfying value should come to.
pub(super) fn wanted(threshold: &InForce, value: &Rational) -> Option<(Comparator, Rational)> {
    match threshold {
        InForce::Bound { comparator: Comparator::NotEqual, .. } | InForce::Truth { .. } => None,
        InForce::Bound { comparator, bound, .. } => Some((*comparator, bound.is_point()?.clone())),
        InForce::Rank { within, .. } => Some((Comparator::AtMost, within.clone())),
        InForce::Within { low, .. } if value < low => Some((Comparator::AtLeast, low.clone())),
        InForce::Within { high, .. } => Some((Comparator::AtMost, high.clone())),
    }
}

pub(crate) const fn turned(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::AtLeast => Comparator::AtMost,
        Comparator::MoreThan => Comparator::LessThan,
        Comparator::AtMost => Comparator::AtLeast,
        Comparator::LessThan => Comparator::MoreThan,
        same => same,
    }
}

/// The smallest change from one value to another: whole where things are counted, the gap itself
/// for other figures under `>=`, `<=` and `=`; a strict comparator has no smallest step there.
pub(super) fn smallest(
    comparator: Comparator,
    from: &Rational,
    to: &Rational,
    counts: bool,
) -> Option<Rational> {
    let gap = to - from;
    let one = Rational::from(1_i64);
    match (comparator, counts) {
        (Comparator::AtLeast, true) => Some(gap.ceil()),
        (Comparator::MoreThan, true) => Some(&gap.floor() + &one),
        (Comparator::AtMost, true) => Some(gap.floor()),
        (Comparator::LessThan, true) => Some(&gap.ceil() - &one),
        (Comparator::Equal, true) => gap.is_integer().then_some(gap),
        (Comparator::AtLeast | Comparator::AtMost | Comparator::Equal, false) => Some(gap),
        _ => None,
    }
}
