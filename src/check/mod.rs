//! Checking: trees to one model, with every problem found in one run.
//!
//! Enters: the trees of all files. Leaves: a [`model::Model`] of what could be understood and all
//! diagnostics. The one idea: conditions are read first, units agreed afterwards, because an
//! indicator has the unit that its own thresholds are written in.
//! Invariant: a target with an error is not in the model, and hides no other.

mod as_of;
mod assemble;
mod change;
mod cite;
mod condition;
mod cycles;
mod declare;
mod expression;
mod first;
mod given;
mod growth;
mod join;
mod lint;
mod make;
mod milestones;
mod misuse;
pub mod model;
mod moment;
mod name;
mod of_units;
mod points;
mod population;
mod quantity;
mod range;
mod reader;
mod relation;
mod resolve;
mod scope;
mod score;
mod settings;
mod share;
mod slips;
mod symbols;
mod tail;
mod title;
mod trial;
mod truth;
mod unit_functions;
mod units;
mod unsaid;
mod words;

use crate::diagnostic::Diagnostics;
use crate::source::{Source, SourceId, Sources};
use crate::syntax::Tree;
use assemble::{File, Imported};
use model::{Model, ProgrammeId};

/// A file that was read, with the files that it imports, nearest first.
#[derive(Debug, Clone)]
pub struct ReadFile {
    /// Its text.
    pub id: SourceId,
    /// Its tree.
    pub tree: Tree,
    /// All files that it imports, directly or through others, each once.
    pub imports: Vec<SourceId>,
    /// Some file that it imports could not be read: what it names may be declared there.
    pub incomplete: bool,
    /// The user named it; it is not here only because another imports it.
    pub asked_for: bool,
}

/// Checks files together. Targets that have errors are left out of the model.
pub fn check(sources: &Sources, files: &[ReadFile]) -> (Model, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut model = Model::default();
    let by_id = |id: &SourceId| {
        let file = files.iter().find(|file| file.id == *id)?;
        Some(Imported { source: sources.get(*id)?, tree: &file.tree })
    };
    let mut programmes: Vec<(File<'_>, Vec<(&Source, &Tree)>)> = Vec::new();
    for file in files {
        let Some(source) = sources.get(file.id) else { continue };
        let imports: Vec<Imported<'_>> = file.imports.iter().filter_map(by_id).collect();
        if !file.asked_for {
            assemble::catalogue(source, &file.tree, &imports, &mut found);
            continue;
        }
        let id = ProgrammeId(u32::try_from(programmes.len()).unwrap_or(u32::MAX));
        let Some(mut read) = File::read(source, &file.tree, &imports, id, &mut found) else {
            continue;
        };
        read.incomplete = file.incomplete;
        let same = programmes.iter_mut().find(|(it, _)| it.programme.code == read.programme.code);
        match same {
            None => programmes.push((read, vec![(source, &file.tree)])),
            Some((first, texts)) => {
                first.absorb(read, &mut found);
                texts.push((source, &file.tree));
            }
        }
    }
    let mut cited = Vec::new();
    for (file, texts) in programmes {
        file.close(&texts, &mut model, &mut cited, &mut found);
    }
    cite::resolve(cited, &mut model, &mut found);
    (model, found)
}
