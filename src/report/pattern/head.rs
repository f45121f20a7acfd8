//! What all records of a snapshot share.
//!
//! Enters: a snapshot and its entity. Leaves: the cells that name them. The one idea: they are
//! written once, and copied. Invariant: sources stand as the reference evaluator lists them, each
//! once.

use std::io;

use super::Lines;
use crate::report::{csv, ndjson};
use crate::snapshot::{Data, Entry, Gathered, column_letters};

/// The cells that records of one snapshot share.
#[derive(Debug)]
pub(crate) struct Head {
    lines: Lines,
    pub(super) entity: Vec<u8>,
    pub(super) day: Vec<u8>,
    /// The places of its records, without quotes; escaped where lines are JSON.
    records: Vec<Vec<u8>>,
    /// By entry: its record, and the column of its cell.
    entries: Vec<(usize, Option<u32>)>,
}

impl Head {
    /// # Errors
    /// None: memory takes every cell.
    pub(crate) fn new(
        lines: Lines,
        entity: &str,
        data: &Data,
        snapshot: &Gathered,
    ) -> io::Result<Self> {
        let cell = |text: &str| {
            let mut out = Vec::with_capacity(text.len() + 2);
            match lines {
                Lines::Ndjson => ndjson::write_text(&mut out, text)?,
                Lines::Csv => csv::write_cell(&mut out, text)?,
            }
            io::Result::Ok(out)
        };
        let record = |place: String| match lines {
            Lines::Ndjson => {
                let mut out = Vec::with_capacity(place.len() + 2);
                ndjson::push_inside(&mut out, &place)?;
                io::Result::Ok(out)
            }
            Lines::Csv => Ok(place.into_bytes()),
        };
        let (mut records, mut entries) = (Vec::new(), Vec::new());
        let mut before: Option<Entry<'_>> = None;
        for entry in data.entries(snapshot) {
            if !before.is_some_and(|before| before.is_beside(&entry)) {
                records.push(record(entry.record())?);
            }
            before = Some(entry);
            entries.push((records.len().saturating_sub(1), entry.column()));
        }
        let (entity, day) = (cell(entity)?, cell(&snapshot.as_of.to_string())?);
        Ok(Self { lines, entity, day, records, entries })
    }

    /// Writes the cell of the sources of these entries; nothing where two may be written alike
    /// that are not.
    pub(super) fn sources(&self, out: &mut Vec<u8>, entries: [Option<u32>; 2]) -> Option<()> {
        let [first, second] = entries.map(|at| self.source(at?));
        let second = match (first, second) {
            (Some(first), Some(second)) if first == second => None,
            (Some((_, a)), Some((_, b))) if a.is_some() != b.is_some() => return None,
            (_, second) => second,
        };
        match self.lines {
            Lines::Ndjson => {
                let mut sign = b'[';
                for (record, column) in first.into_iter().chain(second) {
                    out.extend_from_slice(&[sign, b'"']);
                    one(out, record, column);
                    out.push(b'"');
                    sign = b',';
                }
                out.extend_from_slice(if sign == b'[' { b"[]" } else { b"]" });
            }
            Lines::Csv => {
                let mut cell = Vec::new();
                for (record, column) in first.into_iter().chain(second) {
                    if !cell.is_empty() {
                        cell.extend_from_slice(b"; ");
                    }
                    one(&mut cell, record, column);
                }
                csv::write_cell(out, std::str::from_utf8(&cell).ok()?).ok()?;
            }
        }
        Some(())
    }

    /// The record and the column of an entry; nothing where they have no text.
    fn source(&self, entry: u32) -> Option<(&[u8], Option<u32>)> {
        let (record, column) = *self.entries.get(entry as usize)?;
        let record = self.records.get(record)?;
        (!record.is_empty() || column.is_some()).then_some((record, column))
    }
}

/// Writes where one entry stands.
fn one(out: &mut Vec<u8>, record: &[u8], column: Option<u32>) {
    out.extend_from_slice(record);
    if let Some(column) = column {
        out.push(b':');
        out.extend_from_slice(column_letters(column).as_bytes());
    }
}
