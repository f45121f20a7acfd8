//! Days and periods, and the words that people write for them; there is no clock here.
//!
//! Text in normal form enters through [`parse`] and leaves as a [`Period`], closed on both sides
//! or open where nothing is said. Dates are day/month/year in both languages.
//!
//! INVARIANT: a [`Date`] is a real day of the years 1 to 9999, and a parsed period never ends
//! before it starts.

mod date;
mod period;
mod time;

pub use date::Date;
pub use period::Period;
pub use time::{TimeError, parse};
