//! The verdicts of a batch: a byte a row and target.

use super::kernels::count::counts;
use crate::verdict::Verdict;

/// A code for every row and target.
///
/// Codes are places in [`Verdict::ALL`]. Rows and targets are numbered as in the batch and the
/// rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdicts {
    rows: usize,
    targets: Vec<Vec<u8>>,
}

impl Verdicts {
    /// INVARIANT: each target has a code for each row.
    pub(super) const fn new(rows: usize, targets: Vec<Vec<u8>>) -> Self {
        Self { rows, targets }
    }

    /// How many rows were judged.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// How many targets they were judged by.
    pub const fn targets(&self) -> usize {
        self.targets.len()
    }

    /// The verdict of a row by a target.
    pub fn verdict(&self, row: usize, target: usize) -> Option<Verdict> {
        let code = *self.targets.get(target)?.get(row)?;
        Verdict::ALL.get(usize::from(code)).copied()
    }

    /// The codes of all rows by a target, in the order of the batch; empty for no target.
    pub fn codes(&self, target: usize) -> &[u8] {
        self.targets.get(target).map_or(&[], Vec::as_slice)
    }

    /// How many rows have each verdict by a target, in the order of [`Verdict::ALL`].
    pub fn counts(&self, target: usize) -> [u64; 8] {
        counts(self.codes(target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_the_codes() {
        let codes: Vec<u8> = (0..5_000_u32).map(|i| (i * i % 8) as u8).collect();
        let verdicts = Verdicts::new(codes.len(), vec![codes.clone(), vec![7; 600]]);
        let mut expected = [0; 8];
        for code in &codes {
            expected[usize::from(*code)] += 1;
        }
        assert_eq!(verdicts.counts(0), expected);
        assert_eq!(verdicts.counts(1), [0, 0, 0, 0, 0, 0, 0, 600]);
        assert_eq!(verdicts.counts(2), [0; 8]);
        assert_eq!(verdicts.verdict(2, 0), Some(Verdict::ALL[4]));
        assert_eq!((verdicts.verdict(0, 2), verdicts.verdict(5_000, 0)), (None, None));
    }
}
