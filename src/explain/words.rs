//! Exact numbers, bounds and thresholds in words.
//!
//! Enters: exact figures and their unit. Leaves: text in one language. The one idea: a derivation
//! shows every digit; what never ends is shown as a fraction beside its first digits.

use std::fmt::Write as _;

use crate::check::model::{AttributeCondition, ScopeItem};
use crate::diagnostic::Lang;
use crate::number::{Comparator, End, Format, Interval, Rational, format_en, format_vi};
use crate::unit::Unit;
use crate::verdict::InForce;

/// Decimals with more digits after the point are shown as fractions.
const LONGEST: u32 = 12;
/// Digits after the point of what stands beside a fraction.
const SHORT: u32 = 4;

/// The text in a language.
pub(crate) const fn pick(lang: Lang, vi: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// How a language writes numbers.
pub(crate) const fn format(lang: Lang) -> Format {
    crate::check::model::number_format(lang)
}

/// A plain decimal with the marks of a language.
fn localised(plain: &str, lang: Lang) -> String {
    match lang {
        Lang::Vi => format_vi(plain),
        Lang::En => format_en(plain),
    }
}

/// All digits, or a fraction where they never end or are too many to read.
pub(crate) fn exact(value: &Rational, lang: Lang) -> String {
    match value.decimal_places() {
        Some(places) if places <= LONGEST => localised(&value.shown(places), lang),
        _ => {
            let whole = |number: String| localised(&number, lang);
            format!(
                "{}/{}",
                whole(value.numerator().to_string()),
                whole(value.denominator().to_string())
            )
        }
    }
}

/// `= 52,3 %`, `≈ 36,5768 %`.
pub(crate) fn equals(value: &str) -> String {
    if value.starts_with('≈') { value.to_owned() } else { format!("= {value}") }
}

/// Whether [`exact`] writes a fraction.
pub(crate) fn never_ends(value: &Rational) -> bool {
    value.decimal_places().is_none_or(|places| places > LONGEST)
}

/// All digits, or `≈` with the first ones.
pub(crate) fn short(value: &Rational, lang: Lang) -> String {
    if never_ends(value) {
        format!("≈ {}", localised(&value.shown(SHORT), lang))
    } else {
        exact(value, lang)
    }
}

/// A unit as people write it; nothing for plain numbers.
pub(crate) fn label(unit: Option<&Unit>, lang: Lang) -> String {
    unit.map(|unit| unit.label(format(lang))).unwrap_or_default()
}

/// A text with its unit: `52,3 %`, `hạng 10`.
pub(crate) fn with_unit(number: &str, unit: Option<&Unit>, lang: Lang) -> String {
    match (unit, label(unit, lang)) {
        (Some(Unit::Rank), label) => format!("{label} {number}"),
        (_, label) if label.is_empty() => number.to_owned(),
        (_, label) => format!("{number} {label}"),
    }
}

/// A value with its unit, all digits.
pub(crate) fn amount(value: &Rational, unit: Option<&Unit>, lang: Lang) -> String {
    with_unit(&short(value, lang), unit, lang)
}

/// The unit of a difference: percentages differ by points.
pub(crate) fn difference(unit: Option<&Unit>) -> Option<Unit> {
    match unit {
        Some(Unit::Percent) => Some(Unit::PercentPoint),
        Some(Unit::Rank) => None,
        other => other.cloned(),
    }
}

/// `52,3 %`, `trên 80 %`, `từ 75 đến dưới 80 %`.
pub(crate) fn interval(value: &Interval, unit: Option<&Unit>, lang: Lang) -> String {
    if let Some(point) = value.is_point() {
        return amount(point, unit, lang);
    }
    let number = |end: &End| end.value().map(|value| short(value, lang)).unwrap_or_default();
    let (low, high) = (number(&value.low), number(&value.high));
    let (over, under) = (pick(lang, "trên", "over"), pick(lang, "dưới", "under"));
    let text = match (&value.low, &value.high) {
        (End::Unbounded, End::Unbounded) => return pick(lang, "bất kỳ", "anything").to_owned(),
        (End::Open(_), End::Unbounded) => format!("{over} {low}"),
        (End::Closed(_), End::Unbounded) => format!(">= {low}"),
        (End::Unbounded, End::Open(_)) => format!("{under} {high}"),
        (End::Unbounded, End::Closed(_)) => format!("<= {high}"),
        (from, to) => {
            let from = if matches!(from, End::Open(_)) { over } else { pick(lang, "từ", "from") };
            let to = match to {
                End::Open(_) => format!("{} {under}", pick(lang, "đến", "to")),
                _ => pick(lang, "đến", "to").to_owned(),
            };
            format!("{from} {low} {to} {high}")
        }
    };
    with_unit(&text, unit.filter(|unit| **unit != Unit::Rank), lang)
}

/// `>= 30 %`, `từ 20 đến 80 %`, `hạng <= 15`, `có`.
pub(crate) fn threshold(asked: &InForce, unit: Option<&Unit>, lang: Lang) -> String {
    match asked {
        InForce::Bound { comparator, bound, unstated } => {
            let bound = match (bound.is_point(), *unstated) {
                (Some(point), _) => with_unit(&exact(point, lang), unit, lang),
                (None, true) => {
                    let inside = interval(bound, unit, lang);
                    format!("{} ({inside})", pick(lang, "chưa rõ", "unstated"))
                }
                (None, false) => format!("({})", interval(bound, unit, lang)),
            };
            format!("{} {bound}", comparator.symbol())
        }
        InForce::Within { low, high } => {
            let (low, high) = (exact(low, lang), exact(high, lang));
            let text = match lang {
                Lang::Vi => format!("từ {low} đến {high}"),
                Lang::En => format!("from {low} to {high}"),
            };
            with_unit(&text, unit, lang)
        }
        InForce::Rank { within } => {
            format!("{} <= {}", pick(lang, "hạng", "rank"), exact(within, lang))
        }
        InForce::Truth { expected } => truth(*expected, lang).to_owned(),
    }
}

/// Yes or no.
pub(crate) const fn truth(value: bool, lang: Lang) -> &'static str {
    if value { pick(lang, "có", "yes") } else { pick(lang, "chưa", "no") }
}

/// How a value really stands to a bound: `>`, `=`, `<`.
pub(crate) fn relation(value: &Rational, bound: &Rational) -> &'static str {
    match value.cmp(bound) {
        std::cmp::Ordering::Less => "<",
        std::cmp::Ordering::Equal => "=",
        std::cmp::Ordering::Greater => ">",
    }
}

/// `mọi tỉnh (vùng = "miền núi"); br-vt`.
pub(crate) fn scope(items: &[ScopeItem], lang: Lang) -> String {
    let item = |item: &ScopeItem| match item {
        ScopeItem::Entity { name, .. } => name.clone(),
        ScopeItem::Type { types, filter } => {
            let mut text = format!("{} {}", pick(lang, "mọi", "every"), types.join(", "));
            if let Some(filter) = filter {
                let _ = write!(text, " ({})", attribute(filter, lang));
            }
            text
        }
    };
    items.iter().map(item).collect::<Vec<_>>().join("; ")
}

/// `vùng = "miền núi" và loại != "1"`.
pub(crate) fn attribute(condition: &AttributeCondition, lang: Lang) -> String {
    let joined = |parts: &[AttributeCondition], word: &str| {
        let part = |part: &AttributeCondition| match part {
            AttributeCondition::Is { .. } => attribute(part, lang),
            _ => format!("({})", attribute(part, lang)),
        };
        parts.iter().map(part).collect::<Vec<_>>().join(&format!(" {word} "))
    };
    match condition {
        AttributeCondition::Is { name, value, negated, .. } => {
            let sign = if *negated { Comparator::NotEqual } else { Comparator::Equal };
            format!("{name} {} \"{value}\"", sign.symbol())
        }
        AttributeCondition::All(parts) => joined(parts, pick(lang, "và", "and")),
        AttributeCondition::Any(parts) => joined(parts, pick(lang, "hoặc", "or")),
    }
}
