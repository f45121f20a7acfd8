//! What a judgement rests on, for those who explain it or audit its data.
//!
//! Enters: a case and a place in the rules. Leaves: what the evaluator itself saw there. The one
//! idea: an explanation asks the evaluator again and computes nothing of its own.

use super::figures::{Computed, Held, Leaf, Term};
use super::history::{Declared, Source};
use super::outcome::Outcome;
use super::scope::Answer;
use super::{Place, Reference, is_alone, measure, scope};
use crate::calendar::{Date, Period};
use crate::check::model::{
    Branch, Comparison, Condition, Expr, IndicatorId, ProgrammeId, ScopeItem, TargetId, Threshold,
    Version,
};
use crate::number::{Comparator, Interval, Rational};
use crate::snapshot::{Case, Entry, Figure, Gathered, Known, Value};
use crate::unit::Unit;
use crate::verdict::{InForce, Measured, Part, Reason, Shift, Verdict};

/// What was found for one indicator.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    /// The indicator.
    pub indicator: IndicatorId,
    /// What its figures come to.
    pub figure: Figure,
    /// The day of the snapshot that was asked; nothing where there is none.
    pub as_of: Option<Date>,
    /// The measurements that were read.
    pub given: Vec<Entry<'a>>,
    /// What its formula needs.
    pub parts: Vec<Evidence<'a>>,
}

/// What was found for a quantity of other times or entities.
#[derive(Debug, Clone, PartialEq)]
pub struct Other<'m> {
    /// The quantity, as it stands in the rule.
    pub expr: &'m Expr,
    /// What it comes to.
    pub figure: Figure,
    /// The rule itself declares it.
    pub declared: bool,
    /// What it was made of: each day with its figure and its places, the latest last.
    pub days: Vec<(Date, Figure, Vec<String>)>,
    /// How many days before those were counted too.
    pub before: usize,
    /// Where its figures stand.
    pub sources: Vec<String>,
    /// What is missing for it, by name.
    pub missing: Vec<String>,
}

/// What a condition comes to, asked by itself and as if it were due.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, where the verdict alone does not say.
    pub reason: Option<Reason>,
    /// What was measured.
    pub measured: Measured,
    /// What is asked.
    pub threshold: Option<InForce>,
    /// The unit of both.
    pub unit: Option<Unit>,
    /// Numerator and denominator, for fractions and quotients.
    pub fraction: Option<(Rational, Rational)>,
    /// What is missing, by name.
    pub missing: Vec<String>,
    /// Where the figures stand.
    pub sources: Vec<String>,
    /// From where to where it changed, for growth.
    pub change: Option<Shift>,
    /// The parts of a joined condition, or the days of one that must always hold.
    pub parts: Vec<Part>,
}

/// Of a sum so many days are shown.
const SHOWN: usize = 10;

/// The quantities of other times and entities on both sides of a comparison, each once.
fn leaves_of<'m>(comparison: &'m Comparison, into: &mut Vec<&'m Expr>) {
    comparison.measure.linked(into);
    if let Threshold::Against { other, .. } = &comparison.threshold {
        other.linked(into);
    }
}

impl Asked {
    /// Nothing was asked yet.
    pub(super) fn nothing() -> Self {
        Outcome::plain(Verdict::NotApplicable).into()
    }
}

impl From<Outcome> for Asked {
    fn from(outcome: Outcome) -> Self {
        Self {
            verdict: outcome.verdict,
            reason: outcome.reason,
            measured: outcome.measured.unwrap_or(Measured::Nothing),
            threshold: outcome.threshold,
            unit: outcome.unit,
            fraction: outcome.fraction,
            missing: outcome.missing,
            sources: outcome.sources,
            change: outcome.change,
            parts: outcome.parts,
        }
    }
}

impl<'a> Reference<'a> {
    /// Whether something addressed to `scope` applies to the entity of a case.
    pub fn applies(&self, scope: &[ScopeItem], case: &Case<'_>) -> Answer {
        scope::applies(scope, case, self.data)
    }

    /// The branch in force for the entity of a case; nothing where none is, or none is known.
    pub fn branch_in_force(&self, case: &Case<'_>, id: TargetId) -> Option<&'a Branch> {
        let target = self.model.target(id)?;
        let version = target.version(case.as_of)?;
        let (window, programme) = (&version.window, target.programme);
        let computed = &Computed::default();
        let place = Place::new(case, programme, window, computed);
        let place = Place { alone: is_alone(&version.scope), ..place };
        self.branch(&place, version.milestone(case.as_of)?).ok()
    }

    /// What a condition comes to by the snapshots of a case inside a window, addressed to a scope.
    pub fn ask(
        &self,
        case: &Case<'_>,
        programme: ProgrammeId,
        (window, scope): (&Period, &[ScopeItem]),
        condition: &Condition,
    ) -> Asked {
        let computed = &Computed::default();
        let place = Place::new(case, programme, window, computed);
        self.condition(&Place { alone: is_alone(scope), ..place }, condition).into()
    }

    /// As [`Reference::ask`], of a condition of a version in force: by the values that it declares
    /// and, of what must always hold, by the threshold of each day.
    pub fn ask_of(
        &self,
        case: &Case<'_>,
        (target, version): (TargetId, &Version),
        condition: &Condition,
    ) -> Asked {
        let computed = &Computed::default();
        let Some(place) = self.place_of(case, (target, version), condition, computed) else {
            return Outcome::plain(Verdict::NotApplicable).into();
        };
        match condition {
            Condition::Always(part) => self.always_of(&place, version, part),
            condition => self.condition(&place, condition),
        }
        .into()
    }

    /// Quantities of other times and entities that a comparison of a version needs.
    pub fn others<'m>(
        &self,
        case: &Case<'_>,
        version: (TargetId, &Version),
        comparison: &'m Comparison,
    ) -> Vec<Other<'m>> {
        let (computed, condition) = (&Computed::default(), Condition::Compare(comparison.clone()));
        let Some(place) = self.place_of(case, version, &condition, computed) else {
            return Vec::new();
        };
        let chosen = self.chosen(&place, &comparison.needed());
        let day = chosen.map_or(case.as_of, |(snapshot, _)| snapshot.as_of);
        let mut leaves = Vec::new();
        leaves_of(comparison, &mut leaves);
        leaves.into_iter().map(|expr| self.other(&place, day, expr)).collect()
    }

    /// Quantities of other times and entities that points are made of.
    pub fn others_of_points<'m>(
        &self,
        case: &Case<'_>,
        version: (TargetId, &Version),
        points: &'m Expr,
    ) -> Vec<Other<'m>> {
        let (computed, none) = (&Computed::default(), Condition::All(Vec::new()));
        let Some(place) = self.place_of(case, version, &none, computed) else {
            return Vec::new();
        };
        let place = Place { peers: true, ..place };
        let (mut ids, mut leaves) = (Vec::new(), Vec::new());
        points.indicators(&mut ids);
        points.linked(&mut leaves);
        let chosen = self.chosen(&place, &ids);
        let day = chosen.map_or(case.as_of, |(snapshot, _)| snapshot.as_of);
        leaves.into_iter().map(|expr| self.other(&place, day, expr)).collect()
    }

    fn other<'m>(&self, place: &Place<'_>, day: Date, expr: &'m Expr) -> Other<'m> {
        let until = place.case.as_of;
        let found = self.linked(place, (day, until), expr);
        let (sources, missing) = (found.places, found.missing);
        let (mut declared, mut days, mut before) = (false, Vec::new(), 0);
        let mut add = |snapshot: &Gathered, of: &Expr| {
            let found = self.taken(place, snapshot, of);
            days.push((snapshot.as_of, found.figure, found.places));
        };
        match expr {
            Expr::At(of, moment) => match self.source_at(place, day, of, *moment) {
                Source::Declared(_) => declared = true,
                Source::Snapshot(snapshot) => add(snapshot, of),
                Source::Units(_) | Source::Nothing(_) => {}
            },
            Expr::Cumulative(of) => {
                let sums = self.sums_up_to(place, until, of);
                let numbers = sums.up_to(until).map(|(_, numbers)| numbers).unwrap_or_default();
                before = numbers.len().saturating_sub(SHOWN);
                for number in numbers.get(before..).unwrap_or_default() {
                    if let Some(snapshot) = self.data.snapshots.get(*number as usize) {
                        add(snapshot, of);
                    }
                }
            }
            _ => {}
        }
        Other { expr, figure: found.figure, declared, days, before, sources, missing }
    }

    pub(super) fn place_of<'p>(
        &'p self,
        case: &'p Case<'p>,
        (target, version): (TargetId, &'p Version),
        condition: &'p Condition,
        computed: &'p Computed,
    ) -> Option<Place<'p>> {
        let programme = self.model.target(target)?.programme;
        let place = Place::new(case, programme, &version.window, computed);
        let declared = Declared::new(version, condition);
        let alone = is_alone(&version.scope);
        // Whoever asks may hold a condition of its own: nothing is remembered by its place.
        Some(Place { declared, alone, ..place })
    }

    /// What was found for indicators that are needed together.
    pub fn evidence(
        &self,
        case: &Case<'_>,
        programme: ProgrammeId,
        window: &Period,
        needed: &[IndicatorId],
    ) -> Vec<Evidence<'_>> {
        let computed = &Computed::default();
        let place = Place::new(case, programme, window, computed);
        let chosen = self.chosen(&place, needed).map(|(snapshot, _)| snapshot);
        needed.iter().map(|id| self.evidence_of(&place, chosen, *id)).collect()
    }

    fn evidence_of<'s>(
        &'s self,
        place: &Place<'_>,
        snapshot: Option<&'s Gathered>,
        indicator: IndicatorId,
    ) -> Evidence<'s> {
        let Some(snapshot) = snapshot else {
            let (given, parts) = (Vec::new(), Vec::new());
            return Evidence { indicator, figure: Figure::Absent, as_of: None, given, parts };
        };
        let mut ids = Vec::new();
        if let Some(formula) = self.model.indicator(indicator).and_then(|it| it.formula.as_ref()) {
            formula.indicators(&mut ids);
        }
        Evidence {
            indicator,
            figure: self.find(place, Held::By(snapshot), indicator).figure,
            as_of: Some(snapshot.as_of),
            given: self.entries(snapshot, indicator).collect(),
            parts: ids.iter().map(|id| self.evidence_of(place, Some(snapshot), *id)).collect(),
        }
    }

    /// The value on the straight line to the next milestone, and the side of it that is on track.
    pub fn line_on(
        &self,
        case: &Case<'_>,
        programme: ProgrammeId,
        version: &Version,
    ) -> Option<(Comparator, Rational)> {
        let ahead = version.milestones.iter().find(|it| it.due.is_some_and(|due| case.as_of < due));
        let (window, computed) = (&version.window, &Computed::default());
        let place = Place::new(case, programme, window, computed);
        let place = Place { alone: is_alone(&version.scope), ..place };
        self.line(&place, version, ahead?, case.as_of)
    }
}

/// The value of an expression, from a value of each indicator in it; nothing where it has none.
pub fn quantity(expr: &Expr, of: &dyn Fn(IndicatorId) -> Option<Rational>) -> Option<Rational> {
    let mut ids = Vec::new();
    expr.indicators(&mut ids);
    let known: Vec<Term<'_>> = ids
        .into_iter()
        .map(|id| {
            let value = Value::Within(Interval::point(of(id)?));
            let (fraction, noun, last_digit, unrounded) = (None, None, None, None);
            let (field, estimate) = (None, false);
            let known = Known { value, fraction, noun, last_digit, unrounded, field, estimate };
            Some((Leaf::Indicator(id), known))
        })
        .collect::<Option<_>>()?;
    match measure::value(expr, &known, &measure::as_given) {
        measure::Quantity::Within(interval) => interval.is_point().cloned(),
        _ => None,
    }
}
