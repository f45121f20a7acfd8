//! Circumstances under which a condition holds, or does not.
//!
//! Enters: a condition. Leaves: attributes and figures. The one idea: each part is given what it
//! asks for; whether that came out is the evaluator's to say.

use super::figures::{self, Values};
use super::past::{self, Flat};
use super::shares::{self, Group, Shape};
use crate::calendar::{Date, Period};
use crate::check::model::{
    AttributeCondition, Condition, IndicatorId, Joined, Model, Moment, Version,
};
use crate::number::Rational;

/// What a test gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Scenario {
    /// The entity, where a condition asks for its name.
    pub(super) entity: Option<String>,
    /// Attributes, by name.
    pub(super) attributes: Vec<(String, String)>,
    /// Figures.
    pub(super) figures: Vec<(IndicatorId, Given)>,
    /// Figures of other times.
    pub(super) past: Vec<(IndicatorId, Period, Rational)>,
    /// Made-up units below the entity.
    pub(super) units: Vec<Group>,
    /// The day of the case.
    pub(super) when: When,
}

/// From which day other times count, and what the rule itself says of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct When {
    pub(super) day: Option<Date>,
    /// `mốc` lines.
    pub(super) known: Vec<(Period, Rational)>,
}

impl When {
    pub(super) fn new(version: &Version, day: Date) -> Self {
        let known = version.baselines.iter().map(|it| (it.period, it.value.clone())).collect();
        Self { day: Some(day), known }
    }

    /// The period in which a test gives a figure of another time: over before the day.
    pub(super) fn period(&self, moment: Moment) -> Option<Period> {
        let day = self.day?;
        let (days, before) = (moment.days(day)?, day.previous()?);
        match days.last {
            Some(last) if last < day && days.first.is_some() => Some(days),
            _ => days.contains(before).then(|| Period::day(before)),
        }
    }
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Given {
    Number(Rational),
    Truth(bool),
}

impl Scenario {
    /// Sets a figure; the last one counts.
    pub(super) fn give(&mut self, id: IndicatorId, given: Given) {
        match self.figures.iter_mut().find(|(known, _)| *known == id) {
            Some((_, known)) => *known = given,
            None => self.figures.push((id, given)),
        }
    }

    pub(super) fn give_all(&mut self, values: &Values) {
        for (id, value) in values {
            self.give(*id, Given::Number(value.clone()));
        }
    }

    /// Sets figures, those of other times too.
    pub(super) fn give_at(&mut self, values: &past::Values) {
        for (id, time, value) in values {
            let Some(time) = time else {
                self.give(*id, Given::Number(value.clone()));
                continue;
            };
            let same =
                |known: &&mut (IndicatorId, Period, Rational)| (known.0, known.1) == (*id, *time);
            match self.past.iter_mut().find(same) {
                Some(known) => known.2 = value.clone(),
                None => self.past.push((*id, *time, value.clone())),
            }
        }
    }

    /// Sets what makes a condition hold, or not.
    pub(super) fn assume(&mut self, condition: &Condition, holds: bool, model: &Model) {
        match condition {
            Condition::Compare(comparison) if shares::measured(comparison).is_some() => {
                self.units_for(condition, holds, model);
            }
            Condition::Compare(comparison) => {
                if let Some(flat) = Flat::of(comparison, model, &self.when) {
                    self.give_at(&flat.chosen(holds).unwrap_or_default());
                } else if let Some(values) = figures::chosen(comparison, model, holds) {
                    self.give_all(&values);
                }
            }
            Condition::Truth { indicator, expected } => {
                self.give(*indicator, Given::Truth(*expected == holds));
            }
            Condition::Attribute(attribute) => self.attribute(attribute, holds),
            Condition::All(parts) => self.parts(parts, holds, holds, model),
            Condition::Any(parts) => self.parts(parts, holds, !holds, model),
            Condition::Not(part) => self.assume(&part.condition, !holds, model),
            Condition::Always(part) => self.assume(&part.condition, holds, model),
            Condition::Units(_) => self.units_for(condition, holds, model),
        }
    }

    fn units_for(&mut self, condition: &Condition, holds: bool, model: &Model) {
        if let Some(shape) = shares::chosen(condition, holds, model) {
            self.take(&shape);
        }
    }

    /// Makes up the units of a case in place of others of their population.
    pub(super) fn take(&mut self, shape: &Shape) {
        let same = |known: &Group| {
            shape.groups.iter().any(|one| one.population.name == known.population.name)
        };
        self.units.retain(|known| !same(known));
        self.units.extend(shape.groups.iter().cloned());
        self.give_all(&shape.own);
    }

    /// All parts alike, or the first alone.
    fn parts(&mut self, parts: &[Joined], holds: bool, all: bool, model: &Model) {
        for (place, part) in parts.iter().enumerate() {
            let own = if all || place == 0 { holds } else { !holds };
            self.assume(&part.condition, own, model);
        }
    }

    fn attribute(&mut self, condition: &AttributeCondition, holds: bool) {
        match condition {
            AttributeCondition::Is { attribute, name, value, negated } => {
                let value = if holds == *negated {
                    format!("không phải {value}")
                } else {
                    value.clone()
                };
                if attribute == "tên" {
                    self.entity = Some(value);
                } else if let Some((_, known)) =
                    self.attributes.iter_mut().find(|(known, _)| known == name)
                {
                    *known = value;
                } else {
                    self.attributes.push((name.clone(), value));
                }
            }
            AttributeCondition::All(parts) => {
                let first = parts.first();
                for part in if holds { parts.as_slice() } else { &[] } {
                    self.attribute(part, true);
                }
                if let (false, Some(first)) = (holds, first) {
                    self.attribute(first, false);
                }
            }
            AttributeCondition::Any(parts) => {
                let first = parts.first();
                for part in if holds { &[] } else { parts.as_slice() } {
                    self.attribute(part, false);
                }
                if let (true, Some(first)) = (holds, first) {
                    self.attribute(first, true);
                }
            }
        }
    }
}
