//! What the options of a run come to.
//!
//! Enters: arguments. Leaves: a [`Plan`], or what is wrong with them. The one idea: options are
//! weighed against each other once, before any file is read.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use chitieu::calendar::Date;
use chitieu::report::{Fields, field_names};
use chitieu::{Verdict, text};
use chitieu_arrow::write::Kind;

use super::progress::READ;
use crate::args::{Eval, Format, Layout, ReceiptKind, When};
use crate::console::{Failure, failure};
use crate::load;

/// More threads than this are never started by themselves.
const THREADS: usize = 64;

/// What is to be done with the verdicts.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option that a person sets")]
pub(super) struct Plan {
    pub(super) format: Format,
    /// The form of a table of columns; nothing for text.
    pub(super) kind: Option<Kind>,
    /// Nothing: standard output.
    pub(super) output: Option<PathBuf>,
    pub(super) as_of: Option<Date>,
    pub(super) summary: bool,
    /// Totals and ranks take the place of records.
    pub(super) scores: bool,
    /// A row holds all verdicts of a case.
    pub(super) wide: bool,
    /// Everything is judged by the reference evaluator.
    pub(super) reference: bool,
    /// How data are read.
    pub(super) input: chitieu_io::Options,
    /// Verdicts to write; empty: all.
    pub(super) only: Vec<Verdict>,
    pub(super) fields: Fields,
    pub(super) exact: bool,
    /// A receipt holds the SHA-256 of each input.
    pub(super) shows_digests: bool,
    pub(super) threads: usize,
    /// So many bytes of data may be held.
    pub(super) most_memory: Option<u64>,
    pub(super) color: When,
}

impl Plan {
    pub(super) fn new(args: &Eval) -> Result<Self, Failure> {
        let is_path = |path: &&PathBuf| path.as_os_str() != "-";
        let output = args.output.as_ref().filter(is_path).cloned();
        let format = format(args.format, output.as_deref())?;
        if output.is_some() && output == args.rejects {
            return failure(
                "`--output` và `--rejects` là cùng một tệp",
                "`--output` and `--rejects` are one file",
            );
        }
        let as_of = load::day("--as-of", args.as_of.as_deref())?;
        let shows_digests = match args.receipt {
            Some(kind) => kind == ReceiptKind::Full,
            None => format == Format::Json,
        };
        let read = load::options(&args.rules, &args.data, as_of)?;
        let input = chitieu_io::Options {
            // What was read before is known by its SHA-256.
            digest: shows_digests || args.checkpoint.is_some(),
            complete: args.complete_records,
            meter: Some(&READ),
            ..read
        };
        let available = std::thread::available_parallelism().map_or(1, usize::from);
        let kind = kind(args, format, output.is_some())?;
        Ok(Self {
            format,
            kind,
            output,
            as_of,
            summary: args.summary,
            scores: scores(args)?,
            wide: is_wide(args, format)?,
            reference: args.reference,
            input,
            only: args.only.clone(),
            fields: fields(args)?,
            exact: args.exact,
            shows_digests,
            threads: args.threads.map_or(available.min(THREADS), usize::from),
            most_memory: args.max_memory,
            color: args.words.color,
        })
    }
}

impl Plan {
    /// Whether a record with this verdict is written.
    pub(super) fn wants(&self, verdict: Verdict) -> bool {
        let is_wanted = self.only.is_empty() || self.only.contains(&verdict);
        is_wanted && !self.summary && !self.scores && !self.wide
    }
}

/// Whether a row holds all verdicts of a case; what such a row cannot hold is refused.
fn is_wide(args: &Eval, format: Format) -> Result<bool, Failure> {
    if args.layout != Some(Layout::Wide) {
        return Ok(false);
    }
    let options = [
        ("--fields", !args.fields.is_empty()),
        ("--exact", args.exact),
        ("--summary", args.summary),
        ("--format table", format == Format::Table),
    ];
    match options.iter().find(|(_, is_used)| *is_used) {
        None => Ok(true),
        Some((option, _)) => failure(
            format!("`--layout wide` không đi cùng `{option}`; mỗi ô chỉ chứa mã kết luận"),
            format!("`--layout wide` does not go with `{option}`; a cell holds a verdict code"),
        ),
    }
}

/// Whether totals take the place of records; what totals do not have is refused.
fn scores(args: &Eval) -> Result<bool, Failure> {
    if !args.scores {
        return Ok(false);
    }
    let options = [
        ("--fields", !args.fields.is_empty()),
        ("--only", !args.only.is_empty()),
        ("--summary", args.summary),
        ("--layout wide", args.layout == Some(Layout::Wide)),
    ];
    match options.iter().find(|(_, is_used)| *is_used) {
        None => Ok(true),
        Some((option, _)) => failure(
            format!("`--scores` không đi cùng `{option}`; mỗi dòng là tổng điểm của một đơn vị"),
            format!("`--scores` does not go with `{option}`; a line is the total of an entity"),
        ),
    }
}

/// The form of a table of columns; what such a table cannot hold is refused.
fn kind(args: &Eval, format: Format, is_file: bool) -> Result<Option<Kind>, Failure> {
    let kind = match format {
        Format::Parquet => Kind::Parquet,
        // Who reads a stream begins at its beginning.
        Format::Arrow if is_file => Kind::File,
        Format::Arrow => Kind::Stream,
        _ => return Ok(None),
    };
    let options = [("--summary", args.summary), ("--scores", args.scores)];
    if let Some((option, _)) = options.iter().find(|(_, is_used)| *is_used) {
        return failure(
            format!("`{option}` không ghi ra Parquet hay Arrow; dùng `--format csv` hoặc ndjson"),
            format!("`{option}` is not written as Parquet or Arrow; use `--format csv` or ndjson"),
        );
    }
    let mut names: Vec<&str> = args.fields.iter().map(|name| name.trim()).collect();
    names.sort_unstable();
    if let Some([twice, _]) = names.array_windows().find(|[one, next]| one == next) {
        return failure(
            format!("`--fields`: cột `{twice}` hai lần; mỗi cột của bảng có tên riêng"),
            format!(
                "`--fields`: column `{twice}` twice; columns of a table have names of their own"
            ),
        );
    }
    Ok(Some(kind))
}

fn format(asked: Option<Format>, output: Option<&Path>) -> Result<Format, Failure> {
    let format = match (asked, output) {
        (Some(format), _) => format,
        (None, Some(path)) => by_ending(path)?,
        (None, None) if std::io::stdout().is_terminal() => Format::Table,
        (None, None) => Format::Ndjson,
    };
    match format {
        Format::Table
        | Format::Ndjson
        | Format::Json
        | Format::Csv
        | Format::Parquet
        | Format::Arrow => Ok(format),
        other => {
            let name = format!("{other:?}").to_lowercase();
            failure(
                format!(
                    "dạng `{name}` chưa có trong bản này; \
                     dùng table, ndjson, json, csv, parquet hoặc arrow"
                ),
                format!(
                    "format `{name}` is not available in this version; \
                     use table, ndjson, json, csv, parquet or arrow"
                ),
            )
        }
    }
}

fn by_ending(path: &Path) -> Result<Format, Failure> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    Ok(match ending.as_str() {
        "ndjson" | "jsonl" => Format::Ndjson,
        "json" => Format::Json,
        "csv" => Format::Csv,
        "txt" => Format::Table,
        "parquet" => Format::Parquet,
        "arrow" => Format::Arrow,
        "xlsx" => Format::Xlsx,
        "html" => Format::Html,
        "xml" => Format::Junit,
        _ => {
            let name = path.to_string_lossy();
            return failure(
                format!("không biết dạng kết quả của tệp `{name}`: thêm `--format`"),
                format!("the ending of `{name}` names no format: add `--format`"),
            );
        }
    })
}

fn fields(args: &Eval) -> Result<Fields, Failure> {
    if args.fields.is_empty() {
        return Ok(Fields::all(args.exact));
    }
    let names: Vec<&str> = args.fields.iter().map(|name| name.trim()).collect();
    Fields::named(&names).or_else(|error| {
        let wrong = error.0;
        let all: Vec<&str> = field_names(true).collect();
        let near = text::nearest(&wrong, all.iter().copied(), 1);
        let (vi, en) = match near.first() {
            Some(near) => (format!("; có phải là `{near}`?"), format!("; did you mean `{near}`?")),
            None => (
                format!("; các trường: {}", all.join(", ")),
                format!("; fields: {}", all.join(", ")),
            ),
        };
        failure(
            format!("`--fields`: không có trường `{wrong}`{vi}"),
            format!("`--fields`: there is no field `{wrong}`{en}"),
        )
    })
}
