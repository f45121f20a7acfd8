//! The canonical layout of a rule file; its meaning stays.
//!
//! Enters: a source. Leaves: its text with one spelling of keys, one space where there was white
//! space, blank lines before heads and keys indented below targets. Names and free text keep their
//! letters. The one idea: a statement is printed, read again and compared; one that would be read
//! otherwise stays as it stands. Invariant: the layout of a layout is itself; no comment is lost.

mod pieces;
mod statement;

use super::build;
use super::lines::{self, Joined};
use crate::diagnostic::Diagnostics;
use crate::source::{Line, Source, SourceId};
use statement::{Class, Statement};

/// How far keys stand below their target.
const INDENT: usize = 2;

/// The text in canonical layout.
///
/// # Errors
/// What cannot be read: quotes and brackets that stay open, lines and parentheses beyond their
/// limits. Such a text has no layout.
///
/// ```
/// use chitieu::source::{Source, SourceId};
/// use chitieu::syntax::format;
///
/// let source = Source::new("a.chitieu", "- tỷ lệ A≥40% ;\nHẠN :  năm 2023").unwrap();
/// let text = format(SourceId(0), &source).unwrap();
/// assert_eq!(text, "tỷ lệ A >= 40%\n  hạn: năm 2023\n");
/// ```
pub fn format(id: SourceId, source: &Source) -> Result<String, Diagnostics> {
    let (_, found) = build::read(id, source);
    if found.has_errors() {
        return Err(found);
    }
    let (text, statements) = page(source);
    // A statement may be read otherwise beside its neighbours: then the file stays as it is.
    let same = Source::new(source.name(), text.as_str())
        .is_ok_and(|again| page(&again) == (text.clone(), statements));
    Ok(if same { text } else { source.text().to_owned() })
}

/// The layout of a source, and its statements.
fn page(source: &Source) -> (String, Vec<Option<Statement>>) {
    let lines: Vec<Line<'_>> = source.lines().collect();
    let (mut page, mut statements) = (Page::default(), Vec::new());
    let mut next = 0;
    for joined in lines::joined(SourceId(0), source) {
        let Joined::Text(shadow, range) = joined else { continue };
        for line in lines.get(next..range.start).unwrap_or_default() {
            page.beside(line.text);
        }
        next = range.end;
        let physical = lines.get(range.clone()).unwrap_or_default();
        let statement = Statement::read(&shadow, &lines, range);
        match &statement {
            Some(statement) => page.statement(statement, physical),
            None => page.verbatim(physical),
        }
        statements.push(statement);
    }
    for line in lines.get(next..).unwrap_or_default() {
        page.beside(line.text);
    }
    (page.finish(), statements)
}

/// The text that is being written.
#[derive(Default)]
struct Page {
    text: String,
    /// Comments that wait for the statement below them, each with whether it stands indented.
    comments: Vec<(String, bool)>,
    /// A blank line stands before them.
    blank: bool,
    /// The head that keys belong to.
    above: Option<Class>,
}

impl Page {
    /// A line that is no statement.
    fn beside(&mut self, line: &str) {
        let comment = lines::cut(line, Some(false)).comment.trim_end();
        if comment.is_empty() {
            self.flush(None);
            self.blank = true;
        } else {
            let indented = line.starts_with(char::is_whitespace);
            self.comments.push((pieces::composed_comment(comment), indented));
        }
    }

    fn statement(&mut self, statement: &Statement, physical: &[Line<'_>]) {
        let indent = self.enter(statement.class());
        match statement.print(indent) {
            Some(lines) => lines.iter().for_each(|line| self.line(line)),
            None => self.raw(physical),
        }
    }

    /// A statement that cannot be taken apart.
    fn verbatim(&mut self, physical: &[Line<'_>]) {
        self.enter(Class::Target);
        self.raw(physical);
    }

    /// Writes what stands before a statement; the statement's own indentation.
    fn enter(&mut self, class: Class) -> usize {
        let below_section = matches!(self.above, None | Some(Class::Section));
        self.blank |= match class {
            Class::Section | Class::Head => true,
            Class::Target => self.above.is_some_and(|above| above != Class::Target),
            Class::Key => false,
        };
        let indent = if class == Class::Key && !below_section { INDENT } else { 0 };
        self.flush(Some(indent));
        if class != Class::Key {
            self.above = Some(class);
        }
        self.above = self.above.or(Some(Class::Section));
        indent
    }

    /// Writes the comments that wait, after a blank line where one is due.
    fn flush(&mut self, indent: Option<usize>) {
        let belongs = matches!(self.above, Some(Class::Head | Class::Target));
        let comments = std::mem::take(&mut self.comments);
        if indent.is_some() || !comments.is_empty() {
            if self.blank && !self.text.is_empty() {
                self.text.push('\n');
            }
            self.blank = false;
        }
        for (comment, indented) in comments {
            let own = if indented && belongs { INDENT } else { 0 };
            self.line(&format!("{}{comment}", " ".repeat(indent.unwrap_or(own))));
        }
    }

    fn raw(&mut self, physical: &[Line<'_>]) {
        for line in physical {
            self.line(line.text);
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn finish(mut self) -> String {
        self.flush(None);
        self.text
    }
}
