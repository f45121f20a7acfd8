//! Running the tests that stand in the rules.
//!
//! Enters: a model. Leaves: for each `thì:` line whether it holds, with the judgement that was made
//! and, where it is asked for, how it came about; which verdicts no test shows; the cases that
//! matter, as tests to keep. The one idea: a test is a small set of data, judged by the reference
//! evaluator.

mod boundaries;
mod coverage;
mod figures;
mod past;
mod scenario;
mod shares;
mod units;

pub use boundaries::boundaries;
pub use coverage::{Shown, coverage};

use crate::calendar::{Date, Period};
use crate::check::model::{AttributeCondition, Model, ScopeItem, Test, Then};
use crate::diagnostic::Lang;
use crate::explain::{self, Explanation};
use crate::reference::Reference;
use crate::snapshot::{Case, Cases, Data, Measurement, Snapshot};
use crate::verdict::Judgement;

/// One expectation of a test, and what came of it.
#[derive(Debug, Clone)]
pub struct Trial<'m> {
    /// The test.
    pub test: &'m Test,
    /// The expectation.
    pub then: &'m Then,
    /// What was judged; `None` where the test has no day.
    pub judgement: Option<Judgement>,
    /// Whether it is what was expected.
    pub holds: bool,
}

/// Runs all tests of a model, in their order.
pub fn run(model: &Model) -> Vec<Trial<'_>> {
    model.tests.iter().flat_map(|test| run_one(model, test)).collect()
}

fn run_one<'m>(model: &'m Model, test: &'m Test) -> Vec<Trial<'m>> {
    let bench = Bench::new(model, test);
    let reference = Reference::new(model, &bench.data);
    let case = bench.case();
    let judge = |then: &'m Then| {
        let judgement = case.as_ref().and_then(|case| reference.judge_target(case, then.target));
        let holds = judgement.as_ref().is_some_and(|judgement| as_expected(then, judgement));
        Trial { test, then, judgement, holds }
    };
    test.then.iter().map(judge).collect()
}

/// How the judgement of one expectation came about; nothing where the test has no day.
pub fn explained(model: &Model, trial: &Trial<'_>, lang: Lang) -> Option<Explanation> {
    let bench = Bench::new(model, trial.test);
    let reference = Reference::new(model, &bench.data);
    explain::explain(model, &reference, &bench.case()?, trial.then.target, lang)
}

/// The data of one test.
struct Bench {
    data: Data,
    cases: Cases,
    day: Option<Date>,
}

impl Bench {
    fn new(model: &Model, test: &Test) -> Self {
        let day = test.on.and_then(|on| on.last).or_else(|| default_day(model, test));
        let mut data = Data::new();
        if let Some(day) = day {
            let own = records(model, test, day);
            let parent = own.first().map(|record| record.entity.clone()).unwrap_or_default();
            for record in own.into_iter().chain(units::records(test, day, &parent)) {
                data.push(record, None);
            }
        }
        Self { cases: Cases::each_snapshot(&data), data, day }
    }

    /// What the test asks: its entity on its day.
    fn case(&self) -> Option<Case<'_>> {
        (0..self.cases.len())
            .filter_map(|place| self.cases.get(&self.data, place))
            .find(|case| Some(case.as_of) == self.day)
    }
}

/// The verdict, the attainment to as many digits as are written, and the points exactly.
fn as_expected(then: &Then, judgement: &Judgement) -> bool {
    let attained = match (&then.attainment, &judgement.attainment) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(wanted), Some(reached)) => reached.rounded(wanted.scale()) == wanted.to_string(),
    };
    let scored = match (&then.points, &judgement.points) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some((worst, best)), Some(points)) => *worst == points.worst && *best == points.best,
    };
    judgement.verdict == then.verdict && attained && scored
}

/// Without `ngày:` a test speaks of the last due date of its first target.
fn default_day(model: &Model, test: &Test) -> Option<Date> {
    let target = model.target(test.then.first()?.target)?;
    let version = target.versions.last()?;
    version.milestones.iter().rev().find_map(|milestone| milestone.due).or(version.window.last)
}

/// The snapshots of a test: one of its day, and one for each other time that it names.
fn records(model: &Model, test: &Test, day: Date) -> Vec<Snapshot> {
    let (id, name, mut attributes) = entity(model, test);
    for given in test.given.iter().filter(|given| given.attribute) {
        attributes
            .retain(|(known, _)| crate::text::normal(known) != crate::text::normal(&given.name));
        attributes.push((given.name.clone(), given.value.clone()));
    }
    let base = |period: Period| Snapshot {
        entity: id.clone(),
        name: name.clone(),
        period: Some(period),
        attributes: attributes.clone(),
        place: test.name.clone(),
        ..Snapshot::default()
    };
    let mut records = vec![base(Period::day(day))];
    for given in test.given.iter().filter(|given| !given.attribute) {
        let figure = (given.name.clone(), Measurement::text(&given.value));
        match given.time {
            None => {
                if let Some(first) = records.first_mut() {
                    first.measurements.push(figure);
                }
            }
            Some(time) => {
                let mut other = base(time);
                other.measurements.push(figure);
                records.push(other);
            }
        }
    }
    records
}

/// The entity of a test: the one it names, else one to which its first target applies.
fn entity(model: &Model, test: &Test) -> (String, Option<String>, Vec<(String, String)>) {
    if let Some(name) = &test.entity {
        return (name.clone(), Some(name.clone()), Vec::new());
    }
    let scope = test
        .then
        .first()
        .and_then(|then| model.target(then.target)?.versions.first())
        .and_then(|version| version.scope.first());
    addressed(scope)
}

/// An entity that an item of `áp dụng cho` names: id, name, attributes.
fn addressed(scope: Option<&ScopeItem>) -> (String, Option<String>, Vec<(String, String)>) {
    let mut attributes = Vec::new();
    match scope {
        None => {}
        Some(ScopeItem::Entity { name, .. }) => {
            return (name.clone(), Some(name.clone()), attributes);
        }
        Some(ScopeItem::Type { types, filter }) => {
            if let Some(first) = types.first() {
                attributes.push(("cấp".to_owned(), first.clone()));
            }
            if let Some(filter) = filter {
                satisfy(filter, &mut attributes);
            }
        }
    }
    ("đơn vị thử".to_owned(), None, attributes)
}

/// Attributes that satisfy a filter.
fn satisfy(filter: &AttributeCondition, into: &mut Vec<(String, String)>) {
    match filter {
        AttributeCondition::Is { name, value, negated, .. } => {
            let value = if *negated { format!("không phải {value}") } else { value.clone() };
            into.push((name.clone(), value));
        }
        AttributeCondition::All(parts) => parts.iter().for_each(|part| satisfy(part, into)),
        AttributeCondition::Any(parts) => {
            if let Some(first) = parts.first() {
                satisfy(first, into);
            }
        }
    }
}
