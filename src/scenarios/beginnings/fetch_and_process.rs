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

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/fetch-and-process.md")),
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
