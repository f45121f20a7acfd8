//! Records, their fields and their faults, each case as a text with what comes of it.

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

/// The text is refused with these words at this place; syntax is told apart by its words.
fn refused(text: &str, expected: &str) {
    let error = Snapshot::from_json(text).unwrap_err();
    let got = format!("{}:{} {}", error.line, error.column, error.message.en);
    assert_eq!(got, expected, "{text}");
    assert_eq!(error.is_syntax, error.message.en.starts_with("broken JSON: "), "{text}");
    assert_eq!(error.is_syntax, error.message.vi.starts_with("JSON sai: "), "{text}");
}

#[test]
fn faults_have_a_place() {
    refused("[]", "1:1 a record must be an object `{…}`, this is a list");
    refused("{}", "1:1 the record has no `entity`");
    refused(r#"{"entity":" "}"#, "1:11 the record has no `entity`");
    let wrong = "1:11 `entity` must be a text or whole number, not a number";
    refused(r#"{"entity":1.5}"#, wrong);
    let unknown = "1:15 there is no field `as_off`; did you mean `as_of`?";
    refused(r#"{"entity":"a","as_off":1}"#, unknown);
    refused(r#"{"entity":"a","\u0061s_off":1}"#, &unknown.replace("15", "29"));
    let seen = "{\"entity\":\"a\",\n \"name\":\"Ba\u{300} Ri\u{323}a\",\"mesurements\":{}}";
    refused(seen, "2:18 there is no field `mesurements`; did you mean `measurements`?");
    let inner = r#"{"entity":"a","measurements":{"x":{"valu":1}}}"#;
    refused(inner, "1:36 there is no field `valu`; did you mean `value`?");
    let twice = "1:26 field `name` is given twice with different values";
    refused(r#"{"entity":"a","name":"b","name":"c"}"#, twice);
    let attributes = r#"{"entity":"a","attributes":{"cấp":"xã","CẤP":"tỉnh"}}"#;
    refused(attributes, "1:40 field `CẤP` is given twice with different values");
    let list = "1:30 `measurements` must be an object `{…}`, not a list";
    refused(r#"{"entity":"a","measurements":[]}"#, list);
}

#[test]
fn broken_json_has_a_place() {
    refused("", "1:1 broken JSON: the text ends too early");
    let colon = "2:8 broken JSON: a `:` is missing behind the field";
    refused("{\"entity\":\"a\",\n\"name\" \"b\"}", colon);
    refused(r#"{"entity":"a"} x"#, "1:16 broken JSON: there is more behind the record");
    refused(r#"{"entity":"\ud800"}"#, "1:18 broken JSON: half a `\\u` pair");
    let value = "1:35 broken JSON: a value must stand here";
    refused(r#"{"entity":"a","measurements":{"x":NaN}}"#, value);
    refused(r#"{"entity":"a","measurements":{"x":"hơn"#, "1:38 broken JSON: a text is not closed");
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
