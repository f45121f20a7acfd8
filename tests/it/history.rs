//! Other times, growth, sums and what must always hold, against an oracle of plain integers.
//!
//! Enters: generated snapshots of one entity and a generated line. The one idea: the oracle knows
//! nothing of the engine: days are numbers, figures are tenths, and every comparison is one of
//! integers. Invariant: whatever the order of the records, however they are split, and by columns
//! as by the reference, the same comes out.

use std::cmp::Ordering;
use std::sync::Arc;

use chitieu::diagnostic::Lang;
use chitieu::reference::Reference;
use chitieu::report::message;
use chitieu::snapshot::{Batch, Cases, Data};
use chitieu::{Measurement, Rules, Snapshot, Verdict};
use proptest::prelude::*;

use crate::differential::{config, parsed};

/// Day, month, year.
type Day = (i128, i128, i128);

const DAYS: [Day; 14] = [
    (31, 12, 2020),
    (15, 3, 2021),
    (31, 12, 2021),
    (28, 2, 2022),
    (30, 6, 2022),
    (31, 12, 2022),
    (28, 2, 2023),
    (30, 6, 2023),
    (1, 7, 2023),
    (31, 12, 2023),
    (29, 2, 2024),
    (30, 6, 2024),
    (31, 12, 2024),
    (30, 6, 2025),
];

/// A figure in tenths on a day, as one record writes it; `None` is an empty one.
type Figure = (Day, Option<i128>);

const fn order(day: Day) -> i128 {
    day.2 * 10_000 + day.1 * 100 + day.0
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Growth(Change, Moment, bool),
    /// `x >= x [năm trước] * 2`, as thresholds.
    Against(Moment),
    Cumulative,
    Always,
    /// Years of the period, and whether they multiply.
    Yearly(bool, bool),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Change {
    Relative,
    Times,
    Difference,
}

#[derive(Debug, Clone, Copy)]
enum Moment {
    Year(i128),
    YearBefore,
    YearStart,
    SameDay,
    Previous,
}

impl Moment {
    fn text(self) -> String {
        match self {
            Self::Year(year) => return format!("năm {year}"),
            Self::YearBefore => "năm trước",
            Self::YearStart => "đầu năm",
            Self::SameDay => "cùng kỳ",
            Self::Previous => "kỳ trước",
        }
        .to_owned()
    }

    /// Whether a day belongs to it, counted from another.
    const fn is(self, day: Day, from: Day) -> bool {
        match self {
            Self::Year(year) => day.2 == year,
            Self::YearBefore => day.2 == from.2 - 1,
            Self::YearStart => day.0 == 31 && day.1 == 12 && day.2 == from.2 - 1,
            Self::SameDay => {
                let last = if from.0 == 29 && from.1 == 2 { 28 } else { from.0 };
                day.0 == last && day.1 == from.1 && day.2 == from.2 - 1
            }
            Self::Previous => order(day) < order(from),
        }
    }
}

fn moment() -> impl Strategy<Value = Moment> {
    prop_oneof![
        (2020_i128..2025).prop_map(Moment::Year),
        Just(Moment::YearBefore),
        Just(Moment::YearStart),
        Just(Moment::SameDay),
        Just(Moment::Previous),
    ]
}

fn asked() -> impl Strategy<Value = Asked> {
    let change = prop_oneof![Just(Change::Relative), Just(Change::Times), Just(Change::Difference)];
    prop_oneof![
        6 => (change, moment(), any::<bool>()).prop_map(|(c, m, f)| Asked::Growth(c, m, f)),
        1 => moment().prop_map(Asked::Against),
        1 => Just(Asked::Cumulative),
        2 => Just(Asked::Always),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(many, falls)| Asked::Yearly(many, falls)),
    ]
}

const SIGNS: [&str; 5] = [">=", ">", "<=", "<", "="];

/// A line and the tenths that it asks.
#[derive(Debug, Clone)]
struct Line {
    asked: Asked,
    sign: &'static str,
    bound: i128,
}

fn line() -> impl Strategy<Value = Line> {
    let bounds = prop::sample::select(vec![0_i128, 5, 10, 15, 20, 30, 50, 100, 333, 500, 1000]);
    (asked(), prop::sample::select(SIGNS.to_vec()), bounds).prop_map(|(asked, sign, bound)| Line {
        asked,
        sign,
        bound,
    })
}

fn tenths(value: i128) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{},{}", value.abs() / 10, value.abs() % 10)
}

impl Line {
    fn text(&self) -> String {
        let (sign, bound) = (self.sign, tenths(self.bound));
        let verb = |falls| if falls { "giảm" } else { "tăng" };
        match self.asked {
            Asked::Growth(change, moment, falls) => {
                let unit = match change {
                    Change::Relative => "%",
                    Change::Times => " lần",
                    Change::Difference => " hộ",
                };
                let (verb, since) = (verb(falls), moment.text());
                format!("[A] số x {verb} {sign} {bound}{unit} so với {since}\n")
            }
            Asked::Against(moment) => {
                format!("[A] số x {sign} 2 * số x [{}]\n", moment.text())
            }
            Asked::Cumulative => {
                format!("[A] lũy kế(số x) {sign} {bound}\n  hiệu lực: từ 01/01/2022\n")
            }
            Asked::Always => format!("[A] số x luôn {sign} {bound}\n  hạn: 31/12/2023\n"),
            Asked::Yearly(many, falls) => {
                let (verb, period) = (verb(falls), "giai đoạn 2021-2023");
                if many {
                    format!("[A] số x {verb} bình quân {sign} {bound}%/năm {period}\n")
                } else {
                    format!("[A] số x {verb} {sign} {bound} hộ mỗi năm {period}\n")
                }
            }
        }
    }

    /// The verdict of a comparison that stands so, before its due date is looked at.
    fn verdict(&self, stands: Ordering) -> Verdict {
        use Ordering::{Equal, Greater, Less};
        match (self.sign, stands) {
            (">=" | ">", Greater) | ("<=" | "<", Less) => Verdict::Exceeded,
            (">=" | "<=" | "=", Equal) => Verdict::Met,
            _ => Verdict::NotMet,
        }
    }

    /// What the sentences of the language come to, on a day of the figures.
    fn expected(&self, figures: &[Figure], on: Day) -> Verdict {
        let held: Vec<(Day, i128)> = figures
            .iter()
            .filter(|(day, _)| order(*day) <= order(on))
            .filter_map(|(day, value)| Some((*day, (*value)?)))
            .collect();
        let now = held.iter().find(|(day, _)| *day == on).map(|(_, value)| *value);
        let latest = |moment: Moment| {
            let fits = held.iter().filter(|(day, _)| moment.is(*day, on));
            fits.max_by_key(|(day, _)| order(*day)).map(|(_, value)| *value)
        };
        match self.asked {
            Asked::Growth(change, moment, falls) => self.growth(change, falls, now, latest(moment)),
            Asked::Against(moment) => match (now, latest(moment)) {
                (Some(now), Some(base)) => self.verdict(now.cmp(&(2 * base))),
                _ => Verdict::NoData,
            },
            Asked::Cumulative => {
                let inside: Vec<i128> =
                    held.iter().filter(|(day, _)| day.2 >= 2022).map(|(_, v)| *v).collect();
                match inside.as_slice() {
                    _ if on.2 < 2022 => Verdict::NotApplicable,
                    [] => Verdict::NoData,
                    all => self.verdict(all.iter().sum::<i128>().cmp(&self.bound)),
                }
            }
            Asked::Always => {
                let all: Vec<Verdict> =
                    held.iter().map(|(_, value)| self.verdict(value.cmp(&self.bound))).collect();
                let order = [Verdict::NotMet, Verdict::Met, Verdict::Exceeded];
                order.into_iter().find(|it| all.contains(it)).unwrap_or(Verdict::NoData)
            }
            Asked::Yearly(many, falls) => {
                let years = on.2.min(2023) - 2020;
                if years <= 0 {
                    return Verdict::NotApplicable;
                }
                let verdict = self.yearly(many, falls, (now, latest(Moment::Year(2020))), years);
                let is_due = order(on) >= 20_231_231;
                if verdict == Verdict::NotMet && !is_due { Verdict::NotDue } else { verdict }
            }
        }
    }

    fn growth(
        &self,
        change: Change,
        falls: bool,
        now: Option<i128>,
        base: Option<i128>,
    ) -> Verdict {
        if change != Change::Difference && base.is_some_and(|base| base <= 0) {
            return Verdict::NotApplicable;
        }
        let (Some(now), Some(base)) = (now, base) else { return Verdict::NoData };
        let (risen, asked) = (if falls { base - now } else { now - base }, self.bound);
        self.verdict(match change {
            Change::Difference => risen.cmp(&asked),
            // (x − x₀) / x₀ against asked/10 hundredths.
            Change::Relative => (1000 * risen).cmp(&(asked * base)),
            Change::Times if !falls => (10 * now).cmp(&(asked * base)),
            Change::Times if now <= 0 => Ordering::Greater,
            Change::Times => (10 * base).cmp(&(asked * now)),
        })
    }

    fn yearly(
        &self,
        many: bool,
        falls: bool,
        (now, base): (Option<i128>, Option<i128>),
        years: i128,
    ) -> Verdict {
        if many && base.is_some_and(|base| base <= 0) {
            return Verdict::NotApplicable;
        }
        let (Some(now), Some(base)) = (now, base) else { return Verdict::NoData };
        let risen = if falls { base - now } else { now - base };
        if !many {
            return self.verdict(risen.cmp(&(years * self.bound)));
        }
        // What a fall leaves multiplies too: x/x₀ against (1 − r)ⁿ.
        let years = u32::try_from(years).unwrap();
        if falls {
            let left = (1000 - self.bound).pow(years) * base;
            return self.verdict(left.cmp(&(now * 1000_i128.pow(years))));
        }
        let asked = (1000 + self.bound).pow(years) * base;
        self.verdict((now * 1000_i128.pow(years)).cmp(&asked))
    }
}

/// Records, in an order of their own, some of them twice or with something beside the figure.
fn records(figures: &[Figure], turn: usize) -> Vec<Snapshot> {
    let record = |(at, (day, value)): (usize, &Figure)| {
        let on = format!("{:02}/{:02}/{}", day.0, day.1, day.2);
        let text = value.map(tenths).unwrap_or_default();
        let record = Snapshot::new("e").on(&on).unwrap();
        let figure = record.clone().measure("số x", Measurement::text(text));
        let beside = record.measure("số lạ", Measurement::text("1"));
        match (at + turn) % 3 {
            0 => vec![figure],
            1 => vec![beside, figure],
            _ => vec![figure.clone(), figure],
        }
    };
    let mut all: Vec<Snapshot> = figures.iter().enumerate().flat_map(record).collect();
    all.rotate_left(turn % figures.len().max(1));
    if turn.is_multiple_of(2) {
        all.reverse();
    }
    all
}

fn gathered(records: Vec<Snapshot>) -> Arc<Data> {
    let mut data = Data::new();
    for record in records {
        assert!(data.push(record, None));
    }
    Arc::new(data)
}

fn figures() -> impl Strategy<Value = Vec<Figure>> {
    let values = vec![0_i128, 5, 10, 15, 20, 30, 33, 100, 110, 121, 1000, -10];
    let value = prop::option::weighted(0.85, prop::sample::select(values));
    let days = prop::sample::subsequence(DAYS.to_vec(), 1..10);
    (days, prop::collection::vec(value, 10))
        .prop_map(|(days, values)| days.into_iter().zip(values).collect())
}

fn verdict_at(rules: &Rules, data: &Arc<Data>, row: usize) -> Verdict {
    let cases = Cases::each_snapshot(data);
    let case = cases.get(data, row).unwrap();
    Reference::new(rules.model(), data).judge(&case)[0].verdict
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_oracle_agrees(line in line(), figures in figures(), turn in 0_usize..6) {
        let text = line.text();
        let rules = parsed(&text)?;
        let data = gathered(records(&figures, turn));
        let verdicts = rules.evaluate_batch(&Batch::from_data(rules.model(), &data));
        for (row, snapshot) in data.snapshots.iter().enumerate() {
            let day = snapshot.as_of;
            let on = (i128::from(day.day()), i128::from(day.month()), i128::from(day.year()));
            let expected = line.expected(&figures, on);
            let found = verdict_at(&rules, &data, row);
            prop_assert_eq!(found, expected, "{}{:?}\non {:?}", text, figures, on);
            prop_assert_eq!(verdicts.verdict(row, 0), Some(found), "columns: {}", text);
        }
    }
}

/// `số e` is nowhere, since `số z` is not.
const FORMULAS: &str = "\n\nchỉ số: số e\n  công thức: số y + \"số z\" [kỳ trước]\n\n\
                        chỉ số: số g\n  công thức: \"số x\" [năm trước] + lũy kế(số y)\n";

/// Formulas of other times, asked for other times.
const NESTED: &str = "[A] số e >= \"số e\" [kỳ trước]\n[B] lũy kế(số e) >= 40\n\
    [C] số g tăng >= 5% so với năm trước\n[D] số g luôn >= 3\n[E] số e >= \"số h\" [kỳ trước]\n\
    [F] số g tăng >= 5% so với năm 2022\n  mốc 2022: 7\n\n\
    chỉ số: số e\n  công thức: số y + \"số x\" [kỳ trước]\n\n\
    chỉ số: số g\n  công thức: \"số e\" [năm trước] + lũy kế(số y)\n\n\
    chỉ số: số h\n  công thức: số x + \"số e\" [năm 2022]\n";

proptest! {
    #![proptest_config(config())]

    /// A judgement on a day is that of data which end on it, whoever was judged before.
    #[test]
    fn formulas_of_other_times_see_nothing_later(
        figures in prop::collection::vec((0..14_usize, 0..30_i64, 0..4_u8), 1..24),
        order in any::<bool>(),
    ) {
        let rules = Rules::parse(NESTED).unwrap();
        let taken = |until: usize| {
            let mut data = Data::new();
            for (at, figure, which) in figures.iter().filter(|(at, ..)| *at <= until) {
                let (day, month, year) = DAYS[*at];
                let record = Snapshot::new("e").on(&format!("{day}/{month}/{year}")).unwrap();
                let x = if *which == 0 { String::new() } else { figure.to_string() };
                let x = Measurement::text(x);
                let y = Measurement::number(*figure + 1);
                let record = if *which < 3 { record.measure("số x", x) } else { record };
                let record = if *which > 0 { record.measure("số y", y) } else { record };
                data.push(record, None);
            }
            data
        };
        let whole = taken(DAYS.len());
        let reference = Reference::new(rules.model(), &whole);
        let cases = Cases::each_snapshot(&whole);
        let mut places: Vec<usize> = (0..cases.len()).collect();
        if order {
            places.reverse();
        }
        for place in places {
            let case = cases.get(&whole, place).unwrap();
            let text = |(d, m, y): Day| format!("{y}-{m:02}-{d:02}");
            let until = DAYS.iter().position(|day| text(*day) == case.as_of.to_string()).unwrap();
            let part = taken(until);
            let own = Cases::each_snapshot(&part);
            let mut own = (0..own.len()).filter_map(|at| own.get(&part, at));
            let own = own.find(|it| it.as_of == case.as_of).unwrap();
            let expected = Reference::new(rules.model(), &part).judge(&own);
            prop_assert_eq!(reference.judge(&case), expected);
        }
    }
}

/// Every judgement of one entity with many snapshots takes about the same time: else this test
/// would not end in minutes.
#[test]
fn many_snapshots_of_one_entity_are_judged_in_linear_time() {
    let lines = [
        "số x tăng >= 5% so với kỳ trước",
        "số x tăng >= 5% so với năm trước",
        "số x giảm >= 2 lần so với đầu năm",
        "số x tăng 5 hộ so với cùng kỳ",
        "số x tăng >= 5% so với năm 1971",
        "số x tăng bình quân >= 1%/năm giai đoạn 1971-2060",
        "lũy kế(số x) >= 1000000",
        "luôn (số x >= 1)",
        "số x luôn >= 9999",
        "số x >= 5 và luôn (số x + số y >= 2)",
        "số e >= \"số e\" [kỳ trước]",
        "số e tăng >= 5% so với năm trước",
        "lũy kế(số e) >= 5",
        "số g >= \"số g\" [kỳ trước]",
    ];
    let coded = lines.iter().enumerate().map(|(at, line)| format!("[A{at}] {line}"));
    let text = coded.collect::<Vec<_>>().join("\n") + FORMULAS;
    let rules = Rules::parse(&text).unwrap();
    let mut data = Data::new();
    for at in 0..4_000_i32 {
        // The figure is seldom there, so that looking for it day by day would take long.
        let day = chitieu::calendar::Date::from_days((at * 7919) % 4_000).unwrap();
        let mut record = Snapshot::new("e");
        record.period = Some(chitieu::calendar::Period::day(day));
        record = record.measure("số y", Measurement::text("3"));
        if at % 20 == 0 {
            record = record.measure("số x", Measurement::text((at % 97).to_string()));
        }
        data.push(record, None);
    }
    let data = Arc::new(data);
    let verdicts = rules.evaluate_batch(&Batch::from_data(rules.model(), &data));
    assert_eq!(verdicts.rows(), 4_000);
    assert!((0..verdicts.targets()).all(|at| verdicts.counts(at).iter().sum::<u64>() == 4_000));
}

/// The sentence at the last day of some figures, in both languages.
fn sentences(line: &str, figures: &[(&str, &str)]) -> (String, String) {
    let rules = Rules::parse(&format!("[A] {line}\n")).unwrap();
    let mut data = Data::new();
    for (day, figure) in figures {
        let figure = Measurement::text(*figure);
        let record = Snapshot::new("e").on(day).unwrap();
        data.push(record.measure("số x", figure.clone()).measure("tỷ lệ a", figure), None);
    }
    let cases = Cases::each_snapshot(&data);
    let case = cases.get(&data, cases.len() - 1).unwrap();
    let judged = Reference::new(rules.model(), &data).judge(&case);
    let said = |lang| message(rules.model(), &judged[0], lang);
    (said(Lang::Vi), said(Lang::En))
}

#[test]
fn growth_is_said_with_the_figures_of_both_days() {
    let check = |line: &str, figures: &[(&str, &str)], vi: &str, en: &str| {
        assert_eq!(sentences(line, figures), (vi.to_owned(), en.to_owned()), "{line}");
    };
    check(
        "số x tăng ít nhất 39% so với năm 2022",
        &[("2022", "120"), ("2023", "174")],
        "tăng 45 % so với năm 2022 (từ 120 lên 174), yêu cầu ít nhất 39 %: vượt 6 điểm phần trăm",
        "up 45 % against year 2022 (from 120 to 174), required: at least 39 %: \
         6 percentage points above the requirement",
    );
    check(
        "số x giảm trên 3% so với năm trước",
        &[("2022", "100"), ("2023", "110")],
        "tăng 10 % so với năm trước (từ 100 lên 110), yêu cầu giảm trên 3 %: \
         còn thiếu 13 điểm phần trăm; cần giảm 14 ở “số x”",
        "up 10 % against the year before (from 100 to 110), required: down more than 3 %: \
         13 percentage points short of the requirement; needs 14 fewer in “số x”",
    );
    check(
        "số x giảm 3 lần so với cùng kỳ",
        &[("2022", "30"), ("2023", "0")],
        "giảm so với cùng kỳ năm trước (từ 30 xuống 0), yêu cầu ít nhất 3 lần: vượt mức yêu cầu",
        "down against the same day last year (from 30 to 0), required: at least 3 times: \
         above the requirement",
    );
    check(
        "tỷ lệ a tăng 5 điểm phần trăm so với đầu năm",
        &[("2022", "40/100"), ("2023", "40/100")],
        "không đổi so với đầu năm (vẫn là 40 %), yêu cầu tăng ít nhất 5 điểm phần trăm: \
         còn thiếu 5 điểm phần trăm; cần thêm 5 ở “tỷ lệ a”",
        "unchanged against the start of the year (still 40 %), required: up at least \
         5 percentage points: 5 percentage points short of the requirement; \
         needs 5 more in “tỷ lệ a”",
    );
    check(
        "số x tăng bình quân >= 8%/năm giai đoạn 2021-2025",
        &[("2020", "100"), ("2023", "120")],
        "tăng 20 % so với năm 2020 (từ 100 lên 120), yêu cầu ít nhất 25,9712 % \
         (bình quân 8 %/năm): chưa đến hạn 31/12/2025, \
         hiện còn thiếu 5,9712 điểm phần trăm; cần thêm 6 ở “số x”",
        "up 20 % against year 2020 (from 100 to 120), required: at least 25.9712 % \
         (8 % a year on average): not due until 31/12/2025, at present \
         5.9712 percentage points short of the requirement; needs 6 more in “số x”",
    );
    check(
        "số x luôn >= 90",
        &[("2022", "89"), ("2023", "95")],
        "có kỳ không giữ được: 31/12/2022 (89 so với >= 90)",
        "did not hold on: 31/12/2022 (89 against >= 90)",
    );
    check(
        "số x tăng >= 5% so với năm trước",
        &[("2022", "0"), ("2023", "95")],
        "số gốc bằng 0 hoặc âm nên không tính được mức tăng, giảm tương đối",
        "the base is 0 or negative, so there is no relative change",
    );
    check(
        "số x tăng >= 5% so với năm trước",
        &[("2023", "95")],
        "chưa có số liệu “số x [năm trước]”",
        "no data for “số x [năm trước]”",
    );
}
