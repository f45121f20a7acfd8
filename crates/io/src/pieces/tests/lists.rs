//! Lists of JSON, whole and broken, are read by many as by one.

use super::*;
use crate::{Input, Place};

/// The records of lines, written as a list or one after another.
fn document(lines: &str, form: u64) -> String {
    let records = lines.lines().filter(|line| !line.trim().is_empty());
    let (open, comma, close) = match form % 6 {
        0 => ("[", ",", "]"),
        1 => ("[\n  ", ",\n  ", "\n]\n"),
        2 => (" [ ", " , ", " ] "),
        3 => ("", "\n", ""),
        4 => ("\u{feff}[\r\n", "\r\n,", "\r\n]\r\n"),
        _ => ("", " ", "\n"),
    };
    let spread = |line: &str| match form / 6 % 3 {
        // No text of these records has a comma or a bracket and a quote behind it.
        0 => line.replace(",\"", ",\n    \"").replace("{\"", "{\n  \"").replace('}', "\n  }"),
        1 => line.replace("\":", "\" : ").replace('}', " }"),
        _ => line.to_owned(),
    };
    let records: Vec<String> = records.map(spread).collect();
    format!("{open}{}{close}", records.join(comma))
}

#[test]
fn lists_of_json() {
    let mut dice = Dice(23);
    for form in 0..18 {
        let lines = ndjson(&mut dice, 40, if form % 2 == 0 { "," } else { ", " });
        // One that is broken ends the list, so that whole ones are read too.
        let text = document(&lines, form);
        check("s.json", text.as_bytes(), Options::default());
        let whole: Vec<&str> = lines
            .lines()
            .filter(|line| serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok())
            .collect();
        let text = document(&whole.join("\n"), form);
        check("s.json", text.as_bytes(), Options::default());
        for _ in 0..3 {
            let mut bytes = text.clone().into_bytes();
            let below = |dice: &mut Dice, len: usize| usize::try_from(dice.below(len as u64));
            let at = below(&mut dice, bytes.len()).unwrap();
            match dice.below(4) {
                0 => bytes.truncate(at),
                1 => drop(bytes.remove(at)),
                2 => {
                    let marks = b",[]{}\"\\ \n:x\xff";
                    bytes.insert(at, marks[below(&mut dice, marks.len()).unwrap()]);
                }
                _ => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
            }
            check("s.json", &bytes, Options::default());
        }
    }
}

#[test]
fn lists_that_break() {
    const RECORD: &str = r#"{"entity":"e","as_of":2023,"measurements":{"số b":1,"số c":2}}"#;
    let next = |of: &str| RECORD.replace("\"e\"", &format!("\"{of}\""));
    let many: Vec<String> = (0..40).map(|at| next(&format!("m{at}"))).collect();
    let (a, b, many) = (next("a"), next("b"), many.join(","));
    let long = format!("{}{}", " ".repeat(3_000), next("đ".repeat(1_500).as_str()));
    let texts = [
        String::new(),
        " \n ".to_owned(),
        a.clone(),
        format!(" \n{a} \n"),
        format!("{a}{b}"),
        format!("{a},{b}"),
        format!("{a}]"),
        "[]".to_owned(),
        "[".to_owned(),
        " [ \n".to_owned(),
        "]".to_owned(),
        "[,]".to_owned(),
        "[]]".to_owned(),
        "[] x".to_owned(),
        format!("[{a},]"),
        format!("[{a},,{b}]"),
        format!("[{a}{b}]"),
        format!("[{a} {b},{many}]"),
        format!("[{a},{b}"),
        format!("[{a},{b},"),
        format!("[{a},{}", &b[..20]),
        format!("[{a},{b}]{many}"),
        format!("[{a},{b}]\n\n  [{many}]"),
        format!("[[{a},{b}],{many}]"),
        format!("[{{\"all\":[{a}]}},{many}]"),
        format!("[1,null,\"a\",true,[],{{}},{a},-x,{many}]"),
        format!("[{a},tru,{many}]"),
        format!("[{a},\"\\\"]{{\\\\\",{b}]"),
        format!("[{a},{many},{{\"entity\":\"x\" 1}},{b}"),
        format!("x[{a}]"),
        format!("[{a},{a}]"),
        format!("[{a},{{\"entity\":\"tr\u{e0}\",\"as_of\":tru}},\n{many}]"),
        format!("[{many},{long},{b}],{long}"),
        format!("[{many}{long}{long}"),
        format!("[{many},\n\n  }}{long}"),
        format!("{many}{long}"),
    ];
    for text in texts {
        check("s.json", text.as_bytes(), Options::default());
        let mut bytes = text.into_bytes();
        if let Some(byte) = bytes.get_mut(70) {
            *byte = 0xff;
            check("s.json", &bytes, Options::default());
        }
    }
}

/// A stream that breaks off behind broken JSON is not read so far; before it, it is.
#[test]
fn lists_that_break_off() {
    let record = r#"{"entity":"e1","as_of":2023,"measurements":{"số b":1,"số c":2}}"#;
    let records: Vec<String> =
        (0..9_000).map(|at| record.replace("e1", &format!("e{at}"))).collect();
    for broken in [false, true] {
        let mut text = format!("[{}]", records.join(","));
        if broken {
            text = text.replacen("\"e20\",", "\"e20\"", 1);
        }
        let mut packed = zstd::encode_all(text.as_bytes(), 1).unwrap();
        packed.truncate(packed.len() / 2);
        check("s.json", &packed, Options::default());
    }
}

/// The ids and rejects of blocks, and the place behind so many of them with the files before it.
type Told = (Vec<String>, Vec<(Place, Vec<Input>)>);

fn told(rules: &Rules, pieces: &mut Pieces, options: Options) -> Told {
    let mut worker = Worker::new(rules, Keep::Figures, options);
    let (mut said, mut places) = (Vec::new(), Vec::<(Place, Vec<Input>)>::new());
    let (mut ended, mut closed) = (None, Vec::new());
    let mut ahead = Ahead::default();
    while let Some(mut block) = ahead.next(pieces).unwrap() {
        let place = block.take_place().unwrap();
        let piece = worker.read(block);
        if piece.is_behind(&mut ended) {
            assert!(place.closed.is_empty());
            continue;
        }
        closed.extend(place.closed.iter().cloned());
        places.push((place, closed.clone()));
        let ids: Vec<_> = (0..piece.ids.len()).filter_map(|row| piece.ids.get(row)).collect();
        let reject = |it: &Reject| (it.row, it.column, it.reason.clone());
        let rejects: Vec<_> = piece.rejects.iter().map(reject).collect();
        said.push(format!("{} {ids:?} {rejects:?}", piece.file));
    }
    (said, places)
}

#[test]
fn lists_go_on_behind_a_place() {
    let folder = std::env::temp_dir().join(format!("chitieu-lists-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let lines = |from: u64| {
        let record = |at: u64| {
            let measured = format!("\"số b\":{at},\"số c\":2");
            format!("{{\"entity\":\"e{at}\",\"as_of\":2023,\"measurements\":{{{measured}}}}}")
        };
        (from..from + 200).map(record).collect::<Vec<_>>().join(",\n")
    };
    let broken = format!("[{}", lines(0)).replacen(":90,", ":9x,", 1);
    std::fs::write(folder.join("1.json"), broken).unwrap();
    std::fs::write(folder.join("2.json"), format!("[{}]", lines(300))).unwrap();
    std::fs::write(folder.join("3.json"), format!("[{},", lines(600))).unwrap();
    let rules = rules();
    let options = Options { digest: true, ..Options::default() };
    let open = || {
        Pieces::open(std::slice::from_ref(&folder), options).unwrap().in_chunks_of(900).of_most(7)
    };
    let (whole, places) = told(&rules, &mut open(), options);
    let rows = |said: &[String]| said.join("").matches("\"e").count();
    assert_eq!((rows(&whole), whole.len()), (490, places.len()));
    for (at, (place, closed)) in places.iter().enumerate() {
        let mut pieces = open();
        pieces.resume(place, closed).unwrap();
        let (rest, _) = told(&rules, &mut pieces, options);
        assert_eq!(rest, whole[at + 1..], "{at}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
