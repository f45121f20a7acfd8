//! Totals and ranks: worked by hand, then laws over made-up figures.

use proptest::prelude::*;

use super::*;
use crate::snapshot::{Cases, Data};
use crate::{Measurement, Rules, Snapshot};

const RULES: &str = "chương trình: P\nmã: P\n\
    nhóm: Một\n  điểm: 25\n\
    [A] tỷ lệ a >= 50%\n  điểm: 20\n  chấm: tuyến tính từ 20% đến 80%\n\
    [B] tỷ lệ b\n  điểm: 10\n  chấm: >= 90%: 10; >= 50%: 5; còn lại: 0\n\
    nhóm: Hai\n\
    [C] c = có\n  điểm: 5\n\
    [D] số d\n  điểm: 8\n  chấm: số d / số e * 8\n\
    [E] a và b = có\n";

/// Totals of all snapshots, ranked.
fn totals(snapshots: &[Snapshot]) -> Vec<Total> {
    let rules = Rules::parse(RULES).unwrap();
    let mut data = Data::new();
    for snapshot in snapshots {
        data.push(snapshot.clone(), None);
    }
    let reference = Reference::new(rules.model(), &data);
    let cases = Cases::each_snapshot(&data);
    let scores = Scores::new(rules.model());
    let all = (0..cases.len()).filter_map(|place| cases.get(&data, place));
    let mut totals: Vec<Total> =
        all.flat_map(|case| scores.of_case(&reference, &case, &reference.judge(&case))).collect();
    rank(&mut totals);
    totals
}

fn snapshot(entity: &str, figures: &[(&str, &str)]) -> Snapshot {
    let new = Snapshot::new(entity).on("30/06/2023").unwrap().attribute("cấp", "tỉnh");
    figures.iter().fold(new, |it, (name, figure)| it.measure(*name, Measurement::text(*figure)))
}

fn shown(points: &Points) -> String {
    format!("{}..{}/{}", points.worst, points.best, points.maximum)
}

fn ranks(totals: &[Total]) -> Vec<(u64, u64)> {
    totals.iter().filter_map(|it| it.rank).map(|rank| (rank.best, rank.worst)).collect()
}

#[test]
fn groups_are_capped_and_missing_data_leave_all_points() {
    let all = [("tỷ lệ a", "74%"), ("tỷ lệ b", "90%"), ("c", "có"), ("số d", "1"), ("số e", "3")];
    let of = |count: usize| totals(&[snapshot("x", &all[..count])]).remove(0);
    let whole = of(5);
    // 18 + 10 of at most 25, then 5 and 8/3.
    assert_eq!(shown(&whole.groups[0].points), "25..25/25");
    assert_eq!(shown(&whole.groups[1].points), "23/3..23/3/13");
    assert_eq!(shown(&whole.points), "98/3..98/3/38");
    assert_eq!(shown(&of(1).points), "18..38/38");
    assert_eq!(shown(&of(0).points), "0..38/38");
    let targets: Vec<String> = whole.targets.iter().map(|(_, it)| shown(it)).collect();
    assert_eq!(targets, ["18..18/20", "10..10/10", "5..5/5", "8/3..8/3/8"]);
}

#[test]
fn bounds_leave_points_between_their_ends() {
    let cases = [
        ("tỷ lệ a", "hơn 50%", "10..38/38"),
        ("tỷ lệ a", "không quá 10%", "0..23/38"),
        ("tỷ lệ a", "khoảng 74%", "0..38/38"),
        ("tỷ lệ b", "hơn 50%", "5..38/38"),
        ("tỷ lệ b", "từ 40% đến 60%", "0..38/38"),
        ("tỷ lệ b", "30%", "0..33/38"),
        ("c", "chưa", "0..33/38"),
    ];
    for (name, figure, expected) in cases {
        let total = totals(&[snapshot("x", &[(name, figure)])]).remove(0);
        assert_eq!(shown(&total.points), expected, "{name} {figure}");
    }
    // 0/0 drops out of the maximum.
    let total = totals(&[snapshot("x", &[("số d", "0"), ("số e", "0")])]).remove(0);
    assert_eq!(shown(&total.points), "0..30/30");
}

#[test]
fn ranks_are_intervals_and_ties_share_the_better() {
    let c = |entity: &str, c: &str| {
        let figures = [("tỷ lệ a", "20%"), ("tỷ lệ b", "0%"), ("số d", "0"), ("số e", "1")];
        snapshot(entity, &figures).measure("c", Measurement::text(c))
    };
    let first = |all: &[Snapshot]| ranks(&totals(all));
    assert_eq!(first(&[c("x", "có"), c("y", "có"), c("z", "chưa")]), [(1, 1), (1, 1), (3, 3)]);
    assert_eq!(first(&[c("x", "có"), c("y", ""), c("z", "chưa")]), [(1, 1), (1, 2), (2, 3)]);
    // Other days and other types are other fields.
    let mut other = c("w", "có");
    other.attributes[0].1 = "xã".to_owned();
    assert_eq!(first(&[c("x", "chưa"), other]), [(1, 1), (1, 1)]);
}

/// Figures of one entity; `None` is missing.
fn figures() -> impl Strategy<Value = Vec<Option<String>>> {
    let share = || {
        prop_oneof![
            1 => Just(None),
            3 => (0..120_u32).prop_map(|it| Some(format!("{it}%"))),
            1 => (0..100_u32).prop_map(|it| Some(format!("hơn {it}%"))),
            1 => (0..100_u32, 0..20_u32)
                .prop_map(|(low, width)| Some(format!("từ {low}% đến {}%", low + width))),
        ]
    };
    let yes = prop_oneof![Just(None), Just(Some("có".to_owned())), Just(Some("chưa".to_owned()))];
    let count = || prop::option::of((0..9_u32).prop_map(|it| it.to_string()));
    (share(), share(), yes, count(), count()).prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e])
}

fn entity(place: usize, figures: &[Option<String>]) -> Snapshot {
    const NAMES: [&str; 5] = ["tỷ lệ a", "tỷ lệ b", "c", "số d", "số e"];
    let known = NAMES.iter().zip(figures).filter_map(|(name, it)| Some((*name, it.as_deref()?)));
    snapshot(&format!("x{place}"), &known.collect::<Vec<_>>())
}

fn is_sound(points: &Points) -> bool {
    !points.worst.is_negative() && points.worst <= points.best && points.best <= points.maximum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn points_lie_between_zero_and_their_maximum(all in prop::collection::vec(figures(), 1..4)) {
        let snapshots: Vec<Snapshot> =
            all.iter().enumerate().map(|(place, it)| entity(place, it)).collect();
        for total in totals(&snapshots) {
            prop_assert!(is_sound(&total.points));
            prop_assert!(total.groups.iter().all(|group| is_sound(&group.points)));
            prop_assert!(total.targets.iter().all(|(_, points)| is_sound(points)));
            let rank = total.rank.unwrap();
            prop_assert!(1 <= rank.best && rank.best <= rank.worst && rank.worst <= rank.field);
        }
    }

    #[test]
    fn a_missing_figure_that_comes_narrows_the_points(full in figures(), gone in 0..5_usize) {
        let mut less = full.clone();
        less[gone] = None;
        let (more, less) = (totals(&[entity(0, &full)]), totals(&[entity(0, &less)]));
        for (more, less) in more.iter().zip(&less) {
            prop_assert!(more.points.worst >= less.points.worst);
            prop_assert!(more.points.best <= less.points.best);
        }
    }

    #[test]
    fn the_order_of_snapshots_changes_no_total_and_no_rank(
        all in prop::collection::vec(figures(), 1..5),
        turn in 0..5_usize,
    ) {
        let snapshots: Vec<Snapshot> =
            all.iter().enumerate().map(|(place, it)| entity(place, it)).collect();
        let mut turned = snapshots.clone();
        turned.rotate_left(turn % snapshots.len());
        turned.reverse();
        let sorted = |snapshots: &[Snapshot]| {
            let mut totals = totals(snapshots);
            totals.sort_by(|a, b| a.entity.cmp(&b.entity));
            totals
        };
        prop_assert_eq!(sorted(&snapshots), sorted(&turned));
    }
}
