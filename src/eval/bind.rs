//! Thresholds bound to the integers of a column.
//!
//! Enters: a test and the scale, the smallest and the largest mantissa of columns. Leaves: bounds
//! in the width of a kernel. The one idea: with scale s, `x >= t` is `mantissa >= ceil(t·10^s)`;
//! a quotient `a/b >= p/q` is `a·q >= b·p`. Invariant: no bound is rounded towards satisfaction,
//! and no product of a valid row overflows the width chosen for it.

use crate::number::{Comparator, Rational};
use crate::program::Test;
use crate::verdict::Verdict;

/// Codes of a value below, at and above a threshold.
pub(super) type Codes = [u8; 3];

/// The codes of a test, where it is due.
pub(super) fn codes(test: &Test) -> Codes {
    use Comparator::{AtLeast, AtMost, Equal, LessThan, MoreThan, NotEqual};
    use Verdict::{Exceeded, Met, NotMet};
    let verdicts = match test {
        Test::Bound(AtLeast, _) => [NotMet, Met, Exceeded],
        Test::Bound(MoreThan, _) => [NotMet, NotMet, Exceeded],
        Test::Bound(AtMost, _) => [Exceeded, Met, NotMet],
        Test::Bound(LessThan, _) => [Exceeded, NotMet, NotMet],
        Test::Bound(Equal, _) | Test::Within(..) => [NotMet, Met, NotMet],
        Test::Bound(NotEqual, _) => [Met, NotMet, Met],
    };
    verdicts.map(|verdict| verdict as u8)
}

/// What mantissas are compared with: below `low` they are below the threshold, above `high` above
/// it, else at it. `high` may be one less than `low`: then none is at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds<T> {
    pub(super) low: T,
    pub(super) high: T,
    pub(super) codes: Codes,
}

/// Binds a test to a column of one indicator.
pub(super) fn bounds(test: &Test, scale: u32) -> Bounds<i128> {
    let (low, high) = test.ends();
    let [below, at, above] = codes(test);
    match (between(low, scale), between(high, scale)) {
        // No integer reaches the lower end: all are below it.
        (None, _) if low.is_positive() => everything(below),
        (_, None) if high.is_negative() => everything(above),
        (low, high) => Bounds {
            low: low.map_or(i128::MIN, |(_, ceil)| ceil),
            high: high.map_or(i128::MAX, |(floor, _)| floor),
            codes: [below, at, above],
        },
    }
}

/// The whole numbers on both sides of `bound · 10^scale`, where they fit.
fn between(bound: &Rational, scale: u32) -> Option<(i128, i128)> {
    let small = || {
        let (p, q) = (whole(&bound.numerator())?, whole(&bound.denominator())?);
        let p = p.checked_mul(10_i128.checked_pow(scale)?)?;
        let floor = p.div_euclid(q);
        Some((floor, floor + i128::from(p.rem_euclid(q) != 0)))
    };
    small().or_else(|| {
        let scaled = bound * &power(scale);
        Some((scaled.floor().to_i128()?, scaled.ceil().to_i128()?))
    })
}

const fn everything(code: u8) -> Bounds<i128> {
    Bounds { low: i128::MIN, high: i128::MAX, codes: [code; 3] }
}

impl Bounds<i128> {
    /// The same bounds for a narrower width: what lies outside it is decided for all its numbers.
    pub(super) fn narrowed<T>(self, min: T, max: T) -> Bounds<T>
    where
        T: Copy + TryFrom<i128> + Into<i128>,
    {
        let [below, _, above] = self.codes;
        if self.low > max.into() {
            return Bounds { low: min, high: max, codes: [below; 3] };
        }
        if self.high < min.into() {
            return Bounds { low: min, high: max, codes: [above; 3] };
        }
        Bounds {
            low: T::try_from(self.low).unwrap_or(min),
            high: T::try_from(self.high).unwrap_or(max),
            codes: self.codes,
        }
    }
}

fn power(scale: u32) -> Rational {
    Rational::pow10(i32::try_from(scale).unwrap_or(i32::MAX))
}

/// `a·q` stands to `b·p` as the quotient of two columns stands to one end of a threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cross {
    /// Lowest terms, with a positive denominator: `p/q`.
    pub(super) ratio: Rational,
}

/// Binds the ends of a test to columns of these scales.
pub(super) fn crosses(test: &Test, above_scale: u32, below_scale: u32) -> [Cross; 2] {
    // (a/10^s) / (b/10^r) against t is a/b against t·10^s/10^r.
    let shift = i64::from(above_scale) - i64::from(below_scale);
    let shift = Rational::pow10(i32::try_from(shift).unwrap_or(0));
    let (low, high) = test.ends();
    [Cross { ratio: low * &shift }, Cross { ratio: high * &shift }]
}

/// `p` and `q` in the width of a kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Factors<T> {
    pub(super) p: T,
    pub(super) q: T,
}

impl Cross {
    /// The factors, where they and all their products with mantissas up to these sizes stay
    /// within `most`.
    pub(super) fn factors<T: TryFrom<i128>>(
        &self,
        above: u128,
        below: u128,
        most: u128,
    ) -> Option<Factors<T>> {
        let p = whole(&self.ratio.numerator())?;
        let q = whole(&self.ratio.denominator())?;
        let fits = |factor: i128, size: u128| {
            factor.unsigned_abs().checked_mul(size.max(1)).is_some_and(|product| product <= most)
        };
        if !fits(q, above) || !fits(p, below) {
            return None;
        }
        Some(Factors { p: T::try_from(p).ok()?, q: T::try_from(q).ok()? })
    }
}

fn whole(number: &num_bigint::BigInt) -> Option<i128> {
    i128::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Decimal;

    fn number(text: &str) -> Rational {
        let (p, q) = text.split_once('/').unwrap_or((text, "1"));
        let part = |text| Rational::from(Decimal::parse(text).unwrap());
        part(p).div(&part(q)).unwrap()
    }

    fn at_least(text: &str) -> Test {
        Test::Bound(Comparator::AtLeast, number(text))
    }

    #[test]
    fn ends_round_away_from_what_they_hold() {
        let codes = codes(&at_least("0"));
        for (t, scale, low, high) in [
            ("99.9", 2, 9990, 9990),
            ("99.9", 0, 100, 99),
            ("-99.9", 0, -99, -100),
            ("1/3", 3, 334, 333),
            ("-1/3", 3, -333, -334),
        ] {
            let expected = Bounds { low, high, codes };
            assert_eq!(bounds(&at_least(t), scale), expected, "{t} {scale}");
        }
        let range = bounds(&Test::Within(number("1/3"), number("2/3")), 1);
        assert_eq!((range.low, range.high), (4, 6));
    }

    #[test]
    fn bounds_outside_a_width_decide_all() {
        let cases = [
            ("327.68", [2, 2, 2]),
            ("327.67", [2, 1, 0]),
            ("-327.68", [2, 1, 0]),
            ("-327.69", [0, 0, 0]),
            ("1e27", [2, 2, 2]),
        ];
        for (t, codes) in cases {
            let narrow: Bounds<i16> = bounds(&at_least(t), 2).narrowed(i16::MIN, i16::MAX);
            assert_eq!(narrow.codes, codes, "{t}");
        }
        let huge = bounds(&at_least("1e27"), 28);
        assert_eq!(huge.codes, [2, 2, 2]);
        assert_eq!(bounds(&at_least("-1e27"), 28).codes, [0, 0, 0]);
    }

    #[test]
    fn factors_are_refused_where_a_product_would_not_fit() {
        let cross = &crosses(&at_least("0.999"), 0, 0)[0];
        let most = i32::MAX.unsigned_abs().into();
        let found: Option<Factors<i32>> = cross.factors(2_000_000, 2_000_000, most);
        assert_eq!(found, Some(Factors { p: 999, q: 1000 }));
        assert_eq!(cross.factors::<i32>(3_000_000, 1, most), None);
        assert_eq!(cross.factors::<i32>(1, u128::MAX, most), None);
        let shifted = &crosses(&at_least("0.5"), 2, 0)[0];
        assert_eq!(shifted.factors::<i64>(1, 1, 1000), Some(Factors { p: 50, q: 1 }));
    }
}
