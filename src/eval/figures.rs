//! The figures of one snapshot, as far as integers say all of them.
//!
//! Enters: measurements, by indicator. Leaves: a slot an indicator, with its place among the
//! entries. The one idea: a figure is plain if nothing is known of it but its value and its printed
//! digits. Invariant: of a figure that is not plain, or stands twice, nothing is said.

use super::one::{Ready, Slot};
use crate::check::model::{Indicator, IndicatorId, Model};
use crate::number::Rational;
use crate::snapshot::{Entry, Figure, Known, Measurement, Raw, Value, understand};
use crate::unit::Unit;
use crate::verdict::Ratio;

/// The figures of one snapshot, by indicator, each with its place among the entries.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures(Vec<(Slot, u32)>);

impl Figures {
    /// Forgets all figures.
    pub(crate) fn begin(&mut self, model: &Model) {
        self.0.clear();
        self.0.resize(model.indicators.len(), (Slot::Absent, 0));
    }

    /// Takes a measurement in that stands at this place among the entries.
    pub(crate) fn take(
        &mut self,
        ready: &Ready,
        model: &Model,
        (id, at): (IndicatorId, u32),
        given: &Measurement,
    ) {
        let slot = match (&given.value, given.is_bare()) {
            (Raw::Number(number), true) if ready.is_bare(id) => Slot::number(*number),
            _ if given.is_missing() => return,
            _ => model.indicator(id).map_or(Slot::Odd, |it| {
                of_known(&understand(&[given], it, it.number_format(model)), it)
            }),
        };
        self.put(slot, (id, at));
    }

    /// As [`Figures::take`], of a measurement that was gathered.
    pub(crate) fn take_entry(
        &mut self,
        ready: &Ready,
        model: &Model,
        (id, at): (IndicatorId, u32),
        given: &Entry<'_>,
    ) {
        match given.number() {
            Some(number) if ready.is_bare(id) => self.put(Slot::number(number), (id, at)),
            _ => self.take(ready, model, (id, at), &given.measurement()),
        }
    }

    fn put(&mut self, slot: Slot, (id, at): (IndicatorId, u32)) {
        if let Some(place) = self.0.get_mut(id.0 as usize) {
            // Figures that stand twice are held against each other.
            *place = if place.0 == Slot::Absent { (slot, at) } else { (Slot::Odd, at) };
        }
    }

    pub(super) fn slot(&self, of: IndicatorId) -> (Slot, u32) {
        self.0.get(of.0 as usize).copied().unwrap_or((Slot::Odd, 0))
    }
}

/// A figure of which nothing is known but its value and its printed digits.
fn of_known(figure: &Figure, indicator: &Indicator) -> Slot {
    let Figure::Known(known) = figure else { return Slot::Odd };
    let Known { value, last_digit, .. } = known;
    let rest = Known { last_digit: last_digit.clone(), ..Known::plain(value.clone()) };
    if *known != rest {
        return Slot::Odd;
    }
    let number = match value {
        Value::Truth(truth) => return Slot::Truth(*truth),
        Value::Within(interval) => interval.is_point(),
        Value::About(_) => None,
    };
    let slot = number.and_then(|number| {
        let places = last_digit.as_ref().unwrap_or(number).decimal_places()?;
        let power = Rational::pow10(i32::try_from(places).ok()?);
        let mantissa = i64::try_from((number * &power).to_i128()?).ok()?;
        let digit = Rational::pow10(-i32::try_from(places).ok()?);
        let rounds = Rounds::of(&indicator.unit).may(mantissa, places)?;
        (last_digit.as_ref() == rounds.then_some(&digit)).then_some(Slot::Number(mantissa, places))
    });
    slot.unwrap_or(Slot::Odd)
}

/// Whether a printed figure may have been rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounds {
    Never,
    Always,
    /// A plain number is a count where it is whole.
    UnlessWhole,
}

impl Rounds {
    pub(super) const fn of(unit: &Unit) -> Self {
        match unit {
            Unit::Count { noun: None } => Self::UnlessWhole,
            Unit::Count { .. } | Unit::Rank | Unit::YesNo => Self::Never,
            _ => Self::Always,
        }
    }

    pub(super) fn may(self, mantissa: i64, scale: u32) -> Option<bool> {
        Some(match self {
            Self::Never => false,
            Self::Always => true,
            Self::UnlessWhole => !Ratio::decimal(mantissa, scale)?.is_whole(),
        })
    }
}
