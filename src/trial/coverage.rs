//! Which verdicts no test shows.
//!
//! Enters: a model and its trials. Leaves: a row a target. The one idea: only an expectation that
//! holds shows something.

use super::Trial;
use crate::check::model::{Model, TargetId};
use crate::verdict::Verdict;

/// What tests have shown of one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The target.
    pub target: TargetId,
    /// Exceeded or met.
    pub met: bool,
    /// Not met, or not due.
    pub not_met: bool,
    /// No data, undetermined or contradictory.
    pub undecided: bool,
}

impl Shown {
    /// Whether nothing is left to show.
    pub const fn is_complete(&self) -> bool {
        self.met && self.not_met && self.undecided
    }
}

/// A row a target, in rule order.
///
/// ```
/// use chitieu::{Rules, trial};
/// let rules = Rules::parse(
///     "[A] tỷ lệ a >= 40%\n\nthử: b\n  ngày: 30/06/2023\n  cho: tỷ lệ a = 50%\n  thì: A -> vượt",
/// )
/// .unwrap();
/// let shown = trial::coverage(rules.model(), &trial::run(rules.model()));
/// assert!(shown[0].met && !shown[0].not_met && !shown[0].is_complete());
/// ```
pub fn coverage(model: &Model, trials: &[Trial<'_>]) -> Vec<Shown> {
    let rows = (0_u32..).zip(&model.targets).map(|(id, _)| {
        let target = TargetId(id);
        Shown { target, met: false, not_met: false, undecided: false }
    });
    let mut rows: Vec<Shown> = rows.collect();
    for trial in trials.iter().filter(|trial| trial.holds) {
        let Some(row) = rows.get_mut(trial.then.target.0 as usize) else { continue };
        match trial.then.verdict {
            Verdict::Exceeded | Verdict::Met => row.met = true,
            Verdict::NotMet | Verdict::NotDue => row.not_met = true,
            Verdict::NoData | Verdict::Undetermined | Verdict::Contradictory => {
                row.undecided = true;
            }
            Verdict::NotApplicable => {}
        }
    }
    rows
}
