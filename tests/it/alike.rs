//! Figures that are said to be judged alike are, whatever the other figures.

use std::sync::Arc;

use chitieu::calendar::Date;
use chitieu::check::model::IndicatorId;
use chitieu::number::{Decimal, Rational};
use chitieu::reference::Reference;
use chitieu::snapshot::{Batch, Data};
use chitieu::{Measurement, Rules, Snapshot, Verdict};

const RULES: &str = "chương trình: Kế hoạch 2023
mã: KH

[A] tỷ lệ a >= 40%
[B] tỷ lệ a trong khoảng 20% đến 80%
[C] tỷ lệ a != 12,5%
[D] \"số b\" / \"số c\" >= 50%
[E] số d < 7 và tỷ lệ a <= 99%
[F] số e >= 3
  hạn: 31/12/2024
[G] không (số d = 7) hoặc số e > 80
";

/// Numbers at, beside and far from all thresholds.
const NUMBERS: [&str; 19] = [
    "-3", "0", "2.9", "3", "6.9", "7", "7.1", "12.4", "12.5", "12.6", "19.9", "20", "39.99", "40",
    "40.01", "80", "80.5", "99", "99.1",
];

/// What the reference evaluator says of figures, by indicator.
fn verdicts(rules: &Rules, figures: &[Option<Decimal>]) -> Vec<Verdict> {
    let mut snapshot = Snapshot::new("x").on("01/01/2025").unwrap();
    for (indicator, number) in rules.model().indicators.iter().zip(figures) {
        if let Some(number) = number {
            snapshot = snapshot.measure(&*indicator.name, Measurement::number(*number));
        }
    }
    let mut data = Data::new();
    data.push(snapshot, None::<Date>);
    let data = Arc::new(data);
    let batch = Batch::named(rules.model(), rules.names(), &data);
    let reference = Reference::named(rules.model(), rules.names(), &data);
    let cases = batch.rows().iter().filter_map(|row| batch.case(row));
    cases.flat_map(|case| reference.judge(&case)).map(|judged| judged.verdict).collect()
}

#[test]
fn what_is_judged_alike_has_the_same_verdicts() {
    let rules = Rules::parse(RULES).unwrap();
    let numbers = NUMBERS.map(|text| Decimal::parse(text).unwrap());
    let count = rules.model().indicators.len();
    let (mut seed, mut alike) = (5_u64, 0);
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
        usize::try_from(seed >> 33).unwrap() % most
    };
    for (of, id) in (0..count).zip(0_u32..) {
        for (first, min) in numbers.iter().enumerate() {
            for (last, max) in numbers.iter().enumerate().skip(first) {
                let ends = [*min, *max].map(Rational::from);
                if !rules.program().judges_alike(IndicatorId(id), &ends[0], &ends[1]) {
                    continue;
                }
                alike += 1;
                let mut figures: Vec<Option<Decimal>> = (0..count)
                    .map(|_| (next(5) > 0).then(|| numbers[next(numbers.len())]))
                    .collect();
                let mut said = |number: Decimal| {
                    figures[of] = Some(number);
                    verdicts(&rules, &figures)
                };
                let expected = said(*min);
                for number in &numbers[first..=last] {
                    assert_eq!(said(*number), expected, "{of} {min} {number} {figures:?}");
                }
            }
        }
    }
    assert!(alike > 100, "{alike}");
}
