//! `chitieu eval`: verdicts for every snapshot.
//!
//! Enters: rules and data. Leaves: results, and on standard error what was read and what nobody
//! knows. The one idea: everything that may end the run with 2 happens before the first verdict,
//! so that no output is written then. Invariant: read = evaluated + rejected, always said.

mod against;
mod checkpoint;
mod intake;
mod judge;
mod memory;
mod notes;
mod order;
mod plan;
mod progress;
mod rejects;
mod roster;
mod seen;
mod shape;
mod stream;
mod taking;
mod wide;
mod write;

use std::sync::Arc;

use chitieu::check::model::Model;
use chitieu::diagnostic::Message;
use chitieu::reference::Reference;
use chitieu::report::{Counts, Input, Receipt, Summary};
use chitieu::score::{self, Scores};
use chitieu::snapshot::{Batch, Data};
use chitieu::{Rules, Whole};

use crate::Status;
use crate::args::{Eval, Format};
use crate::console::{Console, Failure, failure};
use crate::{interrupt, load};
use against::Against;
use intake::{Gathered, Intake};
use judge::Job;
use memory::Bound;
use plan::Plan;
use progress::Progress;
use rejects::Rejects;
use shape::Shape;
use stream::Done;
use write::Results;

/// Runs the command.
pub(crate) fn run(args: &Eval, mut console: Console) -> Result<Status, Failure> {
    let plan = Plan::new(args)?;
    let against = args.against.as_deref().map(Against::read).transpose()?;
    let (sources, imports) = chitieu_io::load_with(&args.rules.paths, args.rules.root.as_deref())?;
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
    let rules = load::known(rules, args.rules_as_of.as_deref())?;
    if plan.scores && !score::is_scored(rules.model()) {
        return failure(
            "không chỉ tiêu nào có dòng `điểm:` nên không có điểm để cộng",
            "no target has a `points:` line, so that there is nothing to add up",
        );
    }
    interrupt::watch(console, advice(args), progress::clear);
    let done = match stream::way(args, &plan, &rules)? {
        Some(way) => stream::run(args, &plan, &rules, console, way)?,
        None => Done::Repeats(Rejects::new(args.rejects.as_deref(), console)?, None),
    };
    let total = match done {
        Done::Judged(summary) => summary.total(),
        Done::Repeats(rejects, way) => {
            let bound = Bound::new(plan.most_memory, memory::advice(args, &plan, &rules, way));
            gathered(args, &plan, &rules, against, console, (rejects.again(), &bound))?
        }
    };
    let found = args.fail_on.iter().any(|verdict| total.of(*verdict) > 0);
    Ok(if found { Status::Found } else { Status::Clean })
}

/// How a run that was stopped may go on.
fn advice(args: &Eval) -> Message {
    if let Some(folder) = &args.checkpoint {
        let folder = folder.to_string_lossy();
        return Message::new(
            format!("gõ lại đúng lệnh này để chạy tiếp từ điểm dừng trong `{folder}`"),
            format!("type the same command again to go on from `{folder}`"),
        );
    }
    Message::new(
        "lần sau thêm `--checkpoint THƯ MỤC` (cùng `--complete-records`) để chạy tiếp được từ chỗ \
         dừng",
        "next time add `--checkpoint DIR` (with `--complete-records`) to go on where it stopped",
    )
}

/// Whether totals of points are written: they are ranked once all are known.
fn adds_points(plan: &Plan, model: &Model) -> bool {
    let adds = plan.scores || (plan.format == Format::Json && !plan.summary && !plan.wide);
    adds && score::is_scored(model)
}

/// Reads all records before the first is judged; the counts of all verdicts.
fn gathered(
    args: &Eval,
    plan: &Plan,
    rules: &Rules,
    against: Option<Against>,
    console: Console,
    taking: (Rejects, &Bound),
) -> Result<Counts, Failure> {
    let (gathered, inputs) = read(args, plan, rules, console, taking)?;
    let mut receipt = receipt(rules);
    receipt.inputs = inputs;
    let (model, names) = (rules.model(), rules.names());
    // What is asked of many snapshots is found at once for all of them.
    match gathered {
        Gathered::Records(data) => {
            let data = Arc::new(*data);
            let reference = Reference::named(model, names, &data);
            let makes_columns = intake::makes_columns(plan, rules);
            let batch = makes_columns.then(|| Batch::marked(model, names, &data));
            let whole = batch.and_then(|batch| rules.prepare(&reference, &batch));
            judge(rules, (&data, &reference, whole), plan, against, console, &receipt)
        }
        Gathered::Figures(batch) => {
            let batch = batch.finish_recorded();
            let reference = Reference::over(model, names, &batch);
            let whole = rules.prepare(&reference, &batch);
            judge(rules, (batch.shared(), &reference, whole), plan, against, console, &receipt)
        }
    }
}

/// A receipt for rules, without inputs.
fn receipt(rules: &Rules) -> Receipt {
    Receipt::new(rules.sources().iter().map(|(_, source)| source.text()))
}

/// What was read, whichever way.
#[derive(Debug, Default)]
struct Taken {
    inputs: Vec<Input>,
    /// Names that no rule knows, in their order.
    unknown: Vec<String>,
    /// Some name is an indicator of the rules.
    knows_any: bool,
    /// There is a snapshot.
    has_records: bool,
}

/// Reads all data, says what was read, and ends the run where nothing can be judged.
fn read(
    args: &Eval,
    plan: &Plan,
    rules: &Rules,
    console: Console,
    (rejects, bound): (Rejects, &Bound),
) -> Result<(Gathered, Vec<Input>), Failure> {
    let figures = intake::needs_figures_alone(args, plan, rules);
    let take = |into: Gathered, rejects: Rejects| {
        let pieces = chitieu_io::Pieces::open(&args.data.paths, plan.input)?;
        let progress = Progress::begin(args.progress, stream::size(&pieces), console);
        let mut intake = Intake::new(plan, &progress, bound, into, rejects);
        intake.read(pieces, rules)?;
        progress.end();
        let taken = intake.taken();
        Ok::<_, Failure>((intake.into, taken, intake.rejects, intake.gives_up))
    };
    let into = if figures { Gathered::figures(rules) } else { Gathered::default() };
    let (mut gathered, mut taken, mut rejects, gives_up) = take(into, rejects)?;
    if gives_up {
        (gathered, taken, rejects, _) = take(Gathered::default(), rejects.again())?;
    }
    settle(args, rules, console, &taken, &mut rejects)?;
    let mut inputs = taken.inputs;
    if let (Some(path), Gathered::Records(data)) = (&args.data.entities, &mut gathered) {
        let (entities, file) = chitieu_io::entities(path, plan.input.digest)?;
        for entity in &entities {
            data.add_entity(entity);
        }
        inputs.extend(intake::inputs(vec![file], &[]));
    }
    let data = gathered.data();
    load::check_tree(data)?;
    notes::absent_entities(rules.model(), data, console);
    if args.data.entities.is_none() {
        notes::no_table(rules.model(), data, console);
    }
    Ok((gathered, inputs))
}

/// Says what was read, and ends the run where nothing can be judged.
fn settle(
    args: &Eval,
    rules: &Rules,
    console: Console,
    taken: &Taken,
    rejects: &mut Rejects,
) -> Result<(), Failure> {
    let inputs = &taken.inputs;
    let sum = |count: fn(&Input) -> u64| inputs.iter().map(count).fold(0, u64::saturating_add);
    let (read, rejected) = (sum(|input| input.read), sum(|input| input.rejected));
    let allowed = match (args.max_rejects, &args.rejects) {
        (Some(most), _) => rejected <= most,
        (None, file) => file.is_some() || rejected == 0,
    };
    let (evaluated, unreadable) =
        (read.saturating_sub(rejected), sum(|input| input.unreadable_cells));
    console.note(&account(read, rejected, evaluated, unreadable, allowed));
    rejects.finish()?;
    if !allowed {
        return failure(
            format!("{rejected} bản ghi bị loại: không đánh giá, không ghi kết quả"),
            format!("{rejected} records are rejected: nothing is evaluated, no output is written"),
        );
    }
    if !taken.has_records {
        return failure(
            "số liệu không có bản ghi nào để đánh giá",
            "the data hold no record to evaluate",
        );
    }
    notes::unknown_indicators(rules.model(), &taken.unknown, console);
    if !taken.knows_any {
        return failure(
            "không chỉ số nào của luật có trong số liệu",
            "no indicator of the rules stands in the data",
        );
    }
    Ok(())
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
    (data, reference, whole): (&Arc<Data>, &Reference<'_>, Option<Whole>),
    plan: &Plan,
    mut against: Option<Against>,
    console: Console,
    receipt: &Receipt,
) -> Result<Counts, Failure> {
    let model = rules.model();
    let options = chitieu::report::Options { lang: console.lang, exact: plan.exact };
    let cases = &reference.cases(plan.as_of);
    let shape = &Shape::new(plan, model, options);
    let codes = (plan.summary || plan.wide) && !plan.reference;
    // Causes stand in whole judgements only.
    let codes = codes && against.is_none();
    let columnar = codes.then_some(rules);
    let scores = adds_points(plan, model).then(|| Scores::new(model));
    let (compared, whole, scores) = (against.is_some(), whole.as_ref(), scores.as_ref());
    let job = Job {
        rules,
        model,
        reference,
        columnar,
        whole,
        scores,
        data,
        cases,
        plan,
        shape,
        compared,
    };
    let mut summary = Summary::new(model);
    let mut results = Results::begin(plan, model, data, shape, console, false)?;
    job.run(&mut |mut chunk| {
        summary.merge(&chunk.summary);
        if let Some(against) = &mut against {
            against.take(std::mem::take(&mut chunk.rows));
        }
        results.chunk(chunk)
    })?;
    let told = against.map(|against| against.tell(console)).unwrap_or_default();
    results.finish(&summary, receipt, &told, options)?;
    Ok(summary.total())
}
