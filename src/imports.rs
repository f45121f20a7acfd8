//! Imports: the files that rule files name with `dùng:`.
//!
//! Enters: sources and a way to read more. Leaves: every file read once, each with all files that
//! it imports. The core opens no file; [`Imports`] does. Invariant: no file imports itself, not
//! through others either.

use crate::check::ReadFile;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Message};
use crate::source::{Source, SourceId, Sources, Span};
use crate::syntax::{self, Key, Tree};

/// Reads the files that others import.
pub trait Imports {
    /// The file at `path`, as written in the file named `importer`. Its name is the same however it
    /// is reached, so that no file is read twice.
    ///
    /// # Errors
    /// The file lies outside the root, is not there, or is no text.
    fn read(&self, importer: &str, path: &str) -> Result<Source, ImportError>;
}

/// Why a file cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Nothing can be imported here: the text comes from no file.
    #[error("this text imports nothing")]
    NotHere,
    /// There is no such file.
    #[error("there is no such file")]
    NotFound,
    /// The file lies outside the root folder.
    #[error("the file lies outside the root folder")]
    OutsideRoot,
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
}

/// Imports nothing: for texts that stand alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoImports;

impl Imports for NoImports {
    fn read(&self, _: &str, _: &str) -> Result<Source, ImportError> {
        Err(ImportError::NotHere)
    }
}

/// Reads all sources and everything that they import.
pub(crate) fn load(
    sources: &mut Sources,
    imports: &impl Imports,
    found: &mut Diagnostics,
) -> Vec<ReadFile> {
    let mut files: Vec<ReadFile> = Vec::new();
    let mut direct: Vec<Vec<(SourceId, Span)>> = Vec::new();
    let asked: Vec<SourceId> = sources.iter().map(|(id, _)| id).collect();
    let mut waiting: std::collections::VecDeque<SourceId> = asked.iter().copied().collect();
    while let Some(id) = waiting.pop_front() {
        let Some(source) = sources.get(id) else { continue };
        let (tree, problems) = syntax::read(id, source);
        let wanted = uses(source, &tree);
        found.extend(problems);
        let mut reached = Vec::new();
        let mut incomplete = false;
        for (path, span) in wanted {
            let importer = sources.get(id).map(|it| it.name().to_owned()).unwrap_or_default();
            match imports.read(&importer, &path) {
                Err(fault) => {
                    incomplete = true;
                    found.push(fails(&path, span, &fault));
                }
                Ok(read) => {
                    let known = sources.iter().find(|(_, it)| it.name() == read.name());
                    let known = known.map(|(id, _)| id);
                    let target = known.unwrap_or_else(|| {
                        let new = sources.add(read);
                        waiting.push_back(new);
                        new
                    });
                    reached.push((target, span));
                }
            }
        }
        let asked_for = asked.contains(&id);
        files.push(ReadFile { id, tree, imports: Vec::new(), incomplete, asked_for });
        direct.push(reached);
    }
    let mut circles = Vec::new();
    for place in 0..files.len() {
        let (all, circle) = reachable(place, &files, &direct);
        circles.extend(circle.map(|span| (place, span)));
        if let Some(file) = files.get_mut(place) {
            file.imports = all;
        }
    }
    report_circles(&circles, &files, sources, found);
    files
}

/// The paths that a file's `dùng:` lines write.
fn uses(source: &Source, tree: &Tree) -> Vec<(String, Span)> {
    let keys = tree.blocks.iter().flat_map(|block| &block.keys);
    keys.filter(|line| line.key == Key::Use)
        .map(|line| (syntax::shown_text(source, line.value), line.value))
        .filter(|(path, _)| !path.is_empty())
        .map(|(path, span)| (path.trim_matches('"').to_owned(), span))
        .collect()
}

/// All files that one imports, directly or through others, and where it is reached again.
fn reachable(
    start: usize,
    files: &[ReadFile],
    direct: &[Vec<(SourceId, Span)>],
) -> (Vec<SourceId>, Option<Span>) {
    let Some(own) = files.get(start).map(|file| file.id) else { return (Vec::new(), None) };
    let (mut all, mut circle) = (Vec::new(), None);
    let mut waiting: Vec<(SourceId, Span)> =
        direct.get(start).into_iter().flatten().rev().copied().collect();
    while let Some((next, span)) = waiting.pop() {
        if next == own {
            circle = circle.or(Some(span));
            continue;
        }
        if all.contains(&next) {
            continue;
        }
        all.push(next);
        let place = files.iter().position(|file| file.id == next);
        let more = place.and_then(|place| direct.get(place));
        waiting.extend(more.into_iter().flatten().rev().copied());
    }
    (all, circle)
}

/// Reports each circle once, at the line that closes it for its first file.
fn report_circles(
    circles: &[(usize, Span)],
    files: &[ReadFile],
    sources: &Sources,
    found: &mut Diagnostics,
) {
    let file = |place: &usize| files.get(*place);
    for (at, (place, span)) in circles.iter().enumerate() {
        let Some(own) = file(place) else { continue };
        let with_own = |other: &&ReadFile| {
            other.id == own.id
                || (own.imports.contains(&other.id) && other.imports.contains(&own.id))
        };
        let earlier = circles.get(..at).unwrap_or_default();
        if earlier.iter().filter_map(|(place, _)| file(place)).any(|it| with_own(&it)) {
            continue;
        }
        let members = circles.iter().filter_map(|(place, _)| file(place)).filter(with_own);
        let names: Vec<&str> =
            members.filter_map(|it| sources.get(it.id)).map(Source::name).collect();
        let message = match names.as_slice() {
            [_, _, ..] => Message::new(
                format!("các tệp nhập lẫn nhau thành vòng: `{}`", names.join("`, `")),
                format!("the files import each other in a circle: `{}`", names.join("`, `")),
            ),
            _ => Message::new("tệp nhập chính nó", "the file imports itself"),
        };
        found.push(Diagnostic::new(Code::ImportCycle, *span, message));
    }
}

fn fails(path: &str, span: Span, fault: &ImportError) -> Diagnostic {
    let vi = match fault {
        ImportError::NotHere => "văn bản này không nhập được tệp khác".to_owned(),
        ImportError::NotFound => "không có tệp này".to_owned(),
        ImportError::OutsideRoot => "tệp nằm ngoài thư mục gốc".to_owned(),
        ImportError::Unreadable(why) => format!("không đọc được tệp ({why})"),
    };
    let found = Diagnostic::new(
        Code::ImportFails,
        span,
        Message::new(
            format!("không nhập được `{path}`: {vi}"),
            format!("`{path}` cannot be imported: {fault}"),
        ),
    );
    if *fault != ImportError::OutsideRoot {
        return found;
    }
    found.with_help(Message::new(
        "chọn thư mục gốc chứa cả hai tệp, chẳng hạn `--root rules`",
        "choose a root folder that holds both files, such as `--root rules`",
    ))
}
