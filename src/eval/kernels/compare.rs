//! One column against a threshold: below it, at it, above it.

use super::super::bind::Bounds;
use super::validity::{BLOCK, Gaps};
use super::{Choice, versions};
use crate::snapshot::{Bits, Mantissas};

/// Writes the code of every row; `valid` says which rows have a value.
pub(in super::super) fn compare(
    values: &Mantissas,
    valid: Option<&Bits>,
    bounds: Bounds<i128>,
    codes: &mut [u8],
) {
    macro_rules! narrowed {
        ($width:ident) => {
            bounds.narrowed($width::MIN, $width::MAX)
        };
    }
    match values {
        Mantissas::I8(values) => of_8(values.as_slice(), valid, narrowed!(i8), codes),
        Mantissas::I16(values) => of_16(values.as_slice(), valid, narrowed!(i16), codes),
        Mantissas::I32(values) => of_32(values.as_slice(), valid, narrowed!(i32), codes),
        Mantissas::I64(values) => of_64(values.as_slice(), valid, narrowed!(i64), codes),
        Mantissas::I128(values) => of_128(values.as_slice(), valid, bounds, codes),
    }
}

versions! {
    fn of_8(values: &[i8], valid: Option<&Bits>, bounds: Bounds<i8>, codes: &mut [u8]) {
        three_way(values, valid, bounds, codes);
    }

    fn of_16(values: &[i16], valid: Option<&Bits>, bounds: Bounds<i16>, codes: &mut [u8]) {
        three_way(values, valid, bounds, codes);
    }

    fn of_32(values: &[i32], valid: Option<&Bits>, bounds: Bounds<i32>, codes: &mut [u8]) {
        three_way(values, valid, bounds, codes);
    }

    fn of_64(values: &[i64], valid: Option<&Bits>, bounds: Bounds<i64>, codes: &mut [u8]) {
        three_way(values, valid, bounds, codes);
    }

    fn of_128(values: &[i128], valid: Option<&Bits>, bounds: Bounds<i128>, codes: &mut [u8]) {
        three_way(values, valid, bounds, codes);
    }
}

#[inline(always)]
fn three_way<T: Copy + PartialOrd>(
    values: &[T],
    valid: Option<&Bits>,
    bounds: Bounds<T>,
    codes: &mut [u8],
) {
    let Bounds { low, high, codes: table } = bounds;
    let choice = Choice::of(table);
    let mut gaps = Gaps::of([valid, None]);
    let blocks = codes.chunks_mut(BLOCK).zip(values.chunks(BLOCK));
    for (block, (codes, values)) in blocks.enumerate() {
        for (code, value) in codes.iter_mut().zip(values) {
            *code = choice.code(*value < low, *value > high);
        }
        gaps.write(block * BLOCK, codes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Buffer;

    #[test]
    fn every_width_answers_alike() {
        let values = [-128_i8, -5, 0, 4, 5, 6, 127].repeat(50);
        let widths = [
            Mantissas::I8(Buffer::from(values.clone())),
            Mantissas::I16(Buffer::from(
                values.iter().map(|it| i16::from(*it)).collect::<Vec<_>>(),
            )),
            Mantissas::I32(Buffer::from(
                values.iter().map(|it| i32::from(*it)).collect::<Vec<_>>(),
            )),
            Mantissas::I64(Buffer::from(
                values.iter().map(|it| i64::from(*it)).collect::<Vec<_>>(),
            )),
            Mantissas::I128(Buffer::from(
                values.iter().map(|it| i128::from(*it)).collect::<Vec<_>>(),
            )),
        ];
        let far = i128::from(i64::MAX) * 5;
        for (low, high) in [(5, 5), (0, 5), (6, 5), (-far, 0), (far, far), (-far, -far), (0, far)] {
            let bounds = Bounds { low, high, codes: [1, 2, 3] };
            let expected = values.iter().map(|value| match i128::from(*value) {
                value if value < low => 1,
                value if value > high => 3,
                _ => 2,
            });
            let expected: Vec<u8> = expected.collect();
            for width in &widths {
                let mut codes = vec![9; values.len()];
                compare(width, None, bounds, &mut codes);
                assert_eq!(codes, expected, "{low} {high} {width:?}");
            }
        }
    }
}
