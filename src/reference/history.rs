//! Other times: snapshots of the same entity before the one that is judged.

use super::figures::Found;
use super::outcome::Outcome;
use super::{Place, Reference};
use crate::calendar::Date;
use crate::check::model::{Expr, Joined, Moment};
use crate::snapshot::Figure;
use crate::verdict::Verdict;

impl Reference<'_> {
    /// `x [năm 2022]`.
    pub(super) fn at(&self, _: &Place<'_>, _: Date, _: &Expr, _: Moment) -> Found {
        Found::of(Figure::Absent)
    }

    /// `lũy kế(x)`.
    pub(super) fn cumulative(&self, _: &Place<'_>, _: &Expr) -> Found {
        Found::of(Figure::Absent)
    }

    /// `luôn …`.
    pub(super) fn always(&self, _: &Place<'_>, _: &Joined) -> Outcome {
        Outcome::plain(Verdict::Undetermined)
    }
}
