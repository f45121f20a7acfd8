//! Rational numbers: what rules compute with, of any size and always in lowest terms.
//!
//! Decimals and whole numbers enter; comparisons, and text for people, leave. Rounding happens
//! only in [`Rational::rounded`] and [`Rational::shown`], which return text and no number.
//! The one idea: nearly all numbers of plans fit two machine words; only others are allocated.
//!
//! INVARIANT: lowest terms, a positive denominator, and small wherever both parts fit, so that
//! equal numbers are stored alike.

mod digits;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

use super::Decimal;

/// An exact fraction in lowest terms with a positive denominator.
///
/// ```
/// use chitieu::number::Rational;
///
/// let third = Rational::from(1_i64).div(&Rational::from(3_i64)).unwrap();
/// assert_eq!(third.to_string(), "1/3");
/// assert_eq!((&third + &third).rounded(2), "0.67");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rational(Form);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    /// Numerator and denominator.
    Small(i64, i64),
    Big(Box<BigRational>),
}

use Form::{Big, Small};

/// The largest power of ten that one word holds.
const MOST_TENS: u32 = 18;

impl Rational {
    /// The fraction of two whole numbers, or nothing where the denominator is zero.
    pub fn new(numerator: BigInt, denominator: BigInt) -> Option<Self> {
        if denominator.is_zero() {
            return None;
        }
        Some(Self::big(BigRational::new(numerator, denominator)))
    }

    /// Zero.
    pub const fn zero() -> Self {
        Self(Small(0, 1))
    }

    /// Numerator and denominator of the lowest terms, where a word each holds them.
    pub(crate) const fn in_words(&self) -> Option<(i64, i64)> {
        match self.0 {
            Small(n, d) => Some((n, d)),
            Big(_) => None,
        }
    }

    /// The fraction of two whole numbers; `denominator` is not zero.
    pub(crate) fn words(numerator: i128, denominator: i128) -> Self {
        if denominator == 1
            && let Ok(whole) = i64::try_from(numerator)
        {
            return Self(Small(whole, 1));
        }
        let (n, d) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        let common = match (u64::try_from(n), u64::try_from(d)) {
            (Ok(n), Ok(d)) => n.gcd(&d).into(),
            _ => n.gcd(&d),
        };
        let (n, d) = (n / common, d / common);
        let negative = (numerator < 0) != (denominator < 0);
        if let (Ok(n), Ok(d)) = (i64::try_from(n), i64::try_from(d)) {
            return Self(Small(if negative { -n } else { n }, d));
        }
        let n = BigInt::from(n);
        Self::big(BigRational::new_raw(if negative { -n } else { n }, d.into()))
    }

    /// A fraction in lowest terms of any size.
    fn big(value: BigRational) -> Self {
        match (value.numer().to_i64(), value.denom().to_i64()) {
            (Some(n), Some(d)) => Self(Small(n, d)),
            _ => Self(Big(Box::new(value))),
        }
    }

    /// The same number in a form of any size.
    fn wide(&self) -> Cow<'_, BigRational> {
        match &self.0 {
            Small(n, d) => Cow::Owned(BigRational::new_raw((*n).into(), (*d).into())),
            Big(value) => Cow::Borrowed(value),
        }
    }

    /// Ten to a power. The caller bounds the exponent: the result has as many digits.
    ///
    /// ```
    /// use chitieu::number::Rational;
    ///
    /// assert_eq!(Rational::pow10(-2).to_string(), "1/100");
    /// ```
    pub fn pow10(exponent: i32) -> Self {
        let size = exponent.unsigned_abs();
        if size <= MOST_TENS {
            let power = 10_i64.pow(size);
            return Self(if exponent < 0 { Small(1, power) } else { Small(power, 1) });
        }
        let power = BigInt::from(10).pow(size);
        Self::big(if exponent < 0 {
            BigRational::new_raw(BigInt::from(1), power)
        } else {
            BigRational::from_integer(power)
        })
    }

    /// The quotient, or nothing where the divisor is zero.
    pub fn div(&self, divisor: &Self) -> Option<Self> {
        match (&self.0, &divisor.0) {
            (_, Small(0, _)) => None,
            (_, Small(1, 1)) => Some(self.clone()),
            (Small(a, b), Small(c, d)) => Some(Self::words(times(*a, *d), times(*b, *c))),
            _ => Some(Self::big(&*self.wide() / &*divisor.wide())),
        }
    }

    /// The number multiplied by itself `exponent` times; the caller bounds the exponent.
    #[must_use]
    pub fn pow(&self, exponent: u32) -> Self {
        // Powers of a fraction in lowest terms are in lowest terms.
        if let Small(n, d) = self.0
            && let (Some(n), Some(d)) = (n.checked_pow(exponent), d.checked_pow(exponent))
        {
            return Self(Small(n, d));
        }
        let (n, d) = (self.numerator().pow(exponent), self.denominator().pow(exponent));
        Self::big(BigRational::new_raw(n, d))
    }

    /// The distance from zero.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// The largest whole number that is not above this one.
    #[must_use]
    pub fn floor(&self) -> Self {
        match &self.0 {
            Small(n, d) => Self(Small(n.div_floor(d), 1)),
            Big(value) => {
                let whole = value.numer().div_floor(value.denom());
                Self::big(BigRational::from_integer(whole))
            }
        }
    }

    /// The smallest whole number that is not below this one.
    #[must_use]
    pub fn ceil(&self) -> Self {
        -&(-self).floor()
    }

    /// Whether this is a whole number.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Small(_, d) => *d == 1,
            Big(value) => value.is_integer(),
        }
    }

    /// Whether this is zero.
    pub const fn is_zero(&self) -> bool {
        matches!(self.0, Small(0, _))
    }

    /// Whether this is below zero.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Small(n, _) => *n < 0,
            Big(value) => value.is_negative(),
        }
    }

    /// Whether this is above zero.
    pub fn is_positive(&self) -> bool {
        !self.is_zero() && !self.is_negative()
    }

    /// The numerator of the lowest terms; it carries the sign.
    pub fn numerator(&self) -> BigInt {
        match &self.0 {
            Small(n, _) => (*n).into(),
            Big(value) => value.numer().clone(),
        }
    }

    /// The denominator of the lowest terms, always positive.
    pub fn denominator(&self) -> BigInt {
        match &self.0 {
            Small(_, d) => (*d).into(),
            Big(value) => value.denom().clone(),
        }
    }

    /// The value of a whole number, where it fits.
    pub fn to_i128(&self) -> Option<i128> {
        match &self.0 {
            Small(n, 1) => Some((*n).into()),
            Big(value) if value.is_integer() => value.numer().to_i128(),
            _ => None,
        }
    }
}

/// The product of two words.
fn times(a: i64, b: i64) -> i128 {
    i128::from(a) * i128::from(b)
}

impl From<i64> for Rational {
    fn from(value: i64) -> Self {
        Self(Small(value, 1))
    }
}

impl From<i128> for Rational {
    fn from(value: i128) -> Self {
        Self::words(value, 1)
    }
}

impl From<Decimal> for Rational {
    fn from(value: Decimal) -> Self {
        // A decimal has at most 28 digits and a scale of at most 28.
        Self::words(value.mantissa(), 10_i128.pow(value.scale()))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Small(a, b), Small(c, d)) if b == d => a.cmp(c),
            (Small(a, b), Small(c, d)) => times(*a, *d).cmp(&times(*c, *b)),
            _ => self.wide().cmp(&other.wide()),
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Add for &Rational {
    type Output = Rational;

    fn add(self, other: Self) -> Rational {
        match (&self.0, &other.0) {
            (Small(a, b), Small(c, d)) if b == d => {
                Rational::words(i128::from(*a) + i128::from(*c), (*b).into())
            }
            (Small(a, b), Small(c, d)) => {
                Rational::words(times(*a, *d) + times(*c, *b), times(*b, *d))
            }
            _ => Rational::big(&*self.wide() + &*other.wide()),
        }
    }
}

impl Sub for &Rational {
    type Output = Rational;

    fn sub(self, other: Self) -> Rational {
        self + &-other
    }
}

impl Mul for &Rational {
    type Output = Rational;

    fn mul(self, other: Self) -> Rational {
        match (&self.0, &other.0) {
            (_, Small(1, 1)) => self.clone(),
            (Small(1, 1), _) => other.clone(),
            (Small(a, b), Small(c, d)) => Rational::words(times(*a, *c), times(*b, *d)),
            _ => Rational::big(&*self.wide() * &*other.wide()),
        }
    }
}

impl Neg for &Rational {
    type Output = Rational;

    fn neg(self) -> Rational {
        match &self.0 {
            Small(n, d) if *n != i64::MIN => Rational(Small(-n, *d)),
            _ => Rational::big(-&*self.wide()),
        }
    }
}

/// Writes `p/q`, or `p` where the number is whole.
impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Small(n, 1) => fmt::Display::fmt(n, f),
            Small(n, d) => f.pad_integral(*n >= 0, "", &format!("{}/{d}", n.unsigned_abs())),
            Big(value) => fmt::Display::fmt(value, f),
        }
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rational(text: &str) -> Rational {
        let (p, q) = text.split_once('/').unwrap_or((text, "1"));
        let part = |text| Rational::from(Decimal::parse(text).unwrap());
        part(p).div(&part(q)).unwrap()
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        let cases = [
            ("2.5", 0, "3", "3"),
            ("-2.5", 0, "-3", "-3"),
            ("2.4999", 0, "2", "2"),
            ("0.005", 2, "0.01", "0.01"),
            ("-0.004", 2, "0.00", "0"),
            ("1/3", 4, "0.3333", "0.3333"),
            ("-2/3", 4, "-0.6667", "-0.6667"),
            ("999.995", 2, "1000.00", "1000"),
            ("20", 0, "20", "20"),
            ("20", 2, "20.00", "20"),
            ("100.50", 3, "100.500", "100.5"),
            ("0", 3, "0.000", "0"),
        ];
        for (text, places, rounded, shown) in cases {
            assert_eq!(rational(text).rounded(places), rounded, "{text} {places}");
            assert_eq!(rational(text).shown(places), shown, "{text} {places}");
        }
    }

    #[test]
    fn endings_are_found() {
        let cases = [
            ("5", Some(0), Some("5")),
            ("1/8", Some(3), Some("0.125")),
            ("-7/20", Some(2), Some("-0.35")),
            ("1/3", None, None),
            ("1/30", None, None),
            ("100/2", Some(0), Some("50")),
        ];
        for (text, places, exact) in cases {
            assert_eq!(rational(text).decimal_places(), places, "{text}");
            assert_eq!(rational(text).exact_decimal().as_deref(), exact, "{text}");
        }
    }

    #[test]
    fn whole_parts_and_signs() {
        for (text, floor, ceil) in [("7/2", "3", "4"), ("-7/2", "-4", "-3"), ("6", "6", "6")] {
            assert_eq!(rational(text).floor().to_string(), floor, "{text}");
            assert_eq!(rational(text).ceil().to_string(), ceil, "{text}");
        }
        assert_eq!(rational("4/6").to_string(), "2/3");
        assert_eq!(rational("-4/-6").to_string(), "2/3");
        assert_eq!(rational("-7/2").abs(), rational("3.5"));
        assert_eq!(rational("12").to_i128(), Some(12));
        assert_eq!(rational("1/2").to_i128(), None);
        assert_eq!(Rational::pow10(60).to_i128(), None);
        assert_eq!(Rational::pow10(-3), rational("0.001"));
        assert!(rational("-1/9").is_negative() && rational("1/9").is_positive());
        assert!(Rational::zero().is_zero() && Rational::zero().is_integer());
    }

    #[test]
    fn zero_divides_nothing() {
        assert_eq!(rational("3").div(&Rational::zero()), None);
        assert_eq!(Rational::new(1.into(), 0.into()), None);
        let fraction = Rational::new(4.into(), (-6).into()).unwrap();
        assert_eq!(fraction.numerator(), BigInt::from(-2));
        assert_eq!(fraction.denominator(), BigInt::from(3));
    }

    #[test]
    fn what_decimals_round_is_exact_here() {
        // A quotient with 28 digits would be equal to its rounded value; the fraction is not.
        assert!(rational("2/3") < rational("0.6666666666666666666666666667"));
        let growth = rational("1.08").pow(9999);
        assert!(growth > rational("1") && growth.decimal_places() == Some(2 * 9999));
        assert_eq!(rational("5/7").pow(0), rational("1"));
    }

    /// Numbers of all sizes, most of them near the ends of a word.
    fn whole() -> impl Strategy<Value = i128> {
        let word = i128::from(i64::MAX);
        let near = prop::sample::select(vec![0, 1, word, -word, 2 * word, 1_i128 << 32, 10]);
        prop_oneof![
            -20_i128..20,
            (near, -3_i128..4).prop_map(|(near, off)| near + off),
            any::<i64>().prop_map(i128::from),
            any::<i128>(),
        ]
    }

    fn both() -> impl Strategy<Value = (Rational, BigRational)> {
        (whole(), whole()).prop_filter_map("a denominator", |(n, d)| {
            let number = Rational::new(n.into(), d.into())?;
            Some((number, BigRational::new(n.into(), d.into())))
        })
    }

    fn hash(value: &impl std::hash::Hash) -> u64 {
        use std::hash::BuildHasher;
        std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default().hash_one(value)
    }

    proptest! {
        #[test]
        fn small_and_big_numbers_are_one_kind((a, wide_a) in both(), (b, wide_b) in both()) {
            let same = |found: Rational, expected: BigRational| {
                prop_assert_eq!(found.to_string(), expected.to_string());
                let small = expected.numer().to_i64().and(expected.denom().to_i64()).is_some();
                prop_assert_eq!(matches!(found.0, Small(..)), small);
                let again = Rational::new(expected.numer().clone(), expected.denom().clone());
                prop_assert_eq!(hash(&found), hash(&again.clone().unwrap()));
                prop_assert_eq!(Some(found), again);
                Ok(())
            };
            same(&a + &b, &wide_a + &wide_b)?;
            same(&a - &b, &wide_a - &wide_b)?;
            same(&a * &b, &wide_a * &wide_b)?;
            same(-&a, -&wide_a)?;
            same(a.abs(), wide_a.abs())?;
            same(a.floor(), wide_a.floor())?;
            same(a.ceil(), wide_a.ceil())?;
            same(a.pow(3), wide_a.pow(3))?;
            match a.div(&b) {
                Some(quotient) => same(quotient, &wide_a / &wide_b)?,
                None => prop_assert!(wide_b.is_zero()),
            }
            prop_assert_eq!(a.cmp(&b), wide_a.cmp(&wide_b));
            prop_assert_eq!(a == b, wide_a == wide_b);
            prop_assert_eq!(a.is_negative(), wide_a.is_negative());
            prop_assert_eq!(a.is_positive(), wide_a.is_positive());
            prop_assert_eq!(a.is_integer(), wide_a.is_integer());
            prop_assert_eq!(&a.numerator(), wide_a.numer());
            prop_assert_eq!(&a.denominator(), wide_a.denom());
            let lengths = [wide_a.numer().abs(), wide_a.denom().clone()];
            let lengths = lengths.map(|number| u32::try_from(number.to_string().len()).unwrap());
            prop_assert_eq!(a.lengths(), lengths);
            let whole = wide_a.is_integer().then(|| wide_a.numer().to_i128()).flatten();
            prop_assert_eq!(a.to_i128(), whole);
        }

        #[test]
        fn rounding_stays_within_half_a_digit(
            p in any::<i64>(), q in 1_i64..1_000_000, places in 0_u32..6,
        ) {
            let exact = Rational::from(p).div(&Rational::from(q)).unwrap();
            let rounded = rational(&exact.rounded(places));
            let half = &rational("1/2") * &Rational::pow10(-i32::try_from(places).unwrap());
            prop_assert!((&exact - &rounded).abs() <= half);
            prop_assert_eq!(rational(&exact.shown(places)), rounded);
        }

        #[test]
        fn operators_undo_each_other(
            a in any::<(i64, i64)>(), b in any::<(i64, i64)>(),
        ) {
            let make = |(p, q): (i64, i64)| Rational::new(p.into(), q.into());
            let (Some(a), Some(b)) = (make(a), make(b)) else { return Ok(()) };
            prop_assert_eq!(&(&a + &b) - &b, a.clone());
            prop_assert_eq!(&a - &b, &a + &(-&b));
            if let Some(quotient) = a.div(&b) {
                prop_assert_eq!(&quotient * &b, a);
            }
        }
    }
}
