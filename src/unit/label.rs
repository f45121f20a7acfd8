//! Units as people read them, in their usual spelling.

use crate::number::{Format, format_en, format_vi};

use super::{Step, Unit, parse};

impl Unit {
    /// The unit for records and messages; empty for a plain number.
    ///
    /// A noun stays as it was written, in both languages.
    ///
    /// ```
    /// use chitieu::number::Format;
    /// use chitieu::unit::parse;
    ///
    /// let unit = parse("tỉ đồng").unwrap();
    /// assert_eq!(unit.label(Format::Vi), "tỷ đồng");
    /// assert_eq!(unit.label(Format::En), "billion VND");
    /// ```
    pub fn label(&self, language: Format) -> String {
        let pick = |vi: &str, en: &str| match language {
            Format::Vi => vi.to_owned(),
            Format::En => en.to_owned(),
        };
        match self {
            Self::Percent => "%".to_owned(),
            Self::Permille => "‰".to_owned(),
            Self::PercentPoint => pick("điểm phần trăm", "percentage points"),
            Self::Times => pick("lần", "times"),
            Self::Points { .. } => pick("điểm", "points"),
            Self::Rank => pick("hạng", "rank"),
            Self::Money { label, power, currency } => {
                pick(label, &english_money(*power, currency).unwrap_or_else(|| label.clone()))
            }
            Self::Duration { step } => {
                let (vi, en) = step.names();
                pick(vi, &format!("{en}s"))
            }
            Self::Count { noun } => noun.clone().unwrap_or_default(),
            Self::Rate { of, per, noun } => {
                let (number, noun) = (per.to_string(), noun_label(noun, language));
                let of = of.label(language);
                match (number.as_str(), language) {
                    ("1", _) => format!("{of}/{noun}"),
                    (_, Format::Vi) => format!("{of}/{} {noun}", format_vi(&number)),
                    (_, Format::En) => format!("{of}/{} {noun}", format_en(&number)),
                }
            }
            Self::YesNo => pick("có/không", "yes/no"),
        }
    }
}

impl Step {
    /// The Vietnamese name and the English one of a single step.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Second => ("giây", "second"),
            Self::Minute => ("phút", "minute"),
            Self::Hour => ("giờ", "hour"),
            Self::Day => ("ngày", "day"),
            Self::Week => ("tuần", "week"),
            Self::Month => ("tháng", "month"),
            Self::Year => ("năm", "year"),
        }
    }
}

/// Words of the normal form in the spelling that people use.
pub(super) fn usual_spelling(normal: &str) -> String {
    let word = |word| match word {
        "tỉ" => "tỷ",
        "kì" => "kỳ",
        "quí" => "quý",
        "vnd" => "VND",
        "vnđ" => "VNĐ",
        "usd" => "USD",
        "eur" => "EUR",
        other => other,
    };
    normal.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn noun_label(noun: &str, language: Format) -> String {
    match (parse::step(noun), language) {
        (Some(step), Format::Vi) => step.names().0.to_owned(),
        (Some(step), Format::En) => step.names().1.to_owned(),
        (None, _) => usual_spelling(noun),
    }
}

fn english_money(power: u32, currency: &str) -> Option<String> {
    let scale = match power {
        0 => return Some(currency.to_owned()),
        3 => "thousand",
        6 => "million",
        9 => "billion",
        12 => "thousand billion",
        15 => "million billion",
        _ => return None,
    };
    Some(format!("{scale} {currency}"))
}

#[cfg(test)]
mod tests {
    use super::super::parse_any;
    use super::*;

    #[test]
    fn labels_are_what_people_write() {
        let cases = [
            ("phần trăm", "%", "%"),
            ("‰", "‰", "‰"),
            ("điểm %", "điểm phần trăm", "percentage points"),
            ("lần", "lần", "times"),
            ("/20 điểm", "điểm", "points"),
            ("hạng", "hạng", "rank"),
            ("tỉ đồng", "tỷ đồng", "billion VND"),
            ("nghìn tỉ đồng", "nghìn tỷ đồng", "thousand billion VND"),
            ("triệu usd", "triệu USD", "million USD"),
            ("vạn đồng", "vạn đồng", "vạn đồng"),
            ("giờ", "giờ", "hours"),
            ("giờ/tuần", "giờ/tuần", "hours/week"),
            ("giường/10.000 dân", "giường/10.000 dân", "giường/10,000 dân"),
            ("giường/vạn dân", "giường/10.000 dân", "giường/10,000 dân"),
            ("triệu đồng/người/năm", "triệu đồng/người/năm", "million VND/người/year"),
            ("%/quí", "%/quý", "%/quý"),
            ("có/không", "có/không", "yes/no"),
            ("", "", ""),
        ];
        for (text, vi, en) in cases {
            let unit = parse_any(text, text);
            let got = (unit.label(Format::Vi), unit.label(Format::En));
            assert_eq!(got, (vi.to_owned(), en.to_owned()), "{text}");
        }
        assert_eq!(parse_any("dn fdi", "DN FDI").label(Format::Vi), "DN FDI");
    }
}
