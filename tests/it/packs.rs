//! Programmes as their offices would use them: rules, data, and verdicts expected by hand.
//!
//! Enters: the folders of `rules/` and facts read from the articles by hand (`tests/fixtures`).
//! Leaves: every place where a pack says something else. The one idea: the expectations come from
//! reading the plans and reports, not from the program. Invariant: every pack is held to the same
//! promises: no warning, tests that hold, records to the byte, a page that shows the same verdicts.

mod binh_duong;
mod facts;

use chitieu::calendar::Date;
use chitieu::reference::Reference;
use chitieu::report::{Fields, Options, Record, ScoreRecord, ndjson};
use chitieu::score::{Scores, Total, rank};
use chitieu::snapshot::{Cases, Data};
use chitieu::source::{Source, SourceId};
use chitieu::{ImportError, Imports, Judgement, Reason, Rules, Snapshot, Verdict, syntax};

const CATALOGUE: &str = include_str!("../../rules/danh-muc/danh-muc.chitieu");

/// One folder of `rules/`.
struct Pack {
    folder: &'static str,
    rules: &'static str,
    snapshots: &'static str,
    expected: &'static str,
    readme: &'static str,
    /// Units that nobody reported and that say so, and what follows from them.
    units: Option<Units>,
    /// The day that `expected` speaks of.
    as_of: &'static str,
    /// So many expectations stand in its tests.
    trials: usize,
}

/// Invented units beside the data of a pack, for its targets over units.
struct Units {
    snapshots: &'static str,
    expected: &'static str,
    as_of: &'static str,
}

macro_rules! units {
    ($folder:literal, $as_of:literal) => {
        Some(Units {
            snapshots: include_str!(concat!("../../rules/", $folder, "/don-vi-gia-dinh.json")),
            expected: include_str!(concat!("../../rules/", $folder, "/expected-don-vi.ndjson")),
            as_of: $as_of,
        })
    };
}

macro_rules! pack {
    ($folder:literal, $as_of:literal, $trials:literal) => {
        pack!($folder, $as_of, $trials, None)
    };
    ($folder:literal, $as_of:literal, $trials:literal, $units:expr) => {
        Pack {
            folder: concat!("rules/", $folder),
            rules: include_str!(concat!("../../rules/", $folder, "/rules.chitieu")),
            snapshots: include_str!(concat!("../../rules/", $folder, "/snapshots.json")),
            expected: include_str!(concat!("../../rules/", $folder, "/expected.ndjson")),
            readme: include_str!(concat!("../../rules/", $folder, "/README.md")),
            units: $units,
            as_of: $as_of,
            trials: $trials,
        }
    };
}

/// The pack of scores; its figures lie in another pack too, where no target asks for them.
const SCORED: Pack = pack!("bo-chi-so-766", "31/12/2023", 6);

/// Its totals.
const SCORES: &str = include_str!("../../rules/bo-chi-so-766/expected-scores.ndjson");

const PACKS: [Pack; 5] = [
    pack!("binh-duong-2023", "31/12/2023", 19, units!("binh-duong-2023", "31/12/2023")),
    pack!("binh-duong-chu-truong", "31/12/2023", 5),
    pack!("uy-ban-quoc-gia-2023", "03/10/2023", 9),
    pack!("bac-giang", "31/12/2023", 16, units!("bac-giang", "31/12/2024")),
    pack!("de-an-06", "31/12/2023", 4),
];

/// All packs.
fn packs() -> impl Iterator<Item = &'static Pack> {
    PACKS.iter().chain([&SCORED])
}

/// The catalogue that every pack imports, and nothing else.
struct Catalogue;

impl Imports for Catalogue {
    fn read(&self, _: &str, path: &str) -> Result<Source, ImportError> {
        assert_eq!(path, "../danh-muc/danh-muc.chitieu");
        let failed = |fault: &dyn std::fmt::Display| ImportError::Unreadable(fault.to_string());
        Source::new("danh-muc/danh-muc.chitieu", CATALOGUE).map_err(|fault| failed(&fault))
    }
}

impl Pack {
    fn rules(&self) -> Rules {
        let rules = Rules::parse_with(self.rules, &Catalogue);
        let rules = rules.unwrap_or_else(|found| panic!("{}: {found}", self.folder));
        assert_eq!(rules.warnings().len(), 0, "{}: {}", self.folder, rules.warnings());
        rules
    }

    /// The records with their places.
    fn records(&self) -> Vec<Snapshot> {
        self.placed("snapshots.json", self.snapshots)
    }

    fn placed(&self, file: &str, text: &str) -> Vec<Snapshot> {
        let records: Vec<Snapshot> = serde_json::from_str(text).unwrap();
        let placed = records.into_iter().enumerate().map(|(place, mut record)| {
            record.place = format!("{}/{file}#/{place}", self.folder);
            record
        });
        placed.collect()
    }

    /// The judgements of its own data on its day.
    fn judged(&self, rules: &Rules) -> Vec<Judgement> {
        let data = gather(self.records());
        let cases = Reference::new(rules.model(), &data).cases(Some(day(self.as_of)));
        judge(rules, &data, &cases)
    }
}

fn day(text: &str) -> Date {
    Snapshot::new("").on(text).unwrap().as_of().unwrap()
}

fn gather(records: impl IntoIterator<Item = Snapshot>) -> Data {
    let mut data = Data::new();
    for record in records {
        assert!(data.push(record, None));
    }
    data
}

/// The judgements of all cases, in their order.
fn judge(rules: &Rules, data: &Data, cases: &Cases) -> Vec<Judgement> {
    let reference = Reference::new(rules.model(), data);
    (0..cases.len())
        .filter_map(|place| cases.get(data, place))
        .flat_map(|case| reference.judge(&case))
        .collect()
}

/// The records of these judgements, one a line.
fn written(rules: &Rules, judged: &[Judgement], fields: &Fields) -> String {
    let mut bytes = Vec::new();
    for judgement in judged {
        let record = Record::new(rules.model(), judgement, Options::default());
        ndjson::write_record(&mut bytes, &record, fields).unwrap();
    }
    String::from_utf8(bytes).unwrap()
}

fn code<'a>(rules: &'a Rules, judgement: &Judgement) -> &'a str {
    &rules.model().target(judgement.target).unwrap().code
}

#[test]
fn the_rules_stand_in_the_canonical_layout() {
    let texts = packs().map(|pack| (pack.folder, pack.rules));
    for (name, text) in texts.chain([("rules/danh-muc", CATALOGUE)]) {
        let source = Source::new(name, text).unwrap();
        assert_eq!(syntax::format(SourceId(0), &source).unwrap(), text, "{name}");
    }
}

#[test]
fn the_tests_in_the_rules_hold() {
    for pack in packs() {
        let rules = pack.rules();
        let trials = chitieu::trial::run(rules.model());
        assert_eq!(trials.len(), pack.trials, "{}", pack.folder);
        for trial in trials {
            let name = &trial.test.name;
            assert!(trial.holds, "{}, {name}: {:?}", pack.folder, trial.judgement);
        }
    }
}

#[test]
fn records_agree_to_the_byte() {
    for pack in packs() {
        let rules = pack.rules();
        let found = written(&rules, &pack.judged(&rules), &Fields::all(false));
        for (found, expected) in found.lines().zip(pack.expected.lines()) {
            assert_eq!(found, expected);
        }
        assert_eq!(found.len(), pack.expected.len(), "{}", pack.folder);
    }
}

/// Targets over units are judged on units that are invented, complete and say so: what the articles
/// print of each unit is nothing.
#[test]
fn targets_over_units_agree_to_the_byte() {
    let with_units = packs().filter_map(|pack| Some((pack, pack.units.as_ref()?)));
    for (pack, units) in with_units {
        let invented = pack.placed("don-vi-gia-dinh.json", units.snapshots);
        assert!(invented.iter().all(|it| it.source.as_deref().unwrap().contains("giả định")));
        assert!(pack.readme.contains("**giả định**"), "{}", pack.folder);
        let rules = pack.rules();
        let data = gather(pack.records().into_iter().chain(invented));
        let cases = Reference::new(rules.model(), &data).cases(Some(day(units.as_of)));
        let targets: Vec<String> =
            units.expected.lines().map(|line| field(line, "target")).collect();
        let mut judged = judge(&rules, &data, &cases);
        judged.retain(|it| it.reason != Some(Reason::Scope));
        judged.retain(|it| targets.iter().any(|target| target == code(&rules, it)));
        let found = written(&rules, &judged, &Fields::all(false));
        assert_eq!(found, units.expected, "{}", pack.folder);
        for line in units.expected.lines() {
            let (target, verdict) = (field(line, "target"), field(line, "verdict"));
            let words = Verdict::from_code(&verdict).unwrap().words().0;
            assert!(pack.readme.contains(&target), "{target}");
            assert!(pack.readme.contains(words), "{target}: {words}");
        }
    }
}

fn field(line: &str, name: &str) -> String {
    let record: serde_json::Value = serde_json::from_str(line).unwrap();
    record[name].as_str().unwrap().to_owned()
}

#[test]
fn totals_agree_to_the_byte() {
    let rules = SCORED.rules();
    let data = gather(SCORED.records());
    let reference = Reference::new(rules.model(), &data);
    let cases = reference.cases(Some(day(SCORED.as_of)));
    let scores = Scores::new(rules.model());
    let all = (0..cases.len()).filter_map(|place| cases.get(&data, place));
    let mut totals: Vec<Total> =
        all.flat_map(|case| scores.of_case(&reference, &case, &reference.judge(&case))).collect();
    rank(&mut totals);
    let mut found = Vec::new();
    for total in &totals {
        let record = ScoreRecord::new(rules.model(), total, Options::default());
        ndjson::write_score(&mut found, &record).unwrap();
    }
    assert_eq!(String::from_utf8(found).unwrap(), SCORES);
}

/// The page of a pack has one row a target and entity to which it applies: code, words, threshold,
/// verdict.
#[test]
fn the_readme_shows_the_same_verdicts() {
    for pack in packs() {
        let rules = pack.rules();
        let judged = pack.judged(&rules);
        let concerns = |it: &&Judgement| it.reason != Some(Reason::Scope);
        let mut expected: Vec<_> = judged
            .iter()
            .filter(concerns)
            .map(|it| (code(&rules, it), it.verdict.words().0))
            .collect();
        let mut shown: Vec<_> = pack
            .readme
            .lines()
            .filter_map(|line| {
                let mut cells = line.strip_prefix("| ")?.split('|').map(str::trim);
                let first = cells.next()?;
                let is_code = judged.iter().any(|it| code(&rules, it) == first);
                is_code.then(|| Some((first, cells.nth(2)?)))?
            })
            .collect();
        expected.sort_unstable();
        shown.sort_unstable();
        assert_eq!(shown, expected, "{}", pack.folder);
    }
}
