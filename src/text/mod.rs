//! Names: when two spellings are one, and which names are near.
//!
//! Enters: text as people type it. Leaves: its normal form, its key, and what was perhaps meant.
//! The one idea: spellings are the same name when their keys agree; a key is the normal form of the
//! text with its abbreviations expanded. Nothing else is the same: what is only near is offered,
//! never taken.
//! Invariant: the normal form of a normal form is itself, and [`Shadow`] makes the same form with
//! the way back.

mod abbreviations;
mod fold;
mod layout;
mod letters;
mod nearest;
mod shadow;
mod syllable;

pub use abbreviations::{AbbreviationError, Abbreviations};
pub use nearest::nearest;
pub use shadow::Shadow;

use fold::{Style, fold};
use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The normal form of a text, in which two spellings of one name are the same, without
/// abbreviations: marks in order, NFC, case folded, one space for white space of every kind, one
/// spelling of open syllables, one form of `đ`, dashes and quotes, one space after a comma.
///
/// ```
/// use chitieu::text::normal;
/// assert_eq!(normal("  TỶ\u{a0}LỆ  Hoà Bình ,Quý 2"), "tỉ lệ hòa bình, quí 2");
/// assert_eq!(normal("1,5 – 2"), "1,5 - 2");
/// ```
pub fn normal(text: &str) -> String {
    fold(text, Style::Name, &mut ())
}

/// Whether this is one word that is its own normal form, as can be told without making it; a text
/// for which this is false may be one all the same.
///
/// ```
/// assert!(chitieu::text::is_calm_word("trực"));
/// assert!(!chitieu::text::is_calm_word("Trực") && !chitieu::text::is_calm_word("tỷ"));
/// ```
pub fn is_calm_word(text: &str) -> bool {
    letters::calm_word(text) == text.len()
        && !text.chars().next_back().is_some_and(syllable::may_have_another)
}

/// A text as people are shown it: NFC, one space for white space of every kind, nothing unseen.
///
/// ```
/// assert_eq!(chitieu::text::composed(" Bà  Rịa –\u{a0}Vũng Tàu"), "Bà Rịa – Vũng Tàu");
/// ```
pub fn composed(text: &str) -> String {
    let tidy = |pair: (char, char)| pair != (' ', ' ');
    let plain = |c: char| c == ' ' || (!c.is_whitespace() && !letters::unseen(c));
    if (text.chars().all(letters::common) || is_nfc_quick(text.chars()) == IsNormalized::Yes)
        && text.chars().all(plain)
        && text.chars().zip(text.chars().skip(1)).all(tidy)
    {
        return text.trim_matches(' ').to_owned();
    }
    let seen: String = text.nfc().filter(|&c| !letters::unseen(c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character is a mark on the one before it, or is not seen at all.
pub fn is_unwritten(letter: char) -> bool {
    is_combining_mark(letter) || letters::unseen(letter)
}

/// The key of a name: its normal form with the abbreviations expanded. Names with one key are one.
///
/// ```
/// use chitieu::text::{Abbreviations, key};
/// let mut abbreviations = Abbreviations::default();
/// abbreviations.insert("DVC", "dịch vụ công")?;
/// assert_eq!(key("Tỷ lệ DVC", &abbreviations), "tỉ lệ dịch vụ công");
/// assert_eq!(key("tỷ lệ dvc", &abbreviations), "tỉ lệ dvc");
/// # Ok::<(), chitieu::text::AbbreviationError>(())
/// ```
pub fn key(text: &str, abbreviations: &Abbreviations) -> String {
    normal(&abbreviations.expand(text))
}

/// The normal form without any diacritics, as it is typed without a Vietnamese keyboard.
///
/// ```
/// assert_eq!(chitieu::text::bare("Đạt Tỷ lệ"), "dat ti le");
/// ```
pub fn bare(text: &str) -> String {
    bare_of(&normal(text))
}

/// The [`bare`] form of a text that stands in normal form, such as a key.
///
/// ```
/// use chitieu::text;
/// assert_eq!(text::bare_of(&text::normal("Kỳ họp")), text::bare("Kỳ họp"));
/// ```
pub fn bare_of(normal: &str) -> String {
    let mut letters = String::with_capacity(normal.len());
    for c in normal.chars() {
        match c {
            'đ' => letters.push('d'),
            _ if c.is_ascii() => letters.push(c),
            _ => decompose_canonical(c, |part| {
                if !is_combining_mark(part) {
                    letters.push(part);
                }
            }),
        }
    }
    // Where marks were taken away, a space may stand at an end now, or a `y` alone.
    let settled = letters.is_ascii() && !letters.contains(['y', ',']);
    let spaced = letters.starts_with(' ') || letters.ends_with(' ') || letters.contains("  ");
    if settled && !spaced { letters } else { self::normal(&letters) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_name_have_one_normal_form() {
        let check = |expected: &str, spellings: &[&str]| {
            for spelling in spellings {
                assert_eq!(normal(spelling), expected, "{spelling:?}");
            }
        };
        check("tỉ lệ", &["tỷ lệ", "TỶ LỆ", "Tỉ\tlệ", "ty\u{309} l\u{1eb9}\u{302}", "tỷ\u{a0}lệ "]);
        check("thủy", &["thuỷ", "thủy", "THUỶ", "Thu\u{309}y", "thuy\u{309}"]);
        check("lũy kế", &["luỹ kế", "LŨY KẾ", "luy\u{303} ke\u{301}\u{302}"]);
        check("điện tử", &["Điện tử", "Ðiện tử", "ðiện tử", "Ɖiện tử"]);
        check("khuỷu hoàn", &["khuỷu hoàn", "KHUỶU HOÀN"]);
        check("a - b-c", &["a – b‑c", "a — b−c", "A － B﹘C"]);
        check("h'mông \"x\"", &["H’mông “x”", "Hʼmông «x»", "h`mông ″X‟"]);
        check("strasse σ", &["STRAẞE Σ", "straße ς"]);
        check("m1２", &["M1２"]);
    }

    #[test]
    fn a_bare_name_has_letters_only() {
        let check = |text: &str, expected: &str| assert_eq!(bare(text), expected, "{text:?}");
        check("tỷ lệ hộ nghèo đa chiều", "ti le ho ngheo da chieu");
        check("Lũy kế", "luy ke");
        check("luy ke", "luy ke");
        check("Q\u{331}\u{308}ñÅ", "qna");
        check("가", "가");
    }

    fn typed() -> impl Strategy<Value = String> {
        let parts = prop::sample::select(vec![
            "ngh", "kh", "h", "k", "qu", "QU", "a", "O", "u", "y", "Y", "i", "e", "ơ", "Ư", "Â",
            "đ", "Ð", "ng", "\u{300}", "\u{301}", "\u{302}", "\u{303}", "\u{306}", "\u{309}",
            "\u{31b}", "\u{323}", "\u{340}", "\u{341}", "\u{345}", "\u{308}", "\u{200b}", "\u{ad}",
            " ", "\u{a0}", "\u{3000}", "\u{2001}", ",", "1", "–", "´", "ŉ", "ẞ", "ǰ", "ΐ", "ᾴ",
            "İ", "K",
        ]);
        prop::collection::vec(parts, 0..16).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn a_normal_form_is_its_own(text in typed(), any in any::<String>()) {
            for text in [text, any] {
                let once = normal(&text);
                prop_assert_eq!(&normal(&once), &once);
                prop_assert!(once.nfc().eq(once.chars()));
                let bare = bare(&text);
                prop_assert_eq!(super::bare(&bare), bare);
            }
        }

        #[test]
        fn the_form_of_unicode_makes_no_difference(text in typed()) {
            let composed: String = text.nfc().collect();
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(normal(&composed), normal(&decomposed));
        }
    }
}
