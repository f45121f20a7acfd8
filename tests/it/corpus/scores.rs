//! Totals of points as the cases write them.
//!
//! A line of a `scores` block is `entity date programme -> points=18..38 of=38 rank=1-2`, then a
//! word a group, such as `"Một=18..20"`; what is decided is one number, and double quotes hold
//! spaces. Numbers are exact fractions.

use chitieu::Points;
use chitieu::Rules;
use chitieu::number::Rational;
use chitieu::reference::Reference;
use chitieu::score::{Scores, Total, rank};

use super::case::{Block, Case};
use super::record::words;

/// Lines of a block that did not come out, and what came out in their place.
pub(super) fn differ(case: &Case, block: &Block, rules: &Rules) -> Option<String> {
    let at = case.at(block.line);
    let totals = super::records(case).and_then(|records| {
        let as_of = super::as_of(case)?;
        let data = super::gather(records, as_of)?;
        let reference = Reference::new(rules.model(), &data);
        let cases = reference.cases(as_of);
        let scores = Scores::new(rules.model());
        let all = (0..cases.len()).filter_map(|place| cases.get(&data, place));
        let mut totals: Vec<Total> = all
            .flat_map(|case| scores.of_case(&reference, &case, &reference.judge(&case)))
            .collect();
        rank(&mut totals);
        Ok(totals)
    });
    let totals = match totals {
        Ok(totals) => totals,
        Err(fault) => return Some(format!("{at}\n  {fault}")),
    };
    let expected: Vec<Vec<String>> = block.text.lines().map(words).collect();
    let actual: Vec<Vec<String>> = totals.iter().map(|total| line(total, rules)).collect();
    (expected != actual).then(|| format!("{at}\n  expected: {expected:#?}\n  got: {actual:#?}"))
}

fn line(total: &Total, rules: &Rules) -> Vec<String> {
    let programme = rules.model().programme(total.programme).map_or("", |it| it.code.as_str());
    let mut words = vec![
        total.entity.clone().unwrap_or_else(|| "null".to_owned()),
        total.as_of.to_string(),
        programme.to_owned(),
        "->".to_owned(),
        format!("points={}", span(&total.points)),
        format!("of={}", total.points.maximum),
    ];
    words.extend(total.rank.map(|rank| {
        if rank.best == rank.worst {
            format!("rank={}", rank.best)
        } else {
            format!("rank={}-{}", rank.best, rank.worst)
        }
    }));
    let groups = total.groups.iter();
    words.extend(
        groups.filter_map(|group| {
            Some(format!("{}={}", group.name.as_deref()?, span(&group.points)))
        }),
    );
    words
}

fn span(points: &Points) -> String {
    match points.decided() {
        Some(points) => Rational::to_string(points),
        None => format!("{}..{}", points.worst, points.best),
    }
}
