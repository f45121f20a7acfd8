//! Text cut behind the ends of lines.
//!
//! Enters: a stream. Leaves: chunks of it, each ending where a caller says that a cut may be. The
//! one idea: chunks share what was read at once, and only what stands behind the last cut in it is
//! moved, so that a byte is moved once at most. Invariant: chunks joined are the stream; buffers go
//! round and are never more than are being read.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// A chunk has about so many bytes.
pub(crate) const CHUNK: usize = 1 << 20;

/// A chunk has about so many lines at most.
pub(crate) const LINES: usize = 1 << 14;

/// How large chunks are: about so many bytes, and no more lines than these.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) bytes: usize,
    pub(crate) lines: usize,
}

/// Buffers that nobody uses.
type Spare = Arc<Mutex<Vec<Vec<u8>>>>;

/// Bytes are looked at when so many were read, or nearly twice as many, as long as they are near. A
/// stream copies what is read in smaller pieces.
const NEAR: usize = 1 << 18;

/// What was read at once. Its buffer goes back when nobody reads it any more.
#[derive(Debug)]
struct Lent {
    buffer: Vec<u8>,
    spare: Spare,
}

impl Drop for Lent {
    fn drop(&mut self) {
        // A buffer that had to grow is given up.
        if self.buffer.len() <= CHUNK {
            let buffer = std::mem::take(&mut self.buffer);
            self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
        }
    }
}

/// Some bytes of a stream.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    of: Arc<Lent>,
    range: Range<usize>,
    marks: Marks,
}

impl Chunk {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.of.buffer.get(self.range.clone()).unwrap_or_default()
    }

    pub(crate) const fn marks(&self) -> Marks {
        self.marks
    }

    /// So many bytes, and those behind them. Whatever is shorter is looked at again.
    fn split(self, at: usize, unmarked: Marks) -> (Self, Self) {
        let (front, back) = self.bytes().split_at_checked(at).unwrap_or((self.bytes(), &[]));
        let (mut before, mut behind) = (self.marks, self.marks);
        if front.len() < back.len() {
            before = unmarked;
            before.add(front);
            behind.newlines -= before.newlines;
        } else {
            behind = unmarked;
            behind.add(back);
            before.newlines -= behind.newlines;
        }
        let middle = self.range.start + front.len();
        let (start, end) = (self.range.start, self.range.end);
        let front = Self { range: start..middle, marks: before, of: Arc::clone(&self.of) };
        (front, Self { range: middle..end, marks: behind, ..self })
    }
}

/// What stands in some bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) newlines: usize,
    /// There may be a quote or a return.
    pub(crate) may_quote: bool,
}

impl Marks {
    fn add(&mut self, bytes: &[u8]) {
        self.newlines += newlines(bytes);
        self.may_quote = self.may_quote || memchr::memchr2(b'"', b'\r', bytes).is_some();
    }
}

/// How many newlines there are.
#[multiversion::multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt",
))]
pub(super) fn newlines(bytes: &[u8]) -> usize {
    count(bytes, |byte| byte == b'\n')
}

/// How many characters there are.
#[multiversion::multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt",
))]
pub(super) fn characters(bytes: &[u8]) -> usize {
    // The bytes behind the first of a character do not count.
    count(bytes, |byte| byte & 0xc0 != 0x80)
}

/// How many bytes are such. Whether few or many are, all are added up.
#[inline(always)]
#[expect(clippy::inline_always, reason = "what is not inlined is not compiled for the processor")]
fn count(bytes: &[u8], is_such: impl Fn(u8) -> bool) -> usize {
    let (blocks, rest) = bytes.as_chunks::<64>();
    let mut all = rest.iter().filter(|byte| is_such(**byte)).count();
    // A count of more blocks might not fit a byte.
    for blocks in blocks.chunks(usize::from(u8::MAX)) {
        let mut counts = [0_u8; 64];
        for block in blocks {
            for (count, byte) in counts.iter_mut().zip(block) {
                *count = count.wrapping_add(u8::from(is_such(*byte)));
            }
        }
        all += counts.iter().map(|count| usize::from(*count)).sum::<usize>();
    }
    all
}

/// What a chunk is.
#[derive(Debug)]
pub(crate) enum Found {
    /// All of it may be read.
    Whole(Chunk),
    /// There was no place to cut within the limit; what follows is not read yet.
    Endless(Chunk),
}

/// What stands behind the bytes that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behind {
    More,
    /// The end of the stream.
    Nothing,
    /// A fault of reading.
    Fault,
}

/// Cuts a stream.
pub(crate) struct Cutter<R> {
    input: R,
    /// What stands behind the last cut.
    rest: Option<Chunk>,
    size: Size,
    /// A chunk is never longer.
    limit: usize,
    has_quotes: bool,
    is_over: bool,
    fault: Option<io::Error>,
    spare: Spare,
}

impl<R: Read> Cutter<R> {
    pub(crate) fn new(input: R, size: Size, limit: usize) -> Self {
        let (rest, spare, fault) = (None, Spare::default(), None);
        Self { input, rest, size, limit, has_quotes: false, is_over: false, fault, spare }
    }

    /// Says that quotes mean something, so that it is told whether there may be some.
    pub(crate) fn with_quotes(self) -> Self {
        Self { has_quotes: true, ..self }
    }

    /// The next chunk. `place` says how many bytes of a beginning stand before a good cut; the end
    /// of the stream is one. Behind a fault of reading stands nothing.
    pub(crate) fn next(
        &mut self,
        mut place: impl FnMut(&[u8], Marks) -> Option<usize>,
    ) -> io::Result<Option<Found>> {
        let lines = self.size.lines;
        self.next_by(|read, marks, behind| {
            let is_whole = behind == Behind::Nothing;
            let few = if marks.newlines >= lines { few(read, lines) } else { read };
            if few.len() < read.len() {
                place(few, marks)
                    .or_else(|| if is_whole { Some(read.len()) } else { place(read, marks) })
            } else if is_whole {
                Some(read.len())
            } else {
                place(read, marks)
            }
        })
    }

    /// The next chunk. `place` says how many bytes of a beginning stand before a good cut, also
    /// where the end of the stream is one.
    pub(crate) fn next_by(
        &mut self,
        mut place: impl FnMut(&[u8], Marks, Behind) -> Option<usize>,
    ) -> io::Result<Option<Found>> {
        loop {
            // What a fault of reading stands behind is cut first.
            let rest = self.rest.take().filter(|rest| !rest.range.is_empty());
            if let Some(rest) = rest {
                match place(rest.bytes(), rest.marks, self.behind()) {
                    Some(at) if at > 0 => {
                        let (chunk, behind) = rest.split(at, self.unmarked());
                        self.rest = Some(behind);
                        return Ok(Some(Found::Whole(chunk)));
                    }
                    _ if rest.range.len() >= self.limit => {
                        return Ok(Some(Found::Endless(rest)));
                    }
                    _ => self.rest = Some(rest),
                }
            }
            match self.fault.take() {
                Some(fault) => {
                    self.rest = None;
                    return Err(fault);
                }
                None if self.is_over => return Ok(None),
                None => self.read(),
            }
        }
    }

    /// What stands behind what was read.
    fn behind(&self) -> Behind {
        match (&self.fault, self.is_over) {
            (Some(_), _) => Behind::Fault,
            (None, true) => Behind::Nothing,
            (None, false) => Behind::More,
        }
    }

    /// Reads more behind what is left.
    fn read(&mut self) {
        let rest = self.rest.take();
        let before = rest.as_ref().map(Chunk::bytes).unwrap_or_default();
        let mut marks = rest.as_ref().map_or(self.unmarked(), Chunk::marks);
        let mut buffer = self.buffer(before.len());
        let mut len = 0;
        if let Some(front) = buffer.get_mut(..before.len()) {
            front.copy_from_slice(before);
            len = front.len();
        }
        self.fill(&mut buffer, &mut len, &mut marks);
        let of = Arc::new(Lent { buffer, spare: Arc::clone(&self.spare) });
        self.rest = Some(Chunk { of, range: 0..len, marks });
    }

    /// The marks of nothing.
    fn unmarked(&self) -> Marks {
        Marks { newlines: 0, may_quote: !self.has_quotes }
    }

    /// Reads until a buffer is full or the stream ends.
    fn fill(&mut self, buffer: &mut [u8], len: &mut usize, marks: &mut Marks) {
        while !self.is_over && *len < buffer.len() {
            let room = buffer.len() - *len;
            let end = *len + if room < 2 * NEAR { room } else { NEAR };
            let near = buffer.get_mut(*len..end).unwrap_or_default();
            match self.input.read(near) {
                Ok(0) => self.is_over = true,
                Ok(count) => {
                    marks.add(near.get(..count).unwrap_or_default());
                    *len += count;
                }
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => {
                    self.is_over = true;
                    self.fault = Some(fault);
                }
            }
        }
    }

    /// A buffer that holds what is left and more.
    fn buffer(&self, rest: usize) -> Vec<u8> {
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut buffer = spare.unwrap_or_default();
        let size = self.size.bytes;
        // A line that is longer than a chunk is read in ever larger ones.
        let wanted = if rest < size { size } else { 2 * rest }.min(self.limit);
        // Its length decides where the stream is cut, whichever buffer is spare.
        buffer.resize(wanted, 0);
        buffer
    }
}

/// The beginning of some bytes that has no more lines than a chunk may have.
fn few(bytes: &[u8], lines: usize) -> &[u8] {
    let last = memchr::memchr_iter(b'\n', bytes).nth(lines.saturating_sub(1));
    last.and_then(|at| bytes.get(..=at)).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind_newline(bytes: &[u8], _: Marks) -> Option<usize> {
        memchr::memrchr(b'\n', bytes).map(|at| at + 1)
    }

    /// What a text is cut into, after newlines.
    fn cut(text: &str, bytes: usize, limit: usize) -> Vec<String> {
        cut_lines(text, Size { bytes, lines: LINES }, limit)
    }

    fn cut_lines(text: &str, size: Size, limit: usize) -> Vec<String> {
        let mut cutter = Cutter::new(text.as_bytes(), size, limit);
        let mut all = Vec::new();
        while let Some(found) = cutter.next(behind_newline).unwrap() {
            let (mark, chunk) = match found {
                Found::Whole(chunk) => ("", chunk),
                Found::Endless(chunk) => ("!", chunk),
            };
            let newlines = memchr::memchr_iter(b'\n', chunk.bytes()).count();
            assert_eq!(chunk.marks(), Marks { newlines, may_quote: true });
            all.push(format!("{mark}{}", std::str::from_utf8(chunk.bytes()).unwrap()));
        }
        all
    }

    #[test]
    fn chunks_end_where_they_may() {
        let text = "a\nbb\nccc\ndddd\ne";
        assert_eq!(cut(text, 4, 64), ["a\n", "bb\n", "ccc\n", "dddd\ne"]);
        assert_eq!(cut(text, 8, 64), ["a\nbb\n", "ccc\n", "dddd\ne"]);
        assert_eq!(cut(text, 64, 64), [text]);
        assert_eq!(cut("", 4, 64), [""; 0]);
        let few = |bytes, lines| cut_lines(text, Size { bytes, lines }, 64);
        assert_eq!(few(64, 2), ["a\nbb\n", "ccc\ndddd\n", "e"]);
        assert_eq!(few(64, 1), ["a\n", "bb\n", "ccc\n", "dddd\n", "e"]);
        assert_eq!(few(8, 3), ["a\nbb\n", "ccc\n", "dddd\ne"]);
        assert_eq!(cut("abcdefghij\nk", 2, 4), ["!abcd", "!efgh", "ij\n", "k"]);
    }

    struct Broken(&'static [u8]);

    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::ErrorKind::InvalidData.into()),
                count => Ok(count),
            }
        }
    }

    #[test]
    fn what_stands_before_a_fault_comes_first() {
        let mut cutter = Cutter::new(Broken(b"a\nb\nc"), Size { bytes: 64, lines: 9 }, 64);
        let first = cutter.next(behind_newline).unwrap();
        assert!(matches!(first, Some(Found::Whole(chunk)) if chunk.bytes() == b"a\nb\n"));
        assert!(cutter.next(behind_newline).is_err());
    }
}
