//! Rows that are missing.

use crate::snapshot::Bits;

/// From so many missing rows of 64 on, writing them one by one costs more than going through all.
const MANY: u32 = 6;

/// Gives every row whose bit is not set this code.
pub(in super::super) fn missing(valid: &Bits, code: u8, codes: &mut [u8]) {
    for (word, codes) in valid.words().zip(codes.chunks_mut(64)) {
        if word == u64::MAX {
            continue;
        }
        if word.count_zeros() > MANY {
            many(word, code, codes);
        } else {
            few(!word, code, codes);
        }
    }
}

/// `rows` has a bit for every missing row.
fn few(mut rows: u64, code: u8, codes: &mut [u8]) {
    while rows != 0 {
        let row = rows.trailing_zeros() as usize;
        if let Some(missing) = codes.get_mut(row) {
            *missing = code;
        }
        rows &= rows - 1;
    }
}

fn many(word: u64, code: u8, codes: &mut [u8]) {
    let filled = u64::from_le_bytes([code; 8]);
    for (byte, codes) in word.to_le_bytes().into_iter().zip(codes.chunks_mut(8)) {
        let mask = spread(byte);
        if let Some(eight) = codes.first_chunk_mut::<8>() {
            let kept = u64::from_le_bytes(*eight) & mask;
            *eight = (kept | (filled & !mask)).to_le_bytes();
        } else {
            few(u64::from(!byte), code, codes);
        }
    }
}

/// Eight bits to eight bytes of ones or zeros, the lowest bit first.
pub(super) const fn spread(byte: u8) -> u64 {
    // Each byte keeps its own bit; adding 0x7f carries any bit into the highest place.
    let own = (byte as u64).wrapping_mul(0x0101_0101_0101_0101) & 0x8040_2010_0804_0201;
    let high = own.wrapping_add(0x7f7f_7f7f_7f7f_7f7f) & 0x8080_8080_8080_8080;
    (high >> 7).wrapping_mul(0xff)
}

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
