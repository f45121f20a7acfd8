//! The program as its users meet it: arguments and files in, exact bytes and exit status out.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot set up its folder must fail"
)]

#[path = "cli/against.rs"]
mod against;
#[path = "cli/broken.rs"]
mod broken;
#[path = "cli/check.rs"]
mod check;
#[path = "cli/columnar.rs"]
mod columnar;
#[path = "cli/columns.rs"]
mod columns;
#[path = "cli/diff.rs"]
mod diff;
#[path = "cli/eval.rs"]
mod eval;
#[path = "cli/explain.rs"]
mod explain;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/fmt.rs"]
mod fmt;
#[path = "cli/forms.rs"]
mod forms;
#[path = "cli/imports.rs"]
mod imports;
#[path = "cli/jobs.rs"]
mod jobs;
#[path = "cli/kills.rs"]
mod kills;
#[path = "cli/limits.rs"]
mod limits;
#[path = "cli/linked.rs"]
mod linked;
#[path = "cli/memory.rs"]
mod memory;
#[path = "cli/rejects.rs"]
mod rejects;
#[path = "cli/roster.rs"]
mod roster;
#[path = "cli/sample.rs"]
mod sample;
#[path = "cli/scores.rs"]
mod scores;
#[path = "cli/stream.rs"]
mod stream;
#[path = "cli/tables.rs"]
mod tables;
#[path = "cli/trust.rs"]
mod trust;
#[path = "cli/world.rs"]
mod world;
