//! What the articles say, fact by fact, against all packs together.
//!
//! Enters: `tests/fixtures`, written from the articles: every figure and status with its digits,
//! and for each pair of a target and a figure what follows. Leaves: each fact that the packs lack,
//! hold twice, or judge otherwise. The one idea: the data lie once, wherever they fit, and every
//! programme is judged by all of them. Invariant: no figure decides a target it does not measure.

use std::collections::{BTreeSet, HashMap};

use chitieu::audit::{Finding, Kind, audit};
use chitieu::snapshot::{Cases, Raw};
use chitieu::{Judgement, Measurement, Reason, Rules, Snapshot, Verdict};
use serde_json::Value;

use super::{PACKS, code, day, gather, judge};

const MEASUREMENTS: &str = include_str!("../../fixtures/measurements.ndjson");
const VERDICTS: &str = include_str!("../../fixtures/verdicts.ndjson");

fn facts(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'a>(fact: &'a Value, key: &str) -> &'a str {
    fact[key].as_str().unwrap_or_default()
}

/// A measurement where it stands.
#[derive(Debug, Clone)]
struct Entry {
    record: Snapshot,
    name: String,
    measurement: Measurement,
}

/// All ids of facts in the words of a source; `suy ra từ M…` only speaks of one.
fn ids(source: &str) -> Vec<&str> {
    let own = source.split("suy ra từ").next().unwrap_or_default();
    let words = own.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    let is_id = |word: &&str| {
        let rest = word.strip_prefix('M').and_then(|rest| rest.split_once('-'));
        rest.is_some_and(|(article, number)| article.len() == 3 && number.len() == 2)
    };
    words.filter(is_id).collect()
}

/// The records of all packs.
fn records() -> impl Iterator<Item = Snapshot> {
    PACKS.iter().flat_map(super::Pack::records)
}

/// All measurements of all packs by the facts that they are.
fn entries() -> HashMap<String, Vec<Entry>> {
    let mut found: HashMap<String, Vec<Entry>> = HashMap::new();
    for record in records() {
        for (name, measurement) in &record.measurements {
            let source = measurement.source.clone().unwrap_or_default();
            let (name, measurement) = (name.clone(), measurement.clone());
            let entry = Entry { record: record.clone(), name, measurement };
            for id in ids(&source) {
                found.entry(id.to_owned()).or_default().push(entry.clone());
            }
        }
    }
    found
}

fn words(raw: &Raw) -> &str {
    match raw {
        Raw::Text(text) => text,
        _ => "",
    }
}

/// Whether the words of a value bound it as the article does.
fn is_bounded(value: &str, bound: &str) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| value.starts_with(word));
    match bound {
        "above" => begins(&["trên ", "hơn "]),
        "below" => begins(&["gần "]),
        "about" => begins(&["khoảng "]),
        "top" => begins(&["trong tốp "]),
        "least" => begins(&["ít nhất "]),
        "between" => begins(&["từ "]) && value.contains(" đến "),
        _ => value.is_empty() || value.starts_with(|letter: char| letter.is_ascii_digit()),
    }
}

/// Whether the words of a value say that something is so, is not, or nearly is.
fn says(value: &str, state: &str) -> bool {
    match state {
        "yes" => matches!(value, "có" | "hoàn thành"),
        "no" => value == "chưa" || value.starts_with("đang "),
        _ => value.starts_with("cơ bản "),
    }
}

/// Why a fact of the articles has no place in the packs.
const LEFT_OUT: [&str; 4] = ["no_number", "proposal", "intention", "no_end"];

/// Nothing that the articles say is passed over: so many figures, targets and pairs were read from
/// them, and what has no place in the packs says why, on a page of a pack too.
#[test]
fn what_is_left_out_is_named_with_its_reason() {
    let (figures, pairs) = (facts(MEASUREMENTS), facts(VERDICTS));
    let targets: BTreeSet<&str> = pairs.iter().map(|fact| text(fact, "target")).collect();
    assert_eq!((figures.len(), targets.len(), pairs.len()), (146, 67, 96));
    let unread = figures.iter().filter(|fact| fact.get("left_out").is_some());
    let unread = unread.map(|fact| (text(fact, "id"), text(fact, "left_out")));
    let unlisted = pairs.iter().filter(|fact| text(fact, "expect") == "unlisted");
    let unlisted = unlisted.map(|fact| (text(fact, "target"), text(fact, "reason")));
    for (id, reason) in unread.chain(unlisted) {
        assert!(LEFT_OUT.contains(&reason), "{id}: {reason}");
        assert!(PACKS.iter().any(|pack| pack.readme.contains(id)), "{id} stands on no page");
    }
}

#[test]
fn every_figure_and_status_stands_once_as_printed() {
    let mut entries = entries();
    for fact in facts(MEASUREMENTS).iter().filter(|fact| fact.get("left_out").is_none()) {
        let id = text(fact, "id");
        let mine = entries.remove(id).unwrap_or_default();
        let [entry] = mine.as_slice() else { panic!("{id}: {} times", mine.len()) };
        assert_eq!(entry.record.entity, text(fact, "entity"), "{id}");
        let given = &entry.measurement;
        let value = words(&given.value);
        let all = [value, words(&given.numerator), words(&given.denominator)];
        let source = given.source.as_deref().unwrap_or_default();
        let shown = [&all[..], &[words(&given.reported), source]].concat().join(" ");
        for figure in fact["figures"].as_array().unwrap() {
            assert!(shown.contains(figure.as_str().unwrap()), "{id}: {figure} in {shown}");
        }
        match fact["state"].as_str() {
            Some(state) => assert!(says(value, state), "{id}: {value}"),
            None => assert!(is_bounded(value, text(fact, "bound")), "{id}: {value}"),
        }
    }
    assert!(entries.is_empty(), "unknown facts: {:?}", entries.keys());
}

/// The rules that hold a target.
fn home<'a>(all: &'a [Rules], target: &str) -> Option<&'a Rules> {
    all.iter().find(|rules| rules.model().targets.iter().any(|it| it.code == target))
}

/// The judgement of a target on the entity and day of a record, by the data of all packs.
fn judged(rules: &Rules, target: &str, record: &Snapshot) -> Judgement {
    let data = gather(records());
    let mut found = judge(rules, &data, &Cases::each_snapshot(&data));
    let (entity, as_of) = (Some(record.entity.as_str()), record.as_of());
    found.retain(|it| {
        code(rules, it) == target && it.entity.as_deref() == entity && Some(it.as_of) == as_of
    });
    assert_eq!(found.len(), 1, "{target}: one record an entity and day");
    found.remove(0)
}

/// What a programme says of its own entity when only this figure is known.
fn alone(rules: &Rules, target: &str, entry: &Entry, on: &str) -> Judgement {
    let owner = match target.split_once('-') {
        Some(("BD", _)) => ("binh-duong", "tỉnh Bình Dương"),
        Some(("BG", _)) => ("bac-giang", "tỉnh Bắc Giang"),
        _ => (entry.record.entity.as_str(), "tỉnh X"),
    };
    let record = Snapshot::new(owner.0).named(owner.1).on(on).unwrap().attribute("cấp", "tỉnh");
    let report = rules.evaluate(&record.measure(&entry.name, entry.measurement.clone()));
    report.judgements().iter().find(|it| code(rules, it) == target).unwrap().clone()
}

fn said(judgement: &Judgement) -> (&'static str, &'static str) {
    let reason = match judgement.verdict {
        Verdict::Undetermined | Verdict::NotApplicable => judgement.reason.map(Reason::code),
        _ => None,
    };
    (judgement.verdict.code(), reason.unwrap_or_default())
}

#[test]
fn every_pair_of_target_and_figure_is_judged_as_the_articles_allow() {
    let all: Vec<Rules> = PACKS.iter().map(super::Pack::rules).collect();
    let entries = entries();
    for fact in facts(VERDICTS) {
        let (id, target) = (text(&fact, "id"), text(&fact, "target"));
        let expected = (text(&fact, "verdict"), text(&fact, "reason"));
        let entry = || &entries[text(&fact, "measurement")][0];
        let rules = || home(&all, target).unwrap_or_else(|| panic!("{id}: no target {target}"));
        match text(&fact, "expect") {
            "judged" => {
                let found = judged(rules(), target, &entry().record);
                assert_eq!(said(&found), expected, "{id}: {target}");
                let is_needed = found.verdict != Verdict::NotApplicable;
                assert_eq!(found.sources.contains(&entry().record.place), is_needed, "{id}");
            }
            "as_home" => {
                let found = alone(rules(), target, entry(), "30/06/2023");
                assert_eq!(said(&found), expected, "{id}: {target}");
            }
            "unread" => {
                let found = alone(rules(), target, entry(), "31/12/2023");
                assert_eq!(found.verdict, Verdict::NoData, "{id}: {target} reads {}", entry().name);
            }
            "unmeasured" => {
                let found = decided(rules(), target, fact["entity"].as_str());
                assert_eq!(found, 0, "{id}: {target}");
            }
            "unlisted" => {
                assert!(home(&all, target).is_none(), "{id}: {target} has rules");
                assert!(PACKS.iter().any(|pack| pack.readme.contains(target)), "{id}: {target}");
            }
            other => assert_eq!(other, "check", "{id}"),
        }
    }
}

/// So many days have a verdict on a target that says more than no data, of this entity or of any.
fn decided(rules: &Rules, target: &str, entity: Option<&str>) -> usize {
    let data = gather(records());
    let mut found = judge(rules, &data, &Cases::each_snapshot(&data));
    found.extend(judge(rules, &data, &Cases::board(&data, day("31/12/2024"))));
    let open = [Verdict::NoData, Verdict::NotApplicable];
    let mine = found.iter().filter(|it| code(rules, it) == target);
    mine.filter(|it| entity.is_none_or(|entity| it.entity.as_deref() == Some(entity)))
        .filter(|it| !open.contains(&it.verdict))
        .count()
}

/// The parts of Bình Dương's essential services are below the whole that is printed: the check
/// fails and changes no verdict. Nothing else in the data of the packs contradicts itself.
#[test]
fn figures_contradict_each_other_where_the_article_does() {
    let mut found: Vec<Finding> = Vec::new();
    for pack in &PACKS {
        found.extend(audit(pack.rules().model(), &gather(pack.records())));
    }
    let wrong: Vec<&Finding> = found.iter().filter(|it| it.kind.is_error()).collect();
    let [finding] = wrong.as_slice() else { panic!("{wrong:#?}") };
    assert_eq!((finding.kind, finding.entity.as_str()), (Kind::Relation, "binh-duong"));
    assert!(finding.message.en.contains("25") && finding.message.en.contains("23"));
    let figures =
        [("DA06-01", Verdict::Met), ("DA06-02", Verdict::NotMet), ("DA06-03", Verdict::NoData)];
    let pack = PACKS.iter().find(|it| it.folder.ends_with("de-an-06")).unwrap();
    let (rules, records) = (pack.rules(), pack.records());
    let report = rules.evaluate(records.iter().find(|it| it.entity == "binh-duong").unwrap());
    let said = report.verdicts().iter().map(|it| (code(&rules, it), it.verdict));
    assert!(said.eq(figures));
}

/// Bắc Giang prints 25/25 twice, as integrated and as deployed: one indicator, one record.
#[test]
fn other_names_of_one_indicator_make_one_record() {
    let pack = PACKS.iter().find(|it| it.folder.ends_with("de-an-06")).unwrap();
    let rules = pack.rules();
    let data = gather(pack.records());
    let found = judge(&rules, &data, &Cases::each_snapshot(&data));
    let mine: Vec<_> = found
        .iter()
        .filter(|it| code(&rules, it) == "DA06-01" && it.entity.as_deref() == Some("bac-giang"))
        .map(|it| it.verdict)
        .collect();
    assert_eq!(mine, [Verdict::Met]);
}
