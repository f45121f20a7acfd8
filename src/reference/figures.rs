//! The figures that a condition needs, from one snapshot.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::compare::may_be_rounded;
use super::measure::{self, Quantity};
use super::outcome::Outcome;
use super::{Given, Place, Reference};
use crate::calendar::Date;
use crate::check::model::{Expr, Indicator, IndicatorId};
use crate::diagnostic::Lang;
use crate::number::{Format, Interval};
use crate::snapshot::{
    Data, Entry, Figure, Gathered, Known, Measurement, Spot, Value, reconcile, understand,
};
use crate::verdict::{Reason, UnitCounts, Verdict};

/// What a quantity is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaf<'m> {
    /// An indicator of the snapshot that is asked.
    Indicator(IndicatorId),
    /// A quantity of another time or of units.
    Linked(&'m Expr),
}

/// A leaf with what is known of it.
pub(super) type Term<'m> = (Leaf<'m>, Known);

impl<'m> Leaf<'m> {
    /// The leaves of an expression, in order, each once.
    pub(super) fn all(expr: &'m Expr, into: &mut Vec<Self>) {
        let (mut ids, mut linked) = (Vec::new(), Vec::new());
        expr.indicators(&mut ids);
        expr.linked(&mut linked);
        let own = ids.into_iter().map(Self::Indicator);
        for leaf in own.chain(linked.into_iter().map(Self::Linked)) {
            if !into.contains(&leaf) {
                into.push(leaf);
            }
        }
    }

    /// Whether an expression is this leaf.
    pub(super) fn is(&self, expr: &Expr) -> bool {
        match (self, expr) {
            (Self::Indicator(id), Expr::Indicator(other)) => id == other,
            (Self::Linked(own), other) => *own == other,
            _ => false,
        }
    }

    /// The indicator of the snapshot that is asked.
    pub(super) const fn indicator(&self) -> Option<IndicatorId> {
        match self {
            Self::Indicator(id) => Some(*id),
            Self::Linked(_) => None,
        }
    }

    /// The indicator whose figure it is, at whatever time.
    pub(super) fn measured(&self) -> Option<IndicatorId> {
        match self {
            Self::Indicator(id) => Some(*id),
            Self::Linked(Expr::At(of, _)) => match **of {
                Expr::Indicator(id) => Some(id),
                _ => None,
            },
            Self::Linked(_) => None,
        }
    }
}

/// Figures that are all known.
#[derive(Debug)]
pub(super) struct Figures<'m> {
    pub(super) known: Vec<Term<'m>>,
    places: Vec<String>,
    units: Units,
    open: Option<Reason>,
    missing: Vec<String>,
}

/// An outcome to be filled, and the figures to fill it from.
pub(super) struct Filling<'m> {
    pub(super) outcome: Outcome,
    pub(super) known: Vec<Term<'m>>,
    /// Why a comparison that the figures leave open is so, where it is not because of bounds.
    pub(super) open: Option<Reason>,
}

/// What is said of the units that a quantity is made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Units {
    /// How they stand.
    pub(super) counts: Option<UnitCounts>,
    /// Those that fail.
    pub(super) failing: Vec<String>,
    /// Those that have not reported.
    pub(super) unreported: Vec<String>,
}

/// What was found for one indicator: its figure, where it stands, and what is missing for it.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) figure: Figure,
    pub(super) places: Vec<String>,
    pub(super) missing: Vec<String>,
    /// Why it is not applicable or leaves a comparison open, where that is not 0/0 or bounds.
    pub(super) why: Option<Reason>,
    pub(super) units: Units,
}

impl Found {
    /// A figure that stands nowhere.
    pub(super) fn of(figure: Figure) -> Self {
        let (places, missing) = (Vec::new(), Vec::new());
        Self { figure, places, missing, why: None, units: Units::default() }
    }
}

/// What formulas came to, by day and indicator: one that several formulas use is computed once.
pub(super) type Computed = RefCell<HashMap<(Date, IndicatorId), Found>>;

/// The measurements of snapshots by indicator, each with its place among the entries; snapshots of
/// one case differ in their days.
#[derive(Default)]
pub(super) struct Sorted(RefCell<BTreeMap<Date, Vec<(IndicatorId, Spot)>>>);

/// What holds figures.
#[derive(Clone, Copy)]
pub(super) enum Held<'a> {
    /// A snapshot, which writes them.
    By(&'a Gathered),
    /// Nothing: they are understood already.
    Understood(Given<'a>),
}

impl<'m> Figures<'m> {
    /// Begins an outcome with the sources and marks of the figures.
    pub(super) fn outcome(self) -> Filling<'m> {
        let mut outcome = Outcome::plain(Verdict::NotMet);
        outcome.units = self.units;
        outcome.estimate = self.known.iter().any(|(_, known)| known.estimate);
        (outcome.sources, outcome.missing) = (self.places, self.missing);
        Filling { outcome, known: self.known, open: self.open }
    }
}

impl Reference<'_> {
    /// The figures of all leaves. Indicators come from one snapshot: the latest in the window
    /// that holds them all, so that no quotient mixes days; where none does, the latest in the
    /// window says what is missing. Other times count from it.
    pub(super) fn figures<'m>(
        &self,
        place: &Place<'_>,
        needed: &[Leaf<'m>],
    ) -> Result<Figures<'m>, Box<Outcome>> {
        let own: Vec<IndicatorId> = needed.iter().filter_map(Leaf::indicator).collect();
        let chosen = match place.given {
            Some(given) => {
                let find = |id: &IndicatorId| self.find(place, Held::Understood(given), *id);
                Some((place.case.as_of, own.iter().map(find).collect()))
            }
            None => self.chosen(place, &own).map(|(snapshot, found)| (snapshot.as_of, found)),
        };
        let (day, found) = chosen.unwrap_or_else(|| {
            let absent = own.iter().map(|id| self.absent(*id)).collect();
            (place.case.as_of, absent)
        });
        let mut found: std::vec::IntoIter<Found> = found.into_iter();
        let found = needed.iter().filter_map(|leaf| match leaf {
            Leaf::Indicator(_) => found.next(),
            Leaf::Linked(expr) => Some(self.linked(place, (day, place.case.as_of), expr)),
        });
        settle(needed, found.collect())
    }

    /// An indicator that nothing holds.
    pub(super) fn absent(&self, id: IndicatorId) -> Found {
        let name = self.model.indicator(id).map(|indicator| indicator.name.clone());
        Found { missing: name.into_iter().collect(), ..Found::of(Figure::Absent) }
    }

    /// The snapshot that is asked, and what it says of each indicator.
    pub(super) fn chosen(
        &self,
        place: &Place<'_>,
        needed: &[IndicatorId],
    ) -> Option<(&Gathered, Vec<Found>)> {
        let mut first = None;
        for number in place.case.snapshots {
            let Some(snapshot) = self.data.snapshots.get(*number as usize) else { continue };
            if !place.window.contains(snapshot.as_of) {
                continue;
            }
            let found: Vec<Found> =
                needed.iter().map(|id| self.find(place, Held::By(snapshot), *id)).collect();
            if found.iter().all(|one| one.figure != Figure::Absent) {
                return Some((snapshot, found));
            }
            first = first.or(Some((snapshot, found)));
        }
        first
    }

    /// What is said of one indicator, by its own figures and by its formula.
    pub(super) fn find(&self, place: &Place<'_>, held: Held<'_>, id: IndicatorId) -> Found {
        let Some(indicator) = self.model.indicator(id) else { return Found::of(Figure::Absent) };
        let day = match held {
            Held::By(snapshot) => snapshot.as_of,
            Held::Understood(_) => place.case.as_of,
        };
        if indicator.formula.is_some()
            && let Some(known) = place.computed.borrow().get(&(day, id))
        {
            return known.clone();
        }
        let (figure, places) = match held {
            Held::Understood(given) => (given(id), Vec::new()),
            Held::By(snapshot) => self.read(place, snapshot, indicator, id),
        };
        let missing = match figure {
            Figure::Absent => vec![indicator.name.clone()],
            _ => Vec::new(),
        };
        let mut found = Found { places, missing, ..Found::of(figure) };
        if indicator.formula.is_some() {
            self.by_formula(place, held, indicator, &mut found);
            place.computed.borrow_mut().insert((day, id), found.clone());
        }
        found
    }

    /// An indicator's own figure, and where it stands.
    fn read(
        &self,
        place: &Place<'_>,
        snapshot: &Gathered,
        indicator: &Indicator,
        id: IndicatorId,
    ) -> (Figure, Vec<String>) {
        if let Some(batch) = self.figures {
            return (batch.figure(snapshot.number as usize, id), Vec::new());
        }
        let lang = self.model.programme(place.programme).map_or(Lang::Vi, |it| it.lang);
        if place.unit {
            let list = self.index().sorted(snapshot.number, || self.by_indicator(snapshot));
            let given: Vec<Entry<'_>> = listed(self.data, list, snapshot, id).collect();
            return (understood(&given, indicator, format(lang)), Vec::new());
        }
        let given: Vec<Entry<'_>> = match place.sorted {
            Some(sorted) => self.sorted_entries(sorted, snapshot, id),
            None => self.entries(snapshot, id).collect(),
        };
        let figure = understood(&given, indicator, format(lang));
        if place.bare {
            return (figure, Vec::new());
        }
        let places = given.iter().map(Entry::place);
        (figure, places.map(|it| dated(it, snapshot.as_of, place.case.as_of)).collect())
    }

    /// The measurements of one indicator in one snapshot that hold something.
    pub(super) fn entries<'s>(
        &'s self,
        snapshot: &'s Gathered,
        id: IndicatorId,
    ) -> impl Iterator<Item = Entry<'s>> {
        let of_it = move |entry: &Entry<'_>| self.indicators(entry.name() as usize).contains(&id);
        self.data.entries(snapshot).filter(of_it).filter(|entry| !entry.is_missing())
    }

    /// As [`Reference::entries`], by a list that is made once a snapshot.
    fn sorted_entries<'s>(
        &'s self,
        sorted: &Sorted,
        snapshot: &'s Gathered,
        id: IndicatorId,
    ) -> Vec<Entry<'s>> {
        let mut by_day = sorted.0.borrow_mut();
        let list = by_day.entry(snapshot.as_of).or_insert_with(|| self.by_indicator(snapshot));
        listed(self.data, list, snapshot, id).collect()
    }

    /// The measurements of a snapshot that hold something, sorted by indicator.
    pub(super) fn by_indicator(&self, snapshot: &Gathered) -> Vec<(IndicatorId, Spot)> {
        let held = self.data.entries(snapshot).filter(|entry| !entry.is_missing());
        let mut list: Vec<(IndicatorId, Spot)> = held
            .flat_map(|entry| {
                let ids = self.indicators(entry.name() as usize);
                ids.iter().map(move |id| (*id, entry.spot()))
            })
            .collect();
        list.sort_unstable();
        list
    }

    /// Adds what the formula says: where its figures are missing, the indicator's own decides.
    fn by_formula(
        &self,
        place: &Place<'_>,
        held: Held<'_>,
        indicator: &Indicator,
        found: &mut Found,
    ) {
        let Some(formula) = &indicator.formula else { return };
        let made = self.made(place, held, formula);
        if made.figure == Figure::Absent {
            if found.figure == Figure::Absent {
                found.missing = made.missing;
            }
            return;
        }
        (found.why, found.units) = (made.why, made.units);
        let figures = vec![found.figure.clone(), made.figure];
        found.figure = reconcile(figures, indicator, || found.places.join("; "));
        found.places.extend(made.places);
    }

    /// What an expression comes to by what is held.
    pub(super) fn made(&self, place: &Place<'_>, held: Held<'_>, expr: &Expr) -> Found {
        let mut leaves = Vec::new();
        Leaf::all(expr, &mut leaves);
        let day = match held {
            Held::By(snapshot) => snapshot.as_of,
            Held::Understood(_) => place.case.as_of,
        };
        let part = |leaf: &Leaf<'_>| match leaf {
            Leaf::Indicator(id) => self.find(place, held, *id),
            Leaf::Linked(expr) => self.linked(place, (day, day), expr),
        };
        let parts: Vec<Found> = leaves.iter().map(part).collect();
        let absent = parts.iter().filter(|part| part.figure == Figure::Absent);
        let missing: Vec<String> = absent.flat_map(|part| part.missing.clone()).collect();
        if parts.iter().any(|part| part.figure == Figure::Absent) {
            return Found { missing, ..Found::of(Figure::Absent) };
        }
        let places: Vec<String> = parts.iter().flat_map(|part| part.places.clone()).collect();
        let found = match settle(&leaves, parts) {
            Err(outcome) => match outcome.verdict {
                Verdict::NotApplicable => {
                    Found { why: outcome.reason, ..Found::of(Figure::NotApplicable) }
                }
                _ => Found::of(Figure::Contradictory(
                    outcome.reason.unwrap_or(Reason::Unreadable),
                    outcome.evidence.join("; "),
                )),
            },
            Ok(figures) => {
                let figure = self.computed(expr, &figures.known);
                Found { why: figures.open, units: figures.units, ..Found::of(figure) }
            }
        };
        Found { places, ..found }
    }

    /// A figure made of others.
    fn computed(&self, formula: &Expr, known: &[Term<'_>]) -> Figure {
        let value = match measure::value(formula, known, &measure::as_given) {
            Quantity::NotApplicable(_) => return Figure::NotApplicable,
            Quantity::Contradictory(reason) => {
                return Figure::Contradictory(reason, String::new());
            }
            Quantity::About(value) => Value::About(value),
            Quantity::Within(interval) => Value::Within(interval),
            Quantity::Endless => Value::Within(Interval::all()),
        };
        let rounded = known.iter().any(|(_, known)| may_be_rounded(known));
        let before = |leaf: Leaf<'_>, known: &Known| self.unrounded(leaf, known);
        let unrounded = rounded.then(|| match measure::value(formula, known, &before) {
            Quantity::Within(interval) => interval,
            _ => Interval::all(),
        });
        let fraction = if rounded { None } else { measure::fraction(formula, known) };
        Figure::Known(Known {
            value,
            fraction,
            noun: known.first().and_then(|(_, known)| known.noun.clone()),
            last_digit: None,
            unrounded,
            field: None,
            estimate: known.iter().any(|(_, known)| known.estimate),
        })
    }
}

/// The measurements of one indicator, from a list that is sorted by indicator.
pub(super) fn listed<'s>(
    data: &'s Data,
    list: &[(IndicatorId, Spot)],
    snapshot: &'s Gathered,
    id: IndicatorId,
) -> impl Iterator<Item = Entry<'s>> {
    let from = list.partition_point(|(known, _)| *known < id);
    let rest = list.get(from..).unwrap_or_default().iter();
    let of_it = rest.take_while(move |(known, _)| *known == id);
    of_it.filter_map(|(_, at)| data.entry(snapshot, *at))
}

/// What measurements of one indicator come to together.
pub(super) fn understood(given: &[Entry<'_>], indicator: &Indicator, format: Format) -> Figure {
    if let [one] = given {
        return understand(&[&one.measurement()], indicator, format);
    }
    let texts: Vec<Measurement> = given.iter().map(Entry::measurement).collect();
    understand(&texts.iter().collect::<Vec<_>>(), indicator, format)
}

/// A place, with its day where that is not the day of the judgement.
pub(super) fn dated(place: String, day: Date, as_of: Date) -> String {
    if day == as_of || place.is_empty() { place } else { format!("{place} ({day})") }
}

/// Contradictory before missing, missing before 0/0.
fn settle<'m>(needed: &[Leaf<'m>], mut found: Vec<Found>) -> Result<Figures<'m>, Box<Outcome>> {
    let (mut places, mut units) = (Vec::new(), Units::default());
    for one in &mut found {
        places.append(&mut one.places);
        units.counts = units.counts.or(one.units.counts.take());
        units.failing.append(&mut one.units.failing);
        units.unreported.append(&mut one.units.unreported);
    }
    let ended = |verdict: Verdict, reason: Reason| {
        let mut outcome = Outcome::of(verdict, reason);
        (outcome.sources, outcome.units) = (places.clone(), units.clone());
        outcome
    };
    for one in &found {
        if let Figure::Contradictory(reason, text) = &one.figure {
            let mut outcome = ended(Verdict::Contradictory, *reason);
            outcome.evidence.push(text.clone());
            return Err(Box::new(outcome));
        }
    }
    let absent = || found.iter().filter(|one| one.figure == Figure::Absent);
    if let Some(first) = absent().next() {
        let reason = absent().find_map(|one| one.why).or(first.why).unwrap_or(Reason::Absent);
        let missing = absent().flat_map(|one| one.missing.clone()).collect();
        let outcome = Outcome { missing, ..Outcome::of(Verdict::NoData, reason) };
        return Err(Box::new(Outcome { units, ..outcome }));
    }
    let open = found.iter().find_map(|one| one.why);
    let (mut known, mut missing) = (Vec::new(), Vec::new());
    for (leaf, one) in needed.iter().zip(found) {
        missing.extend(one.missing);
        if let Figure::Known(figure) = one.figure {
            known.push((*leaf, figure));
        } else {
            let reason = one.why.unwrap_or(Reason::ZeroDenominator);
            return Err(Box::new(ended(Verdict::NotApplicable, reason)));
        }
    }
    Ok(Figures { known, places, units, open, missing })
}

/// How a language writes numbers.
pub(super) const fn format(lang: Lang) -> Format {
    crate::check::model::number_format(lang)
}
