//! A column of a group of rows, from its pages straight to a column of figures.
//!
//! Enters: pages that are unpacked but not decoded. Leaves: a [`Column`]. The one idea: a number is
//! looked at once in the dictionary, where it is brought to the scale and the width of all; rows
//! only look it up. Invariant: whatever is not a plain whole number or decimal is left to the
//! decoder of all kinds, and both say the same.

use std::ops::Range;
use std::sync::Arc;

use arrow_schema::DataType;
use chitieu::snapshot::{Bits, Buffer, Column, Mantissas};
use parquet::basic::Type;
use parquet::file::metadata::RowGroupMetaData;
use parquet::schema::types::ColumnDescriptor;

use super::group::Span;
use super::header::{Encoding, Head, Page};
use super::input::Input;
use super::numbers::{Digits, Numbers, Settled, Width};
use super::pages::Pages;
use super::runs::{Run, Runs, WIDEST, unpack_behind};
use super::spare::{Desk, Kept, Spare};
use super::validity::{bits, holes, spread};

/// Why a column cannot be read.
pub(super) type Fault = String;

/// A page of more rows is left to the decoder of all kinds, which takes some of them at a time.
const MOST: usize = 1 << 22;

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
            Type::INT64 if unsigned => Digits::Unsigned64,
            Type::INT64 => Digits::Signed64,
            Type::FIXED_LEN_BYTE_ARRAY => {
                let bytes = usize::try_from(column.type_length()).ok()?;
                (1..=16).contains(&bytes).then_some(Digits::Bytes(bytes))?
            }
            _ => return None,
        };
        Some(Self { digits, scale, optional: column.max_def_level() == 1 })
    }
}

/// Whether all numbers between two, with so many digits behind the point, come to the same.
pub(super) type Alike<'a> = dyn Fn((i128, i128), u32) -> bool + 'a;

/// Reads a column of some rows of a group; nothing where it needs the decoder of all kinds. Numbers
/// that are `alike` may stand for each other.
pub(super) fn column(
    input: &Input,
    (group, span): (&RowGroupMetaData, &Span),
    leaf: usize,
    kind: Kind,
    (alike, spare): (&Alike<'_>, &Arc<Spare>),
) -> Result<Option<Column>, Fault> {
    let chunk = group.columns().get(leaf).ok_or("no such column")?;
    let all = usize::try_from(group.num_rows()).map_err(|error| error.to_string())?;
    spare.at_desk(|desk| {
        let Some(mut pages) = Pages::of(input, chunk, span.is_whole, &mut desk.room) else {
            return Ok(None);
        };
        let mut taken = Taken::new(kind, desk);
        let Some(before) = taken.some(&mut pages, all, &span.rows)? else { return Ok(None) };
        taken.column(span.rows.start - before..span.rows.end - before, alike, spare)
    })
}

/// The values of one page.
enum Values {
    /// Numbers of values of the dictionary, in so many bits.
    Codes(Range<usize>, u8),
    /// Values as they stand, by their places among all such.
    Plain(Range<usize>),
}

/// One page.
struct Body {
    /// Its rows among those of all pages that were taken.
    rows: Range<usize>,
    /// Those without a value, by their places among all such.
    holes: Range<usize>,
    values: Values,
}

/// The pages of a column that were taken.
struct Taken<'d> {
    kind: Kind,
    desk: &'d mut Desk,
    rows: usize,
    bodies: Vec<Body>,
}

impl<'d> Taken<'d> {
    fn new(kind: Kind, desk: &'d mut Desk) -> Self {
        desk.dictionary.begin(kind.digits);
        desk.plain.begin(kind.digits);
        desk.holes.clear();
        Self { kind, desk, rows: 0, bodies: Vec::new() }
    }

    /// Takes the pages in which some of all rows stand, and says how many rows stand before them;
    /// nothing where one is of a kind that is not read here.
    fn some(
        &mut self,
        pages: &mut Pages<'_>,
        all: usize,
        rows: &Range<usize>,
    ) -> Result<Option<usize>, Fault> {
        let mut before = 0_usize;
        while before + self.rows < rows.end {
            let Some(head) = pages.head(&mut self.desk.room)? else { break };
            if let Page::Data(values, _) | Page::Data2 { values, .. } = head.page {
                let behind = before.saturating_add(self.rows).saturating_add(values.count);
                if behind > all {
                    return Err("a column has more rows than its group".to_owned());
                }
                if self.rows == 0 && behind <= rows.start {
                    pages.pass(&head)?;
                    before = behind;
                    continue;
                }
                if values.count > MOST {
                    return Ok(None);
                }
            }
            let room = pages.unpack(&head, &mut self.desk.room)?;
            if !self.take(&head, room)? {
                return Ok(None);
            }
        }
        if before > rows.start || before + self.rows < rows.end {
            return Err("a column has fewer rows than its group".to_owned());
        }
        Ok(Some(before))
    }

    /// Takes a page; whether it is of a kind that is read here.
    fn take(&mut self, head: &Head, room: Range<usize>) -> Result<bool, Fault> {
        let bytes = self.desk.room.page(room.clone());
        match head.page {
            Page::Other => Ok(true),
            Page::Dictionary(values) => {
                // Codes that came before would stand for other values.
                if self.desk.dictionary.len() > 0 {
                    return Err("a column has two dictionaries".to_owned());
                }
                if !matches!(values.encoding, Encoding::Plain | Encoding::Codes) {
                    return Ok(false);
                }
                self.desk.dictionary.read(bytes, values.count)?;
                Ok(true)
            }
            Page::Data(values, _) if !self.kind.optional => self.body(values, 0..0, room),
            Page::Data(values, Encoding::Runs) => {
                let length = bytes.first_chunk::<4>().ok_or("a page is cut short")?;
                let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
                let start = room.start + 4;
                let end = start.saturating_add(length).min(room.end);
                self.body(values, start..end, end..room.end)
            }
            Page::Data2 { values, repeats: 0, levels, .. } => {
                let end = room.start.saturating_add(levels).min(room.end);
                let levels = if self.kind.optional { room.start..end } else { 0..0 };
                self.body(values, levels, end..room.end)
            }
            Page::Data(..) | Page::Data2 { .. } => Ok(false),
        }
    }

    fn body(
        &mut self,
        values: super::header::Values,
        levels: Range<usize>,
        room: Range<usize>,
    ) -> Result<bool, Fault> {
        let Desk { room: held, plain, holes: all, .. } = &mut *self.desk;
        let rows = self.rows..self.rows + values.count;
        let first = u32::try_from(rows.start).map_err(|error| error.to_string())?;
        let before = all.len();
        if self.kind.optional {
            holes(held.page(levels), values.count, first, all)?;
        }
        let missing = before..all.len();
        let bytes = held.page(room.clone());
        let set = values.count - missing.len();
        let values = match values.encoding {
            Encoding::Codes => {
                let width = bytes.first().copied().unwrap_or(0);
                if width > WIDEST {
                    return Err("numbers of a dictionary are too wide".to_owned());
                }
                Values::Codes(room.start.saturating_add(1).min(room.end)..room.end, width)
            }
            Encoding::Plain => {
                let first = plain.len();
                plain.read(bytes, set)?;
                Values::Plain(first..plain.len())
            }
            Encoding::Runs | Encoding::Other => return Ok(false),
        };
        self.rows = rows.end;
        self.bodies.push(Body { rows, holes: missing, values });
        Ok(true)
    }

    /// The column of some of the rows that were taken.
    fn column(
        &self,
        rows: Range<usize>,
        alike: &Alike<'_>,
        spare: &Arc<Spare>,
    ) -> Result<Option<Column>, Fault> {
        let Desk { dictionary, plain, .. } = &*self.desk;
        let Some(settled) = Numbers::settle(dictionary, plain, self.kind.scale) else {
            return Ok(None);
        };
        let ends = settled.ends;
        // Where each entry of a dictionary comes to the same, no row is looked up.
        if alike(ends, settled.scale) {
            let all = constant(ends.0, rows.len(), spare);
            return Ok(Column::within(all, settled.scale, self.validity(&rows, spare)?, ends));
        }
        let fits = |least: i128, most: i128| ends.0 >= least && ends.1 <= most;
        let mantissas = if fits(i16::MIN.into(), i16::MAX.into()) {
            Mantissas::I16(self.gather(&settled, &rows, spare)?)
        } else if fits(i32::MIN.into(), i32::MAX.into()) {
            Mantissas::I32(self.gather(&settled, &rows, spare)?)
        } else if fits(i64::MIN.into(), i64::MAX.into()) {
            Mantissas::I64(self.gather(&settled, &rows, spare)?)
        } else {
            Mantissas::I128(self.gather(&settled, &rows, spare)?)
        };
        Ok(Column::within(mantissas, settled.scale, self.validity(&rows, spare)?, ends))
    }

    /// Which of some rows have a value; nothing where all have.
    fn validity(&self, rows: &Range<usize>, spare: &Arc<Spare>) -> Result<Option<Bits>, Fault> {
        let holes = self.desk.holes.get(self.holes(rows)).unwrap_or_default();
        if holes.is_empty() {
            return Ok(None);
        }
        let mut bytes = spare.take::<u8>(rows.len().div_ceil(8));
        bits(&mut bytes, number(rows.start)?, holes);
        Ok(Bits::new(spare.lend(bytes), 0, rows.len()))
    }

    /// The places of the holes among some rows.
    fn holes(&self, rows: &Range<usize>) -> Range<usize> {
        let before = |row: usize| self.desk.holes.partition_point(|hole| (*hole as usize) < row);
        before(rows.start)..before(rows.end)
    }

    /// The numbers of some rows; a row without one gets the smallest.
    fn gather<T: Kept + Width>(
        &self,
        settled: &Settled,
        rows: &Range<usize>,
        spare: &Arc<Spare>,
    ) -> Result<Buffer<T>, Fault> {
        let Desk { room, dictionary, plain, holes } = &*self.desk;
        let narrowed = |numbers: &Numbers| {
            let mut narrow = spare.take::<T>(numbers.len());
            numbers.narrow(settled, &mut narrow);
            narrow
        };
        let (table, values) = (narrowed(dictionary), narrowed(plain));
        let filler = T::try_from(settled.ends.0).unwrap_or_default();
        let mut all = spare.take::<T>(rows.len());
        for body in &self.bodies {
            let wanted = body.rows.start.max(rows.start)..body.rows.end.min(rows.end);
            let missing = self.holes(&wanted);
            let to = wanted.start.saturating_sub(rows.start)..wanted.end.saturating_sub(rows.start);
            let to = all.get_mut(to).unwrap_or_default();
            let set = to.get_mut(missing.len()..).unwrap_or_default();
            // Values of rows before those that are wanted.
            let passed = (wanted.start - body.rows.start) - (missing.start - body.holes.start);
            match &body.values {
                Values::Codes(range, width) => {
                    look_up(room.page(range.clone()), *width, &table, passed, set)?;
                }
                Values::Plain(range) => {
                    let values = values.get(range.start + passed..range.end).unwrap_or_default();
                    set.iter_mut().zip(values).for_each(|(to, from)| *to = *from);
                }
            }
            spread(to, number(wanted.start)?, holes.get(missing).unwrap_or_default(), filler);
        }
        spare.give(values);
        spare.give(table);
        Ok(spare.lend(all))
    }
}

/// The same number in all rows.
pub(super) fn constant(number: i128, rows: usize, spare: &Arc<Spare>) -> Mantissas {
    fn all<T: Kept>(number: T, rows: usize, spare: &Arc<Spare>) -> Buffer<T> {
        let mut values = spare.take::<T>(rows);
        values.fill(number);
        spare.lend(values)
    }
    if let Ok(number) = i16::try_from(number) {
        Mantissas::I16(all(number, rows, spare))
    } else if let Ok(number) = i32::try_from(number) {
        Mantissas::I32(all(number, rows, spare))
    } else if let Ok(number) = i64::try_from(number) {
        Mantissas::I64(all(number, rows, spare))
    } else {
        Mantissas::I128(all(number, rows, spare))
    }
}

/// The number of a row.
fn number(row: usize) -> Result<u32, Fault> {
    u32::try_from(row).map_err(|error| error.to_string())
}

/// The values that codes stand for, behind those that are passed over.
fn look_up<T: Copy + Default>(
    bytes: &[u8],
    width: u8,
    table: &[T],
    mut passed: usize,
    mut values: &mut [T],
) -> Result<(), Fault> {
    let mut runs = Runs::new(bytes, width, passed.saturating_add(values.len()));
    while let Some(run) = runs.next()? {
        let (Run::Repeated(_, all) | Run::Packed(_, all)) = run;
        let skip = passed.min(all);
        passed -= skip;
        let (some, rest) = values.split_at_mut_checked(all - skip).ok_or("a run is too long")?;
        values = rest;
        let value = |code: u32| table.get(code as usize).copied();
        let is_sound = match run {
            Run::Packed(bytes, _) => unpack_behind(bytes, width, skip, some, &value),
            Run::Repeated(code, _) => {
                let value = value(code);
                value.map(|value| some.fill(value)).is_some()
            }
        };
        if !is_sound {
            return Err("a code stands for no value of its dictionary".to_owned());
        }
    }
    Ok(())
}
