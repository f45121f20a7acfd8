//! The program: targets as flat steps over columns.
//!
//! Enters: the model. Leaves: a [`Program`] that [`crate::eval`] runs over batches. The one idea:
//! a step names no text, only indicators by number, so that binding it to a batch is arithmetic.
//! Invariant: one step a target, in rule order; [`verify`] holds the rest.

mod dated;
mod listing;
mod lower;
mod op;
mod sides;
mod verify;

pub use listing::listing;
pub use lower::{lower, operator};
pub use op::{Balance, Choice, Dated, Edition, Op, Program, Reach, Scope, Stage, Step, Test};
pub use verify::{Broken, verify};
