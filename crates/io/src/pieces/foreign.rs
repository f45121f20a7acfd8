//! Tables that are no text, cut and read as all others.
//!
//! Enters: the parts of a table. Leaves: cuts. The one idea: a part makes columns itself where it
//! can, and records where something must be said of them. Invariant: both say the same.

use std::collections::VecDeque;

use super::pull::{Pulled, RECORDS};
use super::{Cut, Keep, Making, Source};
use crate::tables::{Part, Parts};
use crate::{IoError, Item, Options};

/// What cuts a table that is no text.
pub(super) fn source(parts: Box<dyn Parts>, options: Options) -> Box<dyn Source> {
    if !parts.joins() {
        return Box::new(Wide(parts));
    }
    // Rows of one snapshot may stand in two parts.
    let mut rows = Long { parts, waiting: VecDeque::new(), fault: None };
    Box::new(Pulled::new(move || rows.next(), true, RECORDS, options.fallback))
}

struct Wide(Box<dyn Parts>);

impl Source for Wide {
    fn next(&mut self) -> Result<Option<Box<dyn Cut>>, IoError> {
        let part = self.0.next()?;
        Ok(part.map(|part| Box::new(Rows(part)) as Box<dyn Cut>))
    }
}

struct Rows(Box<dyn Part>);

impl Cut for Rows {
    fn read(mut self: Box<Self>, making: &mut Making<'_, '_>) {
        if let Err(fault) = read(&mut *self.0, making) {
            making.end(fault);
        }
    }
}

fn read(part: &mut dyn Part, making: &mut Making<'_, '_>) -> Result<(), IoError> {
    if making.worker.keep == Keep::Figures {
        return part.figures(making);
    }
    part.items(&mut |item| {
        making.item(item, false);
        Ok(())
    })
}

/// Rows of measurements, one after the other.
struct Long {
    parts: Box<dyn Parts>,
    waiting: VecDeque<Item>,
    fault: Option<IoError>,
}

impl Long {
    fn next(&mut self) -> Result<Option<Item>, IoError> {
        while self.waiting.is_empty() {
            if let Some(fault) = self.fault.take() {
                return Err(fault);
            }
            let Some(mut part) = self.parts.next()? else { return Ok(None) };
            let read = part.items(&mut |item| {
                self.waiting.push_back(item);
                Ok(())
            });
            self.fault = read.err();
        }
        Ok(self.waiting.pop_front())
    }
}
