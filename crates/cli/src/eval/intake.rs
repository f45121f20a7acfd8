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
use super::{Taken, memory};

/// Takes records in.
#[derive(Debug)]
pub(super) struct Intake<'a> {
    model: &'a Model,
    fallback: Option<Date>,
    pub(super) data: Data,
    pub(super) rejects: Rejects,
    /// The indicators that a name of the data means, one at most in each programme.
    meanings: HashMap<String, Vec<IndicatorId>>,
    unknown: Vec<String>,
    /// Unreadable cells of each file.
    unreadable: Vec<u64>,
    /// How many records and measurements were taken.
    taken: [u64; 2],
    /// More bytes are not held: the run ends where they would be.
    most_memory: Option<u64>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        model: &'a Model,
        fallback: Option<Date>,
        rejects: Rejects,
        most_memory: Option<u64>,
    ) -> Self {
        let (data, meanings) = (Data::new(), HashMap::new());
        let (unknown, unreadable) = (Vec::new(), Vec::new());
        let taken = [0; 2];
        Self { model, fallback, data, rejects, meanings, unknown, unreadable, taken, most_memory }
    }

    pub(super) fn take(&mut self, file: usize, item: Item) {
        let record = match item {
            Item::Record(record) => *record,
            Item::Reject(reject) => return self.rejects.take(&reject),
        };
        let more = [1, u64::try_from(record.measurements.len()).unwrap_or(u64::MAX)];
        for (taken, more) in self.taken.iter_mut().zip(more) {
            *taken = taken.saturating_add(more);
        }
        let mut cells = 0;
        for (name, measurement) in &record.measurements {
            self.look_up(name);
            let meanings = self.meanings.get(name).map_or(&[][..], Vec::as_slice);
            cells += u64::from(is_unreadable(self.model, meanings, measurement));
        }
        if self.unreadable.len() <= file {
            self.unreadable.resize(file + 1, 0);
        }
        if let Some(count) = self.unreadable.get_mut(file) {
            *count = count.saturating_add(cells);
        }
        if self.most_memory.is_some_and(|most| self.held() > most) {
            self.data = Data::new();
            return;
        }
        // A record without a date was rejected by the reader.
        self.data.push(record, self.fallback);
    }

    /// About how many bytes the data take.
    pub(super) fn held(&self) -> u64 {
        let [records, measurements] = self.taken;
        let records = records.saturating_mul(memory::RECORD);
        records.saturating_add(measurements.saturating_mul(memory::MEASUREMENT))
    }

    fn look_up(&mut self, name: &str) {
        if self.meanings.contains_key(name) {
            return;
        }
        let programmes = self.model.programmes.iter();
        let meaning = programmes.filter_map(|programme| {
            programme.names.get(&text::key(name, &programme.abbreviations)).copied()
        });
        let meanings: Vec<IndicatorId> = meaning.collect();
        if meanings.is_empty() {
            self.unknown.push(name.to_owned());
        }
        self.meanings.insert(name.to_owned(), meanings);
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
