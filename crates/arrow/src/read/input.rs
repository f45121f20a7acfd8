//! Bytes for the decoders of Parquet and Arrow.

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use bytes::buf::Reader;
use bytes::{Buf, Bytes};
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

    /// Fills a buffer from a place on.
    fn fill(&self, at: u64, buffer: &mut [u8]) -> io::Result<()> {
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

/// Bytes of a file that were read at once, at their places.
#[derive(Debug)]
pub(super) struct Slice {
    start: u64,
    bytes: Bytes,
    len: u64,
}

impl Slice {
    pub(super) fn read(input: &Input, start: u64, length: u64) -> Result<Self> {
        let length =
            usize::try_from(length).map_err(|error| ParquetError::EOF(error.to_string()))?;
        Ok(Self { start, bytes: input.get_bytes(start, length)?, len: input.len() })
    }

    /// The bytes from a place on.
    fn behind(&self, start: u64) -> Result<Bytes> {
        let at = start.checked_sub(self.start).and_then(|at| usize::try_from(at).ok());
        match at.filter(|at| *at <= self.bytes.len()) {
            Some(at) => Ok(self.bytes.slice(at..)),
            None => Err(ParquetError::EOF(format!("{start} lies outside of the column"))),
        }
    }
}

impl Length for Slice {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Slice {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(self.behind(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.behind(start)?;
        if length > bytes.len() {
            return Err(ParquetError::EOF(format!("no {length} bytes at {start}")));
        }
        Ok(bytes.slice(..length))
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
