//! The number format of a table's file.
//!
//! Enters: a table. Leaves: the format that its cells prove, or nothing where no cell needs one.
//! The one idea: all cells are asked before the first is read. Invariant: the answer does not
//! depend on the order of the rows; what is unclear ends the run.

use std::io::BufRead;

use chitieu::number::Format;
use chitieu::snapshot::{Proof, proof};

use super::{Kind, Table, place};
use crate::IoError;
use crate::paths::read_error;

/// The format that the figures of a table prove.
///
/// # Errors
/// A cell has two different readings, or cells prove both formats.
pub(crate) fn prove(name: &str, input: impl BufRead) -> Result<Option<Format>, IoError> {
    let Some(mut table) = Table::open(name, input, Kind::Records)? else { return Ok(None) };
    let mut prover = Prover::default();
    while let Some((header, sound)) = table.next().map_err(|source| read_error(name, source))? {
        if sound.fault.is_some() {
            continue;
        }
        for ((cell, column), number) in sound.row.cells().zip(0..).zip(1_u32..) {
            let Some(cell) = cell.filter(|_| header.holds_figures(column)) else { continue };
            prover.cell(cell, || place(name, sound.row.number, Some(number)))?;
        }
    }
    prover.finish()
}

/// Asks cells for the number format of their file.
///
/// ```
/// use chitieu::number::Format;
/// let mut prover = chitieu_io::Prover::default();
/// prover.cell("hơn 41,25%", || "a.parquet:1:C".to_owned())?;
/// assert_eq!(prover.finish()?, Some(Format::Vi));
/// # Ok::<(), chitieu_io::IoError>(())
/// ```
#[derive(Debug, Default)]
pub struct Prover {
    /// The first cell that proves a format: its place and its text.
    vi: Option<(String, String)>,
    en: Option<(String, String)>,
}

impl Prover {
    /// Asks a cell; `place` says where it stands.
    ///
    /// # Errors
    /// The cell has two different readings.
    pub fn cell(&mut self, cell: &str, place: impl FnOnce() -> String) -> Result<(), IoError> {
        let proves = match proof(cell) {
            Proof::Nothing => return Ok(()),
            Proof::Of(Format::Vi) => &mut self.vi,
            Proof::Of(Format::En) => &mut self.en,
            Proof::Two(vi, en) => {
                return Err(IoError::TwoReadings { place: place(), cell: shown(cell), vi, en });
            }
        };
        proves.get_or_insert_with(|| (place(), shown(cell)));
        Ok(())
    }

    /// The format; nothing where no cell needs one.
    ///
    /// # Errors
    /// Cells prove both formats.
    pub fn finish(self) -> Result<Option<Format>, IoError> {
        match (self.vi, self.en) {
            (Some(vi), Some(en)) => Err(IoError::TwoFormats { vi, en }),
            (Some(_), None) => Ok(Some(Format::Vi)),
            (None, Some(_)) => Ok(Some(Format::En)),
            (None, None) => Ok(None),
        }
    }
}

/// A cell for a message.
fn shown(cell: &str) -> String {
    cell.trim().chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
