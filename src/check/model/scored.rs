//! Points: how a target is scored, and how the lines of a group are capped.
//!
//! Enters: nothing; these are parts of the model. The one idea: points are a quantity of the
//! snapshot like any other, cut to what a line can give. Invariant: a maximum is positive; steps
//! and `còn lại` give between 0 and the maximum, and every value falls into one of them.

use super::{Expr, Threshold};
use crate::number::{Comparator, End, Interval, Rational};
use crate::source::Span;
use crate::unit::Unit;

/// A heading inside a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The words after `nhóm:`.
    pub name: String,
    /// `điểm:`, the most that its lines give together.
    pub points: Option<Rational>,
    /// Where it stands.
    pub span: Span,
}

/// How a target is scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoring {
    /// `điểm:`, the most that it gives; positive.
    pub maximum: Rational,
    /// `chấm:`.
    pub by: Scale,
    /// The line compares nothing: it is met at full points, not met below, never exceeded.
    pub decides: bool,
    /// Where `điểm:` stands.
    pub span: Span,
}

/// What points follow from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scale {
    /// `đạt`: all points where the target is satisfied, else none.
    Verdict,
    /// `tuyến tính từ A đến B`: none at `from`, all at `to`, on a straight line between.
    Linear {
        /// What is measured.
        measure: Expr,
        /// The unit of both ends.
        unit: Unit,
        /// Where the first point is earned.
        from: Rational,
        /// Where all points are earned; it may lie below `from`.
        to: Rational,
    },
    /// `>= 90%: 20; >= 80%: 15; còn lại: 0`: the first that holds.
    Steps {
        /// What is measured.
        measure: Expr,
        /// The unit of the thresholds.
        unit: Unit,
        /// In the order of the rule.
        steps: Vec<ScoreStep>,
        /// `còn lại`; `None` where the steps leave nothing over.
        otherwise: Option<Rational>,
    },
    /// `x / lớn nhất(mọi bộ; x) * 40`: the points themselves.
    Expression(Expr),
}

/// `>= 90%: 20`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreStep {
    /// What the value must be.
    pub threshold: Threshold,
    /// What it gives then.
    pub points: Rational,
}

impl Scale {
    /// The quantity that points follow from; nothing where it is the verdict.
    pub const fn quantity(&self) -> Option<&Expr> {
        match self {
            Self::Verdict => None,
            Self::Linear { measure, .. } | Self::Steps { measure, .. } => Some(measure),
            Self::Expression(points) => Some(points),
        }
    }
}

impl Scoring {
    /// The line compares nothing and its points are an expression.
    pub const fn is_expression_alone(&self) -> bool {
        self.decides && matches!(self.by, Scale::Expression(_))
    }
}

impl ScoreStep {
    /// The values that it speaks of; nothing for a threshold that is not a plain one.
    pub fn values(&self) -> Option<Interval> {
        Some(match &self.threshold {
            Threshold::Bound { comparator, value } => {
                let value = value.clone();
                match comparator {
                    Comparator::AtLeast => Interval::at_least(value),
                    Comparator::MoreThan => Interval::more_than(value),
                    Comparator::AtMost => Interval::at_most(value),
                    Comparator::LessThan => Interval::less_than(value),
                    Comparator::Equal => Interval::point(value),
                    Comparator::NotEqual => return None,
                }
            }
            Threshold::Within { low, high } => Interval::between(low.clone(), high.clone()),
            Threshold::Rank { within, field: None } => Interval::at_most(within.clone()),
            Threshold::Rank { .. }
            | Threshold::Against { .. }
            | Threshold::Yearly { .. }
            | Threshold::Unstated { .. } => return None,
        })
    }
}

/// Pieces of the number line.
///
/// ```
/// use chitieu::check::model::Pieces;
/// use chitieu::number::{Interval, Rational};
///
/// let mut left = Pieces::of(Interval::all());
/// let taken = left.take(&Interval::at_least(Rational::from(90_i64)));
/// assert_eq!(taken.len(), 1);
/// assert!(!left.is_empty());
/// left.take(&Interval::less_than(Rational::from(90_i64)));
/// assert!(left.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces(Vec<Interval>);

impl Pieces {
    /// One interval.
    pub fn of(interval: Interval) -> Self {
        Self(vec![interval])
    }

    /// Whether nothing is left.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Cuts out what lies in an interval, and returns it.
    pub fn take(&mut self, cut: &Interval) -> Vec<Interval> {
        let below = match &cut.low {
            End::Unbounded => None,
            End::Open(value) => Some(Interval::at_most(value.clone())),
            End::Closed(value) => Some(Interval::less_than(value.clone())),
        };
        let above = match &cut.high {
            End::Unbounded => None,
            End::Open(value) => Some(Interval::at_least(value.clone())),
            End::Closed(value) => Some(Interval::more_than(value.clone())),
        };
        let taken = self.0.iter().filter_map(|piece| piece.intersect(cut)).collect();
        let rest = |piece: &Interval| {
            let sides = [below.as_ref(), above.as_ref()];
            sides.into_iter().flatten().filter_map(|side| piece.intersect(side)).collect::<Vec<_>>()
        };
        self.0 = self.0.iter().flat_map(rest).collect();
        taken
    }
}
