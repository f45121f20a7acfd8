//! Interval operations against written cases and against sampled numbers.

use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Rational {
    let (p, q) = text.split_once('/').unwrap_or((text, "1"));
    let whole = |text: &str| Rational::from(text.parse::<i64>().unwrap());
    whole(p).div(&whole(q)).unwrap()
}

/// Reads `[0,1/2)`, `(-inf,3]`; the inverse of `show`.
fn interval(text: &str) -> Interval {
    let (low, high) = text.split_once(',').unwrap();
    let low = match low {
        "(-inf" => End::Unbounded,
        _ => End::new(number(&low[1..]), low.starts_with('[')),
    };
    let high = match high {
        "inf)" => End::Unbounded,
        _ => End::new(number(&high[..high.len() - 1]), high.ends_with(']')),
    };
    Interval::new(low, high).unwrap()
}

fn show(interval: &Interval) -> String {
    let low = match &interval.low {
        End::Unbounded => "(-inf".to_owned(),
        End::Open(value) => format!("({value}"),
        End::Closed(value) => format!("[{value}"),
    };
    let high = match &interval.high {
        End::Unbounded => "inf)".to_owned(),
        End::Open(value) => format!("{value})"),
        End::Closed(value) => format!("{value}]"),
    };
    format!("{low},{high}")
}

#[test]
fn products_keep_their_ends() {
    let cases = [
        ("[2,3]", "[4,5]", "[8,15]"),
        ("(2,3]", "[4,5)", "(8,15)"),
        ("[0,1)", "(2,3)", "[0,3)"),
        ("(0,1]", "[1,inf)", "(0,inf)"),
        ("[0,0]", "(-inf,inf)", "[0,0]"),
        ("[0,0]", "(2,inf)", "[0,0]"),
        ("[0,2]", "(1,inf)", "[0,inf)"),
        ("(-2,3]", "[-1,4)", "(-8,12)"),
        ("[-2,3)", "[-3,2]", "(-9,6]"),
        ("[-2,2]", "(-2,2)", "(-4,4)"),
        ("(-inf,-1]", "[2,3]", "(-inf,-2]"),
        ("(-inf,0)", "(-inf,0)", "(0,inf)"),
        ("(-1,1)", "[-1,1]", "(-1,1)"),
        ("(-inf,inf)", "(0,1]", "(-inf,inf)"),
    ];
    for (a, b, expected) in cases {
        assert_eq!(show(&interval(a).mul(&interval(b))), expected, "{a} * {b}");
        assert_eq!(show(&interval(b).mul(&interval(a))), expected, "{b} * {a}");
    }
}

#[test]
fn quotients_keep_their_ends() {
    let cases = [
        ("[1,2]", "[4,5)", Some("(1/5,1/2]")),
        ("[1,2]", "(0,4]", Some("[1/4,inf)")),
        ("[1,2]", "[4,inf)", Some("(0,1/2]")),
        ("[1,2]", "(0,inf)", Some("(0,inf)")),
        ("[0,2]", "(0,inf)", Some("[0,inf)")),
        ("[1,2]", "[-4,-2)", Some("(-1,-1/4]")),
        ("[1,2]", "(-inf,0)", Some("(-inf,0)")),
        ("(-inf,inf)", "[2,2]", Some("(-inf,inf)")),
        ("[1,2]", "[0,4]", None),
        ("[1,2]", "(-1,1)", None),
        ("[1,2]", "[0,0]", None),
    ];
    for (a, b, expected) in cases {
        let got = interval(a).div(&interval(b));
        assert_eq!(got.as_ref().map(show).as_deref(), expected, "{a} / {b}");
    }
}

#[test]
fn sums_and_multiples() {
    let cases = [
        ("[1,2)", "(3,4]", "(4,6)", "[-3,-1)"),
        ("[1,inf)", "[1,2]", "[2,inf)", "[-1,inf)"),
        ("(-inf,1]", "[1,inf)", "(-inf,inf)", "(-inf,0]"),
    ];
    for (a, b, sum, difference) in cases {
        assert_eq!(show(&interval(a).add(&interval(b))), sum, "{a} + {b}");
        assert_eq!(show(&interval(a).sub(&interval(b))), difference, "{a} - {b}");
    }
    for (a, factor, expected) in [
        ("(1,2]", "2", "(2,4]"),
        ("(1,2]", "-2", "[-4,-2)"),
        ("(1,inf)", "0", "[0,0]"),
        ("(1,inf)", "-1/2", "(-inf,-1/2)"),
    ] {
        assert_eq!(show(&interval(a).scale(&number(factor))), expected, "{a} {factor}");
    }
}

#[test]
fn intersections() {
    let cases = [
        ("[1,3]", "[2,4]", Some("[2,3]")),
        ("[1,3]", "(1,3)", Some("(1,3)")),
        ("[1,3]", "[3,4]", Some("[3,3]")),
        ("[1,3)", "[3,4]", None),
        ("[1,2]", "[3,4]", None),
        ("(-inf,inf)", "(3,4]", Some("(3,4]")),
        ("(-inf,5]", "(3,inf)", Some("(3,5]")),
    ];
    for (a, b, expected) in cases {
        let (a, b) = (interval(a), interval(b));
        assert_eq!(a.intersect(&b).as_ref().map(show).as_deref(), expected, "{a:?} {b:?}");
        assert_eq!(b.intersect(&a), a.intersect(&b));
        assert_eq!(a.overlaps(&b), expected.is_some());
        assert_eq!(show(&a.cut(&b)), expected.map_or(show(&a), str::to_owned));
    }
}

#[test]
fn constructors_and_points() {
    let five = || number("5");
    let cases = [
        (Interval::point(five()), "[5,5]"),
        (Interval::at_least(five()), "[5,inf)"),
        (Interval::more_than(five()), "(5,inf)"),
        (Interval::at_most(five()), "(-inf,5]"),
        (Interval::less_than(five()), "(-inf,5)"),
        (Interval::between(five(), number("2")), "[2,5]"),
        (Interval::all(), "(-inf,inf)"),
    ];
    for (made, expected) in cases {
        assert_eq!(show(&made), expected);
        assert_eq!(made, interval(expected));
        assert_eq!(made.is_point().is_some(), expected == "[5,5]");
    }
    assert_eq!(Interval::new(End::Open(five()), End::Closed(five())), None);
    assert_eq!(Interval::new(End::Closed(five()), End::Closed(number("2"))), None);
}

#[test]
fn thresholds() {
    let cases = [
        ("[5,inf)", "5", [true, false, false, false]),
        ("(5,inf)", "5", [true, true, false, false]),
        ("(-inf,5]", "5", [false, false, true, false]),
        ("(-inf,5)", "5", [false, false, true, true]),
        ("[5,5]", "5", [true, false, true, false]),
        ("[4,6]", "5", [false, false, false, false]),
        ("[4,6]", "3", [true, true, false, false]),
        ("(-inf,inf)", "3", [false, false, false, false]),
    ];
    for (text, threshold, expected) in cases {
        let (i, t) = (interval(text), number(threshold));
        let got = [i.entirely_ge(&t), i.entirely_gt(&t), i.entirely_le(&t), i.entirely_lt(&t)];
        assert_eq!(got, expected, "{text} {threshold}");
    }
}

fn any_interval() -> impl Strategy<Value = Interval> {
    let end = || (-3_i64..=3, 0..3);
    (end(), end()).prop_filter_map("empty", |((a, i), (b, j))| {
        let end = |value: i64, kind| match kind {
            0 => End::Unbounded,
            1 => End::Open(value.into()),
            _ => End::Closed(value.into()),
        };
        Interval::new(end(a, i), end(b, j))
    })
}

/// Numbers on and between the ends that the strategy makes, and a few far beyond them.
fn samples(interval: &Interval) -> Vec<Rational> {
    let quarters = (-20_i64..=20).map(|n| number(&format!("{n}/4")));
    let edges = ["-1000", "-1/1000", "1/1000", "1000"].map(number);
    quarters.chain(edges).filter(|value| interval.contains(value)).collect()
}

/// Every closed end of a result is one of its values, every open end is approached by them.
fn assert_ends_are_tight(result: &Interval, values: &[Rational], what: &str) {
    for end in [&result.low, &result.high] {
        if let End::Closed(value) = end {
            assert!(values.contains(value), "{what}: {value} is not attained");
        }
    }
}

proptest! {
    #[test]
    fn operations_hold_exactly_what_numbers_give(a in any_interval(), b in any_interval()) {
        let quotient = a.div(&b);
        prop_assert_eq!(quotient.is_none(), b.contains(&Rational::zero()));
        let (sum, product) = (a.add(&b), a.mul(&b));
        let (mut sums, mut products, mut quotients) = (Vec::new(), Vec::new(), Vec::new());
        for x in samples(&a) {
            for y in samples(&b) {
                sums.push(&x + &y);
                products.push(&x * &y);
                quotients.extend(x.div(&y));
            }
        }
        prop_assert!(sums.iter().all(|value| sum.contains(value)));
        prop_assert!(products.iter().all(|value| product.contains(value)));
        assert_ends_are_tight(&sum, &sums, "sum");
        assert_ends_are_tight(&product, &products, "product");
        if let Some(quotient) = quotient {
            prop_assert!(quotients.iter().all(|value| quotient.contains(value)));
            assert_ends_are_tight(&quotient, &quotients, "quotient");
        }
    }

    #[test]
    fn sets_agree_with_their_numbers(a in any_interval(), b in any_interval(), t in -4_i64..=4) {
        let both = a.intersect(&b);
        for value in samples(&Interval::all()) {
            let inside = both.as_ref().is_some_and(|i| i.contains(&value));
            prop_assert_eq!(inside, a.contains(&value) && b.contains(&value));
        }
        let threshold = Rational::from(t);
        let values = samples(&a);
        prop_assert_eq!(a.entirely_ge(&threshold), values.iter().all(|v| *v >= threshold));
        prop_assert_eq!(a.entirely_gt(&threshold), values.iter().all(|v| *v > threshold));
        prop_assert_eq!(a.entirely_le(&threshold), values.iter().all(|v| *v <= threshold));
        prop_assert_eq!(a.entirely_lt(&threshold), values.iter().all(|v| *v < threshold));
        prop_assert_eq!(a.neg().neg(), a);
    }
}
