//! `chitieu new`: a first rule file.
//!
//! Enters: a path where nothing stands. Leaves: a file with comments that passes `check`. The one
//! idea: what a person has written is never written over.

use std::io::Write;
use std::path::Path;

use chitieu::diagnostic::{Lang, Message};
use chitieu_io::IoError;

use crate::Status;
use crate::args::New;
use crate::console::{Console, Failure, failure};

const VI: &str = include_str!("new/vi.chitieu");
const EN: &str = include_str!("new/en.chitieu");

/// Runs the command.
pub(crate) fn run(args: &New, console: Console) -> Result<Status, Failure> {
    let text = match args.words.lang.unwrap_or_default() {
        Lang::Vi => VI,
        Lang::En => EN,
    };
    create(&args.file, text.as_bytes())?;
    let name = args.file.to_string_lossy();
    console.note(&Message::new(
        format!("đã viết `{name}`; tiếp theo: chitieu check {name}"),
        format!("wrote `{name}`; next: chitieu check {name}"),
    ));
    Ok(Status::Clean)
}

/// Writes a file where none stands yet.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let name = path.to_string_lossy().into_owned();
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    match made.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all())) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => failure(
            format!("tệp `{name}` đã có, giữ nguyên"),
            format!("`{name}` exists already and is left as it is"),
        ),
        Err(source) => Err(Failure::from(IoError::Write { name, source })),
    }
}
