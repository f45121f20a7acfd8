//! Records on their way into the data.
//!
//! Enters: records and rejects, as they are read. Leaves: [`Data`], the counts of each input, and
//! the names that no rule knows. The one idea: a name is looked up once, whatever the number of
//! records that use it.

use std::collections::HashMap;

use chitieu::calendar::Date;
use chitieu::check::model::{IndicatorId, Model};
use chitieu::report::Input;
use chitieu::snapshot::Data;
use chitieu::text;
use chitieu_io::{Item, is_unreadable};

use super::rejects::Rejects;
use super::memory::{self, Bound};
use super::Taken;

/// Takes records in.
#[derive(Debug)]
pub(super) struct Intake<'a> {
    model: &'a Model,
    fallback: Option<Date>,
    pub(super) data: Data,
    pub(super) rejects: Rejects,
    meanings: HashMap<String, Meaning>,
    /// By [`IndicatorId`]: whether some target asks it.
    asked: Vec<bool>,
    unknown: Vec<String>,
    /// Unreadable cells of each file.
    unreadable: Vec<u64>,
    /// More bytes are not held: the run ends where they would be.
    bound: &'a Bound,
    /// They would have been.
    is_full: bool,
}

/// What a name of the data means.
#[derive(Debug)]
struct Meaning {
    /// Indicators, one at most in each programme.
    ids: Vec<IndicatorId>,
    /// Some target asks one of them.
    is_asked: bool,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        model: &'a Model,
        fallback: Option<Date>,
        rejects: Rejects,
        bound: &'a Bound,
    ) -> Self {
        let (data, meanings, asked) = (Data::new(), HashMap::new(), model.asked());
        let (unknown, unreadable, is_full) = (Vec::new(), Vec::new(), false);
        Self {
            model,
            fallback,
            data,
            rejects,
            meanings,
            asked,
            unknown,
            unreadable,
            bound,
            is_full,
        }
    }

    pub(super) fn take(&mut self, file: usize, item: Item) {
        let mut record = match item {
            Item::Record(record) => *record,
            Item::Reject(reject) => return self.rejects.take(&reject),
        };
        let mut cells = 0;
        record.measurements.retain(|(name, measurement)| {
            if !self.meanings.contains_key(name) {
                self.look_up(name);
            }
            let Some(Meaning { ids, is_asked }) = self.meanings.get(name) else { return false };
            cells += u64::from(is_unreadable(self.model, ids, measurement));
            *is_asked
        });
        if self.unreadable.len() <= file {
            self.unreadable.resize(file + 1, 0);
        }
        if let Some(count) = self.unreadable.get_mut(file) {
            *count = count.saturating_add(cells);
        }
        if self.is_full || self.bound.is_below(self.held()) {
            // What is there already says how much was needed.
            self.is_full = true;
            return;
        }
        // A record without a date was rejected by the reader.
        self.data.push(record, self.fallback);
    }

    /// About how many bytes are held, those among them by which all will be judged.
    pub(super) fn held(&self) -> u64 {
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let rows = count(self.data.snapshots.len() + self.data.entities.len());
        let row = count(self.data.names.len()).saturating_mul(memory::FIGURE) + memory::ROW;
        let names = count(self.meanings.len()).saturating_mul(memory::NAME);
        let judged = rows.saturating_mul(row);
        count(self.data.held()).saturating_add(names).saturating_add(judged)
    }

    fn look_up(&mut self, name: &str) {
        let programmes = self.model.programmes.iter();
        let meaning = programmes.filter_map(|programme| {
            programme.names.get(&text::key(name, &programme.abbreviations)).copied()
        });
        let ids: Vec<IndicatorId> = meaning.collect();
        if ids.is_empty() {
            self.unknown.push(name.to_owned());
        }
        let asked = |id: &IndicatorId| self.asked.get(id.0 as usize).is_some_and(|asked| *asked);
        let is_asked = ids.iter().any(asked);
        self.meanings.insert(name.to_owned(), Meaning { ids, is_asked });
    }

    /// What was read.
    pub(super) fn taken(&mut self, files: Vec<chitieu_io::Input>) -> Taken {
        Taken {
            inputs: inputs(files, &self.unreadable),
            knows_any: self.meanings.len() > self.unknown.len(),
            unknown: std::mem::take(&mut self.unknown),
            has_records: !self.data.snapshots.is_empty(),
        }
    }
}

/// Inputs as a receipt names them, each with its unreadable cells.
pub(super) fn inputs(files: Vec<chitieu_io::Input>, unreadable: &[u64]) -> Vec<Input> {
    let cells = unreadable.iter().copied().chain(std::iter::repeat(0));
    let input = |(file, unreadable_cells): (chitieu_io::Input, u64)| Input {
        name: file.name,
        bytes: file.bytes,
        read: file.read,
        evaluated: file.read.saturating_sub(file.rejected),
        rejected: file.rejected,
        unreadable_cells,
        sha256: file.sha256,
    };
    files.into_iter().zip(cells).map(input).collect()
}
