//! Quantities of other times and of units, as leaves of an expression.

use super::figures::Found;
use super::{Place, Reference};
use crate::calendar::Date;
use crate::check::model::Expr;
use crate::snapshot::Figure;

impl Reference<'_> {
    /// What is known of a linked quantity, by the day of the snapshot from which other times count,
    /// and the day up to which sums go.
    pub(super) fn linked(
        &self,
        place: &Place<'_>,
        (day, until): (Date, Date),
        expr: &Expr,
    ) -> Found {
        match expr {
            Expr::At(of, moment) => self.at(place, day, of, *moment),
            Expr::Cumulative(of) => self.cumulative(place, until, of),
            Expr::Units(of) => self.of_units(place, of),
            _ => Found::of(Figure::Absent),
        }
    }
}
