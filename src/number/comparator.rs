//! How a value stands to a bound: the six comparators.

use super::Rational;

/// A comparator of one value with one bound.
///
/// ```
/// use chitieu::number::{Comparator, Rational};
/// let (two, three) = (Rational::from(2_i64), Rational::from(3_i64));
/// assert!(Comparator::AtLeast.holds(&three, &two));
/// assert!(!Comparator::MoreThan.holds(&two, &two));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparator {
    /// `>=`
    AtLeast,
    /// `>`
    MoreThan,
    /// `<=`
    AtMost,
    /// `<`
    LessThan,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
}

impl Comparator {
    /// The symbol that records print.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::MoreThan => ">",
            Self::AtMost => "<=",
            Self::LessThan => "<",
            Self::Equal => "=",
            Self::NotEqual => "!=",
        }
    }

    /// Whether `value` stands so to `bound`.
    pub fn holds(self, value: &Rational, bound: &Rational) -> bool {
        match self {
            Self::AtLeast => value >= bound,
            Self::MoreThan => value > bound,
            Self::AtMost => value <= bound,
            Self::LessThan => value < bound,
            Self::Equal => value == bound,
            Self::NotEqual => value != bound,
        }
    }

    /// Higher values are better: `>=` and `>`.
    pub const fn is_floor(self) -> bool {
        matches!(self, Self::AtLeast | Self::MoreThan)
    }

    /// Lower values are better: `<=` and `<`.
    pub const fn is_ceiling(self) -> bool {
        matches!(self, Self::AtMost | Self::LessThan)
    }
}
