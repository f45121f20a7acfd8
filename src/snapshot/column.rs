//! One indicator of a batch: integers of one width, a scale, validity, and what is not plain.
//!
//! Enters: figures row by row through [`ColumnBuilder`], or memory that a reader lends. Leaves: a
//! [`Column`]. The one idea: a plain figure is `mantissa · 10^-scale` with one scale for the whole
//! column, so that comparing figures is comparing integers; everything else is a short list.
//! Invariant: an odd row is not valid, and its figure stands in the list, which is sorted by row.

use std::sync::Arc;

use num_traits::Bounded;

use super::buffer::BitsBuilder;
use super::numbers::Numbers;
use super::{Bits, Buffer, Figure, Known, Value};
use crate::number::{Interval, Rational};
use crate::verdict::Reason;

/// Whole numbers, as narrow as their data.
#[derive(Debug, Clone)]
pub enum Mantissas {
    /// 8 bits: percentages without decimals, ranks, scores.
    I8(Buffer<i8>),
    /// 16 bits: percentages with two decimals.
    I16(Buffer<i16>),
    /// 32 bits: most counts.
    I32(Buffer<i32>),
    /// 64 bits.
    I64(Buffer<i64>),
    /// 128 bits.
    I128(Buffer<i128>),
}

/// The plain values of a column.
#[derive(Debug, Clone)]
pub enum Values {
    /// No row has a plain value.
    Nothing,
    /// Numbers in the unit of the indicator, `mantissa · 10^-scale`.
    Numbers {
        /// The mantissas; those of rows that are not valid mean nothing.
        mantissas: Mantissas,
        /// Digits after the point.
        scale: u32,
        /// No valid mantissa is below it.
        min: i128,
        /// No valid mantissa is above it.
        max: i128,
    },
    /// Yes and no, a bit each.
    Truths(Bits),
}

/// All figures of one indicator, a row each.
#[derive(Debug, Clone)]
pub struct Column {
    len: usize,
    values: Values,
    /// Which rows have a plain value; `None`: all.
    validity: Option<Bits>,
    /// Rows whose figure is not plain: bounds, fractions, estimates, contradictions.
    odd: Vec<(usize, Arc<Figure>)>,
}

macro_rules! each_width {
    ($mantissas:expr, $values:ident => $body:expr) => {
        match $mantissas {
            Mantissas::I8($values) => $body,
            Mantissas::I16($values) => $body,
            Mantissas::I32($values) => $body,
            Mantissas::I64($values) => $body,
            Mantissas::I128($values) => $body,
        }
    };
}

impl Mantissas {
    /// How many there are.
    pub const fn len(&self) -> usize {
        each_width!(self, values => values.len())
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The mantissa of a row.
    pub fn get(&self, row: usize) -> Option<i128> {
        fn at<T: Copy + Into<i128>>(values: &Buffer<T>, row: usize) -> Option<i128> {
            values.as_slice().get(row).map(|value| (*value).into())
        }
        each_width!(self, values => at(values, row))
    }

    fn slice(&self, start: usize, len: usize) -> Self {
        match self {
            Self::I8(values) => Self::I8(values.slice(start, len)),
            Self::I16(values) => Self::I16(values.slice(start, len)),
            Self::I32(values) => Self::I32(values.slice(start, len)),
            Self::I64(values) => Self::I64(values.slice(start, len)),
            Self::I128(values) => Self::I128(values.slice(start, len)),
        }
    }
}

impl Column {
    /// A column in which every row is missing.
    pub const fn missing(len: usize) -> Self {
        Self { len, values: Values::Nothing, validity: None, odd: Vec::new() }
    }

    /// A column of lent numbers, in the unit of the indicator; finds the smallest and the largest.
    /// Nothing where the lengths differ, or beyond 38 digits after the point.
    pub fn numbers(mantissas: Mantissas, scale: u32, validity: Option<Bits>) -> Option<Self> {
        let len = mantissas.len();
        if scale > MOST_LENT_PLACES || validity.as_ref().is_some_and(|bits| bits.len() != len) {
            return None;
        }
        let bits = validity.as_ref();
        let (min, max) = each_width!(&mantissas, values => ends(values.as_slice(), bits));
        let values = Values::Numbers { mantissas, scale, min, max };
        Some(Self { len, values, validity, odd: Vec::new() })
    }

    /// As [`Column::numbers`], for a reader that knows ends: every mantissa, also one of a row that
    /// is not valid, must lie within them.
    pub fn within(
        mantissas: Mantissas,
        scale: u32,
        validity: Option<Bits>,
        (min, max): (i128, i128),
    ) -> Option<Self> {
        let len = mantissas.len();
        if scale > MOST_LENT_PLACES || validity.as_ref().is_some_and(|bits| bits.len() != len) {
            return None;
        }
        let values = Values::Numbers { mantissas, scale, min, max };
        Some(Self { len, values, validity, odd: Vec::new() })
    }

    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The plain values.
    pub const fn values(&self) -> &Values {
        &self.values
    }

    /// Which rows have a plain value; `None`: all.
    pub const fn validity(&self) -> Option<&Bits> {
        self.validity.as_ref()
    }

    /// The rows whose figure is not plain, sorted.
    pub fn odd(&self) -> impl Iterator<Item = usize> + '_ {
        self.odd.iter().map(|(row, _)| *row)
    }

    /// The numbers among the rows of [`Column::odd`] that are one point, such as fractions, and
    /// decide a comparison alone.
    pub(crate) fn points(&self) -> impl Iterator<Item = (usize, &Rational)> {
        self.odd.iter().filter_map(|(row, figure)| match &**figure {
            Figure::Known(Known { value: Value::Within(value), field: None, .. }) => {
                Some((*row, value.is_point()?))
            }
            _ => None,
        })
    }

    /// Whether a row has a plain value.
    pub fn is_valid(&self, row: usize) -> bool {
        let valid = self.validity.as_ref().is_none_or(|bits| bits.get(row));
        valid && row < self.len && !matches!(self.values, Values::Nothing)
    }

    /// The figure of a row, as the reference evaluator wants it.
    pub fn figure(&self, row: usize) -> Figure {
        if let Ok(at) = self.odd.binary_search_by_key(&row, |(row, _)| *row) {
            return self.odd.get(at).map_or(Figure::Absent, |(_, figure)| (**figure).clone());
        }
        let valid = self.validity.as_ref().is_none_or(|bits| bits.get(row));
        match &self.values {
            _ if !valid || row >= self.len => Figure::Absent,
            Values::Nothing => Figure::Absent,
            Values::Truths(bits) => Figure::Known(Known::plain(Value::Truth(bits.get(row)))),
            Values::Numbers { mantissas, scale, .. } => match mantissas.get(row) {
                None => Figure::Absent,
                Some(mantissa) => Figure::Known(plain_number(mantissa, *scale)),
            },
        }
    }

    /// The rows from `start` on, at most `len` of them; the values are shared.
    #[must_use]
    pub fn slice(&self, start: usize, len: usize) -> Self {
        let start = start.min(self.len);
        let len = len.min(self.len - start);
        let values = match &self.values {
            Values::Nothing => Values::Nothing,
            Values::Truths(bits) => Values::Truths(bits.slice(start, len)),
            Values::Numbers { mantissas, scale, min, max } => Values::Numbers {
                mantissas: mantissas.slice(start, len),
                scale: *scale,
                min: *min,
                max: *max,
            },
        };
        let validity = self.validity.as_ref().map(|bits| bits.slice(start, len));
        let from = self.odd.partition_point(|(row, _)| *row < start);
        let to = self.odd.partition_point(|(row, _)| *row < start + len);
        let within = self.odd.get(from..to).unwrap_or_default();
        let odd = within.iter().map(|(row, figure)| (row - start, Arc::clone(figure))).collect();
        Self { len, values, validity, odd }
    }
}

/// The smallest and the largest of valid rows; zero where there is none.
fn ends<T>(values: &[T], validity: Option<&Bits>) -> (i128, i128)
where
    T: Copy + Ord + Bounded + Into<i128>,
{
    let (mut min, mut max) = (T::max_value(), T::min_value());
    let mut widen = |low: T, high: T| (min, max) = (min.min(low), max.max(high));
    match validity {
        None => values.iter().for_each(|value| widen(*value, *value)),
        Some(bits) => {
            for (values, word) in values.chunks(64).zip(bits.words()) {
                for (at, value) in values.iter().enumerate() {
                    let set = word >> at & 1 == 1;
                    let or = |other: T| if set { *value } else { other };
                    widen(or(T::max_value()), or(T::min_value()));
                }
            }
        }
    }
    if min > max { (0, 0) } else { (min.into(), max.into()) }
}

fn plain_number(mantissa: i128, scale: u32) -> Known {
    let digits = i32::try_from(scale).unwrap_or(i32::MAX);
    let value = &Rational::from(mantissa) * &Rational::pow10(-digits);
    Known::plain(Value::Within(Interval::point(value)))
}

/// The most digits after the point that a builder settles on.
pub(super) const MOST_PLACES: u32 = 28;

/// The most digits after the point that lent numbers may have, which 128 bits can show.
const MOST_LENT_PLACES: u32 = 38;

/// Gathers figures, row by row; numbers may have any mix of scales.
///
/// ```
/// use chitieu::snapshot::{ColumnBuilder, Mantissas, Values};
/// let mut column = ColumnBuilder::default();
/// column.number(965, 1); // 96.5
/// column.missing();
/// column.number(100, 0);
/// let column = column.finish();
/// let Values::Numbers { mantissas, scale, max, .. } = column.values() else { unreachable!() };
/// assert_eq!((mantissas.get(2), *scale, *max), (Some(1000), 1, 1000));
/// assert!(matches!(mantissas, Mantissas::I16(_)));
/// ```
#[derive(Debug, Clone, Default)]
pub struct ColumnBuilder {
    /// At the scale settled on so far, a number a row; a row without one repeats another's, so that
    /// the smallest and the largest are those of valid rows. Empty for yes and no.
    pub(super) numbers: Numbers,
    /// Empty for numbers.
    truths: BitsBuilder,
    /// Rows without a plain value.
    pub(super) holes: Vec<u32>,
    odd: Vec<(usize, Arc<Figure>)>,
    pub(super) len: usize,
    pub(super) scale: u32,
    /// Some row has a number.
    pub(super) has_number: bool,
    pub(super) is_truth: bool,
}

impl ColumnBuilder {
    /// A builder that expects about so many rows.
    pub fn with_capacity(rows: usize) -> Self {
        Self { numbers: Numbers::with_capacity(rows), ..Self::default() }
    }

    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// About the bytes that it takes.
    pub(super) fn held(&self) -> usize {
        /// About those of a figure that is no plain number.
        const ODD: usize = 300;
        self.numbers.held() + self.holes.len() * size_of::<u32>() + self.odd.len() * ODD
    }

    /// How many figures are no plain numbers.
    pub(super) const fn odds(&self) -> usize {
        self.odd.len()
    }

    /// A row without a figure.
    pub fn missing(&mut self) {
        self.holes.push(u32::try_from(self.len).unwrap_or(u32::MAX));
        if self.is_truth {
            self.truths.push(false);
        } else {
            self.numbers.repeat(1);
        }
        self.len += 1;
    }

    /// Rows without a figure, until there are so many.
    pub fn missing_until(&mut self, len: usize) {
        let more = len.saturating_sub(self.len);
        if self.is_truth {
            (0..more).for_each(|_| self.missing());
        } else if more > 0 {
            let number = |row| u32::try_from(row).unwrap_or(u32::MAX);
            self.holes.extend((self.len..len).map(number));
            self.numbers.repeat(more);
            self.len = len;
        }
    }

    /// A row with the number `mantissa · 10^-scale`. One that the column's integers cannot hold
    /// together with the others is kept as an odd figure; one of more than 38 digits after the
    /// point is unreadable.
    pub fn number(&mut self, mantissa: i128, scale: u32) {
        if scale > MOST_LENT_PLACES {
            let text = format!("{mantissa}e-{scale}");
            return self.odd(Figure::Contradictory(Reason::Unreadable, text));
        }
        match self.settled(mantissa, scale) {
            Some(value) if !self.is_truth => {
                if !self.has_number {
                    self.has_number = true;
                    self.numbers.fill(value);
                }
                self.numbers.push(value);
                self.len += 1;
            }
            _ => self.odd(Figure::Known(plain_number(mantissa, scale))),
        }
    }

    /// As [`ColumnBuilder::number`], for a row that may lie ahead: rows between are missing. It is
    /// made for readers of many rows.
    #[inline]
    pub fn number_at(&mut self, row: usize, mantissa: i64, scale: u32) {
        if self.len < row {
            self.missing_until(row);
        }
        if let (Numbers::Short(numbers), Ok(short)) = (&mut self.numbers, i32::try_from(mantissa))
            && scale == self.scale
            && self.has_number
        {
            numbers.push(short);
            self.len += 1;
            return;
        }
        self.number(i128::from(mantissa), scale);
    }

    /// A row with yes or no.
    pub fn truth(&mut self, truth: bool) {
        if self.has_number {
            return self.odd(Figure::Known(Known::plain(Value::Truth(truth))));
        }
        if !self.is_truth {
            self.is_truth = true;
            self.numbers = Numbers::default();
            (0..self.len).for_each(|_| self.truths.push(false));
        }
        self.truths.push(truth);
        self.len += 1;
    }

    /// A row with a figure that is not plain.
    pub fn odd(&mut self, figure: Figure) {
        self.marked(figure, None);
    }

    /// As [`ColumnBuilder::odd`]; where a mark is given, it stands for the figure.
    fn marked(&mut self, figure: Figure, mark: Option<&Arc<Figure>>) {
        if figure != Figure::Absent {
            let figure = mark.map_or_else(|| Arc::new(figure), Arc::clone);
            self.odd.push((self.len, figure));
        }
        self.missing();
    }

    /// A row with whatever is known.
    pub fn figure(&mut self, figure: Figure) {
        self.known(figure, None);
    }

    /// As [`ColumnBuilder::figure`]; where a mark is given, it stands for what is not plain.
    pub(super) fn known(&mut self, figure: Figure, mark: Option<&Arc<Figure>>) {
        let plain = match &figure {
            Figure::Known(known) => known.plainly(),
            _ => None,
        };
        match plain {
            Some(Plain::Number(mantissa, scale)) => self.number(mantissa, scale),
            Some(Plain::Truth(truth)) => self.truth(truth),
            None => self.marked(figure, mark),
        }
    }

    /// The column.
    pub fn finish(self) -> Column {
        let validity =
            (!self.holes.is_empty()).then(|| Bits::without(self.len, self.holes.iter().copied()));
        let values = if self.has_number {
            let (min, max) = self.numbers.ends();
            let mantissas = self.numbers.narrowest((min, max));
            Values::Numbers { mantissas, scale: self.scale, min, max }
        } else if self.is_truth {
            Values::Truths(self.truths.finish())
        } else {
            Values::Nothing
        };
        Column { len: self.len, values, validity, odd: self.odd }
    }

    /// The mantissa at the column's scale, which is raised if the number needs more digits and
    /// all others bear it.
    fn settled(&mut self, mut mantissa: i128, mut scale: u32) -> Option<i128> {
        if scale == self.scale {
            return Some(mantissa);
        }
        while scale > self.scale && mantissa % 10 == 0 {
            (mantissa, scale) = (mantissa / 10, scale - 1);
        }
        if scale <= self.scale {
            return mantissa.checked_mul(10_i128.checked_pow(self.scale - scale)?);
        }
        if scale > MOST_PLACES {
            return None;
        }
        let factor = 10_i128.checked_pow(scale - self.scale)?;
        if self.has_number {
            let (min, max) = self.numbers.ends();
            min.checked_mul(factor)?;
            max.checked_mul(factor)?;
            self.numbers.times(factor);
        }
        self.scale = scale;
        Some(mantissa)
    }
}

/// A figure that its value alone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plain {
    /// The number `mantissa · 10^-scale`.
    Number(i128, u32),
    /// Yes or no.
    Truth(bool),
}

impl Known {
    /// The value, where it is one number that ends or yes or no, and nothing else matters.
    pub(crate) fn plainly(&self) -> Option<Plain> {
        if self.fraction.is_some() || self.field.is_some() || self.estimate {
            return None;
        }
        match &self.value {
            Value::Truth(truth) => Some(Plain::Truth(*truth)),
            Value::Within(interval) => {
                let (mantissa, scale) = interval.is_point().and_then(decimal)?;
                Some(Plain::Number(mantissa, scale))
            }
            Value::About(_) => None,
        }
    }
}

/// The digits of a number that ends.
fn decimal(value: &Rational) -> Option<(i128, u32)> {
    let places = value.decimal_places().filter(|places| *places <= MOST_PLACES)?;
    let power = Rational::pow10(i32::try_from(places).ok()?);
    Some(((value * &power).to_i128()?, places))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(numbers: &[(i128, u32)]) -> Column {
        let mut builder = ColumnBuilder::default();
        for (mantissa, scale) in numbers {
            builder.number(*mantissa, *scale);
        }
        builder.finish()
    }

    fn width(column: &Column) -> &'static str {
        match column.values() {
            Values::Numbers { mantissas: Mantissas::I8(_), .. } => "8",
            Values::Numbers { mantissas: Mantissas::I16(_), .. } => "16",
            Values::Numbers { mantissas: Mantissas::I32(_), .. } => "32",
            Values::Numbers { mantissas: Mantissas::I64(_), .. } => "64",
            Values::Numbers { mantissas: Mantissas::I128(_), .. } => "128",
            Values::Truths(_) => "truths",
            Values::Nothing => "nothing",
        }
    }

    #[test]
    fn columns_are_as_narrow_as_their_data_and_keep_every_value() {
        type Numbers = &'static [(i128, u32)];
        const LARGE: i128 = 10_i128.pow(27);
        let cases: [(Numbers, &str, usize); 11] = [
            (&[], "nothing", 0),
            (&[(-128, 0), (127, 0)], "8", 0),
            (&[(128, 0)], "16", 0),
            (&[(10_000, 2), (1, 0), (5, 1)], "16", 0),
            (&[(-32_768, 0), (32_767, 0)], "16", 0),
            (&[(32_768, 0)], "32", 0),
            (&[(1, 3), (40, 0)], "32", 0),
            (&[(1, 0), (40, 12)], "64", 0),
            (&[(LARGE, 0), (1, 5)], "128", 0),
            // Together the last two would need more digits than any width has.
            (&[(LARGE, 0), (1, 28)], "128", 1),
            (&[(1, 28), (LARGE, 0), (i128::MAX, 0)], "8", 2),
        ];
        for (numbers, expected, odd) in cases {
            let column = built(numbers);
            assert_eq!((width(&column), column.odd().count()), (expected, odd), "{numbers:?}");
            for (row, (mantissa, scale)) in numbers.iter().enumerate() {
                let expected = Figure::Known(plain_number(*mantissa, *scale));
                assert_eq!(column.figure(row), expected, "{numbers:?} {row}");
            }
            assert_eq!(column.figure(numbers.len()), Figure::Absent);
        }
    }

    #[test]
    fn odd_rows_move_with_slices() {
        let mut builder = ColumnBuilder::default();
        builder.missing();
        builder.truth(true);
        builder.odd(Figure::NotApplicable);
        builder.number(1, 0);
        builder.truth(false);
        let column = builder.finish();
        assert_eq!((width(&column), column.odd().collect::<Vec<_>>()), ("truths", vec![2, 3]));
        assert_eq!(column.figure(0), Figure::Absent);
        for (row, truth) in [(1, true), (4, false)] {
            let expected = Figure::Known(Known::plain(Value::Truth(truth)));
            assert_eq!(column.figure(row), expected, "{row}");
        }
        let part = column.slice(2, 9);
        assert_eq!((part.len(), part.odd().collect::<Vec<_>>()), (3, vec![0, 1]));
        for row in [0, 2, 3, 4] {
            let expected = if row < 2 { Figure::Absent } else { column.figure(row) };
            let found = row.checked_sub(2).map_or(Figure::Absent, |row| part.figure(row));
            assert_eq!(found, expected, "{row}");
        }
        assert_eq!(column.slice(7, 1).len(), 0);
    }

    #[test]
    fn lent_numbers_have_their_ends_without_missing_rows() {
        let valid = Bits::without(3, [1].into_iter());
        let lent = Mantissas::I64(Buffer::from(vec![5, i64::MAX, -7]));
        let column = Column::numbers(lent.clone(), 1, Some(valid)).unwrap();
        assert!(matches!(column.values(), Values::Numbers { min: -7, max: 5, .. }));
        assert_eq!(column.figure(1), Figure::Absent);
        assert!(Column::numbers(lent, 1, Some(BitsBuilder::default().finish())).is_none());
    }
}
