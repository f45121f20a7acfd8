//! The reference evaluator: the specification in code, plain, exact and slow.
//!
//! Enters: the model, the data and one case. Leaves: a judgement for every target. The one idea:
//! follow the sentences of the language one after another, with rationals and intervals, so that
//! a reader can hold the code against them. Everything fast is tested against this.
//! Invariant: total; every target and case has exactly one verdict.

mod always;
mod compare;
mod condition;
mod figures;
mod growth;
mod history;
#[cfg(test)]
mod history_tests;
mod linked;
mod measure;
mod memo;
mod outcome;
mod owners;
mod points;
mod progress;
mod scope;
mod step;
mod trace;
mod units;

use std::sync::OnceLock;

use crate::calendar::{Date, Period};
use crate::check::model::{
    AttributeCondition, Branch, Condition, IndicatorId, LinkedIndicators, Milestone, Model,
    ProgrammeId, ScopeItem, Target, TargetId, Version,
};
use crate::snapshot::{Batch, Case, Data, Figure, Gathered, Names};
use crate::verdict::{Judgement, Measured, Reason, Verdict};
use figures::{Computed, Sorted};
use history::Declared;
use memo::Memo;
use outcome::Outcome;
use units::Index;
pub(crate) use compare::{before_rounding, one_bound, standing};
pub(crate) use progress::straight;
pub(crate) use step::{is_counted, label, turned};
pub(crate) use units::{Alone, Answers};

pub use condition::needed;
pub use scope::Answer;
pub use trace::{Asked, Evidence, Other, quantity};
pub use units::UnitsUsed;

/// Judges cases of one set of data by one model.
#[derive(Debug)]
pub struct Reference<'a> {
    model: &'a Model,
    data: &'a Data,
    /// The indicators that names of the data name, one a programme, name after name.
    bound: Vec<IndicatorId>,
    /// Where those of each name end.
    ends: Vec<usize>,
    /// Which indicators depend on other times or entities.
    linked: LinkedIndicators,
    memo: Memo,
    /// What is made once for units, where they are asked.
    index: OnceLock<Box<Index>>,
    /// What units answer, where that was found at once.
    answers: OnceLock<Answers>,
    /// Where figures stand, if not in records.
    figures: Option<&'a Batch>,
}

/// Where a condition is asked: of whom, when, and by whose rules.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked by itself")]
struct Place<'a> {
    case: &'a Case<'a>,
    window: &'a Period,
    programme: ProgrammeId,
    /// The day from which sums go: that of the window, which another time does not move.
    since: Option<Date>,
    /// The figures, where they are understood already and stand in no record.
    given: Option<Given<'a>>,
    /// Where all targets of a case are judged: its measurements by indicator.
    sorted: Option<&'a Sorted>,
    computed: &'a Computed,
    /// Values of other times that the rule itself declares.
    declared: Option<Declared<'a>>,
    /// The target, where one of the model is judged.
    target: Option<TargetId>,
    /// The target is addressed to this entity alone, which is the whole where units have no
    /// parents.
    alone: bool,
    /// Points are given: of units of its own kind the entity is held against all in the data, as
    /// a rank does.
    peers: bool,
    /// The verdict alone is asked for.
    bare: bool,
    /// One of many units is asked: nothing stands beside its verdict but whether rounding decided.
    unit: bool,
}

impl<'a> Place<'a> {
    /// A place without anything that is known already.
    const fn new(
        case: &'a Case<'a>,
        programme: ProgrammeId,
        window: &'a Period,
        computed: &'a Computed,
    ) -> Self {
        let since = window.first;
        let (given, sorted, declared, target) = (None, None, None, None);
        let (alone, peers, bare, unit) = (false, false, false, false);
        Self {
            case,
            window,
            programme,
            since,
            given,
            sorted,
            computed,
            declared,
            target,
            alone,
            peers,
            bare,
            unit,
        }
    }
}

/// What is known before a target is judged, and how much is asked.
#[derive(Clone, Copy, Default)]
struct Known<'a> {
    given: Option<Given<'a>>,
    sorted: Option<&'a Sorted>,
    bare: bool,
}

/// Figures that are understood already, by indicator.
type Given<'a> = &'a dyn Fn(IndicatorId) -> Figure;

impl<'a> Reference<'a> {
    /// For the data of a batch of all their snapshots, whose records are empty: figures are those
    /// of its columns, as
    /// [`BatchBuilder::finish_recorded`] makes them.
    ///
    /// [`BatchBuilder::finish_recorded`]: crate::snapshot::BatchBuilder::finish_recorded
    pub fn over(model: &'a Model, names: &Names, batch: &'a Batch) -> Self {
        Self { figures: Some(batch), ..Self::named(model, names, batch.data()) }
    }

    /// Resolves the names of the data.
    pub fn new(model: &'a Model, data: &'a Data) -> Self {
        Self::named(model, &Names::default(), data)
    }

    /// As [`Reference::new`], with names of the model that were resolved before.
    pub fn named(model: &'a Model, names: &Names, data: &'a Data) -> Self {
        let (mut bound, mut ends) = (Vec::new(), Vec::with_capacity(data.names.len()));
        for name in &data.names {
            bound.extend_from_slice(&names.find(model, name));
            ends.push(bound.len());
        }
        let (linked, memo) = (LinkedIndicators::of(model), Memo::default());
        let (index, answers) = (OnceLock::new(), OnceLock::new());
        let figures = None;
        Self { model, data, bound, ends, linked, memo, index, answers, figures }
    }

    /// The indicators that a name of the data names, by its place in [`Data::names`].
    pub fn indicators(&self, name: usize) -> &[IndicatorId] {
        let start = name.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(name)).map(|(start, end)| start..*end);
        range.and_then(|range| self.bound.get(range)).unwrap_or_default()
    }

    /// What is made once for units.
    fn index(&self) -> &Index {
        self.index.get_or_init(|| Box::new(Index::of(self.model, self.data)))
    }

    /// Judges all targets, in rule order; of a case that is there for some of them, these.
    pub fn judge(&self, case: &Case<'_>) -> Vec<Judgement> {
        let sorted = Sorted::default();
        let held = Known { sorted: Some(&sorted), ..Known::default() };
        if let Some(only) = case.only {
            let targets = only.iter().filter_map(|id| Some((*id, self.model.target(*id)?)));
            return targets.map(|(id, target)| self.judge_one(case, id, target, held)).collect();
        }
        let targets = self.model.targets.iter().zip(0_u32..);
        targets.map(|(target, id)| self.judge_one(case, TargetId(id), target, held)).collect()
    }

    /// Judges targets of a case one by one, as [`Reference::judge`] does.
    pub(crate) fn judging<'c>(
        &'c self,
        case: &'c Case<'c>,
    ) -> impl Fn(TargetId) -> Option<Judgement> + 'c {
        let sorted = Sorted::default();
        move |id| {
            let held = Known { sorted: Some(&sorted), ..Known::default() };
            self.model.target(id).map(|target| self.judge_one(case, id, target, held))
        }
    }

    /// A snapshot of the data, by its place.
    pub(crate) fn snapshot(&self, place: u32) -> Option<&'a Gathered> {
        self.data.snapshots.get(place as usize).filter(|_| self.figures.is_none())
    }

    /// The data that it looks things up in.
    pub(crate) const fn data(&self) -> &'a Data {
        self.data
    }

    /// Judges one target.
    pub fn judge_target(&self, case: &Case<'_>, id: TargetId) -> Option<Judgement> {
        self.model.target(id).map(|target| self.judge_one(case, id, target, Known::default()))
    }

    /// The verdicts of a case, in rule order, without anything beside them; of a case that is there
    /// for some targets, of these.
    pub fn verdicts(&self, case: &Case<'_>) -> Vec<(TargetId, Verdict)> {
        let all = || (0_u32..).zip(&self.model.targets).map(|(id, _)| TargetId(id)).collect();
        let ids: Vec<TargetId> = case.only.map_or_else(all, <[TargetId]>::to_vec);
        ids.into_iter().filter_map(|id| Some((id, self.verdict(case, id)?))).collect()
    }

    /// The verdict of one target by figures that are understood already; formulas are added to
    /// them.
    pub(crate) fn verdict_by(
        &self,
        case: &Case<'_>,
        id: TargetId,
        figure: impl Fn(IndicatorId) -> Figure,
    ) -> Option<Verdict> {
        let known = Known { given: Some(&figure), bare: true, sorted: None };
        self.model.target(id).map(|target| self.judge_one(case, id, target, known).verdict)
    }

    /// The verdict of one target, without anything beside it.
    pub(crate) fn verdict(&self, case: &Case<'_>, id: TargetId) -> Option<Verdict> {
        let known = Known { bare: true, ..Known::default() };
        let judge = |target| self.judge_one(case, id, target, known).verdict;
        self.model.target(id).map(judge)
    }

    /// The verdict inside its window of a version that its scope alone decides; `None` where it
    /// applies.
    pub(crate) fn by_scope(&self, case: &Case<'_>, scope: &[ScopeItem]) -> Option<Verdict> {
        match scope::applies(scope, case, self.data) {
            Answer::No => Some(Verdict::NotApplicable),
            other => other.undecided().map(|outcome| outcome.verdict),
        }
    }

    /// What a condition on attributes comes to.
    pub(crate) fn by_attribute(&self, case: &Case<'_>, asked: &AttributeCondition) -> Verdict {
        self.attribute(case, asked).verdict
    }

    /// The type of the entity of a case, as the data write it.
    pub fn type_of<'d>(&'d self, case: &Case<'d>) -> Option<&'d str> {
        scope::type_of(case, self.data)
    }

    /// Section 8, from the top: the first that holds.
    fn judge_one(
        &self,
        case: &Case<'_>,
        id: TargetId,
        target: &Target,
        known: Known<'_>,
    ) -> Judgement {
        let as_of = case.as_of;
        let Some(version) = target.version(as_of) else {
            let nothing = Outcome::of(Verdict::NotApplicable, Reason::NotInForce);
            return judgement(case, id, nothing);
        };
        let applies = scope::applies(&version.scope, case, self.data);
        if applies == scope::Answer::No {
            return judgement(case, id, Outcome::of(Verdict::NotApplicable, Reason::Scope));
        }
        let milestone = version.milestone(as_of);
        let due = milestone.and_then(|milestone| milestone.due);
        if !version.in_force(as_of) {
            let outcome = Outcome::of(Verdict::NotApplicable, Reason::NotInForce);
            return Judgement { due, ..judgement(case, id, outcome) };
        }
        let (window, programme) = (&version.window, target.programme);
        let computed = &Computed::default();
        let unknown = applies != scope::Answer::Yes;
        let place = Place::new(case, programme, window, computed);
        let Known { given, sorted, bare } = known;
        let (target, alone) = (Some(id), is_alone(&version.scope));
        let place = Place { given, sorted, target, alone, bare, ..place };
        let outcome = match applies.undecided() {
            Some(outcome) => outcome,
            None => self.by_milestone(&place, version, milestone, as_of),
        };
        let progress = match outcome.verdict {
            _ if bare => None,
            Verdict::NotApplicable => None,
            _ => self.progress(&place, version, &outcome, as_of),
        };
        let scoring = version.scoring.as_ref().filter(|_| !bare);
        let points = scoring
            .and_then(|it| self.points(&place, it, milestone.filter(|_| !unknown), &outcome));
        Judgement { progress, due, points, ..judgement(case, id, outcome) }
    }

    /// The threshold in force: the first branch whose `khi` holds.
    fn by_milestone(
        &self,
        place: &Place<'_>,
        version: &Version,
        milestone: Option<&Milestone>,
        as_of: Date,
    ) -> Outcome {
        let Some(milestone) = milestone else {
            return Outcome::of(Verdict::NotApplicable, Reason::NotInForce);
        };
        let branch = match self.branch(place, milestone) {
            Ok(branch) => branch,
            Err(outcome) => return *outcome,
        };
        let at_full_points = version.scoring.as_ref().is_some_and(|scoring| scoring.decides);
        let declared = Declared::new(version, &branch.condition);
        let place = &Place { declared, peers: at_full_points, ..*place };
        let mut outcome = match &branch.condition {
            Condition::Always(part) => self.always_of(place, version, part),
            condition => self.condition(place, condition),
        };
        if at_full_points && outcome.verdict == Verdict::Exceeded {
            outcome.verdict = Verdict::Met;
        }
        outcome.stretch = Self::stretch(version, branch, &outcome, as_of);
        if let Some(due) = milestone.due
            && as_of < due
        {
            outcome.not_due_yet();
        }
        outcome
    }

    /// The first branch whose `khi` holds. One that is undecided gives the target its own code;
    /// one that is not applicable does not hold; an entity that fits none is not applicable.
    fn branch<'m>(
        &self,
        place: &Place<'_>,
        milestone: &'m Milestone,
    ) -> Result<&'m Branch, Box<Outcome>> {
        for branch in &milestone.branches {
            let Some(when) = &branch.when else { return Ok(branch) };
            let outcome = self.condition(place, when);
            match outcome.verdict {
                Verdict::Exceeded | Verdict::Met => return Ok(branch),
                Verdict::NotMet | Verdict::NotDue | Verdict::NotApplicable => {}
                Verdict::NoData | Verdict::Undetermined | Verdict::Contradictory => {
                    return Err(Box::new(outcome.without_figures()));
                }
            }
        }
        Err(Box::new(Outcome::of(Verdict::NotApplicable, Reason::Scope)))
    }
}

/// Whether a target is addressed to one single entity.
const fn is_alone(scope: &[ScopeItem]) -> bool {
    matches!(scope, [ScopeItem::Entity { .. }])
}

/// An outcome, with whose it is and when.
fn judgement(case: &Case<'_>, target: TargetId, outcome: Outcome) -> Judgement {
    let mut sources = outcome.sources;
    sources.retain(|source| !source.is_empty());
    if sources.len() > 1 {
        let mut seen = std::collections::HashSet::new();
        sources.retain(|source| seen.insert(source.clone()));
    }
    Judgement {
        target,
        entity: case.id().map(str::to_owned),
        as_of: case.as_of,
        verdict: outcome.verdict,
        reason: outcome.reason,
        progress: None,
        measured: outcome.measured.unwrap_or(Measured::Nothing),
        threshold: outcome.threshold,
        unit: outcome.unit,
        due: None,
        stretch: outcome.stretch,
        margin: outcome.margin,
        attainment: outcome.attainment,
        fraction: outcome.fraction,
        points: None,
        change: outcome.change,
        rounding_sensitive: outcome.rounding_sensitive,
        estimate: outcome.estimate,
        step: outcome.step,
        parts: outcome.parts,
        units: outcome.units.counts,
        failing: outcome.units.failing,
        unreported: outcome.units.unreported,
        missing: outcome.missing,
        sources,
        evidence: outcome.evidence,
    }
}
