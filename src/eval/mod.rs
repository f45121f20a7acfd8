//! Evaluation: a program over a batch.
//!
//! Enters: model, [`Program`] and [`Batch`]. Leaves: [`Verdicts`], a code a row and target. The one
//! idea: bind thresholds to the integers of a column once, then compare integers; a row that is
//! not plain is judged by the reference evaluator. Invariant: every code is the verdict that the
//! reference gives, however the batch is cut.

mod bind;
mod figures;
mod join;
mod judgement;
mod kernels;
mod machine;
mod masks;
mod one;
mod past;
mod plain;
mod time;
mod units;
mod verdicts;
mod whole;

pub(crate) use figures::Figures;
pub(crate) use one::{Asked, Question, Ready, Slot};
pub(crate) use plain::Plain;
pub use verdicts::Verdicts;
pub use whole::Whole;

use std::ops::Range;

use crate::check::model::Model;
use crate::program::{Program, Reach};
use crate::reference::Reference;
use crate::snapshot::{Batch, Case, Names};

/// Judges every row of a batch by all steps of a program lowered from this model.
pub fn evaluate(model: &Model, names: &Names, program: &Program, batch: &Batch) -> Verdicts {
    let is_linked = program.steps.iter().any(|step| step.reach == Reach::Linked);
    if !is_linked {
        return machine::run(&Reference::named(model, names, batch.data()), program, batch, None);
    }
    // Rows that stand in no record are each other's history.
    let recorded = batch.recorded();
    let batch = recorded.as_ref().unwrap_or(batch);
    let reference = match &recorded {
        Some(figures) => Reference::over(model, names, figures),
        None => Reference::named(model, names, batch.data()),
    };
    let whole = prepare(&reference, model, names, batch);
    machine::run(&reference, program, batch, whole.as_ref().map(|whole| (whole, 0)))
}

/// As [`evaluate`], with a reference evaluator of the same model and data.
pub fn evaluate_piece(reference: &Reference<'_>, program: &Program, batch: &Batch) -> Verdicts {
    machine::run(reference, program, batch, None)
}

/// As [`evaluate_piece`], for some of all rows.
pub fn evaluate_rows(
    reference: &Reference<'_>,
    program: &Program,
    whole: &Whole,
    rows: Range<usize>,
) -> Verdicts {
    let batch = whole.batch().slice(rows.start, rows.len());
    machine::run(reference, program, &batch, Some((whole, rows.start)))
}

/// As [`evaluate_piece`], for cases that may have several snapshots each, one row a case.
pub fn evaluate_cases(
    reference: &Reference<'_>,
    program: &Program,
    batch: &Batch,
    cases: &[Case<'_>],
) -> Verdicts {
    machine::run_cases(reference, program, batch, cases)
}

/// Finds at once what units answer to the conditions that shares ask of them, and makes ready what
/// other times are asked of. `batch` holds all snapshots of the reference's data, in their order;
/// of another one nothing is made.
pub fn prepare(
    reference: &Reference<'_>,
    model: &Model,
    names: &Names,
    batch: &Batch,
) -> Option<Whole> {
    let whole = Whole::new(batch.clone())?;
    units::prepare(reference, model, names, batch);
    Some(whole)
}
