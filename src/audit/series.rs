//! Figures of one entity against those of its other days.
//!
//! Enters: all snapshots of an entity, in any order. Leaves: findings, each with the place of its
//! snapshot. The one idea: the days are walked once, and of each indicator only the figure before
//! is kept. Invariant: the work grows with the figures; a figure that may have come about honestly
//! is a note, never an error.

use std::collections::HashMap;

use super::cumulative;
use super::find::once;
use super::group::Group;
use super::{Finding, Kind};
use crate::Measurement;
use crate::calendar::Date;
use crate::diagnostic::Message;
use crate::explain::raw;
use crate::number::{End, Interval, Rational};
use crate::snapshot::{Figure, Gathered, Known, Value, understand};
use crate::unit::Unit;

/// A number of fewer digits may well be the same again; a fraction needs one more.
const DIGITS: usize = 2;

/// The figures of an entity, day after day.
#[derive(Debug)]
pub(super) struct Series<'a> {
    entity: &'a str,
    before: HashMap<usize, Before>,
}

/// What is kept of one indicator.
#[derive(Debug)]
struct Before {
    subject: String,
    /// The last figure that was read.
    figure: Known,
    unit: Unit,
    point: Point,
    /// On so many days it has stood unchanged, and where first.
    days: usize,
    first: Point,
    /// What the count has come to at least, and by which figure.
    floor: Option<(End, Point)>,
}

/// A figure as written, and where.
#[derive(Debug, Clone)]
struct Point {
    /// Of the snapshot, among all.
    snapshot: usize,
    day: Date,
    text: String,
    source: Option<String>,
}

impl<'a> Series<'a> {
    pub(super) fn new(entity: &'a str) -> Self {
        Self { entity, before: HashMap::new() }
    }

    /// Takes the next day of the entity in.
    pub(super) fn day(
        &mut self,
        snapshot: &Gathered,
        place: usize,
        groups: &[Group<'_>],
        found: &mut Vec<(usize, Finding)>,
    ) {
        for group in groups {
            let given: Vec<&Measurement> = group.entries.iter().map(|it| &it.measurement).collect();
            let figure = understand(&given, &group.indicator, group.format);
            let Figure::Known(figure) = figure else { continue };
            let places = group.entries.iter().map(|it| it.entry.place());
            let point = Point {
                snapshot: place,
                day: snapshot.as_of,
                text: given.first().map(|one| as_written(one)).unwrap_or_default(),
                source: once(places.take(1)).pop(),
            };
            let mut before = self.before.remove(&group.number);
            let floor = before.as_mut().and_then(|it| it.floor.take());
            let floor = self.floor(group, &given, &figure, &point, floor, found);
            let unit = group.indicator.unit.clone();
            let unchanged = before.take_if(|it| it.unit == unit && it.figure == figure);
            let kept = if let Some(before) = unchanged {
                Before { days: before.days + 1, point, floor, ..before }
            } else {
                found.extend(before.and_then(|it| it.copied(self.entity)));
                let (subject, first) = (group.indicator.name.clone(), point.clone());
                Before { subject, figure, unit, point, days: 1, first, floor }
            };
            self.before.insert(group.number, kept);
        }
    }

    /// Ends the days of the entity.
    pub(super) fn finish(self, found: &mut Vec<(usize, Finding)>) {
        let mut rest: Vec<(usize, Before)> = self.before.into_iter().collect();
        rest.sort_by_key(|(number, _)| *number);
        found.extend(rest.into_iter().filter_map(|(_, before)| before.copied(self.entity)));
    }

    /// A cumulative count that lies below what it came to before; what it has come to now.
    fn floor(
        &self,
        group: &Group<'_>,
        given: &[&Measurement],
        figure: &Known,
        point: &Point,
        before: Option<(End, Point)>,
        found: &mut Vec<(usize, Finding)>,
    ) -> Option<(End, Point)> {
        let restart = group.cumulative?;
        let before = before.filter(|(_, first)| restart.joins(first.day, point.day));
        let span = cumulative::span(&figure.value, &group.indicator.unit, given);
        // An estimate proves nothing, neither as the first figure nor as the second.
        let Some(span) = span.filter(|_| !figure.estimate) else { return before };
        let Some((low, first)) = before else { return Some((span.low, point.clone())) };
        let risen = Interval::new(low.clone(), End::Unbounded).and_then(|it| it.intersect(&span));
        match risen {
            Some(both) if both.low == low => Some((low, first)),
            Some(both) => Some((both.low, point.clone())),
            None => {
                let finding = self.fallen(&group.indicator.name, &first, point);
                found.push((point.snapshot, finding));
                Some((span.low, point.clone()))
            }
        }
    }

    fn fallen(&self, subject: &str, first: &Point, point: &Point) -> Finding {
        let (was, is) = (&first.text, &point.text);
        let message = Message::new(
            format!("số lũy kế giảm từ `{was}` (ngày {}) xuống `{is}`", first.day.to_vi()),
            format!("a cumulative count falls from `{was}` (on {}) to `{is}`", first.day),
        );
        finding(Kind::Fallen, self.entity, subject, message, [first, point])
    }
}

impl Before {
    /// A figure that stands unchanged on several days and has digits enough to be no chance.
    fn copied(self, entity: &str) -> Option<(usize, Finding)> {
        if self.days < 2 || !is_telling(&self.figure, &self.unit) {
            return None;
        }
        let Point { text, day, .. } = &self.first;
        let days = self.days;
        let (vi, en) = if days > 2 {
            (format!(" qua {days} bộ số liệu"), format!(" in {days} snapshots"))
        } else {
            (String::new(), String::new())
        };
        let message = Message::new(
            format!("`{text}` giữ nguyên từ ngày {}{vi}; có phải chép lại?", day.to_vi()),
            format!("`{text}` is unchanged since {day}{en}; was it copied?"),
        );
        let both = [&self.first, &self.point];
        let finding = finding(Kind::Copied, entity, &self.subject, message, both);
        Some((self.point.snapshot, finding))
    }
}

/// A finding on two days, reported on the second.
fn finding(
    kind: Kind,
    entity: &str,
    subject: &str,
    message: Message,
    [first, last]: [&Point; 2],
) -> Finding {
    Finding {
        kind,
        entity: entity.to_owned(),
        as_of: last.day,
        subject: subject.to_owned(),
        figures: vec![first.text.clone(), last.text.clone()],
        message,
        sources: once([first, last].into_iter().filter_map(|it| it.source.clone())),
    }
}

/// Whether the same figure twice is worth a question: nobody asks about 0, 100 %, 63/63, a rank,
/// yes or no, a bound, or a single digit.
fn is_telling(figure: &Known, unit: &Unit) -> bool {
    let Value::Within(value) = &figure.value else { return false };
    let Some(value) = value.is_point().filter(|value| !value.is_zero()) else { return false };
    let is_whole = match &figure.fraction {
        Some((above, below)) => above == below,
        None => *unit == Unit::Percent && *value == Rational::from(100_i64),
    };
    let is_long = match &figure.fraction {
        Some((above, below)) => digits(above) + digits(below) > DIGITS,
        None => digits(value) >= DIGITS,
    };
    *unit != Unit::Rank && !is_whole && is_long
}

/// How many digits a number has that are no zeros at its ends.
fn digits(value: &Rational) -> usize {
    let text = value.abs().exact_decimal().unwrap_or_default().replace('.', "");
    text.trim_matches('0').len()
}

/// The figure without its source.
fn as_written(given: &Measurement) -> String {
    let fraction = (!given.numerator.is_missing() || !given.denominator.is_missing())
        .then(|| format!("{}/{}", raw(&given.numerator), raw(&given.denominator)));
    let value = (!given.value.is_missing()).then(|| raw(&given.value));
    let unit = given.unit.clone().filter(|_| value.is_some());
    [fraction, value, unit].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
