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
pub(super) fn json(bytes: &[u8]) -> Option<Found> {
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let found = decimal(bytes, b'.')?;
    // JSON has no zeros in front.
    let zero = bytes.get(sign) == Some(&b'0');
    let padded = zero && bytes.get(sign + 1).is_some_and(u8::is_ascii_digit);
    (!padded).then_some(found)
}

/// Digits, perhaps with a minus before them, and with a mark and digits behind it.
#[inline]
pub(super) fn decimal(bytes: &[u8], mark: u8) -> Option<Found> {
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
