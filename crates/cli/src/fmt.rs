//! `chitieu fmt`: rule files in canonical layout.
//!
//! Enters: rule files. Leaves: the same files, each written whole or not at all; with `--check`,
//! what would change, on standard output. The one idea: a file that cannot be read has no layout
//! and stays as it is, and the others are written all the same.

use std::io::Write;
use std::path::Path;

use chitieu::diagnostic::render::{self, Style};
use chitieu::diagnostic::{Code, Diagnostic, Diagnostics, Message};
use chitieu::source::{Source, SourceId, Sources, Span};
use chitieu::syntax;
use chitieu_io::{IoError, Output};

use crate::Status;
use crate::args::Fmt;
use crate::console::{Console, Failure, results, wants_color, written};

/// Runs the command.
pub(crate) fn run(args: &Fmt, console: Console) -> Result<Status, Failure> {
    let sources = chitieu_io::load(&args.rules)?;
    let mut found = Diagnostics::new();
    let (mut changed, mut kept) = (0_usize, 0_usize);
    for (id, source) in sources.iter() {
        match syntax::format(id, source) {
            Err(faults) => found.extend(faults.iter().cloned()),
            Ok(text) if args.check => found.extend(difference(id, source, &text)),
            Ok(text) if source.name() == "-" => print(&text)?,
            Ok(text) if text == source.text() => kept += 1,
            Ok(text) => {
                replace(source.name(), &text)?;
                changed += 1;
            }
        }
    }
    if args.check {
        print(&shown(args, &found, &sources, console))?;
    } else {
        if !found.is_empty() {
            console.diagnostics(&found, &sources);
        }
        if changed + kept > 0 {
            console.note(&Message::new(
                format!("đã trình bày lại {changed} tệp, giữ nguyên {kept} tệp"),
                format!("{changed} files laid out anew, {kept} as they were"),
            ));
        }
    }
    Ok(if found.is_empty() { Status::Clean } else { Status::Found })
}

/// Where the layout begins to differ.
fn difference(id: SourceId, source: &Source, text: &str) -> Option<Diagnostic> {
    if text == source.text() {
        return None;
    }
    let mut wanted = text.lines();
    let other = source.lines().find(|line| wanted.next() != Some(line.text));
    let end = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
    let start = other.map_or(end, |line| line.start);
    let length = other.map_or(0, |line| u32::try_from(line.text.len()).unwrap_or(0));
    let span = Span { source: id, start, end: start.saturating_add(length) };
    let message = Message::new(
        "tệp chưa theo dạng trình bày chuẩn, bắt đầu từ dòng này",
        "the file is not in canonical layout, from this line on",
    );
    let help = Message::new(
        format!("chạy `chitieu fmt {}`", source.name()),
        format!("run `chitieu fmt {}`", source.name()),
    );
    Some(Diagnostic::new(Code::Layout, span, message).with_help(help))
}

fn shown(args: &Fmt, found: &Diagnostics, sources: &Sources, console: Console) -> String {
    let style = Style { color: wants_color(args.words.color, &std::io::stdout()) };
    let format = args.format.map_or(render::Format::Human, Into::into);
    let mut text = render::render(found.as_slice(), sources, format, console.lang, style);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Gives a file a new text, whole or not at all.
pub(crate) fn replace(name: &str, text: &str) -> Result<(), Failure> {
    let path = Path::new(name);
    let failed = |source| Failure::from(IoError::Write { name: name.to_owned(), source });
    // A path that is no Unicode is known by another name, under which a new file would appear.
    std::fs::metadata(path).map_err(failed)?;
    let mut output = Output::create(path)?;
    output.write_all(text.as_bytes()).map_err(failed)?;
    output.finish().map_err(Failure::from)
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = results();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(written)
}
