//! Tables as data: CSV wide and long, number formats, tables of entities, packed files.

use crate::world::{RULES, Run, SHORT, World, line};

const WIDE: &str = "đơn vị;ngày;tên;cấp;tỷ lệ hồ sơ đúng hạn;ban hành kế hoạch\r\n\
                    a;2023;xã A;xã;96,5%;x\r\n\
                    b;2023;xã B;xã;hơn 97%;\r\n\
                    c;2023;xã C;xã;khá;chưa\r\n";

fn account(read: u32, cells: u32) -> String {
    format!("đã đọc {read} = đánh giá {read} + loại 0; {cells} ô không đọc được\n")
}

/// The results of [`WIDE`] under the name `s.csv`.
fn wide_out() -> String {
    line("A", "a", "exceeded", "\"s.csv:2:E\"")
        + &line("B", "a", "met", "\"s.csv:2:F\"")
        + &line("A", "b", "exceeded", "\"s.csv:3:E\"")
        + &line("B", "b", "no_data", "")
        + &line("A", "c", "contradictory", "\"s.csv:4:E\"")
        + &line("B", "c", "not_met", "\"s.csv:4:F\"")
}

#[test]
fn wide_tables_are_judged_with_their_cells_as_sources() {
    let world = World::with_data("s.csv", WIDE);
    world.eval("s.csv", &[]).ends(0, &wide_out(), &account(3, 1));
    let reason = ["eval", "r.chitieu", "--data", "s.csv", "--only", "contradictory"];
    let run = world.run(&[&reason[..], &["--fields", "reason,sources,measured"]].concat());
    let out = "{\"reason\":\"unreadable\",\"sources\":[\"s.csv:4:E\"],\"measured\":null}\n";
    run.ends(0, out, &account(3, 1));
}

#[test]
fn long_tables_hold_what_wide_ones_do() {
    let long = "entity,as_of,indicator,value,numerator,denominator,reported,unit,source\n\
                a,2023,tỷ lệ hồ sơ đúng hạn,,965,1000,96.5%,,\n\
                a,2023,ban hành kế hoạch,x,,,,,\n\
                b,31/12/2023,TỈ LỆ hồ sơ đúng hạn,97.25,,,,%,báo cáo\n\
                b,2023,tỷ lệ hồ sơ đúng hạn,12,,,,hồ sơ,\n\
                c,2023,ban hành kế hoạch,\"không, chưa\",,,,,\n";
    let world = World::with_data("s.csv", long);
    let out = line("A", "a", "exceeded", "\"s.csv:2:E\"")
        + &line("B", "a", "met", "\"s.csv:3:D\"")
        + &line("A", "b", "contradictory", "\"s.csv:4:D\",\"s.csv:5:D\"")
        + &line("B", "b", "no_data", "")
        + &line("A", "c", "no_data", "")
        + &line("B", "c", "contradictory", "\"s.csv:6:D\"");
    world.eval("s.csv", &[]).ends(0, &out, &account(5, 1));
}

#[test]
fn a_number_format_is_proved_or_said() {
    let rules = "[A] tỷ lệ a >= 40%\n[B] số hồ sơ >= 1000\n";
    let short = ["--fields", "target,entity,measured,verdict"];
    let eval = |text: &str, more: &[&str]| {
        let world = World::new(&[("r.chitieu", rules.as_bytes()), ("s.csv", text.as_bytes())]);
        world.run(&[&["eval", "r.chitieu", "--data", "s.csv"][..], &short, more].concat())
    };
    let row = |target: &str, measured: &str, verdict: &str| {
        format!(
            "{{\"target\":\"{target}\",\"entity\":\"x\",\"measured\":\"{measured}\",\
             \"verdict\":\"{verdict}\"}}\n"
        )
    };
    let table = |a: &str, b: &str| format!("entity\tas_of\ttỷ lệ a\tsố hồ sơ\nx\t2023\t{a}\t{b}\n");
    let both = |a: &str, b: &str| row("A", a, "exceeded") + &row("B", b, "exceeded");
    eval(&table("41,25", "1.234.567"), &[]).ends(0, &both("41.25", "1234567"), &account(1, 0));
    eval(&table("41.25", "1,234,567"), &[]).ends(0, &both("41.25", "1234567"), &account(1, 0));
    eval(&table("hơn 41.5%", "2000"), &[]).ends(0, &both("> 41.5", "2000"), &account(1, 0));
    let unclear = eval(&table("41,25", "1.234"), &[]);
    let said = "lỗi: s.csv:2:D: `1.234` có hai cách đọc: 1234 (kiểu Việt) hoặc 1,234 (kiểu Anh); \
                hãy thêm `--number-format vi` hoặc `--number-format en` (xem E0604)\n";
    unclear.ends(2, "", said);
    let english = eval(&table("41,25", "1.234"), &["--lang", "en"]);
    let said = "error: s.csv:2:D: `1.234` has two readings: 1234 (Vietnamese) or 1.234 (English); \
                add `--number-format vi` or `--number-format en` (see E0604)\n";
    english.ends(2, "", said);
    let vi = &["--number-format", "vi"][..];
    eval(&table("41,25", "1.234"), vi).ends(0, &both("41.25", "1234"), &account(1, 0));
    let en = row("A", "41.25", "exceeded") + &row("B", "1.234", "not_met");
    eval(&table("41.25", "1.234"), &["--number-format", "en"]).ends(0, &en, &account(1, 0));
    let two = eval(&table("41,25", "41.25"), &[]);
    let said = "lỗi: một tệp có số viết hai kiểu: s.csv:2:C: `41,25` (kiểu Việt), s.csv:2:D: \
                `41.25` (kiểu Anh); hãy sửa tệp, hoặc thêm `--number-format vi` hoặc \
                `--number-format en` (xem E0604)\n";
    two.ends(2, "", said);
}

#[test]
fn files_of_one_run_may_differ_in_format() {
    let rules = "[A] tỷ lệ a >= 40%\n";
    let files = [
        ("r.chitieu", rules.as_bytes()),
        ("vi.csv", "đơn vị;ngày;tỷ lệ a\nv;2023;41,25\n".as_bytes()),
        ("en.csv", "entity,as_of,tỷ lệ a\ne,2023,41.25\n".as_bytes()),
        ("d.json", r#"{"entity":"j","as_of":2023,"measurements":{"tỷ lệ a":41.25}}"#.as_bytes()),
    ];
    let world = World::new(&files);
    let fields = ["--fields", "entity,measured"];
    let run = world.run(&[&["eval", "r.chitieu", "--data", "."][..], &fields].concat());
    let row = |entity| format!("{{\"entity\":\"{entity}\",\"measured\":\"41.25\"}}\n");
    run.ends(0, &(row("j") + &row("e") + &row("v")), &account(3, 0));
}

#[test]
fn rejected_rows_are_listed_with_row_and_column() {
    let data = "entity,as_of,ban hành kế hoạch\na,2023,có\nb,2023\n,2023,có\nc,2023-13-01,có\n";
    let world = World::with_data("s.csv", data);
    let said = "lỗi: s.csv:3:3: bản ghi bị loại: hàng có 2 ô mà tiêu đề có 3 cột\n\
                lỗi: s.csv:4:1: bản ghi bị loại: hàng không có đơn vị (`entity`)\n\
                lỗi: s.csv:5:2: bản ghi bị loại: không đọc được ngày `2023-13-01`\n\
                đã đọc 4 = hợp lệ 1 + loại 3; 0 ô không đọc được\n\
                lỗi: 3 bản ghi bị loại: không đánh giá, không ghi kết quả\n";
    world.eval("s.csv", &[]).ends(2, "", said);
    let out = line("B", "a", "met", "\"s.csv:2:C\"");
    let some = world.eval("s.csv", &["--rejects", "x.ndjson", "--only", "met"]);
    some.ends(0, &out, "đã đọc 4 = đánh giá 1 + loại 3; 0 ô không đọc được\n");
    let first = "{\"file\":\"s.csv\",\"row\":3,\"column\":3,\"reason\":\"hàng có 2 ô mà tiêu đề \
                 có 3 cột\",\"text\":\"b, 2023\"}\n";
    assert!(world.text("x.ndjson").starts_with(first), "{}", world.text("x.ndjson"));
}

#[test]
fn tables_without_a_header_end_the_run() {
    let cases = [
        ("a,2023,1\n", "s.csv:1: hàng tiêu đề không có cột `đơn vị` (`entity`)"),
        (
            "entity,as_of,indicator,valeu\n",
            "s.csv:1: có cột `chỉ số` mà không có cột `giá trị` hoặc `tử số`",
        ),
        ("entity,as_of,x,as_of\n", "s.csv:1:D: hai cột cùng là `as_of`"),
    ];
    for (text, said) in cases {
        World::with_data("s.csv", text).eval("s.csv", &[]).ends(2, "", &format!("lỗi: {said}\n"));
    }
}

#[test]
fn packed_and_piped_data_are_read() {
    let packed = |bytes: &[u8]| {
        use std::io::Write;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let gzip = packed(WIDE.as_bytes());
    let zstd = zstd::encode_all(WIDE.as_bytes(), 3).unwrap();
    let world = World::new(&[
        ("r.chitieu", RULES.as_bytes()),
        ("dl/s.csv.gz", &gzip),
        ("dl2/s.csv.zst", &zstd),
        ("cut.csv.gz", &gzip[..gzip.len() / 2]),
    ]);
    for (data, name) in [("dl", "dl/s.csv.gz"), ("dl2", "dl2/s.csv.zst")] {
        let out = wide_out().replace("s.csv:", &format!("{name}:"));
        world.eval(data, &[]).ends(0, &out, &account(3, 1));
    }
    let out = wide_out().replace("s.csv:", "-:");
    let args = [&["eval", "r.chitieu", "--data", "-"][..], &SHORT].concat();
    for bytes in [WIDE.as_bytes(), &gzip, &zstd] {
        world.pipe(&args, bytes).ends(0, &out, &account(3, 1));
    }
    let said = "lỗi: không đọc được tệp `cut.csv.gz`: tệp bị cắt giữa chừng\n";
    world.eval("cut.csv.gz", &[]).ends(2, "", said);
    let json =
        packed(r#"{"entity":"a","as_of":2023,"measurements":{"ban hành kế hoạch":1}}"#.as_bytes());
    let world = World::with_data("s.json.gz", json);
    assert_eq!(world.eval("s.json.gz", &[]).status, 0);
    let world = World::with_data("s.dat", WIDE);
    assert_eq!(world.eval("s.dat", &["--input-format", "csv"]).status, 0);
    let said = "lỗi: số liệu dạng `xlsx` chưa đọc được trong bản này; dùng json, ndjson, csv, \
                parquet, arrow\n";
    world.eval("s.dat", &["--input-format", "xlsx"]).ends(2, "", said);
    let run = world.eval("s.dat", &["--input-format", "parquet"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    let said = "lỗi: s.dat: tệp Parquet bị hỏng hoặc bị cắt giữa chừng (";
    assert!(run.said.starts_with(said), "{}", run.said);
}

#[test]
fn a_table_of_entities_completes_the_data() {
    let rules = "áp dụng cho: mọi xã (vùng = \"núi\")\n\n[A] số trường >= 1\n";
    let data = "entity,as_of,vùng,số trường\na,2023,,1\nb,2023,biển,1\n";
    let table = "entity,name,parent,cấp,vùng\na,xã A,h,xã,núi\nb,xã B,h,xã,núi\nc,xã C,h,xã,núi\n\
                 h,huyện H,,huyện,\n";
    let with = |table: &str, more: &[&str]| {
        let files = [("r.chitieu", rules), ("s.csv", data), ("e.csv", table)];
        let files = files.map(|(name, text)| (name, text.as_bytes()));
        let args = ["eval", "r.chitieu", "--data", "s.csv", "--entities", "e.csv", "--fields"];
        World::new(&files).run(&[&args[..], &["entity,as_of,verdict"], more].concat())
    };
    let row = |entity: &str, verdict: &str| {
        format!("{{\"entity\":\"{entity}\",\"as_of\":\"2023-12-31\",\"verdict\":\"{verdict}\"}}\n")
    };
    let own = row("a", "met") + &row("b", "not_applicable");
    with(table, &[]).ends(0, &own, &account(2, 0));
    let board = own.clone() + &row("c", "no_data") + &row("h", "not_applicable");
    with(table, &["--as-of", "2023"]).ends(0, &board, &account(2, 0));
    let disputed = format!("{table}a,xã A,h,xã,biển\n");
    let out = row("a", "contradictory") + &row("b", "not_applicable");
    with(&disputed, &[]).ends(0, &out, &account(2, 0));
    let ends = |table: &str, said: &str| {
        with(table, &[]).ends(2, "", &format!("{}lỗi: {said}\n", account(2, 0)));
    };
    let two = format!("{table}a,xã A,k,xã,núi\n");
    ends(&two, "đơn vị `a` thuộc hai đơn vị khác nhau: `h` và `k`");
    let circle = format!("{table}h,huyện H,a,huyện,\n");
    ends(&circle, "các đơn vị thuộc nhau thành vòng: a → h → a");
    ends("entity,cấp\n,xã\n", "e.csv:2:A: hàng không có đơn vị (`entity`)");
    ends("entity,cấp\na\n", "e.csv:2:B: hàng có 1 ô mà tiêu đề có 2 cột");
    ends("a,b\n", "e.csv:1: hàng tiêu đề không có cột `đơn vị` (`entity`)");
}

#[test]
fn entities_may_be_json_and_ids_differ_in_unicode_form() {
    let rules = "áp dụng cho: mọi xã\n\n[A] số trường >= 1\n";
    let data = "entity,as_of,số trường\nBa\u{300} Ri\u{323}a,2023,1\n";
    let table = r#"[{"entity":"Bà Rịa","tên":"B","attributes":{"cấp":"xã"},"số":1},
        {"entity":"k","cấp":"xã","thuộc":null}]"#;
    let files = [("r.chitieu", rules), ("s.csv", data), ("e.json", table)];
    let world = World::new(&files.map(|(name, text)| (name, text.as_bytes())));
    let args = ["eval", "r.chitieu", "--data", "s.csv", "--entities", "e.json", "--as-of", "2023"];
    let run = world.run(&[&args[..], &["--fields", "entity,verdict"]].concat());
    let out =
        "{\"entity\":\"Bà Rịa\",\"verdict\":\"met\"}\n{\"entity\":\"k\",\"verdict\":\"no_data\"}\n";
    run.ends(0, out, &account(1, 0));
    let summary = world.run(&[&args[..], &["--summary"]].concat()).out;
    let inputs =
        format!("{{\"name\":\"e.json\",\"bytes\":{},\"read\":2,\"evaluated\":2", table.len());
    assert!(summary.contains(&inputs), "{summary}");
}

/// The lines of a run, sorted.
fn sorted(run: &Run) -> Vec<String> {
    assert_eq!(run.status, 0, "{}", run.said);
    let mut lines: Vec<String> = run.out.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn order_changes_nothing_but_the_order() {
    let head = "entity,as_of,tỷ lệ hồ sơ đúng hạn,ban hành kế hoạch\n";
    let rows =
        ["a,2023,96.5,có\n", "b,31/12/2023,,không\n", "a,2023-12-31,96.5%,\n", "b,2023,1.5,\n"];
    let mut turned = rows;
    turned.reverse();
    let file = |rows: &[&str]| format!("{head}{}", rows.concat());
    let fields = ["--fields", "target,entity,as_of,verdict,measured,reason"];
    let eval = |files: &[(&str, String)]| {
        let mut all = vec![("r.chitieu", RULES.as_bytes())];
        all.extend(files.iter().map(|(name, text)| (*name, text.as_bytes())));
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        let args = [&["eval", "r.chitieu", "--data"][..], &names, &fields].concat();
        World::new(&all).run(&args)
    };
    let one = eval(&[("s.csv", file(&rows))]);
    let expected = "{\"target\":\"A\",\"entity\":\"a\",\"as_of\":\"2023-12-31\",\
                    \"verdict\":\"exceeded\",\"measured\":\"96.5\",\"reason\":null}\n";
    assert!(one.out.starts_with(expected), "{}", one.out);
    let cut = eval(&[("1.csv", file(&rows[..1])), ("2.csv", file(&rows[1..]))]);
    assert_eq!((cut.out, cut.said), (one.out.clone(), one.said.clone()));
    assert_eq!(sorted(&eval(&[("s.csv", file(&turned))])), sorted(&one));
    let apart = [("2.csv", file(&rows[2..])), ("1.csv", file(&rows[..2]))];
    assert_eq!(sorted(&eval(&apart)), sorted(&one));
}

#[test]
fn figures_given_twice_agree_or_contradict_across_files() {
    let head = "entity,as_of,tỷ lệ hồ sơ đúng hạn\n";
    let csv = format!("{head}a,2023,96.5\nb,2023,97\n");
    let json = r#"[{"entity":"a","as_of":"31/12/2023","measurements":
        {"tỷ lệ hồ sơ đúng hạn":{"numerator":9652,"denominator":10000}}},
        {"entity":"b","as_of":2023,"measurements":{"tỷ lệ hồ sơ đúng hạn":"97,5"}}]"#;
    let files = [("r.chitieu", RULES), ("1.csv", csv.as_str()), ("2.json", json)];
    let world = World::new(&files.map(|(name, text)| (name, text.as_bytes())));
    let args = ["eval", "r.chitieu", "--data", "1.csv", "2.json", "--fields"];
    let run = world.run(
        &[&args[..], &["entity,measured,reason,sources", "--only", "exceeded,contradictory"]]
            .concat(),
    );
    let out = "{\"entity\":\"a\",\"measured\":\"96.52\",\"reason\":null,\"sources\":[\"1.csv:2:C\",\
               \"2.json#/0\"]}\n{\"entity\":\"b\",\"measured\":null,\"reason\":\"unequal_values\",\
               \"sources\":[\"1.csv:3:C\",\"2.json#/1\"]}\n";
    run.ends(0, out, &account(4, 0));
}

#[test]
fn wide_results_have_a_column_a_target() {
    let world = World::with_data("s.csv", WIDE);
    let eval = |more: &[&str]| {
        let args = ["eval", "r.chitieu", "--data", "s.csv", "--layout", "wide"];
        world.run(&[&args[..], more].concat())
    };
    let csv = "entity,as_of,A,B\r\na,2023-12-31,exceeded,met\r\nb,2023-12-31,exceeded,no_data\r\n\
               c,2023-12-31,contradictory,not_met\r\n";
    eval(&["--format", "csv"]).ends(0, csv, &account(3, 1));
    let lines = "{\"entity\":\"a\",\"as_of\":\"2023-12-31\",\"A\":\"exceeded\",\"B\":\"met\"}\n\
                 {\"entity\":\"c\",\"as_of\":\"2023-12-31\",\"A\":\"contradictory\",\"B\":null}\n";
    eval(&["--only", "met,contradictory,exceeded", "--threads", "3"]);
    let run = eval(&["--only", "met,contradictory"]);
    let lines = lines.replace("\"exceeded\"", "null");
    run.ends(0, &lines, &account(3, 1));
    let json = eval(&["--format", "json"]).out;
    assert!(json.starts_with("{\"verdicts\":[\n{\"entity\":\"a\",\"as_of\":"), "{json}");
    for option in
        [&["--summary"][..], &["--exact"], &["--fields", "entity"], &["--format", "table"]]
    {
        let run = eval(option);
        assert_eq!((run.status, run.out.as_str()), (2, ""));
        assert!(run.said.contains("không đi cùng"), "{}", run.said);
    }
    let other = "chương trình: Khác\nmã: K2\n\n[A] ban hành kế hoạch = có\n[entity] số xã >= 1\n";
    let files = [("r.chitieu", RULES), ("k.chitieu", other), ("s.csv", WIDE)];
    let world = World::new(&files.map(|(name, text)| (name, text.as_bytes())));
    let args = ["eval", "r.chitieu", "k.chitieu", "--data", "s.csv", "--layout", "wide"];
    let run = world.run(&[&args[..], &["--format", "csv"]].concat());
    assert!(run.out.starts_with("entity,as_of,KH/A,B,K2/A,K2/entity\r\n"), "{}", run.out);
}
