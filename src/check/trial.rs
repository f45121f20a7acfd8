//! `thử:` — tests that stand in the rule file.
//!
//! Enters: a test's keys, after the targets of its programme are made. Leaves: a [`Test`] of the
//! model; running it is the matter of [`crate::trial`].

use super::assemble::File;
use super::model::{Model, Target, TargetId, Test, Then};
use super::reader::{error, replace};
use super::settings;
use crate::diagnostic::{Code, Diagnostics, Message};
use crate::number::{self, Decimal, Rational};
use crate::source::Span;
use crate::syntax::{self, Block, Head, Key, KeyLine, Tree};
use crate::text::{self, Shadow};
use crate::verdict::Verdict;

impl File<'_> {
    /// Reads the tests of the file. Targets of this programme begin at `first`.
    pub(super) fn tests(
        &self,
        tree: &Tree,
        model: &Model,
        first: usize,
        found: &mut Diagnostics,
    ) -> Vec<Test> {
        let blocks = tree.blocks.iter();
        blocks
            .filter_map(|block| match block.head {
                Head::Test(name) => self.test(block, name, model, first, found),
                _ => None,
            })
            .collect()
    }

    fn test(
        &self,
        block: &Block,
        name: Span,
        model: &Model,
        first: usize,
        found: &mut Diagnostics,
    ) -> Option<Test> {
        let mut test = Test {
            programme: self.id,
            name: syntax::shown_text(self.source, name),
            on: None,
            entity: None,
            given: Vec::new(),
            units: Vec::new(),
            then: Vec::new(),
            span: block.span,
        };
        let mut whole = true;
        // Other times count from the day, wherever its line stands.
        for line in block.keys.iter().filter(|line| line.key == Key::On) {
            test.on = settings::time(self.source, line.value, found);
            whole &= test.on.is_some();
        }
        for line in &block.keys {
            whole &= self.test_line(line, &mut test, model, first, found).is_some();
        }
        if test.then.is_empty() && whole {
            found.push(
                error(
                    Code::EmptyValue,
                    block.span,
                    "phép thử không có dòng `thì:`",
                    "the test has no `then:` line",
                )
                .with_help(Message::new(
                    "viết `thì: tên chỉ tiêu -> đạt`",
                    "write `then: name of the target -> met`",
                )),
            );
            return None;
        }
        whole.then_some(test)
    }

    fn test_line(
        &self,
        line: &KeyLine,
        test: &mut Test,
        model: &Model,
        first: usize,
        found: &mut Diagnostics,
    ) -> Option<()> {
        let shown = text::composed(&syntax::value_text(self.source, line.value));
        let day = test.on.and_then(|on| on.last);
        match line.key {
            Key::Note | Key::On => {}
            Key::Entity => test.entity = Some(shown),
            Key::Given if line.argument.is_some() => {
                let units = self.units_given(line, day, found)?;
                self.not_too_many(&test.units, &units, found)?;
                test.units.push(units);
            }
            Key::Given => test.given.push(self.given(line.value, day, found)?),
            Key::Then => test.then.push(self.then(line, model, first, found)?),
            _ => {
                let key = syntax::shown_text(self.source, line.key_span);
                found.push(error(
                    Code::KeyNotAllowed,
                    line.key_span,
                    format!("`{key}:` không dùng được dưới `thử:`"),
                    format!("`{key}:` is not allowed under `test:`"),
                ));
                return None;
            }
        }
        Some(())
    }

    /// `x -> vượt`, `CQS-03 là đạt, mức đạt 1,74`.
    fn then(
        &self,
        line: &KeyLine,
        model: &Model,
        first: usize,
        found: &mut Diagnostics,
    ) -> Option<Then> {
        let value = &*syntax::value_text(self.source, line.value);
        let shadow = Shadow::of_line(line.value.source, line.value.start, value);
        let normal = shadow.text();
        let cut = ["->", "→", " là ", " is "]
            .iter()
            .find_map(|sign| Some((normal.rfind(sign)?, sign.len())));
        let Some((at, length)) = cut else {
            found.push(
                error(
                    Code::NoComparator,
                    line.value,
                    "dòng `thì:` cần dấu `->` và một kết luận",
                    "a `then:` line needs `->` and a verdict",
                )
                .with_help(Message::new(
                    "viết `thì: tên chỉ tiêu -> đạt`",
                    "write `then: name of the target -> met`",
                )),
            );
            return None;
        };
        let left = shadow.span(0..normal.get(..at).unwrap_or_default().trim_end().len());
        let right = normal.get(at + length..).unwrap_or_default();
        let mut pieces = right.split(", ").map(str::trim);
        let word = pieces.next().unwrap_or_default();
        let Some(verdict) = verdict(word) else {
            let all = Verdict::ALL.map(|it| it.words().0).join("`, `");
            let place = shadow.span(at + length..normal.len());
            found.push(
                error(
                    Code::NotAStatement,
                    place,
                    format!("`{word}` không phải là một kết luận"),
                    format!("`{word}` is no verdict"),
                )
                .with_help(Message::new(
                    format!("các kết luận: `{all}`"),
                    format!("the verdicts: `{}`", Verdict::ALL.map(Verdict::code).join("`, `")),
                )),
            );
            return None;
        };
        let (mut attainment, mut points) = (None, None);
        for piece in pieces {
            let of_points = ["điểm ", "points "].iter().find_map(|word| piece.strip_prefix(word));
            match of_points {
                Some(text) => points = Some(self.points(text, piece, line.value, found)?),
                None => attainment = Some(self.attainment(piece, line.value, found)?),
            }
        }
        let name = syntax::shown_text(self.source, left);
        let target = self.target_named(&name, model, first);
        let Some(target) = target else {
            Self::unknown_target(&name, left, model, first, found);
            return None;
        };
        Some(Then { target, verdict, attainment, points, span: line.value })
    }

    /// `mức đạt 1,74`.
    fn attainment(&self, piece: &str, span: Span, found: &mut Diagnostics) -> Option<Decimal> {
        let number = piece.strip_prefix("mức đạt ").or_else(|| piece.strip_prefix("attainment "));
        let format = super::units::format(self.programme.lang);
        let read = number.and_then(|number| number::read(number.trim(), format).ok());
        if read.is_none() {
            found.push(error(
                Code::NotAStatement,
                span,
                format!("không đọc được `{piece}` sau kết luận"),
                format!("`{piece}` behind the verdict cannot be read"),
            ));
        }
        read
    }

    /// `điểm 15`, `điểm 40/3`, `điểm 0 đến 20`: the least and the most.
    fn points(
        &self,
        text: &str,
        piece: &str,
        span: Span,
        found: &mut Diagnostics,
    ) -> Option<(Rational, Rational)> {
        let format = super::units::format(self.programme.lang);
        let one = |text: &str| {
            let number = |text: &str| number::read(text.trim(), format).ok().map(Rational::from);
            match text.split_once('/') {
                Some((above, below)) => number(above)?.div(&number(below)?),
                None => number(text),
            }
        };
        let ends = [" đến ", " to "].iter().find_map(|word| text.split_once(word));
        let read = match ends {
            Some((worst, best)) => one(worst).zip(one(best)),
            None => one(text).map(|points| (points.clone(), points)),
        };
        let read = read.filter(|(worst, best)| worst <= best);
        if read.is_none() {
            found.push(
                error(
                    Code::NotAStatement,
                    span,
                    format!("không đọc được `{piece}` sau kết luận"),
                    format!("`{piece}` behind the verdict cannot be read"),
                )
                .with_help(Message::new(
                    "viết `điểm 15`, hoặc `điểm 0 đến 20` khi số liệu chưa quyết định",
                    "write `points 15`, or `points 0 to 20` where the data leave it open",
                )),
            );
        }
        read
    }

    fn target_named(&self, name: &str, model: &Model, first: usize) -> Option<TargetId> {
        let bare = name.trim_matches(QUOTES);
        let coded = bare.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(bare);
        let key = |name: &str| close(&text::key(name, &self.programme.abbreviations));
        let wanted = key(bare);
        let fits = |target: &Target| {
            target.code == coded
                || target.versions.iter().any(|version| key(&version.name) == wanted)
        };
        let place = model.targets.iter().skip(first).position(fits)?;
        u32::try_from(first + place).ok().map(TargetId)
    }

    fn unknown_target(
        name: &str,
        span: Span,
        model: &Model,
        first: usize,
        found: &mut Diagnostics,
    ) {
        let targets = model.targets.iter().skip(first);
        let names = targets.flat_map(|target| {
            let versions = target.versions.iter().map(|version| version.name.as_str());
            versions.chain([target.code.as_str()])
        });
        let fault = error(
            Code::UnknownCode,
            span,
            format!("không có chỉ tiêu `{name}`"),
            format!("there is no target `{name}`"),
        );
        let near = text::nearest(name, names, 2);
        found.push(near.into_iter().fold(fault, |fault, other| {
            fault.with_fix(replace(span, other, "có phải", "did you mean"))
        }));
    }
}

/// Signs that quote a name.
pub(super) const QUOTES: [char; 8] = ['"', '“', '”', '„', '‟', '«', '»', '＂'];

/// A name without the spaces beside signs: what stands behind `đạt:` may be laid out otherwise.
fn close(name: &str) -> String {
    let mut closed = String::with_capacity(name.len());
    for letter in name.chars() {
        let sign = matches!(letter, '<' | '>' | '=' | '≥' | '≤' | '≠' | '!' | ':' | '(' | ')');
        if sign && closed.ends_with(' ') {
            closed.pop();
        }
        let after_sign = closed.ends_with(['<', '>', '=', '≥', '≤', '≠', ':', '(', ')']);
        if letter != ' ' || !after_sign {
            closed.push(letter);
        }
    }
    closed
}

/// A verdict by its words in either language, or by its code.
fn verdict(word: &str) -> Option<Verdict> {
    let word = word.trim_end_matches('.');
    Verdict::ALL.into_iter().find(|verdict| {
        let (vi, en) = verdict.words();
        word == vi || word == en || word == verdict.code()
    })
}
