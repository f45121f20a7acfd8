//! The two spellings of open syllables.
//!
//! Enters: a syllable in NFC and lower case. Leaves: what its end becomes if it is written the
//! other way.
//! The one idea: the tone of open `oa`, `oe`, `uy` stands on the first vowel (`hòa`, `lũy`), and an
//! open `y` behind h, k, l, m, s, t or qu is `i` (`tỉ`, `kĩ`, `quí`).
//! Invariant: what leaves is in the one form already.

/// The vowels that take part, each without and with its five tones, always in the same order.
const VOWELS: [[char; 6]; 6] = [
    ['a', 'à', 'á', 'ả', 'ã', 'ạ'],
    ['e', 'è', 'é', 'ẻ', 'ẽ', 'ẹ'],
    ['i', 'ì', 'í', 'ỉ', 'ĩ', 'ị'],
    ['o', 'ò', 'ó', 'ỏ', 'õ', 'ọ'],
    ['u', 'ù', 'ú', 'ủ', 'ũ', 'ụ'],
    ['y', 'ỳ', 'ý', 'ỷ', 'ỹ', 'ỵ'],
];

/// The longest syllable with two spellings: `nghoè`.
pub(super) const LONGEST: usize = 5;

/// What the last letters of a syllable become.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The last letter is another one.
    Letter(char),
    /// The last two letters are others.
    Rhyme([char; 2]),
}

/// The other end of a syllable that has one.
pub(super) fn other_ending(syllable: &[char]) -> Option<Ending> {
    let (&last, before) = syllable.split_last().filter(|&(&last, _)| may_have_another(last))?;
    let (vowel, tone) = vowel_and_tone(last)?;
    if vowel == 'y' && matches!(before, ['h' | 'k' | 'l' | 'm' | 's' | 't'] | ['q', 'u']) {
        return with_tone('i', tone).map(Ending::Letter);
    }
    let (&first, initial) = before.split_last()?;
    let old = matches!((first, vowel), ('o', 'a' | 'e') | ('u', 'y')) && tone > 0;
    if !old || initial == ['q'] || !initial.iter().all(|&c| is_consonant(c)) {
        return None;
    }
    with_tone(first, tone).map(|first| Ending::Rhyme([first, vowel]))
}

/// Whether some syllable that ends in this letter has two spellings; most have one.
pub(super) fn may_have_another(last: char) -> bool {
    matches!(
        last,
        'y' | 'ỳ'
            | 'ý'
            | 'ỷ'
            | 'ỹ'
            | 'ỵ'
            | 'à'
            | 'á'
            | 'ả'
            | 'ã'
            | 'ạ'
            | 'è'
            | 'é'
            | 'ẻ'
            | 'ẽ'
            | 'ẹ'
    )
}

fn vowel_and_tone(letter: char) -> Option<(char, usize)> {
    VOWELS.iter().find_map(|forms| {
        let tone = forms.iter().position(|&form| form == letter)?;
        forms.first().map(|&vowel| (vowel, tone))
    })
}

fn with_tone(vowel: char, tone: usize) -> Option<char> {
    let forms = VOWELS.iter().find(|forms| forms.first() == Some(&vowel))?;
    forms.get(tone).copied()
}

fn is_consonant(c: char) -> bool {
    c == 'đ' || (c.is_ascii_lowercase() && !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn respelt(syllable: &str) -> String {
        let mut letters: Vec<char> = syllable.chars().collect();
        match other_ending(&letters) {
            None => {}
            Some(Ending::Letter(last)) => {
                letters.pop();
                letters.push(last);
            }
            Some(Ending::Rhyme(rhyme)) => {
                letters.truncate(letters.len() - 2);
                letters.extend(rhyme);
            }
        }
        letters.into_iter().collect()
    }

    #[test]
    fn open_syllables_have_one_spelling() {
        let check = |written: &str, expected: &str| {
            assert_eq!(respelt(written), expected, "{written}");
            assert_eq!(respelt(expected), expected, "{expected}");
        };
        for (written, expected) in [
            ("hoà", "hòa"),
            ("oà", "òa"),
            ("khoẻ", "khỏe"),
            ("ngoẹ", "ngọe"),
            ("thuý", "thúy"),
            ("thuỷ", "thủy"),
            ("luỹ", "lũy"),
            ("uỷ", "ủy"),
            ("đoạ", "đọa"),
            ("huỵ", "hụy"),
            ("tỷ", "tỉ"),
            ("kỹ", "kĩ"),
            ("kỳ", "kì"),
            ("lý", "lí"),
            ("mỵ", "mị"),
            ("sỹ", "sĩ"),
            ("hy", "hi"),
            ("quy", "qui"),
            ("quý", "quí"),
            ("quỳ", "quì"),
            ("quỷ", "quỉ"),
        ] {
            check(written, expected);
        }
    }

    #[test]
    fn other_syllables_stay() {
        for syllable in [
            "",
            "y",
            "ý",
            "hoàn",
            "khuỷu",
            "khuya",
            "hoa",
            "huy",
            "thy",
            "thỹ",
            "vỹ",
            "nguyệt",
            "qúy",
            "qoà",
            "hòà",
            "aoà",
            "uý1",
            "kỹm",
            "quýt",
            "hoặ",
            "guý\u{301}",
            "gy",
            "ỹ",
        ] {
            assert_eq!(respelt(syllable), syllable);
        }
    }
}
