//! What the lines of a text would be after a fix.
//!
//! Enters: a source and the edits of one fix. Leaves: the lines that would change, drawn, with what
//! is new marked. The one idea: walk the edits in order and copy only the window around each.
//! Invariant: what is shown is bounded however long the lines and replacements are.

use super::excerpt::{FARTHEST, Line, Mark};
use super::visible::push_visible;
use super::window::Window;
use crate::diagnostic::{Edit, Fix, fix};
use crate::source::Source;

/// More lines of one fix than this are not shown.
const MOST_LINES: usize = 8;
/// Of one replacement not more characters than this are shown.
const MOST_NEW: usize = 400;

/// The changed lines, by their numbers after the fix. Edits of other sources and those
/// that overlap one before them are left out.
pub(super) fn fixed_lines(source: &Source, fix: &Fix) -> Vec<Line> {
    let text = source.text();
    let first = fix.edits.first().map(|edit| edit.span.source);
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.retain(|edit| {
        let (start, end) = fix::bytes(edit.span);
        Some(edit.span.source) == first && text.get(start..end).is_some()
    });
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut done = 0;
    edits.retain(|edit| {
        let apart = edit.span.start >= done;
        done = if apart { edit.span.end } else { done };
        apart
    });
    let mut out = Lines { lines: Vec::new(), shift: 0 };
    let mut rest = edits.as_slice();
    while let Some(edit) = rest.first() {
        if out.lines.len() >= MOST_LINES {
            break;
        }
        rest = out.run(source, edit, rest);
    }
    let mut lines = out.lines;
    lines.truncate(MOST_LINES);
    let mut last = lines.first().map_or(0, |line| line.number);
    lines.retain(|line| {
        let near = line.number.saturating_sub(last) <= FARTHEST;
        last = if near { line.number } else { last };
        near
    });
    lines
}

struct Lines {
    lines: Vec<Line>,
    /// How many lines the text has gained before the next edit.
    shift: i64,
}

impl Lines {
    /// Copies the window around `first` with every edit that begins in it; gives the edits left.
    fn run<'a>(&mut self, source: &Source, first: &Edit, edits: &'a [&'a Edit]) -> &'a [&'a Edit] {
        let text = source.text();
        let (start, end) = fix::bytes(first.span);
        let mut window = Window::around(text, start, end);
        let before = i64::from(source.location(first.span.start).line);
        let number = u32::try_from(before + self.shift).unwrap_or(1);
        let above = window.above(text).map(|above| above.draw(text, &[]).0);
        self.start(number, above);
        self.push(if window.cut_left { "…" } else { "" }, false);
        let mut done = window.start;
        let mut used = 0;
        for edit in edits {
            let (start, end) = fix::bytes(edit.span);
            if start > window.end {
                break;
            }
            let old = text.get(start..end).unwrap_or_default();
            self.shift += breaks(&edit.replacement) - breaks(old);
            self.push(text.get(done..start).unwrap_or_default(), false);
            self.push(shortened(&edit.replacement), true);
            done = end;
            window.end = window.end.max(end);
            if used > 0 {
                let wider = Window::around(text, end, end);
                (window.end, window.cut_right) = (wider.end, wider.cut_right);
            }
            used += 1;
        }
        self.push(text.get(done..window.end).unwrap_or_default(), false);
        self.push(if window.cut_right { "…" } else { "" }, false);
        edits.get(used.max(1)..).unwrap_or_default()
    }

    fn start(&mut self, number: u32, above: Option<String>) {
        if self.lines.last().is_none_or(|line| line.number < number) {
            self.lines.push(Line { number, text: String::new(), above, marks: Vec::new() });
        }
    }

    fn push(&mut self, text: &str, new: bool) {
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                let number = self.lines.last().map_or(1, |line| line.number.saturating_add(1));
                self.start(number, None);
            }
            let Some(line) = self.lines.last_mut() else { return };
            let start = line.text.len();
            push_visible(&mut line.text, part.strip_suffix('\r').unwrap_or(part));
            if new && line.text.len() > start {
                let range = start..line.text.len();
                line.marks.push(Mark { range, primary: true, label: None });
            }
        }
    }
}

fn breaks(text: &str) -> i64 {
    let count = text.bytes().filter(|&byte| byte == b'\n').count();
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn shortened(text: &str) -> &str {
    let end = text.char_indices().nth(MOST_NEW).map_or(text.len(), |(index, _)| index);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Message;
    use crate::source::{SourceId, Span};

    /// Each line as `number|text`, with what is new between `{` and `}`.
    #[track_caller]
    fn check(text: &str, edits: &[(&str, usize, &str)], expected: &[&str]) {
        let edit = |&(from, length, new): &(&str, usize, &str)| {
            let start = u32::try_from(text.find(from).unwrap()).unwrap();
            let end = start + u32::try_from(length).unwrap();
            Edit { span: Span { source: SourceId(0), start, end }, replacement: new.to_owned() }
        };
        let edits = edits.iter().map(edit).collect();
        let fix = Fix { title: Message::new("sửa", "fix"), edits, safe: true };
        let source = Source::new("a", text).unwrap();
        let lines = fixed_lines(&source, &fix).into_iter().map(|line| {
            let mut text = line.text;
            for mark in line.marks.iter().rev() {
                text.insert(mark.range.end, '}');
                text.insert(mark.range.start, '{');
            }
            format!("{}|{text}", line.number)
        });
        assert_eq!(lines.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn lines_are_as_the_fix_makes_them() {
        check("a => 1\nb", &[("=>", 2, ">=")], &["1|a {>=} 1"]);
        check("b\r\na => 1\r\nc", &[("=>", 2, ">=")], &["2|a {>=} 1"]);
        check("a b c", &[("b ", 2, "")], &["1|a c"]);
        check("a b c", &[("c", 1, "C"), ("a", 1, "A")], &["1|{A} b {C}"]);
        check("x và\ny", &[(" và", 4, ""), ("y", 0, "và ")], &["1|x", "2|{và }y"]);
        check("x\n  và y", &[("\n  ", 3, " ")], &["1|x{ }và y"]);
        check("x và y\nz = 1", &[(" và ", 5, "\n"), ("1", 1, "2")], &["1|x", "2|y", "3|z = {2}"]);
        check("a", &[("a", 1, "\u{1b}[m")], &["1|{␛[m}"]);
        check("ab", &[("ab", 2, "1"), ("b", 1, "2")], &["1|{1}"]);
    }

    #[test]
    fn long_texts_stay_small() {
        let text = format!("a => 1 {}", "x".repeat(100_000));
        let shown = format!("1|a {{>=}} 1 {}…", "x".repeat(195));
        check(&text, &[("=>", 2, ">=")], &[&shown]);
        let new = format!("{{{}}}", "y".repeat(MOST_NEW));
        check("z", &[("z", 1, &"y".repeat(100_000))], &[&format!("1|{new}")]);
        let nine: Vec<String> = (1..=MOST_LINES).map(|number| format!("{number}|{{y}}")).collect();
        let nine: Vec<&str> = nine.iter().map(String::as_str).collect();
        check("z", &[("z", 1, &"y\n".repeat(1_000))], &nine);
    }
}
