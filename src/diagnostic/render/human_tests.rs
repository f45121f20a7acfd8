//! Exact expectations of what a person sees.

use super::*;
use crate::diagnostic::{Code, Edit};
use crate::source::SourceId;

/// The first place of `part` in `text`.
fn span(source: SourceId, text: &str, part: &str) -> Span {
    let byte = |index: usize| u32::try_from(index).unwrap();
    let start = text.find(part).unwrap();
    Span { source, start: byte(start), end: byte(start + part.len()) }
}

fn same(text: &str) -> Message {
    Message::new(text, text)
}

/// A diagnostic on `part` of `text`, as changed by `more`, shows as `expected` (each line of which
/// is given without its line break), before the summary.
#[track_caller]
fn check(text: &str, part: &str, more: impl Fn(Diagnostic) -> Diagnostic, expected: &[&str]) {
    let mut sources = Sources::default();
    let source = sources.add(Source::new("a.chitieu", text).unwrap());
    sources.add(Source::new("b.chitieu", "x = 1\ny = 2\n").unwrap());
    let found = Diagnostic::new(Code::PercentExpected, span(source, text, part), same("sai"));
    let shown = render(&[more(found)], &sources, Lang::Vi, Style::default());
    let shown = shown.strip_suffix("\n\n1 lỗi\n").unwrap_or(&shown);
    assert!(shown.lines().eq(expected.iter().copied()), "\n{shown}\n{shown:?}");
}

/// As [`check`] for a diagnostic with nothing but its span.
#[track_caller]
fn check_plain(text: &str, part: &str, place: &str, line: &str, under: &str) {
    let place = format!(" --> a.chitieu:{place}");
    check(text, part, |found| found, &["lỗi[E0301]: sai", &place, "  |", line, under]);
}

#[test]
fn underlines_stand_under_the_characters_seen() {
    let decomposed = "ty\u{309} le\u{323}\u{302} xa\u{303} >= 40";
    check_plain(decomposed, "40", "1:13", "1 | tỷ lệ xã >= 40", "  |             ^^");
    check_plain(decomposed, "xa\u{303}", "1:7", "1 | tỷ lệ xã >= 40", "  |       ^^");
    check_plain("a = 1\r\nb = 2\r\n", "= 2", "2:3", "2 | b = 2", "  |   ^^^");
    check_plain("a = 1\r\nb = 2\r\n", "2\r\n", "2:5", "2 | b = 2", "  |     ^");
    check_plain("\ta = 1", "= 1", "1:4", "1 |     a = 1", "  |       ^^^");
    check_plain("省 = 40", "40", "1:5", "1 | 省 = 40", "  |      ^^");
    check_plain("\u{feff}a = 1", "1", "1:5", "1 | a = 1", "  |     ^");
}

#[test]
fn ends_of_lines_and_empty_places_are_pointed_at() {
    check_plain("tỷ lệ a", "", "1:1", "1 | tỷ lệ a", "  | ^");
    check_plain("tỷ lệ a\r\nb", "\r\n", "1:8", "1 | tỷ lệ a", "  |        ^");
    check_plain("tỷ lệ a\nb", "\nb", "1:8", "1 | tỷ lệ a", "  |        ^");
    check_plain("a = (1\n+ 2)\n", "(1\n+ 2)", "1:5", "1 | a = (1", "  |     ^^");
    check_plain("", "", "1:1", "1 |", "  | ^");
}

#[test]
fn nothing_raw_reaches_the_terminal() {
    let text = "a\u{1b}[31m\u{9b}\u{7}\u{202e} = 4";
    check_plain(text, "4", "1:13", "1 | a␛[31m\u{fffd}␇\u{fffd} = 4", "  |             ^");
    let hostile = || same("`\u{1b}[2J\n` \u{9b}");
    let expected = [
        "lỗi[E0301]: `␛[2J␊` \u{fffd}",
        " --> a.chitieu:1:1",
        "  |",
        "1 | a",
        "  | ^ `␛[2J␊` \u{fffd}",
        "  |",
        "  = gợi ý: `␛[2J␊` \u{fffd}",
        "sửa: `␛[2J␊` \u{fffd}",
        "  |",
        "1 | ␛[0m",
        "  | ^^^^",
    ];
    let more = |mut found: Diagnostic| {
        found.message = hostile();
        let edits = vec![Edit { span: found.span, replacement: "\u{1b}[0m".to_owned() }];
        let fix = Fix { title: hostile(), edits, safe: true };
        let span = found.span;
        found.with_label(span, hostile()).with_help(hostile()).with_fix(fix)
    };
    check("a", "a", more, &expected);
}

#[test]
fn labels_stand_in_their_lines_and_files() {
    let text = "chương trình: A\n\na >= 1\nb = 2\nc = 3\na >= 40\n";
    let source = SourceId(0);
    let more = |found: Diagnostic| {
        let own = found.span;
        found
            .with_label(span(source, text, "a >= 1"), same("đã có ở đây"))
            .with_label(own, same("lại có"))
            .with_label(span(source, text, "A"), same("của chương trình này"))
            .with_label(span(SourceId(1), "x = 1\ny = 2\n", "y"), same("và đây"))
    };
    let expected = [
        "lỗi[E0301]: sai",
        " --> a.chitieu:6:1",
        "  |",
        "1 | chương trình: A",
        "  |               - của chương trình này",
        "2 |",
        "3 | a >= 1",
        "  | ------ đã có ở đây",
        "...",
        "6 | a >= 40",
        "  | ^^^^^^^ lại có",
        " ::: b.chitieu:2:1",
        "  |",
        "2 | y = 2",
        "  | - và đây",
    ];
    check(text, "a >= 40", more, &expected);
    let more = |found: Diagnostic| found.with_label(span(source, "a >= b", "a"), same("tên"));
    let expected = [
        "lỗi[E0301]: sai",
        " --> a.chitieu:1:6",
        "  |",
        "1 | a >= b",
        "  | -    ^",
        "  | |",
        "  | tên",
    ];
    check("a >= b", "b", more, &expected);
}

#[test]
fn fixes_show_the_lines_they_make() {
    let text = "mã: A\n\ntỷ lệ a >= 40 và\nb = có";
    let fix = |parts: &[(&str, &str)], safe| {
        let edit = |&(part, new): &(&str, &str)| Edit {
            span: span(SourceId(0), text, part),
            replacement: new.to_owned(),
        };
        Fix { title: same("viết lại"), edits: parts.iter().map(edit).collect(), safe }
    };
    let more = |found: Diagnostic| {
        found
            .with_help(same("tỷ lệ tính bằng `%`"))
            .with_fix(fix(&[("40", "40%")], true))
            .with_fix(fix(&[(" >= 40", "")], false))
            .with_fix(fix(&[(" và", ""), ("b", "và b")], true))
            .with_fix(fix(&[(" và", "\nvà b\n")], true))
            .with_fix(fix(&[], true))
    };
    let expected = [
        "lỗi[E0301]: sai",
        " --> a.chitieu:3:12",
        "  |",
        "3 | tỷ lệ a >= 40 và",
        "  |            ^^",
        "  |",
        "  = gợi ý: tỷ lệ tính bằng `%`",
        "sửa: viết lại",
        "  |",
        "3 | tỷ lệ a >= 40% và",
        "  |            ^^^",
        "có thể sửa: viết lại",
        "  |",
        "3 | tỷ lệ a và",
        "  |",
        "sửa: viết lại",
        "  |",
        "3 | tỷ lệ a >= 40",
        "4 | và b = có",
        "  | ^^^^",
        "sửa: viết lại",
        "  |",
        "3 | tỷ lệ a >= 40",
        "4 | và b",
        "  | ^^^^",
        "5 |",
        "  |",
        "sửa: viết lại",
    ];
    check(text, "40", more, &expected);
}

#[test]
fn long_lines_are_shown_around_the_place() {
    let long = format!("{}đây{}", "a".repeat(50_000), "b".repeat(50_000));
    let line = format!("1 | …{}đây{}…", "a".repeat(60), "b".repeat(137));
    let under = format!("  | {}^^^", " ".repeat(61));
    check_plain(&long, "đây", "1:50001", &line, &under);
    let marks = format!("a{}", "\u{323}".repeat(100_000));
    let line = format!("1 | ạ{}…", "\u{323}".repeat(198));
    check_plain(&marks, "a", "1:1", &line, "  | ^");
    // A label that lies outside gets an excerpt of its own.
    let more = |found: Diagnostic| {
        let end = u32::try_from(long.len()).unwrap();
        let at = Span { start: end - 1, end, ..found.span };
        found.with_label(at, same("cuối dòng"))
    };
    let line = format!("1 | {}…", "a".repeat(200));
    let last = format!("1 | …{}", "b".repeat(200));
    let under = format!("  | {}- cuối dòng", " ".repeat(200));
    let expected = [
        "lỗi[E0301]: sai",
        " --> a.chitieu:1:1",
        "  |",
        &line,
        "  | ^",
        " ::: a.chitieu:1:100003",
        "  |",
        &last,
        &under,
    ];
    check(&long, "a", more, &expected);
}

#[test]
fn ten_megabytes_of_one_line_are_not_walked() {
    let text = "ơ ".repeat(3_000_000);
    let middle = text.len() / 2;
    for _ in 0..10_000 {
        let window = Window::around(&text, middle, middle);
        assert!(window.draw(&text, &[]).0.len() < 1_000);
    }
}

#[test]
fn a_lost_source_still_gives_the_message() {
    let lost = Span { source: SourceId(9), start: 5, end: 1 };
    let found = Diagnostic::new(Code::NearlySameName, lost, Message::new("gần", "near"));
    let fix = Fix { title: same("x"), edits: Vec::new(), safe: true };
    let found = found.with_help(same("xem lại")).with_label(lost, same("đây")).with_fix(fix);
    let text = render(&[found], &Sources::default(), Lang::En, Style::default());
    assert_eq!(text, "warning[W0102]: near\n |\n = help: xem lại\nfix: x\n\n1 warning\n");
}

#[test]
fn spans_beyond_the_text_are_drawn_at_its_end() {
    let mut sources = Sources::default();
    let source = sources.add(Source::new("a", "tỷ").unwrap());
    for (start, end) in [(0, 99), (99, 0), (2, 1), (3, 3), (u32::MAX, u32::MAX)] {
        let place = Span { source, start, end };
        let found = Diagnostic::new(Code::PercentExpected, place, same("sai"));
        let edits = vec![Edit { span: place, replacement: "x".to_owned() }];
        let fix = Fix { title: same("x"), edits, safe: true };
        let found = found.with_label(place, same("y")).with_fix(fix);
        let text = render(&[found], &sources, Lang::Vi, Style::default());
        assert!(text.contains("1 | tỷ\n  | ") && text.contains('^'), "{text}");
    }
}

#[test]
fn the_summary_counts() {
    let at = Span { source: SourceId(0), start: 0, end: 0 };
    let error = Diagnostic::new(Code::PercentExpected, at, same("x"));
    let warning = Diagnostic::new(Code::NearlySameName, at, same("x"));
    let three = [error.clone(), warning, error.clone(), error];
    assert_eq!(summary(&three, Lang::Vi), "3 lỗi, 1 cảnh báo\n");
    assert_eq!(summary(&three, Lang::En), "3 errors, 1 warning\n");
    assert_eq!(summary(&[], Lang::Vi), "");
    assert_eq!(render(&[], &Sources::default(), Lang::Vi, Style { color: true }), "");
}

#[test]
fn colour_only_where_asked_and_never_the_user_s() {
    let mut sources = Sources::default();
    let source = sources.add(Source::new("a\u{1b}[5m", "a\u{1b}[5m").unwrap());
    let place = Span { source, start: 0, end: 1 };
    let found = Diagnostic::new(Code::PercentExpected, place, same("sai\u{1b}[5m"));
    let bare = render(std::slice::from_ref(&found), &sources, Lang::Vi, Style::default());
    let bright = render(&[found], &sources, Lang::Vi, Style { color: true });
    assert!(!bare.contains('\u{1b}'), "{bare:?}");
    assert!(bright.contains("\u{1b}[") && !bright.contains("\u{1b}[5m"), "{bright:?}");
}

proptest::proptest! {
    #[test]
    fn any_text_and_any_span_are_drawn(
        text in "[a \\t\\r\\n\u{300}\u{323}ệ省👩\u{200d}\u{1b}\u{9b}\u{feff}\u{ad}]{0,400}",
        new in "[ab\\r\\n\u{323}\u{1b}]{0,8}",
        places in proptest::collection::vec((0_u32..1_000, 0_u32..1_000), 1..6),
    ) {
        let mut sources = Sources::default();
        let source = sources.add(Source::new("a", text).unwrap());
        let places = places.iter().map(|&(start, end)| Span { source, start, end });
        let places: Vec<Span> = places.collect();
        let mut found = Diagnostic::new(Code::PercentExpected, places[0], same(&new));
        for &span in &places {
            found = found.with_label(span, same(&new));
        }
        let edit = |&span: &Span| Edit { span, replacement: new.clone() };
        let edits = places.iter().map(edit).collect();
        let found = found.with_fix(Fix { title: same(&new), edits, safe: true });
        let shown = render(&[found], &sources, Lang::Vi, Style::default());
        assert!(!shown.contains(|char: char| char != '\n' && char.is_control()), "{shown:?}");
        assert!(shown.lines().all(|line| line.chars().count() < 1_000));
    }
}
