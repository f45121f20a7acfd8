//! All rows of some data, judged in pieces.
//!
//! Enters: a batch of all snapshots. Leaves: codes of operators that ask other times. The one idea:
//! what one row asks of others of its entity is found for all rows in one walk along each entity's
//! days, and every piece takes its part of it. Invariant: what is found does not depend on the
//! pieces, nor on who asks first.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::past;
use crate::calendar::Date;
use crate::program::Op;
use crate::reference::Reference;
use crate::snapshot::{Batch, Row};

/// All snapshots of some data by column, for those who judge them in pieces.
#[derive(Debug)]
pub struct Whole {
    batch: Batch,
    lines: OnceLock<Lines>,
    /// By operator: the codes of all rows.
    codes: Mutex<HashMap<usize, Found>>,
}

type Found = Arc<OnceLock<Box<[u8]>>>;

/// Rows by entity and day.
#[derive(Debug)]
pub(super) struct Lines {
    /// The rows of one entity behind those of another, the earliest first.
    pub(super) order: Vec<u32>,
    /// The days of `order`.
    pub(super) days: Vec<Date>,
    /// The stretches of `order` that belong to one entity.
    pub(super) entities: Vec<Range<usize>>,
}

impl Lines {
    fn of(rows: &[Row]) -> Self {
        let mut order: Vec<u32> = (0_u32..).zip(rows).map(|(place, _)| place).collect();
        let row = |place: &u32| rows.get(*place as usize);
        // Rows of one day stay in their order.
        order.sort_by_key(|place| row(place).map(|row| (row.entity, row.as_of)));
        let mut start = 0;
        let same = |a: &u32, b: &u32| row(a).map(|it| it.entity) == row(b).map(|it| it.entity);
        let entities = order.chunk_by(same).map(|own| {
            let range = start..start + own.len();
            start = range.end;
            range
        });
        let entities = entities.collect();
        let days = order.iter().filter_map(row).map(|row| row.as_of).collect();
        Self { order, days, entities }
    }
}

impl Whole {
    /// Nothing where the batch lacks rows of its data, which other rows may ask.
    pub(super) fn new(batch: Batch) -> Option<Self> {
        let is_row = |(row, place): (&Row, u32)| row.record == Some(place);
        let holds_all = batch.len() == batch.data().snapshots.len()
            && batch.rows().iter().zip(0_u32..).all(is_row);
        let (lines, codes) = Default::default();
        holds_all.then_some(Self { batch, lines, codes })
    }

    /// All rows.
    pub const fn batch(&self) -> &Batch {
        &self.batch
    }

    pub(super) fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(self.batch.rows()))
    }

    /// The codes of an operator for some rows, as if it were due.
    pub(super) fn codes(&self, reference: &Reference<'_>, op: &Op, rows: Range<usize>) -> Vec<u8> {
        let address = std::ptr::from_ref(op).addr();
        let found = {
            let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(codes.entry(address).or_default())
        };
        let all = found.get_or_init(|| past::codes(self, reference, op).into_boxed_slice());
        all.get(rows).unwrap_or_default().to_vec()
    }
}
