//! Judging in memory: many snapshots by forty targets, sweeps of both, and one snapshot.
//!
//! The verdicts are held once to the oracle of [`made`]. `CHITIEU_BENCH_ROWS` sets the number of
//! rows, and how far the sweep goes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that makes its own data stops where they are not what it made"
)]

mod made;

use std::hint::black_box;

use chitieu::calendar::Date;
use chitieu::snapshot::{Batch, Buffer, Column, Mantissas};
use chitieu::{Rules, Verdict};
use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};

use made::{INDICATORS, Target, batch, data, many_targets, name, oracle, rule_text, targets};

type Group<'c> = BenchmarkGroup<'c, WallTime>;

/// Holds all counts to the oracle.
fn held(rules: &Rules, targets: &[Target], batch: &Batch, data: &[[Option<i64>; INDICATORS]]) {
    let verdicts = rules.evaluate_batch(batch);
    for (at, target) in targets.iter().enumerate() {
        let [exceeded, met, not_met, not_due, no_data, rest @ ..] = verdicts.counts(at);
        let expected = oracle(target, data);
        assert_eq!([exceeded + met, not_met, no_data], expected, "target {at}");
        assert_eq!((not_due, rest), (0, [0; 3]), "target {at}");
    }
}

fn in_pieces(rules: &Rules, pieces: &[Batch]) {
    for piece in pieces {
        black_box(rules.evaluate_batch(piece));
    }
}

fn many(criterion: &mut Criterion) {
    let data = data(made::rows(100_000));
    let targets = targets();
    let rules = Rules::parse(&rule_text(&targets)).unwrap();
    let narrow = batch(&rules, &data);
    let wide = made::widened(&rules, &narrow);
    let mut group = criterion.benchmark_group("judge");
    group.throughput(Throughput::Elements((data.len() * targets.len()) as u64));
    for (name, batch) in [("narrow", &narrow), ("64 bits", &wide)] {
        held(&rules, &targets, batch, &data);
        group.bench_function(BenchmarkId::new("batch", name), |bencher| {
            bencher.iter(|| rules.evaluate_batch(batch));
        });
        let pieces: Vec<Batch> = batch.chunks(16_384).collect();
        group.bench_function(BenchmarkId::new("pieces of 16,384", name), |bencher| {
            bencher.iter(|| in_pieces(&rules, &pieces));
        });
    }
    let verdicts = rules.evaluate_batch(&narrow);
    group.bench_function("counts", |bencher| {
        bencher.iter(|| {
            for target in 0..verdicts.targets() {
                black_box(verdicts.counts(target));
            }
        });
    });
    group.finish();
}

fn sweeps(criterion: &mut Criterion) {
    let most = made::rows(100_000);
    let mut group = criterion.benchmark_group("sweep");
    let rows = std::iter::successors(Some(100), |rows| Some(rows * 10));
    for rows in rows.take_while(|rows| *rows <= most) {
        let (data, targets) = (data(rows), targets());
        let rules = Rules::parse(&rule_text(&targets)).unwrap();
        let whole = batch(&rules, &data);
        held(&rules, &targets, &whole, &data);
        let pieces: Vec<Batch> = whole.chunks(16_384).collect();
        group.throughput(Throughput::Elements((rows * targets.len()) as u64));
        group.bench_function(BenchmarkId::new("rows", rows), |bencher| {
            bencher.iter(|| in_pieces(&rules, &pieces));
        });
    }
    few_targets(&mut group);
    let data = data(10_000);
    for count in [1, 10, 100, 1_000] {
        let targets = many_targets(count);
        let rules = Rules::parse(&rule_text(&targets)).unwrap();
        let whole = sparse(&rules, &data);
        held(&rules, &targets, &whole, &data);
        group.throughput(Throughput::Elements((data.len() * count) as u64));
        group.bench_function(BenchmarkId::new("targets", count), |bencher| {
            bencher.iter(|| rules.evaluate_batch(&whole));
        });
    }
    group.finish();
}

/// Four targets over columns of 16 bits, which need little memory: up to ten million rows.
fn few_targets(group: &mut Group<'_>) {
    let text = [0, 1, 2, 3].map(|of| format!("[{of}] {} >= 40%\n", name(of))).concat();
    let rules = Rules::parse(&text).unwrap();
    for rows in (2..8).map(|power| 10_usize.pow(power)) {
        let mut random = made::random::Random(3);
        let mut column = || -> Vec<i16> {
            (0..rows).map(|_| i16::try_from(random.below(10_001)).unwrap()).collect()
        };
        let columns: Vec<Vec<i16>> = (0..4).map(|_| column()).collect();
        let met = |column: &Vec<i16>| column.iter().filter(|it| **it >= 4_000).count() as u64;
        let expected: Vec<u64> = columns.iter().map(met).collect();
        let lent = |column| Column::numbers(Mantissas::I16(Buffer::from(column)), 2, None).unwrap();
        let whole = made::lent(columns.into_iter().map(lent).collect());
        let verdicts = rules.evaluate_batch(&whole);
        for (at, expected) in expected.into_iter().enumerate() {
            let [exceeded, met, ..] = verdicts.counts(at);
            assert_eq!(exceeded + met, expected);
        }
        let pieces: Vec<Batch> = whole.chunks(16_384).collect();
        group.throughput(Throughput::Elements((rows * 4) as u64));
        group.bench_function(BenchmarkId::new("rows, four targets", rows), |bencher| {
            bencher.iter(|| in_pieces(&rules, &pieces));
        });
    }
}

/// A batch for rules that may not ask for all indicators.
fn sparse(rules: &Rules, data: &[[Option<i64>; INDICATORS]]) -> Batch {
    let day = Date::new(2024, 1, 31).unwrap();
    let ids: Vec<_> = (0..INDICATORS)
        .map(|of| rules.names().find(rules.model(), &name(of)).first().copied())
        .collect();
    let mut builder = chitieu::snapshot::BatchBuilder::new(rules.model());
    for (at, row) in data.iter().enumerate() {
        let entity = builder.entity(&format!("don-vi-{at:06}"));
        builder.row(entity, day);
        for (of, value) in row.iter().enumerate() {
            if let (Some(id), Some(value)) = (ids[of], value) {
                assert!(builder.number(id, i128::from(*value), made::scale(of)));
            }
        }
    }
    builder.finish()
}

/// Milestones, branches and joins over the same data.
const FORMS: [&str; 4] = [
    "[m] {0}\n  đến 30/06/2024: >= 40%\n  đến 2025: >= 60%\n",
    "[k] {1}\n  khi {2} >= 50%: >= 30%\n  còn lại: >= 70%\n",
    "[v] {3} >= 40% và {4} >= 50%\n",
    "[h] {5} >= 40% hoặc không ({6} < 20%)\n",
];

fn forms(criterion: &mut Criterion) {
    let data = data(100_000);
    let mut text = rule_text(&targets());
    let plain = targets().len();
    for form in FORMS {
        let names = (0..7).map(|of| (format!("{{{of}}}"), name(of)));
        text += &names.fold(form.to_owned(), |text, (mark, name)| text.replace(&mark, &name));
    }
    let rules = Rules::parse(&text).unwrap();
    let batch = batch(&rules, &data);
    let both = |row: &&[Option<i64>; INDICATORS]| {
        row[3].is_some_and(|it| it >= 4_000) && row[4].is_some_and(|it| it >= 5_000)
    };
    let [exceeded, met, ..] = rules.evaluate_batch(&batch).counts(plain + 2);
    assert_eq!(exceeded + met, data.iter().filter(both).count() as u64);
    let mut group = criterion.benchmark_group("judge");
    group.throughput(Throughput::Elements((data.len() * (plain + FORMS.len())) as u64));
    group.bench_function("batch, with joins and milestones", |bencher| {
        bencher.iter(|| rules.evaluate_batch(&batch));
    });
    group.finish();
}

fn one(criterion: &mut Criterion) {
    let targets = targets();
    let rules = Rules::parse(&rule_text(&targets)).unwrap();
    let data = data(1_000);
    let snapshots: Vec<_> = data.iter().map(made::snapshot).collect();
    let mut counts = vec![[0_u64; 3]; targets.len()];
    for snapshot in &snapshots {
        for (at, judged) in rules.evaluate(snapshot).verdicts().iter().enumerate() {
            counts[at][kind(judged.verdict)] += 1;
        }
    }
    for (target, counts) in targets.iter().zip(&counts) {
        assert_eq!(*counts, oracle(target, &data));
    }
    let mut group = criterion.benchmark_group("one");
    group.throughput(Throughput::Elements(targets.len() as u64));
    let mut turn = snapshots.iter().cycle();
    group.bench_function("by names, many snapshots", |bencher| {
        bencher.iter(|| rules.evaluate(black_box(turn.next().unwrap())));
    });
    group.bench_function("by names, one again and again", |bencher| {
        bencher.iter(|| rules.evaluate(black_box(&snapshots[0])));
    });
    let mut turned = snapshots[0].clone();
    turned.measurements.reverse();
    group.bench_function("by names, in another order than the rules", |bencher| {
        bencher.iter(|| rules.evaluate(black_box(&turned)));
    });
    group.bench_function("with every judgement", |bencher| {
        bencher.iter(|| rules.evaluate(black_box(&snapshots[0])).judgements().len());
    });
    bound(&mut group, &rules, &data);
    group.finish();
}

fn bound(group: &mut Group<'_>, rules: &Rules, data: &[[Option<i64>; INDICATORS]]) {
    let mut layout = rules.bind((0..INDICATORS).map(name));
    let day = Date::new(2024, 6, 30).unwrap();
    let rows: Vec<_> = data.iter().map(made::numbers).collect();
    for (row, data) in rows.iter().zip(data) {
        let whole: Vec<Verdict> =
            rules.evaluate(&made::snapshot(data)).verdicts().iter().map(|it| it.verdict).collect();
        assert_eq!(layout.verdicts("x", day, row), whole);
    }
    let mut turn = rows.iter().cycle();
    group.bench_function("bound to columns", |bencher| {
        bencher.iter(|| {
            black_box(layout.verdicts("x", day, black_box(turn.next().unwrap())));
        });
    });
}

/// Satisfied, not, without data.
fn kind(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Exceeded | Verdict::Met => 0,
        Verdict::NotMet => 1,
        _ => 2,
    }
}

criterion_group!(benches, many, sweeps, forms, one);
criterion_main!(benches);
