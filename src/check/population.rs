//! Which units of organisation a line speaks of: `sở, ban, ngành (vùng = "miền núi")`.
//!
//! Enters: the tokens between a quantity and `đạt:`, or behind `mọi` in a function. Leaves: a
//! [`Population`]. Types are what the data say of units, so any words may be one; the
//! parentheses behind them ask attributes of each unit.

use super::expression::in_parentheses;
use super::model::{AttributeCondition, Population};
use super::reader::{Condition, Reader, cover, error, is_group_word, replace, without_tail};
use crate::diagnostic::{Code, Message};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};

/// Words before a population that say no more than the number before them.
const LEAD: [&str; 20] = [
    "trong", "của", "trên", "tổng", "số", "các", "tất", "cả", "toàn", "bộ", "mọi", "in", "of",
    "the", "all", "every", "total", "tỉ", "lệ", "trọng",
];

/// Those of them with which such a lead begins; `số`, `các`, `tổng số` alone are no mistake.
const LEAD_FIRST: [&str; 10] =
    ["trong", "của", "trên", "tất", "toàn", "mọi", "in", "all", "every", "tỉ"];

/// Words for all units.
const EVERY: [&str; 3] = ["mọi", "every", "all"];

/// Where `đạt:` or `nào:` stands outside parentheses.
pub(super) fn units_sign(tokens: &[Token]) -> Option<usize> {
    let mut depth: u32 = 0;
    tokens.iter().position(|token| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(token.kind, TokenKind::Satisfy | TokenKind::NoneOf)
    })
}

impl Reader<'_> {
    /// Whether a word says that all units are meant.
    pub(super) fn says_every(&self, token: &Token) -> bool {
        self.is_word(token, &EVERY)
    }

    /// Reads the types, joined by commas, and the condition in parentheses behind them.
    pub(super) fn units_population(
        &mut self,
        tokens: &[Token],
        before: Span,
    ) -> Option<Population> {
        let tokens = self.without_article(without_tail(tokens));
        self.no_lead(tokens)?;
        let open = tokens.iter().position(|token| token.kind == TokenKind::Open);
        let (words, filter) = tokens.split_at_checked(open.unwrap_or(tokens.len()))?;
        let Some(span) = cover(words) else {
            return self.refuse(
                error(
                    Code::NameEmpty,
                    cover(tokens).unwrap_or(before),
                    "thiếu loại đơn vị",
                    "the type of the units is missing",
                )
                .with_help(Message::new(
                    "viết loại đơn vị như trong số liệu, chẳng hạn `mọi xã đạt: …`",
                    "write the type as the data do, such as `every xã satisfy: …`",
                )),
            );
        };
        let mut names = Vec::new();
        for piece in words.split(|token| token.kind == TokenKind::Comma) {
            names.push(self.unit_type(piece, span)?);
        }
        let types = names.iter().map(|name| crate::text::normal(name)).collect();
        let mut name = names.join(", ");
        let filter = match (filter, in_parentheses(filter)) {
            ([], _) => None,
            (_, Some(inner)) => {
                name = format!("{name} ({})", self.laid_out(inner));
                Some(self.filter(inner, cover(filter)?)?)
            }
            _ => return self.behind_filter(filter),
        };
        let span = cover(tokens)?;
        Some(Population { name, types, filter, span })
    }

    /// `số`, `các`, `tổng số` before a population mean nothing.
    fn without_article<'t>(&self, mut tokens: &'t [Token]) -> &'t [Token] {
        loop {
            tokens = match tokens {
                [first, rest @ ..]
                    if self.is_word(first, &["số", "các", "những", "of", "the"])
                        && !rest.is_empty() =>
                {
                    rest
                }
                [first, second, rest @ ..]
                    if self.is_word(first, &["tổng"])
                        && self.is_word(second, &["số"])
                        && !rest.is_empty() =>
                {
                    rest
                }
                _ => return tokens,
            };
        }
    }

    /// `ít nhất 30% trong số xã đạt:`: the base is the units themselves.
    fn no_lead(&mut self, tokens: &[Token]) -> Option<()> {
        let Some(first) = tokens.first() else { return Some(()) };
        let lead = tokens.iter().take_while(|token| self.is_word(token, &LEAD)).count();
        if lead == 0 || lead == tokens.len() || !self.is_word(first, &LEAD_FIRST) {
            return Some(());
        }
        let words = tokens.get(..lead).unwrap_or_default();
        let types = tokens.get(lead..).unwrap_or_default();
        let (shown, rest) = (self.shown(words), self.shown(types));
        let place = cover(tokens).unwrap_or(first.span);
        self.refuse(
            error(
                Code::NotAStatement,
                cover(words).unwrap_or(first.span),
                format!("bỏ `{shown}`: sau con số là loại đơn vị"),
                format!("drop `{shown}`: the type of the units follows the number"),
            )
            .with_fix(replace(place, rest, "viết", "write")),
        )
    }

    /// One type of units, as it is written.
    fn unit_type(&mut self, tokens: &[Token], whole: Span) -> Option<String> {
        let Some(span) = cover(tokens) else {
            return self.refuse(error(
                Code::NameEmpty,
                whole,
                "thiếu loại đơn vị trước hoặc sau dấu phẩy",
                "a type is missing before or after a comma",
            ));
        };
        if let [only] = tokens
            && only.kind == TokenKind::Quoted
        {
            let name = self.shown(tokens);
            return Some(name.trim_matches(|c| "\"“”„‟«»″＂".contains(c)).trim().to_owned());
        }
        let joins = |token: &&Token| {
            matches!(token.kind, TokenKind::And | TokenKind::Or | TokenKind::Semicolon)
        };
        if let Some(word) = tokens.iter().find(joins) {
            let shown = self.slice(word.span).to_owned();
            let at = tokens.iter().position(|token| token.span == word.span).unwrap_or(0);
            let left = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|it| it.span.end);
            let place = Span { start: left.unwrap_or(word.span.start), ..word.span };
            return self.refuse(
                error(
                    Code::NotAStatement,
                    word.span,
                    format!("các loại đơn vị nối bằng dấu phẩy, không bằng `{shown}`"),
                    format!("types of units are joined by commas, not by `{shown}`"),
                )
                .with_fix(replace(place, ",", "viết", "write"))
                .with_help(Message::new(
                    "loại đơn vị có chữ `và` trong tên thì đặt trong ngoặc kép",
                    "a type that holds `and` in its name stands in double quotes",
                )),
            );
        }
        if tokens.first().is_some_and(|first| first.kind == TokenKind::Number) {
            return self.number_in_type(tokens, span);
        }
        let first = tokens.first()?;
        if first.kind != TokenKind::Word {
            return self.no_type(first, tokens);
        }
        let bare = |token: &&Token| !super::name::is_bare(token.kind) || !self.is_plain(token);
        if let Some(bad) = tokens.iter().find(bare) {
            return self.no_type(bad, tokens);
        }
        Some(self.shown(tokens))
    }

    fn no_type<T>(&mut self, bad: &Token, tokens: &[Token]) -> Option<T> {
        let (sign, shown) = (self.slice(bad.span).to_owned(), self.shown(tokens));
        self.refuse(
            error(
                Code::NotAStatement,
                bad.span,
                format!("`{sign}` không thuộc về tên loại đơn vị `{shown}`"),
                format!("`{sign}` does not belong to the type of units `{shown}`"),
            )
            .with_help(Message::new(
                "viết `ít nhất 30% xã (vùng = \"miền núi\") đạt: …`; tên loại có chữ như thế thì \
                 đặt trong ngoặc kép",
                "write `at least 30% xã (vùng = \"miền núi\") satisfy: …`; quote a type that holds \
                 such a word",
            )),
        )
    }

    /// `mọi 7 xã đạt:`: how many units there are is known from the data.
    fn number_in_type<T>(&mut self, tokens: &[Token], span: Span) -> Option<T> {
        let shown = self.shown(tokens);
        let rest = self.shown(tokens.get(1..).unwrap_or_default());
        let found = error(
            Code::NotAStatement,
            span,
            format!("`{shown}`: loại đơn vị không bắt đầu bằng con số"),
            format!("`{shown}`: a type of units does not begin with a number"),
        )
        .with_help(Message::new(
            "có bao nhiêu đơn vị là do số liệu; tên loại có số đứng đầu thì đặt trong ngoặc kép",
            "how many units there are is for the data to say; quote a type that begins with a \
             number",
        ));
        self.refuse(if rest.is_empty() {
            found
        } else {
            found.with_fix(replace(span, rest, "viết", "write"))
        })
    }

    fn behind_filter<T>(&mut self, tokens: &[Token]) -> Option<T> {
        let end = super::join::group_end(tokens).unwrap_or(tokens.len());
        let tail = tokens.get(end..).unwrap_or_default();
        let shown = self.shown(tail);
        self.refuse(
            error(
                Code::NotAStatement,
                cover(tail).or_else(|| cover(tokens))?,
                format!("`{shown}` đứng sau điều kiện trong ngoặc của loại đơn vị"),
                format!("`{shown}` stands behind the parentheses of the type"),
            )
            .with_help(Message::new(
                "viết các loại trước, một điều kiện sau: `xã, phường (vùng = \"miền núi\")`",
                "write the types first, one condition behind: `xã, phường (vùng = \"miền núi\")`",
            )),
        )
    }

    /// `vùng = "miền núi" và loại != "I"`, asked of each unit.
    fn filter(&mut self, tokens: &[Token], whole: Span) -> Option<AttributeCondition> {
        let before = std::mem::replace(&mut self.attributes, true);
        let found = self.found.len();
        let read = self.joined(tokens, cover(tokens).unwrap_or(whole));
        self.attributes = before;
        let filter = read.as_ref().and_then(|read| attributes(read, false));
        if filter.is_some() || self.found.len() > found && read.is_none() {
            return filter;
        }
        let shown = self.shown(tokens);
        self.refuse(
            error(
                Code::NotAStatement,
                whole,
                format!("`({shown})` không hỏi thuộc tính của đơn vị"),
                format!("`({shown})` asks no attribute of the units"),
            )
            .with_help(Message::new(
                "viết thuộc tính với giá trị trong ngoặc kép, chẳng hạn `(vùng = \"miền núi\")`; \
                 điều kiện về số liệu viết sau `đạt:`",
                "write an attribute with its value in quotes, such as `(vùng = \"miền núi\")`; \
                 conditions on figures stand behind `satisfy:`",
            )),
        )
    }

    /// Words before the types that mean nothing there: `mọi xã đều đạt:`, `xã phải đạt:`.
    pub(super) fn without_fillers(tokens: &[Token]) -> &[Token] {
        let filler = |token: &Token| is_group_word(token.kind) && !token.kind.compares();
        let kept = tokens.iter().rposition(|token| !filler(token)).map_or(0, |last| last + 1);
        tokens.get(..kept).unwrap_or_default()
    }
}

/// A condition on attributes alone; `turned` by `không ( … )`.
fn attributes(condition: &Condition, turned: bool) -> Option<AttributeCondition> {
    use AttributeCondition as A;
    let all = |parts: &[(String, Condition)]| {
        parts.iter().map(|(_, part)| attributes(part, turned)).collect::<Option<Vec<_>>>()
    };
    match condition {
        Condition::Attribute(A::Is { attribute, name, value, negated }) => Some(A::Is {
            attribute: attribute.clone(),
            name: name.clone(),
            value: value.clone(),
            negated: *negated != turned,
        }),
        Condition::All(parts) if turned => Some(A::Any(all(parts)?)),
        Condition::Any(parts) if turned => Some(A::All(all(parts)?)),
        Condition::All(parts) => Some(A::All(all(parts)?)),
        Condition::Any(parts) => Some(A::Any(all(parts)?)),
        Condition::Not(part) => attributes(&part.1, !turned),
        Condition::Attribute(_)
        | Condition::Compare(_)
        | Condition::Always(_)
        | Condition::Units(_) => None,
    }
}
