//! Laws of shares, counts and functions of units, over generated organisations.
//!
//! Enters: generated rules and entities in any order. Leaves: nothing, or where a law breaks. The
//! one idea: what units come to does not depend on how records stand, and what is still open never
//! turns what is decided; shares are counted again by hand.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chitieu::calendar::Date;
use chitieu::number::{Decimal, Rational};
use chitieu::reference::Reference;
use chitieu::snapshot::{Batch, Data};
use chitieu::{Judgement, Measured, Measurement, Rules, Snapshot, Verdict};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::differential::{config, parsed};

/// One entity of a generated organisation.
#[derive(Debug, Clone)]
struct Member {
    /// The one above, among those before it; `x` is named only.
    parent: Option<usize>,
    level: Option<&'static str>,
    region: Option<&'static str>,
    /// By day: whether `việc a` is done, `số c`, and `tỷ lệ d` as text.
    sent: BTreeMap<&'static str, Sent>,
}

type Sent = (Option<bool>, Option<i64>, Option<&'static str>);

/// Figures around the thresholds of the rules: printed with few digits or many, as fractions,
/// bounds and estimates, and what is no figure.
const SHARES: [&str; 12] = [
    "50",
    "50,0%",
    "49,9",
    "49,96%",
    "1/2",
    "2/3",
    "hơn 50%",
    "khoảng 50%",
    "ước 60%",
    "0/0",
    "không rõ",
    "75,25%",
];

const DAYS: [&str; 3] = ["30/06/2022", "30/06/2023", "31/12/2023"];

fn members() -> impl Strategy<Value = Vec<Member>> {
    prop::collection::vec(member(), 1..10)
}

fn member() -> impl Strategy<Value = Member> {
    let level = prop_oneof![
        6 => Just(Some("xã")), 3 => Just(Some("huyện")), 1 => Just(Some("tỉnh")), 1 => Just(None)
    ];
    let region = prop_oneof![3 => Just(Some("m")), 2 => Just(Some("n")), 1 => Just(None)];
    let share = prop::option::weighted(0.7, prop::sample::select(SHARES.to_vec()));
    let figures =
        (prop::option::weighted(0.7, any::<bool>()), prop::option::weighted(0.7, -1_i64..6), share);
    let sent = prop::collection::btree_map(prop::sample::select(DAYS.to_vec()), figures, 0..3);
    let parent = prop::option::weighted(0.8, 0_usize..12);
    (parent, level, region, sent).prop_map(|(parent, level, region, sent)| Member {
        parent,
        level,
        region,
        sent,
    })
}

/// The id of a member; numbers beyond all of them are parents that are only named.
fn id(place: usize) -> String {
    format!("e{place}")
}

/// Members as records; a parent stands before its own, so that no circle is made.
fn records(members: &[Member]) -> (Vec<Snapshot>, Vec<Snapshot>) {
    let (mut sent, mut table) = (Vec::new(), Vec::new());
    for (place, member) in members.iter().enumerate() {
        let above = member.parent.filter(|parent| *parent < place || *parent >= members.len());
        let mut row = Snapshot { parent: above.map(id), ..Snapshot::new(id(place)) };
        row.attributes.extend(member.level.map(|it| ("cấp".to_owned(), it.to_owned())));
        row.attributes.extend(member.region.map(|it| ("vùng".to_owned(), it.to_owned())));
        for (day, (done, count, share)) in &member.sent {
            let mut record = row.clone().on(day).unwrap();
            if let Some(done) = done {
                record = record.measure("việc a", Measurement::truth(*done));
            }
            if let Some(count) = count {
                let count = Decimal::from_parts(i128::from(*count), 0).unwrap();
                record = record.measure("số c", Measurement::number(count));
            }
            if let Some(share) = share {
                record = record.measure("tỷ lệ d", Measurement::text(*share));
            }
            sent.push(record);
        }
        table.push(row);
    }
    (sent, table)
}

fn gathered(records: &[Snapshot], table: &[Snapshot]) -> Data {
    let mut data = Data::new();
    for record in records {
        assert!(data.push(record.clone(), None));
    }
    for row in table {
        data.add_entity(row);
    }
    data
}

fn rules() -> impl Strategy<Value = String> {
    let line = (0_usize..23, 0_i64..=4, 0_i64..6).prop_map(|(form, quarter, k)| {
        let p = quarter * 25;
        match form {
            0 => format!("ít nhất {p}% xã đạt: việc a = có"),
            1 => format!("trên {p}% xã đạt: số c >= {k}"),
            2 => format!("không quá {p}% xã đạt: số c > {k}"),
            3 => format!("ít nhất {k} xã, huyện đạt: việc a = có"),
            4 => "mọi xã đạt: việc a = có".to_owned(),
            5 => format!("không xã nào: số c > {k}"),
            6 => format!("ít nhất {p}% huyện đạt: (ít nhất 50% xã đạt: việc a = có)"),
            7 => format!("ít nhất {p}% xã (vùng = \"m\") đạt: việc a = có"),
            8 => format!("tổng(mọi xã; số c) >= {k}"),
            9 => format!("trung bình(mọi xã; số c) >= {k}"),
            10 => format!("lớn nhất(mọi xã; số c) < {k}"),
            11 => format!("nhỏ nhất(mọi xã; số c) >= {k}"),
            12 => format!("hạng(mọi xã; số c) <= {k}"),
            13 => format!("tổng(mọi xã; số c) tăng ít nhất {k} so với năm trước"),
            14 => format!("đếm(mọi xã; việc a = có) [năm 2022] >= {k}"),
            15 => format!("(hạng(mọi xã; số c) [cùng kỳ] - hạng(mọi xã; số c)) >= {k}"),
            16 => format!("đếm(mọi xã; việc a = có) >= {k}"),
            17 => format!("ít nhất {p}% xã đạt: tỷ lệ d >= 50%"),
            18 => format!("trên {p}% xã đạt: tỷ lệ d < 50% và việc a = có"),
            19 => format!("mọi xã đạt: tỷ lệ d = 45% ± 5% hoặc số c > {k}"),
            20 => "không xã nào: không (tỷ lệ d > 50%)".to_owned(),
            21 => format!("ít nhất {p}% xã đạt: số c / số c >= 1 lần và tỷ lệ d > 40%"),
            _ => format!("đếm(mọi huyện; (trên {p}% xã đạt: tỷ lệ d != 50%)) >= {k}"),
        }
    });
    let head = prop_oneof![
        Just(""),
        Just("hiệu lực: năm 2023\n"),
        Just("hiệu lực: từ 01/01/2023\nhạn: không\n"),
        Just("áp dụng cho: tỉnh A\n"),
        Just("áp dụng cho: e0\n"),
        Just("áp dụng cho: mọi huyện\n"),
    ];
    let range = prop_oneof![
        Just(""),
        Just("chỉ số: số c\n  phạm vi: từ -1 đến 6\n"),
        Just("chỉ số: số c\n  phạm vi: >= -1\n")
    ];
    (head, prop::collection::vec(line, 1..6), range).prop_map(|(head, lines, range)| {
        let coded = lines.iter().enumerate().map(|(at, line)| format!("[T{at}] {line}\n"));
        format!("{head}\n{}\n{range}", coded.collect::<String>())
    })
}

fn judge(rules: &Rules, data: &Data, as_of: Option<Date>) -> Vec<Judgement> {
    let reference = Reference::new(rules.model(), data);
    let cases = reference.cases(as_of);
    (0..cases.len())
        .filter_map(|place| cases.get(data, place))
        .flat_map(|case| reference.judge(&case))
        .collect()
}

/// What is judged of whom, without what follows the order of records.
fn essence(judged: Vec<Judgement>) -> Vec<Judgement> {
    let mut judged = judged;
    for one in &mut judged {
        one.failing.sort();
        one.unreported.sort();
        one.missing.sort();
        one.sources.sort();
    }
    judged.sort_by_key(|it| (it.entity.clone(), it.as_of, it.target));
    judged
}

fn day(text: &str) -> Date {
    Snapshot::new("").on(text).unwrap().as_of().unwrap()
}

proptest! {
    #![proptest_config(config())]

    /// What units came to at another time is what they came to when it was now.
    #[test]
    fn another_time_of_units_is_what_they_came_to_then(
        members in members(), form in 0_usize..6, k in -1_i64..6, quarter in 0_i64..=4,
    ) {
        let measure = [
            "tổng(mọi xã; số c)",
            "trung bình(mọi xã; số c)",
            "nhỏ nhất(mọi xã (vùng = \"m\"); số c)",
            "đếm(mọi xã; việc a = có)",
            "hạng(mọi xã, huyện; số c)",
            "(đếm(mọi xã; số c >= 2) / đếm(mọi xã; số c >= -9))",
        ][form];
        let asked = if form == 5 { format!(">= {}%", quarter * 25) } else { format!(">= {k}") };
        let then = parsed(&format!("{measure} {asked}\n  hiệu lực: năm 2022\n  hạn: không\n"))?;
        let now = parsed(&format!("{measure} [năm 2022] {asked}\n"))?;
        let (sent, table) = records(&members);
        let data = gathered(&sent, &table);
        let come_to = |rules: &Rules, on: &str| {
            let mut judged = judge(rules, &data, Some(day(on)));
            judged.retain(|it| it.entity.is_some());
            let said = judged.into_iter().map(|it| (it.entity, it.verdict, it.measured, it.reason));
            let mut said: Vec<_> = said.collect();
            said.sort_by(|a, b| a.0.cmp(&b.0));
            said
        };
        let expected = come_to(&then, "31/12/2022");
        prop_assert_eq!(&come_to(&now, "31/12/2023"), &expected, "{}", measure);
        if form == 4 {
            return Ok(());
        }
        let unit = if form == 5 { "  đơn vị tính: %\n" } else { "" };
        let formula =
            format!("chỉ số: z\n  công thức: {measure}\n{unit}\nz [năm 2022] {asked}\n");
        let found = come_to(&parsed(&formula)?, "31/12/2023");
        let verdicts = |all: &[(Option<String>, Verdict, _, _)]| {
            all.iter().map(|it| (it.0.clone(), it.1)).collect::<Vec<_>>()
        };
        prop_assert_eq!(verdicts(&found), verdicts(&expected), "{}", formula);
    }

    #[test]
    fn columns_equal_the_reference_for_units(
        text in rules(), members in members(), with_table in any::<bool>(),
    ) {
        let rules = parsed(&text)?;
        let (sent, table) = records(&members);
        let table = if with_table { table } else { Vec::new() };
        let data = Arc::new(gathered(&sent, &table));
        let batch = Batch::from_data(rules.model(), &data);
        let verdicts = rules.evaluate_batch(&batch);
        let reference = Reference::new(rules.model(), &data);
        // What is found at once is what asking each unit gives, figures beside verdicts included.
        let prepared = Reference::new(rules.model(), &data);
        rules.prepare(&prepared, &batch);
        let cases = reference.cases(None);
        for case in (0..cases.len()).filter_map(|place| cases.get(&data, place)) {
            prop_assert_eq!(prepared.judge(&case), reference.judge(&case), "{}", text);
        }
        for row in 0..batch.len() {
            let case = cases.get(&data, row).unwrap();
            for (target, judged) in reference.judge(&case).iter().enumerate() {
                let found = verdicts.verdict(row, target);
                prop_assert_eq!(found, Some(judged.verdict), "{} {}\n{}", row, target, text);
                // What was kept of units is what judging again gives.
                let afresh = Reference::new(rules.model(), &data);
                let again = afresh.judge_target(&case, judged.target).unwrap();
                prop_assert_eq!(&again, judged, "{}", text);
            }
        }
    }

    #[test]
    fn order_and_splitting_change_nothing_of_units(
        text in rules(), members in members(), seed in any::<u64>(), board in any::<bool>(),
    ) {
        let rules = parsed(&text)?;
        let (sent, table) = records(&members);
        let as_of = board.then(|| day("31/12/2023"));
        let expected = essence(judge(&rules, &gathered(&sent, &table), as_of));
        let mut others: Vec<Snapshot> = sent.iter().flat_map(|record| {
            let mut rest = record.clone();
            rest.measurements.clear();
            let alone = record.measurements.iter().map(|one| {
                let mut alone = rest.clone();
                alone.measurements.push(one.clone());
                alone
            });
            alone.chain([rest.clone()]).collect::<Vec<_>>()
        }).collect();
        let mut state = seed | 1;
        for at in (1..others.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            others.swap(at, (state >> 33) as usize % (at + 1));
        }
        let found = essence(judge(&rules, &gathered(&others, &table), as_of));
        prop_assert_eq!(found, expected, "{}", text);
    }

    #[test]
    fn what_is_reported_later_turns_no_decided_verdict(
        text in rules(), members in members(), done in any::<bool>(), count in -1_i64..6,
    ) {
        let rules = parsed(&text)?;
        let (sent, table) = records(&members);
        let before = judge(&rules, &gathered(&sent, &table), None);
        let mut more = members.clone();
        for member in &mut more {
            let (no_done, no_count) = (
                member.sent.values().all(|it| it.0.is_none()),
                member.sent.values().all(|it| it.1.is_none()),
            );
            if let Some(latest) = member.sent.values_mut().next_back() {
                latest.0 = if no_done { Some(done) } else { latest.0 };
                latest.1 = if no_count { Some(count) } else { latest.1 };
            }
        }
        let (sent, table) = records(&more);
        let after = judge(&rules, &gathered(&sent, &table), None);
        prop_assert_eq!(after.len(), before.len());
        for (old, new) in before.iter().zip(&after) {
            if old.verdict.is_decided() && new.verdict.is_decided() {
                let same = old.verdict.is_satisfied() == new.verdict.is_satisfied();
                prop_assert!(same, "{:?}\n{:?}\n{}", old, new, text);
            }
        }
    }

    #[test]
    fn shares_are_counted_again_by_hand(members in members(), quarter in 0_i64..=4) {
        let text =
            format!("hiệu lực: năm 2023\nhạn: không\n[A] ít nhất {}% xã đạt: việc a = có",
                quarter * 25);
        let rules = parsed(&text)?;
        let (sent, table) = records(&members);
        let data = gathered(&sent, &table);
        for one in judge(&rules, &data, None) {
            let (expected, measured) = by_hand(&members, &one, quarter);
            prop_assert_eq!(one.verdict, expected, "{:?}", one);
            if let (Some((low, high)), Measured::Within(found)) = (measured, &one.measured) {
                prop_assert_eq!(found.low.value(), Some(&low));
                prop_assert_eq!(found.high.value(), Some(&high));
            }
        }
    }
}

/// The share of a judgement by plain counting.
fn by_hand(
    members: &[Member],
    one: &Judgement,
    quarter: i64,
) -> (Verdict, Option<(Rational, Rational)>) {
    if one.as_of < day("01/01/2023") {
        return (Verdict::NotApplicable, None);
    }
    let parent = |place: usize| {
        members[place].parent.filter(|parent| *parent < place || *parent >= members.len())
    };
    let may_be = |place: &usize| matches!(members[*place].level, Some("xã") | None);
    let known: Vec<usize> =
        (0..members.len()).filter(|place| members[*place].level == Some("xã")).collect();
    let asked: Vec<usize> =
        if known.is_empty() { (0..members.len()).filter(may_be).collect() } else { known };
    let is_whole = !asked.iter().any(|place| parent(*place).is_some());
    let below = |place: usize, owner: &str| {
        let mut above = parent(place);
        while let Some(node) = above {
            if id(node) == owner {
                return true;
            }
            above = if node < members.len() { parent(node) } else { None };
        }
        false
    };
    let (mut a, mut b, mut u, mut reported) = (0_i64, 0_i64, 0_i64, false);
    for place in (0..members.len()).filter(may_be) {
        let counts = match &one.entity {
            None => is_whole,
            Some(owner) => !is_whole && below(place, owner),
        };
        if !counts {
            continue;
        }
        let usable = DAYS.iter().rev().filter(|it| day(it) <= one.as_of && **it != DAYS[0]);
        let latest =
            usable.filter_map(|it| members[place].sent.get(it)).find_map(|(done, ..)| *done);
        reported |= latest.is_some();
        match (latest, members[place].level) {
            (Some(true), Some(_)) => a += 1,
            (Some(false), Some(_)) => b += 1,
            _ => u += 1,
        }
    }
    let total = a + b + u;
    if total == 0 {
        return (Verdict::NotApplicable, None);
    }
    let share = |count: i64| Rational::from(count * 100).div(&Rational::from(total)).unwrap();
    let measured = Some((share(a), share(a + u)));
    let asked = quarter * total;
    let verdict = if 4 * a > asked {
        Verdict::Exceeded
    } else if 4 * a >= asked {
        Verdict::Met
    } else if 4 * (a + u) < asked {
        Verdict::NotMet
    } else if reported {
        Verdict::Undetermined
    } else {
        return (Verdict::NoData, None);
    };
    (verdict, measured)
}

/// The generator must reach what it is there for.
#[test]
fn units_reach_all_verdicts() {
    let mut seen: HashMap<Verdict, u32> = HashMap::new();
    let mut silent = 0;
    let mut runner = proptest::test_runner::TestRunner::new(config());
    for _ in 0..400 {
        let case = (rules(), members());
        let (text, members) = case.new_tree(&mut runner).unwrap().current();
        let (sent, table) = records(&members);
        for one in judge(&parsed(&text).unwrap(), &gathered(&sent, &table), None) {
            *seen.entry(one.verdict).or_default() += 1;
            silent += u32::from(one.entity.is_none());
        }
    }
    for verdict in Verdict::ALL {
        let count = seen.get(&verdict).copied().unwrap_or_default();
        assert!(count >= 20 || verdict == Verdict::Contradictory, "{verdict:?}: {count}");
    }
    assert!(silent >= 20, "{silent}");
}
