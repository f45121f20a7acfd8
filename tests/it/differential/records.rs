//! Judgements made by integers, and records written by pattern, are those of the reference
//! evaluator, byte for byte.

use chitieu::Rules;
use chitieu::check::model::TargetId;
use chitieu::diagnostic::Lang;
use chitieu::number::Decimal;
use chitieu::reference::Reference;
use chitieu::report::{Fields, Lines, Options, csv, ndjson};
use chitieu::snapshot::{Cases, Data};
use chitieu::{Measurement, Snapshot, Verdict};
use proptest::prelude::*;

use super::rules::{one_of, rules};
use super::{Record, config, parsed, records};

/// The lines of all records, as the reference evaluator has them and as they are written.
fn both(
    rules: &Rules,
    data: &Data,
    cases: &Cases,
    (lines, fields, options): (Lines, &Fields, Options),
) -> (String, String) {
    let reference = Reference::named(rules.model(), rules.names(), data);
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    let mut writer = rules.records(lines, fields.clone(), options);
    let mut judging = rules.judging();
    for case in (0..cases.len()).filter_map(|place| cases.get(data, place)) {
        let mut verdicts = Vec::new();
        let judgements = reference.judge(&case);
        assert_eq!(judging.judge(&reference, &case), judgements);
        for judgement in judgements {
            verdicts.push((judgement.target, judgement.verdict));
            let record = chitieu::report::Record::new(rules.model(), &judgement, options);
            match lines {
                Lines::Ndjson => ndjson::write_record(&mut expected, &record, fields).unwrap(),
                Lines::Csv => csv::write_record(&mut expected, &record, fields).unwrap(),
            }
        }
        let mut asked: Vec<(TargetId, Verdict)> = Vec::new();
        let mut wanted = |target, verdict| {
            asked.push((target, verdict));
            true
        };
        writer.write(&reference, &case, &mut wanted, &mut found).unwrap();
        assert_eq!(asked, verdicts);
    }
    (String::from_utf8(expected).unwrap(), String::from_utf8(found).unwrap())
}

/// Every form of lines, in both languages.
fn check(text: &str, data: &Data) -> Result<(), TestCaseError> {
    let rules = parsed(text)?;
    let board = Cases::board(data, data.snapshots.first().map_or(day("2023"), |it| it.as_of));
    for cases in [Cases::each_snapshot(data), board] {
        for lines in [Lines::Ndjson, Lines::Csv] {
            for (lang, exact) in [(Lang::Vi, false), (Lang::En, true)] {
                let options = Options { lang, exact };
                let all = Fields::all(exact);
                let (expected, found) = both(&rules, data, &cases, (lines, &all, options));
                for (expected, found) in expected.lines().zip(found.lines()) {
                    prop_assert_eq!(found, expected, "{}", text);
                }
                prop_assert_eq!(found, expected);
            }
        }
    }
    let some = Fields::named(&["message", "entity", "verdict", "step"]).unwrap();
    let none = Fields::named::<&str>(&[]).unwrap();
    for fields in [some, none] {
        for lines in [Lines::Ndjson, Lines::Csv] {
            let cases = Cases::each_snapshot(data);
            let given = (lines, &fields, Options::default());
            let (expected, found) = both(&rules, data, &cases, given);
            prop_assert_eq!(found, expected);
        }
    }
    Ok(())
}

fn day(text: &str) -> chitieu::calendar::Date {
    Snapshot::new("x").on(text).unwrap().as_of().unwrap()
}

/// Where the records stand.
#[derive(Debug, Clone, Copy)]
enum Places {
    Nowhere,
    /// Lines of a file with a name that must be escaped.
    Lines,
    /// Rows of a table: each figure has its cell.
    Cells,
}

fn placed(records: Vec<Record>, places: Places) -> Data {
    let mut data = Data::new();
    for (Record(mut record), number) in records.into_iter().zip(1_u32..) {
        match places {
            Places::Nowhere => {}
            Places::Lines => record.place = format!("a \"b\", c\\.ndjson:{number}"),
            Places::Cells => {
                record.place = format!("bảng.csv:{number}");
                for ((_, measurement), column) in record.measurements.iter_mut().zip(25_u32..) {
                    measurement.column = Some(column);
                }
            }
        }
        assert!(data.push(record, None));
    }
    data
}

fn places() -> impl Strategy<Value = Places> {
    prop::sample::select(vec![Places::Nowhere, Places::Lines, Places::Cells])
}

/// Thresholds as plain rules have them, near which the figures lie.
const BOUNDS: [&str; 14] = [
    "0",
    "1",
    "2",
    "40",
    "39,999999",
    "40,0000004",
    "99,9",
    "100",
    "-5",
    "-0,5",
    "1/3",
    "12,34",
    "123456789012,5",
    "1000000",
];
const FIGURES: [&str; 36] = [
    "0",
    "0.0",
    "-0.4",
    "-0.5",
    "-5",
    "-5.00",
    "0.004",
    "0.005",
    "0.5",
    "1",
    "1.0",
    "2",
    "2.5",
    "3",
    "39",
    "39.95",
    "39.99",
    "39.9999996",
    "39.999999",
    "40",
    "40.00",
    "40.0000004",
    "40.04",
    "41",
    "99.9",
    "99.89",
    "99.95",
    "100",
    "100.0",
    "0.333333",
    "0.33333333333",
    "12.34",
    "1234567.8901",
    "999999999999999999",
    "-999999999999999999",
    "1000001",
];

/// What is measured in which unit.
const MEASURED: [(&str, &str); 9] = [
    ("tỷ lệ a", "%"),
    ("tỷ suất b", "‰"),
    ("\"số c, \\d\"", ""),
    ("số đ", " hồ sơ"),
    ("doanh thu e", " tỷ đồng"),
    ("kết quả g", " điểm"),
    ("mức h", " lần"),
    ("thời gian i", " ngày"),
    ("lượng m", ""),
];

/// A target of plain figures.
fn plain() -> impl Strategy<Value = String> {
    let sign = || one_of(&[">=", ">", "<=", "<", "=", "!="]);
    let bound = || one_of(&BOUNDS);
    let named = prop::sample::select(MEASURED.to_vec());
    let milestones = prop::collection::vec((sign(), bound()), 3);
    let dates = prop::sample::subsequence(vec!["2022", "30/06/2023", "2024"], 1..4);
    let known = prop::option::of(one_of(&["\n  mốc 2021: 12%", "\n  mốc 2023: 99%"]));
    let quotient = (one_of(&["số x / số y", "lượng m / lượng n"]), sign(), bound());
    prop_oneof![
        6 => (named, sign(), bound()).prop_map(|((n, u), s, b)| format!("{n} {s} {b}{u}")),
        3 => (quotient, one_of(&["%", " lần", "‰"]))
            .prop_map(|((q, s, b), u)| format!("{q} {s} {b}{u}")),
        2 => (one_of(&BOUNDS[..3]), one_of(&["40", "99,9", "1000000"]))
            .prop_map(|(a, b)| format!("tỷ lệ w trong khoảng {a}% đến {b}%")),
        1 => one_of(&["có", "không"]).prop_map(|it| format!("ban hành k = {it}")),
        1 => one_of(&["1", "2", "40"]).prop_map(|it| format!("thứ hạng r trong tốp {it}/63")),
        2 => (milestones, dates, known).prop_map(|(stages, dates, known)| {
            let line = |(date, (s, b))| format!("\n  đến {date}: {s} {b}%");
            let lines: String = dates.into_iter().zip(stages).map(line).collect();
            format!("tỷ lệ t{}{lines}", known.unwrap_or_default())
        }),
    ]
}

pub(super) fn plain_rules() -> impl Strategy<Value = String> {
    let key = prop::option::weighted(
        0.4,
        one_of(&[
            "hạn: 31/12/2024",
            "hạn: 30/06/2023",
            "hiệu lực: từ 01/01/2022",
            "áp dụng cho: mọi xã",
            "căn cứ: Quyết định \"1\", khoản 2",
        ]),
    );
    let line = (plain(), key).prop_map(|(line, key)| {
        let key = key.filter(|key| !(line.contains("đến ") && key.contains("hạn")));
        key.map_or(line.clone(), |key| format!("{line}\n  {key}"))
    });
    let head = one_of(&["", "ngôn ngữ: en\n"]);
    (head, prop::collection::vec(line, 1..6)).prop_map(|(head, lines)| {
        let line = |(at, line): (usize, &String)| format!("[T{at}] {line}\n");
        let lines: String = lines.iter().enumerate().map(line).collect();
        // A fraction takes no unit.
        let units = ["%", "‰", " hồ sơ", " tỷ đồng", " điểm", " lần", " ngày"];
        let lines = units.into_iter().fold(lines, |lines, unit| {
            lines.replace(&format!("1/3{unit}"), &format!("12,34{unit}"))
        });
        // Each language has its own mark before the digits behind a whole number.
        let lines = match head {
            "" => lines,
            _ => ["999999", "0000004", "9", "5", "34"].into_iter().fold(lines, |lines, digits| {
                lines.replace(&format!(",{digits}"), &format!(".{digits}"))
            }),
        };
        format!("chương trình: X, \"Y\"\n{head}\n{lines}")
    })
}

pub(super) fn plain_record() -> impl Strategy<Value = Record> {
    let names = [
        "tỷ lệ a",
        "tỷ suất b",
        "số c, \\d",
        "số đ",
        "doanh thu e",
        "kết quả g",
        "mức h",
        "thời gian i",
        "số x",
        "số y",
        "lượng m",
        "lượng n",
        "tỷ lệ w",
        "ban hành k",
        "thứ hạng r",
        "tỷ lệ t",
    ];
    let number =
        || one_of(&FIGURES).prop_map(|text| Measurement::number(Decimal::parse(text).unwrap()));
    let fitting = names.map(|name| {
        let figure = match name {
            "ban hành k" => any::<bool>().prop_map(Measurement::truth).boxed(),
            "thứ hạng r" => one_of(&["1", "2", "40", "41"]).prop_map(Measurement::text).boxed(),
            "số x" | "số y" => prop_oneof![
                3 => (0_i128..60).prop_map(|it| Decimal::from_parts(it, 0).unwrap()),
                1 => (-5_i128..3).prop_map(|it| Decimal::from_parts(it, 0).unwrap()),
                1 => (0_i128..2_000_000).prop_map(|it| Decimal::from_parts(it, 0).unwrap()),
            ]
            .prop_map(Measurement::number)
            .boxed(),
            _ => prop_oneof![
                12 => number(),
                1 => one_of(&["40%", "39,95 %", "ước 40%", "hơn 40", "12/14", "37 hồ sơ", "có"])
                    .prop_map(Measurement::text),
            ]
            .boxed(),
        };
        prop::option::weighted(0.9, (Just(name), figure))
    });
    let day = one_of(&["2022", "30/06/2023", "01/07/2023", "năm 2024"]);
    let level = prop::option::weighted(0.8, one_of(&["xã", "tỉnh"]));
    (one_of(&["e0", "xã \"e1\", f"]), day, level, fitting.to_vec()).prop_map(
        |(entity, day, level, measured)| {
            let mut record = Snapshot::new(entity).on(day).unwrap();
            record.attributes.extend(level.map(|value| ("cấp".to_owned(), value.to_owned())));
            let measured = measured.into_iter().flatten();
            record.measurements = measured.map(|(name, it)| (name.to_owned(), it)).collect();
            Record(record)
        },
    )
}

/// Records that are not joined: each has a day or an entity of its own.
fn apart(records: Vec<Record>) -> Vec<Record> {
    let named = |(Record(mut record), number): (Record, usize)| {
        record.entity = format!("{} {number}", record.entity);
        Record(record)
    };
    records.into_iter().zip(0..).map(named).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn lines_of_all_rules_are_the_reference_s(
        text in rules(),
        records in records(0),
        places in places(),
    ) {
        check(&text, &placed(records, places))?;
    }

    #[test]
    fn lines_of_plain_rules_are_the_reference_s(
        text in plain_rules(),
        records in prop::collection::vec(plain_record(), 1..24),
        places in places(),
        is_apart in prop::bool::weighted(0.8),
    ) {
        let records = if is_apart { apart(records) } else { records };
        check(&text, &placed(records, places))?;
    }
}
