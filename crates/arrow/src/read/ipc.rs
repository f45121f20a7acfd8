//! Arrow IPC: files and streams.
//!
//! Enters: a file or a stream. Leaves: its batches. The one idea: a stream is read as it comes,
//! and gathered only where its texts must be seen before its first row. Invariant: a stream without
//! its end mark is cut short, so that no row is lost without a word.

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use arrow_array::RecordBatch;
use chitieu_io::{Asked, Bytes, InputFormat, IoError, Part, Parts, Prover, Stored};
use parquet::file::reader::Length;

use super::broken::guard;
use super::input::Input;
use super::messages::{Decoder, Fault, Message};
use super::rows::Rows;
use super::spare::Spare;
use super::table::Table;

/// What a file of Arrow IPC begins with, and ends with.
const MAGIC: &[u8] = b"ARROW1";
/// The bytes of its end: how long the footer is, and the mark.
const TAIL: u64 = 10;

/// Opens a file or a stream.
pub(super) fn open<'a>(file: Stored<'a>, asked: &Asked) -> Result<Box<dyn Parts + 'a>, IoError> {
    let name = file.name;
    let failed = |source| IoError::Read { name: name.clone(), source };
    let mut bytes = file.bytes;
    if let Bytes::Stream(mut stream) = bytes {
        let mut head = Vec::new();
        let most = u64::try_from(MAGIC.len()).unwrap_or(0);
        stream.by_ref().take(most).read_to_end(&mut head).map_err(failed)?;
        let is_file = head == MAGIC;
        let stream = io::Cursor::new(head).chain(stream);
        if !is_file {
            return coming(&name, Box::new(stream), asked);
        }
        bytes = Bytes::Stream(Box::new(stream));
    }
    let input = Input::new(bytes.random().map_err(failed)?);
    let mut head = Vec::new();
    let most = u64::try_from(MAGIC.len()).unwrap_or(0);
    input.cursor(0).take(most).read_to_end(&mut head).map_err(failed)?;
    let is_file = head == MAGIC;
    let open = || {
        guard(&name, InputFormat::Arrow, || {
            if is_file {
                return Batches::in_file(&input);
            }
            Batches::in_stream(Box::new(BufReader::new(input.cursor(0))))
        })
    };
    let batches = open()?;
    let mut table = Table::new(&name, InputFormat::Arrow, &batches.decoder.schema, asked)?;
    if table.needs_proof() {
        let (mut batches, mut prover, mut row) = (open()?, Prover::default(), 1);
        batches.only(&table.texts);
        while let Some(batch) = batches.next(&name)? {
            table.prove(&mut prover, &batch, row)?;
            row = behind(row, &batch);
        }
        table = table.proven(prover)?;
    }
    Ok(Box::new(Source::new(batches, table)))
}

/// A stream that comes once. What its texts prove is known at its end only.
fn coming<'a>(
    name: &str,
    stream: Box<dyn Read + Send + 'a>,
    asked: &Asked,
) -> Result<Box<dyn Parts + 'a>, IoError> {
    let batches = guard(name, InputFormat::Arrow, || Batches::in_stream(stream))?;
    let mut table = Table::new(name, InputFormat::Arrow, &batches.decoder.schema, asked)?;
    if !table.needs_proof() {
        return Ok(Box::new(Source::new(batches, table)));
    }
    let slots = table.texts.iter().filter_map(|place| table.slots.get(*place).copied().flatten());
    let slots: Vec<usize> = slots.collect();
    let mut source = Source::new(batches, table.clone());
    let (mut held, mut prover, mut row) = (Vec::new(), Prover::default(), 1);
    while let Some(batch) = source.batches.next(name)? {
        let texts = guard(name, InputFormat::Arrow, || batch.project(&slots))?;
        table.prove(&mut prover, &texts, row)?;
        row = behind(row, &batch);
        held.push(batch);
    }
    table = table.proven(prover)?;
    let mut batches = source.batches;
    batches.from = From::Held(held.into_iter());
    Ok(Box::new(Source { batches, table: table.shared(), row: 1 }))
}

/// The number of the row behind a batch.
fn behind(row: u64, batch: &RecordBatch) -> u64 {
    row.saturating_add(u64::try_from(batch.num_rows()).unwrap_or(u64::MAX))
}

/// Batches, one after the other.
struct Batches<'a> {
    from: From<'a>,
    decoder: Decoder,
    /// Where bodies of messages go when nobody looks at them any more.
    spare: Arc<Spare>,
}

/// What batches come from.
enum From<'a> {
    Stream(Box<dyn Read + Send + 'a>),
    /// Messages by their places, each with its length.
    File(Input, std::vec::IntoIter<(u64, u64)>),
    Held(std::vec::IntoIter<RecordBatch>),
}

impl<'a> Batches<'a> {
    fn in_stream(mut stream: Box<dyn Read + Send + 'a>) -> Result<Self, Fault> {
        let spare = Arc::default();
        let message = Message::read(&mut *stream, &spare)?.ok_or("no schema")?;
        Ok(Self { decoder: Decoder::of(&message)?, from: From::Stream(stream), spare })
    }

    fn in_file(input: &Input) -> Result<Self, Fault> {
        let shown = |error: io::Error| error.to_string();
        let len = input.len();
        let (mut tail, at) = (Vec::new(), len.checked_sub(TAIL).ok_or("no footer")?);
        input.cursor(at).read_to_end(&mut tail).map_err(shown)?;
        let length = tail.strip_suffix(MAGIC).and_then(|it| it.first_chunk::<4>());
        let length = u64::from(u32::from_le_bytes(*length.ok_or("no footer")?));
        let (mut footer, at) = (Vec::new(), at.checked_sub(length).ok_or("no footer")?);
        input.cursor(at).take(length).read_to_end(&mut footer).map_err(shown)?;
        let footer = arrow_ipc::root_as_footer(&footer).map_err(|error| error.to_string())?;
        let schema = footer.schema().ok_or("no schema")?;
        let (mut decoder, spare) = (Decoder::behind(schema, footer.version())?, Arc::default());
        for block in footer.dictionaries().into_iter().flatten() {
            decoder.decode(&message_at(input, place(*block, len)?, &spare)?)?;
        }
        let batches = footer.recordBatches().into_iter().flatten();
        let places = batches.map(|block| place(*block, len)).collect::<Result<Vec<_>, Fault>>()?;
        Ok(Self { decoder, from: From::File(input.clone(), places.into_iter()), spare })
    }

    /// Only some columns are decoded.
    fn only(&mut self, columns: &[usize]) {
        self.decoder = self.decoder.clone().with_columns(columns);
    }

    fn next(&mut self, name: &str) -> Result<Option<RecordBatch>, IoError> {
        guard(name, InputFormat::Arrow, || {
            loop {
                let message = match &mut self.from {
                    From::Stream(stream) => Message::read(&mut **stream, &self.spare)?,
                    From::File(input, places) => {
                        let next = places.next();
                        next.map(|place| message_at(input, place, &self.spare)).transpose()?
                    }
                    From::Held(batches) => return Ok(batches.next()),
                };
                let Some(message) = message else {
                    // Nothing stands behind the end mark, however often it is asked for.
                    self.from = From::Held(Vec::new().into_iter());
                    return Ok::<_, Fault>(None);
                };
                if let Some(batch) = self.decoder.decode(&message)? {
                    return Ok(Some(batch));
                }
            }
        })
    }
}

/// Where a message of a file stands.
fn place(block: arrow_ipc::Block, len: u64) -> Result<(u64, u64), Fault> {
    let shown = |error: std::num::TryFromIntError| error.to_string();
    let at = u64::try_from(block.offset()).map_err(shown)?;
    let head = u64::try_from(block.metaDataLength()).map_err(shown)?;
    let body = u64::try_from(block.bodyLength()).map_err(shown)?;
    let length = head.checked_add(body).ok_or("too long a message")?;
    let end = at.checked_add(length).filter(|end| *end <= len);
    end.map(|_| (at, length)).ok_or_else(|| "a message lies outside of the file".to_owned())
}

fn message_at(
    input: &Input,
    (at, length): (u64, u64),
    spare: &Arc<Spare>,
) -> Result<Message, Fault> {
    let message = Message::read(&mut input.cursor(at).take(length), spare)?;
    message.ok_or_else(|| "no message".to_owned())
}

/// A table being cut into its batches.
struct Source<'a> {
    batches: Batches<'a>,
    table: Arc<Table>,
    /// The number of the next row.
    row: u64,
}

impl<'a> Source<'a> {
    fn new(mut batches: Batches<'a>, table: Table) -> Self {
        batches.only(&table.read);
        Self { batches, table: table.shared(), row: 1 }
    }
}

impl Parts for Source<'_> {
    fn joins(&self) -> bool {
        self.table.sheet.is_long()
    }

    fn next(&mut self) -> Result<Option<Box<dyn Part>>, IoError> {
        let Some(batch) = self.batches.next(self.table.sheet.name())? else { return Ok(None) };
        let first = self.row;
        self.row = behind(first, &batch);
        Ok(Some(Box::new(Rows { table: Arc::clone(&self.table), batch, first })))
    }
}
