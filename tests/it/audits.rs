//! What an audit finds in the figures of the articles, one by one.
//!
//! Enters: `tests/fixtures/audits.ndjson`: for each question that a careful reader put to the
//! figures what came out, by which means it is put here (`audit`: by the data alone, `rule`: by
//! `kiểm tra:` lines, `none`: not at all, with the reason), the figures, and the same with one
//! figure spoilt. Leaves: every question that comes out otherwise. Invariant: what is sound is
//! left alone, and what is spoilt is found.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chitieu::audit::{Finding, audit};
use chitieu::snapshot::Data;
use chitieu::{Rules, Snapshot};
use serde_json::{Value, json};

const AUDITS: &str = include_str!("../fixtures/audits.ndjson");

/// The kinds of questions that are put, whatever they are about.
const ASKED: [&str; 9] = [
    "printed-percentage",
    "sum",
    "complement",
    "subset",
    "same-denominator",
    "repeat",
    "time-series",
    "growth",
    "derived",
];

fn audits() -> Vec<Value> {
    AUDITS.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Rules with the relations of a question.
fn rules(one: &Value) -> Rules {
    let mut text = "chương trình: P\nviết tắt: DN = doanh nghiệp\n\nx >= 1\n".to_owned();
    for (name, unit) in one["units"].as_object().into_iter().flatten() {
        let unit = unit.as_str().unwrap();
        let _ = write!(text, "\nchỉ số: {name}\n  đơn vị tính: {unit}\n");
    }
    for check in texts(&one["check"]) {
        let _ = write!(text, "\nkiểm tra: {check}\n");
        if let Some(off) = one["off"].as_str() {
            let _ = writeln!(text, "  sai số: {off}");
        }
    }
    Rules::parse(&text).unwrap_or_else(|found| panic!("{}: {found}", one["id"]))
}

/// What is found in the records of a question; `spoilt` figures take the place of others in the
/// last record, and stand beside them where it has none of the name.
fn found(one: &Value, spoilt: Option<&Value>) -> Vec<Finding> {
    let records = one["days"].as_array().unwrap();
    let mut data = Data::new();
    for (record, place) in records.iter().zip(1..) {
        let mut measurements = record[1].clone();
        if place == records.len() {
            for (name, figure) in spoilt.and_then(Value::as_object).into_iter().flatten() {
                measurements[name] = figure.clone();
            }
        }
        let record =
            json!({"entity": "bắc giang", "as_of": record[0], "measurements": measurements});
        assert!(data.push(Snapshot::from_json(&record.to_string()).unwrap(), None));
    }
    audit(rules(one).model(), &data)
}

fn codes(found: &[Finding]) -> Vec<&str> {
    found.iter().map(|it| it.kind.code()).collect()
}

#[test]
fn every_question_comes_out_as_the_reader_found() {
    for one in audits().iter().filter(|one| one["by"] != "none") {
        let id = &one["id"];
        let sound = found(one, None);
        assert_eq!(codes(&sound), texts(&one["found"]), "{id}: {sound:#?}");
        let errors = sound.iter().filter(|it| it.kind.is_error()).count();
        assert_eq!(errors > 0, one["result"] == "inconsistent", "{id}: {sound:#?}");
        let spoilt = found(one, Some(&one["wrong"]));
        assert_eq!(codes(&spoilt), texts(&one["wrong_found"]), "{id}: {spoilt:#?}");
        let says = one["says"].as_str().unwrap();
        let said = says.is_empty() || spoilt.iter().any(|it| it.message.vi.contains(says));
        assert!(said, "{id}: {says}: {spoilt:#?}");
    }
}

#[test]
fn every_question_is_put_or_says_why_not() {
    let all = audits();
    let mut put: BTreeMap<&str, usize> = BTreeMap::new();
    for (one, number) in all.iter().zip(1..) {
        assert_eq!(one["id"], format!("A{number:03}"));
        let kind = one["kind"].as_str().unwrap();
        if one["by"] == "none" {
            assert!(!ASKED.contains(&kind), "{one}");
            assert!(one["note"].as_str().is_some_and(|it| it.len() > 20), "{one}");
        } else {
            assert!(["audit", "rule"].contains(&one["by"].as_str().unwrap()), "{one}");
            assert_eq!(one["by"] == "rule", !texts(&one["check"]).is_empty(), "{one}");
            *put.entry(kind).or_default() += 1;
        }
    }
    assert_eq!(all.len(), 92);
    let expected = [14, 6, 1, 2, 3, 8, 1, 4, 3];
    let counted: Vec<usize> =
        ASKED.iter().map(|kind| put.get(kind).copied().unwrap_or_default()).collect();
    assert_eq!(counted, expected);
}
