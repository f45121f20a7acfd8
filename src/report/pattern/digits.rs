//! Fractions as digits, without a number of any size on the way.
//!
//! Enters: a fraction, and how it is to be shown. Leaves: digits. The one idea: one division says
//! the digits and whether they are all. Invariant: what is written is what `report::figures` and
//! `report::words` write of the same number; what would need more digits to stay on its side is not
//! written here.

use crate::verdict::Ratio;

/// Digits after the point that people read, where a number ends there; else the fewer.
const EXACT_PLACES: u32 = 4;
const SHORT_PLACES: u32 = 2;

/// `units · 10^-places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Digits {
    negative: bool,
    units: u64,
    places: u32,
}

impl Digits {
    /// All digits of `mantissa · 10^-scale`.
    pub(super) const fn of(mantissa: i64, scale: u32) -> Self {
        Self { negative: mantissa < 0, units: mantissa.unsigned_abs(), places: scale }
    }

    /// Exact where the number ends within `places`, else rounded; nothing where that would reach
    /// or cross one of `sides`.
    pub(super) fn decimal(value: Ratio, places: u32, sides: &[Ratio]) -> Option<Self> {
        let (units, rest) = divided(value, places)?;
        let negative = value.above < 0;
        if rest == 0 {
            return Some(Self { negative, units, places });
        }
        let below = value.below.unsigned_abs();
        let units = units.checked_add(u64::from(rest >= below - rest))?;
        let rounded = i128::from(units);
        let rounded = if negative { -rounded } else { rounded };
        let rounded = Ratio::new(rounded, 10_i128.checked_pow(places)?)?;
        for side in sides {
            if rounded.cmp(*side)? != value.cmp(*side)? {
                return None;
            }
        }
        Some(Self { negative, units, places })
    }

    /// As people read it: all digits where they are few, else two of them, on its side of zero too.
    pub(super) fn short(value: Ratio, sides: [Ratio; 2]) -> Option<Self> {
        let (units, rest) = divided(value, EXACT_PLACES)?;
        if rest == 0 {
            return Some(Self { negative: value.above < 0, units, places: EXACT_PLACES });
        }
        let [low, high] = sides;
        Self::decimal(value, SHORT_PLACES, &[low, high, Ratio::whole(0)])
    }

    /// Rounded away from zero.
    pub(super) fn sufficient(value: Ratio, places: u32) -> Option<Self> {
        let (units, rest) = divided(value, places)?;
        let units = units.checked_add(u64::from(rest > 0))?;
        Some(Self { negative: value.above < 0, units, places })
    }

    /// The number that the digits say, without its sign.
    pub(super) fn size(self) -> Option<Ratio> {
        Ratio::new(self.units.into(), 10_i128.checked_pow(self.places)?)
    }

    /// Writes the digits without zeros at the end. `marks` stand between groups of whole digits, and
    /// before those behind the point.
    pub(super) fn write(self, out: &mut Vec<u8>, marks: Marks) {
        // A word has at most 20 digits, a point, and groups of three.
        let mut text = [0_u8; 64];
        let mut at = text.len();
        let mut put = |byte: u8| {
            at = at.saturating_sub(1);
            if let Some(place) = text.get_mut(at) {
                *place = byte;
            }
        };
        let Self { negative, mut units, mut places } = self;
        while places > 0 && units.is_multiple_of(10) {
            units /= 10;
            places -= 1;
        }
        let sign = negative && units > 0;
        if places > 0 {
            for _ in 0..places {
                put(digit(units));
                units /= 10;
            }
            put(marks.point);
        }
        let mut count = 0_u8;
        loop {
            if count == 3 {
                count = 0;
                if let Some(group) = marks.group {
                    put(group);
                }
            }
            put(digit(units));
            units /= 10;
            count += 1;
            if units == 0 {
                break;
            }
        }
        if sign {
            put(b'-');
        }
        out.extend_from_slice(text.get(at..).unwrap_or_default());
    }
}

/// How digits are set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) group: Option<u8>,
    pub(super) point: u8,
}

impl Marks {
    /// As records write numbers.
    pub(super) const PLAIN: Self = Self { group: None, point: b'.' };
}

fn digit(units: u64) -> u8 {
    let [digit, ..] = (units % 10).to_le_bytes();
    b'0' + digit
}

/// The size of a number in units of its last place, and what is left of it.
fn divided(value: Ratio, places: u32) -> Option<(u64, u128)> {
    let (above, below) = (value.above.unsigned_abs(), value.below.unsigned_abs());
    let power = 10_u64.checked_pow(places)?;
    if let (Ok(above), Ok(below)) = (u64::try_from(above), u64::try_from(below))
        && let Some(above) = above.checked_mul(power)
    {
        return Some((above.checked_div(below)?, above.checked_rem(below)?.into()));
    }
    let above = above.checked_mul(power.into())?;
    let units = u64::try_from(above.checked_div(below)?).ok()?;
    Some((units, above.checked_rem(below)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::Lang;
    use crate::number::Rational;
    use crate::report::{figures, words};

    fn text(digits: Digits, marks: Marks) -> String {
        let mut out = Vec::new();
        digits.write(&mut out, marks);
        String::from_utf8(out).unwrap()
    }

    fn ratio() -> impl Strategy<Value = Ratio> {
        let above = prop_oneof![-3000_i64..3000, any::<i64>(), any::<i32>().prop_map(i64::from)];
        let below = prop_oneof![
            prop::sample::select(vec![1_i64, 3, 8, 10, 100, 1_000, 1_000_000, 999]),
            1..=i64::MAX,
            Just(10_i64.pow(18)),
        ];
        (above, below)
            .prop_map(|(above, below)| Ratio { above: above.into(), below: below.into() })
    }

    proptest! {
        #[test]
        fn digits_are_those_of_reports(value in ratio(), side in ratio(), other in ratio()) {
            let number = value.rational();
            let sides = [side, other].map(Ratio::rational);
            for places in [4, 6] {
                if let Some(digits) = Digits::decimal(value, places, &[side, other]) {
                    let expected = figures::decimal(&number, places, &sides);
                    prop_assert_eq!(text(digits, Marks::PLAIN), expected);
                }
            }
            if let Some(digits) = Digits::sufficient(value, 6) {
                prop_assert_eq!(text(digits, Marks::PLAIN), figures::sufficient(&number));
            }
            if let Some(digits) = Digits::short(value, [side, other]) {
                let (vi, en) = (
                    Marks { group: Some(b'.'), point: b',' },
                    Marks { group: Some(b','), point: b'.' },
                );
                prop_assert_eq!(text(digits, vi), words::short(&number, &sides, Lang::Vi));
                prop_assert_eq!(text(digits, en), words::short(&number, &sides, Lang::En));
            }
        }

        #[test]
        fn nothing_fits_less_often_than_it_must(above in -1_000_000_000_i64..1_000_000_000) {
            let value = Ratio::decimal(above, 2).unwrap();
            let zero = Ratio::whole(0);
            prop_assert!(Digits::decimal(value, 6, &[zero]).is_some());
            prop_assert!(Digits::short(value, [zero; 2]).is_some());
            let all = text(Digits::of(above, 2), Marks::PLAIN);
            prop_assert_eq!(all, figures::unrounded(&Rational::words(above.into(), 100)));
        }
    }
}
