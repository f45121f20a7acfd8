//! The reference evaluator: the specification in code, plain, exact and slow.
//!
//! Enters: the model, the data and one case. Leaves: a judgement for every target. The one idea:
//! follow the sentences of the language one after another, with rationals and intervals, so that
//! a reader can hold the code against them. Everything fast is tested against this.
//! Invariant: total; every target and case has exactly one verdict.

mod figures;
mod measure;
mod scope;

use crate::calendar::Date;
use crate::check::model::{
    Condition, Expr, IndicatorId, Model, ProgrammeId, Target, TargetId, Threshold,
};
use crate::diagnostic::Lang;
use crate::number::{Format, Interval};
use crate::snapshot::{Case, Data, Figure, Gathered, Known, Names, Value, understand};
use crate::verdict::{Judgement, Measured, Progress, Reason, Verdict};

/// Judges cases of one set of data by one model.
#[derive(Debug)]
pub struct Reference<'a> {
    model: &'a Model,
    data: &'a Data,
    /// For each name of the data, the indicators that it names, one a programme.
    bound: Vec<Vec<IndicatorId>>,
}

/// What was found for one indicator, with the places that say so.
#[derive(Debug, Clone)]
struct Found {
    indicator: IndicatorId,
    figure: Figure,
    places: Vec<String>,
}

impl<'a> Reference<'a> {
    /// Resolves the names of the data.
    pub fn new(model: &'a Model, data: &'a Data) -> Self {
        Self::named(model, &Names::default(), data)
    }

    /// As [`Reference::new`], with names of the model that were resolved before.
    pub fn named(model: &'a Model, names: &Names, data: &'a Data) -> Self {
        let bound = data.names.iter().map(|name| names.find(model, name)).collect();
        Self { model, data, bound }
    }

    /// For figures that are understood already: no name of the data is looked up.
    pub(crate) const fn of_figures(model: &'a Model, data: &'a Data) -> Self {
        Self { model, data, bound: Vec::new() }
    }

    /// The indicators that a name of the data names, by its place in [`Data::names`].
    pub fn indicators(&self, name: usize) -> &[IndicatorId] {
        self.bound.get(name).map_or(&[], Vec::as_slice)
    }

    /// Judges all targets, in rule order.
    pub fn judge(&self, case: &Case<'_>) -> Vec<Judgement> {
        let targets = self.model.targets.iter().zip(0_u32..);
        let judge = |(target, id)| {
            self.judge_one(case, TargetId(id), target, || self.figures(case, target))
        };
        targets.map(judge).collect()
    }

    /// Judges one target.
    pub fn judge_target(&self, case: &Case<'_>, id: TargetId) -> Option<Judgement> {
        let target = self.model.target(id)?;
        Some(self.judge_one(case, id, target, || self.figures(case, target)))
    }

    /// Judges one target by figures that are understood already.
    pub(crate) fn judge_figures(
        &self,
        case: &Case<'_>,
        id: TargetId,
        figure: impl Fn(IndicatorId) -> Figure,
    ) -> Option<Judgement> {
        let target = self.model.target(id)?;
        let found = |indicator| Found { indicator, figure: figure(indicator), places: Vec::new() };
        let figures = || needed(&target.condition).into_iter().map(found).collect();
        Some(self.judge_one(case, id, target, figures))
    }

    /// The verdict of a target inside its window that its scope alone decides; `None` where it
    /// applies.
    pub(crate) fn by_scope(&self, case: &Case<'_>, id: TargetId) -> Option<Verdict> {
        match scope::applies(self.model.target(id)?, case, self.data) {
            scope::Answer::Yes => None,
            scope::Answer::No => Some(Verdict::NotApplicable),
            scope::Answer::Disputed(_) => Some(Verdict::Contradictory),
            scope::Answer::Unknown(_) => Some(Verdict::NoData),
        }
    }

    /// Section 8, from the top: the first that holds.
    fn judge_one(
        &self,
        case: &Case<'_>,
        id: TargetId,
        target: &Target,
        figures: impl FnOnce() -> Vec<Found>,
    ) -> Judgement {
        let mut judgement = blank(case, id, target);
        let applies = scope::applies(target, case, self.data);
        if applies == scope::Answer::No {
            return settled(judgement, Verdict::NotApplicable, Reason::Scope);
        }
        if !target.window.contains(case.as_of) {
            return settled(judgement, Verdict::NotApplicable, Reason::NotInForce);
        }
        judgement.progress = progress(target, case.as_of);
        match applies {
            scope::Answer::Disputed(evidence) => {
                judgement.evidence = evidence;
                return settled(judgement, Verdict::Contradictory, Reason::UnequalValues);
            }
            scope::Answer::Unknown(missing) => {
                judgement.missing = missing;
                return settled(judgement, Verdict::NoData, Reason::Absent);
            }
            scope::Answer::Yes | scope::Answer::No => {}
        }
        let found = figures();
        for one in &found {
            judgement.sources.extend(one.places.iter().cloned());
        }
        judgement.sources.dedup();
        self.by_figures(judgement, target, &found, case.as_of)
    }

    /// What the needed figures say.
    fn by_figures(
        &self,
        mut judgement: Judgement,
        target: &Target,
        found: &[Found],
        as_of: Date,
    ) -> Judgement {
        judgement.missing = found
            .iter()
            .filter(|one| one.figure == Figure::Absent)
            .filter_map(|one| Some(self.model.indicator(one.indicator)?.name.clone()))
            .collect();
        for one in found {
            if let Figure::Contradictory(reason, text) = &one.figure {
                judgement.evidence.push(text.clone());
                judgement.missing.clear();
                return settled(judgement, Verdict::Contradictory, *reason);
            }
        }
        if !judgement.missing.is_empty() {
            judgement.sources.clear();
            return settled(judgement, Verdict::NoData, Reason::Absent);
        }
        if found.iter().any(|one| one.figure == Figure::NotApplicable) {
            return settled(judgement, Verdict::NotApplicable, Reason::ZeroDenominator);
        }
        let known: Vec<(IndicatorId, &Known)> = found
            .iter()
            .filter_map(|one| match &one.figure {
                Figure::Known(known) => Some((one.indicator, known)),
                _ => None,
            })
            .collect();
        judgement.estimate = known.iter().any(|(_, known)| known.estimate);
        match &target.condition {
            Condition::Truth { expected, .. } => {
                let truth = known.iter().find_map(|(_, known)| match known.value {
                    Value::Truth(truth) => Some(truth),
                    _ => None,
                });
                judgement.measured = truth.map_or(Measured::Nothing, Measured::Truth);
                judgement.verdict = match truth {
                    Some(truth) if truth == *expected => Verdict::Met,
                    _ => unsatisfied(target, as_of),
                };
                judgement
            }
            Condition::Compare(comparison) => {
                self.compare(judgement, target, comparison, &known, as_of)
            }
        }
    }

    /// The figures of all needed indicators, from one snapshot: the latest in the window that holds
    /// them all, so that no quotient mixes days; where none does, from the latest in the window.
    fn figures(&self, case: &Case<'_>, target: &Target) -> Vec<Found> {
        let needed = needed(&target.condition);
        let mut first = None;
        for place in case.snapshots {
            let Some(snapshot) = self.data.snapshots.get(*place as usize) else { continue };
            if !target.window.contains(snapshot.as_of) {
                continue;
            }
            let found: Vec<Found> =
                needed.iter().map(|id| self.figure(snapshot, *id, target.programme)).collect();
            if found.iter().all(|one| one.figure != Figure::Absent) {
                return found;
            }
            first = first.or(Some(found));
        }
        first.unwrap_or_else(|| {
            let absent =
                |indicator| Found { indicator, figure: Figure::Absent, places: Vec::new() };
            needed.into_iter().map(absent).collect()
        })
    }

    /// What one snapshot says of one indicator.
    fn figure(&self, snapshot: &Gathered, id: IndicatorId, programme: ProgrammeId) -> Found {
        let entries: Vec<_> = snapshot
            .entries
            .iter()
            .filter(|entry| self.indicators(entry.name as usize).contains(&id))
            .filter(|entry| !entry.measurement.is_missing())
            .collect();
        let given: Vec<_> = entries.iter().map(|entry| &entry.measurement).collect();
        let lang = self.model.programme(programme).map_or(Lang::Vi, |it| it.lang);
        let figure = match self.model.indicator(id) {
            Some(indicator) => understand(&given, indicator, format(lang)),
            None => Figure::Absent,
        };
        let mut places: Vec<String> = entries
            .iter()
            .filter_map(|entry| snapshot.places.get(entry.place as usize).cloned())
            .collect();
        places.dedup();
        Found { indicator: id, figure, places }
    }
}

/// How a language writes numbers.
const fn format(lang: Lang) -> Format {
    match lang {
        Lang::Vi => Format::Vi,
        Lang::En => Format::En,
    }
}

/// The indicators that a condition needs, each once, in the order of the rule.
pub fn needed(condition: &Condition) -> Vec<IndicatorId> {
    fn walk(expr: &Expr, into: &mut Vec<IndicatorId>) {
        match expr {
            Expr::Indicator(id) if !into.contains(id) => into.push(*id),
            Expr::Indicator(_) => {}
            Expr::Scale(inner, _) => walk(inner, into),
            Expr::Divide(above, below) => {
                walk(above, into);
                walk(below, into);
            }
        }
    }
    let mut ids = Vec::new();
    match condition {
        Condition::Compare(comparison) => walk(&comparison.measure, &mut ids),
        Condition::Truth { indicator, .. } => ids.push(*indicator),
    }
    ids
}

/// A judgement of which nothing is known yet.
fn blank(case: &Case<'_>, id: TargetId, target: &Target) -> Judgement {
    Judgement {
        target: id,
        entity: Some(case.entity.id.clone()),
        as_of: case.as_of,
        verdict: Verdict::NoData,
        reason: None,
        progress: None,
        measured: Measured::Nothing,
        due: target.due,
        margin: None,
        attainment: None,
        fraction: None,
        rounding_sensitive: false,
        estimate: false,
        step: None,
        parts: Vec::new(),
        failing: Vec::new(),
        unreported: Vec::new(),
        missing: Vec::new(),
        sources: Vec::new(),
        evidence: Vec::new(),
    }
}

fn settled(mut judgement: Judgement, verdict: Verdict, reason: Reason) -> Judgement {
    judgement.verdict = verdict;
    judgement.reason = Some(reason);
    judgement
}

/// A milestone lies ahead while the threshold is not due; no line leads to it from a known point.
fn progress(target: &Target, as_of: Date) -> Option<Progress> {
    target.due.filter(|due| as_of < *due).map(|_| Progress::Unknown)
}

/// Not satisfied: not due before its date, not met from it on.
fn unsatisfied(target: &Target, as_of: Date) -> Verdict {
    match target.due {
        Some(due) if as_of < due => Verdict::NotDue,
        _ => Verdict::NotMet,
    }
}

/// How a value stands to a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Every possible value lies strictly beyond it.
    Beyond,
    /// Every possible value satisfies.
    Satisfies,
    /// No possible value satisfies.
    Fails,
    /// Some do, some do not.
    Open,
}

/// Compares everything that a value may be with a threshold.
fn standing(value: &Interval, threshold: &Threshold) -> Standing {
    use crate::number::Comparator as C;
    let choose = |beyond, satisfies, fails| match (beyond, satisfies, fails) {
        (true, ..) => Standing::Beyond,
        (_, true, _) => Standing::Satisfies,
        (.., true) => Standing::Fails,
        _ => Standing::Open,
    };
    match threshold {
        Threshold::Bound { comparator, value: t } => match comparator {
            C::AtLeast => choose(value.entirely_gt(t), value.entirely_ge(t), value.entirely_lt(t)),
            C::MoreThan => choose(value.entirely_gt(t), false, value.entirely_le(t)),
            C::AtMost => choose(value.entirely_lt(t), value.entirely_le(t), value.entirely_gt(t)),
            C::LessThan => choose(value.entirely_lt(t), false, value.entirely_ge(t)),
            C::Equal => choose(false, value.is_point() == Some(t), !value.contains(t)),
            C::NotEqual => choose(false, !value.contains(t), value.is_point() == Some(t)),
        },
        Threshold::Within { low, high } => choose(
            false,
            value.entirely_ge(low) && value.entirely_le(high),
            value.entirely_lt(low) || value.entirely_gt(high),
        ),
        Threshold::Rank { within, .. } => {
            choose(value.entirely_lt(within), value.entirely_le(within), value.entirely_gt(within))
        }
    }
}
