//! Plain numbers read straight from bytes.
//!
//! Enters: bytes. Leaves: a number, and how many bytes it has. The one idea: only the form that
//! nearly all numbers have is read here, eight or sixteen bytes at once, because their lengths
//! cannot be foretold and a loop over digits mostly waits; every other form is left to the reader
//! of all forms. Invariant: what is read here is what that reader says.

#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the processor")]

use chitieu::snapshot::Packed;

/// No number of more digits is read here; their mantissas fit 64 bits.
const DIGITS: usize = 18;

/// A number and how many bytes it has.
pub(super) type Found = (Packed, usize);

/// A number as JSON writes it, without an exponent.
#[inline(always)]
pub(super) fn json(bytes: &[u8]) -> Option<Found> {
    decimal(bytes, b'.').filter(|_| is_bare(bytes))
}

/// As [`json`], of a number that stands before a comma.
#[inline(always)]
pub(super) fn json_before_comma(bytes: &[u8]) -> Option<Found> {
    cell(bytes, b',', b'.').filter(|(_, len)| *len > 0 && is_bare(bytes))
}

/// Whether a number has no zeros in front, as JSON wants it.
#[inline(always)]
const fn is_bare(bytes: &[u8]) -> bool {
    // Most begin with another digit, and are looked at no longer.
    matches!(bytes, [b'1'..=b'9', ..])
        || !matches!(bytes, [b'0', b'0'..=b'9', ..] | [b'-', b'0', b'0'..=b'9', ..])
}

/// What stands before a separator, a number or nothing. Where the next cell begins depends on the
/// separator alone, so that it can be begun before this number is understood.
#[inline(always)]
pub(super) fn cell(bytes: &[u8], separator: u8, mark: u8) -> Option<Found> {
    if let Some(word) = bytes.first_chunk() {
        let word = u64::from_le_bytes(*word);
        match short::len(short::are(word, separator)) {
            Some(0) => return Some((Packed::MISSING, 0)),
            Some(len) => return short::number(word, len, mark),
            None if bytes.get(8) == Some(&separator) => return short::number(word, 8, mark),
            None => {}
        }
    }
    longer_cell(bytes, separator, mark)
}

/// As [`cell`], for a number of more bytes.
#[cold]
#[inline(never)]
fn longer_cell(bytes: &[u8], separator: u8, mark: u8) -> Option<Found> {
    decimal(bytes, mark).filter(|(_, len)| bytes.get(*len) == Some(&separator))
}

/// Digits, perhaps with a minus before them, and with a mark and digits behind it, before any other
/// byte.
#[inline(always)]
pub(super) fn decimal(bytes: &[u8], mark: u8) -> Option<Found> {
    if let Some(word) = bytes.first_chunk() {
        let word = u64::from_le_bytes(*word);
        if let Some(len) = short::len(short::are_foreign(word, mark)) {
            return short::number(word, len, mark);
        }
    }
    longer(bytes, mark)
}

/// As [`decimal`], for a number of eight bytes or more.
#[inline(never)]
fn longer(bytes: &[u8], mark: u8) -> Option<Found> {
    if let Some(word) = bytes.first_chunk() {
        let word = u128::from_le_bytes(*word);
        if let Some(len) = long::len(long::are_foreign(word, mark)) {
            return long::number(word, len, mark);
        }
    }
    any(bytes, mark)
}

/// A cell of a table that ends behind its number or holds nothing, perhaps in quotes.
#[inline]
pub(super) fn whole_cell(bytes: &[u8], separator: u8, mark: u8) -> Option<Found> {
    if bytes.first() == Some(&b'"') {
        return quoted_cell(bytes, separator, mark);
    }
    if ends(bytes, 0, separator) {
        return Some((Packed::MISSING, 0));
    }
    decimal(bytes, mark).filter(|(_, len)| ends(bytes, *len, separator))
}

#[inline(never)]
fn quoted_cell(bytes: &[u8], separator: u8, mark: u8) -> Option<Found> {
    let inner = bytes.get(1..)?;
    let (number, len) = match inner.first() {
        Some(b'"') => (Packed::MISSING, 0),
        _ => decimal(inner, mark)?,
    };
    let is_closed = inner.get(len) == Some(&b'"') && ends(inner, len + 1, separator);
    is_closed.then_some((number, len + 2))
}

/// Whether a cell ends behind so many bytes.
#[inline]
fn ends(bytes: &[u8], len: usize, separator: u8) -> bool {
    let ends = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
    bytes.get(len).is_none_or(ends)
}

/// What eight digits are, a byte each.
#[inline(always)]
const fn eight(digits: u64) -> i64 {
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let first = (pairs & 0xff_0000_00ff).wrapping_mul(100 + (1_000_000 << 32));
    let second = (pairs >> 16 & 0xff_0000_00ff).wrapping_mul(1 + (10_000 << 32));
    (first.wrapping_add(second) >> 32).cast_signed()
}

/// What sixteen digits are, a byte each.
#[inline(always)]
fn sixteen(digits: u128) -> i64 {
    let half = |word: u128| eight(u64::try_from(word & u128::from(u64::MAX)).unwrap_or_default());
    half(digits).wrapping_mul(100_000_000).wrapping_add(half(digits >> 64))
}

/// Bytes at once in a word, the first in its lowest place.
macro_rules! words {
    ($name:ident, $word:ident, $value:path) => {
        mod $name {
            use chitieu::snapshot::Packed;

            use super::Found;

            /// The same byte everywhere.
            #[inline(always)]
            const fn every(byte: u8) -> $word {
                $word::from_le_bytes([byte; $word::BITS as usize / 8])
            }

            /// A mark in the highest bit of each byte that is this one; above the first there may
            /// be more.
            #[inline(always)]
            pub(super) const fn are(word: $word, byte: u8) -> $word {
                let other = word ^ every(byte);
                other.wrapping_sub(every(1)) & !other & every(0x80)
            }

            /// A mark in the highest bit of each byte that is no digit, as its value: exact up to
            /// the first.
            #[inline(always)]
            const fn are_others(digits: $word) -> $word {
                // A byte above nine has its highest bit set then, or gets it.
                (digits | digits.wrapping_add(every(0x76))) & every(0x80)
            }

            /// A mark in the highest bit of each byte that no number holds; a sign begins one.
            #[inline(always)]
            pub(super) const fn are_foreign(word: $word, mark: u8) -> $word {
                let [first, ..] = word.to_le_bytes();
                let sign = if first == b'-' { 0xff } else { 0 };
                let other = word ^ every(mark);
                let is_other =
                    (other | (other & every(0x7f)).wrapping_add(every(0x7f))) & every(0x80);
                are_others(word ^ every(b'0')) & is_other & !sign
            }

            /// How many bytes stand before the first mark.
            #[inline(always)]
            pub(super) const fn len(marks: $word) -> Option<u32> {
                if marks == 0 { None } else { Some(marks.trailing_zeros() / 8) }
            }

            /// The number in so many bytes, with or without a sign.
            #[inline(always)]
            pub(super) fn number(word: $word, len: u32, mark: u8) -> Option<Found> {
                let number = match unsigned(word, len, mark) {
                    Some((mantissa, scale)) => Packed::new(mantissa, scale)?,
                    None => signed(word, len, mark)?,
                };
                Some((number, len as usize))
            }

            #[inline(never)]
            fn signed(word: $word, len: u32, mark: u8) -> Option<Packed> {
                let [b'-', ..] = word.to_le_bytes() else { return None };
                let (mantissa, scale) = unsigned(word >> 8, len.checked_sub(1)?, mark)?;
                Packed::new(mantissa.wrapping_neg(), scale)
            }

            /// A mantissa and a scale. What is asked of the bytes is asked of all at once: the
            /// digits are moved to the highest places, those before the mark up by one.
            #[inline(always)]
            fn unsigned(word: $word, len: u32, mark: u8) -> Option<(i64, u32)> {
                let [first, ..] = word.to_le_bytes();
                if len == 0 || first == mark {
                    return None;
                }
                let unused = $word::BITS.wrapping_sub(8 * len);
                let digits = (word ^ every(b'0')).wrapping_shl(unused);
                let behind = are(digits, mark ^ b'0').leading_zeros();
                // All up to the mark, if it is there. One that nothing stands behind stays.
                let through = ($word::MAX >> 1).wrapping_shr(behind.wrapping_sub(1));
                let joined = (digits & !through) | (digits << 8 & through);
                if are_others(joined) != 0 {
                    return None;
                }
                Some(($value(joined), behind / 8 % ($word::BITS / 8)))
            }
        }
    };
}

words!(short, u64, super::eight);
words!(long, u128, super::sixteen);

/// A number of any length, digit by digit.
#[cold]
fn any(bytes: &[u8], mark: u8) -> Option<Found> {
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let rest = bytes.get(sign..)?;
    let (mut mantissa, whole) = digits(rest, 0);
    if whole == 0 {
        return None;
    }
    let (mut len, mut places) = (whole, 0);
    if rest.get(whole) == Some(&mark) {
        let (longer, count) = digits(rest.get(whole + 1..)?, mantissa);
        if count == 0 {
            return None;
        }
        (mantissa, places, len) = (longer, count, whole + 1 + count);
    }
    if whole + places > DIGITS {
        return None;
    }
    let signed = if sign == 1 { mantissa.wrapping_neg() } else { mantissa };
    Some((Packed::new(signed, u32::try_from(places).ok()?)?, sign + len))
}

/// Digits behind others; more than fit wrap and are refused by their number.
#[inline]
fn digits(bytes: &[u8], before: i64) -> (i64, usize) {
    let (mut value, mut count) = (before, 0);
    for byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
        count += 1;
    }
    (value, count)
}

#[cfg(test)]
mod tests {
    use chitieu::number::{Decimal, Format, read};

    use super::*;

    /// Whether a number is what digits say one by one. One that goes on in a way that no number
    /// does may be refused.
    fn check(found: Option<Found>, bytes: &[u8], mark: u8) {
        let expected = any(bytes, mark);
        let goes_on = |byte: &u8| byte.is_ascii_digit() || *byte == mark;
        let may_end = |(_, len): (Packed, usize)| !bytes.get(len).is_some_and(goes_on);
        let refused = found.is_none() && !expected.is_some_and(may_end);
        assert!(found == expected || refused, "{found:?} {:?}", bytes.escape_ascii().to_string());
    }

    /// Whether a cell is what digits say one by one.
    fn check_cell(bytes: &[u8]) {
        let end = bytes.iter().position(|byte| *byte == b',').unwrap();
        let expected = match any(bytes, b'.').filter(|(_, len)| *len == end) {
            None if end == 0 => Some((Packed::MISSING, 0)),
            whole => whole,
        };
        assert_eq!(cell(bytes, b',', b'.'), expected, "{:?}", bytes.escape_ascii().to_string());
    }

    #[test]
    fn bytes_at_once_say_what_digits_say() {
        const MARKS: &[u8; 8] = b"0179.,-x";
        for start in [0, 1, 3, 5, 8, 11] {
            for number in 0..8_u32.pow(5) {
                let mut bytes = *b"40230067051230045,9,";
                for (place, byte) in bytes.iter_mut().skip(start).take(5).enumerate() {
                    *byte = MARKS[(number >> (3 * place) & 7) as usize];
                }
                for cut in [20, 18] {
                    let bytes = &bytes[..cut];
                    check(decimal(bytes, b'.'), bytes, b'.');
                    check(decimal(bytes, b','), bytes, b',');
                    check_cell(bytes);
                }
            }
        }
    }

    #[test]
    fn bytes_beside_digits_and_marks_are_neither() {
        for place in 0..17 {
            for byte in 0..=u8::MAX {
                let mut bytes = *b"1.30067051230045,,,,,,";
                bytes[place] = byte;
                check(decimal(&bytes, b'.'), &bytes, b'.');
                check_cell(&bytes);
            }
        }
    }

    #[test]
    fn cells_end_behind_their_number_and_its_quotes() {
        let cases: [(&str, Option<(&str, usize)>); 16] = [
            ("", Some(("", 0))),
            (",7", Some(("", 0))),
            ("\r\n", Some(("", 0))),
            ("12.5", Some(("12.5", 4))),
            ("-12.5\n", Some(("-12.5", 5))),
            ("12.5 ,", None),
            ("\"\"", Some(("", 2))),
            ("\"\",1", Some(("", 2))),
            ("\"12.5\"", Some(("12.5", 6))),
            ("\"12.5\",1", Some(("12.5", 6))),
            ("\"123456789.25\"\r\n", Some(("123456789.25", 14))),
            ("\"12.5", None),
            ("\"12.5,", None),
            ("\"12.5\"\",", None),
            ("\"\"\"\",", None),
            ("\"", None),
        ];
        for (cell, expected) in cases {
            let number = |text: &str| match text {
                "" => Packed::MISSING,
                text => any(text.as_bytes(), b'.').unwrap().0,
            };
            let expected = expected.map(|(text, len)| (number(text), len));
            assert_eq!(whole_cell(cell.as_bytes(), b',', b'.'), expected, "{cell:?}");
        }
    }

    #[test]
    fn numbers_are_what_the_reader_of_all_forms_says() {
        let texts = [
            "0",
            "-0",
            "7",
            "52.3",
            "-52.30",
            "0.523",
            "007",
            "00.5",
            "1e5",
            "1.",
            ".5",
            "-.5",
            "-5.",
            "-",
            "",
            "1234567",
            "12345678",
            "-1234567",
            "-12345678",
            "1234567.25",
            "-432348.9",
            "123456789012345.",
            "123456789012345678",
            "1234567890123456789",
            "36028797018963967",
            "36028797018963968",
            "-36028797018963968",
            "0.12345678901234567",
            "0.012345678901234567",
            "--1",
            "+1",
            "1,5",
            "1.234.567",
            "99999999999999999999999999999999999",
            "-999999999999999999",
            "12x",
        ];
        let behind = ["", ",", ",1", "}", ",\"a\":7.25,\"b\":-8}", "\n000000000000000000"];
        for (text, behind) in texts.iter().flat_map(|text| behind.map(|behind| (text, behind))) {
            let bytes = format!("{text}{behind}");
            for (format, mark) in [(Format::Vi, b','), (Format::En, b'.')] {
                let found = decimal(bytes.as_bytes(), mark).filter(|(_, len)| *len == text.len());
                let Some((mantissa, scale)) = found.and_then(|(number, _)| number.number()) else {
                    continue;
                };
                let expected = Decimal::from_parts(i128::from(mantissa), scale).unwrap();
                let number = read(text, format).unwrap();
                assert_eq!((number, number.scale()), (expected, scale), "{bytes}");
            }
            let found = json(bytes.as_bytes()).filter(|(_, len)| *len == text.len());
            if behind.starts_with(',') && !text.contains(',') {
                assert_eq!(json_before_comma(bytes.as_bytes()), found, "{bytes}");
            }
            if let Some((mantissa, scale)) = found.and_then(|(number, _)| number.number()) {
                let number = Decimal::parse(text).unwrap();
                assert_eq!((number.mantissa(), number.scale()), (mantissa.into(), scale), "{text}");
                let value: Result<serde_json::Number, _> = serde_json::from_str(text);
                assert!(value.is_ok(), "{text}");
            }
        }
        assert_eq!(json(b"007"), None);
        assert_eq!(json(b"-0.50,"), Some((Packed::new(-50, 2).unwrap(), 5)));
    }
}
