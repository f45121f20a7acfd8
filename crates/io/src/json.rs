//! A stream of JSON cut into records, each with its place.
//!
//! Enters: bytes. Leaves: the bytes of one record after the other, or a fault between two records.
//! The one idea: cutting only counts brackets outside texts; the library reads the record, so that
//! there is one reader of JSON. Invariant: memory holds one record, and a record is bounded.

mod document;
mod lines;
mod reader;

use std::io::{self, BufRead, Cursor, Read};

use chitieu::diagnostic::Message;
use document::Documents;
pub(crate) use document::{State, Turn, Walk};
use lines::Lines;
pub(crate) use lines::{endless, too_long};
pub(crate) use reader::{Reading, Records};

use crate::stream::{Peeked, skip_mark};

/// A longer record is no snapshot.
pub(crate) const RECORD_BYTES: usize = 64 << 20;

/// So many bytes show what is wrong.
pub(crate) const SHOWN: usize = 1_000;

/// Bytes between two records, or a whole line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The line on which it begins, from 1.
    pub(crate) line: u64,
    /// The column at which it begins, from 1.
    pub(crate) column: u32,
    /// What stands there.
    pub(crate) content: Content,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// The bytes of one record.
    Record(Vec<u8>),
    /// What is wrong, and the bytes that show it.
    Fault(Message, Vec<u8>),
}

/// How the records of a stream stand.
pub(crate) enum Shape<R> {
    /// One record a line: a broken one spoils its line only.
    Lines(Lines<R>),
    /// An array, or objects one after another: behind broken JSON nothing can be read.
    Documents(Documents<R>),
}

impl<R: BufRead> Shape<Peeked<R>> {
    /// Tells the shape from the beginning of the stream, or takes `lines` as said.
    pub(crate) fn tell(mut input: R, lines: bool) -> io::Result<Self> {
        let mut head = Vec::new();
        skip_mark(&mut input)?;
        let is_lines = lines || looks_like_lines(&mut input, &mut head)?;
        let input = Cursor::new(head).chain(input);
        Ok(if is_lines {
            Self::Lines(Lines::new(input))
        } else {
            Self::Documents(Documents::new(input))
        })
    }
}

impl<R: BufRead> Shape<R> {
    /// Lines; `before` of the file stand above them.
    fn lines(input: R, before: u64) -> Self {
        Self::Lines(Lines::behind(input, before))
    }

    /// The next piece, or nothing at the end of the stream.
    pub(crate) fn next(&mut self) -> io::Result<Option<Piece>> {
        match self {
            Self::Lines(lines) => lines.next(),
            Self::Documents(documents) => documents.next(),
        }
    }
}

/// One record a line, as the first two lines that are not blank show; they are kept in `head`.
fn looks_like_lines(input: &mut impl BufRead, head: &mut Vec<u8>) -> io::Result<bool> {
    let first = full_line(input, head)?;
    let start = head.get(first.clone()).unwrap_or_default();
    if !start.starts_with(b"{") {
        return Ok(false);
    }
    let whole = serde_json::from_slice::<serde::de::IgnoredAny>(start).is_ok();
    let second = full_line(input, head)?;
    let (first, second) =
        (head.get(first).unwrap_or_default(), head.get(second).unwrap_or_default());
    // A line that ends so goes on below: the object is spread over lines.
    let goes_on = |line: &[u8]| line.last().is_none_or(|end| b"{[,:".contains(end));
    Ok(!goes_on(first) && !goes_on(second) && (whole || second.starts_with(b"{")))
}

/// Reads on to the end of a line that is not blank and says where it stands, without white space.
fn full_line(input: &mut impl BufRead, head: &mut Vec<u8>) -> io::Result<std::ops::Range<usize>> {
    loop {
        let from = head.len();
        // An array has no need of lines, and may be one of a gigabyte.
        let wanted =
            if input.fill_buf()?.trim_ascii_start().starts_with(b"[") { 0 } else { RECORD_BYTES };
        let limit = u64::try_from(wanted).unwrap_or(u64::MAX);
        let read = input.take(limit).read_until(b'\n', head)?;
        let line = head.get(from..).unwrap_or_default();
        let start = from + (line.len() - line.trim_ascii_start().len());
        if read == 0 || start < head.len() {
            return Ok(start..start + line.trim_ascii().len());
        }
    }
}
