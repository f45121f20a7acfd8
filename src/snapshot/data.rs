//! Records gathered: one snapshot an entity and day, and the cases to judge.
//!
//! Enters: records in any order, from any number of files. Leaves: [`Data`]. The one idea: records
//! of one entity and as-of day are one snapshot, wherever they stand. Invariant: a snapshot stands
//! where its first record stood.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::{Measurement, Snapshot};
use crate::calendar::{Date, Period};
use crate::text;

/// All snapshots of a run, with the entities that they speak of.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// Names of measurements, as first written.
    pub names: Vec<String>,
    /// Entities, as first named.
    pub entities: Vec<Entity>,
    /// Snapshots, in the order of their first records.
    pub snapshots: Vec<Gathered>,
    by_name: HashMap<String, u32>,
    by_entity: HashMap<String, u32>,
    by_day: HashMap<(u32, Date), u32>,
}

/// Who is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entity {
    /// The id that the data use.
    pub id: String,
    /// The name, where some record gives one.
    pub name: Option<String>,
    /// Attributes given in any snapshot; they hold for the entity's snapshots that give none.
    pub attributes: Vec<Attribute>,
    /// The entity above this one, where some record gives one.
    pub parent: Option<String>,
    /// Its snapshots, in the order of the data.
    pub snapshots: Vec<u32>,
}

/// An attribute of an entity or of one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Normal form of the name.
    pub key: String,
    /// The value, as written.
    pub value: String,
    /// Another value was given for it beside this one.
    pub disputed: bool,
}

/// One snapshot: everything that was said of one entity on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathered {
    /// The entity, by its place in [`Data::entities`].
    pub entity: u32,
    /// The as-of date.
    pub as_of: Date,
    /// The time as the first record wrote it.
    pub period: Period,
    /// Attributes that records of this snapshot give.
    pub attributes: Vec<Attribute>,
    /// Measurements, in the order of the records.
    pub entries: Vec<Entry>,
    /// The places of its records.
    pub places: Vec<String>,
}

/// One measurement of a snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The name, by its place in [`Data::names`].
    pub name: u32,
    /// The record that gives it, by its place in [`Gathered::places`].
    pub place: u32,
    /// The measurement.
    pub measurement: Measurement,
}

/// One entity to be judged on one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case<'a> {
    /// The entity.
    pub entity: &'a Entity,
    /// The day that the judgement refers to.
    pub as_of: Date,
    /// The entity's snapshots that may be used, latest first, by their place in
    /// [`Data::snapshots`].
    pub snapshots: &'a [u32],
}

/// What a run judges, in the order of its output.
#[derive(Debug, Clone)]
pub struct Cases {
    rows: Vec<(u32, Date, Vec<u32>)>,
}

impl Cases {
    /// Each snapshot at its own date.
    pub fn each_snapshot(data: &Data) -> Self {
        let rows = data.snapshots.iter().zip(0_u32..);
        Self { rows: rows.map(|(one, place)| (one.entity, one.as_of, vec![place])).collect() }
    }

    /// Each entity once, at one date, by its snapshots up to that date.
    pub fn board(data: &Data, as_of: Date) -> Self {
        let mut rows = Vec::with_capacity(data.entities.len());
        for (entity, number) in data.entities.iter().zip(0_u32..) {
            let day = |place: &u32| data.snapshots.get(*place as usize).map(|one| one.as_of);
            let mut usable: Vec<u32> = entity.snapshots.clone();
            usable.retain(|place| day(place).is_some_and(|day| day <= as_of));
            usable.sort_by_key(|place| std::cmp::Reverse(day(place)));
            rows.push((number, as_of, usable));
        }
        Self { rows }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The case at this place.
    pub fn get<'a>(&'a self, data: &'a Data, place: usize) -> Option<Case<'a>> {
        let (entity, as_of, snapshots) = self.rows.get(place)?;
        let entity = data.entities.get(*entity as usize)?;
        Some(Case { entity, as_of: *as_of, snapshots })
    }
}

impl Data {
    /// No records yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a record in. `fallback` is the as-of date of a record that gives none.
    ///
    /// Returns whether the record had a date; without one and without `fallback` it is not taken.
    pub fn push(&mut self, record: Snapshot, fallback: Option<Date>) -> bool {
        let Some(period) = record.period.or_else(|| fallback.map(Period::day)) else {
            return false;
        };
        let Some(as_of) = period.last else { return false };
        let entity = self.entity(&record);
        let place = self.snapshot(entity, as_of, period);
        let names: Vec<u32> = record.measurements.iter().map(|(name, _)| self.name(name)).collect();
        let Some(gathered) = self.snapshots.get_mut(place as usize) else { return false };
        let record_place = u32::try_from(gathered.places.len()).unwrap_or(u32::MAX);
        gathered.places.push(record.place);
        for (name, value) in &record.attributes {
            note_attribute(&mut gathered.attributes, &text::normal(name), value);
        }
        for (name, (_, measurement)) in names.into_iter().zip(record.measurements) {
            gathered.entries.push(Entry { name, place: record_place, measurement });
        }
        true
    }

    /// The place of a name in [`Data::names`]; a new name is added.
    fn name(&mut self, name: &str) -> u32 {
        if let Some(&place) = self.by_name.get(name) {
            return place;
        }
        let place = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.by_name.insert(name.to_owned(), place);
        place
    }

    fn entity(&mut self, record: &Snapshot) -> u32 {
        let next = u32::try_from(self.entities.len()).unwrap_or(u32::MAX);
        let place = match self.by_entity.entry(record.entity.clone()) {
            Slot::Occupied(known) => *known.get(),
            Slot::Vacant(new) => {
                self.entities.push(Entity { id: record.entity.clone(), ..Entity::default() });
                *new.insert(next)
            }
        };
        if let Some(entity) = self.entities.get_mut(place as usize) {
            entity.name = entity.name.take().or_else(|| record.name.clone());
            entity.parent = entity.parent.take().or_else(|| record.parent.clone());
            for (name, value) in &record.attributes {
                note_attribute(&mut entity.attributes, &text::normal(name), value);
            }
        }
        place
    }

    fn snapshot(&mut self, entity: u32, as_of: Date, period: Period) -> u32 {
        if let Some(&place) = self.by_day.get(&(entity, as_of)) {
            return place;
        }
        let place = u32::try_from(self.snapshots.len()).unwrap_or(u32::MAX);
        let (attributes, entries, places) = (Vec::new(), Vec::new(), Vec::new());
        self.snapshots.push(Gathered { entity, as_of, period, attributes, entries, places });
        self.by_day.insert((entity, as_of), place);
        if let Some(entity) = self.entities.get_mut(entity as usize) {
            entity.snapshots.push(place);
        }
        place
    }
}

/// Keeps the first value; another one beside it makes the attribute disputed.
fn note_attribute(attributes: &mut Vec<Attribute>, key: &str, value: &str) {
    match attributes.iter_mut().find(|known| known.key == key) {
        None => attributes.push(Attribute {
            key: key.to_owned(),
            value: value.to_owned(),
            disputed: false,
        }),
        Some(known) if text::normal(&known.value) == text::normal(value) => {}
        Some(known) => known.disputed = true,
    }
}
