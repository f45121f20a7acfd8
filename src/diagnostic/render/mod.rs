//! Showing diagnostics: one renderer per file.
//!
//! Enters: diagnostics and the sources that their spans point into. Leaves: text for a person, a
//! line for a tool, or JSON. The one idea: renderers only look; what is said was decided where the
//! fault was found. Invariant: for a person and in short lines no control character of the user's
//! text comes out raw, and the work for one diagnostic does not grow with the length of its line
//! (but for the column, which [`Source::location`](crate::source::Source::location) counts).

mod excerpt;
mod fixed;
mod human;
mod json;
mod short;
mod visible;
mod window;

pub(super) use short::one_line;

use super::{Diagnostic, Lang};
use crate::source::{SourceId, Sources};

/// For whom diagnostics are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// For a person: the line, underlined, with help and fixes, and a summary at the end.
    #[default]
    Human,
    /// `file:line:column: lỗi[E0301]: message`, one line each.
    Short,
    /// One JSON object a line.
    Json,
}

/// How text for a person is decorated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Style {
    /// Whether terminal colours are written; only [`Format::Human`] has any.
    pub color: bool,
}

/// Shows `diagnostics` in their order; no diagnostics give no text.
///
/// A span of a source that is not in `sources` is shown as `?`, without a line of text.
pub fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    format: Format,
    lang: Lang,
    style: Style,
) -> String {
    match format {
        Format::Human => human::render(diagnostics, sources, lang, style),
        Format::Short => short::render(diagnostics, sources, lang),
        Format::Json => json::render(diagnostics, sources, lang),
    }
}

/// A place as people count it: line and column from 1, column in characters as seen.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

fn place(sources: &Sources, source: SourceId, byte: u32) -> Place<'_> {
    match sources.get(source) {
        None => Place { file: "?", line: 1, column: 1 },
        Some(found) => {
            let location = found.location(byte);
            Place { file: found.name(), line: location.line, column: location.column }
        }
    }
}
