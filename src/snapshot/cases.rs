//! What a run judges: who, on which day, by which snapshots.
//!
//! Enters: gathered [`Data`]. Leaves: [`Cases`], in the order of the output. The one idea: a case
//! is a row of the results; entities that sent nothing themselves follow all that did. Invariant: a
//! case never sees a snapshot later than its day.

use super::{Data, Entity};
use crate::calendar::{Date, Period};
use crate::check::model::TargetId;

/// One entity to be judged on one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case<'a> {
    /// The entity; one without an id is the whole of all entities.
    pub entity: &'a Entity,
    /// Its place among entities and parents that are only named, in [`super::Tree`]; nothing where
    /// the data do not name it.
    pub node: Option<u32>,
    /// The day that the judgement refers to.
    pub as_of: Date,
    /// The time as the data write it; nothing where the day was asked for.
    pub period: Option<Period>,
    /// The entity's snapshots that may be used, latest first, by their place in
    /// [`Data::snapshots`].
    pub snapshots: &'a [u32],
    /// The targets that it is judged by; nothing: all of them.
    pub only: Option<&'a [TargetId]>,
}

impl<'a> Case<'a> {
    /// The entity's id; nothing for the whole.
    pub fn id(&self) -> Option<&'a str> {
        (!self.is_whole()).then_some(self.entity.id.as_str())
    }

    /// Whether it is the whole of all entities.
    pub const fn is_whole(&self) -> bool {
        self.entity.id.is_empty()
    }
}

/// What a run judges, in the order of its output.
#[derive(Debug, Clone)]
pub struct Cases {
    rows: Vec<Row>,
    /// Those that are no entities of the data, each with its node.
    others: Vec<(Entity, Option<u32>)>,
}

#[derive(Debug, Clone)]
struct Row {
    /// By place in the data's entities, behind them in the others.
    entity: u32,
    as_of: Date,
    period: Option<Period>,
    snapshots: Vec<u32>,
    only: Option<Vec<TargetId>>,
}

/// One that sent nothing, and is judged for its units only.
#[derive(Debug, Clone, PartialEq)]
pub struct Silent {
    /// Who; an entity without an id is the whole.
    pub who: Who,
    /// The day.
    pub as_of: Date,
    /// The time as units write it; nothing where the day was asked for.
    pub period: Option<Period>,
    /// By what it is judged.
    pub only: Vec<TargetId>,
}

/// Who sent nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// An entity of the data, by its place.
    Entity(u32),
    /// One of the others of the run, by its place.
    Other(u32),
}

impl Cases {
    /// Each snapshot at its own date.
    pub fn each_snapshot(data: &Data) -> Self {
        let rows = data.snapshots.iter().zip(0_u32..).map(|(one, place)| Row {
            entity: one.entity,
            as_of: one.as_of,
            period: Some(one.period),
            snapshots: vec![place],
            only: None,
        });
        Self { rows: rows.collect(), others: Vec::new() }
    }

    /// Each entity once, at one date, by its snapshots up to that date; those that sent nothing at
    /// all come last, as first named.
    pub fn board(data: &Data, as_of: Date) -> Self {
        let mut rows = Vec::with_capacity(data.entities.len());
        let mut numbered: Vec<(&Entity, u32)> = data.entities.iter().zip(0_u32..).collect();
        let silent =
            |entity: &Entity| entity.snapshots.is_empty().then_some(Data::first_named(entity));
        numbered.sort_by_key(|(entity, _)| silent(entity));
        for (entity, number) in numbered {
            let day = |place: &u32| data.snapshots.get(*place as usize).map(|one| one.as_of);
            let mut snapshots: Vec<u32> = entity.snapshots.clone();
            snapshots.retain(|place| day(place).is_some_and(|day| day <= as_of));
            snapshots.sort_by_key(|place| std::cmp::Reverse(day(place)));
            rows.push(Row { entity: number, as_of, period: None, snapshots, only: None });
        }
        Self { rows, others: Vec::new() }
    }

    /// Adds those that sent nothing, in this order, behind all others. `others` are those that are
    /// no entities of the data.
    #[must_use]
    pub fn and_silent(
        mut self,
        data: &Data,
        others: Vec<(Entity, Option<u32>)>,
        silent: Vec<Silent>,
    ) -> Self {
        let behind = u32::try_from(data.entities.len()).unwrap_or(u32::MAX);
        self.others = others;
        self.rows.extend(silent.into_iter().map(|one| Row {
            entity: match one.who {
                Who::Entity(place) => place,
                Who::Other(place) => behind.saturating_add(place),
            },
            as_of: one.as_of,
            period: one.period,
            snapshots: Vec::new(),
            only: Some(one.only),
        }));
        self
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The case at this place.
    pub fn get<'a>(&'a self, data: &'a Data, place: usize) -> Option<Case<'a>> {
        let Row { entity: number, as_of, period, snapshots, only } = self.rows.get(place)?;
        let (entity, node) = if let Some(entity) = data.entities.get(*number as usize) {
            (entity, Some(*number))
        } else {
            let other = (*number as usize).checked_sub(data.entities.len())?;
            self.others.get(other).map(|(entity, node)| (entity, *node))?
        };
        let (as_of, period, only) = (*as_of, *period, only.as_deref());
        Some(Case { entity, node, as_of, period, snapshots, only })
    }
}
