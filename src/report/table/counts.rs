//! Counts of verdicts on a terminal: one line for all targets, or a line for each.
//!
//! Enters: a summary. Leaves: lines. The one idea: what occurred nowhere is not shown. Invariant:
//! the counts of a line add up to the number before them.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{GAP, Style, color, word};
use crate::diagnostic::Lang;
use crate::number::{format_en, format_vi};
use crate::report::summary::Row;
use crate::report::width::{clean, cut, padding, width};
use crate::report::words::pick;
use crate::report::{Counts, Summary};
use crate::verdict::Verdict;

/// The line of counts: `26 chỉ tiêu: 3 vượt, 2 đạt, 1 chưa đạt, 20 thiếu số liệu`.
pub fn summary_line(summary: &Summary, style: Style) -> String {
    let number = |count: u64| number(count, style.lang);
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
    let columns = Verdict::ALL.into_iter().filter(|verdict| total.of(*verdict) > 0);
    let label = |row: &Row| {
        cut(Cow::Owned(format!("{} {}", clean(&row.programme), clean(&row.target))), 40)
            .into_owned()
    };
    let first = summary.rows().iter().map(|row| width(&label(row))).max().unwrap_or(0);
    let head = pick(style.lang, "Chỉ tiêu", "Target");
    let first = first.max(width(head));
    let count = |counts: &Counts, verdict| number(counts.of(verdict), style.lang);
    let columns: Vec<(Verdict, usize)> = columns
        .map(|verdict| {
            let figures = summary.rows().iter().map(|row| width(&count(&row.counts, verdict)));
            (verdict, figures.max().unwrap_or(0).max(width(word(verdict, style.lang))))
        })
        .collect();
    write!(out, "{head}{}", padding(head, first))?;
    for (verdict, wide) in &columns {
        let head = word(*verdict, style.lang);
        write!(out, "{GAP}{}{head}", padding(head, *wide))?;
    }
    writeln!(out)?;
    for row in summary.rows() {
        let label = label(row);
        write!(out, "{label}{}", padding(&label, first))?;
        for (verdict, wide) in &columns {
            let count = count(&row.counts, *verdict);
            write!(out, "{GAP}{}{count}", padding(&count, *wide))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn number(count: u64, lang: Lang) -> String {
    match lang {
        Lang::Vi => format_vi(&count.to_string()),
        Lang::En => format_en(&count.to_string()),
    }
}

fn targets_word(count: u64, lang: Lang) -> &'static str {
    pick(lang, "chỉ tiêu", if count == 1 { "target" } else { "targets" })
}
