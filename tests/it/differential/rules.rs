//! Rule texts as a person could write them: every form of the language that is judged.

use proptest::prelude::*;

/// Names as the rules come to know them, whatever line they stand in.
pub(super) const NAMES: [&str; 16] = [
    "tỷ lệ a",
    "tỷ lệ b",
    "tỷ lệ cán bộ được tập huấn",
    "số hồ sơ x",
    "số hồ sơ y",
    "số doanh nghiệp được hỗ trợ",
    "thu z",
    "chi w",
    "thứ hạng r",
    "thứ hạng s",
    "ban hành k",
    "công bố l",
    "lượng m",
    "lượng n",
    "lượng o",
    "tỷ lệ q",
];

const SYMBOLS: [&str; 6] = [">=", ">", "<=", "<", "=", "!="];
const WORDS: [&str; 12] = [
    "ít nhất",
    "tối thiểu",
    "không dưới",
    "trên",
    "vượt",
    "không quá",
    "tối đa",
    "dưới",
    "đạt",
    "đạt trên",
    "còn",
    "bằng",
];
const FIRST: [&str; 5] = ["", "trên ", "ít nhất ", "không quá ", "dưới "];
const NUMBERS: [&str; 9] = ["0", "1", "5", "12,34", "33,333", "40", "40,00", "99,9", "100"];
const WHOLE: [&str; 5] = ["0", "1", "10", "40", "63"];

pub(super) fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(texts)
}

fn share() -> BoxedStrategy<String> {
    let name = || one_of(&NAMES[..2]);
    let compared = (name(), one_of(&SYMBOLS), one_of(&NUMBERS), one_of(&["%", "‰", " phần trăm"]));
    let wide = (name(), one_of(&NUMBERS), one_of(&["0", "5", "33,333"]));
    let ends = || (name(), one_of(&["0", "1", "12,34"]), one_of(&["12,34", "40", "99,9"]));
    let reading = one_of(&["trong khoảng", "sàn", "trần"]);
    prop_oneof![
        compared.prop_map(|(name, sign, t, unit)| format!("{name} {sign} {t}{unit}")),
        (name(), one_of(&WORDS), one_of(&NUMBERS)).prop_map(|(n, w, t)| format!("{n} {w} {t}%")),
        (name(), one_of(&NUMBERS)).prop_map(|(name, t)| format!("{name} từ {t}% trở lên")),
        wide.prop_map(|(name, t, w)| format!("{name} = {t}% ± {w}%")),
        ends().prop_map(|(n, a, b)| format!("{n} trong khoảng {a}% đến {b}%")),
        (ends(), reading)
            .prop_map(|((n, a, b), r)| format!("{n} từ {a}% đến {b}%\n  hiểu là: {r}")),
        (one_of(&FIRST), one_of(&NUMBERS))
            .prop_map(|(word, t)| format!("{word}{t}% cán bộ được tập huấn")),
    ]
    .boxed()
}

fn other() -> BoxedStrategy<String> {
    let count = || one_of(&NAMES[3..5]);
    let money = (one_of(&NAMES[6..8]), one_of(&SYMBOLS), one_of(&NUMBERS));
    let fields = one_of(&["", "/63", "/64"]);
    let answer = one_of(&["= có", "!= có", "= không", "= yes"]);
    prop_oneof![
        (count(), one_of(&SYMBOLS), one_of(&WHOLE)).prop_map(|(n, s, t)| format!("{n} {s} {t}")),
        (count(), one_of(&WORDS), one_of(&WHOLE))
            .prop_map(|(n, w, t)| format!("{n} {w} {t} hồ sơ")),
        (one_of(&FIRST), one_of(&WHOLE))
            .prop_map(|(word, t)| format!("{word}{t} doanh nghiệp được hỗ trợ")),
        (money, one_of(&["tỷ đồng", "triệu đồng", "nghìn tỷ đồng"]))
            .prop_map(|((n, s, t), unit)| format!("{n} {s} {t} {unit}")),
        (one_of(&NAMES[8..10]), one_of(&["1", "10", "40"]), fields)
            .prop_map(|(n, t, field)| format!("{n} trong tốp {t}{field}")),
        (one_of(&NAMES[10..12]), answer).prop_map(|(n, answer)| format!("{n} {answer}")),
        (one_of(&NAMES[14..15]), one_of(&SYMBOLS), one_of(&["1/3", "12,34", "10"]))
            .prop_map(|(n, s, t)| format!("{n} {s} {t}")),
    ]
    .boxed()
}

fn quotient() -> BoxedStrategy<String> {
    let pair = one_of(&[
        "số hồ sơ x / số hồ sơ y",
        "lượng m / lượng n",
        "lượng m / lượng m",
        "tỷ lệ a / tỷ lệ b",
        "thu z / chi w",
    ]);
    let bound = prop_oneof![
        (one_of(&SYMBOLS), one_of(&NUMBERS), one_of(&["%", "‰", " lần"]))
            .prop_map(|(sign, t, unit)| format!("{sign} {t}{unit}")),
        (one_of(&NUMBERS), one_of(&NUMBERS)).prop_map(|(t, w)| format!("= {t}% ± {w}%")),
        Just(">= 10.000.000.000.000.000.000.000.000%".to_owned()),
        Just("< 0,000000000000000000001%".to_owned()),
    ];
    // The units of money are claimed by other lines, so that the quotient converts between them.
    (pair, bound).prop_map(|(pair, bound)| format!("{pair} {bound}")).boxed()
}

fn keys() -> BoxedStrategy<String> {
    let key = |name: &'static str, values: &'static [&'static str]| {
        prop::option::weighted(0.3, one_of(values))
            .prop_map(move |value| value.map(|it| format!("\n  {name}: {it}")).unwrap_or_default())
    };
    (
        key("hạn", &["30/06/2023", "2024", "không", "31/12/2022"]),
        key("hiệu lực", &["năm 2022", "giai đoạn 2022-2023", "từ 01/01/2022"]),
        key(
            "áp dụng cho",
            &[
                "mọi tỉnh",
                "mọi xã (vùng = \"miền núi\")",
                "mọi xã (vùng != \"miền núi\"); e1",
                "mọi tỉnh (vùng = \"a\" hoặc tên = \"e2\")",
                "e0; e2",
            ],
        ),
    )
        .prop_map(|(due, window, scope)| format!("{due}{window}{scope}"))
        .boxed()
}

/// A condition as it may stand in a join.
fn part() -> BoxedStrategy<String> {
    let share = (one_of(&NAMES[..2]), one_of(&SYMBOLS), one_of(&NUMBERS));
    let count = (one_of(&NAMES[3..5]), one_of(&SYMBOLS), one_of(&WHOLE));
    let quotient = (one_of(&SYMBOLS), one_of(&NUMBERS));
    let formula = (one_of(&["p", "q"]), one_of(&SYMBOLS), one_of(&NUMBERS));
    prop_oneof![
        4 => share.prop_map(|(name, sign, t)| format!("{name} {sign} {t}%")),
        4 => count.prop_map(|(name, sign, t)| format!("{name} {sign} {t}")),
        2 => one_of(&["ban hành k = có", "công bố l = không"]).prop_map(str::to_owned),
        2 => quotient.prop_map(|(sign, t)| format!("số hồ sơ x / số hồ sơ y {sign} {t}%")),
        1 => formula.prop_map(|(name, sign, t)| format!("tỷ lệ {name} {sign} {t}%")),
        1 => Just("tỷ lệ b >= chưa rõ (dưới 40%)".to_owned()),
        1 => Just("số hồ sơ x >= 0,8 * số hồ sơ y".to_owned()),
    ]
    .boxed()
}

/// Conditions joined, sometimes one inside another.
fn joined() -> BoxedStrategy<String> {
    let word = || one_of(&["và", "hoặc"]);
    let pair = || (part(), word(), part()).prop_map(|(a, word, b)| format!("{a} {word} {b}"));
    prop_oneof![
        pair(),
        (part(), word(), part(), part())
            .prop_map(|(a, word, b, c)| format!("{a} {word} {b} {word} {c}")),
        part().prop_map(|part| format!("không ({part})")),
        (pair(), word(), part()).prop_map(|(pair, word, part)| format!("({pair}) {word} {part}")),
        (pair(), word(), part())
            .prop_map(|(pair, word, part)| format!("{part} {word} không ({pair})")),
    ]
    .boxed()
}

fn expression() -> BoxedStrategy<String> {
    let counts = one_of(&[
        "số hồ sơ x + số hồ sơ y",
        "(số hồ sơ x - số hồ sơ y)",
        "nhỏ nhất(số hồ sơ x; số hồ sơ y)",
    ]);
    let amounts = one_of(&[
        "lượng m * 2",
        "(lượng m - lượng n) * 3",
        "lớn nhất(lượng m; lượng n; lượng o)",
        "trung bình(lượng m; lượng n)",
        "làm tròn(lượng m; 1)",
    ]);
    let count = one_of(&["0", "10", "63", "số hồ sơ y", "0,8 * số hồ sơ x"]);
    let amount = one_of(&["0", "12,34", "1/3", "lượng o", "0,8 * lượng o"]);
    let sides = prop_oneof![(counts, count), (amounts, amount)];
    (sides, one_of(&SYMBOLS)).prop_map(|((m, bound), sign)| format!("{m} {sign} {bound}")).boxed()
}

/// Growth, other times, sums and what must always hold.
fn history() -> BoxedStrategy<String> {
    let since = || one_of(&["năm 2021", "năm 2022", "năm trước", "đầu năm", "cùng kỳ", "kỳ trước"]);
    let verb = || one_of(&["tăng", "giảm"]);
    let sign = || one_of(&SYMBOLS[..4]);
    let counts = (one_of(&NAMES[3..5]), verb(), sign(), one_of(&NUMBERS));
    let counts = (counts, one_of(&["%", " lần", " hồ sơ"]), since());
    let shares = (one_of(&["tỷ lệ a", "tỷ lệ p", "tỷ lệ q"]), verb(), sign(), one_of(&NUMBERS));
    let always = (part(), one_of(&["", "số hồ sơ x >= 1 và "]));
    let yearly = (one_of(&NAMES[3..5]), verb(), sign(), one_of(&NUMBERS));
    let yearly = (yearly, one_of(&["2021-2023", "2022-2025", "2024-2024"]));
    let declared = (one_of(&NAMES[3..5]), verb(), sign(), one_of(&NUMBERS));
    let declared = (declared, one_of(&["năm 2021", "năm trước", "đầu năm"]), one_of(&WHOLE));
    prop_oneof![
        2 => yearly.prop_map(|((name, verb, sign, t), years)| {
            format!("{name} {verb} bình quân {sign} {t}%/năm giai đoạn {years}")
        }),
        2 => declared.prop_map(|((name, verb, sign, t), since, known)| {
            let line = format!("{name} {verb} {sign} {t}% so với {since}");
            format!("{line}\n  mốc 2021: {known}\n  mốc 2022: 0,5")
        }),
        4 => counts.prop_map(|((name, verb, sign, t), unit, since)| {
            format!("{name} {verb} {sign} {t}{unit} so với {since}")
        }),
        2 => (shares, since()).prop_map(|((name, verb, sign, t), since)| {
            format!("{name} {verb} {sign} {t} điểm phần trăm so với {since}")
        }),
        1 => (one_of(&NAMES[3..5]), sign(), since())
            .prop_map(|(name, sign, since)| format!("{name} {sign} {name} [{since}]")),
        1 => (one_of(&NAMES[3..5]), sign(), one_of(&WHOLE))
            .prop_map(|(name, sign, t)| format!("lũy kế({name}) {sign} {t}")),
        2 => always.prop_map(|(part, before)| format!("{before}luôn ({part})")),
    ]
    .boxed()
}

/// A threshold that the document does not print, a formula, and a tier beside the threshold.
fn rare() -> BoxedStrategy<String> {
    let unstated = (one_of(&SYMBOLS), one_of(&["", " (dưới 33,333%)", " (trên 12,34%)"]));
    let formula = (one_of(&["p", "q", "s"]), one_of(&SYMBOLS), one_of(&NUMBERS));
    prop_oneof![
        unstated.prop_map(|(sign, where_)| format!("tỷ lệ a {sign} chưa rõ{where_}")),
        formula.prop_map(|(name, sign, t)| format!("tỷ lệ {name} {sign} {t}%")),
        one_of(&["40", "99,9"]).prop_map(|t| format!("tỷ lệ a >= 12,34%\n  phấn đấu: {t}%")),
        Just("tỷ lệ b <= 40%\n  phấn đấu: 5%".to_owned()),
    ]
    .boxed()
}

/// `khi` lines of one date, which `by` names; each line has its own comparator.
fn branches(by: &'static str) -> BoxedStrategy<String> {
    let when = one_of(&[
        "vùng = \"miền núi\"",
        "vùng != \"a\"",
        "cấp = \"xã\" và vùng = \"miền núi\"",
        "tên = \"e1\" hoặc vùng = \"a\"",
        "lượng o >= 10",
        "ban hành k = có",
    ]);
    let line = (when, one_of(&SYMBOLS), one_of(&NUMBERS));
    let rest = prop::option::of((one_of(&SYMBOLS), one_of(&NUMBERS)));
    (prop::collection::vec(line, 1..4), rest)
        .prop_map(move |(lines, rest)| {
            let line =
                |(when, sign, t): (&str, &str, &str)| format!("\n  {by}khi {when}: {sign} {t}%");
            let closes = if by.is_empty() { "còn lại" } else { by.trim_end() };
            let last = rest.map(|(sign, t)| format!("\n  {closes}: {sign} {t}%"));
            lines.into_iter().map(line).chain(last).collect::<String>()
        })
        .boxed()
}

/// Milestones and `khi` lines below a head without a comparator.
fn staged() -> BoxedStrategy<String> {
    let share = || one_of(&["tỷ lệ a", "tỷ lệ b", "tỷ lệ p", "số hồ sơ x / số hồ sơ y"]);
    let stage = || (one_of(&SYMBOLS), one_of(&NUMBERS));
    let dates = prop::sample::subsequence(vec!["31/12/2022", "30/06/2023", "2024", "2025"], 1..4);
    let always = (dates.clone(), prop::collection::vec(stage(), 4));
    let dates = (dates, prop::collection::vec(stage(), 4), prop::option::of(Just("2021")));
    prop_oneof![
        (share(), dates).prop_map(|(head, (dates, stages, known))| {
            let line = |(date, (sign, t))| format!("\n  đến {date}: {sign} {t}%");
            let known = known.map(|day| format!("\n  mốc {day}: 12%")).unwrap_or_default();
            head.to_owned() + &known + &dates.into_iter().zip(stages).map(line).collect::<String>()
        }),
        (one_of(&["tỷ lệ a", "tỷ lệ b"]), always).prop_map(|(head, (dates, stages))| {
            let line = |(date, (sign, t))| format!("\n  đến {date}: {sign} {t}%");
            format!("{head} luôn{}", dates.into_iter().zip(stages).map(line).collect::<String>())
        }),
        (share(), branches("")).prop_map(|(head, lines)| head.to_owned() + &lines),
        (share(), branches("đến 2022 "), branches("đến 2024 "))
            .prop_map(|(head, first, second)| format!("{head}{first}{second}")),
    ]
    .boxed()
}

/// Two or three lines of one code, each in force from a day of its own.
fn superseded() -> BoxedStrategy<String> {
    let begins = ["01/01/2021", "01/01/2022", "30/06/2023", "01/01/2024"];
    let days = prop::sample::subsequence(begins.to_vec(), 2..4);
    let scope = prop_oneof![Just(""), Just("\n  áp dụng cho: mọi xã"), Just("\n  hạn: không")];
    let line = (prop_oneof![3 => share_at_least(), 1 => joined(), 1 => late()], scope);
    (days, prop::collection::vec(line, 3))
        .prop_map(|(days, lines)| {
            let version = |(day, (line, scope)): (&str, (String, &str))| {
                // Lines below a head hold no due date of their own.
                let scope =
                    if line.contains("đến ") && scope.contains("hạn") { "" } else { scope };
                format!("{line}\n  hiệu lực: từ {day}{scope}")
            };
            let versions: Vec<String> = days.into_iter().zip(lines).map(version).collect();
            versions.join("\n@")
        })
        .boxed()
}

/// Milestones that lie after the days from which versions are in force.
fn late() -> BoxedStrategy<String> {
    let line = (one_of(&NAMES[..2]), one_of(&NUMBERS), branches("đến 2025 "));
    line.prop_map(|(head, t, lines)| format!("{head}\n  đến 30/06/2024: <= {t}%{lines}")).boxed()
}

fn share_at_least() -> BoxedStrategy<String> {
    (one_of(&NAMES[..2]), one_of(&NUMBERS)).prop_map(|(name, t)| format!("{name} >= {t}%")).boxed()
}

/// What the formulas say; `q` is measured too.
const FORMULAS: &str = "chỉ số: tỷ lệ p\n  công thức: số hồ sơ x / số hồ sơ y\n  đơn vị tính: %\n\
    chỉ số: tỷ lệ q\n  công thức: số hồ sơ x / (số hồ sơ x + số hồ sơ y)\n  đơn vị tính: %\n\
    chỉ số: tỷ lệ s\n  công thức: (tỷ lệ a + tỷ lệ b) / 2\n  đơn vị tính: %\n\n";

/// A whole rule text. Lines that nothing else makes depend on each other come first.
pub(super) fn rules() -> BoxedStrategy<String> {
    let plain = prop_oneof![3 => share(), 3 => other(), 2 => quotient()];
    let keyed = prop_oneof![
        8 => plain,
        3 => joined(),
        2 => expression(),
        2 => rare(),
        3 => history(),
    ];
    let keyed = (keyed, keys()).prop_map(|(line, keys)| line + &keys);
    let line = prop_oneof![5 => keyed, 1 => staged(), 1 => superseded()];
    let targets = prop::collection::vec(line, 1..10);
    let head = one_of(&["", "hiệu lực: giai đoạn 2022-2024\n"]);
    (head, targets)
        .prop_map(|(head, targets)| {
            // A reading is a key too; all keys stand below the line.
            let line = |(at, line): (usize, &String)| {
                format!("[T{at}] {}\n", line.replace("\n@", &format!("\n[T{at}] ")))
            };
            let lines: String = targets.iter().enumerate().map(line).collect();
            format!("chương trình: X\n{head}\n{FORMULAS}{lines}")
        })
        .boxed()
}
