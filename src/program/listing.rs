//! A program as people read it: a line a target, and below it one for each choice of several.

use std::fmt::Write;

use super::op::{Edition, Op, Program, Reach, Scope, Stage, Step, Test};
use crate::calendar::{Date, Period};
use crate::check::model::Model;
use crate::diagnostic::Lang;

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
        let reach = match step.reach {
            Reach::Local => "local",
            Reach::Linked => "linked",
        };
        let target = model.target(step.target);
        let named = match target.and_then(|target| Some((target, target.versions.last()?))) {
            Some((target, version)) => format!("{} `{}`", target.code, version.name),
            None => String::new(),
        };
        let number = step.target.0;
        // Writing to a string cannot fail.
        let _ = match choices(step).as_slice() {
            [(op, when)] => writeln!(text, "{number} {op} | {reach}{when} | {named}"),
            several => {
                let lines = several.iter().map(|(op, when)| format!("  {op}{when}\n"));
                writeln!(text, "{number} one of | {reach} | {named}")
                    .and_then(|()| text.write_str(&lines.collect::<String>()))
            }
        };
    }
    text
}

/// Each choice of a step, and when it is asked.
fn choices(step: &Step) -> Vec<(String, String)> {
    let stages = step.editions.iter().flat_map(|it| it.stages.iter().map(move |stage| (it, stage)));
    let choices = stages.flat_map(|(edition, stage)| {
        stage.choices.iter().map(move |choice| {
            let asked = choice.when.as_ref().map(|when| format!("when {}: ", op(when)));
            (asked.unwrap_or_default() + &op(&choice.op), when(edition, stage))
        })
    });
    choices.collect()
}

fn op(it: &Op) -> String {
    let parts = |parts: &[Op]| parts.iter().map(op).collect::<Vec<_>>().join("; ");
    match it {
        Op::Compare { of, test } => format!("compare #{} {}", of.0, against(test)),
        Op::Quotient { above, below, test } => {
            format!("quotient #{} / #{} {}", above.0, below.0, against(test))
        }
        Op::Truth { of, expected } => {
            format!("truth #{} = {}", of.0, if *expected { "yes" } else { "no" })
        }
        Op::Attribute(place) => format!("attribute {place}"),
        Op::All(all) => format!("all({})", parts(all)),
        Op::Any(any) => format!("any({})", parts(any)),
        Op::Not(part) => format!("not({})", op(part)),
        Op::Dated(dated) => {
            let (moment, test) = (dated.moment.words(Lang::En), against(&dated.test));
            let years = match dated.first_year {
                Some(first) => format!(" after {} years from {first}", dated.ends.len()),
                None => String::new(),
            };
            format!("#{} against #{} [{moment}] {test}{years}", dated.of.0, dated.base.0)
        }
        Op::Sum { of, test, .. } => format!("sum #{} {}", of.0, against(test)),
        Op::Always { parts, .. } => {
            let part = |(due, part): &(Option<Date>, Op)| match due {
                Some(due) => format!("from {due} {}", op(part)),
                None => op(part),
            };
            format!("always({})", parts.iter().map(part).collect::<Vec<_>>().join("; "))
        }
        Op::OfUnits => "of units".to_owned(),
        Op::Reference => "reference".to_owned(),
    }
}

fn against(test: &Test) -> String {
    match test {
        Test::Bound(comparator, bound) => format!("{} {bound}", comparator.symbol()),
        Test::Within(low, high) => format!("within {low}..{high}"),
    }
}

fn when(edition: &Edition, stage: &Stage) -> String {
    let mut text = String::new();
    if let Some(from) = edition.from {
        let _ = write!(text, " | from {from}");
    }
    if edition.window != Period::all() {
        let _ = write!(text, " | in force {}", edition.window);
    }
    if let Scope::Among(place) = edition.scope {
        let _ = write!(text, " | scope {place}");
    }
    if let Some(due) = stage.due {
        let _ = write!(text, " | due {due}");
    }
    text
}
