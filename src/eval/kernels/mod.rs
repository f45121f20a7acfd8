//! Kernels: what is computed for each row, and how rows are gone through.
//!
//! Enters: slices of mantissas or bits, and bound thresholds. Leaves: a code a row. The one idea:
//! [`validity`] knows how rows are gone through and which are missing; the others know what to
//! compute, and compute it for every row, because a branch costs more. Each kernel is compiled
//! three times, for any processor, for AVX2 and for AVX-512, and the widest that the processor has
//! is chosen when it runs. Invariant: no kernel panics on the meaningless mantissa of a missing
//! row, and all three versions are the same text.

#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the processor")]

pub(super) mod compare;
pub(super) mod count;
pub(super) mod quotient;
pub(super) mod truth;
pub(super) mod validity;

use super::bind::Codes;

/// Functions that are compiled for several processors; what they call must be inlined.
macro_rules! versions {
    ($($(#[$doc:meta])* $visible:vis fn $name:ident($($given:ident: $type:ty),* $(,)?)
        $(-> $answer:ty)? $body:block)*) => {$(
        $(#[$doc])*
        #[multiversion::multiversion(targets(
            "x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
            "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt",
        ))]
        $visible fn $name($($given: $type),*) $(-> $answer)? $body
    )*};
}
use versions;

/// The codes of a threshold in a form that needs no branch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    at: u8,
    /// What changes the code at the threshold to the one below it, and above it.
    to_below: u8,
    to_above: u8,
}

impl Choice {
    pub(super) const fn of([below, at, above]: Codes) -> Self {
        Self { at, to_below: at ^ below, to_above: at ^ above }
    }

    /// The code of a value that lies below, above, or at the threshold.
    #[inline(always)]
    pub(super) fn code(self, below: bool, above: bool) -> u8 {
        let mask = |side: bool| 0_u8.wrapping_sub(u8::from(side));
        self.at ^ (mask(below) & self.to_below) ^ (mask(above) & self.to_above)
    }
}
