//! Data judged as they are read: under `--complete-records` everything is said and written as
//! without it, whatever the threads and wherever the input is cut.

use std::fmt::Write as _;

use crate::world::{Dice, World, record};

const RULES: &str = "chương trình: Kế hoạch 2023
mã: KH

[A] tỷ lệ a >= 40%
[B] \"số b\" / \"số c\" >= 99,9%
[C] ban hành d = có
[D] số e < 1000
[F] tỷ lệ a trong khoảng 20% đến 80%
";

/// What a run is asked for.
const WAYS: [&[&str]; 6] = [
    &["--summary"],
    &["--layout", "wide"],
    &["--layout", "wide", "--format", "csv", "--only", "met,exceeded"],
    &["--fields", "target,entity,as_of,verdict,measured,sources"],
    &["--format", "csv", "--fields", "target,entity,as_of,verdict,measured,sources"],
    &["--format", "json", "--only", "contradictory"],
];

/// Both ways say and write the same.
fn check(world: &World, data: &[&str], more: &[&str]) {
    for way in WAYS {
        let base = [&["eval", "r.chitieu", "--data"][..], data, way, more].concat();
        // Nothing is judged while it is read where the reference evaluator judges.
        let whole = world.run(&[&base[..], &["--reference"]].concat());
        assert_eq!(world.run(&base), whole, "{way:?} {more:?}");
        for threads in ["1", "3"] {
            let streamed = [&base[..], &["--complete-records", "--threads", threads]].concat();
            let streamed = world.run(&streamed);
            assert_eq!(streamed, whole, "{way:?} {more:?} {threads}");
        }
    }
}

/// Checks data as sound ones, and with rejects set aside.
fn check_all(name: &str, data: &str, more: &[&str]) {
    let world = World::new(&[("r.chitieu", RULES.as_bytes()), (name, data.as_bytes())]);
    check(&world, &[name], &[more, &["--max-rejects", "1000000"]].concat());
    let args = [&["eval", "r.chitieu", "--data", name, "--summary"][..], more].concat();
    let whole = world.run(&[&args[..], &["--reference"]].concat());
    for more in [&[][..], &["--complete-records"], &["--complete-records", "--reference"]] {
        assert_eq!(world.run(&[&args[..], more].concat()), whole, "{more:?}");
    }
}

/// The first half of a text, to a character.
fn half(text: &str) -> &str {
    text.get(..text.floor_char_boundary(text.len() / 2)).unwrap()
}

/// A number, or something else that a person may send.
fn figure(dice: &mut Dice) -> String {
    const ODD: [&str; 16] = [
        "null",
        "\"41,25%\"",
        "\"hơn 80%\"",
        "{\"numerator\":999,\"denominator\":1000}",
        "{\"value\":40,\"unit\":\"%\"}",
        "true",
        "\"có\"",
        "[1]",
        "\"\"",
        "1e2",
        "-0.50",
        "12345678901234567890.5",
        "99999999999999999999999999999",
        "0.00000000000000000001",
        "\"…\"",
        " 7 ",
    ];
    match dice.below(40) {
        odd @ 0..16 => ODD.get(usize::try_from(odd).unwrap()).unwrap().to_string(),
        16..22 => dice.below(100_000).to_string(),
        22..24 => format!("{}.{:04}", dice.below(100), dice.below(10_000)),
        _ => format!("{}.{:02}", dice.below(100), dice.below(100)),
    }
}

const NAMES: [&str; 6] = ["tỷ lệ a", "số b", "số c", "ban hành d", "số e", "lạ"];

fn ndjson(records: u64, seed: u64) -> String {
    let (mut dice, mut text) = (Dice(seed), String::new());
    for row in 0..records {
        let mut measured = String::new();
        for name in NAMES {
            if dice.below(20) > 0 {
                let comma = if measured.is_empty() { "" } else { "," };
                write!(measured, "{comma}\"{name}\":{}", figure(&mut dice)).unwrap();
            }
            if dice.below(200) == 0 && !measured.is_empty() {
                write!(measured, ",\"{name}\":{}", figure(&mut dice)).unwrap();
            }
        }
        let line = record(&format!("e{row}"), &measured);
        let line = match dice.below(300) {
            0 => line.replace("\"entity\"", "\"entty\""),
            1 => line.replace("}}", "}"),
            2 => line.replace("2023", "\"31/02/2023\""),
            3 => line.replace("2023", "\"quý 3/2023\""),
            4 => line.replace(':', " : "),
            5 => format!("\n{line}\r\n"),
            6 => line.replace("\"measurements\"", "\"name\":\"Đơn vị\",\"measurements\""),
            _ => line,
        };
        text += &line;
    }
    text
}

#[test]
fn lines_of_json() {
    let text = ndjson(250, 7);
    check_all("s.ndjson", &text, &[]);
    // The end of the file is not there.
    check_all("s.ndjson", half(&text), &[]);
    let list = format!("[{}]", ndjson(150, 11).trim_end().replace('\n', ","));
    check_all("s.json", &list, &[]);
    check_all("s.json", half(&list), &[]);
    check_all("s.json", &list.replace(",\"", ",\n  \"").replace("},{", "}\n, {"), &[]);
}

fn cell(dice: &mut Dice) -> String {
    const ODD: [&str; 12] = [
        "",
        "",
        " ",
        "\"41,25%\"",
        "hơn 80%",
        "999/1000",
        "có",
        "…",
        "\"1,234,567\"",
        " 7 ",
        "+5",
        "\"a \"\"b\"\"\n c\"",
    ];
    match dice.below(60) {
        odd @ 0..12 => ODD.get(usize::try_from(odd).unwrap()).unwrap().to_string(),
        12..20 => dice.below(100_000).to_string(),
        20..22 => format!("-{}.{:03}", dice.below(100), dice.below(1_000)),
        _ => format!("{}.{:02}", dice.below(100), dice.below(100)),
    }
}

fn wide(records: u64, seed: u64, end: &str) -> String {
    let (mut dice, mut text) = (Dice(seed), format!("entity,as_of,{}{end}", NAMES.join(",")));
    for row in 0..records {
        let cells: Vec<String> = NAMES.iter().map(|_| cell(&mut dice)).collect();
        let line = format!("e{row},2023-06-30,{}{end}", cells.join(","));
        let line = match dice.below(200) {
            0 => line.replace(&format!("e{row}"), ""),
            1 => line.replace("2023-06-30", "31/02/2023"),
            2 => line.replace("2023-06-30", "năm 2023"),
            3 => format!("{end}{line}"),
            4 => format!(",,,,,,,{end}{line}"),
            5 => line.replacen(',', ",,", 1),
            6 => line.replace(&format!("e{row}"), &format!("\" e{row}\"")),
            _ => line,
        };
        text += &line;
    }
    text
}

#[test]
fn wide_tables() {
    let text = wide(250, 3, "\n");
    check_all("s.csv", &text, &["--number-format", "en"]);
    check_all("s.csv", &wide(80, 5, "\r\n"), &["--number-format", "en"]);
    check_all("s.csv", &wide(80, 9, "\r"), &["--number-format", "en"]);
    // Cells prove both formats, or have two readings.
    check_all("s.csv", &wide(80, 9, "\n"), &[]);
    check_all("s.csv", half(&text), &["--number-format", "en"]);
    let vietnamese = text.replace(',', ";").replace('.', ",");
    check_all("s.csv", &format!("\u{feff}{vietnamese}"), &["--number-format", "vi"]);
}

fn long(snapshots: u64, seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut text = "đơn vị,ngày,chỉ số,giá trị,mẫu số\n".to_owned();
    for row in 0..snapshots {
        for name in NAMES {
            if dice.below(20) > 0 {
                let below = if dice.below(50) == 0 { "1000" } else { "" };
                let name = if dice.below(50) == 0 { "" } else { name };
                let day = if dice.below(50) == 0 { "30/06/2023" } else { "2023-06-30" };
                writeln!(text, "e{row},{day},{name},{},{below}", cell(&mut dice)).unwrap();
            }
        }
    }
    text
}

#[test]
fn long_tables() {
    let text = long(150, 21);
    check_all("s.csv", &text, &["--number-format", "en"]);
    check_all("s.csv", half(&text), &["--number-format", "en"]);
}

const CIRCLE: &str = r#"{"entity":"a","as_of":2023,"parent":"b","measurements":{"tỷ lệ a":1}}
{"entity":"b","as_of":2023,"parent":"a"}"#;

#[test]
fn several_files_and_parents() {
    let files: [(&str, &[u8]); 4] = [
        ("r.chitieu", RULES.as_bytes()),
        ("s/a.ndjson", &ndjson(40, 1).into_bytes()),
        ("s/b.csv", b"entity,as_of,parent,x y\nz1,2023,z2,1\nz2,2023,z3,2\n"),
        ("s/c.json", br#"{"entity":"z3","as_of":2023,"parent":"z4"}"#),
    ];
    let world = World::new(&files);
    check(&world, &["s"], &["--max-rejects", "9"]);
    let circle = World::new(&[("r.chitieu", RULES.as_bytes()), ("s.json", CIRCLE.as_bytes())]);
    check(&circle, &["s.json"], &[]);
}

#[test]
fn neighbours_of_one_day_end_the_run() {
    let one = record("a", "\"tỷ lệ a\":40");
    let (name, rules) = ("s.ndjson", ("r.chitieu", RULES.as_bytes()));
    let said = |place: &str| {
        format!(
            "lỗi: {place}: bản ghi ngay trước cũng của `a`, ngày 2023-12-31; với \
             `--complete-records` mỗi bản ghi phải là cả bộ số liệu: gộp các bản ghi lại, hoặc bỏ \
             `--complete-records`\n"
        )
    };
    let world = World::new(&[rules, (name, format!("{one}{one}").as_bytes())]);
    for way in [&["--summary"][..], &["--layout", "wide"], &[], &["--as-of", "2023"]] {
        let args = [&["eval", "r.chitieu", "--data", name, "--complete-records"], way].concat();
        world.run(&args).ends(2, "", &said("s.ndjson:2"));
    }
    let far: String = (0..5_000).map(|i| record(&format!("e{i}"), "\"tỷ lệ a\":40")).collect();
    let files = [rules, ("s/1.ndjson", far.as_bytes()), ("s/2.csv", b"entity,as_of\ne4999,2023\n")];
    let run = World::new(&files).run(&["eval", "r.chitieu", "--data", "s", "--complete-records"]);
    let expected = said("s/2.csv:2").replace("`a`", "`e4999`");
    run.ends(2, "", &expected);
    // Rows of a long table may stand together, and records of a day may stand apart.
    let apart = format!("{one}{}{one}", record("b", "\"tỷ lệ a\":40"));
    let world = World::new(&[rules, (name, apart.as_bytes())]);
    let run = world.run(&["eval", "r.chitieu", "--data", name, "--complete-records", "--summary"]);
    assert!(
        run.out.contains("\"target\":\"A\",\"counts\":{\"exceeded\":0,\"met\":3,"),
        "{}",
        run.out
    );
}

#[test]
fn records_of_one_day_are_gathered_where_they_stand_apart() {
    let mut text = String::new();
    for row in 0..40 {
        text += &record(&format!("e{row}"), "\"tỷ lệ a\":41,\"số b\":1");
        text += &record(&format!("x{row}"), "\"tỷ lệ a\":41").replace("2023", "null");
    }
    text += &record("e7", "\"tỷ lệ a\":\"41%\",\"số c\":1");
    text += &record("e8", "\"tỷ lệ a\":42");
    text += &record("z", "\"số b\":1").replace("}}", "}");
    let files = [("r.chitieu", RULES.as_bytes()), ("s.ndjson", text.as_bytes())];
    let world = World::new(&files);
    for way in [&["--summary"][..], &["--layout", "wide"]] {
        for more in [&["--max-rejects", "50"][..], &["--rejects", "x.ndjson"], &[]] {
            let args = [&["eval", "r.chitieu", "--data", "s.ndjson"], way, more].concat();
            let whole = world.run(&[&args[..], &["--reference"]].concat());
            let set_aside = std::fs::read(world.path("x.ndjson")).ok();
            assert_eq!(world.run(&args), whole, "{args:?}");
            assert_eq!(std::fs::read(world.path("x.ndjson")).ok(), set_aside, "{args:?}");
        }
    }
    let wide =
        ["eval", "r.chitieu", "--data", "s.ndjson", "--max-rejects", "50", "--layout", "wide"];
    let out = world.run(&wide).out;
    assert_eq!(out.lines().count(), 40, "{out}");
    assert!(out.contains("\"e8\",\"as_of\":\"2023-12-31\",\"A\":\"contradictory\""), "{out}");
}

#[test]
fn memory_is_bounded_by_an_option() {
    let text: String =
        (0..3_000).map(|row| record(&format!("e{row}"), "\"tỷ lệ a\":41,\"số b\":1")).collect();
    let files = [("r.chitieu", RULES.as_bytes()), ("s.ndjson", text.as_bytes())];
    let world = World::new(&files);
    let run = |more: &[&str]| {
        let args =
            [&["eval", "r.chitieu", "--data", "s.ndjson", "--only", "no_data"], more].concat();
        world.run(&args)
    };
    let refused = run(&["--max-memory", "500K"]);
    assert_eq!((refused.status, refused.out.as_str()), (2, ""));
    assert!(refused.said.contains("`--complete-records`"), "{}", refused.said);
    for more in [&["--max-memory", "1G"][..], &["--max-memory", "500K", "--complete-records"]] {
        assert_eq!(run(more).status, 0, "{more:?}");
    }
    assert_eq!(run(&["--max-memory", "500K", "--summary"]).status, 0);
    assert_eq!(run(&["--max-memory", "1K", "--summary"]).status, 2);
}
