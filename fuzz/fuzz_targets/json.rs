//! Any text is read as a snapshot without a panic.

#![no_main]

use chitieu::{Rules, Snapshot};
use libfuzzer_sys::fuzz_target;

const RULES: &str =
    "chương trình: A\nhiệu lực: năm 2023\n\ntỷ lệ a >= 40%\nsố b < 5 người\nc = có\n";

fuzz_target!(init: {
    // Judged as well, so that what was read is also used.
    assert!(Rules::parse(RULES).is_ok());
}, |text: &str| {
    let Ok(snapshot) = Snapshot::from_json(text) else { return };
    let Ok(rules) = Rules::parse(RULES) else { return };
    let _ = rules.evaluate(&snapshot).verdicts().len();
});
