//! Records that only one thread can read, handed on in parts.
//!
//! Enters: a reader of records. Leaves: some of its records at a time. The one idea: what makes
//! figures of them is the greater part of the work, and any thread can do that.

use chitieu::calendar::Date;
use chitieu::snapshot::composed_id;

use super::{Cut, Making, Source};
use crate::data::Before;
use crate::{IoError, Item};

/// A part holds no more records than about these.
pub(super) const RECORDS: usize = 1_024;

/// Something that reads one record after the other.
pub(super) trait Pull: Send {
    fn pull(&mut self) -> Result<Option<Item>, IoError>;
}

impl<F: FnMut() -> Result<Option<Item>, IoError> + Send> Pull for F {
    fn pull(&mut self) -> Result<Option<Item>, IoError> {
        self()
    }
}

/// Records, handed on in parts.
pub(super) struct Pulled<P> {
    records: P,
    /// Records of one entity and day are one snapshot where they stand together.
    joins: bool,
    /// A part holds about so many records.
    most: usize,
    fallback: Option<Date>,
    /// Read already, and part of the next part.
    waiting: Option<Item>,
    fault: Option<IoError>,
}

impl<P: Pull> Pulled<P> {
    pub(super) fn new(records: P, joins: bool, most: usize, fallback: Option<Date>) -> Self {
        let most = most.clamp(1, RECORDS);
        Self { records, joins, most, fallback, waiting: None, fault: None }
    }

    /// Reads until a part is full.
    fn gather(&mut self, items: &mut Vec<Item>) -> Result<(), IoError> {
        let (mut last, mut rejects) = (Before::default(), 0);
        while let Some(item) = self.records.pull()? {
            let goes_on = match &item {
                // Behind so many rejects no snapshot goes on.
                Item::Reject(_) => {
                    rejects += 1;
                    self.joins && rejects < RECORDS
                }
                Item::Record(record) => {
                    rejects = 0;
                    let day = record.as_of().or(self.fallback);
                    let id = composed_id(&record.entity);
                    day.is_some_and(|day| last.is_same(&id, day)) && self.joins
                }
            };
            if items.len() >= self.most && !goes_on {
                self.waiting = Some(item);
                break;
            }
            items.push(item);
        }
        Ok(())
    }
}

impl<P: Pull> Source for Pulled<P> {
    fn next(&mut self) -> Result<Option<Box<dyn Cut>>, IoError> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let mut items: Vec<Item> = self.waiting.take().into_iter().collect();
        if let Err(fault) = self.gather(&mut items) {
            if items.is_empty() {
                return Err(fault);
            }
            // What was read before it comes first.
            self.fault = Some(fault);
        }
        let part = Items { items, joins: self.joins };
        Ok((!part.items.is_empty()).then(|| Box::new(part) as Box<dyn Cut>))
    }
}

struct Items {
    items: Vec<Item>,
    joins: bool,
}

impl Cut for Items {
    fn read(self: Box<Self>, making: &mut Making<'_, '_>) {
        for item in self.items {
            making.item(item, self.joins);
        }
    }
}
