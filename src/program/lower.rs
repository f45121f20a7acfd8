//! Model to program.

use std::collections::HashMap;

use super::dated::dated;
use super::op::{Choice, Edition, Op, Program, Reach, Scope, Stage, Step, Test};
use crate::calendar::{Date, Period};
use crate::check::model::{
    Baseline, Branch, Comparison, Condition, Expr, IndicatorId, Joined, LinkedIndicators,
    Milestone, Model, ScopeItem, TargetId, Threshold, UnitFunction, Version,
};
use crate::number::{Comparator, Rational};

/// Turns each target into a step. A form without a columnar operator becomes [`Op::Reference`].
///
/// ```
/// use chitieu::Rules;
/// use chitieu::program::{Op, lower};
/// let rules = Rules::parse("tỷ lệ a >= 40%").unwrap();
/// let program = lower(rules.model());
/// let [stage] = program.steps[0].editions[0].stages.as_slice() else { unreachable!() };
/// assert!(matches!(stage.choices[0].op, Op::Compare { .. }));
/// ```
pub fn lower(model: &Model) -> Program {
    let (scopes, attributes) = (HashMap::new(), HashMap::new());
    let (program, version) = (Program::default(), Asked::nothing());
    let mut lowering = Lowering { model, program, scopes, attributes, version };
    let linked = LinkedIndicators::of(model);
    for (target, id) in model.targets.iter().zip(0_u32..) {
        let editions = target.versions.iter().map(|it| lowering.edition(it)).collect();
        let reach = if target.is_linked(&linked) { Reach::Linked } else { Reach::Local };
        let step = Step { target: TargetId(id), editions, reach };
        lowering.program.steps.push(step);
    }
    lowering.program
}

/// The operator of a condition, as if it were due; nothing where some part has none of its own, or
/// asks an attribute.
pub fn operator(model: &Model, condition: &Condition) -> Option<Op> {
    let (scopes, attributes) = (HashMap::new(), HashMap::new());
    let (program, version) = (Program::default(), Asked::nothing());
    let mut lowering = Lowering { model, program, scopes, attributes, version };
    Some(lowering.op(condition)).filter(asks_figures_alone)
}

fn asks_figures_alone(op: &Op) -> bool {
    match op {
        Op::Compare { .. } | Op::Quotient { .. } | Op::Truth { .. } => true,
        Op::All(parts) | Op::Any(parts) => parts.iter().all(asks_figures_alone),
        Op::Not(part) => asks_figures_alone(part),
        Op::Attribute(_)
        | Op::Dated(_)
        | Op::Sum { .. }
        | Op::Always { .. }
        | Op::OfUnits
        | Op::Reference => false,
    }
}

/// A program being made, with the places of what it names.
struct Lowering<'a> {
    model: &'a Model,
    program: Program,
    scopes: HashMap<String, u32>,
    attributes: HashMap<String, u32>,
    /// What is known of the version whose conditions are lowered.
    version: Asked,
}

/// What conditions of a version depend on beside themselves.
struct Asked {
    /// It is addressed to one entity alone, which may be the whole of all.
    alone: bool,
    /// Values of other times that the rule declares for the present condition.
    declared: Vec<Baseline>,
    /// The branch has a due date.
    due: bool,
    window: Period,
}

impl Asked {
    /// A condition that belongs to no version.
    fn nothing() -> Self {
        Self { alone: false, declared: Vec::new(), due: false, window: Period::all() }
    }
}

impl Lowering<'_> {
    fn edition(&mut self, version: &Version) -> Edition {
        let (from, window) = (version.from, version.window);
        self.version = Asked {
            alone: matches!(version.scope.as_slice(), [ScopeItem::Entity { .. }]),
            declared: Vec::new(),
            due: false,
            window,
        };
        let scope = match version.scope.as_slice() {
            [] => Scope::Everyone,
            items => {
                let scopes = &mut self.program.scopes;
                Scope::Among(place(&mut self.scopes, scope_key(items), scopes, || items.to_vec()))
            }
        };
        let mut stages: Vec<Stage> =
            version.milestones.iter().map(|it| self.stage(version, it)).collect();
        if version.scoring.as_ref().is_some_and(|scoring| scoring.decides) {
            // It is met at full points and never exceeded, which no operator says.
            let choices = stages.iter_mut().flat_map(|stage| &mut stage.choices);
            choices.for_each(|choice| choice.op = Op::Reference);
        }
        Edition { from, window, scope, stages }
    }

    fn stage(&mut self, version: &Version, milestone: &Milestone) -> Stage {
        self.version.due = milestone.due.is_some();
        let choice = |branch: &Branch| {
            let when = branch.when.as_ref().map(|when| self.op(when));
            let op = match &branch.condition {
                // Its threshold may be another one on another day.
                Condition::Always(_) => self.always_of(version),
                Condition::Compare(_) => {
                    self.version.declared.clone_from(&version.baselines);
                    let op = self.op(&branch.condition);
                    self.version.declared.clear();
                    op
                }
                condition => self.op(condition),
            };
            Choice { when, op }
        };
        Stage { due: milestone.due, choices: milestone.branches.iter().map(choice).collect() }
    }

    fn op(&mut self, condition: &Condition) -> Op {
        let measured =
            |id: &IndicatorId| self.model.indicator(*id).is_some_and(|it| it.formula.is_none());
        match condition {
            condition if !self.version.alone && is_of_units(condition) => Op::OfUnits,
            Condition::Truth { indicator, expected } if measured(indicator) => {
                Op::Truth { of: *indicator, expected: *expected }
            }
            Condition::Compare(comparison) if comparison.needed().iter().all(measured) => {
                let known = (self.version.window.first, self.version.declared.as_slice());
                let past = || dated(comparison, known, &measured);
                compare(comparison).or_else(past).unwrap_or(Op::Reference)
            }
            Condition::Truth { .. } | Condition::Compare(_) => Op::Reference,
            Condition::Attribute(asked) => {
                let (key, attributes) = (format!("{asked:?}"), &mut self.program.attributes);
                Op::Attribute(place(&mut self.attributes, key, attributes, || asked.clone()))
            }
            // What fails always decides before the due date, which codes do not say.
            condition if self.version.due && has_always(condition) => Op::Reference,
            Condition::All(parts) => joined(self.parts(parts), Op::All),
            Condition::Any(parts) => joined(self.parts(parts), Op::Any),
            Condition::Not(part) => match self.op(&part.condition) {
                Op::Reference => Op::Reference,
                op => Op::Not(Box::new(op)),
            },
            Condition::Always(part) => self.always(part),
            Condition::Units(_) => Op::Reference,
        }
    }

    /// What is asked of each snapshot by itself.
    fn always(&mut self, part: &Joined) -> Op {
        match self.op(&part.condition) {
            part if asks_figures_alone(&part) => {
                Op::Always { parts: vec![(None, part)], window: self.version.window }
            }
            _ => Op::Reference,
        }
    }

    /// What is asked of each snapshot by the threshold in force on its day, where that is the same
    /// for everyone, and each of them needs the same.
    fn always_of(&mut self, version: &Version) -> Op {
        let mut parts: Vec<(Option<Date>, Op)> = Vec::new();
        for milestone in &version.milestones {
            let [Branch { when: None, condition: Condition::Always(part) }] =
                milestone.branches.as_slice()
            else {
                return Op::Reference;
            };
            parts.push((milestone.due, self.op(&part.condition)));
        }
        let needed: Vec<_> = parts.iter().map(|(_, part)| part.needed()).collect();
        let is_one = needed.windows(2).all(|two| matches!(two, [a, b] if a == b));
        if !is_one || !parts.iter().all(|(_, part)| asks_figures_alone(part)) {
            return Op::Reference;
        }
        Op::Always { parts, window: version.window }
    }

    fn parts(&mut self, parts: &[Joined]) -> Vec<Op> {
        parts.iter().map(|part| self.op(&part.condition)).collect()
    }
}

/// Whether a condition is about nothing but the units below the entity. A rank is about its peers.
fn is_of_units(condition: &Condition) -> bool {
    let Condition::Compare(Comparison { measure, threshold, .. }) = condition else {
        return matches!(condition, Condition::Units(_));
    };
    let is_fixed = matches!(threshold, Threshold::Bound { .. } | Threshold::Within { .. });
    let (measure, _) = measure.unscaled();
    let of = if let Expr::Units(of) = measure { Some(&of.function) } else { None };
    is_fixed && of.is_some_and(|of| !matches!(of, UnitFunction::Rank { .. }))
}

/// Whether a part is asked of every snapshot of the window.
fn has_always(condition: &Condition) -> bool {
    match condition {
        Condition::Always(_) => true,
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().any(|part| has_always(&part.condition))
        }
        Condition::Not(part) => has_always(&part.condition),
        _ => false,
    }
}

/// The place of what a key stands for; what is new is added.
fn place<T>(
    places: &mut HashMap<String, u32>,
    key: String,
    all: &mut Vec<T>,
    new: impl FnOnce() -> T,
) -> u32 {
    *places.entry(key).or_insert_with(|| {
        all.push(new());
        u32::try_from(all.len() - 1).unwrap_or(u32::MAX)
    })
}

/// Where no part has an operator, the whole has none.
fn joined(parts: Vec<Op>, join: fn(Vec<Op>) -> Op) -> Op {
    if parts.iter().all(|part| *part == Op::Reference) { Op::Reference } else { join(parts) }
}

/// Equal for scopes that mean the same, wherever they stand.
pub(super) fn scope_key(items: &[ScopeItem]) -> String {
    let item = |item: &ScopeItem| match item {
        ScopeItem::Type { types, filter } => format!("{types:?} {filter:?}"),
        ScopeItem::Entity { key, .. } => format!("{key:?}"),
    };
    items.iter().map(item).collect::<Vec<_>>().join(";")
}

fn compare(comparison: &Comparison) -> Option<Op> {
    let test = test(&comparison.threshold)?;
    // A quotient in % is one times 100.
    let (measure, outer) = comparison.measure.unscaled();
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
pub(super) fn test(threshold: &Threshold) -> Option<Test> {
    Some(match threshold {
        Threshold::Bound { comparator, value } => Test::Bound(*comparator, value.clone()),
        Threshold::Within { low, high } => Test::Within(low.clone(), high.clone()),
        Threshold::Rank { within, .. } => Test::Bound(Comparator::AtMost, within.clone()),
        Threshold::Against { .. } | Threshold::Yearly { .. } | Threshold::Unstated { .. } => {
            return None;
        }
    })
}

/// An indicator times a constant.
pub(super) fn scaled(expr: &Expr) -> Option<(IndicatorId, Rational)> {
    match expr.unscaled() {
        (Expr::Indicator(id), factor) => Some((*id, factor)),
        _ => None,
    }
}

/// The test of a number that is multiplied by a positive factor before it is compared.
pub(super) fn divided(test: Test, factor: &Rational) -> Option<Test> {
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
                "0 compare #0 >= 40 | local | in force 2023-01-01/2023-12-31 | scope 0 \
                 | due 2023-12-31 | A `tỷ lệ a`",
                "1 compare #1 >= 40 | local | in force 2023-01-01/2023-12-31 | scope 0 \
                 | B `tỷ lệ b`",
                "2 compare #2 >= 40 | local | in force 2023-01-01/2024-06-30 | due 2024-06-30 \
                 | C `tỷ lệ c`",
            ],
        );
    }

    #[test]
    fn versions_milestones_and_branches_are_listed_below() {
        check(
            "[A] tỷ lệ a >= 40%\n  hiệu lực: từ 01/01/2023\n\
             [A] tỷ lệ a\n  hiệu lực: từ 01/01/2024\n  đến 2024: >= 50%\n\
             \x20 đến 2025 khi vùng = \"a\": >= 60%\n  đến 2025: >= 70%\n",
            &[
                "0 one of | local | A `tỷ lệ a`",
                "  compare #0 >= 40 | in force 2023-01-01/..",
                "  compare #0 >= 50 | from 2024-01-01 | in force 2024-01-01/.. | due 2024-12-31",
                "  when attribute 0: compare #0 >= 60 | from 2024-01-01 | in force 2024-01-01/.. \
                 | due 2025-12-31",
                "  compare #0 >= 70 | from 2024-01-01 | in force 2024-01-01/.. | due 2025-12-31",
            ],
        );
    }

    #[test]
    fn other_times_are_asked_by_columns() {
        check(
            "[A] số x tăng bình quân >= 8%/năm giai đoạn 2021-2023\n\
             [B] số x giảm 2 hộ mỗi năm giai đoạn 2021-2022\n\
             [C] số x tăng >= 5% so với năm 2020\n  mốc 2020: 7\n\
             [D] số y luôn\n  đến 2022: >= 3\n  đến 2023: >= 7\n",
            &[
                "0 #0 against #0 [year 2020] >= 16232/625 after 3 years from 2021 | linked \
                 | due 2023-12-31 | A `số x tăng bình quân giai đoạn 2021-2023`",
                "1 #0 against #0 [year 2020] >= 4 after 2 years from 2021 | linked \
                 | due 2022-12-31 | B `số x giảm mỗi năm giai đoạn 2021-2022`",
                "2 #0 against #0 [year 2020] >= 5 | linked | C `số x tăng so với năm 2020`",
                "3 one of | linked | D `số y luôn`",
                "  always(from 2022-12-31 compare #1 >= 3; from 2023-12-31 compare #1 >= 7) \
                 | due 2022-12-31",
                "  always(from 2022-12-31 compare #1 >= 3; from 2023-12-31 compare #1 >= 7) \
                 | due 2023-12-31",
            ],
        );
    }

    #[test]
    fn joins_have_their_parts() {
        check(
            "[A] số a >= 3 và (số b < 5 hoặc việc c = có)\n[B] không (số a >= 3)\n\
             [C] số a + số b >= 3 và số b > 1\n[D] số a >= số b hoặc không (số a + số b = 3)\n",
            &[
                "0 all(compare #0 >= 3; any(compare #1 < 5; truth #2 = yes)) | local \
                 | A `số a và (số b hoặc việc c)`",
                "1 not(compare #0 >= 3) | local | B `không (số a)`",
                "2 all(reference; compare #1 > 1) | local | C `số a + số b và số b`",
                "3 reference | local | D `số a >= số b hoặc không (số a + số b)`",
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
