//! Results that wait until all input is accepted.
//!
//! Enters: bytes. Leaves: the same bytes, at the end and only then. The one idea: a few are held in
//! memory, more in a file without a name. Invariant: nothing is left behind.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;

use crate::tables::read_at;

/// More bytes than this are held in a file.
const HELD: usize = 4 << 20;

/// Bytes that wait.
///
/// ```
/// use std::io::Write;
/// let mut spool = chitieu_io::Spool::default();
/// spool.write_all(b"x").unwrap();
/// let mut out = Vec::new();
/// spool.pour(&mut out).unwrap();
/// assert_eq!(out, b"x");
/// ```
#[derive(Debug, Default)]
pub struct Spool {
    held: Vec<u8>,
    file: Option<(File, Gone)>,
    /// How many bytes stand in the file.
    settled: u64,
}

/// A file that goes away with its owner.
#[derive(Debug)]
struct Gone(PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        // Where it could be removed while it was open, it is gone already.
        let _ = fs::remove_file(&self.0);
    }
}

impl Spool {
    /// Hands all bytes on.
    ///
    /// # Errors
    /// The file cannot be read, or `out` cannot be written.
    pub fn pour(mut self, out: &mut impl Write) -> io::Result<()> {
        if let Some((file, _)) = &mut self.file {
            file.rewind()?;
            let mut piece = vec![0; 1 << 16];
            loop {
                let count = file.read(&mut piece)?;
                if count == 0 {
                    break;
                }
                out.write_all(piece.get(..count).unwrap_or_default())?;
            }
        }
        out.write_all(&self.held)
    }

    /// Reads from a place on; how many bytes were read, none at the end.
    pub(crate) fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some((file, _)) = &self.file
            && at < self.settled
        {
            let left = usize::try_from(self.settled - at).unwrap_or(usize::MAX);
            let most = left.min(buffer.len());
            return read_at(file, at, buffer.get_mut(..most).unwrap_or_default());
        }
        let from = usize::try_from(at - self.settled).unwrap_or(usize::MAX);
        let mut held = self.held.get(from..).unwrap_or_default();
        held.read(buffer)
    }

    fn settle(&mut self) -> io::Result<()> {
        if self.file.is_none() {
            self.file = Some(temporary()?);
        }
        if let Some((file, _)) = &mut self.file {
            file.write_all(&self.held)?;
            let more = u64::try_from(self.held.len()).unwrap_or(u64::MAX);
            self.settled = self.settled.saturating_add(more);
            self.held.clear();
        }
        Ok(())
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.held.len() + bytes.len() > HELD {
            self.settle()?;
        }
        self.held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A new file in the folder for such files, which nobody else can open by its name for long.
fn temporary() -> io::Result<(File, Gone)> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for attempt in 0..100_u8 {
        let name = format!("chitieu-{}-{attempt}.tmp", std::process::id());
        let path = std::env::temp_dir().join(name);
        match options.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(file) => {
                #[cfg(unix)]
                fs::remove_file(&path)?;
                return Ok((file, Gone(path)));
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_bytes_come_back_in_order() {
        for pieces in [0_usize, 3, 700] {
            let (mut spool, mut expected) = (Spool::default(), Vec::new());
            for piece in 0..pieces {
                let bytes = vec![b'a' + u8::try_from(piece % 26).unwrap(); 20_011];
                spool.write_all(&bytes).unwrap();
                expected.extend(bytes);
            }
            assert_eq!(spool.file.is_some(), expected.len() > HELD);
            let (mut at, mut read) = (0, vec![0; 7_919]);
            loop {
                let count = spool.read_at(at as u64, &mut read).unwrap();
                assert_eq!(read[..count], expected[at..at + count]);
                at += count;
                if count == 0 {
                    break;
                }
            }
            assert_eq!(at, expected.len());
            let mut out = Vec::new();
            spool.pour(&mut out).unwrap();
            assert!(out == expected, "{pieces}");
        }
    }
}
