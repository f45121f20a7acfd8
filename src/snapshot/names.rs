//! Names of data resolved to indicators, once for many snapshots.
//!
//! Enters: the model, then names as data write them. Leaves: the indicators that a name names, one
//! a programme. The one idea: most data write a name as the rules do, which needs no folding.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::check::model::{IndicatorId, Model};
use crate::text;

/// Resolves names as data write them.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Names as the rules first spell them.
    spelt: HashMap<String, Vec<IndicatorId>>,
}

impl Names {
    /// The names of a model.
    pub fn of(model: &Model) -> Self {
        let spelt = model.indicators.iter().map(|indicator| {
            let found = search(model, &indicator.name);
            (indicator.name.clone(), found)
        });
        Self { spelt: spelt.collect() }
    }

    /// The indicators that a name names, one a programme. `model` is the one it was made of.
    pub fn find(&self, model: &Model, name: &str) -> Cow<'_, [IndicatorId]> {
        match self.spelt.get(name) {
            Some(found) => Cow::Borrowed(found),
            None => Cow::Owned(search(model, name)),
        }
    }
}

/// Folds a name as each programme does and looks it up there.
fn search(model: &Model, name: &str) -> Vec<IndicatorId> {
    let programmes = model.programmes.iter();
    programmes.filter_map(|it| it.names.get(&text::key(name, &it.abbreviations)).copied()).collect()
}
