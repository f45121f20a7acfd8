//! Who is judged for its units though it sent nothing itself.
//!
//! Enters: model, data, and the day that was asked for, if one was. Leaves: all cases of a run.
//! The one idea: a share is a verdict of every entity that has such units below it, on the days on
//! which they report. Invariant: nobody is judged twice on one day.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Reference;
use super::scope::Answer;
use crate::calendar::{Date, Period};
use crate::check::model::{Population, ScopeItem, TargetId, Version};
use crate::snapshot::{Case, Cases, DEPTH, Entity, Silent, Who};
use crate::text;

/// One that sent nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Owner {
    /// A node of the tree.
    Node(u32),
    /// A name of the rules that the data do not bear, by the order of the rules.
    Named(u32),
    /// The whole of all entities.
    Whole,
}

/// On which days an owner is judged, and at which time its units wrote them.
type Days = BTreeMap<(Date, Owner), Option<Period>>;

/// All owners that sent nothing, by day and as first named.
type Rows = BTreeMap<(Date, u32, Owner), (Option<Period>, BTreeSet<TargetId>)>;

impl Reference<'_> {
    /// All cases of a run: each snapshot at its own date, or each entity once on the day asked
    /// for; and behind them those that sent nothing but have units that a target asks.
    pub fn cases(&self, as_of: Option<Date>) -> Cases {
        let cases = match as_of {
            Some(day) => Cases::board(self.data, day),
            None => Cases::each_snapshot(self.data),
        };
        let mut silence = Silence { reference: self, as_of, names: Vec::new() };
        let rows = silence.rows();
        if rows.is_empty() {
            return cases;
        }
        let tree = &self.index().tree;
        let mut others: Vec<(Entity, Option<u32>)> = Vec::new();
        let mut places: HashMap<Owner, Who> = HashMap::new();
        let mut silent = Vec::with_capacity(rows.len());
        for ((as_of, _, owner), (period, only)) in rows {
            let who = *places.entry(owner).or_insert_with(|| {
                let (id, node) = match owner {
                    Owner::Node(node) if tree.name(node).is_none() => return Who::Entity(node),
                    Owner::Node(node) => (tree.name(node).map(str::to_owned), Some(node)),
                    Owner::Named(place) => (silence.names.get(place as usize).cloned(), None),
                    Owner::Whole => (None, None),
                };
                others.push((Entity::named(id.unwrap_or_default()), node));
                Who::Other(u32::try_from(others.len() - 1).unwrap_or(u32::MAX))
            });
            silent.push(Silent { who, as_of, period, only: only.into_iter().collect() });
        }
        cases.and_silent(others, silent)
    }
}

/// The search for those that sent nothing.
struct Silence<'r, 'a> {
    reference: &'r Reference<'a>,
    as_of: Option<Date>,
    /// Names of the rules that the data do not bear.
    names: Vec<String>,
}

impl Silence<'_, '_> {
    fn rows(&mut self) -> Rows {
        let mut rows = Rows::new();
        let mut known: HashMap<String, Days> = HashMap::new();
        for (id, target) in (0_u32..).map(TargetId).zip(&self.reference.model.targets) {
            for version in &target.versions {
                let alone = self.alone(version);
                for population in self.reference.model.populations_of(version) {
                    let key = format!("{:?} {:?} {alone:?}", population.types, population.filter);
                    let days = known.entry(key).or_insert_with(|| self.days(population, alone));
                    for ((day, owner), period) in days {
                        let judged = target.version(*day);
                        if !judged.is_some_and(|it| std::ptr::eq(it, version)) {
                            continue;
                        }
                        let row = rows.entry((*day, self.first_named(*owner), *owner));
                        let (longest, only) = row.or_insert_with(|| (*period, BTreeSet::new()));
                        *longest = longer(*longest, *period);
                        only.insert(id);
                    }
                }
            }
        }
        rows
    }

    /// Whoever a version is addressed to alone, whether or not the data bear the name.
    fn alone(&mut self, version: &Version) -> Option<Owner> {
        let [ScopeItem::Entity { key, name, .. }] = version.scope.as_slice() else { return None };
        let entities = (0_u32..).zip(&self.reference.data.entities);
        let bears = |name: &str| text::normal(name) == *key;
        let entity = entities
            .into_iter()
            .find(|(_, entity)| bears(&entity.id) || entity.name.as_deref().is_some_and(bears));
        if let Some((node, _)) = entity {
            return Some(Owner::Node(node));
        }
        if let Some(node) = self.reference.index().tree.find(bears) {
            return Some(Owner::Node(node));
        }
        let place = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.clone());
            self.names.len() - 1
        });
        u32::try_from(place).ok().map(Owner::Named)
    }

    /// The days on which those that sent nothing are judged by units of a population.
    fn days(&self, population: &Population, alone: Option<Owner>) -> Days {
        let index = self.reference.index();
        let mut days = Days::new();
        let whole = self.reference.has_no_parents(population);
        let owner = alone.unwrap_or(Owner::Whole);
        let mut hear = |owner: Owner, day: Date, period: Option<Period>| {
            if self.is_silent(owner) {
                let known = days.entry((day, owner)).or_insert(period);
                *known = longer(*known, period);
            }
        };
        for (number, day, period) in self.reports(population) {
            if whole {
                if owner != Owner::Node(number) {
                    hear(owner, day, period);
                }
                continue;
            }
            let mut above = index.tree.above(number);
            for _ in 0..=DEPTH {
                let Some(node) = above else { break };
                hear(Owner::Node(node), day, period);
                above = index.tree.above(node);
            }
        }
        days
    }

    /// Who may belong to a population, with the days on which it reports: those of its snapshots,
    /// or the one asked for.
    fn reports(&self, population: &Population) -> Vec<(u32, Date, Option<Period>)> {
        let data = self.reference.data;
        let lines = data.timelines();
        let mut reports = Vec::new();
        for (number, entity) in (0_u32..).zip(&data.entities) {
            let belongs = |as_of: Date| {
                let snapshots = lines.between(number, None, as_of);
                let (node, period, only) = (Some(number), None, None);
                let case = Case { entity, node, as_of, period, snapshots, only };
                self.reference.belongs(population, &case) != Answer::No
            };
            if let Some(day) = self.as_of {
                if belongs(day) {
                    reports.push((number, day, None));
                }
                continue;
            }
            let own = data.snapshots_of(entity);
            let own = own.filter_map(|at| data.snapshots.get(at as usize));
            let own = own.filter(|one| belongs(one.as_of));
            reports.extend(own.map(|one| (number, one.as_of, Some(one.period()))));
        }
        reports
    }

    /// Whether an owner has no row of its own yet.
    fn is_silent(&self, owner: Owner) -> bool {
        let Owner::Node(node) = owner else { return true };
        match self.reference.data.entities.get(node as usize) {
            Some(entity) => self.as_of.is_none() && entity.is_silent(),
            None => true,
        }
    }

    /// When an owner was first named; names that only the rules bear follow all others.
    fn first_named(&self, owner: Owner) -> u32 {
        match owner {
            Owner::Node(node) => self.reference.index().tree.first_named(self.reference.data, node),
            Owner::Named(_) | Owner::Whole => u32::MAX,
        }
    }
}

/// The longer of two times that end on the same day.
fn longer(a: Option<Period>, b: Option<Period>) -> Option<Period> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.first < a.first { b } else { a }),
        _ => None,
    }
}
