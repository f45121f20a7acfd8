//! Spaces, commas and syllables of a normal form.
//!
//! Enters: characters in one form, one by one with their origin. Leaves: the text that they make.
//! The one idea: a space is written only when the character behind it is known, and a syllable is
//! looked at when it has ended.
//! Invariant: no space stands at an end, beside a space or before a comma.

use super::fold::{Style, Trace};
use super::letters::is_letter_or_mark;
use super::syllable::{self, Ending};

/// What the last character says about a comma.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    /// A digit: a comma directly behind it may be a decimal mark.
    Digit,
    /// A comma directly behind a digit.
    DecimalComma,
    /// Any other comma.
    Comma,
    /// Anything else.
    Other,
}

/// A text that is being written.
pub(super) struct Layout<'t, T> {
    text: String,
    style: Style,
    trace: &'t mut T,
    last: Last,
    /// Where the white space began and ended that was read but not yet written.
    blank: Option<(usize, usize)>,
    /// Where the syllable at the end of the text begins.
    syllable: Option<usize>,
}

impl<'t, T: Trace> Layout<'t, T> {
    /// An empty text with room for `length` bytes.
    pub(super) fn new(length: usize, style: Style, trace: &'t mut T) -> Self {
        let text = String::with_capacity(length);
        Layout { text, style, trace, last: Last::Other, blank: None, syllable: None }
    }

    /// Adds a character that came from `origin`, `alone` if that was one character as well.
    pub(super) fn push(&mut self, c: char, origin: (usize, usize), alone: bool) {
        if c.is_whitespace() {
            let (from, to) = origin;
            self.blank = Some((self.blank.map_or(from, |(start, _)| start), to));
            self.end_syllable();
            return;
        }
        if is_letter_or_mark(c) {
            self.write_space(c, origin.0);
            self.syllable.get_or_insert(self.text.len());
        } else {
            self.end_syllable();
            self.write_space(c, origin.0);
        }
        self.last = match (c, self.last) {
            (',', Last::Digit) => Last::DecimalComma,
            (',', _) => Last::Comma,
            ('0'..='9', _) => Last::Digit,
            _ => Last::Other,
        };
        self.write(c, origin, alone);
    }

    /// Adds letters that stay as they are, which came from the bytes at `from`.
    pub(super) fn push_word(&mut self, word: &str, from: usize) {
        self.write_space('a', from);
        self.syllable.get_or_insert(self.text.len());
        self.last = Last::Other;
        self.trace.part(self.text.len(), word.len(), (from, from + word.len()), true);
        self.text.push_str(word);
    }

    /// The style of this text.
    pub(super) const fn style(&self) -> Style {
        self.style
    }

    /// The text, when all of it was read.
    pub(super) fn finish(mut self) -> String {
        self.end_syllable();
        self.text
    }

    /// Writes the space that belongs before `next`, which came from `at`.
    fn write_space(&mut self, next: char, at: usize) {
        let blank = self.blank.take();
        if next == ',' {
            // No space stands before a comma, and a comma behind white space marks no decimals.
            if blank.is_some() && self.last == Last::Digit {
                self.last = Last::Other;
            }
            return;
        }
        let wanted = match self.last {
            Last::DecimalComma => blank.is_some() || !next.is_ascii_digit(),
            Last::Comma => true,
            Last::Digit | Last::Other => blank.is_some(),
        };
        if wanted && !self.text.is_empty() {
            self.write(' ', blank.unwrap_or((at, at)), false);
        }
    }

    fn write(&mut self, c: char, origin: (usize, usize), alone: bool) {
        self.trace.part(self.text.len(), c.len_utf8(), origin, alone);
        self.text.push(c);
    }

    fn end_syllable(&mut self) {
        let Some(start) = self.syllable.take() else { return };
        let last = self.text.chars().next_back();
        if self.style == Style::Exact || !last.is_some_and(syllable::may_have_another) {
            return;
        }
        let mut letters = ['\0'; syllable::LONGEST];
        let mut count = 0;
        for c in self.text.get(start..).unwrap_or_default().chars() {
            let Some(place) = letters.get_mut(count) else { return };
            *place = c;
            count += 1;
        }
        match letters.get(..count).and_then(syllable::other_ending) {
            Some(Ending::Letter(last)) => self.replace(1, &[last]),
            Some(Ending::Rhyme(rhyme)) => self.replace(2, &rhyme),
            None => {}
        }
    }

    /// Replaces the last characters.
    fn replace(&mut self, count: usize, with: &[char]) {
        for _ in 0..count {
            self.text.pop();
        }
        let at = self.text.len();
        self.text.extend(with);
        self.trace.replaced(at, self.text.len() - at, count == 1);
    }
}

#[cfg(test)]
mod tests {
    use crate::text::normal;

    #[test]
    fn white_space_and_commas_have_one_form() {
        let check = |text: &str, expected: &str| {
            assert_eq!(normal(text), expected, "{text:?}");
            assert_eq!(normal(expected), expected, "{expected:?}");
        };
        check("", "");
        check(" \t\u{a0}\u{feff}", "");
        check("\u{3000}a\u{2007}\u{202f} b\t\r\n", "a b");
        check("a\u{200b}b \u{ad} c", "ab c");
        check("sở,ban ,ngành", "sở, ban, ngành");
        check("1,5 , 2", "1,5, 2");
        check("1,5,6", "1,5,6");
        check("1 ,5", "1, 5");
        check("1, 5", "1, 5");
        check("1,\u{200b}5", "1,5");
        check("a,5 5,a", "a, 5 5, a");
        check(",a,,b , , c,", ", a,, b,, c,");
        check("1,\u{301}5", "1, \u{301}5");
        check("  \u{301}a", "\u{301}a");
    }

    #[test]
    fn syllables_end_at_what_is_no_letter() {
        let check = |text: &str, expected: &str| assert_eq!(normal(text), expected, "{text:?}");
        check("Hoà Bình", "hòa bình");
        check("HOÀ-LÝ/kỳ2", "hòa-lí/kì2");
        check("kỳ\u{331}", "kỳ\u{331}");
        check("aky", "aky");
        check("k\u{ad}y\u{309}", "kỉ");
    }
}
