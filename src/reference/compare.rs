//! Comparisons: how everything that a value may be stands to a threshold.

use super::condition::open_reason;
use super::figures::{Filling, Leaf, Term};
use super::growth::from_nothing;
use super::measure::{self, Quantity};
use super::outcome::Outcome;
use super::{Place, Reference};
use crate::calendar::Date;
use crate::check::model::{
    Branch, Change, Comparison, Condition, Expr, Indicator, OfUnits, Threshold, UnitFunction,
    Version,
};
use crate::number::{Comparator, End, Interval, Rational};
use crate::snapshot::{Known, Value};
use crate::verdict::{InForce, Measured, Reason, Step, Stretch, UnitCounts, Verdict};

/// How a value stands to a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Every possible value lies strictly beyond it.
    Beyond,
    /// Every possible value satisfies.
    Satisfies,
    /// No possible value satisfies.
    Fails,
    /// Some do, some do not.
    Open,
}

impl Standing {
    /// Whether values satisfy, where all of them do or none.
    pub(crate) const fn satisfies(self) -> Option<bool> {
        match self {
            Self::Beyond | Self::Satisfies => Some(true),
            Self::Fails => Some(false),
            Self::Open => None,
        }
    }
}

impl Reference<'_> {
    /// What a comparison comes to.
    pub(super) fn comparison(&self, place: &Place<'_>, comparison: &Comparison) -> Outcome {
        let unit = Some(comparison.unit.clone());
        let yearly = matches!(comparison.threshold, Threshold::Yearly { .. });
        if yearly && InForce::on(comparison, place.case.as_of).is_none() {
            // Before the first year there is nothing to be asked, whatever the figures.
            return Outcome { unit, ..Outcome::of(Verdict::NotApplicable, Reason::NotInForce) };
        }
        let filling = match self.figures(place, &leaves(comparison)) {
            Ok(figures) => figures.outcome(),
            Err(outcome) => {
                let threshold = InForce::stated(&comparison.threshold);
                if self.grows_from_nothing(place, &comparison.measure) {
                    let reason = Reason::GrowthFromZero;
                    let outcome = outcome.settle(Verdict::NotApplicable, reason);
                    let (missing, evidence) = (Vec::new(), Vec::new());
                    return Outcome { threshold, unit, missing, evidence, ..outcome };
                }
                return Outcome { threshold, unit, ..*outcome };
            }
        };
        Outcome { unit, ..self.compared(place, comparison, filling) }
    }

    /// Whether growth is asked from a base of 0 or less, whatever its other figure is.
    fn grows_from_nothing(&self, place: &Place<'_>, measure: &Expr) -> bool {
        let Expr::Growth(growth) = measure else { return false };
        let mut leaves = Vec::new();
        Leaf::all(&growth.base, &mut leaves);
        let Ok(figures) = self.figures(place, &leaves) else { return false };
        let base = measure::value(&growth.base, &figures.known, &measure::as_given);
        let nothing = matches!(&base, Quantity::Within(base) if from_nothing(base));
        nothing && growth.change != Change::Difference
    }

    fn compared(
        &self,
        place: &Place<'_>,
        comparison: &Comparison,
        filling: Filling<'_>,
    ) -> Outcome {
        let Filling { mut outcome, known, open } = filling;
        if !matches!(comparison.measure, Expr::Units(_)) {
            // Of a quotient or a growth of units, no count of theirs is what was measured.
            outcome.units.counts = None;
        }
        outcome.threshold = InForce::stated(&comparison.threshold);
        outcome.change = self.shift(comparison, &known);
        let value = match measure::value(&comparison.measure, &known, &measure::as_given) {
            Quantity::Endless => return self.endless(place, comparison, outcome, &known),
            Quantity::Contradictory(reason) => {
                return outcome.settle(Verdict::Contradictory, reason);
            }
            Quantity::NotApplicable(reason) => {
                return outcome.settle(Verdict::NotApplicable, reason);
            }
            Quantity::About(value) => {
                outcome.measured = Some(Measured::About(value));
                return outcome.settle(Verdict::Undetermined, Reason::About);
            }
            Quantity::Within(value) => value,
        };
        outcome.measured = Some(Measured::Within(value.clone()));
        outcome.fraction = measure::fraction(&comparison.measure, &known);
        let threshold = match in_force(comparison, place.case.as_of, &known, &measure::as_given) {
            Ok(threshold) => threshold,
            Err((verdict, reason)) => return outcome.settle(verdict, reason),
        };
        outcome.threshold = Some(threshold.clone());
        if !same_field(&comparison.threshold, &known) {
            return outcome.settle(Verdict::Undetermined, Reason::Scope);
        }
        let standing = standing(&value, &threshold);
        outcome.verdict = match standing {
            Standing::Beyond => Verdict::Exceeded,
            Standing::Satisfies => Verdict::Met,
            Standing::Fails => Verdict::NotMet,
            Standing::Open => {
                let unstated = matches!(threshold, InForce::Bound { unstated: true, .. });
                let reason = open.unwrap_or(open_reason(unstated));
                if reason == Reason::Absent {
                    (outcome.measured, outcome.fraction) = (None, None);
                    return outcome.settle(Verdict::NoData, reason);
                }
                return outcome.settle(Verdict::Undetermined, reason);
            }
        };
        if place.unit {
            let sensitive = self.rounding_sensitive(place, comparison, &known, standing);
            outcome.rounding_sensitive = sensitive;
        } else if !place.bare {
            self.beside(place, comparison, (&value, &threshold, standing), &known, &mut outcome);
        }
        outcome
    }

    /// Margin, attainment, step and rounding of a comparison that is decided.
    fn beside(
        &self,
        place: &Place<'_>,
        comparison: &Comparison,
        (value, threshold, standing): (&Interval, &InForce, Standing),
        known: &[Term<'_>],
        outcome: &mut Outcome,
    ) {
        let satisfied = outcome.verdict.is_satisfied();
        if let Some((bound, floor)) = one_bound(threshold)
            && let Some(end) = nearer_end(value, floor, satisfied)
        {
            let above = end - bound;
            outcome.margin = Some(if floor { above } else { -&above });
            // Growth over years is not attained in parts.
            let yearly = matches!(comparison.threshold, Threshold::Yearly { .. });
            outcome.attainment = attainment(end, bound, floor).filter(|_| !yearly);
        }
        outcome.rounding_sensitive = self.rounding_sensitive(place, comparison, known, standing);
        if !satisfied {
            outcome.step = match (&outcome.units.counts, &comparison.measure) {
                (Some(counts), Expr::Units(of)) => of_units(counts, of, threshold),
                _ => self.step(comparison, threshold, known, value),
            };
        }
    }

    /// What fell to 0 fell more often than any number: it is beyond every floor, and has neither
    /// margin nor attainment.
    fn endless(
        &self,
        place: &Place<'_>,
        comparison: &Comparison,
        mut outcome: Outcome,
        known: &[Term<'_>],
    ) -> Outcome {
        let day = place.case.as_of;
        let threshold = match in_force(comparison, day, known, &measure::as_given) {
            Ok(threshold) => threshold,
            Err((verdict, reason)) => return outcome.settle(verdict, reason),
        };
        let standing = beyond_all(&threshold);
        outcome.verdict = match standing {
            Standing::Beyond => Verdict::Exceeded,
            Standing::Satisfies => Verdict::Met,
            Standing::Fails | Standing::Open => Verdict::NotMet,
        };
        outcome.threshold = Some(threshold);
        outcome.rounding_sensitive = self.rounding_sensitive(place, comparison, known, standing);
        outcome
    }

    /// The tier beside the threshold, judged by the same measure.
    pub(super) fn stretch(
        version: &Version,
        branch: &Branch,
        outcome: &Outcome,
        day: Date,
    ) -> Option<Stretch> {
        let Condition::Compare(comparison) = &branch.condition else { return None };
        let asked = Comparison { threshold: version.stretch.clone()?, ..comparison.clone() };
        let threshold = InForce::on(&asked, day)?;
        let verdict = match &outcome.measured {
            Some(Measured::Within(value)) => match standing(value, &threshold) {
                Standing::Beyond => Verdict::Exceeded,
                Standing::Satisfies => Verdict::Met,
                Standing::Fails => Verdict::NotMet,
                Standing::Open => Verdict::Undetermined,
            },
            _ => outcome.verdict,
        };
        Some(Stretch { threshold, verdict })
    }

    /// Whether some value that rounds half up to the printed digits would be judged otherwise.
    fn rounding_sensitive(
        &self,
        place: &Place<'_>,
        comparison: &Comparison,
        known: &[Term<'_>],
        standing_as_printed: Standing,
    ) -> bool {
        if !known.iter().any(|(_, known)| may_be_rounded(known)) {
            return false;
        }
        let unrounded = |leaf: Leaf<'_>, known: &Known| self.unrounded(leaf, known);
        let possible = measure::value(&comparison.measure, known, &unrounded);
        let threshold = in_force(comparison, place.case.as_of, known, &unrounded);
        let possible = match (&possible, &threshold) {
            (Quantity::Within(possible), Ok(threshold)) => standing(possible, threshold),
            (Quantity::Endless, Ok(threshold)) => beyond_all(threshold),
            _ => return true,
        };
        possible.satisfies() != standing_as_printed.satisfies()
    }

    /// All values that a figure may have had before it was rounded.
    pub(super) fn unrounded(&self, leaf: Leaf<'_>, known: &Known) -> Value {
        if let Some(interval) = &known.unrounded {
            return Value::Within(interval.clone());
        }
        match (&known.value, &known.last_digit) {
            (Value::Within(interval), Some(digit)) => match interval.is_point() {
                Some(printed) => {
                    let indicator = leaf.measured().and_then(|id| self.model.indicator(id));
                    Value::Within(before_rounding(indicator, printed, digit))
                }
                None => known.value.clone(),
            },
            _ => known.value.clone(),
        }
    }

    /// Whatever a quantity may be before the figures in it were rounded; nothing where none was.
    pub(super) fn before(&self, measure: &Expr, known: &[Term<'_>]) -> Option<Interval> {
        if !known.iter().any(|(_, known)| may_be_rounded(known)) {
            return None;
        }
        let unrounded = |leaf: Leaf<'_>, known: &Known| self.unrounded(leaf, known);
        match measure::value(measure, known, &unrounded) {
            Quantity::Within(interval) => Some(interval),
            _ => None,
        }
    }
}

/// All values that round half up, away from zero, to this one, where they are possible.
pub(crate) fn before_rounding(
    indicator: Option<&Indicator>,
    printed: &Rational,
    digit: &Rational,
) -> Interval {
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
    let Some(indicator) = indicator else { return all };
    let all = match &indicator.range {
        Some(range) => all.cut(range),
        None => all,
    };
    if indicator.may_be_negative || printed.is_negative() {
        return all;
    }
    all.cut(&Interval::at_least(Rational::zero()))
}

/// The step of a share or count of units; a function of their figures has none.
fn of_units(counts: &UnitCounts, of: &OfUnits, threshold: &InForce) -> Option<Step> {
    let share = match &of.function {
        UnitFunction::Share(_) => true,
        UnitFunction::Count(_) => false,
        _ => return None,
    };
    let (comparator, bound) = match threshold {
        InForce::Bound { comparator, bound, .. } => (*comparator, bound.is_point()?),
        _ => return None,
    };
    counts.step(comparator, bound, share)
}

/// The leaves of both sides.
fn leaves(comparison: &Comparison) -> Vec<Leaf<'_>> {
    let mut leaves = Vec::new();
    Leaf::all(&comparison.measure, &mut leaves);
    if let Threshold::Against { other, .. } = &comparison.threshold {
        Leaf::all(other, &mut leaves);
    }
    leaves
}

/// A threshold with the value that it has by the figures.
fn in_force(
    comparison: &Comparison,
    as_of: Date,
    known: &[Term<'_>],
    of: &impl Fn(Leaf<'_>, &Known) -> Value,
) -> Result<InForce, (Verdict, Reason)> {
    let Threshold::Against { comparator, other } = &comparison.threshold else {
        return InForce::on(comparison, as_of).ok_or((Verdict::NotApplicable, Reason::NotInForce));
    };
    match measure::value(other, known, of) {
        Quantity::Within(bound) => {
            Ok(InForce::Bound { comparator: *comparator, bound, unstated: false })
        }
        Quantity::About(_) => Err((Verdict::Undetermined, Reason::About)),
        Quantity::Endless => Err((Verdict::Undetermined, Reason::Bounds)),
        Quantity::NotApplicable(reason) => Err((Verdict::NotApplicable, reason)),
        Quantity::Contradictory(reason) => Err((Verdict::Contradictory, reason)),
    }
}

/// Whether rounding may have moved a figure.
pub(super) fn may_be_rounded(known: &Known) -> bool {
    known.last_digit.is_some() || known.unrounded.is_some()
}

/// How something above every number stands to a threshold.
fn beyond_all(threshold: &InForce) -> Standing {
    match threshold {
        InForce::Bound { comparator, .. } if comparator.is_floor() => Standing::Beyond,
        InForce::Bound { comparator: Comparator::NotEqual, .. } => Standing::Satisfies,
        _ => Standing::Fails,
    }
}

/// Compares everything that a value may be with everything that a threshold may be.
pub(crate) fn standing(value: &Interval, threshold: &InForce) -> Standing {
    use Comparator as C;
    let choose = |beyond, satisfies, fails| match (beyond, satisfies, fails) {
        (true, ..) => Standing::Beyond,
        (_, true, _) => Standing::Satisfies,
        (.., true) => Standing::Fails,
        _ => Standing::Open,
    };
    match threshold {
        InForce::Bound { comparator, bound, .. } => match comparator {
            C::AtLeast => choose(value.all_gt(bound), value.all_ge(bound), bound.all_gt(value)),
            C::MoreThan => choose(value.all_gt(bound), false, bound.all_ge(value)),
            C::AtMost => choose(bound.all_gt(value), bound.all_ge(value), value.all_gt(bound)),
            C::LessThan => choose(bound.all_gt(value), false, value.all_ge(bound)),
            C::Equal | C::NotEqual => {
                let points = value.is_point().zip(bound.is_point());
                let same = points.is_some_and(|(value, bound)| value == bound);
                let apart = !value.overlaps(bound);
                match comparator {
                    C::Equal => choose(false, same, apart),
                    _ => choose(false, apart, same),
                }
            }
        },
        InForce::Within { low, high } => choose(
            false,
            value.entirely_ge(low) && value.entirely_le(high),
            value.entirely_lt(low) || value.entirely_gt(high),
        ),
        InForce::Rank { within } => {
            choose(value.entirely_lt(within), value.entirely_le(within), value.entirely_gt(within))
        }
        InForce::Truth { .. } => Standing::Open,
    }
}

/// A rank asked within a field of another size than the one measured says nothing.
fn same_field(threshold: &Threshold, known: &[Term<'_>]) -> bool {
    let Threshold::Rank { field: Some(asked), .. } = threshold else { return true };
    known.iter().all(|(_, known)| known.field.as_ref().is_none_or(|field| field == asked))
}

/// The one bound of a threshold, and whether it is a floor.
pub(crate) fn one_bound(threshold: &InForce) -> Option<(&Rational, bool)> {
    match threshold {
        InForce::Bound { comparator, bound, unstated: false } => {
            let bound = bound.is_point()?;
            let one_sided = comparator.is_floor() || comparator.is_ceiling();
            one_sided.then_some((bound, comparator.is_floor()))
        }
        InForce::Rank { within, .. } => Some((within, false)),
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
