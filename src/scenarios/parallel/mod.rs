//! Concurrency and parallelism: one thread that takes turns, several that work at the same instant.

mod cpu_bound_one_thread;
mod cpu_bound_pool;
#[expect(clippy::disallowed_methods, reason = "the lesson's program is to be short, and its threads are few")]
mod one_loop_many_threads;
mod order_smol_vs_asyncio;
mod work_stealing;

pub(super) static SCENARIOS: &[&super::Scenario] = &[
    &cpu_bound_one_thread::SCENARIO,
    &cpu_bound_pool::SCENARIO,
    &work_stealing::SCENARIO,
    &one_loop_many_threads::SCENARIO,
    &order_smol_vs_asyncio::SCENARIO,
];
