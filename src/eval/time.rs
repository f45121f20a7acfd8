//! Windows and due dates over the runs of one as-of day.
//!
//! Enters: the codes of a target as if it were due. Leaves: the same codes outside its window and
//! before its due date made what they are there. The one idea: a batch has few days, so that the
//! question is asked once a run; kernels know no time.

use std::ops::Range;

use crate::calendar::{Date, Period};
use crate::program::Step;
use crate::snapshot::Row;
use crate::verdict::Verdict;

/// The stretches of rows that share an as-of day.
pub(super) fn runs(rows: &[Row]) -> Vec<(Date, Range<usize>)> {
    let mut start = 0;
    let run = |run: &[Row]| {
        let range = start..start + run.len();
        start = range.end;
        run.first().map(|first| (first.as_of, range))
    };
    rows.chunk_by(|a, b| a.as_of == b.as_of).filter_map(run).collect()
}

/// Looks at window and due date.
pub(super) fn apply(step: &Step, runs: &[(Date, Range<usize>)], codes: &mut [u8]) {
    if step.window == Period::all() && step.due.is_none() {
        return;
    }
    for (day, range) in runs {
        let Some(codes) = codes.get_mut(range.clone()) else { continue };
        if !step.window.contains(*day) {
            codes.fill(Verdict::NotApplicable as u8);
        } else if step.due.is_some_and(|due| *day < due) {
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
