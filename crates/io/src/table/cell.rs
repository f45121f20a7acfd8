//! One cell of a table, of text or of any other kind.

use std::borrow::Cow;

use chitieu::calendar::Date;
use chitieu::number::Format;
use chitieu::snapshot::Raw;

use super::raw;

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Text as it is written; an empty one is nothing.
    Text(&'a str),
    /// A value whose kind the table knows.
    Value(Raw),
    /// A day.
    Day(Date),
}

impl Cell<'_> {
    /// The cell as a text.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Value(Raw::Missing) => Cow::Borrowed(""),
            Self::Value(Raw::Number(number)) => Cow::Owned(number.to_string()),
            Self::Value(Raw::Text(text) | Raw::Unreadable(text)) => Cow::Borrowed(text),
            Self::Value(Raw::Truth(truth)) => Cow::Owned(truth.to_string()),
            Self::Day(day) => Cow::Owned(day.to_string()),
        }
    }

    /// The cell as a figure; `format` is that of its file.
    #[must_use]
    pub fn raw(&self, format: Option<Format>) -> Raw {
        match self {
            Self::Text(text) => raw(text.trim(), format),
            Self::Value(raw) => raw.clone(),
            Self::Day(day) => Raw::Unreadable(day.to_string()),
        }
    }
}
