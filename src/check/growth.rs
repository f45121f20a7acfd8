//! Growth: `số tài khoản tăng ít nhất 39% so với năm 2022`.
//!
//! Enters: the tokens of a line around `tăng` or `giảm`. Leaves: a [`Grown`] measure and what is
//! asked of it. The one idea: the words before the number say how a value changes, the words
//! behind the quantity since when; both are cut off, and the rest is read as any line.

use super::model::Moment;
use super::moment::{self, Past};
use super::quantity::begins_with_number;
use super::reader::{Asked, Quantity, Read, Reader, Term, cover, error, replace};
use super::tail::Tail;
use super::words::{Choice, Split, halves, range_sign};
use crate::calendar::Period;
use crate::diagnostic::{Code, Diagnostic, Lang, Message};
use crate::number::Comparator;
use crate::source::Span;
use crate::syntax::{Token, TokenKind};

/// A quantity as it changes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grown {
    /// The quantity now.
    pub(super) of: Term,
    pub(super) change: Change,
    pub(super) base: Base,
    /// The language of its names.
    pub(super) lang: Lang,
}

/// The words of growth before a quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) falls: bool,
    /// `tương đối`.
    pub(super) relatively: bool,
    /// `bình quân` or `mỗi năm` directly before the number.
    pub(super) yearly: Option<Yearly>,
    /// `tăng` or `giảm`.
    pub(super) word: Span,
}

/// How a change of every year is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Yearly {
    /// `mỗi năm`.
    Each,
    /// `bình quân`.
    Average,
}

/// Since when.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Base {
    /// `so với năm 2022`.
    Against(Past),
    /// `mỗi năm`, `/năm`; without a period, in the years of the window.
    Yearly { period: Option<(Period, String)>, span: Span },
}

impl Grown {
    /// The words of the change without its amount: `tăng so với năm 2022`.
    pub(super) fn words(&self, key: bool) -> String {
        let vi = key || self.lang == Lang::Vi;
        let pick = |own: &'static str, en: &'static str| if vi { own } else { en }.to_owned();
        let change =
            if self.change.falls { pick("giảm", "falls by") } else { pick("tăng", "grows by") };
        let mut words = vec![change];
        if self.change.relatively {
            words.push(pick("tương đối", "relatively"));
        }
        match &self.base {
            Base::Against(past) => {
                let time = if key { moment::words(past.moment) } else { past.shown.clone() };
                words.push(format!("{} {time}", pick("so với", "against")));
            }
            Base::Yearly { period, .. } => {
                let average = self.change.yearly == Some(Yearly::Average);
                words.push(if average {
                    pick("bình quân", "on average")
                } else {
                    pick("mỗi năm", "each year")
                });
                words.extend(period.as_ref().map(|(period, shown)| {
                    if key { moment::period(*period) } else { shown.clone() }
                }));
            }
        }
        words.join(" ")
    }
}

impl Reader<'_> {
    /// The words of growth that tokens end in, and where they begin.
    pub(super) fn change_at_end(&self, tokens: &[Token]) -> Option<(usize, Change)> {
        let (mut relatively, mut yearly) = (false, None);
        for (at, token) in tokens.iter().enumerate().rev() {
            match token.kind {
                TokenKind::Relatively => relatively = true,
                TokenKind::OnAverage => yearly = Some(Yearly::Average),
                TokenKind::EachYear => yearly = yearly.or(Some(Yearly::Each)),
                TokenKind::Grows | TokenKind::Falls => {
                    let falls = token.kind == TokenKind::Falls;
                    let word = token.span;
                    return Some((at, Change { falls, relatively, yearly, word }));
                }
                // `tăng gấp 3 lần` and `tăng 3 lần` are one.
                _ if self.is_word(token, &["gấp"]) => {}
                _ => return None,
            }
        }
        None
    }

    /// `giảm dưới 3%` is a level or a fall.
    pub(super) fn not_reversed(
        &mut self,
        change: &Change,
        group: &[Token],
        tail: &Tail<'_>,
    ) -> Option<()> {
        let less = |token: &&Token| token.kind == TokenKind::Strong(Comparator::LessThan);
        let weak = |token: &&Token| token.kind == TokenKind::Weak(Comparator::AtMost);
        if !change.falls {
            return match group.iter().find(weak) {
                Some(_) => self.weak_against(cover(group)?, &self.shown(group)),
                None => Some(()),
            };
        }
        let Some(word) = group.iter().find(less) else { return Some(()) };
        let shown = self.slice(change.word.to(word.span)).to_owned();
        let (less, quantity) = (self.slice(word.span).to_owned(), self.shown(tail.quantity));
        let span = change.word.to(cover(tail.quantity)?);
        let found = error(
            Code::GrowthReversed,
            change.word.to(word.span),
            format!("`{shown} {quantity}`: mức còn lại, hay mức giảm?"),
            format!("`{shown} {quantity}`: the level that is left, or the fall?"),
        );
        let falls = self.slice(change.word).to_owned();
        let (against, last) = match self.lang {
            Lang::Vi => ("so với", "năm trước"),
            Lang::En => ("against", "last year"),
        };
        let level = match tail.against {
            // The time belongs to the fall and goes with it.
            Some((word, time)) => span.to(cover(time).unwrap_or(word.span)),
            None => span,
        };
        let base =
            if tail.speaks_of_growth() { String::new() } else { format!(" {against} {last}") };
        let still = if self.lang == Lang::Vi { "còn " } else { "" };
        self.refuse(
            found
                .with_fix(replace(
                    level,
                    format!("{still}{less} {quantity}"),
                    "nếu là mức còn lại",
                    "if it is the level",
                ))
                .with_fix(replace(
                    span,
                    format!("{falls} < {quantity}{base}"),
                    "nếu là mức giảm",
                    "if it is the fall",
                )),
        )
    }

    /// `so với` behind a level: a level is not held against a time.
    pub(super) fn level_against(&mut self, tokens: &[Token], change: Option<Span>) -> Option<()> {
        let Some(at) = tokens.iter().position(|token| token.kind == TokenKind::Against) else {
            return Some(());
        };
        let place = cover(tokens.get(at..)?)?;
        let shown = self.slice(place).to_owned();
        let found: Diagnostic = error(
            Code::AgainstWithoutGrowth,
            place,
            format!("`{shown}` chỉ đi với `tăng` hoặc `giảm`"),
            format!("`{shown}` goes with `grows by` or `falls by` only"),
        )
        .with_help(Message::new(
            "mức tăng: `x tăng ít nhất 39% so với năm 2022`; so hai mức: \
             `x >= x [năm 2022]`",
            "growth: `x grows by at least 39% against year 2022`; two levels: \
             `x >= x [year 2022]`",
        ));
        let before = tokens.get(at.checked_sub(1)?)?.span;
        let gap = Span { start: before.end, ..place };
        let found = found.with_fix(replace(gap, "", "bỏ phần đó", "drop it"));
        self.refuse(match change {
            Some(word) => found.with_fix(replace(word, "tăng", "nếu là mức tăng", "if it grows")),
            None => found,
        })
    }
}

/// Lines of growth as a whole.
impl Reader<'_> {
    /// A line of words in which `tăng` or `giảm` stands before the number.
    pub(super) fn growth_in_words(
        &mut self,
        split: &Split<'_>,
        at: usize,
        change: Change,
        line: Span,
    ) -> Option<Read> {
        let name = split.name.get(..at)?;
        let tail = self.tail(split.quantity);
        if name.is_empty() {
            return self.growth_first(&change, split, &tail, line);
        }
        self.not_reversed(&change, split.group, &tail)?;
        self.year_behind(name, &change, &tail)?;
        let choice = if split.group.iter().any(|token| token.kind.compares()) {
            self.choice(split.group)?
        } else {
            Choice::Bound(Comparator::AtLeast)
        };
        let base = self.base(&change, &tail, line)?;
        let (asked, stretch) = match choice {
            Choice::Rank => return self.no_rank(cover(split.group).unwrap_or(line)),
            Choice::Within => {
                let Some(sign) = range_sign(tail.quantity) else {
                    return self.within_needs_two(tail.quantity, cover(split.group)?);
                };
                let (low, high) = halves(tail.quantity, sign);
                let (low, high) = self.both_ends(low, high, |_| true)?;
                (Asked::Within(low, high), None)
            }
            Choice::Bound(comparator) => {
                if let Some(sign) = range_sign(tail.quantity) {
                    self.range_asked(None, tail.quantity, Some(sign), line)?
                } else {
                    let quantity = self.quantity(tail.quantity, |_| true)?;
                    (Asked::Bound(comparator, quantity), None)
                }
            }
        };
        let rest = [split.name.get(at..)?, split.group, split.quantity].concat();
        self.grown(name, change, base, &rest, line, (asked, stretch))
    }

    /// `tăng từ 5% đến 7% so với năm trước`, `tăng khoảng 5% …`.
    pub(super) fn growth_range(
        &mut self,
        name: &[Token],
        change: Change,
        (quantity, rest): (&[Token], &[Token]),
        line: Span,
    ) -> Option<Read> {
        let tail = self.tail(quantity);
        let base = self.base(&change, &tail, line)?;
        let sign = range_sign(tail.quantity);
        let asked = self.range_asked(None, tail.quantity, sign, line)?;
        self.grown(name, change, base, rest, line, asked)
    }

    /// `tăng từ 5% trở lên so với năm trước`; nothing where the line has another form.
    #[expect(clippy::option_option, reason = "no such words, refused, and read")]
    pub(super) fn growth_onwards(&mut self, tokens: &[Token], line: Span) -> Option<Option<Read>> {
        // Most lines speak of no growth and are not looked at further.
        if !speaks_of_change(tokens) {
            return None;
        }
        let tail = self.tail(tokens);
        let (last, before) = tail.quantity.split_last()?;
        let comparator = match last.kind {
            TokenKind::Onwards => Comparator::AtLeast,
            TokenKind::Downwards => Comparator::AtMost,
            _ => return None,
        };
        let from = before.iter().rposition(|token| token.kind == TokenKind::From)?;
        let (at, change) = self.change_at_end(before.get(..from)?)?;
        let (name, amount) = (before.get(..at)?, before.get(from + 1..)?);
        if name.is_empty() || !begins_with_number(amount) {
            return None;
        }
        Some(self.base(&change, &tail.behind(amount), line).and_then(|base| {
            let quantity = self.quantity(amount, |_| true)?;
            let asked = (Asked::Bound(comparator, quantity), None);
            self.grown(name, change, base, tokens.get(at..)?, line, asked)
        }))
    }

    /// The words of growth before a symbol, where the quantity behind it speaks of growth.
    pub(super) fn growth_before(&self, left: &[Token], right: &[Token]) -> Option<(usize, Change)> {
        let found = self.change_at_end(left).filter(|_| !self.is_declared(left))?;
        (found.0 > 0 && self.tail(right).speaks_of_growth()).then_some(found)
    }

    /// `x tăng >= 39% so với năm 2022`.
    pub(super) fn growth_symbol(
        &mut self,
        left: &[Token],
        (place, change): (usize, Change),
        sign: &Token,
        right: &[Token],
        line: Span,
    ) -> Option<Read> {
        let TokenKind::Symbol(comparator) = sign.kind else { return None };
        let (name, words) = left.split_at_checked(place)?;
        let tail = self.tail(right);
        let base = self.base(&change, &tail, line)?;
        if !begins_with_number(tail.quantity)
            && tail.quantity.first().is_none_or(|first| first.kind != TokenKind::Unstated)
        {
            return self.refuse(error(
                Code::NotANumber,
                cover(tail.quantity).unwrap_or(sign.span),
                "mức tăng, giảm là một con số",
                "a change is held against a number",
            ));
        }
        let asked = self.asked(comparator, sign.span, tail.quantity)?;
        let rest = [words, std::slice::from_ref(sign), right].concat();
        self.grown(name, change, base, &rest, line, (asked, None))
    }

    /// `x tăng so với năm 2022` above `đến` and `khi` lines; nothing where it is another head.
    #[expect(clippy::option_option, reason = "another head, refused, and read")]
    pub(super) fn growth_head(
        &mut self,
        tokens: &[Token],
        line: Span,
    ) -> Option<Option<(Term, bool)>> {
        let (tokens, always) = always_at_end(tokens, false);
        if !speaks_of_change(tokens) || self.is_declared(tokens) {
            return None;
        }
        let tail = self.tail(tokens);
        let (at, change) = self.change_at_end(tail.quantity)?;
        if at == 0 || !(tail.speaks_of_growth() || change.yearly == Some(Yearly::Each)) {
            return None;
        }
        let (name, inside) = always_at_end(tail.quantity.get(..at)?, true);
        let read = self.base(&change, &tail, line).and_then(|base| {
            self.is_a_whole_name(name, &change)?;
            let of = self.grows(name, &change, &base)?;
            let lang = self.lang;
            Some((Term::Growth(Box::new(Grown { of, change, base, lang })), always || inside))
        });
        Some(read)
    }

    /// What changes: a quantity that its base takes at another time.
    fn grows(&mut self, name: &[Token], change: &Change, base: &Base) -> Option<Term> {
        let of = self.left_side(name, change.word)?;
        let moment = match base {
            Base::Against(past) => past.moment,
            // Whatever the year before the period is, it is one of the calendar.
            Base::Yearly { .. } => Moment::YearBefore,
        };
        let (now, place) = match &of {
            Term::At(inner, _) => (&**inner, of.span()),
            other => (other, other.span()),
        };
        self.may_be_past(now, moment, place)?;
        Some(of)
    }

    /// The measure with what is asked of it.
    fn grown(
        &mut self,
        name: &[Token],
        change: Change,
        base: Base,
        rest: &[Token],
        line: Span,
        (asked, stretch): (Asked, Option<Quantity>),
    ) -> Option<Read> {
        let (name, always) = always_at_end(name, true);
        self.is_a_whole_name(name, &change)?;
        let text = always.then(|| self.without_always(name, Some(rest)));
        let of = self.grows(name, &change, &base)?;
        let lang = self.lang;
        let measure = Term::Growth(Box::new(Grown { of, change, base, lang }));
        Some(Read { measure, asked, stretch, always: text, span: line })
    }

    /// `giảm 3% số hộ nghèo so với năm trước`: the name comes first.
    fn growth_first<T>(
        &mut self,
        change: &Change,
        split: &Split<'_>,
        tail: &Tail<'_>,
        line: Span,
    ) -> Option<T> {
        let word = self.slice(change.word).to_owned();
        let found = error(
            Code::BeginsWithGrowth,
            change.word,
            format!("chỉ tiêu bắt đầu bằng `{word}`"),
            format!("the target begins with `{word}`"),
        )
        .with_help(Message::new(
            "viết tên chỉ số trước: `số hộ nghèo giảm ít nhất 3% so với năm trước`",
            "write the indicator's name first: `số hộ nghèo falls by at least 3% \
             against last year`",
        ));
        let sign = tail.quantity.iter().position(|token| token.kind == TokenKind::Percent);
        let (amount, name) =
            tail.quantity.split_at_checked(sign.map_or(0, |at| at + 1)).unwrap_or_default();
        if amount.is_empty() || name.is_empty() {
            return self.refuse(found);
        }
        let behind = split.quantity.get(tail.quantity.len()..).unwrap_or_default();
        let pieces = [self.shown(name), word, self.shown(split.group)];
        let mut words: Vec<String> = pieces.into_iter().filter(|it| !it.is_empty()).collect();
        words.push(self.shown(amount));
        words.push(self.shown(behind));
        let whole = words.join(" ").trim_end().to_owned();
        self.refuse(found.with_fix(replace(line, whole, "viết", "write")))
    }

    /// `x mỗi năm giảm 1 điểm phần trăm`: the words of the year stand behind `giảm`.
    fn year_behind(&mut self, name: &[Token], change: &Change, tail: &Tail<'_>) -> Option<()> {
        let words = |token: &&Token| {
            matches!(token.kind, TokenKind::EachYear | TokenKind::OnAverage | TokenKind::Comma)
        };
        let count = name.iter().rev().take_while(words).count();
        let lead = name.get(name.len() - count..).unwrap_or_default();
        let yearly = lead.iter().any(|token| token.kind == TokenKind::EachYear);
        if !yearly || tail.is_against() {
            return Some(());
        }
        let place = cover(lead)?;
        let (shown, word) = (self.shown(lead), self.slice(change.word).to_owned());
        self.refuse(
            error(
                Code::GrowthWithoutBase,
                place,
                format!("`{shown}` đứng trước `{word}`"),
                format!("`{shown}` stands before `{word}`"),
            )
            .with_fix(replace(
                place.to(change.word),
                format!("{word} {shown}"),
                "viết sau",
                "write it behind",
            )),
        )
    }

    /// `tốc độ tăng >= 8%/năm`: without `tăng` it is no name.
    fn is_a_whole_name(&mut self, name: &[Token], change: &Change) -> Option<()> {
        const HALVES: [&str; 8] =
            ["tốc độ", "nhịp độ", "mức độ", "mức", "tỉ lệ", "tỉ trọng", "số", "rate"];
        if !HALVES.contains(&self.normal(name).as_str()) {
            return Some(());
        }
        let place = cover(name)?.to(change.word);
        let (shown, word) = (self.slice(place).to_owned(), self.slice(change.word).to_owned());
        self.refuse(
            error(
                Code::NameEndsInKeyword,
                place,
                format!("`{shown}`: `{word}` thuộc về tên, hay là mức {word} của một chỉ số?"),
                format!("`{shown}`: does `{word}` belong to the name, or is it growth?"),
            )
            .with_fix(replace(
                place,
                format!("\"{shown}\""),
                "nếu là một phần của tên",
                "if it is part of the name",
            )),
        )
    }

    fn no_rank<T>(&mut self, span: Span) -> Option<T> {
        self.refuse(error(
            Code::UnitsDoNotCompare,
            span,
            "mức tăng, giảm không có thứ hạng",
            "a change has no rank",
        ))
    }
}

/// Whether `tăng` or `giảm` stands anywhere.
fn speaks_of_change(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| matches!(token.kind, TokenKind::Grows | TokenKind::Falls))
}

/// The tokens before `luôn` or `duy trì` that they end in, and whether such a word stands there.
/// Words without meaning before it go with it; before growth they do without it.
pub(super) fn always_at_end(tokens: &[Token], growth: bool) -> (&[Token], bool) {
    let (mut rest, mut found) = (tokens, false);
    while let [before @ .., last] = rest {
        match last.kind {
            TokenKind::Always => found = true,
            TokenKind::Filler if found || growth => {}
            _ => break,
        }
        rest = before;
    }
    // A name does not vanish: what begins with such a word is refused where names are read.
    if rest.is_empty() { (tokens, false) } else { (rest, found) }
}
