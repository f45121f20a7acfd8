//! A run that goes on where it was killed.
//!
//! Enters: what a run says as it goes. Leaves: finished parts in a folder, and at the end all of
//! them in order. The one idea: a part counts once its state stands beside it; the state is written
//! last, under another name that it then gives up, and names the part's length and SHA-256.
//! Invariant: whenever the program dies, the finished parts are a beginning of the undisturbed run;
//! what follows them is done again.

mod folder;
mod job;
mod kept;
mod part;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use chitieu::diagnostic::Message;
use chitieu_io::{Input, IoError, Place};

use folder::Unsettled;
pub(super) use job::Job;
use kept::{Kept, Take};
pub(super) use part::Stretch;
use part::{Growing, State};

use super::shape::{Chunk, Shape};
use crate::console::{Console, Failure, failure};

/// A part ends with so many bytes of the data, or of results and rejects,
const BYTES: u64 = 8 << 20;
/// or with so many records: a packed input has few bytes.
const RECORDS: u64 = 1 << 17;
/// Parts are read again in pieces of this size.
const PIECE: usize = 1 << 20;

/// The folder of a run that can go on.
#[derive(Debug)]
pub(super) struct Checkpoint {
    folder: PathBuf,
    /// Held by one run at a time.
    _lock: File,
    /// How many parts are finished.
    finished: u64,
    /// The SHA-256 of the last state.
    chain: String,
    results: Kept,
    rejects: Growing,
    unsettled: Unsettled,
    /// The bytes of all inputs that ended.
    bytes: u64,
    /// So many bytes of the data were read for the finished parts.
    reached: u64,
    /// All input was taken.
    is_over: bool,
    /// How many inputs ended, in all parts; and those that ended in this part.
    named: usize,
    closed: Vec<Input>,
    stretch: Stretch,
}

/// What the finished parts say together.
#[derive(Debug)]
pub(super) struct Resumed {
    /// Where the input goes on; nothing at its beginning.
    pub(super) place: Option<Place>,
    /// The inputs that ended before.
    pub(super) closed: Vec<Input>,
    /// What the parts counted together.
    pub(super) stretch: Stretch,
    parts: u64,
    /// All input was taken.
    pub(super) is_over: bool,
    /// Behind them stood a part that is not finished.
    has_left: bool,
}

impl Resumed {
    /// Says what is gone on with.
    pub(super) fn told(&self, folder: &Path, console: Console) {
        let (name, parts, read) = (folder.to_string_lossy(), self.parts, self.stretch.read());
        if parts > 0 {
            console.note(&Message::new(
                format!(
                    "chạy tiếp từ điểm dừng trong `{name}`: đã xong {parts} phần, {read} bản ghi"
                ),
                format!("going on from `{name}`: {parts} parts with {read} records are done"),
            ));
        }
        if self.has_left {
            let next = parts + 1;
            console.note(&Message::new(
                format!("phần {next} chưa trọn vẹn nên làm lại từ phần đó"),
                format!("part {next} is not whole: what begins with it is done again"),
            ));
        }
    }
}

impl Checkpoint {
    /// Opens a folder for a job, and finds the parts that are finished. What is not is removed.
    pub(super) fn open(path: &Path, job: &Job) -> Result<(Self, Resumed), Failure> {
        let lock = folder::enter(path)?;
        folder::check(path, job)?;
        let mut checkpoint = Self {
            folder: path.to_owned(),
            _lock: lock,
            finished: 0,
            chain: String::new(),
            results: Kept::at(PathBuf::new()),
            rejects: Growing::default(),
            unsettled: Unsettled::default(),
            bytes: 0,
            reached: 0,
            is_over: false,
            named: 0,
            closed: Vec::new(),
            stretch: Stretch::default(),
        };
        let mut resumed = checkpoint.verified();
        (checkpoint.named, checkpoint.is_over) = (resumed.closed.len(), resumed.is_over);
        checkpoint.bytes = sizes(&resumed.closed);
        let of_last = resumed.place.as_ref().map_or(0, |place| place.bytes);
        checkpoint.reached = checkpoint.bytes.saturating_add(of_last);
        resumed.has_left = folder::remove_behind(path, checkpoint.finished)?;
        checkpoint.begin();
        Ok((checkpoint, resumed))
    }

    /// Goes through the parts from the first; the first that is not whole ends them.
    fn verified(&mut self) -> Resumed {
        let (place, closed, stretch) = Default::default();
        let (parts, is_over, has_left) = (0, false, false);
        let mut resumed = Resumed { place, closed, stretch, parts, is_over, has_left };
        while let Some((state, digest)) = State::read(&self.path(self.finished + 1, "state")) {
            let part = self.finished + 1;
            let is_next = state.part == part && state.before == self.chain && !resumed.is_over;
            let is_whole = state.results.fits(&self.path(part, "results"))
                && state.rejects.fits(&self.path(part, "rejects"));
            if !is_next || !is_whole {
                break;
            }
            (self.finished, self.chain) = (part, digest);
            let (place, closed, is_over) = state.place();
            resumed.is_over = is_over;
            resumed.place = (!is_over).then_some(place);
            resumed.closed.extend(closed);
            resumed.stretch.add(state.stretch);
        }
        resumed.parts = self.finished;
        resumed
    }

    fn path(&self, part: u64, ending: &str) -> PathBuf {
        self.folder.join(folder::part_name(part, ending))
    }

    /// The next part begins.
    fn begin(&mut self) {
        let part = self.finished + 1;
        self.results = Kept::at(self.path(part, "results"));
        self.rejects = Growing::at(self.path(part, "rejects"));
        self.stretch = Stretch::default();
    }

    /// Takes results, which stand behind all that were taken before.
    pub(super) fn results(&mut self, chunk: Chunk, shape: &Shape<'_>) -> Result<(), Failure> {
        self.results.take(chunk, shape)
    }

    /// Takes the line of a reject.
    pub(super) fn reject(&mut self, line: &[u8]) -> Result<(), Failure> {
        self.rejects.write(line).map_err(unwritten(self.rejects.path()))
    }

    /// A block ends here, and all that it says was taken.
    pub(super) fn block(&mut self, stretch: Stretch, mut place: Place) -> Result<(), Failure> {
        self.stretch.add(stretch);
        self.named += place.closed.len();
        self.bytes = sizes(&place.closed).saturating_add(self.bytes);
        self.closed.append(&mut place.closed);
        let written = self.results.bytes().saturating_add(self.rejects.bytes());
        let reached = self.bytes.saturating_add(place.bytes);
        let read = reached.saturating_sub(self.reached);
        if written.max(read) < BYTES && self.stretch.read() < RECORDS {
            return Ok(());
        }
        self.reached = reached;
        self.commit(Some(&place))
    }

    /// All input was taken; `inputs` are those of the whole run.
    pub(super) fn end(&mut self, inputs: &[Input]) -> Result<(), Failure> {
        if self.is_over {
            return Ok(());
        }
        self.closed.extend_from_slice(inputs.get(self.named..).unwrap_or_default());
        self.commit(None)
    }

    /// Finishes the part: its bytes are written before its state is.
    fn commit(&mut self, place: Option<&Place>) -> Result<(), Failure> {
        let part = self.finished + 1;
        let results = std::mem::replace(&mut self.results, Kept::at(PathBuf::new()));
        let (results, rejects) = (results.finish()?, self.rejects.finish()?);
        let stretch = std::mem::take(&mut self.stretch);
        let closed = std::mem::take(&mut self.closed);
        let before = std::mem::take(&mut self.chain);
        let state = State::new(part, before, [results, rejects], place, closed, stretch);
        self.chain = folder::put(&self.folder, &folder::part_name(part, "state"), &state)?;
        let names = ["results", "rejects", "state"].map(|ending| folder::part_name(part, ending));
        self.unsettled.add(&self.folder, names)?;
        self.finished = part;
        self.begin();
        Ok(())
    }

    /// How many parts are finished.
    pub(super) const fn parts(&self) -> u64 {
        self.finished
    }

    /// Hands the results of a part on.
    pub(super) fn pour_results(
        &self,
        part: u64,
        shape: &Shape<'_>,
        take: Take<'_, Chunk>,
    ) -> Result<(), Failure> {
        kept::results(&self.path(part, "results"), shape, take)
    }

    /// Hands the lines of all rejects on.
    pub(super) fn pour_rejects(&self, take: Take<'_, Vec<u8>>) -> Result<(), Failure> {
        let mut parts = 1..=self.finished;
        parts.try_for_each(|part| kept::lines(&self.path(part, "rejects"), take))
    }

    /// The results are in their place: the folder is left empty.
    pub(super) fn remove(self) -> Result<(), Failure> {
        folder::remove_behind(&self.folder, 0)?;
        folder::leave(&self.folder)
    }
}

fn sizes(inputs: &[Input]) -> u64 {
    inputs.iter().fold(0, |sum, input| sum.saturating_add(input.bytes))
}

/// Ends a run that cannot go on, with what to do.
fn refused<T>(folder: &Path, vi: &str, en: &str) -> Result<T, Failure> {
    let name = folder.to_string_lossy();
    failure(
        format!(
            "không chạy tiếp được từ `{name}`: {vi}; đưa về như cũ rồi gõ lại lệnh, hoặc xóa thư \
             mục đó để làm lại từ đầu"
        ),
        format!(
            "cannot go on from `{name}`: {en}; put it back as it was and type the command again, \
             or remove that folder to begin anew"
        ),
    )
}

/// Says of a file of the input that it changed.
pub(super) fn changed(folder: &Path, error: IoError) -> Failure {
    let IoError::Otherwise { name } = error else { return error.into() };
    let refusal = refused::<()>(
        folder,
        &format!("nội dung tệp `{name}` đã đổi so với lần chạy trước"),
        &format!("the content of `{name}` changed since the run before"),
    );
    refusal.err().unwrap_or(Failure::Shown)
}

fn unwritten(path: &Path) -> impl Fn(io::Error) -> Failure {
    let name = path.to_string_lossy().into_owned();
    move |source| IoError::Write { name: name.clone(), source }.into()
}

/// Removes a file that may be gone.
fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritten(path)(error)),
        _ => Ok(()),
    }
}
