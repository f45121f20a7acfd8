//! Names inside conditions: what a bare name may hold and where it ends.

use super::reader::{Name, Reader, Term, cover, error, is_group_word, replace};
use super::unsaid::due_below;
use crate::diagnostic::{Code, Diagnostic, Edit, Fix, Message};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};
use crate::text;

/// Words that a target with a number does not begin with.
const GROWTH_WORDS: [&str; 3] = ["nâng", "đưa", "mỗi"];

impl Reader<'_> {
    /// Reads the name that tokens write. `before` is where it should end, for messages.
    pub(super) fn read_name(&mut self, tokens: &[Token], before: Span) -> Option<Name> {
        let tokens = super::reader::without_tail(tokens);
        let Some(span) = cover(tokens) else {
            return self.refuse(
                error(
                    Code::NameEmpty,
                    before,
                    "thiếu tên chỉ số",
                    "the name of the indicator is missing",
                )
                .with_help(Message::new(
                    "viết tên trước, rồi đến so sánh: `tỷ lệ hồ sơ đúng hạn >= 96%`",
                    "write the name first, then the comparison: `tỷ lệ hồ sơ đúng hạn >= 96%`",
                )),
            );
        };
        if let [only] = tokens
            && only.kind == TokenKind::Quoted
        {
            return self.quoted_name(only.span);
        }
        let bad = tokens.iter().find(|token| !is_bare(token.kind) || !self.is_plain(token));
        if let Some(bad) = bad {
            return self.not_bare(tokens, bad, span);
        }
        self.no_sign_at_an_end(tokens, span)?;
        if !self.is_declared(tokens) {
            if !self.free_end {
                self.ends_well(tokens, before)?;
            }
            self.begins_well(tokens, span)?;
        }
        Some(self.name(self.shown(tokens), span))
    }

    /// What a line measures where nothing computes: a name, perhaps of another time, or a
    /// function.
    pub(super) fn measure(&mut self, tokens: &[Token], before: Span) -> Option<Term> {
        let bracketed = tokens.last().is_some_and(|last| last.kind == TokenKind::Bracketed);
        if bracketed || self.calls(tokens) {
            return self.factor(tokens, before);
        }
        self.read_name(tokens, before).map(Term::Name)
    }

    /// Whether a word holds only what a bare name may hold.
    pub(super) fn is_plain(&self, token: &Token) -> bool {
        let word = self.slice(token.span);
        let plain = || text::is_calm_word(word) || word.chars().all(may_stand_in_a_word);
        token.kind != TokenKind::Word || plain()
    }

    fn quoted_name(&mut self, span: Span) -> Option<Name> {
        let text = self.text(span);
        let mut letters = text.chars();
        letters.next();
        letters.next_back();
        let display = text::composed(letters.as_str());
        if display.is_empty() {
            return self.refuse(error(
                Code::NameEmpty,
                span,
                "tên trong ngoặc kép để trống",
                "the quoted name is empty",
            ));
        }
        Some(self.name(display, span))
    }

    /// A sign that a bare name does not hold: the fix is to quote the whole name.
    fn not_bare<T>(&mut self, tokens: &[Token], bad: &Token, span: Span) -> Option<T> {
        let word = self.slice(bad.span);
        let inside = word.char_indices().find(|(_, letter)| !may_stand_in_a_word(*letter));
        let place = match inside.filter(|_| bad.kind == TokenKind::Word) {
            None => bad.span,
            Some((at, letter)) => {
                let start = bad.span.start + u32::try_from(at).unwrap_or(0);
                let end = start + u32::try_from(letter.len_utf8()).unwrap_or(0);
                Span { start, end, ..bad.span }
            }
        };
        let sign = self.text(place);
        let shown = self.shown(tokens);
        let found = error(
            Code::PercentInName,
            place,
            format!("tên không có ngoặc kép thì không chứa được `{sign}`"),
            format!("a name without quotes does not hold `{sign}`"),
        );
        let found = match Self::second_target(tokens, bad) {
            Some(fix) => found.with_fix(fix),
            None => found,
        };
        let found = if shown.contains(['"', '“', '”', '„', '«', '»']) {
            found.with_help(Message::new(
                "đặt cả tên trong một cặp ngoặc kép",
                "put the whole name into one pair of double quotes",
            ))
        } else {
            let quoted = format!("\"{shown}\"");
            found.with_fix(replace(span, quoted, "đặt tên trong ngoặc kép", "quote the name"))
        };
        self.refuse(found)
    }

    /// `…; tối thiểu 80% hồ sơ …`: what follows a semicolon and begins with a number is a target.
    fn second_target(tokens: &[Token], bad: &Token) -> Option<Fix> {
        let at = tokens.iter().position(|token| token.span == bad.span)?;
        let rest = tokens.get(at + 1..)?;
        let fits = bad.kind == TokenKind::Semicolon && Self::leads_to_number(rest);
        let place = Span { end: rest.first()?.span.start, ..bad.span };
        let edits = vec![Edit { span: place, replacement: "\n".to_owned() }];
        let title = Message::new("tách thành hai dòng", "write two lines");
        fits.then_some(Fix { title, edits, safe: false })
    }

    /// A bare name holds `, . / -` inside it only.
    fn no_sign_at_an_end(&mut self, tokens: &[Token], span: Span) -> Option<()> {
        let is_sign = |token: &&Token| {
            use TokenKind::{Comma, Dash, Dot, Slash};
            matches!(token.kind, Comma | Dash | Dot | Slash)
        };
        let Some(sign) = tokens.first().filter(is_sign).or_else(|| tokens.last().filter(is_sign))
        else {
            return Some(());
        };
        let shown = self.text(sign.span);
        let quoted = format!("\"{}\"", self.shown(tokens));
        let found = error(
            Code::PercentInName,
            sign.span,
            format!("tên không bắt đầu hay kết thúc bằng `{shown}`"),
            format!("a name neither begins nor ends with `{shown}`"),
        );
        let drop = Fix {
            title: Message::new(format!("bỏ `{shown}`"), format!("drop `{shown}`")),
            edits: vec![Edit { span: sign.span, replacement: String::new() }],
            safe: false,
        };
        self.refuse(found.with_fix(drop).with_fix(replace(
            span,
            quoted,
            "nếu đó là một phần của tên",
            "if it is part of the name",
        )))
    }

    /// A bare name does not end in a word that belongs to the comparison.
    fn ends_well(&mut self, tokens: &[Token], before: Span) -> Option<()> {
        let ends = |token: &Token| {
            is_group_word(token.kind)
                || matches!(token.kind, TokenKind::Or | TokenKind::And | TokenKind::About)
                || self.is_word(token, &["được"])
        };
        let kept = tokens.iter().rposition(|token| !ends(token)).map_or(0, |last| last + 1);
        let words = tokens.get(kept..).unwrap_or_default();
        let Some(span) = cover(words) else { return Some(()) };
        let shown = self.shown(words);
        let whole = self.shown(tokens);
        let found = error(
            Code::NameEndsInKeyword,
            span,
            format!("tên kết thúc bằng `{shown}`, là từ dành cho so sánh"),
            format!("the name ends in `{shown}`, which belongs to comparisons"),
        );
        let found = match (kept, cover(tokens)) {
            (0, _) | (_, None) => found,
            (_, Some(name)) => {
                let cut = Span { end: before.start.max(span.end), ..span };
                let drop = Fix {
                    title: Message::new(format!("bỏ `{shown}`"), format!("drop `{shown}`")),
                    edits: vec![Edit { span: cut, replacement: String::new() }],
                    safe: false,
                };
                let quoted = format!("\"{whole}\"");
                found.with_fix(drop).with_fix(replace(
                    name,
                    quoted,
                    "nếu đó là một phần của tên",
                    "if it is part of the name",
                ))
            }
        };
        self.refuse(found)
    }

    /// A target with a number does not begin with a word of growth or time.
    fn begins_well(&mut self, tokens: &[Token], span: Span) -> Option<()> {
        let [first, rest @ ..] = tokens else { return Some(()) };
        let next_is_number = rest.first().is_some_and(|token| token.kind == TokenKind::Number);
        let growth = self.is_word(first, &GROWTH_WORDS)
            || matches!(first.kind, TokenKind::Grows | TokenKind::Falls | TokenKind::Always)
            || (first.kind == TokenKind::EachYear)
            || (self.is_word(first, &["năm"]) && next_is_number)
            || (first.kind == TokenKind::To
                && rest.first().is_some_and(|next| self.is_word(next, &["năm"])));
        if !growth {
            return Some(());
        }
        let word = self.text(first.span);
        let whole = self.shown(tokens);
        let time = self.leading_time(tokens);
        let rest = time.as_ref().map_or(rest, |(length, _)| {
            let rest = tokens.get(*length..).unwrap_or_default();
            let silent = |token: &&Token| matches!(token.kind, TokenKind::Comma | TokenKind::Yes);
            rest.get(rest.iter().take_while(silent).count()..).unwrap_or_default()
        });
        let without = self.shown(rest);
        let found = error(
            Code::BeginsWithGrowth,
            first.span,
            format!("chỉ tiêu bắt đầu bằng `{word}`"),
            format!("the target begins with `{word}`"),
        );
        let found = match time {
            _ if without.is_empty() => found,
            Some((_, time)) => {
                found.with_fix(due_below(self.source, self.lang, span, (&without, &time)))
            }
            None if first.kind == TokenKind::Always => {
                let behind = format!("{without} {word}");
                found.with_fix(replace(span, behind, "viết sau tên", "write it behind the name"))
            }
            None => found,
        };
        self.refuse(
            found
                .with_help(Message::new(
                    "viết tên chỉ số trước; thời hạn ghi ở dòng `hạn:`",
                    "write the indicator's name first; the due date stands in a `due:` line",
                ))
                .with_fix(replace(span, without, "bỏ từ đó", "drop the word"))
                .with_fix(replace(
                    span,
                    format!("\"{whole}\""),
                    "nếu đó là một phần của tên",
                    "if it is part of the name",
                )),
        )
    }
}

/// Whether a word of a bare name may hold this character.
fn may_stand_in_a_word(letter: char) -> bool {
    letter.is_alphanumeric()
        || matches!(letter, '&' | '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '_' | ':')
        || text::is_unwritten(letter)
        // A mark may stand on a space, which is then a part of the word.
        || letter.is_whitespace()
}

/// Whether a bare name holds this kind of token.
pub(super) const fn is_bare(kind: TokenKind) -> bool {
    !matches!(
        kind,
        TokenKind::Quoted
            | TokenKind::Bracketed
            | TokenKind::WrongSymbol
            | TokenKind::Symbol(_)
            | TokenKind::Satisfy
            | TokenKind::NoneOf
            | TokenKind::Percent
            | TokenKind::Permille
            | TokenKind::Open
            | TokenKind::Close
            | TokenKind::Star
            | TokenKind::Plus
            | TokenKind::PlusMinus
            | TokenKind::Semicolon
            | TokenKind::Colon
            | TokenKind::Other
    )
}

/// An error at a place that names what was found there; kept here for the readers of conditions.
pub(super) fn missing_comparator(span: Span, ends_in_number: Option<&str>) -> Diagnostic {
    let found =
        error(Code::NoComparator, span, "chỉ tiêu không có so sánh", "the target compares nothing");
    match ends_in_number {
        Some(number) => found.with_help(Message::new(
            format!("viết so sánh trước con số: `>= {number}`"),
            format!("write a comparison before the number: `>= {number}`"),
        )),
        None => found.with_help(Message::new(
            "viết ngưỡng, chẳng hạn `>= 40%`; với việc làm được hay chưa thì viết `= có`",
            "write a threshold such as `>= 40%`; for something done or not, write `= yes`",
        )),
    }
}
