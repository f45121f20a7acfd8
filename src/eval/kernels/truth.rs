//! Yes/no columns.

use super::validity::{BLOCK, Gaps, Spread};
use super::versions;
use crate::snapshot::Bits;

versions! {
    /// Writes the code of every row: `set` for yes, `unset` for no; `valid` says which rows have
    /// either.
    pub(in super::super) fn truth(
        bits: &Bits,
        valid: Option<&Bits>,
        set: u8,
        unset: u8,
        codes: &mut [u8],
    ) {
        let (mut gaps, mut spread) = (Gaps::of([valid, None]), Spread::default());
        for (block, codes) in codes.chunks_mut(BLOCK).enumerate() {
            let start = block * BLOCK;
            let bits = spread.bits(bits.lent(), start, codes.len());
            for (code, bit) in codes.iter_mut().zip(bits) {
                *code = if *bit == 0 { unset } else { set };
            }
            gaps.write(start, codes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Buffer;

    #[test]
    fn each_bit_has_its_code() {
        let bytes: Vec<u8> = (0..400_u32).map(|i| (i * 73 % 251) as u8).collect();
        let all = Bits::new(Buffer::from(bytes), 0, 3200).unwrap();
        for (start, len) in [(0, 320), (3, 200), (64, 64), (7, 1), (5, 0), (3, 3000)] {
            let bits = all.slice(start, len);
            let mut codes = vec![9; len];
            truth(&bits, None, 1, 2, &mut codes);
            let expected = (0..len).map(|row| if bits.get(row) { 1 } else { 2 });
            assert_eq!(codes, expected.collect::<Vec<u8>>());
        }
    }
}
