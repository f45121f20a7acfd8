//! Bytes as they pass: how many, and their SHA-256 where it is asked for.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chitieu::report::Digest;

use crate::Options;

/// A reader that counts what it hands over.
pub(crate) struct Tally<R> {
    inner: R,
    bytes: u64,
    digest: Option<Digest>,
    /// Somebody who watches how far a run is.
    meter: Option<&'static AtomicU64>,
}

impl<R: Read> Tally<R> {
    pub(crate) fn new(inner: R, options: Options) -> Self {
        let digest = options.digest.then(Digest::new);
        Self { inner, bytes: 0, digest, meter: options.meter }
    }

    /// As many bytes as were counted before, without their digest.
    pub(crate) fn counted(inner: R, bytes: u64, meter: Option<&'static AtomicU64>) -> Self {
        if let Some(meter) = meter {
            meter.fetch_add(bytes, Ordering::Relaxed);
        }
        Self { inner, bytes, digest: None, meter }
    }

    /// The number of bytes, and their digest in hexadecimal.
    pub(crate) fn finish(self) -> (u64, Option<String>) {
        (self.bytes, self.digest.map(Digest::finish))
    }
}

impl<R: Read> Read for Tally<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let more = u64::try_from(count).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(more);
        if let Some(meter) = self.meter {
            meter.fetch_add(more, Ordering::Relaxed);
        }
        if let Some(digest) = &mut self.digest {
            digest.update(buffer.get(..count).unwrap_or_default());
        }
        Ok(count)
    }
}

/// A tally that is asked for its sums while a reader still holds it.
pub(crate) struct Shared<R>(Arc<Mutex<Tally<R>>>);

impl<R: Read> Shared<R> {
    pub(crate) fn new(tally: Tally<R>) -> Self {
        Self(Arc::new(Mutex::new(tally)))
    }

    /// How many bytes were read so far, and their digest.
    pub(crate) fn sums(&self) -> (u64, Option<String>) {
        let tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (tally.bytes, tally.digest.clone().map(Digest::finish))
    }

    /// Reads what is left.
    pub(crate) fn drain(&self) -> io::Result<()> {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        io::copy(&mut *tally, &mut io::sink()).map(drop)
    }

    /// Reads what is left, and says how many bytes there were, with their digest.
    pub(crate) fn finish(&self) -> io::Result<(u64, Option<String>)> {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        io::copy(&mut *tally, &mut io::sink())?;
        Ok((tally.bytes, tally.digest.take().map(Digest::finish)))
    }
}

impl<R> Clone for Shared<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R: Read> Read for Shared<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_is_that_of_all_bytes() {
        let options = Options { digest: true, ..Options::default() };
        let mut tally = Tally::new("abc".as_bytes(), options);
        io::copy(&mut tally, &mut io::sink()).unwrap();
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(tally.finish(), (3, Some(hex.to_owned())));
        assert_eq!(Tally::new(io::empty(), Options::default()).finish(), (0, None));
    }
}
