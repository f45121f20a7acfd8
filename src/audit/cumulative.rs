//! Which indicators count from some day on.
//!
//! Enters: the key of a name. Leaves: when such a count begins anew, or nothing where the name does
//! not say that it is one. The one idea: only the name's own words prove a count cumulative, and
//! words of a shorter span (`trong tháng`) leave open when it restarts, so that it is not audited.

use crate::calendar::Date;
use crate::number::{End, Interval, Rational};
use crate::snapshot::{Raw, Value};
use crate::unit::Unit;
use crate::{Measurement, text};

/// When a cumulative count begins anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Restart {
    /// Never: it may not fall at all.
    Never,
    /// With each calendar year: `lũy kế từ đầu năm`.
    Yearly,
}

impl Restart {
    /// Whether figures of two days count from the same day on.
    pub(super) fn joins(self, before: Date, after: Date) -> bool {
        self == Self::Never || before.year() == after.year()
    }
}

/// Words that say that a count is cumulative.
const CUMULATIVE: [&[&str]; 3] = [&["lũy", "kế"], &["cộng", "dồn"], &["cumulative"]];
/// Spans that are shorter than a year.
const SHORT: [&str; 10] =
    ["tháng", "quí", "kì", "tuần", "ngày", "month", "quarter", "period", "week", "day"];
const YEARS: [&str; 3] = ["năm", "year", "annual"];
/// Behind these a span is only an end: `lũy kế đến tháng báo cáo`.
const UNTIL: [&str; 3] = ["đến", "to", "until"];
/// Words of scale, in normal form.
const SCALE: [&str; 8] = ["nghìn", "ngàn", "vạn", "triệu", "tỉ", "thousand", "million", "billion"];

/// When the count of this name begins anew; nothing where it is not known to be cumulative.
pub(super) fn restart(key: &str) -> Option<Restart> {
    let words: Vec<&str> = words(key).collect();
    let is_cumulative =
        CUMULATIVE.iter().any(|said| words.windows(said.len()).any(|some| some == *said));
    if !is_cumulative {
        return None;
    }
    let mut found = Restart::Never;
    let before = std::iter::once("").chain(words.iter().copied());
    let after = words.iter().skip(1).copied().chain([""]);
    for ((word, before), after) in words.iter().zip(before).zip(after) {
        if UNTIL.contains(&before) {
            continue;
        }
        if SHORT.contains(word) {
            return None;
        }
        // `năm 2021` is a day in the past, from which the count goes on.
        let is_number = after.starts_with(|c: char| c.is_ascii_digit());
        if YEARS.contains(word) && !is_number {
            found = Restart::Yearly;
        }
    }
    Some(found)
}

/// What a count may be that stands behind a figure; nothing for what states no count. A figure
/// that is printed with a scale word may be rounded.
pub(super) fn span(value: &Value, unit: &Unit, given: &[&Measurement]) -> Option<Interval> {
    let (Value::Within(value), Unit::Count { .. }) = (value, unit) else { return None };
    if !given.iter().any(|one| is_scaled(one)) {
        return Some(value.clone());
    }
    let low = value.low.value().map(|low| low - &half_digit(low));
    let high = value.high.value().map(|high| high + &half_digit(high));
    let closed = |end: Option<Rational>| end.map_or(End::Unbounded, End::Closed);
    Interval::new(closed(low), closed(high))
}

fn is_scaled(given: &Measurement) -> bool {
    let has_word = |written: &str| {
        let normal = text::normal(written);
        words(&normal).any(|word| SCALE.contains(&word))
    };
    given.unit.as_deref().is_some_and(has_word)
        || matches!(&given.value, Raw::Text(written) if has_word(written))
}

/// Half of the last digit of a whole number that is not 0: 5.000 for 7.770.000.
fn half_digit(value: &Rational) -> Rational {
    let digits = value.abs().exact_decimal().filter(|_| value.is_integer()).unwrap_or_default();
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let half = &Rational::pow10(-1) * &Rational::from(5_i64);
    &half * &Rational::pow10(i32::try_from(zeros).unwrap_or_default())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_when_a_count_begins_anew() {
        let check = |name: &str, expected: Option<Restart>| {
            assert_eq!(restart(&text::normal(name)), expected, "{name}");
        };
        check("số hồ sơ", None);
        check("kế hoạch lũy tiến", None);
        check("số hồ sơ lũy kế", Some(Restart::Never));
        check("Số hồ sơ (luỹ kế)", Some(Restart::Never));
        check("lũy kế từ năm 2021", Some(Restart::Never));
        check("số tài khoản cộng dồn đến kỳ báo cáo", Some(Restart::Never));
        check("số hồ sơ lũy kế từ đầu năm", Some(Restart::Yearly));
        check("số hồ sơ lũy kế từ đầu năm đến tháng báo cáo", Some(Restart::Yearly));
        check("cumulative accounts, year to date", Some(Restart::Yearly));
        for short in ["lũy kế trong tháng", "lũy kế quý", "lũy kế 6 tháng", "lũy kế trong nhiệm kỳ"]
        {
            check(short, None);
        }
    }

    #[test]
    fn scaled_counts_are_rounded() {
        let check = |figure: Measurement, value: i64, low: i64, high: i64| {
            let [value, low, high] = [value, low, high].map(Rational::from);
            let value = Value::Within(Interval::point(value));
            let expected = Interval::between(low, high);
            assert_eq!(span(&value, &Unit::plain(), &[&figure]), Some(expected), "{figure:?}");
        };
        check(Measurement::text("63 ngàn"), 63_000, 62_500, 63_500);
        check(Measurement::text("7,77 triệu"), 7_770_000, 7_765_000, 7_775_000);
        check(Measurement::number(8_i64).unit("triệu người"), 8_000_000, 7_500_000, 8_500_000);
        check(Measurement::number(63_000_i64), 63_000, 63_000, 63_000);
        let about = Value::About(Rational::from(63_000_i64));
        assert_eq!(span(&about, &Unit::plain(), &[]), None);
        let share = Value::Within(Interval::all());
        assert_eq!(span(&share, &Unit::Percent, &[]), None);
    }
}
