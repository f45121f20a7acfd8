//! Cases as they stand in Markdown: a heading, prose, fenced blocks.
//!
//! Enters: the files of a folder. Leaves: cases with their blocks and line numbers. The one idea: a
//! block is known by its first word; anything outside blocks is prose, but for `as-of: DATE`.
//! Invariant: an unknown kind of block stops the run, so that no expectation is skipped in silence.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of all cases.
pub(super) fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// One case: everything between two `##` headings that holds a block.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(super) file: PathBuf,
    pub(crate) title: String,
    pub(super) as_of: Option<String>,
    pub(super) blocks: Vec<Block>,
}

/// What a fenced block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A rule file; `escaped` turns `\u{a0}` into the character.
    Rules { escaped: bool },
    /// One record, or a list of them.
    Json,
    /// The records that come out, all of them, in order.
    Verdicts,
    /// The diagnostics that come out, all of them, in order.
    Diagnostics { english: bool },
    /// The first rule file after the fix of this number, from 1, of the first diagnostic.
    Fixed { number: usize },
}

/// A fenced block.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// The name of a rule file; mostly empty.
    pub(super) name: String,
    /// The line of the file on which its text begins, from 1.
    pub(super) line: usize,
    pub(super) text: String,
}

impl Case {
    /// The blocks of one kind.
    pub(super) fn of(&self, wanted: impl Fn(Kind) -> bool) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| wanted(block.kind))
    }

    /// The rule texts with their names.
    pub(crate) fn rules(&self) -> Vec<(String, String)> {
        self.of(|kind| matches!(kind, Kind::Rules { .. }))
            .map(|block| (block.name.clone(), block.rules()))
            .collect()
    }

    /// The case with each rule text changed.
    pub(crate) fn with_rules(mut self, change: impl Fn(&str) -> String) -> Self {
        for block in &mut self.blocks {
            if matches!(block.kind, Kind::Rules { .. }) {
                (block.text, block.kind) = (change(&block.rules()), Kind::Rules { escaped: false });
            }
        }
        self
    }

    /// Gives the rule file of this number another text.
    pub(super) fn replace_rules(&mut self, number: u32, text: &str) {
        let files = self.blocks.iter_mut().filter(|it| matches!(it.kind, Kind::Rules { .. }));
        if let Some(block) = files.zip(0..).find_map(|(it, at)| (at == number).then_some(it)) {
            (block.kind, block.text) = (Kind::Rules { escaped: false }, text.to_owned());
        }
    }

    /// `good/names.md:12: title`, for messages about the line.
    pub(crate) fn at(&self, line: usize) -> String {
        let file = self.file.strip_prefix(corpus()).unwrap_or(&self.file);
        format!("{}:{line}: {}", file.display(), self.title)
    }
}

impl Block {
    fn rules(&self) -> String {
        let Kind::Rules { escaped: true } = self.kind else { return self.text.clone() };
        let mut pieces = self.text.split("\\u{");
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (code, rest) = piece.split_once('}').expect("an escape ends in `}`");
            let letter = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
            out.push(letter.expect("an escape names a character"));
            out.push_str(rest);
        }
        out
    }
}

/// All cases of one folder below the corpus, in the order of their files. `open` is not there
/// while nothing is open.
pub(crate) fn read_folder(folder: &str) -> Vec<Case> {
    let open = folder == "open";
    let folder = corpus().join(folder);
    if open && !folder.exists() {
        return Vec::new();
    }
    let entries = fs::read_dir(&folder).expect("the folder of cases");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "md"));
    files.sort();
    files.iter().flat_map(|file| read_file(file)).collect()
}

fn read_file(file: &Path) -> Vec<Case> {
    cases_of(file, &fs::read_to_string(file).expect("a readable file"))
}

/// All cases of one text, which stands for the file.
pub(crate) fn cases_of(file: &Path, text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut case = new_case(file, "");
    let mut lines = text.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            cases.push(std::mem::replace(&mut case, new_case(file, title)));
        } else if let Some(date) = line.strip_prefix("as-of: ") {
            case.as_of = Some(date.trim().to_owned());
        } else if let Some(info) = line.strip_prefix("```") {
            let (kind, name) = kind(info, &case.at(number));
            let body: Vec<&str> =
                lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```").collect();
            let text = body.iter().flat_map(|line| [*line, "\n"]).collect();
            case.blocks.push(Block { kind, name, line: number + 1, text });
        }
    }
    cases.push(case);
    cases.retain(|case| !case.blocks.is_empty());
    cases
}

fn new_case(file: &Path, title: &str) -> Case {
    Case { file: file.to_owned(), title: title.trim().to_owned(), as_of: None, blocks: Vec::new() }
}

fn kind(info: &str, place: &str) -> (Kind, String) {
    let words: Vec<&str> = info.split_whitespace().collect();
    let kind = match words.as_slice() {
        ["chitieu", rest @ ..] => Kind::Rules { escaped: rest.contains(&"escaped") },
        ["json"] => Kind::Json,
        ["verdicts"] => Kind::Verdicts,
        ["diagnostics", rest @ ..] => Kind::Diagnostics { english: rest.contains(&"en") },
        ["fixed", number] => Kind::Fixed { number: number.parse().expect("the number of a fix") },
        _ => panic!("{place}: no such block: `{info}`"),
    };
    let name = words.iter().find(|word| word.ends_with(".chitieu")).copied().unwrap_or_default();
    (kind, name.to_owned())
}
