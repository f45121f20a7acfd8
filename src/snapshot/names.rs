//! Names of data resolved to indicators, once for many snapshots.
//!
//! Enters: the model, then names as data write them. Leaves: the indicators that a name names, one
//! a programme. The one idea: most data write a name as the rules do, which needs no folding, and
//! in the order of the rules, which needs no look-up.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::check::model::{IndicatorId, Model};
use crate::text;

/// Resolves names as data write them.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Names as the rules first spell them, in their order, with what they name.
    spelt: Vec<(String, Vec<IndicatorId>)>,
    /// Their places.
    places: HashMap<String, u32>,
}

impl Names {
    /// The names of a model.
    pub fn of(model: &Model) -> Self {
        let mut names = Self::default();
        for indicator in &model.indicators {
            let place = u32::try_from(names.spelt.len()).unwrap_or(u32::MAX);
            if let Entry::Vacant(new) = names.places.entry(indicator.name.clone()) {
                new.insert(place);
                names.spelt.push((indicator.name.clone(), search(model, &indicator.name)));
            }
        }
        names
    }

    /// The indicators that a name names, one a programme. `model` is the one it was made of.
    pub fn find(&self, model: &Model, name: &str) -> Cow<'_, [IndicatorId]> {
        match self.place(name, 0).and_then(|place| self.at(place)) {
            Some((_, found)) => Cow::Borrowed(found),
            None => Cow::Owned(search(model, name)),
        }
    }

    /// The place of a name that is written as in the rules; `guess` is looked at first.
    pub(crate) fn place(&self, name: &str, guess: u32) -> Option<u32> {
        match self.at(guess) {
            Some((known, _)) if known == name => Some(guess),
            _ => self.places.get(name).copied(),
        }
    }

    /// What each of the names names, by its place.
    pub(crate) fn each(&self) -> impl Iterator<Item = &[IndicatorId]> {
        self.spelt.iter().map(|(_, found)| found.as_slice())
    }

    /// The name at a place, and what it names.
    pub(crate) fn at(&self, place: u32) -> Option<(&str, &[IndicatorId])> {
        let (name, found) = self.spelt.get(place as usize)?;
        Some((name, found))
    }
}

/// Folds a name as each programme does and looks it up there.
fn search(model: &Model, name: &str) -> Vec<IndicatorId> {
    let programmes = model.programmes.iter();
    programmes.filter_map(|it| it.names.get(&text::key(name, &it.abbreviations)).copied()).collect()
}
