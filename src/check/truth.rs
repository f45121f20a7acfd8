//! Conditions that are always or never true, whatever the data say.
//!
//! Enters: a version as made. Leaves: a warning for each such condition. The one idea: two
//! thresholds of one quantity are two sets of numbers, and what no number can be, or every number
//! is, tells nobody apart. Invariant: of a long list only a few are held against each other.

use std::collections::HashMap;

use super::lint::{direct, span, warning};
use super::model::{Branch, Comparison, Condition, Expr, Joined, Model, Threshold, Version};
use crate::diagnostic::{Code, Diagnostics};
use crate::number::{Comparator, End, Interval};

/// So many thresholds of one quantity, or lines with `khi`, are held against each other.
const FEW: usize = 16;

/// What to say: in Vietnamese and in English.
type Said = (String, String);

/// Warns of conditions of a version that are always or never true.
pub(super) fn lint(model: &Model, version: &Version, found: &mut Diagnostics) {
    let mut said: Vec<Said> = Vec::new();
    for milestone in &version.milestones {
        for branch in &milestone.branches {
            condition(&branch.condition, &mut said);
            said.extend(branch.when.iter().flat_map(|when| {
                let mut inner = Vec::new();
                condition(when, &mut inner);
                inner
            }));
            if let Some(comparison) = direct(&branch.condition) {
                said.extend(beside_its_range(model, comparison));
                said.extend(against_itself(comparison));
            }
        }
        said.extend(out_of_reach(&milestone.branches));
    }
    said.dedup();
    for (vi, en) in said {
        found.push(warning(Code::AlwaysSame, version.span, vi, en));
    }
}

/// Joined conditions: thresholds of one quantity that leave nothing, or everything.
fn condition(condition: &Condition, said: &mut Vec<Said>) {
    match condition {
        Condition::All(parts) => {
            joined(parts, &|a, b| a.intersect(b).is_none(), &mut |a, b| {
                said.push((
                    format!("`{a}` và `{b}` không thể cùng đúng"),
                    format!("`{a}` and `{b}` cannot both be true"),
                ));
            });
        }
        Condition::Any(parts) => {
            joined(parts, &cover_everything, &mut |a, b| {
                said.push((
                    format!("`{a}` hoặc `{b}` thì số nào cũng thỏa"),
                    format!("every number satisfies `{a}` or `{b}`"),
                ));
            });
        }
        Condition::Not(part) | Condition::Always(part) => {
            return self::condition(&part.condition, said);
        }
        _ => return,
    }
    if let Condition::All(parts) | Condition::Any(parts) = condition {
        for part in parts {
            self::condition(&part.condition, said);
        }
    }
}

/// The first pair of parts on one quantity of which something holds.
fn joined(
    parts: &[Joined],
    holds: &dyn Fn(&Interval, &Interval) -> bool,
    say: &mut dyn FnMut(&str, &str),
) {
    let mut seen: HashMap<String, Vec<(Interval, &str)>> = HashMap::new();
    for part in parts {
        let Condition::Compare(comparison) = &part.condition else { continue };
        let Some(own) = span(&comparison.threshold) else { continue };
        let others = seen.entry(format!("{:?}", comparison.measure)).or_default();
        if let Some((_, other)) = others.iter().find(|(other, _)| holds(other, &own)) {
            return say(other, &part.text);
        }
        if others.len() < FEW {
            others.push((own, &part.text));
        }
    }
}

/// Whether every number lies in one of two intervals.
fn cover_everything(a: &Interval, b: &Interval) -> bool {
    let (above, below) = match (&a.high, &b.high) {
        (End::Unbounded, _) => (a, b),
        (_, End::Unbounded) => (b, a),
        _ => return false,
    };
    if below.low != End::Unbounded {
        return false;
    }
    match (above.low.value(), below.high.value()) {
        (Some(from), Some(to)) => {
            let meet = !matches!((&above.low, &below.high), (End::Open(_), End::Open(_)));
            from < to || (from == to && meet)
        }
        _ => true,
    }
}

/// A threshold beside the declared range of its indicator.
fn beside_its_range(model: &Model, comparison: &Comparison) -> Option<Said> {
    let Expr::Indicator(id) = &comparison.measure else { return None };
    let indicator = model.indicator(*id).filter(|it| it.unit == comparison.unit)?;
    let range = indicator.range.as_ref()?;
    let name = &indicator.name;
    match span(&comparison.threshold)?.intersect(range) {
        None => Some((
            format!("không giá trị nào trong phạm vi của `{name}` thỏa điều kiện này"),
            format!("no value in the range of `{name}` satisfies this"),
        )),
        Some(inside) if inside == *range => Some((
            format!("giá trị nào trong phạm vi của `{name}` cũng thỏa điều kiện này"),
            format!("every value in the range of `{name}` satisfies this"),
        )),
        Some(_) => None,
    }
}

/// `x >= x`.
fn against_itself(comparison: &Comparison) -> Option<Said> {
    let Threshold::Against { comparator, other } = &comparison.threshold else { return None };
    if comparison.measure != *other {
        return None;
    }
    Some(match comparator {
        Comparator::AtLeast | Comparator::AtMost | Comparator::Equal => (
            "hai vế giống hệt nhau: điều kiện luôn đúng".to_owned(),
            "both sides are the same: this is always true".to_owned(),
        ),
        _ => (
            "hai vế giống hệt nhau: điều kiện luôn sai".to_owned(),
            "both sides are the same: this is never true".to_owned(),
        ),
    })
}

/// Lines with `khi` that are never reached, because a line before takes all that they ask for.
fn out_of_reach(branches: &[Branch]) -> Vec<Said> {
    let mut said = Vec::new();
    let mut seen: Vec<(&Condition, Option<Interval>)> = Vec::new();
    for (branch, number) in branches.iter().zip(1..) {
        let Some(when) = &branch.when else { continue };
        let comparison = direct(when);
        let own = comparison.and_then(|it| span(&it.threshold));
        let takes = |(other, all): &(&Condition, Option<Interval>)| {
            let same = direct(other).map(|it| &it.measure) == comparison.map(|it| &it.measure);
            *other == when
                || (same
                    && own
                        .as_ref()
                        .zip(all.as_ref())
                        .is_some_and(|(own, all)| all.intersect(own).as_ref() == Some(own)))
        };
        if seen.iter().any(takes) {
            said.push((
                format!("dòng `khi` thứ {number} không bao giờ được dùng: dòng trước đã nhận hết"),
                format!("the `when` line {number} is never reached: one before takes all of it"),
            ));
        }
        if seen.len() < FEW {
            seen.push((when, own));
        }
    }
    said
}
