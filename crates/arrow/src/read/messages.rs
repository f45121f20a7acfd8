//! The messages of Arrow IPC.
//!
//! Enters: bytes. Leaves: a schema, then batches. The one idea: messages are cut off here and only
//! decoded by the crate of Arrow, which sets aside whatever memory a message claims. Invariant:
//! beyond 64 MiB no more memory is taken than there are bytes, or than bytes can unpack to.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, Read};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::convert::fb_to_schema;
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_ipc::{Endianness, MessageHeader, MetadataVersion};
use arrow_schema::{Schema, SchemaRef};

use super::spare::Spare;

/// A longer head of a message is no head.
const HEAD: u64 = 256 << 20;
/// A packed buffer may unpack to so many bytes in any case,
const UNPACKED: u64 = 64 << 20;
/// and to so many times its own.
const RATIO: u64 = 1_000;
/// So many rows a batch may have beyond one a bit.
const ROWS: u64 = 1 << 20;

/// Half the bytes of the widest numbers.
const SHIFT: usize = 8;

/// Why a message cannot be read.
pub(super) type Fault = String;

fn fault(why: impl Display) -> Fault {
    why.to_string()
}

/// A message, not yet decoded.
pub(super) struct Message {
    head: Vec<u8>,
    body: Buffer,
}

impl Message {
    /// The next message; nothing at the end mark.
    pub(super) fn read(stream: &mut dyn Read, spare: &Arc<Spare>) -> Result<Option<Self>, Fault> {
        let mut length = number(stream)?;
        if length == u32::MAX {
            length = number(stream)?;
        }
        let length = u64::from(length);
        if length == 0 {
            return Ok(None);
        }
        if length > HEAD {
            return Err(fault("a message has too long a head"));
        }
        let head = bytes(stream, length, Vec::new())?;
        let message = arrow_ipc::root_as_message(&head).map_err(fault)?;
        let length = u64::try_from(message.bodyLength()).map_err(fault)?;
        let before = if is_shifted(message) { SHIFT } else { 0 };
        // A body is read to where an earlier one was, and goes back with the last of its arrays.
        let body = spare.lent(bytes(stream, length, spare.take(before))?);
        let body = Buffer::from(bytes::Bytes::from_owner(body)).slice(before);
        Ok(Some(Self { head, body }))
    }
}

/// Whether more of a batch would stand where numbers of 128 bits may, if its body were shifted by
/// half of one. What stands elsewhere is copied when it is decoded, and many writers care for 64
/// bits alone.
fn is_shifted(message: arrow_ipc::Message<'_>) -> bool {
    let buffers = message.header_as_record_batch().and_then(|batch| batch.buffers());
    let (mut at_whole, mut at_half) = (0_i64, 0_i64);
    for buffer in buffers.into_iter().flatten() {
        match buffer.offset() % 16 {
            0 => at_whole = at_whole.saturating_add(buffer.length()),
            8 => at_half = at_half.saturating_add(buffer.length()),
            _ => {}
        }
    }
    at_half > at_whole
}

fn number(stream: &mut dyn Read) -> Result<u32, Fault> {
    let mut four = [0; 4];
    stream.read_exact(&mut four).map_err(cut)?;
    Ok(u32::from_le_bytes(four))
}

/// So many bytes, behind what a buffer holds. Memory grows as they come, where they are very many.
fn bytes(stream: &mut dyn Read, count: u64, mut bytes: Vec<u8>) -> Result<Vec<u8>, Fault> {
    // What is set aside beyond them would be filled with zeros.
    bytes.reserve_exact(usize::try_from(count.min(UNPACKED)).unwrap_or(0));
    let read = stream.take(count).read_to_end(&mut bytes).map_err(cut)?;
    if u64::try_from(read).ok() != Some(count) {
        return Err(cut(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(bytes)
}

fn cut(error: io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => fault("no end mark"),
        _ => fault(error),
    }
}

/// What decodes messages behind their schema.
#[derive(Debug, Clone)]
pub(super) struct Decoder {
    pub(super) schema: SchemaRef,
    version: MetadataVersion,
    dictionaries: HashMap<i64, ArrayRef>,
    /// The columns that are decoded; nothing: all.
    columns: Option<Vec<usize>>,
}

impl Decoder {
    /// What decodes the messages behind that of a schema.
    pub(super) fn of(message: &Message) -> Result<Self, Fault> {
        let message = arrow_ipc::root_as_message(&message.head).map_err(fault)?;
        let schema = message.header_as_schema().ok_or_else(|| fault("no schema"))?;
        Self::behind(schema, message.version())
    }

    /// As [`Decoder::of`], for a schema that stands elsewhere.
    pub(super) fn behind(
        schema: arrow_ipc::Schema<'_>,
        version: MetadataVersion,
    ) -> Result<Self, Fault> {
        if schema.endianness() != Endianness::Little {
            return Err(fault("its bytes stand in the order of another machine"));
        }
        let schema: Schema = fb_to_schema(schema);
        let (schema, dictionaries, columns) = (Arc::new(schema), HashMap::new(), None);
        Ok(Self { schema, version, dictionaries, columns })
    }

    /// Only some columns are decoded.
    pub(super) fn with_columns(mut self, columns: &[usize]) -> Self {
        self.columns = Some(columns.to_vec());
        self
    }

    /// Takes a message; a batch, where it is one.
    pub(super) fn decode(&mut self, message: &Message) -> Result<Option<RecordBatch>, Fault> {
        let head = arrow_ipc::root_as_message(&message.head).map_err(fault)?;
        match head.header_type() {
            MessageHeader::RecordBatch => {
                let batch = head.header_as_record_batch().ok_or_else(|| fault("no batch"))?;
                bounded(batch, &message.body)?;
                let columns = self.columns.as_deref();
                let (schema, known) = (Arc::clone(&self.schema), &self.dictionaries);
                read_record_batch(&message.body, batch, schema, known, columns, &self.version)
                    .map(Some)
                    .map_err(fault)
            }
            MessageHeader::DictionaryBatch => {
                let batch = head.header_as_dictionary_batch().ok_or_else(|| fault("no batch"))?;
                let values = batch.data().ok_or_else(|| fault("an empty dictionary"))?;
                bounded(values, &message.body)?;
                let (schema, known) = (&self.schema, &mut self.dictionaries);
                read_dictionary(&message.body, batch, schema, known, &self.version)
                    .map_err(fault)?;
                Ok(None)
            }
            MessageHeader::NONE => Ok(None),
            _ => Err(fault("a message of an unexpected kind")),
        }
    }
}

/// Whether a batch stays within its bytes.
fn bounded(batch: arrow_ipc::RecordBatch<'_>, body: &Buffer) -> Result<(), Fault> {
    let held = u64::try_from(body.len()).unwrap_or(u64::MAX);
    let packed = batch.compression().is_some();
    let mut unpacked = 0_u64;
    for buffer in batch.buffers().into_iter().flatten() {
        let (at, length) = (u64::try_from(buffer.offset()), u64::try_from(buffer.length()));
        let (at, length) = (at.map_err(fault)?, length.map_err(fault)?);
        let end = at.checked_add(length).filter(|end| *end <= held);
        let end = end.ok_or_else(|| fault("a buffer lies outside of its message"))?;
        if packed && length > 0 {
            let range = usize::try_from(at).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
            let bytes = body.as_slice().get(range).unwrap_or_default();
            let claimed = bytes.first_chunk::<8>().map_or(0, |it| i64::from_le_bytes(*it));
            let claimed = u64::try_from(claimed).unwrap_or(length);
            if claimed > UNPACKED && claimed / RATIO > length {
                return Err(fault("a buffer claims to unpack to too many bytes"));
            }
            unpacked = unpacked.saturating_add(claimed);
        }
    }
    let rows = u64::try_from(batch.length()).map_err(fault)?;
    let bits = held.max(unpacked).saturating_mul(8);
    if rows > bits.saturating_add(ROWS) {
        return Err(fault("a batch claims more rows than it holds"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Decimal128Type;
    use arrow_array::{Decimal128Array, Int64Array};
    use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};

    use super::*;

    #[test]
    fn wide_numbers_are_not_copied_where_writers_care_for_64_bits() {
        for before in 1..=4 {
            let numbers = Decimal128Array::from_iter_values((0..500).map(i128::from));
            let batch = RecordBatch::try_from_iter([
                ("a", Arc::new(Int64Array::from_iter_values(0..before)) as ArrayRef),
                ("b", Arc::new(numbers.slice(0, usize::try_from(before).unwrap()))),
                ("c", Arc::new(numbers.slice(7, usize::try_from(before).unwrap()))),
            ]);
            let (batch, mut out) = (batch.unwrap(), Vec::new());
            let options = IpcWriteOptions::try_new(8, false, MetadataVersion::V5).unwrap();
            let schema = batch.schema_ref();
            let mut writer = StreamWriter::try_new_with_options(&mut out, schema, options).unwrap();
            writer.write(&batch).unwrap();
            writer.finish().unwrap();
            let (mut stream, spare) = (out.as_slice(), Arc::default());
            let mut next = || Message::read(&mut stream, &spare).unwrap();
            let mut decoder = Decoder::of(&next().unwrap()).unwrap();
            let message = next().unwrap();
            let read = decoder.decode(&message).unwrap().unwrap();
            assert_eq!(read, batch);
            let body = message.body.as_slice().as_ptr_range();
            for column in &read.columns()[1..] {
                let values = column.as_primitive::<Decimal128Type>().values();
                assert!(body.contains(&values.inner().as_ptr()), "{before}");
            }
            assert!(next().is_none());
        }
    }
}
