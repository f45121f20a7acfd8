//! What rules and data do not know of each other.
//!
//! Enters: the model and the data. Leaves: warnings, each once. The one idea: a name that meets no
//! other is perhaps a slip of the pen, and nothing else would show it.

use std::collections::HashSet;

use chitieu::check::model::{Model, ScopeItem};
use chitieu::diagnostic::Message;
use chitieu::snapshot::Data;
use chitieu::text;

use crate::console::Console;

/// So many names are listed, the others counted.
const LISTED: usize = 20;
/// So many names are offered for one.
const OFFERED: usize = 3;

/// Warns of names in the data that no rule knows.
pub(super) fn unknown_indicators(model: &Model, unknown: &[String], console: Console) {
    for name in unknown.iter().take(LISTED) {
        let known = model.indicators.iter().map(|indicator| indicator.name.as_str());
        let (vi, en) = offer(name, known);
        let name = shown(name);
        console.warning(&Message::new(
            format!("số liệu có `{name}` mà không luật nào biết{vi}"),
            format!("the data hold `{name}`, which no rule knows{en}"),
        ));
    }
    if let Some(more) = unknown.len().checked_sub(LISTED).filter(|more| *more > 0) {
        console.warning(&Message::new(
            format!("và {more} tên khác trong số liệu mà không luật nào biết"),
            format!("and {more} more names in the data that no rule knows"),
        ));
    }
}

/// Warns of entities that a target lists and no record bears.
pub(super) fn absent_entities(model: &Model, data: &Data, console: Console) {
    let ids = data.entities.iter().map(|entity| entity.id.as_str());
    let names = data.entities.iter().filter_map(|entity| entity.name.as_deref());
    let parents = data.entities.iter().filter_map(|entity| entity.parent.as_deref());
    let borne: HashSet<&str> = ids.chain(names).chain(parents).collect();
    let keys: HashSet<String> = borne.iter().map(|name| text::normal(name)).collect();
    let mut absent: Vec<&str> = Vec::new();
    let mut seen = HashSet::new();
    let versions = model.targets.iter().flat_map(|target| &target.versions);
    for item in versions.flat_map(|version| &version.scope) {
        if let ScopeItem::Entity { key, name, .. } = item
            && !keys.contains(key)
            && seen.insert(key.as_str())
        {
            absent.push(name);
        }
    }
    for name in absent.iter().take(LISTED) {
        let ids = data.entities.iter().map(|entity| entity.id.as_str());
        let names = data.entities.iter().filter_map(|entity| entity.name.as_deref());
        let (vi, en) = offer(name, names.chain(ids));
        console.warning(&Message::new(
            format!("`áp dụng cho` kể `{name}` mà số liệu không có đơn vị này{vi} (xem W0101)"),
            format!("`applies to` lists `{name}`, which no record bears{en} (see W0101)"),
        ));
    }
    if let Some(more) = absent.len().checked_sub(LISTED).filter(|more| *more > 0) {
        console.warning(&Message::new(
            format!("và {more} đơn vị khác mà số liệu không có"),
            format!("and {more} more entities that no record bears"),
        ));
    }
}

/// Says who is counted where targets ask units and no table lists them.
pub(super) fn no_table(model: &Model, data: &Data, console: Console) {
    let Some(population) = model.populations().first().copied() else { return };
    let (count, name) = (data.entities.len(), &population.name);
    console.note(&Message::new(
        format!(
            "không có bảng đơn vị (`--entities`): đếm `{name}` trong {count} đơn vị có bản ghi"
        ),
        format!(
            "no table of entities (`--entities`): `{name}` are counted among the {count} \
             entities that have a record"
        ),
    ));
}

/// Names that are near, as the end of a sentence.
fn offer<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> (String, String) {
    let near = text::nearest(name, known, OFFERED);
    if near.is_empty() {
        return (String::new(), String::new());
    }
    let list = |or: &str| {
        let quoted: Vec<String> = near.iter().map(|name| format!("`{}`", shown(name))).collect();
        quoted.join(or)
    };
    (format!("; có phải là {}?", list(" hoặc ")), format!("; did you mean {}?", list(" or ")))
}

/// A name, no longer than a person reads.
fn shown(name: &str) -> String {
    match name.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}
