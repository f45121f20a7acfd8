//! Other times, growth, sums and what must always hold, by models made in code.

use super::*;
use crate::Rules;
use crate::check::model::{
    Baseline, Change, Comparison, Condition, Expr, Growth, Joined, Moment, Threshold,
};
use crate::diagnostic::Lang;
use crate::number::{Comparator, Rational};
use crate::snapshot::{Cases, Measurement, Snapshot};
use crate::unit::Unit;

const X: Expr = Expr::Indicator(IndicatorId(0));

fn number(text: &str) -> Rational {
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    let part = |text| Rational::from(crate::number::Decimal::parse(text).unwrap());
    part(above).div(&part(below)).unwrap()
}

fn day(text: &str) -> Date {
    crate::calendar::parse(text).unwrap().last.unwrap()
}

fn at(moment: Moment) -> Expr {
    Expr::At(Box::new(X), moment)
}

fn year(year: i32) -> Moment {
    Moment::In(Period::year(year).unwrap())
}

fn compare(measure: Expr, comparator: Comparator, bound: &str) -> Condition {
    let threshold = Threshold::Bound { comparator, value: number(bound) };
    Condition::Compare(Comparison { measure, unit: Unit::Percent, threshold })
}

fn growth(change: Change, falls: bool, moment: Moment) -> Expr {
    Expr::Growth(Box::new(Growth { now: X, base: at(moment), change, falls }))
}

/// A model whose one target asks a condition of `số x`.
fn asking(keys: &str, condition: Condition) -> Model {
    let rules = Rules::parse(&format!("[A] số x >= 1\n{keys}")).unwrap();
    let mut model = rules.model().clone();
    model.targets[0].versions[0].milestones[0].branches[0].condition = condition;
    model
}

/// Snapshots `2022: 120`, in any order.
fn data(figures: &[(&str, &str)]) -> Data {
    let mut data = Data::new();
    for (time, figure) in figures {
        let record = Snapshot::new("e").on(time).unwrap();
        data.push(record.measure("số x", Measurement::text(*figure)), None);
    }
    data
}

/// The judgement at a day of the data.
fn judged(model: &Model, data: &Data, on: &str) -> Judgement {
    let cases = Cases::each_snapshot(data);
    let mut all = (0..cases.len()).filter_map(|place| cases.get(data, place));
    let case = all.find(|case| case.as_of == day(on)).unwrap();
    Reference::new(model, data).judge_target(&case, TargetId(0)).unwrap()
}

/// `verdict measured margin attainment`.
fn shown(judgement: &Judgement) -> String {
    let number = |it: &Option<Rational>| it.as_ref().map_or("-".to_owned(), |it| it.shown(6));
    let measured = match &judgement.measured {
        Measured::Within(interval) => match interval.is_point() {
            Some(value) => value.shown(6),
            None => format!("{:?}..{:?}", interval.low.value(), interval.high.value()),
        },
        Measured::About(value) => format!("~{}", value.shown(6)),
        _ => "-".to_owned(),
    };
    let (margin, attained) = (number(&judgement.margin), number(&judgement.attainment));
    format!("{} {measured} {margin} {attained}", judgement.verdict.code())
}

#[test]
fn moments_take_the_latest_snapshot_that_holds_the_figure() {
    let history = [
        ("31/12/2024", "50"),
        ("30/06/2022", "20"),
        ("31/12/2022", ""),
        ("28/02/2023", "30"),
        ("31/12/2023", "40"),
        ("29/02/2024", "45"),
    ];
    let data = data(&history);
    for (moment, on, expected) in [
        (year(2022), "31/12/2024", "20"),
        (year(2024), "29/02/2024", "45"),
        (year(2021), "31/12/2024", "-"),
        (year(2024), "31/12/2023", "-"),
        (Moment::YearBefore, "31/12/2024", "40"),
        (Moment::YearBefore, "31/12/2023", "20"),
        (Moment::YearStart, "29/02/2024", "40"),
        (Moment::YearStart, "31/12/2023", "-"),
        (Moment::SameDayLastYear, "29/02/2024", "30"),
        (Moment::SameDayLastYear, "31/12/2024", "40"),
        (Moment::SameDayLastYear, "28/02/2023", "-"),
        (Moment::Previous, "28/02/2023", "20"),
        (Moment::Previous, "30/06/2022", "-"),
    ] {
        let model = asking("", compare(at(moment), Comparator::AtLeast, "1"));
        let judgement = judged(&model, &data, on);
        let measured = shown(&judgement).split(' ').nth(1).unwrap().to_owned();
        assert_eq!(measured, expected, "{moment:?} {on}");
        if expected == "-" {
            let missing = format!("số x [{}]", moment.words(Lang::Vi));
            assert_eq!(judgement.missing, [missing]);
            assert_eq!(judgement.verdict, Verdict::NoData);
        }
    }
}

#[test]
fn growth_is_exact() {
    use Change::{Difference, Relative, Times};
    use Comparator::{AtLeast, AtMost};
    for (change, falls, from, to, comparator, asked, expected) in [
        (Relative, false, "120", "174", AtLeast, "39", "exceeded 45 6 1.153846"),
        (Relative, false, "3", "4", AtLeast, "100/3", "met 33.333333 0 1"),
        (Relative, true, "100", "97", AtLeast, "3", "met 3 0 1"),
        (Relative, true, "100", "110", AtLeast, "3", "not_met -10 -13 -"),
        (Relative, false, "0", "5", AtLeast, "1", "not_applicable - - -"),
        (Relative, false, "-5", "5", AtLeast, "1", "not_applicable - - -"),
        (Relative, false, "100", "103", AtMost, "5", "exceeded 3 2 1.666667"),
        (Times, false, "10", "38", AtLeast, "3.8", "met 3.8 0 1"),
        (Times, true, "30", "10", AtLeast, "3", "met 3 0 1"),
        (Times, true, "30", "0", AtLeast, "3", "exceeded - - -"),
        (Times, true, "30", "0", AtMost, "3", "not_met - - -"),
        (Times, true, "0", "0", AtLeast, "3", "not_applicable - - -"),
        (Difference, false, "-5", "5", AtLeast, "10", "met 10 0 1"),
        (Difference, true, "400", "15", AtLeast, "380", "exceeded 385 5 1.013158"),
        // Bounds are not widened by using a figure twice.
        (Relative, false, "hơn 100", "200", AtLeast, "100", "not_met None..Some(0) - -"),
        (Relative, false, "ít nhất 0", "5", AtLeast, "1", "undetermined None..None - -"),
        (Times, true, "30", "không quá 10", AtLeast, "3", "met Some(3)..None 0 1"),
    ] {
        let moment = Moment::YearBefore;
        let model = asking("", compare(growth(change, falls, moment), comparator, asked));
        let data = data(&[("2024", to), ("2023", from)]);
        let found = shown(&judged(&model, &data, "2024"));
        if expected.contains("..") {
            let verdict = |text: &str| text.split(' ').next().map(str::to_owned);
            assert_eq!(verdict(&found), verdict(expected), "{change:?} {from} {to}: {found}");
        } else {
            assert_eq!(found, expected, "{change:?} {falls} {from} {to}");
        }
    }
}

#[test]
fn growth_from_nothing_needs_no_present_figure() {
    let model = asking(
        "",
        compare(growth(Change::Relative, false, Moment::YearBefore), Comparator::AtLeast, "1"),
    );
    for (from, to, verdict, missing) in [
        ("0", "", Verdict::NotApplicable, &[][..]),
        ("1", "", Verdict::NoData, &["số x"]),
        ("", "1", Verdict::NoData, &["số x [năm trước]"]),
        ("abc", "1", Verdict::Contradictory, &[]),
        ("khoảng 5", "6", Verdict::Undetermined, &[]),
    ] {
        let data = data(&[("2024", to), ("2023", from)]);
        let judgement = judged(&model, &data, "2024");
        assert_eq!(
            (judgement.verdict, judgement.missing.as_slice().len()),
            (verdict, missing.len())
        );
        assert_eq!(judgement.missing, missing, "{from} {to}");
    }
}

#[test]
fn steps_are_of_the_present_figure() {
    use Change::{Difference, Relative, Times};
    for (change, falls, from, to, asked, step) in [
        (Relative, false, "120", "150", "39", "17"),
        (Relative, true, "101", "100", "3", "-3"),
        (Times, false, "10", "30", "3.75", "8"),
        (Times, true, "100", "50", "3", "-17"),
        (Difference, false, "10", "12", "5", "3"),
    ] {
        let asked = compare(growth(change, falls, Moment::YearBefore), Comparator::AtLeast, asked);
        let model = asking("", asked);
        let data = data(&[("2024", to), ("2023", from)]);
        let found = judged(&model, &data, "2024").step.map(|step| step.add().to_string());
        assert_eq!(found.as_deref(), Some(step), "{change:?} {from} {to}");
    }
}

#[test]
fn declared_values_win_over_data() {
    let asked = compare(growth(Change::Relative, false, year(2022)), Comparator::AtLeast, "39");
    let mut model = asking("  hạn: 31/12/2024\n", asked);
    let version = &mut model.targets[0].versions[0];
    let baseline = |time: &str, value| Baseline {
        period: crate::calendar::parse(time).unwrap(),
        value: number(value),
    };
    version.baselines = vec![baseline("30/06/2022", "90"), baseline("năm 2022", "100")];
    let data = data(&[("2022", "120"), ("2023", "119"), ("2024", "140")]);
    let judgement = judged(&model, &data, "2024");
    assert_eq!(shown(&judgement), "exceeded 40 1 1.025641");
    // On the way: half of 39 % is asked after half of the time.
    let judgement = judged(&model, &data, "2023");
    assert_eq!(shown(&judgement), "not_due 19 -20 0.487179");
    assert_eq!(judgement.progress, Some(crate::verdict::Progress::Behind));
    model.targets[0].versions[0].baselines.remove(1);
    assert_eq!(shown(&judged(&model, &data, "2024")), "exceeded 55.555556 16.555556 1.424501");
}

#[test]
fn years_compound_exactly_and_stop_with_the_period() {
    let yearly = |compound| Threshold::Yearly {
        comparator: Comparator::AtLeast,
        rate: number("10"),
        period: Period { first: Some(day("01/01/2021")), last: Some(day("31/12/2022")) },
        compound,
    };
    let asked = |compound, change| {
        let measure = growth(change, false, year(2020));
        let threshold = yearly(compound);
        Condition::Compare(Comparison { measure, unit: Unit::Percent, threshold })
    };
    let history = data(&[
        ("2020", "100"),
        ("2021", "110"),
        ("30/06/2022", "120"),
        ("2022", "121"),
        ("2024", "121"),
    ]);
    let model = asking("", asked(true, Change::Relative));
    for (on, expected) in [
        ("2020", "not_applicable"),
        ("2021", "met 10 0 -"),
        ("30/06/2022", "not_met 20 -1 -"),
        ("2022", "met 21 0 -"),
        ("2024", "met 21 0 -"),
    ] {
        let found = shown(&judged(&model, &history, on));
        assert!(found.starts_with(expected), "{on}: {found}");
    }
    let model = asking("", asked(false, Change::Difference));
    assert_eq!(shown(&judged(&model, &history, "2022")), "exceeded 21 1 -");
}

#[test]
fn sums_need_no_present_figure() {
    let asked = compare(Expr::Cumulative(Box::new(X)), Comparator::AtLeast, "30");
    let model = asking("  hiệu lực: từ 01/01/2022\n", asked);
    let data = data(&[
        ("2024", ""),
        ("2022", "10"),
        ("2021", "1000"),
        ("30/06/2023", "12,5"),
        ("2023", ""),
        ("30/06/2024", "hơn 7"),
    ]);
    for (on, expected) in [
        ("2022", "not_met 10 -20 0.333333"),
        ("2023", "not_met 22.5 -7.5 0.75"),
        ("2024", "undetermined"),
    ] {
        let found = shown(&judged(&model, &data, on));
        assert!(found.starts_with(expected), "{on}: {found}");
    }
    let mut model = model;
    model.targets[0].versions[0].window = Period::all();
    assert!(shown(&judged(&model, &data, "2023")).starts_with("exceeded 1022.5"));
    let judgement = judged(&model, &data, "2022");
    assert_eq!(judgement.verdict, Verdict::Exceeded);
}

#[test]
fn what_always_holds_is_asked_on_each_day_by_its_own_threshold() {
    let always = |bound| {
        let condition = compare(X, Comparator::AtLeast, bound);
        Condition::Always(Box::new(Joined { text: "số x".to_owned(), condition }))
    };
    let mut model = asking("  hiệu lực: năm 2023\n  hạn: 31/12/2023\n", always("10"));
    let good = data(&[("2023", "15"), ("2022", "1"), ("31/03/2023", "10"), ("30/06/2023", "")]);
    assert_eq!(judged(&model, &good, "2023").verdict, Verdict::Met);
    assert_eq!(judged(&model, &good, "30/06/2023").verdict, Verdict::Met);
    // One that fails decides at once, even before the due date, and is named.
    let bad = data(&[("30/06/2023", "15"), ("31/03/2023", "9"), ("01/02/2023", "11")]);
    let judgement = judged(&model, &bad, "30/06/2023");
    assert_eq!(judgement.verdict, Verdict::NotMet);
    let parts: Vec<(&str, Verdict)> =
        judgement.parts.iter().map(|it| (it.text.as_str(), it.verdict)).collect();
    let expected = [
        ("01/02/2023: số x", Verdict::Exceeded),
        ("31/03/2023: số x", Verdict::NotMet),
        ("30/06/2023: số x", Verdict::Exceeded),
    ];
    assert_eq!(parts, expected);
    assert_eq!(judged(&model, &bad, "01/02/2023").verdict, Verdict::Exceeded);
    // Nothing held at all.
    let none = data(&[("30/06/2023", ""), ("2022", "3")]);
    let judgement = judged(&model, &none, "30/06/2023");
    assert_eq!((judgement.verdict, judgement.missing), (Verdict::NoData, vec!["số x".to_owned()]));
    // Each day by the milestone in force on it.
    let version = &mut model.targets[0].versions[0];
    let mut later = version.milestones[0].clone();
    version.milestones[0].due = Some(day("30/06/2023"));
    version.milestones[0].branches[0].condition = always("5");
    later.branches[0].condition = always("10");
    version.milestones.push(later);
    let data = data(&[("31/03/2023", "6"), ("30/09/2023", "7"), ("31/12/2023", "11")]);
    assert_eq!(judged(&model, &data, "30/09/2023").verdict, Verdict::Exceeded);
    assert_eq!(judged(&model, &data, "31/12/2023").verdict, Verdict::Exceeded);
}

#[test]
fn a_failing_part_of_a_join_decides_before_the_due_date() {
    let plain = |bound| Joined {
        text: "số x".to_owned(),
        condition: compare(X, Comparator::AtLeast, bound),
    };
    let always =
        Joined { text: "luôn".to_owned(), condition: Condition::Always(Box::new(plain("10"))) };
    let keys = "  hạn: 31/12/2023\n";
    let data = data(&[("30/06/2023", "15"), ("31/03/2023", "9")]);
    for (condition, expected, parts) in [
        (Condition::All(vec![plain("20"), always.clone()]), Verdict::NotMet, "not_due not_met"),
        (Condition::Any(vec![plain("20"), always.clone()]), Verdict::NotDue, "not_due not_met"),
        (Condition::All(vec![plain("20"), plain("1")]), Verdict::NotDue, "not_due exceeded"),
        (Condition::Not(Box::new(always)), Verdict::Met, "not_met"),
    ] {
        let judgement = judged(&asking(keys, condition), &data, "30/06/2023");
        let codes: Vec<&str> = judgement.parts.iter().map(|it| it.verdict.code()).collect();
        assert_eq!((judgement.verdict, codes.join(" ").as_str()), (expected, parts));
    }
}

/// An entity with many snapshots is judged by what is remembered of it; the same comes out.
#[test]
fn memory_changes_nothing() {
    let figures: Vec<(String, String)> = (0..200_i32)
        .map(|at| {
            let day = Date::from_days(19_000 + at * 3).unwrap().to_vi();
            let figure = match at % 7 {
                0 => String::new(),
                1 => format!("{at},5"),
                _ => (at * 37 % 101).to_string(),
            };
            (day, figure)
        })
        .collect();
    let part = |bound| Joined {
        text: "số x".to_owned(),
        condition: compare(X, Comparator::AtLeast, bound),
    };
    let all: Vec<(&str, &str)> =
        figures.iter().map(|(day, figure)| (day.as_str(), figure.as_str())).collect();
    let whole = data(&all);
    for condition in [
        compare(at(Moment::Previous), Comparator::AtLeast, "30"),
        compare(growth(Change::Relative, false, year(2022)), Comparator::AtLeast, "30"),
        compare(Expr::Cumulative(Box::new(X)), Comparator::AtLeast, "3000"),
        Condition::Always(Box::new(part("0,5".replace(',', ".").as_str()))),
        Condition::All(vec![
            part("1"),
            Joined { text: "luôn".to_owned(), condition: Condition::Always(Box::new(part("0"))) },
        ]),
    ] {
        let model = asking("", condition);
        for end in [1_usize, 40, 63, 64, 65, 66, 130, 199] {
            // Cut short after this day, the rest of the history must make no difference.
            let short = data(&all[..=end]);
            let on = all[end].0;
            let (long, short) = (judged(&model, &whole, on), judged(&model, &short, on));
            assert_eq!(shown(&long), shown(&short), "{on}");
            assert_eq!(long.rounding_sensitive, short.rounding_sensitive);
            assert_eq!(long.parts, short.parts);
        }
    }
}
