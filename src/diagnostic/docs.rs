//! The document of each code, as `chitieu check --explain` prints it.
//!
//! Enters: a code. Leaves: what it is, why, an example of the fault and one without, in Vietnamese
//! and in English. The one idea: documents are files that people read and tests run; they are part
//! of the program.

use super::Code;

impl Code {
    /// The document, in Markdown; `None` for a code whose document is not written yet.
    ///
    /// ```
    /// use chitieu::diagnostic::Code;
    ///
    /// let document = Code::WrongSymbol.document().unwrap();
    /// assert!(document.starts_with("# E0008: dấu so sánh viết sai"));
    /// ```
    pub const fn document(self) -> Option<&'static str> {
        Some(match self {
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
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lang;

    #[test]
    fn documents_begin_with_their_code_and_titles() {
        for &code in Code::all() {
            let Some(document) = code.document() else {
                assert!(!code.id().starts_with("E00"), "{code} has no document");
                continue;
            };
            let titles = format!("# {code}: {} · {}\n", code.title(Lang::Vi), code.title(Lang::En));
            assert!(document.starts_with(&titles), "{code}");
        }
    }
}
