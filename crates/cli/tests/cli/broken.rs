//! Files that are cut short, or that are not what they were half way: each is an error that names
//! the file, or every record of it is accounted for. Never is a verdict lost in silence.

use std::fs;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, NullArray,
    RecordBatch, StringArray,
};
use chitieu::calendar::Date;
use parquet::arrow::ArrowWriter;

use crate::sample::{self, File, Sample};
use crate::world::{Run, World};

/// Ways to judge; the first is the reference evaluator's.
const WAYS: [&[&str]; 4] = [
    &["--summary", "--reference"],
    &["--summary"],
    &["--summary", "--complete-records"],
    &["--summary", "--complete-records", "--checkpoint", "ck"],
];

/// The sum of the numbers behind a word of the receipt, over all inputs.
fn counted(run: &Run, word: &str) -> u64 {
    let word = format!("\"{word}\":");
    let behind = run.out.split(&word).skip(1);
    behind.map(|it| it.split([',', '}']).next().unwrap().parse::<u64>().unwrap()).sum()
}

/// Runs every way on a file: all say and write the same, and account for what they read.
fn accounted(world: &World, file: &str, options: &[&str]) -> Run {
    let base = ["eval", "r.chitieu", "--data", file, "--rejects", "x", "--lang", "vi"];
    let base = [&base[..], &["--format", "ndjson"], options].concat();
    let mut runs = WAYS.iter().map(|way| {
        let run = world.run(&[&base[..], way].concat());
        let _ = fs::remove_dir_all(world.path("ck"));
        let rejects = fs::read_to_string(world.path("x")).unwrap_or_default();
        let _ = fs::remove_file(world.path("x"));
        (run, rejects)
    });
    let (run, rejects) = runs.next().unwrap();
    for (other, way) in runs.zip(&WAYS[1..]) {
        assert_eq!((&other.0, &other.1), (&run, &rejects), "{file} {way:?}");
    }
    if run.status == 0 {
        let [read, evaluated, rejected] =
            ["read", "evaluated", "rejected"].map(|word| counted(&run, word));
        assert_eq!((read, rejects.lines().count() as u64), (evaluated + rejected, rejected));
        let said = format!("đã đọc {read} = đánh giá {evaluated} + loại {rejected}; ");
        assert!(run.said.contains(&said), "{file} {}", run.said);
        for line in run.out.lines().filter(|line| line.contains("\"counts\"")) {
            let numbers = line.split(|c: char| !c.is_ascii_digit() && c != ':');
            let counts = numbers.filter_map(|part| part.strip_prefix(':')?.parse::<u64>().ok());
            let sum = counts.sum::<u64>();
            // A snapshot of a long table is several rows.
            let is_whole =
                if file.starts_with("long") { sum < evaluated } else { sum == evaluated };
            assert!(is_whole, "{file} {sum} {evaluated} {line}");
        }
    } else {
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{file} {}", run.said);
        assert!(run.said.contains(file) || run.said.contains("không có bản ghi"), "{}", run.said);
    }
    run
}

#[test]
fn files_of_every_form_that_are_cut_short() {
    let world = World::new(&[("r.chitieu", sample::rules().as_bytes())]);
    let mut errors = 0;
    for File { name, bytes, options } in Sample::new(30, 11).files() {
        let len = bytes.len();
        for end in [0, 3, len / 3, len / 2 + 1, len - 9, len - 1] {
            fs::write(world.path(name), &bytes[..end]).unwrap();
            let run = accounted(&world, name, options);
            errors += u32::from(run.status == 2);
            // Nothing but lines and rows can be cut without a trace.
            let is_plain = ["s.ndjson", "wide.csv", "excel.csv", "long.csv"].contains(&name);
            let said = || format!("{name} {end} of {len} {}", run.said);
            assert!(is_plain || run.status == 2 || counted(&run, "rejected") > 0, "{}", said());
        }
        fs::write(world.path(name), &bytes).unwrap();
        assert_eq!(accounted(&world, name, options).status, 0, "{name}");
        fs::remove_file(world.path(name)).unwrap();
    }
    assert!(errors > 25, "{errors}");
}

const RULES: &str = "mã: KH\n\n[A] tỷ lệ a >= 40%\n";

/// A table of four rows in both forms, with figures of `tỷ lệ a`.
fn tables(world: &World, name: &str, figures: ArrayRef) -> [String; 2] {
    let day = Date::new(2023, 12, 31).unwrap().days();
    let entities: StringArray = (0..4).map(|row| Some(format!("{name}{row}"))).collect();
    let columns: [(&str, ArrayRef); 3] = [
        ("entity", Arc::new(entities)),
        ("as_of", Arc::new(Date32Array::from(vec![day; 4]))),
        ("tỷ lệ a", figures),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let schema = batch.schema();
    let mut parquet = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), None).unwrap();
    parquet.write(&batch).unwrap();
    let mut arrow = arrow_ipc::writer::FileWriter::try_new(Vec::new(), &schema).unwrap();
    arrow.write(&batch).unwrap();
    let files = [
        (format!("{name}.parquet"), parquet.into_inner().unwrap()),
        (format!("{name}.arrow"), arrow.into_inner().unwrap()),
    ];
    files.map(|(file, bytes)| {
        fs::create_dir_all(world.path(&file).parent().unwrap()).unwrap();
        fs::write(world.path(&file), bytes).unwrap();
        file
    })
}

fn decimals(values: [Option<i128>; 4], scale: i8) -> ArrayRef {
    let array: Decimal128Array = values.into_iter().collect();
    Arc::new(array.with_precision_and_scale(38, scale).unwrap())
}

/// The verdict and the reason of each row.
fn verdicts(world: &World, file: &str) -> String {
    let fields = ["--fields", "verdict,reason,measured", "--format", "csv"];
    let base = ["eval", "r.chitieu", "--number-format", "en", "--data", file];
    let run = world.run(&[&base[..], &fields].concat());
    assert_eq!(run.status, 0, "{}", run.said);
    run.out.lines().skip(1).collect::<Vec<_>>().join(" ")
}

#[test]
fn decimals_of_38_digits_are_exact_or_unreadable() {
    let world = World::new(&[("r.chitieu", RULES.as_bytes())]);
    let forty = 40 * 10_i128.pow(35);
    for (values, scale, expected) in [
        // Zeros at the end do not count; a digit at place 35 cannot be held.
        (
            [Some(forty), Some(forty - 10_i128.pow(10)), Some(forty + 1), None],
            35,
            "met,,40 not_met,,39.9999999999999999999999999 contradictory,unreadable, \
             no_data,absent,",
        ),
        (
            [Some(40 * 10_i128.pow(26) + 1), Some(40 * 10_i128.pow(26) - 1), Some(0), Some(-1)],
            26,
            "exceeded,,40.00000000000000000000000001 not_met,,39.99999999999999999999999999 \
             not_met,,0 not_met,,0",
        ),
        (
            [Some(i128::MAX / 10), Some(-i128::MAX / 10), Some(40), Some(39)],
            0,
            "contradictory,unreadable, contradictory,unreadable, met,,40 not_met,,39",
        ),
    ] {
        for file in tables(&world, "d", decimals(values, scale)) {
            accounted(&world, &file, &[]);
            assert_eq!(verdicts(&world, &file), expected, "{file} {scale}");
        }
    }
}

#[test]
fn columns_may_change_their_type_from_file_to_file() {
    let world = World::new(&[("r.chitieu", RULES.as_bytes())]);
    let kinds: [(&str, ArrayRef); 5] = [
        ("s/1", decimals([Some(4_000), Some(3_999), None, Some(4_001)], 2)),
        ("s/2", Arc::new(Int64Array::from(vec![Some(40), None, Some(39), Some(41)]))),
        ("s/3", Arc::new(StringArray::from(vec![Some("40"), Some("hơn 80%"), Some(""), None]))),
        ("s/4", Arc::new(NullArray::new(4))),
        ("s/5", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), None]))),
    ];
    for (name, figures) in kinds {
        let [_, arrow] = tables(&world, name, figures);
        fs::remove_file(world.path(&arrow)).unwrap();
    }
    let run = accounted(&world, "s", &["--number-format", "en"]);
    assert_eq!(run.status, 0, "{}", run.said);
    assert_eq!(counted(&run, "read"), 20);
    let expected = "met,,40 not_met,,39.99 no_data,absent, exceeded,,40.01 met,,40 no_data,absent, \
                    not_met,,39 exceeded,,41 met,,40 exceeded,,> 80 no_data,absent, \
                    no_data,absent, no_data,absent, no_data,absent, no_data,absent, \
                    no_data,absent, contradictory,wrong_unit,true no_data,absent, \
                    contradictory,wrong_unit,false no_data,absent,";
    assert_eq!(verdicts(&world, "s"), expected.replace(",true", ",").replace(",false", ","));
    let floats = tables(&world, "s/6", Arc::new(Float64Array::from(vec![40.0; 4])));
    for file in floats {
        let run = accounted(&world, &file, &["--number-format", "en"]);
        let said = format!("lỗi: {file}: cột `tỷ lệ a` là số thực nhị phân (Float64)");
        assert!(run.said.starts_with(&said), "{}", run.said);
    }
    let run = accounted(&world, "s", &["--number-format", "en"]);
    assert!(run.said.contains("s/6.arrow: cột `tỷ lệ a` là số thực"), "{}", run.said);
}

#[test]
fn keys_that_come_twice_agree_or_contradict() {
    let world = World::new(&[("r.chitieu", RULES.as_bytes())]);
    let twice = "entity,as_of,tỷ lệ a,tỉ lệ a\na,2023,41,41\nb,2023,41,42\nc,2023,,41\n";
    fs::write(world.path("s.csv"), twice).unwrap();
    fs::write(world.path("same.csv"), twice.replace("tỉ lệ a", "tỷ lệ a")).unwrap();
    let lines = [
        "{\"entity\":\"a\",\"as_of\":2023,\"measurements\":{\"tỷ lệ a\":41,\"tỷ lệ a\":41}}",
        "{\"entity\":\"b\",\"as_of\":2023,\"measurements\":{\"tỷ lệ a\":41,\"tỉ lệ a\":42}}",
        "{\"entity\":\"c\",\"as_of\":2023,\"measurements\":{\"tỷ lệ a\":null,\"tỉ lệ a\":41}}",
        "{\"entity\":\"d\",\"entity\":\"e\",\"as_of\":2023,\"measurements\":{\"tỷ lệ a\":41}}",
        "{\"entity\":\"d\",\"as_of\":2023,\"measurements\":{\"tỷ lệ a\":1},\"measurements\":{}}",
    ];
    fs::write(world.path("s.ndjson"), lines.join("\n")).unwrap();
    fs::write(world.path("sound.ndjson"), lines[..3].join("\n")).unwrap();
    let expected = "exceeded,,41 contradictory,unequal_values, exceeded,,41";
    for file in ["s.csv", "same.csv", "sound.ndjson"] {
        assert_eq!(counted(&accounted(&world, file, &[]), "rejected"), 0);
        assert_eq!(verdicts(&world, file), expected, "{file}");
    }
    assert_eq!(counted(&accounted(&world, "s.ndjson", &[]), "rejected"), 2);
    let run = world.run(&["eval", "r.chitieu", "--data", "s.ndjson", "--lang", "vi"]);
    let said = "lỗi: s.ndjson:4:15: bản ghi bị loại: trường `entity` ghi hai lần với hai giá trị \
                khác nhau\nlỗi: s.ndjson:5:57: bản ghi bị loại: trường `measurements` ghi hai lần \
                với hai giá trị khác nhau\n";
    assert!(run.said.starts_with(said), "{}", run.said);
}
