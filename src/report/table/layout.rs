//! The columns of the table: how wide each is, which give way, and how a row is written in them.
//!
//! Enters: rows as words. Leaves: lines. The one idea: widths are decided once for all rows.
//! Invariant: a column has room for its longest word, so that no figure is broken.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{DIM, GAP, Row, Style, color};
use crate::diagnostic::Lang;
use crate::report::width::{cut, padding, width, wrap};
use crate::verdict::Verdict;

/// A name is cut after so many lines.
const NAME_LINES: usize = 5;
/// Other cells are cut after so many lines.
const CELL_LINES: usize = 8;
/// The widths of the columns; 0 for one that gave way.
#[derive(Debug)]
pub(super) struct Layout {
    style: Style,
    /// Where it gave way, the code stands before the name.
    code: usize,
    name: usize,
    asked: usize,
    measured: usize,
    due: usize,
    verdict: usize,
    points: usize,
    note: usize,
}

const NAME_LEAST: usize = 24;
const NOTE_LEAST: usize = 24;

impl Layout {
    pub(super) fn new(rows: &[Row<'_>], style: Style) -> Self {
        let heads = heads(style.lang);
        let [code, _, asked, measured, due, verdict, points, _] = heads.map(width);
        let wide = style.columns() >= 90;
        let most = |least: usize, cell: &dyn Fn(&Row<'_>) -> usize| {
            rows.iter().map(cell).max().unwrap_or(0).max(least)
        };
        let coded = rows.iter().any(|row| !row.code.is_empty());
        let dated = rows.iter().any(|row| !row.due.is_empty());
        let scored = rows.iter().any(|row| !row.points.is_empty());
        let mut layout = Self {
            style,
            code: if coded { most(code, &|row| width(&row.code).min(14)) } else { 0 },
            name: 0,
            asked: most(asked, &|row| bounded(&row.asked, if wide { 22 } else { 12 })),
            measured: most(measured, &|row| bounded(&row.measured, if wide { 26 } else { 14 })),
            due: if dated { most(due, &|row| width(&row.due)) } else { 0 },
            verdict: most(verdict, &|row| bounded(row.verdict, if wide { 17 } else { 14 })),
            points: if scored { most(points, &|row| width(&row.points)) } else { 0 },
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
        let Self { code, asked, measured, due, verdict, points, .. } = self;
        let fixed = [*code, *asked, *measured, *due, *verdict, *points];
        let taken = fixed.into_iter().filter(|columns| *columns > 0);
        self.style.columns().saturating_sub(taken.map(|columns| columns + GAP.len()).sum())
    }

    pub(super) fn write_header<W: Write>(&self, mut out: W) -> io::Result<()> {
        let heads = heads(self.style.lang).map(|head| vec![head.to_owned()]);
        self.write_lines(&mut out, &heads, None)?;
        writeln!(out, "{}", "─".repeat(self.total()))
    }

    fn total(&self) -> usize {
        let columns = self.columns().into_iter().filter(|columns| *columns > 0);
        columns.map(|columns| columns + GAP.len()).sum::<usize>().saturating_sub(GAP.len())
    }

    fn columns(&self) -> [usize; 8] {
        let Self { code, name, asked, measured, due, verdict, points, note, .. } = self;
        [*code, *name, *asked, *measured, *due, *verdict, *points, *note]
    }

    pub(super) fn write_row<W: Write>(&self, mut out: W, row: &Row<'_>) -> io::Result<()> {
        let name = match self.code {
            0 if !row.code.is_empty() => {
                Cow::Owned(format!("[{}] {}", cut(row.code.clone(), 14), row.name))
            }
            _ => Cow::Borrowed(&*row.name),
        };
        let cell = |text: &str, columns: usize| -> Vec<String> {
            let lines = wrap(&bound(text), columns, CELL_LINES);
            lines.iter().map(|line| line.replace('\u{a0}', " ")).collect()
        };
        let cells = [
            vec![cut(row.code.clone(), self.code.max(1)).into_owned()],
            wrap(&name, self.name, NAME_LINES),
            cell(&row.asked, self.asked),
            cell(&row.measured, self.measured),
            cell(&row.due, self.due.max(1)),
            cell(row.verdict, self.verdict),
            vec![row.points.clone()],
            cell(&row.note, self.note.max(1)),
        ];
        self.write_lines(&mut out, &cells, Some(row.judgement.verdict))?;
        if self.note > 0 || !row.needs_note || row.note.is_empty() {
            return Ok(());
        }
        let lines = cell(&row.note, self.style.columns() - 6);
        for (place, line) in lines.iter().enumerate() {
            let mark = if place == 0 { "→" } else { " " };
            writeln!(out, "    {}", self.style.paint(DIM, &format!("{mark} {line}")))?;
        }
        Ok(())
    }

    /// Writes cells side by side; figures stand to the right of their column.
    fn write_lines<W: Write>(
        &self,
        mut out: W,
        cells: &[Vec<String>; 8],
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
                let right = [ASKED, MEASURED, POINTS].contains(&place);
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
const POINTS: usize = 6;

fn heads(lang: Lang) -> [&'static str; 8] {
    match lang {
        Lang::Vi => {
            ["Mã", "Chỉ tiêu", "Yêu cầu", "Kết quả đo", "Hạn", "Kết luận", "Điểm", "Ghi chú"]
        }
        Lang::En => ["Code", "Target", "Required", "Measured", "Due", "Verdict", "Points", "Note"],
    }
}

/// The text with a no-break space before a sign of percent.
fn bound(text: &str) -> String {
    text.replace(" %", "\u{a0}%").replace(" ‰", "\u{a0}‰")
}

/// The width of a cell, at most `most`, but where possible no narrower than its longest word.
fn bounded(text: &str, most: usize) -> usize {
    const WORD: usize = 40;
    let word = bound(text).split(' ').map(width).max().unwrap_or(0);
    width(text).min(most.max(word.min(WORD)))
}
