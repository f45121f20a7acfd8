//! Units that a test makes up below its entity: `cho 7 xã: x = có`.
//!
//! Enters: a test. Leaves: their records. The one idea: they are data like any other, each with an
//! id made of its type and a number (`xã 1`, `xã 2`), so that reports may name them. A unit that
//! reports nothing has an empty record: it is there, and silent.

use std::collections::HashMap;

use super::satisfy;
use crate::calendar::{Date, Period};
use crate::check::model::{Given, Test, UnitsGiven};
use crate::snapshot::{Measurement, Snapshot};
use crate::text;

/// The records of all units, in the order of the lines; `parent` is the entity of the test.
pub(super) fn records(test: &Test, day: Date, parent: &str) -> Vec<Snapshot> {
    let mut records = Vec::new();
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    for group in &test.units {
        let kind = group.types.first().map_or("", String::as_str);
        for _ in 0..group.count {
            let number = numbers.entry(kind).or_insert(0);
            *number += 1;
            // The entity of the test bears a name of its own.
            if format!("{kind} {number}") == parent {
                *number += 1;
            }
            records.extend(unit(test, group, &format!("{kind} {number}"), day, parent));
        }
    }
    records
}

/// The records of one unit: one of the day, and one for each other time that its line names.
fn unit(test: &Test, group: &UnitsGiven, id: &str, day: Date, parent: &str) -> Vec<Snapshot> {
    let said = |name: &str| {
        let fits = |it: &&Given| it.attribute && text::normal(&it.name) == name;
        group.given.iter().find(fits).map(|it| it.value.clone())
    };
    let id = said("tên").unwrap_or_else(|| id.to_owned());
    let parent = said("thuộc").unwrap_or_else(|| parent.to_owned());
    let kind = group.types.first().cloned().unwrap_or_default();
    let mut attributes = vec![("cấp".to_owned(), kind)];
    if let Some(filter) = &group.filter {
        satisfy(filter, &mut attributes);
    }
    for given in group.given.iter().filter(|given| given.attribute) {
        let key = text::normal(&given.name);
        if !matches!(key.as_str(), "tên" | "thuộc") {
            attributes.retain(|(known, _)| text::normal(known) != key);
            attributes.push((given.name.clone(), given.value.clone()));
        }
    }
    let base = |period: Period| Snapshot {
        entity: id.clone(),
        parent: Some(parent.clone()),
        period: Some(period),
        attributes: attributes.clone(),
        place: test.name.clone(),
        ..Snapshot::default()
    };
    let mut first = base(Period::day(day));
    let mut others = Vec::new();
    for given in group.given.iter().filter(|given| !given.attribute) {
        let figure = (given.name.clone(), Measurement::text(&given.value));
        match given.time {
            None => first.measurements.push(figure),
            Some(time) => {
                let mut other = base(time);
                other.measurements.push(figure);
                others.push(other);
            }
        }
    }
    std::iter::once(first).chain(others).collect()
}
