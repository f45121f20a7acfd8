//! The unit table: words in normal form enter, a unit leaves.
//!
//! `/` makes a rate, at most two deep. The number below it (`10.000 dân`) is whole, so that its
//! mark groups, in either language.

use crate::number::{Decimal, readings, scale_prefix};

use super::label::usual_spelling;
use super::{Step, Unit};

/// The most bytes that a known unit may have.
const LONGEST: usize = 200;

/// A unit of the unit table, or a rate of one; the text is in normal form.
///
/// ```
/// use chitieu::unit::{Unit, parse};
///
/// assert_eq!(parse("phần trăm"), Some(Unit::Percent));
/// assert_eq!(parse("hồ sơ"), None);
/// assert!(matches!(parse("giờ/tuần"), Some(Unit::Rate { .. })));
/// ```
pub fn parse(normal: &str) -> Option<Unit> {
    let text = normal.trim();
    if text.len() > LONGEST {
        return None;
    }
    whole(text).or_else(|| {
        let (of, below) = text.split_once('/')?;
        rates(whole(of.trim())?, below)
    })
}

/// Any unit: one of the table, a rate of anything, else things counted by that noun.
///
/// The display text is the same unit as it was written; its spelling is kept for nouns.
///
/// ```
/// use chitieu::unit::{Unit, parse_any};
///
/// assert_eq!(parse_any("hồ sơ", "Hồ sơ"), Unit::Count { noun: Some("Hồ sơ".to_owned()) });
/// assert_eq!(parse_any("", ""), Unit::Count { noun: None });
/// ```
pub fn parse_any(normal: &str, display: &str) -> Unit {
    let (normal, display) = (normal.trim(), display.trim());
    parse(normal).or_else(|| rate_of_noun(normal, display)).unwrap_or_else(|| count(display))
}

/// What a length of time is counted in, by its name in normal form.
pub(super) fn step(normal: &str) -> Option<Step> {
    Some(match normal {
        "giây" | "second" | "seconds" => Step::Second,
        "phút" | "minute" | "minutes" => Step::Minute,
        "giờ" | "hour" | "hours" => Step::Hour,
        "ngày" | "day" | "days" => Step::Day,
        "tuần" | "week" | "weeks" => Step::Week,
        "tháng" | "month" | "months" => Step::Month,
        "năm" | "year" | "years" => Step::Year,
        _ => return None,
    })
}

/// A unit of the table that is no rate.
fn whole(text: &str) -> Option<Unit> {
    Some(match text {
        "%" | "phần trăm" | "percent" | "per cent" => Unit::Percent,
        "‰" | "phần nghìn" | "phần ngàn" | "per mille" | "permille" => Unit::Permille,
        "điểm phần trăm" | "điểm %" | "percentage point" | "percentage points" | "% points" => {
            Unit::PercentPoint
        }
        "lần" | "time" | "times" => Unit::Times,
        "điểm" | "point" | "points" => Unit::Points { of: None },
        "hạng" | "rank" | "ranks" => Unit::Rank,
        "có/không" | "có / không" | "yes/no" | "yes / no" => Unit::YesNo,
        _ => {
            return step(text)
                .map(|step| Unit::Duration { step })
                .or_else(|| money(text))
                .or_else(|| points_of(text));
        }
    })
}

fn money(text: &str) -> Option<Unit> {
    let (power, rest) = scale_prefix(text);
    let currency = match rest {
        "đồng" | "vnd" | "vnđ" | "việt nam đồng" | "đồng việt nam" | "dong" => "VND",
        "usd" | "đô la mĩ" | "đô la" | "us dollar" | "us dollars" => "USD",
        "eur" | "euro" | "euros" => "EUR",
        _ => return None,
    };
    Some(Unit::Money { label: usual_spelling(text), power, currency: currency.to_owned() })
}

/// `/20 điểm`, what follows the points in `18,8/20 điểm`, and `điểm/20`.
fn points_of(text: &str) -> Option<Unit> {
    let after = |word| text.strip_prefix('/')?.strip_suffix(word).map(str::trim);
    let before = |word: &str| text.strip_prefix(word)?.trim().strip_prefix('/').map(str::trim);
    let most = after("điểm")
        .or_else(|| after("points"))
        .or_else(|| before("điểm"))
        .or_else(|| before("points"))?;
    Some(Unit::Points { of: Some(positive(most)?) })
}

fn count(display: &str) -> Unit {
    Unit::Count { noun: (!display.is_empty()).then(|| display.to_owned()) }
}

/// A rate of a noun that the table does not know, in its display spelling.
fn rate_of_noun(normal: &str, display: &str) -> Option<Unit> {
    let (of, below) = normal.split_once('/').filter(|_| normal.len() <= LONGEST)?;
    // The normal form keeps strokes; should a display have none, the normal form is shown.
    let noun = display.split_once('/').map_or(of, |(noun, _)| noun).trim();
    if noun.is_empty() { None } else { rates(count(noun), below) }
}

/// One or two rates upon each other.
fn rates(of: Unit, below: &str) -> Option<Unit> {
    if below.matches('/').count() > 1 {
        return None;
    }
    below.split('/').try_fold(of, rate)
}

/// A unit for every `below`, which is an optional number, optional scale words, and a noun.
fn rate(of: Unit, below: &str) -> Option<Unit> {
    let below = below.trim();
    let (number, rest) = match below.split_once(' ') {
        Some((number, rest)) if number.starts_with(|c: char| c.is_ascii_digit()) => {
            (positive(number)?, rest)
        }
        _ => (Decimal::ONE, below),
    };
    let (power, noun) = scale_prefix(rest);
    let per = Decimal::from_parts(number.mantissa().checked_mul(10_i128.checked_pow(power)?)?, 0)?;
    if noun.is_empty() || noun.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(Unit::Rate { of: Box::new(of), per, noun: noun.to_owned() })
}

/// A whole number above zero, its groups marked in either language.
fn positive(text: &str) -> Option<Decimal> {
    let (vi, en) = readings(text);
    let whole = |number: &Decimal| number.scale() == 0 && !number.is_negative();
    vi.filter(whole).or(en.filter(whole)).filter(|number| !number.is_zero())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::number::Format;

    fn duration(step: Step) -> Unit {
        Unit::Duration { step }
    }

    fn money(label: &str, power: u32, currency: &str) -> Unit {
        Unit::Money { label: label.to_owned(), power, currency: currency.to_owned() }
    }

    fn rate(of: Unit, per: i128, noun: &str) -> Unit {
        let per = Decimal::from_parts(per, 0).unwrap();
        Unit::Rate { of: Box::new(of), per, noun: noun.to_owned() }
    }

    #[test]
    fn the_table() {
        let points = |of| Unit::Points { of: Some(Decimal::from_parts(of, 0).unwrap()) };
        let cases = [
            ("%", Unit::Percent),
            ("phần trăm", Unit::Percent),
            ("percent", Unit::Percent),
            ("phần nghìn", Unit::Permille),
            ("điểm phần trăm", Unit::PercentPoint),
            ("điểm %", Unit::PercentPoint),
            ("percentage points", Unit::PercentPoint),
            ("lần", Unit::Times),
            ("times", Unit::Times),
            ("điểm", Unit::Points { of: None }),
            ("/20 điểm", points(20)),
            ("/ 1.000 điểm", points(1000)),
            ("điểm/20", points(20)),
            ("hạng", Unit::Rank),
            ("đồng", money("đồng", 0, "VND")),
            ("triệu đồng", money("triệu đồng", 6, "VND")),
            ("tỉ đồng", money("tỷ đồng", 9, "VND")),
            ("nghìn tỉ đồng", money("nghìn tỷ đồng", 12, "VND")),
            ("vnd", money("VND", 0, "VND")),
            ("million usd", money("million USD", 6, "USD")),
            ("giây", duration(Step::Second)),
            ("phút", duration(Step::Minute)),
            ("hours", duration(Step::Hour)),
            ("ngày", duration(Step::Day)),
            ("week", duration(Step::Week)),
            ("tháng", duration(Step::Month)),
            ("năm", duration(Step::Year)),
            ("có/không", Unit::YesNo),
            (" % ", Unit::Percent),
        ];
        for (text, unit) in cases {
            assert_eq!(parse(text).as_ref(), Some(&unit), "{text}");
            assert_eq!(parse_any(text, "as written"), unit, "{text}");
        }
    }

    #[test]
    fn rates() {
        let known = [
            ("giờ/tuần", rate(duration(Step::Hour), 1, "tuần")),
            ("giờ / tuần", rate(duration(Step::Hour), 1, "tuần")),
            ("%/năm", rate(Unit::Percent, 1, "năm")),
            ("tỉ đồng/1.000 dân", rate(money("tỷ đồng", 9, "VND"), 1000, "dân")),
            ("tỉ đồng/1,000 dân", rate(money("tỷ đồng", 9, "VND"), 1000, "dân")),
            (
                "triệu đồng/người/năm",
                rate(rate(money("triệu đồng", 6, "VND"), 1, "người"), 1, "năm"),
            ),
        ];
        for (text, unit) in known {
            assert_eq!(parse(text).as_ref(), Some(&unit), "{text}");
        }
        let noun = |noun: &str| Unit::Count { noun: Some(noun.to_owned()) };
        let any = [
            ("giường/10.000 dân", rate(noun("giường"), 10_000, "dân")),
            ("giường/vạn dân", rate(noun("giường"), 10_000, "dân")),
            ("ca/100 nghìn dân/năm", rate(rate(noun("ca"), 100_000, "dân"), 1, "năm")),
        ];
        for (text, unit) in any {
            assert_eq!(parse(text), None, "{text}");
            assert_eq!(parse_any(text, text), unit, "{text}");
        }
        assert_eq!(parse_any("máy/hs", "Máy/HS"), rate(noun("Máy"), 1, "hs"));
    }

    #[test]
    fn everything_else_is_a_noun() {
        for text in [
            "hồ sơ",
            "doanh nghiệp",
            "tỉ",
            "giường/0 dân",
            "giường/1,5 dân",
            "giường/10.00 dân",
            "giường/10.000",
            "/dân",
            "giường/",
            "a/b/c/d",
            "//",
            "/0 điểm",
            "giường/99.999.999.999.999.999.999.999.999 tỉ dân",
        ] {
            assert_eq!(parse(text), None, "{text}");
            let expected = Unit::Count { noun: Some(text.to_owned()) };
            assert_eq!(parse_any(text, text), expected, "{text}");
        }
        assert_eq!(parse(""), None);
        assert_eq!(parse_any(" ", " "), Unit::plain());
    }

    #[test]
    fn hostile_text_is_answered_at_once() {
        for text in ["/".repeat(1_000_000), "tỉ ".repeat(300_000), "%/".repeat(300_000)] {
            assert_eq!(parse(&text), None);
            assert!(matches!(parse_any(&text, &text), Unit::Count { .. }));
        }
    }

    proptest! {
        #[test]
        fn any_words_are_answered(
            words in proptest::collection::vec(
                prop_oneof![
                    Just("%"), Just("/"), Just("tỉ"), Just("đồng"), Just("điểm"), Just("năm"),
                    Just("10.000"), Just("dân"), Just("1,5"), Just("-1"),
                ],
                0..6,
            ),
        ) {
            let text = words.join(" ");
            let unit = parse_any(&text, &text);
            prop_assert!(unit.factor_to(&unit) == Some(crate::number::Rational::from(1_i64)));
            prop_assert_eq!(unit.label(Format::Vi).is_empty(), text.is_empty());
        }
    }
}
