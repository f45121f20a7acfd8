//! What people write of units of organisation that is not the language, and what they may write
//! instead.
//!
//! Enters: words that [`super::share`] could not take. Leaves: diagnostics, most with a fix. The
//! one idea: where all units may be meant, or a number is missing, both are offered and neither
//! is taken.

use super::model::Population;
use super::reader::{Reader, cover, error, replace};
use super::share::{Head, HowMany};
use crate::diagnostic::{Code, Diagnostic, Edit, Fix, Lang, Message};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};
use crate::text;

/// Words for all units that are not the keyword.
const ALL: [&str; 5] = ["tất cả", "toàn bộ", "toàn thể", "hết thảy", "all of"];

/// Words for a number that is not said.
const VAGUE: [&str; 10] = [
    "hầu hết",
    "đa số",
    "phần lớn",
    "đại đa số",
    "một số",
    "một nửa",
    "nhiều",
    "đa phần",
    "most",
    "some",
];

impl Reader<'_> {
    pub(super) fn range_of_units<T>(&mut self, words: &[Token]) -> Option<T> {
        let span = cover(words)?;
        let shown = self.shown(words);
        self.refuse(
            error(
                Code::RangeWithoutReading,
                span,
                format!("`{shown}`: một khoảng không đứng trước loại đơn vị"),
                format!("`{shown}`: a range does not stand before units"),
            )
            .with_help(Message::new(
                "viết một con số (`ít nhất 30% xã đạt: …`), hoặc `tỷ lệ xã đạt: …` với dòng dưới \
                 `đến 2025: trong khoảng 30% đến 40%`",
                "write one number (`at least 30% xã satisfy: …`), or `share of xã satisfy: …` with \
                 the line `by 2025: within 30% to 40%` below",
            )),
        )
    }

    pub(super) fn no_number_of_units<T>(&mut self, span: Span) -> Option<T> {
        let shown = self.slice(span).to_owned();
        self.refuse(
            error(
                Code::NotANumber,
                span,
                format!("`{shown}` không phải là số đơn vị: cần số nguyên từ 0, hoặc `%`"),
                format!("`{shown}` is no number of units: a whole number from 0 is, or a `%`"),
            )
            .with_help(Message::new(
                "viết `ít nhất 5 huyện đạt: …` hoặc `ít nhất 30% xã đạt: …`",
                "write `at least 5 huyện satisfy: …` or `at least 30% xã satisfy: …`",
            )),
        )
    }

    pub(super) fn wrong_sign<T>(&mut self, sign: &Token, vi: &str, en: &str) -> Option<T> {
        let typed = self.slice(sign.span).to_owned();
        let english = typed.is_ascii();
        let right = format!("{}:", if english { en } else { vi });
        self.refuse(
            error(
                Code::UnknownKey,
                sign.span,
                format!("`{typed}` không đi với phần đầu của dòng này"),
                format!("`{typed}` does not go with the beginning of this line"),
            )
            .with_fix(replace(sign.span, right, "viết", "write"))
            .with_help(Message::new(
                "`đạt:` đi với `mọi` hoặc một con số, `nào:` đi với `không`",
                "`satisfy:` goes with `every` or a number, `none:` with `no`",
            )),
        )
    }

    /// `xã đạt: C`: nothing says how many of them.
    pub(super) fn how_many<T>(&mut self, tokens: &[Token], at: usize) -> Option<T> {
        let words = tokens.get(..at)?;
        let after = tokens.get(at + 1..).unwrap_or_default();
        let sign = tokens.get(at)?;
        if Self::only_a_quantity(after) {
            return self.colon_for_symbol(tokens, at, after);
        }
        let place = cover(words).unwrap_or(sign.span);
        let (shown, normal) = (self.shown(words), self.normal(words));
        let lead = |forms: &[&'static str]| {
            let fits = |form: &&&str| normal.strip_prefix(**form).is_some_and(begins_word);
            forms.iter().find(fits).copied()
        };
        if let Some(word) = lead(&VAGUE) {
            return self.refuse(
                error(
                    Code::WordsForNumber,
                    place,
                    format!("`{word}` không nói bao nhiêu đơn vị"),
                    format!("`{word}` does not say how many units"),
                )
                .with_help(Message::new(
                    "viết con số, chẳng hạn `ít nhất 90% xã đạt: …`, hoặc `mọi xã đạt: …`",
                    "write a number, as in `at least 90% xã satisfy: …`, or `every xã satisfy: …`",
                )),
            );
        }
        let every = if self.lang == Lang::Vi { "mọi" } else { "every" };
        let count = lead(&ALL).map_or(0, |word| word.split(' ').count());
        let types = self.shown(words.get(count..).unwrap_or_default());
        let types = types.strip_prefix("các ").unwrap_or(&types).to_owned();
        let found = error(
            Code::NoComparator,
            place,
            format!("`{shown}` không nói bao nhiêu đơn vị"),
            format!("`{shown}` does not say how many units"),
        )
        .with_help(Message::new(
            "viết `mọi xã đạt: …`, `ít nhất 30% xã đạt: …` hoặc `không xã nào: …`",
            "write `every xã satisfy: …`, `at least 30% xã satisfy: …` or `no xã none: …`",
        ));
        self.refuse(if types.is_empty() || sign.kind == TokenKind::NoneOf {
            found
        } else {
            let title = ("nếu là tất cả", "if all of them are meant");
            found.with_fix(replace(place, format!("{every} {types}"), title.0, title.1))
        })
    }

    /// `tỷ lệ xã đạt: C` without a line that has a threshold.
    pub(super) fn no_threshold<T>(
        &mut self,
        words: &[Token],
        population: &Population,
        share: bool,
    ) -> Option<T> {
        let (shown, types) = (self.shown(words), &population.name);
        let (vi, en, number) = if share {
            ("ít nhất 30%", "at least 30%", "30%")
        } else {
            ("ít nhất 5", "at least 5", "5")
        };
        self.refuse(
            error(
                Code::NoComparator,
                cover(words)?,
                format!("`{shown}` không có ngưỡng"),
                format!("`{shown}` has no threshold"),
            )
            .with_help(Message::new(
                format!(
                    "viết con số ở đầu, chẳng hạn `{vi} {types} đạt: …`, hoặc thêm dòng dưới \
                     `đến 2025: >= {number}`"
                ),
                format!(
                    "put the number first, as in `{en} {types} satisfy: …`, or add the line \
                     `by 2025: >= {number}` below"
                ),
            )),
        )
    }

    /// A head that says how many already, above lines that say it again.
    pub(super) fn head_compares<T>(
        &mut self,
        tokens: &[Token],
        at: usize,
        head: &Head<'_>,
    ) -> Option<T> {
        let words = tokens.get(..at)?;
        let types = self.shown(head.types);
        let share = !matches!(&head.many, HowMany::Bound(_, it) if it.unit.is_none());
        let measure = match (self.lang, share) {
            (Lang::Vi, true) => "tỷ lệ",
            (Lang::Vi, false) => "số",
            (Lang::En, true) => "share of",
            (Lang::En, false) => "number of",
        };
        let found = error(
            Code::HeadComparesToo,
            cover(words)?,
            "so sánh đứng ở dòng trên các dòng `đến` hoặc `khi`",
            "a comparison stands above `by` or `when` lines",
        );
        self.refuse(match head.many {
            HowMany::None => found.with_help(Message::new(
                "`không … nào` đã là ngưỡng; thời hạn của nó ghi ở dòng `hạn:`",
                "`no … none` is the threshold itself; its date stands in a `due:` line",
            )),
            _ => found
                .with_fix(replace(cover(words)?, format!("{measure} {types}"), "viết", "write"))
                .with_help(Message::new(
                    "dòng trên chỉ nói cái được tính; ngưỡng ghi ở từng dòng bên dưới",
                    "the line above says what is counted; each line below has its threshold",
                )),
        })
    }

    /// `80% xã có nhà văn hóa, trong đó 50% đạt chuẩn`: of which is of what?
    pub(super) fn names_its_base(&mut self, tokens: &[Token]) -> Option<()> {
        let pair = tokens.windows(2).find(|pair| match pair {
            [one, two] => self.is_word(one, &["trong"]) && self.is_word(two, &["đó"]),
            _ => false,
        });
        let Some(span) = pair.and_then(cover) else { return Some(()) };
        self.refuse(
            error(
                Code::ShareWithinShare,
                span,
                "`trong đó` không nói rõ mẫu số: của tất cả, hay của phần vừa nói",
                "`trong đó` (of which) does not say of what: of all, or of the part just named",
            )
            .with_help(Message::new(
                "viết thành chỉ tiêu riêng với mẫu số rõ ràng: `… trong số xã có nhà văn hóa >= \
                 50%`; nếu `trong đó` thuộc về tên thì đặt cả tên trong ngoặc kép",
                "write a target of its own that names its base; if `trong đó` belongs to the name, \
                 quote the whole name",
            )),
        )
    }

    /// `30% xã dat: C`, `mọi xã: C`: `đạt` or `nào` is misspelt before the colon, or missing.
    pub(super) fn sign_misspelt(&mut self, tokens: &[Token], colon: usize) -> Option<()> {
        let Some((word, words)) = tokens.get(..colon).and_then(<[Token]>::split_last) else {
            return Some(());
        };
        let begins = tokens.first().is_some_and(|first| {
            first.kind == TokenKind::Negation
                || self.says_every(first)
                || Self::leads_to_number(tokens.get(..colon).unwrap_or_default())
        });
        let measures = begins || self.measure_words(words).is_some();
        let typed = self.slice(word.span).to_owned();
        let near = text::nearest(&typed, ["đạt", "nào", "satisfy", "none"].into_iter(), 1);
        let near = near.first().copied().filter(|_| measures && !words.is_empty());
        let none = tokens.first().is_some_and(|first| first.kind == TokenKind::Negation);
        let english = ["satisfies", "satisfied", "meet", "meets", "with"];
        let lang = if self.is_word(word, &english) { Lang::En } else { self.lang };
        let right = near.unwrap_or(match (lang, none) {
            (Lang::Vi, false) => "đạt",
            (Lang::Vi, true) => "nào",
            (Lang::En, false) => "satisfy",
            (Lang::En, true) => "none",
        });
        let after = tokens.get(colon + 1..).unwrap_or_default();
        if near.is_none() && (!begins || words.is_empty() || Self::only_a_quantity(after)) {
            return Some(());
        }
        let known = words.iter().chain([word]).any(|it| self.is_word(it, &["đạt", "satisfy"]));
        let length = if near.is_some() { 1 } else { self.other_sign(tokens.get(..colon)?) };
        let at = tokens.get(colon)?.span;
        let place = match colon.checked_sub(length).and_then(|from| tokens.get(from..colon)) {
            Some(replaced) => cover(replaced).unwrap_or(Span { end: at.start, ..at }),
            None => return Some(()),
        };
        let found = error(
            Code::UnknownKey,
            if length == 0 { cover(tokens.get(..colon)?)? } else { place },
            format!("thiếu `{right}` ngay trước dấu hai chấm"),
            format!("`{right}` is missing right before the colon"),
        );
        self.refuse(match (length, known && near.is_none()) {
            (_, true) => found.with_help(Message::new(
                "`đạt:` kết thúc phần nói về các đơn vị; thời hạn ghi ở dòng `hạn:` bên dưới",
                "`satisfy:` ends what is said of units; a due date stands in a `due:` line below",
            )),
            (0, false) => {
                let gap = Span { start: at.start, end: at.start, ..at };
                found.with_fix(replace(gap, format!(" {right}"), "thêm", "add"))
            }
            _ => found.with_fix(replace(place, right, "có phải", "did you mean")),
        })
    }

    /// How many words before the colon say `đạt` otherwise.
    fn other_sign(&self, words: &[Token]) -> usize {
        let others = [
            "thỏa mãn",
            "đáp ứng",
            "đạt được",
            "thỏa",
            "phải",
            "đều",
            "là",
            "có",
            "satisfies",
            "satisfied",
            "meet",
            "meets",
            "with",
        ];
        let ends = |length: &usize| {
            let from = words.len().checked_sub(*length).filter(|from| *from > 1);
            let tail = from.and_then(|from| words.get(from..)).unwrap_or_default();
            !tail.is_empty() && others.contains(&self.normal(tail).as_str())
        };
        [2, 1].into_iter().find(ends).unwrap_or(0)
    }

    /// `đến năm 2025, 30% xã đạt: C`: a due date has a line of its own.
    pub(super) fn no_time_first(&mut self, tokens: &[Token], words: &[Token]) -> Option<()> {
        let leads = words.first().is_some_and(|first| {
            first.kind == TokenKind::To
                || self.is_word(first, &["năm", "trước", "hết", "cuối", "by", "before", "year"])
        });
        let dated = |token: &Token| matches!(token.kind, TokenKind::Number | TokenKind::Time);
        let Some(at) = words.iter().position(dated).filter(|_| leads) else { return Some(()) };
        let silent =
            |token: &&Token| token.kind == TokenKind::Comma || matches!(token.kind, TokenKind::Yes);
        let rest = tokens.get(at + 1..).unwrap_or_default();
        let skipped = rest.iter().take_while(silent).count();
        let rest = self.shown(rest.get(skipped..).unwrap_or_default());
        let time = words.get(..=at).unwrap_or_default();
        let time = match time {
            [to, others @ ..] if to.kind == TokenKind::To || self.is_word(to, &["by"]) => others,
            all => all,
        };
        let (span, time) = (cover(words.get(..=at)?)?, self.shown(time));
        let key = if self.lang == Lang::Vi { "hạn" } else { "due" };
        self.refuse(
            error(
                Code::BeginsWithGrowth,
                span,
                "thời hạn đứng đầu dòng",
                "a due date stands first in the line",
            )
            .with_fix(Fix {
                title: Message::new(
                    format!("ghi thời hạn ở dòng dưới: `{key}: {time}`"),
                    format!("write the date below: `{key}: {time}`"),
                ),
                edits: vec![Edit {
                    span: cover(tokens)?,
                    replacement: format!("{rest}\n  {key}: {time}"),
                }],
                safe: false,
            }),
        )
    }
}

fn begins_word(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(' ')
}

pub(super) fn beside(word: &str, join: Span, share: Span) -> Diagnostic {
    let place = |at| Span { start: at, end: at, ..share };
    let fix = Fix {
        title: Message::new("đặt tỷ lệ trong ngoặc", "put the share into parentheses"),
        edits: vec![
            Edit { span: place(share.start), replacement: "(".to_owned() },
            Edit { span: place(share.end), replacement: ")".to_owned() },
        ],
        safe: false,
    };
    error(
        Code::AmbiguousJoin,
        join,
        format!("`{word}` nối một tỷ lệ đơn vị với điều kiện khác: cần ngoặc"),
        format!("`{word}` joins a share of units with another condition: parentheses are needed"),
    )
    .with_fix(fix)
    .with_help(Message::new(
        "sau `đạt:` tất cả là điều kiện của từng đơn vị; viết `(mọi xã đạt: a = có) và b >= 5`",
        "all that follows `satisfy:` is asked of each unit; write `(every xã satisfy: a = yes) \
         and b >= 5`",
    ))
}
