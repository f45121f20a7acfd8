//! Records of a `json` block, cut apart and read by the library.

use chitieu::Snapshot;
use serde_json::value::RawValue;

/// The records of a block: one object, or a list of objects.
pub(super) fn records(text: &str) -> Result<Vec<Snapshot>, String> {
    let list: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(|fault| fault.to_string())?
    } else {
        vec![serde_json::from_str(text).map_err(|fault| fault.to_string())?]
    };
    let mut records = Vec::new();
    for (record, number) in list.into_iter().zip(0..) {
        let mut snapshot = Snapshot::from_json(record.get()).map_err(|fault| fault.to_string())?;
        snapshot.place = format!("#/{number}");
        records.push(snapshot);
    }
    Ok(records)
}
