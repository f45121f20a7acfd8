//! Functions of units: `tổng(mọi xã; x)`, `đếm(mọi xã; C)`, `hạng(mọi tỉnh; x)`.
//!
//! Enters: what stands in the parentheses of a function. Leaves: a [`Term`]. The population comes
//! first and bears `mọi`; without it the names of two indicators may be meant.

use super::expression::arguments;
use super::reader::{Made, Operator, Reader, Term, Units, cover, error, replace};
use crate::diagnostic::{Code, Lang, Message};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};

/// Types that every province has: a bare one in a function is hardly an indicator.
const USUAL_TYPES: [&str; 20] = [
    "tỉnh",
    "thành phố",
    "quận",
    "huyện",
    "thị xã",
    "xã",
    "phường",
    "thị trấn",
    "đặc khu",
    "thôn",
    "ấp",
    "bản",
    "bộ",
    "sở",
    "ban",
    "ngành",
    "phòng",
    "cơ quan",
    "đơn vị",
    "địa phương",
];

impl Reader<'_> {
    /// Whether a function is of units: its first argument says `mọi`, or it is one that has no
    /// other meaning.
    pub(super) fn is_of_units(&self, operator: Operator, inner: &[Token]) -> bool {
        matches!(operator, Operator::Count | Operator::Rank)
            || inner.first().is_some_and(|first| self.says_every(first))
            || (operator != Operator::Round && self.usual_type(inner))
    }

    /// Whether the first argument is the bare word for a type of units.
    fn usual_type(&self, inner: &[Token]) -> bool {
        let pieces = arguments(inner);
        let [first, _] = pieces.as_slice() else { return false };
        let words = first.split(|token| token.kind == TokenKind::Open).next().unwrap_or_default();
        let mut types = words.split(|token| token.kind == TokenKind::Comma).peekable();
        types.peek().is_some() && types.all(|one| USUAL_TYPES.contains(&self.normal(one).as_str()))
    }

    /// `tổng(mọi xã; x)`, `đếm(mọi xã; C)`, `hạng(mọi tỉnh; x)`.
    pub(super) fn units_function(
        &mut self,
        operator: Operator,
        inner: &[Token],
        span: Span,
    ) -> Option<Term> {
        let pieces = arguments(inner);
        let [types, of] = pieces.as_slice() else {
            return self.two_arguments(span);
        };
        let words = match types {
            [first, rest @ ..] if self.says_every(first) => rest,
            _ => return self.every_is_missing(operator, types, span),
        };
        if operator == Operator::Round {
            return self.two_arguments(span);
        }
        let population = self.units_population(words, cover(types).unwrap_or(span))?;
        let made = if operator == Operator::Count {
            Made::Count(self.part(of, cover(of).unwrap_or(span))?)
        } else {
            Made::Of(operator, self.term(of, true, span)?)
        };
        let lang = self.lang;
        Some(Term::Units(Box::new(Units { population, made, called: true, lang, span })))
    }

    fn two_arguments<T>(&mut self, span: Span) -> Option<T> {
        self.refuse(
            error(
                Code::NotAStatement,
                span,
                "hàm của nhiều đơn vị cần hai đối số: `mọi` và loại đơn vị, rồi cái được tính",
                "a function of units has two arguments: `every` and their type, then what is made",
            )
            .with_help(Message::new(
                "ngăn cách bằng dấu chấm phẩy: `tổng(mọi xã; số hồ sơ)`, \
                 `đếm(mọi xã; số hồ sơ > 0)`",
                "separate them by a semicolon: `sum(every xã; số hồ sơ)`, \
                 `count(every xã; số hồ sơ > 0)`",
            )),
        )
    }

    fn every_is_missing<T>(
        &mut self,
        operator: Operator,
        types: &[Token],
        span: Span,
    ) -> Option<T> {
        let place = cover(types).unwrap_or(span);
        let shown = self.shown(types);
        let every = match self.lang {
            Lang::Vi => "mọi",
            Lang::En => "every",
        };
        let found = error(
            Code::NotAStatement,
            place,
            format!("thiếu `mọi` trước loại đơn vị `{shown}`"),
            format!("`every` is missing before the type of units `{shown}`"),
        )
        .with_fix(replace(place, format!("{every} {shown}"), "viết", "write"));
        let indicator = !matches!(operator, Operator::Count | Operator::Rank);
        self.refuse(if indicator {
            found.with_fix(replace(
                place,
                format!("\"{shown}\""),
                "nếu là tên một chỉ số",
                "if it is the name of an indicator",
            ))
        } else {
            found
        })
    }
}
