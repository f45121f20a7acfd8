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
            Self::Step(step) => StepRow::new(step).serialize(serializer),
            Self::Stretch(stretch) => StretchRow::new(stretch).serialize(serializer),
            Self::Parts(parts) => {
                let mut sequence = serializer.serialize_seq(Some(parts.len()))?;
                for part in *parts {
                    sequence.serialize_element(&PartRow::new(part))?;
                }
                sequence.end()
            }
        }
    }
}

/// A step as records write it.
///
/// ```
/// use chitieu::number::Rational;
/// use chitieu::report::StepRow;
/// use chitieu::Step;
///
/// let step = Step::Units { add: Rational::from(3_i64) };
/// assert_eq!(StepRow::new(&step).units, Some(3));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRow<'a> {
    /// The indicator to change; nothing where units are.
    pub indicator: Option<&'a str>,
    /// How much to add to it, never too little.
    pub add: Option<String>,
    /// The unit of `add`; nothing for a plain number.
    pub unit: Option<&'a str>,
    /// How many units more; nothing where an indicator is to change.
    pub units: Option<i128>,
}

impl<'a> StepRow<'a> {
    /// The texts of a step.
    pub fn new(step: &'a Step) -> Self {
        match step {
            Step::Figure { indicator, add, unit } => Self {
                indicator: Some(indicator),
                add: Some(sufficient(add)),
                unit: (!unit.is_empty()).then_some(unit),
                units: None,
            },
            // There are never more units than records.
            Step::Units { add } => Self {
                indicator: None,
                add: None,
                unit: None,
                units: Some(add.to_i128().unwrap_or_default()),
            },
        }
    }
}

impl Serialize for StepRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(units) = self.units {
            map.serialize_entry("units", &units)?;
        } else {
            map.serialize_entry("indicator", &self.indicator)?;
            map.serialize_entry("add", &self.add)?;
            map.serialize_entry("unit", &self.unit)?;
        }
        map.end()
    }
}

/// A tier beside the threshold, as records write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StretchRow {
    /// Its threshold.
    pub threshold: String,
    /// The code of its verdict.
    pub verdict: &'static str,
}

impl StretchRow {
    /// The texts of a tier.
    pub fn new(stretch: &Stretch) -> Self {
        Self { threshold: threshold(&stretch.threshold), verdict: stretch.verdict.code() }
    }
}

/// A part of a joined target, as records write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartRow<'a> {
    /// The part as the rule writes it.
    pub text: &'a str,
    /// The code of its verdict.
    pub verdict: &'static str,
    /// What was measured for it.
    pub measured: Option<String>,
    /// Its threshold.
    pub threshold: Option<String>,
}

impl<'a> PartRow<'a> {
    /// The texts of a part.
    pub fn new(part: &'a Part) -> Self {
        let sides = part.threshold.as_ref().map(sides).unwrap_or_default();
        Self {
            text: &part.text,
            verdict: part.verdict.code(),
            measured: measured(&part.measured, &|value| decimal(value, PLACES, &sides)),
            threshold: part.threshold.as_ref().map(threshold),
        }
    }
}
