//! What figures say against each other, within one snapshot and from day to day.
//!
//! Enters: the model and the data. Leaves: findings. The one idea: which figure is wrong is not
//! known, so a finding names all of them and changes no verdict. Invariant: figures that can be
//! true together are never reported as an error.

mod cumulative;
mod find;
mod group;
mod printed;
mod relation;
mod series;

use crate::calendar::Date;
use crate::check::model::Model;
use crate::diagnostic::Message;
use crate::reference::Reference;
use crate::snapshot::{Cases, Data};
use group::Names;
use series::Series;

/// Something that figures say against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// The entity, by its id.
    pub entity: String,
    /// The day of the snapshot.
    pub as_of: Date,
    /// The indicator, or the relation as the rule writes it.
    pub subject: String,
    /// The figures, as the data write them.
    pub figures: Vec<String>,
    /// What is the matter.
    pub message: Message,
    /// Where the figures stand: file and row.
    pub sources: Vec<String>,
}

/// What a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A printed figure is not its own fraction, rounded half up to the printed digits.
    Printed,
    /// A part is above its whole.
    AboveWhole,
    /// One figure is given twice, differently.
    Repeated,
    /// A cumulative count is lower than before.
    Fallen,
    /// A relation of the rules does not hold.
    Relation,
    /// A relation of the rules cannot be decided by bounds.
    Undecided,
    /// A figure that a relation needs is missing.
    Missing,
    /// A figure is the same as in the snapshot before, to the last digit.
    Copied,
}

impl Kind {
    /// The code that programs read.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::AboveWhole => "above_whole",
            Self::Repeated => "repeated",
            Self::Fallen => "fallen",
            Self::Relation => "relation",
            Self::Undecided => "undecided",
            Self::Missing => "missing",
            Self::Copied => "copied",
        }
    }

    /// Whether figures contradict each other; otherwise they only leave something open.
    pub const fn is_error(self) -> bool {
        !matches!(self, Self::Undecided | Self::Missing | Self::Copied)
    }
}

/// Audits all snapshots, in their order; for each its figures, the relations of the rules, then
/// what it says against the entity's other days.
///
/// ```
/// use chitieu::snapshot::Data;
/// use chitieu::{Measurement, Rules, Snapshot, audit};
///
/// let rules = Rules::parse("tỷ lệ hồ sơ đúng hạn >= 96%").unwrap();
/// let mut data = Data::new();
/// let share = |text: &str| Measurement::fraction(2, 3).reported(text);
/// for (day, printed) in [("30/06/2023", "66,7%"), ("31/12/2023", "66,6%")] {
///     let record = Snapshot::new("a").on(day)?;
///     data.push(record.measure("tỷ lệ hồ sơ đúng hạn", share(printed)), None);
/// }
/// let found = audit::audit(rules.model(), &data);
/// assert_eq!(found.len(), 1);
/// assert!(found[0].message.vi.contains("bị cắt bớt chữ số"));
/// # Ok::<(), chitieu::calendar::TimeError>(())
/// ```
pub fn audit(model: &Model, data: &Data) -> Vec<Finding> {
    let reference = Reference::new(model, data);
    let names = Names::new(model, data, &reference);
    let cases = Cases::each_snapshot(data);
    let mut later = days(model, data, &names).into_iter().peekable();
    let mut found = Vec::new();
    for (place, snapshot) in data.snapshots.iter().enumerate() {
        if let Some(case) = cases.get(data, place) {
            let (reference, names) = (&reference, &names);
            let auditor = find::Auditor { model, data, reference, case: &case, names };
            auditor.figures(&names.groups(model, data, snapshot), &mut found);
            auditor.relations(&mut found);
        }
        while let Some((_, finding)) = later.next_if(|(of, _)| *of == place) {
            found.push(finding);
        }
    }
    found
}

/// What the snapshots of each entity say against each other, in the order of the snapshots.
fn days(model: &Model, data: &Data, names: &Names) -> Vec<(usize, Finding)> {
    let mut found = Vec::new();
    for entity in data.entities.iter().filter(|entity| entity.has_several()) {
        let mut series = Series::new(&entity.id);
        for place in data.history(entity) {
            let place = *place as usize;
            let Some(snapshot) = data.snapshots.get(place) else { continue };
            let groups = names.groups(model, data, snapshot);
            series.day(snapshot, place, &groups, &mut found);
        }
        series.finish(&mut found);
    }
    found.sort_by_key(|(place, _)| *place);
    found
}

#[cfg(test)]
mod tests;
