//! Which indicators verdicts depend on.
//!
//! Enters: the model. Leaves: a yes or no an indicator. The one idea: what no target names, itself
//! or through formulas, may be forgotten as soon as it was read. Invariant: data without the others
//! have the same verdicts, points and records.

use super::{IndicatorId, Model};

impl Model {
    /// By [`IndicatorId`]: whether some target asks it, at whatever time and of whomever, itself or
    /// through formulas. What `kiểm tra:` lines alone ask is not among them.
    ///
    /// ```
    /// use chitieu::Rules;
    /// let text = "\"số b\" >= 1\n\nchỉ số: số b\n  công thức: số c [năm trước] + số d\n\n\
    ///             kiểm tra: số d + số e = 3\n";
    /// let rules = Rules::parse(text).unwrap();
    /// let asked = rules.model().asked();
    /// let names: Vec<&str> = rules.model().indicators.iter().zip(asked)
    ///     .filter_map(|(indicator, asked)| asked.then_some(indicator.name.as_str()))
    ///     .collect();
    /// assert_eq!(names, ["số b", "số c", "số d"]);
    /// ```
    pub fn asked(&self) -> Vec<bool> {
        let mut asked = vec![false; self.indicators.len()];
        let mut waiting: Vec<IndicatorId> = Vec::new();
        for version in self.targets.iter().flat_map(|target| &target.versions) {
            for branch in version.milestones.iter().flat_map(|it| &it.branches) {
                for condition in branch.when.iter().chain([&branch.condition]) {
                    let mut ids = Vec::new();
                    condition.named(&mut ids);
                    waiting.append(&mut ids);
                }
            }
            if let Some(points) = version.scoring.as_ref().and_then(|it| it.by.quantity()) {
                points.named(&mut waiting);
            }
        }
        while let Some(id) = waiting.pop() {
            let Some(known) = asked.get_mut(id.0 as usize).filter(|known| !**known) else {
                continue;
            };
            *known = true;
            if let Some(formula) = self.indicator(id).and_then(|it| it.formula.as_ref()) {
                formula.named(&mut waiting);
            }
        }
        asked
    }
}
