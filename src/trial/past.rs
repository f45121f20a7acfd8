//! Figures of other times that matter to a comparison: `x tăng ít nhất 39% so với năm 2022`.
//!
//! Enters: a comparison and the day of its case. Leaves: values now and before. The one idea: a
//! value of another time is one more indicator, so that the cases of growth are found as those of
//! any comparison. Invariant: nothing is given for a day on which it would not be seen.

use super::figures::{self, Side};
use super::scenario::When;
use crate::calendar::Period;
use crate::check::model::{
    Change, Comparison, Expr, Growth, Indicator, IndicatorId, Model, Moment, Threshold,
};
use crate::number::{Interval, Rational};
use crate::verdict::InForce;

/// Values of indicators, now or in another period.
pub(super) type Values = Vec<(IndicatorId, Option<Period>, Rational)>;

/// A comparison in which figures of other times are indicators of their own.
pub(super) struct Flat {
    comparison: Comparison,
    /// The indicators that it names, each for one time.
    model: Model,
    leaves: Vec<(IndicatorId, Option<Period>)>,
    /// Growth that has no meaning from a base of 0.
    relative: bool,
}

impl Flat {
    /// Nothing where no other time is asked, or it is not one that a test can give.
    pub(super) fn of(comparison: &Comparison, model: &Model, when: &When) -> Option<Self> {
        let mut linked = Vec::new();
        comparison.measure.linked(&mut linked);
        if let Threshold::Against { other, .. } = &comparison.threshold {
            other.linked(&mut linked);
        }
        let past = |expr: &&&Expr| matches!(expr, Expr::At(..) | Expr::Cumulative(_));
        if linked.is_empty() || linked.iter().filter(past).count() < linked.len() {
            return None;
        }
        let relative = matches!(
            &comparison.measure,
            Expr::Growth(growth) if growth.change != Change::Difference
        );
        let mut flat = Flattener { when, model, leaves: Vec::new(), inside: None };
        let measure = flat.expr(&comparison.measure)?;
        let threshold = match &comparison.threshold {
            Threshold::Against { comparator, other } => {
                Threshold::Against { comparator: *comparator, other: flat.expr(other)? }
            }
            Threshold::Yearly { .. } => in_force(comparison, when)?,
            other => other.clone(),
        };
        let leaves = flat.leaves;
        let indicators: Option<Vec<Indicator>> =
            leaves.iter().map(|(id, _)| model.indicator(*id).cloned()).collect();
        let comparison = Comparison { measure, unit: comparison.unit.clone(), threshold };
        let model = Model { indicators: indicators?, ..Model::default() };
        Some(Self { comparison, model, leaves, relative })
    }

    /// Cases on each side of the threshold.
    pub(super) fn points(&self) -> Vec<(Side, Values)> {
        let points = figures::points(&self.comparison, &self.model);
        points.into_iter().map(|point| (point.side, self.values(point.values))).collect()
    }

    /// Values that satisfy it, or do not.
    pub(super) fn chosen(&self, satisfied: bool) -> Option<Values> {
        figures::chosen(&self.comparison, &self.model, satisfied).map(|it| self.values(it))
    }

    /// Whether a base of 0 is a case of its own.
    pub(super) fn is_relative(&self) -> bool {
        self.relative && self.leaves.iter().any(|(_, time)| time.is_some())
    }

    fn values(&self, values: figures::Values) -> Values {
        let one = |(place, value): (IndicatorId, Rational)| {
            let (id, time) = *self.leaves.get(place.0 as usize)?;
            Some((id, time, value))
        };
        values.into_iter().filter_map(one).collect()
    }
}

/// What the years of a period come to on the day, as a plain threshold.
fn in_force(comparison: &Comparison, when: &When) -> Option<Threshold> {
    match InForce::on(comparison, when.day?)? {
        InForce::Bound { comparator, bound, .. } => {
            Some(Threshold::Bound { comparator, value: Interval::is_point(&bound)?.clone() })
        }
        _ => None,
    }
}

struct Flattener<'a> {
    when: &'a When,
    model: &'a Model,
    leaves: Vec<(IndicatorId, Option<Period>)>,
    /// The other time that is being read.
    inside: Option<Moment>,
}

impl Flattener<'_> {
    fn expr(&mut self, expr: &Expr) -> Option<Expr> {
        let parts = |flat: &mut Self, parts: &[Expr]| {
            parts.iter().map(|part| flat.expr(part)).collect::<Option<Vec<_>>>()
        };
        Some(match expr {
            Expr::Indicator(id) => self.leaf(*id)?,
            Expr::Number(number) => Expr::Number(number.clone()),
            Expr::Scale(inner, factor) => Expr::Scale(self.boxed(inner)?, factor.clone()),
            Expr::Round(inner, places) => Expr::Round(self.boxed(inner)?, *places),
            Expr::Add(a, b) => Expr::Add(self.boxed(a)?, self.boxed(b)?),
            Expr::Subtract(a, b) => Expr::Subtract(self.boxed(a)?, self.boxed(b)?),
            Expr::Multiply(a, b) => Expr::Multiply(self.boxed(a)?, self.boxed(b)?),
            Expr::Divide(a, b) => Expr::Divide(self.boxed(a)?, self.boxed(b)?),
            Expr::Least(all) => Expr::Least(parts(self, all)?),
            Expr::Greatest(all) => Expr::Greatest(parts(self, all)?),
            Expr::Mean(all) => Expr::Mean(parts(self, all)?),
            Expr::At(of, moment) => {
                if let Some(value) = self.declared(of, *moment) {
                    return Some(Expr::Number(value));
                }
                let mut within = Vec::new();
                of.linked(&mut within);
                if !within.is_empty() {
                    // A sum that goes through both times is not two figures.
                    return None;
                }
                let before = self.inside.replace(*moment);
                let read = self.expr(of);
                self.inside = before;
                read?
            }
            // The snapshot of the case is the only one: its own figure is the sum.
            Expr::Cumulative(of) => self.expr(of)?,
            Expr::Growth(growth) => {
                let now = self.expr(&growth.now)?;
                let base = self.expr(&growth.base)?;
                let (change, falls) = (growth.change, growth.falls);
                Expr::Growth(Box::new(Growth { now, base, change, falls }))
            }
            Expr::Units(_) => return None,
        })
    }

    fn boxed(&mut self, expr: &Expr) -> Option<Box<Expr>> {
        self.expr(expr).map(Box::new)
    }

    /// An indicator of the time that is being read.
    fn leaf(&mut self, id: IndicatorId) -> Option<Expr> {
        self.model.indicator(id)?;
        let time = match self.inside {
            None => None,
            Some(moment) => Some(self.when.period(moment)?),
        };
        let known = self.leaves.iter().position(|leaf| *leaf == (id, time));
        let place = known.unwrap_or_else(|| {
            self.leaves.push((id, time));
            self.leaves.len() - 1
        });
        u32::try_from(place).ok().map(|place| Expr::Indicator(IndicatorId(place)))
    }

    /// The value that a `mốc` states for one indicator at that time.
    fn declared(&self, of: &Expr, moment: Moment) -> Option<Rational> {
        let Expr::Indicator(_) = of else { return None };
        let days = moment.days(self.when.day?).filter(|_| moment != Moment::Previous)?;
        let fits = |(period, _): &&(Period, Rational)| {
            period.last.is_some_and(|last| days.contains(last) && Some(last) <= self.when.day)
        };
        let latest = self.when.known.iter().filter(fits).max_by_key(|(period, _)| period.last)?;
        Some(latest.1.clone())
    }
}
