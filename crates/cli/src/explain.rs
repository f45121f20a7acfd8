//! `chitieu explain`: how one verdict came about.
//!
//! Enters: rules, data, a target and perhaps an entity. Leaves: a sentence and the steps below it,
//! one explanation a snapshot. The one idea: a name that is not found is answered by those that
//! are near.

use std::fmt::Write as _;

use chitieu::check::model::{Model, Target, TargetId};
use chitieu::diagnostic::Lang;
use chitieu::explain::{Explanation, Step, explain};
use chitieu::reference::Reference;
use chitieu::snapshot::{Case, Data, Entity};
use chitieu::text;

use crate::Status;
use crate::args::{Explain, Listing};
use crate::console::{Console, Failure, failure};
use crate::json::{Json, object};
use crate::load;

/// So many names are offered, or listed.
const LISTED: usize = 10;

/// Runs the command.
pub(crate) fn run(args: &Explain, mut console: Console) -> Result<Status, Failure> {
    let as_of = load::day("--as-of", args.as_of.as_deref())?;
    let rules = load::rules(&args.rules, args.words.lang, &mut console)?;
    let rules = load::known(rules, args.rules_as_of.as_deref())?;
    let model = rules.model();
    let ids = targets(model, &args.target)?;
    let data = load::data((&args.rules, &rules), &args.data, as_of, console)?;
    let reference = Reference::new(model, &data);
    let cases = reference.cases(as_of);
    let mut cases: Vec<Case<'_>> =
        (0..cases.len()).filter_map(|place| cases.get(&data, place)).collect();
    let chosen = entity(&data, &cases, &ids, args.entity.as_deref())?;
    cases.retain(|case| case.entity.id == chosen);
    let mut out = String::new();
    for (case, id) in cases.iter().flat_map(|case| ids.iter().map(move |id| (case, id))) {
        if !judges(case, *id) {
            continue;
        }
        let Some(why) = explain(model, &reference, case, *id, console.lang) else { continue };
        if args.format == Some(Listing::Json) {
            out.push_str(&whole(model, &why).line());
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "{}\n", why.sentence);
        out.push_str(&steps(&why.steps, 1, console.lang));
    }
    load::print(&out)?;
    Ok(Status::Clean)
}

/// The targets of a code or name: one a programme at most by code, else by name.
fn targets(model: &Model, wanted: &str) -> Result<Vec<TargetId>, Failure> {
    let bare = wanted.trim().trim_start_matches('[').trim_end_matches(']');
    let all = || (0_u32..).map(TargetId).zip(&model.targets);
    let by_code = |(id, target): (TargetId, &Target)| {
        let programme = model.programme(target.programme).map(|it| it.code.as_str());
        let whole = format!("{}/{}", programme.unwrap_or_default(), target.code);
        (target.code == bare || whole == bare).then_some(id)
    };
    let by_name = |(id, target): (TargetId, &Target)| {
        let programme = model.programme(target.programme)?;
        let key = text::key(bare, &programme.abbreviations);
        let same = |name: &str| text::key(name, &programme.abbreviations) == key;
        target.versions.iter().any(|version| same(&version.name)).then_some(id)
    };
    let mut found: Vec<TargetId> = all().filter_map(by_code).collect();
    if found.is_empty() {
        found = all().filter_map(by_name).collect();
    }
    if !found.is_empty() {
        return Ok(found);
    }
    let names = model.targets.iter().flat_map(|target| {
        let names = target.versions.iter().map(|version| version.name.as_str());
        names.chain([target.code.as_str()])
    });
    let (vi, en) = offer(bare, names);
    failure(format!("không có chỉ tiêu `{bare}`{vi}"), format!("there is no target `{bare}`{en}"))
}

/// Whether a case is there for a target: one that sent nothing is judged by some alone.
fn judges(case: &Case<'_>, id: TargetId) -> bool {
    case.only.is_none_or(|only| only.contains(&id))
}

/// The entity of an id or name, also one that is named only as a parent; `null` and `toàn bộ` are
/// the whole of all entities. Without a name the only one of the data, else the whole.
fn entity(
    data: &Data,
    cases: &[Case<'_>],
    targets: &[TargetId],
    wanted: Option<&str>,
) -> Result<String, Failure> {
    let others = || cases.iter().filter(|case| case.only.is_some()).map(|case| case.entity);
    let ids = || data.entities.iter().map(|entity| entity.id.as_str());
    let is_judged = |case: &&Case<'_>| targets.iter().any(|id| judges(case, *id));
    let whole = cases.iter().filter(is_judged).find(|case| case.is_whole());
    let Some(wanted) = wanted else {
        if let Some(whole) = whole {
            return Ok(whole.entity.id.clone());
        }
        if let [only] = data.entities.as_slice() {
            return Ok(only.id.clone());
        }
        let count = data.entities.len();
        let some: Vec<String> = ids().take(LISTED).map(|id| format!("`{id}`")).collect();
        let (some, rest) = (some.join(", "), if count > LISTED { ", …" } else { "" });
        return failure(
            format!("số liệu có {count} đơn vị, chọn một bằng `--entity`: {some}{rest}"),
            format!("the data hold {count} entities; pick one by `--entity`: {some}{rest}"),
        );
    };
    let key = text::normal(wanted);
    let same = |entity: &&Entity| {
        text::normal(&entity.id) == key
            || entity.name.as_deref().is_some_and(|name| text::normal(name) == key)
    };
    let by_id = data.entities.iter().find(|entity| entity.id == wanted);
    let known = by_id.or_else(|| data.entities.iter().find(same)).or_else(|| others().find(same));
    if let Some(found) = known {
        return Ok(found.id.clone());
    }
    let of_all = ["null", "toàn bộ", "the whole"].contains(&key.as_str());
    if let Some(whole) = whole.filter(|_| of_all) {
        return Ok(whole.entity.id.clone());
    }
    let names = data.entities.iter().filter_map(|entity| entity.name.as_deref());
    let others = others().map(|entity| entity.id.as_str());
    let (vi, en) = offer(wanted, names.chain(ids()).chain(others));
    failure(
        format!("số liệu không có đơn vị `{wanted}`{vi}"),
        format!("the data hold no entity `{wanted}`{en}"),
    )
}

/// Names that are near, as the end of a sentence.
fn offer<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> (String, String) {
    let near = text::nearest(name, known, 3);
    if near.is_empty() {
        return (String::new(), String::new());
    }
    let list = |or: &str| near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(or);
    (format!("; có phải là {}?", list(" hoặc ")), format!("; did you mean {}?", list(" or ")))
}

/// `CQS-03: tỷ lệ …`; the name alone where the code was made from it.
pub(crate) fn title(model: &Model, target: &Target) -> String {
    let name = target.versions.last().map_or("", |version| &version.name);
    let programme = model.programme(target.programme).map_or("", |it| &it.code);
    let made = target.code.strip_prefix(programme).is_some_and(|rest| rest.starts_with('/'));
    if made { name.to_owned() } else { format!("{} ({name})", target.code) }
}

/// Steps as indented lines, each with its sources.
pub(crate) fn steps(steps: &[Step], depth: usize, lang: Lang) -> String {
    let mut out = String::new();
    for step in steps {
        line(step, depth, None, lang, &mut out);
    }
    out
}

fn line(step: &Step, depth: usize, above: Option<&Step>, lang: Lang, out: &mut String) {
    let indent = "  ".repeat(depth);
    let heading = match above {
        Some(above) if above.topic == step.topic => "- ".to_owned(),
        _ => format!("{}: ", step.topic.heading(lang)),
    };
    // Sources stand beside what was read there, not again above it.
    let own = step.sources.iter().filter(|source| {
        !source.is_empty() && !step.steps.iter().any(|below| below.sources.contains(source))
    });
    let own: Vec<&str> = own.map(String::as_str).collect();
    let sources = if own.is_empty() { String::new() } else { format!("  ← {}", own.join("; ")) };
    let _ = writeln!(out, "{indent}{heading}{}{sources}", step.text);
    for below in &step.steps {
        line(below, depth + 1, Some(step), lang, out);
    }
}

/// Steps as JSON.
pub(crate) fn as_json(steps: &[Step]) -> Json {
    let step = |step: &Step| {
        object([
            ("topic", step.topic.code().into()),
            ("text", (&step.text).into()),
            ("sources", step.sources.as_slice().into()),
            ("steps", as_json(&step.steps)),
        ])
    };
    Json::List(steps.iter().map(step).collect())
}

fn whole(model: &Model, why: &Explanation) -> Json {
    let judgement = &why.judgement;
    let target = model.target(judgement.target);
    let programme = target.and_then(|target| model.programme(target.programme));
    object([
        ("programme", programme.map(|it| &it.code).into()),
        ("target", target.map(|it| &it.code).into()),
        ("entity", judgement.entity.as_ref().into()),
        ("as_of", judgement.as_of.to_string().into()),
        ("verdict", judgement.verdict.code().into()),
        ("sentence", (&why.sentence).into()),
        ("steps", as_json(&why.steps)),
    ])
}
