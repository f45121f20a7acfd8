//! Tables cut into rows, for many threads.
//!
//! Enters: a table whose header was read. Leaves: chunks of whole rows; in a long table, of whole
//! snapshots. The one idea: the thread that cuts looks at quotes and line ends alone; of a long
//! table also at the rows around a cut. Invariant: no row is parted, and every row keeps the number
//! that a spreadsheet shows.

use std::collections::HashMap;
use std::io::{BufRead, Chain, Cursor, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chitieu::calendar::{self, Date};
use chitieu::number::Format;
use chitieu::snapshot::composed_id;
use chitieu::text;

use super::cut::{Chunk, Cutter, Found, Marks, Size};
use super::{Cut, Keep, Making, Source, long, rows, wide};
use crate::paths::read_error;
use crate::table::{self, Begun, Column, Field, Header, ROW_BYTES, Table};
use crate::{IoError, Item, Options, Reject};

/// What is the same for all parts of a table.
pub(super) struct Frame {
    pub(super) name: Arc<str>,
    pub(super) header: Arc<Header>,
    pub(super) separator: u8,
    /// What finds the cells of rows of any kind, where nobody uses it.
    parsers: Mutex<Vec<csv_core::Reader>>,
    /// How its numbers are written.
    pub(super) format: Option<Format>,
    pub(super) fallback: Option<Date>,
}

impl Frame {
    /// The mark before decimals.
    pub(super) fn mark(&self) -> u8 {
        match self.format.unwrap_or_default() {
            Format::Vi => b',',
            Format::En => b'.',
        }
    }

    /// Reads rows of any kind; the first has this number.
    pub(super) fn general(&self, bytes: &[u8], number: u64, mut take: impl FnMut(Item)) {
        let spare = self.parsers().pop();
        let parser = spare.unwrap_or_else(|| table::parser(self.separator));
        let table = Table::of(Arc::clone(&self.header), parser, self.separator, number, bytes);
        let name = Arc::clone(&self.name);
        let mut records = table::Records::of(name, table, self.format, self.fallback);
        // Bytes in memory are read without a fault.
        while let Ok(Some(item)) = records.next() {
            take(item);
        }
        self.parsers().push(records.into_parser());
    }

    fn parsers(&self) -> MutexGuard<'_, Vec<csv_core::Reader>> {
        self.parsers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whom a row speaks of, by its composed id, and as of which day; nothing where it is no
    /// record.
    fn key(&self, row: &[u8]) -> Option<(String, Date)> {
        let mut key = None;
        self.general(row, 1, |item| {
            if let Item::Record(record) = item {
                let day = record.as_of().or(self.fallback);
                key = day.map(|day| (composed_id(&record.entity).into_owned(), day));
            }
        });
        key
    }
}

/// A table being cut.
pub(super) struct Rows<R> {
    frame: Arc<Frame>,
    cutter: Cutter<Chain<Cursor<Vec<u8>>, R>>,
    /// How many rows were cut off, the header among them.
    row: u64,
    is_over: bool,
}

impl<R: BufRead + Send> Rows<R> {
    /// A table; nothing where it is empty.
    pub(super) fn open(
        name: &str,
        mut input: R,
        format: Option<Format>,
        options: Options,
        size: Size,
    ) -> Result<Option<Self>, IoError> {
        let begun = table::begin(name, &mut input, table::Kind::Records)?;
        let Some(Begun { header, separator, number, head }) = begun else { return Ok(None) };
        let behind = head.get(rows::row_end(&head, separator)..).unwrap_or_default().to_vec();
        let cutter = Cutter::new(Cursor::new(behind).chain(input), size, ROW_BYTES).with_quotes();
        let (header, fallback) = (Arc::new(header), options.fallback);
        let (name, parsers) = (name.into(), Mutex::default());
        let frame = Arc::new(Frame { name, header, separator, parsers, format, fallback });
        Ok(Some(Self { frame, cutter, row: number, is_over: false }))
    }
}

impl<R: BufRead + Send> Source for Rows<R> {
    fn next(&mut self) -> Result<Option<Box<dyn Cut>>, IoError> {
        if self.is_over {
            return Ok(None);
        }
        let frame = &self.frame;
        let place = |bytes: &[u8], marks: Marks| {
            let end = if marks.may_quote {
                rows::last_end(bytes, frame.separator)?
            } else {
                memchr::memrchr(b'\n', bytes)? + 1
            };
            if !frame.header.is_long {
                return Some(end);
            }
            match before_last(frame, bytes.get(..end)?, marks) {
                // A snapshot as long as a row may be is parted.
                None if bytes.len() >= ROW_BYTES => Some(end),
                found => found,
            }
        };
        let found =
            self.cutter.next(place).map_err(|source| read_error(&self.frame.name, source))?;
        let before = self.row;
        let chunk = match found {
            None => return Ok(None),
            Some(Found::Whole(chunk)) => chunk,
            Some(Found::Endless(chunk)) => {
                self.is_over = true;
                let head = chunk.bytes().get(..1_000).unwrap_or_default().to_vec();
                let frame = Arc::clone(&self.frame);
                return Ok(Some(Box::new(Endless { frame, row: before + 1, head })));
            }
        };
        let marks = chunk.marks();
        let rows = if marks.may_quote {
            rows::count(chunk.bytes(), self.frame.separator)
        } else {
            u64::try_from(marks.newlines).unwrap_or(u64::MAX)
        };
        self.row = before.saturating_add(rows);
        Ok(Some(Box::new(Part { frame: Arc::clone(&self.frame), chunk, before })))
    }
}

/// Where the rows of the last entity and day begin; nothing where all rows are of one.
fn before_last(frame: &Frame, bytes: &[u8], marks: Marks) -> Option<usize> {
    let mut ends = RowEnds::of(bytes, marks, frame.separator);
    let mut end = bytes.len();
    let mut last: Option<((String, Date), &[u8])> = None;
    while let Some(start) = ends.before(end) {
        let row = bytes.get(start..end)?;
        let is_same = last.as_ref().is_some_and(|(_, begins)| row.starts_with(begins));
        // A row that is no record belongs to what stands around it.
        if !is_same && let Some(key) = frame.key(row) {
            match &last {
                Some((known, _)) if *known != key => return Some(end),
                _ => last = Some((key, beginning(frame, row).unwrap_or(row))),
            }
        }
        end = start;
        if start == 0 {
            break;
        }
    }
    None
}

/// The beginning of a row that holds its entity and its day, where those stand there plainly.
fn beginning<'b>(frame: &Frame, row: &'b [u8]) -> Option<&'b [u8]> {
    let find = |field| frame.header.find(field);
    let (entity, day) = (find(Field::Entity)?, find(Field::AsOf)?);
    let mut at = 0;
    for _ in 0..=entity.max(day) {
        let (_, len) = rows::cell(row.get(at..)?, frame.separator)?;
        at += len + 1;
    }
    row.get(..at)
}

/// The ends of rows, from the last to the first.
enum RowEnds<'b> {
    /// No quote: every break ends a row.
    Plain(&'b [u8]),
    Starts(Vec<usize>),
}

impl<'b> RowEnds<'b> {
    fn of(bytes: &'b [u8], marks: Marks, separator: u8) -> Self {
        if !marks.may_quote {
            return Self::Plain(bytes);
        }
        let (mut at, mut starts) = (0, Vec::new());
        while at < bytes.len() {
            starts.push(at);
            at += rows::row_end(bytes.get(at..).unwrap_or_default(), separator).max(1);
        }
        Self::Starts(starts)
    }

    /// Where the row begins that ends here.
    fn before(&mut self, end: usize) -> Option<usize> {
        match self {
            Self::Plain(bytes) => {
                let row = bytes.get(..end.checked_sub(1)?)?;
                Some(memchr::memrchr(b'\n', row).map_or(0, |at| at + 1))
            }
            Self::Starts(starts) => starts.pop(),
        }
    }
}

/// A row without end.
struct Endless {
    frame: Arc<Frame>,
    row: u64,
    head: Vec<u8>,
}

impl Cut for Endless {
    fn read(self: Box<Self>, making: &mut Making<'_, '_>) {
        let reason = table::too_long();
        let reject = Reject::new(&self.frame.name, self.row, 1, reason, &self.head);
        making.item(Item::Reject(reject), false);
    }
}

/// Some rows.
struct Part {
    frame: Arc<Frame>,
    chunk: Chunk,
    /// How many rows of the file stand before them.
    before: u64,
}

impl Cut for Part {
    fn read(self: Box<Self>, making: &mut Making<'_, '_>) {
        let (frame, bytes) = (&*self.frame, self.chunk.bytes());
        let joins = frame.header.is_long;
        match making.worker.keep {
            Keep::Records => {
                frame.general(bytes, self.before + 1, |item| making.item(item, joins));
            }
            Keep::Figures if joins => long::read(frame, bytes, self.before, making),
            Keep::Figures => wide::read(frame, bytes, self.before, making),
        }
    }
}

/// Times as cells write them, each read once.
#[derive(Debug, Default)]
pub(super) struct Days {
    /// The one read last.
    last: Option<(Vec<u8>, Date)>,
    known: HashMap<Vec<u8>, Date>,
}

impl Days {
    /// The last day of a time; nothing where it cannot be read.
    pub(super) fn day(&mut self, cell: &[u8]) -> Option<Date> {
        if let Some((written, day)) = &self.last
            && written == cell
        {
            return Some(*day);
        }
        let day = if let Some(day) = self.known.get(cell) {
            *day
        } else {
            let written = std::str::from_utf8(cell).ok()?.trim();
            let day = calendar::parse(&text::normal(written)).ok()?.last?;
            self.known.insert(cell.to_vec(), day);
            day
        };
        self.last = Some((cell.to_vec(), day));
        Some(day)
    }
}

/// Whether columns of this kind may hold any text.
pub(super) fn is_text(column: &Column) -> bool {
    matches!(
        column,
        Column::Attribute(_) | Column::Field(Field::Name | Field::Parent | Field::Source)
    )
}
