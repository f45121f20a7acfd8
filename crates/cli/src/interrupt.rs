//! The end of a run from outside: Ctrl-C, or a system that shuts down.
//!
//! Enters: SIGINT and SIGTERM. Leaves: no half file, a word on how to go on, and exit status 130 or
//! 143. The one idea: a thread waits for the signal, so that a run ends at once even where it waits
//! for its input. Invariant: what stands in its place stays, and nothing takes its place any more.
//! A limit on the size of files is no signal to end by: it is an error of the file that meets it.

#[cfg(unix)]
use std::sync::Arc;

use chitieu::diagnostic::Message;

use crate::console::Console;

/// Makes an error of writing of SIGXFSZ, which says that a file reached the limit of its size.
#[cfg(unix)]
pub(crate) fn outlive_limits() {
    // Where it cannot be watched, it ends the program as ever.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// Other systems have no such signal.
#[cfg(not(unix))]
pub(crate) fn outlive_limits() {}

/// Watches from here on; `advice` says how the run may go on, and `clear` makes room for it.
#[cfg(unix)]
pub(crate) fn watch(console: Console, advice: Message, clear: fn()) {
    use signal_hook::consts::{SIGINT, SIGTERM};

    // Where no signal can be watched, they end the program as ever.
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        let Some(signal) = signals.forever().next() else { return };
        chitieu_io::abandon(|| {
            clear();
            console.note(&Message::new(
                format!("đã dừng theo yêu cầu, không ghi kết quả; {}", advice.vi),
                format!("stopped as asked, no output is written; {}", advice.en),
            ));
            std::process::exit(128 + signal);
        });
    });
}

/// Signals of other systems end the program as ever.
#[cfg(not(unix))]
pub(crate) fn watch(_: Console, _: Message, _: fn()) {}
