//! Conditions: comparisons, yes/no, attributes, and the logic that joins them.

use super::figures::Leaf;
use super::outcome::Outcome;
use super::{Place, Reference, scope};
use crate::check::model::{
    AttributeCondition, Comparison, Condition, Expr, IndicatorId, Joined, Threshold,
};
use crate::snapshot::{Case, Value};
use crate::verdict::{InForce, Measured, Part, Reason, Verdict};

/// The verdicts of parts that must all hold: the first that occurs decides.
pub(super) const ALL: [Verdict; 6] = [
    Verdict::NotMet,
    Verdict::Contradictory,
    Verdict::NoData,
    Verdict::Undetermined,
    Verdict::Met,
    Verdict::Exceeded,
];

impl Reference<'_> {
    /// What a condition comes to.
    pub(super) fn condition(&self, place: &Place<'_>, condition: &Condition) -> Outcome {
        match condition {
            Condition::Compare(comparison) => self.comparison(place, comparison),
            Condition::Truth { indicator, expected } => self.truth(place, *indicator, *expected),
            Condition::Attribute(asked) => self.attribute(place.case, asked),
            Condition::All(parts) => self.all(place, parts),
            Condition::Any(parts) => self.any(place, parts),
            Condition::Not(part) => self.not(place, part),
            Condition::Always(part) => self.always(place, part),
            Condition::Units(every) => self.every_unit(place, every),
        }
    }

    pub(super) fn attribute(&self, case: &Case<'_>, asked: &AttributeCondition) -> Outcome {
        match scope::holds(asked, (case.entity, case.snapshots), self.data) {
            scope::Answer::Yes => Outcome::plain(Verdict::Met),
            scope::Answer::No => Outcome::plain(Verdict::NotMet),
            other => other.undecided().unwrap_or(Outcome::plain(Verdict::NotMet)),
        }
    }

    fn truth(&self, place: &Place<'_>, indicator: IndicatorId, expected: bool) -> Outcome {
        let mut outcome = match self.figures(place, &[Leaf::Indicator(indicator)]) {
            Ok(figures) => figures.outcome(),
            Err(outcome) => return self.asked_truth(*outcome, indicator, expected),
        };
        let truth = match outcome.known.first().map(|(_, known)| &known.value) {
            Some(Value::Truth(truth)) => Some(*truth),
            _ => None,
        };
        outcome.outcome.measured = truth.map(Measured::Truth);
        outcome.outcome.verdict = match truth {
            Some(truth) if truth == expected => Verdict::Met,
            _ => Verdict::NotMet,
        };
        self.asked_truth(outcome.outcome, indicator, expected)
    }

    fn asked_truth(&self, outcome: Outcome, indicator: IndicatorId, expected: bool) -> Outcome {
        let unit = self.model.indicator(indicator).map(|it| it.unit.clone());
        Outcome { threshold: Some(InForce::Truth { expected }), unit, ..outcome }
    }

    /// The first that occurs of: not met, contradictory, no data, undetermined, met, exceeded.
    fn all(&self, place: &Place<'_>, parts: &[Joined]) -> Outcome {
        let (mut whole, outcomes) = self.first_of(place, parts, &ALL);
        whole.binds = whole.verdict == Verdict::NotMet && outcomes.iter().any(|it| it.binds);
        whole
    }

    /// The first that occurs of: exceeded, met, contradictory, no data, undetermined, not met.
    fn any(&self, place: &Place<'_>, parts: &[Joined]) -> Outcome {
        const ORDER: [Verdict; 6] = [
            Verdict::Exceeded,
            Verdict::Met,
            Verdict::Contradictory,
            Verdict::NoData,
            Verdict::Undetermined,
            Verdict::NotMet,
        ];
        let (mut whole, outcomes) = self.first_of(place, parts, &ORDER);
        let mut fail = outcomes.iter().filter(|it| it.verdict == Verdict::NotMet);
        whole.binds = whole.verdict == Verdict::NotMet && fail.all(|it| it.binds);
        whole
    }

    /// A part that is not applicable drops out; if all do, so does the whole.
    fn first_of(
        &self,
        place: &Place<'_>,
        parts: &[Joined],
        order: &[Verdict],
    ) -> (Outcome, Vec<Outcome>) {
        let outcomes: Vec<Outcome> =
            parts.iter().map(|part| self.condition(place, &part.condition)).collect();
        let decides = order
            .iter()
            .find_map(|verdict| outcomes.iter().find(|outcome| outcome.verdict == *verdict))
            .or_else(|| outcomes.first());
        let Some(decides) = decides else {
            return (Outcome::plain(Verdict::NotApplicable), outcomes);
        };
        let mut whole = Outcome::plain(decides.verdict);
        whole.reason = decides.reason;
        whole.evidence.clone_from(&decides.evidence);
        for (part, outcome) in parts.iter().zip(&outcomes) {
            gather(&mut whole, part.text.clone(), outcome);
        }
        whole.rounding_sensitive = whole.verdict.is_decided()
            && satisfied(whole.verdict) != satisfied(rounded(&outcomes, order));
        (whole, outcomes)
    }

    /// Exchanges satisfied (then met) and not, and leaves the rest.
    fn not(&self, place: &Place<'_>, part: &Joined) -> Outcome {
        let inner = self.condition(place, &part.condition);
        let verdict = match inner.verdict {
            Verdict::Exceeded | Verdict::Met => Verdict::NotMet,
            Verdict::NotMet => Verdict::Met,
            other => other,
        };
        let mut whole = Outcome::plain(verdict);
        whole.reason = inner.reason;
        whole.evidence.clone_from(&inner.evidence);
        gather(&mut whole, part.text.clone(), &inner);
        whole.rounding_sensitive = inner.rounding_sensitive;
        whole
    }
}

/// Satisfied, not satisfied, or neither.
fn satisfied(verdict: Verdict) -> Option<bool> {
    verdict.is_decided().then(|| verdict.is_satisfied())
}

/// What the whole would be if nothing were known of the parts that rounding decides.
fn rounded(outcomes: &[Outcome], order: &[Verdict]) -> Verdict {
    let known = |outcome: &Outcome| {
        if outcome.rounding_sensitive { Verdict::Undetermined } else { outcome.verdict }
    };
    let first = order.iter().find(|verdict| outcomes.iter().any(|it| known(it) == **verdict));
    first.copied().unwrap_or(Verdict::NotApplicable)
}

/// Adds a part to its whole.
pub(super) fn gather(whole: &mut Outcome, text: String, part: &Outcome) {
    whole.estimate |= part.estimate;
    whole.sources.extend(part.sources.iter().cloned());
    if whole.verdict == Verdict::NoData && part.verdict == Verdict::NoData {
        for name in &part.missing {
            if !whole.missing.contains(name) {
                whole.missing.push(name.clone());
            }
        }
    }
    whole.parts.push(Part {
        text,
        verdict: part.verdict,
        measured: part.measured.clone().unwrap_or(Measured::Nothing),
        threshold: part.threshold.clone(),
    });
    whole.binding.push(part.binds);
}

/// The indicators of the snapshot that is judged which a condition needs, each once, in the order
/// of the rule.
pub fn needed(condition: &Condition) -> Vec<IndicatorId> {
    fn walk(condition: &Condition, into: &mut Vec<IndicatorId>) {
        match condition {
            Condition::Compare(comparison) => {
                for id in comparison.needed() {
                    if !into.contains(&id) {
                        into.push(id);
                    }
                }
            }
            Condition::Truth { indicator, .. } if !into.contains(indicator) => {
                into.push(*indicator);
            }
            Condition::Truth { .. }
            | Condition::Attribute(_)
            | Condition::Always(_)
            | Condition::Units(_) => {}
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    walk(&part.condition, into);
                }
            }
            Condition::Not(part) => walk(&part.condition, into),
        }
    }
    let mut ids = Vec::new();
    walk(condition, &mut ids);
    ids
}

impl Comparison {
    /// The indicators on both sides.
    pub fn needed(&self) -> Vec<IndicatorId> {
        let mut ids = Vec::new();
        self.measure.indicators(&mut ids);
        if let Threshold::Against { other, .. } = &self.threshold {
            other.indicators(&mut ids);
        }
        ids
    }

    /// The quotient that is measured, without what it is multiplied by: above, below.
    pub fn quotient(&self) -> Option<(&Expr, &Expr)> {
        self.measure.quotient()
    }
}

impl Expr {
    /// A quotient, without what it is multiplied by: above, below.
    pub fn quotient(&self) -> Option<(&Self, &Self)> {
        match self {
            Self::Scale(inner, _) => inner.quotient(),
            Self::Divide(above, below) => Some((above, below)),
            _ => None,
        }
    }
}

/// The reason of a value that its threshold leaves open.
pub(super) const fn open_reason(unstated: bool) -> Reason {
    if unstated { Reason::ThresholdUnstated } else { Reason::Bounds }
}
