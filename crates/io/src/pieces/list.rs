//! Records of JSON in a list, or one after another, read by many threads.
//!
//! Enters: a stream. Leaves: parts of whole records. The one idea: brackets and quotes alone tell
//! where a record ends, so that whoever cuts reads none; what reads a part goes through it as
//! through a document of its own. Invariant: the parts up to the first behind which nothing can be
//! read say what one reader of the whole stream says.

use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::cut::{Behind, Chunk, Cutter, Found, Size, characters, newlines};
use super::lines::Stands;
use super::{Cut, Making, Source};
use crate::IoError;
use crate::json::{self, Content, Reading, State, Turn, Walk};
use crate::paths::read_error;

/// A document being cut.
pub(super) struct List<R> {
    reading: Arc<Reading>,
    cutter: Cutter<R>,
    /// A part has no more records.
    most: usize,
    /// Where the next part begins.
    from: From,
    /// Nothing follows.
    is_over: bool,
    /// A reader came to where nothing more can be read.
    broken: Arc<AtomicBool>,
}

/// A place in a document.
#[derive(Debug, Clone, Copy)]
struct From {
    state: State,
    spot: Spot,
    /// So many records stand before it.
    read: u64,
}

/// A line and a column in it, both from 1.
#[derive(Debug, Clone, Copy)]
struct Spot {
    line: u64,
    column: u32,
}

impl Spot {
    /// The place behind some bytes that begin here.
    fn behind(mut self, bytes: &[u8]) -> Self {
        let last = memchr::memrchr(b'\n', bytes);
        if last.is_some() {
            let lines = u64::try_from(newlines(bytes)).unwrap_or(u64::MAX);
            self.line = self.line.saturating_add(lines);
            self.column = 1;
        }
        let rest = bytes.get(last.map_or(0, |at| at + 1)..).unwrap_or_default();
        let more = u32::try_from(characters(rest)).unwrap_or(u32::MAX);
        Self { column: self.column.saturating_add(more), ..self }
    }
}

impl<R: BufRead + Send> List<R> {
    pub(super) fn new(reading: Reading, input: R, size: Size) -> Self {
        // One byte more shows that a record is too long.
        let cutter = Cutter::new(input, size, json::RECORD_BYTES + 1);
        let spot = Spot { line: 1, column: 1 };
        Self {
            reading: Arc::new(reading),
            cutter,
            most: size.lines,
            from: From { state: State::Start, spot, read: 0 },
            is_over: false,
            broken: Arc::default(),
        }
    }

    fn part(&self, chunk: Option<Chunk>) -> Box<dyn Cut> {
        let (reading, broken) = (Arc::clone(&self.reading), Arc::clone(&self.broken));
        Box::new(Part { reading, chunk, from: self.from, broken })
    }
}

impl<R: BufRead + Send> Source for List<R> {
    fn next(&mut self) -> Result<Option<Box<dyn Cut>>, IoError> {
        while !self.is_over && !self.broken.load(Ordering::Relaxed) {
            let (state, most) = (self.from.state, self.most);
            let mut whole = Whole::default();
            let found = self.cutter.next_by(|bytes, _, behind| {
                whole = Whole::of(bytes, state, behind, most);
                whole.bytes
            });
            let (chunk, is_last) = match found {
                Ok(Some(Found::Whole(chunk))) => (chunk, whole.is_last),
                Ok(Some(Found::Endless(chunk))) => (chunk, true),
                Ok(None) => {
                    self.is_over = true;
                    let is_closed = state.turn(None) == Turn::End;
                    return Ok((!is_closed).then(|| self.part(None)));
                }
                // Whether a run comes to it shows in what stands before.
                Err(source) => {
                    self.is_over = true;
                    let fault = read_error(&self.reading.name, source);
                    return Ok(Some(Box::new(Unread(fault))));
                }
            };
            let spot = self.from.spot.behind(chunk.bytes());
            let read = self.from.read.saturating_add(whole.records);
            let state = whole.state.unwrap_or(state);
            let part = (whole.records > 0 || is_last).then(|| self.part(Some(chunk)));
            self.from = From { state, spot, read };
            self.is_over = is_last;
            if part.is_some() {
                return Ok(part);
            }
        }
        Ok(None)
    }
}

/// The part of some bytes that can be read without those behind them.
#[derive(Debug, Default)]
struct Whole {
    bytes: Option<usize>,
    /// What the place behind it is.
    state: Option<State>,
    records: u64,
    /// A fault ends it.
    is_last: bool,
}

impl Whole {
    fn of(bytes: &[u8], state: State, behind: Behind, most: usize) -> Self {
        let (mut whole, mut walk) = (Self::default(), Walk::new(bytes, state));
        for _ in 0..most {
            match walk.turn(false) {
                Turn::Record(state) => {
                    let rest = (behind == Behind::Nothing).then(|| walk.rest().len());
                    let Some(len) = walk.record().or(rest) else {
                        if whole.records == 0 {
                            whole.end(&walk);
                        }
                        return whole;
                    };
                    walk.pass(len, state);
                    whole.records += 1;
                    whole.end(&walk);
                }
                Turn::Fault(_) if whole.records == 0 => {
                    // What shows the fault is a part of it.
                    let end = walk.at + json::SHOWN;
                    let is_shown = bytes.len() >= end || behind != Behind::More;
                    whole.bytes = is_shown.then(|| end.min(bytes.len()));
                    whole.is_last = true;
                    return whole;
                }
                Turn::Fault(_) => return whole,
                Turn::Mark(_) | Turn::End => {
                    whole.end(&walk);
                    return whole;
                }
            }
        }
        whole
    }

    /// Ends where the walk is, unless that is where it began.
    fn end(&mut self, walk: &Walk<'_>) {
        self.bytes = Some(walk.at).filter(|at| *at > 0);
        self.state = Some(walk.state);
    }
}

/// Some records.
struct Part {
    reading: Arc<Reading>,
    /// Nothing where the document ends and should not.
    chunk: Option<Chunk>,
    from: From,
    broken: Arc<AtomicBool>,
}

impl Part {
    fn walk(&self) -> Walk<'_> {
        let bytes = self.chunk.as_ref().map(Chunk::bytes).unwrap_or_default();
        Walk::new(bytes, self.from.state)
    }

    fn turn(&self, walk: &mut Walk<'_>) -> Turn {
        walk.turn(self.chunk.is_none())
    }
}

impl Cut for Part {
    fn read(self: Box<Self>, making: &mut Making<'_, '_>) {
        let (mut walk, From { mut spot, mut read, .. }) = (self.walk(), self.from);
        let mut known = std::mem::take(&mut making.worker.foretelling);
        known.begin(making.worker.keep);
        let foretells = walk.rest().len() <= json::RECORD_BYTES;
        // The spot is that of the last record that was not foretold.
        let mut passed = walk.rest();
        while !making.is_over() {
            let turn = self.turn(&mut walk);
            let stands = Stands::Listed(&self.reading.name, read);
            if let Turn::Record(state) = turn
                && foretells
                && let Some(len) = known.read(walk.rest(), stands, making)
            {
                walk.pass(len, state);
                read = read.saturating_add(1);
                continue;
            }
            let rest = walk.rest();
            let Some((text, content)) = content(turn, &mut walk) else { break };
            let (before, _) = passed.split_at(passed.len() - rest.len());
            (spot, passed) = (spot.behind(before), rest);
            let piece = json::Piece { line: spot.line, column: spot.column, content };
            let (item, ends) = self.reading.item(piece, read);
            known.learn(text, &item, making);
            making.item(item, false);
            read = read.saturating_add(1);
            if ends {
                self.broken.store(true, Ordering::Relaxed);
                making.ends_file();
                break;
            }
        }
        making.worker.foretelling = known;
    }

    fn look(&self) {
        let mut walk = self.walk();
        while let Some((_, content)) = content(self.turn(&mut walk), &mut walk) {
            let (_, ends) = self.reading.item(json::Piece { line: 1, column: 1, content }, 0);
            if ends {
                return self.broken.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// The record or the fault that follows, which is passed.
fn content<'b>(turn: Turn, walk: &mut Walk<'b>) -> Option<(&'b [u8], Content)> {
    let rest = walk.rest();
    match turn {
        Turn::Mark(_) | Turn::End => None,
        Turn::Fault(message) => {
            let shown = rest.get(..json::SHOWN).unwrap_or(rest);
            walk.pass(rest.len(), State::Over);
            Some((shown, Content::Fault(message, shown.to_vec())))
        }
        Turn::Record(state) => {
            let text = walk.record().and_then(|len| rest.get(..len)).unwrap_or(rest);
            if text.len() > json::RECORD_BYTES {
                walk.pass(rest.len(), State::Over);
                return Some((text, json::too_long(text)));
            }
            walk.pass(text.len(), state);
            Some((text, Content::Record(text.to_vec())))
        }
    }
}

/// What could not be read.
struct Unread(IoError);

impl Cut for Unread {
    fn read(self: Box<Self>, making: &mut Making<'_, '_>) {
        making.end(self.0);
    }
}
