//! Figures of other times in a derivation, and conditions that must always hold.
//!
//! Enters: what the evaluator found there. Leaves: steps, each with its day and its place.

use super::{Explainer, Step, Topic, expr, words};
use crate::check::model::{Condition, Expr, Joined};
use crate::diagnostic::Lang;
use crate::reference::Other;
use crate::snapshot::Figure;
use crate::unit::Unit;
use crate::verdict::Measured;

impl Explainer<'_> {
    /// `số tài khoản [năm 2022] = 120 (số liệu ngày 31/12/2022)`.
    pub(super) fn other(&self, other: &Other<'_>) -> Step {
        let lang = self.lang;
        let unit = self.unit_of(other.expr);
        let name = expr::names(other.expr, self.model, lang);
        let mut text = self.named(&name, &other.figure, unit);
        if other.declared {
            text.push_str(words::pick(lang, " (mốc khai trong luật)", " (declared by the rules)"));
        }
        let mut steps = Vec::new();
        match (other.expr, other.days.as_slice()) {
            (Expr::At(..), [(day, ..)]) => {
                let day = day.to_vi();
                text = match lang {
                    Lang::Vi => format!("{text} (số liệu ngày {day})"),
                    Lang::En => format!("{text} (figures of {day})"),
                };
            }
            (_, days) => {
                if other.before > 0 {
                    let before = other.before;
                    let text = match lang {
                        Lang::Vi => format!("và {before} kỳ trước đó"),
                        Lang::En => format!("and {before} days before"),
                    };
                    steps.push(Step::new(Topic::Figure, text));
                }
                for (day, figure, sources) in days {
                    let step = Step::new(Topic::Figure, self.named(&day.to_vi(), figure, unit));
                    steps.push(Step { sources: sources.clone(), ..step });
                }
            }
        }
        if !other.missing.is_empty() {
            let missing = words::pick(lang, "thiếu", "missing");
            text = format!("{text} ({missing} {})", other.missing.join(", "));
        }
        let sources = if steps.is_empty() { other.sources.clone() } else { Vec::new() };
        Step { sources, steps, ..Step::new(Topic::Figure, text) }
    }

    /// `số x = 5 hồ sơ`, `số x: thiếu`.
    fn named(&self, name: &str, figure: &Figure, unit: Option<&Unit>) -> String {
        let value = self.value(figure, unit);
        match figure {
            Figure::Absent | Figure::Contradictory(..) => format!("{name}: {value}"),
            _ => format!("{name} {}", words::equals(&value)),
        }
    }

    /// The unit of a figure of one indicator.
    fn unit_of(&self, expr: &Expr) -> Option<&Unit> {
        match expr {
            Expr::At(of, _) | Expr::Cumulative(of) => self.unit_of(of),
            Expr::Indicator(id) => self.model.indicator(*id).map(|it| &it.unit),
            _ => None,
        }
    }

    /// Each day that was asked, then what they come to together.
    pub(super) fn every_day(&self, condition: &Condition, part: &Joined) -> Vec<Step> {
        let asked = self.ask(condition);
        let unit = match &part.condition {
            Condition::Compare(comparison) => Some(&comparison.unit),
            _ => None,
        };
        let day = |part: &crate::verdict::Part| {
            let measured = match &part.measured {
                Measured::Within(value) => Some(words::interval(value, unit, self.lang)),
                Measured::Truth(truth) => Some(words::truth(*truth, self.lang).to_owned()),
                Measured::About(_) | Measured::Nothing => None,
            };
            let wanted = part.threshold.as_ref().map(|it| words::threshold(it, unit, self.lang));
            let verdict = self.verdict(part.verdict);
            let against = words::pick(self.lang, "so với", "against");
            let text = match measured.zip(wanted) {
                Some((measured, wanted)) => {
                    format!("{}: {measured} {against} {wanted}: {verdict}", part.text)
                }
                None => format!("{}: {verdict}", part.text),
            };
            Step::new(Topic::Part, text)
        };
        let mut steps: Vec<Step> = asked.parts.iter().map(day).collect();
        let text = self.condition_text(condition);
        let sources = asked.sources.clone();
        steps.push(Step { sources, ..self.verdict_step(Topic::Comparison, &text, &asked) });
        steps
    }
}
