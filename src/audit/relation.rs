//! `kiểm tra:` — the relations that rules state of data.
//!
//! Enters: a check and a case. Leaves: a finding where the relation does not hold, cannot be
//! decided, or lacks a figure beside others that are there. The one idea: the evaluator compares
//! the difference of both sides with the tolerance.

use super::find::{Auditor, once};
use super::{Finding, Kind};
use crate::calendar::Period;
use crate::check::model::{Check, Comparison, Condition, Expr, Moment, Threshold};
use crate::diagnostic::{Lang, Message};
use crate::explain::words;
use crate::number::{Comparator, Rational};
use crate::reference::{Answer, Asked, Evidence};
use crate::snapshot::{Entry, Figure};
use crate::verdict::{Measured, Verdict};

impl Auditor<'_> {
    pub(super) fn relations(&self, found: &mut Vec<Finding>) {
        for check in &self.model.checks {
            if self.reference.applies(&check.scope, self.case) == Answer::Yes {
                found.extend(self.relation(check));
            }
        }
    }

    fn relation(&self, check: &Check) -> Option<Finding> {
        let condition = condition(check);
        let moments = moments(&condition);
        if moments.iter().any(|moment| self.is_inside(*moment)) {
            return None;
        }
        let window = Period::all();
        let asked =
            self.reference.ask(self.case, check.programme, (&window, &check.scope), &condition);
        let needed = crate::reference::needed(&condition);
        let figures = self.reference.evidence(self.case, check.programme, &window, &needed);
        let kind = match asked.verdict {
            Verdict::NotMet => Kind::Relation,
            Verdict::Undetermined => Kind::Undecided,
            Verdict::NoData if figures.iter().all(|it| it.figure == Figure::Absent) => return None,
            // Before the first snapshot there is nothing to compare it with.
            Verdict::NoData if !moments.is_empty() && self.is_first() => return None,
            Verdict::NoData => Kind::Missing,
            _ => return None,
        };
        let both = |lang| self.sides(check, &window, lang);
        let off = |lang| difference(check, &asked, lang);
        let text = &check.text;
        let message = match kind {
            Kind::Missing => Message::new(
                format!("không kiểm tra được `{text}`: thiếu {}", asked.missing.join(", ")),
                format!("`{text}` cannot be checked: {} missing", asked.missing.join(", ")),
            ),
            Kind::Undecided => Message::new(
                format!("chưa đủ căn cứ để kiểm tra `{text}`: {}", both(Lang::Vi)),
                format!("`{text}` is left open by bounds: {}", both(Lang::En)),
            ),
            _ => Message::new(
                format!("không đúng `{text}`: {}{}", both(Lang::Vi), off(Lang::Vi)),
                format!("`{text}` does not hold: {}{}", both(Lang::En), off(Lang::En)),
            ),
        };
        Some(Finding {
            kind,
            entity: self.case.entity.id.clone(),
            as_of: self.case.as_of,
            subject: text.clone(),
            figures: figures.iter().filter_map(|it| self.as_written(it)).collect(),
            message,
            sources: once(sources(&figures).into_iter().chain(asked.sources)),
        })
    }

    /// Whether the snapshot lies in a period that a relation compares others with, or before it.
    fn is_inside(&self, moment: Moment) -> bool {
        match moment {
            Moment::In(period) => period.last.is_none_or(|last| self.case.as_of <= last),
            _ => false,
        }
    }

    /// Whether the snapshot is the first of its entity.
    fn is_first(&self) -> bool {
        let first = self.data.history(self.case.entity).first();
        let first = first.and_then(|number| self.data.snapshots.get(*number as usize));
        first.is_none_or(|first| first.as_of == self.case.as_of)
    }

    /// `99,97 % so với 100 %`.
    fn sides(&self, check: &Check, window: &Period, lang: Lang) -> String {
        let value = |side: &Expr| {
            let condition = Condition::Compare(Comparison {
                measure: side.clone(),
                unit: check.unit.clone(),
                threshold: Threshold::Bound {
                    comparator: Comparator::AtLeast,
                    value: Rational::zero(),
                },
            });
            match self
                .reference
                .ask(self.case, check.programme, (window, &check.scope), &condition)
                .measured
            {
                Measured::Within(value) => words::interval(&value, Some(&check.unit), lang),
                Measured::About(value) => {
                    let about = words::pick(lang, "khoảng", "about");
                    format!("{about} {}", words::amount(&value, Some(&check.unit), lang))
                }
                // A side without figures is a number of the rule.
                _ => match crate::reference::quantity(side, &|_| None) {
                    Some(value) => words::amount(&value, Some(&check.unit), lang),
                    None => "?".to_owned(),
                },
            }
        };
        let (left, right) = (value(&check.left), value(&check.right));
        let asked = match check.comparator {
            Comparator::Equal => words::equals(&right),
            other => format!("{} {right}", other.symbol()),
        };
        match lang {
            Lang::Vi => format!("có {left}, cần {asked}"),
            Lang::En => format!("found {left}, asked {asked}"),
        }
    }

    /// `tỷ lệ đúng hạn: 96%`.
    pub(super) fn as_written(&self, evidence: &Evidence<'_>) -> Option<String> {
        let name = &self.model.indicator(evidence.indicator)?.name;
        let given = evidence.given.iter();
        let texts: Vec<String> =
            given.map(|it| crate::explain::written(&it.measurement(), Lang::Vi)).collect();
        (!texts.is_empty()).then(|| format!("{name}: {}", texts.join("; ")))
    }
}

/// The other times that a condition names.
fn moments(condition: &Condition) -> Vec<Moment> {
    let Condition::Compare(comparison) = condition else { return Vec::new() };
    let mut linked = Vec::new();
    comparison.measure.linked(&mut linked);
    let moment = |expr: &Expr| match expr {
        Expr::At(_, moment) => Some(*moment),
        _ => None,
    };
    linked.into_iter().filter_map(moment).collect()
}

/// Left less right, against the tolerance.
fn condition(check: &Check) -> Condition {
    let off = &check.tolerance;
    let bound = |comparator: Comparator, value: Rational| Threshold::Bound { comparator, value };
    let threshold = match check.comparator {
        Comparator::Equal => Threshold::Within { low: -off, high: off.clone() },
        Comparator::AtLeast | Comparator::MoreThan => bound(check.comparator, -off),
        Comparator::AtMost | Comparator::LessThan => bound(check.comparator, off.clone()),
        Comparator::NotEqual => bound(check.comparator, Rational::zero()),
    };
    let measure = Expr::Subtract(Box::new(check.left.clone()), Box::new(check.right.clone()));
    Condition::Compare(Comparison { measure, unit: check.unit.clone(), threshold })
}

/// `, lệch -0,03 điểm phần trăm (sai số cho phép 0,01)`.
fn difference(check: &Check, asked: &Asked, lang: Lang) -> String {
    let Measured::Within(value) = &asked.measured else { return String::new() };
    let unit = words::difference(Some(&check.unit));
    let value = words::interval(value, unit.as_ref(), lang);
    let allowed = match (
        check.tolerance.is_zero(),
        words::amount(&check.tolerance, unit.as_ref(), lang),
        lang,
    ) {
        (true, ..) => String::new(),
        (false, allowed, Lang::Vi) => format!(" (sai số cho phép {allowed})"),
        (false, allowed, Lang::En) => format!(" (tolerance {allowed})"),
    };
    match lang {
        Lang::Vi => format!(", lệch {value}{allowed}"),
        Lang::En => format!(", off by {value}{allowed}"),
    }
}

/// The places of figures and of what they are made of, each once.
pub(super) fn sources(figures: &[Evidence<'_>]) -> Vec<String> {
    let mut all = Vec::new();
    for figure in figures {
        let own = figure.given.iter().map(Entry::record);
        for place in own.chain(sources(&figure.parts)) {
            if !place.is_empty() && !all.contains(&place) {
                all.push(place);
            }
        }
    }
    all
}
