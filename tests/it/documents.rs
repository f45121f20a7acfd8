//! The documents of the codes: their examples are what they say.
//!
//! Enters: `docs/diagnostics`. The one idea: a `bad` block gives its own code and no other, a
//! `good` one gives nothing, so that nobody learns a form that is not read.

use chitieu::Rules;
use chitieu::diagnostic::Code;

/// Codes of forms that no version read yet: their bad example is refused, if by another code.
const LATER: [&str; 4] = ["E0027", "E0028", "E0029", "E0030"];

/// The blocks of a document that begin with this line.
fn blocks<'a>(document: &'a str, fence: &str) -> Vec<&'a str> {
    let fence = format!("\n{fence}\n");
    let bodies = document.split(fence.as_str()).skip(1);
    bodies.map(|body| body.split("\n```").next().unwrap_or_default()).collect()
}

fn codes(text: &str) -> Vec<&'static str> {
    let found = match Rules::parse(text) {
        Ok(rules) => rules.warnings().clone(),
        Err(found) => found,
    };
    let mut codes: Vec<_> = found.iter().map(|fault| fault.code.id()).collect();
    codes.dedup();
    codes
}

#[test]
fn examples_of_the_documents_are_what_they_say() {
    for &code in Code::all() {
        let document = code.document();
        let (bad, good) = (blocks(document, "```chitieu bad"), blocks(document, "```chitieu good"));
        assert!(!good.is_empty(), "{code} shows nothing right");
        for text in bad {
            let found = codes(text);
            if LATER.contains(&code.id()) {
                assert!(found.iter().any(|id| id.starts_with('E')), "{code}: {text}");
                continue;
            }
            assert_eq!(found, [code.id()], "{code}: the bad example\n{text}");
        }
        for text in good {
            assert_eq!(codes(text), Vec::<&str>::new(), "{code}: the good example\n{text}");
        }
        assert!(document.lines().all(|line| line.chars().count() <= 130), "{code}: long lines");
    }
}
