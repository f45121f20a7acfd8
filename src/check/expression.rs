//! Expressions: names and numbers joined by `+ - * /` and functions.
//!
//! Enters: tokens of one side of a comparison, of a head, or of a formula. Leaves: a [`Term`].
//! Signs compute only where white space stands on both sides; `-` only inside parentheses or in a
//! formula, because elsewhere a spaced dash is part of a name. Depth and length are bounded.

use super::quantity::begins_with_number;
use super::reader::{Operator, Reader, Term, cover, error, without_tail};
use crate::diagnostic::{Code, Message};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};

/// How many signs one side of a comparison may hold.
const SIGNS_MAX: usize = 64;

/// Functions by their names in normal form.
const FUNCTIONS: [(&str, Operator); 16] = [
    ("nhỏ nhất", Operator::Least),
    ("min", Operator::Least),
    ("least", Operator::Least),
    ("lớn nhất", Operator::Greatest),
    ("max", Operator::Greatest),
    ("greatest", Operator::Greatest),
    ("trung bình", Operator::Mean),
    ("mean", Operator::Mean),
    ("tổng", Operator::Sum),
    ("sum", Operator::Sum),
    ("làm tròn", Operator::Round),
    ("round", Operator::Round),
    ("đếm", Operator::Count),
    ("count", Operator::Count),
    ("hạng", Operator::Rank),
    ("rank", Operator::Rank),
];

impl Reader<'_> {
    /// Whether tokens compute: a sign with white space on both sides, or a function.
    pub(super) fn computes(&self, tokens: &[Token]) -> bool {
        tokens.first().is_some_and(|token| token.kind == TokenKind::Open)
            || tokens.last().is_some_and(|token| token.kind == TokenKind::Bracketed)
            || self.calls(tokens)
            || signs(tokens, false, &SUMS).chain(signs(tokens, false, &PRODUCTS)).next().is_some()
    }

    /// Reads an expression that fills all tokens. `minus`: a spaced dash subtracts.
    pub(super) fn term(&mut self, tokens: &[Token], minus: bool, before: Span) -> Option<Term> {
        let tokens = without_tail(tokens);
        self.chain(tokens, minus, &SUMS, before)
    }

    /// A chain of one level of signs, from left to right.
    fn chain(
        &mut self,
        tokens: &[Token],
        minus: bool,
        level: &[(TokenKind, Operator)],
        before: Span,
    ) -> Option<Term> {
        let places: Vec<(usize, Operator)> = signs(tokens, minus, level).collect();
        if places.len() > SIGNS_MAX {
            return self.refuse(error(
                Code::TooDeep,
                cover(tokens)?,
                format!("biểu thức có hơn {SIGNS_MAX} phép tính"),
                format!("the expression has more than {SIGNS_MAX} signs"),
            ));
        }
        let last = tokens.len();
        let ends = places.iter().map(|(at, _)| *at).chain([last]);
        let (mut start, mut result): (usize, Option<Term>) = (0, None);
        for (end, operator) in
            ends.zip([Operator::Add].into_iter().chain(places.iter().map(|it| it.1)))
        {
            let piece = tokens.get(start..end).unwrap_or_default();
            let edge = tokens.get(end).map_or(before, |sign| sign.span);
            let part = if level == SUMS {
                self.chain(piece, minus, &PRODUCTS, edge)?
            } else {
                self.factor(piece, edge)?
            };
            result = Some(match result {
                None => part,
                Some(left) => {
                    let span = left.span().to(part.span());
                    Term::Of(operator, vec![left, part], span)
                }
            });
            start = end + 1;
        }
        result
    }

    /// A name, a number, a function or an expression in parentheses.
    pub(super) fn factor(&mut self, tokens: &[Token], before: Span) -> Option<Term> {
        if let Some(read) = self.at_another_time(tokens, |reader, of| reader.factor(of, before)) {
            return read;
        }
        if let Some(inner) = in_parentheses(tokens) {
            return self.term(inner, true, before);
        }
        if let Some(inner) = Self::summed_up(tokens) {
            return self.cumulative(inner, cover(tokens)?);
        }
        if let Some((operator, inner)) = self.function(tokens) {
            return self.call(operator, inner, cover(tokens)?);
        }
        if begins_with_number(tokens) {
            return Some(Term::Number(self.quantity(tokens, |_| true)?));
        }
        Some(Term::Name(self.read_name(tokens, before)?))
    }

    /// The function that tokens call, and what stands in its parentheses.
    fn function<'t>(&self, tokens: &'t [Token]) -> Option<(Operator, &'t [Token])> {
        let (name, inner) = called(tokens)?;
        let name = self.normal(name);
        let found = FUNCTIONS.iter().find(|(known, _)| *known == name)?;
        Some((found.1, inner))
    }

    /// Whether tokens call a function.
    pub(super) fn calls(&self, tokens: &[Token]) -> bool {
        self.function(tokens).is_some() || Self::summed_up(tokens).is_some()
    }

    /// `lũy kế( … )`: what stands in its parentheses.
    fn summed_up(tokens: &[Token]) -> Option<&[Token]> {
        let (name, inner) = called(tokens)?;
        matches!(name, [word] if word.kind == TokenKind::Cumulative).then_some(inner)
    }

    /// The sum over the entity's snapshots.
    fn cumulative(&mut self, inner: &[Token], span: Span) -> Option<Term> {
        let of = self.term(inner, true, span)?;
        if of.is_linked() {
            return self.unread(
                span,
                Message::new(
                    "`lũy kế` cộng số liệu từng kỳ của một đơn vị, không cộng số của thời điểm \
                     khác hay của nhiều đơn vị",
                    "`cumulative` sums the figures of one entity day by day, not those of another \
                     time or of many units",
                ),
                Message::new(
                    "viết thời điểm ở ngoài: `lũy kế(x) [năm trước]`; của nhiều đơn vị: \
                     `tổng(mọi xã; lũy kế(x))`",
                    "write the time outside: `cumulative(x) [last year]`; of many units: \
                     `sum(every xã; cumulative(x))`",
                ),
            );
        }
        Some(Term::Cumulative(Box::new(of), span))
    }

    fn call(&mut self, operator: Operator, inner: &[Token], span: Span) -> Option<Term> {
        if self.is_of_units(operator, inner) {
            return self.units_function(operator, inner, span);
        }
        let mut parts = Vec::new();
        for piece in arguments(inner) {
            parts.push(self.term(piece, true, span)?);
        }
        let wrong = match operator {
            Operator::Round => parts.len() != 2 || !matches!(parts.get(1), Some(Term::Number(_))),
            _ => parts.len() < 2,
        };
        if wrong {
            return self.refuse(
                error(
                    Code::NotAStatement,
                    span,
                    "hàm thiếu hoặc thừa đối số",
                    "the function has too few or too many arguments",
                )
                .with_help(Message::new(
                    "ngăn cách bằng dấu chấm phẩy: `nhỏ nhất(a; b)`, `làm tròn(x; 2)`",
                    "separate them by semicolons: `least(a; b)`, `round(x; 2)`",
                )),
            );
        }
        Some(Term::Of(operator, parts, span))
    }
}

/// The name of a function and what stands in its parentheses, which are glued to it.
fn called(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    let open = tokens.iter().position(|token| token.kind == TokenKind::Open)?;
    let glued = tokens.get(open).is_some_and(|token| !token.spaced);
    let inner = in_parentheses(tokens.get(open..)?).filter(|_| glued && open > 0 && open <= 2)?;
    Some((tokens.get(..open)?, inner))
}

const SUMS: [(TokenKind, Operator); 2] =
    [(TokenKind::Plus, Operator::Add), (TokenKind::Dash, Operator::Subtract)];
const PRODUCTS: [(TokenKind, Operator); 2] =
    [(TokenKind::Star, Operator::Multiply), (TokenKind::Slash, Operator::Divide)];

/// The signs of one level outside parentheses, with white space on both sides.
fn signs<'t>(
    tokens: &'t [Token],
    minus: bool,
    level: &'t [(TokenKind, Operator)],
) -> impl Iterator<Item = (usize, Operator)> + 't {
    let mut depth: u32 = 0;
    tokens.iter().enumerate().filter_map(move |(at, token)| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        let spaced = token.spaced && tokens.get(at + 1).is_none_or(|next| next.spaced);
        let counts = depth == 0 && at > 0 && spaced && (minus || token.kind != TokenKind::Dash);
        level.iter().find(|(kind, _)| counts && *kind == token.kind).map(|(_, op)| (at, *op))
    })
}

/// What stands between a parenthesis at the start and its partner at the end.
pub(super) fn in_parentheses(tokens: &[Token]) -> Option<&[Token]> {
    let [first, inner @ .., last] = tokens else { return None };
    if first.kind != TokenKind::Open || last.kind != TokenKind::Close {
        return None;
    }
    let mut depth: u32 = 1;
    for token in inner {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    Some(inner)
}

/// The pieces between semicolons outside parentheses.
pub(super) fn arguments(tokens: &[Token]) -> Vec<&[Token]> {
    let (mut pieces, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Semicolon if depth == 0 => {
                pieces.push(tokens.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(tokens.get(start..).unwrap_or_default());
    pieces
}
