//! Laws: changes of rules and data after which the same must come out.
//!
//! Enters: the good cases of the corpus, and a few of its own. The one idea: nobody has to know the
//! right verdict to know that two spellings of one thing have the same one. Invariant: every law is
//! tried on enough cases to mean something, and counts them.

use chitieu::number::{Decimal, Rational};
use chitieu::snapshot::Raw;
use chitieu::{Judgement, Measured, Measurement, Rules, Snapshot, Step, Verdict};
use unicode_normalization::UnicodeNormalization;

use crate::corpus::{self, Case};

/// What does not depend on how a thing is spelt.
fn essence(judged: &[Judgement]) -> Vec<Judgement> {
    let mut judged = judged.to_vec();
    for one in &mut judged {
        one.missing.clear();
        one.sources.sort();
        one.failing.sort();
        one.unreported.sort();
        one.evidence.clear();
        for part in &mut one.parts {
            part.text.clear();
        }
        if let Some(Step::Figure { indicator, unit, .. }) = &mut one.step {
            indicator.clear();
            unit.clear();
        }
    }
    judged
}

/// The good cases that judge something.
fn judged_cases() -> Vec<(Case, Rules, Vec<Snapshot>)> {
    let mut cases = Vec::new();
    for case in corpus::read_folder("good") {
        let records = corpus::records(&case).expect("sound data");
        if let Some(rules) = corpus::rules_of(&case).filter(|_| !records.is_empty()) {
            cases.push((case, rules, records));
        }
    }
    assert!(cases.len() > 80, "only {} cases judge something", cases.len());
    cases
}

fn judge(case: &Case, rules: &Rules, records: Vec<Snapshot>) -> Vec<Judgement> {
    let as_of = corpus::as_of(case).expect("a date");
    essence(&corpus::judge(rules, records, as_of).expect("dated records"))
}

/// Holds every case to the same verdicts after a change of its rule texts.
fn hold_rules(law: &str, change: impl Fn(&str) -> String + Copy) {
    for (case, rules, records) in judged_cases() {
        let expected = judge(&case, &rules, records.clone());
        let changed = case.clone().with_rules(change);
        let rules = corpus::rules_of(&changed);
        let rules = rules.unwrap_or_else(|| panic!("{law}: {}: has errors now", case.at(1)));
        assert_eq!(judge(&case, &rules, records), expected, "{law}: {}", case.at(1));
    }
}

/// Holds every case to the same verdicts after a change of the names in its data.
fn hold_names(law: &str, change: impl Fn(&str) -> String) {
    for (case, rules, records) in judged_cases() {
        let expected = judge(&case, &rules, records.clone());
        let mut changed = records;
        for (name, _) in changed.iter_mut().flat_map(|record| &mut record.measurements) {
            *name = change(name);
        }
        assert_eq!(judge(&case, &rules, changed), expected, "{law}: {}", case.at(1));
    }
}

fn decomposed(text: &str) -> String {
    text.nfd().collect()
}

/// Marks typed tone before hat.
fn tone_first(text: &str) -> String {
    let pairs = [("ế", "é\u{302}"), ("ộ", "ọ\u{302}"), ("ậ", "ạ\u{302}"), ("ệ", "ẹ\u{302}")];
    pairs.iter().fold(text.to_owned(), |text, (whole, parts)| text.replace(whole, parts))
}

fn hard_spaces(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

fn wide_spaces(text: &str) -> String {
    text.replace(' ', "  \u{2003}")
}

fn zero_width(text: &str) -> String {
    text.replace('a', "a\u{200b}").replace('n', "\u{ad}n")
}

/// Tones where the old habit puts them, or the new one.
fn other_tones(text: &str) -> String {
    let pairs = [("hoà", "hòa"), ("thuý", "thúy"), ("thuỷ", "thủy"), ("hoá", "hóa")];
    pairs.iter().fold(text.to_owned(), |text, (old, new)| {
        if text.contains(old) { text.replace(old, new) } else { text.replace(new, old) }
    })
}

fn i_for_y(text: &str) -> String {
    let pairs = [("tỷ", "tỉ"), ("kỹ", "kĩ"), ("lý", "lí"), ("quý", "quí"), ("quy đ", "qui đ")];
    pairs.iter().fold(text.to_owned(), |text, (y, i)| text.replace(y, i))
}

fn other_d(text: &str) -> String {
    text.replace('đ', "ð").replace('Đ', "Ɖ")
}

fn other_dashes(text: &str) -> String {
    text.replace(" - ", " – ")
}

#[test]
fn spelling_of_rules_changes_nothing() {
    hold_rules("NFD", decomposed);
    hold_rules("tone before hat", tone_first);
    hold_rules("NBSP", hard_spaces);
    hold_rules("wide spaces", wide_spaces);
    hold_rules("old and new tones", other_tones);
    hold_rules("i for y", i_for_y);
    hold_rules("dashes", other_dashes);
}

#[test]
fn line_ends_and_frames_change_nothing() {
    hold_rules("CRLF", |text| text.replace('\n', "\r\n"));
    hold_rules("byte order mark", |text| format!("\u{feff}{text}"));
    hold_rules("no last line end", |text| text.trim_end().to_owned());
    hold_rules("blank lines", |text| format!("\n\n# ghi chú\n{text}\n\n"));
    hold_rules("white space at ends", |text| text.replace('\n', " \t\n"));
}

#[test]
fn spelling_of_data_changes_nothing() {
    hold_names("NFD", decomposed);
    hold_names("tone before hat", tone_first);
    hold_names("NBSP", hard_spaces);
    hold_names("wide spaces", wide_spaces);
    hold_names("zero width", zero_width);
    hold_names("old and new tones", other_tones);
    hold_names("i for y", i_for_y);
    hold_names("Đ", other_d);
    hold_names("dashes", other_dashes);
    hold_names("white space at ends", |name| format!(" {name}\t"));
}

/// Judgements in an order that does not depend on the order of records.
fn sorted(mut judged: Vec<Judgement>) -> Vec<Judgement> {
    judged.sort_by(|a, b| {
        let key = |it: &Judgement| (it.entity.clone(), it.as_of, it.target);
        key(a).cmp(&key(b))
    });
    judged
}

#[test]
fn order_of_records_changes_only_the_order() {
    for (case, rules, records) in judged_cases() {
        let expected = sorted(judge(&case, &rules, records.clone()));
        let reversed = records.iter().rev().cloned().collect();
        assert_eq!(sorted(judge(&case, &rules, reversed)), expected, "{}", case.at(1));
        let mut rotated = records;
        rotated.rotate_left(1);
        assert_eq!(sorted(judge(&case, &rules, rotated)), expected, "{}", case.at(1));
    }
}

/// One record a measurement, the first of them with all else that the record says.
fn split(record: &Snapshot) -> Vec<Snapshot> {
    let rest = record.measurements.iter().skip(1);
    let mut first = record.clone();
    first.measurements.truncate(1);
    let others = rest.map(|one| {
        let mut other = first.clone();
        other.measurements = vec![one.clone()];
        other
    });
    let others: Vec<Snapshot> = others.collect();
    std::iter::once(first).chain(others).collect()
}

#[test]
fn records_of_one_day_may_be_split() {
    for (case, rules, records) in judged_cases() {
        let expected = judge(&case, &rules, records.clone());
        let pieces: Vec<Snapshot> = records.iter().flat_map(split).collect();
        assert_eq!(judge(&case, &rules, pieces), expected, "{}", case.at(1));
        let mut apart: Vec<Snapshot> = records.iter().flat_map(split).collect();
        apart.reverse();
        let apart = sorted(judge(&case, &rules, apart));
        assert_eq!(apart, sorted(expected), "{}", case.at(1));
    }
}

#[test]
fn other_records_change_nothing() {
    for (case, rules, records) in judged_cases() {
        let expected = judge(&case, &rules, records.clone());
        let mut more = records;
        // A stranger without a type might be a unit of any population.
        let stranger = Snapshot::new("người lạ").attribute("cấp", "người lạ");
        let stranger = stranger.on("1/1/1990").expect("a day");
        more.push(stranger.measure("số lạ", Measurement::number(number(1))));
        let judged = judge(&case, &rules, more);
        let judged: Vec<_> =
            judged.into_iter().filter(|one| one.entity.as_deref() != Some("người lạ")).collect();
        assert_eq!(judged, expected, "{}", case.at(1));
    }
}

fn number(value: i64) -> Decimal {
    Decimal::from_parts(i128::from(value), 0).expect("a number of few digits")
}

/// A share, and the same share counted in other units.
#[test]
fn scaling_both_sides_of_a_fraction_changes_nothing() {
    let rules = "[A] tỷ lệ a >= 33,3%\n[B] tỷ lệ a < 1/3 %\n[C] số x / số y > 33,33%\n";
    let rules = Rules::parse(&rules.replace("1/3 %", "33,4%")).expect("sound rules");
    let mut verdicts = Vec::new();
    for numerator in [0_i64, 1, 33, 333, 334] {
        let at = |factor: i64| {
            let (above, below) = (number(numerator * factor), number(1000 * factor));
            let record = Snapshot::new("x")
                .on("31/12/2023")
                .expect("a day")
                .measure("tỷ lệ a", Measurement::fraction(above, below))
                .measure("số x", Measurement::number(above))
                .measure("số y", Measurement::number(below));
            let judged = rules.evaluate(&record).judgements().to_vec();
            judged.into_iter().map(figures).collect::<Vec<_>>()
        };
        let expected = at(1);
        for factor in [2, 3, 7, 1000, 1_000_000_007] {
            assert_eq!(at(factor), expected, "{numerator}/1000 times {factor}");
        }
        verdicts.extend(expected.into_iter().map(|one| one.0));
    }
    assert!(verdicts.contains(&Verdict::Exceeded) && verdicts.contains(&Verdict::NotMet));
}

type Figures = (Verdict, Measured, Option<String>, Option<String>, bool);

fn figures(one: Judgement) -> Figures {
    let text = |value: Option<Rational>| value.map(|it| it.to_string());
    (one.verdict, one.measured, text(one.margin), text(one.attainment), one.rounding_sensitive)
}

/// A number is the same as a number of JSON, as a text, and with its unit written.
#[test]
fn the_form_of_a_figure_changes_nothing() {
    let rules = Rules::parse("[A] tỷ lệ a > 52,25%").expect("sound rules");
    let number = Decimal::parse("52.3").expect("a number");
    let forms = [
        Measurement::number(number),
        Measurement::text("52,3"),
        Measurement::text("52,3%"),
        Measurement::text(" 52,3 % "),
        Measurement::text("52,3 phần trăm"),
        Measurement::text("đạt 52,3%"),
        Measurement::text("523‰"),
        Measurement::of(Raw::Number(number)).unit("%"),
        Measurement::text("52,3").unit("phần trăm"),
    ];
    let judged = forms.map(|form| {
        let record = Snapshot::new("x").on("2023").expect("a year").measure("tỷ lệ a", form);
        figures(rules.evaluate(&record).judgements().first().expect("a verdict").clone())
    });
    for one in &judged {
        assert_eq!(one, &judged[0]);
    }
    assert_eq!(judged[0].0, Verdict::Exceeded);
    assert!(judged[0].4, "52.25 rounds to 52.3 but does not exceed");
}
