//! What is found in figures, and what is left alone.

use super::*;
use crate::calendar::Period;
use crate::{Measurement, Rules, Snapshot};

/// What is found, in short: `kind subject`.
fn found(rules: &str, records: Vec<Snapshot>) -> Vec<Finding> {
    let rules = Rules::parse(rules).unwrap();
    let mut data = Data::new();
    for record in records {
        data.push(record, None);
    }
    audit(rules.model(), &data)
}

fn record(measurements: &[(&str, Measurement)]) -> Snapshot {
    let mut record = Snapshot::new("a").attribute("cấp", "tỉnh");
    record.period = Period::year(2023);
    record.measurements =
        measurements.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
    record
}

fn share(above: i64, below: i64, printed: &str) -> Measurement {
    Measurement::fraction(above, below).reported(printed)
}

const RULES: &str = "chương trình: P\n\ntỷ lệ a >= 40%\ntỷ lệ giải ngân >= 110%\n";

fn check_one(measurement: &Measurement, expected: &str) {
    let all = found(RULES, vec![record(&[("tỷ lệ a", measurement.clone())])]);
    let said: Vec<&str> = all.iter().map(|it| it.message.vi.as_str()).collect();
    assert_eq!(said.join(" | "), expected, "{measurement:?}");
}

/// Numerator, denominator and printed percentage of the source texts.
const PRINTED: [(i64, i64, &str); 14] = [
    (609_096, 741_396, "82,16%"),
    (1_919_976, 1_972_053, "97,36%"),
    (607_725, 1_005_735, "60,43%"),
    (172_986, 1_005_735, "17,2%"),
    (1290, 1290, "100%"),
    (731, 1950, "37%"),
    (118, 118, "100%"),
    (284_286, 999_545, "28%"),
    (225_020, 615_198, "36,6%"),
    (1_116_501, 1_225_365, "91%"),
    (570_478, 1_225_365, "47%"),
    (478_228, 615_198, "77,7%"),
    (209, 209, "100%"),
    (1891, 1891, "100%"),
];

#[test]
fn the_printed_percentages_of_the_sources_are_their_fractions_rounded_half_up() {
    for (above, below, printed) in PRINTED {
        check_one(&share(above, below, printed), "");
    }
}

#[test]
fn a_wrong_percentage_is_explained() {
    let said = |printed: &str, digits: &str, why: &str| {
        let expected = format!("ghi `{printed}` nhưng 225.020/615.198 ≈ 36,5768 %{digits}{why}");
        check_one(&share(225_020, 615_198, printed), &expected);
    };
    said("36,57%", ", làm tròn là 36,58 %", "; có lẽ bị cắt bớt chữ số");
    said("36,5%", ", làm tròn là 36,6 %", "; có lẽ bị cắt bớt chữ số");
    said("3,66%", ", làm tròn là 36,58 %", "; có lẽ nhỏ đi 10 lần");
    said("0,366%", ", làm tròn là 36,577 %", "; có lẽ là tỷ số chưa nhân 100");
    said(
        "365,8%",
        ", làm tròn là 36,6 %",
        "; có lẽ lớn gấp 10 lần; nằm ngoài 0–100 % trong khi phân số thì không",
    );
    said("36,6 điểm phần trăm", "", "; ghi điểm phần trăm thay cho phần trăm");
    said("hơn 37%", "", "");
    said("gần 36%", "", "");
    said("40%", ", làm tròn là 37 %", "");
}

#[test]
fn what_can_be_true_is_not_found() {
    for printed in ["36,6%", "37%", "36,577 %", "hơn 36%", "gần 37%", "khoảng 30%", "từ 30 đến 40%"]
    {
        check_one(&share(225_020, 615_198, printed), "");
    }
    check_one(&share(1, 200, "0,5%"), "");
    check_one(&share(1, 200, "1%"), "");
    check_one(&share(105, 100, "105%"), "");
    check_one(&Measurement::text("7/14"), "");
    check_one(&Measurement::text("abc"), "");
    check_one(&share(0, 0, "0%"), "");
    let spent = ("tỷ lệ giải ngân", Measurement::fraction(112, 100));
    assert_eq!(found(RULES, vec![record(&[spent])]), []);
}

#[test]
fn parts_above_their_whole_and_other_bases() {
    check_one(&Measurement::fraction(15, 14), "tử số 15 lớn hơn mẫu số 14");
    let one = |name: &str, it: Measurement| {
        let all = found(RULES, vec![record(&[(name, it)])]);
        all.iter().map(|it| it.kind.code()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(one("số dịch vụ", Measurement::text("15/14 dịch vụ")), "above_whole");
    assert_eq!(one("số dịch vụ", Measurement::text("12/14 dịch vụ").reported("85,7%")), "");
    assert_eq!(one("số dịch vụ", Measurement::text("12/14 dịch vụ").reported("85,8%")), "printed");
    assert_eq!(one("tỷ lệ lạ", share(1, 3, "33%")), "");
    assert_eq!(one("tỷ lệ lạ", share(1, 3, "34%")), "printed");
    let all = found(
        RULES,
        vec![record(&[
            ("tỷ lệ a", share(225_020, 615_198, "30,4%")),
            ("dân số", Measurement::number(741_396_i64)),
        ])],
    );
    assert_eq!(all.len(), 1);
    assert!(all[0].message.vi.ends_with("; khớp nếu mẫu số là 741.396 (dân số)"), "{all:?}");
    assert_eq!(all[0].figures, ["225.020/615.198", "30,4%"]);
}

#[test]
fn one_figure_given_twice() {
    let rules = "chương trình: P\n\ntỷ lệ a >= 40%\n\n\
        chỉ số: tỷ lệ a\n  công thức: x / y\n  đơn vị tính: %\n";
    let number = |value: i64| Measurement::number(value);
    let cases = [
        (vec![("tỷ lệ a", Measurement::text("50%")), ("x", number(1)), ("y", number(2))], ""),
        (vec![("tỷ lệ a", Measurement::text("33,3%")), ("x", number(1)), ("y", number(3))], ""),
        (
            vec![("tỷ lệ a", Measurement::text("34%")), ("x", number(1)), ("y", number(3))],
            "số liệu không khớp với công thức của nó: 34%; x: 1; y: 3",
        ),
        (
            vec![("tỷ lệ a", Measurement::text("34%")), ("tỉ lệ A", Measurement::text("35%"))],
            "một chỉ số có các số liệu không khớp nhau: 34%; 35%",
        ),
        (vec![("z", number(34)), ("Z", number(34))], ""),
        (
            vec![("z", number(34)), ("Z", number(35))],
            "một chỉ số có các số liệu không khớp nhau: 34; 35",
        ),
    ];
    for (given, expected) in cases {
        let all = found(rules, vec![record(&given)]);
        let said: Vec<&str> = all.iter().map(|it| it.message.vi.as_str()).collect();
        assert_eq!(said.join(" | "), expected, "{given:?}");
    }
}

#[test]
fn a_quotient_in_a_relation_is_a_share_or_so_many_times() {
    let rules = |check: &str| format!("chương trình: P\n\ntỷ lệ a >= 40%\n\nkiểm tra: {check}\n");
    let text = |it: &str| Measurement::text(it);
    let given = [("tỷ lệ a", text("50%")), ("x", text("2")), ("y", text("4"))];
    for (check, expected) in [
        ("x / y = 50%", ""),
        ("50% = x / y", ""),
        ("x / y = tỷ lệ a", ""),
        ("y / x = 2 lần", ""),
        ("x / y = 500‰", ""),
        ("x / y >= 51%", "có 50 %, cần >= 51 %, lệch -1 điểm phần trăm"),
        ("y / x <= 1,5 lần", "có 2 lần, cần <= 1,5 lần, lệch 0,5 lần"),
    ] {
        let all = found(&rules(check), vec![record(&given)]);
        let said: Vec<&str> = all.iter().map(|it| it.message.vi.as_str()).collect();
        assert!(said.join("").ends_with(expected), "{check}: {said:?}");
        assert_eq!(said.is_empty(), expected.is_empty(), "{check}: {said:?}");
    }
    // A bare number of the rule is no share.
    for check in ["tỷ lệ a = 40", "tỷ lệ a = 20 * 2"] {
        assert!(Rules::parse(&rules(check)).is_err(), "{check}");
    }
}

#[test]
fn relations_with_other_days_speak_of_days_behind_them() {
    let rules = "chương trình: P\n\nx >= 1\n\nkiểm tra: x >= x [kỳ trước]\n\n\
                 kiểm tra: x >= x [năm 2022]\n\nkiểm tra: x >= x [cùng kỳ]\n";
    let say = |days: &[(&str, i64)]| {
        let record = |(day, figure): &(&str, i64)| {
            let record = Snapshot::new("a").on(day).unwrap();
            record.measure("x", Measurement::number(*figure))
        };
        let all = found(rules, days.iter().map(record).collect());
        let short = |it: &Finding| {
            let check = it.subject.trim_start_matches("x >= ");
            format!("{} {} {check}", it.as_of, it.kind.code())
        };
        all.iter().map(short).collect::<Vec<_>>()
    };
    assert_eq!(say(&[("30/06/2022", 5)]), [] as [&str; 0]);
    assert_eq!(
        say(&[("30/06/2023", 6), ("2022", 7), ("30/06/2022", 5)]),
        [
            "2023-06-30 relation x [kỳ trước]",
            "2023-06-30 relation x [năm 2022]",
            "2022-12-31 missing x [cùng kỳ]",
        ]
    );
    assert_eq!(say(&[("2022", 7), ("2023", 7)]), [] as [&str; 0]);
}

#[test]
fn relations_are_exact() {
    let rules = "chương trình: P\n\n\
        kiểm tra: tỷ lệ a + tỷ lệ b + tỷ lệ c = 100%\n  áp dụng cho: mọi tỉnh\n\
        \nkiểm tra: số con <= số mẹ\n\nkiểm tra: tỷ lệ d + tỷ lệ e = 100%\n  sai số: 0,1%\n";
    let say = |pairs: &[(&str, &str)]| {
        let given: Vec<(&str, Measurement)> =
            pairs.iter().map(|(name, text)| (*name, Measurement::text(*text))).collect();
        let all = found(rules, vec![record(&given)]);
        all.iter().map(|it| format!("{}: {}", it.kind.code(), it.message.vi)).collect::<Vec<_>>()
    };
    // The sums of the sources: 96 + 3,97 + 0,03; 9 + 5 = 14 stands as a part of its whole.
    assert_eq!(
        say(&[("tỷ lệ a", "96%"), ("tỷ lệ b", "3,97%"), ("tỷ lệ c", "0,03%")]),
        [] as [&str; 0]
    );
    assert_eq!(
        say(&[("tỷ lệ a", "96%"), ("tỷ lệ b", "3,97%"), ("tỷ lệ c", "0,02%")]),
        ["relation: không đúng `tỷ lệ a + tỷ lệ b + tỷ lệ c = 100%`: có 99,99 %, cần = 100 %, \
          lệch -0,01 điểm phần trăm"]
    );
    assert_eq!(
        say(&[("tỷ lệ a", "96%"), ("tỷ lệ b", "3,97%")]),
        ["missing: không kiểm tra được `tỷ lệ a + tỷ lệ b + tỷ lệ c = 100%`: thiếu tỷ lệ c"]
    );
    assert_eq!(
        say(&[("tỷ lệ a", "hơn 90%"), ("tỷ lệ b", "3,97%"), ("tỷ lệ c", "0,02%")]),
        ["undecided: chưa đủ căn cứ để kiểm tra `tỷ lệ a + tỷ lệ b + tỷ lệ c = 100%`: \
          có trên 93,99 %, cần = 100 %"]
    );
    assert_eq!(say(&[("số con", "3"), ("số mẹ", "3")]), [] as [&str; 0]);
    assert_eq!(
        say(&[("số con", "4"), ("số mẹ", "3")]),
        ["relation: không đúng `số con <= số mẹ`: có 4, cần <= 3, lệch 1"]
    );
    assert_eq!(say(&[("tỷ lệ d", "50%"), ("tỷ lệ e", "50,1%")]), [] as [&str; 0]);
    assert_eq!(
        say(&[("tỷ lệ d", "50%"), ("tỷ lệ e", "50,2%")]),
        ["relation: không đúng `tỷ lệ d + tỷ lệ e = 100%`: có 100,2 %, cần = 100 %, \
          lệch 0,2 điểm phần trăm (sai số cho phép 0,1 điểm phần trăm)"]
    );
}

/// Figures of one indicator by day, in this order; what is found, with the day of each.
fn days(name: &str, figures: &[(&str, &str)]) -> Vec<String> {
    let records = figures.iter().map(|(day, figure)| {
        let record = Snapshot::new("a").attribute("cấp", "tỉnh").on(day).unwrap();
        record.measure(name, Measurement::text(*figure))
    });
    let all = found(RULES, records.collect());
    let say = |it: &Finding| format!("{} {} {}", it.as_of, it.kind.code(), it.figures.join(" > "));
    all.iter().map(say).collect()
}

#[test]
fn a_cumulative_count_may_not_fall() {
    let check = |name: &str, figures: &[(&str, &str)], expected: &[&str]| {
        assert_eq!(days(name, figures), expected, "{name} {figures:?}");
        let mut turned = figures.to_vec();
        turned.reverse();
        assert_eq!(days(name, &turned), expected, "{name} {turned:?}");
    };
    let fall = [("2022", "5"), ("30/06/2023", "7"), ("2023", "6")];
    check("số hồ sơ lũy kế", &fall, &["2023-12-31 fallen 7 > 6"]);
    check("Số hồ sơ cộng dồn", &fall, &["2023-12-31 fallen 7 > 6"]);
    check("số hồ sơ", &fall, &[]);
    check("tỷ lệ hồ sơ lũy kế", &fall, &[]);
    // From the start of each year: only within it.
    let restart = [("30/06/2022", "5"), ("2022", "9"), ("30/06/2023", "4"), ("2023", "3")];
    check("số hồ sơ lũy kế từ đầu năm", &restart, &["2023-12-31 fallen 4 > 3"]);
    check("số hồ sơ lũy kế trong tháng", &restart, &[]);
    // What bounds and roundings leave open is no fall.
    let open = [("30/06/2022", "1.000"), ("2022", "khoảng 900"), ("30/06/2023", "hơn 800")];
    check("số hồ sơ lũy kế", &open, &[]);
    let rounded = [("2022", "63 ngàn"), ("2023", "62.900")];
    check("số hồ sơ lũy kế", &rounded, &[]);
    let beyond = [("2022", "63 ngàn"), ("2023", "62.400")];
    check("số hồ sơ lũy kế", &beyond, &["2023-12-31 fallen 63 ngàn > 62.400"]);
    check("số hồ sơ lũy kế", &[("2022", "ước 90"), ("2023", "80")], &[]);
    // Behind a bound the count is what it was at least.
    let bound = [("2021", "1.000"), ("2022", "hơn 800"), ("2023", "990")];
    check("số hồ sơ lũy kế", &bound, &["2023-12-31 fallen 1.000 > 990"]);
    let below = [("2021", "1.000"), ("2022", "dưới 1.000"), ("2023", "990")];
    check("số hồ sơ lũy kế", &below, &["2022-12-31 fallen 1.000 > dưới 1.000"]);
    // One slip upwards is found once.
    let slip = [("2020", "10"), ("2021", "110"), ("2022", "12"), ("2023", "13")];
    check("số hồ sơ lũy kế", &slip, &["2022-12-31 fallen 110 > 12"]);
}

#[test]
fn an_unchanged_figure_is_asked_about() {
    let year = |figures: &[&'static str]| -> Vec<(&'static str, &'static str)> {
        ["2020", "2021", "2022", "2023"].into_iter().zip(figures.iter().copied()).collect()
    };
    let check = |name: &str, figures: &[&'static str], expected: &[&str]| {
        assert_eq!(days(name, &year(figures)), expected, "{figures:?}");
    };
    check("tỷ lệ a", &["52,3%", "52,3%"], &["2021-12-31 copied 52,3% > 52,3%"]);
    check("tỷ lệ a", &["52,3%", "52,30%", "52,3%"], &[]);
    check("tỷ lệ a", &["52,3%", "ước 52,3%"], &[]);
    check("tỷ lệ a", &["52%", "52%", "52%", "53%"], &["2022-12-31 copied 52% > 52%"]);
    check(
        "số hồ sơ",
        &["1.200", "1.200", "1.300", "1.300"],
        &["2021-12-31 copied 1.200 > 1.200", "2023-12-31 copied 1.300 > 1.300"],
    );
    check(
        "số dịch vụ",
        &["12/14 dịch vụ", "12/14 dịch vụ"],
        &["2021-12-31 copied 12/14 dịch vụ > 12/14 dịch vụ"],
    );
    for figure in ["0", "5", "200", "63/63 tỉnh", "có", "hơn 1.234", "khoảng 1.234", "abc"] {
        check("số hồ sơ", &[figure, figure], &[]);
    }
    check("tỷ lệ a", &["100%", "100%"], &[]);
    let all = found(
        RULES,
        vec![
            Snapshot::new("a").on("2022").unwrap().measure("tỷ lệ a", Measurement::text("52,3%")),
            Snapshot::new("b").on("2023").unwrap().measure("tỷ lệ a", Measurement::text("52,3%")),
        ],
    );
    assert_eq!(all, []);
}

#[test]
fn messages_of_days_name_both() {
    let said = |name: &str, figures: [&str; 2]| {
        let records = [("30/06/2023", figures[0]), ("2023", figures[1])].map(|(day, figure)| {
            let mut record = Snapshot::new("a").on(day).unwrap();
            record.place = format!("{figure}.json");
            record.measure(name, Measurement::text(figure))
        });
        let all = found(RULES, records.to_vec());
        let [one] = all.as_slice() else { panic!("{all:?}") };
        (one.message.vi.clone(), one.message.en.clone(), one.sources.join(" "))
    };
    let (vi, en, sources) = said("lũy kế", ["7", "6"]);
    assert_eq!(vi, "số lũy kế giảm từ `7` (ngày 30/06/2023) xuống `6`");
    assert_eq!(en, "a cumulative count falls from `7` (on 2023-06-30) to `6`");
    assert_eq!(sources, "7.json 6.json");
    let (vi, en, sources) = said("x", ["1.234", "1.234"]);
    assert_eq!(vi, "`1.234` giữ nguyên từ ngày 30/06/2023; có phải chép lại?");
    assert_eq!(en, "`1.234` is unchanged since 2023-06-30; was it copied?");
    assert_eq!(sources, "1.234.json");
}

/// Every snapshot of one entity holds something to find; the time grows with their number.
#[test]
fn many_snapshots_of_one_entity_are_audited_once_each() {
    const MANY: i32 = 4_000;
    let records = (0..MANY).map(|number| {
        let mut record = Snapshot::new("a");
        let day = crate::calendar::Date::from_days((number * 7919) % MANY).unwrap();
        record.period = Some(Period::day(day));
        let falls = Measurement::number(i64::from(MANY - day.days() % MANY));
        record.measure("lũy kế", falls).measure("x", Measurement::number(1234_i64))
    });
    let all = found(RULES, records.collect());
    let count = |kind| all.iter().filter(|it| it.kind == kind).count();
    assert_eq!((count(Kind::Fallen), count(Kind::Copied)), (MANY as usize - 1, 1));
    // So many figures of one day are one snapshot.
    let same = (0..MANY).map(|number| {
        let text = format!("{number}/1 hồ sơ");
        let record = Snapshot::new("a").on("2023").unwrap();
        record.measure("x", Measurement::text(text))
    });
    let all = found(RULES, same.collect());
    assert_eq!(all.len(), MANY as usize - 2);
}
