//! Quantities: a number, its scale words and its unit.

use super::name::is_bare;
use super::reader::{Quantity, Reader, cover, error, plain, replace};
use crate::diagnostic::{Code, Message};
use crate::number::{self, NumberError, Rational};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};
use crate::unit::{self, Unit};

/// A number, with the tokens after it.
pub(super) struct Leading<'t> {
    pub(super) value: Rational,
    /// `20` of `18,8/20`, where a slash and a number are glued to it.
    pub(super) of: Option<Rational>,
    pub(super) span: Span,
    pub(super) rest: &'t [Token],
}

/// Whether tokens begin with a number, signed or not.
pub(super) fn begins_with_number(tokens: &[Token]) -> bool {
    match tokens {
        [first, ..] if first.kind == TokenKind::Number => true,
        [sign, digits, ..] => {
            sign.kind == TokenKind::Dash && digits.kind == TokenKind::Number && !digits.spaced
        }
        _ => false,
    }
}

impl Reader<'_> {
    /// Reads one number's text.
    pub(super) fn number(&mut self, token: &Token) -> Option<Rational> {
        let text = self.text(token.span);
        match number::read(&text, self.format()) {
            Ok(decimal) => Some(Rational::from(decimal)),
            Err(fault) => self.bad_number(token.span, &text, &fault),
        }
    }

    fn bad_number(&mut self, span: Span, text: &str, fault: &NumberError) -> Option<Rational> {
        let diagnostic = match fault {
            NumberError::Grouping { offer } => {
                let found = error(
                    Code::OtherNumberFormat,
                    span,
                    format!("`{text}` không phải là số viết theo kiểu Việt Nam"),
                    format!("`{text}` is not written as this file's language writes numbers"),
                )
                .with_help(Message::new(
                    "dấu chấm tách từng nhóm ba chữ số, dấu phẩy đứng trước phần lẻ: `1.234,5`",
                    "a mark groups digits in threes, the other one stands before the fraction",
                ));
                match offer {
                    Some(offer) => {
                        // It is offered only where one format reads the text: one reading is safe.
                        let mut fix = replace(span, offer.clone(), "viết", "write");
                        fix.safe = true;
                        found.with_fix(fix)
                    }
                    None => found,
                }
            }
            NumberError::TooManyDigits => error(
                Code::TooManyDigits,
                span,
                format!("`{text}` có hơn 28 chữ số"),
                format!("`{text}` has more than 28 digits"),
            ),
            NumberError::Empty | NumberError::NotANumber => error(
                Code::NotANumber,
                span,
                format!("`{text}` không phải là con số"),
                format!("`{text}` is not a number"),
            ),
        };
        self.refuse(diagnostic)
    }

    /// Reads the number that tokens begin with; nothing is reported where they begin otherwise.
    pub(super) fn leading_number<'t>(&mut self, tokens: &'t [Token]) -> Option<Leading<'t>> {
        let (negative, tokens) = match tokens {
            [sign, rest @ ..] if sign.kind == TokenKind::Dash && begins_with_number(tokens) => {
                (true, rest)
            }
            _ => (false, tokens),
        };
        let [digits, rest @ ..] = tokens else { return None };
        if digits.kind != TokenKind::Number {
            return None;
        }
        let value = self.number(digits)?;
        let value = if negative { -&value } else { value };
        let (of, span, rest) = match rest {
            [slash, below, after @ ..]
                if slash.kind == TokenKind::Slash
                    && !slash.spaced
                    && below.kind == TokenKind::Number
                    && !below.spaced =>
            {
                (Some(self.number(below)?), digits.span.to(below.span), after)
            }
            _ => (None, digits.span, rest),
        };
        Some(Leading { value, of, span, rest })
    }

    /// Reads a quantity that fills all tokens. `noun` says whether any noun may be its unit.
    pub(super) fn quantity(
        &mut self,
        tokens: &[Token],
        noun: impl Fn(&str) -> bool,
    ) -> Option<Quantity> {
        let whole = cover(tokens)?;
        if !begins_with_number(tokens) {
            return self.not_a_quantity(tokens, whole);
        }
        if let [rest @ .., last] = tokens
            && matches!(last.kind, TokenKind::Onwards | TokenKind::Downwards)
        {
            return self.onwards_without_from(rest, last, whole);
        }
        let leading = self.leading_number(tokens)?;
        let unit_tokens = leading.rest;
        if unit_tokens
            .first()
            .is_some_and(|token| matches!(token.kind, TokenKind::Percent | TokenKind::Permille))
        {
            return self.percentage(&leading, whole);
        }
        self.no_time_after(unit_tokens, leading.span)?;
        let (power, unit_tokens) = self.scale_words(unit_tokens);
        let (value, unit) = match (leading.of, unit_tokens) {
            (Some(of), []) => (self.exact_fraction(&leading.value, &of, leading.span)?, None),
            (Some(of), _) => {
                let unit = self.unit(unit_tokens, &noun)?;
                if unit == Unit::Times {
                    let value = self.exact_fraction(&leading.value, &of, leading.span)?;
                    return Some(Quantity { value, unit: Some(unit), scaled: false, span: whole });
                }
                let Unit::Points { of: None } = unit else {
                    return self.fraction_with_unit(whole);
                };
                let of = of.exact_decimal().and_then(|text| number::Decimal::parse(&text).ok());
                (leading.value, Some(Unit::Points { of }))
            }
            (None, []) => (&leading.value * &Rational::pow10(power), None),
            (None, _) => {
                let with_scale = leading.rest;
                if let Some(unit) = self.money(with_scale, power) {
                    (leading.value, Some(unit))
                } else {
                    let unit = self.unit(unit_tokens, &noun)?;
                    (&leading.value * &Rational::pow10(power), Some(unit))
                }
            }
        };
        Some(Quantity { value, unit, scaled: power > 0, span: whole })
    }

    /// `đạt 20% trở lên`: these words compare only together with `từ`.
    fn onwards_without_from<T>(
        &mut self,
        quantity: &[Token],
        last: &Token,
        whole: Span,
    ) -> Option<T> {
        let (words, number) = (self.text(last.span), self.shown(quantity));
        let english = words.is_ascii();
        let form = format!("{} {number} {words}", if english { "from" } else { "từ" });
        let found = error(
            Code::TwoComparators,
            last.span,
            format!("`{words}` đứng sau con số chỉ so sánh khi đi cùng `từ`"),
            format!("`{words}` behind a number compares only together with `from`"),
        )
        .with_fix(replace(whole, form, "viết cả hai", "write both"));
        if last.kind == TokenKind::Downwards {
            return self.refuse(found);
        }
        self.refuse(found.with_fix(replace(
            whole,
            number,
            "bỏ, nếu từ đứng trước con số đã so sánh",
            "drop it, if the word before the number compares",
        )))
    }

    /// `40%`, `5 %`, `2‰`; words after the sign belong to the name.
    fn percentage(&mut self, leading: &Leading<'_>, whole: Span) -> Option<Quantity> {
        let [sign, rest @ ..] = leading.rest else { return None };
        if leading.of.is_some() {
            return self.fraction_with_unit(whole);
        }
        if let Some(rate @ Unit::Rate { .. }) = unit::parse(&self.normal(leading.rest)) {
            return Some(Quantity {
                value: leading.value.clone(),
                unit: Some(rate),
                scaled: false,
                span: whole,
            });
        }
        if let Some(after) = cover(rest) {
            self.no_time_after(rest, leading.span.to(sign.span))?;
            let words = self.shown(rest);
            let quantity = self.text(leading.span.to(sign.span));
            return self.refuse(
                error(
                    Code::WordsAfterPercent,
                    after,
                    format!("`{words}` đứng sau `{quantity}`: những từ này thuộc về tên chỉ số"),
                    format!("`{words}` stands after `{quantity}`: these words belong to the name"),
                )
                .with_help(Message::new(
                    format!("đưa vào tên, chẳng hạn `tỷ trọng … trong {words} >= {quantity}`"),
                    format!("move them into the name, as in `share of … in {words} >= {quantity}`"),
                )),
            );
        }
        let unit = match sign.kind {
            TokenKind::Permille => Unit::Permille,
            _ => Unit::Percent,
        };
        let value = leading.value.clone();
        Some(Quantity { value, unit: Some(unit), scaled: false, span: whole })
    }

    /// The power of ten that leading scale words make, and what follows them.
    pub(super) fn scale_words<'t>(&self, mut tokens: &'t [Token]) -> (i32, &'t [Token]) {
        let mut power = 0;
        while let [first, rest @ ..] = tokens {
            let word = crate::text::normal(&self.text(first.span));
            let Some(more) = number::scale_word(&word).filter(|_| first.kind == TokenKind::Word)
            else {
                break;
            };
            power += i32::try_from(more).unwrap_or(0);
            tokens = rest;
            if power > 27 {
                break;
            }
        }
        (power, tokens)
    }

    /// Money keeps its scale words in its unit, in a rate too: `600 tỷ đồng` is 600 of `tỷ đồng`.
    fn money(&self, tokens: &[Token], power: i32) -> Option<Unit> {
        let normal = self.normal(tokens);
        match unit::parse(&normal) {
            Some(unit) if power > 0 && unit.money_power().is_some() => Some(unit),
            _ => None,
        }
    }

    /// The unit that tokens write.
    pub(super) fn unit(&mut self, tokens: &[Token], noun: impl Fn(&str) -> bool) -> Option<Unit> {
        let normal = self.normal(tokens);
        if let Some(known) = unit::parse(&normal) {
            return Some(known);
        }
        let span = cover(tokens)?;
        let shown = self.shown(tokens);
        if tokens.first().is_some_and(|first| {
            number::scale_word(&crate::text::normal(&self.text(first.span))).is_some()
        }) {
            return self.refuse(error(
                Code::TooManyDigits,
                span,
                format!("`{shown}`: con số lớn quá 28 chữ số"),
                format!("`{shown}`: the number has more than 28 digits"),
            ));
        }
        self.is_label(tokens, span)?;
        if noun(&normal) {
            return Some(unit::parse_any(&normal, &shown));
        }
        if let Some((of, _)) = normal.split_once('/')
            && (noun(of) || unit::parse(of).is_some())
            && let rate @ Unit::Rate { .. } = unit::parse_any(&normal, &shown)
        {
            return Some(rate);
        }
        let found = error(
            Code::UnknownUnit,
            span,
            format!("`{shown}` không phải là đơn vị tính của chỉ số này"),
            format!("`{shown}` is not a unit of this indicator"),
        );
        self.refuse(found.with_help(Message::new(
            "nếu con số thuộc về tên thì viết tên trong ngoặc kép; nếu nó là ngưỡng thì dùng \
                 dấu so sánh, chẳng hạn `>=`",
            "if the number belongs to the name, quote the name; if it is the threshold, use a \
                 symbol such as `>=`",
        )))
    }

    /// A noun begins with a letter and holds what a name holds; a second figure (`5 giờ 30 phút`)
    /// is no part of it.
    fn is_label(&mut self, tokens: &[Token], span: Span) -> Option<()> {
        let [first, rest @ ..] = tokens else { return Some(()) };
        let letter = self.slice(first.span).starts_with(char::is_alphabetic);
        let plain = tokens.iter().all(|token| is_bare(token.kind) && self.is_plain(token));
        let measure = unit::parse(&self.normal(std::slice::from_ref(first))).is_some();
        let second = rest.first().is_some_and(|next| next.kind == TokenKind::Number);
        if letter && plain && !(measure && second) {
            return Some(());
        }
        let shown = self.shown(tokens);
        self.refuse(
            error(
                Code::UnknownUnit,
                span,
                format!("`{shown}` không phải là đơn vị tính"),
                format!("`{shown}` is no unit"),
            )
            .with_help(Message::new(
                "viết một con số và một đơn vị tính: `5,5 giờ`, `1.000 hồ sơ`",
                "write one number and one unit: `5.5 hours`, `1,000 files`",
            )),
        )
    }

    /// A time after a quantity is a due date, which has a line of its own.
    fn no_time_after(&mut self, tokens: &[Token], quantity: Span) -> Option<()> {
        let Some(at) = (0..tokens.len()).find(|at| self.is_time(tokens.get(*at..))) else {
            return Some(());
        };
        let lead = |word: &Token| {
            word.kind == TokenKind::To
                || self.is_word(
                    word,
                    &["trước", "vào", "trong", "cuối", "hết", "đầu", "before", "by", "end", "of"],
                )
        };
        let before = tokens.get(..at).unwrap_or_default();
        let from = before.iter().rposition(|word| !lead(word)).map_or(0, |last| last + 1);
        let tail = tokens.get(from..).unwrap_or_default();
        let span = cover(tail)?;
        let silent = tail
            .iter()
            .take_while(|word| {
                word.kind == TokenKind::To || self.is_word(word, &["vào", "trong", "by"])
            })
            .count();
        let time = self.shown(tail.get(silent..).unwrap_or_default());
        let quantity = self.text(quantity);
        let shown = self.shown(tail);
        self.refuse(
            error(
                Code::TimeAfterQuantity,
                span,
                format!("thời gian `{shown}` đứng sau `{quantity}`"),
                format!("the time `{shown}` stands after `{quantity}`"),
            )
            .with_help(Message::new(
                format!("ghi thời hạn ở dòng riêng bên dưới: `hạn: {time}`"),
                format!("write the due date on a line of its own below: `due: {time}`"),
            ))
            .with_fix(replace(
                span,
                format!("\n  hạn: {time}"),
                "đưa xuống dòng dưới",
                "move it down",
            )),
        )
    }

    /// Whether tokens begin with a time: a date, `năm 2025`, `quý 2/2025`, a year at the end.
    fn is_time(&self, tokens: Option<&[Token]>) -> bool {
        match tokens {
            Some([first, ..]) if first.kind == TokenKind::Time => true,
            Some([word, digits, ..]) if digits.kind == TokenKind::Number => {
                self.is_word(word, &["năm", "quí", "tháng", "year", "quarter"])
                    || (word.kind == TokenKind::To && self.slice(digits.span).len() == 4)
            }
            _ => false,
        }
    }

    fn exact_fraction(
        &mut self,
        above: &Rational,
        below: &Rational,
        span: Span,
    ) -> Option<Rational> {
        above.div(below).or_else(|| {
            self.refuse(error(
                Code::ZeroDenominator,
                span,
                "phân số có mẫu số bằng 0",
                "the fraction has the denominator zero",
            ))
        })
    }

    fn fraction_with_unit<T>(&mut self, span: Span) -> Option<T> {
        let shown = self.text(span);
        self.refuse(error(
            Code::NotANumber,
            span,
            format!("`{shown}`: phân số ở đây không đi với đơn vị tính này"),
            format!("`{shown}`: a fraction does not take this unit here"),
        ))
    }

    fn not_a_quantity<T>(&mut self, tokens: &[Token], span: Span) -> Option<T> {
        let shown = self.shown(tokens);
        let all_words = tokens.iter().all(|token| {
            matches!(token.kind, TokenKind::Word | TokenKind::Quoted | TokenKind::Dash)
        });
        if all_words || tokens.iter().any(|token| token.kind == TokenKind::Open) {
            return self.unread(
                span,
                Message::new(
                    format!("`{shown}` không phải là con số, ở đây cần một con số"),
                    format!("`{shown}` is no number, and a number is needed here"),
                ),
                Message::new(
                    "ngưỡng là chỉ số hoặc biểu thức chỉ viết ngay sau dấu so sánh, trong một dòng \
                     riêng: `số xã đạt >= 0,8 * tổng số xã`",
                    "a threshold that is an indicator or an expression stands right behind a \
                     symbol, in a line of its own: `x >= 0.8 * y`",
                ),
            );
        }
        self.refuse(
            error(
                Code::NotANumber,
                span,
                format!("`{shown}` không phải là con số"),
                format!("`{shown}` is not a number"),
            )
            .with_help(Message::new(
                "viết một con số với đơn vị tính, chẳng hạn `40%`, hoặc `có`",
                "write a number with its unit, such as `40%`, or `yes`",
            )),
        )
    }

    /// Both ends of a range; a unit written once, after the second, belongs to both.
    pub(super) fn both_ends(
        &mut self,
        low: &[Token],
        high: &[Token],
        noun: impl Fn(&str) -> bool + Copy,
    ) -> Option<(Quantity, Quantity)> {
        let (low_quantity, high_quantity) = self.two_ends(low, high, noun)?;
        if low_quantity.value > high_quantity.value && low_quantity.unit == high_quantity.unit {
            let format = self.format();
            let (a, b) = (plain(&low_quantity.value, format), plain(&high_quantity.value, format));
            return self.refuse(error(
                Code::NotANumber,
                low_quantity.span.to(high_quantity.span),
                format!("khoảng đi từ `{a}` xuống `{b}`: đầu dưới lớn hơn đầu trên"),
                format!("the range goes from `{a}` down to `{b}`"),
            ));
        }
        Some((low_quantity, high_quantity))
    }

    /// As [`Reader::both_ends`], where the first may be the greater.
    pub(super) fn two_ends(
        &mut self,
        low: &[Token],
        high: &[Token],
        noun: impl Fn(&str) -> bool + Copy,
    ) -> Option<(Quantity, Quantity)> {
        let high_quantity = self.quantity(high, noun)?;
        let leading = self.leading_number(low)?;
        let low_quantity = if leading.rest.is_empty() && leading.of.is_none() {
            let second = self.leading_number(high)?;
            let (power, _) = self.scale_words(second.rest);
            let money = high_quantity.unit.as_ref().and_then(Unit::money_power);
            let shared = if money.is_some() { 0 } else { power };
            let value = &leading.value * &Rational::pow10(shared);
            let unit = high_quantity.unit.clone();
            Quantity { value, unit, scaled: high_quantity.scaled, span: leading.span }
        } else {
            self.quantity(low, noun)?
        };
        Some((low_quantity, high_quantity))
    }

    /// The ends of `A ± B`, whose sign is at `at`: `B` is in the unit and scale of its `A` unless
    /// it writes its own.
    pub(super) fn both_sides(
        &mut self,
        tokens: &[Token],
        at: usize,
    ) -> Option<(Quantity, Quantity)> {
        let (before, after) = super::words::halves(tokens, at);
        if before.is_empty() || after.is_empty() {
            return self.refuse(
                error(
                    Code::NotANumber,
                    tokens.get(at)?.span,
                    "`±` cần một con số ở mỗi bên",
                    "`±` needs a number on each side",
                )
                .with_help(Message::new("viết `= 65.000 ± 500`", "write `= 65,000 ± 500`")),
            );
        }
        let middle = self.quantity(before, |_| true)?;
        let width = self.quantity(after, |_| true)?;
        let money = middle.unit.as_ref().and_then(Unit::money_power);
        let factor = match (&width.unit, &middle.unit) {
            (Some(own), Some(of)) if own != of => own.factor_to(of),
            (Some(_), None) => None,
            (Some(_), Some(_)) => Some(Rational::from(1_i64)),
            // The scale word of money is part of its unit.
            (None, _) if width.scaled => {
                Some(Rational::pow10(-i32::try_from(money.unwrap_or(0)).ok()?))
            }
            (None, _) => {
                let rest = self.leading_number(before)?.rest;
                let power = if money.is_some() { 0 } else { self.scale_words(rest).0 };
                Some(Rational::pow10(power))
            }
        };
        let Some(factor) = factor else {
            return self.refuse(error(
                Code::UnitsDoNotCompare,
                width.span,
                "sai lệch sau `±` khác đơn vị tính với giá trị đứng trước",
                "what follows `±` is in another unit than the value before it",
            ));
        };
        let width = (&width.value * &factor).abs();
        let end = |value| Quantity { value, ..middle.clone() };
        Some((end(&middle.value - &width), end(&middle.value + &width)))
    }
}
