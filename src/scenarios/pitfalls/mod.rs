//! Programs that look right and are not.

pub(super) static SCENARIOS: &[&super::Scenario] = &[];
