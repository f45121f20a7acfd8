//! A file that appears whole or not at all.
//!
//! Enters: bytes. Leaves: the file, once they are all on the disk. The one idea: they are written
//! beside the file under another name, which takes its place at the end. Invariant: an output that
//! is dropped without [`Output::finish`] leaves nothing behind; what a killed program leaves is
//! removed by the next that writes the same file.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::IoError;

/// The files of this program that wait under another name.
static WAITING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn waiting() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes all files that are being written, for a program that ends at once: it does so while
/// `end` runs, and no file takes its place any more.
pub fn abandon(end: impl FnOnce()) {
    let waiting = waiting();
    for temporary in waiting.iter() {
        // Nobody is left to hear that it is there no more.
        let _ = fs::remove_file(temporary);
    }
    end();
}

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
            let mut waiting = waiting();
            fs::rename(temporary, target)?;
            waiting.remove(temporary);
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
    let name = name.to_string_lossy().into_owned();
    remove_left(&target, &name);
    let temporary = (0..100_u8).map(|attempt| {
        let name = format!(".{name}.{}-{attempt}.tmp", std::process::id());
        target.with_file_name(name)
    });
    for temporary in temporary {
        let mut waiting = waiting();
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            // The lock says that somebody lives who writes it; not all disks know locks. Who took
            // the new file for one that was left holds its lock, or has removed it.
            Ok(file) => {
                let is_taken = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
                if !is_taken && temporary.exists() {
                    waiting.insert(temporary.clone());
                    return Ok((file, Some((temporary, target))));
                }
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Removes what programs left beside a file that were killed while they wrote it: such files bear
/// a name of ours, and nobody holds their lock.
fn remove_left(target: &Path, name: &str) {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let Ok(entries) = fs::read_dir(folder.unwrap_or(Path::new("."))) else { return };
    for entry in entries.flatten() {
        if is_left(&entry.file_name().to_string_lossy(), name)
            && let Ok(file) = OpenOptions::new().write(true).open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// `.NAME.PROCESS-ATTEMPT.tmp`.
fn is_left(entry: &str, name: &str) -> bool {
    let numbers = entry.strip_prefix('.').and_then(|rest| rest.strip_prefix(name));
    let numbers = numbers.and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".tmp"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    numbers
        .and_then(|numbers| numbers.split_once('-'))
        .is_some_and(|(process, attempt)| is_number(process) && is_number(attempt))
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
            let mut waiting = waiting();
            // Nobody is left to hear that it is there no more.
            let _ = fs::remove_file(temporary);
            waiting.remove(temporary);
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
        // What a killed program left goes away, what a living one writes stays.
        fs::write(root.join(".kết-quả.ndjson.99-0.tmp"), "left").unwrap();
        fs::write(root.join(".kết-quả.ndjson.99-1.tmp"), "").unwrap();
        fs::write(root.join(".kết-quả.ndjson.csv.99-0.tmp"), "of another").unwrap();
        let living = Output::create(&path).unwrap();
        drop(Output::create(&path).unwrap());
        assert_eq!(fs::read_dir(&root).unwrap().count(), 3);
        living.finish().unwrap();
        assert_eq!(fs::read_dir(&root).unwrap().count(), 2);
        assert!(Output::create(&root.join("none/x")).is_err());
        fs::remove_dir_all(root).unwrap();
    }
}
