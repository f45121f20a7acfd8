//! Kernels: what is computed for each row, and how rows are gone through.
//!
//! Enters: slices of mantissas or bits, and bound thresholds. Leaves: a code a row. The one idea:
//! [`validity`] knows how rows are gone through and which are missing; the others know what to
//! compute, and compute it for every row, because a branch costs more. Invariant: no kernel panics
//! on the meaningless mantissa of a missing row.

pub(super) mod compare;
pub(super) mod quotient;
pub(super) mod truth;
mod validity;

use super::bind::Codes;

/// The codes of a threshold in a form that needs no branch.
#[derive(Clone, Copy)]
struct Choice {
    at: u8,
    /// What changes the code at the threshold to the one below it, and above it.
    to_below: u8,
    to_above: u8,
}

impl Choice {
    const fn of([below, at, above]: Codes) -> Self {
        Self { at, to_below: at ^ below, to_above: at ^ above }
    }

    /// The code of a value that lies below, above, or at the threshold.
    fn code(self, below: bool, above: bool) -> u8 {
        let mask = |side: bool| 0_u8.wrapping_sub(u8::from(side));
        self.at ^ (mask(below) & self.to_below) ^ (mask(above) & self.to_above)
    }
}
