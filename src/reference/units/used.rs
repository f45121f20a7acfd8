//! Which units a verdict was made of, for those who explain it.
//!
//! Enters: a case and a condition. Leaves: the units that matter most, each with what was asked of
//! it, and how many there are. The one idea: those that stand in the way come first.

use super::super::figures::{Computed, Leaf};
use super::super::trace::Asked;
use super::super::{Place, Reference};
use super::count::Stands;
use super::index::Memo;
use super::{Below, Unit};
use crate::check::model::{
    Condition, Expr, Joined, OfUnits, Population, TargetId, Threshold, UnitFunction, Version,
};
use crate::snapshot::Case;
use crate::verdict::{Measured, Verdict};

/// So many units are shown.
const SHOWN: usize = 10;

/// The units of one share, count or function.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitsUsed<'m> {
    /// Which units.
    pub population: &'m Population,
    /// How many of them were counted.
    pub counted: usize,
    /// Those that matter most, by id, with what was found there.
    pub shown: Vec<(String, Asked)>,
}

impl Reference<'_> {
    /// The units of which a condition of a version was made.
    pub fn units<'m>(
        &self,
        case: &Case<'_>,
        version: (TargetId, &Version),
        condition: &'m Condition,
    ) -> Vec<UnitsUsed<'m>> {
        let computed = &Computed::default();
        let Some(place) = self.place_of(case, version, condition, computed) else {
            return Vec::new();
        };
        match condition {
            Condition::Units(every) => {
                let first = if every.none { Stands::Satisfied } else { Stands::Failed };
                let address = std::ptr::from_ref(&**every).addr();
                vec![self.used(&place, &every.population, address, &every.part, first)]
            }
            Condition::Compare(comparison) => {
                let mut leaves = Vec::new();
                Leaf::all(&comparison.measure, &mut leaves);
                if let Threshold::Against { other, .. } = &comparison.threshold {
                    Leaf::all(other, &mut leaves);
                }
                let of = leaves.into_iter().filter_map(|leaf| match leaf {
                    Leaf::Linked(Expr::Units(of)) => Some(&**of),
                    _ => None,
                });
                of.map(|of| self.used_by(&place, of)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn used_by<'m>(&self, place: &Place<'_>, of: &'m OfUnits) -> UnitsUsed<'m> {
        let address = std::ptr::from_ref(of).addr();
        let population = &of.population;
        if let Some(part) = of.function.condition() {
            return self.used(place, population, address, part, Stands::Failed);
        }
        let below = self.below(place, population, address, Memo::of_figures);
        let is_rank = matches!(of.function, UnitFunction::Rank { .. });
        let units = if is_rank { below.index.everyone.as_slice() } else { below.units };
        let below = Below { units, own: below.own.filter(|_| !is_rank), ..below };
        let Some(expr) = of.function.quantity() else {
            return UnitsUsed { population, counted: 0, shown: Vec::new() };
        };
        let mut found = Vec::new();
        for unit in self.all_units(place, &below, population) {
            let part = self.part(place, &unit, expr);
            let Some(value) = part.value else { continue };
            found.push((part.open, value, unit));
        }
        let is_least = matches!(of.function, UnitFunction::Least(_));
        found.sort_by(|(a_open, a, _), (b_open, b, _)| {
            let by_value = b.high.value().cmp(&a.high.value());
            b_open.cmp(a_open).then(if is_least { by_value.reverse() } else { by_value })
        });
        let counted = found.len();
        let shown = found.into_iter().take(SHOWN).map(|(open, value, unit)| {
            let (verdict, measured) = if open {
                (Verdict::NoData, Measured::Nothing)
            } else {
                (Verdict::Met, Measured::Within(value))
            };
            let sources = self.sources_of(place, &unit, expr);
            let asked = Asked { verdict, measured, sources, ..Asked::nothing() };
            (unit.case.entity.id.clone(), asked)
        });
        UnitsUsed { population, counted, shown: shown.collect() }
    }

    /// Units that are asked a condition; those that stand so come first.
    fn used<'m>(
        &self,
        place: &Place<'_>,
        population: &'m Population,
        address: usize,
        part: &Joined,
        first: Stands,
    ) -> UnitsUsed<'m> {
        let below = self.below(place, population, address, Memo::of_conditions);
        let mut found = Vec::new();
        for unit in self.all_units(place, &below, population) {
            let stands = self.reply(place, &unit, part).stands;
            if stands != Stands::LeftOut {
                let rank = if unit.open.is_some() || stands == Stands::Open {
                    1
                } else {
                    2 * u8::from(stands != first)
                };
                found.push((rank, unit));
            }
        }
        found.sort_by_key(|(rank, _)| *rank);
        let counted = found.len();
        let shown = found.into_iter().take(SHOWN).map(|(_, unit)| {
            let computed = &Computed::default();
            let own = Place::new(&unit.case, place.programme, place.window, computed);
            let asked = self.condition(&own, &part.condition);
            (unit.case.entity.id.clone(), asked.into())
        });
        UnitsUsed { population, counted, shown: shown.collect() }
    }

    /// All units that may belong to a population, in the order of the data.
    fn all_units<'r>(
        &'r self,
        place: &Place<'_>,
        below: &Below<'r>,
        population: &Population,
    ) -> Vec<Unit<'r>> {
        let mut places = below.units.to_vec();
        places.sort_unstable();
        let units = places.into_iter().filter_map(|it| self.unit(place, below, population, it));
        units.collect()
    }
}
