//! Kernels: what is computed for each row, and how rows are gone through.
//!
//! Enters: slices of mantissas or bits, and bound thresholds. Leaves: a code a row. The one idea:
//! [`validity`] knows which rows are missing and nothing else; the others know what to compute and
//! compute it for every row, because a branch costs more. Invariant: no kernel panics on the
//! meaningless mantissa of a missing row.

pub(super) mod compare;
pub(super) mod quotient;
pub(super) mod truth;
pub(super) mod validity;
