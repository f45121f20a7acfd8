//! How rows are gone through: block by block, missing rows last.

use crate::snapshot::{Bits, LentBits};
use crate::verdict::Verdict;

/// So many rows at a time stay in the nearest cache while several passes go over them.
pub(in super::super) const BLOCK: usize = 1024;

/// Computes the codes of all rows, block by block; `compute` gets the first row of a block and its
/// codes, and does not look at validity.
#[inline(always)]
pub(super) fn in_blocks(
    valid: [Option<&Bits>; 2],
    codes: &mut [u8],
    mut compute: impl FnMut(usize, &mut [u8]),
) {
    let valid = valid.map(|valid| valid.map(Bits::lent));
    for (block, codes) in codes.chunks_mut(BLOCK).enumerate() {
        let start = block * BLOCK;
        compute(start, codes);
        for valid in valid.iter().flatten() {
            over_bits(*valid, start, codes, |set, code| *code = if set { *code } else { NO_DATA });
        }
    }
}

const NO_DATA: u8 = Verdict::NoData as u8;

/// Does something with each code and its bit; the bits are those from the row `start` on, which
/// is a multiple of eight.
#[inline(always)]
pub(super) fn over_bits(
    bits: LentBits<'_>,
    start: usize,
    codes: &mut [u8],
    each: impl Fn(bool, &mut u8) + Copy,
) {
    let bytes = bits.bytes.get(start / 8..).unwrap_or_default();
    let (whole, rest) = codes.as_chunks_mut::<64>();
    if bits.shift == 0 {
        for (codes, word) in whole.iter_mut().zip(bytes.as_chunks::<8>().0) {
            sixty_four(*word, codes, each);
        }
    } else {
        for (at, codes) in whole.iter_mut().enumerate() {
            sixty_four(LentBits { bytes, ..bits }.word(at).to_le_bytes(), codes, each);
        }
    }
    let last = LentBits { bytes, ..bits }.word(whole.len());
    for (row, code) in rest.iter_mut().enumerate() {
        each(last >> row & 1 == 1, code);
    }
}

/// Each byte stands for eight codes, its lowest bit for the first.
#[inline(always)]
fn sixty_four(bytes: [u8; 8], codes: &mut [u8; 64], each: impl Fn(bool, &mut u8)) {
    let mut bits = [0_u8; 64];
    for (eight, byte) in bits.as_chunks_mut::<8>().0.iter_mut().zip(bytes) {
        // Each of eight copies keeps its own bit.
        let copies = u64::from(byte).wrapping_mul(0x0101_0101_0101_0101);
        *eight = (copies & 0x8040_2010_0804_0201).to_le_bytes();
    }
    for (code, bit) in codes.iter_mut().zip(bits) {
        each(bit != 0, code);
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
                in_blocks([Some(&valid), None], &mut codes, |_, _| {});
                let expected = (0..len).map(|row| if valid.get(row) { 1 } else { 4 });
                assert_eq!(codes, expected.collect::<Vec<u8>>(), "{missing_of_16} {start} {len}");
            }
        }
    }
}
