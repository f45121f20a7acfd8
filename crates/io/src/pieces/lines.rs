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
use chitieu::snapshot::{Packed, Raw};
use chitieu::{Measurement, Snapshot, text};

use super::cut::{Chunk, Cutter, Found, Size};
use super::layout::{Entry, Field, Layout, Token};
use super::run::Cells;
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
        let behind_last = |bytes: &[u8], _| memchr::memrchr(b'\n', bytes).map(|at| at + 1);
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
            // What was passed over is the end of a line that was counted.
            let lines = chunk.marks().newlines - usize::from(start > 0);
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
            let stands = Stands::Line(&self.name, line.saturating_add(1));
            let used = known.read(bytes, stands, making);
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
    known.learn(bytes.trim_ascii(), &item, making);
    making.item(item, false);
}

/// Where a record stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stands<'n> {
    /// On a line of this number.
    Line(&'n str, u64),
    /// In a list, behind so many others.
    Listed(&'n str, u64),
}

impl Stands<'_> {
    /// How it is named.
    fn place(self) -> String {
        match self {
            Self::Line(name, line) => format!("{name}:{line}"),
            Self::Listed(name, before) => format!("{name}#/{before}"),
        }
    }

    /// How many bytes behind it belong to it, where these may stand there.
    fn end(self, bytes: &[u8]) -> Option<usize> {
        match (self, bytes) {
            // Its last bracket ends it, whatever follows.
            (Self::Listed(..), _) | (_, []) => Some(0),
            (_, [b'\n', ..]) => Some(1),
            (_, [b'\r', b'\n', ..]) => Some(2),
            _ => None,
        }
    }
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
    /// Measurements that the record does not have.
    gaps: Vec<usize>,
    /// Plain numbers that have no target.
    figures: Vec<(usize, Packed)>,
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
    pub(super) fn begin(&mut self, keep: Keep) {
        self.learns = true;
        self.is_whole = keep == Keep::Records;
        for layout in &mut self.layouts {
            layout.is_noted = false;
            layout.entries.iter_mut().for_each(|entry| entry.noted = false);
        }
    }

    /// Learns from a record how the next may be written.
    pub(super) fn learn(&mut self, text: &[u8], item: &Item, making: &mut Making<'_, '_>) {
        let (Item::Record(record), true) = (item, self.learns) else { return };
        let learned = Layout::learn(text, record, |name| {
            let ids = making.worker.meaning(name);
            let target = making.target(&ids);
            (ids, target)
        });
        self.add(learned);
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

    /// Reads a record as foretold: how many bytes it has, with the end of its line. Nothing where
    /// it is another.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        stands: Stands<'_>,
        making: &mut Making<'_, '_>,
    ) -> Option<usize> {
        self.learns = true;
        for at in 0..self.layouts.len() {
            let found = if self.is_whole {
                self.compare(at, bytes, stands, Cells::nowhere())
            } else {
                self.compare(at, bytes, stands, making.next_cells())
            };
            let done = found.is_ok()
                && if self.is_whole {
                    self.record(at, stands, making)
                } else {
                    self.take(at, stands, making)
                };
            if !done && !self.is_whole {
                making.next_cells().clear();
            }
            match found {
                Ok(used) => {
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
    fn compare(
        &mut self,
        at: usize,
        bytes: &[u8],
        stands: Stands<'_>,
        mut cells: Cells<'_>,
    ) -> Result<usize, Other> {
        self.gaps.clear();
        self.figures.clear();
        self.others.clear();
        self.texts.clear();
        self.parent.clear();
        let mut layouts = std::mem::take(&mut self.layouts);
        let used = layouts.get_mut(at).ok_or(Other::Layout).and_then(|layout| {
            let start = self.tokens(&layout.head, bytes)?;
            let rest = bytes.get(start..).unwrap_or_default();
            let end = start + self.measurements(layout, rest, &mut cells)?;
            let end = end + self.tokens(&layout.tail, bytes.get(end..).unwrap_or_default())?;
            let more = stands.end(bytes.get(end..).unwrap_or_default()).ok_or(Other::Value)?;
            Ok(end + more)
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
        let ends = |len: usize| bytes.get(len).copied().is_some_and(ends_number);
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
            let (number, len) = figure::json(bytes)?;
            let is_whole = number.number().is_some_and(|(_, scale)| scale == 0);
            (bytes.get(..len).filter(|_| is_whole && ends(len))?, len)
        };
        let inner = std::str::from_utf8(inner).ok()?;
        let period = calendar::parse(&text::normal(inner)).ok()?;
        self.day = Some((bytes.get(..len)?.to_vec(), period, period.last?));
        Some(len)
    }

    /// Compares the keys of measurements and reads their values.
    fn measurements(
        &mut self,
        layout: &Layout,
        bytes: &[u8],
        cells: &mut Cells<'_>,
    ) -> Result<usize, Other> {
        let entries = layout.entries.as_slice();
        let Some(first) = entries.iter().position(|entry| begins(bytes, &entry.key)) else {
            self.gaps.extend(0..entries.len());
            return Ok(0);
        };
        self.gaps.extend(0..first);
        let (mut next, mut at) = (first, entries.get(first).map_or(0, |entry| entry.key.len()));
        while let Some(entry) = entries.get(next) {
            let rest = bytes.get(at..).unwrap_or_default();
            at += self.value(next, entry, rest, cells).ok_or(Other::Value)?;
            next += 1;
            let rest = bytes.get(at..).unwrap_or_default();
            let others = entries.get(next..).unwrap_or_default();
            let (place, used) = follow(rest, others, next, cells, &mut self.gaps);
            (next, at) = (next + place, at + used);
        }
        // What follows is compared with what stands behind the measurements.
        Ok(at)
    }

    /// Reads a value of a measurement.
    fn value(
        &mut self,
        place: usize,
        entry: &Entry,
        bytes: &[u8],
        cells: &mut Cells<'_>,
    ) -> Option<usize> {
        if let Some((number, len)) = figure::json(bytes)
            && bytes.get(len).copied().is_some_and(ends_number)
        {
            if cells.put(entry.target, number).is_none() {
                self.figures.push((place, number));
            }
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
        self.others.push((place, Measurement::of(raw)));
        Some(len)
    }

    /// Makes a record of what was kept; not where the reader of all lines has something to say.
    fn record(&mut self, at: usize, stands: Stands<'_>, making: &mut Making<'_, '_>) -> bool {
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
            place: stands.place(),
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
        for (entry, number) in &self.figures {
            while let Some((other, given)) = others.next_if(|(other, _)| other < entry) {
                put(other, given);
            }
            let number = number.number();
            let number = number.and_then(|(it, scale)| Decimal::from_parts(it.into(), scale));
            let Some(number) = number else { return false };
            put(*entry, Measurement::number(number));
        }
        others.for_each(|(other, given)| put(other, given));
        making.item(Item::Record(Box::new(record)), false);
        true
    }

    /// Makes a row of what was kept; not where the reader of all lines has something to say.
    fn take(&mut self, at: usize, stands: Stands<'_>, making: &mut Making<'_, '_>) -> bool {
        let Some(layout) = self.layouts.get_mut(at) else { return false };
        let Ok(id) = std::str::from_utf8(&self.id) else { return false };
        let Some(day) = self.day.as_ref().map(|(.., day)| *day) else { return false };
        let Ok(parent) = std::str::from_utf8(&self.parent) else { return false };
        if id.chars().all(char::is_whitespace) || !making.row_at(id, day, || stands.place()) {
            return false;
        }
        if !parent.is_empty() {
            making.parent(id, parent);
        }
        if !layout.is_noted {
            note(&mut layout.entries, &self.gaps, making);
            layout.is_noted = layout.entries.iter().all(|entry| entry.noted);
        }
        for (entry, number) in &self.figures {
            if let Some(entry) = layout.entries.get(*entry) {
                making.number(&entry.ids, *number);
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

/// Goes on behind a value as long as measurements follow in their order that are plain numbers
/// with a comma behind them; so many measurements stand before them. Tells the first that is not,
/// and where its value begins; behind the last of all, where what follows begins.
#[multiversion::multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt",
))]
fn follow(
    bytes: &[u8],
    entries: &[Entry],
    before: usize,
    cells: &mut Cells<'_>,
    gaps: &mut Vec<usize>,
) -> (usize, usize) {
    let mut rest = bytes;
    for (place, entry) in entries.iter().enumerate() {
        if !begins(rest, &entry.next) {
            gaps.push(before + place);
            continue;
        }
        rest = rest.get(entry.next.len()..).unwrap_or_default();
        let cell = cells.cell(entry.target);
        let (Some(cell), Some((number, len))) = (cell, figure::json_before_comma(rest)) else {
            return (place, bytes.len().wrapping_sub(rest.len()));
        };
        *cell = number;
        rest = rest.get(len..).unwrap_or_default();
    }
    (entries.len(), bytes.len().wrapping_sub(rest.len()))
}

/// Whether bytes begin with a key. Most keys are long, and a call would cost more than comparing.
#[inline(always)]
#[expect(clippy::inline_always, reason = "what is not inlined is not compiled for the processor")]
fn begins(bytes: &[u8], key: &[u8]) -> bool {
    let Some(bytes) = bytes.get(..key.len()) else { return false };
    if let (Some(end), Some(key_end)) = (bytes.last_chunk::<32>(), key.last_chunk()) {
        let (chunks, key_chunks) = (bytes.as_chunks::<32>().0, key.as_chunks::<32>().0);
        return chunks.iter().zip(key_chunks).all(|(one, other)| one == other) && end == key_end;
    }
    if let (Some(end), Some(key_end)) = (bytes.last_chunk::<8>(), key.last_chunk()) {
        let (chunks, key_chunks) = (bytes.as_chunks::<8>().0, key.as_chunks::<8>().0);
        return chunks.iter().zip(key_chunks).all(|(one, other)| one == other) && end == key_end;
    }
    bytes == key
}

/// Counts the names of a record's measurements, each once a piece and in their order.
fn note(entries: &mut [Entry], gaps: &[usize], making: &mut Making<'_, '_>) {
    let mut gaps = gaps.iter().copied().peekable();
    for (place, entry) in entries.iter_mut().enumerate() {
        if gaps.next_if_eq(&place).is_none() && !entry.noted {
            entry.noted = true;
            making.name(&entry.name);
        }
    }
}

/// Whether a byte behind a number shows its end.
const fn ends_number(byte: u8) -> bool {
    matches!(byte, b',' | b'}' | b' ' | b'\n' | b'\r' | b'\t')
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
