//! The conformance corpus: the language in cases, each with its rules, data and what must come out.
//!
//! Enters: `tests/corpus/{good,bad}/*.md`; README.md there shows the form of a case. The one idea:
//! expectations are written by hand from the language, never from what the program does; only
//! `diagnostics` blocks, whose wording is the program's own, are rewritten by `BLESS=1`.
//! Invariant: a case lists every record and every diagnostic, so that nothing comes out unseen.

mod case;
mod data;
mod imports;
mod record;
mod scores;
mod trials;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use chitieu::calendar::{self, Date};
use chitieu::diagnostic::render::{Format, Style, render};
use chitieu::diagnostic::{Code, Diagnostics, Lang, apply_fixes};
use chitieu::reference::Reference;
use chitieu::snapshot::Data;
use chitieu::source::{Source, SourceId, Sources};
use chitieu::{Judgement, Reason, Rules, Snapshot, Verdict, text};

use case::{Block, Kind};
pub(crate) use case::{Case, cases_of, read_folder};

/// Codes of forms that this version does not read, and of files (imports, data), which leaves read.
const CODES_TO_COME: [&str; 3] = ["E0604", "W0101", "W0199"];

/// Codes that need a text too large or too broken for a page; `hostile` shows them.
const CODES_OF_HOSTILE_TEXT: [&str; 2] = ["E0001", "E0002"];

/// Reasons that records carry, and whether this version reads a form that brings them about.
const REASONS: [(Reason, bool); 14] = [
    (Reason::ThresholdUnstated, true),
    (Reason::Bounds, true),
    (Reason::About, true),
    (Reason::UnitsUnreported, true),
    (Reason::ZeroDenominator, true),
    (Reason::Scope, true),
    (Reason::NotInForce, true),
    (Reason::GrowthFromZero, true),
    (Reason::EmptyPopulation, true),
    (Reason::UnequalValues, true),
    (Reason::OutOfRange, true),
    (Reason::Unreadable, true),
    (Reason::WrongUnit, true),
    (Reason::Absent, true),
];

/// All cases that must hold.
pub(crate) fn all_cases() -> Vec<Case> {
    ["good", "bad"].into_iter().flat_map(read_folder).collect()
}

/// What a case's rules come to.
pub(crate) struct Outcome {
    pub(crate) sources: Sources,
    pub(crate) rules: Option<Rules>,
    pub(crate) found: Diagnostics,
}

/// Reads the rules of a case.
pub(crate) fn load(case: &Case) -> Outcome {
    let mut sources = Sources::default();
    for (name, text) in case.asked() {
        sources.add(Source::new(name, text).expect("a text of moderate size"));
    }
    match Rules::load_with(sources, &imports::Files(case.rules())) {
        Ok(rules) => Outcome {
            sources: rules.sources().clone(),
            found: rules.warnings().clone(),
            rules: Some(rules),
        },
        Err((sources, found)) => Outcome { sources, rules: None, found },
    }
}

/// Everything in which a case differs from what comes out, one line each.
pub(crate) fn failures(case: &Case, outcome: &Outcome) -> Vec<String> {
    let mut failures = Vec::new();
    let mut says_diagnostics = false;
    for block in case.of(|kind| matches!(kind, Kind::Diagnostics { .. })) {
        says_diagnostics = true;
        failures.extend(diagnostics_differ(case, block, outcome));
    }
    if !says_diagnostics && !outcome.found.is_empty() {
        let shown = short(outcome, Lang::Vi);
        failures.push(format!("{}\n  unexpected:\n{shown}", case.at(1)));
    }
    for block in case.of(|kind| kind == Kind::Verdicts) {
        failures.extend(match &outcome.rules {
            Some(rules) => verdicts_differ(case, block, rules),
            None => vec![format!("{}\n  the rules have errors", case.at(block.line))],
        });
    }
    for block in case.of(|kind| kind == Kind::Trials) {
        failures.extend(match &outcome.rules {
            Some(rules) => trials::differ(case, block, rules),
            None => Some(format!("{}\n  the rules have errors", case.at(block.line))),
        });
    }
    for block in case.of(|kind| kind == Kind::Scores) {
        failures.extend(match &outcome.rules {
            Some(rules) => scores::differ(case, block, rules),
            None => Some(format!("{}\n  the rules have errors", case.at(block.line))),
        });
    }
    for block in case.of(|kind| matches!(kind, Kind::Fixed { .. })) {
        failures.extend(fix_differs(case, block, outcome));
    }
    failures
}

/// The diagnostics as lines; the file's name is left out where it has none.
fn short(outcome: &Outcome, lang: Lang) -> String {
    let list = outcome.found.as_slice();
    let shown = render(list, &outcome.sources, Format::Short, lang, Style::default());
    shown.lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "{}", line.strip_prefix(':').unwrap_or(line));
        out
    })
}

fn diagnostics_differ(case: &Case, block: &Block, outcome: &Outcome) -> Option<String> {
    let Kind::Diagnostics { english } = block.kind else { return None };
    let actual = short(outcome, if english { Lang::En } else { Lang::Vi });
    (actual != block.text).then(|| {
        let (at, expected) = (case.at(block.line), &block.text);
        format!("{at}\n  expected:\n{expected}  got:\n{actual}")
    })
}

fn fix_differs(case: &Case, block: &Block, outcome: &Outcome) -> Option<String> {
    let Kind::Fixed { number } = block.kind else { return None };
    let first = outcome.found.iter().next();
    let fix = first.and_then(|found| found.fixes.get(number.checked_sub(1)?));
    let Some(fix) = fix else {
        return Some(format!("{}\n  there is no fix {number}", case.at(block.line)));
    };
    let text = outcome.sources.get(SourceId(0)).map_or("", Source::text);
    let actual = apply_fixes(text, [fix].into_iter());
    let (at, expected) = (case.at(block.line), &block.text);
    (actual != *expected).then(|| format!("{at}\n  expected:\n{expected}  got:\n{actual}"))
}

/// The records of a case.
pub(crate) fn records(case: &Case) -> Result<Vec<Snapshot>, String> {
    let blocks = case.of(|kind| kind == Kind::Json);
    let lists: Result<Vec<_>, _> = blocks.map(|block| data::records(&block.text)).collect();
    Ok(lists?.into_iter().flatten().collect())
}

/// The day on which everything is judged, where the case names one.
pub(crate) fn as_of(case: &Case) -> Result<Option<Date>, String> {
    let Some(time) = &case.as_of else { return Ok(None) };
    let period = calendar::parse(&text::normal(time)).map_err(|fault| fault.to_string())?;
    period.last.map(Some).ok_or_else(|| format!("`{time}` has no last day"))
}

/// All that is judged of some records, in the order of the output.
pub(crate) fn judge(
    rules: &Rules,
    records: Vec<Snapshot>,
    as_of: Option<Date>,
) -> Result<Vec<Judgement>, String> {
    let data = gather(records, as_of)?;
    let reference = Reference::named(rules.model(), rules.names(), &data);
    let cases = reference.cases(as_of);
    let all = (0..cases.len()).filter_map(|place| cases.get(&data, place));
    Ok(all.flat_map(|case| reference.judge(&case)).collect())
}

/// The data of some records.
fn gather(records: Vec<Snapshot>, as_of: Option<Date>) -> Result<Data, String> {
    let mut data = Data::new();
    for record in records {
        if !data.push(record, as_of) {
            return Err("a record without a date in a case without `as-of:`".to_owned());
        }
    }
    Ok(data)
}

/// What is found in the rules of a case.
pub(crate) fn diagnostics_of(case: &Case) -> Diagnostics {
    load(case).found
}

/// The rules of a case, where they have no errors.
pub(crate) fn rules_of(case: &Case) -> Option<Rules> {
    load(case).rules
}

fn verdicts_differ(case: &Case, block: &Block, rules: &Rules) -> Vec<String> {
    let judged = records(case).and_then(|records| judge(rules, records, as_of(case)?));
    let judged = match judged {
        Ok(judged) => judged,
        Err(fault) => return vec![format!("{}\n  {fault}", case.at(block.line))],
    };
    let mut records = judged.iter().map(|one| record::fields(rules.model(), one));
    let mut found = Vec::new();
    for (line, number) in block.text.lines().zip(block.line..) {
        let at = case.at(number);
        let Some(expected) = record::expected(line) else {
            found.push(format!("{at}\n  not a line of verdicts: `{line}`"));
            continue;
        };
        let Some(record) = records.next() else {
            found.push(format!("{at}\n  nothing came out for `{line}`"));
            continue;
        };
        let key = ["entity", "as_of", "target"].map(|name| record.get(name).cloned());
        if key != expected.key.clone().map(Some) {
            let key = key.map(Option::unwrap_or_default).join(" ");
            found.push(format!("{at}\n  expected `{line}`, got `{key}`"));
            continue;
        }
        let differences = record::differences(&expected, &record);
        found.extend(differences.into_iter().map(|it| format!("{at}\n  {line}\n  {it}")));
    }
    let rest = records.map(|it| format!("{}\n  not listed: {it:?}", case.at(block.line)));
    found.into_iter().chain(rest).collect()
}

/// Writes the diagnostics of a case into its file.
fn bless(case: &Case, outcome: &Outcome) {
    for block in case.of(|kind| matches!(kind, Kind::Diagnostics { .. })).collect::<Vec<_>>() {
        let Kind::Diagnostics { english } = block.kind else { continue };
        let actual = short(outcome, if english { Lang::En } else { Lang::Vi });
        let text = fs::read_to_string(&case.file).expect("a readable file");
        let lines: Vec<&str> = text.lines().collect();
        // Blocks above may have grown since: the block is found by its heading.
        let heading = format!("## {}", case.title);
        let start = lines.iter().position(|line| line.trim_end() == heading).unwrap_or(0);
        let within = lines
            .iter()
            .skip(start)
            .position(|line| line.starts_with("```diagnostics") && line.contains(" en") == english);
        let from = start + within.expect("the block") + 1;
        let to = from + lines[from..].iter().position(|line| *line == "```").expect("its end");
        let blessed: Vec<&str> = lines[..from]
            .iter()
            .copied()
            .chain(actual.lines())
            .chain(lines[to..].iter().copied())
            .collect();
        fs::write(&case.file, blessed.join("\n") + "\n").expect("a writable file");
    }
}

#[test]
fn every_case_holds() {
    let cases = all_cases();
    let mut failed = Vec::new();
    for case in &cases {
        let outcome = load(case);
        if std::env::var_os("BLESS").is_some() {
            bless(case, &outcome);
        }
        failed.extend(failures(case, &outcome));
    }
    assert!(failed.is_empty(), "{} differences\n{}", failed.len(), failed.join("\n"));
    assert!(cases.len() >= 100, "only {} cases were found", cases.len());
    println!("{} cases", cases.len());
}

#[test]
fn every_case_expects_something_and_has_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for case in all_cases() {
        let expects = |kind| {
            matches!(kind, Kind::Verdicts | Kind::Trials | Kind::Scores | Kind::Diagnostics { .. })
        };
        assert!(case.of(expects).next().is_some(), "{} expects nothing", case.at(1));
        assert!(!case.rules().is_empty(), "{} has no rules", case.at(1));
        let name = (case.file.clone(), case.title.clone());
        assert!(names.insert(name), "{} stands twice", case.at(1));
    }
}

/// A fix that leaves its own diagnostic standing is no fix.
#[test]
fn every_fix_removes_its_diagnostic() {
    let mut tried = 0;
    for case in all_cases() {
        let outcome = load(&case);
        for found in &outcome.found {
            for fix in &found.fixes {
                let mut changed = case.clone();
                let text = outcome.sources.get(found.span.source).map_or("", Source::text);
                changed.replace_rules(found.span.source.0, &apply_fixes(text, [fix].into_iter()));
                let same =
                    load(&changed).found.iter().filter(|it| it.message == found.message).count();
                let before = outcome.found.iter().filter(|it| it.message == found.message).count();
                assert!(same < before, "{}: {}: {}", case.at(1), found.message.vi, fix.title.vi);
                tried += 1;
            }
        }
    }
    assert!(tried >= 20, "only {tried} fixes were tried");
}

/// Cases in `open/` wait for a form; one that holds belongs to the others.
#[test]
fn open_cases_do_not_hold_yet() {
    let cases = read_folder("open").into_iter();
    let hold = cases.filter(|case| failures(case, &load(case)).is_empty());
    let hold: Vec<String> = hold.map(|case| case.at(1)).collect();
    assert!(hold.is_empty(), "these hold, move them out of open/:\n{}", hold.join("\n"));
}

#[test]
fn every_code_verdict_reason_and_keyword_is_shown() {
    let (mut codes, mut words) = (BTreeSet::new(), BTreeSet::new());
    let mut rules = String::new();
    for case in all_cases() {
        let outcome = load(&case);
        codes.extend(outcome.found.iter().map(|found| found.code.id()));
        for block in case.of(|kind| kind == Kind::Verdicts) {
            for expected in block.text.lines().filter_map(record::expected) {
                words.extend([expected.verdict, expected.reason]);
            }
        }
        if outcome.rules.is_some() {
            for (_, text) in case.rules() {
                let lines = text.lines().map(text::normal);
                rules.extend(lines.map(|line| format!(" {line} \n")));
            }
        }
    }
    let mut missing = Vec::new();
    for code in Code::all().iter().map(|code| code.id()) {
        let elsewhere = CODES_TO_COME.contains(&code) || CODES_OF_HOSTILE_TEXT.contains(&code);
        if codes.contains(code) == elsewhere {
            missing.push(code.to_owned());
        }
    }
    let reasons = REASONS.iter().map(|(reason, read)| (reason.code(), *read));
    for (word, read) in Verdict::ALL.map(|it| (it.code(), true)).into_iter().chain(reasons) {
        if words.contains(word) != read {
            missing.push(word.to_owned());
        }
    }
    missing.extend(keywords_not_in(&rules));
    assert!(missing.is_empty(), "no case shows, or a list of forms to come is old: {missing:#?}");
}

/// Spellings of keywords that no rule text writes.
fn keywords_not_in(rules: &str) -> Vec<String> {
    let mut missing = BTreeSet::new();
    for keyword in chitieu::syntax::keywords() {
        let timed = ["key_by", "key_when", "key_baseline", "key_given_for"].contains(&keyword.rule);
        let ends: &[&str] = match keyword.rule.starts_with("key_") {
            _ if timed => &[" "],
            true => &[":", " :"],
            false => &[" ", ":", ",", ")", "("],
        };
        let spellings = keyword.vi.iter().chain(keyword.en);
        let unwritten = spellings
            .filter(|word| !ends.iter().any(|end| rules.contains(&format!(" {word}{end}"))));
        let unwritten: Vec<String> =
            unwritten.map(|word| format!("{} `{word}`", keyword.rule)).collect();
        missing.extend(unwritten);
    }
    missing.into_iter().collect()
}
