//! Awaiting one thing after another.

use crate::runtime::{frame, now, say, sleep};
use std::time::Duration;

async fn fetch_data(input: u32, delay: Duration) -> String {
    let start = now().as_secs_f64();
    say!("Fetching data..."); //~ fetching
    sleep(delay).await; //~ sleep
    say!("Data retrieved."); //~ retrieved
    let end = now().as_secs_f64();
    format!("{{'input': {input}, 'start_time': 'T+{start}', 'end_time': 'T+{end}'}}")
}

async fn main(delay: Duration) {
    let one = frame!(fetch_data(1, delay)).await; //~ await-one
    let two = frame!(fetch_data(2, delay)).await; //~ await-two
    say!("Data one: {one}"); //~ print-one
    say!("Data two: {two}"); //~ print-two
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/sequential-await.md")),
    params: &[Param { name: "delay", label: "fetch time", bounds: Bounds::millis(3000) }],
    rust: Source::rust("sequential_await.rs", include_str!("sequential_await.rs")),
    python: Source::python("sequential_await.py", include_str!("../../../assets/python/sequential_await.py")),
    ..Scenario::new("sequential-await", "One await after another", |params| {
        Program::on_loop(main(params.time("delay")))
    })
};
