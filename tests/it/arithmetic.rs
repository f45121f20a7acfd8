//! The reference evaluator says what arithmetic with whole numbers says.
//!
//! The oracle here knows no rational and no interval of the library: it compares by
//! cross-multiplication, tries the neighbours of a rounded figure, and searches for the smallest
//! step.

use chitieu::number::{Decimal, Rational};
use chitieu::{Judgement, Measurement, Snapshot, Verdict};
use num_bigint::BigInt;
use proptest::prelude::*;

use crate::differential::{config, parsed};

/// `n/d` with a positive denominator.
#[derive(Debug, Clone, Copy)]
struct Fraction {
    n: i128,
    d: i128,
}

impl Fraction {
    fn new(n: i128, d: i128) -> Self {
        if d < 0 { Self { n: -n, d: -d } } else { Self { n, d } }
    }

    fn minus(self, other: Self) -> Self {
        Self { n: self.n * other.d - other.n * self.d, d: self.d * other.d }
    }

    fn is(self, found: Option<&Rational>) -> bool {
        found.is_some_and(|found| {
            found.numerator() * BigInt::from(self.d) == found.denominator() * BigInt::from(self.n)
        })
    }
}

const SYMBOLS: [&str; 6] = [">=", ">", "<=", "<", "=", "!="];

fn satisfies(symbol: &str, value: Fraction, bound: Fraction) -> bool {
    let (a, b) = (value.n * bound.d, bound.n * value.d);
    match symbol {
        ">=" => a >= b,
        ">" => a > b,
        "<=" => a <= b,
        "<" => a < b,
        "=" => a == b,
        _ => a != b,
    }
}

fn verdict(symbol: &str, value: Fraction, bound: Fraction) -> Verdict {
    let beyond = match symbol {
        ">=" | ">" => satisfies(">", value, bound),
        "<=" | "<" => satisfies("<", value, bound),
        _ => false,
    };
    match (satisfies(symbol, value, bound), beyond) {
        (true, true) => Verdict::Exceeded,
        (true, false) => Verdict::Met,
        (false, _) => Verdict::NotMet,
    }
}

/// Verdict, margin and attainment of a value.
fn check_figures(
    judged: &Judgement,
    symbol: &str,
    value: Fraction,
    bound: Fraction,
) -> Result<(), TestCaseError> {
    prop_assert_eq!(judged.verdict, verdict(symbol, value, bound));
    let floor = symbol.starts_with('>');
    if matches!(symbol, "=" | "!=") {
        prop_assert_eq!((&judged.margin, &judged.attainment), (&None, &None));
        return Ok(());
    }
    let margin = if floor { value.minus(bound) } else { bound.minus(value) };
    prop_assert!(margin.is(judged.margin.as_ref()), "{:?} is not {:?}", judged.margin, margin);
    let empty = bound.n <= 0 || value.n < 0 || (!floor && value.n == 0);
    if empty {
        prop_assert_eq!(&judged.attainment, &None);
        return Ok(());
    }
    let (above, below) = if floor { (value, bound) } else { (bound, value) };
    let attained = Fraction { n: above.n * below.d, d: above.d * below.n };
    prop_assert!(attained.is(judged.attainment.as_ref()), "{:?}", judged.attainment);
    Ok(())
}

/// Finer than any printed digit or threshold here.
const FINE: i128 = 10_i128.pow(12);

/// Whether a value that rounds half away from zero to `mantissa · 10^-scale` is judged otherwise.
/// Values below 0 are not considered for a printed value that is not.
fn rounding_sensitive(symbol: &str, mantissa: i128, scale: u32, bound: Fraction) -> bool {
    let digit = FINE / 10_i128.pow(scale);
    let printed = mantissa * digit;
    let limit = bound.n * (FINE / bound.d);
    let near = [
        printed - digit / 2,
        printed - digit / 2 + 1,
        printed + digit / 2 - 1,
        printed + digit / 2,
        limit - 1,
        limit,
        limit + 1,
        0,
    ];
    let rounds_to_it = |value: &i128| {
        let away = (value.abs() * 2 + digit) / (digit * 2) * digit * value.signum();
        away == printed && (mantissa < 0 || *value >= 0)
    };
    let now = satisfies(symbol, Fraction::new(mantissa, 10_i128.pow(scale)), bound);
    near.iter()
        .filter(|value| rounds_to_it(value))
        .any(|value| satisfies(symbol, Fraction::new(*value, FINE), bound) != now)
}

/// The whole step nearest to zero after which `of` satisfies.
fn search(symbol: &str, of: impl Fn(i128) -> Fraction, bound: Fraction) -> Option<i128> {
    (1..=20_000_i128)
        .flat_map(|step| [step, -step])
        .find(|step| satisfies(symbol, of(*step), bound))
}

/// A decimal as Vietnamese rules write it, without grouping.
fn vi(mantissa: i128, scale: u32) -> String {
    Decimal::from_parts(mantissa, scale).unwrap().to_string().replace('.', ",")
}

fn judged(text: &str, measured: &[(&str, Measurement)]) -> Result<Judgement, TestCaseError> {
    let rules = parsed(text)?;
    let mut snapshot = Snapshot::new("a").on("2023").unwrap();
    for (name, measurement) in measured {
        snapshot = snapshot.measure(*name, measurement.clone());
    }
    Ok(rules.evaluate(&snapshot).judgements()[0].clone())
}

/// A threshold of 0–100 % with up to three digits after the point.
fn percentage() -> impl Strategy<Value = (i128, u32)> {
    (0_u32..=3).prop_flat_map(|scale| {
        let most = 100 * 10_i128.pow(scale);
        (prop_oneof![0..=most, 0..=most / 10, Just(most), Just(0)], Just(scale))
    })
}

fn symbol() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&SYMBOLS[..])
}

fn check_share(
    judged: &Judgement,
    symbol: &str,
    (above, below): (i128, i128),
    bound: Fraction,
) -> Result<(), TestCaseError> {
    if below == 0 {
        let zero = if above == 0 { Verdict::NotApplicable } else { Verdict::Contradictory };
        prop_assert_eq!(judged.verdict, zero);
        return Ok(());
    }
    let after = |step: i128| Fraction::new((above + step) * 100, below);
    check_figures(judged, symbol, after(0), bound)?;
    prop_assert!(!judged.rounding_sensitive);
    let asked = judged.verdict == Verdict::NotMet && symbol != "!=";
    let step = if asked { search(symbol, after, bound) } else { None };
    let found = judged.step.as_ref().map(|step| step.add().to_i128().unwrap());
    prop_assert_eq!(found, step, "{}/{} {} {:?}", above, below, symbol, bound);
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn plain_percentages(
        (t, places) in percentage(),
        symbol in symbol(),
        scale in 0_u32..=4,
        away in -60_i128..60,
        near in any::<bool>(),
    ) {
        // The value stands near the threshold, in its own number of digits.
        let own = 10_i128.pow(scale);
        let at = t * own / 10_i128.pow(places);
        let mantissa = if near { at + away / 20 } else { at + away * own };
        let bound = Fraction::new(t, 10_i128.pow(places));
        let value = Fraction::new(mantissa, own);
        let text = format!("tỷ lệ a {symbol} {}%", vi(t, places));
        let number = Measurement::number(Decimal::from_parts(mantissa, scale).unwrap());
        let judged = judged(&text, &[("tỷ lệ a", number)])?;
        check_figures(&judged, symbol, value, bound)?;
        prop_assert_eq!(
            judged.rounding_sensitive,
            rounding_sensitive(symbol, mantissa, scale, bound),
            "{} with {}", text, vi(mantissa, scale)
        );
        let gap = bound.minus(value);
        let asked = judged.verdict == Verdict::NotMet && matches!(symbol, ">=" | "<=" | "=");
        match judged.step {
            Some(step) => prop_assert!(asked && gap.is(Some(step.add()))),
            None => prop_assert!(!asked),
        }
    }

    #[test]
    fn percentages_from_fractions(
        (t, places) in percentage(),
        symbol in symbol(),
        above in -5_i128..60,
        below in -3_i128..60,
    ) {
        let bound = Fraction::new(t, 10_i128.pow(places));
        let text = format!("tỷ lệ a {symbol} {}%", vi(t, places));
        let part = |value| Decimal::from_parts(value, 0).unwrap();
        let share = Measurement::fraction(part(above), part(below));
        check_share(&judged(&text, &[("tỷ lệ a", share)])?, symbol, (above, below), bound)?;
    }

    #[test]
    fn quotients(
        (t, places) in percentage(),
        symbol in symbol(),
        above in -5_i128..1000,
        below in -3_i128..1000,
        exactly in any::<bool>(),
    ) {
        let bound = Fraction::new(t, 10_i128.pow(places));
        // Often exactly on the threshold: t/100 of a denominator that it divides.
        let (above, below) = if exactly { (bound.n, bound.d * 100) } else { (above, below) };
        let text = format!("\"số b\" / \"số c\" {symbol} {}%", vi(t, places));
        let count = |value| Measurement::number(Decimal::from_parts(value, 0).unwrap());
        let judged = judged(&text, &[("số b", count(above)), ("số c", count(below))])?;
        check_share(&judged, symbol, (above, below), bound)?;
    }
}
