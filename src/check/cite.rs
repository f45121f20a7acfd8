//! `thay thế:` and `theo:` — targets that name targets of other programmes.
//!
//! Enters: what was cited, once all programmes are made. Leaves: targets that end where another
//! takes their place, and warnings of those that ask less than what they carry out. The one idea:
//! a target that is replaced gets one more version, which is in force on no day, so that no
//! evaluator knows of replacements. Invariant: nothing is quadratic in the number of citations.

use std::collections::{BTreeMap, HashMap};

use super::assemble::Draft;
use super::model::{
    Branch, Comparison, Condition, Model, ProgrammeId, Target, TargetId, Threshold, Version,
};
use super::reader::{error, plain, replace};
use crate::calendar::Date;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Message};
use crate::number::Rational;
use crate::source::Span;
use crate::text;

/// So many slashes of a citation are tried as the end of a programme's code.
const SLASHES_MAX: usize = 16;

/// So many targets are looked at for suggestions.
const SUGGESTED_AMONG: usize = 1000;

/// A target with more versions is not weighed against those that follow it.
const VERSIONS_MAX: usize = 64;

/// A target that is cited, as written.
#[derive(Debug, Clone)]
pub(super) struct Citation {
    kind: Kind,
    text: String,
    span: Span,
    /// The target that cites.
    of: Span,
    programme: ProgrammeId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Replaces,
    Follows,
}

/// A citation whose target is known.
struct Link {
    kind: Kind,
    span: Span,
    /// The target and version that cite.
    from: (usize, usize),
    to: TargetId,
}

/// What a target cites.
pub(super) fn citations(draft: &Draft, programme: ProgrammeId) -> Vec<Citation> {
    let settings = &draft.settings;
    let both = [(Kind::Replaces, &settings.replaces), (Kind::Follows, &settings.follows)];
    let cited = both.into_iter().filter_map(|(kind, cited)| Some((kind, cited.as_ref()?)));
    cited
        .map(|(kind, (text, span))| {
            let (text, span) = (text.clone(), *span);
            Citation { kind, text, span, of: draft.span, programme }
        })
        .collect()
}

/// Finds what is cited, ends what is replaced and warns of what asks less.
pub(super) fn resolve(cited: Vec<Citation>, model: &mut Model, found: &mut Diagnostics) {
    if cited.is_empty() {
        return;
    }
    let index = Index::new(model);
    let mut links: Vec<Link> = Vec::new();
    for citation in cited {
        let Some(from) = index.places.get(&citation.of).copied() else { continue };
        match index.find(&citation, model) {
            Ok(to) => {
                links.push(Link { kind: citation.kind, span: citation.span, from, to });
            }
            Err(fault) => found.push(*fault),
        }
    }
    for kind in [Kind::Replaces, Kind::Follows] {
        circles(&mut links, kind, model, found);
    }
    for link in &links {
        let (target, version) = link.from;
        let target = model.targets.get_mut(target);
        let Some(version) = target.and_then(|it| it.versions.get_mut(version)) else { continue };
        match link.kind {
            Kind::Replaces => version.replaces = Some(link.to),
            Kind::Follows => version.follows = Some(link.to),
        }
    }
    let follows = links.iter().filter(|link| link.kind == Kind::Follows);
    follows.for_each(|link| weaker(link, model, found));
    supersede(&links, model, found);
}

/// What can be cited, by its words.
struct Index {
    /// Programmes by the normal form of their code.
    programmes: HashMap<String, ProgrammeId>,
    /// Targets by programme and code, and by the key of their name where only one bears it.
    targets: HashMap<(ProgrammeId, String), Option<TargetId>>,
    /// Target and version by the place where they stand.
    places: HashMap<Span, (usize, usize)>,
}

impl Index {
    fn new(model: &Model) -> Self {
        let programmes = model.programmes.iter().zip(0_u32..);
        let programmes =
            programmes.map(|(it, id)| (text::normal(&it.code), ProgrammeId(id))).collect();
        let (mut targets, mut places) = (HashMap::new(), HashMap::new());
        for (place, target) in model.targets.iter().enumerate() {
            let Ok(id) = u32::try_from(place).map(TargetId) else { break };
            for (number, version) in target.versions.iter().enumerate() {
                places.insert(version.span, (place, number));
                let key = (target.programme, name_key(model, target.programme, &version.name));
                let one = targets.entry(key).or_insert(Some(id));
                if *one != Some(id) {
                    *one = None;
                }
            }
        }
        // A code wins over a name that is spelt like it.
        for (target, id) in model.targets.iter().zip(0_u32..) {
            targets.insert((target.programme, target.code.clone()), Some(TargetId(id)));
        }
        Self { programmes, targets, places }
    }

    fn of(&self, programme: ProgrammeId, text: &str, model: &Model) -> Option<TargetId> {
        let bare = text.trim().trim_matches('"');
        let bare = bare.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(bare);
        let by = |key: String| self.targets.get(&(programme, key)).copied().flatten();
        by(bare.to_owned()).or_else(|| by(name_key(model, programme, bare)))
    }

    /// `MÃ/CODE`, or the code of a target of the same programme.
    fn find(&self, citation: &Citation, model: &Model) -> Result<TargetId, Box<Diagnostic>> {
        let (text, own) = (citation.text.as_str(), citation.programme);
        if let Some(id) = self.of(own, text, model) {
            return Ok(id);
        }
        let mut other = None;
        for (at, _) in text.rmatch_indices('/').take(SLASHES_MAX) {
            let (code, rest) = text.split_at(at);
            let rest = rest.trim_start_matches('/');
            let Some(id) = self.programmes.get(&text::normal(code)).copied() else { continue };
            // A code that is made of the name begins with that of its programme.
            let found = self.of(id, rest, model).or_else(|| self.of(id, text, model));
            match found {
                Some(id) => return Ok(id),
                None => other = other.or(Some((id, rest))),
            }
        }
        Err(Box::new(match other {
            Some((id, rest)) => unknown_target(citation, model, id, rest),
            None if text.contains('/') => not_loaded(citation, model),
            None => unknown_target(citation, model, own, text),
        }))
    }
}

fn not_loaded(citation: &Citation, model: &Model) -> Diagnostic {
    let text = citation.text.as_str();
    let (code, rest) = text.split_once('/').unwrap_or((text, ""));
    let fault = error(
        Code::ProgrammeNotLoaded,
        citation.span,
        format!("chương trình của `{text}` không có trong lần chạy này"),
        format!("the programme of `{text}` is not loaded in this run"),
    );
    let codes = model.programmes.iter().take(SUGGESTED_AMONG).map(|it| it.code.as_str());
    let near = text::nearest(code, codes, 2);
    if near.is_empty() {
        return fault.with_help(Message::new(
            "đưa cả tệp của chương trình ấy vào lệnh để dẫn chiếu có tác dụng",
            "name the file of that programme too, so that the citation takes effect",
        ));
    }
    near.into_iter().fold(fault, |fault, other| {
        let whole = format!("{other}/{rest}");
        fault.with_fix(replace(citation.span, whole, "có phải", "did you mean"))
    })
}

fn name_key(model: &Model, programme: ProgrammeId, name: &str) -> String {
    match model.programme(programme) {
        Some(programme) => text::key(name, &programme.abbreviations),
        None => text::normal(name),
    }
}

/// How people cite a target: `KH-2023/A`.
fn cited_as(model: &Model, id: TargetId) -> String {
    let Some(target) = model.target(id) else { return String::new() };
    target.cited(model)
}

fn unknown_target(
    citation: &Citation,
    model: &Model,
    programme: ProgrammeId,
    rest: &str,
) -> Diagnostic {
    let text = &citation.text;
    let fault = error(
        Code::UnknownCode,
        citation.span,
        format!("không có chỉ tiêu `{text}`"),
        format!("there is no target `{text}`"),
    );
    let targets = model.targets.iter().filter(|target| target.programme == programme);
    let targets = targets.take(SUGGESTED_AMONG);
    let codes = targets.clone().map(|target| target.code.as_str());
    let names = targets.flat_map(|it| it.versions.iter().map(|version| version.name.as_str()));
    let near = text::nearest(rest, codes.chain(names), 2);
    if near.is_empty() {
        return fault.with_help(Message::new(
            "viết mã chương trình rồi mã chỉ tiêu: `KH-2023/CT-01`",
            "write the code of the programme, then that of the target: `KH-2023/CT-01`",
        ));
    }
    let own = programme == citation.programme;
    let code = model.programme(programme).map_or("", |it| it.code.as_str());
    near.into_iter().fold(fault, |fault, other| {
        let whole = if own { other.to_owned() } else { format!("{code}/{other}") };
        fault.with_fix(replace(citation.span, whole, "có phải", "did you mean"))
    })
}

/// Refuses targets that cite each other, or themselves, and drops one link of each circle.
fn circles(links: &mut Vec<Link>, kind: Kind, model: &Model, found: &mut Diagnostics) {
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); model.targets.len()];
    for (place, link) in links.iter().enumerate().filter(|(_, link)| link.kind == kind) {
        if let Some(list) = of.get_mut(link.from.0) {
            list.push(place);
        }
    }
    // 0: not seen, 1: on the path, 2: done.
    let mut state = vec![0_u8; model.targets.len()];
    let mut refused: Vec<usize> = Vec::new();
    for start in 0..model.targets.len() {
        if state.get(start) != Some(&0) {
            continue;
        }
        let mut path = vec![start];
        while let Some(at) = path.last().copied() {
            if let Some(state) = state.get_mut(at) {
                *state = 1;
            }
            let Some(place) = of.get_mut(at).and_then(Vec::pop) else {
                if let Some(state) = state.get_mut(at) {
                    *state = 2;
                }
                path.pop();
                continue;
            };
            let Some(to) = links.get(place).map(|link| link.to.0 as usize) else { continue };
            match state.get(to) {
                Some(0) => path.push(to),
                Some(1) => refused.push(place),
                _ => {}
            }
        }
    }
    refused.sort_unstable();
    for place in &refused {
        if let Some(link) = links.get(*place) {
            found.push(in_a_circle(link, model));
        }
    }
    let mut place = 0;
    links.retain(|_| {
        place += 1;
        refused.binary_search(&(place - 1)).is_err()
    });
}

fn in_a_circle(link: &Link, model: &Model) -> Diagnostic {
    let cited = cited_as(model, link.to);
    let (vi, en) = match link.kind {
        Kind::Replaces => ("thay thế", "replaces"),
        Kind::Follows => ("theo", "follows"),
    };
    let itself = link.from.0 == link.to.0 as usize;
    if itself {
        return error(
            Code::CitationCycle,
            link.span,
            format!("chỉ tiêu {vi} chính nó"),
            format!("the target {en} itself"),
        )
        .with_help(Message::new(
            "cùng một mã trong một chương trình thì bản có `hiệu lực:` sau tự thay bản trước",
            "under one code a version with a later `effective:` takes the place of the first",
        ));
    }
    error(
        Code::CitationCycle,
        link.span,
        format!("`{cited}` cũng {vi} chỉ tiêu này, trực tiếp hoặc qua chỉ tiêu khác"),
        format!("`{cited}` {en} this target too, directly or through others"),
    )
}

/// Ends every target that is replaced, on the day before.
fn supersede(links: &[Link], model: &mut Model, found: &mut Diagnostics) {
    let mut ends: BTreeMap<TargetId, BTreeMap<Date, (TargetId, Span)>> = BTreeMap::new();
    for link in links.iter().filter(|link| link.kind == Kind::Replaces) {
        let (target, version) = link.from;
        let by = model.targets.get(target).and_then(|it| it.versions.get(version));
        let Some(day) = by.and_then(|version| version.from.or(version.window.first)) else {
            found.push(without_day(link));
            continue;
        };
        let Ok(by) = u32::try_from(target).map(TargetId) else { continue };
        let days = ends.entry(link.to).or_default();
        match days.get(&day) {
            None => drop(days.insert(day, (by, link.span))),
            Some((_, first)) => found.push(twice(link, *first, day, model)),
        }
    }
    for (id, days) in ends {
        let Some((day, (by, _))) = days.into_iter().next() else { continue };
        if let Some(target) = model.targets.get_mut(id.0 as usize) {
            end(target, day, by);
        }
    }
}

/// From a day on a target is in force no more.
fn end(target: &mut Target, day: Date, by: TargetId) {
    let Some(before) = day.previous() else { return };
    target.versions.retain(|version| version.from.is_none_or(|from| from < day));
    let Some(last) = target.versions.last() else { return };
    let mut ended = last.clone();
    (ended.from, ended.replaced_by) = (Some(day), Some(by));
    ended.window.last = Some(ended.window.last.map_or(before, |last| last.min(before)));
    target.versions.push(ended);
}

fn without_day(link: &Link) -> Diagnostic {
    error(
        Code::ReplacesWithoutDay,
        link.span,
        "`thay thế:` cần biết từ ngày nào, mà chỉ tiêu này không có ngày bắt đầu hiệu lực",
        "`replaces:` needs a first day, and this target has none",
    )
    .with_help(Message::new(
        "thêm `hiệu lực: từ 01/01/2024` cho chỉ tiêu hoặc chương trình",
        "add `effective: from 01/01/2024` to the target or the programme",
    ))
}

fn twice(link: &Link, first: Span, day: Date, model: &Model) -> Diagnostic {
    let (cited, day) = (cited_as(model, link.to), day.to_vi());
    let found = error(
        Code::ReplacedTwice,
        link.span,
        format!("`{cited}` đã được một chỉ tiêu khác thay thế từ cùng ngày {day}"),
        format!("another target takes the place of `{cited}` from the same day, {day}"),
    );
    if first.source == link.span.source {
        found.with_label(first, Message::new("chỉ tiêu kia", "the other one"))
    } else {
        found
    }
}

/// Warns of a target that asks less than the one it follows.
fn weaker(link: &Link, model: &Model, found: &mut Diagnostics) {
    let citing = model.targets.get(link.from.0).and_then(|it| it.versions.get(link.from.1));
    let (Some(citing), Some(cited)) = (citing, model.target(link.to)) else { return };
    let dues = |version: &Version| {
        let dues = version.milestones.iter().filter_map(|milestone| milestone.due);
        dues.chain(version.window.first).collect::<Vec<_>>()
    };
    if cited.versions.len() > VERSIONS_MAX {
        return;
    }
    let mut days: Vec<Date> = cited.versions.iter().flat_map(dues).chain(dues(citing)).collect();
    days.sort_unstable();
    days.dedup();
    // Where nothing has a date, every day is alike.
    days.extend(Date::new(2000, 1, 1).filter(|_| days.is_empty()));
    for day in days {
        let of = cited.version(day).filter(|version| version.in_force(day));
        let Some(asked) = of.and_then(|version| asked_on(version, day)) else { continue };
        if !citing.in_force(day) {
            continue;
        }
        let own = citing.milestones.iter().any(|it| it.due.is_none_or(|due| due <= day));
        let own = own.then(|| asked_on(citing, day));
        let less = match own {
            None => true,
            Some(None) => return,
            Some(Some(own)) => asks_less(own, asked),
        };
        if less {
            let own = own.flatten();
            found.push(asks_less_than(link, model, own, asked, day));
            return;
        }
    }
}

/// What a version asks of everyone on a day, if it is due: one bound.
fn asked_on(version: &Version, day: Date) -> Option<&Comparison> {
    let due = version.milestones.iter().rfind(|it| it.due.is_none_or(|due| due <= day))?;
    match due.branches.as_slice() {
        [Branch { when: None, condition: Condition::Compare(comparison) }] => {
            bound(comparison).map(|_| comparison)
        }
        _ => None,
    }
}

/// The one bound, whether it is a floor, and whether it is strict.
fn bound(comparison: &Comparison) -> Option<(&Rational, bool, bool)> {
    use crate::number::Comparator as C;
    let Threshold::Bound { comparator, value } = &comparison.threshold else { return None };
    match comparator {
        C::AtLeast => Some((value, true, false)),
        C::MoreThan => Some((value, true, true)),
        C::AtMost => Some((value, false, false)),
        C::LessThan => Some((value, false, true)),
        C::Equal | C::NotEqual => None,
    }
}

/// Whether a value may satisfy the first and not the second; false where they do not compare.
fn asks_less(own: &Comparison, other: &Comparison) -> bool {
    let (Some((a, floor, strict)), Some((b, other_floor, other_strict))) =
        (bound(own), bound(other))
    else {
        return false;
    };
    let Some(factor) = own.unit.factor_to(&other.unit) else { return false };
    let a = a * &factor;
    let looser = if floor { a < *b } else { a > *b };
    floor == other_floor && (looser || (a == *b && other_strict && !strict))
}

fn asks_less_than(
    link: &Link,
    model: &Model,
    own: Option<&Comparison>,
    asked: &Comparison,
    day: Date,
) -> Diagnostic {
    let (cited, day) = (cited_as(model, link.to), day.to_vi());
    let programme = model.targets.get(link.from.0).map(|target| target.programme);
    let lang = programme.and_then(|id| model.programme(id)).map(|it| it.lang).unwrap_or_default();
    let format = super::model::number_format(lang);
    let shown = |comparison: &Comparison| {
        let Threshold::Bound { comparator, value } = &comparison.threshold else {
            return String::new();
        };
        let unit = comparison.unit.label(format);
        format!("{} {} {unit}", comparator.symbol(), plain(value, format)).trim_end().to_owned()
    };
    let asked = shown(asked);
    match own.map(shown) {
        Some(own) => error(
            Code::WeakerThanCited,
            link.span,
            format!("`{own}` nhẹ hơn mức `{asked}` của `{cited}` vào ngày {day}"),
            format!("`{own}` asks less than the `{asked}` of `{cited}` on {day}"),
        ),
        None => error(
            Code::WeakerThanCited,
            link.span,
            format!("ngày {day} chưa phải đạt, mà `{cited}` đã yêu cầu `{asked}`"),
            format!("nothing is due on {day}, when `{cited}` asks `{asked}` already"),
        ),
    }
}
