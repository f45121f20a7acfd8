//! `chitieu diff`: what changed between two files of verdicts, and why.
//!
//! Enters: two files that `eval` wrote. Leaves: the changes on standard output.

use std::fmt::Write as _;
use std::path::Path;

use chitieu::Verdict;
use chitieu::diagnostic::Lang;
use chitieu::diff::{Cause, Change, Diff as Changes, Pair, Row, compare, read};
use chitieu::number::{format_en, format_vi};
use chitieu::source::Source;

use crate::Status;
use crate::args::{Diff, Listing};
use crate::console::{Console, Failure, failure};
use crate::json::{Json, object};
use crate::load;

/// Runs the command.
pub(crate) fn run(args: &Diff, console: Console) -> Result<Status, Failure> {
    let (old, new) = (verdicts(&args.old)?, verdicts(&args.new)?);
    let diff = compare(&old, &new);
    let out = match args.format {
        Some(Listing::Json) => lines(&diff),
        _ => Teller { lang: console.lang }.human(&diff),
    };
    load::print(&out)?;
    Ok(Status::Clean)
}

fn verdicts(path: &Path) -> Result<Vec<Row>, Failure> {
    let name = path.to_string_lossy().into_owned();
    let bytes = std::fs::read(path)
        .map_err(|source| chitieu_io::IoError::Read { name: name.clone(), source })?;
    let source = Source::from_bytes(name.clone(), &bytes).map_err(chitieu_io::IoError::from)?;
    read(source.text()).or_else(|fault| {
        let place = format!("{name}:{}", fault.line);
        failure(format!("{place}: {}", fault.message.vi), format!("{place}: {}", fault.message.en))
    })
}

/// Reasons in words.
const REASONS: [(&str, &str, &str); 14] = [
    ("threshold_unstated", "văn bản không nêu ngưỡng", "the threshold is not stated"),
    ("bounds", "số liệu chỉ là khoảng", "the figure is a bound"),
    ("about", "số liệu chỉ là ước chừng", "the figure is approximate"),
    ("units_unreported", "có đơn vị chưa báo cáo", "units have not reported"),
    ("zero_denominator", "mẫu số bằng 0", "the denominator is zero"),
    ("scope", "ngoài đối tượng", "outside the scope"),
    ("not_in_force", "ngoài hiệu lực", "not in force"),
    ("growth_from_zero", "tăng từ 0 trở xuống", "growth from zero or less"),
    ("empty_population", "không có đơn vị nào", "no unit at all"),
    ("unequal_values", "số liệu không khớp nhau", "figures disagree"),
    ("out_of_range", "ngoài phạm vi", "out of range"),
    ("unreadable", "số liệu không đọc được", "unreadable"),
    ("wrong_unit", "sai đơn vị tính", "wrong unit"),
    ("absent", "thiếu số liệu", "absent"),
];

struct Teller {
    lang: Lang,
}

impl Teller {
    const fn pick(&self, vi: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    fn human(&self, diff: &Changes<'_>) -> String {
        let mut out = String::new();
        for change in &diff.changes {
            match change {
                Change::Flipped(pair) => self.flipped(pair, &mut out),
                Change::TargetNew(row, count) => {
                    self.group(("chỉ tiêu mới", "new target"), &target(row), *count, &mut out);
                }
                Change::TargetGone(row, count) => {
                    let what = ("chỉ tiêu không còn", "target gone");
                    self.group(what, &target(row), *count, &mut out);
                }
                Change::EntityNew(row, count) => {
                    self.group(("đơn vị mới", "new entity"), &row.entity, *count, &mut out);
                }
                Change::EntityGone(row, count) => {
                    self.group(("đơn vị không còn", "entity gone"), &row.entity, *count, &mut out);
                }
                Change::RecordNew(row) => {
                    self.single(("kết luận mới", "new verdict"), row, &mut out);
                }
                Change::RecordGone(row) => {
                    self.single(("kết luận không còn", "verdict gone"), row, &mut out);
                }
            }
        }
        out.push_str(&self.summary(diff));
        out
    }

    /// `CQS-03, br-vt: chưa đạt → đạt`, with what differs below.
    fn flipped(&self, pair: &Pair<'_>, out: &mut String) {
        let (old, new) = (pair.old, pair.new);
        let (before, after) = (self.verdict(&old.verdict), self.verdict(&new.verdict));
        let _ = writeln!(out, "{}: {before} → {after}", self.whose(new));
        for cause in &pair.causes {
            let _ = writeln!(out, "  {}", self.cause(*cause, old, new));
        }
        if pair.causes.is_empty() {
            let none = self.pick("hai tệp không cho thấy vì sao", "the files do not show why");
            let _ = writeln!(out, "  {none}");
        }
        let kept = [
            (Cause::Measured, self.pick("số liệu", "measured"), &new.measured),
            (Cause::Threshold, self.pick("ngưỡng", "threshold"), &new.threshold),
            (Cause::Due, self.pick("hạn", "due"), &new.due),
        ];
        let kept: Vec<String> = kept
            .into_iter()
            .filter(|(cause, _, text)| !pair.causes.contains(cause) && !text.is_empty())
            .map(|(cause, word, text)| match cause {
                Cause::Due => format!("{word} {}", day(text)),
                _ => format!("{word} {}", self.figure(text, &new.unit)),
            })
            .collect();
        if !kept.is_empty() {
            let word = self.pick("giữ nguyên", "unchanged");
            let _ = writeln!(out, "  {word}: {}", kept.join(", "));
        }
    }

    fn cause(&self, cause: Cause, old: &Row, new: &Row) -> String {
        let none = self.pick("không có", "none");
        let or_none = |text: String| if text.is_empty() { none.to_owned() } else { text };
        let both = |word: &str, old: String, new: String| {
            format!("{word}: {} → {}", or_none(old), or_none(new))
        };
        match cause {
            Cause::Measured => both(
                self.pick("số liệu", "measured"),
                self.figure(&old.measured, &old.unit),
                self.figure(&new.measured, &new.unit),
            ),
            Cause::Threshold => both(
                self.pick("ngưỡng", "threshold"),
                self.figure(&old.threshold, &old.unit),
                self.figure(&new.threshold, &new.unit),
            ),
            Cause::Unit => {
                both(self.pick("đơn vị tính", "unit"), old.unit.clone(), new.unit.clone())
            }
            Cause::DuePassed => {
                let (due, was, is) = (day(&new.due), day(&old.as_of), day(&new.as_of));
                match self.lang {
                    Lang::Vi => format!("đã qua hạn {due} (ngày số liệu {was} → {is})"),
                    Lang::En => format!("{due} has come due (as of {was} → {is})"),
                }
            }
            Cause::Due => both(self.pick("hạn", "due"), day(&old.due), day(&new.due)),
            Cause::LegalBasis => both(
                self.pick("căn cứ", "legal basis"),
                old.legal_basis.clone(),
                new.legal_basis.clone(),
            ),
            Cause::Reason => {
                let word = self.pick("lý do", "reason");
                both(word, self.reason(&old.reason), self.reason(&new.reason))
            }
            Cause::AsOf => {
                both(self.pick("ngày số liệu", "as of"), day(&old.as_of), day(&new.as_of))
            }
        }
    }

    fn group(
        &self,
        what: (&'static str, &'static str),
        whose: &str,
        count: usize,
        out: &mut String,
    ) {
        let what = self.pick(what.0, what.1);
        let noun = match (self.lang, count) {
            (Lang::Vi, _) => "kết luận",
            (Lang::En, 1) => "verdict",
            (Lang::En, _) => "verdicts",
        };
        let _ = writeln!(out, "{what}: {whose} ({count} {noun})");
    }

    fn single(&self, what: (&'static str, &'static str), row: &Row, out: &mut String) {
        let what = self.pick(what.0, what.1);
        let (verdict, day) = (self.verdict(&row.verdict), day(&row.as_of));
        let _ = writeln!(out, "{what}: {}, {day}: {verdict}", self.whose(row));
    }

    fn summary(&self, diff: &Changes<'_>) -> String {
        let count =
            |fits: fn(&Change<'_>) -> bool| diff.changes.iter().filter(|it| fits(it)).count();
        let flipped = count(|it| matches!(it, Change::Flipped(_)));
        let (same, paired, moved) = (diff.paired - flipped, diff.paired, diff.moved);
        match self.lang {
            Lang::Vi => format!(
                "{paired} kết luận có trong cả hai tệp: {flipped} đổi, {same} giữ nguyên \
                 (trong đó {moved} đổi số liệu)\n"
            ),
            Lang::En => format!(
                "verdicts in both files: {paired}; {flipped} changed, {same} unchanged \
                 ({moved} of them by other figures)\n"
            ),
        }
    }

    fn whose(&self, row: &Row) -> String {
        let nobody = self.pick("toàn bộ", "as a whole");
        let entity = if row.entity.is_empty() { nobody } else { &row.entity };
        format!("{}, {entity}", target(row))
    }

    fn verdict(&self, code: &str) -> String {
        match Verdict::from_code(code) {
            Some(verdict) => {
                let (vi, en) = verdict.words();
                self.pick(vi, en).to_owned()
            }
            None => code.to_owned(),
        }
    }

    /// `>= 30` as `>= 30 %`, with the marks of the language.
    fn figure(&self, text: &str, unit: &str) -> String {
        let word = |word: &str| match (word, self.lang) {
            ("true", _) => self.pick("có", "yes").to_owned(),
            ("false", _) => self.pick("chưa", "no").to_owned(),
            (number, Lang::Vi) => format_vi(number),
            (number, Lang::En) => format_en(number),
        };
        let has_digit = text.contains(|c: char| c.is_ascii_digit());
        let text: Vec<String> = text.split(' ').map(word).collect();
        let text = text.join(" ");
        match unit {
            unit if !has_digit || unit.is_empty() => text,
            "hạng" | "rank" => format!("{unit} {text}"),
            unit => format!("{text} {unit}"),
        }
    }

    /// A reason in words; a code of another version as it is.
    fn reason(&self, code: &str) -> String {
        let words = REASONS.iter().find(|(known, ..)| *known == code);
        words.map_or_else(|| code.to_owned(), |(_, vi, en)| self.pick(vi, en).to_owned())
    }
}

/// `CQS-03 (tỷ lệ …)`; the code alone where the file has no name or the code holds it.
fn target(row: &Row) -> String {
    let made = row.target.strip_prefix(&row.programme).is_some_and(|rest| rest.starts_with('/'));
    match (row.name.is_empty(), made) {
        (true, _) => row.target.clone(),
        (false, true) => row.name.clone(),
        (false, false) => format!("{} ({})", row.target, row.name),
    }
}

/// `2023-12-31` as people write it; other text as it is.
fn day(iso: &str) -> String {
    let mut parts = iso.splitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => format!("{day}/{month}/{year}"),
        _ => iso.to_owned(),
    }
}

fn lines(diff: &Changes<'_>) -> String {
    let mut out = String::new();
    for change in &diff.changes {
        let line = match change {
            Change::Flipped(pair) => {
                let causes: Vec<&str> = pair.causes.iter().map(|cause| cause.code()).collect();
                whose("flipped", pair.new).with([
                    ("causes", causes.as_slice().into()),
                    ("old", side(pair.old)),
                    ("new", side(pair.new)),
                ])
            }
            Change::TargetNew(row, count) => of_target("target_new", row, *count),
            Change::TargetGone(row, count) => of_target("target_gone", row, *count),
            Change::EntityNew(row, count) => of_entity("entity_new", row, *count),
            Change::EntityGone(row, count) => of_entity("entity_gone", row, *count),
            Change::RecordNew(row) => whose("record_new", row).with([("new", side(row))]),
            Change::RecordGone(row) => whose("record_gone", row).with([("old", side(row))]),
        };
        out.push_str(&line.line());
    }
    let flipped = diff.changes.iter().filter(|it| matches!(it, Change::Flipped(_))).count();
    let summary = object([
        ("paired", diff.paired.into()),
        ("flipped", flipped.into()),
        ("moved", diff.moved.into()),
    ]);
    out.push_str(&object([("summary", summary)]).line());
    out
}

/// A text; nothing where the file has none.
fn text(text: &str) -> Json {
    Some(text).filter(|text| !text.is_empty()).into()
}

/// What a record says on one side.
fn side(row: &Row) -> Json {
    object([
        ("as_of", text(&row.as_of)),
        ("verdict", text(&row.verdict)),
        ("reason", text(&row.reason)),
        ("measured", text(&row.measured)),
        ("unit", text(&row.unit)),
        ("threshold", text(&row.threshold)),
        ("due", text(&row.due)),
        ("legal_basis", text(&row.legal_basis)),
    ])
}

fn whose(change: &str, row: &Row) -> Json {
    object([
        ("change", change.into()),
        ("programme", text(&row.programme)),
        ("target", text(&row.target)),
        ("name", text(&row.name)),
        ("entity", text(&row.entity)),
    ])
}

fn of_target(change: &str, row: &Row, count: usize) -> Json {
    object([
        ("change", change.into()),
        ("programme", text(&row.programme)),
        ("target", text(&row.target)),
        ("name", text(&row.name)),
        ("verdicts", count.into()),
    ])
}

fn of_entity(change: &str, row: &Row, count: usize) -> Json {
    object([("change", change.into()), ("entity", text(&row.entity)), ("verdicts", count.into())])
}
