//! Files that are broken.
//!
//! Enters: what decoders say, or break on. Leaves: an error that names the file. The one idea: the
//! decoders of Parquet and Arrow are not made for hostile files and may panic; that is caught here,
//! around each call into them, so that nobody else has to know.

use std::cell::Cell;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chitieu::diagnostic::Message;
use chitieu_io::{InputFormat, IoError};

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is within a decoder, whose panics are caught. A program that asks this in
/// its panic hook says nothing of a panic that becomes an error.
///
/// ```
/// let said = std::panic::take_hook();
/// std::panic::set_hook(Box::new(move |panic| {
///     if !chitieu_arrow::is_decoding() {
///         said(panic);
///     }
/// }));
/// assert!(!chitieu_arrow::is_decoding());
/// ```
#[must_use]
pub fn is_decoding() -> bool {
    DECODING.get()
}

/// The error of a file whose bytes are not what they should be.
pub(super) fn broken(name: &str, format: InputFormat, why: impl Display) -> IoError {
    let what = if format == InputFormat::Parquet { "Parquet" } else { "Arrow" };
    let why = why.to_string();
    let why: String = why.chars().take(300).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let message = Message::new(
        format!("tệp {what} bị hỏng hoặc bị cắt giữa chừng ({why})"),
        format!("the {what} file is broken or cut short ({why})"),
    );
    IoError::Table { place: name.to_owned(), message }
}

/// Calls a decoder; one that panics says that the file is broken.
pub(super) fn guard<T, E: Display>(
    name: &str,
    format: InputFormat,
    call: impl FnOnce() -> Result<T, E>,
) -> Result<T, IoError> {
    let outer = DECODING.replace(true);
    // What the decoder held is dropped with it: after a fault nobody calls it again.
    let called = catch_unwind(AssertUnwindSafe(call));
    DECODING.set(outer);
    match called {
        Ok(done) => done.map_err(|why| broken(name, format, why)),
        Err(_) => Err(broken(name, format, "the decoder gave up")),
    }
}
