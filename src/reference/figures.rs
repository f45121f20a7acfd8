//! The figures of a verdict: margin, attainment, step, and whether rounding decides it.

use super::measure::Quantity;
use super::{Reference, Standing, settled, standing, unsatisfied};
use crate::calendar::Date;
use crate::check::model::{Comparison, Expr, IndicatorId, Target, Threshold};
use crate::number::{Comparator, End, Interval, Rational};
use crate::snapshot::{Known, Value};
use crate::unit::Unit;
use crate::verdict::{Judgement, Measured, Reason, Step, Verdict};

impl Reference<'_> {
    /// Judges a comparison whose figures are all known.
    pub(super) fn compare(
        &self,
        mut judgement: Judgement,
        target: &Target,
        comparison: &Comparison,
        known: &[(IndicatorId, &Known)],
        as_of: Date,
    ) -> Judgement {
        let factor = quotient_factor(comparison);
        let as_given = |_: IndicatorId, known: &Known| known.value.clone();
        let value = match Self::value(&comparison.measure, known, &as_given) {
            Quantity::Contradictory(reason) => {
                return settled(judgement, Verdict::Contradictory, reason);
            }
            Quantity::NotApplicable => {
                return settled(judgement, Verdict::NotApplicable, Reason::ZeroDenominator);
            }
            Quantity::About(value) => {
                judgement.measured = Measured::About(&value * &factor);
                return settled(judgement, Verdict::Undetermined, Reason::About);
            }
            Quantity::Within(value) => value.scale(&factor),
        };
        judgement.measured = Measured::Within(value.clone());
        judgement.fraction = fraction(&comparison.measure, known);
        if !same_field(&comparison.threshold, known) {
            return settled(judgement, Verdict::Undetermined, Reason::Scope);
        }
        judgement.verdict = match standing(&value, &comparison.threshold) {
            Standing::Open => return settled(judgement, Verdict::Undetermined, Reason::Bounds),
            Standing::Beyond => Verdict::Exceeded,
            Standing::Satisfies => Verdict::Met,
            Standing::Fails => unsatisfied(target, as_of),
        };
        let satisfied = judgement.verdict.is_satisfied();
        if let Some((bound, floor)) = one_bound(&comparison.threshold)
            && let Some(end) = nearer_end(&value, floor, satisfied)
        {
            let above = end - bound;
            judgement.margin = Some(if floor { above } else { -&above });
            judgement.attainment = attainment(end, bound, floor);
        }
        judgement.rounding_sensitive = self.rounding_sensitive(comparison, known, &value, &factor);
        if !satisfied {
            judgement.step = self.step(comparison, known, &value);
        }
        judgement
    }

    /// Whether some value that rounds half up to the printed digits would be judged otherwise.
    fn rounding_sensitive(
        &self,
        comparison: &Comparison,
        known: &[(IndicatorId, &Known)],
        value: &Interval,
        factor: &Rational,
    ) -> bool {
        if known.iter().all(|(_, known)| known.last_digit.is_none()) {
            return false;
        }
        let unrounded = |id: IndicatorId, known: &Known| match (&known.value, &known.last_digit) {
            (Value::Within(interval), Some(digit)) => match interval.is_point() {
                Some(printed) => Value::Within(self.before_rounding(id, printed, digit)),
                None => known.value.clone(),
            },
            _ => known.value.clone(),
        };
        let Quantity::Within(possible) = Self::value(&comparison.measure, known, &unrounded) else {
            return true;
        };
        let satisfies = |value: &Interval| match standing(value, &comparison.threshold) {
            Standing::Beyond | Standing::Satisfies => Some(true),
            Standing::Fails => Some(false),
            Standing::Open => None,
        };
        satisfies(&possible.scale(factor)) != satisfies(value)
    }

    /// All values that round half up, away from zero, to this one, where they are possible.
    fn before_rounding(&self, id: IndicatorId, printed: &Rational, digit: &Rational) -> Interval {
        let half = digit.div(&Rational::from(2_i64)).unwrap_or_else(Rational::zero);
        let (low, high) = (printed - &half, printed + &half);
        let (low, high) = if printed.is_zero() {
            (End::Open(low), End::Open(high))
        } else if printed.is_negative() {
            (End::Open(low), End::Closed(high))
        } else {
            (End::Closed(low), End::Open(high))
        };
        let all = Interval { low, high };
        let Some(indicator) = self.model.indicator(id) else { return all };
        let all = match &indicator.range {
            Some(range) => all.cut(range),
            None => all,
        };
        if indicator.may_be_negative || printed.is_negative() {
            return all;
        }
        all.cut(&Interval::at_least(Rational::zero()))
    }

    /// The smallest change of one figure that would turn the verdict.
    fn step(
        &self,
        comparison: &Comparison,
        known: &[(IndicatorId, &Known)],
        value: &Interval,
    ) -> Option<Step> {
        let value = value.is_point()?;
        let (comparator, bound) = wanted(&comparison.threshold, value)?;
        let (id, figure) = known.first()?;
        let indicator = self.model.indicator(*id)?;
        let language = self.model.programme(indicator.programme)?.lang;
        let fraction = fraction(&comparison.measure, known);
        let (from, to, counts, unit) = match fraction {
            Some((above, below)) if comparison.unit.fraction_factor().is_some() => {
                let factor = comparison.unit.fraction_factor()?;
                // In the unit of the numerator, with the denominator kept.
                let needed = (&bound * &below).div(&factor)?;
                let counts = above.is_integer() && below.is_integer();
                let unit = figure.noun.clone().or_else(|| noun_of(&indicator.unit));
                (above, needed, counts && counting(&indicator.unit), unit.unwrap_or_default())
            }
            _ => {
                let counts = match &comparison.unit {
                    Unit::Count { noun: None } => value.is_integer(),
                    unit => unit.is_counting(),
                };
                let unit = match &comparison.unit {
                    Unit::Percent => Unit::PercentPoint,
                    other => other.clone(),
                };
                let label = unit.label(super::format(language));
                let label = if label.is_empty() { figure.noun.clone() } else { Some(label) };
                (value.clone(), bound, counts, label.unwrap_or_default())
            }
        };
        let add = smallest(comparator, &from, &to, counts)?;
        Some(Step { indicator: indicator.name.clone(), add, unit })
    }
}

/// Whether the numerator of a share of this indicator is counted in whole things.
fn counting(unit: &Unit) -> bool {
    !matches!(unit, Unit::Money { .. } | Unit::Duration { .. } | Unit::Points { .. })
}

fn noun_of(unit: &Unit) -> Option<String> {
    match unit {
        Unit::Count { noun } => noun.clone(),
        _ => None,
    }
}

/// What a pure quotient is multiplied by to stand in the unit of its threshold.
fn quotient_factor(comparison: &Comparison) -> Rational {
    let factor = match comparison.measure {
        Expr::Divide(..) => comparison.unit.fraction_factor(),
        _ => None,
    };
    factor.unwrap_or_else(|| Rational::from(1_i64))
}

/// Numerator and denominator of a quotient of points, or of a figure that has them.
fn fraction(measure: &Expr, known: &[(IndicatorId, &Known)]) -> Option<(Rational, Rational)> {
    match measure {
        Expr::Indicator(id) => {
            known.iter().find(|(known, _)| known == id).and_then(|(_, it)| it.fraction.clone())
        }
        Expr::Scale(..) => None,
        Expr::Divide(above, below) => {
            let as_given = |_: IndicatorId, known: &Known| known.value.clone();
            let point = |expr: &Expr| match Reference::value(expr, known, &as_given) {
                Quantity::Within(interval) => interval.is_point().cloned(),
                _ => None,
            };
            Some((point(above)?, point(below)?))
        }
    }
}

/// A rank asked within a field of another size than the one measured says nothing.
fn same_field(threshold: &Threshold, known: &[(IndicatorId, &Known)]) -> bool {
    let Threshold::Rank { field: Some(asked), .. } = threshold else { return true };
    known.iter().all(|(_, known)| known.field.as_ref().is_none_or(|field| field == asked))
}

/// The one bound of a threshold, and whether it is a floor.
fn one_bound(threshold: &Threshold) -> Option<(&Rational, bool)> {
    match threshold {
        Threshold::Bound { comparator, value } if comparator.is_floor() => Some((value, true)),
        Threshold::Bound { comparator, value } if comparator.is_ceiling() => Some((value, false)),
        Threshold::Rank { within, .. } => Some((within, false)),
        _ => None,
    }
}

/// The end of an interval that lies nearer to the bound.
fn nearer_end(value: &Interval, floor: bool, satisfied: bool) -> Option<&Rational> {
    let end = if floor == satisfied { &value.low } else { &value.high };
    end.value()
}

/// How much of the threshold is reached; empty where the quotient says nothing.
fn attainment(value: &Rational, bound: &Rational, floor: bool) -> Option<Rational> {
    if !bound.is_positive() || value.is_negative() {
        return None;
    }
    if floor { value.div(bound) } else { bound.div(value) }
}

/// The comparator and bound that an unsatisfying value should come to.
fn wanted(threshold: &Threshold, value: &Rational) -> Option<(Comparator, Rational)> {
    match threshold {
        Threshold::Bound { comparator: Comparator::NotEqual, .. } => None,
        Threshold::Bound { comparator, value: bound } => Some((*comparator, bound.clone())),
        Threshold::Rank { within, .. } => Some((Comparator::AtMost, within.clone())),
        Threshold::Within { low, .. } if value < low => Some((Comparator::AtLeast, low.clone())),
        Threshold::Within { high, .. } => Some((Comparator::AtMost, high.clone())),
    }
}

/// The smallest change from one value to another: whole where things are counted, the gap itself
/// for other figures under `>=`, `<=` and `=`; a strict comparator has no smallest step there.
fn smallest(
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
