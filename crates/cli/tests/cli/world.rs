//! A folder of its own for each test, and the program run in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Two targets of one programme.
pub(crate) const RULES: &str = "chương trình: Kế hoạch 2023
mã: KH
hiệu lực: năm 2023

[A] tỷ lệ hồ sơ đúng hạn >= 96%
[B] ban hành kế hoạch = có
";

/// The fields that most tests look at.
pub(crate) const SHORT: [&str; 2] = ["--fields", "target,entity,as_of,verdict,sources"];

/// A record of the year 2023, as one line.
pub(crate) fn record(entity: &str, measurements: &str) -> String {
    format!("{{\"entity\":\"{entity}\",\"as_of\":2023,\"measurements\":{{{measurements}}}}}\n")
}

/// The line of a verdict at the end of 2023 with the fields of [`SHORT`].
pub(crate) fn line(target: &str, entity: &str, verdict: &str, sources: &str) -> String {
    format!(
        "{{\"target\":\"{target}\",\"entity\":\"{entity}\",\"as_of\":\"2023-12-31\",\
         \"verdict\":\"{verdict}\",\"sources\":[{sources}]}}\n"
    )
}

/// A folder that goes away with the test.
pub(crate) struct World {
    root: PathBuf,
}

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) said: String,
}

impl World {
    /// A folder with these files; `/` makes folders.
    pub(crate) fn new(files: &[(&str, &[u8])]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("chitieu-cli-{}-{number}", std::process::id());
        let world = Self { root: std::env::temp_dir().join(name) };
        fs::create_dir_all(&world.root).unwrap();
        for (name, bytes) in files {
            let path = world.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        world
    }

    /// [`RULES`] as `r.chitieu`, and data under a name.
    pub(crate) fn with_data(name: &str, data: impl AsRef<[u8]>) -> Self {
        Self::new(&[("r.chitieu", RULES.as_bytes()), (name, data.as_ref())])
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of what stands in the folder.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.root).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chitieu"));
        command.current_dir(&self.root).args(args).env_remove("COLUMNS").env_remove("NO_COLOR");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().unwrap())
    }

    /// Runs with bytes on standard input.
    pub(crate) fn pipe(&self, args: &[&str], input: &[u8]) -> Run {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Run::of(child.wait_with_output().unwrap())
    }

    /// Runs `eval r.chitieu --data NAME` with [`SHORT`] and more arguments.
    pub(crate) fn eval(&self, data: &str, more: &[&str]) -> Run {
        let args = [&["eval", "r.chitieu", "--data", data][..], &SHORT, more].concat();
        self.run(&args)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let root: &Path = &self.root;
        fs::remove_dir_all(root).unwrap();
    }
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The run ended so, and said exactly this.
    pub(crate) fn ends(self, status: i32, out: &str, said: &str) {
        let expected = Self { status, out: out.to_owned(), said: said.to_owned() };
        assert_eq!(self, expected, "\nout: {}\nsaid: {}", self.out, self.said);
    }
}

/// Numbers that look random, and are the same everywhere.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
