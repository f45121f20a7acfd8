//! Judgements as people and programs read them: rows, messages, tables, counts, receipts.
//!
//! Enters: the model and its judgements. Leaves: bytes, through one renderer per file. The one
//! idea: a [`Record`] is a view that makes the text of a field when somebody asks for it, so every
//! format shows the same words. Invariant: a rounded figure stays on its true side of the
//! threshold, and nothing here opens a file.

mod asked;
mod beside;
mod cell;
pub mod csv;
mod decided;
mod figures;
mod grown;
mod joined;
pub mod json;
mod message;
#[cfg(test)]
mod message_tests;
pub mod ndjson;
pub(crate) mod pattern;
mod receipt;
mod record;
pub mod scores;
mod summary;
pub mod table;
#[cfg(test)]
mod testing;
mod undecided;
mod units;
mod width;
mod words;

pub use cell::{Cell, PartRow, StepRow, StretchRow};
pub use message::message;
pub use pattern::Lines;
pub use receipt::{Digest, Input, Receipt};
pub use record::{Fields, Options, Record, UnknownField, field_names};
pub use scores::ScoreRecord;
pub use summary::{Counts, Row, Summary};
