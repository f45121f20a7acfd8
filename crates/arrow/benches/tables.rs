//! Tables of Parquet and Arrow IPC: read to rows of figures, and verdicts written to them.
//!
//! The files are written once from a fixed seed; the verdicts of what was read are held to the
//! oracle, and what was written is counted. `CHITIEU_BENCH_ROWS` sets the number of snapshots.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that makes its own data stops where they are not what it made"
)]

#[path = "../../../benches/made/mod.rs"]
mod made;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::types::Decimal64Type;
use arrow_array::{ArrayRef, Date32Array, PrimitiveArray, RecordBatch, StringArray};
use chitieu::calendar::Date;
use chitieu::number::Format;
use chitieu::reference::Reference;
use chitieu::report::{self, Fields, Record};
use chitieu::snapshot::{Batch, Data};
use chitieu::{Judgement, Measurement, Rules, Snapshot, Verdicts};
use chitieu_arrow::write::{Kind, Layout, Records, Sheet, Wide};
use chitieu_arrow::{Reader, batch};
use chitieu_io::{Keep, Options, Pieces, Worker};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

type Rows = Vec<[Option<i64>; made::INDICATORS]>;

fn day(row: usize) -> Date {
    Date::from_days(19_753 + i32::try_from(row % 20).unwrap() * 30).unwrap()
}

fn entity(row: usize) -> String {
    format!("don-vi-{row:06}")
}

/// The data as columns of decimals with four digits after the point.
fn table(data: &Rows) -> RecordBatch {
    let days = (0..data.len()).map(|row| day(row).days());
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("entity".to_owned(), Arc::new(StringArray::from_iter_values((0..data.len()).map(entity)))),
        ("as_of".to_owned(), Arc::new(Date32Array::from_iter_values(days))),
    ];
    for of in 0..made::INDICATORS {
        let power = 10_i64.pow(4 - made::scale(of));
        let numbers = data.iter().map(|row| row[of].map(|number| number * power));
        let numbers: PrimitiveArray<Decimal64Type> = numbers.collect();
        let numbers = numbers.with_precision_and_scale(18, 4).unwrap();
        columns.push((made::name(of), Arc::new(numbers)));
    }
    RecordBatch::try_from_iter(columns).unwrap()
}

fn parquet(table: &RecordBatch, compression: Compression) -> Vec<u8> {
    let properties = WriterProperties::builder().set_compression(compression);
    let mut writer =
        ArrowWriter::try_new(Vec::new(), table.schema(), Some(properties.build())).unwrap();
    writer.write(table).unwrap();
    writer.into_inner().unwrap()
}

fn arrow(table: &RecordBatch) -> Vec<u8> {
    let mut writer = arrow_ipc::writer::FileWriter::try_new(Vec::new(), &table.schema()).unwrap();
    writer.write(table).unwrap();
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

/// Reads a file on one thread.
fn read(rules: &Rules, path: &Path, mut each: impl FnMut(&Batch)) -> usize {
    let numbers = Some(Format::En);
    let options = Options { complete: true, numbers, tables: Some(&Reader), ..Options::default() };
    let path = path.to_owned();
    let pieces = Pieces::open(std::slice::from_ref(&path), options).unwrap();
    let mut pieces = pieces.wanted_for(Keep::Figures, rules);
    let mut worker = Worker::new(rules, Keep::Figures, options).for_verdicts();
    let mut rows = 0;
    while let Some(block) = pieces.next().unwrap() {
        let piece = worker.read(block);
        assert!(piece.fault.is_none() && piece.rejects.is_empty());
        rows += piece.batch.len();
        each(&piece.batch);
    }
    rows
}

fn add(counts: &mut [[u64; 8]], verdicts: &Verdicts) {
    for (at, counts) in counts.iter_mut().enumerate() {
        for (all, some) in counts.iter_mut().zip(verdicts.counts(at)) {
            *all += some;
        }
    }
}

/// Holds the counts of all targets to the oracle.
fn hold(counts: &[[u64; 8]], data: &Rows, name: &str) {
    for (target, counts) in made::targets().iter().zip(counts) {
        let [exceeded, met, not_met, _, no_data, ..] = *counts;
        assert_eq!([exceeded + met, not_met, no_data], made::oracle(target, data), "{name}");
    }
}

fn readers(criterion: &mut Criterion) {
    let data = made::data(made::rows(20_000));
    let rules = Rules::parse(&made::rule_text(&made::targets())).unwrap();
    let table = table(&data);
    let files = [
        ("snappy.parquet", parquet(&table, Compression::SNAPPY)),
        ("plain.parquet", parquet(&table, Compression::UNCOMPRESSED)),
        ("tables.arrow", arrow(&table)),
    ];
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut group = criterion.benchmark_group("read");
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::write(&path, &bytes).unwrap();
        let mut counts = vec![[0; 8]; rules.model().targets.len()];
        read(&rules, &path, |batch| add(&mut counts, &rules.evaluate_batch(batch)));
        hold(&counts, &data, name);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(BenchmarkId::new("figures", name), |bencher| {
            bencher.iter(|| assert_eq!(read(&rules, &path, |_| {}), data.len()));
        });
    }
    group.finish();
}

/// The verdict table of all rows.
fn wide(kind: Kind, names: &[String], verdicts: &Verdicts) -> Vec<u8> {
    let mut wide = Wide::begin(Vec::new(), kind, names).unwrap();
    let mut sheet = Sheet::new(names.len());
    let ids: Vec<String> = (0..verdicts.rows()).map(entity).collect();
    let keys = ids.iter().enumerate().map(|(row, id)| (Some(id.as_str()), day(row)));
    sheet.extend(keys, verdicts);
    wide.take(sheet).unwrap();
    wide.finish().unwrap()
}

/// The judgements of the first rows.
fn judgements(rules: &Rules, rows: &Rows) -> Vec<Judgement> {
    let mut data = Data::new();
    for (row, numbers) in rows.iter().take(200).enumerate() {
        let mut snapshot = Snapshot::new(entity(row)).on("30/06/2024").unwrap();
        for (of, number) in made::numbers(numbers).into_iter().enumerate() {
            if let Some(number) = number {
                snapshot = snapshot.measure(made::name(of), Measurement::number(number));
            }
        }
        data.push(snapshot, None);
    }
    let data = Arc::new(data);
    let batch = Batch::named(rules.model(), rules.names(), &data);
    let reference = Reference::named(rules.model(), rules.names(), &data);
    let cases = batch.rows().iter().filter_map(|row| batch.case(row));
    cases.flat_map(|case| reference.judge(&case)).collect()
}

/// Full records.
fn records(kind: Kind, rules: &Rules, judgements: &[Judgement]) -> Vec<u8> {
    let layout = Layout::new(rules.model(), &Fields::all(false));
    let mut table = Records::begin(Vec::new(), kind, &layout, 1).unwrap();
    let mut rows = layout.rows();
    for judgement in judgements {
        let record = Record::new(rules.model(), judgement, report::Options::default());
        rows.push(&record).unwrap();
    }
    table.take(rows).unwrap();
    table.finish().unwrap()
}

/// How many rows a file of Parquet or Arrow has.
fn rows_of(kind: Kind, bytes: Vec<u8>) -> usize {
    let batches: Vec<RecordBatch> = if kind == Kind::Parquet {
        let file = bytes::Bytes::from(bytes);
        let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(file, 999);
        reader.unwrap().map(Result::unwrap).collect()
    } else {
        let file = std::io::Cursor::new(bytes);
        let reader = arrow_ipc::reader::FileReader::try_new(file, None).unwrap();
        reader.map(Result::unwrap).collect()
    };
    batches.iter().map(RecordBatch::num_rows).sum()
}

fn writers(criterion: &mut Criterion) {
    let data = made::data(made::rows(20_000));
    let rules = Rules::parse(&made::rule_text(&made::targets())).unwrap();
    let lent = batch(&rules, &table(&data), Options::default()).unwrap();
    let verdicts = rules.evaluate_batch(&lent);
    let mut counts = vec![[0; 8]; rules.model().targets.len()];
    add(&mut counts, &verdicts);
    hold(&counts, &data, "lent");
    let names: Vec<String> = (0..verdicts.targets()).map(|at| format!("r{at:02}")).collect();
    let judgements = judgements(&rules, &data);
    let mut group = criterion.benchmark_group("write");
    for (name, kind) in [("parquet", Kind::Parquet), ("arrow", Kind::File)] {
        assert_eq!(rows_of(kind, wide(kind, &names, &verdicts)), data.len());
        group.throughput(Throughput::Elements((data.len() * names.len()) as u64));
        group.bench_function(BenchmarkId::new("wide", name), |bencher| {
            bencher.iter(|| wide(kind, &names, &verdicts));
        });
        assert_eq!(rows_of(kind, records(kind, &rules, &judgements)), judgements.len());
        group.throughput(Throughput::Elements(judgements.len() as u64));
        group.bench_function(BenchmarkId::new("records", name), |bencher| {
            bencher.iter(|| records(kind, &rules, &judgements));
        });
    }
    group.finish();
}

criterion_group!(benches, readers, writers);
criterion_main!(benches);
