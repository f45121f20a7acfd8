//! What tables of Parquet and Arrow say, beside what the same tables say as text.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int8Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Decimal256Array, Float64Array,
    Int16Array, Int64Array, PrimitiveArray, RecordBatch, StringArray, TimestampMicrosecondArray,
    UInt64Array,
};
use arrow_buffer::i256;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{DataType, Field, Schema};
use chitieu::snapshot::{Mantissas, Values};
use chitieu::{Rules, Snapshot};
use chitieu_io::{IoError, Item, Keep, Options, Pieces, Worker};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use crate::Reader;

pub(super) const RULES: &str = "tỷ lệ a >= 40%\nsố b <= 500\ntổng c > 1000\nban hành d = có\n";

fn options(complete: bool) -> Options {
    let numbers = Some(chitieu::number::Format::En);
    Options { complete, numbers, tables: Some(&Reader), ..Options::default() }
}

/// A folder that goes away with the test.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("chitieu-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::File::create(&path).unwrap().write_all(bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

pub(super) fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields: Vec<Field> =
        columns.iter().map(|(name, it)| Field::new(*name, it.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

pub(super) fn parquet_of(batches: &[RecordBatch], properties: WriterProperties) -> Vec<u8> {
    let mut bytes = Vec::new();
    let schema = batches[0].schema();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, Some(properties)).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
        writer.flush().unwrap();
    }
    writer.close().unwrap();
    bytes
}

fn parquet(batches: &[RecordBatch]) -> Vec<u8> {
    parquet_of(batches, WriterProperties::default())
}

fn file(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = FileWriter::try_new(Vec::new(), &batches[0].schema()).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

fn stream(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batches[0].schema()).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

/// What a run says: entity, day and codes of each row; what was read; rejects; the fault.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Said {
    pub(super) rows: Vec<String>,
    pub(super) read: u64,
    pub(super) rejects: Vec<String>,
    pub(super) unreadable: u64,
    pub(super) unknown: Vec<String>,
    pub(super) fault: Option<String>,
}

/// Reads by pieces, as figures or as records.
pub(super) fn pieces(path: &PathBuf, rules: &Rules, keep: Keep) -> Said {
    pieces_of(std::slice::from_ref(path), rules, keep)
}

/// As [`pieces`], of files one after the other.
pub(super) fn pieces_of(paths: &[PathBuf], rules: &Rules, keep: Keep) -> Said {
    let mut said = Said::default();
    if let Err(fault) = pieces_into(paths, rules, keep, &mut said) {
        said.fault = Some(fault.message().vi);
    }
    said
}

fn pieces_into(
    paths: &[PathBuf],
    rules: &Rules,
    keep: Keep,
    said: &mut Said,
) -> Result<(), IoError> {
    let options = options(true);
    let mut pieces = Pieces::open(paths, options)?.wanted_for(keep, rules);
    let mut worker = Worker::new(rules, keep, options).for_verdicts();
    while let Some(block) = pieces.next()? {
        let piece = worker.read(block);
        let reference = chitieu::reference::Reference::new(rules.model(), piece.batch.data());
        for (row, one) in piece.batch.rows().iter().enumerate() {
            let (id, day) = piece.key(row).unwrap();
            let mut line = format!("{id} {day}");
            if keep == Keep::Figures {
                let verdicts = rules.evaluate_batch(&piece.batch.slice(row, 1));
                for target in 0..verdicts.targets() {
                    let verdict = verdicts.verdict(0, target).unwrap();
                    write!(line, " {}", verdict.code()).unwrap();
                }
            } else {
                for judgement in reference.judge(&piece.batch.case(one).unwrap()) {
                    write!(line, " {}", judgement.verdict.code()).unwrap();
                }
            }
            said.rows.push(line);
        }
        said.read += piece.read;
        said.rejects.extend(
            piece.rejects.iter().map(|it| format!("{}:{} {}", it.row, it.column, it.reason.vi)),
        );
        said.unreadable += piece.unreadable;
        for name in piece.unknown {
            if !said.unknown.contains(&name) {
                said.unknown.push(name);
            }
        }
        if let Some(fault) = piece.fault {
            return Err(fault);
        }
    }
    assert_eq!(pieces.inputs()[0].bytes, fs::metadata(&paths[0]).unwrap().len());
    Ok(())
}

/// All records and rejects, gathered.
fn gathered(path: &PathBuf, rules: &Rules) -> (Vec<Snapshot>, Vec<String>, Result<u64, String>) {
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    let mut take = |_, item| match item {
        Item::Record(record) => records.push(*record),
        Item::Reject(it) => rejects.push(format!("{}:{} {}", it.row, it.column, it.reason.vi)),
    };
    let paths = std::slice::from_ref(path);
    let read = chitieu_io::read_for(paths, options(false), rules, &mut take);
    let read = read.map(|inputs| inputs[0].read).map_err(|error| error.message().vi);
    (records, rejects, read)
}

/// A number that follows another, always the same ones.
pub(super) fn follow(number: &mut u64) -> u64 {
    *number ^= *number << 13;
    *number ^= *number >> 7;
    *number ^= *number << 17;
    *number
}

/// Rows as a table of text and as arrays: shares, counts, large amounts, yes and no.
fn generated(rows: usize) -> (String, RecordBatch) {
    let (mut seed, mut csv) =
        (0x9e37_79b9_7f4a_7c15, "đơn vị,ngày,tỷ lệ a,số b,tổng c,ban hành d,khác\n".to_owned());
    let (mut ids, mut days) = (Vec::new(), Vec::new());
    let (mut a, mut b, mut c, mut d) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in 0..rows {
        let mut some = |most: u64| {
            let number = follow(&mut seed) % most;
            (!follow(&mut seed).is_multiple_of(11)).then_some(number)
        };
        let values = (some(10_000), some(1_000), some(u64::MAX), some(2));
        let shown = |value: Option<u64>| value.map(|it| it.to_string()).unwrap_or_default();
        let share = values.0.map(|it| format!("{}.{:02}", it / 100, it % 100)).unwrap_or_default();
        let truth = values.3.map(|it| if it == 0 { "không" } else { "có" }).unwrap_or_default();
        let (b_text, c_text) = (shown(values.1), shown(values.2));
        writeln!(csv, "x{row},2023-06-30,{share},{b_text},{c_text},{truth},1").unwrap();
        ids.push(format!("x{row}"));
        days.push(19_538);
        a.push(values.0.map(|it| i128::from(it) * 100));
        b.push(values.1.map(|it| i16::try_from(it).unwrap()));
        c.push(values.2);
        d.push(values.3.map(|it| it == 1));
    }
    let a: PrimitiveArray<Decimal128Type> = a.into_iter().collect();
    let batch = batch(vec![
        ("đơn vị", Arc::new(StringArray::from(ids))),
        ("ngày", Arc::new(Date32Array::from(days))),
        ("tỷ lệ a", Arc::new(a.with_precision_and_scale(12, 4).unwrap())),
        ("số b", Arc::new(Int16Array::from(b))),
        ("tổng c", Arc::new(UInt64Array::from(c))),
        ("ban hành d", Arc::new(BooleanArray::from(d))),
        ("khác", Arc::new(Float64Array::from(vec![1.0; rows]))),
    ]);
    (csv, batch)
}

#[test]
fn tables_say_what_the_same_text_says() {
    let (folder, rules) = (Folder::new("same"), Rules::parse(RULES).unwrap());
    let (csv, whole) = generated(700);
    let text = folder.file("a.csv", csv.as_bytes());
    let expected = pieces(&text, &rules, Keep::Figures);
    assert_eq!((expected.rows.len(), expected.fault.as_deref()), (700, None));
    assert_eq!(expected.unknown, ["khác"]);
    let parts = [whole.slice(0, 300), whole.slice(300, 1), whole.slice(301, 399)];
    let plain = WriterProperties::builder().set_dictionary_enabled(false);
    let small = WriterProperties::builder()
        .set_data_page_row_count_limit(50)
        .set_dictionary_page_size_limit(200)
        .set_write_batch_size(50)
        .set_compression(parquet::basic::Compression::SNAPPY);
    let files = [
        ("a.parquet", parquet(&parts)),
        ("b.parquet", parquet(std::slice::from_ref(&whole))),
        ("c.parquet", parquet_of(&parts, plain.build())),
        ("d.parquet", parquet_of(&parts, small.build())),
        ("a.arrow", file(&parts)),
        ("a.ipc", stream(&parts)),
    ];
    for (name, bytes) in files {
        let path = folder.file(name, &bytes);
        for keep in [Keep::Figures, Keep::Records] {
            assert_eq!(pieces(&path, &rules, keep), expected, "{name} {keep:?}");
        }
        let (records, rejects, read) = gathered(&path, &rules);
        assert_eq!((records.len(), rejects.len(), read), (700, 0, Ok(700)), "{name}");
        let last = &records[699];
        assert_eq!(last.place, format!("{}:700", path.display()));
        assert_eq!(last.measurements[0].1.column, Some(3));
    }
}

#[test]
fn batches_are_lent_and_say_what_files_say() {
    let (folder, rules) = (Folder::new("lent"), Rules::parse(RULES).unwrap());
    let (csv, whole) = generated(300);
    let expected = pieces(&folder.file("a.csv", csv.as_bytes()), &rules, Keep::Figures);
    for (from, to) in [(0, 300), (3, 300), (9, 17)] {
        let table = whole.slice(from, to - from);
        let lent = crate::batch(&rules, &table, options(false)).unwrap();
        let verdicts = rules.evaluate_batch(&lent);
        for (row, said) in expected.rows[from..to].iter().enumerate() {
            let codes = (0..verdicts.targets()).map(|it| verdicts.verdict(row, it).unwrap().code());
            let entity = &lent.data().entities[lent.rows()[row].entity as usize].id;
            let codes: Vec<&str> = codes.collect();
            assert_eq!(format!("{entity} 2023-06-30 {}", codes.join(" ")), *said);
        }
        let column = lent.column(chitieu::check::model::IndicatorId(0)).unwrap();
        let Values::Numbers { mantissas: Mantissas::I128(numbers), .. } = column.values() else {
            panic!("{column:?}");
        };
        let array = table.column(2).as_primitive::<Decimal128Type>();
        assert_eq!(numbers.as_slice().as_ptr(), array.values().as_ptr());
    }
    let broken = whole.project(&[1, 2]).unwrap();
    let said = crate::batch(&rules, &broken, options(false)).unwrap_err().message();
    assert_eq!(said.en, "-: the header has no column `entity`");
}

#[test]
fn long_tables_join_rows_across_groups() {
    let (folder, rules) = (Folder::new("long"), Rules::parse(RULES).unwrap());
    let names = ["tỷ lệ a", "số b", "tổng c"];
    let (mut csv, mut rows) = ("entity,as_of,indicator,value\n".to_owned(), Vec::new());
    for row in 0..300_i64 {
        let (entity, name) = (format!("x{}", row / 3), names[usize::try_from(row % 3).unwrap()]);
        writeln!(csv, "{entity},2023-06-30,{name},{row}").unwrap();
        rows.push((entity, name, row));
    }
    let part = |range: std::ops::Range<usize>| {
        let rows = &rows[range];
        let ids: Vec<&str> = rows.iter().map(|it| it.0.as_str()).collect();
        let values: Vec<i64> = rows.iter().map(|it| it.2).collect();
        let names: Vec<&str> = rows.iter().map(|it| it.1).collect();
        batch(vec![
            ("entity", Arc::new(StringArray::from(ids))),
            ("as_of", Arc::new(StringArray::from(vec!["30/06/2023"; rows.len()]))),
            ("indicator", Arc::new(StringArray::from(names))),
            ("value", Arc::new(Int64Array::from(values))),
        ])
    };
    let parts = [part(0..100), part(100..101), part(101..300)];
    let expected = pieces(&folder.file("a.csv", csv.as_bytes()), &rules, Keep::Figures);
    assert_eq!(expected.rows.len(), 100);
    for (name, bytes) in [("a.parquet", parquet(&parts)), ("a.arrow", stream(&parts))] {
        let path = folder.file(name, &bytes);
        for keep in [Keep::Figures, Keep::Records] {
            assert_eq!(pieces(&path, &rules, keep), expected, "{name} {keep:?}");
        }
        assert_eq!(gathered(&path, &rules).2, Ok(300), "{name}");
    }
}

/// What one column of figures says under `tỷ lệ a >= 40%`, whichever way it is read.
fn judged(name: &str, array: ArrayRef) -> Said {
    let (folder, rules) = (Folder::new(name), Rules::parse("tỷ lệ a >= 40%").unwrap());
    let ids: Vec<String> = (0..array.len()).map(|row| format!("x{row}")).collect();
    let table = batch(vec![
        ("entity", Arc::new(StringArray::from(ids))),
        ("as_of", Arc::new(StringArray::from(vec!["2023"; array.len()]))),
        ("tỷ lệ a", array),
    ]);
    let bytes = [("a.parquet", parquet(std::slice::from_ref(&table))), ("a.arrow", file(&[table]))];
    let [first, second] = bytes.map(|(name, bytes)| {
        let path = folder.file(name, &bytes);
        let said = pieces(&path, &rules, Keep::Figures);
        assert_eq!(pieces(&path, &rules, Keep::Records), said, "{name}");
        said
    });
    assert_eq!(first.rows, second.rows, "{name}");
    first
}

fn codes(said: &Said) -> Vec<&str> {
    said.rows.iter().filter_map(|row| row.split(' ').nth(2)).collect()
}

#[test]
fn numbers_of_all_widths_are_exact_or_unreadable() {
    let large = |text: &str| text.parse::<i128>().unwrap();
    let mantissas = vec![
        Some(large("40000000000000000000000000000000000000")),
        Some(large("39999999999999999999999999999999999999")),
        Some(large("39999999999999999999999999900000000000")),
        Some(0),
        None,
    ];
    let digits = Decimal128Array::from(mantissas).with_precision_and_scale(38, 36).unwrap();
    let said = judged("wide", Arc::new(digits));
    let expected = ["met", "contradictory", "not_met", "not_met", "no_data"];
    assert_eq!((codes(&said), said.unreadable), (expected.to_vec(), 1));
    let huge = i256::from_string("400000000000000000000000000000000000000000000000000").unwrap();
    let wide = Decimal256Array::from(vec![Some(huge), Some(i256::from(4_100))]);
    let said = judged("wider", Arc::new(wide.with_precision_and_scale(60, 2).unwrap()));
    assert_eq!((codes(&said), said.unreadable), (vec!["contradictory", "exceeded"], 1));
    let texts = StringArray::from(vec![Some("hơn 41.5%"), Some("40"), Some("-"), Some(" "), None]);
    let said = judged("texts", Arc::new(texts));
    let expected = ["exceeded", "met", "contradictory", "no_data", "no_data"];
    assert_eq!((codes(&said), said.unreadable), (expected.to_vec(), 1));
    let dates = judged("dates", Arc::new(Date32Array::from(vec![1])));
    assert_eq!((codes(&dates), dates.unreadable), (vec!["contradictory"], 1));
}

#[test]
fn floats_are_refused_where_they_are_asked_for() {
    let said = judged("floats", Arc::new(Float64Array::from(vec![40.0])));
    let fault = said.fault.unwrap();
    assert!(fault.contains("cột `tỷ lệ a` là số thực nhị phân (Float64)"), "{fault}");
    assert!(fault.contains("(decimal)") && said.rows.is_empty(), "{fault}");
}

#[test]
fn rows_without_entity_or_day_are_rejected_and_counted() {
    let (folder, rules) = (Folder::new("rejects"), Rules::parse("tỷ lệ a >= 40%").unwrap());
    let noon = 1_687_910_400_000_000 + 43_200_000_000;
    let days = vec![Some(1_687_910_400_000_000), Some(noon), None, Some(1_687_910_400_000_000)];
    let table = batch(vec![
        ("entity", Arc::new(StringArray::from(vec![Some("x"), Some("y"), Some("z"), None]))),
        ("as_of", Arc::new(TimestampMicrosecondArray::from(days).with_timezone("UTC"))),
        ("tỷ lệ a", Arc::new(Int64Array::from(vec![40, 41, 42, 43]))),
        ("tỷ lệ a", Arc::new(Int64Array::from(vec![Some(40), None, None, None]))),
    ]);
    let rejects = [
        "2:2 không đọc được ngày `2023-06-28T12:00:00`",
        "3:2 bản ghi không có `as_of`; ghi ngày vào bản ghi hoặc dùng `--as-of`",
        "4:1 hàng không có đơn vị (`entity`)",
    ];
    for (name, bytes) in
        [("a.parquet", parquet(std::slice::from_ref(&table))), ("a.arrow", file(&[table]))]
    {
        let path = folder.file(name, &bytes);
        for keep in [Keep::Figures, Keep::Records] {
            let said = pieces(&path, &rules, keep);
            assert_eq!(
                (said.rows.as_slice(), said.read),
                (&["x 2023-06-28 met".to_owned()][..], 4)
            );
            assert_eq!(said.rejects, rejects, "{name} {keep:?}");
        }
        let (records, found, read) = gathered(&path, &rules);
        assert_eq!((records.len(), found.len(), read), (1, 3, Ok(4)));
    }
}

#[test]
fn texts_prove_the_number_format_of_their_file() {
    let folder = Folder::new("proof");
    let rules = Rules::parse("tỷ lệ a >= 40%").unwrap();
    let said = |texts: Vec<&str>| {
        let table = batch(vec![
            ("entity", Arc::new(StringArray::from(vec!["x", "y"]))),
            ("as_of", Arc::new(StringArray::from(vec!["2023"; 2]))),
            ("tỷ lệ a", Arc::new(StringArray::from(texts))),
        ]);
        let table = std::slice::from_ref(&table);
        let files =
            [("a.parquet", parquet(table)), ("a.arrow", file(table)), ("a.ipc", stream(table))];
        let [first, second, third] = files.map(|(name, bytes)| {
            let path = folder.file(name, &bytes);
            let options = Options { numbers: None, ..options(false) };
            let mut values = Vec::new();
            let read = chitieu_io::read_for(&[path], options, &rules, &mut |_, item| {
                if let Item::Record(record) = item {
                    values.push(format!("{:?}", record.measurements[0].1.value));
                }
            });
            read.map(|_| values.join(" ")).map_err(|error| {
                let said = error.message().vi;
                said.rsplit_once(name).unwrap().1.to_owned()
            })
        });
        assert_eq!((&first, &first), (&second, &third));
        first
    };
    assert_eq!(said(vec!["41,25", "39,5"]), Ok("Number(41.25) Number(39.5)".to_owned()));
    assert!(said(vec!["41,25", "39.5"]).is_err());
    let two = said(vec!["41.25", "1.234"]).unwrap_err();
    assert!(two.starts_with(":2:C: `1.234` có hai cách đọc"), "{two}");
}

#[test]
fn broken_files_are_errors_and_never_panics() {
    let (folder, rules) = (Folder::new("broken"), Rules::parse(RULES).unwrap());
    let (_, whole) = generated(40);
    let whole = whole.project(&[0, 1, 2, 3]).unwrap();
    let snappy = WriterProperties::builder().set_compression(parquet::basic::Compression::SNAPPY);
    let tables = std::slice::from_ref(&whole);
    let files = [
        ("a.parquet", parquet_of(tables, snappy.build())),
        ("a.arrow", file(tables)),
        ("a.ipc", stream(tables)),
    ];
    for (name, bytes) in files {
        for end in (0..bytes.len()).step_by(37) {
            let path = folder.file(name, &bytes[..end]);
            let said = pieces(&path, &rules, Keep::Figures);
            assert!(said.fault.is_some(), "{name} {end}");
        }
        let mut seed = 7;
        for at in (0..bytes.len()).step_by(13) {
            let mut broken = bytes.clone();
            broken[at] ^= u8::try_from(follow(&mut seed) % 255 + 1).unwrap();
            let path = folder.file(name, &broken);
            for keep in [Keep::Figures, Keep::Records] {
                let said = pieces(&path, &rules, keep);
                let fine = said.rows.len() + said.rejects.len();
                assert!(said.fault.is_some() || said.read == u64::try_from(fine).unwrap());
            }
        }
    }
    let path = folder.file("b.parquet", b"entity,as_of\n");
    let fault = pieces(&path, &rules, Keep::Figures).fault.unwrap();
    assert!(fault.contains("tệp Parquet bị hỏng hoặc bị cắt giữa chừng"), "{fault}");
}

#[test]
fn tens_and_codes_are_read() {
    let tens = Decimal128Array::from(vec![4, 3]).with_precision_and_scale(5, -1).unwrap();
    assert_eq!(codes(&judged_arrow(Arc::new(tens))), ["met", "not_met"]);
    let mut texts: StringDictionaryBuilder<Int8Type> = StringDictionaryBuilder::new();
    texts.extend([Some("39"), None, Some("hơn 40"), Some("39")]);
    let texts = texts.finish();
    let empty = arrow_array::new_null_array(texts.data_type(), 2);
    let said = judged("codes", Arc::new(texts));
    assert_eq!(codes(&said), ["not_met", "no_data", "exceeded", "not_met"]);
    assert_eq!(codes(&judged("no_codes", empty)), ["no_data", "no_data"]);
}

#[test]
fn kinds_that_hold_no_figures_are_named() {
    let kind = DataType::Duration(arrow_schema::TimeUnit::Second);
    let said = judged_arrow(arrow_array::new_null_array(&kind, 1)).fault.unwrap();
    assert!(said.contains("cột `tỷ lệ a` có kiểu Duration"), "{said}");
}

fn judged_arrow(array: ArrayRef) -> Said {
    let (folder, rules) =
        (Folder::new(&format!("kind{}", array.len())), Rules::parse("tỷ lệ a >= 40%").unwrap());
    let ids: Vec<String> = (0..array.len()).map(|row| format!("x{row}")).collect();
    let table = batch(vec![
        ("entity", Arc::new(StringArray::from(ids))),
        ("as_of", Arc::new(Date32Array::from(vec![19_538; array.len()]))),
        ("tỷ lệ a", array),
    ]);
    let path = folder.file("a.arrow", &file(&[table]));
    pieces(&path, &rules, Keep::Figures)
}
