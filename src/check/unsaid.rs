//! Lines of words in which nothing compares though a number, a time or a change stands in them.
//!
//! Enters: such a line. Leaves: a diagnostic that says what to write, mostly with a fix, or
//! nothing. The one idea: plans put the time, `duy trì` or the verb first; the language wants the
//! name, the comparison, then the time below.

use super::assemble::{File, Named};
use super::lint::warning;
use super::reader::{Reader, cover, error, replace};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit, Fix, Lang, Message};
use crate::source::{Source, Span};
use crate::syntax::{Token, TokenKind};
use crate::text;

impl Reader<'_> {
    /// What is not said in a line, or nothing.
    pub(super) fn unsaid(&self, tokens: &[Token], line: Span) -> Option<Diagnostic> {
        self.time_first(tokens, line)
            .or_else(|| self.kept_first(tokens, line))
            .or_else(|| self.growing(tokens))
            .or_else(|| self.no_amount(tokens, line))
            .or_else(|| self.number_inside(tokens, line))
    }

    /// How many tokens of a line are a time that stands first, and the time.
    pub(super) fn leading_time(&self, tokens: &[Token]) -> Option<(usize, String)> {
        const LEADS: [&str; 9] =
            ["đến", "tới", "vào", "hết", "cuối", "trước", "năm", "by", "before"];
        let first = tokens.first()?;
        if first.kind != TokenKind::To && !self.is_word(first, &LEADS) {
            return None;
        }
        let dated = |token: &Token| matches!(token.kind, TokenKind::Number | TokenKind::Time);
        let at = tokens.iter().take(4).position(dated)?;
        let words = tokens.get(..=at)?;
        let drops = |token: &Token| {
            token.kind == TokenKind::To || self.is_word(token, &["tới", "vào", "by"])
        };
        let time = if drops(first) { words.get(1..)? } else { words };
        let is_time = crate::calendar::parse(&self.normal(time)).is_ok();
        is_time.then(|| (at + 1, self.shown(time)))
    }

    /// `đến năm 2025 có 100% xã đạt chuẩn`: the time goes below.
    fn time_first(&self, tokens: &[Token], line: Span) -> Option<Diagnostic> {
        let (length, time) = self.leading_time(tokens)?;
        let rest = tokens.get(length..)?;
        let silent = |token: &&Token| matches!(token.kind, TokenKind::Comma | TokenKind::Yes);
        let rest = rest.get(rest.iter().take_while(silent).count()..)?;
        let place = cover(tokens.get(..length)?)?;
        if rest.is_empty() {
            return None;
        }
        let (key, yes) = match self.lang {
            Lang::Vi => ("hạn", " = có"),
            Lang::En => ("due", " = yes"),
        };
        let number = Self::leads_to_number(rest);
        let yes = if number { "" } else { yes };
        let whole = format!("{}{yes}\n  {key}: {time}", self.shown(rest));
        Some(
            error(
                Code::BeginsWithGrowth,
                place,
                "thời hạn đứng đầu dòng",
                "a due date stands first in the line",
            )
            .with_help(Message::new(
                "viết tên chỉ số hoặc con số trước; thời hạn ghi ở dòng `hạn:`",
                "write the name or the number first; the due date stands in a `due:` line",
            ))
            .with_fix(two_lines(
                line,
                whole,
                "ghi thời hạn ở dòng dưới",
                "write the date below",
            )),
        )
    }

    /// `duy trì 100% xã có bác sĩ`, `mỗi năm có thêm 5 xã`.
    fn kept_first(&self, tokens: &[Token], line: Span) -> Option<Diagnostic> {
        let first = tokens.first()?;
        let keeps = first.kind == TokenKind::Always;
        let words = if keeps || first.kind == TokenKind::EachYear {
            1
        } else if let [one, two, ..] = tokens
            && self.is_word(one, &["giữ"])
            && self.is_word(two, &["vững", "nguyên"])
        {
            2
        } else {
            return None;
        };
        let keeps = keeps || words == 2;
        let after = tokens.get(words..)?;
        let silent = |token: &&Token| {
            token.kind == TokenKind::Yes || self.is_word(token, &["thêm", "ít", "nhất"])
        };
        let rest = after.get(after.iter().take_while(silent).count()..)?;
        if !Self::leads_to_number(rest) {
            return None;
        }
        let place = cover(tokens.get(..words)?)?;
        let shown = self.shown(tokens.get(..words)?);
        let found = error(
            Code::BeginsWithGrowth,
            place,
            format!("chỉ tiêu bắt đầu bằng `{shown}`"),
            format!("the target begins with `{shown}`"),
        );
        let found = match (keeps, rest) {
            // The number comes first in a line that asks once; what is asked always has a name.
            (true, [number, sign, name @ ..])
                if number.kind == TokenKind::Number
                    && sign.kind == TokenKind::Percent
                    && !name.is_empty() =>
            {
                let (number, name) = (self.slice(number.span.to(sign.span)), self.shown(name));
                let (share, always) = match self.lang {
                    Lang::Vi => ("tỷ lệ", "luôn"),
                    Lang::En => ("share of", "always"),
                };
                let whole = format!("{share} {name} {always} >= {number}");
                found.with_fix(replace(line, whole, "hỏi ở mọi kỳ", "asked of every day"))
            }
            _ => found,
        };
        let (rest, whole) = (self.shown(rest), self.shown(tokens));
        let yes = if self.lang == Lang::Vi { "có" } else { "yes" };
        Some(
            found
                .with_help(Message::new(
                    "viết con số hoặc tên trước; mức của từng năm thì viết `x tăng 5 mỗi năm giai \
                     đoạn 2021-2025`",
                    "write the number or the name first; a change of every year is `x grows by 5 \
                     each year period 2021-2025`",
                ))
                .with_fix(replace(line, rest, "hỏi ở kỳ được chấm", "asked of the day judged"))
                .with_fix(replace(
                    line,
                    format!("\"{whole}\" = {yes}"),
                    "nếu đó là một việc có hoặc chưa",
                    "if it is done or not",
                )),
        )
    }

    /// `GRDP tăng trưởng 8% so với năm trước`.
    fn growing(&self, tokens: &[Token]) -> Option<Diagnostic> {
        let at = tokens.windows(2).position(|pair| {
            matches!(pair, [grows, word]
                if matches!(grows.kind, TokenKind::Grows | TokenKind::Falls)
                    && self.is_word(word, &["trưởng"]))
        })?;
        tokens.iter().find(|token| token.kind == TokenKind::Against)?;
        let pair = cover(tokens.get(at..at + 2)?)?;
        let (word, name) = (self.slice(tokens.get(at)?.span).to_owned(), tokens.get(..at)?);
        let shown = self.slice(pair).to_owned();
        let found = error(
            Code::GrowthWithoutBase,
            pair,
            format!("trước con số của mức tăng viết `{word}`, không viết `{shown}`"),
            format!("before the amount of a change `{word}` is written, not `{shown}`"),
        );
        Some(if name.is_empty() {
            let rest = self.shown(tokens.get(at + 2..)?);
            found.with_help(Message::new(
                format!("viết tên chỉ số trước: `GRDP {word} {rest}`"),
                format!("write the name first: `GRDP {word} {rest}`"),
            ))
        } else {
            found.with_fix(replace(pair, word, "viết", "write"))
        })
    }

    /// `số a luôn tăng`, `x tăng so với năm 2022`: by how much?
    fn no_amount(&self, tokens: &[Token], line: Span) -> Option<Diagnostic> {
        let grows = |token: &Token| matches!(token.kind, TokenKind::Grows | TokenKind::Falls);
        let at = tokens.iter().rposition(grows)?;
        let (before, change) = (tokens.get(..at)?, tokens.get(at)?);
        let (name, always) = super::growth::always_at_end(before, true);
        if name.is_empty() {
            return None;
        }
        let last = if self.lang == Lang::Vi { "năm trước" } else { "last year" };
        let time = match tokens.get(at + 1..)? {
            [] => last.to_owned(),
            [against, time @ ..] if against.kind == TokenKind::Against => {
                if !super::moment::is_moment(&self.normal(time)) {
                    return None;
                }
                self.shown(time)
            }
            _ => return None,
        };
        let word = self.slice(change.span).to_owned();
        let sign = if change.kind == TokenKind::Falls { "<" } else { ">" };
        let always = match (always, self.lang) {
            (false, _) => "",
            (true, Lang::Vi) => "luôn ",
            (true, Lang::En) => "always ",
        };
        let name = self.shown(name);
        let level = format!("{name} {always}{sign} {name} [{time}]");
        Some(
            error(
                Code::GrowthWithoutBase,
                change.span,
                format!("`{word}` bao nhiêu, so với khi nào?"),
                format!("`{word}` by how much, against what time?"),
            )
            .with_help(Message::new(
                format!("viết con số và gốc: `{name} {word} ít nhất 5% so với {last}`"),
                format!(
                    "write the amount and the base: `{name} {word} at least 5% against {last}`"
                ),
            ))
            .with_fix(replace(line, level, "so hai mức", "compare two levels")),
        )
    }

    /// `thu gom, xử lý 95% chất thải rắn`: the number inside a name compares nothing.
    fn number_inside(&self, tokens: &[Token], line: Span) -> Option<Diagnostic> {
        let sign = tokens.iter().position(|token| token.kind == TokenKind::Percent)?;
        let at = sign.checked_sub(1)?;
        let (verb, number) = (tokens.get(..at)?, tokens.get(at)?);
        let object = tokens.get(sign + 1..)?;
        if number.kind != TokenKind::Number || verb.is_empty() || object.is_empty() {
            return None;
        }
        let number = self.slice(number.span.to(tokens.get(sign)?.span)).to_owned();
        let (verb, object) = (self.shown(verb), self.shown(object));
        let first = match self.lang {
            Lang::Vi => format!("{number} {object} được {verb}"),
            Lang::En => format!("{number} {object} {verb}"),
        };
        let found = error(
            Code::NoComparator,
            line,
            format!("`{number}` ở giữa câu không so sánh gì"),
            format!("`{number}` in the middle of the line compares nothing"),
        );
        Some(
            found
                .with_help(Message::new(
                    "con số là ngưỡng thì đứng đầu dòng hoặc sau tên và dấu so sánh",
                    "a threshold stands first in the line, or behind the name and a symbol",
                ))
                .with_fix(replace(line, first, "con số trước", "the number first")),
        )
    }

    /// `tỷ lệ a đến 2025: 80%`: the time begins a line of its own.
    pub(super) fn due_before_colon(
        &self,
        tokens: &[Token],
        colon: usize,
        quantity: &str,
    ) -> Option<Diagnostic> {
        let words = tokens.get(..colon)?;
        let to =
            words.iter().rposition(|token| token.kind == TokenKind::To).filter(|at| *at > 0)?;
        let (name, time) = words.split_at_checked(to)?;
        if crate::calendar::parse(&self.normal(time.get(1..)?)).is_err() {
            return None;
        }
        let (name, time) = (self.shown(name), self.shown(time));
        let whole = format!("{name}\n  {time}: {quantity}");
        Some(
            error(
                Code::ColonForSymbol,
                tokens.get(colon)?.span,
                format!("dòng `{time}:` đứng dưới tên chỉ số"),
                format!("the line `{time}:` stands below the name"),
            )
            .with_fix(two_lines(
                cover(tokens)?,
                whole,
                "viết hai dòng",
                "write two lines",
            )),
        )
    }
}

/// A line in place of which two are written.
fn two_lines(span: Span, replacement: String, vi: &str, en: &str) -> Fix {
    let edits = vec![Edit { span, replacement }];
    Fix { title: Message::new(vi, en), edits, safe: false }
}

/// A name without its time, and the time as a due date below the line.
pub(super) fn due_below(
    source: &Source,
    lang: Lang,
    name: Span,
    (without, time): (&str, &str),
) -> Fix {
    let key = if lang == Lang::Vi { "hạn" } else { "due" };
    let rest = source.text().get(name.end as usize..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default().trim_end();
    let end = name.end.saturating_add(u32::try_from(line.len()).unwrap_or(0));
    let place = Span { start: end, end, ..name };
    Fix {
        title: Message::new(
            format!("ghi thời hạn ở dòng dưới: `{key}: {time}`"),
            format!("write the date below: `{key}: {time}`"),
        ),
        edits: vec![
            Edit { span: name, replacement: without.to_owned() },
            Edit { span: place, replacement: format!("\n  {key}: {time}") },
        ],
        safe: false,
    }
}

impl File<'_> {
    /// `tỷ lệ a đến năm 2025 đạt 70%`: the date is read as part of the name.
    pub(super) fn times_in_names(&self, found: &mut Diagnostics) {
        let plain = |named: &&Named| named.own && named.declared.is_none();
        for named in self.names.iter().filter(plain) {
            let Some((without, time)) = time_at_end(&named.name.display) else { continue };
            let span = named.name.span;
            if self.source.slice(span).starts_with(|c: char| "\"“”„‟«»＂".contains(c)) {
                continue;
            }
            let name = &named.name.display;
            let warned = warning(
                Code::TimeInName,
                span,
                format!("`{time}` được đọc là một phần của tên `{name}`, không phải thời hạn"),
                format!("`{time}` is read as part of the name `{name}`, not as a due date"),
            )
            .with_help(Message::new(
                "thời hạn ghi ở dòng `hạn:` bên dưới; nếu là một phần của tên thì đặt tên trong \
                 ngoặc kép",
                "a due date stands in a `due:` line below; if it belongs to the name, quote the \
                 name",
            ));
            let quote = replace(
                span,
                format!("\"{name}\""),
                "nếu đó là một phần của tên",
                "if it is part of the name",
            );
            // A date goes below a target that has none yet.
            let draft = self
                .drafts
                .iter()
                .find(|it| it.span.start <= span.start && span.end <= it.span.end && !it.own_due);
            let free = draft.is_some_and(|it| it.lines.thresholds.is_empty());
            let date = time.split_once(' ').map_or(time, |(_, date)| date);
            let below = due_below(self.source, self.programme.lang, span, (without, date));
            let warned = if free { warned.with_fix(below) } else { warned };
            found.push(warned.with_fix(quote));
        }
    }
}

/// A name that ends in `đến năm 2025`: what stands before, and the time.
fn time_at_end(name: &str) -> Option<(&str, &str)> {
    let starts = name.char_indices().filter(|(_, letter)| *letter == ' ').map(|(at, _)| at);
    starts.rev().take(5).find_map(|at| {
        let (before, time) = (name.get(..at)?.trim_end(), name.get(at..)?.trim_start());
        let (lead, date) = time.split_once(' ')?;
        let leads = ["đến", "tới", "by", "until"].contains(&text::normal(lead).as_str());
        let dated = date.chars().filter(char::is_ascii_digit).count() >= 4;
        let is_time = leads && dated && crate::calendar::parse(&text::normal(date)).is_ok();
        (is_time && !before.is_empty()).then_some((before, time))
    })
}
