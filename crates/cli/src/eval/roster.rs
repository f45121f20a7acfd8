//! What rules ask of entities beside figures, and the table that says it.
//!
//! Enters: rules, the table of entities, records. Leaves: the attributes that are asked, and
//! whether each record can be judged at once. The one idea: what another record says of an entity
//! holds only where a record says nothing itself; so where all records give an attribute, or none
//! does, none has to wait for another. Invariant: where some do and some do not, all are gathered.

use std::collections::HashMap;

use chitieu::Snapshot;
use chitieu::check::model::{AttributeCondition, ScopeItem};
use chitieu::program::Program;
use chitieu::snapshot::{Data, composed_id};

use crate::args::Eval;
use crate::console::Failure;

/// More attributes than a word has bits are not watched.
const MOST: usize = 64;

/// The attributes that steps ask, by the normal form of their names; nothing where they ask for
/// names of entities, which any record may give.
pub(super) fn asked(program: &Program) -> Option<Vec<String>> {
    let mut keys = Vec::new();
    for item in program.scopes.iter().flatten() {
        let ScopeItem::Type { filter, .. } = item else { return None };
        keys.push("cấp".to_owned());
        if let Some(filter) = filter {
            add(filter, &mut keys);
        }
    }
    for asked in &program.attributes {
        add(asked, &mut keys);
    }
    keys.sort_unstable();
    keys.dedup();
    let is_name = keys.iter().any(|key| key == "tên");
    (!is_name && keys.len() <= MOST).then_some(keys)
}

fn add(condition: &AttributeCondition, keys: &mut Vec<String>) {
    match condition {
        AttributeCondition::Is { attribute, .. } => keys.push(attribute.clone()),
        AttributeCondition::All(parts) | AttributeCondition::Any(parts) => {
            for part in parts {
                add(part, keys);
            }
        }
    }
}

/// What is known of entities while records are judged as they come.
#[derive(Debug, Default)]
pub(super) struct Roster {
    keys: Vec<String>,
    /// The rows of the table by entity.
    pub(super) listed: HashMap<String, Vec<Snapshot>>,
    /// The table.
    pub(super) file: Option<chitieu_io::Input>,
}

/// Which attributes some record gave, and which some record did not, a bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Given {
    given: u64,
    lacking: u64,
}

impl Given {
    /// Adds what other records gave. Whether what one record gave may hold for another.
    pub(super) fn mixes(&mut self, other: Self) -> bool {
        self.given |= other.given;
        self.lacking |= other.lacking;
        self.given & self.lacking != 0
    }
}

impl Roster {
    /// Reads the table, where there is one.
    pub(super) fn read(args: &Eval, program: &Program, digest: bool) -> Result<Self, Failure> {
        let keys = asked(program).unwrap_or_default();
        let Some(path) = &args.data.entities else { return Ok(Self { keys, ..Self::default() }) };
        let (rows, file) = chitieu_io::entities(path, digest)?;
        let mut listed: HashMap<String, Vec<Snapshot>> = HashMap::new();
        for row in rows {
            listed.entry(composed_id(&row.entity).into_owned()).or_default().push(row);
        }
        Ok(Self { keys, listed, file: Some(file) })
    }

    /// What the records of some data give.
    pub(super) fn given(&self, data: &Data) -> Given {
        let mut found = Given::default();
        for snapshot in &data.snapshots {
            for (key, bit) in self.keys.iter().zip(0..) {
                let gives = snapshot.attributes.iter().any(|it| it.key == *key);
                let bits = if gives { &mut found.given } else { &mut found.lacking };
                *bits |= 1 << bit;
            }
        }
        found
    }

    /// Adds the table to who stands above whom.
    pub(super) fn add_to(&self, tree: &mut Data) {
        let mut rows: Vec<&Snapshot> = self.listed.values().flatten().collect();
        rows.sort_by(|a, b| a.entity.cmp(&b.entity));
        for row in rows {
            tree.add_entity(row);
        }
    }
}
