//! Pieces of JSON to records, each with its place.
//!
//! Enters: a stream. Leaves: each record, or why it is none. The one idea: the library reads the
//! record; where it finds a fault in broken JSON, nothing behind it in a document can be trusted.

use std::io::{self, BufRead};
use std::sync::Arc;

use chitieu::Snapshot;
use chitieu::calendar::Date;
use chitieu::diagnostic::Message;

use super::{Content, Piece, Shape};
use crate::data::{Item, Reject, undated};
use crate::stream::Peeked;

/// The records of a stream, one after the other.
pub(crate) struct Records<R> {
    reading: Reading,
    shape: Shape<R>,
    /// How many were seen.
    read: u64,
    is_over: bool,
}

impl<R: BufRead> Records<Peeked<R>> {
    /// Tells how the records stand; `lines` says that each stands on a line of its own.
    pub(crate) fn open(
        name: &str,
        input: R,
        lines: bool,
        fallback: Option<Date>,
    ) -> io::Result<Self> {
        Ok(Self::of(name.into(), Shape::tell(input, lines)?, fallback))
    }
}

impl<R: BufRead> Records<R> {
    /// The records of lines; `before` of the file stand above them.
    pub(crate) fn of_lines(name: Arc<str>, input: R, before: u64, fallback: Option<Date>) -> Self {
        Self::of(name, Shape::lines(input, before), fallback)
    }

    fn of(name: Arc<str>, shape: Shape<R>, fallback: Option<Date>) -> Self {
        let is_document = matches!(shape, Shape::Documents(_));
        let reading = Reading { name, fallback, is_document };
        Self { reading, shape, read: 0, is_over: false }
    }

    /// The next record.
    pub(crate) fn next(&mut self) -> io::Result<Option<Item>> {
        if self.is_over {
            return Ok(None);
        }
        let Some(piece) = self.shape.next()? else { return Ok(None) };
        let (item, ends) = self.reading.item(piece, self.read);
        self.is_over = ends;
        self.read = self.read.saturating_add(1);
        Ok(Some(item))
    }
}

/// What makes records of pieces.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) name: Arc<str>,
    pub(crate) fallback: Option<Date>,
    /// They stand in a list or one after another, not each on a line.
    pub(crate) is_document: bool,
}

impl Reading {
    /// The record of a piece, so many others being before it, and whether nothing behind it can be
    /// trusted.
    pub(crate) fn item(&self, piece: Piece, before: u64) -> (Item, bool) {
        let name = &self.name;
        let place = if self.is_document {
            format!("{name}#/{before}")
        } else {
            format!("{name}:{}", piece.line)
        };
        let (mut fault, bytes) = match piece.content {
            Content::Fault(message, bytes) => {
                (Fault { down: 0, column: 1, message, ends: true }, bytes)
            }
            Content::Record(bytes) => match self.record(&bytes) {
                Ok(mut snapshot) => {
                    snapshot.place = place;
                    return (Item::Record(snapshot), false);
                }
                Err(fault) => (fault, bytes),
            },
        };
        let ends = fault.ends && self.is_document;
        if ends {
            fault.message = unread(&fault.message, before);
        }
        let column = if fault.down == 0 { piece.column.saturating_sub(1) } else { 0 };
        let (row, column) =
            (piece.line.saturating_add(fault.down), column.saturating_add(fault.column));
        (Item::Reject(Reject::new(name, row, column, fault.message, &bytes)), ends)
    }

    fn record(&self, bytes: &[u8]) -> Result<Box<Snapshot>, Fault> {
        let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, &error))?;
        let snapshot = Snapshot::from_json(text).map_err(|error| Fault {
            down: u64::from(error.line.saturating_sub(1)),
            column: error.column,
            message: error.message,
            ends: error.is_syntax,
        })?;
        if let Some(message) = undated(&snapshot, self.fallback) {
            return Err(Fault { down: 0, column: 1, message, ends: false });
        }
        Ok(Box::new(snapshot))
    }
}

/// What is wrong with a record, so many lines below its first.
struct Fault {
    down: u64,
    column: u32,
    message: Message,
    /// What follows it in a document cannot be trusted.
    ends: bool,
}

fn not_utf8(bytes: &[u8], error: &std::str::Utf8Error) -> Fault {
    let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let last = before.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let down = count(before.split(|&byte| byte == b'\n').skip(1).count());
    let characters = last.iter().filter(|&&byte| !matches!(byte, 0x80..=0xbf)).count();
    let column = u32::try_from(characters).unwrap_or(u32::MAX).saturating_add(1);
    let message =
        Message::new("chữ ở đây không phải Unicode (UTF-8)", "the text here is not UTF-8");
    Fault { down, column, message, ends: false }
}

fn unread(message: &Message, before: u64) -> Message {
    Message::new(
        format!("{}; đã đọc {before} bản ghi trước chỗ này, phần sau không đọc được", message.vi),
        format!("{}; {before} records were read before it, the rest cannot be", message.en),
    )
}
