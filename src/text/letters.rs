//! What single characters become.
//!
//! Enters: a character. Leaves: its lower case, the sign that stands for all its variants, or what
//! kind it is.
//! The one idea: the characters of nearly all Vietnamese text are few and in order, so that a match
//! answers for them; [`common`] says which these are, and the others take the slow way through the
//! Unicode tables.
//! Invariant: for every common character the slow way gives the same, as a test over all of them
//! shows.

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Whether [`lower`] is the full case folding of this character, and the character begins a text
/// anew, so that it is in NFC beside every other one.
pub(super) fn common(c: char) -> bool {
    matches!(c,
        '\0'..='\x7f'
        | '\u{a0}'..='\u{b4}' | '\u{b6}'..='\u{de}' | '\u{e0}'..='\u{ff}'
        | 'Ă' | 'ă' | 'Đ' | 'đ' | 'Ĩ' | 'ĩ' | 'Ũ' | 'ũ' | 'Ơ' | 'ơ' | 'Ư' | 'ư'
        | 'Ạ'..='ỹ'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}'
        | '≠' | '≤' | '≥')
}

/// The lower case of a common character.
pub(super) fn lower(c: char) -> char {
    let next = |step: u32| char::from_u32(u32::from(c) + step).unwrap_or(c);
    match c {
        '\0'..='\x7f' => c.to_ascii_lowercase(),
        '×' => c,
        'À'..='Þ' => next(32),
        'Ă' | 'Đ' | 'Ĩ' | 'Ũ' | 'Ơ' | 'Ư' => next(1),
        // Capitals and small letters take turns here, the capitals at even places.
        'Ạ'..='ỹ' => next(1 - u32::from(c) % 2),
        _ => c,
    }
}

/// The one form of quotes, dashes and the letter `Đ`, each of which has many.
#[allow(clippy::match_same_arms, reason = "one line for each block of the tables reads better")]
pub(super) fn sign(c: char) -> char {
    match c {
        'Ð' | 'Ɖ' => 'Đ',
        'ð' => 'đ',
        '`' | '´' | '\u{2b9}' | '\u{2bb}' | '\u{2bc}' => '\'',
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{ff07}' => '\'',
        '«' | '»' | '\u{2ba}' | '\u{201c}'..='\u{201f}' => '"',
        '\u{2033}' | '\u{301d}'..='\u{301f}' | '\u{ff02}' => '"',
        '\u{2d7}' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' => '-',
        '\u{2e3a}' | '\u{2e3b}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        _ => c,
    }
}

/// Whether a character has no width and no meaning of its own: soft hyphens, zero-width spaces and
/// joiners, direction marks, byte order marks inside of a text. Direction overrides are none of
/// these: they change what a reader sees.
pub(super) fn unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Whether nothing before this character can change what it becomes in NFC.
pub(super) fn starts_anew(c: char) -> bool {
    if c < '\u{300}' || common(c) || c.is_whitespace() {
        return true;
    }
    let first = std::iter::once(c).nfd().next().unwrap_or(c);
    canonical_combining_class(first) == 0
        && is_nfc_quick(std::iter::once(first)) == IsNormalized::Yes
}

/// How many bytes at the start are letters that stay as they are, whatever stands beside them.
pub(super) fn calm_word(text: &str) -> usize {
    let (mut end, mut before) = (0, 0);
    for c in text.chars() {
        if is_calm_letter(c) {
            (end, before) = (end + c.len_utf8(), end);
        } else {
            // What may hang on the last letter is looked at together with it.
            return if common(c) && !unseen(c) { end } else { before };
        }
    }
    end
}

/// Whether this is a small letter with one form.
fn is_calm_letter(c: char) -> bool {
    match c {
        'a'..='z' | 'à'..='ï' | 'ñ'..='ö' | 'ø'..='ÿ' | 'ă' | 'đ' | 'ĩ' | 'ũ' | 'ơ' | 'ư' => {
            true
        }
        'Ạ'..='ỹ' => u32::from(c) % 2 == 1,
        _ => false,
    }
}

/// Whether a character is part of a syllable.
pub(super) fn is_letter_or_mark(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphabetic(),
        'Ạ'..='ỹ' => true,
        _ => c.is_alphabetic() || is_combining_mark(c),
    }
}

/// Whether a character is part of a word.
pub(super) fn is_word(c: char) -> bool {
    is_letter_or_mark(c) || c.is_numeric()
}

#[cfg(test)]
mod tests {
    use super::*;
    use icu_casemap::CaseMapper;

    #[test]
    fn common_characters_need_no_tables() {
        for c in (char::MIN..=char::MAX).filter(|&c| common(c)) {
            let folded = CaseMapper::new().fold_string(&c.to_string()).into_owned();
            assert_eq!(lower(c).to_string(), folded, "{c:?}");
            assert!(std::iter::once(c).nfc().eq([c]), "{c:?}");
            assert_eq!(is_nfc_quick([c].into_iter()), IsNormalized::Yes, "{c:?}");
            assert_eq!(canonical_combining_class(c), 0, "{c:?}");
            assert!(common(lower(c)) && common(sign(c)), "{c:?}");
        }
    }

    #[test]
    fn calm_letters_stay() {
        for c in (char::MIN..=char::MAX).filter(|&c| is_calm_letter(c)) {
            assert!(common(c) && lower(sign(c)) == c && is_letter_or_mark(c), "{c:?}");
        }
        assert_eq!(calm_word("tỉ lệ"), "tỉ".len());
        assert_eq!(calm_word("kye\u{301}"), "ky".len());
        assert_eq!(calm_word("ky\u{200b}\u{301}"), "k".len());
        assert_eq!(calm_word("Tỉ"), 0);
    }

    #[test]
    fn signs_are_final() {
        for c in char::MIN..=char::MAX {
            let sign = sign(c);
            assert_eq!(super::sign(sign), sign);
            assert!(sign == c || matches!(sign, '\'' | '"' | '-' | 'đ' | 'Đ'), "{c:?}");
        }
    }

    #[test]
    fn every_mark_of_vietnamese_hangs_on_what_stands_before() {
        for mark in "\u{300}\u{301}\u{302}\u{303}\u{306}\u{309}\u{31b}\u{323}\u{340}\u{341}".chars()
        {
            assert!(!starts_anew(mark), "{mark:?}");
        }
        for c in "aỆ中\u{2000}\u{212b}가\u{1100}б".chars() {
            assert!(starts_anew(c), "{c:?}");
        }
    }
}
