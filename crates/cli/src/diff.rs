//! `chitieu diff`: what changed between two files of verdicts, and why.
//!
//! Enters: two files that `eval` wrote. Leaves: the changes on standard output.

mod lines;
mod tell;

use std::path::Path;

use chitieu::diff::{Row, compare, read};
use chitieu::source::Source;

use crate::Status;
use crate::args::{Diff, Listing};
use crate::console::{Console, Failure, failure};
use crate::load;

pub(crate) use tell::Teller;

/// Runs the command.
pub(crate) fn run(args: &Diff, console: Console) -> Result<Status, Failure> {
    let (old, new) = (verdicts(&args.old)?, verdicts(&args.new)?);
    let diff = compare(&old, &new);
    let out = match args.format {
        Some(Listing::Json) => lines::lines(&diff),
        _ => Teller { lang: console.lang }.human(&diff),
    };
    load::print(&out)?;
    Ok(Status::Clean)
}

/// The records of a file.
pub(crate) fn verdicts(path: &Path) -> Result<Vec<Row>, Failure> {
    let name = path.to_string_lossy().into_owned();
    let bytes = std::fs::read(path)
        .map_err(|source| chitieu_io::IoError::Read { name: name.clone(), source })?;
    let source = Source::from_bytes(name.clone(), &bytes).map_err(chitieu_io::IoError::from)?;
    read(source.text()).or_else(|fault| {
        let place = format!("{name}:{}", fault.line);
        failure(format!("{place}: {}", fault.message.vi), format!("{place}: {}", fault.message.en))
    })
}
