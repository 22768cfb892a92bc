//! Programs that look right and are not.

mod blocking_the_loop;
mod buffered_stream;
mod busy_wait;
mod convoy;
mod fair_yield;
mod futurelock;
mod mixing_sync_and_async;
mod starvation;
mod thundering_herd;
mod timer_is_not_a_promise;

pub(super) static SCENARIOS: &[&super::Scenario] = &[
    &blocking_the_loop::SCENARIO,
    &starvation::SCENARIO,
    &fair_yield::SCENARIO,
    &timer_is_not_a_promise::SCENARIO,
    &busy_wait::SCENARIO,
    &mixing_sync_and_async::SCENARIO,
    &futurelock::SCENARIO,
    &thundering_herd::SCENARIO,
    &convoy::SCENARIO,
    &buffered_stream::SCENARIO,
];
