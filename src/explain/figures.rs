//! Figures of a derivation: what the data write, where, and how it was understood.
//!
//! Enters: the evidence of one indicator. Leaves: a step, with one below it for each measurement
//! that was read and for each part of its formula.

use super::{Explainer, Step, Topic, compare, expr, words};
use crate::Measurement;
use crate::check::model::{Expr, Indicator};
use crate::diagnostic::Lang;
use crate::number::Rational;
use crate::reference::Evidence;
use crate::snapshot::{Entry, Figure, Known, Raw, Value, understand};
use crate::unit::Unit;
use crate::verdict::Reason;

impl Explainer<'_> {
    /// One indicator: its figure, and below it everything that it was made of.
    pub(super) fn figure(&self, evidence: &Evidence<'_>) -> Option<Step> {
        let indicator = self.model.indicator(evidence.indicator)?;
        let unit = Some(&indicator.unit);
        let value = words::equals(&self.value(&evidence.figure, unit));
        let mut text = format!("{} {value}", indicator.name);
        if matches!(evidence.figure, Figure::Absent | Figure::Contradictory(..)) {
            text = format!("{}: {}", indicator.name, self.value(&evidence.figure, unit));
        }
        if let Some(day) = evidence.as_of.filter(|day| *day != self.case.as_of) {
            let day = day.to_vi();
            text = match self.lang {
                Lang::Vi => format!("{text} (số liệu ngày {day})"),
                Lang::En => format!("{text} (figures of {day})"),
            };
        }
        let mut steps: Vec<Step> =
            evidence.given.iter().map(|entry| self.given(entry, indicator)).collect();
        if let Some(formula) = &indicator.formula {
            let found = self.formula(formula, evidence, indicator);
            steps.extend(found);
        }
        if steps.len() > 1 && matches!(evidence.figure, Figure::Known(_)) {
            let count = steps.len();
            let text = match self.lang {
                Lang::Vi => format!("{count} số liệu khớp nhau; lấy số chính xác nhất"),
                Lang::En => format!("{count} figures agree; the most exact of them counts"),
            };
            steps.push(Step::new(Topic::Figure, text));
        }
        if let ([entry], None) = (evidence.given.as_slice(), &indicator.formula)
            && says_itself(&entry.measurement(), &value)
        {
            steps.clear();
        }
        let sources = evidence.given.iter().map(Entry::record).collect();
        Some(Step { sources, steps, ..Step::new(Topic::Figure, text) })
    }

    /// `công thức: số A / số B = 96 / 100`, with its parts below.
    fn formula(
        &self,
        formula: &Expr,
        evidence: &Evidence<'_>,
        indicator: &Indicator,
    ) -> Option<Step> {
        if evidence.parts.iter().any(|part| part.figure == Figure::Absent) {
            let absent = evidence.parts.iter().filter(|part| part.figure == Figure::Absent);
            let names: Vec<&str> = absent
                .filter_map(|part| Some(self.model.indicator(part.indicator)?.name.as_str()))
                .collect();
            let names = names.join(", ");
            let text = match self.lang {
                Lang::Vi => format!("công thức không tính được: thiếu {names}"),
                Lang::En => format!("the formula cannot be computed: {names} missing"),
            };
            return (!evidence.parts.is_empty()).then(|| Step::new(Topic::Figure, text));
        }
        let names = expr::names(formula, self.model, self.lang);
        let numbers = expr::numbers(formula, &evidence.parts, &[], self.model, self.lang);
        let value = compare::points(&evidence.parts)
            .and_then(|points| crate::reference::quantity(formula, &|id| points.get(&id).cloned()));
        let word = words::pick(self.lang, "công thức", "formula");
        let text = match value {
            Some(value) => {
                let value = words::amount(&value, Some(&indicator.unit), self.lang);
                format!("{word}: {names} = {numbers} {}", words::equals(&value))
            }
            None => format!("{word}: {names} = {numbers}"),
        };
        let steps = evidence.parts.iter().filter_map(|part| self.figure(part)).collect();
        Some(Step { steps, ..Step::new(Topic::Figure, text) })
    }

    /// One measurement as the data write it, and how it was understood.
    fn given(&self, entry: &Entry<'_>, indicator: &Indicator) -> Step {
        let measurement = &entry.measurement();
        let lang = self.model.programme(indicator.programme).map_or(Lang::Vi, |it| it.lang);
        let figure = understand(&[measurement], indicator, words::format(lang));
        let written = written(measurement, self.lang);
        let how = self.how(measurement, &figure, indicator);
        let text = match self.lang {
            Lang::Vi => format!("số liệu ghi `{written}`{how}"),
            Lang::En => format!("the data write `{written}`{how}"),
        };
        Step { sources: vec![entry.record()], ..Step::new(Topic::Figure, text) }
    }

    /// `: 225.020/615.198 × 100 ≈ 36,5768 %`, `: hiểu là trên 80 %`.
    fn how(&self, given: &Measurement, figure: &Figure, indicator: &Indicator) -> String {
        let lang = self.lang;
        let unit = Some(&indicator.unit);
        let Figure::Known(known) = figure else {
            return format!(": {}", self.value(figure, unit));
        };
        let text = match (&known.fraction, indicator.unit.fraction_factor()) {
            (Some((above, below)), Some(factor)) => {
                self.quotient((above, below), &factor, known, unit)
            }
            (Some((above, below)), None) => {
                let (above, below) = (words::exact(above, lang), words::exact(below, lang));
                match lang {
                    Lang::Vi => format!(": giá trị là tử số {above}, mẫu số {below} để đối chiếu"),
                    Lang::En => format!(": the value is the numerator {above}, of {below}"),
                }
            }
            (None, _) => {
                let understood = words::pick(lang, "hiểu là", "understood as");
                format!(": {understood} {}", self.value(figure, unit))
            }
        };
        if given.reported.is_missing() {
            return text;
        }
        let shown = raw(&given.reported);
        match lang {
            Lang::Vi => format!("{text}; số báo cáo `{shown}` chỉ để đối chiếu"),
            Lang::En => format!("{text}; the printed `{shown}` is audited only"),
        }
    }

    fn quotient(
        &self,
        (above, below): (&Rational, &Rational),
        factor: &Rational,
        known: &Known,
        unit: Option<&Unit>,
    ) -> String {
        let lang = self.lang;
        let (above, below) = (words::exact(above, lang), words::exact(below, lang));
        let times = if *factor == Rational::from(1_i64) {
            String::new()
        } else {
            format!(" × {}", words::exact(factor, lang))
        };
        let value = self.value(&Figure::Known(known.clone()), unit);
        format!(": {above}/{below}{times} {}", words::equals(&value))
    }

    /// A figure in words.
    pub(super) fn value(&self, figure: &Figure, unit: Option<&Unit>) -> String {
        let lang = self.lang;
        match figure {
            Figure::Absent => words::pick(lang, "thiếu", "missing").to_owned(),
            Figure::NotApplicable => {
                words::pick(lang, "0/0: không áp dụng", "0/0: not applicable").to_owned()
            }
            Figure::Contradictory(reason, text) => {
                let why = contradiction(*reason, lang);
                if text.is_empty() { why.to_owned() } else { format!("{why} (`{text}`)") }
            }
            Figure::Known(known) => {
                let value = match &known.value {
                    Value::Truth(truth) => words::truth(*truth, lang).to_owned(),
                    Value::About(value) => {
                        let about = words::pick(lang, "khoảng", "about");
                        format!("{about} {}", words::amount(value, unit, lang))
                    }
                    Value::Within(interval) => words::interval(interval, unit, lang),
                };
                let estimate = words::pick(lang, " (ước tính)", " (an estimate)");
                if known.estimate { format!("{value}{estimate}") } else { value }
            }
        }
    }
}

/// Whether the data write a figure just as it is understood.
fn says_itself(given: &Measurement, understood: &str) -> bool {
    let bare = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric() || "%‰,".contains(*c)).collect::<String>()
    };
    let fraction = given.numerator.is_missing() && given.denominator.is_missing();
    let alone = given.unit.is_none() && given.source.is_none() && fraction;
    let number = match &given.value {
        Raw::Number(number) => number.is_integer().then(|| number.to_string()),
        Raw::Text(text) => Some(text.clone()),
        _ => None,
    };
    alone && number.is_some_and(|number| bare(&number) == bare(understood))
}

/// What is wrong with a figure.
const fn contradiction(reason: Reason, lang: Lang) -> &'static str {
    use words::pick;
    match reason {
        Reason::ZeroDenominator => pick(lang, "mẫu số bằng 0", "the denominator is zero"),
        Reason::UnequalValues => pick(lang, "các số liệu không khớp nhau", "the figures disagree"),
        Reason::OutOfRange => pick(lang, "ngoài phạm vi đã khai", "outside the declared range"),
        Reason::WrongUnit => pick(lang, "sai đơn vị tính", "in a unit of another kind"),
        _ => pick(lang, "không đọc được", "cannot be read"),
    }
}

/// A measurement as the data write it.
pub(crate) fn written(given: &Measurement, lang: Lang) -> String {
    let mut parts = Vec::new();
    if !given.numerator.is_missing() || !given.denominator.is_missing() {
        parts.push(format!("{}/{}", raw(&given.numerator), raw(&given.denominator)));
    }
    if !given.value.is_missing() {
        let unit = given.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
        parts.push(format!("{}{unit}", raw(&given.value)));
    }
    if let Some(source) = &given.source {
        parts.push(format!("{} {source}", words::pick(lang, "nguồn", "source")));
    }
    parts.join("; ")
}

/// A cell as the data write it, on one line.
pub(crate) fn raw(raw: &Raw) -> String {
    match raw {
        Raw::Missing => String::new(),
        Raw::Number(number) => number.to_string(),
        Raw::Text(text) | Raw::Unreadable(text) => {
            text.chars().take(80).map(|c| if c.is_control() { ' ' } else { c }).collect()
        }
        Raw::Truth(truth) => truth.to_string(),
    }
}
