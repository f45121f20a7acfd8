//! Tables of many shapes: read as figures they say what their records say.
//!
//! Files differ in how columns are packed, in the form and the number of pages, in the sizes of
//! groups, in statistics and in the kinds of numbers; records are read by the decoder of all kinds.

use std::sync::Arc;

use arrow_array::types::{Decimal32Type, Decimal64Type, Decimal128Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Int32Array, Int64Array, PrimitiveArray, RecordBatch,
    StringArray, UInt32Array, UInt64Array,
};
use chitieu::Rules;
use chitieu_io::Keep;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};

use super::tests::{Folder, RULES, batch, follow, parquet_of, pieces, pieces_of};

/// Numbers of a kind that holds them, some missing.
fn numbers(seed: &mut u64, rows: usize, most: i64) -> Vec<Option<i64>> {
    let (missing, distinct) = (follow(seed) % 4, follow(seed) % 3);
    let start = i64::try_from(follow(seed) % 3).unwrap() * most / 3;
    (0..rows)
        .map(|row| {
            let holes = match missing {
                0 => false,
                1 => follow(seed).is_multiple_of(40),
                2 => row / 70 % 2 == 1,
                _ => true,
            };
            let number = match distinct {
                0 => start,
                1 => start + i64::try_from(follow(seed) % 9).unwrap(),
                _ => i64::try_from(follow(seed) % u64::try_from(most).unwrap()).unwrap(),
            };
            (!holes).then_some(number)
        })
        .collect()
}

fn column(seed: &mut u64, rows: usize) -> ArrayRef {
    let most = [100, 5_000, 2_000_000][usize::try_from(follow(seed) % 3).unwrap()];
    let values = numbers(seed, rows, most);
    let short = || values.iter().map(|it| it.map(|it| i32::try_from(it).unwrap()));
    let long = |factor: i128| values.iter().map(move |it| it.map(|it| i128::from(it) * factor));
    match follow(seed) % 8 {
        0 => Arc::new(short().collect::<Int32Array>()),
        1 => {
            let short = short().map(|it| it.map(i32::cast_unsigned));
            Arc::new(short.collect::<UInt32Array>())
        }
        2 => Arc::new(Int64Array::from(values)),
        3 => {
            let long = values.iter().map(|it| it.map(i64::cast_unsigned));
            Arc::new(long.collect::<UInt64Array>())
        }
        4 => {
            let array: PrimitiveArray<Decimal32Type> = short().collect();
            Arc::new(array.with_precision_and_scale(9, 2).unwrap())
        }
        5 => {
            let array: PrimitiveArray<Decimal64Type> =
                values.iter().map(|it| it.map(|it| it * 1_000)).collect();
            Arc::new(array.with_precision_and_scale(18, 5).unwrap())
        }
        6 => {
            let array: PrimitiveArray<Decimal128Type> = long(10_i128.pow(18)).collect();
            Arc::new(array.with_precision_and_scale(38, 18).unwrap())
        }
        // Some of these have too many digits to be numbers of ours.
        _ => {
            let odd = follow(seed) % 2;
            let array: PrimitiveArray<Decimal128Type> = long(10_i128.pow(31))
                .map(|it| it.map(|it| it + i128::from(odd * (it.unsigned_abs() % 7) as u64)))
                .collect();
            Arc::new(array.with_precision_and_scale(38, 31).unwrap())
        }
    }
}

fn table(seed: &mut u64, rows: usize) -> RecordBatch {
    let named = follow(seed) % 4;
    let id = |row: usize| match named {
        0 => format!("x{}", row / 2),
        1 => format!("xã {row} Mỹ"),
        2 if row == rows / 2 => format!(" blank {row} "),
        _ => format!("don-vi-{row}"),
    };
    let ids: Vec<String> = (0..rows).map(id).collect();
    let day = |row: usize| 19_000 + i32::try_from(row % 5).unwrap() * 30;
    let days: Vec<i32> = (0..rows).map(day).collect();
    batch(vec![
        ("đơn vị", Arc::new(StringArray::from(ids))),
        ("ngày", Arc::new(Date32Array::from(days))),
        ("tỷ lệ a", column(seed, rows)),
        ("số b", column(seed, rows)),
        ("tổng c", column(seed, rows)),
    ])
}

fn properties(seed: &mut u64) -> WriterProperties {
    let mut pick = |count: u64| follow(seed) % count;
    let packed = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4_RAW,
        Compression::LZ4,
    ];
    let statistics = [EnabledStatistics::None, EnabledStatistics::Chunk, EnabledStatistics::Page];
    let version = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0];
    let at = |count| usize::try_from(count).unwrap();
    WriterProperties::builder()
        .set_compression(packed[at(pick(5))])
        .set_statistics_enabled(statistics[at(pick(3))])
        .set_writer_version(version[at(pick(2))])
        .set_dictionary_enabled(pick(3) > 0)
        .set_dictionary_page_size_limit([200, 1 << 20][at(pick(2))])
        .set_data_page_row_count_limit([17, 64, 5_000][at(pick(3))])
        .set_write_batch_size([16, 1_024][at(pick(2))])
        .set_max_row_group_row_count(Some([40, 85, 200, 1_000][at(pick(4))]))
        .build()
}

#[test]
fn tables_of_all_shapes_say_what_their_records_say() {
    let (folder, rules) = (Folder::new("shapes"), Rules::parse(RULES).unwrap());
    let mut seed = 2_023;
    for round in 0..150 {
        let rows = 1 + usize::try_from(follow(&mut seed) % 300).unwrap();
        let (table, properties) = (table(&mut seed, rows), properties(&mut seed));
        let shape = format!("{round}: {:?} {properties:?}", table.schema());
        let path = folder.file("a.parquet", &parquet_of(&[table], properties));
        let (figures, records) =
            (pieces(&path, &rules, Keep::Figures), pieces(&path, &rules, Keep::Records));
        assert_eq!(figures.rows, records.rows, "{shape}");
        assert_eq!(figures.rejects, records.rejects, "{shape}");
        assert_eq!(figures.unreadable, records.unreadable, "{shape}");
        assert_eq!((figures.read, figures.fault), (records.read, records.fault), "{shape}");
    }
}

/// A file of two groups: in the first all numbers stand above both thresholds, in the second some
/// do not.
fn two_groups(statistics: EnabledStatistics) -> Vec<u8> {
    let part = |first: i64, step: i64| {
        let ids: Vec<String> = (0..80).map(|row| format!("x{first}-{row}")).collect();
        let numbers: Vec<i64> = (0..80).map(|row| first + row * step).collect();
        batch(vec![
            ("entity", Arc::new(StringArray::from(ids)) as ArrayRef),
            ("as_of", Arc::new(Date32Array::from(vec![19_538; 80]))),
            ("tỷ lệ a", Arc::new(Int64Array::from(numbers))),
        ])
    };
    let properties = WriterProperties::builder().set_statistics_enabled(statistics);
    parquet_of(&[part(50, 1), part(30, 1)], properties.build())
}

#[test]
fn groups_that_statistics_decide_are_not_read() {
    let (folder, rules) = (Folder::new("decided"), Rules::parse("tỷ lệ a >= 40%").unwrap());
    let said = |bytes: &[u8]| pieces(&folder.file("a.parquet", bytes), &rules, Keep::Figures);
    let (with, without) =
        (two_groups(EnabledStatistics::Chunk), two_groups(EnabledStatistics::None));
    let expected = said(&without);
    assert_eq!((said(&with), expected.rows.len()), (said(&without), 160));
    let metadata = parquet::file::metadata::ParquetMetaDataReader::new()
        .parse_and_finish(&bytes::Bytes::from(with.clone()))
        .unwrap();
    // Pages of the first group are not looked at; those of the second are.
    for (group, is_read) in [(0, false), (1, true)] {
        let (start, length) = metadata.row_group(group).column(2).byte_range();
        let (start, length) = (usize::try_from(start).unwrap(), usize::try_from(length).unwrap());
        let mut broken = with.clone();
        broken[start..start + length].fill(0xff);
        let found = said(&broken);
        assert_eq!(found.fault.is_some(), is_read, "{group}");
        assert!(is_read || found == expected, "{group}");
        broken.clone_from(&without);
        broken[start..start + length].fill(0xff);
        assert!(said(&broken).fault.is_some());
    }
}

#[test]
fn columns_may_be_of_another_kind_in_the_next_file() {
    let (folder, rules) = (Folder::new("kinds"), Rules::parse("tỷ lệ a >= 40%").unwrap());
    let of = |name: &str, array: ArrayRef| {
        let ids: Vec<String> = (0..array.len()).map(|row| format!("{name}{row}")).collect();
        let table = batch(vec![
            ("entity", Arc::new(StringArray::from(ids)) as ArrayRef),
            ("as_of", Arc::new(Date32Array::from(vec![19_538; array.len()]))),
            ("tỷ lệ a", array),
        ]);
        folder.file(name, &parquet_of(&[table], WriterProperties::default()))
    };
    let tens: PrimitiveArray<Decimal128Type> =
        [Some(39_999), Some(400_000), None].into_iter().collect();
    let paths = [
        of("whole.parquet", Arc::new(Int64Array::from(vec![Some(40), None, Some(39)]))),
        of("decimal.parquet", Arc::new(tens.with_precision_and_scale(38, 4).unwrap())),
        of("text.parquet", Arc::new(StringArray::from(vec!["39", "hơn 40%", "40.5"]))),
        of("yes.parquet", Arc::new(BooleanArray::from(vec![true]))),
    ];
    for keep in [Keep::Figures, Keep::Records] {
        let said = pieces_of(&paths, &rules, keep);
        let codes: Vec<&str> = said.rows.iter().filter_map(|row| row.split(' ').nth(2)).collect();
        let expected = [
            ["met", "no_data", "not_met"].as_slice(),
            &["not_met", "met", "no_data"],
            &["not_met", "exceeded", "exceeded"],
            &["contradictory"],
        ];
        assert_eq!((codes, said.fault), (expected.concat(), None), "{keep:?}");
    }
}
