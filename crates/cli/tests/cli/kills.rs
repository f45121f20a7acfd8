//! Runs that are killed at moments that look random: what stands in the checkpoint is gone on
//! with, and every byte is that of an undisturbed run. `CHITIEU_LONG` kills more of them.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::world::{Dice, Run, World, record};

const RULES: &str = "mã: KH

[A] tỷ lệ a >= 40%
[B] số b < 1000
";

/// What runs are asked for; results go to `k`, rejects to `x`.
const LINES: [&[&str]; 4] = [
    &["--format", "ndjson", "--threads", "3"],
    &["--summary", "--format", "ndjson", "--receipt", "full"],
    &["--format", "json", "--only", "met"],
    &["--layout", "wide", "--format", "ndjson"],
];
const CSV: [&[&str]; 2] =
    [&["--format", "csv", "--threads", "1"], &["--layout", "wide", "--format", "csv"]];
const PARQUET: [&[&str]; 3] = [
    &["--format", "parquet", "--threads", "3"],
    &["--layout", "wide", "--format", "parquet"],
    &["--format", "parquet", "--only", "contradictory", "--fields", "target,entity,missing,parts"],
];
const ARROW: [&[&str]; 3] = [
    &["--format", "arrow"],
    &["--layout", "wide", "--format", "arrow", "--threads", "1"],
    &["--layout", "wide", "--format", "arrow", "--only", "met"],
];

/// So many records have a file.
const RECORDS: usize = 8_000;

/// A figure that may be missing, wrong, or a text.
fn figure(dice: &mut Dice) -> String {
    match dice.below(8) {
        0 => "null".to_owned(),
        1 => "\"có\"".to_owned(),
        2 => "\"40,5\"".to_owned(),
        _ => dice.below(2_000).to_string(),
    }
}

fn lines(name: &str, dice: &mut Dice) -> String {
    let mut text = String::new();
    for row in 0..RECORDS {
        let measured = format!("\"tỷ lệ a\":{},\"số b\":{}", figure(dice), figure(dice));
        let line = record(&format!("{name}{row}"), &measured);
        // Long texts make parts of few verdicts, and blocks of few records.
        let line = line.replacen('{', &format!("{{\"source\":\"{}\",", "nguồn ".repeat(120)), 1);
        text += &if row % 1_000 == 7 { line.replace("}}", "}") } else { line };
    }
    text
}

/// A list behind whose middle nothing can be read.
fn list(dice: &mut Dice) -> String {
    let text = lines("l", dice);
    let whole = text.lines().filter(|line| line.ends_with("}}")).enumerate();
    let record = |(row, line): (usize, &str)| match row {
        4_000 => line.replacen(':', "", 1),
        _ => line.to_owned(),
    };
    format!("[{}]", whole.map(record).collect::<Vec<_>>().join(",\n"))
}

fn table(dice: &mut Dice) -> String {
    let mut text = "entity,as_of,source,tỷ lệ a,số b\n".to_owned();
    for row in 0..RECORDS {
        let day = if row % 1_000 == 9 { "31/02/2023" } else { "2023" };
        let (a, b) = (dice.below(100), dice.below(2_000));
        let source = "nguồn ".repeat(120);
        writeln!(text, "t{row},{day},{source},{a},{b}").unwrap();
    }
    text
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

/// Four files: lines, packed ones, a table and a list.
pub(crate) fn world() -> World {
    let mut dice = Dice(20_231_231);
    World::new(&[
        ("r.chitieu", RULES.as_bytes()),
        ("s/1.ndjson", lines("p", &mut dice).as_bytes()),
        ("s/2.ndjson.gz", &gzip(&lines("g", &mut dice))),
        ("s/3.csv", table(&mut dice).as_bytes()),
        ("s/4.json", list(&mut dice).as_bytes()),
    ])
}

/// The arguments of a run.
pub(crate) fn args<'a>(way: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let base = ["eval", "r.chitieu", "--data", "s", "--complete-records", "-o", "k"];
    let base = [&base[..], &["--rejects", "x", "--lang", "vi", "--number-format", "en"]].concat();
    [&base[..], way, more].concat()
}

/// How far a checkpoint is: finished parts, and the bytes of the one that is not.
pub(crate) fn seen(folder: &Path) -> (usize, u64) {
    let Ok(entries) = fs::read_dir(folder) else { return (0, 0) };
    let entries: Vec<_> = entries.flatten().collect();
    let is_state = |name: &str| Path::new(name).extension().is_some_and(|it| it == "state");
    let names = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let parts = names.filter(|name| is_state(name)).count();
    let next = format!("{:06}.", parts + 1);
    let open = entries.iter().filter(|it| it.file_name().to_string_lossy().starts_with(&next));
    let bytes = open.filter_map(|entry| Some(entry.metadata().ok()?.len())).sum();
    (parts, bytes)
}

/// Waits until so many parts are finished and so many bytes of the next are there, or the run ends.
pub(crate) fn wait(child: &mut Child, folder: &Path, moment: (usize, u64)) {
    until(child, || seen(folder) >= moment);
}

pub(crate) fn until(child: &mut Child, is_now: impl Fn() -> bool) {
    while child.try_wait().unwrap().is_none() && !is_now() {
        sleep(Duration::from_millis(1));
    }
}

/// Whether results are on their way to their place.
pub(crate) fn writes(world: &World) -> bool {
    world.names().iter().any(|name| name.starts_with(".k."))
}

/// Whether all was read, and results go from their parts to their place.
fn ends(world: &World) -> bool {
    seen(&world.path("ck")).0 > 0 && writes(world)
}

pub(crate) fn start(world: &World, args: &[&str]) -> Child {
    world.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Results, rejects and how it ended, where a run is not disturbed.
fn files(world: &World) -> [Vec<u8>; 2] {
    ["k", "x"].map(|name| fs::read(world.path(name)).unwrap())
}

/// About how long a run takes, in milliseconds.
#[expect(clippy::disallowed_methods, reason = "a moment of a run is a time")]
fn timed<T>(run: impl FnOnce() -> T) -> (T, u64) {
    let begun = Instant::now();
    let done = run();
    (done, u64::try_from(begun.elapsed().as_millis()).unwrap().max(1))
}

/// Kills a run at a moment that looks random; whether it was still there.
fn kill(world: &World, args: &[&str], time: u64, dice: &mut Dice, parts: &mut usize) -> bool {
    let mut child = start(world, args);
    match dice.below(4) {
        0 => until(&mut child, || ends(world)),
        1 => sleep(Duration::from_millis(dice.below(time))),
        _ => {
            *parts += 1;
            wait(&mut child, &world.path("ck"), (*parts, dice.below(300_000)));
        }
    }
    let is_there = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    is_there
}

/// Runs are killed once or twice; then they go on, and nothing is lost or doubled.
#[expect(clippy::print_stdout, reason = "the longer tests show how many were killed")]
fn killed(ways: &[&[&str]], seed: u64) {
    let kills = if std::env::var_os("CHITIEU_LONG").is_some() { 50 } else { 5 };
    let world = world();
    let undisturbed = |way: &&[&str]| {
        let (run, time) = timed(|| world.run(&args(way, &[])));
        (run, time, files(&world))
    };
    let whole: Vec<(Run, u64, [Vec<u8>; 2])> = ways.iter().map(undisturbed).collect();
    let (mut dice, mut killed, mut gone_on) = (Dice(seed), 0, 0);
    for number in 0..kills {
        let place = number % ways.len();
        let checkpointed = args(ways[place], &["--checkpoint", "ck"]);
        for name in ["k", "x"] {
            fs::remove_file(world.path(name)).unwrap();
        }
        let (undisturbed, time, bytes) = &whole[place];
        // Every other run is killed a second time.
        let mut parts = 0;
        for _ in 0..=number % 2 {
            killed += usize::from(kill(&world, &checkpointed, *time, &mut dice, &mut parts));
        }
        let run = world.run(&checkpointed);
        gone_on += usize::from(run.said.contains("chạy tiếp từ điểm dừng"));
        assert_eq!((run.status, &run.out), (0, &undisturbed.out), "{}", run.said);
        assert!(run.said.ends_with(&undisturbed.said), "{}", run.said);
        assert!(files(&world) == *bytes, "{:?}", ways[place]);
        assert_eq!(world.names(), ["ck", "k", "r.chitieu", "s", "x"]);
        assert_eq!(fs::read_dir(world.path("ck")).unwrap().count(), 0);
    }
    // The test kills runs, and not only before their first part.
    assert!(killed > kills / 2 && gone_on > kills / 4, "{killed} {gone_on} of {kills}");
    println!("{killed} kills of {kills} jobs, {gone_on} went on");
}

#[test]
fn killed_lines_go_on_where_they_stopped() {
    killed(&LINES, 42);
}

#[test]
fn killed_csv_goes_on_where_it_stopped() {
    killed(&CSV, 43);
}

#[test]
fn killed_parquet_goes_on_where_it_stopped() {
    killed(&PARQUET, 44);
}

#[test]
fn killed_arrow_goes_on_where_it_stopped() {
    killed(&ARROW, 45);
}
