//! The derived parser, and the table of keywords that grammar, messages and guide share.
//!
//! Invariant, held by a test: the table and the literals of the grammar are the same.

use pest_derive::Parser;

use super::tree::{Key, TokenKind};
use crate::number::{Comparator, words};

/// The parser that pest derives from the grammar.
#[derive(Parser)]
#[grammar = "grammar/chitieu.pest"]
pub(super) struct Grammar;

/// One keyword in both languages, in normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyword {
    /// The grammar's rule.
    pub rule: &'static str,
    /// Vietnamese spellings, the usual one first.
    pub vi: &'static [&'static str],
    /// English spellings, the usual one first.
    pub en: &'static [&'static str],
}

const fn keyword(
    rule: &'static str,
    vi: &'static [&'static str],
    en: &'static [&'static str],
) -> Keyword {
    Keyword { rule, vi, en }
}

/// Every keyword of the language.
pub const fn keywords() -> &'static [Keyword] {
    KEYWORDS
}

const KEYWORDS: &[Keyword] = &[
    keyword("key_programme", &["chương trình"], &["programme", "program"]),
    keyword("key_group", &["nhóm"], &["group"]),
    keyword("key_indicator", &["chỉ số"], &["indicator"]),
    keyword("key_check", &["kiểm tra"], &["check"]),
    keyword("key_test", &["thử"], &["test"]),
    keyword("key_code", &["mã"], &["code"]),
    keyword("key_applies", &["áp dụng cho"], &["applies to"]),
    keyword("key_effective", &["hiệu lực"], &["effective"]),
    keyword("key_basis", &["căn cứ"], &["legal basis"]),
    keyword("key_owner", &["chủ trì"], &["owner"]),
    keyword("key_due", &["hạn"], &["due"]),
    keyword("key_abbreviation", &["viết tắt"], &["abbreviation"]),
    keyword("key_use", &["dùng"], &["use"]),
    keyword("key_strict", &["nghiêm ngặt"], &["strict"]),
    keyword("key_language", &["ngôn ngữ"], &["language"]),
    keyword("key_note", &["ghi chú"], &["note"]),
    keyword("key_points", &["điểm"], &["points"]),
    keyword("key_formula", &["công thức"], &["formula"]),
    keyword("key_unit", &["đơn vị tính", "đvt"], &["unit"]),
    keyword("key_alias", &["tên khác"], &["alias"]),
    keyword("key_direction", &["chiều"], &["direction"]),
    keyword("key_range", &["phạm vi"], &["range"]),
    keyword("key_source", &["nguồn"], &["source"]),
    keyword("key_by", &["đến"], &["by"]),
    keyword("key_when", &["khi"], &["when"]),
    keyword("key_otherwise", &["còn lại"], &["otherwise"]),
    keyword("key_baseline", &["mốc"], &["baseline"]),
    keyword("key_stretch", &["phấn đấu"], &["stretch"]),
    keyword("key_reading", &["hiểu là"], &["read as"]),
    keyword("key_replaces", &["thay thế"], &["replaces"]),
    keyword("key_follows", &["theo"], &["follows"]),
    keyword("key_scored", &["chấm"], &["scored"]),
    keyword("key_tolerance", &["sai số"], &["tolerance"]),
    keyword("key_on", &["ngày"], &["on"]),
    keyword("key_entity", &["đơn vị"], &["entity"]),
    keyword("key_given", &["cho"], &["given"]),
    keyword("key_given_for", &["cho"], &["given"]),
    keyword("key_then", &["thì"], &["then"]),
    keyword("at_least_words", words::AT_LEAST.vi, words::AT_LEAST.en),
    keyword("at_most_words", words::AT_MOST.vi, words::AT_MOST.en),
    keyword("more_than_words", words::MORE_THAN.vi, words::MORE_THAN.en),
    keyword("less_than_words", words::LESS_THAN.vi, words::LESS_THAN.en),
    keyword("equal_words", &["bằng"], &["equal to", "equals"]),
    keyword("within_words", &["trong khoảng"], &["within"]),
    keyword("rank_words", words::RANK.vi, words::RANK.en),
    keyword("weak_at_least_words", words::WEAK_AT_LEAST.vi, words::WEAK_AT_LEAST.en),
    keyword("weak_at_most_words", words::WEAK_AT_MOST.vi, words::WEAK_AT_MOST.en),
    keyword("satisfy", &["đạt"], &["satisfy"]),
    keyword("none", &["nào"], &["none"]),
    keyword("ornament", &["phấn đấu"], &["strive for"]),
    keyword("onwards", &["trở lên"], &["or more"]),
    keyword("downwards", &["trở xuống"], &["or less"]),
    keyword("to", &["đến", "tới"], &["to"]),
    keyword("from", &["từ"], &["from"]),
    keyword("about", &["khoảng"], &["about"]),
    keyword("unstated", &["chưa rõ"], &["unstated"]),
    keyword("negation", &["không", "chưa"], &["not", "no"]),
    keyword("and", &["và"], &["and"]),
    keyword("or", &["hoặc"], &["or"]),
    keyword("filler", words::FILLER.vi, words::FILLER.en),
    keyword("yes", &["có"], &["yes"]),
    keyword("grows", &["tăng", "tăng thêm"], &["grows by", "grow by"]),
    keyword("falls", &["giảm", "giảm thêm"], &["falls by", "fall by"]),
    keyword("relatively", &["tương đối"], &["relatively"]),
    keyword("on_average", &["bình quân", "trung bình"], &["on average"]),
    keyword("against", &["so với"], &["against", "compared with", "compared to"]),
    keyword("each_year", &["mỗi năm", "hằng năm", "hàng năm"], &["each year", "per year"]),
    keyword("always", &["luôn", "luôn luôn", "duy trì"], &["always"]),
    keyword("cumulative", &["lũy kế"], &["cumulative"]),
];

/// The key that a rule of the grammar reads.
pub(super) const fn key(rule: Rule) -> Option<Key> {
    Some(match rule {
        Rule::key_programme => Key::Programme,
        Rule::key_group => Key::Group,
        Rule::key_indicator => Key::Indicator,
        Rule::key_check => Key::Check,
        Rule::key_test => Key::Test,
        Rule::key_code => Key::Code,
        Rule::key_applies => Key::Applies,
        Rule::key_effective => Key::Effective,
        Rule::key_basis => Key::Basis,
        Rule::key_owner => Key::Owner,
        Rule::key_due => Key::Due,
        Rule::key_abbreviation => Key::Abbreviation,
        Rule::key_use => Key::Use,
        Rule::key_strict => Key::Strict,
        Rule::key_language => Key::Language,
        Rule::key_note => Key::Note,
        Rule::key_points => Key::Points,
        Rule::key_formula => Key::Formula,
        Rule::key_unit => Key::Unit,
        Rule::key_alias => Key::Alias,
        Rule::key_direction => Key::Direction,
        Rule::key_range => Key::Range,
        Rule::key_source => Key::Source,
        Rule::key_by => Key::By,
        Rule::key_when => Key::When,
        Rule::key_otherwise => Key::Otherwise,
        Rule::key_baseline => Key::Baseline,
        Rule::key_stretch => Key::Stretch,
        Rule::key_reading => Key::Reading,
        Rule::key_replaces => Key::Replaces,
        Rule::key_follows => Key::Follows,
        Rule::key_scored => Key::Scored,
        Rule::key_tolerance => Key::Tolerance,
        Rule::key_on => Key::On,
        Rule::key_entity => Key::Entity,
        Rule::key_given | Rule::key_given_for => Key::Given,
        Rule::key_then => Key::Then,
        _ => return None,
    })
}

/// The token that a rule of the grammar reads.
pub(super) const fn token(rule: Rule) -> Option<TokenKind> {
    Some(match rule {
        Rule::quoted => TokenKind::Quoted,
        Rule::bracketed => TokenKind::Bracketed,
        Rule::wrong_symbol => TokenKind::WrongSymbol,
        Rule::at_least_symbol => TokenKind::Symbol(Comparator::AtLeast),
        Rule::at_most_symbol => TokenKind::Symbol(Comparator::AtMost),
        Rule::not_equal_symbol => TokenKind::Symbol(Comparator::NotEqual),
        Rule::more_than_symbol => TokenKind::Symbol(Comparator::MoreThan),
        Rule::less_than_symbol => TokenKind::Symbol(Comparator::LessThan),
        Rule::equal_symbol => TokenKind::Symbol(Comparator::Equal),
        Rule::at_least_words => TokenKind::Strong(Comparator::AtLeast),
        Rule::at_most_words => TokenKind::Strong(Comparator::AtMost),
        Rule::more_than_words => TokenKind::Strong(Comparator::MoreThan),
        Rule::less_than_words => TokenKind::Strong(Comparator::LessThan),
        Rule::equal_words => TokenKind::Strong(Comparator::Equal),
        Rule::within_words => TokenKind::Within,
        Rule::rank_words => TokenKind::Rank,
        Rule::weak_at_least_words => TokenKind::Weak(Comparator::AtLeast),
        Rule::weak_at_most_words => TokenKind::Weak(Comparator::AtMost),
        Rule::satisfy => TokenKind::Satisfy,
        Rule::none => TokenKind::NoneOf,
        Rule::ornament => TokenKind::Ornament,
        Rule::onwards => TokenKind::Onwards,
        Rule::downwards => TokenKind::Downwards,
        Rule::to => TokenKind::To,
        Rule::from => TokenKind::From,
        Rule::about => TokenKind::About,
        Rule::unstated => TokenKind::Unstated,
        Rule::negation => TokenKind::Negation,
        Rule::and => TokenKind::And,
        Rule::or => TokenKind::Or,
        Rule::filler => TokenKind::Filler,
        Rule::yes => TokenKind::Yes,
        Rule::grows => TokenKind::Grows,
        Rule::falls => TokenKind::Falls,
        Rule::relatively => TokenKind::Relatively,
        Rule::on_average => TokenKind::OnAverage,
        Rule::against => TokenKind::Against,
        Rule::each_year => TokenKind::EachYear,
        Rule::always => TokenKind::Always,
        Rule::cumulative => TokenKind::Cumulative,
        Rule::time => TokenKind::Time,
        Rule::number => TokenKind::Number,
        Rule::words | Rule::loose_word | Rule::proportion => TokenKind::Word,
        Rule::percent => TokenKind::Percent,
        Rule::permille => TokenKind::Permille,
        Rule::open => TokenKind::Open,
        Rule::close => TokenKind::Close,
        Rule::slash => TokenKind::Slash,
        Rule::star => TokenKind::Star,
        Rule::plus => TokenKind::Plus,
        Rule::dash => TokenKind::Dash,
        Rule::plus_minus => TokenKind::PlusMinus,
        Rule::semicolon => TokenKind::Semicolon,
        Rule::comma => TokenKind::Comma,
        Rule::dot => TokenKind::Dot,
        Rule::colon => TokenKind::Colon,
        Rule::other => TokenKind::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::keywords;
    use crate::text;

    const GRAMMAR: &str = include_str!("../../grammar/chitieu.pest");

    /// The body of a rule, from its name to the next rule.
    fn body(rule: &str) -> &'static str {
        let start = GRAMMAR.find(&format!("\n{rule} = ")).expect(rule);
        let rest = GRAMMAR.get(start + 1..).unwrap();
        rest.split("\n///").next().unwrap()
    }

    fn literals(body: &str) -> BTreeSet<&str> {
        body.split('"')
            .skip(1)
            .step_by(2)
            .filter(|literal| !matches!(*literal, " " | ":"))
            .collect()
    }

    /// The pieces of an expression between its outermost `sign`s.
    fn pieces(expression: &str, sign: char) -> Vec<&str> {
        let (mut depth, mut start, mut pieces) = (0, 0, Vec::new());
        for (at, c) in expression.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ if c == sign && depth == 0 => {
                    pieces.push(expression[start..at].trim());
                    start = at + 1;
                }
                _ => {}
            }
        }
        pieces.push(expression[start..].trim());
        pieces
    }

    /// All texts that an expression of literals reads.
    fn words(expression: &str) -> Vec<String> {
        pieces(expression, '|').into_iter().flat_map(words_in_a_row).collect()
    }

    fn words_in_a_row(row: &str) -> Vec<String> {
        let mut all = vec![String::new()];
        for part in pieces(row, '~') {
            let next = match part.as_bytes()[0] {
                b'"' => vec![part.trim_matches('"').to_owned()],
                b'(' => words(&part[1..part.len() - 1]),
                b'&' => continue,
                _ => words(expression(part)),
            };
            all = all.iter().flat_map(|a| next.iter().map(move |b| format!("{a}{b}"))).collect();
        }
        all
    }

    /// What stands between the braces of a rule.
    fn expression(rule: &str) -> &'static str {
        let body = body(rule);
        &body[body.find('{').unwrap() + 1..body.rfind('}').unwrap()]
    }

    #[test]
    fn the_table_is_the_grammar() {
        for keyword in keywords() {
            let table: BTreeSet<&str> = keyword.vi.iter().chain(keyword.en).copied().collect();
            assert_eq!(literals(body(keyword.rule)), table, "{}", keyword.rule);
        }
    }

    #[test]
    fn every_keyword_inside_conditions_begins_with_a_head() {
        let heads: BTreeSet<String> = words(expression("keyword_head")).into_iter().collect();
        let first = |word: &&'static str| word.split(' ').next().unwrap();
        let inside = keywords().iter().filter(|keyword| !keyword.rule.starts_with("key_"));
        let words = inside.flat_map(|keyword| keyword.vi.iter().chain(keyword.en));
        let firsts: BTreeSet<String> = words.map(|word| first(word).to_owned()).collect();
        assert_eq!(firsts, heads);
    }

    #[test]
    fn literals_stand_in_normal_form() {
        for keyword in keywords() {
            for word in keyword.vi.iter().chain(keyword.en) {
                assert_eq!(text::normal(word), *word);
            }
        }
    }

    #[test]
    fn every_rule_has_a_doc_comment() {
        let lines: Vec<&str> = GRAMMAR.lines().collect();
        for pair in lines.windows(2) {
            let is_rule = pair[1].split(" = ").next().is_some_and(|name| {
                pair[1].contains(" = ") && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            });
            assert!(!is_rule || pair[0].starts_with("///"), "{}", pair[1]);
        }
    }
}
