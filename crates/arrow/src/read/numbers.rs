//! Numbers as pages hold them, brought to one scale and width.
//!
//! Enters: bytes of Parquet's plain encoding. Leaves: whole numbers at the smallest scale that
//! holds all of them. The one idea: zeros that all numbers end with are taken off, so that columns
//! become as narrow as their data. Invariant: no number changes.

use chitieu::number::Decimal;
use chitieu::snapshot::Raw;

use super::kinds;

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

/// How a number stands in its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Digits {
    Signed32,
    Unsigned32,
    #[default]
    Signed64,
    Unsigned64,
    /// So many bytes, the highest first.
    Bytes(usize),
}

/// Whole numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    digits: Digits,
    /// All of them, where all have up to 64 bits.
    short: Vec<i64>,
    /// All of them, where some have more, up to 128 bits.
    long: Vec<i128>,
}

/// The scale that numbers settle on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Settled {
    /// So many zeros are taken off each number.
    zeros: u32,
    pub(super) scale: u32,
    pub(super) ends: (i128, i128),
}

impl Numbers {
    /// Takes all numbers out; those that come stand so in their bytes.
    pub(super) fn begin(&mut self, digits: Digits) {
        self.digits = digits;
        self.short.clear();
        self.long.clear();
    }

    pub(super) const fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// Reads so many numbers more.
    pub(super) fn read(&mut self, bytes: &[u8], count: usize) -> Result<(), &'static str> {
        let width = match self.digits {
            Digits::Signed32 | Digits::Unsigned32 => 4,
            Digits::Signed64 | Digits::Unsigned64 => 8,
            Digits::Bytes(width) => width,
        };
        let end = count.checked_mul(width).ok_or("too many numbers")?;
        let bytes = bytes.get(..end).ok_or("a page is cut short")?;
        match self.digits {
            Digits::Signed32 => {
                self.add(bytes.as_chunks().0, |four| i32::from_le_bytes(*four).into());
            }
            Digits::Unsigned32 => {
                self.add(bytes.as_chunks().0, |four| u32::from_le_bytes(*four).into());
            }
            Digits::Signed64 if self.long.is_empty() => {
                let each = bytes.as_chunks().0.iter();
                self.short.extend(each.map(|eight| i64::from_le_bytes(*eight)));
            }
            Digits::Signed64 => {
                self.add(bytes.as_chunks().0, |eight| i64::from_le_bytes(*eight).into());
            }
            Digits::Unsigned64 => {
                self.add(bytes.as_chunks().0, |eight| u64::from_le_bytes(*eight).into());
            }
            Digits::Bytes(16) => {
                self.add(bytes.as_chunks().0, |sixteen| i128::from_be_bytes(*sixteen));
            }
            Digits::Bytes(8) => {
                self.add(bytes.as_chunks().0, |eight| i64::from_be_bytes(*eight).into());
            }
            Digits::Bytes(width) => {
                for number in bytes.chunks_exact(width).map(signed) {
                    self.push(number);
                }
            }
        }
        Ok(())
    }

    fn add<const N: usize>(&mut self, each: &[[u8; N]], number: impl Fn(&[u8; N]) -> i128) {
        for bytes in each {
            self.push(number(bytes));
        }
    }

    #[inline]
    fn push(&mut self, number: i128) {
        match i64::try_from(number) {
            Ok(short) if self.long.is_empty() => self.short.push(short),
            _ => {
                self.long.extend(self.short.drain(..).map(i128::from));
                self.long.push(number);
            }
        }
    }

    /// The smallest scale that holds all numbers of a column; nothing where one is no number of
    /// ours.
    pub(super) fn settle(dictionary: &Self, plain: &Self, scale: u32) -> Option<Settled> {
        let both = [dictionary, plain];
        // The first numbers mostly tell with how many zeros all of them end.
        let guess = both.iter().fold(scale, |zeros, numbers| {
            let first = numbers.short.get(..SOME).unwrap_or(&numbers.short);
            long_zeros(&numbers.long, common_zeros(first, zeros))
        });
        let sure = || both.iter().fold(guess, |zeros, it| common_zeros(&it.short, zeros));
        let ends = |zeros| Some((zeros, dictionary.ends(zeros)?, plain.ends(zeros)?));
        let (zeros, first, second) = ends(guess).or_else(|| ends(sure()))?;
        let ends = first.into_iter().chain(second).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let (min, max) = ends.unwrap_or((0, 0));
        // A scale beyond all digits needs zeros at the end to be a number at all.
        let (scale, power) = (scale - zeros, 10_i128.checked_pow(zeros)?);
        let places = i8::try_from(scale).ok()?;
        let is_ours =
            |number: i128| matches!(kinds::number(number / power, places), Raw::Number(_));
        let fits = |end: i128| Decimal::from_parts(end, scale).is_some();
        let mut all = both.iter().flat_map(|numbers| {
            numbers.short.iter().map(|it| i128::from(*it)).chain(numbers.long.iter().copied())
        });
        let settled = Settled { zeros, scale, ends: (min, max) };
        (fits(min) && fits(max) || all.all(is_ours)).then_some(settled)
    }

    /// The smallest and the largest number without so many zeros, where there is one; nothing where
    /// some number does not end with them.
    #[expect(clippy::option_option, reason = "there may be no number, and there may be no end")]
    fn ends(&self, zeros: u32) -> Option<Option<(i128, i128)>> {
        if self.long.is_empty() {
            if zeros > MOST_ZEROS && self.short.iter().any(|number| *number != 0) {
                return None;
            }
            let ends = powers!(zeros, ends_of(&self.short), without_zeros(&self.short))?;
            return Some(ends.map(|(min, max)| (min.into(), max.into())));
        }
        let power = 10_i128.checked_pow(zeros)?;
        let ends = self.long.iter().min().zip(self.long.iter().max());
        Some(ends.map(|(min, max)| (min / power, max / power)))
    }

    /// The numbers without their zeros, in a width that holds all of them.
    pub(super) fn narrow<T: Width>(&self, settled: &Settled, out: &mut [T]) {
        if !self.long.is_empty() {
            let power = 10_i128.checked_pow(settled.zeros).unwrap_or(1);
            for (to, number) in out.iter_mut().zip(&self.long) {
                *to = T::try_from(number / power).unwrap_or_default();
            }
            return;
        }
        let copied = |out: &mut [T]| {
            out.iter_mut().zip(&self.short).for_each(|(to, number)| *to = T::cut(*number));
        };
        powers!(settled.zeros, cut(&self.short, out), copied(out));
    }
}

/// No number of 64 bits but zero ends with more.
const MOST_ZEROS: u32 = 18;

/// So many numbers tell what all are like.
const SOME: usize = 64;

/// A width of whole numbers.
pub(super) trait Width: Copy + Default + TryFrom<i128> {
    /// A number that it holds.
    fn cut(number: i64) -> Self;
}

macro_rules! widths {
    ($($width:ident)*) => {$(
        impl Width for $width {
            #[allow(clippy::allow_attributes, reason = "not every width is cut")]
            #[allow(clippy::cast_possible_truncation, reason = "all numbers were seen to fit")]
            #[allow(clippy::cast_lossless, reason = "one text for all widths")]
            #[inline]
            fn cut(number: i64) -> Self {
                number as Self
            }
        }
    )*};
}
widths!(i16 i32 i64 i128);

/// A number of at most 16 bytes, the highest first.
pub(super) fn signed(bytes: &[u8]) -> i128 {
    let sign = bytes.first().map_or(0, |byte| if byte & 0x80 == 0 { 0 } else { -1 });
    bytes.iter().fold(sign, |number, byte| number << 8 | i128::from(*byte))
}

/// With how many zeros all numbers end, of at most so many.
fn common_zeros(numbers: &[i64], most: u32) -> u32 {
    if numbers.iter().all(|number| *number == 0) {
        return most;
    }
    let (mut zeros, mut rest) = (most.min(MOST_ZEROS), numbers);
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

/// What five to the power of the zeros of this number is multiplied with to give one, and how many
/// bits are zero beside them. A number that ends with these zeros is divided so without a division.
const fn inverse(power: i64) -> (i64, u32) {
    let bits = power.trailing_zeros();
    let odd = power >> bits;
    let (mut inverse, mut round) = (odd, 0);
    // Each round doubles the bits that are right, of which three are from the beginning.
    while round < 5 {
        inverse = inverse.wrapping_mul(2_i64.wrapping_sub(odd.wrapping_mul(inverse)));
        round += 1;
    }
    (inverse, bits)
}

#[inline]
const fn divided<const POWER: i64>(number: i64) -> i64 {
    let (inverse, bits) = const { inverse(POWER) };
    (number >> bits).wrapping_mul(inverse)
}

/// The ends of all numbers divided; nothing where one has a rest.
#[expect(clippy::option_option, reason = "there may be no number, and there may be no end")]
fn ends_of<const POWER: i64>(numbers: &[i64]) -> Option<Option<(i64, i64)>> {
    const { assert!(POWER > 1, "there is nothing to divide by") };
    let most = const { i64::MAX / POWER };
    let low = const { (1 << inverse(POWER).1) - 1 };
    let (mut rest, mut min, mut max) = (0, i64::MAX, i64::MIN);
    for number in numbers {
        let share = divided::<POWER>(*number);
        rest |= *number & low;
        (min, max) = (min.min(share), max.max(share));
    }
    // What has a rest comes to more than any number has without one.
    let all = (-most..=most).contains(&min) && (-most..=most).contains(&max) && rest == 0;
    if numbers.is_empty() {
        return Some(None);
    }
    all.then_some(Some((min, max)))
}

/// The ends of numbers from which no zeros are taken, or that are zero.
#[expect(clippy::option_option, reason = "as of those that are divided")]
#[expect(clippy::unnecessary_wraps, reason = "as of those that are divided")]
fn without_zeros(numbers: &[i64]) -> Option<Option<(i64, i64)>> {
    Some(numbers.iter().min().copied().zip(numbers.iter().max().copied()))
}

fn cut<const POWER: i64>(numbers: &[i64], out: &mut [impl Width]) {
    for (to, number) in out.iter_mut().zip(numbers) {
        *to = Width::cut(divided::<POWER>(*number));
    }
}

fn long_zeros(numbers: &[i128], most: u32) -> u32 {
    if numbers.is_empty() {
        return most;
    }
    let (mut zeros, mut power) = (most.min(38), 10_i128.pow(most.min(38)));
    for number in numbers {
        while zeros > 0 && number % power != 0 {
            (zeros, power) = (zeros - 1, power / 10);
        }
    }
    zeros
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
                    let mut read = Numbers::default();
                    read.begin(digits);
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
                let settled = Numbers::settle(&read(dictionary), &read(plain), scale);
                let found = settled.map(|it| (it.scale, it.ends.0, it.ends.1));
                assert_eq!(found, expected, "{dictionary:?} {plain:?} {scale} {digits:?}");
            }
        }
    }

    #[test]
    fn what_is_divided_comes_back_and_rests_are_seen() {
        let powers: Vec<i64> = (0..=18).map(|zeros| 10_i64.pow(zeros)).collect();
        let mut seed = 1_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            (seed ^ seed >> 29).cast_signed()
        };
        for zeros in 0..=18_u32 {
            let power = powers[zeros as usize];
            let most = i64::MAX / power;
            let mut shares: Vec<i64> = (0..200).map(|_| next() % most.max(2)).collect();
            shares.extend([0, 1, -1, most, -most]);
            shares.retain(|share| share.checked_mul(power).is_some());
            let short = shares.iter().map(|share| share * power).collect();
            let mut numbers = Numbers { short, ..Numbers::default() };
            let ends = (*shares.iter().min().unwrap(), *shares.iter().max().unwrap());
            assert_eq!(numbers.ends(zeros), Some(Some((ends.0.into(), ends.1.into()))), "{zeros}");
            let mut found = vec![0_i64; shares.len()];
            numbers.narrow(&Settled { zeros, scale: 0, ends: (0, 0) }, &mut found);
            assert_eq!(found, shares, "{zeros}");
            for _ in 0..200 {
                let number = next();
                numbers.short.push(number);
                let has_rest = number % power != 0;
                assert_eq!(numbers.ends(zeros).is_none(), has_rest, "{number} {zeros}");
                numbers.short.pop();
            }
        }
    }

    #[test]
    fn numbers_of_all_lengths_are_read() {
        for (digits, bytes, expected) in [
            (Digits::Signed32, vec![0xfe, 0xff, 0xff, 0xff], -2),
            (Digits::Unsigned32, vec![0xfe, 0xff, 0xff, 0xff], 0xffff_fffe),
            (Digits::Unsigned64, vec![0xfe, 255, 255, 255, 255, 255, 255, 255], u64::MAX.into()),
            (Digits::Signed64, vec![0xfe, 255, 255, 255, 255, 255, 255, 255], -2),
            (Digits::Bytes(3), vec![0xff, 0, 0], -65_536),
            (Digits::Bytes(9), vec![1, 0, 0, 0, 0, 0, 0, 0, 0], 1 << 64),
            (Digits::Bytes(16), vec![255; 16], -1),
        ] {
            let expected: i128 = if expected == u64::MAX.into() { expected - 1 } else { expected };
            let mut numbers = Numbers::default();
            numbers.begin(digits);
            // Between short numbers long ones keep their places.
            let zeros = vec![0; bytes.len()];
            numbers.read(&zeros, 1).unwrap();
            numbers.read(&[bytes, zeros].concat(), 2).unwrap();
            let mut found = vec![9_i128; 3];
            numbers.narrow(&Settled { zeros: 0, scale: 0, ends: (0, 0) }, &mut found);
            assert_eq!((found, numbers.len()), (vec![0, expected, 0], 3), "{digits:?}");
        }
    }
}
