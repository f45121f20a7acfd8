//! Every form of a time, and what is wrong with the others.

use proptest::prelude::*;

use super::*;

fn check(text: &str, expected: &str) {
    let got = match parse(text) {
        Ok(period) => period.to_string(),
        Err(error) => format!("{error:?}"),
    };
    assert_eq!(got, expected, "{text}");
}

#[test]
fn vietnamese_times() {
    let cases = [
        ("30/06/2023", "2023-06-30"),
        ("3/10/2023", "2023-10-03"),
        ("30-06-2023", "2023-06-30"),
        ("2023-06-30", "2023-06-30"),
        ("ngày 30/06/2023", "2023-06-30"),
        ("ngày 30 tháng 6 năm 2023", "2023-06-30"),
        ("29/02/2024", "2024-02-29"),
        ("2023", "2023-01-01/2023-12-31"),
        ("năm 2023", "2023-01-01/2023-12-31"),
        ("quí 2/2023", "2023-04-01/2023-06-30"),
        ("quí iv/2025", "2025-10-01/2025-12-31"),
        ("quí 2 năm 2023", "2023-04-01/2023-06-30"),
        ("quí iii năm 2023", "2023-07-01/2023-09-30"),
        ("tháng 6/2023", "2023-06-01/2023-06-30"),
        ("tháng 02/2024", "2024-02-01/2024-02-29"),
        ("tháng 6 năm 2023", "2023-06-01/2023-06-30"),
        ("6 tháng đầu năm 2023", "2023-01-01/2023-06-30"),
        ("06 tháng đầu năm 2023", "2023-01-01/2023-06-30"),
        ("12 tháng đầu năm 2023", "2023-01-01/2023-12-31"),
        ("6 tháng cuối năm 2023", "2023-07-01/2023-12-31"),
        ("1 tháng cuối năm 2023", "2023-12-01/2023-12-31"),
        ("hết năm 2023", "2023-12-31"),
        ("cuối năm 2023", "2023-12-31"),
        ("hết quí 2/2023", "2023-06-30"),
        ("hết quí ii năm 2023", "2023-06-30"),
        ("hết tháng 2/2024", "2024-02-29"),
        ("hết ngày 30/06/2023", "2023-06-30"),
        ("hết giai đoạn 2021-2025", "2025-12-31"),
        ("giai đoạn 2021-2025", "2021-01-01/2025-12-31"),
        ("giai đoạn 2021 - 2025", "2021-01-01/2025-12-31"),
        ("giai đoạn 2021 đến 2025", "2021-01-01/2025-12-31"),
        ("giai đoạn từ năm 2021 đến năm 2025", "2021-01-01/2025-12-31"),
        ("2021-2025", "2021-01-01/2025-12-31"),
        ("2021 - 2025", "2021-01-01/2025-12-31"),
        ("2021 đến 2025", "2021-01-01/2025-12-31"),
        ("01/07/2024 - 30/06/2025", "2024-07-01/2025-06-30"),
        ("2024-07-01 - 2025-06-30", "2024-07-01/2025-06-30"),
        ("từ 01/07/2024", "2024-07-01/.."),
        ("từ ngày 01/07/2024", "2024-07-01/.."),
        ("từ năm 2024", "2024-01-01/.."),
        ("từ đầu năm 2024", "2024-01-01/.."),
        ("từ cuối năm 2024", "2024-12-31/.."),
        ("từ 01/07/2024 đến 30/06/2025", "2024-07-01/2025-06-30"),
        ("từ ngày 01/07/2024 đến hết ngày 30/06/2025", "2024-07-01/2025-06-30"),
        ("từ tháng 7/2024 đến tháng 9/2024", "2024-07-01/2024-09-30"),
        ("từ 2024 đến 2024", "2024-01-01/2024-12-31"),
        ("đến 2025", "../2025-12-31"),
        ("đến năm 2025", "../2025-12-31"),
        ("đến hết năm 2025", "../2025-12-31"),
        ("đến ngày 30/06/2025", "../2025-06-30"),
        ("trước 01/07/2025", "../2025-06-30"),
        ("trước ngày 01/07/2025", "../2025-06-30"),
        ("trước năm 2025", "../2024-12-31"),
        ("sau 30/06/2025", "2025-07-01/.."),
        ("sau năm 2025", "2026-01-01/.."),
        (" 2023 ", "2023-01-01/2023-12-31"),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn english_times() {
    let cases = [
        ("year 2023", "2023-01-01/2023-12-31"),
        ("day 3/10/2023", "2023-10-03"),
        ("quarter 2/2023", "2023-04-01/2023-06-30"),
        ("quarter 2 of 2023", "2023-04-01/2023-06-30"),
        ("q2/2023", "2023-04-01/2023-06-30"),
        ("q2 2023", "2023-04-01/2023-06-30"),
        ("month 6/2023", "2023-06-01/2023-06-30"),
        ("end of 2023", "2023-12-31"),
        ("end of quarter 2/2023", "2023-06-30"),
        ("first 6 months of 2023", "2023-01-01/2023-06-30"),
        ("last 3 months of 2023", "2023-10-01/2023-12-31"),
        ("period 2021-2025", "2021-01-01/2025-12-31"),
        ("period 2021 to 2025", "2021-01-01/2025-12-31"),
        ("from 01/07/2024", "2024-07-01/.."),
        ("from start of 2024", "2024-01-01/.."),
        ("from 01/07/2024 to 30/06/2025", "2024-07-01/2025-06-30"),
        ("before 01/07/2025", "../2025-06-30"),
        ("by 2025", "../2025-12-31"),
        ("by end of 2025", "../2025-12-31"),
        ("until 30/06/2025", "../2025-06-30"),
        ("after 2025", "2026-01-01/.."),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

/// Holds an error to its kind, the part that it blames and what it offers for that part.
fn check_error(text: &str, kind: &str, part: &str, offer: Option<&str>) {
    let error = parse(text).unwrap_err();
    assert!(format!("{error:?}").starts_with(kind), "{text}: {error:?}");
    assert_eq!(error.part().unwrap_or_default(), part, "{text}");
    assert_eq!(error.offer(), offer, "{text}");
    if let Some(offer) = offer {
        assert!(parse(&text.replace(part, offer)).is_ok(), "{text}");
    }
}

#[test]
fn wrong_times_say_what_to_write() {
    let cases = [
        ("31/02/2023", "NoSuchDay", "31/02/2023", Some("28/02/2023")),
        ("hết ngày 31/04/2023", "NoSuchDay", "31/04/2023", Some("30/04/2023")),
        ("2023-02-30", "NoSuchDay", "2023-02-30", Some("28/02/2023")),
        ("ngày 31 tháng 2 năm 2024", "NoSuchDay", "31 tháng 2 năm 2024", Some("29/02/2024")),
        ("32/01/2023", "NoSuchDay", "32/01/2023", None),
        ("00/01/2023", "NoSuchDay", "00/01/2023", None),
        ("12/30/2023", "NoSuchMonth", "12/30/2023", Some("30/12/2023")),
        ("30/13/2023", "NoSuchMonth", "30/13/2023", None),
        ("01/00/2023", "NoSuchMonth", "01/00/2023", None),
        ("tháng 13/2023", "NoSuchMonth", "tháng 13/2023", None),
        ("tháng 0/2023", "NoSuchMonth", "tháng 0/2023", None),
        ("13 tháng đầu năm 2023", "NoSuchMonth", "13 tháng đầu năm 2023", None),
        ("0 tháng cuối năm 2023", "NoSuchMonth", "0 tháng cuối năm 2023", None),
        ("quí 5/2023", "NoSuchQuarter", "quí 5/2023", None),
        ("quí 0/2023", "NoSuchQuarter", "quí 0/2023", None),
        ("quí 9999/2023", "NoSuchQuarter", "quí 9999/2023", None),
        ("0000", "NoSuchYear", "0000", None),
        ("01/01/0000", "NoSuchYear", "0000", None),
        ("30/6/23", "ShortYear", "30/6/23", Some("30/6/2023")),
        ("đến 30/6/23", "ShortYear", "30/6/23", Some("30/6/2023")),
        ("năm 23", "ShortYear", "23", Some("2023")),
        ("quí 2/23", "ShortYear", "23", Some("2023")),
        ("30/6/99", "ShortYear", "30/6/99", None),
        ("6/2023", "NotATime", "6/2023", Some("tháng 6/2023")),
        ("30.06.2023", "NotATime", "30.06.2023", Some("30/06/2023")),
        ("2023/06/30", "NotATime", "2023/06/30", Some("30/06/2023")),
        ("13/2023", "NotATime", "13/2023", None),
        ("2023-06", "NotATime", "2023-06", Some("tháng 06/2023")),
        ("2010-12", "NotATime", "2010-12", None),
        ("2021-25", "ShortYear", "25", Some("2025")),
        ("năm 20233", "NotATime", "20233", None),
        ("năm nay", "NotATime", "nay", None),
        ("giai đoạn 2021", "NotATime", "giai đoạn 2021", None),
        ("quí v/2023", "NotATime", "quí v/2023", None),
        ("quí 2", "NotATime", "2", None),
        ("tháng sáu/2023", "NotATime", "tháng sáu/2023", None),
        ("q", "NotATime", "q", None),
        ("từ", "NotATime", "từ", None),
        ("1/2/3/2023", "NotATime", "1/2/3/2023", None),
        ("٣٠/٠٦/٢٠٢٣", "NotATime", "٣٠/٠٦/٢٠٢٣", None),
        ("2025-2021", "EndBeforeStart", "", None),
        ("từ 01/07/2024 đến 30/06/2024", "EndBeforeStart", "", None),
        ("trước 01/01/0001", "EndBeforeStart", "", None),
        ("sau 9999", "EndBeforeStart", "", None),
        ("", "Empty", "", None),
    ];
    for (text, kind, part, offer) in cases {
        check_error(text, kind, part, offer);
    }
}

#[test]
fn the_start_of_a_year_has_two_readings() {
    let error = parse("đầu năm 2023").unwrap_err();
    let expected = TimeError::StartOfPeriod {
        text: "đầu năm 2023".to_owned(),
        before: "31/12/2022".to_owned(),
        first: "01/01/2023".to_owned(),
    };
    assert_eq!(error, expected);
}

#[test]
fn hostile_text_is_answered_at_once() {
    for text in ["từ ".repeat(100_000), "1-".repeat(100_000), "9".repeat(1_000_000)] {
        assert!(matches!(parse(&text), Err(TimeError::NotATime { .. })));
    }
    assert!(parse(&"hết ".repeat(40)).is_err());
}

proptest! {
    #[test]
    fn what_is_shown_reads_back(days in -719_162_i32..=2_932_896, more in 0_i32..5000) {
        let first = Date::from_days(days).unwrap();
        let last = first.add_days(more).unwrap_or(first);
        for period in [
            Period::day(first),
            Period { first: Some(first), last: Some(last) },
            Period { first: Some(first), last: None },
            Period { first: None, last: Some(last) },
        ] {
            prop_assert_eq!(parse(&period.to_vi()), Ok(period));
        }
        prop_assert_eq!(parse(&first.to_string()), Ok(Period::day(first)));
    }

    #[test]
    fn any_words_are_answered(
        words in proptest::collection::vec(
            prop_oneof![
                Just("từ"), Just("đến"), Just("hết"), Just("đầu"), Just("năm"), Just("tháng"),
                Just("quí"), Just("-"), Just("/"), Just("2023"), Just("6"), Just("31/02/2023"),
                Just("giai đoạn"), Just("of"), Just("first"), Just("months"), Just("ngày"),
            ],
            0..7,
        ),
    ) {
        if let Ok(period) = parse(&words.join(" ")) {
            let ends = period.first.zip(period.last);
            prop_assert!(ends.is_none_or(|(first, last)| first <= last));
        }
    }
}
