//! The bytes of a file on their way to the readers of records.
//!
//! Enters: a stream as it stands on the disk. Leaves: text as UTF-8, unpacked, or the name of a
//! format that nobody here reads. The one idea: what a stream is shows in its first bytes, whatever
//! its name. Invariant: memory holds a buffer, or the whole text where it is UTF-16.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use chitieu::source::Source;
use flate2::bufread::MultiGzDecoder;

use crate::IoError;
use crate::paths::read_error;

/// A stream reads in pieces of this size.
const BUFFER: usize = 1 << 18;
/// So many bytes tell what a stream is.
const HEAD: usize = 4_096;

/// A stream, unpacked where it is packed, as UTF-8.
pub(crate) fn unpacked<'a>(
    name: &str,
    stream: impl Read + Send + 'a,
) -> Result<Box<dyn BufRead + Send + 'a>, IoError> {
    let failed = |source| read_error(name, source);
    let (head, packed) = peeked(BufReader::with_capacity(BUFFER, stream)).map_err(failed)?;
    let plain: Box<dyn BufRead + Send + 'a> = match head.as_slice() {
        [0x1f, 0x8b, ..] => Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(packed))),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let decoder = zstd::stream::read::Decoder::with_buffer(packed).map_err(failed)?;
            Box::new(BufReader::with_capacity(BUFFER, decoder))
        }
        _ => Box::new(packed),
    };
    let (head, mut plain) = peeked(plain).map_err(failed)?;
    if let Some(format) = magic(&head) {
        return Err(IoError::Format { name: name.to_owned(), format });
    }
    if !matches!(head.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return Ok(Box::new(plain));
    }
    let mut bytes = Vec::new();
    plain.read_to_end(&mut bytes).map_err(failed)?;
    let text = Source::from_bytes(name, &bytes)?.text().to_owned();
    Ok(Box::new(Cursor::new(text)))
}

/// A stream whose beginning was looked at.
pub(crate) type Peeked<R> = io::Chain<Cursor<Vec<u8>>, R>;

/// The beginning of a stream, and the whole stream.
pub(crate) fn peeked<R: BufRead>(mut stream: R) -> io::Result<(Vec<u8>, Peeked<R>)> {
    let mut head = Vec::new();
    stream.by_ref().take(u64::try_from(HEAD).unwrap_or(0)).read_to_end(&mut head)?;
    Ok((head.clone(), Cursor::new(head).chain(stream)))
}

/// Drops the byte order mark of UTF-8.
pub(crate) fn skip_mark(input: &mut impl BufRead) -> io::Result<()> {
    if input.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        input.consume(3);
    }
    Ok(())
}

/// The format that the first bytes name, where it is not read.
fn magic(head: &[u8]) -> Option<&'static str> {
    Some(match head {
        [0x1f, 0x8b, ..] => "gzip",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "zstd",
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => "Excel",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn streams_are_unpacked() {
        let text = "chỉ số\n".repeat(100_000);
        let wide: Vec<u8> =
            format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let two = [gzip(&text.as_bytes()[..9]), gzip(&text.as_bytes()[9..])].concat();
        let packed = zstd::encode_all(text.as_bytes(), 1).unwrap();
        for bytes in [text.as_bytes().to_owned(), wide.clone(), gzip(&wide), two, packed] {
            let mut read = String::new();
            unpacked("x", bytes.as_slice()).unwrap().read_to_string(&mut read).unwrap();
            assert_eq!(read.trim_start_matches('\u{feff}'), text);
        }
        let cut = gzip(text.as_bytes());
        let mut read = Vec::new();
        let mut stream = unpacked("x", &cut[..cut.len() / 2]).unwrap();
        assert!(stream.read_to_end(&mut read).is_err());
    }

    #[test]
    fn formats_that_are_not_read_are_named() {
        let packed_twice = gzip(&gzip(b"x"));
        for bytes in [&b"PK\x03\x04"[..], b"\xd0\xcf\x11\xe0", &packed_twice] {
            let read = unpacked("x", bytes);
            assert!(matches!(read.err(), Some(IoError::Format { .. })));
        }
    }
}
