//! What texts under names give: records, rejects, or the error that ends the run.

use chitieu::Measurement;
use chitieu::snapshot::{Raw, column_letters};

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
    let input = stream_of(name, bytes, None, Options::default(), &mut take).unwrap();
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
    let options = Options { fallback, digest: true, ..Options::default() };
    let mut take = |item| days += i32::from(matches!(item, Item::Record(_)));
    let input = stream_of("x", &br#"{"entity":"a"}"#[..], None, options, &mut take).unwrap();
    assert_eq!((days, input.sha256.map(|hex| hex.len())), (1, Some(64)));
}

#[test]
fn formats_that_are_not_read_are_named() {
    for (name, bytes) in [("x", &b"ARROW1"[..]), ("x.json", b"PK\x03\x04"), ("-", b"PAR1")] {
        let read = stream_of(name, bytes, None, Options::default(), &mut |_| {});
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
    stream_of("x", deep.as_bytes(), None, Options::default(), &mut take).unwrap();
    let [Item::Reject(reject)] = all.as_slice() else { panic!("one reject: {all:?}") };
    assert!(reject.reason.vi.ends_with(REST), "{fault}");
    assert!(reject.text.chars().count() <= 201);
    let many = "5\n".repeat(200_000);
    let mut count = 0;
    stream_of("x", many.as_bytes(), None, Options::default(), &mut |_| count += 1).unwrap();
    assert_eq!(count, 200_000);
}

/// A table as its records: `place entity day: attributes| name=cell@column…`, or its faults.
fn table(text: &[u8], numbers: Option<Format>) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    let mut take = |item| match item {
        Item::Record(snapshot) => all.push(shown_record(&snapshot)),
        Item::Reject(Reject { row, column, reason, .. }) => {
            all.push(format!("{row}:{column} {}", reason.vi));
        }
    };
    let options = Options { numbers, fallback: Date::new(2023, 6, 30), ..Options::default() };
    let read = stream_of("s.csv", text, None, options, &mut take);
    read.map(|_| all).map_err(|error| error.message().vi)
}

fn shown_record(snapshot: &Snapshot) -> String {
    let cell = |raw: &Raw| match raw {
        Raw::Missing => "_".to_owned(),
        Raw::Number(number) => number.to_string(),
        Raw::Text(text) => format!("'{text}'"),
        other => format!("{other:?}"),
    };
    let figure = |(name, one): &(String, Measurement)| {
        let mut parts = vec![format!("{name}={}", cell(&one.value))];
        if !one.numerator.is_missing() {
            parts.push(format!(" {}/{}", cell(&one.numerator), cell(&one.denominator)));
        }
        if !one.reported.is_missing() {
            parts.push(format!(" reported {}", cell(&one.reported)));
        }
        let more = [&one.unit, &one.source].into_iter().flatten();
        parts.extend(more.map(|more| format!(" [{more}]")));
        let column = one.column.map(column_letters).unwrap_or_default();
        format!("{}@{column}", parts.concat())
    };
    let figures: Vec<String> = snapshot.measurements.iter().map(figure).collect();
    let day = snapshot.as_of().map(|day| format!(" {day}")).unwrap_or_default();
    let of: Vec<String> = snapshot.attributes.iter().map(|(k, v)| format!(" {k}:{v}")).collect();
    format!("{} {}{day}{}: {}", snapshot.place, snapshot.entity, of.concat(), figures.join(", "))
}

#[track_caller]
fn check_table(text: &str, expected: &[&str]) {
    assert_eq!(
        table(text.as_bytes(), None),
        Ok(expected.iter().map(|it| (*it).to_owned()).collect())
    );
}

#[test]
fn wide_and_long_tables_are_told_by_the_header() {
    let wide =
        &["s.csv:2 a 2023-12-31 cấp:xã: x=52.3@D, y=_@E", "s.csv:3 b 2023-12-31: y='12/14'@E"];
    check_table("entity,as_of,cấp,x,y\na,2023,xã,52.3,\nb,2023,,,12/14\n", wide);
    check_table("đơn vị;ngày;Cấp;x;y\r\na;năm 2023;xã;52,3;\r\nb;31/12/2023;;;12/14", wide);
    check_table("\u{feff}entity\tas_of\tcấp\tx\ty\na\t2023\txã\t52,3\t\nb\t2023\t\t\t12/14", wide);
    let long = "đơn vị;ngày;chỉ số;giá trị;tử số;mẫu số;số báo cáo;đơn vị tính;nguồn\n\
                a;2023;tỷ lệ x;;225.020.100;615198;36,6%;;báo cáo\n\
                a;2023;số  y;37;;;;hồ sơ;\n";
    check_table(
        long,
        &[
            "s.csv:2 a 2023-12-31: tỷ lệ x=_ 225020100/615198 reported '36,6%' [báo cáo]@E",
            "s.csv:3 a 2023-12-31: số y=37 [hồ sơ]@D",
        ],
    );
    check_table("sep=;\nentity;x\na;1\n", &["s.csv:3 a: x=1@B"]);
    check_table("entity,\"x, \"\"y\"\"\nz\"\na,\"1\n2\"\n", &["s.csv:2 a: x, \"y\" z='1\n2'@B"]);
    let wide: Vec<u8> =
        "\u{feff}entity\tx\na\t1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(table(&wide, None), Ok(vec!["s.csv:2 a: x=1@B".to_owned()]));
    for nothing in ["", "\n\n", "\u{feff}", "entity,x\n", "entity,x\n,\n \n"] {
        check_table(nothing, &[]);
    }
}

#[test]
fn rows_that_are_no_records_are_rejected() {
    check_table(
        "entity,as_of,x,\n\na,2023,1,\nb,2023\nc,2023,1,5,2\n,2023,1,\nd,31/02/2023,1,\ne,,1,\n\
         f,từ 01/07/2024,1,\ng,2023,1,z\nh,2023,1,\"\ni,2023,1,\n",
        &[
            "s.csv:3 a 2023-12-31: x=1@C",
            "4:3 hàng có 2 ô mà tiêu đề có 4 cột",
            "5:5 hàng có 5 ô mà tiêu đề có 4 cột; số có dấu phẩy phải đặt trong ngoặc kép",
            "6:1 hàng không có đơn vị (`entity`)",
            "7:2 không đọc được ngày `31/02/2023`",
            "s.csv:8 e: x=1@C",
            "9:2 `as_of` không có ngày cuối",
            "10:4 ô này đứng dưới một cột không tên",
            "11:4 dấu ngoặc kép mở trong ô này không đóng; phần sau không đọc được",
        ],
    );
    let long = "entity,indicator,value\na,,5\na,,\n";
    check_table(long, &["2:2 hàng có giá trị mà không có tên chỉ số", "s.csv:3 a: "]);
    let old = table(b"entity,x\na,1\nb,t\xfb\n", None).unwrap();
    assert!(old[1].starts_with("3:2 chữ ở đây không phải Unicode"), "{old:?}");
    let faults = [
        ("x,y\n1,2\n", "s.csv:1: hàng tiêu đề không có cột `đơn vị` (`entity`)"),
        ("\n\nentity,entity\n", "s.csv:3:B: hai cột cùng là `entity`"),
    ];
    for (text, fault) in faults {
        assert_eq!(table(text.as_bytes(), None), Err(fault.to_owned()));
    }
}

#[test]
fn cells_prove_the_number_format_of_their_file() {
    let column = |cells: &[&str]| {
        let rows: Vec<String> = cells.iter().map(|cell| format!("a;{cell}\n")).collect();
        format!("entity;x\n{}", rows.concat())
    };
    let read = |cells: &[&str], numbers| {
        table(column(cells).as_bytes(), numbers).map(|all| {
            let value = |line: &String| line.split_once('=').unwrap().1.to_owned();
            all.iter().map(value).collect::<Vec<_>>().join(" ")
        })
    };
    let vi = Some(Format::Vi);
    assert_eq!(read(&["7", "hơn 80%", "41,25"], None).unwrap(), "7@B 'hơn 80%'@B 41.25@B");
    assert_eq!(read(&["41.250,5", "0.5 lần"], vi).unwrap(), "41250.5@B '0.5 lần'@B");
    assert_eq!(read(&["1.234", "12,345"], Some(Format::En)).unwrap(), "1.234@B 12345@B");
    let digits = "9".repeat(29);
    assert_eq!(read(&[&digits], None).unwrap(), format!("'{digits}'@B"));
    let two = "s.csv:3:B: `1.234` có hai cách đọc: 1234 (kiểu Việt) hoặc 1,234 (kiểu Anh); hãy \
               thêm `--number-format vi` hoặc `--number-format en` (xem E0604)";
    assert_eq!(read(&["41,25", "1.234"], None).unwrap_err(), two);
    let first = two.replace(":3:", ":2:");
    assert_eq!(read(&["1.234", "41,25"], None).unwrap_err(), first);
    let words = read(&["hơn 12,345 hộ"], None).unwrap_err();
    assert!(words.contains("`hơn 12,345 hộ` có hai cách đọc: 12,345 (kiểu Việt) hoặc 12345 "));
    for cells in [["41,25", "41.25"], ["41.25", "41,25"]] {
        let both = read(&cells, None).unwrap_err();
        assert!(both.starts_with("một tệp có số viết hai kiểu: s.csv:"), "{both}");
    }
    // Names, days, entities and what is no figure prove nothing.
    check_table(
        "entity,as_of,name,chỉ số 1.5,x\n1.234,2023,\"1,5\",1,2\n",
        &["s.csv:2 1.234 2023-12-31: chỉ số 1.5=1@D, x=2@E"],
    );
}

#[test]
fn formats_are_told_and_packed_files_read() {
    let count = |name: &str, text: &[u8], format| {
        let mut count = 0;
        let options = Options { fallback: Date::new(2023, 6, 30), format, ..Options::default() };
        stream_of(name, text, None, options, &mut |item| {
            count += u32::from(matches!(item, Item::Record(_)));
        })
        .unwrap();
        count
    };
    let csv = b"entity;x\na;1\nb;2\n";
    assert_eq!(count("-", csv, None), 2);
    assert_eq!(count("x.txt", csv, None), 2);
    assert_eq!(count("x.json", csv, Some(InputFormat::Csv)), 2);
    assert_eq!(count("x.json", csv, None), 0);
    assert_eq!(count("x.csv", A.as_bytes(), Some(InputFormat::Json)), 1);
    let packed = zstd::encode_all(&csv[..], 1).unwrap();
    assert_eq!(count("x.csv.zst", &packed, None), 2);
    assert_eq!(count("-", &packed, None), 2);
}

#[test]
fn many_columns_and_rows_are_read() {
    let names: Vec<String> = (0..100_000).map(|i| format!("chỉ tiêu {i}")).collect();
    let cells = vec!["1"; 100_000].join(",");
    let text = format!("entity,{}\na,{cells}\nb,{cells}\n", names.join(","));
    let mut figures = 0;
    let mut take = |item| {
        if let Item::Record(record) = item {
            figures += record.measurements.len();
        }
    };
    let options = Options { fallback: Date::new(2023, 6, 30), ..Options::default() };
    stream_of("x.csv", text.as_bytes(), None, options, &mut take).unwrap();
    assert_eq!(figures, 200_000);
}

#[test]
fn hostile_tables_end() {
    let shown = |text: &[u8]| match table(text, None) {
        Ok(all) => all.last().cloned().unwrap_or_default().chars().take(80).collect(),
        Err(error) => error,
    };
    let lines = "x\n".repeat(200_000);
    let unclosed = "s.csv:1: dấu ngoặc kép mở trong ô này không đóng; phần sau không đọc được";
    assert_eq!(shown(format!("entity,\"{lines}").as_bytes()), unclosed);
    let deep = format!("entity,x\na,\"{}1,5\"\n", "1-".repeat(100_000));
    assert!(shown(deep.as_bytes()).starts_with("s.csv:2 a: x='1-1-1-"));
    let wide = format!("entity,x\na,{}\n", ",".repeat(200_000));
    assert!(shown(wide.as_bytes()).starts_with("2:3 hàng có 200002 ô"));
    assert!(shown(b"\x00\xff\xfe\x00,\"\"\"\n").starts_with("s.csv:1: "));
    assert!(shown("\"".repeat(99_999).as_bytes()).starts_with("s.csv:1: "));
    let many = format!("entity,x\n{}", "a\n".repeat(100_000));
    assert_eq!(shown(many.as_bytes()), "100001:2 hàng có 1 ô mà tiêu đề có 2 cột");
    assert_eq!(
        shown(format!("{}entity,x\n\na,1", "\n".repeat(50_000)).as_bytes()),
        "s.csv:50003 a: x=1@B"
    );
}
