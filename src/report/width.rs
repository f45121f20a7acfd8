//! Text on a terminal: how wide it is, where it may be broken, and what must not get there.
//!
//! Enters: text of rules and data. Leaves: lines of at most so many columns. The one idea: a line
//! is measured and broken by graphemes, so that decomposed Vietnamese stands as composed does.
//! Invariant: no control character and no mark that turns the direction of text passes.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What stands for the part of a text that was cut off; one column wide.
const ELLIPSIS: &str = "…";

/// The columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Foreign text on one line: control characters and line breaks are spaces, spaces stand alone.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let spaced = |text: &str| text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
    if !text.contains(is_unsafe) && !spaced(text) {
        return Cow::Borrowed(text);
    }
    let replaced: String = text.chars().map(|c| if is_unsafe(c) { ' ' } else { c }).collect();
    Cow::Owned(replaced.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Control characters, line separators, and the marks that turn the direction of text.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}'
            | '\u{2066}'..='\u{2069}')
}

/// The text if it is at most `columns` wide, else its beginning and `…`.
pub(super) fn cut(text: Cow<'_, str>, columns: usize) -> Cow<'_, str> {
    if width(&text) <= columns {
        return text;
    }
    let (start, _) = split(&text, columns.saturating_sub(1));
    Cow::Owned(format!("{}{ELLIPSIS}", start.trim_end()))
}

/// Lines of at most `columns`, broken between words, within a word only where it is longer than a
/// line; beyond `most` lines the last one ends in `…`. Never empty.
pub(super) fn wrap(text: &str, columns: usize, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        let mut rest = word;
        while width(rest) > columns.saturating_sub(width(&line)) && lines.len() <= most {
            let (start, end) = split(rest, columns.saturating_sub(width(&line)).max(1));
            line.push_str(start);
            lines.push(std::mem::take(&mut line));
            rest = end;
        }
        line.push_str(rest);
        if lines.len() > most {
            break;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most.max(1));
        if let Some(last) = lines.last_mut() {
            last.push_str(ELLIPSIS);
            *last = cut_line(last, columns);
        }
    }
    lines
}

/// A line that ends in `…`, shortened before it to `columns`.
fn cut_line(line: &str, columns: usize) -> String {
    let text = line.trim_end_matches(ELLIPSIS);
    let (start, _) = split(text, columns.saturating_sub(1));
    format!("{}{ELLIPSIS}", start.trim_end())
}

/// The graphemes that fit in `columns`, at least one, and the rest.
fn split(text: &str, columns: usize) -> (&str, &str) {
    let mut taken = 0;
    let mut end = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        let wide = width(grapheme);
        if start > 0 && taken + wide > columns {
            break;
        }
        taken += wide;
        end = start + grapheme.len();
    }
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Spaces that fill a text up to `columns`.
pub(super) fn padding(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(width(text)))
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn foreign_text_becomes_one_harmless_line() {
        let cases = [
            ("tỷ lệ hồ sơ", "tỷ lệ hồ sơ"),
            ("a\u{1b}[31mb", "a [31mb"),
            ("a\r\nb\tc", "a b c"),
            ("\u{202e}gnol", "gnol"),
            ("  a  b ", "a b"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_keep_their_width_and_their_graphemes() {
        let name = "tỷ lệ dân số trưởng thành có tài khoản định danh điện tử";
        let decomposed: String = name.nfd().collect();
        let lines = wrap(name, 20, 9);
        assert_eq!(lines, ["tỷ lệ dân số trưởng", "thành có tài khoản", "định danh điện tử"]);
        let again: Vec<String> =
            wrap(&decomposed, 20, 9).iter().map(|line| line.nfc().collect()).collect();
        assert_eq!(again, lines);
    }

    #[test]
    fn cases_of_wrapping() {
        let cases: [(&str, usize, usize, &[&str]); 7] = [
            ("", 5, 3, &[""]),
            ("abcdefgh", 3, 9, &["abc", "def", "gh"]),
            ("ab cdefgh", 5, 9, &["ab", "cdefg", "h"]),
            ("một hai ba bốn năm", 7, 2, &["một hai", "ba bốn…"]),
            ("một hai ba bốnn năm", 7, 2, &["một hai", "ba bốn…"]),
            ("chữ", 0, 2, &["c", "h…"]),
            ("表表表", 4, 9, &["表表", "表"]),
        ];
        for (text, columns, most, expected) in cases {
            assert_eq!(wrap(text, columns, most), expected, "{text} {columns}");
        }
    }

    #[test]
    fn hostile_text_is_wrapped_quickly() {
        let marks = format!("a{}", "\u{301}".repeat(100_000));
        assert_eq!(wrap(&marks, 10, 3).len(), 1);
        assert_eq!(wrap(&"x".repeat(1_000_000), 10, 3).len(), 3);
        assert_eq!(wrap(&"x ".repeat(500_000), 10, 3), ["x x x x x", "x x x x x", "x x x x x…"]);
    }

    #[test]
    fn cut_and_padding() {
        assert_eq!(cut(Cow::Borrowed("tỷ lệ hồ sơ"), 11), "tỷ lệ hồ sơ");
        assert_eq!(cut(Cow::Borrowed("tỷ lệ hồ sơ"), 7), "tỷ lệ…");
        assert_eq!(padding("đạt", 5), "  ");
        assert_eq!(padding("đạt", 2), "");
    }
}
