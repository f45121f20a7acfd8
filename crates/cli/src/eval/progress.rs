//! How far a run is, on standard error.
//!
//! Enters: what was read. Leaves: a bar on a terminal, else a line now and then. The one idea: the
//! bytes of the files are known before the first is read, so what is left can be told. Invariant:
//! results are the same with and without it, and nothing is drawn into a line that is said.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chitieu::diagnostic::{Lang, Message};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::When;
use crate::console::Console;

/// All bytes of data that were read, as they stand on the disk.
pub(super) static READ: AtomicU64 = AtomicU64::new(0);

/// The bar that is on the terminal, if one is.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Where there is no terminal, a line is written no sooner than so long after the last.
const PAUSE: Duration = Duration::from_secs(5);
/// A bar is drawn anew so often.
const TICK: Duration = Duration::from_millis(200);

/// Tells how far a run is.
#[derive(Debug)]
pub(super) struct Progress {
    shown: Option<Shown>,
}

#[derive(Debug)]
struct Shown {
    console: Console,
    /// Nothing: lines are written.
    bar: Option<ProgressBar>,
    /// All bytes; nothing where they are not known.
    total: Option<u64>,
    begun: Instant,
    counts: Mutex<Counts>,
}

#[derive(Debug)]
struct Counts {
    /// Bytes that an earlier run judged.
    before: u64,
    snapshots: u64,
    rejects: u64,
    told: Instant,
}

/// Takes the bar away, for a program that ends at once and has something to say.
pub(super) fn clear() {
    if let Some(bar) = BAR.lock().unwrap_or_else(PoisonError::into_inner).take() {
        bar.finish_and_clear();
    }
}

#[expect(clippy::disallowed_methods, reason = "no result depends on how long a run takes")]
fn now() -> Instant {
    Instant::now()
}

impl Progress {
    /// Begins; `total` is the size of all data.
    pub(super) fn begin(when: When, total: Option<u64>, console: Console) -> Self {
        let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
        let is_wanted = match when {
            When::Always => true,
            When::Never => false,
            When::Auto => is_terminal,
        };
        READ.store(0, Ordering::Relaxed);
        let begun = now();
        let counts = Counts { before: 0, snapshots: 0, rejects: 0, told: begun };
        let bar = || {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
            let form = if total.is_some() { "{bar:24} {msg}" } else { "{spinner} {msg}" };
            bar.set_style(ProgressStyle::with_template(form).unwrap_or_else(|_| {
                // The template is the one above.
                ProgressStyle::default_bar()
            }));
            bar.enable_steady_tick(TICK);
            bar
        };
        let bar = (is_wanted && is_terminal).then(bar);
        BAR.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&bar);
        let counts = Mutex::new(counts);
        let shown = Shown { console, bar, total, begun, counts };
        Self { shown: is_wanted.then_some(shown) }
    }

    /// What was read so far was judged by an earlier run.
    pub(super) fn resume(&self) {
        self.with(|_, counts| counts.before = READ.load(Ordering::Relaxed));
    }

    /// So many more snapshots were judged, and so many records rejected.
    pub(super) fn add(&self, snapshots: usize, rejects: usize) {
        self.with(|shown, counts| {
            let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
            counts.snapshots = counts.snapshots.saturating_add(count(snapshots));
            counts.rejects = counts.rejects.saturating_add(count(rejects));
            let passed = counts.told.elapsed();
            match &shown.bar {
                Some(bar) if passed >= TICK => {
                    counts.told = now();
                    bar.set_position(READ.load(Ordering::Relaxed));
                    bar.set_message(shown.text(counts).get(shown.console.lang).to_owned());
                }
                None if passed >= PAUSE => shown.line(counts),
                _ => {}
            }
        });
    }

    /// Says something else on standard error, beside the bar.
    pub(super) fn aside<T>(&self, say: impl FnOnce() -> T) -> T {
        match self.shown.as_ref().and_then(|shown| shown.bar.as_ref()) {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    /// All was read: the bar goes away, and one line says how it went.
    pub(super) fn end(&self) {
        self.with(|shown, counts| {
            if let Some(bar) = &shown.bar {
                bar.finish_and_clear();
            }
            shown.line(counts);
        });
    }

    /// All was read, and the results of so many parts go to their place: a line now and then.
    pub(super) fn pour(&self, part: u64, parts: u64) {
        self.with(|shown, counts| {
            if counts.told.elapsed() >= PAUSE {
                counts.told = now();
                shown.console.note(&Message::new(
                    format!("đang ghi kết quả: phần {part}/{parts}"),
                    format!("writing results: part {part} of {parts}"),
                ));
            }
        });
    }

    fn with(&self, act: impl FnOnce(&Shown, &mut Counts)) {
        if let Some(shown) = &self.shown {
            act(shown, &mut shown.counts.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.shown.as_ref().and_then(|shown| shown.bar.as_ref()) {
            bar.finish_and_clear();
        }
    }
}

impl Shown {
    fn line(&self, counts: &mut Counts) {
        counts.told = now();
        self.console.note(&self.text(counts));
    }

    fn text(&self, counts: &Counts) -> Message {
        let (read, seconds) = (READ.load(Ordering::Relaxed), self.begun.elapsed());
        text(read, self.total, seconds, counts)
    }
}

/// `12,4 / 55,0 MiB (22%), 81034 bộ/giây, 3 bị loại, còn 0:41`.
fn text(read: u64, total: Option<u64>, passed: Duration, counts: &Counts) -> Message {
    let millis = passed.as_millis().max(1);
    let pace = u128::from(counts.snapshots) * 1_000 / millis;
    let rejects = counts.rejects;
    let done = |lang| match total {
        None => format!("{} MiB", mebibytes(read, lang)),
        Some(total) => {
            let percent = u128::from(read.min(total)) * 100 / u128::from(total.max(1));
            format!("{} / {} MiB ({percent}%)", mebibytes(read, lang), mebibytes(total, lang))
        }
    };
    let fresh = u128::from(read.saturating_sub(counts.before));
    let left = total.map(|total| u128::from(total.saturating_sub(read)));
    let left = left.filter(|_| fresh > 0).map(|left| time(left * millis / fresh / 1_000));
    let (vi, en) = match left {
        Some(left) => (format!(", còn {left}"), format!(", {left} left")),
        None => (String::new(), String::new()),
    };
    Message::new(
        format!("{}, {pace} bộ/giây, {rejects} bị loại{vi}", done(Lang::Vi)),
        format!("{}, {pace} snapshots/s, {rejects} rejected{en}", done(Lang::En)),
    )
}

/// Mebibytes with one decimal, rounded down.
fn mebibytes(bytes: u64, lang: Lang) -> String {
    let mark = if lang == Lang::Vi { ',' } else { '.' };
    let tenths = (u128::from(bytes) * 10) >> 20;
    format!("{}{mark}{}", tenths / 10, tenths % 10)
}

/// `0:41`, `2:05:09`.
fn time(seconds: u128) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told_from_what_was_done() {
        let counts = Counts { before: 10 << 20, snapshots: 5_000, rejects: 3, told: now() };
        let said = |read: u64, total| text(read << 20, total, Duration::from_secs(2), &counts);
        let all = Some(130 << 20);
        assert_eq!(said(30, all).vi, "30,0 / 130,0 MiB (23%), 2500 bộ/giây, 3 bị loại, còn 0:10");
        let en = "30.0 / 130.0 MiB (23%), 2500 snapshots/s, 3 rejected, 0:10 left";
        assert_eq!(said(30, all).en, en);
        // Nothing is known of how fast it goes, or of how much there is.
        assert!(said(10, all).en.ends_with("3 rejected"));
        assert_eq!(said(30, None).en, "30.0 MiB, 2500 snapshots/s, 3 rejected");
        assert_eq!([time(59), time(3_599), time(7_509)], ["0:59", "59:59", "2:05:09"]);
    }
}
