//! Who is judged, and what is said of it beside figures.
//!
//! Enters: names and attributes as records write them. Leaves: [`Entity`] and [`Attributes`]. The
//! one idea: many entities and snapshots bear the same attributes, so that a list of them is kept
//! once. Invariant: the first value of an attribute stays; another one beside it disputes it.

use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::sync::Arc;

use crate::text;

/// A list of attributes up to this length is searched from its front; a longer one by a map.
pub(super) const SHORT: usize = 16;

/// Who is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// The id that the data use, in composed Unicode: ids are the same when that is.
    pub id: String,
    /// The name, where some record gives one.
    pub name: Option<Box<str>>,
    /// Another name was given beside it.
    pub name_disputed: bool,
    /// Attributes given in any snapshot; they hold for the entity's snapshots that give none.
    pub attributes: Attributes,
    /// Attributes that a table of entities gives; those of snapshots win over them.
    pub listed: Attributes,
    /// The id of the entity above this one, where some record gives one.
    pub parent: Option<Arc<str>>,
    /// Its first snapshot and its last one in the data, each [`NONE`] where it sent nothing.
    pub(super) ends: (u32, u32),
    /// When it was first named, and when the one above it.
    pub(super) named: (u32, u32),
}

/// No snapshot.
pub(super) const NONE: u32 = u32::MAX;

impl Default for Entity {
    fn default() -> Self {
        let (name_disputed, attributes) = (false, Attributes::default());
        let (id, name, parent, listed) = (String::new(), None, None, attributes.clone());
        let (ends, named) = ((NONE, NONE), (0, 0));
        Self { id, name, name_disputed, attributes, listed, parent, ends, named }
    }
}

impl Entity {
    /// An entity of which only the id is known.
    pub fn named(id: String) -> Self {
        Self { id, ..Self::default() }
    }

    /// Whether it sent nothing.
    pub const fn is_silent(&self) -> bool {
        self.ends.0 == NONE
    }

    /// Whether it sent more than one snapshot.
    pub const fn has_several(&self) -> bool {
        self.ends.0 != self.ends.1
    }

    /// Keeps the first name; another one beside it makes the name disputed.
    pub(super) fn note_name(&mut self, name: Option<&str>) {
        match (&self.name, name) {
            (_, None) => {}
            (None, Some(name)) => self.name = Some(name.into()),
            (Some(known), Some(name)) => {
                self.name_disputed |= **known != *name && text::normal(known) != text::normal(name);
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Attribute {
    /// Normal form of the name.
    pub key: String,
    /// The value, as written.
    pub value: String,
    /// Another value was given for it beside this one.
    pub disputed: bool,
}

/// Attributes, each name once, as first written. Cheap to clone where they are few.
///
/// ```
/// use chitieu::snapshot::{Attribute, Attributes};
/// let one = |key: &str| Attribute { key: key.into(), value: "x".into(), disputed: false };
/// let mut attributes = Attributes::default();
/// attributes.push(one("cấp"));
/// assert_eq!(attributes[..], [one("cấp")]);
/// ```
#[derive(Debug, Clone)]
pub struct Attributes(Kept);

#[derive(Debug, Clone)]
enum Kept {
    Shared(Arc<[Attribute]>),
    /// A long list, which nobody else has.
    #[expect(clippy::box_collection, reason = "long lists are rare, and all have a place for one")]
    Own(Box<Vec<Attribute>>),
}

impl Default for Attributes {
    fn default() -> Self {
        Self(Kept::Shared(Arc::default()))
    }
}

impl Deref for Attributes {
    type Target = [Attribute];

    fn deref(&self) -> &[Attribute] {
        match &self.0 {
            Kept::Shared(all) => all,
            Kept::Own(all) => all,
        }
    }
}

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Attributes {}

impl Attributes {
    /// Adds an attribute whose name is not among them.
    pub fn push(&mut self, attribute: Attribute) {
        match &mut self.0 {
            Kept::Own(all) => all.push(attribute),
            Kept::Shared(all) => {
                *all = all.iter().cloned().chain([attribute]).collect();
            }
        }
    }
}

/// Whose list of attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    Entity(u32),
    Listed(u32),
    Snapshot(u32),
}

/// Names with values, as a record writes them.
type Pairs = Vec<(String, String)>;

/// Lists of attributes, each kept once.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    shared: HashSet<Arc<[Attribute]>>,
    /// Places of attributes in lists that are long.
    long: HashMap<(Owner, String), usize>,
    /// What a record gave last, and the list that it is.
    last: Option<(Pairs, Arc<[Attribute]>)>,
    /// About the bytes of all lists.
    pub(super) held: usize,
}

impl Lists {
    /// Adds what a record says of an owner to its list.
    pub(super) fn note(&mut self, into: &mut Attributes, owner: Owner, given: &[(String, String)]) {
        if given.is_empty() {
            return;
        }
        if let (Kept::Shared(all), Some((last, list))) = (&mut into.0, &self.last)
            && last == given
        {
            if all.is_empty() {
                *all = Arc::clone(list);
            }
            if Arc::ptr_eq(all, list) {
                return;
            }
        }
        let is_new = into.is_empty();
        let mut own = None;
        for (name, value) in given {
            self.note_one(into, &mut own, owner, name, value);
        }
        let Some(own) = own else { return };
        into.0 = match own.len() {
            ..=SHORT => Kept::Shared(self.share(own)),
            _ => Kept::Own(Box::new(own)),
        };
        if let (true, Kept::Shared(list)) = (is_new, &into.0) {
            let is_plain = list.len() == given.len() && list.iter().all(|one| !one.disputed);
            self.last = is_plain.then(|| (given.to_vec(), Arc::clone(list)));
        }
    }

    /// Keeps the first value; another one beside it makes the attribute disputed. `own` is the list
    /// where it differs from that of `into`, and takes its place there.
    fn note_one(
        &mut self,
        into: &mut Attributes,
        own: &mut Option<Vec<Attribute>>,
        owner: Owner,
        name: &str,
        value: &str,
    ) {
        let key = text::normal(name);
        let list = own.as_deref().unwrap_or(into);
        let known = if list.len() > SHORT {
            self.long.get(&(owner, key.clone())).copied()
        } else {
            list.iter().position(|known| known.key == key)
        };
        let disputes = |one: &Attribute| {
            !one.disputed && one.value != value && text::normal(&one.value) != text::normal(value)
        };
        let found = known.and_then(|place| list.get(place));
        if found.is_some_and(|one| !disputes(one)) {
            return;
        }
        let list = own.get_or_insert_with(|| into.take());
        if let Some(known) = known.and_then(|place| list.get_mut(place)) {
            known.disputed = true;
            return;
        }
        let place = list.len();
        if place == SHORT {
            let places = list.iter().zip(0..);
            self.long.extend(places.map(|(one, place)| ((owner, one.key.clone()), place)));
        }
        if place >= SHORT {
            self.held = self.held.saturating_add(3 * key.len() + value.len() + 4 * ATTRIBUTE);
            self.long.insert((owner, key.clone()), place);
        }
        list.push(Attribute { key, value: value.to_owned(), disputed: false });
    }

    /// The list that is kept of these attributes.
    fn share(&mut self, list: Vec<Attribute>) -> Arc<[Attribute]> {
        if let Some(known) = self.shared.get(list.as_slice()) {
            return Arc::clone(known);
        }
        let bytes = |one: &Attribute| one.key.len() + one.value.len() + 2 * ATTRIBUTE;
        self.held = self.held.saturating_add(list.iter().map(bytes).sum::<usize>() + ATTRIBUTE);
        let list: Arc<[Attribute]> = list.into();
        self.shared.insert(Arc::clone(&list));
        list
    }
}

/// The bytes of an attribute beside its letters.
const ATTRIBUTE: usize = size_of::<Attribute>();

impl Attributes {
    /// The list, to be changed and put back.
    fn take(&mut self) -> Vec<Attribute> {
        match std::mem::take(self).0 {
            Kept::Shared(all) => all.to_vec(),
            Kept::Own(all) => *all,
        }
    }
}
