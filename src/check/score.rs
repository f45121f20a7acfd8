//! `điểm:` and `chấm:` as the rule writes them.
//!
//! Enters: the key lines of a target or a group. Leaves: [`Scored`], with quantities that are not
//! resolved yet. The one idea: a step asks as a line below `đến` does, so that one reader serves
//! both. Points are checked by [`super::points`], once units are known.

use super::expression::arguments;
use super::reader::{
    Asked, Quantity, Reader, Term, cover, error, is_group_word, replace, without_tail,
};
use super::units::{self, Claim};
use super::words::{halves, range_sign};
use crate::diagnostic::{Code, Message};
use crate::number::Rational;
use crate::source::Span;
use crate::syntax::{self, Key, KeyLine, Token, TokenKind};
use crate::text;
use crate::unit::Unit;

/// How many steps one line may have.
const STEPS_MAX: usize = 64;

/// What the lines of a target say of its points.
#[derive(Debug, Clone, Default)]
pub(super) struct Scored {
    pub(super) maximum: Option<(Rational, Span)>,
    pub(super) by: Option<By>,
    /// Where `chấm:` stands.
    pub(super) span: Option<Span>,
}

/// What points follow from.
#[derive(Debug, Clone)]
pub(super) enum By {
    Verdict,
    Linear { from: Quantity, to: Quantity },
    Steps(Steps),
    Expression(Term),
}

/// `>= 90%: 20; còn lại: 0`.
#[derive(Debug, Clone, Default)]
pub(super) struct Steps {
    pub(super) steps: Vec<Step>,
    pub(super) otherwise: Option<(Rational, Span)>,
}

/// `>= 90%: 20`.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) asked: Asked,
    pub(super) points: (Rational, Span),
    pub(super) span: Span,
}

impl Scored {
    /// What its thresholds say of the unit of what is measured.
    pub(super) fn claims(&self) -> Vec<Claim> {
        match &self.by {
            Some(By::Linear { from, to }) => vec![units::claim(from), units::claim(to)],
            Some(By::Steps(steps)) => {
                steps.steps.iter().flat_map(|step| units::claims(&step.asked)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Whether `chấm:` names the verdict.
fn is_verdict(text: &str) -> bool {
    matches!(text, "đạt" | "theo kết luận" | "met" | "by verdict")
}

impl Reader<'_> {
    /// Whether a target is scored by its value and its own line compares nothing.
    pub(super) fn scored_without_comparator(&self, tokens: &[Token], keys: &[KeyLine]) -> bool {
        let mut lines = keys.iter().filter(|line| line.key == Key::Scored);
        let by_value = lines.any(|line| {
            let normal = text::normal(&syntax::value_text(self.source, line.value));
            !is_verdict(normal.trim_end_matches(['.', ';', ',']))
        });
        let tokens = without_tail(tokens);
        if let Some(at) = super::population::units_sign(tokens) {
            return by_value && self.measures_units(tokens, at);
        }
        let compares = |token: &Token| {
            matches!(
                token.kind,
                TokenKind::Symbol(_)
                    | TokenKind::WrongSymbol
                    | TokenKind::Satisfy
                    | TokenKind::NoneOf
                    | TokenKind::Colon
            )
        };
        by_value
            && !tokens.iter().any(compares)
            && self.group_place(tokens).is_none()
            && tokens.first().is_some_and(|first| {
                !is_group_word(first.kind)
                    && !matches!(first.kind, TokenKind::Number | TokenKind::Bracketed)
            })
    }

    /// `điểm: 20`.
    pub(super) fn points_line(&mut self, key: &KeyLine) -> Option<(Rational, Span)> {
        let tokens = self.tokens(key.value)?;
        self.points(without_tail(&tokens), key.value)
    }

    /// A number of points, not below zero.
    fn points(&mut self, tokens: &[Token], place: Span) -> Option<(Rational, Span)> {
        let span = cover(tokens).unwrap_or(place);
        if !super::quantity::begins_with_number(tokens) {
            return self.no_points(span);
        }
        let quantity = self.quantity(tokens, |_| true)?;
        if !matches!(quantity.unit, None | Some(Unit::Points { .. })) {
            return self.no_points(span);
        }
        if quantity.value.is_negative() {
            return self.refuse(
                error(
                    Code::PointsOutOfRange,
                    span,
                    "điểm không thể là số âm",
                    "points cannot be negative",
                )
                .with_help(Message::new(
                    "điểm trừ chưa có trong ngôn ngữ: ghi điểm thấp nhất là 0",
                    "the language has no penalties: the lowest is 0",
                )),
            );
        }
        Some((quantity.value, span))
    }

    fn no_points<T>(&mut self, span: Span) -> Option<T> {
        let shown = text::composed(self.slice(span));
        self.refuse(
            error(
                Code::NotANumber,
                span,
                format!("`{shown}` không phải là số điểm"),
                format!("`{shown}` is no number of points"),
            )
            .with_help(Message::new("viết chẳng hạn `20`", "write for example `20`")),
        )
    }

    /// `chấm: …`, in one of its four forms.
    pub(super) fn scored_line(&mut self, key: &KeyLine) -> Option<By> {
        let tokens = self.tokens(key.value)?;
        let tokens = without_tail(&tokens);
        if is_verdict(&self.normal(tokens)) {
            return Some(By::Verdict);
        }
        if let Some(rest) = self.behind_linear(tokens) {
            return self.linear(rest, key.value);
        }
        if has_colon(tokens) {
            return self.steps(tokens, key).map(By::Steps);
        }
        if tokens.len() == 1 || !self.computes_somehow(tokens) {
            self.is_a_form(tokens, key.value)?;
        }
        self.term(tokens, true, key.value).map(By::Expression)
    }

    /// What stands behind `tuyến tính`.
    fn behind_linear<'t>(&self, tokens: &'t [Token]) -> Option<&'t [Token]> {
        let words = |count: usize| self.normal(tokens.get(..count).unwrap_or_default());
        if words(2) == "tuyến tính" {
            return tokens.get(2..);
        }
        matches!(words(1).as_str(), "linear" | "linearly").then(|| tokens.get(1..))?
    }

    /// `từ A đến B`; A may lie above B.
    fn linear(&mut self, tokens: &[Token], value: Span) -> Option<By> {
        let tokens = match tokens {
            [from, rest @ ..] if from.kind == TokenKind::From => rest,
            other => other,
        };
        let Some(at) = range_sign(tokens) else {
            return self.refuse(
                error(
                    Code::NotANumber,
                    cover(tokens).unwrap_or(value),
                    "chấm tuyến tính cần hai mức: mức bắt đầu có điểm và mức đủ điểm",
                    "a linear scale needs two levels: where points begin and where they are full",
                )
                .with_help(Message::new(
                    "viết `tuyến tính từ 50% đến 100%`",
                    "write `linear from 50% to 100%`",
                )),
            );
        };
        let (from, to) = halves(tokens, at);
        let (from, to) = self.two_ends(from, to, |_| true)?;
        Some(By::Linear { from, to })
    }

    fn steps(&mut self, tokens: &[Token], key: &KeyLine) -> Option<Steps> {
        let pieces = arguments(tokens);
        if pieces.len() > STEPS_MAX {
            return self.refuse(error(
                Code::TooDeep,
                key.value,
                format!("hơn {STEPS_MAX} bậc điểm"),
                format!("more than {STEPS_MAX} steps of points"),
            ));
        }
        let mut steps = Steps::default();
        for piece in pieces {
            self.step(piece, key.value, &mut steps)?;
        }
        Some(steps)
    }

    fn step(&mut self, piece: &[Token], value: Span, into: &mut Steps) -> Option<()> {
        let span = cover(piece).unwrap_or(value);
        let Some(at) = piece.iter().rposition(|token| token.kind == TokenKind::Colon) else {
            return self.refuse(
                error(
                    Code::ScoreSteps,
                    span,
                    "bậc điểm thiếu dấu hai chấm và số điểm",
                    "a step lacks its colon and its points",
                )
                .with_help(Message::new(
                    "viết mỗi bậc như `>= 90%: 20`, ngăn cách bằng dấu chấm phẩy",
                    "write each step as `>= 90%: 20`, separated by semicolons",
                )),
            );
        };
        let (left, right) = halves(piece, at);
        let points = self.points(without_tail(right), span)?;
        if let Some((_, rest)) = &into.otherwise {
            let rest = *rest;
            return self.refuse(
                error(
                    Code::ScoreSteps,
                    span,
                    "bậc này đứng sau `còn lại` nên không bao giờ được xét",
                    "this step stands behind `otherwise` and is never reached",
                )
                .with_label(rest, Message::new("`còn lại` ở đây", "`otherwise` is here")),
            );
        }
        if matches!(self.normal(left).as_str(), "còn lại" | "otherwise") {
            into.otherwise = Some((points.0, span));
            return Some(());
        }
        self.no_range(left, span)?;
        let Some(place) = cover(left) else {
            return self.refuse(error(
                Code::EmptyValue,
                span,
                "bậc điểm thiếu ngưỡng trước dấu hai chấm",
                "the threshold before the colon is missing",
            ));
        };
        let asked = self.asked_line(place)?;
        into.steps.push(Step { asked, points, span });
        Some(())
    }

    /// `từ 80% đến dưới 90%`: the step above has taken what lies higher.
    fn no_range(&mut self, tokens: &[Token], span: Span) -> Option<()> {
        let [from, low @ ..] = tokens else { return Some(()) };
        let Some(at) = low.iter().position(|token| token.kind == TokenKind::To) else {
            return Some(());
        };
        if from.kind != TokenKind::From {
            return Some(());
        }
        let low = self.shown(low.get(..at).unwrap_or_default());
        let place = cover(tokens).unwrap_or(span);
        let shown = self.shown(tokens);
        self.refuse(
            error(
                Code::RangeWithoutReading,
                place,
                format!("`{shown}` không nói rõ hai đầu có tính hay không"),
                format!("`{shown}` does not say whether its ends count"),
            )
            .with_help(Message::new(
                "các bậc được xét lần lượt, nên chỉ cần ghi mức dưới của mỗi bậc",
                "steps are tried in their order, so that the lower level of each is enough",
            ))
            .with_fix(replace(
                place,
                format!(">= {low}"),
                "chỉ ghi mức dưới",
                "the lower level",
            )),
        )
    }

    /// Whether tokens hold a sign, a function or a parenthesis.
    fn computes_somehow(&self, tokens: &[Token]) -> bool {
        self.computes(tokens) || tokens.iter().any(|token| token.kind == TokenKind::Open)
    }

    /// A bare word that is nearly one of the forms is not taken as the name of an indicator.
    fn is_a_form(&mut self, tokens: &[Token], value: Span) -> Option<()> {
        let span = cover(tokens).unwrap_or(value);
        let number = super::quantity::begins_with_number(tokens);
        let typed = self.normal(tokens.get(..2.min(tokens.len())).unwrap_or_default());
        let near = text::nearest(&typed, ["đạt", "tuyến tính", "met", "linear"].into_iter(), 1);
        let near: Vec<String> = near.into_iter().map(str::to_owned).collect();
        if !number && near.is_empty() {
            return Some(());
        }
        let shown = self.shown(tokens);
        let fault = error(
            Code::ScaleDoesNotFit,
            span,
            format!("`{shown}` không phải là một cách chấm điểm"),
            format!("`{shown}` is no way of scoring"),
        )
        .with_help(Message::new(
            "viết `đạt`, `tuyến tính từ 50% đến 100%`, các bậc `>= 90%: 20; còn lại: 0`, hoặc một \
             biểu thức",
            "write `met`, `linear from 50% to 100%`, steps `>= 90%: 20; otherwise: 0`, or an \
             expression",
        ));
        let words = cover(tokens.get(..2.min(tokens.len())).unwrap_or_default()).unwrap_or(span);
        self.refuse(near.into_iter().fold(fault, |fault, form| {
            fault.with_fix(replace(words, form, "có phải", "did you mean"))
        }))
    }
}

/// Whether a colon stands outside parentheses.
fn has_colon(tokens: &[Token]) -> bool {
    let mut depth: u32 = 0;
    tokens.iter().any(|token| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.kind == TokenKind::Colon
    })
}
