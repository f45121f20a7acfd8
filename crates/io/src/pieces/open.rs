//! Files opened for cutting, one after the other.
//!
//! Enters: paths. Leaves: blocks, and at the end the inputs with their sizes. The one idea: a file
//! is opened when the one before it is cut up, and closed when it is. Invariant: blocks come in the
//! order of the files, and each knows its file.

use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chitieu::Rules;
use chitieu::number::Format;

use super::cut::{CHUNK, LINES, Size};
use super::lines::Lines;
use super::list::List;
use super::table::Rows;
use super::{Block, Cut, Keep, Place, Source, foreign};
use crate::data::{self, begun, kind};
use crate::json::{Reading, Shape};
use crate::paths::{self, read_error};
use crate::stream::unpacked;
use crate::table;
use crate::tables::{self, Stored};
use crate::tally::{Shared, Tally};
use crate::{Asked, Input, InputFormat, IoError, Options};

/// The data of a run, cut into blocks.
///
/// ```
/// use chitieu::Rules;
/// use chitieu_io::{Keep, Options, Pieces, Worker};
/// let path = std::env::temp_dir().join(format!("chitieu-pieces-{}.csv", std::process::id()));
/// std::fs::write(&path, "entity,as_of,tỷ lệ a\nx,2023,41\ny,2023,39\n").unwrap();
/// let rules = Rules::parse("tỷ lệ a >= 40%").unwrap();
/// let options = Options { complete: true, ..Options::default() };
/// let mut pieces = Pieces::open(&[path.clone()], options)?;
/// let mut worker = Worker::new(&rules, Keep::Figures, options);
/// let mut codes = Vec::new();
/// while let Some(block) = pieces.next()? {
///     let piece = worker.read(block);
///     codes.extend_from_slice(rules.evaluate_batch(&piece.batch).codes(0));
/// }
/// assert_eq!(codes, [0, 2]);
/// assert_eq!(pieces.inputs()[0].bytes, 45);
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), chitieu_io::IoError>(())
/// ```
pub struct Pieces {
    files: Vec<paths::File>,
    asked: Asked,
    /// So much is cut off at a time.
    size: Size,
    /// How many files were opened.
    opened: usize,
    current: Option<Opened>,
    inputs: Vec<Input>,
    /// So many of the inputs were named by a block's place.
    named: usize,
}

/// A file being cut.
struct Opened {
    /// How many blocks were cut off.
    blocks: u64,
    source: Box<dyn Source>,
    tally: Shared<Box<dyn Read + Send>>,
    /// The path, and its size and time when its number format was proved.
    proved: Option<(PathBuf, (u64, SystemTime))>,
}

impl std::fmt::Debug for Pieces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pieces").field("inputs", &self.inputs).finish_non_exhaustive()
    }
}

impl Pieces {
    /// Finds the files that paths stand for, as [`crate::read`] does.
    ///
    /// # Errors
    /// A path is not there, a folder holds no data, or a file is of a format that is not read.
    pub fn open(paths: &[PathBuf], options: Options) -> Result<Self, IoError> {
        let files = data::files(paths, options)?;
        let asked = Asked { options, keep: Keep::Figures, rules: None, most: LINES };
        let (current, inputs) = (None, Vec::new());
        let size = Size { bytes: CHUNK, lines: LINES };
        Ok(Self { files, asked, size, opened: 0, current, inputs, named: 0 })
    }

    /// Says what the workers want: of a table that stores its columns apart, those alone are read
    /// that these rules know.
    #[must_use]
    pub fn wanted_for(self, keep: Keep, rules: &Rules) -> Self {
        let asked = Asked { keep, rules: Some(rules.clone()), ..self.asked };
        Self { asked, ..self }
    }

    /// Cuts about so many bytes off at a time, at least one line; nothing else depends on it.
    #[must_use]
    pub fn in_chunks_of(self, bytes: usize) -> Self {
        Self { size: Size { bytes: bytes.max(1), ..self.size }, ..self }
    }

    /// Cuts about so many records off at a time at most, or rows of a long table, so that what is
    /// made of them is bounded too; nothing else depends on it.
    #[must_use]
    pub fn of_most(self, records: usize) -> Self {
        let lines = records.clamp(1, LINES);
        let asked = Asked { most: lines, ..self.asked };
        Self { size: Size { lines, ..self.size }, asked, ..self }
    }

    /// The next block.
    ///
    /// # Errors
    /// Those of [`crate::read`], behind the blocks that stand before the fault.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot end in an error")]
    pub fn next(&mut self) -> Result<Option<Block>, IoError> {
        loop {
            if let Some(opened) = &mut self.current {
                if let Some(cut) = opened.source.next()? {
                    opened.blocks = opened.blocks.saturating_add(1);
                    let place = self.place();
                    return Ok(Some(Block { file: self.opened - 1, cut, place }));
                }
                self.close()?;
            }
            let Some(file) = self.files.get(self.opened) else { return Ok(None) };
            self.current = opened(file, &self.asked, self.size)?;
            self.opened += 1;
        }
    }

    /// Goes on behind a block that an earlier run cut off, with the same options. What stands
    /// before it is read again, held against what was read then, and not cut.
    ///
    /// # Errors
    /// A file cannot be read, or is not what it was: [`IoError::Otherwise`].
    pub fn resume(&mut self, place: &Place, closed: &[Input]) -> Result<(), IoError> {
        for (file, input) in self.files.iter().zip(closed) {
            let mut tally =
                Tally::new(data::open(&file.name, file.path.as_deref())?, self.asked.options);
            io::copy(&mut tally, &mut io::sink())
                .map_err(|source| read_error(&file.name, source))?;
            if tally.finish() != (input.bytes, input.sha256.clone()) {
                return Err(IoError::Otherwise { name: file.name.clone() });
            }
        }
        self.inputs = closed.to_vec();
        self.named = closed.len();
        self.opened = closed.len();
        let Some(file) = self.files.get(self.opened).filter(|_| place.blocks > 0) else {
            return Ok(());
        };
        self.current = opened(file, &self.asked, self.size)?;
        self.opened += 1;
        let otherwise = || IoError::Otherwise { name: file.name.clone() };
        let opened = self.current.as_mut().ok_or_else(otherwise)?;
        let mut last = None;
        while opened.blocks < place.blocks {
            last = Some(opened.source.next()?.ok_or_else(otherwise)?);
            opened.blocks = opened.blocks.saturating_add(1);
        }
        // A place is noted of no block behind one that ends its file.
        if let Some(cut) = last {
            cut.look();
        }
        let sums = (place.bytes, Some(place.sha256.clone()));
        if opened.tally.sums() == sums { Ok(()) } else { Err(otherwise()) }
    }

    /// Where the last block ends, where digests are taken.
    fn place(&mut self) -> Option<Place> {
        let opened = self.current.as_ref().filter(|_| self.asked.options.digest)?;
        let (bytes, sha256) = opened.tally.sums();
        let closed = self.inputs.get(self.named..).unwrap_or_default().to_vec();
        self.named = self.inputs.len();
        Some(Place { blocks: opened.blocks, bytes, sha256: sha256?, closed })
    }

    /// The files that will be read, by the words of the user, with the path of each that has one.
    pub fn files(&self) -> impl Iterator<Item = (&str, Option<&Path>)> {
        self.files.iter().map(|file| (file.name.as_str(), file.path.as_deref()))
    }

    /// The files that were read, with their sizes and digests; records are counted in the pieces.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    fn close(&mut self) -> Result<(), IoError> {
        let file = self.opened.checked_sub(1).and_then(|place| self.files.get(place));
        let (Some(file), Some(opened)) = (file, self.current.take()) else { return Ok(()) };
        let name = file.name.clone();
        if let Some((path, before)) = &opened.proved
            && data::stamp(&name, path)? != *before
        {
            return Err(IoError::Changed { name });
        }
        let sums = opened.tally.finish().map_err(|source| read_error(&name, source))?;
        let (bytes, sha256) = sums;
        self.inputs.push(Input { name, bytes, sha256, ..Input::default() });
        Ok(())
    }
}

/// Opens a file.
fn opened(file: &paths::File, asked: &Asked, size: Size) -> Result<Option<Opened>, IoError> {
    let options = asked.options;
    let name = file.name.as_str();
    let stream = data::open(name, file.path.as_deref())?;
    let tally = Shared::new(Tally::new(stream, options));
    let (head, text) = begun(name, unpacked(name, tally.clone())?)?;
    let failed = |source| read_error(name, source);
    let (source, proved): (Box<dyn Source>, _) =
        match options.format.unwrap_or_else(|| kind(name, &head)) {
            InputFormat::Csv => {
                let (format, text, proved) = format(name, text, data::again(file), options)?;
                (csv(name, text, format, options, size)?, proved)
            }
            kind if kind.foreign().is_some() => {
                let stored = tables::stored(name, kind, text, data::again(file))?;
                return foreign(stored, tally, asked).map(Some);
            }
            kind => {
                let lines = kind == InputFormat::Ndjson;
                let source: Box<dyn Source> = match Shape::tell(text, lines).map_err(failed)? {
                    Shape::Lines(lines) => Box::new(Lines::new(name, lines.into_input(), size)),
                    Shape::Documents(list) => {
                        let (name, fallback) = (name.into(), options.fallback);
                        let reading = Reading { name, fallback, is_document: true };
                        Box::new(List::new(reading, list.into_input(), size))
                    }
                };
                (source, None)
            }
        };
    Ok(Some(Opened { blocks: 0, source, tally, proved }))
}

/// Opens a table that is no text. One that is read in place is not read once more for its size.
fn foreign(
    file: Stored<'static>,
    tally: Shared<Box<dyn Read + Send>>,
    asked: &Asked,
) -> Result<Opened, IoError> {
    let (name, again) = (file.name.clone(), file.again()?);
    let proved = again.stamped.map(|(stamp, path)| (path, stamp));
    let tally = match &proved {
        Some((_, (bytes, _))) if !asked.options.digest => {
            let meter = asked.options.meter;
            Shared::new(Tally::counted(
                Box::new(io::empty()) as Box<dyn Read + Send>,
                *bytes,
                meter,
            ))
        }
        _ => tally,
    };
    let source = foreign::source(tables::opened(file, asked)?, asked.options);
    // Its parts may lie anywhere: a place in it stands for all of its bytes.
    tally.drain().map_err(|source| read_error(&name, source))?;
    Ok(Opened { blocks: 0, source, tally, proved })
}

/// What a file proves, its text from the beginning, and its path with what it was like then.
type Proved = (Option<Format>, Box<dyn BufRead + Send>, Option<(PathBuf, (u64, SystemTime))>);

/// The number format of a table: said, or proved by all its cells.
fn format(
    name: &str,
    mut text: impl BufRead + Send + 'static,
    again: Option<&Path>,
    options: Options,
) -> Result<Proved, IoError> {
    match (options.numbers, again) {
        (Some(format), _) => Ok((Some(format), Box::new(text), None)),
        (None, Some(path)) => {
            let before = data::stamp(name, path)?;
            let format = data::proven(name, path)?;
            Ok((format, Box::new(text), Some((path.to_owned(), before))))
        }
        (None, None) => {
            let mut held = Vec::new();
            text.read_to_end(&mut held).map_err(|source| read_error(name, source))?;
            let format = table::prove(name, held.as_slice())?;
            Ok((format, Box::new(io::Cursor::new(held)), None))
        }
    }
}

fn csv(
    name: &str,
    text: Box<dyn BufRead + Send>,
    format: Option<Format>,
    options: Options,
    size: Size,
) -> Result<Box<dyn Source>, IoError> {
    Ok(match Rows::open(name, text, format, options, size)? {
        Some(rows) => Box::new(rows),
        None => Box::new(Nothing),
    })
}

/// A file without a record.
struct Nothing;

impl Source for Nothing {
    fn next(&mut self) -> Result<Option<Box<dyn Cut>>, IoError> {
        Ok(None)
    }
}
