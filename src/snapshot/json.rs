//! JSON.
/// x
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError;
