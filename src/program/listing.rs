//! A program as people read it: a line a target.

use std::fmt::Write;

use super::op::{Op, Program, Reach, Scope, Step, Test};
use crate::calendar::Period;
use crate::check::model::Model;
use crate::number::Comparator;

/// Lists the steps. Indicators are numbers; the target's code and name stand at the end.
///
/// ```
/// use chitieu::Rules;
/// use chitieu::program::{listing, lower};
/// let rules = Rules::parse("[A] tỷ lệ a >= 40%").unwrap();
/// let listed = listing(&lower(rules.model()), rules.model());
/// assert_eq!(listed, "0 compare #0 >= 40 | local | A `tỷ lệ a`\n");
/// ```
pub fn listing(program: &Program, model: &Model) -> String {
    let mut text = String::new();
    for step in &program.steps {
        let (op, when) = (op(&step.op), when(step));
        let reach = match step.reach {
            Reach::Local => "local",
            Reach::Linked => "linked",
        };
        let target = model.target(step.target);
        let named = match target.and_then(|target| Some((target, target.versions.last()?))) {
            Some((target, version)) => format!("{} `{}`", target.code, version.name),
            None => String::new(),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {op} | {reach}{when} | {named}", step.target.0);
    }
    text
}

fn op(op: &Op) -> String {
    match op {
        Op::Compare { of, test } => format!("compare #{} {}", of.0, against(test)),
        Op::Quotient { above, below, test } => {
            format!("quotient #{} / #{} {}", above.0, below.0, against(test))
        }
        Op::Truth { of, expected } => {
            format!("truth #{} = {}", of.0, if *expected { "yes" } else { "no" })
        }
        Op::Reference => "reference:".to_owned(),
    }
}

fn against(test: &Test) -> String {
    match test {
        Test::Bound(comparator, bound) => format!("{} {bound}", Comparator::symbol(*comparator)),
        Test::Within(low, high) => format!("within {low}..{high}"),
    }
}

fn when(step: &Step) -> String {
    let mut text = String::new();
    if step.window != Period::all() {
        let _ = write!(text, " | in force {}", step.window);
    }
    if let Some(due) = step.due {
        let _ = write!(text, " | due {due}");
    }
    if let Scope::LikeTarget(target) = step.scope {
        let _ = write!(text, " | scope of {}", target.0);
    }
    text
}
