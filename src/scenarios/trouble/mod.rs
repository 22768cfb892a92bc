//! Programs that fail, are cancelled or get stuck.

pub(super) static SCENARIOS: &[&super::Scenario] = &[];
