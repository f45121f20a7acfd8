//! The table of totals: a row an entity with its rank, below it its groups.
//!
//! Enters: totals with their ranks. Leaves: lines of at most the width asked for. The one idea: a
//! section is what is ranked together, best first. Invariant: a figure is never broken.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::io::{self, Write};

use super::{BOLD, DIM, GAP, Style};
use crate::check::model::Model;
use crate::diagnostic::Lang;
use crate::report::width::{clean, padding, width, wrap};
use crate::report::words::{day, pick, short};
use crate::score::{Rank, Total};
use crate::verdict::Points;

/// Writes totals under a heading of programme, type and day, best first.
///
/// # Errors
/// The writer's own; a `Vec<u8>` has none.
pub fn write_scores<W: Write, S: BuildHasher>(
    mut out: W,
    model: &Model,
    totals: &[Total],
    names: &HashMap<&str, &str, S>,
    style: Style,
) -> io::Result<()> {
    let mut sections: Vec<Vec<&Total>> = Vec::new();
    let mut places = HashMap::new();
    for total in totals {
        let kind = total.kind.as_deref().map(crate::text::normal);
        let next = sections.len();
        let place = *places.entry((total.programme, total.as_of, kind)).or_insert(next);
        if place == next {
            sections.push(Vec::new());
        }
        if let Some(section) = sections.get_mut(place) {
            section.push(total);
        }
    }
    for (place, section) in sections.iter_mut().enumerate() {
        let order = |total: &&Total| total.rank.map(|rank| (rank.best, rank.worst));
        section.sort_by_key(order);
        if place > 0 {
            writeln!(out)?;
        }
        write_section(&mut out, model, section, names, style)?;
    }
    Ok(())
}

/// A line of the table: rank, name, points, maximum; groups have no rank.
struct Line {
    rank: String,
    name: String,
    points: String,
    maximum: String,
}

fn write_section<W: Write, S: BuildHasher>(
    mut out: W,
    model: &Model,
    section: &[&Total],
    names: &HashMap<&str, &str, S>,
    style: Style,
) -> io::Result<()> {
    let Some(first) = section.first() else { return Ok(()) };
    let lang = style.lang;
    let programme = model.programme(first.programme);
    let mut heading = programme
        .map_or_else(String::new, |it| format!("{} ({})", clean(&it.name), clean(&it.code)));
    if let Some(kind) = &first.kind {
        heading = format!("{heading}, {}", clean(kind));
    }
    let until = pick(lang, "số liệu đến", "data as of");
    heading = format!("{heading}, {until} {}", day(first.as_of));
    style.write_heading(&mut out, BOLD, &heading)?;
    let head = Line {
        rank: pick(lang, "Hạng", "Rank").to_owned(),
        name: pick(lang, "Đơn vị", "Entity").to_owned(),
        points: pick(lang, "Điểm", "Points").to_owned(),
        maximum: pick(lang, "Tối đa", "Maximum").to_owned(),
    };
    let mut lines = vec![(head, "")];
    for total in section {
        lines.extend(of_total(total, names, style));
    }
    let most = |cell: &dyn Fn(&Line) -> &str| {
        lines.iter().map(|(line, _)| width(cell(line))).max().unwrap_or(0)
    };
    let (rank, points, maximum) =
        (most(&|it| &it.rank), most(&|it| &it.points), most(&|it| &it.maximum));
    let fixed = rank + points + maximum + 3 * GAP.len();
    let name = most(&|it| &it.name).min(style.columns().saturating_sub(fixed).max(12));
    for (place, (line, color)) in lines.iter().enumerate() {
        let indent = line.name.len() - line.name.trim_start().len();
        let text = wrap(line.name.trim_start(), name.saturating_sub(indent), 3);
        for (number, part) in text.iter().enumerate() {
            let part = format!("{}{part}", " ".repeat(indent));
            let left = if number == 0 { line.rank.as_str() } else { "" };
            let mut row = format!("{left}{}{GAP}{part}", padding(left, rank));
            if number == 0 {
                row = format!(
                    "{row}{}{GAP}{}{}{GAP}{}{}",
                    padding(&part, name),
                    padding(&line.points, points),
                    line.points,
                    padding(&line.maximum, maximum),
                    line.maximum,
                );
            }
            writeln!(out, "{}", style.paint(color, row.trim_end()))?;
        }
        if place == 0 {
            writeln!(out, "{}", "─".repeat(fixed + name))?;
        }
    }
    Ok(())
}

fn of_total<S: BuildHasher>(
    total: &Total,
    names: &HashMap<&str, &str, S>,
    style: Style,
) -> Vec<(Line, &'static str)> {
    let lang = style.lang;
    let name = match total.entity.as_deref() {
        None => pick(lang, "Toàn bộ", "All entities").to_owned(),
        Some(id) => match names.get(id).filter(|name| **name != id) {
            Some(name) => format!("{} ({})", clean(name), clean(id)),
            None => clean(id).into_owned(),
        },
    };
    let line = |rank: String, name: String, points: &Points| Line {
        rank,
        name,
        points: span(points, lang),
        maximum: short(&points.maximum, &[], lang),
    };
    let mut lines =
        vec![(line(total.rank.map(place).unwrap_or_default(), name, &total.points), "")];
    // A single sum would only be said twice.
    if total.groups.len() > 1 {
        for group in &total.groups {
            let name = group.name.as_deref().unwrap_or(pick(lang, "ngoài nhóm", "no group"));
            let name = format!("  {}", clean(name));
            lines.push((line(String::new(), name, &group.points), DIM));
        }
    }
    lines
}

/// `3`, `2–5`.
fn place(rank: Rank) -> String {
    if rank.best == rank.worst {
        rank.best.to_string()
    } else {
        format!("{}–{}", rank.best, rank.worst)
    }
}

/// `15`, `10–20`: from worst to best.
fn span(points: &Points, lang: Lang) -> String {
    let text = |points| short(points, &[], lang);
    match points.decided() {
        Some(points) => text(points),
        None => format!("{}–{}", text(&points.worst), text(&points.best)),
    }
}

/// `15/20`, `10–20/20`: beside a verdict.
pub(super) fn out_of(points: &Points, lang: Lang) -> String {
    format!("{}/{}", span(points, lang), short(&points.maximum, &[], lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Reference;
    use crate::score::{Scores, rank};
    use crate::snapshot::{Cases, Data};
    use crate::{Measurement, Rules, Snapshot};

    #[test]
    fn best_first_with_groups_below() {
        let rules = "chương trình: Chỉ số\nmã: K\nnhóm: Một\n[A] tỷ lệ a\n  điểm: 20\n  \
                     chấm: tuyến tính từ 0% đến 100%\nnhóm: Hai\n[B] b = có\n  điểm: 5";
        let rules = Rules::parse(rules).unwrap();
        let mut data = Data::new();
        for (id, figure) in [("x", "12,5%"), ("y", "90%"), ("z", "")] {
            let one = Snapshot::new(id).on("30/06/2023").unwrap().attribute("cấp", "tỉnh");
            let one = one.measure("tỷ lệ a", Measurement::text(figure));
            data.push(one.measure("b", Measurement::truth(true)), None);
        }
        let reference = Reference::new(rules.model(), &data);
        let cases = Cases::each_snapshot(&data);
        let scores = Scores::new(rules.model());
        let all = (0..cases.len()).filter_map(|place| cases.get(&data, place));
        let mut totals: Vec<Total> = all
            .flat_map(|case| scores.of_case(&reference, &case, &reference.judge(&case)))
            .collect();
        rank(&mut totals);
        let style = Style { color: false, width: 60, lang: Lang::Vi };
        let names = HashMap::from([("y", "tỉnh Y")]);
        let mut out = Vec::new();
        write_scores(&mut out, rules.model(), &totals, &names, style).unwrap();
        let expected = "\
Chỉ số (K), tỉnh, số liệu đến 30/06/2023
Hạng  Đơn vị      Điểm  Tối đa
──────────────────────────────
1–2   tỉnh Y (y)    23      25
        Một         18      20
        Hai          5       5
1–3   z           5–25      25
        Một       0–20      20
        Hai          5       5
2–3   x            7,5      25
        Một        2,5      20
        Hai          5       5
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
