//! The logic of joined conditions over codes: tables of two codes, after section 8.
//!
//! Enters: the codes of parts. Leaves: the codes of the whole. The one idea: a row that only the
//! reference evaluator can judge is one more code, which gives way where the other part decides
//! alone. Invariant: what is not asked of the reference is what the reference would say.

use crate::verdict::Verdict::{
    self, Contradictory, Exceeded, Met, NoData, NotApplicable, NotMet, Undetermined,
};

/// The code of a row that the reference evaluator has to judge.
pub(super) const ASK: u8 = 8;

/// Two codes to one, by `first << 4 | second`.
pub(super) type Table = [u8; 256];

/// `và`: the first that occurs of not met, contradictory, no data, undetermined, met, exceeded.
pub(super) const ALL: Table =
    table(NotMet, [Contradictory, NoData, Undetermined, Met, Exceeded, NotApplicable]);

/// `hoặc`: the first that occurs of exceeded, met, contradictory, no data, undetermined, not met.
pub(super) const ANY: Table =
    table(Exceeded, [Met, Contradictory, NoData, Undetermined, NotMet, NotApplicable]);

/// What is not applicable drops out, because it comes last.
#[expect(clippy::indexing_slicing, reason = "computed while compiling, where a panic is an error")]
const fn table(decides: Verdict, rest: [Verdict; 6]) -> Table {
    let mut table = [ASK; 256];
    let order = [
        decides as u8,
        ASK,
        rest[0] as u8,
        rest[1] as u8,
        rest[2] as u8,
        rest[3] as u8,
        rest[4] as u8,
        rest[5] as u8,
    ];
    let mut first = 0;
    while first < order.len() {
        let mut second = 0;
        while second < order.len() {
            let place = (order[first] << 4 | order[second]) as usize;
            table[place] = if first < second { order[first] } else { order[second] };
            second += 1;
        }
        first += 1;
    }
    table
}

/// Joins the codes of another part to those of the parts before it.
pub(super) fn join(table: &Table, codes: &mut [u8], part: &[u8]) {
    for (code, part) in codes.iter_mut().zip(part) {
        if let Some(joined) = table.get(usize::from(*code << 4 | *part)) {
            *code = *joined;
        }
    }
}

/// `không`: exchanges satisfied (then met) and not, and leaves the rest.
pub(super) fn turn(codes: &mut [u8]) {
    const SATISFIED: [u8; 2] = [Exceeded as u8, Met as u8];
    for code in codes {
        *code = match *code {
            satisfied if SATISFIED.contains(&satisfied) => NotMet as u8,
            not if not == NotMet as u8 => Met as u8,
            other => other,
        };
    }
}

/// What the code of a `khi` says.
pub(super) enum Taken {
    Yes,
    No,
    /// The target has this code.
    Undecided(u8),
}

/// Reads the code of a `khi`.
pub(super) const fn taken(when: u8) -> Taken {
    const NOT_MET: u8 = NotMet as u8;
    const NOT_APPLICABLE: u8 = NotApplicable as u8;
    const EXCEEDED: u8 = Exceeded as u8;
    const MET: u8 = Met as u8;
    match when {
        EXCEEDED | MET => Taken::Yes,
        NOT_MET | NOT_APPLICABLE => Taken::No,
        other => Taken::Undecided(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_follow_the_order_of_the_language() {
        let (exceeded, met, not, none) =
            (Exceeded as u8, Met as u8, NotMet as u8, NotApplicable as u8);
        let cases = [
            ((exceeded, met), (met, exceeded)),
            ((met, not), (not, met)),
            ((met, none), (met, met)),
            ((none, none), (none, none)),
            ((NoData as u8, not), (not, NoData as u8)),
            ((NoData as u8, Contradictory as u8), (Contradictory as u8, Contradictory as u8)),
            ((Undetermined as u8, met), (Undetermined as u8, met)),
            ((ASK, not), (not, ASK)),
            ((ASK, exceeded), (ASK, exceeded)),
            ((ASK, none), (ASK, ASK)),
        ];
        for ((a, b), (all, any)) in cases {
            for (a, b) in [(a, b), (b, a)] {
                for (table, expected) in [(&ALL, all), (&ANY, any)] {
                    let mut codes = [a];
                    join(table, &mut codes, &[b]);
                    assert_eq!(codes, [expected], "{a} {b}");
                }
            }
        }
        let mut codes = [exceeded, met, not, none, ASK];
        turn(&mut codes);
        assert_eq!(codes, [not, not, met, none, ASK]);
    }
}
