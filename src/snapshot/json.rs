//! One record of JSON, read without losing a digit.
//!
//! Enters: the text of one record, or any serde deserializer. Leaves: a [`Snapshot`] as it was
//! written, or the place of the fault and what it is. The one idea: numbers are taken from their
//! text and keys one by one, so that neither f64 nor a map can drop anything. Invariant: nothing
//! goes deeper than a measurement's own fields; what lies below is text that is no quantity.

mod node;
mod record;
mod syntax;

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _};
use unicode_segmentation::UnicodeSegmentation;

use self::node::{Kind, Tree};
use super::Snapshot;
use crate::diagnostic::{Lang, Message};

const BOM: char = '\u{feff}';

/// Why a text is no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct JsonError {
    /// The line of the fault in the text of the record, from 1.
    pub line: u32,
    /// Its column in characters as seen, from 1.
    pub column: u32,
    /// What is wrong, in both languages.
    pub message: Message,
    /// The text is no JSON, so that what follows it cannot be trusted either; otherwise the JSON
    /// is sound and only this record is not.
    pub is_syntax: bool,
}

/// In English, as all errors of the library; [`JsonError::message`] holds both languages.
impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message.get(Lang::En))
    }
}

/// A fault at a byte of the text.
#[derive(Debug)]
struct Fault {
    at: usize,
    message: Message,
}

impl Fault {
    fn new(at: usize, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { at, message: Message::new(vi, en) }
    }
}

impl Snapshot {
    /// Reads one record; [`Snapshot::place`] stays empty.
    ///
    /// A number keeps its digits. What is no quantity (a list, a number of too many digits) is
    /// kept as an unreadable measurement; a measurement given twice is kept twice.
    ///
    /// # Errors
    /// The text is no JSON object, names no entity, has a time that cannot be read, an unknown
    /// field, or a field twice with different values.
    ///
    /// ```
    /// use chitieu::{Measurement, Snapshot, number::Decimal};
    /// let text = r#"{"entity":"br-vt","as_of":"năm 2023","measurements":{"tỷ lệ a":52.30}}"#;
    /// let snapshot = Snapshot::from_json(text)?;
    /// assert_eq!(snapshot.as_of().unwrap().to_string(), "2023-12-31");
    /// let (name, value) = &snapshot.measurements[0];
    /// assert_eq!(name, "tỷ lệ a");
    /// assert_eq!(*value, Measurement::number(Decimal::parse("52.30").unwrap()));
    /// let error = Snapshot::from_json(r#"{"entity":"a","mesurements":{}}"#).unwrap_err();
    /// assert_eq!((error.line, error.column), (1, 15));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        let text = text.strip_prefix(BOM).unwrap_or(text);
        let root = node::parse(text).map_err(|error| syntax_error(text, &error))?;
        record::snapshot(root).map_err(|fault| {
            let (line, column) = location(text, fault.at);
            JsonError { line, column, message: fault.message, is_syntax: false }
        })
    }
}

/// Takes whole numbers and texts, and refuses a float, which has lost its digits already:
/// [`Snapshot::from_json`] reads numbers from their text.
///
/// ```
/// let read = |text| serde_json::from_str::<chitieu::Snapshot>(text);
/// assert!(read(r#"{"entity":"a","measurements":{"x":52,"y":"52,3%"}}"#).is_ok());
/// let error = read(r#"{"entity":"a","measurements":{"x":52.3}}"#).unwrap_err();
/// assert!(error.to_string().contains("from_json"));
/// ```
impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let root = serde::de::DeserializeSeed::deserialize(Tree::ROOT, deserializer)?;
        record::snapshot(root).map_err(|fault| D::Error::custom(fault.message.en))
    }
}

fn syntax_error(text: &str, error: &node::ParseError<'_>) -> JsonError {
    let at = error.at(text);
    let (line, column) = location(text, at);
    JsonError { line, column, message: syntax::message(&error.error), is_syntax: true }
}

/// Line and column, from 1, of a byte; one inside a character stands where that begins.
fn location(text: &str, at: usize) -> (u32, u32) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    let before = text.get(..at).unwrap_or_default();
    let lines = before.bytes().filter(|&byte| byte == b'\n').count();
    let last = before.rsplit('\n').next().unwrap_or_default();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
    (count(lines), count(last.graphemes(true).count()))
}

impl Kind<'_> {
    /// What stands there, for messages.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Null => ("null", "null"),
            Self::Truth(_) => ("true hoặc false", "true or false"),
            Self::Number(_) => ("một số", "a number"),
            Self::Text(_) => ("một chuỗi", "a text"),
            Self::Object(_) => ("một đối tượng", "an object"),
            Self::Other(_) => ("một danh sách", "a list"),
        }
    }
}

#[cfg(test)]
mod tests;
