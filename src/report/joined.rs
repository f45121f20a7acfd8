//! The words of a target whose conditions are joined by `và`, `hoặc` or turned round by `không`.
//!
//! Enters: a judgement with parts. Leaves: how many hold, which do not, and which decided. The one
//! idea: parts of one verdict stand together, each in quotes with its figure. Invariant: a part
//! that is not applicable counts on neither side; lists are bounded.

use super::asked::Asked;
use super::undecided;
use super::words::{Words, cut, day, pick};
use crate::check::model::{Condition, Joined};
use crate::diagnostic::Lang;
use crate::verdict::{Judgement, Part, Verdict};

/// How parts make a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    All,
    Any,
    Not,
    /// One condition on every day.
    Always,
}

/// A judgement that has parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole<'a> {
    asked: Asked<'a>,
    join: Join,
    joined: &'a [Joined],
    lang: Lang,
}

impl<'a> Whole<'a> {
    /// Nothing where the judgement has no parts, or parts that its rule does not have.
    pub(super) fn new(asked: Asked<'a>, lang: Lang) -> Option<Self> {
        let parts = &asked.judgement.parts;
        let (join, joined) = asked.branches().iter().find_map(|branch| {
            let (join, joined) = match &branch.condition {
                Condition::All(joined) => (Join::All, joined.as_slice()),
                Condition::Any(joined) => (Join::Any, joined.as_slice()),
                Condition::Not(joined) => (Join::Not, std::slice::from_ref(&**joined)),
                Condition::Always(joined) if !parts.is_empty() => {
                    return Some((Join::Always, std::slice::from_ref(&**joined)));
                }
                _ => return None,
            };
            let same = joined.iter().map(|it| &it.text).eq(parts.iter().map(|it| &it.text));
            same.then_some((join, joined))
        })?;
        Some(Self { asked, join, joined, lang })
    }

    fn pick(&self, vi: &'static str, en: &'static str) -> &'static str {
        pick(self.lang, vi, en)
    }

    fn judgement(&self) -> &'a Judgement {
        self.asked.judgement
    }

    /// Parts with what the rule says of each.
    fn parts(&self) -> impl Iterator<Item = (&'a Part, &'a Joined)> {
        let times = if self.join == Join::Always { self.judgement().parts.len() } else { 1 };
        let joined = std::iter::repeat_n(self.joined, times).flatten();
        self.judgement().parts.iter().zip(joined)
    }

    /// How many parts hold, and how many apply.
    fn counts(&self) -> (usize, usize) {
        let of = |test: &dyn Fn(Verdict) -> bool| {
            self.judgement().parts.iter().filter(|part| test(part.verdict)).count()
        };
        (of(&Verdict::is_satisfied), of(&|verdict| verdict != Verdict::NotApplicable))
    }

    /// What is asked, in a cell: `đủ 3 điều kiện`, `1 trong 3 điều kiện`.
    pub(super) fn threshold(&self) -> String {
        let count = self.joined.len();
        match (self.join, self.lang) {
            (Join::All, Lang::Vi) => format!("đủ {count} điều kiện"),
            (Join::All, Lang::En) => format!("all {count} conditions"),
            (Join::Any, Lang::Vi) => format!("1 trong {count} điều kiện"),
            (Join::Any, Lang::En) => format!("1 of {count} conditions"),
            (Join::Not, _) => self.pick("không xảy ra", "must not hold").to_owned(),
            (Join::Always, _) => {
                let always = self.pick("luôn", "always");
                match self.parts().last().and_then(|(part, joined)| level(part, joined, self.lang))
                {
                    Some(level) => format!("{always} {level}"),
                    None => always.to_owned(),
                }
            }
        }
    }

    /// How many parts hold, in a cell: `2/3 đạt`; nothing of a condition that is turned round.
    pub(super) fn measured(&self) -> Option<String> {
        let (hold, apply) = self.counts();
        let whole = matches!(self.join, Join::All | Join::Any);
        whole.then(|| format!("{hold}/{apply} {}", self.pick("đạt", "met")))
    }

    /// The sentence, without a figure of its own.
    pub(super) fn follows(&self) -> String {
        let verdict = self.judgement().verdict;
        if !verdict.is_decided() {
            let parts = &self.judgement().parts;
            let nothing =
                |part: &Part| matches!(part.verdict, Verdict::NoData | Verdict::NotApplicable);
            // What is missing is named already; of nothing else there is anything to say.
            let state = match verdict {
                Verdict::NoData if parts.iter().all(nothing) => String::new(),
                _ => self.state(),
            };
            let between = if state.is_empty() { "" } else { "; " };
            return format!("{}{between}{state}", self.reason());
        }
        let state = self.state();
        let due = self.judgement().due.map(day);
        match (verdict, due) {
            (Verdict::NotDue, Some(due)) => match self.lang {
                Lang::Vi => format!("chưa đến hạn {due}, hiện {state}"),
                Lang::En => format!("not due until {due}, at present {state}"),
            },
            (Verdict::NotDue, None) => {
                format!("{}{state}", self.pick("chưa đến hạn, hiện ", "not due yet, at present "))
            }
            _ => state,
        }
    }

    /// Why the part that decides is itself undecided.
    fn reason(&self) -> String {
        let verdict = self.judgement().verdict;
        let mut decides = self.judgement().clone();
        if let Some((part, joined)) = self.parts().find(|(part, _)| part.verdict == verdict) {
            decides.measured = part.measured.clone();
            decides.threshold.clone_from(&part.threshold);
            decides.unit = match &joined.condition {
                Condition::Compare(comparison) => Some(comparison.unit.clone()),
                _ => None,
            };
        }
        let asked = Asked { judgement: &decides, ..self.asked };
        let words = Words::new(decides.threshold.as_ref(), decides.unit.as_ref(), self.lang);
        undecided::reason(asked, &words)
    }

    /// `2/3 điều kiện đạt; chưa đạt: “A >= 40%” (36,8 %)`.
    fn state(&self) -> String {
        match self.join {
            Join::Not => return self.turned_round(),
            Join::Always => return self.every_day(),
            Join::All | Join::Any => {}
        }
        let mut text = self.counted();
        let satisfied = self.judgement().verdict.is_satisfied();
        if self.join == Join::Any && satisfied {
            text.push_str(self.pick(", chỉ cần 1: ", ", one suffices: "));
            text.push_str(&self.list(&[Verdict::Exceeded, Verdict::Met]));
        } else if self.join == Join::Any && !text.is_empty() {
            text.push_str(self.pick(", cần ít nhất 1", ", at least one is needed"));
        }
        for verdicts in [
            [Verdict::NotMet, Verdict::NotDue].as_slice(),
            &[Verdict::Contradictory],
            &[Verdict::NoData],
            &[Verdict::Undetermined],
            &[Verdict::NotApplicable],
        ] {
            if verdicts == [self.judgement().verdict] && verdicts == [Verdict::NoData] {
                continue;
            }
            let list = self.list(verdicts);
            let Some(verdict) = verdicts.first().filter(|_| !list.is_empty()) else { continue };
            let (vi, en) = verdict.words();
            let between = if text.is_empty() { "" } else { "; " };
            text.extend([between, self.pick(vi, en), ": ", &list]);
        }
        text
    }

    /// `2/3 điều kiện đạt`; empty where no part applies.
    fn counted(&self) -> String {
        match (self.counts(), self.lang) {
            ((_, 0), _) => String::new(),
            ((hold, apply), Lang::Vi) => format!("{hold}/{apply} điều kiện đạt"),
            ((hold, 1), Lang::En) => format!("{hold} of 1 condition met"),
            ((hold, apply), Lang::En) => format!("{hold} of {apply} conditions met"),
        }
    }

    /// `có kỳ không giữ được: 31/03/2023 (36,8 % so với >= 40 %)`.
    fn every_day(&self) -> String {
        let satisfied = [Verdict::Exceeded, Verdict::Met];
        let verdict = self.judgement().verdict;
        let (vi, en) = match verdict {
            it if satisfied.contains(&it) => {
                return self
                    .pick("giữ được ở mọi kỳ số liệu", "held on every day of the data")
                    .to_owned();
            }
            Verdict::NotMet | Verdict::NotDue => ("có kỳ không giữ được", "did not hold on"),
            other => other.words(),
        };
        let list = self.list(&[verdict]);
        let word = self.pick(vi, en);
        if list.is_empty() { word.to_owned() } else { format!("{word}: {list}") }
    }

    /// `đã xảy ra trường hợp phải tránh: “A < 10%” (8 %)`.
    fn turned_round(&self) -> String {
        let list = self.list(&Verdict::ALL);
        let what = match self.judgement().verdict {
            Verdict::Exceeded | Verdict::Met => self
                .pick("không xảy ra trường hợp phải tránh", "what must be avoided does not hold"),
            Verdict::NotMet | Verdict::NotDue => {
                self.pick("đã xảy ra trường hợp phải tránh", "what must be avoided holds")
            }
            _ => self.pick("trường hợp phải tránh", "what must be avoided"),
        };
        format!("{what}: {list}")
    }

    /// Parts of these verdicts, the first five of them, each with its figure.
    fn list(&self, verdicts: &[Verdict]) -> String {
        const SHOWN: usize = 5;
        let of = || self.parts().filter(|(part, _)| verdicts.contains(&part.verdict));
        let shown: Vec<String> =
            of().take(SHOWN).map(|(part, joined)| self.part(part, joined)).collect();
        let text = shown.join(", ");
        match of().count().saturating_sub(SHOWN) {
            0 => text,
            more if self.lang == Lang::Vi => format!("{text} và {more} điều kiện khác"),
            more => format!("{text} and {more} more"),
        }
    }

    /// `30/06/2023 (88 % so với >= 90 %)`.
    fn on_day(&self, part: &Part, words: &Words<'_>) -> String {
        let day = part.text.split_once(':').map_or(part.text.as_str(), |(day, _)| day);
        let against = self.pick("so với", "against");
        match (words.figure(&part.measured, None), words.threshold()) {
            (Some(figure), Some(asked)) => format!("{day} ({figure} {against} {asked})"),
            (Some(figure), None) => format!("{day} ({figure})"),
            (None, _) => day.to_owned(),
        }
    }

    /// `“A >= 40%” (36,8 %)`.
    fn part(&self, part: &Part, joined: &Joined) -> String {
        let unit = match &joined.condition {
            Condition::Compare(comparison) => Some(&comparison.unit),
            _ => None,
        };
        let words = Words::new(part.threshold.as_ref(), unit, self.lang);
        if self.join == Join::Always {
            return self.on_day(part, &words);
        }
        let text = cut(unwrapped(&part.text));
        match words.figure(&part.measured, None) {
            Some(figure) => format!("“{text}” ({figure})"),
            None => format!("“{text}”"),
        }
    }
}

/// What a part asks: `>= 40 %`.
fn level(part: &Part, joined: &Joined, lang: Lang) -> Option<String> {
    let unit = match &joined.condition {
        Condition::Compare(comparison) => Some(&comparison.unit),
        _ => None,
    };
    Words::new(part.threshold.as_ref(), unit, lang).threshold()
}

/// The text without parentheses around the whole.
fn unwrapped(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else {
        return text;
    };
    let mut depth = 0_i64;
    for c in inner.chars() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth < 0 {
            return text;
        }
    }
    inner.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parentheses_around_the_whole_are_left_out() {
        let cases = [
            ("(a < 10%)", "a < 10%"),
            ("(a + b) >= (c + d)", "(a + b) >= (c + d)"),
            ("((a) )", "(a)"),
            ("(", "("),
            (")(", ")("),
            ("())(()", "())(()"),
            ("", ""),
        ];
        for (text, inner) in cases {
            assert_eq!(unwrapped(text), inner);
        }
    }
}
