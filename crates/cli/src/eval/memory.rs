//! How much memory data may take.
//!
//! Enters: an estimate of what is held. Leaves: nothing, or why the run ends. The one idea: what is
//! held grows with the data only where records of one snapshot may stand apart, so there is always
//! an option to take.

use chitieu::diagnostic::Message;

use crate::console::Failure;

/// The bytes of an entity and day that are only watched, with the room of a set.
pub(super) const KEY: u64 = 9;
/// About the bytes of an entity that stands above or below another.
pub(super) const ENTITY: u64 = 300;
/// About the bytes of a name that no rule knows, kept twice.
pub(super) const NAME: u64 = 200;
/// About the bytes of a gathered record, beside its measurements.
pub(super) const RECORD: u64 = 500;
/// About the bytes of a gathered measurement.
pub(super) const MEASUREMENT: u64 = 300;

/// Ends the run where more is held than may be.
pub(super) fn check(held: u64, most: Option<u64>) -> Result<(), Failure> {
    let Some(most) = most.filter(|most| held > *most) else { return Ok(()) };
    let (held, most) = (held >> 20, most >> 20);
    Err(Failure::Said(Message::new(
        format!(
            "số liệu cần hơn {held} MiB bộ nhớ, `--max-memory` cho {most} MiB; nếu mỗi bản ghi là \
             cả bộ số liệu thì dùng `--complete-records`, nếu không thì tăng `--max-memory`"
        ),
        format!(
            "the data take more than {held} MiB of memory, `--max-memory` allows {most} MiB; if \
             each record is a whole snapshot use `--complete-records`, else raise `--max-memory`"
        ),
    )))
}
