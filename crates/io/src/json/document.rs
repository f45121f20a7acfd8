//! An array of records, or records one after another, spread over lines as the writer liked.

use std::io::{self, BufRead};

use chitieu::diagnostic::Message;

use super::lines::too_long;
use super::{Content, Piece, RECORD_BYTES, SHOWN};

/// Where in the document the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
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

/// What follows in a document.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// A mark, and where it leads.
    Mark(State),
    /// A record, and what the place behind it is.
    Record(State),
    /// What may not stand there.
    Fault(Message),
    /// Nothing.
    End,
}

impl State {
    /// What follows, by the next byte that is no white space.
    pub(crate) fn turn(self, next: Option<u8>) -> Turn {
        match (self, next) {
            (Self::Over, _) | (Self::Start | Self::Loose | Self::Closed, None) => Turn::End,
            (Self::Start, Some(b'[')) => Turn::Mark(Self::Opened),
            (Self::Opened | Self::Listed, Some(b']')) => Turn::Mark(Self::Closed),
            (Self::Listed, Some(b',')) => Turn::Mark(Self::Comma),
            (Self::Start | Self::Loose, Some(_)) => Turn::Record(Self::Loose),
            (Self::Opened, Some(_)) => Turn::Record(Self::Listed),
            (Self::Comma, Some(other)) if other != b']' => Turn::Record(Self::Listed),
            (state, _) => Turn::Fault(between(state, next.is_none())),
        }
    }
}

/// Bytes of a document in memory, gone through.
#[derive(Debug)]
pub(crate) struct Walk<'b> {
    bytes: &'b [u8],
    /// What stands before it was passed.
    pub(crate) at: usize,
    pub(crate) state: State,
}

impl<'b> Walk<'b> {
    pub(crate) const fn new(bytes: &'b [u8], state: State) -> Self {
        Self { bytes, at: 0, state }
    }

    /// What was not passed yet.
    pub(crate) fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Passes over white space and marks to what follows. Behind the bytes stands nothing where
    /// they are the end of the document, else what nobody knows yet.
    pub(crate) fn turn(&mut self, is_end: bool) -> Turn {
        loop {
            self.at = self.bytes.len() - self.rest().trim_ascii_start().len();
            let next = self.bytes.get(self.at).copied();
            if next.is_none() && !is_end {
                return Turn::End;
            }
            match self.state.turn(next) {
                Turn::Mark(state) => self.pass(1, state),
                turn => return turn,
            }
        }
    }

    /// How long the record is that begins here, where its end can be seen.
    pub(crate) fn record(&self) -> Option<usize> {
        let (len, is_whole) = Ending::default().take(self.rest());
        is_whole.then_some(len)
    }

    /// Passes over so many bytes.
    pub(crate) const fn pass(&mut self, bytes: usize, state: State) {
        self.at = self.at.saturating_add(bytes);
        self.state = state;
    }
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

    /// The text, none of which was read yet.
    pub(crate) fn into_input(self) -> R {
        self.input
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        if self.state == State::Over {
            return Ok(None);
        }
        loop {
            let next = self.peek()?;
            match self.state.turn(next) {
                Turn::End => return Ok(None),
                Turn::Record(state) => return self.record(state),
                Turn::Mark(state) => {
                    self.state = state;
                    self.advance(1)?;
                }
                Turn::Fault(message) => {
                    let (line, column) = (self.line, self.column);
                    self.state = State::Over;
                    let content = Content::Fault(message, self.rest());
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
        let (mut bytes, mut ending) = (Vec::new(), Ending::default());
        loop {
            let buffer = self.input.fill_buf()?;
            let (taken, done) = ending.take(buffer);
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
    fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Nothing more is wanted of a stream that breaks here.
        while let Ok(buffer) = self.input.fill_buf()
            && !buffer.is_empty()
            && bytes.len() < SHOWN
        {
            let count = buffer.len().min(SHOWN - bytes.len());
            bytes.extend_from_slice(buffer.get(..count).unwrap_or_default());
            self.input.consume(count);
        }
        bytes
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

/// How many bytes stand before the first quote or bracket; eight are looked at at once.
fn unmarked(bytes: &[u8]) -> usize {
    const fn all(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    // The lowest bit that is left is that of the first byte that is zero.
    const fn zeros(word: u64) -> u64 {
        word.wrapping_sub(all(1)) & !word & all(0x80)
    }
    let (words, rest) = bytes.as_chunks();
    for (place, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // Square brackets and braces differ in this bit alone.
        let brackets = word | all(b'[' ^ b'{');
        let found =
            zeros(word ^ all(b'"')) | zeros(brackets ^ all(b'{')) | zeros(brackets ^ all(b'}'));
        if found != 0 {
            return 8 * place + found.trailing_zeros() as usize / 8;
        }
    }
    let is_mark = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']');
    bytes.len() - rest.len() + rest.iter().position(is_mark).unwrap_or(rest.len())
}

/// Finds the end of one value by its brackets and quotes alone.
#[derive(Debug, Default)]
struct Ending {
    depth: usize,
    in_text: bool,
    is_escaped: bool,
    /// The value began with neither bracket nor quote and ends before one, a comma or a space.
    is_word: bool,
}

impl Ending {
    /// How many bytes belong to the value, and whether it ends with them.
    fn take(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        loop {
            if self.depth > 0 && !self.in_text {
                at += unmarked(bytes.get(at..).unwrap_or_default());
            }
            let Some(&byte) = bytes.get(at) else { break };
            if self.in_text {
                let Some(len) = self.text(bytes.get(at..).unwrap_or_default()) else { break };
                at += len;
                self.in_text = false;
                if self.depth == 0 {
                    return (at, true);
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
            at += 1;
        }
        (bytes.len(), false)
    }

    /// How many bytes the rest of a text has with its closing quote, where that is among them.
    fn text(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = usize::from(std::mem::take(&mut self.is_escaped));
        loop {
            at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
            if bytes.get(at) == Some(&b'"') {
                return Some(at + 1);
            }
            at += 2;
            self.is_escaped = at > bytes.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_they_stand() {
        for byte in 0..=u8::MAX {
            for other in [b'x', b'!', b'#', b'|', 0x80, 0xa2, 0xdb, 0] {
                for at in 0..20 {
                    let mut bytes = [other; 20];
                    bytes[at] = byte;
                    let expected = if b"\"[]{}".contains(&byte) { at } else { 20 };
                    assert_eq!(unmarked(&bytes), expected, "{byte} {other} {at}");
                    bytes[at..].fill(byte);
                    assert_eq!(unmarked(&bytes), expected, "{byte} {other} {at}");
                }
            }
        }
    }

    #[test]
    fn values_end_alike_wherever_they_are_cut() {
        let texts = [
            r#"{"a\\":"\"}]","b":[1,{"c":"[\\\"{"}]} x"#,
            r#""a\\\"b" "#,
            "truex,",
            "12]",
            "}x",
            ",",
            r#"[[[["]"]]],1] "#,
        ];
        let ends = [37, 8, 5, 2, 1, 1, 13];
        for (text, end) in texts.into_iter().zip(ends) {
            let bytes = text.as_bytes();
            assert_eq!(Ending::default().take(bytes), (end, true), "{text}");
            for at in 0..end {
                let mut ending = Ending::default();
                assert_eq!(ending.take(&bytes[..at]), (at, false), "{text} {at}");
                assert_eq!(ending.take(&bytes[at..]), (end - at, true), "{text} {at}");
            }
        }
    }
}
