//! Programs on more than one thread.

pub(super) static SCENARIOS: &[&super::Scenario] = &[];
