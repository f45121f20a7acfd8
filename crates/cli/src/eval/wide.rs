//! Results with a row a case and a column a target, as text.
//!
//! Enters: the verdicts of cases. Leaves: rows of verdict codes behind `entity` and `as_of`. The
//! one idea: a column is named by the code of its target, where two programmes share a code by
//! both; and a cell has nine texts at most, which are made once. Invariant: every row has all
//! columns, in rule order.

use std::collections::HashMap;
use std::io::{self, Write};

use chitieu::calendar::Date;
use chitieu::check::model::{Model, Target};
use chitieu::{Verdict, Verdicts};

use super::plan::Plan;
use super::write::quoted;
use crate::args::Format;
use crate::console::{Failure, written};

/// The columns before those of the targets.
const FIRST: [&str; 2] = ["entity", "as_of"];

/// The texts of a cell: by the verdict, the last where there is none.
type Cells = [Box<[u8]>; Verdict::ALL.len() + 1];

/// The columns of the targets.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    cells: Vec<Cells>,
    is_csv: bool,
}

impl Columns {
    pub(super) fn new(model: &Model, plan: &Plan) -> Self {
        let mut uses: HashMap<&str, u32> = FIRST.into_iter().map(|name| (name, 1)).collect();
        for target in &model.targets {
            *uses.entry(&target.code).or_default() += 1;
        }
        let programme = |target: &Target| model.programme(target.programme).map(|it| &it.code);
        let name = |target: &Target| match (uses.get(target.code.as_str()), programme(target)) {
            (Some(2..), Some(programme)) => format!("{programme}/{}", target.code),
            _ => target.code.clone(),
        };
        let names: Vec<String> = model.targets.iter().map(name).collect();
        let is_csv = plan.format == Format::Csv;
        let is_text = plan.wide && plan.kind.is_none();
        let cells = names.iter().filter(|_| is_text).map(|name| cells(name, is_csv)).collect();
        Self { names, cells, is_csv }
    }

    /// The header of a table.
    pub(super) fn header(&self, out: &mut impl Write) -> io::Result<()> {
        let names = FIRST.into_iter().chain(self.names.iter().map(String::as_str));
        let names: Vec<String> = names.map(quoted).collect();
        write!(out, "{}\r\n", names.join(","))
    }

    /// One row.
    pub(super) fn line(
        &self,
        out: &mut Vec<u8>,
        entity: Option<&str>,
        as_of: &str,
        verdicts: impl Iterator<Item = Option<Verdict>>,
    ) -> Result<(), Failure> {
        self.head(out, entity, as_of).map_err(written)?;
        for (cells, verdict) in self.cells.iter().zip(verdicts) {
            let [.., none] = cells;
            let cell = verdict.and_then(|it| cells.get(it as usize)).unwrap_or(none);
            out.extend_from_slice(cell);
        }
        self.tail(out);
        Ok(())
    }

    /// Many rows; `keys` names each.
    pub(super) fn lines<'k>(
        &self,
        out: &mut Vec<u8>,
        keys: impl Iterator<Item = (Option<&'k str>, Date)>,
        verdicts: &Verdicts,
    ) -> Result<(), Failure> {
        let columns = self.cells.iter().zip(0..).map(|(cells, id)| (cells, verdicts.codes(id)));
        let columns: Vec<(&Cells, &[u8])> = columns.collect();
        let mut last: Option<(Date, String)> = None;
        for ((entity, as_of), row) in keys.zip(0..verdicts.rows()) {
            let day = match last.take() {
                Some((day, text)) if day == as_of => text,
                _ => as_of.to_string(),
            };
            self.head(out, entity, &day).map_err(written)?;
            for (cells, codes) in &columns {
                let [.., none] = cells;
                let cell = codes.get(row).and_then(|code| cells.get(usize::from(*code)));
                out.extend_from_slice(cell.unwrap_or(none));
            }
            self.tail(out);
            last = Some((as_of, day));
        }
        Ok(())
    }

    fn head(&self, mut out: &mut Vec<u8>, entity: Option<&str>, as_of: &str) -> io::Result<()> {
        if self.is_csv {
            return write!(out, "{},{as_of}", quoted(entity.unwrap_or_default()));
        }
        out.extend_from_slice(b"{\"entity\":");
        serde_json::to_writer(&mut out, &entity)?;
        write!(out, ",\"as_of\":\"{as_of}\"")
    }

    fn tail(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if self.is_csv { b"\r\n" } else { b"}\n" });
    }
}

/// The texts of the cells of a column, each with the sign before it.
fn cells(name: &str, is_csv: bool) -> Cells {
    let code = |place: usize| Verdict::ALL.get(place).map(|verdict| verdict.code());
    std::array::from_fn(|place| {
        let text = match code(place) {
            code if is_csv => format!(",{}", code.unwrap_or_default()),
            Some(code) => format!(",{}:\"{code}\"", serde_json::Value::from(name)),
            None => format!(",{}:null", serde_json::Value::from(name)),
        };
        text.into_bytes().into_boxed_slice()
    })
}
