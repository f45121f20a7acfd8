//! Where rows of a table end, without reading their cells.
//!
//! Enters: bytes that begin with a row. Leaves: places and counts. The one idea: a quote means
//! something only where a cell begins, so that whatever lies between quoted cells is searched at
//! the speed of memory. Invariant: rows end and count where the reader of all rows says so.

use memchr::{memchr, memchr3, memrchr};

/// Where the first row ends, with the break behind it.
pub(super) fn row_end(bytes: &[u8], separator: u8) -> usize {
    let mut at = 0;
    loop {
        if bytes.get(at) == Some(&b'"') {
            at = closed(bytes, at);
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(found) = memchr3(separator, b'\n', b'\r', rest) else { return bytes.len() };
        match rest.get(found..found + 2) {
            Some([b'\r', b'\n']) => return at + found + 2,
            _ if rest.get(found) == Some(&separator) => at += found + 1,
            _ => return at + found + 1,
        }
    }
}

/// Where a quoted cell that begins at `at` is closed: behind its last quote.
fn closed(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(quote) = memchr(b'"', rest) else { return bytes.len() };
        at += quote + 1;
        if bytes.get(at) != Some(&b'"') {
            return at;
        }
        at += 1;
    }
}

/// Goes through the stretches that lie outside quoted cells, with their places.
fn outside(bytes: &[u8], separator: u8, mut each: impl FnMut(usize, &[u8])) {
    let (mut from, mut at) = (0, 0);
    while let Some(found) = memchr(b'"', bytes.get(at..).unwrap_or_default()) {
        let quote = at + found;
        let before = quote.checked_sub(1).and_then(|it| bytes.get(it));
        let opens = before.is_none_or(|byte| *byte == separator || matches!(byte, b'\n' | b'\r'));
        if opens {
            each(from, bytes.get(from..quote).unwrap_or_default());
            (at, from) = (closed(bytes, quote), closed(bytes, quote));
        } else {
            at = quote + 1;
        }
    }
    each(from, bytes.get(from..).unwrap_or_default());
}

/// Where the last row ends that ends at all.
pub(super) fn last_end(bytes: &[u8], separator: u8) -> Option<usize> {
    let mut last = None;
    outside(bytes, separator, |from, stretch| {
        let newline = memrchr(b'\n', stretch);
        // A return at the end may be one half of a break.
        let alone = || {
            let inner = stretch.split_last().map_or(&[][..], |(_, inner)| inner);
            memrchr(b'\r', inner)
        };
        if let Some(at) = newline.or_else(alone) {
            last = Some(from + at + 1);
        }
    });
    last
}

/// How many rows there are, blank ones among them.
pub(super) fn count(bytes: &[u8], separator: u8) -> u64 {
    let mut rows = 0_u64;
    outside(bytes, separator, |_, stretch| {
        let newlines = memchr::memchr_iter(b'\n', stretch).count();
        let alone = |at: &usize| stretch.get(at + 1) != Some(&b'\n');
        let returns = memchr::memchr_iter(b'\r', stretch).filter(alone).count();
        rows = rows.saturating_add(u64::try_from(newlines + returns).unwrap_or(u64::MAX));
    });
    rows
}

/// A cell as it is written, and how many bytes it has with its quotes.
pub(super) fn cell(bytes: &[u8], separator: u8) -> Option<(&[u8], usize)> {
    if bytes.first() == Some(&b'"') {
        let end = 1 + memchr(b'"', bytes.get(1..)?)?;
        let ends = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
        let is_last = bytes.get(end + 1).is_none_or(ends);
        return is_last.then_some((bytes.get(1..end)?, end + 1));
    }
    let end = match bytes.first_chunk().map(|bytes| short_end(bytes, separator)) {
        Some(end) if end < 16 => end,
        _ => memchr3(separator, b'\n', b'\r', bytes).unwrap_or(bytes.len()),
    };
    Some((bytes.get(..end)?, end))
}

/// How many of sixteen bytes stand before the first that ends a cell. Most cells are short, and a
/// call would cost more.
fn short_end(bytes: &[u8; 16], separator: u8) -> usize {
    let is_end = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
    let ends = bytes.map(|byte| if is_end(&byte) { u8::MAX } else { 0 });
    u128::from_le_bytes(ends).trailing_zeros() as usize / 8
}

/// How many bytes the break behind a row has; nothing where the row goes on.
pub(super) fn line_break(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [] => Some(0),
        [b'\r', b'\n', ..] => Some(2),
        [b'\n' | b'\r', ..] => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::all_rows;

    /// Texts of these marks, so that every short one comes.
    fn texts() -> impl Iterator<Item = String> {
        const MARKS: [char; 5] = ['a', ',', '"', '\n', '\r'];
        (0..5_u32.pow(7)).step_by(13).map(|number| {
            (0..7).map(|place| MARKS[(number / 5_u32.pow(place) % 5) as usize]).collect()
        })
    }

    #[test]
    fn rows_end_where_the_reader_of_all_rows_says() {
        for text in texts() {
            let bytes = text.as_bytes();
            let expected = all_rows(bytes);
            let (mut at, mut number, mut found) = (0, 0_u64, Vec::new());
            while at < bytes.len() {
                let rest = &bytes[at..];
                let end = row_end(rest, b',');
                number += 1;
                if line_break(&rest[..1]).is_none() {
                    found.push((number, all_rows(&rest[..end]).remove(0).1));
                }
                at += end;
            }
            assert_eq!(found, expected, "{text:?}");
            if let Some(end) = last_end(bytes, b',') {
                let (before, behind) = (&bytes[..end], &bytes[end..]);
                let rows = count(before, b',');
                let behind = all_rows(behind).into_iter().map(|(row, cells)| (row + rows, cells));
                let joined: Vec<_> = all_rows(before).into_iter().chain(behind).collect();
                assert_eq!(joined, expected, "{text:?} {end}");
            }
        }
    }
}
