//! The cases that matter, written as tests that an author reads and keeps.
//!
//! Enters: a model. Leaves: text of `thử:` blocks. The one idea: each case is a test like those
//! that authors write, and its verdict is what running it gives. Invariant: what is written
//! parses and passes.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::figures::{self, Side};
use super::past::Flat;
use super::scenario::{Given as Figure, Scenario, When};
use super::shares::{self, Group, Shape};
use super::{Bench, addressed};
use crate::calendar::{Date, Period};
use crate::check::model::{
    Branch, Condition, Expr, Given, IndicatorId, Milestone, Model, Moment, Population, Programme,
    ProgrammeId, Target, TargetId, Test, Then, UnitsGiven, Version,
};
use crate::diagnostic::Lang;
use crate::reference::{Reference, needed};
use crate::source::Span;
use crate::text;
use crate::verdict::Verdict;

/// Writes the cases that matter of every target, in rule order: just below, at and just above its
/// thresholds, missing, with a denominator of zero, the day before and on the due date.
///
/// ```
/// use chitieu::{Rules, trial};
/// let rules = "hiệu lực: năm 2023\n\n[A] tỷ lệ a >= 40%\n";
/// let read = Rules::parse(&format!("chương trình: P\n{rules}")).unwrap();
/// let text = trial::boundaries(read.model());
/// assert!(text.contains("cho: tỷ lệ a = 39%\n  thì: A -> chưa đạt\n"), "{text}");
/// let both = Rules::parse(&format!("chương trình: P\n{rules}\n{text}")).unwrap();
/// assert!(trial::run(both.model()).iter().all(|trial| trial.holds));
/// ```
pub fn boundaries(model: &Model) -> String {
    let mut out = String::new();
    let mut programme = None;
    let names = Names::new(model);
    for (id, target) in (0_u32..).map(TargetId).zip(&model.targets) {
        let Some(own) = model.programme(target.programme) else { continue };
        if model.programmes.len() > 1 && programme != Some(target.programme) {
            let _ = writeln!(out, "# {}\n", own.name);
        }
        programme = Some(target.programme);
        let label = names.label(own, target);
        let mut author = Author { model, own, id, target, label, tests: Vec::new() };
        author.versions();
        for test in &author.tests {
            author.write(test, &mut out);
        }
    }
    out
}

/// Writes the tests of one target.
struct Author<'a> {
    model: &'a Model,
    own: &'a Programme,
    id: TargetId,
    target: &'a Target,
    /// How a test names the target.
    label: String,
    tests: Vec<Test>,
}

/// Where and when a case is set.
#[derive(Clone, Copy)]
struct Setting<'a> {
    version: &'a Version,
    day: Date,
    /// Whether the day is worth naming.
    dated: bool,
}

impl Author<'_> {
    fn versions(&mut self) {
        let target = self.target;
        for (place, version) in target.versions.iter().enumerate() {
            let next = target.versions.get(place + 1).and_then(|next| next.from);
            let dated = target.versions.len() > 1 || version.milestones.len() > 1;
            for milestone in &version.milestones {
                let Some(day) = day_of(version, milestone, next) else { continue };
                self.milestone(Setting { version, day, dated }, milestone);
            }
        }
    }

    fn milestone(&mut self, setting: Setting<'_>, milestone: &Milestone) {
        let mut before: Vec<&Condition> = Vec::new();
        for branch in &milestone.branches {
            let when = When::new(setting.version, setting.day);
            let mut base = Scenario { when, ..Scenario::default() };
            for other in before.iter().copied() {
                base.assume(other, false, self.model);
            }
            if let Some(when) = &branch.when {
                base.assume(when, true, self.model);
                before.push(when);
            }
            self.branch(setting, milestone, branch, &base);
        }
    }

    fn branch(
        &mut self,
        setting: Setting<'_>,
        milestone: &Milestone,
        branch: &Branch,
        base: &Scenario,
    ) {
        let mut sound = base.clone();
        sound.assume(&branch.condition, true, self.model);
        self.condition(setting, &branch.condition, &sound);
        let mut failing = sound.clone();
        failing.assume(&branch.condition, false, self.model);
        // Where nothing is known that makes it fail, the dates show nothing.
        let changes = failing != sound;
        if let Some(due) = milestone.due.filter(|due| *due == setting.day && changes) {
            let before = due.previous().filter(|day| setting.version.in_force(*day));
            if let Some(before) = before {
                let earlier = Setting { day: before, ..setting };
                self.add(earlier, ("một ngày trước hạn", "the day before it is due"), &failing);
            }
            self.add(setting, ("đúng ngày đến hạn", "on the day it is due"), &failing);
        }
        if let Some(first) = needed(&branch.condition).first() {
            let mut missing = sound;
            missing.figures.retain(|(id, _)| id != first);
            self.add(setting, ("thiếu số liệu", "missing"), &missing);
        }
    }

    /// The cases of every comparison in a condition, all others being satisfied.
    fn condition(&mut self, setting: Setting<'_>, condition: &Condition, sound: &Scenario) {
        match condition {
            Condition::Compare(comparison) if let Some(of) = shares::measured(comparison) => {
                self.shapes(setting, &shares::cases(comparison, of, self.model), sound);
            }
            Condition::Compare(comparison)
                if let Some(flat) = Flat::of(comparison, self.model, &sound.when) =>
            {
                self.past(setting, &flat, sound);
            }
            Condition::Compare(comparison) => {
                for point in figures::points(comparison, self.model) {
                    let mut scenario = sound.clone();
                    scenario.give_all(&point.values);
                    self.add(setting, side(point.side), &scenario);
                }
                let quotient = comparison.quotient();
                let formula = match &comparison.measure {
                    Expr::Indicator(id) => self
                        .model
                        .indicator(*id)
                        .and_then(|it| it.formula.as_ref()?.quotient().map(|both| (*id, both))),
                    _ => None,
                };
                if let Some((above, below)) = quotient {
                    self.zero(setting, above, below, sound);
                } else if let Some((id, (above, below))) = formula {
                    let mut scenario = sound.clone();
                    scenario.figures.retain(|(known, _)| *known != id);
                    self.zero(setting, above, below, &scenario);
                }
            }
            Condition::Truth { indicator, .. } => {
                for (truth, title) in [(true, ("có", "yes")), (false, ("chưa", "no"))] {
                    let mut scenario = sound.clone();
                    scenario.give(*indicator, Figure::Truth(truth));
                    self.add(setting, title, &scenario);
                }
            }
            Condition::Attribute(_) => {}
            Condition::Units(every) => {
                self.shapes(setting, &shares::every(every, self.model), sound);
            }
            Condition::All(parts) => {
                for part in parts {
                    self.condition(setting, &part.condition, sound);
                }
            }
            // Only where the others fail does a part decide.
            Condition::Any(parts) => {
                for (place, part) in parts.iter().enumerate() {
                    let mut scenario = sound.clone();
                    for (_, other) in parts.iter().enumerate().filter(|(it, _)| *it != place) {
                        scenario.assume(&other.condition, false, self.model);
                    }
                    scenario.assume(&part.condition, true, self.model);
                    self.condition(setting, &part.condition, &scenario);
                }
            }
            Condition::Not(part) | Condition::Always(part) => {
                self.condition(setting, &part.condition, sound);
            }
        }
    }

    /// The cases of other times: around the threshold, from a base of 0, without a base.
    fn past(&mut self, setting: Setting<'_>, flat: &Flat, sound: &Scenario) {
        for (at, values) in flat.points() {
            let mut scenario = sound.clone();
            scenario.give_at(&values);
            self.add(setting, side(at), &scenario);
        }
        if flat.is_relative() && !sound.past.is_empty() {
            let mut scenario = sound.clone();
            for (_, _, value) in &mut scenario.past {
                *value = crate::number::Rational::zero();
            }
            self.add(setting, ("gốc bằng 0", "a base of zero"), &scenario);
        }
        if !sound.past.is_empty() {
            let mut scenario = sound.clone();
            scenario.past.clear();
            self.add(setting, ("thiếu gốc", "no base"), &scenario);
        }
    }

    /// The cases of units.
    fn shapes(&mut self, setting: Setting<'_>, shapes: &[Shape], sound: &Scenario) {
        for shape in shapes {
            let mut scenario = sound.clone();
            scenario.take(shape);
            self.add(setting, shape.title, &scenario);
        }
    }

    /// A quotient over zero, and zero over zero.
    fn zero(&mut self, setting: Setting<'_>, above: &Expr, below: &Expr, sound: &Scenario) {
        let ids = |expr: &Expr| {
            let mut ids: Vec<IndicatorId> = Vec::new();
            expr.indicators(&mut ids);
            ids
        };
        let number = |value: i64| Figure::Number(crate::number::Rational::from(value));
        for (value, title) in [(1, ("mẫu số bằng 0", "a denominator of zero")), (0, ("0/0", "0/0"))]
        {
            let mut scenario = sound.clone();
            for id in ids(above) {
                scenario.give(id, number(value));
            }
            for id in ids(below) {
                scenario.give(id, number(0));
            }
            self.add(setting, title, &scenario);
        }
    }

    /// Takes a case in, with the verdict that running it gives; one that stands already is left.
    fn add(&mut self, setting: Setting<'_>, title: (&'static str, &'static str), given: &Scenario) {
        let Some(given_lines) = self.given(setting, given) else { return };
        let Some(units) = self.units(given) else { return };
        let title = crate::explain::words::pick(self.own.lang, title.0, title.1);
        let mut name = format!("{} – {title}", self.label);
        if setting.dated {
            let _ = write!(name, ", {}", setting.day.to_vi());
        }
        let then = Then {
            target: self.id,
            verdict: Verdict::NotApplicable,
            attainment: None,
            points: None,
            span: Span::default(),
        };
        let mut test = Test {
            programme: self.target.programme,
            name,
            on: Some(Period::day(setting.day)),
            entity: given.entity.clone(),
            given: given_lines,
            units,
            then: vec![then],
            span: Span::default(),
        };
        let same = |other: &Test| {
            (other.on, &other.entity) == (test.on, &test.entity)
                && (&other.given, &other.units) == (&test.given, &test.units)
        };
        if self.tests.iter().any(same) {
            return;
        }
        let bench = Bench::new(self.model, &test);
        let reference = Reference::new(self.model, &bench.data);
        let judged = bench.case().and_then(|case| reference.judge_target(&case, self.id));
        let Some(judged) = judged else { return };
        if let Some(then) = test.then.first_mut() {
            then.verdict = judged.verdict;
        }
        self.tests.push(test);
    }

    /// The `cho:` lines; nothing where a figure cannot be written.
    fn given(&self, setting: Setting<'_>, scenario: &Scenario) -> Option<Vec<Given>> {
        let mut lines = Vec::new();
        let first = self.target.versions.first().map(|version| addressed(version.scope.first()).2);
        let own = addressed(setting.version.scope.first()).2;
        if first.as_ref() != Some(&own) {
            lines.extend(own.into_iter().map(|(name, value)| line(&name, value, true)));
        }
        for (name, value) in &scenario.attributes {
            lines.retain(|known: &Given| known.name != *name);
            lines.push(line(name, value.clone(), true));
        }
        lines.extend(self.figures(scenario)?);
        Some(lines)
    }

    fn figures(&self, scenario: &Scenario) -> Option<Vec<Given>> {
        let figure = |(id, figure): &(IndicatorId, Figure)| {
            let indicator = self.model.indicator(*id)?;
            let value = match figure {
                Figure::Truth(truth) => {
                    crate::explain::words::truth(*truth, self.own.lang).to_owned()
                }
                Figure::Number(value) => figures::text(value, indicator, self.own.lang)?,
            };
            Some(line(&indicator.name, value, false))
        };
        let past = |(id, time, value): &(IndicatorId, Period, crate::number::Rational)| {
            let indicator = self.model.indicator(*id)?;
            let value = figures::text(value, indicator, self.own.lang)?;
            Some(Given { time: Some(*time), ..line(&indicator.name, value, false) })
        };
        let past = scenario.past.iter().map(past);
        past.chain(scenario.figures.iter().map(figure)).collect()
    }

    /// The `cho N xã:` lines; nothing where a figure cannot be written.
    fn units(&self, scenario: &Scenario) -> Option<Vec<UnitsGiven>> {
        let group = |group: &Group| {
            let mut given = Vec::new();
            if let Some(scenario) = &group.given {
                let attributes = scenario.attributes.iter();
                given.extend(attributes.map(|(name, value)| line(name, value.clone(), true)));
                given.extend(self.figures(scenario)?);
            }
            let Population { name, types, filter, .. } = group.population.clone();
            Some(UnitsGiven {
                count: group.count,
                name,
                types,
                filter,
                given,
                span: Span::default(),
            })
        };
        scenario.units.iter().map(group).collect()
    }

    fn write(&self, test: &Test, out: &mut String) {
        let (head, on, entity, given, then) = match self.own.lang {
            Lang::Vi => ("thử", "ngày", "đơn vị", "cho", "thì"),
            Lang::En => ("test", "on", "entity", "given", "then"),
        };
        let _ = writeln!(out, "{head}: {}", test.name);
        if let Some(day) = test.on.and_then(|on| on.last) {
            let _ = writeln!(out, "  {on}: {}", day.to_vi());
        }
        if let Some(name) = &test.entity {
            let _ = writeln!(out, "  {entity}: {name}");
        }
        for line in &test.given {
            let _ = writeln!(out, "  {given}: {}", assigned(line, self.own.lang));
        }
        for units in &test.units {
            let said: Vec<String> =
                units.given.iter().map(|it| assigned(it, self.own.lang)).collect();
            let said = if said.is_empty() {
                crate::explain::words::pick(self.own.lang, "không báo cáo", "not reported")
                    .to_owned()
            } else {
                said.join("; ")
            };
            let _ = writeln!(out, "  {given} {} {}: {said}", units.count, units.name);
        }
        for line in &test.then {
            let (vi, en) = line.verdict.words();
            let verdict = crate::explain::words::pick(self.own.lang, vi, en);
            let _ = writeln!(out, "  {then}: {} -> {verdict}", self.label);
        }
        out.push('\n');
    }
}

/// The title of a case on one side of a threshold.
const fn side(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Below => ("ngay dưới ngưỡng", "just below the threshold"),
        Side::At => ("đúng ngưỡng", "at the threshold"),
        Side::Above => ("ngay trên ngưỡng", "just above the threshold"),
    }
}

/// How many targets of a programme bear a name.
struct Names(HashMap<(ProgrammeId, String), usize>);

impl Names {
    fn new(model: &Model) -> Self {
        let mut counts = HashMap::new();
        for target in &model.targets {
            let Some(own) = model.programme(target.programme) else { continue };
            let mut keys = HashSet::new();
            for version in &target.versions {
                let key = text::key(&version.name, &own.abbreviations);
                if keys.insert(key.clone()) {
                    *counts.entry((target.programme, key)).or_insert(0) += 1;
                }
            }
        }
        Self(counts)
    }

    /// How a test names a target: by its own code, else by its name where that is one of a kind.
    fn label(&self, own: &Programme, target: &Target) -> String {
        let made = target.code.strip_prefix(&own.code);
        if !made.is_some_and(|rest| rest.starts_with('/')) {
            return target.code.clone();
        }
        let name = target.versions.last().map_or("", |version| &version.name);
        let key = text::key(name, &own.abbreviations);
        let alone = self.0.get(&(target.programme, key)) == Some(&1);
        if alone && is_said(name) { name.to_owned() } else { format!("[{}]", target.code) }
    }
}

fn line(name: &str, value: String, attribute: bool) -> Given {
    Given { name: name.to_owned(), time: None, value, attribute, span: Span::default() }
}

/// `x = 74%`, `vùng = "miền núi"`.
fn assigned(given: &Given, lang: Lang) -> String {
    let Given { name, time, value, attribute, .. } = given;
    let time = time.map(|time| format!(" [{}]", Moment::In(time).words(lang)));
    let time = time.unwrap_or_default();
    let value = if *attribute { format!("\"{value}\"") } else { value.clone() };
    let name = if is_bare(name) { name.clone() } else { format!("\"{name}\"") };
    format!("{name}{time} = {value}")
}

/// A name of a target that a test may write as it stands: also what units are asked.
fn is_said(name: &str) -> bool {
    let bare: String = name.chars().filter(|c| !":=<>≥≤≠%()".contains(*c)).collect();
    is_bare(&bare)
}

/// A name that needs no quotes.
fn is_bare(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || " ,./&'-–_".contains(c)) && !name.contains(" là ")
}

/// The due date, while the version is in force; without one the first day known of its window.
fn day_of(version: &Version, milestone: &Milestone, next: Option<Date>) -> Option<Date> {
    let last = next.and_then(Date::previous);
    let day = milestone
        .due
        .or(version.window.first)
        .or(version.window.last)
        .or_else(|| Date::new(2025, 1, 1))?;
    let day = match last {
        Some(last) => day.min(last),
        None => day,
    };
    version.in_force(day).then_some(day)
}

#[cfg(test)]
mod tests;
