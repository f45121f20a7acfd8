//! The value of a quantity, from the figures that it needs.

use super::Reference;
use crate::check::model::{Expr, IndicatorId};
use crate::number::{Interval, Rational};
use crate::snapshot::{Known, Value};
use crate::verdict::Reason;

/// What a quantity is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Quantity {
    /// Anything in the interval.
    Within(Interval),
    /// "About" this number.
    About(Rational),
    /// 0/0.
    NotApplicable,
    /// n/0.
    Contradictory(Reason),
}

impl Reference<'_> {
    /// The value of an expression; `of` gives each indicator's.
    pub(super) fn value(
        expr: &Expr,
        known: &[(IndicatorId, &Known)],
        of: &impl Fn(IndicatorId, &Known) -> Value,
    ) -> Quantity {
        match expr {
            Expr::Indicator(id) => {
                let figure = known.iter().find(|(known, _)| known == id);
                match figure.map(|(id, figure)| of(*id, figure)) {
                    Some(Value::Within(interval)) => Quantity::Within(interval),
                    Some(Value::About(value)) => Quantity::About(value),
                    Some(Value::Truth(_)) | None => Quantity::Contradictory(Reason::WrongUnit),
                }
            }
            Expr::Scale(inner, factor) => match Self::value(inner, known, of) {
                Quantity::Within(interval) => Quantity::Within(interval.scale(factor)),
                Quantity::About(value) => Quantity::About(&value * factor),
                other => other,
            },
            Expr::Divide(above, below) => {
                divide(&Self::value(above, known, of), &Self::value(below, known, of))
            }
        }
    }
}

fn divide(above: &Quantity, below: &Quantity) -> Quantity {
    use Quantity::{About, Contradictory, NotApplicable, Within};
    match (above, below) {
        (Contradictory(reason), _) | (_, Contradictory(reason)) => Contradictory(*reason),
        (NotApplicable, _) | (_, NotApplicable) => NotApplicable,
        (Within(a), Within(b)) => {
            let zero = Rational::zero();
            match (b.is_point(), a.is_point()) {
                (Some(b), Some(a)) if b.is_zero() && a.is_zero() => NotApplicable,
                (Some(b), _) if b.is_zero() && !a.contains(&zero) => {
                    Contradictory(Reason::ZeroDenominator)
                }
                _ => Within(a.div(b).unwrap_or_else(Interval::all)),
            }
        }
        (About(a), Within(b)) => match b.is_point().and_then(|b| a.div(b)) {
            Some(share) => About(share),
            None => Within(Interval::all()),
        },
        (Within(a), About(b)) => match a.is_point().and_then(|a| a.div(b)) {
            Some(share) => About(share),
            None => Within(Interval::all()),
        },
        (About(a), About(b)) => a.div(b).map_or_else(|| Within(Interval::all()), About),
    }
}
