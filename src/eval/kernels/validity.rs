//! How rows are gone through: block by block, missing rows last.
//!
//! Kernels loop themselves: a closure that they handed over would be compiled for any processor.

use crate::snapshot::{Bits, LentBits};
use crate::verdict::Verdict;

/// So many rows at a time stay in the nearest cache while several passes go over them.
pub(in super::super) const BLOCK: usize = 1024;

const NO_DATA: u8 = Verdict::NoData as u8;

/// Which rows of one or two columns are missing.
pub(super) struct Gaps<'a> {
    valid: [Option<LentBits<'a>>; 2],
    spread: Spread,
}

impl<'a> Gaps<'a> {
    #[inline(always)]
    pub(super) fn of(valid: [Option<&'a Bits>; 2]) -> Self {
        Self { valid: valid.map(|valid| valid.map(Bits::lent)), spread: Spread::default() }
    }

    /// Says of a block of codes which have no data; `start` is the row of the first.
    #[inline(always)]
    pub(super) fn write(&mut self, start: usize, codes: &mut [u8]) {
        for valid in self.valid.iter().flatten() {
            let bits = self.spread.bits(*valid, start, codes.len());
            for (code, bit) in codes.iter_mut().zip(bits) {
                *code = if *bit == 0 { NO_DATA } else { *code };
            }
        }
    }
}

/// Bits as bytes, so that they stand beside codes.
pub(super) struct Spread {
    bytes: [u8; BLOCK / 8],
    bits: [[u8; 8]; BLOCK / 8],
}

impl Default for Spread {
    fn default() -> Self {
        Self { bytes: [0; BLOCK / 8], bits: [[0; 8]; BLOCK / 8] }
    }
}

impl Spread {
    /// A byte for each row of a block of `len` rows: zero where the bit is not set. `start` is the
    /// first row, a multiple of eight.
    #[inline(always)]
    pub(super) fn bits(&mut self, bits: LentBits<'_>, start: usize, len: usize) -> &[u8] {
        let bytes = bits.bytes.get(start / 8..).unwrap_or_default();
        let bytes = if bits.shift == 0 {
            bytes
        } else {
            // A byte of ours is the end of one of theirs and the beginning of the next.
            let nexts = bytes.get(1..).unwrap_or_default();
            let (low, high) = (bits.shift & 7, bits.shift.wrapping_neg() & 7);
            for ((byte, own), next) in self.bytes.iter_mut().zip(bytes).zip(nexts) {
                *byte = own >> low | next << high;
            }
            if let (Some(byte), Some(last)) = (self.bytes.get_mut(nexts.len()), bytes.last()) {
                *byte = last >> low;
            }
            &self.bytes
        };
        let bytes = bytes.get(..len.div_ceil(8)).unwrap_or(bytes);
        for (eight, byte) in self.bits.iter_mut().zip(bytes) {
            // Each of eight copies keeps its own bit, the lowest first.
            let copies = u64::from(*byte).wrapping_mul(0x0101_0101_0101_0101);
            *eight = (copies & 0x8040_2010_0804_0201).to_le_bytes();
        }
        self.bits.as_flattened()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Buffer;

    #[test]
    fn missing_rows_are_coded_at_every_density() {
        for missing_of_16 in 0..=16_u32 {
            let bit = |row: u32| (row * 7 + row / 16) % 16 >= missing_of_16;
            let cases = [(0, 2560), (3, 200), (9, 61), (64, 64), (1, 2300), (7, 1024), (0, 65)];
            for (start, len) in cases {
                let bytes: Vec<u8> = (0..320_u32)
                    .map(|byte| (0..8).map(|i| u8::from(bit(byte * 8 + i)) << i).sum())
                    .collect();
                let valid = Bits::new(Buffer::from(bytes), start, len).unwrap();
                let mut codes = vec![1; len];
                let mut gaps = Gaps::of([Some(&valid), None]);
                for (block, codes) in codes.chunks_mut(BLOCK).enumerate() {
                    gaps.write(block * BLOCK, codes);
                }
                let expected = (0..len).map(|row| if valid.get(row) { 1 } else { 4 });
                assert_eq!(codes, expected.collect::<Vec<u8>>(), "{missing_of_16} {start} {len}");
            }
        }
    }
}
