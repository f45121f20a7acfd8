//! One part of a run and the state behind it.
//!
//! Enters: bytes, and what was counted with them. Leaves: files that can be held against their
//! state. The one idea: a state says what its part adds, so that all states are as long as the
//! run and no longer. Invariant: a state that is read is one that was written whole.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use chitieu::report::Digest;
use chitieu_io::{Input, Place};
use serde::{Deserialize, Serialize};

use super::{folder, remove, unwritten};
use crate::console::Failure;

/// What a stretch of the input adds to what was read and judged before it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::eval) struct Stretch {
    /// By number of the file: records read, those rejected, and unreadable cells.
    pub(in crate::eval) files: Vec<(usize, [u64; 3])>,
    /// By row of the summary: how often each verdict occurred, in the order of all verdicts.
    pub(in crate::eval) counts: Vec<[u64; 8]>,
    /// Names that no rule knows and that did not occur before.
    pub(in crate::eval) unknown: Vec<String>,
    /// Entities with those above them.
    pub(in crate::eval) parents: Vec<(String, String)>,
    pub(in crate::eval) has_records: bool,
    pub(in crate::eval) knows_any: bool,
    /// The entity of the last snapshot, and its day as days since 1970.
    pub(in crate::eval) last: Option<(String, i32)>,
}

impl Stretch {
    /// Adds the stretch behind this one.
    pub(super) fn add(&mut self, next: Self) {
        for (file, counts) in next.files {
            match self.files.last_mut() {
                Some((known, sums)) if *known == file => {
                    for (sum, more) in sums.iter_mut().zip(counts) {
                        *sum = sum.saturating_add(more);
                    }
                }
                _ => self.files.push((file, counts)),
            }
        }
        self.counts.resize(self.counts.len().max(next.counts.len()), [0; 8]);
        for (sums, more) in self.counts.iter_mut().zip(next.counts) {
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum = sum.saturating_add(more);
            }
        }
        self.unknown.extend(next.unknown);
        self.parents.extend(next.parents);
        self.has_records |= next.has_records;
        self.knows_any |= next.knows_any;
        self.last = next.last.or(self.last.take());
    }

    /// How many records were read.
    pub(super) fn read(&self) -> u64 {
        self.files.iter().fold(0, |sum, (_, [read, ..])| sum.saturating_add(*read))
    }
}

/// How long a file is, and its SHA-256; where it is empty there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sum {
    bytes: u64,
    sha256: String,
}

impl Sum {
    /// Whether a file is what it was when it was finished.
    pub(super) fn fits(&self, path: &Path) -> bool {
        if self.bytes == 0 {
            return !path.exists();
        }
        Self::of(path).is_ok_and(|found| found == *self)
    }

    fn of(path: &Path) -> io::Result<Self> {
        let (mut file, mut digest, mut bytes) = (File::open(path)?, Digest::new(), 0_u64);
        let mut piece = vec![0; super::PIECE];
        loop {
            let count = file.read(&mut piece)?;
            if count == 0 {
                return Ok(Self { bytes, sha256: digest.finish() });
            }
            bytes = bytes.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
            digest.update(piece.get(..count).unwrap_or_default());
        }
    }
}

/// What stands behind a part.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) part: u64,
    /// The SHA-256 of the state before.
    pub(super) before: String,
    pub(super) results: Sum,
    pub(super) rejects: Sum,
    /// Blocks and bytes of the file that is being read, and the SHA-256 of these bytes; nothing
    /// once all input was taken.
    place: Option<(u64, u64, String)>,
    /// Inputs that ended in this part: name, bytes, SHA-256.
    closed: Vec<(String, u64, Option<String>)>,
    pub(super) stretch: Stretch,
}

impl State {
    pub(super) fn new(
        part: u64,
        before: String,
        [results, rejects]: [Sum; 2],
        place: Option<&Place>,
        closed: Vec<Input>,
        stretch: Stretch,
    ) -> Self {
        let place = place.map(|place| (place.blocks, place.bytes, place.sha256.clone()));
        let closed = closed.into_iter().map(|input| (input.name, input.bytes, input.sha256));
        Self { part, before, results, rejects, place, closed: closed.collect(), stretch }
    }

    /// Where the input goes on behind it, the inputs that ended in it, and whether all did.
    pub(super) fn place(&self) -> (Place, Vec<Input>, bool) {
        let input = |(name, bytes, sha256): &(String, u64, Option<String>)| Input {
            name: name.clone(),
            bytes: *bytes,
            sha256: sha256.clone(),
            ..Input::default()
        };
        let (blocks, bytes, sha256) = self.place.clone().unwrap_or_default();
        let place = Place { blocks, bytes, sha256, closed: Vec::new() };
        (place, self.closed.iter().map(input).collect(), self.place.is_none())
    }

    /// A state with its SHA-256; nothing where it is not there or not whole.
    pub(super) fn read(path: &Path) -> Option<(Self, String)> {
        folder::got(path).ok().flatten()
    }
}

/// A file of a part, which is made with its first byte.
#[derive(Debug, Default)]
pub(super) struct Growing {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    bytes: u64,
    digest: Digest,
}

impl Growing {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path, ..Self::default() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::new(File::create(&self.path)?)),
        };
        file.write_all(bytes)?;
        self.digest.update(bytes);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn finish(&mut self) -> Result<Sum, Failure> {
        match self.file.take() {
            Some(mut file) => file.flush().map_err(unwritten(&self.path))?,
            None => remove(&self.path)?,
        }
        Ok(Sum { bytes: self.bytes, sha256: std::mem::take(&mut self.digest).finish() })
    }
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::write(self, bytes).map(|()| bytes.len())
    }

    /// All is flushed at the end, by [`Growing::finish`].
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
