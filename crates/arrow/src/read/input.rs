//! Bytes for the decoders of Parquet and Arrow.

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use bytes::Bytes;
use chitieu_io::Random;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// Bytes that several threads read.
#[derive(Debug, Clone)]
pub(super) struct Input(Arc<Random>);

impl Input {
    pub(super) fn new(random: Random) -> Self {
        Self(Arc::new(random))
    }

    /// The bytes from a place on.
    pub(super) fn cursor(&self, at: u64) -> Cursor {
        Cursor { input: self.clone(), at }
    }

    /// How many bytes there are.
    pub(super) fn end(&self) -> u64 {
        self.0.len()
    }

    /// Fills a buffer from a place on.
    pub(super) fn fill(&self, at: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.cursor(at).read_exact(buffer)
    }
}

/// A place from which bytes are read on.
#[derive(Debug)]
pub(super) struct Cursor {
    input: Input,
    at: u64,
}

impl Read for Cursor {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.0.read_at(self.at, buffer)?;
        self.at = self.at.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(count)
    }
}

impl Length for Input {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl ChunkReader for Input {
    type T = BufReader<Cursor>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(self.cursor(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        // A file may claim any length: nothing is set aside for bytes that are not there.
        let end = u64::try_from(length).ok().and_then(|length| start.checked_add(length));
        if end.is_none_or(|end| end > self.0.len()) {
            return Err(ParquetError::EOF(format!("no {length} bytes at {start}")));
        }
        let mut buffer = vec![0; length];
        self.fill(start, &mut buffer)?;
        Ok(buffer.into())
    }
}
