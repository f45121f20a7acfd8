//! Changes as JSON, one object a line.
//!
//! Enters: changes. Leaves: lines, the last one a summary. Invariant: a field is never left out;
//! what a file does not hold is null.

use chitieu::diff::{Change, Diff as Changes, Row, Why};

use crate::json::{Json, object};

pub(super) fn lines(diff: &Changes<'_>) -> String {
    let mut out = String::new();
    for change in &diff.changes {
        let line = match change {
            Change::Flipped(pair) => {
                let mut causes: Vec<&str> =
                    pair.causes.iter().map(|why| why.cause.code()).collect();
                causes.dedup();
                let details: Vec<Json> = pair.causes.iter().map(detail).collect();
                whose("flipped", pair.new).with([
                    ("causes", causes.as_slice().into()),
                    ("details", Json::List(details)),
                    ("old", side(pair.old)),
                    ("new", side(pair.new)),
                ])
            }
            Change::TargetNew(row, count) => of_target("target_new", row, *count),
            Change::TargetGone(row, count) => of_target("target_gone", row, *count),
            Change::EntityNew(row, count) => of_entity("entity_new", row, *count),
            Change::EntityGone(row, count) => of_entity("entity_gone", row, *count),
            Change::RecordNew(row) => whose("record_new", row).with([("new", side(row))]),
            Change::RecordGone(row) => whose("record_gone", row).with([("old", side(row))]),
        };
        out.push_str(&line.line());
    }
    let flipped = diff.changes.iter().filter(|it| matches!(it, Change::Flipped(_))).count();
    let summary = object([
        ("paired", diff.paired.into()),
        ("flipped", flipped.into()),
        ("moved", diff.moved.into()),
    ]);
    out.push_str(&object([("summary", summary)]).line());
    out
}

/// A text; nothing where the file has none.
fn text(text: &str) -> Json {
    Some(text).filter(|text| !text.is_empty()).into()
}

/// One cause with what was and what is.
fn detail(why: &Why) -> Json {
    object([
        ("cause", why.cause.code().into()),
        ("kind", why.cause.kind().code().into()),
        ("of", text(&why.what)),
        ("from", text(&why.from)),
        ("to", text(&why.to)),
    ])
}

/// What a record says on one side.
fn side(row: &Row) -> Json {
    object([
        ("as_of", text(&row.as_of)),
        ("verdict", text(&row.verdict)),
        ("reason", text(&row.reason)),
        ("measured", text(&row.measured)),
        ("unit", text(&row.unit)),
        ("threshold", text(&row.threshold)),
        ("due", text(&row.due)),
        ("legal_basis", text(&row.legal_basis)),
    ])
}

fn whose(change: &str, row: &Row) -> Json {
    object([
        ("change", change.into()),
        ("programme", text(&row.programme)),
        ("target", text(&row.target)),
        ("name", text(&row.name)),
        ("entity", text(&row.entity)),
    ])
}

fn of_target(change: &str, row: &Row, count: usize) -> Json {
    object([
        ("change", change.into()),
        ("programme", text(&row.programme)),
        ("target", text(&row.target)),
        ("name", text(&row.name)),
        ("verdicts", count.into()),
    ])
}

fn of_entity(change: &str, row: &Row, count: usize) -> Json {
    object([("change", change.into()), ("entity", text(&row.entity)), ("verdicts", count.into())])
}
