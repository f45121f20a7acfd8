//! Fresh verdicts against those of an earlier file.
//!
//! Enters: the earlier file, then every judgement of the run. Leaves: what turned, and why, as text
//! below a table and on standard error beside all other forms. The one idea: the fresh records are
//! read as if they came from a file, so that both sides say the same things in the same words.
//! Invariant: all verdicts are compared, whatever `--only` and `--fields` leave out; all are held.

use std::path::Path;

use chitieu::diff::{Row, compare, record};
use chitieu::report::Record;

use crate::console::{Console, Failure, visible};
use crate::diff::{Teller, verdicts};

/// An earlier file of verdicts, and the fresh ones beside it.
#[derive(Debug)]
pub(super) struct Against {
    name: String,
    old: Vec<Row>,
    new: Vec<Row>,
}

impl Against {
    /// Reads the earlier file.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.to_string_lossy().into_owned();
        Ok(Self { name, old: verdicts(path)?, new: Vec::new() })
    }

    /// Takes fresh records in, in the order of the results.
    pub(super) fn take(&mut self, rows: Vec<Row>) {
        self.new.extend(rows);
    }

    /// What turned, and why.
    pub(super) fn tell(&self, console: Console) -> String {
        let Console { lang, .. } = console;
        let teller = Teller { lang };
        let title = chitieu::diagnostic::Message::new(
            format!("so với `{}`:", self.name),
            format!("against `{}`:", self.name),
        );
        let told = teller.human(&compare(&self.old, &self.new));
        let lines = std::iter::once(title.get(lang)).chain(told.lines());
        lines.map(|line| visible(line) + "\n").collect()
    }
}

/// A fresh judgement as a row; nothing where it cannot be written.
pub(super) fn row(fresh: &Record<'_>) -> Option<Row> {
    record(&serde_json::to_value(fresh).ok()?, 0).ok()
}
