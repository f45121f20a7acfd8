//! Rows of a table to records.
//!
//! Enters: a table of snapshots, wide or long, and the number format of its file. Leaves: a
//! [`Snapshot`] a row, or the column and the reason why it is none. The one idea: a cell keeps its
//! text unless it is a plain number in the format of its file; what it means is not decided here.

use std::io::BufRead;
use std::sync::Arc;

use chitieu::calendar::{self, Date, Period};
use chitieu::diagnostic::Message;
use chitieu::number::{self, Format};
use chitieu::snapshot::Raw;
use chitieu::{Measurement, Snapshot, text};

use super::rows::Row;
use super::{Cell, Column, Field, Header, Kind, Table, place};
use crate::IoError;
use crate::data::{Item, Reject, undated};
use crate::paths::read_error;

/// The text of a rejected row is cut to so many bytes before it is shown.
const SHOWN: usize = 1_000;

/// The records of a table.
pub(crate) struct Records<R> {
    name: Arc<str>,
    table: Table<R>,
    maker: Maker,
}

/// How a row becomes a record.
pub(super) struct Maker {
    format: Option<Format>,
    fallback: Option<Date>,
    /// The time read last: rows repeat it.
    time: Option<(String, Period)>,
    /// No record was made yet.
    is_first: bool,
}

impl<R: BufRead> Records<R> {
    /// Opens a table; nothing where it is empty.
    pub(crate) fn open(
        name: &str,
        input: R,
        format: Option<Format>,
        fallback: Option<Date>,
    ) -> Result<Option<Self>, IoError> {
        let table = Table::open(name, input, Kind::Records)?;
        Ok(table.map(|table| Self::of(name.into(), table, format, fallback)))
    }

    /// The records of rows whose header was read before.
    pub(crate) fn of(
        name: Arc<str>,
        table: Table<R>,
        format: Option<Format>,
        fallback: Option<Date>,
    ) -> Self {
        Self { name, table, maker: Maker::new(format, fallback) }
    }

    /// The parser of the table, for other rows.
    pub(crate) fn into_parser(self) -> csv_core::Reader {
        self.table.into_parser()
    }

    /// Whether rows of one entity and day are parts of one snapshot.
    pub(crate) fn joins(&self) -> bool {
        self.table.header.is_long
    }

    /// The next row in which something stands.
    pub(crate) fn next(&mut self) -> Result<Option<Item>, IoError> {
        let found = self.table.next().map_err(|source| read_error(&self.name, source))?;
        let Some((header, sound)) = found else { return Ok(None) };
        let row = sound.row;
        let record = match sound.fault {
            Some(fault) => Err(fault),
            None => {
                self.maker.record(header, row.cells().map(|cell| Cell::Text(cell.unwrap_or(""))))
            }
        };
        Ok(Some(match record {
            Ok(mut snapshot) => {
                snapshot.place = place(&self.name, row.number, None);
                Item::Record(Box::new(snapshot))
            }
            Err((column, message)) => {
                let text = beginning(row);
                Item::Reject(Reject::new(&self.name, row.number, column, message, &text))
            }
        }))
    }
}

impl Maker {
    pub(super) const fn new(format: Option<Format>, fallback: Option<Date>) -> Self {
        Self { format, fallback, time: None, is_first: true }
    }

    /// The record that the cells of a row make, without its place.
    pub(super) fn record<'c>(
        &mut self,
        header: &Header,
        cells: impl Iterator<Item = Cell<'c>>,
    ) -> Result<Snapshot, (u32, Message)> {
        let mut snapshot = Snapshot::default();
        let (mut indicator, mut measured) = (None, Measurement::default());
        for ((given, column), number) in cells.zip(&header.columns).zip(1_u32..) {
            let text = given.text();
            let cell = text.trim();
            match column {
                Column::Nameless | Column::Attribute(_) if cell.is_empty() => {}
                Column::Nameless => return Err((number, nameless())),
                Column::Attribute(name) => {
                    snapshot.attributes.push((name.clone(), cell.to_owned()));
                }
                // The first record names all columns, also those that nobody fills.
                Column::Figure(_) if cell.is_empty() && !self.is_first => {}
                Column::Figure(name) => {
                    let value = given.raw(self.format);
                    let (format, column) = (self.format, Some(number));
                    let figure = Measurement { value, format, column, ..Measurement::default() };
                    snapshot.measurements.push((name.clone(), figure));
                }
                Column::Field(Field::Indicator) => indicator = Some((number, cell.to_owned())),
                Column::Field(Field::AsOf) => {
                    snapshot.period = match given {
                        Cell::Day(day) => Some(Period::day(day)),
                        _ => self.time(number, cell)?,
                    };
                }
                Column::Field(field) if header.is_long => {
                    self.take_long(&mut snapshot, &mut measured, *field, number, &given);
                }
                Column::Field(field) => take(&mut snapshot, *field, cell),
            }
        }
        if snapshot.entity.is_empty() {
            return Err((column_of(header, Field::Entity), no_entity()));
        }
        if let Some(message) = undated(&snapshot, self.fallback) {
            return Err((column_of(header, Field::AsOf), message));
        }
        if let Some((number, name)) = indicator {
            if !name.is_empty() {
                measured.format = self.format;
                snapshot.measurements.push((text::composed(&name), measured));
            } else if !measured.is_missing() {
                return Err((number, no_indicator()));
            }
        }
        self.is_first = false;
        Ok(snapshot)
    }

    /// A cell of a long table.
    fn take_long(
        &self,
        snapshot: &mut Snapshot,
        measured: &mut Measurement,
        field: Field,
        number: u32,
        given: &Cell<'_>,
    ) {
        let raw = if field.is_figure() { given.raw(self.format) } else { Raw::Missing };
        if field.is_figure() && !raw.is_missing() {
            // The place of a measurement is that of its value, else of its numerator.
            measured.column = match field {
                Field::Value => Some(number),
                _ => measured.column.or(Some(number)),
            };
        }
        let text = given.text();
        let cell = text.trim();
        match field {
            Field::Value => measured.value = raw,
            Field::Numerator => measured.numerator = raw,
            Field::Denominator => measured.denominator = raw,
            Field::Reported => measured.reported = raw,
            Field::Unit => measured.unit = said(cell),
            Field::Source => measured.source = said(cell),
            field => take(snapshot, field, cell),
        }
    }

    fn time(&mut self, number: u32, cell: &str) -> Result<Option<Period>, (u32, Message)> {
        if cell.is_empty() {
            return Ok(None);
        }
        if let Some((written, period)) = &self.time
            && written == cell
        {
            return Ok(Some(*period));
        }
        match calendar::parse(&text::normal(cell)) {
            Ok(period) => {
                self.time = Some((cell.to_owned(), period));
                Ok(Some(period))
            }
            Err(error) => {
                let cell: String = cell.chars().take(100).collect();
                let vi = format!("không đọc được ngày `{cell}`");
                Err((number, Message::new(vi, format!("`{cell}` is no date: {error}"))))
            }
        }
    }
}

/// A cell without white space around it, as the format of its file has it.
pub(crate) fn raw(cell: &str, format: Option<Format>) -> Raw {
    if cell.is_empty() {
        return Raw::Missing;
    }
    // Without a format no cell of the file has two readings, and whichever is asked will do.
    match number::read(cell, format.unwrap_or_default()) {
        Ok(number) => Raw::Number(number),
        Err(_) => Raw::Text(cell.to_owned()),
    }
}

/// A cell that says of whom a row speaks.
pub(super) fn take(snapshot: &mut Snapshot, field: Field, cell: &str) {
    match field {
        Field::Entity => cell.clone_into(&mut snapshot.entity),
        Field::Name => snapshot.name = said(cell),
        Field::Parent => snapshot.parent = said(cell),
        Field::Source => snapshot.source = said(cell),
        _ => {}
    }
}

fn said(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}

/// The number of a field's column; the first where there is none.
fn column_of(header: &Header, field: Field) -> u32 {
    let place = header.find(field).unwrap_or(0);
    u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1)
}

/// The beginning of a row, for people.
pub(super) fn beginning(row: Row<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    let mut start = 0;
    for (end, place) in row.ends.iter().zip(0..) {
        if text.len() > SHOWN {
            break;
        }
        if place > 0 {
            text.extend_from_slice(b", ");
        }
        let cell = row.cells.get(start..*end).unwrap_or_default();
        text.extend_from_slice(cell.get(..SHOWN).unwrap_or(cell));
        start = *end;
    }
    text
}

pub(super) fn no_entity() -> Message {
    Message::new("hàng không có đơn vị (`entity`)", "the row has no `entity`")
}

pub(super) fn nameless() -> Message {
    Message::new("ô này đứng dưới một cột không tên", "this cell stands in a column without a name")
}

fn no_indicator() -> Message {
    Message::new("hàng có giá trị mà không có tên chỉ số", "the row has a value and no indicator")
}
