//! One record of JSON a line, read by many threads.
//!
//! Enters: chunks of whole lines. Leaves: their records as rows. The one idea: a line that is
//! written as the ones before it is compared and not parsed, its numbers read straight into their
//! columns; any other line goes to the reader of all lines. Invariant: a line gives the same row,
//! the same reject and the same counts both ways.

use std::io::{self, BufRead};
use std::sync::Arc;

use chitieu::calendar::{self, Date, Period};
use chitieu::number::Decimal;
use chitieu::snapshot::Raw;
use chitieu::{Measurement, Snapshot, text};

use super::cut::{Chunk, Cutter, Found, Size};
use super::layout::{Entry, Field, Layout, Token};
use super::{Cut, Keep, Making, Source, figure};
use crate::paths::read_error;
use crate::{IoError, Item, Reject, json};

/// A file may hold records of so many layouts in turn.
const LAYOUTS: usize = 4;

/// A file of lines being cut.
pub(super) struct Lines<R> {
    name: Arc<str>,
    cutter: Cutter<R>,
    /// How many lines were cut off.
    line: u64,
    /// The rest of the present line is no record.
    skips: bool,
}

impl<R: BufRead + Send> Lines<R> {
    pub(super) fn new(name: &str, input: R, size: Size) -> Self {
        let cutter = Cutter::new(input, size, json::RECORD_BYTES);
        Self { name: name.into(), cutter, line: 0, skips: false }
    }
}

impl<R: BufRead + Send> Source for Lines<R> {
    fn next(&mut self) -> Result<Option<Box<dyn Cut>>, IoError> {
        let behind_last = |bytes: &[u8]| memchr::memrchr(b'\n', bytes).map(|at| at + 1);
        loop {
            let found = self.cutter.next(behind_last);
            let found = found.map_err(|source| read_error(&self.name, source))?;
            let (before, name) = (self.line, Arc::clone(&self.name));
            let (chunk, is_endless) = match found {
                None => return Ok(None),
                Some(Found::Whole(chunk)) => (chunk, false),
                Some(Found::Endless(chunk)) => (chunk, true),
            };
            let skipped = if self.skips { skipped(chunk.bytes()) } else { Some(0) };
            self.skips = is_endless;
            let Some(start) = skipped else {
                self.skips = true;
                continue;
            };
            let bytes = chunk.bytes().get(start..).unwrap_or_default();
            if is_endless {
                self.line = self.line.saturating_add(1);
                let text = bytes.trim_ascii_start();
                let (line, column) = (self.line, bytes.len() - text.len() + 1);
                let head = text.get(..1_000).unwrap_or(text).to_vec();
                return Ok(Some(Box::new(Endless { name, line, column, head })));
            }
            let lines = memchr::memchr_iter(b'\n', bytes).count();
            self.line = before.saturating_add(u64::try_from(lines).unwrap_or(u64::MAX));
            return Ok(Some(Box::new(Part { name, chunk, start, before })));
        }
    }
}

/// Where the next line begins, if one does.
fn skipped(bytes: &[u8]) -> Option<usize> {
    memchr::memchr(b'\n', bytes).map(|at| at + 1)
}

/// A line that has no end.
struct Endless {
    name: Arc<str>,
    line: u64,
    column: usize,
    head: Vec<u8>,
}

impl Cut for Endless {
    fn read(self: Box<Self>, making: &mut Making<'_, '_>) {
        let column = u32::try_from(self.column).unwrap_or(u32::MAX);
        let reject = Reject::new(&self.name, self.line, column, json::endless(), &self.head);
        making.item(Item::Reject(reject), false);
    }
}

/// Some lines.
struct Part {
    name: Arc<str>,
    chunk: Chunk,
    start: usize,
    /// How many lines of the file stand before them.
    before: u64,
}

impl Cut for Part {
    fn read(self: Box<Self>, making: &mut Making<'_, '_>) {
        let mut bytes = self.chunk.bytes().get(self.start..).unwrap_or_default();
        let mut line = self.before;
        let mut known = std::mem::take(&mut making.worker.foretelling);
        known.begin(making.worker.keep);
        while !bytes.is_empty() && !making.is_over() {
            let used = known.read(bytes, &self.name, line, making);
            let used = used.unwrap_or_else(|| {
                let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
                let text = bytes.get(..end).unwrap_or_default();
                general(&self.name, text, line, making, &mut known);
                end
            });
            bytes = bytes.get(used..).unwrap_or_default();
            line = line.saturating_add(1);
        }
        making.worker.foretelling = known;
    }
}

/// Reads a line of any kind, and learns from it how the next may be written.
fn general(
    name: &Arc<str>,
    bytes: &[u8],
    line: u64,
    making: &mut Making<'_, '_>,
    known: &mut Foretelling,
) {
    let fallback = making.worker.options.fallback;
    let mut records = json::Records::of_lines(Arc::clone(name), bytes, line, fallback);
    let item: io::Result<Option<Item>> = records.next();
    // Bytes in memory are read without a fault.
    let Ok(Some(item)) = item else { return };
    if let (Item::Record(record), true) = (&item, known.learns) {
        let text = bytes.trim_ascii();
        let learned = Layout::learn(text, record, |name| {
            let ids = making.worker.meaning(name);
            let column = making.column(&ids);
            (ids, column)
        });
        known.add(learned);
    }
    making.item(item, false);
}

/// What is foretold of the next record.
#[derive(Debug, Default)]
pub(super) struct Foretelling {
    /// The one that fitted last comes first.
    layouts: Vec<Layout>,
    /// The next line may show another layout.
    learns: bool,
    /// The time read last, as it was written, and its last day.
    day: Option<(Vec<u8>, Period, Date)>,
    /// Whole records are kept, with all their texts.
    is_whole: bool,
    texts: Vec<(Field, String)>,
    figures: Vec<(usize, i64, u32)>,
    /// Figures that are not plain numbers.
    others: Vec<(usize, Measurement)>,
    id: Vec<u8>,
    parent: Vec<u8>,
}

/// Why a line is not as it was foretold.
enum Other {
    /// It is written otherwise.
    Layout,
    /// A value is not one that is read here.
    Value,
}

impl Foretelling {
    /// A new piece begins.
    fn begin(&mut self, keep: Keep) {
        self.learns = true;
        self.is_whole = keep == Keep::Records;
        for layout in &mut self.layouts {
            layout.is_noted = false;
            layout.entries.iter_mut().for_each(|entry| entry.noted = false);
        }
    }

    fn add(&mut self, layout: Option<Layout>) {
        let Some(mut layout) = layout else { return };
        for known in &mut self.layouts {
            match known.join(layout) {
                Ok(()) => return,
                Err(other) => layout = other,
            }
        }
        self.layouts.insert(0, layout);
        self.layouts.truncate(LAYOUTS);
    }

    /// Reads a line as foretold: how many bytes it has, with its end. Nothing where it is another.
    fn read(
        &mut self,
        bytes: &[u8],
        name: &Arc<str>,
        line: u64,
        making: &mut Making<'_, '_>,
    ) -> Option<usize> {
        self.learns = true;
        for at in 0..self.layouts.len() {
            match self.compare(at, bytes) {
                Ok(used) => {
                    let done = if self.is_whole {
                        self.record(at, name, line, making)
                    } else {
                        self.take(at, name, line, making)
                    };
                    self.layouts.swap(0, at);
                    // What is written as foretold teaches nothing new.
                    self.learns = done || !self.is_whole;
                    return done.then_some(used);
                }
                Err(Other::Layout) => {}
                Err(Other::Value) => {
                    self.learns = false;
                    return None;
                }
            }
        }
        None
    }

    /// Compares a line with a layout and keeps its values.
    fn compare(&mut self, at: usize, bytes: &[u8]) -> Result<usize, Other> {
        self.figures.clear();
        self.others.clear();
        self.texts.clear();
        self.parent.clear();
        let mut layouts = std::mem::take(&mut self.layouts);
        let used = layouts.get_mut(at).ok_or(Other::Layout).and_then(|layout| {
            let start = self.tokens(&layout.head, bytes)?;
            let end = start + self.measurements(layout, bytes.get(start..).unwrap_or_default())?;
            let end = end + self.tokens(&layout.tail, bytes.get(end..).unwrap_or_default())?;
            match bytes.get(end..).unwrap_or_default() {
                [] => Ok(end),
                [b'\n', ..] => Ok(end + 1),
                [b'\r', b'\n', ..] => Ok(end + 2),
                _ => Err(Other::Value),
            }
        });
        self.layouts = layouts;
        used
    }

    /// Compares the parts of a record that are no measurements.
    fn tokens(&mut self, tokens: &[Token], bytes: &[u8]) -> Result<usize, Other> {
        let mut at = 0;
        for token in tokens {
            let rest = bytes.get(at..).unwrap_or_default();
            at += match token {
                Token::Literal(literal) if rest.starts_with(literal) => literal.len(),
                Token::Literal(_) => return Err(Other::Layout),
                Token::Text(field) => {
                    let text = plain_text(rest).ok_or(Other::Value)?;
                    match field {
                        Field::Entity => keep(&mut self.id, text),
                        Field::Parent => keep(&mut self.parent, text),
                        field if self.is_whole => {
                            let text = std::str::from_utf8(text).map_err(|_| Other::Value)?;
                            self.texts.push((*field, text.to_owned()));
                        }
                        Field::Name | Field::Source | Field::Attribute(_) => {}
                    }
                    text.len()
                }
                Token::AsOf => self.as_of(rest).ok_or(Other::Value)?,
            };
        }
        Ok(at)
    }

    /// The time of a record; the one that was read last is only compared.
    fn as_of(&mut self, bytes: &[u8]) -> Option<usize> {
        let ends = |len: usize| bytes.get(len).is_some_and(|byte| b",}".contains(byte));
        if let Some((written, ..)) = &self.day
            && bytes.starts_with(written)
            && (written.ends_with(b"\"") || ends(written.len()))
        {
            return Some(written.len());
        }
        let (inner, len) = if let Some(rest) = bytes.strip_prefix(b"\"") {
            let text = plain_text(rest)?;
            (text, text.len() + 2)
        } else {
            let (_, scale, len) = figure::json(bytes)?;
            (bytes.get(..len).filter(|_| scale == 0 && ends(len))?, len)
        };
        let inner = std::str::from_utf8(inner).ok()?;
        let period = calendar::parse(&text::normal(inner)).ok()?;
        self.day = Some((bytes.get(..len)?.to_vec(), period, period.last?));
        Some(len)
    }

    /// Compares the keys of measurements and reads their values.
    fn measurements(&mut self, layout: &Layout, bytes: &[u8]) -> Result<usize, Other> {
        let (mut at, mut next) = (0, 0);
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let is_first = at == 0;
            let key = |entry: &Entry| if is_first { entry.key.len() } else { entry.next.len() };
            let fits =
                |entry: &Entry| rest.starts_with(if is_first { &entry.key } else { &entry.next });
            let entries = layout.entries.get(next..).unwrap_or_default();
            let found = match entries.first() {
                Some(entry) if fits(entry) => Some(0),
                _ if !is_first && !rest.starts_with(&layout.comma) => None,
                _ => entries.iter().position(fits),
            };
            let Some((found, entry)) = found.and_then(|at| Some((at, entries.get(at)?))) else {
                // What follows is compared with what stands behind the measurements.
                return Ok(at);
            };
            at += key(entry);
            next += found;
            at += self.value(next, bytes.get(at..).unwrap_or_default()).ok_or(Other::Value)?;
            next += 1;
        }
    }

    /// Reads a value of a measurement.
    fn value(&mut self, entry: usize, bytes: &[u8]) -> Option<usize> {
        if let Some((mantissa, scale, len)) = figure::json(bytes)
            && bytes.get(len).is_some_and(|byte| b",}".contains(byte))
        {
            self.figures.push((entry, mantissa, scale));
            return Some(len);
        }
        let (raw, len) = match bytes {
            [b'n', b'u', b'l', b'l', ..] => (Raw::Missing, 4),
            [b't', b'r', b'u', b'e', ..] => (Raw::Truth(true), 4),
            [b'f', b'a', b'l', b's', b'e', ..] => (Raw::Truth(false), 5),
            [b'"', rest @ ..] => {
                let text = plain_text(rest)?;
                (Raw::Text(std::str::from_utf8(text).ok()?.to_owned()), text.len() + 2)
            }
            _ => return None,
        };
        self.others.push((entry, Measurement::of(raw)));
        Some(len)
    }

    /// Makes a record of what was kept; not where the reader of all lines has something to say.
    fn record(
        &mut self,
        at: usize,
        name: &Arc<str>,
        line: u64,
        making: &mut Making<'_, '_>,
    ) -> bool {
        let layout = self.layouts.get(at);
        let shown = layout.and_then(|layout| Some((layout, layout.shown.as_ref()?)));
        let (Some((layout, shown)), Some((_, period, _))) = (shown, &self.day) else {
            return false;
        };
        let (Ok(id), Ok(parent)) =
            (std::str::from_utf8(&self.id), std::str::from_utf8(&self.parent))
        else {
            return false;
        };
        if id.chars().all(char::is_whitespace) {
            return false;
        }
        let mut record = Snapshot {
            entity: id.to_owned(),
            name: shown.name.clone(),
            period: Some(*period),
            attributes: shown.attributes.clone(),
            parent: shown.parent.as_ref().map(|_| parent.to_owned()),
            source: shown.source.clone(),
            measurements: Vec::with_capacity(self.figures.len() + self.others.len()),
            place: format!("{name}:{}", line.saturating_add(1)),
        };
        for (field, text) in self.texts.drain(..) {
            match field {
                Field::Name => record.name = Some(text),
                Field::Source => record.source = Some(text),
                Field::Attribute(place) => {
                    if let Some((_, value)) = record.attributes.get_mut(place) {
                        *value = text;
                    }
                }
                Field::Entity | Field::Parent => {}
            }
        }
        let mut others = self.others.drain(..).peekable();
        let named = |entry: usize| layout.entries.get(entry).map(|entry| entry.name.clone());
        let mut put = |entry, given| {
            record.measurements.extend(named(entry).map(|name| (name, given)));
        };
        for (entry, mantissa, scale) in &self.figures {
            while let Some((other, given)) = others.next_if(|(other, _)| other < entry) {
                put(other, given);
            }
            let Some(number) = Decimal::from_parts((*mantissa).into(), *scale) else {
                return false;
            };
            put(*entry, Measurement::number(number));
        }
        others.for_each(|(other, given)| put(other, given));
        making.item(Item::Record(Box::new(record)), false);
        true
    }

    /// Makes a row of what was kept; not where the reader of all lines has something to say.
    fn take(&mut self, at: usize, name: &Arc<str>, line: u64, making: &mut Making<'_, '_>) -> bool {
        let Some(layout) = self.layouts.get_mut(at) else { return false };
        let Ok(id) = std::str::from_utf8(&self.id) else { return false };
        let Some(day) = self.day.as_ref().map(|(.., day)| *day) else { return false };
        let Ok(parent) = std::str::from_utf8(&self.parent) else { return false };
        if id.chars().all(char::is_whitespace) || !making.row(id, day, name, line.saturating_add(1))
        {
            return false;
        }
        if !parent.is_empty() {
            making.parent(id, parent);
        }
        let figures = self.figures.iter().map(|(entry, ..)| *entry);
        let entries = figures.chain(self.others.iter().map(|(entry, _)| *entry));
        if !layout.is_noted {
            note(&mut layout.entries, entries, making);
            layout.is_noted = layout.entries.iter().all(|entry| entry.noted);
        }
        for (entry, mantissa, scale) in &self.figures {
            let Some(entry) = layout.entries.get(*entry) else { continue };
            match entry.column {
                Some(column) => making.number_in(column, *mantissa, *scale),
                None => making.number(&entry.ids, *mantissa, *scale),
            }
        }
        for (entry, measurement) in &self.others {
            if let Some(entry) = layout.entries.get(*entry) {
                making.figure(&entry.ids, measurement);
            }
        }
        true
    }
}

/// Counts the names of measurements, each once a piece and in their order.
fn note(entries: &mut [Entry], places: impl Iterator<Item = usize>, making: &mut Making<'_, '_>) {
    let is_new = |place: &usize| entries.get(*place).is_some_and(|entry| !entry.noted);
    let mut fresh: Vec<usize> = places.filter(is_new).collect();
    fresh.sort_unstable();
    for place in fresh {
        if let Some(entry) = entries.get_mut(place) {
            entry.noted = true;
            making.name(&entry.name);
        }
    }
}

fn keep(into: &mut Vec<u8>, bytes: &[u8]) {
    into.clear();
    into.extend_from_slice(bytes);
}

/// The text before the next quote, where it is written as it stands.
fn plain_text(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
    let text = bytes.get(..end).filter(|_| bytes.get(end) == Some(&b'"'))?;
    (text.is_ascii() || std::str::from_utf8(text).is_ok()).then_some(text)
}
