//! Days: which rows a stage is asked for, and windows and due dates over them.
//!
//! Enters: the as-of days of rows, then the codes of a stage as if it were due. Leaves: the same
//! codes made what they are outside the window and before the due date. The one idea: a batch has
//! few days, so that the question is asked once a run; kernels know no time.

use std::borrow::Cow;
use std::ops::Range;

use crate::calendar::{Date, Period};
use crate::program::Edition;
use crate::snapshot::Row;
use crate::verdict::Verdict;

/// A stretch of rows that share an as-of day.
pub(super) type Run = (Date, Range<usize>);

/// The stretches of rows that share an as-of day.
pub(super) fn runs(rows: &[Row]) -> Vec<Run> {
    let mut start = 0;
    let run = |run: &[Row]| {
        let range = start..start + run.len();
        start = range.end;
        run.first().map(|first| (first.as_of, range))
    };
    rows.chunk_by(|a, b| a.as_of == b.as_of).filter_map(run).collect()
}

/// The places of an edition and of a stage in it, with the runs that it is asked for.
pub(super) type Group<'a> = ((usize, usize), Cow<'a, [Run]>);

/// The stages that are asked for.
pub(super) fn groups<'a>(editions: &[Edition], runs: &'a [Run]) -> Vec<Group<'a>> {
    if let [edition] = editions
        && edition.stages.len() == 1
    {
        return vec![((0, 0), Cow::Borrowed(runs))];
    }
    let mut groups: Vec<Group<'a>> = Vec::new();
    for run in runs {
        let day = run.0;
        let edition = place_on(editions.iter().map(|it| it.from), day);
        let stages = editions.get(edition).map_or(&[][..], |edition| &edition.stages);
        let key = (edition, place_on(stages.iter().map(|it| it.due), day));
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, runs)) => runs.to_mut().push(run.clone()),
            None => groups.push((key, Cow::Owned(vec![run.clone()]))),
        }
    }
    groups
}

/// The place of the last that has begun on a day; the first where none has.
pub(super) fn place_on<T>(begins: T, day: Date) -> usize
where
    T: DoubleEndedIterator<Item = Option<Date>> + ExactSizeIterator,
{
    let mut begins = begins;
    begins.rposition(|from| from.is_none_or(|from| from <= day)).unwrap_or(0)
}

/// All rows from the first run to the last.
pub(super) fn cover(runs: &[Run]) -> Range<usize> {
    match (runs.first(), runs.last()) {
        (Some((_, first)), Some((_, last))) => first.start..last.end,
        _ => 0..0,
    }
}

/// Looks at window and due date; `start` is the row of the first code.
pub(super) fn apply(
    window: &Period,
    due: Option<Date>,
    runs: &[Run],
    start: usize,
    codes: &mut [u8],
) {
    if *window == Period::all() && due.is_none() {
        return;
    }
    for (day, range) in runs {
        let Some(codes) = codes.get_mut(range.start - start..range.end - start) else { continue };
        if !window.contains(*day) {
            codes.fill(Verdict::NotApplicable as u8);
        } else if due.is_some_and(|due| *day < due) {
            not_due(codes);
        }
    }
}

/// Not satisfied before the due date is not due.
fn not_due(codes: &mut [u8]) {
    for code in codes {
        if *code == Verdict::NotMet as u8 {
            *code = Verdict::NotDue as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cover_all_rows() {
        let day = |day| Date::from_days(day).unwrap();
        let rows = [1, 1, 2, 1, 3, 3].map(|at| Row { entity: 0, record: None, as_of: day(at) });
        let found = runs(&rows);
        let expected = [(day(1), 0..2), (day(2), 2..3), (day(1), 3..4), (day(3), 4..6)];
        assert_eq!(found, expected);
        assert!(runs(&[]).is_empty());
    }
}
