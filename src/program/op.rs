//! What a program is made of.

use crate::calendar::{Date, Period};
use crate::check::model::{IndicatorId, TargetId};
use crate::number::{Comparator, Rational};

/// All targets of a model, a step each, in rule order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// The steps, by [`TargetId`].
    pub steps: Vec<Step>,
}

/// One target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The target.
    pub target: TargetId,
    /// What is computed.
    pub op: Op,
    /// The days on which it is in force.
    pub window: Period,
    /// The day by which it must hold; `None`: it binds at once.
    pub due: Option<Date>,
    /// To whom it applies.
    pub scope: Scope,
    /// What decides it.
    pub reach: Reach,
}

/// What a step computes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// `tỷ lệ hồ sơ đúng hạn >= 96%`, `thứ hạng DTI trong tốp 30`: one indicator, tested in its
    /// own unit.
    Compare {
        /// The indicator.
        of: IndicatorId,
        /// What it must stand.
        test: Test,
    },
    /// `số hồ sơ đúng hạn / tổng số hồ sơ >= 96%`: a quotient of two figures as they stand in
    /// their columns; the factors of units are in the bounds of the test.
    Quotient {
        /// The numerator.
        above: IndicatorId,
        /// The denominator.
        below: IndicatorId,
        /// What the quotient must stand.
        test: Test,
    },
    /// `ban hành kế hoạch dữ liệu mở = có`.
    Truth {
        /// The indicator.
        of: IndicatorId,
        /// What it must be.
        expected: bool,
    },
    /// A form without a columnar operator: the reference evaluator judges every row.
    Reference,
}

/// What a number must stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// `>= 96%`.
    Bound(Comparator, Rational),
    /// `trong khoảng 20% đến 80%`: both ends count.
    Within(Rational, Rational),
}

/// To whom a step applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// To everyone.
    Everyone,
    /// `áp dụng cho: mọi xã`: to whom this target does, the first with the same words.
    LikeTarget(TargetId),
}

/// What decides a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The snapshot that is judged, alone.
    Local,
    /// Other entities or other dates too.
    Linked,
}

impl Test {
    /// The lowest and the highest number that stands at the threshold.
    pub const fn ends(&self) -> (&Rational, &Rational) {
        match self {
            Self::Bound(_, bound) => (bound, bound),
            Self::Within(low, high) => (low, high),
        }
    }
}
