//! What is made once for all units of some data, and what was found of them.
//!
//! Enters: model and data. Leaves: who stands below whom, which snapshots count, and answers that
//! were given before. The one idea: what a unit answers follows from the snapshot that it counts
//! with, so that it is judged once however many owners ask. Invariant: an answer that was kept is
//! the one that judging again would give.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::super::scope::Answer;
use super::count::Reply;
use super::fold::Part;
use crate::calendar::{Date, Period};
use crate::check::model::{
    Condition, Expr, IndicatorId, LinkedIndicators, Model, OfUnits, Population, Threshold,
};
use crate::snapshot::{Data, Spot, Tree};

/// No answer was kept.
const NOTHING: u8 = 0;

/// What is made once for all units.
#[derive(Debug)]
pub(in crate::reference) struct Index {
    pub(in crate::reference) tree: Tree,
    /// All entities.
    pub(super) everyone: Vec<u32>,
    snapshots: usize,
    /// By the address in the model where units are asked.
    sites: HashMap<usize, Site>,
    members: Vec<Members>,
    /// By snapshot: its measurements by indicator.
    sorted: Vec<OnceLock<Sorted>>,
    memos: Mutex<HashMap<Key, Arc<Memo>>>,
    pub(super) rankings: Mutex<super::rank::Rankings>,
}

/// Where something is asked, in which window, and whether all snapshots up to the day count.
pub(super) type Key = (usize, Period, bool);

/// A place of the model where units are asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    /// The population, by its place in the index.
    population: usize,
    /// What is asked follows from the unit's own snapshots.
    pub(super) local: bool,
}

/// Measurements of one snapshot, each by its indicator and its place among the entries.
type Sorted = Box<[(IndicatorId, Spot)]>;

/// Who belongs to a population.
#[derive(Debug)]
pub(super) struct Members {
    /// By slot.
    codes: Vec<AtomicU8>,
    whole: OnceLock<bool>,
}

/// A unit, a day, and the period that was written for it.
type Timed = (u32, Date, Option<Period>);

/// What was found of units at one site.
#[derive(Debug)]
pub(super) struct Memo {
    local: bool,
    replies: Vec<AtomicU8>,
    parts: Vec<OnceLock<Part>>,
    /// By unit and time, where other times or other units are asked.
    dated: Mutex<HashMap<Timed, Arc<OnceLock<Dated>>>>,
}

#[derive(Debug, Clone)]
enum Dated {
    Reply(Reply),
    Part(Part),
}

impl Index {
    pub(in crate::reference) fn of(model: &Model, data: &Data) -> Self {
        let entities = u32::try_from(data.entities.len()).unwrap_or(u32::MAX);
        let slots = data.snapshots.len() + data.entities.len();
        let mut search = Search { linked: LinkedIndicators::of(model), ..Search::default() };
        search.model(model);
        let members = (0..search.populations.len()).map(|_| Members {
            codes: (0..slots).map(|_| AtomicU8::new(NOTHING)).collect(),
            whole: OnceLock::new(),
        });
        Self {
            tree: Tree::of(data),
            everyone: (0..entities).collect(),
            snapshots: data.snapshots.len(),
            members: members.collect(),
            sorted: vec![OnceLock::new(); data.snapshots.len()],
            sites: search.sites,
            memos: Mutex::default(),
            rankings: Mutex::default(),
        }
    }

    /// What is known of a place of the model; nothing of what is no part of it.
    pub(super) fn site(&self, address: usize) -> Option<Site> {
        self.sites.get(&address).copied()
    }

    pub(super) fn members(&self, site: Site) -> Option<&Members> {
        self.members.get(site.population)
    }

    /// The measurements of a snapshot by indicator, sorted the first time that it is asked.
    pub(in crate::reference) fn sorted(
        &self,
        snapshot: u32,
        sort: impl FnOnce() -> Vec<(IndicatorId, Spot)>,
    ) -> &[(IndicatorId, Spot)] {
        let kept = self.sorted.get(snapshot as usize);
        kept.map_or(&[], |kept| kept.get_or_init(|| sort().into_boxed_slice()))
    }

    /// How many slots there are: one a snapshot, and one an entity for where none counts.
    pub(super) fn slots(&self) -> usize {
        self.snapshots + self.everyone.len()
    }

    /// The slot of an entity with these snapshots, latest first.
    pub(super) fn slot(&self, entity: u32, snapshots: &[u32]) -> usize {
        snapshots.first().map_or(self.snapshots + entity as usize, |latest| *latest as usize)
    }

    /// What was found at a site; nothing yet where it is the first time.
    pub(super) fn memo(&self, key: Key, new: impl FnOnce() -> Memo) -> Arc<Memo> {
        let mut memos = self.memos.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(memos.entry(key).or_insert_with(|| Arc::new(new())))
    }
}

impl Members {
    /// Whether the population has no parents in the data.
    pub(super) fn is_whole(&self, search: impl FnOnce() -> bool) -> bool {
        *self.whole.get_or_init(search)
    }

    /// Whether the entity of a slot belongs to it.
    pub(super) fn answer(&self, slot: usize, ask: impl FnOnce() -> Answer) -> Answer {
        let Some(kept) = self.codes.get(slot) else { return ask() };
        match kept.load(Ordering::Relaxed) {
            1 => Answer::Yes,
            2 => Answer::No,
            _ => {
                let answer = ask();
                let code = match answer {
                    Answer::Yes => 1,
                    Answer::No => 2,
                    Answer::Disputed(_) | Answer::Unknown(_) => NOTHING,
                };
                kept.store(code, Ordering::Relaxed);
                answer
            }
        }
    }
}

impl Memo {
    pub(super) fn of_conditions(slots: usize, local: bool) -> Self {
        let slots = if local { slots } else { 0 };
        let replies = (0..slots).map(|_| AtomicU8::new(NOTHING)).collect();
        Self { local, replies, parts: Vec::new(), dated: Mutex::default() }
    }

    pub(super) fn of_figures(slots: usize, local: bool) -> Self {
        let slots = if local { slots } else { 0 };
        let parts = (0..slots).map(|_| OnceLock::new()).collect();
        Self { local, replies: Vec::new(), parts, dated: Mutex::default() }
    }

    /// What a unit answers to a condition.
    pub(super) fn reply(&self, unit: &super::Unit<'_>, ask: impl FnOnce() -> Reply) -> Reply {
        if !self.local {
            let slot = self.dated(unit);
            return match slot.get_or_init(|| Dated::Reply(ask())) {
                Dated::Reply(reply) => *reply,
                Dated::Part(_) => Reply::default(),
            };
        }
        let Some(kept) = self.replies.get(unit.slot).filter(|_| unit.by_slot) else {
            return ask();
        };
        if let Some(reply) = Reply::from_code(kept.load(Ordering::Relaxed)) {
            return reply;
        }
        let reply = ask();
        kept.store(reply.code(), Ordering::Relaxed);
        reply
    }

    /// What a unit gives to a sum or another function.
    pub(super) fn part(&self, unit: &super::Unit<'_>, ask: impl FnOnce() -> Part) -> Part {
        if !self.local {
            let slot = self.dated(unit);
            return match slot.get_or_init(|| Dated::Part(ask())) {
                Dated::Part(part) => part.clone(),
                Dated::Reply(_) => Part::default(),
            };
        }
        match self.parts.get(unit.slot).filter(|_| unit.by_slot) {
            Some(kept) => kept.get_or_init(ask).clone(),
            None => ask(),
        }
    }

    fn dated(&self, unit: &super::Unit<'_>) -> Arc<OnceLock<Dated>> {
        let key = (unit.place, unit.case.as_of, unit.case.period);
        let mut dated = self.dated.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(dated.entry(key).or_default())
    }
}

/// The conditions that units are asked by their own snapshots, each with its address.
pub(super) fn asked(model: &Model) -> Vec<(usize, &Condition)> {
    let mut search = Search { linked: LinkedIndicators::of(model), ..Search::default() };
    search.model(model);
    search.asked
}

/// All places of a model where units are asked.
#[derive(Default)]
struct Search<'m> {
    linked: LinkedIndicators,
    asked: Vec<(usize, &'m Condition)>,
    sites: HashMap<usize, Site>,
    populations: HashMap<String, usize>,
}

impl<'m> Search<'m> {
    fn model(&mut self, model: &'m Model) {
        for formula in model.indicators.iter().filter_map(|it| it.formula.as_ref()) {
            self.expr(formula);
        }
        for check in &model.checks {
            self.expr(&check.left);
            self.expr(&check.right);
        }
        let versions = model.targets.iter().flat_map(|target| &target.versions);
        for branch in versions.flat_map(|it| &it.milestones).flat_map(|it| &it.branches) {
            branch.when.iter().for_each(|when| self.condition(when));
            self.condition(&branch.condition);
        }
        let versions = model.targets.iter().flat_map(|target| &target.versions);
        let scorings = versions.filter_map(|version| version.scoring.as_ref());
        scorings.filter_map(|it| it.by.quantity()).for_each(|points| self.expr(points));
    }

    fn condition(&mut self, condition: &'m Condition) {
        match condition {
            Condition::Compare(comparison) => {
                self.expr(&comparison.measure);
                if let Threshold::Against { other, .. } = &comparison.threshold {
                    self.expr(other);
                }
            }
            Condition::Truth { .. } | Condition::Attribute(_) => {}
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition(&part.condition);
                }
            }
            Condition::Not(part) | Condition::Always(part) => self.condition(&part.condition),
            Condition::Units(every) => {
                let address = std::ptr::from_ref(&**every).addr();
                let local = !every.part.condition.is_linked(&self.linked);
                self.site(address, &every.population, local);
                self.asked.extend(local.then_some((address, &every.part.condition)));
                self.condition(&every.part.condition);
            }
        }
    }

    fn expr(&mut self, expr: &'m Expr) {
        let mut linked = Vec::new();
        expr.linked(&mut linked);
        for part in linked {
            match part {
                Expr::At(of, _) | Expr::Cumulative(of) => self.expr(of),
                Expr::Units(of) => self.units(of),
                _ => {}
            }
        }
    }

    fn units(&mut self, of: &'m OfUnits) {
        let (part, quantity) = (of.function.condition(), of.function.quantity());
        let linked = part.is_some_and(|part| part.condition.is_linked(&self.linked))
            || quantity.is_some_and(|of| self.linked.reach(of));
        let address = std::ptr::from_ref(of).addr();
        self.site(address, &of.population, !linked);
        if let Some(part) = part {
            self.asked.extend((!linked).then_some((address, &part.condition)));
            self.condition(&part.condition);
        }
        if let Some(of) = quantity {
            self.expr(of);
        }
    }

    fn site(&mut self, address: usize, population: &Population, local: bool) {
        let key = format!("{:?} {:?}", population.types, population.filter);
        let next = self.populations.len();
        let population = *self.populations.entry(key).or_insert(next);
        self.sites.insert(address, Site { population, local });
    }
}
