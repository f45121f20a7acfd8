//! Conditions of a derivation: comparisons written out, parts of joined conditions.
//!
//! Enters: the condition in force. Leaves: its steps. The one idea: every comparison is shown in
//! the exact numbers that decided it; a quotient is compared crosswise.

use std::collections::HashMap;

use num_bigint::BigInt;

use super::{Explainer, Step, Topic, expr, words};
use crate::check::model::{Comparison, Condition, Expr, IndicatorId, Joined, Threshold};
use crate::diagnostic::Lang;
use crate::number::{Interval, Rational};
use crate::reference::{Asked, Evidence, Other};
use crate::snapshot::{Figure, Value};
use crate::unit::Unit;
use crate::verdict::{InForce, Measured, Verdict};

/// Figures of indicators, and of other times and entities.
type Found<'f> = (&'f [Evidence<'f>], &'f [Other<'f>]);

impl Explainer<'_> {
    /// The steps of a condition: figures, then how they stand to what is asked.
    pub(super) fn condition(&self, condition: &Condition) -> Vec<Step> {
        match condition {
            Condition::Compare(comparison) => {
                let found = self.evidence(&comparison.needed());
                let own = (self.id, self.version);
                let others = self.reference.others(self.case, own, comparison);
                let mut steps: Vec<Step> = found.iter().filter_map(|it| self.figure(it)).collect();
                let is_other = |it: &&Other<'_>| !matches!(it.expr, Expr::Units(_));
                steps.extend(others.iter().filter(is_other).map(|it| self.other(it)));
                steps.extend(self.units(condition));
                steps.push(self.comparison(condition, comparison, (&found, &others)));
                steps
            }
            Condition::Truth { indicator, .. } => {
                let found = self.evidence(&[*indicator]);
                let mut steps: Vec<Step> = found.iter().filter_map(|it| self.figure(it)).collect();
                steps.push(self.truth(&self.ask(condition)));
                steps
            }
            Condition::Attribute(attribute) => {
                let text = words::attribute(attribute, self.lang);
                vec![self.verdict_step(Topic::Comparison, &text, &self.ask(condition))]
            }
            Condition::All(parts) => self.joined(condition, parts, ("và", "and")),
            Condition::Any(parts) => self.joined(condition, parts, ("hoặc", "or")),
            Condition::Not(part) => {
                self.joined(condition, std::slice::from_ref(part), ("không", "not"))
            }
            Condition::Always(part) => self.every_day(condition, part),
            Condition::Units(_) => {
                let text = self.condition_text(condition);
                let mut steps = self.units(condition);
                steps.push(self.verdict_step(Topic::Comparison, &text, &self.ask(condition)));
                steps
            }
        }
    }

    pub(super) fn ask(&self, condition: &Condition) -> Asked {
        self.reference.ask_of(self.case, (self.id, self.version), condition)
    }

    pub(super) fn evidence(&self, needed: &[IndicatorId]) -> Vec<Evidence<'_>> {
        self.reference.evidence(self.case, self.programme, &self.window, needed)
    }

    /// Each part with its own steps, then how the word joins them.
    fn joined(
        &self,
        condition: &Condition,
        parts: &[Joined],
        word: (&'static str, &'static str),
    ) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut verdicts = Vec::new();
        for part in parts {
            let asked = self.ask(&part.condition);
            verdicts.push(self.verdict(asked.verdict));
            let step = self.verdict_step(Topic::Part, &part.text, &asked);
            steps.push(Step { steps: self.condition(&part.condition), ..step });
        }
        let word = words::pick(self.lang, word.0, word.1);
        let whole = self.ask(condition);
        let text = match verdicts.as_slice() {
            [one] => format!("{word} ({one})"),
            many => many.join(&format!(" {word} ")),
        };
        steps.push(self.verdict_step(Topic::Comparison, &text, &whole));
        steps
    }

    /// A text with the verdict that it comes to.
    pub(super) fn verdict_step(&self, topic: Topic, text: &str, asked: &Asked) -> Step {
        let mut text = format!("{text}: {}", self.verdict(asked.verdict));
        if !asked.missing.is_empty() {
            let missing = words::pick(self.lang, "thiếu", "missing");
            text = format!("{text} ({missing} {})", asked.missing.join(", "));
        }
        Step::new(topic, text)
    }

    pub(super) const fn verdict(&self, verdict: Verdict) -> &'static str {
        let (vi, en) = verdict.words();
        words::pick(self.lang, vi, en)
    }

    fn truth(&self, asked: &Asked) -> Step {
        let wanted = match &asked.threshold {
            Some(threshold) => words::threshold(threshold, None, self.lang),
            None => String::new(),
        };
        let text = match (&asked.measured, self.lang) {
            (Measured::Truth(truth), Lang::Vi) => {
                format!("{} so với yêu cầu {wanted}", words::truth(*truth, self.lang))
            }
            (Measured::Truth(truth), Lang::En) => {
                format!("{} against {wanted}", words::truth(*truth, self.lang))
            }
            (_, Lang::Vi) => format!("yêu cầu {wanted}"),
            (_, Lang::En) => format!("asked: {wanted}"),
        };
        self.verdict_step(Topic::Comparison, &text, asked)
    }

    /// `96 / 100 × 100 = 96 %; 96 >= 95: đúng`.
    fn comparison(&self, condition: &Condition, comparison: &Comparison, found: Found<'_>) -> Step {
        let (lang, unit) = (self.lang, Some(&comparison.unit));
        let asked = self.ask(condition);
        let wanted = self.wanted(comparison, &asked);
        let value = match &asked.measured {
            Measured::Within(value) => value,
            Measured::About(value) => {
                let about = words::amount(value, unit, lang);
                let text = match lang {
                    Lang::Vi => format!("khoảng {about}, không rõ trong khoảng nào; cần {wanted}"),
                    Lang::En => format!("about {about}, within no stated bounds; asked: {wanted}"),
                };
                return self.verdict_step(Topic::Comparison, &text, &asked);
            }
            _ => {
                let needed = words::pick(lang, "cần", "asked:");
                let text = format!("{needed} {wanted}");
                return self.verdict_step(Topic::Comparison, &text, &asked);
            }
        };
        let mut text = self.worked_out(&comparison.measure, value, comparison, found);
        if let Threshold::Against { other, .. } = &comparison.threshold
            && let Some(InForce::Bound { bound, .. }) = &asked.threshold
        {
            let bound = self.worked_out(other, bound, comparison, found);
            let before = if text.is_empty() { String::new() } else { format!("{text}; ") };
            text = match lang {
                Lang::Vi => format!("{before}ngưỡng {bound}"),
                Lang::En => format!("{before}the threshold is {bound}"),
            };
        }
        let compared = self.compared(value, &asked, &wanted);
        let text = if text.is_empty() { compared } else { format!("{text}; {compared}") };
        Step::new(Topic::Comparison, text)
    }

    fn wanted(&self, comparison: &Comparison, asked: &Asked) -> String {
        match (&asked.threshold, &comparison.threshold) {
            (Some(threshold), _) => words::threshold(threshold, Some(&comparison.unit), self.lang),
            (None, Threshold::Against { comparator, other }) => {
                let other = expr::names(other, self.model, self.lang);
                format!("{} {other}", comparator.symbol())
            }
            (None, _) => String::new(),
        }
    }

    /// An expression by names, by numbers, and its value; nothing for a figure that stands alone.
    fn worked_out(
        &self,
        measure: &Expr,
        value: &Interval,
        comparison: &Comparison,
        (found, others): Found<'_>,
    ) -> String {
        if matches!(measure, Expr::Indicator(_) | Expr::Number(_)) {
            return String::new();
        }
        let names = expr::names(measure, self.model, self.lang);
        let numbers = expr::numbers(measure, found, others, self.model, self.lang);
        let value = words::equals(&words::interval(value, Some(&comparison.unit), self.lang));
        if measure.is_linked() {
            return format!("{names} {value}");
        }
        format!("{names} = {numbers} {value}")
    }

    /// `52,3 >= 30: đúng`; a quotient is written out crosswise.
    fn compared(&self, value: &Interval, asked: &Asked, wanted: &str) -> String {
        let (lang, unit) = (self.lang, asked.unit.as_ref());
        let verdict = self.verdict(asked.verdict);
        let Some(point) = value.is_point() else {
            let shown = words::interval(value, unit, lang);
            let how = match (asked.verdict, lang) {
                (Verdict::Exceeded | Verdict::Met, Lang::Vi) => "mọi giá trị có thể đều thỏa",
                (Verdict::Exceeded | Verdict::Met, Lang::En) => "every possible value satisfies",
                (Verdict::NotMet, Lang::Vi) => "không giá trị nào có thể thỏa",
                (Verdict::NotMet, Lang::En) => "no possible value satisfies",
                (_, Lang::Vi) => "có giá trị thỏa, có giá trị không",
                (_, Lang::En) => "some possible values satisfy, some do not",
            };
            return match lang {
                Lang::Vi => format!("{shown} so với {wanted}: {how}: {verdict}"),
                Lang::En => format!("{shown} against {wanted}: {how}: {verdict}"),
            };
        };
        let shown = words::amount(point, unit, lang);
        let crosswise = self.crosswise(point, asked);
        match lang {
            Lang::Vi => format!("{shown} so với {wanted}{crosswise}: {verdict}"),
            Lang::En => format!("{shown} against {wanted}{crosswise}: {verdict}"),
        }
    }

    /// ` (225.020 × 100 = 22.502.000 < 40 × 615.198 = 24.607.920)` for a value whose digits never
    /// end.
    fn crosswise(&self, value: &Rational, asked: &Asked) -> String {
        let Some(InForce::Bound { bound, .. }) = &asked.threshold else { return String::new() };
        let Some(bound) = bound.is_point().filter(|_| words::never_ends(value)) else {
            return String::new();
        };
        let whole = |number: BigInt| Rational::new(number, 1.into());
        let factor = asked.unit.as_ref().and_then(Unit::fraction_factor);
        let plain = whole(value.numerator()).zip(whole(value.denominator()));
        let (above, below, factor) = match (&asked.fraction, factor) {
            // A denominator below zero would turn the comparison round.
            (Some((above, below)), Some(factor))
                if below.is_positive() && above.is_integer() && below.is_integer() =>
            {
                (above.clone(), below.clone(), factor)
            }
            _ => match plain {
                Some((above, below)) => (above, below, Rational::from(1_i64)),
                None => return String::new(),
            },
        };
        let exact = |value: &Rational| words::exact(value, self.lang);
        let scaled = &above * &factor;
        let left = if factor == Rational::from(1_i64) {
            exact(&above)
        } else {
            format!("{} × {} = {}", exact(&above), exact(&factor), exact(&scaled))
        };
        let sign = words::relation(value, bound);
        let right = &below * bound;
        format!(" ({left} {sign} {} × {} = {})", exact(bound), exact(&below), exact(&right))
    }

    /// A condition in words.
    pub(super) fn condition_text(&self, condition: &Condition) -> String {
        match condition {
            Condition::Compare(comparison) => {
                let names = expr::names(&comparison.measure, self.model, self.lang);
                format!("{names} {}", self.wanted(comparison, &self.ask(condition)))
            }
            Condition::Truth { indicator, expected } => {
                let name = self.model.indicator(*indicator).map_or("", |it| &it.name);
                format!("{name} = {}", words::truth(*expected, self.lang))
            }
            Condition::Attribute(attribute) => words::attribute(attribute, self.lang),
            Condition::All(parts) => texts(parts, words::pick(self.lang, " và ", " and ")),
            Condition::Any(parts) => texts(parts, words::pick(self.lang, " hoặc ", " or ")),
            Condition::Not(part) => {
                format!("{} ({})", words::pick(self.lang, "không", "not"), part.text)
            }
            Condition::Always(part) => {
                format!("{} ({})", words::pick(self.lang, "luôn", "always"), part.text)
            }
            Condition::Units(every) => {
                let (population, part) = (&every.population.name, &every.part.text);
                match (every.none, self.lang) {
                    (false, Lang::Vi) => format!("mọi {population} đạt: {part}"),
                    (true, Lang::Vi) => format!("không {population} nào: {part}"),
                    (false, Lang::En) => format!("every {population} satisfy: {part}"),
                    (true, Lang::En) => format!("no {population} none: {part}"),
                }
            }
        }
    }
}

fn texts(parts: &[Joined], word: &str) -> String {
    parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(word)
}

/// The value of each indicator, where all are single numbers.
pub(super) fn points(found: &[Evidence<'_>]) -> Option<HashMap<IndicatorId, Rational>> {
    let point = |it: &Evidence<'_>| match &it.figure {
        Figure::Known(known) => match &known.value {
            Value::Within(interval) => Some((it.indicator, interval.is_point()?.clone())),
            _ => None,
        },
        _ => None,
    };
    found.iter().map(point).collect()
}
