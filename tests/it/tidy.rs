//! Tidiness: the promises of ARCHITECTURE.md and CONTRIBUTING.md that a scan of the text can hold.
//!
//! Enters: the files of the repository. Leaves: every line that breaks a promise, with its place.
//! The one idea: house rules are tests, so that no reviewer has to remember them. Invariant: every
//! rule names the file and line that it is about, and all breaches are shown at once.

use std::fs;
use std::path::{Path, PathBuf};

use chitieu::diagnostic::Message;

use crate::corpus;

/// What may stand in the root folder.
const ROOT: [&str; 28] = [
    ".ci",
    ".git",
    ".gitattributes",
    ".github",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "benches",
    "bindings",
    "clippy.toml",
    "crates",
    "deny.toml",
    "docs",
    "examples",
    "fuzz",
    "grammar",
    "rules",
    "rustfmt.toml",
    ".cargo",
    "src",
    "target",
    "tests",
];

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 70;
const LINE_CHARACTERS: usize = 100;

/// The layers of the library from the bottom: a module names only those that its row lists.
/// `check::model` stands for the model alone; `check` for all of it.
const LAYERS: [(&str, &str); 21] = [
    ("source", ""),
    ("text", "source"),
    ("number", ""),
    ("unit", "number text"),
    ("calendar", "text"),
    ("diagnostic", "source text"),
    ("syntax", "diagnostic source text number"),
    ("check", "syntax diagnostic source text number unit calendar"),
    ("verdict", "check::model diagnostic source text number unit calendar"),
    ("snapshot", "verdict check::model diagnostic source text number unit calendar"),
    ("program", "check::model diagnostic text number unit calendar"),
    ("reference", "snapshot verdict check::model diagnostic text number unit calendar"),
    (
        "eval",
        "program reference snapshot verdict check::model diagnostic text number unit calendar",
    ),
    ("score", "reference snapshot verdict check::model text number calendar"),
    (
        "report",
        "score reference snapshot verdict check::model diagnostic text number unit calendar",
    ),
    (
        "explain",
        "report reference snapshot verdict check::model diagnostic text number unit calendar",
    ),
    (
        "audit",
        "explain reference snapshot verdict check::model diagnostic source text number unit \
         calendar",
    ),
    ("diff", "diagnostic"),
    ("imports", "check syntax diagnostic source text"),
    (
        "trial",
        "explain reference snapshot verdict check::model diagnostic source text number unit \
         calendar",
    ),
    (
        "rules",
        "imports trial eval program reference report explain snapshot verdict check syntax \
         diagnostic source text number unit calendar",
    ),
];

/// What stands outside of the layers, each with its reason.
const EXCEPTIONS: [(&str, &str); 2] = [
    // A test in a rule file expects a verdict, which is a plain code.
    ("check", "verdict::Verdict"),
    // Tests of reports make models by hand, with places.
    ("report", "source"),
];

/// A file of Rust with its path from the root.
struct File {
    path: String,
    text: String,
}

impl File {
    /// The lines with their numbers, without comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().zip(1..);
        lines.map(|(line, number)| (number, without_comment(line)))
    }

    /// The module of the library that the file belongs to.
    fn module(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        let first = below.split('/').next()?;
        let name = first.strip_suffix(".rs").unwrap_or(first);
        (name != "lib").then_some(name)
    }
}

/// The line up to a `//` that does not stand in a string.
fn without_comment(line: &str) -> &str {
    let (mut quoted, mut before) = (false, ' ');
    for (at, letter) in line.char_indices() {
        match letter {
            '"' if before != '\\' && before != '\'' => quoted = !quoted,
            '/' if !quoted && before == '/' => return &line[..at - 1],
            _ => {}
        }
        before = letter;
    }
    line
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below some folders.
fn rust_files(folders: &[&str]) -> Vec<File> {
    let mut files = Vec::new();
    for folder in folders {
        walk(&root().join(folder), &mut files);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 3, "the files of {folders:?} are found");
    files
}

fn walk(folder: &Path, files: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    for path in paths {
        if path.is_dir() && !path.ends_with("target") {
            walk(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a readable file");
            let path = path.strip_prefix(root()).expect("a path below the root");
            let path = path.to_string_lossy().replace('\\', "/");
            files.push(File { path, text });
        }
    }
}

const LIBRARY: [&str; 1] = ["src"];
const EVERYTHING: [&str; 4] = ["src", "crates", "tests/it", "benches"];

fn none(breaches: &[String]) {
    assert!(breaches.is_empty(), "{} breaches\n{}", breaches.len(), breaches.join("\n"));
}

#[test]
fn files_and_lines_are_short() {
    let mut breaches = Vec::new();
    for file in rust_files(&EVERYTHING) {
        let lines = file.text.lines().count();
        if lines > FILE_LINES {
            breaches.push(format!("{}: {lines} lines", file.path));
        }
        for (line, number) in file.text.lines().zip(1..) {
            let characters = line.chars().count();
            if characters > LINE_CHARACTERS {
                breaches.push(format!("{}:{number}: {characters} characters", file.path));
            }
            if line.ends_with([' ', '\t']) || line.contains('\t') {
                breaches.push(format!("{}:{number}: a tab, or white space at the end", file.path));
            }
        }
    }
    none(&breaches);
}

#[test]
fn functions_are_short() {
    let mut breaches = Vec::new();
    for file in rust_files(&EVERYTHING) {
        let mut open: Vec<(usize, usize)> = Vec::new();
        for (number, line) in file.code() {
            let indent = line.len() - line.trim_start().len();
            let bare = line.trim();
            let begins = bare.starts_with("fn ") || bare.contains(" fn ");
            if begins && !bare.ends_with(';') && !bare.ends_with('}') {
                open.push((indent, number));
            }
            let closes = line.trim_start().starts_with('}');
            while let Some(&(deep, start)) = open.last().filter(|it| closes && it.0 >= indent) {
                open.pop();
                let lines = number - start + 1;
                if deep == indent && lines > FUNCTION_LINES {
                    breaches.push(format!("{}:{start}: a function of {lines} lines", file.path));
                }
            }
        }
    }
    none(&breaches);
}

#[test]
fn every_file_says_what_it_is() {
    let mut breaches = Vec::new();
    for file in rust_files(&EVERYTHING) {
        let header = file.text.lines().take_while(|line| line.starts_with("//!")).count();
        match header {
            0 => breaches.push(format!("{}: no header", file.path)),
            // The front page of a library may be long.
            13.. if !file.path.ends_with("lib.rs") && !file.path.ends_with("main.rs") => {
                breaches.push(format!("{}: a header of {header} lines", file.path));
            }
            _ => {}
        }
    }
    none(&breaches);
}

#[test]
fn crates_stay_where_they_belong() {
    let places = [("rust_decimal", "src/number/decimal.rs"), ("pest", "src/syntax/")];
    let mut breaches = Vec::new();
    for file in rust_files(&LIBRARY) {
        for (number, line) in file.code() {
            for (name, place) in places {
                if words(line).any(|word| word == name) && !file.path.starts_with(place) {
                    breaches.push(format!("{}:{number}: names `{name}`", file.path));
                }
            }
        }
    }
    none(&breaches);
}

#[test]
fn no_binary_floating_point_and_no_world_outside() {
    let banned = ["f32", "f64", "SystemTime", "Instant", "thread", "unsafe"];
    let outside = ["std::fs", "std::env", "std::net", "std::process", "std::io::std"];
    let mut breaches = Vec::new();
    for file in rust_files(&LIBRARY) {
        for (number, line) in file.code() {
            // A reader of JSON has to name the float that it refuses.
            let allowed = line.contains("forbid(") || line.contains("fn visit_f64");
            let word = words(line).find(|word| banned.contains(word) && !allowed);
            let path = outside.into_iter().find(|path| line.contains(path));
            if let Some(found) = word.or(path) {
                breaches.push(format!("{}:{number}: names `{found}`", file.path));
            }
        }
    }
    none(&breaches);
}

#[test]
fn imports_point_downwards() {
    let mut breaches = Vec::new();
    for file in rust_files(&LIBRARY) {
        let Some(module) = file.module() else { continue };
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            breaches.push(format!("{}: `{module}` stands in no layer", file.path));
            continue;
        };
        for (number, line) in file.code() {
            for named in modules_named(line) {
                let inside = named == module || named.starts_with(&format!("{module}::"));
                let known = LAYERS.iter().any(|(name, _)| named.split("::").next() == Some(name));
                let fits = allowed
                    .split_whitespace()
                    .any(|it| named == it || named.starts_with(&format!("{it}::")));
                let excepted = EXCEPTIONS.contains(&(module, named.as_str()));
                if known && !inside && !fits && !excepted {
                    breaches.push(format!("{}:{number}: `{module}` names `{named}`", file.path));
                }
            }
        }
    }
    none(&breaches);
}

/// What follows each `crate::`, two names deep.
fn modules_named(line: &str) -> Vec<String> {
    let pieces = line.split("crate::").skip(1);
    pieces
        .map(|rest| {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            let path = &rest[..end.unwrap_or(rest.len())];
            let names: Vec<&str> = path.split("::").filter(|name| !name.is_empty()).collect();
            names.iter().take(2).copied().collect::<Vec<_>>().join("::")
        })
        .collect()
}

#[test]
fn the_table_of_layers_has_no_circle() {
    for (place, (module, allowed)) in LAYERS.iter().enumerate() {
        for other in allowed.split_whitespace() {
            let name = other.split("::").next().unwrap_or_default();
            let below = LAYERS.iter().position(|(module, _)| *module == name);
            assert!(below.is_some_and(|below| below < place), "`{module}` above `{name}`");
        }
    }
}

#[test]
fn the_root_holds_only_what_belongs_there() {
    let entries = fs::read_dir(root()).expect("the root folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let breaches: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| !ROOT.contains(&name.as_str()))
        .collect();
    none(&breaches);
}

/// Every path of the code map exists, and every module of the library stands in it.
#[test]
fn the_code_map_is_true() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the architecture");
    let roots = ["grammar/", "src/", "crates/", "rules/", "tests/"];
    let first_words = text.lines().filter_map(|line| line.split(' ').next());
    let paths: Vec<&str> =
        first_words.filter(|word| roots.iter().any(|root| word.starts_with(root))).collect();
    let mut breaches: Vec<String> = paths
        .iter()
        .filter(|path| !root().join(path).exists())
        .map(|path| format!("{path} does not exist"))
        .collect();
    for file in rust_files(&LIBRARY) {
        let Some(module) = file.module() else { continue };
        let named = [format!("src/{module}/"), format!("src/{module}.rs")];
        if !named.iter().any(|path| paths.contains(&path.as_str())) {
            breaches.push(format!("{} is in no line of the code map", file.path));
        }
    }
    none(&breaches);
}

#[test]
fn nothing_is_left_over() {
    let marks = ["TODO", "FIXME", "XXX", "todo!", "unimplemented!", "dbg!"];
    let mut breaches = Vec::new();
    for file in rust_files(&EVERYTHING) {
        if file.path == "tests/it/tidy.rs" {
            continue;
        }
        for (line, number) in file.text.lines().zip(1..) {
            if let Some(mark) = marks.into_iter().find(|mark| line.contains(mark)) {
                breaches.push(format!("{}:{number}: {mark}", file.path));
            }
        }
    }
    none(&breaches);
}

/// Texts that the library writes into messages: literals of calls that make them.
#[test]
fn messages_in_the_source_keep_the_rules() {
    let mut breaches = Vec::new();
    for file in rust_files(&LIBRARY) {
        let text: Vec<&str> = file.text.split("#[cfg(test)]\nmod tests {").take(1).collect();
        for call in ["Message::new(", " error(", "#[error("] {
            for literal in literals_of(&text.concat(), call) {
                if let Some(fault) = message_fault(&literal) {
                    breaches.push(format!("{}: {fault}: {literal}", file.path));
                }
            }
        }
    }
    none(&breaches);
}

/// Every message that a case brings about, as people would see it.
#[test]
fn messages_in_the_cases_keep_the_rules() {
    let mut breaches = Vec::new();
    for case in corpus::all_cases() {
        let found = corpus::diagnostics_of(&case);
        for found in &found {
            let labels = found.labels.iter().map(|label| &label.message);
            let fixes = found.fixes.iter().map(|fix| &fix.title);
            let all = [&found.message].into_iter().chain(&found.help).chain(labels).chain(fixes);
            for Message { vi, en, .. } in all {
                let faults =
                    [vi, en].into_iter().filter_map(|text| Some((message_fault(text)?, text)));
                breaches
                    .extend(faults.map(|(fault, text)| format!("{}: {fault}: {text}", found.code)));
            }
        }
    }
    none(&breaches);
}

/// What is wrong with a message: it starts small, ends bare, stays on its line, closes its ticks.
fn message_fault(text: &str) -> Option<&'static str> {
    let first = text.chars().next()?;
    let last = text.chars().last()?;
    let proper = ["Vietnamese", "English", "Internet"].iter().any(|name| text.starts_with(name));
    let second = text.chars().nth(1).is_some_and(char::is_lowercase);
    let capital = first.is_uppercase() && second && !proper;
    if capital {
        Some("starts with a capital")
    } else if ".:;,!".contains(last) && !text.ends_with("…") {
        Some("ends with a stop")
    } else if text.contains('\n') {
        Some("breaks its line")
    } else if text.matches('`').count() % 2 == 1 {
        Some("leaves a tick open")
    } else {
        None
    }
}

/// The string literals inside the parentheses of each call.
fn literals_of(text: &str, call: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices(call) {
        let (mut depth, mut literal, mut escaped) = (1, None::<String>, false);
        for letter in text[start + call.len()..].chars() {
            match (&mut literal, letter) {
                // A `\` at the end of a line drops the white space that follows.
                (Some(_), _) if escaped && letter.is_whitespace() => {}
                (Some(inside), _) if escaped => {
                    inside.push(letter);
                    escaped = false;
                }
                (Some(_), '\\') => escaped = true,
                (Some(_), '"') => found.extend(literal.take()),
                (Some(inside), _) => inside.push(letter),
                (None, '"') => literal = Some(String::new()),
                (None, '(') => depth += 1,
                (None, ')') => depth -= 1,
                (None, _) => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    // A single word is an argument or a piece of one.
    found.retain(|literal| literal.contains(' '));
    found
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_'))
}
