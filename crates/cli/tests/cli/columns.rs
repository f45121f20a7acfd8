//! Verdicts alone: judged by columns, they are those of the reference evaluator, to the byte.

use std::fmt::Write;

use crate::world::World;

const RULES: &str = "chương trình: Kế hoạch\nmã: KH\n\n\
    chỉ số: tỷ lệ p\n  công thức: số b / số c\n  đơn vị tính: %\n\n\
    [A] tỷ lệ hồ sơ đúng hạn\n  khi vùng = \"núi\": >= 30%\n  còn lại: >= 60%\n\
    [B] số b / số c >= 50% và (số b >= 10 hoặc ban hành k = có)\n\
    [C] tỷ lệ p >= 40%\n  áp dụng cho: mọi xã\n\
    [D] số b\n  đến 2022: >= 20\n  đến 2024: >= 60\n";

/// More rows than one piece holds, every kind of cell among them.
fn data(rows: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        let (number, region) = (row * 7919 % 101, if row % 3 == 0 { "núi" } else { "biển" });
        let (year, below) = (2021 + row % 5, row % 53);
        let share = match row % 5 {
            0 => "\"hơn 50%\"",
            1 => "\"khá\"",
            2 => "55",
            3 => "\"30%\"",
            _ => "null",
        };
        let level = if row % 2 == 0 { "xã" } else { "huyện" };
        let level = if row % 7 == 0 { String::new() } else { format!(",\"cấp\":\"{level}\"") };
        writeln!(
            text,
            "{{\"entity\":\"e{}\",\"as_of\":{year},\"attributes\":{{\"vùng\":\"{region}\"{level}}},\
             \"measurements\":{{\"tỷ lệ hồ sơ đúng hạn\":{share},\"số b\":{number},\
             \"số c\":{below},\"ban hành k\":\"có\"}}}}",
            row / 5
        )
        .unwrap();
    }
    text
}

#[test]
fn columns_and_threads_change_no_byte() {
    let files = [("r.chitieu", RULES.as_bytes()), ("s.ndjson", &data(16_400).into_bytes())];
    let world = World::new(&files);
    let eval = |more: &[&str]| {
        world.run(&[&["eval", "r.chitieu", "--data", "s.ndjson"][..], more].concat())
    };
    for asked in [&["--layout", "wide"][..], &["--layout", "wide", "--only", "met"], &["--summary"]]
    {
        let plain = eval(&[asked, &["--threads", "1"]].concat());
        assert_eq!(plain.status, 0, "{}", plain.said);
        assert!(plain.out.contains("met"), "{:.400}", plain.out);
        for more in [&["--reference"][..], &["--threads", "3"]] {
            assert!(eval(&[asked, more].concat()) == plain, "{asked:?} {more:?}");
        }
    }
}
