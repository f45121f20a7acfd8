//! Tables are read back by the crates that wrote them, and hold what was put in.

use std::io::{self, Cursor, Write};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int8Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::{FileReader, StreamReader};
use bytes::Bytes;
use chitieu::Verdict;
use chitieu::calendar::Date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::statistics::Statistics;

use super::{Keeper, Kind, Sheet, Wide, sheets};

type Row = (Option<String>, i32, Vec<Option<&'static str>>);

/// Rows of three targets: one of long runs, one of any verdict or none, one of one verdict.
fn rows(count: u32) -> Vec<Row> {
    let mut state = 1_u32;
    let mut number = |bound: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % bound
    };
    let code = |place: u32| Verdict::ALL.get(place as usize).map(|it| it.code());
    (0..count)
        .map(|row| {
            let entity = (number(50) > 0).then(|| format!("đơn vị {}", row / 3));
            let day = i32::try_from(number(400)).unwrap() - 200;
            (entity, day, vec![code(row / 1_000 % 8), code(number(9)), code(2)])
        })
        .collect()
}

fn names() -> [String; 3] {
    ["A", "B/x", "chỉ tiêu"].map(str::to_owned)
}

/// Writes the rows in sheets of many lengths.
fn written<W: Write + Send>(out: W, kind: Kind, rows: &[Row]) -> io::Result<W> {
    let mut wide = Wide::begin(out, kind, &names())?;
    of_sheets(rows).into_iter().try_for_each(|sheet| wide.take(sheet))?;
    wide.finish()
}

/// The rows in sheets of many lengths.
fn of_sheets(rows: &[Row]) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    let (mut rest, mut length) = (rows, 1);
    while !rest.is_empty() {
        let (now, later) = rest.split_at(length.min(rest.len()));
        let mut sheet = Sheet::new(3);
        for (entity, day, codes) in now {
            let day = Date::from_days(*day).unwrap();
            let verdicts = codes.iter().map(|code| code.and_then(Verdict::from_code));
            sheet.push(entity.as_deref(), day, verdicts);
        }
        sheets.push(sheet);
        (rest, length) = (later, length * 3 % 20_011);
    }
    sheets
}

fn read(batches: impl Iterator<Item = RecordBatch>) -> Vec<Row> {
    let mut rows = Vec::new();
    for batch in batches {
        let names: Vec<_> = batch.schema().fields().iter().map(|it| it.name().clone()).collect();
        assert_eq!(names, ["entity", "as_of", "A", "B/x", "chỉ tiêu"]);
        let entities = batch.column(0).as_string::<i32>();
        let days = batch.column(1).as_primitive::<Date32Type>();
        let targets: Vec<_> =
            (2..5).map(|at| batch.column(at).as_dictionary::<Int8Type>()).collect();
        for row in 0..batch.num_rows() {
            let entity = entities.is_valid(row).then(|| entities.value(row).to_owned());
            let code = |at: usize| {
                let key = targets[at].key(row)?;
                let text = targets[at].values().as_string::<i32>().value(key);
                Verdict::from_code(text).map(Verdict::code)
            };
            rows.push((entity, days.value(row), (0..3).map(code).collect()));
        }
    }
    rows
}

#[test]
fn parquet_holds_what_was_put_in() {
    for count in [0, 1, 7, 9_000, 300_001] {
        let rows = rows(count);
        let bytes = Bytes::from(written(Vec::new(), Kind::Parquet, &rows).unwrap());
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
        let metadata = Arc::clone(reader.metadata());
        assert_eq!(metadata.num_row_groups(), rows.len().div_ceil(super::wide::ROWS));
        assert!(read(reader.build().unwrap().map(Result::unwrap)) == rows, "{count}");
        for group in metadata.row_groups() {
            let Some(Statistics::ByteArray(ends)) = group.column(4).statistics() else { panic!() };
            let text = |it: Option<&[u8]>| String::from_utf8(it.unwrap().to_vec()).unwrap();
            assert_eq!(text(ends.min_bytes_opt()), "not_met");
            assert_eq!(text(ends.max_bytes_opt()), "not_met");
            assert_eq!(ends.null_count_opt(), Some(0));
        }
    }
}

#[test]
fn nulls_are_counted() {
    let rows = rows(9_000);
    let bytes = Bytes::from(written(Vec::new(), Kind::Parquet, &rows).unwrap());
    let reader = SerializedFileReader::new(bytes).unwrap();
    let statistics = reader.metadata().row_group(0).column(3).statistics().unwrap();
    let nulls = rows.iter().filter(|(_, _, codes)| codes[1].is_none()).count();
    assert_eq!(statistics.null_count_opt(), Some(nulls as u64));
    assert_eq!(statistics.min_bytes_opt(), Some(&b"contradictory"[..]));
    assert_eq!(statistics.max_bytes_opt(), Some(&b"undetermined"[..]));
}

#[test]
fn arrow_holds_what_was_put_in() {
    for count in [0, 1, 9_000, 150_000] {
        let rows = rows(count);
        let file = written(Vec::new(), Kind::File, &rows).unwrap();
        let reader = FileReader::try_new(Cursor::new(file), None).unwrap();
        assert!(read(reader.map(Result::unwrap)) == rows, "{count}");
        let stream = written(Vec::new(), Kind::Stream, &rows).unwrap();
        let reader = StreamReader::try_new(stream.as_slice(), None).unwrap();
        assert!(read(reader.map(Result::unwrap)) == rows, "{count}");
    }
}

/// Writes the rows after they waited in files of so many sheets.
fn waited(kind: Kind, rows: &[Row], part: usize) -> Vec<u8> {
    let mut waiting = of_sheets(rows).into_iter().peekable();
    let mut wide = Wide::begin(Vec::new(), kind, &names()).unwrap();
    while waiting.peek().is_some() {
        let mut keeper = Keeper::sheets(Vec::new(), &names()).unwrap();
        for sheet in waiting.by_ref().take(part) {
            keeper.sheet(sheet).unwrap();
        }
        let kept = keeper.finish().unwrap();
        let all = sheets(kept.as_slice()).unwrap();
        all.for_each(|sheet| wide.take(sheet.unwrap()).unwrap());
        // A file that is cut short is an error.
        let cut = sheets(&kept[..kept.len() - 20]);
        assert!(cut.is_err() || cut.unwrap().any(|sheet| sheet.is_err()));
    }
    wide.finish().unwrap()
}

#[test]
fn rows_that_waited_make_the_same_table() {
    let forms = [Kind::Parquet, Kind::File, Kind::Stream];
    for (count, kinds) in [(1, &forms[..]), (9_000, &forms), (150_000, &forms[..1])] {
        let rows = rows(count);
        for &kind in kinds {
            let expected = written(Vec::new(), kind, &rows).unwrap();
            for part in [1, 7] {
                assert!(waited(kind, &rows, part) == expected, "{kind:?} {count} {part}");
            }
        }
    }
}

/// A writer that takes so many bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.0.checked_sub(bytes.len());
        self.0 = left.ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_said_as_one() {
    let rows = rows(9_000);
    for kind in [Kind::Parquet, Kind::File, Kind::Stream] {
        for room in [0, 3, 1_000, 20_000] {
            let error = written(Full(room), kind, &rows).err().map(|error| error.kind());
            assert_eq!(error, Some(io::ErrorKind::StorageFull), "{kind:?} {room}");
        }
    }
}

#[test]
fn large_sheets_are_groups_and_small_ones_fill_them() {
    let sheet = |count: usize| {
        let (day, mut sheet) = (Date::from_days(0).unwrap(), Sheet::new(3));
        (0..count).for_each(|_| sheet.push(Some("a"), day, std::iter::empty()));
        sheet
    };
    let groups = |sizes: &[usize]| {
        let mut wide = Wide::begin(Vec::new(), Kind::Parquet, &names()).unwrap();
        for size in sizes {
            wide.take(sheet(*size)).unwrap();
        }
        let file = SerializedFileReader::new(Bytes::from(wide.finish().unwrap())).unwrap();
        file.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect::<Vec<i64>>()
    };
    assert_eq!(groups(&[70_000, 80_000, 5]), [70_000, 80_000, 5]);
    assert_eq!(groups(&[200_000, 1]), [200_000, 1]);
    assert_eq!(groups(&[30_000; 6]), [120_000, 60_000]);
    assert_eq!(groups(&[5, 70_000, 80_000]), [70_005, 80_000]);
}
