//! `eval --against`: what turned since an earlier run, and why.

use crate::world::{RULES, World, record};

const OLD: &str = "\"ban hành kế hoạch\":\"chưa\",\"tỷ lệ hồ sơ đúng hạn\":\"95,5%\"";
const NEW: &str = "\"ban hành kế hoạch\":\"chưa\",\"tỷ lệ hồ sơ đúng hạn\":\"97%\"";

const TOLD: &str = "\
so với `cũ.ndjson`:
A (tỷ lệ hồ sơ đúng hạn), a: chưa đến hạn → vượt
  số liệu: 95,5 % → 97 %
  giữ nguyên: ngưỡng >= 96 %, hạn 31/12/2023
B (ban hành kế hoạch), a: chưa đến hạn → chưa đạt
  đã qua hạn 31/12/2023 (ngày số liệu 30/06/2023 → 31/12/2023)
  giữ nguyên: số liệu chưa, ngưỡng = có, hạn 31/12/2023
2 kết luận có trong cả hai tệp: 2 đổi, 0 giữ nguyên (trong đó 0 đổi số liệu)
";

fn world() -> World {
    let old = record("a", OLD).replace("2023", "\"2023-06-30\"");
    let world = World::new(&[
        ("r.chitieu", RULES.as_bytes()),
        ("cũ.json", old.as_bytes()),
        ("mới.json", record("a", NEW).as_bytes()),
    ]);
    let args = ["eval", "r.chitieu", "--data", "cũ.json", "-o", "cũ.ndjson"];
    assert_eq!(world.run(&args).status, 0);
    world
}

#[test]
fn what_turned_is_said_beside_the_results() {
    let world = world();
    let eval = ["eval", "r.chitieu", "--data", "mới.json"];
    let against = [&eval[..], &["--against", "cũ.ndjson"]].concat();
    let read = "đã đọc 1 = đánh giá 1 + loại 0; 0 ô không đọc được\n";
    for form in ["ndjson", "json", "csv"] {
        let plain = world.run(&[&eval[..], &["--format", form]].concat());
        let run = world.run(&[&against[..], &["--format", form]].concat());
        run.ends(0, &plain.out, &format!("{read}{TOLD}"));
    }
    let plain = world.run(&[&eval[..], &["--format", "table"]].concat());
    let run = world.run(&[&against[..], &["--format", "table"]].concat());
    run.ends(0, &format!("{}\n{TOLD}", plain.out), read);
    // Whatever is written, all verdicts are compared.
    for more in [
        &["--only", "no_data"][..],
        &["--fields", "target"],
        &["--summary"],
        &["--layout", "wide", "--format", "csv"],
        &["--threads", "3"],
        &["--reference"],
    ] {
        let plain = world.run(&[&eval[..], more].concat());
        let run = world.run(&[&against[..], more].concat());
        run.ends(0, &plain.out, &format!("{read}{TOLD}"));
    }
}

#[test]
fn several_causes_at_once_are_told_in_order() {
    let world = world();
    let rules = RULES.replace("96%", "98%").replace("mã: KH", "mã: KH\ncăn cứ: Quyết định 2");
    std::fs::write(world.path("r2.chitieu"), rules).unwrap();
    let args = ["eval", "r2.chitieu", "--data", "mới.json", "--against", "cũ.ndjson"];
    let told = "\
A (tỷ lệ hồ sơ đúng hạn), a: chưa đến hạn → chưa đạt
  số liệu: 95,5 % → 97 %
  ngưỡng: >= 96 % → >= 98 %
  căn cứ: không có → Quyết định 2
  đã qua hạn 31/12/2023 (ngày số liệu 30/06/2023 → 31/12/2023)
  giữ nguyên: hạn 31/12/2023
";
    let run = world.run(&args);
    assert!(run.status == 0 && run.said.contains(told), "{}", run.said);
    let english = world.run(&[&args[..], &["--lang", "en"]].concat());
    let told = "\
against `cũ.ndjson`:
A (tỷ lệ hồ sơ đúng hạn), a: not due → not met
  measured: 95.5 % → 97 %
  threshold: >= 96 % → >= 98 %
  legal basis: none → Quyết định 2
  31/12/2023 has come due (as of 30/06/2023 → 31/12/2023)
  unchanged: due 31/12/2023
";
    assert!(english.said.contains(told), "{}", english.said);
}

#[test]
fn other_causes_have_words_in_both_languages() {
    let world = World::new(&[]);
    let base = concat!(
        r#"{"programme":"P","target":"A","name":"tỷ lệ a","entity":"x","as_of":"2023-06-30","#,
        r#""verdict":"not_met","reason":null,"measured":"28","unit":"%","threshold":">= 30","#,
        r#""due":"2023-06-30","legal_basis":null,"numerator":null,"denominator":null,"#,
        r#""parts":[],"failing":[],"unreported":[],"missing":[]}"#,
    );
    let check = |changes: &[(&str, &str)], vi: &str, en: &str| {
        let new = changes.iter().fold(base.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        std::fs::write(world.path("o.ndjson"), base).unwrap();
        std::fs::write(world.path("n.ndjson"), new).unwrap();
        for (lang, expected) in [("vi", vi), ("en", en)] {
            let run = world.run(&["diff", "o.ndjson", "n.ndjson", "--lang", lang]);
            let said = run.out.lines().any(|line| line.trim() == expected);
            assert!(said, "{expected}: {}", run.out);
        }
    };
    let verdict = ("not_met", "met");
    check(
        &[
            verdict,
            (r#""numerator":null,"denominator":null"#, r#""numerator":"31","denominator":"100""#),
            ("\"28\"", "\"31\""),
        ],
        "số liệu: 28 % → 31 % (31/100)",
        "measured: 28 % → 31 % (31/100)",
    );
    check(
        &[
            verdict,
            (r#""failing":[],"unreported":[]"#, r#""failing":["u","v"],"unreported":["w"]"#),
        ],
        "đơn vị nay chưa đạt: u, v",
        "units that fail now: u, v",
    );
    check(
        &[verdict, (r#""missing":[]"#, r#""missing":["b"]"#)],
        "nay thiếu số liệu: b",
        "now missing: b",
    );
    check(&[verdict, ("\"P\"", "\"Q\"")], "chương trình: P → Q", "programme: P → Q");
    let outside = ("\"not_met\",\"reason\":null", "\"not_applicable\",\"reason\":\"not_in_force\"");
    check(
        &[outside],
        "luật mới không còn hiệu lực vào ngày 30/06/2023",
        "the new rules are not in force on 30/06/2023",
    );
    check(
        &[outside, ("\"as_of\":\"2023-06-30\"", "\"as_of\":\"2024-01-31\"")],
        "ra ngoài hiệu lực (ngày số liệu 30/06/2023 → 31/01/2024)",
        "no longer in force (as of 30/06/2023 → 31/01/2024)",
    );
    check(
        &[verdict, ("2023-06-30", "2025-12-31"), (">= 30", ">= 25")],
        "đã đến mốc 31/12/2025: ngưỡng >= 30 % → >= 25 %",
        "the milestone of 31/12/2025 is due: threshold >= 30 % → >= 25 %",
    );
    let part = r#""parts":[{"text":"b >= 1","verdict":"met","measured":"3","threshold":">= 1"}]"#;
    check(
        &[verdict, (r#""parts":[]"#, part)],
        "điều kiện: không có → b >= 1",
        "parts: none → b >= 1",
    );
    check(&[verdict], "hai tệp không cho thấy vì sao", "the files do not show why");
}

#[test]
fn a_file_that_holds_no_verdicts_ends_the_run_before_it_begins() {
    let world = world();
    let args = ["eval", "r.chitieu", "--data", "mới.json", "-o", "x.csv", "--against"];
    let wrong = "lỗi: r.chitieu:2: không có `target`: đây không phải là kết luận do `eval` ghi\n";
    world.run(&[&args[..], &["r.chitieu"]].concat()).ends(2, "", wrong);
    let none = "lỗi: không đọc được tệp `không`: không có tệp hoặc thư mục này\n";
    world.run(&[&args[..], &["không"]].concat()).ends(2, "", none);
    assert!(!world.path("x.csv").exists());
}

#[test]
fn a_target_of_another_document_that_takes_over_is_the_cause() {
    let old = "chương trình: Cũ\nmã: P\nhiệu lực: giai đoạn 2021-2025\n\n[A] tỷ lệ a >= 30%\n";
    let new = "chương trình: Mới\nmã: Q\nhiệu lực: từ 01/07/2024\n\n[X] tỷ lệ a >= 40%\n  \
               thay thế: P/A\n";
    let data = record("x", "\"tỷ lệ a\":\"31%\"").replace("2023", "2024");
    let world = World::new(&[
        ("p.chitieu", old.as_bytes()),
        ("q.chitieu", new.as_bytes()),
        ("s.json", data.as_bytes()),
    ]);
    let eval = ["eval", "p.chitieu", "q.chitieu", "--data", "s.json"];
    let before = ["--rules-as-of", "30/06/2024", "-o", "cũ.ndjson"];
    assert_eq!(world.run(&[&eval[..], &before].concat()).status, 0);
    assert!(world.text("cũ.ndjson").contains("\"verdict\":\"exceeded\""));
    let after = ["--against", "cũ.ndjson", "-o", "mới.ndjson"];
    let told = "đã đọc 1 = đánh giá 1 + loại 0; 0 ô không đọc được\n\
                so với `cũ.ndjson`:\n\
                A (tỷ lệ a), x: vượt → không áp dụng\n  được thay bằng Q/X\n  \
                giữ nguyên: hạn 31/12/2025\n\
                chỉ tiêu mới: X (tỷ lệ a) (1 kết luận)\n\
                1 kết luận có trong cả hai tệp: 1 đổi, 0 giữ nguyên (trong đó 0 đổi số liệu)\n";
    world.run(&[&eval[..], &after].concat()).ends(0, "", told);
}
