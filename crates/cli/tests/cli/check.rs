//! What `check` says, and how a wrong command line is answered.

use crate::world::{RULES, World};

#[test]
fn findings_are_the_result() {
    let world = World::new(&[
        ("tốt.chitieu", RULES.as_bytes()),
        ("sai.chitieu", "chương trình: A\n\n[A] tỷ lệ a >= 40\n".as_bytes()),
    ]);
    world.run(&["check", "tốt.chitieu"]).ends(0, "không có lỗi: 1 chương trình, 2 chỉ tiêu\n", "");
    let english = ["check", "tốt.chitieu", "--lang", "en"];
    world.run(&english).ends(0, "no errors: 1 programme, 2 targets\n", "");
    for quiet in ["short", "json"] {
        world.run(&["check", "tốt.chitieu", "--format", quiet]).ends(0, "", "");
    }
    let run = world.run(&["check", "sai.chitieu", "--format", "short"]);
    assert_eq!((run.status, run.said.as_str()), (1, ""));
    assert!(run.out.starts_with("sai.chitieu:3:"), "{}", run.out);
    assert!(run.out.contains("lỗi[E0"), "{}", run.out);
    let json = world.run(&["check", "sai.chitieu", "--format", "json"]).out;
    assert!(json.starts_with("{\"code\":\"E0"), "{json}");
    assert!(json.lines().count() == 1 && json.ends_with("}\n"), "{json}");
    let human = world.run(&["check", "sai.chitieu"]).out;
    assert!(human.contains("tỷ lệ a >= 40") && !human.contains('\u{1b}'), "{human}");
    let eval = world.run(&["eval", "sai.chitieu", "--data", "x.json"]);
    assert_eq!((eval.status, eval.out.as_str()), (2, ""));
    assert!(eval.said.contains("E0"), "{}", eval.said);
    assert_eq!(world.run(&["check", "none.chitieu"]).status, 2);
}

#[test]
fn a_wrong_command_line_is_answered() {
    let world = World::with_data("s.json", "[]");
    let see = "xem `chitieu --help`\n";
    let cases = [
        (&["evl"][..], format!("lỗi: không có lệnh `evl`; có phải là `eval`?\n{see}")),
        (&[], format!("lỗi: thiếu lệnh: `chitieu eval` hoặc `chitieu check`\n{see}")),
        (
            &["eval", "r", "--data", "s", "--checkpoint"],
            format!("lỗi: `--checkpoint <THƯ MỤC>` cần một giá trị\n{see}"),
        ),
        (
            &["eval", "r", "--lang", "en"],
            "error: --data <TỆP>... is missing\nsee `chitieu --help`\n".to_owned(),
        ),
        (
            &["eval", "r", "--data", "s", "--format", "xlsx"],
            "lỗi: dạng `xlsx` chưa có trong bản này; dùng table, ndjson, json, csv, parquet hoặc \
             arrow\n"
                .to_owned(),
        ),
        (
            &["eval", "r", "--data", "s", "--fields", "entity,verdit"],
            "lỗi: `--fields`: không có trường `verdit`; có phải là `verdict`?\n".to_owned(),
        ),
        (
            &["eval", "r", "--data", "s", "--as-of", "hôm nay"],
            "lỗi: `--as-of hôm nay` không phải là một ngày; viết như 30/06/2023\n".to_owned(),
        ),
    ];
    for (args, said) in cases {
        world.run(args).ends(2, "", &said);
    }
    let help = world.run(&["eval", "--help"]);
    assert_eq!((help.status, help.said.as_str()), (0, ""));
    for word in ["Cách dùng: chitieu eval", "Ví dụ:", "Bộ nhớ:", "Mã thoát:", "--max-rejects"]
    {
        assert!(help.out.contains(word), "{word}");
    }
    assert!(help.out.lines().all(|line| line.chars().count() <= 100), "{}", help.out);
    let version = format!("chitieu {}\n", env!("CARGO_PKG_VERSION"));
    world.run(&["--version"]).ends(0, &version, "");
}
