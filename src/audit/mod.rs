//! What the figures of one snapshot say against each other.
//!
//! Enters: the model and the data. Leaves: findings. The one idea: which figure is wrong is not
//! known, so a finding names all of them and changes no verdict. Invariant: figures that can be
//! true together are never reported.

mod find;
mod printed;
mod relation;

use crate::calendar::Date;
use crate::check::model::Model;
use crate::diagnostic::Message;
use crate::reference::Reference;
use crate::snapshot::{Cases, Data};

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
    /// A relation of the rules does not hold.
    Relation,
    /// A relation of the rules cannot be decided by bounds.
    Undecided,
    /// A figure that a relation needs is missing.
    Missing,
}

impl Kind {
    /// The code that programs read.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::AboveWhole => "above_whole",
            Self::Repeated => "repeated",
            Self::Relation => "relation",
            Self::Undecided => "undecided",
            Self::Missing => "missing",
        }
    }

    /// Whether figures contradict each other; otherwise they only leave something open.
    pub const fn is_error(self) -> bool {
        !matches!(self, Self::Undecided | Self::Missing)
    }
}

/// Audits all snapshots, in their order; for each its figures, then the relations of the rules.
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
    let cases = Cases::each_snapshot(data);
    let mut found = Vec::new();
    for (place, snapshot) in data.snapshots.iter().enumerate() {
        let Some(case) = cases.get(data, place) else { continue };
        let auditor = find::Auditor { model, data, reference: &reference, case: &case, snapshot };
        auditor.figures(&mut found);
        auditor.relations(&mut found);
    }
    found
}

#[cfg(test)]
mod tests;
