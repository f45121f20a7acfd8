//! Derivations, line by line.

use super::*;
use crate::calendar::Period;
use crate::snapshot::{Cases, Data};
use crate::{Measurement, Rules, Snapshot};

/// The steps of the first target, as `topic text ← sources`, indented by two spaces a level.
fn explained(rules: &str, given: &[(&str, &str)], lang: Lang) -> (String, String) {
    let rules = Rules::parse(rules).unwrap();
    let mut data = Data::new();
    let mut record = Snapshot::new("x").attribute("cấp", "tỉnh");
    record.period = Period::year(2023);
    record.place = "s#/0".to_owned();
    for (name, text) in given {
        let measurement = match text.split_once('|') {
            Some((fraction, printed)) => Measurement::text(fraction).reported(printed),
            None => Measurement::text(*text),
        };
        record.measurements.push(((*name).to_owned(), measurement));
    }
    data.push(record, None);
    let cases = Cases::each_snapshot(&data);
    let reference = Reference::new(rules.model(), &data);
    let case = cases.get(&data, 0).unwrap();
    let why = explain(rules.model(), &reference, &case, TargetId(0), lang).unwrap();
    let mut lines = String::new();
    write(&why.steps, 0, &mut lines);
    (why.sentence, lines)
}

fn write(steps: &[Step], depth: usize, out: &mut String) {
    for step in steps {
        let sources = step.sources.join("; ");
        let sources = if sources.is_empty() { sources } else { format!(" ← {sources}") };
        let line = format!("{}{} {}{sources}\n", "  ".repeat(depth), step.topic.code(), step.text);
        out.push_str(&line);
        write(&step.steps, depth + 1, out);
    }
}

/// The lines about some topics, without scope and window.
fn check(rules: &str, given: &[(&str, &str)], expected: &[&str]) {
    let (_, lines) = explained(rules, given, Lang::Vi);
    let skipped = ["scope", "window", "progress"];
    let lines: Vec<&str> = lines
        .lines()
        .filter(|line| !skipped.iter().any(|it| line.trim_start().starts_with(it)))
        .collect();
    assert_eq!(lines, expected, "\n{}", lines.join("\n"));
}

#[test]
fn a_fraction_is_compared_crosswise() {
    let rules = "áp dụng cho: mọi tỉnh\nhiệu lực: năm 2023\n\n[A] tỷ lệ a >= 40%\n";
    check(
        &format!("chương trình: P\n{rules}"),
        &[("tỷ lệ a", "225.020/615.198|36,6%")],
        &[
            "threshold >= 40 %; hạn 31/12/2023, đã đến hạn",
            "figure tỷ lệ a ≈ 36,5768 % ← s#/0",
            "  figure số liệu ghi `225.020/615.198`: 225.020/615.198 × 100 ≈ 36,5768 %; số báo cáo \
             `36,6%` chỉ để đối chiếu ← s#/0",
            "comparison ≈ 36,5768 % so với >= 40 % (225.020 × 100 = 22.502.000 < 40 × 615.198 = \
             24.607.920): chưa đạt",
            "margin (11.251.000/307.599) − 40 ≈ -3,4232 điểm phần trăm",
            "attainment (11.251.000/307.599) / 40 ≈ 0,9144 (91,44 %)",
            "turn tử số của tỷ lệ a tăng 21.060 là đủ",
            "verdict chưa đạt",
        ],
    );
}

#[test]
fn units_bounds_and_rounding_are_said() {
    check(
        "[U] thời gian xử lý <= 2,5 ngày\n",
        &[("thời gian xử lý", "60 giờ")],
        &[
            "threshold <= 2,5 ngày; không có hạn, phải đạt ngay",
            "figure thời gian xử lý = 2,5 ngày ← s#/0",
            "  figure số liệu ghi `60 giờ`: hiểu là 2,5 ngày ← s#/0",
            "comparison 2,5 ngày so với <= 2,5 ngày: đạt",
            "margin 2,5 − 2,5 = 0 ngày",
            "attainment 2,5 / 2,5 = 1 (100 %)",
            "rounding 2,5 có thể đã làm tròn từ ≈ 2,4792 đến ≈ 2,5208: có giá trị trong đó cho kết \
             luận khác",
            "verdict đạt",
        ],
    );
    check(
        "[B] tỷ lệ b <= 2,5%\n",
        &[("tỷ lệ b", "hơn 2%")],
        &[
            "threshold <= 2,5 %; không có hạn, phải đạt ngay",
            "figure tỷ lệ b = trên 2 % ← s#/0",
            "  figure số liệu ghi `hơn 2%`: hiểu là trên 2 % ← s#/0",
            "comparison trên 2 % so với <= 2,5 %: có giá trị thỏa, có giá trị không: \
             chưa đủ căn cứ",
            "verdict chưa đủ căn cứ (bounds)",
        ],
    );
}

#[test]
fn formulas_and_several_figures_are_opened() {
    let rules = "[H] tỷ lệ h >= 96%\n\nchỉ số: tỷ lệ h\n  công thức: x / y\n  đơn vị tính: %\n";
    check(
        rules,
        &[("tỷ lệ h", "95,9%"), ("x", "958"), ("y", "999")],
        &[
            "threshold >= 96 %; không có hạn, phải đạt ngay",
            "figure tỷ lệ h ≈ 95,8959 % ← s#/0",
            "  figure số liệu ghi `95,9%`: hiểu là 95,9 % ← s#/0",
            "  figure công thức: x / y × 100 = 958 / 999 × 100 ≈ 95,8959 %",
            "    figure x = 958 ← s#/0",
            "    figure y = 999 ← s#/0",
            "  figure 2 số liệu khớp nhau; lấy số chính xác nhất",
            "comparison ≈ 95,8959 % so với >= 96 % (958 × 100 = 95.800 < 96 × 999 = 95.904): \
             chưa đạt",
            "margin (95.800/999) − 96 ≈ -0,1041 điểm phần trăm",
            "attainment (95.800/999) / 96 ≈ 0,9989 (99,89 %)",
            "turn x tăng 2 là đủ",
            "verdict chưa đạt",
        ],
    );
    let (_, lines) = explained(rules, &[("x", "958")], Lang::Vi);
    assert!(lines.contains("  figure công thức không tính được: thiếu y\n"), "{lines}");
    let (_, lines) = explained(rules, &[("tỷ lệ h", "90%"), ("x", "1"), ("y", "2")], Lang::Vi);
    assert!(lines.contains("figure tỷ lệ h: các số liệu không khớp nhau"), "{lines}");
}

#[test]
fn joined_conditions_show_their_parts() {
    check(
        "[J] số xã >= 12 và (tỷ lệ nghèo <= 2,5% hoặc số dự án > 3)\n",
        &[("số xã", "13"), ("tỷ lệ nghèo", "2,6%"), ("số dự án", "3")],
        &[
            "threshold không có hạn, phải đạt ngay",
            "part số xã >= 12: vượt",
            "  figure số xã = 13 ← s#/0",
            "  comparison 13 so với >= 12: vượt",
            "part (tỷ lệ nghèo <= 2,5% hoặc số dự án > 3): chưa đạt",
            "  part tỷ lệ nghèo <= 2,5%: chưa đạt",
            "    figure tỷ lệ nghèo = 2,6 % ← s#/0",
            "    comparison 2,6 % so với <= 2,5 %: chưa đạt",
            "  part số dự án > 3: chưa đạt",
            "    figure số dự án = 3 ← s#/0",
            "    comparison 3 so với > 3: chưa đạt",
            "  comparison chưa đạt hoặc chưa đạt: chưa đạt",
            "comparison vượt và chưa đạt: chưa đạt",
            "rounding 2,6 có thể đã làm tròn từ 2,55 đến 2,65: kết luận không đổi",
            "verdict chưa đạt",
        ],
    );
}

#[test]
fn branches_milestones_and_progress() {
    let rules = "chương trình: P\nhiệu lực: giai đoạn 2022-2030\n\n[W] số dân\n\
        \x20 mốc 2022: 10 người\n  đến 2025: >= 40 người\n\
        \x20 đến 2030 khi vùng = \"núi\": >= 50 người\n  còn lại: >= 90 người\n";
    let (sentence, lines) = explained(rules, &[("số dân", "19 người")], Lang::En);
    assert!(
        sentence.starts_with("On 31/12/2023, x has time left to meet the target"),
        "{sentence}"
    );
    let line = lines.lines().find(|line| line.starts_with("progress")).unwrap();
    assert!(line.starts_with("progress the straight line to the next milestone asks >="), "{line}");
    assert!(line.ends_with("on this day; measured 19 người: behind"), "{line}");
    assert!(lines.contains("threshold >= 40 người; due 31/12/2025, 731 days ahead"), "{lines}");
}

#[test]
fn the_sentence_never_says_that_a_ceiling_is_exceeded() {
    for (rules, text, start) in [
        ("[A] tỷ lệ a >= 40%", "41%", "Tại ngày 31/12/2023, x vượt chỉ tiêu “tỷ lệ a” (A): "),
        ("[A] tỷ lệ a <= 40%", "39%", "Tại ngày 31/12/2023, x đạt chỉ tiêu “tỷ lệ a” (A): "),
        ("[A] tỷ lệ a <= 40%", "41%", "Tại ngày 31/12/2023, x chưa đạt chỉ tiêu “tỷ lệ a” (A): "),
        ("[A] tỷ lệ a <= 40%", "", "Tại ngày 31/12/2023, x thiếu số liệu về chỉ tiêu “tỷ lệ a” "),
        ("tỷ lệ a <= 40%", "41%", "Tại ngày 31/12/2023, x chưa đạt chỉ tiêu “tỷ lệ a”: "),
    ] {
        let (sentence, _) = explained(rules, &[("tỷ lệ a", text)], Lang::Vi);
        assert!(sentence.starts_with(start), "{sentence}");
    }
}

#[test]
fn what_does_not_apply_is_explained_no_further() {
    let rules = "chương trình: P\náp dụng cho: mọi xã\n\n[A] tỷ lệ a >= 40%";
    let (_, lines) = explained(rules, &[("tỷ lệ a", "50%")], Lang::Vi);
    assert_eq!(
        lines,
        "scope mọi xã; x (cấp = tỉnh) không thuộc đối tượng\n\
         window không giới hạn thời gian; có hiệu lực vào ngày 31/12/2023\n\
         verdict không áp dụng (scope)\n"
    );
}
