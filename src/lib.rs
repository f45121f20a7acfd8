//! chitieu judges public targets.
#![forbid(unsafe_code)]

pub mod calendar;
pub mod check;
pub mod diagnostic;
pub mod eval;
pub mod number;
pub mod program;
pub mod reference;
mod rules;
pub mod snapshot;
pub mod source;
pub mod syntax;
pub mod text;
pub mod unit;
mod verdict;

pub use eval::Verdicts;
pub use rules::{Report, Rules};
pub use snapshot::{Measurement, Snapshot};
pub use verdict::{Judgement, Measured, Part, Progress, Reason, Step, Verdict};
