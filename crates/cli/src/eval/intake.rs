//! Records on their way into the data.
//!
//! Enters: pieces, in order. Leaves: what was [`Gathered`], the counts of each input, and the names
//! that no rule knows. The one idea: threads read, and one of them at a time gathers what they hand
//! on. Invariant: what is gathered is the same wherever the input was cut.

use std::collections::HashSet;

use chitieu::Rules;
use chitieu::calendar::Date;
use chitieu::report::Input;
use chitieu::snapshot::{BatchBuilder, Data};
use chitieu_io::{IoError, Keep, Piece, Pieces, Worker};

use super::Taken;
use super::memory::{self, Bound};
use super::order::in_order;
use super::plan::Plan;
use super::progress::Progress;
use super::rejects::Rejects;
use super::stream::{keep, rereads};
use crate::args::Eval;
use crate::console::Failure;

/// What was gathered.
#[derive(Debug)]
pub(super) enum Gathered {
    /// Records, each with what some target asks.
    Records(Box<Data>),
    /// Columns of figures, where verdicts need nothing else.
    Figures(Box<BatchBuilder>),
}

/// Of figures that are no plain numbers records are the shorter form; so many are none.
const ODD: usize = 10_000;

impl Default for Gathered {
    fn default() -> Self {
        Self::Records(Box::default())
    }
}

impl Gathered {
    /// No figures yet.
    pub(super) fn figures(rules: &Rules) -> Self {
        Self::Figures(Box::new(BatchBuilder::new(rules.model())))
    }

    /// Whether figures are not enough: rows of one snapshot stand apart.
    pub(super) fn repeats(&self) -> bool {
        matches!(self, Self::Figures(batch) if batch.repeats())
    }

    /// Whether there are many figures that are no plain numbers.
    fn is_odd(&self) -> bool {
        let Self::Figures(batch) = self else { return false };
        batch.odd() > ODD.max(batch.len() / 8)
    }

    /// What is known of entities.
    pub(super) fn data(&self) -> &Data {
        match self {
            Self::Records(data) => data,
            Self::Figures(batch) => batch.data(),
        }
    }
}

/// Takes records in.
#[derive(Debug)]
pub(super) struct Intake<'a> {
    plan: &'a Plan,
    progress: &'a Progress,
    bound: &'a Bound,
    pub(super) into: Gathered,
    pub(super) rejects: Rejects,
    unknown: HashSet<String>,
    taken: Taken,
    /// Of each file: records read, those rejected, and unreadable cells.
    counts: Vec<[u64; 3]>,
    last: Option<(String, Date)>,
    /// The file that a piece has ended.
    ended: Option<usize>,
    /// About the bytes of a figure in the columns by which all will be judged, where they are made.
    figure: u64,
    /// Records are to be gathered in the place of figures.
    pub(super) gives_up: bool,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        progress: &'a Progress,
        bound: &'a Bound,
        into: Gathered,
        rejects: Rejects,
    ) -> Self {
        let (unknown, taken) = (HashSet::new(), Taken::default());
        let (counts, last, ended) = (Vec::new(), None, None);
        let (figure, gives_up) = (0, false);
        Self {
            plan,
            progress,
            bound,
            into,
            rejects,
            unknown,
            taken,
            counts,
            last,
            ended,
            figure,
            gives_up,
        }
    }

    /// Reads everything.
    pub(super) fn read(&mut self, pieces: Pieces, rules: &Rules) -> Result<(), Failure> {
        let keep = match self.into {
            Gathered::Records(_) => Keep::Records,
            Gathered::Figures(..) => Keep::Figures,
        };
        self.figure = if makes_columns(self.plan, rules) { memory::FIGURE } else { 0 };
        let mut pieces = pieces.wanted_for(keep, rules);
        let worker = || match keep {
            Keep::Records => Worker::new(rules, keep, self.plan.input).handing_on(),
            Keep::Figures => Worker::new(rules, keep, self.plan.input),
        };
        let (threads, worker) = (self.plan.threads, &worker);
        let done = in_order(
            threads,
            &mut || Ok(pieces.next()?),
            worker,
            &|worker, block| worker.read(block),
            &mut |piece| self.take(piece),
        );
        if self.gives_up {
            return Ok(());
        }
        done?;
        self.gives_up = self.into.repeats();
        let counts = self.counts.iter().copied().chain(std::iter::repeat([0; 3]));
        let each = |(input, [read, rejected, _]): (&chitieu_io::Input, [u64; 3])| {
            chitieu_io::Input { read, rejected, ..input.clone() }
        };
        let files = pieces.inputs().iter().zip(counts).map(each).collect();
        let unreadable: Vec<u64> = self.counts.iter().map(|[_, _, cells]| *cells).collect();
        self.taken.inputs = inputs(files, &unreadable);
        Ok(())
    }

    fn take(&mut self, mut piece: Piece) -> Result<(), Failure> {
        if piece.is_behind(&mut self.ended) {
            return Ok(());
        }
        let (progress, rejects) = (self.progress, &mut self.rejects);
        if !piece.rejects.is_empty() {
            progress.aside(|| piece.rejects.iter().for_each(|reject| rejects.take(reject)));
        }
        self.neighbours(&mut piece)?;
        if let Some(fault) = piece.fault {
            return Err(fault.into());
        }
        let rejected = piece.rejects.len();
        progress.add(piece.batch.len(), rejected);
        if self.counts.len() <= piece.file {
            self.counts.resize(piece.file + 1, [0; 3]);
        }
        let more = [piece.read, u64::try_from(rejected).unwrap_or(u64::MAX), piece.unreadable];
        for (count, more) in self.counts.iter_mut().skip(piece.file).take(1).flatten().zip(more) {
            *count = count.saturating_add(more);
        }
        self.taken.has_records |= !piece.batch.is_empty();
        self.taken.knows_any |= piece.knows_any;
        for name in piece.unknown {
            if self.unknown.insert(name.clone()) {
                self.taken.unknown.push(name);
            }
        }
        match &mut self.into {
            Gathered::Records(data) => {
                for record in piece.records {
                    // A record without a date was rejected by the reader.
                    data.push(record, self.plan.as_of);
                }
            }
            Gathered::Figures(batch) => {
                batch.append(&piece.batch, |row| piece.ids.get(row).unwrap_or_default());
                for (id, parent) in piece.parents {
                    let entity = batch.entity(&id);
                    batch.parent(entity, &parent);
                }
            }
        }
        self.gives_up = self.into.is_odd();
        if self.gives_up {
            return Err(Failure::Shown);
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
        let held = match &self.into {
            Gathered::Records(data) => {
                let figures = count(data.names.len()).saturating_mul(self.figure);
                let rows = count(data.snapshots.len()).saturating_mul(figures + memory::ROW);
                count(data.held()).saturating_add(rows)
            }
            Gathered::Figures(batch) => count(batch.held()),
        };
        held.saturating_add(names)
    }

    /// What was read.
    pub(super) fn taken(&mut self) -> Taken {
        std::mem::take(&mut self.taken)
    }
}

/// Whether columns are made of all snapshots, so that what many rows ask is found once for all. Of
/// entities at one date only units are asked so.
pub(super) fn makes_columns(plan: &Plan, rules: &Rules) -> bool {
    let is_asked = plan.as_of.is_none() || !rules.model().populations().is_empty();
    rules.is_linked() && !plan.reference && is_asked
}

/// Whether columns of figures are all that verdicts need: nothing but codes is said, each of a row
/// at its own date, and nobody is asked about attributes or units. Rows of one snapshot that stand
/// apart are seen at the end, and read again.
pub(super) fn needs_figures_alone(args: &Eval, plan: &Plan, rules: &Rules) -> bool {
    let is_plain = plan.as_of.is_none() && args.data.entities.is_none() && args.against.is_none();
    let is_alone = rules.model().populations().is_empty() && rereads(args);
    let adds = super::adds_points(plan, rules.model());
    makes_columns(plan, rules)
        && keep(plan, rules) == Keep::Figures
        && is_plain
        && is_alone
        && !adds
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
