//! Which rows of a column have a value, gathered from levels.
//!
//! Enters: Parquet's levels of a page, each nought or one. Leaves: bits in Arrow's order. The one
//! idea: packed levels are such bits already.

use std::ops::Range;

use chitieu::snapshot::{Bits, Buffer};

use super::runs::{Run, Runs};

/// Bits being gathered.
#[derive(Debug, Default)]
pub(super) struct Validity {
    bytes: Vec<u8>,
    len: usize,
    set: usize,
}

impl Validity {
    /// How many are set.
    pub(super) const fn set(&self) -> usize {
        self.set
    }

    /// Adds the levels of a page.
    pub(super) fn levels(&mut self, levels: &[u8], count: usize) -> Result<(), &'static str> {
        let mut runs = Runs::new(levels, 1, count);
        while let Some(run) = runs.next()? {
            match run {
                Run::Repeated(level, times) => self.repeat(level & 1 == 1, times),
                Run::Packed(bytes, count) => self.pack(bytes, count),
            }
        }
        Ok(())
    }

    /// Adds the same bit many times.
    pub(super) fn repeat(&mut self, bit: bool, times: usize) {
        let end = self.len + times;
        let fill = if bit { u8::MAX } else { 0 };
        if let Some(last) = self.bytes.last_mut().filter(|_| !self.len.is_multiple_of(8)) {
            *last |= fill << (self.len % 8);
        }
        self.bytes.resize(end.div_ceil(8), fill);
        self.len = end;
        self.cut();
        self.set += if bit { times } else { 0 };
    }

    fn pack(&mut self, bytes: &[u8], count: usize) {
        let shift = self.len % 8;
        if shift == 0 {
            self.bytes.extend_from_slice(bytes);
        } else {
            for byte in bytes {
                if let Some(last) = self.bytes.last_mut() {
                    *last |= byte << shift;
                }
                self.bytes.push(byte >> (8 - shift));
            }
        }
        self.len += count;
        self.bytes.truncate(self.len.div_ceil(8));
        self.cut();
        let whole = bytes
            .iter()
            .map(|byte| byte.count_ones())
            .fold(0_usize, |all, ones| all + usize::try_from(ones).unwrap_or(0));
        let over = bytes.len() * 8 - count.min(bytes.len() * 8);
        let beyond = bytes
            .last()
            .filter(|_| over > 0)
            .map_or(0, |byte| (u32::from(*byte) >> (8 - over.min(8))).count_ones());
        self.set += whole - usize::try_from(beyond).unwrap_or(0);
    }

    /// Clears what stands behind the last bit.
    fn cut(&mut self) {
        let used = self.len % 8;
        if let Some(last) = self.bytes.last_mut().filter(|_| used != 0) {
            *last &= u8::MAX >> (8 - used);
        }
    }

    /// Puts the values of a range of rows at their places; a row without one gets `filler`.
    pub(super) fn spread<T: Copy>(
        &self,
        rows: Range<usize>,
        dense: &[T],
        filler: T,
        out: &mut Vec<T>,
    ) {
        let mut next = dense.iter();
        let byte = |row: usize| self.bytes.get(row / 8).copied().unwrap_or(0);
        let end = rows.end.min(self.len);
        let mut row = rows.start;
        while row < end {
            let bits = byte(row) >> (row % 8);
            let count = (8 - row % 8).min(end - row);
            if count == 8
                && bits == u8::MAX
                && let Some((eight, _)) = next.as_slice().split_first_chunk::<8>()
            {
                out.extend_from_slice(eight);
                next = next.as_slice().get(8..).unwrap_or_default().iter();
            } else {
                for bit in 0..count {
                    let value = if bits >> bit & 1 == 1 { next.next() } else { None };
                    out.push(value.copied().unwrap_or(filler));
                }
            }
            row += count;
        }
    }

    /// The bits; nothing where all are set.
    pub(super) fn finish(self) -> Option<Bits> {
        if self.set == self.len {
            return None;
        }
        Bits::new(Buffer::from(self.bytes), 0, self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_those_that_were_added() {
        let mut seed = 88_172_645_463_325_252_u64;
        for _ in 0..300 {
            let (mut validity, mut expected) = (Validity::default(), Vec::new());
            for _ in 0..6 {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                let (count, bytes) = ((seed >> 8) as usize % 21, seed.to_le_bytes());
                if seed.is_multiple_of(3) {
                    validity.repeat(seed.is_multiple_of(2), count);
                    expected.extend(std::iter::repeat_n(seed.is_multiple_of(2), count));
                } else {
                    validity.pack(&bytes[..count.div_ceil(8)], count);
                    expected.extend((0..count).map(|bit| bytes[bit / 8] >> (bit % 8) & 1 == 1));
                }
            }
            let set = expected.iter().filter(|bit| **bit).count();
            assert_eq!(validity.set(), set);
            let dense: Vec<usize> = (0..set).collect();
            let (mut out, mut all) = (Vec::new(), Vec::new());
            for from in [0, expected.len() / 2] {
                let before = expected[..from].iter().filter(|bit| **bit).count();
                out.clear();
                validity.spread(from..expected.len(), &dense[before..], 999, &mut out);
                all.clear();
                let mut next = before..;
                all.extend(expected[from..].iter().map(|bit| match bit {
                    true => next.next().unwrap(),
                    false => 999,
                }));
                assert_eq!(out, all);
            }
            match validity.finish() {
                None => assert_eq!(set, expected.len()),
                Some(bits) => {
                    let found: Vec<bool> = (0..bits.len()).map(|row| bits.get(row)).collect();
                    assert_eq!(found, expected);
                }
            }
        }
    }
}
