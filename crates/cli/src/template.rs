//! `chitieu template`: data entry with exactly the needed indicators.
//!
//! Enters: rules and the name of a file. Leaves: the file, where none stands yet. The one idea:
//! one row an indicator, its unit beside it, so that what is typed says what it is; units that a
//! target counts have rows of their own below their owner. Invariant: `eval` reads the file as it
//! is; its empty cells are missing figures.

mod needs;

use std::collections::HashSet;

use chitieu::calendar::Date;

use chitieu::check::model::{
    AttributeCondition, Condition, Indicator, IndicatorId, Model, ScopeItem, Version,
};
use chitieu::diagnostic::{Lang, Message};
use chitieu::number::Format;

use crate::Status;
use crate::args::Template;
use crate::console::{Console, Failure, failure};
use crate::json::{Json, object};
use crate::{load, new};
use needs::Needs;

/// Runs the command.
pub(crate) fn run(args: &Template, mut console: Console) -> Result<Status, Failure> {
    let rules = load::rules(&args.rules, args.words.lang, &mut console)?;
    let model = rules.model();
    if model.targets.is_empty() {
        return failure("luật không có chỉ tiêu nào", "the rules hold no target");
    }
    let name = args.output.to_string_lossy().into_owned();
    let form = Form::new(model, console.lang);
    let ending = args.output.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let bytes = match ending.as_str() {
        "csv" => form.csv(),
        "json" => form.json(),
        "xlsx" => {
            return failure(
                "dạng `xlsx` chưa có trong bản này; dùng .csv (Excel mở được) hoặc .json",
                "format `xlsx` is not available in this version; use .csv, which Excel opens, \
                 or .json",
            );
        }
        _ => {
            return failure(
                format!("không biết viết biểu `{name}`; dùng .csv hoặc .json"),
                format!("no form is known for `{name}`; use .csv or .json"),
            );
        }
    };
    new::create(&args.output, bytes.as_bytes())?;
    let (count, entities) = (form.count, form.rows.len());
    console.note(&Message::new(
        format!("đã viết `{name}`: {count} chỉ số, {entities} đơn vị"),
        format!("wrote `{name}`: indicators: {count}, entities: {entities}"),
    ));
    Ok(Status::Clean)
}

/// What is to be filled in.
struct Form<'m> {
    lang: Lang,
    day: Option<Date>,
    rows: Vec<Row<'m>>,
    /// Names of attributes that decide something.
    attributes: Vec<String>,
    /// How many indicators there are.
    count: usize,
}

/// An entity with what it is asked for.
struct Row<'m> {
    entity: Entity,
    parent: Option<String>,
    indicators: Vec<&'m Indicator>,
}

/// An entity to be named, with the attributes that the rules give away.
#[derive(PartialEq)]
struct Entity {
    id: String,
    attributes: Vec<(String, String)>,
}

impl<'m> Form<'m> {
    fn new(model: &'m Model, lang: Lang) -> Self {
        let versions = || model.targets.iter().flat_map(|target| &target.versions);
        let mut attributes: Vec<String> = Vec::new();
        let mut needs = Needs::default();
        for version in versions() {
            needs.add(model, version);
            for branch in version.milestones.iter().flat_map(|it| &it.branches) {
                for condition in branch.when.iter().chain([&branch.condition]) {
                    asked(condition, &mut attributes);
                }
            }
        }
        for check in &model.checks {
            needs.add_expr(model, &check.left);
            needs.add_expr(model, &check.right);
        }
        let mut rows: Vec<Row<'m>> = Vec::new();
        for entity in entities(versions(), lang) {
            let indicators = measured(model, &needs.ids);
            rows.push(Row { entity, parent: None, indicators });
        }
        units(model, &needs, 0, lang, &mut rows);
        for name in rows.iter().flat_map(|it| &it.entity.attributes).map(|(name, _)| name) {
            if !attributes.contains(name) {
                attributes.push(name.clone());
            }
        }
        let last = versions().filter_map(|version| {
            version.window.last.or_else(|| version.milestones.iter().find_map(|it| it.due))
        });
        // The earliest last day: that of the plan rather than of its longest target.
        let day = last.min().or_else(|| Date::new(2025, 12, 31));
        let mut named: Vec<&str> =
            rows.iter().flat_map(|row| &row.indicators).map(|it| it.name.as_str()).collect();
        named.sort_unstable();
        named.dedup();
        let count = named.len();
        Self { lang, day, rows, attributes, count }
    }

    /// Whether some entity stands below another.
    fn has_parents(&self) -> bool {
        self.rows.iter().any(|row| row.parent.is_some())
    }

    /// With a byte order mark and semicolons, as Excel in Vietnam opens it.
    fn csv(&self) -> String {
        let vi = [
            "đơn vị",
            "ngày",
            "chỉ số",
            "giá trị",
            "tử số",
            "mẫu số",
            "số báo cáo",
            "đơn vị tính",
            "nguồn",
        ];
        let en = [
            "entity",
            "as_of",
            "indicator",
            "value",
            "numerator",
            "denominator",
            "reported",
            "unit",
            "source",
        ];
        let header = if self.lang == Lang::Vi { vi } else { en };
        let parent = if self.lang == Lang::Vi { "thuộc" } else { "parent" };
        let parent = self.has_parents().then_some(parent);
        let attributes = self.attributes.iter().map(String::as_str);
        let head = header.into_iter().take(2).chain(parent).chain(attributes);
        let mut out = String::from("\u{feff}");
        row(&head.chain(header.into_iter().skip(2)).collect::<Vec<_>>(), &mut out);
        let day = self.day.map(Date::to_vi).unwrap_or_default();
        for Row { entity, parent: above, indicators } in &self.rows {
            // Who is asked for nothing has a row all the same, which says of what kind it is.
            let nothing = indicators.is_empty().then_some(None);
            for indicator in indicators.iter().map(Some).chain(nothing) {
                let unit = indicator.map(|it| self.unit(it)).unwrap_or_default();
                let mut cells = vec![entity.id.as_str(), &day];
                cells.extend(parent.map(|_| above.as_deref().unwrap_or_default()));
                for name in &self.attributes {
                    let known = entity.attributes.iter().find(|(it, _)| it == name);
                    cells.push(known.map_or("", |(_, value)| value));
                }
                let name = indicator.map_or("", |it| it.name.as_str());
                cells.extend([name, "", "", "", "", &unit, ""]);
                row(&cells, &mut out);
            }
        }
        out
    }

    fn json(&self) -> String {
        let parents = self.has_parents();
        let record = |Row { entity, parent, indicators }: &Row<'_>| {
            let named = self.attributes.iter().filter_map(|name| {
                let (name, value) = entity.attributes.iter().find(|(it, _)| it == name)?;
                Some((name.clone(), value.into()))
            });
            let figure = |indicator: &&Indicator| {
                let unit = self.unit(indicator);
                let nothing: Json = None::<&str>.into();
                let empty = if unit.is_empty() || is_yes_no(indicator) {
                    nothing
                } else {
                    object([("value", nothing), ("unit", unit.into())])
                };
                (indicator.name.clone(), empty)
            };
            let above = parents.then(|| ("parent", parent.as_ref().into()));
            let head = [("entity", (&entity.id).into())].into_iter().chain(above);
            let rest = [
                ("as_of", self.day.map(|day| day.to_string()).into()),
                ("attributes", Json::Object(named.collect())),
                ("measurements", Json::Object(indicators.iter().map(figure).collect())),
            ];
            Json::Object(head.chain(rest).map(|(name, it)| (name.to_owned(), it)).collect())
        };
        let records = Json::List(self.rows.iter().map(record).collect());
        let text = serde_json::to_string_pretty(&records).unwrap_or_default();
        format!("{text}\n")
    }

    /// The unit to be typed in; none where a bare number says more than a unit could.
    fn unit(&self, indicator: &Indicator) -> String {
        if indicator.bare_power > 0 {
            return String::new();
        }
        indicator.unit.label(if self.lang == Lang::Vi { Format::Vi } else { Format::En })
    }
}

fn is_yes_no(indicator: &Indicator) -> bool {
    indicator.unit == chitieu::unit::Unit::YesNo
}

/// The indicators of these ids, each name once.
fn measured<'m>(model: &'m Model, ids: &[IndicatorId]) -> Vec<&'m Indicator> {
    let mut names = HashSet::new();
    let found = ids.iter().filter_map(|id| model.indicator(*id));
    found.filter(|it| names.insert(chitieu::text::normal(&it.name))).collect()
}

/// One row to be filled in for each type of units below the entity of a row.
fn units<'m>(
    model: &'m Model,
    needs: &Needs<'m>,
    above: usize,
    lang: Lang,
    rows: &mut Vec<Row<'m>>,
) {
    let word = if lang == Lang::Vi { "đơn vị" } else { "entity" };
    for (population, needs) in &needs.below {
        for kind in &population.types {
            let own = rows.get_mut(above).filter(|row| {
                row.entity.attributes.iter().any(|(name, value)| name == "cấp" && value == kind)
            });
            if let Some(own) = own {
                // Held against its own kind, it is one of them itself.
                for indicator in measured(model, &needs.ids) {
                    if own.indicators.iter().all(|known| known.name != indicator.name) {
                        own.indicators.push(indicator);
                    }
                }
                continue;
            }
            let mut attributes = vec![("cấp".to_owned(), kind.clone())];
            if let Some(filter) = &population.filter {
                satisfied(filter, &mut attributes);
            }
            let id = format!("{word} {}", rows.len() + 1);
            let parent = rows.get(above).map(|row| row.entity.id.clone());
            let indicators = measured(model, &needs.ids);
            rows.push(Row { entity: Entity { id, attributes }, parent, indicators });
            let place = rows.len() - 1;
            units(model, needs, place, lang, rows);
        }
    }
}

/// The entities that the rules name; for each type that they name one to be filled in.
fn entities<'m>(versions: impl Iterator<Item = &'m Version>, lang: Lang) -> Vec<Entity> {
    let mut found: Vec<Entity> = Vec::new();
    let word = if lang == Lang::Vi { "đơn vị" } else { "entity" };
    let mut add = |id: Option<String>, attributes: Vec<(String, String)>| {
        let is_known = match &id {
            Some(id) => found.iter().any(|it| it.id == *id),
            None => found.iter().any(|it| it.attributes == attributes),
        };
        if !is_known {
            let id = id.unwrap_or_else(|| format!("{word} {}", found.len() + 1));
            found.push(Entity { id, attributes });
        }
    };
    for item in versions.flat_map(|version| &version.scope) {
        match item {
            ScopeItem::Entity { name, .. } => add(Some(name.clone()), Vec::new()),
            ScopeItem::Type { types, filter } => {
                for kind in types {
                    let mut attributes = vec![("cấp".to_owned(), kind.clone())];
                    if let Some(filter) = filter {
                        satisfied(filter, &mut attributes);
                    }
                    add(None, attributes);
                }
            }
        }
    }
    if found.is_empty() {
        found.push(Entity { id: format!("{word} 1"), attributes: Vec::new() });
    }
    found
}

/// The values that a filter names.
fn satisfied(filter: &AttributeCondition, into: &mut Vec<(String, String)>) {
    match filter {
        AttributeCondition::Is { name, value, negated: false, .. } => {
            into.push((name.clone(), value.clone()));
        }
        AttributeCondition::Is { name, .. } => into.push((name.clone(), String::new())),
        AttributeCondition::All(parts) => parts.iter().for_each(|it| satisfied(it, into)),
        AttributeCondition::Any(parts) => {
            parts.first().into_iter().for_each(|it| satisfied(it, into));
        }
    }
}

/// The names of the attributes that a condition asks for.
fn asked(condition: &Condition, into: &mut Vec<String>) {
    fn names(condition: &AttributeCondition, into: &mut Vec<String>) {
        match condition {
            // The name of an entity is no column of its own.
            AttributeCondition::Is { attribute, .. } if attribute == "tên" => {}
            AttributeCondition::Is { name, .. } => {
                if !into.contains(name) {
                    into.push(name.clone());
                }
            }
            AttributeCondition::All(parts) | AttributeCondition::Any(parts) => {
                for part in parts {
                    names(part, into);
                }
            }
        }
    }
    match condition {
        Condition::Attribute(attribute) => names(attribute, into),
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                asked(&part.condition, into);
            }
        }
        Condition::Not(part) | Condition::Always(part) => asked(&part.condition, into),
        Condition::Compare(_) | Condition::Truth { .. } | Condition::Units(_) => {}
    }
}

/// A row of cells, quoted where they must be.
fn row(cells: &[&str], out: &mut String) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            out.push(';');
        }
        if cell.contains([';', '"', '\n', '\r', ',']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}
