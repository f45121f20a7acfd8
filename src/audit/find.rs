//! The figures of one snapshot, gathered by indicator, and what they say against each other.
//!
//! Enters: a snapshot. Leaves: findings on its figures. The one idea: names that no rule knows are
//! audited too, in the unit that their own cells write.

use std::collections::HashMap;

use super::printed::{Base, Printed, Share};
use super::{Finding, Kind};
use crate::Measurement;
use crate::check::model::{Condition, Indicator, IndicatorId, Model, ProgrammeId, Threshold};
use crate::diagnostic::{Lang, Message};
use crate::explain::{raw, words, written};
use crate::number::{Format, Interval, Rational};
use crate::reference::Reference;
use crate::snapshot::{Case, Data, Entry, Figure, Gathered, Known, Raw, Value, understand};
use crate::source::Span;
use crate::text;
use crate::unit::Unit;
use crate::verdict::Reason;

/// Denominators of a snapshot that are tried for a figure that does not fit its own.
const BASES: usize = 200;

/// One snapshot under audit.
pub(super) struct Auditor<'a> {
    pub(super) model: &'a Model,
    pub(super) data: &'a Data,
    pub(super) reference: &'a Reference<'a>,
    pub(super) case: &'a Case<'a>,
    pub(super) snapshot: &'a Gathered,
}

/// All that a snapshot says of one indicator.
struct Group<'a> {
    indicator: Indicator,
    id: Option<IndicatorId>,
    format: Format,
    entries: Vec<&'a Entry>,
}

impl Auditor<'_> {
    pub(super) fn figures(&self, found: &mut Vec<Finding>) {
        let groups = self.groups();
        let bases = bases(&groups);
        for group in &groups {
            let before = found.len();
            self.printed(group, &bases, found);
            self.above_whole(group, found);
            if found.len() == before {
                self.repeated(group, found);
            }
        }
    }

    /// The measurements, by the first indicator that their name means, else by the name itself.
    fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let first = self.model.programmes.first().map_or(Lang::Vi, |it| it.lang);
        for entry in self.snapshot.entries.iter().filter(|it| !is_empty(&it.measurement)) {
            let Some(name) = self.data.names.get(entry.name as usize) else { continue };
            let id = self.reference.indicators(entry.name as usize).first().copied();
            let key = match id {
                Some(id) => format!("{}", id.0),
                None => format!("?{}", text::normal(name)),
            };
            let place = *places.entry(key).or_insert(groups.len());
            if place == groups.len() {
                let known = id.and_then(|id| self.model.indicator(id)).cloned();
                let lang = known
                    .as_ref()
                    .and_then(|it| self.model.programme(it.programme))
                    .map_or(first, |it| it.lang);
                let indicator = known.unwrap_or_else(|| unknown(name, &entry.measurement));
                let format = words::format(lang);
                groups.push(Group { indicator, id, format, entries: Vec::new() });
            }
            if let Some(group) = groups.get_mut(place) {
                group.entries.push(entry);
            }
        }
        groups
    }

    /// Every printed figure against the fraction that stands beside it, else against the only one
    /// that is given.
    fn printed(&self, group: &Group<'_>, bases: &[Base], found: &mut Vec<Finding>) {
        let shares: Vec<Share> =
            group.entries.iter().filter_map(|it| group.share(&it.measurement)).collect();
        let only = match shares.as_slice() {
            [first, rest @ ..] if rest.iter().all(|it| it == first) => Some(first.clone()),
            _ => None,
        };
        for entry in &group.entries {
            let Some(share) = group.share(&entry.measurement).or_else(|| only.clone()) else {
                continue;
            };
            for cell in [&entry.measurement.reported, &entry.measurement.value] {
                let is_value = std::ptr::eq(cell, &raw const entry.measurement.value);
                let unit = entry.measurement.unit.as_deref().filter(|_| is_value);
                let readings = group.printed(cell, unit);
                let exact = |it: &Printed| share.value(&it.unit);
                let fits = |it: &Printed| {
                    !it.in_points && exact(it).is_some_and(|exact| it.agrees(&exact))
                };
                if readings.iter().any(fits) {
                    continue;
                }
                let Some(printed) = readings.into_iter().next() else { continue };
                let Some(exact) = exact(&printed) else { continue };
                let message = disagreement(&share, &exact, cell, &printed, bases);
                let fraction = shown(&share, Lang::Vi);
                found.push(Finding {
                    figures: vec![fraction, raw(cell)],
                    ..self.finding(Kind::Printed, group, message, &[*entry])
                });
            }
        }
    }

    /// A numerator above its denominator, where no figure or rule says that it may be.
    fn above_whole(&self, group: &Group<'_>, found: &mut Vec<Finding>) {
        for entry in &group.entries {
            let is_part = match &group.indicator.unit {
                Unit::Count { noun } => noun.is_some() || group.counts(&entry.measurement),
                Unit::Percent | Unit::Rank | Unit::Points { .. } => true,
                _ => false,
            };
            let Some(share) = group.share(&entry.measurement).filter(|_| is_part) else {
                continue;
            };
            let is_share = group.indicator.unit == Unit::Percent;
            if share.above <= share.below
                || share.below.is_negative()
                || (is_share && self.may_pass_hundred(group))
            {
                continue;
            }
            let said = |lang| (words::exact(&share.above, lang), words::exact(&share.below, lang));
            let ((a, b), (c, d)) = (said(Lang::Vi), said(Lang::En));
            let message = Message::new(
                format!("tử số {a} lớn hơn mẫu số {b}"),
                format!("the numerator {c} is above the denominator {d}"),
            );
            found.push(Finding {
                figures: vec![shown(&share, Lang::Vi)],
                ..self.finding(Kind::AboveWhole, group, message, &[*entry])
            });
        }
    }

    /// A printed figure above 100 % that agrees, a range, or a threshold from 100 % on says that
    /// the indicator is no part of a whole.
    fn may_pass_hundred(&self, group: &Group<'_>) -> bool {
        let hundred = Rational::from(100_i64);
        let range = group.indicator.range.as_ref();
        let ranged = range.is_some_and(|range| range.high.value().is_none_or(|it| *it > hundred));
        let printed = group.entries.iter().any(|entry| {
            let share = group.share(&entry.measurement);
            [&entry.measurement.reported, &entry.measurement.value].into_iter().any(|cell| {
                let readings = group.printed(cell, None);
                readings.iter().any(|printed| {
                    let exact = share.as_ref().and_then(|share| share.value(&printed.unit));
                    exact.is_some_and(|exact| printed.agrees(&exact))
                })
            })
        });
        ranged || printed || group.id.is_some_and(|id| self.is_asked_above(id, &hundred))
    }

    fn is_asked_above(&self, id: IndicatorId, hundred: &Rational) -> bool {
        let versions = self.model.targets.iter().flat_map(|target| &target.versions);
        let branches = versions.flat_map(|it| &it.milestones).flat_map(|it| &it.branches);
        branches.into_iter().any(|branch| match &branch.condition {
            Condition::Compare(comparison) => {
                comparison.needed().contains(&id)
                    && match &comparison.threshold {
                        Threshold::Bound { value, .. } => value > hundred,
                        Threshold::Within { high, .. } => high > hundred,
                        _ => false,
                    }
            }
            _ => false,
        })
    }

    /// One figure given twice, or beside its formula, with values that cannot both be.
    fn repeated(&self, group: &Group<'_>, found: &mut Vec<Finding>) {
        let texts: Vec<&Measurement> = group.entries.iter().map(|it| &it.measurement).collect();
        let id = group.id.filter(|_| group.indicator.formula.is_some());
        let evidence = id.map(|id| {
            let window = crate::calendar::Period::all();
            self.reference.evidence(self.case, group.indicator.programme, &window, &[id])
        });
        let figure = match evidence.as_deref() {
            Some([one, ..]) => one.figure.clone(),
            _ => understand(&texts, &group.indicator, group.format),
        };
        if !matches!(figure, Figure::Contradictory(Reason::UnequalValues, _)) {
            return;
        }
        let mut figures: Vec<String> =
            texts.iter().map(|one| written(one, words_lang(group.format))).collect();
        let mut sources = evidence.as_deref().map(super::relation::sources).unwrap_or_default();
        let parts = evidence.iter().flatten().flat_map(|one| &one.parts);
        for part in parts {
            if let Some(text) = self.as_written(part) {
                figures.push(text);
            }
        }
        let list = figures.join("; ");
        let message = if figures.len() > texts.len() {
            Message::new(
                format!("số liệu không khớp với công thức của nó: {list}"),
                format!("the figure disagrees with its formula: {list}"),
            )
        } else {
            Message::new(
                format!("một chỉ số có các số liệu không khớp nhau: {list}"),
                format!("one indicator is given differently: {list}"),
            )
        };
        let finding = self.finding(Kind::Repeated, group, message, &group.entries);
        if sources.is_empty() {
            sources.clone_from(&finding.sources);
        }
        found.push(Finding { figures, sources, ..finding });
    }

    fn finding(
        &self,
        kind: Kind,
        group: &Group<'_>,
        message: Message,
        entries: &[&Entry],
    ) -> Finding {
        let mut sources: Vec<String> = Vec::new();
        for entry in entries {
            let place = self.snapshot.places.get(entry.place as usize);
            if let Some(place) = place.filter(|it| !it.is_empty() && !sources.contains(it)) {
                sources.push(place.clone());
            }
        }
        Finding {
            kind,
            entity: self.case.entity.id.clone(),
            as_of: self.case.as_of,
            subject: group.indicator.name.clone(),
            figures: Vec::new(),
            message,
            sources,
        }
    }
}

impl Group<'_> {
    /// Numerator and denominator of a measurement, as fields or as `12/14`.
    fn share(&self, given: &Measurement) -> Option<Share> {
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
    fn counts(&self, given: &Measurement) -> bool {
        let figure = understand(&[given], &self.indicator, self.format);
        matches!(figure, Figure::Known(Known { noun: Some(_), .. }))
    }

    /// What a cell may mean that prints one number or a bound: in the indicator's unit, as a
    /// percentage, in points.
    fn printed(&self, cell: &Raw, unit: Option<&str>) -> Vec<Printed> {
        if cell.is_missing() {
            return Vec::new();
        }
        let given = Measurement { unit: unit.map(str::to_owned), ..Measurement::of(cell.clone()) };
        let own = &self.indicator.unit;
        let read = |unit: &Unit, in_points: bool| {
            let bare_power = if unit == own { self.indicator.bare_power } else { 0 };
            let as_if =
                Indicator { unit: unit.clone(), range: None, bare_power, ..self.indicator.clone() };
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

fn words_lang(format: Format) -> Lang {
    if format == Format::En { Lang::En } else { Lang::Vi }
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

/// Denominators of the snapshot, then its whole counts.
fn bases(groups: &[Group<'_>]) -> Vec<Base> {
    let mut denominators = Vec::new();
    let mut counts = Vec::new();
    for group in groups {
        for entry in &group.entries {
            let name = group.indicator.name.clone();
            if let Some(share) = group.share(&entry.measurement) {
                denominators.push(Base { name, value: share.below });
            } else if let Figure::Known(Known { value: Value::Within(value), .. }) =
                understand(&[&entry.measurement], &group.indicator, group.format)
                && let Some(value) = value.is_point()
                && matches!(group.indicator.unit, Unit::Count { .. })
                && value.is_integer()
                && value.is_positive()
            {
                counts.push(Base { name, value: value.clone() });
            }
        }
    }
    denominators.extend(counts);
    denominators.truncate(BASES);
    denominators
}

/// `225.020/615.198`.
fn shown(share: &Share, lang: Lang) -> String {
    format!("{}/{}", words::exact(&share.above, lang), words::exact(&share.below, lang))
}

/// `in “36,5%”, nhưng 225.020/615.198 ≈ 36,5768 %, làm tròn 36,6 %; có lẽ bị cắt bớt chữ số`.
fn disagreement(
    share: &Share,
    exact: &Rational,
    cell: &Raw,
    printed: &Printed,
    bases: &[Base],
) -> Message {
    let why = if printed.agrees(exact) {
        Message::new(
            "; ghi điểm phần trăm thay cho phần trăm",
            "; percentage points are written where a percentage is meant",
        )
    } else {
        printed.suspicion(share, exact, bases)
    };
    let said = |lang: Lang, why: &str| {
        let fraction = shown(share, lang);
        let value = words::equals(&words::amount(exact, Some(&printed.unit), lang));
        let cell = raw(cell);
        let rounded =
            printed.digit.as_ref().and_then(|digit| super::printed::rounded(exact, digit));
        let rounded = rounded.filter(|it| it != exact && !printed.agrees(exact));
        let rounded = rounded.map(|it| words::amount(&it, Some(&printed.unit), lang));
        match (lang, rounded) {
            (Lang::Vi, Some(it)) => {
                format!("ghi `{cell}` nhưng {fraction} {value}, làm tròn là {it}{why}")
            }
            (Lang::Vi, None) => format!("ghi `{cell}` nhưng {fraction} {value}{why}"),
            (Lang::En, Some(it)) => {
                format!("`{cell}` is printed, but {fraction} {value}, which rounds to {it}{why}")
            }
            (Lang::En, None) => format!("`{cell}` is printed, but {fraction} {value}{why}"),
        }
    };
    Message::new(said(Lang::Vi, &why.vi), said(Lang::En, &why.en))
}
