//! Rules and data, read for commands that judge nothing in bulk.
//!
//! Enters: paths. Leaves: rules, and data of which every record was sound. The one idea: these
//! commands speak of single figures, so a record that cannot be read ends them.

use std::io::Write;
use std::path::PathBuf;

use chitieu::calendar::{self, Date};
use chitieu::diagnostic::{Lang, Message};
use chitieu::snapshot::{DEPTH, Data, ParentError};
use chitieu::{Rules, text};
use chitieu_io::{Item, Options, Tables};

use crate::args::{DataFiles, InputFormat, NumberFormat, RuleFiles};
use crate::console::{Console, Failure, failure, results, written};

/// So many rejected records are listed.
const LISTED: usize = 20;

/// Reads rules; without `--lang` the console speaks their language from here on.
pub(crate) fn rules(
    files: &RuleFiles,
    lang: Option<Lang>,
    console: &mut Console,
) -> Result<Rules, Failure> {
    let (sources, imports) = chitieu_io::load_with(&files.paths, files.root.as_deref())?;
    let rules = Rules::load_with(sources, &imports).map_err(|(sources, found)| {
        console.diagnostics(&found, &sources);
        Failure::Shown
    })?;
    if let (None, Some(first)) = (lang, rules.model().programmes.first()) {
        console.lang = first.lang;
    }
    Ok(rules)
}

/// How data are read; `fallback` is the date of records that give none.
pub(crate) fn options(
    rules: &RuleFiles,
    data: &DataFiles,
    fallback: Option<Date>,
) -> Result<Options, Failure> {
    let stdin = |path: &PathBuf| path.as_os_str() == "-";
    if rules.paths.iter().any(stdin) && data.paths.iter().any(stdin) {
        return failure(
            "luật và số liệu không thể cùng đọc từ đầu vào chuẩn (`-`)",
            "rules and data cannot both come from standard input (`-`)",
        );
    }
    let numbers = data.number_format.map(|format| match format {
        NumberFormat::Vi => chitieu::number::Format::Vi,
        NumberFormat::En => chitieu::number::Format::En,
    });
    let format = data.input_format.map(input).transpose()?;
    let tables: Option<&'static dyn Tables> = Some(&chitieu_arrow::Reader);
    Ok(Options { fallback, numbers, format, tables, ..Options::default() })
}

/// What all data are said to be.
fn input(asked: InputFormat) -> Result<chitieu_io::InputFormat, Failure> {
    Ok(match asked {
        InputFormat::Json => chitieu_io::InputFormat::Json,
        InputFormat::Ndjson => chitieu_io::InputFormat::Ndjson,
        InputFormat::Csv => chitieu_io::InputFormat::Csv,
        InputFormat::Parquet => chitieu_io::InputFormat::Parquet,
        InputFormat::Arrow => chitieu_io::InputFormat::Arrow,
        InputFormat::Xlsx => {
            return failure(
                "số liệu dạng `xlsx` chưa đọc được trong bản này; dùng json, ndjson, csv, \
                 parquet, arrow",
                "data in `xlsx` are not read by this version; use json, ndjson, csv, parquet, \
                 arrow",
            );
        }
    })
}

/// Reads all records, and the table of entities; `fallback` is the date of records that give none.
pub(crate) fn data(
    rules: (&RuleFiles, &Rules),
    files: &DataFiles,
    fallback: Option<Date>,
    console: Console,
) -> Result<Data, Failure> {
    let (mut data, mut rejected) = (Data::new(), 0_usize);
    let options = options(rules.0, files, fallback)?;
    chitieu_io::read_for(&files.paths, options, rules.1, &mut |_, item| match item {
        Item::Record(record) => {
            data.push(*record, fallback);
        }
        Item::Reject(reject) => {
            rejected += 1;
            if rejected <= LISTED {
                let place = format!("{}:{}:{}", reject.file, reject.row, reject.column);
                console.error(&Message::new(
                    format!("{place}: {}", reject.reason.vi),
                    format!("{place}: {}", reject.reason.en),
                ));
            }
        }
    })?;
    if rejected > 0 {
        return failure(
            format!("{rejected} bản ghi không đọc được"),
            format!("{rejected} records cannot be read"),
        );
    }
    if let Some(path) = &files.entities {
        for entity in &chitieu_io::entities(path, false)?.0 {
            data.add_entity(entity);
        }
    }
    check_tree(&data)?;
    if data.snapshots.is_empty() {
        return failure("số liệu không có bản ghi nào", "the data hold no record");
    }
    Ok(data)
}

/// Ends the run where the parents of entities make no tree.
pub(crate) fn check_tree(data: &Data) -> Result<(), Failure> {
    data.check_parents().map_err(|error| Failure::Said(no_tree(&error)))
}

/// Why the parents of entities make no tree.
pub(crate) fn no_tree(error: &ParentError) -> Message {
    let vi = match error {
        ParentError::Two { entity, first, second } => {
            format!("đơn vị `{entity}` thuộc hai đơn vị khác nhau: `{first}` và `{second}`")
        }
        ParentError::Circle(ids) => {
            format!("các đơn vị thuộc nhau thành vòng: {}", ids.join(" → "))
        }
        ParentError::Deep(id) => {
            format!("đơn vị `{id}` có hơn {DEPTH} cấp ở trên; xem lại cột `thuộc`")
        }
    };
    Message::new(vi, error.to_string())
}

/// The rules as they were on the day of `--rules-as-of`.
pub(crate) fn known(rules: Rules, option: Option<&str>) -> Result<Rules, Failure> {
    let Some(day) = day("--rules-as-of", option)? else { return Ok(rules) };
    let known = rules.as_of(day);
    if known.model().targets.is_empty() {
        return failure(
            format!("không chỉ tiêu nào có hiệu lực từ {} trở về trước", day.to_vi()),
            format!("no target begins on {day} or before"),
        );
    }
    Ok(known)
}

/// The last day of a time that an option gives.
pub(crate) fn day(name: &str, option: Option<&str>) -> Result<Option<Date>, Failure> {
    let Some(written) = option else { return Ok(None) };
    match calendar::parse(&text::normal(written)).map(|period| period.last) {
        Ok(Some(day)) => Ok(Some(day)),
        Ok(None) => failure(
            format!("`{name} {written}` không có ngày cuối"),
            format!("`{name} {written}` has no last day"),
        ),
        Err(error) => failure(
            format!("`{name} {written}` không phải là một ngày; viết như 30/06/2023"),
            format!("`{name}`: {error}; write it like 30/06/2023"),
        ),
    }
}

/// Writes a result to standard output. Control characters of data cannot steer a terminal.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let clean: String =
        text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect();
    let mut out = results();
    out.write_all(clean.as_bytes()).and_then(|()| out.flush()).map_err(written)
}
