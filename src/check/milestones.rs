//! The lines below a target's head: `đến`, `khi`, `còn lại`, `mốc`, `phấn đấu`.
//!
//! Enters: the key lines of one target. Leaves: [`Lines`], each threshold with its time and its
//! `khi`. The head above them holds no comparator; a line without one means at least.

use super::growth::always_at_end;
use super::quantity::begins_with_number;
use super::reader::{
    Asked, Condition, Quantity, Reader, Term, cover, error, is_group_word, replace,
};
use super::score::Scored;
use super::settings;
use super::words::{Choice, halves, range_sign};
use crate::calendar::{Date, Period};
use crate::diagnostic::{Code, Message};
use crate::number::Comparator;
use crate::source::Span;
use crate::syntax::{self, Key, KeyLine, Token, TokenKind};
use crate::text::Shadow;

/// A threshold with its time and its `khi`.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) due: Option<Date>,
    pub(super) when: Option<Condition>,
    pub(super) asked: Asked,
    pub(super) span: Span,
}

/// What the lines of a target say.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    pub(super) thresholds: Vec<Line>,
    pub(super) baselines: Vec<(Period, Quantity)>,
    pub(super) stretch: Option<Quantity>,
    /// `còn lại:`, which closes every milestone.
    pub(super) otherwise: Option<Line>,
    /// `điểm:` and `chấm:`.
    pub(super) scored: Scored,
    /// Some line could not be read.
    pub(super) broken: bool,
}

/// Whether a key is a line of thresholds.
pub(super) const fn is_threshold(key: Key) -> bool {
    matches!(key, Key::By | Key::When | Key::Otherwise)
}

impl Reader<'_> {
    /// Reads the lines below a target's head.
    pub(super) fn lines(&mut self, keys: &[KeyLine]) -> Lines {
        let mut lines = Lines::default();
        for key in keys {
            let read = match key.key {
                Key::By | Key::When => {
                    self.threshold_line(key).map(|line| lines.thresholds.push(line))
                }
                Key::Otherwise => self.otherwise(key, &mut lines),
                Key::Baseline => self.baseline_line(key, &mut lines),
                Key::Stretch => self.stretch(key).map(|it| lines.stretch = Some(it)),
                Key::Points => self.points_line(key).map(|it| lines.scored.maximum = Some(it)),
                Key::Scored => {
                    lines.scored.span = Some(key.span);
                    self.scored_line(key).map(|it| lines.scored.by = Some(it))
                }
                _ => Some(()),
            };
            lines.broken |= read.is_none();
        }
        lines
    }

    fn otherwise(&mut self, key: &KeyLine, lines: &mut Lines) -> Option<()> {
        let asked = self.asked_line(key.value)?;
        if lines.otherwise.is_some() {
            return self.refuse(error(
                Code::KeyTwice,
                key.key_span,
                "`còn lại:` đã có ở trên",
                "`otherwise:` is given above",
            ));
        }
        lines.otherwise = Some(Line { due: None, when: None, asked, span: key.span });
        Some(())
    }

    /// `đến 2025: >= 50%`, `khi vùng = "miền núi": >= 30%`, `đến 2030 khi …: …`.
    fn threshold_line(&mut self, key: &KeyLine) -> Option<Line> {
        let argument = key.argument?;
        let (time, when) = match key.key {
            Key::When => (None, Some(argument)),
            _ => self.split_when(argument),
        };
        let due = match time {
            Some(time) => Some(self.last_day(time)?),
            None => None,
        };
        let when = match when {
            Some(when) => Some(self.when(when)?),
            None => None,
        };
        let asked = self.asked_line(key.value)?;
        Some(Line { due, when, asked, span: key.span })
    }

    /// `2030 khi ngành = "du lịch"` → `2030`, and the condition.
    fn split_when(&self, argument: Span) -> (Option<Span>, Option<Span>) {
        let clean = syntax::value_text(self.source, argument);
        let shadow = Shadow::of_line(argument.source, argument.start, &clean);
        let text = shadow.text();
        let found =
            [" khi ", " when "].iter().find_map(|word| Some((text.find(word)?, word.len())));
        match found {
            None => (Some(argument), None),
            Some((at, length)) => {
                (Some(shadow.span(0..at)), Some(shadow.span(at + length..text.len())))
            }
        }
    }

    /// `đến 2025 còn lại`: a line without `khi` is that already.
    fn no_rest_of_a_date(&mut self, time: Span) -> Option<()> {
        let clean = syntax::value_text(self.source, time);
        let shadow = Shadow::of_line(time.source, time.start, &clean);
        let text = shadow.text().trim_end();
        let cut = [" còn lại", " otherwise"].iter().find_map(|word| text.strip_suffix(word));
        let Some(date) = cut else { return Some(()) };
        let place = shadow.span(date.len()..text.len());
        self.refuse(
            error(
                Code::NotADate,
                place,
                "sau thời hạn không viết `còn lại`",
                "`otherwise` does not follow a date",
            )
            .with_fix(replace(place, "", "bỏ phần đó", "drop it"))
            .with_help(Message::new(
                "dòng `đến` không có `khi` đã là phần còn lại của thời hạn ấy",
                "a `by` line without `when` is what is left of its date",
            )),
        )
    }

    fn last_day(&mut self, time: Span) -> Option<Date> {
        self.no_rest_of_a_date(time)?;
        let period = settings::time(self.source, time, self.found)?;
        match period.last {
            Some(last) => Some(last),
            None => self.refuse(error(
                Code::NotADate,
                time,
                "thời gian này không có ngày cuối",
                "this time has no last day",
            )),
        }
    }

    /// The condition of a `khi`, which asks attributes and figures of the entity.
    fn when(&mut self, span: Span) -> Option<Condition> {
        let tokens = self.tokens(span)?;
        let before = std::mem::replace(&mut self.attributes, true);
        let condition = self.condition(&tokens, span);
        self.attributes = before;
        condition
    }

    /// What a line asks; a number alone is at least.
    pub(super) fn asked_line(&mut self, value: Span) -> Option<Asked> {
        let tokens = self.tokens(value)?;
        let tokens = super::reader::without_tail(&tokens);
        let Some(first) = tokens.first() else {
            return self.refuse(error(
                Code::EmptyValue,
                value,
                "thiếu ngưỡng sau dấu hai chấm",
                "the threshold behind the colon is missing",
            ));
        };
        if let TokenKind::Symbol(comparator) = first.kind {
            return self.asked(comparator, first.span, tokens.get(1..).unwrap_or_default());
        }
        if matches!(first.kind, TokenKind::Yes | TokenKind::Negation) && tokens.len() == 1 {
            return Some(Asked::Truth { expected: first.kind == TokenKind::Yes, span: first.span });
        }
        if first.kind == TokenKind::Unstated {
            return self.asked(Comparator::AtLeast, first.span, tokens);
        }
        if first.kind == TokenKind::From
            && let [.., last] = tokens
            && matches!(last.kind, TokenKind::Onwards | TokenKind::Downwards)
        {
            let quantity = self.quantity(tokens.get(1..tokens.len() - 1)?, |_| true)?;
            let comparator = match last.kind {
                TokenKind::Onwards => Comparator::AtLeast,
                _ => Comparator::AtMost,
            };
            return Some(Asked::Bound(comparator, quantity));
        }
        if matches!(first.kind, TokenKind::Grows | TokenKind::Falls) {
            return self.refuse(
                error(
                    Code::HeadComparesToo,
                    value,
                    "mức tăng, giảm không ghi ở dòng của thời hạn",
                    "growth does not stand in the line of a date",
                )
                .with_help(Message::new(
                    "dòng trên ghi `x tăng so với năm 2022`, dòng này chỉ ghi `>= 39%`",
                    "write `x grows by against year 2022` above, and `>= 39%` here",
                )),
            );
        }
        let words = tokens.iter().take_while(|token| is_group_word(token.kind)).count();
        let (group, rest) = tokens.split_at_checked(words)?;
        let choice =
            if group.is_empty() { Choice::Bound(Comparator::AtLeast) } else { self.choice(group)? };
        self.asked_words(choice, rest, value)
    }

    fn asked_words(&mut self, choice: Choice, rest: &[Token], value: Span) -> Option<Asked> {
        if !begins_with_number(rest) {
            return self.refuse(
                error(
                    Code::NotANumber,
                    cover(rest).unwrap_or(value),
                    "thiếu con số của ngưỡng",
                    "the threshold has no number",
                )
                .with_help(Message::new("viết chẳng hạn `>= 50%`", "write for example `>= 50%`")),
            );
        }
        match choice {
            Choice::Rank => self.rank(rest),
            Choice::Within => {
                let Some(at) = range_sign(rest) else {
                    return self.within_needs_two(rest, value);
                };
                let (low, high) = halves(rest, at);
                let (low, high) = self.both_ends(low, high, |_| true)?;
                Some(Asked::Within(low, high))
            }
            Choice::Bound(comparator) => {
                let quantity = self.quantity(rest, |_| true)?;
                Some(Asked::Bound(comparator, quantity))
            }
        }
    }

    /// One day has one value.
    fn baseline_line(&mut self, key: &KeyLine, lines: &mut Lines) -> Option<()> {
        let (period, quantity) = self.baseline(key)?;
        let same = |(other, _): &&(Period, Quantity)| other.last == period.last;
        if let Some((_, first)) = lines.baselines.iter().find(same) {
            let found = error(
                Code::MilestoneTwice,
                key.span,
                "đã có `mốc` cho ngày này",
                "there is a `baseline` for this day already",
            );
            let label = Message::new("mốc thứ nhất", "the first one");
            return self.refuse(found.with_label(first.span, label));
        }
        lines.baselines.push((period, quantity));
        Some(())
    }

    /// `mốc 2022: 12%`.
    fn baseline(&mut self, key: &KeyLine) -> Option<(Period, Quantity)> {
        let period = settings::time(self.source, key.argument?, self.found)?;
        if period.last.is_none() {
            return self.refuse(error(
                Code::NotADate,
                key.argument?,
                "mốc cần một thời gian có ngày cuối",
                "a baseline needs a time that ends",
            ));
        }
        Some((period, self.value(key)?))
    }

    /// `phấn đấu: 7%`.
    fn stretch(&mut self, key: &KeyLine) -> Option<Quantity> {
        self.value(key)
    }

    fn value(&mut self, key: &KeyLine) -> Option<Quantity> {
        let tokens = self.tokens(key.value)?;
        let tokens = super::reader::without_tail(&tokens);
        if !begins_with_number(tokens) {
            return self.refuse(error(
                Code::NotANumber,
                key.value,
                "cần một con số với đơn vị tính",
                "a number with its unit is needed here",
            ));
        }
        self.quantity(tokens, |_| true)
    }

    /// The measure above `đến` and `khi` lines, which holds no comparator, and whether `luôn`
    /// stands in it.
    pub(super) fn head(&mut self, tokens: &[Token], line: Span) -> Option<(Term, bool)> {
        let tokens = super::reader::without_tail(tokens);
        self.names_its_base(tokens)?;
        if let Some(at) = super::population::units_sign(tokens) {
            return self.units_head(tokens, at, line).map(|term| (term, false));
        }
        self.no_colon(tokens)?;
        let symbol = super::condition::symbols(tokens).first().copied();
        let compares = symbol.or_else(|| self.group_place(tokens)).or_else(|| percentage(tokens));
        if let Some(at) = compares {
            let place = tokens.get(at)?.span;
            return self.refuse(
                error(
                    Code::HeadComparesToo,
                    place,
                    "so sánh đứng ở dòng trên các dòng `đến` hoặc `khi`",
                    "a comparison stands above `by` or `when` lines",
                )
                .with_help(Message::new(
                    "dòng trên chỉ ghi tên; ngưỡng ghi ở từng dòng bên dưới",
                    "the line above holds the name alone; each line below has its threshold",
                )),
            );
        }
        if let Some(read) = self.growth_head(tokens, line) {
            return read;
        }
        let (words, always) = always_at_end(tokens, false);
        Some((self.left_side(words, line)?, always))
    }
}

/// Where a percentage stands, or the words of its range: no name holds one.
fn percentage(tokens: &[Token]) -> Option<usize> {
    let sign = tokens.iter().position(|token| token.kind == TokenKind::Percent)?;
    let before = tokens.get(..sign)?;
    let from = |token: &Token| matches!(token.kind, TokenKind::From | TokenKind::About);
    before.iter().position(from).or_else(|| sign.checked_sub(1))
}
