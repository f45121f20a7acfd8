//! Comparisons with other times, as operators.
//!
//! Enters: a comparison that asks another time of the entity. Leaves: an operator, or nothing where
//! there is none for it. The one idea: growth, a difference and a comparison with a figure of
//! another time all ask on which side of 0 `a·x + b·x₀ − c` lies, which takes no division.

use super::lower::{divided, scaled, test};
use super::op::{Balance, Dated, Op, Test};
use crate::calendar::Date;
use crate::check::model::{
    Baseline, Change, Comparison, Expr, Growth, IndicatorId, Moment, Threshold,
};
use crate::number::Rational;

/// The operator of a comparison; `since` is the day on which its window opened. `measured` says
/// whether an indicator is one that is measured and not computed.
pub(super) fn dated(
    comparison: &Comparison,
    (since, baselines): (Option<Date>, &[Baseline]),
    measured: &impl Fn(&IndicatorId) -> bool,
) -> Option<Op> {
    let mut op = match (&comparison.measure, &comparison.threshold) {
        (measure, Threshold::Against { comparator, other }) => {
            let ((of, now), (base, then, moment)) = (scaled(measure)?, at(other)?);
            let zero = Rational::zero();
            let balance = Balance { now, base: -&then, bound: zero.clone() };
            let (ends, test) = (vec![[balance.clone(), balance]], Test::Bound(*comparator, zero));
            let (relative, inverse, first_year) = (false, false, None);
            let declared = Vec::new();
            let dated =
                Dated { of, base, moment, ends, first_year, declared, test, relative, inverse };
            Op::Dated(Box::new(dated))
        }
        (Expr::Growth(growth), Threshold::Yearly { comparator, period, .. }) => {
            let (first, last) = (period.first?.year(), period.last?.year());
            let years = u32::try_from(last.checked_sub(first)?.checked_add(1)?).ok()?;
            let bounds = (1..=years.min(YEARS + 1)).map(|years| comparison.after_years(years));
            let tests = bounds.map(|bound| Some(Test::Bound(*comparator, bound?)));
            let tests: Vec<Test> = tests.collect::<Option<_>>()?;
            // A longer period has bounds of more digits than words hold.
            grown(growth, &tests, Some(first)).filter(|_| years <= YEARS)?
        }
        (Expr::Growth(growth), threshold) => grown(growth, &[test(threshold)?], None)?,
        (measure, threshold) => {
            let (measure, outer) = measure.unscaled();
            let Expr::Cumulative(summed) = measure else { return None };
            let (of, factor) = scaled(summed)?;
            Op::Sum { of, since, test: divided(test(threshold)?, &(&factor * &outer))? }
        }
    };
    if let Op::Dated(dated) = &mut op {
        dated.declared = declared(&comparison.measure, dated, baselines)?;
    }
    let is_measured = match &op {
        Op::Dated(dated) => measured(&dated.of) && measured(&dated.base),
        Op::Sum { of, .. } => measured(of),
        _ => false,
    };
    is_measured.then_some(op)
}

/// The figures of the other indicator that `mốc` lines declare: those of what is measured, of
/// growth in its own unit, else in that of the comparison. For `[kỳ trước]`, which names no time,
/// none is declared.
fn declared(
    measure: &Expr,
    dated: &Dated,
    baselines: &[Baseline],
) -> Option<Vec<(Date, Rational)>> {
    let (of, factor) = match measure {
        Expr::Growth(growth) => (scaled(&growth.now)?.0, Rational::from(1_i64)),
        measure => scaled(measure)?,
    };
    if of != dated.base || dated.moment == Moment::Previous {
        return Some(Vec::new());
    }
    let one = |it: &Baseline| Some((it.period.last?, it.value.div(&factor)?));
    Some(baselines.iter().filter_map(one).collect())
}

/// An indicator of another time times a positive constant.
fn at(expr: &Expr) -> Option<(IndicatorId, Rational, Moment)> {
    let (expr, outer) = expr.unscaled();
    let Expr::At(of, moment) = expr else { return None };
    let (id, factor) = scaled(of)?;
    let factor = &factor * &outer;
    factor.is_positive().then_some((id, factor, *moment))
}

/// Yearly changes over more years are left to the reference evaluator.
const YEARS: u32 = 50;

fn grown(growth: &Growth, tests: &[Test], first_year: Option<i32>) -> Option<Op> {
    let ((of, now), (base, then, moment)) = (scaled(&growth.now)?, at(&growth.base)?);
    if !now.is_positive() {
        return None;
    }
    let ends = tests.iter().map(|test| {
        let (low, high) = test.ends();
        [low, high].map(|asked| balance(growth, (&now, &then), asked))
    });
    let (ends, test) = (ends.collect(), tests.last()?.clone());
    let relative = growth.change != Change::Difference;
    let inverse = growth.change == Change::Times && growth.falls;
    let declared = Vec::new();
    let dated = Dated { of, base, moment, ends, first_year, declared, test, relative, inverse };
    Some(Op::Dated(Box::new(dated)))
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
