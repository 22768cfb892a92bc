//! Programs whose tasks work together.

mod as_completed;
mod event_and_condition;
mod lock;
mod queue;
mod queue_bounded;
mod race;
mod resource;
mod semaphore;
mod stream;
mod wait_all;
mod wait_first;

pub(super) static SCENARIOS: &[&super::Scenario] = &[
    &queue::SCENARIO,
    &queue_bounded::SCENARIO,
    &semaphore::SCENARIO,
    &lock::SCENARIO,
    &event_and_condition::SCENARIO,
    &wait_first::SCENARIO,
    &wait_all::SCENARIO,
    &as_completed::SCENARIO,
    &race::SCENARIO,
    &stream::SCENARIO,
    &resource::SCENARIO,
];
