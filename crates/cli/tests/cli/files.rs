//! Paths: folders, standard input, files that cannot be read or written.

use crate::world::{RULES, SHORT, World};

const A: &str = r#"{"entity":"a","as_of":2023,"measurements":{"ban hành kế hoạch":"có"}}"#;
const B: &str = r#"{"entity":"b","as_of":2023,"measurements":{"ban hành kế hoạch":"có"}}"#;

fn met(entity: &str, place: &str) -> String {
    format!(
        "{{\"target\":\"B\",\"entity\":\"{entity}\",\"as_of\":\"2023-12-31\",\"verdict\":\"met\",\
         \"sources\":[\"{place}\"]}}\n"
    )
}

fn account(count: u32) -> String {
    format!("đã đọc {count} = đánh giá {count} + loại 0; 0 ô không đọc được\n")
}

#[test]
fn folders_are_read_whole_and_sorted() {
    let second = "chương trình: Khác\nmã: K2\n\n[C] số xã đạt chuẩn >= 1\n";
    let world = World::new(&[
        ("luật/a/r.chitieu", RULES.as_bytes()),
        ("luật/b.chitieu", second.as_bytes()),
        ("luật/ghi-chú.md", b"# x"),
        ("dl/2.json", A.as_bytes()),
        ("dl/1/b.ndjson", B.as_bytes()),
        ("dl/.ẩn.json", b"{"),
    ]);
    let args = [&["eval", "luật", "--data", "dl/"][..], &SHORT, &["--only", "met"]].concat();
    let out = met("b", "dl/1/b.ndjson:1") + &met("a", "dl/2.json#/0");
    world.run(&args).ends(0, &out, &account(2));
    world.run(&["check", "luật"]).ends(0, "không có lỗi: 2 chương trình, 3 chỉ tiêu\n", "");
    let twice = ["eval", "luật", "--data", "dl", "dl/2.json", "--summary", "--format", "csv"];
    assert_eq!(world.run(&twice).said, account(2));
}

#[test]
fn standard_input_may_be_rules_or_data() {
    let world = World::with_data("s.json", A);
    let only = ["--only", "met"];
    let data = [&["eval", "r.chitieu", "--data", "-"][..], &SHORT, &only].concat();
    let lines = format!("{A}\n{B}\n");
    let out = met("a", "-:1") + &met("b", "-:2");
    world.pipe(&data, lines.as_bytes()).ends(0, &out, &account(2));
    let rules = [&["eval", "-", "--data", "s.json"][..], &SHORT, &only].concat();
    world.pipe(&rules, RULES.as_bytes()).ends(0, &met("a", "s.json#/0"), &account(1));
    let both = "lỗi: luật và số liệu không thể cùng đọc từ đầu vào chuẩn (`-`)\n";
    world.run(&["eval", "-", "--data", "-"]).ends(2, "", both);
}

#[test]
fn an_output_appears_whole_or_not_at_all() {
    let world = World::with_data("s.json", A);
    let said = "lỗi: không ghi được tệp `không/có/k.ndjson`: không có tệp hoặc thư mục này\n";
    let run = world.eval("s.json", &["-o", "không/có/k.ndjson"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(run.said.ends_with(said), "{}", run.said);
    assert_eq!(world.names(), ["r.chitieu", "s.json"]);
    let out = met("a", "s.json#/0");
    world.eval("s.json", &["-o", "k.ndjson", "--only", "met"]).ends(0, "", &account(1));
    assert_eq!(world.text("k.ndjson"), out);
    let refused = world.eval("s.json", &["-o", "k.ndjson", "--max-rejects", "x"]);
    assert_eq!(refused.status, 2);
    assert_eq!(world.text("k.ndjson"), out);
    assert_eq!(world.names(), ["k.ndjson", "r.chitieu", "s.json"]);
    let ending = "lỗi: không biết dạng kết quả của tệp `k.doc`: thêm `--format`\n";
    world.eval("s.json", &["-o", "k.doc"]).ends(2, "", ending);
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let world = World::new(&[
        ("r.chitieu", RULES.as_bytes()),
        ("cũ.chitieu", b"t\xfb l\xd6"),
        ("s.csv", b"entity,as_of\n"),
        ("s.xlsx", b"PK"),
        ("s.gz", b"\x1f\x8b\x08"),
        ("trống/x.md", b""),
    ]);
    let cases = [
        (
            "cũ.chitieu",
            "s.csv",
            "lỗi: không đọc được tệp `cũ.chitieu`: dòng 1, cột 2 không phải Unicode \
             (UTF-8); hãy lưu lại tệp với bảng mã UTF-8 (xem E0001)\n",
        ),
        (
            "x.chitieu",
            "s.csv",
            "lỗi: không đọc được tệp `x.chitieu`: không có tệp hoặc thư mục này\n",
        ),
        ("trống", "s.csv", "lỗi: thư mục `trống` không có tệp .chitieu nào\n"),
        (
            "r.chitieu",
            "s.xlsx",
            "lỗi: tệp `s.xlsx` là Excel: bản này không đọc được; hãy dùng JSON hoặc CSV\n",
        ),
        ("r.chitieu", "s.gz", "lỗi: không đọc được tệp `s.gz`: tệp bị cắt giữa chừng\n"),
        (
            "r.chitieu",
            "trống",
            "lỗi: thư mục `trống` không có tệp .json, .ndjson, .jsonl, .csv, .parquet, .arrow \
             nào\n",
        ),
        (
            "r.chitieu",
            "x.json",
            "lỗi: không đọc được tệp `x.json`: không có tệp hoặc thư mục này\n",
        ),
    ];
    for (rules, data, said) in cases {
        world.run(&["eval", rules, "--data", data]).ends(2, "", said);
    }
}

#[test]
fn utf16_and_old_line_ends_are_read() {
    let wide: Vec<u8> = format!("\u{feff}{A}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let world = World::with_data("s.json", wide);
    world.eval("s.json", &["--only", "met"]).ends(0, &met("a", "s.json#/0"), &account(1));
    let lines = format!("\u{feff}{A}\r\n\r\n{B}\r\n");
    let world = World::with_data("s.ndjson", lines);
    let out = met("a", "s.ndjson:1") + &met("b", "s.ndjson:3");
    world.eval("s.ndjson", &["--only", "met"]).ends(0, &out, &account(2));
}
