//! Totals and ranks: the points of all targets of a programme, for one entity and day.
//!
//! Enters: judgements with their points. Leaves: a [`Total`] a programme, and ranks among entities
//! of one type and day. The one idea: every sum is kept as its worst and its best, so that a rank
//! is an interval too and missing data never look like zero. Invariant: best is at least worst,
//! and neither leaves 0…maximum; what is not applicable stands in no sum.

use std::collections::HashMap;

use crate::calendar::Date;
use crate::check::model::{Model, ProgrammeId, TargetId};
use crate::number::Rational;
use crate::reference::Reference;
use crate::snapshot::Case;
use crate::text;
use crate::verdict::{Judgement, Points};

/// The points of one entity on one day under one programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// The programme.
    pub programme: ProgrammeId,
    /// The entity, as the data write it; nothing for the whole.
    pub entity: Option<String>,
    /// Its type, as the data write it.
    pub kind: Option<String>,
    /// The day of the judgements.
    pub as_of: Date,
    /// All points together.
    pub points: Points,
    /// By group, in rule order; targets without a group come under none.
    pub groups: Vec<GroupTotal>,
    /// By target, in rule order; those that are not applicable are left out.
    pub targets: Vec<(TargetId, Points)>,
    /// Its place among entities of its type and day; [`rank`] sets it.
    pub rank: Option<Rank>,
}

/// The points of a group, not more than its cap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupTotal {
    /// The heading; nothing for targets that stand under none.
    pub name: Option<String>,
    /// Its points.
    pub points: Points,
}

/// A place among entities of one type and day; ties share the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// The best place that it can have; 1 is the first.
    pub best: u64,
    /// The worst place that it can have.
    pub worst: u64,
    /// How many are ranked together.
    pub field: u64,
}

/// Whether any target of a model is scored.
pub fn is_scored(model: &Model) -> bool {
    let mut versions = model.targets.iter().flat_map(|target| &target.versions);
    versions.any(|version| version.scoring.is_some())
}

/// Adds up the points of cases of one model.
#[derive(Debug)]
pub struct Scores<'a> {
    model: &'a Model,
    /// The place of each heading in its programme, by its words in a rule.
    groups: HashMap<(ProgrammeId, &'a str), usize>,
}

impl<'a> Scores<'a> {
    /// Prepares the headings of a model.
    pub fn new(model: &'a Model) -> Self {
        let mut known: HashMap<(ProgrammeId, String), usize> = HashMap::new();
        for (programme, id) in model.programmes.iter().zip(0_u32..) {
            for (place, group) in programme.groups.iter().enumerate() {
                known.insert((ProgrammeId(id), text::normal(&group.name)), place);
            }
        }
        let mut groups = HashMap::new();
        for target in &model.targets {
            for name in target.versions.iter().filter_map(|version| version.group.as_deref()) {
                groups.entry((target.programme, name)).or_insert_with(|| {
                    let key = (target.programme, text::normal(name));
                    known.get(&key).copied().unwrap_or(usize::MAX)
                });
            }
        }
        Self { model, groups }
    }

    /// The totals of one case, a programme each, in the order of the programmes. A programme of
    /// which no scored target is applicable has none.
    ///
    /// ```
    /// use chitieu::reference::Reference;
    /// use chitieu::score::Scores;
    /// use chitieu::snapshot::{Cases, Data};
    /// use chitieu::{Measurement, Rules, Snapshot};
    ///
    /// let rules = Rules::parse("tỷ lệ a >= 50%\n  điểm: 20\nk = có\n  điểm: 5").unwrap();
    /// let mut data = Data::new();
    /// let snapshot = Snapshot::new("x").on("30/06/2023")?;
    /// data.push(snapshot.measure("tỷ lệ a", Measurement::text("60%")), None);
    /// let reference = Reference::new(rules.model(), &data);
    /// let cases = Cases::each_snapshot(&data);
    /// let case = cases.get(&data, 0).unwrap();
    /// let scores = Scores::new(rules.model());
    /// let totals = scores.of_case(&reference, &case, &reference.judge(&case));
    /// assert_eq!(totals[0].points.worst.to_string(), "20");
    /// assert_eq!(totals[0].points.best.to_string(), "25");
    /// # Ok::<(), chitieu::calendar::TimeError>(())
    /// ```
    pub fn of_case(
        &self,
        reference: &Reference<'_>,
        case: &Case<'_>,
        judgements: &[Judgement],
    ) -> Vec<Total> {
        let mut sums: Vec<Sum> = Vec::new();
        for judgement in judgements {
            let (Some(points), Some(target)) =
                (&judgement.points, self.model.target(judgement.target))
            else {
                continue;
            };
            let group = target.version(judgement.as_of).and_then(|it| it.group.as_deref());
            let group = group.and_then(|it| self.groups.get(&(target.programme, it)).copied());
            let known = sums.iter().rposition(|sum| sum.programme == target.programme);
            let place = known.unwrap_or_else(|| {
                sums.push(Sum::new(target.programme));
                sums.len() - 1
            });
            if let Some(sum) = sums.get_mut(place) {
                sum.add(group, judgement.target, points);
            }
        }
        let kind = reference.type_of(case);
        sums.into_iter().map(|sum| self.total(sum, case, kind)).collect()
    }

    fn total(&self, sum: Sum, case: &Case<'_>, kind: Option<&str>) -> Total {
        let programme = self.model.programme(sum.programme);
        let mut all = nothing();
        let mut groups = Vec::new();
        for (place, points) in sum.groups {
            let group = place.zip(programme).and_then(|(at, programme)| programme.groups.get(at));
            let points = match group.and_then(|group| group.points.as_ref()) {
                Some(cap) => capped(points, cap),
                None => points,
            };
            add(&mut all, &points);
            groups.push(GroupTotal { name: group.map(|group| group.name.clone()), points });
        }
        Total {
            programme: sum.programme,
            entity: case.id().map(str::to_owned),
            kind: kind.map(str::to_owned),
            as_of: case.as_of,
            points: all,
            groups,
            targets: sum.targets,
            rank: None,
        }
    }
}

/// The points of one programme being added.
struct Sum {
    programme: ProgrammeId,
    groups: Vec<(Option<usize>, Points)>,
    places: HashMap<Option<usize>, usize>,
    targets: Vec<(TargetId, Points)>,
}

impl Sum {
    fn new(programme: ProgrammeId) -> Self {
        Self { programme, groups: Vec::new(), places: HashMap::new(), targets: Vec::new() }
    }

    fn add(&mut self, group: Option<usize>, target: TargetId, points: &Points) {
        let next = self.groups.len();
        let place = *self.places.entry(group).or_insert(next);
        if place == next {
            self.groups.push((group, nothing()));
        }
        if let Some((_, sum)) = self.groups.get_mut(place) {
            add(sum, points);
        }
        self.targets.push((target, points.clone()));
    }
}

fn nothing() -> Points {
    Points { worst: Rational::zero(), best: Rational::zero(), maximum: Rational::zero() }
}

fn add(sum: &mut Points, points: &Points) {
    sum.worst = &sum.worst + &points.worst;
    sum.best = &sum.best + &points.best;
    sum.maximum = &sum.maximum + &points.maximum;
}

fn capped(points: Points, cap: &Rational) -> Points {
    let cut = |of: Rational| if of > *cap { cap.clone() } else { of };
    Points { worst: cut(points.worst), best: cut(points.best), maximum: cut(points.maximum) }
}

/// What is ranked together: programme, day and type.
type Field = (ProgrammeId, Date, Option<String>);

/// Ranks totals among entities of one programme, type and day, by their points.
///
/// The best place of an entity counts those that are above it whatever the missing data say, its
/// worst place all that may be above it.
pub fn rank(totals: &mut [Total]) {
    let field = |total: &Total| -> Field {
        (total.programme, total.as_of, total.kind.as_deref().map(text::normal))
    };
    let mut fields: HashMap<Field, (Vec<Rational>, Vec<Rational>)> = HashMap::new();
    for total in totals.iter() {
        let (worst, best) = fields.entry(field(total)).or_default();
        worst.push(total.points.worst.clone());
        best.push(total.points.best.clone());
    }
    #[expect(clippy::iter_over_hash_type, reason = "each is sorted by itself")]
    for (worst, best) in fields.values_mut() {
        worst.sort_unstable();
        best.sort_unstable();
    }
    for total in totals {
        let Some((worst, best)) = fields.get(&field(total)) else { continue };
        let Points { worst: own_worst, best: own_best, .. } = &total.points;
        let surely = above(worst, own_best);
        // It is itself among those whose best exceeds its worst, where the two differ.
        let perhaps = above(best, own_worst).saturating_sub(u64::from(own_best > own_worst));
        let field = count(best.len());
        total.rank = Some(Rank { best: surely + 1, worst: perhaps + 1, field });
    }
}

/// How many of a sorted list lie above a number.
fn above(sorted: &[Rational], number: &Rational) -> u64 {
    count(sorted.len() - sorted.partition_point(|it| it <= number))
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
