//! Tables of text: CSV with commas, semicolons or tabs.
//!
//! Enters: UTF-8. Leaves: a [`Header`] and rows below it. The one idea: the header decides, what
//! separates cells as well as what they hold; every row below it has as many cells.

mod cell;
pub(crate) mod entities;
mod format;
mod header;
mod record;
mod rows;
mod sheet;

use std::io::{self, BufRead, Cursor, Read};
use std::sync::Arc;

use chitieu::diagnostic::Message;
use chitieu::snapshot::column_letters;

use crate::IoError;
use crate::paths::read_error;
use crate::stream::{Peeked, skip_mark};
pub use cell::Cell;
pub use format::Prover;
pub(crate) use format::prove;
pub(crate) use header::{Column, Field, Header, Kind, attribute, field};
pub(crate) use record::{Records, raw};
use rows::{Fault, Row, Rows};
pub(crate) use rows::{ROW_BYTES, parser};
pub use sheet::{Role, Sheet, SheetRows};

/// What may stand between cells.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A table whose header was read.
pub(crate) struct Table<R> {
    pub(crate) header: Arc<Header>,
    separator: u8,
    rows: Rows<Peeked<R>>,
}

/// Whether a text begins with a header that names entities.
pub(crate) fn is_table(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let end = head.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(head.len());
    let line = head.get(..end).unwrap_or_default();
    line.to_ascii_lowercase().starts_with(b"sep=")
        || SEPARATORS.iter().any(|separator| {
            first_row(line, *separator, |_, cells| header::names_entity(cells)).unwrap_or(false)
        })
}

impl<R: BufRead> Table<R> {
    /// Reads the header; nothing where there is no row at all.
    pub(crate) fn open(name: &str, mut input: R, kind: Kind) -> Result<Option<Self>, IoError> {
        let Some(Begun { header, separator, number, head }) = begin(name, &mut input, kind)? else {
            return Ok(None);
        };
        let rows = Rows::new(Cursor::new(head).chain(input), separator, number);
        let mut table = Self { header: Arc::new(header), separator, rows };
        table.rows.next().map_err(|source| read_error(name, source))?;
        Ok(Some(table))
    }

    /// Rows of a table whose header was read before, by a parser that may have parsed other rows;
    /// `number` is that of the first of them.
    pub(crate) fn of(
        header: Arc<Header>,
        parser: csv_core::Reader,
        separator: u8,
        number: u64,
        input: R,
    ) -> Self {
        let input = Cursor::new(Vec::new()).chain(input);
        Self { header, separator, rows: Rows::by(parser, input, number) }
    }

    /// The parser, for other rows.
    pub(crate) fn into_parser(self) -> csv_core::Reader {
        self.rows.into_parser()
    }

    /// The next row in which something stands.
    pub(crate) fn next(&mut self) -> io::Result<Option<(&Header, Sound<'_>)>> {
        let (width, separator) = (self.header.columns.len(), self.separator);
        let row = self.rows.next_full()?;
        Ok(row.map(|row| (&*self.header, sound(row, width, separator))))
    }
}

/// A table whose header was read.
pub(crate) struct Begun {
    pub(crate) header: Header,
    pub(crate) separator: u8,
    /// The number of the header's row.
    pub(crate) number: u64,
    /// The header and what was read with it.
    pub(crate) head: Vec<u8>,
}

/// Reads the header; nothing where there is no row at all.
pub(crate) fn begin(
    name: &str,
    input: &mut impl BufRead,
    kind: Kind,
) -> Result<Option<Begun>, IoError> {
    let failed = |source| read_error(name, source);
    skip_mark(input).map_err(failed)?;
    let (mut head, mut number) = (Vec::new(), 1);
    next_line(input, &mut head, &mut number).map_err(failed)?;
    let declared = declared_separator(&head);
    if declared.is_some() {
        head.clear();
        number += 1;
        next_line(input, &mut head, &mut number).map_err(failed)?;
    }
    if head.trim_ascii().is_empty() {
        return Ok(None);
    }
    let separator = declared.unwrap_or_else(|| separator_of(&head));
    let at = |column: Option<u32>, message| IoError::Table {
        place: place(name, number, column),
        message,
    };
    let read = |row: Row<'_>, cells: &[&str]| match row.fault {
        Some(Fault::Unclosed) => Err((None, unclosed())),
        Some(Fault::TooLong) => Err((None, too_long())),
        None => Header::read(cells, kind),
    };
    let header = first_row(&head, separator, read).unwrap_or_else(|| Err((None, not_utf8())));
    let header = header.map_err(|(column, message)| at(column, message))?;
    Ok(Some(Begun { header, separator, number, head }))
}

/// A row, or what is wrong with it.
pub(crate) struct Sound<'a> {
    pub(crate) row: Row<'a>,
    /// The column, from 1, and what is wrong there.
    pub(crate) fault: Option<(u32, Message)>,
}

fn sound(row: Row<'_>, width: usize, separator: u8) -> Sound<'_> {
    let count = row.ends.len();
    let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    let fault = match row.fault {
        Some(Fault::Unclosed) => Some((number(count.max(1)), unclosed())),
        Some(Fault::TooLong) => Some((1, too_long())),
        None if count != width => {
            Some((number(count.min(width) + 1), ragged(count, width, separator)))
        }
        None => row
            .cells()
            .zip(1..)
            .find(|(cell, _)| cell.is_none())
            .map(|(_, column)| (column, not_utf8())),
    };
    Sound { row, fault }
}

/// `tệp.csv:12:C`: the row and the column as a spreadsheet shows them.
pub(crate) fn place(name: &str, row: u64, column: Option<u32>) -> String {
    match column {
        Some(column) => format!("{name}:{row}:{}", column_letters(column)),
        None => format!("{name}:{row}"),
    }
}

/// Reads a row, passing over blank lines before it, and all lines that its quotes span.
fn next_line(input: &mut impl BufRead, head: &mut Vec<u8>, number: &mut u64) -> io::Result<()> {
    let mut is_quoted = false;
    loop {
        let from = head.len();
        let limit = u64::try_from(ROW_BYTES).unwrap_or(u64::MAX);
        let read = line(&mut input.take(limit), head)?;
        if read == 0 || head.len() > ROW_BYTES {
            return Ok(());
        }
        let added = head.get(from..).unwrap_or_default();
        if from == 0 && added.trim_ascii().is_empty() {
            head.clear();
            *number += 1;
            continue;
        }
        is_quoted = added.iter().fold(is_quoted, |is_quoted, byte| is_quoted ^ (*byte == b'"'));
        if !is_quoted {
            return Ok(());
        }
    }
}

/// Reads a line with its end: `\n`, `\r\n` or `\r`.
fn line(input: &mut impl BufRead, into: &mut Vec<u8>) -> io::Result<usize> {
    let mut all = 0;
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(all);
        }
        let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let taken = end.map_or(buffer.len(), |end| end + 1);
        let last = end.and_then(|end| buffer.get(end)).copied();
        into.extend_from_slice(buffer.get(..taken).unwrap_or_default());
        input.consume(taken);
        all += taken;
        if last == Some(b'\r') && input.fill_buf()?.first() == Some(&b'\n') {
            into.push(b'\n');
            input.consume(1);
            all += 1;
        }
        if last.is_some() {
            return Ok(all);
        }
    }
}

/// The separator that Excel's first line `sep=;` declares.
fn declared_separator(line: &[u8]) -> Option<u8> {
    let line = line.trim_ascii_end();
    let line = line.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', separator] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => {
            Some(*separator)
        }
        // The tab was trimmed away.
        [s, e, p, b'='] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => Some(b'\t'),
        _ => None,
    }
}

/// What separates the cells of a header: what makes a header of it, else what stands most often.
fn separator_of(head: &[u8]) -> u8 {
    let rank = |separator: u8| {
        first_row(head, separator, |_, cells| (header::names_entity(cells), cells.len()))
    };
    // Of equal ranks the last counts; the comma is the last resort.
    SEPARATORS.into_iter().rev().max_by_key(|separator| rank(*separator)).unwrap_or(b',')
}

/// What is made of a text's first row and its cells; nothing where they are not UTF-8.
fn first_row<T>(text: &[u8], separator: u8, make: impl FnOnce(Row<'_>, &[&str]) -> T) -> Option<T> {
    let mut rows = Rows::new(text, separator, 1);
    let row = rows.next().ok()??;
    let cells: Vec<&str> = row.cells().collect::<Option<_>>()?;
    Some(make(row, &cells))
}

fn unclosed() -> Message {
    Message::new(
        "dấu ngoặc kép mở trong ô này không đóng; phần sau không đọc được",
        "the quote that opens in this cell is not closed; what follows cannot be read",
    )
}

pub(crate) fn too_long() -> Message {
    let limit = ROW_BYTES >> 20;
    Message::new(
        format!("hàng dài quá {limit} MiB; phần sau không đọc được"),
        format!("the row is longer than {limit} MiB; what follows cannot be read"),
    )
}

fn ragged(count: usize, width: usize, separator: u8) -> Message {
    let (mut vi, mut en) = (
        format!("hàng có {count} ô mà tiêu đề có {width} cột"),
        format!("the row has {count} cells and the header {width} columns"),
    );
    if count > width && separator == b',' {
        vi.push_str("; số có dấu phẩy phải đặt trong ngoặc kép");
        en.push_str("; a number with a comma must stand in quotes");
    }
    Message::new(vi, en)
}

fn not_utf8() -> Message {
    Message::new(
        "chữ ở đây không phải Unicode (UTF-8); hãy lưu lại tệp dạng CSV UTF-8",
        "the text here is not UTF-8; save the file as CSV UTF-8",
    )
}

/// All rows of a text with their numbers, for tests of those who cut it.
#[cfg(test)]
pub(crate) fn all_rows(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
    let mut rows = Rows::new(bytes, b',', 1);
    let mut all = Vec::new();
    while let Ok(Some(row)) = rows.next() {
        let cells = row.cells().map(|cell| cell.unwrap_or_default().to_owned()).collect();
        all.push((row.number, cells));
    }
    all
}
