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
    /// A rule file; `escaped` turns `\u{a0}` into the character; an imported one is read only where
    /// another one names it.
    Rules { escaped: bool, imported: bool },
    /// One record, or a list of them.
    Json,
    /// The records that come out, all of them, in order.
    Verdicts,
    /// What the tests in the rules come to, all of them, in order.
    Trials,
    /// The totals of points, all of them, in order.
    Scores,
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

    /// The rule texts that are asked for themselves, with their names.
    pub(crate) fn asked(&self) -> Vec<(String, String)> {
        self.of(|kind| matches!(kind, Kind::Rules { imported: false, .. }))
            .map(|block| (block.name.clone(), block.rules()))
            .collect()
    }

    /// The texts of the data.
    pub(crate) fn data(&self) -> impl Iterator<Item = &str> {
        self.of(|kind| kind == Kind::Json).map(|block| block.text.as_str())
    }

    /// Whether the figures of the case decide something: met, exceeded, not met or not due.
    pub(crate) fn decides(&self) -> bool {
        let words = ["-> met", "-> exceeded", "-> not_met", "-> not_due"];
        let mut verdicts = self.of(|kind| kind == Kind::Verdicts);
        verdicts.any(|block| words.iter().any(|word| block.text.contains(word)))
    }

    /// The case with each rule text changed.
    pub(crate) fn with_rules(mut self, change: impl Fn(&str) -> String) -> Self {
        for block in &mut self.blocks {
            if let Kind::Rules { imported, .. } = block.kind {
                block.text = change(&block.rules());
                block.kind = Kind::Rules { escaped: false, imported };
            }
        }
        self
    }

    /// Gives the rule file of this number another text.
    pub(super) fn replace_rules(&mut self, number: u32, text: &str) {
        let files = self.blocks.iter_mut().filter(|it| matches!(it.kind, Kind::Rules { .. }));
        if let Some(block) = files.zip(0..).find_map(|(it, at)| (at == number).then_some(it)) {
            let imported = matches!(block.kind, Kind::Rules { imported: true, .. });
            block.kind = Kind::Rules { escaped: false, imported };
            text.clone_into(&mut block.text);
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
        let Kind::Rules { escaped: true, .. } = self.kind else { return self.text.clone() };
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

/// All cases of one folder below the corpus, in the order of their files. Without open cases there
/// is no folder of them.
pub(crate) fn read_folder(name: &str) -> Vec<Case> {
    let folder = corpus().join(name);
    if name == "open" && !folder.exists() {
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
        ["chitieu", rest @ ..] => {
            Kind::Rules { escaped: rest.contains(&"escaped"), imported: rest.contains(&"imported") }
        }
        ["json"] => Kind::Json,
        ["verdicts"] => Kind::Verdicts,
        ["trials"] => Kind::Trials,
        ["scores"] => Kind::Scores,
        ["diagnostics", rest @ ..] => Kind::Diagnostics { english: rest.contains(&"en") },
        ["fixed", number] => Kind::Fixed { number: number.parse().expect("the number of a fix") },
        _ => panic!("{place}: no such block: `{info}`"),
    };
    let name = words.iter().find(|word| word.ends_with(".chitieu")).copied().unwrap_or_default();
    (kind, name.to_owned())
}
