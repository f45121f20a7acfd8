//! Tables that are no text: the same header, the same records.
//!
//! Enters: the names of columns, and typed cells from a reader of another crate. Leaves: records
//! and rejects. The one idea: a table means the same whatever its format; only the cells differ.
//! Invariant: rows count from 1, and every row is a record or a reject.

use std::sync::Arc;

use chitieu::calendar::Date;
use chitieu::number::Format;

use super::record::Maker;
use super::{Cell, Column, Field, Header, Kind, place};
use crate::{IoError, Item, Options, Reject};

/// The text of a rejected row is cut to so many bytes before it is shown.
const SHOWN: usize = 1_000;

/// A table whose header was read.
#[derive(Debug, Clone)]
pub struct Sheet {
    name: Arc<str>,
    header: Arc<Header>,
    format: Option<Format>,
    fallback: Option<Date>,
}

/// What a column of a wide table is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role<'a> {
    /// The entity.
    Entity,
    /// The as-of day.
    Day,
    /// The entity above.
    Parent,
    /// The figures of an indicator, by its name.
    Figure(&'a str),
    /// Words that no verdict is made of.
    Words,
    /// Nothing; no cell may stand there.
    Nameless,
}

impl Sheet {
    /// The table of this file, by the names of its columns.
    ///
    /// # Errors
    /// The columns make no table: there is no entity, or two columns are the same field.
    pub fn new(name: &str, columns: &[&str], options: Options) -> Result<Self, IoError> {
        let header = Header::read(columns, Kind::Records);
        let header = header.map_err(|(column, message)| {
            let at = column.and_then(|it| columns.get(usize::try_from(it).ok()?.checked_sub(1)?));
            let place = at.map_or_else(|| name.to_owned(), |column| format!("{name}: `{column}`"));
            IoError::Table { place, message }
        })?;
        let (header, fallback) = (Arc::new(header), options.fallback);
        Ok(Self { name: name.into(), header, format: options.numbers, fallback })
    }

    /// The file, as typed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a row is one measurement.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.header.is_long
    }

    /// What a column, counted from 0, is for; of a long table only whom its rows speak of.
    #[must_use]
    pub fn role(&self, column: usize) -> Role<'_> {
        match self.header.columns.get(column) {
            Some(Column::Field(Field::Entity)) => Role::Entity,
            Some(Column::Field(Field::AsOf)) => Role::Day,
            Some(Column::Field(Field::Parent)) => Role::Parent,
            Some(Column::Figure(name)) => Role::Figure(name),
            Some(Column::Field(_) | Column::Attribute(_)) => Role::Words,
            Some(Column::Nameless) | None => Role::Nameless,
        }
    }

    /// Whether the cells of a column, counted from 0, are figures.
    #[must_use]
    pub fn holds_figures(&self, column: usize) -> bool {
        self.header.holds_figures(column)
    }

    /// How its texts write numbers; nothing where no text needs that.
    #[must_use]
    pub const fn format(&self) -> Option<Format> {
        self.format
    }

    /// Sets what its texts prove.
    pub const fn set_format(&mut self, format: Option<Format>) {
        self.format = format;
    }

    /// The as-of day of rows that give none.
    #[must_use]
    pub const fn fallback(&self) -> Option<Date> {
        self.fallback
    }

    /// `file:row:column`, both from 1, the column in letters.
    #[must_use]
    pub fn place(&self, row: u64, column: Option<u32>) -> String {
        place(&self.name, row, column)
    }

    /// What makes records of rows.
    #[must_use]
    pub fn rows(&self) -> SheetRows {
        SheetRows { sheet: self.clone(), maker: Maker::new(self.format, self.fallback) }
    }
}

/// Makes records of rows.
pub struct SheetRows {
    sheet: Sheet,
    maker: Maker,
}

impl std::fmt::Debug for SheetRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SheetRows").field("sheet", &self.sheet).finish_non_exhaustive()
    }
}

impl SheetRows {
    /// The record of a row, by its number from 1 and its cells in the order of the columns.
    pub fn item<'c, C: Iterator<Item = Cell<'c>>>(
        &mut self,
        row: u64,
        cells: impl Fn() -> C,
    ) -> Item {
        match self.maker.record(&self.sheet.header, cells()) {
            Ok(mut record) => {
                record.place = self.sheet.place(row, None);
                Item::Record(Box::new(record))
            }
            Err((column, reason)) => {
                let text = beginning(cells());
                Item::Reject(Reject::new(&self.sheet.name, row, column, reason, &text))
            }
        }
    }
}

/// The beginning of a row, for people.
fn beginning<'c>(cells: impl Iterator<Item = Cell<'c>>) -> Vec<u8> {
    let mut text = Vec::new();
    for (place, cell) in cells.enumerate() {
        if text.len() > SHOWN {
            break;
        }
        if place > 0 {
            text.extend_from_slice(b", ");
        }
        let cell = cell.text();
        text.extend(cell.bytes().take(SHOWN));
    }
    text
}
