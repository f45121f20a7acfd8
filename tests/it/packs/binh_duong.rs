//! The plan of Bình Dương for 2023: a table of all targets, the figures that must not be taken for
//! one of them, and the edges of each number.

use chitieu::report::Fields;
use chitieu::snapshot::Cases;
use chitieu::{Judgement, Measurement, Reason, Rules, Snapshot, Verdict};

use super::{PACKS, Pack, code, day, gather, judge, written};

const PLAN: &Pack = &PACKS[0];
const FIRST_STEPS: &str = include_str!("../../../README.md");

/// The share of adults with an electronic identity, the one target that the reports bound.
const IDENTITY: &str = "tỷ lệ dân số trưởng thành có tài khoản định danh điện tử";

/// Each target: its threshold (a joined one has none of its own), and what the reports prove of it
/// at the end of 2023.
const TARGETS: [(&str, Option<&str>, &str); 30] = [
    ("BD-2023-01", Some(">= 100"), "not_applicable"),
    ("BD-2023-02", Some("= true"), "no_data"),
    ("BD-2023-03", None, "not_applicable"),
    ("BD-2023-04", None, "not_applicable"),
    ("BD-2023-05", Some("= true"), "no_data"),
    ("BD-2023-06", Some("> 30"), "not_applicable"),
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
    ("BD-2023-25", Some("> 30"), "not_met"),
    ("BD-2023-26", Some("> 20"), "no_data"),
    ("BD-2023-27", Some("> 30"), "no_data"),
    ("BD-2023-28", Some("> 80"), "no_data"),
    ("BD-2023-29", Some(">= 80"), "no_data"),
];

/// One figure given to the province on one day: the verdict and attainment of one target.
fn verdict(day: &str, name: &str, figure: &str, target: &str) -> (&'static str, String) {
    let rules = PLAN.rules();
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
    let rules = PLAN.rules();
    let judged = PLAN.judged(&rules);
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
fn a_bound_is_judged_on_its_day_and_stands_until_a_later_one() {
    let rules = PLAN.rules();
    let of_identity = |cases: fn(&chitieu::snapshot::Data) -> Cases| -> Vec<(String, Verdict)> {
        let data = gather(PLAN.records());
        let judged = judge(&rules, &data, &cases(&data));
        let mine = judged.iter().filter(|it| code(&rules, it) == "BD-2023-25");
        mine.map(|it| (it.as_of.to_string(), it.verdict)).collect()
    };
    let days = of_identity(Cases::each_snapshot);
    let on = |day: &str| days.iter().find(|it| it.0 == day).map(|it| it.1);
    assert_eq!(on("2022-12-31"), Some(Verdict::NotApplicable));
    assert_eq!(on("2023-03-16"), Some(Verdict::NotDue));
    // The accounts of June and the enterprises of October say nothing of adults.
    assert_eq!(on("2023-06-23"), Some(Verdict::NoData));
    assert_eq!(on("2023-10-03"), Some(Verdict::NoData));
    let board = of_identity(|data| Cases::board(data, day("31/12/2023")));
    assert_eq!(board, [("2023-12-31".to_owned(), Verdict::NotMet)]);
}

/// Figures of the same topics that count something else: none may meet a target.
const OTHERS: [&str; 23] = [
    // Reported by Bình Dương itself.
    "tỷ lệ DVC trực tuyến đã triển khai",
    "tỷ lệ DVC trực tuyến đủ điều kiện không nhận hồ sơ giấy giai đoạn 1",
    "số doanh nghiệp đang sử dụng các nền tảng số",
    "tỷ lệ hồ sơ ĐDĐT thu nhận",
    "số hồ sơ ĐDĐT được phê duyệt",
    "tỷ lệ tài khoản ĐDĐT kích hoạt",
    "tỷ lệ lượt tra cứu thẻ BHYT bằng CCCD gắn chíp thành công",
    // Asked of the province outside of its plan.
    "đầu tư trung tâm kiểm soát an ninh và giao thông của tỉnh",
    "số dịch vụ công thiết yếu của Đề án 06 đã triển khai",
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
    let rules = PLAN.rules();
    let home = || Snapshot::new("x").named("tỉnh Bình Dương").on("2023").unwrap();
    let mine: Vec<String> =
        PLAN.records().into_iter().flat_map(|it| it.measurements).map(|it| it.0).collect();
    for name in mine.iter().map(String::as_str).chain(OTHERS) {
        let report = rules.evaluate(&home().measure(name, Measurement::text("100%")));
        // Targets over units are not applicable: one record of the province names no unit.
        let mut verdicts = report.verdicts().iter();
        let taken = verdicts
            .any(|it| it.verdict != Verdict::NoData && it.reason != Some(Reason::EmptyPopulation));
        assert_eq!(taken, name == IDENTITY, "{name}");
    }
    for name in OTHERS.iter().take(7) {
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
    let rules = PLAN.rules();
    let judged = |entity: &str, name: &str, day: &str| -> Vec<(&'static str, &'static str)> {
        let snapshot = Snapshot::new(entity)
            .named(name)
            .on(day)
            .unwrap()
            .attribute("cấp", "tỉnh")
            .measure(IDENTITY, Measurement::text("77,7%"));
        let report = rules.evaluate(&snapshot);
        let of = |it: &Judgement| (it.verdict.code(), it.reason.map_or("", |it| it.code()));
        let mut found: Vec<_> = report.judgements().iter().map(of).collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let (home, other) = ("tỉnh Bình Dương", "tỉnh Bà Rịa – Vũng Tàu");
    assert_eq!(judged("br-vt", other, "30/06/2023"), [("not_applicable", "scope")]);
    let at_home = [("exceeded", ""), ("no_data", "absent"), ("not_applicable", "empty_population")];
    assert_eq!(judged("bd", home, "30/06/2023"), at_home);
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
    assert_eq!(written(&rules, report.judgements(), &fields), block("ndjson"));
}
