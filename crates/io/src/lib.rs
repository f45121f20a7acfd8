//! Readers and writers of chitieu: rule files, snapshots, results.
//!
//! Enters: paths as a user types them. Leaves: sources, records with the place where they stand,
//! and files that appear whole or not at all. The one idea: what cannot be read is named, with
//! file, row and column, and never dropped. Invariant: everything that is read is counted.

mod data;
mod error;
mod imports;
mod json;
mod output;
mod paths;
mod pieces;
mod rules;
mod spool;
mod stream;
mod table;
mod tables;
mod tally;

pub use data::{Input, InputFormat, Item, Options, Reject, entities, read, read_for};
pub use error::IoError;
pub use imports::Disk;
pub use output::{Output, abandon};
pub use pieces::{Block, Ids, Keep, Making, Piece, Pieces, Place, Worker, is_unreadable};
pub use rules::{load, load_with};
pub use spool::Spool;
pub use table::{Cell, Prover, Role, Sheet, SheetRows};
pub use tables::{Asked, Bytes, Part, Parts, Random, Stored, Tables};
