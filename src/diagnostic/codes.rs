//! The closed table of diagnostic codes.
//!
//! Enters: nothing. Leaves: [`Code`] with its id, severity and title in both languages. The one
//! idea: a code is one entry of the table below, and nothing else knows ids. Ranges: E00 text and
//! syntax, E01 names, E02 numbers, E03 units, E04 periods, E05 heads, keys and structure, E06 data
//! input, W01 lints. Invariant: an id is never given another meaning.

use std::fmt;

use super::{Lang, Severity};

struct CodeInfo {
    id: &'static str,
    severity: Severity,
    title_vi: &'static str,
    title_en: &'static str,
    document: &'static str,
}

macro_rules! codes {
    ($($name:ident $id:literal $severity:ident $vi:literal, $en:literal;)*) => {
        /// Which fault a diagnostic speaks of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!("`", $id, "`: ", $en, ".")] $name,)*
        }

        const ALL: &[Code] = &[$(Code::$name),*];

        impl Code {
            const fn info(self) -> CodeInfo {
                match self {
                    $(Self::$name => CodeInfo {
                        id: $id,
                        severity: Severity::$severity,
                        title_vi: $vi,
                        title_en: $en,
                        document: include_str!(concat!("../../docs/diagnostics/", $id, ".md")),
                    },)*
                }
            }
        }
    };
}

codes! {
    NotUtf8 "E0001" Error
        "văn bản không phải UTF-8", "the text is not UTF-8";
    LineTooLong "E0002" Error
        "dòng quá dài", "the line is too long";
    TooDeep "E0003" Error
        "lồng nhau quá nhiều tầng", "nested too deeply";
    UnclosedQuote "E0004" Error
        "ngoặc kép không đóng trên dòng của nó", "a quote does not close on its line";
    UnclosedBracket "E0005" Error
        "ngoặc vuông không đóng trên dòng của nó", "a square bracket does not close on its line";
    UnmatchedParenthesis "E0006" Error
        "ngoặc tròn không có cặp", "a parenthesis has no partner";
    NotAStatement "E0007" Error
        "dòng không phải là một câu lệnh", "the line is no statement";
    WrongSymbol "E0008" Error
        "dấu so sánh viết sai", "a comparison symbol is written wrongly";
    UnknownKey "E0009" Error
        "từ đứng trước dấu hai chấm không phải là từ khóa", "the words before the colon are no key";
    TrailingJoin "E0010" Error
        "dòng kết thúc bằng `và` hoặc `hoặc`", "the line ends in `và` or `hoặc`";
    TwoComparators "E0011" Error
        "hai từ so sánh trước một con số", "two comparators before one number";
    WeakAgainstStrong "E0012" Error
        "hai từ so sánh trái chiều nhau", "two comparators contradict each other";
    NegatedComparator "E0013" Error
        "`không` hoặc `chưa` đứng trước từ so sánh", "`không` or `chưa` before a comparator";
    NoComparator "E0014" Error
        "chỉ tiêu không có so sánh", "the target compares nothing";
    WordsForNumber "E0015" Error
        "dùng từ ngữ thay cho con số", "words stand where a number is needed";
    RangeWithoutReading "E0016" Error
        "khoảng giá trị thiếu dòng `hiểu là:`", "a range without a `hiểu là:` line";
    NumberFirstWithSymbol "E0017" Error
        "con số đứng đầu dòng có dấu so sánh", "a number first in a line with a symbol";
    NumberFirstUnit "E0018" Error
        "số tiền, thời gian hoặc mật độ đứng đầu dòng", "money, a duration or a rate stands first";
    NameEndsInKeyword "E0019" Error
        "tên kết thúc bằng từ dành riêng", "a name ends in a reserved word";
    BeginsWithGrowth "E0020" Error
        "chỉ tiêu bắt đầu bằng từ chỉ tăng, giảm hoặc thời gian", "begins with growth or a time";
    PercentInName "E0021" Error
        "dấu `%` trong tên không có ngoặc kép", "a `%` in a name without quotes";
    ColonForSymbol "E0022" Error
        "dấu hai chấm đứng thay dấu so sánh", "a colon stands where a symbol is needed";
    JoinInWords "E0023" Error
        "`và` hoặc `hoặc` nối hai điều kiện viết bằng lời", "two conditions in words are joined";
    MixedJoin "E0024" Error
        "dùng lẫn `và` với `hoặc` mà không có ngoặc", "`và` and `hoặc` are mixed without brackets";
    FormNotRead "E0025" Error
        "dạng câu không có nghĩa trong ngôn ngữ", "a form without a meaning in the language";
    AmbiguousJoin "E0026" Error
        "`và` có hai cách hiểu", "`và` has two readings";
    GrowthReversed "E0027" Error
        "`giảm` đi với từ chỉ ít hơn", "`giảm` with a word for less";
    GrowthWithoutBase "E0028" Error
        "tăng hoặc giảm mà không nói so với khi nào", "growth does not name its base";
    ShareWithinShare "E0029" Error
        "`trong đó` không nói rõ mẫu số", "`trong đó` does not name the base";
    ThresholdNeedsSymbol "E0030" Error
        "ngưỡng là biểu thức cần dấu so sánh", "a threshold that is an expression needs a symbol";
    AgainstWithoutGrowth "E0031" Error
        "`so với` không có `tăng` hoặc `giảm`", "`so với` without growth";

    SameName "E0101" Error
        "hai khai báo trùng tên", "two declarations have the same name";
    AbbreviationTwice "E0102" Error
        "một từ viết tắt có hai nghĩa", "an abbreviation has two meanings";
    AbbreviationEmpty "E0103" Error
        "khai báo viết tắt để trống", "an abbreviation is empty";
    NameEmpty "E0104" Error
        "tên để trống", "a name is empty";
    NameUndeclared "E0105" Error
        "chỉ số chưa được khai báo", "the indicator is not declared";

    FormulaCycle "E0106" Error
        "công thức tính qua chính nó", "a formula uses itself";

    OtherNumberFormat "E0201" Error
        "con số viết theo định dạng khác", "a number is written in the other format";
    TooManyDigits "E0202" Error
        "con số có quá nhiều chữ số", "a number has too many digits";
    NotANumber "E0203" Error
        "không phải là con số", "not a number";
    ZeroDenominator "E0204" Error
        "mẫu số bằng 0", "the denominator is zero";

    PercentExpected "E0301" Error
        "tỷ lệ cần có `%`", "a share needs `%`";
    TwoUnits "E0302" Error
        "một chỉ số có hai đơn vị tính", "one indicator has two units";
    UnknownUnit "E0303" Error
        "không phải là đơn vị tính ở đây", "not a unit here";
    UnitsDoNotCompare "E0304" Error
        "hai đơn vị tính không so sánh được", "two units do not compare";
    WordsAfterPercent "E0305" Error
        "có từ ngữ sau `%`", "words after `%`";
    TimeAfterQuantity "E0306" Error
        "thời gian đứng sau giá trị", "a time after a quantity";
    BareGrowthOfPercent "E0307" Error
        "tăng, giảm `%` của tỷ lệ có hai cách hiểu", "growth of a share in `%` is ambiguous";

    NotADate "E0401" Error
        "không phải là ngày hoặc kỳ", "not a date or period";
    PeriodReversed "E0402" Error
        "kỳ kết thúc trước khi bắt đầu", "a period ends before it starts";
    DueAndMilestones "E0403" Error
        "vừa có `hạn:` vừa có dòng `đến`", "both `hạn:` and `đến` lines";

    KeyNotAllowed "E0502" Error
        "từ khóa không dùng được ở đây", "the key is not allowed here";
    KeyTwice "E0503" Error
        "từ khóa lặp lại", "the key is given twice";
    SameTargetCode "E0504" Error
        "hai chỉ tiêu trùng mã", "two targets have one code";
    SameProgrammeCode "E0505" Error
        "hai chương trình trùng mã", "two programmes have one code";
    EmptyValue "E0506" Error
        "từ khóa không có nội dung", "the key has no value";
    NoTarget "E0507" Error
        "không có chỉ tiêu nào", "there is no target";
    BadTargetCode "E0508" Error
        "mã để trống hoặc chưa đóng ngoặc", "a code is empty or not closed";
    KeyWithoutHead "E0509" Error
        "từ khóa không thuộc mục nào", "the key belongs to no head";
    DirectionContradicts "E0510" Error
        "`chiều:` trái với so sánh", "`chiều:` contradicts the comparator";
    HeadComparesToo "E0511" Error
        "so sánh đứng trên các dòng `đến` hoặc `khi`", "a comparator above `đến` or `khi` lines";
    UnknownCode "E0512" Error
        "không có chỉ tiêu mang mã này", "no target has this code";

    ImportFails "E0513" Error
        "không nhập được tệp khai báo", "a file cannot be imported";
    ImportCycle "E0514" Error
        "các tệp nhập lẫn nhau thành vòng", "files import each other in a circle";
    MilestoneTwice "E0515" Error
        "hai ngưỡng cho cùng một thời hạn", "two thresholds for one date";
    PointsMissing "E0516" Error
        "`chấm:` không có `điểm:`", "`chấm:` without `điểm:`";
    PointsOutOfRange "E0517" Error
        "số điểm nằm ngoài mức cho phép", "points lie outside of what is allowed";
    ScoreSteps "E0518" Error
        "các bậc điểm thiếu, thừa hoặc chồng nhau", "steps are missing, never reached or overlap";
    ScaleDoesNotFit "E0519" Error
        "cách chấm không hợp với chỉ tiêu", "the way of scoring does not fit the target";
    ReplacedTwice "E0520" Error
        "hai chỉ tiêu cùng thay thế một chỉ tiêu", "two targets take the place of one";
    CitationCycle "E0521" Error
        "các chỉ tiêu dẫn chiếu nhau thành vòng", "targets cite each other in a circle";
    ReplacesWithoutDay "E0522" Error
        "thay thế mà không nói từ ngày nào", "it does not say from which day it replaces";

    TwoNumberReadings "E0604" Error
        "con số có hai cách đọc", "a number has two readings";

    EntityUnknown "W0101" Warning
        "không có đơn vị nào mang tên này", "no entity bears this name";
    NearlySameName "W0102" Warning
        "hai tên gần giống nhau", "two names are nearly the same";
    ThresholdOutOfRange "W0103" Warning
        "ngưỡng nằm ngoài 0–100 %", "the threshold is outside 0–100 %";
    AlwaysSame "W0104" Warning
        "điều kiện luôn đúng hoặc luôn sai", "the condition is always or never true";
    Unused "W0105" Warning
        "khai báo không được dùng", "a declaration is not used";
    FallingMilestone "W0106" Warning
        "ngưỡng sau thấp hơn ngưỡng trước", "a later threshold asks less";
    TwoNouns "W0107" Warning
        "một chỉ số đếm bằng hai danh từ", "an indicator counts two nouns";
    TargetsContradict "W0108" Warning
        "hai chỉ tiêu không thể cùng đạt", "two targets cannot both be met";
    AgainstItsSense "W0109" Warning
        "so sánh trái với ý nghĩa của chỉ số", "the comparator is against the indicator's sense";
    GapInForce "W0110" Warning
        "có ngày không chỉ tiêu nào có hiệu lực", "on some days no version is in force";
    HalfName "W0111" Warning
        "một bên của dấu `/` giống nửa cái tên", "one side of `/` reads as half a name";
    JoinedShares "W0112" Warning
        "một tên nói đến hai tỷ lệ", "one name speaks of two shares";
    OneDayWindow "W0113" Warning
        "hiệu lực chỉ có một ngày", "a window of one day";
    WeakerThanCited "W0114" Warning
        "chỉ tiêu thấp hơn chỉ tiêu nó theo", "a target asks less than the one it follows";
    GroupOutOfReach "W0115" Warning
        "điểm của nhóm cao hơn tổng điểm các chỉ tiêu", "a group has more points than its targets";
    OverlapInForce "W0116" Warning
        "hai phiên bản cùng ghi hiệu lực cho một số ngày", "two versions claim the same days";
    ProgrammeNotLoaded "W0117" Warning
        "chương trình được dẫn chiếu không được nạp", "a cited programme is not loaded";
    UnitsWithoutColon "W0118" Warning
        "tên giống một câu về các đơn vị thiếu dấu hai chấm",
        "a name reads as a share of units without its colon";
    TimeInName "W0119" Warning
        "thời hạn được đọc là một phần của tên", "a due date is read as part of a name";

    Layout "W0199" Warning
        "tệp chưa theo dạng trình bày chuẩn", "the file is not in canonical layout";
}

impl Code {
    /// The id that people quote, such as `E0301`.
    pub const fn id(self) -> &'static str {
        self.info().id
    }

    /// How much it weighs.
    pub const fn severity(self) -> Severity {
        self.info().severity
    }

    /// What it is about in a few words, without the facts of one case.
    pub const fn title(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.info().title_vi,
            Lang::En => self.info().title_en,
        }
    }

    /// What it is, why, an example of the fault and one without, in Vietnamese and in English: the
    /// document that `chitieu check --explain` prints. A code without one does not compile.
    ///
    /// ```
    /// use chitieu::diagnostic::Code;
    ///
    /// let document = Code::WrongSymbol.document();
    /// assert!(document.starts_with("# E0008: dấu so sánh viết sai"));
    /// ```
    pub const fn document(self) -> &'static str {
        self.info().document
    }

    /// The code with this id, in exact case.
    ///
    /// ```
    /// use chitieu::diagnostic::Code;
    ///
    /// assert_eq!(Code::from_id("E0301"), Some(Code::PercentExpected));
    /// assert_eq!(Code::from_id("e0301"), None);
    /// ```
    pub fn from_id(id: &str) -> Option<Self> {
        Self::all().iter().copied().find(|code| code.id() == id)
    }

    /// Every code in the order of the table.
    pub const fn all() -> &'static [Self] {
        ALL
    }
}

/// The id.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_begin_with_their_code_and_titles() {
        for &code in Code::all() {
            let titles = format!("# {code}: {} · {}\n", code.title(Lang::Vi), code.title(Lang::En));
            assert!(code.document().starts_with(&titles), "{code}");
        }
    }

    #[test]
    fn ids_are_in_order_and_say_their_severity() {
        let ids: Vec<&str> = Code::all().iter().map(|code| code.id()).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        for &code in Code::all() {
            let id = code.id();
            let (letter, digits) = id.split_at(1);
            let expected = match code.severity() {
                Severity::Error => "E",
                Severity::Warning => "W",
            };
            assert_eq!(letter, expected, "{id}");
            assert!(digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()), "{id}");
            assert_eq!(Code::from_id(id), Some(code));
        }
    }

    #[test]
    fn titles_begin_small_and_end_bare() {
        for code in Code::all() {
            for lang in [Lang::Vi, Lang::En] {
                let title = code.title(lang);
                let first = title.chars().next().unwrap();
                let last = title.chars().last().unwrap();
                assert!(!first.is_uppercase() && !first.is_whitespace(), "{code}: {title}");
                assert!(!last.is_whitespace() && !".:;,!".contains(last), "{code}: {title}");
                assert!(!title.contains(char::is_control), "{code}: {title}");
                assert_eq!(title.matches('`').count() % 2, 0, "{code}: {title}");
                assert!(title.chars().count() <= 72, "{code}: {title}");
            }
            assert_ne!(code.title(Lang::Vi), code.title(Lang::En), "{code}");
        }
    }

    #[test]
    fn unknown_ids_are_none() {
        for id in ["", "E", "E9999", "E03010", "e0301", "Ế0301"] {
            assert_eq!(Code::from_id(id), None, "{id}");
        }
    }
}
