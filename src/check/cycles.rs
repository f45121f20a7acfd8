//! Formulas must not use themselves, not through others either.

use super::model::{IndicatorId, Model};
use super::reader::error;
use crate::diagnostic::{Code, Diagnostics};

/// Refuses formulas that go round in a circle, and takes them out of the model.
pub(super) fn formulas(model: &mut Model, first: u32, found: &mut Diagnostics) {
    let count = u32::try_from(model.indicators.len()).unwrap_or(u32::MAX);
    let mut state = vec![State::New; model.indicators.len()];
    for start in first..count {
        let mut path = vec![(start, uses(model, start))];
        while let Some((at, next)) = path.last_mut() {
            let at = *at;
            match next.pop() {
                None => {
                    set(&mut state, at, State::Done);
                    path.pop();
                }
                Some(IndicatorId(to)) => match state.get(to as usize) {
                    Some(State::New) => {
                        set(&mut state, at, State::Open);
                        set(&mut state, to, State::Open);
                        let more = uses(model, to);
                        path.push((to, more));
                    }
                    Some(State::Open) => refuse(model, to, found),
                    _ => {}
                },
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

fn set(state: &mut [State], at: u32, to: State) {
    if let Some(slot) = state.get_mut(at as usize) {
        *slot = to;
    }
}

fn uses(model: &Model, indicator: u32) -> Vec<IndicatorId> {
    let formula = model.indicator(IndicatorId(indicator)).and_then(|it| it.formula.as_ref());
    let mut ids = Vec::new();
    if let Some(formula) = formula {
        formula.named(&mut ids);
    }
    ids
}

fn refuse(model: &mut Model, at: u32, found: &mut Diagnostics) {
    let Some(indicator) = model.indicators.get_mut(at as usize) else { return };
    if indicator.formula.take().is_none() {
        return;
    }
    let name = indicator.name.clone();
    found.push(error(
        Code::FormulaCycle,
        indicator.span,
        format!("công thức của `{name}` tính qua chính nó"),
        format!("the formula of `{name}` uses itself"),
    ));
}
