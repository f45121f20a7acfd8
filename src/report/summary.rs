//! How many verdicts of each kind there are, by target and in total.
//!
//! Enters: the model, then verdicts in any order. Leaves: one row of counts a target. The one
//! idea: counts are added, so threads count for themselves and merge. Invariant: every target of
//! the model has a row, in rule order; versions of one target (one code in one programme) share it.

use std::collections::HashMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::check::model::{Model, ProgrammeId, TargetId};
use crate::verdict::Verdict;

/// How often each of the eight verdicts occurred.
///
/// ```
/// use chitieu::{Verdict, report::Counts};
///
/// let mut counts = Counts::default();
/// counts.add(Verdict::Met);
/// assert_eq!((counts.of(Verdict::Met), counts.total()), (1, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts([u64; Verdict::ALL.len()]);

impl Counts {
    /// Counts one verdict.
    pub fn add(&mut self, verdict: Verdict) {
        self.add_many(verdict, 1);
    }

    /// Counts `times` verdicts of one kind.
    pub fn add_many(&mut self, verdict: Verdict, times: u64) {
        if let Some(count) = self.0.get_mut(verdict as usize) {
            *count = count.saturating_add(times);
        }
    }

    /// How often this verdict occurred.
    pub fn of(&self, verdict: Verdict) -> u64 {
        self.0.get(verdict as usize).copied().unwrap_or(0)
    }

    /// How many verdicts were counted.
    pub fn total(&self) -> u64 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Adds the counts of another thread.
    pub fn merge(&mut self, other: &Self) {
        for verdict in Verdict::ALL {
            self.add_many(verdict, other.of(verdict));
        }
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Verdict::ALL.len()))?;
        for verdict in Verdict::ALL {
            map.serialize_entry(verdict.code(), &self.of(verdict))?;
        }
        map.end()
    }
}

/// Counts by target. It serialises as an array of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    rows: Vec<Row>,
    /// The row of each target, by its id.
    by_target: Vec<usize>,
}

/// The counts of one target: `{"programme":…,"target":…,"counts":{…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The programme's code.
    pub programme: String,
    /// The target's code.
    pub target: String,
    /// How often each verdict occurred.
    pub counts: Counts,
}

impl Summary {
    /// Nothing counted yet; every target of the model has a row.
    pub fn new(model: &Model) -> Self {
        let mut known: HashMap<(ProgrammeId, &str), usize> = HashMap::new();
        let mut rows = Vec::new();
        let mut by_target = Vec::with_capacity(model.targets.len());
        for target in &model.targets {
            let place = *known.entry((target.programme, &target.code)).or_insert(rows.len());
            if place == rows.len() {
                let programme = model.programme(target.programme);
                let programme = programme.map(|programme| programme.code.clone());
                rows.push(Row {
                    programme: programme.unwrap_or_default(),
                    target: target.code.clone(),
                    counts: Counts::default(),
                });
            }
            by_target.push(place);
        }
        Self { rows, by_target }
    }

    /// Counts one verdict; an id that the model does not know is not counted.
    pub fn add(&mut self, target: TargetId, verdict: Verdict) {
        self.add_many(target, verdict, 1);
    }

    /// Counts `times` verdicts of one kind for a target.
    pub fn add_many(&mut self, target: TargetId, verdict: Verdict, times: u64) {
        let place = self.by_target.get(target.0 as usize);
        if let Some(row) = place.and_then(|place| self.rows.get_mut(*place)) {
            row.counts.add_many(verdict, times);
        }
    }

    /// Adds to a row, by its place in [`Summary::rows`], what was counted before under the same
    /// model; a row that is not there is not counted.
    pub fn add_to_row(&mut self, row: usize, verdict: Verdict, times: u64) {
        if let Some(row) = self.rows.get_mut(row) {
            row.counts.add_many(verdict, times);
        }
    }

    /// Adds what another thread counted under the same model.
    pub fn merge(&mut self, other: &Self) {
        for (row, more) in self.rows.iter_mut().zip(&other.rows) {
            row.counts.merge(&more.counts);
        }
    }

    /// The rows, in rule order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The counts of all targets together.
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        for row in &self.rows {
            total.merge(&row.counts);
        }
        total
    }
}

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{model, truth};

    #[test]
    fn counts_of_threads_add_up() {
        let model = model(vec![("a", truth(true)), ("b", truth(true))]);
        let mut one = Summary::new(&model);
        one.add(TargetId(0), Verdict::Met);
        one.add(TargetId(1), Verdict::NoData);
        one.add(TargetId(9), Verdict::Met);
        let mut two = Summary::new(&model);
        two.add(TargetId(0), Verdict::Met);
        two.add_to_row(1, Verdict::Met, u64::MAX);
        two.add_to_row(9, Verdict::Met, 1);
        one.merge(&two);
        let of = |place: usize, verdict| one.rows()[place].counts.of(verdict);
        assert_eq!((of(0, Verdict::Met), of(1, Verdict::NoData)), (2, 1));
        assert_eq!(one.total().total(), u64::MAX);
    }

    #[test]
    fn versions_of_one_target_share_a_row() {
        let mut model = model(vec![("a", truth(true)), ("a", truth(true)), ("b", truth(true))]);
        model.targets[1].code = model.targets[0].code.clone();
        let mut summary = Summary::new(&model);
        summary.add(TargetId(0), Verdict::Met);
        summary.add(TargetId(1), Verdict::NotMet);
        let codes: Vec<_> = summary.rows().iter().map(|row| row.target.as_str()).collect();
        assert_eq!(codes, ["CQS-01", "CQS-03"]);
        assert_eq!(summary.rows()[0].counts.total(), 2);
    }
}
