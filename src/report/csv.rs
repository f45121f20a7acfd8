//! CSV as RFC 4180 has it: a header, then a row a record.
//!
//! Enters: records. Leaves: UTF-8 text without a byte order mark; lines end in CRLF. The one idea:
//! a cell is quoted only where it must be, so that the text stays readable. Invariant: every row
//! has as many cells as the header.

use std::io::{self, Write};

use super::{Cell, Fields, Record};

/// Writes the names of the fields.
///
/// # Errors
/// The writer's own; a `Vec<u8>` has none.
///
/// ```
/// use chitieu::report::{Fields, csv};
///
/// let mut bytes = Vec::new();
/// csv::write_header(&mut bytes, &Fields::named(&["entity", "verdict"]).unwrap())?;
/// assert_eq!(bytes, b"entity,verdict\r\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_header<W: Write>(out: W, fields: &Fields) -> io::Result<()> {
    write_row(out, fields.names().iter().copied())
}

/// Writes one record: null is an empty cell, lists are joined by `; `.
///
/// # Errors
/// The writer's own.
pub fn write_record<W: Write>(mut out: W, record: &Record<'_>, fields: &Fields) -> io::Result<()> {
    for (name, place) in fields.names().iter().zip(0..) {
        if place > 0 {
            out.write_all(b",")?;
        }
        write_value(&mut out, &record.get(name).unwrap_or(Cell::Null))?;
    }
    out.write_all(b"\r\n")
}

/// Writes the value of a field.
pub(super) fn write_value<W: Write>(out: W, value: &Cell<'_>) -> io::Result<()> {
    match value {
        Cell::Null => Ok(()),
        Cell::Text(text) => write_cell(out, text),
        other => write_cell(out, &other.text()),
    }
}

/// Puts a cell that begins here between quotes where a comma stands in it; it holds nothing else
/// that asks for quotes.
pub(super) fn quote(out: &mut Vec<u8>, begin: usize) {
    if out.get(begin..).is_some_and(|cell| cell.contains(&b',')) {
        out.insert(begin, b'"');
        out.push(b'"');
    }
}

pub(super) fn write_row<W: Write>(
    mut out: W,
    cells: impl Iterator<Item = impl AsRef<str>>,
) -> io::Result<()> {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        write_cell(&mut out, cell.as_ref())?;
    }
    out.write_all(b"\r\n")
}

/// Whether a cell must stand between quotes.
pub(super) fn is_quoted(text: &str) -> bool {
    let is_edge = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    let is_mark = |byte: u8| matches!(byte, b'"' | b',' | b'\n' | b'\r');
    let bytes = text.as_bytes();
    // No early end, so that many bytes are looked at together.
    bytes.iter().fold(false, |any, byte| any | is_mark(*byte))
        || is_edge(bytes.first())
        || is_edge(bytes.last())
}

pub(super) fn write_cell<W: Write>(mut out: W, text: &str) -> io::Result<()> {
    if !is_quoted(text) {
        return out.write_all(text.as_bytes());
    }
    write!(out, "\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Options;
    use crate::report::testing::{compare, judgement, model};
    use crate::unit::Unit;
    use crate::verdict::Verdict;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let cases = [
            ("", ""),
            ("tỷ lệ A", "tỷ lệ A"),
            ("a,b", "\"a,b\""),
            ("\"TTHC\"", "\"\"\"TTHC\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("a\rb", "\"a\rb\""),
            (" a", "\" a\""),
            (">= 30; x", ">= 30; x"),
        ];
        for (text, cell) in cases {
            let mut out = Vec::new();
            write_cell(&mut out, text).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), cell);
        }
    }

    #[test]
    fn rows_have_the_cells_of_the_header() {
        let model = model(vec![("tỷ lệ \"A\", B", compare(">= 30", Unit::Percent))]);
        let mut judgement = judgement(&model, 0, Verdict::NoData, "none");
        judgement.missing = vec!["x".to_owned(), "y".to_owned()];
        let record = Record::new(&model, &judgement, Options::default());
        let fields =
            Fields::named(&["target", "name", "measured", "threshold", "estimate", "missing"]);
        let fields = fields.unwrap();
        let mut out = Vec::new();
        write_header(&mut out, &fields).unwrap();
        write_record(&mut out, &record, &fields).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "target,name,measured,threshold,estimate,missing\r\n\
             CQS-01,\"tỷ lệ \"\"A\"\", B\",,>= 30,false,x; y\r\n"
        );
    }
}
