//! The quotient of two columns against a threshold, by cross-multiplication.
//!
//! `a/b` stands to `p/q` as `a·q` to `b·p` where b is positive, and the other way round where b is
//! negative. 0/0 is not applicable, n/0 contradictory.

use num_bigint::BigInt;

use super::super::bind::{Codes, Cross, Factors};
use super::validity::{BLOCK, Gaps};
use super::{Choice, versions};
use crate::snapshot::{Bits, Mantissas};
use crate::verdict::Verdict;

/// Two columns whose quotient is judged.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Operands<'a> {
    pub(in super::super) above: &'a Mantissas,
    pub(in super::super) below: &'a Mantissas,
    /// The largest distances from zero of valid rows.
    pub(in super::super) sizes: (u128, u128),
    /// Every valid denominator is above zero.
    pub(in super::super) positive: bool,
    /// Which rows have a numerator, and which a denominator.
    pub(in super::super) valid: [Option<&'a Bits>; 2],
}

/// Writes the code of every row, in the narrowest widths that cannot overflow: figures and factors
/// have one, products another.
pub(in super::super) fn quotient(
    operands: Operands<'_>,
    crosses: &[Cross; 2],
    table: Codes,
    codes: &mut [u8],
) {
    let choice = Choice::of(table);
    macro_rules! in_widths {
        ($($stored:ty, $product:ty => $kernel:ident;)*) => {$(
            if let Some(ends) = ends::<$stored, $product>(operands.sizes, crosses) {
                return $kernel(operands, ends, choice, codes);
            }
        )*};
    }
    in_widths! {
        i32, i32 => of_32_in_32;
        i32, i64 => of_32_in_64;
        i64, i64 => of_64_in_64;
        i64, i128 => of_64_in_128;
        i128, i128 => of_128_in_128;
    }
    in_any_width(operands, crosses, table, codes);
}

versions! {
    fn of_32_in_32(of: Operands<'_>, ends: Ends<i32>, choice: Choice, codes: &mut [u8]) {
        judge::<i32, i32>(of, ends, choice, codes);
    }

    fn of_32_in_64(of: Operands<'_>, ends: Ends<i32>, choice: Choice, codes: &mut [u8]) {
        judge::<i32, i64>(of, ends, choice, codes);
    }

    fn of_64_in_64(of: Operands<'_>, ends: Ends<i64>, choice: Choice, codes: &mut [u8]) {
        judge::<i64, i64>(of, ends, choice, codes);
    }

    fn of_64_in_128(of: Operands<'_>, ends: Ends<i64>, choice: Choice, codes: &mut [u8]) {
        judge::<i64, i128>(of, ends, choice, codes);
    }

    fn of_128_in_128(of: Operands<'_>, ends: Ends<i128>, choice: Choice, codes: &mut [u8]) {
        judge::<i128, i128>(of, ends, choice, codes);
    }
}

/// The factors of the lower and of the upper end.
type Ends<T> = [Factors<T>; 2];

/// The factors, where figures of these sizes fit the one width and their products the other.
fn ends<T: Width, P: Product<T>>(sizes: (u128, u128), [low, high]: &[Cross; 2]) -> Option<Ends<T>> {
    let (above, below) = sizes;
    if above > T::MOST || below > T::MOST {
        return None;
    }
    let factors = |cross: &Cross| cross.factors::<T>(above, below, P::MOST);
    Some([factors(low)?, factors(high)?])
}

/// Integers that figures and factors are held in.
trait Width: Copy + PartialOrd + Default + TryFrom<i128> {
    /// No figure may be farther from zero.
    const MOST: u128;

    /// The mantissas from `start` on, at most as many as `into` holds, in this width; those of
    /// missing rows may come out as anything.
    fn of<'a>(values: &'a Mantissas, start: usize, into: &'a mut [Self]) -> &'a [Self];
}

/// Integers that products are made in.
trait Product<T>: Copy + PartialOrd {
    /// No product may be farther from zero.
    const MOST: u128;

    /// The product; those of rows that are missing may wrap, and their codes are written over.
    fn times(a: T, b: T) -> Self;
}

macro_rules! width {
    ($width:ty, $same:ident, [$($other:ident),*]) => {
        impl Width for $width {
            const MOST: u128 = <$width>::MAX.unsigned_abs() as u128;

            #[inline(always)]
            #[allow(
                clippy::cast_lossless,
                clippy::cast_possible_truncation,
                reason = "figures of valid rows fit, by the sizes of their columns"
            )]
            fn of<'a>(values: &'a Mantissas, start: usize, into: &'a mut [Self]) -> &'a [Self] {
                match values {
                    Mantissas::$same(values) => values.as_slice().get(start..).unwrap_or_default(),
                    $(Mantissas::$other(values) => {
                        let values = values.as_slice().get(start..).unwrap_or_default();
                        for (to, from) in into.iter_mut().zip(values) {
                            *to = *from as Self;
                        }
                        into
                    })*
                }
            }
        }
    };
}

width!(i32, I32, [I8, I16, I64, I128]);
width!(i64, I64, [I8, I16, I32, I128]);
width!(i128, I128, [I8, I16, I32, I64]);

macro_rules! product {
    ($($width:ty => $product:ty),*) => {$(
        impl Product<$width> for $product {
            const MOST: u128 = <$product>::MAX.unsigned_abs() as u128;

            #[inline(always)]
            #[allow(clippy::cast_lossless, reason = "some widths are their own products")]
            fn times(a: $width, b: $width) -> Self {
                (a as Self).wrapping_mul(b as Self)
            }
        }
    )*};
}

product!(i32 => i32, i32 => i64, i64 => i64, i64 => i128, i128 => i128);

#[inline(always)]
fn judge<T: Width, P: Product<T>>(
    operands: Operands<'_>,
    [low, high]: Ends<T>,
    choice: Choice,
    codes: &mut [u8],
) {
    let same = low.p == high.p && low.q == high.q;
    let (mut a, mut b) = ([T::default(); BLOCK], [T::default(); BLOCK]);
    let mut gaps = Gaps::of(operands.valid);
    for (block, codes) in codes.chunks_mut(BLOCK).enumerate() {
        let start = block * BLOCK;
        let a = T::of(operands.above, start, &mut a);
        let b = T::of(operands.below, start, &mut b);
        let rows = codes.iter_mut().zip(a).zip(b);
        if !operands.positive {
            for ((code, a), b) in rows {
                *code = any_sign::<T, P>(*a, *b, [low, high], choice);
            }
        } else if same {
            for ((code, a), b) in rows {
                let (a, b) = (P::times(*a, low.q), P::times(*b, low.p));
                *code = choice.code(a < b, a > b);
            }
        } else {
            for ((code, a), b) in rows {
                let below = P::times(*a, low.q) < P::times(*b, low.p);
                *code = choice.code(below, P::times(*a, high.q) > P::times(*b, high.p));
            }
        }
        gaps.write(start, codes);
    }
}

/// Without a branch, so that rows are judged side by side.
#[inline(always)]
fn any_sign<T: Width, P: Product<T>>(a: T, b: T, [low, high]: Ends<T>, choice: Choice) -> u8 {
    let zero = T::default();
    let (low_a, low_b) = (P::times(a, low.q), P::times(b, low.p));
    let (high_a, high_b) = (P::times(a, high.q), P::times(b, high.p));
    let negative = b < zero;
    let below = if negative { low_a > low_b } else { low_a < low_b };
    let above = if negative { high_a < high_b } else { high_a > high_b };
    let code = choice.code(below, above);
    let by_zero = if a == zero { NOT_APPLICABLE } else { CONTRADICTORY };
    if b == zero { by_zero } else { code }
}

const NOT_APPLICABLE: u8 = Verdict::NotApplicable as u8;
const CONTRADICTORY: u8 = Verdict::Contradictory as u8;

/// Integers of any size, for products that no width holds.
fn in_any_width(operands: Operands<'_>, crosses: &[Cross; 2], table: Codes, codes: &mut [u8]) {
    let mantissa = |column: &Mantissas, row| BigInt::from(column.get(row).unwrap_or_default());
    let mut gaps = Gaps::of(operands.valid);
    for (block, codes) in codes.chunks_mut(BLOCK).enumerate() {
        let start = block * BLOCK;
        for (row, code) in (start..).zip(codes.iter_mut()) {
            let (a, b) = (mantissa(operands.above, row), mantissa(operands.below, row));
            *code = any_size(a, b, crosses, table);
        }
        gaps.write(start, codes);
    }
}

/// The code of one quotient.
fn any_size(a: BigInt, b: BigInt, crosses: &[Cross; 2], table: Codes) -> u8 {
    let [low, high] = crosses;
    let zero = BigInt::ZERO;
    if b == zero {
        return if a == zero { NOT_APPLICABLE } else { CONTRADICTORY };
    }
    let (a, b) = if b < zero { (-a, -b) } else { (a, b) };
    let side =
        |cross: &Cross| (&a * cross.ratio.denominator()).cmp(&(&b * cross.ratio.numerator()));
    Choice::of(table).code(side(low).is_lt(), side(high).is_gt())
}

#[cfg(test)]
mod tests {
    use super::super::super::bind::crosses;
    use super::*;
    use crate::number::{Comparator, Rational};
    use crate::program::Test;
    use crate::snapshot::{ColumnBuilder, Values};

    fn column(values: &[i128]) -> Values {
        let mut builder = ColumnBuilder::default();
        for value in values {
            builder.number(*value, 0);
        }
        builder.finish().values().clone()
    }

    fn judged(a: &[i128], b: &[i128], p: i64, q: i64) -> Vec<u8> {
        let bound = Rational::from(p).div(&Rational::from(q)).unwrap();
        let test = Test::Bound(Comparator::AtLeast, bound);
        let (
            Values::Numbers { mantissas: above, .. },
            Values::Numbers { mantissas: below, min, .. },
        ) = (column(a), column(b))
        else {
            unreachable!()
        };
        let size = |values: &[i128]| values.iter().map(|it| it.unsigned_abs()).max().unwrap();
        let operands = Operands {
            above: &above,
            below: &below,
            sizes: (size(a), size(b)),
            positive: min > 0,
            valid: [None, None],
        };
        let mut codes = vec![9; a.len()];
        quotient(operands, &crosses(&test, 0, 0), [1, 2, 3], &mut codes);
        codes
    }

    #[test]
    fn every_width_and_sign() {
        let (not_applicable, contradictory) = (6, 7);
        for unit in [1, 10_000, 10_i128.pow(8), 10_i128.pow(16), 10_i128.pow(24), 10_i128.pow(35)] {
            let a = [999, 998, 1000, -999, -1000, -998, 0, 0, 5].map(|a| a * unit);
            let b = [1000, 1000, 1000, -1000, -1000, -1000, 0, 1, 0].map(|b| b * unit);
            let expected = [2, 1, 3, 2, 3, 1, not_applicable, 1, contradictory];
            assert_eq!(judged(&a, &b, 999, 1000), expected, "{unit}");
            assert_eq!(judged(&a[..3], &b[..3], 999, 1000), expected[..3], "{unit}");
        }
    }

    #[test]
    fn long_columns_are_gone_through_in_blocks() {
        let a: Vec<i128> = (0..5000).collect();
        let b = vec![5000; a.len()];
        let expected: Vec<u8> = a
            .iter()
            .map(|a| match 2 * a {
                twice if twice < 5000 => 1,
                5000 => 2,
                _ => 3,
            })
            .collect();
        assert_eq!(judged(&a, &b, 1, 2), expected);
    }
}
