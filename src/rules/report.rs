//! What one snapshot came to: a code a target at once, and all the rest when somebody looks.
//!
//! Enters: rules and a snapshot. Leaves: a [`Report`]. The one idea: the codes come from integers;
//! the figures of a record (margin, step, sources …) are made by the reference evaluator when the
//! first of them is read, from the measurements that the report keeps. Invariant: the code of a
//! verdict is that of its judgement.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::Rules;
use crate::check::model::TargetId;
use crate::eval::{Asked, Question};
use crate::number::Decimal;
use crate::reference::Reference;
use crate::snapshot::{Cases, Data, Measurement, Raw, Snapshot};
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

/// The verdict by one target. Every other field of its [`Judgement`] is read through it; reading
/// the first one makes the judgements of the whole report.
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
    judgements: OnceLock<Vec<Judgement>>,
}

/// A snapshot in as little memory as judging it again needs.
struct Kept {
    /// Everything but the measurements.
    head: Snapshot,
    measurements: Vec<Given>,
}

/// A measurement.
enum Given {
    /// A bare number, named as in the rules.
    Plain { name: u32, number: Decimal, column: Option<u32> },
    /// Any other.
    Other(Box<(String, Measurement)>),
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
            let known = place.and_then(|place| inner.names.at(place)).map(|(_, found)| found);
            let mut read = |ids: &[_]| inner.ready.read(&mut row, measurement, ids, &inner.model);
            if !measurement.is_missing() {
                match known {
                    Some(ids) => read(ids),
                    None => read(&inner.names.find(&inner.model, name)),
                }
            }
            kept.measurements.push(Given::of(place, name, measurement));
        }
        let (data, judgements) = (OnceLock::new(), OnceLock::new());
        let shared = Arc::new(Shared { rules: rules.clone(), kept, data, judgements });
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

    #[expect(clippy::indexing_slicing, reason = "where there is a day, each target is judged")]
    fn deref(&self) -> &Judgement {
        &self.shared.judgements()[self.target.0 as usize]
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

    fn judgements(&self) -> &[Judgement] {
        self.judgements.get_or_init(|| {
            let data = self.data();
            let case = Cases::each_snapshot(data);
            case.get(data, 0).map(|case| self.rules.judge(data, &case)).unwrap_or_default()
        })
    }
}

impl Kept {
    /// All but the measurements of a snapshot.
    fn beside(snapshot: &Snapshot) -> Self {
        let Snapshot { entity, name, period, attributes, parent, source, measurements, place } =
            snapshot;
        let head = Snapshot {
            entity: entity.clone(),
            name: name.clone(),
            period: *period,
            attributes: attributes.clone(),
            parent: parent.clone(),
            source: source.clone(),
            measurements: Vec::new(),
            place: place.clone(),
        };
        Self { head, measurements: Vec::with_capacity(measurements.len()) }
    }

    /// The snapshot as data.
    fn gathered(&self, rules: &Rules) -> Data {
        let names = rules.names();
        let measurements = self.measurements.iter().map(|given| match given {
            Given::Plain { name, number, column } => {
                let name = names.at(*name).map_or_else(String::new, |(name, _)| name.to_owned());
                (name, Measurement { column: *column, ..Measurement::number(*number) })
            }
            Given::Other(other) => (**other).clone(),
        });
        let measurements = measurements.collect();
        let mut data = Data::new();
        data.push(Snapshot { measurements, ..self.head.clone() }, None);
        data
    }
}

impl Given {
    /// `place` is that of the name among those of the rules.
    fn of(place: Option<u32>, name: &str, measurement: &Measurement) -> Self {
        let Measurement { value, numerator, denominator, reported, unit, source, format, column } =
            measurement;
        let alone = matches!(
            (numerator, denominator, reported),
            (Raw::Missing, Raw::Missing, Raw::Missing)
        ) && unit.is_none()
            && source.is_none()
            && format.is_none();
        match (value, place) {
            (Raw::Number(number), Some(name)) if alone => {
                Self::Plain { name, number: *number, column: *column }
            }
            _ => Self::Other(Box::new((name.to_owned(), measurement.clone()))),
        }
    }
}
