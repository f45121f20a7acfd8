//! Measurements understood: what a figure means in the unit of its indicator.
//!
//! Enters: what the data write for one indicator, once or several times. Leaves: a [`Figure`].
//! The one idea: figures that agree are the most exact of them; figures that do not are
//! contradictory, and none is chosen. Invariant: no value is rounded here.

use super::phrase::{self, Bound, Phrase, Size};
use super::{Measurement, Raw};
use crate::check::model::Indicator;
use crate::number::{self, Decimal, Format, Interval, Rational};
use crate::unit::{self, Unit};
use crate::verdict::Reason;

/// What is known of an indicator in one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every figure is known: a box each would cost more"
)]
pub enum Figure {
    /// Nothing was measured.
    Absent,
    /// 0/0: the indicator does not apply.
    NotApplicable,
    /// The figure breaks a rule for data; the text shows it as the data write it.
    Contradictory(Reason, String),
    /// A figure.
    Known(Known),
}

/// A figure that can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The value, in the indicator's unit.
    pub value: Value,
    /// Numerator and denominator, where the data give them.
    pub fraction: Option<(Rational, Rational)>,
    /// The noun of what was counted, where the data write one.
    pub noun: Option<String>,
    /// The size of the last printed digit, in the indicator's unit, of a figure that may have been
    /// rounded; `None` for counts, ranks, fractions, bounds and yes/no.
    pub last_digit: Option<Rational>,
    /// All values that it may have had before rounding, where it is made of several figures that
    /// may have been rounded.
    pub unrounded: Option<Interval>,
    /// The size of the field of a rank.
    pub field: Option<Rational>,
    /// The data mark it as an estimate.
    pub estimate: bool,
}

impl Known {
    /// A figure without anything beside its value.
    pub const fn plain(value: Value) -> Self {
        Self {
            value,
            fraction: None,
            noun: None,
            last_digit: None,
            unrounded: None,
            field: None,
            estimate: false,
        }
    }
}

/// A value, a bound, or less than that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A point, or anything between two ends.
    Within(Interval),
    /// "About" this number, which bounds nothing.
    About(Rational),
    /// Yes or no.
    Truth(bool),
}

/// Understands all measurements that one snapshot holds of one indicator.
pub fn understand(given: &[&Measurement], indicator: &Indicator, format: Format) -> Figure {
    if given.is_empty() {
        return Figure::Absent;
    }
    let figures = given.iter().flat_map(|it| understand_one(it, indicator, format));
    let figures = figures.filter(|figure| *figure != Figure::Absent).collect();
    let texts = || given.iter().map(|one| written(one)).collect::<Vec<_>>().join("; ");
    reconcile(figures, indicator, texts)
}

/// One figure from several of one indicator: the most exact, where they agree. `text` shows them as
/// the data write them.
pub fn reconcile(
    mut figures: Vec<Figure>,
    indicator: &Indicator,
    text: impl Fn() -> String,
) -> Figure {
    figures.retain(|figure| *figure != Figure::Absent);
    if figures.len() == 1 {
        return match figures.pop() {
            Some(Figure::Known(known)) => in_range(known, indicator, text),
            alone => alone.unwrap_or(Figure::Absent),
        };
    }
    let wrong = figures.iter().find(|figure| matches!(figure, Figure::Contradictory(..)));
    if let Some(wrong) = wrong {
        return wrong.clone();
    }
    let unequal = || Figure::Contradictory(Reason::UnequalValues, text());
    let known: Vec<Known> = figures
        .iter()
        .filter_map(|figure| match figure {
            Figure::Known(known) => Some(known.clone()),
            _ => None,
        })
        .collect();
    match (figures.len(), known.len()) {
        (0, _) => Figure::Absent,
        (_, 0) => Figure::NotApplicable,
        (all, some) if all > some => unequal(),
        _ => match agreed(known) {
            Some(known) => in_range(known, indicator, text),
            None => unequal(),
        },
    }
}

/// A value outside the declared range is contradictory; a bound is cut to it.
fn in_range(mut known: Known, indicator: &Indicator, text: impl Fn() -> String) -> Figure {
    if let (Some(range), Value::Within(interval)) = (&indicator.range, &known.value) {
        match interval.intersect(range) {
            Some(inside) => known.value = Value::Within(inside),
            None => return Figure::Contradictory(Reason::OutOfRange, text()),
        }
    }
    Figure::Known(known)
}

/// The most exact of several figures, if each agrees with it.
fn agreed(mut known: Vec<Known>) -> Option<Known> {
    known.sort_by_key(rank_of_exactness);
    let mut rest = known.into_iter();
    let mut best = rest.next()?;
    for other in rest {
        best.estimate |= other.estimate;
        if best.field.is_some() && other.field.is_some() && best.field != other.field {
            return None;
        }
        best.field = best.field.take().or_else(|| other.field.clone());
        best.value = match (&best.value, &other.value) {
            (Value::Truth(a), Value::Truth(b)) if a == b => Value::Truth(*a),
            (Value::Within(_) | Value::About(_), Value::About(_)) => best.value,
            (Value::Within(a), Value::Within(b)) => Value::Within(common(a, b, &best, &other)?),
            _ => return None,
        };
    }
    Some(best)
}

/// What two figures have in common: equal points, a fraction and its printed rounding, or where
/// intervals overlap.
fn common(a: &Interval, b: &Interval, best: &Known, other: &Known) -> Option<Interval> {
    match (a.is_point(), b.is_point()) {
        (Some(exact), Some(printed)) if exact != printed => {
            best.fraction.as_ref()?;
            let digit = other.last_digit.as_ref()?;
            let rounded = half_up(&exact.div(digit)?);
            (&rounded * digit == *printed).then(|| a.clone())
        }
        _ => a.intersect(b),
    }
}

/// The nearest whole number, halves away from zero.
fn half_up(value: &Rational) -> Rational {
    let half = Rational::pow10(-1);
    let half = &half * &Rational::from(5_i64);
    if value.is_negative() { -&(&value.abs() + &half).floor() } else { (value + &half).floor() }
}

/// Fractions before points, points with more digits before others, then intervals, then "about".
fn rank_of_exactness(known: &Known) -> (u8, Rational) {
    let digit = known.last_digit.clone().unwrap_or_else(Rational::zero);
    match &known.value {
        Value::Truth(_) => (0, digit),
        Value::Within(interval) if interval.is_point().is_some() => {
            (u8::from(known.fraction.is_none()), digit)
        }
        Value::Within(_) => (2, digit),
        Value::About(_) => (3, digit),
    }
}

/// One measurement may hold two figures: a value, and a numerator with its denominator.
fn understand_one(given: &Measurement, indicator: &Indicator, format: Format) -> [Figure; 2] {
    let format = given.format.unwrap_or(format);
    let fraction = fraction_of(given, indicator, format);
    let value = match (&given.value, &given.unit) {
        (value, _) if value.is_missing() => Figure::Absent,
        (Raw::Number(number), None) => plain(*number, given, indicator),
        (Raw::Number(number), Some(unit)) => {
            let (unit, power) = named_unit(unit);
            let quantity = Size { value: Rational::from(*number), scale: number.scale(), power };
            let phrase = Phrase::of(quantity, Some(unit));
            of_phrase(&phrase, given, indicator)
        }
        (Raw::Truth(truth), _) => of_truth(*truth, given, indicator),
        (Raw::Text(text), unit) => of_text(text, unit.as_deref(), given, indicator, format),
        _ => unreadable(given),
    };
    [fraction, value]
}

/// `numerator` and `denominator` as fields of their own.
fn fraction_of(given: &Measurement, indicator: &Indicator, format: Format) -> Figure {
    let number = |raw: &Raw| match raw {
        Raw::Number(number) => Some(Rational::from(*number)),
        Raw::Text(text) => number::read(text.trim(), format).ok().map(Rational::from),
        _ => None,
    };
    if given.numerator.is_missing() && given.denominator.is_missing() {
        return Figure::Absent;
    }
    match (number(&given.numerator), number(&given.denominator)) {
        (Some(above), Some(below)) => {
            let unit = given.unit.as_deref().map(named_unit);
            of_fraction(above, below, unit, None, given, indicator)
        }
        _ => unreadable(given),
    }
}

/// What a/b means is the unit's matter.
fn of_fraction(
    above: Rational,
    below: Rational,
    unit: Option<(Unit, u32)>,
    noun: Option<String>,
    given: &Measurement,
    indicator: &Indicator,
) -> Figure {
    let (value, field) = match (&indicator.unit, indicator.unit.fraction_factor()) {
        (Unit::YesNo, _) => return wrong_unit(given),
        (_, Some(_)) if indicator.bare_is_ambiguous && unit.is_none() => return wrong_unit(given),
        (_, Some(factor)) => match above.div(&below) {
            Some(share) => (&share * &factor, None),
            None if above.is_zero() => return Figure::NotApplicable,
            None => return Figure::Contradictory(Reason::ZeroDenominator, written(given)),
        },
        (Unit::Rank, None) => (above.clone(), Some(below.clone())),
        (Unit::Points { of: Some(most) }, None) if Rational::from(*most) != below => {
            return wrong_unit(given);
        }
        (_, None) => match numerator_factor(unit, indicator) {
            Some(factor) => (&above * &factor, None),
            None => return wrong_unit(given),
        },
    };
    Figure::Known(Known {
        value: Value::Within(Interval::point(value)),
        fraction: Some((above, below)),
        noun,
        last_digit: None,
        unrounded: None,
        field,
        estimate: false,
    })
}

/// What a numerator is multiplied by to be in the unit of an indicator whose value it is.
fn numerator_factor(unit: Option<(Unit, u32)>, indicator: &Indicator) -> Option<Rational> {
    match unit {
        None if indicator.bare_is_ambiguous => None,
        None => Some(power_of_ten(indicator.bare_power)),
        Some((unit, power)) => match scaled_money(&unit, power, &indicator.unit) {
            Some(factor) => Some(&factor * &power_of_ten(power)),
            None => Some(&unit.factor_to(&indicator.unit)? * &power_of_ten(power)),
        },
    }
}

/// `600 tỷ` for money names the amount without its currency: the scale word is the number's own,
/// and the unit's is not put upon it again.
fn scaled_money(unit: &Unit, power: u32, own: &Unit) -> Option<Rational> {
    let plain = matches!(unit, Unit::Count { noun: None }) && power > 0;
    let own = own.money_power().filter(|_| plain)?;
    Some(Rational::pow10(-i32::try_from(own).ok()?))
}

fn power_of_ten(power: u32) -> Rational {
    Rational::pow10(i32::try_from(power).unwrap_or(0))
}

/// A bare number is in the indicator's unit.
fn plain(number: Decimal, given: &Measurement, indicator: &Indicator) -> Figure {
    let (value, scale) = (Rational::from(number), number.scale());
    let quantity = Size { value, scale, power: 0 };
    of_phrase(&Phrase::of(quantity, None), given, indicator)
}

fn of_truth(truth: bool, given: &Measurement, indicator: &Indicator) -> Figure {
    if indicator.unit != Unit::YesNo {
        return wrong_unit(given);
    }
    Figure::Known(Known::plain(Value::Truth(truth)))
}

fn of_text(
    text: &str,
    unit: Option<&str>,
    given: &Measurement,
    indicator: &Indicator,
    format: Format,
) -> Figure {
    let normal = crate::text::normal(text);
    if indicator.unit == Unit::YesNo {
        return match phrase::truth(&normal) {
            Some(truth) => of_truth(truth, given, indicator),
            None if phrase::read(&normal, format).is_some() => wrong_unit(given),
            None => unreadable(given),
        };
    }
    let Some(mut phrase) = phrase::read(&normal, format) else {
        return if phrase::truth(&normal).is_some() {
            wrong_unit(given)
        } else {
            unreadable(given)
        };
    };
    if let Some(unit) = unit {
        let (named, power) = named_unit(unit);
        let scaled = phrase.low.power > 0 || phrase.high.as_ref().is_some_and(|it| it.power > 0);
        match &phrase.unit {
            Some(own) if !own.same_kind(&named) => return wrong_unit(given),
            Some(_) => {}
            None if scaled && (power > 0 || named.money_power() > Some(0)) => {
                return wrong_unit(given);
            }
            None => {
                phrase.unit = Some(named);
                phrase.low.power += power;
                phrase.high.iter_mut().for_each(|high| high.power += power);
            }
        }
    }
    of_phrase(&phrase, given, indicator)
}

/// The unit that data name beside a figure, and the power of ten of its scale words.
fn named_unit(text: &str) -> (Unit, u32) {
    let (normal, display) = (crate::text::normal(text), crate::text::composed(text));
    let (power, noun) = number::scale_prefix(&normal);
    match unit::parse(&normal) {
        Some(unit) => (unit, 0),
        None if power > 0 => (unit::parse_any(noun, noun), power),
        None => (unit::parse_any(&normal, &display), 0),
    }
}

/// A read phrase, converted to the indicator's unit.
fn of_phrase(phrase: &Phrase, given: &Measurement, indicator: &Indicator) -> Figure {
    let own = &indicator.unit;
    let noun = match &phrase.unit {
        Some(Unit::Count { noun }) => noun.clone(),
        _ => None,
    };
    if let Some(below) = &phrase.below {
        let above = phrase.low.exact();
        let fits = matches!(
            (&phrase.unit, own),
            (None | Some(Unit::Count { .. }), _)
                | (Some(Unit::Points { .. }), Unit::Points { .. })
                | (Some(Unit::Money { .. }), Unit::Money { .. })
                | (Some(Unit::Duration { .. }), Unit::Duration { .. })
        );
        let plain = fits && phrase.bound == Bound::Itself;
        return if plain {
            let unit = phrase.unit.clone().map(|unit| (unit, 0));
            estimated(of_fraction(above, below.clone(), unit, noun, given, indicator), phrase)
        } else {
            unreadable(given)
        };
    }
    let ranked = phrase.bound == Bound::Top;
    let factor = match (&phrase.unit, own) {
        (_, Unit::YesNo) => return wrong_unit(given),
        (None, Unit::Rank) => Some(Rational::from(1_i64)),
        (None | Some(Unit::Count { .. }), _) if ranked && *own != Unit::Rank => None,
        (Some(Unit::Count { .. }), Unit::Rank) if ranked => Some(Rational::from(1_i64)),
        (None | Some(Unit::Count { noun: None }), own) if amount(phrase, own).is_some() => {
            amount(phrase, own)
        }
        (None, _) if indicator.bare_is_ambiguous => None,
        (None, _) => Some(Rational::from(1_i64)),
        (Some(unit), own) => unit.factor_to(own),
    };
    let Some(factor) = factor else { return wrong_unit(given) };
    let bare = phrase.unit.is_none() && phrase.low.power == 0;
    let factor = match (bare, i32::try_from(indicator.bare_power)) {
        (true, Ok(power)) => &factor * &Rational::pow10(power),
        _ => factor,
    };
    let known = known(phrase, &factor, noun, own);
    if *own == Unit::Rank && !is_rank(&known.value) {
        unreadable(given)
    } else {
        Figure::Known(known)
    }
}

/// The factor of an amount of money that is written with scale words alone: `600 tỷ`.
fn amount(phrase: &Phrase, own: &Unit) -> Option<Rational> {
    let ends = [Some(&phrase.low), phrase.high.as_ref()];
    let power = ends.into_iter().flatten().map(|end| end.power).min()?;
    scaled_money(&Unit::plain(), power, own)
}

fn estimated(figure: Figure, phrase: &Phrase) -> Figure {
    match figure {
        Figure::Known(known) => Figure::Known(Known { estimate: phrase.estimate, ..known }),
        other => other,
    }
}

fn known(phrase: &Phrase, factor: &Rational, noun: Option<String>, unit: &Unit) -> Known {
    let low = &phrase.low.exact() * factor;
    let high = phrase.high.as_ref().map(|high| &high.exact() * factor);
    let value = match (phrase.bound, high) {
        (Bound::About, _) => Value::About(low.clone()),
        (Bound::Itself, _) => Value::Within(Interval::point(low.clone())),
        (Bound::Between, high) => {
            Value::Within(Interval::between(low.clone(), high.unwrap_or_else(|| low.clone())))
        }
        (Bound::Around, width) => {
            let width = width.unwrap_or_else(Rational::zero).abs();
            Value::Within(Interval::between(&low - &width, &low + &width))
        }
        (Bound::AtLeast, _) => Value::Within(Interval::at_least(low.clone())),
        (Bound::MoreThan, _) => Value::Within(Interval::more_than(low.clone())),
        (Bound::AtMost, _) => Value::Within(Interval::at_most(low.clone())),
        (Bound::LessThan, _) => Value::Within(Interval::less_than(low.clone())),
        (Bound::Top, _) => Value::Within(Interval::between(Rational::from(1_i64), low.clone())),
    };
    let counts = match unit {
        Unit::Count { noun: None } => low.is_integer(),
        Unit::Count { .. } | Unit::Rank | Unit::YesNo => true,
        _ => false,
    };
    let rounds = phrase.bound == Bound::Itself && !counts;
    let last_digit = rounds.then(|| (&phrase.low.last_digit() * factor).abs());
    let (fraction, unrounded, field) = (None, None, None);
    Known { value, fraction, noun, last_digit, unrounded, field, estimate: phrase.estimate }
}

/// Ranks are whole numbers from 1.
fn is_rank(value: &Value) -> bool {
    match value {
        Value::Within(interval) => {
            interval.is_point().is_none_or(|rank| rank.is_integer() && rank.is_positive())
        }
        _ => true,
    }
}

fn unreadable(given: &Measurement) -> Figure {
    Figure::Contradictory(Reason::Unreadable, written(given))
}

fn wrong_unit(given: &Measurement) -> Figure {
    Figure::Contradictory(Reason::WrongUnit, written(given))
}

/// A measurement as the data write it.
fn written(given: &Measurement) -> String {
    let text = |raw: &Raw| match raw {
        Raw::Missing => String::new(),
        Raw::Number(number) => number.to_string(),
        Raw::Text(text) | Raw::Unreadable(text) => text.chars().take(80).collect(),
        Raw::Truth(truth) => truth.to_string(),
    };
    let value = text(&given.value);
    let fraction = match (&given.numerator, &given.denominator) {
        (Raw::Missing, Raw::Missing) => String::new(),
        (above, below) => format!("{}/{}", text(above), text(below)),
    };
    let unit = given.unit.as_deref().unwrap_or_default();
    [fraction, value, unit.to_owned()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
