//! What one snapshot came to: a code a target at once, and all the rest when somebody looks.
//!
//! Enters: rules and a snapshot. Leaves: a [`Report`]. The one idea: the codes come from integers;
//! the figures of a record (margin, step, sources …) are made when the first of them is read, from
//! the measurements that the report keeps: by integers where they tell it, else by the reference
//! evaluator. Invariant: the code of a verdict is that of its judgement, which is the reference
//! evaluator's.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::Rules;
use super::days::Day;
use crate::calendar::Date;
use crate::check::model::{IndicatorId, TargetId};
use crate::eval::{Asked, Figures, Question};
use crate::number::Decimal;
use crate::program::Scope;
use crate::reference::Reference;
use crate::snapshot::{Cases, Data, Measurement, Raw, Snapshot, column_letters, composed_id};
use crate::verdict::{Judgement, Verdict};

/// The verdicts of one snapshot.
///
/// ```
/// use chitieu::{Measurement, Rules, Snapshot, Verdict};
///
/// let rules = Rules::parse("tỷ lệ hồ sơ đúng hạn >= 96%").unwrap();
/// let snapshot = Snapshot::new("br-vt")
///     .on("30/06/2023")?
///     .measure("tỷ lệ hồ sơ đúng hạn", Measurement::text("95,5%"));
/// let report = rules.evaluate(&snapshot);
/// let [judged] = report.verdicts() else { unreachable!() };
/// assert_eq!(judged.verdict, Verdict::NotMet);
/// assert_eq!(judged.margin.as_ref().map(|margin| margin.shown(2)).as_deref(), Some("-0.5"));
/// # Ok::<(), chitieu::calendar::TimeError>(())
/// ```
#[derive(Clone)]
pub struct Report {
    shared: Arc<Shared>,
    judged: Vec<Judged>,
}

/// The verdict by one target. Every other field of its [`Judgement`] is read through it, and made
/// when the first one is.
#[derive(Clone)]
pub struct Judged {
    /// The target.
    pub target: TargetId,
    /// The verdict.
    pub verdict: Verdict,
    shared: Arc<Shared>,
}

/// What the verdicts of a report have in common.
struct Shared {
    rules: Rules,
    kept: Kept,
    data: OnceLock<Data>,
    plain: OnceLock<Option<Plainly>>,
    /// By target: what was read of single verdicts.
    single: OnceLock<Box<[OnceLock<Box<Judgement>>]>>,
    judgements: OnceLock<Vec<Judgement>>,
}

/// What integers can tell of the snapshot.
struct Plainly {
    day: Day,
    figures: Figures,
    /// The entity as judgements name it.
    entity: String,
    as_of: Date,
}

/// A snapshot in as little memory as judging it again needs.
struct Kept {
    /// Everything but the measurements.
    head: Snapshot,
    measurements: Vec<Given>,
    /// Those that are no bare numbers.
    others: Vec<(String, Measurement)>,
}

/// A measurement.
#[derive(Clone, Copy)]
enum Given {
    /// A bare number, named as in the rules.
    Plain { name: u32, number: Decimal, column: Option<u32> },
    /// Any other, by its place among them.
    Other(usize),
}

impl Report {
    pub(super) fn new(rules: &Rules, snapshot: &Snapshot) -> Self {
        let inner = &rules.inner;
        let mut row = inner.ready.row();
        let mut kept = Kept::beside(snapshot);
        let mut guess = 0;
        for (name, measurement) in &snapshot.measurements {
            let place = inner.names.place(name, guess);
            guess = place.map_or(guess, |place| place.saturating_add(1));
            let plain = place.and_then(|place| Given::plain(place, measurement));
            let direct = place.and_then(|place| *inner.direct.get(place as usize)?);
            match (plain, direct.and_then(|at| row.get_mut(at))) {
                (Some(Given::Plain { number, .. }), Some(slot)) => slot.take(number),
                _ if measurement.is_missing() => {}
                _ => {
                    let known = place.and_then(|place| inner.names.at(place));
                    let mut read =
                        |ids: &[_]| inner.ready.read(&mut row, measurement, ids, &inner.model);
                    match known {
                        Some((_, ids)) => read(ids),
                        None => read(&inner.names.find(&inner.model, name)),
                    }
                }
            }
            kept.measurements.push(plain.unwrap_or_else(|| {
                kept.others.push((name.clone(), measurement.clone()));
                Given::Other(kept.others.len() - 1)
            }));
        }
        let (data, plain, single) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let (rules, judgements) = (rules.clone(), OnceLock::new());
        let shared = Arc::new(Shared { rules, kept, data, plain, single, judgements });
        // Without a day there is nothing to judge.
        let judged = snapshot.as_of().map_or_else(Vec::new, |day| {
            let reference = OnceCell::new();
            let answer = |question: Question<'_>| {
                let data = shared.data();
                let cases = Cases::each_snapshot(data);
                let reference =
                    reference.get_or_init(|| Reference::named(&inner.model, &inner.names, data));
                question.answer(reference, &cases.get(data, 0)?)
            };
            let asked = Asked::new(&inner.program, &answer);
            let verdicts = inner.ready.verdicts(&row, day, &asked).zip(0_u32..);
            let judged = verdicts.map(|(verdict, target)| {
                let (target, shared) = (TargetId(target), Arc::clone(&shared));
                Judged { target, verdict, shared }
            });
            judged.collect()
        });
        Self { shared, judged }
    }

    /// One verdict a target, in rule order.
    pub fn verdicts(&self) -> &[Judged] {
        &self.judged
    }

    /// One judgement a target, in rule order, with everything that a record holds.
    pub fn judgements(&self) -> &[Judgement] {
        self.shared.judgements()
    }

    /// The rules that it was judged by.
    pub fn rules(&self) -> &Rules {
        &self.shared.rules
    }
}

impl Deref for Judged {
    type Target = Judgement;

    fn deref(&self) -> &Judgement {
        self.shared.judgement(self.target)
    }
}

impl PartialEq for Judged {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Report").field(&self.judgements()).finish()
    }
}

impl Shared {
    fn data(&self) -> &Data {
        self.data.get_or_init(|| self.kept.gathered(&self.rules))
    }

    /// The judgement by one target of a snapshot that is judged.
    #[expect(clippy::indexing_slicing, reason = "where there is a day, each target is judged")]
    fn judgement(&self, target: TargetId) -> &Judgement {
        let at = target.0 as usize;
        if let Some(all) = self.judgements.get() {
            return &all[at];
        }
        let targets = self.rules.model().targets.len();
        let single = self.single.get_or_init(|| (0..targets).map(|_| OnceLock::new()).collect());
        if let Some(judgement) = single[at].get() {
            return judgement;
        }
        match self.told(target) {
            Some(judgement) => single[at].get_or_init(|| Box::new(judgement)),
            None => &self.judgements()[at],
        }
    }

    /// The judgements of all targets, in rule order; what integers do not tell, the reference
    /// evaluator does.
    fn judgements(&self) -> &[Judgement] {
        self.judgements.get_or_init(|| {
            let targets = (0_u32..).zip(&self.rules.model().targets);
            let told: Vec<_> = targets.map(|(id, _)| self.told(TargetId(id))).collect();
            if told.iter().all(Option::is_some) {
                return told.into_iter().flatten().collect();
            }
            let data = self.data();
            let cases = Cases::each_snapshot(data);
            let Some(case) = cases.get(data, 0) else { return Vec::new() };
            let reference = Reference::named(self.rules.model(), self.rules.names(), data);
            let judge = reference.judging(&case);
            let told = told.into_iter().zip(0_u32..);
            told.filter_map(|(told, id)| told.or_else(|| judge(TargetId(id)))).collect()
        })
    }

    /// The judgement by one target, where integers tell it.
    fn told(&self, target: TargetId) -> Option<Judgement> {
        let Plainly { day, figures, entity, as_of } = self.plain()?;
        let plain = day.get(target.0 as usize)?.as_ref();
        // Of attributes the reference evaluator is asked.
        let plain = plain.filter(|plain| plain.scope == Scope::Everyone)?;
        let model = self.rules.model();
        let told = plain.tell(model, figures)?;
        let source = |at| self.kept.source(at);
        Some(plain.judgement(model, target, &told, (entity, *as_of), source))
    }

    fn plain(&self) -> Option<&Plainly> {
        let plain = self.plain.get_or_init(|| {
            let (model, names) = (self.rules.model(), self.rules.names());
            let as_of = self.kept.head.as_of()?;
            let entity = composed_id(&self.kept.head.entity).into_owned();
            let mut figures = Figures::default();
            figures.begin(model);
            let mut take = |ids: &[IndicatorId], at, given: &Measurement| {
                for id in ids {
                    figures.take(&self.rules.inner.ready, model, (*id, at), given);
                }
            };
            for (given, at) in self.kept.measurements.iter().zip(0_u32..) {
                match given {
                    Given::Plain { name, number, .. } => {
                        let ids = names.at(*name).map(|(_, ids)| ids).unwrap_or_default();
                        take(ids, at, &Measurement::number(*number));
                    }
                    Given::Other(place) => {
                        if let Some((name, given)) = self.kept.others.get(*place) {
                            take(&names.find(model, name), at, given);
                        }
                    }
                }
            }
            // Without an id it is the whole of all entities.
            let day = self.rules.day(as_of);
            (!entity.is_empty()).then_some(Plainly { day, figures, entity, as_of })
        });
        plain.as_ref()
    }
}

impl Kept {
    /// All but the measurements of a snapshot.
    fn beside(snapshot: &Snapshot) -> Self {
        let measurements = Vec::with_capacity(snapshot.measurements.len());
        Self { head: snapshot.bare(), measurements, others: Vec::new() }
    }

    /// Where a measurement stands, by its place.
    fn source(&self, at: u32) -> Option<String> {
        let column = match self.measurements.get(at as usize)? {
            Given::Plain { column, .. } => *column,
            Given::Other(place) => self.others.get(*place)?.1.column,
        };
        let record = &self.head.place;
        Some(match column {
            Some(column) => format!("{record}:{}", column_letters(column)),
            None => record.clone(),
        })
    }

    /// The snapshot as data.
    fn gathered(&self, rules: &Rules) -> Data {
        let names = rules.names();
        let measurements = self.measurements.iter().filter_map(|given| match given {
            Given::Plain { name, number, column } => {
                let name = names.at(*name)?.0.to_owned();
                Some((name, Measurement { column: *column, ..Measurement::number(*number) }))
            }
            Given::Other(place) => self.others.get(*place).cloned(),
        });
        let measurements = measurements.collect();
        let mut data = Data::new();
        data.push(Snapshot { measurements, ..self.head.clone() }, None);
        data
    }
}

impl Given {
    /// A bare number; `name` is the place of its name among those of the rules.
    #[inline]
    fn plain(name: u32, measurement: &Measurement) -> Option<Self> {
        let Measurement { value, numerator, denominator, reported, unit, source, format, column } =
            measurement;
        let (Raw::Number(number), Raw::Missing, Raw::Missing, Raw::Missing) =
            (value, numerator, denominator, reported)
        else {
            return None;
        };
        let alone = unit.is_none() && source.is_none() && format.is_none();
        alone.then_some(Self::Plain { name, number: *number, column: *column })
    }
}
