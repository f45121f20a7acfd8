//! Texts of rules: read, checked, made a program; and records of verdicts written.
//!
//! Programmes of 40 and of 1,000 targets. Each answer is held once.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that makes its own data stops where they are not what it made"
)]

mod made;

use std::hint::black_box;

use chitieu::check::ReadFile;
use chitieu::report::{Fields, Options, Record, csv, ndjson};
use chitieu::source::{Source, Sources};
use chitieu::{Rules, check, program, syntax};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn texts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rules");
    for count in [40, 1_000] {
        let text = made::rule_text(&made::many_targets(count));
        let mut sources = Sources::default();
        let id = sources.add(Source::new("bench", &text).unwrap());
        let source = sources.get(id).unwrap();
        let rules = Rules::parse(&text).unwrap();
        assert_eq!(rules.model().targets.len(), count);
        let program = program::lower(rules.model());
        assert_eq!(program::verify(&program, rules.model()), Ok(()));
        assert_eq!(program.steps.len(), count);
        assert!(!syntax::read(id, source).1.has_errors());
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("read", count), |bencher| {
            bencher.iter(|| syntax::read(id, black_box(source)));
        });
        let tree = syntax::read(id, source).0;
        let file = ReadFile { id, tree, imports: Vec::new(), incomplete: false, asked_for: true };
        let files = [file];
        assert_eq!(check::check(&sources, &files).0.targets.len(), count);
        group.bench_function(BenchmarkId::new("checked", count), |bencher| {
            bencher.iter(|| check::check(&sources, black_box(&files)));
        });
        group.bench_function(BenchmarkId::new("read, checked and compiled", count), |bencher| {
            bencher.iter(|| Rules::parse(black_box(&text)).unwrap());
        });
        group.bench_function(BenchmarkId::new("compiled", count), |bencher| {
            bencher.iter(|| program::lower(black_box(rules.model())));
        });
    }
    group.finish();
}

fn records(criterion: &mut Criterion) {
    let rules = Rules::parse(&made::rule_text(&made::targets())).unwrap();
    let report = rules.evaluate(&made::snapshot(&made::data(1)[0]));
    let judgements = report.judgements();
    let fields = Fields::all(false);
    let record = |judgement| Record::new(rules.model(), judgement, Options::default());
    let lines = || {
        let mut out = Vec::new();
        for judgement in judgements {
            let record = record(black_box(judgement));
            ndjson::write_record(&mut out, &record, &fields).unwrap();
        }
        out
    };
    let table = || {
        let mut out = Vec::new();
        for judgement in judgements {
            let record = record(black_box(judgement));
            csv::write_record(&mut out, &record, &fields).unwrap();
        }
        out
    };
    let count = |text: &[u8]| text.split(|byte| *byte == b'\n').count() - 1;
    assert_eq!((count(&lines()), count(&table())), (judgements.len(), judgements.len()));
    let mut group = criterion.benchmark_group("records");
    group.throughput(Throughput::Elements(judgements.len() as u64));
    group.bench_function("ndjson", |bencher| bencher.iter(lines));
    group.bench_function("csv", |bencher| bencher.iter(table));
    group.finish();
}

criterion_group!(benches, texts, records);
criterion_main!(benches);
