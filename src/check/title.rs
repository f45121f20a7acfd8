//! What shares and functions of units are called, and the codes that are made of them.
//!
//! Enters: terms and conditions as read. Leaves: their text without the threshold, as people read
//! it or as codes compare it. What units are asked is part of what is judged, so its own
//! threshold stands in both; for codes in one spelling, however the line is written.

use super::make::{condition_text, term_text};
use super::model::{AttributeCondition, Population};
use super::reader::{Asked, Condition, Every, Made, Operator, Quantity, Term, Units};
use crate::diagnostic::Lang;
use crate::number::{Comparator, Format};
use crate::text;

/// `tỷ lệ xã đạt: C`, `tổng(mọi xã; x)`.
pub(super) fn units(units: &Units, key: bool) -> String {
    let population = population(&units.population, key);
    let vi = key || units.lang == Lang::Vi;
    let (word, part) = match &units.made {
        Made::Share(part) if vi => ("tỷ lệ", part),
        Made::Share(part) => ("share of", part),
        Made::Count(part) if units.called => {
            let (name, every) = if vi { ("đếm", "mọi") } else { ("count", "every") };
            return format!("{name}({every} {population}; {})", asked(part, key));
        }
        Made::Count(part) if vi => ("số", part),
        Made::Count(part) => ("number of", part),
        Made::Of(operator, of) => {
            let name = function(*operator, vi);
            let every = if vi { "mọi" } else { "every" };
            return format!("{name}({every} {population}; {})", term_text(of, key));
        }
    };
    let satisfy = if vi { "đạt" } else { "satisfy" };
    // Codes are in normal form, as the names in them.
    let word = if key { text::normal(word) } else { word.to_owned() };
    format!("{word} {population} {satisfy}: {}", asked(part, key))
}

/// `mọi xã đạt: C`, `không xã nào: C`.
pub(super) fn every(every: &Every, key: bool) -> String {
    let population = population(&every.population, key);
    let part = asked(&every.part, key);
    match (every.none, key || every.lang == Lang::Vi) {
        (false, true) => format!("mọi {population} đạt: {part}"),
        (true, true) => format!("không {population} nào: {part}"),
        (false, false) => format!("every {population} satisfy: {part}"),
        (true, false) => format!("no {population} none: {part}"),
    }
}

/// Whether a term ends in what units are asked, so that parentheses keep it apart.
pub(super) fn asks_units(term: &Term) -> bool {
    match term {
        Term::Units(units) => match units.made {
            Made::Share(_) => true,
            Made::Count(_) => !units.called,
            Made::Of(..) => false,
        },
        _ => false,
    }
}

const fn function(operator: Operator, vi: bool) -> &'static str {
    match (operator, vi) {
        (Operator::Sum, true) => "tổng",
        (Operator::Mean, true) => "trung bình",
        (Operator::Least, true) => "nhỏ nhất",
        (Operator::Greatest, true) => "lớn nhất",
        (_, true) => "hạng",
        (Operator::Sum, false) => "sum",
        (Operator::Mean, false) => "mean",
        (Operator::Least, false) => "min",
        (Operator::Greatest, false) => "max",
        (_, false) => "rank",
    }
}

fn population(population: &Population, key: bool) -> String {
    if !key {
        return population.name.clone();
    }
    let types = population.types.join(", ");
    match &population.filter {
        None => types,
        Some(filter) => format!("{types} ({})", attribute(filter)),
    }
}

fn attribute(condition: &AttributeCondition) -> String {
    let join = |parts: &[AttributeCondition], word: &str| {
        let text = |part: &AttributeCondition| match part {
            AttributeCondition::Is { .. } => attribute(part),
            _ => format!("({})", attribute(part)),
        };
        parts.iter().map(text).collect::<Vec<_>>().join(word)
    };
    match condition {
        AttributeCondition::Is { attribute, value, negated, .. } => {
            format!("{attribute} {} \"{value}\"", if *negated { "!=" } else { "=" })
        }
        AttributeCondition::All(parts) => join(parts, " và "),
        AttributeCondition::Any(parts) => join(parts, " hoặc "),
    }
}

/// What units are asked.
fn asked(part: &(String, Condition), key: bool) -> String {
    if key { whole(&part.1) } else { part.0.clone() }
}

/// A condition with its thresholds, in one spelling.
fn whole(condition: &Condition) -> String {
    let join = |parts: &[(String, Condition)], word: &str| {
        let text = |(_, part): &(String, Condition)| match part {
            Condition::All(_) | Condition::Any(_) | Condition::Units(_) => {
                format!("({})", whole(part))
            }
            _ => whole(part),
        };
        parts.iter().map(text).collect::<Vec<_>>().join(word)
    };
    match condition {
        Condition::Compare(read) => match &read.asked {
            // The text without its threshold holds both sides already.
            Asked::Against(..) => condition_text(condition, true),
            asked => {
                let measure = term_text(&read.measure, true);
                let apart = asks_units(&read.measure);
                let measure = if apart { format!("({measure})") } else { measure };
                format!("{measure} {}", threshold(asked))
            }
        },
        Condition::Attribute(filter) => attribute(filter),
        Condition::All(parts) => join(parts, " và "),
        Condition::Any(parts) => join(parts, " hoặc "),
        Condition::Not(part) => format!("không ({})", whole(&part.1)),
        Condition::Always(part) => format!("luôn ({})", whole(&part.1)),
        Condition::Units(every) => self::every(every, true),
    }
}

fn threshold(asked: &Asked) -> String {
    match asked {
        Asked::Bound(comparator, value) => format!("{} {}", comparator.symbol(), quantity(value)),
        Asked::Within(low, high) => {
            format!("trong khoảng {} đến {}", quantity(low), quantity(high))
        }
        Asked::Rank { within, field, .. } => {
            let field = field.as_ref().map(|of| format!("/{of}")).unwrap_or_default();
            format!("trong tốp {within}{field}")
        }
        Asked::Truth { expected, .. } => if *expected { "= có" } else { "= không" }.to_owned(),
        Asked::Against(comparator, other) => {
            format!("{} {}", comparator.symbol(), term_text(other, true))
        }
        Asked::Unstated { comparator, within, .. } => {
            let sign = comparator.symbol();
            match within {
                None => format!("{sign} chưa rõ"),
                Some((bound, value)) => {
                    let bound: &Comparator = bound;
                    format!("{sign} chưa rõ ({} {})", bound.symbol(), quantity(value))
                }
            }
        }
    }
}

fn quantity(quantity: &Quantity) -> String {
    let value = super::reader::plain(&quantity.value, Format::Vi);
    match &quantity.unit {
        None => value,
        Some(unit) => {
            let label = text::normal(&unit.label(Format::Vi));
            let gap = if label.starts_with(['%', '‰']) { "" } else { " " };
            format!("{value}{gap}{label}")
        }
    }
}
