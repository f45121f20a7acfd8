//! JSON in the order in which it is written down here.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// A value; objects keep the order of their fields.
#[derive(Debug, Clone)]
pub(crate) enum Json {
    Plain(Value),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

/// An object of these fields.
pub(crate) fn object<const N: usize>(fields: [(&str, Json); N]) -> Json {
    Json::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

impl Json {
    /// With more fields behind those that are there.
    pub(crate) fn with<const N: usize>(mut self, more: [(&str, Self); N]) -> Self {
        if let Self::Object(fields) = &mut self {
            fields.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
        }
        self
    }

    /// As one line.
    pub(crate) fn line(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        format!("{text}\n")
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(value) => value.serialize(serializer),
            Self::List(values) => values.serialize(serializer),
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Plain(Value::Null), Into::into)
    }
}

impl<T: Into<Self> + Clone> From<&[T]> for Json {
    fn from(values: &[T]) -> Self {
        Self::List(values.iter().cloned().map(Into::into).collect())
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Plain(Value::from(text))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Plain(Value::from(text))
    }
}

impl From<&String> for Json {
    fn from(text: &String) -> Self {
        Self::Plain(Value::from(text.as_str()))
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        Self::Plain(Value::from(number))
    }
}

impl From<usize> for Json {
    fn from(number: usize) -> Self {
        Self::Plain(Value::from(number))
    }
}
