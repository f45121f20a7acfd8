//! Exact numbers: what is written, what is computed, and what is known only within bounds.
//!
//! Text enters through [`read()`] (as people write numbers) or [`Decimal::parse`] (as machines do)
//! and leaves as a [`Decimal`], which keeps its printed digits. Computing is done on
//! [`Rational`], bounds are an [`Interval`].
//!
//! INVARIANT: nothing here rounds, except [`Rational::rounded`] and [`Rational::shown`], which
//! make text for people. There is no binary floating point.

mod comparator;
mod decimal;
mod interval;
mod rational;
mod read;
pub mod words;

pub use comparator::Comparator;
pub use decimal::Decimal;
pub use interval::{End, Interval};
pub use rational::Rational;
pub use read::{
    Format, NumberError, format_en, format_vi, read, readings, scale_prefix, scale_word,
};
