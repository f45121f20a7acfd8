//! Programmes as their offices would use them: rules, data, and verdicts expected by hand.
//!
//! The expectations come from reading the plan and the reports, not from the program: a table of
//! all targets, the figures that must not be taken for one of them, and the edges of each number.

use std::collections::HashMap;

use chitieu::calendar::Date;
use chitieu::reference::Reference;
use chitieu::report::{Fields, Options, Record, ndjson};
use chitieu::snapshot::{Cases, Data};
use chitieu::{Judgement, Measurement, Rules, Snapshot};

const FOLDER: &str = "rules/binh-duong-2023";
const RULES: &str = include_str!("../../rules/binh-duong-2023/rules.chitieu");
const SNAPSHOTS: &str = include_str!("../../rules/binh-duong-2023/snapshots.json");
const EXPECTED: &str = include_str!("../../rules/binh-duong-2023/expected.ndjson");
const README: &str = include_str!("../../rules/binh-duong-2023/README.md");
const FIRST_STEPS: &str = include_str!("../../README.md");

/// The share of adults with an electronic identity, the one target that the reports bound.
const IDENTITY: &str = "tỷ lệ dân số trưởng thành có tài khoản định danh điện tử";

/// Each target: its threshold (a joined one has none of its own), and what the reports prove of it at the end of 2023.
const TARGETS: [(&str, Option<&str>, &str); 26] = [
    ("BD-2023-02", Some("= true"), "no_data"),
    ("BD-2023-05", Some("= true"), "no_data"),
    ("BD-2023-07", Some("= true"), "no_data"),
    ("BD-2023-08", Some("= true"), "no_data"),
    ("BD-2023-09", None, "no_data"),
    ("BD-2023-10", Some(">= 100"), "no_data"),
    ("BD-2023-11", Some(">= 40"), "no_data"),
    ("BD-2023-12", Some(">= 30"), "no_data"),
    ("BD-2023-13", Some(">= 60"), "no_data"),
    ("BD-2023-14", Some("> 10"), "no_data"),
    ("BD-2023-15", Some("> 50"), "no_data"),
    ("BD-2023-16", Some(">= 90"), "no_data"),
    ("BD-2023-17", Some(">= 100"), "no_data"),
    ("BD-2023-23", Some("> 80"), "no_data"),
    ("BD-2023-24", Some("> 85"), "no_data"),
    ("BD-2023-18", Some(">= 16"), "no_data"),
    ("BD-2023-19", Some(">= 8.5"), "no_data"),
    ("BD-2023-21", Some("= true"), "no_data"),
    ("BD-2023-22", Some(">= 30"), "no_data"),
    ("BD-2023-30", Some("> 7000"), "no_data"),
    ("BD-2023-20", Some("= true"), "no_data"),
    ("BD-2023-25", Some("> 30"), "undetermined"),
    ("BD-2023-26", Some("> 20"), "no_data"),
    ("BD-2023-27", Some("> 30"), "no_data"),
    ("BD-2023-28", Some("> 80"), "no_data"),
    ("BD-2023-29", Some(">= 80"), "no_data"),
];

fn rules() -> Rules {
    let rules = Rules::parse(RULES).unwrap_or_else(|found| panic!("{found}"));
    assert_eq!(rules.warnings().len(), 0, "{}", rules.warnings());
    rules
}

fn records() -> Vec<Snapshot> {
    serde_json::from_str(SNAPSHOTS).unwrap()
}

fn gather(records: impl IntoIterator<Item = Snapshot>) -> Data {
    let mut data = Data::new();
    for (place, mut record) in records.into_iter().enumerate() {
        record.place = format!("{FOLDER}/snapshots.json#/{place}");
        assert!(data.push(record, None));
    }
    data
}

fn end_of_2023() -> Date {
    Snapshot::new("").on("31/12/2023").unwrap().as_of().unwrap()
}

/// The judgements of all cases, in their order.
fn judge(rules: &Rules, data: &Data, cases: &Cases) -> Vec<Judgement> {
    let reference = Reference::new(rules.model(), data);
    (0..cases.len())
        .filter_map(|place| cases.get(data, place))
        .flat_map(|case| reference.judge(&case))
        .collect()
}

/// The records of these judgements, one a line.
fn written(rules: &Rules, judged: &[Judgement], fields: &Fields) -> String {
    let mut bytes = Vec::new();
    for judgement in judged {
        let record = Record::new(rules.model(), judgement, Options::default());
        ndjson::write_record(&mut bytes, &record, fields).unwrap();
    }
    String::from_utf8(bytes).unwrap()
}

fn code<'a>(rules: &'a Rules, judgement: &Judgement) -> &'a str {
    &rules.model().target(judgement.target).unwrap().code
}

/// One figure given to the province on one day: the verdict and attainment of one target.
fn verdict(day: &str, name: &str, figure: &str, target: &str) -> (&'static str, String) {
    let rules = rules();
    let snapshot = Snapshot::new("binh-duong")
        .named("tỉnh Bình Dương")
        .on(day)
        .unwrap()
        .measure(name, Measurement::text(figure));
    let report = rules.evaluate(&snapshot);
    let judged = report.verdicts().iter().find(|it| code(&rules, it) == target).unwrap();
    let attainment = judged.attainment.as_ref().map_or(String::new(), ToString::to_string);
    (judged.verdict.code(), attainment)
}

#[test]
fn the_plan_reads_as_printed_and_is_judged_at_its_end() {
    let rules = rules();
    let data = gather(records());
    let judged = judge(&rules, &data, &Cases::board(&data, end_of_2023()));
    let fields = ["target", "threshold", "due", "verdict"];
    let found = written(&rules, &judged, &Fields::named(&fields).unwrap());
    let wanted: Vec<String> = TARGETS
        .iter()
        .map(|(code, asked, said)| {
            let asked = asked.map_or("null".to_owned(), |asked| format!("{asked:?}"));
            format!(
                "{{\"target\":\"{code}\",\"threshold\":{asked},\"due\":\"2023-12-31\",\
                 \"verdict\":\"{said}\"}}\n"
            )
        })
        .collect();
    assert_eq!(found, wanted.concat());
}

#[test]
fn the_tests_in_the_rules_hold() {
    let rules = rules();
    let trials = chitieu::trial::run(rules.model());
    assert_eq!(trials.len(), 15);
    for trial in trials {
        assert!(trial.holds, "{}: {:?}", trial.test.name, trial.judgement);
    }
}

#[test]
fn the_readme_shows_the_same_verdicts() {
    let rules = rules();
    let data = gather(records());
    let judged = judge(&rules, &data, &Cases::board(&data, end_of_2023()));
    let rows: HashMap<&str, &str> = README
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| BD-2023-")?.split('|').map(str::trim);
            Some((cells.next()?, cells.nth(2)?))
        })
        .collect();
    assert_eq!(rows.len(), TARGETS.len());
    for one in &judged {
        let number = code(&rules, one).strip_prefix("BD-2023-").unwrap();
        assert_eq!(rows.get(number), Some(&one.verdict.words().0), "{number}");
    }
}

#[test]
fn records_agree_to_the_byte() {
    let rules = rules();
    let data = gather(records());
    let judged = judge(&rules, &data, &Cases::board(&data, end_of_2023()));
    let found = written(&rules, &judged, &Fields::all(false));
    for (found, expected) in found.lines().zip(EXPECTED.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), EXPECTED.len());
}

#[test]
fn a_bound_is_judged_on_its_day_and_gives_way_to_the_later_one() {
    let rules = rules();
    let of_identity = |data: &Data, cases: &Cases| -> Vec<(String, &'static str)> {
        let judged = judge(&rules, data, cases);
        let mine = judged.iter().filter(|it| code(&rules, it) == "BD-2023-25");
        mine.map(|it| (it.as_of.to_string(), it.verdict.code())).collect()
    };
    let data = gather(records());
    let days = of_identity(&data, &Cases::each_snapshot(&data));
    let day = |day: &str| days.iter().find(|it| it.0 == day).map(|it| it.1);
    assert_eq!(day("2023-03-16"), Some("not_due"));
    assert_eq!(day("2023-06-23"), Some("undetermined"));
    assert_eq!(day("2023-10-03"), Some("no_data"));
    assert_eq!(day("2022-12-31"), Some("not_applicable"));
    let to_march = gather(
        records()
            .into_iter()
            .filter(|it| it.as_of().is_some_and(|day| day.to_string().as_str() <= "2023-03-16")),
    );
    let board = of_identity(&to_march, &Cases::board(&to_march, end_of_2023()));
    assert_eq!(board, [("2023-12-31".to_owned(), "not_met")]);
}

/// Figures of the same topics that count something else: none may meet a target.
const OTHERS: [&str; 22] = [
    // Reported by Bình Dương itself.
    "tỷ lệ DVC trực tuyến đã triển khai",
    "tỷ lệ DVC trực tuyến đủ điều kiện không nhận hồ sơ giấy giai đoạn 1",
    "số doanh nghiệp đang sử dụng các nền tảng số",
    "tỷ lệ hồ sơ ĐDĐT thu nhận",
    "số hồ sơ ĐDĐT được phê duyệt",
    "tỷ lệ tài khoản ĐDĐT kích hoạt",
    "tỷ lệ lượt tra cứu thẻ BHYT bằng CCCD gắn chíp thành công",
    "đầu tư trung tâm kiểm soát an ninh và giao thông của tỉnh",
    // Reported by other provinces, in their words.
    "tỷ lệ thanh toán trực tuyến trên Cổng Dịch vụ công tỉnh/ Cổng Dịch vụ công quốc gia \
     trên tổng số giao dịch thanh toán của dịch vụ công",
    "tỷ lệ cơ sở khám chữa bệnh sử dụng CCCD gắn chíp tích hợp BHYT",
    "tỷ lệ diện tích được phủ dịch vụ mạng di động 4G, 5G",
    "tỷ lệ điện thoại di động thông minh được phổ cập dịch vụ mạng di động 4G, 5G",
    "tỷ lệ thôn, bản, tổ dân phố có hạ tầng Internet cáp quang",
    "số tổ chức, doanh nghiệp dùng chữ ký số Viettel CA",
    // The targets' own names, with one word that changes what is counted.
    "tỷ lệ thủ tục hành chính được cung cấp dưới hình thức dịch vụ công trực tuyến toàn trình",
    "tỷ lệ dịch vụ công trực tuyến được tích hợp, cung cấp trên Cổng Dịch vụ công Quốc gia",
    "tỷ lệ doanh nghiệp dùng thử một số ứng dụng của các nền tảng chuyển đổi số",
    "tỷ lệ doanh nghiệp nhỏ và vừa được tiếp cận các nền tảng chuyển đổi số",
    "số doanh nghiệp nhỏ và vừa sử dụng nền tảng số phục vụ chuyển đổi số trong doanh nghiệp",
    "tỷ lệ dân số có tài khoản định danh điện tử",
    "tỷ lệ dân số trưởng thành trở lên có chữ ký số cá nhân",
    "tỷ lệ người dân thực hiện khám chữa bệnh bằng CCCD gắn chíp",
];

#[test]
fn figures_that_count_something_else_meet_no_target() {
    let rules = rules();
    let strangers = OTHERS.iter().fold(Snapshot::new("x").on("2023").unwrap(), |record, name| {
        record.measure(*name, Measurement::text("100%"))
    });
    let data = gather(records().into_iter().chain([strangers]));
    let reference = Reference::new(rules.model(), &data);
    for (place, name) in data.names.iter().enumerate() {
        let taken = !reference.indicators(place).is_empty();
        assert_eq!(taken, name == IDENTITY, "{name}");
    }
    let mine = records().into_iter().flat_map(|it| it.measurements);
    let mine: Vec<String> = mine.map(|(name, _)| name).collect();
    for name in OTHERS.iter().take(8) {
        assert!(mine.iter().any(|it| it == name), "the data no longer hold `{name}`");
    }
}

#[test]
fn figures_in_the_words_of_the_plan_are_judged_also_when_abbreviated() {
    let check = |name: &str, figure: &str, target: &str, expected: (&str, &str)| {
        let found = verdict("30/06/2023", name, figure, target);
        assert_eq!((found.0, found.1.as_str()), expected, "{name}");
    };
    let eligible = "tỷ lệ TTHC đủ điều kiện theo quy định của pháp luật được cung cấp dưới hình \
                    thức DVCTT toàn trình";
    check(eligible, "100%", "BD-2023-10", ("met", "1"));
    let integrated = "tỉ lệ DVC trực tuyến toàn trình được tích hợp, cung cấp trên Cổng DVCQG";
    check(integrated, "74%", "BD-2023-11", ("exceeded", "37/20"));
    let phones = "tỷ lệ thuê bao điện thoại di động sử dụng điện thoại thông minh";
    check(phones, "97,3%", "BD-2023-23", ("exceeded", "973/800"));
    let lines = "tỷ lệ hộ gia đình có đường Internet cáp quang băng rộng";
    check(lines, "98,04%", "BD-2023-24", ("exceeded", "2451/2125"));
    let health = "tỷ lệ dân số có hồ sơ sức khoẻ điện tử";
    check(health, "85%", "BD-2023-28", ("exceeded", "17/16"));
    let identity = "tỷ lệ dân số trưởng thành có tài khoản ĐDĐT";
    check(identity, "30%", "BD-2023-25", ("not_due", "1"));
}

#[test]
fn numbers_are_taken_at_their_word() {
    let check = |name: &str, figure: &str, target: &str, expected: &str| {
        assert_eq!(verdict("31/12/2023", name, figure, target).0, expected, "{name}: {figure}");
    };
    // `trên` is strict, a bare number is at least.
    check(IDENTITY, "30%", "BD-2023-25", "not_met");
    check(IDENTITY, "30,01%", "BD-2023-25", "exceeded");
    let digital = "tỷ trọng giá trị tăng thêm của kinh tế số trong GRDP";
    check(digital, "15,99%", "BD-2023-18", "not_met");
    check(digital, "16%", "BD-2023-18", "met");
    let trade = "tỷ trọng thương mại điện tử trong tổng mức bán lẻ";
    check(trade, "8,5%", "BD-2023-19", "met");
    check(trade, "8,49%", "BD-2023-19", "not_met");
    let helped = "số doanh nghiệp nhỏ và vừa được hỗ trợ sử dụng nền tảng số phục vụ chuyển đổi \
                  số trong doanh nghiệp";
    check(helped, "7.000", "BD-2023-30", "not_met");
    check(helped, "7.001 doanh nghiệp", "BD-2023-30", "exceeded");
    let open_data = "ban hành kế hoạch về dữ liệu mở";
    check(open_data, "có", "BD-2023-02", "met");
    check(open_data, "chưa", "BD-2023-02", "not_met");
    check(open_data, "đang triển khai", "BD-2023-02", "not_met");
    let most = "hầu hết các doanh nghiệp nhỏ và vừa được tiếp cận các nền tảng chuyển đổi số";
    check(most, "có", "BD-2023-21", "met");
    check(most, "90%", "BD-2023-21", "contradictory");
}

#[test]
fn the_plan_binds_its_province_in_its_year_only() {
    let rules = rules();
    let judged = |entity: &str, name: &str, day: &str| -> Vec<(&'static str, &'static str)> {
        let snapshot = Snapshot::new(entity)
            .named(name)
            .on(day)
            .unwrap()
            .attribute("cấp", "tỉnh")
            .measure(IDENTITY, Measurement::text("77,7%"));
        let report = rules.evaluate(&snapshot);
        let of = |it: &Judgement| (it.verdict.code(), it.reason.map_or("", |it| it.code()));
        let mut found: Vec<_> = report.verdicts().iter().map(of).collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let (home, other) = ("tỉnh Bình Dương", "tỉnh Bà Rịa – Vũng Tàu");
    assert_eq!(judged("br-vt", other, "30/06/2023"), [("not_applicable", "scope")]);
    assert_eq!(judged("bd", home, "30/06/2023"), [("exceeded", ""), ("no_data", "absent")]);
    for day in ["31/12/2022", "01/01/2024"] {
        assert_eq!(judged("bd", home, day), [("not_applicable", "not_in_force")]);
    }
}

/// The text of the first block of this language in the README of the project.
fn block(language: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let (_, after) = FIRST_STEPS.split_once(&fence).unwrap();
    after.split_once("```").unwrap().0
}

#[test]
fn the_first_rule_of_the_readme_gives_what_it_shows() {
    let rules = Rules::parse(block("chitieu")).unwrap();
    let snapshot = Snapshot::from_json(block("json")).unwrap();
    let report = rules.evaluate(&snapshot);
    let (_, fields) = FIRST_STEPS.split_once("--fields ").unwrap();
    let fields: Vec<&str> = fields.split('`').next().unwrap().split(',').collect();
    let fields = Fields::named(&fields).unwrap();
    assert_eq!(written(&rules, report.verdicts(), &fields), block("ndjson"));
}
