//! Key lines to settings: what a programme, a group or a target says beside its conditions.
//!
//! Enters: the keys below a head. Leaves: [`Settings`]; each key that does not belong there, stands
//! twice or cannot be read has its diagnostic.

use super::model::ScopeItem;
use super::reader::{RangeReading, error, replace};
use super::scope;
use crate::calendar::{self, Date, Period, TimeError};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Lang, Message, Severity};
use crate::source::{Source, Span};
use crate::syntax::{self, Key, KeyLine};
use crate::text::{self, Abbreviations, Shadow};

/// What keys belong to, for what is allowed there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    File,
    Programme,
    Group,
    Target,
    Check,
}

/// What the keys of one head say.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    pub(super) code: Option<String>,
    pub(super) scope: Option<Vec<ScopeItem>>,
    pub(super) window: Option<Period>,
    /// Where the head itself says so; nothing where that is inherited.
    pub(super) window_span: Option<Span>,
    /// `Some(None)` is `hạn: không`.
    #[expect(clippy::option_option, reason = "not written, none, and a day")]
    pub(super) due: Option<Option<Date>>,
    pub(super) due_span: Option<Span>,
    pub(super) basis: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) note: Option<String>,
    /// `thay thế:`, with its place.
    pub(super) replaces: Option<(String, Span)>,
    /// `theo:`, with its place.
    pub(super) follows: Option<(String, Span)>,
    pub(super) lang: Option<Lang>,
    pub(super) reading: Option<RangeReading>,
    pub(super) abbreviations: Abbreviations,
    /// Names that nothing declares are errors.
    pub(super) strict: bool,
    /// Some key could not be read: what it governs is not judged.
    pub(super) broken: bool,
}

/// Reads the keys below a head.
pub(super) fn read(
    source: &Source,
    place: Place,
    keys: &[KeyLine],
    found: &mut Diagnostics,
) -> Settings {
    let mut settings = Settings::default();
    let mut seen: Vec<&KeyLine> = Vec::new();
    for line in keys {
        let before = found.len();
        let lines = matches!(line.key, Key::By | Key::When | Key::Baseline);
        let repeats = lines || matches!(line.key, Key::Abbreviation | Key::Note | Key::Use);
        let twice = seen.iter().find(|other| other.key == line.key && !repeats);
        if !allowed(place, line.key) {
            found.push(not_here(source, place, line));
        } else if let Some(first) = twice {
            found.push(twice_given(source, line, first));
        } else if syntax::shown_text(source, line.value).is_empty() {
            found.push(empty(source, line));
        } else {
            settings.take(source, line, found);
        }
        if !seen.iter().any(|other| other.key == line.key) {
            seen.push(line);
        }
        let new = found.as_slice().get(before..).unwrap_or_default();
        settings.broken |= new.iter().any(|it| it.severity == Severity::Error);
    }
    settings
}

/// Whether a key may stand under a head.
const fn allowed(place: Place, key: Key) -> bool {
    let everywhere = matches!(
        key,
        Key::Applies | Key::Effective | Key::Basis | Key::Owner | Key::Due | Key::Note
    );
    match place {
        Place::File => matches!(key, Key::Language | Key::Abbreviation | Key::Use | Key::Note),
        Place::Programme => {
            everywhere
                || matches!(
                    key,
                    Key::Code | Key::Abbreviation | Key::Use | Key::Strict | Key::Language
                )
        }
        Place::Check => matches!(key, Key::Applies | Key::Note),
        Place::Group => everywhere || matches!(key, Key::Points),
        Place::Target => {
            everywhere
                || matches!(
                    key,
                    Key::By
                        | Key::When
                        | Key::Otherwise
                        | Key::Baseline
                        | Key::Stretch
                        | Key::Reading
                        | Key::Replaces
                        | Key::Follows
                        | Key::Points
                        | Key::Scored
                )
        }
    }
}

impl Settings {
    fn take(&mut self, source: &Source, line: &KeyLine, found: &mut Diagnostics) {
        let text = || text::composed(&syntax::free_text(source, line));
        match line.key {
            Key::Code => {
                self.code = Some(text::composed(&syntax::value_text(source, line.value)));
            }
            Key::Basis => self.basis = Some(text()),
            Key::Owner => self.owner = Some(text()),
            Key::Note => match &mut self.note {
                Some(note) => *note = format!("{note}; {}", text()),
                None => self.note = Some(text()),
            },
            Key::Applies => self.scope = Some(scope::read(source, line.value, found)),
            Key::Effective => {
                self.window = time(source, line.value, found);
                found.extend(self.window.and_then(|window| one_day(source, line, window)));
                self.window_span = Some(line.value);
            }
            Key::Due => self.due(source, line, found),
            Key::Language => self.language(source, line, found),
            Key::Abbreviation => self.abbreviation(source, line, found),
            Key::Reading => self.reading(source, line, found),
            Key::Strict => self.strict(source, line, found),
            // Imports are loaded before, thresholds and points read with their target.
            Key::Use
            | Key::By
            | Key::When
            | Key::Otherwise
            | Key::Baseline
            | Key::Stretch
            | Key::Points
            | Key::Scored => {}
            Key::Replaces => self.replaces = Some((text(), line.value)),
            Key::Follows => self.follows = Some((text(), line.value)),
            _ => found.push(unread(source, line)),
        }
    }

    fn due(&mut self, source: &Source, line: &KeyLine, found: &mut Diagnostics) {
        self.due_span = Some(line.value);
        let word = text::normal(&syntax::value_text(source, line.value));
        if matches!(word.as_str(), "không" | "no" | "none") {
            self.due = Some(None);
            return;
        }
        let Some(period) = time(source, line.value, found) else { return };
        match period.last {
            Some(last) => self.due = Some(Some(last)),
            None => found.push(
                error(
                    Code::NotADate,
                    line.value,
                    format!("`{word}` không có ngày cuối"),
                    format!("`{word}` has no last day"),
                )
                .with_help(Message::new(
                    "viết ngày hoặc kỳ có ngày cuối, chẳng hạn `31/12/2023`, `năm 2023`",
                    "write a day or a period that ends, such as `31/12/2023`, `year 2023`",
                )),
            ),
        }
    }

    fn language(&mut self, source: &Source, line: &KeyLine, found: &mut Diagnostics) {
        match text::normal(&syntax::value_text(source, line.value)).as_str() {
            "vi" | "tiếng việt" => self.lang = Some(Lang::Vi),
            "en" | "english" | "tiếng anh" => self.lang = Some(Lang::En),
            other => found.push(
                error(
                    Code::NotAStatement,
                    line.value,
                    format!("không có ngôn ngữ `{other}`"),
                    format!("there is no language `{other}`"),
                )
                .with_fix(replace(line.value, "vi", "tiếng Việt", "Vietnamese"))
                .with_fix(replace(line.value, "en", "tiếng Anh", "English")),
            ),
        }
    }

    fn strict(&mut self, source: &Source, line: &KeyLine, found: &mut Diagnostics) {
        match text::normal(&syntax::value_text(source, line.value)).as_str() {
            "có" | "yes" => self.strict = true,
            "không" | "no" => self.strict = false,
            other => found.push(
                error(
                    Code::NotAStatement,
                    line.value,
                    format!("`{other}` không phải là `có` hoặc `không`"),
                    format!("`{other}` is neither `yes` nor `no`"),
                )
                .with_fix(replace(line.value, "có", "viết", "write")),
            ),
        }
    }

    fn abbreviation(&mut self, source: &Source, line: &KeyLine, found: &mut Diagnostics) {
        let value = &*syntax::value_text(source, line.value);
        let Some((short, long)) = value.split_once('=') else {
            found.push(
                error(
                    Code::AbbreviationEmpty,
                    line.value,
                    format!("`{}` không nói từ viết tắt của cụm từ nào", text::composed(value)),
                    format!("`{}` does not say what is abbreviated", text::composed(value)),
                )
                .with_help(Message::new(
                    "viết `viết tắt: DVC = dịch vụ công`",
                    "write `abbreviation: DVC = dịch vụ công`",
                )),
            );
            return;
        };
        let unquoted =
            |text: &str| text::composed(text.trim().trim_matches(|c| "\"“”„«»".contains(c)));
        let (short, long) = (unquoted(short), unquoted(long));
        if let Err(fault) = self.abbreviations.insert(&short, &long) {
            found.push(error(
                Code::AbbreviationTwice,
                line.value,
                format!("không dùng được từ viết tắt `{short}`: đã có nghĩa khác hoặc để trống"),
                format!("the abbreviation `{short}` cannot be taken: {fault}"),
            ));
        }
    }

    fn reading(&mut self, source: &Source, line: &KeyLine, found: &mut Diagnostics) {
        self.reading = match text::normal(&syntax::value_text(source, line.value)).as_str() {
            "trong khoảng" | "within" => Some(RangeReading::Within),
            "sàn" | "floor" => Some(RangeReading::Floor),
            "trần" | "ceiling" => Some(RangeReading::Ceiling),
            "sàn, phấn đấu" | "floor, stretch" => Some(RangeReading::FloorAndStretch),
            other => {
                let choices = ["trong khoảng", "sàn", "sàn, phấn đấu", "trần"];
                let found_one = error(
                    Code::NotAStatement,
                    line.value,
                    format!("`{other}` không phải là một cách hiểu"),
                    format!("`{other}` is no reading"),
                );
                let with_fixes = choices.iter().fold(found_one, |diagnostic, choice| {
                    diagnostic.with_fix(replace(line.value, *choice, "viết", "write"))
                });
                found.push(with_fixes);
                None
            }
        };
    }
}

/// A day alone is a window of that day, which is seldom meant; who writes both ends means it.
fn one_day(source: &Source, line: &KeyLine, window: Period) -> Option<Diagnostic> {
    let day = window.first.filter(|_| window.first == window.last)?;
    let shown = syntax::shown_text(source, line.value);
    if ["từ ", "from "].iter().any(|word| text::normal(&shown).starts_with(word)) {
        return None;
    }
    let english = text::normal(&key_text(source, line)) == "effective";
    let [from, until] = if english { ["from", "until"] } else { ["từ", "đến"] };
    let found = Diagnostic::new(
        Code::OneDayWindow,
        line.value,
        Message::new(
            format!("hiệu lực chỉ có ngày {}", day.to_vi()),
            format!("in force on {} alone", day.to_vi()),
        ),
    );
    let fix = |word, vi, en| replace(line.value, format!("{word} {shown}"), vi, en);
    Some(
        found
            .with_fix(fix(from, "nếu là từ ngày ấy trở đi", "if it is from that day on"))
            .with_fix(fix(until, "nếu là đến hết ngày ấy", "if it is until that day")),
    )
}

/// Reads a time; what is wrong is underlined itself.
pub(super) fn time(source: &Source, value: Span, found: &mut Diagnostics) -> Option<Period> {
    let text = syntax::value_text(source, value);
    let shadow = Shadow::of_line(value.source, value.start, &text);
    match calendar::parse(shadow.text()) {
        Ok(period) => Some(period),
        Err(fault) => {
            found.push(bad_time(&shadow, value, &fault));
            None
        }
    }
}

fn bad_time(shadow: &Shadow, value: Span, fault: &TimeError) -> Diagnostic {
    let place = fault
        .part()
        .and_then(|part| Some((shadow.text().find(part)?, part.len())))
        .map_or(value, |(at, length)| shadow.span(at..at + length));
    let shown = fault.part().unwrap_or_else(|| shadow.text()).to_owned();
    let code = match fault {
        TimeError::EndBeforeStart => Code::PeriodReversed,
        _ => Code::NotADate,
    };
    let vi = match fault {
        TimeError::NoSuchDay { .. } => format!("không có ngày `{shown}`"),
        TimeError::NoSuchMonth { .. } => format!("không có tháng trong `{shown}`"),
        TimeError::NoSuchQuarter { .. } => format!("không có quý trong `{shown}`"),
        TimeError::NoSuchYear { .. } => format!("không có năm trong `{shown}`"),
        TimeError::ShortYear { .. } => format!("`{shown}` ghi năm chỉ có hai chữ số"),
        TimeError::EndBeforeStart => format!("kỳ `{}` kết thúc trước khi bắt đầu", shadow.text()),
        _ => format!("`{shown}` không phải là ngày hoặc kỳ"),
    };
    let en = match fault {
        TimeError::NoSuchDay { .. } => format!("there is no day `{shown}`"),
        TimeError::NoSuchMonth { .. } => format!("there is no such month in `{shown}`"),
        TimeError::NoSuchQuarter { .. } => format!("there is no such quarter in `{shown}`"),
        TimeError::NoSuchYear { .. } => format!("there is no such year in `{shown}`"),
        TimeError::ShortYear { .. } => format!("`{shown}` has a year of two digits"),
        TimeError::EndBeforeStart => {
            format!("the period `{}` ends before it starts", shadow.text())
        }
        _ => format!("`{shown}` is no date or period"),
    };
    let found = error(code, place, vi, en).with_help(Message::new(
        "viết `31/12/2023`, `năm 2023`, `quý 2/2023`, `giai đoạn 2021-2025`",
        "write `31/12/2023`, `year 2023`, `quarter 2/2023`, `period 2021-2025`",
    ));
    match fault.offer() {
        Some(offer) => found.with_fix(replace(place, offer, "có phải", "did you mean")),
        None => found,
    }
}

fn key_text(source: &Source, line: &KeyLine) -> String {
    syntax::shown_text(source, line.key_span)
}

fn unread(source: &Source, line: &KeyLine) -> Diagnostic {
    let key = key_text(source, line);
    error(
        Code::FormNotRead,
        line.span,
        format!("phiên bản này chưa đọc dòng `{key}:`"),
        format!("this version does not read `{key}:` lines"),
    )
}

fn not_here(source: &Source, place: Place, line: &KeyLine) -> Diagnostic {
    let key = key_text(source, line);
    let (code, vi, en) = match place {
        Place::File => (Code::KeyWithoutHead, "trước dòng `chương trình:`", "before `programme:`"),
        Place::Programme => (Code::KeyNotAllowed, "dưới `chương trình:`", "under `programme:`"),
        Place::Group => (Code::KeyNotAllowed, "dưới `nhóm:`", "under `group:`"),
        Place::Check => (Code::KeyNotAllowed, "dưới `kiểm tra:`", "under `check:`"),
        Place::Target => (Code::KeyNotAllowed, "dưới một chỉ tiêu", "under a target"),
    };
    error(
        code,
        line.key_span,
        format!("`{key}:` không dùng được {vi}"),
        format!("`{key}:` is not allowed {en}"),
    )
}

fn twice_given(source: &Source, line: &KeyLine, first: &KeyLine) -> Diagnostic {
    let key = key_text(source, line);
    error(
        Code::KeyTwice,
        line.key_span,
        format!("`{key}:` đã có ở trên"),
        format!("`{key}:` is given above"),
    )
    .with_label(first.key_span, Message::new("dòng thứ nhất", "the first one"))
}

fn empty(source: &Source, line: &KeyLine) -> Diagnostic {
    let key = key_text(source, line);
    error(
        Code::EmptyValue,
        line.span,
        format!("sau `{key}:` không có nội dung"),
        format!("`{key}:` says nothing"),
    )
}
