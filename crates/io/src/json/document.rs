//! An array of records, or records one after another, spread over lines as the writer liked.

use std::io::{self, BufRead};

use chitieu::diagnostic::Message;

use super::lines::too_long;
use super::{Content, Piece, RECORD_BYTES};

/// Where in the document the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first record.
    Start,
    /// Behind `[`: a record or `]`.
    Opened,
    /// Behind a record of an array: `,` or `]`.
    Listed,
    /// Behind a `,`: a record.
    Comma,
    /// Behind a record that stands in no array.
    Loose,
    /// Behind `]`.
    Closed,
    /// Nothing more can be read.
    Over,
}

/// The records of a document.
#[derive(Debug)]
pub(crate) struct Documents<R> {
    input: R,
    state: State,
    line: u64,
    column: u32,
}

impl<R: BufRead> Documents<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, state: State::Start, line: 1, column: 1 }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        loop {
            let next = self.peek()?;
            let (state, fault) = match (self.state, next) {
                (State::Over, _) | (State::Start | State::Loose | State::Closed, None) => {
                    return Ok(None);
                }
                (State::Start, Some(b'[')) => (State::Opened, None),
                (State::Opened | State::Listed, Some(b']')) => (State::Closed, None),
                (State::Listed, Some(b',')) => (State::Comma, None),
                (State::Start | State::Loose, Some(_)) => return self.record(State::Loose),
                (State::Opened, Some(_)) => return self.record(State::Listed),
                (State::Comma, Some(other)) if other != b']' => return self.record(State::Listed),
                (state, _) => (State::Over, Some(between(state, next.is_none()))),
            };
            let (line, column) = (self.line, self.column);
            self.state = state;
            match fault {
                None => self.advance(1)?,
                Some(message) => {
                    let content = Content::Fault(message, self.rest()?);
                    return Ok(Some(Piece { line, column, content }));
                }
            }
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let buffer = self.input.fill_buf()?;
            let blank = buffer.len() - buffer.trim_ascii_start().len();
            match buffer.get(blank).copied() {
                Some(byte) => {
                    self.advance(blank)?;
                    return Ok(Some(byte));
                }
                None if buffer.is_empty() => return Ok(None),
                None => self.advance(blank)?,
            }
        }
    }

    /// Passes over bytes of the buffer and counts lines and columns.
    fn advance(&mut self, count: usize) -> io::Result<()> {
        let buffer = self.input.fill_buf()?;
        for byte in buffer.iter().take(count) {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.column = 1;
                }
                // The bytes behind the first of a character do not count.
                0x80..=0xbf => {}
                _ => self.column = self.column.saturating_add(1),
            }
        }
        self.input.consume(count);
        Ok(())
    }

    fn record(&mut self, state: State) -> io::Result<Option<Piece>> {
        let (line, column) = (self.line, self.column);
        let (mut bytes, mut cutter) = (Vec::new(), Cutter::default());
        loop {
            let buffer = self.input.fill_buf()?;
            let (taken, done) = cutter.take(buffer);
            bytes.extend_from_slice(buffer.get(..taken).unwrap_or_default());
            let done = done || buffer.is_empty();
            self.advance(taken)?;
            if bytes.len() > RECORD_BYTES {
                self.state = State::Over;
                return Ok(Some(Piece { line, column, content: too_long(&bytes) }));
            }
            if done {
                self.state = state;
                return Ok(Some(Piece { line, column, content: Content::Record(bytes) }));
            }
        }
    }

    /// A little of what follows, for the message.
    fn rest(&mut self) -> io::Result<Vec<u8>> {
        let buffer = self.input.fill_buf()?;
        Ok(buffer.get(..1_000.min(buffer.len())).unwrap_or_default().to_owned())
    }
}

fn between(state: State, is_end: bool) -> Message {
    match (state, is_end) {
        (State::Closed, _) => Message::new(
            "JSON sai: còn chữ sau dấu `]` đóng danh sách",
            "broken JSON: there is more behind the closing `]`",
        ),
        (State::Comma, false) => Message::new(
            "JSON sai: thừa dấu phẩy trước `]`",
            "broken JSON: a comma too many before `]`",
        ),
        (_, true) => Message::new(
            "JSON sai: danh sách không có `]` đóng",
            "broken JSON: the list is not closed by `]`",
        ),
        _ => Message::new(
            "JSON sai: thiếu `,` giữa hai bản ghi",
            "broken JSON: a `,` is missing between two records",
        ),
    }
}

/// Finds the end of one value by its brackets and quotes alone.
#[derive(Debug, Default)]
struct Cutter {
    depth: usize,
    in_text: bool,
    is_escaped: bool,
    /// The value began with neither bracket nor quote and ends before one, a comma or a space.
    is_word: bool,
}

impl Cutter {
    /// How many bytes belong to the value, and whether it ends with them.
    fn take(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, &byte) in bytes.iter().enumerate() {
            if self.in_text {
                match byte {
                    _ if self.is_escaped => self.is_escaped = false,
                    b'\\' => self.is_escaped = true,
                    b'"' => self.in_text = false,
                    _ => {}
                }
                if !self.in_text && self.depth == 0 {
                    return (at + 1, true);
                }
                continue;
            }
            match byte {
                b'{' | b'[' | b'"' | b'}' | b']' | b',' if self.is_word => return (at, true),
                _ if self.is_word && byte.is_ascii_whitespace() => return (at, true),
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' | b',' if self.depth == 0 => return (at + 1, true),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                _ => self.is_word = self.depth == 0,
            }
        }
        (bytes.len(), false)
    }
}
