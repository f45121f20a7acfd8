//! Making text safe to print.
//!
//! Enters: text as a stranger wrote it. Leaves: the same text as one line, composed, in which what
//! steers a terminal or hides is drawn as a visible sign. The one idea: nothing that a reader
//! cannot see may change what the reader sees.

use unicode_normalization::UnicodeNormalization;

/// A tab is drawn as this, so that underlines need not know tab stops.
const TAB: &str = "    ";

/// `text` as one printable line.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_visible(&mut out, text);
    out
}

/// Adds `text` to `out` as printable characters.
pub(super) fn push_visible(out: &mut String, text: &str) {
    for char in text.nfc() {
        match char {
            '\t' => out.push_str(TAB),
            '\0'..='\u{1f}' => out.push(picture(char)),
            '\u{7f}' => out.push('␡'),
            _ if hides(char) => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(char),
        }
    }
}

/// The Unicode picture of a C0 control character.
fn picture(control: char) -> char {
    char::from_u32(0x2400 + u32::from(control)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Control characters beyond ASCII, line separators, marks of direction and invisible letters. The
/// joiners of emoji stay.
fn hides(char: char) -> bool {
    matches!(char,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
        | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_or_hides_is_drawn() {
        let cases = [
            ("tỷ lệ", "tỷ lệ"),
            ("ty\u{309} le\u{323}\u{302}", "tỷ lệ"),
            ("a\tb", "a    b"),
            ("a\r\nb", "a␍␊b"),
            ("\u{1b}[31mđỏ\u{7f}\u{0}", "␛[31mđỏ␡␀"),
            ("\u{9b}31m", "\u{fffd}31m"),
            ("a\u{202e}b\u{200b}c\u{feff}", "a\u{fffd}b\u{fffd}c\u{fffd}"),
            ("👩\u{200d}🔬", "👩\u{200d}🔬"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(visible(text), expected, "{text:?}");
        }
    }
}
