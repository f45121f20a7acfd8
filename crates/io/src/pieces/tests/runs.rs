//! Rows at the edges of runs, and columns that change within one.

use std::fmt::Write as _;

use chitieu::number::Format;

use super::{Dice, NAMES, check};
use crate::Options;

/// Rows around the edges of runs.
const EDGES: [u64; 8] = [0, 1, 62, 63, 64, 65, 127, 128];

/// A way to write numbers of a column, which may change from row to row.
type Column = fn(&mut Dice, u64) -> String;

/// What columns may hold: an empty text is a missing cell.
const COLUMNS: [Column; 10] = [
    // Mixed scales, with zeros at the end.
    |dice, _| match dice.below(5) {
        0 => dice.below(100).to_string(),
        1 => format!("{}.{}", dice.below(100), dice.below(10)),
        2 => format!("{}.{:03}", dice.below(100), dice.below(1_000)),
        3 => format!("{}.5000000000", dice.below(100)),
        _ => format!("{}.{:02}", dice.below(100), dice.below(100)),
    },
    // More digits half way.
    |dice, row| match row {
        0..70 => format!("{}.{:02}", dice.below(100), dice.below(100)),
        70..75 => format!("{}.{:04}", dice.below(100), dice.below(10_000)),
        _ => format!("-{}", dice.below(1_000_000)),
    },
    // Wider than 32, 54, 64 and 128 bits, each once.
    |dice, row| match row {
        20 => "-2147483649".to_owned(),
        66 => "36028797018963967".to_owned(),
        67 => "36028797018963968.5".to_owned(),
        68 => "9223372036854775808".to_owned(),
        100 => "170141183460469231731687303715884105728".to_owned(),
        101 => "0.00000000000000000000000000000000000001".to_owned(),
        _ => dice.below(1_000).to_string(),
    },
    // Another type half way.
    |dice, row| match row {
        0..40 => format!("{}.{:02}", dice.below(100), dice.below(100)),
        40..44 => "có".to_owned(),
        _ => dice.below(100).to_string(),
    },
    |dice, row| if row < 66 { "có".to_owned() } else { dice.below(2).to_string() },
    // Missing at the edges, and nowhere else; and the other way round.
    |dice, row| if EDGES.contains(&row) { String::new() } else { dice.below(9_999).to_string() },
    |dice, row| if EDGES.contains(&row) { dice.below(9_999).to_string() } else { String::new() },
    // Texts at the edges.
    |dice, row| {
        let text = dice.one(&["hơn 80%", "41%", "x", "không"]).to_owned();
        if EDGES.contains(&row) { text } else { dice.below(100).to_string() }
    },
    |_, _| String::new(),
    |dice, _| dice.number(),
];

/// The cells of a row, an indicator each; which column stands under which name turns by `turn`.
fn cells(dice: &mut Dice, turn: usize, row: u64) -> Vec<(&'static str, String)> {
    let columns = COLUMNS.iter().cycle().skip(turn);
    NAMES.into_iter().zip(columns).map(|(name, column)| (name, column(dice, row))).collect()
}

/// Whether the line of a row is broken.
fn is_broken(turn: usize, row: u64) -> bool {
    match turn % 3 {
        0 => false,
        1 => EDGES.contains(&row),
        _ => row % 10 == 3,
    }
}

#[test]
fn lines_around_the_edges_of_runs() {
    let mut dice = Dice(23);
    for turn in 0..COLUMNS.len() {
        let mut text = String::new();
        for row in 0..140 {
            let value = |cell: &str| match cell.trim_start_matches('-').as_bytes().first() {
                Some(b'0'..=b'9') if !cell.ends_with('%') => cell.to_owned(),
                Some(_) => format!("\"{cell}\""),
                None => "null".to_owned(),
            };
            let cells = cells(&mut dice, turn, row).into_iter();
            // A cell that is missing is null, or not there.
            let cells = cells.filter(|(_, cell)| !cell.is_empty() || row % 2 == 0);
            let mut cells: Vec<_> =
                cells.map(|(name, cell)| format!("\"{name}\":{}", value(&cell))).collect();
            if is_broken(turn, row) {
                cells.push(dice.one(&["\"số b\":7", "\"x\":01", "\"lạ\":7.", "7"]).to_owned());
            }
            let cells = cells.join(",");
            let line =
                format!("{{\"entity\":\"e{row}\",\"as_of\":2023,\"measurements\":{{{cells}}}}}");
            writeln!(text, "{line}").unwrap();
        }
        check("s.ndjson", text.as_bytes(), Options::default());
    }
}

#[test]
fn rows_around_the_edges_of_runs() {
    let mut dice = Dice(29);
    for turn in 0..COLUMNS.len() {
        let format = if turn % 2 == 0 { Format::En } else { Format::Vi };
        let written = |cell: String| match format {
            Format::En => cell,
            Format::Vi => cell.replace('.', ","),
        };
        let options = Options { numbers: Some(format), ..Options::default() };
        let mut wide = format!("entity;as_of;{}\n", NAMES.join(";"));
        let mut long = "entity;as_of;indicator;value\n".to_owned();
        for row in 0..140 {
            let cells = cells(&mut dice, turn, row);
            write!(wide, "e{row};2023").unwrap();
            for (name, cell) in cells {
                let cell = written(cell);
                writeln!(long, "e{row};2023;{name};{cell}").unwrap();
                write!(wide, ";{cell}").unwrap();
            }
            if is_broken(turn, row) {
                wide += dice.one(&[";", ";7", "\"", "\r"]);
                long += dice.one(&["e;2023;;7\n", "e;năm;số b;7\n", ";;;\n", "e;7\n"]);
            }
            wide.push('\n');
        }
        check("s.csv", wide.as_bytes(), options);
        check("s.csv", long.as_bytes(), options);
    }
}
