//! Warnings: what has a meaning that is perhaps not the one intended.
//!
//! Enters: the programme as read and as made. Leaves: warnings, each with its place and, where one
//! is known, a fix. No lint changes what the rules mean.

use std::collections::HashMap;

use super::assemble::{Body, File, Named};
use super::model::{
    Baseline, Change, Comparison, Condition, Expr, Model, Moment, Threshold, Version,
};
use super::reader::{Operator, Term, error, replace};
use super::words::is_share;
use crate::calendar::Period;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Message};
use crate::number::{Comparator, Interval, Rational};
use crate::source::Span;
use crate::text;
use crate::unit::Unit;

impl File<'_> {
    /// All warnings of one programme. Its targets begin at `first`.
    pub(super) fn lint(&self, model: &Model, first: usize, found: &mut Diagnostics) {
        self.nearly_same(found);
        self.unused(found);
        self.two_nouns(found);
        self.half_names(found);
        self.joined_shares(found);
        self.units_without_colon(found);
        self.times_in_names(found);
        let targets = model.targets.get(first..).unwrap_or_default();
        let windows = self.windows();
        for target in targets {
            for version in &target.versions {
                always_same(version, found);
                super::truth::lint(model, version, found);
                falling(version, found);
                no_base_to_grow_from(version, found);
                Self::sense(model, version, found);
            }
            for pair in target.versions.windows(2) {
                if let [before, after] = pair {
                    gap(before, after, found);
                    overlap(before, after, &windows, found);
                }
            }
        }
        let versions = targets.iter().flat_map(|target| &target.versions);
        contradict(versions.collect(), found);
    }

    /// Where a target itself says when it is in force, and what it says.
    fn windows(&self) -> HashMap<Span, (Span, Period)> {
        let own = self.drafts.iter().filter_map(|draft| {
            let place = draft.settings.window_span?;
            Some((draft.span, (place, draft.settings.window?)))
        });
        own.collect()
    }

    /// Neighbours under the key without diacritics.
    fn nearly_same(&self, found: &mut Diagnostics) {
        let mut seen: HashMap<String, &Named> = HashMap::new();
        for named in &self.names {
            let bare = text::bare_of(&named.name.key);
            let Some(first) = seen.get(&bare) else {
                seen.insert(bare, named);
                continue;
            };
            let (name, other) = (&named.name.display, &first.name.display);
            found.push(
                warning(
                    Code::NearlySameName,
                    named.name.span,
                    format!("`{name}` và `{other}` gần giống nhau nhưng là hai chỉ số"),
                    format!("`{name}` and `{other}` are nearly the same and are two indicators"),
                )
                .with_label(
                    first.name.span,
                    Message::new("tên kia đứng ở đây", "the other one stands here"),
                )
                .with_fix(replace(
                    named.name.span,
                    other.clone(),
                    "nếu là một",
                    "if they are one",
                )),
            );
        }
    }

    fn unused(&self, found: &mut Diagnostics) {
        if self.drafts.is_empty() {
            return;
        }
        for named in self.names.iter().filter(|it| it.own && it.declared.is_some() && !it.used) {
            let name = &named.name.display;
            found.push(warning(
                Code::Unused,
                named.name.span,
                format!("chỉ số `{name}` được khai báo mà không dùng đến"),
                format!("the indicator `{name}` is declared and not used"),
            ));
        }
    }

    fn two_nouns(&self, found: &mut Diagnostics) {
        for named in &self.names {
            let nouns = named.claims.iter().filter_map(|claim| match &claim.unit {
                Unit::Count { noun: Some(noun) } => Some((noun, claim.span)),
                _ => None,
            });
            let mut nouns = nouns.peekable();
            let Some((first, place)) = nouns.peek().map(|(noun, span)| ((*noun).clone(), *span))
            else {
                continue;
            };
            let other = nouns.find(|(noun, _)| text::normal(noun) != text::normal(&first));
            if let Some((noun, span)) = other {
                let name = &named.name.display;
                found.push(
                    warning(
                        Code::TwoNouns,
                        span,
                        format!("`{name}` đếm bằng `{noun}` ở đây và bằng `{first}` ở chỗ khác"),
                        format!("`{name}` counts `{noun}` here and `{first}` elsewhere"),
                    )
                    .with_label(place, Message::new("chỗ kia", "the other place")),
                );
            }
        }
    }

    /// A share that is divided by a name that stands nowhere else is perhaps one name.
    fn half_names(&self, found: &mut Diagnostics) {
        let terms = self.drafts.iter().filter_map(|draft| match &draft.body {
            Body::Head(term) => Some(term),
            Body::Condition(condition) => condition.one_comparison().map(|read| &read.measure),
        });
        for term in terms {
            let Term::Of(Operator::Divide, parts, span) = term else { continue };
            let [Term::Name(above), Term::Name(below)] = parts.as_slice() else { continue };
            if is_share(&above.key) && !self.stands_elsewhere(&below.key) {
                let whole = format!("\"{} / {}\"", above.display, below.display);
                found.push(
                    warning(
                        Code::HalfName,
                        *span,
                        format!("`{}` giống nửa sau của một cái tên", below.display),
                        format!("`{}` reads as half a name", below.display),
                    )
                    .with_fix(replace(
                        *span,
                        whole,
                        "nếu là một tên",
                        "if it is one name",
                    )),
                );
            }
        }
    }

    /// Whether a name is declared, or has a threshold of its own.
    fn stands_elsewhere(&self, key: &str) -> bool {
        let place = self.programme.names.get(key);
        let named = place.and_then(|id| self.names.get(id.0 as usize));
        named.is_some_and(|named| named.declared.is_some() || !named.claims.is_empty())
    }

    /// `tỷ lệ A và tỷ lệ B >= 95%` is one indicator; two targets are perhaps meant.
    fn joined_shares(&self, found: &mut Diagnostics) {
        for named in self.names.iter().filter(|named| named.declared.is_none()) {
            let joined =
                [" và tỉ lệ ", " và tỉ trọng "].iter().any(|it| named.name.key.contains(it));
            if joined && is_share(&named.name.key) {
                let name = &named.name.display;
                found.push(
                    warning(
                        Code::JoinedShares,
                        named.name.span,
                        format!("`{name}` là một chỉ số, dù tên nói đến hai tỷ lệ"),
                        format!("`{name}` is one indicator, though its name speaks of two shares"),
                    )
                    .with_help(Message::new(
                        "nếu là hai tỷ lệ thì viết thành hai chỉ tiêu",
                        "if they are two shares, write two targets",
                    )),
                );
            }
        }
    }

    /// `mọi xã đạt mạng = có` is an indicator; each commune is perhaps meant.
    fn units_without_colon(&self, found: &mut Diagnostics) {
        for named in self.names.iter().filter(|named| named.declared.is_none()) {
            let key = &named.name.key;
            let every = ["mọi ", "every "].iter().any(|it| key.starts_with(it));
            let none = ["không ", "no "].iter().any(|it| key.starts_with(it));
            let sign = match (every, none) {
                (true, _) => [" đạt ", " satisfy "].into_iter().find(|it| key.contains(it)),
                (_, true) => [" nào ", " none "].into_iter().find(|it| key.contains(it)),
                _ => None,
            };
            let Some(sign) = sign else { continue };
            let name = &named.name.display;
            let fault = warning(
                Code::UnitsWithoutColon,
                named.name.span,
                format!("`{name}` là một chỉ số, dù tên nói đến từng đơn vị"),
                format!("`{name}` is one indicator, though its name speaks of each unit"),
            );
            let word = sign.trim();
            let at = name.to_lowercase().find(sign);
            found.push(match at {
                Some(at) => {
                    let (head, tail) = name.split_at_checked(at).unwrap_or((name, ""));
                    let tail = tail.get(sign.len()..).unwrap_or_default();
                    fault.with_fix(replace(
                        named.name.span,
                        format!("{head} {word}: {tail}"),
                        "nếu nói về từng đơn vị",
                        "if each unit is meant",
                    ))
                }
                None => fault,
            });
        }
    }

    /// A comparator against what the indicator is for.
    fn sense(model: &Model, version: &Version, found: &mut Diagnostics) {
        for comparison in comparisons(version) {
            let Some(floor) = direction(comparison) else { continue };
            let mut ids = Vec::new();
            comparison.measure.indicators(&mut ids);
            let [id] = ids.as_slice() else { continue };
            let Some(indicator) = model.indicator(*id) else { continue };
            let name = &indicator.name;
            if indicator.higher_is_better == Some(!floor) {
                found.push(error(
                    Code::DirectionContradicts,
                    version.span,
                    format!("so sánh này trái với `chiều:` của `{name}`"),
                    format!("this comparator contradicts the `direction:` of `{name}`"),
                ));
            } else if floor
                && text::normal(name).starts_with("thời gian ")
                && indicator.higher_is_better.is_none()
            {
                found.push(
                    warning(
                        Code::AgainstItsSense,
                        version.span,
                        format!("`{name}` phải ít nhất là ngưỡng này: thời gian càng dài càng đạt"),
                        format!("`{name}` must be at least this: the longer the better"),
                    )
                    .with_help(Message::new(
                        "nếu là mức tối đa thì viết `<=`; nếu đúng ý thì khai báo \
                         `chiều: cao hơn là tốt`",
                        "for a maximum write `<=`; if it is meant, declare `direction: higher`",
                    )),
                );
            }
        }
    }
}

/// A warning with its message in both languages.
pub(super) fn warning(
    code: Code,
    span: Span,
    vi: impl Into<String>,
    en: impl Into<String>,
) -> Diagnostic {
    Diagnostic::new(code, span, Message::new(vi, en))
}

/// The comparisons of a version, those of joined conditions not among them.
fn comparisons(version: &Version) -> impl Iterator<Item = &Comparison> {
    let branches = version.milestones.iter().flat_map(|milestone| &milestone.branches);
    branches.filter_map(|branch| branch.condition.one_comparison())
}

/// Whether a comparison asks for high values; `None` where it asks for neither.
fn direction(comparison: &Comparison) -> Option<bool> {
    let falls = matches!(&comparison.measure, Expr::Growth(growth) if growth.falls);
    floor(&comparison.threshold).map(|floor| floor != falls)
}

/// Whether a threshold is a floor; `None` where it is neither floor nor ceiling.
fn floor(threshold: &Threshold) -> Option<bool> {
    match threshold {
        Threshold::Bound { comparator, .. }
        | Threshold::Against { comparator, .. }
        | Threshold::Yearly { comparator, .. }
        | Threshold::Unstated { comparator, .. } => {
            (comparator.is_floor() || comparator.is_ceiling()).then(|| comparator.is_floor())
        }
        Threshold::Rank { .. } => Some(false),
        Threshold::Within { .. } => None,
    }
}

/// A share lies between 0 and 100 %.
fn always_same(version: &Version, found: &mut Diagnostics) {
    let (zero, hundred) = (Rational::zero(), Rational::from(100_i64));
    let share =
        |it: &&Comparison| it.unit == Unit::Percent && !matches!(it.measure, Expr::Growth(_));
    for comparison in comparisons(version).filter(share) {
        let Threshold::Bound { comparator, value } = &comparison.threshold else { continue };
        let always = match comparator {
            Comparator::AtLeast => *value == zero,
            Comparator::AtMost => *value == hundred,
            _ => false,
        };
        let never = match comparator {
            Comparator::MoreThan => *value == hundred,
            Comparator::LessThan => *value == zero,
            _ => false,
        };
        let (vi, en) = match (always, never) {
            (true, _) => ("tỷ lệ nào cũng thỏa điều kiện này", "every share satisfies this"),
            (_, true) => ("không tỷ lệ nào thỏa điều kiện này", "no share satisfies this"),
            _ => continue,
        };
        found.push(warning(Code::AlwaysSame, version.span, vi, en));
    }
}

/// Relative growth from a declared base of 0 or less is never applicable.
fn no_base_to_grow_from(version: &Version, found: &mut Diagnostics) {
    let from = comparisons(version).find_map(|comparison| match &comparison.measure {
        Expr::Growth(growth) if growth.change != Change::Difference => match &growth.base {
            Expr::At(_, Moment::In(period)) => Some(*period),
            _ => None,
        },
        _ => None,
    });
    let Some(period) = from else { return };
    let fits = |it: &&Baseline| it.period.last.is_some_and(|last| period.contains(last));
    let base = version.baselines.iter().filter(fits).max_by_key(|it| it.period.last);
    if base.is_some_and(|it| it.value <= Rational::zero()) {
        found.push(
            warning(
                Code::AlwaysSame,
                version.span,
                "mức tăng, giảm từ gốc không lớn hơn 0 không bao giờ áp dụng được",
                "growth from a base of 0 or less is never applicable",
            )
            .with_help(Message::new(
                "viết hiệu: `tăng ít nhất 100 hộ so với năm 2022`",
                "write a difference: `tăng ít nhất 100 hộ so với năm 2022`",
            )),
        );
    }
}

/// Milestones that ask less later.
fn falling(version: &Version, found: &mut Diagnostics) {
    let asked: Vec<(&Comparator, &Rational)> = version
        .milestones
        .iter()
        .filter_map(|milestone| match milestone.branches.as_slice() {
            [only] => match &only.condition {
                Condition::Compare(Comparison {
                    threshold: Threshold::Bound { comparator, value },
                    ..
                }) => Some((comparator, value)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    for pair in asked.windows(2) {
        if let [(first, before), (second, after)] = pair {
            let falls = (first.is_floor() && second.is_floor() && after < before)
                || (first.is_ceiling() && second.is_ceiling() && after > before);
            if falls {
                found.push(warning(
                    Code::FallingMilestone,
                    version.span,
                    "ngưỡng của thời hạn sau dễ hơn ngưỡng của thời hạn trước",
                    "a later milestone asks less than the one before",
                ));
                return;
            }
        }
    }
}

/// Days between two versions on which none is in force.
fn gap(before: &Version, after: &Version, found: &mut Diagnostics) {
    let (Some(last), Some(from)) = (before.window.last, after.from) else { return };
    if last.next().is_some_and(|next| next < from) {
        found.push(
            warning(
                Code::GapInForce,
                after.span,
                format!(
                    "từ {} đến trước {} không có ngưỡng nào",
                    last.next().unwrap_or(last).to_vi(),
                    from.to_vi()
                ),
                format!("no threshold is in force after {last} and before {from}"),
            )
            .with_label(before.span, Message::new("phiên bản trước", "the version before")),
        );
    }
}

/// A version that says of itself that it is in force on days on which the next one is.
fn overlap(
    before: &Version,
    after: &Version,
    windows: &HashMap<Span, (Span, Period)>,
    found: &mut Diagnostics,
) {
    let (Some((place, window)), Some(from)) = (windows.get(&before.span), after.from) else {
        return;
    };
    // A document cannot know by which other one it will be replaced.
    if before.span == after.span || before.span.source != after.span.source {
        return;
    }
    let Some(last) = window.last.filter(|last| *last >= from) else { return };
    let (vi, en) = (from.to_vi(), from);
    let mut diagnostic = warning(
        Code::OverlapInForce,
        *place,
        format!("ghi hiệu lực đến {}, nhưng từ {vi} phiên bản sau đã thay", last.to_vi()),
        format!("in force until {last}, it says, but the next version takes over on {en}"),
    )
    .with_label(after.span, Message::new("phiên bản sau", "the next version"));
    let shortened = Period { last: from.previous(), ..*window };
    if shortened.first.zip(shortened.last).is_none_or(|(first, last)| first <= last) {
        let title = "dừng ngay trước phiên bản sau";
        diagnostic = diagnostic.with_fix(replace(
            *place,
            shortened.to_vi(),
            title,
            "end before the next version",
        ));
    }
    found.push(diagnostic);
}

/// Two targets of one indicator, for everyone alike and at one time, that cannot both be met.
fn contradict(versions: Vec<&Version>, found: &mut Diagnostics) {
    let mut seen: HashMap<String, Vec<&Version>> = HashMap::new();
    for version in versions {
        let Some(comparison) = only_comparison(version) else { continue };
        let key = format!("{:?}", comparison.measure);
        let others = seen.entry(key).or_default();
        let apart = others.iter().find(|other| {
            let same = other.scope == version.scope
                && other.window.intersects(&version.window)
                && other.milestones.first().map(|it| it.due)
                    == version.milestones.first().map(|it| it.due);
            let both = only_comparison(other).zip(Some(comparison));
            let spans = both.and_then(|(a, b)| Some((span(&a.threshold)?, span(&b.threshold)?)));
            same && spans.is_some_and(|(a, b)| a.intersect(&b).is_none())
        });
        if let Some(other) = apart {
            found.push(
                warning(
                    Code::TargetsContradict,
                    version.span,
                    "chỉ tiêu này và chỉ tiêu kia không thể cùng đạt",
                    "this target and the other cannot both be met",
                )
                .with_label(other.span, Message::new("chỉ tiêu kia", "the other one")),
            );
        }
        // A few are enough to find a contradiction; a long list of one indicator stays linear.
        if others.len() < 16 {
            others.push(version);
        }
    }
}

fn only_comparison(version: &Version) -> Option<&Comparison> {
    let mut all = comparisons(version);
    let first = all.next()?;
    (all.next().is_none() && version.milestones.len() == 1).then_some(first)
}

/// The comparison that a condition is.
pub(super) fn direct(condition: &Condition) -> Option<&Comparison> {
    match condition {
        Condition::Compare(comparison) => Some(comparison),
        _ => None,
    }
}

/// The values that satisfy a threshold.
pub(super) fn span(threshold: &Threshold) -> Option<Interval> {
    match threshold {
        Threshold::Bound { comparator, value } => match comparator {
            Comparator::AtLeast => Some(Interval::at_least(value.clone())),
            Comparator::MoreThan => Some(Interval::more_than(value.clone())),
            Comparator::AtMost => Some(Interval::at_most(value.clone())),
            Comparator::LessThan => Some(Interval::less_than(value.clone())),
            Comparator::Equal => Some(Interval::point(value.clone())),
            Comparator::NotEqual => None,
        },
        Threshold::Within { low, high } => Some(Interval::between(low.clone(), high.clone())),
        _ => None,
    }
}
