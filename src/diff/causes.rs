//! Why a verdict is another one.
//!
//! Enters: two records of one verdict. Leaves: the causes, each with what was and what is. The one
//! idea: what differs between the records and can turn a verdict is a cause; a threshold that
//! differs because a later milestone is due is a matter of the date, not of the rules. Invariant:
//! nothing follows from a field that one of the files does not hold.

use super::{Part, Row};

/// Why a verdict is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// What differs.
    pub cause: Cause,
    /// Of what, where a record holds several: a part of a joined target.
    pub what: String,
    /// How it was; empty where there was nothing.
    pub from: String,
    /// How it is now.
    pub to: String,
}

/// What differs between two records of one verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The figure, or that of a part.
    Measured,
    /// What is missing.
    Missing,
    /// The units that failed.
    Failing,
    /// The units that have not reported.
    Unreported,
    /// The reason.
    Reason,
    /// The unit.
    Unit,
    /// The threshold, or that of a part.
    Threshold,
    /// The parts of a joined target are other ones.
    Parts,
    /// The due date itself.
    Due,
    /// On the same day it is in force in one file only.
    InForce,
    /// A target of another programme has taken its place.
    Superseded,
    /// It stands in another programme.
    Programme,
    /// The legal basis.
    LegalBasis,
    /// The due date lies between both days, and what it asks is not met.
    DuePassed,
    /// The threshold of a later milestone is due by now.
    Milestone,
    /// The days in force have ended, or begun, between both days.
    Window,
    /// The day alone.
    AsOf,
}

/// What a cause is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Figures.
    Data,
    /// The text of the rules.
    Rule,
    /// Another document.
    Document,
    /// A date that has passed.
    Date,
}

impl Cause {
    /// The code that programs read.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Missing => "missing",
            Self::Failing => "failing",
            Self::Unreported => "unreported",
            Self::Reason => "reason",
            Self::Unit => "unit",
            Self::Threshold => "threshold",
            Self::Parts => "parts",
            Self::Due => "due",
            Self::InForce => "in_force",
            Self::Superseded => "superseded",
            Self::Programme => "programme",
            Self::LegalBasis => "legal_basis",
            Self::DuePassed => "due_passed",
            Self::Milestone => "milestone",
            Self::Window => "window",
            Self::AsOf => "as_of",
        }
    }

    /// What it is about.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Measured | Self::Missing | Self::Failing | Self::Unreported | Self::Reason => {
                Kind::Data
            }
            Self::Unit | Self::Threshold | Self::Parts | Self::Due | Self::InForce => Kind::Rule,
            Self::Superseded | Self::Programme | Self::LegalBasis => Kind::Document,
            Self::DuePassed | Self::Milestone | Self::Window | Self::AsOf => Kind::Date,
        }
    }
}

impl Kind {
    /// The code that programs read.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Rule => "rule",
            Self::Document => "document",
            Self::Date => "date",
        }
    }
}

/// The causes that two records show; `heir` is a target that may have taken the place of this one.
pub(super) fn causes(old: &Row, new: &Row, heir: Option<&Row>) -> Vec<Why> {
    let pair = Records { old, new };
    let mut causes = Vec::new();
    pair.data(&mut causes);
    pair.rules(&mut causes);
    pair.documents(heir, &mut causes);
    pair.dates(&mut causes);
    if causes.is_empty() && old.reason != new.reason && pair.hold("reason") {
        causes.push(why(Cause::Reason, "", &old.reason, &new.reason));
    }
    if causes.is_empty() && old.as_of != new.as_of && pair.hold("as_of") {
        causes.push(why(Cause::AsOf, "", &old.as_of, &new.as_of));
    }
    causes.sort_by_key(|it| it.cause.kind() as u8);
    causes
}

/// Two records of one verdict.
struct Records<'a> {
    old: &'a Row,
    new: &'a Row,
}

impl Records<'_> {
    /// Whether both files hold a field.
    fn hold(&self, field: &str) -> bool {
        let lacks = |row: &Row| row.absent.contains(&field);
        !lacks(self.old) && !lacks(self.new)
    }

    /// Whether a side is empty because the target does not apply there: what it lacks is no cause.
    fn is_blank(&self) -> bool {
        let is_blank = |row: &Row| row.verdict == "not_applicable" && row.measured.is_empty();
        is_blank(self.old) || is_blank(self.new)
    }

    /// A field that differs and is filled on both sides.
    fn filled(&self, name: &str, cause: Cause, of: fn(&Row) -> &String, causes: &mut Vec<Why>) {
        if !of(self.old).is_empty() && !of(self.new).is_empty() {
            self.field(name, cause, of, causes);
        }
    }

    /// A field that differs.
    fn field(&self, name: &str, cause: Cause, of: fn(&Row) -> &String, causes: &mut Vec<Why>) {
        let (from, to) = (of(self.old), of(self.new));
        if from != to && self.hold(name) {
            causes.push(why(cause, "", from, to));
        }
    }

    /// A list of which some items are new or gone.
    fn list(&self, name: &str, cause: Cause, of: fn(&Row) -> &Vec<String>, causes: &mut Vec<Why>) {
        let (from, to) = (of(self.old), of(self.new));
        if from != to && self.hold(name) {
            let without = |some: &[String], other: &[String]| {
                let other: std::collections::HashSet<&String> = other.iter().collect();
                let rest = some.iter().filter(|it| !other.contains(it)).map(String::as_str);
                rest.collect::<Vec<_>>().join(", ")
            };
            let (gone, added) = (without(from, to), without(to, from));
            if !gone.is_empty() || !added.is_empty() {
                causes.push(why(cause, "", &gone, &added));
            }
        }
    }

    fn data(&self, causes: &mut Vec<Why>) {
        let (old, new) = (self.old, self.new);
        if self.is_blank() {
            return;
        }
        if old.measured != new.measured && self.hold("measured") {
            let (from, to) = (with_fraction(old), with_fraction(new));
            causes.push(why(Cause::Measured, "", &from, &to));
        }
        for (before, after) in self.parts() {
            let measured = before.measured.as_ref().zip(after.measured.as_ref());
            if let Some((from, to)) = measured.filter(|(from, to)| from != to) {
                causes.push(why(Cause::Measured, &after.text, from, to));
            }
        }
        self.list("missing", Cause::Missing, |row| &row.missing, causes);
        self.list("failing", Cause::Failing, |row| &row.failing, causes);
        self.list("unreported", Cause::Unreported, |row| &row.unreported, causes);
        self.filled("reason", Cause::Reason, |row| &row.reason, causes);
    }

    /// The parts of both records, where they are the same in number.
    fn parts(&self) -> impl Iterator<Item = (&Part, &Part)> {
        let same = self.old.parts.len() == self.new.parts.len() && self.hold("parts");
        self.old.parts.iter().zip(&self.new.parts).filter(move |_| same)
    }

    fn rules(&self, causes: &mut Vec<Why>) {
        self.filled("unit", Cause::Unit, |row| &row.unit, causes);
        if self.has_next_milestone() {
            return;
        }
        self.filled("threshold", Cause::Threshold, |row| &row.threshold, causes);
        for (before, after) in self.parts() {
            let asked = before.threshold.as_ref().zip(after.threshold.as_ref());
            if let Some((from, to)) = asked.filter(|(from, to)| from != to) {
                causes.push(why(Cause::Threshold, &after.text, from, to));
            }
        }
        if self.is_blank() {
            return;
        }
        if self.old.parts.len() != self.new.parts.len() && self.hold("parts") {
            let texts = |row: &Row| {
                let texts = row.parts.iter().map(|part| part.text.as_str());
                texts.collect::<Vec<_>>().join("; ")
            };
            causes.push(why(Cause::Parts, "", &texts(self.old), &texts(self.new)));
        }
        self.field("due", Cause::Due, |row| &row.due, causes);
    }

    fn documents(&self, heir: Option<&Row>, causes: &mut Vec<Why>) {
        let (old, new) = (self.old, self.new);
        let left = is_outside(new) && !is_outside(old) && self.hold("reason");
        if let Some(heir) = heir.filter(|_| left) {
            let (from, to) = (whole_code(new), whole_code(heir));
            causes.push(why(Cause::Superseded, "", &from, &to));
        }
        self.field("programme", Cause::Programme, |row| &row.programme, causes);
        self.field("legal_basis", Cause::LegalBasis, |row| &row.legal_basis, causes);
    }

    fn dates(&self, causes: &mut Vec<Why>) {
        let (old, new) = (self.old, self.new);
        let known = self.hold("due") && self.hold("as_of") && !old.as_of.is_empty();
        // Only what is not met is another verdict before its due date.
        let passed = old.as_of < new.due && new.due <= new.as_of && new.verdict == "not_met";
        if known && old.due == new.due && passed {
            causes.push(why(Cause::DuePassed, &new.due, &old.as_of, &new.as_of));
        }
        if self.has_next_milestone() {
            causes.push(why(Cause::Milestone, &new.due, &old.threshold, &new.threshold));
        }
        if is_outside(old) != is_outside(new)
            && self.hold("reason")
            && !causes.iter().any(|it| it.cause == Cause::Superseded)
        {
            // On one day only the rules can have changed what is in force.
            let cause = if old.as_of == new.as_of { Cause::InForce } else { Cause::Window };
            causes.push(why(cause, "", &old.as_of, &new.as_of));
        }
    }

    /// Whether the threshold is that of a milestone which has come due between both days.
    fn has_next_milestone(&self) -> bool {
        let (old, new) = (self.old, self.new);
        old.due < new.due
            && !old.due.is_empty()
            && old.as_of < new.due
            && new.due <= new.as_of
            && old.threshold != new.threshold
            && !old.threshold.is_empty()
            && !new.threshold.is_empty()
            && ["due", "as_of", "threshold"].iter().all(|field| self.hold(field))
    }
}

fn why(cause: Cause, what: &str, from: &str, to: &str) -> Why {
    Why { cause, what: what.to_owned(), from: from.to_owned(), to: to.to_owned() }
}

/// Whether a record says that its day lies outside of the days in force.
fn is_outside(row: &Row) -> bool {
    row.reason == "not_in_force"
}

fn whole_code(row: &Row) -> String {
    let is_whole = row.target.starts_with(&format!("{}/", row.programme));
    if row.programme.is_empty() || is_whole {
        row.target.clone()
    } else {
        format!("{}/{}", row.programme, row.target)
    }
}

/// `36.6 (225020/615198)`.
fn with_fraction(row: &Row) -> String {
    match (row.numerator.is_empty(), row.denominator.is_empty()) {
        (false, false) => format!("{} ({}/{})", row.measured, row.numerator, row.denominator),
        _ => row.measured.clone(),
    }
}
