//! What the rule asks where a judgement stands: its target, and the version that is in force.
//!
//! Enters: the model and a judgement. Leaves: what sentences say of the rule beside the figures
//! that the judgement carries itself. The one idea: a judgement has values, the rule has names.
//! Invariant: nothing here judges; where the rule leaves open which branch held, nothing is said.

use std::collections::{HashSet, VecDeque};

use super::words::Words;
use crate::check::model::{
    Branch, Comparison, Condition, Indicator, IndicatorId, Milestone, Model, Target, Threshold,
    Version,
};
use crate::diagnostic::Lang;
use crate::number::{Interval, Rational};
use crate::reference::needed;
use crate::verdict::{InForce, Judgement};

/// The place of a judgement in the rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) model: &'a Model,
    pub(super) target: &'a Target,
    pub(super) version: &'a Version,
    pub(super) judgement: &'a Judgement,
}

impl<'a> Asked<'a> {
    /// Nothing where the model has no such target.
    pub(super) fn new(model: &'a Model, judgement: &'a Judgement) -> Option<Self> {
        let target = model.target(judgement.target)?;
        let version = target.version(judgement.as_of)?;
        Some(Self { model, target, version, judgement })
    }

    /// How the figures of the judgement are worded.
    pub(super) fn words(&self, lang: Lang) -> Words<'a> {
        let Judgement { threshold, unit, .. } = self.judgement;
        let field = threshold.as_ref().and_then(|asked| self.field(asked));
        Words::new(threshold.as_ref(), unit.as_ref(), lang).in_field(field)
    }

    /// The milestone in force.
    pub(super) fn milestone(&self) -> Option<&'a Milestone> {
        self.version.milestone(self.judgement.as_of)
    }

    pub(super) fn branches(&self) -> &'a [Branch] {
        self.milestone().map_or(&[], |milestone| &milestone.branches)
    }

    /// The comparisons of which one may be in force.
    fn comparisons(&self) -> impl Iterator<Item = &'a Comparison> {
        self.branches().iter().filter_map(|branch| match &branch.condition {
            Condition::Compare(comparison) => Some(comparison),
            _ => None,
        })
    }

    /// The first indicator of the conditions whose bare numbers have two readings.
    pub(super) fn ambiguous(&self) -> Option<&'a Indicator> {
        let conditions =
            self.branches().iter().flat_map(|branch| branch.when.iter().chain([&branch.condition]));
        let mut waiting: VecDeque<IndicatorId> = conditions.flat_map(needed).collect();
        let mut seen = HashSet::new();
        while let Some(id) = waiting.pop_front() {
            let Some(indicator) = self.model.indicator(id).filter(|_| seen.insert(id)) else {
                continue;
            };
            if indicator.bare_is_ambiguous {
                return Some(indicator);
            }
            if let Some(formula) = &indicator.formula {
                let mut ids = Vec::new();
                formula.indicators(&mut ids);
                waiting.extend(ids);
            }
        }
        None
    }

    /// The size of the field in which a rank is asked, where the rule states it.
    fn field(&self, asked: &InForce) -> Option<&'a Rational> {
        self.comparisons().find_map(|comparison| match &comparison.threshold {
            Threshold::Rank { field, .. }
                if stated(&comparison.threshold).as_ref() == Some(asked) =>
            {
                field.as_ref()
            }
            _ => None,
        })
    }
}

/// A threshold as far as the rule alone states it; nothing where it is another quantity.
pub(super) fn stated(threshold: &Threshold) -> Option<InForce> {
    Some(match threshold {
        Threshold::Bound { comparator, value } => InForce::Bound {
            comparator: *comparator,
            bound: Interval::point(value.clone()),
            unstated: false,
        },
        Threshold::Within { low, high } => InForce::Within { low: low.clone(), high: high.clone() },
        Threshold::Rank { within, .. } => InForce::Rank { within: within.clone() },
        Threshold::Unstated { comparator, between } => {
            InForce::Bound { comparator: *comparator, bound: between.clone(), unstated: true }
        }
        Threshold::Against { .. } => return None,
    })
}
