//! The same two fetches as tasks.

use crate::runtime::{now, say, sleep, spawn};
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
    let one = spawn("fetch-1", fetch_data(1, delay)); //~ spawn-one
    let two = spawn("fetch-2", fetch_data(2, delay)); //~ spawn-two
    let one = one.await; //~ await-one
    let two = two.await; //~ await-two
    say!("Data one: {one}"); //~ print-one
    say!("Data two: {two}"); //~ print-two
}

// --- end of the lesson's code ---

use crate::scenarios::{Bounds, Lesson, Param, Program, Scenario, Source};

pub(super) static SCENARIO: Scenario = Scenario {
    lesson: Lesson::of(include_str!("../../../assets/lessons/create-task.md")),
    params: &[Param { name: "delay", label: "fetch time", bounds: Bounds::millis(3000) }],
    rust: Source::rust("create_task.rs", include_str!("create_task.rs")),
    python: Source::python("create_task.py", include_str!("../../../assets/python/create_task.py")),
    ..Scenario::new("create-task", "Two tasks (create_task)", |params| Program::on_loop(main(params.time("delay"))))
};
