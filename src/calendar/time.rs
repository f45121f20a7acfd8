//! The words for times: text in normal form enters, a [`Period`] leaves.
//!
//! A time is a frame (`từ … đến …`, `đến`, `trước`, `sau`) around a moment, a moment is a base or
//! its end (`hết`, `cuối`), a base is a day, month, quarter, year, part of a year or a span of
//! two of them. Each layer calls the next one only, so that no text nests.

use super::{Date, Period};

/// Why a text is not a time, and where it is sure, what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// There is no text.
    #[error("the time is empty")]
    Empty,
    /// The text is none of the forms of a time.
    #[error("`{text}` is not a time")]
    NotATime {
        /// The part that was not understood.
        text: String,
        /// The same time in a form that is.
        offer: Option<String>,
    },
    /// The month has no such day.
    #[error("there is no day `{text}`")]
    NoSuchDay {
        /// The date as written.
        text: String,
        /// The last day of the month, where the day is one past it.
        offer: Option<String>,
    },
    /// A month below 1 or above 12, or more than 12 months of a year.
    #[error("`{text}`: a year has the months 1 to 12")]
    NoSuchMonth {
        /// The date or month as written.
        text: String,
        /// The date with day and month in order, where they were exchanged.
        offer: Option<String>,
    },
    /// A quarter below 1 or above 4.
    #[error("`{text}`: a year has the quarters 1 to 4")]
    NoSuchQuarter {
        /// The quarter as written.
        text: String,
    },
    /// The year 0.
    #[error("there is no year `{text}`")]
    NoSuchYear {
        /// The year as written.
        text: String,
    },
    /// A year of two digits.
    #[error("the year of `{text}` needs four digits")]
    ShortYear {
        /// The date or year as written.
        text: String,
        /// The same with four digits.
        offer: Option<String>,
    },
    /// `đầu năm N` alone: as a base it is the last day of the year before, as a start its own
    /// first day.
    #[error("`{text}` means `{before}` or `{first}`")]
    StartOfPeriod {
        /// The time as written.
        text: String,
        /// The day before the period, as Vietnamese readers write it.
        before: String,
        /// The first day of the period.
        first: String,
    },
    /// The period ends before it starts, or nothing lies before or after it.
    #[error("the period ends before it starts")]
    EndBeforeStart,
}

impl TimeError {
    /// The part of the text that is wrong, to be replaced by [`TimeError::offer`].
    pub fn part(&self) -> Option<&str> {
        match self {
            Self::Empty | Self::EndBeforeStart => None,
            Self::NotATime { text, .. }
            | Self::NoSuchDay { text, .. }
            | Self::NoSuchMonth { text, .. }
            | Self::NoSuchQuarter { text }
            | Self::NoSuchYear { text }
            | Self::ShortYear { text, .. }
            | Self::StartOfPeriod { text, .. } => Some(text),
        }
    }

    /// What to write instead of [`TimeError::part`], where one reading is sure.
    pub fn offer(&self) -> Option<&str> {
        match self {
            Self::NotATime { offer, .. }
            | Self::NoSuchDay { offer, .. }
            | Self::NoSuchMonth { offer, .. }
            | Self::ShortYear { offer, .. } => offer.as_deref(),
            _ => None,
        }
    }

    fn not_a_time(text: &str) -> Self {
        Self::NotATime { text: text.to_owned(), offer: None }
    }
}

type Parsed = Result<Period, TimeError>;

/// The most bytes that a time may have; the longest true one is far shorter.
const LONGEST: usize = 200;

/// Reads a time; the text is in normal form.
///
/// ```
/// use chitieu::calendar::parse;
///
/// assert_eq!(parse("quí iv/2025")?.to_string(), "2025-10-01/2025-12-31");
/// assert_eq!(parse("trước 01/07/2025")?.to_string(), "../2025-06-30");
/// assert_eq!(parse("31/02/2023").unwrap_err().offer(), Some("28/02/2023"));
/// # Ok::<(), chitieu::calendar::TimeError>(())
/// ```
///
/// # Errors
///
/// A [`TimeError`] that names the wrong part, with what to write instead where that is sure.
pub fn parse(normal: &str) -> Parsed {
    let text = normal.trim();
    if text.is_empty() {
        return Err(TimeError::Empty);
    }
    if text.len() > LONGEST {
        return Err(TimeError::not_a_time(text));
    }
    if let Some(rest) = after_word(text, &["từ", "from"]) {
        return match split_span(rest) {
            Some((start, end)) => between(start_of(start)?, moment(end)?),
            None => Ok(Period { first: start_of(rest)?.first, last: None }),
        };
    }
    if let Some(rest) = after_word(text, &["đến", "by", "until"]) {
        return Ok(Period { first: None, last: moment(rest)?.last });
    }
    if let Some(rest) = after_word(text, &["trước", "before"]) {
        let last = moment(rest)?.first.and_then(Date::previous);
        return last.map(|last| Period { first: None, last: Some(last) }).ok_or(NOTHING);
    }
    if let Some(rest) = after_word(text, &["sau", "after"]) {
        let first = moment(rest)?.last.and_then(Date::next);
        return first.map(|first| Period { first: Some(first), last: None }).ok_or(NOTHING);
    }
    moment(text)
}

const NOTHING: TimeError = TimeError::EndBeforeStart;

/// A base, or the end of one (`hết`, `cuối`), which is its last day.
fn moment(text: &str) -> Parsed {
    if let Some(rest) = after_word(text, &["hết", "cuối", "end of", "the end of"]) {
        return Ok(base(rest)?.last.map_or_else(Period::all, Period::day));
    }
    if let Some(rest) = after_word(text, START) {
        let shown = |day: Option<Date>| day.map(Date::to_vi).unwrap_or_default();
        let first = base(rest)?.first;
        return Err(TimeError::StartOfPeriod {
            text: text.to_owned(),
            before: shown(first.and_then(Date::previous)),
            first: shown(first),
        });
    }
    base(text)
}

const START: &[&str] = &["đầu", "start of", "the start of", "beginning of"];

/// What follows `từ`: there `đầu năm` has one reading only.
fn start_of(text: &str) -> Parsed {
    after_word(text, START).map_or_else(|| moment(text), base)
}

fn base(text: &str) -> Parsed {
    if let Some(rest) = after_word(text, &["giai đoạn", "period"]) {
        let rest = after_word(rest, &["từ", "from"]).unwrap_or(rest);
        let (start, end) = split_span(rest).ok_or_else(|| TimeError::not_a_time(text))?;
        return between(simple(start)?, simple(end)?);
    }
    let Some((start, end)) = split_span(text) else { return simple(text) };
    if let Some(error) = year_and_month(text, start, end) {
        return Err(error);
    }
    between(simple(start)?, simple(end)?)
}

/// `2023-06` may be a month and `2010-12` three years: only what can be no span is offered.
fn year_and_month(text: &str, start: &str, end: &str) -> Option<TimeError> {
    let (year, month) = (number(start)?, number(end)?);
    if end.len() != 2 || !(1..=12).contains(&month) {
        return None;
    }
    let offer = (start.len() == 4 && year > 2000 + month).then(|| format!("tháng {end}/{start}"));
    Some(TimeError::NotATime { text: text.to_owned(), offer })
}

fn between(start: Period, end: Period) -> Parsed {
    let period = Period { first: start.first, last: end.last };
    if period.first > period.last { Err(NOTHING) } else { Ok(period) }
}

/// The two sides of `A đến B`, `A - B` or `A-B`; a date with dashes is no span.
fn split_span(text: &str) -> Option<(&str, &str)> {
    let mark = [" đến ", " to ", " - "].into_iter().find(|mark| text.contains(mark));
    let (start, end) = match mark {
        Some(mark) => text.split_once(mark)?,
        None => text.split_once('-').filter(|(_, end)| !end.contains('-'))?,
    };
    Some((start.trim(), end.trim()))
}

/// A day, month, quarter, year or part of a year.
fn simple(text: &str) -> Parsed {
    if let Some(rest) = after_word(text, &["năm", "year"]) {
        return year(rest);
    }
    if let Some(rest) = after_word(text, &["ngày", "day"]) {
        return long_date(rest).unwrap_or_else(|| date(rest));
    }
    if let Some(rest) = after_word(text, &["tháng", "month"]) {
        return month(text, rest);
    }
    let short_quarter = || text.strip_prefix('q').filter(|r| r.starts_with(is_digit));
    if let Some(rest) = after_word(text, &["quí", "quarter"]).or_else(short_quarter) {
        return quarter(text, rest);
    }
    if let Some(period) = months_of_year(text) {
        return period;
    }
    if is_digits(text) { year(text) } else { date(text) }
}

fn year(text: &str) -> Parsed {
    Period::year(year_number(text)?).ok_or_else(|| TimeError::NoSuchYear { text: text.to_owned() })
}

/// A year of four digits, perhaps after `năm`, `of` or both.
fn year_number(text: &str) -> Result<i32, TimeError> {
    let text = after_word(text, &["of"]).unwrap_or(text);
    let digits = after_word(text, &["năm", "year"]).unwrap_or(text);
    match (digits.len(), number(digits)) {
        (4, Some(0)) => Err(TimeError::NoSuchYear { text: digits.to_owned() }),
        (4, Some(year)) => i32::try_from(year).map_err(|_| TimeError::not_a_time(digits)),
        (2, Some(year)) => Err(TimeError::ShortYear {
            text: digits.to_owned(),
            offer: (year < 70).then(|| format!("20{digits}")),
        }),
        _ => Err(TimeError::not_a_time(digits)),
    }
}

/// `6/2023`, `6 năm 2023`, `6 of 2023`: what stands before the year, and the year.
fn part_of_year(text: &str) -> Result<(&str, i32), TimeError> {
    let split = text.split_once('/').or_else(|| text.split_once(' '));
    let (part, year) = split.ok_or_else(|| TimeError::not_a_time(text))?;
    Ok((part.trim(), year_number(year.trim())?))
}

fn month(text: &str, rest: &str) -> Parsed {
    let (part, year) = part_of_year(rest)?;
    let month = number(part).ok_or_else(|| TimeError::not_a_time(text))?;
    Period::months(year, month, month)
        .ok_or_else(|| TimeError::NoSuchMonth { text: text.to_owned(), offer: None })
}

fn quarter(text: &str, rest: &str) -> Parsed {
    let (part, year) = part_of_year(rest)?;
    let quarter = match part {
        "i" => 1,
        "ii" => 2,
        "iii" => 3,
        "iv" => 4,
        _ => number(part).ok_or_else(|| TimeError::not_a_time(text))?,
    };
    let last = quarter * 3;
    let period = if quarter == 0 { None } else { Period::months(year, last - 2, last) };
    period.ok_or_else(|| TimeError::NoSuchQuarter { text: text.to_owned() })
}

/// `6 tháng đầu năm 2023`, `last 6 months of 2023`; nothing where the text has another form.
fn months_of_year(text: &str) -> Option<Parsed> {
    let english = |word| {
        let (count, year) = after_word(text, &[word])?.split_once(" months ")?;
        Some((count, year))
    };
    let first = text.split_once(" tháng đầu ").or_else(|| english("first"));
    let (at_start, (count, year)) = match first {
        Some(parts) => (true, parts),
        None => (false, text.split_once(" tháng cuối ").or_else(|| english("last"))?),
    };
    let count = number(count)?;
    let period = |year| match (count, at_start) {
        (1..=12, true) => Period::months(year, 1, count),
        (1..=12, false) => Period::months(year, 13 - count, 12),
        _ => None,
    };
    let wrong = || TimeError::NoSuchMonth { text: text.to_owned(), offer: None };
    Some(year_number(year).and_then(|year| period(year).ok_or_else(wrong)))
}

/// `30 tháng 6 năm 2023`; nothing where the text has another form.
fn long_date(text: &str) -> Option<Parsed> {
    let (day, rest) = text.split_once(" tháng ")?;
    let (month, year) = rest.split_once(" năm ")?;
    Some(day_of(text, number(day)?, number(month)?, year))
}

/// `30/06/2023`, `30-06-2023`, `2023-06-30`.
fn date(text: &str) -> Parsed {
    let dashes = text.contains('-');
    let mut parts = text.split(['/', '-', '.']).map(str::trim);
    let not_a_time = || TimeError::not_a_time(text);
    let (Some(a), Some(b), c, None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(not_a_time());
    };
    let Some(c) = c else { return Err(month_without_word(text, a, b)) };
    let year_first = a.len() == 4;
    let (day, year) = if year_first { (c, a) } else { (a, c) };
    let (Some(day), Some(month)) = (number(day), number(b)) else { return Err(not_a_time()) };
    let period = day_of(text, day, month, year)?;
    let known = if dashes { !text.contains(['/', '.']) } else { !text.contains('.') };
    if !known || (year_first && !dashes) {
        let offer = period.first.map(Date::to_vi);
        return Err(TimeError::NotATime { text: text.to_owned(), offer });
    }
    Ok(period)
}

/// `6/2023` has one reading, but looks so much like half a date that it must say so.
fn month_without_word(text: &str, month: &str, year: &str) -> TimeError {
    let is_month = text.contains('/') && number(month).is_some_and(|m| (1..=12).contains(&m));
    let offer = (is_month && year_number(year).is_ok()).then(|| format!("tháng {text}"));
    TimeError::NotATime { text: text.to_owned(), offer }
}

fn day_of(text: &str, day: u32, month: u32, year: &str) -> Parsed {
    let owned = || text.to_owned();
    let year = match year_number(year) {
        Ok(year) => year,
        // The offer stands for the whole date, so that it can be written over it.
        Err(TimeError::ShortYear { offer, .. }) => {
            let stem = text.strip_suffix(year);
            let offer = stem.zip(offer).map(|(stem, year)| format!("{stem}{year}"));
            return Err(TimeError::ShortYear { text: owned(), offer });
        }
        Err(error) => return Err(error),
    };
    if let Some(date) = Date::new(year, month, day) {
        return Ok(Period::day(date));
    }
    let Some(whole) = Period::months(year, month, month) else {
        let exchanged = Date::new(year, day, month).map(Date::to_vi);
        return Err(TimeError::NoSuchMonth { text: owned(), offer: exchanged });
    };
    let past_the_end = (29..=31).contains(&day);
    let offer = whole.last.filter(|_| past_the_end).map(Date::to_vi);
    Err(TimeError::NoSuchDay { text: owned(), offer })
}

/// The text after one of the words and a space.
fn after_word<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    let after = |word: &&str| text.strip_prefix(*word)?.strip_prefix(' ');
    words.iter().find_map(after).map(str::trim_start)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_digit)
}

/// A number of at most four digits.
fn number(text: &str) -> Option<u32> {
    if is_digits(text) && text.len() <= 4 { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
