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

use crate::scenarios::{Answer, Bounds, Lesson, Param, Predict, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    promise: "three fetches at once, results in order",
    lesson: Lesson {
        markdown: include_str!("../../../assets/lessons/gather.md"),
        steps: &[
            |seen| seen.waits("main", "gather"),
            |seen| seen.idle(),
            |seen| seen.timer_fired("fetch-1"),
            |seen| seen.woken_by("main", "fetch-*"),
            |seen| seen.printed("Data 1*"),
        ],
    },
    predict: Predict {
        answer: |run| Answer::Count(run.tasks.iter().map(|task| task.polls as u64).sum()),
        changed_by: "tasks=5",
    },
    params: &[
        Param { name: "tasks", label: "fetches", bounds: Bounds::Count { min: 1, max: 10_000, default: 3 } },
        Param { name: "delay", label: "fetch time", bounds: Bounds::millis(3000) },
    ],
    rust: Source::rust("gather.rs", include_str!("gather.rs")),
    python: Source::python("gather.py", include_str!("../../../assets/python/gather.py")),
    ..Scenario::new("gather", "Gather three", |params| {
        Program::on_loop(main(params.count("tasks"), params.time("delay")))
    })
};
