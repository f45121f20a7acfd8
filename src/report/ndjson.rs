//! NDJSON: one record a line.
//!
//! Enters: records, or counts and a receipt. Leaves: lines, each one JSON object. The one idea:
//! every line stands for itself, so a reader may stop anywhere. Invariant: no line break within a
//! record.

use std::io::{self, Write};

use super::{Fields, Receipt, Record, Summary};

/// Writes one record and the end of its line.
///
/// # Errors
/// The writer's own; a `Vec<u8>` has none.
pub fn write_record<W: Write>(mut out: W, record: &Record<'_>, fields: &Fields) -> io::Result<()> {
    serde_json::to_writer(&mut out, &record.only(fields))?;
    out.write_all(b"\n")
}

/// Writes one line a target with its counts, then the receipt.
///
/// # Errors
/// The writer's own.
pub fn write_summary<W: Write>(mut out: W, summary: &Summary, receipt: &Receipt) -> io::Result<()> {
    for row in summary.rows() {
        serde_json::to_writer(&mut out, &row)?;
        out.write_all(b"\n")?;
    }
    serde_json::to_writer(&mut out, &receipt.line())?;
    out.write_all(b"\n")
}
