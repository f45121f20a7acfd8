//! A record taken apart.
//!
//! Enters: a record. Leaves: its pattern. The one idea: the fields that figures fill become gaps,
//! the sentence is laid out with marks for its figures, and all else stays as it was written.
//! Invariant: text of people never decides where a gap is.

use super::{Hole, Lines, Pattern};
use crate::report::message::layout;
use crate::report::words::{Gap, join};
use crate::report::{Cell, Fields, Options, Record, csv, message, ndjson};
use crate::verdict::{Judgement, Measured, Step};

/// The pattern of a record; nothing where it has none.
pub(super) fn pattern(
    lines: Lines,
    fields: &Fields,
    record: &Record<'_>,
    options: Options,
) -> Option<Pattern> {
    let mut making = Making { lines, pattern: Pattern { text: Vec::new(), gaps: Vec::new() } };
    for (at, name) in fields.names().iter().enumerate() {
        making.begin(at == 0, name);
        match gap(record.judgement(), name) {
            Some(hole) => making.number(hole),
            None => match *name {
                "entity" if record.judgement().entity.is_some() => making.hole(Hole::Entity),
                "as_of" => making.hole(Hole::Day),
                "sources" => making.hole(Hole::Sources),
                "step" => making.step(record.judgement().step.as_ref())?,
                "message" => making.sentence(record, options)?,
                name => making.cell(&record.get(name)?),
            },
        }
    }
    making.end(fields.names().is_empty());
    Some(making.pattern)
}

/// The gap that a field is, if it is a single figure.
fn gap(judgement: &Judgement, name: &str) -> Option<Hole> {
    let number = matches!(judgement.measured, Measured::Within(_));
    let (hole, is_there) = match name {
        "measured" => (Hole::Measured, number),
        "margin" => (Hole::Margin, judgement.margin.is_some()),
        "attainment" => (Hole::Attainment, judgement.attainment.is_some()),
        "measured_exact" => (Hole::MeasuredExact, number),
        "margin_exact" => (Hole::MarginExact, judgement.margin.is_some()),
        "attainment_exact" => (Hole::AttainmentExact, judgement.attainment.is_some()),
        "numerator" => (Hole::Numerator, judgement.fraction.is_some()),
        "denominator" => (Hole::Denominator, judgement.fraction.is_some()),
        _ => return None,
    };
    is_there.then_some(hole)
}

/// A pattern being made.
struct Making {
    lines: Lines,
    pattern: Pattern,
}

/// A part of a text.
enum Piece<'a> {
    Text(&'a str),
    Hole(Hole),
}

impl Making {
    fn raw(&mut self, text: &str) {
        self.pattern.text.extend_from_slice(text.as_bytes());
    }

    fn hole(&mut self, hole: Hole) {
        self.pattern.gaps.push((self.pattern.text.len(), hole));
    }

    fn begin(&mut self, is_first: bool, name: &str) {
        match (self.lines, is_first) {
            (Lines::Ndjson, first) => {
                self.raw(if first { "{\"" } else { ",\"" });
                self.raw(name);
                self.raw("\":");
            }
            (Lines::Csv, true) => {}
            (Lines::Csv, false) => self.raw(","),
        }
    }

    fn end(&mut self, is_empty: bool) {
        self.raw(match (self.lines, is_empty) {
            (Lines::Ndjson, true) => "{}\n",
            (Lines::Ndjson, false) => "}\n",
            (Lines::Csv, _) => "\r\n",
        });
    }

    /// A figure, which holds nothing that must be escaped.
    fn number(&mut self, hole: Hole) {
        let quote = if self.lines == Lines::Ndjson { "\"" } else { "" };
        self.raw(quote);
        self.hole(hole);
        self.raw(quote);
    }

    fn cell(&mut self, cell: &Cell<'_>) {
        match self.lines {
            Lines::Ndjson => ndjson::push(&mut self.pattern.text, cell),
            Lines::Csv => csv::push(&mut self.pattern.text, cell),
        }
    }

    fn step(&mut self, step: Option<&Step>) -> Option<()> {
        let (indicator, add, unit) = match step {
            None => {
                self.cell(&Cell::Null);
                return Some(());
            }
            Some(Step::Units { .. }) => return None,
            Some(Step::Figure { indicator, add, unit }) => (indicator, add, unit),
        };
        if self.lines == Lines::Csv {
            let before = format!("{indicator}: {}", if add.is_positive() { "+" } else { "" });
            let after = join("", unit);
            self.text(&[Piece::Text(&before), Piece::Hole(Hole::Add), Piece::Text(&after)]);
            return Some(());
        }
        self.raw("{\"indicator\":");
        ndjson::push_text(&mut self.pattern.text, indicator);
        self.raw(",\"add\":");
        self.number(Hole::Add);
        self.raw(",\"unit\":");
        match unit.as_str() {
            "" => self.raw("null"),
            unit => ndjson::push_text(&mut self.pattern.text, unit),
        }
        self.raw("}");
        Some(())
    }

    fn sentence(&mut self, record: &Record<'_>, options: Options) -> Option<()> {
        let is_mark = |letter: char| Gap::ALL.into_iter().find(|gap| gap.mark() == letter);
        let (model, judgement) = (record.model(), record.judgement());
        if message(model, judgement, options.lang).contains(|letter| is_mark(letter).is_some()) {
            return None;
        }
        let text = layout(model, judgement, options.lang)?;
        let (mut pieces, mut from) = (Vec::new(), 0);
        for (at, letter) in text.char_indices() {
            if let Some(gap) = is_mark(letter) {
                pieces.push(Piece::Text(text.get(from..at)?));
                pieces.push(Piece::Hole(Hole::Said(gap)));
                from = at + letter.len_utf8();
            }
        }
        pieces.push(Piece::Text(text.get(from..)?));
        self.text(&pieces);
        Some(())
    }

    /// A text with figures in it.
    fn text(&mut self, pieces: &[Piece<'_>]) {
        if self.lines == Lines::Ndjson {
            self.raw("\"");
            for piece in pieces {
                match piece {
                    Piece::Hole(hole) => self.hole(*hole),
                    Piece::Text(text) => ndjson::push_inside(&mut self.pattern.text, text),
                }
            }
            self.raw("\"");
            return;
        }
        let part = |piece: &Piece<'_>| match piece {
            Piece::Text(text) => (*text).to_owned(),
            Piece::Hole(_) => "0".to_owned(),
        };
        let whole: String = pieces.iter().map(part).collect();
        let quoted = csv::is_quoted(&whole);
        let (begin, end) = (Hole::Begin, Hole::End);
        if quoted { self.raw("\"") } else { self.hole(begin) }
        for piece in pieces {
            match piece {
                Piece::Hole(hole) => self.hole(*hole),
                Piece::Text(text) => self.raw(&text.replace('"', "\"\"")),
            }
        }
        if quoted { self.raw("\"") } else { self.hole(end) }
    }
}
