//! Declared abbreviations.
//!
//! Enters: pairs of a short form and what it stands for, then names. Leaves: names with the short
//! forms expanded.
//! The one idea: short forms keep their case, so that `TT` is one and `tt` is not, but not the way
//! they were typed.
//! Invariant: what an expansion brings in is not expanded again, and no name grows without bound.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use thiserror::Error;

use super::fold::{Style, fold};
use super::letters::is_word;

/// The longest short form, in bytes: a bound of the work on hostile rules.
const LONGEST_SHORT: usize = 120;
/// The longest expansion, in bytes.
const LONGEST_LONG: usize = 2_000;
/// How many bytes expansions may bring into one name; beyond that short forms stay as they are.
const MOST_EXPANDED: usize = 100_000;

/// The abbreviations of one programme.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Abbreviations {
    /// Short forms in NFC and their own case.
    longs: BTreeMap<String, String>,
    /// The bytes of the longest short form.
    longest: usize,
}

/// Why an abbreviation cannot be declared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AbbreviationError {
    /// The short or the long form holds nothing.
    #[error("an abbreviation needs a short form and what it stands for")]
    Empty,
    /// The short form has more than 120 bytes or the long form more than 2000.
    #[error("an abbreviation has at most 120 bytes and stands for at most 2000")]
    TooLong,
    /// The short form stands for something else already.
    #[error("the abbreviation stands for `{long}` already")]
    Taken {
        /// What it stands for.
        long: String,
    },
}

impl Abbreviations {
    /// Declares that `short` stands for `long`. To declare the same again changes nothing.
    ///
    /// # Errors
    ///
    /// An [`AbbreviationError`]; then nothing is declared.
    pub fn insert(&mut self, short: &str, long: &str) -> Result<(), AbbreviationError> {
        if short.len() > LONGEST_SHORT || long.len() > LONGEST_LONG {
            return Err(AbbreviationError::TooLong);
        }
        let (short, long) = (exact(short), exact(long));
        if short.is_empty() || long.is_empty() {
            return Err(AbbreviationError::Empty);
        }
        self.longest = self.longest.max(short.len());
        match self.longs.entry(short) {
            Entry::Vacant(free) => {
                free.insert(long);
            }
            Entry::Occupied(taken) if *taken.get() == long => {}
            Entry::Occupied(taken) => {
                return Err(AbbreviationError::Taken { long: taken.get().clone() });
            }
        }
        Ok(())
    }

    /// The declared pairs, in the order of their short forms.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.longs.iter().map(|(short, long)| (short.as_str(), long.as_str()))
    }

    /// The text with its short forms expanded: whole words in their exact case, from left to right
    /// and the longest first, once. A word ends where no letter, mark or digit follows. Without a
    /// short form the text is returned as it is, else in NFC with single spaces.
    ///
    /// ```
    /// use chitieu::text::Abbreviations;
    /// let mut abbreviations = Abbreviations::default();
    /// abbreviations.insert("TT", "thông tin")?;
    /// assert_eq!(abbreviations.expand("Sở TT-TT, TTHC"), "Sở thông tin-thông tin, TTHC");
    /// # Ok::<(), chitieu::text::AbbreviationError>(())
    /// ```
    pub fn expand<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.longs.is_empty() {
            return Cow::Borrowed(text);
        }
        let composed = exact(text);
        let mut expanded = String::new();
        let (mut copied, mut at, mut before) = (0, 0, None);
        while let Some(rest) = composed.get(at..) {
            let Some(first) = rest.chars().next() else { break };
            let starts = !before.is_some_and(is_word) && expanded.len() < copied + MOST_EXPANDED;
            let found = if starts { self.longest_at(rest) } else { None };
            if let Some((short, long)) = found {
                expanded.push_str(composed.get(copied..at).unwrap_or_default());
                expanded.push_str(long);
                at += short.len();
                copied = at;
                before = short.chars().next_back();
            } else {
                at += first.len_utf8();
                before = Some(first);
            }
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        expanded.push_str(composed.get(copied..).unwrap_or_default());
        Cow::Owned(expanded)
    }

    /// The longest short form with which a text begins and behind which no word goes on.
    fn longest_at(&self, text: &str) -> Option<(&str, &str)> {
        let mut found = None;
        let mut characters = text.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let end = at + c.len_utf8();
            if end > self.longest {
                break;
            }
            if characters.peek().is_some_and(|&(_, next)| is_word(next)) {
                continue;
            }
            let entry = text.get(..end).and_then(|word| self.longs.get_key_value(word));
            found = entry.or(found);
        }
        found.map(|(short, long)| (short.as_str(), long.as_str()))
    }
}

/// The form in which short forms are compared: as names are, but in their own case and spelling.
fn exact(text: &str) -> String {
    fold(text, Style::Exact, &mut ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::key;

    fn declared(pairs: &[(&str, &str)]) -> Abbreviations {
        let mut abbreviations = Abbreviations::default();
        for (short, long) in pairs {
            abbreviations.insert(short, long).unwrap();
        }
        abbreviations
    }

    #[test]
    fn whole_words_in_their_case_are_expanded_once() {
        let abbreviations = declared(&[
            ("DVC", "dịch vụ công"),
            ("DVC TT", "dịch vụ công trực tuyến"),
            ("ĐDĐT", "định danh điện tử"),
            ("A", "B"),
            ("B", "A"),
            ("R&D", "nghiên cứu"),
            ("(x)", "ngoặc"),
        ]);
        let check = |text: &str, expected: &str| {
            assert_eq!(abbreviations.expand(text), expected, "{text:?}");
        };
        check("tỷ lệ DVC", "tỷ lệ dịch vụ công");
        check("DVC\u{a0} TT/DVC", "dịch vụ công trực tuyến/dịch vụ công");
        check("dvc DVCQG DVC2 2DVC xDVC DVC\u{331}", "dvc DVCQG DVC2 2DVC xDVC DVC\u{331}");
        check("D\u{200b}VC", "dịch vụ công");
        check("ÐDÐT", "định danh điện tử");
        check("A B", "B A");
        check("R&D, R & D", "nghiên cứu, R & D");
        check("a(x) (x) (x)", "a(x) ngoặc ngoặc");
        check("  ", "  ");
    }

    #[test]
    fn decomposed_text_is_expanded_too() {
        let abbreviations = declared(&[("ĐÂ", "đường ấp")]);
        assert_eq!(key("Tỷ ĐA\u{302}", &abbreviations), "tỉ đường ấp");
        assert_eq!(key("Tỷ đâ", &abbreviations), "tỉ đâ");
        assert_eq!(declared(&[("ĐA\u{302}", "đường ấp")]), abbreviations);
    }

    #[test]
    fn what_cannot_be_declared_is_refused() {
        let mut abbreviations = declared(&[("A", "b")]);
        let mut check = |short: &str, long: &str, expected: Result<(), AbbreviationError>| {
            assert_eq!(abbreviations.insert(short, long), expected);
        };
        check("A", " b", Ok(()));
        check("A", "c", Err(AbbreviationError::Taken { long: "b".into() }));
        check("\u{200b} ", "c", Err(AbbreviationError::Empty));
        check("C", " ", Err(AbbreviationError::Empty));
        check(&"C".repeat(121), "c", Err(AbbreviationError::TooLong));
        check("C", &"c".repeat(2_001), Err(AbbreviationError::TooLong));
    }

    #[test]
    fn a_name_grows_only_so_far() {
        let abbreviations = declared(&[("A", &"b".repeat(2_000))]);
        let text = "A ".repeat(100_000);
        assert!(abbreviations.expand(&text).len() < text.len() + 2 * MOST_EXPANDED);
    }
}
