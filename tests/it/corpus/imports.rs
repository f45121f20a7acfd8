//! The files of a case that others import, by their names, as a folder would hold them.

use chitieu::source::Source;
use chitieu::{ImportError, Imports};

/// Named rule texts; `/` parts their folders.
pub(super) struct Files(pub(super) Vec<(String, String)>);

impl Imports for Files {
    fn read(&self, importer: &str, path: &str) -> Result<Source, ImportError> {
        if importer.is_empty() {
            return Err(ImportError::NotHere);
        }
        let name = beside(importer, path).ok_or(ImportError::OutsideRoot)?;
        let file = self.0.iter().find(|(known, _)| *known == name);
        let (name, text) = file.ok_or(ImportError::NotFound)?;
        Source::new(name, text).map_err(|fault| ImportError::Unreadable(fault.to_string()))
    }
}

/// The path from the root; nothing where it leads outside.
fn beside(importer: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = importer.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}
