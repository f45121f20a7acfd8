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
            let causes: Vec<&str> = causes.iter().map(|cause| cause.code()).collect();
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
