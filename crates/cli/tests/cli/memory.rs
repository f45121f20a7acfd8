//! What is said where data need more memory than `--max-memory` allows: always the option that
//! helps in that situation, and taking it helps.

use std::fmt::Write as _;

use crate::world::{World, record};

const LOCAL: &str = "chương trình: Kế hoạch 2023
mã: KH

[A] tỷ lệ a >= 40%
[B] \"số b\" >= 1
";

/// Many records of few figures; `attributes` of the first half of them.
fn records(more: &str, attributes: &str) -> String {
    let mut text = String::new();
    for row in 0..3_000 {
        let line = record(&format!("e{row}"), &format!("\"tỷ lệ a\":41,\"số b\":1{more}"));
        let given = if row < 1_500 { attributes } else { "" };
        text += &line.replacen(",\"measurements\"", &format!("{given},\"measurements\""), 1);
    }
    text
}

/// A run is refused with these words, and done where the last of them are followed.
fn check(rules: &str, data: &str, options: &[&str], says: &[&str], then: Option<&[&str]>) {
    let files = [("r.chitieu", rules.as_bytes()), ("s.ndjson", data.as_bytes())];
    let mut files: Vec<(&str, &[u8])> = files.to_vec();
    files.push(("e.csv", b"entity,name\ne1,x\n"));
    let world = World::new(&files);
    let base = [&["eval", "r.chitieu", "--data", "s.ndjson"][..], options].concat();
    let run = |more: &[&str]| world.run(&[&base[..], more].concat());
    let refused = run(&["--max-memory", "64K"]);
    assert_eq!((refused.status, refused.out.as_str()), (2, ""), "{options:?}");
    for word in says {
        assert!(refused.said.contains(word), "{word} in {}", refused.said);
    }
    assert!(refused.said.contains("`--max-memory`"), "{}", refused.said);
    assert_eq!(run(&["--max-memory", "1G"]).status, 0, "{options:?}");
    if let Some(then) = then {
        let helped = run(&[&["--max-memory", "64K"], then].concat());
        assert_eq!(helped.status, 0, "{options:?}: {}", helped.said);
    }
}

#[test]
fn whole_records_help_local_targets() {
    let text = records("", "");
    let complete: &[&str] = &["--complete-records"];
    check(LOCAL, &text, &["--only", "no_data"], &["`--complete-records`"], Some(complete));
    let table = ["--only", "no_data", "--entities", "e.csv"];
    check(LOCAL, &text, &table, &["`--complete-records`"], Some(complete));
    let drawn = ["--format", "table", "--only", "no_data"];
    check(LOCAL, &text, &drawn, &["`--format ndjson`", "`--complete-records`"], None);
    let dated = ["--as-of", "2023", "--only", "no_data"];
    check(LOCAL, &text, &dated, &["`--as-of`", "`--complete-records`"], None);
}

#[test]
fn only_more_memory_or_less_data_help_linked_targets() {
    let rules = format!("{LOCAL}[C] \"số b\" tăng ít nhất 5 so với năm trước\n");
    let says = ["`--complete-records` không giúp được", "chia việc"];
    for more in [&[][..], &["--complete-records"], &["--as-of", "2023"]] {
        let options = [&["--only", "no_data"], more].concat();
        check(&rules, &records("", ""), &options, &says, None);
    }
}

#[test]
fn what_keeps_records_apart_is_said() {
    // What comes twice is seen at the end.
    let text = records("", "");
    let twice = format!("{text}{}", text.lines().next().unwrap());
    check(LOCAL, &twice, &["--summary"], &["nhiều bản ghi", "gộp"], None);
    let asks = format!("{LOCAL}  áp dụng cho: mọi xã\n");
    let mixed = records("", ",\"attributes\":{\"cấp\":\"xã\"}");
    let options = ["--summary", "--complete-records"];
    check(&asks, &mixed, &options, &["thuộc tính", "`--entities`"], None);
}

#[test]
fn indicators_that_no_target_asks_are_not_held() {
    let mut more = String::new();
    for at in 0..100 {
        write!(more, ",\"tên lạ {at}\":\"{at} hồ sơ\",\"số d\":{at}.5").unwrap();
    }
    let rules = format!("{LOCAL}\nkiểm tra: số d = 1\n");
    let files = [("r.chitieu", rules.into_bytes()), ("s.ndjson", records(&more, "").into_bytes())];
    let world = World::new(&[(files[0].0, &files[0].1), (files[1].0, &files[1].1)]);
    let args = ["eval", "r.chitieu", "--data", "s.ndjson", "--only", "no_data"];
    let held = world.run(&[&args[..], &["--max-memory", "1500K"]].concat());
    assert_eq!(held.status, 0, "{}", held.said);
    assert!(held.said.contains("tên lạ 7"), "{}", held.said);
}
