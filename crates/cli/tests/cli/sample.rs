//! A sample of figures as offices send them, in every form of file that is read.
//!
//! Forty targets over forty indicators: percentages of mixed digits, quotients of which some stand
//! exactly on their threshold, amounts, missing figures, and a share of bounds and texts.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use chitieu::calendar::Date;
use parquet::arrow::ArrowWriter;

use crate::world::Dice;

/// Percentages, the first of them always plain numbers; then counts, then amounts.
const PERCENT: usize = 28;
const PLAIN: usize = 14;
const COUNTS: usize = 8;
const AMOUNTS: [(u32, u64); 4] = [(1, 900_000), (2, 100), (3, 5_000), (4, 1)];
const INDICATORS: usize = PERCENT + COUNTS + AMOUNTS.len();
/// Digits after the point of a column of decimals.
const SCALE: u32 = 4;
/// Thresholds of quotients, in thousandths.
const SHARES: [u64; 4] = [800, 950, 625, 999];

/// What people send where a number is asked for; each is read alike in both number formats.
const ODD: [&str; 14] = [
    "hơn 80%",
    "<= 5%",
    "khoảng 65%",
    "75 - 80%",
    "999/1000",
    "dưới 1000 hồ sơ",
    "không",
    "khá",
    "…",
    "-3",
    "99%",
    "7 kg",
    "đang rà soát",
    "#DIV/0!",
];

/// A figure.
#[derive(Clone, Copy)]
enum Cell {
    None,
    /// Digits, and how many of them stand after the point.
    Number(u64, u32),
    Odd(&'static str),
}

impl Cell {
    fn text(self, point: char) -> String {
        match self {
            Self::None => String::new(),
            Self::Odd(text) => text.to_owned(),
            Self::Number(digits, 0) => digits.to_string(),
            Self::Number(digits, scale) => {
                let one = 10_u64.pow(scale);
                let width = scale as usize;
                format!("{}{point}{:0width$}", digits / one, digits % one)
            }
        }
    }

    fn decimal(self) -> Option<i128> {
        match self {
            Self::Number(digits, scale) => Some(i128::from(digits) * 10_i128.pow(SCALE - scale)),
            _ => None,
        }
    }
}

/// A snapshot.
struct Row {
    entity: String,
    day: Date,
    cells: [Cell; INDICATORS],
}

/// Snapshots of different entities and days.
pub(crate) struct Sample(Vec<Row>);

/// How a file is written, and the options that it is read with.
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) options: &'static [&'static str],
}

fn name(indicator: usize) -> String {
    match indicator {
        it if it < PERCENT => format!("tỷ lệ hồ sơ nhóm {it}"),
        it if it < PERCENT + COUNTS => format!("số bản ghi loại {it}"),
        it => format!("điểm đánh giá mức {it}"),
    }
}

/// The targets.
pub(crate) fn rules() -> String {
    let mut text = "chương trình: Mẫu\nmã: M\n\n".to_owned();
    for it in 0..PERCENT {
        let asked = match it % 7 {
            0 => ">= 40%",
            1 => ">= 99,5%",
            2 => "> 12,34%",
            3 => "<= 5,5%",
            4 => "trong khoảng 20% đến 80%",
            5 => ">= 70,75%",
            _ => "< 1,05%",
        };
        writeln!(text, "[P{it}] {} {asked}", name(it)).unwrap();
    }
    for (pair, share) in SHARES.iter().enumerate() {
        let of = PERCENT + 2 * pair;
        let share = format!("{},{}%", share / 10, share % 10);
        writeln!(text, "[Q{pair}] {} / {} >= {share}", name(of), name(of + 1)).unwrap();
        writeln!(text, "[C{pair}] {} >= 1.000", name(of)).unwrap();
    }
    let first = PERCENT + COUNTS;
    for (at, asked) in [">= 250.000,5", ">= 85,5", "<= 1.234,567", "> 0,6543"].iter().enumerate() {
        writeln!(text, "[A{at}] {} {asked}", name(first + at)).unwrap();
    }
    text
}

/// The cells of a quotient's numerator and denominator.
fn quotient(dice: &mut Dice, share: u64) -> [Cell; 2] {
    let below = 1 + dice.below(2_000_000);
    let (of, below) = if dice.below(20) == 0 {
        let thousands = below / 1_000 + 1;
        (thousands * share, thousands * 1_000)
    } else {
        (below / 2 + dice.below(below / 2 + 1), below)
    };
    [of, below].map(|count| Cell::Number(count, 0))
}

fn cells(dice: &mut Dice) -> [Cell; INDICATORS] {
    let mut cells = [Cell::None; INDICATORS];
    for (at, cell) in cells.iter_mut().enumerate().take(PERCENT) {
        let scale = [0, 1, 2, 2, 2, 2, 3, 4][usize::try_from(dice.below(8)).unwrap()];
        let one = 10_u64.pow(scale);
        let most = if at % 7 == 3 || at % 7 == 6 { 10 } else { 100 };
        *cell = Cell::Number(dice.below(most * one + 1), scale);
    }
    for (pair, share) in SHARES.into_iter().enumerate() {
        let of = PERCENT + 2 * pair;
        cells[of..of + 2].copy_from_slice(&quotient(dice, share));
    }
    for (at, (scale, most)) in AMOUNTS.into_iter().enumerate() {
        let digits = dice.below(most * 10_u64.pow(scale) + 1);
        cells[PERCENT + COUNTS + at] = Cell::Number(digits, scale);
    }
    for (at, cell) in cells.iter_mut().enumerate() {
        if dice.below(50) == 0 {
            *cell = Cell::None;
        } else if at >= PLAIN && !is_count(at) && dice.below(25) == 0 {
            *cell = Cell::Odd(ODD[usize::try_from(dice.below(ODD.len() as u64)).unwrap()]);
        }
    }
    cells
}

fn is_count(at: usize) -> bool {
    (PERCENT..PERCENT + COUNTS).contains(&at)
}

impl Sample {
    pub(crate) fn new(rows: usize, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut row = |at: usize| {
            let day = Date::from_days(19_700 + i32::try_from(at % 20).unwrap() * 30).unwrap();
            Row { entity: format!("đv {}", at / 20), day, cells: cells(&mut dice) }
        };
        Self((0..rows).map(&mut row).collect())
    }

    /// The same snapshots in another order.
    pub(crate) fn turned(mut self, seed: u64) -> Self {
        let mut dice = Dice(seed);
        for at in (1..self.0.len()).rev() {
            self.0.swap(at, usize::try_from(dice.below(at as u64 + 1)).unwrap());
        }
        self
    }

    /// Lines of JSON, cut into so many texts.
    pub(crate) fn lines(&self, texts: usize) -> Vec<String> {
        let line = |row: &Row| {
            let mut figures = String::new();
            for (at, cell) in row.cells.iter().enumerate() {
                let comma = if figures.is_empty() { "" } else { "," };
                let value = match cell {
                    // A name may be there without a figure.
                    Cell::None if at % 3 > 0 => continue,
                    Cell::None => "null".to_owned(),
                    Cell::Odd(text) => format!("\"{text}\""),
                    number @ Cell::Number(..) => number.text('.'),
                };
                write!(figures, "{comma}\"{}\":{value}", name(at)).unwrap();
            }
            let (entity, day) = (&row.entity, row.day);
            format!(
                "{{\"entity\":\"{entity}\",\"as_of\":\"{day}\",\"measurements\":{{{figures}}}}}\n"
            )
        };
        let each = self.0.len().div_ceil(texts);
        self.0.chunks(each).map(|rows| rows.iter().map(line).collect()).collect()
    }

    fn wide(&self, separator: char, point: char, end: &str) -> String {
        let mut text = format!("entity{separator}as_of");
        for at in 0..INDICATORS {
            write!(text, "{separator}{}", name(at)).unwrap();
        }
        for row in &self.0 {
            write!(text, "{end}{}{separator}{}", row.entity, row.day).unwrap();
            for cell in row.cells {
                write!(text, "{separator}{}", cell.text(point)).unwrap();
            }
        }
        text + end
    }

    fn long(&self) -> String {
        let mut text = "entity,as_of,indicator,value\n".to_owned();
        for row in &self.0 {
            for (at, cell) in row.cells.iter().enumerate() {
                let (entity, day, cell) = (&row.entity, row.day, cell.text('.'));
                writeln!(text, "{entity},{day},{},{cell}", name(at)).unwrap();
            }
        }
        text
    }

    /// A table of decimals, whole numbers and texts.
    fn batches(&self, rows: usize) -> Vec<RecordBatch> {
        let kind = |at| match at {
            it if it < PLAIN => DataType::Decimal128(18, 4),
            it if is_count(it) => DataType::Int64,
            _ => DataType::Utf8,
        };
        let mut fields = vec![
            Field::new("entity", DataType::Utf8, false),
            Field::new("as_of", DataType::Date32, false),
        ];
        fields.extend((0..INDICATORS).map(|at| Field::new(name(at), kind(at), true)));
        let schema = Arc::new(Schema::new(fields));
        let batch = |rows: &[Row]| {
            let entities = rows.iter().map(|row| Some(row.entity.as_str()));
            let mut arrays: Vec<ArrayRef> = vec![
                Arc::new(entities.collect::<StringArray>()),
                Arc::new(rows.iter().map(|row| Some(row.day.days())).collect::<Date32Array>()),
            ];
            arrays.extend((0..INDICATORS).map(|at| column(rows, at)));
            RecordBatch::try_new(Arc::clone(&schema), arrays).unwrap()
        };
        self.0.chunks(rows).map(batch).collect()
    }

    fn parquet(&self) -> Vec<u8> {
        let batches = self.batches(7_000);
        let mut writer = ArrowWriter::try_new(Vec::new(), batches[0].schema(), None).unwrap();
        for batch in &batches {
            writer.write(batch).unwrap();
            writer.flush().unwrap();
        }
        writer.into_inner().unwrap()
    }

    fn arrow(&self) -> Vec<u8> {
        let batches = self.batches(1_000);
        let schema = batches[0].schema();
        let mut writer = arrow_ipc::writer::FileWriter::try_new(Vec::new(), &schema).unwrap();
        for batch in &batches {
            writer.write(batch).unwrap();
        }
        writer.into_inner().unwrap()
    }

    fn stream(&self) -> Vec<u8> {
        let batches = self.batches(300);
        let schema = batches[0].schema();
        let mut writer = arrow_ipc::writer::StreamWriter::try_new(Vec::new(), &schema).unwrap();
        for batch in &batches {
            writer.write(batch).unwrap();
        }
        writer.into_inner().unwrap()
    }

    /// The forms that results do not depend on; the first is lines of JSON.
    pub(crate) fn files(&self) -> Vec<File> {
        const NONE: &[&str] = &[];
        const EN: &[&str] = &["--number-format", "en"];
        const VI: &[&str] = &["--number-format", "vi"];
        let lines = self.lines(1).concat();
        let list = format!("[{}]", lines.trim_end().replace('\n', ",\n"));
        let excel = format!("\u{feff}{}", self.wide(';', ',', "\r\n"));
        let file = |name, options, bytes: Vec<u8>| File { name, bytes, options };
        vec![
            file("s.ndjson", NONE, lines.clone().into_bytes()),
            file("s.json", NONE, list.into_bytes()),
            file("s.ndjson.gz", NONE, gzip(lines.as_bytes())),
            file("wide.csv", EN, self.wide(',', '.', "\n").into_bytes()),
            file("excel.csv", VI, excel.into_bytes()),
            file("long.csv", EN, self.long().into_bytes()),
            file("long.csv.zst", EN, zstd::encode_all(self.long().as_bytes(), 1).unwrap()),
            file("s.parquet", EN, self.parquet()),
            file("s.arrow", EN, self.arrow()),
            file("s.ipc", EN, self.stream()),
        ]
    }
}

fn column(rows: &[Row], at: usize) -> ArrayRef {
    let cells = rows.iter().map(|row| row.cells[at]);
    if at < PLAIN {
        let decimals: Decimal128Array = cells.map(Cell::decimal).collect();
        return Arc::new(decimals.with_precision_and_scale(18, 4).unwrap());
    }
    if is_count(at) {
        let count = |cell| match cell {
            Cell::Number(count, _) => i64::try_from(count).ok(),
            _ => None,
        };
        return Arc::new(cells.map(count).collect::<Int64Array>());
    }
    let text = |cell: Cell| (!matches!(cell, Cell::None)).then(|| cell.text('.'));
    Arc::new(cells.map(text).collect::<StringArray>())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}
