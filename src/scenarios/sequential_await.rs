//! Awaiting one thing after another.

use crate::runtime::{now, say, sleep};
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
    let one = fetch_data(1, delay).await; //~ await-one
    let two = fetch_data(2, delay).await; //~ await-two
    say!("Data one: {one}"); //~ print-one
    say!("Data two: {two}"); //~ print-two
}

// --- end of the lesson's code ---

use super::{Bounds, Language, Param, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    id: "sequential-await",
    title: "One await after another",
    chapter: "Beginnings",
    promise: "3 s and then 3 s make 6 s",
    lesson: include_str!("../../assets/lessons/sequential-await.md"),
    params: &[Param { name: "delay", label: "fetch time", bounds: Bounds::Millis { default: 3000 } }],
    rust: Source { language: Language::Rust, file: "sequential_await.rs", text: include_str!("sequential_await.rs") },
    python: Source {
        language: Language::Python,
        file: "sequential_await.py",
        text: include_str!("../../assets/python/sequential_await.py"),
    },
    main: |params| Box::pin(main(params.time("delay"))),
};
