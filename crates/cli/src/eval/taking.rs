//! What was read and judged so far.
//!
//! Enters: judged pieces, in order. Leaves: results, rejects and counts. The one idea: a piece adds
//! a stretch to what came before it, so that a stretch can be kept and added again by a later run.
//! Invariant: no result is shown before all input is accepted.

use std::collections::HashSet;

use chitieu::calendar::Date;
use chitieu::report::{Input, Options, Summary};
use chitieu::snapshot::Data;
use chitieu::{Rules, Snapshot, Verdict};
use chitieu_io::{IoError, Output, Piece, Place};

use super::checkpoint::{Checkpoint, Stretch};
use super::memory::{self, Bound};
use super::plan::Plan;
use super::progress::Progress;
use super::rejects::{self, Rejects};
use super::roster::{Given, Roster};
use super::seen::{Keys, Seen};
use super::shape::{Chunk, Shape};
use super::write::Results;
use super::{Taken, intake, receipt, settle};
use crate::args::Eval;
use crate::console::{Console, Failure};
use crate::load::check_tree;

/// A piece and what it came to.
pub(super) struct Judged {
    pub(super) piece: Piece,
    /// Where the input goes on behind it, where that is asked for.
    pub(super) place: Option<Place>,
    /// Whom its rows speak of and when, where that is watched.
    pub(super) keys: Keys,
    /// Which attributes its records give.
    pub(super) given: Given,
    pub(super) chunk: Result<Chunk, Failure>,
}

/// Where results and rejects go.
pub(super) enum To<'a> {
    /// Into their place, at the end.
    Place(Box<Results<'a>>, Rejects),
    /// Into parts first.
    Parts(Box<Checkpoint>, &'a Shape<'a>),
}

/// What was taken so far.
pub(super) struct Taking<'a> {
    pub(super) to: To<'a>,
    progress: &'a Progress,
    summary: Summary,
    read: Taken,
    unknown: HashSet<String>,
    /// Of each file: records read, those rejected, and unreadable cells.
    counts: Vec<[u64; 3]>,
    /// Entities above entities.
    roster: Data,
    last: Option<(String, Date)>,
    /// The file that a piece has ended.
    ended: Option<usize>,
    /// Entities and days that came before, where they are watched.
    seen: Seen,
    /// Which attributes records gave so far.
    given: Given,
    /// One came again, or what one record says may hold for another.
    pub(super) repeats: bool,
    bound: Bound,
}

/// What ends a run.
pub(super) struct End<'a> {
    pub(super) args: &'a Eval,
    pub(super) plan: &'a Plan,
    pub(super) rules: &'a Rules,
    pub(super) shape: &'a Shape<'a>,
    pub(super) console: Console,
    pub(super) inputs: &'a [chitieu_io::Input],
    pub(super) roster: &'a Roster,
}

impl<'a> Taking<'a> {
    pub(super) fn new(to: To<'a>, progress: &'a Progress, rules: &Rules, bound: Bound) -> Self {
        Self {
            to,
            progress,
            summary: Summary::new(rules.model()),
            read: Taken::default(),
            unknown: HashSet::new(),
            counts: Vec::new(),
            roster: Data::new(),
            last: None,
            ended: None,
            seen: Seen::default(),
            given: Given::default(),
            repeats: false,
            bound,
        }
    }

    pub(super) fn take(&mut self, judged: Judged) -> Result<(), Failure> {
        let Judged { mut piece, place, keys, given, chunk } = judged;
        if piece.is_behind(&mut self.ended) {
            return Ok(());
        }
        if self.given.mixes(given) {
            self.repeats = true;
            return Err(Failure::Shown);
        }
        if !keys.is_empty() && self.seen.add(&keys, &piece) {
            self.repeats = true;
            return Err(Failure::Shown);
        }
        self.bound.check(self.held())?;
        self.rejects(&piece)?;
        if keys.is_empty() {
            self.neighbours(&mut piece)?;
        }
        if let Some(fault) = piece.fault {
            return Err(fault.into());
        }
        self.progress.add(piece.batch.len(), piece.rejects.len());
        let chunk = chunk?;
        let stretch = self.stretch(piece, &chunk);
        self.add(&stretch);
        match &mut self.to {
            To::Place(results, _) => results.chunk(chunk),
            To::Parts(checkpoint, shape) => {
                checkpoint.results(chunk, shape)?;
                place.map_or(Ok(()), |place| checkpoint.block(stretch, place))
            }
        }
    }

    /// About the bytes that grow with the data.
    fn held(&self) -> u64 {
        let kept = [
            (self.seen.held(), memory::KEY),
            (self.roster.entities.len(), memory::ENTITY),
            (self.unknown.len(), memory::NAME),
        ];
        let bytes = |(count, each)| u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(each);
        kept.into_iter().map(bytes).fold(0, u64::saturating_add)
    }

    fn rejects(&mut self, piece: &Piece) -> Result<(), Failure> {
        let progress = self.progress;
        match &mut self.to {
            To::Place(_, rejects) if !piece.rejects.is_empty() => {
                progress.aside(|| piece.rejects.iter().for_each(|reject| rejects.take(reject)));
            }
            To::Place(..) => {}
            To::Parts(checkpoint, shape) => {
                for reject in &piece.rejects {
                    checkpoint.reject(&rejects::line(reject, shape.options.lang))?;
                }
            }
        }
        Ok(())
    }

    /// What a piece adds.
    fn stretch(&mut self, piece: Piece, chunk: &Chunk) -> Stretch {
        let rejected = u64::try_from(piece.rejects.len()).unwrap_or(u64::MAX);
        let last_row = piece.batch.len().checked_sub(1);
        let last = last_row.and_then(|row| piece.key(row));
        let last = last.map(|(id, day)| (id.to_owned(), day.days()));
        let rows = chunk.summary.rows().iter();
        Stretch {
            files: vec![(piece.file, [piece.read, rejected, piece.unreadable])],
            counts: rows.map(|row| Verdict::ALL.map(|one| row.counts.of(one))).collect(),
            has_records: !piece.batch.is_empty(),
            knows_any: piece.knows_any,
            unknown: piece.unknown.into_iter().filter(|it| !self.unknown.contains(it)).collect(),
            parents: piece.parents,
            last,
        }
    }

    /// Adds the stretch behind those before it.
    pub(super) fn add(&mut self, stretch: &Stretch) {
        for (file, counts) in &stretch.files {
            self.count(*file, *counts);
        }
        for (row, counts) in stretch.counts.iter().enumerate() {
            for (verdict, times) in Verdict::ALL.into_iter().zip(counts) {
                self.summary.add_to_row(row, verdict, *times);
            }
        }
        self.read.has_records |= stretch.has_records;
        self.read.knows_any |= stretch.knows_any;
        for name in &stretch.unknown {
            if self.unknown.insert(name.clone()) {
                self.read.unknown.push(name.clone());
            }
        }
        for (id, parent) in &stretch.parents {
            let parent = Some(parent.clone());
            self.roster.add_entity(&Snapshot { parent, ..Snapshot::new(id.clone()) });
        }
        if let Some((id, day)) = &stretch.last {
            self.last = Date::from_days(*day).map(|day| (id.clone(), day));
        }
    }

    fn count(&mut self, file: usize, more: [u64; 3]) {
        if self.counts.len() <= file {
            self.counts.resize(file + 1, [0; 3]);
        }
        if let Some(counts) = self.counts.get_mut(file) {
            for (count, more) in counts.iter_mut().zip(more) {
                *count = count.saturating_add(more);
            }
        }
    }

    /// The inputs as a receipt names them.
    fn inputs(&self, end: &End<'_>) -> Vec<Input> {
        let counts = self.counts.iter().copied().chain(std::iter::repeat([0; 3]));
        let each = |(input, [read, rejected, _]): (&chitieu_io::Input, [u64; 3])| {
            let sha256 = input.sha256.clone().filter(|_| end.plan.shows_digests);
            chitieu_io::Input { read, rejected, sha256, ..input.clone() }
        };
        let inputs = end.inputs.iter().zip(counts).map(each).collect();
        let unreadable: Vec<u64> = self.counts.iter().map(|[_, _, cells]| *cells).collect();
        intake::inputs(inputs, &unreadable)
    }

    /// The first row of a piece and the last of the one before it are neighbours too.
    fn neighbours(&self, piece: &mut Piece) -> Result<(), Failure> {
        let Some(first) = piece.key(0) else { return Ok(()) };
        if let Some((id, day)) = &self.last
            && (id.as_str(), *day) == first
        {
            let (entity, day) = (id.clone(), *day);
            let place = piece.first.take().unwrap_or_default();
            return Err(IoError::Twice { place, entity, day }.into());
        }
        Ok(())
    }

    /// Ends the run: what was read is said, and results and rejects go to their place.
    pub(super) fn finish(mut self, end: &End<'_>) -> Result<Summary, Failure> {
        let End { args, plan, rules, console, .. } = *end;
        self.read.inputs = self.inputs(end);
        let data = Data::new();
        let (mut rejects, parts, held) = match self.to {
            To::Place(results, rejects) => (rejects, None, Some(results)),
            To::Parts(mut parts, _) => {
                parts.end(end.inputs)?;
                let mut rejects = Rejects::new(args.rejects.as_deref(), console)?;
                parts.pour_rejects(&mut |lines| {
                    rejects.kept(&lines);
                    Ok(())
                })?;
                (rejects, Some(parts), None)
            }
        };
        settle(args, rules, console, &self.read, &mut rejects)?;
        end.roster.add_to(&mut self.roster);
        check_tree(&self.roster)?;
        let mut receipt = receipt(rules);
        receipt.inputs = self.read.inputs;
        receipt.inputs.extend(intake::inputs(end.roster.file.iter().cloned().collect(), &[]));
        let options = Options { lang: console.lang, exact: false };
        let results = match held {
            Some(results) => *results,
            None => Results::begin(plan, rules.model(), &data, end.shape, console, false)?,
        };
        let mut results = results;
        if let Some(parts) = &parts {
            for part in 1..=parts.parts() {
                self.progress.pour(part, parts.parts());
                parts.pour_results(part, end.shape, &mut |chunk| results.chunk(chunk))?;
            }
        }
        results.finish(&self.summary, &receipt, "", options)?;
        parts.map_or(Ok(()), |parts| parts.remove())?;
        Ok(self.summary)
    }
}

/// Sees whether outputs can be written, before the long work begins.
pub(super) fn probe(args: &Eval, plan: &Plan) -> Result<(), Failure> {
    let paths = plan.output.iter().chain(&args.rejects);
    paths.into_iter().try_for_each(|path| Output::create(path).map(drop)).map_err(Failure::from)
}
