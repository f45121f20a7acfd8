//! Rational numbers as digits.
//!
//! Enters: a number. Leaves: its digits, or how many there are. The one idea: a number of two
//! words is written with words; only what is larger asks for numbers of any size. Invariant: both
//! ways write the same.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, Zero};

use super::Form::{Big, Small};
use super::Rational;

impl Rational {
    /// How many digits after the point the exact value needs; nothing where it never ends.
    ///
    /// ```
    /// use chitieu::number::Rational;
    ///
    /// let eighth = Rational::from(1_i64).div(&Rational::from(8_i64)).unwrap();
    /// assert_eq!(eighth.decimal_places(), Some(3));
    /// ```
    pub fn decimal_places(&self) -> Option<u32> {
        if self.is_integer() {
            return Some(0);
        }
        if let Small(_, denominator) = &self.0 {
            return places_of(denominator.unsigned_abs());
        }
        let denominator = self.denominator();
        let twos = denominator.trailing_zeros().unwrap_or(0);
        let mut rest = denominator >> twos;
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

    /// How many digits numerator and denominator have, without a sign.
    pub fn lengths(&self) -> [u32; 2] {
        match &self.0 {
            Small(numerator, denominator) => [*numerator, *denominator].map(|word| {
                word.unsigned_abs().checked_ilog10().map_or(1, |log| log.saturating_add(1))
            }),
            Big(wide) => [wide.numer(), wide.denom()].map(|number| {
                u32::try_from(number.magnitude().to_string().len()).unwrap_or(u32::MAX)
            }),
        }
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
        if let Small(numerator, denominator) = &self.0
            && let Some(text) = rounded_words(*numerator, denominator.unsigned_abs(), places)
        {
            return text;
        }
        let shifted = self.numerator().abs() * BigInt::from(10).pow(places);
        let denominator = self.denominator();
        let doubled: BigInt = shifted * 2 + &denominator;
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

/// [`Rational::decimal_places`] of a fraction in lowest terms with this denominator.
fn places_of(denominator: u64) -> Option<u32> {
    let twos = denominator.trailing_zeros();
    let (mut rest, mut fives) = (denominator.checked_shr(twos)?, 0);
    while rest > 1 {
        if !rest.is_multiple_of(5) {
            return None;
        }
        rest /= 5;
        fives += 1;
    }
    Some(fives.max(twos))
}

/// [`Rational::rounded`], where all numbers on the way fit; `denominator` is not zero.
fn rounded_words(numerator: i64, denominator: u64, places: u32) -> Option<String> {
    let shifted = u128::from(numerator.unsigned_abs()).checked_mul(10_u128.checked_pow(places)?)?;
    let doubled = shifted.checked_mul(2)?.checked_add(denominator.into())?;
    let units = doubled.checked_div(u128::from(denominator) * 2)?;
    let mut rest = u64::try_from(units).ok()?;
    // The last digit first, turned round at the end.
    let mut text = Vec::with_capacity(24);
    let mut count = 0;
    while rest > 0 || count <= places {
        if count == places && places > 0 {
            text.push(b'.');
        }
        let [digit, ..] = (rest % 10).to_le_bytes();
        text.push(b'0' + digit);
        rest /= 10;
        count += 1;
    }
    if numerator < 0 && units > 0 {
        text.push(b'-');
    }
    text.reverse();
    String::from_utf8(text).ok()
}
