//! Changes of a text that remove a fault.
//!
//! Enters: a text and fixes for it. Leaves: the text with every fix that fits. The one idea: a fix
//! is taken whole or not at all, and the first of two that touch the same bytes wins. Invariant:
//! an edit that lies outside the text or cuts a character is never made.

use std::collections::BTreeMap;

use super::Message;
use crate::source::Span;

/// One way to remove a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does.
    pub title: Message,
    /// The changes, which are made together.
    pub edits: Vec<Edit>,
    /// Whether it keeps the meaning, so that it may be made without asking.
    pub safe: bool,
}

/// The bytes of `span` become `replacement`; an empty span inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced, in bytes of the original.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

/// The text after all fixes that do not overlap an earlier one.
///
/// The edits must belong to the source of `text`; their source is not looked at. Two insertions
/// at one place overlap, since nothing says which comes first.
///
/// ```
/// use chitieu::diagnostic::{Edit, Fix, Message, apply_fixes};
/// use chitieu::source::{SourceId, Span};
///
/// let span = Span { source: SourceId(0), start: 2, end: 4 };
/// let edits = vec![Edit { span, replacement: ">=".to_owned() }];
/// let fix = Fix { title: Message::new("viết `>=`", "write `>=`"), edits, safe: true };
/// assert_eq!(apply_fixes("a => 1", [&fix].into_iter()), "a >= 1");
/// ```
pub fn apply_fixes<'a>(text: &str, fixes: impl Iterator<Item = &'a Fix>) -> String {
    let mut taken = BTreeMap::new();
    for fix in fixes {
        take(text, fix, &mut taken);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for ((start, end), replacement) in taken {
        out.push_str(text.get(done..start).unwrap_or_default());
        out.push_str(replacement);
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// The edits taken so far by their byte range. INVARIANT: no two overlap.
type Taken<'a> = BTreeMap<(usize, usize), &'a str>;

fn take<'a>(text: &str, fix: &'a Fix, taken: &mut Taken<'a>) {
    let mut added = Vec::with_capacity(fix.edits.len());
    for edit in &fix.edits {
        let place = bytes(edit.span);
        if text.get(place.0..place.1).is_none() || overlaps(taken, place) {
            for place in added {
                taken.remove(&place);
            }
            return;
        }
        taken.insert(place, &edit.replacement);
        added.push(place);
    }
}

/// The byte range of a span as `usize`, which is at least 32 bits wide wherever this builds.
pub(super) fn bytes(span: Span) -> (usize, usize) {
    let wide = |byte| usize::try_from(byte).unwrap_or(usize::MAX);
    (wide(span.start), wide(span.end))
}

/// What is taken does not overlap, so that only the last edit that begins before `start` and those
/// that begin inside can be in the way.
fn overlaps(taken: &Taken<'_>, (start, end): (usize, usize)) -> bool {
    let before = taken.range(..(start, 0)).next_back();
    before.is_some_and(|(place, _)| place.1 > start)
        || taken.contains_key(&(start, end))
        || taken.range((start, 0)..(end, 0)).any(|(place, _)| *place != (start, start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn fix(edits: &[(u32, u32, &str)]) -> Fix {
        let edit = |&(start, end, new): &(u32, u32, &str)| Edit {
            span: Span { source: SourceId(0), start, end },
            replacement: new.to_owned(),
        };
        let edits = edits.iter().map(edit).collect();
        Fix { title: Message::new("sửa", "fix"), edits, safe: true }
    }

    fn check(text: &str, fixes: &[&[(u32, u32, &str)]], expected: &str) {
        let fixes: Vec<Fix> = fixes.iter().map(|edits| fix(edits)).collect();
        assert_eq!(apply_fixes(text, fixes.iter()), expected, "{text:?} with {fixes:?}");
    }

    #[test]
    fn fixes_that_do_not_overlap_are_all_made() {
        check("abcdef", &[], "abcdef");
        check("abcdef", &[&[(4, 5, "E")], &[(0, 1, "A")]], "AbcdEf");
        check("abcdef", &[&[(0, 2, "")], &[(2, 4, "X")], &[(6, 6, "!")]], "Xef!");
        check("abcdef", &[&[(2, 2, "+")], &[(2, 4, "X")]], "ab+Xef");
        check("abcdef", &[&[(2, 4, "X")], &[(2, 2, "+")]], "ab+Xef");
        check("a và\nb", &[&[(1, 5, ""), (6, 6, "và ")]], "a\nvà b");
    }

    #[test]
    fn the_first_wins_whole() {
        check("abcdef", &[&[(1, 4, "X")], &[(0, 1, "A"), (3, 5, "Y")]], "aXef");
        check("abcdef", &[&[(3, 3, "1")], &[(3, 3, "2")]], "abc1def");
        check("abcdef", &[&[(3, 3, "1")], &[(2, 4, "2")]], "abc1def");
        check("abcdef", &[&[(2, 4, "2")], &[(3, 3, "1")]], "ab2ef");
        check("abcdef", &[&[(2, 4, "2")], &[(2, 4, "2")]], "ab2ef");
        check("abcdef", &[&[(0, 3, "1"), (2, 4, "2")]], "abcdef");
    }

    #[test]
    fn edits_outside_the_text_are_not_made() {
        check("tỷ", &[&[(1, 2, "x")]], "tỷ");
        check("tỷ", &[&[(0, 9, "x")], &[(3, 1, "x")], &[(u32::MAX, u32::MAX, "x")]], "tỷ");
        check("tỷ", &[&[(0, 1, "T"), (9, 9, "x")]], "tỷ");
    }

    #[test]
    fn many_edits_stay_cheap() {
        let text = "a".repeat(100_000);
        let fixes: Vec<Fix> = (0..100_000).rev().map(|i| fix(&[(i, i + 1, "b")])).collect();
        assert_eq!(apply_fixes(&text, fixes.iter()), "b".repeat(100_000));
    }
}
