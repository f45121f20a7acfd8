//! `chitieu check`: all problems of rules in one run.
//!
//! Enters: rule files. Leaves: findings on standard output, which are the result. The one idea:
//! rules that hold errors were read all the same; only what cannot be read at all ends with 2.

use std::io::Write;

use chitieu::Rules;
use chitieu::diagnostic::render::{self, Style};
use chitieu::diagnostic::{Code, Diagnostics, Fix, Lang, Message, apply_fixes};
use chitieu::source::{SourceId, Sources};

use crate::Status;
use crate::args::{Check, Findings};
use crate::console::{Console, Failure, failure, results, wants_color, written};
use crate::fmt;

/// How often texts are fixed and checked again: a fix may uncover another fault.
const ROUNDS: usize = 8;

/// Runs the command.
pub(crate) fn run(args: &Check, console: Console) -> Result<Status, Failure> {
    if let Some(id) = &args.explain {
        return explain(id);
    }
    if args.fix {
        let fixed = fix(args)?;
        console.note(&Message::new(format!("đã sửa {fixed} chỗ"), format!("{fixed} fixes made")));
    }
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
    let format = args.format.map_or(render::Format::Human, Into::into);
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

/// Prints the document of a code.
fn explain(id: &str) -> Result<Status, Failure> {
    let wanted = id.trim().to_uppercase();
    let Some(code) = Code::from_id(&wanted) else {
        return failure(
            format!("không có mã `{id}`; mã viết như `E0301`"),
            format!("there is no code `{id}`; a code is written like `E0301`"),
        );
    };
    let mut out = results();
    out.write_all(code.document().as_bytes()).and_then(|()| out.flush()).map_err(written)?;
    Ok(Status::Clean)
}

/// Makes every safe fix in the files; how many were made.
fn fix(args: &Check) -> Result<usize, Failure> {
    if args.rules.iter().any(|path| path.as_os_str() == "-") {
        return failure(
            "`--fix` chỉ sửa được tệp, không sửa được đầu vào chuẩn",
            "`--fix` changes files, not the standard input",
        );
    }
    let mut made = 0;
    for _ in 0..ROUNDS {
        let (given, imports) = chitieu_io::load_with(&args.rules, args.root.as_deref())?;
        // What they import is not asked for, and may be the work of others.
        let own = given.iter().count();
        let (sources, found) = match Rules::load_with(given, &imports) {
            Err(both) => both,
            Ok(rules) => (rules.sources().clone(), rules.warnings().clone()),
        };
        let before = made;
        for (id, source) in sources.iter().take(own) {
            let fixes = apart(id, &found);
            if !fixes.is_empty() {
                fmt::replace(source.name(), &apply_fixes(source.text(), fixes.iter().copied()))?;
                made += fixes.len();
            }
        }
        if made == before {
            break;
        }
    }
    Ok(made)
}

/// The safe fixes of one file that neither overlap nor touch one taken before, one a fault.
fn apart(id: SourceId, found: &Diagnostics) -> Vec<&Fix> {
    let mut places: Vec<(u32, u32, &Fix)> = Vec::new();
    for fault in found {
        let own = |fix: &&Fix| fix.safe && fix.edits.iter().all(|edit| edit.span.source == id);
        let Some(fix) = fault.fixes.iter().find(own) else { continue };
        let start = fix.edits.iter().map(|edit| edit.span.start).min();
        let end = fix.edits.iter().map(|edit| edit.span.end).max();
        if let (Some(start), Some(end)) = (start, end) {
            places.push((start, end, fix));
        }
    }
    places.sort_by_key(|&(start, end, _)| (start, end));
    let mut done = None;
    let mut taken = Vec::new();
    for (start, end, fix) in places {
        if done.is_none_or(|done| start > done) {
            taken.push(fix);
            done = Some(end);
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use chitieu::diagnostic::{Diagnostic, Edit};
    use chitieu::source::Span;

    use super::*;

    #[test]
    fn fixes_that_touch_wait_for_the_next_round() {
        let fault = |start, end, by: &str, safe| {
            let span = Span { source: SourceId(0), start, end };
            let edits = vec![Edit { span, replacement: by.to_owned() }];
            let fix = Fix { title: Message::new("sửa", "fix"), edits, safe };
            Diagnostic::new(Code::WrongSymbol, span, Message::new("a", "b")).with_fix(fix)
        };
        let check = |faults: Vec<Diagnostic>, expected: &str| {
            let found = Diagnostics::from_iter(faults);
            let fixes = apart(SourceId(0), &found);
            assert_eq!(apply_fixes("a => b => c", fixes.into_iter()), expected);
            assert!(apart(SourceId(1), &found).is_empty());
        };
        check(vec![], "a => b => c");
        check(vec![fault(2, 4, ">=", false)], "a => b => c");
        check(vec![fault(7, 9, ">=", true), fault(2, 4, ">=", true)], "a >= b >= c");
        check(vec![fault(2, 4, ">=", true), fault(4, 6, "x", true)], "a >= b => c");
        check(vec![fault(0, 9, "", true), fault(2, 4, "y", true)], " c");
    }
}
