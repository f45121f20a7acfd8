//! Rows of bare numbers whose names are known before.
//!
//! Enters: names once, then rows of decimals. Leaves: verdicts. The one idea: what is found by name
//! is found once. Invariant: a row has the verdicts that a snapshot of the same names and numbers
//! has.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::Rules;
use crate::calendar::{Date, Period};
use crate::check::model::IndicatorId;
use crate::eval::{Asked, Question, Slot};
use crate::number::Decimal;
use crate::reference::Reference;
use crate::snapshot::{Cases, Data, Measurement, Snapshot};
use crate::verdict::Verdict;

/// Names of measurements, bound to the indicators of rules. Each thread has its own.
///
/// ```
/// use chitieu::calendar::Date;
/// use chitieu::number::Decimal;
/// use chitieu::{Rules, Verdict};
///
/// let rules = Rules::parse("tỷ lệ a >= 40%\nsố b <= 7").unwrap();
/// let mut layout = rules.bind(["số b", "tỉ lệ a"]);
/// let day = Date::new(2023, 12, 31).unwrap();
/// let row = [Decimal::from_parts(65, 1), None];
/// assert_eq!(layout.verdicts("br-vt", day, &row), [Verdict::NoData, Verdict::Exceeded]);
/// ```
#[derive(Debug, Clone)]
pub struct Layout {
    rules: Rules,
    names: Vec<String>,
    /// What each name names.
    bound: Vec<Bound>,
    row: Vec<Slot>,
    verdicts: Vec<Verdict>,
}

/// What a name names.
#[derive(Debug, Clone)]
enum Bound {
    /// One indicator that no other name has, and that takes bare numbers: its slot.
    Slot(usize),
    Indicators(Vec<IndicatorId>),
}

impl Layout {
    pub(super) fn new(rules: &Rules, names: Vec<String>) -> Self {
        let inner = &rules.inner;
        let find = |name: &String| inner.names.find(&inner.model, name).into_owned();
        let bound: Vec<Vec<IndicatorId>> = names.iter().map(find).collect();
        let mut uses: HashMap<IndicatorId, u32> = HashMap::new();
        for id in bound.iter().flatten() {
            *uses.entry(*id).or_default() += 1;
        }
        let alone = |ids: &[IndicatorId]| ids.iter().all(|id| uses.get(id) == Some(&1));
        let direct = |ids: Vec<_>| match inner.ready.direct(&ids).filter(|_| alone(&ids)) {
            Some(slot) => Bound::Slot(slot),
            None => Bound::Indicators(ids),
        };
        let (bound, row) = (bound.into_iter().map(direct).collect(), inner.ready.row());
        Self { rules: rules.clone(), names, bound, row, verdicts: Vec::new() }
    }

    /// Whether the rules know a name, by its place.
    pub fn knows(&self, place: usize) -> bool {
        self.bound.get(place).is_some_and(|it| match it {
            Bound::Slot(_) => true,
            Bound::Indicators(ids) => !ids.is_empty(),
        })
    }

    /// Judges one row by all targets, in rule order. A value stands in the place of its name; what
    /// is `None`, or beyond the end, is missing.
    pub fn verdicts(&mut self, entity: &str, day: Date, values: &[Option<Decimal>]) -> &[Verdict] {
        let Self { rules, names, bound, row, verdicts } = self;
        let inner = &rules.inner;
        row.fill(Slot::Absent);
        for (bound, value) in bound.iter().zip(values) {
            let Some(number) = value else { continue };
            match bound {
                Bound::Slot(place) => {
                    if let Some(slot) = row.get_mut(*place) {
                        *slot = Slot::number(*number);
                    }
                }
                Bound::Indicators(ids) => {
                    inner.ready.read(row, &Measurement::number(*number), ids, &inner.model);
                }
            }
        }
        let (data, reference) = (OnceCell::new(), OnceCell::new());
        let answer = |question: Question<'_>| {
            let data = data.get_or_init(|| gathered(names, entity, day, values));
            let reference =
                reference.get_or_init(|| Reference::named(&inner.model, &inner.names, data));
            question.answer(reference, &Cases::each_snapshot(data).get(data, 0)?)
        };
        let asked = Asked::new(&inner.program, &answer);
        verdicts.clear();
        verdicts.extend(inner.ready.verdicts(row, day, &asked));
        verdicts
    }
}

/// The row as data.
fn gathered(names: &[String], entity: &str, day: Date, values: &[Option<Decimal>]) -> Data {
    let given = names.iter().zip(values);
    let given = given.filter_map(|(name, value)| {
        value.map(|number| (name.clone(), Measurement::number(number)))
    });
    let mut snapshot = Snapshot::new(entity);
    snapshot.measurements = given.collect();
    snapshot.period = Some(Period::day(day));
    let mut data = Data::new();
    data.push(snapshot, None);
    data
}
