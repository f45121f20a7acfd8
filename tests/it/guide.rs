//! The guide: every example on its pages comes out as the page says.
//!
//! Enters: `docs/{vi,en}/*.md`. A page is cut into cases of the corpus, one for each rule block and
//! what follows it; line numbers stay those of the page. The one idea: a page is its own test, so
//! that it cannot grow old. `BLESS=1` rewrites what the program words itself: screens, and the
//! tables of keywords. Invariant: a block of unknown kind is no example.

use std::collections::hash_map::RandomState;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chitieu::audit::{Finding, audit};
use chitieu::diagnostic::Lang;
use chitieu::diagnostic::render::{Format, Style, render};
use chitieu::report::table;
use chitieu::snapshot::Data;
use chitieu::syntax::{Keyword, keywords};
use chitieu::trial;
use chitieu::{Rules, Snapshot};

use serde_json::{Value, json};

use crate::corpus::{self, Case};

/// Pages with examples.
const PAGES: [&str; 4] =
    ["docs/vi/huong-dan.md", "docs/vi/tham-khao.md", "docs/en/tutorial.md", "docs/en/reference.md"];

/// A page with fewer examples is not read rightly.
const EXAMPLES_LEAST: usize = 8;

/// Pages with the table of keywords.
const TABLES: [&str; 2] = ["docs/vi/tham-khao.md", "docs/en/reference.md"];

/// The columns of the terminal that a page shows.
const TABLE_WIDTH: usize = 100;

const TABLE_BEGINS: &str = "<!-- keywords -->";
const TABLE_ENDS: &str = "<!-- /keywords -->";

fn path(page: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(page)
}

fn read(page: &str) -> String {
    fs::read_to_string(path(page)).expect("a readable page")
}

fn blessing() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// What the page shows of the program's own words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    Diagnostics,
    Verdicts,
    /// What an audit of the data finds.
    Audit,
}

/// A piece of a page that the program words itself.
struct Screen {
    /// The example that it belongs to, from 0.
    example: usize,
    show: Show,
    english: bool,
    /// The line of the page on which its text begins, from 0.
    line: usize,
    text: String,
}

/// A page as a text of the corpus, line by line, and its screens.
#[derive(Default)]
struct Page {
    lines: Vec<String>,
    screens: Vec<Screen>,
    examples: usize,
    /// The last block that counts was a rule file: another one belongs to the same example.
    after_rules: bool,
}

impl Page {
    fn of(text: &str) -> Self {
        let mut page = Self::default();
        let mut lines = text.lines().zip(0..);
        while let Some((line, number)) = lines.next() {
            let Some(info) = line.strip_prefix("```") else {
                page.lines.push(String::new());
                continue;
            };
            let body: Vec<&str> =
                lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```").collect();
            page.block(info, &body, number + 1);
        }
        page
    }

    fn block(&mut self, info: &str, body: &[&str], line: usize) {
        let kind = info.split(' ').next().unwrap_or_default();
        match kind {
            "chitieu" => {
                if !self.after_rules {
                    self.examples += 1;
                    let title = format!("## {line}");
                    *self.lines.last_mut().expect("an empty line before a block") = title;
                }
                self.keep(info, body);
            }
            "json" | "verdicts" | "scores" | "fixed" => self.keep(info, body),
            "console" => self.command(body),
            "csv" => self.csv(body),
            "screen" | "table" | "audit" => {
                let text = body.iter().flat_map(|line| [*line, "\n"]).collect();
                let example = self.examples.checked_sub(1).expect("rules above a screen");
                let show = match kind {
                    "screen" => Show::Diagnostics,
                    "table" => Show::Verdicts,
                    _ => Show::Audit,
                };
                let english = info.ends_with(" en");
                self.screens.push(Screen { example, show, english, line, text });
                self.skip(body.len() + 2);
            }
            _ => self.skip(body.len() + 2),
        }
        self.after_rules = kind == "chitieu";
    }

    fn keep(&mut self, info: &str, body: &[&str]) {
        self.lines.push(format!("```{info}"));
        self.lines.extend(body.iter().map(|line| (*line).to_owned()));
        self.lines.push("```".to_owned());
    }

    fn skip(&mut self, count: usize) {
        self.lines.extend(std::iter::repeat_n(String::new(), count));
    }

    /// The rows of a plain table as records; the readers of files have tests of their own.
    fn csv(&mut self, body: &[&str]) {
        let mut rows = body.iter().map(|line| line.split(';').collect::<Vec<_>>());
        let header = rows.next().expect("a header");
        let records: Vec<Value> = rows.map(|cells| record(&header, &cells)).collect();
        self.keep("json", &[&Value::from(records).to_string()]);
        self.skip(body.len() - 1);
    }

    /// `--as-of DAY` of a command is the day of its example.
    fn command(&mut self, body: &[&str]) {
        self.skip(body.len() + 2);
        let day = body.iter().find_map(|line| line.split_once("--as-of "));
        if let Some((_, rest)) = day {
            let day = rest.split(' ').next().unwrap_or_default();
            *self.lines.last_mut().expect("a skipped line") = format!("as-of: {day}");
        }
    }

    fn cases(&self, page: &str) -> Vec<Case> {
        let cases = corpus::cases_of(&path(page), &self.lines.join("\n"));
        assert_eq!(cases.len(), self.examples, "{page}: an example has no rules");
        cases
    }
}

fn record(header: &[&str], cells: &[&str]) -> Value {
    assert_eq!(header.len(), cells.len(), "{cells:?}");
    let mut record = json!({ "measurements": {}, "attributes": {} });
    for (name, cell) in header.iter().zip(cells) {
        match *name {
            "đơn vị" | "entity" => record["entity"] = (*cell).into(),
            "ngày" | "as_of" => record["as_of"] = (*cell).into(),
            "cấp" => record["attributes"]["cấp"] = (*cell).into(),
            name => record["measurements"][name] = (*cell).into(),
        }
    }
    record
}

/// Tests that stand in the rules of an example and do not hold.
fn trials(case: &Case, outcome: &corpus::Outcome) -> Vec<String> {
    let Some(rules) = &outcome.rules else { return Vec::new() };
    let failed = trial::run(rules.model()).into_iter().filter(|trial| !trial.holds);
    failed.map(|it| format!("{}: test {}: {:?}", case.at(1), it.test.name, it.judgement)).collect()
}

#[test]
fn every_example_comes_out_as_the_page_says() {
    let mut failed = Vec::new();
    for name in PAGES {
        let page = Page::of(&read(name));
        let cases = page.cases(name);
        if cases.len() < EXAMPLES_LEAST {
            failed.push(format!("{name} has only {} examples", cases.len()));
        }
        for (case, number) in cases.iter().zip(0..) {
            let refused =
                |screen: &Screen| screen.example == number && screen.show == Show::Diagnostics;
            if page.screens.iter().any(refused) {
                continue;
            }
            let outcome = corpus::load(case);
            failed.extend(corpus::failures(case, &outcome));
            failed.extend(trials(case, &outcome));
        }
    }
    assert!(failed.is_empty(), "{} differences\n{}", failed.len(), failed.join("\n"));
}

/// What the program writes on the screen for an example.
fn shown(case: &Case, screen: &Screen) -> String {
    let outcome = corpus::load(case);
    let lang = if screen.english { Lang::En } else { Lang::Vi };
    if screen.show == Show::Diagnostics {
        let (list, sources) = (outcome.found.as_slice(), &outcome.sources);
        return render(list, sources, Format::Human, lang, Style::default());
    }
    let rules = outcome.rules.expect("rules without errors");
    let records = corpus::records(case).expect("records");
    if screen.show == Show::Audit {
        return audited(&rules, records, lang);
    }
    let pairs = records.iter().filter_map(|it| Some((it.entity.clone(), it.name.clone()?)));
    let pairs: Vec<(String, String)> = pairs.collect();
    let names = pairs.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
    let day = corpus::as_of(case).expect("a day");
    let judged = corpus::judge(&rules, records, day).expect("records with days");
    let style = table::Style { color: false, width: TABLE_WIDTH, lang };
    let mut bytes = Vec::new();
    table::write::<_, RandomState>(&mut bytes, rules.model(), &judged, &names, style)
        .expect("bytes are written");
    String::from_utf8(bytes).expect("text")
}

/// What an audit finds, a line each.
fn audited(rules: &Rules, records: Vec<Snapshot>, lang: Lang) -> String {
    let mut data = Data::new();
    for record in records {
        assert!(data.push(record, None), "a record with a day");
    }
    let line = |it: &Finding| {
        let day = if lang == Lang::Vi { it.as_of.to_vi() } else { it.as_of.to_string() };
        let (code, entity) = (it.kind.code(), &it.entity);
        format!("{code}: {entity}, {day}: {}: {}\n", it.subject, it.message.get(lang))
    };
    audit(rules.model(), &data).iter().map(line).collect()
}

#[test]
fn screens_show_what_the_program_says() {
    let mut failed = Vec::new();
    for name in PAGES {
        let text = read(name);
        let page = Page::of(&text);
        let cases = page.cases(name);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        // From the end, so that the places above stay where they are.
        for screen in page.screens.iter().rev() {
            let case = &cases[screen.example];
            let shown = format!("{}\n", shown(case, screen).trim_end());
            if shown != screen.text {
                failed.push(format!("{}\n{shown}", case.at(screen.line + 1)));
            }
            let old = screen.line..screen.line + screen.text.lines().count();
            lines.splice(old, shown.lines().map(str::to_owned));
        }
        if blessing() && !failed.is_empty() {
            fs::write(path(name), lines.join("\n") + "\n").expect("a writable page");
            failed.clear();
        }
    }
    assert!(failed.is_empty(), "{} screens differ\n{}", failed.len(), failed.join("\n"));
}

/// What words inside lines say; the others join, cut or decorate, as the page explains.
fn meaning(rule: &str) -> &'static str {
    match rule {
        "at_least_words" | "weak_at_least_words" => "`>=`",
        "at_most_words" | "weak_at_most_words" | "rank_words" => "`<=`",
        "more_than_words" => "`>`",
        "less_than_words" => "`<`",
        "equal_words" | "within_words" => "`=`",
        "negation" => "`!=`",
        _ => "",
    }
}

/// Two tables: keys, and words inside lines.
fn keyword_tables(english: bool) -> String {
    let heads = if english {
        [["Key", "in Vietnamese", ""], ["Word", "in Vietnamese", "says"]]
    } else {
        [["Từ khóa", "tiếng Anh", ""], ["Từ ngữ", "tiếng Anh", "nghĩa"]]
    };
    let cell = |words: &[&str]| {
        let shown = words.iter().map(|word| format!("`{word}`"));
        if words.is_empty() { "—".to_owned() } else { shown.collect::<Vec<_>>().join(" · ") }
    };
    let mut out = String::new();
    for ([first, second, says], keys) in heads.into_iter().zip([true, false]) {
        let _ = if keys {
            writeln!(out, "| {first} | {second} |\n|---|---|")
        } else {
            writeln!(out, "| {first} | {second} | {says} |\n|---|---|---|")
        };
        let all = keywords().iter().filter(|word| word.rule.starts_with("key_") == keys);
        for Keyword { rule, vi, en } in all.filter(|word| word.rule != "key_given_for") {
            let (first, second) = if english { (en, vi) } else { (vi, en) };
            let (first, second) = (cell(first), cell(second));
            let _ = if keys {
                writeln!(out, "| {first} | {second} |")
            } else {
                writeln!(out, "| {first} | {second} | {} |", meaning(rule))
            };
        }
        out.push('\n');
    }
    out
}

#[test]
fn the_tables_of_keywords_are_those_of_the_grammar() {
    for (name, english) in TABLES.into_iter().zip([false, true]) {
        let text = read(name);
        let (before, rest) = text.split_once(TABLE_BEGINS).expect("where the table begins");
        let (table, after) = rest.split_once(TABLE_ENDS).expect("where the table ends");
        let expected = format!("\n\n{}", keyword_tables(english));
        if blessing() {
            let text = format!("{before}{TABLE_BEGINS}{expected}{TABLE_ENDS}{after}");
            fs::write(path(name), text).expect("a writable page");
        } else {
            assert_eq!(table, expected, "{name}: `BLESS=1` rewrites the table");
        }
    }
}
