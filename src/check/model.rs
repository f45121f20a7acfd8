//! The checked model: what the rules mean, with names resolved and units agreed.
//!
//! Enters: trees, through [`crate::check`]. Leaves: the reference evaluator reads it, the program
//! is lowered from it. The one idea: after checking, text is gone; what a person reads again
//! (names, codes, legal basis) is kept as plain strings, places as spans.
//! Invariant: every id points into its table; every comparison is between like units.

use std::collections::HashMap;

mod asked;
mod linked;
mod populations;
mod scored;

pub use linked::{
    Change, EveryUnit, Growth, LinkedIndicators, Moment, OfUnits, Population, UnitFunction,
};
pub use scored::{Group, Pieces, Scale, ScoreStep, Scoring};

use crate::calendar::{Date, Period};
use crate::diagnostic::Lang;
use crate::number::{Comparator, Decimal, Format, Interval, Rational};
use crate::source::Span;
use crate::text::Abbreviations;
use crate::unit::Unit;
use crate::verdict::Verdict;

/// A programme, by its place in [`Model::programmes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProgrammeId(pub u32);

/// An indicator, by its place in [`Model::indicators`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndicatorId(pub u32);

/// A target, by its place in [`Model::targets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TargetId(pub u32);

/// All programmes that a user loaded together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// Programmes, in the order of their files.
    pub programmes: Vec<Programme>,
    /// Indicators of all programmes, each belonging to one.
    pub indicators: Vec<Indicator>,
    /// Targets of all programmes, in rule order.
    pub targets: Vec<Target>,
    /// Relations that data must obey.
    pub checks: Vec<Check>,
    /// Tests that stand in the rules.
    pub tests: Vec<Test>,
}

/// How texts in a language write numbers.
pub const fn number_format(lang: Lang) -> Format {
    match lang {
        Lang::Vi => Format::Vi,
        Lang::En => Format::En,
    }
}

/// One document's set of targets.
#[derive(Debug, Clone, PartialEq)]
pub struct Programme {
    /// `mã:`; else made from the name.
    pub code: String,
    /// The words after `chương trình:`.
    pub name: String,
    /// The language of numbers in texts and of generated text.
    pub lang: Lang,
    /// `viết tắt:` lines.
    pub abbreviations: Abbreviations,
    /// Normal form of a name → indicator.
    pub names: HashMap<String, IndicatorId>,
    /// `nhóm:` headings, each name once, in the order of the files.
    pub groups: Vec<Group>,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// The programme whose name it is.
    pub programme: ProgrammeId,
    /// The spelling that people see.
    pub name: String,
    /// The unit of its values.
    pub unit: Unit,
    /// A rule writes it as money with a scale word and nothing declares the unit, so that a bare
    /// number in data has two readings.
    pub bare_is_ambiguous: bool,
    /// The power of ten by which a bare number is multiplied: 6 for `đơn vị tính: triệu người`.
    pub bare_power: u32,
    /// Values that are possible, where declared.
    pub range: Option<Interval>,
    /// How it is computed, where declared, in its own unit.
    pub formula: Option<Expr>,
    /// Other names, as declared.
    pub aliases: Vec<String>,
    /// Whether higher values are better, where it is declared or follows from its thresholds.
    pub higher_is_better: Option<bool>,
    /// `nguồn:`.
    pub source: Option<String>,
    /// Some threshold of it is negative.
    pub may_be_negative: bool,
    /// Where it is first named.
    pub span: Span,
}

/// An indicator (or condition) with the threshold it must reach, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The programme it stands in.
    pub programme: ProgrammeId,
    /// Its code, unique in the programme.
    pub code: String,
    /// Its versions, by the day from which each is in force; most targets have one.
    pub versions: Vec<Version>,
}

/// What a target says from one day on.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The day from which it takes the place of the version before; `None` for the first.
    pub from: Option<Date>,
    /// The heading above it.
    pub group: Option<String>,
    /// What is judged, without the threshold, as people read it.
    pub name: String,
    /// To whom it applies; empty: to everyone.
    pub scope: Vec<ScopeItem>,
    /// The days on which it is in force.
    pub window: Period,
    /// What must hold, and by when, in the order of the dates; at least one.
    pub milestones: Vec<Milestone>,
    /// Values known to the rule, by date.
    pub baselines: Vec<Baseline>,
    /// `phấn đấu:`, beside the threshold.
    pub stretch: Option<Threshold>,
    /// `điểm:` and `chấm:`; nothing where it is not scored.
    pub scoring: Option<Scoring>,
    /// `thay thế:`, the target that this one takes the place of from its first day on.
    pub replaces: Option<TargetId>,
    /// `theo:`, the target that this one carries out.
    pub follows: Option<TargetId>,
    /// The target that took this one's place, for the version that is no longer in force.
    pub replaced_by: Option<TargetId>,
    /// `căn cứ:`.
    pub legal_basis: Option<String>,
    /// `chủ trì:`.
    pub owner: Option<String>,
    /// `ghi chú:`.
    pub note: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// What must hold from one due date on.
#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    /// The day by which it must hold; `None`: it binds at once.
    pub due: Option<Date>,
    /// The first whose `khi` holds decides.
    pub branches: Vec<Branch>,
}

/// A condition for those whose `khi` holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// `khi C`; `None`: everyone else.
    pub when: Option<Condition>,
    /// What must hold.
    pub condition: Condition,
}

/// `mốc T: X` — a value from which change counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// The time it speaks of; its last day is its date.
    pub period: Period,
    /// The value, in the unit of the comparison.
    pub value: Rational,
}

/// `thử:` — a test that stands in the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The programme it stands in.
    pub programme: ProgrammeId,
    /// Its name.
    pub name: String,
    /// `ngày:`; its last day is the day of the test.
    pub on: Option<Period>,
    /// `đơn vị:`; without it, one to which the programme applies.
    pub entity: Option<String>,
    /// `cho:` lines.
    pub given: Vec<Given>,
    /// `cho 7 xã:` lines: made-up units below the entity, apart from each other.
    pub units: Vec<UnitsGiven>,
    /// `thì:` lines.
    pub then: Vec<Then>,
    /// Where it stands.
    pub span: Span,
}

/// What a test assumes.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The indicator or attribute, as written.
    pub name: String,
    /// `[năm 2022]`: another time than the test's.
    pub time: Option<Period>,
    /// The figure or value, as data would write it.
    pub value: String,
    /// It is an attribute.
    pub attribute: bool,
    /// Where it stands.
    pub span: Span,
}

/// `cho 7 xã: x = có`: so many made-up units of which a test assumes the same.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitsGiven {
    /// How many; none make an empty population together with the other lines.
    pub count: u32,
    /// Their types and the condition behind them, as written.
    pub name: String,
    /// Normal forms of the types that the line writes; the units are of the first.
    pub types: Vec<String>,
    /// The condition in parentheses behind them, which the units satisfy.
    pub filter: Option<AttributeCondition>,
    /// What each of them reports; nothing under `không báo cáo`.
    pub given: Vec<Given>,
    /// Where it stands.
    pub span: Span,
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq)]
pub struct Then {
    /// The target.
    pub target: TargetId,
    /// Its verdict.
    pub verdict: Verdict,
    /// Its attainment, to as many digits as are written.
    pub attainment: Option<Decimal>,
    /// The least and the most points that it gives, exactly.
    pub points: Option<(Rational, Rational)>,
    /// Where it stands.
    pub span: Span,
}

/// `kiểm tra:` — a relation that data must obey.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The programme it stands in.
    pub programme: ProgrammeId,
    /// The relation as written.
    pub text: String,
    /// The left side.
    pub left: Expr,
    /// How the sides stand.
    pub comparator: Comparator,
    /// The right side.
    pub right: Expr,
    /// The unit of both.
    pub unit: Unit,
    /// How far they may be off.
    pub tolerance: Rational,
    /// To whom it applies; empty: to everyone.
    pub scope: Vec<ScopeItem>,
    /// `ghi chú:`.
    pub note: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// One item of `áp dụng cho:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeItem {
    /// `mọi sở, ban, ngành (vùng = "miền núi")`.
    Type {
        /// Normal forms of the types; one of them suffices.
        types: Vec<String>,
        /// The condition in parentheses.
        filter: Option<AttributeCondition>,
    },
    /// A single entity, by name or id.
    Entity {
        /// Normal form of the name or id.
        key: String,
        /// As written.
        name: String,
        /// Where it stands.
        span: Span,
    },
}

/// A condition on attributes of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeCondition {
    /// `vùng = "miền núi"`, `vùng != "đồng bằng"`.
    Is {
        /// Normal form of the attribute's name.
        attribute: String,
        /// As written.
        name: String,
        /// Normal form of the value.
        value: String,
        /// `!=`.
        negated: bool,
    },
    /// Joined by `và`.
    All(Vec<Self>),
    /// Joined by `hoặc`.
    Any(Vec<Self>),
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// A quantity against a threshold.
    Compare(Comparison),
    /// A yes/no indicator.
    Truth {
        /// The indicator.
        indicator: IndicatorId,
        /// What it must be.
        expected: bool,
    },
    /// An attribute of the entity.
    Attribute(AttributeCondition),
    /// Joined by `và`.
    All(Vec<Joined>),
    /// Joined by `hoặc`.
    Any(Vec<Joined>),
    /// `không ( … )`.
    Not(Box<Joined>),
    /// `luôn …`: at every snapshot of the window up to the day of the judgement that holds what it
    /// needs, each by the threshold in force on its own day.
    Always(Box<Joined>),
    /// `mọi xã đạt: …`, `không xã nào: …`.
    Units(Box<EveryUnit>),
}

/// A part of a joined condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The part as the rule writes it.
    pub text: String,
    /// What must hold.
    pub condition: Condition,
}

/// A quantity against a threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What is measured.
    pub measure: Expr,
    /// The unit in which both sides are compared.
    pub unit: Unit,
    /// What it must reach.
    pub threshold: Threshold,
}

/// A quantity made of measurements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// A measured indicator, in its own unit.
    Indicator(IndicatorId),
    /// A number of the rule.
    Number(Rational),
    /// A quantity times a constant.
    Scale(Box<Self>, Rational),
    /// The sum of two quantities of like unit.
    Add(Box<Self>, Box<Self>),
    /// The difference of two quantities of like unit.
    Subtract(Box<Self>, Box<Self>),
    /// The product of two quantities.
    Multiply(Box<Self>, Box<Self>),
    /// A quotient of two quantities.
    Divide(Box<Self>, Box<Self>),
    /// `nhỏ nhất(a; b)`.
    Least(Vec<Self>),
    /// `lớn nhất(a; b)`.
    Greatest(Vec<Self>),
    /// `trung bình(a; b)`.
    Mean(Vec<Self>),
    /// `làm tròn(x; n)`: half up, to so many decimal places.
    Round(Box<Self>, u32),
    /// `x [năm 2022]`: at another time.
    At(Box<Self>, Moment),
    /// `lũy kế(x)`: the sum over the entity's snapshots since the window opened.
    Cumulative(Box<Self>),
    /// `x tăng … so với năm 2022`: how far it changed.
    Growth(Box<Growth>),
    /// `tổng(mọi xã; x)`, `tỷ lệ xã đạt: C`: of many units.
    Units(Box<OfUnits>),
}

/// Comparator and bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Threshold {
    /// One comparator and one value.
    Bound {
        /// The comparator.
        comparator: Comparator,
        /// The value, in the comparison's unit.
        value: Rational,
    },
    /// Both ends count.
    Within {
        /// The lower end.
        low: Rational,
        /// The upper end.
        high: Rational,
    },
    /// A rank no worse than this, in a field of this size where stated.
    Rank {
        /// The worst rank that satisfies.
        within: Rational,
        /// The size of the field, where stated.
        field: Option<Rational>,
    },
    /// One comparator and another quantity, in the comparison's unit.
    Against {
        /// The comparator.
        comparator: Comparator,
        /// The other quantity.
        other: Expr,
    },
    /// `8%/năm giai đoạn 2021-2025`: what the years since the period began add up to.
    Yearly {
        /// The comparator.
        comparator: Comparator,
        /// The change of one year, in the comparison's unit.
        rate: Rational,
        /// The period; the year before it is the base.
        period: Period,
        /// `bình quân`: years multiply, (1 + rate)ⁿ − 1; else they add up.
        compound: bool,
    },
    /// A value that the document does not print, somewhere in the interval.
    Unstated {
        /// The comparator.
        comparator: Comparator,
        /// Where it may lie.
        between: Interval,
    },
}

impl Target {
    /// How other programmes cite it: `KH-2023/CT-01`.
    pub fn cited(&self, model: &Model) -> String {
        let Some(programme) = model.programme(self.programme) else { return self.code.clone() };
        let made = self.code.strip_prefix(&programme.code).is_some_and(|it| it.starts_with('/'));
        if made { self.code.clone() } else { format!("{}/{}", programme.code, self.code) }
    }

    /// The version in force on a day: the last that has begun, else the first.
    pub fn version(&self, day: Date) -> Option<&Version> {
        let begun = |version: &&Version| version.from.is_none_or(|from| from <= day);
        self.versions.iter().rfind(begun).or_else(|| self.versions.first())
    }
}

impl Version {
    /// The milestone in force on a day: the last that is due, else the first.
    pub fn milestone(&self, day: Date) -> Option<&Milestone> {
        let due = |milestone: &&Milestone| milestone.due.is_none_or(|due| due <= day);
        self.milestones.iter().rfind(due).or_else(|| self.milestones.first())
    }

    /// Whether the version is in force on a day. It ends with its window, but not before its last
    /// due date.
    pub fn in_force(&self, day: Date) -> bool {
        self.window.contains(day)
    }
}

impl Model {
    /// The programme with this id.
    pub fn programme(&self, id: ProgrammeId) -> Option<&Programme> {
        self.programmes.get(id.0 as usize)
    }

    /// The indicator with this id.
    pub fn indicator(&self, id: IndicatorId) -> Option<&Indicator> {
        self.indicators.get(id.0 as usize)
    }

    /// The target with this id.
    pub fn target(&self, id: TargetId) -> Option<&Target> {
        self.targets.get(id.0 as usize)
    }
}
