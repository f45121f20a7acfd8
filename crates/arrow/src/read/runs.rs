//! Parquet's runs: numbers of few bits, packed or repeated.
//!
//! Enters: bytes of the hybrid encoding. Leaves: runs, and what their numbers stand for. The one
//! idea: the width is known when a run begins, so that eight numbers are cut out of fixed places.
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
    /// Bytes that begin with so many numbers.
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
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Run<'b>>, &'static str> {
        if self.left == 0 {
            return Ok(None);
        }
        let run = self.run().ok_or("a run is cut short")?;
        let (Run::Repeated(_, count) | Run::Packed(_, count)) = run;
        self.left -= count;
        Ok(Some(run))
    }

    #[inline]
    fn run(&mut self) -> Option<Run<'b>> {
        let head = self.head()?;
        let count = usize::try_from(head >> 1).ok()?;
        if head & 1 == 1 {
            let all = count.checked_mul(8)?;
            let (count, width) = (all.min(self.left), usize::from(self.width));
            // The last run may leave its last bytes out.
            let least = count.checked_mul(width)?.div_ceil(8);
            let bytes = self.bytes;
            let whole = (all / 8).checked_mul(width)?;
            self.bytes = bytes.get(whole..).unwrap_or_default();
            return (bytes.len() >= least && count > 0).then_some(Run::Packed(bytes, count));
        }
        let (bytes, rest) = self.bytes.split_at_checked(usize::from(self.width).div_ceil(8))?;
        self.bytes = rest;
        let value = bytes.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte));
        (count > 0).then_some(Run::Repeated(value, count.min(self.left)))
    }

    /// The head of a run: seven bits a byte, the lowest first.
    #[inline]
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

/// Unpacks numbers of `width` bits, as many as there is room for, and says what each stands for.
/// Whether each stands for something.
pub(super) fn unpack<T>(
    bytes: &[u8],
    width: u8,
    room: &mut [T],
    value: &impl Fn(u32) -> Option<T>,
) -> bool {
    macro_rules! widths {
        ($($width:literal)*) => {
            match width {
                $($width => unpack_of::<$width, T>(bytes, room, value),)*
                _ => unpack_of::<0, T>(&[], room, value),
            }
        };
    }
    widths!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32)
}

/// As [`unpack`], behind some numbers that are passed over.
pub(super) fn unpack_behind<T: Copy + Default>(
    bytes: &[u8],
    width: u8,
    passed: usize,
    room: &mut [T],
    value: &impl Fn(u32) -> Option<T>,
) -> bool {
    // Eight numbers begin with a byte.
    let (eights, within, width_of) = (passed / 8, passed % 8, usize::from(width));
    let bytes = bytes.get(eights * width_of..).unwrap_or_default();
    if within == 0 {
        return unpack(bytes, width, room, value);
    }
    let (mut first, count) = ([T::default(); 8], (8 - within).min(room.len()));
    let (head, rest) = room.split_at_mut_checked(count).unwrap_or_default();
    let is_sound = unpack(bytes, width, first.get_mut(..within + count).unwrap_or_default(), value);
    for (to, from) in head.iter_mut().zip(first.iter().skip(within)) {
        *to = *from;
    }
    is_sound & unpack(bytes.get(width_of..).unwrap_or_default(), width, rest, value)
}

fn unpack_of<const WIDTH: usize, T>(
    bytes: &[u8],
    room: &mut [T],
    value: &impl Fn(u32) -> Option<T>,
) -> bool {
    let (mut left, mut is_sound) = (bytes, true);
    let (eights, rest) = room.as_chunks_mut::<8>();
    for eight in eights {
        if let Some(window) = left.first_chunk::<WINDOW>() {
            is_sound &= eight_of::<WIDTH, T>(window, eight, value);
        } else {
            is_sound &= eight_of::<WIDTH, T>(&padded(left), eight, value);
        }
        left = left.get(WIDTH..).unwrap_or_default();
    }
    is_sound & eight_of::<WIDTH, T>(&padded(left), rest, value)
}

/// The beginning of some bytes, with zeros behind the last.
fn padded(bytes: &[u8]) -> [u8; WINDOW] {
    let mut window = [0; WINDOW];
    window.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    window
}

/// At most eight numbers that stand at the beginning.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the mask leaves at most 32 bits")]
fn eight_of<const WIDTH: usize, T>(
    window: &[u8; WINDOW],
    room: &mut [T],
    value: &impl Fn(u32) -> Option<T>,
) -> bool {
    let (mask, mut is_sound) = ((1_u64 << WIDTH) - 1, true);
    for (place, to) in room.iter_mut().enumerate().take(8) {
        let (byte, shift) = (place * WIDTH / 8, place * WIDTH % 8);
        let word = window.get(byte..).and_then(|rest| rest.first_chunk::<8>());
        let word = word.map_or(0, |word| u64::from_le_bytes(*word));
        match value((word >> shift & mask) as u32) {
            Some(value) => *to = value,
            None => is_sound = false,
        }
    }
    is_sound
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
                Run::Packed(bytes, count) => {
                    let mut some = vec![0; count];
                    assert!(unpack(bytes, width, &mut some, &Some));
                    for passed in [0, 1, 7, 8, 11].map(|it: usize| it.min(count)) {
                        let mut behind = vec![0; count - passed];
                        assert!(unpack_behind(bytes, width, passed, &mut behind, &Some));
                        assert_eq!(behind, some[passed..]);
                    }
                    all.extend(some);
                }
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
