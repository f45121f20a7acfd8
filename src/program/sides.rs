//! What verdicts ask of a number.
//!
//! Enters: a program, an indicator and two numbers. Leaves: whether any number between the two is
//! judged alike. The one idea: a comparison asks only on which side of its threshold a number
//! stands. Invariant: whatever may ask more says no.

use super::op::{Op, Program, Scope, Test};
use crate::check::model::IndicatorId;
use crate::number::Rational;

impl Program {
    /// Whether every figure of an indicator from `min` to `max` gives the same verdicts, whatever
    /// the other figures.
    ///
    /// ```
    /// use chitieu::Rules;
    /// use chitieu::check::model::IndicatorId;
    /// use chitieu::number::Rational;
    ///
    /// let rules = Rules::parse("tỷ lệ hồ sơ đúng hạn >= 96%").unwrap();
    /// let alike = |min: i128, max: i128| {
    ///     rules.program().judges_alike(IndicatorId(0), &Rational::from(min), &Rational::from(max))
    /// };
    /// assert!(alike(97, 100) && alike(0, 95) && alike(96, 96));
    /// assert!(!alike(95, 97) && !alike(96, 97));
    /// ```
    pub fn judges_alike(&self, of: IndicatorId, min: &Rational, max: &Rational) -> bool {
        let editions = || self.steps.iter().flat_map(|step| &step.editions);
        let choices = editions().flat_map(|edition| &edition.stages).flat_map(|it| &it.choices);
        let mut ops = choices.flat_map(|choice| choice.when.iter().chain([&choice.op]));
        editions().all(|edition| edition.scope == Scope::Everyone)
            && ops.all(|op| op.judges_alike(of, min, max))
    }
}

impl Op {
    fn judges_alike(&self, of: IndicatorId, min: &Rational, max: &Rational) -> bool {
        match self {
            Self::Compare { of: id, test } => *id != of || test.is_one_side(min, max),
            Self::Quotient { above, below, .. } => *above != of && *below != of,
            Self::Truth { of: id, .. } => *id != of,
            Self::Attribute(_) => true,
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().all(|part| part.judges_alike(of, min, max))
            }
            Self::Not(part) => part.judges_alike(of, min, max),
            // Which figures these read does not stand in the program.
            Self::Dated(_)
            | Self::Sum { .. }
            | Self::Always { .. }
            | Self::OfUnits
            | Self::Reference => false,
        }
    }
}

impl Test {
    /// Whether all numbers from `min` to `max` stand below the threshold, at it, or above it.
    fn is_one_side(&self, min: &Rational, max: &Rational) -> bool {
        let (low, high) = self.ends();
        max < low || min > high || (min >= low && max <= high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rules;

    #[test]
    fn what_may_ask_more_is_never_alike() {
        let one = Rational::from(1_i128);
        let id = IndicatorId(0);
        let all = [
            "số a tăng >= 5% so với năm trước",
            "lũy kế(số a) >= 5",
            "số a / số b >= 100%",
            "mọi xã đạt: số a >= 5",
        ];
        for more in all {
            let rules = Rules::parse(&format!("hiệu lực: năm 2023\nsố a >= 40\n{more}\n")).unwrap();
            assert!(!rules.program().judges_alike(id, &one, &one), "{more}");
        }
    }
}
