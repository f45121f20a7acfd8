//! Files to rows of figures, and to whole records: JSON in lines and as a list, wide and long
//! tables, one as Excel writes it, and a packed file.
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

fn wide(data: &Rows, separator: char, point: &str) -> String {
    let mut text = format!("entity{separator}as_of");
    for of in 0..made::INDICATORS {
        write!(text, "{separator}{}", made::name(of)).unwrap();
    }
    text.push('\n');
    for (entity, day, figures) in cells(data) {
        write!(text, "{entity}{separator}{day}").unwrap();
        for (_, number) in figures {
            text.push(separator);
            if let Some(number) = number {
                text += &number.to_string().replace('.', point);
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
fn judged(rules: &Rules, path: &PathBuf, numbers: Format) -> Vec<[u64; 8]> {
    let mut counts = vec![[0; 8]; rules.model().targets.len()];
    read(rules, path, (numbers, Keep::Figures), |batch| {
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
fn read(
    rules: &Rules,
    path: &PathBuf,
    (numbers, keep): (Format, Keep),
    mut each: impl FnMut(&chitieu::snapshot::Batch),
) -> usize {
    let options = Options { complete: true, numbers: Some(numbers), ..Options::default() };
    let pieces = Pieces::open(std::slice::from_ref(path), options).unwrap();
    let mut pieces = pieces.wanted_for(keep, rules);
    let mut worker = Worker::new(rules, keep, options);
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
    let lines = ndjson(&data);
    let list = format!("[{}]", lines.trim_end().replace('\n', ",\n"));
    let packed = zstd::encode_all(lines.as_bytes(), 1).unwrap();
    let (en, vi) = (Format::En, Format::Vi);
    let files = [
        ("bench.ndjson", en, lines.into_bytes()),
        ("bench.json", en, list.into_bytes()),
        ("bench.ndjson.zst", en, packed),
        ("wide.csv", en, wide(&data, ',', ".").into_bytes()),
        ("excel.csv", vi, wide(&data, ';', ",").into_bytes()),
        ("long.csv", en, long(&data).into_bytes()),
    ];
    let mut group = criterion.benchmark_group("read");
    // Records take seconds.
    group.sample_size(10);
    for (name, numbers, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, &text).unwrap();
        for (target, counts) in targets.iter().zip(judged(&rules, &path, numbers)) {
            let [exceeded, met, not_met, _, no_data, ..] = counts;
            assert_eq!([exceeded + met, not_met, no_data], made::oracle(target, &data), "{name}");
        }
        group.throughput(Throughput::Bytes(text.len() as u64));
        for (kind, keep) in [("figures", Keep::Figures), ("records", Keep::Records)] {
            group.bench_function(BenchmarkId::new(kind, name), |bencher| {
                bencher.iter(|| {
                    assert_eq!(read(&rules, &path, (numbers, keep), |_| {}), data.len());
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, readers);
criterion_main!(benches);
