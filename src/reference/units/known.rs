//! What units answer to a condition, where it was found for all of them at once.
//!
//! Enters: an answer a snapshot, from whoever judges by columns. Leaves: the answer of one unit,
//! where its latest snapshot alone gives it. The one idea: a snapshot that holds everything a
//! condition needs decides, whatever the unit sent before; so does one that is alone in the window.
//! Invariant: an answer is what asking the unit gives; what is not sure is asked.

use std::collections::HashMap;

use super::super::{Place, Reference};
use super::Unit;
use super::count::{Reply, Stands};
use crate::check::model::Condition;
use crate::verdict::Verdict;

/// What one snapshot by itself answers to a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Alone(u8);

/// The snapshot holds all that the condition needs.
const WHOLE: u8 = 1 << 7;

impl Alone {
    /// Only the reference evaluator can say.
    pub(crate) const ASK: Self = Self(0);

    /// A verdict that no rounding of figures decides and no estimate is part of. `reported` says
    /// that the snapshot has a figure which the condition needs, `whole` that it has all of them.
    pub(crate) fn new(verdict: Verdict, reported: bool, whole: bool) -> Self {
        let stands = Stands::of(verdict);
        let reply = Reply { stands, reported, sensitive: false, estimate: false };
        Self(reply.code() | if whole { WHOLE } else { 0 })
    }

    fn reply(self) -> Option<Reply> {
        Reply::from_code(self.0 & !WHOLE)
    }
}

/// By the address of a question in the model, and by snapshot.
pub(crate) type Answers = HashMap<usize, Box<[Alone]>>;

impl<'a> Reference<'a> {
    /// The conditions that units are asked by their own snapshots, each with its address.
    pub(crate) fn unit_conditions(&self) -> Vec<(usize, &'a Condition)> {
        super::index::asked(self.model)
    }

    /// Takes in what was found at once for all snapshots of the data. What is taken in first
    /// stays.
    pub(crate) fn know(&self, answers: Answers) {
        // The first are as right as any others.
        let _ = self.answers.set(answers);
    }

    /// The answers to the question at an address.
    pub(super) fn known(&self, address: usize) -> Option<&[Alone]> {
        self.answers.get()?.get(&address).map(AsRef::as_ref)
    }

    /// What a unit answers, where that is known.
    pub(super) fn known_reply(
        &self,
        place: &Place<'_>,
        unit: &Unit<'_>,
        all: &[Alone],
    ) -> Option<Reply> {
        let silent = Reply { stands: Stands::Open, ..Reply::default() };
        let Some(latest) = unit.case.snapshots.first() else { return Some(silent) };
        let day = |number: &u32| self.data.snapshots.get(*number as usize).map(|it| it.as_of);
        let as_of = day(latest)?;
        if !place.window.contains(as_of) {
            let before = place.window.first.is_some_and(|first| as_of < first);
            return before.then_some(silent);
        }
        let alone = *all.get(*latest as usize)?;
        let earlier = unit.case.snapshots.get(1).and_then(day);
        let counts = earlier.is_some_and(|day| place.window.contains(day));
        if counts && alone.0 & WHOLE == 0 { None } else { alone.reply() }
    }
}
