//! What a compared run is called: its scenario, and what is set in it.

use crate::event::ClockKind;
use crate::scenarios::{Param, Value};
use crate::session::Plan;

/// What is set in a run. Of two runs of one scenario only what is different is told.
pub(super) fn settings(plan: &Plan, other: &Plan) -> String {
    let is_same = plan.scenario.id == other.scenario.id;
    let values = plan.params.iter().zip(other.params.iter().map(|(_, value)| value));
    let mut told: Vec<String> = if is_same {
        values.filter(|((_, value), other)| value != other).map(|((param, value), _)| setting(param, &value)).collect()
    } else {
        plan.params.iter().map(|(param, value)| setting(param, &value)).collect()
    };
    if plan.clock != other.clock {
        told.push(match plan.clock {
            ClockKind::Virtual => "virtual clock".to_owned(),
            ClockKind::Real => "real clock".to_owned(),
        });
    }
    if is_same && plan.seed != other.seed {
        told.push(format!("seed {}", plan.seed));
    }
    told.join(" · ")
}

fn setting(param: &Param, value: &Value) -> String {
    format!("{}: {value}", param.label)
}
