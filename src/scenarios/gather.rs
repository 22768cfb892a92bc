//! Several fetches at once.

use crate::runtime::{gather, now, say, sleep, spawn};
use std::time::Duration;

async fn fetch_data(input: u32, delay: Duration) -> String {
    let start = now().as_secs_f64();
    say!("Fetching data..."); //~ fetching
    sleep(delay).await; //~ sleep
    say!("Data retrieved."); //~ retrieved
    let end = now().as_secs_f64();
    format!("{{'input': {input}, 'start_time': 'T+{start}', 'end_time': 'T+{end}'}}")
}

async fn main(tasks: u32, delay: Duration) {
    let fetches = (1..=tasks).map(|input| {
        spawn(format!("fetch-{input}"), fetch_data(input, delay)) //~ spawn
    });
    let results = gather(fetches).await; //~ gather
    for (number, data) in (1..).zip(results) {
        say!("Data {number}: {data}"); //~ print
    }
}

// --- end of the lesson's code ---

use super::{Bounds, Language, Param, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    id: "gather",
    title: "Gather three",
    chapter: "Beginnings",
    promise: "three fetches at once, results in order",
    lesson: include_str!("../../assets/lessons/gather.md"),
    params: &[
        Param { name: "tasks", label: "fetches", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "delay", label: "fetch time", bounds: Bounds::Millis { default: 3000 } },
    ],
    rust: Source { language: Language::Rust, file: "gather.rs", text: include_str!("gather.rs") },
    python: Source {
        language: Language::Python,
        file: "gather.py",
        text: include_str!("../../assets/python/gather.py"),
    },
    main: |params| Box::pin(main(params.count("tasks"), params.time("delay"))),
};
