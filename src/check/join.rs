//! Conditions joined by `và`, `hoặc` and turned round by `không ( … )`.
//!
//! `và` joins where a complete condition stands on its left and a symbol or a condition in
//! parentheses on its right; everywhere else it is part of a name.

use super::condition::symbols;
use super::expression::in_parentheses;
use super::population::units_sign;
use super::reader::{Condition, Reader, cover, error, replace};
use crate::diagnostic::{Code, Message};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};

impl Reader<'_> {
    /// Whether a parenthesis at the start, or behind `không`, holds a condition.
    pub(super) fn has_condition_in_parentheses(tokens: &[Token]) -> bool {
        let mut rest = tokens;
        loop {
            match rest {
                [first, after @ ..]
                    if matches!(first.kind, TokenKind::Negation | TokenKind::Always) =>
                {
                    rest = after;
                }
                [first, ..] if first.kind == TokenKind::Open => {
                    return group_end(rest)
                        .is_some_and(|end| rest.get(..end).unwrap_or_default().iter().any(asks));
                }
                _ => return false,
            }
        }
    }

    /// Reads a line in which symbols compare.
    pub(super) fn joined(&mut self, tokens: &[Token], line: Span) -> Option<Condition> {
        let joins = self.joins(tokens)?;
        let Some((_, kind)) = joins.first().copied() else {
            return self.single(tokens, line);
        };
        if let Some((at, _)) = joins.iter().find(|(_, other)| *other != kind) {
            let place = tokens.get(*at)?.span;
            return self.refuse(
                error(
                    Code::MixedJoin,
                    place,
                    "dùng lẫn `và` với `hoặc` mà không có ngoặc",
                    "`and` and `or` are mixed without parentheses",
                )
                .with_help(Message::new(
                    "đặt trong ngoặc những điều kiện đi với nhau: `a >= 1 và (b >= 2 hoặc c >= 3)`",
                    "put what belongs together into parentheses: `a >= 1 and (b >= 2 or c >= 3)`",
                )),
            );
        }
        let mut parts = Vec::new();
        let mut start = 0;
        for end in joins.iter().map(|(at, _)| *at).chain([tokens.len()]) {
            let piece = tokens.get(start..end).unwrap_or_default();
            let part = self.single(piece, cover(piece).unwrap_or(line));
            parts.push(part.map(|condition| (self.shown(piece), condition)));
            start = end + 1;
        }
        let parts: Vec<_> = parts.into_iter().collect::<Option<_>>()?;
        Some(match kind {
            TokenKind::And => Condition::All(parts),
            _ => Condition::Any(parts),
        })
    }

    /// One condition: in parentheses, turned round, or with one symbol.
    fn single(&mut self, tokens: &[Token], line: Span) -> Option<Condition> {
        if let [first, rest @ ..] = tokens
            && first.kind == TokenKind::Negation
            && Self::has_condition_in_parentheses(tokens)
        {
            let inner = self.single(rest, line)?;
            return Some(Condition::Not(Box::new((self.shown(rest), inner))));
        }
        if let [first, rest @ ..] = tokens
            && first.kind == TokenKind::Always
            && Self::has_condition_in_parentheses(tokens)
        {
            let inner = self.single(rest, line)?;
            return Some(Condition::Always(Box::new((self.shown(rest), inner))));
        }
        if let Some(inner) = in_parentheses(tokens)
            && Self::has_condition_in_parentheses(tokens)
        {
            return match units_sign(inner) {
                Some(at) => self.of_units(inner, at, cover(inner).unwrap_or(line)),
                None => self.joined(inner, line),
            };
        }
        match symbols(tokens).as_slice() {
            [at] => self.symbol(tokens, *at, line),
            [] => self.refuse(super::name::missing_comparator(line, None)),
            [_, second, ..] => {
                let place = tokens.get(*second)?.span;
                let typed = self.text(place);
                self.refuse(
                    error(
                        Code::TwoComparators,
                        place,
                        format!("dấu so sánh thứ hai `{typed}` trong một điều kiện"),
                        format!("a second symbol `{typed}` in one condition"),
                    )
                    .with_help(Message::new(
                        "nối hai điều kiện bằng `và`, hoặc viết thành hai chỉ tiêu",
                        "join two conditions by `and`, or write two targets",
                    )),
                )
            }
        }
    }

    /// Where `và` and `hoặc` join.
    fn joins(&mut self, tokens: &[Token]) -> Option<Vec<(usize, TokenKind)>> {
        let mut found = Vec::new();
        let (mut at, mut start, mut threshold) = (0, 0, None);
        while let Some(token) = tokens.get(at) {
            if token.kind == TokenKind::Open {
                let rest = tokens.get(at..).unwrap_or_default();
                let length = group_end(rest).unwrap_or(rest.len());
                let holds = rest.get(..length).unwrap_or_default().iter().any(asks);
                let leads = tokens.get(start..at).unwrap_or_default();
                let leads = leads
                    .iter()
                    .all(|token| matches!(token.kind, TokenKind::Negation | TokenKind::Always));
                at += length;
                if holds && leads {
                    threshold = Some(at);
                }
                continue;
            }
            if is_symbol(token) {
                threshold = Some(at + 1);
            }
            let joins = matches!(token.kind, TokenKind::And | TokenKind::Or);
            let complete = threshold
                .is_some_and(|begun| begun <= at && (begun < at || Self::closed(tokens, at)));
            let right = tokens.get(at + 1..).unwrap_or_default();
            if joins && complete && Self::condition_follows(right) {
                self.only_reading(tokens, threshold.unwrap_or(at), at)?;
                found.push((at, token.kind));
                (start, threshold) = (at + 1, None);
            }
            at += 1;
        }
        Some(found)
    }

    /// Whether a closing parenthesis stands directly before.
    fn closed(tokens: &[Token], at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|before| tokens.get(before))
            .is_some_and(|token| token.kind == TokenKind::Close)
    }

    /// Whether a symbol follows, or a condition in parentheses.
    fn condition_follows(tokens: &[Token]) -> bool {
        !symbols(tokens).is_empty() || Self::has_condition_in_parentheses(tokens)
    }

    /// Where the threshold is itself a name, a second `và` before the next symbol has two readings.
    fn only_reading(&mut self, tokens: &[Token], threshold: usize, join: usize) -> Option<()> {
        let stated = tokens.get(threshold).is_none_or(|first| {
            matches!(
                first.kind,
                TokenKind::Number
                    | TokenKind::Dash
                    | TokenKind::Yes
                    | TokenKind::Negation
                    | TokenKind::Unstated
                    | TokenKind::Quoted
                    | TokenKind::Open
            )
        }) || threshold >= join;
        let rest = tokens.get(join + 1..).unwrap_or_default();
        let next = symbols(rest).first().copied().unwrap_or(rest.len());
        let again = rest
            .get(..next)
            .unwrap_or_default()
            .iter()
            .find(|token| matches!(token.kind, TokenKind::And | TokenKind::Or));
        let Some(again) = again.filter(|_| !stated) else { return Some(()) };
        let word = self.text(again.span);
        let name = self.shown(tokens.get(threshold..join).unwrap_or_default());
        let place = cover(tokens.get(threshold..join).unwrap_or_default()).unwrap_or(again.span);
        self.refuse(
            error(
                Code::AmbiguousJoin,
                again.span,
                format!("`{word}` này có thể nối điều kiện hoặc thuộc về tên"),
                format!("this `{word}` may join conditions or belong to a name"),
            )
            .with_fix(replace(
                place,
                format!("\"{name}\""),
                "đặt tên trong ngoặc kép",
                "quote the name",
            ))
            .with_help(Message::new(
                "đặt từng điều kiện trong ngoặc: `(a >= b) và (c >= 5)`",
                "put each condition into parentheses: `(a >= b) and (c >= 5)`",
            )),
        )
    }
}

fn is_symbol(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Symbol(_))
}

/// Whether a token makes what stands around it a condition.
fn asks(token: &Token) -> bool {
    is_symbol(token) || matches!(token.kind, TokenKind::Satisfy | TokenKind::NoneOf)
}

/// How many tokens the parenthesis at the start reaches over.
pub(super) fn group_end(tokens: &[Token]) -> Option<usize> {
    let mut depth: u32 = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
