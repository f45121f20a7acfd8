//! Results in the form asked for, to a file or to standard output.
//!
//! Enters: chunks in order, at the end counts and the receipt. Leaves: bytes. The one idea: what
//! can be written as it comes is; a table, whose columns depend on all rows, waits.

use std::collections::HashMap;
use std::io::{self, BufWriter, Stdout, Write};

use chitieu::check::model::Model;
use chitieu::report::{Options, Receipt, ScoreRecord, Summary, csv, json, ndjson, scores, table};
use chitieu::score::{self, Total};
use chitieu::snapshot::Data;
use chitieu::{Judgement, Verdict};
use chitieu_arrow::write::{Kind, Records, Wide};
use chitieu_io::{IoError, Output, Spool};

use super::plan::Plan;
use super::shape::{Chunk, Shape};
use crate::args::{Format, When};
use crate::console::{self, Console, Failure, lines, results, wants_color};

/// The width of a table where nobody knows a better one.
const WIDTH: usize = 120;

/// Results being written.
pub(super) struct Results<'a> {
    plan: &'a Plan,
    model: &'a Model,
    data: &'a Data,
    console: Console,
    form: Form,
    /// Standard output waits for the end.
    waits: bool,
    totals: Vec<Total>,
}

/// What is held until the end.
enum Form {
    Lines(Sink),
    Document(json::Document<Sink>),
    Table(Sink, Vec<Judgement>),
    Wide(Box<Wide<Sink>>),
    Records(Box<Records<Sink>>),
}

enum Sink {
    Standard(BufWriter<Stdout>),
    /// Standard output, once all input is accepted.
    Later(Spool),
    File(Box<Output>),
}

impl<'a> Results<'a> {
    /// Begins; with `waits` nothing is shown before the end.
    pub(super) fn begin(
        plan: &'a Plan,
        model: &'a Model,
        data: &'a Data,
        shape: &Shape<'_>,
        console: Console,
        waits: bool,
    ) -> Result<Self, Failure> {
        let written = failure_of(plan, waits);
        let mut sink = match &plan.output {
            Some(path) => Sink::File(Box::new(Output::create(path)?)),
            None if waits => Sink::Later(Spool::default()),
            None => Sink::Standard(results()),
        };
        let form = match plan.format {
            Format::Parquet | Format::Arrow => columns(plan, shape, sink).map_err(written)?,
            Format::Json => Form::Document(json::Document::begin(sink).map_err(written)?),
            Format::Csv => {
                if plan.wide {
                    shape.columns.header(&mut sink).map_err(written)?;
                } else if plan.scores {
                    scores::write_header(&mut sink).map_err(written)?;
                } else if !plan.summary {
                    csv::write_header(&mut sink, &plan.fields).map_err(written)?;
                }
                Form::Lines(sink)
            }
            Format::Table => Form::Table(sink, Vec::new()),
            _ => Form::Lines(sink),
        };
        Ok(Self { plan, model, data, console, form, waits, totals: Vec::new() })
    }

    pub(super) fn chunk(&mut self, chunk: Chunk) -> Result<(), Failure> {
        self.totals.extend(chunk.totals);
        let written = failure_of(self.plan, self.waits);
        match &mut self.form {
            Form::Lines(sink) => sink.write_all(&chunk.bytes).map_err(written),
            Form::Document(document) => document.lines(&chunk.bytes).map_err(written),
            Form::Wide(wide) => chunk.sheet.map_or(Ok(()), |it| wide.take(it)).map_err(written),
            Form::Records(table) => {
                chunk.records.map_or(Ok(()), |it| table.take(it)).map_err(written)
            }
            Form::Table(_, judgements) => {
                judgements.extend(chunk.judgements);
                Ok(())
            }
        }
    }

    /// Ends the results. `told` stands below a table; beside other forms it is said on standard
    /// error, once they are in their place.
    pub(super) fn finish(
        mut self,
        summary: &Summary,
        receipt: &Receipt,
        told: &str,
        options: Options,
    ) -> Result<(), Failure> {
        let style = self.style();
        let written = failure_of(self.plan, self.waits);
        score::rank(&mut self.totals);
        let scores: Vec<ScoreRecord<'_>> =
            self.totals.iter().map(|total| ScoreRecord::new(self.model, total, options)).collect();
        let is_table = matches!(self.form, Form::Table(..));
        let sink = match self.form {
            Form::Document(document) => {
                document.finish_with(summary, &scores, receipt).map_err(written)?
            }
            Form::Wide(wide) => wide.finish().map_err(written)?,
            Form::Records(records) => records.finish().map_err(written)?,
            Form::Lines(mut sink) if self.plan.scores => {
                for score in &scores {
                    match self.plan.format {
                        Format::Csv => scores::write_csv(&mut sink, score),
                        _ => ndjson::write_score(&mut sink, score),
                    }
                    .map_err(written)?;
                }
                sink
            }
            Form::Lines(mut sink) => {
                match (self.plan.summary, self.plan.format) {
                    (false, _) => Ok(()),
                    (true, Format::Csv) => write_counts(&mut sink, summary),
                    (true, _) => ndjson::write_summary(&mut sink, summary, receipt),
                }
                .map_err(written)?;
                sink
            }
            Form::Table(mut sink, judgements) => {
                let table = Table { model: self.model, data: self.data, style };
                let done = if self.plan.scores {
                    table.scores(&mut sink, &self.totals)
                } else if self.plan.summary {
                    table.counts(&mut sink, summary, receipt)
                } else {
                    table.rows(&mut sink, &judgements, summary)
                };
                done.map_err(written)?;
                if !told.is_empty() {
                    write!(sink, "\n{told}").map_err(written)?;
                }
                sink
            }
        };
        sink.finish()?;
        if !is_table {
            lines(told);
        }
        Ok(())
    }

    fn style(&self) -> table::Style {
        let color = match self.plan.output {
            Some(_) => self.plan.color == When::Always,
            None => wants_color(self.plan.color, &io::stdout()),
        };
        table::Style { color, width: self.width(), lang: self.console.lang }
    }

    fn width(&self) -> usize {
        let asked = || std::env::var("COLUMNS").ok()?.parse().ok();
        let seen = || {
            let size = terminal_size::terminal_size_of(io::stdout());
            size.map(|(width, _)| usize::from(width.0))
        };
        let width = if self.plan.output.is_some() { None } else { asked().or_else(seen) };
        width.unwrap_or(WIDTH)
    }
}

/// Begins a table of columns.
fn columns(plan: &Plan, shape: &Shape<'_>, sink: Sink) -> io::Result<Form> {
    let kind = plan.kind.unwrap_or(Kind::Parquet);
    match &shape.layout {
        Some(layout) => {
            Records::begin(sink, kind, layout, plan.threads).map(|it| Form::Records(Box::new(it)))
        }
        None => Wide::begin(sink, kind, &shape.columns.names).map(|it| Form::Wide(Box::new(it))),
    }
}

/// What is said where results cannot be written; what waits for the end does so in the folder for
/// temporary files.
fn failure_of(plan: &Plan, waits: bool) -> impl Fn(io::Error) -> Failure + Copy {
    move |source| {
        let waiting = || waits.then(std::env::temp_dir);
        match plan.output.clone().or_else(waiting) {
            Some(path) if source.kind() != io::ErrorKind::BrokenPipe => {
                IoError::Write { name: path.to_string_lossy().into_owned(), source }.into()
            }
            _ => console::written(source),
        }
    }
}

/// A table and the line below it.
struct Table<'a> {
    model: &'a Model,
    data: &'a Data,
    style: table::Style,
}

impl Table<'_> {
    fn names(&self) -> HashMap<&str, &str> {
        let entities = self.data.entities.iter();
        entities.filter_map(|one| Some((one.id.as_str(), one.name.as_deref()?))).collect()
    }

    fn scores(&self, out: &mut Sink, totals: &[Total]) -> io::Result<()> {
        table::write_scores(out, self.model, totals, &self.names(), self.style)
    }

    fn rows(&self, out: &mut Sink, judgements: &[Judgement], summary: &Summary) -> io::Result<()> {
        table::write(&mut *out, self.model, judgements, &self.names(), self.style)?;
        if !judgements.is_empty() {
            writeln!(out)?;
        }
        writeln!(out, "{}", table::summary_line(summary, self.style))
    }

    fn counts(&self, out: &mut Sink, summary: &Summary, receipt: &Receipt) -> io::Result<()> {
        table::write_counts(&mut *out, summary, self.style)?;
        writeln!(out, "\n{}", table::summary_line(summary, self.style))?;
        serde_json::to_writer(&mut *out, &receipt.line())?;
        writeln!(out)
    }
}

/// The counts as CSV, a row a target; a receipt is no row and is left out.
fn write_counts(out: &mut Sink, summary: &Summary) -> io::Result<()> {
    let codes: Vec<&str> = Verdict::ALL.iter().map(|verdict| verdict.code()).collect();
    write!(out, "programme,target,{}\r\n", codes.join(","))?;
    for row in summary.rows() {
        write!(out, "{},{}", quoted(&row.programme), quoted(&row.target))?;
        for verdict in Verdict::ALL {
            write!(out, ",{}", row.counts.of(verdict))?;
        }
        write!(out, "\r\n")?;
    }
    Ok(())
}

pub(super) fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

impl Sink {
    /// Puts everything in its place.
    fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Standard(mut out) => out.flush().map_err(console::written),
            Self::Later(spool) => {
                let mut out = results();
                spool.pour(&mut out).and_then(|()| out.flush()).map_err(console::written)
            }
            Self::File(output) => Ok(output.finish()?),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::Later(spool) => spool.write(bytes),
            Self::File(output) => output.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::Later(spool) => spool.flush(),
            Self::File(output) => output.flush(),
        }
    }
}
