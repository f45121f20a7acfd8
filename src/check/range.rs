//! Ranges that have several readings: they compile only with `hiểu là:`.

use super::reader::{Asked, Name, Quantity, RangeReading, Reader, cover, error, replace};
use super::words::halves;
use crate::diagnostic::{Code, Fix, Lang, Message};
use crate::number::Comparator;
use crate::source::Span;
use crate::syntax::{Token, TokenKind};

impl Reader<'_> {
    /// What `từ A đến B`, `A - B` (with `sign`) or `khoảng A` asks, with its stretch.
    pub(super) fn range_asked(
        &mut self,
        name: Option<&Name>,
        tokens: &[Token],
        sign: Option<usize>,
        line: Span,
    ) -> Option<(Asked, Option<Quantity>)> {
        let ends = match sign {
            Some(at) => {
                let (low, high) = halves(tokens, at);
                self.both_ends(low, high, |_| true)?
            }
            None => self.around(tokens)?,
        };
        if let Some(name) = name {
            self.share_takes_percent(name, ends.1.unit.as_ref(), ends.1.span)?;
        }
        let exact = sign.is_none() && ends.0 != ends.1;
        let asked = match self.reading {
            None if !exact => return self.needs_reading(tokens, sign.is_some(), line),
            None | Some(RangeReading::Within) => {
                if sign.is_none() && !exact {
                    return self.needs_reading(tokens, false, line);
                }
                Asked::Within(ends.0, ends.1)
            }
            Some(RangeReading::Floor) => Asked::Bound(Comparator::AtLeast, ends.0),
            Some(RangeReading::FloorAndStretch) => {
                return Some((Asked::Bound(Comparator::AtLeast, ends.0), Some(ends.1)));
            }
            Some(RangeReading::Ceiling) => Asked::Bound(Comparator::AtMost, ends.1),
        };
        Some((asked, None))
    }

    /// `khoảng A` and `khoảng A ± B`.
    fn around(&mut self, tokens: &[Token]) -> Option<(Quantity, Quantity)> {
        let at = tokens.iter().position(|token| token.kind == TokenKind::PlusMinus);
        let Some(at) = at else {
            let quantity = self.quantity(tokens, |_| true)?;
            return Some((quantity.clone(), quantity));
        };
        self.both_sides(tokens, at)
    }

    /// Shows the readings, each as a fix.
    fn needs_reading<T>(&mut self, tokens: &[Token], range: bool, line: Span) -> Option<T> {
        let span = cover(tokens)?;
        let shown = self.shown(tokens);
        let end = Span { start: line.end, ..line };
        let english = self.lang == Lang::En;
        let add = |reading: &str, vi: &str, en: &str| -> Fix {
            let line = match (english, reading) {
                (false, reading) => format!("hiểu là: {reading}"),
                (true, "trong khoảng") => "read as: within".to_owned(),
                (true, "sàn") => "read as: floor".to_owned(),
                (true, "trần") => "read as: ceiling".to_owned(),
                (true, _) => "read as: floor, stretch".to_owned(),
            };
            replace(end, format!("\n  {line}"), vi, en)
        };
        let found = error(
            Code::RangeWithoutReading,
            span,
            format!("`{shown}` có nhiều cách hiểu"),
            format!("`{shown}` has several readings"),
        );
        let found = if range {
            found
                .with_fix(add("trong khoảng", "cả hai đầu đều tính", "both ends count"))
                .with_fix(add("sàn", "ít nhất là đầu dưới", "at least the lower end"))
                .with_fix(add(
                    "sàn, phấn đấu",
                    "ít nhất là đầu dưới, phấn đấu đầu trên",
                    "at least the lower end, the upper one a stretch",
                ))
                .with_fix(add("trần", "nhiều nhất là đầu trên", "at most the upper end"))
        } else {
            found
                .with_help(Message::new(
                    format!("nói rõ sai lệch cho phép: `khoảng {shown} ± …`"),
                    format!("say how far off it may be: `about {shown} ± …`"),
                ))
                .with_fix(add("sàn", "ít nhất là con số đó", "at least that number"))
                .with_fix(add("trần", "nhiều nhất là con số đó", "at most that number"))
        };
        self.refuse(found)
    }
}
