//! Which populations a model speaks of.
//!
//! Enters: the model. Leaves: its populations, where they stand. The one idea: whoever asks units
//! does so through a quantity or a condition, at any depth. Invariant: each place comes once.

use super::{
    Condition, Expr, IndicatorId, Model, Population, Scoring, Threshold, UnitFunction, Version,
};

impl Model {
    /// All populations, in the order of formulas and targets.
    pub fn populations(&self) -> Vec<&Population> {
        let mut found = Vec::new();
        for formula in self.indicators.iter().filter_map(|it| it.formula.as_ref()) {
            all(Part::Expr(formula), &mut found);
        }
        let versions = self.targets.iter().flat_map(|target| &target.versions);
        for branch in versions.flat_map(|it| &it.milestones).flat_map(|it| &it.branches) {
            let conditions = branch.when.iter().chain([&branch.condition]);
            conditions.for_each(|condition| all(Part::Condition(condition), &mut found));
        }
        let versions = self.targets.iter().flat_map(|target| &target.versions);
        let scorings = versions.filter_map(|version| version.scoring.as_ref());
        for points in scorings.filter_map(|scoring| scoring.by.quantity()) {
            all(Part::Expr(points), &mut found);
        }
        found
    }

    /// Populations below the entity that is judged which a version asks, also through formulas;
    /// not those that units are asked in their turn, and not fields of ranks.
    pub fn populations_of<'m>(&'m self, version: &'m Version) -> Vec<&'m Population> {
        let (mut found, mut seen) = (Vec::new(), Vec::new());
        // An expression for points holds an entity against its peers, which are not below it.
        if version.scoring.as_ref().is_some_and(Scoring::is_expression_alone) {
            return found;
        }
        let branches = version.milestones.iter().flat_map(|milestone| &milestone.branches);
        let mut waiting: Vec<Part<'m>> =
            branches.map(|branch| Part::Condition(&branch.condition)).collect();
        waiting.reverse();
        while let Some(part) = waiting.pop() {
            let mut ids: Vec<IndicatorId> = Vec::new();
            part.visit(&mut |below| match below {
                Below::Part(part) => waiting.push(part),
                Below::Indicator(id) => ids.push(id),
                Below::Units(_, true, _) => {}
                Below::Units(population, false, _) => found.push(population),
            });
            for id in ids {
                let formula = self.indicator(id).and_then(|it| it.formula.as_ref());
                if let Some(formula) = formula.filter(|_| !seen.contains(&id)) {
                    seen.push(id);
                    waiting.push(Part::Expr(formula));
                }
            }
        }
        found
    }
}

/// A part of a rule.
#[derive(Clone, Copy)]
enum Part<'m> {
    Expr(&'m Expr),
    Condition(&'m Condition),
}

/// What stands in a part.
enum Below<'m> {
    Part(Part<'m>),
    Indicator(IndicatorId),
    /// A population, whether it is the field of a rank, and what its units are asked.
    Units(&'m Population, bool, Part<'m>),
}

/// All populations in a part, at any depth.
fn all<'m>(part: Part<'m>, found: &mut Vec<&'m Population>) {
    let mut waiting = vec![part];
    while let Some(part) = waiting.pop() {
        part.visit(&mut |below| match below {
            Below::Part(part) => waiting.push(part),
            Below::Indicator(_) => {}
            Below::Units(population, _, asked) => {
                found.push(population);
                waiting.push(asked);
            }
        });
    }
}

impl<'m> Part<'m> {
    /// Shows what stands directly in it.
    fn visit(self, show: &mut dyn FnMut(Below<'m>)) {
        match self {
            Self::Expr(expr) => {
                let (mut linked, mut ids) = (Vec::new(), Vec::new());
                expr.indicators(&mut ids);
                expr.linked(&mut linked);
                for id in ids {
                    show(Below::Indicator(id));
                }
                for part in linked {
                    match part {
                        Expr::At(of, _) | Expr::Cumulative(of) => {
                            show(Below::Part(Self::Expr(of)));
                        }
                        Expr::Units(of) => {
                            let is_rank = matches!(of.function, UnitFunction::Rank { .. });
                            let condition = of.function.condition().map(|it| &it.condition);
                            let condition = condition.map(Self::Condition);
                            let asked = of.function.quantity().map(Self::Expr).or(condition);
                            if let Some(asked) = asked {
                                show(Below::Units(&of.population, is_rank, asked));
                            }
                        }
                        _ => {}
                    }
                }
            }
            Self::Condition(condition) => match condition {
                Condition::Compare(comparison) => {
                    show(Below::Part(Self::Expr(&comparison.measure)));
                    if let Threshold::Against { other, .. } = &comparison.threshold {
                        show(Below::Part(Self::Expr(other)));
                    }
                }
                Condition::Truth { indicator, .. } => show(Below::Indicator(*indicator)),
                Condition::Attribute(_) => {}
                Condition::All(parts) | Condition::Any(parts) => {
                    let parts = parts.iter().map(|part| Self::Condition(&part.condition));
                    parts.for_each(|part| show(Below::Part(part)));
                }
                Condition::Not(part) | Condition::Always(part) => {
                    show(Below::Part(Self::Condition(&part.condition)));
                }
                Condition::Units(every) => {
                    let asked = Self::Condition(&every.part.condition);
                    show(Below::Units(&every.population, false, asked));
                }
            },
        }
    }
}
