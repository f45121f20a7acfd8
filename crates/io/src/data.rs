//! Snapshots from files.
//!
//! Enters: paths. Leaves: each record with its place, or the reason why it is none, in the order
//! of the files. The one idea: a record is handed on as soon as it is read, so that memory holds
//! one. Invariant: every record that was seen is handed on or rejected, and counted.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use chitieu::Snapshot;
use chitieu::calendar::Date;
use chitieu::diagnostic::Message;
use chitieu::number::Format;

use crate::IoError;
use crate::json;
use crate::paths::{self, find, read_error, unpacked_extension};
use crate::stream::{peeked, unpacked};
use crate::table::{self, Records};
use crate::tally::Tally;

/// Extensions that a folder is searched for, also before `.gz` and `.zst`; those that cannot be
/// read are named, not skipped.
const WANTED: [&str; 9] =
    ["json", "ndjson", "jsonl", "csv", "tsv", "xlsx", "xls", "parquet", "arrow"];
/// The text of a rejected record is cut to so many characters.
const SHOWN: usize = 200;

/// What a run wants of its records.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The as-of date of records that give none.
    pub fallback: Option<Date>,
    /// Take the SHA-256 of each file.
    pub digest: bool,
    /// What all files are; else the ending or the beginning of each tells.
    pub format: Option<InputFormat>,
    /// How numbers in the cells of tables are written; else the cells of each file prove it.
    pub numbers: Option<Format>,
}

/// What a file of records is; gzip and zstd around it are seen by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputFormat {
    /// One object, an array, or objects one after another.
    Json,
    /// One object a line.
    Ndjson,
    /// A table with commas, semicolons or tabs, wide or long.
    Csv,
}

/// A record, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A record; its entity and date are known.
    Record(Box<Snapshot>),
    /// A record that cannot be judged.
    Reject(Reject),
}

/// A record that cannot be judged: its entity, its date or its syntax cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The file, as typed.
    pub file: String,
    /// The line in the file, from 1; in a table the row as a spreadsheet counts it.
    pub row: u64,
    /// The column in the line, from 1; in a table the number of the cell.
    pub column: u32,
    /// Why.
    pub reason: Message,
    /// The beginning of the record, on one line.
    pub text: String,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Input {
    /// The file, as typed.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many records were seen.
    pub read: u64,
    /// How many of them were rejected.
    pub rejected: u64,
    /// Its SHA-256 in hexadecimal, where it was asked for.
    pub sha256: Option<String>,
}

/// Reads all records of files, of all data files in and below folders, and of standard input (`-`).
/// `take` gets each with the number of its file, which is the place of that file in the answer.
///
/// A table is wide (`entity, as_of`, then a column an indicator) or long (`entity, as_of,
/// indicator, value, numerator, denominator, reported, unit, source`: a row a measurement), told
/// apart by its header, in Vietnamese or English; what separates its cells is told by the header
/// too. In both `name`, `parent`, `cấp` and `vùng` describe the entity; other columns of a long
/// table are attributes. A record of a table stands at `FILE:ROW`, a figure at `FILE:ROW:COLUMN`,
/// with the row (1 is the header) and the letters of the column that a spreadsheet shows.
///
/// # Errors
/// A path is not there or cannot be read, a folder holds no data, a file is of a format that this
/// version does not read, a table has no header, or its cells do not prove one number format.
///
/// ```
/// use chitieu_io::{Item, Options};
/// let path = std::env::temp_dir().join(format!("chitieu-read-{}.ndjson", std::process::id()));
/// std::fs::write(&path, "{\"entity\":\"a\",\"as_of\":2023}\n{\"entity\":\n").unwrap();
/// let (mut records, mut rejects) = (Vec::new(), Vec::new());
/// let inputs = chitieu_io::read(&[path.clone()], Options::default(), &mut |_, item| match item {
///     Item::Record(snapshot) => records.push(snapshot.entity),
///     Item::Reject(reject) => rejects.push(reject.row),
/// })?;
/// assert_eq!((records, rejects), (vec!["a".to_owned()], vec![2]));
/// assert_eq!((inputs[0].read, inputs[0].rejected), (2, 1));
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), chitieu_io::IoError>(())
/// ```
pub fn read(
    paths: &[PathBuf],
    options: Options,
    take: &mut dyn FnMut(usize, Item),
) -> Result<Vec<Input>, IoError> {
    let wanted = |name: &str| WANTED.contains(&unpacked_extension(name).as_str());
    let files = find(paths, &wanted, ".json, .ndjson, .jsonl, .csv")?;
    let refused = files.iter().find_map(|file| Some((&file.name, refused(&file.name)?)));
    if let (Some((name, format)), None) = (refused, options.format) {
        return Err(IoError::Format { name: name.clone(), format });
    }
    let each = |(number, file)| one(file, options, &mut |item| take(number, item));
    files.iter().enumerate().map(each).collect()
}

/// Reads a table of entities: CSV with a header, or objects of JSON, with `entity`, `name` and
/// `parent`; all other fields are attributes. The records have neither time nor measurements.
///
/// # Errors
/// The file is not there or cannot be read, or one of its rows cannot; none is passed over.
///
/// ```
/// let path = std::env::temp_dir().join(format!("chitieu-entities-{}.csv", std::process::id()));
/// std::fs::write(&path, "đơn vị;tên;thuộc;cấp\na;xã A;h1;xã\n").unwrap();
/// let (entities, input) = chitieu_io::entities(&path, false)?;
/// assert_eq!(entities[0].name.as_deref(), Some("xã A"));
/// assert_eq!(entities[0].attributes, [("cấp".to_owned(), "xã".to_owned())]);
/// assert_eq!(input.read, 1);
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), chitieu_io::IoError>(())
/// ```
pub fn entities(path: &Path, digest: bool) -> Result<(Vec<Snapshot>, Input), IoError> {
    let name = path.to_string_lossy().into_owned();
    let mut tally = Tally::new(open(&name, Some(path))?, digest);
    let (head, text) = begun(&name, unpacked(&name, &mut tally)?)?;
    let all = match kind(&name, &head) {
        InputFormat::Csv => table::entities::rows(&name, text)?,
        InputFormat::Json | InputFormat::Ndjson => table::entities::objects(&name, text)?,
    };
    let read = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let (bytes, sha256) = finish(&name, tally)?;
    Ok((all, Input { name, bytes, read, rejected: 0, sha256 }))
}

fn open(name: &str, path: Option<&Path>) -> Result<Box<dyn Read>, IoError> {
    Ok(match path {
        None => Box::new(io::stdin().lock()),
        Some(path) => Box::new(File::open(path).map_err(|source| read_error(name, source))?),
    })
}

fn one(file: &paths::File, options: Options, take: &mut dyn FnMut(Item)) -> Result<Input, IoError> {
    let stream = open(&file.name, file.path.as_deref())?;
    let again = file.path.as_deref().filter(|path| path.is_file());
    stream_of(&file.name, stream, again, options, take)
}

/// Reads a stream; a file that can be read `again` is, where all of it must be seen before the
/// first record.
fn stream_of(
    name: &str,
    stream: impl Read,
    again: Option<&Path>,
    options: Options,
    take: &mut dyn FnMut(Item),
) -> Result<Input, IoError> {
    let mut tally = Tally::new(stream, options.digest);
    let (head, text) = begun(name, unpacked(name, &mut tally)?)?;
    let mut taker = Taker { name, take, read: 0, rejected: 0 };
    match options.format.unwrap_or_else(|| kind(name, &head)) {
        InputFormat::Csv => csv(text, again, options, &mut taker)?,
        kind => json::read(text, kind == InputFormat::Ndjson, options.fallback, &mut taker)
            .map_err(|source| read_error(name, source))?,
    }
    let (read, rejected) = (taker.read, taker.rejected);
    let (bytes, sha256) = finish(name, tally)?;
    Ok(Input { name: name.to_owned(), bytes, read, rejected, sha256 })
}

/// The beginning of a text and the whole of it.
fn begun<R: BufRead>(name: &str, text: R) -> Result<(Vec<u8>, impl BufRead + use<R>), IoError> {
    peeked(text).map_err(|source| read_error(name, source))
}

/// Size and digest are those of the whole file, also where its end could not be read.
fn finish(name: &str, mut tally: Tally<impl Read>) -> Result<(u64, Option<String>), IoError> {
    io::copy(&mut tally, &mut io::sink()).map_err(|source| read_error(name, source))?;
    Ok(tally.finish())
}

/// Reads a table. Unless its number format is said, all its cells are asked for it first: in a
/// file by reading it twice, else in a copy that the memory holds.
fn csv(
    mut text: impl BufRead,
    again: Option<&Path>,
    options: Options,
    taker: &mut Taker<'_>,
) -> Result<(), IoError> {
    let name = taker.name;
    let failed = |source| read_error(name, source);
    match (options.numbers, again) {
        (Some(format), _) => rows(text, Some(format), options, taker),
        (None, Some(path)) => {
            let stamp = || fs::metadata(path).and_then(|it| Ok((it.len(), it.modified()?)));
            let before = stamp().map_err(failed)?;
            let file = BufReader::new(File::open(path).map_err(failed)?);
            let (_, first) = begun(name, unpacked(name, file)?)?;
            let format = table::prove(name, first)?;
            rows(text, format, options, taker)?;
            if stamp().map_err(failed)? != before {
                return Err(IoError::Changed { name: name.to_owned() });
            }
            Ok(())
        }
        (None, None) => {
            let mut held = io::Cursor::new(Vec::new());
            text.read_to_end(held.get_mut()).map_err(failed)?;
            let format = table::prove(name, &mut held)?;
            held.rewind().map_err(failed)?;
            rows(held, format, options, taker)
        }
    }
}

fn rows(
    text: impl BufRead,
    format: Option<Format>,
    options: Options,
    taker: &mut Taker<'_>,
) -> Result<(), IoError> {
    let opened = Records::open(taker.name, text, format, options.fallback)?;
    let Some(mut records) = opened else { return Ok(()) };
    while let Some(shown) = records.next()? {
        match shown.record {
            Ok(snapshot) => taker.record(snapshot),
            Err((column, reason, text)) => taker.reject(shown.row, column, reason, &text),
        }
    }
    Ok(())
}

/// What a file is, by its name, else by its beginning.
fn kind(name: &str, head: &[u8]) -> InputFormat {
    match unpacked_extension(name).as_str() {
        "csv" | "tsv" => InputFormat::Csv,
        "ndjson" | "jsonl" => InputFormat::Ndjson,
        "json" => InputFormat::Json,
        _ if table::is_table(head) => InputFormat::Csv,
        _ => InputFormat::Json,
    }
}

/// The format that an extension names, where it is not read.
fn refused(name: &str) -> Option<&'static str> {
    Some(match unpacked_extension(name).as_str() {
        "xlsx" | "xls" => "Excel",
        "parquet" => "Parquet",
        "arrow" => "Arrow",
        _ => return None,
    })
}

/// Counts records and hands them on.
pub(crate) struct Taker<'a> {
    pub(crate) name: &'a str,
    take: &'a mut dyn FnMut(Item),
    pub(crate) read: u64,
    rejected: u64,
}

impl Taker<'_> {
    pub(crate) fn record(&mut self, snapshot: Box<Snapshot>) {
        self.read = self.read.saturating_add(1);
        (self.take)(Item::Record(snapshot));
    }

    pub(crate) fn reject(&mut self, row: u64, column: u32, reason: Message, text: &[u8]) {
        self.read = self.read.saturating_add(1);
        self.rejected = self.rejected.saturating_add(1);
        let file = self.name.to_owned();
        (self.take)(Item::Reject(Reject { file, row, column, reason, text: shown(text) }));
    }
}

/// Why a record has no as-of date.
pub(crate) fn undated(snapshot: &Snapshot, fallback: Option<Date>) -> Option<Message> {
    match snapshot.period {
        None if fallback.is_none() => Some(Message::new(
            "bản ghi không có `as_of`; ghi ngày vào bản ghi hoặc dùng `--as-of`",
            "the record has no `as_of`; write one, or use `--as-of`",
        )),
        Some(period) if period.last.is_none() => {
            Some(Message::new("`as_of` không có ngày cuối", "`as_of` has no last day"))
        }
        _ => None,
    }
}

fn shown(bytes: &[u8]) -> String {
    let head = bytes.get(..(4 * SHOWN).min(bytes.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    let mut shown: String =
        text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if shown.len() < bytes.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests;
