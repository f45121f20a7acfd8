//! How one verdict came about.
//!
//! Enters: the model, data, a case and a target. Leaves: an [`Explanation`], a sentence fit for a
//! report and the derivation below it. The one idea: the evaluator is asked again, step by step,
//! and each step says what it saw and where that stands. Invariant: nothing here judges.

mod compare;
mod expr;
mod figures;
mod other;
mod points;
mod rest;
mod units;
pub(crate) mod words;

pub(crate) use figures::{raw, written};

use crate::calendar::{Date, Period};
use crate::check::model::{Branch, Condition, Model, ProgrammeId, Target, TargetId, Version};
use crate::diagnostic::Lang;
use crate::reference::{Answer, Reference};
use crate::report;
use crate::snapshot::Case;
use crate::verdict::{InForce, Judgement, Verdict};

/// One verdict, explained.
///
/// ```
/// use chitieu::snapshot::{Cases, Data};
/// use chitieu::{Measurement, Rules, Snapshot, explain};
/// use chitieu::check::model::TargetId;
/// use chitieu::diagnostic::Lang;
/// use chitieu::reference::Reference;
///
/// let rules = Rules::parse("[A] tỷ lệ hồ sơ đúng hạn >= 96%").unwrap();
/// let record = Snapshot::new("br-vt").on("30/06/2023")?;
/// let mut data = Data::new();
/// data.push(record.measure("tỷ lệ hồ sơ đúng hạn", Measurement::text("97/100")), None);
/// let cases = Cases::each_snapshot(&data);
/// let case = cases.get(&data, 0).unwrap();
/// let reference = Reference::new(rules.model(), &data);
/// let why = explain::explain(rules.model(), &reference, &case, TargetId(0), Lang::Vi);
/// assert!(why.unwrap().sentence.starts_with("Tại ngày 30/06/2023, br-vt vượt chỉ tiêu"));
/// # Ok::<(), chitieu::calendar::TimeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What was judged.
    pub judgement: Judgement,
    /// A sentence fit for a report.
    pub sentence: String,
    /// The derivation, in order.
    pub steps: Vec<Step>,
}

/// One step of a derivation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is about.
    pub topic: Topic,
    /// What was seen there.
    pub text: String,
    /// Where that stands: file and row.
    pub sources: Vec<String>,
    /// What it was made of.
    pub steps: Vec<Self>,
}

impl Step {
    pub(super) const fn new(topic: Topic, text: String) -> Self {
        Self { topic, text, sources: Vec::new(), steps: Vec::new() }
    }
}

/// What a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// To whom the target applies.
    Scope,
    /// The days on which it is in force.
    Window,
    /// The version, milestone and branch in force.
    Threshold,
    /// A figure, where it stands and how it was understood.
    Figure,
    /// A part of a joined condition.
    Part,
    /// How the figures stand to what is asked.
    Comparison,
    /// The distance to the threshold.
    Margin,
    /// How much of it is reached.
    Attainment,
    /// The smallest change that would turn the verdict.
    Turn,
    /// Whether rounding of the figures may have decided.
    Rounding,
    /// The tier beside the threshold.
    Stretch,
    /// The way to the next milestone.
    Progress,
    /// The points that it gives.
    Points,
    /// What came of it.
    Verdict,
}

impl Topic {
    /// The code that programs read.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::Window => "window",
            Self::Threshold => "threshold",
            Self::Figure => "figure",
            Self::Part => "part",
            Self::Comparison => "comparison",
            Self::Margin => "margin",
            Self::Attainment => "attainment",
            Self::Turn => "turn",
            Self::Rounding => "rounding",
            Self::Stretch => "stretch",
            Self::Progress => "progress",
            Self::Points => "points",
            Self::Verdict => "verdict",
        }
    }

    /// The heading that people read.
    pub const fn heading(self, lang: Lang) -> &'static str {
        let (vi, en) = match self {
            Self::Scope => ("Đối tượng", "Addressed to"),
            Self::Window => ("Hiệu lực", "In force"),
            Self::Threshold => ("Yêu cầu", "Asked"),
            Self::Figure => ("Số liệu", "Figure"),
            Self::Part => ("Vế", "Part"),
            Self::Comparison => ("So sánh", "Compared"),
            Self::Margin => ("Chênh lệch", "Margin"),
            Self::Attainment => ("Mức đạt", "Attainment"),
            Self::Turn => ("Cần thêm", "Needed"),
            Self::Rounding => ("Làm tròn", "Rounding"),
            Self::Stretch => ("Phấn đấu", "Stretch"),
            Self::Progress => ("Tiến độ", "Progress"),
            Self::Points => ("Điểm", "Points"),
            Self::Verdict => ("Kết luận", "Verdict"),
        };
        words::pick(lang, vi, en)
    }
}

/// Explains the verdict of one target for one case; nothing where there is no such target.
pub fn explain(
    model: &Model,
    reference: &Reference<'_>,
    case: &Case<'_>,
    target: TargetId,
    lang: Lang,
) -> Option<Explanation> {
    let judgement = reference.judge_target(case, target)?;
    let asked = model.target(target)?;
    let version = asked.version(case.as_of)?;
    let explainer = Explainer {
        model,
        reference,
        case,
        target: asked,
        id: target,
        version,
        programme: asked.programme,
        window: version.window,
        lang,
    };
    let sentence = explainer.sentence(&judgement);
    let steps = explainer.steps(&judgement);
    Some(Explanation { judgement, sentence, steps })
}

/// The place of one verdict.
pub(super) struct Explainer<'a> {
    pub(super) model: &'a Model,
    pub(super) reference: &'a Reference<'a>,
    pub(super) case: &'a Case<'a>,
    pub(super) target: &'a Target,
    pub(super) id: TargetId,
    pub(super) version: &'a Version,
    pub(super) programme: ProgrammeId,
    pub(super) window: Period,
    pub(super) lang: Lang,
}

impl Explainer<'_> {
    /// `Tại ngày 30/06/2023, tỉnh A vượt chỉ tiêu “…” (CQS-03): 52,3 % so với … Căn cứ: ….`
    fn sentence(&self, judgement: &Judgement) -> String {
        let entity = self.who();
        let name = &self.version.name;
        let own = self.own_code().map(|code| format!(" ({code})")).unwrap_or_default();
        let day = self.case.as_of.to_vi();
        let message = report::message(self.model, judgement, self.lang);
        let message = message.trim_end_matches('.');
        let basis = self.version.legal_basis.as_deref().unwrap_or_default();
        let did = self.did(judgement);
        match self.lang {
            Lang::Vi => {
                let basis =
                    if basis.is_empty() { String::new() } else { format!(" Căn cứ: {basis}.") };
                format!("Tại ngày {day}, {entity} {did} chỉ tiêu “{name}”{own}: {message}.{basis}")
            }
            Lang::En => {
                let basis =
                    if basis.is_empty() { String::new() } else { format!(" Basis: {basis}.") };
                format!("On {day}, {entity} {did} the target “{name}”{own}: {message}.{basis}")
            }
        }
    }

    /// Who is judged: by name, else by id.
    fn who(&self) -> &str {
        let id = self.case.id().unwrap_or(words::pick(self.lang, "toàn bộ", "the whole"));
        self.case.entity.name.as_deref().unwrap_or(id)
    }

    /// The code, where the rules give one.
    fn own_code(&self) -> Option<&str> {
        let programme = self.model.programme(self.programme)?;
        let made = self.target.code.strip_prefix(&programme.code);
        let made = made.is_some_and(|rest| rest.starts_with('/'));
        (!made).then_some(self.target.code.as_str())
    }

    /// The verb; what stays below a ceiling is not said to exceed it.
    fn did(&self, judgement: &Judgement) -> &'static str {
        let above = match &judgement.threshold {
            Some(InForce::Bound { comparator, .. }) => comparator.is_floor(),
            _ => false,
        };
        let (vi, en) = match judgement.verdict {
            Verdict::Exceeded if above => ("vượt", "exceeded"),
            Verdict::Exceeded | Verdict::Met => ("đạt", "met"),
            Verdict::NotMet => ("chưa đạt", "did not meet"),
            Verdict::NotDue => ("chưa đến hạn phải đạt", "has time left to meet"),
            Verdict::NoData => ("thiếu số liệu về", "has no figures for"),
            Verdict::Undetermined => {
                ("chưa đủ căn cứ để kết luận về", "cannot be judged by its figures on")
            }
            Verdict::NotApplicable => ("không thuộc đối tượng của", "is not concerned by"),
            Verdict::Contradictory => ("có số liệu mâu thuẫn về", "has contradictory figures for"),
        };
        words::pick(self.lang, vi, en)
    }

    fn steps(&self, judgement: &Judgement) -> Vec<Step> {
        let mut steps = vec![self.scope(), self.in_force()];
        let branch = self.reference.branch_in_force(self.case, self.id);
        let applies = self.reference.applies(&self.version.scope, self.case) == Answer::Yes;
        if applies && self.version.in_force(self.case.as_of) {
            steps.extend(self.threshold(branch));
            if let Some(branch) = branch {
                steps.extend(self.condition(&branch.condition));
            }
            steps.extend(self.rest(judgement, branch));
        }
        let (vi, en) = judgement.verdict.words();
        let mut text = words::pick(self.lang, vi, en).to_owned();
        if let Some(reason) = judgement.reason {
            text = format!("{text} ({})", reason.code());
        }
        steps.push(Step::new(Topic::Verdict, text));
        steps
    }

    /// To whom the target applies, and what is known of this entity.
    fn scope(&self) -> Step {
        let lang = self.lang;
        let scope = &self.version.scope;
        let entity = self.who();
        if scope.is_empty() {
            let text = words::pick(lang, "mọi đơn vị", "everyone").to_owned();
            return Step::new(Topic::Scope, text);
        }
        let whom = words::scope(scope, lang);
        let known: Vec<String> = self
            .case
            .entity
            .attributes
            .iter()
            .map(|it| format!("{} = {}", it.key, it.value))
            .collect();
        let known =
            if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) };
        let answer = match (self.reference.applies(scope, self.case), lang) {
            (Answer::Yes, Lang::Vi) => "thuộc đối tượng".to_owned(),
            (Answer::Yes, Lang::En) => "is one of them".to_owned(),
            (Answer::No, Lang::Vi) => "không thuộc đối tượng".to_owned(),
            (Answer::No, Lang::En) => "is none of them".to_owned(),
            (Answer::Unknown(missing), Lang::Vi) => {
                format!("chưa rõ: thiếu {}", missing.join(", "))
            }
            (Answer::Unknown(missing), Lang::En) => {
                format!("is not known to be: {} missing", missing.join(", "))
            }
            (Answer::Disputed(found), Lang::Vi) => format!("mâu thuẫn: {}", found.join("; ")),
            (Answer::Disputed(found), Lang::En) => {
                format!("is given differently: {}", found.join("; "))
            }
        };
        Step::new(Topic::Scope, format!("{whom}; {entity}{known} {answer}"))
    }

    /// The window, and on which side of it the day lies.
    fn in_force(&self) -> Step {
        let lang = self.lang;
        let (window, day) = (period(&self.window, lang), self.case.as_of.to_vi());
        let inside = self.window.contains(self.case.as_of);
        let text = match (inside, lang) {
            (true, Lang::Vi) => format!("{window}; có hiệu lực vào ngày {day}"),
            (true, Lang::En) => format!("{window}; in force on {day}"),
            (false, Lang::Vi) => format!("{window}; không có hiệu lực vào ngày {day}"),
            (false, Lang::En) => format!("{window}; not in force on {day}"),
        };
        let mut steps = Vec::new();
        if let Some(by) = self.version.replaced_by.and_then(|id| self.model.target(id)) {
            steps.push(self.replaced_by(by));
        } else if let Some(from) = self.version.from {
            let from = from.to_vi();
            let text = match lang {
                Lang::Vi => format!("bản có hiệu lực từ {from}, thay cho bản trước"),
                Lang::En => format!("the version of {from}, in place of the one before"),
            };
            steps.push(Step::new(Topic::Window, text));
        }
        steps.extend(self.cited());
        Step { steps, ..Step::new(Topic::Window, text) }
    }

    /// The milestone, its due date, and the `khi` that chose the threshold.
    fn threshold(&self, branch: Option<&Branch>) -> Option<Step> {
        let milestone = self.version.milestone(self.case.as_of)?;
        let lang = self.lang;
        let asked =
            branch.and_then(|branch| self.ask(&branch.condition).threshold.zip(Some(branch)));
        let asked = asked.map(|(threshold, branch)| {
            let unit = self.ask(&branch.condition).unit;
            words::threshold(&threshold, unit.as_ref(), lang)
        });
        let due = due(milestone.due, self.case.as_of, lang);
        let text = match asked {
            Some(asked) => format!("{asked}; {due}"),
            None => due,
        };
        let mut steps = Vec::new();
        for candidate in &milestone.branches {
            let taken = branch.is_some_and(|branch| std::ptr::eq(branch, candidate));
            let Some(when) = &candidate.when else {
                if milestone.branches.len() > 1 && taken {
                    let text = words::pick(lang, "còn lại", "otherwise").to_owned();
                    steps.push(Step::new(Topic::Threshold, text));
                }
                break;
            };
            let word = words::pick(lang, "khi", "when");
            let text = format!("{word} {}", self.condition_text(when));
            let step = self.verdict_step(Topic::Threshold, &text, &self.ask(when));
            let below = match when {
                Condition::Attribute(_) => Vec::new(),
                _ => self.condition(when),
            };
            steps.push(Step { steps: below, ..step });
            if taken {
                break;
            }
        }
        Some(Step { steps, ..Step::new(Topic::Threshold, text) })
    }
}

/// `hạn 31/12/2023, còn 184 ngày`, `hạn 31/12/2023, đã đến hạn`.
fn due(due: Option<Date>, as_of: Date, lang: Lang) -> String {
    let Some(due) = due else {
        return words::pick(lang, "không có hạn, phải đạt ngay", "no due date, binds at once")
            .to_owned();
    };
    let (day, left) = (due.to_vi(), i64::from(due.days()) - i64::from(as_of.days()));
    match (left > 0, lang) {
        (true, Lang::Vi) => format!("hạn {day}, còn {left} ngày"),
        (true, Lang::En) => format!("due {day}, {left} days ahead"),
        (false, Lang::Vi) => format!("hạn {day}, đã đến hạn"),
        (false, Lang::En) => format!("due {day}, which has come"),
    }
}

/// A period in words.
fn period(period: &Period, lang: Lang) -> String {
    let (first, last) = (period.first_day(), period.last_day());
    match (first, last, lang) {
        (None, None, Lang::Vi) => "không giới hạn thời gian".to_owned(),
        (None, None, Lang::En) => "at all times".to_owned(),
        (_, _, Lang::Vi) => period.to_vi(),
        (Some(first), None, Lang::En) => format!("from {}", first.to_vi()),
        (None, Some(last), Lang::En) => format!("until {}", last.to_vi()),
        (Some(first), Some(last), Lang::En) => format!("{} to {}", first.to_vi(), last.to_vi()),
    }
}

#[cfg(test)]
mod tests;
