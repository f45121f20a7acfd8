//! Shares, counts and functions of units in the model: names resolved, units of figures agreed.
//!
//! Enters: what was read of them. Leaves: [`Expr::Units`] and [`model::Condition::Units`]. A
//! share is in `%`, a count counts its units, a rank is one; any other function has the unit of
//! what it is made of.

use super::model::{self, EveryUnit, Expr, Joined, OfUnits, UnitFunction};
use super::reader::{Condition, Every, Made, Operator, Term, Units};
use super::resolve::{Resolver, Typed};
use crate::unit::Unit;

impl Resolver<'_> {
    /// A quantity of units.
    pub(super) fn units(&mut self, units: &Units) -> Option<Typed> {
        let (function, unit, open) = match &units.made {
            Made::Share(part) => {
                (UnitFunction::Share(self.asked_part(part)?), Some(Unit::Percent), false)
            }
            Made::Count(part) => {
                let noun = Some(units.population.types.join(", "));
                (UnitFunction::Count(self.asked_part(part)?), Some(Unit::Count { noun }), false)
            }
            Made::Of(operator, term) => self.made_of(*operator, term)?,
        };
        let of = OfUnits { population: units.population.clone(), function };
        Some(Typed { expr: Expr::Units(Box::new(of)), unit, open, span: units.span })
    }

    fn made_of(
        &mut self,
        operator: Operator,
        term: &Term,
    ) -> Option<(UnitFunction, Option<Unit>, bool)> {
        let typed = self.term(term)?;
        let (of, unit, open) = (typed.expr, typed.unit, typed.open);
        Some(match operator {
            Operator::Least => (UnitFunction::Least(of), unit, open),
            Operator::Greatest => (UnitFunction::Greatest(of), unit, open),
            Operator::Mean => (UnitFunction::Mean(of), unit, open),
            Operator::Sum => (UnitFunction::Sum(of), unit, open),
            Operator::Rank => {
                let higher_is_better = self.higher_is_better(&of);
                (UnitFunction::Rank { of, higher_is_better }, Some(Unit::Rank), false)
            }
            _ => return None,
        })
    }

    /// By the `chiều:` of the one indicator that is ranked; higher without it.
    fn higher_is_better(&self, of: &Expr) -> bool {
        let mut ids = Vec::new();
        of.named(&mut ids);
        match ids.as_slice() {
            [only] => {
                let indicator = self.indicators.get(only.0 as usize);
                indicator.and_then(|it| it.higher_is_better).unwrap_or(true)
            }
            _ => true,
        }
    }

    /// `mọi xã đạt: …`, `không xã nào: …`.
    pub(super) fn every(&mut self, every: &Every) -> Option<model::Condition> {
        let part = self.asked_part(&every.part)?;
        let population = every.population.clone();
        let every = EveryUnit { population, part, none: every.none };
        Some(model::Condition::Units(Box::new(every)))
    }

    fn asked_part(&mut self, part: &(String, Condition)) -> Option<Joined> {
        let (text, condition) = part;
        let condition = self.condition(condition)?;
        Some(Joined { text: text.clone(), condition })
    }
}
