//! Decimals as written: a whole mantissa and a scale, kept digit by digit.
//!
//! Text of a JSON number or of a plain cell enters, a [`Decimal`] leaves. This is the only file
//! that names `rust_decimal`, whose own parsing and arithmetic round silently; it is used here
//! for storage and comparison, both exact.
//!
//! INVARIANT: at most 28 significant digits and a scale of at most 28.

use std::fmt;

use super::NumberError;

/// The most significant digits that a number may have.
const DIGITS: usize = 28;

/// An exact decimal number that remembers how many digits were printed after its point.
///
/// Numbers compare by value: `1.0` equals `1.00`, and both hash alike.
///
/// ```
/// use chitieu::number::Decimal;
///
/// let a = Decimal::parse("5.23e1")?;
/// assert_eq!((a.mantissa(), a.scale(), a.to_string()), (523, 1, "52.3".to_owned()));
/// assert_eq!(Decimal::parse("1.0")?, Decimal::parse("1.00")?);
/// # Ok::<(), chitieu::number::NumberError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(rust_decimal::Decimal);

impl Decimal {
    /// Reads `[+-]?digits[.digits]([eE][+-]?digits)?`, the text of a JSON number.
    ///
    /// # Errors
    ///
    /// [`NumberError::TooManyDigits`] where the number has more than 28 significant digits
    /// (counted without leading zeros) or more than 28 digits after the point; it is never
    /// rounded. [`NumberError::Empty`] and [`NumberError::NotANumber`] for other text.
    pub fn parse(plain: &str) -> Result<Self, NumberError> {
        if plain.is_empty() {
            return Err(NumberError::Empty);
        }
        let (negative, unsigned) = split_sign(plain);
        let (number, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = match number.split_once('.') {
            Some((_, "")) => return Err(NumberError::NotANumber),
            Some(parts) => parts,
            None => (number, ""),
        };
        if whole.is_empty() {
            return Err(NumberError::NotANumber);
        }
        let mantissa = parse_mantissa(whole.bytes().chain(fraction.bytes()))?;
        let places = i64::try_from(fraction.len()).map_err(|_| NumberError::TooManyDigits)?;
        let signed = if negative { -mantissa } else { mantissa };
        Self::at_scale(signed, places - exponent).ok_or(NumberError::TooManyDigits)
    }

    /// The number `mantissa · 10^-scale`, or nothing where it has too many digits to be held.
    ///
    /// ```
    /// use chitieu::number::Decimal;
    ///
    /// assert_eq!(Decimal::from_parts(-150, 2).map(|d| d.to_string()), Some("-1.50".to_owned()));
    /// assert_eq!(Decimal::from_parts(1, 29), None);
    /// ```
    pub fn from_parts(mantissa: i128, scale: u32) -> Option<Self> {
        if mantissa.unsigned_abs() >= 10_u128.pow(28) || scale > 28 {
            return None;
        }
        rust_decimal::Decimal::try_from_i128_with_scale(mantissa, scale).ok().map(Self)
    }

    /// One.
    pub const ONE: Self = Self(rust_decimal::Decimal::ONE);

    /// The digits as a whole number, with the sign.
    pub fn mantissa(self) -> i128 {
        self.0.mantissa()
    }

    /// The digits as a word, with the sign, where one holds them.
    #[inline]
    pub(crate) fn word(self) -> Option<i64> {
        let parts = self.0.unpack();
        let size = (u64::from(parts.mid) << 32) | u64::from(parts.lo);
        let size = i64::try_from(size).ok().filter(|_| parts.hi == 0)?;
        Some(if parts.negative { size.wrapping_neg() } else { size })
    }

    /// The number of digits printed after the point.
    pub fn scale(self) -> u32 {
        self.0.scale()
    }

    /// Whether the value is whole; `2.00` is.
    pub fn is_integer(self) -> bool {
        self.0.is_integer()
    }

    /// Whether the value is below zero.
    pub fn is_negative(self) -> bool {
        self.mantissa() < 0
    }

    /// Whether the value is zero.
    pub fn is_zero(self) -> bool {
        self.mantissa() == 0
    }

    /// As [`Decimal::from_parts`], where a negative scale appends zeros.
    fn at_scale(mantissa: i128, scale: i64) -> Option<Self> {
        if let Ok(scale) = u32::try_from(scale) {
            return Self::from_parts(mantissa, scale);
        }
        if mantissa == 0 {
            return Self::from_parts(0, 0);
        }
        let zeros = u32::try_from(scale.checked_neg()?).ok()?;
        Self::from_parts(mantissa.checked_mul(10_i128.checked_pow(zeros)?)?, 0)
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Takes one leading sign off; the flag says whether it was a minus.
pub(super) fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The value of the digits; leading zeros are free, whatever their number.
fn parse_mantissa(digits: impl Iterator<Item = u8>) -> Result<i128, NumberError> {
    let mut value = 0_i128;
    let mut significant = 0;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return Err(NumberError::NotANumber);
        }
        if significant > 0 || byte != b'0' {
            significant += 1;
        }
        // Beyond the limit the value no longer matters, but wrong characters still do.
        if significant <= DIGITS {
            value = value * 10 + i128::from(byte - b'0');
        }
    }
    if significant > DIGITS { Err(NumberError::TooManyDigits) } else { Ok(value) }
}

/// An exponent whose value has more than four digits fits no number that can be held.
fn parse_exponent(text: &str) -> Result<i64, NumberError> {
    let (negative, digits) = split_sign(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NumberError::NotANumber);
    }
    let digits = digits.trim_start_matches('0');
    if digits.len() > 4 {
        return Err(NumberError::TooManyDigits);
    }
    let value = digits.bytes().fold(0, |value, b| value * 10 + i64::from(b - b'0'));
    Ok(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;
    use std::hash::{DefaultHasher, Hash, Hasher};

    use proptest::prelude::*;

    use super::*;

    const LARGEST: i128 = 10_i128.pow(28) - 1;

    #[test]
    fn plain_numbers_keep_their_digits() {
        let cases = [
            ("0", 0, 0, "0"),
            ("-0", 0, 0, "0"),
            ("-0.0", 0, 1, "0.0"),
            ("007", 7, 0, "7"),
            ("+1.50", 150, 2, "1.50"),
            ("-52.3", -523, 1, "-52.3"),
            ("5.23e1", 523, 1, "52.3"),
            ("5.23E+0001", 523, 1, "52.3"),
            ("1.50e1", 150, 1, "15.0"),
            ("5e3", 5000, 0, "5000"),
            ("5e-3", 5, 3, "0.005"),
            ("0e9999", 0, 0, "0"),
            ("1e27", 10_i128.pow(27), 0, "1000000000000000000000000000"),
            ("1e-28", 1, 28, "0.0000000000000000000000000001"),
            (
                "9999999999999999999999999999",
                10_i128.pow(28) - 1,
                0,
                "9999999999999999999999999999",
            ),
            (
                "-0.9999999999999999999999999999",
                1 - 10_i128.pow(28),
                28,
                "-0.9999999999999999999999999999",
            ),
        ];
        for (text, mantissa, scale, shown) in cases {
            let number = Decimal::parse(text).unwrap();
            let got = (number.mantissa(), number.scale(), number.to_string());
            assert_eq!(got, (mantissa, scale, shown.to_owned()), "{text}");
            assert_eq!(number.is_negative(), mantissa < 0, "{text}");
            assert_eq!(number.is_zero(), mantissa == 0, "{text}");
        }
    }

    #[test]
    fn wrong_text_is_an_error() {
        let long = "1".repeat(1_000_000);
        let cases = [
            ("", NumberError::Empty),
            ("-", NumberError::NotANumber),
            (".5", NumberError::NotANumber),
            ("5.", NumberError::NotANumber),
            ("1e", NumberError::NotANumber),
            ("1e+", NumberError::NotANumber),
            ("1e1e1", NumberError::NotANumber),
            ("1_000", NumberError::NotANumber),
            (" 1", NumberError::NotANumber),
            ("1.2.3", NumberError::NotANumber),
            ("--1", NumberError::NotANumber),
            ("NaN", NumberError::NotANumber),
            ("inf", NumberError::NotANumber),
            ("٣", NumberError::NotANumber),
            ("1e999999999", NumberError::TooManyDigits),
            ("1e-999999999", NumberError::TooManyDigits),
            ("1e99999999999999999999999999", NumberError::TooManyDigits),
            ("1e9999", NumberError::TooManyDigits),
            ("1e28", NumberError::TooManyDigits),
            ("1e-29", NumberError::TooManyDigits),
            ("1.0e-28", NumberError::TooManyDigits),
            ("10000000000000000000000000000", NumberError::TooManyDigits),
            ("0.123456789012345678901234567890", NumberError::TooManyDigits),
            (&long, NumberError::TooManyDigits),
        ];
        for (text, error) in cases {
            assert_eq!(Decimal::parse(text), Err(error), "{text:.40}");
        }
        let zeros = format!("{}1", "0".repeat(1_000_000));
        assert_eq!(Decimal::parse(&zeros), Decimal::parse("1"));
    }

    #[test]
    fn whole_values_are_integers() {
        for (text, whole) in [("2.00", true), ("-3", true), ("0.0", true), ("2.01", false)] {
            assert_eq!(Decimal::parse(text).unwrap().is_integer(), whole, "{text}");
        }
    }

    fn hash(number: Decimal) -> u64 {
        let mut hasher = DefaultHasher::new();
        number.hash(&mut hasher);
        hasher.finish()
    }

    /// Compares by whole numbers at the larger scale, independently of the stored type.
    fn exact_order(a: Decimal, b: Decimal) -> Ordering {
        let at = |d: Decimal| {
            num_bigint::BigInt::from(d.mantissa())
                * num_bigint::BigInt::from(10).pow(28 - d.scale())
        };
        at(a).cmp(&at(b))
    }

    proptest! {
        #[test]
        fn order_and_hash_are_numeric(
            a in -LARGEST..=LARGEST,
            b in -2_000_i128..2_000,
            scales in (0_u32..=28, 0_u32..=28, 0_u32..=3),
        ) {
            let big = Decimal::from_parts(a, scales.0).unwrap();
            let other = Decimal::from_parts(a / 10 + b, scales.1).unwrap();
            prop_assert_eq!(big.cmp(&other), exact_order(big, other));
            let small = Decimal::from_parts(b, scales.2).unwrap();
            let padded = Decimal::from_parts(b * 1000, scales.2 + 3).unwrap();
            prop_assert_eq!(small, padded);
            prop_assert_eq!(hash(small), hash(padded));
        }

        #[test]
        fn display_reads_back(mantissa in any::<i64>(), scale in 0_u32..=28) {
            let number = Decimal::from_parts(i128::from(mantissa), scale).unwrap();
            let again = Decimal::parse(&number.to_string()).unwrap();
            prop_assert_eq!((again.mantissa(), again.scale()), (number.mantissa(), number.scale()));
        }

        #[test]
        fn any_text_is_answered(text in "[-+0-9.eE]{0,40}") {
            let _ = Decimal::parse(&text);
        }
    }
}
