//! Verdicts as tables of Parquet and of Arrow IPC.
//!
//! Enters: records, or rows of verdict codes, in the order in which they belong. Leaves: bytes,
//! written as they come. The one idea: what a thread judged it lays out as columns itself; whoever
//! writes only joins them. Invariant: what is held does not grow with the input.

mod codes;
mod column;
mod keep;
mod pack;
mod records;
mod table;
#[cfg(test)]
mod tests;
mod wide;

pub use keep::{Keeper, rows, sheets};
pub use records::{Layout, Records, Rows};
pub use table::Kind;
pub use wide::{Sheet, Wide};
