//! Results with a row a case and a column a target.
//!
//! Enters: the verdicts of one case. Leaves: a row of verdict codes behind `entity` and `as_of`.
//! The one idea: a column is named by the code of its target; where two programmes share a code,
//! by both. Invariant: every row has all columns, in rule order.

use std::collections::HashMap;
use std::io::{self, Write};

use chitieu::Verdict;
use chitieu::calendar::Date;
use chitieu::check::model::{Model, Target};
use serde::ser::{SerializeMap, Serializer};

use super::plan::Plan;
use super::write::quoted;
use crate::args::Format;
use crate::console::{Failure, written};

/// The columns before those of the targets.
const FIRST: [&str; 2] = ["entity", "as_of"];

/// The names of the targets' columns.
#[derive(Debug)]
pub(super) struct Columns(Vec<String>);

impl Columns {
    pub(super) fn new(model: &Model) -> Self {
        let mut uses: HashMap<&str, u32> = FIRST.into_iter().map(|name| (name, 1)).collect();
        for target in &model.targets {
            *uses.entry(&target.code).or_default() += 1;
        }
        let programme = |target: &Target| model.programme(target.programme).map(|it| &it.code);
        let name = |target: &Target| match (uses.get(target.code.as_str()), programme(target)) {
            (Some(2..), Some(programme)) => format!("{programme}/{}", target.code),
            _ => target.code.clone(),
        };
        Self(model.targets.iter().map(name).collect())
    }

    /// The header of a table.
    pub(super) fn header(&self, out: &mut impl Write) -> Result<(), Failure> {
        let names = FIRST.into_iter().chain(self.0.iter().map(String::as_str));
        line(out, names).map_err(written)
    }

    /// One row; with `--only` other verdicts are empty, and a row of none is left out. Without an
    /// entity it is the whole of all; targets that it is not judged by have no verdict.
    pub(super) fn row(
        &self,
        out: &mut Vec<u8>,
        entity: Option<&str>,
        as_of: Date,
        verdicts: impl Iterator<Item = Option<Verdict>>,
        plan: &Plan,
    ) -> Result<(), Failure> {
        let is_wanted = |verdict: &Verdict| plan.only.is_empty() || plan.only.contains(verdict);
        let code = |verdict: Option<Verdict>| verdict.filter(is_wanted).map(Verdict::code);
        let codes: Vec<Option<&str>> = verdicts.map(code).collect();
        if codes.iter().all(Option::is_none) {
            return Ok(());
        }
        let as_of = as_of.to_string();
        if plan.format == Format::Csv {
            let codes = codes.into_iter().map(Option::unwrap_or_default);
            let first = [entity.unwrap_or_default(), as_of.as_str()];
            return line(out, first.into_iter().chain(codes)).map_err(written);
        }
        self.object(out, entity, &as_of, &codes).map_err(written)
    }

    fn object(
        &self,
        mut out: &mut Vec<u8>,
        entity: Option<&str>,
        as_of: &str,
        codes: &[Option<&str>],
    ) -> io::Result<()> {
        let mut json = serde_json::Serializer::new(&mut out);
        let mut map = json.serialize_map(None)?;
        map.serialize_entry("entity", &entity)?;
        map.serialize_entry("as_of", as_of)?;
        for (name, code) in self.0.iter().zip(codes) {
            map.serialize_entry(name, code)?;
        }
        map.end()?;
        out.write_all(b"\n")
    }
}

fn line<'c>(out: &mut impl Write, cells: impl Iterator<Item = &'c str>) -> io::Result<()> {
    for (cell, place) in cells.zip(0..) {
        if place > 0 {
            out.write_all(b",")?;
        }
        out.write_all(quoted(cell).as_bytes())?;
    }
    out.write_all(b"\r\n")
}
