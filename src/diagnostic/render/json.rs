//! One JSON object a line, for tools.
//!
//! Enters: diagnostics. Leaves: objects whose fields and their order are a promise. The one idea:
//! text is data here, so that it is escaped by JSON alone and never altered.

use serde::Serialize;

use super::{Place, place};
use crate::diagnostic::{Diagnostic, Edit, Fix, Lang, Severity};
use crate::source::{Sources, Span};

/// The fields of one line, in order.
#[derive(Serialize)]
struct Record<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    help: Option<&'a str>,
    fixes: Vec<EditRecord<'a>>,
}

/// One edit of a fix; the edits of one fix share its title and follow one another.
#[derive(Serialize)]
struct EditRecord<'a> {
    title: &'a str,
    line: u32,
    column: u32,
    end_column: u32,
    replacement: &'a str,
}

pub(super) fn render(diagnostics: &[Diagnostic], sources: &Sources, lang: Lang) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        // Strings and whole numbers always serialise.
        if let Ok(text) = serde_json::to_string(&record(diagnostic, sources, lang)) {
            out.push_str(&text);
            out.push('\n');
        }
    }
    out
}

fn record<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources, lang: Lang) -> Record<'a> {
    let (start, end) = ends(sources, diagnostic.span);
    let edits =
        |fix: &'a Fix| fix.edits.iter().map(move |edit| edit_record(fix, edit, sources, lang));
    Record {
        code: diagnostic.code.id(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: diagnostic.message.get(lang),
        file: start.file,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        help: diagnostic.help.as_ref().map(|help| help.get(lang)),
        fixes: diagnostic.fixes.iter().flat_map(edits).collect(),
    }
}

fn edit_record<'a>(fix: &'a Fix, edit: &'a Edit, sources: &Sources, lang: Lang) -> EditRecord<'a> {
    let (start, end) = ends(sources, edit.span);
    EditRecord {
        title: fix.title.get(lang),
        line: start.line,
        column: start.column,
        end_column: end.column,
        replacement: &edit.replacement,
    }
}

fn ends(sources: &Sources, span: Span) -> (Place<'_>, Place<'_>) {
    (place(sources, span.source, span.start), place(sources, span.source, span.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Message};
    use crate::source::Source;

    #[test]
    fn fields_are_in_the_promised_order() {
        let mut sources = Sources::default();
        let text = "ty\u{309} le\u{323}\u{302} a >= 40";
        let source = sources.add(Source::new("a.chitieu", text).unwrap());
        let end = u32::try_from(text.len()).unwrap();
        let span = Span { source, start: end - 2, end };
        let message = Message::new("`40` thiếu `%`\u{1b}", "`40` needs \"%\"");
        let bare = Diagnostic::new(Code::PercentExpected, span, message);
        let insert = Edit { span: Span { start: end, ..span }, replacement: "%".to_owned() };
        let title = Message::new("viết `40%`", "write `40%`");
        let full = bare.clone().with_help(Message::new("thêm `%`", "add `%`")).with_fix(Fix {
            title,
            edits: vec![insert],
            safe: true,
        });
        let expected = [
            r#"{"code":"E0301","severity":"error","message":"`40` thiếu `%`\u001b","#,
            r#""file":"a.chitieu","line":1,"column":12,"end_line":1,"end_column":14,"#,
            r#""help":"thêm `%`","fixes":[{"title":"viết `40%`","line":1,"column":14,"#,
            r#""end_column":14,"replacement":"%"}]}"#,
            "\n",
        ];
        assert_eq!(render(&[full], &sources, Lang::Vi), expected.concat());
        let expected = [
            r#"{"code":"E0301","severity":"error","message":"`40` needs \"%\"","#,
            r#""file":"a.chitieu","line":1,"column":12,"end_line":1,"end_column":14,"#,
            r#""help":null,"fixes":[]}"#,
            "\n",
        ];
        assert_eq!(render(&[bare], &sources, Lang::En), expected.concat());
    }
}
