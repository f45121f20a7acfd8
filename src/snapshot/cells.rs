//! Measurements in few bytes.
//!
//! Enters: measurements with their names. Leaves: words of 32 bits, and the measurements again. The
//! one idea: what a measurement has in common with thousands of others (its name, the column of its
//! cell, which of its fields are given and how many digits stand behind the point) is a shape, kept
//! once; what is left are its digits. Invariant: what is read is what was written, digit by digit.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::texts::Texts;
use super::{Measurement, Raw};
use crate::number::{Decimal, Format};

/// What a measurement has in common with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    /// The name, by its place in [`super::Data::names`].
    pub(super) name: u32,
    column: Option<u32>,
    format: Option<Format>,
    /// Value, numerator, denominator and what is printed beside them.
    fields: [Field; 4],
    has_unit: bool,
    has_source: bool,
}

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Field {
    Missing,
    /// A number with so many digits behind its point, in so many words.
    Number {
        scale: u8,
        words: u8,
    },
    Truth(bool),
    Text,
    Unreadable,
}

impl Field {
    fn of(raw: &Raw) -> Self {
        match raw {
            Raw::Missing => Self::Missing,
            Raw::Number(number) => Self::Number {
                scale: u8::try_from(number.scale()).unwrap_or(u8::MAX),
                words: words_of(number.mantissa()),
            },
            Raw::Truth(truth) => Self::Truth(*truth),
            Raw::Text(_) => Self::Text,
            Raw::Unreadable(_) => Self::Unreadable,
        }
    }

    const fn words(self) -> usize {
        match self {
            Self::Missing | Self::Truth(_) => 0,
            Self::Number { words, .. } => words as usize,
            Self::Text | Self::Unreadable => 1,
        }
    }
}

impl Shape {
    fn of(name: u32, given: &Measurement) -> Self {
        let Measurement { value, numerator, denominator, reported, unit, source, format, column } =
            given;
        Self {
            name,
            column: *column,
            format: *format,
            fields: [value, numerator, denominator, reported].map(Field::of),
            has_unit: unit.is_some(),
            has_source: source.is_some(),
        }
    }

    /// How many words stand behind the number of the shape.
    fn words(&self) -> usize {
        let fields: usize = self.fields.iter().map(|field| field.words()).sum();
        fields + usize::from(self.has_unit) + usize::from(self.has_source)
    }

    /// The column of the cell.
    pub(super) const fn column(&self) -> Option<u32> {
        self.column
    }

    /// Whether nothing was measured; where texts may be empty it is not known.
    pub(super) fn is_missing(&self) -> Option<bool> {
        let [value, numerator, denominator, _] = self.fields;
        let given = [value, numerator, denominator];
        if given.iter().any(|field| !matches!(field, Field::Missing | Field::Text)) {
            return Some(false);
        }
        given.iter().all(|field| *field == Field::Missing).then_some(true)
    }
}

/// Measurements, one behind the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    shapes: Vec<Shape>,
    places: HashTable<u32>,
    hasher: RandomState,
    /// By shape: the one that followed it last.
    after: Vec<u32>,
    /// The one before.
    last: u32,
    texts: Texts,
    words: Vec<u32>,
}

impl Cells {
    /// Where the next measurement will stand.
    pub(super) const fn end(&self) -> usize {
        self.words.len()
    }

    /// The name that a measurement is likely to have.
    pub(super) fn next_name(&self) -> Option<u32> {
        let next = self.after.get(self.last as usize)?;
        self.shapes.get(*next as usize).map(|shape| shape.name)
    }

    /// Adds a measurement behind all others.
    pub(super) fn push(&mut self, name: u32, given: &Measurement) {
        let shape = self.shape(Shape::of(name, given));
        self.words.push(shape);
        let Measurement { value, numerator, denominator, reported, unit, source, .. } = given;
        for raw in [value, numerator, denominator, reported] {
            match raw {
                Raw::Missing | Raw::Truth(_) => {}
                Raw::Number(number) => push_number(&mut self.words, number.mantissa()),
                Raw::Text(text) | Raw::Unreadable(text) => {
                    self.words.push(self.texts.place(text));
                }
            }
        }
        for text in [unit, source].into_iter().flatten() {
            self.words.push(self.texts.place(text));
        }
    }

    /// The number of a shape; a new one is added.
    fn shape(&mut self, shape: Shape) -> u32 {
        let guess = self.after.get(self.last as usize).copied();
        let known = guess.filter(|guess| self.shapes.get(*guess as usize) == Some(&shape));
        let place = known.unwrap_or_else(|| self.look_up(shape));
        if let Some(after) = self.after.get_mut(self.last as usize) {
            *after = place;
        }
        self.last = place;
        place
    }

    fn look_up(&mut self, shape: Shape) -> u32 {
        let Self { shapes, places, hasher, after, .. } = self;
        let hash = hasher.hash_one(shape);
        let is = |place: &u32| shapes.get(*place as usize) == Some(&shape);
        if let Some(known) = places.find(hash, is) {
            return *known;
        }
        let place = u32::try_from(shapes.len()).unwrap_or(u32::MAX);
        shapes.push(shape);
        after.push(place);
        places.insert_unique(hash, place, |place| hasher.hash_one(shapes.get(*place as usize)));
        place
    }

    /// The measurement at a place, and where the next one stands.
    pub(super) fn at(&self, place: usize) -> Option<(Cell<'_>, usize)> {
        let shape = self.shapes.get(*self.words.get(place)? as usize)?;
        let end = place + 1 + shape.words();
        let words = self.words.get(place + 1..end)?;
        Some((Cell { shape, words, texts: &self.texts }, end))
    }

    /// About the bytes that they take.
    pub(super) const fn held(&self) -> usize {
        let shapes = self.shapes.len() * (size_of::<Shape>() + 16);
        self.words.len() * size_of::<u32>() + shapes + self.texts.held()
    }
}

/// The fewest words that hold a number.
fn words_of(mantissa: i128) -> u8 {
    match (i32::try_from(mantissa), i64::try_from(mantissa)) {
        (Ok(_), _) => 1,
        (_, Ok(_)) => 2,
        _ => 4,
    }
}

fn push_number(words: &mut Vec<u32>, mantissa: i128) {
    let bytes = mantissa.to_le_bytes();
    let fours = bytes.as_chunks().0.iter().take(words_of(mantissa).into());
    words.extend(fours.map(|four| u32::from_le_bytes(*four)));
}

/// A measurement that is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'d> {
    pub(super) shape: &'d Shape,
    words: &'d [u32],
    texts: &'d Texts,
}

impl Cell<'_> {
    /// The measurement, as it was written.
    pub(super) fn measurement(&self) -> Measurement {
        let mut words = self.words;
        let [value, numerator, denominator, reported] =
            self.shape.fields.map(|field| self.raw(field, &mut words));
        let mut text = |is_there: bool| is_there.then(|| self.text(&mut words));
        Measurement {
            value,
            numerator,
            denominator,
            reported,
            unit: text(self.shape.has_unit),
            source: text(self.shape.has_source),
            format: self.shape.format,
            column: self.shape.column,
        }
    }

    /// The number, where nothing else was written.
    pub(super) fn number(&self) -> Option<Decimal> {
        match self.shape.fields {
            [Field::Number { scale, words }, Field::Missing, Field::Missing, Field::Missing]
                if !self.shape.has_unit =>
            {
                Decimal::from_parts(number(self.words.get(..words.into())?), scale.into())
            }
            _ => None,
        }
    }

    fn raw(&self, field: Field, words: &mut &[u32]) -> Raw {
        match field {
            Field::Missing => Raw::Missing,
            Field::Truth(truth) => Raw::Truth(truth),
            Field::Text => Raw::Text(self.text(words)),
            Field::Unreadable => Raw::Unreadable(self.text(words)),
            Field::Number { scale, words: count } => {
                let (own, rest) = words.split_at_checked(count.into()).unwrap_or((words, &[]));
                *words = rest;
                // It was a decimal before.
                Decimal::from_parts(number(own), scale.into()).map_or(Raw::Missing, Raw::Number)
            }
        }
    }

    fn text(&self, words: &mut &[u32]) -> String {
        let Some((place, rest)) = words.split_first() else { return String::new() };
        *words = rest;
        self.texts.get(*place).to_owned()
    }
}

/// The number in some words.
fn number(words: &[u32]) -> i128 {
    match *words {
        [one] => one.cast_signed().into(),
        [low, high] => (i64::from(high.cast_signed()) << 32 | i64::from(low)).into(),
        [a, b, c, d] => {
            let high = i128::from(d.cast_signed()) << 96 | i128::from(c) << 64;
            high | i128::from(b) << 32 | i128::from(a)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_was_written() {
        let number = |text: &str| Raw::Number(Decimal::parse(text).unwrap());
        let texts = ["0", "-1", "2147483647", "2147483648", "-2147483648", "-2147483649", "1.50"];
        let long = ["9223372036854775807", "-9223372036854775808", "9223372036854775808"];
        let longest = ["-9999999999999999999999999999", "0.0000000000000000000000000001"];
        let mut given: Vec<Measurement> = [&texts[..], &long, &longest]
            .concat()
            .into_iter()
            .map(|text| Measurement::of(number(text)))
            .collect();
        given.extend([
            Measurement::default(),
            Measurement::truth(true),
            Measurement::text(" "),
            Measurement::of(Raw::Unreadable("[1]".to_owned())).source("báo cáo"),
            Measurement::fraction(225_020, 615_198).reported("36,6%").unit("%"),
            Measurement { column: Some(7), ..Measurement::text("52,3%").format(Format::En) },
            Measurement { denominator: number("3"), ..Measurement::of(number("1.0")) },
        ]);
        let mut cells = Cells::default();
        let names: Vec<u32> = (0..).zip(&given).map(|(at, _)| at % 3).collect();
        // What was foretold once is foretold again.
        for _ in 0..2 {
            names.iter().zip(&given).for_each(|(name, one)| cells.push(*name, one));
        }
        let (mut at, mut found) = (0, Vec::new());
        while let Some((cell, end)) = cells.at(at) {
            let measurement = cell.measurement();
            if let Some(is_missing) = cell.shape.is_missing() {
                assert_eq!(is_missing, measurement.is_missing());
            }
            if let Some(number) = cell.number() {
                assert_eq!(measurement.value, Raw::Number(number));
            }
            found.push((cell.shape.name, format!("{measurement:?}")));
            at = end;
        }
        let written = names.into_iter().zip(given.iter().map(|one| format!("{one:?}")));
        let written: Vec<_> = written.collect();
        assert_eq!(found, [&written[..], &written].concat());
        assert_eq!(at, cells.end());
    }
}
