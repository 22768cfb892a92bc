//! First programs: what a task is, and when it runs.

mod await_does_not_yield;
mod coroutine_not_started;
mod create_task;
mod event_loop_life;
mod fetch_and_process;
mod gather;
mod gather_two;
mod say_hello;
mod sequential_await;

pub(super) use say_hello::SCENARIO as FIRST;

pub(super) static SCENARIOS: &[&super::Scenario] = &[
    &say_hello::SCENARIO,
    &coroutine_not_started::SCENARIO,
    &sequential_await::SCENARIO,
    &create_task::SCENARIO,
    &gather_two::SCENARIO,
    &gather::SCENARIO,
    &fetch_and_process::SCENARIO,
    &await_does_not_yield::SCENARIO,
    &event_loop_life::SCENARIO,
];
