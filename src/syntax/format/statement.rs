//! One statement: its physical lines, and the lines that it is printed on.
//!
//! Enters: the physical lines that make a statement. Leaves: lines of at most [`WIDTH`] characters
//! where `và` and `hoặc` allow it. The one idea: what is printed is read again, and only lines that
//! read as the same statement leave.

use std::ops::Range;

use super::super::lines::{self, Joined};
use super::super::tree::TokenKind;
use super::pieces::{self, Piece, Pieces};
use crate::source::{Line, Source, SourceId};
use crate::text::{self, Shadow};

/// How many characters a line holds before it is broken.
const WIDTH: usize = 100;

/// How much further the lines stand that go on with a statement.
const FURTHER: usize = 4;

/// What a statement is, for the lines around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A programme or a group.
    Section,
    /// An indicator, a check or a test.
    Head,
    /// A target.
    Target,
    /// A key.
    Key,
}

/// A part of a statement: one physical line.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    text: String,
    comment: String,
    continued: bool,
}

/// A statement, taken apart.
#[derive(Debug)]
pub(super) struct Statement {
    parts: Vec<Part>,
    /// Where each part begins in the text of all.
    starts: Vec<usize>,
    free: bool,
    /// It begins with `và` or `hoặc`, so that only what stands above keeps it apart.
    begins_with_join: bool,
    pieces: Pieces,
}

/// The same statement, however it is broken into lines.
impl PartialEq for Statement {
    fn eq(&self, other: &Self) -> bool {
        (self.class(), &self.pieces.all) == (other.class(), &other.pieces.all)
            && self.comments().eq(other.comments())
    }
}

impl Statement {
    /// Takes a statement's lines apart; `None` where their text does not read as the statement.
    pub(super) fn read(shadow: &Shadow, lines: &[Line<'_>], range: Range<usize>) -> Option<Self> {
        let cuts = lines::cuts(lines.get(range)?);
        let (mut clean, mut starts, mut parts) = (String::new(), Vec::new(), Vec::new());
        for cut in &cuts {
            let text = pieces::composed(cut.kept);
            if !clean.is_empty() && !text.is_empty() {
                clean.push(' ');
            }
            starts.push(clean.len());
            clean.push_str(&text);
            let comment = pieces::composed_comment(cut.comment);
            parts.push(Part { text, comment, continued: cut.continued });
        }
        let pieces = pieces::pieces(&clean, &starts)?;
        let free = cuts.last().is_some_and(|cut| cut.free);
        let begins_with_join = lines::begins_with_join(shadow.text());
        // On one line nothing of it becomes a comment, or a `\\` that goes on.
        let whole = lines::cut(&clean, None);
        let same = text::normal(&clean) == shadow.text() && whole.kept == clean;
        same.then_some(Self { parts, starts, free, begins_with_join, pieces })
    }

    pub(super) const fn class(&self) -> Class {
        self.pieces.class
    }

    /// Comments, in order.
    pub(super) fn comments(&self) -> impl Iterator<Item = &str> {
        let comments = self.parts.iter().map(|part| part.comment.as_str());
        comments.filter(|comment| !comment.is_empty())
    }

    /// The lines that are printed, the first behind `indent` spaces; `None` where none of them
    /// would read as the statement.
    pub(super) fn print(&self, indent: usize) -> Option<Vec<String>> {
        let printed = ["", &self.pieces.mark].map(|mark| self.lines(mark, indent));
        printed.into_iter().find(|lines| self.reads_from(lines))
    }

    /// Whether the lines read as this statement and keep its comments.
    fn reads_from(&self, lines: &[String]) -> bool {
        let Ok(source) = Source::new("", lines.join("\n")) else { return false };
        let physical: Vec<Line<'_>> = source.lines().collect();
        let again = lines::joined(SourceId(0), &source);
        let [Joined::Text(shadow, range)] = again.as_slice() else { return false };
        *range == (0..lines.len())
            && Self::read(shadow, &physical, range.clone()).is_some_and(|again| {
                again == *self && again.begins_with_join == self.begins_with_join
            })
    }

    fn lines(&self, mark: &str, indent: usize) -> Vec<String> {
        let pieces = &self.pieces;
        let last = self.parts.iter().rposition(|part| !part.text.is_empty()).unwrap_or(0);
        let commented = self.parts.iter().enumerate();
        let between =
            commented.filter(|(_, part)| !part.comment.is_empty()).any(|(at, _)| at != last);
        let many = self.parts.iter().filter(|part| !part.text.is_empty()).count() > 1;
        if between || (many && (self.free || pieces.plain)) {
            return self.kept(mark, indent);
        }
        let one = written(mark, indent, &pieces.all);
        let mut lines = vec![one];
        if !self.free && !pieces.plain && lines.iter().any(|line| is_wide(line)) {
            lines = broken(mark, indent, &pieces.all);
            if many && lines.iter().any(|line| is_wide(line)) {
                return self.kept(mark, indent);
            }
        }
        let comment = self.parts.get(last).map(|part| part.comment.as_str()).unwrap_or_default();
        if let Some(line) = lines.last_mut().filter(|_| !comment.is_empty()) {
            line.push_str("  ");
            line.push_str(comment);
        }
        lines
    }

    /// Broken where the author broke it.
    fn kept(&self, mark: &str, indent: usize) -> Vec<String> {
        let mut rest = self.pieces.all.as_slice();
        let mut lines: Vec<String> = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            let end = self.starts.get(at + 1).copied().unwrap_or(usize::MAX);
            let count = rest.iter().take_while(|piece| piece.at < end).count();
            let (own, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            rest = after;
            if own.is_empty() && part.comment.is_empty() {
                continue;
            }
            let (mark, indent) =
                if lines.is_empty() { (mark, indent) } else { ("", indent + FURTHER) };
            let mut line = written(mark, indent, own);
            let open = part.continued && (!rest.is_empty() || self.comment_follows(at));
            if open {
                line.push_str(if own.is_empty() { "\\" } else { " \\" });
            }
            if !part.comment.is_empty() {
                line.push_str(if own.is_empty() && !open { "" } else { "  " });
                line.push_str(&part.comment);
            }
            lines.push(line);
        }
        lines
    }

    fn comment_follows(&self, at: usize) -> bool {
        let after = self.parts.get(at + 1..).unwrap_or_default();
        after.iter().any(|part| !part.comment.is_empty())
    }
}

/// Pieces on one line.
fn written(mark: &str, indent: usize, pieces: &[Piece]) -> String {
    let mut line = " ".repeat(indent);
    line.push_str(mark);
    for (at, piece) in pieces.iter().enumerate() {
        let spaced = if at == 0 { !mark.is_empty() } else { piece.spaced };
        if spaced {
            line.push(' ');
        }
        line.push_str(&piece.text);
    }
    line
}

fn is_wide(line: &str) -> bool {
    line.chars().count() > WIDTH
}

/// Broken before every `và` and `hoặc` behind a comparison outside parentheses; without such a
/// one, before those words where the line is full.
fn broken(mark: &str, indent: usize, pieces: &[Piece]) -> Vec<String> {
    let every = joins(pieces);
    let wanted = if every.is_empty() { full(mark, indent, pieces) } else { every };
    let mut lines = Vec::new();
    let mut from = 0;
    for to in wanted.into_iter().chain([pieces.len()]) {
        let (mark, indent) = if from == 0 { (mark, indent) } else { ("", indent + FURTHER) };
        lines.push(written(mark, indent, pieces.get(from..to).unwrap_or_default()));
        from = to;
    }
    lines
}

const fn is_join(piece: &Piece) -> bool {
    matches!(piece.kind, Some(TokenKind::And | TokenKind::Or))
}

fn joins(pieces: &[Piece]) -> Vec<usize> {
    let (mut found, mut depth, mut compared) = (Vec::new(), 0_usize, false);
    for (at, piece) in pieces.iter().enumerate() {
        match piece.kind {
            Some(TokenKind::Open) => depth += 1,
            Some(TokenKind::Close) => depth = depth.saturating_sub(1),
            Some(TokenKind::Symbol(_)) => compared = true,
            Some(TokenKind::And | TokenKind::Or) if depth == 0 && compared => {
                found.push(at);
                compared = false;
            }
            _ => {}
        }
    }
    found
}

/// The `và` and `hoặc` before which a line is full.
fn full(mark: &str, indent: usize, pieces: &[Piece]) -> Vec<usize> {
    let places = pieces.iter().enumerate().skip(1).filter(|(_, piece)| is_join(piece));
    let places: Vec<usize> = places.map(|(at, _)| at).collect();
    let (mut found, mut from) = (Vec::new(), 0);
    let mut width = indent + mark.chars().count();
    for to in places.into_iter().chain([pieces.len()]) {
        let own = written("", 1, pieces.get(from..to).unwrap_or_default()).chars().count();
        if from > 0 && width + own > WIDTH {
            found.push(from);
            width = indent + FURTHER + own - 1;
        } else {
            width += own;
        }
        from = to;
    }
    found
}
