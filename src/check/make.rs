//! Files, read, to the model: units agreed, formulas resolved, versions and milestones made.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::assemble::{Body, Draft, File, Named};
use super::change::last_of_years;
use super::cite::{self, Citation};
use super::declare::Limits;
use super::milestones::{Line, Lines};
use super::model::{
    Baseline, Branch, Comparison, Condition, Indicator, IndicatorId, Joined, Milestone, Model,
    Target, Threshold, Version,
};
use super::moment;
use super::points;
use super::reader::{Asked, Read, Term, error};
use super::resolve::Resolver;
use super::title;
use super::units::{self, Claim};
use crate::calendar::{Date, Period};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Message};
use crate::number::{Comparator, End, Interval};
use crate::source::{Source, Span};
use crate::syntax::Tree;
use crate::text;

/// What was reported could not be resolved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unresolved;

/// How many pairs of names are looked at for what an undeclared name may mean.
const OFFERS_MAX: usize = 1_000_000;

impl<'a> File<'a> {
    /// Agrees units and makes indicators, targets and checks.
    pub(super) fn close(
        mut self,
        files: &[(&'a Source, &'a Tree)],
        model: &mut Model,
        cited: &mut Vec<Citation>,
        found: &mut Diagnostics,
    ) {
        let first = u32::try_from(model.indicators.len()).unwrap_or(u32::MAX);
        #[expect(clippy::iter_over_hash_type, reason = "each is moved by the same amount")]
        for id in self.programme.names.values_mut() {
            id.0 += first;
        }
        self.undeclared(found);
        let open: Vec<IndicatorId> = (first..)
            .zip(&self.names)
            .filter(|(_, named)| {
                let stated = named.declared.as_ref().is_some_and(|it| it.unit.is_some());
                named.claims.is_empty() && !stated
            })
            .map(|(place, _)| IndicatorId(place))
            .collect();
        let before = found.len();
        for named in &self.names {
            model.indicators.push(self.indicator(named, found));
        }
        let refused: HashSet<Span> =
            found.iter().skip(before).map(|diagnostic| diagnostic.span).collect();
        let indicators = model.indicators.clone();
        let mut resolver = Resolver {
            indicators: &indicators,
            names: &self.programme.names,
            open: &open,
            refused: &refused,
            window: None,
            lang: self.programme.lang,
            found,
        };
        for (named, place) in self.names.iter().zip(first..) {
            let Some(made) = model.indicators.get_mut(place as usize) else { continue };
            details(named, made, &mut resolver);
        }
        for relation in &self.relations {
            relation.resolve(&mut resolver, self.id, &mut model.checks);
        }
        let mut made: Vec<(String, Span, Version)> = Vec::new();
        for draft in &self.drafts {
            let version = Self::version(draft, &mut resolver);
            if let Some(version) = version {
                let (code, span) = self.code(draft);
                made.push((code, span, version));
                cited.extend(cite::citations(draft, self.id));
            }
        }
        super::cycles::formulas(model, first, found);
        let targets = model.targets.len();
        self.versions(made, model, found);
        points::groups(model, &self.programme, self.id, found);
        self.lint(model, targets, found);
        for (source, tree) in files {
            self.source = source;
            let tests = self.tests(tree, model, targets, found);
            model.tests.extend(tests);
        }
        model.programmes.push(self.programme);
    }

    /// In strict mode every name is declared.
    fn undeclared(&self, found: &mut Diagnostics) {
        if !self.defaults.strict || self.incomplete {
            return;
        }
        let declared: Vec<&str> = self
            .names
            .iter()
            .filter(|named| named.declared.is_some())
            .map(|named| named.name.display.as_str())
            .collect();
        // Each offer looks at all declared names: many faults get none.
        let offers = OFFERS_MAX / declared.len().max(1);
        let undeclared = self.names.iter().filter(|named| named.declared.is_none());
        for (at, named) in undeclared.enumerate() {
            let name = &named.name.display;
            let fault = error(
                Code::NameUndeclared,
                named.name.span,
                format!("chỉ số `{name}` chưa được khai báo"),
                format!("the indicator `{name}` is not declared"),
            );
            let names = if at < offers { declared.as_slice() } else { &[] };
            let near = text::nearest(name, names.iter().copied(), 3);
            found.push(if near.is_empty() {
                fault.with_help(Message::new(
                    format!("khai báo `chỉ số: {name}`, hoặc bỏ `nghiêm ngặt: có`"),
                    format!("declare `indicator: {name}`, or drop `strict: yes`"),
                ))
            } else {
                near.into_iter().fold(fault, |fault, other| {
                    fault.with_fix(super::reader::replace(
                        named.name.span,
                        other,
                        "có phải",
                        "did you mean",
                    ))
                })
            });
        }
    }

    /// An indicator with its unit.
    fn indicator(&self, named: &Named, found: &mut Diagnostics) -> Indicator {
        let declared = named.declared.as_ref();
        let stated = declared
            .and_then(|it| it.unit.as_ref())
            .map(|(unit, span)| Claim::of(unit.clone(), *span));
        let (name, claims) = (&named.name, &named.claims);
        let lang = self.programme.lang;
        let scaled = declared.and_then(|it| it.scaled.as_deref());
        let written = stated.as_ref().map(|claim| (claim, scaled));
        let unit = units::agreed(&name.display, &name.key, written, claims, lang, found);
        let scaled = unit.money_power().is_some_and(|power| power > 0);
        Indicator {
            programme: self.id,
            name: name.display.clone(),
            bare_is_ambiguous: scaled && stated.is_none(),
            unit,
            bare_power: declared.map_or(0, |it| it.power),
            range: None,
            formula: None,
            aliases: declared
                .map(|it| &it.aliases)
                .into_iter()
                .flatten()
                .map(|it| it.display.clone())
                .collect(),
            higher_is_better: declared.and_then(|it| it.higher_is_better).map(|it| it.0),
            source: declared.and_then(|it| it.source.clone()),
            may_be_negative: claims.iter().any(|claim| claim.negative),
            span: name.span,
        }
    }

    /// The code of a target: its own, or one made from what is judged, without the threshold.
    fn code(&self, draft: &Draft) -> (String, Span) {
        if let Some((code, span)) = &draft.code {
            (code.clone(), *span)
        } else {
            let key = body_text(draft, true);
            (format!("{}/{key}", self.programme.code), draft.span)
        }
    }

    fn version(draft: &Draft, resolver: &mut Resolver<'_>) -> Option<Version> {
        let settings = &draft.settings;
        let mut window = settings.window.unwrap_or_else(Period::all);
        let scoring = resolver.scoring(draft).ok()?;
        resolver.window = settings.window;
        let milestones = match &draft.body {
            Body::Condition(condition) => {
                let condition = resolver.condition(condition)?;
                let due = draft.due_of(&[&condition], window.last);
                vec![Milestone { due, branches: vec![Branch { when: None, condition }] }]
            }
            Body::Head(_) if draft.compares_nothing() => {
                let due = settings.due.unwrap_or(window.last);
                let made = scoring.as_ref();
                vec![points::at_full_points(made?, draft, due, resolver.found)?]
            }
            Body::Head(term) => milestones(draft, term, window.last, resolver)?,
        };
        let dues = milestones.iter().filter_map(|milestone| milestone.due);
        if let (Some(first), Some(due)) = (window.first, dues.clone().min())
            && due < first
        {
            let place = settings.due_span.filter(|_| draft.lines.thresholds.is_empty());
            resolver.found.push(error(
                Code::PeriodReversed,
                place.unwrap_or(draft.span),
                format!("hạn {} đến trước ngày hiệu lực {}", due.to_vi(), first.to_vi()),
                format!("due {due}, before it is in force from {first}"),
            ));
            return None;
        }
        window.last = window.last.map(|last| dues.fold(last, Ord::max));
        let (baselines, stretch) = beside(draft, &milestones, resolver)?;
        Some(Version {
            from: None,
            group: draft.group.clone(),
            name: body_text(draft, false),
            scope: settings.scope.clone().unwrap_or_default(),
            window,
            milestones,
            baselines,
            stretch,
            scoring,
            replaces: None,
            follows: None,
            replaced_by: None,
            legal_basis: settings.basis.clone(),
            owner: settings.owner.clone(),
            note: settings.note.clone(),
            span: draft.span,
        })
    }

    /// Versions of one code take each other's place, each from the day it is in force.
    fn versions(
        &self,
        made: Vec<(String, Span, Version)>,
        model: &mut Model,
        found: &mut Diagnostics,
    ) {
        let start = model.targets.len();
        let mut codes: HashMap<String, (usize, Span)> = HashMap::new();
        let mut days: HashSet<(usize, Option<Date>)> = HashSet::new();
        for (code, span, version) in made {
            let day = version.window.first;
            let Some((place, first)) = codes.get(&code).copied() else {
                codes.insert(code.clone(), (model.targets.len(), span));
                days.insert((model.targets.len(), day));
                model.targets.push(Target { programme: self.id, code, versions: vec![version] });
                continue;
            };
            let Some(target) = model.targets.get_mut(place) else { continue };
            if day.is_none() || !days.insert((place, day)) {
                let given = span != version.span;
                found.push(same_code(&code, span, first, given));
                continue;
            }
            target.versions.push(version);
        }
        for target in model.targets.iter_mut().skip(start) {
            target.versions.sort_by_key(|version| version.window.first);
            for version in target.versions.iter_mut().skip(1) {
                version.from = version.window.first;
            }
        }
    }
}

impl Draft {
    /// When it is due without a date of its own line: at the end of the years that it counts, at
    /// the end of its window.
    fn due_of(&self, conditions: &[&Condition], last: Option<Date>) -> Option<Date> {
        let years = conditions.iter().filter_map(|it| last_of_years(it)).max();
        match (years, self.settings.due) {
            (Some(_), Some(due)) if self.own_due => due,
            (Some(years), _) => Some(years),
            (None, due) => due.unwrap_or(last),
        }
    }
}

/// What needs other indicators: formulas and ranges.
fn details(named: &Named, made: &mut Indicator, resolver: &mut Resolver<'_>) {
    let Some(declared) = &named.declared else { return };
    if let Some(term) = &declared.formula {
        made.formula = resolver.formula(term, &made.unit);
    }
    if let Some(Limits { low, high }) = &declared.range {
        let mut end = |limit: &Option<(Comparator, super::reader::Quantity)>| match limit {
            None => End::Unbounded,
            Some((comparator, quantity)) => match resolver.value(quantity, &made.unit) {
                None => End::Unbounded,
                Some(value) if matches!(comparator, Comparator::AtLeast | Comparator::AtMost) => {
                    End::Closed(value)
                }
                Some(value) => End::Open(value),
            },
        };
        made.range = Interval::new(end(low), end(high));
    }
}

/// The milestones that the lines below a head make.
fn milestones(
    draft: &Draft,
    measure: &Term,
    last: Option<Date>,
    resolver: &mut Resolver<'_>,
) -> Option<Vec<Milestone>> {
    let Lines { thresholds, .. } = &draft.lines;
    let dated = thresholds.iter().any(|line| line.due.is_some());
    if dated && draft.own_due {
        resolver.found.push(error(
            Code::DueAndMilestones,
            draft.settings.due_span.unwrap_or(draft.span),
            "vừa có `hạn:` vừa có dòng `đến`",
            "both `due:` and `by` lines",
        ));
        return None;
    }
    let mut by_date: BTreeMap<Option<Date>, Vec<&Line>> = BTreeMap::new();
    for line in thresholds {
        if dated && line.due.is_none() {
            resolver.found.push(
                error(
                    Code::KeyNotAllowed,
                    line.span,
                    "dòng `khi` không có thời hạn đứng cạnh các dòng `đến`",
                    "a `when` line without a date stands beside `by` lines",
                )
                .with_help(Message::new("viết `đến 2030 khi …: …`", "write `by 2030 when …: …`")),
            );
            return None;
        }
        by_date.entry(line.due).or_default().push(line);
    }
    if by_date.is_empty() {
        by_date.insert(None, Vec::new());
    }
    let mut made = Vec::new();
    for (due, lines) in by_date {
        let branches = branches(draft, measure, &lines, resolver)?;
        let conditions: Vec<_> = branches.iter().map(|branch| &branch.condition).collect();
        let due = due.or(draft.due_of(&conditions, last));
        made.push(Milestone { due, branches });
    }
    Some(made)
}

/// Branches in their order; a line without `khi` is the `còn lại` of its date.
fn branches(
    draft: &Draft,
    measure: &Term,
    lines: &[&Line],
    resolver: &mut Resolver<'_>,
) -> Option<Vec<Branch>> {
    let otherwise = draft.lines.otherwise.as_ref();
    let (mut branches, mut rest): (Vec<Branch>, Option<(Branch, Span)>) = (Vec::new(), None);
    for line in lines.iter().copied().chain(otherwise) {
        let read = Read::new(measure.clone(), line.asked.clone(), line.span);
        let condition = resolver.compare(&read)?;
        let condition = if draft.always {
            let text = term_text(measure, false);
            Condition::Always(Box::new(Joined { text, condition }))
        } else {
            condition
        };
        match &line.when {
            Some(when) => {
                let when = Some(resolver.condition(when)?);
                branches.push(Branch { when, condition });
            }
            None => match &rest {
                None => rest = Some((Branch { when: None, condition }, line.span)),
                Some(_) if otherwise.is_some_and(|it| it.span == line.span) => {}
                Some((_, first)) => {
                    resolver.found.push(
                        error(
                            Code::MilestoneTwice,
                            line.span,
                            "đã có ngưỡng cho thời hạn này",
                            "there is a threshold for this date already",
                        )
                        .with_label(*first, Message::new("ngưỡng thứ nhất", "the first one")),
                    );
                    return None;
                }
            },
        }
    }
    branches.extend(rest.map(|(branch, _)| branch));
    Some(branches)
}

/// Baselines and the stretch tier, in the unit of the comparison.
fn beside(
    draft: &Draft,
    milestones: &[Milestone],
    resolver: &mut Resolver<'_>,
) -> Option<(Vec<Baseline>, Option<Threshold>)> {
    let comparison = milestones
        .iter()
        .rev()
        .flat_map(|it| &it.branches)
        .find_map(|branch| branch.condition.one_comparison());
    let (measure, from_range) = match &draft.body {
        Body::Condition(condition) => {
            let read = condition.one_comparison();
            (read.map(|read| &read.measure), read.and_then(|read| read.stretch.as_ref()))
        }
        Body::Head(term) => (Some(term), None),
    };
    let stretch = draft.lines.stretch.as_ref().or(from_range);
    let Some(comparison) = comparison else {
        if stretch.is_some() || !draft.lines.baselines.is_empty() {
            resolver.found.push(error(
                Code::KeyNotAllowed,
                draft.span,
                "`mốc` và `phấn đấu` chỉ đi với một so sánh có con số",
                "`baseline` and `stretch` go with one comparison that has a number",
            ));
            return None;
        }
        return Some((Vec::new(), None));
    };
    let baselines = baselines(draft, measure, comparison, resolver)?;
    let stretch = match stretch {
        None => None,
        Some(quantity) => Some(resolver.stretch(quantity, comparison)?),
    };
    Some((baselines, stretch))
}

/// Values known to the rule: of what is held against another time, in its own unit; else in the
/// unit of the comparison.
fn baselines(
    draft: &Draft,
    measure: Option<&Term>,
    comparison: &Comparison,
    resolver: &mut Resolver<'_>,
) -> Option<Vec<Baseline>> {
    let lines = &draft.lines.baselines;
    if lines.is_empty() {
        return Some(Vec::new());
    }
    let measure = measure?;
    let Some(of) = measure.of_baseline() else {
        resolver.found.push(error(
            Code::KeyNotAllowed,
            draft.span,
            "`mốc` không nói rõ của chỉ số nào: chỉ tiêu này lấy nhiều chỉ số ở thời điểm khác",
            "`baseline` does not say of which indicator: this target holds several against other \
             times",
        ));
        return None;
    };
    let mut made = Vec::new();
    for (period, quantity) in lines {
        let value = if measure.is_of_other_times() {
            resolver.baseline(of, quantity)?
        } else {
            resolver.value(quantity, &comparison.unit)?
        };
        made.push(Baseline { period: *period, value });
    }
    Some(made)
}

/// What is judged, without the threshold: as people read it, or as names are compared.
fn body_text(draft: &Draft, key: bool) -> String {
    match &draft.body {
        Body::Head(term) if draft.always => always_text(term, &term_text(term, key), key),
        Body::Head(term) => term_text(term, key),
        Body::Condition(condition) => condition_text(condition, key),
    }
}

pub(super) fn condition_text(condition: &super::reader::Condition, key: bool) -> String {
    use super::reader::Condition as C;
    let join = |parts: &[(String, C)], word: &str| {
        let text = |part: &C| match part {
            C::All(_) | C::Any(_) | C::Units(_) => format!("({})", condition_text(part, key)),
            C::Compare(read) if title::asks_units(&read.measure) => {
                format!("({})", condition_text(part, key))
            }
            _ => condition_text(part, key),
        };
        parts.iter().map(|(_, part)| text(part)).collect::<Vec<_>>().join(word)
    };
    match condition {
        C::Compare(read) => match &read.asked {
            Asked::Against(comparator, other) => {
                let (left, right) = (term_text(&read.measure, key), term_text(other, key));
                format!("{left} {} {right}", comparator.symbol())
            }
            _ => term_text(&read.measure, key),
        },
        C::Attribute(_) => String::new(),
        C::All(parts) => join(parts, " và "),
        C::Any(parts) => join(parts, " hoặc "),
        C::Not(part) => format!("không ({})", condition_text(&part.1, key)),
        C::Always(part) => match &part.1 {
            C::Compare(read) => always_text(&read.measure, &condition_text(&part.1, key), key),
            other => format!("luôn ({})", condition_text(other, key)),
        },
        C::Units(every) => title::every(every, key),
    }
}

/// `luôn` stands before growth and behind everything else.
fn always_text(measure: &Term, text: &str, key: bool) -> String {
    match measure {
        Term::Growth(grown) => {
            format!("{} luôn {}", term_text(&grown.of, key), grown.words(key))
        }
        _ => format!("{text} luôn"),
    }
}

pub(super) fn term_text(term: &Term, key: bool) -> String {
    use super::reader::Operator as O;
    match term {
        Term::Name(name) if key => name.key.clone(),
        Term::Name(name) => name.display.clone(),
        Term::Number(quantity) => {
            let unit = quantity.unit.as_ref().map(|unit| unit.label(crate::number::Format::Vi));
            format!("{}{}", quantity.value.shown(28).replace('.', ","), unit.unwrap_or_default())
        }
        Term::Of(operator, parts, _) => {
            let texts: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    Term::Of(O::Add | O::Subtract, ..) => format!("({})", term_text(part, key)),
                    _ => term_text(part, key),
                })
                .collect();
            match operator {
                O::Add => texts.join(" + "),
                O::Subtract => texts.join(" - "),
                O::Multiply => texts.join(" * "),
                O::Divide => texts.join(" / "),
                O::Least => format!("nhỏ nhất({})", texts.join("; ")),
                O::Greatest => format!("lớn nhất({})", texts.join("; ")),
                O::Mean => format!("trung bình({})", texts.join("; ")),
                O::Sum => format!("tổng({})", texts.join("; ")),
                O::Round => format!("làm tròn({})", texts.join("; ")),
                O::Count => format!("đếm({})", texts.join("; ")),
                O::Rank => format!("hạng({})", texts.join("; ")),
            }
        }
        Term::At(of, past) => {
            let of = match of.as_ref() {
                Term::Name(_) | Term::Cumulative(..) => term_text(of, key),
                Term::Units(units) if units.called => term_text(of, key),
                other => format!("({})", term_text(other, key)),
            };
            let time = if key { moment::words(past.moment) } else { past.shown.clone() };
            format!("{of} [{time}]")
        }
        Term::Cumulative(of, _) => format!("lũy kế({})", term_text(of, key)),
        Term::Growth(grown) => format!("{} {}", term_text(&grown.of, key), grown.words(key)),
        Term::Units(units) => title::units(units, key),
    }
}

fn same_code(code: &str, place: Span, other: Span, given: bool) -> Diagnostic {
    let found = if given {
        error(
            Code::SameTargetCode,
            place,
            format!("mã `{code}` đã dùng cho chỉ tiêu khác"),
            format!("the code `{code}` belongs to another target"),
        )
        .with_help(Message::new(
            "chỉ tiêu thay thế thì ghi `hiệu lực:` bắt đầu từ một ngày sau đó",
            "a target that takes its place has a later `effective:` day",
        ))
    } else {
        error(
            Code::SameTargetCode,
            place,
            "đã có chỉ tiêu cho cùng nội dung này",
            "another target judges the same",
        )
        .with_help(Message::new(
            "đặt mã cho từng chỉ tiêu ở đầu dòng, chẳng hạn `[CT-01]`, `[CT-02]`",
            "give each target a code at the start of its line, such as `[CT-01]`, `[CT-02]`",
        ))
    };
    found.with_label(other, Message::new("chỉ tiêu thứ nhất", "the first one"))
}
