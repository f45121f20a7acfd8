//! `fmt` and the fixes of `check`: files change whole or not at all.

use crate::world::{RULES, World};

const UGLY: &str = "Mã:KH\r\n- [A]  tỷ lệ hồ sơ đúng hạn≥96%;\r\nHẠN: 2023";
const FINE: &str = "mã: KH\n\n[A] tỷ lệ hồ sơ đúng hạn >= 96%\n  hạn: 2023\n";

#[test]
fn files_are_laid_out_in_place() {
    let world = World::new(&[
        ("r/a.chitieu", UGLY.as_bytes()),
        ("r/b.chitieu", RULES.as_bytes()),
        ("r/c.txt", UGLY.as_bytes()),
    ]);
    let said = "đã trình bày lại 1 tệp, giữ nguyên 1 tệp\n";
    world.run(&["fmt", "r"]).ends(0, "", said);
    assert_eq!(world.text("r/a.chitieu"), FINE);
    assert_eq!((world.text("r/b.chitieu"), world.text("r/c.txt")), (RULES.into(), UGLY.into()));
    world.run(&["fmt", "r"]).ends(0, "", "đã trình bày lại 0 tệp, giữ nguyên 2 tệp\n");
    world.pipe(&["fmt", "-"], UGLY.as_bytes()).ends(0, FINE, "");
    assert_eq!(world.run(&["fmt", "none.chitieu"]).status, 2);
}

#[test]
fn a_check_changes_nothing() {
    let world = World::new(&[("a.chitieu", UGLY.as_bytes()), ("b.chitieu", RULES.as_bytes())]);
    let short = ["fmt", "--check", "a.chitieu", "b.chitieu", "--format", "short"];
    let line = "a.chitieu:1:1: cảnh báo[W0199]: tệp chưa theo dạng trình bày chuẩn, bắt đầu từ \
                dòng này\n";
    world.run(&short).ends(1, line, "");
    assert_eq!(world.text("a.chitieu"), UGLY);
    world.run(&["fmt", "--check", "b.chitieu"]).ends(0, "", "");
    let json = world.run(&["fmt", "--check", "a.chitieu", "--format", "json"]);
    assert!(json.out.starts_with("{\"code\":\"W0199\""), "{}", json.out);
}

#[test]
fn a_file_that_cannot_be_read_stays() {
    let bad = "[A]  tỷ lệ \"a >= 40%\n";
    let world = World::new(&[("a.chitieu", bad.as_bytes()), ("b.chitieu", UGLY.as_bytes())]);
    let run = world.run(&["fmt", "a.chitieu", "b.chitieu"]);
    assert_eq!((run.status, run.out.as_str()), (1, ""));
    assert!(run.said.contains("E0004"), "{}", run.said);
    assert_eq!((world.text("a.chitieu"), world.text("b.chitieu")), (bad.into(), FINE.into()));
    let run = world.run(&["fmt", "--check", "a.chitieu", "--format", "short"]);
    assert!(run.status == 1 && run.out.contains("E0004"), "{}", run.out);
}

#[test]
fn codes_are_explained_and_fixes_counted() {
    let world = World::with_data("s.json", "[]");
    let run = world.run(&["check", "--explain", "e0008"]);
    assert_eq!((run.status, run.said.as_str()), (0, ""));
    assert!(run.out.starts_with("# E0008: dấu so sánh viết sai · "), "{}", run.out);
    let said = "lỗi: không có mã `E008`; mã viết như `E0301`\n";
    world.run(&["check", "--explain", "E008"]).ends(2, "", said);
    let fine = "không có lỗi: 1 chương trình, 2 chỉ tiêu\n";
    world.run(&["check", "r.chitieu", "--fix"]).ends(0, fine, "đã sửa 0 chỗ\n");
    assert_eq!(world.text("r.chitieu"), RULES);
    let run = world.pipe(&["check", "-", "--fix"], b"");
    assert_eq!(run.status, 2, "{}", run.said);
}
