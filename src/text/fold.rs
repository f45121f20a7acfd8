//! From characters as they were typed to characters in one form.
//!
//! Enters: a text. Leaves: its normal form, and with a [`Trace`] where each part of it came from.
//! The one idea: the text is cut where a character cannot change the ones before it. Nearly every
//! piece is one common character and needs no table; the others go through NFC and full case
//! folding.
//! Invariant: the normal form of a normal form is itself, and the work is linear but for sorting
//! marks.

use icu_casemap::CaseMapper;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::compose;

use super::layout::Layout;
use super::letters::{calm_word, common, lower, sign, starts_anew, unseen};

/// Whether upper and lower case, and the two spellings of open syllables, are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// They are one, as in names.
    Name,
    /// They are not, as in abbreviations.
    Exact,
}

/// Who wants to know where the parts of a normal form came from. All numbers are bytes.
pub(super) trait Trace {
    /// The `length` bytes at `at` came from `origin`; `alone` if both are one character.
    fn part(&mut self, at: usize, length: usize, origin: (usize, usize), alone: bool);

    /// What stood from `at` to the end was replaced by `length` bytes, `alone` as above.
    fn replaced(&mut self, at: usize, length: usize, alone: bool);
}

/// Nobody wants to know.
impl Trace for () {
    fn part(&mut self, _: usize, _: usize, _: (usize, usize), _: bool) {}

    fn replaced(&mut self, _: usize, _: usize, _: bool) {}
}

/// The normal form of a text in this style, without abbreviations.
pub(super) fn fold<T: Trace>(text: &str, style: Style, trace: &mut T) -> String {
    fold_with(text, style, trace, calm_word)
}

/// As [`fold`], with the words that `quick` finds at the start of a text taken as they are.
fn fold_with<T: Trace>(
    text: &str,
    style: Style,
    trace: &mut T,
    quick: impl Fn(&str) -> usize,
) -> String {
    let mut layout = Layout::new(text.len(), style, trace);
    let mut cluster = Cluster::default();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let word = rest.get(..quick(rest)).unwrap_or_default();
        if word.is_empty() {
            at = one_cluster(text, at, &mut cluster, &mut layout);
        } else {
            layout.push_word(word, at);
            at += word.len();
        }
    }
    layout.finish()
}

/// Writes the character at this byte with all that hangs on it, and says where the next one begins.
fn one_cluster<T: Trace>(
    text: &str,
    at: usize,
    cluster: &mut Cluster,
    layout: &mut Layout<'_, T>,
) -> usize {
    let all = text.get(at..).unwrap_or_default().char_indices();
    let mut seen = all.map(|(by, c)| (at + by, c)).filter(|&(_, c)| !unseen(c)).peekable();
    let Some((from, first)) = seen.next() else { return text.len() };
    let mut to = from + first.len_utf8();
    let whole = seen.peek().is_none_or(|&(_, next)| starts_anew(next));
    if whole && common(first) {
        layout.push(one_form(first, layout.style()), (from, to), true);
    } else {
        cluster.clear(first);
        while let Some((from, mark)) = seen.next_if(|&(_, next)| !starts_anew(next)) {
            to = from + mark.len_utf8();
            cluster.typed.push(mark);
        }
        let formed = cluster.form(layout.style());
        let alone = whole && formed.chars().nth(1).is_none();
        for c in formed.chars() {
            layout.push(c, (from, to), alone);
        }
    }
    seen.peek().map_or(text.len(), |&(next, _)| next)
}

fn one_form(c: char, style: Style) -> char {
    match style {
        Style::Name => lower(sign(c)),
        Style::Exact => sign(c),
    }
}

/// A character and what hangs on it, with room for its forms that is used again.
#[derive(Debug, Default)]
struct Cluster {
    typed: Vec<char>,
    formed: String,
}

impl Cluster {
    fn clear(&mut self, first: char) {
        self.typed.clear();
        self.typed.push(first);
    }

    fn form(&mut self, style: Style) -> &str {
        self.formed.clear();
        match quickly(&self.typed) {
            Some(c) => self.formed.push(one_form(c, style)),
            None => self.form_by_tables(style),
        }
        &self.formed
    }

    fn form_by_tables(&mut self, style: Style) {
        let mut marked: Vec<char> = self.typed.iter().copied().nfd().collect();
        put_marks_in_order(&mut marked);
        let composed = marked.into_iter().nfc().map(sign);
        if style == Style::Exact {
            self.formed.extend(composed);
            return;
        }
        let composed: String = composed.collect();
        let folded = CaseMapper::new().fold_string(&composed);
        // Folding takes some characters apart, and leaves quotes that were part of a letter.
        self.formed.extend(folded.nfc().map(sign));
    }
}

/// The order in which a mark composes with a Vietnamese vowel.
fn turn(mark: char) -> Option<u8> {
    match mark {
        '\u{31b}' => Some(0),
        '\u{323}' => Some(1),
        '\u{302}' | '\u{306}' => Some(2),
        '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' => Some(3),
        _ => None,
    }
}

/// A vowel with at most two marks, as decomposed Vietnamese has them, if all become one common
/// character.
fn quickly(typed: &[char]) -> Option<char> {
    let composed = match *typed {
        [base, mark] => turn(mark).and_then(|_| compose(base, mark)),
        [base, one, two] => {
            let (first, second) = if turn(one)? <= turn(two)? { (one, two) } else { (two, one) };
            compose(base, first).and_then(|c| compose(c, second))
        }
        _ => None,
    };
    composed.filter(|&c| common(c))
}

/// Puts hats before tones, which NFC does not: it takes their order for a difference.
fn put_marks_in_order(marked: &mut [char]) {
    let is_hat = |c: char| matches!(c, '\u{302}' | '\u{306}');
    let is_tone = |c: char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}');
    for run in marked.chunk_by_mut(|&a, &b| {
        let moves = |c| is_hat(c) || is_tone(c);
        moves(a) && moves(b)
    }) {
        run.sort_by_key(|&c| is_tone(c));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_way_and_the_tables_agree() {
        let marks = "\u{300}\u{301}\u{302}\u{303}\u{306}\u{309}\u{31b}\u{323}\u{307}\u{340}";
        let vowels = "aeiouyAEIOUYâĂưƠáỆđx '";
        let mut quick = 0;
        for base in vowels.chars() {
            for one in marks.chars() {
                for two in marks.chars().map(Some).chain([None]) {
                    let typed: Vec<char> = [base, one].into_iter().chain(two).collect();
                    let mut cluster = Cluster { typed, formed: String::new() };
                    cluster.form_by_tables(Style::Name);
                    let Some(c) = quickly(&cluster.typed) else { continue };
                    let formed = one_form(c, Style::Name).to_string();
                    assert_eq!(formed, cluster.formed, "{:?}", cluster.typed);
                    quick += 1;
                }
            }
        }
        assert!(quick > 200, "{quick}");
    }

    /// The parts that were written, as they were told.
    #[derive(Debug, Default, PartialEq)]
    struct Told(Vec<(usize, usize, usize)>);

    impl Trace for Told {
        /// A word is told at once, so that its bytes are compared one by one.
        fn part(&mut self, at: usize, length: usize, (from, to): (usize, usize), alone: bool) {
            let straight = alone && to - from == length;
            let origin = |byte| if straight { (from + byte, from + byte + 1) } else { (from, to) };
            self.0.extend((0..length).map(|byte| (at + byte, origin(byte).0, origin(byte).1)));
        }

        fn replaced(&mut self, at: usize, length: usize, alone: bool) {
            self.0.push((at, length, usize::from(alone)));
        }
    }

    proptest::proptest! {
        #[test]
        fn words_at_once_are_words_letter_by_letter(
            text in "([a-zA-Zàđệýỷưð0-9 ,.\u{301}\u{323}\u{200b}\u{ad}\u{a0}“×ß–]|oà|kỳ|quỷ){0,30}",
        ) {
            for style in [Style::Name, Style::Exact] {
                let (mut quick, mut slow) = (Told::default(), Told::default());
                let folded = fold(&text, style, &mut quick);
                proptest::prop_assert_eq!(&folded, &fold_with(&text, style, &mut slow, |_| 0));
                proptest::prop_assert_eq!(quick, slow);
            }
        }
    }

    #[test]
    fn marks_are_put_in_order() {
        let check = |typed: &str, expected: &str| {
            assert_eq!(fold(typed, Style::Exact, &mut ()), expected, "{typed:?}");
        };
        check("a\u{301}\u{302}", "ấ");
        check("\u{e1}\u{302}", "ấ");
        check("A\u{341}\u{306}", "Ắ");
        check("â\u{323}", "ậ");
        check("o\u{323}\u{31b}", "ợ");
        check("o\u{309}\u{302}\u{200b}x", "ổx");
        check("u\u{303}\u{31b}", "ữ");
        check("e\u{301}\u{308}\u{302}", "é\u{308}\u{302}");
    }

    #[test]
    fn every_letter_may_be_typed_mark_by_mark() {
        for letter in 'Ạ'..='ỹ' {
            let parts: Vec<char> = std::iter::once(letter).nfd().collect();
            let mut typed = parts.clone();
            typed[1..].reverse();
            for typed in [parts, typed] {
                let typed: String = typed.into_iter().collect();
                assert_eq!(fold(&typed, Style::Exact, &mut ()), letter.to_string(), "{typed:?}");
            }
        }
    }
}
