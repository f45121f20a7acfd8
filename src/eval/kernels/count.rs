//! How often each code stands in a row of codes.

use super::versions;

versions! {
    /// The counts of the codes 0 to 7; other codes are not counted.
    pub(in super::super) fn counts(codes: &[u8]) -> [u64; 8] {
        let mut all = [0; 8];
        // Pieces are so short that their counts fit a byte.
        for piece in codes.chunks(192) {
            for (count, code) in all.iter_mut().zip(0..) {
                *count += u64::from(of_piece(piece, code));
            }
        }
        all
    }
}

#[inline(always)]
fn of_piece(piece: &[u8], code: u8) -> u8 {
    piece.iter().fold(0_u8, |count, it| count.wrapping_add(u8::from(*it == code)))
}
