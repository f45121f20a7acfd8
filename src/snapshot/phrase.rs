//! Figures as people type them: bounds, ranges, estimates, fractions, yes and no.
//!
//! Enters: a cell's text in normal form. Leaves: a [`Phrase`], or nothing where it is no quantity.

use crate::number::{self, Comparator, Decimal, Format, Rational, words};
use crate::unit::{self, Unit};

/// What the words before a number make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Itself,
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
    Between,
    Around,
    About,
    Top,
}

/// A number as printed: digits times a power of ten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) value: Rational,
    pub(super) scale: u32,
    pub(super) power: u32,
}

impl Size {
    /// The number that it stands for.
    pub(super) fn exact(&self) -> Rational {
        &self.value * &Rational::pow10(i32::try_from(self.power).unwrap_or(0))
    }

    /// The size of its last printed digit.
    pub(super) fn last_digit(&self) -> Rational {
        let exponent = i64::from(self.power) - i64::from(self.scale);
        Rational::pow10(i32::try_from(exponent).unwrap_or(0))
    }
}

/// A figure as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) bound: Bound,
    pub(super) low: Size,
    /// The upper end of a range, or the width of `±`.
    pub(super) high: Option<Size>,
    /// The denominator of `12/14`.
    pub(super) below: Option<Rational>,
    pub(super) unit: Option<Unit>,
    pub(super) estimate: bool,
}

impl Phrase {
    pub(super) const fn of(low: Size, unit: Option<Unit>) -> Self {
        Self { bound: Bound::Itself, low, high: None, below: None, unit, estimate: false }
    }
}

/// A longer text is no quantity. It also keeps ranges of ranges from going deep.
pub(super) const LONGEST: usize = 1_000;

const YES: [&str; 10] =
    ["có", "đã", "x", "đạt", "hoàn thành", "true", "đã hoàn thành", "đã có", "yes", "done"];
const NO: [&str; 10] = [
    "không",
    "chưa",
    "chưa hoàn thành",
    "false",
    "chưa có",
    "không có",
    "chưa đạt",
    "không đạt",
    "no",
    "not done",
];

/// Yes or no.
pub(super) fn truth(normal: &str) -> Option<bool> {
    if YES.contains(&normal) {
        return Some(true);
    }
    (NO.contains(&normal) || normal == "đang" || normal.starts_with("đang ")).then_some(false)
}

/// Reads a quantity; nothing is left over.
pub(super) fn read(normal: &str, format: Format) -> Option<Phrase> {
    if normal.len() > LONGEST {
        return None;
    }
    let text = normal.trim_end_matches(['.', ';', ' ']).trim_start();
    let (mut rest, mut bound, mut estimate) = (text, Bound::Itself, false);
    loop {
        if let Some(after) = word(rest, "ước tính").or_else(|| word(rest, "ước")) {
            (rest, estimate) = (after, true);
        } else if let Some((after, found)) = bounding(rest) {
            if bound != Bound::Itself {
                return None;
            }
            (rest, bound) = (after, found);
        } else if let Some(after) = neutral(rest) {
            rest = after;
        } else {
            break;
        }
    }
    let phrase =
        if bound == Bound::Between { range(rest, format)? } else { quantity(rest, bound, format)? };
    Some(Phrase { estimate, ..phrase })
}

/// What follows a word.
fn word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(word)?;
    rest.strip_prefix(' ')
        .or_else(|| rest.starts_with(|c: char| c.is_ascii_digit()).then_some(rest))
}

/// Words and symbols that bound a number; the longest that fits.
fn bounding(text: &str) -> Option<(&str, Bound)> {
    let symbols = [
        (">=", Bound::AtLeast),
        ("≥", Bound::AtLeast),
        ("<=", Bound::AtMost),
        ("≤", Bound::AtMost),
        (">", Bound::MoreThan),
        ("<", Bound::LessThan),
        ("~", Bound::About),
    ];
    for (symbol, bound) in symbols {
        if let Some(rest) = text.strip_prefix(symbol) {
            return Some((rest.trim_start(), bound));
        }
    }
    let strong = words::STRONG.iter().flat_map(|(words, comparator)| {
        words.all().map(move |text| (text, of_comparator(*comparator)))
    });
    let top = words::RANK.all().map(|text| (text, Bound::Top));
    let own = [
        ("gần", Bound::LessThan),
        ("khoảng", Bound::About),
        ("about", Bound::About),
        ("từ", Bound::Between),
        ("trong khoảng", Bound::Between),
        ("from", Bound::Between),
    ];
    strong
        .chain(top)
        .chain(own)
        .filter_map(|(text_of, bound)| Some((word(text, text_of)?, bound)))
        .min_by_key(|(rest, _)| rest.len())
}

const fn of_comparator(comparator: Comparator) -> Bound {
    match comparator {
        Comparator::AtLeast => Bound::AtLeast,
        Comparator::MoreThan => Bound::MoreThan,
        Comparator::AtMost => Bound::AtMost,
        Comparator::LessThan => Bound::LessThan,
        Comparator::Equal | Comparator::NotEqual => Bound::Itself,
    }
}

/// Words before a number that leave it as it is.
fn neutral(text: &str) -> Option<&str> {
    let weak = words::WEAK_AT_LEAST.all().chain(words::WEAK_AT_MOST.all());
    let ranks = ["hạng", "thứ", "bằng"].into_iter();
    weak.chain(words::FILLER.all())
        .chain(ranks)
        .filter_map(|text_of| word(text, text_of))
        .min_by_key(|rest| rest.len())
}

/// `A đến B`, `A trở lên`, `A trở xuống` after `từ`.
fn range(text: &str, format: Format) -> Option<Phrase> {
    for (ending, bound) in [
        (" trở lên", Bound::AtLeast),
        (" trở xuống", Bound::AtMost),
        (" or more", Bound::AtLeast),
        (" or less", Bound::AtMost),
    ] {
        if let Some(one) = text.strip_suffix(ending) {
            return quantity(one, bound, format);
        }
    }
    let (low, high) = text
        .split_once(" đến ")
        .or_else(|| text.split_once(" tới "))
        .or_else(|| text.split_once(" to "))
        .or_else(|| text.split_once(" - "))?;
    ends(low, high, format)
}

/// Both ends of a range; a unit written once belongs to both.
fn ends(low: &str, high: &str, format: Format) -> Option<Phrase> {
    let low = quantity(low.trim(), Bound::Itself, format)?;
    let high = quantity(high.trim(), Bound::Itself, format)?;
    if low.below.is_some() || high.below.is_some() || high.bound != Bound::Itself {
        return None;
    }
    let (unit, low) = match (&low.unit, &high.unit) {
        (None, shared) => {
            let power = if low.low.power == 0 { high.low.power } else { low.low.power };
            (shared.clone(), Size { power, ..low.low })
        }
        (Some(own), Some(other)) if own == other => (Some(own.clone()), low.low),
        _ => return None,
    };
    if low.exact() > high.low.exact() {
        return None;
    }
    let (bound, estimate) = (Bound::Between, false);
    Some(Phrase { bound, low, high: Some(high.low), below: None, unit, estimate })
}

/// A number, perhaps a fraction or with `±`, its scale words and its unit.
fn quantity(text: &str, bound: Bound, format: Format) -> Option<Phrase> {
    if let Some((middle, width)) = text.split_once('±') {
        let middle = quantity(middle.trim(), Bound::Itself, format)?;
        let width = quantity(width.trim(), Bound::Itself, format)?;
        let alone = matches!(bound, Bound::Itself | Bound::About)
            && middle.below.is_none()
            && width.below.is_none();
        let same = middle.unit.is_none() || width.unit.is_none() || middle.unit == width.unit;
        let unit = middle.unit.or(width.unit);
        return (alone && same).then_some(Phrase {
            bound: Bound::Around,
            low: middle.low,
            high: Some(width.low),
            below: None,
            unit,
            estimate: false,
        });
    }
    let (first, rest) = leading_number(text, format)?;
    let (below, rest) = match rest.strip_prefix('/').or_else(|| rest.strip_prefix(" / ")) {
        Some(after) if after.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
            let (below, rest) = leading_number(after.trim_start(), format)?;
            (Some(Rational::from(below)), rest)
        }
        _ => (None, rest),
    };
    let rest = rest.trim();
    if bound == Bound::Itself
        && below.is_none()
        && let Some(high) = rest_of_range(rest)
    {
        return ends(text.get(..text.len() - rest.len())?.trim(), high, format);
    }
    let (power, unit_text) = number::scale_prefix(rest);
    let (power, unit) = match unit::parse(rest) {
        Some(unit @ Unit::Money { .. }) => (0, Some(unit)),
        _ if unit_text.is_empty() => (power, None),
        _ => (power, Some(unit_of(unit_text, bound)?)),
    };
    let low = Size { value: Rational::from(first), scale: first.scale(), power };
    let below = below.map(|below| &below * &Rational::pow10(i32::try_from(power).unwrap_or(0)));
    Some(Phrase { bound, low, high: None, below, unit, estimate: false })
}

/// What follows the `-` of `75 - 80%`.
fn rest_of_range(rest: &str) -> Option<&str> {
    let after = rest.strip_prefix("- ").or_else(|| rest.strip_prefix('-'))?;
    after.starts_with(|c: char| c.is_ascii_digit()).then_some(after)
}

/// A unit, or a noun made of words alone; after a rank anything is a note.
fn unit_of(text: &str, bound: Bound) -> Option<Unit> {
    let words = text.chars().all(|c| {
        c.is_alphabetic()
            || unicode_normalization::char::is_combining_mark(c)
            || " ,'-/".contains(c)
    });
    match unit::parse(text) {
        Some(unit) => Some(unit),
        None if text.contains('/') && matches!(unit::parse_any(text, text), Unit::Rate { .. }) => {
            Some(unit::parse_any(text, text))
        }
        None if words || bound == Bound::Top => Some(unit::parse_any(text, text)),
        None => None,
    }
}

/// The number that a text begins with, and what follows it.
fn leading_number(text: &str, format: Format) -> Option<(Decimal, &str)> {
    let signed = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = signed
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
        .unwrap_or(signed.len());
    let digits = signed.get(..digits)?.trim_end_matches(['.', ',']).len();
    let end = text.len() - signed.len() + digits;
    let number = number::read(text.get(..end)?, format).ok()?;
    Some((number, text.get(end..)?))
}
