use super::*;

/// What a text under a name gives: places of records, rejects as `row:column reason`.
fn check(name: &str, bytes: &[u8], records: &[&str], rejects: &[&str]) {
    let (mut places, mut faults) = (Vec::new(), Vec::new());
    let mut take = |item| match item {
        Item::Record(snapshot) => places.push(format!("{} {}", snapshot.place, snapshot.entity)),
        Item::Reject(reject) => {
            faults.push(format!("{}:{} {}", reject.row, reject.column, reject.reason.vi));
        }
    };
    let input = stream_of(name, bytes, Options::default(), &mut take).unwrap();
    let shown = String::from_utf8_lossy(bytes);
    assert_eq!(places, records, "{shown}");
    assert_eq!(faults, rejects, "{shown}");
    assert_eq!(input.bytes, u64::try_from(bytes.len()).unwrap());
    assert_eq!(input.read, u64::try_from(records.len() + rejects.len()).unwrap());
    assert_eq!(input.rejected, u64::try_from(rejects.len()).unwrap());
}

const A: &str = r#"{"entity":"a","as_of":2023}"#;
const B: &str = r#"{"entity":"b","as_of":2023}"#;
const REST: &str = "bản ghi trước chỗ này, phần sau không đọc được";

#[test]
fn shapes_are_told_by_content() {
    check("x.json", A.as_bytes(), &["x.json#/0 a"], &[]);
    check("x.json", format!("\u{feff}\r\n {A}\r\n\r\n").as_bytes(), &["x.json#/0 a"], &[]);
    let two = &["x.json#/0 a", "x.json#/1 b"][..];
    check("x.json", format!("[{A},{B}]").as_bytes(), two, &[]);
    check("x.json", format!("[\n  {A} ,\n{B}\n]\n").as_bytes(), two, &[]);
    check("x.json", format!("{A}{B}").as_bytes(), two, &[]);
    let spread = format!("{A}\n{B}").replace(',', ",\n").replace('{', "{\r\n ");
    check("x.json", spread.as_bytes(), two, &[]);
    let lines = &["-:1 a", "-:3 b"][..];
    check("-", format!("{A}\n\n{B}\n").as_bytes(), lines, &[]);
    check("x.jsonl", A.as_bytes(), &["x.jsonl:1 a"], &[]);
    for nothing in ["", " \n ", "[]", "\u{feff}[ ]"] {
        check("x.json", nothing.as_bytes(), &[], &[]);
    }
    let wide: Vec<u8> =
        format!("\u{feff}[{A}]").encode_utf16().flat_map(u16::to_le_bytes).collect();
    check("x.json", &wide, &["x.json#/0 a"], &[]);
}

#[test]
fn a_broken_line_spoils_itself_only() {
    let text = format!("{A}\r\n  {{\"entity\":\"x\r\n{{}}\n{B}");
    let expected =
        ["2:14 JSON sai: chuỗi không có ngoặc kép đóng", "3:1 bản ghi không có `entity`"];
    check("x.ndjson", text.as_bytes(), &["x.ndjson:1 a", "x.ndjson:4 b"], &expected);
    check("x.json", text.as_bytes(), &["x.json:1 a", "x.json:4 b"], &expected);
    let bytes = [A.as_bytes(), b"\n{\"entity\":\"\xe1\xbb\x87\xff\"}\n", B.as_bytes()].concat();
    let wrong = ["2:13 chữ ở đây không phải Unicode (UTF-8)"];
    check("x.json", &bytes, &["x.json:1 a", "x.json:3 b"], &wrong);
}

#[test]
fn behind_a_broken_document_nothing_is_read() {
    let cases = [
        (format!("[{A},\n {{\"entity\" 1}},{B}]"), "2:12 JSON sai: thiếu dấu `:` sau tên trường"),
        (format!("[{A}\n{B}]"), "2:1 JSON sai: thiếu `,` giữa hai bản ghi"),
        (format!("[{A},]"), "1:30 JSON sai: thừa dấu phẩy trước `]`"),
        (format!("[{A}"), "1:29 JSON sai: danh sách không có `]` đóng"),
        (format!("[{A},"), "1:30 JSON sai: danh sách không có `]` đóng"),
        (format!("[{A}] {B}"), "1:31 JSON sai: còn chữ sau dấu `]` đóng danh sách"),
        (format!("{A} }}"), "1:29 JSON sai: ở đây phải là một giá trị"),
    ];
    for (text, fault) in cases {
        check("x.json", text.as_bytes(), &["x.json#/0 a"], &[&format!("{fault}; đã đọc 1 {REST}")]);
    }
    let sound = format!("[{A}, 5, null, {B}]");
    let rejects = [
        "1:31 bản ghi phải là một đối tượng `{…}`, ở đây là một số",
        "1:34 bản ghi phải là một đối tượng `{…}`, ở đây là null",
    ];
    check("x.json", sound.as_bytes(), &["x.json#/0 a", "x.json#/3 b"], &rejects);
}

#[test]
fn a_record_needs_a_day() {
    let undated = ["1:1 bản ghi không có `as_of`; ghi ngày vào bản ghi hoặc dùng `--as-of`"];
    check("x.json", br#"{"entity":"a"}"#, &[], &undated);
    let open = br#"{"entity":"a","as_of":"t\u1eeb 01/07/2024"}"#;
    check("x.json", open, &[], &["1:1 `as_of` không có ngày cuối"]);
    let mut days = 0;
    let fallback = Date::new(2023, 6, 30);
    let options = Options { fallback, digest: true };
    let mut take = |item| days += i32::from(matches!(item, Item::Record(_)));
    let input = stream_of("x", &br#"{"entity":"a"}"#[..], options, &mut take).unwrap();
    assert_eq!((days, input.sha256.map(|hex| hex.len())), (1, Some(64)));
}

#[test]
fn formats_that_are_not_read_are_named() {
    for (name, bytes) in [("x", &b"\x1f\x8b\x08"[..]), ("x.json", b"PK\x03\x04"), ("-", b"PAR1")] {
        let read = stream_of(name, bytes, Options::default(), &mut |_| {});
        assert!(matches!(read, Err(IoError::Format { .. })), "{name}");
    }
    let read = read(&["none.csv".into()], Options::default(), &mut |_, _| {});
    assert!(read.unwrap_err().message().en.starts_with("cannot read `none.csv`"));
}

#[test]
fn hostile_streams_end() {
    let deep = "[".repeat(300_000);
    let fault = format!("1:2 JSON sai: danh sách không có `]` đóng; đã đọc 0 {REST}");
    let mut all = Vec::new();
    let mut take = |item| all.push(item);
    stream_of("x", deep.as_bytes(), Options::default(), &mut take).unwrap();
    let [Item::Reject(reject)] = all.as_slice() else { panic!("one reject: {all:?}") };
    assert!(reject.reason.vi.ends_with(REST), "{fault}");
    assert!(reject.text.chars().count() <= 201);
    let many = "5\n".repeat(200_000);
    let mut count = 0;
    stream_of("x", many.as_bytes(), Options::default(), &mut |_| count += 1).unwrap();
    assert_eq!(count, 200_000);
}
