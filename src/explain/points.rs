//! How points came about, and what a target takes the place of or carries out.

use super::{Explainer, Step, Topic, expr, words};
use crate::calendar::Date;
use crate::check::model::{Expr, Scale, ScoreStep, Target};
use crate::diagnostic::Lang;
use crate::number::Rational;
use crate::unit::Unit;
use crate::verdict::{InForce, Judgement, Measured, Points};

/// The one value that was measured, where it is in the unit of the scale.
fn point<'j>(judgement: &'j Judgement, unit: &Unit) -> Option<&'j Rational> {
    match &judgement.measured {
        Measured::Within(value) if judgement.unit.as_ref() == Some(unit) => value.is_point(),
        _ => None,
    }
}

impl Explainer<'_> {
    /// `16/20 điểm: tuyến tính từ 50 % (0 điểm) đến 100 % (20 điểm)`.
    pub(super) fn points(&self, judgement: &Judgement) -> Option<Step> {
        let scoring = self.version.scoring.as_ref()?;
        let lang = self.lang;
        let Some(points) = &judgement.points else {
            let text = words::pick(
                lang,
                "không áp dụng nên không tính vào điểm tối đa",
                "not applicable, so that it leaves the maximum",
            );
            return Some(Step::new(Topic::Points, text.to_owned()));
        };
        let mut steps = Vec::new();
        let how = match &scoring.by {
            Scale::Verdict => {
                words::pick(lang, "đủ điểm khi đạt", "all points where it is met").to_owned()
            }
            Scale::Linear { unit, from: low, to: high, .. } => {
                let (from, to) =
                    (words::amount(low, Some(unit), lang), words::amount(high, Some(unit), lang));
                let maximum = words::exact(&scoring.maximum, lang);
                let worked = point(judgement, unit).map(|value| {
                    let [value, a, b] = [value, low, high].map(|it| words::exact(it, lang));
                    format!("; ({value} − {a}) / ({b} − {a}) × {maximum}")
                });
                let worked = worked.unwrap_or_default();
                match lang {
                    Lang::Vi => {
                        format!("tuyến tính từ {from} (0 điểm) đến {to} ({maximum} điểm){worked}")
                    }
                    Lang::En => {
                        format!("linear from {from} (0 points) to {to} ({maximum} points){worked}")
                    }
                }
            }
            Scale::Steps { unit, steps: all, otherwise, .. } => {
                let value = point(judgement, unit);
                let of = |step: &&ScoreStep| {
                    step.values().zip(value).is_some_and(|(values, value)| values.contains(value))
                };
                let reached = all.iter().find(of);
                let is_reached = |step: &ScoreStep| reached.is_some_and(|it| it == step);
                let shown = all.iter().filter_map(|it| self.score_step(it, unit, is_reached(it)));
                steps.extend(shown);
                if let Some(points) = otherwise {
                    let word = words::pick(lang, "còn lại", "otherwise");
                    let text = format!("{word}: {}", words::exact(points, lang));
                    steps.push(Step::new(Topic::Points, text));
                }
                words::pick(lang, "theo bậc, bậc đầu tiên đúng", "by the first step that holds")
                    .to_owned()
            }
            Scale::Expression(by) => {
                let (text, below) = self.computed_points(by, points);
                steps.extend(below);
                text
            }
        };
        let text = format!("{}: {how}", self.out_of(points));
        Some(Step { steps, ..Step::new(Topic::Points, text) })
    }

    /// `x / lớn nhất(mọi bộ; x) × 40 = 30 / 40 × 40 = 30`, with the figures that stand in it.
    fn computed_points(&self, by: &Expr, points: &Points) -> (String, Vec<Step>) {
        let lang = self.lang;
        let mut ids = Vec::new();
        by.indicators(&mut ids);
        let found = self.evidence(&ids);
        let others = self.reference.others_of_points(self.case, (self.id, self.version), by);
        let mut steps: Vec<Step> = found.iter().filter_map(|it| self.figure(it)).collect();
        steps.extend(others.iter().map(|it| self.other(it)));
        let names = expr::names(by, self.model, lang);
        let numbers = expr::numbers(by, &found, &others, self.model, lang);
        let lead = words::pick(lang, "theo biểu thức", "by the expression");
        let mut text = format!("{lead} {names}");
        if numbers != names {
            text = format!("{text} = {numbers}");
        }
        // What lies beyond either end is cut to it, and is then not what the expression comes to.
        let ends = [&Rational::zero(), &points.maximum].map(Clone::clone);
        match points.decided() {
            Some(value) if ends.contains(value) => {
                let maximum = words::exact(&points.maximum, lang);
                text = match lang {
                    Lang::Vi => format!("{text}, cắt trong khoảng từ 0 đến {maximum}"),
                    Lang::En => format!("{text}, cut to 0 … {maximum}"),
                };
            }
            Some(value) => text = format!("{text} = {}", words::exact(value, lang)),
            None => {}
        }
        (text, steps)
    }

    /// `>= 80 %: 15`.
    fn score_step(&self, step: &ScoreStep, unit: &Unit, reached: bool) -> Option<Step> {
        let asked = InForce::stated(&step.threshold)?;
        let asked = words::threshold(&asked, Some(unit), self.lang);
        let points = words::exact(&step.points, self.lang);
        let mark =
            if reached { words::pick(self.lang, " ← bậc này", " ← this one") } else { "" };
        Some(Step::new(Topic::Points, format!("{asked}: {points}{mark}")))
    }

    /// `16/20 điểm`, `từ 10 đến 20 trên 20 điểm`.
    fn out_of(&self, points: &Points) -> String {
        let text = |number| words::short(number, self.lang);
        let maximum = text(&points.maximum);
        match (points.decided(), self.lang) {
            (Some(points), Lang::Vi) => format!("{}/{maximum} điểm", text(points)),
            (Some(points), Lang::En) => format!("{}/{maximum} points", text(points)),
            (None, Lang::Vi) => {
                let (worst, best) = (text(&points.worst), text(&points.best));
                format!("từ {worst} đến {best} trên {maximum} điểm")
            }
            (None, Lang::En) => {
                let (worst, best) = (text(&points.worst), text(&points.best));
                format!("{worst} to {best} of {maximum} points")
            }
        }
    }

    /// `được thay thế bằng KH-2024/A từ 01/01/2024`.
    pub(super) fn replaced_by(&self, by: &Target) -> Step {
        let code = by.cited(self.model);
        let day = self.version.from.map(Date::to_vi).unwrap_or_default();
        let text = match self.lang {
            Lang::Vi => format!("được thay thế bằng {code} từ {day}"),
            Lang::En => format!("replaced by {code} from {day}"),
        };
        Step::new(Topic::Window, text)
    }

    /// What this target takes the place of, and what it carries out.
    pub(super) fn cited(&self) -> Vec<Step> {
        let lang = self.lang;
        let cited = [
            (self.version.replaces, words::pick(lang, "thay thế", "replaces")),
            (self.version.follows, words::pick(lang, "theo", "follows")),
        ];
        let shown = cited.into_iter().filter_map(|(id, word)| {
            let target = self.model.target(id?)?;
            Some(Step::new(Topic::Window, format!("{word} {}", target.cited(self.model))))
        });
        shown.collect()
    }
}
