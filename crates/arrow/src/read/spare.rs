//! Memory that goes round.
//!
//! Enters: buffers that nobody needs any more. Leaves: the same buffers, for the next column. The
//! one idea: memory that is new each time costs the kernel as much as reading costs us. Invariant:
//! no more is kept than was in use at once.

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use chitieu::snapshot::Buffer;

use super::numbers::Numbers;
use super::pages::Room;

/// Buffers that wait for use.
#[derive(Debug, Default)]
pub(super) struct Spare {
    desks: Mutex<Vec<Desk>>,
    bytes: Mutex<Vec<Vec<u8>>>,
    halves: Mutex<Vec<Vec<i16>>>,
    words: Mutex<Vec<Vec<i32>>>,
    longs: Mutex<Vec<Vec<i64>>>,
    longest: Mutex<Vec<Vec<i128>>>,
}

/// What one thread needs while it reads a column.
#[derive(Debug, Default)]
pub(super) struct Desk {
    pub(super) room: Room,
    pub(super) dictionary: Numbers,
    pub(super) plain: Numbers,
    /// Rows without a value.
    pub(super) holes: Vec<u32>,
}

/// Values of which buffers are kept.
pub(super) trait Kept: Copy + Default + fmt::Debug + Send + Sync + 'static {
    fn shelf(spare: &Spare) -> &Mutex<Vec<Vec<Self>>>;
}

macro_rules! kept {
    ($($kind:ident $shelf:ident)*) => {$(
        impl Kept for $kind {
            fn shelf(spare: &Spare) -> &Mutex<Vec<Vec<Self>>> {
                &spare.$shelf
            }
        }
    )*};
}
kept!(u8 bytes i16 halves i32 words i64 longs i128 longest);

impl Spare {
    /// Works at a desk. One that a fault leaves behind is not used again.
    pub(super) fn at_desk<T>(&self, work: impl FnOnce(&mut Desk) -> T) -> T {
        let mut desk = taken(&self.desks).unwrap_or_default();
        let done = work(&mut desk);
        given(&self.desks, desk);
        done
    }

    /// A buffer of so many values, which mean nothing yet.
    pub(super) fn take<T: Kept>(&self, len: usize) -> Vec<T> {
        let mut values = taken(T::shelf(self)).unwrap_or_default();
        values.resize(len, T::default());
        values
    }

    pub(super) fn give<T: Kept>(&self, values: Vec<T>) {
        given(T::shelf(self), values);
    }

    /// Lends values, which come back when nobody looks at them any more.
    pub(super) fn lend<T: Kept>(self: &Arc<Self>, values: Vec<T>) -> Buffer<T> {
        Buffer::lent(Arc::new(self.lent(values)))
    }

    /// As [`Spare::lend`], for who shares values in another way.
    pub(super) fn lent<T: Kept>(self: &Arc<Self>, values: Vec<T>) -> Lent<T> {
        Lent { values, home: Arc::clone(self) }
    }
}

fn taken<T>(shelf: &Mutex<Vec<T>>) -> Option<T> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn given<T>(shelf: &Mutex<Vec<T>>, one: T) {
    shelf.lock().unwrap_or_else(PoisonError::into_inner).push(one);
}

/// Values on loan.
pub(super) struct Lent<T: Kept> {
    values: Vec<T>,
    home: Arc<Spare>,
}

impl<T: Kept> AsRef<[T]> for Lent<T> {
    fn as_ref(&self) -> &[T] {
        &self.values
    }
}

impl<T: Kept> Drop for Lent<T> {
    fn drop(&mut self) {
        self.home.give(mem::take(&mut self.values));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lent_comes_back() {
        let spare = Arc::new(Spare::default());
        let mut values = spare.take::<i16>(4);
        values.fill(7);
        let place = values.as_ptr();
        let lent = spare.lend(values);
        let slice = lent.slice(1, 2);
        drop(lent);
        assert_eq!(slice.as_slice(), [7, 7]);
        let other = spare.take::<i16>(1);
        assert_ne!(other.as_ptr(), place);
        drop(slice);
        let again = spare.take::<i16>(2);
        assert_eq!((again.as_ptr(), again.len()), (place, 2));
    }
}
