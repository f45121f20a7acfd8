//! One day: a count of days that knows its year, month and day.
//!
//! The count makes comparing and subtracting days cheap; `jiff` knows how long months are.

use std::fmt;

use jiff::ToSpan;
use jiff::civil;

/// A day of the Gregorian calendar in the years 1 to 9999.
///
/// ```
/// use chitieu::calendar::Date;
///
/// let date = Date::new(2023, 12, 31).unwrap();
/// assert_eq!(date.to_string(), "2023-12-31");
/// assert_eq!(date.to_vi(), "31/12/2023");
/// assert_eq!(date.next(), Date::new(2024, 1, 1));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    days: i32,
}

const EPOCH: civil::Date = civil::date(1970, 1, 1);

impl Date {
    /// The day, or nothing where the calendar has no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        let (year, month, day) =
            (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Self::from_civil(civil::Date::new(year, month, day).ok()?)
    }

    /// The day that lies so many days after 1970-01-01, or nothing outside the years 1 to 9999.
    pub fn from_days(days: i32) -> Option<Self> {
        Self::from_civil(EPOCH.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?)
    }

    /// The days since 1970-01-01, negative before it.
    pub fn days(self) -> i32 {
        self.days
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> i32 {
        i32::from(self.civil().year())
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        u32::from(self.civil().month().unsigned_abs())
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u32 {
        u32::from(self.civil().day().unsigned_abs())
    }

    /// The day after this one, unless the calendar ends.
    pub fn next(self) -> Option<Self> {
        self.add_days(1)
    }

    /// The day before this one, unless the calendar begins.
    pub fn previous(self) -> Option<Self> {
        self.add_days(-1)
    }

    /// So many days later, or earlier where the number is negative.
    pub fn add_days(self, days: i32) -> Option<Self> {
        Self::from_days(self.days.checked_add(days)?)
    }

    /// The same day a year before; for 29/02 it is 28/02. Nothing in the year 1.
    ///
    /// ```
    /// use chitieu::calendar::Date;
    ///
    /// let leap = Date::new(2024, 2, 29).unwrap();
    /// assert_eq!(leap.year_before(), Date::new(2023, 2, 28));
    /// ```
    pub fn year_before(self) -> Option<Self> {
        Self::from_civil(self.civil().checked_sub(1.year()).ok()?)
    }

    /// The day as Vietnamese readers write it, `31/12/2023`.
    pub fn to_vi(self) -> String {
        format!("{:02}/{:02}/{:04}", self.day(), self.month(), self.year())
    }

    fn from_civil(date: civil::Date) -> Option<Self> {
        if !(1..=9999).contains(&date.year()) {
            return None;
        }
        Some(Self { days: EPOCH.until(date).ok()?.get_days() })
    }

    /// INVARIANT: `days` was counted from a day of `jiff`, so that the sum exists.
    fn civil(self) -> civil::Date {
        EPOCH.saturating_add(jiff::Span::new().days(self.days))
    }
}

/// Writes the ISO form, `2023-12-31`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_exist_or_not() {
        let cases = [
            (2023, 12, 31, Some("2023-12-31")),
            (2024, 2, 29, Some("2024-02-29")),
            (2023, 2, 29, None),
            (1900, 2, 29, None),
            (2000, 2, 29, Some("2000-02-29")),
            (2023, 2, 31, None),
            (2023, 0, 1, None),
            (2023, 13, 1, None),
            (2023, 1, 0, None),
            (2023, 1, 300, None),
            (2023, 1, u32::MAX, None),
            (1, 1, 1, Some("0001-01-01")),
            (9999, 12, 31, Some("9999-12-31")),
            (0, 1, 1, None),
            (-5, 1, 1, None),
            (10_000, 1, 1, None),
            (i32::MAX, 1, 1, None),
        ];
        for (year, month, day, expected) in cases {
            let shown = Date::new(year, month, day).map(|d| d.to_string());
            assert_eq!(shown.as_deref(), expected, "{year} {month} {day}");
        }
    }

    #[test]
    fn counts_and_steps() {
        let date = |y, m, d| Date::new(y, m, d).unwrap();
        assert_eq!(date(1970, 1, 1).days(), 0);
        assert_eq!(date(2000, 3, 1).days(), 11_017);
        assert_eq!(date(1969, 12, 31).days(), -1);
        assert_eq!(date(2024, 2, 28).next(), Some(date(2024, 2, 29)));
        assert_eq!(date(2023, 1, 1).previous(), Some(date(2022, 12, 31)));
        assert_eq!(date(2023, 1, 31).add_days(-31), Some(date(2022, 12, 31)));
        assert_eq!(date(9999, 12, 31).next(), None);
        assert_eq!(date(1, 1, 1).previous(), None);
        assert_eq!(date(1, 12, 31).year_before(), None);
        assert_eq!(date(2023, 6, 30).year_before(), Some(date(2022, 6, 30)));
        assert_eq!(date(2023, 3, 5).to_vi(), "05/03/2023");
        for extreme in [i32::MIN, i32::MAX] {
            assert_eq!(date(2023, 1, 1).add_days(extreme), None);
            assert_eq!(Date::from_days(extreme), None);
        }
    }

    proptest! {
        #[test]
        fn counting_and_naming_days_agree(days in -719_162_i32..=2_932_896) {
            let date = Date::from_days(days).unwrap();
            prop_assert_eq!(date.days(), days);
            prop_assert_eq!(Date::new(date.year(), date.month(), date.day()), Some(date));
            prop_assert!(date.next().is_none_or(|next| next > date));
        }
    }
}
