//! The numbers of some rows, a word each, before they go to their columns.
//!
//! Enters: numbers, row by row. Leaves: cells, column by column. The one idea: storing a number is
//! storing a word whatever it is, and a column looks at many of them at once. Invariant: a cell in
//! which nothing was put is missing.

use chitieu::snapshot::{ColumnBuilder, Packed};

/// A run has so many rows.
const ROWS: usize = 64;

/// So many words stand between the cells of two columns. No power of two, which would bring the
/// cells of a row to the same places of a cache.
const STRIDE: usize = ROWS + 8;

/// Where the numbers of one column go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target(usize);

impl Target {
    /// None at all.
    pub(super) const NONE: Self = Self(usize::MAX / 2);
}

/// Rows behind those that columns have.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// Column by column; one more takes what no rule knows.
    cells: Vec<Packed>,
    /// The row of the piece that is its first; nothing where no number was put.
    first: Option<usize>,
}

impl Run {
    /// Makes room for so many columns.
    pub(super) fn begin(&mut self, columns: usize) {
        self.cells.resize((columns + 1) * STRIDE, Packed::MISSING);
        self.first = None;
    }

    /// Where the numbers of a column go.
    pub(super) const fn target(column: usize) -> Target {
        Target(column * STRIDE)
    }

    /// Whether a number was put in it.
    pub(super) const fn has_begun(&self) -> bool {
        self.first.is_some()
    }

    /// Whether another row needs another run.
    pub(super) fn is_full(&self, row: usize) -> bool {
        self.first.is_some_and(|first| row >= first + ROWS)
    }

    /// The cells of a row of the piece, which is the next one or the last.
    #[inline]
    pub(super) fn cells(&mut self, row: usize) -> Cells<'_> {
        let row = row.wrapping_sub(*self.first.get_or_insert(row));
        Cells { cells: &mut self.cells, row }
    }

    /// A column with all its rows before this one.
    #[inline]
    pub(super) fn column_until<'c>(
        &self,
        row: usize,
        place: usize,
        columns: &'c mut [ColumnBuilder],
    ) -> Option<&'c mut ColumnBuilder> {
        let column = columns.get_mut(place)?;
        if let Some(first) = self.first.filter(|first| *first < row) {
            column.missing_until(first);
            let (from, to) = (column.len() - first, row - first);
            let start = place * STRIDE;
            column.extend(self.cells.get(start + from..start + to).unwrap_or_default());
        }
        column.missing_until(row);
        Some(column)
    }

    /// Another run begins.
    pub(super) fn clear(&mut self) {
        self.first = None;
        self.cells.fill(Packed::MISSING);
    }
}

/// The cells of one row.
#[derive(Debug)]
pub(super) struct Cells<'r> {
    cells: &'r mut [Packed],
    row: usize,
}

impl Cells<'_> {
    /// No target has a cell.
    pub(super) fn nowhere() -> Self {
        Self { cells: &mut [], row: 0 }
    }

    /// The cell of a target.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is a part of loops for several processors")]
    pub(super) fn cell(&mut self, target: Target) -> Option<&mut Packed> {
        self.cells.get_mut(target.0.wrapping_add(self.row))
    }

    /// Puts a number; says whether it was taken.
    #[inline]
    pub(super) fn put(&mut self, target: Target, number: Packed) -> Option<()> {
        *self.cell(target)? = number;
        Some(())
    }

    /// Takes all numbers of the row back.
    pub(super) fn clear(&mut self) {
        let cells = self.cells.iter_mut().skip(self.row).step_by(STRIDE);
        cells.for_each(|cell| *cell = Packed::MISSING);
    }
}
