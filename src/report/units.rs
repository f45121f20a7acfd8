//! What is said of units: how many satisfy, who is missing.
//!
//! Enters: a judgement of many units. Leaves: clauses. The one idea: people count units, and read
//! the share behind them. Invariant: a unit that may go either way is said to be open.

use std::fmt::Write as _;

use super::asked::Asked;
use super::words::{Words, pick, quoted};
use crate::diagnostic::Lang;
use crate::number::Comparator;
use crate::unit::Unit;
use crate::verdict::{InForce, Judgement, UnitCounts};

/// `7/12 xã đạt (58,33 %)`, `7/12 xã đạt, 2 chưa rõ (từ 58,33 đến 75 %)`; nothing where no share or
/// count was measured.
pub(super) fn counted(words: &Words<'_>, judgement: &Judgement) -> Option<String> {
    let counts = judgement.units.as_ref()?;
    let UnitCounts { name, satisfied, open, .. } = counts;
    let (total, vi) = (counts.total(), words.lang == Lang::Vi);
    let stand = match (none(judgement), vi) {
        (false, true) => "đạt",
        (false, false) => "satisfy",
        (true, true) => "thuộc trường hợp này",
        (true, false) => "are such",
    };
    let mut text = if vi {
        format!("{satisfied}/{total} {name} {stand}")
    } else {
        format!("{satisfied} of {total} {name} {stand}")
    };
    if *open > 0 {
        let _ = write!(text, ", {open} {}", pick(words.lang, "chưa rõ", "open"));
    }
    if judgement.unit == Some(Unit::Percent) {
        let share = words.figure(&judgement.measured, None)?;
        let _ = write!(text, " ({share})");
    }
    Some(text)
}

/// Whether no unit may satisfy the condition.
fn none(judgement: &Judgement) -> bool {
    match &judgement.threshold {
        Some(InForce::Bound { comparator: Comparator::Equal, bound, .. }) => {
            bound.is_point().is_some_and(crate::number::Rational::is_zero)
        }
        _ => false,
    }
}

/// `chưa đơn vị nào báo cáo “tỷ lệ …”: “x1”, “x2”`.
pub(super) fn nobody(figures: &[String], unreported: &[String], lang: Lang) -> String {
    let none = pick(lang, "chưa đơn vị nào báo cáo", "no unit has reported");
    let figures = match figures {
        [] => String::new(),
        figures => format!(" {}", quoted(figures, lang)),
    };
    format!("{none}{figures}: {}", quoted(unreported, lang))
}

/// `7/12 xã đạt, 2 chưa rõ (…), chưa đủ để kết luận so với yêu cầu >= 75 %; chưa báo cáo: “x1”`.
pub(super) fn open(asked: Asked<'_>, words: &Words<'_>) -> String {
    let (judgement, lang) = (asked.judgement, words.lang);
    let mut clauses = Vec::new();
    if let Some(counted) = counted(words, judgement) {
        let threshold = words.threshold().unwrap_or_default();
        clauses.push(match lang {
            Lang::Vi => format!("{counted}, chưa đủ để kết luận so với yêu cầu {threshold}"),
            Lang::En => format!("{counted}, which does not decide {threshold}"),
        });
    }
    clauses.push(unreported(judgement, lang));
    let known = asked.unit_attributes();
    let lacking: Vec<String> =
        judgement.missing.iter().filter(|it| known.contains(&it.as_str())).cloned().collect();
    if !lacking.is_empty() {
        let names = quoted(&lacking, lang);
        clauses.push(match lang {
            Lang::Vi => format!("có đơn vị chưa rõ {names}"),
            Lang::En => format!("{names} of some units is not given"),
        });
    }
    clauses.retain(|clause| !clause.is_empty());
    clauses.join("; ")
}

fn unreported(judgement: &Judgement, lang: Lang) -> String {
    let count = judgement.unreported.len();
    let names = quoted(&judgement.unreported, lang);
    let units = judgement.units.is_some() || !judgement.missing.is_empty();
    match lang {
        _ if count == 0 && units => String::new(),
        Lang::Vi if count == 0 => "còn đơn vị chưa rõ số liệu".to_owned(),
        Lang::Vi => format!("còn {count} đơn vị chưa báo cáo: {names}"),
        Lang::En if count == 0 => "the figures of some units are open".to_owned(),
        Lang::En if count == 1 => format!("1 unit has not reported: {names}"),
        Lang::En => format!("{count} units have not reported: {names}"),
    }
}
