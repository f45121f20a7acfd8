//! The tests that stand in the rules of a case: what each of their lines came to.
//!
//! A line of a `trials` block is `test target -> verdict`, with `fails` behind it where the rules
//! expect something else; double quotes hold spaces.

use chitieu::{Rules, trial};

use super::case::{Block, Case};
use super::record::words;

/// Lines of a block that did not come out, and what came out in their place.
pub(super) fn differ(case: &Case, block: &Block, rules: &Rules) -> Option<String> {
    let expected: Vec<Vec<String>> = block.text.lines().map(words).collect();
    let actual: Vec<Vec<String>> =
        trial::run(rules.model()).iter().map(|it| line(it, rules)).collect();
    let at = case.at(block.line);
    (expected != actual).then(|| format!("{at}\n  expected: {expected:#?}\n  got: {actual:#?}"))
}

fn line(trial: &trial::Trial<'_>, rules: &Rules) -> Vec<String> {
    let target = rules.model().target(trial.then.target).map_or("", |it| it.code.as_str());
    let verdict = trial.judgement.as_ref().map_or("null", |it| it.verdict.code());
    let mut words: Vec<&str> = vec![&trial.test.name, target, "->", verdict];
    words.extend((!trial.holds).then_some("fails"));
    words.into_iter().map(str::to_owned).collect()
}
