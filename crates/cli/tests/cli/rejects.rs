//! Records that cannot be judged, and runs that have nothing to judge.

use crate::world::{World, line, record};

const MIXED: &str = r#"{"entity":"a","as_of":2023,"measurements":{"ban hành kế hoạch":"có"}}
{"entity":"b","as_of":"31/02/2023"}
{"entity":"c","as_of":2023,"measurements":{"ban hành kế hoạch":[1]}}
{"entity":"d""as_of":2023}
"#;

const LISTED: &str =
    "lỗi: s.ndjson:2:23: bản ghi bị loại: không đọc được ngày `31/02/2023` của `as_of`
lỗi: s.ndjson:4:14: bản ghi bị loại: JSON sai: thiếu `,` hoặc `}`
";

const READ: &str = "đã đọc 4 = đánh giá 2 + loại 2; 1 ô không đọc được\n";

fn out() -> String {
    line("A", "a", "no_data", "")
        + &line("B", "a", "met", "\"s.ndjson:1\"")
        + &line("A", "c", "no_data", "")
        + &line("B", "c", "contradictory", "\"s.ndjson:3\"")
}

#[test]
fn a_rejected_record_ends_the_run() {
    let world = World::with_data("s.ndjson", MIXED);
    let said = format!(
        "{LISTED}đã đọc 4 = hợp lệ 2 + loại 2; 1 ô không đọc được\n\
         lỗi: 2 bản ghi bị loại: không đánh giá, không ghi kết quả\n"
    );
    world.eval("s.ndjson", &[]).ends(2, "", &said);
    world.eval("s.ndjson", &["-o", "k.ndjson"]).ends(2, "", &said);
    world.eval("s.ndjson", &["--max-rejects", "1"]).ends(2, "", &said);
    assert_eq!(world.names(), ["r.chitieu", "s.ndjson"]);
    world.eval("s.ndjson", &["--max-rejects", "2"]).ends(0, &out(), &format!("{LISTED}{READ}"));
}

#[test]
fn rejects_are_set_aside_and_counted() {
    let world = World::with_data("s.ndjson", MIXED);
    world.eval("s.ndjson", &["--rejects", "loại.ndjson"]).ends(0, &out(), READ);
    let lines = [
        r#"{"file":"s.ndjson","row":2,"column":23,"#,
        r#""reason":"không đọc được ngày `31/02/2023` của `as_of`","#,
        r#""text":"{\"entity\":\"b\",\"as_of\":\"31/02/2023\"}"}"#,
        "\n",
        r#"{"file":"s.ndjson","row":4,"column":14,"reason":"JSON sai: thiếu `,` hoặc `}`","#,
        r#""text":"{\"entity\":\"d\"\"as_of\":2023}"}"#,
        "\n",
    ];
    let lines = lines.concat();
    assert_eq!(world.text("loại.ndjson"), lines);
    let run = world.eval("s.ndjson", &["--rejects", "x.ndjson", "--max-rejects", "1"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert_eq!(world.text("x.ndjson"), lines);
    let receipt = world.eval("s.ndjson", &["--rejects", "x.ndjson", "--summary"]).out;
    let counts = r#""read":4,"evaluated":2,"rejected":2,"unreadable_cells":1}"#;
    assert!(receipt.contains(counts), "{receipt}");
}

#[test]
fn behind_a_broken_array_nothing_is_judged_in_silence() {
    let data = r#"[{"entity":"a","as_of":2023,"measurements":{"ban hành kế hoạch":"có"}},
 {"entity":"b" "as_of":2023}, {"entity":"c","as_of":2023}]"#;
    let world = World::with_data("s.json", data);
    let run = world.eval("s.json", &[]);
    let said = "lỗi: s.json:2:16: bản ghi bị loại: JSON sai: thiếu `,` hoặc `}`; đã đọc 1 bản ghi \
                trước chỗ này, phần sau không đọc được\nđã đọc 2 = hợp lệ 1 + loại 1; 0 ô không \
                đọc được\nlỗi: 1 bản ghi bị loại: không đánh giá, không ghi kết quả\n";
    run.ends(2, "", said);
}

#[test]
fn nothing_to_judge_ends_with_2() {
    let none = "đã đọc 0 = đánh giá 0 + loại 0; 0 ô không đọc được\n\
                lỗi: số liệu không có bản ghi nào để đánh giá\n";
    for empty in ["", "[]", "\u{feff}\r\n"] {
        World::with_data("s.json", empty).eval("s.json", &[]).ends(2, "", none);
    }
    let world = World::with_data("s.json", r#"{"entity":"a","as_of":2023,"measurements":{"z":1}}"#);
    let said = "đã đọc 1 = đánh giá 1 + loại 0; 0 ô không đọc được\n\
                cảnh báo: số liệu có `z` mà không luật nào biết\n\
                lỗi: không chỉ số nào của luật có trong số liệu\n";
    world.eval("s.json", &[]).ends(2, "", said);
    for rules in ["", "chương trình: A\n"] {
        let files = [("r.chitieu", rules.as_bytes()), ("s.json", &b"{}"[..])];
        let run = World::new(&files).eval("s.json", &[]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{}", run.said);
        assert!(!run.said.is_empty());
    }
}

#[test]
fn hostile_data_end() {
    for data in ["[".repeat(200_000), "{\"a\":".repeat(100_000), "\u{0}".to_owned()] {
        let run = World::with_data("s.json", data).eval("s.json", &[]);
        assert_eq!((run.status, run.out.as_str()), (2, ""));
        assert!(run.said.len() < 2_000, "{}", run.said);
    }
    let steer = record("a", "\"\\u001b[31m\":1,\"ban hành kế hoạch\":1");
    let run = World::with_data("s.json", steer).eval("s.json", &[]);
    assert!(!run.said.contains('\u{1b}') && run.status == 0, "{}", run.said);
}
