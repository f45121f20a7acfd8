//! Points, resolved: how a target is scored, and what its lines can give.
//!
//! Enters: drafts with their `điểm:` and `chấm:` as read. Leaves: a [`Scoring`], or diagnostics.
//! The one idea: steps cut the number line into pieces, so that what they leave over, never reach
//! or reach twice is seen before any figure is. Invariant: those of the model.

use std::collections::HashMap;

use super::assemble::{Body, Draft};
use super::make::Unresolved;
use super::model::{
    self, Branch, Comparison, Condition, Expr, Milestone, Model, Pieces, Programme, ProgrammeId,
    Scale, ScoreStep, Scoring, Threshold,
};
use super::reader::{self, Asked, Quantity, Read, Term, error, plain, replace};
use super::resolve::{Resolver, scaled};
use super::score::{By, Scored, Steps};
use crate::calendar::Date;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Lang, Message};
use crate::number::{Comparator, End, Interval, Rational};
use crate::source::Span;
use crate::text;
use crate::unit::Unit;

impl Resolver<'_> {
    /// How a target is scored; nothing where it is not.
    pub(super) fn scoring(&mut self, draft: &Draft) -> Result<Option<Scoring>, Unresolved> {
        let Scored { maximum, by, span } = &draft.lines.scored;
        let compares_nothing = draft.compares_nothing();
        let Some((maximum, place)) = maximum else {
            return match (by, span) {
                (Some(by), Some(span)) => {
                    let fault = self.no_points(by, *span);
                    self.fail(fault)
                }
                _ => Ok(None),
            };
        };
        if maximum.is_zero() {
            // It is shown, not scored: nothing says when it is met.
            return if compares_nothing {
                self.fail(super::name::missing_comparator(draft.span, None))
            } else {
                Ok(None)
            };
        }
        if draft.always && compares_nothing {
            return self.fail(always_asks(draft.span));
        }
        let by = match by {
            None | Some(By::Verdict) => Scale::Verdict,
            Some(By::Linear { from, to }) => {
                self.linear(draft, from, to, span.unwrap_or(*place)).ok_or(Unresolved)?
            }
            Some(By::Steps(steps)) => {
                let span = span.unwrap_or(*place);
                self.steps(draft, steps, (maximum, *place), span).ok_or(Unresolved)?
            }
            Some(By::Expression(term)) => Scale::Expression(self.points(term).ok_or(Unresolved)?),
        };
        let maximum = maximum.clone();
        Ok(Some(Scoring { maximum, by, decides: compares_nothing, span: *place }))
    }

    fn fail<T>(&mut self, diagnostic: Diagnostic) -> Result<T, Unresolved> {
        self.found.push(diagnostic);
        Err(Unresolved)
    }

    fn no_points(&self, by: &By, span: Span) -> Diagnostic {
        let found = error(
            Code::PointsMissing,
            span,
            "`chấm:` không có `điểm:` nên không biết điểm tối đa",
            "`scored:` stands without `points:`, so that the maximum is not known",
        )
        .with_help(Message::new(
            "thêm dòng `điểm: 20` dưới chỉ tiêu",
            "add a line `points: 20` under the target",
        ));
        let By::Steps(Steps { steps, otherwise }) = by else { return found };
        let given = steps.iter().map(|step| &step.points).chain(otherwise);
        let Some(most) = given.map(|(points, _)| points).max() else { return found };
        let most = plain(most, model::number_format(self.lang));
        let word = match self.lang {
            Lang::Vi => "điểm",
            Lang::En => "points",
        };
        let before = Span { end: span.start, ..span };
        found.with_fix(replace(
            before,
            format!("{word}: {most}\n  "),
            "điểm tối đa là điểm của bậc cao nhất",
            "the maximum is that of the highest step",
        ))
    }

    /// What is measured, the unit it is compared in, and a threshold in that unit.
    fn measured(&mut self, draft: &Draft, asked: Asked, span: Span) -> Option<Comparison> {
        let Some(term) = draft.measure() else {
            return self.no_measure(span);
        };
        match self.compare(&Read::new(term.clone(), asked, span))? {
            Condition::Compare(comparison) => Some(comparison),
            _ => self.no_measure(span),
        }
    }

    fn no_measure<T>(&mut self, span: Span) -> Option<T> {
        self.found.push(
            error(
                Code::ScaleDoesNotFit,
                span,
                "cách chấm này cần một giá trị đo được; chỉ tiêu này không có một con số duy nhất",
                "this way of scoring needs one measured value, and the target has none",
            )
            .with_help(Message::new(
                "ghi `chấm: đạt`, hoặc một biểu thức tính ra điểm",
                "write `scored: met`, or an expression that gives the points",
            )),
        );
        None
    }

    fn linear(
        &mut self,
        draft: &Draft,
        from: &Quantity,
        to: &Quantity,
        span: Span,
    ) -> Option<Scale> {
        let mut end = |quantity: &Quantity| {
            let asked = Asked::Bound(Comparator::AtLeast, quantity.clone());
            let comparison = self.measured(draft, asked, span)?;
            match comparison.threshold {
                Threshold::Bound { value, .. } => {
                    Some((comparison.measure, comparison.unit, value))
                }
                _ => None,
            }
        };
        let (_, first_unit, first) = end(from)?;
        let (measure, unit, last) = end(to)?;
        let first = match first_unit.factor_to(&unit) {
            Some(factor) => &first * &factor,
            None => return self.unlike(from.span, &first_unit, &unit),
        };
        if first == last {
            self.found.push(
                error(
                    Code::ScaleDoesNotFit,
                    from.span.to(to.span),
                    "hai mức của thang tuyến tính bằng nhau",
                    "both levels of the linear scale are the same",
                )
                .with_help(Message::new(
                    "mức đầu cho 0 điểm, mức sau cho đủ điểm; nếu chỉ có một mức thì ghi \
                     `chấm: đạt`",
                    "the first gives no points, the second all; with one level only write \
                     `scored: met`",
                )),
            );
            return None;
        }
        Some(Scale::Linear { measure, unit, from: first, to: last })
    }

    fn steps(
        &mut self,
        draft: &Draft,
        steps: &Steps,
        maximum: (&Rational, Span),
        span: Span,
    ) -> Option<Scale> {
        let mut made: Vec<(ScoreStep, Span)> = Vec::new();
        let mut of: Option<(Expr, Unit)> = None;
        for step in &steps.steps {
            if matches!(step.asked, Asked::Truth { .. } | Asked::Against(..)) {
                return self.no_plain_step(step.span);
            }
            let comparison = self.measured(draft, step.asked.clone(), step.span)?;
            match &of {
                None => of = Some((comparison.measure, comparison.unit)),
                Some((_, unit)) if *unit != comparison.unit => {
                    let unit = unit.clone();
                    return self.unlike(step.span, &comparison.unit, &unit);
                }
                Some(_) => {}
            }
            let points = step.points.0.clone();
            let made_step = ScoreStep { threshold: comparison.threshold, points };
            if made_step.values().is_none() {
                return self.no_plain_step(step.span);
            }
            made.push((made_step, step.span));
        }
        let Some((measure, unit)) = of else {
            return self.no_plain_step(span);
        };
        self.step_points(steps, maximum)?;
        self.step_order(&made, steps.otherwise.as_ref(), span)?;
        let otherwise = steps.otherwise.as_ref().map(|(points, _)| points.clone());
        let steps = made.into_iter().map(|(step, _)| step).collect();
        Some(Scale::Steps { measure, unit, steps, otherwise })
    }

    fn no_plain_step<T>(&mut self, span: Span) -> Option<T> {
        self.found.push(
            error(
                Code::ScoreSteps,
                span,
                "bậc điểm cần một mức so sánh với con số",
                "a step compares with a number",
            )
            .with_help(Message::new(
                "viết chẳng hạn `>= 90%: 20; >= 80%: 15; còn lại: 0`",
                "write for example `>= 90%: 20; >= 80%: 15; otherwise: 0`",
            )),
        );
        None
    }

    /// No step gives more than the maximum, and one gives all of it.
    fn step_points(&mut self, steps: &Steps, (maximum, place): (&Rational, Span)) -> Option<()> {
        let format = model::number_format(self.lang);
        let most = plain(maximum, format);
        let given = || steps.steps.iter().map(|step| &step.points).chain(&steps.otherwise);
        let mut sound = true;
        for (points, span) in given().filter(|(points, _)| points > maximum) {
            sound = false;
            let shown = plain(points, format);
            self.found.push(
                error(
                    Code::PointsOutOfRange,
                    *span,
                    format!("{shown} điểm vượt điểm tối đa {most}"),
                    format!("{shown} points are more than the maximum of {most}"),
                )
                .with_label(place, Message::new("điểm tối đa", "the maximum"))
                .with_fix(replace(
                    place,
                    shown,
                    "tăng điểm tối đa",
                    "raise the maximum",
                )),
            );
        }
        if sound && given().all(|(points, _)| points < maximum) {
            let highest = given().map(|(points, _)| points).max()?;
            let shown = plain(highest, format);
            sound = false;
            self.found.push(
                error(
                    Code::PointsOutOfRange,
                    place,
                    format!("không bậc nào cho đủ {most} điểm; bậc cao nhất cho {shown}"),
                    format!("no step gives all {most} points; the highest gives {shown}"),
                )
                .with_fix(replace(place, shown, "điểm tối đa", "the maximum")),
            );
        }
        sound.then_some(())
    }

    /// Every step is reached, no value belongs to two, and none is left over.
    fn step_order(
        &mut self,
        steps: &[(ScoreStep, Span)],
        otherwise: Option<&(Rational, Span)>,
        span: Span,
    ) -> Option<()> {
        let mut left = Pieces::of(Interval::all());
        let mut seen: Vec<(Interval, Span)> = Vec::new();
        for (step, place) in steps {
            let values = step.values()?;
            if left.take(&values).is_empty() {
                let above = seen.iter().find(|(other, _)| other.overlaps(&values));
                self.found.push(never_reached(*place, above.map(|(_, span)| *span)));
                return None;
            }
            let across = seen.iter().find(|(other, _)| {
                other.overlaps(&values) && values.intersect(other).as_ref() != Some(other)
            });
            if let Some((_, first)) = across {
                self.found.push(overlapping(*place, *first));
                return None;
            }
            seen.push((values, *place));
        }
        match (left.is_empty(), otherwise) {
            (false, None) => {
                let word = match self.lang {
                    Lang::Vi => "còn lại",
                    Lang::En => "otherwise",
                };
                let last = steps.last().map_or(span, |(_, span)| *span);
                let end = Span { start: last.end, ..last };
                self.found.push(
                    error(
                        Code::ScoreSteps,
                        last,
                        "các bậc không nói giá trị còn lại được bao nhiêu điểm",
                        "the steps do not say what other values give",
                    )
                    .with_fix(replace(
                        end,
                        format!("; {word}: 0"),
                        "còn lại 0 điểm",
                        "others 0",
                    )),
                );
                None
            }
            _ => Some(()),
        }
    }

    /// An expression that gives points: a pure number, a count or points.
    fn points(&mut self, term: &Term) -> Option<Expr> {
        let (expr, unit) = self.with_unit(term)?;
        match unit {
            None | Some(Unit::Count { .. } | Unit::Points { .. }) => Some(expr),
            // In a product a percentage is a share: `x * 20` of 80 % are 16 points.
            Some(unit @ (Unit::Percent | Unit::Permille | Unit::Times)) => {
                let factor = Rational::from(1_i64).div(&unit.fraction_factor()?)?;
                Some(scaled(expr, Some(factor)))
            }
            Some(unit) => self.unlike(term.span(), &unit, &Unit::Points { of: None }),
        }
    }
}

fn always_asks(span: Span) -> Diagnostic {
    error(
        Code::ScaleDoesNotFit,
        span,
        "`luôn` cần một ngưỡng ở dòng chỉ tiêu; cách chấm chỉ nói về một ngày",
        "`always` needs a threshold in the target's own line; scoring speaks of one day",
    )
    .with_help(Message::new(
        "ghi ngưỡng, chẳng hạn `luôn >= 90%`, hoặc bỏ `luôn`",
        "write a threshold such as `always >= 90%`, or drop `always`",
    ))
}

fn never_reached(place: Span, above: Option<Span>) -> Diagnostic {
    let found = error(
        Code::ScoreSteps,
        place,
        "bậc này không bao giờ được xét tới: các bậc trên đã nhận hết",
        "this step is never reached: those before it take all its values",
    )
    .with_help(Message::new(
        "bậc đầu tiên đúng là bậc được tính: xếp mức khó trước, mức dễ sau",
        "the first step that holds counts: put the harder levels first",
    ));
    match above {
        Some(span) => found.with_label(span, Message::new("bậc đứng trước", "the step before")),
        None => found,
    }
}

fn overlapping(place: Span, first: Span) -> Diagnostic {
    error(
        Code::ScoreSteps,
        place,
        "bậc này chồng lên một bậc đứng trước: có giá trị thuộc cả hai",
        "this step overlaps one before it: some values belong to both",
    )
    .with_label(first, Message::new("bậc đứng trước", "the step before"))
    .with_help(Message::new(
        "ghi các bậc cùng một chiều, chẳng hạn `>= 90%: 20; >= 80%: 15; còn lại: 0`",
        "write all steps in one direction, such as `>= 90%: 20; >= 80%: 15; otherwise: 0`",
    ))
}

impl Draft {
    /// Whether its own line and the lines below it compare nothing.
    pub(super) fn compares_nothing(&self) -> bool {
        matches!(self.body, Body::Head(_))
            && self.lines.thresholds.is_empty()
            && self.lines.otherwise.is_none()
    }

    /// The one quantity that it measures.
    fn measure(&self) -> Option<&Term> {
        match &self.body {
            Body::Head(term) => Some(term),
            Body::Condition(reader::Condition::Compare(read)) => match read.asked {
                Asked::Truth { .. } => None,
                _ => Some(&read.measure),
            },
            Body::Condition(_) => None,
        }
    }
}

/// The condition of a line that compares nothing: it is met at full points.
pub(super) fn at_full_points(
    scoring: &Scoring,
    draft: &Draft,
    due: Option<Date>,
    found: &mut Diagnostics,
) -> Option<Milestone> {
    let bound = |comparator, value| Threshold::Bound { comparator, value };
    let (measure, unit, threshold) = match &scoring.by {
        Scale::Verdict => return None,
        Scale::Linear { measure, unit, from, to } => {
            let comparator = if from < to { Comparator::AtLeast } else { Comparator::AtMost };
            (measure, unit.clone(), Some(bound(comparator, to.clone())))
        }
        Scale::Steps { measure, unit, steps, otherwise } => {
            (measure, unit.clone(), full(steps, otherwise.as_ref(), &scoring.maximum))
        }
        Scale::Expression(points) => {
            let asked = bound(Comparator::AtLeast, scoring.maximum.clone());
            (points, Unit::Points { of: None }, Some(asked))
        }
    };
    let Some(threshold) = threshold else {
        found.push(
            error(
                Code::ScaleDoesNotFit,
                draft.span,
                "các bậc cho đủ điểm ở nhiều khoảng khác nhau, nên không rõ thế nào là đạt",
                "several ranges give full points, so that it is not clear what is met",
            )
            .with_help(Message::new(
                "ghi ngưỡng ngay ở dòng chỉ tiêu, chẳng hạn `>= 90%`",
                "write the threshold in the target's own line, such as `>= 90%`",
            )),
        );
        return None;
    };
    let condition = Condition::Compare(Comparison { measure: measure.clone(), unit, threshold });
    Some(Milestone { due, branches: vec![Branch { when: None, condition }] })
}

/// The one threshold that all values with full points satisfy.
fn full(
    steps: &[ScoreStep],
    otherwise: Option<&Rational>,
    maximum: &Rational,
) -> Option<Threshold> {
    let mut left = Pieces::of(Interval::all());
    let mut full = Vec::new();
    for step in steps {
        let taken = left.take(&step.values()?);
        if step.points == *maximum {
            full.extend(taken);
        }
    }
    if otherwise == Some(maximum) {
        full.extend(left.take(&Interval::all()));
    }
    let [Interval { low, high }] = full.as_slice() else { return None };
    let bound = |comparator, value: &Rational| {
        let value = value.clone();
        Some(Threshold::Bound { comparator, value })
    };
    match (low, high) {
        (End::Closed(value), End::Unbounded) => bound(Comparator::AtLeast, value),
        (End::Open(value), End::Unbounded) => bound(Comparator::MoreThan, value),
        (End::Unbounded, End::Closed(value)) => bound(Comparator::AtMost, value),
        (End::Unbounded, End::Open(value)) => bound(Comparator::LessThan, value),
        (End::Closed(low), End::Closed(high)) if low == high => bound(Comparator::Equal, low),
        (End::Closed(low), End::Closed(high)) => {
            Some(Threshold::Within { low: low.clone(), high: high.clone() })
        }
        _ => None,
    }
}

/// Warns of a group that can never reach its points.
pub(super) fn groups(
    model: &Model,
    programme: &Programme,
    id: ProgrammeId,
    found: &mut Diagnostics,
) {
    let mut sums: HashMap<String, Rational> = HashMap::new();
    for target in model.targets.iter().filter(|target| target.programme == id) {
        let Some(version) = target.versions.last() else { continue };
        let scoring = version.scoring.as_ref();
        let Some((scoring, group)) = scoring.zip(version.group.as_ref()) else { continue };
        let sum = sums.entry(text::normal(group)).or_insert_with(Rational::zero);
        *sum = &*sum + &scoring.maximum;
    }
    for group in &programme.groups {
        let Some(cap) = group.points.as_ref() else { continue };
        let sum = sums.get(&text::normal(&group.name)).cloned().unwrap_or_else(Rational::zero);
        if *cap > sum {
            let format = model::number_format(programme.lang);
            let (cap, sum, name) = (plain(cap, format), plain(&sum, format), &group.name);
            found.push(error(
                Code::GroupOutOfReach,
                group.span,
                format!("nhóm `{name}` có {cap} điểm, các chỉ tiêu trong nhóm chỉ cho {sum}"),
                format!("the group `{name}` has {cap} points, its targets give only {sum}"),
            ));
        }
    }
}
