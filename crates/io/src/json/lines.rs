//! One record a line.

use std::io::{self, BufRead, Read};

use chitieu::diagnostic::Message;

use super::{Content, Piece, RECORD_BYTES, SHOWN};

/// Lines that are not blank, numbered as an editor numbers them.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    input: R,
    line: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self::behind(input, 0)
    }

    /// Lines with `line` others above them.
    pub(super) const fn behind(input: R, line: u64) -> Self {
        Self { input, line }
    }

    /// The text, none of which was read yet.
    pub(crate) fn into_input(self) -> R {
        self.input
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        loop {
            let mut bytes = Vec::new();
            if self.read(&mut bytes)? == 0 {
                return Ok(None);
            }
            self.line += 1;
            let is_long = bytes.len() >= RECORD_BYTES && !bytes.ends_with(b"\n");
            if is_long {
                self.skip()?;
            }
            let cut = bytes.trim_ascii_start().len();
            let column = u32::try_from(bytes.len() - cut).unwrap_or(u32::MAX).saturating_add(1);
            let bytes = bytes.trim_ascii();
            if bytes.is_empty() && !is_long {
                continue;
            }
            let content = if is_long { too_long(bytes) } else { Content::Record(bytes.to_owned()) };
            return Ok(Some(Piece { line: self.line, column, content }));
        }
    }

    fn read(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let limit = u64::try_from(RECORD_BYTES).unwrap_or(u64::MAX);
        self.input.by_ref().take(limit).read_until(b'\n', bytes)
    }

    /// Passes over the rest of a line.
    fn skip(&mut self) -> io::Result<()> {
        let mut rest = Vec::new();
        while self.read(&mut rest)? > 0 && !rest.ends_with(b"\n") {
            rest.clear();
        }
        Ok(())
    }
}

/// The fault of a record without end, with its beginning.
pub(crate) fn too_long(bytes: &[u8]) -> Content {
    let shown = bytes.get(..SHOWN.min(bytes.len())).unwrap_or_default();
    Content::Fault(endless(), shown.to_owned())
}

/// What is wrong with a record without end.
pub(crate) fn endless() -> Message {
    let limit = RECORD_BYTES >> 20;
    Message::new(
        format!("bản ghi dài quá {limit} MiB"),
        format!("the record is longer than {limit} MiB"),
    )
}
