//! What people write of growth and other times that is not the language, and what they may write
//! instead.
//!
//! Enters: a line of words in which no number is compared. Leaves: a diagnostic with a fix, or
//! nothing where the line speaks of neither. The one idea: an officer's phrase has mostly one
//! meaning, which the fix spells out; it is never taken without being asked.

use super::reader::{Reader, cover, error, replace};
use crate::diagnostic::{Code, Diagnostic, Lang, Message};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};
use crate::text;

/// `gấp đôi`: the number that a word says.
const TIMES: [(&str, &str); 5] =
    [("đôi", "2"), ("hai", "2"), ("ba", "3"), ("bốn", "4"), ("rưỡi", "1,5")];

impl Reader<'_> {
    /// A slip of growth, of another time, or nothing.
    pub(super) fn slip(&self, tokens: &[Token], line: Span) -> Option<Diagnostic> {
        self.base_first(tokens, line)
            .or_else(|| self.times_in_words(tokens))
            .or_else(|| self.times_alone(tokens))
            .or_else(|| self.not_grown(tokens, line))
            .or_else(|| self.than_before(tokens, line))
            .or_else(|| self.unsaid(tokens, line))
    }

    /// `so với năm 2022, số tài khoản tăng 39%`: the base follows the quantity.
    pub(super) fn base_first(&self, tokens: &[Token], line: Span) -> Option<Diagnostic> {
        let [first, rest @ ..] = tokens else { return None };
        if first.kind != TokenKind::Against {
            return None;
        }
        let found = error(
            Code::BeginsWithGrowth,
            first.span,
            "`so với` đứng đầu dòng",
            "`against` stands first",
        )
        .with_help(Message::new(
            "viết tên trước, rồi mức tăng, rồi gốc: `số tài khoản tăng 39% so với năm 2022`",
            "write the name, the growth, then its base: `accounts grows by 39% against year 2022`",
        ));
        let Some(comma) = rest.iter().position(|token| token.kind == TokenKind::Comma) else {
            return Some(found);
        };
        let (time, after) = rest.split_at_checked(comma)?;
        let moved = format!(
            "{} {} {}",
            self.shown(after.get(1..)?),
            self.slice(first.span),
            self.shown(time)
        );
        Some(found.with_fix(replace(line, moved, "viết", "write")))
    }

    /// `tăng gấp đôi so với năm 2022`.
    fn times_in_words(&self, tokens: &[Token]) -> Option<Diagnostic> {
        let (at, number) = tokens.windows(2).enumerate().find_map(|(at, pair)| {
            let [times, word] = pair else { return None };
            let word = text::normal(self.slice(word.span));
            let said = TIMES.iter().find(|(said, _)| *said == word)?;
            self.is_word(times, &["gấp"]).then_some((at, said.1))
        })?;
        let place = cover(tokens.get(at..at + 2)?)?;
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let grows =
            before.is_some_and(|token| matches!(token.kind, TokenKind::Grows | TokenKind::Falls));
        let lead = if grows { "" } else { "tăng " };
        // `gấp ba lần`: the unit stands there already.
        let unit = match tokens.get(at + 2) {
            Some(next) if self.is_word(next, &["lần"]) => "",
            _ => " lần",
        };
        let shown = self.slice(place).to_owned();
        Some(
            error(
                Code::WordsForNumber,
                place,
                format!("`{shown}` viết bằng chữ"),
                format!("`{shown}` is written in words"),
            )
            .with_fix(replace(place, format!("{lead}{number}{unit}"), "viết", "write")),
        )
    }

    /// `gấp 2 lần so với năm 2022`, without `tăng`.
    fn times_alone(&self, tokens: &[Token]) -> Option<Diagnostic> {
        let at = tokens.windows(2).position(|pair| {
            matches!(pair, [times, number] if number.kind == TokenKind::Number
                && self.is_word(times, &["gấp"]))
        })?;
        let word = tokens.get(at)?.span;
        tokens.iter().find(|token| token.kind == TokenKind::Against)?;
        let shown = self.slice(word).to_owned();
        Some(
            error(
                Code::AgainstWithoutGrowth,
                word,
                format!("trước `{shown}` không có `tăng` hoặc `giảm`"),
                format!("neither `tăng` nor `giảm` stands before `{shown}`"),
            )
            .with_fix(replace(word, "tăng", "viết", "write")),
        )
    }

    /// `không giảm so với năm trước`, `không tăng quá 5% so với năm trước`.
    fn not_grown(&self, tokens: &[Token], line: Span) -> Option<Diagnostic> {
        let at = tokens.windows(2).position(|pair| {
            matches!(pair, [not, change] if not.kind == TokenKind::Negation
                && matches!(change.kind, TokenKind::Grows | TokenKind::Falls))
        })?;
        let name = tokens.get(..at)?;
        let (not, change) = (tokens.get(at)?, tokens.get(at + 1)?);
        let rest = tokens.get(at + 2..)?;
        let place = not.span.to(change.span);
        let shown = self.slice(place).to_owned();
        let found = error(
            Code::NegatedComparator,
            place,
            format!("`{shown}`: `không` đứng trước `tăng` hoặc `giảm`"),
            format!("`{shown}`: a negation stands before a change"),
        );
        let falls = change.kind == TokenKind::Falls;
        match rest {
            [against, time @ ..] if against.kind == TokenKind::Against && !time.is_empty() => {
                let (name, time) = (self.shown(name), self.shown(time));
                let sign = if falls { ">=" } else { "<=" };
                let level = format!("{name} {sign} {name} [{time}]");
                Some(found.with_fix(replace(line, level, "so hai mức", "compare two levels")))
            }
            [over, ..] if self.is_word(over, &["quá", "vượt", "vượt quá"]) => {
                let word = self.slice(change.span).to_owned();
                let fix = format!("{word} không quá");
                Some(found.with_fix(replace(not.span.to(over.span), fix, "viết", "write")))
            }
            _ => None,
        }
    }

    /// `cao hơn năm trước`: two levels are compared.
    fn than_before(&self, tokens: &[Token], line: Span) -> Option<Diagnostic> {
        let at = tokens.iter().rposition(|token| matches!(token.kind, TokenKind::Strong(_)))?;
        let TokenKind::Strong(comparator) = tokens.get(at)?.kind else { return None };
        let (name, time) = (tokens.get(..at)?, tokens.get(at + 1..)?);
        let time = match time {
            [against, rest @ ..] if against.kind == TokenKind::Against => rest,
            _ => time,
        };
        if name.is_empty() || !super::moment::is_moment(&self.normal(time)) {
            return None;
        }
        let (name, shown) = (self.shown(name), self.shown(time));
        let level = format!("{name} {} {name} [{shown}]", comparator.symbol());
        let english = self.lang == Lang::En;
        let sample = if english { "x >= x [last year]" } else { "x >= x [năm trước]" };
        Some(
            error(
                Code::ThresholdNeedsSymbol,
                cover(time)?,
                format!("`{shown}` là một thời điểm: ngưỡng là số liệu của thời điểm ấy"),
                format!("`{shown}` is a time: its figure is the threshold"),
            )
            .with_help(Message::new(
                format!("viết bằng dấu: `{sample}`"),
                format!("write a symbol: `{sample}`"),
            ))
            .with_fix(replace(line, level, "viết", "write")),
        )
    }

    /// `x tăng so với năm 2022 và y >= 5`: a change without its amount is no part of a name.
    pub(super) fn no_growth_swallowed(&mut self, left: &[Token]) -> Option<()> {
        let at = left.windows(2).position(|pair| {
            matches!(pair, [change, against] if against.kind == TokenKind::Against
                && matches!(change.kind, TokenKind::Grows | TokenKind::Falls))
        });
        let Some(at) = at.filter(|_| !self.is_declared(left)) else { return Some(()) };
        let join = |token: &Token| matches!(token.kind, TokenKind::And | TokenKind::Or);
        let Some(end) = left.iter().rposition(join).filter(|end| *end > at + 1) else {
            return Some(());
        };
        let (name, time) = (left.get(..at)?, left.get(at + 2..end)?);
        if name.is_empty() || !super::moment::is_moment(&self.normal(time)) {
            return Some(());
        }
        let part = cover(left.get(..end)?)?;
        let (change, whole) = (left.get(at)?, cover(left)?);
        let (name, time, text) = (self.shown(name), self.shown(time), self.shown(left));
        let word = self.slice(change.span).to_owned();
        let symbol = if change.kind == TokenKind::Falls { "<" } else { ">" };
        let level = format!("{name} {symbol} {name} [{time}]");
        self.refuse(
            error(
                Code::GrowthWithoutBase,
                part,
                format!("`{word}` bao nhiêu so với `{time}`?"),
                format!("`{word}` by how much against `{time}`?"),
            )
            .with_help(Message::new(
                format!("viết con số: `{name} {word} >= 5% so với {time} và …`"),
                format!("write the amount: `{name} {word} >= 5% against {time} and …`"),
            ))
            .with_fix(replace(part, level, "so hai mức", "compare two levels"))
            .with_fix(replace(
                whole,
                format!("\"{text}\""),
                "nếu tất cả là một tên",
                "if all of it is one name",
            )),
        )
    }
}
