//! Records that were set aside.
//!
//! Enters: rejects as they are found. Leaves: lines of NDJSON in the file asked for, else lines on
//! standard error. The one idea: none is held, so that a million of them cost nothing.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use chitieu::diagnostic::{Lang, Message};
use chitieu_io::{IoError, Output, Reject};
use serde::{Deserialize, Serialize};

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
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    file: Cow<'a, str>,
    row: u64,
    column: u32,
    reason: Cow<'a, str>,
    text: Cow<'a, str>,
}

/// The line of a reject.
pub(super) fn line(reject: &Reject, lang: Lang) -> Vec<u8> {
    let Reject { file, row, column, reason, text } = reject;
    let (row, column) = (*row, *column);
    let (file, text, reason) = (file.into(), text.into(), reason.get(lang).into());
    // Texts and numbers can always be written.
    let mut line =
        serde_json::to_vec(&Line { file, row, column, reason, text }).unwrap_or_default();
    line.push(b'\n');
    line
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
        if self.file.is_none() {
            let Reject { file, row, column, reason, .. } = reject;
            return self.say(file, *row, *column, reason);
        }
        self.write(&line(reject, self.console.lang));
    }

    /// Lines of rejects that were taken by an earlier run.
    pub(super) fn kept(&mut self, lines: &[u8]) {
        if self.file.is_some() {
            return self.write(lines);
        }
        for line in lines.split(|byte| *byte == b'\n') {
            // What follows the last line is empty, and no reject.
            if let Ok(Line { file, row, column, reason, .. }) = serde_json::from_slice(line) {
                self.say(&file, row, column, &Message::new(&*reason, &*reason));
            }
        }
    }

    fn say(&self, file: &str, row: u64, column: u32, reason: &Message) {
        self.console.error(&Message::new(
            format!("{file}:{row}:{column}: bản ghi bị loại: {}", reason.vi),
            format!("{file}:{row}:{column}: record rejected: {}", reason.en),
        ));
    }

    fn write(&mut self, lines: &[u8]) {
        let Some((output, _)) = &mut self.file else { return };
        if let Err(fault) = output.write_all(lines) {
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
