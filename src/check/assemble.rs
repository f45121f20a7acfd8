//! One file to its programme: conditions read, indicators named, units agreed, targets made.

use std::collections::HashMap;

use super::model::{
    Comparison, Condition, Expr, Indicator, IndicatorId, Model, Programme, ProgrammeId, Target,
    Threshold,
};
use super::reader::{Asked, Measure, Name, Quantity, Read, Reader, error, replace};
use super::settings::{self, Place, Settings};
use super::units::{self, Claim};
use crate::calendar::Period;
use crate::diagnostic::{Code, Diagnostics, Lang, Message};
use crate::number::Rational;
use crate::source::{Source, Span};
use crate::syntax::{Block, Head, TargetLine, Tree};
use crate::text;
use crate::unit::Unit;

/// Adds the programme of one file to the model.
pub(super) fn file(source: &Source, tree: &Tree, model: &mut Model, found: &mut Diagnostics) {
    let Some(mut file) = File::open(source, tree, model, found) else { return };
    let mut group = None;
    for block in &tree.blocks {
        match &block.head {
            Head::File | Head::Programme(_) => {}
            Head::Group(name) => {
                let settings = settings::read(source, Place::Group, &block.keys, found);
                group = Some((text::composed(source.slice(*name)), settings));
            }
            Head::Target(line) => file.target(block, line, group.as_ref(), found),
            Head::Indicator(_) | Head::Check(_) | Head::Test(_) => {
                found.push(unread(source, block))
            }
        }
    }
    file.close(model, found);
}

fn unread(source: &Source, block: &Block) -> crate::diagnostic::Diagnostic {
    let line = text::composed(source.slice(block.span));
    let key = line.split(':').next().unwrap_or_default();
    error(
        Code::FormNotRead,
        block.span,
        format!("phiên bản này chưa đọc mục `{key}:`"),
        format!("this version does not read `{key}:` sections"),
    )
}

/// A file being read.
struct File<'a> {
    source: &'a Source,
    programme: Programme,
    id: ProgrammeId,
    defaults: Settings,
    drafts: Vec<Draft>,
    names: Vec<Named>,
}

/// An indicator that conditions name, with what they say of its unit.
struct Named {
    name: Name,
    claims: Vec<Claim>,
}

/// A target whose units are not agreed yet.
struct Draft {
    code: Option<(String, Span)>,
    group: Option<String>,
    read: Read,
    /// Places in [`File::names`].
    measures: Vec<u32>,
    settings: Settings,
    span: Span,
}

impl<'a> File<'a> {
    fn open(
        source: &'a Source,
        tree: &Tree,
        model: &Model,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let mut heads = tree.blocks.iter().filter(|it| matches!(it.head, Head::Programme(_)));
        let head = heads.next();
        if let Some(second) = heads.next() {
            found.push(
                error(
                    Code::KeyTwice,
                    second.span,
                    "một tệp chỉ có một chương trình",
                    "a file has one programme",
                )
                .with_help(Message::new(
                    "chuyển chương trình thứ hai sang tệp khác",
                    "move the second programme to a file of its own",
                )),
            );
        }
        let top = tree.blocks.iter().find(|block| block.head == Head::File);
        let place = if head.is_some() { Place::File } else { Place::Programme };
        let keys = top.map_or(&[][..], |block| block.keys.as_slice());
        let before = settings::read(source, place, keys, found);
        let mut defaults = match head {
            Some(block) => settings::read(source, Place::Programme, &block.keys, found),
            None => before.clone(),
        };
        if head.is_some() {
            defaults.lang = defaults.lang.or(before.lang);
            for (short, long) in before.abbreviations.iter() {
                // A second meaning below the head has its own diagnostic there.
                let _ = defaults.abbreviations.insert(short, long);
            }
        }
        let has_targets = tree.blocks.iter().any(|block| matches!(block.head, Head::Target(_)));
        if head.is_none() && !has_targets {
            return None;
        }
        let stem = stem(source.name());
        let name = match head.map(|block| &block.head) {
            Some(Head::Programme(span)) => text::composed(source.slice(*span)),
            _ => stem.clone(),
        };
        let name = if name.is_empty() { stem } else { name };
        let code = defaults.code.clone().unwrap_or_else(|| name.clone());
        let lang = defaults.lang.unwrap_or_default();
        let abbreviations = defaults.abbreviations.clone();
        if let Some(other) = model.programmes.iter().find(|other| other.code == code) {
            let span = head.map_or_else(|| whole(tree), |block| block.span);
            found.push(error(
                Code::SameProgrammeCode,
                span,
                format!("chương trình `{name}` trùng mã `{code}` với `{}`", other.name),
                format!("the programme `{name}` has the code `{code}` of `{}`", other.name),
            ));
            return None;
        }
        let id = ProgrammeId(u32::try_from(model.programmes.len()).unwrap_or(u32::MAX));
        let programme = Programme { code, name, lang, abbreviations, names: HashMap::new() };
        Some(Self { source, programme, id, defaults, drafts: Vec::new(), names: Vec::new() })
    }

    /// Reads one target with the keys below it.
    fn target(
        &mut self,
        block: &Block,
        line: &TargetLine,
        group: Option<&(String, Settings)>,
        found: &mut Diagnostics,
    ) {
        if line.tokens.is_empty() && line.code.is_none() {
            return;
        }
        let own = settings::read(self.source, Place::Target, &block.keys, found);
        let mut reader = Reader {
            source: self.source,
            lang: self.programme.lang,
            abbreviations: &self.programme.abbreviations,
            reading: own.reading,
            unit_fixes: Vec::new(),
            found,
        };
        let read = reader.condition(&line.tokens, block.span);
        let Some(read) = read.filter(|_| !own.broken) else { return };
        let measures = match &read.measure {
            Measure::Name(name) => {
                let place = self.named(name);
                if let Some(named) = self.names.get_mut(place as usize) {
                    named.claims.extend(units::claims(&read.asked));
                }
                vec![place]
            }
            Measure::Quotient(above, below) => vec![self.named(above), self.named(below)],
        };
        let code = line.code.map(|span| (text::composed(self.source.slice(span)), span));
        let settings = inherit(own, group.map(|(_, settings)| settings), &self.defaults);
        let group = group.map(|(name, _)| name.clone());
        self.drafts.push(Draft { code, group, read, measures, settings, span: block.span });
    }

    /// The place of an indicator's name; a new one is added.
    fn named(&mut self, name: &Name) -> u32 {
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let place = *self.programme.names.entry(name.key.clone()).or_insert(IndicatorId(next));
        if place.0 == next {
            self.names.push(Named { name: name.clone(), claims: Vec::new() });
        }
        place.0
    }

    /// Agrees units and makes the targets.
    fn close(mut self, model: &mut Model, found: &mut Diagnostics) {
        let lang = self.programme.lang;
        let first = u32::try_from(model.indicators.len()).unwrap_or(u32::MAX);
        for id in self.programme.names.values_mut() {
            id.0 += first;
        }
        for Named { name, claims } in &self.names {
            let unit = units::agreed(&name.display, &name.key, claims, lang, found);
            let scaled = matches!(&unit, Unit::Money { power, .. } if *power > 0);
            model.indicators.push(Indicator {
                programme: self.id,
                name: name.display.clone(),
                bare_is_ambiguous: scaled,
                unit,
                range: None,
                may_be_negative: claims.iter().any(|claim| claim.negative),
                span: name.span,
            });
        }
        let mut codes: HashMap<String, Span> = HashMap::new();
        for draft in std::mem::take(&mut self.drafts) {
            let Some(condition) = self.condition(&draft, first, model, lang, found) else {
                continue;
            };
            if let Some(target) = self.make(draft, condition, &mut codes, found) {
                model.targets.push(target);
            }
        }
        model.programmes.push(self.programme);
    }

    fn condition(
        &self,
        draft: &Draft,
        first: u32,
        model: &Model,
        lang: Lang,
        found: &mut Diagnostics,
    ) -> Option<Condition> {
        let ids: Vec<IndicatorId> =
            draft.measures.iter().map(|it| IndicatorId(it + first)).collect();
        match (&draft.read.measure, ids.as_slice()) {
            (Measure::Name(_), [id]) => {
                let unit = &model.indicator(*id)?.unit;
                if let Asked::Truth { expected, .. } = draft.read.asked {
                    return Some(Condition::Truth { indicator: *id, expected });
                }
                let threshold = threshold(&draft.read.asked, unit)?;
                lint_share(&draft.read.asked, unit, found);
                let measure = Expr::Indicator(*id);
                Some(Condition::Compare(Comparison { measure, unit: unit.clone(), threshold }))
            }
            (Measure::Quotient(..), [above, below]) => {
                let units = (&model.indicator(*above)?.unit, &model.indicator(*below)?.unit);
                let factor = self.like(draft, units, lang, found)?;
                let unit = quotient_unit(&draft.read, found)?;
                let threshold = threshold(&draft.read.asked, &unit)?;
                let above = Box::new(Expr::Indicator(*above));
                let above = match factor == Rational::from(1_i64) {
                    true => above,
                    false => Box::new(Expr::Scale(above, factor)),
                };
                let measure = Expr::Divide(above, Box::new(Expr::Indicator(*below)));
                Some(Condition::Compare(Comparison { measure, unit, threshold }))
            }
            _ => None,
        }
    }

    /// What the numerator is multiplied by to be in the denominator's unit.
    fn like(
        &self,
        draft: &Draft,
        (above, below): (&Unit, &Unit),
        lang: Lang,
        found: &mut Diagnostics,
    ) -> Option<Rational> {
        let claimed = draft.measures.iter().all(|place| {
            self.names.get(*place as usize).is_some_and(|named| !named.claims.is_empty())
        });
        let countable = |unit: &Unit| !matches!(unit, Unit::YesNo | Unit::Rank);
        let factor = match claimed {
            _ if !countable(above) || !countable(below) => None,
            true => above.factor_to(below),
            false => Some(Rational::from(1_i64)),
        };
        if factor.is_none() {
            let label = |unit: &Unit| unit.label(units::format(lang));
            let (a, b) = (label(above), label(below));
            found.push(error(
                Code::UnitsDoNotCompare,
                draft.span,
                format!("thương của hai đơn vị tính khác loại: `{a}` và `{b}`"),
                format!("a quotient of unlike units: `{a}` and `{b}`"),
            ));
        }
        factor
    }

    fn make(
        &self,
        draft: Draft,
        condition: Condition,
        codes: &mut HashMap<String, Span>,
        found: &mut Diagnostics,
    ) -> Option<Target> {
        let (name, key) = match &draft.read.measure {
            Measure::Name(name) => (name.display.clone(), name.key.clone()),
            Measure::Quotient(above, below) => (
                format!("{} / {}", above.display, below.display),
                format!("{} / {}", above.key, below.key),
            ),
        };
        let made = || format!("{}/{key}", self.programme.code);
        let (code, place) = match &draft.code {
            Some((code, span)) => (code.clone(), *span),
            None => (made(), draft.span),
        };
        if let Some(other) = codes.get(&code) {
            let given = draft.code.is_some();
            found.push(same_code(&code, place, *other, given));
            return None;
        }
        codes.insert(code.clone(), place);
        let settings = draft.settings;
        let (window, due) = in_force(&settings, draft.span, found)?;
        Some(Target {
            programme: self.id,
            group: draft.group,
            code,
            name,
            scope: settings.scope.unwrap_or_default(),
            window,
            due,
            condition,
            legal_basis: settings.basis,
            owner: settings.owner,
            note: settings.note,
            span: draft.span,
        })
    }
}

/// What a target says itself, then its group, then its programme.
fn inherit(own: Settings, group: Option<&Settings>, programme: &Settings) -> Settings {
    let mut settings = own;
    for above in group.into_iter().chain([programme]) {
        settings.scope = settings.scope.or_else(|| above.scope.clone());
        settings.window = settings.window.or(above.window);
        settings.due_span = settings.due_span.or(above.due_span);
        settings.due = settings.due.or(above.due);
        settings.basis = settings.basis.or_else(|| above.basis.clone());
        settings.owner = settings.owner.or_else(|| above.owner.clone());
    }
    settings
}

/// The window, which reaches at least to the due date, and the due date.
fn in_force(
    settings: &Settings,
    line: Span,
    found: &mut Diagnostics,
) -> Option<(Period, Option<crate::calendar::Date>)> {
    let mut window = settings.window.unwrap_or_else(Period::all);
    let due = match settings.due {
        Some(due) => due,
        None => window.last,
    };
    if let (Some(due), Some(first)) = (due, window.first)
        && due < first
    {
        found.push(error(
            Code::PeriodReversed,
            settings.due_span.unwrap_or(line),
            format!("hạn {} đến trước ngày hiệu lực {}", due.to_vi(), first.to_vi()),
            format!("due {due}, before it is in force from {first}"),
        ));
        return None;
    }
    if let (Some(due), Some(last)) = (due, window.last) {
        window.last = Some(last.max(due));
    }
    Some((window, due))
}

/// The threshold in the unit of the comparison.
fn threshold(asked: &Asked, unit: &Unit) -> Option<Threshold> {
    let value = |quantity: &Quantity| match &quantity.unit {
        None => Some(quantity.value.clone()),
        Some(own) => Some(&quantity.value * &own.factor_to(unit)?),
    };
    Some(match asked {
        Asked::Bound(comparator, quantity) => {
            Threshold::Bound { comparator: *comparator, value: value(quantity)? }
        }
        Asked::Within(low, high) => Threshold::Within { low: value(low)?, high: value(high)? },
        Asked::Rank { within, field, .. } => {
            Threshold::Rank { within: within.clone(), field: field.clone() }
        }
        Asked::Truth { .. } => return None,
    })
}

/// A quotient of like units is a pure number: it compares with `%`, `‰` or `lần`.
fn quotient_unit(read: &Read, found: &mut Diagnostics) -> Option<Unit> {
    let quantity = match &read.asked {
        Asked::Bound(_, quantity) | Asked::Within(_, quantity) => Some(quantity),
        Asked::Rank { .. } | Asked::Truth { .. } => None,
    };
    let place = quantity.map_or(read.span, |quantity| quantity.span);
    match quantity.and_then(|quantity| quantity.unit.clone()) {
        Some(unit @ (Unit::Percent | Unit::Permille | Unit::Times)) => Some(unit),
        None if quantity.is_some() => {
            let end = Span { start: place.end, ..place };
            found.push(
                error(
                    Code::PercentExpected,
                    place,
                    "ngưỡng của một thương thiếu đơn vị tính",
                    "the threshold of a quotient lacks its unit",
                )
                .with_fix(replace(end, "%", "phần trăm", "of a hundred"))
                .with_fix(replace(end, " lần", "số lần", "times")),
            );
            None
        }
        _ => {
            found.push(error(
                Code::UnitsDoNotCompare,
                place,
                "thương của hai chỉ số chỉ so sánh được với `%`, `‰` hoặc `lần`",
                "a quotient of two indicators compares with `%`, `‰` or `lần` only",
            ));
            None
        }
    }
}

/// Warns of a share that should be under 0 or over 100 %.
fn lint_share(asked: &Asked, unit: &Unit, found: &mut Diagnostics) {
    let quantities = match asked {
        Asked::Bound(_, quantity) => vec![quantity],
        Asked::Within(low, high) => vec![low, high],
        Asked::Rank { .. } | Asked::Truth { .. } => Vec::new(),
    };
    let hundred = Rational::from(100_i64);
    for quantity in quantities {
        let outside = quantity.value.is_negative() || quantity.value > hundred;
        if *unit == Unit::Percent && quantity.unit == Some(Unit::Percent) && outside {
            found.push(error(
                Code::ThresholdOutOfRange,
                quantity.span,
                "ngưỡng nằm ngoài khoảng 0–100 %",
                "the threshold lies outside 0–100 %",
            ));
        }
    }
}

fn same_code(code: &str, place: Span, other: Span, given: bool) -> crate::diagnostic::Diagnostic {
    let found = if given {
        error(
            Code::SameTargetCode,
            place,
            format!("mã `{code}` đã dùng cho chỉ tiêu khác"),
            format!("the code `{code}` belongs to another target"),
        )
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

/// A file's name without its folders and ending.
fn stem(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    last.strip_suffix(".chitieu").unwrap_or(last).to_owned()
}

fn whole(tree: &Tree) -> Span {
    tree.blocks.iter().map(|block| block.span).reduce(Span::to).unwrap_or(Span {
        source: crate::source::SourceId(0),
        start: 0,
        end: 0,
    })
}
