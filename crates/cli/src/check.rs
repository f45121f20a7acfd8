//! `chitieu check`: all problems of rules in one run.
//!
//! Enters: rule files. Leaves: findings on standard output, which are the result. The one idea:
//! rules that hold errors were read all the same; only what cannot be read at all ends with 2.

use std::io::Write;

use chitieu::Rules;
use chitieu::diagnostic::render::{self, Style};
use chitieu::diagnostic::{Diagnostics, Lang};
use chitieu::source::Sources;

use crate::Status;
use crate::args::{Check, Findings};
use crate::console::{Console, Failure, results, wants_color, written};

/// Runs the command.
pub(crate) fn run(args: &Check, console: Console) -> Result<Status, Failure> {
    let (sources, imports) = chitieu_io::load_with(&args.rules, args.root.as_deref())?;
    let (text, status) = match Rules::load_with(sources, &imports) {
        Err((sources, found)) => {
            let text = show(args, &found, &sources, console.lang);
            (text, Status::Found)
        }
        Ok(rules) => {
            let own = rules.model().programmes.first().map(|programme| programme.lang);
            let lang = args.words.lang.or(own).unwrap_or_default();
            let found = rules.warnings();
            let is_bad = args.deny_warnings && !found.is_empty();
            let mut text = show(args, found, rules.sources(), lang);
            if found.is_empty() && matches!(args.format, None | Some(Findings::Human)) {
                text = fine(&rules, lang);
            }
            (text, if is_bad { Status::Found } else { Status::Clean })
        }
    };
    let mut out = results();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(written)?;
    Ok(status)
}

fn show(args: &Check, found: &Diagnostics, sources: &Sources, lang: Lang) -> String {
    let format = match args.format {
        None | Some(Findings::Human) => render::Format::Human,
        Some(Findings::Short) => render::Format::Short,
        Some(Findings::Json) => render::Format::Json,
    };
    let style = Style { color: wants_color(args.words.color, &std::io::stdout()) };
    let mut text = render::render(found.as_slice(), sources, format, lang, style);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// `không có lỗi: 1 chương trình, 26 chỉ tiêu`.
fn fine(rules: &Rules, lang: Lang) -> String {
    let (programmes, targets) = (rules.model().programmes.len(), rules.model().targets.len());
    match lang {
        Lang::Vi => format!("không có lỗi: {programmes} chương trình, {targets} chỉ tiêu\n"),
        Lang::En => {
            let plural = |count: usize| if count == 1 { "" } else { "s" };
            let (p, t) = (plural(programmes), plural(targets));
            format!("no errors: {programmes} programme{p}, {targets} target{t}\n")
        }
    }
}
