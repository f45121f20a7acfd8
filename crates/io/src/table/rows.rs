//! CSV cut into rows, each with the number that a spreadsheet shows.
//!
//! Enters: text and its separator. Leaves: the cells of one row after the other. The one idea: the
//! parser of the csv crate finds the cells, and the line ends that it passes over between rows are
//! counted beside it, so that blank lines and line ends within quotes number the rows rightly.
//! Invariant: memory holds one row, and a row is bounded.

use std::io::{self, BufRead};

use csv_core::{ReadRecordResult as Found, Reader, ReaderBuilder};

/// A longer row is no row.
pub(crate) const ROW_BYTES: usize = 64 << 20;

/// What finds the cells of rows. Making one costs as much as parsing some hundred rows.
pub(crate) fn parser(separator: u8) -> Reader {
    ReaderBuilder::new().delimiter(separator).build()
}

/// The rows of a table.
pub(crate) struct Rows<R> {
    /// The text and a newline behind it, which ends every row but one within quotes.
    input: io::Chain<R, &'static [u8]>,
    parser: Reader,
    cells: Vec<u8>,
    ends: Vec<usize>,
    /// The number of the next row, from 1.
    next: u64,
    /// The last byte was a carriage return: a newline behind it belongs to it.
    after_return: bool,
    is_over: bool,
    /// A row of more bytes is cut off.
    limit: usize,
    /// The number and the fault of the row that was read last, and how much of the buffers it has.
    last: Option<(u64, Option<Fault>, Reading)>,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row<'a> {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// Its cells, without quotes, one behind the other.
    pub(crate) cells: &'a [u8],
    /// Where each cell ends.
    pub(crate) ends: &'a [usize],
    /// What is wrong with it; nothing behind such a row can be trusted.
    pub(crate) fault: Option<Fault>,
}

/// Why nothing behind a row can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A quote in the last cell is not closed.
    Unclosed,
    /// The row has no end.
    TooLong,
}

/// How far a row has been read.
#[derive(Debug, Clone, Copy, Default)]
struct Reading {
    bytes: usize,
    cells: usize,
    has_begun: bool,
}

impl<R: BufRead> Rows<R> {
    /// Rows of a text without a byte order mark; `first` is the number of its first row.
    pub(crate) fn new(input: R, separator: u8, first: u64) -> Self {
        Self::by(parser(separator), input, first)
    }

    /// As [`Rows::new`], by a parser that may have parsed other rows.
    pub(crate) fn by(mut parser: Reader, input: R, first: u64) -> Self {
        parser.reset();
        Self {
            input: input.chain(b"\n"),
            parser,
            cells: vec![0; 1 << 14],
            ends: vec![0; 1 << 8],
            next: first,
            after_return: false,
            is_over: false,
            limit: ROW_BYTES,
            last: None,
        }
    }

    /// The parser, for other rows.
    pub(crate) fn into_parser(self) -> Reader {
        self.parser
    }

    /// The next row; lines without anything are none.
    pub(crate) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        self.last = self.read()?;
        Ok(self.last())
    }

    /// The next row in which something stands.
    pub(crate) fn next_full(&mut self) -> io::Result<Option<Row<'_>>> {
        loop {
            self.last = self.read()?;
            if !self.last().is_some_and(Row::is_blank) {
                return Ok(self.last());
            }
        }
    }

    fn read(&mut self) -> io::Result<Option<(u64, Option<Fault>, Reading)>> {
        let mut reading = Reading::default();
        while !self.is_over {
            let found = self.read_on(&mut reading)?;
            if found == Found::End {
                self.is_over = true;
            } else if reading.bytes > self.limit {
                self.is_over = true;
                return Ok(Some((self.next, Some(Fault::TooLong), reading)));
            }
            match found {
                Found::OutputFull => self.cells.resize(2 * self.cells.len(), 0),
                Found::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                Found::Record => {
                    // The newline at the end was read and the row goes on: it stands in quotes.
                    let fault = self.is_over.then_some(Fault::Unclosed);
                    let number = self.next;
                    self.next = self.next.saturating_add(1);
                    return Ok(Some((number, fault, reading)));
                }
                Found::InputEmpty | Found::End => {}
            }
        }
        Ok(None)
    }

    /// Reads on in one piece of the input.
    fn read_on(&mut self, reading: &mut Reading) -> io::Result<Found> {
        let piece = self.input.fill_buf()?;
        self.is_over = piece.is_empty();
        let cells = self.cells.get_mut(reading.bytes..).unwrap_or_default();
        let ends = self.ends.get_mut(reading.cells..).unwrap_or_default();
        let (found, read, bytes, count) = self.parser.read_record(piece, cells, ends);
        if matches!(found, Found::OutputFull | Found::OutputEndsFull) {
            self.is_over = false;
        }
        reading.bytes += bytes;
        reading.cells += count;
        let taken = piece.get(..read).unwrap_or_default();
        if !reading.has_begun {
            let breaks = taken.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
            for byte in breaks.clone() {
                let belongs = *byte == b'\n' && self.after_return;
                self.next = self.next.saturating_add(u64::from(!belongs));
                self.after_return = *byte == b'\r';
            }
            reading.has_begun = breaks.count() < taken.len();
        }
        if found == Found::Record {
            self.after_return = taken.last() == Some(&b'\r');
        }
        self.input.consume(read);
        Ok(found)
    }

    fn last(&self) -> Option<Row<'_>> {
        let (number, fault, reading) = self.last?;
        let cells = self.cells.get(..reading.bytes).unwrap_or_default();
        let ends = self.ends.get(..reading.cells).unwrap_or_default();
        Some(Row { number, cells, ends, fault })
    }
}

impl<'a> Row<'a> {
    /// The cells, each nothing where it is not UTF-8.
    pub(crate) fn cells(self) -> impl Iterator<Item = Option<&'a str>> {
        let text = std::str::from_utf8(self.cells);
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let range = start..end;
            start = end;
            match text {
                Ok(text) => text.get(range),
                Err(_) => std::str::from_utf8(self.cells.get(range)?).ok(),
            }
        })
    }

    /// Whether nothing stands in any cell.
    pub(crate) fn is_blank(self) -> bool {
        self.fault.is_none() && self.cells.trim_ascii_start().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// What a text gives: `number cell|cell`, with the fault behind it.
    fn rows(text: &str, separator: u8) -> Vec<String> {
        let of = |capacity: usize| {
            let input = BufReader::with_capacity(capacity, text.as_bytes());
            let mut rows = Rows::new(input, separator, 1);
            rows.cells = vec![0; 1];
            rows.ends = vec![0; 1];
            let mut all = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                let cells: Vec<&str> = row.cells().map(Option::unwrap).collect();
                let fault = row.fault.map(|fault| format!(" {fault:?}")).unwrap_or_default();
                all.push(format!("{} {}{fault}", row.number, cells.join("|")));
            }
            all
        };
        let whole = of(1 << 16);
        for capacity in 1..9 {
            assert_eq!(of(capacity), whole, "{text:?} in pieces of {capacity}");
        }
        whole
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
        let cases: [(&str, &[&str]); 12] = [
            ("a,b\nc,d\n", &["1 a|b", "2 c|d"]),
            ("a,b\r\nc,d", &["1 a|b", "2 c|d"]),
            ("a\rb\rc", &["1 a", "2 b", "3 c"]),
            ("\n\na\n\n\nb\n\n", &["3 a", "6 b"]),
            ("\r\n\r\na\r\n\r\nb\r\n", &["3 a", "5 b"]),
            ("a,\"b\nc\"\nd,e\n", &["1 a|b\nc", "2 d|e"]),
            ("a,\"b\r\nc\"\r\nd,e", &["1 a|b\r\nc", "2 d|e"]),
            ("a,\"b \"\"c\"\"\"\n,\n", &["1 a|b \"c\"", "2 |"]),
            ("a,b\nc\nd,e,f", &["1 a|b", "2 c", "3 d|e|f"]),
            ("a\nb,\"c\nd", &["1 a", "2 b|c\nd\n Unclosed"]),
            ("a\nb,\"c\n\"", &["1 a", "2 b|c\n"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(rows(text, b','), expected, "{text:?}");
        }
        assert_eq!(rows("a;b,c\n", b';'), ["1 a|b,c"]);
        assert_eq!(rows("a\tb\n", b'\t'), ["1 a|b"]);
    }

    #[test]
    fn a_row_without_end_is_a_fault() {
        let text = format!("a\n\"{}", "x\n".repeat(200_000));
        let mut rows = Rows::new(text.as_bytes(), b',', 1);
        rows.limit = 100_000;
        assert_eq!(rows.next().unwrap().unwrap().number, 1);
        let long = rows.next().unwrap().unwrap();
        assert_eq!((long.number, long.fault), (2, Some(Fault::TooLong)));
        assert_eq!(rows.next().unwrap(), None);
    }
}
