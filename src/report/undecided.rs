//! Why a figure decides nothing: the words for no data, undetermined, not applicable and
//! contradictory.
//!
//! Enters: a judgement that no figure decided. Leaves: a clause that says what is missing, unclear
//! or wrong, and where possible what to do. The one idea: the reader is never left with a code.
//! Invariant: foreign text stands in quotes, on one line, and is bounded.

use super::asked::Asked;
use super::words::{Words, day, label, quoted};
use crate::calendar::Period;
use crate::check::model::Indicator;
use crate::diagnostic::Lang;
use crate::verdict::{Judgement, Reason, Verdict};

pub(super) fn reason(asked: Asked<'_>, words: &Words<'_>) -> String {
    match asked.judgement.verdict {
        Verdict::NoData => no_data(asked.judgement, words.lang),
        Verdict::Undetermined => undetermined(asked.judgement, words),
        Verdict::NotApplicable => not_applicable(asked, words),
        _ => contradictory(asked, words),
    }
}

fn no_data(judgement: &Judgement, lang: Lang) -> String {
    let (missing, unreported) = (&judgement.missing, &judgement.unreported);
    match lang {
        Lang::Vi if !missing.is_empty() => format!("chưa có số liệu {}", quoted(missing, lang)),
        Lang::En if !missing.is_empty() => format!("no data for {}", quoted(missing, lang)),
        Lang::Vi if !unreported.is_empty() => {
            format!("chưa đơn vị nào báo cáo: {}", quoted(unreported, lang))
        }
        Lang::En if !unreported.is_empty() => {
            format!("no unit has reported: {}", quoted(unreported, lang))
        }
        Lang::Vi => "chưa có số liệu".to_owned(),
        Lang::En => "no data".to_owned(),
    }
}

fn undetermined(judgement: &Judgement, words: &Words<'_>) -> String {
    let vi = words.lang == Lang::Vi;
    let measured = words.measured(judgement).unwrap_or_default();
    let threshold = words.threshold().unwrap_or_default();
    match judgement.reason {
        Some(Reason::Bounds) if vi => format!(
            "số liệu mới cho biết {measured}, chưa đủ để kết luận so với yêu cầu {threshold}"
        ),
        Some(Reason::Bounds) => {
            format!("the figure only says {measured}, which does not decide {threshold}")
        }
        Some(Reason::About) if vi => format!(
            "số liệu chỉ ước chừng {measured}, cần con số chính xác để so với yêu cầu {threshold}"
        ),
        Some(Reason::About) => {
            format!("the figure only says {measured}; {threshold} needs an exact one")
        }
        Some(Reason::ThresholdUnstated) => words
            .pick("văn bản không nêu mức yêu cầu", "the document does not state the threshold")
            .to_owned(),
        Some(Reason::UnitsUnreported) => unreported(judgement, words.lang),
        Some(Reason::Scope) if vi => {
            format!("số đơn vị được xếp hạng khác với số nêu trong yêu cầu {threshold}")
        }
        Some(Reason::Scope) => {
            format!("the ranking has another number of places than {threshold}")
        }
        _ => words.pick("chưa đủ căn cứ để kết luận", "the data do not decide it").to_owned(),
    }
}

fn unreported(judgement: &Judgement, lang: Lang) -> String {
    let count = judgement.unreported.len();
    let names = quoted(&judgement.unreported, lang);
    match lang {
        Lang::Vi if count == 0 => "còn đơn vị chưa báo cáo".to_owned(),
        Lang::Vi => format!("còn {count} đơn vị chưa báo cáo: {names}"),
        Lang::En if count == 0 => "some units have not reported".to_owned(),
        Lang::En if count == 1 => format!("1 unit has not reported: {names}"),
        Lang::En => format!("{count} units have not reported: {names}"),
    }
}

fn not_applicable(asked: Asked<'_>, words: &Words<'_>) -> String {
    let text = match asked.judgement.reason {
        Some(Reason::NotInForce) => return not_in_force(asked, words),
        Some(Reason::Scope) => words.pick(
            "chỉ tiêu không áp dụng cho đơn vị này",
            "the target does not apply to this entity",
        ),
        Some(Reason::ZeroDenominator) => words.pick(
            "tử số và mẫu số đều bằng 0 nên không tính được",
            "numerator and denominator are both 0, so there is nothing to compute",
        ),
        Some(Reason::GrowthFromZero) => words.pick(
            "số gốc bằng 0 hoặc âm nên không tính được mức tăng, giảm tương đối",
            "the base is 0 or negative, so there is no relative change",
        ),
        Some(Reason::EmptyPopulation) => {
            words.pick("không có đơn vị nào thuộc diện tính", "there is no unit to be counted")
        }
        _ => words.pick("chỉ tiêu không áp dụng", "the target does not apply"),
    };
    text.to_owned()
}

/// `ngày 30/06/2022 nằm ngoài thời gian hiệu lực (từ 01/01/2023 đến 31/12/2023)`.
fn not_in_force(asked: Asked<'_>, words: &Words<'_>) -> String {
    let as_of = day(asked.judgement.as_of);
    let days = days(&asked.version.window, words);
    match words.lang {
        Lang::Vi => format!("ngày {as_of} nằm ngoài thời gian hiệu lực{days}"),
        Lang::En => format!("{as_of} lies outside the days on which it is in force{days}"),
    }
}

fn days(window: &Period, words: &Words<'_>) -> String {
    let from = window.first.map(|first| format!("{} {}", words.pick("từ", "from"), day(first)));
    let to = window.last.map(|last| format!("{} {}", words.pick("đến", "to"), day(last)));
    let both: Vec<String> = from.into_iter().chain(to).collect();
    if both.is_empty() { String::new() } else { format!(" ({})", both.join(" ")) }
}

fn contradictory(asked: Asked<'_>, words: &Words<'_>) -> String {
    let judgement = asked.judgement;
    let ambiguous = asked.ambiguous();
    let what = match judgement.reason {
        Some(Reason::UnequalValues) => {
            words.pick("các số liệu không khớp nhau", "the figures disagree")
        }
        Some(Reason::OutOfRange) => {
            words.pick("số liệu nằm ngoài phạm vi cho phép", "the figure is out of range")
        }
        Some(Reason::Unreadable) => {
            words.pick("không đọc được số liệu", "the figure cannot be read")
        }
        Some(Reason::WrongUnit) if ambiguous.is_some() => {
            words.pick("số liệu không rõ đơn vị tính", "the unit of the figure is not clear")
        }
        Some(Reason::WrongUnit) => {
            words.pick("số liệu không đúng đơn vị tính", "the figure is in another unit")
        }
        Some(Reason::ZeroDenominator) => {
            words.pick("mẫu số bằng 0 trong khi tử số khác 0", "the denominator is 0")
        }
        _ => words.pick("số liệu mâu thuẫn", "the data contradict each other"),
    };
    let mut text = what.to_owned();
    if !judgement.evidence.is_empty() {
        text.push_str(": ");
        text.push_str(&quoted(&judgement.evidence, words.lang));
    }
    if let Some(indicator) = ambiguous.filter(|_| judgement.reason == Some(Reason::WrongUnit)) {
        text.push_str(&declaration(indicator, words));
    }
    text
}

/// `; đề nghị khai báo đơn vị tính của “…” (ví dụ “đơn vị tính: tỷ đồng”)`.
fn declaration(indicator: &Indicator, words: &Words<'_>) -> String {
    let name = quoted(std::slice::from_ref(&indicator.name), words.lang);
    let unit = label(&indicator.unit, words.lang);
    match words.lang {
        Lang::Vi => {
            format!("; đề nghị khai báo đơn vị tính của {name}, ví dụ “đơn vị tính: {unit}”")
        }
        Lang::En => format!("; please declare the unit of {name}, as in “unit: {unit}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::message;
    use crate::report::testing::{compare, day as on, judgement, model};
    use crate::unit::Unit;

    fn check(
        verdict: Verdict,
        reason: Option<Reason>,
        figure: &str,
        change: impl Fn(&mut Judgement),
        (vi, en): (&str, &str),
    ) {
        let model = model(vec![("tỷ lệ A", compare(">= 85", Unit::Percent))]);
        let mut judgement = judgement(&model, 0, verdict, figure);
        judgement.reason = reason;
        change(&mut judgement);
        assert_eq!(message(&model, &judgement, Lang::Vi), vi);
        assert_eq!(message(&model, &judgement, Lang::En), en);
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn missing_figures_are_named() {
        let absent = Some(Reason::Absent);
        check(
            Verdict::NoData,
            absent,
            "none",
            |judgement| judgement.missing = names(&["số hồ sơ", "tổng số hồ sơ"]),
            (
                "chưa có số liệu “số hồ sơ”, “tổng số hồ sơ”",
                "no data for “số hồ sơ”, “tổng số hồ sơ”",
            ),
        );
        check(
            Verdict::NoData,
            absent,
            "none",
            |judgement| judgement.unreported = names(&["xã A"]),
            ("chưa đơn vị nào báo cáo: “xã A”", "no unit has reported: “xã A”"),
        );
    }

    #[test]
    fn undecided_figures_say_why() {
        let same = |_: &mut Judgement| {};
        check(
            Verdict::Undetermined,
            Some(Reason::Bounds),
            "> 80",
            same,
            (
                "số liệu mới cho biết trên 80 %, chưa đủ để kết luận so với yêu cầu >= 85 %",
                "the figure only says over 80 %, which does not decide >= 85 %",
            ),
        );
        check(
            Verdict::Undetermined,
            Some(Reason::About),
            "~ 85",
            same,
            (
                "số liệu chỉ ước chừng khoảng 85 %, cần con số chính xác để so với yêu cầu >= 85 %",
                "the figure only says about 85 %; >= 85 % needs an exact one",
            ),
        );
        check(
            Verdict::Undetermined,
            Some(Reason::UnitsUnreported),
            "none",
            |judgement| judgement.unreported = names(&["xã A", "xã B"]),
            (
                "còn 2 đơn vị chưa báo cáo: “xã A”, “xã B”",
                "2 units have not reported: “xã A”, “xã B”",
            ),
        );
    }

    #[test]
    fn inapplicable_targets_say_why() {
        check(
            Verdict::NotApplicable,
            Some(Reason::NotInForce),
            "none",
            |judgement| judgement.as_of = on("2022-06-30"),
            (
                "ngày 30/06/2022 nằm ngoài thời gian hiệu lực (từ 01/01/2023 đến 31/12/2023)",
                "30/06/2022 lies outside the days on which it is in force \
                 (from 01/01/2023 to 31/12/2023)",
            ),
        );
        check(
            Verdict::NotApplicable,
            Some(Reason::ZeroDenominator),
            "none",
            |_| {},
            (
                "tử số và mẫu số đều bằng 0 nên không tính được",
                "numerator and denominator are both 0, so there is nothing to compute",
            ),
        );
        check(
            Verdict::NotApplicable,
            Some(Reason::Scope),
            "none",
            |_| {},
            ("chỉ tiêu không áp dụng cho đơn vị này", "the target does not apply to this entity"),
        );
    }

    #[test]
    fn contradictions_show_what_disagrees() {
        check(
            Verdict::Contradictory,
            Some(Reason::UnequalValues),
            "none",
            |judgement| judgement.evidence = names(&["74%", "75%"]),
            ("các số liệu không khớp nhau: “74%”, “75%”", "the figures disagree: “74%”, “75%”"),
        );
        check(
            Verdict::Contradictory,
            Some(Reason::WrongUnit),
            "none",
            |judgement| judgement.evidence = names(&["37 hồ sơ"]),
            (
                "số liệu không đúng đơn vị tính: “37 hồ sơ”",
                "the figure is in another unit: “37 hồ sơ”",
            ),
        );
    }

    #[test]
    fn two_readings_offer_the_declaration() {
        let unit = crate::unit::parse("tỉ đồng").unwrap();
        let mut model = model(vec![("thu ngân sách", compare(">= 600", unit))]);
        model.indicators[0].bare_is_ambiguous = true;
        let mut judgement = judgement(&model, 0, Verdict::Contradictory, "none");
        judgement.reason = Some(Reason::WrongUnit);
        judgement.evidence = names(&["600"]);
        assert_eq!(
            message(&model, &judgement, Lang::Vi),
            "số liệu không rõ đơn vị tính: “600”; đề nghị khai báo đơn vị tính của \
             “thu ngân sách”, ví dụ “đơn vị tính: tỷ đồng”"
        );
        assert_eq!(
            message(&model, &judgement, Lang::En),
            "the unit of the figure is not clear: “600”; please declare the unit of \
             “thu ngân sách”, as in “unit: billion VND”"
        );
    }
}
