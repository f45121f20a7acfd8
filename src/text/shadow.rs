//! The text that the grammar reads, with the way back to the original.
//!
//! Enters: physical lines of a source. Leaves: one line in normal form, and for every range of it
//! the [`Span`] of the original that it came from.
//! The one idea: almost all of a line keeps its length, so that the map is a few pieces, most of
//! which are straight.
//! Invariant: pieces lie in the order of the text, one behind the other and without gaps, and begin
//! at its start.

use std::ops::Range;

use super::fold::{Style, Trace, fold};
use crate::source::{SourceId, Span};

/// A line in normal form that knows where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadow {
    source: SourceId,
    text: String,
    pieces: Vec<Piece>,
    /// Where the last line ends in the original.
    end: u32,
}

/// A part of the text, up to the next one, and the bytes of the original that it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    at: u32,
    from: u32,
    to: u32,
    /// Whether byte for byte came from the byte at the same place.
    straight: bool,
}

impl Shadow {
    /// The shadow of one line, given without its newline; `base` is its first byte in the source.
    ///
    /// ```
    /// use chitieu::source::{SourceId, Span};
    /// use chitieu::text::Shadow;
    /// let shadow = Shadow::of_line(SourceId(0), 100, "Tỷ  lệ: 5");
    /// assert_eq!(shadow.text(), "tỉ lệ: 5");
    /// assert_eq!(shadow.span(5..8), Span { source: SourceId(0), start: 106, end: 109 });
    /// ```
    pub fn of_line(source: SourceId, base: u32, line: &str) -> Shadow {
        let mut map = Map { base, pieces: Vec::with_capacity(4), length: 0 };
        let text = fold(line, Style::Name, &mut map);
        let end = base.saturating_add(offset(line.len()));
        Shadow { source, text, pieces: map.pieces, end }
    }

    /// The normal form.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original from the start of the first character in the range to the end of
    /// its last one. An empty range gives an empty span at that place; at the end of the text it is
    /// the end of the line.
    pub fn span(&self, range: Range<usize>) -> Span {
        let (start, end) = (offset(range.start), offset(range.end));
        let from = self.start_of(start);
        let to = if end <= start { from } else { self.end_of(end).max(from) };
        Span { source: self.source, start: from, end: to }
    }

    /// Joins the line that continues this one, with a space between if both hold something. The
    /// text is then the normal form of the two lines joined by a space.
    ///
    /// ```
    /// use chitieu::{source::SourceId, text::Shadow};
    /// let mut shadow = Shadow::of_line(SourceId(0), 0, "Sở");
    /// shadow.push_line(Shadow::of_line(SourceId(0), 6, "  Y tế"));
    /// assert_eq!(shadow.text(), "sở y tế");
    /// ```
    pub fn push_line(&mut self, next: Shadow) {
        if let Some(first) = next.pieces.first() {
            if !self.text.is_empty() && !next.text.starts_with(',') {
                let (at, from) = (offset(self.text.len()), self.end);
                self.pieces.push(Piece { at, from, to: first.from, straight: false });
                self.text.push(' ');
            }
            let by = offset(self.text.len());
            let moved = |piece: Piece| Piece { at: piece.at.saturating_add(by), ..piece };
            self.pieces.extend(next.pieces.into_iter().map(moved));
            self.text.push_str(&next.text);
        }
        self.end = next.end;
    }

    fn start_of(&self, byte: u32) -> u32 {
        match piece_at(&self.pieces, byte) {
            Some(piece) if offset(self.text.len()) > byte => piece.start_of(byte),
            _ => self.end,
        }
    }

    /// Where the character ended that ends before `byte`.
    fn end_of(&self, byte: u32) -> u32 {
        let byte = byte.min(offset(self.text.len()));
        piece_at(&self.pieces, byte.saturating_sub(1)).map_or(self.end, |piece| piece.end_of(byte))
    }
}

impl Piece {
    fn start_of(self, byte: u32) -> u32 {
        if self.straight { self.from.saturating_add(byte - self.at) } else { self.from }
    }

    fn end_of(self, byte: u32) -> u32 {
        if self.straight { self.from.saturating_add(byte - self.at) } else { self.to }
    }
}

/// The piece that holds this byte, the last one if the byte lies behind all.
fn piece_at(pieces: &[Piece], byte: u32) -> Option<Piece> {
    let behind = pieces.partition_point(|piece| piece.at <= byte);
    behind.checked_sub(1).and_then(|last| pieces.get(last)).copied()
}

/// A length as an offset; sources refuse texts for which it would not be exact.
fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The pieces of one line.
struct Map {
    base: u32,
    pieces: Vec<Piece>,
    /// The bytes that all pieces cover together.
    length: u32,
}

impl Map {
    fn add(&mut self, piece: Piece, end: u32) {
        self.length = end;
        if let Some(last) = self.pieces.last_mut() {
            if last.straight && piece.straight && last.to == piece.from {
                last.to = piece.to;
                return;
            }
            let same = (last.from, last.to) == (piece.from, piece.to);
            if same && !last.straight && !piece.straight {
                return;
            }
        }
        self.pieces.push(piece);
    }
}

impl Trace for Map {
    fn part(&mut self, at: usize, length: usize, (from, to): (usize, usize), alone: bool) {
        let place = |byte: usize| self.base.saturating_add(offset(byte));
        let straight = alone && to - from == length;
        let piece = Piece { at: offset(at), from: place(from), to: place(to), straight };
        self.add(piece, offset(at + length));
    }

    fn replaced(&mut self, at: usize, length: usize, alone: bool) {
        let (at, end) = (offset(at), offset(at + length));
        let (Some(first), Some(last)) =
            (piece_at(&self.pieces, at), piece_at(&self.pieces, self.length.saturating_sub(1)))
        else {
            return;
        };
        let (from, to) = (first.start_of(at), last.end_of(self.length));
        while self.pieces.pop_if(|piece| piece.at >= at).is_some() {}
        if let Some(cut) = self.pieces.last_mut().filter(|piece| piece.straight) {
            cut.to = cut.end_of(at);
        }
        let straight = alone && to - from == end - at;
        self.add(Piece { at, from, to, straight }, end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normal;
    use proptest::prelude::*;

    /// What the original says where the shadow says `part`.
    fn origin(line: &str, part: &str) -> String {
        let shadow = Shadow::of_line(SourceId(3), 1000, line);
        let at = shadow.text().find(part).unwrap_or_else(|| panic!("{part} in {shadow:?}"));
        let span = shadow.span(at..at + part.len());
        assert_eq!(span.source, SourceId(3));
        line[span.start as usize - 1000..span.end as usize - 1000].to_owned()
    }

    #[test]
    fn every_part_leads_back() {
        let check = |line: &str, part: &str, expected: &str| {
            assert_eq!(origin(line, part), expected, "{part} in {line:?}");
        };
        check("  Chương  trình: x", "chương trình", "Chương  trình");
        check("Ty\u{309} le\u{323}\u{302}: 5%", "tỉ", "Ty\u{309}");
        check("Ty\u{309} le\u{323}\u{302}: 5%", "lệ:", "le\u{323}\u{302}:");
        check("ở Hoà Bình", "hòa", "Hoà");
        check("ở Hoà Bình", "òa b", "oà B");
        check("Quý IV", "quí", "Quý");
        check("kỳ hạn", "hạn", "hạn");
        check("kỳ hạn", "kì", "kỳ");
        check("a\u{200b}b ,c", "b, c", "b ,c");
        check("a ,b", ", b", ",b");
        check("a ,b", " b", "b");
        check("x\u{a0}\u{2007}y", " ", "\u{a0}\u{2007}");
        check("\u{feff}“x”—y", "\"x\"-y", "“x”—y");
        check("ẞtraße q", "sstrasse", "ẞtraße");
        check("ẞtraße q", "q", "q");
        check("ŉ z", "n", "ŉ");
        check("ΐ z", "z", "z");
    }

    #[test]
    fn places_are_empty_spans() {
        let shadow = Shadow::of_line(SourceId(0), 10, "  Tỷ   lệ  ");
        let check = |range: Range<usize>, start: u32, end: u32| {
            let expected = Span { source: SourceId(0), start, end };
            assert_eq!(shadow.span(range.clone()), expected, "{range:?}");
        };
        check(0..0, 12, 12);
        check(4..4, 16, 16);
        check(5..5, 19, 19);
        let length = shadow.text().len();
        check(length..length, 25, 25);
        check(0..length, 12, 23);
        check(0..usize::MAX, 12, 23);
        check(usize::MAX..usize::MAX, 25, 25);
        check(Range { start: 5, end: 4 }, 19, 19);
        let empty = Shadow::of_line(SourceId(0), u32::MAX, " \u{feff} ");
        assert_eq!(empty.text(), "");
        assert_eq!(empty.span(0..0).start, u32::MAX);
    }

    #[test]
    fn a_heap_of_marks_is_no_matter() {
        let line = format!("a{}b", "\u{301}\u{302}".repeat(100_000));
        let shadow = Shadow::of_line(SourceId(0), 0, &line);
        assert!(shadow.pieces.len() <= 2);
        let end = u32::try_from(line.len()).unwrap();
        assert_eq!(shadow.span(shadow.text().len() - 1..shadow.text().len()).start, end - 1);
    }

    fn lines() -> impl Strategy<Value = String> {
        let parts = prop::sample::select(vec![
            "Tỷ",
            "hoà",
            "kỹ",
            "o",
            "a",
            "\u{300}",
            "\u{302}",
            "đ",
            "Ð",
            " ",
            "\u{a0}",
            ",",
            "1",
            "5",
            "–",
            "“",
            "\u{200b}",
            "ß",
            "İ",
            "\u{1100}\u{1161}",
            "y",
            "k",
            "\u{345}",
        ]);
        prop::collection::vec(parts, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn a_shadow_is_the_normal_form_in_order(line in lines(), next in lines()) {
            let mut shadow = Shadow::of_line(SourceId(0), 0, &line);
            prop_assert_eq!(shadow.text(), normal(&line));
            let after = u32::try_from(line.len() + 2).unwrap();
            shadow.push_line(Shadow::of_line(SourceId(0), after, &next));
            let joined = format!("{line}\r\n{next}");
            prop_assert_eq!(shadow.text(), normal(&joined));
            let mut last = 0;
            for (at, c) in shadow.text().char_indices() {
                let span = shadow.span(at..at + c.len_utf8());
                let (start, end) = (span.start as usize, span.end as usize);
                prop_assert!(joined.get(start..end).is_some());
                prop_assert!(last <= span.start);
                last = span.start;
            }
        }
    }
}
