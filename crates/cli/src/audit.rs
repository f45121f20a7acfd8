//! `chitieu audit`: checks and audits of the data alone.
//!
//! Enters: rules and data. Leaves: findings on standard output, which are the result. The one
//! idea: what figures leave open is said, and only what they contradict ends with 1.

use std::fmt::Write as _;

use chitieu::audit::{Finding, audit};
use chitieu::diagnostic::Lang;

use crate::Status;
use crate::args::{Audit, Findings};
use crate::console::{Console, Failure};
use crate::json::object;
use crate::load;

/// Runs the command.
pub(crate) fn run(args: &Audit, mut console: Console) -> Result<Status, Failure> {
    let fallback = load::day("--as-of", args.as_of.as_deref())?;
    let rules = load::rules(&args.rules, args.words.lang, &mut console)?;
    let data = load::data((&args.rules, &rules), &args.data, fallback, console)?;
    let found = audit(rules.model(), &data);
    let format = args.format.unwrap_or(Findings::Human);
    let mut out = String::new();
    for finding in &found {
        match format {
            Findings::Human => human(finding, console.lang, &mut out),
            Findings::Short => short(finding, console.lang, &mut out),
            Findings::Json => out.push_str(&json(finding, console.lang)),
        }
    }
    let errors = found.iter().filter(|finding| finding.kind.is_error()).count();
    if format == Findings::Human {
        let (all, notes) = (data.snapshots.len(), found.len() - errors);
        let _ = match console.lang {
            Lang::Vi => {
                writeln!(out, "{all} bộ số liệu: {errors} chỗ không khớp, {notes} chỗ cần xem lại")
            }
            Lang::En => {
                writeln!(out, "snapshots: {all}; contradictions: {errors}; to look at: {notes}")
            }
        };
    }
    load::print(&out)?;
    Ok(if errors > 0 { Status::Found } else { Status::Clean })
}

const fn severity(finding: &Finding, lang: Lang) -> &'static str {
    match (finding.kind.is_error(), lang) {
        (true, Lang::Vi) => "lỗi",
        (true, Lang::En) => "error",
        (false, Lang::Vi) => "lưu ý",
        (false, Lang::En) => "note",
    }
}

fn human(finding: &Finding, lang: Lang, out: &mut String) {
    let (entity, day) = (&finding.entity, finding.as_of.to_vi());
    let _ = writeln!(out, "{}: {entity}, {day}: {}", severity(finding, lang), finding.subject);
    let _ = writeln!(out, "  {}", finding.message.get(lang));
    if !finding.sources.is_empty() {
        let _ = writeln!(out, "  ← {}", finding.sources.join("; "));
    }
    out.push('\n');
}

fn short(finding: &Finding, lang: Lang, out: &mut String) {
    let place = finding.sources.first().map_or("-", String::as_str);
    let (entity, day) = (&finding.entity, finding.as_of);
    let code = finding.kind.code();
    let (word, text) = (severity(finding, lang), finding.message.get(lang));
    let subject = &finding.subject;
    let _ = writeln!(out, "{place}: {word}[{code}]: {entity}, {day}: {subject}: {text}");
}

fn json(finding: &Finding, lang: Lang) -> String {
    let severity = if finding.kind.is_error() { "error" } else { "note" };
    object([
        ("code", finding.kind.code().into()),
        ("severity", severity.into()),
        ("message", finding.message.get(lang).into()),
        ("entity", (&finding.entity).into()),
        ("as_of", finding.as_of.to_string().into()),
        ("indicator", (&finding.subject).into()),
        ("figures", finding.figures.as_slice().into()),
        ("sources", finding.sources.as_slice().into()),
    ])
    .line()
}
