//! One snapshot: a program made ready for rows that come alone.
//!
//! Enters: the figures of one row, and its day. Leaves: a code a target. The one idea: thresholds
//! are two words each, made once, and a figure of a word is held against them in four, so that
//! nothing is allocated and nothing can overflow; whatever does not fit is for the reference
//! evaluator. Invariant: every code is what the columns say of the same row.

use std::cell::OnceCell;

use super::bind::{self, Bounds, Codes};
use super::join::{self, ALL, ANY, ASK, Table};
use super::kernels::Choice;
use super::time;
use crate::calendar::{Date, Period};
use crate::check::model::{AttributeCondition, Indicator, IndicatorId, Model, ScopeItem, TargetId};
use crate::number::{Decimal, Format, Rational};
use crate::program::{self, Program, Scope, Test};
use crate::reference::Reference;
use crate::snapshot::{Case, Figure, Measurement, Plain, Raw, understand};
use crate::verdict::{POWERS, Verdict};

const NO_DATA: u8 = Verdict::NoData as u8;
const NOT_APPLICABLE: u8 = Verdict::NotApplicable as u8;
const CONTRADICTORY: u8 = Verdict::Contradictory as u8;
const NOT_MET: u8 = Verdict::NotMet as u8;

/// What a row has of one indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Slot {
    /// Nothing.
    #[default]
    Absent,
    /// `mantissa · 10^-scale`, in the indicator's unit; at most 18 digits after the point.
    Number(i64, u32),
    /// Yes or no.
    Truth(bool),
    /// Anything else: the reference evaluator knows.
    Odd,
}

impl Slot {
    /// A bare number in the indicator's unit.
    #[inline]
    pub(crate) fn number(number: Decimal) -> Self {
        Self::of(number.word(), number.scale())
    }

    #[inline]
    fn of(mantissa: Option<i64>, scale: u32) -> Self {
        match mantissa {
            Some(mantissa) if scale < POWERS_LEN => Self::Number(mantissa, scale),
            _ => Self::Odd,
        }
    }

    /// Takes a bare number in; figures that stand twice are held against each other.
    #[inline]
    pub(crate) fn take(&mut self, number: Decimal) {
        *self = if *self == Self::Absent { Self::number(number) } else { Self::Odd };
    }
}

/// How the figures of an indicator are read.
#[derive(Debug, Clone, Copy)]
struct Reads {
    /// A bare number is a figure as it stands.
    bare: bool,
    /// The format of texts that name none.
    format: Format,
}

/// A program for rows that come alone.
#[derive(Debug)]
pub(crate) struct Ready {
    steps: Vec<Step>,
    /// By indicator.
    reads: Vec<Reads>,
}

#[derive(Debug)]
enum Step {
    Plain(Plainly),
    Whole(Vec<Edition>),
}

/// A target of one threshold for one indicator, or for a quotient of two, whoever is asked.
#[derive(Debug)]
struct Plainly {
    of: usize,
    /// What the figure is divided by.
    below: Option<usize>,
    /// The first and the last day of the window, and the day on which it is due.
    first: i32,
    last: i32,
    due: i32,
    /// By scale: what mantissas are compared with.
    bounds: [Bound; SCALES],
    ends: Ends,
}

/// The ends of a threshold among mantissas of one scale.
#[derive(Debug, Clone, Copy)]
struct Bound {
    low: i64,
    high: i64,
    choice: Choice,
}

/// So many scales have bounds of their own.
const SCALES: usize = 5;

#[derive(Debug)]
struct Edition {
    from: Option<Date>,
    window: Period,
    scope: Scope,
    stages: Vec<Stage>,
}

#[derive(Debug)]
struct Stage {
    due: Option<Date>,
    choices: Vec<(Option<Op>, Op)>,
}

#[derive(Debug)]
enum Op {
    Compare { of: usize, ends: Ends },
    Quotient { above: usize, below: usize, ends: Ends },
    Truth { of: usize, expected: bool },
    Attribute(u32),
    All(Vec<Op>),
    Any(Vec<Op>),
    Not(Box<Op>),
    Ask,
}

/// Both ends of a threshold as fractions of words.
#[derive(Debug, Clone, Copy)]
struct Ends {
    low: (i64, i64),
    high: (i64, i64),
    codes: Codes,
}

impl Ready {
    /// Makes a program ready; it was lowered from this model.
    pub(crate) fn new(program: &Program, model: &Model) -> Self {
        let reads = |it: &Indicator| Reads {
            bare: it.takes_bare_numbers(),
            format: it.number_format(model),
        };
        let whole = |it: &program::Step| Step::Whole(it.editions.iter().map(edition).collect());
        let steps = program.steps.iter().map(|it| plainly(it).unwrap_or_else(|| whole(it)));
        Self { steps: steps.collect(), reads: model.indicators.iter().map(reads).collect() }
    }

    /// Puts a measurement into the places of the indicators that it speaks of.
    #[inline]
    pub(crate) fn read(
        &self,
        row: &mut [Slot],
        given: &Measurement,
        ids: &[IndicatorId],
        model: &Model,
    ) {
        for id in ids {
            let at = id.0 as usize;
            let (Some(slot), Some(reads)) = (row.get_mut(at), self.reads.get(at)) else { continue };
            *slot = match (*slot, &given.value) {
                (Slot::Absent, Raw::Number(number)) if reads.bare && given.is_bare() => {
                    Slot::number(*number)
                }
                (Slot::Absent, _) => model.indicator(*id).map_or(Slot::Absent, |indicator| {
                    understood(understand(&[given], indicator, reads.format))
                }),
                // Figures that stand twice are held against each other.
                _ => Slot::Odd,
            };
        }
    }

    /// Whether a bare number is a figure of an indicator as it stands.
    pub(crate) fn is_bare(&self, id: IndicatorId) -> bool {
        self.reads.get(id.0 as usize).is_some_and(|reads| reads.bare)
    }

    /// The place of the only indicator of a name, if it takes bare numbers.
    pub(crate) fn direct(&self, ids: &[IndicatorId]) -> Option<usize> {
        let [id] = ids else { return None };
        let place = id.0 as usize;
        self.reads.get(place).is_some_and(|reads| reads.bare).then_some(place)
    }

    /// A slot for each indicator, all of them absent.
    pub(crate) fn row(&self) -> Vec<Slot> {
        vec![Slot::Absent; self.reads.len()]
    }

    /// The verdict of every target, in rule order.
    pub(crate) fn verdicts<'a>(
        &'a self,
        row: &'a [Slot],
        day: Date,
        asked: &'a Asked<'a>,
    ) -> impl ExactSizeIterator<Item = Verdict> + 'a {
        let row = Row { slots: row, day, asked };
        self.steps.iter().enumerate().map(move |(target, step)| {
            let code = match step {
                Step::Plain(step) => row.plain(step, target),
                Step::Whole(editions) => row.step(editions, target),
            };
            Verdict::ALL.get(usize::from(code)).copied().unwrap_or(Verdict::NotApplicable)
        })
    }
}

fn understood(figure: Figure) -> Slot {
    match figure {
        Figure::Absent => Slot::Absent,
        Figure::Known(known) => match known.plainly() {
            Some(Plain::Number(mantissa, scale)) => Slot::of(i64::try_from(mantissa).ok(), scale),
            Some(Plain::Truth(truth)) => Slot::Truth(truth),
            None => Slot::Odd,
        },
        Figure::NotApplicable | Figure::Contradictory(..) => Slot::Odd,
    }
}

/// A step without versions, milestones, scopes and branches.
fn plainly(step: &program::Step) -> Option<Step> {
    let [edition] = step.editions.as_slice() else { return None };
    let [stage] = edition.stages.as_slice() else { return None };
    let [choice] = stage.choices.as_slice() else { return None };
    if edition.scope != Scope::Everyone || choice.when.is_some() {
        return None;
    }
    let (of, below, test) = match &choice.op {
        program::Op::Compare { of, test } => (of, None, test),
        program::Op::Quotient { above, below, test } => (above, Some(below.0 as usize), test),
        _ => return None,
    };
    let mut scale = 0;
    let bounds = [(); SCALES].map(|()| {
        let Bounds { low, high, codes } = bind::bounds(test, scale).narrowed(i64::MIN, i64::MAX);
        scale += 1;
        Bound { low, high, choice: Choice::of(codes) }
    });
    let Period { first, last } = edition.window;
    Some(Step::Plain(Plainly {
        of: of.0 as usize,
        below,
        first: first.map_or(i32::MIN, Date::days),
        last: last.map_or(i32::MAX, Date::days),
        due: stage.due.map_or(i32::MIN, Date::days),
        bounds,
        ends: ends(test)?,
    }))
}

fn edition(edition: &program::Edition) -> Edition {
    let choice = |it: &program::Choice| (it.when.as_ref().map(op), op(&it.op));
    let stage = |it: &program::Stage| Stage {
        due: it.due,
        choices: it.choices.iter().map(choice).collect(),
    };
    Edition {
        from: edition.from,
        window: edition.window,
        scope: edition.scope,
        stages: edition.stages.iter().map(stage).collect(),
    }
}

fn op(of: &program::Op) -> Op {
    let parts = |parts: &[program::Op]| parts.iter().map(op).collect();
    match of {
        program::Op::Compare { of, test } => match ends(test) {
            Some(ends) => Op::Compare { of: of.0 as usize, ends },
            None => Op::Ask,
        },
        program::Op::Quotient { above, below, test } => match ends(test) {
            Some(ends) => Op::Quotient { above: above.0 as usize, below: below.0 as usize, ends },
            None => Op::Ask,
        },
        program::Op::Truth { of, expected } => Op::Truth { of: of.0 as usize, expected: *expected },
        program::Op::Attribute(place) => Op::Attribute(*place),
        program::Op::All(all) => Op::All(parts(all)),
        program::Op::Any(any) => Op::Any(parts(any)),
        program::Op::Not(part) => Op::Not(Box::new(op(part))),
        // A row that comes alone knows neither other days nor units.
        program::Op::Dated(_)
        | program::Op::Sum { .. }
        | program::Op::Always { .. }
        | program::Op::OfUnits
        | program::Op::Reference => Op::Ask,
    }
}

/// The ends of a test, where words hold them.
fn ends(test: &Test) -> Option<Ends> {
    let words = |end: &Rational| {
        Some((i64::try_from(&end.numerator()).ok()?, i64::try_from(&end.denominator()).ok()?))
    };
    let (low, high) = test.ends();
    Some(Ends { low: words(low)?, high: words(high)?, codes: bind::codes(test) })
}

/// What only the reference evaluator knows of a row, asked at most once each.
pub(crate) struct Asked<'a> {
    scopes: Vec<(&'a [ScopeItem], OnceCell<Option<u8>>)>,
    attributes: Vec<(&'a AttributeCondition, OnceCell<u8>)>,
    reference: &'a dyn Fn(Question<'_>) -> Option<u8>,
}

/// What is asked of the reference evaluator.
#[derive(Clone, Copy)]
pub(crate) enum Question<'a> {
    /// The verdict by a target.
    Target(TargetId),
    /// What a scope alone decides.
    Scope(&'a [ScopeItem]),
    /// What a condition on attributes comes to.
    Attribute(&'a AttributeCondition),
}

impl Question<'_> {
    /// The answer for a case.
    pub(crate) fn answer(self, reference: &Reference<'_>, case: &Case<'_>) -> Option<u8> {
        let verdict = match self {
            Self::Target(id) => reference.verdict(case, id),
            Self::Scope(scope) => reference.by_scope(case, scope),
            Self::Attribute(asked) => Some(reference.by_attribute(case, asked)),
        };
        verdict.map(|verdict| verdict as u8)
    }
}

impl<'a> Asked<'a> {
    /// Nothing has been asked yet; `reference` answers.
    pub(crate) fn new(
        program: &'a Program,
        reference: &'a dyn Fn(Question<'_>) -> Option<u8>,
    ) -> Self {
        let scopes = program.scopes.iter().map(|it| (it.as_slice(), OnceCell::new())).collect();
        let attributes = program.attributes.iter().map(|it| (it, OnceCell::new())).collect();
        Self { scopes, attributes, reference }
    }

    fn target(&self, id: TargetId) -> u8 {
        (self.reference)(Question::Target(id)).unwrap_or(NOT_APPLICABLE)
    }

    fn scope(&self, place: u32) -> Option<u8> {
        let (scope, answer) = self.scopes.get(place as usize)?;
        *answer.get_or_init(|| (self.reference)(Question::Scope(scope)))
    }

    fn attribute(&self, place: u32) -> u8 {
        let Some((asked, answer)) = self.attributes.get(place as usize) else { return ASK };
        *answer.get_or_init(|| (self.reference)(Question::Attribute(asked)).unwrap_or(ASK))
    }
}

/// A row that is judged.
struct Row<'a> {
    slots: &'a [Slot],
    day: Date,
    asked: &'a Asked<'a>,
}

impl Row<'_> {
    #[inline]
    fn plain(&self, step: &Plainly, target: usize) -> u8 {
        let day = self.day.days();
        if day < step.first || day > step.last {
            return NOT_APPLICABLE;
        }
        let code = match self.slot(step.of) {
            above if let Some(below) = step.below => quotient(&step.ends, above, self.slot(below)),
            Slot::Number(mantissa, scale) => match step.bounds.get(scale as usize) {
                Some(Bound { low, high, choice }) => choice.code(mantissa < *low, mantissa > *high),
                None => step.ends.code(mantissa, scale),
            },
            Slot::Absent => return NO_DATA,
            Slot::Truth(_) | Slot::Odd => ASK,
        };
        self.settled(code, day < step.due, target)
    }

    /// What only the reference knows is asked of it; then time is looked at.
    #[inline]
    fn settled(&self, code: u8, early: bool, target: usize) -> u8 {
        match code {
            ASK => self.asked.target(TargetId(u32::try_from(target).unwrap_or(u32::MAX))),
            NOT_MET if early => Verdict::NotDue as u8,
            code => code,
        }
    }

    fn step(&self, editions: &[Edition], target: usize) -> u8 {
        let edition = time::place_on(editions.iter().map(|it| it.from), self.day);
        let Some(edition) = editions.get(edition) else { return NOT_APPLICABLE };
        let stage = time::place_on(edition.stages.iter().map(|it| it.due), self.day);
        let Some(stage) = edition.stages.get(stage) else { return NOT_APPLICABLE };
        if !edition.window.contains(self.day) {
            return NOT_APPLICABLE;
        }
        if let Scope::Among(place) = edition.scope
            && let Some(code) = self.asked.scope(place)
        {
            return code;
        }
        let early = stage.due.is_some_and(|due| self.day < due);
        self.settled(self.choose(stage), early, target)
    }

    /// The code of the first choice whose `when` holds.
    fn choose(&self, stage: &Stage) -> u8 {
        for (when, then) in &stage.choices {
            match when.as_ref().map(|when| join::taken(self.op(when))) {
                None | Some(join::Taken::Yes) => return self.op(then),
                Some(join::Taken::No) => {}
                Some(join::Taken::Undecided(code)) => return code,
            }
        }
        NOT_APPLICABLE
    }

    fn op(&self, op: &Op) -> u8 {
        match op {
            Op::Compare { of, ends } => match self.slot(*of) {
                Slot::Number(mantissa, scale) => ends.code(mantissa, scale),
                Slot::Absent => NO_DATA,
                Slot::Truth(_) | Slot::Odd => ASK,
            },
            Op::Quotient { above, below, ends } => {
                quotient(ends, self.slot(*above), self.slot(*below))
            }
            Op::Truth { of, expected } => match self.slot(*of) {
                Slot::Truth(truth) if truth == *expected => Verdict::Met as u8,
                Slot::Truth(_) => NOT_MET,
                Slot::Absent => NO_DATA,
                Slot::Number(..) | Slot::Odd => ASK,
            },
            Op::Attribute(place) => self.asked.attribute(*place),
            Op::All(parts) => self.joined(&ALL, parts),
            Op::Any(parts) => self.joined(&ANY, parts),
            Op::Not(part) => {
                let mut code = [self.op(part)];
                join::turn(&mut code);
                let [code] = code;
                code
            }
            Op::Ask => ASK,
        }
    }

    fn joined(&self, table: &Table, parts: &[Op]) -> u8 {
        let mut whole = [NOT_APPLICABLE];
        for part in parts {
            join::join(table, &mut whole, &[self.op(part)]);
        }
        let [whole] = whole;
        whole
    }

    #[inline]
    fn slot(&self, of: usize) -> Slot {
        self.slots.get(of).copied().unwrap_or_default()
    }
}

/// The code of a quotient of two figures.
fn quotient(ends: &Ends, above: Slot, below: Slot) -> u8 {
    match (above, below) {
        (Slot::Number(a, above), Slot::Number(b, below)) => ends.quotient((a, above), (b, below)),
        (Slot::Number(..) | Slot::Absent, Slot::Number(..) | Slot::Absent) => NO_DATA,
        _ => ASK,
    }
}

/// Figures have fewer digits after the point than this.
const POWERS_LEN: u32 = 19;

/// The product of two words, which four words always hold.
#[inline]
fn product(a: i64, b: i64) -> i128 {
    i128::from(a).wrapping_mul(i128::from(b))
}

impl Ends {
    /// `mantissa · 10^-scale` against the threshold: `m/10^s` stands to `p/q` as `m·q` to `p·10^s`.
    #[inline]
    fn code(&self, mantissa: i64, scale: u32) -> u8 {
        let Some(power) = POWERS.get(scale as usize) else { return ASK };
        let side = |(p, q): (i64, i64)| (product(mantissa, q), product(p, *power));
        let (value, low) = side(self.low);
        if self.low == self.high {
            return Choice::of(self.codes).code(value < low, value > low);
        }
        let (above, high) = side(self.high);
        Choice::of(self.codes).code(value < low, above > high)
    }

    /// A quotient of two figures against the threshold.
    fn quotient(&self, (a, above): (i64, u32), (b, below): (i64, u32)) -> u8 {
        if b == 0 {
            return if a == 0 { NOT_APPLICABLE } else { CONTRADICTORY };
        }
        // (a/10^s) / (b/10^r) stands to p/q as a·q·10^r to b·p·10^s; common zeros drop out.
        let common = above.min(below);
        let shift = |number: i128, scale: u32| match scale - common {
            0 => Some(number),
            places => number.checked_mul((*POWERS.get(places as usize)?).into()),
        };
        let side = |(p, q): (i64, i64)| {
            let (left, right) = (shift(product(a, q), below)?, shift(product(b, p), above)?);
            Some(if b < 0 { (right, left) } else { (left, right) })
        };
        let Some(low) = side(self.low) else { return ASK };
        if self.low == self.high {
            return Choice::of(self.codes).code(low.0 < low.1, low.0 > low.1);
        }
        let Some(high) = side(self.high) else { return ASK };
        Choice::of(self.codes).code(low.0 < low.1, high.0 > high.1)
    }
}
