//! `explain`, `test` and `audit`: why, and what figures say.

use crate::world::{RULES, World, record};

const TESTS: &str = "
thử: cuối năm
  ngày: 31/12/2023
  cho: tỷ lệ hồ sơ đúng hạn = 95%
  thì: A -> đạt
  thì: A -> chưa đạt
  thì: B -> thiếu số liệu
";

#[test]
fn one_verdict_is_explained() {
    let data = record("a", "\"tỷ lệ hồ sơ đúng hạn\":{\"numerator\":95,\"denominator\":99}");
    let world = World::with_data("s.json", data);
    let expected = "\
Tại ngày 31/12/2023, a chưa đạt chỉ tiêu “tỷ lệ hồ sơ đúng hạn” (A): 95,96 % (95/99) so với yêu \
cầu >= 96 %: còn thiếu 0,04 điểm phần trăm; cần thêm 1 ở tử số.

  Đối tượng: mọi đơn vị
  Hiệu lực: năm 2023; có hiệu lực vào ngày 31/12/2023
  Yêu cầu: >= 96 %; hạn 31/12/2023, đã đến hạn
  Số liệu: tỷ lệ hồ sơ đúng hạn ≈ 95,9596 %
    - số liệu ghi `95/99`: 95/99 × 100 ≈ 95,9596 %  ← s.json#/0
  So sánh: ≈ 95,9596 % so với >= 96 % (95 × 100 = 9.500 < 96 × 99 = 9.504): chưa đạt
  Chênh lệch: (9.500/99) − 96 ≈ -0,0404 điểm phần trăm
  Mức đạt: (9.500/99) / 96 ≈ 0,9996 (99,96 %)
  Cần thêm: tử số của tỷ lệ hồ sơ đúng hạn tăng 1 là đủ
  Kết luận: chưa đạt
";
    for target in ["A", "[A]", "KH/A", "tỉ lệ hồ sơ  đúng hạn"] {
        let args = ["explain", "r.chitieu", "--data", "s.json", "--target", target];
        world.run(&args).ends(0, expected, "");
    }
    let json = ["explain", "r.chitieu", "--data", "s.json", "--target", "B", "--format", "json"];
    let out = world.run(&json).out;
    let start = "{\"programme\":\"KH\",\"target\":\"B\",\"entity\":\"a\",\"as_of\":\"2023-12-31\",\
                 \"verdict\":\"no_data\",\"sentence\":\"Tại ngày 31/12/2023, a thiếu số liệu về";
    assert!(out.starts_with(start) && out.lines().count() == 1, "{out}");
}

#[test]
fn what_is_not_there_is_answered_by_what_is_near() {
    let data = record("br-vt", "") + &record("hà-nội", "");
    let world = World::with_data("s.ndjson", data);
    let run = |target: &str, more: &[&str]| {
        let args = ["explain", "r.chitieu", "--data", "s.ndjson", "--target", target];
        world.run(&[&args, more].concat())
    };
    let near = "lỗi: không có chỉ tiêu `ban hanh kế hoạch`; có phải là `ban hành kế hoạch`?\n";
    run("ban hanh kế hoạch", &[]).ends(2, "", near);
    let which = "lỗi: số liệu có 2 đơn vị, chọn một bằng `--entity`: `br-vt`, `hà-nội`\n";
    run("A", &[]).ends(2, "", which);
    let english = "error: the data hold no entity `ha-noi`; did you mean `hà-nội`?\n";
    run("A", &["--entity", "ha-noi", "--lang", "en"]).ends(2, "", english);
    let day = "lỗi: `--as-of mai` không phải là một ngày; viết như 30/06/2023\n";
    run("A", &["--as-of", "mai"]).ends(2, "", day);
    let out = run("A", &["--entity", "BR-VT", "--as-of", "30/06/2023"]).out;
    assert!(out.starts_with("Tại ngày 30/06/2023, br-vt thiếu số liệu về"), "{out}");
}

#[test]
fn a_failing_test_shows_expected_actual_and_why() {
    let rules = format!("{RULES}{TESTS}");
    let world = World::new(&[("r.chitieu", rules.as_bytes()), ("ok.chitieu", RULES.as_bytes())]);
    let human = "\
phép thử sai: cuối năm (r.chitieu:11)
  chỉ tiêu: A (tỷ lệ hồ sơ đúng hạn)
  mong đợi: đạt
  thực tế: chưa đạt
  Tại ngày 31/12/2023, đơn vị thử chưa đạt chỉ tiêu “tỷ lệ hồ sơ đúng hạn” (A): 95 % so với yêu \
cầu >= 96 %: còn thiếu 1 điểm phần trăm.
    Đối tượng: mọi đơn vị
    Hiệu lực: năm 2023; có hiệu lực vào ngày 31/12/2023
    Yêu cầu: >= 96 %; hạn 31/12/2023, đã đến hạn
    Số liệu: tỷ lệ hồ sơ đúng hạn = 95 %  ← cuối năm
    So sánh: 95 % so với >= 96 %: chưa đạt
    Chênh lệch: 95 − 96 = -1 điểm phần trăm
    Mức đạt: 95 / 96 ≈ 0,9896 (98,96 %)
    Cần thêm: tỷ lệ hồ sơ đúng hạn tăng 1 điểm phần trăm là đủ
    Làm tròn: 95 có thể đã làm tròn từ 94,5 đến 95,5: kết luận không đổi
    Kết luận: chưa đạt

1 phép thử, 3 kết luận mong đợi: 2 đúng, 1 sai
";
    world.run(&["test", "r.chitieu"]).ends(1, human, "");
    let short = "r.chitieu:11:8: lỗi: cuối năm: A (tỷ lệ hồ sơ đúng hạn): mong đợi đạt, thực tế \
                 chưa đạt\n\
                 r.chitieu:5:1: cảnh báo: A (tỷ lệ hồ sơ đúng hạn): chưa có phép thử đạt, chưa kết \
                 luận được\n\
                 r.chitieu:6:1: cảnh báo: B (ban hành kế hoạch): chưa có phép thử đạt, chưa đạt\n";
    world.run(&["test", "r.chitieu", "--coverage", "--format", "short"]).ends(1, short, "");
    let json = world.run(&["test", "r.chitieu", "--format", "json"]);
    let start = "{\"code\":\"test_failed\",\"severity\":\"error\",\"message\":\"cuối năm: A (tỷ lệ \
                 hồ sơ đúng hạn): mong đợi đạt, thực tế chưa đạt\",\"file\":\"r.chitieu\",\
                 \"line\":11,\"column\":8,\"test\":\"cuối năm\",\"target\":\"A\",\
                 \"expected\":\"met\",\"actual\":\"not_met\",\"sentence\":\"Tại ngày";
    assert!(json.out.starts_with(start) && json.status == 1, "{}", json.out);
    world.run(&["test", "ok.chitieu"]).ends(0, "luật không có phép thử nào\n", "");
    world.run(&["test", "ok.chitieu", "--lang", "en"]).ends(0, "the rules hold no test\n", "");
}

#[test]
fn written_boundaries_are_kept_and_pass() {
    let world = World::new(&[("r.chitieu", RULES.as_bytes())]);
    let text = world.run(&["test", "r.chitieu", "--boundaries"]).out;
    let start = "thử: A – ngay dưới ngưỡng\n  ngày: 31/12/2023\n\
                 \x20 cho: tỷ lệ hồ sơ đúng hạn = 95%\n  thì: A -> chưa đạt\n\n";
    assert!(text.starts_with(start), "{text}");
    let all = World::new(&[("r.chitieu", format!("{RULES}\n{text}").as_bytes())]);
    let passed = "9 phép thử, 9 kết luận mong đợi: 9 đúng, 0 sai\n";
    all.run(&["test", "r.chitieu", "--coverage"]).ends(0, passed, "");
}

#[test]
fn data_are_audited() {
    let figures =
        "\"tỷ lệ hồ sơ đúng hạn\":{\"numerator\":2,\"denominator\":3,\"reported\":\"66,6%\"}";
    let good = figures.replace("66,6", "66,7");
    let world = World::new(&[
        ("r.chitieu", format!("{RULES}\nkiểm tra: x + y = 10\n").as_bytes()),
        ("s.json", (record("a", figures) + &record("b", "\"x\":4,\"y\":5")).as_bytes()),
        ("ok.json", (record("a", &good) + &record("b", "\"x\":4")).as_bytes()),
    ]);
    let human = "\
lỗi: a, 31/12/2023: tỷ lệ hồ sơ đúng hạn
  ghi `66,6%` nhưng 2/3 ≈ 66,6667 %, làm tròn là 66,7 %; có lẽ bị cắt bớt chữ số
  ← s.json:1

lỗi: b, 31/12/2023: x + y = 10
  không đúng `x + y = 10`: có 9, cần = 10, lệch -1
  ← s.json:2

2 bộ số liệu: 2 chỗ không khớp, 0 chỗ cần xem lại
";
    world.run(&["audit", "r.chitieu", "--data", "s.json"]).ends(1, human, "");
    let short = "s.json:1: error[printed]: a, 2023-12-31: tỷ lệ hồ sơ đúng hạn: `66,6%` is \
                 printed, but 2/3 ≈ 66.6667 %, which rounds to 66.7 %; it may have been truncated\n\
                 s.json:2: error[relation]: b, 2023-12-31: x + y = 10: `x + y = 10` does not hold: \
                 found 9, asked = 10, off by -1\n";
    let args = ["audit", "r.chitieu", "--data", "s.json", "--format", "short", "--lang", "en"];
    world.run(&args).ends(1, short, "");
    let json = "{\"code\":\"missing\",\"severity\":\"note\",\"message\":\"không kiểm tra được \
                `x + y = 10`: thiếu y\",\"entity\":\"b\",\"as_of\":\"2023-12-31\",\"indicator\":\
                \"x + y = 10\",\"figures\":[\"x: 4\"],\"sources\":[\"ok.json:2\"]}\n";
    let args = ["audit", "r.chitieu", "--data", "ok.json", "--format", "json"];
    world.run(&args).ends(0, json, "");
}

#[test]
fn a_table_of_entities_is_read_beside_the_data() {
    let rules = "mã: KH\náp dụng cho: mọi xã\n[A] tỷ lệ hồ sơ đúng hạn >= 96%\n";
    let data = record("x1", "\"tỷ lệ hồ sơ đúng hạn\":\"97%\"");
    let table = "entity,name,cấp\nx1,xã Một,xã\nx2,xã Hai,xã\n";
    let world = World::new(&[
        ("r.chitieu", rules.as_bytes()),
        ("s.json", data.as_bytes()),
        ("e.csv", table.as_bytes()),
    ]);
    let about = ["explain", "r.chitieu", "--data", "s.json", "--target", "A"];
    let run = |more: &[&str]| world.run(&[&about, more].concat());
    // Without the table nobody says that `x1` is a xã.
    assert!(run(&[]).out.contains("thiếu số liệu"), "{}", run(&[]).out);
    let named = run(&["--entities", "e.csv", "--entity", "xã Một"]).out;
    assert!(named.contains("vượt chỉ tiêu"), "{named}");
    let silent = run(&["--entities", "e.csv", "--entity", "x2", "--as-of", "31/12/2023"]).out;
    assert!(silent.contains("thiếu số liệu"), "{silent}");
    let audit = ["audit", "r.chitieu", "--data", "s.json", "--entities"];
    assert_eq!(world.run(&[&audit[..], &["e.csv"]].concat()).status, 0);
    assert_eq!(world.run(&[&audit[..], &["none.csv"]].concat()).status, 2);
}

/// The whole, and an entity that is named only as a parent, are judged and can be asked.
#[test]
fn the_whole_and_parents_that_sent_nothing_are_explained() {
    let rules = "[E] ít nhất 30% xã đạt: a = có\n[P] điểm DTI >= 3\n  điểm: 40\n  \
                 chấm: điểm DTI / lớn nhất(mọi xã; điểm DTI) * 40\n";
    let unit = |id: &str, parent: &str, done: &str, points: u32| {
        format!(
            "{{\"entity\":\"{id}\",{parent}\"as_of\":\"2023\",\"attributes\":{{\"cấp\":\"xã\"}},\
             \"measurements\":{{\"a\":\"{done}\",\"điểm DTI\":{points}}}}}\n"
        )
    };
    let whole = unit("x", "", "có", 30) + &unit("y", "", "chưa", 40);
    let below = unit("x", "\"parent\":\"h\",", "có", 30);
    let files = [
        ("r.chitieu", rules.as_bytes()),
        ("w.ndjson", whole.as_bytes()),
        ("b.ndjson", below.as_bytes()),
    ];
    let world = World::new(&files);
    let run = |data: &str, target: &str, more: &[&str]| {
        let args = ["explain", "r.chitieu", "--data", data, "--target", target];
        world.run(&[&args, more].concat())
    };
    let begins = "Tại ngày 31/12/2023, toàn bộ vượt chỉ tiêu “tỷ lệ xã đạt: a = có” (E): 1/2 xã";
    for more in [&[][..], &["--entity", "null"], &["--entity", "Toàn bộ"]] {
        let out = run("w.ndjson", "E", more).out;
        assert!(out.starts_with(begins) && out.matches("Tại ngày").count() == 1, "{out}");
    }
    let out = run("b.ndjson", "E", &["--entity", "h"]).out;
    assert!(out.starts_with("Tại ngày 31/12/2023, h vượt chỉ tiêu"), "{out}");
    // What points come to is written out with the figures of all that it is held against.
    let out = run("w.ndjson", "P", &["--entity", "x"]).out;
    let points = "  Điểm: 30/40 điểm: theo biểu thức điểm DTI / lớn nhất(mọi xã; điểm DTI) × 40 = \
                  30 / 40 × 40 = 30\n    Số liệu: điểm DTI = 30  ← w.ndjson:1\n    Số liệu: lớn \
                  nhất(mọi xã; điểm DTI) = 40  ← w.ndjson:1; w.ndjson:2\n";
    assert!(out.contains(points), "{out}");
    let missing = run("w.ndjson", "E", &["--entity", "z"]);
    missing.ends(2, "", "lỗi: số liệu không có đơn vị `z`\n");
}
