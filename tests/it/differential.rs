//! The columns say what the reference evaluator says, for every row and target, however a batch is
//! cut.
//!
//! Generated are rule texts and records, not models: what a person could write. `CHITIEU_CASES`
//! sets how many cases; `CHITIEU_SEED` is a number, or `random`.

mod records;
mod rules;

use std::fmt;
use std::sync::Arc;

use chitieu::calendar::{Date, Period};
use chitieu::check::model::IndicatorId;
use chitieu::number::Decimal;
use chitieu::program::verify;
use chitieu::reference::Reference;
use chitieu::snapshot::{Batch, Buffer, Cases, Data, Raw, Row};
use chitieu::{Measurement, Rules, Snapshot, Verdict};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::RngSeed;

use rules::{NAMES, one_of, rules};

/// The same cases on every machine, unless somebody asks for others.
pub(crate) fn config() -> ProptestConfig {
    let cases = std::env::var("CHITIEU_CASES").ok().and_then(|text| text.parse().ok());
    let seed = match std::env::var("CHITIEU_SEED").ok() {
        Some(text) if text == "random" => RngSeed::Random,
        Some(text) => RngSeed::Fixed(text.parse().expect("CHITIEU_SEED is a number or `random`")),
        None => RngSeed::Fixed(20_230_630),
    };
    ProptestConfig {
        cases: cases.unwrap_or(400),
        rng_seed: seed,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

/// A record with a way to write it down that people can read.
#[derive(Clone)]
struct Record(Snapshot);

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Snapshot { entity, attributes, measurements, .. } = &self.0;
        write!(f, "{entity} {:?} {attributes:?}", self.0.as_of())?;
        for (name, Measurement { value, numerator, denominator, unit, .. }) in measurements {
            write!(f, "; {name}: {value:?} {numerator:?}/{denominator:?} {unit:?}")?;
        }
        Ok(())
    }
}

fn measurement() -> impl Strategy<Value = Measurement> {
    let plain = [
        "0", "1", "5", "10", "11", "12.34", "12.340", "12.33", "33.333", "33.33", "40", "40.00",
        "39.99", "40.01", "99.9", "99.90", "99.89", "100", "63", "-5", "-40", "0.3333", "9990",
    ];
    let rare = [
        "1e20",
        "12345678901234567890",
        "0.0000000000000000000001",
        "1e-28",
        "9999999999999999999999999999",
        "-9999999999999999999999999999",
        "32767",
        "32768",
        "2147483648",
    ];
    let texts = one_of(&[
        "",
        "40%",
        "400‰",
        "99,9 %",
        "hơn 40%",
        "không quá 40",
        "ít nhất 5",
        "gần 100",
        "khoảng 40",
        "ước 40%",
        "39,5 ± 1",
        "từ 5 đến 10",
        "12/14",
        "12/14 hồ sơ",
        "10/63",
        "5/64",
        "0/0",
        "1/0",
        "có",
        "chưa",
        "37 hồ sơ",
        "5 tỷ đồng",
        "700 triệu đồng",
        "trong tốp 10",
        "…",
        "12,340",
    ]);
    let number = |text: &str| Measurement::number(Decimal::parse(text).unwrap());
    let whole = |value: i128| Decimal::from_parts(value, 0).unwrap();
    let share = (-3_i128..50, -2_i128..50)
        .prop_map(move |(above, below)| Measurement::fraction(whole(above), whole(below)));
    prop_oneof![
        10 => prop::sample::select(plain.to_vec()).prop_map(number),
        1 => prop::sample::select(rare.to_vec()).prop_map(number),
        3 => texts.prop_map(Measurement::text),
        1 => share,
        1 => any::<bool>().prop_map(Measurement::truth),
        1 => Just(number("40").unit("%")),
        1 => Just(number("5").unit("tỷ đồng")),
        1 => Just(Measurement::fraction(whole(400), whole(1000)).reported("40%")),
    ]
}

/// Figures without digits after the point, so that thresholds fall between them.
fn coarse() -> impl Strategy<Value = Measurement> {
    let numbers = ["0", "1", "5", "12", "13", "33", "34", "40", "99", "100", "-1"];
    prop::sample::select(numbers.to_vec())
        .prop_map(|text| Measurement::number(Decimal::parse(text).unwrap()))
}

/// Mostly what the indicator is measured in.
fn fitting(name: &str, is_coarse: bool) -> BoxedStrategy<Measurement> {
    let texts: &'static [&'static str] = match name.split(' ').next() {
        Some("thứ") => &["1", "10", "11", "10/63", "5/64", "trong tốp 10", "40"],
        Some("ban" | "công") => &["có", "có", "x", "chưa", "không", "đang làm"],
        Some("thu" | "chi") => &["5 tỷ đồng", "40.000 triệu đồng", "hơn 1 tỷ đồng", "99,9 tỷ đồng"],
        _ if is_coarse => return coarse().boxed(),
        _ => return measurement().boxed(),
    };
    one_of(texts).prop_map(Measurement::text).boxed()
}

/// The records of one run.
fn records(least: usize) -> impl Strategy<Value = Vec<Record>> {
    prop_oneof![
        3 => prop::collection::vec(record(false), least..14),
        1 => prop::collection::vec(record(true), least..14),
    ]
}

fn record(is_coarse: bool) -> impl Strategy<Value = Record> {
    let day = one_of(&["31/12/2021", "30/06/2022", "29/06/2023", "30/06/2023", "năm 2024", "2025"]);
    let attribute = |values: &'static [&'static str]| prop::option::weighted(0.5, one_of(values));
    let most = if is_coarse { 1 } else { 3 };
    let any = prop::collection::vec((one_of(&NAMES), measurement()), 0..most);
    let fitting =
        NAMES.map(|name| prop::option::weighted(0.8, (Just(name), fitting(name, is_coarse))));
    let measured = (fitting.to_vec(), any)
        .prop_map(|(fitting, any)| fitting.into_iter().flatten().chain(any).collect::<Vec<_>>());
    let level = attribute(&["tỉnh", "xã", "Xã"]);
    let region = attribute(&["miền núi", "a"]);
    (one_of(&["e0", "e1", "e2"]), day, level, region, measured).prop_map(
        |(entity, day, level, region, measured)| {
            let mut record = Snapshot::new(entity).on(day).unwrap();
            record.attributes.extend(level.map(|value| ("cấp".to_owned(), value.to_owned())));
            record.attributes.extend(region.map(|value| ("vùng".to_owned(), value.to_owned())));
            record.measurements =
                measured.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
            Record(record)
        },
    )
}

/// Rules of a text that must be good.
pub(crate) fn parsed(text: &str) -> Result<Rules, TestCaseError> {
    Rules::parse(text).map_err(|found| {
        let messages = found.iter().map(|one| one.message.en.clone()).collect::<Vec<_>>();
        TestCaseError::fail(format!("{messages:?}\n{text}"))
    })
}

fn gathered(records: Vec<Record>) -> Arc<Data> {
    let mut data = Data::new();
    for Record(record) in records {
        assert!(data.push(record, None));
    }
    Arc::new(data)
}

proptest! {
    #![proptest_config(config())]

    /// Entities at one date: by the latest snapshot where it decides, else by all of them.
    #[test]
    fn a_board_by_columns_equals_the_reference(
        text in rules(),
        records in records(0),
        day in one_of(&["01/01/2022", "30/06/2022", "01/07/2023", "31/12/2024", "01/01/2026"]),
    ) {
        let rules = parsed(&text)?;
        let data = gathered(records);
        let cases = Cases::board(&data, Snapshot::new("x").on(day).unwrap().as_of().unwrap());
        let reference = Reference::named(rules.model(), rules.names(), &data);
        let all: Vec<_> = (0..cases.len()).filter_map(|place| cases.get(&data, place)).collect();
        let found = rules.evaluate_cases(&reference, &data, &all);
        for (row, case) in all.iter().enumerate() {
            for (target, judgement) in reference.judge(case).into_iter().enumerate() {
                let found = found.verdict(row, target);
                prop_assert_eq!(found, Some(judgement.verdict), "{} {} {}", text, row, target);
            }
        }
    }

    #[test]
    fn columns_equal_the_reference(
        text in rules(),
        records in records(0),
        cut in 1_usize..6,
    ) {
        let rules = parsed(&text)?;
        prop_assert_eq!(verify(rules.program(), rules.model()), Ok(()), "{}", text);
        let data = gathered(records);
        let batch = Batch::from_data(rules.model(), &data);
        let verdicts = rules.evaluate_batch(&batch);
        let cases = Cases::each_snapshot(&data);
        prop_assert_eq!((batch.len(), verdicts.rows()), (cases.len(), cases.len()));
        let reference = Reference::new(rules.model(), &data);
        for row in 0..cases.len() {
            let case = cases.get(&data, row).unwrap();
            for (target, judged) in reference.judge(&case).iter().enumerate() {
                let found = verdicts.verdict(row, target);
                prop_assert_eq!(
                    found, Some(judged.verdict), "row {} target {}\n{}", row, target, text
                );
            }
        }
        let mut row = 0;
        for chunk in batch.chunks(cut) {
            let part = rules.evaluate_batch(&chunk);
            for target in 0..verdicts.targets() {
                let whole = &verdicts.codes(target)[row..row + chunk.len()];
                let found = part.codes(target);
                prop_assert_eq!(found, whole, "cut {} target {}\n{}", cut, target, text);
            }
            row += chunk.len();
        }
        prop_assert_eq!(row, batch.len());
        let whole = rules.prepare(&reference, &batch).unwrap();
        for start in (0..batch.len()).step_by(cut) {
            let rows = start..(start + cut).min(batch.len());
            let part = rules.evaluate_rows(&reference, &whole, rows.clone());
            for target in 0..verdicts.targets() {
                let found = part.codes(target);
                prop_assert_eq!(found, &verdicts.codes(target)[rows.clone()], "{}", text);
            }
        }
    }

    /// Rows of columns are each other's history, as records are.
    #[test]
    fn rows_without_records_equal_those_with_records(text in rules(), records in records(0)) {
        let rules = parsed(&text)?;
        // Attributes and the digits of a figure that is computed too stand in records alone.
        let stripped = records.into_iter().map(|Record(mut record)| {
            record.attributes.clear();
            record.measurements.retain(|(name, _)| name != "tỷ lệ q");
            Record(record)
        });
        let data = gathered(stripped.collect());
        let batch = Batch::from_data(rules.model(), &data);
        let bare = |row: &Row| Row { record: None, ..*row };
        let rows: Vec<Row> = batch.rows().iter().map(bare).collect();
        let ids = (0_u32..).take(rules.model().indicators.len()).map(IndicatorId);
        let columns = ids.filter_map(|id| batch.column(id).cloned()).collect();
        let lent = Batch::of_columns(Arc::clone(&data), Buffer::from(rows), columns).unwrap();
        let (found, expected) = (rules.evaluate_batch(&lent), rules.evaluate_batch(&batch));
        prop_assert_eq!(found, expected, "{}", text);
    }
}

proptest! {
    #![proptest_config(config())]

    /// Its codes are those of its judgements, and these those of the snapshot as it was given.
    #[test]
    fn one_snapshot_equals_the_reference(text in rules(), records in records(0)) {
        one_by_one(&text, records)?;
    }

    #[test]
    fn one_snapshot_of_plain_figures_equals_the_reference(
        text in records::plain_rules(),
        records in prop::collection::vec(records::plain_record(), 1..8),
    ) {
        one_by_one(&text, records)?;
    }
}

fn one_by_one(text: &str, records: Vec<Record>) -> Result<(), TestCaseError> {
    let rules = parsed(text)?;
    for (Record(mut record), number) in records.into_iter().zip(1_u32..) {
        record.place = ["", "a.ndjson:1", "b.csv:7"][number as usize % 3].to_owned();
        for ((_, measurement), column) in record.measurements.iter_mut().zip(number..) {
            measurement.column = (number % 3 == 2).then_some(column);
        }
        let report = rules.evaluate(&record);
        let mut numbers = Vec::new();
        for (name, measurement) in &record.measurements {
            if let Raw::Number(number) = measurement.value
                && *measurement
                    == (Measurement { column: measurement.column, ..Measurement::number(number) })
            {
                numbers.push((name.clone(), number));
            }
        }
        let day = record.as_of().unwrap();
        let bound = bound(&rules, &record, numbers, day)?;
        let single = rules.evaluate(&record);
        let data = gathered(vec![Record(record)]);
        let expected = rules.judge(&data, &Cases::each_snapshot(&data).get(&data, 0).unwrap());
        for (judged, expected) in single.verdicts().iter().zip(&expected).rev() {
            prop_assert_eq!(&**judged, expected, "{}", text);
        }
        prop_assert_eq!(report.judgements(), &expected[..], "{}", text);
        for (judged, expected) in report.verdicts().iter().zip(&expected) {
            prop_assert_eq!(judged.verdict, expected.verdict, "{:?}\n{}", expected, text);
        }
        prop_assert!(bound, "{}", text);
    }
    Ok(())
}

/// Rows bound to columns have the verdicts of a snapshot of the same numbers without attributes.
fn bound(
    rules: &Rules,
    record: &Snapshot,
    numbers: Vec<(String, Decimal)>,
    day: Date,
) -> Result<bool, TestCaseError> {
    let mut alone = Snapshot::new(record.entity.clone());
    alone.period = Some(Period::day(day));
    for (name, number) in &numbers {
        alone = alone.measure(name.clone(), Measurement::number(*number));
    }
    let (names, values): (Vec<String>, Vec<Option<Decimal>>) =
        numbers.into_iter().map(|(name, number)| (name, Some(number))).unzip();
    let expected: Vec<Verdict> =
        rules.evaluate(&alone).judgements().iter().map(|it| it.verdict).collect();
    let mut layout = rules.bind(names);
    // A second row finds nothing of the first.
    for _ in 0..2 {
        prop_assert_eq!(layout.verdicts(&record.entity, day, &values), &expected[..]);
    }
    Ok(layout.verdicts("other", day, &[]).len() == expected.len())
}

/// The generator must reach what it is there for.
#[test]
fn all_verdicts_are_generated() {
    let mut seen = [0_u64; 8];
    let mut runner = proptest::test_runner::TestRunner::new(config());
    for _ in 0..150 {
        let case = (rules(), records(6));
        let (text, records) = case.new_tree(&mut runner).unwrap().current();
        let rules = parsed(&text).unwrap();
        let verdicts = rules.evaluate_batch(&Batch::from_data(rules.model(), &gathered(records)));
        for target in 0..verdicts.targets() {
            seen.iter_mut().zip(verdicts.counts(target)).for_each(|(all, some)| *all += some);
        }
    }
    for (verdict, count) in Verdict::ALL.iter().zip(seen) {
        assert!(count >= 20, "{verdict:?} was generated {count} times: {seen:?}");
    }
}
