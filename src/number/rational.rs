//! Rational numbers: what rules compute with, of any size and always in lowest terms.
//!
//! Decimals and whole numbers enter; comparisons, and text for people, leave. Rounding happens
//! only in [`Rational::rounded`] and [`Rational::shown`], which return text and no number.

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
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rational(BigRational);

impl Rational {
    /// The fraction of two whole numbers, or nothing where the denominator is zero.
    pub fn new(numerator: BigInt, denominator: BigInt) -> Option<Self> {
        if denominator.is_zero() {
            return None;
        }
        Some(Self(BigRational::new(numerator, denominator)))
    }

    /// Zero.
    pub fn zero() -> Self {
        Self(BigRational::zero())
    }

    /// Ten to a power. The caller bounds the exponent: the result has as many digits.
    ///
    /// ```
    /// use chitieu::number::Rational;
    ///
    /// assert_eq!(Rational::pow10(-2).to_string(), "1/100");
    /// ```
    pub fn pow10(exponent: i32) -> Self {
        let power = BigInt::from(10).pow(exponent.unsigned_abs());
        if exponent < 0 {
            Self(BigRational::new_raw(BigInt::from(1), power))
        } else {
            Self(BigRational::from_integer(power))
        }
    }

    /// The quotient, or nothing where the divisor is zero.
    pub fn div(&self, divisor: &Self) -> Option<Self> {
        (!divisor.is_zero()).then(|| Self(&self.0 / &divisor.0))
    }

    /// The number multiplied by itself `exponent` times; the caller bounds the exponent.
    #[must_use]
    pub fn pow(&self, exponent: u32) -> Self {
        let numerator = self.numerator().pow(exponent);
        // Powers of a fraction in lowest terms are in lowest terms.
        Self(BigRational::new_raw(numerator, self.denominator().pow(exponent)))
    }

    /// The distance from zero.
    #[must_use]
    pub fn abs(&self) -> Self {
        Self(self.0.abs())
    }

    /// The largest whole number that is not above this one.
    #[must_use]
    pub fn floor(&self) -> Self {
        Self(BigRational::from_integer(self.numerator().div_floor(self.denominator())))
    }

    /// The smallest whole number that is not below this one.
    #[must_use]
    pub fn ceil(&self) -> Self {
        Self(BigRational::from_integer(self.numerator().div_ceil(self.denominator())))
    }

    /// Whether this is a whole number.
    pub fn is_integer(&self) -> bool {
        self.0.is_integer()
    }

    /// Whether this is zero.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether this is below zero.
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// Whether this is above zero.
    pub fn is_positive(&self) -> bool {
        self.0.is_positive()
    }

    /// The numerator of the lowest terms; it carries the sign.
    pub fn numerator(&self) -> &BigInt {
        self.0.numer()
    }

    /// The denominator of the lowest terms, always positive.
    pub fn denominator(&self) -> &BigInt {
        self.0.denom()
    }

    /// The value of a whole number, where it fits.
    pub fn to_i128(&self) -> Option<i128> {
        if self.is_integer() { self.numerator().to_i128() } else { None }
    }

    /// How many digits after the point the exact value needs; nothing where it never ends.
    ///
    /// ```
    /// use chitieu::number::Rational;
    ///
    /// let eighth = Rational::from(1_i64).div(&Rational::from(8_i64)).unwrap();
    /// assert_eq!(eighth.decimal_places(), Some(3));
    /// ```
    pub fn decimal_places(&self) -> Option<u32> {
        let twos = self.denominator().trailing_zeros().unwrap_or(0);
        let mut rest = self.denominator() >> twos;
        let five = BigInt::from(5);
        let mut fives = 0_u64;
        while rest > BigInt::from(1) {
            let (quotient, remainder) = rest.div_rem(&five);
            if !remainder.is_zero() {
                return None;
            }
            rest = quotient;
            fives += 1;
        }
        u32::try_from(twos.max(fives)).ok()
    }

    /// All digits of the exact value, with a point; nothing where they never end.
    pub fn exact_decimal(&self) -> Option<String> {
        self.decimal_places().map(|places| self.rounded(places))
    }

    /// Exactly `places` digits after the point, rounded half away from zero.
    ///
    /// ```
    /// use chitieu::number::{Decimal, Rational};
    ///
    /// let number = Rational::from(Decimal::parse("-2.5")?);
    /// assert_eq!(number.rounded(0), "-3");
    /// assert_eq!(number.rounded(2), "-2.50");
    /// # Ok::<(), chitieu::number::NumberError>(())
    /// ```
    pub fn rounded(&self, places: u32) -> String {
        let shifted = self.numerator().abs() * BigInt::from(10).pow(places);
        let denominator = self.denominator();
        let doubled: BigInt = shifted * 2 + denominator;
        let units = doubled.div_floor(&(denominator * 2));
        let sign = if self.is_negative() && !units.is_zero() { "-" } else { "" };
        let places = places as usize;
        let digits = format!("{units:0>width$}", units = units.to_string(), width = places + 1);
        match digits.split_at_checked(digits.len() - places) {
            Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
            _ => format!("{sign}{digits}"),
        }
    }

    /// The exact value where it ends within `places` digits, else rounded half away from zero;
    /// without trailing zeros.
    ///
    /// ```
    /// use chitieu::number::Rational;
    ///
    /// let number = Rational::from(2_i64).div(&Rational::from(3_i64)).unwrap();
    /// assert_eq!(number.shown(4), "0.6667");
    /// assert_eq!(Rational::from(20_i64).shown(4), "20");
    /// ```
    pub fn shown(&self, places: u32) -> String {
        let mut text = self.rounded(places);
        if text.contains('.') {
            text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
        }
        if text == "-0" { "0".to_owned() } else { text }
    }
}

impl From<i64> for Rational {
    fn from(value: i64) -> Self {
        Self(BigRational::from_integer(value.into()))
    }
}

impl From<i128> for Rational {
    fn from(value: i128) -> Self {
        Self(BigRational::from_integer(value.into()))
    }
}

impl From<Decimal> for Rational {
    fn from(value: Decimal) -> Self {
        Self(BigRational::new(value.mantissa().into(), BigInt::from(10).pow(value.scale())))
    }
}

impl Add for &Rational {
    type Output = Rational;

    fn add(self, other: Self) -> Rational {
        Rational(&self.0 + &other.0)
    }
}

impl Sub for &Rational {
    type Output = Rational;

    fn sub(self, other: Self) -> Rational {
        Rational(&self.0 - &other.0)
    }
}

impl Mul for &Rational {
    type Output = Rational;

    fn mul(self, other: Self) -> Rational {
        Rational(&self.0 * &other.0)
    }
}

impl Neg for &Rational {
    type Output = Rational;

    fn neg(self) -> Rational {
        Rational(-&self.0)
    }
}

/// Writes `p/q`, or `p` where the number is whole.
impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
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
        assert_eq!(fraction.numerator(), &BigInt::from(-2));
        assert_eq!(fraction.denominator(), &BigInt::from(3));
    }

    #[test]
    fn what_decimals_round_is_exact_here() {
        // A quotient with 28 digits would be equal to its rounded value; the fraction is not.
        assert!(rational("2/3") < rational("0.6666666666666666666666666667"));
        let growth = rational("1.08").pow(9999);
        assert!(growth > rational("1") && growth.decimal_places() == Some(2 * 9999));
        assert_eq!(rational("5/7").pow(0), rational("1"));
    }

    proptest! {
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
