//! What is said of a plain figure, in words of the machine.
//!
//! Enters: what an evaluator of integers found. Leaves: the figures of a judgement, to be written
//! as they stand. The one idea: a fraction of two integers needs no lowest terms to be compared or
//! written. Invariant: whatever does not fit is not said here, but asked of the reference
//! evaluator.

use std::cmp::Ordering;

use super::{Progress, Verdict};
use crate::number::Rational;

/// A fraction, not in lowest terms; what it is divided by is above 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ratio {
    pub(crate) above: i128,
    pub(crate) below: i128,
}

impl Ratio {
    /// The fraction of two numbers; nothing where there is none, or it does not fit.
    pub(crate) fn new(above: i128, below: i128) -> Option<Self> {
        match below {
            0 => None,
            1.. => Some(Self { above, below }),
            _ => Some(Self { above: above.checked_neg()?, below: below.checked_neg()? }),
        }
    }

    /// `mantissa · 10^-scale`.
    pub(crate) fn decimal(mantissa: i64, scale: u32) -> Option<Self> {
        Some(Self { above: mantissa.into(), below: power(scale)? })
    }

    /// A whole number.
    pub(crate) const fn whole(above: i128) -> Self {
        Self { above, below: 1 }
    }

    /// The number, where two words hold it in lowest terms.
    pub(crate) fn of(number: &Rational) -> Option<Self> {
        let (above, below) = number.in_words()?;
        Some(Self { above: above.into(), below: below.into() })
    }

    /// This number less another.
    pub(crate) fn less(self, other: Self) -> Option<Self> {
        if self.below == other.below {
            return Self::new(self.above.checked_sub(other.above)?, self.below);
        }
        let left = product(self.above, other.below)?;
        let right = product(other.above, self.below)?;
        Self::new(left.checked_sub(right)?, product(self.below, other.below)?)
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        Self::new(product(self.above, other.above)?, product(self.below, other.below)?)
    }

    /// This number divided by another; nothing where that is 0.
    pub(crate) fn over(self, other: Self) -> Option<Self> {
        Self::new(product(self.above, other.below)?, product(self.below, other.above)?)
    }

    pub(crate) fn negated(self) -> Option<Self> {
        Self::new(self.above.checked_neg()?, self.below)
    }

    pub(crate) fn abs(self) -> Option<Self> {
        if self.above < 0 { self.negated() } else { Some(self) }
    }

    pub(crate) fn cmp(self, other: Self) -> Option<Ordering> {
        if self.below == other.below {
            return Some(self.above.cmp(&other.above));
        }
        let left = product(self.above, other.below)?;
        Some(left.cmp(&product(other.above, self.below)?))
    }

    pub(crate) const fn is_whole(self) -> bool {
        self.below == 1 || self.above.wrapping_rem(self.below) == 0
    }

    /// The largest whole number that is not above it.
    pub(crate) const fn floor(self) -> i128 {
        self.above.div_euclid(self.below)
    }

    /// The smallest whole number that is not below it.
    pub(crate) fn ceil(self) -> Option<i128> {
        self.floor().checked_add(i128::from(!self.is_whole()))
    }

    /// The same number in lowest terms.
    pub(crate) fn rational(self) -> Rational {
        Rational::words(self.above, self.below)
    }
}

/// The product; that of two words always fits.
#[inline]
fn product(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a).wrapping_mul(i128::from(b))),
        _ => a.checked_mul(b),
    }
}

/// Powers of ten that a word holds.
pub(crate) const POWERS: [i64; 19] = {
    let mut powers = [1; 19];
    let mut rest: &mut [i64] = &mut powers;
    let mut power = 1_i64;
    while let Some((first, others)) = rest.split_first_mut() {
        *first = power;
        power = power.wrapping_mul(10);
        rest = others;
    }
    powers
};

/// Ten to a power, where a word holds it.
#[inline]
pub(crate) fn power(exponent: u32) -> Option<i128> {
    POWERS.get(exponent as usize).map(|power| i128::from(*power))
}

/// The figures of a judgement of plain numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) verdict: Verdict,
    pub(crate) progress: Option<Progress>,
    pub(crate) measured: Seen,
    /// What a number was compared with: both ends of a range, one end twice.
    pub(crate) ends: [Ratio; 2],
    pub(crate) margin: Option<Ratio>,
    pub(crate) attainment: Option<Ratio>,
    /// Numerator and denominator, each as its digits and how many of them stand after the point.
    pub(crate) fraction: Option<[(i64, u32); 2]>,
    /// The value that the step would add to the figure.
    pub(crate) step: Option<Ratio>,
    pub(crate) rounding_sensitive: bool,
    /// Which of the needed figures are missing.
    pub(crate) missing: [bool; 2],
    /// The places of the figures that were used, among the entries of the snapshot.
    pub(crate) entries: [Option<u32>; 2],
}

/// What was measured.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Seen {
    /// Nothing, or no number could be made of it.
    Nothing,
    Number(Ratio),
    Truth(bool),
}
