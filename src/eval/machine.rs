//! Runs the steps of a program over a batch.
//!
//! Each step: the days part the rows among its stages; for each stage the kernels, then missing
//! rows, then time, then scope, and last the rows that the reference evaluator has to judge.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::bind;
use super::join::{self, ALL, ANY, ASK, Table, Taken, taken};
use super::kernels::quotient::Operands;
use super::kernels::{compare, quotient, truth};
use super::masks;
use super::time::{self, Run};
use super::verdicts::Verdicts;
use super::whole::Whole;
use crate::calendar::Period;
use crate::check::model::{IndicatorId, TargetId};
use crate::program::{Edition, Op, Program, Scope, Stage, Step, Test};
use crate::reference::Reference;
use crate::snapshot::{Batch, Case, Column, Row, Values};
use crate::verdict::Verdict;

const NO_DATA: u8 = Verdict::NoData as u8;
const NOT_APPLICABLE: u8 = Verdict::NotApplicable as u8;

/// Judges every row of a batch.
pub(super) fn run(
    reference: &Reference<'_>,
    program: &Program,
    batch: &Batch,
    whole: Option<(&Whole, usize)>,
) -> Verdicts {
    Machine { whole, ..Machine::new(reference, program, batch) }.run()
}

/// Judges every row of a batch as this case.
pub(super) fn run_cases(
    reference: &Reference<'_>,
    program: &Program,
    batch: &Batch,
    cases: &[Case<'_>],
) -> Verdicts {
    let machine = Machine::new(reference, program, batch);
    Machine { cases: Some(cases).filter(|cases| cases.len() == batch.len()), ..machine }.run()
}

/// The codes of one operator that asks no attribute, for all rows of a batch as if it were due.
pub(super) fn codes(reference: &Reference<'_>, batch: &Batch, op: &Op) -> Vec<u8> {
    Machine::new(reference, &Program::default(), batch).op(op, &(0..batch.len())).codes
}

struct Machine<'a> {
    batch: &'a Batch,
    /// All rows that rows may ask, and the place of the batch among them.
    whole: Option<(&'a Whole, usize)>,
    /// What the rows are, where each stands for several snapshots, of which it is the latest.
    cases: Option<&'a [Case<'a>]>,
    program: &'a Program,
    reference: &'a Reference<'a>,
    runs: Vec<Run>,
    /// By place in the program: rows that a scope alone decides, with their codes.
    scopes: Vec<OnceCell<Vec<(usize, u8)>>>,
    /// By place in the program: the codes of all rows.
    attributes: Vec<OnceCell<Vec<u8>>>,
    /// By row: whether its entity has others below it.
    owners: OnceCell<Vec<bool>>,
}

/// The codes of some rows, and whether [`ASK`] may be among them.
struct Part {
    codes: Vec<u8>,
    asks: bool,
}

impl Part {
    fn every(code: u8, rows: &Range<usize>) -> Self {
        Self { codes: vec![code; rows.len()], asks: code == ASK }
    }
}

impl<'a> Machine<'a> {
    fn new(reference: &'a Reference<'a>, program: &'a Program, batch: &'a Batch) -> Self {
        Self {
            batch,
            whole: None,
            cases: None,
            program,
            reference,
            runs: time::runs(batch.rows()),
            scopes: vec![OnceCell::new(); program.scopes.len()],
            attributes: vec![OnceCell::new(); program.attributes.len()],
            owners: OnceCell::new(),
        }
    }

    fn run(&self) -> Verdicts {
        let targets = self.program.steps.iter().map(|step| self.step(step)).collect();
        Verdicts::new(self.batch.len(), targets)
    }

    /// What a row lacks an earlier snapshot of its case may hold.
    fn or_earlier(&self, mut part: Part, rows: &Range<usize>) -> Part {
        let cases = self.cases.and_then(|cases| cases.get(rows.clone())).unwrap_or_default();
        for (code, case) in part.codes.iter_mut().zip(cases) {
            if *code == NO_DATA && case.snapshots.len() > 1 {
                (*code, part.asks) = (ASK, true);
            }
        }
        part
    }

    /// Asks for rows whose snapshot lies outside the window, where earlier ones count.
    fn within(&self, part: &mut Part, window: &Period, rows: &Range<usize>) {
        let cases = self.cases.and_then(|cases| cases.get(rows.clone())).unwrap_or_default();
        for (code, case) in part.codes.iter_mut().zip(cases) {
            let latest = case.snapshots.first();
            let day = latest.and_then(|it| self.batch.data().snapshots.get(*it as usize));
            if day.is_some_and(|latest| !window.contains(latest.as_of)) {
                (*code, part.asks) = (ASK, true);
            }
        }
    }

    /// The codes of one step.
    fn step(&self, step: &Step) -> Vec<u8> {
        let rows = self.batch.len();
        let groups = time::groups(&step.editions, &self.runs);
        let mut codes = Vec::new();
        for ((edition, stage), runs) in groups {
            let found = step.editions.get(edition);
            let Some((edition, stage)) =
                found.and_then(|found| Some((found, found.stages.get(stage)?)))
            else {
                continue;
            };
            let cover = time::cover(&runs);
            let part = self.stage(step.target, edition, stage, &runs, &cover);
            if cover.len() == rows && runs.len() == self.runs.len() {
                return part;
            }
            codes.resize(rows, NOT_APPLICABLE);
            for (_, run) in runs.iter() {
                let from = part.get(run.start - cover.start..run.end - cover.start);
                if let (Some(to), Some(from)) = (codes.get_mut(run.clone()), from) {
                    to.copy_from_slice(from);
                }
            }
        }
        codes.resize(rows, NOT_APPLICABLE);
        codes
    }

    /// The codes of the rows `cover`; only those of `runs` mean something.
    fn stage(
        &self,
        target: TargetId,
        edition: &Edition,
        stage: &Stage,
        runs: &[Run],
        cover: &Range<usize>,
    ) -> Vec<u8> {
        let mut part = self.choose(stage, cover);
        self.within(&mut part, &edition.window, cover);
        let Part { mut codes, asks } = part;
        // What failed once has failed, whatever is still to come.
        let binds = stage.choices.iter().all(|choice| matches!(choice.op, Op::Always { .. }));
        let due = stage.due.filter(|_| !binds);
        time::apply(&edition.window, due, runs, cover.start, &mut codes);
        if let Scope::Among(place) = edition.scope {
            self.scope(edition, place, cover, &mut codes);
        }
        if asks {
            for row in runs.iter().flat_map(|(_, run)| run.clone()) {
                if let Some(code) = codes.get_mut(row - cover.start).filter(|code| **code == ASK) {
                    *code = self.judge(target, row);
                }
            }
        }
        codes
    }

    /// The codes of the first choice whose `when` holds.
    fn choose(&self, stage: &Stage, rows: &Range<usize>) -> Part {
        /// No choice has been made for the row.
        const OPEN: u8 = u8::MAX;
        if let [alone] = stage.choices.as_slice()
            && alone.when.is_none()
        {
            return self.op(&alone.op, rows);
        }
        let mut chosen = Part::every(OPEN, rows);
        for choice in &stage.choices {
            let when = choice.when.as_ref().map(|when| self.op(when, rows));
            let then = self.op(&choice.op, rows);
            chosen.asks |= then.asks || when.as_ref().is_some_and(|when| when.asks);
            for (row, (code, then)) in chosen.codes.iter_mut().zip(&then.codes).enumerate() {
                let when = when.as_ref().and_then(|when| when.codes.get(row).copied());
                if *code == OPEN {
                    *code = match when.map(taken) {
                        None | Some(Taken::Yes) => *then,
                        Some(Taken::No) => OPEN,
                        Some(Taken::Undecided(code)) => code,
                    };
                }
            }
        }
        for code in chosen.codes.iter_mut().filter(|code| **code == OPEN) {
            *code = NOT_APPLICABLE;
        }
        chosen
    }

    /// The codes of an operator, as if it were due.
    fn op(&self, op: &Op, rows: &Range<usize>) -> Part {
        match op {
            Op::Reference => Part::every(ASK, rows),
            Op::OfUnits => self.of_units(rows),
            Op::Dated(_) | Op::Sum { .. } | Op::Always { .. } => self.past(op, rows),
            Op::Truth { of, expected } => self.or_earlier(self.truth(*of, *expected, rows), rows),
            Op::Compare { of, test } => self.or_earlier(self.compare(*of, test, rows), rows),
            Op::Quotient { above, below, test } => {
                self.or_earlier(self.quotient([*above, *below], test, rows), rows)
            }
            Op::Attribute(place) => self.attribute(*place, rows),
            Op::All(parts) => self.joined(&ALL, parts, rows),
            Op::Any(parts) => self.joined(&ANY, parts, rows),
            Op::Not(part) => {
                let mut part = self.op(part, rows);
                join::turn(&mut part.codes);
                part
            }
        }
    }

    /// What other rows of the entity are asked for.
    fn past(&self, op: &Op, rows: &Range<usize>) -> Part {
        let Some((whole, start)) = self.whole else { return Part::every(ASK, rows) };
        let codes = whole.codes(self.reference, op, start + rows.start..start + rows.end);
        Part { asks: codes.contains(&ASK), codes }
    }

    /// Who has nobody below it is asked for nobody.
    fn of_units(&self, rows: &Range<usize>) -> Part {
        let owns = self.owners.get_or_init(|| {
            let row = |row: &Row| self.reference.has_units(row.entity);
            self.batch.rows().iter().map(row).collect()
        });
        let own = owns.get(rows.clone()).unwrap_or_default();
        let codes: Vec<u8> =
            own.iter().map(|owns| if *owns { ASK } else { NOT_APPLICABLE }).collect();
        Part { asks: own.contains(&true), codes }
    }

    fn joined(&self, table: &Table, parts: &[Op], rows: &Range<usize>) -> Part {
        let mut whole = Part::every(NOT_APPLICABLE, rows);
        for part in parts {
            let part = self.op(part, rows);
            join::join(table, &mut whole.codes, &part.codes);
            whole.asks |= part.asks;
        }
        whole
    }

    fn truth(&self, of: IndicatorId, expected: bool, rows: &Range<usize>) -> Part {
        let Some(column) = self.column(of, rows) else { return Part::every(NO_DATA, rows) };
        match column.values() {
            Values::Truths(bits) => {
                let (met, not) = (Verdict::Met as u8, Verdict::NotMet as u8);
                let (set, unset) = if expected { (met, not) } else { (not, met) };
                let mut codes = space(rows);
                truth::truth(bits, column.validity(), set, unset, &mut codes);
                finish(codes, &[&column])
            }
            Values::Nothing => finish(space(rows), &[&column]),
            Values::Numbers { .. } => Part::every(ASK, rows),
        }
    }

    fn compare(&self, of: IndicatorId, test: &Test, rows: &Range<usize>) -> Part {
        let Some(column) = self.column(of, rows) else { return Part::every(NO_DATA, rows) };
        match column.values() {
            Values::Numbers { mantissas, scale, .. } => {
                let mut codes = space(rows);
                let bounds = bind::bounds(test, *scale);
                compare::compare(mantissas, column.validity(), bounds, &mut codes);
                points(finish(codes, &[&column]), &column, test)
            }
            Values::Nothing => points(finish(space(rows), &[&column]), &column, test),
            Values::Truths(_) => Part::every(ASK, rows),
        }
    }

    fn quotient(&self, [above, below]: [IndicatorId; 2], test: &Test, rows: &Range<usize>) -> Part {
        let (Some(a), Some(b)) = (self.column(above, rows), self.column(below, rows)) else {
            return Part::every(ASK, rows);
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
                let mut codes = space(rows);
                quotient::quotient(operands, &crosses, bind::codes(test), &mut codes);
                finish(codes, &[&a, &b])
            }
            (Values::Truths(_), _) | (_, Values::Truths(_)) => Part::every(ASK, rows),
            // Without a plain value on one side every row is missing or odd.
            _ => finish(space(rows), &[&a, &b]),
        }
    }

    fn column(&self, id: IndicatorId, rows: &Range<usize>) -> Option<Cow<'_, Column>> {
        let column = self.batch.column(id)?;
        let all = rows.len() == column.len();
        let slice = || Cow::Owned(column.slice(rows.start, rows.len()));
        Some(if all { Cow::Borrowed(column) } else { slice() })
    }

    fn attribute(&self, place: u32, rows: &Range<usize>) -> Part {
        let asked = self.program.attributes.get(place as usize);
        let Some((asked, cell)) = asked.zip(self.attributes.get(place as usize)) else {
            return Part::every(ASK, rows);
        };
        let codes = cell.get_or_init(|| {
            let ask = |case: &Case<'_>| self.reference.by_attribute(case, asked) as u8;
            masks::answers(self.batch, ask).map(|code| code.unwrap_or(ASK)).collect()
        });
        Part { codes: codes.get(rows.clone()).unwrap_or_default().to_vec(), asks: false }
    }

    /// Writes the codes of the rows that the scope alone decides, inside the window.
    fn scope(&self, edition: &Edition, place: u32, cover: &Range<usize>, codes: &mut [u8]) {
        let scope = self.program.scopes.get(place as usize);
        let Some((scope, cell)) = scope.zip(self.scopes.get(place as usize)) else { return };
        let decided = cell.get_or_init(|| {
            let ask =
                |case: &Case<'_>| self.reference.by_scope(case, scope).map(|verdict| verdict as u8);
            let answers = masks::answers(self.batch, ask).enumerate();
            answers.filter_map(|(row, code)| Some((row, code??))).collect()
        });
        let first = decided.partition_point(|(row, _)| *row < cover.start);
        let rows = decided.get(first..).unwrap_or_default();
        for (row, code) in rows.iter().take_while(|(row, _)| *row < cover.end) {
            let row_of = self.batch.rows().get(*row);
            let inside = row_of.is_some_and(|row| edition.window.contains(row.as_of));
            if let Some(written) = codes.get_mut(row - cover.start).filter(|_| inside) {
                *written = *code;
            }
        }
    }

    /// What the reference evaluator says of a row.
    fn judge(&self, target: TargetId, row: usize) -> u8 {
        if let Some(case) = self.cases.and_then(|cases| cases.get(row)) {
            let judged = self.reference.verdict(case, target);
            return judged.map_or(NOT_APPLICABLE, |verdict| verdict as u8);
        }
        let case = self.batch.rows().get(row).and_then(|row| self.batch.case(row));
        let judged = case.and_then(|case| match case.snapshots {
            [] => {
                let figure = |id| self.batch.figure(row, id);
                self.reference.verdict_by(&case, target, figure)
            }
            // A record says more than the column: a formula is held against its digits.
            _ => self.reference.verdict(&case, target),
        });
        judged.map_or(NOT_APPLICABLE, |verdict| verdict as u8)
    }
}

/// Room for the codes of rows.
fn space(rows: &Range<usize>) -> Vec<u8> {
    vec![NO_DATA; rows.len()]
}

/// Compares the numbers of a column that are no decimals, such as fractions.
fn points(mut part: Part, column: &Column, test: &Test) -> Part {
    if part.asks {
        let [below, at, above] = bind::codes(test);
        let (low, high) = test.ends();
        for (row, value) in column.points() {
            if let Some(code) = part.codes.get_mut(row) {
                *code = match (value < low, value > high) {
                    (true, _) => below,
                    (_, true) => above,
                    _ => at,
                };
            }
        }
        part.asks = part.codes.contains(&ASK);
    }
    part
}

/// Rows that are not plain are for the reference.
fn finish(mut codes: Vec<u8>, columns: &[&Column]) -> Part {
    let mut asks = false;
    for row in columns.iter().flat_map(|column| column.odd()) {
        if let Some(code) = codes.get_mut(row) {
            (*code, asks) = (ASK, true);
        }
    }
    Part { codes, asks }
}
