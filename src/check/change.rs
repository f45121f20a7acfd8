//! Growth in the model: how a change is expressed, in which unit, and since when.
//!
//! Enters: a [`Grown`] measure with what is asked of it. Leaves: a comparison whose measure is a
//! [`model::Growth`]. The one idea: the unit of the amount says what kind of change it is. `%` is
//! part of the base, `lần` a quotient, everything else a difference; of a share `%` alone could be
//! both and is refused.

use super::growth::{Base, Grown};
use super::model::{self, Change, Comparison, Expr, Growth, Moment, Threshold};
use super::reader::{Asked, Quantity, error, plain, replace};
use super::resolve::{Resolver, Typed, scaled};
use super::units;
use crate::calendar::Period;
use crate::diagnostic::{Code, Lang, Message};
use crate::number::{Comparator, Rational};
use crate::source::Span;
use crate::text;
use crate::unit::Unit;

impl Resolver<'_> {
    /// A comparison of a change.
    pub(super) fn growth(&mut self, grown: &Grown, asked: &Asked) -> Option<Comparison> {
        let now = self.term(&grown.of)?;
        let (change, unit) = self.change_of(&now, grown, asked)?;
        let factor = match (&now.unit, change) {
            (None, Change::Difference) => Some(Rational::from(100_i64)),
            (Some(own @ Unit::Permille), Change::Difference) if unit == Unit::PercentPoint => {
                own.factor_to(&Unit::Percent)
            }
            _ => None,
        };
        let now = scaled(now.expr, factor);
        let (moment, yearly) = self.since(grown, change)?;
        let threshold = self.asked_change(asked, &unit, change, yearly)?;
        let of = match &now {
            Expr::At(of, _) => of.clone(),
            other => Box::new(other.clone()),
        };
        self.sum_has_begun(&of, moment, grown.of.span())?;
        let base = Expr::At(of, moment);
        let falls = grown.change.falls;
        let measure = Expr::Growth(Box::new(Growth { now, base, change, falls }));
        Some(Comparison { measure, unit, threshold })
    }

    /// What kind of change an amount speaks of, and the unit of both sides.
    fn change_of(&mut self, now: &Typed, grown: &Grown, asked: &Asked) -> Option<(Change, Unit)> {
        let quantity = match asked {
            Asked::Bound(_, quantity) | Asked::Within(quantity, _) => Some(quantity),
            Asked::Unstated { within, .. } => within.as_ref().map(|(_, quantity)| quantity),
            Asked::Rank { span, .. } | Asked::Truth { span, .. } => return self.no_change(*span),
            Asked::Against(_, term) => return self.no_change(term.span()),
        };
        let Some(quantity) = quantity else {
            // Nothing is stated: any change may be meant, and none decides it.
            let unit = now.unit.clone().map_or(Unit::PercentPoint, points_of);
            return Some((Change::Difference, unit));
        };
        let relatively = grown.change.relatively;
        let share = matches!(now.unit, None | Some(Unit::Percent | Unit::Permille));
        let found = match (&quantity.unit, &now.unit) {
            (Some(Unit::Percent | Unit::Permille), _) if share && !relatively => {
                return self.points_or_parts(quantity, grown);
            }
            (Some(Unit::Percent | Unit::Permille), _) => (Change::Relative, Unit::Percent),
            (other, _) if relatively => {
                return self.not_relative(quantity.span, other.as_ref());
            }
            (Some(Unit::Times), _) => (Change::Times, Unit::Times),
            (_, Some(Unit::Rank)) => return self.rank_changes(quantity.span),
            (Some(unit), _) if is_of_ranks(unit) => return self.rank_changes(quantity.span),
            (Some(Unit::PercentPoint), _) if share => (Change::Difference, Unit::PercentPoint),
            (None | Some(_), None) => {
                return self.points_wanted(quantity);
            }
            (Some(own), Some(unit)) if is_counted(own) && is_counted(unit) => {
                (Change::Difference, own.clone())
            }
            (Some(own), Some(unit)) => {
                if !own.same_kind(unit) {
                    return if share {
                        self.points_wanted(quantity)
                    } else {
                        self.unlike(quantity.span, own, unit)
                    };
                }
                (Change::Difference, unit.clone())
            }
            (None, Some(_)) if share => return self.points_wanted(quantity),
            (None, Some(unit)) => (Change::Difference, unit.clone()),
        };
        Some(found)
    }

    /// Since when, and the period whose years count.
    fn since(&mut self, grown: &Grown, change: Change) -> Option<(Moment, Option<Period>)> {
        let (period, span) = match &grown.base {
            Base::Against(past) => return Some((past.moment, None)),
            Base::Yearly { period, span } => (period.as_ref().map(|it| it.0), *span),
        };
        if change == Change::Times {
            return self.refuse(
                error(
                    Code::UnitsDoNotCompare,
                    span,
                    "`lần` không đi với mức tăng, giảm của từng năm",
                    "`lần` does not go with a change of every year",
                )
                .with_help(Message::new(
                    "viết mức của cả thời gian: `tăng 2 lần so với năm 2020`",
                    "write the change of all the time: `tăng 2 lần so với năm 2020`",
                )),
            );
        }
        let whole = period.or(self.window).and_then(|period| {
            let before = Period::year(period.first?.year().checked_sub(1)?)?;
            period.last.map(|_| (Moment::In(before), period))
        });
        match whole {
            Some((moment, period)) => Some((moment, Some(period))),
            None => self.refuse(
                error(
                    Code::GrowthWithoutBase,
                    span,
                    "mức tăng, giảm của từng năm cần một kỳ có đầu và cuối",
                    "a change of every year needs a period with both ends",
                )
                .with_help(Message::new(
                    "thêm kỳ: `giai đoạn 2021-2025` (gốc là năm 2020), hoặc ghi `hiệu lực:`",
                    "add the period: `period 2021-2025` (its base is 2020), or write `effective:`",
                )),
            ),
        }
    }

    /// The threshold of a change.
    fn asked_change(
        &mut self,
        asked: &Asked,
        unit: &Unit,
        change: Change,
        yearly: Option<Period>,
    ) -> Option<Threshold> {
        let compound = change == Change::Relative;
        match (asked, yearly) {
            (Asked::Bound(comparator, quantity), Some(period)) => {
                let rate = self.value(quantity, unit)?;
                Some(Threshold::Yearly { comparator: *comparator, rate, period, compound })
            }
            (Asked::Within(low, high), Some(_)) => self.refuse(
                error(
                    Code::UnitsDoNotCompare,
                    low.span.to(high.span),
                    "mức tăng, giảm của từng năm so với một con số, không so với một khoảng",
                    "a change of every year compares with one number, not with a range",
                )
                .with_help(Message::new(
                    "viết hai chỉ tiêu: một với `>=`, một với `<=`",
                    "write two targets, one with `>=` and one with `<=`",
                )),
            ),
            (Asked::Unstated { comparator, within, .. }, _) => {
                let all = crate::number::Interval::all();
                let between = match within {
                    None => all,
                    Some((bound, quantity)) => {
                        super::resolve::half_line(*bound, self.value(quantity, unit)?)
                    }
                };
                Some(Threshold::Unstated { comparator: *comparator, between })
            }
            (_, None) => self.threshold(asked, unit, None),
            (_, Some(_)) => None,
        }
    }

    /// The stretch tier beside a threshold, in the same terms.
    pub(super) fn stretch(
        &mut self,
        quantity: &Quantity,
        beside: &Comparison,
    ) -> Option<Threshold> {
        let value = self.value(quantity, &beside.unit)?;
        Some(match &beside.threshold {
            Threshold::Rank { .. } => Threshold::Rank { within: value, field: None },
            Threshold::Yearly { comparator, period, compound, .. } => Threshold::Yearly {
                comparator: *comparator,
                rate: value,
                period: *period,
                compound: *compound,
            },
            Threshold::Bound { comparator, .. }
            | Threshold::Unstated { comparator, .. }
            | Threshold::Against { comparator, .. } => {
                Threshold::Bound { comparator: *comparator, value }
            }
            Threshold::Within { .. } => Threshold::Bound { comparator: Comparator::Equal, value },
        })
    }

    /// `tăng 20%` of a share: points, or a part of it?
    fn points_or_parts<T>(&mut self, quantity: &Quantity, grown: &Grown) -> Option<T> {
        let amount = plain(&quantity.value, units::format(self.lang));
        let (points, word) = match (self.lang, grown.change.falls) {
            (Lang::Vi, false) => ("điểm phần trăm", "tăng tương đối"),
            (Lang::Vi, true) => ("điểm phần trăm", "giảm tương đối"),
            (Lang::En, false) => ("percentage points", "grows by relatively"),
            (Lang::En, true) => ("percentage points", "falls by relatively"),
        };
        self.refuse(
            error(
                Code::BareGrowthOfPercent,
                quantity.span,
                format!("`{amount}%` của một tỷ lệ: điểm phần trăm, hay phần của chính nó?"),
                format!("`{amount}%` of a share: points, or a part of itself?"),
            )
            .with_fix(replace(
                quantity.span,
                format!("{amount} {points}"),
                "hiệu của hai tỷ lệ",
                "the difference of two shares",
            ))
            .with_fix(replace(
                grown.change.word,
                word,
                "so với chính nó",
                "relative to itself",
            )),
        )
    }

    fn points_wanted<T>(&mut self, quantity: &Quantity) -> Option<T> {
        let amount = plain(&quantity.value, units::format(self.lang));
        let points =
            if self.lang == Lang::Vi { "điểm phần trăm" } else { "percentage points" };
        self.refuse(
            error(
                Code::UnitsDoNotCompare,
                quantity.span,
                "tỷ lệ tăng, giảm theo `điểm phần trăm` hoặc `lần`",
                "a share changes by `điểm phần trăm` or `lần`",
            )
            .with_fix(replace(
                quantity.span,
                format!("{amount} {points}"),
                "viết",
                "write",
            )),
        )
    }

    fn not_relative<T>(&mut self, span: Span, unit: Option<&Unit>) -> Option<T> {
        let label = unit.map(|unit| unit.label(units::format(self.lang))).unwrap_or_default();
        let label = if label.is_empty() { "số".to_owned() } else { label };
        self.refuse(error(
            Code::UnitsDoNotCompare,
            span,
            format!("`tương đối` đi với `%`, không đi với `{label}`"),
            format!("`relatively` goes with `%`, not with `{label}`"),
        ))
    }

    fn rank_changes<T>(&mut self, span: Span) -> Option<T> {
        self.refuse(
            error(
                Code::UnitsDoNotCompare,
                span,
                "thứ hạng 1 là tốt nhất: tăng hạng là con số giảm hay con số tăng?",
                "rank 1 is the best: does a rank that grows have a smaller or a larger number?",
            )
            .with_help(Message::new(
                "viết bằng hiệu: `(x [năm trước] - x) >= 3`",
                "write the difference: `(x [last year] - x) >= 3`",
            )),
        )
    }

    fn no_change<T>(&mut self, span: Span) -> Option<T> {
        self.refuse(error(
            Code::UnitsDoNotCompare,
            span,
            "mức tăng, giảm là một con số",
            "a change is held against a number",
        ))
    }
}

/// Whether a change in this unit is one of ranks: `tăng 5 bậc`.
fn is_of_ranks(unit: &Unit) -> bool {
    match unit {
        Unit::Rank => true,
        Unit::Count { noun: Some(noun) } => {
            matches!(text::normal(noun).as_str(), "bậc" | "hạng" | "thứ hạng" | "bậc xếp hạng")
        }
        _ => false,
    }
}

/// The last day of the periods whose years a condition counts.
pub(super) fn last_of_years(condition: &model::Condition) -> Option<crate::calendar::Date> {
    use model::Condition as C;
    let all = |parts: &[model::Joined]| {
        parts.iter().filter_map(|part| last_of_years(&part.condition)).max()
    };
    match condition {
        C::Compare(Comparison { threshold: Threshold::Yearly { period, .. }, .. }) => period.last,
        C::All(parts) | C::Any(parts) => all(parts),
        C::Not(part) | C::Always(part) => last_of_years(&part.condition),
        C::Compare(_) | C::Truth { .. } | C::Attribute(_) | C::Units(_) => None,
    }
}

/// The unit of a difference of two values in a unit.
fn points_of(unit: Unit) -> Unit {
    match unit {
        Unit::Percent => Unit::PercentPoint,
        other => other,
    }
}

const fn is_counted(unit: &Unit) -> bool {
    matches!(unit, Unit::Count { .. })
}
