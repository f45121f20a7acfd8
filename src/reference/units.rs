//! Units of organisation below the entity that is judged: shares, counts and functions of them.
//!
//! Enters: a population, what is asked of each unit, and the place of the owner. Leaves: an
//! interval that holds whatever the units that are open may come to, and who fails or has not
//! reported. The one idea: a unit is judged as a case of its own, on the day of its owner.
//! Invariant: a unit that may go either way is never counted for one side.

mod count;
mod fold;
mod index;
mod known;
mod rank;
mod used;

use super::figures::{Computed, Found, Leaf, dated, listed};
use super::outcome::Outcome;
use super::scope::Answer;
use super::{Place, Reference, scope};
use crate::calendar::Date;
use crate::check::model::{
    Condition, EveryUnit, Expr, IndicatorId, OfUnits, Population, Threshold, UnitFunction,
};
use crate::snapshot::{Case, Figure};
use crate::verdict::Reason;
pub(super) use index::Index;
use index::{Memo, Site};
pub(crate) use known::{Alone, Answers};
pub use used::UnitsUsed;

/// So many units at most are named as sources of one judgement.
const SOURCES: usize = 100;

/// The units below an owner, and where what was found of them is kept.
#[expect(clippy::option_option, reason = "a period that is written may be open at its start")]
struct Below<'r> {
    index: &'r Index,
    site: Option<Site>,
    units: &'r [u32],
    /// The entity that is judged, which is no unit of its own.
    own: Option<u32>,
    /// The first day from which snapshots count, where neither window nor `--as-of` says so.
    first: Option<Option<Date>>,
    memo: Option<std::sync::Arc<Memo>>,
    /// What was found of all units at once.
    known: Option<&'r [Alone]>,
}

/// One unit.
struct Unit<'r> {
    place: u32,
    case: Case<'r>,
    /// Where what was found of it is kept: by the snapshot that it counts with.
    slot: usize,
    /// The snapshots that may be used follow from the latest of them.
    by_slot: bool,
    /// Nobody said whether it belongs to the population.
    open: Option<Answer>,
}

impl Reference<'_> {
    /// A quantity made of many units.
    pub(super) fn of_units(&self, place: &Place<'_>, of: &OfUnits) -> Found {
        let address = std::ptr::from_ref(of).addr();
        let kept = match of.function.condition() {
            Some(_) => Memo::of_conditions,
            None => Memo::of_figures,
        };
        if let UnitFunction::Rank { of: ranked, higher_is_better } = &of.function {
            return self.rank(place, &of.population, address, ranked, *higher_is_better);
        }
        let below = self.below(place, &of.population, address, kept);
        match &of.function {
            UnitFunction::Share(part) => {
                self.tally(place, &below, &of.population, (part, false)).found(self, true)
            }
            UnitFunction::Count(part) => {
                self.tally(place, &below, &of.population, (part, false)).found(self, false)
            }
            UnitFunction::Sum(expr) => self.folded(place, &below, of, expr, fold::sum),
            UnitFunction::Mean(expr) => self.folded(place, &below, of, expr, fold::mean),
            UnitFunction::Least(expr) => self.folded(place, &below, of, expr, fold::least),
            UnitFunction::Greatest(expr) => self.folded(place, &below, of, expr, fold::greatest),
            UnitFunction::Rank { .. } => Found::of(Figure::Absent),
        }
    }

    /// `mọi xã đạt: …`, `không xã nào: …`.
    pub(super) fn every_unit(&self, place: &Place<'_>, every: &EveryUnit) -> Outcome {
        let address = std::ptr::from_ref(every).addr();
        let below = self.below(place, &every.population, address, Memo::of_conditions);
        let tally = self.tally(place, &below, &every.population, (&every.part, every.none));
        tally.outcome(self, every)
    }

    /// Whether an entity, by its place in the data, has others below it.
    pub(crate) fn has_units(&self, entity: u32) -> bool {
        !self.index().tree.below(entity).is_empty()
    }

    /// The units below the entity of a place: all of the data where it is the whole, and where
    /// points hold it against its peers.
    fn below(
        &self,
        place: &Place<'_>,
        population: &Population,
        address: usize,
        new: fn(usize, bool) -> Memo,
    ) -> Below<'_> {
        let index = self.index();
        let site = index.site(address);
        let peers = place.peers && self.belongs(population, place.case) != Answer::No;
        let own = place.case.node.filter(|_| !peers);
        let units = if peers {
            index.everyone.as_slice()
        } else if self.is_whole(population, site) {
            let whole = place.case.is_whole() || place.alone;
            if whole { index.everyone.as_slice() } else { &[] }
        } else {
            own.map_or(&[][..], |node| index.tree.below(node))
        };
        let unbounded = place.window.first.is_none() && place.window.last.is_none();
        let first = place.case.period.filter(|_| unbounded).map(|period| period.first);
        let memo = site.filter(|_| !units.is_empty()).map(|site| {
            index.memo((address, *place.window, first.is_none()), || new(index.slots(), site.local))
        });
        let known = self.known(address);
        Below { index, site, units, own, first, memo, known }
    }

    /// Whether no unit of a population has a parent, so that the whole is judged.
    fn is_whole(&self, population: &Population, site: Option<Site>) -> bool {
        let search = || self.has_no_parents(population);
        let members = site.and_then(|site| self.index().members(site));
        members.map_or_else(search, |members| members.is_whole(search))
    }

    /// As [`Reference::is_whole`], searched for in the data; by what is known of entities as such,
    /// not on a day. Entities that only may belong are asked where none is known to.
    pub(super) fn has_no_parents(&self, population: &Population) -> bool {
        let tree = &self.index().tree;
        let scope = (population.types.as_slice(), population.filter.as_ref());
        let (mut has_members, mut perhaps) = (false, false);
        for (number, entity) in (0_u32..).zip(&self.data.entities) {
            let has_parent = tree.above(number).is_some();
            match scope::of_type(scope.0, scope.1, (entity, &[]), self.data) {
                Answer::No => {}
                Answer::Yes if has_parent => return false,
                Answer::Yes => has_members = true,
                Answer::Unknown(_) | Answer::Disputed(_) => perhaps |= has_parent,
            }
        }
        has_members || !perhaps
    }

    /// Whether an entity belongs to a population.
    pub(super) fn belongs(&self, population: &Population, case: &Case<'_>) -> Answer {
        let who = (case.entity, case.snapshots);
        scope::of_type(&population.types, population.filter.as_ref(), who, self.data)
    }

    /// A unit, if it may belong to the population, with the snapshots that count.
    fn unit<'r>(
        &'r self,
        place: &Place<'_>,
        below: &Below<'r>,
        population: &Population,
        number: u32,
    ) -> Option<Unit<'r>> {
        if below.own == Some(number) {
            return None;
        }
        let case = self.unit_case(place, below, number)?;
        let slot = below.index.slot(number, case.snapshots);
        let belongs = || self.belongs(population, &case);
        let open = match below.site.and_then(|site| below.index.members(site)) {
            Some(members) => members.answer(slot, belongs),
            None => belongs(),
        };
        let by_slot = below.first.is_none() || case.snapshots.len() < 2;
        match open {
            Answer::No => None,
            Answer::Yes => Some(Unit { place: number, case, slot, by_slot, open: None }),
            open => Some(Unit { place: number, case, slot, by_slot, open: Some(open) }),
        }
    }

    fn unit_case<'r>(
        &'r self,
        place: &Place<'_>,
        below: &Below<'r>,
        number: u32,
    ) -> Option<Case<'r>> {
        let (as_of, period) = (place.case.as_of, place.case.period);
        let snapshots = self.data.timelines().between(number, below.first.flatten(), as_of);
        let entity = self.data.entities.get(number as usize)?;
        Some(Case { entity, node: Some(number), as_of, period, snapshots, only: None })
    }

    /// Asks something at the place of a unit.
    fn at_unit<T>(place: &Place<'_>, unit: &Unit<'_>, ask: impl FnOnce(&Place<'_>) -> T) -> T {
        let computed = &Computed::default();
        let own = Place::new(&unit.case, place.programme, place.window, computed);
        ask(&Place { unit: true, since: place.since, ..own })
    }

    /// Where the figures stand that a condition asks of a unit.
    fn sources(&self, place: &Place<'_>, unit: &Unit<'_>, condition: &Condition) -> Vec<String> {
        let computed = &Computed::default();
        let own = Place::new(&unit.case, place.programme, place.window, computed);
        let mut ids = Vec::new();
        condition.named(&mut ids);
        let is_plain = |id: &IndicatorId| {
            self.model.indicator(*id).is_some_and(|indicator| indicator.formula.is_none())
        };
        // A figure alone stands where it is found; what is made of several is asked again.
        let [id] = ids.as_slice() else { return self.condition(&own, condition).sources };
        if condition.is_linked(&self.linked) || !is_plain(id) {
            return self.condition(&own, condition).sources;
        }
        for number in unit.case.snapshots {
            let Some(snapshot) = self.data.snapshots.get(*number as usize) else { continue };
            if place.window.contains(snapshot.as_of) {
                let list = self.index().sorted(*number, || self.by_indicator(snapshot));
                let sources = listed(self.data, list, snapshot, *id);
                let as_of = place.case.as_of;
                let sources = sources.map(|it| dated(it.place(), snapshot.as_of, as_of));
                let sources: Vec<String> = sources.collect();
                if !sources.is_empty() {
                    return sources;
                }
            }
        }
        Vec::new()
    }

    /// Whether a unit has a figure that a condition needs.
    fn has_reported(&self, place: &Place<'_>, condition: &Condition) -> bool {
        match condition {
            Condition::Compare(comparison) => {
                let mut leaves = Vec::new();
                Leaf::all(&comparison.measure, &mut leaves);
                if let Threshold::Against { other, .. } = &comparison.threshold {
                    Leaf::all(other, &mut leaves);
                }
                leaves.iter().any(|leaf| self.has_figure(place, leaf))
            }
            Condition::Truth { indicator, .. } => self.has_indicator(place, *indicator),
            Condition::Attribute(_) => false,
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().any(|part| self.has_reported(place, &part.condition))
            }
            Condition::Not(part) | Condition::Always(part) => {
                self.has_reported(place, &part.condition)
            }
            Condition::Units(every) => self.every_unit(place, every).reason != Some(Reason::Absent),
        }
    }

    /// As [`Reference::has_reported`], for a part of a quantity.
    fn has_figure(&self, place: &Place<'_>, leaf: &Leaf<'_>) -> bool {
        match leaf {
            Leaf::Indicator(id) => self.has_indicator(place, *id),
            Leaf::Linked(expr) => {
                let found = self.linked(place, (place.case.as_of, place.case.as_of), expr);
                found.figure != Figure::Absent && found.why != Some(Reason::Absent)
            }
        }
    }

    /// Whether a snapshot that counts holds an indicator.
    fn has_indicator(&self, place: &Place<'_>, id: IndicatorId) -> bool {
        let found = self.chosen(place, &[id]);
        found.is_some_and(|(_, found)| found.iter().all(|one| one.figure != Figure::Absent))
    }

    /// The names of the indicators that a condition or quantity asks of a unit.
    fn names(&self, ids: &[IndicatorId]) -> Vec<String> {
        let names = ids.iter().filter_map(|id| self.model.indicator(*id));
        names.map(|indicator| indicator.name.clone()).collect()
    }

    /// The ids of entities, in the order of the data.
    fn ids(&self, mut places: Vec<u32>) -> Vec<String> {
        places.sort_unstable();
        let entities = places.iter().filter_map(|place| self.data.entities.get(*place as usize));
        entities.map(|entity| entity.id.clone()).collect()
    }

    /// Anything that a quantity may be where nobody gave it.
    fn possible(&self, expr: &Expr) -> crate::number::Interval {
        fold::possible(self.model, expr)
    }
}
