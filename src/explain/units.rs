//! Units in a derivation: those that matter, and how many there are.
//!
//! Enters: what the evaluator found of them. Leaves: a step a population, with a step a unit.

use super::{Explainer, Step, Topic, words};
use crate::check::model::Condition;
use crate::diagnostic::Lang;
use crate::reference::{Asked, UnitsUsed};
use crate::verdict::Measured;

impl Explainer<'_> {
    /// The units of which a condition was made.
    pub(super) fn units(&self, condition: &Condition) -> Vec<Step> {
        let used = self.reference.units(self.case, (self.id, self.version), condition);
        used.iter().map(|it| self.population(it)).collect()
    }

    /// `12 xã`, and below it each unit that matters.
    fn population(&self, used: &UnitsUsed<'_>) -> Step {
        let text = format!("{} {}", used.counted, used.population.name);
        let mut steps: Vec<Step> =
            used.shown.iter().map(|(id, asked)| self.unit(id, asked)).collect();
        if let Some(more) = used.counted.checked_sub(used.shown.len()).filter(|more| *more > 0) {
            let text = match self.lang {
                Lang::Vi => format!("và {more} đơn vị khác"),
                Lang::En => format!("and {more} more units"),
            };
            steps.push(Step::new(Topic::Figure, text));
        }
        Step { steps, ..Step::new(Topic::Figure, text) }
    }

    /// `xã A: 90 % so với >= 96 %: chưa đạt`.
    fn unit(&self, id: &str, asked: &Asked) -> Step {
        let unit = asked.unit.as_ref();
        let measured = match &asked.measured {
            Measured::Within(value) => Some(words::interval(value, unit, self.lang)),
            Measured::About(value) => {
                let about = words::pick(self.lang, "khoảng", "about");
                Some(format!("{about} {}", words::amount(value, unit, self.lang)))
            }
            Measured::Truth(truth) => Some(words::truth(*truth, self.lang).to_owned()),
            Measured::Nothing => None,
        };
        let against = words::pick(self.lang, "so với", "against");
        let asked_of = asked.threshold.as_ref();
        let step = match (measured, asked_of) {
            (Some(measured), Some(threshold)) => {
                let wanted = words::threshold(threshold, unit, self.lang);
                let text = format!("{id}: {measured} {against} {wanted}");
                self.verdict_step(Topic::Part, &text, asked)
            }
            (Some(measured), None) => Step::new(Topic::Part, format!("{id}: {measured}")),
            (None, _) => self.verdict_step(Topic::Part, id, asked),
        };
        Step { sources: asked.sources.clone(), ..step }
    }
}
