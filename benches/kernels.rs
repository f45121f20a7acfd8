//! Each kernel alone: one target over columns of one width, which stay in the second cache.
//!
//! Comparisons of 8 to 128 bits with and without missing figures, quotients by the width of their
//! products, and truths. Each count is held once to plain integers.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that makes its own data stops where they are not what it made"
)]

mod made;

use chitieu::Rules;
use chitieu::snapshot::{Batch, Bits, Buffer, Column, ColumnBuilder, Mantissas};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

use made::random::Random;

const ROWS: usize = 16_384;
/// One in so many is missing.
const MISSING: i64 = 50;

/// Numbers from 0 to below a bound.
fn numbers(seed: u64, bound: i64) -> Vec<i128> {
    let mut random = Random(seed);
    (0..ROWS).map(|_| random.below(bound).into()).collect()
}

/// Which rows hold a number.
fn present(seed: u64) -> Vec<bool> {
    let mut random = Random(seed);
    (0..ROWS).map(|_| random.below(MISSING) != 0).collect()
}

fn bits(present: &[bool]) -> Bits {
    let byte = |rows: &[bool]| -> u8 { (0..8).map(|at| u8::from(rows[at]) << at).sum() };
    let bytes: Vec<u8> = present.chunks(8).map(byte).collect();
    Bits::new(Buffer::from(bytes), 0, present.len()).unwrap()
}

/// A column of whole numbers in so many bits.
fn column(width: u32, numbers: &[i128], present: Option<&[bool]>) -> Column {
    macro_rules! narrow {
        ($kind:ident, $of:ty) => {
            Mantissas::$kind(Buffer::from(
                numbers.iter().map(|it| <$of>::try_from(*it).unwrap()).collect::<Vec<_>>(),
            ))
        };
    }
    let mantissas = match width {
        8 => narrow!(I8, i8),
        16 => narrow!(I16, i16),
        32 => narrow!(I32, i32),
        64 => narrow!(I64, i64),
        _ => narrow!(I128, i128),
    };
    Column::numbers(mantissas, 0, present.map(bits)).unwrap()
}

/// Held once, then measured.
fn measure(criterion: &mut Criterion, name: BenchmarkId, text: &str, batch: &Batch, met: usize) {
    let rules = Rules::parse(text).unwrap();
    let [exceeded, also, ..] = rules.evaluate_batch(batch).counts(0);
    assert_eq!(exceeded + also, met as u64, "{text}");
    let mut group = criterion.benchmark_group("kernel");
    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function(name, |bencher| bencher.iter(|| rules.evaluate_batch(batch)));
    group.finish();
}

fn comparisons(criterion: &mut Criterion) {
    let widths = [(8, 100), (16, 10_000), (32, 2_000_000_000), (64, i64::MAX), (128, i64::MAX)];
    for (width, most) in widths {
        let (numbers, least) = (numbers(1, most), most / 3);
        let text = format!("số a >= {least}");
        let there = present(2);
        for present in [None, Some(&there[..])] {
            let is_met =
                |at: &usize| numbers[*at] >= least.into() && present.is_none_or(|it| it[*at]);
            let batch = made::lent(vec![column(width, &numbers, present)]);
            let missing = if present.is_some() { ", 2 % missing" } else { "" };
            let name = BenchmarkId::new("compare", format!("{width} bits{missing}"));
            measure(criterion, name, &text, &batch, (0..ROWS).filter(is_met).count());
        }
    }
}

fn quotients(criterion: &mut Criterion) {
    // Bits of a number, the bits they are held in, and the name of the products.
    let sizes = [
        (20, 32, "32 bits"),
        (30, 32, "64 bits, of 32"),
        (50, 64, "64 bits"),
        (62, 64, "128 bits, of 64"),
    ];
    let sizes = sizes.into_iter().chain([(100, 128, "128 bits"), (124, 128, "any size")]);
    for (bits, width, products) in sizes {
        let [above, below] = [3, 4].map(|seed| {
            let of = |number: i128| (number + 1) << (bits - 20);
            numbers(seed, 1 << 20).into_iter().map(of).collect::<Vec<i128>>()
        });
        // The shift is the same on both sides.
        let is_met = |at: &usize| {
            let [above, below] = [&above, &below].map(|side| side[*at] >> (bits - 20));
            above * 1_000 >= below * 333
        };
        let present = present(5);
        let met = (0..ROWS).filter(|at| present[*at] && is_met(at)).count();
        let columns = [column(width, &above, Some(&present)), column(width, &below, None)];
        let batch = made::lent(columns.to_vec());
        let name = BenchmarkId::new("quotient", format!("products of {products}"));
        measure(criterion, name, "số a / số b >= 33,3%", &batch, met);
    }
}

fn truths(criterion: &mut Criterion) {
    let (truths, there) = (present(6), present(7));
    let mut column = ColumnBuilder::with_capacity(ROWS);
    for (truth, there) in truths.iter().zip(&there) {
        if *there { column.truth(*truth) } else { column.missing() }
    }
    let met = truths.iter().zip(&there).filter(|(truth, there)| **truth && **there).count();
    let batch = made::lent(vec![column.finish()]);
    measure(criterion, BenchmarkId::new("truth", "1 bit"), "ban hành a = có", &batch, met);
}

criterion_group!(benches, comparisons, quotients, truths);
criterion_main!(benches);
