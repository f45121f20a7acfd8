//! Cases to verdicts, by several threads.
//!
//! Enters: rules, data, cases. Leaves: chunks of results in the order of the cases. The one idea:
//! a chunk is a run of cases that one thread judges and renders alone; chunks are handed on in
//! order. Invariant: the bytes do not depend on the number of threads.

use std::ops::Range;
use std::sync::Arc;

use chitieu::check::model::{Model, TargetId};
use chitieu::reference::Reference;
use chitieu::report::Record;
use chitieu::score::Scores;
use chitieu::snapshot::{Batch, Case, Cases, Data};
use chitieu::{Judgement, Rules, Verdict, Whole};

use super::against;
use super::order::in_order;
use super::plan::Plan;
use super::shape::{By, Chunk, Shape};
use crate::console::Failure;

/// A chunk holds about so many verdicts.
const VERDICTS: usize = 8_192;

/// A chunk that is judged by columns holds so many rows; where entities stand for several
/// snapshots, of which some may be asked one by one, so many.
const ROWS: usize = 16_384;
const ENTITIES: usize = 1_024;

/// What is judged, and for whom it is written.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) rules: &'a Rules,
    pub(super) model: &'a Model,
    pub(super) reference: &'a Reference<'a>,
    /// Where verdicts alone are asked for: what judges them by columns.
    pub(super) columnar: Option<&'a Rules>,
    /// All snapshots as columns, where rules ask of more than one.
    pub(super) whole: Option<&'a Whole>,
    /// Where totals of points are asked for: what adds them up.
    pub(super) scores: Option<&'a Scores<'a>>,
    pub(super) data: &'a Arc<Data>,
    pub(super) cases: &'a Cases,
    pub(super) plan: &'a Plan,
    pub(super) shape: &'a Shape<'a>,
    /// Verdicts are compared with those of a file.
    pub(super) compared: bool,
}

impl Job<'_> {
    /// Judges all cases and hands on the chunks in order.
    pub(super) fn run(
        self,
        take: &mut (dyn FnMut(Chunk) -> Result<(), Failure> + Send),
    ) -> Result<(), Failure> {
        let targets = self.model.targets.len().max(1);
        let size = match (self.columnar, self.plan.as_of) {
            (Some(_), None) => ROWS,
            (Some(_), Some(_)) => ENTITIES,
            (None, _) => (VERDICTS / targets).max(1),
        };
        let count = self.cases.len();
        let mut chunks = (0..count).step_by(size).map(|start| start..(start + size).min(count));
        in_order(
            self.plan.threads,
            &mut || Ok(chunks.next()),
            &|| self.shape.by(self.rules, self.scores.is_none() && !self.compared),
            &|by, chunk| self.chunk(by, chunk),
            &mut |chunk| take(chunk?),
        )
    }

    fn chunk(self, by: &mut By<'_>, cases: Range<usize>) -> Result<Chunk, Failure> {
        let mut chunk = self.shape.chunk();
        let own = self.cases.own();
        let mut rest = cases.clone();
        if let Some(rules) = self.columnar {
            // Those that sent nothing follow all others, and are no rows of a batch.
            let rows = cases.start.min(own)..cases.end.min(own);
            rest = rows.end.max(cases.start)..cases.end;
            self.codes(rules, rows, &mut chunk)?;
        }
        for place in rest {
            let Some(case) = self.cases.get(self.data, place) else { continue };
            let judgements = match (self.columnar, &mut *by) {
                (Some(_), _) => {
                    self.verdicts(&case, &mut chunk)?;
                    continue;
                }
                (None, By::Lines(lines)) => {
                    self.shape.records(&mut chunk, lines, self.reference, &case)?;
                    continue;
                }
                (None, By::Judging(judging)) => judging.judge(self.reference, &case),
                (None, By::Reference) => self.reference.judge(&case),
            };
            self.judgements(&case, judgements, &mut chunk)?;
        }
        Ok(chunk)
    }

    /// All that is said of a case.
    fn judgements(
        self,
        case: &Case<'_>,
        judgements: Vec<Judgement>,
        chunk: &mut Chunk,
    ) -> Result<(), Failure> {
        if let Some(scores) = self.scores {
            chunk.totals.extend(scores.of_case(self.reference, case, &judgements));
        }
        if self.plan.wide {
            let verdicts = judgements.iter().map(|one| (one.target, one.verdict));
            self.wide(case, verdicts, chunk)?;
        }
        for judgement in judgements {
            chunk.summary.add(judgement.target, judgement.verdict);
            if self.compared {
                let record = Record::new(self.model, &judgement, self.shape.options);
                chunk.rows.extend(against::row(&record));
            }
            self.shape.record(chunk, judgement)?;
        }
        Ok(())
    }

    /// Verdicts without anything beside them.
    fn verdicts(self, case: &Case<'_>, chunk: &mut Chunk) -> Result<(), Failure> {
        let verdicts = self.reference.verdicts(case);
        for (target, verdict) in &verdicts {
            chunk.summary.add(*target, *verdict);
        }
        if self.plan.wide {
            self.wide(case, verdicts.into_iter(), chunk)?;
        }
        Ok(())
    }

    /// A row of verdict codes; nothing stands for a target that the case is not judged by.
    fn wide(
        self,
        case: &Case<'_>,
        verdicts: impl Iterator<Item = (TargetId, Verdict)>,
        chunk: &mut Chunk,
    ) -> Result<(), Failure> {
        let mut by_target = vec![None; self.model.targets.len()];
        for (target, verdict) in verdicts {
            if let Some(place) = by_target.get_mut(target.0 as usize) {
                *place = Some(verdict);
            }
        }
        self.shape.row(chunk, case.id(), case.as_of, by_target.iter().copied())
    }

    /// Verdicts without anything beside them, by columns. Each case is a snapshot at its own date,
    /// in the order of the data, or all cases are entities at one date.
    fn codes(self, rules: &Rules, cases: Range<usize>, chunk: &mut Chunk) -> Result<(), Failure> {
        let verdicts = if self.plan.as_of.is_some() {
            let get = |place| self.cases.get(self.data, place);
            let cases: Vec<Case<'_>> = cases.clone().filter_map(get).collect();
            rules.evaluate_cases(self.reference, self.data, &cases)
        } else if let Some(whole) = self.whole {
            rules.evaluate_rows(self.reference, whole, cases.clone())
        } else {
            let batch = Batch::piece(self.model, rules.names(), self.data, cases.clone());
            rules.evaluate_piece(self.reference, &batch)
        };
        for (target, id) in (0..verdicts.targets()).zip(0_u32..) {
            for (verdict, times) in Verdict::ALL.into_iter().zip(verdicts.counts(target)) {
                chunk.summary.add_many(TargetId(id), verdict, times);
            }
        }
        if self.plan.wide {
            let keys = cases.map_while(|place| {
                let case = self.cases.get(self.data, place)?;
                Some((case.id(), case.as_of))
            });
            self.shape.rows(chunk, keys, &verdicts)?;
        }
        Ok(())
    }
}
