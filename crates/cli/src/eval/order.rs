//! Work by several threads, handed on in order.
//!
//! Enters: what cuts the work, what does it, and what takes the results. Leaves: nothing; results
//! are taken one after the other, in the order of the cuts. The one idea: each thread cuts a part,
//! works on it and hands it in; who is far ahead waits. Invariant: what is taken does not depend on
//! the number of threads, and no more parts are under way than threads and a few.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::console::{Failure, failure};

/// So many results may wait for one before them, for each thread.
const AHEAD: u64 = 1;

/// What cuts the work; nothing at the end.
pub(super) type Cutter<'a, T> = dyn FnMut() -> Result<Option<T>, Failure> + Send + 'a;
/// What takes results.
pub(super) type Taker<'a, R> = dyn FnMut(R) -> Result<(), Failure> + Send + 'a;

/// Cuts, works and takes. Each thread has a worker of its own, which `end` is given at last.
pub(super) fn in_order<T: Send, R: Send, W>(
    threads: usize,
    cut: &mut Cutter<'_, T>,
    worker: &(impl Fn() -> W + Sync),
    work: &(impl Fn(&mut W, T) -> R + Sync),
    take: &mut Taker<'_, R>,
) -> Result<(), Failure> {
    let ahead = AHEAD.saturating_mul(u64::try_from(threads).unwrap_or(1).max(1));
    let line = Line {
        cutting: Mutex::new(Cutting { cut, next: 0, is_over: false }),
        taking: Mutex::new(Taking { take, waiting: BTreeMap::new(), next: 0, end: None }),
        moved: Condvar::new(),
        ahead,
    };
    let run = || line.run(worker, work);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
    let taking = line.taking.into_inner().unwrap_or_else(PoisonError::into_inner);
    match taking.end {
        Some(Err(failure)) => Err(failure),
        _ if taking.waiting.is_empty() => Ok(()),
        _ => failure("một luồng đánh giá đã hỏng", "a thread of the evaluation broke"),
    }
}

struct Cutting<'a, 'c, T> {
    cut: &'a mut Cutter<'c, T>,
    /// The number of the next part.
    next: u64,
    is_over: bool,
}

struct Taking<'a, 't, R> {
    take: &'a mut Taker<'t, R>,
    /// Results that wait for one before them.
    waiting: BTreeMap<u64, Result<R, Failure>>,
    /// The number of the next result.
    next: u64,
    /// Nothing more is taken, and why.
    end: Option<Result<(), Failure>>,
}

struct Line<'a, 'c, 't, T, R> {
    cutting: Mutex<Cutting<'a, 'c, T>>,
    taking: Mutex<Taking<'a, 't, R>>,
    /// A result was taken, or nothing more will be.
    moved: Condvar,
    ahead: u64,
}

/// Ends the work where a thread breaks, so that no other waits for it.
struct Watch<'l, 'a, 'c, 't, T, R>(&'l Line<'a, 'c, 't, T, R>);

impl<T, R> Drop for Watch<'_, '_, '_, '_, T, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let broken = failure("một luồng đánh giá đã hỏng", "a thread of the evaluation broke");
            locked(&self.0.taking).end = Some(broken);
            self.0.moved.notify_all();
        }
    }
}

impl<T, R> Line<'_, '_, '_, T, R> {
    fn run<W>(&self, worker: &impl Fn() -> W, work: &impl Fn(&mut W, T) -> R) {
        let _watch = Watch(self);
        let mut worker = worker();
        while let Some((number, part)) = self.cut() {
            let result = part.map(|part| work(&mut worker, part));
            if !self.hand_in(number, result) {
                break;
            }
        }
    }

    /// The next part with its number, or the fault that stands in its place.
    fn cut(&self) -> Option<(u64, Result<T, Failure>)> {
        let mut cutting = locked(&self.cutting);
        if cutting.is_over {
            return None;
        }
        let part = (cutting.cut)();
        cutting.is_over = !matches!(part, Ok(Some(_)));
        let number = cutting.next;
        cutting.next = number.saturating_add(1);
        Some((number, part.transpose()?))
    }

    /// Hands a result in, and takes all whose turn it is. Whether the work goes on.
    fn hand_in(&self, number: u64, result: Result<R, Failure>) -> bool {
        let mut taking = locked(&self.taking);
        while taking.end.is_none() && number >= taking.next.saturating_add(self.ahead) {
            taking = self.moved.wait(taking).unwrap_or_else(PoisonError::into_inner);
        }
        taking.waiting.insert(number, result);
        while taking.end.is_none() {
            let next = taking.next;
            let Some(result) = taking.waiting.remove(&next) else { break };
            taking.next = next.saturating_add(1);
            if let Err(failure) = result.and_then(|result| (taking.take)(result)) {
                taking.end = Some(Err(failure));
            }
        }
        self.moved.notify_all();
        taking.end.is_none()
    }
}

/// The lock of a mutex; what a broken thread left in it is not used, see [`Watch`].
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(threads: usize, parts: u64, broken: u64) -> (Vec<u64>, Option<String>) {
        let (mut next, mut taken) = (0, Vec::new());
        let mut cut = || {
            if next == broken {
                return failure("hỏng", "broken");
            }
            next += 1;
            Ok((next <= parts).then_some(next))
        };
        let work = |(): &mut (), part: u64| {
            // Odd parts take longer.
            std::hint::black_box((0..(part % 2) * 20_000).fold(0, |sum: u64, it| sum ^ it));
            part
        };
        let done = in_order(threads, &mut cut, &|| (), &work, &mut |part| {
            taken.push(part);
            Ok(())
        });
        let said = done.err().map(|failure| match failure {
            Failure::Said(message) => message.en,
            other => format!("{other:?}"),
        });
        (taken, said)
    }

    #[test]
    fn results_come_in_order_and_a_fault_behind_those_before_it() {
        for threads in [1, 2, 7] {
            let all = (1..=100).collect::<Vec<u64>>();
            assert_eq!(run(threads, 100, u64::MAX), (all.clone(), None), "{threads}");
            let broken = Some("broken".to_owned());
            assert_eq!(run(threads, 100, 40), (all[..40].to_vec(), broken), "{threads}");
            assert_eq!(run(threads, 0, 9), (Vec::new(), None), "{threads}");
        }
    }

    #[test]
    fn taking_may_end_the_work() {
        let mut next = 0;
        let mut cut = || {
            next += 1;
            Ok(Some(next))
        };
        let mut taken = 0;
        let done = in_order(3, &mut cut, &|| (), &|(), part: u64| part, &mut |part| {
            taken = part;
            if part == 20 { failure("đủ", "enough") } else { Ok(()) }
        });
        assert!(done.is_err());
        assert_eq!(taken, 20);
    }
}
