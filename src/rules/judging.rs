//! Judgements of many cases.
//!
//! Enters: cases of gathered data. Leaves: a [`Judgement`] a target. The one idea: what plain
//! figures decide is told by integers; all else is judged by the reference evaluator. Invariant:
//! the judgements are the reference evaluator's.

use super::Rules;
use crate::check::model::TargetId;
use crate::eval::{Figures, Plain};
use crate::program::Scope;
use crate::reference::Reference;
use crate::snapshot::{Case, Entry, Gathered};
use crate::verdict::{Judgement, Told};

/// Judges cases. Each thread has its own.
///
/// ```
/// use chitieu::reference::Reference;
/// use chitieu::snapshot::{Cases, Data};
/// use chitieu::{Measurement, Rules, Snapshot, Verdict};
///
/// let rules = Rules::parse("tỷ lệ a >= 40%").unwrap();
/// let mut data = Data::new();
/// data.push(Snapshot::new("x").on("2023")?.measure("tỷ lệ a", Measurement::number(38)), None);
/// let reference = Reference::named(rules.model(), rules.names(), &data);
/// let cases = Cases::each_snapshot(&data);
/// let mut judging = rules.judging();
/// for case in (0..cases.len()).filter_map(|place| cases.get(&data, place)) {
///     let judgements = judging.judge(&reference, &case);
///     assert_eq!(judgements[0].verdict, Verdict::NotMet);
///     assert_eq!(judgements, reference.judge(&case));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Judging<'r> {
    rules: &'r Rules,
    /// The figures of the case.
    figures: Figures,
    /// By scope of the programme: whether the case is of it, once that was asked.
    scopes: Vec<Option<bool>>,
}

impl<'r> Judging<'r> {
    pub(super) fn new(rules: &'r Rules) -> Self {
        Self { rules, figures: Figures::default(), scopes: Vec::new() }
    }

    /// Judges a case by all its targets, in rule order, as [`Reference::judge`] does. `reference`
    /// judges by the same rules.
    pub fn judge(&mut self, reference: &Reference<'_>, case: &Case<'_>) -> Vec<Judgement> {
        let Some((snapshot, id)) = self.begin(reference, case) else {
            return reference.judge(case);
        };
        let entries: Vec<Entry<'_>> = reference.data().entries(snapshot).collect();
        let source = |at: u32| entries.get(at as usize).map(Entry::place);
        let (model, judge) = (self.rules.model(), reference.judging(case));
        let day = self.rules.day(case.as_of);
        let judgements = day.iter().zip(0_u32..).filter_map(|(plain, target)| {
            let target = TargetId(target);
            let told = plain.as_ref().and_then(|plain| {
                let told = self.tell(plain, reference, case)?;
                Some(plain.judgement(model, target, &told, (id, case.as_of), source))
            });
            told.or_else(|| judge(target))
        });
        judgements.collect()
    }

    /// Takes the figures of a case in that is judged by one snapshot alone, at its own date; hands
    /// back that, and the id of its entity.
    pub(super) fn begin<'a>(
        &mut self,
        reference: &Reference<'a>,
        case: &Case<'a>,
    ) -> Option<(&'a Gathered, &'a str)> {
        let (snapshot, id) = alone(reference, case)?;
        let (model, ready) = (self.rules.model(), &self.rules.inner.ready);
        self.figures.begin(model);
        self.scopes.clear();
        self.scopes.resize(self.rules.program().scopes.len(), None);
        for (entry, at) in reference.data().entries(snapshot).zip(0_u32..) {
            for id in reference.indicators(entry.name() as usize) {
                self.figures.take_entry(ready, model, (*id, at), &entry);
            }
        }
        Some((snapshot, id))
    }

    /// What integers tell of a target, of the case that was begun.
    pub(super) fn tell(
        &mut self,
        plain: &Plain,
        reference: &Reference<'_>,
        case: &Case<'_>,
    ) -> Option<Told> {
        let applies = self.applies(plain, reference, case);
        applies.then(|| plain.tell(self.rules.model(), &self.figures)).flatten()
    }

    /// Whether a case is of those to whom a target applies; what is not known is asked.
    fn applies(&mut self, plain: &Plain, reference: &Reference<'_>, case: &Case<'_>) -> bool {
        let Scope::Among(place) = plain.scope else { return true };
        let (known, asked) = (self.scopes.get_mut(place as usize), &self.rules.program().scopes);
        let (Some(known), Some(asked)) = (known, asked.get(place as usize)) else { return false };
        *known.get_or_insert_with(|| reference.by_scope(case, asked).is_none())
    }
}

/// The snapshot of a case that is judged by it alone, at its own date, and the id of its entity.
fn alone<'a>(reference: &Reference<'a>, case: &Case<'a>) -> Option<(&'a Gathered, &'a str)> {
    let [one] = case.snapshots else { return None };
    let snapshot = reference.snapshot(*one)?;
    let is_own = snapshot.as_of == case.as_of && case.only.is_none();
    is_own.then_some((snapshot, case.id()?))
}
