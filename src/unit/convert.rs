//! What units have to do with each other: kinds, exact factors, what a fraction means.

use crate::number::Rational;

use super::{Step, Unit, parse};

impl Unit {
    /// Whether a figure in one can be compared with a figure in the other.
    ///
    /// Points of different maxima are of different kinds; points without a maximum are like any.
    ///
    /// ```
    /// use chitieu::unit::parse;
    ///
    /// let kind = |a, b| parse(a).unwrap().same_kind(&parse(b).unwrap());
    /// assert!(kind("phút", "tuần") && kind("tháng", "năm") && kind("%", "‰"));
    /// assert!(!kind("ngày", "tháng") && !kind("%", "điểm %") && !kind("đồng", "usd"));
    /// ```
    pub fn same_kind(&self, other: &Self) -> bool {
        self.factor_to(other).is_some()
    }

    /// What a value in this unit is multiplied by to be in the target; nothing across kinds.
    pub fn factor_to(&self, target: &Self) -> Option<Rational> {
        let one = || Rational::from(1_i64);
        match (self, target) {
            (Self::Percent | Self::Permille, Self::Percent | Self::Permille) => {
                target.fraction_factor()?.div(&self.fraction_factor()?)
            }
            (Self::PercentPoint, Self::PercentPoint)
            | (Self::Times, Self::Times)
            | (Self::Rank, Self::Rank)
            | (Self::Count { .. }, Self::Count { .. })
            | (Self::YesNo, Self::YesNo) => Some(one()),
            (Self::Points { of: a }, Self::Points { of: b }) => {
                a.zip(*b).is_none_or(|(a, b)| a == b).then(one)
            }
            (
                Self::Money { power: from, currency: a, .. },
                Self::Money { power: to, currency: b, .. },
            ) if a == b => {
                let power = i64::from(*from) - i64::from(*to);
                Some(Rational::pow10(i32::try_from(power).ok()?))
            }
            (Self::Duration { step: from }, Self::Duration { step: to }) => from.factor_to(*to),
            (Self::Rate { of: a, per: from, noun }, Self::Rate { of: b, per: to, noun: other }) => {
                let above = a.factor_to(b)?;
                let below = noun_factor(noun, other)?;
                (&above * &Rational::from(*to)).div(&(&below * &Rational::from(*from)))
            }
            _ => None,
        }
    }

    /// What the fraction of two counts is multiplied by to be in this unit: 100 for `%`, 1000
    /// for `‰`, 1 for `lần`, N for a rate; nothing for a unit whose value is the numerator.
    ///
    /// ```
    /// use chitieu::unit::parse_any;
    ///
    /// let beds = parse_any("giường/10.000 dân", "giường/10.000 dân");
    /// assert_eq!(beds.fraction_factor().map(|f| f.to_string()).as_deref(), Some("10000"));
    /// ```
    pub fn fraction_factor(&self) -> Option<Rational> {
        match self {
            Self::Percent => Some(Rational::from(100_i64)),
            Self::Permille => Some(Rational::from(1000_i64)),
            Self::Times => Some(Rational::from(1_i64)),
            Self::Rate { of, per, .. } => {
                let above = of.fraction_factor().unwrap_or_else(|| Rational::from(1_i64));
                Some(&above * &Rational::from(*per))
            }
            _ => None,
        }
    }

    /// Whether a figure can change only in whole steps: counts of a noun, and ranks. A plain
    /// number is a count where it is whole, which only the figure knows.
    pub fn is_counting(&self) -> bool {
        matches!(self, Self::Count { noun: Some(_) } | Self::Rank)
    }

    /// The power of ten of the scale words of money, also of a rate of money; nothing for others.
    ///
    /// ```
    /// use chitieu::unit::parse;
    ///
    /// assert_eq!(parse("triệu đồng/người").unwrap().money_power(), Some(6));
    /// assert_eq!(parse("giờ").unwrap().money_power(), None);
    /// ```
    pub fn money_power(&self) -> Option<u32> {
        match self {
            Self::Money { power, .. } => Some(*power),
            Self::Rate { of, .. } => of.money_power(),
            _ => None,
        }
    }

    /// A plain number.
    pub fn plain() -> Self {
        Self::Count { noun: None }
    }
}

impl Step {
    /// Seconds, or months: the family, and how many of its smallest step this one has.
    fn size(self) -> (bool, i64) {
        match self {
            Self::Second => (false, 1),
            Self::Minute => (false, 60),
            Self::Hour => (false, 3600),
            Self::Day => (false, 86_400),
            Self::Week => (false, 604_800),
            Self::Month => (true, 1),
            Self::Year => (true, 12),
        }
    }

    fn factor_to(self, target: Self) -> Option<Rational> {
        let ((family, from), (other, to)) = (self.size(), target.size());
        if family == other { Rational::from(from).div(&Rational::from(to)) } else { None }
    }
}

/// How many of the other noun one has: equal nouns, or durations that convert.
fn noun_factor(noun: &str, other: &str) -> Option<Rational> {
    if noun == other {
        return Some(Rational::from(1_i64));
    }
    parse::step(noun)?.factor_to(parse::step(other)?)
}

#[cfg(test)]
mod tests {
    use super::super::parse_any;
    use super::*;

    fn unit(text: &str) -> Unit {
        parse_any(text, text)
    }

    #[test]
    fn factors_are_exact() {
        let cases = [
            ("%", "‰", Some("10")),
            ("‰", "%", Some("1/10")),
            ("%", "phần trăm", Some("1")),
            ("%", "lần", None),
            ("%", "điểm phần trăm", None),
            ("điểm", "điểm", Some("1")),
            ("/20 điểm", "điểm", Some("1")),
            ("/20 điểm", "/100 điểm", None),
            ("hạng", "hạng", Some("1")),
            ("hạng", "điểm", None),
            ("tỉ đồng", "triệu đồng", Some("1000")),
            ("đồng", "nghìn tỉ đồng", Some("1/1000000000000")),
            ("triệu đồng", "million vnd", Some("1")),
            ("triệu usd", "triệu đồng", None),
            ("tuần", "giây", Some("604800")),
            ("phút", "giờ", Some("1/60")),
            ("năm", "tháng", Some("12")),
            ("tháng", "ngày", None),
            ("hồ sơ", "doanh nghiệp", Some("1")),
            ("hồ sơ", "", Some("1")),
            ("hồ sơ", "%", None),
            ("giường/10.000 dân", "giường/1.000 dân", Some("1/10")),
            ("giường/vạn dân", "giường/10.000 dân", Some("1")),
            ("giường/10.000 dân", "giường/10.000 hộ", None),
            ("phút/ngày", "giờ/tuần", Some("7/60")),
            ("giờ/tuần", "giờ/tháng", None),
            ("triệu đồng/người/năm", "tỉ đồng/người/năm", Some("1/1000")),
            ("có/không", "có/không", Some("1")),
            ("có/không", "%", None),
        ];
        for (from, to, factor) in cases {
            let got = unit(from).factor_to(&unit(to)).map(|f| f.to_string());
            assert_eq!(got.as_deref(), factor, "{from} -> {to}");
            assert_eq!(unit(from).same_kind(&unit(to)), factor.is_some(), "{from} {to}");
            assert_eq!(unit(to).same_kind(&unit(from)), factor.is_some(), "{to} {from}");
        }
    }

    #[test]
    fn factors_there_and_back_cancel() {
        let units = ["%", "‰", "tỉ đồng", "đồng", "giây", "tuần", "giường/vạn dân", "giờ/ngày"];
        for (a, b) in units.iter().flat_map(|a| units.iter().map(move |b| (unit(a), unit(b)))) {
            let there = a.factor_to(&b);
            let back = b.factor_to(&a);
            assert_eq!(there.is_some(), back.is_some());
            if let (Some(there), Some(back)) = (there, back) {
                assert_eq!(&there * &back, Rational::from(1_i64), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn fractions_mean_what_the_unit_says() {
        let cases = [
            ("%", Some("100")),
            ("‰", Some("1000")),
            ("lần", Some("1")),
            ("giường/10.000 dân", Some("10000")),
            ("ca/100 nghìn dân/năm", Some("100000")),
            ("%/năm", Some("100")),
            ("giờ/tuần", Some("1")),
            ("hồ sơ", None),
            ("", None),
            ("tỉ đồng", None),
            ("ngày", None),
            ("điểm", None),
            ("điểm phần trăm", None),
            ("hạng", None),
            ("có/không", None),
        ];
        for (text, factor) in cases {
            let got = unit(text).fraction_factor().map(|f| f.to_string());
            assert_eq!(got.as_deref(), factor, "{text}");
        }
    }

    #[test]
    fn only_counts_and_ranks_go_in_whole_steps() {
        for (text, counts) in [
            ("hồ sơ", true),
            ("hạng", true),
            ("", false),
            ("%", false),
            ("ngày", false),
            ("tỉ đồng", false),
            ("giường/10.000 dân", false),
        ] {
            assert_eq!(unit(text).is_counting(), counts, "{text}");
        }
    }
}
