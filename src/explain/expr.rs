//! Expressions as people write them, by names and by numbers.

use super::words;
use crate::check::model::{Change, Expr, Growth, IndicatorId, Model, OfUnits, UnitFunction};
use crate::diagnostic::Lang;
use crate::number::Rational;
use crate::reference::{Evidence, Other};
use crate::snapshot::{Figure, Value};

/// An expression with the names of its indicators.
pub(super) fn names(expr: &Expr, model: &Model, lang: Lang) -> String {
    let name = |id: IndicatorId| model.indicator(id).map(|it| it.name.clone()).unwrap_or_default();
    Writer { of: &name, other: &|_| None, lang }.write(expr, 0)
}

/// An expression with the values of its indicators, and of other times and entities.
pub(super) fn numbers(
    expr: &Expr,
    found: &[Evidence<'_>],
    others: &[Other<'_>],
    model: &Model,
    lang: Lang,
) -> String {
    let value = |id: IndicatorId| {
        let figure = found.iter().find(|it| it.indicator == id).map(|it| &it.figure);
        let Some(Figure::Known(known)) = figure else {
            return model.indicator(id).map(|it| it.name.clone()).unwrap_or_default();
        };
        number(&known.value, lang)
    };
    let other = |expr: &Expr| match &others.iter().find(|it| it.expr == expr)?.figure {
        Figure::Known(known) => Some(number(&known.value, lang)),
        _ => None,
    };
    Writer { of: &value, other: &other, lang }.write(expr, 0)
}

/// A value inside an expression.
fn number(value: &Value, lang: Lang) -> String {
    match value {
        Value::Within(interval) => match interval.is_point() {
            Some(point) => words::exact(point, lang),
            None => format!("({})", words::interval(interval, None, lang)),
        },
        Value::About(value) => format!("(~ {})", words::exact(value, lang)),
        Value::Truth(truth) => words::truth(*truth, lang).to_owned(),
    }
}

struct Writer<'a> {
    of: &'a dyn Fn(IndicatorId) -> String,
    /// What stands for a quantity of other times or entities, where that is known.
    other: &'a dyn Fn(&Expr) -> Option<String>,
    lang: Lang,
}

impl Writer<'_> {
    /// `tight` is how strongly what stands around it binds: 0 nothing, 1 sums, 2 products, 3 a
    /// divisor.
    fn write(&self, expr: &Expr, tight: u8) -> String {
        if let Some(text) = (self.other)(expr) {
            return text;
        }
        let (text, own) = match expr {
            Expr::Indicator(id) => return (self.of)(*id),
            Expr::Number(number) => return words::exact(number, self.lang),
            Expr::Scale(inner, factor) if *factor == Rational::from(1_i64) => {
                return self.write(inner, tight);
            }
            Expr::Scale(inner, factor) => {
                (format!("{} × {}", self.write(inner, 2), words::exact(factor, self.lang)), 2)
            }
            Expr::Add(a, b) => (format!("{} + {}", self.write(a, 1), self.write(b, 1)), 1),
            Expr::Subtract(a, b) => (format!("{} − {}", self.write(a, 1), self.write(b, 2)), 1),
            Expr::Multiply(a, b) => (format!("{} × {}", self.write(a, 2), self.write(b, 2)), 2),
            Expr::Divide(a, b) => (format!("{} / {}", self.write(a, 2), self.write(b, 3)), 2),
            Expr::Least(parts) => return self.call("nhỏ nhất", "min", parts),
            Expr::Greatest(parts) => return self.call("lớn nhất", "max", parts),
            Expr::Mean(parts) => return self.call("trung bình", "mean", parts),
            Expr::Round(inner, places) => {
                let name = words::pick(self.lang, "làm tròn", "round");
                return format!("{name}({}; {places})", self.write(inner, 0));
            }
            Expr::At(of, moment) => {
                return format!("{} [{}]", self.write(of, 3), moment.words(self.lang));
            }
            Expr::Cumulative(of) => {
                let name = words::pick(self.lang, "lũy kế", "cumulative");
                return format!("{name}({})", self.write(of, 0));
            }
            Expr::Growth(growth) => self.growth(growth),
            Expr::Units(of) => return self.units(of),
        };
        if own < tight { format!("({text})") } else { text }
    }

    /// `(x − x₀) / x₀`.
    fn growth(&self, growth: &Growth) -> (String, u8) {
        let (now, base) = (&growth.now, &growth.base);
        let (from, to) = if growth.falls { (now, base) } else { (base, now) };
        let difference = || format!("{} − {}", self.write(to, 1), self.write(from, 2));
        match growth.change {
            Change::Difference => (difference(), 1),
            Change::Times => (format!("{} / {}", self.write(to, 2), self.write(from, 3)), 2),
            Change::Relative => (format!("({}) / {} × 100", difference(), self.write(base, 3)), 2),
        }
    }

    fn units(&self, of: &OfUnits) -> String {
        let name = &of.population.name;
        let (vi, en) = match &of.function {
            UnitFunction::Share(part) => {
                let (share, satisfy) = match self.lang {
                    Lang::Vi => ("tỷ lệ", "đạt"),
                    Lang::En => ("share of", "satisfy"),
                };
                return format!("{share} {name} {satisfy}: {}", part.text);
            }
            UnitFunction::Count(_) => ("đếm", "count"),
            UnitFunction::Sum(_) => ("tổng", "sum"),
            UnitFunction::Mean(_) => ("trung bình", "mean"),
            UnitFunction::Least(_) => ("nhỏ nhất", "min"),
            UnitFunction::Greatest(_) => ("lớn nhất", "max"),
            UnitFunction::Rank { .. } => ("hạng", "rank"),
        };
        let what = match (of.function.condition(), of.function.quantity()) {
            (Some(part), _) => part.text.clone(),
            (None, Some(of)) => self.write(of, 0),
            (None, None) => String::new(),
        };
        let every = words::pick(self.lang, "mọi", "every");
        format!("{}({every} {name}; {what})", words::pick(self.lang, vi, en))
    }

    fn call(&self, vi: &'static str, en: &'static str, parts: &[Expr]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.write(part, 0)).collect();
        format!("{}({})", words::pick(self.lang, vi, en), parts.join("; "))
    }
}
