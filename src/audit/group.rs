//! What a snapshot says of one indicator.
//!
//! Enters: the names of the data, then the measurements of a snapshot. Leaves: groups of
//! measurements by indicator, and what each figure may mean. The one idea: names that no rule knows
//! are audited too, in the unit that their own cells write. Invariant: a name is looked up once for
//! all snapshots.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::cumulative::{self, Restart};
use super::printed::{Printed, Share};
use crate::Measurement;
use crate::check::model::{Condition, Indicator, IndicatorId, Model, ProgrammeId, Threshold};
use crate::diagnostic::Lang;
use crate::explain::words;
use crate::number::{Format, Interval, Rational};
use crate::reference::Reference;
use crate::snapshot::{Data, Entry, Figure, Gathered, Known, Raw, Value, understand};
use crate::source::Span;
use crate::text;
use crate::unit::Unit;

/// What the names of the data mean.
#[derive(Debug)]
pub(super) struct Names {
    of_name: Vec<Meaning>,
    /// Indicators of which some target asks more than 100 %.
    above_hundred: HashSet<IndicatorId>,
}

/// What one name means: names with one number mean one indicator.
#[derive(Debug, Clone, Copy)]
struct Meaning {
    number: usize,
    id: Option<IndicatorId>,
    lang: Lang,
    cumulative: Option<Restart>,
}

/// All that a snapshot says of one indicator.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// The same for one indicator in all snapshots.
    pub(super) number: usize,
    pub(super) indicator: Cow<'a, Indicator>,
    pub(super) id: Option<IndicatorId>,
    pub(super) format: Format,
    pub(super) entries: Vec<Written<'a>>,
    /// It counts from some day on, and may not fall before it restarts.
    pub(super) cumulative: Option<Restart>,
}

/// A measurement, and where it stands.
#[derive(Debug)]
pub(super) struct Written<'a> {
    pub(super) measurement: Measurement,
    pub(super) entry: Entry<'a>,
}

impl Names {
    pub(super) fn new(model: &Model, data: &Data, reference: &Reference<'_>) -> Self {
        let first = model.programmes.first().map_or(Lang::Vi, |it| it.lang);
        let mut unknown: HashMap<String, usize> = HashMap::new();
        let mut of_name = Vec::with_capacity(data.names.len());
        for (place, name) in data.names.iter().enumerate() {
            let id = reference.indicators(place).first().copied();
            let indicator = id.and_then(|id| model.indicator(id));
            let programme = indicator.and_then(|it| model.programme(it.programme));
            let next = model.indicators.len() + unknown.len();
            let number = match id {
                Some(id) => id.0 as usize,
                None => *unknown.entry(text::normal(name)).or_insert(next),
            };
            let key = |name: &str| match programme {
                Some(programme) => text::key(name, &programme.abbreviations),
                None => text::normal(name),
            };
            let own = indicator.iter().flat_map(|it| it.aliases.iter().chain([&it.name]));
            let mut restarts = own.chain([name]).filter_map(|name| cumulative::restart(&key(name)));
            of_name.push(Meaning {
                number,
                id,
                lang: programme.map_or(first, |it| it.lang),
                cumulative: restarts.next(),
            });
        }
        Self { of_name, above_hundred: asked_above_hundred(model) }
    }

    /// Whether some target asks more than 100 % of an indicator.
    pub(super) fn is_asked_above_hundred(&self, id: IndicatorId) -> bool {
        self.above_hundred.contains(&id)
    }

    /// The measurements of a snapshot, by the first indicator that their name means, else by the
    /// name itself.
    pub(super) fn groups<'a>(
        &self,
        model: &'a Model,
        data: &'a Data,
        snapshot: &'a Gathered,
    ) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut places: HashMap<usize, usize> = HashMap::new();
        let written = |entry: Entry<'a>| Written { measurement: entry.measurement(), entry };
        let written = data.entries(snapshot).map(written);
        for one in written.filter(|it| !is_empty(&it.measurement)) {
            let name = one.entry.name() as usize;
            let Some(Meaning { number, id, lang, cumulative }) = self.of_name.get(name).copied()
            else {
                continue;
            };
            let place = *places.entry(number).or_insert(groups.len());
            if place == groups.len() {
                let name = data.names.get(name).map_or("", String::as_str);
                let known = id.and_then(|id| model.indicator(id)).map(Cow::Borrowed);
                let indicator =
                    known.unwrap_or_else(|| Cow::Owned(unknown(name, &one.measurement)));
                let (format, entries) = (words::format(lang), Vec::new());
                groups.push(Group { number, indicator, id, format, entries, cumulative });
            }
            if let Some(group) = groups.get_mut(place) {
                group.entries.push(one);
            }
        }
        groups
    }
}

/// The indicators of which a target asks more than 100 %.
fn asked_above_hundred(model: &Model) -> HashSet<IndicatorId> {
    let hundred = Rational::from(100_i64);
    let versions = model.targets.iter().flat_map(|target| &target.versions);
    let branches = versions.flat_map(|it| &it.milestones).flat_map(|it| &it.branches);
    let mut found = HashSet::new();
    for branch in branches {
        let Condition::Compare(comparison) = &branch.condition else { continue };
        let is_above = match &comparison.threshold {
            Threshold::Bound { value, .. } => *value > hundred,
            Threshold::Within { high, .. } => *high > hundred,
            _ => false,
        };
        if is_above {
            found.extend(comparison.needed());
        }
    }
    found
}

impl Group<'_> {
    /// Numerator and denominator of a measurement, as fields or as `12/14`.
    pub(super) fn share(&self, given: &Measurement) -> Option<Share> {
        // What is printed beside a fraction cannot keep it from being read.
        let alone = Measurement { reported: Raw::Missing, ..given.clone() };
        let fraction = Measurement { value: Raw::Missing, ..alone.clone() };
        [fraction, alone].iter().find_map(|given| {
            match understand(&[given], &self.indicator, self.format) {
                Figure::Known(Known { fraction: Some((above, below)), .. }) => {
                    Some(Share { above, below })
                }
                _ => None,
            }
        })
    }

    /// Whether a measurement says what it counts: `12/14 dịch vụ`.
    pub(super) fn counts(&self, given: &Measurement) -> bool {
        let figure = understand(&[given], &self.indicator, self.format);
        matches!(figure, Figure::Known(Known { noun: Some(_), .. }))
    }

    /// What a cell may mean that prints one number or a bound: in the indicator's unit, as a
    /// percentage, in points.
    pub(super) fn printed(&self, cell: &Raw, unit: Option<&str>) -> Vec<Printed> {
        if cell.is_missing() {
            return Vec::new();
        }
        let given = Measurement { unit: unit.map(str::to_owned), ..Measurement::of(cell.clone()) };
        let indicator: &Indicator = &self.indicator;
        let own = &indicator.unit;
        let read = |unit: &Unit, in_points: bool| {
            let bare_power = if unit == own { self.indicator.bare_power } else { 0 };
            let as_if =
                Indicator { unit: unit.clone(), range: None, bare_power, ..indicator.clone() };
            match understand(&[&given], &as_if, self.format) {
                Figure::Known(Known {
                    value: Value::Within(value), fraction, last_digit, ..
                }) if fraction.is_none() && value != Interval::all() => {
                    let unit = if in_points { Unit::Percent } else { unit.clone() };
                    Some(Printed { value, digit: last_digit, unit, in_points })
                }
                _ => None,
            }
        };
        let percent = (*own != Unit::Percent).then(|| read(&Unit::Percent, false)).flatten();
        let mut readings: Vec<Printed> = read(own, false).into_iter().chain(percent).collect();
        if readings.is_empty() && *own == Unit::Percent {
            readings.extend(read(&Unit::PercentPoint, true));
        }
        readings
    }
}

/// An indicator that no rule knows: in `%` where its name or a cell says so, else a plain number.
fn unknown(name: &str, given: &Measurement) -> Indicator {
    let normal = text::normal(name);
    let texts = [&given.value, &given.reported];
    let percent = normal.starts_with("tỉ lệ")
        || normal.starts_with("tỉ trọng")
        || given.unit.as_deref() == Some("%")
        || texts.into_iter().any(|cell| matches!(cell, Raw::Text(text) if text.contains('%')));
    Indicator {
        programme: ProgrammeId(u32::MAX),
        name: name.to_owned(),
        unit: if percent { Unit::Percent } else { Unit::plain() },
        bare_is_ambiguous: false,
        bare_power: 0,
        range: None,
        formula: None,
        aliases: Vec::new(),
        higher_is_better: None,
        source: None,
        may_be_negative: true,
        span: Span::default(),
    }
}

fn is_empty(given: &Measurement) -> bool {
    given.is_missing() && given.reported.is_missing()
}
