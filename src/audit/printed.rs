//! A printed figure against the fraction that it should be.
//!
//! Enters: numerator, denominator and the figure printed beside them. Leaves: nothing where they
//! agree, else what may have happened. The one idea: a printed figure agrees if rounding the exact
//! fraction half up to its printed digits gives it.

use crate::diagnostic::{Lang, Message};
use crate::explain::words;
use crate::number::{Interval, Rational};
use crate::unit::Unit;

/// A figure as printed, understood in its own unit.
#[derive(Debug, Clone)]
pub(super) struct Printed {
    /// What it may be.
    pub(super) value: Interval,
    /// The size of its last printed digit; nothing for counts and bounds.
    pub(super) digit: Option<Rational>,
    /// Its unit.
    pub(super) unit: Unit,
    /// It says percentage points where a percentage is meant.
    pub(super) in_points: bool,
}

/// A fraction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) above: Rational,
    pub(super) below: Rational,
}

/// Another denominator of the snapshot, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base {
    pub(super) name: String,
    pub(super) value: Rational,
}

impl Share {
    /// The exact value in the unit of what is printed; nothing over zero.
    pub(super) fn value(&self, unit: &Unit) -> Option<Rational> {
        match unit.fraction_factor() {
            Some(factor) => Some(&self.above.div(&self.below)? * &factor),
            None => Some(self.above.clone()),
        }
    }
}

impl Printed {
    /// Whether the fraction may have been printed so.
    pub(super) fn agrees(&self, exact: &Rational) -> bool {
        match (self.value.is_point(), &self.digit) {
            (Some(printed), Some(digit)) => rounded(exact, digit).as_ref() == Some(printed),
            _ => self.value.contains(exact),
        }
    }

    /// What may have happened to a figure that does not agree.
    pub(super) fn suspicion(&self, share: &Share, exact: &Rational, bases: &[Base]) -> Message {
        let mut said: Vec<Message> = Vec::new();
        if let (Some(printed), Some(digit)) = (self.value.is_point(), &self.digit) {
            if truncated(exact, digit).as_ref() == Some(printed) {
                said.push(Message::new("có lẽ bị cắt bớt chữ số", "it may have been truncated"));
            }
            said.extend(self.factor(printed, digit, exact));
            if said.is_empty() {
                said.extend(self.other_base(share, bases));
            }
            let hundred = Rational::from(100_i64);
            let outside = |value: &Rational| value.is_negative() || *value > hundred;
            if self.unit == Unit::Percent && outside(printed) && !outside(exact) {
                said.push(Message::new(
                    "nằm ngoài 0–100 % trong khi phân số thì không",
                    "it lies outside 0–100 % where the fraction does not",
                ));
            }
        }
        let join = |text: fn(&Message) -> &str| {
            said.iter().flat_map(|one| ["; ", text(one)]).collect::<String>()
        };
        Message::new(join(|one| &one.vi), join(|one| &one.en))
    }

    /// A decimal point in the wrong place.
    fn factor(&self, printed: &Rational, digit: &Rational, exact: &Rational) -> Option<Message> {
        if printed.is_zero() {
            return None;
        }
        let off = [1, 2, -1, -2].into_iter().find(|power| {
            rounded(&(exact * &Rational::pow10(*power)), digit).as_ref() == Some(printed)
        })?;
        let times = if off.abs() == 1 { 10 } else { 100 };
        Some(match off > 0 {
            true => Message::new(
                format!("có lẽ lớn gấp {times} lần"),
                format!("it may be {times} times too large"),
            ),
            false if times == 100 && self.unit == Unit::Percent => Message::new(
                "có lẽ là tỷ số chưa nhân 100",
                "it may be the ratio, not multiplied by 100",
            ),
            false => Message::new(
                format!("có lẽ nhỏ đi {times} lần"),
                format!("it may be {times} times too small"),
            ),
        })
    }

    /// Another denominator of the snapshot that explains it.
    fn other_base(&self, share: &Share, bases: &[Base]) -> Option<Message> {
        const NAMED: usize = 3;
        let fits = |base: &&Base| {
            let other = Share { above: share.above.clone(), below: base.value.clone() };
            base.value != share.below
                && other.value(&self.unit).is_some_and(|exact| self.agrees(&exact))
        };
        let mut names = Vec::new();
        for base in bases.iter().filter(fits) {
            let said = |lang| format!("{} ({})", words::exact(&base.value, lang), base.name);
            let one = (said(Lang::Vi), said(Lang::En));
            if names.len() < NAMED && !names.contains(&one) {
                names.push(one);
            }
        }
        if names.is_empty() {
            return None;
        }
        let list = |pick: fn(&(String, String)) -> &str, or: &str| {
            names.iter().map(pick).collect::<Vec<_>>().join(or)
        };
        Some(Message::new(
            format!("khớp nếu mẫu số là {}", list(|it| &it.0, " hoặc ")),
            format!("it fits the denominator {}", list(|it| &it.1, " or ")),
        ))
    }
}

/// The nearest multiple of a digit, halves away from zero.
pub(super) fn rounded(value: &Rational, digit: &Rational) -> Option<Rational> {
    let half = Rational::from(1_i64).div(&Rational::from(2_i64))?;
    let units = value.div(digit)?;
    let whole = (&units.abs() + &half).floor();
    let signed = if units.is_negative() { -&whole } else { whole };
    Some(&signed * digit)
}

/// The multiple of a digit next to it on the side of zero.
fn truncated(value: &Rational, digit: &Rational) -> Option<Rational> {
    let units = value.div(digit)?;
    let whole = units.abs().floor();
    let signed = if units.is_negative() { -&whole } else { whole };
    Some(&signed * digit)
}
