//! Judging by many units and by other times: a region of 11,000 communes in 700 districts by 50
//! targets, and 100,000 snapshots by ten targets that ask other times.
//!
//! The data are made here from a fixed seed. The counts of the plainest targets are held once to
//! plain counting; the rest to the reference evaluator, on every 50th row. `CHITIEU_BENCH_ROWS`
//! sets another number of snapshots of the second bench.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that makes its own data stops where they are not what it made"
)]

#[path = "made/random.rs"]
mod random;

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

use chitieu::calendar::{Date, Period};
use chitieu::number::Decimal;
use chitieu::reference::Reference;
use chitieu::snapshot::{Batch, Cases, Data};
use chitieu::{Measurement, Rules, Snapshot, Verdict};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use random::Random;

const DISTRICTS: usize = 700;
const COMMUNES: usize = 11_000;
/// Indicators: shares, counts and what was done.
const EACH: usize = 20;

fn name(kind: &str, of: usize) -> String {
    format!("{kind} nhóm {}", char::from(b'a' + u8::try_from(of).unwrap()))
}

/// 50 targets: shares of one figure, of two, nested ones, and functions.
fn region_rules() -> String {
    let mut text = "chương trình: Đo\nmã: U\nhiệu lực: năm 2023\n\n".to_owned();
    for at in 0..50 {
        let of = at % EACH;
        let (share, count) = (name("tỷ lệ hộ", of), name("số hồ sơ", of));
        let done = name("ban hành kế hoạch", of);
        let line = match at / 10 {
            0 | 1 => format!("ít nhất {}% xã đạt: {share} >= 50%", 40 + of),
            2 if at % 2 == 0 => format!("ít nhất 30% xã đạt: {share} >= 40% và {done} = có"),
            2 => format!("mọi xã đạt: {count} >= 1"),
            3 if at % 2 == 0 => format!("ít nhất 50% huyện đạt: (trên 40% xã đạt: {share} < 60%)"),
            3 => format!("đếm(mọi xã; {done} = có) >= 10"),
            _ if at % 2 == 0 => format!("tổng(mọi xã; {count}) >= 8000"),
            _ => format!("trung bình(mọi xã; {share}) >= 50%"),
        };
        writeln!(text, "[T{at:02}] {line}").unwrap();
    }
    text
}

/// The shares of a commune in hundredths, by indicator.
type Shares = [Option<i64>; EACH];

fn region() -> (Arc<Data>, Vec<Shares>) {
    let (mut data, mut random) = (Data::new(), Random(20_250_601));
    let day = Period::day(Date::new(2023, 12, 31).unwrap());
    let number = |value: i64, scale| Decimal::from_parts(i128::from(value), scale).unwrap();
    let mut shares = Vec::with_capacity(COMMUNES);
    for at in 0..DISTRICTS {
        let parent = Some(format!("t{}", at % 63));
        let record = Snapshot { parent, period: Some(day), ..Snapshot::new(format!("h{at}")) };
        data.push(record.attribute("cấp", "huyện"), None);
    }
    for at in 0..COMMUNES {
        let parent = Some(format!("h{}", at % DISTRICTS));
        let record = Snapshot { parent, period: Some(day), ..Snapshot::new(format!("x{at}")) };
        let mut record = record.attribute("cấp", "xã");
        let mut own = [None; EACH];
        for (of, own) in own.iter_mut().enumerate() {
            *own = (random.below(50) != 0).then(|| random.below(10_001));
            if let Some(share) = *own {
                let share = Measurement::number(number(share, 2));
                record = record.measure(name("tỷ lệ hộ", of), share);
            }
            let count = Measurement::number(number(random.below(1_000), 0));
            let done = Measurement::truth(random.below(2) == 0);
            record = record.measure(name("số hồ sơ", of), count);
            record = record.measure(name("ban hành kế hoạch", of), done);
        }
        shares.push(own);
        data.push(record, None);
    }
    (Arc::new(data), shares)
}

/// The codes of all cases by target, as `eval --summary` makes them.
fn judge(rules: &Rules, data: &Arc<Data>) -> [u64; 8] {
    let reference = Reference::named(rules.model(), rules.names(), data);
    let batch = Batch::named(rules.model(), rules.names(), data);
    let whole = rules.prepare(&reference, &batch).unwrap();
    let verdicts = rules.evaluate_rows(&reference, &whole, 0..batch.len());
    let mut counts = [0; 8];
    for target in 0..verdicts.targets() {
        counts.iter_mut().zip(verdicts.counts(target)).for_each(|(all, some)| *all += some);
    }
    let cases = reference.cases(None);
    for place in batch.len()..cases.len() {
        for (_, verdict) in reference.verdicts(&cases.get(data, place).unwrap()) {
            counts[verdict as usize] += 1;
        }
    }
    counts
}

/// The districts whose share of communes at 50 % or more surely reaches what is asked.
fn by_hand(shares: &[Shares], of: usize) -> usize {
    let least = 40 + of;
    let satisfies = |district: &usize| {
        let own = shares.iter().skip(*district).step_by(DISTRICTS);
        let (total, met) = own.fold((0, 0), |(total, met), own| {
            (total + 1, met + usize::from(own[of].is_some_and(|share| share >= 5_000)))
        });
        100 * met >= least * total
    };
    (0..DISTRICTS).filter(satisfies).count()
}

fn units(criterion: &mut Criterion) {
    let rules = Rules::parse(&region_rules()).unwrap();
    let (data, shares) = region();
    let reference = Reference::named(rules.model(), rules.names(), &data);
    let batch = Batch::named(rules.model(), rules.names(), &data);
    let whole = rules.prepare(&reference, &batch).unwrap();
    let verdicts = rules.evaluate_rows(&reference, &whole, 0..batch.len());
    for of in 0..EACH {
        let [exceeded, met, ..] = verdicts.counts(of);
        assert_eq!(exceeded + met, by_hand(&shares, of) as u64, "target {of}");
    }
    let plain = Reference::named(rules.model(), rules.names(), &data);
    let cases = plain.cases(None);
    for row in (0..batch.len()).step_by(50) {
        let expected = plain.verdicts(&cases.get(&data, row).unwrap());
        let found = (0..50).map(|target| verdicts.verdict(row, target).unwrap());
        let expected: Vec<Verdict> = expected.into_iter().map(|(_, verdict)| verdict).collect();
        assert_eq!(found.collect::<Vec<_>>(), expected, "row {row}");
    }
    let mut group = criterion.benchmark_group("units");
    group.sample_size(10);
    group.throughput(Throughput::Elements((cases.len() * 50) as u64));
    group.bench_function("11,000 communes by 50 targets", |bencher| {
        bencher.iter(|| judge(&rules, black_box(&data)));
    });
    group.finish();
}

const PAST: &str = "[a] số x tăng ít nhất 5% so với năm trước
[b] số x giảm 3 lần so với cùng kỳ
[c] số y tăng 10 hộ so với đầu năm
[d] tỷ lệ a tăng 5 điểm phần trăm so với kỳ trước
[e] tỷ lệ a >= tỷ lệ a [năm 2022]
[f] lũy kế(số y) >= 10000
[g] tỷ lệ b luôn >= 20%
[h] số y >= 0,5 * số y [năm trước]
[i] số x >= 2 * số x [kỳ trước]
[j] tỷ lệ b >= 10% và luôn (số x >= 5)
";

fn past(criterion: &mut Criterion) {
    let rows = std::env::var("CHITIEU_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok());
    let rows: usize = rows.unwrap_or(100_000);
    let rules = Rules::parse(PAST).unwrap();
    let (mut data, mut random) = (Data::new(), Random(7));
    for at in 0..rows {
        let day = Date::from_days(16_800 + i32::try_from(at % 20).unwrap() * 91).unwrap();
        let mut record = Snapshot::new(format!("e{}", at / 20));
        record.period = Some(Period::day(day));
        for (name, bound, scale) in
            [("số x", 1_000, 0), ("số y", 1_000, 0), ("tỷ lệ a", 10_000, 2), ("tỷ lệ b", 1_000, 1)]
        {
            if random.below(50) != 0 {
                let number = Decimal::from_parts(i128::from(random.below(bound)), scale).unwrap();
                record = record.measure(name, Measurement::number(number));
            }
        }
        data.push(record, None);
    }
    let data = Arc::new(data);
    let batch = Batch::named(rules.model(), rules.names(), &data);
    let verdicts = rules.evaluate_batch(&batch);
    let (reference, cases) = (Reference::new(rules.model(), &data), Cases::each_snapshot(&data));
    for row in (0..rows).step_by(53) {
        let expected = reference.verdicts(&cases.get(&data, row).unwrap());
        for (target, (_, expected)) in expected.into_iter().enumerate() {
            assert_eq!(verdicts.verdict(row, target), Some(expected), "row {row} target {target}");
        }
    }
    let mut group = criterion.benchmark_group("units");
    group.sample_size(10);
    group.throughput(Throughput::Elements((rows * 10) as u64));
    group.bench_function("other times", |bencher| {
        bencher.iter(|| rules.evaluate_batch(black_box(&batch)));
    });
    group.finish();
}

criterion_group!(benches, units, past);
criterion_main!(benches);
