//! Texts that repeat, each kept once.
//!
//! Enters: texts. Leaves: their places, and the texts again. The one idea: what repeats in many
//! records is a number there. Invariant: equal texts have one place.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

/// Texts, each kept once.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
    places: HashTable<u32>,
    hasher: RandomState,
}

impl Texts {
    /// The place of a text; a new one is added.
    pub(super) fn place(&mut self, text: &str) -> u32 {
        if let Some(known) = self.find(text) {
            return known;
        }
        let place = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        self.ends.push(self.text.len());
        let Self { text: all, ends, places, hasher } = self;
        let hash = |place: &u32| hasher.hash_one(part(all, ends, *place));
        places.insert_unique(hasher.hash_one(text), place, hash);
        place
    }

    /// The place of a text that is kept.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let is = |place: &u32| self.get(*place) == text;
        self.places.find(self.hasher.hash_one(text), is).copied()
    }

    /// The text at a place.
    pub(super) fn get(&self, place: u32) -> &str {
        part(&self.text, &self.ends, place)
    }

    /// About the bytes that they take.
    pub(super) const fn held(&self) -> usize {
        self.text.len() + self.ends.len() * EACH
    }
}

/// About the bytes of a text beside its letters: its end and its place in the table.
const EACH: usize = 16;

fn part<'t>(text: &'t str, ends: &[usize], place: u32) -> &'t str {
    let place = place as usize;
    let start = place.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied());
    let range = start.zip(ends.get(place).copied()).map(|(start, end)| start..end);
    range.and_then(|range| text.get(range)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_place() {
        let mut texts = Texts::default();
        let written: Vec<String> = (0..1_000).map(|at| format!("{}", at % 300)).collect();
        let places: Vec<u32> = written.iter().map(|text| texts.place(text)).collect();
        for (text, place) in written.iter().zip(places) {
            assert_eq!((texts.get(place), texts.find(text)), (text.as_str(), Some(place)));
        }
        assert_eq!((texts.ends.len(), texts.find("300"), texts.get(300)), (300, None, ""));
    }
}
