//! `chitieu eval`: verdicts for every snapshot.
//!
//! Enters: rules and data. Leaves: results, and on standard error what was read and what nobody
//! knows. The one idea: everything that may end the run with 2 happens before the first verdict,
//! so that no output is written then. Invariant: read = evaluated + rejected, always said.

mod intake;
mod judge;
mod notes;
mod plan;
mod rejects;
mod wide;
mod write;

use std::sync::Arc;

use chitieu::Rules;
use chitieu::diagnostic::Message;
use chitieu::reference::Reference;
use chitieu::report::{Counts, Input, Receipt, Summary};
use chitieu::score::{self, Scores};
use chitieu::snapshot::{Cases, Data, ParentError};

use crate::Status;
use crate::args::{Eval, Format};
use crate::console::{Console, Failure, failure};
use intake::Intake;
use judge::Job;
use plan::Plan;
use rejects::Rejects;
use wide::Columns;
use write::Results;

/// Runs the command.
pub(crate) fn run(args: &Eval, mut console: Console) -> Result<Status, Failure> {
    let plan = Plan::new(args)?;
    let (sources, imports) = chitieu_io::load_with(&args.rules, args.root.as_deref())?;
    let rules = Rules::load_with(sources, &imports).map_err(|(sources, found)| {
        console.diagnostics(&found, &sources);
        Failure::Shown
    })?;
    if let (None, Some(first)) = (args.words.lang, rules.model().programmes.first()) {
        console.lang = first.lang;
    }
    if !rules.warnings().is_empty() {
        console.diagnostics(rules.warnings(), rules.sources());
    }
    if rules.model().targets.is_empty() {
        return failure("luật không có chỉ tiêu nào", "the rules hold no target");
    }
    let (data, inputs) = read(args, &plan, &rules, console)?;
    let data = Arc::new(data);
    let cases = match plan.as_of {
        Some(day) => Cases::board(&data, day),
        None => Cases::each_snapshot(&data),
    };
    let mut receipt = Receipt::new(rules.sources().iter().map(|(_, source)| source.text()));
    receipt.inputs = inputs;
    if plan.scores && !score::is_scored(rules.model()) {
        return failure(
            "không chỉ tiêu nào có dòng `điểm:` nên không có điểm để cộng",
            "no target has a `points:` line, so that there is nothing to add up",
        );
    }
    let total = judge(&rules, &data, &cases, &plan, console, &receipt)?;
    let found = args.fail_on.iter().any(|verdict| total.of(*verdict) > 0);
    Ok(if found { Status::Found } else { Status::Clean })
}

/// Reads all data, says what was read, and ends the run where nothing can be judged.
fn read(
    args: &Eval,
    plan: &Plan,
    rules: &Rules,
    console: Console,
) -> Result<(Data, Vec<Input>), Failure> {
    let rejects = Rejects::new(args.rejects.as_deref(), console)?;
    let mut intake = Intake::new(rules.model(), plan.as_of, rejects);
    let files =
        chitieu_io::read(&args.data, plan.input, &mut |file, item| intake.take(file, item))?;
    let mut inputs = intake.inputs(files);
    let sum = |count: fn(&Input) -> u64| inputs.iter().map(count).fold(0, u64::saturating_add);
    let (read, rejected) = (sum(|input| input.read), sum(|input| input.rejected));
    let allowed = match (args.max_rejects, &args.rejects) {
        (Some(most), _) => rejected <= most,
        (None, file) => file.is_some() || rejected == 0,
    };
    let (evaluated, unreadable) =
        (read.saturating_sub(rejected), sum(|input| input.unreadable_cells));
    console.note(&account(read, rejected, evaluated, unreadable, allowed));
    intake.rejects.finish()?;
    if !allowed {
        return failure(
            format!("{rejected} bản ghi bị loại: không đánh giá, không ghi kết quả"),
            format!("{rejected} records are rejected: nothing is evaluated, no output is written"),
        );
    }
    if intake.data.snapshots.is_empty() {
        return failure(
            "số liệu không có bản ghi nào để đánh giá",
            "the data hold no record to evaluate",
        );
    }
    notes::unknown_indicators(rules.model(), intake.unknown(), console);
    if !intake.knows_any() {
        return failure(
            "không chỉ số nào của luật có trong số liệu",
            "no indicator of the rules stands in the data",
        );
    }
    let mut data = intake.data;
    if let Some(path) = &args.entities {
        let (entities, file) = chitieu_io::entities(path, plan.input.digest)?;
        for entity in &entities {
            data.add_entity(entity);
        }
        inputs.extend(intake::inputs(vec![file], &[]));
    }
    data.check_parents().map_err(|error| Failure::Said(no_tree(&error)))?;
    notes::absent_entities(rules.model(), &data, console);
    Ok((data, inputs))
}

/// Why the parents of entities make no tree.
fn no_tree(error: &ParentError) -> Message {
    let vi = match error {
        ParentError::Two { entity, first, second } => {
            format!("đơn vị `{entity}` thuộc hai đơn vị khác nhau: `{first}` và `{second}`")
        }
        ParentError::Circle(ids) => {
            format!("các đơn vị thuộc nhau thành vòng: {}", ids.join(" → "))
        }
    };
    Message::new(vi, error.to_string())
}

/// `đã đọc 120 = đánh giá 118 + loại 2; 3 ô không đọc được`.
fn account(read: u64, rejected: u64, rest: u64, unreadable: u64, allowed: bool) -> Message {
    let (vi, en) = if allowed { ("đánh giá", "evaluated") } else { ("hợp lệ", "sound") };
    Message::new(
        format!("đã đọc {read} = {vi} {rest} + loại {rejected}; {unreadable} ô không đọc được"),
        format!("read {read} = {en} {rest} + rejected {rejected}; {unreadable} unreadable cells"),
    )
}

/// Judges all cases and writes what was asked for; the counts of all verdicts.
fn judge(
    rules: &Rules,
    data: &Arc<Data>,
    cases: &Cases,
    plan: &Plan,
    console: Console,
    receipt: &Receipt,
) -> Result<Counts, Failure> {
    let model = rules.model();
    let options = chitieu::report::Options { lang: console.lang, exact: plan.exact };
    let reference = Reference::named(model, rules.names(), data);
    let columns = Columns::new(model);
    let codes = (plan.summary || plan.wide) && plan.as_of.is_none() && !plan.reference;
    let columnar = codes.then_some(rules);
    let adds = plan.scores || (plan.format == Format::Json && !plan.summary && !plan.wide);
    let scores = (adds && score::is_scored(model)).then(|| Scores::new(model));
    let (reference, columns, scores) = (&reference, &columns, scores.as_ref());
    let job = Job { model, reference, columnar, scores, data, cases, plan, columns, options };
    let mut summary = Summary::new(model);
    let mut results = Results::begin(plan, model, data, columns, console)?;
    job.run(&mut |chunk| {
        summary.merge(&chunk.summary);
        results.chunk(chunk)
    })?;
    results.finish(&summary, receipt, options)?;
    Ok(summary.total())
}
