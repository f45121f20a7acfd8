//! Snapshots from files.
//!
//! Enters: paths. Leaves: each record with its place, or the reason why it is none, in the order
//! of the files. The one idea: a record is handed on as soon as it is read, so that memory holds
//! one. Invariant: every record that was seen is handed on or rejected, and counted.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::time::SystemTime;

use chitieu::calendar::Date;
use chitieu::diagnostic::Message;
use chitieu::number::Format;
use chitieu::snapshot::composed_id;
use chitieu::{Rules, Snapshot};

use crate::json;
use crate::paths::{self, find, read_error, unpacked_extension};
use crate::stream::{Peeked, peeked, unpacked};
use crate::table::{self, Records};
use crate::tables::{Stored, opened, stored};
use crate::tally::Tally;
use crate::{Asked, IoError, Keep, Tables};

/// Extensions that a folder is searched for, also before `.gz` and `.zst`; those that cannot be
/// read are named, not skipped.
const WANTED: [&str; 12] = [
    "json", "ndjson", "jsonl", "csv", "tsv", "xlsx", "xls", "parquet", "arrow", "arrows",
    "feather", "ipc",
];
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
    /// Each record is said to be a whole snapshot (in long tables: its rows stand together), so
    /// that one of the same entity and day as the record before it ends the run.
    pub complete: bool,
    /// What reads Parquet and Arrow; else files of these formats are refused.
    pub tables: Option<&'static dyn Tables>,
    /// Counts all bytes as they are read, for somebody who watches.
    pub meter: Option<&'static AtomicU64>,
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
    /// A table of Parquet.
    Parquet,
    /// A table of Arrow IPC, a file or a stream.
    Arrow,
}

impl InputFormat {
    /// What a person calls it, where only [`Options::tables`] can read it.
    pub(crate) const fn foreign(self) -> Option<&'static str> {
        match self {
            Self::Json | Self::Ndjson | Self::Csv => None,
            Self::Parquet => Some("Parquet"),
            Self::Arrow => Some("Arrow"),
        }
    }
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

impl Reject {
    pub(crate) fn new(name: &str, row: u64, column: u32, reason: Message, text: &[u8]) -> Self {
        Self { file: name.to_owned(), row, column, reason, text: shown(text) }
    }
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
    all(paths, &Asked { options, keep: Keep::Records, rules: None, most: usize::MAX }, take)
}

/// As [`read`], where only these rules are asked of the records: of a table that stores its columns
/// apart no others are read, and the first record of the table names them, without their figures.
///
/// # Errors
/// Those of [`read`].
pub fn read_for(
    paths: &[PathBuf],
    options: Options,
    rules: &Rules,
    take: &mut dyn FnMut(usize, Item),
) -> Result<Vec<Input>, IoError> {
    all(
        paths,
        &Asked { options, keep: Keep::Records, rules: Some(rules.clone()), most: usize::MAX },
        take,
    )
}

fn all(
    paths: &[PathBuf],
    asked: &Asked,
    take: &mut dyn FnMut(usize, Item),
) -> Result<Vec<Input>, IoError> {
    let files = files(paths, asked.options)?;
    let mut before = Before::default();
    let each = |(number, file): (usize, &paths::File)| {
        let stream = open(&file.name, file.path.as_deref())?;
        let again = again(file);
        stream_behind(&file.name, stream, again, asked, &mut before, &mut |item| {
            take(number, item);
        })
    };
    files.iter().enumerate().map(each).collect()
}

/// The file, where it can be read a second time.
pub(crate) fn again(file: &paths::File) -> Option<&Path> {
    file.path.as_deref().filter(|path| path.is_file())
}

/// The files that paths stand for; one that nobody reads is named.
pub(crate) fn files(paths: &[PathBuf], options: Options) -> Result<Vec<paths::File>, IoError> {
    let wanted = |name: &str| WANTED.contains(&unpacked_extension(name).as_str());
    let files = find(paths, &wanted, ".json, .ndjson, .jsonl, .csv, .parquet, .arrow")?;
    let refused = files.iter().find_map(|file| Some((&file.name, refused(&file.name, options)?)));
    match (refused, options.format) {
        (Some((name, format)), None) => Err(IoError::Format { name: name.clone(), format }),
        _ => Ok(files),
    }
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
    let mut tally = Tally::new(open(&name, Some(path))?, Options { digest, ..Options::default() });
    let (head, text) = begun(&name, unpacked(&name, &mut tally)?)?;
    let all = match kind(&name, &head) {
        InputFormat::Csv => table::entities::rows(&name, text)?,
        InputFormat::Json | InputFormat::Ndjson => table::entities::objects(&name, text)?,
        other => return Err(unread(&name, other)),
    };
    let read = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let (bytes, sha256) = finish(&name, tally)?;
    Ok((all, Input { name, bytes, read, rejected: 0, sha256 }))
}

pub(crate) fn open(name: &str, path: Option<&Path>) -> Result<Box<dyn Read + Send>, IoError> {
    Ok(match path {
        None => Box::new(io::stdin()),
        Some(path) => Box::new(File::open(path).map_err(|source| read_error(name, source))?),
    })
}

/// Reads a stream; a file that can be read `again` is, where all of it must be seen before the
/// first record.
#[cfg(test)]
fn stream_of(
    name: &str,
    stream: impl Read + Send,
    again: Option<&Path>,
    options: Options,
    take: &mut dyn FnMut(Item),
) -> Result<Input, IoError> {
    let asked = Asked { options, keep: Keep::Records, rules: None, most: usize::MAX };
    stream_behind(name, stream, again, &asked, &mut Before::default(), take)
}

/// Reads a stream that stands behind another record.
fn stream_behind(
    name: &str,
    stream: impl Read + Send,
    again: Option<&Path>,
    asked: &Asked,
    before: &mut Before,
    take: &mut dyn FnMut(Item),
) -> Result<Input, IoError> {
    let options = asked.options;
    let mut tally = Tally::new(stream, options);
    let (head, text) = begun(name, unpacked(name, &mut tally)?)?;
    let (mut read, mut rejected) = (0_u64, 0_u64);
    let mut taken = |item: Item, joins: bool| {
        match &item {
            Item::Reject(_) => rejected = rejected.saturating_add(1),
            Item::Record(record) if options.complete => before.next(record, options, joins)?,
            Item::Record(_) => {}
        }
        read = read.saturating_add(1);
        take(item);
        Ok(())
    };
    match options.format.unwrap_or_else(|| kind(name, &head)) {
        InputFormat::Csv => csv(name, text, again, options, &mut taken)?,
        kind if kind.foreign().is_some() => {
            foreign(stored(name, kind, text, again)?, asked, &mut taken)?;
        }
        kind => {
            let failed = |source| read_error(name, source);
            let lines = kind == InputFormat::Ndjson;
            let mut records =
                json::Records::open(name, text, lines, options.fallback).map_err(failed)?;
            while let Some(item) = records.next().map_err(failed)? {
                taken(item, false)?;
            }
        }
    }
    let (bytes, sha256) = finish(name, tally)?;
    Ok(Input { name: name.to_owned(), bytes, read, rejected, sha256 })
}

/// Reads a table that is no text.
fn foreign(file: Stored<'_>, asked: &Asked, take: &mut Take<'_>) -> Result<(), IoError> {
    let again = file.again()?;
    let mut parts = opened(file, asked)?;
    let joins = parts.joins();
    while let Some(mut part) = parts.next()? {
        part.items(&mut |item| take(item, joins))?;
    }
    again.is_same()
}

/// Takes a record; whether it belongs to the record before it where that is of one entity and day.
type Take<'a> = dyn FnMut(Item, bool) -> Result<(), IoError> + 'a;

/// Who the record before speaks of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Before(Option<(String, Date)>);

impl Before {
    /// Goes on to a record; `joins` allows that it speaks of the same.
    fn next(&mut self, record: &Snapshot, options: Options, joins: bool) -> Result<(), IoError> {
        let Some(day) = record.as_of().or(options.fallback) else { return Ok(()) };
        if self.is_same(&composed_id(&record.entity), day) && !joins {
            return Err(IoError::Twice {
                place: record.place.clone(),
                entity: record.entity.clone(),
                day,
            });
        }
        Ok(())
    }

    /// Whether an entity, by its composed id, and a day are those of the record before; they are
    /// kept for the next.
    pub(crate) fn is_same(&mut self, id: &str, day: Date) -> bool {
        match &mut self.0 {
            Some((known, known_day)) if known == id && *known_day == day => return true,
            Some((known, known_day)) => {
                id.clone_into(known);
                *known_day = day;
            }
            None => self.0 = Some((id.to_owned(), day)),
        }
        false
    }
}

/// The beginning of a text and the whole of it.
pub(crate) fn begun<R: BufRead>(name: &str, text: R) -> Result<(Vec<u8>, Peeked<R>), IoError> {
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
    name: &str,
    mut text: impl BufRead,
    again: Option<&Path>,
    options: Options,
    take: &mut Take<'_>,
) -> Result<(), IoError> {
    let failed = |source| read_error(name, source);
    match (options.numbers, again) {
        (Some(format), _) => rows(name, text, Some(format), options, take),
        (None, Some(path)) => {
            let before = stamp(name, path)?;
            let format = proven(name, path)?;
            rows(name, text, format, options, take)?;
            if stamp(name, path)? != before {
                return Err(IoError::Changed { name: name.to_owned() });
            }
            Ok(())
        }
        (None, None) => {
            let mut held = io::Cursor::new(Vec::new());
            text.read_to_end(held.get_mut()).map_err(failed)?;
            let format = table::prove(name, &mut held)?;
            held.rewind().map_err(failed)?;
            rows(name, held, format, options, take)
        }
    }
}

/// What shows whether a file changed: its size and time.
pub(crate) fn stamp(name: &str, path: &Path) -> Result<(u64, SystemTime), IoError> {
    let found = fs::metadata(path).and_then(|it| Ok((it.len(), it.modified()?)));
    found.map_err(|source| read_error(name, source))
}

/// The number format that all cells of a file prove.
pub(crate) fn proven(name: &str, path: &Path) -> Result<Option<Format>, IoError> {
    let file = File::open(path).map_err(|source| read_error(name, source))?;
    let (_, text) = begun(name, unpacked(name, BufReader::new(file))?)?;
    table::prove(name, text)
}

fn rows(
    name: &str,
    text: impl BufRead,
    format: Option<Format>,
    options: Options,
    take: &mut Take<'_>,
) -> Result<(), IoError> {
    let opened = Records::open(name, text, format, options.fallback)?;
    let Some(mut records) = opened else { return Ok(()) };
    let joins = records.joins();
    while let Some(item) = records.next()? {
        take(item, joins)?;
    }
    Ok(())
}

/// What a file is, by its name, else by its beginning.
pub(crate) fn kind(name: &str, head: &[u8]) -> InputFormat {
    match unpacked_extension(name).as_str() {
        "csv" | "tsv" => InputFormat::Csv,
        "ndjson" | "jsonl" => InputFormat::Ndjson,
        "json" => InputFormat::Json,
        "parquet" => InputFormat::Parquet,
        "arrow" | "arrows" | "feather" | "ipc" => InputFormat::Arrow,
        _ => match head {
            [b'P', b'A', b'R', b'1' | b'E', ..] => InputFormat::Parquet,
            [b'A', b'R', b'R', b'O', b'W', b'1', ..] | [0xff, 0xff, 0xff, 0xff, ..] => {
                InputFormat::Arrow
            }
            _ if table::is_table(head) => InputFormat::Csv,
            _ => InputFormat::Json,
        },
    }
}

/// The format that an extension names, where it is not read.
fn refused(name: &str, options: Options) -> Option<&'static str> {
    match unpacked_extension(name).as_str() {
        "xlsx" | "xls" => Some("Excel"),
        _ if options.tables.is_some() => None,
        _ => kind(name, &[]).foreign(),
    }
}

/// The error for a format that nobody here reads.
pub(crate) fn unread(name: &str, format: InputFormat) -> IoError {
    IoError::Format { name: name.to_owned(), format: format.foreign().unwrap_or("?") }
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
