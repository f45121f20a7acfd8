//! What a checkpoint belongs to.
//!
//! Enters: arguments, rules, inputs. Leaves: all that decides a byte of the results, or the first
//! thing that is not as it was. The one idea: where anything differs the run is refused, for half
//! of one result and half of another is none. Invariant: threads, memory, progress and the places
//! of outputs decide no byte and may differ.

use std::fs;
use std::time::UNIX_EPOCH;

use chitieu::Rules;
use chitieu::report::Digest;
use chitieu_io::{IoError, Pieces};
use serde::{Deserialize, Serialize};

use crate::args::Eval;
use crate::console::{Console, Failure, failure};
use crate::eval::plan::Plan;

/// The form of the folder; another form is another job.
const FORM: u32 = 1;

/// What a checkpoint belongs to.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::eval) struct Job {
    form: u32,
    engine: String,
    /// Options with their values.
    options: Vec<(String, String)>,
    /// Rule files, also imported ones: name and SHA-256.
    rules: Vec<(String, String)>,
    /// Data: name, bytes, and when it was last written.
    data: Vec<(String, u64, String)>,
}

impl Job {
    pub(in crate::eval) fn new(
        args: &Eval,
        plan: &Plan,
        rules: &Rules,
        pieces: &Pieces,
        console: Console,
    ) -> Result<Self, Failure> {
        let sources = rules.sources().iter();
        let digest = |text: &str| Digest::of(text.as_bytes());
        Ok(Self {
            form: FORM,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            options: options(args, plan, console),
            rules: sources.map(|(_, it)| (it.name().to_owned(), digest(it.text()))).collect(),
            data: data(pieces)?,
        })
    }

    /// The first thing that differs from a job that was begun, in both languages.
    pub(super) fn differs(&self, known: &Self) -> Option<(String, String)> {
        if self == known {
            return None;
        }
        if (self.form, &self.engine) != (known.form, &known.engine) {
            let (before, now) = (&known.engine, &self.engine);
            return Some((
                format!("nó do phiên bản {before} ghi, phiên bản này là {now}"),
                format!("it was written by version {before}, this is {now}"),
            ));
        }
        let changed = first(&known.options, &self.options);
        if let Some((before, now)) = changed {
            let option = now.or(before).map(|(name, _)| name.as_str()).unwrap_or_default();
            return Some(option_differs(option, said(before), said(now)));
        }
        let rules = first(&known.rules, &self.rules).map(|(before, now)| {
            named(before.map(|it| &it.0), now.map(|it| &it.0), ("tệp luật", "the rule file"))
        });
        rules.or_else(|| {
            first(&known.data, &self.data).map(|(before, now)| data_differ(before, now))
        })
    }
}

/// What an option was given; nothing where it was left off.
fn said(side: Option<&(String, String)>) -> Option<&str> {
    side.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

fn option_differs(option: &str, before: Option<&str>, now: Option<&str>) -> (String, String) {
    let vi = |side: Option<&str>| side.map_or("không có".to_owned(), |it| format!("là `{it}`"));
    let en = |side: Option<&str>| side.map_or("left off".to_owned(), |it| format!("`{it}`"));
    (
        format!("`{option}` trước {}, nay {}", vi(before), vi(now)),
        format!("`{option}` was {} and is {}", en(before), en(now)),
    )
}

/// The first place where two lists differ.
fn first<'a, T: PartialEq>(
    before: &'a [T],
    now: &'a [T],
) -> Option<(Option<&'a T>, Option<&'a T>)> {
    let most = before.len().max(now.len());
    (0..most).map(|at| (before.get(at), now.get(at))).find(|(before, now)| before != now)
}

/// Which file differs, and how.
fn named(
    before: Option<&String>,
    now: Option<&String>,
    (vi, en): (&str, &str),
) -> (String, String) {
    match (before, now) {
        (Some(before), Some(now)) if before == now => {
            (format!("{vi} `{now}` đã đổi"), format!("{en} `{now}` changed"))
        }
        (Some(before), Some(now)) => (
            format!("{vi} ở chỗ này trước là `{before}`, nay là `{now}`"),
            format!("{en} here was `{before}` and is `{now}`"),
        ),
        (Some(before), None) => {
            (format!("{vi} `{before}` không còn nữa"), format!("{en} `{before}` is gone"))
        }
        (None, now) => {
            let now = now.map(String::as_str).unwrap_or_default();
            (format!("có thêm {vi} `{now}`"), format!("{en} `{now}` is new"))
        }
    }
}

fn data_differ(
    before: Option<&(String, u64, String)>,
    now: Option<&(String, u64, String)>,
) -> (String, String) {
    if let (Some((name, before, _)), Some((now, bytes, _))) = (before, now)
        && name == now
    {
        return if before == bytes {
            (
                format!("tệp số liệu `{name}` đã được ghi lại (giờ sửa khác trước)"),
                format!("the data file `{name}` was written anew (its time differs)"),
            )
        } else {
            (
                format!("tệp số liệu `{name}` trước có {before} byte, nay có {bytes} byte"),
                format!("the data file `{name}` had {before} bytes and has {bytes}"),
            )
        };
    }
    named(before.map(|it| &it.0), now.map(|it| &it.0), ("tệp số liệu", "the data file"))
}

/// The options that decide what is written.
fn options(args: &Eval, plan: &Plan, console: Console) -> Vec<(String, String)> {
    let text = |option: &Option<String>| option.clone().unwrap_or_default();
    let yes = |is: bool| (if is { "có/yes" } else { "không/no" }).to_owned();
    let only: Vec<&str> = plan.only.iter().map(|verdict| verdict.code()).collect();
    let word = |debug: String| debug.to_lowercase();
    let input = &args.data;
    let all = [
        ("--format", word(format!("{:?}", plan.format))),
        ("--layout", if plan.wide { "wide" } else { "long" }.to_owned()),
        ("--summary", yes(plan.summary)),
        ("--only", only.join(",")),
        ("--fields", args.fields.join(",")),
        ("--exact", yes(plan.exact)),
        ("--as-of", text(&args.as_of)),
        ("--rules-as-of", text(&args.rules_as_of)),
        ("--reference", yes(plan.reference)),
        (
            "--input-format",
            input.input_format.map(|it| word(format!("{it:?}"))).unwrap_or_default(),
        ),
        (
            "--number-format",
            input.number_format.map(|it| word(format!("{it:?}"))).unwrap_or_default(),
        ),
        ("--receipt", if plan.shows_digests { "full" } else { "short" }.to_owned()),
        ("--lang", word(format!("{:?}", console.lang))),
    ];
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Size and time of all data. What cannot be read twice is refused.
fn data(pieces: &Pieces) -> Result<Vec<(String, u64, String)>, Failure> {
    let mut all = Vec::new();
    for (name, path) in pieces.files() {
        let Some(path) = path.filter(|path| !path.exists() || path.is_file()) else {
            return failure(
                format!(
                    "`--checkpoint` phải đọc lại được số liệu, mà `{name}` chỉ đọc được một lần: \
                     ghi số liệu ra tệp rồi dùng `--data TỆP`"
                ),
                format!(
                    "`--checkpoint` has to read the data again, and `{name}` can be read once \
                     only: put the data in a file and use `--data FILE`"
                ),
            );
        };
        let found = fs::metadata(path).and_then(|it| Ok((it.len(), it.modified()?)));
        let failed = |source| IoError::Read { name: name.to_owned(), source };
        let (bytes, time) = found.map_err(failed)?;
        let time = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        all.push((
            name.to_owned(),
            bytes,
            format!("{}.{:09}", time.as_secs(), time.subsec_nanos()),
        ));
    }
    Ok(all)
}
