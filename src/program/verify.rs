//! The invariants of a program, written so that tests can hold every program to them.

use super::lower::{alone, scope_key};
use super::op::{Op, Program, Scope, Step, Test};
use crate::calendar::Period;
use crate::check::model::{IndicatorId, Model};
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
    /// A target with several versions, milestones or branches has an operator of its own.
    #[error("step {0} looks at one of several conditions only")]
    Form(usize),
    /// Window or due date are not those of the target.
    #[error("step {0} is in force or due on other days than its target")]
    Time(usize),
    /// The scope is not that of the target, or not that of the first one like it.
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
    let indicator = |id: &IndicatorId| {
        let found = model.indicator(*id).filter(|found| found.programme == target.programme);
        found.ok_or(Broken::Indicator(at))
    };
    let (named, asks_truth, test) = match &step.op {
        Op::Compare { of, test } => (vec![of], false, Some(test)),
        Op::Quotient { above, below, test } => (vec![above, below], false, Some(test)),
        Op::Truth { of, .. } => (vec![of], true, None),
        Op::Reference => (Vec::new(), false, None),
    };
    for id in named {
        if (indicator(id)?.unit == Unit::YesNo) != asks_truth {
            return Err(Broken::Kind(at));
        }
    }
    if let Some(Test::Within(low, high)) = test
        && low > high
    {
        return Err(Broken::Range(at));
    }
    let late = step.due.is_some_and(|due| step.window.last.is_some_and(|last| due > last));
    let (window, due, scope) = match alone(target) {
        Some((version, due, _)) => (version.window, due, version.scope.as_slice()),
        None if step.op == Op::Reference => (Period::all(), None, [].as_slice()),
        None => return Err(Broken::Form(at)),
    };
    if late || (step.window, step.due) != (window, due) {
        return Err(Broken::Time(at));
    }
    match step.scope {
        Scope::Everyone if scope.is_empty() => Ok(()),
        Scope::LikeTarget(first) if !scope.is_empty() && first <= step.target => {
            let like = model.target(first).and_then(alone).ok_or(Broken::Scope(at))?.0;
            let itself = program.steps.get(first.0 as usize).map(|first| first.scope);
            let same = scope_key(&like.scope) == scope_key(scope);
            if same && itself == Some(step.scope) { Ok(()) } else { Err(Broken::Scope(at)) }
        }
        _ => Err(Broken::Scope(at)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Op, lower};
    use super::*;
    use crate::Rules;
    use crate::check::model::TargetId;
    use crate::number::Rational;

    type Damage = fn(&mut Program);

    #[test]
    fn each_invariant_is_held() {
        let rules = Rules::parse("tỷ lệ a >= 40%\nban hành b = có\n  áp dụng cho: mọi xã").unwrap();
        let model = rules.model();
        let cases: [(Damage, Broken); 8] = [
            (|it| it.steps.truncate(1), Broken::Count),
            (|it| it.steps.reverse(), Broken::Order(0)),
            (|it| it.steps[0].op = truth(9), Broken::Indicator(0)),
            (|it| it.steps[0].op = truth(0), Broken::Kind(0)),
            (|it| it.steps[0].op = within(2, 1), Broken::Range(0)),
            (|it| it.steps[1].window.last = crate::calendar::Date::new(1, 1, 1), Broken::Time(1)),
            (|it| it.steps[1].scope = Scope::Everyone, Broken::Scope(1)),
            (|it| it.steps[1].scope = Scope::LikeTarget(TargetId(0)), Broken::Scope(1)),
        ];
        for (damage, expected) in cases {
            let mut program = lower(model);
            assert_eq!(verify(&program, model), Ok(()));
            damage(&mut program);
            assert_eq!(verify(&program, model), Err(expected));
        }
    }

    fn truth(id: u32) -> Op {
        Op::Truth { of: IndicatorId(id), expected: true }
    }

    fn within(low: i64, high: i64) -> Op {
        let test = Test::Within(Rational::from(low), Rational::from(high));
        Op::Compare { of: IndicatorId(0), test }
    }
}
