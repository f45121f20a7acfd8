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
    /// How many there are beside `silent`.
    len: usize,
    board: Option<Board>,
    /// Those that sent nothing, behind all others.
    silent: Vec<Silent>,
    /// Those of them that are no entities of the data, each with its node.
    others: Vec<(Entity, Option<u32>)>,
}

/// All entities at one date.
#[derive(Debug, Clone)]
struct Board {
    as_of: Date,
    /// By place in the data's entities.
    order: Vec<u32>,
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
    pub const fn each_snapshot(data: &Data) -> Self {
        Self { len: data.snapshots.len(), board: None, silent: Vec::new(), others: Vec::new() }
    }

    /// Each entity once, at one date, by its snapshots up to that date; those that sent nothing at
    /// all come last, as first named.
    pub fn board(data: &Data, as_of: Date) -> Self {
        let mut numbered: Vec<(&Entity, u32)> = data.entities.iter().zip(0_u32..).collect();
        let silent = |entity: &Entity| entity.is_silent().then_some(Data::first_named(entity));
        numbered.sort_by_key(|(entity, _)| silent(entity));
        let order: Vec<u32> = numbered.into_iter().map(|(_, number)| number).collect();
        let (len, board) = (order.len(), Some(Board { as_of, order }));
        Self { len, board, silent: Vec::new(), others: Vec::new() }
    }

    /// Adds those that sent nothing, in this order, behind all others. `others` are those that are
    /// no entities of the data.
    #[must_use]
    pub fn and_silent(self, others: Vec<(Entity, Option<u32>)>, silent: Vec<Silent>) -> Self {
        Self { silent, others, ..self }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.len + self.silent.len()
    }

    /// How many there are before those that are added behind all others.
    pub const fn own(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The case at this place.
    pub fn get<'a>(&'a self, data: &'a Data, place: usize) -> Option<Case<'a>> {
        if let Some(place) = place.checked_sub(self.len) {
            return self.silent(data, place);
        }
        let Some(board) = &self.board else {
            let one = data.snapshots.get(place)?;
            let entity = data.entities.get(one.entity as usize)?;
            let (as_of, period) = (one.as_of, Some(one.period()));
            let (snapshots, node) = (std::slice::from_ref(&one.number), Some(one.entity));
            return Some(Case { entity, node, as_of, period, snapshots, only: None });
        };
        let number = *board.order.get(place)?;
        let entity = data.entities.get(number as usize)?;
        let (as_of, period, only) = (board.as_of, None, None);
        let snapshots = data.timelines().between(number, None, as_of);
        Some(Case { entity, node: Some(number), as_of, period, snapshots, only })
    }

    fn silent<'a>(&'a self, data: &'a Data, place: usize) -> Option<Case<'a>> {
        let Silent { who, as_of, period, only } = self.silent.get(place)?;
        let (entity, node) = match who {
            Who::Entity(place) => (data.entities.get(*place as usize)?, Some(*place)),
            Who::Other(place) => {
                let (entity, node) = self.others.get(*place as usize)?;
                (entity, *node)
            }
        };
        let (as_of, period, only) = (*as_of, *period, Some(only.as_slice()));
        Some(Case { entity, node, as_of, period, snapshots: &[], only })
    }
}
