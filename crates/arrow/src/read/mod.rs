//! Tables of Parquet and of Arrow IPC, read.
//!
//! Enters: files and streams that `chitieu-io` found. Leaves: parts of their tables, in which rows
//! are records or figures. The one idea: a cell has a kind, and a kind that cannot be exact is
//! refused before anything is judged. Invariant: a broken file is an error, never a panic: what
//! the decoders below break on is caught in [`guard`].

mod batch;
mod broken;
mod chunk;
mod group;
mod header;
mod input;
mod ipc;
mod keys;
mod kinds;
mod messages;
mod numbers;
mod pages;
mod rows;
mod runs;
mod spare;
mod statistics;
mod table;
mod validity;
mod whole;

#[cfg(test)]
mod shapes;
#[cfg(test)]
mod tests;

pub use batch::batch;
pub use broken::is_decoding;
use chitieu_io::{Asked, InputFormat, IoError, Parts, Stored, Tables};

/// Reads Parquet and Arrow IPC for `chitieu-io`.
///
/// ```
/// use chitieu_io::Options;
/// let options = Options { tables: Some(&chitieu_arrow::Reader), ..Options::default() };
/// assert!(options.tables.is_some());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Reader;

impl Tables for Reader {
    fn open<'a>(&self, file: Stored<'a>, asked: &Asked) -> Result<Box<dyn Parts + 'a>, IoError> {
        match file.format {
            InputFormat::Parquet => group::open(file, asked),
            _ => ipc::open(file, asked),
        }
    }
}
