//! Records gathered: one snapshot an entity and day.
//!
//! Enters: records in any order, from any number of files. Leaves: [`Data`]. The one idea: records
//! of one entity and as-of day are one snapshot, wherever they stand. Invariant: a snapshot stands
//! where its first record stood.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{Measurement, Snapshot, column_letters};
use crate::calendar::{Date, Period};
use crate::text;

/// A list of attributes up to this length is searched from its front; a longer one by a map.
const SHORT: usize = 16;

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
    /// How many times an entity or a parent was named.
    namings: u32,
    by_entity: HashMap<String, u32>,
    by_day: HashMap<(u32, Date), u32>,
    /// Places of attributes in lists that are long.
    by_attribute: HashMap<(Owner, String), usize>,
    /// The first entity with two parents, and the second of them.
    pub(super) second_parent: Option<(u32, String)>,
}

/// Whose list of attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Owner {
    Entity(u32),
    Listed(u32),
    Snapshot(u32),
}

/// Who is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entity {
    /// The id that the data use, in composed Unicode: ids are the same when that is.
    pub id: String,
    /// The name, where some record gives one.
    pub name: Option<String>,
    /// Another name was given beside it.
    pub name_disputed: bool,
    /// Attributes given in any snapshot; they hold for the entity's snapshots that give none.
    pub attributes: Vec<Attribute>,
    /// Attributes that a table of entities gives; those of snapshots win over them.
    pub listed: Vec<Attribute>,
    /// The id of the entity above this one, where some record gives one.
    pub parent: Option<String>,
    /// Its snapshots, in the order of the data.
    pub snapshots: Vec<u32>,
    /// When it was first named, and when the one above it.
    pub(super) named: (u32, u32),
    pub(super) by_day: ByDay,
}

/// The snapshots of an entity sorted by day, made when somebody asks for them first.
#[derive(Debug, Clone, Default)]
pub(super) struct ByDay(OnceLock<Box<[u32]>>);

/// What is only remembered makes no difference between entities.
impl PartialEq for ByDay {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ByDay {}

impl Entity {
    /// An entity of which only the id is known.
    pub fn named(id: String) -> Self {
        Self { id, ..Self::default() }
    }

    /// Keeps the first name; another one beside it makes the name disputed.
    fn note_name(&mut self, name: Option<&str>) {
        match (&self.name, name) {
            (_, None) => {}
            (None, Some(name)) => self.name = Some(name.to_owned()),
            (Some(known), Some(name)) => {
                self.name_disputed |= known != name && text::normal(known) != text::normal(name);
            }
        }
    }

    /// An attribute by the normal form of its name: what snapshots give, else what the table does.
    pub fn attribute(&self, key: &str) -> Option<&Attribute> {
        let find = |all: &'_ [Attribute]| all.iter().position(|one| one.key == key);
        match find(&self.attributes) {
            Some(place) => self.attributes.get(place),
            None => find(&self.listed).and_then(|place| self.listed.get(place)),
        }
    }
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
    /// Its own place in [`Data::snapshots`].
    pub number: u32,
    /// The entity, by its place in [`Data::entities`].
    pub entity: u32,
    /// The as-of date.
    pub as_of: Date,
    /// The longest time that its records wrote for the day.
    pub period: Period,
    /// Attributes that records of this snapshot give.
    pub attributes: Vec<Attribute>,
    /// Measurements, in the order of the records.
    pub entries: Vec<Entry>,
    /// The places of its records.
    pub places: Vec<String>,
}

impl Gathered {
    /// Where a measurement stands: its record, and in a table the cell.
    pub fn place_of(&self, entry: &Entry) -> Option<String> {
        let record = self.places.get(entry.place as usize)?;
        Some(match entry.measurement.column {
            Some(column) => format!("{record}:{}", column_letters(column)),
            None => record.clone(),
        })
    }
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

impl Data {
    /// No records yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The entities of some data, with an empty snapshot for each of these rows.
    pub(super) fn of_rows(entities: &Self, rows: impl Iterator<Item = (u32, Date)>) -> Self {
        let mut data = Self { entities: entities.entities.clone(), ..Self::default() };
        for (place, entity) in (0_u32..).zip(&mut data.entities) {
            (entity.named, entity.snapshots) = ((place, place), Vec::new());
            data.by_entity.insert(composed_id(&entity.id).into_owned(), place);
        }
        for (entity, as_of) in rows {
            data.new_snapshot(entity, as_of, Period::day(as_of));
        }
        data
    }

    /// Takes a record in. `fallback` is the as-of date of a record that gives none.
    ///
    /// Returns whether the record had a date; without one and without `fallback` it is not taken.
    pub fn push(&mut self, record: Snapshot, fallback: Option<Date>) -> bool {
        self.take(record, fallback, Self::snapshot)
    }

    /// As [`Data::push`], for records of which those of one snapshot stand together: a record is
    /// joined to the snapshot before it, or to none.
    ///
    /// ```
    /// use chitieu::Snapshot;
    /// use chitieu::snapshot::Data;
    /// let mut data = Data::new();
    /// for (entity, day) in [("a", "2023"), ("a", "31/12/2023"), ("b", "2023"), ("a", "2023")] {
    ///     assert!(data.push_next(Snapshot::new(entity).on(day)?, None));
    /// }
    /// assert_eq!((data.entities.len(), data.snapshots.len()), (2, 3));
    /// # Ok::<(), chitieu::calendar::TimeError>(())
    /// ```
    pub fn push_next(&mut self, record: Snapshot, fallback: Option<Date>) -> bool {
        self.take(record, fallback, Self::next_snapshot)
    }

    fn take(
        &mut self,
        record: Snapshot,
        fallback: Option<Date>,
        place: fn(&mut Self, u32, Date, Period) -> u32,
    ) -> bool {
        let Some(period) = record.period.or_else(|| fallback.map(Period::day)) else {
            return false;
        };
        let Some(as_of) = period.last else { return false };
        let entity = self.entity(&record);
        let place = place(self, entity, as_of, period);
        if self.names.is_empty() {
            self.names.reserve(record.measurements.len());
            self.by_name.reserve(record.measurements.len());
        }
        let names: Vec<u32> = record.measurements.iter().map(|(name, _)| self.name(name)).collect();
        let Some(gathered) = self.snapshots.get_mut(place as usize) else { return false };
        let record_place = u32::try_from(gathered.places.len()).unwrap_or(u32::MAX);
        gathered.places.push(record.place);
        let owner = Owner::Snapshot(place);
        for (name, value) in &record.attributes {
            note(&mut gathered.attributes, &mut self.by_attribute, owner, name, value);
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
        let place = self.place_of(&record.entity);
        if let Some(entity) = self.entities.get_mut(place as usize) {
            entity.note_name(record.name.as_deref());
            for (name, value) in &record.attributes {
                let owner = Owner::Entity(place);
                note(&mut entity.attributes, &mut self.by_attribute, owner, name, value);
            }
        }
        self.note_parent(place, record.parent.as_deref());
        place
    }

    /// Takes a row of a table of entities in: who is there, whether or not they sent anything. The
    /// row's measurements and time are not looked at. Call it after [`Data::push`] for all records,
    /// which come first in the order and win over the table.
    ///
    /// ```
    /// use chitieu::Snapshot;
    /// use chitieu::snapshot::{Cases, Data};
    /// let mut data = Data::new();
    /// data.push(Snapshot::new("a").on("30/06/2023")?.attribute("cấp", "xã"), None);
    /// for id in ["a", "b"] {
    ///     data.add_entity(&Snapshot::new(id).attribute("cấp", "huyện"));
    /// }
    /// let level = |place: usize| data.entities[place].attribute("cấp").unwrap().value.as_str();
    /// assert_eq!((level(0), level(1)), ("xã", "huyện"));
    /// let day = data.snapshots[0].as_of;
    /// assert_eq!((Cases::each_snapshot(&data).len(), Cases::board(&data, day).len()), (1, 2));
    /// # Ok::<(), chitieu::calendar::TimeError>(())
    /// ```
    pub fn add_entity(&mut self, row: &Snapshot) {
        let place = self.place_of(&row.entity);
        if let Some(entity) = self.entities.get_mut(place as usize) {
            // What a record gave wins; rows of the table are held against each other.
            if entity.snapshots.is_empty() || entity.name.is_none() {
                entity.note_name(row.name.as_deref());
            }
            for (name, value) in &row.attributes {
                let owner = Owner::Listed(place);
                note(&mut entity.listed, &mut self.by_attribute, owner, name, value);
            }
        }
        self.note_parent(place, row.parent.as_deref());
    }

    /// The place of an entity in [`Data::entities`]; a new one is added.
    fn place_of(&mut self, id: &str) -> u32 {
        let id = composed_id(id);
        if let Some(place) = self.by_entity.get(id.as_ref()) {
            return *place;
        }
        let place = u32::try_from(self.entities.len()).unwrap_or(u32::MAX);
        self.namings = self.namings.saturating_add(1);
        let (named, id) = ((self.namings, 0), id.into_owned());
        self.entities.push(Entity { id: id.clone(), named, ..Entity::default() });
        self.by_entity.insert(id, place);
        place
    }

    /// The place of the entity with this id.
    pub(super) fn known(&self, id: &str) -> Option<u32> {
        self.by_entity.get(composed_id(id).as_ref()).copied()
    }

    /// Keeps the first parent, and the first other one for the message.
    fn note_parent(&mut self, place: u32, parent: Option<&str>) {
        let Some(entity) = self.entities.get_mut(place as usize) else { return };
        let Some(parent) = parent.filter(|it| !it.trim().is_empty()).map(composed_id) else {
            return;
        };
        match &entity.parent {
            None => {
                self.namings = self.namings.saturating_add(1);
                entity.parent = Some(parent.into_owned());
                entity.named.1 = self.namings;
            }
            Some(known) if *known == parent => {}
            Some(_) if self.second_parent.is_none() => {
                self.second_parent = Some((place, parent.into_owned()));
            }
            Some(_) => {}
        }
    }

    fn snapshot(&mut self, entity: u32, as_of: Date, period: Period) -> u32 {
        if let Some(&place) = self.by_day.get(&(entity, as_of)) {
            if let Some(known) = self.snapshots.get_mut(place as usize)
                && period.first < known.period.first
            {
                known.period = period;
            }
            return place;
        }
        let place = self.new_snapshot(entity, as_of, period);
        self.by_day.insert((entity, as_of), place);
        place
    }

    fn next_snapshot(&mut self, entity: u32, as_of: Date, period: Period) -> u32 {
        let last = self.snapshots.last().zip(self.snapshots.len().checked_sub(1));
        match last.filter(|(last, _)| last.entity == entity && last.as_of == as_of) {
            Some((_, place)) => u32::try_from(place).unwrap_or(u32::MAX),
            None => self.new_snapshot(entity, as_of, period),
        }
    }

    fn new_snapshot(&mut self, entity: u32, as_of: Date, period: Period) -> u32 {
        let place = u32::try_from(self.snapshots.len()).unwrap_or(u32::MAX);
        let (attributes, entries, places) = (Vec::new(), Vec::new(), Vec::new());
        let number = place;
        let new = Gathered { number, entity, as_of, period, attributes, entries, places };
        self.snapshots.push(new);
        if let Some(entity) = self.entities.get_mut(entity as usize) {
            entity.snapshots.push(place);
            entity.by_day = ByDay::default();
        }
        place
    }

    /// The snapshots of an entity, the earliest first, by their place in [`Data::snapshots`].
    ///
    /// ```
    /// use chitieu::Snapshot;
    /// use chitieu::snapshot::Data;
    /// let mut data = Data::new();
    /// for day in ["2023", "2021", "2022"] {
    ///     data.push(Snapshot::new("a").on(day)?, None);
    /// }
    /// assert_eq!(data.history(&data.entities[0]), [1, 2, 0]);
    /// # Ok::<(), chitieu::calendar::TimeError>(())
    /// ```
    pub fn history<'a>(&self, entity: &'a Entity) -> &'a [u32] {
        entity.by_day.0.get_or_init(|| {
            let mut places = entity.snapshots.clone();
            places.sort_by_key(|place| self.snapshots.get(*place as usize).map(|one| one.as_of));
            places.into_boxed_slice()
        })
    }
}

/// An id as it is compared: in composed Unicode.
///
/// ```
/// assert_eq!(chitieu::snapshot::composed_id("a\u{301}"), "á");
/// ```
pub fn composed_id(id: &str) -> Cow<'_, str> {
    if id.is_ascii() || is_nfc(id) { Cow::Borrowed(id) } else { Cow::Owned(id.nfc().collect()) }
}

/// Keeps the first value; another one beside it makes the attribute disputed.
fn note(
    attributes: &mut Vec<Attribute>,
    long: &mut HashMap<(Owner, String), usize>,
    owner: Owner,
    name: &str,
    value: &str,
) {
    let key = text::normal(name);
    let known = if attributes.len() > SHORT {
        long.get(&(owner, key.clone())).copied()
    } else {
        attributes.iter().position(|known| known.key == key)
    };
    if let Some(known) = known.and_then(|place| attributes.get_mut(place)) {
        known.disputed |= text::normal(&known.value) != text::normal(value);
        return;
    }
    let place = attributes.len();
    if place == SHORT {
        let places = attributes.iter().zip(0..);
        long.extend(places.map(|(one, place)| ((owner, one.key.clone()), place)));
    }
    if place >= SHORT {
        long.insert((owner, key.clone()), place);
    }
    attributes.push(Attribute { key, value: value.to_owned(), disputed: false });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_one_in_every_form_of_unicode() {
        let mut data = Data::new();
        for id in ["Bà Rịa", "Ba\u{300} Ri\u{323}a", "bà rịa"] {
            data.push(Snapshot::new(id).on("2023").unwrap(), None);
        }
        let ids: Vec<&str> = data.entities.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["Bà Rịa", "bà rịa"]);
        assert_eq!(data.snapshots.len(), 2);
    }

    #[test]
    fn attributes_are_found_in_short_and_long_lists() {
        let mut data = Data::new();
        for round in 0..3 {
            for number in 0..SHORT * 3 {
                let value = if round == 2 && number % 10 == 0 { "other" } else { "Same" };
                let record = Snapshot::new("a").on("2023").unwrap();
                data.push(record.attribute(format!("A{number}"), value), None);
            }
        }
        let check = |attributes: &[Attribute]| {
            assert_eq!(attributes.len(), SHORT * 3);
            for (one, number) in attributes.iter().zip(0..) {
                assert_eq!(one.key, format!("a{number}"));
                assert_eq!(one.disputed, number % 10 == 0);
            }
        };
        check(&data.entities[0].attributes);
        check(&data.snapshots[0].attributes);
    }

    #[test]
    fn snapshots_win_over_the_table() {
        let mut data = Data::new();
        let record = Snapshot::new("a").on("2023").unwrap();
        data.push(record.attribute("vùng", "núi").named("A"), None);
        let row = Snapshot::new("a").named("B").attribute("Vùng", "biển").attribute("cấp", "xã");
        data.add_entity(&row);
        data.add_entity(&Snapshot::new("a").attribute("cấp", "phường"));
        let entity = &data.entities[0];
        assert_eq!(entity.name.as_deref(), Some("A"));
        let found = |key: &str| entity.attribute(key).map(|one| (one.value.as_str(), one.disputed));
        assert_eq!(found("vùng"), Some(("núi", false)));
        assert_eq!(found("cấp"), Some(("xã", true)));
        assert_eq!(found("tên"), None);
        assert!(!entity.name_disputed);
        for name in ["X", "Y"] {
            data.add_entity(&Snapshot::new("b").named(name));
            data.push(Snapshot::new("c").on("2023").unwrap().named(name), None);
        }
        assert!(data.entities.iter().skip(1).all(|entity| entity.name_disputed));
    }
}
