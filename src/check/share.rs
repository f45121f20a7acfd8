//! Shares and counts of units: `ít nhất 30% xã đạt: C`, `mọi xã đạt: C`, `không xã nào: C`.
//!
//! Enters: the tokens of a line, or of a head above `đến` lines, in which `đạt:` or `nào:` stands.
//! Leaves: a condition, or the term that is judged. The one idea: the words before the colon say
//! how many of which units, everything behind it is asked of each of them, read as any line is.
//! Invariant: a share beside another condition stands in parentheses.

use super::model::Population;
use super::quantity::begins_with_number;
use super::reader::{
    Asked, Condition, Every, Made, Quantity, Read, Reader, Term, Units, cover, error, without_tail,
};
use super::words::Choice;
use crate::diagnostic::{Code, Message};
use crate::number::{Comparator, Rational};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};
use crate::unit::Unit;

/// How many shares may stand inside each other or beside each other in one line.
const SHARES_MAX: usize = 16;

/// How many of the units.
pub(super) enum HowMany {
    /// A share or a count against a number.
    Bound(Comparator, Quantity),
    /// `mọi`
    Every,
    /// `không … nào`
    None,
    /// `tỷ lệ xã`: the lines below have the thresholds.
    Share,
    /// `số xã`
    Count,
}

/// The words before the colon.
pub(super) struct Head<'t> {
    pub(super) many: HowMany,
    pub(super) types: &'t [Token],
}

impl Reader<'_> {
    /// A line with `đạt:` or `nào:` at `at`.
    pub(super) fn of_units(
        &mut self,
        tokens: &[Token],
        at: usize,
        line: Span,
    ) -> Option<Condition> {
        let turned = self.none_before_filter(tokens, at);
        let tokens = turned.as_deref().unwrap_or(tokens);
        let sign = tokens.get(at)?;
        let after = tokens.get(at + 1..).unwrap_or_default();
        let head = self.units_words(tokens, at, true)?;
        let population = self.units_population(head.types, sign.span);
        let part = self.part(after, sign.span);
        let (population, part) = (population?, part?);
        match head.many {
            HowMany::Every | HowMany::None => {
                let none = matches!(head.many, HowMany::None);
                let every = Every { population, part, none, lang: self.lang };
                Some(Condition::Units(Box::new(every)))
            }
            HowMany::Bound(comparator, quantity) => {
                let share = quantity.unit.is_some();
                let made = if share { Made::Share(part) } else { Made::Count(part) };
                let measure = self.made_of(population, made, line);
                let asked = Asked::Bound(comparator, quantity);
                Some(Condition::Compare(Box::new(Read::new(measure, asked, line))))
            }
            HowMany::Share | HowMany::Count => {
                let share = matches!(head.many, HowMany::Share);
                self.no_threshold(tokens.get(..at)?, &population, share)
            }
        }
    }

    /// The head above `đến` and `khi` lines: `tỷ lệ xã đạt: C`, `số xã đạt: C`.
    pub(super) fn units_head(&mut self, tokens: &[Token], at: usize, line: Span) -> Option<Term> {
        let sign = tokens.get(at)?;
        let after = tokens.get(at + 1..).unwrap_or_default();
        let head = self.units_words(tokens, at, false)?;
        let made = match head.many {
            HowMany::Share => Made::Share,
            HowMany::Count => Made::Count,
            HowMany::Bound(..) | HowMany::Every | HowMany::None => {
                return self.head_compares(tokens, at, &head);
            }
        };
        let population = self.units_population(head.types, sign.span);
        let part = self.part(after, sign.span)?;
        Some(self.made_of(population?, made(part), line))
    }

    fn made_of(&self, population: Population, made: Made, span: Span) -> Term {
        Term::Units(Box::new(Units { population, made, called: false, lang: self.lang, span }))
    }

    /// What is asked of each unit.
    pub(super) fn part(&mut self, tokens: &[Token], before: Span) -> Option<(String, Condition)> {
        let tokens = without_tail(tokens);
        let Some(span) = cover(tokens) else {
            return self.refuse(
                error(
                    Code::EmptyValue,
                    before,
                    "thiếu điều kiện của từng đơn vị",
                    "the condition that each unit is asked is missing",
                )
                .with_help(Message::new(
                    "viết điều kiện sau dấu hai chấm, chẳng hạn `mọi xã đạt: có mạng = có`",
                    "write the condition behind the colon, as in `every xã satisfy: network = yes`",
                )),
            );
        };
        let asks = |token: &&Token| matches!(token.kind, TokenKind::Satisfy | TokenKind::NoneOf);
        if tokens.iter().filter(asks).count() >= SHARES_MAX {
            return self.refuse(error(
                Code::TooDeep,
                span,
                format!("một dòng có hơn {SHARES_MAX} tỷ lệ đơn vị"),
                format!("one line holds more than {SHARES_MAX} shares of units"),
            ));
        }
        if Self::only_a_quantity(tokens) && tokens.len() <= 3 {
            let shown = self.shown(tokens);
            return self.refuse(
                error(
                    Code::NoComparator,
                    span,
                    format!("`{shown}` không phải là điều kiện của từng đơn vị"),
                    format!("`{shown}` is no condition that a unit can be asked"),
                )
                .with_help(Message::new(
                    "viết tên chỉ số với ngưỡng của nó: `mọi xã đạt: tỷ lệ hồ sơ đúng hạn >= 80%`",
                    "write an indicator with its threshold: `every xã satisfy: share of files on \
                     time >= 80%`",
                )),
            );
        }
        let attributes = std::mem::replace(&mut self.attributes, false);
        let of_units = std::mem::replace(&mut self.of_units, true);
        let condition = self.condition(tokens, span);
        (self.attributes, self.of_units) = (attributes, of_units);
        Some((self.laid_out(tokens), condition?))
    }

    /// Reads how many of the units a line speaks of. `whole`: no lines with thresholds follow.
    fn units_words<'t>(&mut self, tokens: &'t [Token], at: usize, whole: bool) -> Option<Head<'t>> {
        let (words, sign) = (tokens.get(..at)?, tokens.get(at)?);
        let after = tokens.get(at + 1..).unwrap_or_default();
        self.no_colon(words)?;
        self.no_time_first(tokens, words)?;
        self.stands_alone(tokens, words)?;
        let Some(first) = words.first() else {
            return self.how_many(tokens, at);
        };
        if first.kind == TokenKind::Negation {
            return self.none_of(words, sign);
        }
        let words = match words {
            // `có 30% xã đạt:`, `phải có 30% xã đạt:`: nothing is said by it.
            [yes, rest @ ..]
                if matches!(yes.kind, TokenKind::Yes | TokenKind::Filler)
                    && Self::leads_to_number(rest) =>
            {
                rest
            }
            _ => words,
        };
        let first = words.first()?;
        let head = if self.says_every(first) {
            Head { many: HowMany::Every, types: words.get(1..).unwrap_or_default() }
        } else if Self::leads_to_number(words) {
            self.bound(words)?
        } else if let Some((many, length)) = self.measure_words(words) {
            if whole && Self::only_a_quantity(after) {
                return self.colon_for_symbol(tokens, at, after);
            }
            Head { many, types: words.get(length..).unwrap_or_default() }
        } else {
            return self.how_many(tokens, at);
        };
        if sign.kind == TokenKind::NoneOf {
            return self.wrong_sign(sign, "đạt", "satisfy");
        }
        Some(Head { types: Self::without_fillers(head.types), ..head })
    }

    /// Whether a number begins, perhaps behind words or a symbol that compare.
    pub(super) fn leads_to_number(words: &[Token]) -> bool {
        let lead = words
            .iter()
            .take_while(|token| {
                matches!(
                    token.kind,
                    TokenKind::Strong(_)
                        | TokenKind::Weak(_)
                        | TokenKind::Filler
                        | TokenKind::Yes
                        | TokenKind::Symbol(_)
                        | TokenKind::Within
                        | TokenKind::Rank
                        | TokenKind::From
                        | TokenKind::About
                )
            })
            .count();
        begins_with_number(words.get(lead..).unwrap_or_default())
    }

    /// `ít nhất 30% xã`, `>= 5 huyện`, `2/3 số xã`.
    fn bound<'t>(&mut self, words: &'t [Token]) -> Option<Head<'t>> {
        let at =
            (0..words.len()).find(|at| begins_with_number(words.get(*at..).unwrap_or_default()))?;
        let (group, rest) = words.split_at_checked(at)?;
        let comparator = self.units_comparator(group, rest)?;
        let leading = self.leading_number(rest)?;
        let percent = match leading.rest {
            [sign, ..] if sign.kind == TokenKind::Percent => Some((Unit::Percent, 1)),
            [sign, ..] if sign.kind == TokenKind::Permille => Some((Unit::Permille, 1)),
            [one, two, ..] if self.is_word(one, &["phần"]) && self.is_word(two, &["trăm"]) => {
                Some((Unit::Percent, 2))
            }
            [one, ..] if self.is_word(one, &["percent"]) => Some((Unit::Percent, 1)),
            _ => None,
        };
        let span = rest.first().map_or(leading.span, |sign| sign.span.to(leading.span));
        let (value, unit, types) = match (leading.of, percent) {
            (None, Some((unit, length))) => {
                let types = leading.rest.get(length..).unwrap_or_default();
                (leading.value, Some(unit), types)
            }
            (None, None) => {
                let (power, types) = self.scale_words(leading.rest);
                let value = &leading.value * &Rational::pow10(power);
                if value.is_negative() || !value.is_integer() {
                    return self.no_number_of_units(span);
                }
                (value, None, types)
            }
            (Some(of), None) => {
                // A part of the units: two thirds of them are 200/3 %.
                let Some(value) = leading.value.div(&of) else {
                    return self.no_number_of_units(span);
                };
                (&value * &Rational::from(100_i64), Some(Unit::Percent), leading.rest)
            }
            (Some(_), Some(_)) => return self.no_number_of_units(span),
        };
        let quantity = Quantity { value, unit, scaled: false, span };
        if types.iter().any(|token| token.kind == TokenKind::To || token.kind == TokenKind::Dash)
            && super::words::range_sign(rest).is_some()
        {
            return self.range_of_units(words);
        }
        Some(Head { many: HowMany::Bound(comparator, quantity), types })
    }

    fn units_comparator(&mut self, group: &[Token], rest: &[Token]) -> Option<Comparator> {
        let group: Vec<Token> =
            group.iter().filter(|token| token.kind != TokenKind::Yes).copied().collect();
        if let [only] = group.as_slice()
            && let TokenKind::Symbol(comparator) = only.kind
        {
            return Some(comparator);
        }
        let unsuited = |token: &&Token| {
            use TokenKind as K;
            matches!(token.kind, K::Symbol(_) | K::Within | K::Rank | K::From | K::About)
        };
        if let Some(word) = group.iter().find(unsuited) {
            let place = cover(&group)?.to(cover(rest)?);
            if matches!(word.kind, TokenKind::Within | TokenKind::From | TokenKind::About) {
                return self.range_of_units(&[group.as_slice(), rest].concat());
            }
            let shown = self.slice(word.span).to_owned();
            return self.refuse(error(
                Code::TwoComparators,
                place,
                format!("`{shown}` không nói bao nhiêu đơn vị"),
                format!("`{shown}` does not say how many units"),
            ));
        }
        if !group.iter().any(|token| token.kind.compares()) {
            return Some(Comparator::AtLeast);
        }
        match self.choice(&group)? {
            Choice::Bound(comparator) => Some(comparator),
            Choice::Within | Choice::Rank => None,
        }
    }

    /// `tỷ lệ`, `số` and their twins, and how many tokens they take.
    pub(super) fn measure_words(&self, words: &[Token]) -> Option<(HowMany, usize)> {
        let begins = |forms: &[&[&str]]| {
            forms.iter().find_map(|form| {
                let fits = form.iter().zip(words).all(|(word, token)| self.is_word(token, &[word]));
                (fits && form.len() < words.len()).then_some(form.len())
            })
        };
        let share: [&[&str]; 5] = [
            &["tỉ", "lệ"],
            &["tỉ", "trọng"],
            &["share", "of"],
            &["percentage", "of"],
            &["proportion", "of"],
        ];
        let count: [&[&str]; 4] = [&["tổng", "số"], &["số", "lượng"], &["số"], &["number", "of"]];
        begins(&share)
            .map(|length| (HowMany::Share, length))
            .or_else(|| begins(&count).map(|length| (HowMany::Count, length)))
    }

    /// `không xã nào: C`; `không xã nào đạt: C` says the same.
    fn none_of<'t>(&mut self, words: &'t [Token], sign: &Token) -> Option<Head<'t>> {
        let mut types = words.get(1..).unwrap_or_default();
        if let [yes, rest @ ..] = types
            && yes.kind == TokenKind::Yes
        {
            types = rest;
        }
        types = Self::without_fillers(types);
        if let [rest @ .., last] = types
            && self.is_word(last, &["nào", "none"])
        {
            types = rest;
        } else if sign.kind == TokenKind::Satisfy {
            return self.wrong_sign(sign, "nào", "none");
        }
        Some(Head { many: HowMany::None, types })
    }

    /// `không xã nào (vùng = "biên giới") đạt:`: as if `nào` stood behind the parentheses.
    fn none_before_filter(&self, tokens: &[Token], at: usize) -> Option<Vec<Token>> {
        let first = tokens.first()?;
        let open = tokens.get(..at)?.iter().position(|token| token.kind == TokenKind::Open)?;
        let none = open.checked_sub(1)?;
        let turns = first.kind == TokenKind::Negation
            && self.is_word(tokens.get(none)?, &["nào", "none"])
            && tokens.get(at.checked_sub(1)?)?.kind == TokenKind::Close;
        turns.then(|| {
            let mut turned = tokens.to_vec();
            let word = turned.remove(none);
            turned.insert(at - 1, word);
            turned
        })
    }

    /// Whether tokens are `tỷ lệ xã đạt: C` or `số xã đạt: C`, which have no threshold.
    pub(super) fn measures_units(&self, tokens: &[Token], at: usize) -> bool {
        let (words, after) = (tokens.get(..at), tokens.get(at + 1..));
        words.is_some_and(|words| self.measure_words(words).is_some())
            && !Self::only_a_quantity(after.unwrap_or_default())
    }

    /// Whether tokens are a number and its unit, so that the colon stands for a symbol.
    pub(super) fn only_a_quantity(tokens: &[Token]) -> bool {
        let lead = tokens.iter().take_while(|token| token.kind.compares()).count();
        begins_with_number(tokens.get(lead..).unwrap_or_default())
            && tokens.len() <= lead + 4
            && !tokens.iter().any(|token| matches!(token.kind, TokenKind::Symbol(_)))
    }

    /// A share beside another condition stands in parentheses, a time in a line of its own.
    fn stands_alone(&mut self, tokens: &[Token], words: &[Token]) -> Option<()> {
        let mut depth: u32 = 0;
        let mut other = None;
        let mut asked = false;
        for (at, token) in words.iter().enumerate() {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth = depth.saturating_sub(1),
                TokenKind::Symbol(_) | TokenKind::Satisfy | TokenKind::NoneOf => asked = true,
                TokenKind::And | TokenKind::Or if depth == 0 && asked => other = Some(at),
                _ => {}
            }
        }
        if let Some(at) = other {
            let word = words.get(at)?;
            let share = cover(tokens.get(at + 1..)?)?;
            let shown = self.slice(word.span).to_owned();
            return self.refuse(super::misuse::beside(&shown, word.span, share));
        }
        Some(())
    }
}
