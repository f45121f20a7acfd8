//! Verdict files as `eval` writes them: ndjson, json, csv.
//!
//! Enters: the text of a file. Leaves: its records, or what is wrong with it. The one idea: the
//! format shows in the first character; fields are found by name, whatever was chosen to be
//! written.

use std::collections::HashMap;

use serde_json::Value;

use super::{Part, Row};
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

/// Reads one record that is JSON. `line` is said where it is none.
///
/// # Errors
/// It lacks `target` or `verdict`.
///
/// ```
/// let value = serde_json::json!({"target": "A", "verdict": "met", "measured": null});
/// let row = chitieu::diff::record(&value, 1)?;
/// assert_eq!((row.measured.as_str(), row.absent.contains(&"measured")), ("", false));
/// assert!(row.absent.contains(&"threshold"));
/// # Ok::<(), chitieu::diff::Fault>(())
/// ```
pub fn record(value: &Value, line: usize) -> Result<Row, Fault> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let cell = |name: &str| {
        Some(match value.get(name)? {
            Value::Array(items) if name == "parts" => Cell::Parts(items.iter().map(part).collect()),
            Value::Array(items) => Cell::List(items.iter().map(text).collect()),
            other => Cell::Text(text(other)),
        })
    };
    row(&cell, line)
}

fn part(value: &Value) -> Part {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let held = |name: &str| value.get(name).map(|_| text(name).unwrap_or_default());
    Part {
        text: text("text").unwrap_or_default(),
        verdict: text("verdict").unwrap_or_default(),
        measured: held("measured"),
        threshold: held("threshold"),
    }
}

/// What a field holds.
enum Cell {
    Text(String),
    List(Vec<String>),
    Parts(Vec<Part>),
}

impl Cell {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::List(items) => items.join("; "),
            Self::Parts(_) => String::new(),
        }
    }

    /// A list; in CSV it is joined.
    fn list(self) -> Vec<String> {
        match self {
            Self::List(items) => items,
            Self::Text(text) if !text.is_empty() => text.split("; ").map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    /// Parts; CSV holds their texts and verdicts alone.
    fn parts(self) -> Vec<Part> {
        match self {
            Self::Parts(parts) => parts,
            other => {
                let one = |item: String| {
                    let (text, verdict) = item.rsplit_once(": ").unwrap_or((&item, ""));
                    let (text, verdict) = (text.to_owned(), verdict.to_owned());
                    Part { text, verdict, measured: None, threshold: None }
                };
                other.list().into_iter().map(one).collect()
            }
        }
    }
}

fn row(cell: &dyn Fn(&str) -> Option<Cell>, line: usize) -> Result<Row, Fault> {
    let mut absent = Vec::new();
    let mut field = |name: &'static str| {
        let found = cell(name);
        if found.is_none() {
            absent.push(name);
        }
        found.unwrap_or(Cell::Text(String::new()))
    };
    let mut row = Row {
        programme: field("programme").text(),
        target: field("target").text(),
        name: field("name").text(),
        entity: field("entity").text(),
        as_of: field("as_of").text(),
        verdict: field("verdict").text(),
        reason: field("reason").text(),
        measured: field("measured").text(),
        unit: field("unit").text(),
        threshold: field("threshold").text(),
        due: field("due").text(),
        legal_basis: field("legal_basis").text(),
        numerator: field("numerator").text(),
        denominator: field("denominator").text(),
        parts: field("parts").parts(),
        failing: field("failing").list(),
        unreported: field("unreported").list(),
        missing: field("missing").list(),
        absent: Vec::new(),
    };
    for (name, text) in [("target", &row.target), ("verdict", &row.verdict)] {
        if text.is_empty() {
            return Err(Fault::new(
                line,
                format!("không có `{name}`: đây không phải là kết luận do `eval` ghi"),
                format!("no `{name}`: this is no verdict that `eval` wrote"),
            ));
        }
    }
    row.absent = absent;
    Ok(row)
}

fn csv(text: &str) -> Result<Vec<Row>, Fault> {
    let mut records = cells(text).into_iter();
    let Some((_, header)) = records.next() else { return Ok(Vec::new()) };
    let places: HashMap<&str, usize> =
        header.iter().enumerate().map(|(place, name)| (name.trim(), place)).collect();
    let filled = records.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    filled
        .map(|(line, cells)| {
            let cell = |name: &str| {
                let text = places.get(name).map(|place| cells.get(*place).cloned());
                text.map(|text| Cell::Text(text.unwrap_or_default()))
            };
            row(&cell, line)
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
