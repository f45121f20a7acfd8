//! What stands beside a verdict: margin, attainment, step, rounding, stretch, progress.

use super::{Explainer, Step, Topic, words};
use crate::check::model::{Branch, Indicator};
use crate::diagnostic::Lang;
use crate::number::Rational;
use crate::snapshot::{Figure, Value};
use crate::verdict::{InForce, Judgement, Measured, Progress};

impl Explainer<'_> {
    pub(super) fn rest(&self, judgement: &Judgement, branch: Option<&Branch>) -> Vec<Step> {
        let mut steps = Vec::new();
        steps.extend(self.margin(judgement));
        steps.extend(self.attainment(judgement));
        steps.extend(self.turn(judgement));
        steps.extend(branch.and_then(|branch| self.rounding(judgement, branch)));
        steps.extend(self.stretch(judgement));
        steps.extend(self.progress(judgement));
        steps.extend(self.points(judgement));
        steps
    }

    /// `52,3 − 30 = 22,3 điểm phần trăm`.
    fn margin(&self, judgement: &Judgement) -> Option<Step> {
        let margin = judgement.margin.as_ref()?;
        let (bound, floor) = bound(judgement)?;
        let unit = words::difference(judgement.unit.as_ref());
        let lang = self.lang;
        // The end that was measured from follows from margin and bound.
        let end = if floor { &bound + margin } else { &bound - margin };
        let (a, b) = if floor { (&end, &bound) } else { (&bound, &end) };
        let (a, b) = (part(a, lang), part(b, lang));
        let difference = words::equals(&words::amount(margin, unit.as_ref(), lang));
        Some(Step::new(Topic::Margin, format!("{a} − {b} {difference}")))
    }

    /// `52,3 / 30 ≈ 1,7433`.
    fn attainment(&self, judgement: &Judgement) -> Option<Step> {
        let reached = judgement.attainment.as_ref()?;
        let (bound, floor) = bound(judgement)?;
        let lang = self.lang;
        let end = if floor { &bound * reached } else { bound.div(reached)? };
        let (a, b) = if floor { (&end, &bound) } else { (&bound, &end) };
        let (a, b) = (part(a, lang), part(b, lang));
        let share = reached * &Rational::from(100_i64);
        let share = words::exact(&rounded(&share, 2), lang);
        let reached = words::equals(&words::short(reached, lang));
        Some(Step::new(Topic::Attainment, format!("{a} / {b} {reached} ({share} %)")))
    }

    fn turn(&self, judgement: &Judgement) -> Option<Step> {
        let step = judgement.step.as_ref()?;
        let amount = words::short(&step.add().abs(), self.lang);
        let (amount, name) = match step {
            crate::verdict::Step::Figure { indicator, unit, .. } => {
                (format!("{amount} {unit}"), self.turned(judgement, indicator))
            }
            crate::verdict::Step::Units { .. } => {
                let noun = judgement.units.as_ref().map_or("", |units| &units.name);
                let name = match self.lang {
                    Lang::Vi => format!("số {noun} đạt"),
                    Lang::En => format!("the number of {noun} that satisfy"),
                };
                (amount, name)
            }
        };
        let amount = amount.trim_end();
        let text = match (step.add().is_negative(), self.lang) {
            (false, Lang::Vi) => format!("{name} tăng {amount} là đủ"),
            (true, Lang::Vi) => format!("{name} giảm {amount} là đủ"),
            (false, Lang::En) => format!("{name} up by {amount} would do"),
            (true, Lang::En) => format!("{name} down by {amount} would do"),
        };
        Some(Step::new(Topic::Turn, text))
    }

    /// What is to change: of a figure that is itself a fraction its numerator.
    fn turned(&self, judgement: &Judgement, name: &str) -> String {
        let named = |it: &&Indicator| it.programme == self.programme && it.name == name;
        let share = self.model.indicators.iter().find(named);
        let is_share = share.is_some_and(|it| it.unit.fraction_factor().is_some());
        match (is_share && judgement.fraction.is_some(), self.lang) {
            (true, Lang::Vi) => format!("tử số của {name}"),
            (true, Lang::En) => format!("the numerator of {name}"),
            (false, _) => name.to_owned(),
        }
    }

    /// Which values the printed digits stand for, and whether they would all be judged alike.
    fn rounding(&self, judgement: &Judgement, branch: &Branch) -> Option<Step> {
        if !judgement.verdict.is_decided() {
            return None;
        }
        let lang = self.lang;
        let needed = crate::reference::needed(&branch.condition);
        let found = self.reference.evidence(self.case, self.programme, &self.window, &needed);
        let mut printed = Vec::new();
        for one in &found {
            let Figure::Known(known) = &one.figure else { continue };
            let (Value::Within(value), Some(digit)) = (&known.value, &known.last_digit) else {
                continue;
            };
            let (Some(point), Some(half)) = (value.is_point(), digit.div(&Rational::from(2_i64)))
            else {
                continue;
            };
            let (low, high) = (point - &half, point + &half);
            let (point, low, high) =
                (words::short(point, lang), words::short(&low, lang), words::short(&high, lang));
            printed.push(match lang {
                Lang::Vi => format!("{point} có thể đã làm tròn từ {low} đến {high}"),
                Lang::En => format!("{point} may have been rounded from {low} to {high}"),
            });
        }
        if printed.is_empty() {
            return None;
        }
        let result = match (judgement.rounding_sensitive, lang) {
            (true, Lang::Vi) => "có giá trị trong đó cho kết luận khác",
            (true, Lang::En) => "some value in between would be judged otherwise",
            (false, Lang::Vi) => "kết luận không đổi",
            (false, Lang::En) => "the verdict stays the same",
        };
        Some(Step::new(Topic::Rounding, format!("{}: {result}", printed.join("; "))))
    }

    fn stretch(&self, judgement: &Judgement) -> Option<Step> {
        let stretch = judgement.stretch.as_ref()?;
        let asked = words::threshold(&stretch.threshold, judgement.unit.as_ref(), self.lang);
        let verdict = self.verdict(stretch.verdict);
        Some(Step::new(Topic::Stretch, format!("{asked}: {verdict}")))
    }

    fn progress(&self, judgement: &Judgement) -> Option<Step> {
        let lang = self.lang;
        let (vi, en) = match judgement.progress? {
            Progress::OnTrack => ("đúng tiến độ", "on track"),
            Progress::Behind => ("chậm tiến độ", "behind"),
            Progress::Unknown => ("chưa rõ", "unknown"),
        };
        let word = words::pick(lang, vi, en);
        let line = self.reference.line_on(self.case, self.programme, self.version);
        let text = match (line, &judgement.measured, lang) {
            (Some((comparator, value)), Measured::Within(measured), _) => {
                let unit = judgement.unit.as_ref();
                let mut line = words::amount(&value, unit, lang);
                if words::never_ends(&value) {
                    line = format!("{} ({line})", words::exact(&value, lang));
                }
                let measured = words::interval(measured, unit, lang);
                let sign = comparator.symbol();
                match lang {
                    Lang::Vi => format!(
                        "đường thẳng đến mốc kế tiếp cần {sign} {line} vào ngày này; \
                         có {measured}: {word}"
                    ),
                    Lang::En => format!(
                        "the straight line to the next milestone asks {sign} {line} on this day; \
                         measured {measured}: {word}"
                    ),
                }
            }
            (Some(_), _, _) => word.to_owned(),
            (None, _, Lang::Vi) => format!("{word}: luật không cho điểm đầu của đường tiến độ"),
            (None, _, Lang::En) => format!("{word}: the rules give no first point of a line"),
        };
        Some(Step::new(Topic::Progress, text))
    }
}

/// The one bound that margin and attainment are measured from, and whether it is a floor.
fn bound(judgement: &Judgement) -> Option<(Rational, bool)> {
    match judgement.threshold.as_ref()? {
        InForce::Bound { comparator, bound, .. } => {
            Some((bound.is_point()?.clone(), comparator.is_floor()))
        }
        InForce::Rank { within } => Some((within.clone(), false)),
        _ => None,
    }
}

/// A number inside a sum or quotient.
fn part(value: &Rational, lang: Lang) -> String {
    let text = words::exact(value, lang);
    if text.contains('/') { format!("({text})") } else { text }
}

/// Rounded half up, as a number.
fn rounded(value: &Rational, places: u32) -> Rational {
    crate::number::Decimal::parse(&value.rounded(places))
        .map_or_else(|_| value.clone(), Rational::from)
}
