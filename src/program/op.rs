//! What a program is made of.

use crate::calendar::{Date, Period};
use crate::check::model::{AttributeCondition, IndicatorId, Moment, ScopeItem, TargetId};
use crate::number::{Comparator, Rational};

/// All targets of a model, a step each, in rule order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// The steps, by [`TargetId`].
    pub steps: Vec<Step>,
    /// To whom steps are addressed, each different one once.
    pub scopes: Vec<Vec<ScopeItem>>,
    /// Conditions on attributes, each different one once.
    pub attributes: Vec<AttributeCondition>,
}

/// One target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The target.
    pub target: TargetId,
    /// What it says from one day on and then from another, as its versions do.
    pub editions: Vec<Edition>,
    /// What decides it.
    pub reach: Reach,
}

/// What a target says from one day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The day; `None` for the first.
    pub from: Option<Date>,
    /// The days on which it is in force.
    pub window: Period,
    /// To whom it applies.
    pub scope: Scope,
    /// What is computed, by due date.
    pub stages: Vec<Stage>,
}

/// What is computed from one due date on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// The day by which it must hold; `None`: it binds at once.
    pub due: Option<Date>,
    /// The first whose `when` holds decides.
    pub choices: Vec<Choice>,
}

/// What is computed for those whose `khi` holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// `None`: everyone else.
    pub when: Option<Op>,
    /// What is computed.
    pub op: Op,
}

/// What is computed of a row.
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
    /// `vùng = "miền núi"`: by its place in [`Program::attributes`].
    Attribute(u32),
    /// Joined by `và`.
    All(Vec<Self>),
    /// Joined by `hoặc`.
    Any(Vec<Self>),
    /// `không ( … )`.
    Not(Box<Self>),
    /// `số x tăng >= 5% so với năm trước`, `x >= x [năm 2022]`: a figure against one of another
    /// time of the entity.
    Dated(Box<Dated>),
    /// `lũy kế(x) >= 100`: the sum of a figure over the snapshots of the entity that hold it.
    Sum {
        /// The indicator.
        of: IndicatorId,
        /// The day on which the window opened; `None`: ever.
        since: Option<Date>,
        /// What the sum must stand.
        test: Test,
    },
    /// `luôn …`: what each snapshot of the window must satisfy that holds what it needs, up to the
    /// day that is judged.
    Always {
        /// What is asked of each, from one due date of the target on and then from another.
        parts: Vec<(Option<Date>, Self)>,
        /// The window.
        window: Period,
    },
    /// `ít nhất 30% xã đạt: …`, `tổng(mọi xã; x) >= 5`: made of units below the entity alone. Not
    /// applicable to one that has none below it; the reference evaluator judges all others.
    OfUnits,
    /// A form without a columnar operator: the reference evaluator judges the row.
    Reference,
}

/// A figure against one of another time: `now · x + base · x₀ − bound` lies above 0 where the value
/// lies above an end of the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// The indicator of the snapshot that is judged.
    pub of: IndicatorId,
    /// The indicator of the other time.
    pub base: IndicatorId,
    /// The other time.
    pub moment: Moment,
    /// For the lower end of the test, and for the upper one; under `8%/năm` those of each number
    /// of years, the last also for all more.
    pub ends: Vec<[Balance; 2]>,
    /// `8%/năm`: the first year that counts; before it there is nothing to be asked.
    pub first_year: Option<i32>,
    /// Figures of the other indicator that the rule declares, with their days; they win over data.
    pub declared: Vec<(Date, Rational)>,
    /// What the value must stand.
    pub test: Test,
    /// A base of 0 or less makes it not applicable.
    pub relative: bool,
    /// The value now is divided by: only above 0 the ends say how it stands.
    pub inverse: bool,
}

/// One end of a test, as weights of two figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// The weight of the figure now.
    pub now: Rational,
    /// The weight of the figure of the other time.
    pub base: Rational,
    /// What is taken away.
    pub bound: Rational,
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
    /// `áp dụng cho: mọi xã`: by its place in [`Program::scopes`].
    Among(u32),
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

impl Op {
    /// The indicators of the snapshot that is judged which it needs, each once.
    pub fn needed(&self) -> Vec<IndicatorId> {
        let mut ids = Vec::new();
        self.add_needed(&mut ids);
        ids
    }

    fn add_needed(&self, into: &mut Vec<IndicatorId>) {
        let (own, parts) = match self {
            Self::Compare { of, .. } | Self::Truth { of, .. } => (vec![*of], &[][..]),
            Self::Quotient { above, below, .. } => (vec![*above, *below], &[][..]),
            Self::Dated(dated) => (vec![dated.of], &[][..]),
            Self::All(parts) | Self::Any(parts) => (Vec::new(), parts.as_slice()),
            Self::Not(part) => (Vec::new(), std::slice::from_ref(&**part)),
            Self::Sum { .. }
            | Self::Always { .. }
            | Self::Attribute(_)
            | Self::OfUnits
            | Self::Reference => (Vec::new(), &[][..]),
        };
        for id in own {
            if !into.contains(&id) {
                into.push(id);
            }
        }
        for part in parts {
            part.add_needed(into);
        }
    }
}
