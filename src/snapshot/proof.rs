//! What a cell proves of the number format of its file.
//!
//! Enters: the text of a cell. Leaves: a [`Proof`]. The one idea: the cell is read both ways by
//! the reader of figures itself; what only one way makes a quantity proves that way, and what is
//! two different quantities is nobody's to choose. Invariant: no format is preferred.

use super::phrase;
use crate::number::{self, Decimal, Format};
use crate::text;

/// What a cell says of how numbers are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Nothing: no quantity, or the same one in both formats.
    Nothing,
    /// It is a quantity in this format only.
    Of(Format),
    /// It is two different quantities: the first number that differs, as Vietnamese and as English
    /// read it.
    Two(Decimal, Decimal),
}

/// What a cell proves.
///
/// ```
/// use chitieu::number::Format;
/// use chitieu::snapshot::{Proof, proof};
/// assert_eq!(proof("41,25"), Proof::Of(Format::Vi));
/// assert_eq!(proof("hơn 41.25%"), Proof::Of(Format::En));
/// assert_eq!(proof("1.234.567 hồ sơ"), Proof::Of(Format::Vi));
/// assert_eq!(proof("12/14"), Proof::Nothing);
/// assert!(matches!(proof("1.234"), Proof::Two(..)));
/// ```
pub fn proof(cell: &str) -> Proof {
    let cell = cell.trim();
    if !cell.contains(['.', ',']) || cell.len() > 2 * phrase::LONGEST {
        return Proof::Nothing;
    }
    let is_plain = cell.bytes().all(|byte| byte.is_ascii_digit() || b".,+-".contains(&byte));
    let (vi, en) = if is_plain {
        let (vi, en) = number::readings(cell);
        if let (Some(vi), Some(en)) = (vi, en)
            && vi != en
        {
            return Proof::Two(vi, en);
        }
        (vi.is_some(), en.is_some())
    } else {
        let normal = text::normal(cell);
        let vi = phrase::read(&normal, Format::Vi);
        let en = phrase::read(&normal, Format::En);
        if vi.is_some()
            && en.is_some()
            && vi != en
            && let Some((vi, en)) = differing(&normal)
        {
            return Proof::Two(vi, en);
        }
        (vi.is_some(), en.is_some())
    };
    match (vi, en) {
        (true, false) => Proof::Of(Format::Vi),
        (false, true) => Proof::Of(Format::En),
        _ => Proof::Nothing,
    }
}

/// The first number of a text that has two different readings.
fn differing(text: &str) -> Option<(Decimal, Decimal)> {
    let numbers = text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','));
    let readings = numbers.map(|number| number::readings(number.trim_matches(['.', ','])));
    readings.filter_map(|(vi, en)| Some((vi?, en?))).find(|(vi, en)| vi != en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_prove_what_they_can() {
        let two = |vi: &str, en: &str| {
            Proof::Two(Decimal::parse(vi).unwrap(), Decimal::parse(en).unwrap())
        };
        let cases = [
            ("52", Proof::Nothing),
            ("", Proof::Nothing),
            ("-52,3", Proof::Of(Format::Vi)),
            ("0.523", Proof::Of(Format::En)),
            ("0,523", Proof::Of(Format::Vi)),
            ("1,234,567.5", Proof::Of(Format::En)),
            ("1.234", two("1234", "1.234")),
            ("-12,345", two("-12.345", "-12345")),
            ("từ 75 đến 80,5%", Proof::Of(Format::Vi)),
            ("từ 75,5 đến 80.5%", Proof::Nothing),
            ("12.345/14.000 hồ sơ", two("12345", "12.345")),
            ("gần 1.000 tỷ đồng", two("1000", "1.000")),
            ("90 %.", Proof::Nothing),
            ("theo văn bản 1.234, mục 2.5", Proof::Nothing),
            ("30.06.2023", Proof::Nothing),
            ("1.2.3", Proof::Nothing),
        ];
        for (cell, expected) in cases {
            assert_eq!(proof(cell), expected, "{cell}");
        }
    }
}
