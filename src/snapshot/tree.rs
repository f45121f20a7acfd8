//! Who stands below whom, at any depth.
//!
//! Enters: gathered data. Leaves: a [`Tree`], asked for the entities below one. The one idea:
//! entities stand in the order of a walk from above, so that those below one are neighbours.
//! Invariant: entities whose parents go in a circle stand below nobody.

use std::collections::HashMap;
use std::ops::Range;

use super::{Data, Entity};
use crate::text;

/// Entities, and parents that are only named, by who stands below whom.
///
/// A node is an entity, by its place in [`Data::entities`], or behind them a parent that the data
/// only name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Parents that are only named, as first written, with when they were first named.
    named: Vec<(String, u32)>,
    /// How many entities there are.
    entities: usize,
    /// Entities, each behind the one that it belongs to.
    order: Vec<u32>,
    /// By node: the entities below it, as a part of `order`.
    below: Vec<Range<usize>>,
    /// By entity: the node above it.
    above: Vec<Option<u32>>,
}

impl Tree {
    /// The tree of the entities of some data.
    ///
    /// ```
    /// use chitieu::snapshot::{Data, Snapshot, Tree};
    /// let mut data = Data::new();
    /// for (id, parent) in [("xã A", "huyện B"), ("huyện B", "tỉnh C")] {
    ///     data.add_entity(&Snapshot { parent: Some(parent.to_owned()), ..Snapshot::new(id) });
    /// }
    /// let tree = Tree::of(&data);
    /// assert_eq!(tree.below(1), [0]);
    /// assert_eq!((tree.name(2), tree.below(2)), (Some("tỉnh C"), &[1, 0][..]));
    /// ```
    pub fn of(data: &Data) -> Self {
        let Parents { above, named } = data.parents();
        let (entities, nodes) = (data.entities.len(), data.entities.len() + named.len());
        let (starts, children) = children(&above, nodes);
        let own = |node: usize| {
            let range = starts.get(node).copied().zip(starts.get(node + 1).copied());
            range.and_then(|(from, to)| children.get(from..to)).unwrap_or_default()
        };
        let mut order = Vec::with_capacity(entities);
        let mut below = vec![0..0; nodes];
        let roots = (0..nodes).filter(|node| above.get(*node).is_none_or(Option::is_none));
        for root in roots {
            // Each node on the way down with how many of its children were visited.
            let mut way = vec![(root, 0_usize)];
            enter(root, entities, &mut order, &mut below);
            while let Some((node, visited)) = way.last_mut() {
                if let Some(child) = own(*node).get(*visited) {
                    *visited += 1;
                    way.push((*child as usize, 0));
                    enter(*child as usize, entities, &mut order, &mut below);
                } else {
                    if let Some(range) = below.get_mut(*node) {
                        range.end = order.len();
                    }
                    way.pop();
                }
            }
        }
        Self { named, entities, order, below, above }
    }

    /// The entities below a node, by their places, at any depth; a parent before its own.
    pub fn below(&self, node: u32) -> &[u32] {
        let range = self.below.get(node as usize).cloned();
        range.and_then(|range| self.order.get(range)).unwrap_or_default()
    }

    /// The node above an entity.
    pub fn above(&self, entity: u32) -> Option<u32> {
        self.above.get(entity as usize).copied().flatten()
    }

    /// How a parent that is only named is written; nothing for entities.
    pub fn name(&self, node: u32) -> Option<&str> {
        let place = (node as usize).checked_sub(self.entities)?;
        self.named.get(place).map(|(name, _)| name.as_str())
    }

    /// The first parent that is only named, and whose name is such a one.
    pub fn find(&self, is: impl Fn(&str) -> bool) -> Option<u32> {
        let place = self.named.iter().position(|(name, _)| is(name))?;
        u32::try_from(self.entities + place).ok()
    }

    /// When a node was first named, among all of them.
    pub fn first_named(&self, data: &Data, node: u32) -> u32 {
        let named = (node as usize).checked_sub(self.entities).and_then(|it| self.named.get(it));
        match (named, data.entities.get(node as usize)) {
            (Some((_, at)), _) => *at,
            (None, Some(entity)) => Data::first_named(entity),
            (None, None) => u32::MAX,
        }
    }
}

/// A node is reached: an entity takes its place in the order, and those below it follow.
fn enter(node: usize, entities: usize, order: &mut Vec<u32>, below: &mut [Range<usize>]) {
    if let Some(entity) = u32::try_from(node).ok().filter(|_| node < entities) {
        order.push(entity);
    }
    if let Some(range) = below.get_mut(node) {
        *range = order.len()..order.len();
    }
}

/// The children of all nodes, one node behind the other, and where those of each begin.
fn children(above: &[Option<u32>], nodes: usize) -> (Vec<usize>, Vec<u32>) {
    let mut starts = vec![0_usize; nodes + 1];
    for node in above.iter().flatten() {
        if let Some(count) = starts.get_mut(*node as usize + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut next = starts.clone();
    let mut children = vec![0_u32; above.iter().flatten().count()];
    for (child, node) in (0_u32..).zip(above) {
        let Some(place) = node.and_then(|node| next.get_mut(node as usize)) else { continue };
        if let Some(slot) = children.get_mut(*place) {
            *slot = child;
        }
        *place += 1;
    }
    (starts, children)
}

/// By entity the node above it; and the parents that are only named, as first written, with when
/// that was.
pub(super) struct Parents {
    pub(super) above: Vec<Option<u32>>,
    pub(super) named: Vec<(String, u32)>,
}

impl Data {
    /// The nodes above all entities: a parent is written by its id, else by the name that only one
    /// entity bears.
    pub(super) fn parents(&self) -> Parents {
        let (mut by_name, mut nodes) = (None, HashMap::new());
        let mut named: Vec<(String, u32)> = Vec::new();
        let mut above = Vec::with_capacity(self.entities.len());
        for entity in &self.entities {
            let Some(parent) = entity.parent.as_deref() else {
                above.push(None);
                continue;
            };
            let known = self.known(parent).or_else(|| {
                let known = by_name.get_or_insert_with(|| self.names_of_entities());
                known.get(&text::normal(parent)).copied().flatten()
            });
            above.push(known.or_else(|| {
                let (_, when) = entity.named;
                let place = *nodes.entry(parent).or_insert(named.len());
                match named.get_mut(place) {
                    Some((_, first)) => *first = (*first).min(when),
                    None => named.push((parent.to_owned(), when)),
                }
                u32::try_from(self.entities.len() + place).ok()
            }));
        }
        Parents { above, named }
    }

    /// Entities by the normal form of their names; nothing for a name that several bear.
    fn names_of_entities(&self) -> HashMap<String, Option<u32>> {
        let mut names = HashMap::new();
        for (place, entity) in (0_u32..).zip(&self.entities) {
            if let Some(name) = &entity.name {
                let one = names.entry(text::normal(name)).or_insert(Some(place));
                *one = one.filter(|known| *known == place);
            }
        }
        names
    }

    /// When an entity was first named itself.
    pub(super) const fn first_named(entity: &Entity) -> u32 {
        entity.named.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Snapshot;

    fn data(rows: &[(&str, &str, &str)]) -> Data {
        let mut data = Data::new();
        for (id, name, parent) in rows {
            let parent = (!parent.is_empty()).then(|| (*parent).to_owned());
            let name = (!name.is_empty()).then(|| (*name).to_owned());
            data.add_entity(&Snapshot { name, parent, ..Snapshot::new(*id) });
        }
        data
    }

    fn check(rows: &[(&str, &str, &str)], expected: &[(&str, &[&str])]) {
        let data = data(rows);
        let tree = Tree::of(&data);
        let id = |place: u32| data.entities[place as usize].id.as_str();
        let nodes = u32::try_from(tree.below.len()).unwrap();
        let found: Vec<(&str, Vec<&str>)> = (0..nodes)
            .map(|node| {
                let name = tree.name(node).unwrap_or_else(|| id(node));
                (name, tree.below(node).iter().map(|place| id(*place)).collect())
            })
            .filter(|(_, below): &(&str, Vec<&str>)| !below.is_empty())
            .collect();
        let expected: Vec<(&str, Vec<&str>)> =
            expected.iter().map(|(name, below)| (*name, below.to_vec())).collect();
        assert_eq!(found, expected, "{rows:?}");
    }

    #[test]
    fn entities_stand_below_their_parents() {
        check(&[("a", "", ""), ("b", "", "")], &[]);
        check(
            &[("c1", "", "b1"), ("b1", "", "a"), ("b2", "", "a"), ("c2", "", "b1")],
            &[("b1", &["c1", "c2"]), ("a", &["b1", "c1", "c2", "b2"])],
        );
        check(&[("x", "", "tỉnh  A"), ("a", "Tỉnh A", "")], &[("a", &["x"])]);
        check(&[("x", "", "xã A"), ("a", "xã A", ""), ("b", "xã A", "")], &[("xã A", &["x"])]);
        check(&[("a", "", "b"), ("b", "", "a"), ("c", "", "d")], &[("d", &["c"])]);
    }

    #[test]
    fn a_deep_tree_is_walked_without_a_stack() {
        let names: Vec<(String, String)> =
            (0..100_000).map(|i| (i.to_string(), (i + 1).to_string())).collect();
        let rows: Vec<(&str, &str, &str)> =
            names.iter().map(|(id, parent)| (id.as_str(), "", parent.as_str())).collect();
        let data = data(&rows);
        let tree = Tree::of(&data);
        assert_eq!(tree.below(100_000).len(), 100_000);
        assert_eq!(tree.below(1), [0]);
    }
}
