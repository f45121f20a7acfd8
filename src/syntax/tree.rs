//! The tree: heads with their keys, conditions as flat tokens.
//!
//! Leaves the reader, enters the check. Nothing here is resolved: a token knows what it may be, not
//! what it is in its sentence. Invariant: spans point into the source that was read.

use crate::number::Comparator;
use crate::source::Span;

/// One file, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tree {
    /// Heads in the order of the file, each with the keys below it.
    pub blocks: Vec<Block>,
}

/// A head and the key lines that belong to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The head.
    pub head: Head,
    /// Its keys, in order.
    pub keys: Vec<KeyLine>,
    /// The head's line.
    pub span: Span,
}

/// What keys belong to.
#[derive(Debug, Clone, PartialEq)]
pub enum Head {
    /// The start of a file, before any head.
    File,
    /// `chương trình:` and its name.
    Programme(Span),
    /// `nhóm:` and its name.
    Group(Span),
    /// `chỉ số:` and its name.
    Indicator(Span),
    /// `kiểm tra:` and its relation.
    Check(Span),
    /// `thử:` and its name.
    Test(Span),
    /// A target.
    Target(TargetLine),
}

/// A target's own line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TargetLine {
    /// The text between square brackets.
    pub code: Option<Span>,
    /// The condition.
    pub tokens: Vec<Token>,
}

/// A key, what stands between it and its colon, and what it says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyLine {
    /// The key.
    pub key: Key,
    /// Where the key stands.
    pub key_span: Span,
    /// `2025` of `đến 2025:`.
    pub argument: Option<Span>,
    /// What follows the colon; empty where nothing does.
    pub value: Span,
    /// The whole line.
    pub span: Span,
}

/// The keys of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// `chương trình`
    Programme,
    /// `nhóm`
    Group,
    /// `chỉ số`
    Indicator,
    /// `kiểm tra`
    Check,
    /// `thử`
    Test,
    /// `mã`
    Code,
    /// `áp dụng cho`
    Applies,
    /// `hiệu lực`
    Effective,
    /// `căn cứ`
    Basis,
    /// `chủ trì`
    Owner,
    /// `hạn`
    Due,
    /// `viết tắt`
    Abbreviation,
    /// `dùng`
    Use,
    /// `nghiêm ngặt`
    Strict,
    /// `ngôn ngữ`
    Language,
    /// `ghi chú`
    Note,
    /// `điểm`
    Points,
    /// `công thức`
    Formula,
    /// `đơn vị tính`
    Unit,
    /// `tên khác`
    Alias,
    /// `chiều`
    Direction,
    /// `phạm vi`
    Range,
    /// `nguồn`
    Source,
    /// `đến T`
    By,
    /// `khi C`
    When,
    /// `còn lại`
    Otherwise,
    /// `mốc T`
    Baseline,
    /// `phấn đấu`
    Stretch,
    /// `hiểu là`
    Reading,
    /// `thay thế`
    Replaces,
    /// `theo`
    Follows,
    /// `chấm`
    Scored,
    /// `sai số`
    Tolerance,
    /// `ngày`
    On,
    /// `đơn vị`
    Entity,
    /// `cho`
    Given,
    /// `thì`
    Then,
}

/// A piece of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it may be.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
    /// White space stands before it.
    pub spaced: bool,
}

/// What a token may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A name in double quotes.
    Quoted,
    /// A time in square brackets.
    Bracketed,
    /// `=>` and the like.
    WrongSymbol,
    /// A comparator as a symbol.
    Symbol(Comparator),
    /// A comparator as words that decide.
    Strong(Comparator),
    /// A comparator as words that give way to a strong one.
    Weak(Comparator),
    /// `trong khoảng`
    Within,
    /// `trong tốp`
    Rank,
    /// `đạt:` after units.
    Satisfy,
    /// `nào:` after units.
    NoneOf,
    /// `phấn đấu`
    Ornament,
    /// `trở lên`
    Onwards,
    /// `trở xuống`
    Downwards,
    /// `đến`
    To,
    /// `từ`
    From,
    /// `khoảng`
    About,
    /// `chưa rõ`
    Unstated,
    /// `không`, `chưa`
    Negation,
    /// `và`
    And,
    /// `hoặc`
    Or,
    /// `mức`, `là`, …
    Filler,
    /// `có`
    Yes,
    /// `tăng`
    Grows,
    /// `giảm`
    Falls,
    /// `tương đối`
    Relatively,
    /// `bình quân`
    OnAverage,
    /// `so với`
    Against,
    /// `mỗi năm`
    EachYear,
    /// `luôn`, `duy trì`
    Always,
    /// `lũy kế`
    Cumulative,
    /// A date.
    Time,
    /// A number.
    Number,
    /// Any other word.
    Word,
    /// `%`
    Percent,
    /// `‰`
    Permille,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `/`
    Slash,
    /// `*`
    Star,
    /// `+`
    Plus,
    /// `-`
    Dash,
    /// `±`
    PlusMinus,
    /// `;`
    Semicolon,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `:`
    Colon,
    /// A character that no bare name holds.
    Other,
}

impl TokenKind {
    /// Strong or weak words that compare, ranks and `trong khoảng` among them.
    pub const fn compares(self) -> bool {
        matches!(self, Self::Strong(_) | Self::Weak(_) | Self::Within | Self::Rank)
    }
}
