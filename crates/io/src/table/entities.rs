//! Tables of entities: who is there, whether or not they report.
//!
//! Enters: CSV, or objects of JSON. Leaves: a [`Snapshot`] a row, without time and measurements.
//! The one idea: what has no column of its own is an attribute. Invariant: a row that cannot be
//! read ends the run, since a population that is short of a unit judges others wrongly.

use std::collections::HashSet;
use std::fmt;
use std::io::BufRead;

use chitieu::diagnostic::Message;
use chitieu::{Snapshot, text};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use super::record::{nameless, no_entity, take};
use super::rows::Row;
use super::{Column, Field, Header, Kind, Table, attribute, field, place};
use crate::IoError;
use crate::json::{Content, Shape};
use crate::paths::read_error;

/// Reads a table of CSV.
pub(crate) fn rows(name: &str, input: impl BufRead) -> Result<Vec<Snapshot>, IoError> {
    let mut all = Vec::new();
    let Some(mut table) = Table::open(name, input, Kind::Entities)? else { return Ok(all) };
    while let Some((header, sound)) = table.next().map_err(|source| read_error(name, source))? {
        let number = sound.row.number;
        let at = |(column, message)| IoError::Table {
            place: place(name, number, Some(column)),
            message,
        };
        match sound.fault {
            Some(fault) => return Err(at(fault)),
            None => all.push(row(header, sound.row).map_err(at)?),
        }
    }
    Ok(all)
}

fn row(header: &Header, row: Row<'_>) -> Result<Snapshot, (u32, Message)> {
    let mut entity = Snapshot::default();
    for ((cell, column), number) in row.cells().zip(&header.columns).zip(1_u32..) {
        let cell = cell.unwrap_or_default().trim();
        match column {
            _ if cell.is_empty() => {}
            Column::Field(field) => take(&mut entity, *field, cell),
            Column::Attribute(name) => entity.attributes.push((name.clone(), cell.to_owned())),
            Column::Figure(_) | Column::Nameless => return Err((number, nameless())),
        }
    }
    if entity.entity.is_empty() {
        let column = header.find(Field::Entity).and_then(|place| u32::try_from(place).ok());
        return Err((column.unwrap_or(0).saturating_add(1), no_entity()));
    }
    Ok(entity)
}

/// Reads objects of JSON: an array, or one after another.
pub(crate) fn objects(name: &str, input: impl BufRead) -> Result<Vec<Snapshot>, IoError> {
    let failed = |source| read_error(name, source);
    let mut all = Vec::new();
    let mut shape = Shape::tell(input, false).map_err(failed)?;
    while let Some(piece) = shape.next().map_err(failed)? {
        let at = |message| IoError::Table { place: place(name, piece.line, None), message };
        let read = match piece.content {
            Content::Fault(message, _) => return Err(at(message)),
            Content::Record(bytes) => serde_json::from_slice::<Fields>(&bytes).map_err(|error| {
                let vi = "JSON sai, hoặc bản ghi không phải là một đối tượng `{…}`";
                at(Message::new(vi, format!("this is no object of JSON: {error}")))
            }),
        };
        all.push(object(read?).map_err(at)?);
    }
    Ok(all)
}

fn object(fields: Fields) -> Result<Snapshot, Message> {
    let mut entity = Snapshot::default();
    let mut seen = HashSet::new();
    for (key, value) in fields.0 {
        let normal = text::normal(&key);
        if normal == "attributes" && value.get().starts_with('{') {
            let inner = serde_json::from_str::<Fields>(value.get()).map_err(|_| no_text(&key))?;
            for (key, value) in inner.0 {
                give(&mut entity, &mut seen, &key, &value)?;
            }
        } else {
            give(&mut entity, &mut seen, &key, &value)?;
        }
    }
    if entity.entity.trim().is_empty() {
        return Err(Message::new("bản ghi không có `entity`", "the record has no `entity`"));
    }
    Ok(entity)
}

fn give(
    entity: &mut Snapshot,
    seen: &mut HashSet<String>,
    key: &str,
    value: &RawValue,
) -> Result<(), Message> {
    let value = match value.get() {
        "null" => return Ok(()),
        raw if raw.starts_with('"') => {
            serde_json::from_str::<String>(raw).map_err(|_| no_text(key))?
        }
        raw if raw.starts_with(['{', '[']) => return Err(no_text(key)),
        raw => raw.to_owned(),
    };
    let normal = text::normal(key);
    let known =
        field(&normal).filter(|field| matches!(field, Field::Entity | Field::Name | Field::Parent));
    let own = match known {
        Some(field) => format!("{field:?}"),
        None => attribute(&normal).map_or_else(|| normal.clone(), str::to_owned),
    };
    if !seen.insert(own) {
        let vi = format!("trường `{key}` ghi hai lần");
        return Err(Message::new(vi, format!("field `{key}` is given twice")));
    }
    match known {
        Some(field) => take(entity, field, value.trim()),
        None if value.trim().is_empty() => {}
        None => {
            let name = attribute(&normal).unwrap_or(key);
            entity.attributes.push((name.to_owned(), value));
        }
    }
    Ok(())
}

fn no_text(key: &str) -> Message {
    let key: String = key.chars().take(100).collect();
    Message::new(format!("`{key}` phải là chuỗi"), format!("`{key}` must be a text"))
}

/// The fields of an object in their order, each as it is written.
struct Fields(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut all = Vec::new();
                while let Some(field) = map.next_entry()? {
                    all.push(field);
                }
                Ok(Fields(all))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
