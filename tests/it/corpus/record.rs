//! Verdicts as the cases write them: expected lines, and records to hold them against.
//!
//! Enters: a line of a `verdicts` block, or a judgement. Leaves: [`Expected`] or the fields of the
//! record. The one idea: figures are written here a second time, by the contract of the record and
//! not by the code of the library. Invariant: a field that nobody knows is an error.

use std::collections::BTreeMap;

use chitieu::check::model::{Condition, Model, Threshold};
use chitieu::number::{End, Interval, Rational};
use chitieu::{Judgement, Measured};

/// A record by the names of its fields; unknown is `null`.
pub(super) type Fields = BTreeMap<&'static str, String>;

/// One line of a `verdicts` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expected {
    /// Entity, as-of date, target.
    pub(super) key: [String; 3],
    pub(super) verdict: String,
    pub(super) reason: String,
    pub(super) fields: Vec<(String, String)>,
}

/// Reads `entity date target -> verdict reason? key=value…`; double quotes hold spaces.
pub(super) fn expected(line: &str) -> Option<Expected> {
    let words = words(line);
    let (key, said) = words.split_at_checked(3)?;
    let [arrow, verdict, rest @ ..] = said else { return None };
    let key = [key.first()?.clone(), key.get(1)?.clone(), key.get(2)?.clone()];
    let (reason, rest) = match rest {
        [first, rest @ ..] if !first.contains('=') => (first.clone(), rest),
        _ => ("null".to_owned(), rest),
    };
    let pair = |word: &String| {
        let (name, value) = word.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    let fields = rest.iter().map(pair).collect::<Option<Vec<_>>>()?;
    (arrow == "->").then_some(Expected { key, verdict: verdict.clone(), reason, fields })
}

fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut begun) = (Vec::new(), String::new(), false, false);
    for letter in line.chars().chain([' ']) {
        match letter {
            '"' => (quoted, begun) = (!quoted, true),
            ' ' if !quoted => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            _ => {
                word.push(letter);
                begun = true;
            }
        }
    }
    words
}

/// Differences between a line and a record, in words.
pub(super) fn differences(expected: &Expected, actual: &Fields) -> Vec<String> {
    let own = [("verdict", &expected.verdict), ("reason", &expected.reason)];
    let listed = expected.fields.iter().map(|(name, value)| (name.as_str(), value));
    let mut found = Vec::new();
    for (name, wanted) in own.into_iter().chain(listed) {
        match actual.get(name) {
            None => found.push(format!("there is no field `{name}`")),
            Some(got) if got != wanted && actual.get(exact_name(name)) != Some(wanted) => {
                found.push(format!("{name}: expected `{wanted}`, got `{got}`"));
            }
            Some(_) => {}
        }
    }
    found
}

/// The field that holds the exact fraction beside a rounded one.
fn exact_name(name: &str) -> &str {
    match name {
        "margin" => "margin_exact",
        "attainment" => "attainment_exact",
        "measured" => "measured_exact",
        other => other,
    }
}

/// The fields of a record, written by the contract.
pub(super) fn fields(model: &Model, judgement: &Judgement) -> Fields {
    let target = model.target(judgement.target).expect("a target of the model");
    let null = || "null".to_owned();
    let text = |value: Option<String>| value.unwrap_or_else(null);
    let exact = |value: &Option<Rational>| text(value.as_ref().map(ToString::to_string));
    let shown =
        |value: &Option<Rational>, places| text(value.as_ref().map(|it| decimal(it, places)));
    let sides = judgement.fraction.as_ref();
    let point = |measured: &Measured| match measured {
        Measured::Within(interval) => interval.is_point().map(ToString::to_string),
        _ => None,
    };
    let step = |it: &chitieu::Step| format!("{} {}", decimal(&it.add, 6), it.unit);
    BTreeMap::from([
        ("entity", text(judgement.entity.clone())),
        ("as_of", judgement.as_of.to_string()),
        ("target", target.code.clone()),
        ("name", target.name.clone()),
        ("group", text(target.group.clone())),
        ("verdict", judgement.verdict.code().to_owned()),
        ("reason", text(judgement.reason.map(|it| it.code().to_owned()))),
        ("progress", text(judgement.progress.map(|it| it.code().to_owned()))),
        ("measured", text(measured(&judgement.measured))),
        ("measured_exact", text(point(&judgement.measured))),
        ("unit", text(unit(model, &target.condition))),
        ("threshold", threshold(&target.condition)),
        ("due", text(judgement.due.map(|it| it.to_string()))),
        ("legal_basis", text(target.legal_basis.clone())),
        ("margin", shown(&judgement.margin, 6)),
        ("margin_exact", exact(&judgement.margin)),
        ("attainment", shown(&judgement.attainment, 4)),
        ("attainment_exact", exact(&judgement.attainment)),
        ("numerator", text(sides.map(|(above, _)| decimal(above, 28)))),
        ("denominator", text(sides.map(|(_, below)| decimal(below, 28)))),
        ("rounding_sensitive", judgement.rounding_sensitive.to_string()),
        ("estimate", judgement.estimate.to_string()),
        ("step", text(judgement.step.as_ref().map(|it| step(it).trim().to_owned()))),
        ("missing", judgement.missing.join("; ")),
        ("sources", judgement.sources.join("; ")),
    ])
}

/// A decimal string: exact where it ends within `places`, else rounded half up.
fn decimal(value: &Rational, places: u32) -> String {
    let power = i32::try_from(places).expect("few places");
    let half = Rational::from(1_i64).div(&Rational::from(2_i64)).expect("a half");
    let units = (&(&value.abs() * &Rational::pow10(power)) + &half).floor();
    let digits = format!("{:0>width$}", units.to_string(), width = places as usize + 1);
    let (whole, part) = digits.split_at(digits.len() - places as usize);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    let sign = if value.is_negative() && !units.is_zero() { "-" } else { "" };
    format!("{sign}{whole}{point}{part}")
}

fn measured(measured: &Measured) -> Option<String> {
    Some(match measured {
        Measured::Nothing => return None,
        Measured::About(value) => format!("~ {}", decimal(value, 6)),
        Measured::Truth(truth) => truth.to_string(),
        Measured::Within(interval) => bounds(interval)?,
    })
}

fn bounds(interval: &Interval) -> Option<String> {
    let shown = |value: &Rational| decimal(value, 6);
    if let Some(value) = interval.is_point() {
        return Some(shown(value));
    }
    Some(match (&interval.low, &interval.high) {
        (End::Unbounded, End::Unbounded) => return None,
        (End::Open(low), End::Unbounded) => format!("> {}", shown(low)),
        (End::Closed(low), End::Unbounded) => format!(">= {}", shown(low)),
        (End::Unbounded, End::Open(high)) => format!("< {}", shown(high)),
        (End::Unbounded, End::Closed(high)) => format!("<= {}", shown(high)),
        (low, high) => format!("{} .. {}", shown(low.value()?), shown(high.value()?)),
    })
}

fn unit(model: &Model, condition: &Condition) -> Option<String> {
    let label = match condition {
        Condition::Compare(it) => it.unit.label(chitieu::number::Format::Vi),
        Condition::Truth { indicator, .. } => {
            model.indicator(*indicator)?.unit.label(chitieu::number::Format::Vi)
        }
    };
    (!label.is_empty()).then_some(label)
}

fn threshold(condition: &Condition) -> String {
    let shown = |value: &Rational| value.exact_decimal().unwrap_or_else(|| value.to_string());
    match condition {
        Condition::Truth { expected, .. } => format!("= {expected}"),
        Condition::Compare(it) => match &it.threshold {
            Threshold::Bound { comparator, value } => {
                format!("{} {}", comparator.symbol(), shown(value))
            }
            Threshold::Within { low, high } => format!("{} .. {}", shown(low), shown(high)),
            Threshold::Rank { within, .. } => format!("<= {}", shown(within)),
        },
    }
}
