//! Cases at the boundaries: what is written is read and passes.

use super::*;
use crate::Rules;
use crate::trial;

/// Reads rules with the tests written for them; everything passes. The tests, without their names.
fn written(rules: &str) -> String {
    let read = Rules::parse(rules).unwrap_or_else(|found| panic!("{found:?}"));
    let text = boundaries(read.model());
    let both = format!("{rules}\n\n{text}");
    let again = Rules::parse(&both).unwrap_or_else(|found| panic!("{found:?}\n{both}"));
    let trials = trial::run(again.model());
    assert!(!trials.is_empty(), "{both}");
    for trial in &trials {
        assert!(trial.holds, "{}: {:?}", trial.test.name, trial.judgement);
    }
    let mut cases = String::new();
    for line in text.lines() {
        if let Some(given) = line.strip_prefix("  cho: ").or(line.strip_prefix("  given: ")) {
            let _ = write!(cases, "{given}; ");
        } else if let Some((_, verdict)) = line.split_once(" -> ") {
            let _ = writeln!(cases, "{verdict}");
        }
    }
    cases
}

#[test]
fn thresholds_have_a_case_on_each_side() {
    for (rules, expected) in [
        (
            "[A] tỷ lệ a >= 40,5%",
            "tỷ lệ a = 40,4%; chưa đạt\ntỷ lệ a = 40,5%; đạt\n\
          tỷ lệ a = 40,6%; vượt\nthiếu số liệu\n",
        ),
        (
            "[A] số xã > 7",
            "số xã = 6; chưa đạt\nsố xã = 7; chưa đạt\nsố xã = 8; vượt\nthiếu số liệu\n",
        ),
        ("[A] a = có", "a = có; đạt\na = chưa; chưa đạt\nthiếu số liệu\n"),
        (
            "[A] tỷ lệ a trong khoảng 5% đến 7%",
            "tỷ lệ a = 4%; chưa đạt\ntỷ lệ a = 5%; đạt\n\
          tỷ lệ a = 7%; đạt\ntỷ lệ a = 8%; chưa đạt\nthiếu số liệu\n",
        ),
        ("[A] a trong tốp 1", "a = 1; đạt\na = 2; chưa đạt\nthiếu số liệu\n"),
        (
            "[A] tỷ lệ a >= chưa rõ (dưới 25%)",
            "tỷ lệ a = 0%; chưa đủ căn cứ\n\
          tỷ lệ a = 1%; chưa đủ căn cứ\ntỷ lệ a = 24%; chưa đủ căn cứ\ntỷ lệ a = 25%; vượt\n\
          tỷ lệ a = 26%; vượt\nthiếu số liệu\n",
        ),
        (
            "[A] thu >= 1,5 nghìn tỷ đồng",
            "thu = 1,4 nghìn tỷ đồng; chưa đạt\n\
          thu = 1,5 nghìn tỷ đồng; đạt\nthu = 1,6 nghìn tỷ đồng; vượt\nthiếu số liệu\n",
        ),
        (
            "[A] a >= 0,8 * b",
            "a = 79; b = 100; chưa đạt\na = 80; b = 100; đạt\n\
          a = 81; b = 100; vượt\nb = 100; thiếu số liệu\n",
        ),
    ] {
        assert_eq!(written(rules), expected, "{rules}");
    }
}

#[test]
fn quotients_go_by_whole_numerators_and_fail_over_zero() {
    let expected = "x = 334; y = 1.000; chưa đạt\nx = 335; y = 1.000; đạt\n\
                    x = 336; y = 1.000; vượt\nx = 1; y = 0; số liệu mâu thuẫn\n\
                    x = 0; y = 0; không áp dụng\ny = 1.000; thiếu số liệu\n";
    assert_eq!(written("[R] x / y >= 33,5%"), expected);
    let formula = "[R] tỷ lệ r >= 50%\n\nchỉ số: tỷ lệ r\n  công thức: x / y\n  đơn vị tính: %\n";
    let expected = "tỷ lệ r = 49%; chưa đạt\ntỷ lệ r = 50%; đạt\ntỷ lệ r = 51%; vượt\n\
                    x = 1; y = 0; số liệu mâu thuẫn\nx = 0; y = 0; không áp dụng\nthiếu số liệu\n";
    assert_eq!(written(formula), expected);
}

#[test]
fn due_dates_and_milestones_have_their_days() {
    let rules = "chương trình: P\nhiệu lực: năm 2023\n\n[A] tỷ lệ a >= 40%\n";
    let read = Rules::parse(rules).unwrap();
    let text = boundaries(read.model());
    assert!(text.contains(
        "thử: A – một ngày trước hạn\n  ngày: 30/12/2023\n\
         \x20 cho: tỷ lệ a = 39%\n  thì: A -> chưa đến hạn\n"
    ));
    assert!(text.starts_with(
        "thử: A – ngay dưới ngưỡng\n  ngày: 31/12/2023\n\
         \x20 cho: tỷ lệ a = 39%\n  thì: A -> chưa đạt\n"
    ));
    let steps = "chương trình: P\nhiệu lực: giai đoạn 2022-2030\n\n[A] tỷ lệ a\n\
        \x20 đến 2023: > 30%\n  đến 2025: >= 50%\n";
    let cases = written(steps);
    assert_eq!(cases.lines().count(), 10, "{cases}");
}

#[test]
fn whatever_is_written_parses_and_passes() {
    for rules in [
        "ngôn ngữ: en\nprogramme: P\napplies to: every province\n\n\
         [A] rate a at least 40.5%\n\nindicator: rate a\n  unit: %\n",
        "\"tỷ lệ TTHC (đủ điều kiện) trực tuyến\" >= 100%",
        "chương trình: P\náp dụng cho: mọi xã (vùng = \"miền núi\")\n\nsố hộ nghèo <= 10 hộ",
        "[W] số dân\n  khi vùng = \"núi\": >= 100 người\n\
         \x20 khi số xã >= 50: >= 500 người\n  còn lại: >= 1.000 người",
        "[J] số xã >= 12 và (tỷ lệ nghèo <= 2,5% hoặc số dự án > 3)",
        "[N] không (a = có và số b > 3)",
        "[S] a + b - c >= 10",
        "[S] (a + b) / (c + d) <= 12,5%",
        "[M] nhỏ nhất(a; b) >= 5",
        "[X] \"số xã (đạt)\" = 3 hoặc số xã != 5",
        "chương trình: A\nmã: X\n\n\
         [C] tỷ lệ c >= 1%\n  hiệu lực: năm 2022\n[C] tỷ lệ c >= 2%\n  hiệu lực: năm 2023",
        "số dân >= 1,5 triệu người\n\nchỉ số: số dân\n  đơn vị tính: triệu người",
        "tỷ lệ sinh tối đa 12,5‰",
        "tỷ lệ a >= 40%\n\nchỉ số: tỷ lệ a\n  phạm vi: từ 40% đến 100%",
    ] {
        written(rules);
    }
}

/// Cases of units, one line a case: the lines of units, then the verdict.
fn of_units(rules: &str) -> String {
    let read = Rules::parse(rules).unwrap_or_else(|found| panic!("{found:?}"));
    let text = boundaries(read.model());
    let again = Rules::parse(&format!("{rules}\n\n{text}"));
    let again = again.unwrap_or_else(|found| panic!("{found:?}\n{text}"));
    for trial in trial::run(again.model()) {
        assert!(trial.holds, "{}: {:?}", trial.test.name, trial.judgement);
    }
    let mut cases = String::new();
    for line in text.lines() {
        if let Some(given) = line.strip_prefix("  cho ").or(line.strip_prefix("  given ")) {
            let _ = write!(cases, "{given}; ");
        } else if let Some(given) = line.strip_prefix("  cho: ") {
            let _ = write!(cases, "{given}; ");
        } else if let Some((_, verdict)) = line.split_once(" -> ") {
            let _ = writeln!(cases, "{verdict}");
        }
    }
    cases
}

#[test]
fn shares_have_a_unit_on_each_side() {
    for (rules, expected) in [
        (
            "[A] ít nhất 25% xã đạt: a = có",
            "4 xã: a = chưa; chưa đạt\n1 xã: a = có; 3 xã: a = chưa; đạt\n\
             2 xã: a = có; 2 xã: a = chưa; vượt\n\
             3 xã: a = chưa; 1 xã: không báo cáo; chưa đủ căn cứ\n\
             0 xã: không báo cáo; không áp dụng\n",
        ),
        (
            "[A] không quá 1 xã (vùng = \"x\") đạt: số vụ > 3",
            "2 xã (vùng = \"x\"): số vụ = 2; vượt\n\
             1 xã (vùng = \"x\"): số vụ = 4; 1 xã (vùng = \"x\"): số vụ = 2; đạt\n\
             2 xã (vùng = \"x\"): số vụ = 4; chưa đạt\n\
             1 xã (vùng = \"x\"): số vụ = 4; 1 xã (vùng = \"x\"): không báo cáo; \
             chưa đủ căn cứ\n\
             0 xã (vùng = \"x\"): không báo cáo; không áp dụng\n",
        ),
        (
            "[A] không xã nào: số vụ > 3",
            "3 xã: số vụ = 2; đạt\n2 xã: số vụ = 2; 1 xã: số vụ = 4; chưa đạt\n\
             2 xã: số vụ = 2; 1 xã: không báo cáo; chưa đủ căn cứ\n\
             0 xã: không báo cáo; không áp dụng\n",
        ),
        (
            "[A] lớn nhất(mọi xã; số vụ) <= 3",
            "1 xã: số vụ = 2; vượt\n1 xã: số vụ = 3; đạt\n\
             1 xã: số vụ = 3; 1 xã: không báo cáo; chưa đủ căn cứ\n\
             1 xã: số vụ = 4; chưa đạt\n0 xã: không báo cáo; không áp dụng\n",
        ),
        (
            "[A] hạng(mọi đơn vị; điểm) <= 2\n  áp dụng cho: mọi đơn vị",
            "điểm = 50; vượt\nđiểm = 50; 1 đơn vị: điểm = 60; 1 đơn vị: không báo cáo; \
             chưa đủ căn cứ\nđiểm = 50; 1 đơn vị: điểm = 60; đạt\n\
             điểm = 50; 2 đơn vị: điểm = 60; chưa đạt\n",
        ),
    ] {
        assert_eq!(of_units(rules), expected, "{rules}");
    }
}

#[test]
fn a_share_within_a_share_is_left_to_the_author() {
    let rules = "[A] ít nhất 50% huyện đạt: ít nhất 30% xã đạt: a = có\n  hạn: 31/12/2023";
    assert_eq!(of_units(rules), "");
}

#[test]
fn growth_has_its_bases() {
    for (rules, expected) in [
        (
            "hiệu lực: năm 2023\n[A] số a tăng ít nhất 39% so với năm 2022",
            "số a [năm 2022] = 100; số a = 138; chưa đạt\n\
             số a [năm 2022] = 100; số a = 139; đạt\n\
             số a [năm 2022] = 100; số a = 140; vượt\n\
             số a [năm 2022] = 0; số a = 139; không áp dụng\n\
             số a = 139; thiếu số liệu\n\
             số a [năm 2022] = 100; số a = 138; chưa đến hạn\n\
             số a [năm 2022] = 100; thiếu số liệu\n",
        ),
        (
            "hiệu lực: năm 2023\n[A] số a giảm >= 10 hộ so với đầu năm",
            "số a [31/12/2022] = 100; số a = 91; chưa đạt\n\
             số a [31/12/2022] = 100; số a = 90; đạt\n\
             số a [31/12/2022] = 100; số a = 89; vượt\n\
             số a = 90; thiếu số liệu\n\
             số a [31/12/2022] = 100; số a = 91; chưa đến hạn\n\
             số a [31/12/2022] = 100; thiếu số liệu\n",
        ),
        (
            "hiệu lực: năm 2023\n[A] số a tăng >= 10% so với năm 2022\n  mốc 2022: 200",
            "số a = 218; chưa đạt\nsố a = 220; đạt\nsố a = 222; vượt\n\
             số a = 218; chưa đến hạn\nthiếu số liệu\n",
        ),
    ] {
        assert_eq!(written(rules), expected, "{rules}");
    }
}

#[test]
fn other_times_have_cases_that_pass() {
    for rules in [
        "[A] số a >= 1,1 * số a [năm trước]",
        "[A] số a / số a [kỳ trước] >= 110%",
        "[A] số a giảm 3 lần so với cùng kỳ",
        "[A] tỷ lệ a tăng 5 điểm phần trăm so với năm trước",
        "[A] sản lượng tăng bình quân >= 8%/năm giai đoạn 2021-2025",
        "[A] tỷ lệ a giảm 1 điểm phần trăm mỗi năm giai đoạn 2021-2025",
        "[A] lũy kế(số a) >= 100",
        "[A] số a tăng so với năm 2022\n  đến 2023: >= 5%\n  đến 2025: >= 9%",
        "language: en\n[A] accounts grows by at least 39% against last year",
        "số a [năm 2022] >= 3",
    ] {
        let cases = written(rules);
        assert!(cases.lines().count() >= 3, "{rules}: {cases}");
    }
}
