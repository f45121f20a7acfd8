//! What a file is written in changes no verdict: whole files of verdicts are those of the reference
//! evaluator, byte for byte, whatever the form, the threads, the cuts and the order. `CHITIEU_LONG`
//! takes twenty thousand snapshots of forty targets.

use std::fs;
use std::io::Read;

use crate::sample::{self, File, Sample};
use crate::world::World;

/// How many snapshots.
fn rows() -> usize {
    if std::env::var_os("CHITIEU_LONG").is_some() { 20_000 } else { 120 }
}

fn world(files: &[File]) -> World {
    let world = World::new(&[("r.chitieu", sample::rules().as_bytes())]);
    for File { name, bytes, .. } in files {
        fs::write(world.path(name), bytes).unwrap();
    }
    world
}

/// What is said of a figure wherever it stands: sources and printed digits are of the form.
const FIELDS: [&str; 2] = ["--fields", "target,entity,as_of,verdict,reason,attainment,missing"];

/// Runs on data and writes the results to a file; what was said.
fn eval(world: &World, data: &[&str], to: &str, more: &[&str]) -> String {
    let base = [&["eval", "r.chitieu", "--data"][..], data, &["-o", to]].concat();
    let run = world.run(&[&base[..], more].concat());
    assert_eq!(run.status, 0, "{data:?} {more:?} {}", run.said);
    run.said
}

/// Holds two files against each other, some bytes at a time.
fn same(world: &World, one: &str, other: &str, what: &str) {
    let mut files = [one, other].map(|name| fs::File::open(world.path(name)).unwrap());
    loop {
        let [left, right] = files.each_mut().map(|file| {
            let mut piece = Vec::new();
            file.take(1 << 20).read_to_end(&mut piece).unwrap();
            piece
        });
        let at = left.iter().zip(&right).take_while(|(left, right)| left == right).count();
        let near = |side: &[u8]| {
            let end = side.len().min(at + 300);
            String::from_utf8_lossy(&side[at.saturating_sub(300)..end]).into_owned()
        };
        assert!(left == right, "{what}:\n{}\n\n{}", near(&left), near(&right));
        if left.is_empty() {
            return;
        }
    }
}

#[test]
fn files_of_verdicts_are_those_of_the_reference_evaluator() {
    let files = Sample::new(rows(), 20_250_601).files();
    let world = world(&files);
    for File { name, options, .. } in &files {
        let options = [options, &["--complete-records"][..]].concat();
        for way in [&["--format", "ndjson"][..], &["--layout", "wide", "--format", "csv"]] {
            let reference = [&options[..], way, &["--reference"]].concat();
            let expected = eval(&world, &[name], "expected", &reference);
            assert_eq!(eval(&world, &[name], "found", &[&options[..], way].concat()), expected);
            same(&world, "found", "expected", &format!("{name} {way:?}"));
        }
        // Each form says the same, and the same of as many figures.
        let of_form = format!("of-{name}");
        eval(&world, &[name], &of_form, &[&options[..], &FIELDS, &["--format", "csv"]].concat());
        same(&world, &of_form, &format!("of-{}", files[0].name), name);
    }
}

#[test]
fn tables_of_records_are_those_of_the_reference_evaluator() {
    let files = Sample::new(rows(), 20_250_602).files();
    let world = world(&files);
    for File { name, options, .. } in &files {
        for form in ["parquet", "arrow", "table", "json"] {
            for way in [&[][..], &["--complete-records", "--threads", "3"]] {
                let options = [options, &["--format", form][..], way].concat();
                let reference = [&options[..], &["--reference"]].concat();
                let expected = eval(&world, &[name], "expected", &reference);
                assert_eq!(eval(&world, &[name], "found", &options), expected);
                same(&world, "found", "expected", &format!("{name} {form} {way:?}"));
            }
        }
    }
}

#[test]
fn cuts_threads_and_order_change_no_verdict() {
    let sample = Sample::new(rows() / 10, 7);
    let files = sample.files();
    let world = world(&files);
    let way = [&FIELDS[..], &["--format", "ndjson"]].concat();
    let expected = eval(&world, &["s.ndjson"], "expected", &[&way[..], &["--reference"]].concat());
    for texts in [2, 3, 7] {
        fs::create_dir(world.path("cut")).unwrap();
        for (at, text) in sample.lines(texts).iter().enumerate() {
            fs::write(world.path(&format!("cut/{at}.ndjson")), text).unwrap();
        }
        for threads in ["1", "2", "5"] {
            for more in [&["--threads", threads][..], &["--threads", threads, "--complete-records"]]
            {
                let said = eval(&world, &["cut"], "found", &[&way[..], more].concat());
                assert_eq!(said, expected);
                same(&world, "found", "expected", &format!("{texts} {more:?}"));
            }
        }
        fs::remove_dir_all(world.path("cut")).unwrap();
    }
    let sorted = |name: &str| {
        let mut lines: Vec<String> = world.text(name).lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    let lines = sorted("expected");
    for (seed, more) in [(1, &[][..]), (2, &["--complete-records"]), (3, &["--reference"])] {
        for File { name, bytes, options } in Sample::new(rows() / 10, 7).turned(seed).files() {
            fs::write(world.path(name), bytes).unwrap();
            eval(&world, &[name], "found", &[options, &way, more].concat());
            assert!(sorted("found") == lines, "{name} {more:?}");
        }
    }
}
