//! Source text and places in it.
//!
//! Enters: the text or the bytes of one file under the name that a person knows it by. Leaves: its
//! lines, and for every byte a line, a column for people and a UTF-16 offset for editors.
//! The one idea: a place is a range of bytes of the original text, and everything that is shown is
//! taken from there.
//! Invariant: no span, however wrong, makes a lookup panic; what lies outside of the text is empty
//! or its end.

use thiserror::Error;
use unicode_segmentation::UnicodeSegmentation;

const BOM: char = '\u{feff}';

/// The number of a source in its [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SourceId(pub u32);

/// A range of bytes of one source: `start` counts, `end` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The source that the bytes belong to.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The smallest span that covers both; of spans in two sources, the first as it is.
    ///
    /// ```
    /// use chitieu::source::{SourceId, Span};
    /// let span = |start, end| Span { source: SourceId(0), start, end };
    /// assert_eq!(span(4, 6).to(span(1, 5)), span(1, 6));
    /// ```
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        if self.source != other.source {
            return self;
        }
        let (start, end) = (self.start.min(other.start), self.end.max(other.end));
        Span { source: self.source, start, end }
    }
}

/// One physical line without its newline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The first byte of the line in its source.
    pub start: u32,
    /// What stands on the line.
    pub text: &'a str,
}

/// A place as people and editors count it. The byte order mark is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters as seen, from 1: `ộ` is one, however it is written.
    pub column: u32,
    /// The offset in the line in UTF-16 code units, from 0.
    pub utf16: u32,
}

/// Why bytes are no source.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SourceError {
    /// The text has 4 GiB or more, which places cannot count.
    #[error("`{name}` is longer than 4 GiB")]
    TooLong {
        /// The name of the source.
        name: String,
    },
    /// The bytes are neither UTF-8 nor UTF-16 with a byte order mark.
    #[error("`{name}` is not UTF-8 at line {line}, column {column} (byte {byte})")]
    NotUtf8 {
        /// The name of the source.
        name: String,
        /// The line of the first bad byte, from 1.
        line: u32,
        /// Its column in characters as seen, from 1.
        column: u32,
        /// Its offset in the file, from 0.
        byte: u32,
    },
}

/// A text with its name and the index of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    name: String,
    text: String,
    /// Where lines start, the first behind the byte order mark, in ascending order, never empty.
    starts: Vec<u32>,
}

impl Source {
    /// Keeps the text byte by byte; a leading byte order mark belongs to no line.
    ///
    /// # Errors
    ///
    /// [`SourceError::TooLong`] if the text has 4 GiB or more.
    ///
    /// ```
    /// use chitieu::source::Source;
    /// let source = Source::new("a.chitieu", "mã: A\r\nnhóm: B")?;
    /// assert_eq!(source.lines().map(|line| line.text).collect::<Vec<_>>(), ["mã: A", "nhóm: B"]);
    /// # Ok::<(), chitieu::source::SourceError>(())
    /// ```
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Result<Source, SourceError> {
        let (name, text) = (name.into(), text.into());
        if u32::try_from(text.len()).is_err() {
            return Err(SourceError::TooLong { name });
        }
        let starts = line_starts(&text);
        Ok(Source { name, text, starts })
    }

    /// Reads UTF-8, with or without a byte order mark, and UTF-16 with one. Places in a source
    /// that was UTF-16 count the bytes of its text in UTF-8.
    ///
    /// # Errors
    ///
    /// [`SourceError::NotUtf8`] with the place of the first byte that is neither, and
    /// [`SourceError::TooLong`] for 4 GiB or more.
    ///
    /// ```
    /// use chitieu::source::{Source, SourceError};
    /// let error = Source::from_bytes("a.chitieu", b"nh\xc3\xb3m: A\nT\xfb l\xd6").unwrap_err();
    /// assert!(matches!(error, SourceError::NotUtf8 { line: 2, column: 2, byte: 10, .. }));
    /// ```
    pub fn from_bytes(name: impl Into<String>, bytes: &[u8]) -> Result<Source, SourceError> {
        let name = name.into();
        if u32::try_from(bytes.len()).is_err() {
            return Err(SourceError::TooLong { name });
        }
        let wide = match bytes {
            // This would be UTF-32, which nothing that writes rules or data produces.
            [0xff, 0xfe, 0, 0, ..] => None,
            [0xff, 0xfe, rest @ ..] => Some(from_utf16(rest, u16::from_le_bytes)),
            [0xfe, 0xff, rest @ ..] => Some(from_utf16(rest, u16::from_be_bytes)),
            _ => None,
        };
        match wide {
            Some(Ok(text)) => Source::new(name, text),
            Some(Err((read, at))) => Err(not_utf8(name, &read, at.saturating_add(2))),
            None => match std::str::from_utf8(bytes) {
                Ok(text) => Source::new(name, text),
                Err(error) => {
                    let at = error.valid_up_to();
                    let read = bytes.get(..at).unwrap_or_default();
                    Err(not_utf8(name, std::str::from_utf8(read).unwrap_or_default(), at))
                }
            },
        }
    }

    /// The name that messages show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span of this source; empty where the span is out of range or cuts a character.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(index(span.start)..index(span.end)).unwrap_or_default()
    }

    /// The lines in order, without `\r\n`, `\n` or a lone `\r`. A newline at the end of the text
    /// ends its last line and begins none.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let ends = self.starts.iter().skip(1).copied().map(index).chain([self.text.len()]);
        self.starts.iter().zip(ends).filter_map(|(&start, end)| {
            let text = self.text.get(index(start)..end).unwrap_or_default();
            (!text.is_empty()).then(|| Line { start, text: without_newline(text) })
        })
    }

    /// Where a byte stands; a byte inside a character or a newline stands where that begins, one
    /// behind the text at its end. The work is linear in the length of the line.
    ///
    /// ```
    /// use chitieu::source::Source;
    /// let source = Source::new("a.chitieu", "mã: A\nto\u{323}\u{302} 😀 x")?;
    /// let place = source.location(18);
    /// assert_eq!((place.line, place.column, place.utf16), (2, 5, 7));
    /// # Ok::<(), chitieu::source::SourceError>(())
    /// ```
    pub fn location(&self, byte: u32) -> Location {
        locate(&self.text, &self.starts, byte)
    }
}

/// The sources of one run in the order in which they were added.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Adds a source and numbers it.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(source);
        id
    }

    /// The source with this number.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(index(id.0))
    }

    /// All sources with their numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.all)
    }

    /// The text of a span; empty where there is none.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).map_or("", |source| source.slice(span))
    }
}

/// A byte offset as an index; where `usize` is narrower no text is that long.
fn index(byte: u32) -> usize {
    usize::try_from(byte).unwrap_or(usize::MAX)
}

/// A length as an offset; [`Source`] refuses texts for which it would not be exact.
fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn line_starts(text: &str) -> Vec<u32> {
    let first = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let mut starts = vec![offset(first)];
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        let second = byte == b'\r' && bytes.next_if(|&(_, next)| next == b'\n').is_some();
        if byte == b'\n' || byte == b'\r' {
            starts.push(offset(at).saturating_add(if second { 2 } else { 1 }));
        }
    }
    starts
}

fn without_newline(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

fn locate(text: &str, starts: &[u32], byte: u32) -> Location {
    let line = starts.partition_point(|&start| start <= byte).max(1);
    let start = index(starts.get(line - 1).copied().unwrap_or_default());
    let end = starts.get(line).map_or(text.len(), |&next| index(next));
    let content = without_newline(text.get(start..end).unwrap_or_default());
    let within = index(byte).saturating_sub(start);

    let clusters = content.grapheme_indices(true);
    let before = clusters.take_while(|(at, cluster)| at + cluster.len() <= within).count();
    let characters = content.char_indices();
    let units = characters.take_while(|(at, c)| at + c.len_utf8() <= within);
    let utf16 = units.map(|(_, c)| c.len_utf16()).sum();
    Location { line: offset(line), column: offset(before).saturating_add(1), utf16: offset(utf16) }
}

/// The text, or what could be read and the offset of the byte that could not.
fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, (String, usize)> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut read = 0;
    for decoded in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        match decoded {
            Ok(c) => {
                text.push(c);
                read += 2 * c.len_utf16();
            }
            Err(_) => return Err((text, read)),
        }
    }
    if odd.is_empty() { Ok(text) } else { Err((text, read)) }
}

fn not_utf8(name: String, read: &str, at: usize) -> SourceError {
    let place = locate(read, &line_starts(read), offset(read.len()));
    SourceError::NotUtf8 { name, line: place.line, column: place.column, byte: offset(at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("thu.chitieu", text).unwrap()
    }

    #[test]
    fn lines_end_at_every_newline_and_begin_behind_the_mark() {
        let check = |text: &str, expected: &[(u32, &str)]| {
            let source = source(text);
            let lines: Vec<_> = source.lines().map(|line| (line.start, line.text)).collect();
            assert_eq!(lines, expected, "{text:?}");
        };
        check("", &[]);
        check("\u{feff}", &[]);
        check("a", &[(0, "a")]);
        check("a\n", &[(0, "a")]);
        check("a\n\nb", &[(0, "a"), (2, ""), (3, "b")]);
        check("a\r\nb\rc\n\rd", &[(0, "a"), (3, "b"), (5, "c"), (7, ""), (8, "d")]);
        check("\u{feff}á\r\n\r\n", &[(3, "á"), (7, "")]);
        check("\r", &[(0, "")]);
        check("a\u{2028}b\u{b}c", &[(0, "a\u{2028}b\u{b}c")]);
    }

    #[test]
    fn places_are_counted_as_seen_and_as_editors_count() {
        let check = |text: &str, byte: u32, line: u32, column: u32, utf16: u32| {
            let expected = Location { line, column, utf16 };
            assert_eq!(source(text).location(byte), expected, "{text:?} at {byte}");
        };
        check("", 0, 1, 1, 0);
        check("", u32::MAX, 1, 1, 0);
        check("\u{feff}a", 0, 1, 1, 0);
        check("\u{feff}a", 2, 1, 1, 0);
        check("\u{feff}a", 4, 1, 2, 1);
        check("ab\r\ncd", 2, 1, 3, 2);
        check("ab\r\ncd", 3, 1, 3, 2);
        check("ab\r\ncd", 4, 2, 1, 0);
        check("ab\n", 3, 2, 1, 0);
        // Inside of `é` in two characters, behind it, and inside of one character.
        check("e\u{301}x", 1, 1, 1, 1);
        check("e\u{301}x", 3, 1, 2, 2);
        check("éx", 1, 1, 1, 0);
        check("😀x", 4, 1, 2, 2);
        check("👨‍👩‍👧x", 18, 1, 2, 8);
    }

    #[test]
    fn slices_outside_are_empty() {
        let source = source("tỷ lệ");
        let slice = |start, end| source.slice(Span { source: SourceId(0), start, end });
        assert_eq!(slice(0, 4), "tỷ");
        for (start, end) in [(0, 2), (4, 1), (0, 99), (u32::MAX, u32::MAX)] {
            assert_eq!(slice(start, end), "", "{start}..{end}");
        }
    }

    #[test]
    fn bytes_are_read_in_the_two_forms_of_unicode() {
        let check = |bytes: &[u8], expected: &str| {
            assert_eq!(Source::from_bytes("b", bytes).unwrap().text(), expected);
        };
        let wide = |text: &str, form: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(form).collect()
        };
        check(b"", "");
        check("\u{feff}tỷ".as_bytes(), "\u{feff}tỷ");
        check(&wide("\u{feff}tỷ lệ 😀", u16::to_le_bytes), "tỷ lệ 😀");
        check(&wide("\u{feff}tỷ lệ 😀", u16::to_be_bytes), "tỷ lệ 😀");
    }

    #[test]
    fn other_bytes_are_refused_where_they_stand() {
        let check = |bytes: &[u8], line: u32, column: u32, byte: u32| {
            let expected = SourceError::NotUtf8 { name: "b".into(), line, column, byte };
            assert_eq!(Source::from_bytes("b", bytes), Err(expected), "{bytes:?}");
        };
        check(b"\xff", 1, 1, 0);
        check(b"ab\r\nc\xe1\xba", 2, 2, 5);
        check(b"\xef\xbb\xbfa\xff", 1, 2, 4);
        check(b"\xff\xfe\0\0a\0\0\0", 1, 1, 0);
        check(b"\xff\xfea\0b", 1, 2, 4);
        check(b"\xff\xfea\0\n\0\x00\xd8x\0", 2, 1, 6);
        check(b"\xfe\xff\0a\xdc\0", 1, 2, 4);
    }

    #[test]
    fn sources_are_numbered_in_order() {
        let mut sources = Sources::default();
        let (a, b) = (sources.add(source("a")), sources.add(source("bé")));
        assert_eq!(sources.iter().map(|(id, _)| id).collect::<Vec<_>>(), [a, b]);
        assert_eq!(sources.slice(Span { source: b, start: 1, end: 3 }), "é");
        assert_eq!(sources.slice(Span { source: SourceId(9), start: 0, end: 1 }), "");
        let (left, right) =
            (Span { source: a, start: 0, end: 1 }, Span { source: b, ..Span::default() });
        assert_eq!(left.to(right), left);
    }
}
