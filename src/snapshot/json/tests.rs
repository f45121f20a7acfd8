use super::*;
use crate::number::Decimal;
use crate::snapshot::{Measurement, Raw};

fn number(text: &str) -> Raw {
    Raw::Number(Decimal::parse(text).unwrap())
}

/// The one measurement of a record that is otherwise sound.
fn measured(value: &str) -> Measurement {
    let text = format!(r#"{{"entity":"a","measurements":{{"x":{value}}}}}"#);
    let mut snapshot = Snapshot::from_json(&text).unwrap();
    assert_eq!(snapshot.measurements.len(), 1);
    snapshot.measurements.remove(0).1
}

#[test]
fn values_keep_their_text() {
    let nine = "9".repeat(29);
    let cases = [
        ("52.30", number("52.30")),
        ("-1e2", number("-100")),
        ("0.1", number("0.1")),
        ("9999999999999999999999999999", number("9999999999999999999999999999")),
        (&nine, Raw::Unreadable(nine.clone())),
        ("1e999999999", Raw::Unreadable("1e999999999".to_owned())),
        ("null", Raw::Missing),
        ("true", Raw::Truth(true)),
        (r#""hơn 80%""#, Raw::Text("hơn 80%".to_owned())),
        (r#""\u0111ạt""#, Raw::Text("đạt".to_owned())),
        ("[1, 2]", Raw::Unreadable("[1, 2]".to_owned())),
        (r#"{"value":{"a":1}}"#, Raw::Unreadable(r#"{"a":1}"#.to_owned())),
        ("{}", Raw::Missing),
    ];
    for (text, expected) in cases {
        assert_eq!(measured(text).value, expected, "{text}");
    }
}

#[test]
fn fields_of_a_measurement() {
    let text = r#"{"numerator":225020,"denominator":615198,"reported":"36,6%","unit":"%",
                   "source":"báo cáo 6 tháng","numerator":225020}"#;
    let fraction = Measurement {
        numerator: number("225020"),
        denominator: number("615198"),
        ..Measurement::default()
    };
    let expected = fraction.reported("36,6%").unit("%").source("báo cáo 6 tháng");
    assert_eq!(measured(text), expected);
}

#[test]
fn fields_of_a_record() {
    let text = "\u{feff}{\"entity\": 74, \"name\":\"tỉnh\", \"parent\":null, \"as_of\":2023,\r\n
        \"attributes\":{\"cấp\":\"tỉnh\",\"loại\":1,\"biển\":true,\"bỏ\":null,\"cấp\":\"Tỉnh\"},
        \"source\":\"\",\"measurements\":{\"b\":1,\"a\":\"2\",\"b\":3}}";
    let read = Snapshot::from_json(text).unwrap();
    assert_eq!(read.entity, "74");
    assert_eq!(read.as_of().unwrap().to_string(), "2023-12-31");
    let pairs: Vec<_> = read.attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(pairs, [("cấp", "tỉnh"), ("loại", "1"), ("biển", "true")]);
    let names: Vec<&str> = read.measurements.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["b", "a", "b"]);
    assert!(Snapshot::from_json(r#"{"entity":"a","as_of":" "}"#).unwrap().period.is_none());
}

#[test]
fn faults_have_a_place() {
    let cases = [
        ("", 1, 1, true, "broken JSON: the text ends too early"),
        ("[]", 1, 1, false, "a record must be an object `{…}`, this is a list"),
        ("{}", 1, 1, false, "the record has no `entity`"),
        (r#"{"entity":" "}"#, 1, 11, false, "the record has no `entity`"),
        (
            r#"{"entity":1.5}"#,
            1,
            11,
            false,
            "`entity` must be a text or whole number, not a number",
        ),
        (
            r#"{"entity":"a","as_off":1}"#,
            1,
            24,
            false,
            "there is no field `as_off`; did you mean `as_of`?",
        ),
        (
            "{\"entity\":\"ộ\u{301}o\u{323}\u{302}\",\n \
             \"name\":\"Bà Rịa\",\"measurements\":{\"x\":{\"valu\":1}}}",
            2,
            46,
            false,
            "there is no field `valu`; did you mean `value`?",
        ),
        (
            r#"{"entity":"a","name":"b","name":"c"}"#,
            1,
            33,
            false,
            "field `name` is given twice with different values",
        ),
        (
            r#"{"entity":"a","attributes":{"cấp":"xã","CẤP":"tỉnh"}}"#,
            1,
            46,
            false,
            "field `CẤP` is given twice with different values",
        ),
        (
            r#"{"entity":"a","measurements":[]}"#,
            1,
            30,
            false,
            "`measurements` must be an object `{…}`, not a list",
        ),
        (
            "{\"entity\":\"a\",\n\"name\" \"b\"}",
            2,
            8,
            true,
            "broken JSON: a `:` is missing behind the field",
        ),
        (r#"{"entity":"a"} x"#, 1, 16, true, "broken JSON: there is more behind the record"),
        (r#"{"entity":"\ud800"}"#, 1, 18, true, "broken JSON: half a `\\u` pair"),
        (
            r#"{"entity":"a","measurements":{"x":NaN}}"#,
            1,
            35,
            true,
            "broken JSON: a value must stand here",
        ),
    ];
    for (text, line, column, is_syntax, words) in cases {
        let error = Snapshot::from_json(text).unwrap_err();
        let got = (error.line, error.column, error.is_syntax, error.message.en.as_str());
        assert_eq!(got, (line, column, is_syntax, words), "{text}");
    }
}

#[test]
fn a_wrong_day_is_named() {
    let wrong_day = Snapshot::from_json(r#"{"entity":"a","as_of":"31/02/2023"}"#).unwrap_err();
    assert_eq!(wrong_day.message.vi, "không đọc được ngày `31/02/2023` của `as_of`");
}

#[test]
fn hostile_records_end() {
    let deep = "[".repeat(100_000);
    assert!(Snapshot::from_json(&deep).unwrap_err().is_syntax);
    let closed = format!("{deep}{}", "]".repeat(100_000));
    let Raw::Unreadable(text) = measured(&closed).value else { panic!("a list is no quantity") };
    assert_eq!(text.chars().count(), 201);
    let objects = r#"{"value":"#.repeat(50_000);
    assert!(Snapshot::from_json(&objects).is_err());
    let many = (0..2_000).map(|i| format!("\"k{i}\":1")).collect::<Vec<_>>().join(",");
    let text = format!(r#"{{"entity":"a","attributes":{{{many}}}}}"#);
    assert!(Snapshot::from_json(&text).is_err());
    let escape = Snapshot::from_json("{\"entity\":\"a\",\"\\u001b[31m\":1}").unwrap_err();
    assert!(!escape.message.vi.contains('\u{1b}'));
}

#[test]
fn serde_takes_whole_numbers_and_texts() {
    let read = |text: &str| serde_json::from_str::<Snapshot>(text);
    let text = r#"{"entity":"a","as_of":"2023-06-30","measurements":
        {"x":5,"x":{"numerator":1,"denominator":"3"},"y":[1.5],"z":{"value":{"q":{"r":1.5}}}}}"#;
    let (loose, exact) = (read(text).unwrap(), Snapshot::from_json(text).unwrap());
    assert_eq!(loose.measurements.len(), 4);
    assert_eq!(loose.measurements.first(), exact.measurements.first());
    assert_eq!(loose.measurements.get(1), exact.measurements.get(1));
    for float in ["52.3", "1e2", r#"{"value":0.5}"#, "123456789012345678901234567890"] {
        let text = format!(r#"{{"entity":"a","measurements":{{"x":{float}}}}}"#);
        assert!(read(&text).unwrap_err().to_string().contains("from_json"), "{float}");
    }
    assert!(read(&"[".repeat(100_000)).is_err());
}
