//! Figures that matter to a comparison: just below its threshold, at it, just above.
//!
//! Enters: a comparison. Leaves: values of its indicators, and their text as data write it. The
//! one idea: one indicator is moved, all others stand still; what it must be follows from two
//! points of a straight line, and is taken only if the evaluator agrees.
//! Invariant: what is written is read back as the same value.

use crate::check::model::{Comparison, Expr, Indicator, IndicatorId, Model, Threshold};
use crate::diagnostic::Lang;
use crate::number::{Comparator, Interval, Rational, format_en, format_vi};
use crate::reference::quantity;
use crate::snapshot::{Figure, Known, Measurement, Value, understand};
use crate::unit::Unit;

/// Values of indicators.
pub(super) type Values = Vec<(IndicatorId, Rational)>;

/// Where a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Below,
    At,
    Above,
}

/// One case of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) side: Side,
    /// The number that it is near to; nothing where the threshold is a quantity.
    pub(super) near: Option<Rational>,
    pub(super) values: Values,
}

/// The cases around every end of a comparison's threshold.
pub(super) fn points(comparison: &Comparison, model: &Model) -> Vec<Point> {
    let zero = Rational::zero;
    match &comparison.threshold {
        Threshold::Bound { value, .. } => around(comparison, model, value, &Side::ALL),
        Threshold::Rank { within, .. } => around(comparison, model, within, &Side::ALL),
        Threshold::Within { low, high } => {
            let mut points = around(comparison, model, low, &[Side::Below, Side::At]);
            points.extend(around(comparison, model, high, &[Side::At, Side::Above]));
            points
        }
        Threshold::Unstated { between, .. } => {
            let ends = [between.low.value(), between.high.value()];
            let ends = ends.into_iter().flatten();
            ends.flat_map(|end| around(comparison, model, end, &Side::ALL)).collect()
        }
        Threshold::Yearly { .. } => Vec::new(),
        Threshold::Against { .. } => {
            let points = around(comparison, model, &zero(), &Side::ALL);
            points.into_iter().map(|point| Point { near: None, ..point }).collect()
        }
    }
}

/// Values that satisfy a comparison, or do not; nothing where none is found.
pub(super) fn chosen(comparison: &Comparison, model: &Model, satisfied: bool) -> Option<Values> {
    let points = points(comparison, model);
    let fits = |point: &&Point| match (&comparison.threshold, &point.near) {
        (Threshold::Bound { comparator, .. } | Threshold::Against { comparator, .. }, _) => {
            stands(*comparator, point.side) == satisfied
        }
        (Threshold::Unstated { comparator, between }, Some(near)) => {
            // Only beyond the far end is it sure.
            let end = if comparator.is_floor() == satisfied { &between.high } else { &between.low };
            end.value() == Some(near) && {
                let wanted =
                    if comparator.is_floor() == satisfied { Side::Above } else { Side::Below };
                point.side == wanted
            }
        }
        (Threshold::Rank { .. }, _) => (point.side != Side::Above) == satisfied,
        _ => (point.side == Side::At) == satisfied,
    };
    points.iter().find(fits).map(|point| point.values.clone())
}

/// Whether a value on this side of a bound satisfies.
fn stands(comparator: Comparator, side: Side) -> bool {
    let value = Rational::from(match side {
        Side::Below => -1_i64,
        Side::At => 0,
        Side::Above => 1,
    });
    comparator.holds(&value, &Rational::zero())
}

impl Side {
    const ALL: [Self; 3] = [Self::Below, Self::At, Self::Above];

    const fn sign(self) -> i64 {
        match self {
            Self::Below => -1,
            Self::At => 0,
            Self::Above => 1,
        }
    }
}

fn around(comparison: &Comparison, model: &Model, end: &Rational, sides: &[Side]) -> Vec<Point> {
    let point = |side: &Side| {
        let values = values(comparison, model, end, *side)?;
        Some(Point { side: *side, near: Some(end.clone()), values })
    };
    sides.iter().filter_map(point).collect()
}

/// One unit in the last place of a threshold, or one whole unit where things are counted.
fn unit_of(threshold: &Rational, unit: &Unit) -> Rational {
    let counts = unit.is_counting() || (*unit == Unit::plain() && threshold.is_integer());
    match threshold.decimal_places() {
        Some(places) if !counts => Rational::pow10(-i32::try_from(places).unwrap_or(0)),
        // A fraction without end has no last place.
        None if !counts => Rational::pow10(-2),
        _ => Rational::from(1_i64),
    }
}

/// Values with which the measure lies so to `end`.
fn values(comparison: &Comparison, model: &Model, end: &Rational, side: Side) -> Option<Values> {
    let unit = &unit_of(end, &comparison.unit) * &Rational::from(side.sign());
    if let (
        Expr::Indicator(id),
        Threshold::Bound { .. }
        | Threshold::Rank { .. }
        | Threshold::Within { .. }
        | Threshold::Unstated { .. },
    ) = (&comparison.measure, &comparison.threshold)
    {
        let value = end + &unit;
        let value = if value.decimal_places().is_some() { value } else { near(&value, side)? };
        return in_range(*id, &value, model).then(|| vec![(*id, value)]);
    }
    let ids = comparison.needed();
    let sizes = [100_i64, 1000, 10_000, 1_000_000];
    let mut spare = None;
    for (size, id) in sizes.iter().flat_map(|size| ids.iter().map(move |id| (size, id))) {
        let others = |other: IndicatorId| default(other, model, *size);
        let Some((found, even)) = moved(comparison, *id, &others, end, &unit, side) else {
            continue;
        };
        let values: Values = ids
            .iter()
            .map(|other| (*other, if other == id { found.clone() } else { others(*other) }))
            .collect();
        let possible = values.iter().all(|(id, value)| in_range(*id, value, model))
            && found.decimal_places().is_some_and(|places| places <= 12);
        if possible && even && found.is_integer() && !found.is_negative() {
            return Some(values);
        }
        spare = spare.or(possible.then_some(values));
    }
    spare
}

/// A number with four digits on one side of a fraction without end; nothing at it.
fn near(value: &Rational, side: Side) -> Option<Rational> {
    let scale = Rational::pow10(4);
    match side {
        Side::At => None,
        Side::Below => (value * &scale).floor().div(&scale),
        Side::Above => (value * &scale).ceil().div(&scale),
    }
}

/// The value of one indicator that brings the measure to `end`, then one step beside it; and
/// whether a whole number lies at the end itself.
fn moved(
    comparison: &Comparison,
    id: IndicatorId,
    others: &dyn Fn(IndicatorId) -> Rational,
    end: &Rational,
    unit: &Rational,
    side: Side,
) -> Option<(Rational, bool)> {
    let at = |value: &Rational| {
        let of = |other: IndicatorId| Some(if other == id { value.clone() } else { others(other) });
        let measure = quantity(&comparison.measure, &of)?;
        match &comparison.threshold {
            Threshold::Against { other, .. } => Some(&measure - &quantity(other, &of)?),
            _ => Some(measure),
        }
    };
    let (one, two) = (Rational::from(1_i64), Rational::from(2_i64));
    let (first, second) = (at(&one)?, at(&two)?);
    let slope = &second - &first;
    let solve = |wanted: &Rational| Some(&one + &(wanted - &first).div(&slope)?);
    let quotient = comparison.quotient().is_some();
    let exact = solve(end)?;
    let found = if quotient {
        // The numerator goes by whole units.
        let step = Rational::from(side.sign() * if slope.is_negative() { -1 } else { 1 });
        match (exact.is_integer(), side) {
            (true, _) | (_, Side::At) => &exact + &step,
            (false, _) if step.is_negative() => exact.floor(),
            (false, _) => exact.ceil(),
        }
    } else {
        solve(&(end + unit))?
    };
    let reached = at(&found)?;
    let lies = match side {
        Side::Below => reached < *end,
        Side::At => reached == *end,
        Side::Above => reached > *end,
    };
    lies.then(|| (found, exact.is_integer()))
}

/// What an indicator is where another one moves.
fn default(id: IndicatorId, model: &Model, size: i64) -> Rational {
    let value = Rational::from(size);
    let Some(range) = model.indicator(id).and_then(|it| it.range.as_ref()) else { return value };
    if range.contains(&value) {
        return value;
    }
    let ends = [range.high.value(), range.low.value()];
    ends.into_iter().flatten().find(|end| range.contains(end)).cloned().unwrap_or(value)
}

/// Whether an indicator may have a value.
pub(super) fn in_range(id: IndicatorId, value: &Rational, model: &Model) -> bool {
    let Some(indicator) = model.indicator(id) else { return false };
    let rank = indicator.unit != Unit::Rank || (value.is_integer() && value.is_positive());
    let range = indicator.range.as_ref().is_none_or(|range| range.contains(value));
    rank && range && (indicator.may_be_negative || !value.is_negative())
}

/// A value as data write it: `29,9%`, `1.200 hồ sơ`; nothing where it cannot be written so that
/// it is read back.
pub(super) fn text(value: &Rational, indicator: &Indicator, lang: Lang) -> Option<String> {
    let format = crate::explain::words::format(lang);
    let number = |value: &Rational| {
        let plain = value.exact_decimal()?;
        let plain = if plain.contains('.') {
            plain.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            plain
        };
        Some(match lang {
            Lang::Vi => format_vi(&plain),
            Lang::En => format_en(&plain),
        })
    };
    let label = indicator.unit.label(format);
    let with_unit = match indicator.unit {
        Unit::Percent | Unit::Permille => format!("{}{label}", number(value)?),
        Unit::Rank => number(value)?,
        _ => format!("{} {label}", number(value)?).trim_end().to_owned(),
    };
    let power = Rational::pow10(i32::try_from(indicator.bare_power).ok()?);
    let bare = number(&value.div(&power)?);
    let reads = |text: &String| {
        let figure = understand(&[&Measurement::text(text.as_str())], indicator, format);
        matches!(figure, Figure::Known(Known { value: Value::Within(read), .. })
            if read == Interval::point(value.clone()))
    };
    [Some(with_unit), bare].into_iter().flatten().find(reads)
}
