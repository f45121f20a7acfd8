//! Tables of Arrow and of Parquet: batches in, verdicts out.
//!
//! A crate of its own, because its dependencies are the dearest of the build.
#![forbid(unsafe_code)]

mod read;
pub mod write;

pub use read::{Reader, batch, is_decoding};
