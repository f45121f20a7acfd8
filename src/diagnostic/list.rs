//! Many diagnostics in a defined order.
//!
//! Enters: diagnostics as the phases find them. Leaves: the same, in order of place once sorted.
//! The one idea: a phase returns its value *and* this list, so that one fault never hides the next.

use std::cmp::Ordering;
use std::fmt;

use super::{Diagnostic, Lang, Severity};

/// An ordered list of diagnostics; also the error of what cannot go on with errors in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The one pushed last, for whoever knows more about it.
    pub fn last_mut(&mut self) -> Option<&mut Diagnostic> {
        self.items.last_mut()
    }

    /// Adds one at the end.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// The errors, in order.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.of(Severity::Error)
    }

    /// The warnings, in order.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.of(Severity::Warning)
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// All of them, in order.
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.items
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Iterates over all, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.items.iter()
    }

    /// Orders by source, start and code; equal ones keep their order.
    pub fn sort(&mut self) {
        self.items.sort_by(by_place);
    }

    fn of(&self, severity: Severity) -> impl Iterator<Item = &Diagnostic> {
        self.items.iter().filter(move |item| item.severity == severity)
    }
}

fn by_place(a: &Diagnostic, b: &Diagnostic) -> Ordering {
    let key = |d: &Diagnostic| (d.span.source, d.span.start, d.code.id());
    key(a).cmp(&key(b))
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, items: I) {
        self.items.extend(items);
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(items: I) -> Self {
        Self { items: items.into_iter().collect() }
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One line each, without the place, which needs the sources: `lỗi[E0301]: …`.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.items.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let text = super::render::one_line(item, Lang::default());
            f.write_str(&text)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Message};
    use crate::source::{SourceId, Span};

    fn at(code: Code, source: u32, start: u32, vi: &str) -> Diagnostic {
        let span = Span { source: SourceId(source), start, end: start };
        Diagnostic::new(code, span, Message::new(vi, "x"))
    }

    #[test]
    fn sort_is_by_place_then_code_and_stable() {
        let mut list: Diagnostics = [
            at(Code::NearlySameName, 0, 4, "đ"),
            at(Code::NoComparator, 1, 0, "e"),
            at(Code::NoComparator, 0, 4, "b"),
            at(Code::NoComparator, 0, 4, "c"),
            at(Code::TwoComparators, 0, 4, "a"),
        ]
        .into_iter()
        .collect();
        list.sort();
        let order: Vec<&str> = list.iter().map(|d| d.message.vi.as_str()).collect();
        assert_eq!(order, ["a", "b", "c", "đ", "e"]);
        assert_eq!((list.errors().count(), list.warnings().count()), (4, 1));
    }

    #[test]
    fn only_errors_stop() {
        let mut list = Diagnostics::new();
        assert!(list.is_empty() && !list.has_errors());
        list.push(at(Code::NearlySameName, 0, 0, "gần trùng tên"));
        assert!(!list.has_errors());
        list.extend([at(Code::NoComparator, 0, 0, "`a\u{1b}[31m\nb` thiếu so sánh")]);
        assert!(list.has_errors());
        let expected = "cảnh báo[W0102]: gần trùng tên\nlỗi[E0014]: `a␛[31m␊b` thiếu so sánh";
        assert_eq!(list.to_string(), expected);
        assert_eq!(list.into_iter().count(), 2);
    }
}
