//! What reading a condition needs, and what it leaves: names, quantities, what is asked.
//!
//! Enters: the tokens of one line. Leaves: a [`Read`], or diagnostics. Nothing here knows units of
//! indicators: they follow from all conditions of a programme together.

use std::collections::HashSet;

use super::growth::Grown;
use super::model::{AttributeCondition, Population};
use super::moment::Past;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit, Fix, Lang, Message};
use crate::number::{Comparator, Format, Rational};
use crate::source::{Source, Span};
use crate::syntax::{self, Token, TokenKind};
use crate::text::{self, Abbreviations};
use crate::unit::Unit;

/// A name as people read it and as names are compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Name {
    pub(super) display: String,
    pub(super) key: String,
    pub(super) span: Span,
}

/// A number with its unit, as a rule writes it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quantity {
    pub(super) value: Rational,
    pub(super) unit: Option<Unit>,
    /// Scale words of its own stand behind the number.
    pub(super) scaled: bool,
    pub(super) span: Span,
}

/// What a condition asks of its measure.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asked {
    Bound(Comparator, Quantity),
    Within(Quantity, Quantity),
    Rank { within: Rational, field: Option<Rational>, span: Span },
    Truth { expected: bool, span: Span },
    Against(Comparator, Term),
    Unstated { comparator: Comparator, within: Option<(Comparator, Quantity)>, span: Span },
}

/// A quantity made of names and numbers, not resolved.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Term {
    Name(Name),
    Number(Quantity),
    Of(Operator, Vec<Term>, Span),
    /// `x [năm 2022]`.
    At(Box<Term>, Past),
    /// `lũy kế(x)`.
    Cumulative(Box<Term>, Span),
    /// `x tăng … so với năm 2022`; only a measure is one.
    Growth(Box<Grown>),
    Units(Box<Units>),
}

/// A quantity of many units, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Units {
    pub(super) population: Population,
    pub(super) made: Made,
    /// Written as a function, `đếm(mọi xã; C)`.
    pub(super) called: bool,
    pub(super) lang: Lang,
    pub(super) span: Span,
}

/// What is made of many units.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Made {
    /// How many of them satisfy, of all: `tỷ lệ xã đạt: C`.
    Share((String, Condition)),
    /// How many of them satisfy: `số xã đạt: C`.
    Count((String, Condition)),
    /// A function of a quantity of each: `tổng(mọi xã; x)`.
    Of(Operator, Term),
}

/// `mọi xã đạt: …`, `không xã nào: …`, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Every {
    pub(super) population: Population,
    pub(super) part: (String, Condition),
    pub(super) none: bool,
    pub(super) lang: Lang,
}

/// What joins the parts of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Least,
    Greatest,
    Mean,
    Sum,
    Round,
    Count,
    Rank,
}

impl Term {
    /// Where it stands.
    pub(super) const fn span(&self) -> Span {
        match self {
            Self::Name(name) => name.span,
            Self::Number(quantity) => quantity.span,
            Self::Of(_, _, span) | Self::Cumulative(_, span) => *span,
            Self::At(of, past) => Span { end: past.span.end + 1, ..of.span() },
            Self::Growth(grown) => grown.of.span(),
            Self::Units(units) => units.span,
        }
    }

    /// Whether it takes figures of other snapshots.
    pub(super) fn is_linked(&self) -> bool {
        match self {
            Self::Name(_) | Self::Number(_) => false,
            Self::Of(_, parts, _) => parts.iter().any(Self::is_linked),
            Self::At(..) | Self::Cumulative(..) | Self::Growth(_) | Self::Units(_) => true,
        }
    }

    /// The quantity that a `mốc` below it speaks of: what is held against another time, else all
    /// of it. Nothing where two are.
    pub(super) fn of_baseline(&self) -> Option<&Term> {
        let mut past = Vec::new();
        self.at_other_times(&mut past);
        match past.as_slice() {
            [] => Some(self),
            [first, rest @ ..] => rest.iter().all(|other| other.is_same(first)).then_some(*first),
        }
    }

    /// Whether it takes figures of other times.
    pub(super) fn is_of_other_times(&self) -> bool {
        let mut past = Vec::new();
        self.at_other_times(&mut past);
        !past.is_empty()
    }

    fn at_other_times<'a>(&'a self, into: &mut Vec<&'a Self>) {
        match self {
            Self::Name(_) | Self::Number(_) | Self::Units(_) => {}
            Self::Of(_, parts, _) => parts.iter().for_each(|part| part.at_other_times(into)),
            Self::At(of, _) => into.push(of),
            Self::Cumulative(of, _) => of.at_other_times(into),
            Self::Growth(grown) => into.push(&grown.of),
        }
    }

    /// Whether both are made of the same names in the same way, wherever they stand.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Name(a), Self::Name(b)) => a.key == b.key,
            (Self::Number(a), Self::Number(b)) => a.value == b.value && a.unit == b.unit,
            (Self::Of(a, own, _), Self::Of(b, others, _)) => {
                let same = |(one, two): (&Self, &Self)| one.is_same(two);
                a == b && own.len() == others.len() && own.iter().zip(others).all(same)
            }
            (Self::At(a, one), Self::At(b, two)) => one.moment == two.moment && a.is_same(b),
            (Self::Cumulative(a, _), Self::Cumulative(b, _)) => a.is_same(b),
            _ => false,
        }
    }

    /// All names in it, in order.
    pub(super) fn names<'a>(&'a self, into: &mut Vec<&'a Name>) {
        match self {
            Self::Name(name) => into.push(name),
            Self::Number(_) => {}
            Self::Of(_, parts, _) => parts.iter().for_each(|part| part.names(into)),
            Self::At(of, _) | Self::Cumulative(of, _) => of.names(into),
            Self::Growth(grown) => grown.of.names(into),
            Self::Units(units) => match &units.made {
                Made::Share((_, part)) | Made::Count((_, part)) => part.names(into),
                Made::Of(_, of) => of.names(into),
            },
        }
    }

    /// The conditions that units are asked in it, in order.
    pub(super) fn asked_of_units<'a>(&'a self, into: &mut Vec<&'a Condition>) {
        match self {
            Self::Name(_) | Self::Number(_) => {}
            Self::Of(_, parts, _) => parts.iter().for_each(|part| part.asked_of_units(into)),
            Self::At(of, _) | Self::Cumulative(of, _) => of.asked_of_units(into),
            Self::Growth(grown) => grown.of.asked_of_units(into),
            Self::Units(units) => match &units.made {
                Made::Share((_, part)) | Made::Count((_, part)) => into.push(part),
                Made::Of(_, of) => of.asked_of_units(into),
            },
        }
    }

    /// The indicator whose unit a threshold of this term is written in: its own, now, at another
    /// time or summed up, or that of which a sum, a mean, a least or a greatest of units is made.
    pub(super) fn measures(&self) -> Option<&Name> {
        match self {
            Self::Name(name) => Some(name),
            Self::At(of, _) | Self::Cumulative(of, _) => of.measures(),
            Self::Units(units) => match &units.made {
                Made::Of(Operator::Rank, _) | Made::Share(_) | Made::Count(_) => None,
                Made::Of(_, of) => of.measures(),
            },
            Self::Number(_) | Self::Of(..) | Self::Growth(_) => None,
        }
    }
}

/// A comparison, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Read {
    pub(super) measure: Term,
    pub(super) asked: Asked,
    /// The upper end of a range that is read as a floor and a stretch.
    pub(super) stretch: Option<Quantity>,
    /// `luôn`: asked of every snapshot, with the text of what is asked.
    pub(super) always: Option<String>,
    pub(super) span: Span,
}

impl Read {
    /// A comparison without a stretch.
    pub(super) const fn new(measure: Term, asked: Asked, span: Span) -> Self {
        Self { measure, asked, stretch: None, always: None, span }
    }
}

/// A condition, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    Compare(Box<Read>),
    Attribute(AttributeCondition),
    All(Vec<(String, Condition)>),
    Any(Vec<(String, Condition)>),
    Not(Box<(String, Condition)>),
    Always(Box<(String, Condition)>),
    Units(Box<Every>),
}

impl Condition {
    /// A comparison as a condition; `luôn` stands around it.
    pub(super) fn of(mut read: Read) -> Self {
        let always = read.always.take();
        let compare = Self::Compare(Box::new(read));
        match always {
            None => compare,
            Some(text) => Self::Always(Box::new((text, compare))),
        }
    }

    /// The one comparison that it is, also under `luôn`.
    pub(super) fn one_comparison(&self) -> Option<&Read> {
        match self {
            Self::Compare(read) => Some(read),
            Self::Always(part) => part.1.one_comparison(),
            _ => None,
        }
    }

    /// All names in it, in order.
    pub(super) fn names<'a>(&'a self, into: &mut Vec<&'a Name>) {
        match self {
            Self::Compare(read) => {
                read.measure.names(into);
                if let Asked::Against(_, other) = &read.asked {
                    other.names(into);
                }
            }
            Self::Attribute(_) => {}
            Self::All(parts) | Self::Any(parts) => {
                for (_, part) in parts {
                    part.names(into);
                }
            }
            Self::Not(part) | Self::Always(part) => part.1.names(into),
            Self::Units(every) => every.part.1.names(into),
        }
    }
}

/// How `hiểu là:` says that a range is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RangeReading {
    Within,
    Floor,
    FloorAndStretch,
    Ceiling,
}

/// Reads conditions of one programme.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) lang: Lang,
    pub(super) abbreviations: &'a Abbreviations,
    pub(super) reading: Option<RangeReading>,
    /// Names compare with quoted values: a `khi` asks attributes.
    pub(super) attributes: bool,
    /// A name may end in a word that compares: its threshold is another quantity.
    pub(super) free_end: bool,
    /// What is read is asked of each unit.
    pub(super) of_units: bool,
    /// Keys of declared names, which stand whatever words they hold.
    pub(super) declared: Option<&'a HashSet<String>>,
    pub(super) found: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// How numbers are written.
    pub(super) const fn format(&self) -> Format {
        crate::check::model::number_format(self.lang)
    }

    /// The bytes of a place as they stand, with what breaks a line among them.
    pub(super) fn slice(&self, span: Span) -> &str {
        self.source.slice(span)
    }

    /// The text of a place as people are shown it.
    pub(super) fn text(&self, span: Span) -> String {
        syntax::shown_text(self.source, span)
    }

    /// The text of tokens as people read it: pieces of the source, one space between spaced ones.
    pub(super) fn shown(&self, tokens: &[Token]) -> String {
        let mut shown = String::new();
        for token in tokens {
            if token.spaced && !shown.is_empty() {
                shown.push(' ');
            }
            shown.push_str(&syntax::value_text(self.source, token.span));
        }
        text::composed(&shown)
    }

    /// The text of tokens as the layout writes it: a space on both sides of each symbol.
    pub(super) fn laid_out(&self, tokens: &[Token]) -> String {
        let mut shown = String::new();
        let mut before: Option<&Token> = None;
        for token in tokens {
            use TokenKind::{NoneOf, Satisfy, Symbol};
            let wide = |kind: TokenKind| matches!(kind, Symbol(_) | Satisfy | NoneOf);
            let spaced = token.spaced || before.is_some_and(|it| wide(it.kind)) || wide(token.kind);
            if spaced && !shown.is_empty() && !shown.ends_with('(') {
                shown.push(' ');
            }
            shown.push_str(self.slice(token.span));
            before = Some(token);
        }
        text::composed(&shown)
    }

    /// Whether tokens write a declared name.
    pub(super) fn is_declared(&self, tokens: &[Token]) -> bool {
        let known = self.declared.filter(|known| !known.is_empty() && !tokens.is_empty());
        known.is_some_and(|known| {
            known.contains(&text::key(&self.shown(tokens), self.abbreviations))
        })
    }

    /// The normal form of the tokens' text.
    pub(super) fn normal(&self, tokens: &[Token]) -> String {
        text::normal(&self.shown(tokens))
    }

    /// Whether a token is this word, in normal form.
    pub(super) fn is_word(&self, token: &Token, words: &[&str]) -> bool {
        let slice = self.slice(token.span);
        if words.contains(&slice) {
            return true;
        }
        if text::is_calm_word(slice) {
            return false;
        }
        let normal = text::normal(&self.text(token.span));
        words.contains(&normal.as_str())
    }

    /// A name with this spelling.
    pub(super) fn name(&self, display: String, span: Span) -> Name {
        let key = text::key(&display, self.abbreviations);
        Name { display, key, span }
    }

    /// Reports an error; returns `None` so that a reader can end with it.
    pub(super) fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.found.push(diagnostic);
        None
    }

    /// A form that has no meaning in the language, with what is written instead.
    pub(super) fn unread<T>(&mut self, span: Span, what: Message, help: Message) -> Option<T> {
        self.refuse(error(Code::FormNotRead, span, what.vi, what.en).with_help(help))
    }
}

/// An error with its message in both languages.
pub(super) fn error(
    code: Code,
    span: Span,
    vi: impl Into<String>,
    en: impl Into<String>,
) -> Diagnostic {
    Diagnostic::new(code, span, Message::new(vi, en))
}

/// A fix that replaces one place.
pub(super) fn replace(span: Span, by: impl Into<String>, vi: &str, en: &str) -> Fix {
    let replacement: String = by.into();
    Fix {
        title: Message::new(
            format!("{vi}: `{}`", replacement.trim()),
            format!("{en}: `{}`", replacement.trim()),
        ),
        edits: vec![Edit { span, replacement }],
        safe: false,
    }
}

/// The place that tokens cover.
pub(super) fn cover(tokens: &[Token]) -> Option<Span> {
    let first = tokens.first()?;
    let last = tokens.last()?;
    Some(first.span.to(last.span))
}

/// The shortest decimal text of a number, in a format.
pub(super) fn plain(value: &Rational, format: Format) -> String {
    let exact = value.exact_decimal().unwrap_or_else(|| value.to_string());
    match format {
        Format::Vi => crate::number::format_vi(&exact),
        Format::En => crate::number::format_en(&exact),
    }
}

/// Words that may stand between a name and its number: comparators, and words without meaning
/// there.
pub(super) const fn is_group_word(kind: TokenKind) -> bool {
    kind.compares() || matches!(kind, TokenKind::Filler | TokenKind::Negation)
}

/// Drops a `.`, `;` or `,` that ends a line.
pub(super) fn without_tail(mut tokens: &[Token]) -> &[Token] {
    while let [rest @ .., last] = tokens {
        if !matches!(last.kind, TokenKind::Dot | TokenKind::Semicolon | TokenKind::Comma) {
            break;
        }
        tokens = rest;
    }
    tokens
}
