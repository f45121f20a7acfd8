//! Text for a person at a terminal.
//!
//! Enters: diagnostics. Leaves: for each its title, place, lines underlined, help and what each fix
//! would make of the line; a summary at the end. The one idea: annotate-snippets lays out what we
//! have drawn ourselves, with our own words in both languages. Invariant: it never sees the user's
//! text, only excerpts of printable characters.

use std::collections::BTreeMap;
use std::fmt::Write;

use annotate_snippets::renderer::DEFAULT_LINE_NUM_STYLE;
use annotate_snippets::{Group, Level, Renderer};

use super::excerpt::{FARTHEST, Line, Mark, snippet};
use super::fixed::fixed_lines;
use super::visible::visible;
use super::window::Window;
use super::{Style, place};
use crate::diagnostic::{Diagnostic, Fix, Lang, Message, Severity, fix};
use crate::source::{Source, Sources, Span};

/// More labels or fixes of one diagnostic than this are not shown.
const MOST_SHOWN: usize = 16;
/// Wider than any excerpt, so that only we cut lines.
const WIDTH: usize = 4_000;

pub(super) fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    lang: Lang,
    style: Style,
) -> String {
    let page = Page { sources, lang, style };
    let mut out = String::new();
    for diagnostic in diagnostics {
        page.push(&mut out, diagnostic);
        out.push_str("\n\n");
    }
    out.push_str(&summary(diagnostics, lang));
    out
}

/// What all diagnostics of one text share.
struct Page<'a> {
    sources: &'a Sources,
    lang: Lang,
    style: Style,
}

impl<'a> Page<'a> {
    fn push(&self, out: &mut String, diagnostic: &Diagnostic) {
        let title = visible(diagnostic.message.get(self.lang));
        let title = self.level(diagnostic).primary_title(title).id(diagnostic.code.id());
        let mut group = Group::with_title(title);
        let mut pieces = self.pieces(diagnostic);
        let last = pieces.pop();
        let mut first = true;
        for piece in pieces {
            let (head, lines) = (Head { at: piece.at, first }, piece.into_lines());
            let gutter = digits(&lines);
            self.lay_out(out, &[group.element(snippet(lines))], Some((head, gutter)));
            out.push('\n');
            group = Group::with_level(self.level(diagnostic));
            first = false;
        }
        let mut head = None;
        if let Some(piece) = last {
            let (at, lines) = (piece.at, piece.into_lines());
            head = Some((Head { at, first }, digits(&lines)));
            group = group.element(snippet(lines));
        }
        if let Some(help) = &diagnostic.help {
            let word = self.word("gợi ý", "help");
            let help = visible(help.get(self.lang));
            group = group.element(Level::HELP.with_name(word).message(help));
        }
        let mut groups = vec![group];
        for fix in diagnostic.fixes.iter().take(MOST_SHOWN) {
            let (group, width) = self.fix(fix);
            groups.push(group);
            head = head.map(|(head, gutter)| (head, gutter.max(width)));
        }
        self.lay_out(out, &groups, head);
    }

    /// Lays out one part of a diagnostic; its place stands under the title, else in front.
    fn lay_out(&self, out: &mut String, groups: &[Group<'_>], head: Option<(Head, usize)>) {
        let renderer = if self.style.color { Renderer::styled() } else { Renderer::plain() };
        let text = renderer.term_width(WIDTH).render(groups);
        let Some((head, gutter)) = head else {
            out.push_str(&text);
            return;
        };
        let (title, rest) = text.split_once('\n').filter(|_| head.first).unwrap_or(("", &text));
        if head.first {
            out.push_str(title);
            out.push('\n');
        }
        let at = place(self.sources, head.at.source, head.at.start);
        let arrow = if head.first { "-->" } else { ":::" };
        let arrow = if self.style.color {
            format!("{DEFAULT_LINE_NUM_STYLE}{arrow}{DEFAULT_LINE_NUM_STYLE:#}")
        } else {
            arrow.to_owned()
        };
        let file = visible(at.file);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:gutter$}{arrow} {file}:{}:{}", "", at.line, at.column);
        out.push_str(rest);
    }

    /// A fix with the lines that it would make, and the width of their numbers.
    fn fix(&self, fix: &Fix) -> (Group<'static>, usize) {
        let word = if fix.safe {
            self.word("sửa", "fix")
        } else {
            self.word("có thể sửa", "possible fix")
        };
        let title = visible(fix.title.get(self.lang));
        let group = Group::with_title(Level::HELP.with_name(word).secondary_title(title));
        let source = fix.edits.first().and_then(|edit| self.sources.get(edit.span.source));
        let lines = source.map_or_else(Vec::new, |source| fixed_lines(source, fix));
        if lines.is_empty() {
            return (group, 0);
        }
        let width = digits(&lines);
        (group.element(snippet(lines)), width)
    }

    /// The excerpts that show the span and the labels, that of the span first.
    fn pieces(&self, diagnostic: &Diagnostic) -> Vec<Piece<'a>> {
        let own = diagnostic.labels.iter().find(|label| label.span == diagnostic.span);
        let text = |message: &Message| Some(visible(message.get(self.lang)));
        let mut items = vec![(diagnostic.span, true, own.and_then(|label| text(&label.message)))];
        let others = diagnostic.labels.iter().filter(|&label| !own.is_some_and(|own| own == label));
        let others = others.map(|label| (label.span, false, text(&label.message)));
        items.extend(others.take(MOST_SHOWN));
        let mut pieces: Vec<Piece<'a>> = Vec::new();
        for (span, primary, label) in items {
            let Some(source) = self.sources.get(span.source) else { continue };
            let line = source.location(span.start).line;
            let mark = (span, primary, label);
            if let Some(piece) = pieces.iter_mut().find(|piece| piece.takes(span, line)) {
                piece.add(line, mark);
                continue;
            }
            let mut piece = Piece { source, at: span, lines: BTreeMap::new() };
            piece.add(line, mark);
            pieces.push(piece);
        }
        pieces
    }

    fn level(&self, diagnostic: &Diagnostic) -> Level<'static> {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        level.with_name(diagnostic.severity.word(self.lang))
    }

    fn word(&self, vi: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }
}

/// Where an excerpt begins, and whether it is the one of the diagnostic itself.
struct Head {
    at: Span,
    first: bool,
}

/// Near lines of one source that stand in one excerpt.
struct Piece<'a> {
    source: &'a Source,
    /// The first span that asked for it.
    at: Span,
    lines: BTreeMap<u32, (Window, Vec<SpanMark>)>,
}

/// A span to underline, whether it is the primary one, and its label.
type SpanMark = (Span, bool, Option<String>);

impl Piece<'_> {
    /// Whether a span that begins on `line` can be shown here too.
    fn takes(&self, span: Span, line: u32) -> bool {
        let (start, _) = fix::bytes(span);
        span.source == self.at.source
            && match self.lines.get(&line) {
                Some((window, _)) => window.holds(start),
                None => self.lines.keys().any(|&other| other.abs_diff(line) <= FARTHEST),
            }
    }

    fn add(&mut self, line: u32, mark: SpanMark) {
        let (start, _) = fix::bytes(mark.0);
        let text = self.source.text();
        let new = || (Window::around(text, start, start), Vec::new());
        self.lines.entry(line).or_insert_with(new).1.push(mark);
    }

    fn into_lines(self) -> Vec<Line> {
        let text = self.source.text();
        let line = |(number, (window, spans)): (u32, (Window, Vec<SpanMark>))| {
            let ranges = spans.iter().map(|(span, ..)| fix::bytes(*span)).map(|(a, b)| a..b);
            let (drawn, ranges) = window.draw(text, &ranges.collect::<Vec<_>>());
            let marks = ranges.into_iter().zip(spans);
            let marks = marks.map(|(range, (_, primary, label))| Mark { range, primary, label });
            let above = window.above(text).map(|above| above.draw(text, &[]).0);
            Line { number, text: drawn, above, marks: marks.collect() }
        };
        self.lines.into_iter().map(line).collect()
    }
}

/// The width of the widest line number.
fn digits(lines: &[Line]) -> usize {
    lines.last().map_or(1, |line| line.number.to_string().len())
}

/// `3 lỗi, 1 cảnh báo`; nothing where there is nothing to count.
fn summary(diagnostics: &[Diagnostic], lang: Lang) -> String {
    let part = |severity: Severity| {
        let count = diagnostics.iter().filter(|item| item.severity == severity).count();
        let plural = if lang == Lang::En && count != 1 { "s" } else { "" };
        (count > 0).then(|| format!("{count} {}{plural}", severity.word(lang)))
    };
    let parts: Vec<String> =
        [Severity::Error, Severity::Warning].into_iter().filter_map(part).collect();
    if parts.is_empty() { String::new() } else { parts.join(", ") + "\n" }
}

#[cfg(test)]
#[path = "human_tests.rs"]
mod tests;
