//! Records of a `json` block, every number from its text.

use std::collections::BTreeMap;

use chitieu::number::Decimal;
use chitieu::snapshot::Raw;
use chitieu::{Measurement, Snapshot};
use serde_json::value::RawValue;

type Object<'a> = BTreeMap<String, &'a RawValue>;

/// The records of a block: one object, or a list of objects.
pub(super) fn records(text: &str) -> Result<Vec<Snapshot>, String> {
    let list: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(|fault| fault.to_string())?
    } else {
        vec![serde_json::from_str(text).map_err(|fault| fault.to_string())?]
    };
    let mut records = Vec::new();
    for (record, number) in list.into_iter().zip(0..) {
        let mut snapshot = record_of(record.get())?;
        snapshot.place = format!("#/{number}");
        records.push(snapshot);
    }
    Ok(records)
}

fn record_of(text: &str) -> Result<Snapshot, String> {
    let fields: Object<'_> = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
    let mut snapshot = Snapshot::default();
    for (name, value) in fields {
        match name.as_str() {
            "entity" => snapshot.entity = words(value)?,
            "name" => snapshot.name = Some(words(value)?),
            "parent" => snapshot.parent = serde_json::from_str(value.get()).unwrap_or(None),
            "source" => snapshot.source = Some(words(value)?),
            "as_of" => {
                snapshot = snapshot.on(&words(value)?).map_err(|fault| fault.to_string())?;
            }
            "attributes" => {
                for (name, value) in object(value)? {
                    snapshot.attributes.push((name, words(value)?));
                }
            }
            "measurements" => {
                for (name, value) in object(value)? {
                    snapshot.measurements.push((name, measurement(value)?));
                }
            }
            other => return Err(format!("a record has no field `{other}`")),
        }
    }
    Ok(snapshot)
}

fn object(value: &RawValue) -> Result<Object<'_>, String> {
    serde_json::from_str(value.get()).map_err(|fault| fault.to_string())
}

fn words(value: &RawValue) -> Result<String, String> {
    serde_json::from_str(value.get()).map_err(|fault| format!("{value}: {fault}"))
}

fn measurement(value: &RawValue) -> Result<Measurement, String> {
    if !value.get().starts_with('{') {
        return Ok(Measurement::of(raw(value)));
    }
    let mut measurement = Measurement::default();
    for (name, value) in object(value)? {
        match name.as_str() {
            "value" => measurement.value = raw(value),
            "numerator" => measurement.numerator = raw(value),
            "denominator" => measurement.denominator = raw(value),
            "reported" => measurement.reported = raw(value),
            "unit" => measurement.unit = Some(words(value)?),
            "source" => measurement.source = Some(words(value)?),
            other => return Err(format!("a measurement has no field `{other}`")),
        }
    }
    Ok(measurement)
}

fn raw(value: &RawValue) -> Raw {
    match value.get() {
        "null" => Raw::Missing,
        "true" => Raw::Truth(true),
        "false" => Raw::Truth(false),
        text => match (serde_json::from_str(text), Decimal::parse(text)) {
            (Ok(words), _) => Raw::Text(words),
            (_, Ok(number)) => Raw::Number(number),
            _ => Raw::Unreadable(text.to_owned()),
        },
    }
}
