//! Who is asked for which figures.
//!
//! Enters: a model. Leaves: for every entity that the rules address its indicators, and the units
//! below it with theirs. The one idea: what stands behind `đạt:` or in a function of units is asked
//! of the units, everything else of the entity itself.

use chitieu::check::model::{
    Condition, Expr, IndicatorId, Model, OfUnits, Population, Threshold, UnitFunction, Version,
};

/// The indicators that one kind of entity is asked for.
#[derive(Default)]
pub(super) struct Needs<'m> {
    pub(super) ids: Vec<IndicatorId>,
    pub(super) below: Vec<(&'m Population, Self)>,
    /// Formulas that were gone through.
    formulas: Vec<IndicatorId>,
}

/// Walks through a model; each formula once a kind of entity.
struct Walk<'m> {
    model: &'m Model,
    /// How many formulas it stands in.
    depth: usize,
}

/// Formulas stand in formulas no deeper than this in a form.
const DEPTH: usize = 32;

impl<'m> Needs<'m> {
    /// Adds what a version asks.
    pub(super) fn add(&mut self, model: &'m Model, version: &'m Version) {
        let walk = &mut Walk { model, depth: 0 };
        for branch in version.milestones.iter().flat_map(|it| &it.branches) {
            for condition in branch.when.iter().chain([&branch.condition]) {
                walk.condition(condition, self);
            }
        }
        if let Some(points) = version.scoring.as_ref().and_then(|it| it.by.quantity()) {
            walk.expr(points, self);
        }
    }

    /// Adds what a relation of figures asks.
    pub(super) fn add_expr(&mut self, model: &'m Model, expr: &'m Expr) {
        Walk { model, depth: 0 }.expr(expr, self);
    }

    fn of_units(&mut self, population: &'m Population) -> Option<&mut Self> {
        let same = |it: &Population| it.types == population.types && it.filter == population.filter;
        let place = self.below.iter().position(|(it, _)| same(it)).unwrap_or(self.below.len());
        if place == self.below.len() {
            self.below.push((population, Needs::default()));
        }
        self.below.get_mut(place).map(|(_, needs)| needs)
    }
}

impl<'m> Walk<'m> {
    fn condition(&mut self, condition: &'m Condition, needs: &mut Needs<'m>) {
        match condition {
            Condition::Compare(comparison) => {
                self.expr(&comparison.measure, needs);
                if let Threshold::Against { other, .. } = &comparison.threshold {
                    self.expr(other, needs);
                }
            }
            Condition::Truth { indicator, .. } => self.indicator(*indicator, needs),
            Condition::Attribute(_) => {}
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition(&part.condition, needs);
                }
            }
            Condition::Not(part) | Condition::Always(part) => {
                self.condition(&part.condition, needs);
            }
            Condition::Units(every) => {
                if let Some(needs) = needs.of_units(&every.population) {
                    self.condition(&every.part.condition, needs);
                }
            }
        }
    }

    fn expr(&mut self, expr: &'m Expr, needs: &mut Needs<'m>) {
        let (mut ids, mut linked) = (Vec::new(), Vec::new());
        expr.indicators(&mut ids);
        expr.linked(&mut linked);
        for id in ids {
            self.indicator(id, needs);
        }
        for part in linked {
            match part {
                Expr::At(of, _) | Expr::Cumulative(of) => self.expr(of, needs),
                Expr::Units(of) => self.units(of, needs),
                _ => {}
            }
        }
    }

    fn units(&mut self, of: &'m OfUnits, needs: &mut Needs<'m>) {
        // An entity is ranked by its own figure.
        let needs = match &of.function {
            UnitFunction::Rank { .. } => Some(needs),
            _ => needs.of_units(&of.population),
        };
        let Some(needs) = needs else { return };
        if let Some(part) = of.function.condition() {
            self.condition(&part.condition, needs);
        }
        if let Some(of) = of.function.quantity() {
            self.expr(of, needs);
        }
    }

    /// An indicator that data give; of a formula its parts.
    fn indicator(&mut self, id: IndicatorId, needs: &mut Needs<'m>) {
        let formula = self.model.indicator(id).and_then(|it| it.formula.as_ref());
        match formula {
            Some(_) if needs.formulas.contains(&id) || self.depth > DEPTH => {}
            Some(formula) => {
                needs.formulas.push(id);
                self.depth += 1;
                self.expr(formula, needs);
                self.depth -= 1;
            }
            None if needs.ids.contains(&id) => {}
            None => needs.ids.push(id),
        }
    }
}
