//! Imports from the disk, never from outside the root.
//!
//! Enters: the rule files of a run and a root. Leaves: the files that `dùng:` names. The one idea:
//! links are resolved before anything is compared, so that a file is where it really lies and has
//! one name however it is reached. Invariant: no byte outside the root of the importer is read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use chitieu::source::Source;
use chitieu::{ImportError, Imports};

use crate::IoError;
use crate::paths::{File, read_error};

/// Reads imports from the disk.
#[derive(Debug)]
pub struct Disk {
    /// Files by the names that sources have.
    files: RefCell<HashMap<String, Place>>,
    /// The names of files by where they really lie.
    names: RefCell<HashMap<PathBuf, String>>,
}

/// Where a file lies.
#[derive(Debug, Clone)]
struct Place {
    /// Its folder, links resolved.
    folder: PathBuf,
    /// Its folder as the user knows it.
    shown: PathBuf,
    /// What imports may not leave, links resolved.
    root: PathBuf,
}

impl Disk {
    pub(crate) fn new(files: &[File], root: Option<&Path>) -> Result<Self, IoError> {
        let root = root.map(folder).transpose()?;
        let disk = Self { files: RefCell::default(), names: RefCell::default() };
        for file in files {
            // What comes from a pipe or has no folder imports from the working directory.
            let real = file.path.as_deref().and_then(|path| fs::canonicalize(path).ok());
            let own = real.as_deref().and_then(Path::parent).map(Path::to_owned);
            let work = || fs::canonicalize(".").unwrap_or_else(|_| PathBuf::from("."));
            let own = own.unwrap_or_else(work);
            let root = match (&root, &file.folder) {
                (Some(root), _) => root.clone(),
                (None, Some(given)) => folder(given)?,
                (None, None) if own.starts_with(work()) => work(),
                (None, None) => own.clone(),
            };
            let shown = Path::new(&file.name).parent().unwrap_or(Path::new("")).to_owned();
            disk.know(file.name.clone(), real, Place { folder: own, shown, root });
        }
        Ok(disk)
    }

    fn know(&self, name: String, real: Option<PathBuf>, place: Place) {
        if let Some(real) = real {
            self.names.borrow_mut().entry(real).or_insert_with(|| name.clone());
        }
        self.files.borrow_mut().entry(name).or_insert(place);
    }
}

/// A folder, links resolved.
fn folder(path: &Path) -> Result<PathBuf, IoError> {
    let failed = |source| read_error(&path.to_string_lossy(), source);
    let real = fs::canonicalize(path).map_err(failed)?;
    if real.is_dir() { Ok(real) } else { Err(failed(io::ErrorKind::NotADirectory.into())) }
}

impl Imports for Disk {
    fn read(&self, importer: &str, path: &str) -> Result<Source, ImportError> {
        let place = self.files.borrow().get(importer).cloned().ok_or(ImportError::NotHere)?;
        if Path::new(path).is_absolute() {
            return Err(ImportError::OutsideRoot);
        }
        let asked = place.folder.join(path);
        let real = match fs::canonicalize(&asked) {
            Ok(real) => real,
            // Whether something lies outside the root is nobody's to learn.
            Err(_) if !settled(&asked).starts_with(&place.root) => {
                return Err(ImportError::OutsideRoot);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ImportError::NotFound);
            }
            Err(error) => return Err(ImportError::Unreadable(error.to_string())),
        };
        if !real.starts_with(&place.root) {
            return Err(ImportError::OutsideRoot);
        }
        if !real.is_file() {
            return Err(ImportError::Unreadable("this is no file".to_owned()));
        }
        let unreadable = |error: &dyn std::error::Error| ImportError::Unreadable(error.to_string());
        let bytes = fs::read(&real).map_err(|error| unreadable(&error))?;
        let known = self.names.borrow().get(&real).cloned();
        let shown = settled(&place.shown.join(path));
        let name = known.unwrap_or_else(|| self.free_name(&shown, &real));
        let folder = real.parent().unwrap_or(&place.root).to_owned();
        let shown = Path::new(&name).parent().unwrap_or(Path::new("")).to_owned();
        let root = place.root;
        self.know(name.clone(), Some(real), Place { folder, shown, root });
        Source::from_bytes(name, &bytes).map_err(|error| unreadable(&error))
    }
}

impl Disk {
    /// The words for a file that was not read before. Where a link makes the path stand for another
    /// file already, the file is named by where it really lies.
    fn free_name(&self, shown: &Path, real: &Path) -> String {
        let name = shown.to_string_lossy().into_owned();
        if self.files.borrow().contains_key(&name) {
            return real.to_string_lossy().into_owned();
        }
        name
    }
}

/// A path without `.` and, where a folder stands before it, without `..`.
fn settled(path: &Path) -> PathBuf {
    let mut settled = PathBuf::new();
    for part in path.components() {
        match (part, settled.components().next_back()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                settled.pop();
            }
            _ => settled.push(part),
        }
    }
    settled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_settled() {
        let cases = [
            ("a/../b.x", "b.x"),
            ("../a/./b", "../a/b"),
            ("a/b/../../..", ".."),
            ("/../a", "/a"),
            ("../../a", "../../a"),
            ("", ""),
        ];
        for (path, expected) in cases {
            assert_eq!(settled(Path::new(path)), PathBuf::from(expected), "{path}");
        }
    }
}
