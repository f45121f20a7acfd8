//! JSON: one document of all records, the counts and the receipt.
//!
//! Enters: records one after another. Leaves: `{"verdicts":[…],"summary":[…],"scores":[…],
//! "receipt":{…}}`. The one idea: the document is written as records come, so that nothing is held.
//! Invariant: each record stands on a line of its own, and a finished document is complete JSON.

use std::io::{self, Write};

use super::{Fields, Receipt, Record, ScoreRecord, Summary};

/// A document that has been begun.
///
/// ```
/// use chitieu::check::model::Model;
/// use chitieu::report::{Receipt, Summary, json};
///
/// let mut bytes = Vec::new();
/// let document = json::Document::begin(&mut bytes)?;
/// document.finish(&Summary::new(&Model::default()), &Receipt::new([""]))?;
/// assert!(bytes.starts_with(b"{\"verdicts\":[],\"summary\":[],\"scores\":[],\"receipt\":{"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Document<W> {
    out: W,
    is_empty: bool,
}

impl<W: Write> Document<W> {
    /// Writes the beginning.
    ///
    /// # Errors
    /// The writer's own, here and in the other functions.
    pub fn begin(mut out: W) -> io::Result<Self> {
        out.write_all(b"{\"verdicts\":[")?;
        Ok(Self { out, is_empty: true })
    }

    /// Writes one record.
    ///
    /// # Errors
    /// The writer's own.
    pub fn record(&mut self, record: &Record<'_>, fields: &Fields) -> io::Result<()> {
        self.out.write_all(if self.is_empty { b"\n" } else { b",\n" })?;
        self.is_empty = false;
        serde_json::to_writer(&mut self.out, &record.only(fields))?;
        Ok(())
    }

    /// Takes over records that were written elsewhere as NDJSON lines, by another thread perhaps.
    ///
    /// # Errors
    /// The writer's own.
    pub fn lines(&mut self, ndjson: &[u8]) -> io::Result<()> {
        for line in ndjson.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            self.out.write_all(if self.is_empty { b"\n" } else { b",\n" })?;
            self.is_empty = false;
            self.out.write_all(line)?;
        }
        Ok(())
    }

    /// Writes the counts, the receipt and the end, and gives the writer back.
    ///
    /// # Errors
    /// The writer's own.
    pub fn finish(self, summary: &Summary, receipt: &Receipt) -> io::Result<W> {
        self.finish_with(summary, &[], receipt)
    }

    /// As [`Document::finish`], with the totals of points between counts and receipt.
    ///
    /// # Errors
    /// The writer's own.
    pub fn finish_with(
        mut self,
        summary: &Summary,
        scores: &[ScoreRecord<'_>],
        receipt: &Receipt,
    ) -> io::Result<W> {
        self.out.write_all(if self.is_empty { b"],\"summary\":" } else { b"\n],\"summary\":" })?;
        serde_json::to_writer(&mut self.out, summary)?;
        self.out.write_all(b",\"scores\":[")?;
        for (place, score) in scores.iter().enumerate() {
            self.out.write_all(if place == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut self.out, score)?;
        }
        self.out.write_all(if scores.is_empty() {
            b"],\"receipt\":"
        } else {
            b"\n],\"receipt\":"
        })?;
        serde_json::to_writer(&mut self.out, receipt)?;
        self.out.write_all(b"}\n")?;
        Ok(self.out)
    }
}
