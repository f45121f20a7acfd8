//! Plain numbers read straight from bytes.
//!
//! Enters: bytes. Leaves: a mantissa, a scale, and where the number ends. The one idea: only the
//! form that nearly all numbers have is read here; every other is left to the reader of all forms.
//! Invariant: what is read here is what that reader says.

/// No number of more digits is read here; their mantissas fit 64 bits.
const DIGITS: usize = 18;

/// A number and how many bytes it has.
pub(super) type Found = (i64, u32, usize);

/// A number as JSON writes it, without an exponent.
#[inline]
pub(super) fn json(bytes: &[u8]) -> Option<Found> {
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let found = cell(bytes, b',', b'.').or_else(|| decimal(bytes, b'.'))?;
    // JSON has no zeros in front.
    let zero = bytes.get(sign) == Some(&b'0');
    let padded = zero && bytes.get(sign + 1).is_some_and(u8::is_ascii_digit);
    (!padded).then_some(found)
}

/// Digits, perhaps with a minus before them, and with a mark and digits behind it.
#[inline]
pub(super) fn decimal(bytes: &[u8], mark: u8) -> Option<Found> {
    short(bytes, mark).or_else(|| any(bytes, mark))
}

/// Eight times the same byte.
const fn every(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// How many of eight bytes are digits before the first that is none.
#[inline]
const fn leading_digits(word: u64) -> u32 {
    let digits = word ^ every(b'0');
    // A byte above nine has its highest bit set then, or gets it.
    let others = (digits | (digits & every(0x7f)).wrapping_add(every(0x76))) & every(0x80);
    others.trailing_zeros() / 8
}

/// The number that up to eight digits are; `word` holds them in its highest bytes, the last digit
/// in the highest, and zeros below.
#[inline]
const fn number(word: u64) -> u64 {
    let digits = word & every(0x0f);
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff
}

/// A number of at most seven digits, eight bytes at once: the lengths of numbers cannot be
/// foretold, so that a loop over their digits would mostly be waited for.
#[inline]
fn short(bytes: &[u8], mark: u8) -> Option<Found> {
    let word = u64::from_le_bytes(*bytes.first_chunk::<8>()?);
    let whole = leading_digits(word);
    if whole == 0 || whole > 7 {
        return None;
    }
    let (digits, count, places) = if word >> (8 * whole) & 0xff == u64::from(mark) {
        // The mark is taken out from between the digits.
        let below = (1_u64 << (8 * whole)) - 1;
        let joined = (word & below) | ((word >> 8) & !below);
        let count = leading_digits(joined & (u64::MAX >> 8));
        if count == whole || count > 6 {
            return None;
        }
        (joined, count, count - whole)
    } else {
        (word, whole, 0)
    };
    let mantissa = number(digits << (64 - 8 * count));
    let len = count + u32::from(places > 0);
    Some((i64::try_from(mantissa).ok()?, places, usize::try_from(len).ok()?))
}

/// A number of at most seven bytes before a separator. Where the next cell begins depends on the
/// separator alone, so that the next one can be begun before this one is understood.
#[inline]
pub(super) fn cell(bytes: &[u8], separator: u8, mark: u8) -> Option<Found> {
    let word = u64::from_le_bytes(*bytes.first_chunk::<8>()?);
    let other = word ^ every(separator);
    let found = other.wrapping_sub(every(1)) & !other & every(0x80);
    let len = found.trailing_zeros() / 8;
    if len == 0 || len > 7 {
        return None;
    }
    let whole = leading_digits(word);
    if whole == len {
        let mantissa = number(word << (64 - 8 * len));
        return Some((i64::try_from(mantissa).ok()?, 0, usize::try_from(len).ok()?));
    }
    if whole == 0 || whole + 1 >= len || word >> (8 * whole) & 0xff != u64::from(mark) {
        return None;
    }
    // The mark is taken out from between the digits.
    let below = (1_u64 << (8 * whole)) - 1;
    let joined = (word & below) | ((word >> 8) & !below);
    if leading_digits(joined & (u64::MAX >> 8)) != len - 1 {
        return None;
    }
    let mantissa = number(joined << (64 - 8 * (len - 1)));
    Some((i64::try_from(mantissa).ok()?, len - 1 - whole, usize::try_from(len).ok()?))
}

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
    Some((signed, u32::try_from(places).ok()?, sign + len))
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

    #[test]
    fn eight_bytes_at_once_say_what_digits_say() {
        const MARKS: &[u8; 8] = b"0179.,-x";
        for number in 0..8_u32.pow(5) {
            let mut bytes = [b'0'; 9];
            for (place, byte) in bytes.iter_mut().enumerate().skip(number as usize % 3).take(5) {
                *byte = MARKS[(number >> (3 * (place - number as usize % 3)) & 7) as usize];
            }
            for end in [b"5,", b",9"] {
                bytes[7..].copy_from_slice(end);
                if let Some(found) = short(&bytes, b'.') {
                    assert_eq!(Some(found), any(&bytes, b'.'), "{:?}", str::from_utf8(&bytes));
                }
                let found = cell(&bytes, b',', b'.');
                let whole = any(&bytes, b'.').filter(|(.., len)| bytes[*len] == b',' && *len < 8);
                let signed = bytes[0] == b'-';
                assert!(
                    found == whole || signed && found.is_none(),
                    "{bytes:?} {found:?} {whole:?}"
                );
            }
        }
        for text in ["1234567,", "123456.7", "12.34,,,", "0.5}}}}}", "7,123456", "99.99\n\0\u{80}"]
        {
            assert!(short(text.as_bytes(), b'.').is_some() || text == "123456.7", "{text}");
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
            "-",
            "",
            "123456789012345678",
            "1234567890123456789",
            "0.12345678901234567",
            "--1",
            "+1",
            "1,5",
            "1.234.567",
            "99999999999999999999999999999999999",
            "-999999999999999999",
            "12x",
        ];
        for text in texts {
            for (format, mark) in [(Format::Vi, b','), (Format::En, b'.')] {
                if let Some((mantissa, scale, len)) = decimal(text.as_bytes(), mark)
                    && len == text.len()
                {
                    let expected = Decimal::from_parts(i128::from(mantissa), scale).unwrap();
                    let number = read(text, format).unwrap();
                    assert_eq!((number, number.scale()), (expected, scale), "{text}");
                }
            }
            if let Some((mantissa, scale, len)) = json(text.as_bytes())
                && len == text.len()
            {
                let number = Decimal::parse(text).unwrap();
                assert_eq!((number.mantissa(), number.scale()), (mantissa.into(), scale), "{text}");
                let value: Result<serde_json::Number, _> = serde_json::from_str(text);
                assert!(value.is_ok(), "{text}");
            }
        }
        assert_eq!(json(b"007"), None);
        assert_eq!(json(b"-0.50,"), Some((-50, 2, 5)));
    }
}
