//! What changed between two files of verdicts, and why.
//!
//! Enters: the records of both files. Leaves: what changed. The one idea: a record is known by
//! programme, target and entity, and by its date where there are several; one that has gone and one
//! of the same code in another programme are one, too. Invariant: every record is paired, new or
//! gone, exactly once; causes are those that the two files show.

mod causes;
mod read;

use std::collections::{HashMap, HashSet};

pub use causes::{Cause, Kind, Why};
pub use read::{Fault, read, record};

/// One verdict as a file holds it; what the file leaves out is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The programme's code.
    pub programme: String,
    /// The target's code.
    pub target: String,
    /// Its name.
    pub name: String,
    /// The entity's id.
    pub entity: String,
    /// The as-of date, as ISO writes it.
    pub as_of: String,
    /// The code of the verdict.
    pub verdict: String,
    /// The reason.
    pub reason: String,
    /// What was measured.
    pub measured: String,
    /// The unit.
    pub unit: String,
    /// The threshold.
    pub threshold: String,
    /// The due date, as ISO writes it.
    pub due: String,
    /// The legal basis.
    pub legal_basis: String,
    /// The numerator of a fraction or quotient.
    pub numerator: String,
    /// Its denominator.
    pub denominator: String,
    /// The parts of a joined target.
    pub parts: Vec<Part>,
    /// Units that failed.
    pub failing: Vec<String>,
    /// Units that have not reported.
    pub unreported: Vec<String>,
    /// What is missing, by name.
    pub missing: Vec<String>,
    /// Fields that the file does not hold, so that nothing follows from their being empty.
    pub absent: Vec<&'static str>,
}

/// A part of a joined target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Part {
    /// The part as the rule writes it.
    pub text: String,
    /// The code of its verdict.
    pub verdict: String,
    /// What was measured; nothing where the file does not hold it.
    pub measured: Option<String>,
    /// What is asked; likewise.
    pub threshold: Option<String>,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<'a> {
    /// Another verdict.
    Flipped(Pair<'a>),
    /// A target that only the new file has, with its number of records.
    TargetNew(&'a Row, usize),
    /// A target that only the old file has.
    TargetGone(&'a Row, usize),
    /// An entity that only the new file has.
    EntityNew(&'a Row, usize),
    /// An entity that only the old file has.
    EntityGone(&'a Row, usize),
    /// Another record that only the new file has.
    RecordNew(&'a Row),
    /// Another record that only the old file has.
    RecordGone(&'a Row),
}

/// One verdict in both files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair<'a> {
    /// In the old file.
    pub old: &'a Row,
    /// In the new file.
    pub new: &'a Row,
    /// What differs beside the verdict: figures, then rules, documents, dates.
    pub causes: Vec<Why>,
}

impl Pair<'_> {
    /// Whether one of the causes is this one.
    pub fn has(&self, cause: Cause) -> bool {
        self.causes.iter().any(|why| why.cause == cause)
    }
}

/// Everything that differs between two files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff<'a> {
    /// Changes: flips in the order of the new file, then what is new, then what is gone.
    pub changes: Vec<Change<'a>>,
    /// Records in both files.
    pub paired: usize,
    /// Those of them with the same verdict and another figure.
    pub moved: usize,
}

/// Compares two files.
///
/// ```
/// use chitieu::diff::{Cause, Change, compare, read};
///
/// let old = read(r#"{"target":"A","entity":"x","verdict":"not_met","measured":"28"}"#)?;
/// let new = read("target,entity,verdict,measured\r\nA,x,met,31\r\n")?;
/// let diff = compare(&old, &new);
/// let Change::Flipped(pair) = &diff.changes[0] else { panic!() };
/// let [why] = pair.causes.as_slice() else { panic!() };
/// assert_eq!((why.cause, why.from.as_str(), why.to.as_str()), (Cause::Measured, "28", "31"));
/// # Ok::<(), chitieu::diff::Fault>(())
/// ```
pub fn compare<'a>(old: &'a [Row], new: &'a [Row]) -> Diff<'a> {
    let keys = Keys::new(old, new);
    let mut partners = partners(old, new, keys);
    adopt(old, new, &mut partners);
    let heirs = heirs(old, new, keys);
    let mut diff = Diff::default();
    let mut taken = HashSet::new();
    let mut added = Vec::new();
    for (row, partner) in new.iter().zip(partners) {
        let Some((place, before)) = partner.and_then(|it| Some((it, old.get(it)?))) else {
            added.push(row);
            continue;
        };
        taken.insert(place);
        diff.paired += 1;
        if before.verdict == row.verdict {
            diff.moved += usize::from(before.measured != row.measured);
        } else {
            let heir = heirs.get(&(row.name.as_str(), row.entity.as_str())).copied();
            let causes = causes::causes(before, row, heir);
            diff.changes.push(Change::Flipped(Pair { old: before, new: row, causes }));
        }
    }
    let gone: Vec<&Row> =
        old.iter().enumerate().filter(|(it, _)| !taken.contains(it)).map(|(_, row)| row).collect();
    diff.changes.extend(alone(
        &added,
        old,
        keys,
        [Change::TargetNew, Change::EntityNew],
        Change::RecordNew,
    ));
    diff.changes.extend(alone(
        &gone,
        new,
        keys,
        [Change::TargetGone, Change::EntityGone],
        Change::RecordGone,
    ));
    diff
}

type Key<'a> = (&'a str, &'a str, &'a str);

/// By what records are known.
#[derive(Debug, Clone, Copy)]
struct Keys {
    /// Both files hold the programme.
    by_programme: bool,
}

impl Keys {
    fn new(old: &[Row], new: &[Row]) -> Self {
        let lacks = |row: &Row| row.absent.contains(&"programme");
        Self { by_programme: !old.iter().chain(new).any(lacks) }
    }

    fn target(self, row: &Row) -> (&str, &str) {
        (if self.by_programme { &row.programme } else { "" }, &row.target)
    }

    fn record(self, row: &Row) -> Key<'_> {
        let (programme, target) = self.target(row);
        (programme, target, &row.entity)
    }
}

/// For each new record the place of the old one that it is compared with.
fn partners(old: &[Row], new: &[Row], keys: Keys) -> Vec<Option<usize>> {
    let mut before: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (place, row) in old.iter().enumerate() {
        before.entry(keys.record(row)).or_default().push(place);
    }
    let mut after: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (place, row) in new.iter().enumerate() {
        after.entry(keys.record(row)).or_default().push(place);
    }
    let mut by_day: HashMap<(Key<'_>, &str), Vec<usize>> = HashMap::new();
    for (place, row) in old.iter().enumerate().rev() {
        by_day.entry((keys.record(row), &row.as_of)).or_default().push(place);
    }
    let mut partners = vec![None; new.len()];
    for (row, slot) in new.iter().zip(&mut partners) {
        let same_day = by_day.get_mut(&(keys.record(row), row.as_of.as_str()));
        *slot = same_day.and_then(Vec::pop);
    }
    let mut seen = HashSet::new();
    for row in new.iter().filter(|row| seen.insert(keys.record(row))) {
        let (Some(olds), Some(news)) =
            (before.get(&keys.record(row)), after.get(&keys.record(row)))
        else {
            continue;
        };
        // A single record that meets none of its own day meets the latest of the others.
        let met = news.iter().any(|place| partners.get(*place).is_some_and(Option::is_some));
        if met || (olds.len() > 1 && news.len() > 1) {
            continue;
        }
        if let (Some(old), Some(new)) = (latest(old, olds), latest(new, news))
            && let Some(slot) = partners.get_mut(new)
        {
            *slot = Some(old);
        }
    }
    partners
}

/// Pairs what has gone with what is new under the same name in another programme, where on each
/// side there is one of that name and entity alone: first by day, then whatever the day.
fn adopt(old: &[Row], new: &[Row], partners: &mut [Option<usize>]) {
    for by_day in [true, false] {
        let taken: HashSet<usize> = partners.iter().flatten().copied().collect();
        let gone = lone(old, by_day, |place| !taken.contains(&place));
        let added = lone(new, by_day, |place| partners.get(place) == Some(&None));
        for ((row, place), slot) in new.iter().zip(0..).zip(partners.iter_mut()) {
            let key = named(row, by_day);
            let before = gone.get(&key).copied().flatten();
            let Some(before) = before.filter(|_| added.get(&key) == Some(&Some(place))) else {
                continue;
            };
            if old.get(before).is_some_and(|it| it.programme != row.programme) {
                *slot = Some(before);
            }
        }
    }
}

/// What a record is about, whatever its target's code.
fn named(row: &Row, by_day: bool) -> Key<'_> {
    (&row.name, &row.entity, if by_day { &row.as_of } else { "" })
}

/// The places of some records by name, entity and perhaps day; nothing where several share them.
fn lone(
    rows: &[Row],
    by_day: bool,
    is_free: impl Fn(usize) -> bool,
) -> HashMap<Key<'_>, Option<usize>> {
    let mut found = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        if is_free(place) && !row.name.is_empty() {
            found.entry(named(row, by_day)).and_modify(|it| *it = None).or_insert(Some(place));
        }
    }
    found
}

/// What a name and entity is judged by that only the new file has: it may have taken the place of
/// a target that no longer applies.
fn heirs<'a>(old: &[Row], new: &'a [Row], keys: Keys) -> HashMap<(&'a str, &'a str), &'a Row> {
    let known: HashSet<(&str, &str)> = old.iter().map(|row| keys.target(row)).collect();
    let is_new = |row: &&Row| !known.contains(&keys.target(row));
    let named = new.iter().filter(is_new).filter(|row| !row.name.is_empty());
    named.map(|row| ((row.name.as_str(), row.entity.as_str()), row)).collect()
}

/// The place of the record with the latest day.
fn latest(rows: &[Row], places: &[usize]) -> Option<usize> {
    let day = |place: &usize| rows.get(*place).map(|row| row.as_of.as_str());
    places.iter().copied().max_by_key(day)
}

/// Records without a partner: by target, by entity, else one by one.
fn alone<'a>(
    rows: &[&'a Row],
    other: &[Row],
    keys: Keys,
    [target, entity]: [fn(&'a Row, usize) -> Change<'a>; 2],
    record: fn(&'a Row) -> Change<'a>,
) -> Vec<Change<'a>> {
    let targets: HashSet<(&str, &str)> = other.iter().map(|it| keys.target(it)).collect();
    let entities: HashSet<&str> = other.iter().map(|it| it.entity.as_str()).collect();
    let mut changes = Vec::new();
    let mut places: HashMap<(bool, &str, &str), usize> = HashMap::new();
    let mut groups: Vec<(bool, &'a Row, usize)> = Vec::new();
    for row in rows {
        let (programme, target) = keys.target(row);
        let of_target = !targets.contains(&(programme, target));
        let key = match (of_target, entities.contains(row.entity.as_str())) {
            (true, _) => (true, programme, target),
            (false, false) => (false, "", row.entity.as_str()),
            (false, true) => {
                changes.push(record(row));
                continue;
            }
        };
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, _, count)) => *count += 1,
            None => groups.push((of_target, row, 1)),
        }
    }
    let groups =
        groups.into_iter().map(
            |(of_target, row, count)| {
                if of_target { target(row, count) } else { entity(row, count) }
            },
        );
    groups.chain(changes).collect()
}

#[cfg(test)]
mod tests;
