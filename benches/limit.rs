//! Judging in memory against the limit of the machine, in pairs of one run.
//!
//! The limit is a loop that compares columns of 64 bits with a threshold, looks at validity and
//! writes a byte: what nothing over such columns can beat. Each round measures every contender once
//! in turn; shown are the fastest round of each and the median of its ratios to the limit.
//! `CHITIEU_BENCH_ROWS` sets the number of rows.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::inline_always,
    reason = "a bench measures time and shows it"
)]

mod made;

use std::hint::black_box;
use std::time::Instant;

use chitieu::Rules;
use chitieu::check::model::IndicatorId;
use chitieu::snapshot::{Batch, Mantissas, Values};

const PIECE: usize = 16_384;
const ROUNDS: usize = 11;
/// Every contender judges at least so many in a round: cores are accounted for in ticks.
const VERDICTS: usize = 400_000_000;

fn main() {
    let data = made::data(made::rows(1_000_000));
    let targets = made::targets();
    let rules = Rules::parse(&made::rule_text(&targets)).unwrap();
    let narrow = made::batch(&rules, &data);
    let wide = made::widened(&rules, &narrow);
    for batch in [&narrow, &wide] {
        let verdicts = rules.evaluate_batch(batch);
        for (at, target) in targets.iter().enumerate() {
            let [exceeded, met, not_met, _, no_data, ..] = verdicts.counts(at);
            assert_eq!([exceeded + met, not_met, no_data], made::oracle(target, &data));
        }
    }
    let verdicts = data.len() * targets.len();
    drop(data);
    let pieces = |batch: &Batch| batch.chunks(PIECE).collect::<Vec<_>>();
    let (narrow, wide) = (pieces(&narrow), pieces(&wide));
    println!("{verdicts} verdicts; ns a verdict, and the median ratio to the limit");
    for threads in [1, 2] {
        let ours = |pieces: &[Batch]| {
            timed(pieces, threads, |piece| {
                black_box(rules.evaluate_batch(piece));
            })
        };
        let limit = || timed(&wide, threads, |piece| limit(piece, targets.len()));
        let mut rounds: Vec<[u128; 3]> = Vec::new();
        for _ in 0..ROUNDS {
            rounds.push([limit(), ours(&wide), ours(&narrow)]);
        }
        for (at, name) in ["limit", "64-bit columns", "narrow columns"].iter().enumerate() {
            let least = rounds.iter().map(|round| round[at]).min().unwrap();
            let mut ratios: Vec<u128> =
                rounds.iter().map(|round| round[at] * 1000 / round[0]).collect();
            ratios.sort_unstable();
            let (least, ratio) = (least * 1000 / verdicts as u128, ratios[ROUNDS / 2]);
            println!(
                "{threads} threads, {name}: {}.{:03} ns, {}.{:03}",
                least / 1000,
                least % 1000,
                ratio / 1000,
                ratio % 1000
            );
        }
    }
}

/// How long all pieces take together, in ns, were every thread alone on its core.
fn timed(pieces: &[Batch], threads: usize, judge: impl Fn(&Batch) + Sync) -> u128 {
    let judged: usize = pieces.iter().map(Batch::len).sum();
    let repeats = VERDICTS.div_ceil((judged * made::targets().len()).max(1));
    let judge = &judge;
    let busy = std::thread::scope(|scope| {
        let parts = pieces.chunks(pieces.len().div_ceil(threads));
        let threads: Vec<_> = parts
            .map(|pieces| {
                scope.spawn(move || {
                    let (begin, before) = (Instant::now(), on_core());
                    (0..repeats).for_each(|_| pieces.iter().for_each(judge));
                    let elapsed = begin.elapsed().as_nanos();
                    before.zip(on_core()).map_or(elapsed, |(before, now)| now - before)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<u128>()
    });
    busy / threads as u128 / repeats as u128
}

/// How long this thread has been on a core, in ns, where the system says so: others may use the
/// cores too.
fn on_core() -> Option<u128> {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    said.split(' ').next()?.parse().ok()
}

/// Goes over as many columns as there are targets.
fn limit(piece: &Batch, targets: usize) {
    let mut codes = vec![0; piece.len()];
    for target in 0..targets {
        let of = u32::try_from(target % made::INDICATORS).unwrap();
        let column = piece.column(IndicatorId(of)).unwrap();
        let Values::Numbers { mantissas: Mantissas::I64(values), .. } = column.values() else {
            unreachable!()
        };
        let words: Vec<u64> = column.validity().unwrap().words().collect();
        compare(values.as_slice(), &words, 5_000, &mut codes);
        black_box(&mut codes);
    }
}

#[multiversion::multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt",
))]
fn compare(values: &[i64], valid: &[u64], least: i64, codes: &mut [u8]) {
    let mut spread = [[0_u8; 8]; 128];
    let blocks = codes.chunks_mut(1024).zip(values.chunks(1024)).zip(valid.chunks(16));
    for ((codes, values), valid) in blocks {
        for (eights, word) in spread.as_chunks_mut::<8>().0.iter_mut().zip(valid) {
            for (eight, byte) in eights.iter_mut().zip(word.to_le_bytes()) {
                let copies = u64::from(byte).wrapping_mul(0x0101_0101_0101_0101);
                *eight = (copies & 0x8040_2010_0804_0201).to_le_bytes();
            }
        }
        for (code, value) in codes.iter_mut().zip(values) {
            *code = u8::from(*value >= least);
        }
        for (code, bit) in codes.iter_mut().zip(spread.as_flattened()) {
            *code = if *bit == 0 { 4 } else { *code };
        }
    }
}
