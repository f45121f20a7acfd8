//! Cases to verdicts, by several threads.
//!
//! Enters: rules, data, cases. Leaves: chunks of results in the order of the cases. The one idea:
//! a chunk is a run of cases that one thread judges and renders alone; chunks are handed on in
//! order. Invariant: the bytes do not depend on the number of threads.

use std::ops::Range;

use chitieu::Judgement;
use chitieu::check::model::Model;
use chitieu::reference::Reference;
use chitieu::report::{Options, Record, Summary, csv, ndjson};
use chitieu::snapshot::{Cases, Data};

use super::plan::Plan;
use super::wide::Columns;
use crate::args::Format;
use crate::console::{Failure, failure, written};

/// A chunk holds about so many verdicts.
const VERDICTS: usize = 8_192;

/// What is judged, and for whom it is written.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) model: &'a Model,
    pub(super) reference: &'a Reference<'a>,
    pub(super) data: &'a Data,
    pub(super) cases: &'a Cases,
    pub(super) plan: &'a Plan,
    pub(super) columns: &'a Columns,
    pub(super) options: Options,
}

/// The results of a run of cases.
pub(super) struct Chunk {
    /// Records as lines; for tables none.
    pub(super) bytes: Vec<u8>,
    /// The judgements; for tables only.
    pub(super) judgements: Vec<Judgement>,
    /// The counts of all verdicts, also of those that are not written.
    pub(super) summary: Summary,
}

impl Job<'_> {
    /// Judges all cases and hands on the chunks in order.
    pub(super) fn run(
        self,
        take: &mut dyn FnMut(Chunk) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let targets = self.model.targets.len().max(1);
        let size = (VERDICTS / targets).max(1);
        let count = self.cases.len();
        let chunks: Vec<Range<usize>> =
            (0..count).step_by(size).map(|start| start..(start + size).min(count)).collect();
        for round in chunks.chunks(self.plan.threads.max(1)) {
            for chunk in self.round(round) {
                take(chunk?)?;
            }
        }
        Ok(())
    }

    /// Some chunks at once, one a thread.
    fn round(self, chunks: &[Range<usize>]) -> Vec<Result<Chunk, Failure>> {
        if let [alone] = chunks {
            return vec![self.chunk(alone.clone())];
        }
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                chunks.iter().map(|range| scope.spawn(|| self.chunk(range.clone()))).collect();
            let ended =
                || failure("một luồng đánh giá đã hỏng", "a thread of the evaluation broke");
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| ended())).collect()
        })
    }

    fn chunk(self, cases: Range<usize>) -> Result<Chunk, Failure> {
        let mut chunk =
            Chunk { bytes: Vec::new(), judgements: Vec::new(), summary: Summary::new(self.model) };
        // With `--summary` only the codes are looked at: an evaluator that gives nothing else
        // belongs here.
        for place in cases {
            let Some(case) = self.cases.get(self.data, place) else { continue };
            let judgements = self.reference.judge(&case);
            if self.plan.wide {
                self.columns.row(&mut chunk.bytes, &case, &judgements, self.plan)?;
            }
            for judgement in judgements {
                chunk.summary.add(judgement.target, judgement.verdict);
                let only = &self.plan.only;
                if !self.plan.summary
                    && !self.plan.wide
                    && (only.is_empty() || only.contains(&judgement.verdict))
                {
                    self.render(&mut chunk, judgement)?;
                }
            }
        }
        Ok(chunk)
    }

    fn render(self, chunk: &mut Chunk, judgement: Judgement) -> Result<(), Failure> {
        let record = Record::new(self.model, &judgement, self.options);
        let fields = &self.plan.fields;
        match self.plan.format {
            Format::Csv => csv::write_record(&mut chunk.bytes, &record, fields).map_err(written),
            Format::Ndjson | Format::Json => {
                ndjson::write_record(&mut chunk.bytes, &record, fields).map_err(written)
            }
            _ => {
                chunk.judgements.push(judgement);
                Ok(())
            }
        }
    }
}
