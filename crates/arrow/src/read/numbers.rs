//! Numbers as pages hold them, brought to one scale and width.
//!
//! Enters: bytes of Parquet's plain encoding. Leaves: whole numbers at the smallest scale that
//! holds all of them. The one idea: zeros that all numbers end with are taken off, so that columns
//! become as narrow as their data. Invariant: no number changes.

use chitieu::snapshot::Raw;

use super::kinds;

/// How a number stands in its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digits {
    Signed32,
    Unsigned32,
    Signed64,
    /// So many bytes, the highest first.
    Bytes(usize),
}

/// Whole numbers.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    digits: Digits,
    /// Those of up to 64 bits.
    short: Vec<i64>,
    /// Those of up to 128 bits; the other list is empty then.
    long: Vec<i128>,
}

/// Numbers of one scale.
pub(super) struct Settled {
    pub(super) dictionary: Numbers,
    pub(super) plain: Numbers,
    pub(super) scale: u32,
    pub(super) ends: (i128, i128),
}

impl Numbers {
    pub(super) const fn new(digits: Digits) -> Self {
        Self { digits, short: Vec::new(), long: Vec::new() }
    }

    pub(super) const fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// Reads so many numbers more.
    pub(super) fn read(&mut self, bytes: &[u8], count: usize) -> Result<(), &'static str> {
        let width = match self.digits {
            Digits::Signed32 | Digits::Unsigned32 => 4,
            Digits::Signed64 => 8,
            Digits::Bytes(width) => width,
        };
        let end = count.checked_mul(width).ok_or("too many numbers")?;
        let bytes = bytes.get(..end).ok_or("a page is cut short")?;
        match self.digits {
            Digits::Signed32 => {
                let each = bytes.as_chunks().0.iter();
                self.short.extend(each.map(|four| i64::from(i32::from_le_bytes(*four))));
            }
            Digits::Unsigned32 => {
                let each = bytes.as_chunks().0.iter();
                self.short.extend(each.map(|four| i64::from(u32::from_le_bytes(*four))));
            }
            Digits::Signed64 => {
                let each = bytes.as_chunks().0.iter();
                self.short.extend(each.map(|eight| i64::from_le_bytes(*eight)));
            }
            Digits::Bytes(width) if width <= 8 => {
                let each = bytes.chunks_exact(width);
                self.short.extend(each.filter_map(|it| i64::try_from(signed(it)).ok()));
            }
            Digits::Bytes(width) => self.long.extend(bytes.chunks_exact(width).map(signed)),
        }
        Ok(())
    }

    /// Brings the numbers of a column to one scale; nothing where one is no number of ours.
    pub(super) fn settle(mut dictionary: Self, mut plain: Self, scale: u32) -> Option<Settled> {
        // A scale beyond all digits needs zeros at the end to be a number at all.
        let mut zeros = scale;
        for numbers in [&dictionary, &plain] {
            zeros = common_zeros(&numbers.short, zeros);
            zeros = long_zeros(&numbers.long, zeros);
        }
        let scale = scale - zeros;
        for numbers in [&mut dictionary, &mut plain] {
            divide(&mut numbers.short, zeros);
            let power = 10_i128.checked_pow(zeros)?;
            numbers.long.iter_mut().for_each(|number| *number /= power);
            let places = i8::try_from(scale).ok()?;
            let is_ours = |number: &i128| matches!(kinds::number(*number, places), Raw::Number(_));
            if scale > 9 && !numbers.short.iter().all(|number| is_ours(&(*number).into())) {
                return None;
            }
            if !numbers.long.iter().all(is_ours) {
                return None;
            }
        }
        let ends = [dictionary.ends(), plain.ends()];
        let ends = ends.into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        Some(Settled { dictionary, plain, scale, ends: ends.unwrap_or((0, 0)) })
    }

    fn ends(&self) -> Option<(i128, i128)> {
        if self.long.is_empty() {
            let (first, rest) = self.short.split_first()?;
            let ends = rest
                .iter()
                .fold((*first, *first), |(min, max), number| (min.min(*number), max.max(*number)));
            return Some((ends.0.into(), ends.1.into()));
        }
        Some((self.long.iter().min().copied()?, self.long.iter().max().copied()?))
    }

    /// The numbers in a width that holds all of them.
    pub(super) fn narrow<T: Default + TryFrom<i64> + TryFrom<i128>>(&self) -> Vec<T> {
        if self.long.is_empty() {
            return self.short.iter().map(|it| T::try_from(*it).unwrap_or_default()).collect();
        }
        self.long.iter().map(|it| T::try_from(*it).unwrap_or_default()).collect()
    }
}

/// A number of at most 16 bytes, the highest first.
fn signed(bytes: &[u8]) -> i128 {
    let sign = bytes.first().map_or(0, |byte| if byte & 0x80 == 0 { 0 } else { -1 });
    bytes.iter().fold(sign, |number, byte| number << 8 | i128::from(*byte))
}

macro_rules! powers {
    ($count:expr, $call:ident($($argument:expr),*), $else:expr) => {
        match $count {
            1 => $call::<10>($($argument),*),
            2 => $call::<100>($($argument),*),
            3 => $call::<1_000>($($argument),*),
            4 => $call::<10_000>($($argument),*),
            5 => $call::<100_000>($($argument),*),
            6 => $call::<1_000_000>($($argument),*),
            7 => $call::<10_000_000>($($argument),*),
            8 => $call::<100_000_000>($($argument),*),
            9 => $call::<1_000_000_000>($($argument),*),
            10 => $call::<10_000_000_000>($($argument),*),
            11 => $call::<100_000_000_000>($($argument),*),
            12 => $call::<1_000_000_000_000>($($argument),*),
            13 => $call::<10_000_000_000_000>($($argument),*),
            14 => $call::<100_000_000_000_000>($($argument),*),
            15 => $call::<1_000_000_000_000_000>($($argument),*),
            16 => $call::<10_000_000_000_000_000>($($argument),*),
            17 => $call::<100_000_000_000_000_000>($($argument),*),
            18 => $call::<1_000_000_000_000_000_000>($($argument),*),
            _ => $else,
        }
    };
}

/// With how many zeros all numbers end, of at most so many.
fn common_zeros(numbers: &[i64], most: u32) -> u32 {
    if numbers.iter().all(|number| *number == 0) {
        return most;
    }
    let (mut zeros, mut rest) = (most.min(18), numbers);
    while zeros > 0 {
        // What ends with more zeros ends with fewer, so that none is looked at again.
        let Some(at) = powers!(zeros, first_other(rest), None) else { break };
        rest = rest.get(at..).unwrap_or_default();
        zeros -= 1;
    }
    zeros
}

/// The first number that does not end with as many zeros.
fn first_other<const POWER: i64>(numbers: &[i64]) -> Option<usize> {
    numbers.iter().position(|number| number % POWER != 0)
}

fn divide(numbers: &mut [i64], zeros: u32) {
    powers!(zeros, divide_by(numbers), ());
}

fn divide_by<const POWER: i64>(numbers: &mut [i64]) {
    for number in numbers {
        *number /= POWER;
    }
}

fn long_zeros(numbers: &[i128], most: u32) -> u32 {
    let mut zeros = most.min(38);
    for number in numbers {
        while zeros > 0 && number % 10_i128.pow(zeros) != 0 {
            zeros -= 1;
        }
    }
    if numbers.is_empty() { most } else { zeros }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_settle_on_the_smallest_scale() {
        type Case<'c> = (&'c [i64], &'c [i64], u32, Option<(u32, i128, i128)>);
        let cases: [Case<'_>; 8] = [
            (&[5_230_000, 100], &[], 4, Some((2, 1, 52_300))),
            (&[5_230_000], &[7], 4, Some((4, 7, 5_230_000))),
            (&[0], &[0, -40_000], 4, Some((0, -4, 0))),
            (&[], &[], 4, Some((0, 0, 0))),
            (&[0, 0], &[], 30, Some((0, 0, 0))),
            (&[i64::MIN, i64::MAX], &[], 0, Some((0, i64::MIN.into(), i64::MAX.into()))),
            (&[1], &[], 29, None),
            (&[100], &[], 30, Some((28, 1, 1))),
        ];
        for (dictionary, plain, scale, expected) in cases {
            for digits in [Digits::Signed64, Digits::Bytes(16), Digits::Bytes(8)] {
                let read = |numbers: &[i64]| {
                    let mut read = Numbers::new(digits);
                    let bytes: Vec<u8> = numbers
                        .iter()
                        .flat_map(|number| match digits {
                            Digits::Bytes(16) => i128::from(*number).to_be_bytes().to_vec(),
                            Digits::Bytes(_) => number.to_be_bytes().to_vec(),
                            _ => number.to_le_bytes().to_vec(),
                        })
                        .collect();
                    read.read(&bytes, numbers.len()).unwrap();
                    assert!(read.read(&bytes, numbers.len() + 1).is_err());
                    read
                };
                let settled = Numbers::settle(read(dictionary), read(plain), scale);
                let found = settled.map(|it| (it.scale, it.ends.0, it.ends.1));
                assert_eq!(found, expected, "{dictionary:?} {plain:?} {scale} {digits:?}");
            }
        }
    }
}
