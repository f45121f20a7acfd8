//! A stretch of days, both ends included; an end that is not there is open.

use std::fmt;

use super::Date;

/// The days from the first to the last, both included; a side that is `None` is open.
///
/// ```
/// use chitieu::calendar::{Date, Period};
///
/// let year = Period::year(2023).unwrap();
/// assert!(year.contains(Date::new(2023, 12, 31).unwrap()));
/// assert_eq!(year.to_string(), "2023-01-01/2023-12-31");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// The first day that belongs to it.
    pub first: Option<Date>,
    /// The last day that belongs to it.
    pub last: Option<Date>,
}

impl Period {
    /// All days.
    pub fn all() -> Self {
        Self { first: None, last: None }
    }

    /// One day.
    pub fn day(day: Date) -> Self {
        Self { first: Some(day), last: Some(day) }
    }

    /// A calendar year, 1 to 9999.
    pub fn year(year: i32) -> Option<Self> {
        Self::months(year, 1, 12)
    }

    /// The months of a year from the first to the last, both included.
    pub fn months(year: i32, first: u32, last: u32) -> Option<Self> {
        if first > last {
            return None;
        }
        let end = (28..=31).rev().find_map(|day| Date::new(year, last, day))?;
        Some(Self { first: Some(Date::new(year, first, 1)?), last: Some(end) })
    }

    /// The first day, unless it is open on that side.
    pub fn first_day(&self) -> Option<Date> {
        self.first
    }

    /// The last day, unless it is open on that side. As a due date a period means this day.
    pub fn last_day(&self) -> Option<Date> {
        self.last
    }

    /// Whether a day belongs to it.
    pub fn contains(&self, day: Date) -> bool {
        self.first.is_none_or(|first| first <= day) && self.last.is_none_or(|last| day <= last)
    }

    /// Whether it is one day alone.
    pub fn is_day(&self) -> bool {
        self.first.is_some() && self.first == self.last
    }

    /// Whether some day belongs to both.
    pub fn intersects(&self, other: &Self) -> bool {
        let reaches = |first: Option<Date>, last: Option<Date>| match (first, last) {
            (Some(first), Some(last)) => first <= last,
            _ => true,
        };
        reaches(self.first, other.last)
            && reaches(other.first, self.last)
            && reaches(self.first, self.last)
            && reaches(other.first, other.last)
    }

    /// The period as Vietnamese readers write it: `30/06/2023`, `năm 2023`,
    /// `từ 01/07/2024 đến 30/06/2025`, `từ 01/07/2024`, `đến 30/06/2025`; empty for all days.
    pub fn to_vi(&self) -> String {
        match (self.first, self.last) {
            (None, None) => String::new(),
            (Some(first), None) => format!("từ {}", first.to_vi()),
            (None, Some(last)) => format!("đến {}", last.to_vi()),
            (Some(first), Some(_)) if self.is_day() => first.to_vi(),
            (Some(first), Some(_)) if Self::year(first.year()).as_ref() == Some(self) => {
                format!("năm {}", first.year())
            }
            (Some(first), Some(last)) => format!("từ {} đến {}", first.to_vi(), last.to_vi()),
        }
    }
}

/// Writes a day as `2023-12-31`, a period as `2023-01-01/2023-12-31`, an open side as `..`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (Some(first), Some(last)) if first == last => write!(f, "{first}"),
            (Some(first), Some(last)) => write!(f, "{first}/{last}"),
            (Some(first), None) => write!(f, "{first}/.."),
            (None, Some(last)) => write!(f, "../{last}"),
            (None, None) => f.write_str("../.."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<Date> {
        let mut parts = text.split('-').map(|part| part.parse::<u32>().unwrap_or(0));
        let mut part = || parts.next().unwrap_or(0);
        Date::new(i32::try_from(part()).unwrap(), part(), part())
    }

    fn period(first: &str, last: &str) -> Period {
        Period { first: date(first), last: date(last) }
    }

    #[test]
    fn forms() {
        let cases = [
            (period("2023-06-30", "2023-06-30"), "2023-06-30", "30/06/2023"),
            (period("2023-01-01", "2023-12-31"), "2023-01-01/2023-12-31", "năm 2023"),
            (
                period("2023-01-01", "2023-12-30"),
                "2023-01-01/2023-12-30",
                "từ 01/01/2023 đến 30/12/2023",
            ),
            (period("2024-07-01", ""), "2024-07-01/..", "từ 01/07/2024"),
            (period("", "2025-06-30"), "../2025-06-30", "đến 30/06/2025"),
            (Period::all(), "../..", ""),
        ];
        for (period, iso, vi) in cases {
            assert_eq!((period.to_string().as_str(), period.to_vi().as_str()), (iso, vi));
        }
    }

    #[test]
    fn membership() {
        let cases = [
            (period("2023-01-01", "2023-12-31"), "2023-01-01", true),
            (period("2023-01-01", "2023-12-31"), "2023-12-31", true),
            (period("2023-01-01", "2023-12-31"), "2024-01-01", false),
            (period("2024-07-01", ""), "2024-06-30", false),
            (period("2024-07-01", ""), "9999-12-31", true),
            (period("", "2025-06-30"), "0001-01-01", true),
            (Period::all(), "2023-05-05", true),
        ];
        for (period, day, inside) in cases {
            let day = date(day).unwrap();
            assert_eq!(period.contains(day), inside, "{period} {day}");
            assert_eq!(period.intersects(&Period::day(day)), inside, "{period} {day}");
            assert_eq!(Period::day(day).intersects(&period), inside, "{period} {day}");
        }
        let backwards = period("2023-12-31", "2023-01-01");
        assert!(!backwards.intersects(&Period::all()));
    }

    #[test]
    fn months_end_where_the_calendar_says() {
        let cases = [
            ((2023, 2, 2), Some("2023-02-01/2023-02-28")),
            ((2024, 2, 2), Some("2024-02-01/2024-02-29")),
            ((2023, 4, 6), Some("2023-04-01/2023-06-30")),
            ((2023, 1, 12), Some("2023-01-01/2023-12-31")),
            ((2023, 3, 2), None),
            ((2023, 0, 2), None),
            ((2023, 1, 13), None),
            ((0, 1, 12), None),
        ];
        for ((year, first, last), expected) in cases {
            let shown = Period::months(year, first, last).map(|p| p.to_string());
            assert_eq!(shown.as_deref(), expected, "{year} {first} {last}");
        }
        assert!(Period::day(date("2023-01-01").unwrap()).is_day());
        assert!(!Period::year(2023).unwrap().is_day() && !Period::all().is_day());
    }
}
