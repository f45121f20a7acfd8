//! Verdict files as `eval` writes them: ndjson, json, csv.
//!
//! Enters: the text of a file. Leaves: its records, or what is wrong with it. The one idea: the
//! format shows in the first character; fields are found by name, whatever was chosen to be
//! written.

use std::collections::HashMap;

use serde_json::Value;

use super::Row;
use crate::diagnostic::Message;

/// Why a text is no file of verdicts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {}", message.en)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: Message,
}

impl Fault {
    fn new(line: usize, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { line, message: Message::new(vi, en) }
    }
}

/// Reads the records of a file.
///
/// # Errors
/// The text is neither JSON nor CSV, or its records lack `target` or `verdict`.
pub fn read(text: &str) -> Result<Vec<Row>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rows = match text.trim_start().chars().next() {
        None => Vec::new(),
        Some('{' | '[') => json(text)?,
        Some(_) => csv(text)?,
    };
    if rows.is_empty() {
        return Err(Fault::new(1, "tệp không có kết luận nào", "the file holds no verdict"));
    }
    Ok(rows)
}

fn json(text: &str) -> Result<Vec<Row>, Fault> {
    if let Ok(document) = serde_json::from_str::<Value>(text) {
        let records = match &document {
            Value::Array(records) => records.as_slice(),
            Value::Object(fields) => match fields.get("verdicts") {
                Some(Value::Array(records)) => records.as_slice(),
                _ => std::slice::from_ref(&document),
            },
            _ => &[],
        };
        return records.iter().enumerate().map(|(place, it)| record(it, place + 1)).collect();
    }
    let mut rows = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let value: Value = serde_json::from_str(line).map_err(|error| {
            let column = error.column();
            Fault::new(
                number + 1,
                format!("không phải là JSON (cột {column})"),
                format!("this is no JSON (column {column})"),
            )
        })?;
        // The counts and the receipt of a summary are no verdicts.
        if value.get("receipt").is_some() || value.get("counts").is_some() {
            continue;
        }
        rows.push(record(&value, number + 1)?);
    }
    Ok(rows)
}

fn record(value: &Value, line: usize) -> Result<Row, Fault> {
    let field = |name: &str| match value.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    row(&field, line)
}

fn row(field: &dyn Fn(&str) -> String, line: usize) -> Result<Row, Fault> {
    let needed = |name: &str| {
        let text = field(name);
        if text.is_empty() {
            return Err(Fault::new(
                line,
                format!("không có `{name}`: đây không phải là kết luận do `eval` ghi"),
                format!("no `{name}`: this is no verdict that `eval` wrote"),
            ));
        }
        Ok(text)
    };
    Ok(Row {
        programme: field("programme"),
        target: needed("target")?,
        name: field("name"),
        entity: field("entity"),
        as_of: field("as_of"),
        verdict: needed("verdict")?,
        reason: field("reason"),
        measured: field("measured"),
        unit: field("unit"),
        threshold: field("threshold"),
        due: field("due"),
        legal_basis: field("legal_basis"),
    })
}

fn csv(text: &str) -> Result<Vec<Row>, Fault> {
    let mut records = cells(text).into_iter();
    let Some((_, header)) = records.next() else { return Ok(Vec::new()) };
    let places: HashMap<&str, usize> =
        header.iter().enumerate().map(|(place, name)| (name.trim(), place)).collect();
    let filled = records.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    filled
        .map(|(line, cells)| {
            let field = |name: &str| {
                places.get(name).and_then(|place| cells.get(*place)).cloned().unwrap_or_default()
            };
            row(&field, line)
        })
        .collect()
}

/// Records of CSV with the line on which each begins.
fn cells(text: &str) -> Vec<(usize, Vec<String>)> {
    let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut start, mut quoted) = (1, 1, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        line += usize::from(letter == '\n');
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !quoted && letters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                records.push((start, std::mem::take(&mut record)));
                start = line;
            }
            other => cell.push(other),
        }
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(cell);
        records.push((start, record));
    }
    records
}
