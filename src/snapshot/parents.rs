//! Who stands above whom.
//!
//! Enters: gathered data. Leaves: nothing, or what keeps the parents from being a tree. The one
//! idea: each entity has one parent at most, so that a walk upwards either ends or comes back.

use super::Data;

/// Why parents make no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParentError {
    /// One entity is given two parents.
    #[error("`{entity}` has two parents: `{first}` and `{second}`")]
    Two {
        /// The entity.
        entity: String,
        /// The parent that stands first in the data.
        first: String,
        /// Another one.
        second: String,
    },
    /// Entities that stand above themselves, each below the one that follows it.
    #[error("parents go in a circle: {}", .0.join(" → "))]
    Circle(Vec<String>),
    /// An entity with more others above it than any organisation has.
    #[error("`{0}` has more than {DEPTH} entities above it")]
    Deep(String),
}

/// So many entities at most stand above one another: each of them owns all that are below it.
pub const DEPTH: usize = 100;

/// The height of an entity on the walk that is being made, where it closes a circle.
const WALKED: usize = usize::MAX;

impl Data {
    /// Looks whether parents make a tree: one parent each, nobody above itself, and no more than
    /// [`DEPTH`] above each other.
    ///
    /// # Errors
    /// The first entity with two parents, else the first circle, else the first that is too deep.
    ///
    /// ```
    /// use chitieu::snapshot::{Data, Snapshot};
    /// let mut data = Data::new();
    /// for (id, parent) in [("a", "b"), ("b", "a")] {
    ///     data.add_entity(&Snapshot { parent: Some(parent.to_owned()), ..Snapshot::new(id) });
    /// }
    /// let error = data.check_parents().unwrap_err();
    /// assert_eq!(error.to_string(), "parents go in a circle: a → b → a");
    /// ```
    pub fn check_parents(&self) -> Result<(), ParentError> {
        if let Some((place, second)) = &self.second_parent
            && let Some(entity) = self.entities.get(*place as usize)
        {
            let (entity, first) = (entity.id.clone(), entity.parent.as_deref().unwrap_or_default());
            let (first, second) = (first.to_owned(), second.clone());
            return Err(ParentError::Two { entity, first, second });
        }
        let parents = self.parents().above;
        let above = |place: u32| {
            let above = parents.get(place as usize).copied().flatten();
            above.filter(|above| self.entities.len() > *above as usize)
        };
        // How many stand above each, where that is known.
        let mut heights: Vec<Option<usize>> = vec![None; self.entities.len()];
        for start in 0..u32::try_from(self.entities.len()).unwrap_or(u32::MAX) {
            let (mut way, mut next) = (Vec::new(), Some(start));
            let mut height = 0;
            while let Some(place) = next {
                match heights.get_mut(place as usize) {
                    Some(Some(WALKED)) => {
                        return Err(ParentError::Circle(self.circle(place, above)));
                    }
                    Some(Some(known)) => {
                        height = *known + 1;
                        break;
                    }
                    Some(unknown) => *unknown = Some(WALKED),
                    None => break,
                }
                way.push(place);
                next = above(place);
            }
            for place in way.into_iter().rev() {
                if let Some(known) = heights.get_mut(place as usize) {
                    *known = Some(height);
                }
                height += 1;
            }
        }
        let deep = heights.iter().position(|height| height.is_some_and(|it| it > DEPTH));
        match deep.and_then(|place| self.entities.get(place)) {
            Some(entity) => Err(ParentError::Deep(entity.id.clone())),
            None => Ok(()),
        }
    }

    /// The ids of a circle, from one entity back to itself; a long one is cut.
    fn circle(&self, start: u32, above: impl Fn(u32) -> Option<u32>) -> Vec<String> {
        const SHOWN: usize = 10;
        let id = |place: u32| self.entities.get(place as usize).map(|one| one.id.clone());
        let mut ids: Vec<String> = id(start).into_iter().collect();
        let mut next = above(start);
        while let Some(place) = next.filter(|place| *place != start) {
            if ids.len() == SHOWN {
                ids.push("…".to_owned());
                break;
            }
            ids.extend(id(place));
            next = above(place);
        }
        ids.extend(id(start));
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Snapshot;

    fn check(rows: &[(&str, &str)], expected: &str) {
        let mut data = Data::new();
        for (id, parent) in rows {
            let parent = (!parent.is_empty()).then(|| (*parent).to_owned());
            data.add_entity(&Snapshot { parent, ..Snapshot::new(*id) });
        }
        let error = data.check_parents().err().map(|error| error.to_string());
        assert_eq!(error.unwrap_or_default(), expected, "{rows:?}");
    }

    #[test]
    fn parents_are_a_tree_or_a_fault() {
        check(&[("a", "b"), ("b", "c"), ("d", "b"), ("c", "")], "");
        check(&[("a", "b"), ("a", "b"), ("a", "")], "");
        check(&[("a", "b"), ("a", "c")], "`a` has two parents: `b` and `c`");
        check(&[("a", "a")], "parents go in a circle: a → a");
        check(
            &[("x", "a"), ("a", "b"), ("b", "c"), ("c", "a")],
            "parents go in a circle: a → b → c → a",
        );
        let long: Vec<(String, String)> =
            (0..50_000).map(|i| (i.to_string(), (i + 1).to_string())).collect();
        let mut rows: Vec<(&str, &str)> =
            long.iter().map(|(id, parent)| (id.as_str(), parent.as_str())).collect();
        check(&rows, "`0` has more than 100 entities above it");
        check(&rows[49_900..], "");
        rows.push(("50000", "0"));
        let shown = "parents go in a circle: 0 → 1 → 2 → 3 → 4 → 5 → 6 → 7 → 8 → 9 → … → 0";
        check(&rows, shown);
    }
}
