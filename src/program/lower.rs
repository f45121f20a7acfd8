//! Model to program.

use std::collections::HashMap;

use super::op::{Op, Program, Reach, Scope, Step, Test};
use crate::calendar::{Date, Period};
use crate::check::model::{
    Branch, Comparison, Condition, Expr, IndicatorId, Milestone, Model, ScopeItem, Target,
    TargetId, Threshold, Version,
};
use crate::number::{Comparator, Rational};

/// Turns each target into a step. A form without a columnar operator becomes [`Op::Reference`].
///
/// ```
/// use chitieu::Rules;
/// use chitieu::program::{Op, lower};
/// let rules = Rules::parse("tỷ lệ a >= 40%").unwrap();
/// assert!(matches!(lower(rules.model()).steps[0].op, Op::Compare { .. }));
/// ```
pub fn lower(model: &Model) -> Program {
    let mut scopes: HashMap<String, TargetId> = HashMap::new();
    let targets = model.targets.iter().zip(0_u32..);
    let steps = targets.map(|(target, id)| step(model, target, TargetId(id), &mut scopes));
    Program { steps: steps.collect() }
}

fn step(
    model: &Model,
    target: &Target,
    id: TargetId,
    scopes: &mut HashMap<String, TargetId>,
) -> Step {
    let Some((version, due, condition)) = alone(target) else {
        let (op, window, scope) = (Op::Reference, Period::all(), Scope::Everyone);
        return Step { target: id, op, window, due: None, scope, reach: Reach::Local };
    };
    let scope = match version.scope.as_slice() {
        [] => Scope::Everyone,
        items => Scope::LikeTarget(*scopes.entry(scope_key(items)).or_insert(id)),
    };
    let op = op(condition, model);
    Step { target: id, op, window: version.window, due, scope, reach: Reach::Local }
}

/// The only version of a target, with its only milestone and branch.
pub(super) fn alone(target: &Target) -> Option<(&Version, Option<Date>, &Condition)> {
    let [version @ Version { from: None, milestones, .. }] = target.versions.as_slice() else {
        return None;
    };
    let [Milestone { due, branches }] = milestones.as_slice() else { return None };
    let [Branch { when: None, condition }] = branches.as_slice() else { return None };
    Some((version, *due, condition))
}

/// Equal for scopes that mean the same, wherever they stand.
pub(super) fn scope_key(items: &[ScopeItem]) -> String {
    let item = |item: &ScopeItem| match item {
        ScopeItem::Type { types, filter } => format!("{types:?} {filter:?}"),
        ScopeItem::Entity { key, .. } => format!("{key:?}"),
    };
    items.iter().map(item).collect::<Vec<_>>().join(";")
}

fn op(condition: &Condition, model: &Model) -> Op {
    let measured = |id: &IndicatorId| model.indicator(*id).is_some_and(|it| it.formula.is_none());
    match condition {
        Condition::Truth { indicator, expected } if measured(indicator) => {
            Op::Truth { of: *indicator, expected: *expected }
        }
        Condition::Compare(comparison) if comparison.needed().iter().all(measured) => {
            compare(comparison).unwrap_or(Op::Reference)
        }
        _ => Op::Reference,
    }
}

fn compare(comparison: &Comparison) -> Option<Op> {
    let test = test(&comparison.threshold)?;
    // A quotient in % is one times 100.
    let (measure, outer) = unscaled(&comparison.measure);
    let Expr::Divide(above, below) = measure else {
        let (of, factor) = scaled(&comparison.measure)?;
        return Some(Op::Compare { of, test: divided(test, &factor)? });
    };
    // a·f / (b·g) · u against t is a / b against t·g / (f·u).
    let ((above, f), (below, g)) = (scaled(above)?, scaled(below)?);
    let factor = (&f * &outer).div(&g)?;
    Some(Op::Quotient { above, below, test: divided(test, &factor)? })
}

/// A rank within N is a number of at most N. In a field of another size it decides nothing, but a
/// figure with a field is not plain, and the reference judges it.
fn test(threshold: &Threshold) -> Option<Test> {
    Some(match threshold {
        Threshold::Bound { comparator, value } => Test::Bound(*comparator, value.clone()),
        Threshold::Within { low, high } => Test::Within(low.clone(), high.clone()),
        Threshold::Rank { within, .. } => Test::Bound(Comparator::AtMost, within.clone()),
        Threshold::Against { .. } | Threshold::Unstated { .. } => return None,
    })
}

/// An expression without the constants that it is multiplied by, and their product.
fn unscaled(expr: &Expr) -> (&Expr, Rational) {
    match expr {
        Expr::Scale(inner, factor) => {
            let (inner, within) = unscaled(inner);
            (inner, &within * factor)
        }
        other => (other, Rational::from(1_i64)),
    }
}

/// An indicator times a constant.
fn scaled(expr: &Expr) -> Option<(IndicatorId, Rational)> {
    match unscaled(expr) {
        (Expr::Indicator(id), factor) => Some((*id, factor)),
        _ => None,
    }
}

/// The test of a number that is multiplied by a positive factor before it is compared.
fn divided(test: Test, factor: &Rational) -> Option<Test> {
    if !factor.is_positive() {
        return None;
    }
    Some(match test {
        Test::Bound(comparator, bound) => Test::Bound(comparator, bound.div(factor)?),
        Test::Within(low, high) => Test::Within(low.div(factor)?, high.div(factor)?),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{listing, verify};
    use super::*;
    use crate::Rules;

    fn check(text: &str, expected: &[&str]) {
        let rules = Rules::parse(text).unwrap();
        let program = lower(rules.model());
        assert_eq!(verify(&program, rules.model()), Ok(()), "{text}");
        let shown = listing(&program, rules.model());
        assert_eq!(shown.lines().collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn every_form_has_its_step() {
        check(
            "[A] tỷ lệ a >= 40%\n[B] \"số b\" / \"số c\" < 99,9%\n[C] ban hành d != có\n\
             [D] tỷ lệ e trong khoảng 20% đến 80%\n[E] thứ hạng f trong tốp 10/63\n\
             [G] \"số g\" = 1/3\n",
            &[
                "0 compare #0 >= 40 | local | A `tỷ lệ a`",
                "1 quotient #1 / #2 < 999/1000 | local | B `số b / số c`",
                "2 truth #3 = no | local | C `ban hành d`",
                "3 compare #4 within 20..80 | local | D `tỷ lệ e`",
                "4 compare #5 <= 10 | local | E `thứ hạng f`",
                "5 compare #6 = 1/3 | local | G `số g`",
            ],
        );
    }

    #[test]
    fn units_stand_in_the_bounds() {
        check(
            "[A] \"thu x\" >= 5 tỷ đồng\n[B] \"chi y\" <= 7 triệu đồng\n\
             [C] \"thu x\" / \"chi y\" >= 1,5 lần\n",
            &[
                "0 compare #0 >= 5 | local | A `thu x`",
                "1 compare #1 <= 7 | local | B `chi y`",
                "2 quotient #0 / #1 >= 3/2000 | local | C `thu x / chi y`",
            ],
        );
    }

    #[test]
    fn times_and_scopes_are_shown() {
        check(
            "chương trình: X\nhiệu lực: năm 2023\n\n[A] tỷ lệ a >= 40%\n  áp dụng cho: mọi xã\n\
             [B] tỷ lệ b >= 40%\n  áp dụng cho:  mọi  xã\n  hạn: không\n\
             [C] tỷ lệ c >= 40%\n  hạn: 30/06/2024\n",
            &[
                "0 compare #0 >= 40 | local | in force 2023-01-01/2023-12-31 | due 2023-12-31 \
                 | scope of 0 | A `tỷ lệ a`",
                "1 compare #1 >= 40 | local | in force 2023-01-01/2023-12-31 | scope of 0 \
                 | B `tỷ lệ b`",
                "2 compare #2 >= 40 | local | in force 2023-01-01/2024-06-30 | due 2024-06-30 \
                 | C `tỷ lệ c`",
            ],
        );
    }

    #[test]
    fn nested_quotients_are_for_the_reference() {
        let id = |id| Box::new(Expr::Indicator(IndicatorId(id)));
        let inner = Box::new(Expr::Divide(id(0), id(1)));
        let comparison = Comparison {
            measure: Expr::Divide(inner, id(1)),
            unit: crate::unit::Unit::Times,
            threshold: Threshold::Rank { within: Rational::from(1_i64), field: None },
        };
        assert_eq!(compare(&comparison), None);
    }
}
