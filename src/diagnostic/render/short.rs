//! One line for each diagnostic: `file:line:column: lỗi[E0301]: message`.
//!
//! Enters: diagnostics. Leaves: lines that editors and build logs can jump from.

use std::fmt::Write;

use super::place;
use super::visible::visible;
use crate::diagnostic::{Diagnostic, Lang};
use crate::source::Sources;

pub(super) fn render(diagnostics: &[Diagnostic], sources: &Sources, lang: Lang) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let at = place(sources, diagnostic.span.source, diagnostic.span.start);
        let (file, text) = (visible(at.file), one_line(diagnostic, lang));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{file}:{}:{}: {text}", at.line, at.column);
    }
    out
}

/// Severity, code and message without the place.
pub(in crate::diagnostic) fn one_line(diagnostic: &Diagnostic, lang: Lang) -> String {
    let word = diagnostic.severity.word(lang);
    format!("{word}[{}]: {}", diagnostic.code, visible(diagnostic.message.get(lang)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Message};
    use crate::source::{Source, SourceId, Span};

    #[test]
    fn one_line_each_with_columns_as_seen() {
        let mut sources = Sources::default();
        let text = "# ty\u{309}\r\nty\u{309} le\u{323}\u{302} a >= 40\r\n";
        let source = sources.add(Source::new("kế\u{1b}hoạch.chitieu", text).unwrap());
        let start = u32::try_from(text.find("40").unwrap()).unwrap();
        let found = Diagnostic::new(
            Code::PercentExpected,
            Span { source, start, end: start + 2 },
            Message::new("`40\n` thiếu `%`", "`40` needs `%`"),
        );
        let lost = Span { source: SourceId(7), start: 9, end: 3 };
        let warning = Diagnostic::new(Code::NearlySameName, lost, Message::new("gần", "near"));
        let expected = "kế␛hoạch.chitieu:2:12: lỗi[E0301]: `40␊` thiếu `%`\n\
                        ?:1:1: cảnh báo[W0102]: gần\n";
        assert_eq!(render(&[found, warning.clone()], &sources, Lang::Vi), expected);
        assert_eq!(render(&[warning], &sources, Lang::En), "?:1:1: warning[W0102]: near\n");
        assert_eq!(render(&[], &sources, Lang::En), "");
    }
}
