//! The data that benches judge, made here from a fixed seed, and an oracle of plain integers that
//! shares nothing with the library.

#![allow(dead_code, reason = "each bench uses its part")]

pub(crate) mod random;

use std::fmt::Write;
use std::sync::Arc;

use chitieu::Rules;
use chitieu::calendar::Date;
use chitieu::check::model::IndicatorId;
use chitieu::number::Decimal;
use chitieu::snapshot::{Batch, BatchBuilder, Buffer, Column, Data, Mantissas, Names, Row, Values};
use chitieu::{Measurement, Snapshot};
use random::Random;

const DAYS: usize = 20;
pub(crate) const PERCENT: usize = 28;
const COUNTS: usize = 8;
/// Digits after the point, and the highest value, of the four amounts.
const AMOUNTS: [(u32, i64); 4] = [(1, 900_000), (2, 100), (3, 5_000), (4, 1)];
pub(crate) const INDICATORS: usize = PERCENT + COUNTS + AMOUNTS.len();

/// A comparison with a threshold of four digits after the point.
#[derive(Clone, Copy)]
pub(crate) enum Asked {
    AtLeast(i64),
    MoreThan(i64),
    AtMost(i64),
    Within(i64, i64),
}

/// A target: its indicator, the denominator of a quotient, and what is asked.
pub(crate) struct Target {
    pub(crate) of: usize,
    pub(crate) below: Option<usize>,
    pub(crate) asked: Asked,
}

pub(crate) fn targets() -> Vec<Target> {
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

pub(crate) fn scale(of: usize) -> u32 {
    match of.checked_sub(PERCENT + COUNTS) {
        Some(amount) => AMOUNTS[amount].0,
        None if of < PERCENT => 2,
        None => 0,
    }
}

/// A name as long as names are.
pub(crate) fn name(of: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(of % 26).unwrap());
    let which = format!("{letter}{}", if of < 26 { "" } else { " mở rộng" });
    match of {
        of if of < PERCENT => format!("tỷ lệ hồ sơ thủ tục hành chính nhóm {which}"),
        of if of < PERCENT + COUNTS => format!("số bản ghi hộ tịch đã làm sạch nhóm {which}"),
        _ => format!("điểm đánh giá mức độ chuyển đổi số nhóm {which}"),
    }
}

/// So many targets: the forty, and again with thresholds a little aside. Those of quotients stay,
/// whose factors choose the width of a kernel.
pub(crate) fn many_targets(count: usize) -> Vec<Target> {
    let aside = |asked: Asked, by: i64| match asked {
        Asked::AtLeast(least) => Asked::AtLeast(least + by),
        Asked::MoreThan(bound) => Asked::MoreThan(bound + by),
        Asked::AtMost(most) => Asked::AtMost(most + by),
        Asked::Within(low, high) => Asked::Within(low, high + by),
    };
    let rounds = (0..).flat_map(|by: i64| {
        targets().into_iter().map(move |it| Target {
            asked: if it.below.is_some() { it.asked } else { aside(it.asked, by * 100) },
            ..it
        })
    });
    rounds.take(count).collect()
}

pub(crate) fn rule_text(targets: &[Target]) -> String {
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

/// Mantissas by row and indicator; `None` is missing.
pub(crate) fn data(rows: usize) -> Vec<[Option<i64>; INDICATORS]> {
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
pub(crate) fn oracle(target: &Target, data: &[[Option<i64>; INDICATORS]]) -> [u64; 3] {
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

pub(crate) fn indicators(rules: &Rules) -> Vec<IndicatorId> {
    let names: &Names = rules.names();
    let found = (0..INDICATORS).map(|of| names.find(rules.model(), &name(of)));
    found.map(|ids| *ids.first().unwrap()).collect()
}

pub(crate) fn batch(rules: &Rules, data: &[[Option<i64>; INDICATORS]]) -> Batch {
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

/// The same rows in columns of 64 bits, lent as readers lend theirs.
pub(crate) fn widened(rules: &Rules, batch: &Batch) -> Batch {
    let columns = rules.model().indicators.iter().zip(0..).map(|(_, id)| {
        let column = batch.column(IndicatorId(id)).unwrap();
        let Values::Numbers { mantissas, scale, .. } = column.values() else { unreachable!() };
        let wide = |row| i64::try_from(mantissas.get(row).unwrap()).unwrap();
        let wide = Buffer::from((0..batch.len()).map(wide).collect::<Vec<i64>>());
        Column::numbers(Mantissas::I64(wide), *scale, column.validity().cloned()).unwrap()
    });
    let (rows, columns) = (Buffer::from(batch.rows().to_vec()), columns.collect());
    Batch::of_columns(Arc::new(batch.data().clone()), rows, columns).unwrap()
}

/// Rows of one entity and day over columns that are lent, by indicator.
pub(crate) fn lent(columns: Vec<Column>) -> Batch {
    let mut data = Data::new();
    data.add_entity(&Snapshot::new("don-vi"));
    let row = Row { entity: 0, record: None, as_of: Date::new(2024, 6, 30).unwrap() };
    let rows = Buffer::from(vec![row; columns[0].len()]);
    Batch::of_columns(Arc::new(data), rows, columns).unwrap()
}

/// The numbers of a row, by the places of [`name`].
pub(crate) fn numbers(row: &[Option<i64>; INDICATORS]) -> Vec<Option<Decimal>> {
    let number = |(of, value): (usize, &Option<i64>)| {
        value.and_then(|value| Decimal::from_parts(i128::from(value), scale(of)))
    };
    row.iter().enumerate().map(number).collect()
}

/// A row as a snapshot.
pub(crate) fn snapshot(row: &[Option<i64>; INDICATORS]) -> Snapshot {
    let mut snapshot = Snapshot::new("don-vi").on("30/06/2024").unwrap();
    for (of, number) in numbers(row).into_iter().enumerate() {
        if let Some(number) = number {
            snapshot = snapshot.measure(name(of), Measurement::number(number));
        }
    }
    snapshot
}

/// How many rows are asked for, or so many.
pub(crate) fn rows(default: usize) -> usize {
    let rows = std::env::var("CHITIEU_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok());
    rows.unwrap_or(default)
}
