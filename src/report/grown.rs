//! The words of growth: `tăng 45 % so với năm 2022 (từ 120 lên 174), yêu cầu ít nhất 39 %`.
//!
//! Enters: a judgement with the figures of both days, and the growth that its rule asks. Leaves:
//! what was compared. The one idea: the figures themselves say whether something rose or fell; what
//! the rule asks only follows. Invariant: both figures stand in the sentence.

use super::asked::Asked;
use super::words::{Words, pick, short};
use crate::check::model::{Change, Comparison, Expr, Growth, Moment, Threshold};
use crate::diagnostic::Lang;
use crate::number::{Comparator, Rational};
use crate::verdict::{InForce, Measured, Shift};

/// What was compared, of a judgement of growth; nothing of any other, or where a figure is lacking.
pub(super) fn compared(asked: Asked<'_>, words: &Words<'_>) -> Option<String> {
    let comparison = asked.growth()?;
    let Expr::Growth(growth) = &comparison.measure else { return None };
    let shift = asked.judgement.change.as_ref()?;
    let lang = words.lang;
    let since = since(growth, lang);
    let (changed, rises) = changed(growth, shift, &asked.judgement.measured, words)?;
    let figures = figures(shift, lang)?;
    let verb = match (rises == Some(!growth.falls), growth.falls) {
        (true, _) => "",
        (false, true) => pick(lang, "giảm ", "down "),
        (false, false) => pick(lang, "tăng ", "up "),
    };
    let wanted = wanted(comparison, words)?;
    let estimate =
        if asked.judgement.estimate { pick(lang, "ước ", "an estimated ") } else { "" };
    Some(match lang {
        Lang::Vi => format!("{estimate}{changed} {since} ({figures}), yêu cầu {verb}{wanted}"),
        Lang::En => format!("{estimate}{changed} {since} ({figures}), required: {verb}{wanted}"),
    })
}

/// `so với năm 2022`.
fn since(growth: &Growth, lang: Lang) -> String {
    let moment = match &growth.base {
        Expr::At(_, moment) => Some(*moment),
        _ => None,
    };
    let named = match moment {
        Some(Moment::SameDayLastYear) => {
            pick(lang, "cùng kỳ năm trước", "the same day last year").to_owned()
        }
        Some(Moment::Previous) => pick(lang, "kỳ trước", "the figures before").to_owned(),
        Some(Moment::YearBefore) => pick(lang, "năm trước", "the year before").to_owned(),
        Some(Moment::YearStart) => pick(lang, "đầu năm", "the start of the year").to_owned(),
        Some(moment) => moment.words(lang),
        None => pick(lang, "số gốc", "its base").to_owned(),
    };
    format!("{} {named}", pick(lang, "so với", "against"))
}

/// `tăng 45 %`, and whether it rose; nothing where it stayed.
fn changed(
    growth: &Growth,
    shift: &Shift,
    measured: &Measured,
    words: &Words<'_>,
) -> Option<(String, Option<bool>)> {
    let lang = words.lang;
    let points = shift.from.is_point().zip(shift.to.is_point());
    let Some((from, to)) = points else {
        // Bounds: the size of the change stands for itself.
        let size = words.figure(measured, None)?;
        let verb =
            if growth.falls { pick(lang, "giảm", "down") } else { pick(lang, "tăng", "up") };
        return Some((format!("{verb} {size}"), Some(!growth.falls)));
    };
    let rises = match from.cmp(to) {
        std::cmp::Ordering::Equal => {
            return Some((pick(lang, "không đổi", "unchanged").to_owned(), None));
        }
        order => order == std::cmp::Ordering::Less,
    };
    let verb = if rises { pick(lang, "tăng", "up") } else { pick(lang, "giảm", "down") };
    let against = rises == growth.falls;
    let size = match measured {
        // Counted in times, what goes the other way has no size of its own.
        _ if against && growth.change == Change::Times => None,
        Measured::Within(interval) => interval.is_point().map(|value| {
            let value = value.abs();
            match growth.change {
                Change::Difference => words.distance(&value),
                _ => words.size(&value),
            }
        }),
        _ => None,
    };
    let text = match size {
        Some(size) => format!("{verb} {size}"),
        None => verb.to_owned(),
    };
    Some((text, Some(rises)))
}

/// `từ 120 lên 174 hồ sơ`, `từ 75 đến 80 trước đây, nay trên 90`.
fn figures(shift: &Shift, lang: Lang) -> Option<String> {
    let words = Words::new(None, shift.unit.as_ref(), lang);
    if let (Some(from), Some(to)) = (shift.from.is_point(), shift.to.is_point()) {
        let number = short(from, std::slice::from_ref(to), lang);
        let now = words.amount_of(to, std::slice::from_ref(from));
        return Some(match (from.cmp(to), lang) {
            (std::cmp::Ordering::Less, Lang::Vi) => format!("từ {number} lên {now}"),
            (std::cmp::Ordering::Greater, Lang::Vi) => format!("từ {number} xuống {now}"),
            (std::cmp::Ordering::Equal, Lang::Vi) => format!("vẫn là {now}"),
            (std::cmp::Ordering::Equal, Lang::En) => format!("still {now}"),
            (_, Lang::En) => format!("from {number} to {now}"),
        });
    }
    let figure = |interval| words.figure(&Measured::Within(interval), None);
    let (from, to) = (figure(shift.from.clone())?, figure(shift.to.clone())?);
    Some(match lang {
        Lang::Vi => format!("trước: {from}; nay: {to}"),
        Lang::En => format!("before: {from}; now: {to}"),
    })
}

/// `ít nhất 39 %`, `trên 46,93 % (bình quân 8 %/năm)`.
fn wanted(comparison: &Comparison, words: &Words<'_>) -> Option<String> {
    let lang = words.lang;
    let level = match words.asked()? {
        InForce::Bound { comparator, bound, unstated: false } if bound.is_point().is_some() => {
            let value = words.asked_level()?;
            let (vi, en) = match comparator {
                Comparator::AtLeast => ("ít nhất", "at least"),
                Comparator::MoreThan => ("trên", "more than"),
                Comparator::AtMost => ("không quá", "at most"),
                Comparator::LessThan => ("dưới", "less than"),
                Comparator::Equal => ("đúng", "exactly"),
                Comparator::NotEqual => ("khác", "other than"),
            };
            format!("{} {value}", pick(lang, vi, en))
        }
        _ => words.threshold()?,
    };
    let Threshold::Yearly { rate, compound, .. } = &comparison.threshold else {
        return Some(level);
    };
    let rate = words.amount_of(rate, &[Rational::zero()]);
    Some(match (compound, lang) {
        (true, Lang::Vi) => format!("{level} (bình quân {rate}/năm)"),
        (true, Lang::En) => format!("{level} ({rate} a year on average)"),
        (false, Lang::Vi) => format!("{level} ({rate} mỗi năm)"),
        (false, Lang::En) => format!("{level} ({rate} each year)"),
    })
}
