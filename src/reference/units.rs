//! Units of organisation below the entity that is judged.

use super::figures::Found;
use super::outcome::Outcome;
use super::{Place, Reference};
use crate::check::model::{EveryUnit, OfUnits};
use crate::snapshot::Figure;
use crate::verdict::Verdict;

impl Reference<'_> {
    /// A quantity made of many units.
    pub(super) fn of_units(&self, _: &Place<'_>, _: &OfUnits) -> Found {
        Found::of(Figure::Absent)
    }

    /// `mọi xã đạt: …`, `không xã nào: …`.
    pub(super) fn every_unit(&self, _: &Place<'_>, _: &EveryUnit) -> Outcome {
        Outcome::plain(Verdict::Undetermined)
    }
}
