//! The results of a part.
//!
//! Enters: chunks. Leaves: a file, and later the same chunks. The one idea: text stands there as it
//! is, and rows of a table as they were judged: where a table is cut does not depend on the parts,
//! so that they are joined and encoded at the end. Invariant: no more than a chunk is in memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chitieu_arrow::write::{Keeper, rows, sheets};
use chitieu_io::IoError;

use super::part::{Growing, Sum};
use super::{PIECE, unwritten};
use crate::console::Failure;
use crate::eval::shape::{Chunk, Shape};

/// What takes results or rejects that were put aside.
pub(super) type Take<'a, T> = &'a mut dyn FnMut(T) -> Result<(), Failure>;

/// Results being put aside.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Text(Growing),
    /// From the first row on.
    Table(Box<Keeper<Growing>>),
}

impl Kept {
    pub(super) fn at(path: PathBuf) -> Self {
        let form = Form::Text(Growing::at(path.clone()));
        Self { path, form }
    }

    /// How many bytes were written.
    pub(super) fn bytes(&self) -> u64 {
        match &self.form {
            Form::Text(file) => file.bytes(),
            Form::Table(table) => table.get_ref().bytes(),
        }
    }

    pub(super) fn take(&mut self, chunk: Chunk, shape: &Shape<'_>) -> Result<(), Failure> {
        self.add(chunk, shape).map_err(unwritten(&self.path))
    }

    fn add(&mut self, chunk: Chunk, shape: &Shape<'_>) -> io::Result<()> {
        if let Some(sheet) = chunk.sheet.filter(|sheet| !sheet.is_empty()) {
            return self.table(shape)?.sheet(sheet);
        }
        if let Some(rows) = chunk.records.filter(|rows| !rows.is_empty()) {
            return self.table(shape)?.rows(rows);
        }
        match &mut self.form {
            Form::Text(file) => file.write(&chunk.bytes),
            Form::Table(_) => Ok(()),
        }
    }

    /// The table, which begins with its first row.
    fn table(&mut self, shape: &Shape<'_>) -> io::Result<&mut Keeper<Growing>> {
        if let Form::Text(file) = &mut self.form {
            let file = std::mem::take(file);
            let table = match &shape.layout {
                Some(layout) => Keeper::records(file, layout)?,
                None => Keeper::sheets(file, &shape.columns.names)?,
            };
            self.form = Form::Table(Box::new(table));
        }
        match &mut self.form {
            Form::Table(table) => Ok(table),
            Form::Text(_) => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// Puts all on the disk.
    pub(super) fn finish(self) -> Result<Sum, Failure> {
        let mut file = match self.form {
            Form::Text(file) => file,
            Form::Table(table) => table.finish().map_err(unwritten(&self.path))?,
        };
        file.finish()
    }
}

/// Hands the results of a part on, in chunks.
pub(super) fn results(
    path: &Path,
    shape: &Shape<'_>,
    take: Take<'_, Chunk>,
) -> Result<(), Failure> {
    let chunk = || shape.chunk();
    if let Some(layout) = &shape.layout {
        return each(path, |file| rows(file, layout), &mut |rows| {
            take(Chunk { records: Some(rows), ..chunk() })
        });
    }
    if chunk().sheet.is_some() {
        return each(path, sheets, &mut |sheet| take(Chunk { sheet: Some(sheet), ..chunk() }));
    }
    lines(path, &mut |bytes| take(Chunk { bytes, ..chunk() }))
}

/// Hands the bytes of a file on, cut behind lines where a line fits.
pub(super) fn lines(path: &Path, take: Take<'_, Vec<u8>>) -> Result<(), Failure> {
    each(path, |file| Ok(Lines { file, held: Vec::new() }), take)
}

/// Hands on what stands in a file; a part without such results has none.
fn each<T, I: Iterator<Item = io::Result<T>>>(
    path: &Path,
    read: impl FnOnce(File) -> io::Result<I>,
    take: Take<'_, T>,
) -> Result<(), Failure> {
    let unread = |source| {
        let name = path.to_string_lossy().into_owned();
        Failure::from(IoError::Read { name, source })
    };
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        file => file.map_err(unread)?,
    };
    for one in read(file).map_err(unread)? {
        take(one.map_err(unread)?)?;
    }
    Ok(())
}

/// Pieces of a text.
struct Lines {
    file: File,
    /// The beginning of a line.
    held: Vec<u8>,
}

impl Iterator for Lines {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let read = match self.file.by_ref().take(PIECE as u64).read_to_end(&mut self.held) {
                Ok(read) => read,
                Err(error) => return Some(Err(error)),
            };
            let end = self.held.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            if read == 0 || end > 0 {
                let end = if read == 0 { self.held.len() } else { end };
                let rest = self.held.split_off(end);
                let piece = std::mem::replace(&mut self.held, rest);
                return (!piece.is_empty()).then_some(Ok(piece));
            }
        }
    }
}
