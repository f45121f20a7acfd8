//! What a run was made from, so that a verdict can be shown again years later.
//!
//! Enters: the bytes of rules and inputs, and counts. Leaves: hashes, names and numbers. The one
//! idea: a hash is that of the bytes as they stand in the file, so that `sha256sum` gives it too.
//! Invariant: read = evaluated + rejected, for each input.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// A SHA-256 that is fed piece by piece.
///
/// ```
/// use chitieu::report::Digest;
///
/// let mut digest = Digest::new();
/// digest.update(b"chi");
/// digest.update(b"tieu");
/// assert_eq!(digest.finish(), Digest::of(b"chitieu"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Nothing hashed yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash as 64 hexadecimal digits.
    pub fn finish(self) -> String {
        use std::fmt::Write as _;
        let mut text = String::with_capacity(64);
        for byte in self.0.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> String {
        let mut digest = Self::new();
        digest.update(bytes);
        digest.finish()
    }
}

/// What a run was made from.
///
/// ```
/// use chitieu::report::Receipt;
///
/// let receipt = Receipt::new(["chương trình: A\n", "chương trình: B\n"]);
/// assert_eq!(receipt, Receipt::new(["chương trình: A\nchương trình: B\n"]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// SHA-256 of the rule files, one after another in the order of loading, with nothing between
    /// them: what `cat FILES | sha256sum` prints.
    pub rules_sha256: String,
    /// The version of the engine.
    pub engine: &'static str,
    /// The inputs, in the order of reading.
    pub inputs: Vec<Input>,
}

/// One input of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Input {
    /// Its name, as given by the user.
    pub name: String,
    /// Its size in bytes, as it was read.
    pub bytes: u64,
    /// Records read: evaluated + rejected.
    pub read: u64,
    /// Records that were evaluated.
    pub evaluated: u64,
    /// Records that were set aside.
    pub rejected: u64,
    /// Cells that are no quantity, in evaluated records.
    pub unreadable_cells: u64,
    /// SHA-256 of its bytes; left out of a short receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl Receipt {
    /// A receipt for these rule files, without inputs.
    pub fn new<T: AsRef<[u8]>>(rules: impl IntoIterator<Item = T>) -> Self {
        let mut digest = Digest::new();
        for file in rules {
            digest.update(file.as_ref());
        }
        let (rules_sha256, inputs) = (digest.finish(), Vec::new());
        Self { rules_sha256, engine: env!("CARGO_PKG_VERSION"), inputs }
    }

    /// The receipt as an object of its own, `{"receipt":{…}}`: the last line of a summary.
    pub fn line(&self) -> impl Serialize + '_ {
        Line { receipt: self }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    receipt: &'a Receipt,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_sha256sum() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::of(b""), empty);
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Receipt::new(["a", "bc"]).rules_sha256, abc);
    }

    #[test]
    fn only_full_receipts_hold_hashes_of_inputs() {
        let mut receipt = Receipt::new(["abc"]);
        receipt.rules_sha256 = "00".to_owned();
        let input = Input { name: "a.json".to_owned(), bytes: 9, read: 3, ..Input::default() };
        receipt.inputs.push(Input { evaluated: 2, rejected: 1, ..input });
        let version = env!("CARGO_PKG_VERSION");
        let short = format!(
            "{{\"receipt\":{{\"rules_sha256\":\"00\",\"engine\":\"{version}\",\"inputs\":[\
             {{\"name\":\"a.json\",\"bytes\":9,\"read\":3,\"evaluated\":2,\"rejected\":1,\
             \"unreadable_cells\":0}}]}}}}"
        );
        assert_eq!(serde_json::to_string(&receipt.line()).unwrap(), short);
        receipt.inputs[0].sha256 = Some("ff".to_owned());
        let full = short.replace("_cells\":0", "_cells\":0,\"sha256\":\"ff\"");
        assert_eq!(serde_json::to_string(&receipt.line()).unwrap(), full);
    }
}
