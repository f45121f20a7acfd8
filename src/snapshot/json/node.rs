//! The few levels of JSON that a record has, with numbers as text and keys in order.
//!
//! Enters: a text, or a serde deserializer. Leaves: a [`Node`]. The one idea: a level is read only
//! when a record may have it, the rest is skipped by serde_json without recursion.
//! Invariant: no more than [`DEPTH`] objects lie in one another.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

/// Record, measurements, one measurement.
const DEPTH: u8 = 3;

/// A value and the byte at which it begins.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) at: usize,
    pub(super) kind: Kind<'a>,
}

/// What a value is.
#[derive(Debug, PartialEq)]
pub(super) enum Kind<'a> {
    Null,
    Truth(bool),
    /// The text of a number.
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    Object(Vec<Field<'a>>),
    /// A list, or an object where none is looked into, as it is written.
    Other(Cow<'a, str>),
}

/// A field of an object, and the byte at which its key begins; keys may repeat.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub(super) at: usize,
    pub(super) key: Cow<'a, str>,
    pub(super) value: Node<'a>,
}

/// Where a value stands does not matter for what it is.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl PartialEq for Field<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.value == other.value
    }
}

/// An error of serde_json with the piece of text that it counts from.
#[derive(Debug)]
pub(super) struct ParseError<'a> {
    piece: &'a str,
    pub(super) error: serde_json::Error,
}

impl ParseError<'_> {
    /// The byte of `text`, of which the piece is a part, where the fault lies.
    pub(super) fn at(&self, text: &str) -> usize {
        let line = self.error.line().saturating_sub(1);
        let lines = self.piece.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
        // The column names the byte that was read last, from 1, or 0 at the start of a line.
        offset(text, self.piece) + lines + self.error.column().saturating_sub(1)
    }
}

/// Reads a text that is one JSON value.
pub(super) fn parse(text: &str) -> Result<Node<'_>, ParseError<'_>> {
    let raw: &RawValue =
        serde_json::from_str(text).map_err(|error| ParseError { piece: text, error })?;
    node(text, raw.get(), 0)
}

fn node<'a>(text: &'a str, raw: &'a str, depth: u8) -> Result<Node<'a>, ParseError<'a>> {
    let wrong = |error| ParseError { piece: raw, error };
    let kind = match raw.bytes().next() {
        Some(b'{') if depth < DEPTH => {
            let Entries(entries) = serde_json::from_str(raw).map_err(wrong)?;
            let field = |(Text(key), value): (Text<'a>, &'a RawValue)| {
                let value = node(text, value.get(), depth + 1)?;
                let at = match &key {
                    Cow::Borrowed(key) => offset(text, key).saturating_sub(1),
                    // A key with escapes is no part of the text any more.
                    Cow::Owned(_) => value.at,
                };
                Ok(Field { at, key, value })
            };
            Kind::Object(entries.into_iter().map(field).collect::<Result<_, _>>()?)
        }
        Some(b'"') => Kind::Text(serde_json::from_str::<Text<'a>>(raw).map_err(wrong)?.0),
        Some(b't') => Kind::Truth(true),
        Some(b'f') => Kind::Truth(false),
        Some(b'n') => Kind::Null,
        Some(b'-' | b'0'..=b'9') => Kind::Number(Cow::Borrowed(raw)),
        _ => Kind::Other(Cow::Borrowed(raw)),
    };
    Ok(Node { at: offset(text, raw), kind })
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// A string, borrowed where it is written without escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text))
    }
}

/// The fields of one object, in order, with repeated keys.
struct Entries<'a>(Vec<(Text<'a>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor).map(Entries)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Vec<(Text<'de>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

/// Reads a node from any deserializer, at a depth.
#[derive(Clone, Copy)]
pub(super) struct Tree(u8);

impl Tree {
    /// A whole record.
    pub(super) const ROOT: Self = Self(0);
}

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self).map(|kind| Node { at: 0, kind })
    }
}

impl<'de> Visitor<'de> for Tree {
    type Value = Kind<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record of a snapshot")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Kind::Truth(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Kind::Number(value.to_string().into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Kind::Number(value.to_string().into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Self::Value, E> {
        Ok(Kind::Number(value.to_string().into()))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Self::Value, E> {
        Ok(Kind::Number(value.to_string().into()))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Err(E::custom(
            "a float has lost its digits: write the number as a text, or read the record with \
             `Snapshot::from_json`",
        ))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Kind::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Kind::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Kind::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Kind::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Kind::Other("[…]".into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if self.0 >= DEPTH {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Kind::Other("{…}".into()));
        }
        let mut fields = Vec::new();
        while let Some(Text(key)) = map.next_key()? {
            fields.push(Field { at: 0, key, value: map.next_value_seed(Self(self.0 + 1))? });
        }
        Ok(Kind::Object(fields))
    }
}
