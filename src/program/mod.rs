//! The program: targets as flat steps over columns.
//!
//! Enters: the model. Leaves: a [`Program`] that [`crate::eval`] runs over batches. The one idea:
//! a step names no text, only indicators by number, so that binding it to a batch is arithmetic.
//! Invariant: one step a target, in rule order; [`verify`] holds the rest.

mod listing;
mod lower;
mod op;
mod verify;

pub use listing::listing;
pub use lower::lower;
pub use op::{Choice, Edition, Op, Program, Reach, Scope, Stage, Step, Test};
pub use verify::{Broken, verify};
