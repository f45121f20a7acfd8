//! `diff`, `new` and `template`: files that others go on with.

use crate::world::{World, record};

const HALF: &str = "\"ban hành kế hoạch\":\"chưa\",\"tỷ lệ hồ sơ đúng hạn\":\"95,5%\"";
const FULL: &str = "\"ban hành kế hoạch\":\"chưa\",\"tỷ lệ hồ sơ đúng hạn\":\"97%\"";

#[test]
fn verdict_files_are_compared() {
    let old = record("a", HALF).replace("2023", "\"2023-06-30\"") + &record("c", FULL);
    let world = World::with_data("cũ.json", old);
    let write = |data: &str, rules: &str, out: &str| {
        assert_eq!(world.run(&["eval", rules, "--data", data, "-o", out]).status, 0);
    };
    write("cũ.json", "r.chitieu", "cũ.csv");
    let rules = world.text("r.chitieu").replace("96%", "95%") + "\n[C] số xã >= 2\n";
    let text = record("a", HALF) + &record("b", FULL);
    let new = World::new(&[("r.chitieu", rules.as_bytes()), ("mới.json", text.as_bytes())]);
    for format in ["ndjson", "json"] {
        let out = format!("mới.{format}");
        let out = if format == "json" { "k.json" } else { out.as_str() };
        assert_eq!(new.run(&["eval", "r.chitieu", "--data", "mới.json", "-o", out]).status, 0);
        let (old, new) = (world.path("cũ.csv"), new.path(out));
        let args = ["diff", old.to_str().unwrap(), new.to_str().unwrap()];
        let human = "\
A (tỷ lệ hồ sơ đúng hạn), a: chưa đến hạn → vượt
  ngưỡng: >= 96 % → >= 95 %
  giữ nguyên: số liệu 95,5 %, hạn 31/12/2023
B (ban hành kế hoạch), a: chưa đến hạn → chưa đạt
  đã qua hạn 31/12/2023 (ngày số liệu 30/06/2023 → 31/12/2023)
  giữ nguyên: số liệu chưa, ngưỡng = có, hạn 31/12/2023
chỉ tiêu mới: C (số xã) (2 kết luận)
đơn vị mới: b (2 kết luận)
đơn vị không còn: c (2 kết luận)
2 kết luận có trong cả hai tệp: 2 đổi, 0 giữ nguyên (trong đó 0 đổi số liệu)
";
        world.run(&args).ends(0, human, "");
        let json = world.run(&[&args[..], &["--format", "json"]].concat()).out;
        let start = "{\"change\":\"flipped\",\"programme\":\"KH\",\"target\":\"A\",\"name\":\
                     \"tỷ lệ hồ sơ đúng hạn\",\"entity\":\"a\",\"causes\":[\"threshold\"],\
                     \"details\":[{\"cause\":\"threshold\",\"kind\":\"rule\",\"of\":null,\
                     \"from\":\">= 96\",\"to\":\">= 95\"}],\"old\":{\
                     \"as_of\":\"2023-06-30\",\"verdict\":\"not_due\",\"reason\":null,\
                     \"measured\":\"95.5\",\"unit\":\"%\",\"threshold\":\">= 96\",\
                     \"due\":\"2023-12-31\",\"legal_basis\":null},\"new\":{";
        assert!(json.starts_with(start), "{json}");
        let end = "{\"change\":\"entity_gone\",\"entity\":\"c\",\"verdicts\":2}\n\
                   {\"summary\":{\"paired\":2,\"flipped\":2,\"moved\":0}}\n";
        assert!(json.ends_with(end), "{json}");
    }
    let english = world.run(&["diff", "cũ.csv", "cũ.csv", "--lang", "en"]);
    let same = "verdicts in both files: 4; 0 changed, 4 unchanged (0 of them by other figures)\n";
    english.ends(0, same, "");
    let wrong = "lỗi: r.chitieu:2: không có `target`: đây không phải là kết luận do `eval` ghi\n";
    world.run(&["diff", "cũ.csv", "r.chitieu"]).ends(2, "", wrong);
    let none = "lỗi: không đọc được tệp `không`: không có tệp hoặc thư mục này\n";
    world.run(&["diff", "không", "cũ.csv"]).ends(2, "", none);
}

#[test]
fn a_first_file_passes_and_is_never_written_over() {
    let world = World::new(&[]);
    let said = "đã viết `a.chitieu`; tiếp theo: chitieu check a.chitieu\n";
    world.run(&["new", "a.chitieu"]).ends(0, "", said);
    let said = "wrote `b.chitieu`; next: chitieu check b.chitieu\n";
    world.run(&["new", "b.chitieu", "--lang", "en"]).ends(0, "", said);
    for file in ["a.chitieu", "b.chitieu"] {
        assert_eq!(world.run(&["check", file, "--deny-warnings"]).status, 0, "{file}");
        assert_eq!(world.run(&["test", file]).status, 0, "{file}");
    }
    let before = world.text("a.chitieu");
    let said = "lỗi: tệp `a.chitieu` đã có, giữ nguyên\n";
    world.run(&["new", "a.chitieu", "--lang", "vi"]).ends(2, "", said);
    assert_eq!(world.text("a.chitieu"), before);
}

#[test]
fn a_template_is_read_as_it_is() {
    let rules = "chương trình: P
mã: P
áp dụng cho: mọi tỉnh (vùng = \"núi\"); sở, ban
hiệu lực: năm 2023

[A] tỷ lệ a >= 96%
[B] ban hành kế hoạch = có
[C] thu ngân sách >= 600 tỷ đồng

chỉ số: tỷ lệ a
  công thức: số đúng / \"tổng số; cả năm\"
  đơn vị tính: %
";
    let world = World::new(&[("r.chitieu", rules.as_bytes())]);
    world.run(&["template", "r.chitieu", "-o", "t.csv"]).ends(
        0,
        "",
        "đã viết `t.csv`: 4 chỉ số, 2 đơn vị\n",
    );
    let rows = |entity: &str, attributes: &str| {
        let row = |indicator: &str, unit: &str| {
            format!("{entity};31/12/2023;{attributes};{indicator};;;;;{unit};\r\n")
        };
        row("số đúng", "")
            + &row("\"tổng số; cả năm\"", "")
            + &row("ban hành kế hoạch", "có/không")
            + &row("thu ngân sách", "tỷ đồng")
    };
    let expected = "\u{feff}đơn vị;ngày;cấp;vùng;chỉ số;giá trị;tử số;mẫu số;số báo cáo;đơn vị \
                    tính;nguồn\r\n"
        .to_owned()
        + &rows("đơn vị 1", "tỉnh;núi");
    let text = world.text("t.csv");
    assert!(text.starts_with(&expected), "{text}");
    for file in ["t.csv", "t.json"] {
        if file == "t.json" {
            assert_eq!(world.run(&["template", "r.chitieu", "-o", file]).status, 0);
        }
        let run = world.run(&["eval", "r.chitieu", "--data", file, "--fields", "verdict"]);
        assert_eq!((run.status, run.out.lines().count()), (0, 6), "{}", run.said);
        assert_eq!(run.out.matches("no_data").count(), 6, "{}", run.out);
    }
    let filled = text
        .replacen("có/không", "", 1)
        .replacen("ban hành kế hoạch;", "ban hành kế hoạch;có", 1)
        .replacen("thu ngân sách;", "thu ngân sách;600,5", 1)
        .replacen("số đúng;", "số đúng;97", 1)
        .replacen("cả năm\";", "cả năm\";100", 1);
    std::fs::write(world.path("đ.csv"), filled).unwrap();
    let run = world.run(&["eval", "r.chitieu", "--data", "đ.csv", "--fields", "target,verdict"]);
    let expected = "{\"target\":\"A\",\"verdict\":\"exceeded\"}\n{\"target\":\"B\",\"verdict\":\
                    \"met\"}\n{\"target\":\"C\",\"verdict\":\"exceeded\"}\n";
    assert!(run.out.starts_with(expected), "{} {}", run.out, run.said);
    let later = "lỗi: dạng `xlsx` chưa có trong bản này; dùng .csv (Excel mở được) hoặc .json\n";
    world.run(&["template", "r.chitieu", "-o", "t.xlsx"]).ends(2, "", later);
    let kept = "lỗi: tệp `t.csv` đã có, giữ nguyên\n";
    world.run(&["template", "r.chitieu", "-o", "t.csv"]).ends(2, "", kept);
}

/// Units that a target counts have rows below their owner, each with what it is asked for.
#[test]
fn a_template_has_rows_for_units() {
    let rules = "chương trình: P
mã: P
áp dụng cho: mọi tỉnh
hiệu lực: năm 2023
[A] ít nhất 50% xã (vùng = \"núi\") đạt: có mạng = có
[B] mọi huyện đạt: ít nhất 1 xã đạt: có trạm = có
[C] tổng(mọi huyện; số hồ sơ) / tổng số hồ sơ >= 50%
";
    let world = World::new(&[("r.chitieu", rules.as_bytes())]);
    let said = "đã viết `t.csv`: 4 chỉ số, 4 đơn vị\n";
    world.run(&["template", "r.chitieu", "-o", "t.csv"]).ends(0, "", said);
    let row = |start: &str, rest: &str| format!("{start};31/12/2023;{rest}\r\n");
    let header = "đơn vị;ngày;thuộc;cấp;vùng;chỉ số;giá trị;tử số;mẫu số;số báo cáo;đơn vị \
                  tính;nguồn";
    let expected = format!("\u{feff}{header}\r\n")
        + &row("đơn vị 1", ";tỉnh;;tổng số hồ sơ;;;;;;")
        + &row("đơn vị 2", "đơn vị 1;xã;núi;có mạng;;;;;có/không;")
        + &row("đơn vị 3", "đơn vị 1;huyện;;số hồ sơ;;;;;;")
        + &row("đơn vị 4", "đơn vị 3;xã;;có trạm;;;;;có/không;");
    assert_eq!(world.text("t.csv"), expected);
    assert_eq!(world.run(&["template", "r.chitieu", "-o", "t.json"]).status, 0);
    let verdicts = "no_data,no_data,no_data";
    for file in ["t.csv", "t.json"] {
        let args = ["eval", "r.chitieu", "--data", file, "--layout", "wide", "--format", "csv"];
        let run = world.run(&args);
        assert!(run.out.contains(&format!("đơn vị 1,2023-12-31,{verdicts}")), "{}", run.out);
    }
    // Of the commune of another district nobody said where it lies: one of two or two of two.
    let filled = expected.replace(";có/không;", ";;").replace("có mạng;", "có mạng;có");
    std::fs::write(world.path("đ.csv"), filled).unwrap();
    let run = world.run(&["eval", "r.chitieu", "--data", "đ.csv", "--only", "met"]);
    assert!(run.out.contains("\"target\":\"A\""), "{} {}", run.out, run.said);
}
