//! Totals and ranks, in every form that results have.

use crate::world::World;

const RULES: &str = "chương trình: Chỉ số\nmã: CS\nhạn: không\n\n[A] tỷ lệ a >= 50%\n  điểm: 20\n  \
                     chấm: tuyến tính từ 0% đến 100%\n[B] b = có\n  điểm: 5\n";

const DATA: &str = r#"[
    {"entity":"x","as_of":2023,"measurements":{"tỷ lệ a":"45%"}},
    {"entity":"y","as_of":2023,"measurements":{"tỷ lệ a":"90%","b":true}}
]"#;

const READ: &str = "đã đọc 2 = đánh giá 2 + loại 0; 0 ô không đọc được\n";

fn world() -> World {
    World::new(&[("r.chitieu", RULES.as_bytes()), ("s.json", DATA.as_bytes())])
}

fn eval(more: &[&str]) -> crate::world::Run {
    world().run(&[&["eval", "r.chitieu", "--data", "s.json"][..], more].concat())
}

fn object(entity: &str, points: [&str; 2], rank: u32, targets: &str) -> String {
    let [worst, best] = points;
    let three = |worst: &str, best: &str, most: &str| {
        format!("\"points_worst\":\"{worst}\",\"points_best\":\"{best}\",\"maximum\":\"{most}\"")
    };
    let all = three(worst, best, "25");
    format!(
        "{{\"programme\":\"CS\",\"entity\":\"{entity}\",\"as_of\":\"2023-12-31\",\"type\":null,\
         {all},\"rank_best\":{rank},\"rank_worst\":{rank},\"field\":2,\
         \"groups\":[{{\"group\":null,{all}}}],\"targets\":[{targets}]}}\n"
    )
}

#[test]
fn totals_take_the_place_of_records() {
    let target = |code: &str, worst: &str, best: &str, most: &str| {
        format!(
            "{{\"target\":\"{code}\",\"points_worst\":\"{worst}\",\"points_best\":\"{best}\",\
             \"maximum\":\"{most}\"}}"
        )
    };
    let of_x = target("A", "9", "9", "20") + "," + &target("B", "0", "5", "5");
    let of_y = target("A", "18", "18", "20") + "," + &target("B", "5", "5", "5");
    let (x, y) = (object("x", ["9", "14"], 2, &of_x), object("y", ["23", "23"], 1, &of_y));
    eval(&["--scores"]).ends(0, &format!("{x}{y}"), READ);
    let csv = "programme,entity,as_of,type,points_worst,points_best,maximum,rank_best,rank_worst,\
               field,groups\r\n\
               CS,x,2023-12-31,,9,14,25,2,2,2,: 9..14/25\r\n\
               CS,y,2023-12-31,,23,23,25,1,1,2,: 23..23/25\r\n";
    eval(&["--scores", "--format", "csv"]).ends(0, csv, READ);
    let table = "Chỉ số (CS), số liệu đến 31/12/2023\n\
                 Hạng  Đơn vị  Điểm  Tối đa\n\
                 ──────────────────────────\n\
                 1     y         23      25\n\
                 2     x       9–14      25\n";
    eval(&["--scores", "--format", "table"]).ends(0, table, READ);
    let json = eval(&["--format", "json"]).out;
    let scores = format!("\"scores\":[\n{},\n{}\n],\"receipt\":", x.trim_end(), y.trim_end());
    assert!(json.contains(&scores), "{json}");
    let streamed = eval(&["--scores", "--complete-records"]);
    streamed.ends(0, &format!("{x}{y}"), READ);
}

#[test]
fn points_stand_beside_verdicts_in_the_table() {
    let run = eval(&["--format", "table", "--only", "not_met"]);
    assert!(run.out.contains("Kết luận  Điểm"), "{}", run.out);
    assert!(run.out.contains("chưa đạt  9/20"), "{}", run.out);
}

#[test]
fn what_totals_do_not_have_is_refused() {
    for (option, value) in [("--only", "met"), ("--fields", "entity"), ("--layout", "wide")] {
        let run = eval(&["--scores", option, value]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{option}");
        assert!(run.said.contains(option), "{}", run.said);
    }
    let rules = "[A] tỷ lệ a >= 50%\n";
    let world = World::new(&[("r.chitieu", rules.as_bytes()), ("s.json", DATA.as_bytes())]);
    let run = world.run(&["eval", "r.chitieu", "--data", "s.json", "--scores"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(run.said.contains("`điểm:`"), "{}", run.said);
}

#[test]
fn a_template_asks_for_what_points_need() {
    let rules = "[A] tỷ lệ a >= 50%\n  điểm: 20\n  chấm: số b / số c * 20\n";
    let world = World::new(&[("r.chitieu", rules.as_bytes())]);
    let run = world.run(&["template", "r.chitieu", "-o", "bieu.csv"]);
    assert_eq!(run.status, 0, "{}", run.said);
    let sheet = world.text("bieu.csv");
    for name in ["tỷ lệ a", "số b", "số c"] {
        assert!(sheet.contains(name), "{name}: {sheet}");
    }
}
