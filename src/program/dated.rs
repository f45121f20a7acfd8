//! Comparisons with other times, as operators.
//!
//! Enters: a comparison that asks another time of the entity. Leaves: an operator, or nothing where
//! there is none for it. The one idea: growth, a difference and a comparison with a figure of
//! another time all ask on which side of 0 `a·x + b·x₀ − c` lies, which takes no division.

use super::lower::{divided, scaled, test};
use super::op::{Balance, Dated, Op, Test};
use crate::calendar::Date;
use crate::check::model::{Change, Comparison, Expr, Growth, IndicatorId, Moment, Threshold};
use crate::number::Rational;

/// The operator of a comparison; `since` is the day on which its window opened. `measured` says
/// whether an indicator is one that is measured and not computed.
pub(super) fn dated(
    comparison: &Comparison,
    since: Option<Date>,
    measured: &impl Fn(&IndicatorId) -> bool,
) -> Option<Op> {
    let op = match (&comparison.measure, &comparison.threshold) {
        (measure, Threshold::Against { comparator, other }) => {
            let ((of, now), (base, then, moment)) = (scaled(measure)?, at(other)?);
            let zero = Rational::zero();
            let balance = Balance { now, base: -&then, bound: zero.clone() };
            let (ends, test) = ([balance.clone(), balance], Test::Bound(*comparator, zero));
            let (relative, inverse) = (false, false);
            Op::Dated(Box::new(Dated { of, base, moment, ends, test, relative, inverse }))
        }
        (Expr::Growth(growth), threshold) => grown(growth, test(threshold)?)?,
        (measure, threshold) => {
            let (measure, outer) = measure.unscaled();
            let Expr::Cumulative(summed) = measure else { return None };
            let (of, factor) = scaled(summed)?;
            Op::Sum { of, since, test: divided(test(threshold)?, &(&factor * &outer))? }
        }
    };
    let is_measured = match &op {
        Op::Dated(dated) => measured(&dated.of) && measured(&dated.base),
        Op::Sum { of, .. } => measured(of),
        _ => false,
    };
    is_measured.then_some(op)
}

/// An indicator of another time times a positive constant.
fn at(expr: &Expr) -> Option<(IndicatorId, Rational, Moment)> {
    let (expr, outer) = expr.unscaled();
    let Expr::At(of, moment) = expr else { return None };
    let (id, factor) = scaled(of)?;
    let factor = &factor * &outer;
    factor.is_positive().then_some((id, factor, *moment))
}

fn grown(growth: &Growth, test: Test) -> Option<Op> {
    let ((of, now), (base, then, moment)) = (scaled(&growth.now)?, at(&growth.base)?);
    if !now.is_positive() {
        return None;
    }
    let (low, high) = test.ends();
    let ends = [low, high].map(|asked| balance(growth, (&now, &then), asked));
    let relative = growth.change != Change::Difference;
    let inverse = growth.change == Change::Times && growth.falls;
    Some(Op::Dated(Box::new(Dated { of, base, moment, ends, test, relative, inverse })))
}

/// What lies above 0 where the change lies above what is asked.
fn balance(growth: &Growth, (now, then): (&Rational, &Rational), asked: &Rational) -> Balance {
    let (now, then, zero) = (now.clone(), then.clone(), Rational::zero());
    let one = Rational::from(1_i64);
    // Of a relative change: so many times the base.
    let share = asked * &Rational::pow10(-2);
    match (growth.change, growth.falls) {
        (Change::Difference, false) => Balance { now, base: -&then, bound: asked.clone() },
        (Change::Difference, true) => Balance { now: -&now, base: then, bound: asked.clone() },
        (Change::Relative, false) => {
            Balance { now, base: -&(&then * &(&one + &share)), bound: zero }
        }
        (Change::Relative, true) => {
            Balance { now: -&now, base: &then * &(&one - &share), bound: zero }
        }
        (Change::Times, false) => Balance { now, base: -&(&then * asked), bound: zero },
        (Change::Times, true) => Balance { now: -&(&now * asked), base: then, bound: zero },
    }
}
