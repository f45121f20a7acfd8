//! Figures as people read them: `52,3 %`, `trên 80 %`, `22,3 điểm phần trăm`.
//!
//! Enters: exact numbers and their unit. Leaves: words in one language. The one idea: what a
//! person reads is short, but never says another thing than the exact figure: it stays on its
//! side of the threshold and of zero.

use std::borrow::Cow;

use super::figures::{decimal, sides};
use crate::calendar::Date;
use crate::diagnostic::Lang;
use crate::number::{Comparator, End, Interval, Rational, format_en, format_vi};
use crate::unit::Unit;
use crate::verdict::{InForce, Judgement, Measured};

/// Figures with at most so many digits after the point are shown exactly.
const EXACT_PLACES: u32 = 4;
/// All others are shown with so many.
const SHORT_PLACES: u32 = 2;

/// A place in a sentence where a figure of the data stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    Value,
    Numerator,
    Denominator,
    Distance,
    Step,
}

impl Gap {
    pub(super) const ALL: [Self; 5] =
        [Self::Value, Self::Numerator, Self::Denominator, Self::Distance, Self::Step];

    /// What stands for the figure where a sentence is only laid out: no text of people holds it.
    pub(super) const fn mark(self) -> char {
        match self {
            Self::Value => '\u{FDD0}',
            Self::Numerator => '\u{FDD1}',
            Self::Denominator => '\u{FDD2}',
            Self::Distance => '\u{FDD3}',
            Self::Step => '\u{FDD4}',
        }
    }
}

/// How one target's figures are worded.
#[derive(Debug)]
pub(super) struct Words<'a> {
    pub(super) lang: Lang,
    /// Figures are left open.
    open: bool,
    asked: Option<&'a InForce>,
    unit: Option<&'a Unit>,
    field: Option<&'a Rational>,
    /// The figures beside which a threshold stands that is itself computed.
    beside: Option<Vec<Rational>>,
    sides: Vec<Rational>,
}

impl<'a> Words<'a> {
    /// Words for figures in this unit, which are held against this threshold.
    pub(super) fn new(asked: Option<&'a InForce>, unit: Option<&'a Unit>, lang: Lang) -> Self {
        let sides = asked.map(sides).unwrap_or_default();
        let unit = unit.filter(|unit| **unit != Unit::YesNo);
        Self { lang, open: false, asked, unit, field: None, beside: None, sides }
    }

    /// Figures are left open: their marks stand for them.
    pub(super) fn left_open(self, open: bool) -> Self {
        Self { open, ..self }
    }

    /// A figure of the data, on its side of others.
    pub(super) fn figure_in(&self, gap: Gap, value: &Rational, sides: &[Rational]) -> String {
        if self.open { gap.mark().to_string() } else { short(value, sides, self.lang) }
    }

    /// The rank is asked in a field of this size.
    pub(super) fn in_field(self, field: Option<&'a Rational>) -> Self {
        Self { field, ..self }
    }

    /// The threshold is itself computed from figures, and may be shortened as they are; it stays
    /// on its side of these.
    pub(super) fn computed(self, beside: Vec<Rational>) -> Self {
        Self { beside: Some(beside), ..self }
    }

    /// The threshold of which these words speak.
    pub(super) fn asked(&self) -> Option<&'a InForce> {
        self.asked
    }

    /// The text in the language of these words.
    pub(super) fn pick(&self, vi: &'static str, en: &'static str) -> &'static str {
        pick(self.lang, vi, en)
    }

    /// A value in the unit of the comparison, without the unit.
    fn value(&self, value: &Rational) -> String {
        self.figure_in(Gap::Value, value, &self.sides)
    }

    /// A number followed by the unit of the comparison.
    fn with_unit(&self, number: &str) -> String {
        let label = self.unit.map(|unit| label(unit, self.lang));
        join(number, &label.unwrap_or_default())
    }

    /// The unit of the comparison; nothing of a yes or no.
    pub(super) fn unit(&self) -> Option<&'a Unit> {
        self.unit
    }

    /// Whether the target asks for a rank.
    pub(super) fn is_rank(&self) -> bool {
        match self.asked {
            Some(InForce::Rank { .. }) => true,
            Some(InForce::Bound { comparator, .. }) => {
                comparator.is_ceiling() && matches!(self.unit, Some(Unit::Rank))
            }
            _ => false,
        }
    }

    /// Whether lower figures are better, other than of ranks.
    pub(super) fn is_ceiling(&self) -> bool {
        match self.asked {
            Some(InForce::Bound { comparator, .. }) => comparator.is_ceiling() && !self.is_rank(),
            _ => false,
        }
    }

    /// A distance from the threshold: `22,3 điểm phần trăm`, `5 bậc`, `12 hồ sơ`.
    pub(super) fn distance(&self, distance: &Rational) -> String {
        let distance = distance.abs();
        let number = self.figure_in(Gap::Distance, &distance, &[]);
        let one = distance == Rational::from(1_i64);
        let points = if one { "percentage point" } else { "percentage points" };
        match self.unit {
            Some(Unit::Percent | Unit::PercentPoint) => {
                join(&number, self.pick("điểm phần trăm", points))
            }
            Some(Unit::Permille) => join(&number, self.pick("điểm phần nghìn", "per mille points")),
            _ if self.is_rank() => {
                join(&number, self.pick("bậc", if one { "place" } else { "places" }))
            }
            _ => self.with_unit(&number),
        }
    }

    /// A value in the unit of the comparison, on its side of the threshold: `45 %`.
    pub(super) fn size(&self, value: &Rational) -> String {
        self.with_unit(&self.value(value))
    }

    /// A value in the unit of the comparison, on its side of others.
    pub(super) fn amount_of(&self, value: &Rational, sides: &[Rational]) -> String {
        self.amount(&short(value, sides, self.lang))
    }

    /// The bound of the threshold without its comparator: `39 %`.
    pub(super) fn asked_level(&self) -> Option<String> {
        let Some(InForce::Bound { bound, .. }) = self.asked else { return None };
        let value = bound.is_point()?;
        let number = match &self.beside {
            Some(beside) => short(value, beside, self.lang),
            None => localised(&super::figures::unrounded(value), self.lang),
        };
        Some(self.with_unit(&number))
    }

    /// What was measured, as people say it, with its fraction: `36,58 % (225.020/615.198)`;
    /// nothing where nothing is known.
    pub(super) fn measured(&self, judgement: &Judgement) -> Option<String> {
        let alone = self.measured_alone(judgement)?;
        Some(match self.fraction(judgement) {
            Some(fraction) => format!("{alone} ({fraction})"),
            None => alone,
        })
    }

    /// What was measured, without the fraction.
    pub(super) fn measured_alone(&self, judgement: &Judgement) -> Option<String> {
        let text = self.figure(&judgement.measured, judgement.fraction.as_ref())?;
        let estimate = self.pick("ước ", "an estimated ");
        Some(if judgement.estimate { [estimate, &text].concat() } else { text })
    }

    /// A figure, with the fraction of which it is the numerator.
    pub(super) fn figure(
        &self,
        measured: &Measured,
        fraction: Option<&(Rational, Rational)>,
    ) -> Option<String> {
        Some(match measured {
            Measured::Nothing => return None,
            Measured::Truth(true) => self.pick("có", "yes").to_owned(),
            Measured::Truth(false) => self.pick("chưa", "no").to_owned(),
            Measured::About(value) => {
                let amount = self.amount(&self.value(value));
                format!("{} {amount}", self.pick("khoảng", "about"))
            }
            Measured::Within(interval) => match interval.is_point() {
                Some(value) => self.point(value, fraction),
                None => self.interval(interval)?,
            },
        })
    }

    /// The fraction behind a single value that is not its own numerator: `225.020/615.198`.
    pub(super) fn fraction(&self, judgement: &Judgement) -> Option<String> {
        let Measured::Within(interval) = &judgement.measured else { return None };
        let (numerator, denominator) = judgement.fraction.as_ref()?;
        let plain = |gap, number: &Rational| self.figure_in(gap, number, &[]);
        let (above, below) = (Gap::Numerator, Gap::Denominator);
        let beside = !self.is_numerator(interval.is_point()?, numerator);
        beside.then(|| format!("{}/{}", plain(above, numerator), plain(below, denominator)))
    }

    /// A number with its unit before or after it: `52,3 %`, `hạng 10`.
    fn amount(&self, number: &str) -> String {
        if self.is_rank() {
            format!("{} {number}", self.pick("hạng", "rank"))
        } else {
            self.with_unit(number)
        }
    }

    /// `trên 80 %`, `từ 75 đến 80 %`.
    fn interval(&self, interval: &Interval) -> Option<String> {
        let end = |end: &End| end.value().map(|value| self.value(value)).unwrap_or_default();
        let (low, high) = (end(&interval.low), end(&interval.high));
        let vi = self.lang == Lang::Vi;
        let text = match (&interval.low, &interval.high) {
            (End::Unbounded, End::Unbounded) => return None,
            (End::Open(_), End::Unbounded) if vi => format!("trên {}", self.amount(&low)),
            (End::Open(_), End::Unbounded) => format!("over {}", self.amount(&low)),
            (_, End::Unbounded) if vi => format!("từ {} trở lên", self.amount(&low)),
            (_, End::Unbounded) => format!("at least {}", self.amount(&low)),
            (End::Unbounded, End::Open(_)) if vi => format!("dưới {}", self.amount(&high)),
            (End::Unbounded, End::Open(_)) => format!("under {}", self.amount(&high)),
            (End::Unbounded, _) if vi => format!("không quá {}", self.amount(&high)),
            (End::Unbounded, _) => format!("at most {}", self.amount(&high)),
            (from, to) => self.amount(&self.range(from, to)),
        };
        Some(text)
    }

    /// `từ 75 đến 80`, `trên 75 đến dưới 80`.
    fn range(&self, low: &End, high: &End) -> String {
        let number = |end: &End| end.value().map(|value| self.value(value)).unwrap_or_default();
        let open = |end: &End| matches!(end, End::Open(_));
        let from = if open(low) { self.pick("trên", "over") } else { self.pick("từ", "") };
        let under = if open(high) { self.pick("dưới ", "under ") } else { "" };
        let to = self.pick("đến", "to");
        let text = format!("{from} {} {to} {under}{}", number(low), number(high));
        text.trim_start().to_owned()
    }

    /// The value of a/b in this unit is a, not a quotient that happens to equal it (37/100 in `%`).
    fn is_numerator(&self, value: &Rational, numerator: &Rational) -> bool {
        let quotient = self.unit.is_some_and(|unit| unit.fraction_factor().is_some());
        !quotient && value == numerator
    }

    /// `52,3 %`; a value that is its own numerator is written `12/14`.
    fn point(&self, value: &Rational, fraction: Option<&(Rational, Rational)>) -> String {
        let number = self.value(value);
        match fraction {
            Some((numerator, denominator)) if self.is_numerator(value, numerator) => {
                let below = self.figure_in(Gap::Denominator, denominator, &[]);
                self.amount(&format!("{number}/{below}"))
            }
            _ => self.amount(&number),
        }
    }

    /// The threshold, as people say it: `>= 30 %`, `từ 20 đến 80 %`, `tốp 15`, `có`; nothing where
    /// none is known.
    pub(super) fn threshold(&self) -> Option<String> {
        // What a document states is never rounded, not even for people.
        let number = |value: &Rational| match &self.beside {
            Some(beside) => short(value, beside, self.lang),
            None => localised(&super::figures::unrounded(value), self.lang),
        };
        let top = self.pick("tốp", "top");
        Some(match self.asked? {
            InForce::Truth { expected: true } => self.pick("có", "yes").to_owned(),
            InForce::Truth { .. } => self.pick("không", "no").to_owned(),
            InForce::Rank { within } => match self.field {
                None => format!("{top} {}", number(within)),
                Some(field) => format!("{top} {}/{}", number(within), number(field)),
            },
            InForce::Bound { comparator, unstated: true, .. } => {
                format!("{} {}", comparator.symbol(), self.pick("chưa rõ", "unstated"))
            }
            InForce::Bound { comparator, bound, .. } => match bound.is_point() {
                Some(value) if *comparator == Comparator::AtMost && self.is_rank() => {
                    format!("{top} {}", number(value))
                }
                Some(value) => join(comparator.symbol(), &self.with_unit(&number(value))),
                None => format!("{} ({})", comparator.symbol(), self.interval(bound)?),
            },
            InForce::Within { low, high } => {
                let from = self.pick("từ ", "");
                let to = self.pick("đến", "to");
                self.with_unit(&format!("{from}{} {to} {}", number(low), number(high)))
            }
        })
    }

    /// The threshold as a level: `7 %`, `tốp 10`, `> 7 %`.
    pub(super) fn level(&self) -> Option<String> {
        match self.asked {
            Some(InForce::Bound { comparator, bound, unstated: false }) if !self.is_rank() => {
                let value = localised(&super::figures::unrounded(bound.is_point()?), self.lang);
                let strict = matches!(
                    comparator,
                    Comparator::MoreThan | Comparator::LessThan | Comparator::NotEqual
                );
                if strict { self.threshold() } else { Some(self.with_unit(&value)) }
            }
            _ => self.threshold(),
        }
    }

    /// What is known of a threshold that the document does not print, as `dưới 25,13 %`; nothing
    /// where that is no more than that a percentage lies between 0 and 100.
    pub(super) fn known_of_unstated(&self) -> Option<String> {
        let Some(InForce::Bound { bound, .. }) = self.asked else { return None };
        let percent = matches!(self.unit, Some(Unit::Percent));
        let open = |end: &End, natural: i64| match end {
            End::Closed(value) if percent && *value == Rational::from(natural) => End::Unbounded,
            other => other.clone(),
        };
        self.interval(&Interval { low: open(&bound.low, 0), high: open(&bound.high, 100) })
    }

    /// The threshold, where figures leave it open within bounds: `trên 64 hồ sơ`.
    pub(super) fn open_threshold(&self) -> Option<String> {
        match self.asked {
            Some(InForce::Bound { bound, unstated: false, .. }) if bound.is_point().is_none() => {
                self.interval(bound)
            }
            _ => None,
        }
    }
}

/// The text in a language.
pub(super) fn pick(lang: Lang, vi: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// A unit as people write it.
pub(super) fn label(unit: &Unit, lang: Lang) -> String {
    unit.label(crate::check::model::number_format(lang))
}

/// A day as people write it; both languages write day, month, year.
pub(super) fn day(date: Date) -> String {
    date.to_vi()
}

/// A number for people: exact where it is short, else with two digits after the point, or more
/// where fewer would bring it to one of `sides`.
pub(super) fn short(value: &Rational, sides: &[Rational], lang: Lang) -> String {
    let places = match value.decimal_places() {
        Some(places) if places <= EXACT_PLACES => places,
        _ => SHORT_PLACES,
    };
    let with_zero: Vec<Rational> =
        sides.iter().cloned().chain(std::iter::once(Rational::zero())).collect();
    localised(&decimal(value, places, &with_zero), lang)
}

/// A plain decimal or fraction with the marks of a language.
fn localised(plain: &str, lang: Lang) -> String {
    match lang {
        Lang::Vi => format_vi(plain),
        Lang::En => format_en(plain),
    }
}

/// A number and what stands behind it.
pub(super) fn join(number: &str, label: &str) -> String {
    if label.is_empty() { number.to_owned() } else { [number, " ", label].concat() }
}

/// Names in quotes, the first five of them, and how many more there are.
pub(super) fn quoted(names: &[String], lang: Lang) -> String {
    const SHOWN: usize = 5;
    let mut text = String::new();
    for name in names.iter().take(SHOWN) {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push('“');
        text.push_str(&cut(name));
        text.push('”');
    }
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => text,
        Some(more) if lang == Lang::Vi => format!("{text} và {more} mục khác"),
        Some(more) => format!("{text} and {more} more"),
    }
}

/// Foreign text on one line: without control characters, and not longer than a message bears.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 160;
    super::width::cut(super::width::clean(text), LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::asked::Asked;
    use crate::report::testing::{compare, judgement, model, number, truth};
    use crate::verdict::Verdict;

    fn noun(noun: &str) -> Unit {
        Unit::Count { noun: Some(noun.to_owned()) }
    }

    #[test]
    fn measured_values_are_said_in_both_languages() {
        let cases = [
            (Unit::Percent, "52.3", "52,3 %", "52.3 %"),
            (Unit::Percent, "> 80", "trên 80 %", "over 80 %"),
            (Unit::Percent, ">= 80", "từ 80 % trở lên", "at least 80 %"),
            (Unit::Percent, "< 5", "dưới 5 %", "under 5 %"),
            (Unit::Percent, "<= 5", "không quá 5 %", "at most 5 %"),
            (Unit::Percent, "75 .. 80", "từ 75 đến 80 %", "75 to 80 %"),
            (Unit::Count { noun: None }, "~ 65000", "khoảng 65.000", "about 65,000"),
            (noun("hồ sơ"), "1234567", "1.234.567 hồ sơ", "1,234,567 hồ sơ"),
            (Unit::Rank, "10", "hạng 10", "rank 10"),
            (Unit::Percent, "yes", "có", "yes"),
            (Unit::Percent, "110/3", "36,67 %", "36.67 %"),
            (Unit::Percent, "29.999999", "29,999999 %", "29.999999 %"),
            (Unit::Percent, "1/3000", "0,0003 %", "0.0003 %"),
            (Unit::Times, "0.0523", "0,0523 lần", "0.0523 times"),
        ];
        for (unit, figure, vi, en) in cases {
            let model = model(vec![("a", compare("<= 30", unit))]);
            let judgement = judgement(&model, 0, Verdict::Met, figure);
            let words = |lang| Asked::new(&model, &judgement).unwrap().words(lang);
            let say = |lang| words(lang).measured(&judgement);
            assert_eq!(say(Lang::Vi).as_deref(), Some(vi), "{figure}");
            assert_eq!(say(Lang::En).as_deref(), Some(en), "{figure}");
        }
    }

    #[test]
    fn fractions_stand_beside_their_value() {
        let cases = [
            (Unit::Percent, "22502000/615198", "36,58 % (225.020/615.198)", ("225020", "615198")),
            (noun("dịch vụ"), "12", "12/14 dịch vụ", ("12", "14")),
            (Unit::Rank, "10", "hạng 10/63", ("10", "63")),
        ];
        for (unit, figure, vi, (numerator, denominator)) in cases {
            let condition = compare(">= 40", unit.clone());
            let rank = compare("top 40", unit);
            let condition = if figure == "10" { rank } else { condition };
            let model = model(vec![("a", condition)]);
            let mut judgement = judgement(&model, 0, Verdict::NotMet, figure);
            judgement.fraction = Some((number(numerator), number(denominator)));
            let words = Asked::new(&model, &judgement).unwrap().words(Lang::Vi);
            assert_eq!(words.measured(&judgement).as_deref(), Some(vi));
        }
    }

    #[test]
    fn thresholds_are_said_in_both_languages() {
        let cases = [
            (compare(">= 30", Unit::Percent), ">= 30 %", ">= 30 %"),
            (
                compare("20 .. 80.123456", Unit::Percent),
                "từ 20 đến 80,123456 %",
                "20 to 80.123456 %",
            ),
            (compare("top 15", Unit::Rank), "tốp 15", "top 15"),
            (compare("top 30/63", Unit::Rank), "tốp 30/63", "top 30/63"),
            (compare("<= 15", Unit::Rank), "tốp 15", "top 15"),
            (compare(">= 600000", noun("hồ sơ")), ">= 600.000 hồ sơ", ">= 600,000 hồ sơ"),
            (compare(">= 1/3", Unit::Times), ">= 1/3 lần", ">= 1/3 times"),
            (truth(true), "có", "yes"),
            (truth(false), "không", "no"),
        ];
        for (condition, vi, en) in cases {
            let model = model(vec![("a", condition)]);
            let judgement = judgement(&model, 0, Verdict::Met, "1");
            let say = |lang| Asked::new(&model, &judgement).unwrap().words(lang).threshold();
            assert_eq!(say(Lang::Vi).as_deref(), Some(vi));
            assert_eq!(say(Lang::En).as_deref(), Some(en));
        }
    }

    #[test]
    fn long_lists_of_hostile_names_stay_short() {
        let names: Vec<String> = (1..=7).map(|n| format!("xã {n}\u{1b}[31m\n")).collect();
        assert_eq!(
            quoted(&names, Lang::Vi),
            "“xã 1 [31m”, “xã 2 [31m”, “xã 3 [31m”, “xã 4 [31m”, “xã 5 [31m” và 2 mục khác"
        );
        assert_eq!(quoted(&["x".repeat(10_000)], Lang::En).chars().count(), 162);
        assert_eq!(quoted(&[], Lang::En), "");
    }
}
