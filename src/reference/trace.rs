//! What a judgement rests on, for those who explain it or audit its data.
//!
//! Enters: a case and a place in the rules. Leaves: what the evaluator itself saw there. The one
//! idea: an explanation asks the evaluator again and computes nothing of its own.

use super::figures::{Computed, Held, Leaf, Term};
use super::outcome::Outcome;
use super::scope::Answer;
use super::{Place, Reference, is_alone, measure, scope};
use crate::calendar::{Date, Period};
use crate::check::model::{
    Branch, Condition, Expr, IndicatorId, ProgrammeId, ScopeItem, TargetId, Version,
};
use crate::number::{Comparator, Interval, Rational};
use crate::snapshot::{Case, Entry, Figure, Gathered, Known, Value};
use crate::unit::Unit;
use crate::verdict::{InForce, Measured, Reason, Verdict};

/// What was found for one indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence<'a> {
    /// The indicator.
    pub indicator: IndicatorId,
    /// What its figures come to.
    pub figure: Figure,
    /// The day of the snapshot that was asked; nothing where there is none.
    pub as_of: Option<Date>,
    /// The measurements that were read, with the place of the record of each.
    pub given: Vec<(&'a Entry, &'a str)>,
    /// What its formula needs.
    pub parts: Vec<Evidence<'a>>,
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
        let placed = |entry: &'s Entry| {
            (entry, snapshot.places.get(entry.place as usize).map_or("", String::as_str))
        };
        let mut ids = Vec::new();
        if let Some(formula) = self.model.indicator(indicator).and_then(|it| it.formula.as_ref()) {
            formula.indicators(&mut ids);
        }
        Evidence {
            indicator,
            figure: self.find(place, Held::By(snapshot), indicator).figure,
            as_of: Some(snapshot.as_of),
            given: self.entries(snapshot, indicator).map(placed).collect(),
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
