//! Operators over the snapshots of one entity: other times, sums, and what must always hold.
//!
//! Enters: all rows with their lines of days, and an operator. Leaves: a code a row, as if it were
//! due. The one idea: along an entity's days, the last row that holds a figure, the sum so far and
//! what was always so are each made of those of the day before. Invariant: a row that a figure out
//! of the plain stands in the way of is left to the reference evaluator.

use std::ops::Range;

use super::bind;
use super::join::{self, ALL, ASK};
use super::machine;
use super::time;
use super::whole::{Lines, Whole};
use crate::calendar::{Date, Period};
use crate::check::model::{IndicatorId, Moment};
use crate::number::Rational;
use crate::program::{Balance, Dated, Op, Test};
use crate::reference::Reference;
use crate::snapshot::{Batch, Column, Values};
use crate::verdict::Verdict;

const NO_DATA: u8 = Verdict::NoData as u8;
const NOT_APPLICABLE: u8 = Verdict::NotApplicable as u8;

/// The codes of all rows.
pub(super) fn codes(whole: &Whole, reference: &Reference<'_>, op: &Op) -> Vec<u8> {
    let (batch, lines) = (whole.batch(), whole.lines());
    let found = match op {
        Op::Dated(dated) => against(batch, lines, dated),
        Op::Sum { of, since, test } => summed(batch, lines, (*of, *since), test),
        Op::Always { parts, window } => {
            let needed = parts.first().map(|(_, part)| part.needed()).unwrap_or_default();
            let held: Option<Vec<Cells<'_>>> =
                needed.into_iter().map(|id| Cells::of(batch, id)).collect();
            let part =
                |(due, part): &(Option<Date>, Op)| (*due, machine::codes(reference, batch, part));
            let parts: Vec<(Option<Date>, Vec<u8>)> = parts.iter().map(part).collect();
            held.map(|held| always(lines, batch.len(), &parts, &held, window))
        }
        _ => None,
    };
    found.unwrap_or_else(|| vec![ASK; batch.len()])
}

/// One figure of a row.
#[derive(Clone, Copy)]
enum Cell {
    Absent,
    Number(i128),
    /// Something that is no plain number.
    Odd,
}

/// The figures of one indicator.
struct Cells<'b> {
    column: Option<&'b Column>,
    odd: Vec<bool>,
}

impl<'b> Cells<'b> {
    fn of(batch: &'b Batch, id: IndicatorId) -> Option<Self> {
        let column = batch.column(id);
        let mut odd = vec![false; batch.len()];
        for row in column.iter().flat_map(|column| column.odd()) {
            *odd.get_mut(row)? = true;
        }
        Some(Self { column, odd })
    }

    fn scale(&self) -> u32 {
        match self.column.map(Column::values) {
            Some(Values::Numbers { scale, .. }) => *scale,
            _ => 0,
        }
    }

    fn is_odd(&self, row: usize) -> bool {
        self.odd.get(row).is_some_and(|odd| *odd)
    }

    /// Whether the row has a figure, whatever it is.
    fn holds(&self, row: usize) -> bool {
        self.is_odd(row) || self.column.is_some_and(|column| column.is_valid(row))
    }

    fn get(&self, row: usize) -> Cell {
        let Some(column) = self.column.filter(|_| self.holds(row)) else { return Cell::Absent };
        match column.values() {
            Values::Numbers { mantissas, .. } if !self.is_odd(row) => {
                mantissas.get(row).map_or(Cell::Odd, Cell::Number)
            }
            _ => Cell::Odd,
        }
    }
}

/// By the number of years, where that matters: the lower end of a test and the upper one.
type Ends = Vec<[Option<Weights>; 2]>;

/// The ends of a test over mantissas of these scales.
fn ends(dated: &Dated, now: u32, then: u32) -> Ends {
    let weights = |balance: &Balance| Weights::of(balance, now, then);
    dated.ends.iter().map(|ends| ends.each_ref().map(weights)).collect()
}

/// How many digits stand behind the point of a number that ends.
fn places(value: &Rational) -> Option<u32> {
    value.decimal_places().filter(|places| *places <= PLACES)
}

/// Numbers of more digits behind the point are left to the reference evaluator.
const PLACES: u32 = 18;

fn scaled(value: &Rational, places: u32) -> Option<i128> {
    (value * &Rational::pow10(i32::try_from(places).ok()?)).to_i128()
}

/// A figure against one of another time.
fn against(batch: &Batch, lines: &Lines, dated: &Dated) -> Option<Vec<u8>> {
    let (now, then) = (Cells::of(batch, dated.of)?, Cells::of(batch, dated.base)?);
    let ends = ends(dated, now.scale(), then.scale());
    // A figure that the rule declares has a scale of its own.
    let declared = dated.declared.iter().map(|(day, value)| {
        let number = places(value).and_then(|places| Some((scaled(value, places)?, places)));
        let scale = number.map_or(0, |(_, places)| places);
        let number = number.map_or(Cell::Odd, |(number, _)| Cell::Number(number));
        (*day, number, self::ends(dated, now.scale(), scale))
    });
    let declared: Vec<(Date, Cell, Ends)> = declared.collect();
    let [below, at, above] = bind::codes(&dated.test);
    let standing = |ends: &[Option<Weights>; 2], now: i128, then: i128| {
        let [Some(low), Some(high)] = ends else { return None };
        let (low, high) = (low.side(now, then)?, high.side(now, then)?);
        Some(if low.is_lt() {
            below
        } else if high.is_gt() {
            above
        } else {
            at
        })
    };
    let from_nothing = |then: &Cell| dated.relative && matches!(then, Cell::Number(..=0));
    let code = |ends: &[Option<Weights>; 2], now: Cell, then: Cell| match (now, then) {
        (Cell::Odd, _) | (_, Cell::Odd) => ASK,
        (_, then) if from_nothing(&then) => NOT_APPLICABLE,
        // What fell to 0 fell more often than any number.
        (Cell::Number(..=0), Cell::Number(_)) if dated.inverse => ASK,
        (Cell::Number(now), Cell::Number(then)) => standing(ends, now, then).unwrap_or(ASK),
        _ => NO_DATA,
    };
    let mut codes = vec![ASK; batch.len()];
    let mut times = Times { moment: dated.moment, last: None };
    for own in &lines.entities {
        // The place behind the last one that holds a figure, for each place and those before it.
        let mut held: Vec<usize> = Vec::with_capacity(own.len());
        let rows = lines.order.get(own.clone())?;
        let days = lines.days.get(own.clone())?;
        for (place, row) in rows.iter().enumerate() {
            let before = held.last().copied().unwrap_or(0);
            held.push(if then.holds(*row as usize) { place + 1 } else { before });
        }
        for (row, day) in rows.iter().zip(days) {
            let asked = times.days(*day);
            let of_rule = asked.and_then(|asked| {
                let within = |(day, ..): &&(Date, Cell, Ends)| asked.contains(*day);
                declared.iter().filter(within).max_by_key(|(day, ..)| *day)
            });
            let base = asked.and_then(|asked| {
                let end = days.partition_point(|it| asked.last.is_none_or(|last| *it <= last));
                let place = held.get(end.checked_sub(1)?)?.checked_sub(1)?;
                let after = asked.first.is_none_or(|first| days.get(place) >= Some(&first));
                rows.get(place).filter(|_| after)
            });
            let of_data = || base.map_or(Cell::Absent, |row| then.get(*row as usize));
            let (base, ends) = match of_rule {
                Some((_, number, ends)) => (*number, ends),
                None => (of_data(), &ends),
            };
            let years = dated.first_year.map_or(0, |first| day.year() - first);
            let ends =
                usize::try_from(years).ok().and_then(|years| ends.get(years).or(ends.last()));
            let code = ends.map_or(NOT_APPLICABLE, |ends| code(ends, now.get(*row as usize), base));
            *codes.get_mut(*row as usize)? = code;
        }
    }
    Some(codes)
}

/// The days of a moment; rows of one day often follow each other.
struct Times {
    moment: Moment,
    last: Option<(Date, Option<Period>)>,
}

impl Times {
    /// The days counted from a day, none of them later than it.
    fn days(&mut self, day: Date) -> Option<Period> {
        match self.last {
            Some((known, days)) if known == day => days,
            _ => {
                let days = self.moment.days(day).map(|days| {
                    let last = days.last.map_or(day, |last| last.min(day));
                    Period { first: days.first, last: Some(last) }
                });
                self.last = Some((day, days));
                days
            }
        }
    }
}

/// A balance over the mantissas of two columns: `now · a + then · b` against `least..=most`.
struct Weights {
    now: i128,
    then: i128,
    /// The bound, rounded up and down.
    least: i128,
    most: i128,
}

impl Weights {
    fn of(balance: &Balance, now_scale: u32, then_scale: u32) -> Option<Self> {
        let scale = now_scale.max(then_scale);
        let power = |places: u32| Rational::pow10(i32::try_from(places).unwrap_or(i32::MAX));
        let now = &balance.now * &power(scale - now_scale);
        let then = &balance.base * &power(scale - then_scale);
        let whole = Rational::new(now.denominator() * then.denominator(), 1.into())?;
        let bound = &(&balance.bound * &power(scale)) * &whole;
        Some(Self {
            now: (&now * &whole).to_i128()?,
            then: (&then * &whole).to_i128()?,
            least: bound.ceil().to_i128()?,
            most: bound.floor().to_i128()?,
        })
    }

    /// On which side of the bound two mantissas lie; nothing where that takes more digits.
    fn side(&self, now: i128, then: i128) -> Option<std::cmp::Ordering> {
        let sum = now.checked_mul(self.now)?.checked_add(then.checked_mul(self.then)?)?;
        Some(if sum < self.least {
            std::cmp::Ordering::Less
        } else if sum > self.most {
            std::cmp::Ordering::Greater
        } else {
            std::cmp::Ordering::Equal
        })
    }
}

/// Sums over the rows that hold a figure, each with all before it.
fn summed(
    batch: &Batch,
    lines: &Lines,
    (of, since): (IndicatorId, Option<Date>),
    test: &Test,
) -> Option<Vec<u8>> {
    let cells = Cells::of(batch, of)?;
    let bounds = bind::bounds(test, cells.scale());
    let [below, at, above] = bounds.codes;
    let code = |sum: i128| {
        if sum < bounds.low {
            below
        } else if sum > bounds.high {
            above
        } else {
            at
        }
    };
    let mut sum: Option<i128> = None;
    along(batch.len(), lines, |rows, day, first| {
        if first {
            sum = None;
        }
        let counts = since.is_none_or(|since| since <= day);
        let mut odd = false;
        for row in rows.iter().filter(|_| counts) {
            match cells.get(*row as usize) {
                Cell::Absent => {}
                Cell::Odd => odd = true,
                Cell::Number(number) => match sum.unwrap_or(0).checked_add(number) {
                    Some(more) => sum = Some(more),
                    None => odd = true,
                },
            }
        }
        match (odd, sum) {
            // What stands in one day's way stands in that of all later ones.
            (true, _) => Step::End(ASK),
            (false, Some(sum)) => Step::Go(code(sum)),
            (false, None) => Step::Go(NO_DATA),
        }
    })
}

/// What was so on all days that hold what is needed.
fn always(
    lines: &Lines,
    len: usize,
    parts: &[(Option<Date>, Vec<u8>)],
    needed: &[Cells<'_>],
    window: &Period,
) -> Vec<u8> {
    let mut so_far = None;
    let codes = along(len, lines, |rows, day, first| {
        if first {
            so_far = None;
        }
        let part = parts.get(time::place_on(parts.iter().map(|(due, _)| *due), day));
        let part = part.map_or(&[][..], |(_, codes)| codes);
        let holds = |row: &&u32| needed.iter().all(|cells| cells.holds(**row as usize));
        for row in rows.iter().filter(|_| window.contains(day)).filter(holds) {
            let code = part.get(*row as usize).copied().unwrap_or(ASK);
            let mut joined = [so_far.unwrap_or(NOT_APPLICABLE)];
            join::join(&ALL, &mut joined, &[code]);
            so_far = Some(joined[0]);
        }
        Step::Go(so_far.unwrap_or(NO_DATA))
    });
    codes.unwrap_or_else(|| vec![ASK; len])
}

/// What a day comes to.
enum Step {
    Go(u8),
    /// All later days of the entity come to the same.
    End(u8),
}

/// Walks along the days of each entity; rows of one day are shown together, and are told the same.
fn along(
    len: usize,
    lines: &Lines,
    mut step: impl FnMut(&[u32], Date, bool) -> Step,
) -> Option<Vec<u8>> {
    let mut codes = vec![ASK; len];
    for own in &lines.entities {
        let (mut at, mut ended) = (own.start, None);
        while at < own.end {
            let day = *lines.days.get(at)?;
            let days: Range<usize> = at..own.end;
            let same = lines.days.get(days)?.iter().take_while(|it| **it == day).count();
            let rows = lines.order.get(at..at + same)?;
            let code = match ended {
                Some(code) => code,
                None => match step(rows, day, at == own.start) {
                    Step::Go(code) => code,
                    Step::End(code) => *ended.insert(code),
                },
            };
            for row in rows {
                *codes.get_mut(*row as usize)? = code;
            }
            at += same;
        }
    }
    Some(codes)
}
