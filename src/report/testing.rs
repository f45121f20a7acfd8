//! Models and judgements that the tests of this module print.

use crate::calendar::{Date, Period};
use crate::check::model::{
    Branch, Comparison, Condition, Expr, Indicator, IndicatorId, Milestone, Model, Programme,
    ProgrammeId, Target, TargetId, Threshold, Version,
};
use crate::diagnostic::Lang;
use crate::number::{Comparator, Decimal, Interval, Rational};
use crate::source::{SourceId, Span};
use crate::unit::Unit;
use crate::verdict::{InForce, Judgement, Measured, Verdict};

const NOWHERE: Span = Span { source: SourceId(0), start: 0, end: 0 };

/// A number from `-1.5` or `p/q`.
pub(super) fn number(text: &str) -> Rational {
    let (p, q) = text.split_once('/').unwrap_or((text, "1"));
    let part = |text| Rational::from(Decimal::parse(text).unwrap());
    part(p).div(&part(q)).unwrap()
}

/// A day from its ISO form.
pub(super) fn day(text: &str) -> Date {
    let parts: Vec<i32> = text.split('-').map(|part| part.parse().unwrap()).collect();
    let small = |part: i32| u32::try_from(part).unwrap();
    Date::new(parts[0], small(parts[1]), small(parts[2])).unwrap()
}

/// Exactly this number, or `> 80`, `<= 5`, `75 .. 80`, `~ 8`, `yes`, `no`, `none`.
pub(super) fn measured(text: &str) -> Measured {
    if let Some((low, high)) = text.split_once(" .. ") {
        return Measured::Within(Interval::between(number(low), number(high)));
    }
    let within = |interval| Measured::Within(interval);
    match text.split_once(' ') {
        Some((">", value)) => within(Interval::more_than(number(value))),
        Some((">=", value)) => within(Interval::at_least(number(value))),
        Some(("<", value)) => within(Interval::less_than(number(value))),
        Some(("<=", value)) => within(Interval::at_most(number(value))),
        Some(("~", value)) => Measured::About(number(value)),
        _ => match text {
            "yes" => Measured::Truth(true),
            "no" => Measured::Truth(false),
            "none" => Measured::Nothing,
            value => within(Interval::point(number(value))),
        },
    }
}

/// `>= 30`, `20 .. 80`, `top 15`, `top 30/63` as a condition on the first indicator.
pub(super) fn compare(text: &str, unit: Unit) -> Condition {
    let threshold = if let Some((low, high)) = text.split_once(" .. ") {
        Threshold::Within { low: number(low), high: number(high) }
    } else {
        let (symbol, value) = text.split_once(' ').unwrap();
        let comparator = match symbol {
            ">=" => Comparator::AtLeast,
            ">" => Comparator::MoreThan,
            "<=" => Comparator::AtMost,
            "<" => Comparator::LessThan,
            "=" => Comparator::Equal,
            _ => Comparator::NotEqual,
        };
        match value.split_once('/') {
            Some((within, field)) if symbol == "top" => {
                Threshold::Rank { within: number(within), field: Some(number(field)) }
            }
            None if symbol == "top" => Threshold::Rank { within: number(value), field: None },
            _ => Threshold::Bound { comparator, value: number(value) },
        }
    };
    Condition::Compare(Comparison { measure: Expr::Indicator(IndicatorId(0)), unit, threshold })
}

/// The threshold of a condition, as far as the rule states it.
pub(super) fn asked_of(condition: &Condition) -> Option<InForce> {
    match condition {
        Condition::Compare(comparison) => InForce::stated(&comparison.threshold),
        Condition::Truth { expected, .. } => Some(InForce::Truth { expected: *expected }),
        _ => None,
    }
}

/// A yes/no condition on the first indicator.
pub(super) fn truth(expected: bool) -> Condition {
    Condition::Truth { indicator: IndicatorId(0), expected }
}

/// A programme with one target for each name and condition, all in one group.
pub(super) fn model(conditions: Vec<(&str, Condition)>) -> Model {
    let mut model = Model {
        programmes: vec![Programme {
            code: "KH-CDS-2023".to_owned(),
            name: "Kế hoạch chuyển đổi số 2023".to_owned(),
            lang: Lang::Vi,
            abbreviations: crate::text::Abbreviations::default(),
            names: std::collections::HashMap::new(),
            groups: Vec::new(),
        }],
        ..Model::default()
    };
    for (place, (name, condition)) in conditions.into_iter().enumerate() {
        let unit = match &condition {
            Condition::Compare(comparison) => comparison.unit.clone(),
            _ => Unit::YesNo,
        };
        model.indicators.push(Indicator {
            programme: ProgrammeId(0),
            name: name.to_owned(),
            unit,
            bare_is_ambiguous: false,
            bare_power: 0,
            range: None,
            formula: None,
            aliases: Vec::new(),
            higher_is_better: None,
            source: None,
            may_be_negative: false,
            span: NOWHERE,
        });
        model.targets.push(target(place, name, condition));
    }
    model
}

fn target(place: usize, name: &str, condition: Condition) -> Target {
    let due = Some(day("2023-12-31"));
    let version = Version {
        from: None,
        group: Some("Chính quyền số".to_owned()),
        name: name.to_owned(),
        scope: Vec::new(),
        window: Period { first: Some(day("2023-01-01")), last: due },
        milestones: vec![Milestone { due, branches: vec![Branch { when: None, condition }] }],
        baselines: Vec::new(),
        stretch: None,
        scoring: None,
        replaces: None,
        follows: None,
        replaced_by: None,
        legal_basis: None,
        owner: None,
        note: None,
        span: NOWHERE,
    };
    let code = format!("CQS-{:02}", place + 1);
    Target { programme: ProgrammeId(0), code, versions: vec![version] }
}

/// A judgement of the target at this place, with the threshold that its rule states, and with
/// nothing beside the verdict and the figure.
pub(super) fn judgement(model: &Model, target: u32, verdict: Verdict, figure: &str) -> Judgement {
    let version = model.targets.get(target as usize).map(|target| &target.versions[0]);
    let condition = version.map(|version| &version.milestones[0].branches[0].condition);
    let unit = match condition {
        Some(Condition::Compare(comparison)) => Some(comparison.unit.clone()),
        Some(Condition::Truth { .. }) => Some(Unit::YesNo),
        _ => None,
    };
    Judgement {
        target: TargetId(target),
        entity: Some("br-vt".to_owned()),
        as_of: day("2023-06-30"),
        verdict,
        reason: None,
        progress: None,
        measured: measured(figure),
        threshold: condition.and_then(asked_of),
        unit,
        due: Some(day("2023-12-31")),
        stretch: None,
        margin: None,
        attainment: None,
        points: None,
        fraction: None,
        change: None,
        rounding_sensitive: false,
        estimate: false,
        step: None,
        parts: Vec::new(),
        units: None,
        failing: Vec::new(),
        unreported: Vec::new(),
        missing: Vec::new(),
        sources: Vec::new(),
        evidence: Vec::new(),
    }
}
