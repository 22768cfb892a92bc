//! Programs that talk to the world: files, connections, people.

pub(super) static SCENARIOS: &[&super::Scenario] = &[];
