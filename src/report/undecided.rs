//! Why a figure decides nothing: the words for no data, undetermined, not applicable and
//! contradictory.
//!
//! Enters: a judgement that no figure decided. Leaves: a clause that says what is missing, unclear
//! or wrong, and where possible what to do. The one idea: the reader is never left with a code.
//! Invariant: foreign text stands in quotes, on one line, and is bounded.

use super::asked::{Asked, Before};
use super::words::{Words, day, label, pick, quoted};
use crate::calendar::Period;
use crate::check::model::Indicator;
use crate::diagnostic::Lang;
use crate::verdict::{Judgement, Measured, Reason, Verdict};

pub(super) fn reason(asked: Asked<'_>, words: &Words<'_>) -> String {
    match asked.judgement.verdict {
        Verdict::NoData => no_data(asked, words.lang),
        Verdict::Undetermined => undetermined(asked, words),
        Verdict::NotApplicable => not_applicable(asked, words),
        _ => contradictory(asked, words),
    }
}

fn no_data(asked: Asked<'_>, lang: Lang) -> String {
    let Judgement { missing, unreported, .. } = asked.judgement;
    let (attributes, figures): (Vec<String>, Vec<String>) =
        missing.iter().cloned().partition(|name| asked.is_attribute(name));
    let mut clauses = Vec::new();
    if !unreported.is_empty() {
        clauses.push(super::units::nobody(&figures, unreported, lang));
    } else if !figures.is_empty() {
        let names = quoted(&figures, lang);
        clauses.push(format!("{} {names}", pick(lang, "chưa có số liệu", "no data for")));
    }
    if !attributes.is_empty() {
        let names = quoted(&attributes, lang);
        clauses.push(match lang {
            Lang::Vi => format!("chưa có thông tin {names} của đơn vị"),
            Lang::En => format!("the entity’s {names} is not given"),
        });
    }
    if clauses.is_empty() {
        clauses.push(pick(lang, "chưa có số liệu", "no data").to_owned());
    }
    format!("{}{}", clauses.join("; "), consequence(asked, lang))
}

/// What remains open because nothing could be asked: `, nên chưa rõ mức yêu cầu nào áp dụng`.
fn consequence(asked: Asked<'_>, lang: Lang) -> &'static str {
    match asked.before() {
        Some(Before::Scope) => pick(
            lang,
            ", nên chưa rõ chỉ tiêu có áp dụng hay không",
            ", so it is not clear whether the target applies",
        ),
        Some(Before::When) => pick(
            lang,
            ", nên chưa rõ mức yêu cầu nào áp dụng",
            ", so it is not clear which threshold applies",
        ),
        None => "",
    }
}

fn undetermined(asked: Asked<'_>, words: &Words<'_>) -> String {
    let judgement = asked.judgement;
    let vague = || {
        let text = match asked.before() {
            None => words.pick("chưa đủ căn cứ để kết luận", "the data do not decide it"),
            Some(_) => words.pick("số liệu chưa đủ rõ", "the data are not clear enough"),
        };
        format!("{text}{}", consequence(asked, words.lang))
    };
    let measured = words.measured(judgement);
    match (judgement.reason, measured) {
        (Some(Reason::Bounds), Some(measured)) => bounds(&measured, words).unwrap_or_else(vague),
        (Some(Reason::About), Some(measured)) => about(asked, &measured, words),
        (Some(Reason::ThresholdUnstated), measured) => {
            let unstated = not_stated(words);
            match (measured, words.lang) {
                (None, _) => unstated,
                (Some(measured), Lang::Vi) => {
                    format!("{unstated}; {measured} chưa đủ để kết luận")
                }
                (Some(measured), Lang::En) => format!("{unstated}; {measured} does not decide it"),
            }
        }
        (Some(Reason::UnitsUnreported), _) => super::units::open(asked, words),
        (Some(Reason::Scope), _) => {
            let threshold = words.threshold().unwrap_or_default();
            match words.lang {
                Lang::Vi => {
                    format!("số đơn vị được xếp hạng khác với số nêu trong yêu cầu {threshold}")
                }
                Lang::En => format!("the ranking has another number of places than {threshold}"),
            }
        }
        _ => vague(),
    }
}

/// Figure or threshold are known only within bounds.
fn bounds(measured: &str, words: &Words<'_>) -> Option<String> {
    let vi = words.lang == Lang::Vi;
    if let Some(open) = words.open_threshold() {
        return Some(if vi {
            format!("mức yêu cầu mới biết là {open}, chưa đủ để kết luận với {measured}")
        } else {
            format!("the threshold is only known to be {open}, which does not decide {measured}")
        });
    }
    let threshold = words.threshold()?;
    Some(if vi {
        format!("số liệu mới cho biết {measured}, chưa đủ để kết luận so với yêu cầu {threshold}")
    } else {
        format!("the figure only says {measured}, which does not decide {threshold}")
    })
}

/// Figure or threshold are only "about" a number.
fn about(asked: Asked<'_>, measured: &str, words: &Words<'_>) -> String {
    let vi = words.lang == Lang::Vi;
    if !matches!(asked.judgement.measured, Measured::About(_)) {
        let names = asked.computed_from().filter(|names| !names.is_empty());
        let names = names.map(|names| format!(" {}", quoted(&names, words.lang)));
        let names = names.unwrap_or_default();
        return if vi {
            format!(
                "mức yêu cầu tính từ số liệu ước chừng{names}, \
             cần con số chính xác để so với {measured}"
            )
        } else {
            format!(
                "the threshold is computed from an approximate figure{names}; \
             {measured} needs an exact one"
            )
        };
    }
    match (words.threshold(), vi) {
        (Some(threshold), true) => format!(
            "số liệu chỉ ước chừng {measured}, cần con số chính xác để so với yêu cầu {threshold}"
        ),
        (Some(threshold), false) => {
            format!("the figure only says {measured}; {threshold} needs an exact one")
        }
        (None, true) => format!("số liệu chỉ ước chừng {measured}, cần con số chính xác"),
        (None, false) => format!("the figure only says {measured}; an exact one is needed"),
    }
}

/// `tài liệu không nêu mức yêu cầu, chỉ biết dưới 25,13 %`.
pub(super) fn not_stated(words: &Words<'_>) -> String {
    let text =
        words.pick("tài liệu không nêu mức yêu cầu", "the document does not state the threshold");
    match words.known_of_unstated() {
        Some(known) => {
            format!("{text}{} {known}", words.pick(", chỉ biết", ", only that it is"))
        }
        None => text.to_owned(),
    }
}

/// `từ 01/01/2024 đã được thay thế bằng KH-2024/A`.
fn replaced(asked: Asked<'_>, words: &Words<'_>) -> String {
    let by = asked.version.replaced_by.and_then(|id| asked.model.target(id));
    let by = by.map(|target| target.cited(asked.model)).unwrap_or_default();
    let from = asked.version.from.map(day).unwrap_or_default();
    format!(
        "{} {from} {} {by}",
        words.pick("từ", "from"),
        words.pick("đã được thay thế bằng", "it is replaced by")
    )
}

fn not_applicable(asked: Asked<'_>, words: &Words<'_>) -> String {
    let text = match asked.judgement.reason {
        Some(Reason::NotInForce) if asked.version.replaced_by.is_some() => {
            return replaced(asked, words);
        }
        Some(Reason::NotInForce) => return not_in_force(asked, words),
        Some(Reason::Scope) if asked.fits_no_branch() => return no_branch(asked, words),
        Some(Reason::Scope) => words.pick(
            "chỉ tiêu không áp dụng cho đơn vị này",
            "the target does not apply to this entity",
        ),
        Some(Reason::ZeroDenominator) if is_of_threshold(asked) => words.pick(
            "tử số và mẫu số của mức yêu cầu đều bằng 0 nên không tính được",
            "numerator and denominator of the threshold are both 0, so there is none to compute",
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
    if let Some(period) = asked.yearly().filter(|_| asked.version.in_force(asked.judgement.as_of)) {
        let days = days(&period, words);
        return match words.lang {
            Lang::Vi => format!("ngày {as_of} chưa thuộc các năm được tính bình quân{days}"),
            Lang::En => format!("{as_of} lies before the years that are counted{days}"),
        };
    }
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
    let of_entity = judgement.evidence.iter().any(|text| asked.shows_attribute(text));
    let what = match judgement.reason {
        Some(Reason::UnequalValues) if of_entity => {
            words.pick("thông tin về đơn vị không thống nhất", "the data disagree on the entity")
        }
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
        Some(Reason::ZeroDenominator) if is_of_threshold(asked) => words.pick(
            "mẫu số của mức yêu cầu bằng 0 trong khi tử số khác 0",
            "the denominator of the threshold is 0",
        ),
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
    text.push_str(consequence(asked, words.lang));
    text
}

/// The figure is known, so that it is the threshold which could not be computed.
fn is_of_threshold(asked: Asked<'_>) -> bool {
    asked.judgement.measured != Measured::Nothing && asked.computed_from().is_some()
}

/// `đơn vị không thuộc trường hợp “khi” nào (xét theo “ngành”)`.
fn no_branch(asked: Asked<'_>, words: &Words<'_>) -> String {
    let names: Vec<String> = asked.when_attributes().into_iter().map(str::to_owned).collect();
    let by = match names.as_slice() {
        [] => String::new(),
        names => format!(" ({} {})", words.pick("xét theo", "by"), quoted(names, words.lang)),
    };
    let text = words.pick(
        "đơn vị không thuộc trường hợp “khi” nào của chỉ tiêu",
        "the entity fits none of the “when” cases of the target",
    );
    format!("{text}{by}")
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
