//! Verdicts as the cases write them: expected lines, and records to hold them against.
//!
//! Enters: a line of a `verdicts` block, or a judgement. Leaves: [`Expected`] or the fields of the
//! record. The one idea: the record is read back from its JSON, so that the cases hold the contract
//! with other programs too. Invariant: a field that nobody knows is an error.

use std::collections::BTreeMap;

use chitieu::Judgement;
use chitieu::check::model::Model;
use chitieu::report::{Options, Record};
use serde_json::Value;

/// A record by the names of its fields; unknown is `null`.
pub(super) type Fields = BTreeMap<String, String>;

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

/// The words of a line; double quotes hold spaces.
pub(super) fn words(line: &str) -> Vec<String> {
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

/// The fields of a record as other programs read them.
pub(super) fn fields(model: &Model, judgement: &Judgement) -> Fields {
    let options = Options { exact: true, ..Options::default() };
    let record = serde_json::to_value(Record::new(model, judgement, options));
    let Ok(Value::Object(fields)) = record else { return Fields::new() };
    fields.iter().map(|(name, value)| (name.clone(), text(name, value))).collect()
}

/// A field's value as a case writes it.
fn text(name: &str, value: &Value) -> String {
    let of = |key: &str| value.get(key).map(|it| text(key, it)).unwrap_or_default();
    match (name, value) {
        (_, Value::Null) => "null".to_owned(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Array(list)) => {
            list.iter().map(|it| text("parts", it)).collect::<Vec<_>>().join("; ")
        }
        ("step", Value::Object(_)) => {
            let unit = value.get("unit").and_then(Value::as_str).unwrap_or_default();
            format!("{} {unit}", of("add")).trim().to_owned()
        }
        ("parts", Value::Object(_)) => format!("{} -> {}", of("text"), of("verdict")),
        ("stretch", Value::Object(_)) => format!("{} -> {}", of("threshold"), of("verdict")),
        (_, other) => other.to_string(),
    }
}
