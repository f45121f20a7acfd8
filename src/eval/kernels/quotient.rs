//! The quotient of two columns against a threshold, by cross-multiplication.
//!
//! `a/b` stands to `p/q` as `a·q` to `b·p` where b is positive; where b is negative the signs of
//! both figures are changed first. 0/0 is not applicable, n/0 contradictory.

use num_bigint::BigInt;

use super::super::bind::{Codes, Cross, Factors};
use super::Choice;
use super::validity::{BLOCK, in_blocks};
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

impl Operands<'_> {
    fn rows(&self) -> usize {
        self.above.len().min(self.below.len())
    }
}

/// Appends the code of every row, in the narrowest width that cannot overflow.
pub(in super::super) fn quotient(
    operands: Operands<'_>,
    crosses: &[Cross; 2],
    table: Codes,
    codes: &mut Vec<u8>,
) {
    let done = in_width::<i32>(operands, crosses, table, codes)
        || in_width::<i64>(operands, crosses, table, codes)
        || in_width::<i128>(operands, crosses, table, codes);
    if !done {
        in_any_width(operands, crosses, table, codes);
    }
}

/// Integers that products are made in.
trait Width: Copy + PartialOrd + Default + TryFrom<i128> + 'static {
    /// No product may be larger.
    const MOST: u128;

    /// The product; rows that are missing may wrap, and their codes are written over.
    fn times(self, factor: Self) -> Self;

    fn negated(self) -> Self;

    /// The mantissas from `start` on, at most as many as `into` holds, in this width. Nothing
    /// where they are wider.
    fn widened<'a>(values: &'a Mantissas, start: usize, into: &'a mut [Self])
    -> Option<&'a [Self]>;
}

macro_rules! width {
    ($width:ty, $same:ident, [$($narrower:ident),*]) => {
        impl Width for $width {
            const MOST: u128 = <$width>::MAX.unsigned_abs() as u128;

            fn times(self, factor: Self) -> Self {
                self.wrapping_mul(factor)
            }

            fn negated(self) -> Self {
                self.wrapping_neg()
            }

            fn widened<'a>(
                values: &'a Mantissas,
                start: usize,
                into: &'a mut [Self],
            ) -> Option<&'a [Self]> {
                match values {
                    Mantissas::$same(values) => {
                        let rest = values.as_slice().get(start..)?;
                        rest.get(..into.len()).or(Some(rest))
                    }
                    $(Mantissas::$narrower(values) => {
                        let rest = values.as_slice().get(start..)?;
                        for (to, from) in into.iter_mut().zip(rest) {
                            *to = Self::from(*from);
                        }
                        into.get(..rest.len()).or(Some(into))
                    })*
                    #[allow(unreachable_patterns, reason = "the widest width has none wider")]
                    _ => None,
                }
            }
        }
    };
}

width!(i32, I32, [I16]);
width!(i64, I64, [I16, I32]);
width!(i128, I128, [I16, I32, I64]);

/// Whether the width holds all products; if so, the codes are appended.
fn in_width<T: Width>(
    operands: Operands<'_>,
    crosses: &[Cross; 2],
    table: Codes,
    codes: &mut Vec<u8>,
) -> bool {
    let (above, below) = operands.sizes;
    let factors = |cross: &Cross| cross.factors::<T>(above, below, T::MOST);
    let [low, high] = crosses;
    let (Some(low_end), Some(high_end)) = (factors(low), factors(high)) else { return false };
    let choice = Choice::of(table);
    let (mut a, mut b) = (vec![T::default(); BLOCK], vec![T::default(); BLOCK]);
    // Columns wider than the width need a wider one, whatever stands in them.
    if T::widened(operands.above, 0, &mut a).is_none()
        || T::widened(operands.below, 0, &mut b).is_none()
    {
        return false;
    }
    in_blocks(operands.rows(), &operands.valid, codes, |rows, codes| {
        let a = T::widened(operands.above, rows.start, &mut a).unwrap_or_default();
        let b = T::widened(operands.below, rows.start, &mut b).unwrap_or_default();
        let pairs = a.iter().zip(b);
        match (operands.positive, low == high) {
            (true, true) => codes.extend(pairs.map(one_end(low_end, choice))),
            (true, false) => codes.extend(pairs.map(two_ends(low_end, high_end, choice))),
            (false, _) => codes.extend(pairs.map(any_sign(low_end, high_end, choice))),
        }
    });
    true
}

fn one_end<T: Width>(end: Factors<T>, choice: Choice) -> impl Fn((&T, &T)) -> u8 {
    move |(a, b)| {
        let (a, b) = (a.times(end.q), b.times(end.p));
        choice.code(a < b, a > b)
    }
}

fn two_ends<T: Width>(
    low: Factors<T>,
    high: Factors<T>,
    choice: Choice,
) -> impl Fn((&T, &T)) -> u8 {
    move |(a, b)| {
        let below = a.times(low.q) < b.times(low.p);
        choice.code(below, a.times(high.q) > b.times(high.p))
    }
}

fn any_sign<T: Width>(
    low: Factors<T>,
    high: Factors<T>,
    choice: Choice,
) -> impl Fn((&T, &T)) -> u8 {
    let zero = T::default();
    let judge = two_ends(low, high, choice);
    move |(a, b)| {
        if *b == zero {
            return by_zero(*a == zero);
        }
        if *b < zero { judge((&a.negated(), &b.negated())) } else { judge((a, b)) }
    }
}

const fn by_zero(zero: bool) -> u8 {
    if zero { Verdict::NotApplicable as u8 } else { Verdict::Contradictory as u8 }
}

/// Integers of any size, for products that no width holds.
fn in_any_width(operands: Operands<'_>, crosses: &[Cross; 2], table: Codes, codes: &mut Vec<u8>) {
    let choice = Choice::of(table);
    let mantissa = |column: &Mantissas, row| BigInt::from(column.get(row).unwrap_or_default());
    in_blocks(operands.rows(), &operands.valid, codes, |rows, codes| {
        codes.extend(rows.map(|row| {
            any_size(mantissa(operands.above, row), mantissa(operands.below, row), crosses, choice)
        }));
    });
}

fn any_size(a: BigInt, b: BigInt, [low, high]: &[Cross; 2], choice: Choice) -> u8 {
    let zero = BigInt::ZERO;
    if b == zero {
        return by_zero(a == zero);
    }
    let (a, b) = if b < zero { (-a, -b) } else { (a, b) };
    let side =
        |cross: &Cross| (&a * cross.ratio.denominator()).cmp(&(&b * cross.ratio.numerator()));
    choice.code(side(low).is_lt(), side(high).is_gt())
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
        let mut codes = Vec::new();
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
