//! The sentence that a report prints of a verdict.
//!
//! Enters: the model and a judgement. Leaves: one sentence in Vietnamese or English. The one idea:
//! a sentence is what was compared, then what follows from it; tables show the second half beside
//! their columns. Invariant: of a ceiling nobody says `vượt`.

use super::asked::Asked;
use super::beside;
use super::decided::Decided;
use super::joined::Whole;
use super::undecided;
use crate::check::model::Model;
use crate::diagnostic::Lang;
use crate::verdict::Judgement;

/// The sentence for a judgement that was made under `model`; empty where the model has no such
/// target. It has no line break and no stop at its end.
///
/// ```
/// use chitieu::check::model::{Model, TargetId};
/// use chitieu::diagnostic::Lang;
/// # use chitieu::{Judgement, Measured, Verdict};
/// # let judgement = Judgement {
/// #     target: TargetId(0), entity: None, verdict: Verdict::Met, reason: None, progress: None,
/// #     as_of: chitieu::calendar::Date::new(2023, 6, 30).unwrap(), measured: Measured::Nothing,
/// #     threshold: None, unit: None, due: None, stretch: None, margin: None, attainment: None,
/// #     fraction: None, change: None, points: None, rounding_sensitive: false, units: None,
/// #     estimate: false, step: None, parts: vec![], failing: vec![], unreported: vec![],
/// #     missing: vec![], sources: vec![], evidence: vec![],
/// # };
///
/// assert_eq!(chitieu::report::message(&Model::default(), &judgement, Lang::Vi), "");
/// ```
pub fn message(model: &Model, judgement: &Judgement, lang: Lang) -> String {
    let Some(asked) = Asked::new(model, judgement) else { return String::new() };
    let sentence = Sentence::new(asked, lang);
    sentence.opening + &sentence.follows
}

/// As [`message()`], with [`super::words::Gap`] marks for the figures of the data.
pub(super) fn layout(model: &Model, judgement: &Judgement, lang: Lang) -> Option<String> {
    let asked = Asked { open: true, ..Asked::new(model, judgement)? };
    let sentence = Sentence::new(asked, lang);
    Some(sentence.opening + &sentence.follows)
}

/// A sentence in its two halves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// `52,3 % so với yêu cầu >= 30 %: `; empty where no figure decides.
    pub(super) opening: String,
    /// `vượt 22,3 điểm phần trăm`, `chưa có số liệu “…”`.
    pub(super) follows: String,
}

impl Sentence {
    pub(super) fn new(asked: Asked<'_>, lang: Lang) -> Self {
        let words = asked.words(lang);
        let (opening, mut follows) = if let Some(whole) = Whole::new(asked, lang) {
            (String::new(), whole.follows())
        } else if asked.judgement.verdict.is_decided() {
            let decided = Decided::new(words, asked);
            (decided.opening(), decided.follows())
        } else {
            (String::new(), undecided::reason(asked, &words))
        };
        for clause in beside::clauses(asked, lang) {
            follows.push_str("; ");
            follows.push_str(&clause);
        }
        Self { opening, follows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Interval;
    use crate::report::testing::{compare, judgement, model, number, truth};
    use crate::unit::Unit;
    use crate::verdict::{Measured, Progress, Step, Verdict};

    /// One judgement of one target: threshold, unit, verdict, figure, margin.
    type Case = (&'static str, Unit, Verdict, &'static str, &'static str);

    fn check(case: Case, change: impl Fn(&mut Judgement), vi: &str, en: &str) {
        let (threshold, unit, verdict, figure, margin) = case;
        let condition = match threshold {
            "yes" => truth(true),
            "no" => truth(false),
            other => compare(other, unit),
        };
        let model = model(vec![("tỷ lệ thanh toán trực tuyến", condition)]);
        let mut judgement = judgement(&model, 0, verdict, figure);
        judgement.margin = (!margin.is_empty()).then(|| number(margin));
        change(&mut judgement);
        assert_eq!(message(&model, &judgement, Lang::Vi), vi);
        assert_eq!(message(&model, &judgement, Lang::En), en);
    }

    fn step(add: &str, unit: &str) -> Step {
        let indicator = "số hồ sơ đúng hạn".to_owned();
        Step::Figure { indicator, add: number(add), unit: unit.to_owned() }
    }

    fn noun() -> Unit {
        Unit::Count { noun: Some("dịch vụ".to_owned()) }
    }

    #[test]
    fn satisfied_floors() {
        let same = |_: &mut Judgement| {};
        check(
            (">= 30", Unit::Percent, Verdict::Exceeded, "52.3", "22.3"),
            same,
            "52,3 % so với yêu cầu >= 30 %: vượt 22,3 điểm phần trăm",
            "52.3 % against the required >= 30 %: 22.3 percentage points above the requirement",
        );
        check(
            (">= 30", Unit::Percent, Verdict::Met, "30", "0"),
            same,
            "30 % so với yêu cầu >= 30 %: đạt đúng mức yêu cầu",
            "30 % against the required >= 30 %: exactly at the requirement",
        );
        check(
            ("> 70", Unit::Percent, Verdict::Exceeded, "> 80", "10"),
            same,
            "trên 80 % so với yêu cầu > 70 %: vượt ít nhất 10 điểm phần trăm",
            "over 80 % against the required > 70 %: \
             at least 10 percentage points above the requirement",
        );
        check(
            (">= 80", Unit::Percent, Verdict::Exceeded, "> 80", "0"),
            same,
            "trên 80 % so với yêu cầu >= 80 %: vượt mức yêu cầu",
            "over 80 % against the required >= 80 %: above the requirement",
        );
        check(
            (">= 1000000", noun(), Verdict::Exceeded, "1234567", "234567"),
            |judgement| judgement.estimate = true,
            "ước 1.234.567 dịch vụ so với yêu cầu >= 1.000.000 dịch vụ: vượt 234.567 dịch vụ",
            "an estimated 1,234,567 dịch vụ against the required >= 1,000,000 dịch vụ: \
             234,567 dịch vụ above the requirement",
        );
    }

    #[test]
    fn ceilings_are_never_said_to_be_passed() {
        let same = |_: &mut Judgement| {};
        check(
            ("<= 2", Unit::Percent, Verdict::Exceeded, "1.5", "0.5"),
            same,
            "1,5 % so với mức cho phép <= 2 %: thấp hơn mức cho phép 0,5 điểm phần trăm",
            "1.5 % against the permitted <= 2 %: 0.5 percentage points below the permitted level",
        );
        check(
            ("<= 2", Unit::Percent, Verdict::Met, "2", "0"),
            same,
            "2 % so với mức cho phép <= 2 %: đúng bằng mức cho phép",
            "2 % against the permitted <= 2 %: exactly at the permitted level",
        );
        check(
            ("<= 2", Unit::Percent, Verdict::NotMet, "3", "-1"),
            |judgement| judgement.step = Some(step("-5", "hồ sơ")),
            "3 % so với mức cho phép <= 2 %: cao hơn mức cho phép 1 điểm phần trăm; \
             cần giảm 5 hồ sơ",
            "3 % against the permitted <= 2 %: 1 percentage point above the permitted level; \
             needs 5 fewer hồ sơ",
        );
        check(
            ("< 2", Unit::Percent, Verdict::NotMet, "2", "0"),
            same,
            "2 % so với mức cho phép < 2 %: bằng mức nêu trong yêu cầu, chưa thấp hơn",
            "2 % against the permitted < 2 %: \
             equal to the stated level, below which it must stay",
        );
    }

    #[test]
    fn gaps_say_what_is_needed() {
        check(
            (">= 40", Unit::Percent, Verdict::NotMet, "36.8", "-3.2"),
            |judgement| judgement.step = Some(step("37", "hồ sơ")),
            "36,8 % so với yêu cầu >= 40 %: còn thiếu 3,2 điểm phần trăm; cần thêm 37 hồ sơ",
            "36.8 % against the required >= 40 %: \
             3.2 percentage points short of the requirement; needs 37 more hồ sơ",
        );
        check(
            (">= 15", noun(), Verdict::NotMet, "12", "-3"),
            |judgement| judgement.step = Some(step("3", "dịch vụ")),
            "12 dịch vụ so với yêu cầu >= 15 dịch vụ: còn thiếu 3 dịch vụ",
            "12 dịch vụ against the required >= 15 dịch vụ: 3 dịch vụ short of the requirement",
        );
        check(
            ("> 14", noun(), Verdict::NotMet, "14", "0"),
            |judgement| judgement.step = Some(step("1", "")),
            "14 dịch vụ so với yêu cầu > 14 dịch vụ: mới bằng mức nêu trong yêu cầu, \
             chưa cao hơn; cần thêm 1 ở “số hồ sơ đúng hạn”",
            "14 dịch vụ against the required > 14 dịch vụ: equal to the stated level, \
             which must be passed; needs 1 more in “số hồ sơ đúng hạn”",
        );
        check(
            (">= 40", Unit::Percent, Verdict::NotDue, "36.8", "-3.2"),
            |judgement| {
                judgement.progress = Some(Progress::Behind);
                judgement.step = Some(step("37", "hồ sơ"));
            },
            "36,8 % so với yêu cầu >= 40 %: chưa đến hạn 31/12/2023, \
             hiện còn thiếu 3,2 điểm phần trăm; cần thêm 37 hồ sơ; chậm tiến độ",
            "36.8 % against the required >= 40 %: not due until 31/12/2023, \
             at present 3.2 percentage points short of the requirement; \
             needs 37 more hồ sơ; behind schedule",
        );
    }

    #[test]
    fn steps_of_shares_are_said_even_where_they_equal_the_gap() {
        check(
            (">= 40", Unit::Percent, Verdict::NotMet, "37", "-3"),
            |judgement| {
                judgement.fraction = Some((number("37"), number("100")));
                judgement.step = Some(Step::Figure {
                    indicator: "tỷ lệ thanh toán trực tuyến".to_owned(),
                    add: number("3"),
                    unit: String::new(),
                });
            },
            "37 % (37/100) so với yêu cầu >= 40 %: còn thiếu 3 điểm phần trăm; \
             cần thêm 3 ở tử số",
            "37 % (37/100) against the required >= 40 %: \
             3 percentage points short of the requirement; needs 3 more in the numerator",
        );
    }

    #[test]
    fn figures_stay_on_their_side() {
        check(
            (">= 40", Unit::Percent, Verdict::NotMet, "39.99999996", "-0.00000004"),
            |judgement| judgement.rounding_sensitive = true,
            "39,99999996 % so với yêu cầu >= 40 %: còn thiếu 0,00000004 điểm phần trăm; \
             kết luận phụ thuộc vào việc làm tròn số liệu",
            "39.99999996 % against the required >= 40 %: \
             0.00000004 percentage points short of the requirement; \
             the verdict depends on how the figure was rounded",
        );
        check(
            (">= 40", Unit::Percent, Verdict::NotMet, "22502000/615198", "-2105920/615198"),
            |judgement| judgement.fraction = Some((number("225020"), number("615198"))),
            "36,58 % (225.020/615.198) so với yêu cầu >= 40 %: còn thiếu 3,42 điểm phần trăm",
            "36.58 % (225,020/615,198) against the required >= 40 %: \
             3.42 percentage points short of the requirement",
        );
    }

    #[test]
    fn ranks_ranges_equalities_and_yes() {
        let same = |_: &mut Judgement| {};
        check(
            ("top 15", Unit::Rank, Verdict::Exceeded, "10", "5"),
            same,
            "hạng 10 so với yêu cầu tốp 15: vượt 5 bậc",
            "rank 10 against the required top 15: 5 places better than required",
        );
        check(
            ("top 15", Unit::Rank, Verdict::Met, "15", "0"),
            same,
            "hạng 15 so với yêu cầu tốp 15: đạt yêu cầu",
            "rank 15 against the required top 15: meets the requirement",
        );
        check(
            ("<= 15", Unit::Rank, Verdict::NotMet, "16", "-1"),
            same,
            "hạng 16 so với yêu cầu tốp 15: còn kém 1 bậc",
            "rank 16 against the required top 15: 1 place short of the requirement",
        );
        check(
            ("20 .. 80", Unit::Percent, Verdict::Met, "35", ""),
            same,
            "35 % so với yêu cầu từ 20 đến 80 %: nằm trong khoảng yêu cầu",
            "35 % against the required 20 to 80 %: within the required range",
        );
        check(
            ("20 .. 80", Unit::Percent, Verdict::NotMet, "85", ""),
            same,
            "85 % so với yêu cầu từ 20 đến 80 %: cao hơn mức yêu cầu 5 điểm phần trăm",
            "85 % against the required 20 to 80 %: 5 percentage points above what is required",
        );
        check(
            ("= 100", Unit::Percent, Verdict::NotMet, "99.5", ""),
            same,
            "99,5 % so với yêu cầu = 100 %: thấp hơn mức yêu cầu 0,5 điểm phần trăm",
            "99.5 % against the required = 100 %: 0.5 percentage points below what is required",
        );
        check(
            ("yes", Unit::YesNo, Verdict::Met, "yes", ""),
            same,
            "đã hoàn thành theo yêu cầu",
            "done as required",
        );
        check(
            ("yes", Unit::YesNo, Verdict::NotDue, "no", ""),
            same,
            "chưa đến hạn 31/12/2023, hiện chưa hoàn thành",
            "not due until 31/12/2023, at present not done yet",
        );
        check(
            ("no", Unit::YesNo, Verdict::NotMet, "yes", ""),
            same,
            "có phát sinh, trong khi yêu cầu là không",
            "occurred, but must not",
        );
    }

    #[test]
    fn any_judgement_has_a_sentence() {
        let conditions = vec![
            ("a", compare(">= 1", Unit::Percent)),
            ("b", compare("< 1", Unit::Times)),
            ("c", compare("1 .. 2", Unit::Rank)),
            ("d", compare("top 1/2", Unit::Rank)),
            ("e", compare("!= 1", noun())),
            ("f", truth(true)),
        ];
        let count = u32::try_from(conditions.len()).unwrap();
        let model = model(conditions);
        for target in 0..count {
            for verdict in Verdict::ALL {
                for figure in ["none", "0", "~ 5", "< -3", "yes"] {
                    let mut judgement = judgement(&model, target, verdict, figure);
                    assert_ne!(message(&model, &judgement, Lang::Vi), "");
                    judgement.measured = Measured::Within(Interval::all());
                    judgement.due = None;
                    judgement.evidence = vec!["x\ny".to_owned()];
                    let text = message(&model, &judgement, Lang::En);
                    assert!(!text.is_empty() && !text.contains('\n'), "{text}");
                }
            }
        }
        assert_eq!(message(&model, &judgement(&model, 99, Verdict::Met, "1"), Lang::Vi), "");
    }
}
