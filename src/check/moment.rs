//! Other times: `x [năm 2022]`, and what stands behind `so với`.
//!
//! Enters: the place of a time's words. Leaves: a [`Past`], or a diagnostic that says what to
//! write. The one idea: a few phrases count from the snapshot that is judged; everything else is
//! a time of the calendar, which must end.

use super::model::{Expr, Moment};
use super::reader::{Asked, Condition, Made, Reader, Term, cover, error, replace};
use super::resolve::Resolver;
use super::settings;
use crate::calendar::{self, Date, Period};
use crate::diagnostic::{Code, Lang, Message};
use crate::source::Span;
use crate::syntax::{self, Token, TokenKind};
use crate::text::{self, Shadow};

/// Another time, as a rule writes it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Past {
    pub(super) moment: Moment,
    /// Its words.
    pub(super) shown: String,
    pub(super) span: Span,
}

/// Phrases that count from the snapshot that is judged, in normal form, the usual one first.
const PHRASES: [(Moment, &[&str]); 4] = [
    (
        Moment::YearBefore,
        &[
            "năm trước",
            "năm trước đó",
            "năm liền trước",
            "năm ngoái",
            "last year",
            "previous year",
            "the previous year",
            "the year before",
            "year before",
        ],
    ),
    (
        Moment::YearStart,
        &[
            "đầu năm",
            "start of year",
            "start of the year",
            "the start of the year",
            "beginning of the year",
        ],
    ),
    (
        Moment::SameDayLastYear,
        &[
            "cùng kì",
            "cùng kì năm trước",
            "cùng kì năm ngoái",
            "same period last year",
            "the same period last year",
            "same day last year",
        ],
    ),
    (
        Moment::Previous,
        &["kì trước", "kì liền trước", "previous period", "the previous period", "previous"],
    ),
];

/// The usual words of a moment, for codes.
pub(super) fn words(moment: Moment) -> String {
    match moment {
        Moment::In(one) => period(one),
        other => other.words(Lang::Vi),
    }
}

/// A period in its usual words: `giai đoạn 2021-2025`.
pub(super) fn period(period: Period) -> String {
    if let (Some(first), Some(last)) = (period.first, period.last)
        && first.year() < last.year()
        && Period::year(first.year()).and_then(|it| it.first) == Some(first)
        && Period::year(last.year()).and_then(|it| it.last) == Some(last)
    {
        return format!("giai đoạn {}-{}", first.year(), last.year());
    }
    period.to_vi()
}

/// Whether words in normal form are another time.
pub(super) fn is_moment(normal: &str) -> bool {
    PHRASES.iter().any(|(_, words)| words.contains(&normal)) || calendar::parse(normal).is_ok()
}

impl Reader<'_> {
    /// `x [năm 2022]`: a quantity and the brackets behind it; nothing where none stand there.
    #[expect(clippy::option_option, reason = "no brackets, refused, and read")]
    pub(super) fn at_another_time(
        &mut self,
        tokens: &[Token],
        read: impl FnOnce(&mut Self, &[Token]) -> Option<Term>,
    ) -> Option<Option<Term>> {
        let (brackets, of) = tokens.split_last()?;
        if brackets.kind != TokenKind::Bracketed || of.is_empty() {
            return None;
        }
        Some(self.bracketed(of, brackets, read))
    }

    fn bracketed(
        &mut self,
        of: &[Token],
        brackets: &Token,
        read: impl FnOnce(&mut Self, &[Token]) -> Option<Term>,
    ) -> Option<Term> {
        let span =
            Span { start: brackets.span.start + 1, end: brackets.span.end - 1, ..brackets.span };
        let past = self.past(span);
        let of = read(self, of)?;
        let past = past?;
        self.may_be_past(&of, past.moment, brackets.span)?;
        Some(Term::At(Box::new(of), past))
    }

    /// Whether a quantity can be taken at another time, for which it is asked at `place`.
    pub(super) fn may_be_past(&mut self, of: &Term, moment: Moment, place: Span) -> Option<()> {
        if of.is_at_another_time() {
            return self.unread(
                place,
                Message::new(
                    "một đại lượng chỉ lấy ở một thời điểm; ở đây có hai",
                    "a quantity is taken at one time, and there are two here",
                ),
                Message::new(
                    "chỉ ghi một thời điểm: `x [năm 2021]`; cần cả hai thì khai `chỉ số:` với \
                     `công thức: x - x [năm trước]`, rồi viết tên chỉ số ấy với `[năm 2022]`",
                    "write one time: `x [year 2021]`; where both are meant, declare an \
                     `indicator:` with `formula: x - x [last year]` and write its name with \
                     `[year 2022]`",
                ),
            );
        }
        if moment == Moment::Previous && of.is_of_units() {
            return self.unread(
                place,
                Message::new(
                    "mỗi đơn vị có kỳ trước riêng, nên `kỳ trước` của nhiều đơn vị không rõ là \
                     ngày nào",
                    "each unit has a previous period of its own, so that of many it names no day",
                ),
                Message::new(
                    "viết `năm trước`, `cùng kỳ`, `đầu năm` hoặc một kỳ như `quý 1/2023`",
                    "write `last year`, `same period last year`, `start of year` or a period such \
                     as `quarter 1/2023`",
                ),
            );
        }
        Some(())
    }

    /// The time that words write.
    pub(super) fn past(&mut self, span: Span) -> Option<Past> {
        let text = syntax::value_text(self.source, span);
        let shadow = Shadow::of_line(span.source, span.start, &text);
        let normal = shadow.text().trim();
        let shown = text::composed(&text);
        if normal.is_empty() {
            return self.refuse(
                error(Code::NotADate, span, "thiếu thời điểm", "the time is missing")
                    .with_help(offer()),
            );
        }
        let phrase = PHRASES.iter().find(|(_, words)| words.contains(&normal));
        if let Some((moment, _)) = phrase {
            return Some(Past { moment: *moment, shown, span });
        }
        if let Some(start) = start_of_year(normal) {
            return Some(Past { moment: Moment::In(Period::day(start)), shown, span });
        }
        if calendar::parse(normal).is_err()
            && let near = near(normal)
            && !near.is_empty()
        {
            let found = error(
                Code::NotADate,
                span,
                format!("`{shown}` không phải là thời điểm"),
                format!("`{shown}` is no time"),
            );
            return self.refuse(near.into_iter().fold(found.with_help(offer()), |found, near| {
                found.with_fix(replace(span, near, "có phải", "did you mean"))
            }));
        }
        if calendar::parse(normal).is_err() && !normal.contains(|c: char| c.is_ascii_digit()) {
            return self.refuse(
                error(
                    Code::NotADate,
                    span,
                    format!("`{shown}` không phải là thời điểm"),
                    format!("`{shown}` is no time"),
                )
                .with_help(Message::new(
                    format!(
                        "thời điểm là `năm 2022`, `năm trước`, `đầu năm`, `cùng kỳ`, `kỳ trước`; \
                         so với một chỉ số khác thì viết thương: `x / {shown} >= 105%`"
                    ),
                    format!(
                        "a time is `year 2022`, `last year`, `start of year`, `same period last \
                         year`, `previous period`; against another indicator write a quotient: \
                         `x / {shown} >= 105%`"
                    ),
                )),
            );
        }
        let period = settings::time(self.source, span, self.found)?;
        if period.last.is_none() {
            return self.refuse(error(
                Code::NotADate,
                span,
                format!("`{shown}` không có ngày cuối"),
                format!("`{shown}` has no last day"),
            ));
        }
        Some(Past { moment: Moment::In(period), shown, span })
    }

    /// The tokens from `so với` to the end, as a time.
    pub(super) fn past_of(&mut self, tokens: &[Token], before: Span) -> Option<Past> {
        if let Some(span) = cover(tokens) {
            return self.past(span);
        }
        let end = Span { start: before.end, ..before };
        self.refuse(
            error(
                Code::NotADate,
                before,
                "sau `so với` không có thời điểm",
                "no time follows `against`",
            )
            .with_help(offer())
            .with_fix(replace(end, " năm trước", "viết", "write")),
        )
    }
}

impl Term {
    /// Whether a part of it is taken at another time.
    pub(super) fn is_at_another_time(&self) -> bool {
        match self {
            Self::Name(_) | Self::Number(_) => false,
            Self::Of(_, parts, _) => parts.iter().any(Self::is_at_another_time),
            Self::At(..) | Self::Growth(_) => true,
            Self::Cumulative(of, _) => of.is_at_another_time(),
            Self::Units(units) => match &units.made {
                Made::Share((_, part)) | Made::Count((_, part)) => part.is_at_another_time(),
                Made::Of(_, of) => of.is_at_another_time(),
            },
        }
    }

    /// Whether a part of it is made of units.
    pub(super) fn is_of_units(&self) -> bool {
        match self {
            Self::Name(_) | Self::Number(_) => false,
            Self::Of(_, parts, _) => parts.iter().any(Self::is_of_units),
            Self::At(of, _) | Self::Cumulative(of, _) => of.is_of_units(),
            Self::Growth(grown) => grown.of.is_of_units(),
            Self::Units(_) => true,
        }
    }
}

impl Condition {
    fn is_at_another_time(&self) -> bool {
        match self {
            Self::Compare(read) => {
                let other = match &read.asked {
                    Asked::Against(_, other) => other.is_at_another_time(),
                    _ => false,
                };
                other || read.measure.is_at_another_time()
            }
            Self::Attribute(_) => false,
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().any(|(_, part)| part.is_at_another_time())
            }
            Self::Not(part) => part.1.is_at_another_time(),
            // It asks all days of the window.
            Self::Always(_) => true,
            Self::Units(every) => every.part.1.is_at_another_time(),
        }
    }
}

impl Resolver<'_> {
    /// Whether a sum over time has begun at another time, so that there is something to take.
    pub(super) fn sum_has_begun(&mut self, of: &Expr, moment: Moment, span: Span) -> Option<()> {
        let mut linked = Vec::new();
        of.linked(&mut linked);
        let sums = linked.iter().any(|part| matches!(part, Expr::Cumulative(_)));
        let window = self.window.and_then(|window| Some((window.first?, window.last)));
        let Some((first, last)) = window.filter(|_| sums) else { return Some(()) };
        let ends = match moment {
            Moment::In(period) => period.last,
            Moment::Previous => None,
            _ => last.and_then(|last| moment.days(last)?.last),
        };
        if ends.is_none_or(|ends| ends >= first) {
            return Some(());
        }
        let (day, time) = (first.to_vi(), moment.words(self.lang));
        self.refuse(
            error(
                Code::FormNotRead,
                span,
                format!("`lũy kế` cộng từ đầu hiệu lực ({day}): ở `{time}` chưa có gì để cộng"),
                format!("`cumulative` sums from the first day in force ({day}): none at `{time}`"),
            )
            .with_help(Message::new(
                "báo cáo đã in số cộng dồn thì dùng số ấy như một chỉ số: `vốn giải ngân lũy kế \
                 tăng 10% so với cùng kỳ`; nếu không thì ghi `hiệu lực:` gồm cả năm gốc",
                "where reports print the sum, take it as an indicator: `money spent so far grows \
                 by 10% against same period last year`; else let `effective:` hold the base too",
            )),
        )
    }
}

fn offer() -> Message {
    Message::new(
        "viết `năm 2022`, `năm trước`, `đầu năm`, `cùng kỳ` hoặc `kỳ trước`",
        "write `year 2022`, `last year`, `start of year`, `same period last year` or \
         `previous period`",
    )
}

/// `đầu năm 2023`: as a base it has one reading, the last day of the year before.
fn start_of_year(normal: &str) -> Option<Date> {
    const LEADS: [&str; 4] =
        ["đầu năm ", "start of year ", "start of the year ", "beginning of the year "];
    let year = LEADS.iter().find_map(|lead| normal.strip_prefix(lead))?;
    let period = calendar::parse(year).ok()?;
    let first = period.first?;
    (Period::year(first.year()) == Some(period)).then(|| first.previous()).flatten()
}

/// What was perhaps meant by words that are no time.
fn near(normal: &str) -> Vec<String> {
    // `cùng kỳ năm 2022` counts from the day that is judged, or is that year.
    if let Some(rest) = normal.strip_prefix("cùng kì ")
        && calendar::parse(rest).is_ok()
    {
        return vec![spelt("cùng kì"), rest.to_owned()];
    }
    if let ["tháng" | "quí" | "tuần", "trước"] = normal.split(' ').collect::<Vec<_>>()[..] {
        return vec![spelt("kì trước")];
    }
    if let Some(whole) = with_marks(normal) {
        return vec![whole];
    }
    let phrases = PHRASES.iter().flat_map(|(_, words)| words.iter().copied());
    text::nearest(normal, phrases, 1).into_iter().map(spelt).collect()
}

/// A phrase in its usual spelling.
fn spelt(normal: &str) -> String {
    normal.replace("kì", "kỳ")
}

/// `nam 2022` → `năm 2022`.
fn with_marks(normal: &str) -> Option<String> {
    const WORDS: [(&str, &str); 7] = [
        ("dau nam", "đầu năm"),
        ("cuoi nam", "cuối năm"),
        ("het nam", "hết năm"),
        ("giai doan", "giai đoạn"),
        ("nam", "năm"),
        ("thang", "tháng"),
        ("qui", "quý"),
    ];
    let bare = text::bare(normal);
    WORDS.iter().find_map(|(word, marked)| {
        let rest = bare.strip_prefix(word)?.strip_prefix(' ')?;
        let whole = format!("{marked} {rest}");
        let is_time = calendar::parse(&text::normal(&whole)).is_ok()
            || start_of_year(&text::normal(&whole)).is_some();
        is_time.then_some(whole)
    })
}
