//! Records on their way into the data.
//!
//! Enters: pieces, in order. Leaves: [`Data`], the counts of each input, and the names that no rule
//! knows. The one idea: threads read, and one of them at a time gathers what they hand on.
//! Invariant: data are the same wherever the input was cut.

use std::collections::HashSet;

use chitieu::Rules;
use chitieu::calendar::Date;
use chitieu::report::Input;
use chitieu::snapshot::Data;
use chitieu_io::{IoError, Keep, Piece, Pieces, Worker};

use super::Taken;
use super::memory::{self, Bound};
use super::order::in_order;
use super::plan::Plan;
use super::progress::Progress;
use super::rejects::Rejects;
use crate::console::Failure;

/// Takes records in.
#[derive(Debug)]
pub(super) struct Intake<'a> {
    plan: &'a Plan,
    progress: &'a Progress,
    bound: &'a Bound,
    pub(super) data: Data,
    pub(super) rejects: Rejects,
    unknown: HashSet<String>,
    taken: Taken,
    /// Of each file: records read, those rejected, and unreadable cells.
    counts: Vec<[u64; 3]>,
    last: Option<(String, Date)>,
    /// About the bytes of a figure in the columns by which all will be judged, where they are made.
    figure: u64,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        progress: &'a Progress,
        bound: &'a Bound,
        rejects: Rejects,
    ) -> Self {
        let (data, unknown, taken) = (Data::new(), HashSet::new(), Taken::default());
        let (counts, last, figure) = (Vec::new(), None, 0);
        Self { plan, progress, bound, data, rejects, unknown, taken, counts, last, figure }
    }

    /// Reads everything.
    pub(super) fn read(&mut self, pieces: Pieces, rules: &Rules) -> Result<(), Failure> {
        let keep = Keep::Records;
        self.figure = if makes_columns(self.plan, rules) { memory::FIGURE } else { 0 };
        let mut pieces = pieces.wanted_for(keep, rules);
        in_order(
            self.plan.threads,
            &mut || Ok(pieces.next()?),
            &|| Worker::new(rules, keep, self.plan.input).handing_on(),
            &|worker, block| worker.read(block),
            &mut |piece| self.take(piece),
        )?;
        let counts = self.counts.iter().copied().chain(std::iter::repeat([0; 3]));
        let each = |(input, [read, rejected, _]): (&chitieu_io::Input, [u64; 3])| {
            chitieu_io::Input { read, rejected, ..input.clone() }
        };
        let files = pieces.inputs().iter().zip(counts).map(each).collect();
        let unreadable: Vec<u64> = self.counts.iter().map(|[_, _, cells]| *cells).collect();
        self.taken.inputs = inputs(files, &unreadable);
        self.taken.has_records = !self.data.snapshots.is_empty();
        Ok(())
    }

    fn take(&mut self, mut piece: Piece) -> Result<(), Failure> {
        let (progress, rejects) = (self.progress, &mut self.rejects);
        if !piece.rejects.is_empty() {
            progress.aside(|| piece.rejects.iter().for_each(|reject| rejects.take(reject)));
        }
        self.neighbours(&mut piece)?;
        if let Some(fault) = piece.fault {
            return Err(fault.into());
        }
        let rejected = piece.rejects.len();
        progress.add(piece.records.len(), rejected);
        if self.counts.len() <= piece.file {
            self.counts.resize(piece.file + 1, [0; 3]);
        }
        let more = [piece.read, u64::try_from(rejected).unwrap_or(u64::MAX), piece.unreadable];
        for (count, more) in self.counts.iter_mut().skip(piece.file).take(1).flatten().zip(more) {
            *count = count.saturating_add(more);
        }
        self.taken.knows_any |= piece.knows_any;
        for name in piece.unknown {
            if self.unknown.insert(name.clone()) {
                self.taken.unknown.push(name);
            }
        }
        for record in piece.records {
            // A record without a date was rejected by the reader.
            self.data.push(record, self.plan.as_of);
        }
        self.bound.check(self.held())
    }

    /// The first row of a piece and the last of the one before it are neighbours too, where each
    /// record is said to be a whole snapshot.
    fn neighbours(&mut self, piece: &mut Piece) -> Result<(), Failure> {
        if !self.plan.input.complete {
            return Ok(());
        }
        let first = piece.key(0).map(|(id, day)| (id.to_owned(), day));
        if let Some((entity, day)) = self.last.take_if(|last| Some(&*last) == first.as_ref()) {
            let place = piece.first.take().unwrap_or_default();
            return Err(IoError::Twice { place, entity, day }.into());
        }
        let row = piece.batch.len().checked_sub(1);
        let last = row.and_then(|row| piece.key(row)).map(|(id, day)| (id.to_owned(), day));
        self.last = last.or_else(|| self.last.take());
        Ok(())
    }

    /// About how many bytes are held, those among them by which all will be judged.
    fn held(&self) -> u64 {
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let names = count(self.unknown.len()).saturating_mul(memory::NAME);
        let figures = count(self.data.names.len()).saturating_mul(self.figure);
        let rows = count(self.data.snapshots.len()).saturating_mul(figures + memory::ROW);
        count(self.data.held()).saturating_add(names).saturating_add(rows)
    }

    /// What was read.
    pub(super) fn taken(&mut self) -> Taken {
        std::mem::take(&mut self.taken)
    }
}

/// Whether all snapshots are judged by columns, so that what many rows ask is found once for all.
pub(super) fn makes_columns(plan: &Plan, rules: &Rules) -> bool {
    rules.is_linked() && !plan.reference
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
