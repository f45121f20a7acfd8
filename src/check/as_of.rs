//! The rules as they were known on a day.
//!
//! Enters: the model and a day. Leaves: the model without what begins later. The one idea: a target
//! that begins after the day was not there yet, and neither was a later version of one that was.
//! Invariant: every id points into its table; the order of what stays is kept.

use super::model::{Model, Target, TargetId, Test, Version};
use crate::calendar::Date;

impl Model {
    /// What was in the rules on a day: targets and versions that begin after it are left out.
    /// Indicators and checks have no beginning and stay.
    #[must_use]
    pub fn as_of(&self, day: Date) -> Self {
        let begins = |version: &Version| version.from.or(version.window.first);
        let is_known = |version: &&Version| begins(version).is_none_or(|first| first <= day);
        let mut places: Vec<Option<TargetId>> = Vec::with_capacity(self.targets.len());
        let mut targets: Vec<Target> = Vec::new();
        for target in &self.targets {
            let versions: Vec<Version> = target.versions.iter().filter(is_known).cloned().collect();
            let next = u32::try_from(targets.len()).map_or(TargetId(u32::MAX), TargetId);
            places.push((!versions.is_empty()).then_some(next));
            if !versions.is_empty() {
                targets.push(Target { versions, ..target.clone() });
            }
        }
        let place = |id: TargetId| places.get(id.0 as usize).copied().flatten();
        for version in targets.iter_mut().flat_map(|target| &mut target.versions) {
            version.replaces = version.replaces.and_then(place);
            version.follows = version.follows.and_then(place);
            version.replaced_by = version.replaced_by.and_then(place);
        }
        // What a test expects of a target that is not there cannot be asked.
        let tests = self.tests.iter().map(|test| {
            let then = test.then.iter().filter_map(|then| {
                place(then.target).map(|target| super::model::Then { target, ..then.clone() })
            });
            Test { then: then.collect(), ..test.clone() }
        });
        let tests = tests.filter(|test| !test.then.is_empty()).collect();
        Self { targets, tests, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rules;

    const RULES: &str = "chương trình: P\nhiệu lực: giai đoạn 2021-2025\n\n[A] a >= 1\n\
        [B] b >= 1\n  hiệu lực: từ 01/07/2023\n[C] c >= 1\n\n[C] c >= 2\n  hiệu lực: năm 2024\n\
        \nthử: t\n  ngày: 2024\n  cho: b = 1\n  thì: B -> đạt\n  thì: C -> thiếu số liệu\n";

    #[test]
    fn what_begins_later_is_left_out() {
        let rules = Rules::parse(RULES).unwrap();
        let check = |day: (i32, u32, u32), expected: &str| {
            let model = rules.model().as_of(Date::new(day.0, day.1, day.2).unwrap());
            let target = |it: &Target| format!("{}{}", it.code, it.versions.len());
            let targets: Vec<String> = model.targets.iter().map(target).collect();
            let thens = model.tests.iter().flat_map(|test| &test.then);
            let asked: Vec<&str> =
                thens.map(|then| model.target(then.target).unwrap().code.as_str()).collect();
            assert_eq!(format!("{} {}", targets.join(" "), asked.join("")), expected, "{day:?}");
        };
        check((2020, 12, 31), " ");
        check((2021, 1, 1), "A1 C1 C");
        check((2023, 6, 30), "A1 C1 C");
        check((2023, 7, 1), "A1 B1 C1 BC");
        check((2023, 12, 31), "A1 B1 C1 BC");
        check((2024, 1, 1), "A1 B1 C2 BC");
    }
}
