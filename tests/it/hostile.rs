//! Hostile input: nothing panics, everything ends, and something is always said.
//!
//! Enters: broken encodings, huge and deep texts, prefixes and mutations of sound ones. The one
//! idea: a text gives targets or diagnostics, never silence. Invariant: all randomness has a fixed
//! seed, so that a failure comes again.

use std::fmt::Write as _;

use chitieu::diagnostic::render::{Format, Style, render};
use chitieu::diagnostic::{Code, Diagnostics, Lang};
use chitieu::source::{Source, SourceError, Sources};
use chitieu::{Measurement, Rules, Snapshot, Verdict};

use crate::corpus;

/// A sound file that uses most of the language that is read.
const SOUND: &str = "\
chương trình: Kế hoạch chuyển đổi số 2023
mã: KH-CDS-2023
áp dụng cho: mọi tỉnh (vùng = \"biển\" và loại != \"I\"); br-vt
hiệu lực: năm 2023
căn cứ: Kế hoạch (mục II # một
viết tắt: DVC = dịch vụ công

nhóm: Chính quyền số # hai
- [CQS-01] tỷ lệ DVC toàn trình >= 40%;
trên 50% cán bộ, công chức \\
  được tập huấn
  hạn: 30/06/2023
số hồ sơ đúng hạn / tổng số hồ sơ > 96,5%
\"tỷ lệ (a) 100%\" = 50% ± 3%
xếp hạng PCI trong tốp 10/63
vốn đầu tư từ 2 đến 3 tỷ đồng
  hiểu là: trong khoảng
ban hành kế hoạch = có
";

struct Outcome {
    targets: usize,
    found: Diagnostics,
}

impl Outcome {
    fn has(&self, code: Code) -> bool {
        self.found.iter().any(|found| found.code == code)
    }
}

/// Loads a text, shows what was found in every form, and judges by what was understood.
fn survive(text: &str) -> Outcome {
    let mut sources = Sources::default();
    sources.add(Source::new("a.chitieu", text).expect("a text of moderate size"));
    match Rules::load(sources) {
        Ok(rules) => {
            show(rules.warnings(), rules.sources());
            let record = Snapshot::new("br-vt").on("30/06/2023").expect("a day");
            let record = record.measure("ban hành kế hoạch", Measurement::text("x"));
            let judged = rules.evaluate(&record).verdicts().len();
            assert_eq!(judged, rules.model().targets.len());
            Outcome { targets: judged, found: rules.warnings().clone() }
        }
        Err((sources, found)) => {
            assert!(found.has_errors());
            show(&found, &sources);
            Outcome { targets: 0, found }
        }
    }
}

fn show(found: &Diagnostics, sources: &Sources) {
    let few = &found.as_slice()[..found.len().min(20)];
    for format in [Format::Human, Format::Short, Format::Json] {
        for lang in [Lang::Vi, Lang::En] {
            let shown = render(few, sources, format, lang, Style::default());
            assert_eq!(shown.is_empty(), few.is_empty());
        }
    }
}

#[test]
fn a_sound_file_is_sound() {
    let outcome = survive(SOUND);
    assert_eq!((outcome.targets, outcome.found.len()), (7, 0), "{}", outcome.found);
}

#[test]
fn odd_line_ends_and_encodings() {
    for text in [
        format!("\u{feff}{SOUND}"),
        SOUND.replace('\n', "\r\n"),
        SOUND.trim_end().to_owned(),
        format!("{SOUND}\\"),
        format!("{SOUND}\u{feff}"),
        format!("{SOUND}\0"),
    ] {
        let outcome = survive(&text);
        assert!(outcome.targets == 7 || !outcome.found.is_empty());
    }
    // A lone carriage return ends no line or ends one; it never swallows a fault.
    let outcome = survive(&SOUND.replace('\n', "\r"));
    assert!(outcome.targets == 7 || outcome.found.has_errors());
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for bytes in
        [&b"a >= 3\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"a\xc0\x80"]
    {
        let refused = Source::from_bytes("a", bytes);
        assert!(refused.is_err(), "{bytes:?}");
        let shown = refused.map_err(|fault: SourceError| fault.to_string());
        assert!(shown.is_err_and(|text| !text.is_empty()));
    }
}

#[test]
fn texts_without_a_target() {
    for text in ["", " ", "\n\n", "# chú thích", "#\n#\n", "\\", "\\\n\\\n", "\u{feff}", "\u{200b}"]
    {
        let outcome = survive(text);
        assert!(!outcome.found.has_errors(), "{text:?}: {}", outcome.found);
    }
}

#[test]
fn numbers_beyond_all_bounds() {
    let digits = "9".repeat(100_000);
    for (text, code) in [
        (format!("số a >= {digits}"), Code::TooManyDigits),
        (format!("số a >= 0,{digits}"), Code::TooManyDigits),
        ("số a >= 12345678901234567890123456789".to_owned(), Code::TooManyDigits),
        ("số a >= 3\n  hạn: 31/02/2023".to_owned(), Code::NotADate),
        ("số a >= 3\n  hạn: năm 99999999999".to_owned(), Code::NotADate),
        ("số a >= 3\n  hạn: 0/0/0000".to_owned(), Code::NotADate),
    ] {
        let outcome = survive(&text);
        assert!(outcome.has(code) || outcome.has(Code::LineTooLong), "{}", outcome.found);
    }
    for text in ["số a >= 1e999999999", "tỷ lệ a >= 1e999999999%", "số a >= 1e-9"] {
        let outcome = survive(text);
        assert!(outcome.targets > 0 || outcome.found.has_errors(), "{text}");
    }
}

#[test]
fn long_lines_and_deep_parentheses() {
    let deep = 100_000;
    let lines = if long() { deep } else { 5000 };
    for text in [
        "(".repeat(deep),
        ")".repeat(deep),
        "\"".repeat(deep + 1),
        "[".repeat(deep),
        format!("{}a{} >= 3", "(".repeat(200), ")".repeat(200)),
        format!("{} >= 3", "(".repeat(31)),
        "(a\n".repeat(lines),
        "số a (\n".repeat(lines),
        "\\\n".repeat(lines) + "số a >= 3",
        format!("số a >= 1{}", " tỷ".repeat(5000)),
        format!("số a >= 3{}", "\nvà".repeat(lines)),
        format!("tỷ lệ a{} 3%", " đạt 3% và".repeat(2000)),
        format!("tỷ lệ{} 3%", " không".repeat(10_000)),
        format!("tỷ lệ a {} 3%", "trên ".repeat(10_000)),
        format!("số a >= 3\n  áp dụng cho: {}", "mọi xã (a = \"b\"); ".repeat(3000)),
        format!("số a >= 3\n  áp dụng cho: mọi xã ({})", "a = \"b\" và ".repeat(3000)),
        "viết tắt: A = A A\n".repeat(1000) + "số a >= 3",
    ] {
        let outcome = survive(&text);
        let start: String = text.chars().take(20).collect();
        assert!(!outcome.found.is_empty() || outcome.targets > 0, "{start}");
    }
}

#[test]
fn a_line_of_ten_megabytes_is_one_fault() {
    let text = format!("số a >= 3\n{}\nsố b => 3\n", "a".repeat(10_000_000));
    let outcome = survive(&text);
    let codes: Vec<Code> = outcome.found.iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::LineTooLong, Code::WrongSymbol]);
}

/// Whether the longer tests are asked for, as `.ci/long` does.
fn long() -> bool {
    std::env::var_os("CHITIEU_LONG").is_some()
}

fn many_targets(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let _ = writeln!(text, "[C{number}] tỷ lệ hồ sơ loại {number} đạt ít nhất 40%");
    }
    text
}

#[test]
fn many_targets_are_all_read() {
    let count = if long() { 100_000 } else { 10_000 };
    let outcome = survive(&many_targets(count));
    assert_eq!((outcome.targets, outcome.found.len()), (count, 0));
}

#[test]
fn many_faults_are_all_found() {
    let count = if long() { 100_000 } else { 10_000 };
    let outcome = survive(&"số a => 3\n".repeat(count));
    assert_eq!(outcome.found.len(), count);
}

#[test]
fn every_prefix_of_a_sound_file_says_something() {
    for (end, _) in SOUND.char_indices() {
        let prefix = &SOUND[..end];
        let outcome = survive(prefix);
        // Keys alone have no target and no fault.
        let only_keys = !prefix.contains("[CQS-01] t");
        assert!(only_keys || outcome.targets > 0 || outcome.found.has_errors(), "{prefix}");
    }
}

/// A small generator (xorshift), so that the tests need no other crate and never differ.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % sides.max(1)
    }
}

/// Changes a few characters: dropped, doubled, swapped, or replaced by troublesome ones.
fn mutate(text: &str, dice: &mut Dice) -> String {
    let odd: Vec<char> =
        "()[]\"%:;,.=<>±/\\#-+\n\r\t \0\u{301}\u{200b}\u{feff}\u{1f600}9à".chars().collect();
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=dice.throw(4) {
        let at = dice.throw(letters.len());
        match dice.throw(5) {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letters[at]),
            2 => {
                let other = dice.throw(letters.len());
                letters.swap(at, other);
            }
            3 => letters.insert(at, odd[dice.throw(odd.len())]),
            _ => letters[at] = odd[dice.throw(odd.len())],
        }
    }
    letters.into_iter().collect()
}

#[test]
fn mutations_of_sound_files_say_something() {
    let mut texts = vec![SOUND.to_owned()];
    for case in corpus::all_cases() {
        texts.extend(case.asked().into_iter().map(|(_, text)| text).filter(|it| !it.is_empty()));
    }
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let rounds = if long() { 100_000 } else { 2000 };
    for round in 0..rounds {
        let text = mutate(&texts[round % texts.len()], &mut dice);
        let outcome = survive(&text);
        let blank = text.lines().all(|line| {
            let line =
                line.trim_matches(|c: char| c.is_whitespace() || "\u{feff}\u{200b}\\".contains(c));
            line.is_empty() || line.starts_with('#')
        });
        assert!(blank || outcome.targets > 0 || !outcome.found.is_empty(), "{text:?}");
    }
}

/// Every figure that people or machines may send has a verdict for every kind of target.
#[test]
fn every_figure_has_a_verdict() {
    let long = "9".repeat(100_000);
    let texts = [
        "",
        " ",
        "-",
        "…",
        "—",
        "%",
        "()",
        "1/0",
        "0/0",
        "1/2/3",
        "1e999999999",
        "-1e-999999999",
        "NaN",
        "inf",
        "∞",
        "１２",
        "٣",
        "1.2.3",
        "1,2,3",
        ",5",
        "5,",
        "1 2",
        "0x10",
        "±",
        "± 3",
        "3 ±",
        "từ",
        "từ 3 đến",
        "từ 9 đến 1",
        "hơn hơn 3",
        "khoảng",
        "ước",
        "trong tốp 0",
        "hạng -1",
        "3/0/1",
        "9999999999999999999999999999",
        "99999999999999999999999999999",
        "0,0000000000000000000000000001",
        "1 tỷ tỷ tỷ tỷ tỷ tỷ tỷ",
        "=1+1",
        "\0",
        "\u{202e}3%",
        "có không",
    ];
    let rules = Rules::parse(
        "[A] tỷ lệ f >= 40%\n[B] số f >= 3\n[C] vốn f >= 3 tỷ đồng\n[D] việc f = có\n\
         [E] hạng f trong tốp 10\n[F] tử f / mẫu f <= 30%\n[G] giờ f <= 3 giờ",
    )
    .expect("sound rules");
    let names = ["tỷ lệ f", "số f", "vốn f", "việc f", "hạng f", "tử f", "mẫu f", "giờ f"];
    for text in texts.into_iter().chain([long.as_str()]) {
        for other in ["0", text] {
            let mut record = Snapshot::new("x").on("2023").expect("a year");
            for name in names {
                let text = if name == "mẫu f" { other } else { text };
                record = record.measure(name, Measurement::text(text));
            }
            let report = rules.evaluate(&record);
            assert_eq!(report.verdicts().len(), 7, "{text}");
            let blank = text.trim().is_empty();
            let absent =
                report.verdicts().iter().filter(|it| it.verdict == Verdict::NoData).count();
            assert!(if blank { absent == 7 } else { absent == 0 }, "{text:?}");
        }
    }
}
