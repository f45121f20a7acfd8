//! The words of a verdict that figures decided: exceeded, met, not met, not due.
//!
//! Enters: a judgement with its condition. Leaves: what was compared, and what follows from it.
//! The one idea: the sense of the condition (floor, ceiling, rank, range, yes) chooses the words.
//! Invariant: of a ceiling nobody says `vượt`, and of a bound the distance is a least one. The
//! tests stand with the whole sentences, in [`super::message()`].

use super::asked::Asked;
use super::grown;
use super::undecided::not_stated;
use super::words::{Gap, Words, day, join, quoted};
use crate::diagnostic::Lang;
use crate::number::{Comparator, Rational};
use crate::verdict::{InForce, Judgement, Measured, Step, Verdict};

/// How a condition is worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    Floor,
    Ceiling,
    Rank,
    Equal,
    Unequal,
    Range,
    Yes,
    No,
    /// Nothing is asked of a figure.
    Other,
}

/// A judgement that figures decided, and how it is worded.
pub(super) struct Decided<'a> {
    words: Words<'a>,
    judgement: &'a Judgement,
    asked: Asked<'a>,
}

impl<'a> Decided<'a> {
    pub(super) fn new(words: Words<'a>, asked: Asked<'a>) -> Self {
        Self { words, judgement: asked.judgement, asked }
    }

    fn sense(&self) -> Sense {
        match self.words.asked() {
            None => Sense::Other,
            Some(InForce::Truth { expected: true }) => Sense::Yes,
            Some(InForce::Truth { .. }) => Sense::No,
            Some(InForce::Within { .. }) => Sense::Range,
            _ if self.words.is_rank() => Sense::Rank,
            Some(InForce::Rank { .. }) => Sense::Rank,
            Some(InForce::Bound { comparator, .. }) => match comparator {
                Comparator::AtLeast | Comparator::MoreThan => Sense::Floor,
                Comparator::AtMost | Comparator::LessThan => Sense::Ceiling,
                Comparator::Equal => Sense::Equal,
                Comparator::NotEqual => Sense::Unequal,
            },
        }
    }

    /// `52,3 % so với yêu cầu >= 30 %: `; a yes or no stands for itself.
    pub(super) fn opening(&self) -> String {
        if self.unstated() {
            return format!("{}; ", not_stated(&self.words));
        }
        let compared = grown::compared(self.asked, &self.words).or_else(|| self.compared());
        compared.map(|compared| compared + ": ").unwrap_or_default()
    }

    fn compared(&self) -> Option<String> {
        let against = match self.sense() {
            Sense::Yes | Sense::No => return None,
            Sense::Ceiling => self.words.pick("so với mức cho phép", "against the permitted"),
            _ => self.words.pick("so với yêu cầu", "against the required"),
        };
        let units = super::units::counted(&self.words, self.judgement);
        let measured = units.or_else(|| self.words.measured(self.judgement))?;
        let from = match self.asked.computed_from().filter(|names| !names.is_empty()) {
            Some(names) => format!(
                " ({} {})",
                self.words.pick("tính từ", "computed from"),
                quoted(&names, self.words.lang)
            ),
            None => String::new(),
        };
        let threshold = self.words.threshold()?;
        Some([&measured, " ", against, " ", &threshold, &from].concat())
    }

    fn unstated(&self) -> bool {
        matches!(self.words.asked(), Some(InForce::Bound { unstated: true, .. }))
    }

    /// How a figure stands to a level that nobody stated: `100 % đạt với mọi mức`.
    fn whatever_it_is(&self) -> String {
        let measured = self.words.measured(self.judgement).unwrap_or_default();
        let ceiling = self.sense() == Sense::Ceiling;
        let stands = match self.judgement.verdict {
            Verdict::Exceeded if ceiling => {
                self.words.pick("thấp hơn mọi mức có thể", "is below every possible level")
            }
            Verdict::Exceeded => {
                self.words.pick("vượt mọi mức có thể", "is above every possible level")
            }
            Verdict::Met => self.words.pick("đạt với mọi mức", "satisfies every possible level"),
            _ => self.words.pick("không đạt với mức nào", "satisfies no possible level"),
        };
        format!("{measured} {stands}")
    }

    pub(super) fn follows(&self) -> String {
        let mut text = match self.judgement.verdict {
            Verdict::Exceeded | Verdict::Met if self.unstated() => self.whatever_it_is(),
            Verdict::Exceeded => self.exceeded(),
            Verdict::Met => self.met().to_owned(),
            Verdict::NotDue => self.not_due(),
            _ => self.gap(),
        };
        if let Some(step) = self.step() {
            text.push_str("; ");
            text.push_str(&step);
        }
        text
    }

    fn pick(&self, vi: &'static str, en: &'static str) -> String {
        self.words.pick(vi, en).to_owned()
    }

    /// A bound may lie farther from the threshold than its end.
    fn is_bound(&self) -> bool {
        match &self.judgement.measured {
            Measured::Within(interval) => interval.is_point().is_none(),
            _ => false,
        }
    }

    /// The size of the margin where it is known and not zero: `ít nhất 10 điểm phần trăm`.
    fn margin(&self) -> Option<String> {
        let margin = self.judgement.margin.as_ref().filter(|margin| !margin.is_zero())?;
        let least = if self.is_bound() { self.words.pick("ít nhất ", "at least ") } else { "" };
        let distance = self.words.distance(margin);
        Some(if least.is_empty() { distance } else { [least, &distance].concat() })
    }

    fn exceeded(&self) -> String {
        let vi = self.words.lang == Lang::Vi;
        match (self.sense(), self.margin()) {
            (Sense::Ceiling, Some(by)) if vi => ["thấp hơn mức cho phép ", &by].concat(),
            (Sense::Ceiling, Some(by)) => format!("{by} below the permitted level"),
            (Sense::Ceiling, None) => {
                self.pick("thấp hơn mức cho phép", "below the permitted level")
            }
            (_, Some(by)) if vi => ["vượt ", &by].concat(),
            (Sense::Rank, Some(by)) => format!("{by} better than required"),
            (_, Some(by)) => format!("{by} above the requirement"),
            (_, None) => self.pick("vượt mức yêu cầu", "above the requirement"),
        }
    }

    fn met(&self) -> &'static str {
        let equal =
            !self.is_bound() && self.judgement.margin.as_ref().is_some_and(Rational::is_zero);
        match self.sense() {
            Sense::Floor if equal => {
                self.words.pick("đạt đúng mức yêu cầu", "exactly at the requirement")
            }
            Sense::Ceiling if equal => {
                self.words.pick("đúng bằng mức cho phép", "exactly at the permitted level")
            }
            Sense::Ceiling => self.words.pick("trong mức cho phép", "within the permitted level"),
            Sense::Equal => self.words.pick("đạt đúng mức yêu cầu", "exactly as required"),
            Sense::Range => {
                self.words.pick("nằm trong khoảng yêu cầu", "within the required range")
            }
            Sense::Yes => self.words.pick("đã hoàn thành theo yêu cầu", "done as required"),
            Sense::No => {
                self.words.pick("không phát sinh, đúng yêu cầu", "did not occur, as required")
            }
            _ => self.words.pick("đạt yêu cầu", "meets the requirement"),
        }
    }

    /// What separates the figure from the threshold: `còn thiếu 3,2 điểm phần trăm`.
    fn gap(&self) -> String {
        let vi = self.words.lang == Lang::Vi;
        match (self.sense(), self.margin()) {
            _ if self.unstated() => self.whatever_it_is(),
            (Sense::Floor, Some(by)) if vi => ["còn thiếu ", &by].concat(),
            (Sense::Rank, Some(by)) if vi => format!("còn kém {by}"),
            (Sense::Floor | Sense::Rank, Some(by)) => format!("{by} short of the requirement"),
            (Sense::Ceiling, Some(by)) if vi => ["cao hơn mức cho phép ", &by].concat(),
            (Sense::Ceiling, Some(by)) => format!("{by} above the permitted level"),
            (Sense::Range | Sense::Equal, _) => self.beside(),
            (Sense::Yes, _) => self.pick("chưa hoàn thành", "not done yet"),
            (Sense::No, _) => {
                self.pick("có phát sinh, trong khi yêu cầu là không", "occurred, but must not")
            }
            (sense, _) => self.at_the_edge(sense),
        }
    }

    /// The figure stands at the threshold but does not satisfy it, or its distance is unknown.
    fn at_the_edge(&self, sense: Sense) -> String {
        let at = self.judgement.margin.as_ref().is_some_and(Rational::is_zero) && !self.is_bound();
        match sense {
            Sense::Floor if at => self.pick(
                "mới bằng mức nêu trong yêu cầu, chưa cao hơn",
                "equal to the stated level, which must be passed",
            ),
            Sense::Ceiling if at => self.pick(
                "bằng mức nêu trong yêu cầu, chưa thấp hơn",
                "equal to the stated level, below which it must stay",
            ),
            Sense::Ceiling => self.pick("cao hơn mức cho phép", "above the permitted level"),
            _ => self.pick("chưa đạt yêu cầu", "does not meet the requirement"),
        }
    }

    /// On which side of an asked value or range the figure lies, and how far.
    fn beside(&self) -> String {
        let aside = self.aside();
        let vi = self.words.lang == Lang::Vi;
        match aside {
            Some((true, by)) if vi => format!("thấp hơn mức yêu cầu {by}"),
            Some((false, by)) if vi => format!("cao hơn mức yêu cầu {by}"),
            Some((true, by)) => format!("{by} below what is required"),
            Some((false, by)) => format!("{by} above what is required"),
            None if self.sense() == Sense::Range => {
                self.pick("nằm ngoài khoảng yêu cầu", "outside the required range")
            }
            None => self.pick("chưa đúng mức yêu cầu", "not as required"),
        }
    }

    /// Whether the figure lies below, and its distance.
    fn aside(&self) -> Option<(bool, String)> {
        let Measured::Within(interval) = &self.judgement.measured else { return None };
        let value = interval.is_point()?;
        let (low, high) = match self.words.asked()? {
            InForce::Within { low, high } => (low, high),
            InForce::Bound { bound, .. } => (bound.is_point()?, bound.is_point()?),
            InForce::Rank { .. } | InForce::Truth { .. } => return None,
        };
        if value < low {
            Some((true, self.words.distance(&(low - value))))
        } else {
            (value > high).then(|| (false, self.words.distance(&(value - high))))
        }
    }

    fn not_due(&self) -> String {
        let vi = self.words.lang == Lang::Vi;
        let gap = self.gap();
        match self.judgement.due.map(day) {
            Some(due) if vi => format!("chưa đến hạn {due}, hiện {gap}"),
            Some(due) => format!("not due until {due}, at present {gap}"),
            None if vi => format!("chưa đến hạn, hiện {gap}"),
            None => format!("not due yet, at present {gap}"),
        }
    }

    /// `cần thêm 37 hồ sơ`; nothing where it would only repeat the gap.
    fn step(&self) -> Option<String> {
        let step = self.judgement.step.as_ref()?;
        let margin = self.judgement.margin.as_ref();
        let equal = margin.is_some_and(|margin| margin.abs() == step.add().abs());
        let repeats = equal && !self.is_share() && !self.grows_by_numerator(step);
        (!repeats && !step.add().is_zero()).then(|| self.step_words(step))
    }

    /// The figure is a share with its counts, so that a step is one of the numerator.
    fn is_share(&self) -> bool {
        let unit = self.words.unit();
        self.judgement.fraction.is_some()
            && unit.is_some_and(|unit| unit.fraction_factor().is_some())
    }

    /// The step is one of the numerator of a share that grows.
    fn grows_by_numerator(&self, step: &Step) -> bool {
        let Step::Figure { unit, .. } = step else { return false };
        let shift = self.judgement.change.as_ref();
        let share = shift.and_then(|shift| shift.unit.as_ref()?.fraction_factor());
        share.is_some() && unit.is_empty()
    }

    /// Of what so many are needed, where the unit does not say it: ` ở “số hồ sơ đúng hạn”`.
    fn step_place(&self, indicator: &String, unit: &str) -> String {
        let lang = self.words.lang;
        let names = std::slice::from_ref(indicator);
        if !unit.is_empty() {
            String::new()
        } else if *indicator != self.asked.version.name {
            format!(" {} {}", self.words.pick("ở", "in"), quoted(names, lang))
        } else if self.is_share() {
            self.pick(" ở tử số", " in the numerator")
        } else {
            String::new()
        }
    }

    /// What the units are.
    fn noun(&self) -> &str {
        self.judgement.units.as_ref().map_or("", |units| &units.name)
    }

    fn step_words(&self, step: &Step) -> String {
        let lang = self.words.lang;
        let rounded = super::figures::sufficient(&step.add().abs());
        let number = crate::number::Decimal::parse(&rounded).map_or(rounded, |number| {
            self.words.figure_in(Gap::Step, &Rational::from(number), &[])
        });
        let (unit, whose) = match step {
            Step::Figure { indicator, unit, .. } => {
                (unit.as_str(), self.step_place(indicator, unit))
            }
            Step::Units { .. } => (self.noun(), String::new()),
        };
        let falls = step.add().is_negative();
        match lang {
            Lang::Vi => {
                let verb = if falls { "cần giảm" } else { "cần thêm" };
                format!("{verb} {}{whose}", join(&number, unit))
            }
            Lang::En => {
                let more = if falls { "fewer" } else { "more" };
                format!("needs {}{whose}", join(&format!("{number} {more}"), unit))
            }
        }
    }
}
