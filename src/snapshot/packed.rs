//! A plain number in one word, and runs of them on their way into a column.
//!
//! Enters: numbers of readers of many rows. Leaves: what a [`super::ColumnBuilder`] takes at once.
//! The one idea: a reader stores a word a cell; whether each is there, fits and has the scale of
//! the others is asked of a whole run. Invariant: a word is no number or one number, never another.

#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the processor")]

use super::ColumnBuilder;
use super::column::MOST_PLACES;
use super::numbers::Numbers;

/// A number `mantissa · 10^-scale` in one word, or none.
///
/// ```
/// use chitieu::snapshot::{ColumnBuilder, Packed};
/// let [share, change] = [Packed::new(965, 1).unwrap(), Packed::new(-4, 0).unwrap()];
/// let cells = [share, Packed::MISSING, change];
/// let mut column = ColumnBuilder::default();
/// column.extend(&cells);
/// assert_eq!((column.len(), cells[0].number()), (3, Some((965, 1))));
/// assert_eq!((cells[1].number(), Packed::new(1 << 60, 0)), (None, None));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed(i64);

impl Packed {
    /// No number.
    pub const MISSING: Self = Self(i64::MIN);

    /// A number; nothing where it needs more than 16 digits or so.
    #[inline]
    pub const fn new(mantissa: i64, scale: u32) -> Option<Self> {
        let most = i64::MAX >> 8;
        if mantissa < -most || mantissa > most || scale > 0xff {
            return None;
        }
        Some(Self(mantissa << 8 | scale as i64))
    }

    /// Whether it is no number.
    #[inline]
    pub const fn is_missing(self) -> bool {
        self.0 == Self::MISSING.0
    }

    /// The mantissa and the scale.
    pub fn number(self) -> Option<(i64, u32)> {
        if self.is_missing() { None } else { Some((self.mantissa(), self.scale())) }
    }

    const fn mantissa(self) -> i64 {
        self.0 >> 8
    }

    fn scale(self) -> u32 {
        let [scale, ..] = self.0.to_le_bytes();
        scale.into()
    }
}

/// So many cells are looked at together.
const RUN: usize = 64;

impl ColumnBuilder {
    /// Rows with these cells, as [`ColumnBuilder::number`] and [`ColumnBuilder::missing`] make them
    /// one by one.
    pub fn extend(&mut self, cells: &[Packed]) {
        for run in cells.chunks(RUN) {
            if self.run(run).is_some() {
                continue;
            }
            for cell in run {
                match cell.number() {
                    Some((mantissa, scale)) => self.number(mantissa.into(), scale),
                    None => self.missing(),
                }
            }
        }
    }

    /// Rows with these cells, where they can be taken at once.
    fn run(&mut self, cells: &[Packed]) -> Option<()> {
        if self.is_truth {
            return None;
        }
        let Some(first) = cells.iter().copied().find(|cell| !cell.is_missing()) else {
            self.missing_until(self.len + cells.len());
            return Some(());
        };
        let scale = if self.has_number { self.scale } else { first.scale() };
        let mut mantissas = [0; RUN];
        let common = unpacked(cells, first, scale, &mut mantissas);
        let fits = common.is_even && i32::try_from(common.bits).is_ok();
        if !self.has_number {
            // The first run settles the scale, if its numbers agree on one.
            if !common.is_even || scale > MOST_PLACES {
                return None;
            }
            (self.has_number, self.scale) = (true, scale);
            self.numbers.fill(first.mantissa().into());
        }
        match (&mut self.numbers, mantissas.get(..cells.len())) {
            (Numbers::Short(numbers), Some(mantissas)) if fits => {
                numbers.extend_from_slice(mantissas);
            }
            _ => {
                let mut mantissas = [0; RUN];
                at_scale(cells, first, scale, &mut mantissas)?;
                self.numbers.extend(mantissas.get(..cells.len())?);
            }
        }
        let mut missing = common.missing;
        while missing != 0 {
            let row = self.len + missing.trailing_zeros() as usize;
            self.holes.push(u32::try_from(row).unwrap_or(u32::MAX));
            missing &= missing - 1;
        }
        self.len += cells.len();
        Some(())
    }
}

/// What the cells of a run have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Common {
    /// Each has the scale that was asked for.
    is_even: bool,
    /// All bits of the mantissas, but the signs.
    bits: i64,
    /// Which cells are missing, the first in the lowest bit.
    missing: u64,
}

/// The mantissas of at most [`RUN`] cells, cut to 32 bits, and what the cells have in common; one
/// that is missing counts as `first`.
#[multiversion::multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt",
))]
fn unpacked(cells: &[Packed], first: Packed, scale: u32, mantissas: &mut [i32; RUN]) -> Common {
    let (mut bits, mut other, mut missing) = (0, 0, 0);
    for ((cell, mantissa), place) in cells.iter().zip(mantissas).zip(0_u32..) {
        missing |= u64::from(cell.is_missing()).wrapping_shl(place);
        let packed = if cell.is_missing() { first.0 } else { cell.0 };
        bits |= packed ^ (packed >> 63);
        other |= packed ^ i64::from(scale);
        *mantissa = low_bits(packed >> 8);
    }
    Common { is_even: other.trailing_zeros() >= 8, bits: bits >> 8, missing }
}

#[expect(clippy::cast_possible_truncation, reason = "whether they are all is asked beside it")]
#[inline(always)]
const fn low_bits(number: i64) -> i32 {
    number as i32
}

/// The mantissas of at most [`RUN`] cells at one scale; one that is missing counts as `first`.
/// Nothing where 64 bits do not hold them all.
fn at_scale(cells: &[Packed], first: Packed, scale: u32, mantissas: &mut [i64; RUN]) -> Option<()> {
    for (cell, mantissa) in cells.iter().zip(mantissas) {
        let cell = if cell.is_missing() { first } else { *cell };
        let factor = 10_i64.checked_pow(scale.checked_sub(cell.scale())?)?;
        *mantissa = cell.mantissa().checked_mul(factor)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{Column, Figure, Known, Value};

    /// Numbers that look random, and are the same everywhere.
    fn dice(state: &mut u64, bound: u64) -> u64 {
        *state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) % bound
    }

    fn figures(column: &Column) -> Vec<Figure> {
        (0..=column.len()).map(|row| column.figure(row)).collect()
    }

    /// A cell of a column of some kind.
    fn cell(state: &mut u64, kind: u64) -> Packed {
        let small = i64::try_from(dice(state, 20_000)).unwrap() - 10_000;
        let scale = u32::try_from(dice(state, 5)).unwrap();
        match (kind, dice(state, 40)) {
            (_, 0) | (6, _) => Packed::MISSING,
            (1, _) => Packed::new(small, scale).unwrap(),
            (2, 1) => Packed::new(i64::MAX >> 8, 0).unwrap(),
            (2, 2) => Packed::new(-(i64::MAX >> 8), 18).unwrap(),
            (3, _) => Packed::new(small << 20, 1).unwrap(),
            (4, 1) => Packed::new(small * 10_000_000, 9).unwrap(),
            (5, 1) => Packed::new(small, 60).unwrap(),
            _ => Packed::new(small, 2).unwrap(),
        }
    }

    #[test]
    fn runs_give_the_columns_that_numbers_give_one_by_one() {
        let mut state = 7;
        for round in 0..600 {
            let (mut runs, mut single) = (ColumnBuilder::default(), ColumnBuilder::default());
            for _ in 0..dice(&mut state, 5) {
                let kind = if round % 3 == 0 { dice(&mut state, 7) } else { round % 7 };
                let lengths = [1, 5, 63, 64, 65, 128, 150];
                let len = lengths[usize::try_from(dice(&mut state, 7)).unwrap()];
                let cells: Vec<Packed> = (0..len).map(|_| cell(&mut state, kind)).collect();
                runs.extend(&cells);
                for cell in &cells {
                    match cell.number() {
                        Some((mantissa, scale)) => single.number(mantissa.into(), scale),
                        None => single.missing(),
                    }
                }
                let figure = match dice(&mut state, 6) {
                    0 => Figure::Known(Known::plain(Value::Truth(true))),
                    1 => Figure::NotApplicable,
                    _ => continue,
                };
                runs.figure(figure.clone());
                single.figure(figure);
            }
            assert_eq!(figures(&runs.finish()), figures(&single.finish()), "{round}");
        }
    }

    #[test]
    fn a_word_is_the_number_that_it_was_made_of_or_none() {
        let most = i64::MAX >> 8;
        for mantissa in [0, 1, -1, 999, most, -most] {
            for scale in [0, 1, 18, 255] {
                let packed = Packed::new(mantissa, scale).unwrap();
                assert_eq!(packed.number(), Some((mantissa, scale)));
            }
        }
        for (mantissa, scale) in [(most + 1, 0), (-most - 1, 0), (i64::MIN, 0), (0, 256)] {
            assert_eq!(Packed::new(mantissa, scale), None);
        }
        assert_eq!(Packed::MISSING.number(), None);
    }
}
