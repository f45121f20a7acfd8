//! The document of each code, as `chitieu check --explain` prints it.
//!
//! Enters: a code. Leaves: what it is, why, an example of the fault and one without, in Vietnamese
//! and in English. The one idea: documents are files that people read and tests run, and part of the
//! program. Invariant, held by a test: every code has one.

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
    pub fn document(self) -> &'static str {
        let of = |(code, text): &(Self, &'static str)| (*code == self).then_some(*text);
        DOCUMENTS.iter().find_map(of).unwrap_or_default()
    }
}

const DOCUMENTS: &[(Code, &str)] = &[
    (Code::NotUtf8, include_str!("../../docs/diagnostics/E0001.md")),
    (Code::LineTooLong, include_str!("../../docs/diagnostics/E0002.md")),
    (Code::TooDeep, include_str!("../../docs/diagnostics/E0003.md")),
    (Code::UnclosedQuote, include_str!("../../docs/diagnostics/E0004.md")),
    (Code::UnclosedBracket, include_str!("../../docs/diagnostics/E0005.md")),
    (Code::UnmatchedParenthesis, include_str!("../../docs/diagnostics/E0006.md")),
    (Code::NotAStatement, include_str!("../../docs/diagnostics/E0007.md")),
    (Code::WrongSymbol, include_str!("../../docs/diagnostics/E0008.md")),
    (Code::UnknownKey, include_str!("../../docs/diagnostics/E0009.md")),
    (Code::TrailingJoin, include_str!("../../docs/diagnostics/E0010.md")),
    (Code::TwoComparators, include_str!("../../docs/diagnostics/E0011.md")),
    (Code::WeakAgainstStrong, include_str!("../../docs/diagnostics/E0012.md")),
    (Code::NegatedComparator, include_str!("../../docs/diagnostics/E0013.md")),
    (Code::NoComparator, include_str!("../../docs/diagnostics/E0014.md")),
    (Code::WordsForNumber, include_str!("../../docs/diagnostics/E0015.md")),
    (Code::RangeWithoutReading, include_str!("../../docs/diagnostics/E0016.md")),
    (Code::NumberFirstWithSymbol, include_str!("../../docs/diagnostics/E0017.md")),
    (Code::NumberFirstUnit, include_str!("../../docs/diagnostics/E0018.md")),
    (Code::NameEndsInKeyword, include_str!("../../docs/diagnostics/E0019.md")),
    (Code::BeginsWithGrowth, include_str!("../../docs/diagnostics/E0020.md")),
    (Code::PercentInName, include_str!("../../docs/diagnostics/E0021.md")),
    (Code::ColonForSymbol, include_str!("../../docs/diagnostics/E0022.md")),
    (Code::JoinInWords, include_str!("../../docs/diagnostics/E0023.md")),
    (Code::MixedJoin, include_str!("../../docs/diagnostics/E0024.md")),
    (Code::FormNotRead, include_str!("../../docs/diagnostics/E0025.md")),
    (Code::AmbiguousJoin, include_str!("../../docs/diagnostics/E0026.md")),
    (Code::GrowthReversed, include_str!("../../docs/diagnostics/E0027.md")),
    (Code::GrowthWithoutBase, include_str!("../../docs/diagnostics/E0028.md")),
    (Code::ShareWithinShare, include_str!("../../docs/diagnostics/E0029.md")),
    (Code::ThresholdNeedsSymbol, include_str!("../../docs/diagnostics/E0030.md")),
    (Code::SameName, include_str!("../../docs/diagnostics/E0101.md")),
    (Code::AbbreviationTwice, include_str!("../../docs/diagnostics/E0102.md")),
    (Code::AbbreviationEmpty, include_str!("../../docs/diagnostics/E0103.md")),
    (Code::NameEmpty, include_str!("../../docs/diagnostics/E0104.md")),
    (Code::NameUndeclared, include_str!("../../docs/diagnostics/E0105.md")),
    (Code::FormulaCycle, include_str!("../../docs/diagnostics/E0106.md")),
    (Code::OtherNumberFormat, include_str!("../../docs/diagnostics/E0201.md")),
    (Code::TooManyDigits, include_str!("../../docs/diagnostics/E0202.md")),
    (Code::NotANumber, include_str!("../../docs/diagnostics/E0203.md")),
    (Code::ZeroDenominator, include_str!("../../docs/diagnostics/E0204.md")),
    (Code::PercentExpected, include_str!("../../docs/diagnostics/E0301.md")),
    (Code::TwoUnits, include_str!("../../docs/diagnostics/E0302.md")),
    (Code::UnknownUnit, include_str!("../../docs/diagnostics/E0303.md")),
    (Code::UnitsDoNotCompare, include_str!("../../docs/diagnostics/E0304.md")),
    (Code::WordsAfterPercent, include_str!("../../docs/diagnostics/E0305.md")),
    (Code::TimeAfterQuantity, include_str!("../../docs/diagnostics/E0306.md")),
    (Code::BareGrowthOfPercent, include_str!("../../docs/diagnostics/E0307.md")),
    (Code::NotADate, include_str!("../../docs/diagnostics/E0401.md")),
    (Code::PeriodReversed, include_str!("../../docs/diagnostics/E0402.md")),
    (Code::DueAndMilestones, include_str!("../../docs/diagnostics/E0403.md")),
    (Code::NoProgramme, include_str!("../../docs/diagnostics/E0501.md")),
    (Code::KeyNotAllowed, include_str!("../../docs/diagnostics/E0502.md")),
    (Code::KeyTwice, include_str!("../../docs/diagnostics/E0503.md")),
    (Code::SameTargetCode, include_str!("../../docs/diagnostics/E0504.md")),
    (Code::SameProgrammeCode, include_str!("../../docs/diagnostics/E0505.md")),
    (Code::EmptyValue, include_str!("../../docs/diagnostics/E0506.md")),
    (Code::NoTarget, include_str!("../../docs/diagnostics/E0507.md")),
    (Code::BadTargetCode, include_str!("../../docs/diagnostics/E0508.md")),
    (Code::KeyWithoutHead, include_str!("../../docs/diagnostics/E0509.md")),
    (Code::DirectionContradicts, include_str!("../../docs/diagnostics/E0510.md")),
    (Code::HeadComparesToo, include_str!("../../docs/diagnostics/E0511.md")),
    (Code::UnknownCode, include_str!("../../docs/diagnostics/E0512.md")),
    (Code::ImportFails, include_str!("../../docs/diagnostics/E0513.md")),
    (Code::ImportCycle, include_str!("../../docs/diagnostics/E0514.md")),
    (Code::MilestoneTwice, include_str!("../../docs/diagnostics/E0515.md")),
    (Code::NotReadable, include_str!("../../docs/diagnostics/E0601.md")),
    (Code::EntityUnreadable, include_str!("../../docs/diagnostics/E0602.md")),
    (Code::DateUnreadable, include_str!("../../docs/diagnostics/E0603.md")),
    (Code::TwoNumberReadings, include_str!("../../docs/diagnostics/E0604.md")),
    (Code::KeyTwiceInData, include_str!("../../docs/diagnostics/E0605.md")),
    (Code::EntityUnknown, include_str!("../../docs/diagnostics/W0101.md")),
    (Code::NearlySameName, include_str!("../../docs/diagnostics/W0102.md")),
    (Code::ThresholdOutOfRange, include_str!("../../docs/diagnostics/W0103.md")),
    (Code::AlwaysSame, include_str!("../../docs/diagnostics/W0104.md")),
    (Code::Unused, include_str!("../../docs/diagnostics/W0105.md")),
    (Code::FallingMilestone, include_str!("../../docs/diagnostics/W0106.md")),
    (Code::TwoNouns, include_str!("../../docs/diagnostics/W0107.md")),
    (Code::TargetsContradict, include_str!("../../docs/diagnostics/W0108.md")),
    (Code::AgainstItsSense, include_str!("../../docs/diagnostics/W0109.md")),
    (Code::GapInForce, include_str!("../../docs/diagnostics/W0110.md")),
    (Code::HalfName, include_str!("../../docs/diagnostics/W0111.md")),
    (Code::JoinedShares, include_str!("../../docs/diagnostics/W0112.md")),
    (Code::Layout, include_str!("../../docs/diagnostics/W0199.md")),
];

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
