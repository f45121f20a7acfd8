//! To whom a target applies, in the logic of section 8: items join by hoặc, a type with its
//! parentheses by và; what nobody gave is unknown.

use super::outcome::Outcome;
use crate::check::model::{AttributeCondition, ScopeItem};
use crate::snapshot::{Attribute, Case, Data, Entity};
use crate::text;
use crate::verdict::{Reason, Verdict};

/// Whether a target applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// An attribute was given twice differently.
    Disputed(Vec<String>),
    /// Attributes that nobody gave.
    Unknown(Vec<String>),
}

impl Answer {
    /// The outcome of a question that what was given does not answer.
    pub(super) fn undecided(self) -> Option<Outcome> {
        match self {
            Self::Yes | Self::No => None,
            Self::Unknown(missing) => Some(Outcome::no_data(missing)),
            Self::Disputed(evidence) => Some(Outcome {
                evidence,
                ..Outcome::of(Verdict::Contradictory, Reason::UnequalValues)
            }),
        }
    }
}

/// Whether a target applies to the entity of a case.
pub(super) fn applies(scope: &[ScopeItem], case: &Case<'_>, data: &Data) -> Answer {
    if scope.is_empty() {
        return Answer::Yes;
    }
    if case.is_whole() {
        return Answer::No;
    }
    any(scope.iter().map(|item| item_applies(item, case, data)))
}

fn item_applies(item: &ScopeItem, case: &Case<'_>, data: &Data) -> Answer {
    match item {
        ScopeItem::Entity { key, .. } => {
            let names = [Some(case.entity.id.as_str()), case.entity.name.as_deref()];
            let bears = names.into_iter().flatten().any(|name| text::normal(name) == *key);
            if bears { Answer::Yes } else { Answer::No }
        }
        ScopeItem::Type { types, filter } => {
            of_type(types, filter.as_ref(), (case.entity, case.snapshots), data)
        }
    }
}

/// Whether an entity is of one of some types, and what stands in the parentheses holds for it.
pub(super) fn of_type(
    types: &[String],
    filter: Option<&AttributeCondition>,
    who: Who<'_>,
    data: &Data,
) -> Answer {
    let of_type = match value("cấp", "cấp", who, data) {
        Ok(given) => yes_or_no(types.contains(&text::normal(given))),
        Err(other) => other,
    };
    let fits = filter.map(|filter| holds(filter, who, data));
    all([of_type].into_iter().chain(fits))
}

/// An entity, and its snapshots that may be used, latest first.
pub(super) type Who<'a> = (&'a Entity, &'a [u32]);

/// What is known of an entity, held against a condition.
pub(super) fn holds(condition: &AttributeCondition, who: Who<'_>, data: &Data) -> Answer {
    match condition {
        AttributeCondition::Is { attribute, name, value: wanted, negated } => {
            match value(attribute, name, who, data) {
                Ok(given) => yes_or_no((text::normal(given) == *wanted) != *negated),
                Err(other) => other,
            }
        }
        AttributeCondition::All(parts) => all(parts.iter().map(|it| holds(it, who, data))),
        AttributeCondition::Any(parts) => any(parts.iter().map(|it| holds(it, who, data))),
    }
}

/// The value of an attribute; the snapshot's own wins over what others give.
fn value<'a>(
    key: &str,
    name: &str,
    (entity, snapshots): Who<'a>,
    data: &'a Data,
) -> Result<&'a str, Answer> {
    if key == "tên" {
        if entity.name_disputed {
            let given = entity.name.as_deref().unwrap_or_default();
            return Err(Answer::Disputed(vec![format!("{name}: {given}")]));
        }
        return Ok(entity.name.as_deref().unwrap_or(&entity.id));
    }
    let own = snapshots.first().and_then(|place| data.snapshots.get(*place as usize));
    let find = |attributes: &'a [Attribute]| attributes.iter().find(|it| it.key == key);
    let given = own.and_then(|snapshot| find(&snapshot.attributes));
    match given.or_else(|| entity.attribute(key)) {
        None => Err(Answer::Unknown(vec![name.to_owned()])),
        Some(given) if given.disputed => {
            Err(Answer::Disputed(vec![format!("{name}: {}", given.value)]))
        }
        Some(given) => Ok(&given.value),
    }
}

/// The type of an entity, as the data write it; nothing where nobody gave it or it is disputed.
pub(super) fn type_of<'a>(case: &Case<'a>, data: &'a Data) -> Option<&'a str> {
    value("cấp", "cấp", (case.entity, case.snapshots), data).ok()
}

const fn yes_or_no(holds: bool) -> Answer {
    if holds { Answer::Yes } else { Answer::No }
}

/// The first of: applies, disputed, unknown, does not.
fn any(answers: impl Iterator<Item = Answer>) -> Answer {
    strongest(answers, |answer| match answer {
        Answer::Yes => 0,
        Answer::Disputed(_) => 1,
        Answer::Unknown(_) => 2,
        Answer::No => 3,
    })
}

/// The first of: does not, disputed, unknown, applies.
fn all(answers: impl Iterator<Item = Answer>) -> Answer {
    strongest(answers, |answer| match answer {
        Answer::No => 0,
        Answer::Disputed(_) => 1,
        Answer::Unknown(_) => 2,
        Answer::Yes => 3,
    })
}

/// The answer of the smallest rank; what is unknown or disputed is gathered.
fn strongest(answers: impl Iterator<Item = Answer>, rank: impl Fn(&Answer) -> u8) -> Answer {
    let mut best: Option<Answer> = None;
    for answer in answers {
        best = Some(match (best, answer) {
            (None, first) => first,
            (Some(Answer::Unknown(mut names)), Answer::Unknown(more)) => {
                names.extend(
                    more.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>(),
                );
                Answer::Unknown(names)
            }
            (Some(Answer::Disputed(mut texts)), Answer::Disputed(more)) => {
                texts.extend(more);
                Answer::Disputed(texts)
            }
            (Some(old), new) if rank(&new) < rank(&old) => new,
            (Some(old), _) => old,
        });
    }
    best.unwrap_or(Answer::No)
}
