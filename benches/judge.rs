//! Judging in memory: 100,000 snapshots by 40 targets, and one snapshot by names.
//!
//! The data are made here from a fixed seed; the verdicts are held once to an oracle of plain
//! integers that shares nothing with the library. `CHITIEU_BENCH_ROWS` sets another number of rows.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that makes its own data stops where they are not what it made"
)]

use std::fmt::Write;
use std::hint::black_box;

use chitieu::calendar::Date;
use chitieu::check::model::IndicatorId;
use chitieu::number::Decimal;
use chitieu::snapshot::{Batch, BatchBuilder, Names};
use chitieu::{Measurement, Rules, Snapshot, Verdict};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const DAYS: usize = 20;
const PERCENT: usize = 28;
const COUNTS: usize = 8;
/// Digits after the point, and the highest value, of the four amounts.
const AMOUNTS: [(u32, i64); 4] = [(1, 900_000), (2, 100), (3, 5_000), (4, 1)];
const INDICATORS: usize = PERCENT + COUNTS + AMOUNTS.len();

/// A comparison with a threshold of four digits after the point.
#[derive(Clone, Copy)]
enum Asked {
    AtLeast(i64),
    MoreThan(i64),
    AtMost(i64),
    Within(i64, i64),
}

/// A target: its indicator, the denominator of a quotient, and what is asked.
struct Target {
    of: usize,
    below: Option<usize>,
    asked: Asked,
}

fn targets() -> Vec<Target> {
    use Asked::{AtLeast, AtMost, MoreThan, Within};
    let floors = [
        400_000, 600_000, 900_000, 555_000, 980_000, 1_000_000, 752_500, 500_000, 950_000, 995_000,
        800_000, 707_500, 650_000, 450_000, 850_000, 500_500,
    ];
    let above = [300_000, 725_000, 123_400, 600_000, 888_000, 0];
    let ceilings = [20_000, 55_000, 100_000, 42_500, 150_000, 10_500];
    let percent = floors.map(AtLeast).into_iter().chain(above.map(MoreThan));
    let percent = percent.chain(ceilings.map(AtMost)).enumerate();
    let mut all: Vec<Target> =
        percent.map(|(of, asked)| Target { of, below: None, asked }).collect();
    for (pair, least) in [800_000, 950_000, 625_000, 999_000].into_iter().enumerate() {
        let of = PERCENT + 2 * pair;
        all.push(Target { of, below: Some(of + 1), asked: AtLeast(least) });
    }
    let within = [(1, 200_000, 800_000), (8, 333_300, 666_700), (14, 500_000, 1_000_000)];
    for (of, low, high) in within.into_iter().chain([(24, 15_000, 72_500)]) {
        all.push(Target { of, below: None, asked: Within(low, high) });
    }
    let amounts = [AtLeast(2_500_005_000), AtLeast(855_000), AtMost(12_345_670), MoreThan(6_543)];
    for (at, asked) in amounts.into_iter().enumerate() {
        all.push(Target { of: PERCENT + COUNTS + at, below: None, asked });
    }
    all
}

fn scale(of: usize) -> u32 {
    match of.checked_sub(PERCENT + COUNTS) {
        Some(amount) => AMOUNTS[amount].0,
        None if of < PERCENT => 2,
        None => 0,
    }
}

/// A name as long as names are.
fn name(of: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(of % 26).unwrap());
    let which = format!("{letter}{}", if of < 26 { "" } else { " mở rộng" });
    match of {
        of if of < PERCENT => format!("tỷ lệ hồ sơ thủ tục hành chính nhóm {which}"),
        of if of < PERCENT + COUNTS => format!("số bản ghi hộ tịch đã làm sạch nhóm {which}"),
        _ => format!("điểm đánh giá mức độ chuyển đổi số nhóm {which}"),
    }
}

fn rule_text(targets: &[Target]) -> String {
    let mut text = "chương trình: Đo hiệu năng\nmã: BENCH\n\n".to_owned();
    for (at, target) in targets.iter().enumerate() {
        let unit = if target.of < PERCENT + COUNTS { "%" } else { "" };
        let vi = |value: i64| {
            let number = Decimal::from_parts(i128::from(value), 4).unwrap();
            let text = number.to_string();
            format!("{}{unit}", text.trim_end_matches('0').trim_end_matches('.').replace('.', ","))
        };
        let asked = match target.asked {
            Asked::AtLeast(least) => format!(">= {}", vi(least)),
            Asked::MoreThan(bound) => format!("> {}", vi(bound)),
            Asked::AtMost(most) => format!("<= {}", vi(most)),
            Asked::Within(low, high) => format!("trong khoảng {} đến {}", vi(low), vi(high)),
        };
        let below = target.below.map(|below| format!(" / {}", name(below))).unwrap_or_default();
        writeln!(text, "[r{at:02}] {}{below} {asked}", name(target.of)).unwrap();
    }
    text
}

/// Fixed, small and good enough: splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((z ^ (z >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }
}

/// Mantissas by row and indicator; `None` is missing.
fn data(rows: usize) -> Vec<[Option<i64>; INDICATORS]> {
    let mut random = Random(20_250_601);
    let rows = (0..rows).map(|_| {
        let mut row = [0; INDICATORS];
        for (of, value) in row.iter_mut().enumerate().take(PERCENT) {
            let low = random.below(10_001);
            // Where lower is better, most are low.
            *value = if of < 22 { low } else { low * random.below(10_001) / 10_000 };
        }
        for (pair, per_mille) in [800, 950, 625, 999].into_iter().enumerate() {
            let below = random.below(2_000_000) + 1;
            let above = below / 2 + random.below(below / 2 + 1);
            let exactly = random.below(100) == 0;
            let rounded = (below / 1000 + 1).min(2000) * 1000;
            let pair = PERCENT + 2 * pair;
            (row[pair], row[pair + 1]) =
                if exactly { (rounded / 1000 * per_mille, rounded) } else { (above, below) };
        }
        for (at, (scale, most)) in AMOUNTS.into_iter().enumerate() {
            row[PERCENT + COUNTS + at] = random.below(most * 10_i64.pow(scale) + 1);
        }
        row.map(|value| (random.below(50) != 0).then_some(value))
    });
    rows.collect()
}

/// Exceeded or met, not met, no data.
fn oracle(target: &Target, data: &[[Option<i64>; INDICATORS]]) -> [u64; 3] {
    let mut counts = [0; 3];
    let fine = |row: &[Option<i64>; INDICATORS], of: usize| {
        row[of].map(|value| i128::from(value) * 10_i128.pow(4 - scale(of)))
    };
    for row in data {
        let value = fine(row, target.of);
        // For a quotient both sides are multiplied by its denominator; the rest have 1.
        let below = target.below.map_or(Some(1), |below| fine(row, below));
        let (Some(value), Some(below)) = (value, below) else {
            counts[2] += 1;
            continue;
        };
        let value = if target.below.is_some() { value * 100 * 10_000 } else { value };
        let bound = |bound: i64| i128::from(bound) * below;
        let holds = match target.asked {
            Asked::AtLeast(least) => value >= bound(least),
            Asked::MoreThan(less) => value > bound(less),
            Asked::AtMost(most) => value <= bound(most),
            Asked::Within(low, high) => value >= bound(low) && value <= bound(high),
        };
        counts[usize::from(!holds)] += 1;
    }
    counts
}

fn indicators(rules: &Rules) -> Vec<IndicatorId> {
    let names: &Names = rules.names();
    let found = (0..INDICATORS).map(|of| names.find(rules.model(), &name(of)));
    found.map(|ids| *ids.first().unwrap()).collect()
}

fn batch(rules: &Rules, data: &[[Option<i64>; INDICATORS]]) -> Batch {
    let ids = indicators(rules);
    let mut builder = BatchBuilder::new(rules.model());
    let per_day = data.len().div_ceil(DAYS);
    for (at, row) in data.iter().enumerate() {
        let entity = builder.entity(&format!("don-vi-{:06}", at % per_day));
        let day = i32::try_from(at / per_day).unwrap() * 30;
        builder.row(entity, Date::from_days(19_753 + day).unwrap());
        for (of, value) in row.iter().enumerate() {
            if let Some(value) = value {
                assert!(builder.number(ids[of], i128::from(*value), scale(of)));
            }
        }
    }
    builder.finish()
}

fn many(criterion: &mut Criterion) {
    let rows = std::env::var("CHITIEU_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok());
    let data = data(rows.unwrap_or(100_000));
    let targets = targets();
    let rules = Rules::parse(&rule_text(&targets)).unwrap();
    let batch = batch(&rules, &data);
    let verdicts = rules.evaluate_batch(&batch);
    for (at, target) in targets.iter().enumerate() {
        let [exceeded, met, not_met, not_due, no_data, rest @ ..] = verdicts.counts(at);
        let expected = oracle(target, &data);
        assert_eq!([exceeded + met, not_met, no_data], expected, "target {at}");
        assert_eq!((not_due, rest), (0, [0; 3]), "target {at}");
    }
    let mut group = criterion.benchmark_group("judge");
    group.throughput(Throughput::Elements((data.len() * targets.len()) as u64));
    group.bench_function("batch", |bencher| bencher.iter(|| rules.evaluate_batch(&batch)));
    group.bench_function("batch, in pieces of 16,384", |bencher| {
        let pieces: Vec<Batch> = batch.chunks(16_384).collect();
        bencher.iter(|| {
            for piece in &pieces {
                black_box(rules.evaluate_batch(piece));
            }
        });
    });
    group.bench_function("counts", |bencher| {
        bencher.iter(|| {
            for target in 0..verdicts.targets() {
                black_box(verdicts.counts(target));
            }
        });
    });
    group.finish();
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
    let mut snapshot = Snapshot::new("don-vi").on("30/06/2024").unwrap();
    for (of, value) in data(1)[0].iter().enumerate() {
        if let Some(value) = value {
            let number = Decimal::from_parts(i128::from(*value), scale(of)).unwrap();
            snapshot = snapshot.measure(name(of), Measurement::number(number));
        }
    }
    let report = rules.evaluate(&snapshot);
    let decided = report.verdicts().iter().filter(|one| one.verdict != Verdict::NoData).count();
    assert_eq!((report.verdicts().len(), decided > 30), (40, true));
    let mut group = criterion.benchmark_group("judge");
    group.throughput(Throughput::Elements(targets.len() as u64));
    group.bench_function("one snapshot by names", |bencher| {
        bencher.iter(|| rules.evaluate(black_box(&snapshot)));
    });
    group.finish();
}

criterion_group!(benches, many, forms, one);
criterion_main!(benches);
