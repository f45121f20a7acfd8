//! Disks without room, files that may not grow and folders that may not be written: the error names
//! the file, the run ends with 2, and what was there before stays.
#![cfg(unix)]

use std::fs;
use std::process::Command;

use crate::world::{Run, World, record};

const RULES: &str = "mã: KH\n\n[A] tỷ lệ a >= 40%\n[B] số b < 1000\n";

/// Every form of output that a long job may have.
const WAYS: [&[&str]; 9] = [
    &["--format", "ndjson"],
    &["--format", "json"],
    &["--format", "csv"],
    &["--format", "parquet"],
    &["--format", "arrow"],
    &["--format", "ndjson", "--layout", "wide"],
    &["--format", "csv", "--layout", "wide"],
    &["--format", "parquet", "--layout", "wide"],
    &["--format", "arrow", "--layout", "wide"],
];

fn world() -> World {
    // Names of units that do not pack well.
    let name = |row: u64| format!("{:x}", row.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let line = |row: u64| record(&name(row), "\"tỷ lệ a\":41,\"số b\":7");
    let text: String = (0..6_000).map(line).collect();
    let world = World::new(&[("r.chitieu", RULES.as_bytes()), ("s.ndjson", text.as_bytes())]);
    fs::write(world.path("k"), "cũ").unwrap();
    world
}

fn args<'a>(more: &[&[&'a str]]) -> Vec<&'a str> {
    let base = ["eval", "r.chitieu", "--data", "s.ndjson", "--complete-records", "--lang", "vi"];
    [&base[..], &more.concat()].concat()
}

/// Runs where no file may have more than so many blocks of 512 bytes.
fn limited(world: &World, blocks: u32, args: &[&str]) -> Run {
    let program = world.command(&[]);
    let mut command = Command::new("sh");
    command.current_dir(world.path("")).args(["-c", "ulimit -f $1; shift; exec \"$@\"", "sh"]);
    command.arg(blocks.to_string()).arg(program.get_program()).args(args);
    Run::of(command.output().unwrap())
}

const TOO_LARGE: &str = "vượt cỡ tệp cho phép (`ulimit -f`)\n";

#[test]
fn a_file_that_may_not_grow_is_named() {
    let world = world();
    for way in WAYS {
        let run = limited(&world, 20, &args(&[way, &["-o", "k"]]));
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{way:?} {}", run.said);
        let said = format!("lỗi: không ghi được tệp `k`: {TOO_LARGE}");
        assert!(run.said.ends_with(&said), "{way:?} {}", run.said);
        assert_eq!(world.text("k"), "cũ");
        assert_eq!(world.names(), ["k", "r.chitieu", "s.ndjson"], "{way:?}");
    }
}

#[test]
fn a_checkpoint_that_may_not_grow_is_named_and_gone_on_with() {
    let world = world();
    let to = ["-o", "k", "--checkpoint", "ck"];
    for way in WAYS {
        let whole = world.run(&args(&[way, &["-o", "k"]]));
        let expected = fs::read(world.path("k")).unwrap();
        fs::write(world.path("k"), "cũ").unwrap();
        // What was judged is there once the disk has room for it, whatever had none.
        let said = |file: &str| format!("lỗi: không ghi được tệp `{file}`: {TOO_LARGE}");
        let run = limited(&world, 20, &args(&[way, &to]));
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{way:?} {}", run.said);
        assert!(run.said.ends_with(&said("ck/000001.results")), "{way:?} {}", run.said);
        assert_eq!(world.text("k"), "cũ");
        assert_eq!(world.names(), ["ck", "k", "r.chitieu", "s.ndjson"]);
        let run = world.run(&args(&[way, &to]));
        assert_eq!(run.status, 0, "{way:?} {}", run.said);
        assert!(run.said.ends_with(&whole.said), "{way:?} {}", run.said);
        assert!(fs::read(world.path("k")).unwrap() == expected, "{way:?}");
    }
    let run = limited(&world, 0, &args(&[WAYS[0], &to]));
    assert_eq!(run.status, 2, "{}", run.said);
    assert!(run.said.contains("không ghi được tệp `ck/job`: vượt cỡ"), "{}", run.said);
}

#[test]
fn results_that_wait_and_rejects_are_named_too() {
    let world = world();
    // A few MiB of results wait in memory, more in a file.
    let few = args(&[&["--format", "ndjson", "--layout", "wide"]]);
    assert_eq!(limited(&world, 20, &few).status, 0);
    let run = limited(&world, 20, &args(&[&["--format", "ndjson"]]));
    assert_eq!((run.status, run.out.len()), (2, 0), "{}", run.said);
    let folder = std::env::temp_dir();
    let said = format!("lỗi: không ghi được tệp `{}`: {TOO_LARGE}", folder.display());
    assert!(run.said.ends_with(&said), "{}", run.said);
    let broken = world.text("s.ndjson").replace("}}\n", "}\n");
    fs::write(world.path("s.ndjson"), broken).unwrap();
    for way in [&["--rejects", "x"][..], &["--rejects", "x", "--checkpoint", "ck"]] {
        let run = limited(&world, 20, &args(&[way, &["-o", "k", "--format", "ndjson"]]));
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{way:?} {}", run.said);
        let file = if way.len() == 2 { "x" } else { "ck/000001.rejects" };
        let said = format!("không ghi được tệp `{file}`: {TOO_LARGE}");
        assert!(run.said.contains(&said), "{way:?} {}", run.said);
        assert_eq!(world.text("k"), "cũ");
        assert!(!world.path("x").exists());
    }
}

#[test]
fn places_that_cannot_be_written_are_named_before_the_work() {
    let world = world();
    fs::write(world.path("tệp"), "").unwrap();
    for (options, said) in [
        (&["-o", "không/k.csv"][..], "không ghi được tệp `không/k.csv`: không có tệp hoặc"),
        (&["-o", "tệp/k.csv"], "không ghi được tệp `tệp/k.csv`: một phần của đường dẫn không phải"),
        (&["-o", "k.csv", "--rejects", "không/x"], "không ghi được tệp `không/x`: không có tệp"),
        (
            &["-o", "k.csv", "--checkpoint", "tệp"],
            "không ghi được tệp `tệp`: một phần của đường dẫn",
        ),
        (&["-o", "k.csv", "--checkpoint", "tệp/ck"], "không ghi được tệp `tệp/ck`: một phần"),
    ] {
        let more =
            if options.contains(&"--checkpoint") { &[][..] } else { &["--checkpoint", "ck"] };
        for more in [&[][..], more] {
            let run = world.run(&args(&[options, more]));
            assert_eq!((run.status, run.out.as_str()), (2, ""), "{options:?} {}", run.said);
            assert!(run.said.contains(said), "{options:?} {}", run.said);
            assert!(!world.path("k.csv").exists());
        }
    }
}
