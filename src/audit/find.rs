//! The figures of one snapshot, and what they say against each other.
//!
//! Enters: a snapshot, by indicator. Leaves: findings on its figures. Invariant: the work grows
//! with the figures, however many of them speak of one indicator.

use std::collections::HashSet;

use super::group::{Group, Names, Written};
use super::printed::{Base, Printed, Share};
use super::{Finding, Kind};
use crate::Measurement;
use crate::check::model::Model;
use crate::diagnostic::{Lang, Message};
use crate::explain::{raw, words, written};
use crate::number::{Format, Rational};
use crate::reference::Reference;
use crate::snapshot::{Case, Data, Figure, Known, Raw, Value, understand};
use crate::unit::Unit;
use crate::verdict::Reason;

/// Denominators of a snapshot that are tried for a figure that does not fit its own.
const BASES: usize = 200;

/// So many figures are listed in a message.
const LISTED: usize = 12;

/// One snapshot under audit.
pub(super) struct Auditor<'a> {
    pub(super) model: &'a Model,
    pub(super) data: &'a Data,
    pub(super) reference: &'a Reference<'a>,
    pub(super) case: &'a Case<'a>,
    pub(super) names: &'a Names,
}

impl Auditor<'_> {
    pub(super) fn figures(&self, groups: &[Group<'_>], found: &mut Vec<Finding>) {
        let bases = bases(groups);
        for group in groups {
            let before = found.len();
            self.printed(group, &bases, found);
            self.above_whole(group, found);
            if found.len() == before {
                self.repeated(group, found);
            }
        }
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
                    ..self.finding(Kind::Printed, group, message, std::slice::from_ref(entry))
                });
            }
        }
    }

    /// A numerator above its denominator, where no figure or rule says that it may be.
    fn above_whole(&self, group: &Group<'_>, found: &mut Vec<Finding>) {
        let mut may_pass = None;
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
                || (is_share && *may_pass.get_or_insert_with(|| self.may_pass_hundred(group)))
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
                ..self.finding(Kind::AboveWhole, group, message, std::slice::from_ref(entry))
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
        ranged || printed || group.id.is_some_and(|id| self.names.is_asked_above_hundred(id))
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
        let lang = if group.format == Format::En { Lang::En } else { Lang::Vi };
        let mut figures: Vec<String> = texts.iter().map(|one| written(one, lang)).collect();
        let mut sources = evidence.as_deref().map(super::relation::sources).unwrap_or_default();
        let parts = evidence.iter().flatten().flat_map(|one| &one.parts);
        for part in parts {
            if let Some(text) = self.as_written(part) {
                figures.push(text);
            }
        }
        let list = listed(&figures);
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

    pub(super) fn finding(
        &self,
        kind: Kind,
        group: &Group<'_>,
        message: Message,
        entries: &[Written<'_>],
    ) -> Finding {
        let places = entries.iter().map(|one| one.entry.place());
        Finding {
            kind,
            entity: self.case.entity.id.clone(),
            as_of: self.case.as_of,
            subject: group.indicator.name.clone(),
            figures: Vec::new(),
            message,
            sources: once(places),
        }
    }
}

/// Figures as a list that a person reads to its end.
fn listed(figures: &[String]) -> String {
    let shown = figures.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join("; ");
    match figures.len().checked_sub(LISTED) {
        None | Some(0) => shown,
        Some(more) => format!("{shown}; … (+{more})"),
    }
}

/// Places, each once.
pub(super) fn once(places: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    places.filter(|it| !it.is_empty() && seen.insert(it.clone())).collect()
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
