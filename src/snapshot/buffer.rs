//! Shared memory of columns: values and bits that may be lent by somebody else.
//!
//! Enters: a vector, or any owner of a slice (an Arrow buffer is one). Leaves: cheap views of it.
//! The one idea: a column does not care who owns its memory, so that readers lend theirs without
//! a copy. Invariant: bits stand in Arrow's order, the least significant bit of a byte first.

use std::fmt;
use std::sync::Arc;

/// A view of values that somebody owns; cloning and slicing copy nothing.
///
/// ```
/// use chitieu::snapshot::Buffer;
/// let all = Buffer::from(vec![1_i16, 2, 3]);
/// assert_eq!(all.slice(1, 2).as_slice(), [2, 3]);
/// ```
#[derive(Clone)]
pub struct Buffer<T: 'static> {
    owner: Arc<dyn AsRef<[T]> + Send + Sync>,
    start: usize,
    len: usize,
}

impl<T> Buffer<T> {
    /// A view of all that an owner lends. The owner must always lend the same values.
    pub fn lent(owner: Arc<dyn AsRef<[T]> + Send + Sync>) -> Self {
        let len = owner.as_ref().as_ref().len();
        Self { owner, start: 0, len }
    }

    /// The values.
    pub fn as_slice(&self) -> &[T] {
        let all = self.owner.as_ref().as_ref();
        all.get(self.start..self.start + self.len).unwrap_or_default()
    }

    /// How many values there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The values from `start` on, at most `len` of them.
    #[must_use]
    pub fn slice(&self, start: usize, len: usize) -> Self {
        let start = start.min(self.len);
        let len = len.min(self.len - start);
        Self { owner: Arc::clone(&self.owner), start: self.start + start, len }
    }
}

impl<T: Send + Sync> From<Vec<T>> for Buffer<T> {
    fn from(values: Vec<T>) -> Self {
        Self::lent(Arc::new(values))
    }
}

impl<T: fmt::Debug> fmt::Debug for Buffer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.as_slice()).finish()
    }
}

/// A row of bits.
#[derive(Debug, Clone)]
pub struct Bits {
    bytes: Buffer<u8>,
    /// The first bit that belongs to it.
    start: usize,
    len: usize,
}

impl Bits {
    /// `len` bits from the bit `start` on; nothing where the bytes hold fewer.
    pub fn new(bytes: Buffer<u8>, start: usize, len: usize) -> Option<Self> {
        let enough = start.checked_add(len)?.div_ceil(8) <= bytes.len();
        enough.then_some(Self { bytes, start, len })
    }

    /// `len` bits, all of them set but those of these rows.
    pub(super) fn without(len: usize, rows: impl Iterator<Item = u32>) -> Self {
        let mut bytes = vec![u8::MAX; len.div_ceil(8)];
        for row in rows {
            if let Some(byte) = bytes.get_mut(row as usize / 8) {
                *byte &= !(1 << (row % 8));
            }
        }
        Self { bytes: Buffer::from(bytes), start: 0, len }
    }

    /// How many bits there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bit of a row; false past the end.
    pub fn get(&self, row: usize) -> bool {
        let at = self.start + row;
        let byte = self.bytes.as_slice().get(at / 8).copied().unwrap_or(0);
        row < self.len && byte >> (at % 8) & 1 == 1
    }

    /// The bits from `start` on, at most `len` of them.
    #[must_use]
    pub fn slice(&self, start: usize, len: usize) -> Self {
        let start = start.min(self.len);
        let len = len.min(self.len - start);
        Self { bytes: self.bytes.clone(), start: self.start + start, len }
    }

    /// The bits, 64 at a time, the first in the lowest place. What the last word holds past the
    /// end has no meaning.
    pub fn words(&self) -> impl Iterator<Item = u64> + '_ {
        let lent = self.lent();
        (0..self.len.div_ceil(64)).map(move |word| lent.word(word))
    }

    /// The memory that they stand in.
    pub(crate) fn lent(&self) -> LentBits<'_> {
        let bytes = self.bytes.as_slice().get(self.start / 8..).unwrap_or_default();
        LentBits { bytes, shift: self.start % 8 }
    }
}

/// The memory of bits, for those who go through many of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LentBits<'a> {
    /// Begins with the byte of the first bit.
    pub(crate) bytes: &'a [u8],
    /// The place of the first bit in its byte.
    pub(crate) shift: usize,
}

impl LentBits<'_> {
    /// The bits from `64 · word` on, the first in the lowest place; zeros past the end.
    #[inline]
    pub(crate) fn word(self, word: usize) -> u64 {
        let rest = self.bytes.get(word * 8..).unwrap_or_default();
        let low = eight(rest);
        if self.shift == 0 {
            return low;
        }
        let ninth = u64::from(rest.get(8).copied().unwrap_or(0));
        low >> self.shift | ninth << (64 - self.shift)
    }
}

/// The first eight bytes as one word; bytes that are not there are zero.
#[inline]
fn eight(bytes: &[u8]) -> u64 {
    if let Some(whole) = bytes.first_chunk::<8>() {
        return u64::from_le_bytes(*whole);
    }
    let mut padded = [0_u8; 8];
    for (to, from) in padded.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_le_bytes(padded)
}

/// Bits being gathered.
#[derive(Debug, Clone, Default)]
pub(super) struct BitsBuilder {
    bytes: Vec<u8>,
    len: usize,
}

impl BitsBuilder {
    pub(super) fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (self.len % 8);
        }
        self.len += 1;
    }

    pub(super) fn finish(self) -> Bits {
        Bits { bytes: Buffer::from(self.bytes), start: 0, len: self.len }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(text: &str) -> Bits {
        let mut builder = BitsBuilder::default();
        text.chars().for_each(|c| builder.push(c == '1'));
        builder.finish()
    }

    #[test]
    fn slices_stay_within_their_owner() {
        let all = Buffer::from(vec![1_i64, 2, 3, 4]);
        for (start, len, expected) in
            [(0, 4, &[1, 2, 3, 4][..]), (1, 2, &[2, 3]), (3, 9, &[4]), (9, 9, &[]), (4, 0, &[])]
        {
            assert_eq!(all.slice(start, len).as_slice(), expected, "{start} {len}");
            assert_eq!(all.slice(1, 3).slice(start, len).len(), len.min(3 - start.min(3)));
        }
    }

    #[test]
    fn words_are_the_bits_whatever_the_first() {
        let text: String = (0..300_u32).map(|i| char::from(b'0' + u8::from(i % 7 < 3))).collect();
        let all = bits(&text);
        for start in [0, 1, 7, 8, 63, 64, 65, 200, 299, 300, 400] {
            let view = all.slice(start, 130);
            let words: Vec<u64> = view.words().collect();
            assert_eq!(words.len(), view.len().div_ceil(64), "{start}");
            for row in 0..view.len() {
                let expected = text.as_bytes()[start + row] == b'1';
                assert_eq!(view.get(row), expected, "{start} {row}");
                assert_eq!(words[row / 64] >> (row % 64) & 1 == 1, expected, "{start} {row}");
            }
            assert!(!view.get(view.len()));
        }
    }

    #[test]
    fn too_few_bytes_are_refused() {
        let bytes = Buffer::from(vec![0xff_u8; 2]);
        assert!(Bits::new(bytes.clone(), 3, 13).is_some());
        assert!(Bits::new(bytes.clone(), 4, 13).is_none());
        assert!(Bits::new(bytes, usize::MAX, 2).is_none());
    }
}
