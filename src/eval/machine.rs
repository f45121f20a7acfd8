//! Runs the steps of a program over a batch.
//!
//! Each step: the kernel over all rows, then missing rows, then time, then scope, and last the rows
//! that are not plain, which the reference evaluator judges whole.

use std::collections::HashMap;
use std::ops::Range;

use super::bind;
use super::kernels::quotient::Operands;
use super::kernels::{compare, quotient, truth};
use super::time;
use super::verdicts::Verdicts;
use crate::calendar::Date;
use crate::check::model::{IndicatorId, Model, ScopeItem, TargetId};
use crate::program::{Op, Program, Scope, Step, Test};
use crate::reference::Reference;
use crate::snapshot::{Batch, Column, Names, Row, Values};
use crate::verdict::Verdict;

const NO_DATA: u8 = Verdict::NoData as u8;

/// Judges every row of a batch.
pub(super) fn run(model: &Model, names: &Names, program: &Program, batch: &Batch) -> Verdicts {
    let mut machine = Machine {
        model,
        batch,
        reference: Reference::named(model, names, batch.data()),
        runs: time::runs(batch.rows()),
        scopes: HashMap::new(),
    };
    let targets = program.steps.iter().map(|step| machine.step(step)).collect();
    Verdicts::new(batch.len(), targets)
}

struct Machine<'a> {
    model: &'a Model,
    batch: &'a Batch,
    reference: Reference<'a>,
    runs: Vec<(Date, Range<usize>)>,
    /// Rows that a scope alone decides, with their codes.
    scopes: HashMap<TargetId, Vec<(usize, u8)>>,
}

impl Machine<'_> {
    /// The codes of one step.
    fn step(&mut self, step: &Step) -> Vec<u8> {
        let rows = self.batch.len();
        let mut codes = Vec::with_capacity(rows.next_multiple_of(64));
        let odd = self.columns(&step.op, &mut codes);
        // A column that is not there, or of another kind than asked, has no plain value.
        codes.resize(rows, NO_DATA);
        time::apply(step, &self.runs, &mut codes);
        if let Scope::LikeTarget(target) = step.scope {
            self.scope(step, target, &mut codes);
        }
        match odd {
            Odd::Rows(rows) => rows.into_iter().for_each(|row| self.judge(step, row, &mut codes)),
            Odd::All => (0..rows).for_each(|row| self.judge(step, row, &mut codes)),
        }
        codes
    }

    /// Runs the kernel. Returns the rows that it cannot judge.
    fn columns(&self, op: &Op, codes: &mut Vec<u8>) -> Odd {
        match op {
            Op::Reference => Odd::All,
            Op::Truth { of, expected } => self.truth(*of, *expected, codes),
            Op::Compare { of, test } => self.compare(*of, test, codes),
            Op::Quotient { above, below, test } => self.quotient(*above, *below, test, codes),
        }
    }

    fn truth(&self, of: IndicatorId, expected: bool, codes: &mut Vec<u8>) -> Odd {
        let Some(column) = self.batch.column(of) else { return Odd::none() };
        match column.values() {
            Values::Truths(bits) => {
                let (met, not) = (Verdict::Met as u8, Verdict::NotMet as u8);
                let answers = if expected { (met, not) } else { (not, met) };
                truth::truth(bits, column.validity(), answers, codes);
                Odd::of(&[column])
            }
            Values::Nothing => Odd::of(&[column]),
            Values::Numbers { .. } => Odd::All,
        }
    }

    fn compare(&self, of: IndicatorId, test: &Test, codes: &mut Vec<u8>) -> Odd {
        let Some(column) = self.batch.column(of) else { return Odd::none() };
        match column.values() {
            Values::Numbers { mantissas, scale, .. } => {
                let bounds = bind::bounds(test, *scale);
                compare::compare(mantissas, column.validity(), bounds, codes);
                Odd::of(&[column])
            }
            Values::Nothing => Odd::of(&[column]),
            Values::Truths(_) => Odd::All,
        }
    }

    fn quotient(
        &self,
        above: IndicatorId,
        below: IndicatorId,
        test: &Test,
        codes: &mut Vec<u8>,
    ) -> Odd {
        let (Some(a), Some(b)) = (self.batch.column(above), self.batch.column(below)) else {
            return Odd::All;
        };
        match (a.values(), b.values()) {
            (
                Values::Numbers { mantissas: above, scale: above_scale, min, max },
                Values::Numbers { mantissas: below, scale: below_scale, min: least, max: most },
            ) => {
                let size = |a: &i128, b: &i128| a.unsigned_abs().max(b.unsigned_abs());
                let sizes = (size(min, max), size(least, most));
                let valid = [a.validity(), b.validity()];
                let operands = Operands { above, below, sizes, positive: *least > 0, valid };
                let crosses = bind::crosses(test, *above_scale, *below_scale);
                quotient::quotient(operands, &crosses, bind::codes(test), codes);
                Odd::of(&[a, b])
            }
            (Values::Truths(_), _) | (_, Values::Truths(_)) => Odd::All,
            // Without a plain value on one side every row is missing or odd.
            _ => Odd::of(&[a, b]),
        }
    }

    /// Writes the codes of the rows that the scope alone decides, inside the window.
    fn scope(&mut self, step: &Step, target: TargetId, codes: &mut [u8]) {
        let (batch, reference) = (self.batch, &self.reference);
        let Some(version) = self.model.target(target).and_then(|it| it.versions.first()) else {
            return;
        };
        let decided = self.scopes.entry(target).or_insert_with(|| {
            let mut by_entity = HashMap::new();
            let rows = batch.rows().iter().enumerate();
            let found = rows.filter_map(|(at, row)| {
                Some((at, outside(batch, reference, &version.scope, row, &mut by_entity)?))
            });
            found.collect()
        });
        for (row, code) in decided {
            let inside = batch.rows().get(*row).is_some_and(|row| step.window.contains(row.as_of));
            if let Some(written) = codes.get_mut(*row).filter(|_| inside) {
                *written = *code;
            }
        }
    }

    /// Writes what the reference evaluator says of a row.
    fn judge(&self, step: &Step, row: usize, codes: &mut [u8]) {
        let Some(case) = self.batch.rows().get(row).and_then(|row| self.batch.case(row)) else {
            return;
        };
        // What a record writes says more than the column: a formula is held against its digits.
        let judged = match case.snapshots {
            [] => {
                let figure = |id| self.batch.figure(row, id);
                self.reference.judge_figures(&case, step.target, figure)
            }
            _ => self.reference.judge_target(&case, step.target),
        };
        if let (Some(judged), Some(code)) = (judged, codes.get_mut(row)) {
            *code = judged.verdict as u8;
        }
    }
}

/// Rows that a kernel cannot judge.
enum Odd {
    Rows(Vec<usize>),
    All,
}

impl Odd {
    const fn none() -> Self {
        Self::Rows(Vec::new())
    }

    fn of(columns: &[&Column]) -> Self {
        let mut rows: Vec<usize> = columns.iter().flat_map(|column| column.odd()).collect();
        rows.sort_unstable();
        rows.dedup();
        Self::Rows(rows)
    }
}

/// The code of a row that a scope alone decides. Rows without attributes of their own are as
/// their entity is.
fn outside(
    batch: &Batch,
    reference: &Reference<'_>,
    scope: &[ScopeItem],
    row: &Row,
    by_entity: &mut HashMap<u32, Option<u8>>,
) -> Option<u8> {
    let answer = || {
        let case = batch.case(row)?;
        reference.by_scope(&case, scope).map(|verdict| verdict as u8)
    };
    let snapshot = row.record.and_then(|place| batch.data().snapshots.get(place as usize));
    match snapshot {
        Some(snapshot) if !snapshot.attributes.is_empty() => answer(),
        _ => *by_entity.entry(row.entity).or_insert_with(answer),
    }
}
