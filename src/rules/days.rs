//! What targets ask of plain figures, by day.
//!
//! Enters: rules and a day. Leaves: what integers can tell of each target on it. The one idea: data
//! have few days, so that this is found once. Invariant: it is the same whoever asks.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::calendar::Date;
use crate::check::model::Model;
use crate::eval::Plain;
use crate::program::Program;

/// So many targets and days are kept.
pub(super) const KNOWN: usize = 1 << 14;

/// By target; nothing where more is asked than plain figures say.
pub(super) type Day = Arc<[Option<Plain>]>;

/// What is known of days.
#[derive(Debug, Default)]
pub(super) struct Days(RwLock<HashMap<Date, Day>>);

impl Days {
    /// What is known of a day.
    pub(super) fn on(&self, model: &Model, program: &Program, day: Date) -> Day {
        // A thread that broke left whole days behind.
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&day).cloned();
        known.unwrap_or_else(|| {
            let found: Day = program
                .steps
                .iter()
                .map(|step| {
                    let scope = |at: usize| step.editions.get(at).map(|edition| edition.scope);
                    Plain::of(model, step.target, day, scope)
                })
                .collect();
            let mut days = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if days.len().saturating_mul(model.targets.len()) >= KNOWN {
                days.clear();
            }
            days.insert(day, Arc::clone(&found));
            found
        })
    }
}
