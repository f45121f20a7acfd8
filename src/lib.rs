//! chitieu judges public targets.
#![forbid(unsafe_code)]

pub mod calendar;
pub mod diagnostic;
pub mod number;
pub mod source;
pub mod text;
pub mod unit;
