//! What units answer to a condition, all of them at once.
//!
//! Enters: a reference evaluator and all snapshots of its data as a batch. Leaves: an answer a
//! condition and snapshot, which the reference takes in. The one idea: the condition of a share is
//! an operator like that of a target; who counts, and which snapshot of a unit does, stays the
//! reference's matter. Invariant: a row that rounding may decide, or that is not plain, has no
//! answer here.

use super::join::ASK;
use super::machine;
use crate::check::model::{Condition, IndicatorId, Model};
use crate::number::Rational;
use crate::program::{Op, Test, operator};
use crate::reference::{Alone, Answers, Reference, needed};
use crate::snapshot::{Batch, Column, Data, Entry, Figure, Measurement, Names, Values, understand};
use crate::unit::Unit;
use crate::verdict::Verdict;

/// Judges the conditions that units are asked. `batch` holds all snapshots of the reference's data,
/// in their order.
pub(super) fn prepare(reference: &Reference<'_>, model: &Model, names: &Names, batch: &Batch) {
    let asked: Vec<(usize, &Condition, Op)> = reference
        .unit_conditions()
        .into_iter()
        .filter_map(|(address, asked)| Some((address, asked, operator(model, asked)?)))
        .collect();
    if asked.is_empty() {
        return;
    }
    let digits = Digits::of(model, names, batch.data());
    let mut answers = Answers::new();
    for (address, condition, op) in asked {
        let codes = machine::codes(reference, batch, &op);
        let columns: Vec<Option<&Column>> =
            needed(condition).into_iter().map(|id| batch.column(id)).collect();
        let mut open = vec![false; batch.len()];
        digits.mark(batch, &op, &mut open);
        for row in columns.iter().flatten().flat_map(|column| column.odd()) {
            if let Some(open) = open.get_mut(row) {
                *open = true;
            }
        }
        let answer = |(row, (code, open)): (usize, (u8, bool))| {
            let verdict = Verdict::ALL.get(usize::from(code)).filter(|_| code != ASK && !open);
            let Some(verdict) = verdict else { return Alone::ASK };
            let held = |column: Option<&Column>| column.is_some_and(|it| it.is_valid(row));
            let reported = *verdict != Verdict::NoData || columns.iter().copied().any(held);
            Alone::new(*verdict, reported, columns.iter().copied().all(held))
        };
        let rows = codes.into_iter().zip(open).enumerate();
        answers.insert(address, rows.map(answer).collect());
    }
    reference.know(answers);
}

/// By [`IndicatorId`]: the largest last digit that a figure was printed with, where it may have
/// been rounded.
struct Digits(Vec<Option<Rational>>);

impl Digits {
    fn of(model: &Model, names: &Names, data: &Data) -> Self {
        let bound: Vec<_> = data.names.iter().map(|name| names.find(model, name)).collect();
        let mut digits = vec![None; model.indicators.len()];
        // Bare numbers are many: of them the fewest places are kept until the end.
        let mut places: Vec<Option<u32>> = vec![None; model.indicators.len()];
        for entry in data.snapshots.iter().flat_map(|snapshot| data.entries(snapshot)) {
            for id in bound.get(entry.name() as usize).map_or(&[][..], |ids| ids) {
                let place = id.0 as usize;
                match bare(model, *id, &entry) {
                    Some(Bare::Counts) => {}
                    Some(Bare::Places(bare)) => {
                        if let Some(known) = places.get_mut(place) {
                            *known = Some(known.map_or(bare, |known| known.min(bare)));
                        }
                    }
                    None => note(&mut digits, *id, printed(model, *id, &entry.measurement())),
                }
            }
        }
        for (place, bare) in (0_u32..).zip(places) {
            let digit = bare.map(|bare| Rational::pow10(-i32::try_from(bare).unwrap_or(i32::MAX)));
            note(&mut digits, IndicatorId(place), digit);
        }
        Self(digits)
    }

    /// Marks the rows of which rounding may decide some part.
    fn mark(&self, batch: &Batch, op: &Op, open: &mut [bool]) {
        let digit = |id: &IndicatorId| self.0.get(id.0 as usize).and_then(Option::as_ref);
        match op {
            Op::Compare { of, test } => {
                if let (Some(digit), Some(column)) = (digit(of), batch.column(*of)) {
                    near(column, test, digit, open);
                }
            }
            Op::Quotient { above, below, .. } if digit(above).or(digit(below)).is_some() => {
                open.fill(true);
            }
            Op::All(parts) | Op::Any(parts) => {
                for part in parts {
                    self.mark(batch, part, open);
                }
            }
            Op::Not(part) => self.mark(batch, part, open),
            // Others are never asked of units here.
            _ => {}
        }
    }
}

/// Keeps the larger digit.
fn note(digits: &mut [Option<Rational>], id: IndicatorId, digit: Option<Rational>) {
    let Some(known) = digits.get_mut(id.0 as usize) else { return };
    if digit > *known {
        *known = digit;
    }
}

/// A bare number: one that was counted, or the digits after its point.
enum Bare {
    Counts,
    Places(u32),
}

fn bare(model: &Model, id: IndicatorId, given: &Entry<'_>) -> Option<Bare> {
    let number = given.number()?;
    let indicator = model.indicator(id).filter(|it| it.takes_bare_numbers())?;
    Some(match indicator.unit {
        Unit::Count { noun: Some(_) } => Bare::Counts,
        Unit::Count { noun: None } if number.scale() == 0 => Bare::Counts,
        _ => Bare::Places(number.scale()),
    })
}

/// The last digit of any other figure.
fn printed(model: &Model, id: IndicatorId, given: &Measurement) -> Option<Rational> {
    let indicator = model.indicator(id)?;
    match understand(&[given], indicator, indicator.number_format(model)) {
        Figure::Known(known) => known.last_digit,
        _ => None,
    }
}

/// Marks the numbers of a column that are not further from the threshold than half of a digit.
fn near(column: &Column, test: &Test, digit: &Rational, open: &mut [bool]) {
    let Values::Numbers { mantissas, scale, .. } = column.values() else { return };
    let scaled = |value: &Rational| value * &Rational::pow10(i32::try_from(*scale).unwrap_or(0));
    let (low, high) = test.ends();
    for end in [low, high] {
        let from = scaled(&(end - digit)).floor().to_i128().unwrap_or(i128::MIN);
        let to = scaled(&(end + digit)).ceil().to_i128().unwrap_or(i128::MAX);
        for (row, open) in open.iter_mut().enumerate() {
            *open |= mantissas.get(row).is_some_and(|it| from <= it && it <= to);
        }
    }
}
