//! What is wrong with a rule text or an input text, as data.
//!
//! Enters: a place and words from the phase that found the fault. Leaves: a [`Diagnostic`] (code,
//! severity, message in both languages, labels, help, fixes), gathered in [`Diagnostics`].
//! The one idea: a diagnostic knows nothing of how it is shown; [`render`] holds one renderer per
//! file. Invariant: messages start in lower case, end without a stop, hold no line break, and put
//! the author's text in backticks. A diagnostic never speaks about an entity's performance.

mod codes;
mod fix;
mod list;
mod message;
pub mod render;

pub use codes::Code;
pub use fix::{Edit, Fix, apply_fixes};
pub use list::Diagnostics;
pub use message::{Lang, Message, UnknownLang};

use crate::source::Span;

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The text has no exact meaning: nothing is judged by it.
    Error,
    /// The text has a meaning that is perhaps not the one intended.
    Warning,
}

impl Severity {
    /// The word a person reads: `lỗi`, `cảnh báo`, `error`, `warning`.
    pub fn word(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Error, Lang::Vi) => "lỗi",
            (Self::Error, Lang::En) => "error",
            (Self::Warning, Lang::Vi) => "cảnh báo",
            (Self::Warning, Lang::En) => "warning",
        }
    }
}

/// One thing that is wrong in one place.
///
/// ```
/// use chitieu::diagnostic::{Code, Diagnostic, Message};
/// use chitieu::source::{SourceId, Span};
///
/// let place = Span { source: SourceId(0), start: 12, end: 14 };
/// let found = Diagnostic::new(
///     Code::PercentExpected,
///     place,
///     Message::new("`40` thiếu đơn vị", "`40` has no unit"),
/// )
/// .with_help(Message::new("viết `40%`", "write `40%`"));
/// assert_eq!(found.code.id(), "E0301");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which fault it is.
    pub code: Code,
    /// How much it weighs; the code's own unless a caller changes it.
    pub severity: Severity,
    /// The one sentence that may be shown alone.
    pub message: Message,
    /// Where it is.
    pub span: Span,
    /// Other places that matter, in the order of telling; one on the same span labels it.
    pub labels: Vec<Label>,
    /// What the author may do about it.
    pub help: Option<Message>,
    /// Changes of the text that remove it; several are alternatives.
    pub fixes: Vec<Fix>,
}

/// A place with a few words beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where it is; another source is allowed.
    pub span: Span,
    /// What stands there.
    pub message: Message,
}

impl Diagnostic {
    /// A diagnostic without labels, help and fixes; its severity is the code's.
    #[must_use]
    pub fn new(code: Code, span: Span, message: Message) -> Self {
        let (labels, fixes) = (Vec::new(), Vec::new());
        Self { code, severity: code.severity(), message, span, labels, help: None, fixes }
    }

    /// Adds a place that matters.
    #[must_use]
    pub fn with_label(mut self, span: Span, message: Message) -> Self {
        self.labels.push(Label { span, message });
        self
    }

    /// Sets what the author may do about it.
    #[must_use]
    pub fn with_help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }

    /// Adds one way to repair the text.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }
}
