//! The pages of a column, unpacked where the last column was.
//!
//! Enters: the place of a column in its file. Leaves: heads of pages, and what pages hold. The one
//! idea: bytes are read and unpacked into room that stays. Invariant: no more is set aside than the
//! bytes that are there can come to, whatever a head claims.

use std::fmt;
use std::ops::Range;

use parquet::basic::Compression;
use parquet::file::metadata::ColumnChunkMetaData;

use super::chunk::Fault;
use super::header::{Head, Page};
use super::input::Input;

/// No page has more bytes, whatever unpacks it.
const LARGEST: usize = 1 << 28;
/// So many bytes are read at once where all pages are wanted, or only some.
const MUCH: usize = 2 << 20;
const LITTLE: usize = 1 << 16;
/// A head is hardly longer than the first, and not longer than the last.
const HEADS: [usize; 2] = [1 << 12, 1 << 20];

/// What packed the pages of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    Nothing,
    Snappy,
    Zstd,
    Lz4,
}

impl Codec {
    const fn of(compression: Compression) -> Option<Self> {
        match compression {
            Compression::UNCOMPRESSED => Some(Self::Nothing),
            Compression::SNAPPY => Some(Self::Snappy),
            Compression::ZSTD(_) => Some(Self::Zstd),
            Compression::LZ4_RAW => Some(Self::Lz4),
            _ => None,
        }
    }
}

/// Whether packed bytes can come to so many.
fn is_plausible(compression: Compression, head: &Head) -> bool {
    // Three bytes of Snappy repeat 64 at most, and a byte of LZ4 255. Zstandard knows no such end.
    let most = match compression {
        Compression::UNCOMPRESSED => 1,
        Compression::SNAPPY => 24,
        Compression::LZ4 | Compression::LZ4_RAW => 256,
        _ => LARGEST,
    };
    head.unpacked <= LARGEST.min(head.packed.saturating_mul(most).saturating_add(64))
}

/// What a head says that is not to be believed.
fn implausible(head: &Head) -> Fault {
    format!("a page of {} bytes claims to have {} unpacked", head.packed, head.unpacked)
}

/// Room for bytes as they stand in the file, and unpacked.
#[derive(Default)]
pub(super) struct Room {
    /// Bytes of the file, as many as were read.
    file: Vec<u8>,
    /// Unpacked pages, one behind the other, and behind them what is left of others.
    pages: Vec<u8>,
    used: usize,
    zstd: Option<zstd::bulk::Decompressor<'static>>,
}

impl Room {
    /// The bytes of an unpacked page.
    pub(super) fn page(&self, range: Range<usize>) -> &[u8] {
        self.pages.get(range).unwrap_or_default()
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").field("used", &self.used).finish_non_exhaustive()
    }
}

/// The pages of a column, one after the other.
pub(super) struct Pages<'c> {
    input: &'c Input,
    codec: Codec,
    compression: Compression,
    /// Where the next page stands in the file, and where the column ends.
    at: u64,
    end: u64,
    /// Which part of the file the room holds.
    held: Range<u64>,
    /// So many bytes are read at once.
    step: usize,
}

impl<'c> Pages<'c> {
    /// Begins; nothing where pages are packed in a way that is not known here.
    pub(super) fn of(
        input: &'c Input,
        chunk: &ColumnChunkMetaData,
        wants_all: bool,
        room: &mut Room,
    ) -> Option<Self> {
        let compression = chunk.compression();
        let codec = Codec::of(compression)?;
        let (at, length) = chunk.byte_range();
        let step = if wants_all { MUCH } else { LITTLE };
        room.used = 0;
        let end = at.saturating_add(length);
        Some(Self { input, codec, compression, at, end, held: at..at, step })
    }

    /// Sees that no page of a column claims what cannot be, before a decoder believes it.
    pub(super) fn check(
        input: &'c Input,
        chunk: &ColumnChunkMetaData,
        room: &mut Room,
    ) -> Result<(), Fault> {
        let (at, length) = chunk.byte_range();
        let (compression, codec) = (chunk.compression(), Codec::Nothing);
        let end = at.saturating_add(length);
        let mut pages = Self { input, codec, compression, at, end, held: at..at, step: 0 };
        while let Some(head) = pages.head(room)? {
            if !is_plausible(compression, &head) {
                return Err(implausible(&head));
            }
            pages.pass(&head)?;
        }
        Ok(())
    }

    /// The head of the next page; nothing at the end.
    pub(super) fn head(&mut self, room: &mut Room) -> Result<Option<Head>, Fault> {
        if self.at >= self.end {
            return Ok(None);
        }
        let left = self.end - self.at;
        for most in HEADS {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(most);
            if let Some(head) = Head::read(self.bytes(self.at, most, room)?) {
                return Ok(Some(head));
            }
        }
        Err("a page has no head".to_owned())
    }

    /// Passes over the next page.
    pub(super) fn pass(&mut self, head: &Head) -> Result<(), Fault> {
        let length = u64::try_from(head.length.saturating_add(head.packed)).ok();
        let next = length.and_then(|length| self.at.checked_add(length));
        self.at = next.filter(|next| *next <= self.end).ok_or("a page is cut short")?;
        Ok(())
    }

    /// Unpacks the next page; where its bytes are.
    pub(super) fn unpack(&mut self, head: &Head, room: &mut Room) -> Result<Range<usize>, Fault> {
        if !is_plausible(self.compression, head) {
            return Err(implausible(head));
        }
        let start = self.at.saturating_add(u64::try_from(head.length).unwrap_or(u64::MAX));
        self.pass(head)?;
        let range = room.used..room.used.saturating_add(head.unpacked);
        if room.pages.len() < range.end {
            room.pages.resize(range.end, 0);
        }
        self.bytes(start, head.packed, room)?;
        let from = start.checked_sub(self.held.start).and_then(|from| usize::try_from(from).ok());
        let from = from.ok_or("a page is cut short")?;
        let Room { file, pages, used, zstd } = room;
        let packed = file.get(from..from + head.packed).ok_or("a page is cut short")?;
        let to = pages.get_mut(range.clone()).ok_or("a page is cut short")?;
        // Levels may stand before what is packed.
        let (levels, is_packed) = match head.page {
            Page::Data2 { repeats, levels, is_packed, .. } => {
                (repeats.saturating_add(levels), is_packed)
            }
            _ => (0, true),
        };
        let codec = if is_packed { self.codec } else { Codec::Nothing };
        let split = packed.split_at_checked(levels).zip(to.split_at_mut_checked(levels));
        let ((before, packed), (plain, to)) = split.ok_or("a page is shorter than its levels")?;
        plain.copy_from_slice(before);
        unpacked(codec, packed, to, zstd)?;
        *used = range.end;
        Ok(range)
    }

    /// So many bytes of the file, which are held.
    fn bytes<'r>(
        &mut self,
        start: u64,
        count: usize,
        room: &'r mut Room,
    ) -> Result<&'r [u8], Fault> {
        let cut = || "a page is cut short".to_owned();
        let end = start.checked_add(u64::try_from(count).unwrap_or(u64::MAX)).ok_or_else(cut)?;
        if start < self.held.start || end > self.held.end {
            // What a file does not have is not set aside.
            let last = self.end.min(self.input.end());
            let left = last.checked_sub(start).and_then(|left| usize::try_from(left).ok());
            let left = left.filter(|left| *left >= count).ok_or_else(cut)?;
            let most = left.min(count.max(self.step));
            if room.file.len() < most {
                room.file.resize(most, 0);
            }
            let to = room.file.get_mut(..most).unwrap_or_default();
            self.input.fill(start, to).map_err(|error| error.to_string())?;
            self.held = start..start.saturating_add(u64::try_from(most).unwrap_or(0));
        }
        let from = usize::try_from(start - self.held.start).unwrap_or(usize::MAX);
        room.file.get(from..from.saturating_add(count)).ok_or_else(cut)
    }
}

/// Unpacks all bytes of a page.
fn unpacked(
    codec: Codec,
    packed: &[u8],
    to: &mut [u8],
    zstd: &mut Option<zstd::bulk::Decompressor<'static>>,
) -> Result<(), Fault> {
    // Without any value there may be nothing to unpack.
    if to.is_empty() {
        return Ok(());
    }
    let count = match codec {
        Codec::Nothing if packed.len() == to.len() => {
            to.copy_from_slice(packed);
            to.len()
        }
        Codec::Nothing => packed.len(),
        Codec::Snappy => {
            snap::raw::Decoder::new().decompress(packed, to).map_err(|it| it.to_string())?
        }
        Codec::Lz4 => {
            lz4_flex::block::decompress_into(packed, to).map_err(|error| error.to_string())?
        }
        Codec::Zstd => {
            if zstd.is_none() {
                *zstd = Some(zstd::bulk::Decompressor::new().map_err(|it| it.to_string())?);
            }
            let zstd = zstd.as_mut().ok_or("nothing unpacks Zstandard")?;
            zstd.decompress_to_buffer(packed, to).map_err(|error| error.to_string())?
        }
    };
    if count == to.len() {
        return Ok(());
    }
    Err(format!("a page has {count} bytes unpacked, and claims to have {}", to.len()))
}
