//! The part of a line that is shown.
//!
//! Enters: a text and a place in it. Leaves: the bytes of the line around the place, and the same
//! drawn as printable text. The one idea: look outward from the place and stop early, so that a
//! line of ten megabytes costs no more than a short one. Invariant: a window holds at most
//! [`MOST`] characters, no line break, and whole characters only.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::visible::push_visible;

/// A line with more characters than this is cut.
const MOST: usize = 200;
/// Of a line that is cut, so many characters before the place are shown where it has them.
const BEFORE: usize = 60;
/// What stands for the part of a line that was cut away.
const CUT: char = '…';

/// A byte range of one line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether the line begins before.
    pub(super) cut_left: bool,
    /// Whether the line goes on after.
    pub(super) cut_right: bool,
}

impl Window {
    /// From `start` back and from `end` on to the ends of their lines, or as far as is shown; what
    /// lies between counts for nothing.
    pub(super) fn around(text: &str, start: usize, end: usize) -> Self {
        let start = before_break(text, text.floor_char_boundary(start).max(mark_of_order(text)));
        let end = before_break(text, text.floor_char_boundary(end)).max(start);
        let back = reach(text.get(..start).unwrap_or_default().chars().rev(), mark_of_order(text));
        let ahead = reach(text.get(end..).unwrap_or_default().chars(), 0);
        let left = back.len().min(BEFORE.max(MOST.saturating_sub(ahead.len())));
        let right = ahead.len().min(MOST - left);
        let bytes = |reach: &[usize]| reach.iter().sum::<usize>();
        Self {
            start: start - bytes(back.get(..left).unwrap_or_default()),
            end: end + bytes(ahead.get(..right).unwrap_or_default()),
            cut_left: left < back.len(),
            cut_right: right < ahead.len(),
        }
    }

    /// Around the end of the line above, if this window begins at the beginning of its line.
    pub(super) fn above(&self, text: &str) -> Option<Self> {
        let end = self.start.checked_sub(1).filter(|_| !self.cut_left)?;
        Some(Self::around(text, end, end))
    }

    /// Whether `byte` lies in it, its end included.
    pub(super) fn holds(&self, byte: usize) -> bool {
        (self.start..=self.end).contains(&byte)
    }

    /// The part as printable text, and where `marks` (byte ranges of the text) lie in that: each
    /// covers whole characters as seen, and ends where the window ends.
    pub(super) fn draw(&self, text: &str, marks: &[Range<usize>]) -> (String, Vec<Range<usize>>) {
        let mut out = String::new();
        if self.cut_left {
            out.push(CUT);
        }
        let mut places = Vec::new();
        let part = text.get(self.start..self.end).unwrap_or_default();
        for (offset, seen) in part.grapheme_indices(true) {
            places.push((self.start + offset, out.len()));
            push_visible(&mut out, seen);
        }
        places.push((self.end, out.len()));
        if self.cut_right {
            out.push(CUT);
        }
        let drawn = marks.iter().map(|mark| {
            let first = places.partition_point(|place| place.0 <= mark.start).saturating_sub(1);
            let last = places.partition_point(|place| place.0 < mark.end).max(first);
            let at = |index| places.get(index).or(places.last()).map_or(0, |place| place.1);
            at(first)..at(last)
        });
        let drawn = drawn.collect();
        (out, drawn)
    }
}

/// The length in bytes of a byte order mark, which belongs to no line.
fn mark_of_order(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// A place between `\r` and `\n` is one before both.
fn before_break(text: &str, byte: usize) -> usize {
    let (before, after) = text.split_at_checked(byte).unwrap_or_default();
    if before.ends_with('\r') && after.starts_with('\n') { byte - 1 } else { byte }
}

/// The lengths in bytes of the characters up to a line break, and of one more than are shown at
/// most. A byte order mark ends a line backwards (`mark` is its length).
fn reach(chars: impl Iterator<Item = char>, mark: usize) -> Vec<usize> {
    let ends = |char: &char| matches!(char, '\n' | '\r') || (mark > 0 && *char == '\u{feff}');
    chars.take_while(|char| !ends(char)).take(MOST + 1).map(char::len_utf8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, range: Range<usize>, shown: &str, marked: &str) {
        let window = Window::around(text, range.start, range.start);
        let (drawn, marks) = window.draw(text, std::slice::from_ref(&range));
        assert_eq!((drawn.as_str(), &drawn[marks[0].clone()]), (shown, marked));
    }

    #[test]
    fn short_lines_are_whole() {
        check("", 0..0, "", "");
        check("một\nhai\nba", 6..9, "hai", "hai");
        check("một\r\nhai\r\nba", 7..8, "hai", "h");
        check("một\rhai", 7..9, "hai", "ai");
        check("ab\r\ncd", 3..4, "ab", "");
        check("ab\r\ncd", 2..2, "ab", "");
        check("ab\ncd", 0..5, "ab", "ab");
        check("\u{feff}ab", 0..3, "ab", "");
        check("\u{feff}ab", 3..4, "ab", "a");
        check("ab", 9..12, "ab", "");
    }

    #[test]
    fn marks_cover_whole_characters() {
        check("le\u{323}\u{302} a", 1..2, "lệ a", "ệ");
        check("le\u{323}\u{302} a", 5..7, "lệ a", "ệ ");
        check("\tx\u{1b}", 0..1, "    x␛", "    ");
        check("\tx\u{1b}", 2..3, "    x␛", "␛");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = format!("{}đây{}", "a".repeat(50_000), "b".repeat(50_000));
        let shown = format!("…{}đây{}…", "a".repeat(60), "b".repeat(137));
        check(&text, 50_000..50_005, &shown, "đây");
        let shown = format!("{}…", "a".repeat(200));
        check(&text, 0..3, &shown, "aaa");
        let shown = format!("…{}", "b".repeat(200));
        check(&text, text.len()..text.len(), &shown, "");
        let shown = format!("…{}…", "a".repeat(200));
        check(&text, 30_000..40_000, &shown, &"a".repeat(140));
    }

    #[test]
    fn above_is_the_line_before() {
        let text = "một\r\nhai";
        let window = Window::around(text, text.len(), text.len());
        let above = window.above(text).unwrap();
        assert_eq!(above.draw(text, &[]).0, "một");
        assert_eq!(above.above(text), None);
    }
}
