//! One column against a threshold: below it, at it, above it.

use super::super::bind::Bounds;
use super::Choice;
use super::validity::in_blocks;
use crate::snapshot::{Bits, Mantissas};

/// Appends the code of every row; `valid` says which rows have a value.
pub(in super::super) fn compare(
    values: &Mantissas,
    valid: Option<&Bits>,
    bounds: Bounds<i128>,
    codes: &mut Vec<u8>,
) {
    match values {
        Mantissas::I16(values) => {
            three_way(values.as_slice(), valid, bounds.narrowed(i16::MIN, i16::MAX), codes);
        }
        Mantissas::I32(values) => {
            three_way(values.as_slice(), valid, bounds.narrowed(i32::MIN, i32::MAX), codes);
        }
        Mantissas::I64(values) => {
            three_way(values.as_slice(), valid, bounds.narrowed(i64::MIN, i64::MAX), codes);
        }
        Mantissas::I128(values) => three_way(values.as_slice(), valid, bounds, codes),
    }
}

fn three_way<T: Copy + PartialOrd>(
    values: &[T],
    valid: Option<&Bits>,
    bounds: Bounds<T>,
    codes: &mut Vec<u8>,
) {
    let Bounds { low, high, codes: table } = bounds;
    let choice = Choice::of(table);
    in_blocks(values.len(), &[valid], codes, |rows, codes| {
        let values = values.get(rows).unwrap_or_default();
        codes.extend(values.iter().map(move |value| choice.code(*value < low, *value > high)));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Buffer;

    #[test]
    fn every_width_answers_alike() {
        let values = [-32_768_i16, -5, 0, 4, 5, 6, 32_767];
        let widths = [
            Mantissas::I16(Buffer::from(values.to_vec())),
            Mantissas::I32(Buffer::from(values.map(i32::from).to_vec())),
            Mantissas::I64(Buffer::from(values.map(i64::from).to_vec())),
            Mantissas::I128(Buffer::from(values.map(i128::from).to_vec())),
        ];
        let far = i128::from(i64::MAX) * 5;
        for (low, high) in [(5, 5), (0, 5), (6, 5), (-far, 0), (far, far), (-far, -far), (0, far)] {
            let bounds = Bounds { low, high, codes: [1, 2, 3] };
            let expected = values.map(|value| match i128::from(value) {
                value if value < low => 1,
                value if value > high => 3,
                _ => 2,
            });
            for width in &widths {
                let mut codes = Vec::new();
                compare(width, None, bounds, &mut codes);
                assert_eq!(codes, expected, "{low} {high} {width:?}");
            }
        }
    }
}
