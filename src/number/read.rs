//! Numbers as people write them: marks that group in threes, a decimal mark, scale words.
//!
//! A word of text enters with the [`Format`] of its language, a [`Decimal`] leaves. What looks
//! like the other format is an error that offers the same number in this one; nothing is
//! guessed. Formatting for people goes the other way.

use super::Decimal;
use super::decimal::split_sign;

/// How a language writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// Vietnamese: `1.639.481` and `82,16`.
    #[default]
    Vi,
    /// English: `1,639,481` and `82.16`.
    En,
}

impl Format {
    /// The mark between groups of three digits, and the decimal mark.
    fn marks(self) -> (char, char) {
        match self {
            Self::Vi => ('.', ','),
            Self::En => (',', '.'),
        }
    }
}

/// Why a text is not a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// There is no text.
    #[error("the number is empty")]
    Empty,
    /// The text holds something else than digits and marks, or lacks digits beside a mark.
    #[error("this is not a number")]
    NotANumber,
    /// The marks do not stand as the format has them.
    #[error("the marks of this number do not group its digits in threes")]
    Grouping {
        /// What to write instead, where the text is a number of the other format.
        offer: Option<String>,
    },
    /// More than 28 significant digits, or more than 28 after the decimal mark.
    #[error("the number has more than 28 digits")]
    TooManyDigits,
}

/// Reads one number in a format: an optional sign, digits, group marks, a decimal mark.
///
/// A group mark stands only between groups of three, after one to three digits that do not
/// begin with zero; a number without group marks may have leading zeros.
///
/// ```
/// use chitieu::number::{Format, NumberError, read};
///
/// assert_eq!(read("1.639.481", Format::Vi)?.to_string(), "1639481");
/// assert_eq!(read("82,16", Format::Vi)?.to_string(), "82.16");
/// let error = NumberError::Grouping { offer: Some("41,25".to_owned()) };
/// assert_eq!(read("41.25", Format::Vi), Err(error));
/// # Ok::<(), NumberError>(())
/// ```
///
/// # Errors
///
/// [`NumberError::Grouping`] where the marks belong to the other format or to none, with what to
/// write instead where the other format reads it; the other variants for what is no number.
pub fn read(text: &str, format: Format) -> Result<Decimal, NumberError> {
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    let (_, unsigned) = split_sign(text);
    let is_digit = |c: char| c.is_ascii_digit();
    let shaped = unsigned.starts_with(is_digit)
        && unsigned.ends_with(is_digit)
        && unsigned.chars().all(|c| is_digit(c) || c == '.' || c == ',');
    if !shaped {
        return Err(NumberError::NotANumber);
    }
    if fits(unsigned, format) {
        return Decimal::parse(&plain(text, format));
    }
    let other = if format == Format::Vi { Format::En } else { Format::Vi };
    let readable = fits(unsigned, other) && Decimal::parse(&plain(text, other)).is_ok();
    Err(NumberError::Grouping { offer: readable.then(|| exchange_marks(text)) })
}

/// What a text means in Vietnamese and in English, each nothing where it is no number there.
///
/// `1.234` has two different readings, `41,25` and `1.234.567` have one, `52` has two equal ones.
///
/// ```
/// use chitieu::number::readings;
///
/// let (vi, en) = readings("1.234");
/// assert_eq!(vi.map(|n| n.to_string()).as_deref(), Some("1234"));
/// assert_eq!(en.map(|n| n.to_string()).as_deref(), Some("1.234"));
/// assert_eq!(readings("41.25").0, None);
/// ```
pub fn readings(text: &str) -> (Option<Decimal>, Option<Decimal>) {
    (read(text, Format::Vi).ok(), read(text, Format::En).ok())
}

/// The power of ten that a scale word multiplies by; the word is in normal form.
///
/// ```
/// use chitieu::number::scale_word;
///
/// assert_eq!(scale_word("tỉ"), Some(9));
/// assert_eq!(scale_word("đồng"), None);
/// ```
pub fn scale_word(word: &str) -> Option<u32> {
    Some(match word {
        "hundred" => 2,
        "nghìn" | "ngàn" | "thousand" => 3,
        "vạn" => 4,
        "triệu" | "million" => 6,
        "tỉ" | "billion" => 9,
        _ => return None,
    })
}

/// Takes the scale words off the front of a text in normal form: their power of ten together,
/// and what follows them. Words beyond 10^28, which no number can have, stay in the text.
///
/// ```
/// use chitieu::number::scale_prefix;
///
/// assert_eq!(scale_prefix("triệu tỉ đồng"), (15, "đồng"));
/// assert_eq!(scale_prefix("hồ sơ"), (0, "hồ sơ"));
/// ```
pub fn scale_prefix(text: &str) -> (u32, &str) {
    let mut rest = text.trim_start();
    let mut power = 0;
    loop {
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        match scale_word(word) {
            Some(more) if power + more <= 28 => power += more,
            _ => return (power, rest),
        }
        rest = after.trim_start();
    }
}

/// Writes a plain decimal for Vietnamese readers; other text stays as it is.
///
/// ```
/// use chitieu::number::format_vi;
///
/// assert_eq!(format_vi("-1234567.50"), "-1.234.567,50");
/// ```
pub fn format_vi(plain: &str) -> String {
    group(plain, Format::Vi)
}

/// Writes a plain decimal for English readers; other text stays as it is.
///
/// ```
/// use chitieu::number::format_en;
///
/// assert_eq!(format_en("1234567.5"), "1,234,567.5");
/// ```
pub fn format_en(plain: &str) -> String {
    group(plain, Format::En)
}

/// Whether the marks of an unsigned text of digits and marks stand as the format has them.
fn fits(unsigned: &str, format: Format) -> bool {
    let (group_mark, decimal_mark) = format.marks();
    let (whole, fraction) = unsigned.split_once(decimal_mark).unwrap_or((unsigned, "0"));
    if !is_digits(fraction) {
        return false;
    }
    let Some((first, rest)) = whole.split_once(group_mark) else { return is_digits(whole) };
    let first_fits = is_digits(first) && first.len() <= 3 && !first.starts_with('0');
    first_fits && rest.split(group_mark).all(|group| group.len() == 3 && is_digits(group))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The same number without group marks and with a point.
fn plain(text: &str, format: Format) -> String {
    let (group_mark, decimal_mark) = format.marks();
    let kept = text.chars().filter(|&c| c != group_mark);
    kept.map(|c| if c == decimal_mark { '.' } else { c }).collect()
}

/// Dots for commas and commas for dots: the same number in the other format.
fn exchange_marks(text: &str) -> String {
    let exchange = |c| match c {
        '.' => ',',
        ',' => '.',
        _ => c,
    };
    text.chars().map(exchange).collect()
}

fn group(plain: &str, format: Format) -> String {
    let (group_mark, decimal_mark) = format.marks();
    let (negative, unsigned) = split_sign(plain);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    if !is_digits(whole) || !fraction.is_none_or(is_digits) {
        return plain.to_owned();
    }
    let mut text = String::with_capacity(plain.len() + whole.len() / 3 + 1);
    if negative {
        text.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(group_mark);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push(decimal_mark);
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(format: Format, text: &str, expected: &str) {
        let got = match read(text, format) {
            Ok(number) => number.to_string(),
            Err(NumberError::Grouping { offer: Some(offer) }) => format!("offer {offer}"),
            Err(NumberError::Grouping { offer: None }) => "grouping".to_owned(),
            Err(error) => format!("{error:?}"),
        };
        assert_eq!(got, expected, "{format:?} {text:.40}");
    }

    #[test]
    fn vietnamese_numbers() {
        let cases = [
            ("1.639.481", "1639481"),
            ("82,16", "82.16"),
            ("1.234", "1234"),
            ("-2", "-2"),
            ("+2,50", "2.50"),
            ("01", "1"),
            ("007,5", "7.5"),
            ("0,523", "0.523"),
            ("-1.234.567,890", "-1234567.890"),
            ("1234567", "1234567"),
            ("0,1234", "0.1234"),
            ("41.25", "offer 41,25"),
            ("0.523", "offer 0,523"),
            ("-0.5", "offer -0,5"),
            ("1,234.5", "offer 1.234,5"),
            ("1,234,567", "offer 1.234.567"),
            ("1234.567", "offer 1234,567"),
            ("01.234", "offer 01,234"),
            ("1.23,4", "grouping"),
            ("1.2.3", "grouping"),
            ("12.34.567", "grouping"),
            ("1..234", "grouping"),
            ("1,2,3", "grouping"),
            ("1,234.567.890", "grouping"),
            ("", "Empty"),
            ("-", "NotANumber"),
            (",5", "NotANumber"),
            ("5,", "NotANumber"),
            ("5.", "NotANumber"),
            ("--5", "NotANumber"),
            ("1e5", "NotANumber"),
            ("1 234", "NotANumber"),
            ("năm", "NotANumber"),
            ("１２", "NotANumber"),
            ("1.234.567.890.123.456.789.012.345.678", "1234567890123456789012345678"),
            ("12.234.567.890.123.456.789.012.345.678", "TooManyDigits"),
            ("0,12345678901234567890123456789", "TooManyDigits"),
        ];
        for (text, expected) in cases {
            check(Format::Vi, text, expected);
        }
    }

    #[test]
    fn english_numbers() {
        let cases = [
            ("1,639,481", "1639481"),
            ("82.16", "82.16"),
            ("1,234", "1234"),
            ("1.234", "1.234"),
            ("41,25", "offer 41.25"),
            ("1.234,5", "offer 1,234.5"),
            ("0,523", "offer 0.523"),
            ("1,23.4", "grouping"),
        ];
        for (text, expected) in cases {
            check(Format::En, text, expected);
        }
    }

    #[test]
    fn two_readings() {
        let cases = [
            ("1.234", Some("1234"), Some("1.234")),
            ("12,345", Some("12.345"), Some("12345")),
            ("41,25", Some("41.25"), None),
            ("41.25", None, Some("41.25")),
            ("1.234.567", Some("1234567"), None),
            ("52", Some("52"), Some("52")),
            ("x", None, None),
        ];
        for (text, vi, en) in cases {
            let got = readings(text);
            let shown = |n: Option<Decimal>| n.map(|n| n.to_string());
            assert_eq!((shown(got.0).as_deref(), shown(got.1).as_deref()), (vi, en), "{text}");
        }
    }

    #[test]
    fn scale_words_chain() {
        let cases = [
            ("nghìn", 3, ""),
            ("ngàn tỉ đồng", 12, "đồng"),
            ("vạn dân", 4, "dân"),
            ("million people", 6, "people"),
            ("hundred thousand", 5, ""),
            ("triệuđồng", 0, "triệuđồng"),
            ("tỉ tỉ tỉ tỉ", 27, "tỉ"),
            ("", 0, ""),
        ];
        for (text, power, rest) in cases {
            assert_eq!(scale_prefix(text), (power, rest), "{text}");
        }
        assert_eq!(scale_prefix(&"tỉ ".repeat(100_000)).0, 27);
    }

    #[test]
    fn people_see_groups() {
        let cases = [
            ("0", "0", "0"),
            ("999", "999", "999"),
            ("1000", "1.000", "1,000"),
            ("-123456", "-123.456", "-123,456"),
            ("1234567.5", "1.234.567,5", "1,234,567.5"),
            ("0.1234", "0,1234", "0.1234"),
            ("1/3", "1/3", "1/3"),
            ("1.", "1.", "1."),
            ("", "", ""),
        ];
        for (plain, vi, en) in cases {
            assert_eq!((format_vi(plain), format_en(plain)), (vi.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn long_hostile_text_is_answered_at_once() {
        check(Format::Vi, &"1.".repeat(500_000), "NotANumber");
        check(Format::Vi, &format!("{}1", "1.".repeat(500_000)), "grouping");
        check(Format::Vi, &"9".repeat(1_000_000), "TooManyDigits");
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(
            mantissa in any::<i64>().prop_map(i128::from), scale in 0_u32..12,
        ) {
            let number = Decimal::from_parts(mantissa, scale).unwrap();
            let text = number.to_string();
            prop_assert_eq!(read(&format_vi(&text), Format::Vi), Ok(number));
            prop_assert_eq!(read(&format_en(&text), Format::En), Ok(number));
        }

        #[test]
        fn an_offer_is_always_readable(text in "[-+]?[0-9.,]{1,12}") {
            for format in [Format::Vi, Format::En] {
                if let Err(NumberError::Grouping { offer: Some(offer) }) = read(&text, format) {
                    prop_assert!(read(&offer, format).is_ok(), "{} {}", text, offer);
                }
            }
        }
    }
}
