//! A file that appears whole or not at all.
//!
//! Enters: bytes. Leaves: the file, once they are all on the disk. The one idea: they are written
//! beside the file under another name, which takes its place at the end. Invariant: an output that
//! is dropped without [`Output::finish`] leaves nothing behind.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::IoError;

/// A file being written. A device or a pipe is written directly.
///
/// ```
/// use std::io::Write;
/// let path = std::env::temp_dir().join(format!("chitieu-doc-{}", std::process::id()));
/// let mut output = chitieu_io::Output::create(&path)?;
/// output.write_all(b"x").unwrap();
/// assert!(!path.exists());
/// output.finish()?;
/// assert_eq!(std::fs::read(&path).unwrap(), b"x");
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), chitieu_io::IoError>(())
/// ```
#[derive(Debug)]
pub struct Output {
    name: String,
    writer: BufWriter<File>,
    /// Where the bytes stand until the end, and where they belong; nothing for a device.
    places: Option<(PathBuf, PathBuf)>,
}

impl Output {
    /// Begins a file.
    ///
    /// # Errors
    /// The folder is not there or may not be written, or the path is a folder.
    pub fn create(path: &Path) -> Result<Self, IoError> {
        let name = path.to_string_lossy().into_owned();
        match open(path) {
            Ok((file, places)) => Ok(Self { name, writer: BufWriter::new(file), places }),
            Err(source) => Err(IoError::Write { name, source }),
        }
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// The last bytes do not fit, or the place cannot be taken; nothing is left behind then.
    pub fn finish(mut self) -> Result<(), IoError> {
        let done = self.settle();
        done.map_err(|source| IoError::Write { name: self.name.clone(), source })
    }

    fn settle(&mut self) -> io::Result<()> {
        self.writer.flush()?;
        if let Some((temporary, target)) = &self.places {
            self.writer.get_ref().sync_all()?;
            if let Ok(known) = fs::metadata(target) {
                fs::set_permissions(temporary, known.permissions())?;
            }
            fs::rename(temporary, target)?;
            self.places = None;
        }
        Ok(())
    }
}

fn open(path: &Path) -> io::Result<(File, Option<(PathBuf, PathBuf)>)> {
    let known = fs::metadata(path);
    if known.as_ref().is_ok_and(fs::Metadata::is_dir) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if known.as_ref().is_ok_and(|known| !known.is_file()) {
        return Ok((OpenOptions::new().write(true).open(path)?, None));
    }
    // A link keeps its place: what it points to is replaced.
    let target = if known.is_ok() { fs::canonicalize(path)? } else { path.to_owned() };
    let Some(name) = target.file_name() else { return Err(io::ErrorKind::InvalidInput.into()) };
    let temporary = (0..100_u8).map(|attempt| {
        let name = format!(".{}.{}-{attempt}.tmp", name.to_string_lossy(), std::process::id());
        target.with_file_name(name)
    });
    for temporary in temporary {
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(file) => return Ok((file, Some((temporary, target)))),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some((temporary, _)) = &self.places {
            // Nobody is left to hear that it is there no more.
            let _ = fs::remove_file(temporary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays_of_what_is_not_finished() {
        let root = std::env::temp_dir().join(format!("chitieu-output-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        let path = root.join("kết-quả.ndjson");
        fs::write(&path, "old").unwrap();
        let mut output = Output::create(&path).unwrap();
        output.write_all(&vec![b'x'; 100_000]).unwrap();
        drop(output);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(&root).unwrap().count(), 1);
        let mut output = Output::create(&path).unwrap();
        output.write_all(b"new").unwrap();
        output.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(&root).unwrap().count(), 1);
        assert!(Output::create(&root).is_err());
        assert!(Output::create(&root.join("none/x")).is_err());
        fs::remove_dir_all(root).unwrap();
    }
}
