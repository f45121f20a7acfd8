//! Units that matter to a share, a count or a function of them: one too few, just enough, one more.
//!
//! Enters: a condition over units. Leaves: groups of made-up units, each with what they report.
//! The one idea: how many satisfy follows from the threshold, and what makes one unit satisfy is
//! found as for any condition. Invariant: what a unit reports can be written in a test; a
//! condition for which that is not known (a share within a share) makes no case.

use super::figures;
use super::scenario::{Given, Scenario};
use crate::check::model::{
    Comparison, Condition, EveryUnit, Expr, Model, OfUnits, Population, Threshold, UnitFunction,
};
use crate::number::{Comparator, Rational};

/// The largest number of units that one case makes up.
const UNITS_MAX: u32 = 200;

/// Units that report the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) count: u32,
    pub(super) population: Population,
    /// What each of them reports; `None`: nothing.
    pub(super) given: Option<Scenario>,
}

/// A case of a condition over units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) title: (&'static str, &'static str),
    pub(super) groups: Vec<Group>,
    /// Figures of the entity itself, which is ranked among the units.
    pub(super) own: figures::Values,
}

/// So many of so many satisfy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Level {
    title: (&'static str, &'static str),
    satisfied: u32,
    total: u32,
}

const BELOW: (&str, &str) = ("ngay dưới ngưỡng", "just below the threshold");
const AT: (&str, &str) = ("đúng ngưỡng", "at the threshold");
const ABOVE: (&str, &str) = ("ngay trên ngưỡng", "just above the threshold");
const SILENT: (&str, &str) = ("một đơn vị chưa báo cáo", "one unit has not reported");
const EMPTY: (&str, &str) = ("không có đơn vị nào", "no units");

/// The quantity of units that a comparison measures, and nothing else.
pub(super) fn measured(comparison: &Comparison) -> Option<&OfUnits> {
    match &comparison.measure {
        Expr::Units(of) => Some(of),
        _ => None,
    }
}

/// The cases of a comparison that measures units.
pub(super) fn cases(comparison: &Comparison, of: &OfUnits, model: &Model) -> Vec<Shape> {
    match &of.function {
        UnitFunction::Share(part) | UnitFunction::Count(part) => {
            let share = matches!(of.function, UnitFunction::Share(_));
            let levels = levels(&comparison.threshold, share);
            let holds = |satisfied| Sample::of(&of.population, &part.condition, model, satisfied);
            let Some((yes, no)) = holds(true).zip(holds(false)) else { return Vec::new() };
            let mut shapes: Vec<Shape> = Vec::new();
            for level in &levels {
                let failed = level.total - level.satisfied;
                let groups = [yes.times(level.satisfied), no.times(failed)];
                shapes.push(Shape::new(level.title, groups.into_iter().flatten()));
            }
            let silent = levels.iter().find(|level| level.title == AT).or_else(|| levels.first());
            if let Some(level) = silent {
                // One unit that matters less is known.
                let (satisfied, failed) = (level.satisfied, level.total - level.satisfied);
                let ceiling = is_ceiling(&comparison.threshold);
                let (satisfied, failed) = match (ceiling, satisfied, failed) {
                    (true, _, 1..) | (false, 0, _) => (satisfied, failed.saturating_sub(1)),
                    _ => (satisfied.saturating_sub(1), failed),
                };
                let groups = [yes.times(satisfied), no.times(failed), Some(yes.silent(1))];
                shapes.push(Shape::new(SILENT, groups.into_iter().flatten()));
            }
            shapes.push(Shape::new(EMPTY, std::iter::once(yes.none())));
            shapes
        }
        UnitFunction::Rank { of: ranked, higher_is_better } => {
            ranks(comparison, &of.population, ranked, *higher_is_better, model)
        }
        UnitFunction::Sum(inner)
        | UnitFunction::Mean(inner)
        | UnitFunction::Least(inner)
        | UnitFunction::Greatest(inner) => single(comparison, &of.population, inner, model),
    }
}

/// The cases of `mọi … đạt` and `không … nào`.
pub(super) fn every(every: &EveryUnit, model: &Model) -> Vec<Shape> {
    let holds =
        |holds| Sample::of(&every.population, &every.part.condition, model, holds != every.none);
    let Some((right, wrong)) = holds(true).zip(holds(false)) else { return Vec::new() };
    let all = ("mọi đơn vị đúng yêu cầu", "all units as asked");
    let one = ("một đơn vị trái yêu cầu", "one unit against it");
    let groups =
        |title, groups: [Option<Group>; 2]| Shape::new(title, groups.into_iter().flatten());
    vec![
        groups(all, [right.times(3), None]),
        groups(one, [right.times(2), wrong.times(1)]),
        groups(SILENT, [right.times(2), Some(right.silent(1))]),
        groups(EMPTY, [Some(right.none()), None]),
    ]
}

/// Groups with which a condition over units holds, or does not.
pub(super) fn chosen(condition: &Condition, holds: bool, model: &Model) -> Option<Shape> {
    match condition {
        Condition::Units(every_unit) => {
            every(every_unit, model).into_iter().nth(usize::from(!holds))
        }
        Condition::Compare(comparison) => {
            let of = measured(comparison)?;
            let cases = cases(comparison, of, model);
            let fits =
                |shape: &&Shape| satisfies(&comparison.threshold, shape.title) == Some(holds);
            cases.iter().find(fits).cloned()
        }
        _ => None,
    }
}

const fn is_ceiling(threshold: &Threshold) -> bool {
    matches!(
        threshold,
        Threshold::Bound { comparator: Comparator::AtMost | Comparator::LessThan, .. }
    )
}

/// Whether a case on one side of a threshold satisfies it.
fn satisfies(threshold: &Threshold, title: (&str, &str)) -> Option<bool> {
    let side = [BELOW, AT, ABOVE].iter().position(|known| *known == title)?;
    let side = Rational::from(i64::try_from(side).ok()? - 1);
    match threshold {
        Threshold::Bound { comparator, .. } => Some(comparator.holds(&side, &Rational::zero())),
        Threshold::Rank { .. } => Some(Comparator::AtMost.holds(&side, &Rational::zero())),
        Threshold::Within { .. } => Some(title == AT),
        _ => None,
    }
}

impl Shape {
    fn new(title: (&'static str, &'static str), groups: impl Iterator<Item = Group>) -> Self {
        Self { title, groups: groups.collect(), own: Vec::new() }
    }
}

/// A unit that satisfies a condition, or does not.
struct Sample<'a> {
    population: &'a Population,
    given: Scenario,
}

impl<'a> Sample<'a> {
    fn of(
        population: &'a Population,
        condition: &Condition,
        model: &Model,
        holds: bool,
    ) -> Option<Self> {
        let mut given = Scenario::default();
        given.assume(condition, holds, model);
        let writable = given.entity.is_none() && given.units.is_empty();
        let says = !given.figures.is_empty() || !given.attributes.is_empty();
        (writable && says).then_some(Self { population, given })
    }

    fn group(&self, count: u32, given: Option<Scenario>) -> Group {
        Group { count, population: self.population.clone(), given }
    }

    fn times(&self, count: u32) -> Option<Group> {
        (count > 0).then(|| self.group(count, Some(self.given.clone())))
    }

    fn silent(&self, count: u32) -> Group {
        self.group(count, None)
    }

    /// A line that makes up nobody, so that the population is seen to be empty.
    fn none(&self) -> Group {
        self.group(0, None)
    }
}

/// How many satisfy around each end of a threshold.
fn levels(threshold: &Threshold, share: bool) -> Vec<Level> {
    let around = |value: &Rational, wanted: &[(&'static str, &'static str)]| {
        let all = if share { shares(value) } else { counts(value) };
        all.into_iter().filter(|level| wanted.contains(&level.title)).collect::<Vec<_>>()
    };
    match threshold {
        Threshold::Bound { value, .. } => around(value, &[BELOW, AT, ABOVE]),
        Threshold::Within { low, high } => {
            let mut levels = around(low, &[BELOW, AT]);
            levels.extend(around(high, &[AT, ABOVE]));
            levels
        }
        _ => Vec::new(),
    }
}

/// Around a share in %: of as few units as make it exact.
fn shares(percent: &Rational) -> Vec<Level> {
    let part = percent * &Rational::pow10(-2);
    let total = (4..=UNITS_MAX)
        .find(|total| (&part * &Rational::from(i64::from(*total))).is_integer())
        .unwrap_or(100);
    let reached = &part * &Rational::from(i64::from(total));
    let whole = |value: Rational| {
        let value = value.to_i128().and_then(|value| u32::try_from(value).ok());
        value.filter(|value| *value <= total)
    };
    let exact = reached.is_integer();
    let one = Rational::from(1_i64);
    let below = if exact { &reached - &one } else { reached.floor() };
    let above = if exact { &reached + &one } else { reached.ceil() };
    let at = exact.then(|| whole(reached.clone())).flatten();
    let levels = [(BELOW, whole(below)), (AT, at), (ABOVE, whole(above))];
    let level =
        |(title, satisfied): (_, Option<u32>)| Some(Level { title, satisfied: satisfied?, total });
    levels.into_iter().filter_map(level).collect()
}

/// Around a number of units.
fn counts(value: &Rational) -> Vec<Level> {
    let Some(count) = value.to_i128().filter(|_| value.is_integer()) else { return Vec::new() };
    let Some(total) = u32::try_from(count + 1).ok().filter(|total| *total <= UNITS_MAX) else {
        return Vec::new();
    };
    let levels = [(BELOW, count - 1), (AT, count), (ABOVE, count + 1)];
    let level = |(title, satisfied): (_, i128)| {
        Some(Level { title, satisfied: u32::try_from(satisfied).ok()?, total })
    };
    levels.into_iter().filter_map(level).collect()
}

/// A function of one unit is what that unit reports; a second one that is silent leaves it open.
fn single(
    comparison: &Comparison,
    population: &Population,
    inner: &Expr,
    model: &Model,
) -> Vec<Shape> {
    let of_one = Comparison { measure: inner.clone(), ..comparison.clone() };
    let mut shapes = Vec::new();
    for point in figures::points(&of_one, model) {
        let title = match point.side {
            figures::Side::Below => BELOW,
            figures::Side::At => AT,
            figures::Side::Above => ABOVE,
        };
        let mut given = Scenario::default();
        given.give_all(&point.values);
        let sample = Sample { population, given };
        shapes.push(Shape::new(title, sample.times(1).into_iter()));
        if title == AT {
            let groups = [sample.times(1), Some(sample.silent(1))];
            shapes.push(Shape::new(SILENT, groups.into_iter().flatten()));
        }
    }
    if let Some(known) = shapes.first().and_then(|shape| shape.groups.first()).cloned() {
        let nobody = Group { count: 0, given: None, ..known };
        shapes.push(Shape::new(EMPTY, std::iter::once(nobody)));
    }
    shapes
}

/// The entity among others of which so many are better: one rank better than asked, that rank,
/// one worse.
fn ranks(
    comparison: &Comparison,
    population: &Population,
    ranked: &Expr,
    higher_is_better: bool,
    model: &Model,
) -> Vec<Shape> {
    let (Threshold::Bound { value: within, .. } | Threshold::Rank { within, .. }) =
        &comparison.threshold
    else {
        return Vec::new();
    };
    let Expr::Indicator(id) = ranked else { return Vec::new() };
    let Some(rank) = within.to_i128().filter(|_| within.is_integer()) else { return Vec::new() };
    let (own, better) = (Rational::from(50_i64), if higher_is_better { 60_i64 } else { 40 });
    let better = Rational::from(better);
    if !figures::in_range(*id, &own, model) || !figures::in_range(*id, &better, model) {
        return Vec::new();
    }
    let mut given = Scenario::default();
    given.give(*id, Given::Number(better));
    let sample = Sample { population, given };
    let mut shapes = Vec::new();
    for (title, rank) in [(BELOW, rank - 1), (AT, rank), (ABOVE, rank + 1)] {
        let Some(others) = u32::try_from(rank - 1).ok().filter(|it| *it <= UNITS_MAX) else {
            continue;
        };
        let mut shape = Shape::new(title, sample.times(others).into_iter());
        shape.own = vec![(*id, own.clone())];
        if title == AT {
            let groups = [sample.times(others), Some(sample.silent(1))];
            let mut open = Shape::new(SILENT, groups.into_iter().flatten());
            open.own.clone_from(&shape.own);
            shapes.push(open);
        }
        shapes.push(shape);
    }
    shapes
}
