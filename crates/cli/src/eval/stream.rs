//! Data judged as they are read, piece by piece.
//!
//! Enters: rules and paths. Leaves: results in the order of the input, and what was read. The one
//! idea: a thread reads a piece and judges it at once, and what it says is taken in order; nothing
//! that was judged is held. Invariant: no result is shown before all input is accepted.

use std::fs;
use std::hash::RandomState;
use std::path::{Path, PathBuf};

use chitieu::check::model::TargetId;
use chitieu::program::Reach;
use chitieu::reference::Reference;
use chitieu::report::{Options, Summary};
use chitieu::snapshot::{Batch, Data};
use chitieu::{Rules, Verdict};
use chitieu_io::{Block, Keep, Piece, Pieces, Worker};

use super::checkpoint::{Checkpoint, Job, changed};
use super::memory::{self, Bound};
use super::order::in_order;
use super::plan::Plan;
use super::progress::Progress;
use super::rejects::Rejects;
use super::roster::{self, Roster};
use super::seen::Keys;
use super::shape::{By, Chunk, Shape};
use super::taking::{End, Judged, Taking, To, probe};
use super::write::Results;
use crate::args::{Eval, Format};
use crate::console::{Console, Failure, failure};

/// So many full records, or codes of verdicts, are made of a block.
const VERDICTS: usize = 1_024;
const CODES: usize = 1 << 19;
/// The codes of so many rows stay in the nearest caches.
const NEAR: usize = 1 << 14;

/// How a run judges data as they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Each record is said to be a whole snapshot.
    Complete,
    /// Nothing is said: the first record of an entity and day that came before ends it, and all
    /// data are gathered.
    Watching,
}

/// What became of a run.
pub(super) enum Done {
    Judged(Summary),
    /// What one record says may hold for another, as was seen on this way, if on any. These
    /// rejects were shown already.
    Repeats(Rejects, Option<Way>),
}

/// Whether a run can be judged so: each row by itself, at its own date, and written as it comes.
/// One that is to go on later must be.
pub(super) fn way(args: &Eval, plan: &Plan, rules: &Rules) -> Result<Option<Way>, Failure> {
    let hindrance = hindrance(args, plan, rules, plan.input.complete);
    if args.checkpoint.is_some() {
        if !plan.input.complete {
            return failure(
                "`--checkpoint` cần `--complete-records`: không có nó thì số liệu được giữ trong \
                 bộ nhớ đến khi đọc xong, trước đó chưa có kết quả nào để ghi; nếu mỗi bản ghi là \
                 cả bộ số liệu thì thêm `--complete-records`",
                "`--checkpoint` needs `--complete-records`: without it the data are held until \
                 all are read, and no result is there to be kept before; if each record is a \
                 whole snapshot add `--complete-records`",
            );
        }
        if let Some((vi, en)) = hindrance {
            return failure(
                format!("`--checkpoint` không dùng được ở đây: {vi}"),
                format!("`--checkpoint` cannot be used here: {en}"),
            );
        }
    }
    if hindrance.is_some() {
        return Ok(None);
    }
    if plan.input.complete {
        return Ok(Some(Way::Complete));
    }
    let watches = keep(plan, rules) == Keep::Figures && rereads(args);
    Ok(watches.then_some(Way::Watching))
}

/// Whether data can be read again; those that cannot are gathered at once.
pub(super) fn rereads(args: &Eval) -> bool {
    let again = |path: &PathBuf| fs::metadata(path).is_ok_and(|it| it.is_file() || it.is_dir());
    args.data.paths.iter().all(again)
}

/// Why a run needs all data before its first verdict, in both languages; `complete` says that each
/// record is a whole snapshot.
pub(super) fn hindrance(
    args: &Eval,
    plan: &Plan,
    rules: &Rules,
    complete: bool,
) -> Option<(&'static str, &'static str)> {
    let program = rules.program();
    // What goes on later cannot begin anew.
    let alone = complete && args.checkpoint.is_none();
    let asks = !program.scopes.is_empty() || !program.attributes.is_empty();
    let by_itself = alone && rereads(args) && roster::asked(program).is_some();
    let all = [
        (
            plan.as_of.is_some(),
            "`--as-of` lấy bản ghi mới nhất của mỗi đơn vị nên phải đọc hết số liệu trước; hãy \
             ghi ngày vào bản ghi",
            "`--as-of` takes the latest record of each entity, so that all data are read first; \
             write the date into the records",
        ),
        (
            args.data.entities.is_some() && !alone,
            "`--entities` đếm cả đơn vị không gửi số liệu nên phải đọc hết số liệu trước",
            "`--entities` counts entities that sent nothing, so that all data are read first",
        ),
        (
            args.against.is_some(),
            "`--against` so tất cả kết luận một lần; hãy dùng `chitieu diff` với tệp kết quả",
            "`--against` compares all verdicts at once; use `chitieu diff` with the result",
        ),
        (
            program.steps.iter().any(|step| step.reach != Reach::Local),
            "có chỉ tiêu cần số liệu của đơn vị khác hoặc ngày khác nên phải đọc hết số liệu trước",
            "a target needs figures of other entities or other days, so that all data are read \
             first",
        ),
        (
            // What one record says of an entity holds for its others.
            asks && !by_itself,
            "có chỉ tiêu hỏi thuộc tính hoặc phạm vi áp dụng của đơn vị, mà bản ghi khác của đơn \
             vị cũng nói về điều đó",
            "a target asks attributes or scope of an entity, of which its other records speak too",
        ),
        (
            !plan.summary && plan.format == Format::Table,
            "`--format table` vẽ bảng khi biết mọi dòng; hãy dùng `--format ndjson` hoặc `csv`",
            "`--format table` is drawn once all rows are known; use `--format ndjson` or `csv`",
        ),
        (
            super::adds_points(plan, rules.model()),
            "thứ hạng chỉ có khi biết mọi tổng điểm",
            "ranks are there once all totals of points are known",
        ),
    ];
    all.into_iter().find(|(is_so, ..)| *is_so).map(|(_, vi, en)| (vi, en))
}

/// What verdicts need of records.
pub(super) fn keep(plan: &Plan, rules: &Rules) -> Keep {
    // A formula is held against the digits of figures, which columns do not keep.
    let has_formulas = rules.model().indicators.iter().any(|one| one.formula.is_some());
    let program = rules.program();
    let asks = !program.scopes.is_empty() || !program.attributes.is_empty();
    let figures = codes_alone(plan) && !has_formulas && !asks;
    if figures { Keep::Figures } else { Keep::Records }
}

/// Whether verdicts are all that is said.
const fn codes_alone(plan: &Plan) -> bool {
    (plan.summary || plan.wide) && !plan.reference
}

/// Judges everything and writes what was asked for.
pub(super) fn run(
    args: &Eval,
    plan: &Plan,
    rules: &Rules,
    console: Console,
    way: Way,
) -> Result<Done, Failure> {
    keep_freed();
    let roster = Roster::read(args, rules.program(), plan.input.digest)?;
    let judge = Judge::new(plan, rules, console, way, &roster);
    let pieces = Pieces::open(&args.data.paths, plan.input)?.wanted_for(judge.keep, rules);
    let mut pieces = pieces.of_most(most(judge.keep, rules));
    let progress = Progress::begin(args.progress, size(&pieces), console);
    let data = Data::new();
    let mut resumed = None;
    let to = if let Some(folder) = &args.checkpoint {
        let job = Job::new(args, plan, rules, &pieces, console)?;
        probe(args, plan)?;
        let (parts, found) = Checkpoint::open(folder, &job)?;
        resumed = Some((folder, found));
        To::Parts(Box::new(parts), &judge.shape)
    } else {
        let rejects = Rejects::new(args.rejects.as_deref(), console)?;
        let shape = &judge.shape;
        let results = Results::begin(plan, rules.model(), &data, shape, console, true)?;
        To::Place(Box::new(results), rejects)
    };
    let bound = Bound::new(plan.most_memory, memory::while_reading(way));
    let mut taking = Taking::new(to, &progress, rules, bound);
    let mut inputs = None;
    if let Some((folder, found)) = resumed {
        taking.add(&found.stretch);
        if let Some(place) = &found.place {
            let done = pieces.resume(place, &found.closed);
            done.map_err(|error| changed(folder, error))?;
            progress.resume();
        }
        progress.aside(|| found.told(folder, console));
        inputs = found.is_over.then_some(found.closed);
    }
    if inputs.is_none() {
        let done = in_order(
            plan.threads,
            &mut || Ok(pieces.next()?),
            &|| {
                let worker = Worker::new(rules, judge.keep, plan.input).for_verdicts();
                (worker.with_entities(&roster.listed), judge.shape.by(rules, true))
            },
            &|(worker, by), block| judge.block(worker, by, block),
            &mut |judged| taking.take(judged),
        );
        if taking.repeats {
            let To::Place(_, rejects) = taking.to else { return Err(Failure::Shown) };
            return Ok(Done::Repeats(rejects, Some(way)));
        }
        done?;
    }
    progress.end();
    let inputs = inputs.as_deref().unwrap_or(pieces.inputs());
    let shape = &judge.shape;
    let roster = &roster;
    taking.finish(&End { args, plan, rules, shape, console, inputs, roster }).map(Done::Judged)
}

/// Lets the allocator keep what is freed for the next piece, which needs as much. glibc takes a
/// large block that comes and goes for a sign that others will; no other allocator is moved by it.
fn keep_freed() {
    const LARGE: usize = 30 << 20;
    drop(std::hint::black_box(Vec::<u8>::with_capacity(LARGE)));
}

/// How many records are judged at a time: what is written of them is far longer than they are.
fn most(keep: Keep, rules: &Rules) -> usize {
    let verdicts = if keep == Keep::Records { VERDICTS } else { CODES };
    verdicts / rules.model().targets.len().max(1)
}

/// How many bytes all data have; nothing where nobody knows.
pub(super) fn size(pieces: &Pieces) -> Option<u64> {
    let size = |path: Option<&Path>| fs::metadata(path?).ok().filter(fs::Metadata::is_file);
    pieces.files().map(|(_, path)| Some(size(path)?.len())).sum()
}

/// What judges a piece.
struct Judge<'a> {
    plan: &'a Plan,
    rules: &'a Rules,
    shape: Shape<'a>,
    keep: Keep,
    roster: &'a Roster,
    /// What makes keys of entities and days, where they are watched.
    hash: Option<RandomState>,
}

impl<'a> Judge<'a> {
    fn new(
        plan: &'a Plan,
        rules: &'a Rules,
        console: Console,
        way: Way,
        roster: &'a Roster,
    ) -> Self {
        let options = Options { lang: console.lang, exact: plan.exact };
        let hash = (way == Way::Watching).then(RandomState::new);
        let shape = Shape::new(plan, rules.model(), options);
        Self { plan, rules, shape, keep: keep(plan, rules), roster, hash }
    }

    fn block(&self, worker: &mut Worker<'_>, by: &mut By<'_>, mut block: Block) -> Judged {
        let place = block.take_place();
        let mut piece = worker.read(block);
        let chunk = match self.keep {
            Keep::Figures => self.codes(&piece, &piece.batch),
            Keep::Records if codes_alone(self.plan) => {
                let (model, names) = (self.rules.model(), self.rules.names());
                self.codes(&piece, &piece.batch.understood(model, names))
            }
            Keep::Records => self.records(by, &piece),
        };
        let given = self.roster.given(piece.batch.data());
        let keys = self.hash.as_ref().map(|hash| Keys::of(&piece, hash)).unwrap_or_default();
        // Nobody asks for figures that were judged, and pieces may wait for others.
        piece.batch = piece.batch.rows_alone();
        Judged { piece, place, keys, given, chunk }
    }

    /// Verdicts by columns.
    fn codes(&self, piece: &Piece, batch: &Batch) -> Result<Chunk, Failure> {
        let mut chunk = self.shape.chunk();
        let keys = (0..piece.batch.len()).map_while(|row| piece.key(row));
        let mut keys = keys.map(|(id, day)| (Some(id), day));
        for part in batch.chunks(NEAR) {
            let verdicts = self.rules.evaluate_batch(&part);
            for (target, id) in (0..verdicts.targets()).zip(0_u32..) {
                for (verdict, times) in Verdict::ALL.into_iter().zip(verdicts.counts(target)) {
                    chunk.summary.add_many(TargetId(id), verdict, times);
                }
            }
            if self.plan.wide {
                let keys = keys.by_ref().take(part.len());
                self.shape.rows(&mut chunk, keys, &verdicts)?;
            }
        }
        Ok(chunk)
    }

    /// Full records.
    fn records(&self, by: &mut By<'_>, piece: &Piece) -> Result<Chunk, Failure> {
        let (plan, model) = (self.plan, self.rules.model());
        let mut chunk = self.shape.chunk();
        let reference = Reference::named(model, self.rules.names(), piece.batch.data());
        for row in piece.batch.rows() {
            let Some(case) = piece.batch.case(row) else { continue };
            let judgements = match by {
                By::Lines(lines) => {
                    self.shape.records(&mut chunk, lines, &reference, &case)?;
                    continue;
                }
                By::Judging(judging) => judging.judge(&reference, &case),
                By::Reference => reference.judge(&case),
            };
            if plan.wide {
                let verdicts = judgements.iter().map(|judgement| Some(judgement.verdict));
                let id = case.entity.id.as_str();
                self.shape.row(&mut chunk, Some(id), case.as_of, verdicts)?;
            }
            for judgement in judgements {
                chunk.summary.add(judgement.target, judgement.verdict);
                self.shape.record(&mut chunk, judgement)?;
            }
        }
        Ok(chunk)
    }
}
