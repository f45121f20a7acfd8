//! Data judged as they are read, piece by piece.
//!
//! Enters: rules and paths. Leaves: results in the order of the input, and what was read. The one
//! idea: a thread reads a piece and judges it at once, and what it says is taken in order; nothing
//! that was judged is held. Invariant: no result is shown before all input is accepted.

use std::collections::HashSet;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use chitieu::calendar::Date;
use chitieu::check::model::TargetId;
use chitieu::program::Reach;
use chitieu::reference::Reference;
use chitieu::report::{Input, Options, Summary};
use chitieu::snapshot::Data;
use chitieu::{Rules, Snapshot, Verdict};
use chitieu_io::{Block, IoError, Keep, Piece, Pieces, Worker};

use super::plan::Plan;
use super::rejects::Rejects;
use super::shape::{Chunk, Shape};
use super::write::Results;
use super::{Taken, intake, memory, receipt, settle};
use crate::args::{Eval, Format};
use crate::console::{Console, Failure};
use crate::eval::order::in_order;
use crate::load::check_tree;

/// How a run judges data as they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Each record is said to be a whole snapshot.
    Complete,
    /// Nothing is said: the first record of an entity and day that came before ends it, and all
    /// data are gathered.
    Watching,
}

/// What became of a run.
pub(super) enum Done {
    Judged(Summary),
    /// Records of one snapshot stand apart. These rejects were shown already.
    Repeats(Rejects),
}

/// Whether a run can be judged so: each row by itself, at its own date, and written as it comes.
pub(super) fn way(args: &Eval, plan: &Plan, rules: &Rules) -> Option<Way> {
    let program = rules.program();
    let is_local = program.steps.iter().all(|step| step.reach == Reach::Local);
    // What one record says of an entity holds for its others.
    let asks_of_entities = !program.scopes.is_empty() || !program.attributes.is_empty();
    let fits = plan.as_of.is_none()
        && args.data.entities.is_none()
        && args.against.is_none()
        && is_local
        && !asks_of_entities
        && (plan.summary || plan.format != Format::Table)
        && !super::adds_points(plan, rules.model());
    if !fits {
        return None;
    }
    if plan.input.complete {
        return Some(Way::Complete);
    }
    // Data that cannot be read again are gathered at once.
    let again = |path: &PathBuf| fs::metadata(path).is_ok_and(|it| it.is_file() || it.is_dir());
    let watches = keep(plan, rules) == Keep::Figures && args.data.paths.iter().all(again);
    watches.then_some(Way::Watching)
}

/// What verdicts need of records.
fn keep(plan: &Plan, rules: &Rules) -> Keep {
    // A formula is held against the digits of figures, which columns do not keep.
    let has_formulas = rules.model().indicators.iter().any(|one| one.formula.is_some());
    let codes_alone = (plan.summary || plan.wide) && !plan.reference && !has_formulas;
    if codes_alone { Keep::Figures } else { Keep::Records }
}

/// Judges everything and writes what was asked for.
pub(super) fn run(
    args: &Eval,
    plan: &Plan,
    rules: &Rules,
    console: Console,
    way: Way,
) -> Result<Done, Failure> {
    let rejects = Rejects::new(args.rejects.as_deref(), console)?;
    let judge = Judge::new(plan, rules, console, way);
    let mut pieces = Pieces::open(&args.data.paths, plan.input)?.wanted_for(judge.keep, rules);
    let data = Data::new();
    let results = Results::begin(plan, rules.model(), &data, &judge.shape, console, true)?;
    let mut taking = Taking::new(results, rejects, rules, plan.most_memory);
    let done = in_order(
        plan.threads,
        &mut || Ok(pieces.next()?),
        &|| Worker::new(rules, judge.keep, plan.input),
        &|worker, block| judge.block(worker, block),
        &mut |judged| taking.take(judged),
    );
    if taking.repeats {
        return Ok(Done::Repeats(taking.rejects));
    }
    done?;
    taking.finish(args, rules, console, pieces.inputs()).map(Done::Judged)
}

/// What judges a piece.
struct Judge<'a> {
    plan: &'a Plan,
    rules: &'a Rules,
    shape: Shape<'a>,
    keep: Keep,
    /// What makes keys of entities and days, where they are watched.
    hash: Option<RandomState>,
}

/// A piece and what it came to.
struct Judged {
    piece: Piece,
    /// A key an entity and day: equal ones have equal keys.
    keys: Vec<u64>,
    chunk: Result<Chunk, Failure>,
}

impl<'a> Judge<'a> {
    fn new(plan: &'a Plan, rules: &'a Rules, console: Console, way: Way) -> Self {
        let options = Options { lang: console.lang, exact: plan.exact };
        let hash = (way == Way::Watching).then(RandomState::new);
        let shape = Shape::new(plan, rules.model(), options);
        Self { plan, rules, shape, keep: keep(plan, rules), hash }
    }

    fn block(&self, worker: &mut Worker<'_>, block: Block) -> Judged {
        let piece = worker.read(block);
        let chunk = match self.keep {
            Keep::Figures => self.codes(&piece),
            Keep::Records => self.records(&piece),
        };
        let keys = self.hash.as_ref().map_or_else(Vec::new, |hash| {
            let key = |row| piece.key(row).map(|(id, day)| hash.hash_one((id, day.days())));
            (0..piece.batch.len()).filter_map(key).collect()
        });
        Judged { piece, keys, chunk }
    }

    /// Verdicts by columns.
    fn codes(&self, piece: &Piece) -> Result<Chunk, Failure> {
        let mut chunk = self.shape.chunk();
        let verdicts = self.rules.evaluate_batch(&piece.batch);
        for (target, id) in (0..verdicts.targets()).zip(0_u32..) {
            for (verdict, times) in Verdict::ALL.into_iter().zip(verdicts.counts(target)) {
                chunk.summary.add_many(TargetId(id), verdict, times);
            }
        }
        if self.plan.wide {
            let keys = (0..piece.batch.len()).map_while(|row| piece.key(row));
            let keys = keys.map(|(id, day)| (Some(id), day));
            self.shape.rows(&mut chunk, keys, &verdicts)?;
        }
        Ok(chunk)
    }

    /// Full records, by the reference evaluator.
    fn records(&self, piece: &Piece) -> Result<Chunk, Failure> {
        let (plan, model) = (self.plan, self.rules.model());
        let mut chunk = self.shape.chunk();
        let reference = Reference::named(model, self.rules.names(), piece.batch.data());
        for row in piece.batch.rows() {
            let Some(case) = piece.batch.case(row) else { continue };
            let judgements = reference.judge(&case);
            if plan.wide {
                let verdicts = judgements.iter().map(|judgement| Some(judgement.verdict));
                let id = case.entity.id.as_str();
                self.shape.row(&mut chunk, Some(id), case.as_of, verdicts)?;
            }
            for judgement in judgements {
                chunk.summary.add(judgement.target, judgement.verdict);
                self.shape.record(&mut chunk, judgement)?;
            }
        }
        Ok(chunk)
    }
}

/// What was taken so far.
struct Taking<'a> {
    results: Results<'a>,
    rejects: Rejects,
    summary: Summary,
    read: Taken,
    unknown: HashSet<String>,
    /// Of each file: records read, those rejected, and unreadable cells.
    counts: Vec<[u64; 3]>,
    /// Entities above entities.
    roster: Data,
    last: Option<(String, Date)>,
    /// Entities and days that came before, where they are watched.
    seen: HashSet<u64>,
    /// One came again.
    repeats: bool,
    most_memory: Option<u64>,
}

impl<'a> Taking<'a> {
    fn new(
        results: Results<'a>,
        rejects: Rejects,
        rules: &Rules,
        most_memory: Option<u64>,
    ) -> Self {
        Self {
            results,
            rejects,
            summary: Summary::new(rules.model()),
            read: Taken::default(),
            unknown: HashSet::new(),
            counts: Vec::new(),
            roster: Data::new(),
            last: None,
            seen: HashSet::new(),
            repeats: false,
            most_memory,
        }
    }

    fn take(&mut self, Judged { mut piece, keys, chunk }: Judged) -> Result<(), Failure> {
        for key in &keys {
            if !self.seen.insert(*key) {
                self.repeats = true;
                return Err(Failure::Shown);
            }
        }
        let held = u64::try_from(self.seen.capacity()).unwrap_or(u64::MAX);
        memory::check(held.saturating_mul(memory::KEY), self.most_memory)?;
        for reject in &piece.rejects {
            self.rejects.take(reject);
        }
        if keys.is_empty() {
            self.neighbours(&mut piece)?;
        }
        if let Some(fault) = piece.fault {
            return Err(fault.into());
        }
        let (rejected, rows) = (piece.rejects.len(), piece.batch.len());
        self.count(piece.file, piece.read, rejected, piece.unreadable);
        self.read.has_records |= rows > 0;
        self.read.knows_any |= piece.knows_any;
        for name in piece.unknown {
            if !self.unknown.contains(&name) {
                self.unknown.insert(name.clone());
                self.read.unknown.push(name);
            }
        }
        for (id, parent) in piece.parents {
            self.roster.add_entity(&Snapshot { parent: Some(parent), ..Snapshot::new(id) });
        }
        let chunk = chunk?;
        self.summary.merge(&chunk.summary);
        self.results.chunk(chunk)
    }

    fn count(&mut self, file: usize, read: u64, rejected: usize, unreadable: u64) {
        if self.counts.len() <= file {
            self.counts.resize(file + 1, [0; 3]);
        }
        let rejected = u64::try_from(rejected).unwrap_or(u64::MAX);
        if let Some(counts) = self.counts.get_mut(file) {
            for (count, more) in counts.iter_mut().zip([read, rejected, unreadable]) {
                *count = count.saturating_add(more);
            }
        }
    }

    /// The inputs as a receipt names them.
    fn inputs(&self, inputs: &[chitieu_io::Input]) -> Vec<Input> {
        let counts = self.counts.iter().copied().chain(std::iter::repeat([0; 3]));
        let each = |(input, [read, rejected, _]): (&chitieu_io::Input, [u64; 3])| {
            chitieu_io::Input { read, rejected, ..input.clone() }
        };
        let inputs = inputs.iter().zip(counts).map(each).collect();
        let unreadable: Vec<u64> = self.counts.iter().map(|[_, _, cells]| *cells).collect();
        intake::inputs(inputs, &unreadable)
    }

    /// The first row of a piece and the last of the one before it are neighbours too.
    fn neighbours(&mut self, piece: &mut Piece) -> Result<(), Failure> {
        let last_row = piece.batch.len().checked_sub(1);
        let (Some(first), Some(last)) = (piece.key(0), last_row.and_then(|row| piece.key(row)))
        else {
            return Ok(());
        };
        if let Some((id, day)) = &self.last
            && (id.as_str(), *day) == first
        {
            let (entity, day) = (id.clone(), *day);
            let place = piece.first.take().unwrap_or_default();
            return Err(IoError::Twice { place, entity, day }.into());
        }
        self.last = Some((last.0.to_owned(), last.1));
        Ok(())
    }

    fn finish(
        mut self,
        args: &Eval,
        rules: &Rules,
        console: Console,
        inputs: &[chitieu_io::Input],
    ) -> Result<Summary, Failure> {
        self.read.inputs = self.inputs(inputs);
        settle(args, rules, console, &self.read, &mut self.rejects)?;
        check_tree(&self.roster)?;
        let mut receipt = receipt(rules);
        receipt.inputs = self.read.inputs;
        let options = Options { lang: console.lang, exact: false };
        self.results.finish(&self.summary, &receipt, "", options)?;
        Ok(self.summary)
    }
}
