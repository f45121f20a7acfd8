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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chitieu_io::Bytes;
    use parquet::basic::{Type as Physical, ZstdLevel};
    use parquet::schema::types::{ColumnDescriptor, ColumnPath, Type};

    use super::super::header::tests::written;
    use super::*;

    /// A page of eight plain values that claims to have so many bytes unpacked.
    fn page(packed: &[u8], claim: i64) -> Vec<u8> {
        let data = written(&[(1, Ok(8)), (2, Ok(0)), (3, Ok(3)), (4, Ok(3))]);
        let length = i64::try_from(packed.len()).unwrap();
        let fields = [(1, Ok(0)), (2, Ok(claim)), (3, Ok(length)), (5, Err(data))];
        [written(&fields), packed.to_vec()].concat()
    }

    fn input(bytes: &[u8]) -> Input {
        let stream = Bytes::Stream(Box::new(std::io::Cursor::new(bytes.to_vec())));
        Input::new(stream.random().unwrap())
    }

    fn chunk(compression: Compression, length: usize) -> ColumnChunkMetaData {
        let leaf = Type::primitive_type_builder("a", Physical::INT64).build().unwrap();
        let column = ColumnDescriptor::new(Arc::new(leaf), 0, 0, ColumnPath::from("a"));
        let chunk = ColumnChunkMetaData::builder(Arc::new(column)).set_compression(compression);
        let length = i64::try_from(length).unwrap();
        chunk.set_total_compressed_size(length).set_data_page_offset(0).build().unwrap()
    }

    /// The bytes of the first page, and whether a decoder would be let at it.
    fn first(
        bytes: &[u8],
        compression: Compression,
        length: usize,
    ) -> (Result<Vec<u8>, Fault>, bool) {
        let (input, chunk) = (input(bytes), chunk(compression, length));
        let (mut room, mut other) = (Room::default(), Room::default());
        let is_let = Pages::check(&input, &chunk, &mut other).is_ok();
        let mut read = || {
            let mut pages = Pages::of(&input, &chunk, true, &mut room).unwrap();
            let head = pages.head(&mut room)?.ok_or("there is no page")?;
            let range = pages.unpack(&head, &mut room)?;
            Ok::<_, Fault>(room.page(range).to_vec())
        };
        let found = read();
        assert!(room.pages.len() <= 1 << 16 && room.file.len() <= bytes.len());
        (found, is_let)
    }

    #[test]
    fn pages_come_back_whatever_packed_them() {
        let plain: Vec<u8> = (0..64).collect();
        let packed = [
            (Compression::UNCOMPRESSED, plain.clone()),
            (Compression::SNAPPY, snap::raw::Encoder::new().compress_vec(&plain).unwrap()),
            (Compression::LZ4_RAW, lz4_flex::block::compress(&plain)),
            (Compression::ZSTD(ZstdLevel::default()), zstd::bulk::compress(&plain, 1).unwrap()),
        ];
        for (compression, packed) in packed {
            let bytes = page(&packed, 64);
            let length = bytes.len();
            assert_eq!(first(&bytes, compression, length), (Ok(plain.clone()), true));
            for claim in [0, 63, 65] {
                let (found, _) = first(&page(&packed, claim), compression, length);
                // An empty page needs no bytes.
                assert!(found.is_err() || found == Ok(Vec::new()), "{compression} {claim}");
            }
            // A column or a file that ends before its page.
            assert!(first(&bytes, compression, length - 1).0.is_err());
            assert!(first(&bytes[..length - 1], compression, length).0.is_err());
        }
        let other = chunk(Compression::BROTLI(parquet::basic::BrotliLevel::default()), 9);
        assert!(Pages::of(&input(b""), &other, true, &mut Room::default()).is_none());
    }

    #[test]
    fn nothing_is_set_aside_for_what_cannot_be() {
        for compression in [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::LZ4_RAW,
            Compression::LZ4,
            Compression::ZSTD(ZstdLevel::default()),
        ] {
            for claim in [i32::MAX, 1 << 30] {
                let bytes = page(&[0; 20], claim.into());
                let (input, chunk) = (input(&bytes), chunk(compression, bytes.len()));
                let said = Pages::check(&input, &chunk, &mut Room::default()).unwrap_err();
                assert_eq!(said, format!("a page of 20 bytes claims to have {claim} unpacked"));
                if compression != Compression::LZ4 {
                    let (found, is_let) = first(&bytes, compression, bytes.len());
                    assert_eq!((found, is_let), (Err(said), false));
                }
            }
        }
        // Nor for a page that claims more bytes than the file has.
        let mut long = page(&[0; 20], 64);
        long.truncate(30);
        assert!(first(&long, Compression::SNAPPY, 1 << 40).0.is_err());
    }
}
