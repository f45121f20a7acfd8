//! Snapshots from files.
//!
//! Enters: paths. Leaves: each record with its place, or the reason why it is none, in the order
//! of the files. The one idea: a record is handed on as soon as it is read, so that memory holds
//! one. Invariant: every record that was seen is handed on or rejected, and counted.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::PathBuf;

use chitieu::Snapshot;
use chitieu::calendar::Date;
use chitieu::diagnostic::Message;
use chitieu::source::{Source, SourceError};

use crate::IoError;
use crate::json::{Content, Peeked, Piece, Shape};
use crate::paths::{self, extension, find, read_error};
use crate::tally::Tally;

/// Extensions that a folder is searched for; those that cannot be read are named, not skipped.
const WANTED: [&str; 10] =
    ["json", "ndjson", "jsonl", "csv", "xlsx", "xls", "parquet", "arrow", "gz", "zst"];
/// The text of a rejected record is cut to so many characters.
const SHOWN: usize = 200;

/// What a run wants of its records.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The as-of date of records that give none.
    pub fallback: Option<Date>,
    /// Take the SHA-256 of each file.
    pub digest: bool,
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
    /// The line in the file, from 1.
    pub row: u64,
    /// The column in the line, from 1.
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
/// # Errors
/// A path is not there or cannot be read, a folder holds no data, or a file is of a format that
/// this version does not read.
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
    let files = find(paths, &WANTED, ".json, .ndjson, .jsonl")?;
    if let Some((name, format)) =
        files.iter().find_map(|file| Some((&file.name, refused(&file.name)?)))
    {
        return Err(IoError::Format { name: name.clone(), format });
    }
    let each = |(number, file)| one(file, options, &mut |item| take(number, item));
    files.iter().enumerate().map(each).collect()
}

fn one(file: &paths::File, options: Options, take: &mut dyn FnMut(Item)) -> Result<Input, IoError> {
    let stream: Box<dyn Read> = match &file.path {
        None => Box::new(io::stdin().lock()),
        Some(path) => Box::new(File::open(path).map_err(|source| read_error(&file.name, source))?),
    };
    stream_of(&file.name, stream, options, take)
}

fn stream_of(
    name: &str,
    stream: impl Read,
    options: Options,
    take: &mut dyn FnMut(Item),
) -> Result<Input, IoError> {
    let mut buffered = BufReader::with_capacity(1 << 18, Tally::new(stream, options.digest));
    let failed = |source| read_error(name, source);
    let head = buffered.fill_buf().map_err(failed)?;
    if let Some(format) = magic(head) {
        return Err(IoError::Format { name: name.to_owned(), format });
    }
    let is_wide = matches!(head, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    let lines = matches!(extension(name).as_str(), "ndjson" | "jsonl");
    let mut reader = Reader { name, fallback: options.fallback, take, read: 0, rejected: 0 };
    if is_wide {
        let mut bytes = Vec::new();
        buffered.read_to_end(&mut bytes).map_err(failed)?;
        let text = decoded(name, &bytes)?;
        reader.all(Cursor::new(text), lines).map_err(failed)?;
    } else {
        reader.all(&mut buffered, lines).map_err(failed)?;
    }
    let (read, rejected) = (reader.read, reader.rejected);
    // Size and digest are those of the whole file, also where its end could not be read.
    io::copy(&mut buffered, &mut io::sink()).map_err(failed)?;
    let (bytes, sha256) = buffered.into_inner().finish();
    Ok(Input { name: name.to_owned(), bytes, read, rejected, sha256 })
}

fn decoded(name: &str, bytes: &[u8]) -> Result<String, SourceError> {
    Source::from_bytes(name, bytes).map(|source| source.text().to_owned())
}

/// The format that an extension names, where it is not read.
fn refused(name: &str) -> Option<&'static str> {
    Some(match extension(name).as_str() {
        "csv" => "CSV",
        "xlsx" | "xls" => "Excel",
        "parquet" => "Parquet",
        "arrow" => "Arrow",
        "gz" => "gzip",
        "zst" => "zstd",
        _ => return None,
    })
}

/// The format that the first bytes name, where it is not read.
fn magic(head: &[u8]) -> Option<&'static str> {
    Some(match head {
        [0x1f, 0x8b, ..] => "gzip",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "zstd",
        [b'P', b'K', 3, 4, ..] => "Excel",
        [b'P', b'A', b'R', b'1', ..] => "Parquet",
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] => "Arrow",
        _ => return None,
    })
}

/// One stream being read.
struct Reader<'a> {
    name: &'a str,
    fallback: Option<Date>,
    take: &'a mut dyn FnMut(Item),
    read: u64,
    rejected: u64,
}

impl Reader<'_> {
    fn all(&mut self, input: impl BufRead, lines: bool) -> io::Result<()> {
        let mut shape = Shape::tell(input, lines)?;
        while let Some(piece) = shape.next()? {
            let goes_on = self.piece(&shape, piece);
            if !goes_on && matches!(shape, Shape::Documents(_)) {
                break;
            }
        }
        Ok(())
    }

    /// Hands on one piece; whether what follows it can be trusted.
    fn piece<R>(&mut self, shape: &Shape<Peeked<R>>, piece: Piece) -> bool {
        let before = self.read;
        self.read = self.read.saturating_add(1);
        let place = match shape {
            Shape::Lines(_) => format!("{}:{}", self.name, piece.line),
            Shape::Documents(_) => format!("{}#/{before}", self.name),
        };
        let (mut fault, bytes) = match piece.content {
            Content::Fault(message, bytes) => {
                (Fault { down: 0, column: 1, message, ends: true }, bytes)
            }
            Content::Record(bytes) => match self.record(&bytes) {
                Ok(mut snapshot) => {
                    snapshot.place = place;
                    (self.take)(Item::Record(snapshot));
                    return true;
                }
                Err(fault) => (fault, bytes),
            },
        };
        let goes_on = !fault.ends;
        if fault.ends && matches!(shape, Shape::Documents(_)) {
            fault.message = unread(&fault.message, before);
        }
        self.rejected = self.rejected.saturating_add(1);
        let column = if fault.down == 0 { piece.column.saturating_sub(1) } else { 0 };
        (self.take)(Item::Reject(Reject {
            file: self.name.to_owned(),
            row: piece.line.saturating_add(fault.down),
            column: column.saturating_add(fault.column),
            reason: fault.message,
            text: shown(&bytes),
        }));
        goes_on
    }

    fn record(&self, bytes: &[u8]) -> Result<Box<Snapshot>, Fault> {
        let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, &error))?;
        let snapshot = Snapshot::from_json(text).map_err(|error| Fault {
            down: u64::from(error.line.saturating_sub(1)),
            column: error.column,
            message: error.message,
            ends: error.is_syntax,
        })?;
        if let Some(message) = undated(&snapshot, self.fallback) {
            return Err(Fault { down: 0, column: 1, message, ends: false });
        }
        Ok(Box::new(snapshot))
    }
}

/// What is wrong with a record, so many lines below its first.
struct Fault {
    down: u64,
    column: u32,
    message: Message,
    /// What follows it in a document cannot be trusted.
    ends: bool,
}

fn not_utf8(bytes: &[u8], error: &std::str::Utf8Error) -> Fault {
    let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let last = before.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let down = count(before.split(|&byte| byte == b'\n').skip(1).count());
    let characters = last.iter().filter(|&&byte| !matches!(byte, 0x80..=0xbf)).count();
    let column = u32::try_from(characters).unwrap_or(u32::MAX).saturating_add(1);
    let message =
        Message::new("chữ ở đây không phải Unicode (UTF-8)", "the text here is not UTF-8");
    Fault { down, column, message, ends: false }
}

/// Why a record has no as-of date.
fn undated(snapshot: &Snapshot, fallback: Option<Date>) -> Option<Message> {
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

fn unread(message: &Message, before: u64) -> Message {
    Message::new(
        format!("{}; đã đọc {before} bản ghi trước chỗ này, phần sau không đọc được", message.vi),
        format!("{}; {before} records were read before it, the rest cannot be", message.en),
    )
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
