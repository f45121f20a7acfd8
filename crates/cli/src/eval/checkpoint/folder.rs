//! The folder of a run that can go on.
//!
//! Enters: a path. Leaves: a folder that one run holds, with nothing in it but what such runs
//! write. The one idea: what is small and decides is written under another name first, with its
//! SHA-256 behind it. Invariant: no file that is not ours is touched.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chitieu::report::Digest;
use chitieu_io::IoError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::job::Job;
use super::{refused, remove, unwritten};
use crate::console::{Failure, failure};

const JOB: &str = "job";
const LOCK: &str = "lock";
/// Parts are waited for to be on the disk no sooner than so long after those before: a disk takes
/// longer to say so than many a part takes to be judged.
const SETTLED: Duration = Duration::from_secs(1);
/// The ending of what is being written.
const NEW: &str = "new";
/// The endings of the files of a part.
const ENDINGS: [&str; 3] = ["results", "rejects", "state"];

/// The name of a file of a part; no reader of data takes it for data.
pub(super) fn part_name(part: u64, ending: &str) -> String {
    format!("{part:06}.{ending}")
}

/// Makes the folder where there is none, looks what stands in it, and holds it.
pub(super) fn enter(path: &Path) -> Result<File, Failure> {
    let made = fs::create_dir_all(path);
    made.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
        _ => error,
    })
    .map_err(unwritten(path))?;
    let names = names(path)?;
    let ours = |name: &OsString| name.to_str().is_some_and(is_ours);
    let folder = path.to_string_lossy();
    if let Some(foreign) = names.iter().find(|name| !ours(name)) {
        let foreign = foreign.to_string_lossy();
        return failure(
            format!(
                "thư mục `{folder}` của `--checkpoint` có `{foreign}`, không phải của lệnh này: \
                 dùng một thư mục riêng, trống hoặc chưa có"
            ),
            format!(
                "the folder `{folder}` of `--checkpoint` holds `{foreign}`, which is not of this \
                 command: give a folder of its own, empty or not there yet"
            ),
        );
    }
    let file = path.join(LOCK);
    let mut options = OpenOptions::new();
    let lock = options.write(true).create(true).truncate(false).open(&file);
    let lock = lock.map_err(unwritten(&file))?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => failure(
            format!("thư mục `{folder}` đang được một lần chạy khác dùng"),
            format!("another run is using the folder `{folder}`"),
        ),
        // Some disks know no locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(lock),
    }
}

/// A name without the mark of what is being written, where it has it.
fn unmarked(name: &str) -> Option<&str> {
    name.strip_suffix(NEW)?.strip_suffix('.')
}

/// The number of the part that a name of ours belongs to; nothing for other names.
fn part(name: &str) -> Option<u64> {
    let name = unmarked(name).unwrap_or(name);
    let (part, ending) = name.split_once('.')?;
    let part = part.parse().ok()?;
    (ENDINGS.contains(&ending) && part_name(part, ending) == name).then_some(part)
}

fn is_ours(name: &str) -> bool {
    [JOB, LOCK].contains(&unmarked(name).unwrap_or(name)) || part(name).is_some()
}

fn names(path: &Path) -> Result<Vec<OsString>, Failure> {
    let failed = |source| {
        let name = path.to_string_lossy().into_owned();
        Failure::from(IoError::Read { name, source })
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name());
    }
    names.sort();
    Ok(names)
}

/// Holds a job against the one that the folder belongs to; an empty folder belongs to it now.
pub(super) fn check(path: &Path, job: &Job) -> Result<(), Failure> {
    let known = got::<Job>(&path.join(JOB));
    match known {
        Ok(Some((known, _))) => match job.differs(&known) {
            Some((vi, en)) => refused(path, &vi, &en),
            None => Ok(()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound && !has_parts(path)? => {
            put(path, JOB, job)?;
            settle(path, [path.join(JOB)])
        }
        _ => refused(
            path,
            "tệp `job` trong đó thiếu hoặc hỏng",
            "its file `job` is missing or broken",
        ),
    }
}

fn has_parts(path: &Path) -> Result<bool, Failure> {
    Ok(names(path)?.iter().any(|name| name.to_str().and_then(part).is_some()))
}

/// Removes what is behind so many parts, and what was never finished; whether there was a part.
pub(super) fn remove_behind(path: &Path, parts: u64) -> Result<bool, Failure> {
    let mut found = false;
    // From the last to the first, so that what stands is always a beginning.
    for name in names(path)?.iter().rev().filter_map(|name| name.to_str()) {
        let is_behind = part(name).is_some_and(|part| part > parts);
        if is_behind || unmarked(name).is_some() {
            remove(&path.join(name))?;
            found |= is_behind;
        }
    }
    Ok(found)
}

/// Leaves a folder without parts empty.
pub(super) fn leave(path: &Path) -> Result<(), Failure> {
    remove(&path.join(JOB))?;
    remove(&path.join(LOCK))
}

/// Writes something that decides, and gives its SHA-256.
pub(super) fn put(folder: &Path, name: &str, what: &impl Serialize) -> Result<String, Failure> {
    let (new, path) = (folder.join(format!("{name}.{NEW}")), folder.join(name));
    let text = serde_json::to_string(what).map_err(|error| unwritten(&path)(error.into()))?;
    let digest = Digest::of(text.as_bytes());
    let write = || {
        let mut file = File::create(&new)?;
        write!(file, "{text}\n{digest}\n")?;
        drop(file);
        fs::rename(&new, &path)
    };
    write().map_err(unwritten(&path))?;
    Ok(digest)
}

/// What was written and is perhaps not on the disk yet. A killed program loses none of it; where
/// the power goes, what is missing or torn is known by its SHA-256.
#[derive(Debug)]
pub(super) struct Unsettled {
    files: Vec<PathBuf>,
    since: Instant,
}

impl Default for Unsettled {
    fn default() -> Self {
        Self { files: Vec::new(), since: now() }
    }
}

#[expect(clippy::disallowed_methods, reason = "no result depends on when a disk is waited for")]
fn now() -> Instant {
    Instant::now()
}

impl Unsettled {
    /// Adds files of a folder, and waits for the disk if it is time.
    pub(super) fn add<const N: usize>(
        &mut self,
        folder: &Path,
        names: [String; N],
    ) -> Result<(), Failure> {
        self.files.extend(names.map(|name| folder.join(name)));
        if self.since.elapsed() < SETTLED {
            return Ok(());
        }
        settle(folder, self.files.drain(..))?;
        self.since = now();
        Ok(())
    }
}

/// Waits until files with their names are on the disk.
fn settle(folder: &Path, files: impl IntoIterator<Item = PathBuf>) -> Result<(), Failure> {
    for path in files {
        let file = OpenOptions::new().write(true).open(&path);
        match file.and_then(|file| file.sync_all()) {
            // A part without rejects has no such file.
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(unwritten(&path)(error));
            }
            _ => {}
        }
    }
    // A name lasts where its folder is on the disk; other platforms do not say so of folders.
    let done = if cfg!(unix) { File::open(folder).and_then(|it| it.sync_all()) } else { Ok(()) };
    done.map_err(unwritten(folder))
}

/// What was put, with its SHA-256; nothing where it is not whole.
pub(super) fn got<T: DeserializeOwned>(path: &Path) -> io::Result<Option<(T, String)>> {
    let bytes = fs::read(path)?;
    let text = std::str::from_utf8(&bytes).ok().and_then(|text| text.strip_suffix('\n'));
    let parted = text.and_then(|text| text.rsplit_once('\n'));
    let Some((text, digest)) =
        parted.filter(|(text, digest)| Digest::of(text.as_bytes()) == *digest)
    else {
        return Ok(None);
    };
    Ok(serde_json::from_str(text).ok().map(|what| (what, digest.to_owned())))
}
