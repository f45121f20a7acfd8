//! A column of a group of rows, from its pages straight to a column of figures.
//!
//! Enters: pages that are unpacked but not decoded. Leaves: a [`Column`]. The one idea: a number is
//! looked at once in the dictionary, where it is brought to the scale and the width of all; rows
//! only look it up. Invariant: whatever is not a plain whole number or decimal is left to the
//! decoder of all kinds, and both say the same.

use std::ops::Range;
use std::sync::Arc;

use arrow_schema::DataType;
use bytes::Bytes;
use chitieu::snapshot::{Buffer, Column, Mantissas};
use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescriptor;

use super::group::Span;
use super::input::{Input, Slice};
use super::numbers::{Digits, Numbers};
use super::runs::{Run, Runs, WIDEST, unpack};
use super::validity::Validity;

/// Why a column cannot be read.
pub(super) type Fault = String;

/// How the numbers of a column stand in its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) digits: Digits,
    pub(super) scale: u32,
    /// A row may have no value.
    optional: bool,
}

impl Kind {
    /// That of a column, where it holds plain whole numbers or decimals.
    pub(super) fn of(field: &DataType, column: &ColumnDescriptor) -> Option<Self> {
        if column.max_rep_level() != 0 || column.max_def_level() > 1 {
            return None;
        }
        let unsigned = matches!(field, DataType::UInt32 | DataType::UInt64);
        let scale = match field {
            kind if kind.is_integer() => 0,
            DataType::Decimal32(_, scale)
            | DataType::Decimal64(_, scale)
            | DataType::Decimal128(_, scale)
            | DataType::Decimal256(_, scale) => u32::try_from(*scale).ok()?,
            _ => return None,
        };
        if scale > 0 && u32::try_from(column.type_scale()).ok() != Some(scale) {
            return None;
        }
        let digits = match column.physical_type() {
            Type::INT32 if unsigned => Digits::Unsigned32,
            Type::INT32 => Digits::Signed32,
            Type::INT64 if !unsigned => Digits::Signed64,
            Type::FIXED_LEN_BYTE_ARRAY => {
                let bytes = usize::try_from(column.type_length()).ok()?;
                (1..=16).contains(&bytes).then_some(Digits::Bytes(bytes))?
            }
            _ => return None,
        };
        Some(Self { digits, scale, optional: column.max_def_level() == 1 })
    }
}

/// Reads a column of some rows of a group; nothing where it needs the decoder of all kinds.
pub(super) fn column(
    input: &Input,
    (group, span): (&RowGroupMetaData, &Span),
    leaf: usize,
    kind: Kind,
) -> Result<Option<Column>, Fault> {
    let chunk = group.columns().get(leaf).ok_or("no such column")?;
    let all = usize::try_from(group.num_rows()).map_err(|error| error.to_string())?;
    if !span.is_whole {
        // The pages of other parts are not read at all.
        let reader = SerializedPageReader::new(Arc::new(input.clone()), chunk, all, None);
        return some(reader.map_err(shown)?, all, &span.rows, kind);
    }
    let (start, length) = chunk.byte_range();
    let slice = Slice::read(input, start, length).map_err(shown)?;
    let reader = SerializedPageReader::new(Arc::new(slice), chunk, all, None);
    some(reader.map_err(shown)?, all, &span.rows, kind)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn shown(error: ParquetError) -> Fault {
    error.to_string()
}

/// Reads the pages in which some of all rows stand.
fn some(
    mut reader: impl PageReader,
    all: usize,
    rows: &Range<usize>,
    kind: Kind,
) -> Result<Option<Column>, Fault> {
    let mut pages = Pages::new(kind);
    // The rows before the pages that are read.
    let mut before = 0_usize;
    while before + pages.rows < rows.end {
        let mut skipped = None;
        if pages.rows == 0 && rows.start > 0 {
            let Some(next) = reader.peek_next_page().map_err(shown)? else { break };
            skipped = next.num_rows.or(next.num_levels).filter(|_| !next.is_dict);
        }
        if let Some(skipped) = skipped.filter(|skipped| before + skipped <= rows.start) {
            reader.skip_next_page().map_err(shown)?;
            before += skipped;
            continue;
        }
        let Some(page) = reader.get_next_page().map_err(shown)? else { break };
        if !pages.take(page, all)? {
            return Ok(None);
        }
    }
    if before > rows.start || before + pages.rows < rows.end {
        return Err("a column has fewer rows than its group".to_owned());
    }
    let column = pages.column()?;
    Ok(column.map(|column| column.slice(rows.start - before, rows.len())))
}

/// The values of one page.
enum Values {
    /// Numbers of values of the dictionary, in so many bits.
    Codes(Bytes, u8),
    /// Values as they stand, by their places among all such.
    Plain(Range<usize>),
}

/// One page.
struct Body {
    /// Its first row.
    first: usize,
    rows: usize,
    /// How many rows have a value.
    set: usize,
    values: Values,
}

/// The pages of a column.
struct Pages {
    kind: Kind,
    rows: usize,
    validity: Validity,
    dictionary: Option<Numbers>,
    plain: Numbers,
    bodies: Vec<Body>,
}

impl Pages {
    fn new(kind: Kind) -> Self {
        let (validity, plain) = (Validity::default(), Numbers::new(kind.digits));
        Self { kind, rows: 0, validity, dictionary: None, plain, bodies: Vec::new() }
    }

    /// Takes a page; whether it is of a kind that is read here.
    fn take(&mut self, page: Page, most: usize) -> Result<bool, Fault> {
        match page {
            Page::DictionaryPage { buf, num_values, encoding, .. } => {
                if !matches!(encoding, Encoding::PLAIN | Encoding::PLAIN_DICTIONARY) {
                    return Ok(false);
                }
                let mut numbers = Numbers::new(self.kind.digits);
                numbers.read(&buf, size(num_values)?)?;
                self.dictionary = Some(numbers);
                Ok(true)
            }
            Page::DataPage { buf, num_values, encoding, def_level_encoding, .. } => {
                let rows = size(num_values)?;
                if !self.kind.optional {
                    return self.body(&buf, None, rows, encoding, most);
                }
                if def_level_encoding != Encoding::RLE {
                    return Ok(false);
                }
                let length = buf.first_chunk::<4>().ok_or("a page is cut short")?;
                let end = size(u32::from_le_bytes(*length))?.saturating_add(4);
                let levels = 4..end.min(buf.len());
                let values = buf.slice(levels.end..);
                self.body(&values, Some(&buf.slice(levels)), rows, encoding, most)
            }
            Page::DataPageV2 { rep_levels_byte_len: 1.., .. } => Ok(false),
            Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, .. } => {
                let (rows, length) = (size(num_values)?, size(def_levels_byte_len)?);
                if length > buf.len() {
                    return Err("a page is cut short".to_owned());
                }
                let levels = self.kind.optional.then(|| buf.slice(..length));
                self.body(&buf.slice(length..), levels.as_ref(), rows, encoding, most)
            }
        }
    }

    fn body(
        &mut self,
        values: &Bytes,
        levels: Option<&Bytes>,
        rows: usize,
        encoding: Encoding,
        most: usize,
    ) -> Result<bool, Fault> {
        if self.rows.checked_add(rows).is_none_or(|rows| rows > most) {
            return Err("a column has more rows than its group".to_owned());
        }
        let before = self.validity.set();
        match levels {
            Some(levels) => self.validity.levels(levels, rows)?,
            None => self.validity.repeat(true, rows),
        }
        let set = self.validity.set() - before;
        let values = match encoding {
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                let width = values.first().copied().unwrap_or(0);
                if width > WIDEST {
                    return Err("numbers of a dictionary are too wide".to_owned());
                }
                Values::Codes(values.slice(values.len().min(1)..), width)
            }
            Encoding::PLAIN => {
                let first = self.plain.len();
                self.plain.read(values, set)?;
                Values::Plain(first..self.plain.len())
            }
            _ => return Ok(false),
        };
        self.bodies.push(Body { first: self.rows, rows, set, values });
        self.rows += rows;
        Ok(true)
    }

    fn column(self) -> Result<Option<Column>, Fault> {
        let Self { kind, rows, validity, dictionary, plain, bodies } = self;
        let dictionary = dictionary.unwrap_or_else(|| Numbers::new(kind.digits));
        let Some(settled) = Numbers::settle(dictionary, plain, kind.scale) else {
            return Ok(None);
        };
        let (min, max) = settled.ends;
        macro_rules! of_width {
            ($width:ident, $mantissas:ident) => {{
                let (table, plain) = (settled.dictionary.narrow(), settled.plain.narrow());
                let filler = $width::try_from(min).unwrap_or_default();
                let numbers = gather::<$width>(&bodies, &table, &plain, &validity, filler, rows)?;
                Mantissas::$mantissas(Buffer::from(numbers))
            }};
        }
        let fits = |least: i128, most: i128| min >= least && max <= most;
        let mantissas = if fits(i16::MIN.into(), i16::MAX.into()) {
            of_width!(i16, I16)
        } else if fits(i32::MIN.into(), i32::MAX.into()) {
            of_width!(i32, I32)
        } else if fits(i64::MIN.into(), i64::MAX.into()) {
            of_width!(i64, I64)
        } else {
            of_width!(i128, I128)
        };
        Ok(Column::within(mantissas, settled.scale, validity.finish(), (min, max)))
    }
}

fn size(count: u32) -> Result<usize, Fault> {
    usize::try_from(count).map_err(|error| error.to_string())
}

/// The numbers of all rows; a row without one gets `filler`.
fn gather<T: Copy>(
    bodies: &[Body],
    table: &[T],
    plain: &[T],
    validity: &Validity,
    filler: T,
    rows: usize,
) -> Result<Vec<T>, Fault> {
    let (mut numbers, mut dense) = (Vec::with_capacity(rows), Vec::new());
    for body in bodies {
        let is_full = body.set == body.rows;
        match &body.values {
            Values::Plain(range) => {
                let values = plain.get(range.clone()).unwrap_or_default();
                if is_full {
                    numbers.extend_from_slice(values);
                } else {
                    validity.spread(
                        body.first..body.first + body.rows,
                        values,
                        filler,
                        &mut numbers,
                    );
                }
            }
            Values::Codes(bytes, width) if is_full => {
                look_up(bytes, *width, body.set, table, &mut numbers)?;
            }
            Values::Codes(bytes, width) => {
                dense.clear();
                look_up(bytes, *width, body.set, table, &mut dense)?;
                validity.spread(body.first..body.first + body.rows, &dense, filler, &mut numbers);
            }
        }
    }
    Ok(numbers)
}

/// The values that codes stand for.
fn look_up<T: Copy>(
    bytes: &[u8],
    width: u8,
    count: usize,
    table: &[T],
    values: &mut Vec<T>,
) -> Result<(), Fault> {
    const OUTSIDE: &str = "a code stands for no value of its dictionary";
    let mut runs = Runs::new(bytes, width, count);
    values.reserve(count);
    while let Some(run) = runs.next()? {
        match run {
            Run::Repeated(code, times) => {
                let value = table.get(size(code)?).ok_or(OUTSIDE)?;
                values.extend(std::iter::repeat_n(*value, times));
            }
            Run::Packed(bytes, count) => unpack(bytes, width, count, &mut |codes| {
                let mut is_sound = true;
                values.extend(codes.iter().filter_map(|code| {
                    let value = table.get(*code as usize).copied();
                    is_sound &= value.is_some();
                    value
                }));
                if is_sound { Ok(()) } else { Err(OUTSIDE) }
            })?,
        }
    }
    Ok(())
}
