//! The fields of a record and of a measurement.
//!
//! Enters: a [`Node`]. Leaves: a [`Snapshot`], or the first fault. The one idea: a record has a
//! closed list of fields, so that a field spelt wrongly is an error and not a measurement lost.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Fault;
use super::node::{Field, Kind, Node};
use crate::calendar::{self, Period};
use crate::number::Decimal;
use crate::snapshot::{Measurement, Raw, Snapshot};
use crate::text;

const RECORD: [&str; 7] =
    ["entity", "name", "attributes", "parent", "as_of", "source", "measurements"];
const MEASUREMENT: [&str; 6] = ["value", "numerator", "denominator", "reported", "unit", "source"];

/// More attributes than this are no description of an entity.
const ATTRIBUTES: usize = 1_000;
/// Texts in messages, and the texts of unreadable cells, are cut to so many characters.
const SHOWN: usize = 200;

type Slots<'a, const N: usize> = [Option<Node<'a>>; N];

pub(super) fn snapshot(root: Node<'_>) -> Result<Snapshot, Fault> {
    let at = root.at;
    let fields = match root.kind {
        Kind::Object(fields) => fields,
        other => return Err(not_a_record(at, &other)),
    };
    let [id, name, attributes, parent, as_of, source, measurements] = gather(fields, RECORD)?;
    Ok(Snapshot {
        entity: entity(at, id)?,
        name: word(name, "name")?,
        period: period(as_of)?,
        attributes: self::attributes(attributes)?,
        parent: word(parent, "parent")?,
        source: word(source, "source")?,
        measurements: self::measurements(measurements)?,
        place: String::new(),
    })
}

fn not_a_record(at: usize, kind: &Kind<'_>) -> Fault {
    let (vi, en) = kind.words();
    Fault::new(
        at,
        format!("bản ghi phải là một đối tượng `{{…}}`, ở đây là {vi}"),
        format!("a record must be an object `{{…}}`, this is {en}"),
    )
}

/// Sorts fields into their slots; a field may repeat itself, but not contradict itself.
fn gather<'a, const N: usize>(
    fields: Vec<Field<'a>>,
    names: [&str; N],
) -> Result<Slots<'a, N>, Fault> {
    let mut slots = [const { None }; N];
    for Field { at, key, value } in fields {
        let known = names.iter().zip(&mut slots).find(|(name, _)| **name == key);
        let Some((_, slot)) = known else { return Err(unknown_field(at, &key, &names)) };
        match slot {
            None => *slot = Some(value),
            Some(first) if *first == value => {}
            Some(_) => return Err(given_twice(at, &key)),
        }
    }
    Ok(slots)
}

fn unknown_field(at: usize, key: &str, names: &[&str]) -> Fault {
    let shown = shown(key);
    let near = text::nearest(key, names.iter().copied(), 1);
    let (vi, en) = if let Some(near) = near.first() {
        (format!("; có phải là `{near}`?"), format!("; did you mean `{near}`?"))
    } else {
        let list = names.join("`, `");
        (format!("; các trường là `{list}`"), format!("; the fields are `{list}`"))
    };
    let vi = format!("không có trường `{shown}`{vi}");
    Fault::new(at, vi, format!("there is no field `{shown}`{en}"))
}

fn given_twice(at: usize, key: &str) -> Fault {
    let key = shown(key);
    Fault::new(
        at,
        format!("trường `{key}` ghi hai lần với hai giá trị khác nhau"),
        format!("field `{key}` is given twice with different values"),
    )
}

fn entity(record: usize, node: Option<Node<'_>>) -> Result<String, Fault> {
    let missing = |at| Fault::new(at, "bản ghi không có `entity`", "the record has no `entity`");
    let Some(Node { at, kind }) = node else { return Err(missing(record)) };
    match kind {
        Kind::Text(text) if !is_blank(&text) => Ok(text.into_owned()),
        Kind::Number(text) if is_whole(&text) => Ok(text.into_owned()),
        Kind::Null | Kind::Text(_) => Err(missing(at)),
        other => {
            let (vi, en) = other.words();
            let vi = format!("`entity` phải là chuỗi hoặc số nguyên, ở đây là {vi}");
            Err(Fault::new(at, vi, format!("`entity` must be a text or whole number, not {en}")))
        }
    }
}

fn is_whole(number: &str) -> bool {
    number.strip_prefix('-').unwrap_or(number).bytes().all(|byte| byte.is_ascii_digit())
}

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// A text that may be absent; numbers and yes/no are taken as they are written.
fn word(node: Option<Node<'_>>, field: &str) -> Result<Option<String>, Fault> {
    let Some(Node { at, kind }) = node else { return Ok(None) };
    match kind {
        Kind::Null => Ok(None),
        Kind::Text(text) | Kind::Number(text) => Ok(Some(text.into_owned())),
        Kind::Truth(value) => Ok(Some(value.to_string())),
        other => {
            let (field, (vi, en)) = (shown(field), other.words());
            let vi = format!("`{field}` phải là chuỗi, ở đây là {vi}");
            Err(Fault::new(at, vi, format!("`{field}` must be a text, not {en}")))
        }
    }
}

fn period(node: Option<Node<'_>>) -> Result<Option<Period>, Fault> {
    let at = node.as_ref().map_or(0, |node| node.at);
    let Some(written) = word(node, "as_of")?.filter(|text| !is_blank(text)) else {
        return Ok(None);
    };
    match calendar::parse(&text::normal(&written)) {
        Ok(period) => Ok(Some(period)),
        Err(error) => {
            let written = shown(&written);
            let vi = format!("không đọc được ngày `{written}` của `as_of`");
            Err(Fault::new(at, vi, format!("`as_of` is no date: `{written}`: {error}")))
        }
    }
}

/// The fields of an object that may be absent or null.
fn object<'a>(node: Option<Node<'a>>, field: &str) -> Result<Vec<Field<'a>>, Fault> {
    match node {
        None | Some(Node { kind: Kind::Null, .. }) => Ok(Vec::new()),
        Some(Node { kind: Kind::Object(fields), .. }) => Ok(fields),
        Some(Node { at, kind }) => {
            let (vi, en) = kind.words();
            let vi = format!("`{field}` phải là một đối tượng `{{…}}`, ở đây là {vi}");
            Err(Fault::new(at, vi, format!("`{field}` must be an object `{{…}}`, not {en}")))
        }
    }
}

fn attributes(node: Option<Node<'_>>) -> Result<Vec<(String, String)>, Fault> {
    let at = node.as_ref().map_or(0, |node| node.at);
    let fields = object(node, "attributes")?;
    if fields.len() > ATTRIBUTES {
        let vi = format!("hơn {ATTRIBUTES} thuộc tính trong một bản ghi");
        return Err(Fault::new(at, vi, format!("more than {ATTRIBUTES} attributes in a record")));
    }
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut all = Vec::with_capacity(fields.len());
    for Field { at, key, value } in fields {
        let Some(value) = word(Some(value), &key)? else { continue };
        let before = seen.insert(text::normal(&key), text::normal(&value));
        match before {
            None => all.push((key.into_owned(), value)),
            Some(before) if before == text::normal(&value) => {}
            Some(_) => return Err(given_twice(at, &key)),
        }
    }
    Ok(all)
}

fn measurements(node: Option<Node<'_>>) -> Result<Vec<(String, Measurement)>, Fault> {
    let fields = object(node, "measurements")?;
    let each = |Field { key, value, .. }| Ok((Cow::into_owned(key), measurement(value)?));
    fields.into_iter().map(each).collect()
}

fn measurement(Node { at, kind }: Node<'_>) -> Result<Measurement, Fault> {
    let fields = match kind {
        Kind::Object(fields) => fields,
        kind => return Ok(Measurement::of(raw(Some(Node { at, kind })))),
    };
    let [value, numerator, denominator, reported, unit, source] = gather(fields, MEASUREMENT)?;
    Ok(Measurement {
        value: raw(value),
        numerator: raw(numerator),
        denominator: raw(denominator),
        reported: raw(reported),
        unit: word(unit, "unit")?,
        source: word(source, "source")?,
        ..Measurement::default()
    })
}

fn raw(node: Option<Node<'_>>) -> Raw {
    match node.map(|node| node.kind) {
        None | Some(Kind::Null) => Raw::Missing,
        Some(Kind::Truth(value)) => Raw::Truth(value),
        Some(Kind::Text(text)) => Raw::Text(text.into_owned()),
        Some(Kind::Number(text)) => match Decimal::parse(&text) {
            Ok(number) => Raw::Number(number),
            Err(_) => Raw::Unreadable(shown(&text)),
        },
        Some(Kind::Other(text)) => Raw::Unreadable(shown(&text)),
        Some(Kind::Object(_)) => Raw::Unreadable("{…}".to_owned()),
    }
}

/// A text for a message: without what would break a line, and no longer than a person reads.
fn shown(text: &str) -> String {
    let cut = text.char_indices().nth(SHOWN).map_or(text, |(end, _)| text.get(..end).unwrap_or(""));
    let mut shown: String = cut.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if cut.len() < text.len() {
        shown.push('…');
    }
    shown
}
