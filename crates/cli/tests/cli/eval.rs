//! What `eval` makes of sound data.

use std::process::Stdio;

use crate::world::{RULES, SHORT, World, line, record};

const TWO: &str = r#"[{"entity":"a","as_of":"30/06/2023",
  "measurements":{"tỷ lệ hồ sơ đúng hạn":"96,5%","ban hành kế hoạch":true}},
 {"entity":"b","as_of":2023,
  "measurements":{"tỷ lệ hồ sơ đúng hạn":{"numerator":955,"denominator":1000}}}]"#;

const TWO_OUT: &str = concat!(
    r#"{"target":"A","entity":"a","as_of":"2023-06-30","verdict":"exceeded","#,
    r#""sources":["s.json#/0"]}"#,
    "\n",
    r#"{"target":"B","entity":"a","as_of":"2023-06-30","verdict":"met","sources":["s.json#/0"]}"#,
    "\n",
    r#"{"target":"A","entity":"b","as_of":"2023-12-31","verdict":"not_met","#,
    r#""sources":["s.json#/1"]}"#,
    "\n",
    r#"{"target":"B","entity":"b","as_of":"2023-12-31","verdict":"no_data","sources":[]}"#,
    "\n",
);

const READ_TWO: &str = "đã đọc 2 = đánh giá 2 + loại 0; 0 ô không đọc được\n";

#[test]
fn every_target_and_snapshot_has_a_line() {
    let world = World::with_data("s.json", TWO);
    world.eval("s.json", &[]).ends(0, TWO_OUT, READ_TWO);
    world.eval("s.json", &["--reference"]).ends(0, TWO_OUT, READ_TWO);
    let english = "read 2 = evaluated 2 + rejected 0; 0 unreadable cells\n";
    world.eval("s.json", &["--lang", "en"]).ends(0, TWO_OUT, english);
}

#[test]
fn only_and_fail_on_choose() {
    let world = World::with_data("s.json", TWO);
    let last: String = TWO_OUT.split_inclusive('\n').skip(2).collect();
    world.eval("s.json", &["--only", "not_met,no_data"]).ends(0, &last, READ_TWO);
    world.eval("s.json", &["--fail-on", "not_met"]).ends(1, TWO_OUT, READ_TWO);
    world.eval("s.json", &["--fail-on", "contradictory,not_due"]).ends(0, TWO_OUT, READ_TWO);
    let hidden = ["--fail-on", "no_data", "--only", "contradictory"];
    world.eval("s.json", &hidden).ends(1, "", READ_TWO);
}

#[test]
fn an_as_of_date_judges_each_entity_once() {
    let world = World::with_data("s.json", TWO);
    let out = line("A", "a", "exceeded", "\"s.json#/0\"")
        + &line("B", "a", "met", "\"s.json#/0\"")
        + &line("A", "b", "no_data", "")
        + &line("B", "b", "no_data", "");
    let out = out.replace("2023-12-31", "2023-09-30").replace("#/0", "#/0 (2023-06-30)");
    world.eval("s.json", &["--as-of", "quý 3/2023"]).ends(0, &out, READ_TWO);
    let undated =
        World::with_data("s.json", r#"{"entity":"a","measurements":{"ban hành kế hoạch":"x"}}"#);
    let run = undated.eval("s.json", &["--as-of", "2023-06-30", "--only", "met"]);
    assert_eq!(run.out.lines().count(), 1, "{}", run.said);
}

#[test]
fn forms_of_results() {
    let world = World::with_data("s.json", TWO);
    let fields = ["--fields", "target,entity,verdict,sources"];
    let eval = |more: &[&str]| {
        world.run(&[&["eval", "r.chitieu", "--data", "s.json"][..], &fields, more].concat())
    };
    let csv = "target,entity,verdict,sources\r\nA,a,exceeded,s.json#/0\r\nB,a,met,s.json#/0\r\n\
               A,b,not_met,s.json#/1\r\nB,b,no_data,\r\n";
    eval(&["--format", "csv"]).ends(0, csv, READ_TWO);
    eval(&["-o", "k.csv"]).ends(0, "", READ_TWO);
    assert_eq!(world.text("k.csv"), csv);
    let json = eval(&["--format", "json", "--only", "met"]).out;
    let start = "{\"verdicts\":[\n{\"target\":\"B\",\"entity\":\"a\",\"verdict\":\"met\",\
                 \"sources\":[\"s.json#/0\"]}\n],\"summary\":[{\"programme\":\"KH\",";
    assert!(json.starts_with(start), "{json}");
    assert!(json.contains("\"unreadable_cells\":0,\"sha256\":\""), "{json}");
    let short = eval(&["--format", "json", "--receipt", "short"]).out;
    assert!(!short.contains("\"sha256\""), "{short}");
    let table = world.run(&["eval", "r.chitieu", "--data", "s.json", "--format", "table"]).out;
    assert!(
        table.ends_with("4 kết quả của 2 chỉ tiêu: 1 vượt, 1 đạt, 1 chưa đạt, 1 thiếu số liệu\n"),
        "{table}"
    );
    assert!(!table.contains('\u{1b}'));
    let color = ["eval", "r.chitieu", "--data", "s.json", "--format", "table", "--color", "always"];
    assert!(world.run(&color).out.contains('\u{1b}'));
}

#[test]
fn a_summary_counts_and_ends_in_a_receipt() {
    let world = World::with_data("s.json", TWO);
    let run = world.eval("s.json", &["--summary"]);
    let row = |target: &str, counts: [u32; 5]| {
        let [exceeded, met, not_met, not_due, no_data] = counts;
        format!(
            "{{\"programme\":\"KH\",\"target\":\"{target}\",\"counts\":{{\"exceeded\":{exceeded},\
             \"met\":{met},\"not_met\":{not_met},\"not_due\":{not_due},\"no_data\":{no_data},\
             \"undetermined\":0,\"not_applicable\":0,\"contradictory\":0}}}}\n"
        )
    };
    let counts = row("A", [1, 0, 1, 0, 0]) + &row("B", [0, 1, 0, 0, 1]);
    let start = counts + "{\"receipt\":{\"rules_sha256\":\"";
    assert!(run.out.starts_with(&start), "{}", run.out);
    let end = format!(
        "\"inputs\":[{{\"name\":\"s.json\",\"bytes\":{},\"read\":2,\"evaluated\":2,\
         \"rejected\":0,\"unreadable_cells\":0}}]}}}}\n",
        TWO.len()
    );
    assert!(run.out.ends_with(&end), "{}", run.out);
    let csv = world.eval("s.json", &["--summary", "--format", "csv"]).out;
    assert!(csv.ends_with("\r\nKH,A,1,0,1,0,0,0,0,0\r\nKH,B,0,1,0,0,1,0,0,0\r\n"), "{csv}");
}

#[test]
fn threads_change_no_byte() {
    let rate = |i: u32| format!("\"tỷ lệ hồ sơ đúng hạn\":{}", i % 101);
    let data: String = (0..9_000).map(|i| record(&format!("e{i}"), &rate(i))).collect();
    let world = World::with_data("s.ndjson", data);
    for more in [&["--format", "csv"][..], &["--summary"]] {
        let one = world.eval("s.ndjson", &[more, &["--threads", "1"]].concat());
        assert_eq!(one.status, 0, "{}", one.said);
        assert!(one.out.len() > 200);
        let four = world.eval("s.ndjson", &[more, &["--threads", "4"]].concat());
        assert!(one == four, "{more:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let done = "\"ban hành kế hoạch\":\"có\"";
    let data: String = (0..3_000).map(|i| record(&format!("e{i}"), done)).collect();
    let world = World::with_data("s.ndjson", data);
    let args = [&["eval", "r.chitieu", "--data", "s.ndjson"][..], &SHORT].concat();
    let mut child = world.command(&args).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "đã đọc 3000 = đánh giá 3000 + loại 0; 0 ô không đọc được\n");
}

#[test]
fn one_figure_given_twice_agrees_or_contradicts() {
    let twice =
        |other: &str| format!("\"tỷ lệ hồ sơ đúng hạn\":97,\"tỷ lệ hồ sơ đúng hạn\":{other}");
    let data = record("a", &twice("\"97%\"")) + &record("b", &twice("9"));
    let world = World::with_data("s.ndjson", data);
    let out = line("A", "a", "exceeded", "\"s.ndjson:1\"")
        + &line("A", "b", "contradictory", "\"s.ndjson:2\"");
    world.eval("s.ndjson", &["--only", "exceeded,contradictory"]).ends(0, &out, READ_TWO);
}

#[test]
fn numbers_and_names_are_read_as_written() {
    let decomposed = "ty\u{309} le\u{323}\u{302} ho\u{302}\u{300} so\u{31b} đu\u{301}ng ha\u{323}n";
    let first = record("a", &format!("\"{decomposed}\":96.0000000000000000000000001"));
    let digits = "9".repeat(29);
    let second = record("b", &format!("\"TỈ LỆ\u{a0}hồ sơ đúng hạn\":{digits}"));
    let data = format!("\u{feff}{first}{second}").replace('\n', "\r\n");
    let world = World::with_data("s.json", data);
    let fields = ["eval", "r.chitieu", "--data", "s.json", "--only", "exceeded,contradictory"];
    let more = ["--fields", "entity,reason,measured_exact"];
    let (top, below) = ("960000000000000000000000001", "10000000000000000000000000");
    let out = format!(
        "{{\"entity\":\"a\",\"reason\":null,\"measured_exact\":\"{top}/{below}\"}}\n\
         {{\"entity\":\"b\",\"reason\":\"unreadable\",\"measured_exact\":null}}\n"
    );
    let said = "đã đọc 2 = đánh giá 2 + loại 0; 1 ô không đọc được\n";
    world.run(&[&fields[..], &more].concat()).ends(0, &out, said);
}

#[test]
fn names_that_no_rule_knows_are_said_once() {
    let data = record("a", "\"tỷ lệ hồ sơ đúng hẹn\":1,\"ban hành kế hoạch\":1")
        + &record("b", "\"tỷ lệ hồ sơ đúng hẹn\":1");
    let run = World::with_data("s.ndjson", data).eval("s.ndjson", &[]);
    let said = format!(
        "{READ_TWO}cảnh báo: số liệu có `tỷ lệ hồ sơ đúng hẹn` mà không luật nào biết; \
         có phải là `tỷ lệ hồ sơ đúng hạn`?\n"
    );
    assert_eq!((run.status, run.said), (0, said));
    let many = (0..25).map(|i| format!("\"x{i}\":1")).collect::<Vec<_>>().join(",");
    let data = format!(
        r#"{{"entity":"a","as_of":2023,"measurements":{{{many},"ban hành kế hoạch":"có"}}}}"#
    );
    let said = World::with_data("s.json", data).eval("s.json", &[]).said;
    assert_eq!(said.lines().count(), 22, "{said}");
    assert!(
        said.ends_with("cảnh báo: và 5 tên khác trong số liệu mà không luật nào biết\n"),
        "{said}"
    );
}

#[test]
fn listed_entities_that_nobody_bears_are_said() {
    let rules =
        RULES.replace("năm 2023\n", "năm 2023\náp dụng cho: tỉnh Bình Dươg; TỈNH bình phước\n");
    let data = r#"{"entity":"bd","name":"tỉnh Bình Dương","parent":"tỉnh Bình Phước",
        "as_of":2023,"measurements":{"ban hành kế hoạch":"có"}}"#;
    let world = World::new(&[("r.chitieu", rules.as_bytes()), ("s.json", data.as_bytes())]);
    let run = world.eval("s.json", &[]);
    let said = "đã đọc 1 = đánh giá 1 + loại 0; 0 ô không đọc được\ncảnh báo: `áp dụng cho` kể \
                `tỉnh Bình Dươg` mà số liệu không có đơn vị này; có phải là `tỉnh Bình Dương`? \
                (xem W0101)\n";
    assert_eq!((run.status, run.said.as_str()), (0, said));
}

#[test]
fn rules_are_taken_as_they_were_on_a_day() {
    let later = "\n[C] số xã >= 2\n  hiệu lực: từ 01/07/2023\n\n[A] tỷ lệ hồ sơ đúng hạn >= 98%\n  \
                 hiệu lực: từ 01/10/2023\n";
    let world = World::new(&[
        ("r.chitieu", format!("{RULES}{later}").as_bytes()),
        ("s.json", record("a", "\"tỷ lệ hồ sơ đúng hạn\":\"97%\",\"số xã\":3").as_bytes()),
    ]);
    let verdicts = |day: &str| {
        let run = world.eval("s.json", &["--rules-as-of", day]);
        assert_eq!(run.status, 0, "{}", run.said);
        let short = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{}={}", line["target"].as_str().unwrap(), line["verdict"].as_str().unwrap())
        };
        run.out.lines().map(short).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(verdicts("năm 2023"), "A=not_met B=no_data C=exceeded");
    assert_eq!(verdicts("30/09/2023"), "A=exceeded B=no_data C=exceeded");
    assert_eq!(verdicts("6 tháng đầu năm 2023"), "A=exceeded B=no_data");
    let none = "lỗi: không chỉ tiêu nào có hiệu lực từ 31/12/2022 trở về trước\n";
    world.eval("s.json", &["--rules-as-of", "2022"]).ends(2, "", none);
    let wrong = "lỗi: `--rules-as-of hôm qua` không phải là một ngày; viết như 30/06/2023\n";
    world.eval("s.json", &["--rules-as-of", "hôm qua"]).ends(2, "", wrong);
    let explain = ["explain", "r.chitieu", "--data", "s.json", "--target"];
    let gone = world.run(&[&explain[..], &["C", "--rules-as-of", "30/06/2023"]].concat());
    assert_eq!((gone.status, gone.said.starts_with("lỗi: không có chỉ tiêu `C`")), (2, true));
    let old = world.run(&[&explain[..], &["A", "--rules-as-of", "30/06/2023"]].concat());
    assert!(old.status == 0 && old.out.contains("vượt"), "{} {}", old.out, old.said);
}
