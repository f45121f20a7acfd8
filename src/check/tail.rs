//! What stands behind the number of a growth: `so với năm 2022`, `mỗi năm`, a period.
//!
//! Enters: the tokens from the number on. Leaves: a [`Tail`], which cuts them, and the [`Base`] of
//! the growth. Invariant: growth without a base is refused, never guessed.

use super::growth::{Base, Change};
use super::reader::{Reader, cover, error, replace};
use crate::diagnostic::{Code, Lang, Message};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};

/// What stands behind the number of a growth.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tail<'t> {
    pub(super) quantity: &'t [Token],
    /// From behind `so với` to the end.
    pub(super) against: Option<(&'t Token, &'t [Token])>,
    /// `mỗi năm`, `/năm`.
    yearly: Option<Span>,
    /// `giai đoạn 2021-2025`.
    period: &'t [Token],
    /// `so voi`.
    unmarked: Option<Span>,
}

impl<'t> Tail<'t> {
    /// The same behind another quantity.
    pub(super) const fn behind(self, quantity: &'t [Token]) -> Self {
        Self { quantity, ..self }
    }

    /// Whether `so với` stands in it.
    pub(super) const fn is_against(&self) -> bool {
        self.against.is_some()
    }

    /// Whether the quantity has anything behind it that makes it a growth.
    pub(super) const fn speaks_of_growth(&self) -> bool {
        self.against.is_some()
            || self.yearly.is_some()
            || self.unmarked.is_some()
            || !self.period.is_empty()
    }
}

impl Reader<'_> {
    /// Cuts what stands behind a quantity: `39% | so với năm 2022`.
    pub(super) fn tail<'t>(&self, tokens: &'t [Token]) -> Tail<'t> {
        let against = tokens.iter().position(|token| token.kind == TokenKind::Against);
        let whole = tokens.get(..against.unwrap_or(tokens.len())).unwrap_or_default();
        let begins = |at: usize| {
            let rest = whole.get(at..).unwrap_or_default();
            rest.first().is_some_and(|token| token.kind == TokenKind::EachYear)
                || (against.is_none() && self.per_year(rest))
                || self.period_begins(rest)
        };
        let end = (1..whole.len()).find(|at| begins(*at)).unwrap_or(whole.len());
        let (quantity, mut rest) = whole.split_at_checked(end).unwrap_or((whole, &[]));
        let unmarked = self.against_without_marks(tokens);
        let mut tail = Tail { quantity, unmarked, ..Tail::default() };
        if let Some(at) = against {
            tail.against = tokens.get(at).zip(tokens.get(at + 1..));
        }
        loop {
            if let [each, more @ ..] = rest
                && each.kind == TokenKind::EachYear
            {
                (tail.yearly, rest) = (Some(each.span), more);
            } else if let [stroke, year, more @ ..] = rest
                && self.per_year(rest)
            {
                (tail.yearly, rest) = (Some(stroke.span.to(year.span)), more);
            } else {
                break;
            }
        }
        let leads = |token: &&Token| self.is_word(token, &["trong", "in", "over", "during", "cả"]);
        let lead = rest.iter().take_while(leads).count();
        tail.period = rest.get(lead..).unwrap_or_default();
        tail
    }

    /// `/năm`.
    fn per_year(&self, tokens: &[Token]) -> bool {
        matches!(tokens, [stroke, year, ..]
            if stroke.kind == TokenKind::Slash && self.is_word(year, &["năm", "year"]))
    }

    /// Whether tokens begin with a period: `giai đoạn 2021-2025`, `từ năm 2021 đến năm 2025`.
    fn period_begins(&self, tokens: &[Token]) -> bool {
        let year =
            |token: &Token| token.kind == TokenKind::Number && self.slice(token.span).len() == 4;
        match tokens {
            [lead, rest @ ..] if self.is_word(lead, &["trong", "in", "over", "during", "cả"]) => {
                self.period_begins(rest)
            }
            [part, word, ..] if self.is_word(part, &["giai"]) => self.is_word(word, &["đoạn"]),
            [word, ..] if self.is_word(word, &["period"]) => true,
            [from, first, second, ..] if from.kind == TokenKind::From => {
                year(first)
                    || first.kind == TokenKind::Time
                    || (self.is_word(first, &["năm", "year"]) && year(second))
            }
            [first, dash, second, ..] if year(first) && year(second) => {
                matches!(dash.kind, TokenKind::Dash | TokenKind::To)
            }
            [word, digits, ..] => self.is_word(word, &["năm", "year"]) && year(digits),
            _ => false,
        }
    }

    /// Since when a growth counts; `line` is the place of the whole of it.
    pub(super) fn base(&mut self, change: &Change, tail: &Tail<'_>, line: Span) -> Option<Base> {
        if let Some(place) = tail.unmarked.filter(|_| tail.against.is_none()) {
            let shown = self.slice(place).to_owned();
            return self.refuse(
                error(
                    Code::GrowthWithoutBase,
                    place,
                    format!("`{shown}` không phải là `so với`"),
                    format!("`{shown}` is not `so với`"),
                )
                .with_fix(replace(place, "so với", "có phải", "did you mean")),
            );
        }
        let yearly = tail.yearly.or(change.yearly.map(|_| change.word));
        match (tail.against, yearly) {
            (Some((word, time)), None) => Some(Base::Against(self.past_of(time, word.span)?)),
            (Some((word, time)), Some(span)) => self.two_bases(word, time, span),
            (None, Some(span)) => {
                let period = match cover(tail.period) {
                    None => None,
                    Some(place) => {
                        let period = super::settings::time(self.source, place, self.found)?;
                        Some((period, self.shown(tail.period)))
                    }
                };
                Some(Base::Yearly { period, span })
            }
            (None, None) => self.no_base(tail, line),
        }
    }

    /// Both `so với` and `mỗi năm`.
    fn two_bases<T>(&mut self, word: &Token, time: &[Token], yearly: Span) -> Option<T> {
        let against = cover(time).map_or(word.span, |time| word.span.to(time));
        let shown = self.slice(against).to_owned();
        let found = error(
            Code::GrowthWithoutBase,
            against,
            format!("`{shown}` không đi với mức tăng, giảm của từng năm"),
            format!("`{shown}` does not go with a change of every year"),
        )
        .with_label(yearly, Message::new("tính theo năm", "counted by the year"));
        self.refuse(found.with_help(Message::new(
            "mức của từng năm đếm từ năm trước kỳ: `giai đoạn 2021-2025` có gốc là năm 2020; \
             nếu là mức của cả thời gian thì bỏ phần tính theo năm",
            "a change of every year counts from the year before its period: `period 2021-2025` \
             has the base 2020; for a change of all the time drop what speaks of the year",
        )))
    }

    /// Neither: what is written instead is offered.
    fn no_base<T>(&mut self, tail: &Tail<'_>, line: Span) -> Option<T> {
        let english = self.lang == Lang::En;
        let against = if english { "against" } else { "so với" };
        if let Some(place) = cover(tail.period) {
            let period = super::settings::time(self.source, place, self.found)?;
            let before = period.first.map(|first| first.year() - 1).unwrap_or_default();
            let (shown, year) = (self.shown(tail.period), if english { "year" } else { "năm" });
            let start = Span { end: place.start, ..place };
            let each = if english { "each year " } else { "mỗi năm " };
            return self.refuse(
                error(
                    Code::GrowthWithoutBase,
                    place,
                    format!("`{shown}`: mức tăng, giảm của cả kỳ hay của mỗi năm?"),
                    format!("`{shown}`: a change of the whole period or of each year?"),
                )
                .with_fix(replace(
                    place,
                    format!("{against} {year} {before}"),
                    "của cả kỳ",
                    "of the whole period",
                ))
                .with_fix(replace(start, each, "của mỗi năm", "of each year")),
            );
        }
        let shown = self.shown(tail.quantity);
        let found = error(
            Code::GrowthWithoutBase,
            cover(tail.quantity).unwrap_or(line),
            format!("tăng hoặc giảm `{shown}` so với khi nào?"),
            format!("growth by `{shown}` against what time?"),
        );
        let end = Span { start: line.end, ..line };
        let (last, same) = match self.lang {
            Lang::Vi => ("năm trước", "cùng kỳ"),
            Lang::En => ("last year", "same period last year"),
        };
        let found = found
            .with_fix(replace(end, format!(" {against} {last}"), "viết", "write"))
            .with_fix(replace(end, format!(" {against} {same}"), "viết", "write"));
        self.refuse(found.with_help(Message::new(
            "nói so với khi nào: `so với năm 2022`, `so với cùng kỳ`; mức của từng năm thì viết \
             `mỗi năm` và kỳ: `bình quân 8%/năm giai đoạn 2021-2025`",
            "name the base: `against year 2022`, `against same period last year`; for a change of \
             every year its period: `on average 8%/year period 2021-2025`",
        )))
    }

    /// `so voi`.
    fn against_without_marks(&self, tokens: &[Token]) -> Option<Span> {
        let pair =
            tokens.windows(2).find(|pair| crate::text::bare(&self.normal(pair)) == "so voi")?;
        cover(pair)
    }
}
