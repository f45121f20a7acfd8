//! The table that an officer shows a colleague on a terminal.
//!
//! Enters: judgements in their order. Leaves: lines of at most the width asked for, in sections by
//! entity and day, under headings of programme and group; and the line of counts. The one idea:
//! columns give way in a fixed order (note, due date, code) before the name of a target becomes
//! unreadable. Widths are counted here, by graphemes, because cells carry decomposed Vietnamese
//! and colours, and rows carry a note below them. Invariant: a figure is never broken; a line is
//! too long only where its figures alone are.

mod counts;
mod layout;
mod scores;

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::io::{self, Write};

pub use counts::{summary_line, write_counts};
use layout::Layout;
pub use scores::write_scores;

use super::asked::Asked;
use super::beside;
use super::joined::Whole;
use super::message::Sentence;
use super::width::{clean, wrap};
use super::words::{day, pick};
use crate::calendar::Date;
use crate::check::model::{Model, ProgrammeId, Target};
use crate::diagnostic::Lang;
use crate::verdict::{Judgement, Verdict};

/// Spaces between two columns.
const GAP: &str = "  ";

/// How a table looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether ANSI colours are written.
    pub color: bool,
    /// The columns of the terminal.
    pub width: usize,
    /// The language of headings and notes.
    pub lang: Lang,
}

/// Writes one row a judgement, in their order. `names` gives the names of entities by their ids.
///
/// # Errors
/// The writer's own; a `Vec<u8>` has none.
///
/// ```
/// use std::collections::HashMap;
/// use chitieu::{check::model::Model, diagnostic::Lang, report::table};
///
/// let style = table::Style { color: false, width: 80, lang: Lang::Vi };
/// let mut bytes = Vec::new();
/// table::write(&mut bytes, &Model::default(), &[], &HashMap::new(), style)?;
/// assert!(bytes.is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write<W: Write, S: BuildHasher>(
    mut out: W,
    model: &Model,
    judgements: &[Judgement],
    names: &HashMap<&str, &str, S>,
    style: Style,
) -> io::Result<()> {
    let rows: Vec<Row<'_>> =
        judgements.iter().filter_map(|one| Row::new(model, one, style.lang)).collect();
    let layout = Layout::new(&rows, style);
    let mut above: Option<&Row<'_>> = None;
    for row in &rows {
        let same_case = above.is_some_and(|above| above.case() == row.case());
        let same_programme =
            same_case && above.is_some_and(|above| above.programme == row.programme);
        if above.is_some() && !same_programme {
            writeln!(out)?;
        }
        if !same_case {
            let name = row.judgement.entity.as_deref().and_then(|id| names.get(id).copied());
            style.write_heading(&mut out, BOLD, &row.heading(name, style.lang))?;
        }
        if !same_programme {
            if let Some(programme) = model.programme(row.programme) {
                let heading = format!("{} ({})", clean(&programme.name), clean(&programme.code));
                style.write_heading(&mut out, "", &heading)?;
            }
            layout.write_header(&mut out)?;
        }
        let same_group = same_programme && above.is_some_and(|above| above.group == row.group);
        if let Some(group) = row.group.filter(|_| !same_group) {
            style.write_heading(&mut out, BOLD, &clean(group))?;
        }
        layout.write_row(&mut out, row)?;
        above = Some(row);
    }
    Ok(())
}

const BOLD: &str = "1";
const DIM: &str = "2";

/// The ANSI colour of a verdict.
const fn color(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Exceeded => "1;32",
        Verdict::Met => "32",
        Verdict::NotMet => "1;31",
        Verdict::NotDue => "36",
        Verdict::NoData | Verdict::Undetermined => "33",
        Verdict::NotApplicable => DIM,
        Verdict::Contradictory => "1;35",
    }
}

fn word(verdict: Verdict, lang: Lang) -> &'static str {
    let (vi, en) = verdict.words();
    pick(lang, vi, en)
}

impl Style {
    fn paint(self, color: &str, text: &str) -> String {
        if self.color && !color.is_empty() && !text.is_empty() {
            format!("\u{1b}[{color}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// The columns that lines are made for; below 30 nothing would be readable.
    fn columns(self) -> usize {
        self.width.max(30)
    }

    fn write_heading<W: Write>(self, mut out: W, color: &str, text: &str) -> io::Result<()> {
        for line in wrap(text, self.columns(), usize::MAX) {
            writeln!(out, "{}", self.paint(color, &line))?;
        }
        Ok(())
    }
}

/// The words of one row.
#[derive(Debug)]
struct Row<'a> {
    judgement: &'a Judgement,
    programme: ProgrammeId,
    group: Option<&'a str>,
    code: Cow<'a, str>,
    name: Cow<'a, str>,
    asked: String,
    measured: String,
    due: String,
    verdict: &'static str,
    points: String,
    note: String,
    /// Whether the note is needed to understand the verdict.
    needs_note: bool,
}

impl<'a> Row<'a> {
    fn new(model: &'a Model, judgement: &'a Judgement, lang: Lang) -> Option<Self> {
        let asked = Asked::new(model, judgement)?;
        let words = asked.words(lang);
        let absent = || "–".to_owned();
        let (asked_for, measured) = match Whole::new(asked, lang) {
            Some(whole) => (Some(whole.threshold()), whole.measured()),
            None => (words.threshold(), words.measured_alone(judgement)),
        };
        Some(Self {
            judgement,
            programme: asked.target.programme,
            group: asked.version.group.as_deref(),
            code: code(model, asked.target),
            name: clean(&asked.version.name),
            asked: asked_for.map_or_else(absent, |text| clean(&text).into_owned()),
            measured: measured.unwrap_or_else(absent),
            due: judgement.due.map(day).unwrap_or_default(),
            verdict: word(judgement.verdict, lang),
            points: judgement
                .points
                .as_ref()
                .map(|points| scores::out_of(points, lang))
                .unwrap_or_default(),
            note: note(asked, lang),
            needs_note: match judgement.verdict {
                Verdict::Exceeded => words.is_ceiling() || beside::is_needed(asked),
                Verdict::Met => beside::is_needed(asked),
                _ => true,
            },
        })
    }

    fn case(&self) -> (Option<&str>, Date) {
        (self.judgement.entity.as_deref(), self.judgement.as_of)
    }

    /// `tỉnh Bà Rịa – Vũng Tàu (br-vt), số liệu đến 30/06/2023`.
    fn heading(&self, name: Option<&str>, lang: Lang) -> String {
        let entity = match self.judgement.entity.as_deref() {
            None => pick(lang, "Toàn bộ", "All entities").to_owned(),
            Some(id) => match name.filter(|name| *name != id) {
                Some(name) => format!("{} ({})", clean(name), clean(id)),
                None => clean(id).into_owned(),
            },
        };
        let until = pick(lang, "số liệu đến", "data as of");
        format!("{entity}, {until} {}", day(self.judgement.as_of))
    }
}

/// The code, unless it was made from the name, which stands beside it.
fn code<'a>(model: &'a Model, target: &'a Target) -> Cow<'a, str> {
    let programme = model.programme(target.programme);
    let made = programme.and_then(|programme| target.code.strip_prefix(programme.code.as_str()));
    let is_made = made.is_some_and(|rest| rest.starts_with('/') && rest.contains(' '));
    if is_made { Cow::Borrowed("") } else { clean(&target.code) }
}

/// What the columns do not say already.
fn note(asked: Asked<'_>, lang: Lang) -> String {
    let Asked { judgement, version, .. } = asked;
    let of_itself = matches!(judgement.missing.as_slice(), [name] if *name == version.name);
    if judgement.verdict == Verdict::NoData && of_itself {
        return String::new();
    }
    let follows = Sentence::new(asked, lang).follows;
    match asked.words(lang).fraction(judgement) {
        Some(fraction) => format!("{fraction}; {follows}"),
        None => follows,
    }
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;
    use crate::report::Summary;
    use crate::report::testing::{compare, judgement, model, number, truth};
    use crate::report::width::width;
    use crate::unit::Unit;
    use crate::verdict::{Reason, Step};

    fn decomposed() -> String {
        "tỷ lệ hồ sơ đúng hạn của người dân".nfd().collect()
    }

    fn programme() -> Model {
        let mut model = model(vec![
            ("tỷ lệ thanh toán trực tuyến trên Cổng DVCQG", compare(">= 30", Unit::Percent)),
            ("tỷ lệ DVC toàn trình tích hợp", compare(">= 40", Unit::Percent)),
            ("ban hành kế hoạch dữ liệu mở", truth(true)),
            (&decomposed(), compare("20 .. 80", Unit::Percent)),
        ]);
        model.targets[3].versions[0].group = Some("Xã hội số".to_owned());
        model
    }

    fn judgements() -> Vec<Judgement> {
        let model = programme();
        let mut all = vec![
            judgement(&model, 0, Verdict::Exceeded, "52.3"),
            judgement(&model, 1, Verdict::NotMet, "22502000/615198"),
            judgement(&model, 2, Verdict::NotDue, "no"),
            judgement(&model, 3, Verdict::NoData, "none"),
        ];
        all[0].margin = Some(number("22.3"));
        all[1].margin = Some(number("-2105920/615198"));
        all[1].fraction = Some((number("225020"), number("615198")));
        let indicator = "số tài khoản".to_owned();
        all[1].step =
            Some(Step::Figure { indicator, add: number("21060"), unit: "tài khoản".to_owned() });
        all[3].missing = vec![decomposed()];
        all
    }

    fn render(model: &Model, judgements: &[Judgement], style: Style) -> String {
        let names = HashMap::from([("br-vt", "tỉnh Bà Rịa – Vũng Tàu")]);
        let mut out = Vec::new();
        write(&mut out, model, judgements, &names, style).unwrap();
        String::from_utf8(out).unwrap().nfc().collect()
    }

    fn plain(width: usize) -> Style {
        Style { color: false, width, lang: Lang::Vi }
    }

    #[test]
    fn sixty_columns() {
        let expected = "\
tỉnh Bà Rịa – Vũng Tàu (br-vt), số liệu đến 30/06/2023
Kế hoạch chuyển đổi số 2023 (KH-CDS-2023)
Chỉ tiêu                  Yêu cầu  Kết quả đo  Kết luận
────────────────────────────────────────────────────────────
Chính quyền số
[CQS-01] tỷ lệ            >= 30 %      52,3 %  vượt
thanh toán trực
tuyến trên Cổng
DVCQG
[CQS-02] tỷ lệ DVC        >= 40 %     36,58 %  chưa đạt
toàn trình tích hợp
    → 225.020/615.198; còn thiếu 3,42 điểm phần trăm; cần
      thêm 21.060 tài khoản
[CQS-03] ban hành              có        chưa  chưa đến hạn
kế hoạch dữ liệu mở
    → chưa đến hạn 31/12/2023, hiện chưa hoàn thành
Xã hội số
[CQS-04] tỷ lệ hồ       từ 20 đến           –  thiếu số liệu
sơ đúng hạn của              80 %
người dân
";
        assert_eq!(render(&programme(), &judgements(), plain(60)), expected);
    }

    #[test]
    fn a_hundred_columns_with_notes() {
        let mut judgements = judgements();
        judgements.truncate(3);
        for judgement in &mut judgements {
            judgement.due = None;
        }
        let expected = "\
tỉnh Bà Rịa – Vũng Tàu (br-vt), số liệu đến 30/06/2023
Kế hoạch chuyển đổi số 2023 (KH-CDS-2023)
Mã      Chỉ tiêu                      Yêu cầu  Kết quả đo  Kết luận      Ghi chú
────────────────────────────────────────────────────────────────────────────────────────────────────
Chính quyền số
CQS-01  tỷ lệ thanh toán trực tuyến   >= 30 %      52,3 %  vượt          vượt 22,3 điểm phần trăm
        trên Cổng DVCQG
CQS-02  tỷ lệ DVC toàn trình tích     >= 40 %     36,58 %  chưa đạt      225.020/615.198; còn thiếu
        hợp                                                              3,42 điểm phần trăm; cần
                                                                         thêm 21.060 tài khoản
CQS-03  ban hành kế hoạch dữ liệu mở       có        chưa  chưa đến hạn  chưa đến hạn, hiện chưa
                                                                         hoàn thành
";
        assert_eq!(render(&programme(), &judgements, plain(100)), expected);
    }

    #[test]
    fn english() {
        let expected = "\
tỉnh Bà Rịa – Vũng Tàu (br-vt), data as of 30/06/2023
Kế hoạch chuyển đổi số 2023 (KH-CDS-2023)
Code    Target                                         Required  Measured  Due         Verdict
───────────────────────────────────────────────────────────────────────────────────────────────
Chính quyền số
CQS-01  tỷ lệ thanh toán trực tuyến trên Cổng DVCQG     >= 30 %    52.3 %  31/12/2023  exceeded
CQS-02  tỷ lệ DVC toàn trình tích hợp                   >= 40 %   36.58 %  31/12/2023  not met
    → 225,020/615,198; 3.42 percentage points short of the requirement; needs 21,060 more tài khoản
CQS-03  ban hành kế hoạch dữ liệu mở                        yes        no  31/12/2023  not due
    → not due until 31/12/2023, at present not done yet
Xã hội số
CQS-04  tỷ lệ hồ sơ đúng hạn của người dân           20 to 80 %         –  31/12/2023  no data
";
        let style = Style { lang: Lang::En, ..plain(100) };
        assert_eq!(render(&programme(), &judgements(), style), expected);
    }

    #[test]
    fn made_codes_are_left_out_and_ceilings_explained() {
        let mut model = model(vec![("tỷ lệ quá hạn", compare("<= 2", Unit::Percent))]);
        model.targets[0].code = "KH-CDS-2023/tỉ lệ quá hạn".to_owned();
        let mut judgement = judgement(&model, 0, Verdict::Exceeded, "1.5");
        judgement.margin = Some(number("0.5"));
        judgement.entity = None;
        let expected = "\
Toàn bộ, số liệu đến 30/06/2023
Kế hoạch chuyển đổi số 2023 (KH-CDS-2023)
Chỉ tiêu                  Yêu cầu  Kết quả đo  Kết luận
───────────────────────────────────────────────────────
Chính quyền số
tỷ lệ quá hạn              <= 2 %       1,5 %  vượt
    → thấp hơn mức cho phép 0,5 điểm phần trăm
";
        assert_eq!(render(&model, &[judgement], plain(60)), expected);
    }

    #[test]
    fn tiers_milestones_and_parts_are_noted() {
        let rules = "chương trình: P\nmã: A\n\
             [1] tỷ lệ a >= 5%\n  phấn đấu: 7%\n\
             [2] tỷ lệ b\n  mốc 2022: 10%\n  đến 2022: >= 10%\n  đến 2025: >= 50%\n\
             [3] tỷ lệ c >= 40% và d >= 5\n\
             [4] tỷ lệ e >= chưa rõ\n\
             [5] không (tỷ lệ c < 10%)";
        let rules = crate::Rules::parse(rules).unwrap();
        let snapshot = r#"{"entity":"x","as_of":"2023-06-30","measurements":{"tỷ lệ a":"6%",
            "tỷ lệ b":"11%","tỷ lệ c":"36,8%","d":7,"tỷ lệ e":"40%"}}"#;
        let report = rules.evaluate(&crate::Snapshot::from_json(snapshot).unwrap());
        let expected = "\
x, số liệu đến 30/06/2023
P (A)
Mã  Chỉ tiêu                       Yêu cầu  Kết quả đo  Kết luận
──────────────────────────────────────────────────────────────────────
1   tỷ lệ a                         >= 5 %         6 %  vượt
    → vượt 1 điểm phần trăm; chưa đạt mức phấn đấu 7 %
2   tỷ lệ b                        >= 10 %        11 %  vượt
    → vượt 1 điểm phần trăm; chậm tiến độ so với mốc 31/12/2025 (>=
      50 %)
3   tỷ lệ c và d                 đủ 2 điều     1/2 đạt  chưa đạt
                                      kiện
    → 1/2 điều kiện đạt; chưa đạt: “tỷ lệ c >= 40%” (36,8 %)
4   tỷ lệ e                     >= chưa rõ        40 %  chưa đủ căn cứ
    → tài liệu không nêu mức yêu cầu; 40 % chưa đủ để kết luận
5   không (tỷ lệ c)           không xảy ra           –  đạt
";
        assert_eq!(render(rules.model(), report.judgements(), plain(72)), expected);
    }

    #[test]
    fn colours_change_nothing_else() {
        for width in [60, 100, 140] {
            let coloured = Style { color: true, ..plain(width) };
            let mut text = render(&programme(), &judgements(), coloured);
            for (verdict, colour) in
                [("vượt", "1;32"), ("chưa đạt", "1;31"), ("chưa đến hạn", "36")]
            {
                let painted = format!("\u{1b}[{colour}m{verdict}\u{1b}[0m");
                assert!(text.contains(&painted), "{verdict} {text}");
            }
            for colour in ["0", "1", "2", "1;32", "1;31", "36", "33"] {
                text = text.replace(&format!("\u{1b}[{colour}m"), "");
            }
            assert_eq!(text, render(&programme(), &judgements(), plain(width)));
        }
    }

    #[test]
    fn hostile_text_stays_within_the_width() {
        let long = "tỷ lệ dân số ".repeat(16);
        let mut model = programme();
        model.targets[0].versions[0].name = long.nfd().collect();
        model.targets[1].versions[0].name = "x".repeat(500);
        model.targets[1].code = "KH-CDS-2023/tỉ lệ rất dài".to_owned();
        model.targets[2].versions[0].name = "\u{1b}[2J\u{7}a\nb".to_owned();
        model.programmes[0].name = "chương trình ".repeat(30);
        let mut judgements = judgements();
        judgements[3].verdict = Verdict::Contradictory;
        judgements[3].reason = Some(Reason::Unreadable);
        judgements[3].evidence = vec!["y".repeat(5_000), "\u{1b}[31m\r\n".to_owned()];
        for columns in [60, 80, 100, 120, 200] {
            let text = render(&model, &judgements, plain(columns));
            for line in text.lines() {
                assert!(width(line) <= columns, "{columns}: {line}");
                assert!(!line.contains(char::is_control), "{line:?}");
                assert_eq!(line, line.trim_end());
            }
        }
        for columns in [0, 1, 29] {
            assert_eq!(
                render(&model, &judgements, plain(columns)),
                render(&model, &judgements, plain(30))
            );
        }
    }

    #[test]
    fn counts_on_a_line_and_in_a_table() {
        let model = programme();
        let mut summary = Summary::new(&model);
        for one in judgements() {
            summary.add(one.target, one.verdict);
        }
        let line = summary_line(&summary, plain(80));
        assert_eq!(line, "4 chỉ tiêu: 1 vượt, 1 chưa đạt, 1 chưa đến hạn, 1 thiếu số liệu");
        let coloured = summary_line(&summary, Style { color: true, ..plain(80) });
        assert_eq!(
            coloured,
            "4 chỉ tiêu: 1 vượt, \u{1b}[1;31m1 chưa đạt\u{1b}[0m, 1 chưa đến hạn, \
             \u{1b}[33m1 thiếu số liệu\u{1b}[0m"
        );
        let english = Style { lang: Lang::En, ..plain(80) };
        summary.add_many(crate::check::model::TargetId(0), Verdict::Met, 1996);
        assert_eq!(
            summary_line(&summary, english),
            "2,000 verdicts on 4 targets: 1 exceeded, 1,996 met, 1 not met, 1 not due, 1 no data"
        );
        let mut out = Vec::new();
        write_counts(&mut out, &summary, plain(80)).unwrap();
        let expected = "\
Chỉ tiêu            vượt    đạt  chưa đạt  chưa đến hạn  thiếu số liệu
KH-CDS-2023 CQS-01     1  1.996         0             0              0
KH-CDS-2023 CQS-02     0      0         1             0              0
KH-CDS-2023 CQS-03     0      0         0             1              0
KH-CDS-2023 CQS-04     0      0         0             0              1
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        let empty = Summary::new(&Model::default());
        assert_eq!(summary_line(&empty, plain(80)), "0 chỉ tiêu");
    }
}
