//! Words for people, in both languages at once.
//!
//! Enters: a Vietnamese and an English text. Leaves: the one that the reader asked for. The one
//! idea: a phase writes both where it knows the facts, so that no renderer translates.

use std::str::FromStr;

/// The language of what a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

/// A language that is neither `vi` nor `en`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown language `{0}`: `vi` or `en`")]
pub struct UnknownLang(
    /// What was asked for.
    pub String,
);

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "vi" => Ok(Self::Vi),
            "en" => Ok(Self::En),
            _ => Err(UnknownLang(text.to_owned())),
        }
    }
}

/// One text in both languages.
///
/// ```
/// use chitieu::diagnostic::{Lang, Message};
///
/// let message = Message::new("thiếu hạn", "no due date");
/// assert_eq!(message.get(Lang::En), "no due date");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Message {
    /// The Vietnamese text.
    pub vi: String,
    /// The English text.
    pub en: String,
}

impl Message {
    /// A message from its two texts.
    #[must_use]
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_is_read_by_its_code() {
        assert_eq!("vi".parse(), Ok(Lang::Vi));
        assert_eq!("en".parse(), Ok(Lang::En));
        for wrong in ["", "VI", "fr", " en"] {
            assert_eq!(wrong.parse::<Lang>(), Err(UnknownLang(wrong.to_owned())));
        }
        assert_eq!(Lang::default(), Lang::Vi);
    }

    #[test]
    fn message_gives_the_text_asked_for() {
        let message = Message::new("chưa đạt", "not met");
        assert_eq!(message.get(Lang::Vi), "chưa đạt");
        assert_eq!(message.get(Lang::En), "not met");
    }
}
