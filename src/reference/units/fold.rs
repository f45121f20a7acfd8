//! Functions of a figure of each unit: sum, mean, least, greatest.

use super::super::compare::may_be_rounded;
use super::super::figures::{Computed, Found, Leaf, Units, format, listed, understood};
use super::super::measure::{self, Quantity};
use super::super::scope::Answer;
use super::super::{Place, Reference};
use super::{Below, SOURCES, Unit};
use crate::check::model::{Expr, Model, OfUnits};
use crate::diagnostic::Lang;
use crate::number::{End, Interval, Rational};
use crate::snapshot::{Figure, Known, Value};
use crate::verdict::{Reason, Verdict};

/// What one unit gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Part {
    /// Whatever its figure may be; nothing where it is not applicable to the unit.
    pub(super) value: Option<Interval>,
    /// Whatever it may be before rounding, where it was rounded.
    pub(super) unrounded: Option<Interval>,
    /// Its figure is not known: it has none, or a contradictory one, or only about one.
    pub(super) open: bool,
    /// It has a figure that is needed.
    pub(super) reported: bool,
    pub(super) estimate: bool,
    pub(super) noun: Option<String>,
}

/// Makes one of many: of units that surely count, and of those that may.
type Make = fn(&[Interval], &[Interval]) -> Option<Interval>;

impl Reference<'_> {
    /// A function of the figures of all units.
    pub(super) fn folded(
        &self,
        place: &Place<'_>,
        below: &Below<'_>,
        of: &OfUnits,
        expr: &Expr,
        make: Make,
    ) -> Found {
        let mut all = Parts::default();
        for number in below.units {
            let Some(unit) = self.unit(place, below, &of.population, *number) else { continue };
            let ask = || self.part(place, &unit, expr);
            let part = match &below.memo {
                Some(memo) => memo.part(&unit, ask),
                None => ask(),
            };
            let reported = part.reported && part.value.is_some();
            all.add(&unit, part);
            if reported && all.shown < SOURCES && !place.bare && !place.unit {
                all.sources.extend(self.sources_of(place, &unit, expr));
                all.shown += 1;
            }
        }
        let units = Units { unreported: self.ids(all.unreported), ..Units::default() };
        if !all.reported && all.open {
            let mut ids = Vec::new();
            expr.named(&mut ids);
            let missing = self.names(&ids).into_iter().chain(all.missing).collect();
            let why = Some(Reason::Absent);
            return Found { missing, why, units, ..Found::of(Figure::Absent) };
        }
        let Some(value) = make(&all.sure, &all.maybe) else {
            let why = Some(Reason::EmptyPopulation);
            return Found { why, ..Found::of(Figure::NotApplicable) };
        };
        let unrounded = if all.rounded { make(&all.unrounded.0, &all.unrounded.1) } else { None };
        let (noun, estimate) = (all.noun, all.estimate);
        let value = Value::Within(value);
        let figure = Figure::Known(Known { noun, unrounded, estimate, ..plain(value) });
        let why = all.open.then_some(Reason::UnitsUnreported);
        let (places, missing) = (all.sources, all.missing);
        Found { places, missing, why, units, ..Found::of(figure) }
    }

    /// Where the figures stand of which a quantity of a unit is made.
    pub(super) fn sources_of(
        &self,
        place: &Place<'_>,
        unit: &Unit<'_>,
        expr: &Expr,
    ) -> Vec<String> {
        let computed = &Computed::default();
        let own = Place::new(&unit.case, place.programme, place.window, computed);
        let mut leaves = Vec::new();
        Leaf::all(expr, &mut leaves);
        match self.figures(&own, &leaves) {
            Ok(figures) => figures.outcome().outcome.sources,
            Err(outcome) => outcome.sources,
        }
    }

    /// What a unit gives by the one figure that its latest snapshot holds of an indicator: the same
    /// as [`Reference::part`], without looking for others.
    fn own_figure(&self, place: &Place<'_>, unit: &Unit<'_>, expr: &Expr) -> Option<Part> {
        let Expr::Indicator(id) = expr else { return None };
        let number = *unit.case.snapshots.first()?;
        let snapshot = self.data.snapshots.get(number as usize)?;
        let indicator = self.model.indicator(*id).filter(|it| it.formula.is_none())?;
        let list = self.index().sorted(number, || self.by_indicator(snapshot));
        let mut given = listed(self.data, list, snapshot, *id);
        let (one, others) = (given.next()?, given.next());
        if others.is_some() || !place.window.contains(snapshot.as_of) {
            return None;
        }
        let lang = self.model.programme(place.programme).map_or(Lang::Vi, |it| it.lang);
        let Figure::Known(known) = understood(&[one], indicator, format(lang)) else {
            return None;
        };
        let Value::Within(value) = &known.value else { return None };
        let unrounded = match self.unrounded(Leaf::Indicator(*id), &known) {
            Value::Within(before) if may_be_rounded(&known) => Some(before),
            _ => None,
        };
        let (value, estimate) = (Some(value.clone()), known.estimate);
        let (open, reported, noun) = (false, true, known.noun);
        Some(Part { value, unrounded, open, reported, estimate, noun })
    }

    /// What one unit gives.
    pub(super) fn part(&self, place: &Place<'_>, unit: &Unit<'_>, expr: &Expr) -> Part {
        if let Some(own) = self.own_figure(place, unit, expr) {
            return own;
        }
        Self::at_unit(place, unit, |place| {
            let mut leaves = Vec::new();
            Leaf::all(expr, &mut leaves);
            let open = |reported: bool| {
                let value = Some(self.possible(expr));
                Part { value, open: true, reported, ..Part::default() }
            };
            let filling = match self.figures(place, &leaves) {
                Ok(figures) => figures.outcome(),
                Err(outcome) => {
                    return match outcome.verdict {
                        Verdict::NotApplicable => Part { reported: true, ..Part::default() },
                        Verdict::NoData => {
                            open(leaves.iter().any(|leaf| self.has_figure(place, leaf)))
                        }
                        _ => open(true),
                    };
                }
            };
            let known = &filling.known;
            let noun = known.first().and_then(|(_, known)| known.noun.clone());
            let unrounded = self.before(expr, known);
            match measure::value(expr, known, &measure::as_given) {
                Quantity::Within(value) => Part {
                    value: Some(value),
                    unrounded,
                    open: filling.open.is_some(),
                    reported: filling.open != Some(Reason::Absent),
                    estimate: filling.outcome.estimate,
                    noun,
                },
                Quantity::NotApplicable(_) => Part { reported: true, ..Part::default() },
                Quantity::About(_) | Quantity::Contradictory(_) | Quantity::Endless => open(true),
            }
        })
    }
}

/// What all units give.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
struct Parts {
    sure: Vec<Interval>,
    /// Of units of which nobody said whether they belong to the population.
    maybe: Vec<Interval>,
    /// Both, before rounding.
    unrounded: (Vec<Interval>, Vec<Interval>),
    rounded: bool,
    open: bool,
    reported: bool,
    estimate: bool,
    noun: Option<String>,
    unreported: Vec<u32>,
    missing: Vec<String>,
    sources: Vec<String>,
    shown: usize,
}

impl Parts {
    fn add(&mut self, unit: &Unit<'_>, part: Part) {
        let Some(value) = part.value else { return };
        self.rounded |= part.unrounded.is_some();
        let unrounded = part.unrounded.unwrap_or_else(|| value.clone());
        match &unit.open {
            None => {
                self.sure.push(value);
                self.unrounded.0.push(unrounded);
            }
            Some(open) => {
                self.maybe.push(value);
                self.unrounded.1.push(unrounded);
                if let Answer::Unknown(names) = open {
                    let new = names.iter().filter(|name| !self.missing.contains(name));
                    let new: Vec<String> = new.cloned().collect();
                    self.missing.extend(new);
                }
            }
        }
        self.open |= part.open || unit.open.is_some();
        self.reported |= part.reported;
        self.estimate |= part.estimate;
        self.noun = self.noun.take().or(part.noun);
        if !part.reported {
            self.unreported.push(unit.place);
        }
    }
}

/// The sum. Halves are added to halves, so that the sum of many fractions stays affordable.
pub(super) fn sum(sure: &[Interval], maybe: &[Interval]) -> Option<Interval> {
    let nothing = Interval::point(Rational::zero());
    let or_nothing = maybe.iter().map(|it| it.least(&nothing).low).zip(maybe);
    let or_nothing = or_nothing.map(|(low, it)| Interval { low, high: it.greatest(&nothing).high });
    let all: Vec<Interval> = sure.iter().cloned().chain(or_nothing).collect();
    total(&all)
}

fn total(all: &[Interval]) -> Option<Interval> {
    match all {
        [] => None,
        [one] => Some(one.clone()),
        many => {
            let (first, rest) = many.split_at(many.len() / 2);
            Some(total(first)?.add(&total(rest)?))
        }
    }
}

/// The mean.
pub(super) fn mean(sure: &[Interval], maybe: &[Interval]) -> Option<Interval> {
    let high = highest_mean(sure, maybe)?;
    let turned = |all: &[Interval]| all.iter().map(Interval::neg).collect::<Vec<_>>();
    let low = highest_mean(&turned(sure), &turned(maybe))?;
    let low = Interval { low: End::Unbounded, high: low }.neg().low;
    Some(Interval { low, high })
}

/// The upper end of the mean: those that may count do where that raises it.
fn highest_mean(sure: &[Interval], maybe: &[Interval]) -> Option<End> {
    let number = |count: usize| Rational::from(i64::try_from(count).unwrap_or(i64::MAX));
    let upper = |one: &Interval| Interval { low: one.high.clone(), high: one.high.clone() };
    if maybe.iter().chain(sure).any(|one| one.high == End::Unbounded) {
        return Some(End::Unbounded);
    }
    let mut ends: Vec<&Rational> = maybe.iter().filter_map(|one| one.high.value()).collect();
    ends.sort_unstable_by(|a, b| b.cmp(a));
    let tops: Vec<Interval> = sure.iter().map(upper).collect();
    let Some(whole) = total(&tops) else {
        return Some(End::Closed((*ends.first()?).clone()));
    };
    let count = number(sure.len());
    let mut best = whole.scale(&Rational::from(1_i64).div(&count)?).high;
    let (mut sum, mut counted) = (whole.high.value()?.clone(), sure.len());
    for end in ends {
        if best.value().is_some_and(|best| end <= best) {
            break;
        }
        (sum, counted) = (&sum + end, counted + 1);
        best = End::Closed(sum.div(&number(counted))?);
    }
    Some(best)
}

/// The least.
pub(super) fn least(sure: &[Interval], maybe: &[Interval]) -> Option<Interval> {
    let lowest = |all: &[Interval]| all.iter().cloned().reduce(|a, b| a.least(&b));
    let highest = |all: &[Interval]| all.iter().cloned().reduce(|a, b| a.greatest(&b));
    match (lowest(sure), lowest(maybe)) {
        (Some(sure), Some(maybe)) => {
            Some(Interval { low: sure.least(&maybe).low, high: sure.high })
        }
        (None, Some(low)) => Some(Interval { low: low.low, high: highest(maybe)?.high }),
        (sure, None) => sure,
    }
}

/// The greatest.
pub(super) fn greatest(sure: &[Interval], maybe: &[Interval]) -> Option<Interval> {
    let turned = |all: &[Interval]| all.iter().map(Interval::neg).collect::<Vec<_>>();
    least(&turned(sure), &turned(maybe)).map(|least| least.neg())
}

/// Anything that a quantity may be: where indicators have declared ranges, what follows from them.
pub(super) fn possible(model: &Model, expr: &Expr) -> Interval {
    let mut leaves = Vec::new();
    Leaf::all(expr, &mut leaves);
    let known: Vec<_> = leaves
        .into_iter()
        .map(|leaf| {
            let range = leaf.indicator().and_then(|id| model.indicator(id)?.range.clone());
            (leaf, plain(Value::Within(range.unwrap_or_else(Interval::all))))
        })
        .collect();
    match measure::value(expr, &known, &measure::as_given) {
        Quantity::Within(interval) => interval,
        _ => Interval::all(),
    }
}

/// A figure of which nothing but the value is known.
pub(super) const fn plain(value: Value) -> Known {
    let (fraction, noun, last_digit, unrounded, field) = (None, None, None, None, None);
    Known { value, fraction, noun, last_digit, unrounded, field, estimate: false }
}
