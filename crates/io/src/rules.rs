//! Rule files to sources.
//!
//! Enters: paths. Leaves: the text of each file under the name that the user typed. The one idea:
//! files given together are one set, in the order given.

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use chitieu::source::{Source, Sources};

use crate::IoError;
use crate::paths::{find, read_error};

/// Reads rule files, all `*.chitieu` in and below folders, or standard input (`-`).
///
/// # Errors
/// A path is not there or cannot be read, a folder holds no rules, or a file is no text.
pub fn load(paths: &[PathBuf]) -> Result<Sources, IoError> {
    let mut sources = Sources::default();
    for file in find(paths, &["chitieu"], ".chitieu")? {
        let bytes = if let Some(path) = &file.path {
            fs::read(path)
        } else {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        };
        let bytes = bytes.map_err(|source| read_error(&file.name, source))?;
        sources.add(Source::from_bytes(file.name, &bytes)?);
    }
    Ok(sources)
}
