//! A few lines of a text with marks in them.
//!
//! Enters: lines that are already drawn, by number. Leaves: a snippet for annotate-snippets. The
//! one idea: the renderer gets a small text of our own, in which lines that are not shown are blank
//! and folded away, and never the user's text. Invariant: every mark lies inside its line.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Snippet};

/// Lines farther apart than this do not stand in one excerpt.
pub(super) const FARTHEST: u32 = 200;

/// One line as it is shown.
#[derive(Debug)]
pub(super) struct Line {
    /// Its number, from 1.
    pub(super) number: u32,
    /// What is printed.
    pub(super) text: String,
    /// The line above as it would be printed, for the case that just this one lies between.
    pub(super) above: Option<String>,
    pub(super) marks: Vec<Mark>,
}

/// A part of a line that is underlined.
#[derive(Debug)]
pub(super) struct Mark {
    /// The bytes of the printed text; empty points between characters.
    pub(super) range: Range<usize>,
    /// Whether it is what the diagnostic speaks of or only explains.
    pub(super) primary: bool,
    pub(super) label: Option<String>,
}

/// The snippet of `lines`, which are in order of their numbers.
pub(super) fn snippet(lines: Vec<Line>) -> Snippet<'static, Annotation<'static>> {
    let first = lines.first().map_or(1, |line| line.number);
    let mut source = String::new();
    let mut annotations = Vec::new();
    let mut next = first;
    for line in lines {
        if line.number == next.saturating_add(1) {
            push_line(&mut source, line.above.as_deref().unwrap_or("…"));
        } else {
            let blank = line.number.saturating_sub(next).min(FARTHEST);
            (0..blank).for_each(|_| push_line(&mut source, ""));
        }
        next = line.number.saturating_add(1);
        let start = source.len();
        push_line(&mut source, &line.text);
        annotations.push(AnnotationKind::Visible.span(start..start));
        annotations.extend(line.marks.into_iter().map(|mark| annotation(start, mark)));
    }
    Snippet::source(source).line_start(usize::try_from(first).unwrap_or(1)).annotations(annotations)
}

fn push_line(source: &mut String, line: &str) {
    source.push_str(line);
    source.push('\n');
}

fn annotation(start: usize, mark: Mark) -> Annotation<'static> {
    let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    kind.span(start + mark.range.start..start + mark.range.end).label(mark.label)
}
