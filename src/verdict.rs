//! What is said of one target and one snapshot: the verdict, why, and its figures.
//!
//! Enters: nothing; these are the words that evaluators speak and reports print.
//! The one idea: a judgement holds codes and exact figures; text is made only when somebody reads
//! it.
//! Invariant: margin and attainment are known only where the verdict is exceeded, met, not due or
//! not met.

mod told;

use crate::calendar::Date;
use crate::check::model::{Comparison, TargetId, Threshold};
use crate::number::{Comparator, Interval, Rational};
use crate::unit::Unit;
pub(crate) use told::{POWERS, Ratio, Seen, Told, power};

/// One of the eight verdicts.
///
/// ```
/// use chitieu::Verdict;
/// assert_eq!(Verdict::NotMet.code(), "not_met");
/// assert_eq!(Verdict::from_code("exceeded"), Some(Verdict::Exceeded));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Verdict {
    /// Vượt: satisfied, and every possible value lies strictly beyond the threshold.
    Exceeded,
    /// Đạt: satisfied.
    Met,
    /// Chưa đạt: not satisfied, and the threshold binds.
    NotMet,
    /// Chưa đến hạn: not satisfied, and the threshold is not due yet.
    NotDue,
    /// Thiếu số liệu: a needed measurement is absent.
    NoData,
    /// Chưa đủ căn cứ: bounds or an unstated threshold do not decide it.
    Undetermined,
    /// Không áp dụng: the target does not concern this entity or this day.
    NotApplicable,
    /// Số liệu mâu thuẫn: a needed measurement breaks a rule for data.
    Contradictory,
}

impl Verdict {
    /// All eight, in the order in which summaries print them.
    pub const ALL: [Self; 8] = [
        Self::Exceeded,
        Self::Met,
        Self::NotMet,
        Self::NotDue,
        Self::NoData,
        Self::Undetermined,
        Self::NotApplicable,
        Self::Contradictory,
    ];

    /// The code that records carry.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Exceeded => "exceeded",
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::NotDue => "not_due",
            Self::NoData => "no_data",
            Self::Undetermined => "undetermined",
            Self::NotApplicable => "not_applicable",
            Self::Contradictory => "contradictory",
        }
    }

    /// The verdict with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.code() == code)
    }

    /// The words a report prints: Vietnamese, English.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Exceeded => ("vượt", "exceeded"),
            Self::Met => ("đạt", "met"),
            Self::NotMet => ("chưa đạt", "not met"),
            Self::NotDue => ("chưa đến hạn", "not due"),
            Self::NoData => ("thiếu số liệu", "no data"),
            Self::Undetermined => ("chưa đủ căn cứ", "undetermined"),
            Self::NotApplicable => ("không áp dụng", "not applicable"),
            Self::Contradictory => ("số liệu mâu thuẫn", "contradictory"),
        }
    }

    /// Exceeded or met.
    pub const fn is_satisfied(self) -> bool {
        matches!(self, Self::Exceeded | Self::Met)
    }

    /// Exceeded, met, not met or not due: the figures decided it.
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Exceeded | Self::Met | Self::NotMet | Self::NotDue)
    }
}

/// Why a verdict is not one of the plain four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The document does not print the threshold.
    ThresholdUnstated,
    /// The measurement is a bound that does not decide.
    Bounds,
    /// The measurement is "about" a number, which bounds nothing.
    About,
    /// Units have not reported.
    UnitsUnreported,
    /// A denominator is zero.
    ZeroDenominator,
    /// The target is addressed to others.
    Scope,
    /// The day lies outside the window.
    NotInForce,
    /// Relative growth from a base of zero or less.
    GrowthFromZero,
    /// No unit belongs to the population.
    EmptyPopulation,
    /// One figure was given twice with different values.
    UnequalValues,
    /// The value lies outside the declared range.
    OutOfRange,
    /// The cell is no quantity.
    Unreadable,
    /// The figure is in a unit of another kind.
    WrongUnit,
    /// The measurement is absent.
    Absent,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::ThresholdUnstated,
        Self::Bounds,
        Self::About,
        Self::UnitsUnreported,
        Self::ZeroDenominator,
        Self::Scope,
        Self::NotInForce,
        Self::GrowthFromZero,
        Self::EmptyPopulation,
        Self::UnequalValues,
        Self::OutOfRange,
        Self::Unreadable,
        Self::WrongUnit,
        Self::Absent,
    ];

    /// The code that records carry.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ThresholdUnstated => "threshold_unstated",
            Self::Bounds => "bounds",
            Self::About => "about",
            Self::UnitsUnreported => "units_unreported",
            Self::ZeroDenominator => "zero_denominator",
            Self::Scope => "scope",
            Self::NotInForce => "not_in_force",
            Self::GrowthFromZero => "growth_from_zero",
            Self::EmptyPopulation => "empty_population",
            Self::UnequalValues => "unequal_values",
            Self::OutOfRange => "out_of_range",
            Self::Unreadable => "unreadable",
            Self::WrongUnit => "wrong_unit",
            Self::Absent => "absent",
        }
    }
}

/// What was measured, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measured {
    /// Absent, or contradictory.
    Nothing,
    /// A value, a bound or a range, in the unit of the comparison.
    Within(Interval),
    /// "About" this number: nothing is bounded.
    About(Rational),
    /// Yes or no.
    Truth(bool),
}

/// Where the entity stands on the way to the next milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// At or beyond the straight line.
    OnTrack,
    /// Short of the straight line.
    Behind,
    /// There is no line to compare with.
    Unknown,
}

impl Progress {
    /// All three.
    pub const ALL: [Self; 3] = [Self::OnTrack, Self::Behind, Self::Unknown];

    /// The code that records carry.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OnTrack => "on_track",
            Self::Behind => "behind",
            Self::Unknown => "unknown",
        }
    }
}

/// The smallest change that would turn the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Of one indicator.
    Figure {
        /// The indicator to change, as first spelt.
        indicator: String,
        /// How much to add, in `unit`; negative where the figure must fall.
        add: Rational,
        /// The unit, as people write it; empty for a plain number.
        unit: String,
    },
    /// Of the number of units that satisfy, whatever those come to that are open.
    Units {
        /// How many more; negative where fewer must.
        add: Rational,
    },
}

impl Step {
    /// How much to add.
    pub const fn add(&self) -> &Rational {
        match self {
            Self::Figure { add, .. } | Self::Units { add } => add,
        }
    }
}

/// How the units stand of which a share or a count is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitCounts {
    /// What they are, as the rule writes it: `xã (vùng = "miền núi")`.
    pub name: String,
    /// Those that satisfy the condition.
    pub satisfied: u64,
    /// Those that do not.
    pub failed: u64,
    /// Those that may go either way: unreported, undetermined, contradictory.
    pub open: u64,
}

impl UnitCounts {
    /// All units that are counted.
    pub const fn total(&self) -> u64 {
        self.satisfied + self.failed + self.open
    }
}

/// A part of a joined condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The part as the rule writes it.
    pub text: String,
    /// Its own verdict.
    pub verdict: Verdict,
    /// What was measured for it.
    pub measured: Measured,
    /// Its threshold.
    pub threshold: Option<InForce>,
}

/// A threshold in force, with the values that it has on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InForce {
    /// One comparator; an interval where the document does not print the bound, or where the bound
    /// is a quantity that is itself known only within bounds.
    Bound {
        /// The comparator.
        comparator: Comparator,
        /// The bound.
        bound: Interval,
        /// The document does not print it.
        unstated: bool,
    },
    /// Both ends count.
    Within {
        /// The lower end.
        low: Rational,
        /// The upper end.
        high: Rational,
    },
    /// A rank no worse than this.
    Rank {
        /// The worst rank that satisfies.
        within: Rational,
    },
    /// Yes or no.
    Truth {
        /// What it must be.
        expected: bool,
    },
}

impl InForce {
    /// A threshold as far as the rule alone states it; nothing where it is another quantity.
    pub fn stated(threshold: &Threshold) -> Option<Self> {
        Some(match threshold {
            Threshold::Bound { comparator, value } => Self::Bound {
                comparator: *comparator,
                bound: Interval::point(value.clone()),
                unstated: false,
            },
            Threshold::Within { low, high } => {
                Self::Within { low: low.clone(), high: high.clone() }
            }
            Threshold::Rank { within, .. } => Self::Rank { within: within.clone() },
            Threshold::Unstated { comparator, between } => {
                Self::Bound { comparator: *comparator, bound: between.clone(), unstated: true }
            }
            Threshold::Against { .. } | Threshold::Yearly { .. } => return None,
        })
    }

    /// As [`InForce::stated`], of a comparison on a day: what the years of a period add up to by
    /// then, its last year at most; nothing before it.
    pub fn on(comparison: &Comparison, day: Date) -> Option<Self> {
        let Threshold::Yearly { comparator, period, .. } = &comparison.threshold else {
            return Self::stated(&comparison.threshold);
        };
        let first = period.first?.year();
        let last = period.last.map_or(day.year(), |last| last.year().min(day.year()));
        let years = u32::try_from(i64::from(last) - i64::from(first) + 1).ok()?;
        let bound = Interval::point(comparison.after_years(years)?);
        Some(Self::Bound { comparator: *comparator, bound, unstated: false })
    }
}

/// What growth is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// The value of the other time.
    pub from: Interval,
    /// The value now.
    pub to: Interval,
    /// The unit of both.
    pub unit: Option<Unit>,
}

/// A tier beside the threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// What it asks.
    pub threshold: InForce,
    /// How it is judged.
    pub verdict: Verdict,
}

/// Points, as far as the data decide them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    /// The fewest that it can be.
    pub worst: Rational,
    /// The most that it can be.
    pub best: Rational,
    /// The most that anyone gets.
    pub maximum: Rational,
}

impl Points {
    /// The one number that it is, if the data decide it.
    pub fn decided(&self) -> Option<&Rational> {
        (self.worst == self.best).then_some(&self.worst)
    }
}

/// Everything that is known of one target for one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The target judged.
    pub target: TargetId,
    /// The entity, as the data write it.
    pub entity: Option<String>,
    /// The day that the judgement refers to.
    pub as_of: Date,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, where the verdict alone does not say.
    pub reason: Option<Reason>,
    /// Progress towards the next milestone; `None` where none lies ahead.
    pub progress: Option<Progress>,
    /// What was measured.
    pub measured: Measured,
    /// The threshold in force, in `unit`; `None` for joined conditions, and where none is in force.
    pub threshold: Option<InForce>,
    /// The unit of what was measured and of the threshold.
    pub unit: Option<Unit>,
    /// The due date of the threshold in force.
    pub due: Option<Date>,
    /// The tier beside the threshold.
    pub stretch: Option<Stretch>,
    /// Signed distance to the threshold, positive on the satisfied side.
    pub margin: Option<Rational>,
    /// How much of the threshold is reached; 1 is all of it.
    pub attainment: Option<Rational>,
    /// Numerator and denominator, for fractions and quotients.
    pub fraction: Option<(Rational, Rational)>,
    /// The points it gives; nothing where it is not scored or not applicable.
    pub points: Option<Points>,
    /// From where to where it changed, for growth.
    pub change: Option<Shift>,
    /// Some value that rounds to the printed digits would be judged otherwise.
    pub rounding_sensitive: bool,
    /// A figure used was marked as an estimate.
    pub estimate: bool,
    /// The smallest change that would turn the verdict.
    pub step: Option<Step>,
    /// Parts of a joined condition.
    pub parts: Vec<Part>,
    /// How the units stand of which what was measured is made.
    pub units: Option<UnitCounts>,
    /// Units that fail.
    pub failing: Vec<String>,
    /// Units that have not reported.
    pub unreported: Vec<String>,
    /// Measurements and attributes that are missing, by name.
    pub missing: Vec<String>,
    /// Where the figures used stand: file and row.
    pub sources: Vec<String>,
    /// What is wrong with a contradictory or unreadable figure, as the data write it.
    pub evidence: Vec<String>,
}
