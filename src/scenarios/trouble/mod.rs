//! Programs that fail, are cancelled or get stuck.

mod cancel;
mod gather_error;
mod timeout;

pub(super) static SCENARIOS: &[&super::Scenario] = &[&gather_error::SCENARIO, &cancel::SCENARIO, &timeout::SCENARIO];
