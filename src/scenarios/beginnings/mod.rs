//! First programs: what a task is, and when it runs.

mod create_task;
mod gather;
mod say_hello;
mod sequential_await;

pub(super) use say_hello::SCENARIO as FIRST;

pub(super) static SCENARIOS: &[&super::Scenario] =
    &[&say_hello::SCENARIO, &sequential_await::SCENARIO, &create_task::SCENARIO, &gather::SCENARIO];
