//! Units that satisfy a condition: shares, counts, all of them, none of them.

use super::super::compare::standing;
use super::super::figures::{Found, Units};
use super::super::outcome::Outcome;
use super::super::scope::Answer;
use super::super::{Place, Reference, compare};
use super::{Below, SOURCES, Unit};
use crate::check::model::{EveryUnit, Joined, Population};
use crate::number::{Comparator, Interval, Rational};
use crate::snapshot::{Figure, Known, Value};
use crate::unit::Unit as Measure;
use crate::verdict::{InForce, Measured, Reason, Step, UnitCounts, Verdict};

/// How a unit stands to a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stands {
    Satisfied,
    Failed,
    /// It is not applicable to the unit.
    LeftOut,
    /// It may go either way.
    #[default]
    Open,
}

impl Stands {
    /// What the verdict of a unit comes to.
    pub(super) const fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Exceeded | Verdict::Met => Self::Satisfied,
            Verdict::NotMet | Verdict::NotDue => Self::Failed,
            Verdict::NotApplicable => Self::LeftOut,
            Verdict::NoData | Verdict::Undetermined | Verdict::Contradictory => Self::Open,
        }
    }
}

/// What a unit answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Reply {
    pub(super) stands: Stands,
    /// It has a figure that the condition needs.
    pub(super) reported: bool,
    /// Rounding of its figures may have decided.
    pub(super) sensitive: bool,
    /// A figure used was marked as an estimate.
    pub(super) estimate: bool,
}

impl Reply {
    /// The reply as a byte that is never 0.
    pub(super) fn code(self) -> u8 {
        let stands = match self.stands {
            Stands::Satisfied => 1,
            Stands::Failed => 2,
            Stands::LeftOut => 3,
            Stands::Open => 4,
        };
        let flag = |flag: bool, bit: u8| u8::from(flag) << bit;
        stands | flag(self.reported, 3) | flag(self.sensitive, 4) | flag(self.estimate, 5)
    }

    /// The reply that has this code.
    pub(super) fn from_code(code: u8) -> Option<Self> {
        let stands = match code & 7 {
            1 => Stands::Satisfied,
            2 => Stands::Failed,
            3 => Stands::LeftOut,
            4 => Stands::Open,
            _ => return None,
        };
        let flag = |bit: u8| code & (1 << bit) != 0;
        Some(Self { stands, reported: flag(3), sensitive: flag(4), estimate: flag(5) })
    }
}

/// How many units stand how.
#[derive(Debug, Default)]
pub(super) struct Tally {
    name: String,
    /// Those fail for which the condition holds.
    none: bool,
    satisfied: u64,
    failed: u64,
    open: u64,
    /// Of those that satisfy and those that fail, where rounding may have decided it.
    sensitive: (u64, u64),
    /// Some unit has a figure that the condition needs.
    reported: bool,
    estimate: bool,
    failing: Vec<u32>,
    unreported: Vec<u32>,
    /// Indicators that nobody reported, and attributes that units lack.
    missing: Vec<String>,
    sources: Vec<String>,
}

impl Reference<'_> {
    /// Asks all units of a population.
    pub(super) fn tally(
        &self,
        place: &Place<'_>,
        below: &Below<'_>,
        population: &Population,
        (part, none): (&Joined, bool),
    ) -> Tally {
        if below.units.is_empty() {
            return Tally::default();
        }
        let mut tally = Tally { name: population.name.clone(), none, ..Tally::default() };
        let known = below.known;
        let mut shown = 0;
        // Beside the verdict alone nobody is told who failed.
        let told = !place.bare && !place.unit;
        for number in below.units {
            let Some(unit) = self.unit(place, below, population, *number) else { continue };
            let known = || known.and_then(|all| self.known_reply(place, &unit, all));
            let ask = || known().unwrap_or_else(|| self.reply(place, &unit, part));
            let reply = match &below.memo {
                Some(memo) => memo.reply(&unit, ask),
                None => ask(),
            };
            tally.add(&unit, reply, told);
            if reply.reported && shown < SOURCES && told {
                tally.sources.extend(self.sources(place, &unit, &part.condition));
                shown += 1;
            }
        }
        if !tally.reported {
            let mut ids = Vec::new();
            part.condition.named(&mut ids);
            tally.missing.splice(0..0, self.names(&ids));
        }
        tally
    }

    /// What one unit answers.
    pub(super) fn reply(&self, place: &Place<'_>, unit: &Unit<'_>, part: &Joined) -> Reply {
        Self::at_unit(place, unit, |place| {
            let outcome = self.condition(place, &part.condition);
            let stands = Stands::of(outcome.verdict);
            let reported =
                outcome.verdict != Verdict::NoData || self.has_reported(place, &part.condition);
            let (sensitive, estimate) = (outcome.rounding_sensitive, outcome.estimate);
            Reply { stands, reported, sensitive, estimate }
        })
    }
}

impl Tally {
    /// Counts a unit; `told`: who fails or has not reported is noted.
    fn add(&mut self, unit: &Unit<'_>, reply: Reply, told: bool) {
        let mut stands = reply.stands;
        if stands == Stands::LeftOut {
            return;
        }
        if let Some(open) = &unit.open {
            stands = Stands::Open;
            if let Answer::Unknown(names) = open {
                for name in names {
                    if !self.missing.contains(name) {
                        self.missing.push(name.clone());
                    }
                }
            }
        }
        self.reported |= reply.reported;
        self.estimate |= reply.estimate;
        match stands {
            Stands::Satisfied => {
                self.satisfied += 1;
                self.sensitive.0 += u64::from(reply.sensitive);
                if self.none && told {
                    self.failing.push(unit.place);
                }
            }
            Stands::Failed => {
                self.failed += 1;
                self.sensitive.1 += u64::from(reply.sensitive);
                if !self.none && told {
                    self.failing.push(unit.place);
                }
            }
            Stands::Open | Stands::LeftOut => {
                self.open += 1;
                if !reply.reported && told {
                    self.unreported.push(unit.place);
                }
            }
        }
    }

    const fn total(&self) -> u64 {
        self.satisfied + self.failed + self.open
    }

    /// Whatever the share or count may be, with so many that satisfy or may do so.
    fn interval(&self, satisfied: u64, open: u64, share: bool) -> Interval {
        let number = |count: u64| {
            let count = Rational::from(i64::try_from(count).unwrap_or(i64::MAX));
            let total = Rational::from(i64::try_from(self.total()).unwrap_or(i64::MAX));
            let hundred = Rational::from(100_i64);
            if share { (&count * &hundred).div(&total) } else { Some(count) }
        };
        let ends = number(satisfied).zip(number(satisfied + open));
        ends.map_or_else(Interval::all, |(low, high)| Interval::between(low, high))
    }

    /// The units of a judgement.
    fn units(&mut self, reference: &Reference<'_>) -> Units {
        Units {
            counts: Some(UnitCounts {
                name: std::mem::take(&mut self.name),
                satisfied: self.satisfied,
                failed: self.failed,
                open: self.open,
            }),
            failing: reference.ids(std::mem::take(&mut self.failing)),
            unreported: reference.ids(std::mem::take(&mut self.unreported)),
        }
    }

    /// Whatever it may be if rounding did not decide.
    fn unrounded(&self, share: bool) -> Option<Interval> {
        let (satisfied, failed) = self.sensitive;
        let open = self.open + satisfied + failed;
        (satisfied + failed > 0).then(|| self.interval(self.satisfied - satisfied, open, share))
    }

    /// Why it is left open, where it is.
    fn why(&self) -> Option<Reason> {
        if !self.reported {
            return Some(Reason::Absent);
        }
        (self.open > 0).then_some(Reason::UnitsUnreported)
    }

    /// As a quantity.
    pub(super) fn found(mut self, reference: &Reference<'_>, share: bool) -> Found {
        if self.total() == 0 {
            let why = Some(Reason::EmptyPopulation);
            return Found { why, ..Found::of(Figure::NotApplicable) };
        }
        let number = |count: u64| Rational::from(i64::try_from(count).unwrap_or(i64::MAX));
        let fraction =
            (share && self.open == 0).then(|| (number(self.satisfied), number(self.total())));
        let figure = Figure::Known(Known {
            value: Value::Within(self.interval(self.satisfied, self.open, share)),
            fraction,
            noun: None,
            last_digit: None,
            unrounded: self.unrounded(share),
            field: None,
            estimate: self.estimate,
        });
        Found {
            why: self.why(),
            units: self.units(reference),
            places: self.sources,
            missing: self.missing,
            ..Found::of(figure)
        }
    }

    /// As a condition on all units or on none of them: a share of exactly 100 % or 0 %.
    pub(super) fn outcome(mut self, reference: &Reference<'_>, every: &EveryUnit) -> Outcome {
        if self.total() == 0 {
            return Outcome::of(Verdict::NotApplicable, Reason::EmptyPopulation);
        }
        let asked = Rational::from(if every.none { 0_i64 } else { 100_i64 });
        let threshold = InForce::Bound {
            comparator: Comparator::Equal,
            bound: Interval::point(asked),
            unstated: false,
        };
        let value = self.interval(self.satisfied, self.open, true);
        let stands = |value: &Interval| match standing(value, &threshold) {
            compare::Standing::Beyond | compare::Standing::Satisfies => Verdict::Met,
            compare::Standing::Fails => Verdict::NotMet,
            compare::Standing::Open => Verdict::Undetermined,
        };
        let mut outcome = Outcome::plain(stands(&value));
        outcome.rounding_sensitive = outcome.verdict.is_decided()
            && self.unrounded(true).is_some_and(|value| stands(&value) != outcome.verdict);
        let number = |count: u64| Rational::from(i64::try_from(count).unwrap_or(i64::MAX));
        let (satisfied, total) = (number(self.satisfied), number(self.total()));
        if outcome.verdict == Verdict::NotMet {
            let open = number(self.open);
            let add = if every.none { -&(&satisfied + &open) } else { &total - &satisfied };
            outcome.step = Some(Step::Units { add });
        }
        outcome.fraction = (self.open == 0).then_some((satisfied, total));
        let why = self.why().filter(|_| outcome.verdict == Verdict::Undetermined);
        outcome.measured = (why != Some(Reason::Absent)).then_some(Measured::Within(value));
        (outcome.threshold, outcome.unit) = (Some(threshold), Some(Measure::Percent));
        outcome.estimate = self.estimate;
        outcome.units = self.units(reference);
        (outcome.sources, outcome.missing) = (self.sources, self.missing);
        match why {
            Some(Reason::Absent) => outcome.settle(Verdict::NoData, Reason::Absent),
            Some(reason) => outcome.settle(Verdict::Undetermined, reason),
            None => outcome,
        }
    }
}

impl UnitCounts {
    /// How many more units must satisfy so that a share or count reaches a bound, whatever those
    /// come to that are open.
    pub(in crate::reference) fn step(
        &self,
        comparator: Comparator,
        bound: &Rational,
        share: bool,
    ) -> Option<Step> {
        let number = |count: u64| Rational::from(i64::try_from(count).unwrap_or(i64::MAX));
        let hundred = Rational::from(100_i64);
        let needed =
            if share { (bound * &number(self.total())).div(&hundred)? } else { bound.clone() };
        let from = match comparator {
            Comparator::AtMost | Comparator::LessThan => number(self.satisfied + self.open),
            Comparator::Equal if self.open > 0 => return None,
            _ => number(self.satisfied),
        };
        let add = super::super::step::smallest(comparator, &from, &needed, true)?;
        Some(Step::Units { add })
    }
}
