//! Figures as records print them: decimal strings, fractions, bounds and thresholds.
//!
//! Enters: exact numbers. Leaves: text with a point and without group marks. The one idea: a
//! figure is rounded only as far as it stays on its true side of every number that it is compared
//! with. Invariant: a threshold is never rounded.

use crate::number::{End, Interval, Rational};
use crate::verdict::{InForce, Measured};

/// Digits after the point that records keep of measured values and margins.
pub(super) const PLACES: u32 = 6;

/// Digits after the point that records keep of attainment.
pub(super) const ATTAINMENT_PLACES: u32 = 4;

/// A threshold as records print it: the symbol, then numbers with a point, in the unit of the
/// judgement; `?` stands for a number that the document does not print.
///
/// A number whose digits never end is written as a fraction, because a threshold is not rounded.
pub(super) fn threshold(asked: &InForce) -> String {
    match asked {
        InForce::Bound { comparator, bound, unstated } => {
            let known = if *unstated { None } else { bounds(bound, &unrounded) };
            format!("{} {}", comparator.symbol(), known.as_deref().unwrap_or("?"))
        }
        InForce::Within { low, high } => format!("{} .. {}", unrounded(low), unrounded(high)),
        InForce::Rank { within } => format!("<= {}", unrounded(within)),
        InForce::Truth { expected } => format!("= {expected}"),
    }
}

/// The numbers that a measured value is compared with.
pub(super) fn sides(asked: &InForce) -> Vec<Rational> {
    match asked {
        InForce::Bound { bound, .. } => {
            let ends = [bound.low.value(), bound.high.value()];
            ends.into_iter().flatten().cloned().collect()
        }
        InForce::Within { low, high } => vec![low.clone(), high.clone()],
        InForce::Rank { within } => vec![within.clone()],
        InForce::Truth { .. } => Vec::new(),
    }
}

/// A decimal string: exact where it ends within `places`, else rounded half up to `places`, with
/// more digits where rounding would reach or cross one of `sides`.
pub(super) fn decimal(value: &Rational, places: u32, sides: &[Rational]) -> String {
    // What is not rounded crosses nothing.
    if value.decimal_places().is_some_and(|exact| exact <= places) {
        return value.shown(places);
    }
    let enough = sides.iter().map(|side| places_apart(value, side)).max().unwrap_or(0);
    let mut places = places;
    while places < enough && crosses(value, places, sides) {
        places += 1;
    }
    value.shown(places)
}

/// A decimal string that is never nearer to zero than the value, so that a step of that size
/// suffices: exact where it ends within [`PLACES`], else rounded away from zero.
pub(super) fn sufficient(value: &Rational) -> String {
    let shift = Rational::pow10(6);
    let outward = (&value.abs() * &shift).ceil();
    let Some(outward) = outward.div(&shift) else { return value.to_string() };
    let signed = if value.is_negative() { -&outward } else { outward };
    signed.shown(PLACES)
}

/// All digits of a number; a fraction where they never end.
pub(super) fn unrounded(value: &Rational) -> String {
    value.exact_decimal().unwrap_or_else(|| value.to_string())
}

/// The exact number as `p/q`, also where `q` is 1.
pub(super) fn fraction(value: &Rational) -> String {
    format!("{}/{}", value.numerator(), value.denominator())
}

/// What was measured, its numbers written by `number`; nothing where nothing is known.
pub(super) fn measured(
    measured: &Measured,
    number: &dyn Fn(&Rational) -> String,
) -> Option<String> {
    match measured {
        Measured::Nothing => None,
        Measured::Within(interval) => bounds(interval, number),
        Measured::About(value) => Some(format!("~ {}", number(value))),
        Measured::Truth(value) => Some(value.to_string()),
    }
}

/// `52.3`, `> 80`, `75 .. 80`; an end that does not belong to a range carries its mark.
fn bounds(interval: &Interval, number: &dyn Fn(&Rational) -> String) -> Option<String> {
    if let Some(value) = interval.is_point() {
        return Some(number(value));
    }
    let text = match (&interval.low, &interval.high) {
        (End::Unbounded, End::Unbounded) => return None,
        (End::Open(low), End::Unbounded) => format!("> {}", number(low)),
        (End::Closed(low), End::Unbounded) => format!(">= {}", number(low)),
        (End::Unbounded, End::Open(high)) => format!("< {}", number(high)),
        (End::Unbounded, End::Closed(high)) => format!("<= {}", number(high)),
        (End::Closed(low), End::Closed(high)) => format!("{} .. {}", number(low), number(high)),
        (End::Open(low), End::Closed(high)) => format!("> {} .. {}", number(low), number(high)),
        (End::Closed(low), End::Open(high)) => format!("{} .. < {}", number(low), number(high)),
        (End::Open(low), End::Open(high)) => format!("> {} .. < {}", number(low), number(high)),
    };
    Some(text)
}

/// Whether rounding to `places` brings the value to or over one of `sides`.
fn crosses(value: &Rational, places: u32, sides: &[Rational]) -> bool {
    let Ok(exponent) = i32::try_from(places) else { return false };
    let half = &Rational::from(5_i64) * &Rational::pow10(-1);
    let units = (&(&value.abs() * &Rational::pow10(exponent)) + &half).floor();
    let cut = &units * &Rational::pow10(-exponent);
    let rounded = if value.is_negative() { -&cut } else { cut };
    sides.iter().any(|side| rounded.cmp(side) != value.cmp(side))
}

/// So many places that a unit of the last one is smaller than the distance of the two numbers;
/// 0 where they are equal, because then nothing can be crossed.
fn places_apart(value: &Rational, side: &Rational) -> u32 {
    let distance = (value - side).abs();
    if distance.is_zero() {
        return 0;
    }
    let [above, below] = distance.lengths();
    below.saturating_add(1).saturating_sub(above)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Comparator;
    use crate::report::testing::{asked_of, compare, number};
    use crate::unit::Unit;

    #[test]
    fn rounding_keeps_its_side() {
        let cases = [
            // Value, places, sides, text.
            ("52.3", 6, "30", "52.3"),
            ("1/3", 6, "30", "0.333333"),
            ("2/3", 6, "30", "0.666667"),
            ("39.99999996", 6, "40", "39.99999996"),
            ("40.00000004", 6, "40", "40.00000004"),
            ("39.9999996", 6, "40", "39.9999996"),
            ("39.9999994", 6, "40", "39.999999"),
            ("119999999/3000000", 6, "40", "39.9999997"),
            ("-0.00000004", 6, "0", "-0.00000004"),
            ("0.0000000000000000000000000001", 6, "0", "0.0000000000000000000000000001"),
            ("0", 6, "0", "0"),
            ("1/3", 6, "1/3", "0.333333"),
            ("99999/100000", 4, "1", "0.99999"),
            ("100001/100000", 4, "1", "1.00001"),
            ("1", 4, "1", "1"),
            ("1.74333", 4, "1", "1.7433"),
            ("0.00003", 4, "1", "0"),
            ("1234567.5", 6, "7", "1234567.5"),
        ];
        for (value, places, side, text) in cases {
            assert_eq!(decimal(&number(value), places, &[number(side)]), text, "{value} {side}");
        }
    }

    #[test]
    fn steps_suffice() {
        let cases = [
            ("37", "37"),
            ("-5", "-5"),
            ("1/3", "0.333334"),
            ("-1/3", "-0.333334"),
            ("3.2", "3.2"),
            ("0.0000001", "0.000001"),
        ];
        for (value, text) in cases {
            assert_eq!(sufficient(&number(value)), text, "{value}");
        }
    }

    #[test]
    fn thresholds_are_never_rounded() {
        let cases = [
            (">= 30", ">= 30"),
            ("< 0.12345678901", "< 0.12345678901"),
            (">= 1/3", ">= 1/3"),
            ("20 .. 80", "20 .. 80"),
            ("top 15", "<= 15"),
            ("= 100", "= 100"),
            ("!= 5", "!= 5"),
        ];
        for (written, text) in cases {
            let asked = asked_of(&compare(written, Unit::Percent)).unwrap();
            assert_eq!(threshold(&asked), text, "{written}");
        }
        assert_eq!(threshold(&InForce::Truth { expected: true }), "= true");
        let bound = |bound, unstated| {
            threshold(&InForce::Bound { comparator: Comparator::AtLeast, bound, unstated })
        };
        let between = Interval::between(number("64"), number("80"));
        assert_eq!(bound(between.clone(), false), ">= 64 .. 80");
        assert_eq!(bound(between, true), ">= ?");
        assert_eq!(bound(Interval::more_than(number("64")), false), ">= > 64");
        assert_eq!(bound(Interval::all(), false), ">= ?");
    }

    #[test]
    fn bounds_carry_their_marks() {
        let (a, b) = (number("75"), number("80"));
        let within = |low, high| Measured::Within(Interval { low, high });
        let cases = [
            (Measured::Nothing, None),
            (Measured::Truth(true), Some("true")),
            (Measured::About(number("65000")), Some("~ 65000")),
            (Measured::Within(Interval::all()), None),
            (Measured::Within(Interval::more_than(b.clone())), Some("> 80")),
            (Measured::Within(Interval::at_least(b.clone())), Some(">= 80")),
            (Measured::Within(Interval::less_than(b.clone())), Some("< 80")),
            (Measured::Within(Interval::at_most(b.clone())), Some("<= 80")),
            (Measured::Within(Interval::between(a.clone(), b.clone())), Some("75 .. 80")),
            (within(End::Open(a.clone()), End::Closed(b.clone())), Some("> 75 .. 80")),
            (within(End::Closed(a.clone()), End::Open(b.clone())), Some("75 .. < 80")),
            (within(End::Open(a.clone()), End::Open(b)), Some("> 75 .. < 80")),
            (Measured::Within(Interval::point(a)), Some("75")),
        ];
        for (value, text) in cases {
            let plain = |number: &Rational| decimal(number, PLACES, &[]);
            assert_eq!(measured(&value, &plain).as_deref(), text, "{value:?}");
        }
    }

    #[test]
    fn fractions_always_have_a_denominator() {
        assert_eq!(fraction(&number("30")), "30/1");
        assert_eq!(fraction(&number("-2/6")), "-1/3");
    }
}
