//! Reading a rule file: text to tree.
//!
//! Enters: a [`Source`]. Leaves: a [`Tree`] and all diagnostics; a file never fails to be read.
//! The one idea: the grammar is regular by line, so each line stands or falls alone.
//! Invariant: `pest` is named nowhere else; a line that is no statement leaves one diagnostic at
//! its own place and hides no other. The way back, tree to text, is [`format()`].

mod build;
mod format;
mod grammar;
mod lines;
mod tree;

pub use build::{free_text, read, shown_text, tokens, value_text};
pub use format::format;
pub use grammar::{Keyword, keywords};
pub use lines::LINE_BYTES_MAX;
pub use tree::{Block, Head, Key, KeyLine, TargetLine, Token, TokenKind, Tree};

#[cfg(doc)]
use crate::source::Source;
