//! What stands beside a verdict: the stretch tier, the next milestone, who fails, and rounding.
//!
//! Enters: a judgement. Leaves: clauses that follow the sentence of the verdict. The one idea: a
//! clause is short, because tables show it as a note. Invariant: none takes the place of the
//! verdict, and none speaks where nothing is decided.

use super::asked::Asked;
use super::words::{Words, day, pick, quoted};
use crate::diagnostic::Lang;
use crate::verdict::{Progress, Stretch, Verdict};

/// All clauses, in their order.
pub(super) fn clauses(asked: Asked<'_>, lang: Lang) -> Vec<String> {
    let judgement = asked.judgement;
    let mut clauses: Vec<String> = stretch(asked, lang).into_iter().collect();
    if !judgement.verdict.is_decided() {
        return clauses;
    }
    clauses.extend(progress(asked, lang));
    if !judgement.failing.is_empty() {
        let failing = quoted(&judgement.failing, lang);
        clauses.push(format!("{} {failing}", pick(lang, "chưa đạt ở", "not met by")));
    }
    if !judgement.unreported.is_empty() {
        let unreported = quoted(&judgement.unreported, lang);
        clauses.push(format!("{} {unreported}", pick(lang, "chưa báo cáo:", "unreported:")));
    }
    if judgement.rounding_sensitive {
        let text = pick(
            lang,
            "kết luận phụ thuộc vào việc làm tròn số liệu",
            "the verdict depends on how the figure was rounded",
        );
        clauses.push(text.to_owned());
    }
    clauses
}

/// Whether a clause says what the verdict alone would hide.
pub(super) fn is_needed(asked: Asked<'_>) -> bool {
    let behind = asked.judgement.progress == Some(Progress::Behind);
    asked.judgement.stretch.is_some() || (behind && is_later(asked))
}

/// `chưa đạt mức phấn đấu 7 %`.
fn stretch(asked: Asked<'_>, lang: Lang) -> Option<String> {
    let Stretch { threshold, verdict } = asked.judgement.stretch.as_ref()?;
    let words = Words::new(Some(threshold), asked.judgement.unit.as_ref(), lang);
    let level = words.level()?;
    let (vi, en) = match verdict {
        Verdict::Exceeded if words.is_ceiling() => ("thấp hơn mức phấn đấu", "below the stretch"),
        Verdict::Exceeded => ("vượt mức phấn đấu", "beyond the stretch"),
        Verdict::Met => ("đạt mức phấn đấu", "meets the stretch"),
        Verdict::NotMet | Verdict::NotDue => ("chưa đạt mức phấn đấu", "short of the stretch"),
        _ => return None,
    };
    Some(match lang {
        Lang::Vi => format!("{vi} {level}"),
        Lang::En => format!("{en} target {level}"),
    })
}

/// The next milestone is a later one than the one that the verdict speaks of.
fn is_later(asked: Asked<'_>) -> bool {
    asked.next().is_some_and(|(due, _)| asked.judgement.due != Some(due))
}

/// `chậm tiến độ so với mốc 31/12/2025 (>= 50 %)`; where the milestone is the one that the verdict
/// speaks of, its date stands there already.
fn progress(asked: Asked<'_>, lang: Lang) -> Option<String> {
    let progress = asked.judgement.progress?;
    let (due, level) = asked.next()?;
    let how = match progress {
        Progress::OnTrack => pick(lang, "đúng tiến độ", "on track"),
        Progress::Behind => pick(lang, "chậm tiến độ", "behind schedule"),
        Progress::Unknown => "",
    };
    if !is_later(asked) {
        let said = asked.judgement.verdict == Verdict::NotDue && !how.is_empty();
        return said.then(|| how.to_owned());
    }
    let due = day(due);
    let level =
        level.and_then(|(asked, unit)| Words::new(Some(&asked), Some(unit), lang).threshold());
    let level = level.map(|level| format!(" ({level})")).unwrap_or_default();
    Some(match (how, lang) {
        ("", Lang::Vi) => format!("mốc tiếp theo {due}{level}"),
        ("", Lang::En) => format!("next milestone {due}{level}"),
        (how, Lang::Vi) => format!("{how} so với mốc {due}{level}"),
        (how, Lang::En) => format!("{how} for the milestone {due}{level}"),
    })
}
