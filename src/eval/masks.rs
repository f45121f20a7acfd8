//! What is asked of entities: scopes and attributes, once an entity.
//!
//! Enters: rows and a question. Leaves: codes by row. The one idea: rows are many and entities few;
//! only a row whose snapshot gives attributes of its own is asked for itself.

use crate::snapshot::{Batch, Case, Row};

/// Answers a question for every row.
pub(super) fn answers<T: Copy>(
    batch: &Batch,
    ask: impl Fn(&Case<'_>) -> T,
) -> impl Iterator<Item = Option<T>> {
    let mut by_entity: Vec<Option<T>> = vec![None; batch.data().entities.len()];
    batch.rows().iter().map(move |row| {
        let answer = || batch.case(row).map(|case| ask(&case));
        if has_its_own(batch, row) {
            return answer();
        }
        let known = by_entity.get_mut(row.entity as usize)?;
        if known.is_none() {
            *known = answer();
        }
        *known
    })
}

/// Whether the snapshot of a row gives attributes.
fn has_its_own(batch: &Batch, row: &Row) -> bool {
    let snapshot = row.record.and_then(|place| batch.data().snapshots.get(place as usize));
    snapshot.is_some_and(|snapshot| !snapshot.attributes.is_empty())
}
