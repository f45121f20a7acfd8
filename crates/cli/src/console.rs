//! Where the program speaks: standard error for what it has to say, standard output for results.
//!
//! Enters: messages and bytes. Leaves: lines. The one idea: what is said is one line in the
//! language of the reader, and no character of a file's text can steer the terminal.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use chitieu::diagnostic::render::{self, Style};
use chitieu::diagnostic::{Diagnostics, Lang, Message};
use chitieu::source::Sources;
use chitieu_io::IoError;

use crate::args::When;

/// Why a command ends without a result.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something to say.
    Said(Message),
    /// Everything is said already.
    Shown,
    /// The reader of the results is gone.
    Pipe,
}

impl From<IoError> for Failure {
    fn from(error: IoError) -> Self {
        Self::Said(error.message())
    }
}

/// A failure with these words.
pub(crate) fn failure<T>(vi: impl Into<String>, en: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Said(Message::new(vi, en)))
}

/// The failure of writing to standard output.
pub(crate) fn written(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Failure::Pipe;
    }
    Failure::from(IoError::Write { name: "-".to_owned(), source: error })
}

/// Standard error, for people.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    pub(crate) lang: Lang,
    color: bool,
}

impl Console {
    pub(crate) fn new(lang: Lang, color: When) -> Self {
        Self { lang, color: wants_color(color, &io::stderr()) }
    }

    /// One line, as it is.
    pub(crate) fn note(self, message: &Message) {
        line(&visible(message.get(self.lang)));
    }

    pub(crate) fn warning(self, message: &Message) {
        self.marked("33", ("cảnh báo", "warning"), message);
    }

    pub(crate) fn error(self, message: &Message) {
        self.marked("31", ("lỗi", "error"), message);
    }

    /// What is wrong with rules, line by line of their text.
    pub(crate) fn diagnostics(self, found: &Diagnostics, sources: &Sources) {
        let style = Style { color: self.color };
        let format = render::Format::Human;
        let text = render::render(found.as_slice(), sources, format, self.lang, style);
        line(text.trim_end());
    }

    fn marked(self, color: &str, (vi, en): (&str, &str), message: &Message) {
        let word = if self.lang == Lang::Vi { vi } else { en };
        let text = visible(message.get(self.lang));
        if self.color {
            line(&format!("\u{1b}[1;{color}m{word}\u{1b}[0m: {text}"));
        } else {
            line(&format!("{word}: {text}"));
        }
    }
}

/// Standard output, for results.
pub(crate) fn results() -> BufWriter<Stdout> {
    BufWriter::with_capacity(1 << 16, io::stdout())
}

/// Whether colours are wanted on a stream.
pub(crate) fn wants_color(when: When, stream: &impl IsTerminal) -> bool {
    let is_off = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => stream.is_terminal() && !is_off,
    }
}

/// Writes a line to standard error; nobody is left to hear that it cannot be written.
fn line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes lines to standard error, as they are; nothing where there are none.
pub(crate) fn lines(text: &str) {
    for one in text.lines() {
        line(&visible(one));
    }
}

/// Text without characters that steer a terminal or break a line.
pub(crate) fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
