//! `thử:` — tests that stand in the rule file.
//!
//! Enters: a test's keys, after the targets of its programme are made. Leaves: a [`Test`] of the
//! model; running it is the matter of [`crate::trial`].

use super::assemble::File;
use super::model::{Given, Model, Target, TargetId, Test, Then};
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
            name: text::composed(self.source.slice(name)),
            on: None,
            entity: None,
            given: Vec::new(),
            then: Vec::new(),
            span: block.span,
        };
        let mut whole = true;
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
        match line.key {
            Key::Note => {}
            Key::On => {
                let period = settings::time(self.source, line.value, found)?;
                test.on = Some(period);
            }
            Key::Entity => test.entity = Some(shown),
            Key::Given if line.argument.is_some() => {
                found.push(error(
                    Code::FormNotRead,
                    line.span,
                    "phiên bản này chưa đọc `cho` của nhiều đơn vị",
                    "this version does not read `given` for several units",
                ));
                return None;
            }
            Key::Given => test.given.push(self.given(line, found)?),
            Key::Then => test.then.push(self.then(line, model, first, found)?),
            _ => {
                let key = text::composed(self.source.slice(line.key_span));
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

    /// `x = 74%`, `x [năm 2022] = 12%`, `vùng = "miền núi"`.
    fn given(&self, line: &KeyLine, found: &mut Diagnostics) -> Option<Given> {
        let value = &*syntax::value_text(self.source, line.value);
        let shadow = Shadow::of_line(line.value.source, line.value.start, value);
        let normal = shadow.text();
        let Some((at, sign)) = first_sign(normal) else {
            found.push(
                error(
                    Code::NoComparator,
                    line.value,
                    format!("`{}` không gán số liệu nào", text::composed(value)),
                    format!("`{}` gives no figure", text::composed(value)),
                )
                .with_help(Message::new("viết `cho: x = 74%`", "write `given: x = 74%`")),
            );
            return None;
        };
        let left = shadow.span(0..normal.get(..at).unwrap_or_default().trim_end().len());
        let right = shadow.span(at + sign.len()..normal.len());
        let (name, time) = match self.source.slice(left).split_once('[') {
            None => (self.source.slice(left), None),
            Some((name, rest)) => {
                let from = left.start + u32::try_from(name.len() + 1).unwrap_or(0);
                let length = rest.find(']').unwrap_or(rest.len());
                let end = from + u32::try_from(length).unwrap_or(0);
                let span = Span { start: from, end, ..left };
                (name, Some(settings::time(self.source, span, found)?))
            }
        };
        let name = text::composed(name).trim_matches(QUOTES).to_owned();
        let right_text = text::composed(self.source.slice(right));
        let quoted =
            right_text.len() >= 2 && right_text.starts_with(QUOTES) && right_text.ends_with(QUOTES);
        let known =
            self.programme.names.contains_key(&text::key(&name, &self.programme.abbreviations));
        let attribute = quoted && !known;
        if !known && !attribute {
            self.unknown_name(&name, left, found);
            return None;
        }
        let value = match (sign, quoted) {
            ("=", true) => right_text.trim_matches(QUOTES).to_owned(),
            ("=", false) => right_text,
            (other, _) => format!("{other} {right_text}"),
        };
        Some(Given { name, time, value, attribute, span: line.value })
    }

    fn unknown_name(&self, name: &str, span: Span, found: &mut Diagnostics) {
        if self.incomplete {
            return;
        }
        let names = self.names.iter().map(|named| named.name.display.as_str());
        let fault = error(
            Code::NameUndeclared,
            span,
            format!("không có chỉ số `{name}` trong chương trình này"),
            format!("this programme has no indicator `{name}`"),
        );
        let near = text::nearest(name, names, 2);
        found.push(near.into_iter().fold(fault, |fault, other| {
            fault.with_fix(replace(span, other, "có phải", "did you mean"))
        }));
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
        let name = text::composed(self.source.slice(left));
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
        let key = text::key(bare, &self.programme.abbreviations);
        let fits = |target: &Target| {
            target.code == coded
                || target
                    .versions
                    .iter()
                    .any(|version| text::key(&version.name, &self.programme.abbreviations) == key)
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

const QUOTES: [char; 8] = ['"', '“', '”', '„', '‟', '«', '»', '＂'];

/// The first sign that compares, outside quotes.
fn first_sign(normal: &str) -> Option<(usize, &'static str)> {
    const SIGNS: [&str; 7] = [">=", "<=", "≥", "≤", "=", ">", "<"];
    let mut quoted = false;
    for (at, letter) in normal.char_indices() {
        if letter == '"' {
            quoted = !quoted;
        }
        let rest = normal.get(at..).unwrap_or_default();
        if let Some(sign) = SIGNS.iter().find(|sign| !quoted && rest.starts_with(**sign)) {
            return Some((at, sign));
        }
    }
    None
}

/// A verdict by its words in either language, or by its code.
fn verdict(word: &str) -> Option<Verdict> {
    let word = word.trim_end_matches('.');
    Verdict::ALL.into_iter().find(|verdict| {
        let (vi, en) = verdict.words();
        word == vi || word == en || word == verdict.code()
    })
}
