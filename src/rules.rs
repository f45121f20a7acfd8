//! What a user loads: rule texts, read and checked, ready to judge.

mod days;
mod judging;
mod layout;
mod records;
mod report;

use std::ops::Range;
use std::sync::Arc;

use crate::calendar::Date;
use crate::check;
use crate::check::model::Model;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Message};
use crate::eval::{self, Ready, Verdicts, Whole};
use crate::imports::{self, Imports, NoImports};
use crate::program::{self, Program};
use crate::reference::Reference;
use crate::report::{Fields, Lines, Options};
use crate::snapshot::{Batch, Case, Data, Names, Snapshot};
use crate::source::{Source, SourceError, Sources, Span};
use crate::verdict::Judgement;

use days::Days;
pub use judging::Judging;
pub use layout::Layout;
pub use records::Records;
pub use report::{Judged, Report};

/// Programmes, read and checked. Cheap to clone, and shared between threads freely.
///
/// ```
/// use chitieu::{Measurement, Rules, Snapshot, Verdict};
///
/// let rules = Rules::parse("tỷ lệ hồ sơ đúng hạn >= 96%").unwrap();
/// let snapshot = Snapshot::new("br-vt")
///     .on("30/06/2023")?
///     .measure("tỉ lệ hồ sơ đúng hạn", Measurement::text("96%"));
/// assert_eq!(rules.evaluate(&snapshot).verdicts()[0].verdict, Verdict::Met);
/// # Ok::<(), chitieu::calendar::TimeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rules {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    sources: Sources,
    model: Model,
    program: Program,
    /// The same for snapshots that come alone.
    ready: Ready,
    /// What integers can tell of it, by day.
    days: Days,
    names: Names,
    /// By name: the place of its only indicator, if it takes bare numbers.
    direct: Vec<Option<usize>>,
    warnings: Diagnostics,
}

impl Rules {
    /// Reads one rule text.
    ///
    /// # Errors
    /// All errors and warnings of the text, if there is an error among them.
    pub fn parse(text: &str) -> Result<Self, Diagnostics> {
        Self::parse_with(text, &NoImports)
    }

    /// Reads several rule texts as one set; none of them imports another file.
    ///
    /// # Errors
    /// The sources, and all errors and warnings, if there is an error among them.
    pub fn load(sources: Sources) -> Result<Self, (Sources, Diagnostics)> {
        Self::load_with(sources, &NoImports)
    }

    /// Reads several rule texts as one set, with the files that they import.
    ///
    /// # Errors
    /// The sources, imported ones among them, and all errors and warnings, if there is an error.
    pub fn load_with(
        mut sources: Sources,
        imports: &impl Imports,
    ) -> Result<Self, (Sources, Diagnostics)> {
        let mut found = Diagnostics::new();
        let files = imports::load(&mut sources, imports, &mut found);
        let (model, problems) = check::check(&sources, &files);
        found.extend(problems);
        found.sort();
        if found.has_errors() {
            return Err((sources, found));
        }
        Ok(Self::of(sources, model, found))
    }

    /// Reads one rule text with the files that it imports.
    ///
    /// # Errors
    /// All errors and warnings of the text, if there is an error among them.
    pub fn parse_with(text: &str, imports: &impl Imports) -> Result<Self, Diagnostics> {
        let mut sources = Sources::default();
        sources.add(Source::new("", text).map_err(|fault| too_long(&fault))?);
        Self::load_with(sources, imports).map_err(|(_, found)| found)
    }

    /// The rules as they were on a day: targets, and later versions of targets, that come into
    /// force after it are left out.
    ///
    /// ```
    /// use chitieu::{Rules, calendar::Date};
    ///
    /// let rules = Rules::parse("tỷ lệ a >= 40%\n  hiệu lực: từ 01/07/2023").unwrap();
    /// let count = |month, day| {
    ///     let day = Date::new(2023, month, day).unwrap();
    ///     rules.as_of(day).model().targets.len()
    /// };
    /// assert_eq!((count(6, 30), count(7, 1)), (0, 1));
    /// ```
    #[must_use]
    pub fn as_of(&self, day: Date) -> Self {
        let model = self.inner.model.as_of(day);
        Self::of(self.inner.sources.clone(), model, self.inner.warnings.clone())
    }

    fn of(sources: Sources, model: Model, warnings: Diagnostics) -> Self {
        let (program, names) = (program::lower(&model), Names::of(&model));
        let (ready, days) = (Ready::new(&program, &model), Days::default());
        let direct = names.each().map(|ids| ready.direct(ids)).collect();
        let inner = Inner { sources, model, program, ready, days, names, direct, warnings };
        Self { inner: Arc::new(inner) }
    }

    /// Warnings of the texts.
    pub fn warnings(&self) -> &Diagnostics {
        &self.inner.warnings
    }

    /// The texts.
    pub fn sources(&self) -> &Sources {
        &self.inner.sources
    }

    /// What the texts mean.
    pub fn model(&self) -> &Model {
        &self.inner.model
    }

    /// What is run over batches.
    pub fn program(&self) -> &Program {
        &self.inner.program
    }

    /// The names of the indicators, for those who make batches.
    pub fn names(&self) -> &Names {
        &self.inner.names
    }

    /// Judges every row of a batch at its own date by all targets. Rows are independent: a batch
    /// may be cut into pieces and judged by several threads.
    ///
    /// The batch must have been made for the indicators of [`Rules::model`]. Other times and units
    /// are looked up in the data of the batch; rows that stand in no record ([`BatchBuilder`],
    /// columns of a reader) are looked up among the rows of the batch itself. So a batch of such
    /// rows is cut only where rules ask no other times or units, see [`Rules::is_linked`]. Owners
    /// without a row of their own are no rows: [`Reference::cases`] names them.
    ///
    /// ```
    /// use chitieu::calendar::Date;
    /// use chitieu::check::model::IndicatorId;
    /// use chitieu::snapshot::BatchBuilder;
    /// use chitieu::{Rules, Verdict};
    ///
    /// let text = "số x tăng >= 50% so với năm trước\nmọi xã đạt: số x >= 10";
    /// let rules = Rules::parse(text).unwrap();
    /// let mut batch = BatchBuilder::new(rules.model());
    /// let (commune, district) = (batch.entity("xã a"), batch.entity("huyện b"));
    /// batch.attribute(commune, "cấp", "xã");
    /// batch.parent(commune, "huyện b");
    /// for (entity, year, x) in [(commune, 2022, 8), (commune, 2023, 12), (district, 2023, 1)] {
    ///     batch.row(entity, Date::new(year, 12, 31).unwrap());
    ///     batch.number(IndicatorId(0), x, 0);
    /// }
    /// let verdicts = rules.evaluate_batch(&batch.finish());
    /// assert_eq!(verdicts.verdict(1, 0), Some(Verdict::Met));
    /// assert_eq!(verdicts.verdict(2, 1), Some(Verdict::Met));
    /// ```
    ///
    /// [`BatchBuilder`]: crate::snapshot::BatchBuilder
    pub fn evaluate_batch(&self, batch: &Batch) -> Verdicts {
        eval::evaluate(self.model(), self.names(), self.program(), batch)
    }

    /// As [`Rules::evaluate_batch`], for one of several batches of the same data: what `reference`
    /// found of units and of other times is found once for all of them. It must have been made for
    /// the data of the batch.
    pub fn evaluate_piece(&self, reference: &Reference<'_>, batch: &Batch) -> Verdicts {
        eval::evaluate_piece(reference, self.program(), batch)
    }

    /// Finds at once what units answer to the conditions that shares ask of them, so that
    /// `reference` asks few of them one by one; what it judges is the same. `batch` holds all
    /// snapshots of its data, as [`Batch::named`] makes it.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use chitieu::reference::Reference;
    /// use chitieu::snapshot::{Batch, Data};
    /// use chitieu::{Measurement, Rules, Snapshot, Verdict};
    ///
    /// let rules = Rules::parse("ít nhất 50% xã đạt: số hồ sơ >= 10").unwrap();
    /// let mut data = Data::new();
    /// for (id, count) in [("a", "9"), ("b", "12")] {
    ///     let record = Snapshot { parent: Some("h".to_owned()), ..Snapshot::new(id).on("2023")? };
    ///     let record = record.attribute("cấp", "xã");
    ///     data.push(record.measure("số hồ sơ", Measurement::text(count)), None);
    /// }
    /// let data = Arc::new(data);
    /// let reference = Reference::named(rules.model(), rules.names(), &data);
    /// let whole = rules.prepare(&reference, &Batch::named(rules.model(), rules.names(), &data));
    /// assert_eq!(whole.unwrap().batch().len(), 2);
    /// let cases = reference.cases(None);
    /// let owner = cases.get(&data, 2).unwrap();
    /// assert_eq!(owner.id(), Some("h"));
    /// assert_eq!(reference.judge(&owner)[0].verdict, Verdict::Met);
    /// # Ok::<(), chitieu::calendar::TimeError>(())
    /// ```
    ///
    /// Leaves all rows for [`Rules::evaluate_rows`]; nothing where the batch is another one.
    pub fn prepare(&self, reference: &Reference<'_>, batch: &Batch) -> Option<Whole> {
        eval::prepare(reference, self.model(), self.names(), batch)
    }

    /// As [`Rules::evaluate_batch`], for some of all rows that [`Rules::prepare`] left: other times
    /// are found for all of them once. Any thread may judge any rows.
    pub fn evaluate_rows(
        &self,
        reference: &Reference<'_>,
        whole: &Whole,
        rows: Range<usize>,
    ) -> Verdicts {
        eval::evaluate_rows(reference, self.program(), whole, rows)
    }

    /// Judges cases that may have several snapshots each, as [`Cases::board`] makes them: by
    /// columns where the latest snapshot of a case decides, else by the reference evaluator, which
    /// must have been made for the same data.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use chitieu::calendar::Date;
    /// use chitieu::reference::Reference;
    /// use chitieu::snapshot::{Cases, Data};
    /// use chitieu::{Measurement, Rules, Snapshot, Verdict};
    ///
    /// let rules = Rules::parse("số a >= 1\nsố b >= 1").unwrap();
    /// let mut data = Data::new();
    /// for (day, name) in [("2022", "số a"), ("2023", "số b")] {
    ///     data.push(Snapshot::new("x").on(day)?.measure(name, Measurement::number(5)), None);
    /// }
    /// let data = Arc::new(data);
    /// let reference = Reference::named(rules.model(), rules.names(), &data);
    /// let cases = Cases::board(&data, Date::new(2024, 1, 1).unwrap());
    /// let verdicts = rules.evaluate_cases(&reference, &data, &[cases.get(&data, 0).unwrap()]);
    /// assert_eq!([0, 1].map(|it| verdicts.verdict(0, it)), [Some(Verdict::Exceeded); 2]);
    /// # Ok::<(), chitieu::calendar::TimeError>(())
    /// ```
    ///
    /// [`Cases::board`]: crate::snapshot::Cases::board
    pub fn evaluate_cases(
        &self,
        reference: &Reference<'_>,
        data: &Arc<Data>,
        cases: &[Case<'_>],
    ) -> Verdicts {
        let batch = Batch::of_cases(self.model(), self.names(), data, cases);
        eval::evaluate_cases(reference, self.program(), &batch, cases)
    }

    /// Whether some target asks other times or other entities than the snapshot that is judged.
    pub fn is_linked(&self) -> bool {
        self.program().steps.iter().any(|step| step.reach == program::Reach::Linked)
    }

    /// Judges one snapshot at its own date by all targets, in rule order. A snapshot without a date
    /// has no day to be judged at: its report is empty.
    ///
    /// The verdicts are there at once; what stands beside them is made when it is first read, see
    /// [`Report`].
    pub fn evaluate(&self, snapshot: &Snapshot) -> Report {
        Report::new(self, snapshot)
    }

    /// Binds the names of measurements once, to judge many rows of bare numbers.
    pub fn bind<N: Into<String>>(&self, names: impl IntoIterator<Item = N>) -> Layout {
        Layout::new(self, names.into_iter().map(Into::into).collect())
    }

    /// What integers can tell of all targets on a day.
    fn day(&self, day: Date) -> days::Day {
        self.inner.days.on(self.model(), self.program(), day)
    }

    /// Makes verdict records of cases as lines; each thread has one of its own.
    pub fn records(&self, lines: Lines, fields: Fields, options: Options) -> Records<'_> {
        Records::new(self, lines, fields, options)
    }

    /// Judges cases of gathered data; each thread has one of its own.
    pub fn judging(&self) -> Judging<'_> {
        Judging::new(self)
    }

    /// Judges one case of gathered data by the reference evaluator. To judge many cases of the
    /// same data, make a [`Reference`] once.
    pub fn judge(&self, data: &Data, case: &Case<'_>) -> Vec<Judgement> {
        Reference::named(self.model(), self.names(), data).judge(case)
    }
}

fn too_long(fault: &SourceError) -> Diagnostics {
    let message = Message::new("văn bản dài quá 4 GiB", fault.to_string());
    Diagnostics::from_iter([Diagnostic::new(Code::LineTooLong, Span::default(), message)])
}
