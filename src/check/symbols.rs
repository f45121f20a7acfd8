//! Signs that are typed for a comparator or a unit and are none: the error offers the plain sign.
//!
//! Enters: the tokens of a condition or a value. Leaves: nothing, or a diagnostic with a safe fix:
//! each of these signs has one reading.

use super::reader::{Reader, error, replace};
use crate::diagnostic::{Code, Edit};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};

/// What people type for a symbol, and the symbol.
const WRONG_SYMBOLS: [(&str, &str); 5] =
    [("=>", ">="), ("=<", "<="), ("==", "="), ("<>", "!="), ("><", "!=")];

/// Signs of East Asian and mathematical keyboards, and the plain sign.
const fn plain_sign(letter: char) -> Option<&'static str> {
    Some(match letter {
        '＞' => ">",
        '＜' => "<",
        '＝' => "=",
        '≧' | '⩾' => ">=",
        '≦' | '⩽' => "<=",
        '％' => "%",
        _ => return None,
    })
}

impl Reader<'_> {
    /// Refuses signs that are no symbols.
    pub(super) fn no_wrong_symbol(&mut self, tokens: &[Token]) -> Option<()> {
        self.no_wide_sign(tokens)?;
        let Some(token) = tokens.iter().find(|token| token.kind == TokenKind::WrongSymbol) else {
            return Some(());
        };
        let typed = self.text(token.span);
        let right = WRONG_SYMBOLS.iter().find(|(wrong, _)| *wrong == typed).map_or(">=", |it| it.1);
        let mut fix = replace(token.span, right, "viết", "write");
        fix.safe = true;
        self.refuse(
            error(
                Code::WrongSymbol,
                token.span,
                format!("`{typed}` không phải là dấu so sánh"),
                format!("`{typed}` is no comparison symbol"),
            )
            .with_fix(fix),
        )
    }

    /// All such signs of a line are one fault, and its fix mends them all.
    fn no_wide_sign(&mut self, tokens: &[Token]) -> Option<()> {
        let mut edits = Vec::new();
        let bare = |token: &&Token| !matches!(token.kind, TokenKind::Quoted | TokenKind::Bracketed);
        for token in tokens.iter().filter(bare) {
            for (at, letter) in self.slice(token.span).char_indices() {
                let Some(plain) = plain_sign(letter) else { continue };
                let start = token.span.start + u32::try_from(at).unwrap_or(0);
                let end = start + u32::try_from(letter.len_utf8()).unwrap_or(0);
                let span = Span { start, end, ..token.span };
                edits.push(Edit { span, replacement: plain.to_owned() });
            }
        }
        let Some(Edit { span, replacement: plain }) = edits.first().cloned() else {
            return Some(());
        };
        let typed = self.text(span);
        let mut fix = replace(span, plain.as_str(), "viết", "write");
        (fix.safe, fix.edits) = (true, edits);
        self.refuse(
            error(
                Code::WrongSymbol,
                span,
                format!("`{typed}` không phải là dấu `{plain}` của bàn phím thường"),
                format!("`{typed}` is not the `{plain}` of a plain keyboard"),
            )
            .with_fix(fix),
        )
    }
}
