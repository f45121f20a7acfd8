//! Pieces say what the records of all rows say, wherever the input is cut.

mod lists;
mod runs;

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chitieu::Rules;
use chitieu::number::Format;
use chitieu::snapshot::{Batch, Data, Entry, composed_id};
use chitieu::source::{Source, Sources};

use super::{Block, Keep, Pieces, Worker, is_unreadable};
use crate::{IoError, Item, Options, Reject};
use chitieu::calendar::Date;

const RULES: &str = "chương trình: Kế hoạch 2023
mã: KH

[A] tỷ lệ a >= 40%
[B] \"số b\" / \"số c\" >= 99,9%
[C] ban hành d = có
[D] số e < 1000
[E] thứ hạng f trong tốp 10
[F] tỷ lệ a trong khoảng 20% đến 80%
[G] thu g >= 5 tỷ đồng

chỉ số: tỷ lệ a
  tên khác: tỉ lệ cũ
chỉ số: số e
  phạm vi: 0 đến 5000
";

const OTHERS: &str = "chương trình: Kế hoạch khác
mã: K2
viết tắt: TB = thu bình

[A] số b > 40,5
[B] số TB < 7
";

fn rules() -> Rules {
    let mut sources = Sources::default();
    for text in [RULES, OTHERS] {
        sources.add(Source::new("", text).unwrap());
    }
    Rules::load(sources).map_err(|(_, found)| found).unwrap()
}

const NAMES: [&str; 8] =
    ["tỷ lệ a", "số b", "số c", "ban hành d", "số e", "lạ", "thứ hạng f", "thu g"];

/// Names that are others' under the rules of names, or of nobody.
const RARE: [&str; 4] = ["tỉ lệ cũ", "Số  B", "số thu bình", "lạ khác"];

/// Numbers that look random, and are the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    fn number(&mut self) -> String {
        match self.below(8) {
            0 | 1 => self.below(100_000).to_string(),
            2 => format!("-{}.{:04}", self.below(100), self.below(10_000)),
            3 => self.below(12).to_string(),
            _ => format!("{}.{:02}", self.below(100), self.below(100)),
        }
    }
}

/// What was read, in a form that can be compared.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    rows: Vec<(String, Date, Vec<u8>)>,
    rejects: Vec<Reject>,
    read: u64,
    unreadable: u64,
    unknown: Vec<String>,
    knows_any: bool,
    parents: Vec<(String, String)>,
    /// All that records say, where they are kept.
    whole: Vec<String>,
    fault: String,
}

impl Seen {
    fn whole(&mut self, data: &Data) {
        for one in &data.snapshots {
            let id = &data.entities[one.entity as usize].id;
            let entry = |it: Entry<'_>| {
                (data.names[it.name() as usize].clone(), it.place(), it.measurement())
            };
            let entries: Vec<_> = data.entries(one).map(entry).collect();
            let beside = (one.period(), &one.attributes[..]);
            self.whole.push(format!("{id} {beside:?} {entries:?}"));
        }
    }

    fn rows(&mut self, rules: &Rules, batch: &Batch, id: impl Fn(usize) -> String) {
        let verdicts = rules.evaluate_batch(batch);
        for (row, of) in batch.rows().iter().enumerate() {
            let codes = (0..verdicts.targets()).map(|target| verdicts.codes(target)[row]);
            self.rows.push((id(row), of.as_of, codes.collect()));
        }
    }

    fn name(&mut self, name: &str) {
        if !self.unknown.iter().any(|known| known == name) {
            self.unknown.push(name.to_owned());
        }
    }
}

/// Record by record.
fn by_records(rules: &Rules, path: &PathBuf, options: Options) -> Seen {
    let (mut seen, mut data) = (Seen::default(), Data::new());
    let read = crate::read(std::slice::from_ref(path), options, &mut |_, item| {
        seen.read += 1;
        let record = match item {
            Item::Reject(reject) => return seen.rejects.push(reject),
            Item::Record(record) => *record,
        };
        for (name, given) in &record.measurements {
            let ids = rules.names().find(rules.model(), name);
            if ids.is_empty() {
                seen.name(name);
            }
            seen.knows_any |= !ids.is_empty();
            seen.unreadable += u64::from(is_unreadable(rules.model(), &ids, given));
        }
        if let Some(parent) = &record.parent {
            let id = composed_id(&record.entity).into_owned();
            seen.parents.push((id, parent.clone()));
        }
        assert!(data.push_next(record, options.fallback));
    });
    seen.fault = read.err().map(|error| error.to_string()).unwrap_or_default();
    let data = Arc::new(data);
    seen.whole(&data);
    let batch = Batch::from_data(rules.model(), &data);
    let id = |row: usize| data.entities[batch.rows()[row].entity as usize].id.clone();
    seen.rows(rules, &batch, id);
    seen
}

/// Blocks are cut before those before them are read, as threads do.
#[derive(Default)]
struct Ahead(VecDeque<Result<Option<Block>, IoError>>);

impl Ahead {
    fn next(&mut self, pieces: &mut Pieces) -> Result<Option<Block>, IoError> {
        while self.0.len() < 3 && !matches!(self.0.back(), Some(Err(_) | Ok(None))) {
            self.0.push_back(pieces.next());
        }
        self.0.pop_front().unwrap()
    }
}

/// Piece by piece.
fn by_pieces(rules: &Rules, path: &PathBuf, options: Options, keep: Keep, chunk: usize) -> Seen {
    let mut seen = Seen::default();
    let opened = Pieces::open(std::slice::from_ref(path), options);
    let mut pieces = opened.unwrap().in_chunks_of(chunk);
    // Threads learn by themselves.
    let (mut last, mut ended) = (None, None);
    let mut workers = [(); 2].map(|()| Worker::new(rules, keep, options));
    let mut ahead = Ahead::default();
    for number in 0.. {
        let block = match ahead.next(&mut pieces) {
            Ok(Some(block)) => block,
            Ok(None) => break,
            Err(fault) => {
                seen.fault = fault.to_string();
                break;
            }
        };
        let piece = workers[number % 2].read(block);
        if piece.is_behind(&mut ended) {
            continue;
        }
        let first = piece.key(0).map(|(id, day)| (id.to_owned(), day));
        if let (Some((entity, day)), true) = (first.clone(), first == last) {
            seen.fault = IoError::Twice { place: piece.first.unwrap(), entity, day }.to_string();
            break;
        }
        let row = piece.batch.len().wrapping_sub(1);
        last = piece.key(row).map(|(id, day)| (id.to_owned(), day)).or(last);
        if let Some(fault) = &piece.fault {
            seen.fault = fault.to_string();
        }
        seen.read += piece.read;
        seen.unreadable += piece.unreadable;
        seen.knows_any |= piece.knows_any;
        piece.unknown.iter().for_each(|name| seen.name(name));
        seen.parents.extend(piece.parents.iter().cloned());
        let ids = |row: usize| piece.ids.get(row).unwrap().to_owned();
        match keep {
            Keep::Figures => seen.rows(rules, &piece.batch, ids),
            Keep::Records => {
                let data = Arc::new(piece.batch.data().clone());
                assert_eq!(data.snapshots.len(), piece.batch.len());
                seen.whole(&data);
                seen.rows(rules, &Batch::from_data(rules.model(), &data), ids);
            }
        }
        seen.rejects.extend(piece.rejects);
    }
    seen
}

/// A text under a name, read in all ways.
fn check(name: &str, text: &[u8], options: Options) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = format!("chitieu-pieces-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    let rules = rules();
    let options = Options { complete: true, ..options };
    let expected = by_records(&rules, &path, options);
    for chunk in [1, 400, 1 << 20] {
        for keep in [Keep::Figures, Keep::Records] {
            let mut seen = by_pieces(&rules, &path, options, keep, chunk);
            // Rules say what the columns of a table are, and whoever reads without them guesses.
            if keep == Keep::Figures || !name.ends_with("ndjson") {
                seen.whole.clone_from(&expected.whole);
            }
            let shown = String::from_utf8_lossy(&text[..text.len().min(400)]).into_owned();
            assert_eq!(seen.fault, expected.fault, "{name} {chunk} {keep:?} {shown}");
            assert_eq!(seen.rejects, expected.rejects, "{name} {chunk} {keep:?} {shown}");
            if !seen.fault.is_empty() {
                continue;
            }
            for (row, (one, other)) in seen.rows.iter().zip(&expected.rows).enumerate() {
                assert_eq!(one, other, "{name} {chunk} {keep:?} {row} {shown}");
            }
            assert_eq!(seen, expected, "{name} {chunk} {keep:?} {shown}");
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}

/// What may stand for a number in JSON.
const VALUES: [&str; 24] = [
    "null",
    "\"\"",
    "\"41,25%\"",
    "\"41.25\"",
    "\"hơn 80%\"",
    "\"a\\u0062\"",
    "{\"numerator\":999,\"denominator\":1000}",
    "{\"value\":40,\"unit\":\"%\"}",
    "{\"value\":40,\"unitt\":\"%\"}",
    "true",
    "false",
    "\"có\"",
    "\"6 tỷ đồng\"",
    "[1]",
    "1e2",
    "-0",
    "-0.50",
    "01",
    "5.",
    "12345678901234567890.5",
    "99999999999999999999999999999",
    "0.00000000000000000001",
    "\"…\"",
    "7 ",
];

fn ndjson(dice: &mut Dice, records: u64, comma: &str) -> String {
    let mut text = String::new();
    for row in 0..records {
        let mut measured: Vec<String> = Vec::new();
        for name in NAMES {
            let name = if dice.below(100) == 0 { dice.one(&RARE) } else { name };
            let value = if dice.below(30) == 0 { dice.one(&VALUES).into() } else { dice.number() };
            if dice.below(20) > 0 {
                measured.push(format!("\"{name}\":{value}"));
            }
            if dice.below(300) == 0 {
                measured.push(format!("\"{name}\":{value}"));
            }
        }
        if dice.below(30) == 0 {
            measured.reverse();
        }
        let extra = match dice.below(40) {
            0 => format!(",\"name\":\"Đơn vị {row}\""),
            1..10 => {
                let (level, zone) = (dice.one(&["xã", "tỉnh"]), dice.one(&["null", "\"a\"", "7"]));
                format!(
                    ",\"parent\":\"trên {}\",\"source\":\"s{row}\",\"attributes\":\
                     {{\"vùng\":{zone},\"cấp\":\"{level}\"}}",
                    row / 3
                )
            }
            _ => String::new(),
        };
        let line = format!(
            "{{\"entity\":\"e{}\"{extra},\"as_of\":\"2023-06-{:02}\",\"measurements\":{{{}}}}}\n",
            row / 3,
            row % 3 + 1,
            measured.join(comma)
        );
        let line = match dice.below(150) {
            0 => line.replace("\"entity\"", "\"entty\""),
            1 => line.replace("}}", "}"),
            2 => line.replace("2023-06", "2023-31"),
            3 => line.replace(":\"2023-06-", ":\"quý 3/20"),
            4 => line.replace(':', " : "),
            5 => format!("\n \n{line}\r\n"),
            6 => line.replace("\"entity\":\"e", "\"entity\":\"e\u{301} "),
            7 => line.replace('\n', "\r\n"),
            8 => format!("  {line}"),
            _ => line,
        };
        text += &line;
    }
    text
}

#[test]
fn lines_of_json() {
    let mut dice = Dice(11);
    for round in 0..6 {
        let comma = if round % 2 == 0 { "," } else { ", " };
        let text = ndjson(&mut dice, 40 + round * 10, comma);
        check("s.ndjson", text.as_bytes(), Options::default());
        let mut bytes = text.into_bytes();
        let last = bytes.len() - 1;
        bytes.truncate(last - usize::try_from(dice.below(200)).unwrap());
        let broken = usize::try_from(dice.below(bytes.len() as u64)).unwrap();
        bytes[broken] = u8::try_from(dice.below(256)).unwrap();
        check("s.ndjson", &bytes, Options::default());
    }
}

#[test]
fn records_without_a_time() {
    let day = Date::new(2023, 12, 31);
    let text = "{\"entity\":\"a\",\"measurements\":{\"số b\":1,\"số c\":2}}\n\
                {\"entity\":\"b\",\"as_of\":2022,\"measurements\":{\"số b\":1,\"số c\":2}}\n\
                {\"entity\":\"c\",\"as_of\":2023,\"measurements\":{\"số c\":1,\"số b\":2}}\n\
                {\"entity\":\"c\",\"as_of\":2024,\"measurements\":{\"số c\":1,\"số b\":2}}\n\
                {\"entity\":\"c\",\"as_of\":2024,\"measurements\":{\"số c\":1}}\n";
    check("s.ndjson", text.as_bytes(), Options::default());
    check("s.ndjson", text.as_bytes(), Options { fallback: day, ..Options::default() });
    let table = "entity,as_of,số b\na,,1\nb,2022,2\nb,2022,3\n";
    check("s.csv", table.as_bytes(), Options::default());
    check("s.csv", table.as_bytes(), Options { fallback: day, ..Options::default() });
}

/// What may stand for a number in a cell of a table with these marks.
fn cell(dice: &mut Dice, format: Format) -> String {
    const CELLS: [&str; 14] = [
        "",
        " ",
        "\"\"",
        "\"41,25%\"",
        "hơn 80%",
        "999/1000",
        "có",
        "…",
        "\"1,234,567\"",
        " 7 ",
        "+5",
        "\"a \"\"b\"\"\n c\"",
        "5\" x",
        "6 tỷ đồng",
    ];
    if dice.below(12) == 0 {
        return dice.one(&CELLS).to_owned();
    }
    let number = dice.number();
    if format == Format::Vi { number.replace('.', ",") } else { number }
}

fn wide(dice: &mut Dice, rows: u64, separator: char, end: &str, format: Format) -> String {
    let separator = separator.to_string();
    let mut names: Vec<&str> = NAMES.to_vec();
    names.extend(RARE.iter().take(2));
    let mut text = format!("Đơn vị;ngày;thuộc;cấp;{};{end}", names.join(";"));
    for row in 0..rows {
        let mut cells: Vec<String> = names.iter().map(|_| cell(dice, format)).collect();
        if format == Format::Vi && separator == "," {
            cells
                .iter_mut()
                .filter(|it| !it.contains('"'))
                .for_each(|it| *it = format!("\"{it}\""));
        }
        let parent = if dice.below(5) == 0 { "trên" } else { "" };
        let day = format!("2023-06-{:02}", row % 3 + 1);
        let line = format!("e{};{day};{parent};xã;{};{end}", row / 3, cells.join(";"));
        let line = match dice.below(100) {
            0 => line.replacen(&format!("e{}", row / 3), "", 1),
            1 => line.replace("2023-06", "31/02"),
            2 => line.replace(&day, "năm 2023"),
            3 => format!("{end}{end}{line}"),
            4 => format!("{}{end}{line}", ";".repeat(14)),
            5 => line.replacen(';', ";;", 1),
            6 => line.replacen(&format!("e{}", row / 3), "\" e;é\"", 1),
            7 => line.replace(&format!(";{end}"), &format!(";x{end}")),
            _ => line,
        };
        text += &line;
    }
    text.replace(';', &separator)
}

#[test]
fn wide_tables() {
    let mut dice = Dice(5);
    for separator in [',', ';', '\t'] {
        for end in ["\n", "\r\n", "\r"] {
            for format in [Format::Vi, Format::En] {
                let options = Options { numbers: Some(format), ..Options::default() };
                let text = wide(&mut dice, 25, separator, end, format);
                check("s.csv", text.as_bytes(), options);
                if end == "\n" {
                    check("s.csv", text.as_bytes(), Options::default());
                }
                let mut bytes = format!("\u{feff}{text}").into_bytes();
                bytes.truncate(bytes.len() - usize::try_from(dice.below(300)).unwrap());
                let broken = usize::try_from(dice.below(bytes.len() as u64)).unwrap();
                bytes[broken] = u8::try_from(dice.below(256)).unwrap();
                check("s.csv", &bytes, options);
            }
        }
    }
}

fn long(dice: &mut Dice, snapshots: u64, header: &str) -> String {
    let mut text = format!("{header}\n");
    for row in 0..snapshots {
        for name in NAMES {
            if dice.below(15) == 0 {
                continue;
            }
            let name = if dice.below(100) == 0 { dice.one(&RARE) } else { name };
            let (mut value, mut below) = (cell(dice, Format::En), "");
            if dice.below(200) == 0 {
                (value, below) = ("999".to_owned(), "1000");
            }
            let repeats = 1 + u64::from(dice.below(100) == 0);
            for _ in 0..repeats {
                for column in header.split(',') {
                    let end = if column.len() == header.rsplit(',').next().unwrap().len() {
                        "\n"
                    } else {
                        ","
                    };
                    match (column, dice.below(400)) {
                        ("entity", 0) | ("chỉ số", 1) => {}
                        ("entity", 2) => write!(text, "\"e{}\"", row / 3).unwrap(),
                        ("entity", _) => write!(text, "e{}", row / 3).unwrap(),
                        ("as_of", 0) => text += "31/02/2023",
                        ("as_of", 1) => write!(text, "{:02}/06/2023", row % 3 + 1).unwrap(),
                        ("as_of", _) => write!(text, "2023-06-{:02}", row % 3 + 1).unwrap(),
                        ("chỉ số", 0) => write!(text, "\"{name}\"").unwrap(),
                        ("chỉ số", _) => text += name,
                        ("value", _) => text += &value,
                        ("denominator", _) => text += below,
                        ("parent", 0) => text += "trên",
                        ("ngành", 0..3) => text += "x",
                        _ => {}
                    }
                    text += end;
                }
            }
        }
    }
    text
}

#[test]
fn long_tables() {
    let mut dice = Dice(77);
    let headers = [
        "entity,as_of,chỉ số,value",
        "entity,as_of,chỉ số,denominator,value",
        "chỉ số,value,entity,as_of",
        "parent,as_of,ngành,entity,chỉ số,value",
    ];
    for header in headers {
        for round in 0..2 {
            let options = Options { numbers: Some(Format::En), ..Options::default() };
            let text = long(&mut dice, 20 + 10 * round, header);
            check("s.csv", text.as_bytes(), options);
            let mut bytes = text.into_bytes();
            bytes.truncate(bytes.len() - usize::try_from(dice.below(100)).unwrap());
            let broken = usize::try_from(dice.below(bytes.len() as u64)).unwrap();
            bytes[broken] = u8::try_from(dice.below(256)).unwrap();
            check("s.csv", &bytes, options);
        }
    }
}
