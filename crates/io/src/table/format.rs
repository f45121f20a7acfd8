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
    let (mut vi, mut en) = (None, None);
    while let Some((header, sound)) = table.next().map_err(|source| read_error(name, source))? {
        if sound.fault.is_some() {
            continue;
        }
        for ((cell, column), number) in sound.row.cells().zip(0..).zip(1_u32..) {
            let Some(cell) = cell.filter(|_| header.holds_figures(column)) else { continue };
            let at = || (place(name, sound.row.number, Some(number)), shown(cell));
            match proof(cell) {
                Proof::Nothing => {}
                Proof::Of(Format::Vi) => vi = vi.or_else(|| Some(at())),
                Proof::Of(Format::En) => en = en.or_else(|| Some(at())),
                Proof::Two(vi, en) => {
                    let (place, cell) = at();
                    return Err(IoError::TwoReadings { place, cell, vi, en });
                }
            }
        }
    }
    match (vi, en) {
        (Some(vi), Some(en)) => Err(IoError::TwoFormats { vi, en }),
        (Some(_), None) => Ok(Some(Format::Vi)),
        (None, Some(_)) => Ok(Some(Format::En)),
        (None, None) => Ok(None),
    }
}

/// A cell for a message.
fn shown(cell: &str) -> String {
    cell.trim().chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
