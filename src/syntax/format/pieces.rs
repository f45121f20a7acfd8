//! A statement's text to the pieces that are printed.
//!
//! Enters: one statement as a line. Leaves: its pieces, each with the space before it, in canonical
//! spelling. The one idea: only keys, symbols, quotes and signs around which white space means
//! nothing are spelt anew; all else is the author's.

use super::super::build;
use super::super::grammar::keywords;
use super::super::tree::{Head, Key, KeyLine, Token, TokenKind, Tree};
use super::statement::Class;
use crate::source::{Source, SourceId, Span};
use crate::text;

/// A piece of a line that is not cut further.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    /// A space stands before it.
    pub(super) spaced: bool,
    pub(super) kind: Option<TokenKind>,
    /// Where it stands in the statement's text.
    pub(super) at: usize,
}

/// Two pieces are the same wherever they stand.
impl PartialEq for Piece {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.spaced, self.kind) == (&other.text, other.spaced, other.kind)
    }
}

/// A statement, taken apart.
#[derive(Debug)]
pub(super) struct Pieces {
    pub(super) class: Class,
    /// The list mark before a target.
    pub(super) mark: String,
    pub(super) all: Vec<Piece>,
    /// The value is text that is not cut: lines break only where the author broke them.
    pub(super) plain: bool,
}

/// How the value of a key is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Signs are spaced.
    Tokens,
    /// The first symbol is spaced; a figure with its own sign may follow it.
    Given,
    /// `A = B`.
    Assigned,
    /// `A -> B`.
    Arrow,
    /// As it stands.
    Plain,
}

/// Text with its white space collapsed, in NFC, nothing unseen in it.
pub(super) fn composed(text: &str) -> String {
    // Where an unseen character is dropped, its neighbours may compose.
    text::composed(&text::composed(text))
}

/// A comment as it is kept.
pub(super) fn composed_comment(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.trim_end().nfc().collect()
}

/// Takes a statement's text apart; `starts` are the places where its physical lines begin. `None`
/// where the text is not one statement.
pub(super) fn pieces(clean: &str, starts: &[usize]) -> Option<Pieces> {
    let source = Source::new("", clean).ok()?;
    let (tree, found) = build::read(SourceId(0), &source);
    let mut line = Printer { source: &source, starts, all: Vec::new(), plain: false };
    let (class, mark) = line.statement(&tree).filter(|_| found.is_empty())?;
    Some(Pieces { class, mark, all: line.all, plain: line.plain })
}

struct Printer<'a> {
    source: &'a Source,
    starts: &'a [usize],
    all: Vec<Piece>,
    plain: bool,
}

impl Printer<'_> {
    fn statement(&mut self, tree: &Tree) -> Option<(Class, String)> {
        let no_mark = |class| Some((class, String::new()));
        match tree.blocks.as_slice() {
            [file] => {
                let [line] = file.keys.as_slice() else { return None };
                self.key_line(line)?;
                no_mark(Class::Key)
            }
            [_, block] => match &block.head {
                Head::File => None,
                Head::Programme(value) | Head::Group(value) => {
                    self.head(*value, Style::Plain)?;
                    no_mark(Class::Section)
                }
                Head::Indicator(value) | Head::Test(value) => {
                    self.head(*value, Style::Plain)?;
                    no_mark(Class::Head)
                }
                Head::Check(value) => {
                    self.head(*value, Style::Tokens)?;
                    no_mark(Class::Head)
                }
                Head::Target(target) => {
                    Some((Class::Target, self.target(target.code, &target.tokens)?))
                }
            },
            _ => None,
        }
    }

    /// A target without the signs that end it; its list mark.
    fn target(&mut self, code: Option<Span>, tokens: &[Token]) -> Option<String> {
        let text = self.source.text();
        let first = tokens.first().map(|token| index(token.span.start));
        let start = match code {
            Some(code) => text.get(..index(code.start))?.rfind('[')?,
            None => first?,
        };
        let mark = text.get(..start)?.trim_end().to_owned();
        if let Some(code) = code {
            self.add(format!("[{}]", self.source.slice(code).trim()), false, start);
        }
        let mut kept = tokens;
        while let [rest @ .., last] = kept {
            if !matches!(last.kind, TokenKind::Dot | TokenKind::Semicolon | TokenKind::Comma) {
                break;
            }
            kept = rest;
        }
        self.tokens(kept, usize::MAX);
        Some(mark)
    }

    /// The line of a head that is a key: its key is what stands before the colon.
    fn head(&mut self, value: Span, style: Style) -> Option<()> {
        let (key, _) = self.source.text().split_once(':')?;
        self.add(format!("{}:", canonical_key(key)?), false, 0);
        self.value(value, style);
        Some(())
    }

    fn key_line(&mut self, line: &KeyLine) -> Option<()> {
        let key = canonical_key(self.source.slice(line.key_span))?;
        match line.argument {
            None => self.add(format!("{key}:"), false, 0),
            Some(argument) => {
                self.add(key.to_owned(), false, 0);
                self.value(argument, Style::Tokens);
                let last = self.all.last_mut()?;
                last.text.push(':');
            }
        }
        self.value(line.value, style(line.key));
        Some(())
    }

    /// What a key says, after a space.
    fn value(&mut self, span: Span, style: Style) {
        if self.source.slice(span).is_empty() {
            return;
        }
        let many = self.starts.iter().any(|&at| at > index(span.start) && at < index(span.end));
        let tokens = match style {
            Style::Tokens | Style::Given => build::tokens(self.source, span).ok(),
            _ => None,
        };
        match (tokens, style) {
            (Some(tokens), Style::Given) => self.tokens(&tokens, 1),
            (Some(tokens), _) => self.tokens(&tokens, usize::MAX),
            (None, Style::Assigned) if !many => self.split(span, &["="], "="),
            (None, Style::Arrow) if !many => self.split(span, &["->", "→"], "->"),
            (None, _) => self.plain(span),
        }
    }

    /// `left sign right` with one space on both sides; an arrow is the last one of the line.
    fn split(&mut self, span: Span, signs: &[&str], sign: &str) {
        let text = self.source.slice(span);
        let cut = |wanted: &&str| match *wanted {
            "=" => text.split_once('='),
            arrow => text.rsplit_once(arrow),
        };
        let shown = match signs.iter().find_map(cut) {
            Some((left, right)) => format!("{} {sign} {}", left.trim(), right.trim()),
            None => text.to_owned(),
        };
        self.add(shown.trim().to_owned(), true, index(span.start));
    }

    /// Text as it stands, cut where the physical lines were.
    fn plain(&mut self, span: Span) {
        self.plain = true;
        let (start, end) = (index(span.start), index(span.end));
        let inside = self.starts.iter().copied().filter(|&at| at > start && at < end);
        let mut from = start;
        for to in inside.chain([end]) {
            let text = self.source.text().get(from..to).unwrap_or_default().trim();
            if !text.is_empty() {
                self.add(text.to_owned(), true, from);
            }
            from = to;
        }
    }

    /// Tokens, the first after a space; only the first `spread` symbols are given spaces.
    fn tokens(&mut self, tokens: &[Token], spread: usize) {
        let mut before: Option<Token> = None;
        let mut symbols = 0;
        for token in tokens {
            let is_symbol = matches!(token.kind, TokenKind::Symbol(_));
            symbols += usize::from(is_symbol);
            let spaced = match before {
                None => true,
                Some(_) if symbols > spread => token.spaced,
                Some(before) => spaced(before, *token),
            };
            let text = self.spelling(token);
            let (kind, at) = (Some(token.kind), index(token.span.start));
            self.all.push(Piece { text, spaced: spaced && !self.all.is_empty(), kind, at });
            before = Some(*token);
        }
    }

    fn spelling(&self, token: &Token) -> String {
        let text = self.source.slice(token.span);
        let vietnamese = || text::normal(text).starts_with(['đ', 'n']) && !text.is_ascii();
        match token.kind {
            TokenKind::Symbol(comparator) => comparator.symbol().to_owned(),
            TokenKind::Quoted => {
                let mut letters = text.chars();
                letters.next();
                letters.next_back();
                format!("\"{}\"", letters.as_str().trim())
            }
            TokenKind::Bracketed => {
                let inner = text.trim_start_matches('[').trim_end_matches(']').trim();
                format!("[{inner}]")
            }
            TokenKind::Satisfy => if vietnamese() { "đạt:" } else { "satisfy:" }.to_owned(),
            TokenKind::NoneOf => if vietnamese() { "nào:" } else { "none:" }.to_owned(),
            _ => text.to_owned(),
        }
    }

    fn add(&mut self, text: String, spaced: bool, at: usize) {
        self.all.push(Piece { text, spaced, kind: None, at });
    }
}

/// Whether a space stands between two tokens.
fn spaced(before: Token, token: Token) -> bool {
    match (before.kind, token.kind) {
        // Between spaces a sign computes: after a semicolon it is given none.
        (
            TokenKind::Semicolon,
            TokenKind::Star | TokenKind::Slash | TokenKind::Plus | TokenKind::Dash,
        )
        // The two signs of an arrow stay together.
        | (TokenKind::Dash, TokenKind::Symbol(_)) => token.spaced,
        (TokenKind::Open, _) | (_, TokenKind::Close | TokenKind::Semicolon) => false,
        (
            _,
            TokenKind::Symbol(_) | TokenKind::Satisfy | TokenKind::NoneOf | TokenKind::Bracketed,
        )
        | (
            TokenKind::Symbol(_) | TokenKind::Satisfy | TokenKind::NoneOf | TokenKind::Semicolon,
            _,
        ) => true,
        _ => token.spaced,
    }
}

const fn style(key: Key) -> Style {
    match key {
        Key::Check
        | Key::Applies
        | Key::Formula
        | Key::Range
        | Key::By
        | Key::When
        | Key::Otherwise
        | Key::Baseline
        | Key::Stretch
        | Key::Scored
        | Key::Tolerance => Style::Tokens,
        Key::Given => Style::Given,
        Key::Abbreviation => Style::Assigned,
        Key::Then => Style::Arrow,
        _ => Style::Plain,
    }
}

/// The first spelling of a key in the language that it is written in.
fn canonical_key(written: &str) -> Option<&'static str> {
    let normal = text::normal(written);
    let keys = keywords().iter().filter(|keyword| keyword.rule.starts_with("key_"));
    keys.into_iter().find_map(|keyword| {
        let language = [keyword.vi, keyword.en];
        let spellings = language.into_iter().find(|all| all.contains(&normal.as_str()))?;
        spellings.first().copied()
    })
}

fn index(byte: u32) -> usize {
    usize::try_from(byte).unwrap_or(usize::MAX)
}
