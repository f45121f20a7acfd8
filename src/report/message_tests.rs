//! Sentences of judgements that the reference evaluator made, from rules and data as people write
//! them, word for word in both languages.

use crate::diagnostic::Lang;
use crate::reference::Reference;
use crate::report::message;
use crate::snapshot::{Cases, Data};
use crate::{Rules, Snapshot};

/// A rule; the day, attributes and measurements of a record; what is said of it.
type Case = (&'static str, [&'static str; 3], &'static str, &'static str);

/// The sentences for the first target, from records of one entity and day.
fn say(rules: &str, records: &[[&str; 3]]) -> [String; 2] {
    let rules = Rules::parse(rules).unwrap();
    let mut data = Data::new();
    for [day, attributes, measurements] in records {
        let text = format!(
            r#"{{"entity":"x","as_of":"{day}","attributes":{{{attributes}}},
                "measurements":{{{measurements}}}}}"#
        );
        data.push(Snapshot::from_json(&text).unwrap(), None);
    }
    let cases = Cases::each_snapshot(&data);
    let case = cases.get(&data, 0).unwrap();
    let judgements = Reference::new(rules.model(), &data).judge(&case);
    [Lang::Vi, Lang::En].map(|lang| message(rules.model(), &judgements[0], lang))
}

fn check(cases: &[Case]) {
    for (rules, record, vi, en) in cases {
        assert_eq!(say(rules, &[*record]), [*vi, *en], "{rules} {record:?}");
    }
}

#[test]
fn joined_conditions_say_which_part_decides() {
    check(JOINED);
}

const JOINED: &[Case] = &[
    (
        "a >= 40% và b >= 5",
        ["2023-06-30", "", r#""a":"36,8%","b":7"#],
        "1/2 điều kiện đạt; chưa đạt: “a >= 40%” (36,8 %)",
        "1 of 2 conditions met; not met: “a >= 40%” (36.8 %)",
    ),
    (
        "a >= 40% và b >= 5",
        ["2023-06-30", "", r#""a":"46,8%","b":7"#],
        "2/2 điều kiện đạt",
        "2 of 2 conditions met",
    ),
    (
        "a >= 40% và b >= 5 và k = có",
        ["2023-06-30", "", r#""a":"46,8%","b":7"#],
        "chưa có số liệu “k”; 2/3 điều kiện đạt",
        "no data for “k”; 2 of 3 conditions met",
    ),
    (
        "a >= 40% và b >= 5 và k = có",
        ["2023-06-30", "", r#""a":"hơn 30%","b":7,"k":"có""#],
        "số liệu mới cho biết trên 30 %, chưa đủ để kết luận so với yêu cầu >= 40 %; 2/3 \
             điều kiện đạt; chưa đủ căn cứ: “a >= 40%” (trên 30 %)",
        "the figure only says over 30 %, which does not decide >= 40 %; 2 of 3 conditions \
             met; undetermined: “a >= 40%” (over 30 %)",
    ),
    (
        "a >= 40% và b >= 5 và k = có",
        ["2023-06-30", "", r#""a":["40%"],"b":"xyz","k":"có""#],
        "không đọc được số liệu: “[\"40%\"]”; 1/3 điều kiện đạt; số liệu mâu thuẫn: “a >= \
             40%”, “b >= 5”",
        "the figure cannot be read: “[\"40%\"]”; 1 of 3 conditions met; contradictory: “a >= \
             40%”, “b >= 5”",
    ),
    (
        "a >= 40% hoặc b >= 5",
        ["2023-06-30", "", r#""a":"36,8%","b":7"#],
        "1/2 điều kiện đạt, chỉ cần 1: “b >= 5” (7); chưa đạt: “a >= 40%” (36,8 %)",
        "1 of 2 conditions met, one suffices: “b >= 5” (7); not met: “a >= 40%” (36.8 %)",
    ),
    (
        "a >= 40% hoặc b >= 5",
        ["2023-06-30", "", r#""a":"36,8%","b":1"#],
        "0/2 điều kiện đạt, cần ít nhất 1; chưa đạt: “a >= 40%” (36,8 %), “b >= 5” (1)",
        "0 of 2 conditions met, at least one is needed; not met: “a >= 40%” (36.8 %), “b >= \
             5” (1)",
    ),
    (
        "a >= 40% hoặc b >= 5\n  hạn: 31/12/2023",
        ["2023-06-30", "", r#""a":"36,8%","b":1"#],
        "chưa đến hạn 31/12/2023, hiện 0/2 điều kiện đạt, cần ít nhất 1; chưa đạt: “a >= \
             40%” (36,8 %), “b >= 5” (1)",
        "not due until 31/12/2023, at present 0 of 2 conditions met, at least one is needed; \
             not met: “a >= 40%” (36.8 %), “b >= 5” (1)",
    ),
    (
        "a / c >= 40% và b / d >= 5%",
        ["2023-06-30", "", r#""a":0,"b":0,"c":0,"d":0"#],
        "tử số và mẫu số đều bằng 0 nên không tính được; không áp dụng: “a / c >= 40%”, “b / \
             d >= 5%”",
        "numerator and denominator are both 0, so there is nothing to compute; not \
             applicable: “a / c >= 40%”, “b / d >= 5%”",
    ),
    (
        "a / c >= 40% và b / d >= 5%",
        ["2023-06-30", "", r#""a":0,"b":1,"c":0,"d":4"#],
        "1/1 điều kiện đạt; không áp dụng: “a / c >= 40%”",
        "1 of 1 condition met; not applicable: “a / c >= 40%”",
    ),
    (
        "không (a < 10%)",
        ["2023-06-30", "", r#""a":"8%""#],
        "đã xảy ra trường hợp phải tránh: “a < 10%” (8 %)",
        "what must be avoided holds: “a < 10%” (8 %)",
    ),
    (
        "không (a < 10%)",
        ["2023-06-30", "", r#""a":"12%""#],
        "không xảy ra trường hợp phải tránh: “a < 10%” (12 %)",
        "what must be avoided does not hold: “a < 10%” (12 %)",
    ),
    ("không (a < 10%)", ["2023-06-30", "", ""], "chưa có số liệu “a”", "no data for “a”"),
    (
        "a >= 40% và (b >= 5 hoặc c >= 3)",
        ["2023-06-30", "", r#""a":"36,8%","b":7,"c":1"#],
        "1/2 điều kiện đạt; chưa đạt: “a >= 40%” (36,8 %)",
        "1 of 2 conditions met; not met: “a >= 40%” (36.8 %)",
    ),
    (
        "a >= 40% và (b >= 5 hoặc c >= 3)",
        ["2023-06-30", "", r#""a":"46,8%","b":1"#],
        "chưa có số liệu “c”; 1/2 điều kiện đạt",
        "no data for “c”; 1 of 2 conditions met",
    ),
    (
        "a >= 1 và b >= 1 và c >= 1 và d >= 1 và e >= 1 và f >= 1 và g >= 1",
        ["2024-06-30", "", r#""a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0"#],
        "0/7 điều kiện đạt; chưa đạt: “a >= 1” (0), “b >= 1” (0), “c >= 1” (0), “d >= 1” \
             (0), “e >= 1” (0) và 2 điều kiện khác",
        "0 of 7 conditions met; not met: “a >= 1” (0), “b >= 1” (0), “c >= 1” (0), “d >= 1” \
             (0), “e >= 1” (0) and 2 more",
    ),
];

#[test]
fn unstated_thresholds_are_said_to_be_so() {
    check(UNSTATED);
}

const UNSTATED: &[Case] = &[
    (
        "tỷ lệ a >= chưa rõ",
        ["2023-06-30", "", r#""tỷ lệ a":"100%""#],
        "tài liệu không nêu mức yêu cầu; 100 % đạt với mọi mức; kết luận phụ thuộc vào việc \
             làm tròn số liệu",
        "the document does not state the threshold; 100 % satisfies every possible level; \
             the verdict depends on how the figure was rounded",
    ),
    (
        "tỷ lệ a >= chưa rõ",
        ["2023-06-30", "", r#""tỷ lệ a":"45%""#],
        "tài liệu không nêu mức yêu cầu; 45 % chưa đủ để kết luận",
        "the document does not state the threshold; 45 % does not decide it",
    ),
    (
        "tỷ lệ a >= chưa rõ (dưới 25,13%)",
        ["2023-06-30", "", r#""tỷ lệ a":"45%""#],
        "tài liệu không nêu mức yêu cầu, chỉ biết dưới 25,13 %; 45 % vượt mọi mức có thể",
        "the document does not state the threshold, only that it is under 25.13 %; 45 % is \
             above every possible level",
    ),
    (
        "tỷ lệ a >= chưa rõ (trên 25,13%)",
        ["2023-06-30", "", r#""tỷ lệ a":"20%""#],
        "tài liệu không nêu mức yêu cầu, chỉ biết trên 25,13 %; 20 % không đạt với mức nào",
        "the document does not state the threshold, only that it is over 25.13 %; 20 % \
             satisfies no possible level",
    ),
    (
        "tỷ lệ a >= chưa rõ (trên 25,13%)\n  hạn: 31/12/2023",
        ["2023-06-30", "", r#""tỷ lệ a":"20%""#],
        "tài liệu không nêu mức yêu cầu, chỉ biết trên 25,13 %; chưa đến hạn 31/12/2023, \
             hiện 20 % không đạt với mức nào",
        "the document does not state the threshold, only that it is over 25.13 %; not due \
             until 31/12/2023, at present 20 % satisfies no possible level",
    ),
    (
        "tỷ lệ a <= chưa rõ (trên 25,13%)",
        ["2023-06-30", "", r#""tỷ lệ a":"20%""#],
        "tài liệu không nêu mức yêu cầu, chỉ biết trên 25,13 %; 20 % thấp hơn mọi mức có thể",
        "the document does not state the threshold, only that it is over 25.13 %; 20 % is \
             below every possible level",
    ),
    (
        "tỷ lệ a <= chưa rõ (trên 25,13%)",
        ["2023-06-30", "", r#""tỷ lệ a":"30%""#],
        "tài liệu không nêu mức yêu cầu, chỉ biết trên 25,13 %; 30 % chưa đủ để kết luận",
        "the document does not state the threshold, only that it is over 25.13 %; 30 % does \
             not decide it",
    ),
];

#[test]
fn milestones_and_stretch_stand_beside_the_verdict() {
    check(MILESTONES);
}

const MILESTONES: &[Case] = &[
    (
        "tỷ lệ a\n  mốc 2022: 12%\n  đến 2023: > 30%\n  đến 2025: >= 50%",
        ["2024-06-30", "", r#""tỷ lệ a":"31%""#],
        "31 % so với yêu cầu > 30 %: vượt 1 điểm phần trăm; chậm tiến độ so với mốc \
             31/12/2025 (>= 50 %)",
        "31 % against the required > 30 %: 1 percentage point above the requirement; behind \
             schedule for the milestone 31/12/2025 (>= 50 %)",
    ),
    (
        "tỷ lệ a\n  mốc 2022: 12%\n  đến 2023: > 30%\n  đến 2025: >= 50%",
        ["2024-06-30", "", r#""tỷ lệ a":"45%""#],
        "45 % so với yêu cầu > 30 %: vượt 15 điểm phần trăm; đúng tiến độ so với mốc \
             31/12/2025 (>= 50 %)",
        "45 % against the required > 30 %: 15 percentage points above the requirement; on \
             track for the milestone 31/12/2025 (>= 50 %)",
    ),
    (
        "tỷ lệ a\n  mốc 2022: 12%\n  đến 2023: > 30%\n  đến 2025: >= 50%",
        ["2024-06-30", "", r#""tỷ lệ a":"trên 35%""#],
        "trên 35 % so với yêu cầu > 30 %: vượt ít nhất 5 điểm phần trăm; đúng tiến độ so với \
             mốc 31/12/2025 (>= 50 %)",
        "over 35 % against the required > 30 %: at least 5 percentage points above the \
             requirement; on track for the milestone 31/12/2025 (>= 50 %)",
    ),
    (
        "tỷ lệ a\n  mốc 2022: 12%\n  đến 2023: > 30%\n  đến 2025: >= 50%",
        ["2023-06-30", "", r#""tỷ lệ a":"13%""#],
        "13 % so với yêu cầu > 30 %: chưa đến hạn 31/12/2023, hiện còn thiếu 17 điểm phần \
             trăm; chậm tiến độ",
        "13 % against the required > 30 %: not due until 31/12/2023, at present 17 \
             percentage points short of the requirement; behind schedule",
    ),
    (
        "tỷ lệ a\n  mốc 2022: 12%\n  đến 2023: > 30%\n  đến 2025: >= 50%",
        ["2023-06-30", "", r#""tỷ lệ a":"35%""#],
        "35 % so với yêu cầu > 30 %: vượt 5 điểm phần trăm",
        "35 % against the required > 30 %: 5 percentage points above the requirement",
    ),
    (
        "tỷ lệ a\n  mốc 2022: 12%\n  đến 2023: > 30%\n  đến 2025: >= 50%",
        ["2024-06-30", "", ""],
        "chưa có số liệu “tỷ lệ a”",
        "no data for “tỷ lệ a”",
    ),
    (
        "tỷ lệ a >= 5%\n  phấn đấu: 7%",
        ["2023-06-30", "", r#""tỷ lệ a":"6%""#],
        "6 % so với yêu cầu >= 5 %: vượt 1 điểm phần trăm; chưa đạt mức phấn đấu 7 %",
        "6 % against the required >= 5 %: 1 percentage point above the requirement; short of \
             the stretch target 7 %",
    ),
    (
        "tỷ lệ a >= 5%\n  phấn đấu: 7%",
        ["2023-06-30", "", r#""tỷ lệ a":"7%""#],
        "7 % so với yêu cầu >= 5 %: vượt 2 điểm phần trăm; đạt mức phấn đấu 7 %",
        "7 % against the required >= 5 %: 2 percentage points above the requirement; meets \
             the stretch target 7 %",
    ),
    (
        "tỷ lệ a >= 5%\n  phấn đấu: 7%",
        ["2023-06-30", "", r#""tỷ lệ a":"8%""#],
        "8 % so với yêu cầu >= 5 %: vượt 3 điểm phần trăm; vượt mức phấn đấu 7 %",
        "8 % against the required >= 5 %: 3 percentage points above the requirement; beyond \
             the stretch target 7 %",
    ),
    (
        "tỷ lệ a > 5%\n  phấn đấu: 7%",
        ["2023-06-30", "", r#""tỷ lệ a":"2%""#],
        "2 % so với yêu cầu > 5 %: còn thiếu 3 điểm phần trăm; chưa đạt mức phấn đấu > 7 %",
        "2 % against the required > 5 %: 3 percentage points short of the requirement; short \
             of the stretch target > 7 %",
    ),
    (
        "tỷ lệ a > 5%\n  phấn đấu: 7%",
        ["2023-06-30", "", ""],
        "chưa có số liệu “tỷ lệ a”",
        "no data for “tỷ lệ a”",
    ),
    (
        "tỷ lệ a <= 5%\n  phấn đấu: 3%",
        ["2023-06-30", "", r#""tỷ lệ a":"2%""#],
        "2 % so với mức cho phép <= 5 %: thấp hơn mức cho phép 3 điểm phần trăm; thấp hơn \
             mức phấn đấu 3 %",
        "2 % against the permitted <= 5 %: 3 percentage points below the permitted level; \
             below the stretch target 3 %",
    ),
    (
        "thứ hạng trong tốp 30\n  phấn đấu: 20 hạng",
        ["2023-06-30", "", r#""thứ hạng":"25""#],
        "hạng 25 so với yêu cầu tốp 30: vượt 5 bậc; chưa đạt mức phấn đấu tốp 20",
        "rank 25 against the required top 30: 5 places better than required; short of the \
             stretch target top 20",
    ),
    (
        "thứ hạng trong tốp 30/63",
        ["2023-06-30", "", r#""thứ hạng":"10/62""#],
        "số đơn vị được xếp hạng khác với số nêu trong yêu cầu tốp 30/63",
        "the ranking has another number of places than top 30/63",
    ),
    (
        "tỷ lệ a\n  đến 2023: >= 30%\n  đến 2025: >= 50%",
        ["2024-06-30", "", r#""tỷ lệ a":"31%""#],
        "31 % so với yêu cầu >= 30 %: vượt 1 điểm phần trăm; chậm tiến độ so với mốc \
             31/12/2025 (>= 50 %)",
        "31 % against the required >= 30 %: 1 percentage point above the requirement; behind \
             schedule for the milestone 31/12/2025 (>= 50 %)",
    ),
];

#[test]
fn thresholds_that_are_quantities_name_their_figures() {
    check(THRESHOLDS);
}

const THRESHOLDS: &[Case] = &[
    (
        "số trường chuẩn >= 0,8 * tổng số trường",
        ["2023-06-30", "", r#""số trường chuẩn":300,"tổng số trường":600"#],
        "300 so với yêu cầu >= 480 (tính từ “tổng số trường”): còn thiếu 180",
        "300 against the required >= 480 (computed from “tổng số trường”): 180 short of the \
             requirement",
    ),
    (
        "số trường chuẩn >= tổng số trường / 3",
        ["2023-06-30", "", r#""số trường chuẩn":300,"tổng số trường":600"#],
        "300 so với yêu cầu >= 200 (tính từ “tổng số trường”): vượt 100",
        "300 against the required >= 200 (computed from “tổng số trường”): 100 above the \
             requirement",
    ),
    (
        "số trường chuẩn >= tổng số trường / 3",
        ["2023-06-30", "", r#""số trường chuẩn":66,"tổng số trường":200"#],
        "66 so với yêu cầu >= 66,67 (tính từ “tổng số trường”): còn thiếu 0,67; cần thêm 1 ở \
             “số trường chuẩn”",
        "66 against the required >= 66.67 (computed from “tổng số trường”): 0.67 short of \
             the requirement; needs 1 more in “số trường chuẩn”",
    ),
    (
        "số trường chuẩn >= 0,8 * tổng số trường",
        ["2023-06-30", "", r#""số trường chuẩn":300,"tổng số trường":"hơn 600""#],
        "300 so với yêu cầu >= (trên 480) (tính từ “tổng số trường”): chưa đạt yêu cầu",
        "300 against the required >= (over 480) (computed from “tổng số trường”): does not \
             meet the requirement",
    ),
    (
        "số trường chuẩn >= 0,8 * tổng số trường",
        ["2023-06-30", "", r#""số trường chuẩn":500,"tổng số trường":"hơn 600""#],
        "mức yêu cầu mới biết là trên 480, chưa đủ để kết luận với 500",
        "the threshold is only known to be over 480, which does not decide 500",
    ),
    (
        "số trường chuẩn >= 0,8 * tổng số trường",
        ["2023-06-30", "", r#""số trường chuẩn":500,"tổng số trường":"khoảng 600""#],
        "mức yêu cầu tính từ số liệu ước chừng “tổng số trường”, cần con số chính xác để so \
             với 500",
        "the threshold is computed from an approximate figure “tổng số trường”; 500 needs an \
             exact one",
    ),
    (
        "số trường chuẩn >= 0,8 * tổng số trường",
        ["2023-06-30", "", r#""số trường chuẩn":500"#],
        "chưa có số liệu “tổng số trường”",
        "no data for “tổng số trường”",
    ),
    (
        "số trường chuẩn >= số a / số b",
        ["2023-06-30", "", r#""số trường chuẩn":500,"số a":0,"số b":0"#],
        "tử số và mẫu số của mức yêu cầu đều bằng 0 nên không tính được",
        "numerator and denominator of the threshold are both 0, so there is none to compute",
    ),
    (
        "số trường chuẩn >= số a / số b",
        ["2023-06-30", "", r#""số trường chuẩn":500,"số a":1,"số b":0"#],
        "mẫu số của mức yêu cầu bằng 0 trong khi tử số khác 0",
        "the denominator of the threshold is 0",
    ),
];

#[test]
fn who_is_asked_and_when() {
    check(ASKED);
}

const ASKED: &[Case] = &[
    (
        "tỷ lệ a\n  khi ngành = \"du lịch\": >= 30%\n  khi ngành = \"y tế\": >= 40%",
        ["2023-06-30", r#""ngành":"giáo dục""#, r#""tỷ lệ a":"20%""#],
        "đơn vị không thuộc trường hợp “khi” nào của chỉ tiêu (xét theo “ngành”)",
        "the entity fits none of the “when” cases of the target (by “ngành”)",
    ),
    (
        "tỷ lệ a\n  khi ngành = \"du lịch\": >= 30%\n  khi ngành = \"y tế\": >= 40%",
        ["2023-06-30", "", r#""tỷ lệ a":"20%""#],
        "chưa có thông tin “ngành” của đơn vị, nên chưa rõ mức yêu cầu nào áp dụng",
        "the entity’s “ngành” is not given, so it is not clear which threshold applies",
    ),
    (
        "tỷ lệ a\n  khi ngành = \"du lịch\": >= 30%\n  khi ngành = \"y tế\": >= 40%",
        ["2023-06-30", r#""ngành":"y tế""#, r#""tỷ lệ a":"20%""#],
        "20 % so với yêu cầu >= 40 %: còn thiếu 20 điểm phần trăm",
        "20 % against the required >= 40 %: 20 percentage points short of the requirement",
    ),
    (
        "tỷ lệ a\n  khi dân số > 1000: >= 30%\n  còn lại: >= 40%",
        ["2023-06-30", "", r#""tỷ lệ a":"20%""#],
        "chưa có số liệu “dân số”, nên chưa rõ mức yêu cầu nào áp dụng",
        "no data for “dân số”, so it is not clear which threshold applies",
    ),
    (
        "tỷ lệ a\n  khi dân số > 1000: >= 30%\n  còn lại: >= 40%",
        ["2023-06-30", "", r#""tỷ lệ a":"20%","dân số":"hơn 900""#],
        "số liệu chưa đủ rõ, nên chưa rõ mức yêu cầu nào áp dụng",
        "the data are not clear enough, so it is not clear which threshold applies",
    ),
    (
        "tỷ lệ a >= 5%\n  áp dụng cho: mọi xã (vùng = \"miền núi\")",
        ["2023-06-30", "", r#""tỷ lệ a":"20%""#],
        "chưa có thông tin “cấp”, “vùng” của đơn vị, nên chưa rõ chỉ tiêu có áp dụng hay không",
        "the entity’s “cấp”, “vùng” is not given, so it is not clear whether the target \
             applies",
    ),
    (
        "tỷ lệ a >= 5%\n  áp dụng cho: mọi xã (vùng = \"miền núi\")",
        ["2023-06-30", r#""cấp":"huyện""#, r#""tỷ lệ a":"20%""#],
        "chỉ tiêu không áp dụng cho đơn vị này",
        "the target does not apply to this entity",
    ),
    (
        "tỷ lệ a >= 30%\n  hiệu lực: năm 2023",
        ["2024-06-30", "", r#""tỷ lệ a":"31%""#],
        "ngày 30/06/2024 nằm ngoài thời gian hiệu lực (từ 01/01/2023 đến 31/12/2023)",
        "30/06/2024 lies outside the days on which it is in force (from 01/01/2023 to \
             31/12/2023)",
    ),
];

#[test]
fn attributes_that_disagree_are_shown() {
    let rules = "tỷ lệ a\n  khi ngành = \"du lịch\": >= 30%\n  còn lại: >= 40%";
    let records = [
        ["2023-06-30", r#""ngành":"du lịch""#, r#""tỷ lệ a":"20%""#],
        ["2023-06-30", r#""ngành":"y tế""#, ""],
    ];
    let said = [
        "thông tin về đơn vị không thống nhất: “ngành: du lịch”, \
         nên chưa rõ mức yêu cầu nào áp dụng",
        "the data disagree on the entity: “ngành: du lịch”, \
         so it is not clear which threshold applies",
    ];
    assert_eq!(say(rules, &records), said);
    let rules = "tỷ lệ a >= 5%\n  áp dụng cho: mọi xã";
    let records = [
        ["2023-06-30", r#""cấp":"xã""#, r#""tỷ lệ a":"20%""#],
        ["2023-06-30", r#""cấp":"huyện""#, ""],
    ];
    let said = [
        "thông tin về đơn vị không thống nhất: “cấp: xã”, \
         nên chưa rõ chỉ tiêu có áp dụng hay không",
        "the data disagree on the entity: “cấp: xã”, so it is not clear whether the target applies",
    ];
    assert_eq!(say(rules, &records), said);
}
