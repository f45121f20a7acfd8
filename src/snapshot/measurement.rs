//! One measurement as it was written, not yet understood.

use crate::number::{Decimal, Format};

/// A cell as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Raw {
    /// Empty, `null`, or not there.
    #[default]
    Missing,
    /// A number, from its text.
    Number(Decimal),
    /// Words, read by the number format of their file, else by that of the rules.
    Text(String),
    /// `true` or `false`.
    Truth(bool),
    /// Something that is no quantity, with its text: a list, an object, a number of too many
    /// digits.
    Unreadable(String),
}

impl Raw {
    /// Nothing was written: missing, or an empty text.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Text(text) => text.chars().all(char::is_whitespace),
            _ => false,
        }
    }
}

/// One observed value of an indicator: a decimal, a fraction, a bound or yes/no.
///
/// ```
/// use chitieu::Measurement;
/// let share = Measurement::fraction(225_020, 615_198).reported("36,6%");
/// assert_ne!(share, Measurement::text("36,6%"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Measurement {
    /// The value.
    pub value: Raw,
    /// The numerator of a share.
    pub numerator: Raw,
    /// The denominator of a share.
    pub denominator: Raw,
    /// The figure printed beside a fraction: audited, never decisive.
    pub reported: Raw,
    /// The unit of `value`, as written.
    pub unit: Option<String>,
    /// Where the figure comes from, in the words of the data.
    pub source: Option<String>,
    /// How numbers in its texts are written, where the file decides; else the rules do.
    pub format: Option<Format>,
    /// The column of its cell, from 1, where the record is a row of a table.
    pub column: Option<u32>,
}

impl Measurement {
    /// A measurement with this value and nothing else.
    pub fn of(value: Raw) -> Self {
        Self { value, ..Self::default() }
    }

    /// A number.
    pub fn number(value: impl Into<Decimal>) -> Self {
        Self::of(Raw::Number(value.into()))
    }

    /// A text such as `52,3%`, `hơn 80%`, `12/14 dịch vụ`, `có`.
    pub fn text(text: impl Into<String>) -> Self {
        Self::of(Raw::Text(text.into()))
    }

    /// Yes or no.
    pub fn truth(value: bool) -> Self {
        Self::of(Raw::Truth(value))
    }

    /// A numerator and its denominator.
    pub fn fraction(numerator: impl Into<Decimal>, denominator: impl Into<Decimal>) -> Self {
        Self {
            numerator: Raw::Number(numerator.into()),
            denominator: Raw::Number(denominator.into()),
            ..Self::default()
        }
    }

    /// Sets the figure printed beside the fraction.
    #[must_use]
    pub fn reported(mut self, text: impl Into<String>) -> Self {
        self.reported = Raw::Text(text.into());
        self
    }

    /// Sets the unit of the value.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// Sets the words that say where the figure comes from.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Sets how numbers in its texts are written, whatever the language of the rules.
    ///
    /// ```
    /// use chitieu::{Measurement, Rules, Snapshot, number::Format};
    /// let rules = Rules::parse("tỷ lệ a >= 40%").unwrap();
    /// let figure = Measurement::text("hơn 41.25%").format(Format::En);
    /// let snapshot = Snapshot::new("x").on("2023")?.measure("tỷ lệ a", figure);
    /// assert_eq!(rules.evaluate(&snapshot).verdicts()[0].verdict.code(), "exceeded");
    /// # Ok::<(), chitieu::calendar::TimeError>(())
    /// ```
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// The value stands alone, without a unit or a fraction.
    pub(crate) fn is_bare(&self) -> bool {
        self.unit.is_none() && self.numerator.is_missing() && self.denominator.is_missing()
    }

    /// Nothing was measured.
    pub fn is_missing(&self) -> bool {
        self.value.is_missing() && self.numerator.is_missing() && self.denominator.is_missing()
    }
}

/// The letters of a column as a spreadsheet shows them; columns count from 1.
///
/// ```
/// use chitieu::snapshot::column_letters;
/// assert_eq!([1, 26, 27, 703].map(column_letters), ["A", "Z", "AA", "AAA"]);
/// ```
pub fn column_letters(column: u32) -> String {
    let (mut letters, mut rest) = (Vec::new(), column);
    while let Some(before) = rest.checked_sub(1) {
        letters.push(char::from_u32(u32::from(b'A') + before % 26).unwrap_or('?'));
        rest = before / 26;
    }
    letters.iter().rev().collect()
}
