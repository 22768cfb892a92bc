//! Programs whose tasks work together.

mod queue;
mod semaphore;

pub(super) static SCENARIOS: &[&super::Scenario] = &[&queue::SCENARIO, &semaphore::SCENARIO];
