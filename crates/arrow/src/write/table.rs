//! A file of Parquet or Arrow IPC that is being written.
//!
//! Enters: record batches of one schema. Leaves: bytes, as they come. The one idea: what is held
//! for a row group of Parquet is bounded, and its columns are encoded by several threads, each a
//! column at a time. Invariant: the bytes do not depend on the number of threads.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{ArrowError, Field, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, ArrowWriterOptions,
    compute_leaves,
};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;

/// The form of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Parquet.
    Parquet,
    /// Arrow IPC as a file, which may be read from any place.
    File,
    /// Arrow IPC as a stream, which is read from its beginning.
    Stream,
}

/// What is being written.
pub(super) enum Table<W: Write + Send> {
    /// Columns are encoded by a factory, or by their owner.
    Parquet(Box<SerializedFileWriter<Lent<W>>>, ArrowRowGroupWriterFactory),
    File(Box<FileWriter<W>>),
    Stream(Box<StreamWriter<W>>),
}

impl<W: Write + Send> Table<W> {
    pub(super) fn begin(
        out: W,
        kind: Kind,
        schema: &SchemaRef,
        properties: WriterProperties,
    ) -> io::Result<Self> {
        Ok(match kind {
            Kind::Parquet => {
                let options = ArrowWriterOptions::new().with_properties(properties);
                let writer =
                    ArrowWriter::try_new_with_options(Lent(Some(out)), Arc::clone(schema), options);
                let split = writer.and_then(ArrowWriter::into_serialized_writer);
                let (file, columns) = split.map_err(of_parquet)?;
                Self::Parquet(Box::new(file), columns)
            }
            Kind::File => Self::File(Box::new(FileWriter::try_new(out, schema).map_err(of_arrow)?)),
            Kind::Stream => {
                Self::Stream(Box::new(StreamWriter::try_new(out, schema).map_err(of_arrow)?))
            }
        })
    }

    /// Writes batches; in Parquet they are one row group.
    pub(super) fn write(&mut self, batches: &[RecordBatch], threads: usize) -> io::Result<()> {
        match self {
            Self::Parquet(file, columns) => {
                group(file, columns, batches, threads).map_err(of_parquet)
            }
            Self::File(file) => batches.iter().try_for_each(|it| file.write(it)).map_err(of_arrow),
            Self::Stream(file) => {
                batches.iter().try_for_each(|it| file.write(it)).map_err(of_arrow)
            }
        }
    }

    /// Writes the end, and gives the writer back.
    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Self::Parquet(mut file, _) => {
                file.finish().map_err(of_parquet)?;
                file.inner_mut().0.take().ok_or_else(|| io::ErrorKind::NotFound.into())
            }
            Self::File(file) => file.into_inner().map_err(of_arrow),
            Self::Stream(file) => file.into_inner().map_err(of_arrow),
        }
    }
}

/// A writer that is taken back at the end. The crate's own way back makes a text of its errors,
/// in which a broken pipe is not known any more.
pub(super) struct Lent<W>(Option<W>);

impl<W: Write> Write for Lent<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(bytes.len()), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// A field of all batches with the writers of its leaves.
struct Column<'b> {
    field: &'b Field,
    arrays: Vec<&'b ArrayRef>,
    writers: Vec<ArrowColumnWriter>,
}

impl Column<'_> {
    fn encode(mut self) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
        for array in self.arrays {
            for (writer, leaf) in self.writers.iter_mut().zip(compute_leaves(self.field, array)?) {
                writer.write(&leaf)?;
            }
        }
        self.writers.into_iter().map(ArrowColumnWriter::close).collect()
    }
}

/// Writes a row group.
fn group<W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    factory: &ArrowRowGroupWriterFactory,
    batches: &[RecordBatch],
    threads: usize,
) -> Result<(), ParquetError> {
    let Some(first) = batches.first() else { return Ok(()) };
    let mut writers = factory.create_column_writers(file.flushed_row_groups().len())?.into_iter();
    let schema = first.schema_ref();
    let mut columns = Vec::new();
    for (field, place) in schema.fields().iter().zip(0..) {
        let arrays: Vec<&ArrayRef> =
            batches.iter().filter_map(|it| it.columns().get(place)).collect();
        let writers = writers.by_ref().take(leaves(field)).collect();
        columns.push(Column { field, arrays, writers });
    }
    let mut group = file.next_row_group()?;
    for chunks in encoded(columns, threads) {
        for chunk in chunks? {
            chunk.append_to_row_group(&mut group)?;
        }
    }
    group.close()?;
    Ok(())
}

/// How many columns of Parquet a field is.
fn leaves(field: &Field) -> usize {
    use arrow_schema::DataType::{List, Struct};
    match field.data_type() {
        Struct(fields) => fields.iter().map(|field| leaves(field)).sum(),
        List(of) => leaves(of),
        _ => 1,
    }
}

type Chunks = Result<Vec<ArrowColumnChunk>, ParquetError>;

/// The chunks of all columns, in their order.
fn encoded(columns: Vec<Column<'_>>, threads: usize) -> Vec<Chunks> {
    let mut done: Vec<(usize, Chunks)> = Vec::new();
    let work = Mutex::new(columns.into_iter().enumerate());
    let next = || work.lock().unwrap_or_else(PoisonError::into_inner).next();
    let run = || {
        let mut chunks = Vec::new();
        while let Some((place, column)) = next() {
            chunks.push((place, column.encode()));
        }
        chunks
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        done.extend(run());
        for other in others {
            let broken = |_| vec![(0, Err(ParquetError::General("a thread broke".to_owned())))];
            done.extend(other.join().unwrap_or_else(broken));
        }
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, chunks)| chunks).collect()
}

/// The error of a writer as it was, so that a broken pipe is known as one.
pub(super) fn of_parquet(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        other => io::Error::other(other),
    }
}

/// As [`of_parquet`].
pub(super) fn of_arrow(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        other => io::Error::other(other),
    }
}
