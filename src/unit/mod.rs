//! Units: what a figure counts or measures, and which figures may be compared.
//!
//! Words in normal form enter through [`parse()`] (units that the language knows) or [`parse_any`]
//! (any noun), a [`Unit`] leaves; factors between units are exact.
//!
//! INVARIANT: a factor exists only within one kind, so that figures of different kinds never
//! meet in a comparison.

mod convert;
mod label;
mod parse;

pub use parse::{parse, parse_any};

use crate::number::Decimal;

/// What a figure is a number of.
///
/// Two units may be written differently and still be alike: ask [`Unit::same_kind`] and
/// [`Unit::factor_to`], not equality.
///
/// ```
/// use chitieu::unit::parse;
///
/// let (billion, million) = (parse("tỉ đồng").unwrap(), parse("triệu đồng").unwrap());
/// assert_eq!(billion.factor_to(&million).map(|f| f.to_string()).as_deref(), Some("1000"));
/// assert_eq!(billion.factor_to(&parse("%").unwrap()), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `%`: a share of a hundred.
    Percent,
    /// `‰`: a share of a thousand.
    Permille,
    /// `điểm phần trăm`: a difference of percentages.
    PercentPoint,
    /// `lần`: a pure ratio.
    Times,
    /// `điểm`: points of a score, perhaps with the most there are (`18,8/20 điểm`).
    Points {
        /// The most points there are, where it is written.
        of: Option<Decimal>,
    },
    /// `hạng`: a place in an order, 1 being the best.
    Rank,
    /// An amount of money.
    Money {
        /// The unit in its usual spelling, `tỷ đồng`.
        label: String,
        /// The power of ten of its scale words, 9 for `tỷ`.
        power: u32,
        /// The code of the currency, `VND`.
        currency: String,
    },
    /// A length of time.
    Duration {
        /// What it is counted in.
        step: Step,
    },
    /// Things counted, by a noun that is only a label; without one a plain number.
    Count {
        /// The noun as people see it.
        noun: Option<String>,
    },
    /// So much for every so many: `giờ/tuần`, `giường/10.000 dân`.
    Rate {
        /// The unit above the stroke.
        of: Box<Unit>,
        /// How many of the noun, a whole number of at least 1.
        per: Decimal,
        /// The noun below the stroke, in normal form.
        noun: String,
    },
    /// A yes or a no.
    YesNo,
}

/// What a length of time is counted in.
///
/// Seconds to weeks convert into each other, and so do months and years; a month has no fixed
/// number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// `giây`
    Second,
    /// `phút`
    Minute,
    /// `giờ`
    Hour,
    /// `ngày`
    Day,
    /// `tuần`
    Week,
    /// `tháng`
    Month,
    /// `năm`
    Year,
}
