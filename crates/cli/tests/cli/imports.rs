//! Rule files that import others, and the root that they may not leave.

use crate::world::World;

const INDICATORS: &str = "chỉ số: số hồ sơ\n  đơn vị tính: hồ sơ\n";

fn rules(import: &str) -> String {
    format!("chương trình: A\nmã: A\ndùng: {import}\n\n[A] số hồ sơ >= 5\n")
}

fn world(files: &[(&str, &str)]) -> World {
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    World::new(&files)
}

const FINE: &str = "không có lỗi: 1 chương trình, 1 chỉ tiêu\n";

#[test]
fn catalogues_are_imported_from_within_the_root() {
    let program = rules("../danh-muc/chung.chitieu");
    let world = world(&[
        ("rules/kh/rules.chitieu", &program),
        ("rules/danh-muc/chung.chitieu", INDICATORS),
        ("s.json", r#"{"entity":"a","as_of":2023,"measurements":{"số hồ sơ":7}}"#),
    ]);
    let file = "rules/kh/rules.chitieu";
    // The working directory, the folder given, and the root that is said.
    for args in [&[file][..], &["rules"], &[file, "--root", "rules"], &["./rules/kh/../kh/"]] {
        let run = world.run(&[&["check"][..], args].concat());
        let is_inside = args != ["./rules/kh/../kh/"];
        assert_eq!(run.status, i32::from(!is_inside), "{args:?} {}", run.out);
        assert_eq!(run.out == FINE, is_inside, "{args:?} {}", run.out);
    }
    let eval = ["eval", file, "--data", "s.json", "--fields", "target,verdict"];
    let said = "đã đọc 1 = đánh giá 1 + loại 0; 0 ô không đọc được\n";
    world.run(&eval).ends(0, "{\"target\":\"A\",\"verdict\":\"exceeded\"}\n", said);
    let outside = world.run(&[&eval[..], &["--root", "rules/kh"]].concat());
    assert_eq!((outside.status, outside.out.as_str()), (2, ""));
    assert!(outside.said.contains("tệp nằm ngoài thư mục gốc"), "{}", outside.said);
    let none = world.run(&["check", file, "--root", "none"]);
    let said = "lỗi: không đọc được tệp `none`: không có tệp hoặc thư mục này\n";
    none.ends(2, "", said);
}

#[test]
fn nothing_outside_the_root_is_read() {
    let asked = |import: &str, expected: &str| {
        let program = rules(import);
        let world = world(&[
            ("trong/r.chitieu", &program),
            ("trong/b.chitieu", INDICATORS),
            ("ngoài.chitieu", INDICATORS),
        ]);
        let said = world.run(&["check", "trong", "--format", "short"]);
        assert!(said.out.contains(expected), "{import}: {}", said.out);
        assert_eq!(said.status, 1);
    };
    asked("../ngoài.chitieu", "tệp nằm ngoài thư mục gốc");
    asked("../không-có.chitieu", "tệp nằm ngoài thư mục gốc");
    asked("/etc/hostname", "tệp nằm ngoài thư mục gốc");
    asked("c.chitieu", "không có tệp này");
    asked("../trong", "không đọc được tệp");
}

#[cfg(unix)]
#[test]
fn links_are_resolved_before_the_test() {
    use std::os::unix::fs::symlink;
    let (out, within) = (rules("link.chitieu"), rules("dm/x.chitieu"));
    let world = world(&[
        ("a/r.chitieu", &out),
        ("b/r.chitieu", &within),
        ("b/thật/x.chitieu", INDICATORS),
        ("x.chitieu", INDICATORS),
    ]);
    symlink(world.path("x.chitieu"), world.path("a/link.chitieu")).unwrap();
    symlink(world.path("b/thật"), world.path("b/dm")).unwrap();
    let run = world.run(&["check", "a/r.chitieu", "--root", "a", "--format", "short"]);
    assert!(run.out.contains("tệp nằm ngoài thư mục gốc"), "{}", run.out);
    world.run(&["check", "b"]).ends(0, FINE, "");
    world.run(&["check", "a/r.chitieu"]).ends(0, FINE, "");
}

#[test]
fn a_file_is_read_once_however_it_is_reached() {
    let (one, two) = (rules("./dm/../dm/x.chitieu"), rules("dm/x.chitieu").replace(": A", ": B"));
    let two = two.replace("[A] số hồ sơ >= 5", "[B] số hồ sơ >= 6");
    let world = world(&[
        ("1.chitieu", &one),
        ("2.chitieu", &two),
        ("dm/x.chitieu", "dùng: y.chitieu\n"),
        ("dm/y.chitieu", INDICATORS),
    ]);
    let run = world.run(&["check", "1.chitieu", "2.chitieu", "./dm/../dm/y.chitieu"]);
    run.ends(0, "không có lỗi: 2 chương trình, 2 chỉ tiêu\n", "");
}

#[test]
fn circles_of_imports_are_said() {
    let program = rules("b.chitieu");
    let world = world(&[
        ("r.chitieu", &program),
        ("b.chitieu", "dùng: dm/c.chitieu\n"),
        ("dm/c.chitieu", "dùng: ../b.chitieu\n"),
    ]);
    let run = world.run(&["check", "r.chitieu", "--format", "short"]);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("các tệp nhập lẫn nhau thành vòng"), "{}", run.out);
    assert!(run.out.contains("dm/c.chitieu:1:"), "{}", run.out);
    let own = rules("r.chitieu");
    let world = self::world(&[("r.chitieu", &own)]);
    let run = world.run(&["check", "r.chitieu", "--format", "short"]);
    assert!(run.out.contains("tệp nhập chính nó"), "{}", run.out);
}
