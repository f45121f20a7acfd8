//! Any table is read without a panic, and each row of it is judged or rejected.
//!
//! The first byte says how: with a date for rows that have none, and how numbers are written.

#![no_main]

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;

use chitieu::Rules;
use chitieu::calendar::{self, Date};
use chitieu::number::Format;
use chitieu::snapshot::{Cases, Data};
use chitieu_io::{InputFormat, Item, Options};
use libfuzzer_sys::fuzz_target;

const RULES: &str =
    "chương trình: A\nhiệu lực: năm 2023\n\ntỷ lệ a >= 40%\nsố b < 5 người\nc = có\n";

/// So many snapshots of a table are judged.
const JUDGED: usize = 4;

struct Bench {
    path: PathBuf,
    rules: Rules,
    date: Date,
}

thread_local! {
    static BENCH: RefCell<Option<Bench>> = const { RefCell::new(None) };
}

/// What is the same for all tables; a file in memory where there is one.
fn bench() -> Bench {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let path = folder.join(format!("chitieu-fuzz-{}.csv", std::process::id()));
    let rules = Rules::parse(RULES).expect("sound rules");
    let date = calendar::parse("31/12/2023").expect("a date").last.expect("a last day");
    Bench { path, rules, date }
}

fn judge(bench: &Bench, how: u8, table: &[u8]) {
    fs::write(&bench.path, table).expect("a file to write");
    let numbers = match how >> 1 & 3 {
        0 => Some(Format::Vi),
        1 => Some(Format::En),
        _ => None,
    };
    let fallback = (how & 1 == 1).then_some(bench.date);
    let options = Options { fallback, numbers, format: Some(InputFormat::Csv), ..Options::default() };
    let (mut data, mut rejected, mut taken, mut given) = (Data::new(), 0, 0, 0);
    let read =
        chitieu_io::read(std::slice::from_ref(&bench.path), options, &mut |_, item| match item {
            Item::Record(record) => {
                taken += 1;
                given += record.measurements.len();
                assert!(!record.entity.trim().is_empty(), "a record of nobody");
                assert!(data.push(*record, fallback), "a record without a date");
            }
            Item::Reject(_) => rejected += 1,
        });
    if let Ok(inputs) = read {
        let [input] = inputs.as_slice() else { panic!("one file") };
        assert_eq!(input.rejected, rejected);
        assert_eq!(input.read, taken + rejected);
        assert_eq!(input.bytes, table.len() as u64);
    }
    let stand: usize = data.snapshots.iter().map(|one| data.entries(one).count()).sum();
    assert_eq!(stand, given, "each measurement stands in one snapshot");
    let cases = Cases::each_snapshot(&data);
    for case in (0..JUDGED).map_while(|place| cases.get(&data, place)) {
        assert_eq!(bench.rules.judge(&data, &case).len(), bench.rules.model().targets.len());
    }
    if let Ok((entities, input)) = chitieu_io::entities(&bench.path, false) {
        assert_eq!(input.read, entities.len() as u64);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((how, table)) = bytes.split_first() else { return };
    // Packed files are the matter of the crates that unpack them, and a few bytes are a gigabyte.
    if table.starts_with(&[0x1f, 0x8b]) || table.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return;
    }
    BENCH.with_borrow_mut(|slot| judge(slot.get_or_insert_with(bench), *how, table));
});
