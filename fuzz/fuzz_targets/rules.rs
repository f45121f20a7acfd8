//! Any text is read without a panic, and its layout is a fixed point that reads the same.

#![no_main]

use chitieu::Rules;
use chitieu::source::{Source, SourceId};
use chitieu::syntax;
use libfuzzer_sys::fuzz_target;

/// Codes of what is wrong, in any order, and how many targets there are.
fn read(text: &str) -> (Vec<&'static str>, usize) {
    let (found, targets) = match Rules::parse(text) {
        Ok(rules) => (rules.warnings().clone(), rules.model().targets.len()),
        Err(found) => (found, 0),
    };
    let mut codes: Vec<_> = found.iter().map(|fault| fault.code.id()).collect();
    codes.sort_unstable();
    (codes, targets)
}

fn layout(text: &str) -> Option<String> {
    syntax::format(SourceId(0), &Source::new("", text).ok()?).ok()
}

fuzz_target!(|text: &str| {
    let before = read(text);
    let Some(once) = layout(text) else { return };
    assert_eq!(layout(&once).as_ref(), Some(&once), "the layout of a layout");
    assert_eq!(read(&once), before, "{once}");
});
