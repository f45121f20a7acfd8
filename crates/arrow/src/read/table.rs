//! The header of a table, and which of its columns are read.
//!
//! Enters: a schema. Leaves: a [`Table`], or why it is none. The one idea: a column that nobody
//! asks for is not read, so that its kind does not matter either.

use std::sync::Arc;

use arrow_array::{Array, RecordBatch};
use arrow_schema::Schema;
use chitieu_io::{Asked, Cell, InputFormat, IoError, Keep, Prover, Role, Sheet};

use super::kinds::{self, Cells};

/// What is the same for all parts of a table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) sheet: Sheet,
    pub(super) format: InputFormat,
    /// The columns that are read, by their places in the file.
    pub(super) read: Vec<usize>,
    /// By column: its place among those that are read.
    pub(super) slots: Vec<Option<usize>>,
    /// The columns whose texts may be numbers.
    pub(super) texts: Vec<usize>,
}

impl Table {
    pub(super) fn new(
        name: &str,
        format: InputFormat,
        schema: &Schema,
        asked: &Asked,
    ) -> Result<Self, IoError> {
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let sheet = Sheet::new(name, &names, asked.options)?;
        let is_read = |place: &usize| match sheet.role(*place) {
            Role::Figure(name) => asked.wants(name),
            Role::Words => sheet.is_long() || asked.keep == Keep::Records,
            Role::Entity | Role::Day | Role::Parent | Role::Nameless => true,
        };
        let read: Vec<usize> = (0..names.len()).filter(is_read).collect();
        let fields =
            || read.iter().filter_map(|place| Some((*place, schema.fields().get(*place)?)));
        for (_, field) in fields() {
            if let Some(message) = kinds::refusal(&shown(field.name()), field.data_type()) {
                return Err(IoError::Table { place: name.to_owned(), message });
            }
        }
        let texts = fields().filter(|(place, field)| {
            sheet.holds_figures(*place) && kinds::is_text(field.data_type())
        });
        let texts = texts.map(|(place, _)| place).collect();
        let slots = slots(names.len(), &read);
        Ok(Self { sheet, format, read, slots, texts })
    }

    /// The table with some of its columns, chosen among those that are read.
    pub(super) fn narrowed(&self, keep: impl Fn(usize) -> bool) -> Self {
        let read: Vec<usize> = self.read.iter().copied().filter(|place| keep(*place)).collect();
        let slots = slots(self.slots.len(), &read);
        Self { read, slots, ..self.clone() }
    }

    /// A batch that has as many columns as are read.
    pub(super) fn fits(&self, batch: &RecordBatch) -> Result<(), IoError> {
        if batch.num_columns() == self.read.len() {
            return Ok(());
        }
        Err(super::broken::broken(self.sheet.name(), self.format, "columns are missing"))
    }

    /// What reads the cells of each column; nothing of one that is not read.
    pub(super) fn cells<'b>(&self, batch: &'b RecordBatch) -> Vec<Option<Cells<'b>>> {
        let array = |slot: &Option<usize>| Some(batch.columns().get((*slot)?)?.as_ref());
        self.slots.iter().map(|slot| array(slot).map(kinds::cells)).collect()
    }

    /// Asks the texts of a batch, which holds nothing else, how they write numbers.
    pub(super) fn prove(
        &self,
        prover: &mut Prover,
        batch: &RecordBatch,
        first: u64,
    ) -> Result<(), IoError> {
        for (array, place) in batch.columns().iter().zip(&self.texts) {
            let (cells, array): (_, &dyn Array) = (kinds::cells(array), array);
            let column = u32::try_from(*place).unwrap_or(u32::MAX).saturating_add(1);
            for (row, number) in (0..array.len()).zip(first..) {
                if let Cell::Text(text) = cells(row) {
                    prover.cell(text, || self.sheet.place(number, Some(column)))?;
                }
            }
        }
        Ok(())
    }

    /// Whether the texts must be asked.
    pub(super) fn needs_proof(&self) -> bool {
        self.sheet.format().is_none() && !self.texts.is_empty()
    }

    /// The table, with what its texts prove.
    pub(super) fn proven(mut self, prover: Prover) -> Result<Self, IoError> {
        self.sheet.set_format(prover.finish()?);
        Ok(self)
    }

    pub(super) fn shared(self) -> Arc<Self> {
        Arc::new(self)
    }
}

/// By column: its place among those that are read.
fn slots(columns: usize, read: &[usize]) -> Vec<Option<usize>> {
    let mut slots = vec![None; columns];
    for (slot, place) in read.iter().enumerate() {
        if let Some(of_column) = slots.get_mut(*place) {
            *of_column = Some(slot);
        }
    }
    slots
}

/// A name for a message.
fn shown(name: &str) -> String {
    name.chars().take(100).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
