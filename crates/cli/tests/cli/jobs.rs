//! Long runs: what a checkpoint belongs to, what it refuses, and how a run is stopped.

use std::fs;
use std::process::Command;

use crate::kills;
use crate::world::{Run, World, record};

/// Ends a run from outside at a moment.
fn stop(world: &World, args: &[&str], signal: &str, is_now: impl Fn(&World) -> bool) -> Run {
    let mut child = world.command(args).spawn().unwrap();
    kills::until(&mut child, || is_now(world));
    let id = child.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    Run::of(child.wait_with_output().unwrap())
}

const CHECKPOINT: [&str; 2] = ["--checkpoint", "ck"];

#[cfg(unix)]
#[test]
fn a_stopped_run_leaves_nothing_half_and_says_how_to_go_on() {
    let world = kills::world();
    fs::write(world.path("k"), "cũ").unwrap();
    for (signal, status, format) in [
        ("-INT", 130, "ndjson"),
        ("-TERM", 143, "csv"),
        ("-INT", 130, "parquet"),
        ("-TERM", 143, "arrow"),
    ] {
        let way = ["--format", format];
        let said = "đã dừng theo yêu cầu, không ghi kết quả; gõ lại đúng lệnh này để chạy tiếp từ \
                    điểm dừng trong `ck`\n";
        let is_begun = |world: &World| kills::seen(&world.path("ck")) >= (1, 0);
        stop(&world, &kills::args(&way, &CHECKPOINT), signal, is_begun).ends(status, "", said);
        assert_eq!(world.names(), ["ck", "k", "r.chitieu", "s"]);
        assert_eq!(world.text("k"), "cũ");
        fs::remove_dir_all(world.path("ck")).unwrap();
        let said = "đã dừng theo yêu cầu, không ghi kết quả; lần sau thêm `--checkpoint THƯ MỤC` \
                    (cùng `--complete-records`) để chạy tiếp được từ chỗ dừng\n";
        stop(&world, &kills::args(&way, &[]), signal, kills::writes).ends(status, "", said);
        assert_eq!(world.names(), ["k", "r.chitieu", "s"]);
        assert_eq!(world.text("k"), "cũ");
    }
}

#[test]
fn what_changed_is_named() {
    let world = kills::world();
    let args = |more: &[&'static str]| {
        kills::args(&["--summary", "--format", "ndjson"], &[&CHECKPOINT[..], more].concat())
    };
    let mut child = kills::start(&world, &args(&[]));
    kills::wait(&mut child, &world.path("ck"), (1, 0));
    child.kill().unwrap();
    child.wait().unwrap();
    let refused = |more: &[&'static str], what: &str| {
        let run = world.run(&args(more));
        let said = format!(
            "lỗi: không chạy tiếp được từ `ck`: {what}; đưa về như cũ rồi gõ lại lệnh, hoặc xóa \
             thư mục đó để làm lại từ đầu\n"
        );
        run.ends(2, "", &said);
    };
    refused(&["--only", "met"], "`--only` trước không có, nay là `met`");
    refused(&["--data", "r.chitieu"], "có thêm tệp số liệu `r.chitieu`");
    let rules = world.text("r.chitieu");
    fs::write(world.path("r.chitieu"), rules.replace("40", "41")).unwrap();
    refused(&[], "tệp luật `r.chitieu` đã đổi");
    fs::write(world.path("r.chitieu"), rules).unwrap();
    // The same size and the same time do not hide another content.
    let path = world.path("s/1.ndjson");
    let (bytes, time) =
        (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
    let rewrite = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    };
    let text = String::from_utf8(bytes.clone()).unwrap();
    rewrite(text.replacen("p0", "q0", 1).as_bytes());
    refused(&[], "nội dung tệp `s/1.ndjson` đã đổi so với lần chạy trước");
    let (before, now) = (bytes.len(), bytes.len() + 1);
    rewrite(format!("{text}\n").as_bytes());
    let what = format!("tệp số liệu `s/1.ndjson` trước có {before} byte, nay có {now} byte");
    refused(&[], &what);
    fs::write(&path, &bytes).unwrap();
    refused(&[], "tệp số liệu `s/1.ndjson` đã được ghi lại (giờ sửa khác trước)");
    rewrite(&bytes);
    // What decides no byte may differ.
    let run = world.run(&args(&["--threads", "1", "--progress", "never"]));
    assert_eq!(run.status, 0, "{}", run.said);
}

/// What may happen to a folder.
type Harm = fn(&World);

#[test]
fn a_part_that_is_not_whole_is_done_again() {
    let world = kills::world();
    let way = ["--format", "csv", "--layout", "wide"];
    let args = kills::args(&way, &CHECKPOINT);
    let whole = world.run(&kills::args(&way, &[]));
    let expected = [world.text("k"), world.text("x")];
    let harms: [Harm; 5] = [
        |world| fs::write(world.path("ck/000002.results"), "").unwrap(),
        |world| {
            let mut bytes = fs::read(world.path("ck/000002.results")).unwrap();
            bytes[100] ^= 1;
            fs::write(world.path("ck/000002.results"), bytes).unwrap();
        },
        |world| fs::remove_file(world.path("ck/000002.rejects")).unwrap(),
        |world| {
            let state = world.text("ck/000002.state");
            fs::write(world.path("ck/000002.state"), &state[..state.len() / 2]).unwrap();
        },
        |world| {
            fs::copy(world.path("ck/000001.state"), world.path("ck/000002.state")).unwrap();
        },
    ];
    for harm in harms {
        let mut child = kills::start(&world, &args);
        kills::wait(&mut child, &world.path("ck"), (2, 0));
        child.kill().unwrap();
        child.wait().unwrap();
        harm(&world);
        let run = world.run(&args);
        let said = "phần 2 chưa trọn vẹn nên làm lại từ phần đó\n";
        assert!(run.said.contains(said), "{}", run.said);
        assert!(run.said.ends_with(&whole.said), "{}", run.said);
        assert!([world.text("k"), world.text("x")] == expected);
    }
}

#[test]
fn tables_of_every_kind_of_field_are_those_of_a_run_without_parts() {
    let rules = "mã: KH\n\n[A] tỷ lệ a >= 40%\n  phấn đấu: 60%\n[B] số b / số c >= 99,9% và \
                 tỷ lệ a >= 3%\n[C] ban hành d = có\n";
    let line = |row: u32| {
        let (a, b, c) = (row % 90, row % 7, row % 5);
        let measured = format!("\"tỷ lệ a\":{a},\"số b\":{b},\"số c\":{c}");
        record(
            &format!("đv {row}"),
            &if row.is_multiple_of(3) { "\"số b\":\"hơn 5\"".into() } else { measured },
        )
    };
    let text: String = (0..3_000).map(line).collect();
    let world = World::new(&[("r.chitieu", rules.as_bytes()), ("s.ndjson", text.as_bytes())]);
    for format in ["parquet", "arrow"] {
        for more in [&["--exact"][..], &["--only", "no_data"], &["--layout", "wide"]] {
            let args = ["eval", "r.chitieu", "--data", "s.ndjson", "--complete-records"];
            let args = [&args[..], &["-o", "k", "--format", format], more].concat();
            let whole = world.run(&args);
            assert_eq!(whole.status, 0, "{}", whole.said);
            let expected = fs::read(world.path("k")).unwrap();
            fs::remove_file(world.path("k")).unwrap();
            assert_eq!(world.run(&[&args[..], &CHECKPOINT].concat()), whole);
            assert!(fs::read(world.path("k")).unwrap() == expected, "{format} {more:?}");
        }
    }
}

/// A world of a few records.
fn small() -> World {
    let text =
        record("a", "\"tỷ lệ hồ sơ đúng hạn\":97") + &record("b", "\"lạ\":1").replace("}}", "}");
    World::with_data("s.ndjson", text)
}

#[test]
fn a_folder_of_others_and_data_that_come_once_are_refused() {
    let world = small();
    let way = ["--complete-records", "--checkpoint", "ck"];
    fs::create_dir(world.path("ck")).unwrap();
    fs::write(world.path("ck/thư.txt"), "x").unwrap();
    let foreign = "lỗi: thư mục `ck` của `--checkpoint` có `thư.txt`, không phải của lệnh này: \
                   dùng một thư mục riêng, trống hoặc chưa có\n";
    world.eval("s.ndjson", &way).ends(2, "", foreign);
    fs::remove_file(world.path("ck/thư.txt")).unwrap();
    // Parts without a job are of nobody.
    fs::write(world.path("ck/000001.state"), "x").unwrap();
    let run = world.eval("s.ndjson", &way);
    assert!(run.said.contains("tệp `job` trong đó thiếu hoặc hỏng"), "{}", run.said);
    fs::remove_file(world.path("ck/000001.state")).unwrap();
    let lock = fs::File::options().write(true).open(world.path("ck/lock")).unwrap();
    lock.try_lock().unwrap();
    let used = "lỗi: thư mục `ck` đang được một lần chạy khác dùng\n";
    world.eval("s.ndjson", &way).ends(2, "", used);
    drop(lock);
    let once = "lỗi: `--checkpoint` phải đọc lại được số liệu, mà `-` chỉ đọc được một lần: ghi số \
                liệu ra tệp rồi dùng `--data TỆP`\n";
    world.eval("-", &way).ends(2, "", once);
    let run = world.eval("s.ndjson", &["--checkpoint", "ck"]);
    assert!(run.said.starts_with("lỗi: `--checkpoint` cần `--complete-records`"), "{}", run.said);
    let run = world.eval("s.ndjson", &[&way[..], &["--as-of", "2023"]].concat());
    assert!(run.said.starts_with("lỗi: `--checkpoint` không dùng được ở đây"), "{}", run.said);
}

#[test]
fn a_refused_run_is_judged_already_when_it_is_typed_again() {
    let world = small();
    let way = ["--complete-records", "--checkpoint", "ck"];
    let first = world.eval("s.ndjson", &way);
    assert_eq!((first.status, first.out.as_str()), (2, ""));
    let run = world.eval("s.ndjson", &way);
    let goes_on = "chạy tiếp từ điểm dừng trong `ck`: đã xong 1 phần, 2 bản ghi\n";
    assert_eq!(run.said, format!("{goes_on}{}", first.said));
    let refused = "JSON sai: đối tượng không có `}` đóng\n\
                   đã đọc 2 = hợp lệ 1 + loại 1; 0 ô không đọc được\n\
                   lỗi: 1 bản ghi bị loại: không đánh giá, không ghi kết quả\n";
    assert!(first.said.ends_with(refused), "{}", first.said);
    let whole = world.eval("s.ndjson", &["--rejects", "x", "--complete-records"]);
    let expected = (whole.out, world.text("x"));
    let done = world.eval("s.ndjson", &[&way[..], &["--rejects", "x"]].concat());
    assert_eq!((done.out, world.text("x")), expected);
    assert_eq!(done.said, format!("{goes_on}{}", whole.said));
    // A finished job is gone: typed again it begins anew, and gives the same.
    let again = world.eval("s.ndjson", &[&way[..], &["--rejects", "x"]].concat());
    assert_eq!((again.out, again.said), (expected.0, whole.said));
}
