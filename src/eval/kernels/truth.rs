//! Yes/no columns.

use super::validity::{in_blocks, spread};
use crate::snapshot::Bits;

/// Appends the code of every row: `set` for yes, `unset` for no; `valid` says which rows have
/// either.
pub(in super::super) fn truth(
    bits: &Bits,
    valid: Option<&Bits>,
    (set, unset): (u8, u8),
    codes: &mut Vec<u8>,
) {
    let (set, unset) = (every(set), every(unset));
    in_blocks(bits.len(), &[valid], codes, |rows, codes| {
        let end = codes.len() + rows.len();
        for word in bits.slice(rows.start, rows.len()).words() {
            for byte in word.to_le_bytes() {
                let mask = spread(byte);
                codes.extend_from_slice(&((set & mask) | (unset & !mask)).to_le_bytes());
            }
        }
        codes.truncate(end);
    });
}

/// Eight times the same code.
const fn every(code: u8) -> u64 {
    u64::from_le_bytes([code; 8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Buffer;

    #[test]
    fn each_bit_has_its_code() {
        let bytes: Vec<u8> = (0..40_u32).map(|i| (i * 73 % 251) as u8).collect();
        let all = Bits::new(Buffer::from(bytes), 0, 320).unwrap();
        for (start, len) in [(0, 320), (3, 200), (64, 64), (7, 1), (5, 0)] {
            let bits = all.slice(start, len);
            let mut codes = vec![9];
            truth(&bits, None, (1, 2), &mut codes);
            let expected = (0..len).map(|row| if bits.get(row) { 1 } else { 2 });
            assert_eq!(codes, [9].into_iter().chain(expected).collect::<Vec<u8>>());
        }
    }
}
