//! Physical lines to statements' lines: comments cut off, continued lines joined.
//!
//! Enters: a source. Leaves: one [`Joined`] a statement. The one idea: what continues a line is
//! seen without reading it (a trailing `\`, an open parenthesis, `và` or `hoặc` below).
//! Invariant: linear; a parenthesis looks ahead at most [`LINES_JOINED_MAX`] lines.

use std::ops::Range;

use crate::source::{Line, Source, SourceId};
use crate::text::{self, Shadow};

/// The longest line that is read, joined or not, in bytes.
pub const LINE_BYTES_MAX: usize = 1 << 16;

/// How many lines a parenthesis may stay open.
const LINES_JOINED_MAX: usize = 64;

/// Keys whose value is free text: it is taken as it stands, and only `\` continues it.
const FREE_KEYS: [&str; 10] = [
    "ghi chú",
    "căn cứ",
    "chủ trì",
    "nguồn",
    "tên khác",
    "note",
    "legal basis",
    "owner",
    "source",
    "alias",
];

/// Keys that begin a section: an open parenthesis does not reach across them.
const HEAD_KEYS: [&str; 11] = [
    "chương trình",
    "programme",
    "program",
    "nhóm",
    "group",
    "chỉ số",
    "indicator",
    "kiểm tra",
    "check",
    "thử",
    "test",
];

/// A statement's line.
#[derive(Debug)]
pub(super) enum Joined {
    /// Its shadow, and the physical lines that it takes, counted from 0.
    Text(Shadow, Range<usize>),
    /// A line too long to read: its first byte and its length.
    TooLong(u32, usize),
}

/// A physical line, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut<'a> {
    /// What is read.
    pub(super) kept: &'a str,
    /// From `#` to the end; empty where there is none.
    pub(super) comment: &'a str,
    /// It ends in `\`, which is not kept.
    pub(super) continued: bool,
    /// It is free text, or begins with a key of such.
    pub(super) free: bool,
    /// Parentheses opened less closed, outside quotes and free text.
    depth: i32,
}

/// A physical line, looked at.
struct Physical {
    shadow: Shadow,
    /// Parentheses opened less closed, outside quotes and free text.
    depth: i32,
    free: bool,
    continued: bool,
}

/// The statements' lines of a source; blank ones and comments are left out.
pub(super) fn joined(id: SourceId, source: &Source) -> Vec<Joined> {
    let lines: Vec<Line<'_>> = source.lines().collect();
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(line) = lines.get(next) {
        next += 1;
        if line.text.len() > LINE_BYTES_MAX {
            found.push(Joined::TooLong(line.start, line.text.len()));
            continue;
        }
        let first = look(id, line, None);
        if first.shadow.text().is_empty() && !first.continued {
            continue;
        }
        let begin = next - 1;
        let shadow = join(id, first, &lines, &mut next);
        if !shadow.text().is_empty() {
            found.push(Joined::Text(shadow, begin..next));
        }
    }
    found
}

/// Joins what continues `first`; `next` is the line after it and moves on.
fn join(id: SourceId, first: Physical, lines: &[Line<'_>], next: &mut usize) -> Shadow {
    let Physical { mut shadow, mut depth, mut free, mut continued } = first;
    let mut inside = 0;
    while let Some(below) = lines.get(*next).filter(|line| fits(&shadow, line)) {
        if inside == 0 && depth <= 0 && !continued && !may_begin_with_join(below.text) {
            break;
        }
        // The first line that says something tells whether the statement is free text.
        let below = look(id, below, (!shadow.text().is_empty()).then_some(free));
        free = below.free;
        if inside == 0 && depth > 0 && !free {
            inside = lines_to_close(id, depth, lines, *next);
        }
        let takes = continued || inside > 0 || (!free && begins_with_join(below.shadow.text()));
        if !takes {
            break;
        }
        shadow.push_line(below.shadow);
        depth += below.depth;
        continued = below.continued;
        inside = inside.saturating_sub(1);
        *next += 1;
    }
    shadow
}

/// Whether the joined line stays within its limit.
fn fits(shadow: &Shadow, line: &Line<'_>) -> bool {
    shadow.text().len() + line.text.len() < LINE_BYTES_MAX
}

/// How many lines below an open parenthesis reaches; 0 where it does not close before the next
/// blank line or head.
fn lines_to_close(id: SourceId, mut depth: i32, lines: &[Line<'_>], next: usize) -> usize {
    for (count, line) in lines.iter().skip(next).take(LINES_JOINED_MAX).enumerate() {
        if line.text.len() > LINE_BYTES_MAX {
            return 0;
        }
        let physical = look(id, line, Some(false));
        let text = physical.shadow.text();
        if text.is_empty() || starts_with_key(text, &HEAD_KEYS) || text.starts_with('[') {
            return 0;
        }
        depth += physical.depth;
        if depth <= 0 {
            return count + 1;
        }
    }
    0
}

/// Whether a line is worth its normal form only to see whether it continues the one above.
fn may_begin_with_join(line: &str) -> bool {
    let first = line.chars().find(|letter| !letter.is_whitespace());
    // What is not seen, such as a zero-width space, may stand before the word.
    first.is_some_and(|letter| !letter.is_ascii() || "vVhHaAoO".contains(letter))
}

/// Whether a line, in normal form, goes on with the line above it.
pub(super) fn begins_with_join(text: &str) -> bool {
    let word = text.split(' ').next().unwrap_or_default();
    matches!(word, "và" | "hoặc" | "and" | "or")
}

fn starts_with_key(text: &str, keys: &[&str]) -> bool {
    keys.iter()
        .any(|key| text.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':')))
}

/// Cuts the comment and the trailing `\` off, and counts parentheses. `above` says whether the
/// statement that the line goes on with is free text.
fn look(id: SourceId, line: &Line<'_>, above: Option<bool>) -> Physical {
    let whole = Shadow::of_line(id, line.start, line.text);
    let Cut { kept, continued, free, depth, .. } = cut_with(line.text, whole.text(), above);
    let same = kept.len() == line.text.len();
    let shadow = if same { whole } else { Shadow::of_line(id, line.start, kept) };
    Physical { shadow, depth, free, continued }
}

/// Takes a physical line apart; `above` as for [`look`].
pub(super) fn cut(line: &str, above: Option<bool>) -> Cut<'_> {
    cut_with(line, &text::normal(line), above)
}

/// Takes the physical lines of one statement apart.
pub(super) fn cuts<'a>(lines: &[Line<'a>]) -> Vec<Cut<'a>> {
    let mut above = None;
    let cut_below = |line: &Line<'a>| {
        let cut = cut(line.text, above);
        if above.is_none() && !text::normal(cut.kept).is_empty() {
            above = Some(cut.free);
        }
        cut
    };
    lines.iter().map(cut_below).collect()
}

fn cut_with<'a>(line: &'a str, normal: &str, above: Option<bool>) -> Cut<'a> {
    // A line that would be free text by itself closes no parenthesis.
    let of_key = starts_with_key(normal, &FREE_KEYS);
    let free = above.unwrap_or(of_key);
    let (kept, depth) = if free { (line, 0) } else { scan(line) };
    let depth = if of_key { 0 } else { depth };
    let comment = line.get(kept.len()..).unwrap_or_default();
    let kept = kept.trim_end();
    let (kept, continued) = kept.strip_suffix('\\').map_or((kept, false), |rest| (rest, true));
    Cut { kept, comment, continued, free, depth }
}

/// The line without its comment, and its parentheses opened less closed.
fn scan(line: &str) -> (&str, i32) {
    let (mut depth, mut quoted, mut after_space) = (0, false, true);
    for (at, letter) in line.char_indices() {
        match letter {
            '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂' => quoted = !quoted,
            '#' if after_space && !quoted => return (line.get(..at).unwrap_or(line), depth),
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        after_space = letter.is_whitespace();
    }
    (line, depth)
}
