//! Paths as typed to the files that they stand for.
//!
//! Enters: files, folders, patterns, `-`. Leaves: the files, as typed; those of a folder or a
//! pattern sorted by path. The one idea: a file is known by the words of the user, so that a place
//! in a message can be opened as it stands. Invariant: no file comes twice, hidden ones only when
//! they are named.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::IoError;

/// Folders are not searched deeper than this.
const DEEPEST: usize = 64;

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// The words of the user; below a folder with `/` between.
    pub(crate) name: String,
    /// Where it is; nothing for standard input.
    pub(crate) path: Option<PathBuf>,
    /// The folder that was given, where it is not the file itself that was.
    pub(crate) folder: Option<PathBuf>,
}

/// All files that `paths` stand for; in folders those whose names are `wanted`.
pub(crate) fn find(
    paths: &[PathBuf],
    wanted: &dyn Fn(&str) -> bool,
    kind: &'static str,
) -> Result<Vec<File>, IoError> {
    let mut found = Found::default();
    for path in paths {
        match matches(path)? {
            Some(all) => all.iter().try_for_each(|path| found.path(path, wanted, kind))?,
            None => found.path(path, wanted, kind)?,
        }
    }
    Ok(found.files)
}

/// What a pattern fits, sorted by path; nothing where the path is none. `*`, `?` and `[a-z]` stand
/// for characters of a name, `**` for folders. A path that is there is no pattern.
fn matches(path: &Path) -> Result<Option<Vec<PathBuf>>, IoError> {
    let pattern = shown(path);
    if !pattern.contains(['*', '?', '[']) || fs::symlink_metadata(path).is_ok() {
        return Ok(None);
    }
    let options = glob::MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    // What is no pattern is no path either: the reason of the platform says more.
    let Ok(entries) = glob::glob_with(&pattern, options) else { return Ok(None) };
    let failed = |error: glob::GlobError| {
        let name = shown(error.path());
        read_error(&name, error.into())
    };
    let mut all = entries.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    all.sort();
    if all.is_empty() { Err(IoError::NoMatch { pattern }) } else { Ok(Some(all)) }
}

/// The extension in lower case.
pub(crate) fn extension(name: &str) -> String {
    let extension = Path::new(name).extension().and_then(|text| text.to_str());
    extension.unwrap_or_default().to_ascii_lowercase()
}

/// The extension in lower case, without that of a packed file: `csv` of `a.csv.gz`.
pub(crate) fn unpacked_extension(name: &str) -> String {
    match extension(name).as_str() {
        "gz" | "zst" => extension(name.rsplit_once('.').map_or("", |(stem, _)| stem)),
        other => other.to_owned(),
    }
}

pub(crate) fn read_error(name: &str, source: std::io::Error) -> IoError {
    IoError::Read { name: name.to_owned(), source }
}

#[derive(Default)]
struct Found {
    files: Vec<File>,
    known: HashSet<PathBuf>,
}

impl Found {
    fn path(
        &mut self,
        path: &Path,
        wanted: &dyn Fn(&str) -> bool,
        kind: &'static str,
    ) -> Result<(), IoError> {
        let name = shown(path);
        if name == "-" {
            self.add(File { name, path: None, folder: None });
        } else if fs::metadata(path).map_err(|source| read_error(&name, source))?.is_dir() {
            let mut inside = Vec::new();
            walk(path, &name, wanted, 0, &mut inside)?;
            if inside.is_empty() {
                return Err(IoError::Empty { name, wanted: kind });
            }
            for file in inside {
                self.add(File { folder: Some(path.to_owned()), ..file });
            }
        } else {
            self.add(File { name, path: Some(path.to_owned()), folder: None });
        }
        Ok(())
    }

    fn add(&mut self, file: File) {
        let path = file.path.as_deref().unwrap_or(Path::new("-"));
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if self.known.insert(real) {
            self.files.push(file);
        }
    }
}

fn walk(
    folder: &Path,
    name: &str,
    wanted: &dyn Fn(&str) -> bool,
    depth: usize,
    found: &mut Vec<File>,
) -> Result<(), IoError> {
    if depth > DEEPEST {
        return Err(IoError::TooDeep { name: name.to_owned() });
    }
    let failed = |source| read_error(name, source);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        entries.push((entry.file_name(), entry.file_type().map_err(failed)?));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (entry, kind) in entries {
        let (path, below) = (folder.join(&entry), entry.to_string_lossy());
        if below.starts_with('.') {
            continue;
        }
        let below = format!("{}/{below}", name.trim_end_matches('/'));
        if kind.is_dir() {
            walk(&path, &below, wanted, depth + 1, found)?;
        } else if wanted(&below) && path.is_file() {
            found.push(File { name: below, path: Some(path), folder: None });
        }
    }
    Ok(())
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_sorted_and_nothing_comes_twice() {
        let root = std::env::temp_dir().join(format!("chitieu-paths-{}", std::process::id()));
        for (file, text) in [("b.x", ""), ("a/2.x", ""), ("a/1.X", ""), (".h.x", ""), ("c.y", "")] {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let all = [root.join("b.x"), root.clone(), PathBuf::from("-"), PathBuf::from("-")];
        let x = |name: &str| extension(name) == "x";
        let y = |name: &str| extension(name) == "y";
        let found = find(&all, &x, ".x").unwrap();
        let prefix = format!("{}/", root.display());
        let names: Vec<&str> =
            found.iter().map(|file| file.name.trim_start_matches(&prefix)).collect();
        assert_eq!(names, ["b.x", "a/1.X", "a/2.x", "-"]);
        assert!(matches!(find(&[root.join("none")], &x, ".x"), Err(IoError::Read { .. })));
        assert!(matches!(find(&[root.join("a")], &y, ".y"), Err(IoError::Empty { .. })));
        let fits = |pattern: &str| {
            let found = find(&[root.join(pattern)], &x, ".x")?;
            let name = |file: &File| file.name.trim_start_matches(&prefix).to_owned();
            Ok::<Vec<String>, IoError>(found.iter().map(name).collect())
        };
        fs::write(root.join("[b].x"), "").unwrap();
        assert_eq!(fits("*.x").unwrap(), ["[b].x", "b.x"]);
        assert_eq!(fits("**/?.[xX]").unwrap(), ["a/1.X", "a/2.x", "b.x"]);
        // A folder that fits is read as a folder; a path that is there is no pattern.
        assert_eq!(fits("[a]").unwrap(), ["a/1.X", "a/2.x"]);
        assert_eq!(fits("[b].x").unwrap(), ["[b].x"]);
        assert!(matches!(fits("*.z"), Err(IoError::NoMatch { .. })));
        fs::remove_dir_all(root).unwrap();
        let endings = ["a.CSV.gz", "a.json.zst", "a.gz", "a.b.csv", "gz"].map(unpacked_extension);
        assert_eq!(endings, ["csv", "json", "", "csv", ""]);
    }
}
