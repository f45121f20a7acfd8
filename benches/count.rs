//! Work of one size, for counting instructions: `count WHAT SIZE`.
//!
//! `.ci/instructions` runs it under callgrind, which counts what [`measured`] does and nothing
//! else; what is counted is the same on every run, so that growth can be asserted.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that makes its own data stops where they are not what it made"
)]

mod made;

use std::hint::black_box;

use chitieu::Rules;
use chitieu::snapshot::Batch;

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    // Without words, as `cargo bench` runs it, everything is done once in small.
    let Some(what) = words.next() else {
        return ["parse", "targets", "rows", "one", "bound"].iter().for_each(|what| run(what, 40));
    };
    run(&what, words.next().and_then(|size| size.parse().ok()).unwrap());
}

fn run(what: &str, size: usize) {
    match what {
        "parse" => {
            let text = made::rule_text(&made::many_targets(size));
            let rules = measured(|| Rules::parse(&text).unwrap());
            assert_eq!(rules.model().targets.len(), size);
        }
        "targets" => {
            let rules = Rules::parse(&made::rule_text(&made::many_targets(size))).unwrap();
            batch(&rules, &made::many_targets(size), 4_096);
        }
        "rows" => {
            let targets = made::targets();
            batch(&Rules::parse(&made::rule_text(&targets)).unwrap(), &targets, size);
        }
        "one" => {
            let rules = Rules::parse(&made::rule_text(&made::targets())).unwrap();
            let snapshots: Vec<_> = made::data(size).iter().map(made::snapshot).collect();
            let judged = measured(|| {
                let reports = snapshots.iter().map(|one| rules.evaluate(one).verdicts().len());
                reports.sum::<usize>()
            });
            assert_eq!(judged, size * rules.model().targets.len());
        }
        "bound" => {
            let rules = Rules::parse(&made::rule_text(&made::targets())).unwrap();
            let rows: Vec<_> = made::data(size).iter().map(made::numbers).collect();
            let mut layout = rules.bind((0..made::INDICATORS).map(made::name));
            let day = made::snapshot(&made::data(1)[0]).as_of().unwrap();
            let judged = measured(|| {
                rows.iter().map(|row| layout.verdicts("x", day, row).len()).sum::<usize>()
            });
            assert_eq!(judged, size * rules.model().targets.len());
        }
        other => unreachable!("{other}"),
    }
}

fn batch(rules: &Rules, targets: &[made::Target], rows: usize) {
    let data = made::data(rows);
    let pieces: Vec<Batch> = made::batch(rules, &data).chunks(16_384).collect();
    let verdicts: Vec<_> =
        measured(|| pieces.iter().map(|piece| rules.evaluate_batch(piece)).collect());
    let judged: u64 = verdicts.iter().map(|it| it.counts(0).iter().sum::<u64>()).sum();
    assert_eq!((judged, targets.len()), (rows as u64, rules.model().targets.len()));
}

/// What callgrind counts.
#[inline(never)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}
