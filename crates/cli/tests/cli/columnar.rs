//! Results as Parquet and Arrow IPC: read back, they are the records of NDJSON.

use std::fs::{self, File};
use std::io::Cursor;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int8Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::DataType;
use chitieu::calendar::Date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Map, Value};

use crate::world::World;

/// The value of a row, as NDJSON writes it.
fn value(array: &dyn Array, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::Boolean => array.as_boolean().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
        DataType::Date32 => {
            let day = array.as_primitive::<Date32Type>().value(row);
            Date::from_days(day).unwrap().to_string().into()
        }
        DataType::Dictionary(key, _) if **key == DataType::Int8 => {
            let coded = array.as_dictionary::<Int8Type>();
            value(coded.values(), coded.key(row).unwrap())
        }
        DataType::Dictionary(..) => {
            let coded = array.as_dictionary::<Int32Type>();
            value(coded.values(), coded.key(row).unwrap())
        }
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            (0..items.len()).map(|item| value(&items, item)).collect()
        }
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns();
            let members = fields.iter().zip(columns).map(|(field, it)| (field, value(it, row)));
            let object: Map<String, Value> =
                members.map(|(field, it)| (field.name().clone(), it)).collect();
            object.into()
        }
        other => unreachable!("{other}"),
    }
}

/// The rows of batches as NDJSON has them. A step has all its members in a table: those of
/// its other kind are null.
fn lines(batches: impl Iterator<Item = RecordBatch>) -> Vec<Value> {
    let mut rows = Vec::new();
    for batch in batches {
        let schema = batch.schema();
        for row in 0..batch.num_rows() {
            let columns = schema.fields().iter().zip(batch.columns());
            let mut object: Map<String, Value> =
                columns.map(|(field, it)| (field.name().clone(), value(it, row))).collect();
            if let Some(Value::Object(step)) = object.get_mut("step") {
                let units = step.remove("units").unwrap();
                if !units.is_null() {
                    assert!(step.values().all(Value::is_null), "{step:?}");
                    *step = Map::from_iter([("units".to_owned(), units)]);
                }
            }
            rows.push(object.into());
        }
    }
    rows
}

fn parquet(path: &Path) -> Vec<Value> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    lines(reader.build().unwrap().map(Result::unwrap))
}

fn arrow(path: &Path) -> Vec<Value> {
    lines(FileReader::try_new(File::open(path).unwrap(), None).unwrap().map(Result::unwrap))
}

/// The path of a pack of rules, with its data.
fn pack(name: &str) -> [String; 3] {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let path = |it: &str| folder.join(it).to_str().unwrap().to_owned();
    [path(&format!("{name}/rules.chitieu")), path(&format!("{name}/snapshots.json")), path("")]
}

/// Runs on a pack: the rows of NDJSON, of Parquet and of Arrow.
fn check(world: &World, pack: &[String; 3], more: &[&str]) -> usize {
    let [rules, data, root] = pack.each_ref().map(String::as_str);
    let base = ["eval", rules, "--root", root, "--data", data];
    let run = world.run(&[&base[..], more, &["--format", "ndjson"]].concat());
    assert_eq!(run.status, 0, "{}", run.said);
    let expected: Vec<Value> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for name in ["v.parquet", "v.arrow"] {
        let table = world.run(&[&base[..], more, &["-o", name]].concat());
        assert_eq!((table.status, table.out, table.said), (0, String::new(), run.said.clone()));
        let path = world.path(name);
        let rows = if name == "v.arrow" { arrow(&path) } else { parquet(&path) };
        assert!(rows == expected, "{name} {more:?} {rules}");
        fs::remove_file(path).unwrap();
    }
    let piped = world.command(&[&base[..], more, &["--format", "arrow"]].concat());
    let out = { piped }.output().unwrap().stdout;
    let stream = StreamReader::try_new(Cursor::new(out), None).unwrap();
    assert!(lines(stream.map(Result::unwrap)) == expected, "stream {more:?} {rules}");
    expected.len()
}

#[test]
fn tables_hold_the_records_of_all_packs() {
    let world = World::new(&[]);
    let mut records = 0;
    for name in
        ["bac-giang", "binh-duong-2023", "bo-chi-so-766", "de-an-06", "uy-ban-quoc-gia-2023"]
    {
        let pack = pack(name);
        records += check(&world, &pack, &["--exact", "--lang", "en"]);
        check(&world, &pack, &["--layout", "wide"]);
        check(&world, &pack, &["--layout", "wide", "--only", "met,not_met", "--threads", "1"]);
    }
    assert!(records > 100, "{records}");
    let pack = pack("bac-giang");
    check(&world, &pack, &[]);
    check(&world, &pack, &["--only", "no_data", "--fields", "message,due,step,verdict,parts"]);
    check(&world, &pack, &["--only", "contradictory", "--complete-records"]);
}

const RULES: &str = "chương trình: Kế hoạch 2023\nmã: KH\n\n[A] tỷ lệ a >= 40%\n\
    [B] \"số b\" / \"số c\" >= 99,9% và tỷ lệ a >= 3%\n";

fn data(rows: usize) -> String {
    let line = |row: usize| {
        format!(
            "{{\"entity\":\"đv {row}\",\"as_of\":2023,\"measurements\":{{\"tỷ lệ a\":{},\
             \"số b\":{},\"số c\":{}}}}}\n",
            row % 83,
            row % 7,
            row % 5
        )
    };
    (0..rows).map(line).collect()
}

#[test]
fn threads_and_ways_change_no_byte() {
    let files = [("r.chitieu", RULES.as_bytes()), ("s.ndjson", &data(2_500).into_bytes())];
    let world = World::new(&files);
    let mut tables = Vec::new();
    for layout in [&["--layout", "wide"][..], &[]] {
        for format in ["parquet", "arrow"] {
            for (more, place) in [
                (&["--threads", "1"][..], 0),
                (&["--threads", "3"], 1),
                (&["--complete-records", "--threads", "3"], 2),
            ] {
                let args = ["eval", "r.chitieu", "--data", "s.ndjson", "--format", format];
                let output = world.command(&[&args[..], layout, more].concat()).output().unwrap();
                assert!(output.status.success());
                let name = format!("{place}.{format}");
                fs::write(world.path(&name), &output.stdout).unwrap();
                tables.push(output.stdout);
            }
            let [one, three, complete] = tables.as_slice() else { panic!() };
            assert!(one == three, "{layout:?} {format}");
            if format == "parquet" {
                // Row groups are cut at batches, which are cut otherwise.
                assert!(parquet(&world.path("0.parquet")) == parquet(&world.path("2.parquet")));
            } else {
                let read = |bytes: &Vec<u8>| {
                    lines(StreamReader::try_new(&bytes[..], None).unwrap().map(Result::unwrap))
                };
                assert!(read(one) == read(complete), "{layout:?}");
            }
            tables.clear();
        }
    }
}

#[test]
fn an_output_appears_whole_or_not_at_all() {
    let world = World::new(&[("r.chitieu", RULES.as_bytes()), ("s.ndjson", data(50).as_bytes())]);
    let broken = format!("{}{{\n", data(2_000));
    fs::write(world.path("broken.ndjson"), broken).unwrap();
    for name in ["v.parquet", "v.arrow", "v.csv"] {
        for layout in [&["--layout", "wide"][..], &[]] {
            fs::write(world.path(name), "old").unwrap();
            for way in [&[][..], &["--complete-records"]] {
                let args = ["eval", "r.chitieu", "--data", "broken.ndjson", "-o", name];
                let run = world.run(&[&args[..], layout, way].concat());
                assert_eq!((run.status, run.out.as_str()), (2, ""), "{}", run.said);
                assert_eq!(world.text(name), "old");
            }
            let args = ["eval", "r.chitieu", "--data", "s.ndjson", "-o", "none/v.parquet"];
            assert_eq!(world.run(&[&args[..], layout].concat()).status, 2);
        }
        fs::remove_file(world.path(name)).unwrap();
    }
    assert_eq!(world.names(), ["broken.ndjson", "r.chitieu", "s.ndjson"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let files = [("r.chitieu", RULES.as_bytes()), ("s.ndjson", &data(1_500).into_bytes())];
    let world = World::new(&files);
    for format in ["parquet", "arrow", "csv", "ndjson"] {
        for layout in [&["--layout", "wide"][..], &[]] {
            let args = ["eval", "r.chitieu", "--data", "s.ndjson", "--format", format];
            let to_file = [&args[..], layout, &["-o", "/dev/full"]].concat();
            let run = world.run(&to_file);
            assert_eq!((run.status, run.out.as_str()), (2, ""), "{format} {layout:?}");
            let said = "không ghi được tệp `/dev/full`: ổ đĩa đã đầy";
            assert!(run.said.contains(said), "{}", run.said);
            let mut command = world.command(&[&args[..], layout].concat());
            let full = File::options().write(true).open("/dev/full").unwrap();
            let output = command.stdout(full).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{format} {layout:?}");
        }
    }
}

#[test]
fn what_a_table_cannot_hold_is_refused() {
    let world = World::new(&[("r.chitieu", RULES.as_bytes()), ("s.ndjson", data(5).as_bytes())]);
    for (more, said) in [
        (&["--summary"][..], "`--summary` không ghi ra Parquet"),
        (&["--scores"], "`--scores` không ghi ra Parquet"),
        (&["--fields", "target,verdict, target"], "cột `target` hai lần"),
        (&["--layout", "wide", "--exact"], "không đi cùng"),
    ] {
        let args = ["eval", "r.chitieu", "--data", "s.ndjson", "-o", "v.parquet"];
        let run = world.run(&[&args[..], more].concat());
        assert_eq!((run.status, run.out.as_str()), (2, ""));
        assert!(run.said.contains(said), "{}", run.said);
    }
    assert_eq!(world.names(), ["r.chitieu", "s.ndjson"]);
}
