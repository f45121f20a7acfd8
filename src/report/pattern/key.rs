//! What decides the wording of a record.
//!
//! Enters: what is told of a judgement. Leaves: a [`Key`]. The one idea: records of one target that
//! have the same key differ in their figures alone. Invariant: whatever the sentences and fields of
//! a plain record ask of its figures is in the key.

use std::cmp::Ordering;

use crate::verdict::{Ratio, Seen, Told};

/// How the record of a target is worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key(u32);

impl Key {
    /// Nothing where a number does not fit.
    pub(super) fn of(told: &Told) -> Option<Self> {
        let (size, aside, numerator) = match told.measured {
            Seen::Nothing => (0, 0, false),
            Seen::Truth(truth) => (1 + u32::from(truth), 0, false),
            Seen::Number(value) => {
                let numerator = match told.fraction {
                    Some([(mantissa, scale), _]) => {
                        value.cmp(Ratio::decimal(mantissa, scale)?)? == Ordering::Equal
                    }
                    None => false,
                };
                (3, if told.margin.is_none() { aside(value, told.ends)? } else { 0 }, numerator)
            }
        };
        let margin = match told.margin {
            None => 0,
            Some(margin) => distance(margin),
        };
        let [first, second] = told.missing;
        let parts = [
            (told.verdict as u32, 3),
            (told.progress.map_or(0, |progress| 1 + progress as u32), 2),
            (size, 2),
            (aside, 3),
            (margin, 2),
            (step(told)?, 3),
            (numerator.into(), 1),
            (told.fraction.is_some().into(), 1),
            (told.attainment.is_some().into(), 1),
            (told.rounding_sensitive.into(), 1),
            (first.into(), 1),
            (second.into(), 1),
        ];
        Some(Self(parts.into_iter().fold(0, |key, (part, bits)| (key << bits) | part)))
    }
}

/// Nothing, one, or any other number: words have a plural.
const fn distance(distance: Ratio) -> u32 {
    if distance.above == 0 {
        1
    } else if distance.above.unsigned_abs() == distance.below.unsigned_abs() {
        2
    } else {
        3
    }
}

/// On which side of an asked value or range a number lies, and how far.
fn aside(value: Ratio, [low, high]: [Ratio; 2]) -> Option<u32> {
    Some(match (value.cmp(low)?, value.cmp(high)?) {
        (Ordering::Less, _) => distance(low.less(value)?),
        (_, Ordering::Greater) => 3 + distance(value.less(high)?),
        _ => 0,
    })
}

/// Whether there is a step, where to, and whether it only repeats the margin.
fn step(told: &Told) -> Option<u32> {
    let Some(step) = told.step else { return Some(0) };
    let repeats = match told.margin {
        Some(margin) => margin.abs()?.cmp(step.abs()?)? == Ordering::Equal,
        None => false,
    };
    Some(match step.above.cmp(&0) {
        Ordering::Equal => 1,
        Ordering::Greater => 2 + u32::from(repeats),
        Ordering::Less => 4 + u32::from(repeats),
    })
}
