//! Fetching while processing.

use crate::runtime::{say, sleep, spawn};
use std::time::Duration;

async fn fetch_data(delay: Duration) -> &'static str {
    say!("Start fetching data..."); //~ fetching
    sleep(delay).await; //~ fetch-sleep
    say!("Done fetching data"); //~ fetched
    "{'data': 'Sample Data'}"
}

async fn process_data(delay: Duration) -> &'static str {
    say!("Start processing data..."); //~ processing
    sleep(delay).await; //~ process-sleep
    say!("Done processing data"); //~ processed
    "Processed Data"
}

async fn main(fetch: Duration, process: Duration) {
    let fetching = spawn("fetch", fetch_data(fetch)); //~ spawn-fetch
    let processing = spawn("process", process_data(process)); //~ spawn-process
    let data = fetching.await; //~ await-fetch
    let result = processing.await; //~ await-process
    say!("Fetched Data: {data}"); //~ print-data
    say!("Processed Data: {result}"); //~ print-result
}

// --- end of the lesson's code ---

use crate::event::Nanos;
use crate::scenarios::{Answer, Bounds, Lesson, Outline, Param, Predict, Program, Scenario, Source};

/// How long the run went on after the fetch: until the processing was done too.
fn waited_after_the_fetch(run: &Outline) -> Nanos {
    let ended = run.task("fetch").and_then(|task| task.ended);
    run.elapsed.since(ended.unwrap_or(run.elapsed))
}

pub(super) static SCENARIO: Scenario = Scenario {
    promise: "2 s and 1 s together make 2 s",
    lesson: Lesson {
        markdown: include_str!("../../../assets/lessons/fetch-and-process.md"),
        steps: &[
            |seen| seen.waits("main", "await-fetch"),
            |seen| seen.printed("Start processing data..."),
            |seen| seen.finished("process"),
            |seen| seen.woken_by("main", "fetch"),
            |seen| seen.finished("main"),
        ],
    },
    predict: Predict { answer: |run| Answer::Time(waited_after_the_fetch(run)), changed_by: "process=3s" },
    params: &[
        Param { name: "fetch", label: "time to fetch", bounds: Bounds::millis(2000) },
        Param { name: "process", label: "time to process", bounds: Bounds::millis(1000) },
    ],
    rust: Source::rust("fetch_and_process.rs", include_str!("fetch_and_process.rs")),
    python: Source::python("fetch_and_process.py", include_str!("../../../assets/python/fetch_and_process.py")),
    ..Scenario::new("fetch-and-process", "Fetch and process", |params| {
        Program::on_loop(main(params.time("fetch"), params.time("process")))
    })
};
