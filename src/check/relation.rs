//! `kiểm tra:` — relations that data must obey.

use super::assemble::File;
use super::condition::symbols;
use super::model::Check;
use super::reader::{Quantity, Reader, Term, error};
use super::resolve::Resolver;
use super::settings::{self, Place};
use crate::diagnostic::{Code, Diagnostics, Message};
use crate::number::{Comparator, Rational};
use crate::source::Span;
use crate::syntax::{self, Block, Key, TokenKind};
use crate::text;

/// A relation, read.
pub(super) struct Relation {
    text: String,
    left: Term,
    comparator: Comparator,
    right: Term,
    tolerance: Option<Quantity>,
    scope: Vec<super::model::ScopeItem>,
    note: Option<String>,
    span: Span,
}

impl File<'_> {
    /// Reads one relation.
    pub(super) fn relation(&mut self, block: &Block, value: Span, found: &mut Diagnostics) {
        let keys: Vec<_> =
            block.keys.iter().copied().filter(|key| key.key != Key::Tolerance).collect();
        let own = settings::read(self.source, Place::Check, &keys, found);
        let mut reader = self.reader(self.source, found);
        let Some((left, comparator, right)) = reader.sides(value) else { return };
        let mut tolerance = None;
        for key in block.keys.iter().filter(|key| key.key == Key::Tolerance) {
            let Some(tokens) = reader.tokens(key.value) else { return };
            let Some(quantity) = reader.quantity(&tokens, |_| true) else { return };
            tolerance = Some(quantity);
        }
        if own.broken {
            return;
        }
        self.note_term(&left);
        self.note_term(&right);
        let text = text::composed(&syntax::value_text(self.source, value));
        let scope = own.scope.or_else(|| self.defaults.scope.clone()).unwrap_or_default();
        let (note, span) = (own.note, block.span);
        self.relations.push(Relation {
            text,
            left,
            comparator,
            right,
            tolerance,
            scope,
            note,
            span,
        });
    }
}

impl Reader<'_> {
    /// Both sides of a relation.
    fn sides(&mut self, value: Span) -> Option<(Term, Comparator, Term)> {
        let tokens = self.tokens(value)?;
        let [at] = symbols(&tokens)[..] else {
            return self.refuse(
                error(
                    Code::NoComparator,
                    value,
                    "một phép kiểm tra cần đúng một dấu so sánh",
                    "a check needs exactly one symbol",
                )
                .with_help(Message::new("viết `kiểm tra: a + b = c`", "write `check: a + b = c`")),
            );
        };
        let sign = tokens.get(at)?;
        let TokenKind::Symbol(comparator) = sign.kind else { return None };
        let left = self.term(tokens.get(..at)?, false, sign.span)?;
        let right = self.term(tokens.get(at + 1..)?, false, sign.span)?;
        Some((left, comparator, right))
    }
}

impl Relation {
    /// The relation in the model.
    pub(super) fn resolve(
        &self,
        resolver: &mut Resolver<'_>,
        programme: super::model::ProgrammeId,
        model: &mut Vec<Check>,
    ) {
        let Some((left, right, unit)) = resolver.relation(&self.left, &self.right) else { return };
        let tolerance = match &self.tolerance {
            None => Rational::zero(),
            Some(quantity) => match resolver.value(quantity, &unit) {
                Some(value) => value.abs(),
                None => return,
            },
        };
        model.push(Check {
            programme,
            text: self.text.clone(),
            left,
            comparator: self.comparator,
            right,
            unit,
            tolerance,
            scope: self.scope.clone(),
            note: self.note.clone(),
            span: self.span,
        });
    }
}
