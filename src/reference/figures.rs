//! The figures that a condition needs, from one snapshot.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::measure::{self, Quantity};
use super::outcome::Outcome;
use super::{Given, Place, Reference};
use crate::calendar::Date;
use crate::check::model::{Indicator, IndicatorId};
use crate::diagnostic::Lang;
use crate::number::Format;
use crate::snapshot::{Entry, Figure, Gathered, Known, Measurement, Value, reconcile, understand};
use crate::verdict::{Reason, Verdict};

/// Figures that are all known.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) known: Vec<(IndicatorId, Known)>,
    places: Vec<String>,
}

/// An outcome to be filled, and the figures to fill it from.
pub(super) struct Filling {
    pub(super) outcome: Outcome,
    pub(super) known: Vec<(IndicatorId, Known)>,
}

/// What was found for one indicator: its figure, where it stands, and what is missing for it.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) figure: Figure,
    places: Vec<String>,
    missing: Vec<String>,
}

/// What formulas came to, by day and indicator: one that several formulas use is computed once.
pub(super) type Computed = RefCell<HashMap<(Date, IndicatorId), Found>>;

/// The measurements of snapshots by indicator, each with its place among the entries; snapshots of
/// one case differ in their days.
#[derive(Default)]
pub(super) struct Sorted(RefCell<BTreeMap<Date, Vec<(IndicatorId, u32)>>>);

/// What holds figures.
#[derive(Clone, Copy)]
pub(super) enum Held<'a> {
    /// A snapshot, which writes them.
    By(&'a Gathered),
    /// Nothing: they are understood already.
    Understood(Given<'a>),
}

impl Figures {
    /// Begins an outcome with the sources and marks of the figures.
    pub(super) fn outcome(self) -> Filling {
        let mut outcome = Outcome::plain(Verdict::NotMet);
        outcome.estimate = self.known.iter().any(|(_, known)| known.estimate);
        outcome.sources = self.places;
        Filling { outcome, known: self.known }
    }
}

impl Reference<'_> {
    /// The figures of all needed indicators, from one snapshot: the latest in the window that holds
    /// them all, so that no quotient mixes days; where none does, the latest in the window says
    /// what is missing.
    pub(super) fn figures(
        &self,
        place: &Place<'_>,
        needed: &[IndicatorId],
    ) -> Result<Figures, Box<Outcome>> {
        if let Some(given) = place.given {
            let find = |id: &IndicatorId| self.find(place, Held::Understood(given), *id);
            return settle(needed, needed.iter().map(find).collect());
        }
        match self.chosen(place, needed) {
            Some((_, found)) => settle(needed, found),
            None => Err(Box::new(Outcome::no_data(
                needed
                    .iter()
                    .filter_map(|id| Some(self.model.indicator(*id)?.name.clone()))
                    .collect(),
            ))),
        }
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
        let Some(indicator) = self.model.indicator(id) else {
            return Found { figure: Figure::Absent, places: Vec::new(), missing: Vec::new() };
        };
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
        let mut found = Found { figure, places, missing };
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
        let given: Vec<&Entry> = match place.sorted {
            Some(sorted) => self.sorted_entries(sorted, snapshot, id),
            None => self.entries(snapshot, id).collect(),
        };
        let texts: Vec<&Measurement> = given.iter().map(|entry| &entry.measurement).collect();
        let lang = self.model.programme(place.programme).map_or(Lang::Vi, |it| it.lang);
        let figure = understand(&texts, indicator, format(lang));
        let places = given.iter().filter_map(|entry| snapshot.place_of(entry));
        (figure, places.map(|it| dated(it, snapshot.as_of, place.case.as_of)).collect())
    }

    /// The measurements of one indicator in one snapshot that hold something.
    pub(super) fn entries<'s>(
        &'s self,
        snapshot: &'s Gathered,
        id: IndicatorId,
    ) -> impl Iterator<Item = &'s Entry> {
        let of_it = move |entry: &&Entry| self.indicators(entry.name as usize).contains(&id);
        snapshot.entries.iter().filter(of_it).filter(|entry| !entry.measurement.is_missing())
    }

    /// As [`Reference::entries`], by a list that is made once a snapshot.
    fn sorted_entries<'s>(
        &self,
        sorted: &Sorted,
        snapshot: &'s Gathered,
        id: IndicatorId,
    ) -> Vec<&'s Entry> {
        let mut by_day = sorted.0.borrow_mut();
        let list = by_day.entry(snapshot.as_of).or_insert_with(|| {
            let entries = snapshot.entries.iter().zip(0_u32..);
            let held = entries.filter(|(entry, _)| !entry.measurement.is_missing());
            let mut list: Vec<(IndicatorId, u32)> = held
                .flat_map(|(entry, at)| {
                    self.indicators(entry.name as usize).iter().map(move |id| (*id, at))
                })
                .collect();
            list.sort_unstable();
            list
        });
        let from = list.partition_point(|(known, _)| *known < id);
        let rest = list.get(from..).unwrap_or_default().iter();
        let of_it = rest.take_while(|(known, _)| *known == id);
        of_it.filter_map(|(_, at)| snapshot.entries.get(*at as usize)).collect()
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
        let mut ids = Vec::new();
        formula.indicators(&mut ids);
        let parts: Vec<Found> = ids.iter().map(|id| self.find(place, held, *id)).collect();
        let missing: Vec<String> = parts
            .iter()
            .filter(|part| part.figure == Figure::Absent)
            .flat_map(|part| part.missing.clone())
            .collect();
        if !missing.is_empty() {
            if found.figure == Figure::Absent {
                found.missing = missing;
            }
            return;
        }
        let places: Vec<String> = parts.iter().flat_map(|part| part.places.clone()).collect();
        let computed = match settle(&ids, parts) {
            Err(outcome) => match outcome.verdict {
                Verdict::NotApplicable => Figure::NotApplicable,
                _ => Figure::Contradictory(
                    outcome.reason.unwrap_or(Reason::Unreadable),
                    outcome.evidence.join("; "),
                ),
            },
            Ok(figures) => computed(formula, &figures.known),
        };
        let figures = vec![found.figure.clone(), computed];
        found.figure = reconcile(figures, indicator, || found.places.join("; "));
        found.places.extend(places);
    }
}

/// A place, with its day where that is not the day of the judgement.
fn dated(place: String, day: Date, as_of: Date) -> String {
    if day == as_of || place.is_empty() { place } else { format!("{place} ({day})") }
}

/// A figure made of others.
fn computed(formula: &crate::check::model::Expr, known: &[(IndicatorId, Known)]) -> Figure {
    let value = match measure::value(formula, known, &measure::as_given) {
        Quantity::NotApplicable => return Figure::NotApplicable,
        Quantity::Contradictory(reason) => {
            return Figure::Contradictory(reason, String::new());
        }
        Quantity::About(value) => Value::About(value),
        Quantity::Within(interval) => Value::Within(interval),
    };
    let rounded = known.iter().any(|(_, known)| known.last_digit.is_some());
    let fraction = if rounded { None } else { measure::fraction(formula, known) };
    Figure::Known(Known {
        value,
        fraction,
        noun: known.first().and_then(|(_, known)| known.noun.clone()),
        last_digit: None,
        field: None,
        estimate: known.iter().any(|(_, known)| known.estimate),
    })
}

/// Contradictory before missing, missing before 0/0.
fn settle(needed: &[IndicatorId], mut found: Vec<Found>) -> Result<Figures, Box<Outcome>> {
    let mut places = Vec::new();
    for one in &mut found {
        places.append(&mut one.places);
    }
    for one in &found {
        if let Figure::Contradictory(reason, text) = &one.figure {
            let mut outcome = Outcome::of(Verdict::Contradictory, *reason);
            outcome.evidence.push(text.clone());
            outcome.sources = places;
            return Err(Box::new(outcome));
        }
    }
    let absent = found.iter().filter(|one| one.figure == Figure::Absent);
    let missing: Vec<String> = absent.flat_map(|one| one.missing.clone()).collect();
    if found.iter().any(|one| one.figure == Figure::Absent) {
        return Err(Box::new(Outcome::no_data(missing)));
    }
    let mut known = Vec::new();
    for (id, one) in needed.iter().zip(found) {
        if let Figure::Known(figure) = one.figure {
            known.push((*id, figure));
        } else {
            let mut outcome = Outcome::of(Verdict::NotApplicable, Reason::ZeroDenominator);
            outcome.sources = places;
            return Err(Box::new(outcome));
        }
    }
    Ok(Figures { known, places })
}

/// How a language writes numbers.
pub(super) const fn format(lang: Lang) -> Format {
    crate::check::model::number_format(lang)
}
