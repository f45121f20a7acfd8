//! Data and disks that fail: everything that was read is accounted for, and what was written before
//! stays as it was.

use std::fs;
use std::io::Write as _;

use crate::world::{Run, World, record};

const RULES: &str = "[A] tỷ lệ a >= 40%\n[B] số b < 1000\n";

fn world(name: &str, data: &[u8]) -> World {
    World::new(&[("r.chitieu", RULES.as_bytes()), (name, data), ("k.ndjson", b"c\xc5\xa9")])
}

fn eval(world: &World, name: &str, more: &[&str]) -> Run {
    let base = ["eval", "r.chitieu", "--data", name, "--lang", "vi"];
    world.run(&[&base[..], more].concat())
}

/// Ways to judge; the first holds all data.
const WAYS: [&[&str]; 3] =
    [&["--summary", "--reference"], &["--summary"], &["--summary", "--complete-records"]];

/// What is read is evaluated or rejected, and every verdict is counted; so many were rejected.
fn accounted(name: &str, data: &str, read: u64, rejected: u64) {
    let world = world(name, data.as_bytes());
    let evaluated = read - rejected;
    for way in WAYS {
        let run = eval(&world, name, &[way, &["--rejects", "x", "--number-format", "en"]].concat());
        assert_eq!(run.status, 0, "{way:?} {}", run.said);
        let said = format!("đã đọc {read} = đánh giá {evaluated} + loại {rejected}; ");
        assert!(run.said.contains(&said), "{way:?} {}", run.said);
        let receipt = format!("\"read\":{read},\"evaluated\":{evaluated},\"rejected\":{rejected},");
        assert!(run.out.contains(&receipt), "{way:?} {}", run.out);
        assert_eq!(world.text("x").lines().count() as u64, rejected, "{way:?}");
        for line in run.out.lines().filter(|line| line.contains("\"counts\"")) {
            let counts = line.rsplit_once('{').unwrap().1.split(['}', ',']);
            let count = |part: &str| part.rsplit_once(':').map(|(_, it)| it.parse::<u64>());
            let sum: u64 = counts.filter_map(count).map(Result::unwrap).sum();
            assert_eq!(sum, evaluated, "{way:?} {line}");
        }
        let run = eval(&world, name, &[way, &["--number-format", "en"]].concat());
        let status = if rejected > 0 { 2 } else { 0 };
        assert_eq!(run.status, status, "{way:?} {}", run.said);
    }
}

#[test]
fn one_bad_line_in_a_thousand_is_counted() {
    let line = |row: u64| {
        let line = record(&format!("e{row}"), "\"tỷ lệ a\":41,\"số b\":7");
        if row % 1_000 == 999 {
            line.replace("\"measurements\":{", "\"measurements\":")
        } else {
            line
        }
    };
    accounted("s.ndjson", &(0..3_000).map(line).collect::<String>(), 3_000, 3);
    let row = |row: u64| {
        if row % 1_000 == 999 { format!(",2023,41,{row}\n") } else { format!("e{row},2023,41,7\n") }
    };
    let table = "entity,as_of,tỷ lệ a,số b\n".to_owned() + &(0..3_000).map(row).collect::<String>();
    accounted("s.csv", &table, 3_000, 3);
}

#[test]
fn nothing_is_lost_where_figures_change_their_kind_half_way() {
    // Nulls of every kind, then numbers, then texts, then objects, then keys that come twice.
    let kinds = [
        "null",
        "\"\"",
        "\"null\"",
        "\"…\"",
        "\"N/A\"",
        "\"-\"",
        "{\"value\":null}",
        "41",
        "-0.5",
        "1e2",
        "\"41,5%\"",
        "\"hơn 80%\"",
        "true",
        "\"có\"",
        "[1]",
        "{\"value\":1,\"unit\":\"kg\"}",
        "{\"numerator\":1,\"denominator\":0}",
        "41,\"tỷ lệ a\":41",
        "41,\"tỷ lệ a\":42",
        "99999999999999999999999999999999999999",
    ];
    let line = |row: usize| {
        let kind = kinds[row * kinds.len() / 2_000];
        record(&format!("e{row}"), &format!("\"tỷ lệ a\":{kind},\"số b\":7"))
    };
    let text: String = (0..2_000).map(line).collect();
    let run = eval(&world("s.ndjson", text.as_bytes()), "s.ndjson", &["--summary", "--reference"]);
    // A record is rejected for its own sake only; a figure that is none is a verdict.
    assert!(run.said.contains("đã đọc 2000 = đánh giá 2000 + loại 0"), "{}", run.said);
    accounted("s.ndjson", &text, 2_000, 0);
    let cells = ["", "null", "…", "-", "41", "hơn 80%", "có", "#DIV/0!", "1e5", "\"4\n1\""];
    let row = |row: usize| format!("e{row},2023,{},7\n", cells[row * cells.len() / 1_000]);
    let table = "entity,as_of,tỷ lệ a,số b\n".to_owned() + &(0..1_000).map(row).collect::<String>();
    accounted("s.csv", &table, 1_000, 0);
}

#[test]
fn a_packed_file_without_its_end_gives_nothing() {
    let text: String = (0..3_000).map(|row| record(&format!("e{row}"), "\"số b\":1")).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::encode_all(text.as_bytes(), 1).unwrap();
    for (name, bytes) in [("s.ndjson.gz", gzip), ("s.ndjson.zst", zstd)] {
        let world = world(name, &bytes[..bytes.len() * 3 / 4]);
        let checkpoint = ["--complete-records", "--checkpoint", "ck"];
        for way in [&[][..], &["--summary"], &["--complete-records"], &checkpoint] {
            let run = eval(&world, name, &[way, &["-o", "k.ndjson", "--rejects", "x"]].concat());
            assert_eq!((run.status, run.out.as_str()), (2, ""), "{name} {way:?}");
            let said = format!("lỗi: không đọc được tệp `{name}`: ");
            assert!(run.said.contains(&said), "{name} {way:?} {}", run.said);
            assert_eq!(world.text("k.ndjson"), "cũ");
            assert!(!world.path("x").exists());
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_leaves_what_was_there() {
    let text: String = (0..300).map(|row| record(&format!("e{row}"), "\"số b\":1")).collect();
    let world = world("s.ndjson", text.as_bytes());
    for way in [
        &["--format", "ndjson"][..],
        &["--format", "ndjson", "--summary"],
        &["--format", "json", "--complete-records"],
        &["--format", "csv"],
    ] {
        let run = eval(&world, "s.ndjson", &[way, &["-o", "/dev/full"]].concat());
        assert_eq!(run.status, 2, "{way:?}");
        assert!(run.said.contains("không ghi được tệp `/dev/full`: ổ đĩa đã đầy"), "{}", run.said);
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let args = ["eval", "r.chitieu", "--data", "s.ndjson"];
        let out = world.command(&[&args[..], way].concat()).stdout(full).output().unwrap();
        assert_eq!(out.status.code(), Some(2), "{way:?}");
    }
    let run =
        eval(&world, "s.ndjson", &["--rejects", "/dev/full", "-o", "k.ndjson", "--as-of", "2023"]);
    assert_eq!(run.status, 0, "{}", run.said);
    for (option, path) in [("-o", "không/k.ndjson"), ("--rejects", "không/x"), ("-o", ".")] {
        let run = eval(&world, "s.ndjson", &[option, path, "--format", "ndjson"]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{path}");
        assert!(run.said.contains(&format!("không ghi được tệp `{path}`")), "{}", run.said);
    }
    assert_eq!(world.names(), ["k.ndjson", "r.chitieu", "s.ndjson"]);
}
