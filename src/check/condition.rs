//! The condition of a target: which form it has, and lines in which a symbol compares.

use super::expression::in_parentheses;
use super::growth::always_at_end;
use super::model::AttributeCondition;
use super::name::missing_comparator;
use super::population::units_sign;
use super::quantity::begins_with_number;
use super::reader::{
    Asked, Condition, Read, Reader, Term, cover, error, is_group_word, replace, without_tail,
};
use super::words::{Choice, range_sign};
use crate::diagnostic::{Code, Message};
use crate::number::Comparator;
use crate::source::Span;
use crate::syntax::{Token, TokenKind};

impl Reader<'_> {
    /// Reads a target's condition. `line` is its place.
    pub(super) fn condition(&mut self, tokens: &[Token], line: Span) -> Option<Condition> {
        let mut tokens = without_tail(tokens);
        while let [first, rest @ ..] = tokens
            && first.kind == TokenKind::Ornament
        {
            tokens = rest;
        }
        let Some(line) = cover(tokens) else {
            return self.refuse(missing_comparator(line, None));
        };
        if let [first, ..] = tokens
            && first.kind == TokenKind::Bracketed
            && self.slice(first.span).trim_matches(['[', ']', ' ']).is_empty()
        {
            return self.refuse(
                error(
                    Code::BadTargetCode,
                    first.span,
                    "mã của chỉ tiêu để trống",
                    "the target's code is empty",
                )
                .with_help(Message::new(
                    "viết mã trong ngoặc vuông: `[CQS-01]`, hoặc bỏ cặp ngoặc",
                    "write the code in brackets: `[CQS-01]`, or drop the brackets",
                )),
            );
        }
        self.parentheses_match(tokens)?;
        self.no_wrong_symbol(tokens)?;
        self.ends_complete(tokens)?;
        self.names_its_base(tokens)?;
        if let Some(at) = units_sign(tokens) {
            return self.of_units(tokens, at, line);
        }
        self.no_colon(tokens)?;
        if symbols(tokens).is_empty() && !Self::has_condition_in_parentheses(tokens) {
            return self.words(tokens, line).map(Condition::of);
        }
        self.joined(tokens, line)
    }

    fn parentheses_match(&mut self, tokens: &[Token]) -> Option<()> {
        let mut open: Vec<Span> = Vec::new();
        for token in tokens {
            match token.kind {
                TokenKind::Open => open.push(token.span),
                TokenKind::Close if open.pop().is_none() => return self.lonely(token.span, ')'),
                _ => {}
            }
        }
        match open.pop() {
            Some(span) => self.lonely(span, '('),
            None => Some(()),
        }
    }

    fn lonely(&mut self, span: Span, sign: char) -> Option<()> {
        let (vi, en) = match sign {
            '(' => ("mở ra mà không đóng", "opens and does not close"),
            _ => ("đóng lại mà không mở", "closes what does not open"),
        };
        self.refuse(error(
            Code::UnmatchedParenthesis,
            span,
            format!("dấu `{sign}` {vi}"),
            format!("`{sign}` {en}"),
        ))
    }

    /// A colon that belongs to no key: a comparison without its symbol, or an unknown key.
    pub(super) fn no_colon(&mut self, tokens: &[Token]) -> Option<()> {
        let Some(at) = tokens.iter().position(|token| token.kind == TokenKind::Colon) else {
            return Some(());
        };
        self.sign_misspelt(tokens, at)?;
        let after = tokens.get(at + 1..).unwrap_or_default();
        let quantity = after.iter().position(|token| !is_group_word(token.kind)).unwrap_or(0);
        let words = tokens.get(..at).unwrap_or_default();
        let span = cover(words).or_else(|| tokens.get(at).map(|colon| colon.span))?;
        let typed = self.shown(words);
        let measures = begins_with_number(after.get(quantity..).unwrap_or_default());
        let known = crate::syntax::keywords();
        let names = known
            .iter()
            .filter(|keyword| keyword.rule.starts_with("key_"))
            .flat_map(|keyword| keyword.vi.iter().chain(keyword.en).copied());
        let near = crate::text::nearest(&typed, names, 1);
        if measures {
            let done: Option<()> = self.colon_for_symbol(tokens, at, after);
            if let (Some(found), Some(key)) = (self.found.last_mut(), near.first()) {
                found.fixes.push(replace(span, *key, "nếu là từ khóa", "if it is a key"));
            }
            return done;
        }
        let found = error(
            Code::UnknownKey,
            span,
            format!("`{typed}` không phải là từ khóa"),
            format!("`{typed}` is no key"),
        );
        self.refuse(match near.first() {
            Some(key) => found.with_fix(replace(span, *key, "có phải", "did you mean")),
            None => found.with_help(Message::new(
                "tên có dấu hai chấm thì đặt trong ngoặc kép",
                "a name that holds a colon stands in double quotes",
            )),
        })
    }

    /// `tỷ lệ A: 80%` → `tỷ lệ A >= 80%`; `tỷ lệ A đạt: 80%` likewise.
    pub(super) fn colon_for_symbol<T>(
        &mut self,
        tokens: &[Token],
        at: usize,
        after: &[Token],
    ) -> Option<T> {
        let colon = tokens.get(at)?.span;
        let quantity = self.shown(after);
        if let Some(found) = self.due_before_colon(tokens, at, &quantity) {
            return self.refuse(found);
        }
        let compares = after.first().is_some_and(|token| token.kind.compares());
        let with = if compares { String::new() } else { " >=".to_owned() };
        self.refuse(
            error(
                Code::ColonForSymbol,
                colon,
                "dấu hai chấm không so sánh",
                "a colon does not compare",
            )
            .with_fix(replace(colon, with, "viết so sánh", "write a comparison"))
            .with_help(Message::new(
                format!("chẳng hạn `… >= {quantity}`"),
                format!("such as `… >= {quantity}`"),
            )),
        )
    }

    fn ends_complete(&mut self, tokens: &[Token]) -> Option<()> {
        match tokens.last() {
            Some(last) if matches!(last.kind, TokenKind::And | TokenKind::Or) => {
                let word = self.text(last.span);
                self.refuse(
                    error(
                        Code::TrailingJoin,
                        last.span,
                        format!("dòng kết thúc bằng `{word}`"),
                        format!("the line ends in `{word}`"),
                    )
                    .with_help(Message::new(
                        format!("đưa `{word}` xuống đầu dòng sau"),
                        format!("move `{word}` to the start of the next line"),
                    )),
                )
            }
            _ => Some(()),
        }
    }

    /// A line in which the token at `at` compares.
    pub(super) fn symbol(&mut self, tokens: &[Token], at: usize, line: Span) -> Option<Condition> {
        let sign = tokens.get(at)?;
        let TokenKind::Symbol(comparator) = sign.kind else { return None };
        let left = tokens.get(..at).unwrap_or_default();
        let right = tokens.get(at + 1..).unwrap_or_default();
        if Self::number_comes_first(left) {
            return self.number_first_with_symbol(left, right, line);
        }
        if self.attributes
            && let Some(attribute) = self.attribute(left, comparator, right)
        {
            return Some(Condition::Attribute(attribute));
        }
        if let Some(change) = self.growth_before(left, right) {
            return self.growth_symbol(left, change, sign, right, line).map(Condition::of);
        }
        self.no_growth_swallowed(left)?;
        if begins_with_number(right) {
            self.level_against(right, None)?;
        }
        let (words, always) =
            if self.is_declared(left) { (left, false) } else { always_at_end(left, false) };
        let stated = right.iter().any(|token| {
            matches!(token.kind, TokenKind::Yes | TokenKind::Negation | TokenKind::Unstated)
        });
        self.free_end = !stated && (self.computes(right) || !begins_with_number(right));
        let measure = self.left_side(words, sign.span);
        self.free_end = false;
        let asked = self.asked(comparator, sign.span, right);
        let mut read = Read::new(measure?, asked?, line);
        read.always = always.then(|| self.without_always(words, tokens.get(at..)));
        Some(Condition::of(read))
    }

    /// What is measured on the left of a symbol.
    pub(super) fn left_side(&mut self, tokens: &[Token], sign: Span) -> Option<Term> {
        if self.computes(tokens) {
            self.term(tokens, false, sign)
        } else {
            self.measure(tokens, sign)
        }
    }

    /// What `luôn` asks, without it.
    pub(super) fn without_always(&self, words: &[Token], rest: Option<&[Token]>) -> String {
        format!("{} {}", self.shown(words), self.shown(rest.unwrap_or_default()))
    }

    /// What stands right of the symbol.
    pub(super) fn asked(
        &mut self,
        comparator: Comparator,
        sign: Span,
        tokens: &[Token],
    ) -> Option<Asked> {
        let tokens = without_tail(tokens);
        match tokens {
            [] => {
                return self.refuse(error(
                    Code::NotANumber,
                    sign,
                    format!("thiếu ngưỡng sau `{}`", comparator.symbol()),
                    format!("the threshold after `{}` is missing", comparator.symbol()),
                ));
            }
            [only] if matches!(only.kind, TokenKind::Yes | TokenKind::Negation) => {
                return self.truth(comparator, only, sign);
            }
            [first, rest @ ..] if first.kind == TokenKind::Unstated => {
                return self.unstated(comparator, first.span, rest);
            }
            _ => {}
        }
        if let Some(at) = tokens.iter().position(|token| token.kind == TokenKind::PlusMinus) {
            return self.plus_minus(comparator, sign, tokens, at);
        }
        let ends = range_sign(tokens).filter(|&at| {
            // `30-40%` is a range; the years of a period after a unit are not, nor is a minus.
            let glued = at == 1
                || (at == 2 && tokens.get(1).is_some_and(|it| it.kind == TokenKind::Percent));
            let dash = |sign: &Token| sign.kind == TokenKind::Dash;
            let sign = tokens.get(at).is_some_and(|it| !dash(it) || it.spaced || glued);
            let behind = at.checked_sub(1).and_then(|left| tokens.get(left));
            let minus = behind.is_some_and(|it| matches!(it.kind, TokenKind::Symbol(_)));
            sign && !minus && !self.year_follows(tokens, at)
        });
        if let Some(at) = ends {
            return self.range_after_symbol(tokens, at, sign);
        }
        if self.computes(tokens) || !begins_with_number(tokens) {
            self.reads_as_quantity(tokens)?;
            return Some(Asked::Against(comparator, self.term(tokens, false, sign)?));
        }
        let quantity = self.quantity(tokens, |_| true)?;
        Some(Asked::Bound(comparator, quantity))
    }

    /// `chưa rõ`, `chưa rõ (dưới 25,13%)`.
    fn unstated(&mut self, comparator: Comparator, span: Span, rest: &[Token]) -> Option<Asked> {
        let within = match (rest, in_parentheses(rest)) {
            ([], _) => None,
            (_, Some(inner)) => {
                let words = inner.iter().take_while(|token| is_group_word(token.kind)).count();
                let choice = match inner.first().map(|first| first.kind) {
                    Some(TokenKind::Symbol(symbol)) => Some((Choice::Bound(symbol), 1)),
                    _ => Some((self.choice(inner.get(..words).unwrap_or_default())?, words)),
                };
                let Some((Choice::Bound(bound), after)) = choice else {
                    return self.not_within(span);
                };
                let quantity = self.quantity(inner.get(after..).unwrap_or_default(), |_| true)?;
                Some((bound, quantity))
            }
            _ => return self.not_within(cover(rest)?),
        };
        Some(Asked::Unstated { comparator, within, span })
    }

    fn not_within(&mut self, span: Span) -> Option<Asked> {
        self.refuse(
            error(
                Code::NotANumber,
                span,
                "sau `chưa rõ` chỉ có thể ghi một giới hạn trong ngoặc",
                "only a bound in parentheses may follow `unstated`",
            )
            .with_help(Message::new(
                "viết `>= chưa rõ (dưới 25,13%)`",
                "write `>= unstated (under 25.13%)`",
            )),
        )
    }

    /// Words that are neither a quantity nor the name of an indicator.
    fn reads_as_quantity(&mut self, tokens: &[Token]) -> Option<()> {
        match tokens {
            [first, ..]
                if first.kind == TokenKind::Word
                    && self.slice(first.span).starts_with(|c: char| c.is_ascii_digit()) =>
            {
                let text = self.shown(tokens);
                self.refuse(error(
                    Code::NotANumber,
                    first.span,
                    format!("`{text}` không phải là con số"),
                    format!("`{text}` is not a number"),
                ))
            }
            [first, ..]
                if is_group_word(first.kind)
                    || matches!(first.kind, TokenKind::About | TokenKind::From) =>
            {
                let word = self.text(first.span);
                self.refuse(
                    error(
                        Code::TwoComparators,
                        first.span,
                        format!("`{word}` đứng sau một dấu so sánh"),
                        format!("`{word}` stands after a symbol"),
                    )
                    .with_help(Message::new(
                        "giữ lại dấu so sánh hoặc từ so sánh",
                        "keep either the symbol or the word",
                    )),
                )
            }
            _ => Some(()),
        }
    }

    /// `ngành = "du lịch"` where attributes are asked.
    fn attribute(
        &self,
        left: &[Token],
        comparator: Comparator,
        right: &[Token],
    ) -> Option<AttributeCondition> {
        let [value] = right else { return None };
        let negated = match comparator {
            Comparator::Equal => false,
            Comparator::NotEqual => true,
            _ => return None,
        };
        if value.kind != TokenKind::Quoted || left.is_empty() {
            return None;
        }
        let name = self.shown(left);
        let value = self.text(value.span);
        Some(AttributeCondition::Is {
            attribute: crate::text::normal(name.trim_matches('"')),
            name,
            value: crate::text::normal(value.trim_matches(|c| "\"“”„‟«»″＂".contains(c))),
            negated,
        })
    }

    fn truth(&mut self, comparator: Comparator, word: &Token, sign: Span) -> Option<Asked> {
        let yes = word.kind == TokenKind::Yes;
        let span = word.span;
        match comparator {
            Comparator::Equal => Some(Asked::Truth { expected: yes, span }),
            Comparator::NotEqual => Some(Asked::Truth { expected: !yes, span }),
            _ => {
                let typed = self.text(word.span);
                self.refuse(
                    error(
                        Code::UnitsDoNotCompare,
                        sign,
                        format!("`{}` không so sánh được với `{typed}`", comparator.symbol()),
                        format!("`{}` does not compare with `{typed}`", comparator.symbol()),
                    )
                    .with_fix(replace(sign, "=", "viết", "write")),
                )
            }
        }
    }

    /// `= A ± B`: both ends count.
    fn plus_minus(
        &mut self,
        comparator: Comparator,
        sign: Span,
        tokens: &[Token],
        at: usize,
    ) -> Option<Asked> {
        if comparator != Comparator::Equal {
            return self.refuse(
                error(
                    Code::NotANumber,
                    sign,
                    format!("`±` chỉ đi với `=`, không đi với `{}`", comparator.symbol()),
                    format!("`±` goes with `=` only, not with `{}`", comparator.symbol()),
                )
                .with_fix(replace(sign, "=", "viết", "write")),
            );
        }
        let (low, high) = self.both_sides(tokens, at)?;
        Some(Asked::Within(low, high))
    }

    fn range_after_symbol(&mut self, tokens: &[Token], at: usize, sign: Span) -> Option<Asked> {
        let span = cover(tokens)?;
        let low = self.shown(tokens.get(..at).unwrap_or_default());
        let high = self.shown(tokens.get(at + 1..).unwrap_or_default());
        self.refuse(
            error(
                Code::RangeWithoutReading,
                span,
                format!("một dấu so sánh không đi với khoảng `{low}` đến `{high}`"),
                format!("a symbol does not go with the range `{low}` to `{high}`"),
            )
            .with_fix(replace(
                sign.to(span),
                format!("trong khoảng {low} đến {high}"),
                "cả hai đầu đều tính",
                "both ends count",
            ))
            .with_fix(replace(
                sign.to(span),
                format!(">= {low}"),
                "ít nhất là đầu dưới",
                "at least the lower end",
            )),
        )
    }

    /// Whether a `đến` is followed by a year that ends the line: a time, never a range.
    pub(super) fn year_follows(&self, tokens: &[Token], at: usize) -> bool {
        match tokens.get(at..) {
            Some([to, year]) => {
                let digits = self.slice(year.span);
                to.kind == TokenKind::To
                    && digits.len() == 4
                    && (digits.starts_with("19") || digits.starts_with("20"))
            }
            _ => false,
        }
    }

    /// `ít nhất 40% xã >= …`: a number first and a symbol too.
    fn number_first_with_symbol<T>(
        &mut self,
        left: &[Token],
        right: &[Token],
        line: Span,
    ) -> Option<T> {
        let words = self.shown(left);
        let condition = self.shown(right);
        self.refuse(
            error(
                Code::NumberFirstWithSymbol,
                line,
                format!("dòng bắt đầu bằng con số (`{words}`) mà lại có dấu so sánh"),
                format!("the line begins with a number (`{words}`) and has a symbol too"),
            )
            .with_help(Message::new(
                format!(
                    "viết tên trước: `tỷ lệ … >= N%`; nếu nói về các đơn vị: \
                     `N% … đạt: … {condition}`"
                ),
                format!(
                    "write the name first: `tỷ lệ … >= N%`; for units: \
                     `N% … satisfy: … {condition}`"
                ),
            )),
        )
    }
}

/// Where symbols stand outside quotes and parentheses.
pub(super) fn symbols(tokens: &[Token]) -> Vec<usize> {
    let mut depth: u32 = 0;
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Symbol(_) if depth == 0 => found.push(at),
            _ => {}
        }
    }
    found
}
