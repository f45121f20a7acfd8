//! Evaluation: a program over a batch.
//!
//! Enters: model, [`Program`] and [`Batch`]. Leaves: [`Verdicts`], a code a row and target. The one
//! idea: bind thresholds to the integers of a column once, then compare integers; a row that is
//! not plain is judged by the reference evaluator. Invariant: every code is the verdict that the
//! reference gives, however the batch is cut.

mod bind;
mod join;
mod kernels;
mod machine;
mod masks;
mod one;
mod time;
mod verdicts;

pub(crate) use one::{Asked, Question, Ready, Slot};
pub use verdicts::Verdicts;

use crate::check::model::Model;
use crate::program::Program;
use crate::reference::Reference;
use crate::snapshot::{Batch, Names};

/// Judges every row of a batch by all steps of a program lowered from this model.
pub fn evaluate(model: &Model, names: &Names, program: &Program, batch: &Batch) -> Verdicts {
    machine::run(&Reference::named(model, names, batch.data()), program, batch)
}

/// As [`evaluate`], with a reference evaluator of the same model and data.
pub fn evaluate_piece(reference: &Reference<'_>, program: &Program, batch: &Batch) -> Verdicts {
    machine::run(reference, program, batch)
}
