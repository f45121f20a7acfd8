//! Pieces of JSON to records, each with its place.
//!
//! Enters: a stream. Leaves: each record, or why it is none. The one idea: the library reads the
//! record; where it finds a fault in broken JSON, nothing behind it in a document can be trusted.

use std::io::{self, BufRead};

use chitieu::Snapshot;
use chitieu::calendar::Date;
use chitieu::diagnostic::Message;

use super::{Content, Piece, Shape};
use crate::data::{Taker, undated};
use crate::stream::Peeked;

/// Reads all records of a stream; `lines` says that each stands on a line of its own.
pub(crate) fn read(
    input: impl BufRead,
    lines: bool,
    fallback: Option<Date>,
    taker: &mut Taker<'_>,
) -> io::Result<()> {
    let mut shape = Shape::tell(input, lines)?;
    let mut reader = Reader { fallback, taker };
    while let Some(piece) = shape.next()? {
        let goes_on = reader.piece(&shape, piece);
        if !goes_on && matches!(shape, Shape::Documents(_)) {
            break;
        }
    }
    Ok(())
}

/// One stream being read.
struct Reader<'a, 't> {
    fallback: Option<Date>,
    taker: &'a mut Taker<'t>,
}

impl Reader<'_, '_> {
    /// Hands on one piece; whether what follows it can be trusted.
    fn piece<R>(&mut self, shape: &Shape<Peeked<R>>, piece: Piece) -> bool {
        let (name, before) = (self.taker.name, self.taker.read);
        let place = match shape {
            Shape::Lines(_) => format!("{name}:{}", piece.line),
            Shape::Documents(_) => format!("{name}#/{before}"),
        };
        let (mut fault, bytes) = match piece.content {
            Content::Fault(message, bytes) => {
                (Fault { down: 0, column: 1, message, ends: true }, bytes)
            }
            Content::Record(bytes) => match self.record(&bytes) {
                Ok(mut snapshot) => {
                    snapshot.place = place;
                    self.taker.record(snapshot);
                    return true;
                }
                Err(fault) => (fault, bytes),
            },
        };
        let goes_on = !fault.ends;
        if fault.ends && matches!(shape, Shape::Documents(_)) {
            fault.message = unread(&fault.message, before);
        }
        let column = if fault.down == 0 { piece.column.saturating_sub(1) } else { 0 };
        let (row, column) =
            (piece.line.saturating_add(fault.down), column.saturating_add(fault.column));
        self.taker.reject(row, column, fault.message, &bytes);
        goes_on
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
