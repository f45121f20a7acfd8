//! Checking: trees to one model, with every problem found in one run.
//!
//! Enters: the trees of all files. Leaves: a [`model::Model`] of what could be understood and all
//! diagnostics. The one idea: conditions are read first, units agreed afterwards, because an
//! indicator has the unit that its own thresholds are written in.
//! Invariant: a target with an error is not in the model, and hides no other.

mod assemble;
mod condition;
pub mod model;
mod name;
mod quantity;
mod range;
mod reader;
mod scope;
mod settings;
mod units;
mod words;

use crate::diagnostic::Diagnostics;
use crate::source::{SourceId, Sources};
use crate::syntax::Tree;
use model::Model;

/// Checks files together. Targets that have errors are left out of the model.
pub fn check(sources: &Sources, trees: &[(SourceId, Tree)]) -> (Model, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut model = Model::default();
    for (id, tree) in trees {
        if let Some(source) = sources.get(*id) {
            assemble::file(source, tree, &mut model, &mut found);
        }
    }
    (model, found)
}
