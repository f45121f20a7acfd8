//! Records gathered: one snapshot an entity and day.
//!
//! Enters: records in any order, from any number of files. Leaves: [`Data`]. The one idea: records
//! of one entity and as-of day are one snapshot, wherever they stand. Invariant: a snapshot stands
//! where its first record stood.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, OnceLock};

use hashbrown::HashTable;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::cells::Cells;
use super::entity::{Attributes, Entity, Lists, NONE, Owner};
use super::gathered::{Gathered, Place, Run, STRETCH, parts};
use super::texts::Texts;
use super::{Measurement, Snapshot, Timelines};
use crate::calendar::{Date, Period};

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
    /// Places of entities, by their ids.
    by_entity: HashTable<u32>,
    /// Places of snapshots, by entity and day.
    by_day: HashTable<u32>,
    hasher: RandomState,
    pub(super) cells: Cells,
    /// The snapshot whose measurements stand last.
    latest: u32,
    /// What places of records begin with.
    heads: Texts,
    lists: Lists,
    parents: HashSet<Arc<str>>,
    /// About the bytes of texts and stretches that stand in no table.
    held: usize,
    lines: OnceLock<Timelines>,
    /// The first entity with two parents, and the second of them.
    pub(super) second_parent: Option<(u32, String)>,
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
            (entity.named, entity.ends) = ((place, place), (NONE, NONE));
        }
        for place in (0_u32..).zip(&data.entities).map(|(place, _)| place).collect::<Vec<_>>() {
            data.number_entity(place);
        }
        for (entity, as_of) in rows {
            data.new_snapshot(entity, as_of, Some(as_of));
        }
        data
    }

    /// Takes a record in. `fallback` is the as-of date of a record that gives none.
    ///
    /// Returns whether the record had a date; without one and without `fallback` it is not taken.
    #[expect(clippy::needless_pass_by_value, reason = "a record is of no use behind its data")]
    pub fn push(&mut self, record: Snapshot, fallback: Option<Date>) -> bool {
        self.take(&record, fallback, Self::snapshot)
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
    #[expect(clippy::needless_pass_by_value, reason = "a record is of no use behind its data")]
    pub fn push_next(&mut self, record: Snapshot, fallback: Option<Date>) -> bool {
        self.take(&record, fallback, Self::next_snapshot)
    }

    fn take(
        &mut self,
        record: &Snapshot,
        fallback: Option<Date>,
        place: fn(&mut Self, u32, Date, Option<Date>) -> u32,
    ) -> bool {
        let Some(period) = record.period.or_else(|| fallback.map(Period::day)) else {
            return false;
        };
        let Some(as_of) = period.last else { return false };
        let entity = self.entity(record);
        let place = place(self, entity, as_of, period.first);
        if let Some(gathered) = self.snapshots.get_mut(place as usize) {
            let owner = Owner::Snapshot(place);
            self.lists.note(&mut gathered.attributes, owner, &record.attributes);
        }
        if self.names.is_empty() {
            self.names.reserve(record.measurements.len());
            self.by_name.reserve(record.measurements.len());
        }
        let (head, number) = parts(&record.place);
        let at = Place { head: self.heads.place(head), number };
        for measurements in record.measurements.chunks(STRETCH) {
            self.gather(place, at, measurements);
        }
        true
    }

    /// Adds measurements of one record to a snapshot.
    fn gather(&mut self, snapshot: u32, place: Place, given: &[(String, Measurement)]) {
        let start = self.cells.end();
        for (name, measurement) in given {
            let name = self.name(name);
            self.cells.push(name, measurement);
        }
        let follows = self.latest == snapshot;
        self.latest = snapshot;
        let Some(gathered) = self.snapshots.get_mut(snapshot as usize) else { return };
        let entries = u16::try_from(given.len()).unwrap_or(u16::MAX);
        let last = gathered.last_run();
        let (before, behind) = (last.before + u32::from(last.entries), u32::from(last.entries));
        let new = Run { start, before, entries, each: false, place };
        if last.entries == 0 {
            *last = new;
        } else if follows
            && entries == 1
            && (last.each || last.entries == 1)
            && usize::from(last.entries) < STRETCH
            && place.number.is_some()
            && place == last.place.behind(behind)
        {
            (last.entries, last.each) = (last.entries + 1, true);
        } else {
            self.held = self.held.saturating_add(size_of::<Run>());
            gathered.more.get_or_insert_default().push(new);
        }
    }

    /// Where a record stands, in words.
    pub(super) fn place_text(&self, place: Place) -> String {
        let head = self.heads.get(place.head);
        place.number.map_or_else(|| head.to_owned(), |number| format!("{head}{number}"))
    }

    /// The place of a name in [`Data::names`]; a new name is added.
    fn name(&mut self, name: &str) -> u32 {
        let guess = self.cells.next_name();
        let is_it = |guess: &u32| self.names.get(*guess as usize).is_some_and(|it| it == name);
        if let Some(place) = guess.filter(is_it).or_else(|| self.by_name.get(name).copied()) {
            return place;
        }
        let place = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.by_name.insert(name.to_owned(), place);
        self.held = self.held.saturating_add(2 * (name.len() + NAME));
        place
    }

    fn entity(&mut self, record: &Snapshot) -> u32 {
        let place = self.place_of(&record.entity);
        if let Some(entity) = self.entities.get_mut(place as usize) {
            self.held =
                self.held.saturating_add(newly(entity.name.is_none(), record.name.as_ref()));
            entity.note_name(record.name.as_deref());
            self.lists.note(&mut entity.attributes, Owner::Entity(place), &record.attributes);
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
            if entity.is_silent() || entity.name.is_none() {
                self.held =
                    self.held.saturating_add(newly(entity.name.is_none(), row.name.as_ref()));
                entity.note_name(row.name.as_deref());
            }
            self.lists.note(&mut entity.listed, Owner::Listed(place), &row.attributes);
        }
        self.note_parent(place, row.parent.as_deref());
    }

    /// The place of an entity in [`Data::entities`]; a new one is added.
    pub(super) fn place_of(&mut self, id: &str) -> u32 {
        let id = composed_id(id);
        if let Some(place) = self.known(&id) {
            return place;
        }
        let place = u32::try_from(self.entities.len()).unwrap_or(u32::MAX);
        self.namings = self.namings.saturating_add(1);
        let (named, id) = ((self.namings, 0), String::from(&*id));
        self.held = self.held.saturating_add(id.len() + BLOCK);
        self.entities.push(Entity { named, ..Entity::named(id) });
        self.number_entity(place);
        place
    }

    /// Makes an entity known by its id.
    fn number_entity(&mut self, place: u32) {
        let Self { entities, by_entity, hasher, .. } = self;
        let hash = |place: &u32| {
            hasher.hash_one(entities.get(*place as usize).map_or("", |it| it.id.as_str()))
        };
        by_entity.insert_unique(hash(&place), place, hash);
        self.lines = OnceLock::new();
    }

    /// The place of the entity with this id.
    pub(super) fn known(&self, id: &str) -> Option<u32> {
        let id = composed_id(id);
        let is = |place: &u32| self.entities.get(*place as usize).is_some_and(|it| it.id == id);
        self.by_entity.find(self.hasher.hash_one(&*id), is).copied()
    }

    /// Keeps the first parent, and the first other one for the message.
    pub(super) fn note_parent(&mut self, place: u32, parent: Option<&str>) {
        let Some(entity) = self.entities.get_mut(place as usize) else { return };
        let Some(parent) = parent.filter(|it| !it.trim().is_empty()).map(composed_id) else {
            return;
        };
        match &entity.parent {
            None => {
                self.namings = self.namings.saturating_add(1);
                let known = self.parents.get(&*parent).map(Arc::clone);
                let parent = known.unwrap_or_else(|| {
                    let new: Arc<str> = parent.into();
                    self.held = self.held.saturating_add(new.len() + 2 * BLOCK);
                    self.parents.insert(Arc::clone(&new));
                    new
                });
                (entity.parent, entity.named.1) = (Some(parent), self.namings);
            }
            Some(known) if **known == *parent => {}
            Some(_) if self.second_parent.is_none() => {
                self.second_parent = Some((place, parent.into_owned()));
            }
            Some(_) => {}
        }
    }

    fn snapshot(&mut self, entity: u32, as_of: Date, first: Option<Date>) -> u32 {
        let hash = self.hasher.hash_one((entity, as_of));
        let key = |place: &u32| self.snapshots.get(*place as usize).map(|it| (it.entity, it.as_of));
        let is = |place: &u32| key(place) == Some((entity, as_of));
        if let Some(&place) = self.by_day.find(hash, is) {
            if let Some(known) = self.snapshots.get_mut(place as usize) {
                known.first = known.first.min(first);
            }
            return place;
        }
        let place = self.new_snapshot(entity, as_of, first);
        let Self { snapshots, by_day, hasher, .. } = self;
        let hash = |place: &u32| {
            let key = snapshots.get(*place as usize).map(|it| (it.entity, it.as_of));
            key.map_or(0, |key| hasher.hash_one(key))
        };
        by_day.insert_unique(hash(&place), place, hash);
        place
    }

    fn next_snapshot(&mut self, entity: u32, as_of: Date, first: Option<Date>) -> u32 {
        let last = self.snapshots.last();
        match last.filter(|last| last.entity == entity && last.as_of == as_of) {
            Some(last) => last.number,
            None => self.new_snapshot(entity, as_of, first),
        }
    }

    pub(super) fn new_snapshot(&mut self, entity: u32, as_of: Date, first: Option<Date>) -> u32 {
        let number = u32::try_from(self.snapshots.len()).unwrap_or(u32::MAX);
        let (next, attributes, run, more) = (NONE, Attributes::default(), Run::default(), None);
        let new = Gathered { number, entity, as_of, next, first, attributes, run, more };
        self.snapshots.push(new);
        if let Some(entity) = self.entities.get_mut(entity as usize) {
            let before = self.snapshots.get_mut(entity.ends.1 as usize);
            match before.filter(|_| entity.ends.1 != NONE) {
                Some(before) => before.next = number,
                None => entity.ends.0 = number,
            }
            entity.ends.1 = number;
        }
        self.lines = OnceLock::new();
        number
    }

    /// The snapshots of an entity in the order of the data, by their place in [`Data::snapshots`].
    pub fn snapshots_of(&self, entity: &Entity) -> impl Iterator<Item = u32> {
        let known = |place: u32| (place != NONE).then_some(place);
        let next = move |place: &u32| known(self.snapshots.get(*place as usize)?.next);
        std::iter::successors(known(entity.ends.0), next)
    }

    /// The snapshots of all entities by their days; made when somebody asks for them first.
    pub fn timelines(&self) -> &Timelines {
        self.lines.get_or_init(|| Timelines::of(self))
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
    pub fn history(&self, entity: &Entity) -> &[u32] {
        let first = self.snapshots.get(entity.ends.0 as usize);
        first.map_or(&[], |first| self.timelines().history(first.entity))
    }

    /// About the bytes that all of it takes.
    pub const fn held(&self) -> usize {
        let entities = self.entities.len() * (size_of::<Entity>() + SLOT);
        let snapshots = self.snapshots.len() * (size_of::<Gathered>() + SLOT);
        let texts = self.heads.held() + self.lists.held + self.held;
        entities + snapshots + self.cells.held() + texts
    }
}

/// About the bytes of a place in a table.
const SLOT: usize = 8;
/// About the bytes of a block of memory beside what stands in it.
const BLOCK: usize = 16;
/// About the bytes of a name beside its letters.
const NAME: usize = 48;

/// The bytes of a name, where it is a new one.
fn newly(is_new: bool, name: Option<&String>) -> usize {
    name.filter(|_| is_new).map_or(0, |name| name.len() + BLOCK)
}

/// An id as it is compared: in composed Unicode.
///
/// ```
/// assert_eq!(chitieu::snapshot::composed_id("a\u{301}"), "á");
/// ```
pub fn composed_id(id: &str) -> Cow<'_, str> {
    if id.is_ascii() || is_nfc(id) { Cow::Borrowed(id) } else { Cow::Owned(id.nfc().collect()) }
}

#[cfg(test)]
mod tests {
    use super::super::Attribute;
    use super::super::entity::SHORT;
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
