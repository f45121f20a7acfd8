//! A column of verdicts as a column chunk of Parquet.
//!
//! Enters: codes of verdicts, a byte a row. Leaves: the chunk, a dictionary page and one page of
//! packed codes. The one idea: a code of the evaluator is a place in the dictionary, so that no
//! text is made or looked up. Invariant: what is no verdict is null.

use bytes::Bytes;
use chitieu::Verdict;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::errors::Result;
use parquet::file::metadata::{ColumnChunkMetaData, OffsetIndexBuilder};
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use super::pack::{Width, encode, run};

/// Whether a code is that of a verdict.
pub(super) const fn is_verdict(code: u8) -> bool {
    (code as usize) < Verdict::ALL.len()
}

/// The chunk of a column that may hold null.
pub(super) fn chunk(codes: &[u8], column: &ColumnDescPtr) -> Result<(Bytes, ColumnCloseResult)> {
    let rows = u32::try_from(codes.len()).unwrap_or(u32::MAX);
    let (data, nulls) = page(codes);
    let mut sink = TrackedWrite::new(Vec::with_capacity(data.len() + 256));
    let mut pages = SerializedPageWriter::new(&mut sink);
    let dictionary = pages.write_page(whole(dictionary()))?;
    let data = pages.write_page(whole(Page::DataPage {
        buf: data.into(),
        num_values: rows,
        encoding: Encoding::RLE_DICTIONARY,
        def_level_encoding: Encoding::RLE,
        rep_level_encoding: Encoding::RLE,
        statistics: None,
    }))?;
    let bytes = sink.into_inner()?;
    let (low, high) = ends(codes);
    let size = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let metadata = ColumnChunkMetaData::builder(column.clone())
        .set_compression(Compression::UNCOMPRESSED)
        .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY])
        .set_total_compressed_size(size(bytes.len()))
        .set_total_uncompressed_size(size(dictionary.uncompressed_size + data.uncompressed_size))
        .set_num_values(i64::from(rows))
        .set_dictionary_page_offset(Some(offset(dictionary.offset)))
        .set_data_page_offset(offset(data.offset))
        .set_statistics(Statistics::byte_array(low, high, None, Some(nulls), false))
        .build()?;
    // Other columns have an index of their pages, and then all must.
    let mut pages = OffsetIndexBuilder::new();
    pages.append_row_count(i64::from(rows));
    let page_size = i32::try_from(data.compressed_size).unwrap_or(i32::MAX);
    pages.append_offset_and_size(offset(data.offset), page_size);
    let close = ColumnCloseResult {
        bytes_written: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        rows_written: u64::from(rows),
        metadata,
        bloom_filter: None,
        column_index: None,
        offset_index: Some(pages.build()),
    };
    Ok((bytes.into(), close))
}

fn offset(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

/// A page that is not compressed: packed codes gain nothing by it.
fn whole(page: Page) -> CompressedPage {
    let size = page.buffer().len();
    CompressedPage::new(page, size)
}

/// All verdicts, each behind its length.
fn dictionary() -> Page {
    let mut texts = Vec::new();
    for verdict in Verdict::ALL {
        let code = verdict.code();
        texts.extend_from_slice(&u32::try_from(code.len()).unwrap_or_default().to_le_bytes());
        texts.extend_from_slice(code.as_bytes());
    }
    Page::DictionaryPage {
        buf: texts.into(),
        num_values: u32::try_from(Verdict::ALL.len()).unwrap_or_default(),
        encoding: Encoding::PLAIN,
        is_sorted: false,
    }
}

/// Which rows hold a verdict, then the verdicts; and how many rows hold none.
fn page(codes: &[u8]) -> (Vec<u8>, u64) {
    let mut levels = Vec::new();
    let mut some = Vec::new();
    let any = codes.iter().fold(0, |any, code| any | code);
    let present = if is_verdict(any) {
        run(1, codes.len(), &mut levels);
        codes
    } else {
        let is_there: Vec<u8> = codes.iter().map(|code| u8::from(is_verdict(*code))).collect();
        encode(&is_there, Width::One, &mut levels);
        some.extend(codes.iter().copied().filter(|code| is_verdict(*code)));
        &some
    };
    let mut out = Vec::with_capacity(levels.len() + present.len() / 2 + 16);
    out.extend_from_slice(&u32::try_from(levels.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&levels);
    out.push(Width::Three.bits());
    encode(present, Width::Three, &mut out);
    (out, u64::try_from(codes.len() - present.len()).unwrap_or_default())
}

/// The first and the last verdict in the order of their texts.
fn ends(codes: &[u8]) -> (Option<ByteArray>, Option<ByteArray>) {
    let mut order: Vec<(&str, u8)> = Verdict::ALL.iter().map(|it| it.code()).zip(0..).collect();
    order.sort_unstable();
    let is_there = |(_, code): &&(&str, u8)| codes.contains(code);
    let text = |(text, _): &(&str, u8)| ByteArray::from(*text);
    (order.iter().find(is_there).map(text), order.iter().rfind(is_there).map(text))
}
