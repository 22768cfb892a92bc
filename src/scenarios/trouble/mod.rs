//! Programs that fail, are cancelled or get stuck.

mod cancel;
mod deadlock;
mod exception_never_retrieved;
mod gather_error;
mod lost_wakeup;
mod shield;
mod task_group;
mod timeout;

pub(super) static SCENARIOS: &[&super::Scenario] = &[
    &gather_error::SCENARIO,
    &cancel::SCENARIO,
    &timeout::SCENARIO,
    &task_group::SCENARIO,
    &exception_never_retrieved::SCENARIO,
    &shield::SCENARIO,
    &deadlock::SCENARIO,
    &lost_wakeup::SCENARIO,
];
