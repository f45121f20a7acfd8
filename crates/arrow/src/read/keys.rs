//! Whom the rows of a group speak of and as of which day, where that is plain.
//!
//! Enters: the pages of two columns. Leaves: an id and a day a row. The one idea: an id that every
//! row has, without blanks around it, and a day need no reader of cells. Invariant: whatever is not
//! so is left to the readers of cells, and both say the same.

use std::collections::HashMap;
use std::ops::Range;

use arrow_schema::DataType;
use chitieu::calendar::Date;
use chitieu::snapshot::{Mantissas, Values};
use chitieu_io::{Ids, Making, Role};
use parquet::basic::Type;

use super::chunk::{self, Alike, Fault, Kind};
use super::group::{File, Span};
use super::header::{Encoding, Page};
use super::pages::{Pages, Room};
use super::runs::{Run, Runs, WIDEST, unpack};
use super::spare::Desk;
use super::table::Table;
use super::validity::holes;

/// A page of more rows is left to the reader of cells.
const MOST: usize = 1 << 22;

/// Makes the rows of a group; where it answers no, it made none.
pub(super) fn make(
    table: &Table,
    file: &File,
    span: &Span,
    making: &mut Making<'_, '_>,
) -> Result<bool, Fault> {
    let of = |role: Role<'_>| {
        let mut places = table.read.iter().filter(|place| table.sheet.role(**place) == role);
        Some((*places.next()?, places.next().is_none()))
    };
    let (Some((entity, true)), Some((day, true)), None, None) =
        (of(Role::Entity), of(Role::Day), of(Role::Nameless), of(Role::Parent))
    else {
        return Ok(false);
    };
    let Some(days) = days(file, span, day)? else { return Ok(false) };
    let Some(mut ids) = ids(file, span, entity)? else { return Ok(false) };
    Ok(making.rows_of(&mut ids, &days, table.sheet.name(), span.first))
}

/// The days of all rows.
fn days(file: &File, span: &Span, place: usize) -> Result<Option<Vec<Date>>, Fault> {
    let Some((group, leaf)) = file.leaf(span, place) else { return Ok(None) };
    let column = file.metadata.parquet_schema().column(leaf);
    let field = file.metadata.schema().fields().get(place);
    if field.is_none_or(|field| *field.data_type() != DataType::Date32) {
        return Ok(None);
    }
    // A day is a whole number.
    let Some(kind) = Kind::of(&DataType::Int32, &column) else { return Ok(None) };
    let how: (&Alike<'_>, _) = (&|_, _| false, &file.spare);
    let column = chunk::column(&file.input, (group, span), leaf, kind, how)?;
    let Some(column) = column.filter(|column| column.validity().is_none()) else {
        return Ok(None);
    };
    let mut known = HashMap::new();
    let mut last: Option<(i32, Date)> = None;
    let mut day = |number: i32| match last {
        Some((before, day)) if before == number => Some(day),
        _ => {
            let day = *known.entry(number).or_insert_with(|| Date::from_days(number));
            last = day.map(|day| (number, day));
            day
        }
    };
    let Values::Numbers { mantissas, .. } = column.values() else { return Ok(None) };
    Ok(match mantissas {
        Mantissas::I16(days) => days.as_slice().iter().map(|it| day((*it).into())).collect(),
        Mantissas::I32(days) => days.as_slice().iter().map(|it| day(*it)).collect(),
        _ => None,
    })
}

/// The ids of all rows.
fn ids(file: &File, span: &Span, place: usize) -> Result<Option<Ids>, Fault> {
    let Some((group, leaf)) = file.leaf(span, place) else { return Ok(None) };
    let column = file.metadata.parquet_schema().column(leaf);
    let field = file.metadata.schema().fields().get(place);
    let is_text = field.is_some_and(|field| {
        matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
    });
    let is_flat = column.max_rep_level() == 0 && column.max_def_level() <= 1;
    let Some(chunk) = group.columns().get(leaf).filter(|_| is_text && is_flat) else {
        return Ok(None);
    };
    if column.physical_type() != Type::BYTE_ARRAY {
        return Ok(None);
    }
    let optional = column.max_def_level() == 1;
    let texts = file.spare.at_desk(|desk| {
        let Some(mut pages) = Pages::of(&file.input, chunk, span.is_whole, &mut desk.room) else {
            return Ok(None);
        };
        let mut texts = Texts { optional, ..Texts::default() };
        while texts.before + texts.ends.len() < span.rows.end {
            if !texts.next(&mut pages, &span.rows, desk)? {
                return Ok(None);
            }
        }
        Ok::<_, Fault>(texts.of_rows(&span.rows))
    })?;
    Ok(texts.and_then(|(bytes, ends)| Ids::new(String::from_utf8(bytes).ok()?, ends)))
}

/// Texts of rows, one behind the other.
#[derive(Default)]
struct Texts {
    optional: bool,
    /// So many rows were passed over before the first of these.
    before: usize,
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// The texts of the dictionary, by where they stand in the room for pages.
    dictionary: Vec<Range<usize>>,
}

impl Texts {
    /// Takes the next page in which some of these rows stand; whether all its texts are plain.
    fn next(
        &mut self,
        pages: &mut Pages<'_>,
        rows: &Range<usize>,
        desk: &mut Desk,
    ) -> Result<bool, Fault> {
        let Some(head) = pages.head(&mut desk.room)? else { return Ok(false) };
        if let Page::Data(values, _) | Page::Data2 { values, .. } = head.page {
            let behind = self.before.saturating_add(values.count);
            if self.ends.is_empty() && behind <= rows.start {
                self.before = behind;
                pages.pass(&head)?;
                return Ok(true);
            }
            if values.count > MOST {
                return Ok(false);
            }
        }
        let room = pages.unpack(&head, &mut desk.room)?;
        let bytes = desk.room.page(room.clone());
        let (values, levels) = match head.page {
            Page::Other => return Ok(true),
            Page::Dictionary(values) => {
                self.dictionary.clear();
                let mut each = Plain { bytes, at: 0 };
                self.dictionary.extend(
                    each.by_ref()
                        .take(values.count)
                        .map(|text| room.start + text.start..room.start + text.end),
                );
                return Ok(self.dictionary.len() == values.count);
            }
            Page::Data(values, Encoding::Runs) if self.optional => {
                let Some(length) = bytes.first_chunk::<4>() else { return Ok(false) };
                (values, 4..(u32::from_le_bytes(*length) as usize).saturating_add(4))
            }
            Page::Data2 { values, repeats: 0, levels, .. } => (values, 0..levels),
            Page::Data(values, _) if !self.optional => (values, 0..0),
            _ => return Ok(false),
        };
        let Some((levels, bytes)) = bytes.get(levels.clone()).zip(bytes.get(levels.end..)) else {
            return Ok(false);
        };
        if self.optional {
            desk.holes.clear();
            holes(levels, values.count, 0, &mut desk.holes)?;
        }
        let has_holes = self.optional && !desk.holes.is_empty();
        Ok(!has_holes
            && match values.encoding {
                Encoding::Plain => self.read(bytes, values.count),
                Encoding::Codes => self.look_up(bytes, values.count, &desk.room)?,
                Encoding::Runs | Encoding::Other => false,
            })
    }

    fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    /// Adds texts as they stand; whether all are plain.
    fn read(&mut self, bytes: &[u8], count: usize) -> bool {
        let before = self.ends.len();
        for text in (Plain { bytes, at: 0 }).take(count) {
            self.push(bytes.get(text).unwrap_or_default());
        }
        self.ends.len() - before == count
    }

    /// Adds the texts that codes stand for; whether each stands for one.
    fn look_up(&mut self, bytes: &[u8], count: usize, room: &Room) -> Result<bool, Fault> {
        let width = bytes.first().copied().unwrap_or(0);
        let mut runs = Runs::new(bytes.get(1..).unwrap_or_default(), width, count);
        let mut codes = Vec::new();
        while let Some(run) = runs.next()? {
            let (Run::Repeated(_, count) | Run::Packed(_, count)) = run;
            codes.resize(count, 0_u32);
            match run {
                Run::Repeated(code, _) => codes.fill(code),
                Run::Packed(bytes, _) => {
                    unpack(bytes, width, &mut codes, &Some);
                }
            }
            for code in &codes {
                let Some(place) = self.dictionary.get(*code as usize) else { return Ok(false) };
                self.push(room.page(place.clone()));
            }
        }
        Ok(width <= WIDEST)
    }

    /// The texts of these rows alone; nothing where they are too long together.
    fn of_rows(mut self, rows: &Range<usize>) -> Option<(Vec<u8>, Vec<u32>)> {
        u32::try_from(self.bytes.len()).ok()?;
        let first = rows.start.checked_sub(self.before)?;
        let start = match first.checked_sub(1) {
            None => 0,
            Some(last) => *self.ends.get(last)?,
        };
        self.ends.drain(..first);
        self.ends.truncate(rows.len());
        self.bytes.truncate(*self.ends.last()? as usize);
        self.bytes.drain(..start as usize);
        self.ends.iter_mut().for_each(|end| *end -= start);
        Some((self.bytes, self.ends))
    }
}

/// Goes through texts, each behind its length, as long as they are plain: neither empty nor with
/// blanks around them.
struct Plain<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Iterator for Plain<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let (length, rest) = self.bytes.get(self.at..)?.split_first_chunk::<4>()?;
        let text = rest.get(..u32::from_le_bytes(*length) as usize)?;
        let start = self.at + 4;
        let is_seen = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        let is_trim = || std::str::from_utf8(text).is_ok_and(|it| it.trim().len() == it.len());
        let is_plain = is_seen(text.first()) && is_seen(text.last()) || is_trim();
        (is_plain && !text.is_empty()).then(|| {
            self.at = start + text.len();
            start..self.at
        })
    }
}
