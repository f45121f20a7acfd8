//! Parquet's runs: numbers of few bits, packed or repeated.
//!
//! Enters: bytes of the hybrid encoding. Leaves: runs, and their numbers unpacked. The one idea:
//! the width is known when a run begins, so that eight numbers are cut out of fixed places.
//! Invariant: no run gives more numbers than its bytes hold, and none is longer than asked for.

/// More bits than this no number has.
pub(super) const WIDEST: u8 = 32;

/// Eight numbers are cut out of so many bytes; the widest have 32, and eight are read at once.
const WINDOW: usize = 40;

/// Numbers that stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run<'b> {
    /// One number, so many times.
    Repeated(u32, usize),
    /// Bytes that hold so many numbers.
    Packed(&'b [u8], usize),
}

/// Runs, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Runs<'b> {
    bytes: &'b [u8],
    width: u8,
    /// So many numbers are still asked for.
    left: usize,
}

impl<'b> Runs<'b> {
    /// The first `count` numbers of `width` bits.
    pub(super) const fn new(bytes: &'b [u8], width: u8, count: usize) -> Self {
        Self { bytes, width, left: count }
    }

    /// The next run; nothing at the end. An error where the bytes end before the numbers.
    pub(super) fn next(&mut self) -> Result<Option<Run<'b>>, &'static str> {
        if self.left == 0 {
            return Ok(None);
        }
        let run = self.run().ok_or("a run is cut short")?;
        let (Run::Repeated(_, count) | Run::Packed(_, count)) = run;
        self.left -= count;
        Ok(Some(run))
    }

    fn run(&mut self) -> Option<Run<'b>> {
        let head = self.head()?;
        let count = usize::try_from(head >> 1).ok()?;
        if head & 1 == 1 {
            let count = count.checked_mul(8)?.min(self.left);
            // The last run may leave its last bytes out.
            let most = count.checked_mul(self.width.into())?.div_ceil(8);
            let (bytes, rest) = self.bytes.split_at_checked(most.min(self.bytes.len()))?;
            let whole = usize::try_from(head >> 1).ok()?.checked_mul(self.width.into())?;
            self.bytes = rest.get(whole.saturating_sub(most)..).unwrap_or_default();
            return (bytes.len() == most && count > 0).then_some(Run::Packed(bytes, count));
        }
        let (bytes, rest) = self.bytes.split_at_checked(usize::from(self.width).div_ceil(8))?;
        self.bytes = rest;
        let mut value = [0; 4];
        for (to, from) in value.iter_mut().zip(bytes) {
            *to = *from;
        }
        (count > 0).then_some(Run::Repeated(u32::from_le_bytes(value), count.min(self.left)))
    }

    /// The head of a run: seven bits a byte, the lowest first.
    fn head(&mut self) -> Option<u64> {
        let (mut head, mut shift) = (0_u64, 0_u32);
        loop {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            head |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return (shift <= 28).then_some(head);
            }
            shift += 7;
        }
    }
}

/// Unpacks `count` numbers of `width` bits, and gives them on, some at a time.
pub(super) fn unpack<E>(
    bytes: &[u8],
    width: u8,
    count: usize,
    give: &mut impl FnMut(&[u32]) -> Result<(), E>,
) -> Result<(), E> {
    macro_rules! widths {
        ($($width:literal)*) => {
            match width {
                $($width => unpack_of::<$width, E>(bytes, count, give),)*
                _ => unpack_of::<0, E>(&[], count, give),
            }
        };
    }
    widths!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32)
}

fn unpack_of<const WIDTH: usize, E>(
    bytes: &[u8],
    count: usize,
    give: &mut impl FnMut(&[u32]) -> Result<(), E>,
) -> Result<(), E> {
    const SOME: usize = 512;
    let (mut rest, mut left, mut numbers) = (bytes, count, [0_u32; SOME]);
    while left > 0 {
        for eight in numbers.as_chunks_mut::<8>().0.iter_mut().take(left.div_ceil(8)) {
            if let Some(window) = rest.first_chunk::<WINDOW>() {
                *eight = eight_of::<WIDTH>(window);
            } else {
                let mut window = [0; WINDOW];
                window.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                *eight = eight_of::<WIDTH>(&window);
            }
            rest = rest.get(WIDTH..).unwrap_or_default();
        }
        let some = left.min(SOME);
        give(numbers.get(..some).unwrap_or_default())?;
        left -= some;
    }
    Ok(())
}

/// Eight numbers that stand at the beginning.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the mask leaves at most 32 bits")]
fn eight_of<const WIDTH: usize>(window: &[u8; WINDOW]) -> [u32; 8] {
    let mask = (1_u64 << WIDTH) - 1;
    let mut numbers = [0; 8];
    for (place, number) in numbers.iter_mut().enumerate() {
        let (byte, shift) = (place * WIDTH / 8, place * WIDTH % 8);
        let word = window.get(byte..).and_then(|rest| rest.first_chunk::<8>());
        let word = word.map_or(0, |word| u64::from_le_bytes(*word));
        *number = (word >> shift & mask) as u32;
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers packed as Parquet packs them.
    fn packed(numbers: &[u32], width: u8) -> Vec<u8> {
        let mut bits: Vec<bool> = Vec::new();
        for number in numbers {
            bits.extend((0..width).map(|bit| number >> bit & 1 == 1));
        }
        bits.resize(bits.len().next_multiple_of(8), false);
        let byte = |bits: &[bool]| bits.iter().rev().fold(0, |all, bit| all << 1 | u8::from(*bit));
        bits.chunks(8).map(byte).collect()
    }

    fn all(bytes: &[u8], width: u8, count: usize) -> Result<Vec<u32>, &'static str> {
        let (mut runs, mut all) = (Runs::new(bytes, width, count), Vec::new());
        while let Some(run) = runs.next()? {
            match run {
                Run::Repeated(number, times) => all.extend(std::iter::repeat_n(number, times)),
                Run::Packed(bytes, count) => unpack(bytes, width, count, &mut |some| {
                    all.extend_from_slice(some);
                    Ok::<_, &'static str>(())
                })?,
            }
        }
        Ok(all)
    }

    #[test]
    fn numbers_come_back_whatever_their_width() {
        for width in 1..=WIDEST {
            for groups in [1_usize, 2, 7, 130] {
                let mask = u32::try_from((1_u64 << width) - 1).unwrap();
                let number = |place: u32| place.wrapping_mul(0x9e37_79b9) & mask;
                let numbers: Vec<u32> =
                    (0..u32::try_from(groups * 8).unwrap()).map(number).collect();
                // 11 times the mask, then packed.
                let mut bytes = vec![22];
                bytes.extend_from_slice(
                    mask.to_le_bytes().get(..usize::from(width).div_ceil(8)).unwrap(),
                );
                let head = groups << 1 | 1;
                if head < 0x80 {
                    bytes.push(u8::try_from(head).unwrap());
                } else {
                    let (low, high) = (head & 0x7f | 0x80, head >> 7);
                    bytes.extend([low, high].map(|byte| u8::try_from(byte).unwrap()));
                }
                bytes.extend(packed(&numbers, width));
                let mut expected = vec![mask; 11];
                expected.extend(numbers);
                for count in [1, 11, 12, expected.len()] {
                    let found = all(&bytes, width, count);
                    assert_eq!(found.as_deref(), Ok(&expected[..count]), "{width} {groups}");
                }
                assert!(all(&bytes, width, expected.len() + 1).is_err(), "{width} {groups}");
                let cut = bytes.len() - 1;
                assert!(all(&bytes[..cut], width, expected.len()).is_err(), "{width} {groups}");
            }
        }
    }

    #[test]
    fn broken_runs_are_faults() {
        let endless = [0xff; 12];
        for bytes in [&[][..], &[0], &[1], &[0x80], &endless, &[3]] {
            assert!(all(bytes, 3, 1).is_err(), "{bytes:?}");
        }
        assert_eq!(all(&[8], 0, 4), Ok(vec![0; 4]));
        assert_eq!(all(&[3], 0, 8), Ok(vec![0; 8]));
    }
}
