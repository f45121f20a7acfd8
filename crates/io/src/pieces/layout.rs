//! How the records of a file are written, learned from one of them.
//!
//! Enters: a record that the library has read. Leaves: a [`Layout`], the bytes that a record
//! written alike has between its values. The one idea: bytes that are the same mean the same, so
//! that keys that were read once are only compared. Invariant: a layout holds no key twice, and no
//! two keys of one indicator.

use std::collections::HashSet;
use std::sync::Arc;

use chitieu::check::model::IndicatorId;
use chitieu::{Snapshot, text};

use super::run::Target;

/// A layout of more measurements is not learned on.
const ENTRIES: usize = 4_096;

/// How a record is written.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// What stands before the measurements.
    pub(super) head: Vec<Token>,
    /// What stands between two measurements.
    pub(super) comma: Vec<u8>,
    pub(super) entries: Vec<Entry>,
    /// What stands behind the measurements.
    pub(super) tail: Vec<Token>,
    /// All names were noted in this piece.
    pub(super) is_noted: bool,
    /// The record that showed it, without measurements; nothing where it gave no day.
    pub(super) shown: Option<Box<Snapshot>>,
}

/// A part of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// These bytes.
    Literal(Vec<u8>),
    /// The text of a value up to its closing quote.
    Text(Field),
    /// A value of `as_of`, a text or a number.
    AsOf,
}

/// Whose text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Entity,
    Parent,
    Name,
    Source,
    /// The value of an attribute, by its place among those that are given.
    Attribute(usize),
}

/// A measurement.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The key with all that stands before the value.
    pub(super) key: Vec<u8>,
    /// The same behind a comma.
    pub(super) next: Vec<u8>,
    /// The name that the key is.
    pub(super) name: String,
    pub(super) ids: Arc<[IndicatorId]>,
    /// Where its bare numbers go.
    pub(super) target: Target,
    /// The name was noted in this piece.
    pub(super) noted: bool,
}

impl Layout {
    /// Learns from a text that gave a record. Nothing where records written so cannot be foretold.
    pub(super) fn learn(
        text: &[u8],
        record: &Snapshot,
        mut meaning: impl FnMut(&str) -> (Arc<[IndicatorId]>, Target),
    ) -> Option<Self> {
        let mut scan = Scan { text, at: 0, from: 0, tokens: Vec::new() };
        let (mut head, mut found) = (None, None);
        let mut seen = HashSet::new();
        scan.open(b'{')?;
        while let Some(key) = scan.key()? {
            if !seen.insert(key) {
                return None;
            }
            match key {
                b"entity" => scan.text_value(Field::Entity)?,
                b"as_of" => scan.as_of()?,
                b"name" => scan.text_value(Field::Name)?,
                b"source" => scan.text_value(Field::Source)?,
                b"parent" => scan.text_value(Field::Parent)?,
                b"attributes" => scan.attributes()?,
                b"measurements" => {
                    found = Some(scan.measurements(&mut head)?);
                }
                _ => return None,
            }
        }
        scan.end();
        if scan.at != text.len() {
            return None;
        }
        let (comma, keys) = found?;
        let names = record.measurements.iter().map(|(name, _)| name.clone());
        if keys.len() != record.measurements.len() || keys.is_empty() {
            return None;
        }
        let entry = |(key, name): (Vec<u8>, String)| {
            let (ids, target) = meaning(&name);
            Entry { next: [&comma, key.as_slice()].concat(), key, name, ids, target, noted: false }
        };
        let entries: Vec<Entry> = keys.into_iter().zip(names).map(entry).collect();
        let (head, tail) = (head?, scan.tokens);
        let gives_day = head.iter().chain(&tail).any(|token| *token == Token::AsOf);
        let shown = gives_day.then(|| Box::new(record.bare()));
        let layout = Self { head, comma, entries, tail, is_noted: false, shown };
        layout.is_plain().then_some(layout)
    }

    /// Whether each key and each indicator stands once.
    fn is_plain(&self) -> bool {
        let (mut keys, mut ids) = (HashSet::new(), HashSet::new());
        self.entries.iter().all(|entry| {
            keys.insert(entry.name.as_str()) && entry.ids.iter().all(|id| ids.insert(*id))
        })
    }

    /// Takes over measurements of another layout that this one does not have.
    pub(super) fn join(&mut self, other: Self) -> Result<(), Self> {
        if self.head != other.head || self.tail != other.tail || self.comma != other.comma {
            // One without a second measurement shows no comma.
            return Err(other);
        }
        let mut joined = self.clone();
        let mut place = 0;
        for entry in other.entries {
            if let Some(known) = joined.entries.iter().position(|known| known.key == entry.key) {
                place = known;
            } else {
                joined.entries.insert(place.min(joined.entries.len()), entry);
            }
            place += 1;
        }
        joined.is_noted = false;
        if joined.entries.len() <= ENTRIES && joined.is_plain() {
            *self = joined;
        }
        Ok(())
    }
}

/// A record being gone through. It is known to be JSON.
struct Scan<'t> {
    text: &'t [u8],
    at: usize,
    /// Where the literal begins that is not yet a token.
    from: usize,
    tokens: Vec<Token>,
}

impl<'t> Scan<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn blank(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Passes over a mark and the white space around it.
    fn open(&mut self, mark: u8) -> Option<()> {
        self.blank();
        if self.peek()? != mark {
            return None;
        }
        self.at += 1;
        self.blank();
        Some(())
    }

    /// The next key with its colon; nothing at the end of the object, which is passed over.
    #[expect(clippy::option_option, reason = "broken off, at the end, or a key")]
    fn key(&mut self) -> Option<Option<&'t [u8]>> {
        self.blank();
        if self.peek()? == b',' {
            self.open(b',')?;
        }
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(None);
        }
        let key = self.string()?;
        self.open(b':')?;
        Some(Some(key))
    }

    /// A text in quotes, as it is written.
    fn string(&mut self) -> Option<&'t [u8]> {
        if self.peek()? != b'"' {
            return None;
        }
        let start = self.at + 1;
        let mut at = start;
        loop {
            match self.text.get(at)? {
                b'"' => break,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        self.at = at + 1;
        self.text.get(start..at)
    }

    /// Makes a token of what was passed over, up to `end`.
    fn literal(&mut self, end: usize) {
        let bytes = self.text.get(self.from..end).unwrap_or_default().to_vec();
        self.tokens.push(Token::Literal(bytes));
    }

    fn end(&mut self) {
        self.blank();
        self.literal(self.at);
    }

    /// A text that may be another one in another record; `null` stays `null`.
    fn text_value(&mut self, field: Field) -> Option<()> {
        if self.peek()? != b'"' {
            let value = self.value()?;
            return (value == b"null" && field != Field::Entity).then_some(());
        }
        self.literal(self.at + 1);
        self.string()?;
        self.from = self.at - 1;
        self.tokens.push(Token::Text(field));
        Some(())
    }

    fn as_of(&mut self) -> Option<()> {
        self.literal(self.at);
        let value = self.value()?;
        self.from = self.at;
        self.tokens.push(Token::AsOf);
        (value != b"null").then_some(())
    }

    fn attributes(&mut self) -> Option<()> {
        if self.peek()? != b'{' {
            return (self.value()? == b"null").then_some(());
        }
        let (mut seen, mut given) = (HashSet::new(), 0);
        self.open(b'{')?;
        while let Some(key) = self.key()? {
            let key = std::str::from_utf8(key).ok().filter(|key| !key.contains('\\'))?;
            if !seen.insert(text::normal(key)) {
                return None;
            }
            if self.peek()? == b'"' {
                self.text_value(Field::Attribute(given))?;
                given += 1;
            } else if self.value()? != b"null" {
                given += 1;
            }
        }
        Some(())
    }

    /// The keys of all measurements, and what stands between two of them. What was passed over
    /// before them goes to `head`.
    fn measurements(&mut self, head: &mut Option<Vec<Token>>) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
        self.open(b'{')?;
        self.literal(self.at);
        *head = Some(std::mem::take(&mut self.tokens));
        let (mut keys, mut comma) = (Vec::new(), None);
        let mut end = self.at;
        loop {
            // The blank behind a value belongs to what follows it.
            self.blank();
            if self.peek()? == b'}' {
                break;
            }
            if self.peek()? == b',' {
                self.open(b',')?;
            }
            if !keys.is_empty() {
                let between = self.text.get(end..self.at)?;
                if *comma.get_or_insert(between) != between {
                    return None;
                }
            }
            let start = self.at;
            self.string()?;
            self.open(b':')?;
            keys.push(self.text.get(start..self.at)?.to_vec());
            self.value()?;
            end = self.at;
        }
        self.from = end;
        self.at += 1;
        Some((comma?.to_vec(), keys))
    }

    /// A value of any kind, as it is written.
    fn value(&mut self) -> Option<&'t [u8]> {
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                _ => self.at += 1,
            }
            if depth == 0 && self.ends_value() {
                break;
            }
        }
        self.text.get(start..self.at)
    }

    fn ends_value(&self) -> bool {
        self.peek().is_none_or(|byte| b",}]".contains(&byte) || byte.is_ascii_whitespace())
    }
}
