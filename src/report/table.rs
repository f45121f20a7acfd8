//! The table that an officer shows a colleague on a terminal.
//!
//! Enters: judgements in their order. Leaves: lines of at most the width asked for, in sections by
//! entity and day, under headings of programme and group; and the line of counts. The one idea:
//! columns give way in a fixed order (note, due date, code) before the name of a target becomes
//! unreadable. Widths are counted here, by graphemes, because cells carry decomposed Vietnamese
//! and colours, and rows carry a note below them. Invariant: nothing said in a column that gave
//! way is lost.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};

use super::Summary;
use super::message::Sentence;
use super::width::{clean, cut, padding, width, wrap};
use super::words::{Words, day, pick};
use crate::calendar::Date;
use crate::check::model::{Model, ProgrammeId, Target};
use crate::diagnostic::Lang;
use crate::number::{format_en, format_vi};
use crate::verdict::{Judgement, Verdict};

/// A name is cut after so many lines.
const NAME_LINES: usize = 5;
/// Other cells are cut after so many lines.
const CELL_LINES: usize = 4;
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
/// use chitieu::{check::model::Model, diagnostic::Lang, report::table};
///
/// let style = table::Style { color: false, width: 80, lang: Lang::Vi };
/// let mut bytes = Vec::new();
/// table::write(&mut bytes, &Model::default(), &[], &Default::default(), style)?;
/// assert!(bytes.is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write<W: Write>(
    mut out: W,
    model: &Model,
    judgements: &[Judgement],
    names: &HashMap<&str, &str>,
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
            writeln!(out, "{}", style.paint(BOLD, &row.heading(names, style.lang)))?;
        }
        if !same_programme {
            if let Some(programme) = model.programme(row.programme) {
                writeln!(out, "{} ({})", clean(&programme.name), clean(&programme.code))?;
            }
            layout.write_header(&mut out)?;
        }
        if !same_programme || above.is_some_and(|above| above.group != row.group) {
            if let Some(group) = row.group {
                writeln!(out, "{}", style.paint(BOLD, &clean(group)))?;
            }
        }
        layout.write_row(&mut out, row)?;
        above = Some(row);
    }
    Ok(())
}

/// The line of counts: `26 chỉ tiêu: 3 vượt, 2 đạt, 1 chưa đạt, 20 thiếu số liệu`.
pub fn summary_line(summary: &Summary, style: Style) -> String {
    let number = |count: u64| match style.lang {
        Lang::Vi => format_vi(&count.to_string()),
        Lang::En => format_en(&count.to_string()),
    };
    let (total, targets) = (summary.total(), summary.rows().len() as u64);
    let counted = match style.lang {
        _ if total.total() == targets => {
            format!("{} {}", number(targets), targets_word(targets, style.lang))
        }
        Lang::Vi => format!("{} kết quả của {} chỉ tiêu", number(total.total()), number(targets)),
        Lang::En => format!(
            "{} verdicts on {} {}",
            number(total.total()),
            number(targets),
            targets_word(targets, style.lang)
        ),
    };
    let occurred = Verdict::ALL.into_iter().filter(|verdict| total.of(*verdict) > 0);
    let parts: Vec<String> = occurred
        .map(|verdict| {
            let text = format!("{} {}", number(total.of(verdict)), word(verdict, style.lang));
            let attention = !matches!(
                verdict,
                Verdict::Exceeded | Verdict::Met | Verdict::NotDue | Verdict::NotApplicable
            );
            if attention { style.paint(color(verdict), &text) } else { text }
        })
        .collect();
    if parts.is_empty() { counted } else { format!("{counted}: {}", parts.join(", ")) }
}

/// Writes the counts of each target: its code, then a column for each verdict that occurred.
///
/// # Errors
/// The writer's own.
pub fn write_counts<W: Write>(mut out: W, summary: &Summary, style: Style) -> io::Result<()> {
    let total = summary.total();
    let columns: Vec<Verdict> =
        Verdict::ALL.into_iter().filter(|verdict| total.of(*verdict) > 0).collect();
    let label = |row: &super::summary::Row| {
        cut(Cow::Owned(format!("{} {}", clean(&row.programme), clean(&row.target))), 40)
            .into_owned()
    };
    let first = summary.rows().iter().map(|row| width(&label(row))).max().unwrap_or(0);
    let head = pick(style.lang, "Chỉ tiêu", "Target");
    let first = first.max(width(head));
    write!(out, "{}{head}", padding(head, first))?;
    for verdict in &columns {
        write!(out, "{GAP}{}", word(*verdict, style.lang))?;
    }
    writeln!(out)?;
    for row in summary.rows() {
        let label = label(row);
        write!(out, "{label}{}", padding(&label, first))?;
        for verdict in &columns {
            let count = row.counts.of(*verdict).to_string();
            write!(out, "{GAP}{}{count}", padding(&count, width(word(*verdict, style.lang))))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn targets_word(count: u64, lang: Lang) -> &'static str {
    pick(lang, "chỉ tiêu", if count == 1 { "target" } else { "targets" })
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
        if self.color && !text.is_empty() {
            format!("\u{1b}[{color}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// The words of one row.
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
    note: String,
}

impl<'a> Row<'a> {
    fn new(model: &'a Model, judgement: &'a Judgement, lang: Lang) -> Option<Self> {
        let target = model.target(judgement.target)?;
        let words = Words::new(&target.condition, lang);
        Some(Self {
            judgement,
            programme: target.programme,
            group: target.group.as_deref(),
            code: clean(&target.code),
            name: clean(&target.name),
            asked: clean(&words.threshold()).into_owned(),
            measured: words.measured(judgement).unwrap_or_else(|| "–".to_owned()),
            due: judgement.due.map(day).unwrap_or_default(),
            verdict: word(judgement.verdict, lang),
            note: note(model, target, judgement, lang),
        })
    }

    fn case(&self) -> (Option<&str>, Date) {
        (self.judgement.entity.as_deref(), self.judgement.as_of)
    }

    /// `tỉnh Bà Rịa – Vũng Tàu (br-vt), số liệu đến 30/06/2023`.
    fn heading(&self, names: &HashMap<&str, &str>, lang: Lang) -> String {
        let entity = match self.judgement.entity.as_deref() {
            None => pick(lang, "Toàn bộ", "All entities").to_owned(),
            Some(id) => match names.get(id).filter(|name| **name != id) {
                Some(name) => format!("{} ({})", clean(name), clean(id)),
                None => clean(id).into_owned(),
            },
        };
        let until = pick(lang, "số liệu đến", "data as of");
        format!("{entity}, {until} {}", day(self.judgement.as_of))
    }
}

/// What the columns do not say already.
fn note(model: &Model, target: &Target, judgement: &Judgement, lang: Lang) -> String {
    let of_itself = matches!(judgement.missing.as_slice(), [name] if *name == target.name);
    if judgement.verdict == Verdict::NoData && of_itself {
        return String::new();
    }
    Sentence::new(model, target, judgement, lang).follows
}

/// The widths of the columns; 0 for one that gave way.
struct Layout {
    style: Style,
    code: usize,
    name: usize,
    asked: usize,
    measured: usize,
    due: usize,
    verdict: usize,
    note: usize,
}

const NAME_LEAST: usize = 24;
const NOTE_LEAST: usize = 24;

impl Layout {
    fn new(rows: &[Row<'_>], style: Style) -> Self {
        let heads = heads(style.lang);
        let [code, _, asked, measured, due, verdict, _] = heads.map(width);
        let wide = style.width >= 90;
        let most = |least: usize, cell: &dyn Fn(&Row<'_>) -> usize| {
            rows.iter().map(cell).max().unwrap_or(0).max(least)
        };
        let due = most(0, &|row| width(&row.due)).clamp(0, 10).max(due);
        let mut layout = Self {
            style,
            code: most(code, &|row| width(&row.code).min(14)),
            name: 0,
            asked: most(asked, &|row| bounded(&row.asked, if wide { 22 } else { 12 })),
            measured: most(measured, &|row| bounded(&row.measured, if wide { 26 } else { 14 })),
            due,
            verdict: most(verdict, &|row| width(row.verdict)),
            note: 0,
        };
        layout.share(most(0, &|row| width(&row.name)), most(0, &|row| width(&row.note)));
        layout
    }

    /// Shares what the fixed columns leave between name and note; columns give way if it is little.
    fn share(&mut self, name: usize, note: usize) {
        let beside = self.left();
        if beside >= NAME_LEAST + GAP.len() + NOTE_LEAST {
            let both = beside - GAP.len();
            let note_wants = note.clamp(NOTE_LEAST, (both / 2).max(NOTE_LEAST));
            self.name = name.clamp(NAME_LEAST, both - note_wants);
            self.note = note.clamp(NOTE_LEAST, both - self.name);
            return;
        }
        if self.left() < NAME_LEAST {
            self.due = 0;
        }
        if self.left() < NAME_LEAST {
            self.code = 0;
        }
        self.name = self.left().clamp(NAME_LEAST / 2, name.max(NAME_LEAST));
    }

    /// The columns left for the name by those that stand.
    fn left(&self) -> usize {
        let fixed = [self.code, self.asked, self.measured, self.due, self.verdict];
        let taken = fixed.into_iter().filter(|columns| *columns > 0);
        self.style.width.saturating_sub(taken.map(|columns| columns + GAP.len()).sum())
    }

    fn write_header<W: Write>(&self, mut out: W) -> io::Result<()> {
        let [code, name, asked, measured, due, verdict, note] =
            heads(self.style.lang).map(|head| vec![head.to_owned()]);
        self.write_lines(&mut out, &[code, name, asked, measured, due, verdict, note], None)?;
        writeln!(out, "{}", "─".repeat(self.total()))
    }

    fn total(&self) -> usize {
        let columns = self.columns().into_iter().filter(|columns| *columns > 0);
        columns.map(|columns| columns + GAP.len()).sum::<usize>().saturating_sub(GAP.len())
    }

    fn columns(&self) -> [usize; 7] {
        let Self { code, name, asked, measured, due, verdict, note, .. } = self;
        [*code, *name, *asked, *measured, *due, *verdict, *note]
    }

    fn write_row<W: Write>(&self, mut out: W, row: &Row<'_>) -> io::Result<()> {
        let name = match self.code {
            0 => Cow::Owned(format!("[{}] {}", cut(row.code.clone(), 14), row.name)),
            _ => Cow::Borrowed(&*row.name),
        };
        let cell = |text: &str, columns: usize| wrap(text, columns, CELL_LINES);
        let cells = [
            vec![cut(row.code.clone(), self.code.max(1)).into_owned()],
            wrap(&name, self.name, NAME_LINES),
            cell(&row.asked, self.asked),
            cell(&row.measured, self.measured),
            cell(&row.due, self.due.max(1)),
            cell(row.verdict, self.verdict),
            cell(&row.note, self.note.max(1)),
        ];
        self.write_lines(&mut out, &cells, Some(row.judgement.verdict))?;
        let plain = row.judgement.verdict.is_satisfied();
        if self.note > 0 || plain || row.note.is_empty() {
            return Ok(());
        }
        for (place, line) in
            wrap(&row.note, self.style.width.max(30) - 6, CELL_LINES).iter().enumerate()
        {
            let mark = if place == 0 { "→" } else { " " };
            writeln!(out, "    {}", self.style.paint(DIM, &format!("{mark} {line}")))?;
        }
        Ok(())
    }

    /// Writes cells side by side; figures stand to the right of their column.
    fn write_lines<W: Write>(
        &self,
        mut out: W,
        cells: &[Vec<String>; 7],
        verdict: Option<Verdict>,
    ) -> io::Result<()> {
        let shown = || self.columns().into_iter().zip(cells).enumerate().filter(|(_, c)| c.0 > 0);
        let height = shown().map(|(_, (_, lines))| lines.len()).max().unwrap_or(0);
        for line in 0..height {
            let mut text = String::new();
            let mut owed = String::new();
            for (place, (columns, lines)) in shown() {
                let cell = lines.get(line).map_or("", String::as_str);
                let space = padding(cell, columns);
                let color = verdict.filter(|_| place == VERDICT).map_or("", color);
                let painted =
                    if color.is_empty() { cell.to_owned() } else { self.style.paint(color, cell) };
                let right = place == ASKED || place == MEASURED;
                let (before, after) = if right { (&*space, "") } else { ("", &*space) };
                owed.push_str(before);
                if !cell.is_empty() {
                    text.push_str(&std::mem::take(&mut owed));
                    text.push_str(&painted);
                }
                owed.push_str(after);
                owed.push_str(GAP);
            }
            writeln!(out, "{text}")?;
        }
        Ok(())
    }
}

const ASKED: usize = 2;
const MEASURED: usize = 3;
const VERDICT: usize = 5;

fn heads(lang: Lang) -> [&'static str; 7] {
    match lang {
        Lang::Vi => ["Mã", "Chỉ tiêu", "Yêu cầu", "Kết quả đo", "Hạn", "Kết luận", "Ghi chú"],
        Lang::En => ["Code", "Target", "Required", "Measured", "Due", "Verdict", "Note"],
    }
}

/// The width of a cell, at most `most`, but where possible no narrower than its longest word.
fn bounded(text: &str, most: usize) -> usize {
    const WORD: usize = 22;
    let word = text.split(' ').map(width).max().unwrap_or(0);
    width(text).min(most.max(word.min(WORD)))
}
