//! Pairs, causes and formats of verdict files.

use super::*;

/// `target entity as_of verdict measured`, `-` for nothing.
fn rows(lines: &[&str]) -> Vec<Row> {
    let row = |line: &&str| {
        let cells: Vec<String> =
            line.split(' ').map(|cell| cell.replace('-', "").replace('/', "-")).collect();
        let [target, entity, as_of, verdict, measured] = cells.as_slice() else { panic!("{line}") };
        Row {
            programme: "P".to_owned(),
            target: target.clone(),
            entity: entity.clone(),
            as_of: as_of.clone(),
            verdict: verdict.clone(),
            measured: measured.clone(),
            due: "2023-12-31".to_owned(),
            ..Row::default()
        }
    };
    lines.iter().map(row).collect()
}

fn check(old: &[&str], new: &[&str], expected: &str) {
    let (old, new) = (rows(old), rows(new));
    let diff = compare(&old, &new);
    let say = |change: &Change<'_>| match change {
        Change::Flipped(Pair { old, new, causes }) => {
            let causes: Vec<&str> = causes.iter().map(|why| why.cause.code()).collect();
            let (target, entity, causes) = (&new.target, &new.entity, causes.join("+"));
            format!("{target}.{entity} {}>{} {causes}", old.verdict, new.verdict)
        }
        Change::TargetNew(row, count) => format!("+target {} {count}", row.target),
        Change::TargetGone(row, count) => format!("-target {} {count}", row.target),
        Change::EntityNew(row, count) => format!("+entity {} {count}", row.entity),
        Change::EntityGone(row, count) => format!("-entity {} {count}", row.entity),
        Change::RecordNew(row) => format!("+{}.{} {}", row.target, row.entity, row.as_of),
        Change::RecordGone(row) => format!("-{}.{} {}", row.target, row.entity, row.as_of),
    };
    let changes: Vec<String> = diff.changes.iter().map(say).collect();
    let text = format!("{} | {} paired {} moved", changes.join(", "), diff.paired, diff.moved);
    assert_eq!(text, expected, "{old:?} {new:?}");
}

#[test]
fn verdicts_are_paired_and_causes_found() {
    let june = "A x 2023/06/30 not_due 28";
    check(&[june], &[june], " | 1 paired 0 moved");
    check(
        &[june],
        &["A x 2023/12/31 not_met 28"],
        "A.x not_due>not_met due_passed | 1 paired 0 moved",
    );
    check(
        &[june],
        &["A x 2023/12/31 not_met 29"],
        "A.x not_due>not_met measured+due_passed | 1 paired 0 moved",
    );
    check(&[june], &["A x 2023/12/31 met 31"], "A.x not_due>met measured | 1 paired 0 moved");
    check(&[june], &["A x 2023/06/30 not_due 29"], " | 1 paired 1 moved");
    check(&[june], &["A x 2023/07/31 met 28"], "A.x not_due>met as_of | 1 paired 0 moved");
    check(&[june], &["A x 2023/06/30 met 28"], "A.x not_due>met  | 1 paired 0 moved");
}

#[test]
fn what_is_alone_is_named_once() {
    check(
        &["A x - met 1", "A y - met 1", "B x - met 1", "B y - met 1"],
        &["A x - met 1", "A z - met 1", "C x - met 1", "C z - met 1"],
        "+entity z 1, +target C 2, -entity y 1, -target B 2 | 1 paired 0 moved",
    );
    check(
        &["A x - met 1", "B y - met 1"],
        &["A y - met 1", "B y - met 1"],
        "+A.y , -entity x 1 | 1 paired 0 moved",
    );
}

#[test]
fn several_days_are_paired_by_day() {
    let (a, b, c) = ("A x 2022/12/31 met 1", "A x 2023/12/31 met 2", "A x 2024/12/31 not_met 3");
    check(&[a, b], &[b, a], " | 2 paired 0 moved");
    check(&[a, b], &[b, c], "+A.x 2024-12-31, -A.x 2022-12-31 | 1 paired 0 moved");
    check(&[a, b], &[c], "A.x met>not_met measured, -A.x 2022-12-31 | 1 paired 0 moved");
    check(&[a], &[b, c], "A.x met>not_met measured+due_passed, +A.x 2023-12-31 | 1 paired 0 moved");
    check(&[b], &[b, c], "+A.x 2024-12-31 | 1 paired 0 moved");
    // The same record twice is two.
    check(&[a, a], &[a, a], " | 2 paired 0 moved");
}

#[test]
fn three_formats_say_the_same() {
    let record = concat!(
        r#"{"programme":"P","target":"A","entity":null,"as_of":"2023-12-31","#,
        r#""verdict":"met","measured":"1,\"2\"","unit":"%"}"#,
    );
    let csv = "\u{feff}programme,target,entity,as_of,verdict,measured,unit\r\n\
               P,A,,2023-12-31,met,\"1,\"\"2\"\"\",%\r\n";
    let expected = read(record).unwrap();
    assert_eq!(expected[0].measured, "1,\"2\"");
    for text in [
        csv.to_owned(),
        format!("[{record}]"),
        format!("{{\"verdicts\":[\n{record}\n],\"summary\":[],\"receipt\":{{}}}}"),
        format!("{record}\n{{\"receipt\":{{}}}}\n"),
    ] {
        assert_eq!(read(&text).unwrap(), expected, "{text}");
    }
}

#[test]
fn other_texts_are_refused_with_their_line() {
    for (text, line, vi) in [
        ("", 1, "tệp không có kết luận nào"),
        ("{\"receipt\":{}}\n{\"receipt\":{}}\n", 1, "tệp không có kết luận nào"),
        ("[]", 1, "tệp không có kết luận nào"),
        ("{\"target\":\"A\",\"verdict\":\"met\"}\n{", 2, "không phải là JSON (cột 1)"),
        (
            "entity,verdict\nx,met\n",
            2,
            "không có `target`: đây không phải là kết luận do `eval` ghi",
        ),
        ("\"", 1, "tệp không có kết luận nào"),
        ("{\"target\":1}", 1, "không có `verdict`: đây không phải là kết luận do `eval` ghi"),
    ] {
        let fault = read(text).unwrap_err();
        assert_eq!((fault.line, fault.message.vi.as_str()), (line, vi), "{text}");
    }
}

/// Two records of one verdict as JSON; the fields that differ from a verdict of June.
fn causes_of(old: &str, new: &str) -> Vec<String> {
    let base = concat!(
        r#"{"programme":"P","target":"A","name":"tỷ lệ a","entity":"x","as_of":"2023-06-30","#,
        r#""verdict":"not_met","reason":null,"measured":"28","unit":"%","threshold":">= 30","#,
        r#""due":"2023-06-30","legal_basis":"QĐ 1","numerator":null,"denominator":null,"#,
        r#""parts":[],"failing":[],"unreported":[],"missing":[]}"#,
    );
    let with = |fields: &str| {
        let mut value: serde_json::Value = serde_json::from_str(base).unwrap();
        let fields: serde_json::Value = serde_json::from_str(&format!("{{{fields}}}")).unwrap();
        for (name, field) in fields.as_object().unwrap() {
            value[name] = field.clone();
        }
        record(&value, 1).unwrap()
    };
    let (old, new) = ([with(old)], [with(new)]);
    let diff = compare(&old, &new);
    let [Change::Flipped(pair)] = diff.changes.as_slice() else { panic!("{diff:?}") };
    let say = |why: &Why| {
        let (kind, code) = (why.cause.kind().code(), why.cause.code());
        format!("{kind}/{code} {}[{} > {}]", why.what, why.from, why.to)
    };
    pair.causes.iter().map(say).collect()
}

/// What was, what is, and the causes.
fn check_causes<const N: usize>(cases: [(&str, &str, Vec<&str>); N]) {
    for (old, new, expected) in cases {
        assert_eq!(causes_of(old, new), expected, "{old} {new}");
    }
}

#[test]
fn figures_turn_verdicts() {
    check_causes([
        (
            r#""measured":"28","numerator":"28","denominator":"100""#,
            r#""verdict":"met","measured":"31","numerator":"31","denominator":"100""#,
            vec!["data/measured [28 (28/100) > 31 (31/100)]"],
        ),
        (
            r#""verdict":"no_data","reason":"absent","measured":null,"missing":["tỷ lệ a","b"]"#,
            r#""verdict":"met","measured":"31","missing":["c"]"#,
            vec!["data/measured [ > 31]", "data/missing [tỷ lệ a, b > c]"],
        ),
        (
            r#""failing":["u","v"],"unreported":["w"]"#,
            r#""verdict":"met","failing":["u"],"unreported":["w","z"]"#,
            vec!["data/failing [v > ]", "data/unreported [ > z]"],
        ),
        (
            r#""verdict":"contradictory","reason":"unreadable","measured":null"#,
            r#""verdict":"undetermined","reason":"bounds","measured":null"#,
            vec!["data/reason [unreadable > bounds]"],
        ),
        (
            r#""parts":[{"text":"b >= 1","verdict":"met","measured":"1","threshold":">= 1"},
                {"text":"c >= 1","verdict":"not_met","measured":"0","threshold":">= 1"}]"#,
            r#""verdict":"met","parts":[
                {"text":"b >= 1","verdict":"met","measured":"1","threshold":">= 1"},
                {"text":"c >= 2","verdict":"met","measured":"3","threshold":">= 2"}]"#,
            vec!["data/measured c >= 2[0 > 3]", "rule/threshold c >= 2[>= 1 > >= 2]"],
        ),
    ]);
}

#[test]
fn rules_and_documents_turn_verdicts() {
    check_causes([
        ("", r#""verdict":"met","threshold":">= 25""#, vec!["rule/threshold [>= 30 > >= 25]"]),
        (
            "",
            r#""verdict":"not_due","due":"2023-12-31""#,
            vec!["rule/due [2023-06-30 > 2023-12-31]"],
        ),
        ("", r#""verdict":"contradictory","unit":"hồ sơ""#, vec!["rule/unit [% > hồ sơ]"]),
        (
            "",
            r#""verdict":"not_applicable","reason":"not_in_force""#,
            vec!["rule/in_force [2023-06-30 > 2023-06-30]"],
        ),
        ("", r#""verdict":"met","legal_basis":"QĐ 2""#, vec!["document/legal_basis [QĐ 1 > QĐ 2]"]),
        ("", r#""programme":"Q","target":"B","verdict":"met""#, vec!["document/programme [P > Q]"]),
    ]);
}

#[test]
fn dates_turn_verdicts_and_causes_come_together() {
    check_causes([
        (
            r#""verdict":"not_due","due":"2023-12-31""#,
            r#""as_of":"2023-12-31","due":"2023-12-31""#,
            vec!["date/due_passed 2023-12-31[2023-06-30 > 2023-12-31]"],
        ),
        (
            r#""verdict":"met","measured":"31""#,
            r#""as_of":"2025-12-31","due":"2025-12-31","measured":"31","threshold":">= 50""#,
            vec!["date/milestone 2025-12-31[>= 30 > >= 50]"],
        ),
        (
            "",
            r#""as_of":"2024-01-31","verdict":"not_applicable","reason":"not_in_force""#,
            vec!["date/window [2023-06-30 > 2024-01-31]"],
        ),
        (
            r#""as_of":"2022-12-31","verdict":"not_applicable","reason":"not_in_force""#,
            r#""reason":null"#,
            vec![
                "date/due_passed 2023-06-30[2022-12-31 > 2023-06-30]",
                "date/window [2022-12-31 > 2023-06-30]",
            ],
        ),
        (
            "",
            r#""as_of":"2023-07-31","verdict":"met""#,
            vec!["date/as_of [2023-06-30 > 2023-07-31]"],
        ),
        // What a target that does not apply lacks is no cause.
        (
            r#""numerator":"28","denominator":"100","parts":[
                {"text":"b >= 1","verdict":"met","measured":"1","threshold":">= 1"}]"#,
            r#""as_of":"2026-01-31","verdict":"not_applicable","reason":"not_in_force",
               "measured":null,"unit":null,"threshold":null,"due":"2025-12-31""#,
            vec!["date/window [2023-06-30 > 2026-01-31]"],
        ),
        (
            "",
            r#""verdict":"not_applicable","reason":"scope","measured":null,"unit":null,
               "threshold":null,"due":null"#,
            vec!["data/reason [ > scope]"],
        ),
        // Several at once, figures first.
        (
            r#""verdict":"not_due","due":"2023-12-31""#,
            r#""as_of":"2024-01-31","due":"2023-12-31","measured":"27","threshold":">= 40",
               "legal_basis":"QĐ 2""#,
            vec![
                "data/measured [28 > 27]",
                "rule/threshold [>= 30 > >= 40]",
                "document/legal_basis [QĐ 1 > QĐ 2]",
                "date/due_passed 2023-12-31[2023-06-30 > 2024-01-31]",
            ],
        ),
        // Nothing that the files hold.
        ("", r#""verdict":"met""#, vec![]),
    ]);
}

#[test]
fn nothing_follows_from_fields_that_a_file_leaves_out() {
    let old = read("target,entity,verdict\r\nA,x,not_met\r\n").unwrap();
    let new = read(concat!(
        r#"{"target":"A","entity":"x","verdict":"met","measured":"31","threshold":">= 30","#,
        r#""legal_basis":"QĐ 1","programme":"P","as_of":"2023-12-31","missing":["b"]}"#
    ))
    .unwrap();
    let diff = compare(&old, &new);
    let [Change::Flipped(pair)] = diff.changes.as_slice() else { panic!("{diff:?}") };
    assert_eq!(pair.causes, []);
}

#[test]
fn a_target_that_took_the_place_of_another_is_named() {
    let row = |programme: &str, verdict: &str, reason: &str| Row {
        programme: programme.to_owned(),
        target: "A".to_owned(),
        name: "tỷ lệ a".to_owned(),
        entity: "x".to_owned(),
        as_of: "2023-12-31".to_owned(),
        verdict: verdict.to_owned(),
        reason: reason.to_owned(),
        ..Row::default()
    };
    let old = [row("P", "met", "")];
    let new = [row("P", "not_applicable", "not_in_force"), row("Q", "not_met", "")];
    let diff = compare(&old, &new);
    let [Change::Flipped(pair), Change::TargetNew(heir, 1)] = diff.changes.as_slice() else {
        panic!("{diff:?}")
    };
    let [why] = pair.causes.as_slice() else { panic!("{pair:?}") };
    assert_eq!((why.cause, why.from.as_str(), why.to.as_str()), (Cause::Superseded, "P/A", "Q/A"));
    assert_eq!(heir.programme, "Q");
    // Where the old one is gone altogether, the two are one verdict.
    let diff = compare(&old, &new[1..]);
    let [Change::Flipped(pair)] = diff.changes.as_slice() else { panic!("{diff:?}") };
    assert!(pair.has(Cause::Programme) && diff.paired == 1);
    // Two of one name leave open which is meant.
    let two = [row("Q", "met", ""), row("R", "met", "")];
    assert_eq!(compare(&old, &two).paired, 0);
}
