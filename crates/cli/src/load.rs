//! Rules and data, read for commands that judge nothing in bulk.
//!
//! Enters: paths. Leaves: rules, and data of which every record was sound. The one idea: these
//! commands speak of single figures, so a record that cannot be read ends them.

use std::io::Write;
use std::path::{Path, PathBuf};

use chitieu::calendar::{self, Date};
use chitieu::diagnostic::{Lang, Message};
use chitieu::snapshot::Data;
use chitieu::{Rules, text};
use chitieu_io::Item;

use crate::args::NumberFormat;
use crate::console::{Console, Failure, failure, results, written};

/// So many rejected records are listed.
const LISTED: usize = 20;

/// Reads rules; without `--lang` the console speaks their language from here on.
pub(crate) fn rules(
    paths: &[PathBuf],
    root: Option<&Path>,
    lang: Option<Lang>,
    console: &mut Console,
) -> Result<Rules, Failure> {
    let (sources, imports) = chitieu_io::load_with(paths, root)?;
    let rules = Rules::load_with(sources, &imports).map_err(|(sources, found)| {
        console.diagnostics(&found, &sources);
        Failure::Shown
    })?;
    if let (None, Some(first)) = (lang, rules.model().programmes.first()) {
        console.lang = first.lang;
    }
    Ok(rules)
}

/// Reads all records; `fallback` is the date of those that give none.
pub(crate) fn data(
    rules: &[PathBuf],
    paths: &[PathBuf],
    fallback: Option<Date>,
    numbers: Option<NumberFormat>,
    console: Console,
) -> Result<Data, Failure> {
    let stdin = |path: &PathBuf| path.as_os_str() == "-";
    if rules.iter().any(stdin) && paths.iter().any(stdin) {
        return failure(
            "luật và số liệu không thể cùng đọc từ đầu vào chuẩn (`-`)",
            "rules and data cannot both come from standard input (`-`)",
        );
    }
    let (mut data, mut rejected) = (Data::new(), 0_usize);
    let numbers = numbers.map(|format| match format {
        NumberFormat::Vi => chitieu::number::Format::Vi,
        NumberFormat::En => chitieu::number::Format::En,
    });
    let options = chitieu_io::Options { fallback, numbers, ..chitieu_io::Options::default() };
    chitieu_io::read(paths, options, &mut |_, item| match item {
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
    data.check_parents().map_err(|error| {
        Failure::Said(Message::new("các đơn vị thuộc nhau không thành cây", error.to_string()))
    })?;
    if data.snapshots.is_empty() {
        return failure("số liệu không có bản ghi nào", "the data hold no record");
    }
    Ok(data)
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
