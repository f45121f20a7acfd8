//! Intervals of real numbers: what is known of a figure that is stated only as a bound.
//!
//! Bounds enter, and are computed with; whether all of an interval lies beyond a threshold
//! leaves. An end is open, closed or missing, and every operation keeps that exactly.
//!
//! INVARIANT: an interval made here is never empty. The result of an operation is exactly the
//! set of results that one number of each operand can give.

use std::cmp::Ordering;

use super::Rational;

/// One end of an interval.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum End {
    /// Nothing bounds this side.
    Unbounded,
    /// Numbers come as near as one likes, but never to this one.
    Open(Rational),
    /// This number belongs to the interval.
    Closed(Rational),
}

impl End {
    /// The number at this end, whether it belongs to the interval or not.
    pub fn value(&self) -> Option<&Rational> {
        match self {
            Self::Unbounded => None,
            Self::Open(value) | Self::Closed(value) => Some(value),
        }
    }

    fn is_closed(&self) -> bool {
        matches!(self, Self::Closed(_))
    }

    fn new(value: Rational, closed: bool) -> Self {
        if closed { Self::Closed(value) } else { Self::Open(value) }
    }

    fn map(&self, change: impl FnOnce(&Rational) -> Rational) -> Self {
        match self {
            Self::Unbounded => Self::Unbounded,
            Self::Open(value) => Self::Open(change(value)),
            Self::Closed(value) => Self::Closed(change(value)),
        }
    }

    fn add(&self, other: &Self) -> Self {
        match (self.value(), other.value()) {
            (Some(a), Some(b)) => Self::new(a + b, self.is_closed() && other.is_closed()),
            _ => Self::Unbounded,
        }
    }
}

/// A non-empty set of neighbouring real numbers.
///
/// ```
/// use chitieu::number::{Interval, Rational};
///
/// let over = Interval::more_than(Rational::from(80_i64));
/// assert!(over.entirely_gt(&Rational::from(80_i64)));
/// assert!(!over.contains(&Rational::from(80_i64)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The lower end.
    pub low: End,
    /// The upper end.
    pub high: End,
}

impl Interval {
    /// The interval between two ends, or nothing where no number lies between them.
    pub fn new(low: End, high: End) -> Option<Self> {
        if let (Some(from), Some(to)) = (low.value(), high.value()) {
            let point = low.is_closed() && high.is_closed();
            if from > to || (from == to && !point) {
                return None;
            }
        }
        Some(Self { low, high })
    }

    /// Exactly one number.
    pub fn point(value: Rational) -> Self {
        Self { low: End::Closed(value.clone()), high: End::Closed(value) }
    }

    /// `>= value`.
    pub fn at_least(value: Rational) -> Self {
        Self { low: End::Closed(value), high: End::Unbounded }
    }

    /// `> value`.
    pub fn more_than(value: Rational) -> Self {
        Self { low: End::Open(value), high: End::Unbounded }
    }

    /// `<= value`.
    pub fn at_most(value: Rational) -> Self {
        Self { low: End::Unbounded, high: End::Closed(value) }
    }

    /// `< value`.
    pub fn less_than(value: Rational) -> Self {
        Self { low: End::Unbounded, high: End::Open(value) }
    }

    /// From one number to another, both included, whichever of them is the smaller.
    pub fn between(a: Rational, b: Rational) -> Self {
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        Self { low: End::Closed(low), high: End::Closed(high) }
    }

    /// Every number.
    pub fn all() -> Self {
        Self { low: End::Unbounded, high: End::Unbounded }
    }

    /// The only number of this interval, if it is one.
    pub fn is_point(&self) -> Option<&Rational> {
        match (&self.low, &self.high) {
            (End::Closed(low), End::Closed(high)) if low == high => Some(low),
            _ => None,
        }
    }

    /// Whether a number lies in this interval.
    pub fn contains(&self, value: &Rational) -> bool {
        let above = match &self.low {
            End::Unbounded => true,
            End::Open(low) => value > low,
            End::Closed(low) => value >= low,
        };
        let below = match &self.high {
            End::Unbounded => true,
            End::Open(high) => value < high,
            End::Closed(high) => value <= high,
        };
        above && below
    }

    /// Whether some number lies in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.intersect(other).is_some()
    }

    /// The numbers in both, or nothing where there are none.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let low = tighter(&self.low, &other.low, Ordering::Greater);
        let high = tighter(&self.high, &other.high, Ordering::Less);
        Self::new(low.clone(), high.clone())
    }

    /// This interval cut to a range; one wholly outside the range stays as it is, so that the
    /// caller can still see that it is outside.
    ///
    /// ```
    /// use chitieu::number::{Interval, Rational};
    ///
    /// let percent = Interval::between(Rational::from(0_i64), Rational::from(100_i64));
    /// let cut = Interval::at_least(Rational::from(80_i64)).cut(&percent);
    /// assert_eq!(cut, Interval::between(Rational::from(80_i64), Rational::from(100_i64)));
    /// ```
    #[must_use]
    pub fn cut(&self, range: &Self) -> Self {
        self.intersect(range).unwrap_or_else(|| self.clone())
    }

    /// What the smaller of two numbers may be, one from each.
    #[must_use]
    pub fn least(&self, other: &Self) -> Self {
        let low = if low_order(&self.low, &other.low).is_le() { &self.low } else { &other.low };
        let high =
            if high_order(&self.high, &other.high).is_le() { &self.high } else { &other.high };
        Self { low: low.clone(), high: high.clone() }
    }

    /// What the greater of two numbers may be, one from each.
    #[must_use]
    pub fn greatest(&self, other: &Self) -> Self {
        self.neg().least(&other.neg()).neg()
    }

    /// Whether every number of it is at least every number of the other.
    pub fn all_ge(&self, other: &Self) -> bool {
        matches!((self.low.value(), other.high.value()), (Some(low), Some(high)) if low >= high)
    }

    /// Whether every number of it is greater than every number of the other.
    pub fn all_gt(&self, other: &Self) -> bool {
        match (self.low.value(), other.high.value()) {
            (Some(low), Some(high)) if low == high => {
                !(self.low.is_closed() && other.high.is_closed())
            }
            (Some(low), Some(high)) => low > high,
            _ => false,
        }
    }

    /// All sums.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        Self { low: self.low.add(&other.low), high: self.high.add(&other.high) }
    }

    /// All differences, the two figures being independent.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        self.add(&other.neg())
    }

    /// All products.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        let corners = [
            product((&self.low, Side::Below), (&other.low, Side::Below)),
            product((&self.low, Side::Below), (&other.high, Side::Above)),
            product((&self.high, Side::Above), (&other.low, Side::Below)),
            product((&self.high, Side::Above), (&other.high, Side::Above)),
        ];
        Self {
            low: outermost(&corners, Ordering::Less),
            high: outermost(&corners, Ordering::Greater),
        }
    }

    /// All numbers with the sign changed.
    #[must_use]
    pub fn neg(&self) -> Self {
        Self { low: self.high.map(|value| -value), high: self.low.map(|value| -value) }
    }

    /// All quotients, or nothing where the divisor contains zero.
    pub fn div(&self, divisor: &Self) -> Option<Self> {
        if divisor.contains(&Rational::zero()) {
            return None;
        }
        // On either side of zero the reciprocal falls, so that the ends change places.
        let low = reciprocal(&divisor.high)?;
        let high = reciprocal(&divisor.low)?;
        Some(self.mul(&Self { low, high }))
    }

    /// All numbers times a factor.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        if factor.is_zero() {
            return Self::point(Rational::zero());
        }
        let (low, high) =
            if factor.is_negative() { (&self.high, &self.low) } else { (&self.low, &self.high) };
        Self { low: low.map(|value| value * factor), high: high.map(|value| value * factor) }
    }

    /// Whether every number is `>=` the threshold.
    pub fn entirely_ge(&self, threshold: &Rational) -> bool {
        self.low.value().is_some_and(|low| low >= threshold)
    }

    /// Whether every number is `>` the threshold.
    pub fn entirely_gt(&self, threshold: &Rational) -> bool {
        self.entirely_ge(threshold) && !self.contains(threshold)
    }

    /// Whether every number is `<=` the threshold.
    pub fn entirely_le(&self, threshold: &Rational) -> bool {
        self.high.value().is_some_and(|high| high <= threshold)
    }

    /// Whether every number is `<` the threshold.
    pub fn entirely_lt(&self, threshold: &Rational) -> bool {
        self.entirely_le(threshold) && !self.contains(threshold)
    }
}

/// The end that leaves less: `inward` says how a tighter value compares with a looser one.
fn tighter<'a>(a: &'a End, b: &'a End, inward: Ordering) -> &'a End {
    match (a.value(), b.value()) {
        (None, _) => b,
        (_, None) => a,
        (Some(x), Some(y)) if x == y => {
            if a.is_closed() {
                b
            } else {
                a
            }
        }
        (Some(x), Some(y)) => {
            if x.cmp(y) == inward {
                a
            } else {
                b
            }
        }
    }
}

/// On which side an unbounded end leaves.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Below,
    Above,
}

/// A corner of a product: a number, attained or only approached, or no limit on one side.
enum Corner {
    Limit(Rational, bool),
    Infinite(Side),
}

fn product(a: (&End, Side), b: (&End, Side)) -> Corner {
    let sign = |(end, side): (&End, Side)| match (end.value(), side) {
        (Some(value), _) => value.cmp(&Rational::zero()),
        (None, Side::Below) => Ordering::Less,
        (None, Side::Above) => Ordering::Greater,
    };
    let closed_zero = |(end, _): (&End, Side)| matches!(end, End::Closed(v) if v.is_zero());
    if let (Some(x), Some(y)) = (a.0.value(), b.0.value()) {
        let attained = a.0.is_closed() && b.0.is_closed();
        return Corner::Limit(x * y, attained || closed_zero(a) || closed_zero(b));
    }
    if sign(a) == Ordering::Equal || sign(b) == Ordering::Equal {
        // Zero times any number however large is zero. Where zero itself is only approached,
        // its interval has a second end, whose corner tells how far the products go.
        return Corner::Limit(Rational::zero(), closed_zero(a) || closed_zero(b));
    }
    Corner::Infinite(if sign(a) == sign(b) { Side::Above } else { Side::Below })
}

/// The lowest (`Less`) or highest (`Greater`) corner; of equal ones one that is attained.
fn outermost(corners: &[Corner], outward: Ordering) -> End {
    let unlimited = if outward == Ordering::Less { Side::Below } else { Side::Above };
    let mut best: Option<(&Rational, bool)> = None;
    for corner in corners {
        match corner {
            Corner::Infinite(side) if *side == unlimited => return End::Unbounded,
            Corner::Infinite(_) => {}
            Corner::Limit(value, closed) => {
                best = match best {
                    Some((old, old_closed)) if old == value => Some((old, old_closed || *closed)),
                    Some(kept) if value.cmp(kept.0) != outward => Some(kept),
                    _ => Some((value, *closed)),
                };
            }
        }
    }
    best.map_or(End::Unbounded, |(value, closed)| End::new(value.clone(), closed))
}

/// One over the end of an interval that lies wholly on one side of zero.
fn reciprocal(end: &End) -> Option<End> {
    match end.value() {
        None => Some(End::Open(Rational::zero())),
        Some(value) if value.is_zero() => Some(End::Unbounded),
        Some(value) => Some(End::new(Rational::from(1_i64).div(value)?, end.is_closed())),
    }
}

/// How two lower ends stand: a missing one is the lowest, a closed one lower than an open one.
fn low_order(a: &End, b: &End) -> Ordering {
    match (a.value(), b.value()) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(x), Some(y)) => x.cmp(y).then(b.is_closed().cmp(&a.is_closed())),
    }
}

/// How two upper ends stand: a missing one is the highest, a closed one higher than an open one.
fn high_order(a: &End, b: &End) -> Ordering {
    match (a.value(), b.value()) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        (Some(x), Some(y)) => x.cmp(y).then(a.is_closed().cmp(&b.is_closed())),
    }
}

#[cfg(test)]
mod tests;
