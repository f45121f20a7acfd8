//! Records of plain figures, written by pattern.
//!
//! Enters: what is told of judgements; now and then a whole record, to learn from. Leaves: the
//! bytes of records. The one idea: records of one target differ in few figures, so that one of each
//! wording is laid out as any other and kept with gaps, which later ones fill. Invariant: a pattern
//! is kept only if it writes the record that it was learnt from, and what does not fit its gaps is
//! not written by it.

mod digits;
mod head;
mod key;
mod learn;

use digits::{Digits, Marks};
pub(crate) use head::Head;
use key::Key;

use super::figures::{ATTAINMENT_PLACES, PLACES, fraction};
use super::words::Gap;
use super::{Fields, Options, Record, csv, ndjson};
use crate::diagnostic::Lang;
use crate::verdict::{Ratio, Seen, Told};

/// How records are laid out as lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One JSON object a line.
    Ndjson,
    /// One row of a table a line, without a header.
    Csv,
}

/// So many wordings of a target's records are kept.
const MOST: usize = 64;

/// The patterns of the records of a run.
#[derive(Debug)]
pub(crate) struct Patterns {
    pub(crate) lines: Lines,
    fields: Fields,
    options: Options,
    /// By place; nothing where a wording has no pattern.
    kept: Vec<Vec<(Key, Option<Pattern>)>>,
}

/// A record with gaps.
#[derive(Debug)]
struct Pattern {
    text: Vec<u8>,
    /// Where each gap stands in the text.
    gaps: Vec<(usize, Hole)>,
}

/// What a gap of a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hole {
    Entity,
    Day,
    Sources,
    Measured,
    Margin,
    Attainment,
    MeasuredExact,
    MarginExact,
    AttainmentExact,
    Numerator,
    Denominator,
    Add,
    /// A figure of the sentence.
    Said(Gap),
    /// A cell of a table begins whose figures decide whether it stands in quotes.
    Begin,
    End,
}

impl Patterns {
    pub(crate) fn new(lines: Lines, fields: Fields, options: Options) -> Self {
        Self { lines, fields, options, kept: Vec::new() }
    }

    /// A place for patterns of a target.
    pub(crate) fn place(&mut self) -> usize {
        self.kept.push(Vec::new());
        self.kept.len() - 1
    }

    /// Writes a record by pattern, if one is known that it fits.
    pub(crate) fn write(
        &self,
        out: &mut Vec<u8>,
        place: usize,
        head: &Head,
        told: &Told,
    ) -> Option<()> {
        let key = Key::of(told)?;
        let (_, pattern) = self.kept.get(place)?.iter().find(|(known, _)| *known == key)?;
        let before = out.len();
        let written = pattern.as_ref()?.fill(out, head, told, self.options.lang);
        if written.is_none() {
            out.truncate(before);
        }
        written
    }

    /// Writes a record as any other, and learns from it.
    pub(crate) fn whole(&self, out: &mut Vec<u8>, record: &Record<'_>) -> std::io::Result<()> {
        match self.lines {
            Lines::Ndjson => ndjson::write_record(out, record, &self.fields),
            Lines::Csv => csv::write_record(out, record, &self.fields),
        }
    }

    /// Learns from a record of which this was told, and whose line this is.
    pub(crate) fn learn(
        &mut self,
        place: usize,
        (head, told): (&Head, &Told),
        record: &Record<'_>,
        line: &[u8],
    ) {
        let (Some(key), Some(kept)) = (Key::of(told), self.kept.get_mut(place)) else { return };
        if kept.len() >= MOST || kept.iter().any(|(known, _)| *known == key) {
            return;
        }
        let pattern = learn::pattern(self.lines, &self.fields, record, self.options);
        let pattern = pattern.filter(|pattern| {
            let mut again = Vec::new();
            pattern.fill(&mut again, head, told, self.options.lang).is_some() && again == line
        });
        kept.push((key, pattern));
    }

    pub(crate) const fn options(&self) -> Options {
        self.options
    }

    /// How many wordings have a pattern, and how many have none.
    #[cfg(test)]
    pub(crate) fn counts(&self) -> (usize, usize) {
        let all = self.kept.iter().flatten();
        let (with, without): (Vec<_>, Vec<_>) = all.partition(|(_, pattern)| pattern.is_some());
        (with.len(), without.len())
    }
}

impl Pattern {
    fn fill(&self, out: &mut Vec<u8>, head: &Head, told: &Told, lang: Lang) -> Option<()> {
        let (mut from, mut cell) = (0, 0);
        for (to, hole) in &self.gaps {
            out.extend_from_slice(self.text.get(from..*to)?);
            from = *to;
            match hole {
                Hole::Entity => out.extend_from_slice(&head.entity),
                Hole::Day => out.extend_from_slice(&head.day),
                Hole::Sources => head.sources(out, told.entries)?,
                Hole::Begin => cell = out.len(),
                Hole::End => csv::quote(out, cell),
                Hole::MeasuredExact => exactly(out, number(told)?),
                Hole::MarginExact => exactly(out, told.margin?),
                Hole::AttainmentExact => exactly(out, told.attainment?),
                Hole::Said(gap) => said(told, *gap)?.write(out, marks(lang)),
                hole => figure(told, *hole)?.write(out, Marks::PLAIN),
            }
        }
        out.extend_from_slice(self.text.get(from..)?);
        Some(())
    }
}

/// What was measured, where it is a number.
const fn number(told: &Told) -> Option<Ratio> {
    match told.measured {
        Seen::Number(value) => Some(value),
        Seen::Nothing | Seen::Truth(_) => None,
    }
}

/// A figure of the record beside its sentence.
fn figure(told: &Told, hole: Hole) -> Option<Digits> {
    match hole {
        Hole::Measured => Digits::decimal(number(told)?, PLACES, &told.ends),
        Hole::Margin => Digits::decimal(told.margin?, PLACES, &[Ratio::whole(0)]),
        Hole::Attainment => {
            Digits::decimal(told.attainment?, ATTAINMENT_PLACES, &[Ratio::whole(1)])
        }
        Hole::Numerator => told.fraction.map(|[(mantissa, scale), _]| Digits::of(mantissa, scale)),
        Hole::Denominator => {
            told.fraction.map(|[_, (mantissa, scale)]| Digits::of(mantissa, scale))
        }
        Hole::Add => Digits::sufficient(told.step?, PLACES),
        _ => None,
    }
}

/// A figure of the sentence.
fn said(told: &Told, gap: Gap) -> Option<Digits> {
    let zero = [Ratio::whole(0); 2];
    match gap {
        Gap::Value => Digits::short(number(told)?, told.ends),
        Gap::Numerator | Gap::Denominator => {
            let [above, below] = told.fraction?;
            let (mantissa, scale) = if gap == Gap::Numerator { above } else { below };
            Digits::short(Ratio::decimal(mantissa, scale)?, zero)
        }
        Gap::Distance => Digits::short(apart(told)?.abs()?, zero),
        Gap::Step => Digits::short(Digits::sufficient(told.step?, PLACES)?.size()?, zero),
    }
}

/// How far what was measured lies from what was asked.
fn apart(told: &Told) -> Option<Ratio> {
    if told.margin.is_some() {
        return told.margin;
    }
    let (value, [low, high]) = (number(told)?, told.ends);
    if value.cmp(low)?.is_lt() { low.less(value) } else { value.less(high) }
}

/// A fraction in lowest terms.
fn exactly(out: &mut Vec<u8>, value: Ratio) {
    out.extend_from_slice(fraction(&value.rational()).as_bytes());
}

const fn marks(lang: Lang) -> Marks {
    match lang {
        Lang::Vi => Marks { group: Some(b'.'), point: b',' },
        Lang::En => Marks { group: Some(b','), point: b'.' },
    }
}
