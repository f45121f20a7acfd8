//! chitieu judges public targets.
#![forbid(unsafe_code)]

pub mod audit;
pub mod calendar;
pub mod check;
pub mod diagnostic;
pub mod diff;
pub mod explain;
mod imports;
pub mod number;
pub mod reference;
pub mod report;
mod rules;
pub mod snapshot;
pub mod source;
pub mod syntax;
pub mod text;
pub mod trial;
pub mod unit;
mod verdict;

pub use imports::{ImportError, Imports, NoImports};
pub use rules::{Report, Rules};
pub use snapshot::{Measurement, Snapshot};
pub use verdict::{InForce, Judgement, Measured, Part, Progress, Reason, Step, Stretch, Verdict};

/// The examples of the README are run as tests; the documentation has a first page of its own.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
