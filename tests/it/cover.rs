//! What the conformance corpus shows of the language, and what no case of it shows.
//!
//! Enters: the cases, the grammar, the table of units. The one idea: the lists of what must be
//! shown are taken from the sources where a source has them (rules of the grammar, spellings of
//! units), and stand here as section 3 and 6 of the language write them where not. Invariant: a
//! unit, a number or a date counts only in a case whose figures decide something.

use std::collections::BTreeSet;

use chitieu::{text, unit};
use pest::Parser as _;
use pest::iterators::Pair;

use crate::corpus::{self, Case};

/// The grammar, read once more: the library keeps its own reader to itself.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/chitieu.pest"]
struct Grammar;

const GRAMMAR: &str = include_str!("../../grammar/chitieu.pest");
const UNITS: &str = include_str!("../../src/unit/parse.rs");

/// Keys whose value is read as tokens.
const READ_AS_TOKENS: [Rule; 8] = [
    Rule::key_formula,
    Rule::key_otherwise,
    Rule::key_by,
    Rule::key_when,
    Rule::key_stretch,
    Rule::key_check,
    Rule::key_tolerance,
    Rule::key_baseline,
];

/// Forms of list marks, with what one of them looks like.
const MARKS: [&str; 10] = ["-", "+", "*", "•", "(1)", "(a)", "1.", "1.1.", "ii.", "a)"];

/// Units of a rule and of its data that are converted: each kind, each step, both ways.
const CONVERSIONS: [(&str, &str); 31] = [
    ("%", "‰"),
    ("‰", "%"),
    ("%", "phần trăm"),
    ("lần", "times"),
    ("tỉ đồng", "triệu đồng"),
    ("triệu đồng", "tỉ đồng"),
    ("đồng", "nghìn đồng"),
    ("nghìn tỉ đồng", "tỉ đồng"),
    ("triệu usd", "usd"),
    ("phút", "giây"),
    ("giây", "phút"),
    ("giờ", "phút"),
    ("phút", "giờ"),
    ("ngày", "giờ"),
    ("giờ", "ngày"),
    ("tuần", "ngày"),
    ("ngày", "tuần"),
    ("năm", "tháng"),
    ("tháng", "năm"),
    ("giờ/tuần", "phút/tuần"),
    ("phút/ngày", "giờ/tuần"),
    ("giường/10.000 dân", "giường/1.000 dân"),
    ("giường/vạn dân", "giường/10.000 dân"),
    ("triệu đồng/người/năm", "tỉ đồng/người/năm"),
    ("%/năm", "‰/năm"),
    ("/20 điểm", "/20 điểm"),
    ("/20 điểm", "điểm"),
    ("điểm", "/100 điểm"),
    ("hạng", "hạng"),
    ("hồ sơ", "doanh nghiệp"),
    ("hồ sơ", ""),
];

/// Times as section 6 writes them: `n` is a number, `r` a Roman one.
const TIMES: [&str; 14] = [
    "n/n/n",
    "n-n-n",
    "năm n",
    "n",
    "quí n/n",
    "quí r/n",
    "tháng n/n",
    "n tháng đầu năm n",
    "hết năm n",
    "cuối năm n",
    "giai đoạn n-n",
    "từ n/n/n",
    "từ n/n/n đến n/n/n",
    "trước n/n/n",
];

/// The same in English, under either key.
const ENGLISH_TIMES: [&str; 9] = [
    "year n",
    "quarter n/n",
    "month n/n",
    "first n months of n",
    "end of n",
    "period n-n",
    "from n/n/n",
    "from n/n/n to n/n/n",
    "before n/n/n",
];

/// Forms of a number that rules and data must show, by the language of the rules.
const NUMBERS: [(bool, &[&str]); 2] = [
    (
        false,
        &[
            "whole",
            "grouped",
            "decimal",
            "grouped decimal",
            "leading zero",
            "fraction",
            "negative",
            "28 digits",
            "±",
            "nghìn",
            "ngàn",
            "vạn",
            "triệu",
            "tỉ",
            "nghìn tỉ",
            "triệu tỉ",
        ],
    ),
    (
        true,
        &[
            "whole",
            "grouped",
            "decimal",
            "grouped decimal",
            "fraction",
            "negative",
            "±",
            "hundred",
            "thousand",
            "million",
            "billion",
            "thousand billion",
        ],
    ),
];

/// The rule texts of a case, line by line in normal form, without comments.
fn lines(case: &Case) -> Vec<String> {
    let texts = case.rules().into_iter();
    let lines: Vec<String> =
        texts.flat_map(|(_, text)| text.lines().map(text::normal).collect::<Vec<_>>()).collect();
    let cut = |line: &String| line.split(" #").next().unwrap_or_default().to_owned();
    lines.iter().filter(|line| !line.starts_with('#')).map(cut).collect()
}

/// Everything that a case's data write, in normal form.
fn data(case: &Case) -> String {
    case.data().map(text::normal).collect::<Vec<_>>().join(" ")
}

fn is_english(case: &Case) -> bool {
    lines(case).iter().any(|line| line == "language: en" || line == "ngôn ngữ: en")
}

fn none(kind: &str, missing: &[String]) {
    assert!(missing.is_empty(), "{kind} that no case shows ({}): {missing:#?}", missing.len());
}

/// The names of a line's pairs, and the texts of its list marks.
fn walk(
    pair: Pair<'_, Rule>,
    shown: &mut BTreeSet<String>,
    texts: &mut BTreeSet<(String, String)>,
) {
    let rule = format!("{:?}", pair.as_rule());
    texts.insert((rule.clone(), pair.as_str().trim().to_owned()));
    shown.insert(rule);
    let inner: Vec<_> = pair.into_inner().collect();
    let first = inner.first().map(Pair::as_rule);
    let timed = inner.first().and_then(|it| it.clone().into_inner().next()).map(|it| it.as_rule());
    for pair in inner {
        let value = pair.as_rule() == Rule::value;
        let read = |key: Option<Rule>| key.is_some_and(|it| READ_AS_TOKENS.contains(&it));
        if value
            && (read(first) || read(timed))
            && let Ok(tokens) = Grammar::parse(Rule::tokens, pair.as_str())
        {
            tokens.for_each(|token| walk(token, shown, texts));
        }
        walk(pair, shown, texts);
    }
}

/// Rules of the grammar that make a pair, with their bodies.
fn grammar_rules() -> Vec<(&'static str, &'static str)> {
    let rules = GRAMMAR.split("\n///").skip(1).filter_map(|part| {
        let (_, rule) = part.split_once('\n')?;
        let (name, body) = rule.split_once(" = ")?;
        Some((name, body))
    });
    rules.filter(|(name, body)| !body.starts_with('_') && *name != "file").collect()
}

/// The literals of a rule that is a choice of literals and nothing else.
fn literals(body: &str) -> Vec<&str> {
    let outside = body.split('"').step_by(2).flat_map(str::chars);
    let mut outside = outside.filter(|c| !"{}@$| \n".contains(*c));
    let parts = body.split('"').skip(1).step_by(2);
    if outside.next().is_some() { Vec::new() } else { parts.collect() }
}

/// What kind of list mark this is: the example of [`MARKS`] with the same form.
fn form(mark: &str) -> String {
    let letter = |c: char| match c {
        '0'..='9' => '1',
        'i' | 'v' | 'x' | 'l' if mark.ends_with('.') => 'i',
        _ if c.is_alphabetic() => 'a',
        _ => c,
    };
    let form: String = mark.chars().map(letter).collect();
    if form.starts_with('i') { "ii.".to_owned() } else { form }
}

#[test]
fn every_rule_of_the_grammar_is_shown() {
    let (mut shown, mut texts) = (BTreeSet::new(), BTreeSet::new());
    for line in corpus::all_cases().iter().flat_map(lines) {
        let rule = if line.contains(':') { Rule::line } else { Rule::plain_line };
        if let Ok(pairs) = Grammar::parse(rule, &line) {
            pairs.for_each(|pair| walk(pair, &mut shown, &mut texts));
        }
    }
    let rules = grammar_rules();
    assert!(rules.len() > 80, "only {} rules were found in the grammar", rules.len());
    let mut missing = Vec::new();
    for (name, body) in rules {
        if !shown.contains(name) {
            missing.push(name.to_owned());
        }
        let unwritten = literals(body).into_iter();
        let unwritten =
            unwritten.filter(|it| !texts.contains(&(name.to_owned(), (*it).to_owned())));
        missing.extend(unwritten.map(|literal| format!("{name} `{literal}`")));
    }
    let marks: BTreeSet<String> =
        texts.iter().filter(|(rule, _)| rule == "mark").map(|(_, text)| form(text)).collect();
    let unwritten = MARKS.iter().filter(|mark| !marks.contains(**mark));
    missing.extend(unwritten.map(|mark| format!("mark `{mark}`")));
    none("rules of the grammar", &missing);
}

/// The spellings of the table of units, without those that stand behind a number of points.
fn spellings() -> BTreeSet<&'static str> {
    let from = UNITS.find("pub(super) fn step").expect("the steps of time");
    let to = UNITS.find("fn points_of").expect("points of a maximum");
    let table = UNITS.get(from..to).expect("the table");
    let literals = table.lines().filter(|line| !line.trim_start().starts_with("//"));
    let literals = literals.flat_map(|line| line.split('"').skip(1).step_by(2));
    let found: BTreeSet<&str> = literals.collect();
    let codes: BTreeSet<&str> = BTreeSet::from(["VND", "USD", "EUR"]);
    found.difference(&codes).copied().collect()
}

/// Whether a text in normal form writes this unit: behind a number, a scale word, a stroke or
/// a key.
fn writes(text: &str, unit: &str) -> bool {
    let before = ["tính:", "đvt:", "unit:", "\"unit\":\"", "\"unit\": \"", "/"];
    let scales = ["nghìn", "ngàn", "vạn", "triệu", "tỉ", "thousand", "million", "billion"];
    text.match_indices(unit).any(|(at, _)| {
        let (left, right) = (text.get(..at).unwrap_or_default(), text.get(at + unit.len()..));
        let ends =
            !right.unwrap_or_default().starts_with(|c: char| c.is_alphanumeric() || c == '/');
        let left = left.trim_end();
        let begins = left.ends_with(|c: char| c.is_ascii_digit())
            || before.iter().any(|it| left.ends_with(it))
            || scales.iter().any(|it| left.ends_with(&format!(" {it}")));
        begins && ends
    })
}

#[test]
fn every_spelling_of_every_unit_is_shown() {
    let texts: Vec<String> = corpus::all_cases()
        .iter()
        .filter(|case| case.decides())
        .map(|case| format!("{}\n{}", lines(case).join("\n"), data(case)))
        .collect();
    let spellings = spellings();
    assert!(spellings.len() > 50, "only {} spellings were found", spellings.len());
    let part = |unit: &str| texts.iter().any(|text| writes(text, unit) || writes_above(text, unit));
    let missing: Vec<String> =
        spellings.into_iter().filter(|unit| !part(unit)).map(str::to_owned).collect();
    none("spellings of units", &missing);
}

/// Whether a text writes the unit as the upper half of a rate.
fn writes_above(text: &str, unit: &str) -> bool {
    let rate = format!("{unit}/");
    text.match_indices(&rate).any(|(at, _)| {
        let left = text.get(..at).unwrap_or_default().trim_end();
        left.ends_with(|c: char| c.is_ascii_digit() || c == ':')
    })
}

#[test]
fn every_conversion_of_units_is_shown() {
    let cases: Vec<(String, String)> = corpus::all_cases()
        .iter()
        .filter(|case| case.decides())
        .map(|case| (lines(case).join("\n"), data(case)))
        .collect();
    let mut missing = Vec::new();
    for (rule, figure) in CONVERSIONS {
        let kind = |unit: &str| unit::parse_any(unit, unit);
        assert!(kind(rule).same_kind(&kind(figure)), "`{figure}` is no `{rule}`");
        let shown = |(rules, data): &(String, String)| {
            let bare = figure.is_empty();
            writes(rules, rule) && (bare && data.contains("\":") || !bare && writes(data, figure))
        };
        if !cases.iter().any(shown) {
            missing.push(format!("`{figure}` for `{rule}`"));
        }
    }
    none("conversions", &missing);
}

/// What forms of numbers a text in normal form writes.
fn number_forms(text: &str, english: bool) -> BTreeSet<String> {
    let (group, point) = if english { (',', '.') } else { ('.', ',') };
    let mut forms = BTreeSet::new();
    let pieces: Vec<&str> = text.split([' ', '"', '\n', ':', '%', '(', ')', '{', '}']).collect();
    for piece in &pieces {
        let unsigned = piece.trim_end_matches([',', ']']).trim_start_matches('±');
        let digits = unsigned.strip_prefix('-').unwrap_or(unsigned);
        let sound = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || ".,/".contains(c));
        if !sound || digits.matches('/').count() > 1 {
            continue;
        }
        let grouped = digits.contains(group);
        let form = match (digits.contains('/'), grouped, digits.contains(point)) {
            (true, ..) => "fraction",
            (_, true, true) => "grouped decimal",
            (_, true, _) => "grouped",
            (_, _, true) => "decimal",
            _ if digits.len() > 1 && digits.starts_with('0') => "leading zero",
            _ => "whole",
        };
        forms.insert(form.to_owned());
        if digits.len() < unsigned.len() {
            forms.insert("negative".to_owned());
        }
        let significant = digits.chars().filter(char::is_ascii_digit).skip_while(|c| *c == '0');
        if significant.count() == 28 {
            forms.insert("28 digits".to_owned());
        }
    }
    if text.contains('±') {
        forms.insert("±".to_owned());
    }
    for pair in pieces.windows(3) {
        let [number, scale, next] = pair else { continue };
        if number.ends_with(|c: char| c.is_ascii_digit()) {
            forms.extend([(*scale).to_owned(), format!("{scale} {next}")]);
        }
    }
    forms
}

#[test]
fn every_form_of_a_number_is_shown() {
    let mut missing = Vec::new();
    for (english, wanted) in NUMBERS {
        let (mut rules, mut figures) = (BTreeSet::new(), BTreeSet::new());
        for case in corpus::all_cases() {
            if case.decides() && is_english(&case) == english {
                for line in lines(&case) {
                    rules.extend(number_forms(&format!("{line} . ."), english));
                }
                figures.extend(number_forms(&data(&case), english));
            }
        }
        for (place, shown) in [("rules", rules), ("data", figures)] {
            let unwritten = wanted.iter().filter(|form| !shown.contains(**form));
            missing.extend(unwritten.map(|it| format!("{place}, english {english}: {it}")));
        }
    }
    none("forms of numbers", &missing);
}

/// A time with `n` for each number and `r` for a Roman one.
fn shape(time: &str) -> String {
    let (mut shape, mut in_number) = (String::new(), false);
    for letter in time.trim().chars() {
        let digit = letter.is_ascii_digit();
        if !digit {
            shape.push(letter);
        } else if !in_number {
            shape.push('n');
        }
        in_number = digit;
    }
    ["iv/", "iii/", "ii/", "i/"].iter().fold(shape, |shape, roman| {
        shape
            .replace(&format!("quí {roman}"), "quí r/")
            .replace(&format!("quarter {roman}"), "quarter r/")
    })
}

#[test]
fn every_form_of_a_time_is_shown() {
    let (mut due, mut window, mut as_of) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for case in corpus::all_cases().iter().filter(|case| case.decides()) {
        for line in lines(case) {
            match line.split_once(": ") {
                Some(("hạn" | "due", time)) => drop(due.insert(shape(time))),
                Some(("hiệu lực" | "effective", time)) => drop(window.insert(shape(time))),
                _ => {}
            }
        }
        for after in data(case).split("\"as_of\":").skip(1) {
            as_of.extend(after.split('"').nth(1).map(shape));
        }
    }
    let mut missing = Vec::new();
    for time in TIMES {
        // `từ 01/07/2024` has no last day, so it can be neither a due date nor the day of a record.
        let open = time == "từ n/n/n";
        for (place, shown) in [("hạn:", &due), ("as_of", &as_of), ("hiệu lực:", &window)] {
            if !shown.contains(time) && (place == "hiệu lực:" || !open) {
                missing.push(format!("{place} {time}"));
            }
        }
    }
    let english =
        ENGLISH_TIMES.iter().filter(|time| !due.contains(**time) && !window.contains(**time));
    missing.extend(english.map(|time| (*time).to_owned()));
    none("times", &missing);
}
