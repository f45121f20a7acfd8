//! Rows that wait for the end of a long job in files of their own.
//!
//! Enters: rows as they were judged. Leaves: the same rows in the same pieces. The one idea: a
//! stream of Arrow holds them without a loss, so that the table is written at the end as if they
//! had just been judged. Invariant: the table has the bytes that it would have had without it.

use std::fmt;
use std::io::{self, BufReader, Read, Write};

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, Schema};

use super::records::{Layout, Rows};
use super::table::of_arrow;
use super::wide::{Frame, Sheet};

/// Rows being put aside.
pub struct Keeper<W: Write> {
    out: StreamWriter<W>,
    /// The columns of a wide table; nothing for records, which are batches already.
    frame: Option<Frame>,
}

impl<W: Write> Keeper<W> {
    /// Begins a file of sheets; `names` are those of the targets' columns.
    ///
    /// # Errors
    /// The writer's own, here and in the other functions.
    pub fn sheets(out: W, names: &[String]) -> io::Result<Self> {
        let frame = Frame::new(names);
        Self::begin(out, frame.schema(), |out| Self { out, frame: Some(frame.clone()) })
    }

    /// Begins a file of records.
    ///
    /// # Errors
    /// See [`Keeper::sheets`].
    pub fn records(out: W, layout: &Layout) -> io::Result<Self> {
        Self::begin(out, layout.schema(), |out| Self { out, frame: None })
    }

    fn begin(
        out: W,
        schema: &Schema,
        whole: impl FnOnce(StreamWriter<W>) -> Self,
    ) -> io::Result<Self> {
        StreamWriter::try_new(out, schema).map(whole).map_err(of_arrow)
    }

    /// Puts a sheet aside.
    ///
    /// # Errors
    /// See [`Keeper::sheets`]; also where the file is one of records.
    pub fn sheet(&mut self, mut sheet: Sheet) -> io::Result<()> {
        let Some(frame) = &self.frame else { return Err(io::ErrorKind::InvalidInput.into()) };
        let batch = frame.batch(&mut sheet).map_err(of_arrow)?;
        self.out.write(&batch).map_err(of_arrow)
    }

    /// Puts records aside.
    ///
    /// # Errors
    /// See [`Keeper::sheets`]; also where the file is one of sheets.
    pub fn rows(&mut self, rows: Rows) -> io::Result<()> {
        if self.frame.is_some() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let batches = rows.finish().map_err(of_arrow)?;
        batches.iter().try_for_each(|batch| self.out.write(batch)).map_err(of_arrow)
    }

    /// The writer.
    pub fn get_ref(&self) -> &W {
        self.out.get_ref()
    }

    /// Writes the end, and gives the writer back.
    ///
    /// # Errors
    /// See [`Keeper::sheets`].
    pub fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(of_arrow)
    }
}

impl<W: Write> fmt::Debug for Keeper<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").field("frame", &self.frame).finish_non_exhaustive()
    }
}

/// The sheets of a file, one after the other.
///
/// # Errors
/// The reader's own, or that of bytes that are no such file; each sheet may give them too.
pub fn sheets(input: impl Read) -> io::Result<impl Iterator<Item = io::Result<Sheet>>> {
    kept(input, |batch| Sheet::of(&batch))
}

/// The records of a file, in the pieces in which they are held.
///
/// # Errors
/// See [`sheets`].
pub fn rows(
    input: impl Read,
    layout: &Layout,
) -> io::Result<impl Iterator<Item = io::Result<Rows>>> {
    kept(input, |batch| layout.rows_of(batch))
}

fn kept<T>(
    input: impl Read,
    mut of: impl FnMut(RecordBatch) -> Result<T, ArrowError>,
) -> io::Result<impl Iterator<Item = io::Result<T>>> {
    let reader = StreamReader::try_new(BufReader::new(input), None).map_err(of_arrow)?;
    Ok(reader.map(move |batch| batch.and_then(&mut of).map_err(of_arrow)))
}
