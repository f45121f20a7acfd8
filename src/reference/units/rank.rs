//! The rank of an entity among all of a population.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use super::super::figures::{Found, Units};
use super::super::scope::Answer;
use super::super::{Place, Reference};
use super::fold::plain;
use super::index::{Key, Memo};
use super::{Below, Unit};
use crate::calendar::{Date, Period};
use crate::check::model::{Expr, Population};
use crate::number::{End, Interval, Rational};
use crate::snapshot::{Figure, Known, Value};
use crate::verdict::Reason;

/// Fields that were ranked, by where that is asked, and when.
pub(super) type Rankings = HashMap<(Key, Date, Option<Period>), Arc<Ranking>>;

/// A whole field, sorted.
#[derive(Debug, Default)]
pub(super) struct Ranking {
    /// Lower ends of what surely belongs to the field, highest last.
    lows: Vec<End>,
    /// Upper ends of what may belong to it, highest last.
    highs: Vec<End>,
    /// How many may belong to it.
    field: usize,
    /// Units whose figure is not known.
    unreported: Vec<String>,
    /// Some unit is open.
    open: bool,
    /// Some unit may not belong to it.
    unsure: bool,
    missing: Vec<String>,
}

impl Reference<'_> {
    /// The entity's own rank among all entities of the data that the population names.
    pub(super) fn rank(
        &self,
        place: &Place<'_>,
        population: &Population,
        address: usize,
        of: &Expr,
        higher_is_better: bool,
    ) -> Found {
        let not_in_it = Found { why: Some(Reason::Scope), ..Found::of(Figure::NotApplicable) };
        let index = self.index();
        let below = self.below(place, population, address, Memo::of_figures);
        let key = (address, *place.window, below.first.is_none());
        let site = index.site(address);
        let memo = site.map(|site| index.memo(key, || Memo::of_figures(index.slots(), site.local)));
        let below = Below { units: &index.everyone, own: None, memo, ..below };
        let Some(own) = place.case.node.filter(|own| (*own as usize) < index.everyone.len()) else {
            return not_in_it;
        };
        let Some(unit) = self.unit(place, &below, population, own) else { return not_in_it };
        let part = self.ranked(place, &below, &unit, of, higher_is_better);
        match (&unit.open, part.open, part.value) {
            (Some(Answer::Unknown(missing)), ..) => {
                Found { missing: missing.clone(), ..Found::of(Figure::Absent) }
            }
            (Some(_), ..) => {
                Found::of(Figure::Contradictory(Reason::UnequalValues, population.name.clone()))
            }
            (None, false, Some(value)) => {
                let ranking = self.ranking(place, &below, population, (key, of, higher_is_better));
                ranking.found(&value, self.sources_of(place, &unit, of), part.estimate)
            }
            // Without a figure of its own that is known it has no rank.
            _ => self.unranked(place, &unit, of),
        }
    }

    /// What keeps an entity from having a rank.
    fn unranked(&self, place: &Place<'_>, unit: &Unit<'_>, of: &Expr) -> Found {
        let mut leaves = Vec::new();
        super::Leaf::all(of, &mut leaves);
        let outcome = Self::at_unit(place, unit, |place| {
            self.figures(place, &leaves).err().map(|outcome| *outcome)
        });
        let Some(outcome) = outcome else {
            let value = Value::Within(Interval::at_least(Rational::from(1_i64)));
            let figure = Figure::Known(plain(value));
            return Found { why: Some(Reason::About), ..Found::of(figure) };
        };
        let figure = match (outcome.verdict, outcome.reason) {
            (crate::verdict::Verdict::NoData, _) => Figure::Absent,
            (crate::verdict::Verdict::NotApplicable, _) => Figure::NotApplicable,
            (_, reason) => Figure::Contradictory(
                reason.unwrap_or(Reason::Unreadable),
                outcome.evidence.join("; "),
            ),
        };
        let (why, missing, places) = (outcome.reason, outcome.missing, outcome.sources);
        Found { places, missing, why, ..Found::of(figure) }
    }

    /// What a unit is ranked by; turned round where lower is better.
    fn ranked(
        &self,
        place: &Place<'_>,
        below: &Below<'_>,
        unit: &Unit<'_>,
        of: &Expr,
        higher_is_better: bool,
    ) -> super::fold::Part {
        let ask = || self.part(place, unit, of);
        let mut part = match &below.memo {
            Some(memo) => memo.part(unit, ask),
            None => ask(),
        };
        if !higher_is_better {
            part.value = part.value.map(|value| value.neg());
        }
        part
    }

    /// The whole field of a day.
    fn ranking(
        &self,
        place: &Place<'_>,
        below: &Below<'_>,
        population: &Population,
        (key, of, higher_is_better): (Key, &Expr, bool),
    ) -> Arc<Ranking> {
        let dated = (key, place.case.as_of, place.case.period);
        let rankings = &below.index.rankings;
        let kept = |known: &Rankings| known.get(&dated).map(Arc::clone);
        let known = kept(&rankings.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(known) = known.filter(|_| below.site.is_some()) {
            return known;
        }
        let mut ranking = Ranking::default();
        let mut unreported = Vec::new();
        for number in below.units {
            let Some(unit) = self.unit(place, below, population, *number) else { continue };
            let part = self.ranked(place, below, &unit, of, higher_is_better);
            let Some(value) = part.value else { continue };
            ranking.field += 1;
            ranking.open |= part.open || unit.open.is_some();
            if !part.reported {
                unreported.push(unit.place);
            }
            if let Some(open) = &unit.open {
                ranking.unsure = true;
                if let Answer::Unknown(names) = open {
                    let new: Vec<String> =
                        names.iter().filter(|it| !ranking.missing.contains(it)).cloned().collect();
                    ranking.missing.extend(new);
                }
            } else {
                ranking.lows.push(value.low);
            }
            ranking.highs.push(value.high);
        }
        ranking.unreported = self.ids(unreported);
        ranking.lows.sort_by(low_order);
        ranking.highs.sort_by(high_order);
        let ranking = Arc::new(ranking);
        if below.site.is_some() {
            let mut all = rankings.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert(dated, Arc::clone(&ranking));
        }
        ranking
    }
}

impl Ranking {
    /// The rank of one of the field: 1 and how many are surely better, up to how many may be.
    fn found(&self, own: &Interval, places: Vec<String>, estimate: bool) -> Found {
        let beyond = |end: &End, of: &End| {
            let (low, high) = (end.clone(), of.clone());
            let (better, own) =
                (Interval { low, high: End::Unbounded }, Interval { low: End::Unbounded, high });
            better.all_gt(&own)
        };
        let count = |all: &[End], worse: &dyn Fn(&End) -> bool| {
            all.len() - all.partition_point(|end| worse(end))
        };
        let surely = count(&self.lows, &|low| !beyond(low, &own.high));
        let may = |end: &End| match (end.value(), own.low.value()) {
            (Some(high), Some(low)) => high > low,
            _ => true,
        };
        // One that is known only within bounds may seem better than itself.
        let itself = usize::from(may(&own.high));
        let maybe = count(&self.highs, &|high| !may(high)).saturating_sub(itself);
        let number = |count: usize| Rational::from(i64::try_from(count).unwrap_or(i64::MAX));
        let field = (!self.unsure).then(|| number(self.field));
        let value = Interval::between(number(surely + 1), number(maybe.max(surely) + 1));
        let value = Value::Within(value);
        let figure = Figure::Known(Known { field, estimate, ..plain(value) });
        let units = Units { unreported: self.unreported.clone(), ..Units::default() };
        let why = self.open.then_some(Reason::UnitsUnreported);
        Found { places, units, why, missing: self.missing.clone(), ..Found::of(figure) }
    }
}

/// Lower ends, the least demanding first: a missing one is the lowest, a closed one lower than an
/// open one.
fn low_order(a: &End, b: &End) -> std::cmp::Ordering {
    let open = |end: &End| matches!(end, End::Open(_));
    a.value().cmp(&b.value()).then(open(a).cmp(&open(b)))
}

/// Upper ends, the lowest first; a missing one is the highest.
fn high_order(a: &End, b: &End) -> std::cmp::Ordering {
    let closed = |end: &End| matches!(end, End::Closed(_));
    let missing = |end: &End| end.value().is_none();
    missing(a).cmp(&missing(b)).then(a.value().cmp(&b.value())).then(closed(a).cmp(&closed(b)))
}
