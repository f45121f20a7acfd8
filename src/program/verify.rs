//! The invariants of a program, written so that tests can hold every program to them.

use super::lower::scope_key;
use super::op::{Edition, Op, Program, Scope, Stage, Step, Test};
use crate::check::model::{Condition, IndicatorId, Milestone, Model, ProgrammeId, Version};
use crate::unit::Unit;

/// An invariant that does not hold, with the step that breaks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// There is not one step a target.
    #[error("not one step a target")]
    Count,
    /// A step is not in the place of its target.
    #[error("step {0} stands for another target")]
    Order(usize),
    /// A step names an indicator of another programme, or none.
    #[error("step {0} names an indicator that its programme does not have")]
    Indicator(usize),
    /// A yes/no indicator is compared, or another one is asked for yes or no.
    #[error("step {0} asks an indicator for another kind of value")]
    Kind(usize),
    /// The lower end of a range lies above the upper one.
    #[error("step {0} has a range that holds nothing")]
    Range(usize),
    /// There is not one edition a version, one stage a milestone, one choice a branch, or a
    /// condition is joined in another way.
    #[error("step {0} has other conditions than its target")]
    Form(usize),
    /// Window or due date are not those of the target.
    #[error("step {0} is in force or due on other days than its target")]
    Time(usize),
    /// The scope is not that of the target.
    #[error("step {0} applies to others than its target")]
    Scope(usize),
}

/// Holds a program to its invariants.
///
/// # Errors
/// The first that does not hold.
pub fn verify(program: &Program, model: &Model) -> Result<(), Broken> {
    if program.steps.len() != model.targets.len() {
        return Err(Broken::Count);
    }
    for (at, step) in program.steps.iter().enumerate() {
        verify_step(at, step, program, model)?;
    }
    Ok(())
}

fn verify_step(at: usize, step: &Step, program: &Program, model: &Model) -> Result<(), Broken> {
    let target = model.target(step.target).filter(|_| step.target.0 as usize == at);
    let target = target.ok_or(Broken::Order(at))?;
    let held = Held { at, program, model, programme: target.programme };
    if step.editions.len() != target.versions.len() {
        return Err(Broken::Form(at));
    }
    for (edition, version) in step.editions.iter().zip(&target.versions) {
        held.edition(edition, version)?;
    }
    Ok(())
}

/// A step that is held to its target.
struct Held<'a> {
    at: usize,
    program: &'a Program,
    model: &'a Model,
    programme: ProgrammeId,
}

impl Held<'_> {
    fn edition(&self, edition: &Edition, version: &Version) -> Result<(), Broken> {
        if (edition.from, edition.window) != (version.from, version.window) {
            return Err(Broken::Time(self.at));
        }
        let scope = match edition.scope {
            Scope::Everyone => Some(&[][..]),
            Scope::Among(place) => {
                let scope = self.program.scopes.get(place as usize);
                scope.map(Vec::as_slice).filter(|items| !items.is_empty())
            }
        };
        if scope.map(scope_key) != Some(scope_key(&version.scope)) {
            return Err(Broken::Scope(self.at));
        }
        if edition.stages.len() != version.milestones.len() {
            return Err(Broken::Form(self.at));
        }
        for (stage, milestone) in edition.stages.iter().zip(&version.milestones) {
            self.stage(edition, stage, milestone)?;
        }
        Ok(())
    }

    fn stage(&self, edition: &Edition, stage: &Stage, milestone: &Milestone) -> Result<(), Broken> {
        let last = edition.window.last;
        let late = stage.due.is_some_and(|due| last.is_some_and(|last| due > last));
        if late || stage.due != milestone.due {
            return Err(Broken::Time(self.at));
        }
        if stage.choices.len() != milestone.branches.len() {
            return Err(Broken::Form(self.at));
        }
        for (choice, branch) in stage.choices.iter().zip(&milestone.branches) {
            match (&choice.when, &branch.when) {
                (None, None) => {}
                (Some(when), Some(asked)) => self.op(when, asked)?,
                _ => return Err(Broken::Form(self.at)),
            }
            self.op(&choice.op, &branch.condition)?;
        }
        Ok(())
    }

    fn op(&self, op: &Op, condition: &Condition) -> Result<(), Broken> {
        match (op, condition) {
            (Op::Reference, _) | (Op::OfUnits, Condition::Compare(_) | Condition::Units(_)) => {
                Ok(())
            }
            (Op::Compare { of, test } | Op::Sum { of, test, .. }, Condition::Compare(_)) => {
                self.range(test)?;
                self.indicator(*of, false)
            }
            (Op::Quotient { above, below, test }, Condition::Compare(_)) => {
                self.range(test)?;
                self.indicator(*above, false)?;
                self.indicator(*below, false)
            }
            (Op::Dated(dated), Condition::Compare(_)) => {
                self.range(&dated.test)?;
                self.indicator(dated.of, false)?;
                self.indicator(dated.base, false)
            }
            (Op::Always { parts, .. }, Condition::Always(joined)) => {
                // That of the stage is one of them.
                let fits = |(_, part): &(_, Op)| self.op(part, &joined.condition).is_ok();
                if parts.iter().any(fits) { Ok(()) } else { Err(Broken::Form(self.at)) }
            }
            (Op::Truth { of, .. }, Condition::Truth { .. }) => self.indicator(*of, true),
            (Op::Attribute(place), Condition::Attribute(asked)) => {
                let found = self.program.attributes.get(*place as usize);
                if found == Some(asked) { Ok(()) } else { Err(Broken::Form(self.at)) }
            }
            (Op::All(parts), Condition::All(conditions))
            | (Op::Any(parts), Condition::Any(conditions))
                if parts.len() == conditions.len() =>
            {
                let mut pairs = parts.iter().zip(conditions);
                pairs.try_for_each(|(part, joined)| self.op(part, &joined.condition))
            }
            (Op::Not(part), Condition::Not(joined)) => self.op(part, &joined.condition),
            _ => Err(Broken::Form(self.at)),
        }
    }

    fn indicator(&self, id: IndicatorId, asks_truth: bool) -> Result<(), Broken> {
        let found = self.model.indicator(id).filter(|found| found.programme == self.programme);
        let unit = &found.ok_or(Broken::Indicator(self.at))?.unit;
        if (*unit == Unit::YesNo) == asks_truth { Ok(()) } else { Err(Broken::Kind(self.at)) }
    }

    fn range(&self, test: &Test) -> Result<(), Broken> {
        match test {
            Test::Within(low, high) if low > high => Err(Broken::Range(self.at)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lower;
    use super::*;
    use crate::Rules;
    use crate::number::Rational;

    type Damage = fn(&mut Program);

    #[test]
    fn each_invariant_is_held() {
        let text = "tỷ lệ a >= 40% và tỷ lệ a < 50%\nban hành b = có\n  áp dụng cho: mọi xã";
        let rules = Rules::parse(text).unwrap();
        let model = rules.model();
        let cases: [(Damage, Broken); 11] = [
            (|it| it.steps.truncate(1), Broken::Count),
            (|it| it.steps.reverse(), Broken::Order(0)),
            (|it| *op(it, 1) = truth(9), Broken::Indicator(1)),
            (|it| *op(it, 1) = truth(0), Broken::Kind(1)),
            (|it| *op(it, 0) = Op::All(vec![within(2, 1), Op::Reference]), Broken::Range(0)),
            (|it| *op(it, 0) = Op::All(vec![Op::Reference]), Broken::Form(0)),
            (|it| *op(it, 1) = Op::Attribute(0), Broken::Form(1)),
            (|it| it.steps[0].editions.clear(), Broken::Form(0)),
            (|it| it.steps[1].editions[0].stages.clear(), Broken::Form(1)),
            (
                |it| it.steps[1].editions[0].window.last = crate::calendar::Date::new(1, 1, 1),
                Broken::Time(1),
            ),
            (|it| it.steps[1].editions[0].scope = Scope::Everyone, Broken::Scope(1)),
        ];
        for (damage, expected) in cases {
            let mut program = lower(model);
            assert_eq!(verify(&program, model), Ok(()));
            damage(&mut program);
            assert_eq!(verify(&program, model), Err(expected));
        }
    }

    fn op(program: &mut Program, step: usize) -> &mut Op {
        &mut program.steps[step].editions[0].stages[0].choices[0].op
    }

    fn truth(id: u32) -> Op {
        Op::Truth { of: IndicatorId(id), expected: true }
    }

    fn within(low: i64, high: i64) -> Op {
        let test = Test::Within(Rational::from(low), Rational::from(high));
        Op::Compare { of: IndicatorId(0), test }
    }
}
