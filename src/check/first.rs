//! Lines that begin with a number: `trên 50% cán bộ được tập huấn`.
//!
//! Enters: the tokens of a line without a symbol. Leaves: the same reading as of the other order.
//! The one idea: what the number counts is the name, with the `tỷ lệ` or `số` that such a line
//! leaves out. Invariant: a quantity that cannot be counted (money, a duration, a rate) is refused.

use super::quantity::begins_with_number;
use super::reader::{Asked, Name, Quantity, Read, Reader, Term, cover, error, replace};
use super::words::{Choice, is_share};
use crate::diagnostic::{Code, Lang};
use crate::number::{Comparator, Rational};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};
use crate::unit::{self, Unit};

impl Reader<'_> {
    /// Whether a line begins with a number, or with words that compare and a number.
    pub(super) fn number_comes_first(tokens: &[Token]) -> bool {
        let words = tokens
            .iter()
            .take_while(|token| {
                matches!(token.kind, TokenKind::Strong(_) | TokenKind::Weak(_) | TokenKind::Filler)
            })
            .count();
        begins_with_number(tokens.get(words..).unwrap_or_default())
            && tokens.get(words).is_some_and(|token| token.kind == TokenKind::Number)
    }

    /// `trên 50% cán bộ được tập huấn`.
    pub(super) fn number_first(&mut self, tokens: &[Token], line: Span) -> Option<Read> {
        let at = tokens.iter().position(|token| token.kind == TokenKind::Number)?;
        let group = tokens.get(..at).unwrap_or_default();
        let comparator = if group.iter().any(|token| token.kind.compares()) {
            match self.choice(group)? {
                Choice::Bound(comparator) => comparator,
                Choice::Within | Choice::Rank => return None,
            }
        } else {
            Comparator::AtLeast
        };
        let leading = self.leading_number(tokens.get(at..).unwrap_or_default())?;
        if leading.of.is_some() {
            return self.refuse(error(
                Code::NotANumber,
                leading.span,
                "phân số không đứng đầu chỉ tiêu",
                "a fraction does not stand first in a target",
            ));
        }
        let percent = leading.rest.first().and_then(|token| match token.kind {
            TokenKind::Percent => Some(Unit::Percent),
            TokenKind::Permille => Some(Unit::Permille),
            _ => None,
        });
        let (power, rest) = match percent {
            Some(_) => (0, leading.rest.get(1..).unwrap_or_default()),
            None => self.scale_words(leading.rest),
        };
        if percent.is_none() {
            self.no_leading_unit(leading.rest, group, leading.span, line)?;
        }
        let name = self.population(rest, percent.is_some(), leading.span)?;
        let quantity = Quantity {
            value: &leading.value * &Rational::pow10(power),
            unit: percent,
            scaled: power > 0,
            span: leading.span,
        };
        let asked = Asked::Bound(comparator, quantity);
        Some(Read::new(Term::Name(name), asked, line))
    }

    /// The indicator that a number first speaks of: `tỷ lệ …` or `số …`.
    fn population(&mut self, tokens: &[Token], share: bool, before: Span) -> Option<Name> {
        let mut tokens = tokens;
        if let [first, rest @ ..] = tokens
            && self.is_word(first, &["số", "các", "of", "the"])
        {
            tokens = rest;
        } else if let [first, second, rest @ ..] = tokens
            && self.is_word(first, &["tổng"])
            && self.is_word(second, &["số"])
        {
            tokens = rest;
        }
        let name = self.read_name(tokens, before)?;
        if is_share(&name.key) {
            return Some(name);
        }
        let prefix = match (self.lang, share) {
            (Lang::Vi, true) => "tỷ lệ",
            (Lang::Vi, false) => "số",
            (Lang::En, true) => "share of",
            (Lang::En, false) => "number of",
        };
        Some(self.name(format!("{prefix} {}", name.display), name.span))
    }

    /// Money, durations and rates do not stand first.
    fn no_leading_unit(
        &mut self,
        tokens: &[Token],
        group: &[Token],
        number: Span,
        line: Span,
    ) -> Option<()> {
        for count in (1..=4.min(tokens.len())).rev() {
            let words = tokens.get(..count).unwrap_or_default();
            let known = unit::parse(&self.normal(words));
            let Some(Unit::Money { .. } | Unit::Duration { .. } | Unit::Rate { .. }) = known else {
                continue;
            };
            let name = self.shown(tokens.get(count..).unwrap_or_default());
            let end = cover(words)?;
            let start = cover(group).unwrap_or(number);
            let quantity = self.text(start.to(end));
            let word = if group.is_empty() { "đạt " } else { "" };
            return self.refuse(
                error(
                    Code::NumberFirstUnit,
                    end,
                    format!("`{quantity}` đứng đầu dòng: số tiền và thời gian viết sau tên"),
                    format!("`{quantity}` stands first: money and durations follow the name"),
                )
                .with_fix(replace(
                    line,
                    format!("{name} {word}{quantity}"),
                    "viết",
                    "write",
                )),
            );
        }
        Some(())
    }
}
