//! Files to rows of figures: NDJSON, wide and long tables, and the records of all of them.
//!
//! The files are written once from a fixed seed; the verdicts of what was read are held to the
//! oracle. `CHITIEU_BENCH_ROWS` sets the number of snapshots.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that makes its own data stops where they are not what it made"
)]

#[path = "../../../benches/made/mod.rs"]
mod made;

use std::fmt::Write;
use std::path::PathBuf;

use chitieu::Rules;
use chitieu::calendar::Date;
use chitieu::number::{Decimal, Format};
use chitieu_io::{Keep, Options, Pieces, Worker};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

type Rows = Vec<[Option<i64>; made::INDICATORS]>;

/// Who a row speaks of and when, and its figures by name.
fn cells(data: &Rows) -> impl Iterator<Item = (String, String, Vec<(String, Option<Decimal>)>)> {
    data.iter().enumerate().map(|(at, row)| {
        let day = Date::from_days(19_753 + i32::try_from(at % 20).unwrap() * 30).unwrap();
        let figures = made::numbers(row).into_iter().enumerate();
        let figures = figures.map(|(of, number)| (made::name(of), number)).collect();
        (format!("don-vi-{at:06}"), day.to_string(), figures)
    })
}

fn ndjson(data: &Rows) -> String {
    let mut text = String::new();
    for (entity, day, figures) in cells(data) {
        let figures = figures
            .iter()
            .filter_map(|(name, number)| number.map(|number| format!("\"{name}\":{number}")));
        let figures = figures.collect::<Vec<_>>().join(",");
        writeln!(
            text,
            "{{\"entity\":\"{entity}\",\"as_of\":\"{day}\",\"measurements\":{{{figures}}}}}"
        )
        .unwrap();
    }
    text
}

fn wide(data: &Rows) -> String {
    let mut text = "entity,as_of".to_owned();
    (0..made::INDICATORS).for_each(|of| write!(text, ",{}", made::name(of)).unwrap());
    text.push('\n');
    for (entity, day, figures) in cells(data) {
        write!(text, "{entity},{day}").unwrap();
        for (_, number) in figures {
            text.push(',');
            if let Some(number) = number {
                write!(text, "{number}").unwrap();
            }
        }
        text.push('\n');
    }
    text
}

fn long(data: &Rows) -> String {
    let mut text = "entity,as_of,indicator,value\n".to_owned();
    for (entity, day, figures) in cells(data) {
        for (name, number) in figures {
            if let Some(number) = number {
                writeln!(text, "{entity},{day},{name},{number}").unwrap();
            }
        }
    }
    text
}

/// Reads a file on one thread, and tells the judged counts of each target.
fn judged(rules: &Rules, path: &PathBuf) -> Vec<[u64; 8]> {
    let mut counts = vec![[0; 8]; rules.model().targets.len()];
    read(rules, path, |batch| {
        let verdicts = rules.evaluate_batch(batch);
        for (at, counts) in counts.iter_mut().enumerate() {
            for (all, some) in counts.iter_mut().zip(verdicts.counts(at)) {
                *all += some;
            }
        }
    });
    counts
}

/// Reads a file on one thread.
fn read(rules: &Rules, path: &PathBuf, mut each: impl FnMut(&chitieu::snapshot::Batch)) -> usize {
    let options = Options { complete: true, numbers: Some(Format::En), ..Options::default() };
    let mut pieces = Pieces::open(std::slice::from_ref(path), options).unwrap();
    let mut worker = Worker::new(rules, Keep::Figures, options);
    let mut rows = 0;
    while let Some(block) = pieces.next().unwrap() {
        let piece = worker.read(block);
        assert!(piece.fault.is_none() && piece.rejects.is_empty());
        rows += piece.batch.len();
        each(&piece.batch);
    }
    rows
}

fn readers(criterion: &mut Criterion) {
    let data = made::data(made::rows(20_000));
    let targets = made::targets();
    let rules = Rules::parse(&made::rule_text(&targets)).unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let files =
        [("bench.ndjson", ndjson(&data)), ("wide.csv", wide(&data)), ("long.csv", long(&data))];
    let mut group = criterion.benchmark_group("read");
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, &text).unwrap();
        for (target, counts) in targets.iter().zip(judged(&rules, &path)) {
            let [exceeded, met, not_met, _, no_data, ..] = counts;
            assert_eq!([exceeded + met, not_met, no_data], made::oracle(target, &data), "{name}");
        }
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("figures", name), |bencher| {
            bencher.iter(|| assert_eq!(read(&rules, &path, |_| {}), data.len()));
        });
    }
    group.finish();
}

criterion_group!(benches, readers);
criterion_main!(benches);
