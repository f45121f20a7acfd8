//! What a condition comes to, before its due date is looked at.

use super::figures::Units;
use crate::number::Rational;
use crate::unit::Unit;
use crate::verdict::{InForce, Measured, Part, Reason, Shift, Step, Stretch, Verdict};

/// A verdict with everything that it carries; a condition that fails is not met here.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) verdict: Verdict,
    pub(super) reason: Option<Reason>,
    pub(super) measured: Option<Measured>,
    pub(super) threshold: Option<InForce>,
    pub(super) unit: Option<Unit>,
    pub(super) stretch: Option<Stretch>,
    pub(super) margin: Option<Rational>,
    pub(super) attainment: Option<Rational>,
    pub(super) fraction: Option<(Rational, Rational)>,
    pub(super) change: Option<Shift>,
    pub(super) rounding_sensitive: bool,
    pub(super) estimate: bool,
    pub(super) step: Option<Step>,
    pub(super) parts: Vec<Part>,
    /// It fails whatever is still to come before the due date.
    pub(super) binds: bool,
    /// The same of each part.
    pub(super) binding: Vec<bool>,
    pub(super) units: Units,
    pub(super) missing: Vec<String>,
    pub(super) sources: Vec<String>,
    pub(super) evidence: Vec<String>,
}

impl Outcome {
    /// A verdict of which nothing else is known.
    pub(super) const fn plain(verdict: Verdict) -> Self {
        Self {
            verdict,
            reason: None,
            measured: None,
            threshold: None,
            unit: None,
            stretch: None,
            margin: None,
            attainment: None,
            fraction: None,
            change: None,
            rounding_sensitive: false,
            estimate: false,
            step: None,
            parts: Vec::new(),
            binds: false,
            binding: Vec::new(),
            units: Units { counts: None, failing: Vec::new(), unreported: Vec::new() },
            missing: Vec::new(),
            sources: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// A verdict with its reason.
    pub(super) const fn of(verdict: Verdict, reason: Reason) -> Self {
        let mut outcome = Self::plain(verdict);
        outcome.reason = Some(reason);
        outcome
    }

    /// What names are missing.
    pub(super) fn no_data(missing: Vec<String>) -> Self {
        Self { missing, ..Self::of(Verdict::NoData, Reason::Absent) }
    }

    /// Turns into another verdict with its reason.
    pub(super) fn settle(mut self, verdict: Verdict, reason: Reason) -> Self {
        (self.verdict, self.reason) = (verdict, Some(reason));
        self
    }

    /// A threshold that does not bind yet is not missed.
    pub(super) fn not_due_yet(&mut self) {
        let soften = |verdict: &mut Verdict| {
            if *verdict == Verdict::NotMet {
                *verdict = Verdict::NotDue;
            }
        };
        if !self.binds {
            soften(&mut self.verdict);
        }
        let binding = self.binding.iter().chain(std::iter::repeat(&false));
        for (part, _) in self.parts.iter_mut().zip(binding).filter(|(_, binds)| !**binds) {
            soften(&mut part.verdict);
        }
        if let Some(stretch) = &mut self.stretch {
            soften(&mut stretch.verdict);
        }
    }

    /// The verdict with what explains it, without the figures of what was asked.
    pub(super) fn without_figures(self) -> Self {
        Self {
            missing: self.missing,
            units: self.units,
            sources: self.sources,
            evidence: self.evidence,
            reason: self.reason,
            ..Self::plain(self.verdict)
        }
    }
}
