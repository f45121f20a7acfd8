//! The sentence that a report prints of a verdict.
//!
//! Enters: the model and a judgement. Leaves: one sentence in Vietnamese or English. The one idea:
//! a sentence is what was compared, then what follows from it; tables show the second half beside
//! their columns. Invariant: of a ceiling nobody says `vượt`.

use super::undecided;
use super::words::{Words, day, join, quoted, short};
use crate::check::model::{Condition, Model, Target, Threshold};
use crate::diagnostic::Lang;
use crate::number::{Comparator, Rational};
use crate::verdict::{Judgement, Measured, Progress, Step, Verdict};

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
/// #     due: None, margin: None, attainment: None, fraction: None, rounding_sensitive: false,
/// #     estimate: false, step: None, parts: vec![], failing: vec![], unreported: vec![],
/// #     missing: vec![], sources: vec![], evidence: vec![],
/// # };
///
/// assert_eq!(chitieu::report::message(&Model::default(), &judgement, Lang::Vi), "");
/// ```
pub fn message(model: &Model, judgement: &Judgement, lang: Lang) -> String {
    let Some(target) = model.target(judgement.target) else { return String::new() };
    let sentence = Sentence::new(model, target, judgement, lang);
    match sentence.compared {
        Some(compared) => format!("{compared}: {}", sentence.follows),
        None => sentence.follows,
    }
}

/// A sentence in its two halves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// `52,3 % so với yêu cầu >= 30 %`; nothing where no figure decides.
    pub(super) compared: Option<String>,
    /// `vượt 22,3 điểm phần trăm`, `chưa có số liệu “…”`.
    pub(super) follows: String,
}

impl Sentence {
    pub(super) fn new(model: &Model, target: &Target, judgement: &Judgement, lang: Lang) -> Self {
        let words = Words::new(&target.condition, lang);
        if !judgement.verdict.is_decided() {
            let follows = undecided::reason(model, target, judgement, &words);
            return Self { compared: None, follows };
        }
        let decided = Decided { words, condition: &target.condition, judgement, target };
        Self { compared: decided.compared(), follows: decided.follows() }
    }
}

/// How a condition is worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    Floor,
    Ceiling,
    Rank,
    Equal,
    Unequal,
    Range,
    Yes,
    No,
}

struct Decided<'a> {
    words: Words<'a>,
    condition: &'a Condition,
    judgement: &'a Judgement,
    target: &'a Target,
}

impl Decided<'_> {
    fn sense(&self) -> Sense {
        let comparison = match self.condition {
            Condition::Compare(comparison) => comparison,
            Condition::Truth { expected: true, .. } => return Sense::Yes,
            Condition::Truth { .. } => return Sense::No,
        };
        match &comparison.threshold {
            Threshold::Within { .. } => Sense::Range,
            _ if self.words.is_rank() => Sense::Rank,
            Threshold::Bound { comparator, .. } => match comparator {
                Comparator::AtLeast | Comparator::MoreThan => Sense::Floor,
                Comparator::AtMost | Comparator::LessThan => Sense::Ceiling,
                Comparator::Equal => Sense::Equal,
                Comparator::NotEqual => Sense::Unequal,
            },
            Threshold::Rank { .. } => Sense::Rank,
        }
    }

    /// `52,3 % so với yêu cầu >= 30 %`; a yes or no stands for itself.
    fn compared(&self) -> Option<String> {
        let against = match self.sense() {
            Sense::Yes | Sense::No => return None,
            Sense::Ceiling => self.words.pick("so với mức cho phép", "against the permitted"),
            _ => self.words.pick("so với yêu cầu", "against the required"),
        };
        let measured = self.words.measured(self.judgement)?;
        Some(format!("{measured} {against} {}", self.words.threshold()))
    }

    fn follows(&self) -> String {
        let mut text = match self.judgement.verdict {
            Verdict::Exceeded => self.exceeded(),
            Verdict::Met => self.met().to_owned(),
            Verdict::NotDue => self.not_due(),
            _ => self.gap(),
        };
        let mut add = |clause: String| {
            text.push_str("; ");
            text.push_str(&clause);
        };
        if let Some(step) = self.step() {
            add(step);
        }
        if self.judgement.verdict == Verdict::NotDue {
            match self.judgement.progress {
                Some(Progress::OnTrack) => add(self.pick("đúng tiến độ", "on track")),
                Some(Progress::Behind) => add(self.pick("chậm tiến độ", "behind schedule")),
                Some(Progress::Unknown) | None => {}
            }
        }
        if !self.judgement.failing.is_empty() {
            let failing = quoted(&self.judgement.failing, self.words.lang);
            add(format!("{} {failing}", self.words.pick("chưa đạt ở", "not met by")));
        }
        if self.judgement.rounding_sensitive {
            add(self.pick(
                "kết luận phụ thuộc vào việc làm tròn số liệu",
                "the verdict depends on how the figure was rounded",
            ));
        }
        text
    }

    fn pick(&self, vi: &'static str, en: &'static str) -> String {
        self.words.pick(vi, en).to_owned()
    }

    /// A bound may lie farther from the threshold than its end.
    fn is_bound(&self) -> bool {
        match &self.judgement.measured {
            Measured::Within(interval) => interval.is_point().is_none(),
            _ => false,
        }
    }

    /// The size of the margin where it is known and not zero: `ít nhất 10 điểm phần trăm`.
    fn margin(&self) -> Option<String> {
        let margin = self.judgement.margin.as_ref().filter(|margin| !margin.is_zero())?;
        let least = if self.is_bound() { self.words.pick("ít nhất ", "at least ") } else { "" };
        Some(format!("{least}{}", self.words.distance(margin)))
    }

    fn exceeded(&self) -> String {
        let vi = self.words.lang == Lang::Vi;
        match (self.sense(), self.margin()) {
            (Sense::Ceiling, Some(by)) if vi => format!("thấp hơn mức cho phép {by}"),
            (Sense::Ceiling, Some(by)) => format!("{by} below the permitted level"),
            (Sense::Ceiling, None) => {
                self.pick("thấp hơn mức cho phép", "below the permitted level")
            }
            (_, Some(by)) if vi => format!("vượt {by}"),
            (Sense::Rank, Some(by)) => format!("{by} better than required"),
            (_, Some(by)) => format!("{by} above the requirement"),
            (_, None) => self.pick("vượt mức yêu cầu", "above the requirement"),
        }
    }

    fn met(&self) -> &'static str {
        let equal =
            !self.is_bound() && self.judgement.margin.as_ref().is_some_and(Rational::is_zero);
        match self.sense() {
            Sense::Floor if equal => {
                self.words.pick("đạt đúng mức yêu cầu", "exactly at the requirement")
            }
            Sense::Ceiling if equal => {
                self.words.pick("đúng bằng mức cho phép", "exactly at the permitted level")
            }
            Sense::Ceiling => self.words.pick("trong mức cho phép", "within the permitted level"),
            Sense::Equal => self.words.pick("đạt đúng mức yêu cầu", "exactly as required"),
            Sense::Range => {
                self.words.pick("nằm trong khoảng yêu cầu", "within the required range")
            }
            Sense::Yes => self.words.pick("đã hoàn thành theo yêu cầu", "done as required"),
            Sense::No => {
                self.words.pick("không phát sinh, đúng yêu cầu", "did not occur, as required")
            }
            _ => self.words.pick("đạt yêu cầu", "meets the requirement"),
        }
    }

    /// What separates the figure from the threshold: `còn thiếu 3,2 điểm phần trăm`.
    fn gap(&self) -> String {
        let vi = self.words.lang == Lang::Vi;
        match (self.sense(), self.margin()) {
            (Sense::Floor, Some(by)) if vi => format!("còn thiếu {by}"),
            (Sense::Floor, Some(by)) => format!("{by} short of the requirement"),
            (Sense::Ceiling, Some(by)) if vi => format!("cao hơn mức cho phép {by}"),
            (Sense::Ceiling, Some(by)) => format!("{by} above the permitted level"),
            (Sense::Rank, Some(by)) if vi => format!("còn kém {by}"),
            (Sense::Rank, Some(by)) => format!("{by} short of the requirement"),
            (Sense::Range | Sense::Equal, _) => self.beside(),
            (Sense::Yes, _) => self.pick("chưa hoàn thành", "not done yet"),
            (Sense::No, _) => {
                self.pick("có phát sinh, trong khi yêu cầu là không", "occurred, but must not")
            }
            (sense, _) => self.at_the_edge(sense),
        }
    }

    /// The figure stands at the threshold but does not satisfy it, or its distance is unknown.
    fn at_the_edge(&self, sense: Sense) -> String {
        let at = self.judgement.margin.as_ref().is_some_and(Rational::is_zero) && !self.is_bound();
        match sense {
            Sense::Floor if at => self.pick(
                "mới bằng mức nêu trong yêu cầu, chưa cao hơn",
                "equal to the stated level, which must be passed",
            ),
            Sense::Ceiling if at => self.pick(
                "bằng mức nêu trong yêu cầu, chưa thấp hơn",
                "equal to the stated level, below which it must stay",
            ),
            Sense::Ceiling => self.pick("cao hơn mức cho phép", "above the permitted level"),
            _ => self.pick("chưa đạt yêu cầu", "does not meet the requirement"),
        }
    }

    /// On which side of an asked value or range the figure lies, and how far.
    fn beside(&self) -> String {
        let aside = self.aside();
        let vi = self.words.lang == Lang::Vi;
        match aside {
            Some((true, by)) if vi => format!("thấp hơn mức yêu cầu {by}"),
            Some((false, by)) if vi => format!("cao hơn mức yêu cầu {by}"),
            Some((true, by)) => format!("{by} below what is required"),
            Some((false, by)) => format!("{by} above what is required"),
            None if self.sense() == Sense::Range => {
                self.pick("nằm ngoài khoảng yêu cầu", "outside the required range")
            }
            None => self.pick("chưa đúng mức yêu cầu", "not as required"),
        }
    }

    /// Whether the figure lies below, and its distance.
    fn aside(&self) -> Option<(bool, String)> {
        let Measured::Within(interval) = &self.judgement.measured else { return None };
        let Condition::Compare(comparison) = self.condition else { return None };
        let value = interval.is_point()?;
        let (low, high) = match &comparison.threshold {
            Threshold::Within { low, high } => (low, high),
            Threshold::Bound { value, .. } => (value, value),
            Threshold::Rank { .. } => return None,
        };
        if value < low {
            Some((true, self.words.distance(&(low - value))))
        } else {
            (value > high).then(|| (false, self.words.distance(&(value - high))))
        }
    }

    fn not_due(&self) -> String {
        let vi = self.words.lang == Lang::Vi;
        let gap = self.gap();
        match self.judgement.due.map(day) {
            Some(due) if vi => format!("chưa đến hạn {due}, hiện {gap}"),
            Some(due) => format!("not due until {due}, at present {gap}"),
            None if vi => format!("chưa đến hạn, hiện {gap}"),
            None => format!("not due yet, at present {gap}"),
        }
    }

    /// `cần thêm 37 hồ sơ`; nothing where it would only repeat the gap.
    fn step(&self) -> Option<String> {
        let step = self.judgement.step.as_ref()?;
        let margin = self.judgement.margin.as_ref();
        let repeats = margin.is_some_and(|margin| margin.abs() == step.add.abs());
        (!repeats && !step.add.is_zero()).then(|| self.step_words(step))
    }

    fn step_words(&self, step: &Step) -> String {
        let lang = self.words.lang;
        let rounded = super::figures::sufficient(&step.add.abs());
        let number = crate::number::Decimal::parse(&rounded)
            .map_or(rounded, |number| short(&Rational::from(number), &[], lang));
        let of_another = step.unit.is_empty() && step.indicator != self.target.name;
        let names = std::slice::from_ref(&step.indicator);
        let whose = match lang {
            _ if !of_another => String::new(),
            Lang::Vi => format!(" ở {}", quoted(names, lang)),
            Lang::En => format!(" in {}", quoted(names, lang)),
        };
        let falls = step.add.is_negative();
        match lang {
            Lang::Vi => {
                let verb = if falls { "cần giảm" } else { "cần thêm" };
                format!("{verb} {}{whose}", join(&number, &step.unit))
            }
            Lang::En => {
                let more = if falls { "fewer" } else { "more" };
                format!("needs {}{whose}", join(&format!("{number} {more}"), &step.unit))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Interval;
    use crate::report::testing::{compare, judgement, model, number, truth};
    use crate::unit::Unit;

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
        let mut judgement = judgement(0, verdict, figure);
        judgement.margin = (!margin.is_empty()).then(|| number(margin));
        change(&mut judgement);
        assert_eq!(message(&model, &judgement, Lang::Vi), vi);
        assert_eq!(message(&model, &judgement, Lang::En), en);
    }

    fn step(add: &str, unit: &str) -> Option<Step> {
        let indicator = "số hồ sơ đúng hạn".to_owned();
        Some(Step { indicator, add: number(add), unit: unit.to_owned() })
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
            |judgement| judgement.step = step("-5", "hồ sơ"),
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
            |judgement| judgement.step = step("37", "hồ sơ"),
            "36,8 % so với yêu cầu >= 40 %: còn thiếu 3,2 điểm phần trăm; cần thêm 37 hồ sơ",
            "36.8 % against the required >= 40 %: \
             3.2 percentage points short of the requirement; needs 37 more hồ sơ",
        );
        check(
            (">= 15", noun(), Verdict::NotMet, "12", "-3"),
            |judgement| judgement.step = step("3", "dịch vụ"),
            "12 dịch vụ so với yêu cầu >= 15 dịch vụ: còn thiếu 3 dịch vụ",
            "12 dịch vụ against the required >= 15 dịch vụ: 3 dịch vụ short of the requirement",
        );
        check(
            ("> 14", noun(), Verdict::NotMet, "14", "0"),
            |judgement| judgement.step = step("1", ""),
            "14 dịch vụ so với yêu cầu > 14 dịch vụ: mới bằng mức nêu trong yêu cầu, \
             chưa cao hơn; cần thêm 1 ở “số hồ sơ đúng hạn”",
            "14 dịch vụ against the required > 14 dịch vụ: equal to the stated level, \
             which must be passed; needs 1 more in “số hồ sơ đúng hạn”",
        );
        check(
            (">= 40", Unit::Percent, Verdict::NotDue, "36.8", "-3.2"),
            |judgement| {
                judgement.progress = Some(Progress::Behind);
                judgement.step = step("37", "hồ sơ");
            },
            "36,8 % so với yêu cầu >= 40 %: chưa đến hạn 31/12/2023, \
             hiện còn thiếu 3,2 điểm phần trăm; cần thêm 37 hồ sơ; chậm tiến độ",
            "36.8 % against the required >= 40 %: not due until 31/12/2023, \
             at present 3.2 percentage points short of the requirement; \
             needs 37 more hồ sơ; behind schedule",
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
                    let mut judgement = judgement(target, verdict, figure);
                    assert_ne!(message(&model, &judgement, Lang::Vi), "");
                    judgement.measured = Measured::Within(Interval::all());
                    judgement.due = None;
                    judgement.evidence = vec!["x\ny".to_owned()];
                    let text = message(&model, &judgement, Lang::En);
                    assert!(!text.is_empty() && !text.contains('\n'), "{text}");
                }
            }
        }
        assert_eq!(message(&model, &judgement(99, Verdict::Met, "1"), Lang::Vi), "");
    }
}
