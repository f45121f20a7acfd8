//! The value of one field of a record, for every format.
//!
//! Enters: figures as text, and what a judgement holds. Leaves: JSON through serde, or the text of
//! a CSV cell. The one idea: formats differ only here. Invariant: null is never an empty text in
//! JSON, and an empty list is `[]`.

use std::borrow::Cow;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::figures::{PLACES, decimal, measured, sides, sufficient, threshold};
use super::words::join;
use crate::verdict::{Part, Step, Stretch};

/// The value of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Unknown.
    Null,
    /// A text, or a number as text.
    Text(Cow<'a, str>),
    /// True or false.
    Flag(bool),
    /// Texts.
    List(&'a [String]),
    /// The step that would turn the verdict.
    Step(&'a Step),
    /// The tier beside the threshold.
    Stretch(&'a Stretch),
    /// The parts of a joined target.
    Parts(&'a [Part]),
}

impl Cell<'_> {
    /// The text that CSV holds: empty for null, lists joined by `; `.
    pub fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text) => text.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::List(texts) => texts.join("; "),
            Self::Step(step) => {
                let sign = if step.add().is_positive() { "+" } else { "" };
                match step {
                    Step::Figure { indicator, add, unit } => {
                        format!("{indicator}: {sign}{}", join(&sufficient(add), unit))
                    }
                    Step::Units { add } => format!("units: {sign}{}", sufficient(add)),
                }
            }
            Self::Stretch(Stretch { threshold: asked, verdict }) => {
                format!("{}: {}", threshold(asked), verdict.code())
            }
            Self::Parts(parts) => {
                let text = |part: &Part| format!("{}: {}", part.text, part.verdict.code());
                parts.iter().map(text).collect::<Vec<_>>().join("; ")
            }
        }
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::List(texts) => texts.serialize(serializer),
            Self::Step(Step::Figure { indicator, add, unit }) => {
                let mut map = serializer.serialize_map(Some(3))?;
                map.serialize_entry("indicator", indicator)?;
                map.serialize_entry("add", &sufficient(add))?;
                let unit = (!unit.is_empty()).then_some(unit);
                map.serialize_entry("unit", &unit)?;
                map.end()
            }
            Self::Step(Step::Units { add }) => {
                let mut map = serializer.serialize_map(Some(1))?;
                // There are never more units than records.
                map.serialize_entry("units", &add.to_i128().unwrap_or_default())?;
                map.end()
            }
            Self::Stretch(Stretch { threshold: asked, verdict }) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("threshold", &threshold(asked))?;
                map.serialize_entry("verdict", verdict.code())?;
                map.end()
            }
            Self::Parts(parts) => {
                let mut sequence = serializer.serialize_seq(Some(parts.len()))?;
                for part in *parts {
                    sequence.serialize_element(&PartRow(part))?;
                }
                sequence.end()
            }
        }
    }
}

/// A part of a joined target, as records write it.
struct PartRow<'a>(&'a Part);

impl Serialize for PartRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sides = self.0.threshold.as_ref().map(sides).unwrap_or_default();
        let figure = measured(&self.0.measured, &|value| decimal(value, PLACES, &sides));
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("text", &self.0.text)?;
        map.serialize_entry("verdict", self.0.verdict.code())?;
        map.serialize_entry("measured", &figure)?;
        map.serialize_entry("threshold", &self.0.threshold.as_ref().map(threshold))?;
        map.end()
    }
}
