//! What integers told of a target, as a judgement.
//!
//! Enters: a target on a day, and what was told of it. Leaves: the [`Judgement`]. The one idea: what
//! does not depend on the figures was found with the target. Invariant: it is what the reference
//! evaluator says.

use super::plain::Plain;
use crate::calendar::Date;
use crate::check::model::{Model, TargetId};
use crate::number::{Interval, Rational};
use crate::verdict::{Judgement, Measured, Ratio, Reason, Seen, Step, Told, Verdict};

impl Plain {
    /// The judgement of which this was told. `source` says where an entry stands.
    pub(crate) fn judgement(
        &self,
        model: &Model,
        target: TargetId,
        told: &Told,
        (entity, as_of): (&str, Date),
        source: impl Fn(u32) -> Option<String>,
    ) -> Judgement {
        let names = self.of.iter().flatten().filter_map(|id| model.indicator(*id));
        let names = names.map(|indicator| &indicator.name);
        let missing = names.clone().zip(told.missing).filter(|(_, missing)| *missing);
        let step = told.step.zip(names.clone().next()).map(|(add, indicator)| Step::Figure {
            indicator: indicator.clone(),
            add: add.rational(),
            unit: self.step.clone(),
        });
        let mut sources: Vec<String> = told.entries.iter().filter_map(|at| source((*at)?)).collect();
        sources.retain(|source| !source.is_empty());
        sources.dedup();
        Judgement {
            target,
            entity: Some(entity.to_owned()),
            as_of,
            verdict: told.verdict,
            reason: match told.verdict {
                Verdict::NoData => Some(Reason::Absent),
                Verdict::NotApplicable | Verdict::Contradictory => Some(Reason::ZeroDenominator),
                _ => None,
            },
            progress: told.progress,
            measured: match told.measured {
                Seen::Nothing => Measured::Nothing,
                Seen::Number(value) => Measured::Within(Interval::point(value.rational())),
                Seen::Truth(truth) => Measured::Truth(truth),
            },
            threshold: Some(self.asked.clone()),
            unit: Some(self.unit.clone()),
            due: self.due,
            stretch: None,
            margin: told.margin.map(Ratio::rational),
            attainment: told.attainment.map(Ratio::rational),
            fraction: told.fraction.and_then(|[above, below]| Some((whole(above)?, whole(below)?))),
            points: None,
            change: None,
            rounding_sensitive: told.rounding_sensitive,
            estimate: false,
            step,
            parts: Vec::new(),
            units: None,
            failing: Vec::new(),
            unreported: Vec::new(),
            missing: missing.map(|(name, _)| name.clone()).collect(),
            sources,
            evidence: Vec::new(),
        }
    }
}

fn whole((mantissa, scale): (i64, u32)) -> Option<Rational> {
    Ratio::decimal(mantissa, scale).map(Ratio::rational)
}
