//! Terms to expressions: names resolved, units agreed, thresholds in the unit of their comparison.
//!
//! Enters: conditions as read and the indicators of the programme with their units. Leaves: model
//! conditions. Units are checked here, before any data: like units add and divide, a quotient of
//! like units is a pure number, `% − %` is a difference in percentage points.

use std::collections::{HashMap, HashSet};

use super::model::{self, Comparison, Expr, Indicator, IndicatorId, Joined, Threshold};
use super::reader::{Asked, Condition, Operator, Quantity, Read, Term, error, replace};
use super::units;
use crate::calendar::Period;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Lang, Message};
use crate::number::{Interval, Rational};
use crate::source::Span;
use crate::unit::Unit;

/// Resolves the conditions of one programme.
pub(super) struct Resolver<'a> {
    /// All indicators of the model.
    pub(super) indicators: &'a [Indicator],
    /// Those of this programme, by key.
    pub(super) names: &'a HashMap<String, IndicatorId>,
    /// Indicators whose unit nothing states: alike with any other.
    pub(super) open: &'a [IndicatorId],
    /// Places of thresholds whose unit was refused already.
    pub(super) refused: &'a HashSet<Span>,
    /// The window of the target that is resolved.
    pub(super) window: Option<Period>,
    pub(super) lang: Lang,
    pub(super) found: &'a mut Diagnostics,
}

/// An expression with its unit; `None` is a pure number.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub(super) expr: Expr,
    pub(super) unit: Option<Unit>,
    pub(super) open: bool,
    pub(super) span: Span,
}

impl Resolver<'_> {
    /// A condition with all its parts.
    pub(super) fn condition(&mut self, condition: &Condition) -> Option<model::Condition> {
        Some(match condition {
            Condition::Compare(read) => self.compare(read)?,
            Condition::Attribute(attribute) => model::Condition::Attribute(attribute.clone()),
            Condition::All(parts) => model::Condition::All(self.parts(parts)?),
            Condition::Any(parts) => model::Condition::Any(self.parts(parts)?),
            Condition::Not(part) => {
                let (text, condition) = part.as_ref();
                let condition = self.condition(condition)?;
                model::Condition::Not(Box::new(Joined { text: text.clone(), condition }))
            }
            Condition::Always(part) => {
                let (text, condition) = part.as_ref();
                let condition = self.condition(condition)?;
                model::Condition::Always(Box::new(Joined { text: text.clone(), condition }))
            }
            Condition::Units(every) => self.every(every)?,
        })
    }

    fn parts(&mut self, parts: &[(String, Condition)]) -> Option<Vec<Joined>> {
        let joined = parts.iter().map(|(text, condition)| {
            let condition = self.condition(condition)?;
            Some(Joined { text: text.clone(), condition })
        });
        // Every part is checked, also behind one that fails.
        joined.collect::<Vec<_>>().into_iter().collect()
    }

    /// One comparison.
    pub(super) fn compare(&mut self, read: &Read) -> Option<model::Condition> {
        if let Asked::Truth { expected, span } = read.asked {
            let Term::Name(name) = &read.measure else {
                return self.refuse(error(
                    Code::UnitsDoNotCompare,
                    span,
                    "chỉ một chỉ số mới so sánh được với `có`",
                    "only a single indicator compares with `yes`",
                ));
            };
            let indicator = *self.names.get(&name.key)?;
            return Some(model::Condition::Truth { indicator, expected });
        }
        if let Term::Growth(grown) = &read.measure {
            return self.growth(grown, &read.asked).map(model::Condition::Compare);
        }
        let measure = self.term(&read.measure)?;
        let unit = self.unit_of(&measure, &read.asked)?;
        let pure = measure.unit.is_none().then(|| unit.fraction_factor()).flatten();
        let threshold = self.threshold(&read.asked, &unit, pure.as_ref())?;
        // A value now against one before is no share of a whole.
        if !read.measure.is_of_other_times() {
            lint_share(&read.asked, &unit, self.found);
        }
        let measure = scaled(measure.expr, pure);
        Some(model::Condition::Compare(Comparison { measure, unit, threshold }))
    }

    /// The unit in which both sides are compared.
    fn unit_of(&mut self, measure: &Typed, asked: &Asked) -> Option<Unit> {
        if let Some(unit) = &measure.unit {
            return Some(unit.clone());
        }
        let quantity = match asked {
            Asked::Bound(_, quantity) | Asked::Within(_, quantity) => quantity,
            Asked::Unstated { .. } => return Some(Unit::Percent),
            Asked::Against(..) => return Some(Unit::Times),
            Asked::Rank { span, .. } | Asked::Truth { span, .. } => {
                return self.pure_does_not_compare(*span);
            }
        };
        match &quantity.unit {
            Some(unit @ (Unit::Percent | Unit::Permille | Unit::Times)) => Some(unit.clone()),
            Some(_) => self.pure_does_not_compare(quantity.span),
            None => {
                let end = Span { start: quantity.span.end, ..quantity.span };
                self.refuse(
                    error(
                        Code::PercentExpected,
                        quantity.span,
                        "ngưỡng của một thương thiếu đơn vị tính",
                        "the threshold of a quotient lacks its unit",
                    )
                    .with_fix(replace(end, "%", "phần trăm", "of a hundred"))
                    .with_fix(replace(end, " lần", "số lần", "times")),
                )
            }
        }
    }

    fn pure_does_not_compare<T>(&mut self, span: Span) -> Option<T> {
        self.refuse(
            error(
                Code::UnitsDoNotCompare,
                span,
                "thương của hai chỉ số chỉ so sánh được với `%`, `‰` hoặc `lần`",
                "a quotient of two indicators compares with `%`, `‰` or `lần` only",
            )
            .with_help(Message::new(
                "mật độ thì khai một chỉ số: `công thức: số giường / dân số`, `đơn vị tính: \
                 giường/10.000 dân`",
                "declare an indicator for a density: `formula: beds / people`, `unit: \
                 beds/10,000 people`",
            )),
        )
    }

    /// The threshold in the unit of the comparison.
    pub(super) fn threshold(
        &mut self,
        asked: &Asked,
        unit: &Unit,
        pure: Option<&Rational>,
    ) -> Option<Threshold> {
        Some(match asked {
            Asked::Bound(comparator, quantity) => {
                Threshold::Bound { comparator: *comparator, value: self.value(quantity, unit)? }
            }
            Asked::Within(low, high) => {
                let (low, high) = (self.value(low, unit)?, self.value(high, unit)?);
                Threshold::Within { low, high }
            }
            Asked::Rank { within, field, span } => {
                if *unit != Unit::Rank {
                    return self.unlike(*span, unit, &Unit::Rank);
                }
                Threshold::Rank { within: within.clone(), field: field.clone() }
            }
            Asked::Against(comparator, term) => {
                let other = self.term(term)?;
                let other = match (&other.unit, pure) {
                    (None, Some(factor)) => scaled(other.expr, Some(factor.clone())),
                    (None, None) if is_count(unit) => other.expr,
                    (Some(own), None) => match Self::factor(own, other.open, unit) {
                        Some(factor) => scaled(other.expr, Some(factor)),
                        None => return self.unlike(other.span, own, unit),
                    },
                    (Some(own), Some(_)) => return self.unlike(other.span, own, unit),
                    (None, None) => return self.unlike(other.span, &Unit::Times, unit),
                };
                Threshold::Against { comparator: *comparator, other }
            }
            Asked::Unstated { comparator, within, .. } => {
                let all = match unit {
                    Unit::Percent => Interval::between(Rational::zero(), Rational::from(100_i64)),
                    _ => Interval::all(),
                };
                let between = match within {
                    None => all,
                    Some((bound, quantity)) => {
                        let value = self.value(quantity, unit)?;
                        half_line(*bound, value).intersect(&all).unwrap_or(all)
                    }
                };
                Threshold::Unstated { comparator: *comparator, between }
            }
            Asked::Truth { .. } => return None,
        })
    }

    /// The value of a `mốc` in the unit of what it speaks of; of a quotient of like units it is
    /// written in `%`.
    pub(super) fn baseline(&mut self, of: &Term, quantity: &Quantity) -> Option<Rational> {
        match self.term(of)?.unit {
            Some(unit) => self.value(quantity, &unit),
            None => Some(&self.value(quantity, &Unit::Percent)? * &Rational::pow10(-2)),
        }
    }

    /// A quantity's value in a unit.
    pub(super) fn value(&mut self, quantity: &Quantity, unit: &Unit) -> Option<Rational> {
        if self.refused.contains(&quantity.span) {
            return None;
        }
        match &quantity.unit {
            None if is_count(unit) || matches!(unit, Unit::Times | Unit::Rank) => {
                Some(quantity.value.clone())
            }
            None => {
                let label = unit.label(units::format(self.lang));
                let gap = if label == "%" { "" } else { " " };
                let end = Span { start: quantity.span.end, ..quantity.span };
                self.refuse(
                    error(
                        Code::PercentExpected,
                        quantity.span,
                        format!("con số thiếu đơn vị tính `{label}`"),
                        format!("the number lacks its unit `{label}`"),
                    )
                    .with_fix(replace(
                        end,
                        format!("{gap}{label}"),
                        "thêm đơn vị tính",
                        "add the unit",
                    )),
                )
            }
            Some(own) => match Self::factor(own, false, unit) {
                Some(factor) => Some(&quantity.value * &factor),
                None => self.unlike(quantity.span, own, unit),
            },
        }
    }

    /// What a value in one unit is multiplied by to stand in another.
    fn factor(own: &Unit, open: bool, unit: &Unit) -> Option<Rational> {
        let points = |unit: &Unit| matches!(unit, Unit::Percent | Unit::PercentPoint);
        match own.factor_to(unit) {
            Some(factor) => Some(factor),
            None if open || (points(own) && points(unit)) => Some(Rational::from(1_i64)),
            None => None,
        }
    }

    pub(super) fn unlike<T>(&mut self, span: Span, own: &Unit, other: &Unit) -> Option<T> {
        if self.refused.contains(&span) {
            return None;
        }
        let label = |unit: &Unit| {
            let label = unit.label(units::format(self.lang));
            if label.is_empty() { "số".to_owned() } else { label }
        };
        let (own, other) = (label(own), label(other));
        self.refuse(
            error(
                Code::UnitsDoNotCompare,
                span,
                format!("`{own}` và `{other}` là hai loại đơn vị tính khác nhau"),
                format!("`{own}` and `{other}` are unlike units"),
            )
            .with_help(Message::new(
                "khai báo đơn vị tính của từng chỉ số ở mục `chỉ số:`",
                "declare each indicator's unit in an `indicator:` section",
            )),
        )
    }

    pub(super) fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.found.push(diagnostic);
        None
    }

    /// An expression that stands alone, such as a formula, in a unit.
    pub(super) fn formula(&mut self, term: &Term, unit: &Unit) -> Option<Expr> {
        let typed = self.term(term)?;
        match &typed.unit {
            None => match unit.fraction_factor() {
                Some(factor) => Some(scaled(typed.expr, Some(factor))),
                None if is_count(unit) => Some(typed.expr),
                None => self.unlike(typed.span, &Unit::Times, unit),
            },
            Some(own) => match Self::factor(own, typed.open, unit) {
                Some(factor) => Some(scaled(typed.expr, Some(factor))),
                None => self.unlike(typed.span, own, unit),
            },
        }
    }

    /// Both sides of a relation in one unit.
    pub(super) fn relation(&mut self, left: &Term, right: &Term) -> Option<(Expr, Expr, Unit)> {
        let (left, right) = pure_as_share(self.term(left)?, self.term(right)?);
        let span = left.span.to(right.span);
        let (left_unit, right_unit) = (left.unit.clone(), right.unit.clone());
        let unit = left_unit.or(right_unit).unwrap_or(Unit::Times);
        let (first, second) = self.alike(left, right, span)?;
        Some((first.expr, second.expr, unit))
    }

    /// An expression with the unit that it has by itself; none of a pure number.
    pub(super) fn with_unit(&mut self, term: &Term) -> Option<(Expr, Option<Unit>)> {
        self.term(term).map(|typed| (typed.expr, typed.unit))
    }

    pub(super) fn term(&mut self, term: &Term) -> Option<Typed> {
        let span = term.span();
        match term {
            Term::Name(name) => {
                let id = *self.names.get(&name.key)?;
                let unit = self.indicators.get(id.0 as usize)?.unit.clone();
                if unit == Unit::YesNo {
                    return self.refuse(error(
                        Code::UnitsDoNotCompare,
                        span,
                        format!("`{}` là chỉ số có hoặc không, không tính được", name.display),
                        format!("`{}` is yes or no and does not compute", name.display),
                    ));
                }
                let open = self.open.binary_search(&id).is_ok();
                Some(Typed { expr: Expr::Indicator(id), unit: Some(unit), open, span })
            }
            Term::Number(quantity) => Some(Typed {
                expr: Expr::Number(quantity.value.clone()),
                unit: quantity.unit.clone(),
                open: false,
                span,
            }),
            Term::Of(operator, parts, _) => self.operation(*operator, parts, span),
            Term::At(of, past) => {
                let typed = self.term(of)?;
                self.sum_has_begun(&typed.expr, past.moment, span)?;
                Some(Typed { expr: Expr::At(Box::new(typed.expr), past.moment), span, ..typed })
            }
            Term::Cumulative(of, _) => {
                let typed = self.term(of)?;
                Some(Typed { expr: Expr::Cumulative(Box::new(typed.expr)), span, ..typed })
            }
            // Only a measure is a growth: no other side of a line reads as one.
            Term::Growth(grown) => self.term(&grown.of),
            Term::Units(units) => self.units(units),
        }
    }

    fn operation(&mut self, operator: Operator, parts: &[Term], span: Span) -> Option<Typed> {
        let mut typed = Vec::new();
        for part in parts {
            typed.push(self.term(part)?);
        }
        let mut typed = typed.into_iter();
        let first = typed.next()?;
        match operator {
            Operator::Multiply => self.product(first, typed.next()?, span),
            Operator::Divide => self.quotient(first, typed.next()?, span),
            Operator::Add | Operator::Subtract => {
                let (left, right) = self.alike(first, typed.next()?, span)?;
                let (add, parts) =
                    (operator == Operator::Add, (Box::new(left.expr), Box::new(right.expr)));
                let difference =
                    !add && left.unit == Some(Unit::Percent) && right.unit == left.unit;
                let unit = if difference { Some(Unit::PercentPoint) } else { left.unit };
                let expr = if add {
                    Expr::Add(parts.0, parts.1)
                } else {
                    Expr::Subtract(parts.0, parts.1)
                };
                Some(Typed { expr, unit, open: left.open && right.open, span })
            }
            Operator::Round => {
                let places = match parts.get(1) {
                    Some(Term::Number(quantity)) => quantity.value.to_i128(),
                    _ => None,
                };
                let Some(places) =
                    places.and_then(|places| u32::try_from(places).ok()).filter(|it| *it <= 20)
                else {
                    return self.refuse(error(
                        Code::NotANumber,
                        span,
                        "số chữ số thập phân là số nguyên từ 0 đến 20",
                        "the number of decimal places is a whole number from 0 to 20",
                    ));
                };
                Some(Typed { expr: Expr::Round(Box::new(first.expr), places), span, ..first })
            }
            Operator::Least | Operator::Greatest | Operator::Mean | Operator::Sum => {
                let (unit, open) = (first.unit.clone(), first.open);
                let mut exprs = vec![first.expr.clone()];
                for other in typed {
                    exprs.push(self.alike(first.clone(), other, span)?.1.expr);
                }
                let expr = match operator {
                    Operator::Least => Expr::Least(exprs),
                    Operator::Greatest => Expr::Greatest(exprs),
                    Operator::Mean => Expr::Mean(exprs),
                    _ => sum(exprs)?,
                };
                Some(Typed { expr, unit, open, span })
            }
            // Of units only, which are read apart.
            Operator::Count | Operator::Rank => None,
        }
    }

    /// Two quantities that add: the right one is converted to the unit of the left.
    fn alike(&mut self, left: Typed, right: Typed, span: Span) -> Option<(Typed, Typed)> {
        match (left.unit.clone(), right.unit.clone()) {
            (None, None) => Some((left, right)),
            (Some(unit), None) | (None, Some(unit)) if is_count(&unit) => {
                let both = |typed: Typed| Typed { unit: Some(unit.clone()), ..typed };
                Some((both(left), both(right)))
            }
            (Some(to), Some(own)) => match Self::factor(&own, left.open || right.open, &to) {
                Some(factor) => {
                    let unit = if own.same_kind(&to) { to.clone() } else { own.clone() };
                    let expr = scaled(right.expr, Some(factor));
                    Some((left, Typed { expr, unit: Some(unit), ..right }))
                }
                None => self.unlike(span, &own, &to),
            },
            (Some(unit), None) | (None, Some(unit)) => self.unlike(span, &Unit::Times, &unit),
        }
    }

    /// A percentage in a product is a share: `80% * tổng số`.
    fn product(&mut self, left: Typed, right: Typed, span: Span) -> Option<Typed> {
        let share = |typed: Typed| match typed.unit {
            Some(Unit::Percent) => {
                Typed { expr: scaled(typed.expr, Some(Rational::pow10(-2))), unit: None, ..typed }
            }
            Some(Unit::Times) => Typed { unit: None, ..typed },
            _ => typed,
        };
        let (left, right) = match (&left.unit, &right.unit) {
            (None, _) | (_, None) => (left, right),
            _ => (share(left), share(right)),
        };
        let unit = match (left.unit, right.unit) {
            (None, unit) | (unit, None) => unit,
            (Some(own), Some(other)) => return self.unlike(span, &own, &other),
        };
        let expr = Expr::Multiply(Box::new(left.expr), Box::new(right.expr));
        Some(Typed { expr, unit, open: left.open && right.open, span })
    }

    /// A quotient of like units is a pure number; so much for every so many is a rate.
    fn quotient(&mut self, left: Typed, right: Typed, span: Span) -> Option<Typed> {
        let (left, unit) = match (&left.unit, &right.unit) {
            (Some(own), Some(other)) => {
                let like = own.factor_to(other);
                let like = like.or((left.open || right.open).then(|| Rational::from(1_i64)));
                match (like, other) {
                    (Some(factor), _) => {
                        (Typed { expr: scaled(left.expr, Some(factor)), ..left }, None)
                    }
                    (None, Unit::Count { .. } | Unit::Duration { .. }) => {
                        let label = |unit: &Unit| unit.label(units::format(self.lang));
                        let text = crate::text::normal(&format!("{}/{}", label(own), label(other)));
                        (left, Some(crate::unit::parse_any(&text, &text)))
                    }
                    (None, _) => return self.unlike(span, own, other),
                }
            }
            (unit, None) => (left.clone(), unit.clone()),
            (None, Some(other)) => return self.unlike(span, &Unit::Times, other),
        };
        let expr = Expr::Divide(Box::new(left.expr), Box::new(right.expr));
        Some(Typed { expr, unit, open: false, span })
    }
}

/// A ratio of like units is a pure number and compares with `%`, `‰` and `lần`; a bare number of
/// the rule does not.
fn pure_as_share(left: Typed, right: Typed) -> (Typed, Typed) {
    let share = |typed: Typed, other: &Typed| {
        let is_pure = typed.unit.is_none() && !measured(&typed.expr).is_empty();
        let share = other
            .unit
            .clone()
            .filter(|unit| is_pure && matches!(unit, Unit::Percent | Unit::Permille | Unit::Times));
        match share {
            Some(unit) => {
                let expr = scaled(typed.expr, unit.fraction_factor());
                Typed { expr, unit: Some(unit), ..typed }
            }
            None => typed,
        }
    };
    let left = share(left, &right);
    let right = share(right, &left);
    (left, right)
}

/// The indicators of an expression.
fn measured(expr: &Expr) -> Vec<crate::check::model::IndicatorId> {
    let mut ids = Vec::new();
    expr.indicators(&mut ids);
    ids
}

/// An expression times a factor; by one it stays as it is.
pub(super) fn scaled(expr: Expr, factor: Option<Rational>) -> Expr {
    match factor {
        Some(factor) if factor != Rational::from(1_i64) => Expr::Scale(Box::new(expr), factor),
        _ => expr,
    }
}

fn sum(exprs: Vec<Expr>) -> Option<Expr> {
    exprs.into_iter().reduce(|left, right| Expr::Add(Box::new(left), Box::new(right)))
}

const fn is_count(unit: &Unit) -> bool {
    matches!(unit, Unit::Count { .. })
}

/// Everything on one side of a bound.
pub(super) fn half_line(comparator: crate::number::Comparator, value: Rational) -> Interval {
    use crate::number::Comparator as C;
    match comparator {
        C::AtLeast => Interval::at_least(value),
        C::MoreThan => Interval::more_than(value),
        C::AtMost => Interval::at_most(value),
        C::LessThan => Interval::less_than(value),
        C::Equal => Interval::point(value),
        C::NotEqual => Interval::all(),
    }
}

/// Warns of a share that should be under 0 or over 100 %.
fn lint_share(asked: &Asked, unit: &Unit, found: &mut Diagnostics) {
    let quantities = match asked {
        Asked::Bound(_, quantity) => vec![quantity],
        Asked::Within(low, high) => vec![low, high],
        _ => Vec::new(),
    };
    let hundred = Rational::from(100_i64);
    for quantity in quantities {
        let outside = quantity.value.is_negative() || quantity.value > hundred;
        if *unit == Unit::Percent && quantity.unit == Some(Unit::Percent) && outside {
            found.push(error(
                Code::ThresholdOutOfRange,
                quantity.span,
                "ngưỡng nằm ngoài khoảng 0–100 %",
                "the threshold lies outside 0–100 %",
            ));
        }
    }
}
