//! What the rule asks where a judgement stands: its target, and the version that is in force.
//!
//! Enters: the model and a judgement. Leaves: what sentences say of the rule beside the figures
//! that the judgement carries itself. The one idea: a judgement has values, the rule has names.
//! Invariant: nothing here judges; where the rule leaves open which branch held, nothing is said.

use std::collections::{HashSet, VecDeque};

use super::words::Words;
use crate::calendar::{Date, Period};
use crate::check::model::{
    AttributeCondition, Branch, Comparison, Condition, Expr, Indicator, IndicatorId, Milestone,
    Model, ScopeItem, Target, Threshold, Version,
};
use crate::diagnostic::Lang;
use crate::number::{End, Interval, Rational};
use crate::reference::needed;
use crate::unit::Unit;
use crate::verdict::{InForce, Judgement, Measured};

/// The place of a judgement in the rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) model: &'a Model,
    pub(super) target: &'a Target,
    pub(super) version: &'a Version,
    pub(super) judgement: &'a Judgement,
    /// Sentences are only laid out, without the figures of the judgement.
    pub(super) open: bool,
}

impl<'a> Asked<'a> {
    /// Nothing where the model has no such target.
    pub(super) fn new(model: &'a Model, judgement: &'a Judgement) -> Option<Self> {
        let target = model.target(judgement.target)?;
        let version = target.version(judgement.as_of)?;
        Some(Self { model, target, version, judgement, open: false })
    }

    /// How the figures of the judgement are worded.
    pub(super) fn words(&self, lang: Lang) -> Words<'a> {
        let Judgement { threshold, unit, .. } = self.judgement;
        let field = threshold.as_ref().and_then(|asked| self.field(asked));
        let words = Words::new(threshold.as_ref(), unit.as_ref(), lang);
        let words = words.in_field(field).left_open(self.open);
        let computed = self.computed_from().is_some() || self.yearly().is_some();
        match computed.then_some(()) {
            Some(()) => words.computed(match &self.judgement.measured {
                Measured::Within(Interval { low, high }) => {
                    [low, high].into_iter().filter_map(End::value).cloned().collect()
                }
                _ => Vec::new(),
            }),
            None => words,
        }
    }

    /// The indicators from which the threshold is computed; nothing where the rule states it.
    pub(super) fn computed_from(&self) -> Option<Vec<String>> {
        let asked = self.judgement.threshold.as_ref();
        let mut computed = None;
        for comparison in self.comparisons() {
            match &comparison.threshold {
                Threshold::Against { other, .. } if computed.is_none() => computed = Some(other),
                // Which of them held is not known.
                Threshold::Against { .. } => return Some(Vec::new()),
                threshold if asked.is_some() && InForce::stated(threshold).as_ref() == asked => {
                    return None;
                }
                _ => {}
            }
        }
        let mut ids = Vec::new();
        computed?.indicators(&mut ids);
        let names = ids.into_iter().filter_map(|id| Some(self.model.indicator(id)?.name.clone()));
        Some(names.collect())
    }

    /// The growth that is asked, of which there is one.
    pub(super) fn growth(&self) -> Option<&'a Comparison> {
        self.comparisons().find(|it| matches!(it.measure, Expr::Growth(_)))
    }

    /// The period over whose years growth is asked.
    pub(super) fn yearly(&self) -> Option<Period> {
        self.comparisons().find_map(|it| match &it.threshold {
            Threshold::Yearly { period, .. } => Some(*period),
            _ => None,
        })
    }

    /// The next milestone that is not due yet, and the one threshold that it sets for everyone.
    pub(super) fn next(&self) -> Option<(Date, Option<(InForce, &'a Unit)>)> {
        let ahead = |due: &Date| self.judgement.as_of < *due;
        let mut dated = self.version.milestones.iter().filter_map(|it| Some((it.due?, it)));
        let (due, milestone) = dated.find(|(due, _)| ahead(due))?;
        let level = match milestone.branches.as_slice() {
            [Branch { when: None, condition: Condition::Compare(comparison) }] => {
                InForce::stated(&comparison.threshold).map(|asked| (asked, &comparison.unit))
            }
            _ => None,
        };
        Some((due, level))
    }

    /// What had to be known before any condition was asked, and was not.
    pub(super) fn before(&self) -> Option<Before> {
        let Judgement { unit, parts, missing, evidence, .. } = self.judgement;
        let bare = |branch: &Branch| matches!(branch.condition, Condition::Attribute(_));
        if unit.is_some() || !parts.is_empty() || self.branches().iter().any(bare) {
            return None;
        }
        let scope = self.scope_attributes();
        let of_scope = missing.iter().any(|name| scope.contains(&name.as_str()))
            || evidence.iter().any(|text| names_one(&scope, text));
        if of_scope {
            return Some(Before::Scope);
        }
        self.branches().iter().any(|branch| branch.when.is_some()).then_some(Before::When)
    }

    /// No branch is for everyone else, and the scope cannot be what left the entity out.
    pub(super) fn fits_no_branch(&self) -> bool {
        let others = self.branches().last().is_some_and(|branch| branch.when.is_some());
        others && (self.version.scope.is_empty() || self.judgement.due.is_some())
    }

    /// Attributes that decide to whom the target applies.
    fn scope_attributes(&self) -> Vec<&'a str> {
        let mut names = Vec::new();
        for item in &self.version.scope {
            if let ScopeItem::Type { filter, .. } = item {
                names.push("cấp");
                if let Some(filter) = filter {
                    of_attributes(filter, &mut names);
                }
            }
        }
        names
    }

    /// Attributes that `khi` asks for.
    pub(super) fn when_attributes(&self) -> Vec<&'a str> {
        let mut names = Vec::new();
        for branch in self.branches() {
            if let Some(when) = &branch.when {
                of_condition(when, &mut names);
            }
        }
        names
    }

    /// Whether a missing name is one of an attribute, not of an indicator.
    pub(super) fn is_attribute(&self, name: &str) -> bool {
        if self.judgement.unit.is_some() && self.judgement.parts.is_empty() {
            return self.unit_attributes().contains(&name);
        }
        self.attributes().contains(&name) || self.unit_attributes().contains(&name)
    }

    /// Whether a text of the evidence shows an attribute with its value.
    pub(super) fn shows_attribute(&self, text: &str) -> bool {
        let figures = self.judgement.unit.is_some() && self.judgement.parts.is_empty();
        !figures && names_one(&self.attributes(), text)
    }

    /// Attributes that decide which units belong to the populations of the target.
    pub(super) fn unit_attributes(&self) -> Vec<&'a str> {
        let mut names = Vec::new();
        for population in self.model.populations_of(self.version) {
            names.push("cấp");
            if let Some(filter) = &population.filter {
                of_attributes(filter, &mut names);
            }
        }
        names
    }

    fn attributes(&self) -> Vec<&'a str> {
        let mut names = self.scope_attributes();
        names.extend(self.when_attributes());
        for branch in self.branches() {
            of_condition(&branch.condition, &mut names);
        }
        names
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
                if InForce::stated(&comparison.threshold).as_ref() == Some(asked) =>
            {
                field.as_ref()
            }
            _ => None,
        })
    }
}

/// What is asked before a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Whether the target applies.
    Scope,
    /// Which threshold applies.
    When,
}

/// Whether the text is `name: value` of one of these names.
fn names_one(names: &[&str], text: &str) -> bool {
    let value = |name: &&str| text.strip_prefix(*name).is_some_and(|it| it.starts_with(": "));
    names.iter().any(value)
}

/// The attributes that a condition asks for, each once.
fn of_condition<'a>(condition: &'a Condition, names: &mut Vec<&'a str>) {
    match condition {
        Condition::Attribute(attribute) => of_attributes(attribute, names),
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                of_condition(&part.condition, names);
            }
        }
        Condition::Not(part) | Condition::Always(part) => of_condition(&part.condition, names),
        Condition::Compare(_) | Condition::Truth { .. } | Condition::Units(_) => {}
    }
}

fn of_attributes<'a>(condition: &'a AttributeCondition, names: &mut Vec<&'a str>) {
    match condition {
        AttributeCondition::Is { name, .. } if !names.contains(&name.as_str()) => {
            names.push(name);
        }
        AttributeCondition::Is { .. } => {}
        AttributeCondition::All(parts) | AttributeCondition::Any(parts) => {
            for part in parts {
                of_attributes(part, names);
            }
        }
    }
}
