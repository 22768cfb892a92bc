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

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/gather.md")),
    params: &[
        Param { name: "tasks", label: "fetches", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "delay", label: "fetch time", bounds: Bounds::millis(3000) },
    ],
    rust: Source::rust("gather.rs", include_str!("gather.rs")),
    python: Source::python("gather.py", include_str!("../../../assets/python/gather.py")),
    ..Scenario::new("gather", "Gather several", |params| {
        Program::on_loop(main(params.count("tasks"), params.time("delay")))
    })
};
