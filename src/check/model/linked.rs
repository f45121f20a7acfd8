//! What a rule asks of other times and of other entities.
//!
//! Enters: nothing; these are parts of the model. The one idea: a quantity of another time or of
//! many units is an expression like any other, so that everything that compares, joins and scores
//! works on it. Invariant: what is linked names what it needs itself; the snapshot that is judged
//! need not hold it.

use super::{
    AttributeCondition, Comparison, Condition, Expr, IndicatorId, Joined, Model, Target, Threshold,
};
use crate::calendar::{Date, Period};
use crate::diagnostic::Lang;
use crate::number::Rational;
use crate::source::Span;

/// Another time than the one that is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// `[năm 2022]`: the latest snapshot inside it.
    In(Period),
    /// `[năm trước]`: the latest snapshot of the calendar year before.
    YearBefore,
    /// `[đầu năm]`: the last day of the year before.
    YearStart,
    /// `[cùng kỳ]`: a year before to the day; 28/02 for 29/02.
    SameDayLastYear,
    /// `[kỳ trước]`: the last snapshot before this one.
    Previous,
}

impl Moment {
    /// The days that it speaks of, counted from a day; nothing where the calendar ends before.
    pub fn days(self, from: Date) -> Option<Period> {
        match self {
            Self::In(period) => Some(period),
            Self::YearBefore => Period::year(from.year() - 1),
            Self::YearStart => Some(Period::day(Date::new(from.year() - 1, 12, 31)?)),
            Self::SameDayLastYear => Some(Period::day(from.year_before()?)),
            Self::Previous => Some(Period { first: None, last: Some(from.previous()?) }),
        }
    }

    /// As a rule writes it between brackets.
    pub fn words(self, lang: Lang) -> String {
        let (vi, en) = match self {
            Self::In(period) => return span_of_days(&period, lang),
            Self::YearBefore => ("năm trước", "last year"),
            Self::YearStart => ("đầu năm", "start of year"),
            Self::SameDayLastYear => ("cùng kỳ", "same period last year"),
            Self::Previous => ("kỳ trước", "previous period"),
        };
        match lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
        .to_owned()
    }
}

/// `năm 2022`, in English `year 2022`.
fn span_of_days(period: &Period, lang: Lang) -> String {
    let year = |day: Option<Date>| day.map(Date::year);
    let years = match (year(period.first), year(period.last)) {
        (Some(first), Some(last)) if first < last => Some((first, last)),
        _ => None,
    };
    let whole = years.filter(|(first, last)| {
        let (first, last) = (Period::year(*first), Period::year(*last));
        first.and_then(|it| it.first) == period.first && last.and_then(|it| it.last) == period.last
    });
    match (whole, lang) {
        (Some((first, last)), Lang::Vi) => format!("giai đoạn {first}-{last}"),
        (Some((first, last)), Lang::En) => format!("period {first}-{last}"),
        (None, Lang::Vi) => period.to_vi(),
        (None, Lang::En) => {
            let vi = period.to_vi();
            vi.replace("năm ", "year ").replace("từ ", "from ").replace("đến ", "to ")
        }
    }
}

/// `tăng ít nhất 39% so với năm 2022`: a value now against one of another time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// The value now.
    pub now: Expr,
    /// The value that it is held against: an [`Expr::At`].
    pub base: Expr,
    /// How the two are compared.
    pub change: Change,
    /// `giảm`: how far it fell.
    pub falls: bool,
}

/// How a change is expressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// (x − x₀) / x₀, in %.
    Relative,
    /// x / x₀, in lần; of a fall x₀ / x.
    Times,
    /// x − x₀, in the unit of the measure; points for %.
    Difference,
}

impl Comparison {
    /// `8%/năm`: what so many years add up to, at least one of them.
    pub fn after_years(&self, years: u32) -> Option<Rational> {
        let Threshold::Yearly { rate, compound, .. } = &self.threshold else { return None };
        if years == 0 {
            return None;
        }
        let falls = matches!(&self.measure, Expr::Growth(growth) if growth.falls);
        Some(match (*compound, falls) {
            (false, _) => rate * &Rational::from(i64::from(years)),
            (true, false) => multiplied(rate, years)?,
            // A fall of r a year leaves (1 − r)ⁿ, and nothing where it is of all or more.
            (true, true) => -&multiplied(&-rate, years)?,
        })
    }
}

/// What a change of `rate` % a year comes to after some years, in %.
fn multiplied(rate: &Rational, years: u32) -> Option<Rational> {
    let (one, hundred) = (Rational::from(1_i64), Rational::from(100_i64));
    let yearly = (&one + &rate.div(&hundred)?).max(Rational::zero());
    Some(&(&yearly.pow(years) - &one) * &hundred)
}

/// Which units a share, a count or a function speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Population {
    /// As the rule writes it, without `mọi`: `xã (vùng = "miền núi")`.
    pub name: String,
    /// Normal forms of the types; one of them suffices.
    pub types: Vec<String>,
    /// The condition in parentheses, asked of each unit.
    pub filter: Option<AttributeCondition>,
    /// Where it stands.
    pub span: Span,
}

/// A quantity made of many units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfUnits {
    /// Which units.
    pub population: Population,
    /// What is made of them.
    pub function: UnitFunction,
}

/// What is made of units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitFunction {
    /// `tỷ lệ xã đạt: C`, in %.
    Share(Joined),
    /// `số xã đạt: C`, `đếm(mọi xã; C)`: a count.
    Count(Joined),
    /// `tổng(mọi xã; x)`.
    Sum(Expr),
    /// `trung bình(mọi xã; x)`.
    Mean(Expr),
    /// `nhỏ nhất(mọi xã; x)`.
    Least(Expr),
    /// `lớn nhất(mọi xã; x)`.
    Greatest(Expr),
    /// `hạng(mọi tỉnh; x)`: the entity's own rank; 1 is the best.
    Rank {
        /// What is ranked.
        of: Expr,
        /// The highest value is the best.
        higher_is_better: bool,
    },
}

/// `mọi xã đạt: C`, `không xã nào: C`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EveryUnit {
    /// Which units.
    pub population: Population,
    /// What is asked of each.
    pub part: Joined,
    /// `không … nào`: of none of them may it hold.
    pub none: bool,
}

impl UnitFunction {
    /// The condition that units are asked.
    pub const fn condition(&self) -> Option<&Joined> {
        match self {
            Self::Share(part) | Self::Count(part) => Some(part),
            _ => None,
        }
    }

    /// The quantity that is taken from each unit.
    pub const fn quantity(&self) -> Option<&Expr> {
        match self {
            Self::Share(_) | Self::Count(_) => None,
            Self::Sum(of)
            | Self::Mean(of)
            | Self::Least(of)
            | Self::Greatest(of)
            | Self::Rank { of, .. } => Some(of),
        }
    }
}

impl Expr {
    /// Its indicators of the snapshot that is judged, in order, each once.
    pub fn indicators(&self, into: &mut Vec<IndicatorId>) {
        self.visit(&mut |expr| {
            if let Self::Indicator(id) = expr
                && !into.contains(id)
            {
                into.push(*id);
            }
        });
    }

    /// Its parts of other times and of units, in order, each once.
    pub fn linked<'a>(&'a self, into: &mut Vec<&'a Self>) {
        self.visit(&mut |expr| {
            if expr.is_linked() && !into.contains(&expr) {
                into.push(expr);
            }
        });
    }

    /// Itself without the constants that it is multiplied by, and their product.
    pub fn unscaled(&self) -> (&Self, Rational) {
        match self {
            Self::Scale(inner, factor) => {
                let (inner, within) = inner.unscaled();
                (inner, &within * factor)
            }
            other => (other, Rational::from(1_i64)),
        }
    }

    /// Whether it is a quantity of units, now or at another time.
    fn holds_units(&self) -> bool {
        match self {
            Self::Units(_) => true,
            Self::At(of, _) | Self::Cumulative(of) => {
                let mut parts = Vec::new();
                of.linked(&mut parts);
                parts.into_iter().any(Self::holds_units)
            }
            _ => false,
        }
    }

    /// Whether it asks units, or a time that is not counted back from the day that is asked.
    fn is_passing(&self) -> bool {
        match self {
            Self::Units(_) | Self::At(_, Moment::In(_)) => true,
            Self::At(of, _) | Self::Cumulative(of) => {
                let mut parts = Vec::new();
                of.linked(&mut parts);
                parts.into_iter().any(Self::is_passing)
            }
            _ => false,
        }
    }

    /// Whether it is a quantity of another time or of units.
    pub const fn is_linked(&self) -> bool {
        matches!(self, Self::At(..) | Self::Cumulative(_) | Self::Units(_))
    }

    /// All indicators that it names, also those of other times and of units, in order, each once.
    pub fn named(&self, into: &mut Vec<IndicatorId>) {
        let mut linked = Vec::new();
        self.indicators(into);
        self.linked(&mut linked);
        for expr in linked {
            match expr {
                Self::At(of, _) | Self::Cumulative(of) => of.named(into),
                Self::Units(of) => match (of.function.condition(), of.function.quantity()) {
                    (Some(part), _) => part.condition.named(into),
                    (None, Some(of)) => of.named(into),
                    (None, None) => {}
                },
                _ => {}
            }
        }
    }

    /// Shows itself and the parts that belong to the snapshot that is judged; what is linked is
    /// shown whole.
    fn visit<'a>(&'a self, show: &mut impl FnMut(&'a Self)) {
        show(self);
        match self {
            Self::Indicator(_)
            | Self::Number(_)
            | Self::At(..)
            | Self::Cumulative(_)
            | Self::Units(_) => {}
            Self::Scale(inner, _) | Self::Round(inner, _) => inner.visit(show),
            Self::Add(a, b) | Self::Subtract(a, b) | Self::Multiply(a, b) | Self::Divide(a, b) => {
                a.visit(show);
                b.visit(show);
            }
            Self::Least(parts) | Self::Greatest(parts) | Self::Mean(parts) => {
                for part in parts {
                    part.visit(show);
                }
            }
            Self::Growth(growth) => {
                growth.now.visit(show);
                growth.base.visit(show);
            }
        }
    }
}

impl Condition {
    /// The one comparison that it is, also under `luôn`.
    pub fn one_comparison(&self) -> Option<&super::Comparison> {
        match self {
            Self::Compare(comparison) => Some(comparison),
            Self::Always(part) => part.condition.one_comparison(),
            _ => None,
        }
    }

    /// All indicators that it names, also those of other times and of units, in order, each once.
    pub fn named(&self, into: &mut Vec<IndicatorId>) {
        match self {
            Self::Compare(comparison) => {
                comparison.measure.named(into);
                if let Threshold::Against { other, .. } = &comparison.threshold {
                    other.named(into);
                }
            }
            Self::Truth { indicator, .. } => {
                if !into.contains(indicator) {
                    into.push(*indicator);
                }
            }
            Self::Attribute(_) => {}
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.condition.named(into);
                }
            }
            Self::Not(part) | Self::Always(part) => part.condition.named(into),
            Self::Units(every) => every.part.condition.named(into),
        }
    }
}

/// Which indicators are made of other times or other entities, by their formulas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkedIndicators {
    linked: Vec<bool>,
    of_units: Vec<bool>,
    passing: Vec<bool>,
}

impl LinkedIndicators {
    /// Those of a model; in time linear in the length of its formulas.
    pub fn of(model: &Model) -> Self {
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); model.indicators.len()];
        let mut all_users = users.clone();
        let (mut open, mut of_units, mut passing) = (Vec::new(), Vec::new(), Vec::new());
        for (at, indicator) in model.indicators.iter().enumerate() {
            let Some(formula) = &indicator.formula else { continue };
            let (mut parts, mut ids) = (Vec::new(), Vec::new());
            formula.linked(&mut parts);
            formula.indicators(&mut ids);
            if !parts.is_empty() {
                open.push(at);
            }
            if parts.iter().any(|part| part.holds_units()) {
                of_units.push(at);
            }
            if parts.iter().any(|part| part.is_passing()) {
                passing.push(at);
            }
            let mut named = Vec::new();
            formula.named(&mut named);
            for (ids, users) in [(ids, &mut users), (named, &mut all_users)] {
                for id in ids {
                    if let Some(users) = users.get_mut(id.0 as usize) {
                        users.push(at);
                    }
                }
            }
        }
        let passing = spread(passing, &all_users);
        Self { linked: spread(open, &users), of_units: spread(of_units, &users), passing }
    }

    /// Whether what an indicator comes to on some day may be another one later on: it asks units,
    /// or a time that may not be over then.
    pub fn is_passing(&self, id: IndicatorId) -> bool {
        self.passing.get(id.0 as usize) == Some(&true)
    }

    /// Whether an expression asks other times or other entities.
    pub fn reach(&self, expr: &Expr) -> bool {
        let (mut linked, mut ids) = (Vec::new(), Vec::new());
        expr.linked(&mut linked);
        expr.indicators(&mut ids);
        let is_linked = |id: &IndicatorId| self.linked.get(id.0 as usize) == Some(&true);
        !linked.is_empty() || ids.iter().any(is_linked)
    }

    /// Whether an expression asks other entities.
    pub fn reach_units(&self, expr: &Expr) -> bool {
        let (mut linked, mut ids) = (Vec::new(), Vec::new());
        expr.linked(&mut linked);
        expr.named(&mut ids);
        let of_units = |id: &IndicatorId| self.of_units.get(id.0 as usize) == Some(&true);
        linked.iter().any(|part| part.holds_units()) || ids.iter().any(of_units)
    }
}

/// Those that are open, and all that use them.
fn spread(mut open: Vec<usize>, users: &[Vec<usize>]) -> Vec<bool> {
    let mut found = vec![false; users.len()];
    while let Some(at) = open.pop() {
        let Some(known) = found.get_mut(at).filter(|known| !**known) else { continue };
        *known = true;
        open.extend(users.get(at).into_iter().flatten());
    }
    found
}

impl Condition {
    /// Whether it asks other times or other entities, by itself or through formulas.
    pub fn is_linked(&self, indicators: &LinkedIndicators) -> bool {
        let any = |parts: &[Joined]| parts.iter().any(|it| it.condition.is_linked(indicators));
        match self {
            Self::Compare(comparison) => {
                let other = match &comparison.threshold {
                    Threshold::Against { other, .. } => indicators.reach(other),
                    _ => false,
                };
                other || indicators.reach(&comparison.measure)
            }
            Self::Truth { .. } | Self::Attribute(_) => false,
            Self::All(parts) | Self::Any(parts) => any(parts),
            Self::Not(part) => part.condition.is_linked(indicators),
            Self::Always(_) | Self::Units(_) => true,
        }
    }
}

impl Target {
    /// Whether it asks other times or other entities, by itself or through formulas.
    pub fn is_linked(&self, indicators: &LinkedIndicators) -> bool {
        let mut scorings = self.versions.iter().filter_map(|version| version.scoring.as_ref());
        if scorings.any(|it| it.by.quantity().is_some_and(|points| indicators.reach(points))) {
            return true;
        }
        let milestones = self.versions.iter().flat_map(|version| &version.milestones);
        milestones.flat_map(|it| &it.branches).any(|branch| {
            let conditions = branch.when.iter().chain([&branch.condition]);
            conditions.into_iter().any(|it| it.is_linked(indicators))
        })
    }
}
