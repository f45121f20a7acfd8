//! `cho:` lines: what a test assumes of its entity, and of made-up units below it.
//!
//! Enters: the key lines of a test. Leaves: [`Given`] and [`UnitsGiven`]. The one idea: a figure is
//! kept as data would write it, so that only the indicator that reads it says what it means.
//! Invariant: each `cho N xã:` line speaks of other units than the lines beside it, and all
//! together are few.

use super::assemble::File;
use super::model::{Given, Moment, Population, UnitsGiven};
use super::reader::{error, replace};
use super::trial::QUOTES;
use crate::calendar::{Date, Period};
use crate::diagnostic::{Code, Diagnostics, Message};
use crate::source::Span;
use crate::syntax::{self, KeyLine, TokenKind};
use crate::text::{self, Shadow};

/// How many units one test may make up.
const UNITS_MAX: u32 = 1000;

/// What says that units sent nothing.
const SILENT: [&str; 5] =
    ["không báo cáo", "chưa báo cáo", "not reported", "no report", "unreported"];

impl File<'_> {
    /// `cho 7 xã: x = có; y = 3`, `cho 2 xã (vùng = "miền núi"): không báo cáo`.
    pub(super) fn units_given(
        &self,
        line: &KeyLine,
        day: Option<Date>,
        found: &mut Diagnostics,
    ) -> Option<UnitsGiven> {
        let argument = line.argument?;
        let mut reader = self.reader(self.source, found);
        let tokens = reader.tokens(argument)?;
        let Some((first, types)) = tokens
            .split_first()
            .filter(|(first, types)| first.kind == TokenKind::Number && !types.is_empty())
        else {
            return reader.refuse(
                error(
                    Code::NotANumber,
                    argument,
                    "`cho` của các đơn vị bắt đầu bằng số đơn vị",
                    "`given` of units begins with how many there are",
                )
                .with_help(Message::new(
                    "viết `cho 7 xã: mạng = có`; một xã có tên thì \
                     `cho 1 xã: tên = \"xã A\"; mạng = có`",
                    "write `given 7 xã: network = yes`; one with a name is \
                     `given 1 xã: tên = \"xã A\"; network = yes`",
                )),
            );
        };
        let count = reader.number(first)?;
        let Some(count) = count.to_i128().and_then(|count| u32::try_from(count).ok()) else {
            return reader.refuse(error(
                Code::NotANumber,
                first.span,
                "số đơn vị là số nguyên từ 0",
                "the number of units is a whole number from 0",
            ));
        };
        let population = reader.units_population(types, argument)?;
        let given = self.each_given(line.value, day, found)?;
        let named = |one: &&Given| one.attribute && text::normal(&one.name) == "tên";
        if let Some(name) = given.iter().find(named).filter(|_| count != 1) {
            found.push(
                error(
                    Code::NotAStatement,
                    name.span,
                    format!("{count} đơn vị không có chung một tên"),
                    format!("{count} units do not have one name"),
                )
                .with_help(Message::new(
                    "mỗi đơn vị có tên viết một dòng `cho 1 xã: tên = …`",
                    "give each unit with a name a line `given 1 xã: tên = …`",
                )),
            );
            return None;
        }
        let Population { name, types, filter, .. } = population;
        Some(UnitsGiven { count, name, types, filter, given, span: line.span })
    }

    /// What stands between the semicolons.
    fn each_given(
        &self,
        value: Span,
        day: Option<Date>,
        found: &mut Diagnostics,
    ) -> Option<Vec<Given>> {
        let written = &*syntax::value_text(self.source, value);
        let shadow = Shadow::of_line(value.source, value.start, written);
        let normal = shadow.text();
        if SILENT.contains(&normal) {
            return Some(Vec::new());
        }
        let (mut start, mut quoted, mut given) = (0, false, Vec::new());
        for (at, letter) in normal.char_indices().chain([(normal.len(), ';')]) {
            quoted ^= letter == '"';
            if letter != ';' || (quoted && at < normal.len()) {
                continue;
            }
            let piece = normal.get(start..at).unwrap_or_default();
            let lead = start + piece.len() - piece.trim_start().len();
            start = at + 1;
            if piece.trim().is_empty() {
                continue;
            }
            given.push(self.given(shadow.span(lead..lead + piece.trim().len()), day, found)?);
        }
        if given.is_empty() {
            found.push(
                error(
                    Code::EmptyValue,
                    value,
                    "không nói các đơn vị này báo cáo gì",
                    "it is not said what these units report",
                )
                .with_help(Message::new(
                    "viết số liệu (`mạng = có`), hoặc `không báo cáo`",
                    "write figures (`network = yes`), or `not reported`",
                )),
            );
            return None;
        }
        Some(given)
    }

    /// A test makes up a moderate number of units.
    pub(super) fn not_too_many(
        &self,
        known: &[UnitsGiven],
        more: &UnitsGiven,
        found: &mut Diagnostics,
    ) -> Option<()> {
        let all = known.iter().chain([more]).fold(0_u32, |sum, it| sum.saturating_add(it.count));
        if all <= UNITS_MAX {
            return Some(());
        }
        let name = text::composed(self.source.slice(more.span));
        found.push(error(
            Code::TooDeep,
            more.span,
            format!("`{name}`: một phép thử có hơn {UNITS_MAX} đơn vị"),
            format!("`{name}`: the test makes up more than {UNITS_MAX} units"),
        ));
        None
    }

    /// `x = 74%`, `x [năm 2022] = 12%`, `vùng = "miền núi"`.
    pub(super) fn given(
        &self,
        line: Span,
        day: Option<Date>,
        found: &mut Diagnostics,
    ) -> Option<Given> {
        let value = &*syntax::value_text(self.source, line);
        let shadow = Shadow::of_line(line.source, line.start, value);
        let normal = shadow.text();
        let Some((at, sign)) = first_sign(normal) else {
            found.push(
                error(
                    Code::NoComparator,
                    line,
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
            None => (left, None),
            Some((name, rest)) => {
                let name =
                    Span { end: left.start + u32::try_from(name.len()).unwrap_or(0), ..left };
                let from = name.end + 1;
                let length = rest.find(']').unwrap_or(rest.len());
                let end = from + u32::try_from(length).unwrap_or(0);
                let span = Span { start: from, end, ..left };
                (name, Some(self.other_time(span, day, found)?))
            }
        };
        let name = syntax::shown_text(self.source, name).trim_matches(QUOTES).to_owned();
        let right_text = syntax::shown_text(self.source, right);
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
        Some(Given { name, time, value, attribute, span: line })
    }

    /// `[năm 2022]`, `[năm trước]`: a time of the calendar, counted from the day of the test.
    fn other_time(&self, span: Span, day: Option<Date>, found: &mut Diagnostics) -> Option<Period> {
        let past = self.reader(self.source, found).past(span)?;
        let time = match (past.moment, day) {
            (Moment::In(period), _) => Some(period),
            (moment, Some(day)) => moment.days(day),
            (_, None) => None,
        };
        if time.is_none() {
            let shown = &past.shown;
            found.push(
                error(
                    Code::NotADate,
                    span,
                    format!("`{shown}` ở đây không cho biết ngày nào"),
                    format!("`{shown}` does not say which day here"),
                )
                .with_help(Message::new(
                    "viết thời gian cụ thể, chẳng hạn `[năm 2022]`; `năm trước`, `đầu năm`, \
                     `cùng kỳ` thì cần dòng `ngày:`",
                    "write a time of the calendar, such as `[year 2022]`; `last year`, `start of \
                     year` and `same period last year` need an `on:` line",
                )),
            );
        }
        time
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
}

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
