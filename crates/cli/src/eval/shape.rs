//! How results are laid out, the same for all threads of a run.
//!
//! Enters: judgements and verdicts, on the thread that made them. Leaves: a [`Chunk`]: lines of
//! text, columns of a table, or judgements. The one idea: whatever can be rendered without its
//! neighbours is rendered at once, so that the one who writes only joins chunks.

use chitieu::calendar::Date;
use chitieu::check::model::Model;
use chitieu::diff::Row;
use chitieu::reference::Reference;
use chitieu::report::{Lines, Options, Record, Summary, csv, ndjson};
use chitieu::score::Total;
use chitieu::snapshot::Case;
use chitieu::{Judgement, Judging, Records, Rules, Verdict, Verdicts};
use chitieu_arrow::write::{Layout, Rows, Sheet};

use super::plan::Plan;
use super::wide::Columns;
use crate::args::Format;
use crate::console::{Failure, written};

/// The layout of results.
pub(super) struct Shape<'a> {
    plan: &'a Plan,
    model: &'a Model,
    pub(super) options: Options,
    pub(super) columns: Columns,
    /// The columns of records, where they become a table of columns.
    pub(super) layout: Option<Layout>,
}

/// What a thread makes records of cases by.
pub(super) enum By<'r> {
    /// Lines, where neither judgements nor other forms are asked for.
    Lines(Records<'r>),
    /// Judgements.
    Judging(Judging<'r>),
    /// Judgements of the reference evaluator alone.
    Reference,
}

/// The results of a run of cases.
pub(super) struct Chunk {
    /// Records as lines; for tables none.
    pub(super) bytes: Vec<u8>,
    /// Rows of a wide table of columns.
    pub(super) sheet: Option<Sheet>,
    /// Records of a table of columns.
    pub(super) records: Option<Rows>,
    /// The judgements; for tables that people read only.
    pub(super) judgements: Vec<Judgement>,
    /// Totals of points, where they are asked for; not ranked.
    pub(super) totals: Vec<Total>,
    /// The counts of all verdicts, also of those that are not written.
    pub(super) summary: Summary,
    /// All verdicts, where they are compared with others.
    pub(super) rows: Vec<Row>,
}

impl<'a> Shape<'a> {
    pub(super) fn new(plan: &'a Plan, model: &'a Model, options: Options) -> Self {
        let holds_records = plan.kind.is_some() && !plan.wide;
        let layout = holds_records.then(|| Layout::new(model, &plan.fields));
        Self { plan, model, options, columns: Columns::new(model, plan), layout }
    }

    /// A chunk without results.
    pub(super) fn chunk(&self) -> Chunk {
        let is_sheet = self.plan.kind.is_some() && self.plan.wide;
        Chunk {
            bytes: Vec::new(),
            sheet: is_sheet.then(|| Sheet::new(self.model.targets.len())),
            records: self.layout.as_ref().map(Layout::rows),
            judgements: Vec::new(),
            totals: Vec::new(),
            summary: Summary::new(self.model),
            rows: Vec::new(),
        }
    }

    /// What records are made by; `alone` says that nothing else is asked of judgements.
    pub(super) fn by<'r>(&self, rules: &'r Rules, alone: bool) -> By<'r> {
        let lines = match self.plan.format {
            Format::Ndjson | Format::Json => Some(Lines::Ndjson),
            Format::Csv => Some(Lines::Csv),
            _ => None,
        };
        let alone = alone && !(self.plan.wide || self.plan.summary);
        match lines.filter(|_| alone) {
            _ if self.plan.reference => By::Reference,
            Some(lines) => By::Lines(rules.records(lines, self.plan.fields.clone(), self.options)),
            None => By::Judging(rules.judging()),
        }
    }

    /// Adds the records of a case that are wanted.
    pub(super) fn records(
        &self,
        chunk: &mut Chunk,
        records: &mut Records<'_>,
        reference: &Reference<'_>,
        case: &Case<'_>,
    ) -> Result<(), Failure> {
        let Chunk { bytes, summary, .. } = chunk;
        let mut wanted = |target, verdict| {
            summary.add(target, verdict);
            self.plan.wants(verdict)
        };
        records.write(reference, case, &mut wanted, bytes).map_err(written)
    }

    /// Adds a judgement as a record, if it is wanted.
    pub(super) fn record(&self, chunk: &mut Chunk, judgement: Judgement) -> Result<(), Failure> {
        if !self.plan.wants(judgement.verdict) {
            return Ok(());
        }
        if self.plan.format == Format::Table {
            chunk.judgements.push(judgement);
            return Ok(());
        }
        let record = Record::new(self.model, &judgement, self.options);
        match (&mut chunk.records, self.plan.format) {
            (Some(records), _) => records.push(&record),
            (None, Format::Csv) => csv::write_record(&mut chunk.bytes, &record, &self.plan.fields),
            _ => ndjson::write_record(&mut chunk.bytes, &record, &self.plan.fields),
        }
        .map_err(written)
    }

    /// Adds the verdicts of one case by target, if a row holds all of a case. With `--only` other
    /// verdicts are empty, and a row of none is left out. Without an entity the case is the whole
    /// of all; targets that it is not judged by have no verdict.
    pub(super) fn row(
        &self,
        chunk: &mut Chunk,
        entity: Option<&str>,
        as_of: Date,
        verdicts: impl Iterator<Item = Option<Verdict>> + Clone,
    ) -> Result<(), Failure> {
        let only = &self.plan.only;
        let wanted =
            verdicts.map(|it| it.filter(|verdict| only.is_empty() || only.contains(verdict)));
        if wanted.clone().all(|verdict| verdict.is_none()) {
            return Ok(());
        }
        match &mut chunk.sheet {
            Some(sheet) => {
                sheet.push(entity, as_of, wanted);
                Ok(())
            }
            None => self.columns.line(&mut chunk.bytes, entity, &as_of.to_string(), wanted),
        }
    }

    /// Adds the verdicts of many cases, as [`Shape::row`] does; `keys` names each.
    pub(super) fn rows<'k>(
        &self,
        chunk: &mut Chunk,
        keys: impl Iterator<Item = (Option<&'k str>, Date)>,
        verdicts: &Verdicts,
    ) -> Result<(), Failure> {
        let targets = 0..verdicts.targets();
        if !self.plan.only.is_empty() || verdicts.targets() == 0 {
            for ((entity, as_of), row) in keys.zip(0..verdicts.rows()) {
                let of_row = targets.clone().map(|target| verdicts.verdict(row, target));
                self.row(chunk, entity, as_of, of_row)?;
            }
            return Ok(());
        }
        match &mut chunk.sheet {
            Some(sheet) => sheet.extend(keys, verdicts),
            None => self.columns.lines(&mut chunk.bytes, keys, verdicts)?,
        }
        Ok(())
    }
}
