//! Tables of other crates: formats too dear for everybody to build.
//!
//! Enters: a file and what is asked of it. Leaves: parts of a table, each of which any thread can
//! read. The one idea: this crate knows what rows mean, and another what bytes mean. Invariant: the
//! rows of the parts, one part behind the other, are the rows of the file.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chitieu::Rules;

use crate::data::{stamp, unread};
use crate::paths::read_error;
use crate::pieces::{Keep, Making};
use crate::{InputFormat, IoError, Item, Options, Spool};

/// A reader of tables that are no text.
pub trait Tables: fmt::Debug + Sync {
    /// Reads the header of a table.
    ///
    /// # Errors
    /// The file is broken, or its columns are of kinds that are no figures.
    fn open<'a>(&self, file: Stored<'a>, asked: &Asked) -> Result<Box<dyn Parts + 'a>, IoError>;
}

/// A file that is no text.
pub struct Stored<'a> {
    /// The file, as typed.
    pub name: String,
    /// What it is.
    pub format: InputFormat,
    /// What it holds.
    pub bytes: Bytes<'a>,
    /// Its path, where it is read in place.
    path: Option<PathBuf>,
}

/// What a file holds.
pub enum Bytes<'a> {
    /// A file that can be read anywhere.
    File(File),
    /// Bytes that come once.
    Stream(Box<dyn Read + Send + 'a>),
}

impl Bytes<'_> {
    /// The same bytes, where they can be read anywhere; those that come once are gathered.
    ///
    /// # Errors
    /// They cannot be read, or no temporary file can be written.
    pub fn random(self) -> io::Result<Random> {
        match self {
            Self::File(file) => Ok(Random { len: file.metadata()?.len(), held: Held::File(file) }),
            Self::Stream(mut stream) => {
                let mut spool = Spool::default();
                let len = io::copy(&mut stream, &mut spool)?;
                Ok(Random { len, held: Held::Spool(spool) })
            }
        }
    }
}

/// Bytes that can be read anywhere, by several threads at once.
#[derive(Debug)]
pub struct Random {
    len: u64,
    held: Held,
}

#[derive(Debug)]
enum Held {
    File(File),
    Spool(Spool),
}

impl Random {
    /// How many bytes there are.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Reads from a place on; how many bytes were read, none at the end.
    ///
    /// # Errors
    /// The bytes cannot be read.
    pub fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.held {
            Held::File(file) => read_at(file, at, buffer),
            Held::Spool(spool) => spool.read_at(at, buffer),
        }
    }
}

/// Reads from a place of a file, wherever other threads read.
pub(crate) fn read_at(file: &File, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_at(file, buffer, at);
    #[cfg(windows)]
    return std::os::windows::fs::FileExt::seek_read(file, buffer, at);
    #[cfg(not(any(unix, windows)))]
    {
        let _ = (file, at, buffer);
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl fmt::Debug for Bytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File(_) => "File",
            Self::Stream(_) => "Stream",
        })
    }
}

impl fmt::Debug for Stored<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<'a> Stored<'a> {
    /// A file of this format, for programs that open their files themselves.
    #[must_use]
    pub fn new(name: &str, format: InputFormat, bytes: Bytes<'a>) -> Self {
        Self { name: name.to_owned(), format, bytes, path: None }
    }

    /// What the file is like now, to be asked for again.
    pub(crate) fn again(&self) -> Result<Again, IoError> {
        let stamped = match &self.path {
            Some(path) => Some((stamp(&self.name, path)?, path.clone())),
            None => None,
        };
        Ok(Again { name: self.name.clone(), stamped })
    }
}

/// What a file that is read in place was like before.
pub(crate) struct Again {
    name: String,
    pub(crate) stamped: Option<((u64, SystemTime), PathBuf)>,
}

impl Again {
    /// An error where the file changed.
    pub(crate) fn is_same(&self) -> Result<(), IoError> {
        match &self.stamped {
            Some((before, path)) if stamp(&self.name, path)? != *before => {
                Err(IoError::Changed { name: self.name.clone() })
            }
            _ => Ok(()),
        }
    }
}

/// A file for a reader of another crate. One on a disk is read in place, unless it is packed.
pub(crate) fn stored<'a>(
    name: &str,
    format: InputFormat,
    unpacked: impl Read + Send + 'a,
    again: Option<&Path>,
) -> Result<Stored<'a>, IoError> {
    if let Some(path) = again {
        let failed = |source| read_error(name, source);
        let mut head = Vec::new();
        File::open(path).map_err(failed)?.take(4).read_to_end(&mut head).map_err(failed)?;
        if !matches!(head.as_slice(), [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd]) {
            let bytes = Bytes::File(File::open(path).map_err(failed)?);
            return Ok(Stored { path: Some(path.to_owned()), ..Stored::new(name, format, bytes) });
        }
    }
    Ok(Stored::new(name, format, Bytes::Stream(Box::new(unpacked))))
}

/// The parts of a file, where somebody reads them.
pub(crate) fn opened<'a>(file: Stored<'a>, asked: &Asked) -> Result<Box<dyn Parts + 'a>, IoError> {
    match asked.options.tables {
        Some(tables) => tables.open(file, asked),
        None => Err(unread(&file.name, file.format)),
    }
}

/// What is asked of a table.
#[derive(Debug, Clone)]
pub struct Asked {
    /// How it is read.
    pub options: Options,
    /// What its parts are wanted for: [`Keep::Figures`] allows large ones.
    pub keep: Keep,
    /// Only columns that these rules know are read; nothing: all.
    pub rules: Option<Rules>,
    /// Under [`Keep::Records`] a part holds about so many rows at most.
    pub most: usize,
}

impl Asked {
    /// Whether the figures under a name are read.
    #[must_use]
    pub fn wants(&self, name: &str) -> bool {
        let knows = |rules: &Rules| !rules.names().find(rules.model(), name).is_empty();
        self.rules.as_ref().is_none_or(knows)
    }
}

/// A table being cut.
pub trait Parts: Send {
    /// Whether rows of one entity and day that stand together are one snapshot.
    fn joins(&self) -> bool;

    /// The next part.
    ///
    /// # Errors
    /// The file is broken there.
    fn next(&mut self) -> Result<Option<Box<dyn Part>>, IoError>;
}

/// Some rows of a table.
pub trait Part: Send {
    /// Hands every row on, as a record or a reject.
    ///
    /// # Errors
    /// The file is broken there, or `take` ends it.
    fn items(&mut self, take: &mut dyn FnMut(Item) -> Result<(), IoError>) -> Result<(), IoError>;

    /// Makes rows of figures, and items of the rows of which something must be said.
    ///
    /// # Errors
    /// The file is broken there.
    fn figures(&mut self, making: &mut Making<'_, '_>) -> Result<(), IoError>;
}
