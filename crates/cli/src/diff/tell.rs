//! What changed, in words.
//!
//! Enters: changes. Leaves: text in one language. The one idea: below a verdict that turned stand
//! its causes, then what stayed as it was, so that nobody has to look for it.

use std::fmt::Write as _;

use chitieu::Verdict;
use chitieu::diagnostic::Lang;
use chitieu::diff::{Cause, Change, Diff as Changes, Pair, Row, Why};
use chitieu::number::{format_en, format_vi};

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

/// Tells people what changed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Teller {
    pub(crate) lang: Lang,
}

impl Teller {
    const fn pick(self, vi: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// All changes, each with its causes, then their count.
    pub(crate) fn human(self, diff: &Changes<'_>) -> String {
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
    fn flipped(self, pair: &Pair<'_>, out: &mut String) {
        let (old, new) = (pair.old, pair.new);
        let (before, after) = (self.verdict(&old.verdict), self.verdict(&new.verdict));
        let _ = writeln!(out, "{}: {before} → {after}", self.whose(new));
        for cause in &pair.causes {
            let _ = writeln!(out, "  {}", self.cause(cause, old, new));
        }
        if pair.causes.is_empty() {
            let none = self.pick("hai tệp không cho thấy vì sao", "the files do not show why");
            let _ = writeln!(out, "  {none}");
        }
        let kept = [
            (Cause::Measured, self.pick("số liệu", "measured"), [&old.measured, &new.measured]),
            (Cause::Threshold, self.pick("ngưỡng", "threshold"), [&old.threshold, &new.threshold]),
            (Cause::Due, self.pick("hạn", "due"), [&old.due, &new.due]),
        ];
        let kept: Vec<String> = kept
            .into_iter()
            .filter(|(.., [was, is])| was == is && !is.is_empty())
            .map(|(cause, word, [_, is])| match cause {
                Cause::Due => format!("{word} {}", day(is)),
                _ => format!("{word} {}", self.figure(is, &new.unit)),
            })
            .collect();
        if !kept.is_empty() {
            let word = self.pick("giữ nguyên", "unchanged");
            let _ = writeln!(out, "  {word}: {}", kept.join(", "));
        }
    }

    fn cause(self, why: &Why, old: &Row, new: &Row) -> String {
        let (from, to) = (why.from.as_str(), why.to.as_str());
        let plain = |text: &str| text.to_owned();
        match why.cause {
            Cause::Measured if why.what.is_empty() => {
                let (from, to) = (self.measured(from, &old.unit), self.measured(to, &new.unit));
                self.both(self.pick("số liệu", "measured"), from, to)
            }
            Cause::Threshold if why.what.is_empty() => {
                let (from, to) = (self.figure(from, &old.unit), self.figure(to, &new.unit));
                self.both(self.pick("ngưỡng", "threshold"), from, to)
            }
            Cause::Measured | Cause::Threshold => {
                let word = match why.cause {
                    Cause::Measured => self.pick("số liệu của", "measured for"),
                    _ => self.pick("ngưỡng của", "threshold of"),
                };
                let what = format!("{word} `{}`", why.what);
                self.both(&what, self.figure(from, ""), self.figure(to, ""))
            }
            Cause::Missing | Cause::Failing | Cause::Unreported => self.lists(why),
            Cause::Unit => self.both(self.pick("đơn vị tính", "unit"), plain(from), plain(to)),
            Cause::Parts => self.both(self.pick("điều kiện", "parts"), plain(from), plain(to)),
            Cause::Due => self.both(self.pick("hạn", "due"), day(from), day(to)),
            Cause::LegalBasis => {
                self.both(self.pick("căn cứ", "legal basis"), plain(from), plain(to))
            }
            Cause::Programme => {
                self.both(self.pick("chương trình", "programme"), plain(from), plain(to))
            }
            Cause::Reason => {
                self.both(self.pick("lý do", "reason"), self.reason(from), self.reason(to))
            }
            Cause::AsOf => self.both(self.pick("ngày số liệu", "as of"), day(from), day(to)),
            _ => self.passed(why, new),
        }
    }

    fn both(self, word: &str, from: String, to: String) -> String {
        let none = self.pick("không có", "none");
        let or_none = |text: String| if text.is_empty() { none.to_owned() } else { text };
        format!("{word}: {} → {}", or_none(from), or_none(to))
    }

    /// What is new in a list, and what is gone from it.
    fn lists(self, why: &Why) -> String {
        let (added, gone) = match why.cause {
            Cause::Missing => (
                self.pick("nay thiếu số liệu", "now missing"),
                self.pick("nay đã có số liệu", "no longer missing"),
            ),
            Cause::Failing => (
                self.pick("đơn vị nay chưa đạt", "units that fail now"),
                self.pick("đơn vị không còn chưa đạt", "units that fail no longer"),
            ),
            _ => (
                self.pick("đơn vị nay chưa báo cáo", "units that have not reported now"),
                self.pick("đơn vị nay đã báo cáo", "units that have reported now"),
            ),
        };
        let parts = [(added, &why.to), (gone, &why.from)];
        let said = parts.iter().filter(|(_, items)| !items.is_empty());
        said.map(|(word, items)| format!("{word}: {items}")).collect::<Vec<_>>().join("; ")
    }

    /// Dates that have passed, and what they and other documents did to a target.
    fn passed(self, why: &Why, new: &Row) -> String {
        let (was, is) = (day(&why.from), day(&why.to));
        match (why.cause, self.lang) {
            (Cause::DuePassed, Lang::Vi) => {
                format!("đã qua hạn {} (ngày số liệu {was} → {is})", day(&why.what))
            }
            (Cause::DuePassed, Lang::En) => {
                format!("{} has come due (as of {was} → {is})", day(&why.what))
            }
            (Cause::Milestone, lang) => {
                let due = day(&why.what);
                let (was, is) = (&why.from, &why.to);
                let (was, is) = (self.figure(was, &new.unit), self.figure(is, &new.unit));
                match lang {
                    Lang::Vi => format!("đã đến mốc {due}: ngưỡng {was} → {is}"),
                    Lang::En => format!("the milestone of {due} is due: threshold {was} → {is}"),
                }
            }
            (Cause::Superseded, Lang::Vi) => format!("được thay bằng {}", why.to),
            (Cause::Superseded, Lang::En) => format!("{} has taken its place", why.to),
            (Cause::InForce, lang) => match (lang, new.reason == "not_in_force") {
                (Lang::Vi, true) => format!("luật mới không còn hiệu lực vào ngày {is}"),
                (Lang::Vi, false) => format!("luật mới có hiệu lực vào ngày {is}"),
                (Lang::En, true) => format!("the new rules are not in force on {is}"),
                (Lang::En, false) => format!("the new rules are in force on {is}"),
            },
            (_, lang) => match (lang, new.reason == "not_in_force") {
                (Lang::Vi, true) => format!("ra ngoài hiệu lực (ngày số liệu {was} → {is})"),
                (Lang::Vi, false) => format!("vào hiệu lực (ngày số liệu {was} → {is})"),
                (Lang::En, true) => format!("no longer in force (as of {was} → {is})"),
                (Lang::En, false) => format!("now in force (as of {was} → {is})"),
            },
        }
    }

    fn group(
        self,
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

    fn single(self, what: (&'static str, &'static str), row: &Row, out: &mut String) {
        let what = self.pick(what.0, what.1);
        let (verdict, day) = (self.verdict(&row.verdict), day(&row.as_of));
        let _ = writeln!(out, "{what}: {}, {day}: {verdict}", self.whose(row));
    }

    fn summary(self, diff: &Changes<'_>) -> String {
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

    fn whose(self, row: &Row) -> String {
        let nobody = self.pick("toàn bộ", "as a whole");
        let entity = if row.entity.is_empty() { nobody } else { &row.entity };
        format!("{}, {entity}", target(row))
    }

    fn verdict(self, code: &str) -> String {
        match Verdict::from_code(code) {
            Some(verdict) => {
                let (vi, en) = verdict.words();
                self.pick(vi, en).to_owned()
            }
            None => code.to_owned(),
        }
    }

    /// `>= 30` as `>= 30 %`, with the marks of the language.
    fn figure(self, text: &str, unit: &str) -> String {
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

    /// A figure, perhaps with its fraction behind it: `36,6 % (225.020/615.198)`.
    fn measured(self, text: &str, unit: &str) -> String {
        let Some((value, fraction)) = text.strip_suffix(')').and_then(|it| it.split_once(" ("))
        else {
            return self.figure(text, unit);
        };
        let fraction: Vec<String> =
            fraction.split('/').map(|number| self.figure(number, "")).collect();
        format!("{} ({})", self.figure(value, unit), fraction.join("/"))
    }

    /// A reason in words; a code of another version as it is.
    fn reason(self, code: &str) -> String {
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
