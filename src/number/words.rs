//! Words that compare, in normal form: one table for rules and for data.

use super::Comparator;

/// Spellings in both languages, the usual one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// Vietnamese.
    pub vi: &'static [&'static str],
    /// English.
    pub en: &'static [&'static str],
}

impl Words {
    /// All spellings.
    pub fn all(self) -> impl Iterator<Item = &'static str> {
        self.vi.iter().chain(self.en).copied()
    }
}

/// At least.
pub const AT_LEAST: Words = Words {
    vi: &[
        "ít nhất",
        "tối thiểu",
        "không dưới",
        "không thấp hơn",
        "không ít hơn",
        "không nhỏ hơn",
        "không kém",
    ],
    en: &["at least", "not less than", "no less than", "not fewer than", "no fewer than"],
};
/// At most.
pub const AT_MOST: Words = Words {
    vi: &[
        "không quá",
        "tối đa",
        "nhiều nhất",
        "không vượt quá",
        "không cao hơn",
        "không lớn hơn",
        "không nhiều hơn",
        "không hơn",
        "không trên",
    ],
    en: &["at most", "up to", "not more than", "no more than"],
};
/// More than.
pub const MORE_THAN: Words = Words {
    vi: &["trên", "hơn", "vượt", "vượt quá", "lớn hơn", "cao hơn", "nhiều hơn"],
    en: &["more than", "over", "above"],
};
/// Less than.
pub const LESS_THAN: Words = Words {
    vi: &["dưới", "nhỏ hơn", "thấp hơn", "ít hơn"],
    en: &["less than", "under", "below", "fewer than"],
};
/// At least in rules, where no strong word decides; the number itself in data.
pub const WEAK_AT_LEAST: Words = Words {
    vi: &["đạt", "chiếm", "tăng lên", "nâng lên", "lên"],
    en: &["reaches", "reach"],
};
/// At most in rules, where no strong word decides; the number itself in data.
pub const WEAK_AT_MOST: Words = Words {
    vi: &["còn", "giảm còn", "giảm xuống", "xuống", "xuống còn", "giảm xuống còn"],
    en: &[],
};
/// A rank no worse than the number that follows.
pub const RANK: Words = Words {
    vi: &["trong tốp", "trong top", "thuộc tốp", "thuộc top", "trong nhóm", "thuộc nhóm"],
    en: &["in the top", "top"],
};
/// Words that mean nothing between a name and its number.
pub const FILLER: Words = Words {
    vi: &["mức", "ở mức", "là", "nằm", "xếp", "phải", "đều"],
    en: &["is", "are", "must be"],
};

/// Words that decide, with what they say.
pub const STRONG: [(Words, Comparator); 4] = [
    (AT_LEAST, Comparator::AtLeast),
    (AT_MOST, Comparator::AtMost),
    (MORE_THAN, Comparator::MoreThan),
    (LESS_THAN, Comparator::LessThan),
];
