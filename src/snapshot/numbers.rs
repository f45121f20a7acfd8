//! Whole numbers being gathered, no wider than they need to be.
//!
//! Enters: numbers one by one. Leaves: [`Mantissas`]. The one idea: most columns stay within 32
//! bits, and only one that leaves them pays for more. Invariant: no number is changed by the width.

use super::{Buffer, Mantissas};

/// Numbers of one width.
#[derive(Debug, Clone)]
pub(super) enum Numbers {
    Short(Vec<i32>),
    Long(Vec<i64>),
    Wide(Vec<i128>),
}

impl Default for Numbers {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

macro_rules! each_width {
    ($numbers:expr, $values:ident => $body:expr) => {
        match $numbers {
            Numbers::Short($values) => $body,
            Numbers::Long($values) => $body,
            Numbers::Wide($values) => $body,
        }
    };
}

impl Numbers {
    /// Room for so many short ones.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self::Short(Vec::with_capacity(capacity))
    }

    /// Adds a number; all become wider where it needs that.
    pub(super) fn push(&mut self, number: i128) {
        self.make_room(number);
        match self {
            Self::Short(values) => values.extend(i32::try_from(number)),
            Self::Long(values) => values.extend(i64::try_from(number)),
            Self::Wide(values) => values.push(number),
        }
    }

    /// The bytes that they take.
    pub(super) fn held(&self) -> usize {
        each_width!(self, values => size_of_val(values.as_slice()))
    }

    /// Adds numbers; all become wider where one needs that.
    pub(super) fn extend(&mut self, numbers: &[i64]) {
        let (min, max) = ends(numbers);
        self.make_room(min);
        self.make_room(max);
        match self {
            Self::Short(values) => {
                values.extend(numbers.iter().map(|it| i32::try_from(*it).unwrap_or_default()));
            }
            Self::Long(values) => values.extend_from_slice(numbers),
            Self::Wide(values) => values.extend(numbers.iter().map(|it| i128::from(*it))),
        }
    }

    /// Adds the last number so many times again, or zero where there is none.
    pub(super) fn repeat(&mut self, times: usize) {
        each_width!(self, values => {
            values.resize(values.len() + times, values.last().copied().unwrap_or_default());
        });
    }

    /// Makes all of them this number.
    pub(super) fn fill(&mut self, number: i128) {
        self.make_room(number);
        match self {
            Self::Short(values) => values.fill(i32::try_from(number).unwrap_or_default()),
            Self::Long(values) => values.fill(i64::try_from(number).unwrap_or_default()),
            Self::Wide(values) => values.fill(number),
        }
    }

    /// Multiplies all; no product is wider than 128 bits.
    pub(super) fn times(&mut self, factor: i128) {
        let (min, max) = self.ends();
        self.make_room(min.saturating_mul(factor));
        self.make_room(max.saturating_mul(factor));
        match self {
            Self::Short(values) => multiply(values, factor, i32::wrapping_mul),
            Self::Long(values) => multiply(values, factor, i64::wrapping_mul),
            Self::Wide(values) => multiply(values, factor, i128::wrapping_mul),
        }
    }

    /// The smallest and the largest; zero where there is none.
    pub(super) fn ends(&self) -> (i128, i128) {
        match self {
            Self::Short(values) => ends_of_short(values),
            Self::Long(values) => ends(values),
            Self::Wide(values) => ends(values),
        }
    }

    /// The numbers in the narrowest width that holds them; these are their ends.
    pub(super) fn narrowest(self, (min, max): (i128, i128)) -> Mantissas {
        let fits = |least: i128, most: i128| min >= least && max <= most;
        if fits(i8::MIN.into(), i8::MAX.into()) {
            return Mantissas::I8(each_width!(&self, values => narrow(values)));
        }
        if fits(i16::MIN.into(), i16::MAX.into()) {
            return Mantissas::I16(each_width!(&self, values => narrow(values)));
        }
        if fits(i32::MIN.into(), i32::MAX.into()) {
            return Mantissas::I32(match self {
                Self::Short(values) => Buffer::from(values),
                wider => each_width!(&wider, values => narrow(values)),
            });
        }
        match self {
            Self::Wide(values) if fits(i64::MIN.into(), i64::MAX.into()) => {
                Mantissas::I64(narrow(&values))
            }
            Self::Wide(values) => Mantissas::I128(Buffer::from(values)),
            Self::Long(values) => Mantissas::I64(Buffer::from(values)),
            Self::Short(values) => Mantissas::I32(Buffer::from(values)),
        }
    }

    /// Widens all where a number needs it.
    fn make_room(&mut self, number: i128) {
        if let Self::Short(values) = self
            && i32::try_from(number).is_err()
        {
            *self = Self::Long(values.iter().map(|value| i64::from(*value)).collect());
        }
        if let Self::Long(values) = self
            && i64::try_from(number).is_err()
        {
            *self = Self::Wide(values.iter().map(|value| i128::from(*value)).collect());
        }
    }
}

fn multiply<T: Copy + TryFrom<i128>>(values: &mut [T], factor: i128, times: fn(T, T) -> T) {
    // A factor wider than the numbers stands beside zeros only.
    let Ok(factor) = T::try_from(factor) else { return };
    for value in values {
        *value = times(*value, factor);
    }
}

/// As [`ends`], for what most columns are made of.
#[multiversion::multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt",
))]
fn ends_of_short(values: &[i32]) -> (i128, i128) {
    let first = values.first().copied().unwrap_or_default();
    let (mut min, mut max) = (first, first);
    for value in values {
        (min, max) = (min.min(*value), max.max(*value));
    }
    (min.into(), max.into())
}

fn ends<T: Copy + Ord + Default + Into<i128>>(values: &[T]) -> (i128, i128) {
    let first = values.first().copied().unwrap_or_default();
    let ends =
        values.iter().fold((first, first), |(min, max), value| (min.min(*value), max.max(*value)));
    (ends.0.into(), ends.1.into())
}

/// Numbers that fit a narrower width.
fn narrow<T: Copy + TryInto<N>, N: Default + Send + Sync>(values: &[T]) -> Buffer<N> {
    Buffer::from(
        values.iter().map(|value| (*value).try_into().unwrap_or_default()).collect::<Vec<N>>(),
    )
}
