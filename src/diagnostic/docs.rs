//! The document of each code, as `chitieu check --explain` prints it.
//!
//! Enters: a code. Leaves: what it is, why, an example of the fault and one without, in Vietnamese
//! and in English. The one idea: documents are files that people read and tests run, and part of the
//! program. Invariant: a code without a document does not compile.

use super::Code;

impl Code {
    /// The document, in Markdown.
    ///
    /// ```
    /// use chitieu::diagnostic::Code;
    ///
    /// let document = Code::WrongSymbol.document();
    /// assert!(document.starts_with("# E0008: dấu so sánh viết sai"));
    /// ```
    pub const fn document(self) -> &'static str {
        match self {
            Self::NotUtf8 => include_str!("../../docs/diagnostics/E0001.md"),
            Self::LineTooLong => include_str!("../../docs/diagnostics/E0002.md"),
            Self::TooDeep => include_str!("../../docs/diagnostics/E0003.md"),
            Self::UnclosedQuote => include_str!("../../docs/diagnostics/E0004.md"),
            Self::UnclosedBracket => include_str!("../../docs/diagnostics/E0005.md"),
            Self::UnmatchedParenthesis => include_str!("../../docs/diagnostics/E0006.md"),
            Self::NotAStatement => include_str!("../../docs/diagnostics/E0007.md"),
            Self::WrongSymbol => include_str!("../../docs/diagnostics/E0008.md"),
            Self::UnknownKey => include_str!("../../docs/diagnostics/E0009.md"),
            Self::TrailingJoin => include_str!("../../docs/diagnostics/E0010.md"),
            Self::TwoComparators => include_str!("../../docs/diagnostics/E0011.md"),
            Self::WeakAgainstStrong => include_str!("../../docs/diagnostics/E0012.md"),
            Self::NegatedComparator => include_str!("../../docs/diagnostics/E0013.md"),
            Self::NoComparator => include_str!("../../docs/diagnostics/E0014.md"),
            Self::WordsForNumber => include_str!("../../docs/diagnostics/E0015.md"),
            Self::RangeWithoutReading => include_str!("../../docs/diagnostics/E0016.md"),
            Self::NumberFirstWithSymbol => include_str!("../../docs/diagnostics/E0017.md"),
            Self::NumberFirstUnit => include_str!("../../docs/diagnostics/E0018.md"),
            Self::NameEndsInKeyword => include_str!("../../docs/diagnostics/E0019.md"),
            Self::BeginsWithGrowth => include_str!("../../docs/diagnostics/E0020.md"),
            Self::PercentInName => include_str!("../../docs/diagnostics/E0021.md"),
            Self::ColonForSymbol => include_str!("../../docs/diagnostics/E0022.md"),
            Self::JoinInWords => include_str!("../../docs/diagnostics/E0023.md"),
            Self::MixedJoin => include_str!("../../docs/diagnostics/E0024.md"),
            Self::FormNotRead => include_str!("../../docs/diagnostics/E0025.md"),
            Self::AmbiguousJoin => include_str!("../../docs/diagnostics/E0026.md"),
            Self::GrowthReversed => include_str!("../../docs/diagnostics/E0027.md"),
            Self::GrowthWithoutBase => include_str!("../../docs/diagnostics/E0028.md"),
            Self::ShareWithinShare => include_str!("../../docs/diagnostics/E0029.md"),
            Self::ThresholdNeedsSymbol => include_str!("../../docs/diagnostics/E0030.md"),
            Self::SameName => include_str!("../../docs/diagnostics/E0101.md"),
            Self::AbbreviationTwice => include_str!("../../docs/diagnostics/E0102.md"),
            Self::AbbreviationEmpty => include_str!("../../docs/diagnostics/E0103.md"),
            Self::NameEmpty => include_str!("../../docs/diagnostics/E0104.md"),
            Self::NameUndeclared => include_str!("../../docs/diagnostics/E0105.md"),
            Self::FormulaCycle => include_str!("../../docs/diagnostics/E0106.md"),
            Self::OtherNumberFormat => include_str!("../../docs/diagnostics/E0201.md"),
            Self::TooManyDigits => include_str!("../../docs/diagnostics/E0202.md"),
            Self::NotANumber => include_str!("../../docs/diagnostics/E0203.md"),
            Self::ZeroDenominator => include_str!("../../docs/diagnostics/E0204.md"),
            Self::PercentExpected => include_str!("../../docs/diagnostics/E0301.md"),
            Self::TwoUnits => include_str!("../../docs/diagnostics/E0302.md"),
            Self::UnknownUnit => include_str!("../../docs/diagnostics/E0303.md"),
            Self::UnitsDoNotCompare => include_str!("../../docs/diagnostics/E0304.md"),
            Self::WordsAfterPercent => include_str!("../../docs/diagnostics/E0305.md"),
            Self::TimeAfterQuantity => include_str!("../../docs/diagnostics/E0306.md"),
            Self::BareGrowthOfPercent => include_str!("../../docs/diagnostics/E0307.md"),
            Self::NotADate => include_str!("../../docs/diagnostics/E0401.md"),
            Self::PeriodReversed => include_str!("../../docs/diagnostics/E0402.md"),
            Self::DueAndMilestones => include_str!("../../docs/diagnostics/E0403.md"),
            Self::NoProgramme => include_str!("../../docs/diagnostics/E0501.md"),
            Self::KeyNotAllowed => include_str!("../../docs/diagnostics/E0502.md"),
            Self::KeyTwice => include_str!("../../docs/diagnostics/E0503.md"),
            Self::SameTargetCode => include_str!("../../docs/diagnostics/E0504.md"),
            Self::SameProgrammeCode => include_str!("../../docs/diagnostics/E0505.md"),
            Self::EmptyValue => include_str!("../../docs/diagnostics/E0506.md"),
            Self::NoTarget => include_str!("../../docs/diagnostics/E0507.md"),
            Self::BadTargetCode => include_str!("../../docs/diagnostics/E0508.md"),
            Self::KeyWithoutHead => include_str!("../../docs/diagnostics/E0509.md"),
            Self::DirectionContradicts => include_str!("../../docs/diagnostics/E0510.md"),
            Self::HeadComparesToo => include_str!("../../docs/diagnostics/E0511.md"),
            Self::UnknownCode => include_str!("../../docs/diagnostics/E0512.md"),
            Self::ImportFails => include_str!("../../docs/diagnostics/E0513.md"),
            Self::ImportCycle => include_str!("../../docs/diagnostics/E0514.md"),
            Self::MilestoneTwice => include_str!("../../docs/diagnostics/E0515.md"),
            Self::NotReadable => include_str!("../../docs/diagnostics/E0601.md"),
            Self::EntityUnreadable => include_str!("../../docs/diagnostics/E0602.md"),
            Self::DateUnreadable => include_str!("../../docs/diagnostics/E0603.md"),
            Self::TwoNumberReadings => include_str!("../../docs/diagnostics/E0604.md"),
            Self::KeyTwiceInData => include_str!("../../docs/diagnostics/E0605.md"),
            Self::EntityUnknown => include_str!("../../docs/diagnostics/W0101.md"),
            Self::NearlySameName => include_str!("../../docs/diagnostics/W0102.md"),
            Self::ThresholdOutOfRange => include_str!("../../docs/diagnostics/W0103.md"),
            Self::AlwaysSame => include_str!("../../docs/diagnostics/W0104.md"),
            Self::Unused => include_str!("../../docs/diagnostics/W0105.md"),
            Self::FallingMilestone => include_str!("../../docs/diagnostics/W0106.md"),
            Self::TwoNouns => include_str!("../../docs/diagnostics/W0107.md"),
            Self::TargetsContradict => include_str!("../../docs/diagnostics/W0108.md"),
            Self::AgainstItsSense => include_str!("../../docs/diagnostics/W0109.md"),
            Self::GapInForce => include_str!("../../docs/diagnostics/W0110.md"),
            Self::HalfName => include_str!("../../docs/diagnostics/W0111.md"),
            Self::JoinedShares => include_str!("../../docs/diagnostics/W0112.md"),
            Self::Layout => include_str!("../../docs/diagnostics/W0199.md"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lang;

    #[test]
    fn documents_begin_with_their_code_and_titles() {
        for &code in Code::all() {
            let titles = format!("# {code}: {} · {}\n", code.title(Lang::Vi), code.title(Lang::En));
            assert!(code.document().starts_with(&titles), "{code}");
        }
    }
}
