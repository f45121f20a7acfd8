//! Units of indicators: each has the unit that its own thresholds are written in.
//!
//! Enters: all conditions of a programme. Leaves: a unit for each indicator, and diagnostics where
//! two thresholds disagree. Growth and quotients give none; an indicator that gets none is in `%`
//! where its name says that it is a share, else a plain number.

use super::reader::{Asked, Quantity, error, replace};
use super::words::is_share;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Lang, Message};
use crate::number::Format;
use crate::source::Span;
use crate::unit::Unit;

/// What one threshold says of its indicator's unit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim {
    pub(super) unit: Unit,
    pub(super) span: Span,
    /// The number stands without a unit.
    pub(super) bare: bool,
    /// Scale words stand behind the number.
    pub(super) scaled: bool,
    pub(super) negative: bool,
}

impl Claim {
    /// A unit that is written out.
    pub(super) const fn of(unit: Unit, span: Span) -> Self {
        Self { unit, span, bare: false, scaled: false, negative: false }
    }
}

/// The claims that what is asked of one indicator makes.
pub(super) fn claims(asked: &Asked) -> Vec<Claim> {
    let of = claim;
    match asked {
        Asked::Bound(_, quantity) => vec![of(quantity)],
        Asked::Within(low, high) => vec![of(low), of(high)],
        Asked::Rank { span, .. } => {
            vec![Claim::of(Unit::Rank, *span)]
        }
        Asked::Against(..) => Vec::new(),
        Asked::Unstated { within, .. } => within.iter().map(|(_, quantity)| of(quantity)).collect(),
        Asked::Truth { span, .. } => {
            vec![Claim::of(Unit::YesNo, *span)]
        }
    }
}

/// The claim that one quantity makes.
pub(super) fn claim(quantity: &Quantity) -> Claim {
    Claim {
        unit: quantity.unit.clone().unwrap_or_else(Unit::plain),
        span: quantity.span,
        bare: quantity.unit.is_none(),
        scaled: quantity.scaled,
        negative: quantity.value.is_negative(),
    }
}

/// The unit that all claims agree on; `declared` comes before them all, with the text of a unit
/// that begins with scale words, for which bare numbers have two readings.
pub(super) fn agreed(
    name: &str,
    key: &str,
    declared: Option<(&Claim, Option<&str>)>,
    claims: &[Claim],
    lang: Lang,
    found: &mut Diagnostics,
) -> Unit {
    let stated = claims.iter().find(|claim| !claim.bare).or_else(|| claims.first());
    let scaled = declared.and_then(|(_, scaled)| scaled);
    let Some(first) = declared.map(|(claim, _)| claim).or(stated) else {
        return if is_share(key) { Unit::Percent } else { Unit::plain() };
    };
    for claim in claims {
        // Only what is declared a difference of shares is one without a base to differ from.
        let difference = declared.is_some_and(|claim| claim.0.unit == Unit::PercentPoint);
        let level = difference || claim.unit != Unit::PercentPoint;
        let fits = claim.unit.same_kind(&first.unit) && level;
        let named_share = declared.is_none() && claim.bare && is_share(key);
        if named_share || (claim.bare && !fits) {
            found.push(bare_number(name, claim, &sign(&first.unit, lang)));
        } else if let Some(unit) = scaled.filter(|_| claim.bare && !claim.scaled) {
            found.push(bare_number(name, claim, unit));
        } else if !level {
            found.push(point_is_no_level(name, claim));
        } else if !fits {
            found.push(two_units(name, claim, first, lang));
        }
    }
    first.unit.clone()
}

fn label(unit: &Unit, lang: Lang) -> String {
    let label = unit.label(format(lang));
    match (label.is_empty(), lang) {
        (false, _) => label,
        (true, Lang::Vi) => "số".to_owned(),
        (true, Lang::En) => "a number".to_owned(),
    }
}

pub(super) const fn format(lang: Lang) -> Format {
    crate::check::model::number_format(lang)
}

fn sign(unit: &Unit, lang: Lang) -> String {
    match unit {
        Unit::Count { noun: None } => "%".to_owned(),
        other => other.label(format(lang)),
    }
}

fn bare_number(name: &str, claim: &Claim, sign: &str) -> Diagnostic {
    let gap = if sign == "%" { "" } else { " " };
    let end = Span { start: claim.span.end, ..claim.span };
    error(
        Code::PercentExpected,
        claim.span,
        format!("ngưỡng của `{name}` thiếu đơn vị tính `{sign}`"),
        format!("the threshold of `{name}` lacks its unit `{sign}`"),
    )
    .with_fix(replace(end, format!("{gap}{sign}"), "thêm đơn vị tính", "add the unit"))
}

fn point_is_no_level(name: &str, claim: &Claim) -> Diagnostic {
    error(
        Code::UnitsDoNotCompare,
        claim.span,
        format!("`{name}` là một mức, không so sánh được với điểm phần trăm"),
        format!("`{name}` is a level and does not compare with percentage points"),
    )
    .with_help(Message::new(
        "điểm phần trăm là chênh lệch giữa hai tỷ lệ; ngưỡng viết bằng `%`",
        "percentage points are a difference of shares; write the threshold in `%`",
    ))
}

fn two_units(name: &str, claim: &Claim, first: &Claim, lang: Lang) -> Diagnostic {
    let (own, other) = (label(&claim.unit, lang), label(&first.unit, lang));
    error(
        Code::TwoUnits,
        claim.span,
        format!("`{name}` có hai đơn vị tính: `{own}` và `{other}`"),
        format!("`{name}` has two units: `{own}` and `{other}`"),
    )
    .with_label(
        first.span,
        Message::new(format!("ở đây là `{other}`"), format!("here it is `{other}`")),
    )
}
