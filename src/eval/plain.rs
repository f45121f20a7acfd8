//! What is said of plain figures beside the code: margin, attainment, step, progress.
//!
//! Enters: the model and a day, then the figures of one snapshot. Leaves: [`Told`]. The one idea:
//! most targets hold one number, or a quotient of two, against a number of the rule, which integers
//! do as exactly as anything else. Invariant: what is told is what the reference evaluator says;
//! whatever else a target asks, or does not fit, is not told.

use std::cmp::Ordering;

use super::bind::{self, Codes};
use super::figures::{Figures, Rounds};
use super::one::Slot;
use crate::calendar::Date;
use crate::check::model::{
    Branch, Comparison, Condition, Expr, Indicator, IndicatorId, Milestone, Model, TargetId,
    Threshold, Version,
};
use crate::number::{Comparator, Rational};
use crate::program::{Scope, Test};
use crate::reference::{before_rounding, is_counted, label, one_bound, standing, straight, turned};
use crate::unit::Unit;
use crate::verdict::{InForce, Progress, Ratio, Seen, Told, Verdict, power};

/// A target on a day, as far as plain figures decide it.
#[derive(Debug)]
pub(crate) struct Plain {
    /// Which version and milestone are in force, and which one lies ahead.
    pub(crate) place: [usize; 3],
    /// To whom it applies.
    pub(crate) scope: Scope,
    /// What is asked, and of what.
    pub(super) asked: InForce,
    pub(super) unit: Unit,
    pub(super) due: Option<Date>,
    pub(super) of: [Option<IndicatorId>; 2],
    /// The unit of a step, as people write it.
    pub(super) step: String,
    measure: Measure,
    line: Line,
    not_due: bool,
}

#[derive(Debug)]
enum Measure {
    Truth { of: IndicatorId, expected: bool },
    Number { of: IndicatorId, rounds: Rounds, test: Tested },
    Quotient { of: [IndicatorId; 2], rounds: [Rounds; 2], factor: Ratio, test: Tested },
}

/// What a number is held against.
#[derive(Debug)]
struct Tested {
    codes: Codes,
    ends: [Ratio; 2],
    /// The comparator of a threshold that is one bound.
    comparator: Option<Comparator>,
    /// The bound, and whether it is a floor.
    bound: Option<(Ratio, bool)>,
    step: Steps,
}

/// Of what the smallest change is asked.
#[derive(Debug)]
enum Steps {
    /// Of nothing.
    None,
    /// Of the figure itself.
    Figure(Whole),
    /// Of the numerator, which a share makes by this factor.
    Numerator { factor: Ratio, counts: bool },
}

/// Whether figures change by whole steps.
#[derive(Debug, Clone, Copy)]
enum Whole {
    Yes,
    No,
    /// Where the figure itself is whole.
    AsItIs,
}

/// The straight line to the next milestone.
#[derive(Debug)]
enum Line {
    /// None lies ahead.
    None,
    Unknown,
    /// Its value on the day; whether figures should lie above.
    To(Ratio, bool),
}

impl Plain {
    /// Nothing where more is asked than plain figures say. `scope` is that of a version.
    pub(crate) fn of(
        model: &Model,
        id: TargetId,
        day: Date,
        scope: impl Fn(usize) -> Option<Scope>,
    ) -> Option<Self> {
        let target = model.target(id)?;
        let version = target.version(day)?;
        if !version.in_force(day) || version.scoring.is_some() || version.stretch.is_some() {
            return None;
        }
        let milestone = version.milestone(day)?;
        let condition = one_condition(milestone)?;
        let (measure, asked) = measure(model, condition)?;
        let ahead = |it: &Milestone| it.due.is_some_and(|due| day < due);
        let next = version.milestones.iter().position(ahead);
        let of_version = target.versions.iter().position(|it| std::ptr::eq(it, version))?;
        let of_milestone = version.milestones.iter().position(|it| std::ptr::eq(it, milestone))?;
        let of = match &measure {
            Measure::Truth { of, .. } | Measure::Number { of, .. } => [Some(*of), None],
            Measure::Quotient { of, .. } => of.map(Some),
        };
        let first = model.indicator(of[0]?)?;
        let unit = match condition {
            Condition::Compare(comparison) => comparison.unit.clone(),
            _ => first.unit.clone(),
        };
        // Of a share the step is one of its numerator, which has no unit where it is a share too.
        let whole = matches!(measure, Measure::Quotient { .. });
        let step = label(model, first).filter(|_| !whole || first.unit.fraction_factor().is_none());
        Some(Self {
            asked,
            unit,
            due: milestone.due,
            of,
            step: step.unwrap_or_default(),
            place: [of_version, of_milestone, next.map_or(0, |next| next + 1)],
            scope: scope(of_version)?,
            measure,
            line: line(model, version, next, day)?,
            not_due: milestone.due.is_some_and(|due| day < due),
        })
    }

    /// What the figures come to; nothing where some are not plain, or do not fit.
    pub(crate) fn tell(&self, model: &Model, figures: &Figures) -> Option<Told> {
        let mut told = match &self.measure {
            Measure::Truth { of, expected } => match figures.slot(*of) {
                (Slot::Absent, _) => nothing([true, false]),
                (Slot::Truth(truth), at) => Told {
                    verdict: if truth == *expected { Verdict::Met } else { Verdict::NotMet },
                    measured: Seen::Truth(truth),
                    missing: [false; 2],
                    entries: [Some(at), None],
                    ..nothing([true, false])
                },
                _ => return None,
            },
            Measure::Number { of, rounds, test } => match figures.slot(*of) {
                (Slot::Absent, _) => nothing([true, false]),
                (Slot::Number(mantissa, scale), at) => {
                    let value = Ratio::decimal(mantissa, scale)?;
                    let told = test.told(value, [Some(at), None])?;
                    let rounded = rounds.may(mantissa, scale)?;
                    let rounding_sensitive = rounded
                        && test.may_turn((value, scale), &told, || {
                            Some((model.indicator(*of)?, &self.asked))
                        })?;
                    let step = test.step(&told, value, None)?;
                    Told { step, rounding_sensitive, ..told }
                }
                _ => return None,
            },
            Measure::Quotient { of, rounds, factor, test } => {
                quotient(of.map(|of| figures.slot(of)), *rounds, *factor, test)?
            }
        };
        told.progress = self.progress(&told)?;
        if self.not_due && told.verdict == Verdict::NotMet {
            told.verdict = Verdict::NotDue;
        }
        Some(told)
    }

    #[expect(clippy::option_option, reason = "no milestone ahead, or what does not fit")]
    fn progress(&self, told: &Told) -> Option<Option<Progress>> {
        Some(match (&self.line, told.verdict, told.measured) {
            (Line::None, ..) | (_, Verdict::NotApplicable, _) => None,
            (Line::To(asked, floor), _, Seen::Number(value)) => {
                let short = if *floor { Ordering::Less } else { Ordering::Greater };
                let behind = value.cmp(*asked)? == short;
                Some(if behind { Progress::Behind } else { Progress::OnTrack })
            }
            _ => Some(Progress::Unknown),
        })
    }
}

/// The condition of a milestone that is one for everyone.
fn one_condition(milestone: &Milestone) -> Option<&Condition> {
    match milestone.branches.as_slice() {
        [Branch { when: None, condition }] => Some(condition),
        _ => None,
    }
}

fn measured(model: &Model, id: IndicatorId) -> Option<&Indicator> {
    model.indicator(id).filter(|it| it.formula.is_none())
}

/// What a condition measures, with the numbers that it is held against.
fn measure(model: &Model, condition: &Condition) -> Option<(Measure, InForce)> {
    let comparison = match condition {
        Condition::Truth { indicator, expected } => {
            measured(model, *indicator)?;
            let (of, expected) = (*indicator, *expected);
            return Some((Measure::Truth { of, expected }, InForce::Truth { expected }));
        }
        Condition::Compare(comparison) => comparison,
        _ => return None,
    };
    let asked = InForce::stated(&comparison.threshold)?;
    if let Expr::Indicator(of) = &comparison.measure {
        let rounds = Rounds::of(&measured(model, *of)?.unit);
        let whole = match &comparison.unit {
            Unit::Count { noun: None } => Whole::AsItIs,
            unit if unit.is_counting() => Whole::Yes,
            _ => Whole::No,
        };
        let test = Tested::new(comparison, Steps::Figure(whole))?;
        return Some((Measure::Number { of: *of, rounds, test }, asked));
    }
    let (Expr::Divide(above, below), factor) = comparison.measure.unscaled() else { return None };
    let (Expr::Indicator(above), Expr::Indicator(below)) = (&**above, &**below) else {
        return None;
    };
    if above == below {
        return None;
    }
    let units = [&measured(model, *above)?.unit, &measured(model, *below)?.unit];
    let step = match comparison.unit.fraction_factor() {
        Some(factor) => {
            Steps::Numerator { factor: Ratio::of(&factor)?, counts: is_counted(units[0]) }
        }
        None => Steps::None,
    };
    let test = Tested::new(comparison, step)?;
    let of = [*above, *below];
    let (rounds, factor) = (units.map(Rounds::of), Ratio::of(&factor)?);
    Some((Measure::Quotient { of, rounds, factor, test }, asked))
}

impl Tested {
    fn new(comparison: &Comparison, step: Steps) -> Option<Self> {
        let test = match &comparison.threshold {
            Threshold::Bound { comparator, value } => Test::Bound(*comparator, value.clone()),
            Threshold::Within { low, high } => Test::Within(low.clone(), high.clone()),
            Threshold::Rank { within, .. } => Test::Bound(Comparator::AtMost, within.clone()),
            _ => return None,
        };
        let asked = InForce::stated(&comparison.threshold)?;
        let (low, high) = test.ends();
        let bound = match one_bound(&asked) {
            Some((bound, floor)) => Some((Ratio::of(bound)?, floor)),
            None => None,
        };
        let comparator = match &test {
            Test::Bound(comparator, _) => Some(*comparator),
            Test::Within(..) => None,
        };
        let (codes, ends) = (bind::codes(&test), [Ratio::of(low)?, Ratio::of(high)?]);
        Some(Self { codes, ends, comparator, bound, step })
    }

    /// Verdict, margin and attainment of a value.
    fn told(&self, value: Ratio, entries: [Option<u32>; 2]) -> Option<Told> {
        let [low, high] = self.ends;
        let [below, at, above] = self.codes;
        let (mut margin, mut attainment) = (None, None);
        let code = if let Some((bound, floor)) = self.bound {
            let gap = value.less(bound)?;
            margin = Some(if floor { gap } else { gap.negated()? });
            let says = bound.above > 0 && value.above >= 0;
            attainment = match (says, floor) {
                (false, _) => None,
                (true, true) => Some(value.over(bound)?),
                (true, false) if value.above == 0 => None,
                (true, false) => Some(bound.over(value)?),
            };
            match gap.above.cmp(&0) {
                Ordering::Less => below,
                Ordering::Equal => at,
                Ordering::Greater => above,
            }
        } else {
            match (value.cmp(low)?, value.cmp(high)?) {
                (Ordering::Less, _) => below,
                (_, Ordering::Greater) => above,
                _ => at,
            }
        };
        let verdict = *Verdict::ALL.get(usize::from(code))?;
        let (ends, measured) = (self.ends, Seen::Number(value));
        let plain = nothing([false; 2]);
        Some(Told { verdict, measured, ends, margin, attainment, entries, ..plain })
    }

    /// Whether a value that rounds to this one would be judged otherwise.
    fn may_turn<'a>(
        &self,
        (value, scale): (Ratio, u32),
        told: &Told,
        asked: impl Fn() -> Option<(&'a Indicator, &'a InForce)>,
    ) -> Option<bool> {
        let half = Ratio { above: 5, below: power(scale.checked_add(1)?)? };
        let far = |distance: Ratio| Some(distance.abs()?.cmp(half)? == Ordering::Greater);
        let [low, high] = self.ends;
        let is_far = match told.margin {
            Some(margin) => far(margin)?,
            None => far(value.less(low)?)? && far(value.less(high)?)?,
        };
        if is_far {
            return Some(false);
        }
        let digit = Rational::pow10(-i32::try_from(scale).ok()?);
        let (indicator, asked) = asked()?;
        let possible = before_rounding(Some(indicator), &value.rational(), &digit);
        let satisfies = standing(&possible, asked).satisfies();
        Some(satisfies != Some(told.verdict.is_satisfied()))
    }

    /// The smallest change that would turn what does not satisfy.
    #[expect(clippy::option_option, reason = "no step, or one that does not fit")]
    fn step(
        &self,
        told: &Told,
        value: Ratio,
        fraction: Option<[Ratio; 2]>,
    ) -> Option<Option<Ratio>> {
        if told.verdict.is_satisfied() {
            return Some(None);
        }
        let [low, high] = self.ends;
        let (comparator, bound) = match self.comparator {
            Some(Comparator::NotEqual) => return Some(None),
            Some(comparator) => (comparator, low),
            None if value.cmp(low)? == Ordering::Less => (Comparator::AtLeast, low),
            None => (Comparator::AtMost, high),
        };
        match (&self.step, fraction) {
            (Steps::Figure(whole), _) => {
                let counts = match whole {
                    Whole::Yes => true,
                    Whole::No => false,
                    Whole::AsItIs => value.is_whole(),
                };
                smallest(comparator, bound.less(value)?, counts)
            }
            (Steps::Numerator { factor, counts }, Some([above, below])) => {
                let needed = bound.times(below)?.over(*factor)?;
                let counts = *counts && above.is_whole() && below.is_whole();
                let comparator = if below.above < 0 { turned(comparator) } else { comparator };
                smallest(comparator, needed.less(above)?, counts)
            }
            _ => Some(None),
        }
    }
}

/// The smallest change over a gap: whole where things are counted.
#[expect(clippy::option_option, reason = "no step, or one that does not fit")]
fn smallest(comparator: Comparator, gap: Ratio, counts: bool) -> Option<Option<Ratio>> {
    use Comparator::{AtLeast, AtMost, Equal, LessThan, MoreThan, NotEqual};
    let whole = match (comparator, counts) {
        (AtLeast | AtMost | Equal, false) => return Some(Some(gap)),
        (AtLeast, true) => gap.ceil()?,
        (MoreThan, true) => gap.floor().checked_add(1)?,
        (AtMost, true) => gap.floor(),
        (LessThan, true) => gap.ceil()?.checked_sub(1)?,
        (Equal, true) if gap.is_whole() => gap.floor(),
        (Equal | NotEqual, _) | (MoreThan | LessThan, false) => return Some(None),
    };
    Some(Some(Ratio::whole(whole)))
}

/// A quotient of counts; of figures that may have been rounded the reference evaluator knows more.
fn quotient(
    slots: [(Slot, u32); 2],
    [above_rounds, below_rounds]: [Rounds; 2],
    factor: Ratio,
    test: &Tested,
) -> Option<Told> {
    let number = |(slot, at)| match slot {
        Slot::Number(mantissa, scale) => Some(Some((mantissa, scale, at))),
        Slot::Absent => Some(None),
        Slot::Truth(_) | Slot::Odd => None,
    };
    let [above, below] = slots;
    let (a, b) = match (number(above)?, number(below)?) {
        (Some(above), Some(below)) => (above, below),
        (above, below) => return Some(nothing([above.is_none(), below.is_none()])),
    };
    if above_rounds.may(a.0, a.1)? || below_rounds.may(b.0, b.1)? {
        return None;
    }
    let (entries, zero) = ([Some(a.2), Some(b.2)], nothing([false; 2]));
    match (a.0, b.0) {
        (0, 0) => return Some(Told { verdict: Verdict::NotApplicable, entries, ..zero }),
        (_, 0) => return Some(Told { verdict: Verdict::Contradictory, entries, ..zero }),
        _ => {}
    }
    // Zeros behind the point that both have drop out.
    let common = a.1.min(b.1);
    let part = |(mantissa, scale, _): (i64, u32, u32)| Ratio::decimal(mantissa, scale - common);
    let value = part(a)?.over(part(b)?)?.times(factor)?;
    let told = test.told(value, entries)?;
    let figures = [Ratio::decimal(a.0, a.1)?, Ratio::decimal(b.0, b.1)?];
    let step = test.step(&told, value, Some(figures))?;
    Some(Told { fraction: Some([(a.0, a.1), (b.0, b.1)]), step, ..told })
}

/// What is said where figures are missing.
const fn nothing(missing: [bool; 2]) -> Told {
    Told {
        verdict: Verdict::NoData,
        progress: None,
        measured: Seen::Nothing,
        ends: [Ratio::whole(0); 2],
        margin: None,
        attainment: None,
        fraction: None,
        step: None,
        rounding_sensitive: false,
        missing,
        entries: [None; 2],
    }
}

/// The line to the next milestone, as the reference evaluator draws it; nothing where it depends
/// on more than the day.
fn line(model: &Model, version: &Version, next: Option<usize>, day: Date) -> Option<Line> {
    let Some(next) = next.and_then(|next| version.milestones.get(next)) else {
        return Some(Line::None);
    };
    let bound_of = |milestone: &Milestone| {
        let (_, asked) = measure(model, one_condition(milestone)?)?;
        Some(one_bound(&asked).map(|(bound, floor)| (bound.clone(), floor)))
    };
    let before = version.milestones.iter().rfind(|it| it.due.is_some_and(|due| due <= day));
    let reached = match before {
        Some(before) => bound_of(before)?.and_then(|(value, _)| Some((before.due?, value))),
        None => None,
    };
    let Some((end, floor)) = bound_of(next)? else { return Some(Line::Unknown) };
    let declared = version.baselines.iter();
    let declared = declared.filter_map(|it| Some((it.period.last?, it.value.clone())));
    match straight(declared.chain(reached), (next.due?, &end), day) {
        Some(asked) => Some(Line::To(Ratio::of(&asked)?, floor)),
        None => Some(Line::Unknown),
    }
}
