//! Rules that ask attributes of entities, judged as records come.
//!
//! Where all records give an attribute, or none does and a table may, each complete record is
//! judged at once and nothing is held; where some do and some do not, all are gathered. What comes
//! out is the same.

use std::fmt::Write;

use crate::world::{Run, World};

const RULES: &str = "áp dụng cho: mọi xã (vùng = \"núi\"); mọi phường

[A] số trường >= 2
[B] số trường
  khi loại = \"1\": >= 3
  còn lại: >= 1
";

const TABLE: &str = "entity,parent,cấp,vùng,loại\na,h,xã,núi,1\nb,h,xã,biển,2\nc,h,phường,,1\n\
                     d,h,xã,núi,\nd,h,xã,núi,2\nh,,huyện,,\n";

/// Four entities on two days; `own` gives what stands behind the figure of a row.
fn rows(own: impl Fn(usize) -> &'static str) -> String {
    let row = |at: usize| {
        let (entity, year) = ("abcd".get(at % 4..=at % 4).unwrap(), 2023 + at / 4);
        let rest = own(at);
        format!("{entity},{year},{}{}{rest}\n", at % 5, if rest.is_empty() { ",,," } else { "," })
    };
    format!("entity,as_of,số trường,cấp,vùng,loại\n{}", (0..8).map(row).collect::<String>())
}

fn world(data: &str) -> World {
    let files = [("r.chitieu", RULES), ("s.csv", data), ("e.csv", TABLE)];
    World::new(&files.map(|(name, text)| (name, text.as_bytes())))
}

fn eval(world: &World, more: &[&str]) -> Run {
    world.run(&[&["eval", "r.chitieu", "--data", "s.csv"], more].concat())
}

/// Whether a run with this data holds none of them; what it says is the same however it is read.
fn streams(data: &str, more: &[&str]) -> bool {
    let world = world(data);
    for way in [&[][..], &["--summary"], &["--layout", "wide", "--format", "csv"], &["--reference"]]
    {
        let gathered = eval(&world, &[more, way].concat());
        let complete = eval(&world, &[more, way, &["--complete-records"]].concat());
        assert_eq!(gathered.status, 0, "{}", gathered.said);
        assert_eq!(complete, gathered, "{way:?} {more:?}\n{data}");
    }
    let little = ["--complete-records", "--max-memory", "1000"];
    let run = eval(&world, &[more, &little].concat());
    assert!(run.status == 0 || run.said.contains("--max-memory"), "{}", run.said);
    run.status == 0
}

#[test]
fn records_that_tell_all_or_nothing_of_their_entity_are_judged_at_once() {
    let full = rows(|at| ["xã,núi,1", "phường,núi,2"][at % 2]);
    assert!(streams(&full, &[]));
    assert!(streams(&full, &["--entities", "e.csv"]));
    let none = rows(|_| "");
    assert!(streams(&none, &["--entities", "e.csv"]));
    assert!(streams(&none, &[]));
    // The day of one record tells another nothing, its attributes may.
    let mixed = rows(|at| if at < 4 { "xã,núi,1" } else { "" });
    assert!(!streams(&mixed, &[]));
    assert!(!streams(&mixed, &["--entities", "e.csv"]));
}

#[test]
fn names_of_entities_are_gathered() {
    let data = "entity,as_of,name,số trường\na,2023,xã A,3\na,2024,,1\n";
    let rules = "áp dụng cho: xã A\n\n[A] số trường >= 2\n";
    let files = [("r.chitieu", rules), ("s.csv", data)];
    let world = World::new(&files.map(|(name, text)| (name, text.as_bytes())));
    let run = eval(&world, &["--complete-records", "--layout", "wide", "--format", "csv"]);
    let out = "entity,as_of,A\r\na,2023-12-31,exceeded\r\na,2024-12-31,not_met\r\n";
    assert_eq!((run.status, run.out.as_str()), (0, out), "{}", run.said);
}

#[test]
fn a_faulty_table_ends_the_run() {
    let circle = "entity,parent\na,h\nh,a\n";
    let mut deep = "entity,parent\n".to_owned();
    for at in 0..102 {
        writeln!(deep, "p{at},p{}", at + 1).unwrap();
    }
    let two = "entity,parent\na,h\na,k\n";
    let cases = [
        (circle, "các đơn vị thuộc nhau thành vòng: a → h → a"),
        (deep.as_str(), "đơn vị `p0` có hơn 100 cấp ở trên; xem lại cột `thuộc`"),
        (two, "đơn vị `a` thuộc hai đơn vị khác nhau: `h` và `k`"),
    ];
    let data = rows(|_| "");
    for (table, said) in cases {
        for way in [&[][..], &["--complete-records"]] {
            let files = [("r.chitieu", RULES), ("s.csv", &data), ("e.csv", table)];
            let world = World::new(&files.map(|(name, text)| (name, text.as_bytes())));
            let run = eval(&world, &[&["--entities", "e.csv"], way].concat());
            assert_eq!((run.status, run.out.as_str()), (2, ""), "{way:?}");
            assert!(run.said.ends_with(&format!("lỗi: {said}\n")), "{}", run.said);
        }
    }
}

#[test]
fn rules_of_an_earlier_day_know_no_later_replacement() {
    let old = "chương trình: Cũ\nmã: K1\n\n[A] số trường >= 2\n";
    let new = "chương trình: Mới\nmã: K2\n\n[B] số trường >= 3\n  hiệu lực: từ 01/07/2023\n  \
               thay thế: K1/A\n";
    let data = "entity,as_of,số trường\na,2023,2\n";
    let files = [("r.chitieu", old), ("n.chitieu", new), ("s.csv", data)];
    let world = World::new(&files.map(|(name, text)| (name, text.as_bytes())));
    let verdicts = |more: &[&str]| {
        let args = ["eval", "r.chitieu", "n.chitieu", "--data", "s.csv", "--fields"];
        let run =
            world.run(&[&args[..], &["target,verdict,reason", "--format", "csv"], more].concat());
        assert_eq!(run.status, 0, "{}", run.said);
        run.out
    };
    let head = "target,verdict,reason\r\n";
    let replaced = format!("{head}A,not_applicable,not_in_force\r\nB,not_met,\r\n");
    assert_eq!(verdicts(&[]), replaced);
    assert_eq!(verdicts(&["--rules-as-of", "01/07/2023"]), replaced);
    assert_eq!(verdicts(&["--rules-as-of", "30/06/2023"]), format!("{head}A,met,\r\n"));
}
