//! Joined lines to a tree: pest reads a line, its pairs become heads, keys and tokens.

use std::borrow::Cow;

use pest::Parser;
use pest::iterators::{Pair, Pairs};

use super::grammar::{self, Grammar, Rule};
use super::lines::{self, Joined};
use super::tree::{Block, Head, Key, KeyLine, TargetLine, Token, TokenKind, Tree};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Message};
use crate::source::{Source, SourceId, Span};
use crate::text::{self, Shadow};

/// How many parentheses may stand inside each other.
const DEPTH_MAX: usize = 32;

/// Reads a whole file. The tree holds every line that could be read; each other line has its
/// diagnostic.
pub fn read(id: SourceId, source: &Source) -> (Tree, Diagnostics) {
    let file = Span { source: id, start: 0, end: 0 };
    let mut builder = Builder { tree: Tree::default(), found: Diagnostics::default() };
    builder.head(Head::File, file);
    for joined in lines::joined(id, source) {
        match joined {
            Joined::Text(shadow, _) => builder.line(&shadow),
            Joined::TooLong(start, bytes) => builder.too_long(id, start, bytes),
        }
    }
    (builder.tree, builder.found)
}

/// What a key says, byte for byte, with spaces in place of comments and of what continues a line.
///
/// ```
/// use chitieu::source::{Source, SourceId, Span};
/// use chitieu::syntax::value_text;
///
/// let source = Source::new("", "a \\\n b # c\n d").unwrap();
/// let span = Span { source: SourceId(0), start: 0, end: 13 };
/// assert_eq!(value_text(&source, span).split_whitespace().collect::<String>(), "abd");
/// ```
pub fn value_text(source: &Source, span: Span) -> Cow<'_, str> {
    clean_text(source, span, false)
}

/// The text of a place as people are shown it: on one line, with nothing unseen in it.
///
/// ```
/// use chitieu::source::{Source, SourceId, Span};
/// use chitieu::syntax::shown_text;
///
/// let source = Source::new("", "ít \\ # c\n  nhất").unwrap();
/// let span = Span { source: SourceId(0), start: 0, end: 18 };
/// assert_eq!(shown_text(&source, span), "ít nhất");
/// ```
pub fn shown_text(source: &Source, span: Span) -> String {
    text::composed(&value_text(source, span))
}

/// What a key of free text (`ghi chú` and the like) says: as [`value_text`], but no comment.
pub fn free_text<'a>(source: &'a Source, line: &KeyLine) -> Cow<'a, str> {
    if !source.slice(line.value).contains(['\n', '\r']) {
        return Cow::Borrowed(source.slice(line.value));
    }
    // Whether a statement is free text is said by the line that its key begins on.
    let key = line.key_span.start as usize;
    let before = source.text().get(..key).unwrap_or_default();
    let start = before.rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
    let rest = source.text().get(start..).unwrap_or_default();
    let first = rest.split(['\n', '\r']).next().unwrap_or_default();
    clean_text(source, line.value, lines::cut(first, None).free)
}

fn clean_text(source: &Source, span: Span, free: bool) -> Cow<'_, str> {
    let text = source.slice(span);
    if !text.contains(['\n', '\r']) {
        return Cow::Borrowed(text);
    }
    // The first line is cut as it was for reading: with what stands before the value.
    let before = source.text().get(..span.start as usize).unwrap_or_default();
    let mut own = before.rfind(['\n', '\r']).map_or(before.len(), |at| before.len() - at - 1);
    let whole = span.start as usize - own..span.end as usize;
    let mut clean = String::with_capacity(text.len());
    for line in source.text().get(whole).unwrap_or(text).split_inclusive(['\n', '\r']) {
        let kept = lines::cut(line, Some(free)).kept;
        clean.push_str(kept.get(own..).unwrap_or_default());
        clean.extend(std::iter::repeat_n(' ', line.len() - kept.len().max(own)));
        own = 0;
    }
    Cow::Owned(clean)
}

/// Reads what a key says as tokens.
///
/// # Errors
/// A quote or bracket is left open, or parentheses stand too deep.
#[expect(clippy::result_large_err, reason = "an error ends the line")]
pub fn tokens(source: &Source, span: Span) -> Result<Vec<Token>, Diagnostic> {
    let shadow = Shadow::of_line(span.source, span.start, &value_text(source, span));
    match Grammar::parse(Rule::tokens, shadow.text()) {
        Ok(pairs) => gather(pairs, &shadow),
        Err(_) => Err(bad_line(&shadow)),
    }
}

struct Builder {
    tree: Tree,
    found: Diagnostics,
}

impl Builder {
    fn line(&mut self, shadow: &Shadow) {
        let text = shadow.text();
        let whole = shadow.span(0..text.len());
        let rule = if text.contains(':') { Rule::line } else { Rule::plain_line };
        let Ok(mut pairs) = Grammar::parse(rule, text) else {
            self.found.push(bad_line(shadow));
            return;
        };
        let Some(pair) = pairs.next() else { return };
        match pair.as_rule() {
            Rule::key_line => self.key_line(pair, shadow, whole),
            Rule::target_line => {
                let line = self.target(pair.into_inner(), shadow);
                self.head(Head::Target(line), whole);
            }
            _ => {}
        }
    }

    fn head(&mut self, head: Head, span: Span) {
        self.tree.blocks.push(Block { head, keys: Vec::new(), span });
    }

    fn key_line(&mut self, pair: Pair<'_, Rule>, shadow: &Shadow, span: Span) {
        let end = shadow.text().len();
        let mut line = KeyLine {
            key: Key::Note,
            key_span: span,
            argument: None,
            value: shadow.span(end..end),
            span,
        };
        for part in pair.into_inner().flatten() {
            let place = shadow.span(range(&part));
            match part.as_rule() {
                Rule::argument => line.argument = Some(place),
                Rule::value => line.value = place,
                rule => {
                    if let Some(key) = grammar::key(rule) {
                        (line.key, line.key_span) = (key, place);
                    }
                }
            }
        }
        let head = match line.key {
            Key::Programme => Head::Programme(line.value),
            Key::Group => Head::Group(line.value),
            Key::Indicator => Head::Indicator(line.value),
            Key::Check => Head::Check(line.value),
            Key::Test => Head::Test(line.value),
            _ => {
                if let Some(block) = self.tree.blocks.last_mut() {
                    block.keys.push(line);
                }
                return;
            }
        };
        self.head(head, span);
    }

    fn target(&mut self, pairs: Pairs<'_, Rule>, shadow: &Shadow) -> TargetLine {
        let mut line = TargetLine::default();
        let mut rest = pairs;
        while let Some(Rule::mark | Rule::code) = rest.peek().map(|pair| pair.as_rule()) {
            let code = rest.next().filter(|pair| pair.as_rule() == Rule::code);
            let text = code.and_then(|pair| pair.into_inner().next());
            line.code = text.map(|text| shadow.span(range(&text))).or(line.code);
        }
        match gather(rest, shadow) {
            Ok(tokens) => line.tokens = tokens,
            Err(fault) => self.found.push(fault),
        }
        line
    }

    fn too_long(&mut self, id: SourceId, start: u32, bytes: usize) {
        let end = start.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX));
        let span = Span { source: id, start, end };
        let limit = lines::LINE_BYTES_MAX;
        self.found.push(Diagnostic::new(
            Code::LineTooLong,
            span,
            Message::new(
                format!("dòng dài {bytes} byte, dài hơn {limit} byte cho phép"),
                format!("the line has {bytes} bytes, more than the {limit} that are read"),
            ),
        ));
    }
}

/// Pairs to tokens, with a bound on parentheses.
#[expect(clippy::result_large_err, reason = "an error ends the line")]
fn gather(pairs: Pairs<'_, Rule>, shadow: &Shadow) -> Result<Vec<Token>, Diagnostic> {
    let mut tokens = Vec::new();
    let mut depth: usize = 0;
    for pair in pairs {
        let pair = match pair.as_rule() {
            Rule::symbol => pair.into_inner().next(),
            _ => Some(pair),
        };
        let Some(pair) = pair else { continue };
        let Some(kind) = grammar::token(pair.as_rule()) else { continue };
        depth = match kind {
            TokenKind::Open => depth + 1,
            TokenKind::Close => depth.saturating_sub(1),
            _ => depth,
        };
        let place = range(&pair);
        if depth > DEPTH_MAX {
            return Err(too_deep(shadow.span(place)));
        }
        let spaced = shadow.text().get(..place.start).is_none_or(|left| left.ends_with(' '));
        if pair.as_rule() == Rule::words {
            words(place.start, pair.as_str(), spaced, shadow, &mut tokens);
        } else {
            tokens.push(Token { kind, span: shadow.span(place), spaced });
        }
    }
    Ok(tokens)
}

/// The words of a run; only the first may stand close to what is before it.
fn words(start: usize, run: &str, spaced: bool, shadow: &Shadow, tokens: &mut Vec<Token>) {
    let mut at = start;
    for word in run.split(' ') {
        let span = shadow.span(at..at + word.len());
        let spaced = spaced || at > start;
        tokens.push(Token { kind: TokenKind::Word, span, spaced });
        at += word.len() + 1;
    }
}

fn range(pair: &Pair<'_, Rule>) -> std::ops::Range<usize> {
    let span = pair.as_span();
    span.start()..span.end()
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::TooDeep,
        span,
        Message::new(
            format!("ngoặc lồng nhau quá {DEPTH_MAX} lớp"),
            format!("parentheses stand inside each other more than {DEPTH_MAX} deep"),
        ),
    )
}

/// The only lines that the grammar cannot read are those with a quote or bracket left open.
fn bad_line(shadow: &Shadow) -> Diagnostic {
    let text = shadow.text();
    let quotes = text.matches('"').count();
    let (code, sign, at) = match text.rfind('"').filter(|_| quotes % 2 == 1) {
        Some(at) => (Code::UnclosedQuote, '"', at),
        None => (Code::UnclosedBracket, '[', text.rfind('[').unwrap_or(0)),
    };
    Diagnostic::new(
        code,
        shadow.span(at..(at + 1).min(text.len())),
        Message::new(
            format!("dấu `{sign}` mở ra mà không đóng trên dòng này"),
            format!("`{sign}` opens and does not close on this line"),
        ),
    )
}
