//! Targets that ask other times and units: whichever way their data are gathered, everything is
//! said and written as the reference evaluator says it.

use std::fmt::Write as _;

use crate::world::{Dice, World};

const RULES: &str = "chương trình: Kế hoạch 2023
mã: KH

[A] tỷ lệ a >= 40%
[B] tỷ lệ a tăng tương đối ít nhất 5% so với năm trước
[C] lũy kế(số b) >= 30
[D] tỷ lệ a luôn >= 20%
[E] \"số b\" >= \"số b\" [kỳ trước]
[F] \"số b\" tăng bình quân >= 5%/năm giai đoạn 2020-2023
[G] ban hành d = có và lũy kế(số b) >= 10
";

/// What a run is asked for.
const WAYS: [&[&str]; 7] = [
    &["--as-of", "30/06/2022", "--summary"],
    &["--as-of", "2022", "--layout", "wide"],
    &["--summary"],
    &["--layout", "wide"],
    &["--layout", "wide", "--format", "csv", "--only", "met,exceeded"],
    &["--fields", "target,entity,as_of,verdict,measured,sources,missing"],
    &["--as-of", "2022", "--fields", "target,entity,as_of,verdict,measured,sources"],
];

/// A value as somebody may write it.
fn value(dice: &mut Dice) -> String {
    match dice.below(12) {
        0 => "\"hơn 40%\"".to_owned(),
        1 => "{\"numerator\":30,\"denominator\":70,\"reported\":\"42,9%\"}".to_owned(),
        2 => "\"khoảng 30\"".to_owned(),
        3 => "\"lung tung\"".to_owned(),
        4 => "null".to_owned(),
        5 => format!("\"{},5%\"", dice.below(90)),
        6 => format!("{}", 3_000_000_000 + dice.below(9)),
        _ => format!("{}.{}", dice.below(90), dice.below(9)),
    }
}

/// Records of some entities over years; `split` cuts some of them in two, `more` is added to each.
fn records(dice: &mut Dice, split: bool, more: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for year in 2019..2024 {
        for entity in 0..9 {
            if dice.below(6) == 0 {
                continue;
            }
            let mut figures = vec![
                format!("\"tỷ lệ a\":{}", value(dice)),
                format!("\"số b\":{}", dice.below(30)),
                format!("\"ban hành d\":{}", dice.below(2) == 0),
                format!("\"tên lạ {}\":1", dice.below(3)),
            ];
            figures.retain(|_| dice.below(7) > 0);
            let cut = if split && dice.below(4) == 0 { figures.len() / 2 } else { 0 };
            let rest = figures.split_off(cut);
            for part in [figures, rest].iter().filter(|part| !part.is_empty()) {
                let (part, who) = (part.join(","), format!("\"entity\":\"e{entity}\""));
                let head = format!("{{{who},\"as_of\":{year}{more}");
                lines.push(format!("{head},\"measurements\":{{{part}}}}}\n"));
            }
        }
    }
    lines
}

fn check(rules: &str, files: &[(&str, String)], more: &[&str]) {
    let data: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let world = World::new(&[&[("r.chitieu", rules.as_bytes())], &data[..]].concat());
    for way in WAYS {
        let base =
            [&["eval", "r.chitieu", "--data", "s", "--max-rejects", "9"], way, more].concat();
        let whole = world.run(&[&base[..], &["--reference"]].concat());
        assert_eq!(whole.status, 0, "{}", whole.said);
        for more in [&["--threads", "1"][..], &["--threads", "3"], &["--max-memory", "9M"]] {
            assert_eq!(world.run(&[&base[..], more].concat()), whole, "{way:?} {more:?}");
        }
    }
}

#[test]
fn every_way_says_the_same() {
    for seed in [3, 5, 7] {
        let dice = &mut Dice(seed);
        let whole = records(dice, false, "").concat();
        check(RULES, &[("s/a.ndjson", whole)], &[]);
        // Records of one day split, and over two files.
        let (mut first, mut second) = (String::new(), "{\"entity\":\"\"}\n".to_owned());
        for line in records(dice, true, ",\"parent\":\"h\"") {
            (if dice.below(2) == 0 { &mut first } else { &mut second }).push_str(&line);
        }
        check(RULES, &[("s/a.ndjson", first), ("s/b.ndjson", second)], &[]);
    }
}

#[test]
fn tables_say_the_same() {
    let dice = &mut Dice(11);
    let mut wide = "đơn vị,ngày,tỷ lệ a,số b,ban hành d,tên lạ\n".to_owned();
    let mut long = "entity,as_of,indicator,value,source\n".to_owned();
    for row in 0..60 {
        let (entity, year) = (row % 7, 2017 + row / 7);
        let share = ["41,5%", "", "39.5", "hơn 40%", "x"][usize::try_from(dice.below(5)).unwrap()];
        let count = dice.below(20);
        writeln!(wide, "e{entity},{year},\"{share}\",{count},có,1").unwrap();
        writeln!(long, "f{entity},{year},tỷ lệ a,\"{share}\",báo cáo").unwrap();
        writeln!(long, "f{entity},{year},số b,{count},").unwrap();
    }
    let english = ["--number-format", "en"];
    check(RULES, &[("s/a.csv", wide.clone())], &english);
    check(RULES, &[("s/a.csv", long.clone())], &english);
    // One of them in the form of the other once more: its snapshots repeat.
    let more = "entity,as_of,indicator,value\ne1,2018,số b,3\ne1,2019,số b,1\n".to_owned();
    check(RULES, &[("s/a.csv", wide), ("s/b.csv", more), ("s/c.csv", long)], &english);
}

#[test]
fn units_and_formulas_say_the_same() {
    let rules = format!(
        "{RULES}[H] ít nhất 30% xã đạt: tỷ lệ a >= 40%\n[I] tổng(mọi xã; số b) >= 20\n\
         [K] \"số e\" >= 3\n\nchỉ số: số e\n  công thức: số b + số b [năm trước]\n"
    );
    let more = ",\"parent\":\"h\",\"attributes\":{\"cấp\":\"xã\"}";
    let text = records(&mut Dice(13), true, more).concat();
    check(&rules, &[("s/a.ndjson", text.clone())], &[]);
    let table = "entity,name,cấp,parent\nh,huyện H,huyện,\ne1,xã A,xã,h\nz,xã Z,xã,h\n";
    let files = [("s/a.ndjson", text), ("e.csv", table.to_owned())];
    check(&rules, &files, &["--entities", "e.csv"]);
}
