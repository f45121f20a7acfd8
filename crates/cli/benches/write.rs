//! The writers, as whole runs of the program: lines of JSON in, results of every form out.
//!
//! Wide rows of 20,000 snapshots and records of 500, forty targets each; what is beside the counts
//! alone is the writing. How much was written is held once.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that makes its own data stops where they are not what it made"
)]

#[path = "../../../benches/made/mod.rs"]
mod made;

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const SNAPSHOTS: [usize; 2] = [20_000, 500];

fn lines(snapshots: usize) -> String {
    let mut text = String::new();
    for (at, row) in made::data(snapshots).iter().enumerate() {
        let figures = made::numbers(row).into_iter().enumerate();
        let figures = figures.filter_map(|(of, number)| {
            number.map(|number| format!("\"{}\":{number}", made::name(of)))
        });
        let figures = figures.collect::<Vec<_>>().join(",");
        write!(text, "{{\"entity\":\"đv {at}\",\"as_of\":\"2024-06-30\",").unwrap();
        writeln!(text, "\"measurements\":{{{figures}}}}}").unwrap();
    }
    text
}

/// Runs the program; results go to a file.
fn run(folder: &PathBuf, data: &str, more: &[&str]) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_chitieu"));
    program.current_dir(folder).args(["eval", "write.chitieu", "--data", data, "-o", "written"]);
    program.args(["--complete-records", "--threads", "1", "--progress", "never"]).args(more);
    let ended = program.stderr(Stdio::null()).status().unwrap();
    assert!(ended.success(), "{more:?}");
}

fn writers(criterion: &mut Criterion) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let targets = made::targets();
    fs::write(folder.join("write.chitieu"), made::rule_text(&targets)).unwrap();
    let counts = ["--summary", "--format", "ndjson"];
    for (snapshots, kind) in SNAPSHOTS.into_iter().zip(["wide rows", "records"]) {
        let data = format!("{snapshots}.ndjson");
        fs::write(folder.join(&data), lines(snapshots)).unwrap();
        let is_wide = kind == "wide rows";
        let results = snapshots * if is_wide { 1 } else { targets.len() };
        let mut group = criterion.benchmark_group(format!("write {kind}"));
        group.sample_size(10).throughput(Throughput::Elements(results as u64));
        group.bench_function("counts alone", |bencher| {
            bencher.iter(|| run(&folder, &data, &counts));
        });
        for format in ["ndjson", "csv", "json", "parquet", "arrow"] {
            let layout = if is_wide { "wide" } else { "long" };
            let way = ["--format", format, "--layout", layout];
            run(&folder, &data, &way);
            if ["ndjson", "csv"].contains(&format) {
                let text = fs::read_to_string(folder.join("written")).unwrap();
                let header = usize::from(format == "csv");
                assert_eq!(text.lines().count(), results + header, "{kind} {format}");
            }
            group.bench_function(BenchmarkId::from_parameter(format), |bencher| {
                bencher.iter(|| run(&folder, &data, &way));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, writers);
criterion_main!(benches);
