//! Section 9: the points of one target.

use super::figures::Leaf;
use super::measure::{self, Quantity};
use super::outcome::Outcome;
use super::{Place, Reference};
use crate::check::model::{Expr, Milestone, Pieces, Scale, ScoreStep, Scoring};
use crate::number::{Interval, Rational};
use crate::verdict::{Points, Verdict};

/// What a quantity is worth where points are given for it.
enum Worth {
    Within(Interval),
    /// More than any number.
    Endless,
    /// Missing, contradictory or only "about" a number: anything is possible.
    Open,
    NotApplicable,
}

impl Reference<'_> {
    /// The points of a target that is scored. What is not applicable drops out; missing data give
    /// none and leave all.
    pub(super) fn points(
        &self,
        place: &Place<'_>,
        scoring: &Scoring,
        milestone: Option<&Milestone>,
        outcome: &Outcome,
    ) -> Option<Points> {
        let open = || (Rational::zero(), scoring.maximum.clone());
        if outcome.verdict == Verdict::NotApplicable {
            return None;
        }
        let applies = outcome.verdict.is_decided()
            || milestone.is_some_and(|milestone| self.branch(place, milestone).is_ok());
        let (worst, best) = match &scoring.by {
            Scale::Verdict => match outcome.verdict {
                Verdict::Exceeded | Verdict::Met => {
                    (scoring.maximum.clone(), scoring.maximum.clone())
                }
                Verdict::NotMet | Verdict::NotDue => (Rational::zero(), Rational::zero()),
                _ => open(),
            },
            _ if !applies => open(),
            by => match self.worth(place, by.quantity()?) {
                Worth::Within(value) => given(scoring, &value),
                Worth::Endless => given(scoring, &beyond_all(scoring)),
                Worth::Open => open(),
                Worth::NotApplicable => return None,
            },
        };
        Some(Points { worst, best, maximum: scoring.maximum.clone() })
    }

    fn worth(&self, place: &Place<'_>, expr: &Expr) -> Worth {
        let place = &Place { peers: true, ..*place };
        let mut leaves = Vec::new();
        Leaf::all(expr, &mut leaves);
        let known = match self.figures(place, &leaves) {
            Ok(figures) => figures.known,
            Err(outcome) if outcome.verdict == Verdict::NotApplicable => {
                return Worth::NotApplicable;
            }
            Err(_) => return Worth::Open,
        };
        match measure::value(expr, &known, &measure::as_given) {
            Quantity::Within(value) => Worth::Within(value),
            Quantity::Endless => Worth::Endless,
            Quantity::NotApplicable(_) => Worth::NotApplicable,
            Quantity::About(_) | Quantity::Contradictory(_) => Worth::Open,
        }
    }
}

/// The fewest and the most points of everything that a value may be.
fn given(scoring: &Scoring, value: &Interval) -> (Rational, Rational) {
    match &scoring.by {
        Scale::Verdict => (Rational::zero(), scoring.maximum.clone()),
        Scale::Linear { from, to, .. } => {
            let width = to - from;
            let above = value.sub(&Interval::point(from.clone()));
            let factor = scoring.maximum.div(&width).unwrap_or_else(Rational::zero);
            cut(&above.scale(&factor), &scoring.maximum)
        }
        Scale::Steps { steps, otherwise, .. } => {
            stepped(steps, otherwise.as_ref(), value, &scoring.maximum)
        }
        Scale::Expression(_) => cut(value, &scoring.maximum),
    }
}

/// What is greater than every number that the scale names.
fn beyond_all(scoring: &Scoring) -> Interval {
    let greatest = match &scoring.by {
        Scale::Verdict | Scale::Expression(_) => scoring.maximum.clone(),
        Scale::Linear { from, to, .. } => from.max(to).clone(),
        Scale::Steps { steps, .. } => {
            let values = steps.iter().filter_map(ScoreStep::values);
            let ends = values.flat_map(|it| [it.low.value().cloned(), it.high.value().cloned()]);
            ends.flatten().max().unwrap_or_else(Rational::zero)
        }
    };
    Interval::more_than(greatest)
}

/// Both ends of what a quantity of points may be, cut to 0…maximum.
fn cut(points: &Interval, maximum: &Rational) -> (Rational, Rational) {
    let zero = Rational::zero();
    let within = |end: &Rational| end.clone().max(zero.clone()).min(maximum.clone());
    let worst = points.low.value().map_or_else(Rational::zero, within);
    let best = points.high.value().map_or_else(|| maximum.clone(), within);
    (worst, best)
}

/// The first step that holds, for every part of what the value may be.
fn stepped(
    steps: &[ScoreStep],
    otherwise: Option<&Rational>,
    value: &Interval,
    maximum: &Rational,
) -> (Rational, Rational) {
    let mut left = Pieces::of(value.clone());
    let mut reached: Vec<&Rational> = Vec::new();
    for step in steps {
        let Some(values) = step.values() else { continue };
        if !left.take(&values).is_empty() {
            reached.push(&step.points);
        }
    }
    if let Some(points) = otherwise.filter(|_| !left.is_empty()) {
        reached.push(points);
    }
    let worst = reached.iter().min().map_or_else(Rational::zero, |it| (*it).clone());
    let best = reached.iter().max().map_or_else(|| maximum.clone(), |it| (*it).clone());
    (worst, best)
}
