//! Lines in which words compare: the last comparator that a number follows decides.
//!
//! The words between a name and its number are one group, read whole; what stands before the group
//! is the name, what stands after is the quantity. A line that begins with a number is not
//! read here.

use super::growth::always_at_end;
use super::name::missing_comparator;
use super::quantity::begins_with_number;
use super::reader::{Asked, Name, Read, Reader, cover, error, is_group_word, replace};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::number::Comparator;
use crate::source::Span;
use crate::syntax::{Token, TokenKind};
use crate::unit::Unit;

/// What a group of words says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    Bound(Comparator),
    Within,
    Rank,
}

/// A name, a group of words, and the quantity behind it.
pub(super) struct Split<'t> {
    pub(super) name: &'t [Token],
    pub(super) group: &'t [Token],
    pub(super) quantity: &'t [Token],
}

impl Reader<'_> {
    /// Reads a line without a symbol.
    pub(super) fn words(&mut self, tokens: &[Token], line: Span) -> Option<Read> {
        if Self::number_comes_first(tokens) {
            return self.number_first(tokens, line);
        }
        if let Some(slip) = self.base_first(tokens, line) {
            return self.refuse(slip);
        }
        if let Some(read) = self.growth_onwards(tokens, line) {
            return read;
        }
        if let Some(read) = self.onwards(tokens, line) {
            return read;
        }
        let group = self.last_group(tokens);
        let range = Self::last_range(tokens);
        match (group, range) {
            (group, Some(at)) if group.as_ref().is_none_or(|it| it.name.len() < at) => {
                self.range(tokens, at, at + 1, line)
            }
            (Some(split), _) => self.group(&split, line),
            (None, _) => self.no_group(tokens, line),
        }
    }

    /// The last group of words that a number follows.
    fn last_group<'t>(&self, tokens: &'t [Token]) -> Option<Split<'t>> {
        let mut end = tokens.len();
        while let Some(at) =
            (0..end).rposition(|at| begins_with_number(tokens.get(at..).unwrap_or_default()))
        {
            let start = self.group_start(tokens, at);
            let group = tokens.get(start..at).unwrap_or_default();
            let name = tokens.get(..start).unwrap_or_default();
            let compares = group.iter().any(|token| token.kind.compares());
            let grows = || self.change_at_end(name).is_some() && !self.is_declared(name);
            if compares || grows() {
                let quantity = tokens.get(at..).unwrap_or_default();
                return Some(Split { name, group, quantity });
            }
            end = at;
        }
        None
    }

    /// Where the last group of words that a number follows begins.
    pub(super) fn group_place(&self, tokens: &[Token]) -> Option<usize> {
        self.last_group(tokens).map(|split| split.name.len())
    }

    /// Where the group that ends at `end` begins.
    fn group_start(&self, tokens: &[Token], end: usize) -> usize {
        let mut start = end;
        loop {
            let before = tokens.get(..start).unwrap_or_default();
            match before {
                [.., last] if is_group_word(last.kind) => start -= 1,
                [.., weak, share, rate]
                    if matches!(weak.kind, TokenKind::Weak(_))
                        && self.is_word(share, &["tỉ"])
                        && self.is_word(rate, &["lệ", "trọng"]) =>
                {
                    start -= 2;
                }
                _ => return start,
            }
        }
    }

    /// Where the last `từ A đến B` or `khoảng A` begins.
    fn last_range(tokens: &[Token]) -> Option<usize> {
        tokens.iter().enumerate().rposition(|(at, token)| {
            let after = tokens.get(at + 1..).unwrap_or_default();
            match token.kind {
                TokenKind::About => begins_with_number(after),
                TokenKind::From => begins_with_number(after) && range_sign(after).is_some(),
                _ => false,
            }
        })
    }

    /// What a group says; a contradiction in it is reported.
    pub(super) fn choice(&mut self, group: &[Token]) -> Option<Choice> {
        let span = cover(group)?;
        let shown = self.shown(group);
        if group.iter().any(|token| token.kind == TokenKind::Negation) {
            return self.refuse(
                error(
                    Code::NegatedComparator,
                    span,
                    format!("`{shown}`: `không` hoặc `chưa` đứng trước từ so sánh khác"),
                    format!("`{shown}`: a negation stands before another comparator"),
                )
                .with_help(Message::new(
                    "dùng từ so sánh đủ nghĩa: `không quá`, `không dưới`, `dưới`, `trên`",
                    "use a comparator that says it whole: `at most`, `at least`, `under`, `over`",
                )),
            );
        }
        let strong: Vec<&Token> = group
            .iter()
            .filter(|token| token.kind.compares() && !matches!(token.kind, TokenKind::Weak(_)))
            .collect();
        if let [_, second, ..] = strong.as_slice() {
            return self.refuse(
                error(
                    Code::TwoComparators,
                    second.span,
                    format!("hai từ so sánh trước một con số: `{shown}`"),
                    format!("two comparators before one number: `{shown}`"),
                )
                .with_help(Message::new("giữ lại một từ so sánh", "keep one comparator")),
            );
        }
        let weak: Vec<Comparator> = group
            .iter()
            .filter_map(|token| match token.kind {
                TokenKind::Weak(comparator) => Some(comparator),
                _ => None,
            })
            .collect();
        let strong = strong.first().map(|token| token.kind);
        let against =
            |other: Comparator| weak.iter().any(|weak| weak.is_floor() != other.is_floor());
        let choice = match strong {
            Some(TokenKind::Within) => Choice::Within,
            Some(TokenKind::Rank) => Choice::Rank,
            Some(TokenKind::Strong(Comparator::Equal)) => Choice::Bound(Comparator::Equal),
            Some(TokenKind::Strong(comparator)) if !against(comparator) => {
                Choice::Bound(comparator)
            }
            None if weak.first().is_some_and(|first| !against(*first)) => {
                Choice::Bound(*weak.first()?)
            }
            _ => return self.weak_against(span, &shown),
        };
        Some(choice)
    }

    pub(super) fn weak_against<T>(&mut self, span: Span, shown: &str) -> Option<T> {
        self.refuse(
            error(
                Code::WeakAgainstStrong,
                span,
                format!("`{shown}`: các từ so sánh trái chiều nhau"),
                format!("`{shown}`: the comparators contradict each other"),
            )
            .with_help(Message::new(
                "`đạt`, `chiếm`, `lên` là ít nhất; `còn`, `giảm còn`, `xuống` là nhiều nhất; bỏ từ \
                 không cần",
                "`đạt`, `chiếm`, `lên` mean at least; `còn`, `giảm còn`, `xuống` at most; drop the \
                 one that is not meant",
            )),
        )
    }

    fn group(&mut self, split: &Split<'_>, line: Span) -> Option<Read> {
        self.no_joined_words(split, line)?;
        let declared = self.is_declared(split.name);
        if let Some((at, change)) = self.change_at_end(split.name).filter(|_| !declared) {
            return self.growth_in_words(split, at, change, line);
        }
        let before = cover(split.group)?;
        self.level_against(split.quantity, self.grows_to(split.group))?;
        let choice = self.choice(split.group)?;
        let (words, always) = always_at_end(split.name, false);
        let (words, always) = if declared { (split.name, false) } else { (words, always) };
        let measure = self.measure(words, before)?;
        let name = measure.measures().cloned();
        let always = always.then(|| {
            let rest = [split.group, split.quantity].concat();
            self.without_always(words, Some(&rest))
        });
        let asked = match choice {
            Choice::Rank => self.rank(split.quantity)?,
            Choice::Within => {
                let Some(at) = range_sign(split.quantity) else {
                    return self.within_needs_two(split.quantity, before);
                };
                let (low, high) = halves(split.quantity, at);
                let (low, high) = self.both_ends(low, high, |_| true)?;
                Asked::Within(low, high)
            }
            Choice::Bound(comparator) => {
                let sign =
                    range_sign(split.quantity).filter(|&at| !self.year_follows(split.quantity, at));
                if let Some(at) = sign {
                    let (asked, stretch) =
                        self.range_asked(name.as_ref(), split.quantity, Some(at), line)?;
                    return Some(Read { measure, asked, stretch, always, span: line });
                }
                let known = name.as_ref().map(|name| name.key.clone()).unwrap_or_default();
                let quantity = self.quantity(split.quantity, |noun| holds_noun(&known, noun));
                let Some(quantity) = quantity else {
                    return self.offer_readings(split, comparator, line);
                };
                if let Some(name) = &name {
                    self.share_takes_percent(name, quantity.unit.as_ref(), quantity.span)?;
                }
                Asked::Bound(comparator, quantity)
            }
        };
        Some(Read { measure, asked, stretch: None, always, span: line })
    }

    /// `tăng lên`, which asks for a level.
    fn grows_to(&self, group: &[Token]) -> Option<Span> {
        group.iter().find(|token| self.is_word(token, &["tăng lên"])).map(|token| token.span)
    }

    /// A number after words belongs to the name, or it is the threshold and wants a symbol: what
    /// was found to be no unit offers both.
    fn offer_readings<T>(
        &mut self,
        split: &Split<'_>,
        comparator: Comparator,
        line: Span,
    ) -> Option<T> {
        let (name, quantity) = (self.shown(split.name), self.shown(split.quantity));
        let symbol = format!("{name} {} {quantity}", comparator.symbol());
        let named = format!("\"{name} {} {quantity}\" = có", self.shown(split.group));
        let computes = self.computes(split.quantity);
        let place = cover(split.group).filter(|_| computes);
        if let Some(found) = self.found.last_mut().filter(|it| it.code == Code::UnknownUnit) {
            if let Some(group) = place {
                *found = needs_symbol(group, comparator, &quantity);
                return None;
            }
            found.fixes = vec![
                replace(line, symbol, "nếu đó là ngưỡng", "if it is the threshold"),
                replace(
                    line,
                    named,
                    "nếu con số thuộc về tên",
                    "if the number belongs to the name",
                ),
            ];
        }
        None
    }

    /// After a name that begins with `tỷ lệ` the unit is `%`, `‰` or a rate.
    pub(super) fn share_takes_percent(
        &mut self,
        name: &Name,
        unit: Option<&Unit>,
        span: Span,
    ) -> Option<()> {
        let fits = matches!(
            unit,
            None | Some(Unit::Percent | Unit::Permille | Unit::Rate { .. } | Unit::Times)
        );
        if fits || !is_share(&name.key) {
            return Some(());
        }
        let shown = self.text(span);
        self.refuse(
            error(
                Code::UnknownUnit,
                span,
                format!("`{}` là tỷ lệ, không so sánh với `{shown}`", name.display),
                format!("`{}` is a share and does not compare with `{shown}`", name.display),
            )
            .with_help(Message::new(
                "nếu con số thuộc về tên thì đặt tên trong ngoặc kép; nếu là ngưỡng thì viết `%`",
                "if the number belongs to the name, quote the name; if it is the threshold, \
                 write `%`",
            )),
        )
    }

    /// `trong tốp 15`, `trong tốp 30/63`; what follows is a note.
    pub(super) fn rank(&mut self, tokens: &[Token]) -> Option<Asked> {
        let leading = self.leading_number(tokens)?;
        let positive = leading.value.is_positive() && leading.value.is_integer();
        let fits = leading.of.as_ref().is_none_or(|of| of.is_integer() && *of >= leading.value);
        if !positive || !fits {
            return self.refuse(error(
                Code::NotANumber,
                leading.span,
                "thứ hạng là số nguyên từ 1, không lớn hơn số đơn vị được xếp hạng",
                "a rank is a whole number from 1, not above the size of the field",
            ));
        }
        Some(Asked::Rank { within: leading.value, field: leading.of, span: leading.span })
    }

    pub(super) fn within_needs_two<T>(&mut self, tokens: &[Token], before: Span) -> Option<T> {
        let span = cover(tokens).unwrap_or(before);
        self.refuse(
            error(
                Code::RangeWithoutReading,
                span,
                "`trong khoảng` cần hai đầu",
                "`within` needs two ends",
            )
            .with_help(Message::new(
                "viết `trong khoảng 20% đến 80%`",
                "write `within 20% to 80%`",
            )),
        )
    }

    /// `… đạt 30 và … đạt 40`: two conditions in words are two targets.
    fn no_joined_words(&mut self, split: &Split<'_>, line: Span) -> Option<()> {
        for (at, token) in split.name.iter().enumerate() {
            let left = split.name.get(..at).unwrap_or_default();
            let joins = matches!(token.kind, TokenKind::And | TokenKind::Or);
            let complete = joins
                && self
                    .last_group(left)
                    .is_some_and(|it| !it.name.is_empty() && it.quantity.len() <= 3);
            if complete {
                let word = self.text(token.span);
                let whole = self.text(line);
                let found = error(
                    Code::JoinInWords,
                    token.span,
                    format!("`{word}` nối hai điều kiện viết bằng lời"),
                    format!("`{word}` joins two conditions in words"),
                );
                let found = if self.of_units {
                    // On two lines the second one would ask the owner.
                    found.with_help(Message::new(
                        "viết bằng dấu: `mọi xã đạt: a > 30% và b > 40%`",
                        "write symbols: `every xã satisfy: a > 30% and b > 40%`",
                    ))
                } else {
                    let two = ("tách thành hai dòng", "write two lines");
                    found.with_fix(replace(token.span, "\n", two.0, two.1))
                };
                let found = found.with_fix(replace(
                    line,
                    format!("\"{whole}\""),
                    "nếu tất cả là một tên",
                    "if all of it is one name",
                ));
                return self.refuse(found);
            }
        }
        Some(())
    }

    /// `từ X trở lên` at the end of a line.
    #[expect(clippy::option_option, reason = "no such words, refused, and read")]
    fn onwards(&mut self, tokens: &[Token], line: Span) -> Option<Option<Read>> {
        let [inner @ .., last] = tokens else { return None };
        let comparator = match last.kind {
            TokenKind::Onwards => Comparator::AtLeast,
            TokenKind::Downwards => Comparator::AtMost,
            _ => return None,
        };
        let from = inner.iter().rposition(|token| token.kind == TokenKind::From)?;
        let quantity = inner.get(from + 1..)?;
        if !begins_with_number(quantity) {
            return None;
        }
        let start = self.group_start(tokens, from);
        let group = tokens.get(start..from)?;
        let name = tokens.get(..start)?;
        Some(self.onwards_read(name, group, quantity, comparator, line))
    }

    fn onwards_read(
        &mut self,
        name: &[Token],
        group: &[Token],
        quantity: &[Token],
        comparator: Comparator,
        line: Span,
    ) -> Option<Read> {
        if group.iter().any(|token| token.kind.compares()) {
            match self.choice(group)? {
                Choice::Bound(weak) if weak.is_floor() == comparator.is_floor() => {}
                _ => return self.weak_against(cover(group)?, &self.shown(group)),
            }
        }
        let before = cover(group).or_else(|| cover(quantity))?;
        let (words, always) = always_at_end(name, false);
        let always = always.then(|| {
            let rest = [group, quantity].concat();
            self.without_always(words, Some(&rest))
        });
        let measure = self.measure(words, before)?;
        let name = measure.measures().cloned();
        let known = name.as_ref().map(|name| name.key.clone()).unwrap_or_default();
        let quantity = self.quantity(quantity, |noun| holds_noun(&known, noun))?;
        if let Some(name) = &name {
            self.share_takes_percent(name, quantity.unit.as_ref(), quantity.span)?;
        }
        let asked = Asked::Bound(comparator, quantity);
        Some(Read { measure, asked, stretch: None, always, span: line })
    }

    /// A line of words in which nothing compares.
    fn no_group(&mut self, tokens: &[Token], line: Span) -> Option<Read> {
        if let Some(first) = tokens.first()
            && first.kind == TokenKind::From
            && Self::last_range(tokens) == Some(0)
        {
            return self.range(tokens, 0, 1, line);
        }
        if let Some(slip) = self.slip(tokens, line) {
            return self.refuse(slip);
        }
        let vague = ["hầu hết", "phổ cập", "đa số", "phần lớn", "tất cả", "most"];
        let text = self.normal(tokens);
        if let Some(word) = vague.iter().find(|word| text.starts_with(**word)) {
            let shown = self.shown(tokens);
            return self.refuse(
                error(
                    Code::WordsForNumber,
                    line,
                    format!("`{word}` không nói con số nào"),
                    format!("`{word}` says no number"),
                )
                .with_help(Message::new(
                    format!(
                        "viết con số, chẳng hạn `ít nhất 90% …`, hoặc ghi nhận đánh giá: \
                         `{shown} = có`"
                    ),
                    format!(
                        "write a number, such as `at least 90% …`, or record an assessment: \
                         `{shown} = yes`"
                    ),
                )),
            );
        }
        if let Some(start) = self.last_dash_range(tokens) {
            return self.range(tokens, start, start, line);
        }
        let number = (0..tokens.len())
            .rposition(|at| begins_with_number(tokens.get(at..).unwrap_or_default()))
            .and_then(|at| tokens.get(at..))
            .filter(|tail| tail.len() <= 4);
        let end = Span { start: line.end, ..line };
        let found = missing_comparator(line, number.map(|tail| self.shown(tail)).as_deref());
        let found = match number.and_then(|tail| tail.first()) {
            Some(first) => {
                let at = Span { end: first.span.start, ..first.span };
                found.with_fix(replace(at, ">= ", "viết", "write"))
            }
            None => found.with_fix(replace(end, " = có", "viết", "write")),
        };
        self.refuse(found)
    }

    /// Where `A - B` at the end of a line begins, behind a name; years are a period.
    fn last_dash_range(&self, tokens: &[Token]) -> Option<usize> {
        let is_year = |token: Option<&Token>| {
            token.is_some_and(|it| {
                let digits = self.slice(it.span);
                digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
            })
        };
        let start = (1..tokens.len()).rev().find(|&at| {
            let tail = tokens.get(at..).unwrap_or_default();
            range_sign(tail).is_some_and(|sign| sign <= 4)
        })?;
        let tail = tokens.get(start..)?;
        let sign = range_sign(tail)?;
        let years = is_year(tail.first()) && is_year(tail.get(sign + 1));
        (!years).then_some(start)
    }

    /// A range or `khoảng A` that begins at `at`, its quantity at `from`.
    fn range(&mut self, tokens: &[Token], at: usize, from: usize, line: Span) -> Option<Read> {
        let start = self.group_start(tokens, at);
        let name = tokens.get(..start).unwrap_or_default();
        let before = cover(tokens.get(start..)?)?;
        let quantity = tokens.get(from..).unwrap_or_default();
        if let Some((place, change)) = self.change_at_end(name) {
            let rest = tokens.get(place..)?;
            return self.growth_range(name.get(..place)?, change, (quantity, rest), line);
        }
        self.level_against(quantity, None)?;
        let (words, always) = always_at_end(name, false);
        let always = always.then(|| self.without_always(words, tokens.get(start..)));
        let measure = self.measure(words, before)?;
        let name = measure.measures().cloned();
        let (asked, stretch) =
            self.range_asked(name.as_ref(), quantity, range_sign(quantity), line)?;
        Some(Read { measure, asked, stretch, always, span: line })
    }
}

/// An expression behind words.
fn needs_symbol(group: Span, comparator: Comparator, quantity: &str) -> Diagnostic {
    error(
        Code::ThresholdNeedsSymbol,
        group,
        format!("ngưỡng `{quantity}` là một biểu thức, cần dấu so sánh"),
        format!("the threshold `{quantity}` is an expression and needs a symbol"),
    )
    .with_fix(replace(group, comparator.symbol(), "viết", "write"))
}

/// Whether a name says that it is a share.
pub(super) fn is_share(key: &str) -> bool {
    const WORDS: [&str; 5] =
        ["tỉ lệ ", "tỉ trọng ", "share of ", "percentage of ", "proportion of "];
    WORDS.iter().any(|word| key.starts_with(word))
}

/// Whether a noun stands in a name as whole words.
fn holds_noun(name: &str, noun: &str) -> bool {
    format!(" {name} ").contains(&format!(" {noun} "))
}

/// Where a range's sign stands: `đến` or `-` between two numbers.
pub(super) fn range_sign(tokens: &[Token]) -> Option<usize> {
    (1..tokens.len()).find(|&at| {
        tokens.get(at).is_some_and(|token| {
            matches!(token.kind, TokenKind::To | TokenKind::Dash)
                || (token.kind == TokenKind::And && at <= 3)
        }) && begins_with_number(tokens.get(at + 1..).unwrap_or_default())
            && begins_with_number(tokens)
    })
}

/// What stands left and right of a sign.
pub(super) fn halves(tokens: &[Token], at: usize) -> (&[Token], &[Token]) {
    (tokens.get(..at).unwrap_or_default(), tokens.get(at + 1..).unwrap_or_default())
}
