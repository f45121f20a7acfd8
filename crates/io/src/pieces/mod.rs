//! Data in pieces: rows of figures in the order of the input, made by several threads.
//!
//! Enters: paths. Leaves: [`Block`]s, cut one after the other, and of each a [`Piece`], which any
//! thread can make. The one idea: cutting is cheap and keeps the order; what costs time is done
//! piece by piece. Invariant: the pieces of a run say together what [`crate::read`] says of its
//! records, wherever the input was cut.

mod cut;
mod figure;
mod foreign;
mod layout;
mod lines;
mod list;
mod long;
mod making;
mod open;
mod pull;
mod rows;
mod run;
mod table;
mod wide;

use std::borrow::Cow;

use chitieu::Snapshot;
use chitieu::calendar::Date;
use chitieu::snapshot::{Batch, composed_id};

use crate::{Input, IoError, Reject};
pub use making::{Making, Worker, is_unreadable};
pub use open::Pieces;

/// What a piece keeps of its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Columns of figures, which are all that verdicts of local targets need.
    Figures,
    /// The records themselves, with their places: the batch has no columns.
    Records,
}

/// Some rows of the input, and what else was read with them.
#[derive(Debug)]
pub struct Piece {
    /// The number of the file.
    pub file: usize,
    /// The rows, in the order of the input. Under [`Keep::Figures`] the data behind them hold no
    /// entity: [`Piece::ids`] does.
    pub batch: Batch,
    /// Whom the rows speak of.
    pub ids: Ids,
    /// The records themselves, where they are handed on: see [`Worker::handing_on`].
    pub records: Vec<Snapshot>,
    /// How many records were seen.
    pub read: u64,
    /// Records that cannot be judged.
    pub rejects: Vec<Reject>,
    /// How many cells are no quantity.
    pub unreadable: u64,
    /// Names that no rule knows, in their order.
    pub unknown: Vec<String>,
    /// Whether some name is an indicator of the rules.
    pub knows_any: bool,
    /// Entities with the entities above them, where records give one.
    pub parents: Vec<(String, String)>,
    /// Where the first row stands.
    pub first: Option<String>,
    /// What ends the run behind these rows.
    pub fault: Option<IoError>,
    /// What follows in the file cannot be read: see [`Piece::is_behind`].
    pub ends_file: bool,
}

impl Piece {
    /// Whom a row speaks of, and as of which day.
    #[must_use]
    pub fn key(&self, row: usize) -> Option<(&str, Date)> {
        Some((self.ids.get(row)?, self.batch.rows().get(row)?.as_of))
    }

    /// Whether it is to be passed over, because a piece before it ends its file. Whoever takes
    /// pieces asks this of each, in their order, and keeps `ended` between them.
    pub fn is_behind(&self, ended: &mut Option<usize>) -> bool {
        let is_behind = *ended == Some(self.file);
        if self.ends_file {
            *ended = Some(self.file);
        }
        is_behind
    }
}

/// Ids of entities, a row each, in composed Unicode.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    text: String,
    ends: Vec<u32>,
}

impl Ids {
    /// Ids that stand one behind the other, by the places where they end; nothing where an end
    /// lies within a letter, before the end before it or behind the text.
    #[must_use]
    pub fn new(text: String, ends: Vec<u32>) -> Option<Self> {
        let last = ends.iter().try_fold(0, |before, end| {
            (*end >= before && text.is_char_boundary(*end as usize)).then_some(*end)
        });
        (last? as usize == text.len()).then_some(Self { text, ends })
    }

    /// Whether all are in composed Unicode as they stand.
    pub(crate) fn are_composed(&self) -> bool {
        let mut all = (0..self.len()).filter_map(|row| self.get(row));
        self.text.is_ascii() || all.all(|id| matches!(composed_id(id), Cow::Borrowed(_)))
    }

    pub(crate) fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// The id of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        let start = row.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start as usize..*self.ends.get(row)? as usize)
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// A part of the input that was cut off and not yet read.
pub struct Block {
    file: usize,
    cut: Box<dyn Cut>,
    place: Option<Place>,
}

impl Block {
    /// Where it ends, so that a later run can go on there; only where digests are taken.
    pub fn take_place(&mut self) -> Option<Place> {
        self.place.take()
    }
}

/// A place between two blocks of the input, see [`Pieces::resume`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// So many blocks of the file were cut off before it.
    pub blocks: u64,
    /// So many bytes of the file were read by then, as they stand on the disk.
    pub bytes: u64,
    /// Their SHA-256 in hexadecimal.
    pub sha256: String,
    /// The files that ended since the block before.
    pub closed: Vec<Input>,
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Block").field("file", &self.file).finish_non_exhaustive()
    }
}

/// What cuts one file into parts, in order. It keeps no more than it needs to find the next cut.
/// In a table of which rows join, no cut parts rows of one entity and day.
pub(crate) trait Source: Send {
    /// The next part.
    fn next(&mut self) -> Result<Option<Box<dyn Cut>>, IoError>;
}

/// A part that was cut off. Any thread may read it.
pub(crate) trait Cut: Send {
    /// Reads everything that it holds.
    fn read(self: Box<Self>, making: &mut Making<'_, '_>);

    /// Sees whether what follows in the file can be read, where only reading it tells.
    fn look(&self) {}
}

#[cfg(test)]
mod tests;
