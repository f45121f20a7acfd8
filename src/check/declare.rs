//! `chỉ số:` sections: what a programme declares of its indicators.
//!
//! Enters: a section's keys. Leaves: a [`Declared`]. Names are not resolved yet: a formula may use
//! indicators that are declared below it.

use super::quantity::begins_with_number;
use super::reader::{Name, Quantity, Reader, Term, cover, error, is_group_word, replace};
use super::words::{halves, range_sign};
use crate::diagnostic::{Code, Message};
use crate::number::{self, Comparator};
use crate::source::Span;
use crate::syntax::{self, Block, Key, KeyLine, Token, TokenKind};
use crate::text;
use crate::unit::{self, Unit};

/// Signs that quote a name.
const QUOTES: [char; 8] = ['"', '“', '”', '„', '‟', '«', '»', '＂'];

/// A declared indicator.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    pub(super) name: Name,
    pub(super) unit: Option<(Unit, Span)>,
    /// The power of ten of a scale word in the unit, by which bare numbers are multiplied.
    pub(super) power: u32,
    /// The unit as it is written, where it has such a scale word.
    pub(super) scaled: Option<String>,
    pub(super) aliases: Vec<Name>,
    pub(super) formula: Option<Term>,
    pub(super) range: Option<Limits>,
    pub(super) higher_is_better: Option<(bool, Span)>,
    pub(super) source: Option<String>,
}

/// Which values are possible.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    pub(super) low: Option<(Comparator, Quantity)>,
    pub(super) high: Option<(Comparator, Quantity)>,
}

impl Reader<'_> {
    /// Reads one section.
    pub(super) fn declared(&mut self, name: Span, block: &Block) -> Option<Declared> {
        let display = self.text(name).trim_matches(QUOTES).to_owned();
        if display.is_empty() {
            return self.refuse(error(
                Code::NameEmpty,
                block.span,
                "chỉ số không có tên",
                "the indicator has no name",
            ));
        }
        let mut declared = Declared {
            name: self.name(display, name),
            unit: None,
            power: 0,
            scaled: None,
            aliases: Vec::new(),
            formula: None,
            range: None,
            higher_is_better: None,
            source: None,
        };
        let mut seen: Vec<Key> = Vec::new();
        for line in &block.keys {
            let repeats = matches!(line.key, Key::Alias | Key::Note);
            if seen.contains(&line.key) && !repeats {
                self.found.push(error(
                    Code::KeyTwice,
                    line.key_span,
                    "dòng này đã có ở trên",
                    "this line is given above",
                ));
                continue;
            }
            seen.push(line.key);
            self.declared_key(&mut declared, line);
        }
        Some(declared)
    }

    fn declared_key(&mut self, declared: &mut Declared, line: &KeyLine) {
        let shown = match line.key {
            Key::Alias | Key::Source | Key::Note => syntax::free_text(self.source, line),
            _ => syntax::value_text(self.source, line.value),
        };
        let shown = text::composed(&shown);
        if shown.is_empty() {
            let key = self.text(line.key_span);
            self.found.push(error(
                Code::EmptyValue,
                line.span,
                format!("sau `{key}:` không có nội dung"),
                format!("`{key}:` says nothing"),
            ));
            return;
        }
        match line.key {
            Key::Note => {}
            Key::Source => declared.source = Some(shown),
            Key::Alias => {
                let alias = shown.trim_matches(QUOTES).to_owned();
                declared.aliases.push(self.name(alias, line.value));
            }
            Key::Unit => self.declared_unit(declared, line, &shown),
            Key::Formula => {
                if let Some(tokens) = self.tokens(line.value) {
                    declared.formula = self.term(&tokens, true, line.value);
                }
            }
            Key::Range => {
                if let Some(tokens) = self.tokens(line.value) {
                    declared.range = self.limits(&tokens, line.value);
                }
            }
            Key::Direction => self.direction(declared, line, &shown),
            _ => {
                let key = self.text(line.key_span);
                self.found.push(error(
                    Code::KeyNotAllowed,
                    line.key_span,
                    format!("`{key}:` không dùng được dưới `chỉ số:`"),
                    format!("`{key}:` is not allowed under `indicator:`"),
                ));
            }
        }
    }

    /// The tokens of a value; what cannot be read is reported.
    pub(super) fn tokens(&mut self, value: Span) -> Option<Vec<Token>> {
        match syntax::tokens(self.source, value) {
            Ok(tokens) => self.no_wrong_symbol(&tokens).map(|()| tokens),
            Err(fault) => self.refuse(fault),
        }
    }

    fn declared_unit(&mut self, declared: &mut Declared, line: &KeyLine, shown: &str) {
        let normal = text::normal(shown);
        let (power, rest) = match unit::parse(&normal) {
            Some(_) => (0, normal.as_str()),
            None => number::scale_prefix(&normal),
        };
        let is_rate = || matches!(unit::parse_any(rest, shown), Unit::Rate { .. });
        let digits = rest.chars().any(|letter| letter.is_ascii_digit());
        if digits && unit::parse(rest).is_none() && !is_rate() {
            self.found.push(error(
                Code::UnknownUnit,
                line.value,
                format!("`{shown}` không phải là đơn vị tính"),
                format!("`{shown}` is no unit"),
            ));
            return;
        }
        let yes_no = matches!(rest, "có/không" | "yes/no" | "có hoặc không");
        let unit = match (yes_no, power) {
            (true, _) => Unit::YesNo,
            (false, 0) => unit::parse_any(rest, shown),
            (false, _) => unit::parse_any(rest, rest),
        };
        declared.unit = Some((unit, line.value));
        declared.power = power;
        declared.scaled = (power > 0).then(|| shown.to_owned());
    }

    fn direction(&mut self, declared: &mut Declared, line: &KeyLine, shown: &str) {
        let higher = match text::normal(shown).as_str() {
            "cao hơn là tốt"
            | "cao là tốt"
            | "càng cao càng tốt"
            | "tăng"
            | "higher"
            | "higher is better" => true,
            "thấp hơn là tốt"
            | "thấp là tốt"
            | "càng thấp càng tốt"
            | "giảm"
            | "lower"
            | "lower is better" => false,
            _ => {
                self.found.push(
                    error(
                        Code::NotAStatement,
                        line.value,
                        format!("`{shown}` không nói chiều nào tốt hơn"),
                        format!("`{shown}` does not say which direction is better"),
                    )
                    .with_fix(replace(line.value, "cao hơn là tốt", "viết", "write"))
                    .with_fix(replace(
                        line.value,
                        "thấp hơn là tốt",
                        "viết",
                        "write",
                    )),
                );
                return;
            }
        };
        declared.higher_is_better = Some((higher, line.value));
    }

    /// `từ 0 đến 100%`, `0 - 100%`, `>= 0`, `không quá 100%`.
    fn limits(&mut self, tokens: &[Token], value: Span) -> Option<Limits> {
        let tokens = match tokens {
            [first, rest @ ..] if matches!(first.kind, TokenKind::From | TokenKind::Within) => rest,
            _ => tokens,
        };
        if let Some(at) = range_sign(tokens) {
            let (low, high) = halves(tokens, at);
            let (low, high) = self.both_ends(low, high, |_| true)?;
            return Some(Limits {
                low: Some((Comparator::AtLeast, low)),
                high: Some((Comparator::AtMost, high)),
            });
        }
        let words = tokens.iter().take_while(|token| is_group_word(token.kind)).count();
        let (comparator, rest) = match tokens.first().map(|first| first.kind) {
            Some(TokenKind::Symbol(symbol)) => (symbol, tokens.get(1..).unwrap_or_default()),
            Some(_) if words > 0 => {
                let group = tokens.get(..words).unwrap_or_default();
                match self.choice(group)? {
                    super::words::Choice::Bound(bound) => {
                        (bound, tokens.get(words..).unwrap_or_default())
                    }
                    _ => return self.no_limits(value),
                }
            }
            _ => return self.no_limits(value),
        };
        if !begins_with_number(rest) {
            return self.no_limits(cover(rest).unwrap_or(value));
        }
        let quantity = self.quantity(rest, |_| true)?;
        let bound = Some((comparator, quantity));
        Some(if comparator.is_floor() {
            Limits { low: bound, high: None }
        } else {
            Limits { low: None, high: bound }
        })
    }

    fn no_limits<T>(&mut self, span: Span) -> Option<T> {
        let shown = self.text(span);
        self.refuse(
            error(
                Code::NotANumber,
                span,
                format!("`{shown}` không phải là phạm vi giá trị"),
                format!("`{shown}` is no range of values"),
            )
            .with_help(Message::new(
                "viết `từ 0% đến 100%` hoặc `>= 0`",
                "write `from 0% to 100%` or `>= 0`",
            )),
        )
    }
}
