//! Records that were set aside.
//!
//! Enters: rejects as they are found. Leaves: lines of NDJSON in the file asked for, else lines on
//! standard error. The one idea: none is held, so that a million of them cost nothing.

use std::io::Write;
use std::path::Path;

use chitieu::diagnostic::Message;
use chitieu_io::{IoError, Output, Reject};
use serde::Serialize;

use crate::console::{Console, Failure};

/// Where rejects go.
#[derive(Debug)]
pub(super) struct Rejects {
    file: Option<(Output, String)>,
    /// The first fault of writing; said at the end.
    fault: Option<std::io::Error>,
    /// How many were taken.
    taken: u64,
    /// So many of those that come next were taken before.
    known: u64,
    console: Console,
}

/// The fields of one line, in order.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    row: u64,
    column: u32,
    reason: &'a str,
    text: &'a str,
}

impl Rejects {
    pub(super) fn new(path: Option<&Path>, console: Console) -> Result<Self, Failure> {
        let open = |path: &Path| {
            Output::create(path).map(|output| (output, path.to_string_lossy().into_owned()))
        };
        Ok(Self { file: path.map(open).transpose()?, fault: None, taken: 0, known: 0, console })
    }

    /// The data are read again from the beginning: what was taken is not taken twice.
    pub(super) fn again(self) -> Self {
        Self { known: self.taken, taken: 0, ..self }
    }

    pub(super) fn take(&mut self, reject: &Reject) {
        self.taken = self.taken.saturating_add(1);
        if self.taken <= self.known {
            return;
        }
        let Reject { file, row, column, reason, text } = reject;
        let Some((output, _)) = &mut self.file else {
            self.console.error(&Message::new(
                format!("{file}:{row}:{column}: bản ghi bị loại: {}", reason.vi),
                format!("{file}:{row}:{column}: record rejected: {}", reason.en),
            ));
            return;
        };
        let reason = reason.get(self.console.lang);
        let line = Line { file, row: *row, column: *column, reason, text };
        let done = serde_json::to_writer(&mut *output, &line).map_err(Into::into);
        if let Err(fault) = done.and_then(|()| output.write_all(b"\n")) {
            self.fault.get_or_insert(fault);
        }
    }

    /// Puts the file in its place, also where the run ends with 2 because of what it lists.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        let Some((output, name)) = self.file.take() else { return Ok(()) };
        match self.fault.take() {
            Some(source) => Err(IoError::Write { name, source }.into()),
            None => Ok(output.finish()?),
        }
    }
}
