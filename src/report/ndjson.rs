//! NDJSON: one record a line.
//!
//! Enters: records, or counts and a receipt. Leaves: lines, each one JSON object. The one idea:
//! every line stands for itself, so a reader may stop anywhere. Invariant: no line break within a
//! record.

use std::io::{self, Write};

use super::{Cell, Fields, Receipt, Record, ScoreRecord, Summary};

/// Writes one record and the end of its line.
///
/// # Errors
/// The writer's own; a `Vec<u8>` has none.
pub fn write_record<W: Write>(mut out: W, record: &Record<'_>, fields: &Fields) -> io::Result<()> {
    let mut sign = "{\"";
    for name in fields.names() {
        out.write_all(sign.as_bytes())?;
        out.write_all(name.as_bytes())?;
        out.write_all(b"\":")?;
        write_cell(&mut out, &record.get(name).unwrap_or(Cell::Null))?;
        sign = ",\"";
    }
    out.write_all(if fields.names().is_empty() { b"{}\n" } else { b"}\n" })
}

/// Writes the value of a field.
pub(super) fn write_cell<W: Write>(mut out: W, cell: &Cell<'_>) -> io::Result<()> {
    match cell {
        Cell::Null => out.write_all(b"null"),
        Cell::Flag(flag) => out.write_all(if *flag { b"true" } else { b"false" }),
        Cell::Text(text) => write_text(out, text),
        Cell::List([]) | Cell::Parts([]) => out.write_all(b"[]"),
        other => Ok(serde_json::to_writer(out, other)?),
    }
}

/// Appends a text without the quotes around it.
pub(super) fn push_inside(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    let start = out.len();
    write_text(&mut *out, text)?;
    out.remove(start);
    out.pop();
    Ok(())
}

/// Writes a text between quotes. Few hold anything that must be escaped.
pub(super) fn write_text<W: Write>(mut out: W, text: &str) -> io::Result<()> {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    // No early end, so that many bytes are looked at together.
    if !text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        serde_json::to_writer(out, text)?;
        return Ok(());
    }
    out.write_all(b"\"")?;
    out.write_all(text.as_bytes())?;
    out.write_all(b"\"")
}

/// Writes one total of points and the end of its line.
///
/// # Errors
/// The writer's own.
pub fn write_score<W: Write>(mut out: W, score: &ScoreRecord<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut out, score)?;
    out.write_all(b"\n")
}

/// Writes one line a target with its counts, then the receipt.
///
/// # Errors
/// The writer's own.
pub fn write_summary<W: Write>(mut out: W, summary: &Summary, receipt: &Receipt) -> io::Result<()> {
    for row in summary.rows() {
        serde_json::to_writer(&mut out, &row)?;
        out.write_all(b"\n")?;
    }
    serde_json::to_writer(&mut out, &receipt.line())?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_serde_writes_them() {
        for text in ["", "a", "tỷ lệ", "\"", "a\\b", "\n\t\r", "\u{0}\u{1f}\u{7f}", "\u{2028}😀/"]
        {
            let mut out = Vec::new();
            write_text(&mut out, text).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(text).unwrap());
        }
    }
    use crate::report::testing::{compare, judgement, model};
    use crate::report::{Options, json};
    use crate::unit::Unit;
    use crate::verdict::Verdict;

    #[test]
    fn lines_and_documents_hold_the_same_records() {
        let model = model(vec![("a\n\"b\"", compare(">= 5", Unit::Percent))]);
        let judgements = [
            judgement(&model, 0, Verdict::Met, "5"),
            judgement(&model, 0, Verdict::NoData, "none"),
        ];
        let fields = Fields::named(&["name", "verdict"]).unwrap();
        let mut summary = Summary::new(&model);
        let receipt = Receipt { rules_sha256: "00".to_owned(), engine: "1", inputs: Vec::new() };
        let (mut lines, mut direct, mut joined) = (Vec::new(), Vec::new(), Vec::new());
        let mut document = json::Document::begin(&mut direct).unwrap();
        for judgement in &judgements {
            let record = Record::new(&model, judgement, Options::default());
            summary.add(judgement.target, judgement.verdict);
            write_record(&mut lines, &record, &fields).unwrap();
            document.record(&record, &fields).unwrap();
        }
        document.finish(&summary, &receipt).unwrap();
        let mut document = json::Document::begin(&mut joined).unwrap();
        document.lines(&lines).unwrap();
        document.finish(&summary, &receipt).unwrap();
        assert_eq!(direct, joined);
        let counts = "{\"exceeded\":0,\"met\":1,\"not_met\":0,\"not_due\":0,\"no_data\":1,\
                      \"undetermined\":0,\"not_applicable\":0,\"contradictory\":0}";
        let row =
            format!("{{\"programme\":\"KH-CDS-2023\",\"target\":\"CQS-01\",\"counts\":{counts}}}");
        let seal = "{\"rules_sha256\":\"00\",\"engine\":\"1\",\"inputs\":[]}";
        let name = r#"{"name":"a\n\"b\"","verdict":"#;
        assert_eq!(
            String::from_utf8(direct).unwrap(),
            format!(
                "{{\"verdicts\":[\n{name}\"met\"}},\n{name}\"no_data\"}}\n],\
                 \"summary\":[{row}],\"scores\":[],\"receipt\":{seal}}}\n"
            )
        );
        let mut counted = Vec::new();
        write_summary(&mut counted, &summary, &receipt).unwrap();
        let expected = format!("{row}\n{{\"receipt\":{seal}}}\n");
        assert_eq!(String::from_utf8(counted).unwrap(), expected);
    }
}
