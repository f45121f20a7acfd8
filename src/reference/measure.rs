//! The value of a quantity, from the figures that it needs.

use super::figures::{Leaf, Term};
use super::growth::grown;
use crate::check::model::Expr;
use crate::number::{End, Interval, Rational};
use crate::snapshot::{Known, Value};
use crate::verdict::Reason;

/// What a quantity is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Quantity {
    /// Anything in the interval.
    Within(Interval),
    /// "About" this number.
    About(Rational),
    /// More than any number: what fell to 0, counted in times.
    Endless,
    /// 0/0, or relative growth from nothing.
    NotApplicable(Reason),
    /// n/0, or a figure of another kind.
    Contradictory(Reason),
}

/// A figure's value as the data give it.
pub(super) fn as_given(_: Leaf<'_>, known: &Known) -> Value {
    known.value.clone()
}

/// The value of an expression; `of` gives each indicator's.
pub(super) fn value(
    expr: &Expr,
    known: &[Term<'_>],
    of: &impl Fn(Leaf<'_>, &Known) -> Value,
) -> Quantity {
    let part = |expr: &Expr| value(expr, known, of);
    match expr {
        Expr::Indicator(_) | Expr::At(..) | Expr::Cumulative(_) | Expr::Units(_) => {
            let figure = known.iter().find(|(leaf, _)| leaf.is(expr));
            match figure.map(|(leaf, figure)| of(*leaf, figure)) {
                Some(Value::Within(interval)) => Quantity::Within(interval),
                Some(Value::About(value)) => Quantity::About(value),
                Some(Value::Truth(_)) | None => Quantity::Contradictory(Reason::WrongUnit),
            }
        }
        Expr::Number(number) => Quantity::Within(Interval::point(number.clone())),
        Expr::Scale(inner, factor) => match part(inner) {
            Quantity::Within(interval) => Quantity::Within(interval.scale(factor)),
            Quantity::About(value) => Quantity::About(&value * factor),
            other => other,
        },
        Expr::Add(a, b) => both(&part(a), &part(b), Interval::add, |a, b| Some(a + b)),
        Expr::Subtract(a, b) => both(&part(a), &part(b), Interval::sub, |a, b| Some(a - b)),
        Expr::Multiply(a, b) => both(&part(a), &part(b), Interval::mul, |a, b| Some(a * b)),
        Expr::Divide(a, b) => divide(&part(a), &part(b)),
        Expr::Least(parts) => fold(parts.iter().map(part), Interval::least, Ord::min),
        Expr::Greatest(parts) => fold(parts.iter().map(part), Interval::greatest, Ord::max),
        Expr::Mean(parts) => {
            let count = i64::try_from(parts.len()).unwrap_or(1);
            let sum = fold(parts.iter().map(part), Interval::add, |a, b| &a + &b);
            divide(&sum, &Quantity::Within(Interval::point(Rational::from(count))))
        }
        Expr::Round(inner, places) => round(part(inner), *places),
        Expr::Growth(growth) => grown(growth, &part(&growth.now), &part(&growth.base)),
    }
}

/// Two quantities under one operation.
pub(super) fn both(
    a: &Quantity,
    b: &Quantity,
    intervals: impl Fn(&Interval, &Interval) -> Interval,
    points: impl Fn(&Rational, &Rational) -> Option<Rational>,
) -> Quantity {
    use Quantity::{About, Contradictory, Endless, NotApplicable, Within};
    match (a, b) {
        (Contradictory(reason), _) | (_, Contradictory(reason)) => Contradictory(*reason),
        (NotApplicable(reason), _) | (_, NotApplicable(reason)) => NotApplicable(*reason),
        (Endless, _) | (_, Endless) => Within(Interval::all()),
        (Within(a), Within(b)) => Within(intervals(a, b)),
        (About(_) | Within(_), About(_) | Within(_)) => {
            let result = centre(a).zip(centre(b)).and_then(|(a, b)| points(&a, &b));
            result.map_or_else(|| Within(Interval::all()), About)
        }
    }
}

/// The number that a quantity is, or is about.
fn centre(quantity: &Quantity) -> Option<Rational> {
    match quantity {
        Quantity::About(value) => Some(value.clone()),
        Quantity::Within(interval) => interval.is_point().cloned(),
        _ => None,
    }
}

fn fold(
    parts: impl Iterator<Item = Quantity>,
    intervals: impl Fn(&Interval, &Interval) -> Interval,
    points: impl Fn(Rational, Rational) -> Rational,
) -> Quantity {
    parts
        .reduce(|a, b| both(&a, &b, &intervals, |a, b| Some(points(a.clone(), b.clone()))))
        .unwrap_or(Quantity::NotApplicable(Reason::ZeroDenominator))
}

fn divide(above: &Quantity, below: &Quantity) -> Quantity {
    if let (Quantity::Within(a), Quantity::Within(b)) = (above, below) {
        let zero = |interval: &Interval| interval.is_point().is_some_and(Rational::is_zero);
        return match (zero(a), zero(b)) {
            (true, true) => Quantity::NotApplicable(Reason::ZeroDenominator),
            (_, true) if !a.contains(&Rational::zero()) => {
                Quantity::Contradictory(Reason::ZeroDenominator)
            }
            _ => Quantity::Within(a.div(b).unwrap_or_else(Interval::all)),
        };
    }
    let intervals = |a: &Interval, b: &Interval| a.div(b).unwrap_or_else(Interval::all);
    both(above, below, intervals, Rational::div)
}

/// Half up, away from zero, at both ends.
fn round(quantity: Quantity, places: u32) -> Quantity {
    let unit = Rational::pow10(i32::try_from(places).unwrap_or(0));
    let one = |value: &Rational| {
        let half = Rational::from(1_i64).div(&Rational::from(2_i64)).unwrap_or_else(Rational::zero);
        let scaled = value * &unit;
        let whole = if scaled.is_negative() {
            -&(&scaled.abs() + &half).floor()
        } else {
            (&scaled + &half).floor()
        };
        whole.div(&unit).unwrap_or_else(Rational::zero)
    };
    let end = |end: &End| match end {
        End::Unbounded => End::Unbounded,
        End::Open(value) | End::Closed(value) => End::Closed(one(value)),
    };
    match quantity {
        Quantity::Within(interval) => {
            Quantity::Within(Interval { low: end(&interval.low), high: end(&interval.high) })
        }
        Quantity::About(value) => Quantity::About(one(&value)),
        other => other,
    }
}

/// Numerator and denominator of a quotient of points, or of a figure that has them.
pub(super) fn fraction(measure: &Expr, known: &[Term<'_>]) -> Option<(Rational, Rational)> {
    if matches!(measure, Expr::Indicator(_)) || measure.is_linked() {
        let figure = known.iter().find(|(leaf, _)| leaf.is(measure));
        return figure.and_then(|(_, known)| known.fraction.clone());
    }
    let (above, below) = measure.quotient()?;
    let point = |expr: &Expr| match value(expr, known, &as_given) {
        Quantity::Within(interval) => interval.is_point().cloned(),
        _ => None,
    };
    Some((point(above)?, point(below)?))
}
