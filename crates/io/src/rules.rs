//! Rule files to sources.
//!
//! Enters: paths. Leaves: the text of each file under the name that the user typed, and the way to
//! the files that they import. The one idea: files given together are one set, in the order given.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use chitieu::source::{Source, Sources};

use crate::paths::{extension, find, read_error};
use crate::{Disk, IoError};

/// Reads rule files, all `*.chitieu` in and below folders, or standard input (`-`).
///
/// # Errors
/// A path is not there or cannot be read, a folder holds no rules, or a file is no text.
pub fn load(paths: &[PathBuf]) -> Result<Sources, IoError> {
    load_with(paths, None).map(|(sources, _)| sources)
}

/// Reads rule files like [`load`], and says where imports may come from: `root`, else the folder
/// given; for a file, the working directory if the file lies in it, else the file's own folder.
///
/// # Errors
/// Those of [`load`], and a root that is no folder.
///
/// ```
/// use chitieu::Rules;
/// let root = std::env::temp_dir().join(format!("chitieu-imports-{}", std::process::id()));
/// std::fs::create_dir_all(root.join("a")).unwrap();
/// std::fs::write(root.join("a/kh.chitieu"), "dùng: ../dm.chitieu\nsố hồ sơ >= 5\n").unwrap();
/// std::fs::write(root.join("dm.chitieu"), "chỉ số: số hồ sơ\n  đơn vị tính: hồ sơ\n").unwrap();
/// let load = |root: Option<&std::path::Path>, path: &str| {
///     let (sources, imports) = chitieu_io::load_with(&[path.into()], root).unwrap();
///     Rules::load_with(sources, &imports).is_ok()
/// };
/// let file = root.join("a/kh.chitieu").to_string_lossy().into_owned();
/// assert!(load(Some(&root), &file));
/// assert!(!load(None, &file));
/// # std::fs::remove_dir_all(root).unwrap();
/// ```
pub fn load_with(paths: &[PathBuf], root: Option<&Path>) -> Result<(Sources, Disk), IoError> {
    let mut sources = Sources::default();
    let files = find(paths, &|name| extension(name) == "chitieu", ".chitieu")?;
    let disk = Disk::new(&files, root)?;
    for file in files {
        let bytes = if let Some(path) = &file.path {
            fs::read(path)
        } else {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        };
        let bytes = bytes.map_err(|source| read_error(&file.name, source))?;
        sources.add(Source::from_bytes(file.name, &bytes)?);
    }
    Ok((sources, disk))
}
