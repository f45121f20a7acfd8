//! Snapshots: what was measured for one entity at a date, as it was written.
//!
//! Enters: records from readers or builders. Leaves: [`Data`], the snapshots gathered by entity and
//! day, and [`Figure`], one measurement understood in the unit of its indicator.
//! The one idea: a record keeps the text of its numbers; only the indicator that reads it decides
//! what they mean, so nothing is guessed at the border.

mod batch;
mod buffer;
mod cases;
mod cells;
mod column;
mod data;
mod entity;
mod figure;
mod gathered;
mod json;
mod measurement;
mod names;
mod numbers;
mod packed;
mod parents;
mod phrase;
mod proof;
mod texts;
mod timelines;
mod tree;

pub use batch::{Batch, BatchBuilder, Row};
pub(crate) use buffer::LentBits;
pub use buffer::{Bits, Buffer};
pub use cases::{Case, Cases, Silent, Who};
pub(crate) use column::Plain;
pub use column::{Column, ColumnBuilder, Mantissas, Values};
pub use data::{Data, composed_id};
pub use entity::{Attribute, Attributes, Entity};
pub use figure::{Figure, Known, Value, reconcile, understand};
pub(crate) use gathered::Spot;
pub use gathered::{Entry, Gathered};
pub use json::JsonError;
pub use measurement::{Measurement, Raw, column_letters};
pub use names::Names;
pub use packed::Packed;
pub use parents::{DEPTH, ParentError};
pub use proof::{Proof, proof};
pub use timelines::Timelines;
pub use tree::Tree;

use crate::calendar::{Date, Period};

/// All measurements of one entity as of a date: one record, as read or built.
///
/// ```
/// use chitieu::{Measurement, Snapshot};
/// let snapshot = Snapshot::new("br-vt")
///     .on("30/06/2023")?
///     .attribute("cấp", "tỉnh")
///     .measure("tỷ lệ hồ sơ đúng hạn", Measurement::text("96,5%"));
/// assert_eq!(snapshot.as_of().unwrap().to_string(), "2023-06-30");
/// # Ok::<(), chitieu::calendar::TimeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Snapshot {
    /// The entity's id.
    pub entity: String,
    /// The entity's name, where the record gives one.
    pub name: Option<String>,
    /// The time that the figures speak of, as written; its last day is the as-of date.
    pub period: Option<Period>,
    /// Attributes such as `cấp`, in the order of the record.
    pub attributes: Vec<(String, String)>,
    /// The entity above this one.
    pub parent: Option<String>,
    /// The record's own `source`.
    pub source: Option<String>,
    /// Measurements by the names that the record uses, in its order; a name may stand twice.
    pub measurements: Vec<(String, Measurement)>,
    /// Where the record stands, for people: `snapshots.json#/0`.
    pub place: String,
}

impl Snapshot {
    /// A record of this entity, without a date and without measurements.
    pub fn new(entity: impl Into<String>) -> Self {
        Self { entity: entity.into(), ..Self::default() }
    }

    /// The same record without its measurements, which are not copied.
    ///
    /// ```
    /// use chitieu::{Measurement, Snapshot};
    /// let bare = Snapshot::new("x").on("2023")?;
    /// assert_eq!(bare.clone().measure("a", Measurement::number(1)).bare(), bare);
    /// # Ok::<(), chitieu::calendar::TimeError>(())
    /// ```
    #[must_use]
    pub fn bare(&self) -> Self {
        let Self { entity, name, period, attributes, parent, source, measurements: _, place } =
            self;
        Self {
            entity: entity.clone(),
            name: name.clone(),
            period: *period,
            attributes: attributes.clone(),
            parent: parent.clone(),
            source: source.clone(),
            measurements: Vec::new(),
            place: place.clone(),
        }
    }

    /// Sets the time, written as in the rule language: `30/06/2023`, `năm 2023`, `2023-06-30`.
    ///
    /// # Errors
    /// The text is no time.
    pub fn on(mut self, time: &str) -> Result<Self, crate::calendar::TimeError> {
        self.period = Some(crate::calendar::parse(&crate::text::normal(time))?);
        Ok(self)
    }

    /// Sets the entity's name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// Adds a measurement.
    #[must_use]
    pub fn measure(mut self, name: impl Into<String>, measurement: Measurement) -> Self {
        self.measurements.push((name.into(), measurement));
        self
    }

    /// The as-of date: the last day of the time written.
    pub fn as_of(&self) -> Option<Date> {
        self.period.and_then(|period| period.last)
    }
}
