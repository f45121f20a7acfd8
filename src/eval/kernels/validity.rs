//! How rows are gone through: block by block, missing rows last.

use std::ops::Range;

use crate::snapshot::Bits;
use crate::verdict::Verdict;

/// So many rows at a time stay in the nearest cache while several passes go over them.
pub(super) const BLOCK: usize = 2048;

/// Computes the codes of all rows; `compute` appends those of a range without a look at validity.
pub(super) fn in_blocks(
    rows: usize,
    valid: &[Option<&Bits>],
    codes: &mut Vec<u8>,
    mut compute: impl FnMut(Range<usize>, &mut Vec<u8>),
) {
    for start in (0..rows).step_by(BLOCK) {
        let from = codes.len();
        compute(start..rows.min(start + BLOCK), codes);
        for valid in valid.iter().flatten() {
            let block = codes.get_mut(from..).unwrap_or_default();
            missing(&valid.slice(start, BLOCK), Verdict::NoData as u8, block);
        }
    }
}

/// Gives every row whose bit is not set this code.
fn missing(valid: &Bits, code: u8, codes: &mut [u8]) {
    let filled = u64::from_le_bytes([code; 8]);
    for (word, codes) in valid.words().zip(codes.chunks_mut(64)) {
        let (eights, rest) = codes.as_chunks_mut::<8>();
        let bytes = word.to_le_bytes();
        for (byte, eight) in bytes.iter().zip(&mut *eights) {
            let mask = spread(*byte);
            let kept = u64::from_le_bytes(*eight) & mask;
            *eight = (kept | (filled & !mask)).to_le_bytes();
        }
        let last = bytes.get(eights.len()).copied().unwrap_or(0);
        for (row, missing) in rest.iter_mut().enumerate() {
            if last >> row & 1 == 0 {
                *missing = code;
            }
        }
    }
}

/// Eight bits to eight bytes of ones or zeros, the lowest bit first.
pub(super) fn spread(byte: u8) -> u64 {
    SPREAD.get(usize::from(byte)).copied().unwrap_or(0)
}

static SPREAD: [u64; 256] = {
    let mut table = [0; 256];
    let mut rest: &mut [u64] = &mut table;
    let mut byte = 0_u64;
    while let Some((entry, others)) = rest.split_first_mut() {
        // Each byte keeps its own bit; adding 0x7f carries any bit into the highest place.
        let own = byte.wrapping_mul(0x0101_0101_0101_0101) & 0x8040_2010_0804_0201;
        let high = own.wrapping_add(0x7f7f_7f7f_7f7f_7f7f) & 0x8080_8080_8080_8080;
        *entry = (high >> 7).wrapping_mul(0xff);
        (rest, byte) = (others, byte + 1);
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Buffer;

    #[test]
    fn every_byte_is_spread() {
        for byte in 0..=255_u8 {
            let expected = std::array::from_fn(|bit| if byte >> bit & 1 == 1 { 0xff } else { 0 });
            assert_eq!(spread(byte), u64::from_le_bytes(expected), "{byte}");
        }
    }

    #[test]
    fn missing_rows_are_coded_at_every_density() {
        for missing_of_16 in 0..=16_u32 {
            let bit = |row: u32| (row * 7 + row / 16) % 16 >= missing_of_16;
            for (start, len) in [(0, 640), (3, 200), (9, 61), (64, 64)] {
                let bytes: Vec<u8> = (0..80_u32)
                    .map(|byte| (0..8).map(|i| u8::from(bit(byte * 8 + i)) << i).sum())
                    .collect();
                let valid = Bits::new(Buffer::from(bytes), start, len).unwrap();
                let mut codes = vec![1; len];
                missing(&valid, 4, &mut codes);
                let expected = (0..len).map(|row| if valid.get(row) { 1 } else { 4 });
                assert_eq!(codes, expected.collect::<Vec<u8>>(), "{missing_of_16} {start} {len}");
            }
        }
    }
}
