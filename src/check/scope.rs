//! `áp dụng cho:` — to whom a target applies.
//!
//! Enters: the value of the key. Leaves: scope items. `;` separates items, which join by hoặc; a
//! type's parentheses join with it by và.

use super::model::{AttributeCondition, ScopeItem};
use super::reader::error;
use crate::diagnostic::{Code, Diagnostics, Message};
use crate::source::{Source, Span};
use crate::syntax;
use crate::text::{self, Shadow};

/// Reads the items of one line.
pub(super) fn read(source: &Source, value: Span, found: &mut Diagnostics) -> Vec<ScopeItem> {
    let text = syntax::value_text(source, value);
    let shadow = Shadow::of_line(value.source, value.start, &text);
    let mut items = Vec::new();
    for (start, end) in pieces(shadow.text()) {
        let span = shadow.span(start..end);
        let normal = shadow.text().get(start..end).unwrap_or_default();
        if normal.is_empty() {
            continue;
        }
        match item(normal, &syntax::shown_text(source, span), span) {
            Ok(item) => items.push(item),
            Err((vi, en)) => {
                found.push(error(Code::NotAStatement, span, vi, en).with_help(Message::new(
                    "viết `mọi xã (vùng = \"miền núi\"); tỉnh Bình Dương`",
                    "write `every xã (vùng = \"miền núi\"); tỉnh Bình Dương`",
                )));
            }
        }
    }
    items
}

/// The pieces between `;` outside quotes, trimmed.
fn pieces(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, letter) in text.char_indices().chain([(text.len(), ';')]) {
        match letter {
            '"' => quoted = !quoted,
            ';' if !quoted || at == text.len() => {
                let piece = text.get(start..at).unwrap_or_default();
                let lead = piece.len() - piece.trim_start().len();
                found.push((start + lead, start + lead + piece.trim().len()));
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// What is wrong, in both languages.
type Fault = (String, String);

fn item(normal: &str, shown: &str, span: Span) -> Result<ScopeItem, Fault> {
    let every = ["mọi", "every", "all"].iter().find_map(|word| {
        let rest = normal.strip_prefix(word)?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim_start())
    });
    let Some(rest) = every else {
        let name = shown.trim().trim_matches(|c| "\"“”„«»".contains(c));
        let key = normal.trim_matches('"').to_owned();
        return Ok(ScopeItem::Entity { key, name: text::composed(name), span });
    };
    let (types, filter) = match rest.split_once('(') {
        None => (rest, None),
        Some((types, inner)) => {
            let Some(inner) = inner.trim_end().strip_suffix(')') else {
                return Err((
                    format!("dấu `(` của `{shown}` không đóng"),
                    format!("the `(` of `{shown}` does not close"),
                ));
            };
            (types, Some(filter(inner)?))
        }
    };
    let types: Vec<String> =
        types.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
    if types.is_empty() {
        return Err((
            format!("`{shown}` không nói loại đơn vị"),
            format!("`{shown}` names no type of entity"),
        ));
    }
    Ok(ScopeItem::Type { types, filter })
}

/// `vùng = "miền núi" và loại != "I"`; mixing `và` with `hoặc` has two readings.
fn filter(text: &str) -> Result<AttributeCondition, Fault> {
    let parts = split_joins(text);
    let ands = parts.iter().filter(|(join, _)| *join == Some("và")).count();
    let ors = parts.iter().filter(|(join, _)| *join == Some("hoặc")).count();
    if ands > 0 && ors > 0 {
        return Err((
            format!("`{text}` dùng lẫn `và` với `hoặc`"),
            format!("`{text}` mixes `and` with `or`"),
        ));
    }
    let mut conditions = Vec::new();
    for (_, part) in parts {
        conditions.push(attribute(part)?);
    }
    Ok(match (conditions.len(), ors) {
        (1, _) => conditions.swap_remove(0),
        (_, 0) => AttributeCondition::All(conditions),
        _ => AttributeCondition::Any(conditions),
    })
}

/// Pieces between `và` and `hoặc` outside quotes, each with the word before it.
fn split_joins(text: &str) -> Vec<(Option<&'static str>, &str)> {
    let (mut parts, mut start, mut join, mut quoted) = (Vec::new(), 0, None, false);
    let words = [(" và ", "và"), (" and ", "và"), (" hoặc ", "hoặc"), (" or ", "hoặc")];
    for (at, letter) in text.char_indices() {
        if letter == '"' {
            quoted = !quoted;
        }
        let rest = text.get(at..).unwrap_or_default();
        if quoted || at < start {
            continue;
        }
        if let Some((word, meaning)) = words.iter().find(|(word, _)| rest.starts_with(word)) {
            parts.push((join, text.get(start..at).unwrap_or_default()));
            (start, join) = (at + word.len(), Some(*meaning));
        }
    }
    parts.push((join, text.get(start..).unwrap_or_default()));
    parts
}

fn attribute(text: &str) -> Result<AttributeCondition, Fault> {
    let (name, value, negated) = if let Some((name, value)) = text.split_once("!=") {
        (name, value, true)
    } else if let Some((name, value)) = text.split_once('≠') {
        (name, value, true)
    } else if let Some((name, value)) = text.split_once('=') {
        (name, value, false)
    } else {
        return Err((
            format!("`{text}` không so sánh thuộc tính với giá trị"),
            format!("`{text}` does not compare an attribute with a value"),
        ));
    };
    let (name, value) = (name.trim(), value.trim());
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(value) = quoted else {
        return Err((
            format!("giá trị `{value}` của thuộc tính phải đặt trong ngoặc kép"),
            format!("the attribute's value `{value}` stands in double quotes"),
        ));
    };
    Ok(AttributeCondition::Is {
        attribute: name.to_owned(),
        name: name.to_owned(),
        value: value.trim().to_owned(),
        negated,
    })
}
