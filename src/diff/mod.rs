//! What changed between two files of verdicts, and why.
//!
//! Enters: the records of both files. Leaves: what changed. The one idea: a record is known by
//! programme, target and entity, and by its date where there are several. Invariant: every record
//! is paired, new or gone, exactly once; causes are those that the two files show.

mod read;

use std::collections::{HashMap, HashSet};

pub use read::{Fault, read};

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
    /// What differs beside the verdict.
    pub causes: Vec<Cause>,
}

/// What differs between two records of one verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The figure.
    Measured,
    /// The unit.
    Unit,
    /// The threshold.
    Threshold,
    /// The due date lies between both days, and what it asks is not met.
    DuePassed,
    /// The due date itself.
    Due,
    /// The legal basis.
    LegalBasis,
    /// The reason.
    Reason,
    /// The day alone.
    AsOf,
}

impl Cause {
    /// The code that programs read.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Unit => "unit",
            Self::Threshold => "threshold",
            Self::DuePassed => "due_passed",
            Self::Due => "due",
            Self::LegalBasis => "legal_basis",
            Self::Reason => "reason",
            Self::AsOf => "as_of",
        }
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
/// assert_eq!(pair.causes, [Cause::Measured]);
/// # Ok::<(), chitieu::diff::Fault>(())
/// ```
pub fn compare<'a>(old: &'a [Row], new: &'a [Row]) -> Diff<'a> {
    let partners = partners(old, new);
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
            let causes = causes(before, row);
            diff.changes.push(Change::Flipped(Pair { old: before, new: row, causes }));
        }
    }
    let gone: Vec<&Row> =
        old.iter().enumerate().filter(|(it, _)| !taken.contains(it)).map(|(_, row)| row).collect();
    diff.changes.extend(alone(
        &added,
        old,
        [Change::TargetNew, Change::EntityNew],
        Change::RecordNew,
    ));
    diff.changes.extend(alone(
        &gone,
        new,
        [Change::TargetGone, Change::EntityGone],
        Change::RecordGone,
    ));
    diff
}

type Key<'a> = (&'a str, &'a str, &'a str);

fn key(row: &Row) -> Key<'_> {
    (&row.programme, &row.target, &row.entity)
}

/// For each new record the place of the old one that it is compared with.
fn partners(old: &[Row], new: &[Row]) -> Vec<Option<usize>> {
    let mut before: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (place, row) in old.iter().enumerate() {
        before.entry(key(row)).or_default().push(place);
    }
    let mut after: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (place, row) in new.iter().enumerate() {
        after.entry(key(row)).or_default().push(place);
    }
    let mut by_day: HashMap<(Key<'_>, &str), Vec<usize>> = HashMap::new();
    for (place, row) in old.iter().enumerate().rev() {
        by_day.entry((key(row), &row.as_of)).or_default().push(place);
    }
    let mut partners = vec![None; new.len()];
    for (row, slot) in new.iter().zip(&mut partners) {
        let same_day = by_day.get_mut(&(key(row), row.as_of.as_str()));
        *slot = same_day.and_then(Vec::pop);
    }
    let mut seen = HashSet::new();
    for row in new.iter().filter(|row| seen.insert(key(row))) {
        let (Some(olds), Some(news)) = (before.get(&key(row)), after.get(&key(row))) else {
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

/// The place of the record with the latest day.
fn latest(rows: &[Row], places: &[usize]) -> Option<usize> {
    let day = |place: &usize| rows.get(*place).map(|row| row.as_of.as_str());
    places.iter().copied().max_by_key(day)
}

/// Records without a partner: by target, by entity, else one by one.
fn alone<'a>(
    rows: &[&'a Row],
    other: &[Row],
    [target, entity]: [fn(&'a Row, usize) -> Change<'a>; 2],
    record: fn(&'a Row) -> Change<'a>,
) -> Vec<Change<'a>> {
    let targets: HashSet<(&str, &str)> =
        other.iter().map(|it| (it.programme.as_str(), it.target.as_str())).collect();
    let entities: HashSet<&str> = other.iter().map(|it| it.entity.as_str()).collect();
    let mut changes = Vec::new();
    let mut places: HashMap<(bool, &str, &str), usize> = HashMap::new();
    let mut groups: Vec<(bool, &'a Row, usize)> = Vec::new();
    for row in rows {
        let of_target = !targets.contains(&(row.programme.as_str(), row.target.as_str()));
        let key = match (of_target, entities.contains(row.entity.as_str())) {
            (true, _) => (true, row.programme.as_str(), row.target.as_str()),
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

/// What differs beside the verdict, as far as the files show.
fn causes(old: &Row, new: &Row) -> Vec<Cause> {
    let mut causes = Vec::new();
    let mut add = |differs: bool, cause: Cause| {
        if differs {
            causes.push(cause);
        }
    };
    add(old.measured != new.measured, Cause::Measured);
    add(old.unit != new.unit, Cause::Unit);
    add(old.threshold != new.threshold, Cause::Threshold);
    // Only what is not met is another verdict before its due date.
    let passed = old.as_of < new.due && new.due <= new.as_of && new.verdict == "not_met";
    add(old.due == new.due && passed && !old.as_of.is_empty(), Cause::DuePassed);
    add(old.due != new.due, Cause::Due);
    add(old.legal_basis != new.legal_basis, Cause::LegalBasis);
    let both = !old.reason.is_empty() && !new.reason.is_empty();
    add(both && old.reason != new.reason, Cause::Reason);
    if causes.is_empty() && old.as_of != new.as_of {
        causes.push(Cause::AsOf);
    }
    causes
}

#[cfg(test)]
mod tests;
